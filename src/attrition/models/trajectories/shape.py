"""The shape of the pace: standard normals in, elapsed times out.

The elapsed time since a report is (A(t) + B(lag)) / m: A after the information date, B before
it, m the mean pace over the window that a reported rate describes. The normals are rotated so
that the first few carry nearly all of what moves these times.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats, Singles
from attrition.models.pace import WEEK, PaceModel, days_in_weeks, elapsed_days

LagView = tuple[float, tuple[float, float]]
"""A lag, and the lags between which a reported rate is an average [day]."""

_DATES = 24  # dates whose elapsed times the rotation looks at
_NEGLIGIBLE = 0.02  # size of a direction, relative to the first, that is left to the rest


def _averaged(window: tuple[float, float]) -> tuple[float, float] | None:
    """Return the window as lags apart, or None where it lies in the last week."""
    near, far = window
    if far <= WEEK:
        return None
    return (near, far) if far - near >= 1 else (max(near - 0.5, 0.0), far + 0.5)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A lognormal stand-in for an elapsed time.

    Parameters
    ----------
    centre : ndarray of float, shape (day,)
        Its median [day].
    slopes : ndarray of float, shape (day, dimension)
        Derivative of its log by each normal.
    """

    centre: Floats
    slopes: Floats

    def at(self, normals: Floats) -> Floats:
        """Return its values at some normals, shape (draw, day)."""
        return np.asarray(self.centre * np.exp(normals @ self.slopes.T))

    @property
    def spread(self) -> Floats:
        """Standard deviation of its log, shape (day,)."""
        return np.sqrt(2 * _half_squares(self.slopes))


def _half_squares(loadings: Floats) -> Floats:
    return np.asarray((loadings**2).sum(axis=1) / 2)


