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
from collections.abc import Sequence
from datetime import date

import numpy as np

from attrition._typing import Floats, Rng
from attrition.errors import InputError
from attrition.laws import Law, Provenance, make_law
from attrition.pace import WEEK
from attrition.threads import one_thread
from attrition.trajectories.kernel import Kernel
from attrition.trajectories.normals import Normals
from attrition.trajectories.shape import Shape
from attrition.trajectories.start import Start
from attrition.trajectories.stopping import Limits, Question, until_accurate
from attrition.trajectories.table import Clock, Table

_LOG = logging.getLogger("attrition")

REPLICATES = 16
"""Independent scramblings; fewer make the error estimate itself too noisy to use."""

_STENCIL = 6  # nodes from which a day between them is read
_CACHED = 16_000  # elapsed times at once, which fit the cache
_BLOCK = 512  # draws at once, so that a block stays small in memory


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


def _views(start: Start) -> list[tuple[float, tuple[float, float]]]:
    """Return the lags and windows of all components, each once."""
    found = [(lag, c.rate_window) for c in start.components for lag in c.lags]
    return list(dict.fromkeys(found))


def _day_nodes(kernels: Sequence[Kernel], shape: Shape, days: int) -> Floats:
    """Return the days on which the law is computed; it is smooth between them.

    The spacing is a quarter of the width over which the law varies, and at most a sixth of the
    time since the reports, at least a day; the ends of weeks are always among them, and from a
    week on nothing else, because a pace by weeks is exact there.
    """
    every = np.arange(days + 1, dtype=float)
    widths = np.min([Clock(kernel).width(every) for kernel in kernels], axis=0)
    weeks = np.arange(0.0, days + WEEK, WEEK)
    spread = np.interp(every, weeks, shape.spread(np.minimum(weeks, days)))
    elapsed = every + min(lag for lag, _ in shape.views)
    spread = np.minimum(spread, elapsed * 2 / 3)
    width = np.minimum(np.sqrt(spread**2 + widths**2), np.maximum(elapsed * 2 / 3, widths))
    nodes = [0]
    while nodes[-1] < days:
        last = nodes[-1]
        step = max(int(width[last] / 4), 1)
        to_week_end = WEEK - last % WEEK
        step = min(step, to_week_end) if step < WEEK else to_week_end + (step // WEEK - 1) * WEEK
        nodes.append(min(last + step, days))
    return np.array(nodes, dtype=float)


def _to_every_day(nodes: Floats) -> Floats:
    """Return the matrix (day, node) of local interpolation from nodes to every day.

    Lagrange's formula on the six nearest nodes.
    """
    days = np.arange(int(nodes[-1]) + 1, dtype=float)
    if nodes.size == days.size:
        return np.eye(days.size)
    order = min(_STENCIL, nodes.size)
    first = np.searchsorted(nodes, days, side="right") - order // 2
    first = np.clip(first, 0, nodes.size - order)
    near = nodes[first[:, None] + np.arange(order)]
    gaps = near[:, :, None] - near[:, None, :]
    gaps[:, np.arange(order), np.arange(order)] = 1.0
    offsets = np.repeat((days[:, None] - near)[:, None, :], order, axis=1)
    offsets[:, np.arange(order), np.arange(order)] = 1.0
    matrix = np.zeros((days.size, nodes.size))
    weights = offsets.prod(axis=2) / gaps.prod(axis=2)
    matrix[days.astype(int)[:, None], first[:, None] + np.arange(order)] = weights
    return matrix


class _Replicates:
    """Sums of exceedance by replicate, extended round by round.

    What is summed is the difference to a lognormal stand-in with the same normals, whose
    exceedance is known from a quadrature in one dimension: a control variate that takes away all
    but the curvature.
    """

    pilot = 128
    most = 16_384
    order = 0.8
    sampling = "randomised quasi-Monte Carlo"

    def __init__(
        self, start: Start, shape: Shape, thresholds: Floats, days: int, seed: int
    ) -> None:
        self.thresholds = thresholds
        self._start = start
        self._shape = shape
        kernels = [Kernel.of(component, start.pace.day_noise) for component in start.components]
        self._days = _day_nodes(kernels, shape, days)
        self._every_day = _to_every_day(self._days)
        self._normals = Normals(shape.dimensions, seed, REPLICATES)
        last = np.array([float(days)])
        deviation = max(float(shape.log_spread(last, view)[0]) for view in shape.views)
        back = max(lag for lag, _ in self._shape.views)
        longest = (days + back) * math.exp(min(4.0 * deviation, 12.0))
        self._tables = [Table(kernel, thresholds, longest) for kernel in kernels]
        self._sums = np.zeros((REPLICATES, thresholds.size, self._days.size))
        self._proxies = shape.proxies(self._days)
        self._expected = self._of_proxies()
        self.points = 0

    def extend(self, points: int) -> None:
        """Add ``points`` points to every replicate."""
        for first in range(0, points, _BLOCK):
            size = min(points - first, _BLOCK)
            block = self._normals.draw(size)
            together = int(np.clip(_CACHED // (size * self._days.size), 1, REPLICATES))
            for start in range(0, REPLICATES, together):
                group = range(start, min(start + together, REPLICATES))
                self._add(group, np.concatenate([block(replicate) for replicate in group]))
        self.points += points

    def _add(self, group: range, normals: Floats) -> None:
        """Add the points of a group of replicates, one below the other."""
        days, count = self._days.size, len(group)

        def by_replicate(times: Floats) -> Floats:
            """Turn rows of replicates, one below the other, into columns side by side."""
            return times.reshape(count, -1, days).swapaxes(0, 1).reshape(-1, count * days)

        times = self._shape.elapsed(normals, self._days)
        pairs = {
            view: (by_replicate(found), by_replicate(proxy.at(normals)))
            for view, found, proxy in zip(self._shape.views, times, self._proxies, strict=True)
        }
        for component, table in zip(self._start.components, self._tables, strict=True):
            weights = np.zeros((table.kernel.shape[1], count * days))
            for lag in component.lags:
                true, stand_in = pairs[lag, component.rate_window]
                weights += table.weights(true)
                weights -= table.weights(stand_in)
            share = component.weight / len(component.lags)
            found = (share * (table.kernel @ weights)).reshape(-1, count, days)
            self._sums[group.start : group.stop] += found.swapaxes(0, 1)

    def _of_proxies(self) -> Floats:
        """Return the exceedance of the stand-ins, shape (threshold, day), without chance."""
        proxies = dict(zip(self._shape.views, self._proxies, strict=True))
        total = np.zeros(self._sums.shape[1:])
        for component, table in zip(self._start.components, self._tables, strict=True):
            share = component.weight / len(component.lags)
            for lag in component.lags:
                proxy = proxies[lag, component.rate_window]
                total += share * (table.kernel @ table.expected(proxy.centre, proxy.spread))
        return total

    def surface(self) -> Floats:
        """Return the exceedance so far, shape (replicate, threshold, day), made monotone.

        Interpolation may leave steps of the order of its own error (1e-5); they are removed.
        """
        surface = (self._sums / self.points + self._expected) @ self._every_day.T
        np.clip(surface, 0.0, 1.0, out=surface)
        for above, below in itertools.pairwise(range(surface.shape[1])):
            np.minimum(surface[:, below], surface[:, above], out=surface[:, below])
        return np.asarray(np.maximum.accumulate(surface, axis=2))


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
    start = start.split()
    grid = np.asarray(thresholds, dtype=float)
    provenance = dataclasses.replace(provenance, seed=seed)
    with one_thread():
        shape = Shape(start.pace, days, _views(start))
        if not shape.random:
            surface = _certain_pace(start, shape, grid, days)
            return make_law(surface, grid, information_date, provenance)
        shape.rotate()
        replicates = _Replicates(start, shape, grid, days, seed)
        return until_accurate(replicates, information_date, provenance, questions, limits)
