"""The reference: plain Monte Carlo as one writes it first, a loop over days in NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats


@dataclass(frozen=True, slots=True)
class Problem:
    """When does a total pass a threshold? The log of its daily rate wanders back to its mean.

    Parameters
    ----------
    level, rate : tuple of float
        Central 90 % intervals of lognormal distributions [unit], [unit/day].
    persistence, volatility : float
        The deviation of the log rate is x_t = persistence * x_{t-1} + volatility * e_t, x_0 = 0;
        the count of a day is Poisson with mean rate * exp(x_t).
    threshold : float
        [unit].
    days : int
        Horizon [day].
    """

    level: tuple[float, float] = (900_000.0, 1_000_000.0)
    rate: tuple[float, float] = (800.0, 1_250.0)
    persistence: float = 0.98
    volatility: float = 0.05
    threshold: float = 1_050_000.0
    days: int = 365


def reference_law(problem: Problem, draws: int, seed: int) -> Floats:
    """Return P(T <= t), t = 0, 1, ..., by plain draws, shape (days + 1,)."""
    rng = np.random.default_rng(seed)
    total = _lognormal(rng, problem.level, draws)
    rate = _lognormal(rng, problem.rate, draws)
    x = np.zeros(draws)
    law = np.empty(problem.days + 1)
    law[0] = np.mean(total >= problem.threshold)
    for day in range(1, problem.days + 1):
        x = problem.persistence * x + problem.volatility * rng.standard_normal(draws)
        total += rng.poisson(rate * np.exp(x))
        law[day] = np.mean(total >= problem.threshold)
    return law


def _lognormal(rng: np.random.Generator, ends: tuple[float, float], draws: int) -> Floats:
    low, high = np.log(ends)
    z = 1.6448536269514722  # 95 % quantile of the standard normal
    return rng.lognormal((low + high) / 2, (high - low) / (2 * z), draws)


def date_and_error(law: Floats, prob: float, draws: int) -> tuple[float, float]:
    """Return the day on which a law reaches a probability, and its standard error [day].

    Read piecewise linearly; the error is that of a share of ``draws`` divided by the slope over a
    week around it.
    """
    day = int(np.searchsorted(law, prob))
    offset = day - (law[day] - prob) / (law[day] - law[day - 1])
    near = slice(max(day - 4, 0), min(day + 4, law.size))
    slope = (law[near][-1] - law[near][0]) / (law[near].size - 1)
    return float(offset), float(np.sqrt(prob * (1 - prob) / draws) / slope)
