"""The standard simulations, at stated sizes, each timed several times."""

from __future__ import annotations

import hashlib
import statistics
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from attrition.bench.reference import Problem, date_and_error, reference_law
from attrition.core.errors import AttritionWarning

if TYPE_CHECKING:
    import xarray as xr

    from attrition.core.laws import Law

_START = date(2025, 6, 3)
_TARGET = 0.05  # day: the error to which costs are scaled
_PROB = 0.95  # of the date that is compared
PROBLEM = Problem()


@dataclass(frozen=True, slots=True)
class Size:
    """How large the simulations are.

    Parameters
    ----------
    reference : int
        Plain draws of the reference.
    paths : int
        Whole paths, of as many days as the problem.
    history : int
        Days of the recorded count that is hindcast [day].
    runs : int
        Times that each simulation is run.
    """

    reference: int
    paths: int
    history: int
    runs: int


SIZES: Mapping[str, Size] = MappingProxyType(
    {
        "small": Size(reference=2_000, paths=8_192, history=400, runs=1),
        "standard": Size(reference=100_000, paths=131_072, history=1_200, runs=5),
        "large": Size(reference=1_000_000, paths=1_048_576, history=3_600, runs=5),
    }
)
"""The sizes by name; ``standard`` takes a minute or two."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one simulation cost and found.

    Parameters
    ----------
    name, size : str
        What was simulated, how much of it.
    cpu, wall : float
        Medians over the runs [s]; CPU time of all threads.
    work : float
        What was done, in ``unit``.
    unit : str
    ratio : float or None
        How many times less CPU time than the reference for the same; None where the reference
        cannot do it.
    compared : str
        What "the same" means.
    result : str
        What came out: a number, for comparison between machines.
    digest : str
        Of the bytes that came out: equal on equal machines and versions.
    """

    name: str
    size: str
    cpu: float
    wall: float
    work: float
    unit: str
    ratio: float | None
    compared: str
    result: str
    digest: str


def run(size: Size, told: Callable[[int, int], None] | None = None) -> list[Measured]:
    """Run all simulations of a size, the reference first.

    Parameters
    ----------
    size : Size
    told : callable, optional
        Told (simulations done, all).
    """
    made: list[Measured] = []
    for number, simulate in enumerate(_ALL):
        if told is not None:
            told(number, len(_ALL))
        made.append(simulate(size, made[0] if made else None))
    if told is not None:
        told(len(_ALL), len(_ALL))
    return made


def _timed(runs: int, work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what some work returns, and its medians of CPU and wall time [s].

    Where it is run several times, one more goes before and is not counted.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AttritionWarning)
        found = work() if runs > 1 else None  # tables are built and libraries loaded
        cpu, wall = [], []
        for _ in range(runs):
            before = time.process_time(), time.perf_counter()
            found = work()
            cpu.append(time.process_time() - before[0])
            wall.append(time.perf_counter() - before[1])
    return found, statistics.median(cpu), statistics.median(wall)


def _digest(*arrays: ArrayLike) -> str:
    return hashlib.sha256(b"".join(np.asarray(a).tobytes() for a in arrays)).hexdigest()[:16]


def _reference(size: Size, _: Measured | None) -> Measured:
    draws = size.reference
    law, cpu, wall = _timed(size.runs, lambda: reference_law(PROBLEM, draws, 1))
    at, error = date_and_error(law, _PROB, draws)
    return Measured(
        name="reference: plain draws, a loop over days in NumPy",
        size=f"{draws:,} draws, {PROBLEM.days} days",
        cpu=cpu,
        wall=wall,
        work=cpu * (error / _TARGET) ** 2,
        unit=f"CPU s for an error of {_TARGET:g} day in the {100 * _PROB:g} % date",
        ratio=1.0,
        compared="itself",
        result=f"{100 * _PROB:g} % date {at:.2f} ± {error:.2f} days",
        digest=_digest(law),
    )


def _law(size: Size, reference: Measured | None) -> Measured:
    from attrition.core.laws import Provenance, crossing
    from attrition.data.elicitation import lognormal
    from attrition.models.pace import DailyAutoregression
    from attrition.models.trajectories import Component, Question, Start, simulate

    low, high = PROBLEM.level
    slow, fast = PROBLEM.rate
    pace = DailyAutoregression(PROBLEM.persistence, PROBLEM.volatility, day_noise=1.0)
    start = Start((Component(lognormal(low, high, 0.9), lognormal(slow, fast, 0.9)),), pace)
    what = Provenance(quantity="total", title="Total", definition="as in the benchmark")
    asked = Question((PROBLEM.threshold,), tolerance=_TARGET)

    def once() -> Law:
        grid = [PROBLEM.threshold]
        return simulate(
            start, grid, _START, PROBLEM.days, rng=1, provenance=what, questions=[asked]
        )

    law, cpu, wall = _timed(max(size.runs, 3), once)
    read = crossing(law, PROBLEM.threshold)
    error = read.upper.mcse or _TARGET
    return Measured(
        name="a law of the same problem",
        size=f"{law.provenance.points} points in each of {law.replicates} replicates",
        cpu=cpu,
        wall=wall,
        work=cpu,
        unit=f"CPU s for an error of {_TARGET:g} day in the {100 * _PROB:g} % date",
        ratio=None if reference is None else reference.work / cpu,
        compared=f"a date to within {_TARGET:g} day, at most",
        result=f"{100 * _PROB:g} % date {read.upper.offset:.3f} ± {error:.3f} days",
        digest=_digest(law.surface()),
    )


