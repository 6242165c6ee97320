"""Whole daily paths, for those who want them: in blocks that fit the cache, on threads.

Streams belong to fixed blocks of draws, so that the same seed gives the same bytes whatever the
number of threads.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from attrition.core._typing import Floats, Rng, Singles
from attrition.core.errors import InputError
from attrition.core.threads import one_thread
from attrition.data.elicitation import quantile
from attrition.models.pace import WEEK
from attrition.models.trajectories.engine import seed_of
from attrition.models.trajectories.shape import Shape
from attrition.models.trajectories.start import Account, Start

BLOCK = 8_192
"""Draws of a block, which has a stream of its own; a week of them is 0.2 MB."""

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
    """Return daily totals, shape (draw, days + 1), in Fortran order; column 0 is day 0.

    Parameters
    ----------
    start : Start
        Components of the level with their rates, and the pace.
    days : int
        Days to the horizon.
    draws : int
        Number of paths.
    rng : int or Generator
        Seed; block b of 8,192 draws uses ``SeedSequence(seed, spawn_key=(0, b))``.
    dtype : numpy.float64 or numpy.float32
        Of the result.
    threads : int, optional
        Workers; as many as there are cores when left out. The result does not depend on it.

    Notes
    -----
    Day noise with a gamma shape above 30 is drawn by the cube-root transform of a normal
    (Wilson and Hilferty 1931, doi:10.1073/pnas.17.12.684), whose distribution function is
    then within 2e-4 of the gamma's; below 30 by exact gamma draws. The normals are of single
    precision (Box and Muller 1958, doi:10.1214/aoms/1177706645); totals add up in double.

    Raises
    ------
    InputError
        If ``draws`` is not positive or ``dtype`` is neither of the two.
    """
    check_paths(draws, dtype)
    seed = seed_of(rng)
    plan = path_plan(start, days)
    with one_thread(), ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        return plan.totals(seed, 0, draws, np.dtype(dtype), pool)


def check_paths(draws: int, dtype: type[np.floating[Any]]) -> None:
    """Refuse a number of draws that is not positive, and other types than the two."""
    if draws < 1 or np.dtype(dtype) not in (np.dtype("f4"), np.dtype("f8")):
        raise InputError(
            "paths need at least one draw, in float32 or float64",
            got=f"draws={draws}, dtype={np.dtype(dtype).name}",
            place="paths",
            remedy="Give for example draws=10_000, dtype=np.float32",
        )


def path_plan(start: Start, days: int) -> PathPlan:
    """Return how to draw paths from a start."""
    views = [(lag, c.rate_window) for c in start.components for lag in c.lags]
    return PathPlan(start, Shape(start.pace, days, list(dict.fromkeys(views))), days)


class PathPlan:
    """How to fill one block: what is common to all blocks is worked out once."""

    def __init__(self, start: Start, shape: Shape, days: int) -> None:
        self._start = start
        self._days = days
        self._shape = shape
        self._share = np.cumsum([component.weight for component in start.components])
        self._rows = shape.dimensions + shape.dimensions % 2  # normals come in pairs

    def totals(
        self,
        seed: int,
        block: int,
        draws: int,
        dtype: np.dtype[np.floating[Any]],
        pool: ThreadPoolExecutor | None = None,
    ) -> Floats:
        """Return totals, shape (draw, day), of some draws from the first of a block on."""
        result = np.empty((self._days + 1, draws), dtype=dtype)  # a day a row: contiguous work

        def fill(number: int) -> None:
            stream = np.random.SeedSequence(seed, spawn_key=(0, block + number))
            mine = result[:, number * BLOCK : (number + 1) * BLOCK]
            self.fill(np.random.SFC64(stream), mine)

        list((map if pool is None else pool.map)(fill, range(-(-draws // BLOCK))))
        return result.T

    def fill(self, bits: np.random.SFC64, totals: Floats) -> None:
        """Fill ``totals``, shape (day, draw); a whole block is drawn even where fewer are kept."""
        generator = np.random.Generator(bits)
        work = np.empty((4, self._rows // 2, BLOCK), dtype=np.float32)
        normals = _normals(bits, work)[: self._shape.dimensions]
        weeks = self._shape.weekly_rates(normals)
        level, rate = self._present(generator, normals)
        weeks *= rate.astype(np.float32)
        _accumulate(bits, level, weeks, totals, self._start.pace.day_noise)

    def _present(self, generator: np.random.Generator, normals: Singles) -> tuple[Floats, Floats]:
        """Return levels [unit] and rates [unit/day] at the information date, shape (draw,)."""
        chosen = np.searchsorted(self._share, generator.random(BLOCK) * self._share[-1])
        past = self._shape.past(normals.T.astype(float))
        views = dict(zip(self._shape.views, past, strict=True))
        level, rate, since = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
        for index, component in enumerate(self._start.components):
            which = generator.integers(len(component.lags), size=BLOCK)
            uniform = generator.random((2, BLOCK))
            for position, lag in enumerate(component.lags):
                mine = np.flatnonzero((chosen == index) & (which == position))
                if mine.size:
                    days, then = views[lag, component.rate_window]
                    level[mine], rate[mine] = _level_and_rate(component, uniform[:, mine])
                    rate[mine] /= then[mine, 0]
                    since[mine] = days[mine, 0]
        carried, phi = rate * since, self._start.pace.day_noise
        level += generator.gamma(carried / phi) * phi if phi > 0 else carried
        return level, rate


def _level_and_rate(component: Account, uniform: Floats) -> tuple[Floats, Floats]:
    """Return levels [unit] and rates [unit/day] at uniform probabilities, shape (2, draw)."""
    level = quantile(component.level, uniform[0])
    rate = np.maximum(quantile(component.rate, uniform[1]), 0.0)
    return level, rate * level if component.relative else rate


def _accumulate(
    bits: np.random.SFC64, level: Floats, means: Singles, totals: Floats, day_noise: float
) -> None:
    """Write the level and its running sum with noisy daily counts, week by week."""
    kept = totals.shape[1]
    totals[0] = level[:kept]
    total = level.copy()
    work = np.empty((4, (WEEK + 1) // 2, BLOCK), dtype=np.float32)
    for week, mean in enumerate(means):
        first = 1 + week * WEEK
        rows = totals[first : first + WEEK]
        daily = _noisy(bits, mean, day_noise, work)
        for row, count in zip(rows, daily, strict=False):
            total += count
            row[:] = total[:kept]


def _noisy(
    bits: np.random.SFC64, mean: Singles, day_noise: float, work: Singles
) -> Singles | Floats:
    """Return the counts of a week of days with a common mean, shape (day, draw)."""
    if day_noise == 0:
        return np.broadcast_to(mean, (WEEK, mean.size))
    shape = mean / np.float32(day_noise)
    if float(shape.min()) <= _LARGE:
        draws = np.random.Generator(bits).standard_gamma(np.broadcast_to(shape, (WEEK, mean.size)))
        return np.asarray(draws * day_noise)
    daily = _normals(bits, work)[:WEEK]
    daily *= 1 / (3 * np.sqrt(shape))
    daily += 1 - 1 / (9 * shape)
    daily *= daily * daily
    daily *= mean
    return daily


def _normals(bits: np.random.SFC64, work: Singles) -> Singles:
    """Return standard normals in single precision, shape (2 * row, draw), by Box and Muller."""
    radius, angle, sines, cosines = work
    raw = bits.random_raw(radius.size).view(np.uint32).reshape(2, *radius.shape)
    np.multiply(raw[0], np.float32(2.0**-32), out=radius, dtype=np.float32, casting="unsafe")
    radius += np.float32(2.0**-33)
    np.log(radius, out=radius)
    radius *= np.float32(-2.0)
    np.maximum(radius, np.float32(0.0), out=radius)
    np.sqrt(radius, out=radius)
    turn = np.float32(2.0 * np.pi * 2.0**-32)
    np.multiply(raw[1], turn, out=angle, dtype=np.float32, casting="unsafe")
    np.cos(angle, out=cosines)
    np.sin(angle, out=sines)
    cosines *= radius
    sines *= radius
    return work[2:].reshape(-1, work.shape[2])
