"""Run one contender in a process of its own and print what it cost and found, as JSON."""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.rivals import problem
from numpy.typing import NDArray

WARM_UP = 1_000  # draws, before the clock starts: imports, compilation, caches
RACE = 1  # the threshold of the race: 1,050,000
TARGET = 0.05  # day
_TRUTH_ERROR = 2e-5


@dataclass(frozen=True, slots=True)
class Run:
    """What one contender did with one size, over all seeds."""

    name: str
    size: int
    cpu: float
    """CPU seconds of one run, all threads and children, median over seeds."""
    wall: float
    peak: float
    """Peak memory of the process [MB]."""
    resting: float
    """The same after imports and warm-up, before the first run [MB]."""
    dates: NDArray[np.float64]
    """Shape (seed, threshold, prob)."""
    laws: NDArray[np.float64]
    """P(T <= day) on the days of the truth table, shape (seed, threshold, day)."""

    @property
    def bias(self) -> NDArray[np.float64]:
        """Mean error of the dates, shape (threshold, prob) [day]."""
        return np.asarray(np.mean(self.dates - problem.TRUE_DATES, axis=0))

    @property
    def rmse(self) -> NDArray[np.float64]:
        """Root mean square error of the dates, shape (threshold, prob) [day]."""
        return np.asarray(np.sqrt(np.mean((self.dates - problem.TRUE_DATES) ** 2, axis=0)))

    @property
    def worst(self) -> float:
        """The largest RMSE of the three dates of the race's threshold [day]."""
        return float(np.max(self.rmse[RACE]))

    def disagreement(self, *, plain: bool) -> float:
        """Return the largest distance of the mean law from the truth, in standard errors."""
        truth = np.transpose(list(problem.TRUE_PROBS.values()))
        spread = np.std(self.laws, axis=0, ddof=1)
        if plain:  # known, where a few seeds would only estimate it
            spread = np.sqrt(truth * (1 - truth) / self.size)
        error = np.hypot(spread / np.sqrt(len(self.laws)), _TRUTH_ERROR)
        return float(np.max(np.abs(self.laws.mean(axis=0) - truth) / error))


def to_target(runs: list[Run], *, plain: bool) -> float | None:
    """Return the CPU seconds to an RMSE of TARGET, None where it was not reached.

    Plain Monte Carlo is extrapolated from its largest size by 1/sqrt(n); of any other method
    the cheapest size that was measured to reach the target counts.
    """
    if plain:
        last = max(runs, key=lambda run: run.size)
        return last.cpu * (last.worst / TARGET) ** 2
    return min((run.cpu for run in runs if run.worst <= TARGET), default=None)


def decode(raw: dict[str, Any]) -> Run:
    """Return the run that `main` printed."""
    return Run(
        name=raw["name"],
        size=raw["size"],
        cpu=statistics.median(raw["cpu_seconds"]),
        wall=statistics.median(raw["wall_seconds"]),
        peak=raw["peak_mb"],
        resting=raw["resting_mb"],
        dates=np.array(raw["dates"], float),
        laws=np.array(raw["laws"], float),
    )


def _cpu() -> float:
    """Return CPU seconds of this process, its threads and its finished children."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _peak() -> float:
    """Return the peak memory of this process [MB].

    Linux hands what ``getrusage`` calls the largest from a parent to its child, so that a small
    child would have the peak of its parent; what /proc says is of this program alone.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**2


def main() -> None:
    """Measure the contender that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="a module of benchmarks/rivals with a function `laws`")
    parser.add_argument("size", type=int, help="draws or points of one run")
    parser.add_argument("seeds", type=int, help="number of runs")
    options = parser.parse_args()
    laws = importlib.import_module(f"benchmarks.rivals.{options.name}").laws
    laws(problem.THRESHOLDS, problem.DAYS, min(options.size, WARM_UP), 0)
    resting = _peak()
    cpu, wall, dates, probs = [], [], [], []
    for seed in range(1, options.seeds + 1):
        started = _cpu(), time.perf_counter()
        law = laws(problem.THRESHOLDS, problem.DAYS, options.size, seed)
        cpu.append(_cpu() - started[0])
        wall.append(time.perf_counter() - started[1])
        dates.append(problem.dates(law).tolist())
        probs.append(law[:, list(problem.TRUE_PROBS)].tolist())
    result = {
        "name": options.name,
        "size": options.size,
        "cpu_seconds": cpu,
        "wall_seconds": wall,
        "peak_mb": _peak(),
        "resting_mb": resting,
        "dates": dates,
        "laws": probs,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
