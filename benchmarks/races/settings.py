"""Settings of the trend, scored on weekly counts of places that run in no race."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.races.scores import Floats, inside, log_score, weighted_interval_score

from attrition.forecasts import HUB_LEVELS
from attrition.models.trend import Trend, bundled_prior, expected_ahead, filtered, rows_of_noise

RACERS = (
    "Austria", "Belgium", "Bulgaria", "Switzerland", "Cyprus", "Czechia", "Denmark", "Estonia",
    "Spain", "Finland", "Greece", "Croatia",
)  # fmt: skip
"""Countries of the European race: never looked at here."""

CHANGES = {
    "damping": (0.74, 0.82, 0.86),
    "slope_noise": (0.13, 0.19),
    "level_noise": (0.02, 0.08),
    "noise": (0.03, 0.1),
    "tail": (5.0, 16.0),
    "brake": (0.0, 0.5, 0.75),
    "pull": (0.0, 0.03, 0.04, 0.08),
    "lift": (0.0, 0.02, 0.04, 0.06),
    "widening": (0.95, 1.0, 1.1),
    "heavy": (4.0, 10.0),
}
"""What is tried of each setting, the others as they ship."""

FIRST, EVERY, AHEAD, DRAWS = 26, 4, 4, 200
"""Weeks known at the first origin, weeks between origins, weeks ahead, futures of each."""


def weeks_of(corpus: Path, before: str | None, places: Sequence[str] = ()) -> Floats:
    """Return weekly counts by place without the countries of the race, shape (place, week).

    Of ``places`` alone, where some are named.
    """
    weeks = by_week(corpus, places)
    if before is not None:
        weeks = weeks[weeks.index < before]
    return np.asarray(weeks.to_numpy(dtype=float).T)


def by_week(corpus: Path, places: Sequence[str] = ()) -> pd.DataFrame:
    """Return the same (Sunday to Saturday) by their dates, shape (week, place)."""
    rows = pd.read_parquet(corpus)
    rows = rows[~rows["location"].isin(RACERS)]
    if places:
        rows = rows[rows["location"].isin(places)]
    total = rows.pivot_table(index="date", columns="location", values="cumulative")
    total = total.reindex(pd.date_range(total.index.min(), total.index.max())).ffill()
    return total.resample("W-SAT").last().diff().iloc[1:-1]


def scored(
    weeks: Floats, trend: Trend, shares: tuple[float, ...] = (0.0,)
) -> tuple[float, float, float, float]:
    """Return relative WIS, log WIS and coverage at 50 and 90 % over places, origins and horizons.

    The WIS is taken relative to a place's mean count, so that large places do not decide.
    """
    rng = np.random.default_rng(1)
    weeks = weeks[np.isfinite(weeks).any(axis=1)]
    scale = np.nanmean(np.maximum(weeks, 0), axis=1) + 1
    parts: list[Floats] = []
    for origin in range(FIRST, weeks.shape[1] - AHEAD, EVERY):
        known = weeks[:, :origin]
        live = (np.nanmax(np.nan_to_num(known), axis=1) > 0) & np.isfinite(known[:, -1])
        live &= known[:, -1] >= 0
        number = int(live.sum())
        stretch = np.sqrt(trend.heavy / rng.chisquare(trend.heavy, (number, DRAWS)))
        normals = rng.standard_normal((number, rows_of_noise(AHEAD), DRAWS))
        paths = rng.poisson(
            expected_ahead(filtered(known[live], trend, shares), trend, normals, stretch)
        )
        quantiles = np.moveaxis(np.quantile(paths, HUB_LEVELS, axis=2), 0, 2)
        for ahead in range(AHEAD):
            came = weeks[live, origin + ahead]
            good = np.isfinite(came) & (came >= 0)
            one, truth = quantiles[good, ahead], came[good]
            parts.append(
                np.stack(
                    [
                        weighted_interval_score(one, truth) / scale[live][good],
                        log_score(one, truth),
                        inside(one, truth, 0.5),
                        inside(one, truth, 0.9),
                    ]
                )
            )
    means = np.concatenate(parts, axis=1).mean(axis=1)
    return float(means[0]), float(means[1]), float(means[2]), float(means[3])


REGIONS = {
    "Latin America and the Caribbean": (
        "Argentina", "Bolivia", "Brazil", "Chile", "Colombia", "Costa Rica", "Cuba",
        "Dominican Republic", "Ecuador", "El Salvador", "Guatemala", "Guyana", "Honduras",
        "Jamaica", "Mexico", "Panama", "Paraguay", "Peru", "Uruguay", "Venezuela",
    ),
    "Europe": (
        "Albania", "Belarus", "Bosnia and Herzegovina", "France", "Germany", "Hungary", "Ireland",
        "Italy", "Kosovo", "Latvia", "Lithuania", "Moldova", "Montenegro", "Netherlands",
        "North Macedonia", "Norway", "Poland", "Portugal", "Romania", "Russia", "Serbia",
        "Slovakia", "Slovenia", "Sweden", "Ukraine", "United Kingdom",
    ),
    "Near and Middle East": (
        "Afghanistan", "Algeria", "Bahrain", "Egypt", "Iran", "Iraq", "Israel", "Jordan", "Kuwait",
        "Lebanon", "Libya", "Morocco", "Oman", "Pakistan", "Palestine", "Qatar", "Saudi Arabia",
        "Syria", "Tunisia", "Turkey", "Yemen",
    ),
}  # fmt: skip
"""Tables of neighbours, of which those in the corpus are scored."""


def together(corpus: Path) -> str:
    """Return what a growth in common does to tables of neighbours, and to the whole corpus."""
    shipped = bundled_prior()
    lines = [
        "| table | places | growth | WIS / mean count | log WIS | in 50 % | in 90 % |",
        "|---|---|---|---|---|---|---|",
    ]
    known = set(pd.read_parquet(corpus)["location"])
    for name, places in {**REGIONS, "all": ()}.items():
        if places and known.isdisjoint(places):
            continue
        weeks = weeks_of(corpus, None, places)
        for growth, shares in (("own", (0.0,)), ("in common", shipped.shares)):
            score = scored(weeks, shipped.trend, shares)
            lines.append(f"| {name} | {len(weeks)} {_row(growth, score)}")
    return "\n".join(lines)


def text(corpus: Path, before: str | None) -> str:
    """Return what the settings that ship score, and each with another value, in Markdown."""
    weeks = weeks_of(corpus, before)
    shipped = bundled_prior()
    trials = [(name, value) for name, values in CHANGES.items() for value in values]
    rows = [("as shipped", shipped.trend)] + [
        (f"{name} = {value:g}", replace(shipped.trend, **{name: value})) for name, value in trials
    ]
    return "\n".join(
        [
            f"{weeks.shape[0]} places, {weeks.shape[1]} weeks"
            + (f" before {before}" if before else "")
            + ", without the countries of the European race.",
            f"Mean squared standardised error one step ahead: {_error(weeks):.2f}.",
            "",
            "| settings | WIS / mean count | log WIS | in 50 % | in 90 % |",
            "|---|---|---|---|---|",
            *(_row(name, scored(weeks, trend, shipped.shares)) for name, trend in rows),
        ]
    )


def _error(weeks: Floats) -> float:
    """Return the mean over origins and places of what ``Trend.errors`` states."""
    shipped = bundled_prior()
    means = []
    for origin in range(FIRST, weeks.shape[1] - AHEAD, EVERY):
        known = weeks[:, :origin]
        live = np.nanmax(np.nan_to_num(known), axis=1) > 0
        means.append(filtered(known[live], shipped.trend, shipped.shares).error.mean())
    return float(np.mean(means))


def _row(change: str, score: tuple[float, float, float, float]) -> str:
    return f"| {change} | {score[0]:.4f} | {score[1]:.4f} | {score[2]:.1%} | {score[3]:.1%} |"
