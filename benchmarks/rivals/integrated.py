"""P(total >= K) by the time passed alone: level, rate and the noise of counts are integrated.

Given the sum s of exp(x), the count is Poisson of rate times s. So the law is the mean, over paths
of x, of one smooth function of s: 24 nodes of the log rate and 3 of the noise are exact here to
five digits.
"""

from __future__ import annotations

import numpy as np
from benchmarks.rivals import problem
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


def normal_nodes(number: int) -> tuple[Floats, Floats]:
    """Return nodes and weights for the mean of a function of a standard normal."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(number)
    return nodes, weights / weights.sum()


def passed(thresholds: tuple[float, ...], elapsed: Floats) -> Floats:
    """Return P(total >= K) at times passed, shape (threshold, *elapsed.shape)."""
    (scores, often), (noise, share) = normal_nodes(24), normal_nodes(3)
    mean, deviation = problem.RATE
    counted = np.exp(mean + deviation * scores)[:, None] * np.ravel(elapsed)
    added = counted + noise[:, None, None] * np.sqrt(counted)
    mean, deviation = problem.LEVEL
    left = np.maximum(np.asarray(thresholds)[:, None, None, None] - added, 1.0)
    above = special.ndtr((mean - np.log(left)) / deviation)
    law = np.einsum("n,r,knrs->ks", share, often, above)
    return np.asarray(law.reshape(len(thresholds), *elapsed.shape))


def law_of_paths(thresholds: tuple[float, ...], elapsed: Floats) -> Floats:
    """Return the mean of that over paths, of a time by each day, shape (threshold, day + 1)."""
    grid = np.linspace(0.0, float(elapsed.max()), 400)
    rows = [np.interp(elapsed, grid, row).mean(axis=0) for row in passed(thresholds, grid)]
    start = passed(thresholds, np.zeros(1))
    return np.concatenate([start, np.array(rows)], axis=1)


def covariance(days: int) -> Floats:
    """Return that of x on the first days, shape (day, day)."""
    day, phi = np.arange(1, days + 1), problem.PERSISTENCE
    variance = problem.VOLATILITY**2 * (1 - phi ** (2 * day)) / (1 - phi**2)
    earlier = np.minimum(day, day[:, None])
    return np.asarray(phi ** np.abs(day - day[:, None]) * variance[earlier - 1])
