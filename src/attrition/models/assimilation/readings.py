"""What a claim says of a total, on the log scale: a mixture of normals, or a floor.

Every error that is multiplied onto a figure (of its source, of its date, of the day's count) is
normal on the log scale, so that a reading of any shape is widened by it in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from attrition.core._typing import Floats, HasCdf
from attrition.core.errors import refusal
from attrition.core.late import special
from attrition.data.elicitation import quantile

_OVERLAP = 0.65  # standard deviation of each, in distances of their means
_WIDEST = 0.9  # ... and at most this many standard deviations of the whole
_ROUNDED = 0.03  # standard deviation of the log of a floor: it is a rounded number
_BINS = 8  # normals of a reading that is not lognormal
_INSIDE = 32  # quantiles within each
_STRAIGHT = 1e-9  # deviation of log quantiles from a line, relative to their spread
_SHORT = 1e-9  # log width below which a reading is a single number


@dataclass(frozen=True, slots=True)
class LogReading:
    """The density of a figure on the log scale, as a mixture of normals.

    Parameters
    ----------
    weights, means, sds : ndarray of float, shape (component,)
        Weights sum to one; means and standard deviations are of the log of the figure.
    floor : bool
        Whether the figure is a floor: then P(floor <= figure) is the likelihood, not a density.
    """

    weights: Floats
    means: Floats
    sds: Floats
    floor: bool = False

    @property
    def centre(self) -> float:
        """The mean of the log of the figure."""
        return float(self.weights @ self.means)

    @property
    def spread(self) -> float:
        """The standard deviation of the log of the figure."""
        second = self.weights @ (self.sds**2 + (self.means - self.centre) ** 2)
        return float(np.sqrt(second))

    def widened(self, sd: float) -> LogReading:
        """Return the reading with an independent normal error on the log scale."""
        return LogReading(self.weights, self.means, np.hypot(self.sds, sd), self.floor)

    def mixed(self, weights: Floats, shift: float, sds: Floats) -> LogReading:
        """Return the reading less an independent error that is a mixture of normals."""
        return LogReading(
            np.outer(self.weights, weights).ravel(),
            np.repeat(self.means - shift, weights.size),
            np.hypot(self.sds[:, None], sds).ravel(),
            self.floor,
        )

    def far(self, widths: int) -> LogReading | None:
        """Return the part of a :meth:`mixed` reading that errs further; None if all err alike.

        That is all but the first of its widths. Its weights sum to the share of that part.
        """
        kept = np.arange(self.sds.size) % widths > 0
        alike = self.sds.size % widths or np.allclose(
            self.sds[widths - 1 :: widths], self.sds[::widths]
        )
        if self.floor or alike:
            return None
        return LogReading(self.weights[kept], self.means[kept], self.sds[kept])


def floor_reading(value: float) -> LogReading:
    """Return what "at least ``value``" says where no coverage turns it into a distribution."""
    return LogReading(np.ones(1), np.array([np.log(value)]), np.array([_ROUNDED]), floor=True)


def log_reading(distribution: HasCdf, *, place: str) -> LogReading:
    """Return the log of a positive figure as a mixture of normals.

    Parameters
    ----------
    distribution : distribution
        Of the figure [unit].
    place : str
        Where the claim stands, for errors.

    Returns
    -------
    LogReading
        Exact for a lognormal and for a single number; otherwise eight normals, one for each eighth
        of the mass, that keep the mean and the variance.

    Raises
    ------
    InputError
        If the figure is not positive.

    Examples
    --------
    >>> from scipy import stats
    >>> reading = log_reading(stats.lognorm(0.1, scale=50.0), place="here")
    >>> [round(float(x), 6) for x in (reading.means[0], reading.sds[0])]
    [3.912023, 0.1]
    """
    probability = (np.arange(_BINS * _INSIDE) + 0.5) / (_BINS * _INSIDE)
    values = quantile(distribution, probability)
    # a sliver of mass at or below zero cannot be seen on the log scale; more of it is refused
    if not (np.isfinite(values).all() and values[_INSIDE // 4] > 0):
        raise refusal(
            "positive figure", f"a 5 % point of {float(values[round(0.05 * values.size)]):g}", place
        )
    logs = np.log(np.maximum(values, values[values > 0].min()))
    if logs[-1] - logs[0] < _SHORT:
        return LogReading(np.ones(1), np.array([float(np.median(logs))]), np.zeros(1))
    scores = special.ndtri(probability)
    slope, middle = np.polyfit(scores, logs, 1)
    if np.abs(middle + slope * scores - logs).max() <= _STRAIGHT * slope:
        return LogReading(np.ones(1), np.array([middle]), np.array([slope]))
    return _smooth(logs)


def _smooth(logs: Floats) -> LogReading:
    """Return equally likely normals, one a bin of quantiles, of the same mean and variance.

    Each is as wide as keeps their sum free of bumps; the middles move together to make up for it.
    """
    parts = logs.reshape(_BINS, _INSIDE)
    means, sds = parts.mean(axis=1), _OVERLAP * np.gradient(parts.mean(axis=1))
    centre, wanted = float(logs.mean()), float(logs.var())
    sds = np.minimum(sds, np.sqrt(wanted) * _WIDEST)
    left = max(wanted - float((sds**2).mean()), 0.0)
    means = centre + (means - centre) * np.sqrt(left / float(means.var()))
    return LogReading(np.full(_BINS, 1 / _BINS), means, sds)


def log_density(readings: list[LogReading], eta: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return each reading's log likelihood at a log figure, with its first two derivatives.

    Parameters
    ----------
    readings : list of LogReading
        With positive standard deviations.
    eta : array_like of float, shape (reading,) or (reading, point)
        Log of the predicted figure.

    Returns
    -------
    value, slope, curvature : ndarray of float, shape of ``eta``
    """
    points = np.asarray(eta, dtype=float)
    out = np.empty((3, *points.shape))
    alike: dict[tuple[bool, int], list[int]] = {}
    for i, reading in enumerate(readings):
        alike.setdefault((reading.floor, reading.weights.size), []).append(i)
    for (floor, _), index in alike.items():
        extra = (slice(None), *(None,) * (points.ndim - 1))
        parameters = (
            np.array([getattr(readings[i], name) for i in index])[extra]
            for name in ("weights", "means", "sds")
        )
        weights, means, sds = parameters
        terms = _floor_terms if floor else _terms
        out[:, index] = terms(weights, means, sds, points[index])
    return out[0], out[1], out[2]