class Shape:
    """Maps standard normals to elapsed times on chosen days.

    Parameters
    ----------
    pace : PaceModel
    days : int
        Days to the horizon.
    views : sequence of LagView
        Lags and windows of the components.
    """

    def __init__(self, pace: PaceModel, days: int, views: Sequence[LagView]) -> None:
        self._last = float(days)
        self.views = list(views)
        back = max(max(lag, window[1] + 1) for lag, window in views)
        self._lags = np.unique(
            [edge for lag, window in views for edge in (lag, *(_averaged(window) or ()))]
        )
        ahead = pace.ahead(math.ceil(days / WEEK))
        behind = pace.behind(math.ceil(back / WEEK))
        self._means = (ahead.mean, behind.mean)
        width = ahead.loadings.shape[1]
        self.dimensions = width + behind.loadings.shape[1]
        self._forward = np.zeros((ahead.mean.size, self.dimensions))
        self._forward[:, :width] = ahead.loadings
        self._backward = np.zeros((behind.mean.size, self.dimensions))
        self._backward[:, width:] = behind.loadings
        self.random = bool(self._forward.any() or self._backward.any())

    def rotate(self) -> None:
        """Order the normals: first what moves the elapsed times to first order, then the walk.

        The leading directions are the principal components of the gradients of the log elapsed
        times at many dates; the rest are those of what remains of the walk, for the curvature.
        """
        dates = np.unique(np.geomspace(min(WEEK + 1.0, self._last), self._last, _DATES))
        gradient = np.concatenate([self.gradient(dates, view) for view in self.views])
        _, sizes, rows = np.linalg.svd(gradient, full_matrices=False)
        leading = rows[sizes > _NEGLIGIBLE * sizes[0]].T
        walk = np.concatenate([self._forward, self._backward])
        rest = walk - (walk @ leading) @ leading.T
        directions = np.concatenate(
            [leading, np.linalg.eigh(-rest.T @ rest)[1][:, : walk.shape[1] - leading.shape[1]]],
            axis=1,
        )
        self._forward = self._forward @ directions
        self._backward = self._backward @ directions

    def gradient(self, dates: Floats, view: LagView) -> Floats:
        """Return the derivative of the log elapsed time by each normal, shape (date, dimension)."""
        lag, window = view

        def behind(lags: Floats) -> Floats:
            return np.asarray(days_in_weeks(lags, self._backward.shape[0]) @ self._backward)

        ahead = days_in_weeks(dates, self._forward.shape[0]) @ self._forward
        before = behind(np.array([lag]))
        total = np.maximum(dates + lag, 1.0)[:, None]
        past = np.repeat(before, dates.size, axis=0) / total
        averaged = _averaged(window)
        if averaged is not None:
            near, far = behind(np.array(averaged))
            past = past - (far - near) / (averaged[1] - averaged[0])
        return np.asarray(ahead / total + past)

    def elapsed(self, normals: Floats, days: Floats) -> list[Floats]:
        """Return the elapsed times on some days, one array of shape (draw, day) for each view."""
        after = elapsed_days(self._means[0] + normals @ self._forward.T, days)
        return [(after + since) / then for since, then in self.past(normals)]

    def past(self, normals: Floats) -> list[tuple[Floats, Floats]]:
        """Return, for each view, the time since its report and the pace of its rate's window.

        Both of shape (draw, 1): the first in days at the present rate, the second as a multiple
        of it.
        """
        before = elapsed_days(self._means[1] + normals @ self._backward.T, self._lags)
        at = {float(lag): before[:, [index]] for index, lag in enumerate(self._lags)}
        pairs: list[tuple[Floats, Floats]] = []
        for lag, window in self.views:
            then = np.ones((normals.shape[0], 1))
            averaged = _averaged(window)
            if averaged is not None:
                near, far = averaged
                then = (at[far] - at[near]) / (far - near)
            pairs.append((at[lag], then))
        return pairs

    def weekly_rates(self, normals: Singles) -> Singles:
        """Return exp(x), shape (week, draw), of normals of shape (dimension, draw)."""
        log_rate = self._forward.astype(normals.dtype) @ normals
        log_rate += self._means[0].astype(normals.dtype)[:, None]
        return np.asarray(np.exp(log_rate, out=log_rate))

    def proxies(self, days: Floats) -> list[Proxy]:
        """Return a lognormal stand-in for the elapsed time of each view.

        Its log is linear in the normals, with the slope of the true one, and its mean is nearly
        the true one, so that the two differ only by the curvature of the exponential.
        """
        ahead = self._mean_days(0, self._forward, days)
        behind = self._mean_days(1, self._backward, self._lags)
        before = dict(zip(self._lags.tolist(), behind.tolist(), strict=True))
        proxies: list[Proxy] = []
        for lag, window in self.views:
            slopes = self.gradient(days, (lag, window))
            both = self.gradient(days, (lag, (0.0, 0.0)))
            log_centre = np.log(np.maximum(ahead + before[lag], 1e-300)) - _half_squares(both)
            averaged = _averaged(window)
            if averaged is not None:
                near, far = averaged
                pace = (before[far] - before[near]) / (far - near)
                log_centre -= np.log(pace) - _half_squares(both - slopes)
            proxies.append(Proxy(np.exp(log_centre), slopes))
        return proxies

    def _mean_days(self, which: int, loadings: Floats, days: Floats) -> Floats:
        """Return the expected days at the current rate that pass in some days."""
        log_mean = self._means[which] + _half_squares(loadings)
        return np.asarray(elapsed_days(log_mean[None], days)[0])

    def spread(self, dates: Floats) -> Floats:
        """Return the standard deviation of the elapsed time, to first order [day], least view."""
        if not self.random:
            return np.zeros(dates.size)
        spreads = [self.log_spread(dates, view) * (dates + view[0]) for view in self.views]
        return np.asarray(np.min(spreads, axis=0))

    def log_spread(self, dates: Floats, view: LagView) -> Floats:
        """Return the standard deviation of the log elapsed time of a view, to first order."""
        return np.asarray(np.sqrt((self.gradient(dates, view) ** 2).sum(axis=1)))
