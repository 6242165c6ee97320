"""The fastest plain Monte Carlo in NumPy that we could write, without changing the model.

- The Poisson counts of all days are one unit-rate Poisson process run on the clock
  L_t = rate * sum exp(x): the total has reached K when L_t has reached the arrival of event
  number ceil(K - level), whose law is Gamma. One gamma draw for each path and threshold thus
  replaces a Poisson draw for each day, exactly.
- Normal deviates by Box and Muller (1958, doi:10.1214/aoms/1177706645) in single precision:
  logarithm, sine and cosine are vectorised in NumPy, its ziggurat is not.
- Blocks of paths that stay in the cache, several days for each batch of random numbers,
  crossed paths dropped after each batch, the blocks on all cores, each with its own stream.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from benchmarks.rivals import problem
from numpy.typing import NDArray

BLOCK = 65_536
BATCH = 8  # days; even, because normal deviates come in pairs

_Singles = NDArray[np.float32]


def laws(
    thresholds: tuple[float, ...], days: int, draws: int, seed: int, threads: int | None = None
) -> NDArray[np.float64]:
    """Return P(T <= t), shape (threshold, days + 1)."""
    sizes = list(problem.blocks(draws, BLOCK))
    streams = np.random.SeedSequence(seed).spawn(len(sizes))

    def crossed(size: int, stream: np.random.SeedSequence) -> NDArray[np.int64]:
        return _crossed(np.sort(thresholds), days, size, stream)

    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        counts: NDArray[np.int64] = np.sum(list(pool.map(crossed, sizes, streams)), axis=0)
    return counts[np.argsort(np.argsort(thresholds)), : days + 1] / draws


def _crossed(
    thresholds: NDArray[np.float64], days: int, draws: int, stream: np.random.SeedSequence
) -> NDArray[np.int64]:
    """Count the draws that have crossed by each day, shape (threshold, days + 1 or more)."""
    bits = np.random.SFC64(stream)
    needed = arrivals_of(np.random.Generator(bits), thresholds, draws)
    counts = np.full((len(thresholds), days + 1 + BATCH), draws, np.int64)
    counts[:, 0] = np.count_nonzero(needed <= 0, axis=1)
    x, elapsed, over = (
        np.zeros(draws, np.float32),
        np.zeros(draws, np.float32),
        np.empty(draws, bool),
    )
    work = np.empty((4, BATCH // 2 * draws), np.float32)
    for first in range(1, days + 1, BATCH):
        steps = _normal(bits, work[:, : BATCH // 2 * len(x)])
        for day, step in enumerate(steps.reshape(BATCH, -1), first):
            x *= np.float32(problem.PERSISTENCE)
            x += step
            elapsed += np.exp(x, out=step)
            for k, need in enumerate(needed):
                np.greater_equal(elapsed, need, out=over)
                counts[k, day] = draws - len(x) + np.count_nonzero(over)
        if np.count_nonzero(over) > 0.05 * len(over):
            kept = np.flatnonzero(elapsed < needed[-1])
            x, elapsed, needed, over = x[kept], elapsed[kept], needed[:, kept], over[: len(kept)]
            if not len(kept):
                break
    return counts


def arrivals_of(rng: np.random.Generator, thresholds: NDArray[np.float64], draws: int) -> _Singles:
    """Draw the sum of exp(x) at which each threshold is reached, shape (threshold, draw)."""
    level = rng.lognormal(*problem.LEVEL, draws)
    events = np.maximum(np.ceil(thresholds[:, None] - level), 0)
    arrivals = np.cumsum(rng.standard_gamma(np.diff(events, axis=0, prepend=0)), axis=0)
    return (arrivals / rng.lognormal(*problem.RATE, draws)).astype(np.float32)


def _normal(bits: np.random.SFC64, work: _Singles) -> _Singles:
    """Draw normal deviates times VOLATILITY into the first two of the four rows of ``work``."""
    first, second, radius, angle = work
    raw = bits.random_raw(len(first)).view(np.uint32).reshape(2, -1)
    np.add(raw[0], np.float32(0.5), out=radius, dtype=np.float32, casting="unsafe")  # never 0
    radius *= np.float32(2**-32)
    np.log(radius, out=radius)
    radius *= np.float32(-2 * problem.VOLATILITY**2)
    np.sqrt(radius, out=radius)
    np.multiply(
        raw[1], np.float32(2 * np.pi * 2**-32), out=angle, dtype=np.float32, casting="unsafe"
    )
    np.multiply(radius, np.cos(angle, out=first), out=first)
    np.multiply(radius, np.sin(angle, out=second), out=second)
    return work[:2]
