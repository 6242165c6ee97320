"""The European race run elsewhere: places that ran in no race, at other origins, beside rivals.

Were the settings fitted to the dates or places of a race, they would do worse here against rivals
that know as much. These are: the last week with the errors that it made (*flat*), Holt's damped
trend of the log count, and an autoregression of its changes, each fitted to a place's own past at
each origin. Quantiles are of 1,000 draws of each. Averages of our quantiles with those of a rival
show whether it adds anything.

And settings are chosen anew on every second place, from weeks before a day alone, and scored on the
other places after it: what the shipped ones gain over these, they may owe to having seen more.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.races.scores import Floats, inside, log_score, weighted_interval_score
from benchmarks.races.settings import CHANGES, by_week
from benchmarks.races.settings import scored as scored_at_home

import attrition as at
from attrition.forecasts import HUB_LEVELS
from attrition.models.trend import ManyPrior, Trend, bundled_prior

FIRST, EVERY, AHEAD, DRAWS, LAGS = 26, 8, 4, 1_000, 2
"""Weeks since a place's first death, between origins, ahead; draws; lags of the autoregression."""

SHARES = (0.15, 0.3)
"""Weights of a rival in an average with it."""

DAYS = ("2021-03-15", "2021-12-01")
"""Days before which settings are chosen anew: the first and nearly the last origin of the race."""

DAMPED = [
    (alpha, beta, phi)
    for alpha in (0.2, 0.4, 0.6, 0.8, 1.0)
    for beta in (0.0, 0.1, 0.2, 0.4, 0.7)
    for phi in (0.7, 0.8, 0.9, 0.98)
]
"""Smoothing of level and slope, and damping, that the damped trend chooses from."""

Rival = Callable[[Floats, np.random.Generator], Floats]
"""Maps the log counts of a place to draws of those ahead, shape (draw, week)."""


def flat(logs: Floats, rng: np.random.Generator) -> Floats:
    """Return the last week, moved as any stretch of as many weeks moved, or as far down."""
    out = np.empty((DRAWS, AHEAD))
    for ahead in range(AHEAD):
        moves = logs[ahead + 1 :] - logs[: -ahead - 1]
        out[:, ahead] = logs[-1] + rng.choice(moves, DRAWS) * rng.choice((-1.0, 1.0), DRAWS)
    return out


def damped(logs: Floats, rng: np.random.Generator) -> Floats:
    """Return Holt's damped trend with normal errors, of the likeliest smoothing and damping."""
    alpha, beta, phi = np.array(DAMPED).T
    level, slope = np.full(alpha.size, logs[0]), np.zeros(alpha.size)
    squares = np.zeros(alpha.size)
    for value in logs[1:]:
        error = value - level - phi * slope
        squares += error**2
        level, slope = level + phi * slope + alpha * error, phi * slope + alpha * beta * error
    best = int(squares.argmin())
    spread = np.sqrt(squares[best] / max(logs.size - 4, 1))
    high, up = np.full(DRAWS, level[best]), np.full(DRAWS, slope[best])
    out = np.empty((DRAWS, AHEAD))
    for ahead in range(AHEAD):
        error = spread * rng.standard_normal(DRAWS)
        out[:, ahead] = high + phi[best] * up + error
        high = high + phi[best] * up + alpha[best] * error
        up = phi[best] * up + alpha[best] * beta[best] * error
    return out


def autoregression(logs: Floats, rng: np.random.Generator) -> Floats:
    """Return an autoregression of the changes by least squares, with the errors it made."""
    moves = np.diff(logs)
    lagged = np.stack([moves[LAGS - lag - 1 : -lag - 1] for lag in range(LAGS)], axis=1)
    weights = np.linalg.lstsq(lagged, moves[LAGS:], rcond=None)[0]
    errors = moves[LAGS:] - lagged @ weights
    last = np.tile(moves[: -LAGS - 1 : -1], (DRAWS, 1))
    out = np.empty((DRAWS, AHEAD))
    for ahead in range(AHEAD):
        move = last @ weights + rng.choice(errors, DRAWS)
        out[:, ahead] = move + (out[:, ahead - 1] if ahead else logs[-1])
        last = np.column_stack([move, last[:, :-1]])
    return out


RIVALS: dict[str, Rival] = {
    "flat": flat,
    "damped trend": damped,
    "autoregression": autoregression,
}


