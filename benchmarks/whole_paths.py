"""Whole paths: 100,000 paths of 365 days with day noise, against the fastest NumPy we could write.

Run: python -m benchmarks.whole_paths (writes benchmarks/results/whole_paths.md)
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import xarray as xr
from benchmarks.rivals import paths, problem

from attrition.data.elicitation import lognormal
from attrition.models.pace import DailyAutoregression
from attrition.models.trajectories import Account, Start, draw_paths

RESULTS = Path(__file__).parent / "results"
DRAWS, DAYS, THREADS = 100_000, 365, 2
START = Start(
    (Account(lognormal(9e5, 1e6, 0.9), lognormal(800, 1_250, 0.9)),),
    DailyAutoregression(problem.PERSISTENCE, problem.VOLATILITY, day_noise=1.0),
)


def ours(seed: int) -> xr.DataArray:
    """Return labelled paths by the library."""
    totals = draw_paths(START, DAYS, DRAWS, rng=seed, dtype=np.float32, threads=THREADS)
    days = np.datetime64("2025-06-03", "s") + np.arange(DAYS + 1) * np.timedelta64(86_400, "s")
    return xr.DataArray(totals, dims=("draw", "time"), coords={"time": days}, name="total")


CONTENDERS: dict[str, Callable[[int], object]] = {
    "attrition, labelled": ours,
    "NumPy, threads, exact Poisson": lambda s: paths.paths(DAYS, DRAWS, s, threads=THREADS),
    "NumPy, threads, rounded normal": lambda s: paths.paths(
        DAYS, DRAWS, s, noise="normal", threads=THREADS
    ),
}


def main(runs: int = 9) -> None:
    """Measure the contenders in turn and write the table."""
    cpu: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    wall: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for run in range(runs + 1):
        for name, draw in CONTENDERS.items():
            spent, clock = time.process_time(), time.perf_counter()
            draw(run)
            if run:  # the first is a warm-up
                cpu[name].append(time.process_time() - spent)
                wall[name].append(time.perf_counter() - clock)
    base = next(iter(CONTENDERS))
    lines = [
        "# Whole paths",
        "",
        f"Made by `python -m benchmarks.whole_paths`: {DRAWS:,} paths of {DAYS} days in float32 on",
        f"{THREADS} threads, the problem of the race, medians of {runs} runs in turn. The noise of",
        "attrition is a gamma with the mean and variance of the Poisson, by its cube-root form.",
        "",
        "| contender | CPU s | wall s | CPU, times the first | wall, times the first |",
        "|---|---:|---:|---:|---:|",
    ]
    for name in CONTENDERS:
        ratios = [
            statistics.median(a / b for a, b in zip(own[name], own[base], strict=True))
            for own in (cpu, wall)
        ]
        figures = [statistics.median(cpu[name]), statistics.median(wall[name]), *ratios]
        lines.append(f"| {name} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "whole_paths.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
