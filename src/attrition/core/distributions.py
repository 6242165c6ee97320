"""The frozen random variables that figures become, each the same numbers as scipy's.

Anything with ``cdf`` and ``ppf`` or ``icdf`` is a distribution here, those of :mod:`scipy.stats`
first of all; but importing that takes longer than a dossier is read, checked and answered. Of what
stands here :meth:`FrozenVariable.to_scipy` gives the random variable with all its methods.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.core.numerics import normal_scores


class _Standard(NamedTuple):
    """A random variable without location and scale: its ends, and functions of it and its shape.

    ``cdf`` and ``pdf`` are asked within the support only.
    """

    low: float
    high: float
    cdf: Callable[..., Floats]
    pdf: Callable[..., Floats]
    icdf: Callable[..., Floats]


def _triangle_cdf(y: Floats) -> Floats:
    return np.where(y < 0.5, y * y / 0.5, (y * y - 2 * y + 0.5) / (0.5 - 1))  # noqa: PLR2004


def _triangle_icdf(p: Floats) -> Floats:
    return np.where(p < 0.5, np.sqrt(0.5 * p), 1 - np.sqrt(0.5 * (1 - p)))  # noqa: PLR2004


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


_NORMAL = _Standard(
    -math.inf,
    math.inf,
    lambda y: np.asarray(special.ndtr(y)),
    lambda y: np.exp(-0.5 * y**2) / math.sqrt(2 * math.pi),
    normal_scores,
)
_UNIFORM = _Standard(0.0, 1.0, lambda y: y, np.ones_like, lambda p: p)
_TRIANGLE = _Standard(0.0, 1.0, _triangle_cdf, lambda y: 2 - 4 * np.abs(y - 0.5), _triangle_icdf)
_ABOVE = _Standard(
    0.0, math.inf, lambda y: -np.expm1(-y), lambda y: np.exp(-y), lambda p: -np.log1p(-p)
)
_BELOW = _Standard(-math.inf, 0.0, np.exp, np.exp, np.log)
_LAPLACE = _Standard(-math.inf, math.inf, _laplace_cdf, _laplace_pdf, _laplace_icdf)


class _FamilyForm(NamedTuple):
    """What a family is made of: a standard variable moved, and perhaps raised from a start on."""

    standard: _Standard
    location: float
    scale: float
    shape: tuple[float, ...] = ()
    start: float | None = None  # where the logarithm of what lies beyond it is of that form


_FAMILIES: dict[str, Callable[..., _FamilyForm]] = {
    "exponential-above": lambda start, mean: _FamilyForm(_ABOVE, start, mean),
    "exponential-below": lambda end, mean: _FamilyForm(_BELOW, end, mean),
    "laplace": lambda kappa, mode, scale: _FamilyForm(_LAPLACE, mode, scale, (kappa,)),
    "log-laplace": lambda power, median: _FamilyForm(
        _LAPLACE, math.log(median), 1 / power, (1.0,), 0.0
    ),
    "log-uniform": lambda low, high: _FamilyForm(
        _UNIFORM, math.log(low), math.log(high) - math.log(low), start=0.0
    ),
    "lognormal": lambda mean, sd, start: _FamilyForm(_NORMAL, mean, sd, start=start),
    "normal": lambda mean, sd: _FamilyForm(_NORMAL, mean, sd),
    # the logarithm of its share of the end is exponential
    "power": lambda power, end: _FamilyForm(_BELOW, math.log(end), 1 / power, start=0.0),
    "triangular": lambda low, width: _FamilyForm(_TRIANGLE, low, width),
    "uniform": lambda low, high: _FamilyForm(_UNIFORM, low, high - low),
}
_SCIPY: dict[str, Callable[..., tuple[str, tuple[float, ...], float, float]]] = {
    "exponential-above": lambda start, mean: ("expon", (), start, mean),
    "exponential-below": lambda end, mean: ("weibull_max", (1.0,), end, mean),
    "laplace": lambda kappa, mode, scale: ("laplace_asymmetric", (kappa,), mode, scale),
    "log-laplace": lambda power, median: ("loglaplace", (power,), 0.0, median),
    "log-uniform": lambda low, high: ("loguniform", (low, high), 0.0, 1.0),
    "lognormal": lambda mean, sd, start: ("lognorm", (sd,), start, math.exp(mean)),
    "normal": lambda mean, sd: ("norm", (), mean, sd),
    "power": lambda power, end: ("powerlaw", (power,), 0.0, end),
    "triangular": lambda low, width: ("triang", (0.5,), low, width),
    "uniform": lambda low, high: ("uniform", (), low, high - low),
}
"""Name, shapes, location and scale of the same random variable in :mod:`scipy.stats`."""


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

    name: str
    parameters: tuple[float, ...]

    def support(self) -> tuple[float, float]:
        """Return both ends of what is possible."""
        form = _FAMILIES[self.name](*self.parameters)
        low, high = (form.location + form.scale * end for end in form.standard[:2])
        if form.start is None:
            return low, high
        return form.start + math.exp(low), form.start + math.exp(high)

    def _standard(self, x: Floats) -> tuple[_FamilyForm, Floats]:
        """Return the form, and values within the support without location and scale."""
        form = _FAMILIES[self.name](*self.parameters)
        inside = np.clip(x, *self.support())
        values = inside if form.start is None else np.log(inside - form.start)
        places = np.clip((values - form.location) / form.scale, *form.standard[:2])
        return form, np.asarray(places)

    def cdf(self, x: ArrayLike, /) -> Floats:
        """Return P(X <= x), elementwise."""
        with np.errstate(divide="ignore", over="ignore"):  # in branches that are not taken
            form, places = self._standard(np.asarray(x, dtype=float))
            return np.asarray(form.standard.cdf(places, *form.shape))[()]

    def pdf(self, x: ArrayLike, /) -> Floats:
        """Return the density, elementwise."""
        values = np.asarray(x, dtype=float)
        low, high = self.support()
        possible = (values > low) & (values < high)
        inside = np.where(possible, values, self.median())
        form, places = self._standard(inside)
        density = form.standard.pdf(places, *form.shape) / form.scale
        if form.start is not None:
            density = density / (inside - form.start)
        return np.where(possible, density, 0.0)[()]

    def icdf(self, probability: ArrayLike, /) -> Floats:
        """Return the quantiles, elementwise; not a number where no probability is given."""
        p = np.asarray(probability, dtype=float)
        form = _FAMILIES[self.name](*self.parameters)
        with np.errstate(divide="ignore", invalid="ignore"):
            quantiles = form.standard.icdf(p, *form.shape) * form.scale + form.location
            if form.start is not None:
                quantiles = np.exp(quantiles) + form.start
        return np.where((p >= 0) & (p <= 1), quantiles, np.nan)[()]

    def median(self) -> float:
        """Return the median."""
        return float(self.icdf(0.5))

    def to_scipy(self) -> Any:  # noqa: ANN401 - scipy has no public type for it
        """Return the same random variable of :mod:`scipy.stats`, with all its methods."""
        from scipy import stats

        name, shapes, location, scale = _SCIPY[self.name](*self.parameters)
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
