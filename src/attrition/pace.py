"""How the rate moves: the log rate is a random walk, a step a week.

x_0 = 0 in the first week after the information date and in the last week before it;
x_{w+1} = x_w + volatility * e_w, forwards and backwards, with independent standard normal
e_w. The rate in week w is r * exp(x_w), constant within the week.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attrition._typing import Floats

WEEK = 7
"""Days between nodes of the log rate."""


@dataclass(frozen=True, slots=True)
class Pace:
    """A prior for how a rate moves.

    Parameters
    ----------
    volatility : float
        Standard deviation of the weekly change of the log rate [1/sqrt(week)].
    day_noise : float
        Variance of a day's count divided by its mean [unit of the quantity]; 0 for none.
    """

    volatility: float
    day_noise: float = 0.0

    def loadings(self, weeks: int) -> Floats:
        """Return the matrix that turns innovations into x_1, ..., x_weeks, shape (weeks, weeks)."""
        return self.volatility * np.tril(np.ones((weeks, weeks)))


def days_in_weeks(days: Floats, weeks: int) -> Floats:
    """Return how many of the first ``days`` days lie in week 0, 1, ..., shape (day, weeks + 1)."""
    return np.clip(np.asarray(days)[:, None] - WEEK * np.arange(weeks + 1), 0.0, WEEK)


def elapsed_days(log_rate: Floats, days: Floats) -> Floats:
    """Return the integral of exp(x) over some days, in days at the rate of week 0.

    Parameters
    ----------
    log_rate : ndarray of float, shape (draw, week - 1)
        x_1, x_2, ...; x_0 is 0.
    days : ndarray of float, shape (day,)
        Lengths of time [day], at most 7 * weeks; fractions of a day are allowed.

    Returns
    -------
    ndarray of float, shape (draw, day)

    Examples
    --------
    >>> elapsed_days(np.log([[2.0]]), np.array([0.0, 7.0, 8.5])).tolist()
    [[0.0, 7.0, 10.0]]
    """
    draws, later = log_rate.shape
    weekly = np.empty((draws, later + 1))
    weekly[:, 0] = 1.0
    np.exp(log_rate, out=weekly[:, 1:])
    closed = np.zeros((draws, later + 2))
    np.cumsum(weekly * WEEK, axis=1, out=closed[:, 1:])
    week = np.minimum(np.asarray(days) // WEEK, later).astype(int)
    return np.asarray(closed[:, week] + weekly[:, week] * (days - week * WEEK))
