"""Whole daily paths, for those who want them: in blocks that fit the cache, on threads.

Streams belong to fixed blocks of draws, so that the same seed gives the same bytes whatever the
number of threads.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from attrition._typing import Floats, Rng
from attrition.elicitation import quantile
from attrition.errors import InputError
from attrition.pace import WEEK
from attrition.threads import one_thread
from attrition.trajectories.engine import seed_of
from attrition.trajectories.shape import Shape
from attrition.trajectories.start import Component, Start

_BLOCK = 512  # draws; a block of a year in float32 is 0.7 MB
_LARGE = 30.0  # shape of a gamma above which its cube-root approximation is used


def draw_paths(
    start: Start,
    days: int,
    draws: int,
    *,
    rng: Rng,
    dtype: type[np.floating[Any]] = np.float64,
    threads: int | None = None,
) -> Floats:
    """Return daily totals, shape (draw, days + 1); column 0 is the information date.

    Parameters
    ----------
    start : Start
        Components of the level with their rates, and the pace.
    days : int
        Days to the horizon.
    draws : int
        Number of paths.
    rng : int or Generator
        Seed; block b of 512 draws uses ``SeedSequence(seed, spawn_key=(0, b))``.
    dtype : numpy.float64 or numpy.float32
        Of the result.
    threads : int, optional
        Workers; as many as there are cores when left out. The result does not depend on it.

    Notes
    -----
    Day noise with a gamma shape above 30 is drawn by the cube-root transform of a normal
    (Wilson and Hilferty 1931, doi:10.1073/pnas.17.12.684), whose distribution function is
    then within 2e-4 of the gamma's; below 30 by exact gamma draws.

    Raises
    ------
    InputError
        If ``draws`` is not positive or ``dtype`` is neither of the two.
    """
    if draws < 1 or np.dtype(dtype) not in (np.dtype("f4"), np.dtype("f8")):
        raise InputError(
            "paths need at least one draw, in float32 or float64",
            got=f"draws={draws}, dtype={np.dtype(dtype).name}",
            place="paths",
            remedy="Give for example draws=10_000, dtype=np.float32",
        )
    seed = seed_of(rng)
    views = [(lag, c.rate_window) for c in start.components for lag in c.lags]
    plan = _Plan(start, Shape(start.pace, days, list(dict.fromkeys(views))), days)
    result = np.empty((draws, days + 1), dtype=dtype)

    def fill(block: int) -> None:
        stream = np.random.SeedSequence(seed, spawn_key=(0, block))
        generator = np.random.Generator(np.random.SFC64(stream))
        rows = result[block * _BLOCK : (block + 1) * _BLOCK]
        plan.fill(generator, rows)

    blocks = range((draws + _BLOCK - 1) // _BLOCK)
    with one_thread(), ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        list(pool.map(fill, blocks))
    return result


class _Plan:
    """How to fill one block: what is common to all blocks is worked out once."""

    def __init__(self, start: Start, shape: Shape, days: int) -> None:
        self._start = start
        self._shape = shape
        self._weeks = np.arange(0.0, days + WEEK, WEEK)
        self._days = days
        self._share = np.cumsum([component.weight for component in start.components])

    def fill(self, generator: np.random.Generator, rows: Floats) -> None:
        """Fill ``rows`` with paths; a whole block is drawn even where fewer rows are wanted."""
        chosen = np.searchsorted(self._share, generator.random(_BLOCK) * self._share[-1])
        normals = generator.standard_normal((_BLOCK, self._shape.dimensions))
        means = np.empty((_BLOCK, self._weeks.size - 1))
        level = np.empty(_BLOCK)
        ends = np.minimum(self._weeks, float(self._days))
        times = self._shape.elapsed(normals, ends)
        elapsed = dict(zip(self._shape.views, times, strict=True))
        for index, component in enumerate(self._start.components):
            which = generator.integers(len(component.lags), size=_BLOCK)
            uniform = generator.random((2, _BLOCK))
            for position, lag in enumerate(component.lags):
                mine = (chosen == index) & (which == position)
                if mine.any():
                    time = elapsed[lag, component.rate_window][mine]
                    found = self._one(generator, component, uniform[:, mine], time)
                    level[mine], means[mine] = found
        count = rows.shape[0]
        self._accumulate(generator, level[:count], means[:count], rows)

    def _one(
        self,
        generator: np.random.Generator,
        component: Component,
        uniform: Floats,
        elapsed: Floats,
    ) -> tuple[Floats, Floats]:
        """Return levels at the information date and mean increments per day of each week."""
        level = quantile(component.level, uniform[0])
        rate = np.maximum(quantile(component.rate, uniform[1]), 0.0)
        if component.relative:
            rate = rate * level
        carried = rate * elapsed[:, 0]
        phi = self._start.pace.day_noise
        if phi > 0:
            carried = generator.gamma(carried / phi) * phi
        lengths = np.maximum(np.diff(np.minimum(self._weeks, float(self._days))), 1e-300)
        return level + carried, rate[:, None] * np.diff(elapsed, axis=1) / lengths

    def _accumulate(
        self, generator: np.random.Generator, level: Floats, means: Floats, rows: Floats
    ) -> None:
        """Write level plus the running sum of noisy daily counts into ``rows``."""
        phi = self._start.pace.day_noise
        counts, weeks = means.shape
        kind = rows.dtype
        mean = means.astype(kind)[:, :, None]
        if phi == 0:
            daily = np.broadcast_to(mean, (counts, weeks, WEEK))
        elif float(means.min()) / phi > _LARGE:
            daily = generator.standard_normal((counts, weeks, WEEK), dtype=kind.type)
            shape = (means / phi)[:, :, None]
            daily *= (1 / (3 * np.sqrt(shape))).astype(kind)
            daily += (1 - 1 / (9 * shape)).astype(kind)
            np.multiply(daily, daily * daily, out=daily)
            daily *= mean
        else:
            shape = np.broadcast_to((means / phi)[:, :, None], (counts, weeks, WEEK))
            daily = (generator.standard_gamma(shape) * phi).astype(kind)
        rows[:, 0] = level
        flat = daily.reshape(counts, -1)[:, : self._days]
        np.cumsum(flat, axis=1, dtype=kind, out=rows[:, 1:])
        rows[:, 1:] += level.astype(kind)[:, None]