def _forecast(size: Size, _: Measured | None) -> Measured:
    import attrition as at

    dossier = at.read_dossier()
    made, cpu, wall = _timed(size.runs, lambda: at.forecast(dossier, seed=1))
    first = next(iter(made.laws.values()))
    read = at.crossing(first, made.thresholds[first.provenance.quantity][0])
    return Measured(
        name="the forecast of the bundled dossier",
        size=f"{len(made.laws)} laws of {first.exceedance.shape[2]:,} days",
        cpu=cpu,
        wall=wall,
        work=len(made.laws) / cpu,
        unit="laws per CPU s",
        ratio=None,
        compared="",
        result=f"first median {read.median.day}",
        digest=_digest(*(law.surface() for law in made.laws.values())),
    )


def _paths(size: Size, reference: Measured | None) -> Measured:
    import attrition as at

    quantity = "russian-casualties"
    made = at.forecast(at.read_dossier(), seed=1, quantities=[quantity], tolerance=5.0)

    def once() -> xr.DataArray:
        return made.paths(quantity, draws=size.paths, rng=1, dtype=np.float32)

    paths, cpu, wall = _timed(size.runs, once)
    speed = paths.size / cpu
    plain = None
    if reference is not None:
        plain = speed / (size.reference * (PROBLEM.days + 1) / reference.cpu)
    return Measured(
        name="whole daily paths in single precision",
        size=f"{paths.sizes['draw']:,} paths, {paths.sizes['time']:,} days",
        cpu=cpu,
        wall=wall,
        work=speed,
        unit="days of paths per CPU s",
        ratio=plain,
        compared="a day of a path",
        result=f"mean total {float(paths[:, -1].mean(dtype=float)):,.0f}",
        digest=_digest(paths.values),
    )


def _counted(size: Size, _: Measured | None) -> Measured:
    import attrition as at

    quantity, thresholds = "russian-casualties", np.linspace(1e6, 2e6, 8)
    made = at.forecast(at.read_dossier(), seed=1, quantities=[quantity], tolerance=5.0)
    paths = made.paths(quantity, draws=size.paths, rng=1, dtype=np.float32)
    law, cpu, wall = _timed(size.runs, lambda: at.Law.from_paths(paths, thresholds))
    read = at.crossing(law, 1e6)
    return Measured(
        name="a law of whole paths",
        size=f"{paths.sizes['draw']:,} paths, {paths.sizes['time']:,} days, 8 thresholds",
        cpu=cpu,
        wall=wall,
        work=paths.size * thresholds.size / cpu,
        unit="comparisons per CPU s",
        ratio=None,
        compared="",
        result=f"median {read.median.day}",
        digest=_digest(law.surface()),
    )


def _hindcast(size: Size, _: Measured | None) -> Measured:
    import xarray as xr

    import attrition as at

    rng = np.random.default_rng(1)
    log_rate = np.log(200.0) + np.cumsum(0.03 * rng.standard_normal(size.history))
    counts = rng.poisson(np.exp(log_rate)).astype(float)
    days = np.datetime64("2015-01-01", "s") + np.arange(size.history) * np.timedelta64(86_400, "s")
    held = xr.DataArray(counts, dims="time", coords={"time": days}, name="daily")
    series = at.read_series(held)
    made, cpu, wall = _timed(size.runs, lambda: at.hindcast(series, rng=1))
    summary = made.summary()
    origins = len({o.origin for o in made.outcomes["attrition"]})
    return Measured(
        name="a hindcast, with baselines",
        size=f"{size.history:,} days of counts, {origins} origins",
        cpu=cpu,
        wall=wall,
        work=origins / cpu,
        unit="origins per CPU s",
        ratio=None,
        compared="",
        result=f"{100 * summary.coverage[2]:.0f} % of the 90 % intervals held",
        digest=_digest(*(o.cdf for o in made.outcomes["attrition"])),
    )


def _reading(size: Size, _: Measured | None) -> Measured:
    import attrition as at

    quoted = ["up to 250,000 could be fatalities", "nearly one million", "60,000–100,000"] * 20
    found, cpu, wall = _timed(size.runs, lambda: [at.parse(text) for text in quoted])
    return Measured(
        name="quoted words",
        size=f"{len(quoted)} quotations",
        cpu=cpu,
        wall=wall,
        work=len(quoted) / cpu,
        unit="quotations per CPU s",
        ratio=None,
        compared="",
        result=f"{sum(len(readings) for readings in found)} figures",
        digest=_digest([reading.interval.lower for readings in found for reading in readings]),
    )


_ALL = (_reference, _law, _forecast, _paths, _counted, _hindcast, _reading)
