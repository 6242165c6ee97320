"""Totals ahead on simulated and real counts: what is held, and what a flat pace scores.

    python -m benchmarks.worlds --worlds 200
    python -m benchmarks.worlds --corpus FILE [--places 30]

Each count is stood at a few days, and the totals of 7, 30, 90 and 365 days ahead are forecast from
what was printed by then. *Ratio* is the mean CRPS over that of a constant trailing 28-day rate with
its empirical errors: the ratios of gain to flat pace that the same count has shown before. FILE
holds columns `date, location, cumulative` in Parquet; without it the counts are simulated.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import xarray as xr
from benchmarks.calibration.real import SERIES

import attrition as at
from attrition.core._typing import Floats
from attrition.data.series.findings import EPOCH
from attrition.evaluation.increments import trailing_errors
from attrition.models.counts.totals import draw_totals

LEADS = (7, 30, 90, 365)
"""Days ahead in simulated worlds."""

REAL_LEADS = (7, 14, 28, 91, 365)
"""Days ahead on recorded counts: one, two and four weeks, a quarter, a year."""

ORIGINS = (400, 600, 800)
"""Days of history from which a simulated count is forecast."""

EVERY = 91
"""Days between the origins on a recorded count."""

DAYS = ORIGINS[-1] + LEADS[-1]
_DRAWS = 1_024
_LEAST = 180  # days of history before the first origin on a recorded count
_START = date(2020, 1, 1)

Rng = np.random.Generator
World = Callable[[Rng], Floats]


# ------------------------------------------------------------------ simulated worlds


def _between(rng: Rng, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _counts(rng: Rng, log_rate: Floats, phi: float) -> Floats:
    """Daily counts with variance/mean ``phi``; Poisson at 1."""
    mean = np.exp(np.clip(log_rate, -12, 12))
    if phi > 1:
        mean = rng.gamma(mean / (phi - 1)) * (phi - 1)
    return rng.poisson(mean).astype(float)


def steady(rng: Rng) -> Floats:
    """Poisson at 1 to 300 a day."""
    return _counts(rng, np.full(DAYS, np.log(_between(rng, 1, 300))), 1.0)


def scattered(rng: Rng) -> Floats:
    """A steady 3 to 300 a day with variance/mean 2 to 30."""
    return _counts(rng, np.full(DAYS, np.log(_between(rng, 3, 300))), _between(rng, 2, 30))


def drifting(rng: Rng) -> Floats:
    """A random walk of the log rate, weekly standard deviation 0.02 to 0.15."""
    step = _between(rng, 0.02, 0.15) / np.sqrt(7)
    x = np.log(_between(rng, 5, 300)) + np.cumsum(step * rng.standard_normal(DAYS))
    return _counts(rng, x, _between(rng, 1, 10))


def waves(rng: Rng) -> Floats:
    """Waves of an epidemic over a low base: half a year to a year apart, 15 to 40 days wide."""
    day, rate = np.arange(DAYS), np.full(DAYS, _between(rng, 0.3, 5))
    peak = rng.uniform(60, 250)
    while peak < DAYS + 100:
        height, width = _between(rng, 30, 400), rng.uniform(15, 40)
        rate = rate + height * np.exp(-(((day - peak) / width) ** 2) / 2)
        peak += rng.uniform(150, 330)
    return _counts(rng, np.log(rate), _between(rng, 1, 8))


def dying(rng: Rng) -> Floats:
    """Violence that dies out: a plateau, then halved every 40 to 150 days."""
    begin, half = rng.uniform(100, 500), rng.uniform(40, 150)
    since = np.maximum(np.arange(DAYS) - begin, 0)
    wobble = np.cumsum(0.03 / np.sqrt(7) * rng.standard_normal(DAYS))
    return _counts(
        rng, np.log(_between(rng, 20, 300)) - np.log(2) * since / half + wobble, _between(rng, 1, 8)
    )


def ceasefire(rng: Rng) -> Floats:
    """A drifting rate that falls to 0 to 5 % of itself within a week or a month."""
    end, length = rng.uniform(300, 1_100), rng.uniform(1, 30)
    walk = np.cumsum(0.06 / np.sqrt(7) * rng.standard_normal(DAYS))
    x = np.log(_between(rng, 10, 300)) + walk
    fallen = np.clip((np.arange(DAYS) - end) / length, 0, 1)
    left = rng.choice([0.0, 0.01, 0.05])
    return _counts(rng, x + np.log1p(-fallen * (1 - max(left, 1e-5))), _between(rng, 1, 8))


def season(rng: Rng) -> Floats:
    """A year's season: two to ten times as many at the height as in the trough."""
    swing = 0.5 * np.log(_between(rng, 2, 10))
    phase, walk = rng.uniform(0, 365), np.cumsum(0.03 / np.sqrt(7) * rng.standard_normal(DAYS))
    x = np.log(_between(rng, 10, 300)) + swing * np.cos(
        2 * np.pi * (np.arange(DAYS) - phase) / 365.25
    )
    return _counts(rng, x + walk, _between(rng, 1, 8))


