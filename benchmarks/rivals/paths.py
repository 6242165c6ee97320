"""The fastest threaded NumPy that returns whole daily paths with Poisson noise, unlabelled.

Blocks of paths on all cores, each with its own stream, a day a row, so that everything is
contiguous and stays in the cache; normal deviates by Box and Muller in single precision. The
counts are Poisson exactly, by `Generator.poisson` or, with ``noise="normal"``, whole numbers
from a normal with the Poisson's mean and variance, as those who are in a hurry write.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import numpy as np
from benchmarks.rivals import problem
from benchmarks.rivals.numpy_best import BATCH, _normal
from numpy.typing import NDArray

BLOCK = 16_384


def paths(
    days: int,
    draws: int,
    seed: int,
    *,
    noise: Literal["poisson", "normal"] = "poisson",
    threads: int | None = None,
) -> NDArray[np.float32]:
    """Return the totals of days 0..days, shape (draw, days + 1), a view with a day a row."""
    sizes = list(problem.blocks(draws, BLOCK))
    streams = np.random.SeedSequence(seed).spawn(len(sizes))
    totals = np.empty((days + 1, draws), np.float32)
    parts = np.split(totals, np.cumsum(sizes)[:-1], axis=1)

    def fill(part: NDArray[np.float32], stream: np.random.SeedSequence) -> None:
        _fill(part, stream, exact=noise == "poisson")

    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        list(pool.map(fill, parts, streams))
    return totals.T


def _fill(totals: NDArray[np.float32], stream: np.random.SeedSequence, *, exact: bool) -> None:
    """Fill a block of totals, shape (day, draw)."""
    days, draws = totals.shape
    bits = np.random.SFC64(stream)
    rng = np.random.Generator(bits)
    work, spare = np.empty((2, 4, BATCH // 2 * draws), np.float32)
    rate = rng.lognormal(*problem.RATE, (draws,)).astype(np.float32)
    x = np.zeros(draws, np.float32)
    # In double precision: a year of rounding in single would add up.
    total = rng.lognormal(*problem.LEVEL, (draws,))
    totals[0] = total
    for first in range(1, days, BATCH):
        steps = _normal(bits, work).reshape(BATCH, draws)
        noises = steps if exact else _normal(bits, spare).reshape(BATCH, draws)
        for i, row in enumerate(totals[first : first + BATCH]):
            step, noise = steps[i], noises[i]
            x *= np.float32(problem.PERSISTENCE)
            x += step
            mean = np.exp(x, out=step)
            mean *= rate
            if exact:
                total += rng.poisson(mean)
            else:
                noise *= np.sqrt(mean) * np.float32(1 / problem.VOLATILITY)
                noise += mean
                total += np.rint(noise, out=noise)
            row[:] = total
