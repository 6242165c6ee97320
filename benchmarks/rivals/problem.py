"""The reference problem R1: when does a running total reach a threshold?

Level at the information date: lognormal, central 90 % from 900,000 to 1,000,000. Mean daily
rate: lognormal, central 90 % from 800 to 1,250, independent of the level. Its logarithm moves
by x_t = 0.98 x_{t-1} + 0.05 e_t, x_0 = 0, e_t standard normal. The count of day t is
Poisson(rate * exp(x_t)). T is the first day on which the total is at or above K; day 0 if the
level already is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

THRESHOLDS: Final = (1_000_000.0, 1_050_000.0, 1_100_000.0)
DAYS: Final = 365
PERSISTENCE: Final = 0.98
VOLATILITY: Final = 0.05
PROBS: Final = (0.05, 0.5, 0.95)

TRUE_DATES: Final = np.array(
    [[np.nan, 49.988, 108.005], [46.241, 98.573, 167.013], [87.539, 147.359, 226.858]]
)
"""Days at which the piecewise-linear law reaches PROBS, by threshold; NaN on the atom at day 0.

From an independent computation, level and day noise integrated; standard error 0.002 day.
"""

TRUE_PROBS: Final = {
    0: (0.05, 0.00077, 0.0),
    51: (0.51296, 0.06917, 0.00176),
    100: (0.92551, 0.51579, 0.10396),
    120: (1 - 0.02652, 1 - 0.28547, 1 - 0.75544),
    180: (1 - 0.00067, 1 - 0.02794, 1 - 0.23303),
}
"""P(T <= day) for each threshold, to 0.00002."""

_Z95: Final = 1.6448536269514722


def lognormal(low: float, high: float) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm, given the central 90 %."""
    return math.log(low * high) / 2, math.log(high / low) / (2 * _Z95)


LEVEL: Final = lognormal(900_000, 1_000_000)
RATE: Final = lognormal(800, 1_250)


def law_of_days(first: NDArray[np.integer], days: int) -> NDArray[np.float64]:
    """Return P(T <= t) for t = 0..days from drawn first days, shape (threshold, draw).

    A draw that does not cross within the horizon carries days + 1.
    """
    counts = [np.bincount(row, minlength=days + 2)[: days + 1] for row in first]
    law: NDArray[np.float64] = np.cumsum(counts, axis=1) / first.shape[1]
    return law


def first_days(
    totals: NDArray[np.float64], thresholds: tuple[float, ...], days: int
) -> NDArray[np.int64]:
    """Return the first day at or above each threshold, shape (threshold, ...).

    ``totals`` holds days 0..days on its last axis and never decreases.
    """
    below = [np.sum(totals < threshold, axis=-1) for threshold in thresholds]
    return np.minimum(np.array(below, np.int64), days + 1)


def blocks(draws: int, size: int) -> Iterator[int]:
    """Yield sizes of at most ``size`` that add up to ``draws``."""
    for start in range(0, draws, size):
        yield min(size, draws - start)


def dates(law: NDArray[np.float64], probs: tuple[float, ...] = PROBS) -> NDArray[np.float64]:
    """Return the days where the piecewise-linear law reaches ``probs``, shape (threshold, prob).

    NaN where that lies on the atom at day 0 or beyond the horizon.
    """
    values = np.full((len(law), len(probs)), np.nan)
    for k, row in enumerate(law):
        for j, prob in enumerate(probs):
            day = int(np.searchsorted(row, prob))
            if 0 < day < len(row):
                values[k, j] = day - (row[day] - prob) / (row[day] - row[day - 1])
    return values
