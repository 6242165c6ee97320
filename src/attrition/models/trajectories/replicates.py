"""The replicates of the engine: sums of exceedance, extended round by round, here or by others."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np

from attrition.core._typing import Floats
from attrition.models.pace import WEEK
from attrition.models.trajectories.kernel import Kernel
from attrition.models.trajectories.normals import Normals
from attrition.models.trajectories.shape import Shape
from attrition.models.trajectories.sharing import shared_out
from attrition.models.trajectories.start import Start
from attrition.models.trajectories.table import Clock, KernelTable

REPLICATES = 16
"""Independent scramblings; fewer make the error estimate itself too noisy to use."""

_STENCIL = 6  # nodes from which a day between them is read
_CACHED = 16_000  # elapsed times at once, which fit the cache
_BLOCK = 512  # draws at once, so that a block stays small in memory


def views_of(start: Start) -> list[tuple[float, tuple[float, float]]]:
    """Return the lags and windows of all components, each once."""
    views = [(lag, c.rate_window) for c in start.components for lag in c.lags]
    return list(dict.fromkeys(views))


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


_Task = tuple[range, Floats, list[dict[str, Any]], int, int]


def _sizes(points: int) -> list[int]:
    """Return the sizes of the blocks in which points are drawn."""
    return [min(points - first, _BLOCK) for first in range(0, points, _BLOCK)]


def replicates_of(start: Start, thresholds: Floats, days: int, seed: int) -> Replicates:
    """Make the replicates of a start again, as a worker does."""
    shape = Shape(start.pace, days, views_of(start))
    shape.rotate()
    return Replicates(start, shape, thresholds, days, seed)


class Replicates:
    """Sums of exceedance by replicate, extended round by round.

    What is summed is the difference to a lognormal stand-in with the same normals, whose
    exceedance is known from a quadrature in one dimension: a control variate that takes away all
    but the curvature.
    """

    pilot = 128
    most = 16_384
    order = 0.8
    sampling = "randomised quasi-Monte Carlo"

    def __init__(  # noqa: PLR0917 - a kernel
        self,
        start: Start,
        shape: Shape,
        thresholds: Floats,
        days: int,
        seed: int,
        executor: Executor | None = None,
    ) -> None:
        self.thresholds = thresholds
        self.recipe = (replicates_of, (start, thresholds, days, seed))
        self._executor, self._seed = executor, seed
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
        self._tables = [KernelTable(kernel, thresholds, longest) for kernel in kernels]
        self._sums = np.zeros((REPLICATES, thresholds.size, self._days.size))
        self._proxies = shape.proxies(self._days)
        self.points = 0

    def extend(self, points: int) -> None:
        """Add ``points`` points to every replicate."""
        if self._executor is None:
            self._advance(self._sums, range(REPLICATES), self._normals, points)
        else:
            cut = max(self._together(size) for size in _sizes(points))
            groups = [range(r, r + cut) for r in range(0, REPLICATES, cut)]
            tasks = [
                (group, self._sums[group.start : group.stop], self._normals.state(group))
                for group in groups
            ]
            results = shared_out(self, self._executor, [(*t, self.points, points) for t in tasks])
            for (group, _, _), (sums, state) in zip(tasks, results, strict=True):
                self._sums[group.start : group.stop] = sums
                self._normals.resume(group, state)
        self.points += points

    def advanced(self, task: _Task) -> tuple[Floats, list[dict[str, Any]]]:
        """Return the sums and the state of a group of replicates after more points."""
        group, sums, state, before, points = task
        normals = Normals(self._shape.dimensions, self._seed, REPLICATES)
        normals.skip(before)
        normals.resume(group, state)
        sums = sums.copy()
        self._advance(sums, group, normals, points)
        return sums, normals.state(group)

    def _together(self, size: int) -> int:
        """Return how many replicates are worked on at once in a block of ``size`` points.

        A power of two, so that the groups of one block are made of whole groups of another.
        """
        fit = int(np.clip(_CACHED // (size * self._days.size), 1, REPLICATES))
        return 1 << (fit.bit_length() - 1)

    def _advance(self, sums: Floats, within: range, normals: Normals, points: int) -> None:
        """Add points to the sums of some replicates, which are whole groups."""
        for size in _sizes(points):
            block, together = normals.draw(size), self._together(size)
            for start in range(within.start, within.stop, together):
                group = range(start, min(start + together, within.stop))
                rows = np.concatenate([block(replicate) for replicate in group])
                self._add(sums[start - within.start : group.stop - within.start], rows)

    def _add(self, sums: Floats, normals: Floats) -> None:
        """Add the points of a group of replicates, one below the other."""
        days, count = self._days.size, len(sums)

        def by_replicate(times: Floats) -> Floats:
            """Turn rows of replicates, one below the other, into columns side by side."""
            return times.reshape(count, -1, days).swapaxes(0, 1).reshape(-1, count * days)

        times = self._shape.elapsed(normals, self._days)
        pairs = {
            view: (by_replicate(part), by_replicate(proxy.at(normals)))
            for view, part, proxy in zip(self._shape.views, times, self._proxies, strict=True)
        }
        for component, table in zip(self._start.components, self._tables, strict=True):
            weights = np.zeros((table.kernel.shape[1], count * days))
            for lag in component.lags:
                true, stand_in = pairs[lag, component.rate_window]
                weights += table.weights(true)
                weights -= table.weights(stand_in)
            share = component.weight / len(component.lags)
            part = (share * (table.kernel @ weights)).reshape(-1, count, days)
            sums += part.swapaxes(0, 1)

    @functools.cached_property
    def _expected(self) -> Floats:
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
