"""How the rate moves: log rates by week, Gaussian, before and after the information date.

The rate in week w is r * exp(x_w), constant within the week. In the default x is a random walk:
x_0 = 0 in the first week after the information date and in the last week before it, and
x_{w+1} = x_w + volatility * e_w, forwards and backwards, with independent standard normal e_w.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from attrition.core._typing import Floats

WEEK = 7
"""Days between nodes of the log rate."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """A Gaussian log rate by week: ``mean + loadings @ z`` with standard normal z.

    Parameters
    ----------
    mean : ndarray of float, shape (week,)
    loadings : ndarray of float, shape (week, normal)
    """

    mean: Floats
    loadings: Floats


class PaceModel(Protocol):
    """What the engine asks of a pace: its weeks ahead and behind, and its day noise."""

    @property
    def day_noise(self) -> float:
        """Variance of a day's count divided by its mean [unit of the quantity]."""
        ...

    def ahead(self, weeks: int) -> Weekly:
        """Return the log rate of the first ``weeks`` weeks after the information date."""
        ...

    def behind(self, weeks: int) -> Weekly:
        """Return the log rate of the last ``weeks`` weeks before it, latest first."""
        ...


@dataclass(frozen=True, slots=True)
class RandomWalk:
    """A random walk of the weekly log rate.

    Parameters
    ----------
    volatility : float
        Standard deviation of the weekly change of the log rate [1/sqrt(week)].
    day_noise : float
        Variance of a day's count divided by its mean [unit of the quantity]; 0 for none.
    """

    volatility: float
    day_noise: float = 0.0

    def ahead(self, weeks: int) -> Weekly:
        """Return the walk of the first ``weeks`` weeks; the first does not move."""
        steps = np.tril(np.ones((weeks, max(weeks - 1, 0))), -1)
        return Weekly(np.zeros(weeks), self.volatility * steps)

    def behind(self, weeks: int) -> Weekly:
        """Return the walk backwards, which is distributed as the one forwards."""
        return self.ahead(weeks)


@dataclass(frozen=True, slots=True)
class DailyAutoregression:
    """A daily log rate that returns to its mean: y_t = persistence * y_{t-1} + volatility * e_t.

    y is 0 on the information date and describes the days after it; before it the rate is
    taken to be steady. A week's rate is exp of the mean of y over its days, raised by half
    their variance within the week, which is where the mean of exp(y) lies to second order.

    Parameters
    ----------
    persistence : float
        What remains of a deviation after a day, in (0, 1].
    volatility : float
        Standard deviation of the daily innovation.
    day_noise : float
        Variance of a day's count divided by its mean [unit of the quantity]; 1 is near Poisson.
    """

    persistence: float
    volatility: float
    day_noise: float = 0.0

    def ahead(self, weeks: int) -> Weekly:
        """Return the means over weeks of the daily log rate."""
        days = weeks * WEEK
        answer = self.volatility * self.persistence ** np.arange(days)
        padded = np.concatenate([np.zeros(days - 1), answer])
        daily = sliding_window_view(padded, days)[:, ::-1]  # row t: what each innovation adds
        means = daily.reshape(weeks, WEEK, days).mean(axis=1)
        variances = np.cumsum(answer**2).reshape(weeks, WEEK).mean(axis=1)
        covariance = means @ means.T
        within = variances - np.diag(covariance)
        return Weekly(within / 2, np.linalg.cholesky(covariance))

    def behind(self, weeks: int) -> Weekly:
        """Return a steady rate."""
        return Weekly(np.zeros(weeks), np.zeros((weeks, 0)))


def days_in_weeks(days: Floats, weeks: int) -> Floats:
    """Return how many of the first ``days`` days lie in week 0, 1, ..., shape (day, weeks)."""
    return np.clip(np.asarray(days)[:, None] - WEEK * np.arange(weeks), 0.0, WEEK)


def elapsed_days(log_rate: Floats, days: Floats) -> Floats:
    """Return the integral of exp(x) over some days, in days at the rate of exp(0).

    Parameters
    ----------
    log_rate : ndarray of float, shape (draw, week)
        x_0, x_1, ...
    days : ndarray of float, shape (day,)
        Lengths of time [day], at most 7 * weeks; fractions of a day are allowed.

    Returns
    -------
    ndarray of float, shape (draw, day)

    Examples
    --------
    >>> elapsed_days(np.log([[1.0, 2.0]]), np.array([0.0, 7.0, 8.5])).tolist()
    [[0.0, 7.0, 10.0]]
    """
    draws, weeks = log_rate.shape
    weekly = np.exp(log_rate)
    closed = np.zeros((draws, weeks + 1))
    np.cumsum(weekly * WEEK, axis=1, out=closed[:, 1:])
    week = np.minimum(np.asarray(days) // WEEK, weeks - 1).astype(int)
    return np.asarray(closed[:, week] + weekly[:, week] * (days - week * WEEK))