WORLDS: dict[str, World] = {
    "steady": steady,
    "scattered": scattered,
    "drifting": drifting,
    "waves": waves,
    "dying out": dying,
    "ceasefire": ceasefire,
    "season": season,
}


# ------------------------------------------------------------------ scores


@dataclass(frozen=True, slots=True)
class Score:
    """How one forecast of a gain did: its place among the draws, and both CRPS by rate."""

    group: str
    lead: int
    pit: float
    ours: float
    flat: float
    width: float


def crps(draws: Floats, truth: float) -> float:
    """Return the CRPS of an ensemble (Gneiting and Raftery 2007)."""
    ordered = np.sort(draws)
    n = ordered.size
    spread = 2 * (2 * np.arange(1, n + 1) - n - 1) @ ordered / n**2
    return float(np.abs(ordered - truth).mean() - spread / 2)


def scored(group: str, daily: Floats, origins: Sequence[int], leads: Sequence[int]) -> list[Score]:
    """Forecast and score the gains of one count from some days of history."""
    rows = []
    seed = zlib.crc32(daily.tobytes())
    rng = np.random.default_rng(seed)
    totals = np.r_[0.0, np.cumsum(daily)]
    for origin in origins:
        ahead = [lead for lead in leads if origin + lead <= daily.size]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pace = at.pace.fit_pace(series_of(daily[:origin]))
        missed = (_START - pace.information_date).days + origin - 1
        drawn = draw_totals(pace, max(ahead) + missed, _DRAWS, rng=seed, threads=1)
        scale = max(totals[origin] / origin, 0.1)
        for lead in ahead:
            gain = totals[origin + lead] - totals[origin]
            # Read as an outsider reads it: the printed total by then, less that of the origin.
            draws = drawn[:, missed + lead] - totals[origin]
            below, equal = np.mean(draws < gain), np.mean(draws == gain)
            ends = np.quantile(draws, (0.05, 0.95))
            rows.append(
                Score(
                    group,
                    lead,
                    float(below + rng.random() * equal),
                    crps(draws, gain) / scale,
                    crps(trailing_errors(totals[: origin + 1], lead), gain) / scale,
                    float(np.diff(ends)[0]) / scale / lead,
                )
            )
    return rows


def series_of(daily: Floats) -> at.Series:
    """Return daily counts as a series."""
    days = np.datetime64(_START, "s") + np.arange(daily.size) * np.timedelta64(86_400, "s")
    return at.read_series(xr.DataArray(daily, dims="time", coords={"time": days}, name="daily"))


def world(task: tuple[str, int]) -> list[Score]:
    """Score one simulated world; its number is its seed."""
    kind, index = task
    seed = np.random.SeedSequence(15, spawn_key=(list(WORLDS).index(kind), index))
    return scored(kind, WORLDS[kind](np.random.default_rng(seed)), ORIGINS, LEADS)


def place(task: tuple[str, Floats]) -> list[Score]:
    """Score one recorded count, from every 91st day."""
    name, daily = task
    return scored(name, daily, range(_LEAST, daily.size - REAL_LEADS[0], EVERY), REAL_LEADS)