def scored(
    weeks: pd.DataFrame, prior: ManyPrior | None, since: str = "", *, alone: bool = False
) -> pd.DataFrame:
    """Return a row for each origin, place, week ahead and model, with scores and coverage.

    Parameters
    ----------
    weeks : pandas.DataFrame, shape (week, place)
        What was newly counted by weeks that end on their dates.
    prior : ManyPrior or None
    since : str
        The first origin lies after this day.
    alone : bool
        Whether the rivals stay at home.
    """
    rows: list[pd.DataFrame] = []
    scale = weeks.clip(lower=0).mean() + 1
    for origin in range(FIRST, len(weeks) - AHEAD, EVERY):
        day = weeks.index[origin - 1]
        known = weeks.iloc[:origin]
        lives = (known.iloc[-1] >= 0) & ((known.cumsum() > 0).sum() >= FIRST)
        if str(day.date()) < since or not lives.any():
            continue
        known = known.loc[:, sorted(known.columns[lives])]
        came = weeks.iloc[origin : origin + AHEAD][known.columns].to_numpy(dtype=float).T
        table = known.rename_axis(index="date").reset_index().melt("date", var_name="location")
        future = at.forecasts.forecast_many(
            table.dropna(), every="week", origin=day.date(), rng=1, draws=DRAWS, prior=prior,
            horizons=range(1, AHEAD + 1),
        )  # fmt: skip
        assert future.locations == tuple(known.columns)
        models = {"attrition": future.draws.astype(float)}
        for name, rival in RIVALS.items() if not alone else ():
            rng = np.random.default_rng(1)
            each = np.array([rival(_logs(known[place]), rng) for place in known.columns])
            models[name] = np.rint(np.maximum(np.expm1(each), 0.0))
        of_model = {
            name: np.moveaxis(np.quantile(draws, HUB_LEVELS, axis=1), 0, 2)
            for name, draws in models.items()
        }
        for name, share in itertools.product(() if alone else RIVALS, SHARES):
            mean = (1 - share) * of_model["attrition"] + share * of_model[name]
            of_model[f"attrition and {share:.0%} {name}"] = mean
        for name, quantiles in of_model.items():
            for ahead in range(AHEAD):
                one, truth = quantiles[:, ahead], came[:, ahead]
                columns = {
                    "wis": weighted_interval_score(one, truth) / scale[known.columns].to_numpy(),
                    "log_wis": log_score(one, np.maximum(truth, 0)),
                    "in50": inside(one, truth, 0.5),
                    "in90": inside(one, truth, 0.9),
                }
                frame = pd.DataFrame(columns).assign(model=name, horizon=ahead + 1)
                rows.append(frame[truth >= 0])
    return pd.concat(rows, ignore_index=True)


def chosen(weeks: Floats) -> Trend:
    """Return the settings that a search by steps likes best, from those that ship.

    Parameters
    ----------
    weeks : ndarray of float, shape (place, week)
    """
    shipped = bundled_prior()
    start = np.array(scored_at_home(weeks, shipped.trend, shipped.shares)[:2])
    best, least = shipped.trend, 1.0
    for name, values in CHANGES.items():
        for value in values:
            trend = replace(best, **{name: value})
            both = scored_at_home(weeks, trend, shipped.shares)[:2] / start
            if both.mean() < least:
                best, least = trend, float(both.mean())
    return best


def text(corpus: Path) -> str:
    """Return both tables in Markdown."""
    weeks, shipped = by_week(corpus), bundled_prior()
    scores = scored(weeks, None)
    targets = (scores["model"] == "attrition").sum()
    lines = [
        f"{weeks.shape[1]} places that run in no race, {targets:,} targets, every {EVERY}th week.",
        "",
        "| model | weeks ahead | WIS / mean count | log WIS | in 50 % | in 90 % |",
        "|---|---|---|---|---|---|",
    ]
    for model, rows in scores.groupby("model", sort=False):
        if " and " not in model:
            lines += [
                f"| {model} | {ahead} {_cells(rows[rows['horizon'] == ahead])}"
                for ahead in range(1, AHEAD + 1)
            ]
        lines.append(f"| {model} | all {_cells(rows)}")
    lines += [
        "",
        "Settings chosen on other places before a day, over those that ship:",
        "",
        "| since | places | WIS | log WIS | the best rival over those that ship: WIS | log WIS |",
        "|---|---|---|---|---|---|",
    ]
    names = sorted(weeks.columns)
    for day in DAYS:
        for half in (0, 1):
            home = weeks.loc[weeks.index < day, names[half::2]].dropna(axis=1, how="all")
            own = replace(shipped, trend=chosen(home.to_numpy(dtype=float).T))
            away = weeks[names[1 - half :: 2]]
            every = scored(away, None, day).groupby("model")[["wis", "log_wis"]].mean()
            every = every.loc[["attrition", *RIVALS]]
            mine = scored(away, own, day, alone=True)[["wis", "log_wis"]].mean()
            ours = every.loc["attrition"]
            best = every.drop("attrition").min()
            ratios = [*(mine / ours), *(best / ours)]
            cells = " | ".join(f"{ratio:.3f}" for ratio in ratios)
            lines.append(f"| {day} | {away.shape[1]} | {cells} |")
    return "\n".join(lines)


def _cells(rows: pd.DataFrame) -> str:
    mean = rows[["wis", "log_wis", "in50", "in90"]].mean()
    return f"| {mean.wis:.3f} | {mean.log_wis:.3f} | {mean.in50:.1%} | {mean.in90:.1%} |"


def _logs(counts: pd.Series) -> Floats:
    """Return the log counts of a place from its first one on; what is missing is carried over."""
    usual = counts.where(counts >= 0).ffill().dropna()
    return np.asarray(np.log1p(usual[usual.cumsum() > 0].to_numpy(dtype=float)))
