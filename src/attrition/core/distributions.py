"""The frozen random variables that figures become, each the same numbers as scipy's.

Anything with ``cdf`` and ``ppf`` or ``icdf`` is a distribution here, those of :mod:`scipy.stats`
first of all; but importing that takes longer than a dossier is read, checked and answered. Of what
stands here :meth:`FrozenVariable.to_scipy` gives the random variable with all its methods.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.core.scores import normal_scores

Name: TypeAlias = Literal[
    "exponential-above",
    "exponential-below",
    "laplace",
    "log-laplace",
    "log-uniform",
    "lognormal",
    "normal",
    "power",
    "triangular",
    "uniform",
]


class _Formulas(NamedTuple):
    """Functions of a value, or of a probability, and of the parameters in order.

    ``cdf`` and ``pdf`` are asked within the support only; ``scipy`` returns the name, the shapes,
    the location and the scale of the same random variable there.
    """

    support: Callable[..., tuple[float, float]]
    cdf: Callable[..., Floats]
    pdf: Callable[..., Floats]
    icdf: Callable[..., Floats]
    scipy: Callable[..., tuple[str, tuple[float, ...], float, float]]


def _ndtr(x: Floats) -> Floats:
    return np.asarray(special.ndtr(x))


def _bell(x: Floats) -> Floats:
    return np.exp(-0.5 * x**2) / math.sqrt(2 * math.pi)


def _normal() -> _Formulas:
    """Parameters: mean and standard deviation."""
    return _Formulas(
        support=lambda *_: (-math.inf, math.inf),
        cdf=lambda x, mean, sd: _ndtr((x - mean) / sd),
        pdf=lambda x, mean, sd: _bell((x - mean) / sd) / sd,
        icdf=lambda p, mean, sd: normal_scores(p) * sd + mean,
        scipy=lambda mean, sd: ("norm", (), mean, sd),
    )


def _lognormal() -> _Formulas:
    """Parameters: of the log of the excess mean and standard deviation, and over what excess."""
    return _Formulas(
        support=lambda _mean, _sd, start: (start, math.inf),
        cdf=lambda x, mean, sd, start: _ndtr((np.log(x - start) - mean) / sd),
        pdf=lambda x, mean, sd, start: _bell((np.log(x - start) - mean) / sd) / (sd * (x - start)),
        icdf=lambda p, mean, sd, start: np.exp(normal_scores(p) * sd + mean) + start,
        scipy=lambda mean, sd, start: ("lognorm", (sd,), start, math.exp(mean)),
    )


def _uniform() -> _Formulas:
    """Parameters: both ends."""
    return _Formulas(
        support=lambda low, high: (low, high),
        cdf=lambda x, low, high: (x - low) / (high - low),
        pdf=lambda x, low, high: np.ones_like(x) / (high - low),
        icdf=lambda p, low, high: low + (high - low) * p,
        scipy=lambda low, high: ("uniform", (), low, high - low),
    )


def _log_uniform() -> _Formulas:
    """Parameters: both ends, above 0."""
    return _Formulas(
        support=lambda low, high: (low, high),
        cdf=lambda x, low, high: (np.log(x) - np.log(low)) / (np.log(high) - np.log(low)),
        pdf=lambda x, low, high: 1 / (x * (np.log(high) - np.log(low))),
        icdf=lambda p, low, high: np.exp(np.log(low) + p * (np.log(high) - np.log(low))),
        scipy=lambda low, high: ("loguniform", (low, high), 0.0, 1.0),
    )


def _triangular() -> _Formulas:
    """Parameters: the lower end and the width; the mode lies half way."""
    return _Formulas(
        support=lambda low, width: (low, low + width),
        cdf=lambda x, low, width: _triangle_cdf((x - low) / width),
        pdf=lambda x, low, width: (2 - 4 * np.abs((x - low) / width - 0.5)) / width,
        icdf=lambda p, low, width: _triangle_icdf(p) * width + low,
        scipy=lambda low, width: ("triang", (0.5,), low, width),
    )


def _triangle_cdf(y: Floats) -> Floats:
    return np.where(y < 0.5, y * y / 0.5, (y * y - 2 * y + 0.5) / (0.5 - 1))  # noqa: PLR2004


def _triangle_icdf(p: Floats) -> Floats:
    return np.where(p < 0.5, np.sqrt(0.5 * p), 1 - np.sqrt(0.5 * (1 - p)))  # noqa: PLR2004


def _exponential_above() -> _Formulas:
    """Parameters: where it starts, and the mean of what lies above."""
    return _Formulas(
        support=lambda start, _mean: (start, math.inf),
        cdf=lambda x, start, mean: -np.expm1(-(x - start) / mean),
        pdf=lambda x, start, mean: np.exp(-(x - start) / mean) / mean,
        icdf=lambda p, start, mean: -np.log1p(-p) * mean + start,
        scipy=lambda start, mean: ("expon", (), start, mean),
    )


def _exponential_below() -> _Formulas:
    """Parameters: where it ends, and the mean of what is missing below."""
    return _Formulas(
        support=lambda end, _mean: (-math.inf, end),
        cdf=lambda x, end, mean: np.exp((x - end) / mean),
        pdf=lambda x, end, mean: np.exp((x - end) / mean) / mean,
        icdf=lambda p, end, mean: np.log(p) * mean + end,
        scipy=lambda end, mean: ("weibull_max", (1.0,), end, mean),
    )


def _laplace() -> _Formulas:
    """Parameters: asymmetry kappa, mode and scale, as of ``scipy.stats.laplace_asymmetric``."""
    return _Formulas(
        support=lambda *_: (-math.inf, math.inf),
        cdf=lambda x, kappa, mode, scale: _laplace_cdf((x - mode) / scale, kappa),
        pdf=lambda x, kappa, mode, scale: _laplace_pdf((x - mode) / scale, kappa) / scale,
        icdf=lambda p, kappa, mode, scale: _laplace_icdf(p, kappa) * scale + mode,
        scipy=lambda kappa, mode, scale: ("laplace_asymmetric", (kappa,), mode, scale),
    )


def _laplace_cdf(y: Floats, kappa: float) -> Floats:
    inverse = 1 / kappa
    whole = kappa + inverse
    above = 1 - np.exp(-np.maximum(y, 0.0) * kappa) * (inverse / whole)
    return np.where(y >= 0, above, np.exp(np.minimum(y, 0.0) * inverse) * (kappa / whole))


def _laplace_pdf(y: Floats, kappa: float) -> Floats:
    inverse = 1 / kappa
    return np.exp(y * np.where(y >= 0, -kappa, inverse)) / (kappa + inverse)


def _laplace_icdf(p: Floats, kappa: float) -> Floats:
    inverse = 1 / kappa
    whole = kappa + inverse
    return np.where(
        p >= kappa / whole,
        -np.log((1 - p) * whole * kappa) * inverse,
        np.log(p * whole / kappa) * kappa,
    )


def _log_laplace() -> _Formulas:
    """Parameters: power of the tails, and the median."""
    return _Formulas(
        support=lambda *_: (0.0, math.inf),
        cdf=lambda x, power, median: _log_laplace_cdf(x / median, power),
        pdf=lambda x, power, median: (
            power / 2 * (x / median) ** (np.where(x < median, power, -power) - 1) / median
        ),
        icdf=lambda p, power, median: _log_laplace_icdf(p, power) * median,
        scipy=lambda power, median: ("loglaplace", (power,), 0.0, median),
    )


def _log_laplace_cdf(y: Floats, power: float) -> Floats:
    return np.where(y < 1, 0.5 * y**power, 1 - 0.5 * y ** (-power))


def _log_laplace_icdf(p: Floats, power: float) -> Floats:
    return np.where(p < 0.5, (2 * p) ** (1 / power), (2 * (1 - p)) ** (-1 / power))  # noqa: PLR2004


def _power() -> _Formulas:
    """Parameters: the power of the cdf, and the upper end; from 0 on."""
    return _Formulas(
        support=lambda _power, end: (0.0, end),
        cdf=lambda x, power, end: (x / end) ** power,
        pdf=lambda x, power, end: power * (x / end) ** (power - 1) / end,
        icdf=lambda p, power, end: p ** (1 / power) * end,
        scipy=lambda power, end: ("powerlaw", (power,), 0.0, end),
    )


_FAMILIES: dict[Name, _Formulas] = {
    "exponential-above": _exponential_above(),
    "exponential-below": _exponential_below(),
    "laplace": _laplace(),
    "log-laplace": _log_laplace(),
    "log-uniform": _log_uniform(),
    "lognormal": _lognormal(),
    "normal": _normal(),
    "power": _power(),
    "triangular": _triangular(),
    "uniform": _uniform(),
}


@dataclass(frozen=True, slots=True)
class FrozenVariable:
    """A continuous random variable of a known family.

    Parameters
    ----------
    name : str
        Its family: ``normal``, ``lognormal``, ``uniform``, ``log-uniform``, ``triangular``,
        ``exponential-above``, ``exponential-below``, ``laplace``, ``log-laplace`` or ``power``.
    parameters : tuple of float
        As the family has them: of a lognormal mean and standard deviation of the log, and the
        start.

    Examples
    --------
    >>> level = FrozenVariable("lognormal", (math.log(950_000), 0.03, 0.0))
    >>> round(float(level.median())), round(level.to_scipy().mean())
    (950000, 950428)
    """

    name: Name
    parameters: tuple[float, ...]

    def support(self) -> tuple[float, float]:
        """Return both ends of what is possible."""
        return _FAMILIES[self.name].support(*self.parameters)

    def _within(self, x: Floats) -> Floats:
        """Return values moved into the support, so that no formula leaves its domain."""
        low, high = self.support()
        return np.clip(x, low, high)

    def cdf(self, x: ArrayLike, /) -> Floats:
        """Return P(X <= x), elementwise."""
        with np.errstate(divide="ignore", over="ignore"):  # in branches that are not taken
            inside = self._within(np.asarray(x, dtype=float))
            return _FAMILIES[self.name].cdf(inside, *self.parameters)[()]

    def pdf(self, x: ArrayLike, /) -> Floats:
        """Return the density, elementwise."""
        values = np.asarray(x, dtype=float)
        low, high = self.support()
        possible = (values > low) & (values < high)
        inside = np.where(possible, values, self.median())
        return np.where(possible, _FAMILIES[self.name].pdf(inside, *self.parameters), 0.0)[()]

    def icdf(self, probability: ArrayLike, /) -> Floats:
        """Return the quantiles, elementwise; not a number where no probability is given."""
        p = np.asarray(probability, dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            quantiles = _FAMILIES[self.name].icdf(p, *self.parameters)
        return np.where((p >= 0) & (p <= 1), quantiles, np.nan)[()]

    def median(self) -> float:
        """Return the median."""
        return float(self.icdf(0.5))

    def to_scipy(self) -> Any:  # noqa: ANN401 - scipy has no public type for it
        """Return the same random variable of :mod:`scipy.stats`, with all its methods."""
        from scipy import stats

        name, shapes, location, scale = _FAMILIES[self.name].scipy(*self.parameters)
        return getattr(stats, name)(*shapes, loc=location, scale=scale)


@dataclass(frozen=True, slots=True, eq=False)
class Atoms:
    """A discrete random variable.

    Parameters
    ----------
    xk : ndarray of float, shape (value,)
        Its values, ascending.
    pk : ndarray of float, shape (value,)
        Their probabilities; their sum is 1. Both names are those of ``scipy.stats.rv_discrete``.
    """

    xk: Floats
    pk: Floats

    def cdf(self, x: ArrayLike, /) -> Floats:
        """Return P(X <= x), elementwise."""
        passed = np.searchsorted(self.xk, np.asarray(x, dtype=float), side="right")
        return np.concatenate([[0.0], np.cumsum(self.pk)])[passed]

    def icdf(self, probability: ArrayLike, /) -> Floats:
        """Return the smallest value that is not exceeded with a probability, elementwise."""
        p = np.asarray(probability, dtype=float)
        place = np.minimum(np.searchsorted(np.cumsum(self.pk), p), self.xk.size - 1)
        return np.where((p >= 0) & (p <= 1), self.xk[place], np.nan)[()]

    def median(self) -> float:
        """Return the median."""
        return float(self.icdf(0.5))

    def to_scipy(self) -> Any:  # noqa: ANN401 - scipy has no public type for it
        """Return the same random variable of :mod:`scipy.stats`, with all its methods."""
        from scipy import stats

        return stats.rv_discrete(values=(self.xk, self.pk))


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """A random variable that is flat within each of many bins.

    Parameters
    ----------
    mass : ndarray of float, shape (bin,)
        Of each bin; scaled to sum 1.
    edges : ndarray of float, shape (bin + 1,)
        Ascending.
    """

    mass: Floats = field(repr=False)
    edges: Floats = field(repr=False)

    def _heights(self) -> Floats:
        heights = self.mass / np.diff(self.edges)
        return np.asarray(heights / float(np.sum(heights * np.diff(self.edges))))

    def _rising(self) -> Floats:
        return np.concatenate([[0.0], np.cumsum(self._heights() * np.diff(self.edges))])

    def cdf(self, x: ArrayLike, /) -> Floats:
        """Return P(X <= x), elementwise."""
        values = np.asarray(x, dtype=float)
        return np.asarray(np.interp(values, self.edges, self._rising(), left=0.0, right=1.0))[()]

    def pdf(self, x: ArrayLike, /) -> Floats:
        """Return the density, elementwise."""
        place = np.searchsorted(self.edges, np.asarray(x, dtype=float), side="right")
        return np.concatenate([[0.0], self._heights(), [0.0]])[place]

    def icdf(self, probability: ArrayLike, /) -> Floats:
        """Return the quantiles, elementwise."""
        p = np.asarray(probability, dtype=float)
        quantiles = np.interp(p, self._rising(), self.edges)
        return np.where((p >= 0) & (p <= 1), quantiles, np.nan)[()]

    def median(self) -> float:
        """Return the median."""
        return float(self.icdf(0.5))

    def to_scipy(self) -> Any:  # noqa: ANN401 - scipy has no public type for it
        """Return the same random variable of :mod:`scipy.stats`, with all its methods."""
        from scipy import stats

        return stats.rv_histogram((self.mass, self.edges), density=False)
