"""squigglepy: a model function, sampled as its README shows, with a year of days in one call."""

from __future__ import annotations

import numpy as np
from benchmarks.rivals import problem
from numpy.typing import NDArray
from scipy.signal import lfilter


def laws(thresholds: tuple[float, ...], days: int, draws: int, seed: int) -> NDArray[np.float64]:
    """Return P(T <= t), shape (threshold, days + 1)."""
    import squigglepy as sq  # type: ignore[import-not-found] # only the race installs it

    sq.set_seed(seed)
    # Two positive ends are the central 90 % of a lognormal.
    level, rate = sq.to(900_000, 1_000_000), sq.to(800, 1_250)
    shock = sq.norm(mean=0, sd=problem.VOLATILITY)
    first = []

    def crossing() -> int:
        x = lfilter([1.0], [1.0, -problem.PERSISTENCE], shock @ days)
        # sq.poisson takes one mean, not one for each day.
        counts = sq.rng._squigglepy_internal_rng.poisson(~rate * np.exp(x))
        totals = ~level + np.concatenate(([0], np.cumsum(counts)))
        first.append(problem.first_days(totals, thresholds, days))
        return int(first[-1][-1])

    sq.sample(crossing, n=draws)
    return problem.law_of_days(np.transpose(first), days)
