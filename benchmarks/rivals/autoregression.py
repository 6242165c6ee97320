"""The pace of the race as a family of `at.when`: a daily autoregression of the log rate.

Its log deviates from that of the stated rate by x_t = persistence x_{t-1} + volatility e_t,
x_0 = 0, and what a day adds is Poisson. Nothing of it depends on the rate, which is integrated.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

WEEK = 7
"""Days within which the rate is that of their mean log, raised by half its variance there."""


@dataclass(frozen=True)
class DailyAutoregression:
    """A log rate that returns to its mean; a `PaceFamily`.

    The directions drawn are the principal components of the log of the time passed by the end of
    each week, which a few carry; the variance of what is left out is kept in the mean.
    """

    persistence: float
    volatility: float
    days: int
    """Days for which it is wanted."""
    dimensions: int = 16
    phi: float = 1.0
    keeps_rate: bool = True
    name: str = "daily autoregression"
    evidence: str = "Definition: the process of the race."

    @functools.cached_property
    def _weeks(self) -> tuple[Floats, Floats]:
        """Mean of the log rate of each week, and its loadings on the directions drawn."""
        weeks = -(-self.days // WEEK)
        answer = self.volatility * self.persistence ** np.arange(weeks * WEEK)
        padded = np.concatenate([np.zeros(answer.size - 1), answer])
        # row t: what the innovation of each day adds to the log rate of day t
        daily = sliding_window_view(padded, answer.size)[:, ::-1]
        weekly = daily.reshape(weeks, WEEK, -1).mean(axis=1)
        within = np.cumsum(answer**2).reshape(weeks, WEEK).mean(axis=1)
        passed = np.cumsum(weekly, axis=0) / np.arange(1, weeks + 1)[:, None]
        _, components = np.linalg.eigh(passed @ passed.T)
        directions, _ = np.linalg.qr(passed.T @ components[:, ::-1][:, : self.dimensions])
        loadings = weekly @ directions
        return (within - (loadings**2).sum(axis=1)) / 2, loadings

    def paces(self, uniforms: Floats, rate: Floats) -> tuple[Floats, Floats]:
        """Return the rates as they are, and normals, shape (point, dimension)."""
        return rate, special.ndtri(uniforms)

    def elapsed(self, movers: Floats, days: NDArray[np.int64]) -> Floats:
        """Return the time passed in days at the stated rate, shape (point, day)."""
        mean, loadings = self._weeks
        weekly = WEEK * np.exp(mean[:, None] + loadings @ movers.T)
        ends = np.concatenate([np.zeros((1, len(movers))), np.cumsum(weekly, axis=0)])
        week = np.minimum(days // WEEK, mean.size - 1)
        part = days / WEEK - week
        return np.asarray(ends[week] + weekly[week] * part[:, None]).T