def shipped() -> Iterator[tuple[str, Floats]]:
    """Yield the daily counts of the four recorded series."""
    for name, path in SERIES.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            series = at.read_series(path)
        number = np.array([(day - EPOCH).days for day in series.days])
        every = np.interp(np.arange(number[0], number[-1] + 1), number, series.totals)
        yield name, np.maximum(np.diff(np.floor(every)), 0.0)


def countries(file: Path, number: int | None) -> Iterator[tuple[str, Floats]]:
    """Yield daily counts of the places of a corpus, or of evenly chosen ones."""
    from benchmarks.priors import totals_by_place

    _, totals = totals_by_place(file)
    names = sorted(totals)
    for name in names[:: max(len(names) // number, 1)] if number else names:
        daily = np.diff(totals[name])
        begun = int(np.argmax(daily > 0))
        if daily.sum() > 0 and daily.size - begun > _LEAST + REAL_LEADS[-1]:
            yield name, daily[begun:]


# ------------------------------------------------------------------ tables


def table(scores: Sequence[Score], groups: Sequence[str]) -> list[str]:
    """Return coverage, relative CRPS and width of each group and lead as Markdown."""
    lines = [
        "| count | lead [d] | forecasts | 50 % | 90 % | below/above | ratio | width |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for group, lead in itertools.product(groups, sorted({s.lead for s in scores})):
        mine = [s for s in scores if s.lead == lead and group in (s.group, "all")]
        if not mine:
            continue
        pit = np.array([s.pit for s in mine])
        half, most = (100 * np.mean(np.abs(pit - 0.5) <= prob / 2) for prob in (0.5, 0.9))
        ratio = np.mean([s.ours for s in mine]) / np.mean([s.flat for s in mine])
        lines.append(
            f"| {group} | {lead} | {len(mine)} | {half:.0f} | {most:.0f} | "
            f"{100 * np.mean(pit < 0.05):.0f}/{100 * np.mean(pit > 0.95):.0f} | {ratio:.2f} | "
            f"{np.median([s.width for s in mine]):.2f} |"
        )
    return lines


def worst(scores: Sequence[Score]) -> str:
    """Return how many places hold less than 80 % at 90 %, over all leads."""
    names = sorted({s.group for s in scores})
    shares = {n: np.mean([abs(s.pit - 0.5) <= 0.45 for s in scores if s.group == n]) for n in names}
    low = sorted((share, n) for n, share in shares.items() if share < 0.8)
    text = ", ".join(f"{n} {100 * share:.0f}" for share, n in low[:8])
    return f"{len(low)} of {len(names)} counts hold less than 80 % at 90 %: {text or 'none'}"


def disjoint(counts: Sequence[tuple[str, Floats]]) -> str:
    """Return how many outcomes of each lead share no day within a count."""
    counts_by_lead = (
        f"{lead}: {sum((daily.size - _LEAST) // max(lead, EVERY) for _, daily in counts):,}"
        for lead in REAL_LEADS
    )
    return f"Outcomes that share no day, by lead: {', '.join(counts_by_lead)}"


def main() -> None:
    """Run the worlds or the recorded counts, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--kinds", nargs="*", choices=list(WORLDS), default=list(WORLDS))
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--places", type=int)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.processes) as pool:
        if asked.corpus is None:
            tasks = list(itertools.product(asked.kinds, range(asked.worlds)))
            scores = [s for rows in pool.map(world, tasks, chunksize=5) for s in rows]
            lines = table(scores, asked.kinds)
        else:
            own = list(shipped())
            others = list(countries(asked.corpus, asked.places))
            by_own = [s for rows in pool.map(place, own) for s in rows]
            by_others = [s for rows in pool.map(place, others, chunksize=2) for s in rows]
            lines = [
                *table(by_own, [*SERIES, "all"]),
                "",
                *table(by_others, ["all"]),
                "",
                worst([*by_own, *by_others]),
                disjoint([*own, *others]),
            ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
