"""QuantLib: an Ornstein-Uhlenbeck process on daily steps, one path at a time.

An Ornstein-Uhlenbeck process looked at once a day is the autoregression exactly. QuantLib has
no Poisson counts and no lognormal draws: those are NumPy's, one call for each path.
"""

from __future__ import annotations

import math

import numpy as np
from benchmarks.rivals import problem
from numpy.typing import NDArray


def laws(thresholds: tuple[float, ...], days: int, draws: int, seed: int) -> NDArray[np.float64]:
    """Return P(T <= t), shape (threshold, days + 1)."""
    import QuantLib as ql  # type: ignore[import-not-found] # noqa: N813 # its documented name

    speed = -math.log(problem.PERSISTENCE)
    sigma = problem.VOLATILITY * math.sqrt(2 * speed / (1 - problem.PERSISTENCE**2))
    process = ql.OrnsteinUhlenbeckProcess(speed, sigma)
    uniform = ql.UniformRandomSequenceGenerator(days, ql.UniformRandomGenerator(seed=seed + 1))
    normal = ql.GaussianRandomSequenceGenerator(uniform)
    bridge = False  # QuantLib takes it by position
    paths = ql.GaussianPathGenerator(process, float(days), days, normal, bridge)
    rng = np.random.default_rng(seed)
    levels = rng.lognormal(*problem.LEVEL, draws)
    rates = rng.lognormal(*problem.RATE, draws)
    first = np.empty((len(thresholds), draws), np.int64)
    for i in range(draws):
        x = np.array(paths.next().value())[1:]
        counts = rng.poisson(rates[i] * np.exp(x))
        totals = levels[i] + np.concatenate(([0], np.cumsum(counts)))
        first[:, i] = problem.first_days(totals, thresholds, days)
    return problem.law_of_days(first, days)
