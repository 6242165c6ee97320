"""Randomised quasi-Monte Carlo over the shape of the pace, until the error is small enough.

Each replicate drives the shape of the pace, the directions that matter most first, with its own
scrambling of a Sobol sequence; the tail uses ordinary draws. The distribution of the elapsed
times on a grid is all that is kept of the paths: one matrix product with the static kernel
then gives the exceedance of every threshold on every day.
"""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Sequence
from datetime import date

import numpy as np

from attrition.core._typing import Floats, Rng
from attrition.core.errors import InputError
from attrition.core.laws import Law, Provenance, make_law
from attrition.core.tasks import executor_of
from attrition.core.threads import one_thread
from attrition.models.trajectories.kernel import Kernel
from attrition.models.trajectories.replicates import Replicates, views_of
from attrition.models.trajectories.shape import Shape
from attrition.models.trajectories.start import Start
from attrition.models.trajectories.stopping import Accuracy, Limits, until_accurate

_LOG = logging.getLogger("attrition")


def seed_of(rng: Rng) -> int:
    """Return the integer seed of ``rng``; a Generator yields one, so that it can be recorded.

    Raises
    ------
    InputError
        If ``rng`` is a negative integer or neither an integer nor a Generator.
    """
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**63))
    if isinstance(rng, bool) or not isinstance(rng, (int, np.integer)) or rng < 0:
        raise InputError(
            "`rng` must be an integer of 0 or more, or a numpy Generator",
            got=repr(rng),
            place="rng",
            remedy="Give for example rng=1",
        )
    return int(rng)


def check_tolerance(tolerance: float | None) -> float | None:
    """Return ``tolerance`` if it is None or a positive number of days."""
    number = isinstance(tolerance, (int, float, np.integer, np.floating))
    if tolerance is not None and not (number and math.isfinite(tolerance) and tolerance > 0):
        raise InputError(
            "`tolerance` must be a positive number of days",
            got=f"{tolerance:g}" if number else repr(tolerance)[:60],
            place="tolerance",
            remedy="Give for example 0.1, or leave it out",
        )
    return tolerance


def _certain_pace(start: Start, shape: Shape, thresholds: Floats, days: int) -> Floats:
    """Return the exceedance when the pace does not vary: no random number is needed."""
    every = np.arange(days + 1, dtype=float)
    times = shape.elapsed(np.zeros((1, shape.dimensions)), every)
    elapsed = dict(zip(shape.views, times, strict=True))
    surface = np.zeros((1, thresholds.size, days + 1))
    for component in start.components:
        share = component.weight / len(component.lags)
        kernel = Kernel.of(component, start.pace.day_noise)
        for lag in component.lags:
            surface[0] += share * kernel.exceedance(
                thresholds, elapsed[lag, component.rate_window][0]
            )
    return np.clip(surface, 0.0, 1.0)


def simulate(
    start: Start,
    thresholds: Sequence[float] | Floats,
    information_date: date,
    days: int,
    *,
    rng: Rng,
    provenance: Provenance,
    questions: Sequence[Accuracy],
    limits: Limits | None = None,
) -> Law:
    """Return the law of a total that starts at ``start``.

    Parameters
    ----------
    start : Start
        Components of the level with their rates, and the pace.
    thresholds : sequence of float, shape (threshold,)
        Ascending totals [unit].
    information_date : datetime.date
        Day 0.
    days : int
        Days to the horizon.
    rng : int or Generator
        Seed; replicate r uses ``SeedSequence(seed, spawn_key=(r,))``.
    provenance : Provenance
        Completed with seed, tolerance and points.
    questions : sequence of Accuracy
        Which dates must be accurate, and how.
    limits : Limits, optional
        Largest size and time.

    Warns
    -----
    AttritionWarning
        If a limit is reached before the tolerance.
    """
    limits = limits or Limits()
    seed = seed_of(rng)
    start = start.split()
    grid = np.asarray(thresholds, dtype=float)
    provenance = dataclasses.replace(provenance, seed=seed)
    with one_thread():
        shape = Shape(start.pace, days, views_of(start))
        if not shape.random:
            surface = _certain_pace(start, shape, grid, days)
            return make_law(surface, grid, information_date, provenance)
        shape.rotate()
        with executor_of(limits.workers) as (executor, _):
            replicates = Replicates(start, shape, grid, days, seed, executor)
            return until_accurate(replicates, information_date, provenance, questions, limits)
