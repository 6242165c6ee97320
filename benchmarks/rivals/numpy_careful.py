"""NumPy as a careful user writes it: the naive loop, crossed paths dropped, on all cores."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from benchmarks.rivals import problem
from numpy.typing import NDArray

BLOCK = 25_000


def laws(thresholds: tuple[float, ...], days: int, draws: int, seed: int) -> NDArray[np.float64]:
    """Return P(T <= t), shape (threshold, days + 1)."""
    sizes = list(problem.blocks(draws, BLOCK))
    streams = np.random.SeedSequence(seed).spawn(len(sizes))

    def crossed(size: int, stream: np.random.SeedSequence) -> NDArray[np.int64]:
        return _crossed(thresholds, days, size, stream)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        counts: NDArray[np.int64] = np.sum(list(pool.map(crossed, sizes, streams)), axis=0)
    return counts / draws


def _crossed(
    thresholds: tuple[float, ...], days: int, draws: int, stream: np.random.SeedSequence
) -> NDArray[np.int64]:
    """Return how many of the draws have crossed by each day, shape (threshold, days + 1)."""
    rng = np.random.Generator(np.random.SFC64(stream))
    total = rng.lognormal(*problem.LEVEL, draws)
    rate = rng.lognormal(*problem.RATE, draws)
    x = np.zeros(draws)
    counts = np.zeros((len(thresholds), days + 1), np.int64)
    dropped = 0
    for day in range(days + 1):
        if day:
            x *= problem.PERSISTENCE
            x += problem.VOLATILITY * rng.standard_normal(len(x))
            total += rng.poisson(rate * np.exp(x))
        counts[:, day] = [dropped + np.count_nonzero(total >= k) for k in thresholds]
        # Totals never fall, so that a path above every threshold has no more to tell.
        kept = total < max(thresholds)
        if np.count_nonzero(kept) < 0.95 * len(kept):
            dropped += len(kept) - int(np.count_nonzero(kept))
            total, rate, x = total[kept], rate[kept], x[kept]
    return counts
