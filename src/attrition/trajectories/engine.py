"""Randomised quasi-Monte Carlo over the shape of the pace, until the error is small enough.

Each replicate drives the shape of the pace, the directions that matter most first, with its own
scrambling of a Sobol sequence; the tail uses ordinary draws. The distribution of the elapsed
times on a grid is all that is kept of the paths: one matrix product with the static kernel
then gives the exceedance of every threshold on every day.
"""

from __future__ import annotations

import dataclasses
import itertools
import logging
import math
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy import special, stats

from attrition._typing import Floats, Rng
from attrition.errors import AttritionWarning, InputError
from attrition.laws import Law, Provenance, crossing, make_law
from attrition.laws.digits import DATE_UNITS
from attrition.pace import WEEK
from attrition.threads import one_thread
from attrition.trajectories.kernel import exceedance_given_time
from attrition.trajectories.shape import Shape, View
from attrition.trajectories.start import Start
from attrition.trajectories.table import Clock, Table

_LOG = logging.getLogger("attrition")

REPLICATES = 16
"""Independent scramblings; fewer make the error estimate itself too noisy to use."""

_PILOT = 128  # points per replicate
_SOBOL_DIMENSIONS = 32  # later ones move next to nothing
_BLOCK = 512  # draws at once, so that a block stays small in memory


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop although the tolerance is not reached; reaching one is announced.

    Parameters
    ----------
    points : int
        Largest number of points per replicate.
    seconds : float
        Largest time, checked between rounds [s].
    """

    points: int = 16_384
    seconds: float = 60.0


def _itself(law: Law) -> Law:
    return law


@dataclass(frozen=True, slots=True)
class Question:
    """Which dates must be accurate: the interval of each threshold, to a tolerance.

    Parameters
    ----------
    view : callable
        Makes the law in which they are read from the simulated one (that of a share, say).
    thresholds : tuple of float
        Totals [unit].
    prob : float
        Probability of the interval whose ends are reported.
    tolerance : float or None
        Largest Monte Carlo standard error of a date [day]; None for 1/50 of the reporting unit.
    """

    thresholds: tuple[float, ...]
    prob: float = 0.9
    tolerance: float | None = None
    view: Callable[[Law], Law] = _itself


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
    if tolerance is not None and not (math.isfinite(tolerance) and tolerance > 0):
        raise InputError(
            "`tolerance` must be a positive number of days",
            got=f"{tolerance:g}",
            place="tolerance",
            remedy="Give for example 0.1, or leave it out",
        )
    return tolerance


class _Normals:
    """Standard normals of one replicate: Sobol in the first dimensions, draws in the rest."""

    def __init__(self, dimensions: int, seed: int, replicate: int) -> None:
        generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(replicate,)))
        self._leading = min(dimensions, _SOBOL_DIMENSIONS)
        self._rest = dimensions - self._leading
        self._sobol = stats.qmc.Sobol(self._leading, scramble=True, rng=generator.spawn(1)[0])
        self._generator = generator

    def draw(self, points: int) -> Floats:
        """Return the next ``points`` rows, shape (points, dimensions)."""
        uniform = np.clip(self._sobol.random(points), 1e-15, 1 - 1e-15)
        leading = special.ndtri(uniform)
        tail = self._generator.standard_normal((points, self._rest))
        return np.concatenate([leading, tail], axis=1)


def _views(start: Start) -> list[View]:
    """Return the lags and windows of all components, each once."""
    found = [(lag, c.rate_window) for c in start.components for lag in c.lags]
    return list(dict.fromkeys(found))


def _day_nodes(start: Start, shape: Shape, days: int) -> Floats:
    """Return the days on which the law is computed; it is smooth between them.

    The spacing is a fifth of the width of the crossing date, at least a day and at most a week.
    """
    every = np.arange(days + 1, dtype=float)
    clocks = [Clock(component, start.pace.day_noise) for component in start.components]
    kernel = np.min([clock.width(every) for clock in clocks], axis=0)
    width = np.sqrt(shape.spread(every) ** 2 + kernel**2)
    nodes = [0]
    while nodes[-1] < days:
        step = int(np.clip(width[nodes[-1]] / 5, 1, WEEK))
        nodes.append(min(nodes[-1] + step, days))
    return np.array(nodes, dtype=float)


def _to_every_day(nodes: Floats) -> Floats:
    """Return the matrix (day, node) of local cubic interpolation from nodes to every day."""
    days = np.arange(int(nodes[-1]) + 1, dtype=float)
    if nodes.size == days.size:
        return np.eye(days.size)
    matrix = np.zeros((days.size, nodes.size))
    first = np.clip(np.searchsorted(nodes, days, side="right") - 2, 0, nodes.size - 4)
    for row, (day, start) in enumerate(zip(days, first, strict=True)):
        near = nodes[start : start + 4]
        for k in range(4):
            others = np.delete(near, k)
            matrix[row, start + k] = np.prod((day - others) / (near[k] - others))
    return matrix


class _Replicates:
    """Sums of exceedance by replicate, extended round by round."""

    def __init__(
        self, start: Start, shape: Shape, thresholds: Floats, days: int, seed: int
    ) -> None:
        self.thresholds = thresholds
        self._start = start
        self._shape = shape
        self._days = _day_nodes(start, shape, days)
        self._every_day = _to_every_day(self._days)
        self._normals = [_Normals(self._shape.dimensions, seed, r) for r in range(REPLICATES)]
        last = np.array([float(days)])
        deviation = max(
            float(np.sqrt((self._shape.gradient(last, view) ** 2).sum()))
            for view in self._shape.views
        )
        back = max(lag for lag, _ in self._shape.views)
        longest = (days + back) * math.exp(min(4.0 * deviation, 12.0))
        self._tables = [
            Table(component, start.pace.day_noise, thresholds, longest)
            for component in start.components
        ]
        self._sums = np.zeros((REPLICATES, thresholds.size, self._days.size))
        self.points = 0

    def extend(self, points: int) -> None:
        """Add ``points`` points to every replicate."""
        for replicate, normals in enumerate(self._normals):
            done = 0
            while done < points:
                block = min(points - done, _BLOCK)
                self._add(replicate, normals.draw(block))
                done += block
        self.points += points

    def _add(self, replicate: int, normals: Floats) -> None:
        times = self._shape.elapsed(normals, self._days)
        elapsed = dict(zip(self._shape.views, times, strict=True))
        for component, table in zip(self._start.components, self._tables, strict=True):
            weights = sum(
                table.weights(elapsed[lag, component.rate_window]) for lag in component.lags
            )
            share = component.weight / len(component.lags)
            self._sums[replicate] += share * (table.kernel @ weights)

    def surface(self) -> Floats:
        """Return the exceedance so far, shape (replicate, threshold, day), made monotone.

        Interpolation may leave steps of the order of its own error (1e-5); they are removed.
        """
        surface = (self._sums / self.points) @ self._every_day.T
        np.clip(surface, 0.0, 1.0, out=surface)
        for above, below in itertools.pairwise(range(surface.shape[1])):
            np.minimum(surface[:, below], surface[:, above], out=surface[:, below])
        return np.asarray(np.maximum.accumulate(surface, axis=2))


def _certain_pace(start: Start, thresholds: Floats, days: int) -> Floats:
    """Return the exceedance when the rate does not move: no random number is needed."""
    elapsed = np.arange(days + 1, dtype=float)
    surface = np.zeros((1, thresholds.size, days + 1))
    for component in start.components:
        for lag in component.lags:
            share = component.weight / len(component.lags)
            surface[0] += share * exceedance_given_time(
                component, start.pace.day_noise, thresholds, elapsed + lag
            )
    return np.clip(surface, 0.0, 1.0)


def _excess(law: Law, questions: Sequence[Question]) -> float:
    """Return the largest ratio of Monte Carlo standard error to tolerance."""
    worst = 0.0
    for question in questions:
        seen = question.view(law)
        for threshold in question.thresholds:
            read = crossing(seen, threshold, prob=question.prob)
            allowed = question.tolerance or DATE_UNITS[read.natural_unit] / 50
            worst = max(worst, read.mcse / allowed)
    return worst


def _next_size(points: int, excess: float, limits: Limits) -> int:
    """Return the size that the error calls for, a power of two; the error falls as n^-0.8 or so."""
    wanted = points * max(excess * 1.2, 1.0) ** 1.25
    doublings = math.ceil(math.log2(max(wanted, 2 * points)))
    return min(int(2**doublings), limits.points)


def simulate(
    start: Start,
    thresholds: Sequence[float] | Floats,
    information_date: date,
    days: int,
    *,
    rng: Rng,
    provenance: Provenance,
    questions: Sequence[Question],
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
    questions : sequence of Question
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
    grid = np.asarray(thresholds, dtype=float)
    provenance = dataclasses.replace(provenance, seed=seed)
    with one_thread():
        shape = Shape(start.pace, days, _views(start))
        if not shape.random:
            surface = _certain_pace(start, grid, days)
            return make_law(surface, grid, information_date, provenance)
        replicates = _Replicates(start, shape, grid, days, seed)
        return _until_accurate(replicates, information_date, provenance, questions, limits)


def _until_accurate(
    replicates: _Replicates,
    information_date: date,
    provenance: Provenance,
    questions: Sequence[Question],
    limits: Limits,
) -> Law:
    """Extend the replicates until every question is answered to its tolerance."""
    begun = time.monotonic()
    size = min(_PILOT, limits.points)
    while True:
        replicates.extend(size - replicates.points)
        stated = dataclasses.replace(provenance, points=replicates.points)
        law = make_law(replicates.surface(), replicates.thresholds, information_date, stated)
        excess = _excess(law, questions)
        _LOG.debug("%s: %d points, error/tolerance %.2f", stated.quantity, size, excess)
        if excess <= 1:
            return law
        spent = time.monotonic() - begun
        if replicates.points >= limits.points or spent > limits.seconds:
            return _announced(law, excess, stated)
        size = _next_size(replicates.points, excess, limits)


def _announced(law: Law, excess: float, provenance: Provenance) -> Law:
    note = (
        f"the simulation stopped at {provenance.points} points per replicate with an error "
        f"{excess:.1f} times the tolerance"
    )
    warnings.warn(f"{provenance.quantity}: {note}", AttritionWarning, stacklevel=3)
    stated = dataclasses.replace(provenance, notes=(*provenance.notes, note))
    return make_law(law.surface(), law.thresholds, law.information_date, stated)
