"""Simulated worlds with known truth: do the intervals hold, and is the sharper model rewarded?

python -m benchmarks.calibration.worlds --worlds 1000 --out benchmarks/results/worlds.md
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import xarray as xr
from benchmarks.calibration.forecasters import local_level
from scipy import special

import attrition as at
from attrition.core._typing import Floats
from attrition.evaluation import Forecaster, Outcome
from attrition.evaluation.scores import censored_crps, miss, pit

DAYS = 1_090
EVERY = 182  # days between origins: five of them, half a year to two and a half years of data
OURS, RIVAL, TRUTH = "attrition", "local level", "the true law"

Rng = np.random.Generator
World = Callable[[Rng], Floats]


def _log_uniform(rng: Rng, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _counts(rng: Rng, log_rate: Floats, phi: float, weekly_sd: float = 0.0) -> Floats:
    """Daily counts: lognormal noise by week, then variance/mean phi (Poisson at 1)."""
    noise = np.repeat(weekly_sd * rng.standard_normal(-(-log_rate.size // 7)), 7)
    mean = np.exp(np.clip(log_rate + noise[: log_rate.size], -12, 12))
    extra = phi - 1
    return np.asarray(rng.poisson(rng.gamma(mean / extra) * extra if extra > 0.01 else mean), float)


def _walk(rng: Rng, weekly_sd: float) -> Floats:
    return np.cumsum(weekly_sd / np.sqrt(7) * rng.standard_normal(DAYS))


def constant(rng: Rng) -> Floats:
    """Poisson at a constant rate, 0.1 to 1,000 a day."""
    return _counts(rng, np.full(DAYS, np.log(_rate(rng))), 1.0)


def _rate(rng: Rng) -> float:
    return _log_uniform(rng, 0.1, 1_000)


def drifting(rng: Rng) -> Floats:
    """A random walk, weekly sd 0.01 to 0.25; variance/mean 1 to 50; weekly noise up to 15 %."""
    x = np.log(_log_uniform(rng, 1, 1_000)) + _walk(rng, _log_uniform(rng, 0.01, 0.25))
    return _counts(rng, x, _log_uniform(rng, 1.02, 50), rng.uniform(0, 0.15))


def regime(rng: Rng) -> Floats:
    """The level jumps (sd 0.8) about every 250 days, with a slow drift between."""
    jumps = (rng.random(DAYS) < 1 / 250) * rng.normal(0, 0.8, DAYS)
    x = np.log(_log_uniform(rng, 1, 1_000)) + np.cumsum(jumps) + _walk(rng, 0.02)
    return _counts(rng, x, _log_uniform(rng, 1.02, 30))


def batch(rng: Rng) -> Floats:
    """A random walk of 0.3 to 30 a day, reported on one day in two to ten; the rest waits."""
    x = np.log(_log_uniform(rng, 0.3, 30)) + _walk(rng, _log_uniform(rng, 0.02, 0.15))
    total = np.cumsum(_counts(rng, x, _log_uniform(rng, 1.02, 4)))
    reported = rng.random(DAYS) < rng.uniform(0.1, 0.5)
    last = np.maximum.accumulate(np.where(reported, np.arange(DAYS), 0))
    return np.diff(total[last], prepend=0)


CONSTANT = "constant Poisson"
WORLDS: dict[str, World] = {
    CONSTANT: constant,
    "drifting": drifting,
    "regime change": regime,
    "batch reports": batch,
}


def series_of(daily: Floats) -> at.Series:
    """Return daily counts as a series."""
    days = np.datetime64("2020-01-01", "s") + np.arange(daily.size) * np.timedelta64(86_400, "s")
    counts = xr.DataArray(daily, dims="time", coords={"time": days}, name="daily")
    with warnings.catch_warnings():  # chance looks like a slip of digits now and then
        warnings.simplefilter("ignore", at.AttritionWarning)
        return at.read_series(counts)


def true_law(rate: float) -> Forecaster:
    """Return the forecaster that knows the rate of a constant world."""

    def forecast(history: Floats, thresholds: Floats, horizon: int, rng: Rng) -> Floats:
        del rng
        needed = thresholds - history[-1]
        return np.asarray(special.gammainc(needed[:, None], rate * np.arange(1, horizon + 1)))

    return forecast


def one(kind: str, index: int, *, rival: bool) -> dict[str, list[Outcome]]:
    """Hindcast one world; its number is its seed."""
    key = (list(WORLDS).index(kind), index)
    seed = np.random.SeedSequence(20_250_603, spawn_key=key)
    others: dict[str, Forecaster] = {RIVAL: local_level} if rival else {}
    if kind == CONSTANT:
        others[TRUTH] = true_law(_rate(np.random.default_rng(seed)))
    series = series_of(WORLDS[kind](np.random.default_rng(seed)))
    past = at.hindcast(series, rng=index, every=EVERY, baselines=others)
    return {name: list(outcomes) for name, outcomes in past.outcomes.items()}


def _some(task: tuple[str, int, int, int]) -> dict[str, list[Outcome]]:
    kind, first, last, rivals = task
    table: dict[str, list[Outcome]] = {OURS: [], RIVAL: [], TRUTH: [], "paired": []}
    for index in range(first, last):
        past = one(kind, index, rival=index < rivals)
        table[OURS] += past[OURS]
        table[TRUTH] += past.get(TRUTH, [])
        if RIVAL in past:
            table[RIVAL] += past[RIVAL]
            table["paired"] += past[OURS]
    return table


def run(kind: str, worlds: int, rivals: int, processes: int = 1) -> dict[str, list[Outcome]]:
    """Hindcast many worlds of a kind; ``rivals`` of them by the local level too."""
    block = 25
    tasks = [(kind, i, min(i + block, worlds), rivals) for i in range(0, worlds, block)]
    if processes == 1:
        parts = [_some(task) for task in tasks]
    else:
        with ProcessPoolExecutor(processes) as pool:
            parts = list(pool.map(_some, tasks))
    return {name: [o for part in parts for o in part[name]] for name in parts[0]}


def coverage(outcomes: Sequence[Outcome], prob: float) -> float:
    """Return the share held by the printed interval, whole days at both ends [%]."""
    return 100 * float(np.mean([miss(o, prob) == 0 for o in outcomes]))


def pit_coverage(outcomes: Sequence[Outcome], prob: float) -> float:
    """Return the share whose randomised PIT lies in the interval: free of day rounding [%]."""
    rng = np.random.default_rng(4)
    values = np.array([pit(o, rng.random()) for o in outcomes])
    return 100 * float(np.mean(np.abs(values - 0.5) < prob / 2))


def _row(kind: str, method: str, outcomes: Sequence[Outcome]) -> str:
    shares = "/".join(f"{coverage(outcomes, p):.1f}" for p in (0.5, 0.8, 0.9))
    pits = "/".join(f"{pit_coverage(outcomes, p):.1f}" for p in (0.5, 0.8, 0.9))
    crps = float(np.mean([censored_crps(o) for o in outcomes]))
    return f"| {kind} | {method} | {len(outcomes):,} | {shares} | {pits} | {crps:.2f} |"


def table(outcomes: dict[str, dict[str, list[Outcome]]], worlds: int, rivals: int) -> str:
    """Return the results as Markdown."""
    head = [
        "# Simulated worlds",
        "",
        f"`python -m benchmarks.calibration.worlds --worlds {worlds} --rivals {rivals}`",
        "",
        f"{worlds:,} worlds of each kind, three years long, five origins each (half a year to two",
        "and a half years of data), the next 1 and 3 round thresholds. Held: the printed interval",
        "of whole days; PIT: the randomised PIT, which does not profit from the rounding to days.",
        "Coverage in percent at 50/80/90, CRPS in days. *The true law* knows the rate: it shows",
        "what rounding to days alone does. The local level and the row of ours beside it: the",
        f"first {rivals} worlds.",
        "",
        "| world | method | forecasts | held | PIT | CRPS |",
        "|---|---|---|---|---|---|",
    ]
    for kind, by_method in outcomes.items():
        head.append(_row(kind, OURS, by_method[OURS]))
        if by_method[TRUTH]:
            head.append(_row(kind, TRUTH, by_method[TRUTH]))
        if by_method[RIVAL]:
            head += [
                _row(kind, f"{OURS}, same worlds", by_method["paired"]),
                _row(kind, RIVAL, by_method[RIVAL]),
            ]
    head += ["", "By the length of history at the origin (PIT, 90 %):", ""]
    days = sorted({o.origin for by_method in outcomes.values() for o in by_method[OURS]})
    head.append(f"| world | {' | '.join(f'{180 + EVERY * i} days' for i in range(len(days)))} |")
    head.append("|---|" + "---|" * len(days))
    for kind, by_method in outcomes.items():
        cells = [
            f"{pit_coverage([o for o in by_method[OURS] if o.origin == day], 0.9):.1f}"
            for day in days
        ]
        head.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(head) + "\n"


def main() -> None:
    """Run the worlds and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1_000)
    parser.add_argument("--rivals", type=int, default=50)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    entries = {}
    for kind in WORLDS:
        entries[kind] = run(kind, asked.worlds, asked.rivals, asked.processes)
        sys.stderr.write(f"{kind}: done\n")
    text = table(entries, asked.worlds, asked.rivals)
    sys.stdout.write(text)
    if asked.out is not None:
        asked.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
