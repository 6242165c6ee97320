"""NumPy as one writes it first: a loop over days on the state of all draws."""

from __future__ import annotations

import numpy as np
from benchmarks.rivals import problem
from numpy.typing import NDArray


def laws(thresholds: tuple[float, ...], days: int, draws: int, seed: int) -> NDArray[np.float64]:
    """Return P(T <= t), shape (threshold, days + 1)."""
    rng = np.random.default_rng(seed)
    total = rng.lognormal(*problem.LEVEL, draws)
    rate = rng.lognormal(*problem.RATE, draws)
    x = np.zeros(draws)
    law = np.empty((len(thresholds), days + 1))
    law[:, 0] = [np.mean(total >= threshold) for threshold in thresholds]
    for day in range(1, days + 1):
        x = problem.PERSISTENCE * x + problem.VOLATILITY * rng.standard_normal(draws)
        total += rng.poisson(rate * np.exp(x))
        law[:, day] = [np.mean(total >= threshold) for threshold in thresholds]
    return law