def _terms(weights: Floats, means: Floats, sds: Floats, eta: Floats) -> Floats:
    gap = (eta[..., None] - means) / sds
    logs = np.log(weights / sds) - 0.5 * gap**2 - 0.5 * np.log(2 * np.pi)
    top = logs.max(axis=-1, keepdims=True)
    parts = np.exp(logs - top)
    total = parts.sum(axis=-1)
    share = parts / total[..., None]
    slopes = -gap / sds
    slope = (share * slopes).sum(axis=-1)
    bend = (share * (slopes**2 - sds**-2.0)).sum(axis=-1) - slope**2
    return np.stack([np.log(total) + top[..., 0], slope, bend])


def _floor_terms(weights: Floats, means: Floats, sds: Floats, eta: Floats) -> Floats:
    """Log of sum of w Phi((eta - m) / s): the figure lies above the floor."""
    gap = (eta[..., None] - means) / sds
    logs = np.log(weights) + special.log_ndtr(gap)
    value = special.logsumexp(logs, axis=-1)
    share = np.exp(logs - value[..., None])
    mills = np.exp(-0.5 * gap**2 - 0.5 * np.log(2 * np.pi) - special.log_ndtr(gap))
    slopes = mills / sds
    slope = (share * slopes).sum(axis=-1)
    second = -(gap * mills) / sds**2
    bend = (share * second).sum(axis=-1) - slope**2
    return np.stack([value, slope, bend])


@dataclass(frozen=True, slots=True)
class Tabulated:
    """Log likelihoods on even grids, read by cubic interpolation for many points at once.

    Parameters
    ----------
    start : ndarray of int, shape (term,)
        Where the first cell within the grid of a term stands in ``cubics``; the one before it is
        all that lies below the grid, and its last all that lies above.
    low, step : ndarray of float, shape (term,)
        First point and spacing of its grid [log].
    size : ndarray of int, shape (term,)
        Points of its grid.
    cubics : tuple of ndarray of float, each of shape (cell,)
        Coefficients in each cell, from the constant on, by its spacing; all terms in a row.
    """

    start: np.ndarray
    low: Floats
    step: Floats
    size: np.ndarray
    cubics: tuple[Floats, ...]

    def __call__(self, eta: Floats) -> Floats:
        """Return the log likelihood of each term at ``eta``, shape (term, point).

        Beyond its grid a term falls on in a straight line.
        """
        part = np.clip((eta - self.low[:, None]) / self.step[:, None], -_FAR, _FAR)
        cell = np.clip(np.floor(part), -1, self.size[:, None] - 1)
        part -= cell
        index = self.start[:, None] + cell.astype(np.intp)
        out = self.cubics[-1].take(index)
        for coefficient in self.cubics[-2::-1]:
            out *= part
            out += coefficient.take(index)
        return np.asarray(out)


_FINE = 12.0  # grid points to the narrowest standard deviation
_REACH = 9.0  # widest standard deviations on either side
_FAR = 1e12  # cells beyond which nothing is told apart


def tabulated(readings: list[LogReading]) -> Tabulated:
    """Tabulate log likelihoods; standard deviations must be positive."""
    lows, steps, sizes = [], [], []
    cubics = []
    for reading in readings:
        low = float((reading.means - _REACH * reading.sds).min())
        high = float((reading.means + _REACH * reading.sds).max())
        size = int(np.ceil((high - low) / reading.sds.min() * _FINE)) + 1
        step = (high - low) / (size - 1)
        grid = np.linspace(low, high, size)
        value, slope, _ = log_density([reading], grid[None, :])
        lows.append(low)
        steps.append(step)
        sizes.append(size)
        cubics.append(_cubics(value[0], slope[0] * step))
    start = 1 + np.cumsum([0, *(size + 1 for size in sizes)])[:-1]
    return Tabulated(
        start.astype(np.intp),
        np.asarray(lows, dtype=float),
        np.asarray(steps, dtype=float),
        np.asarray(sizes, dtype=np.intp),
        tuple(np.concatenate([np.zeros((4, 0)), *cubics], axis=1)),
    )


def _cubics(value: Floats, slope: Floats) -> Floats:
    """Return coefficients of the cubics between points, and of the lines beyond, (4, cell)."""
    rise = np.diff(value)
    square, cube = 3 * rise - 2 * slope[:-1] - slope[1:], slope[:-1] + slope[1:] - 2 * rise
    return np.array(
        [
            [value[0] - slope[0], *value],
            [slope[0], *slope],
            [0.0, *square, 0.0],
            [0.0, *cube, 0.0],
        ]
    )
