"""Distributions of ours and of either family of scipy, read alike; mixtures of any; samples."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import ArrayLike

from attrition.core._typing import Floats, HasCdf
from attrition.core.distributions import Atoms
from attrition.core.errors import clip, refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Distribution = HasCdf


def quantile(distribution: Distribution, probability: ArrayLike) -> Floats:
    """Return the quantiles of ours or of either family of scipy distributions.

    Parameters
    ----------
    distribution : object
        Anything with ``icdf`` or ``ppf``.
    probability : array_like of float
        Probabilities in [0, 1].

    Returns
    -------
    ndarray of float, shape of ``probability``
    """
    inverse = getattr(distribution, "icdf", None) or cast("Any", distribution).ppf
    return np.asarray(inverse(np.asarray(probability, dtype=float)), dtype=float)


def exceedance(distribution: Distribution, x: ArrayLike) -> Floats:
    """Return P(X >= x), atoms at ``x`` included.

    An atom counts when ``x`` equals it up to rounding in the last digits (1e-12, relative).
    """
    x = np.asarray(x, dtype=float)
    below = x - 1e-12 * np.abs(x)
    with np.errstate(over="ignore"):  # some of scipy's compute branches that they drop
        return 1.0 - np.asarray(distribution.cdf(below), dtype=float)


def density(distribution: Distribution, x: ArrayLike) -> Floats:
    """Return the probability density, or refuse what has none.

    Raises
    ------
    InputError
        If the distribution has atoms, or offers no ``pdf``.
    """
    pdf = getattr(distribution, "pdf", None)
    if pdf is None or hasattr(distribution, "xk"):
        raise refusal("density", clip(distribution), "density")
    return np.asarray(pdf(np.asarray(x, dtype=float)), dtype=float)


def invert(
    cdf: Callable[[Floats], Floats], probability: ArrayLike, lower: ArrayLike, upper: ArrayLike
) -> Floats:
    """Return the smallest x in [lower, upper] with cdf(x) >= probability, by bisection.

    Parameters
    ----------
    cdf : callable
        Non-decreasing, elementwise.
    probability : array_like of float
    lower, upper : array_like of float
        Between which the answer lies; scalars, or of the shape of ``probability``.

    Returns
    -------
    ndarray of float, shape of ``probability``
        To the last digits of a double.
    """
    wanted = np.asarray(probability, dtype=float)
    start = np.broadcast_to(np.asarray(lower, dtype=float), wanted.shape)
    low, high = start, np.broadcast_to(np.asarray(upper, dtype=float), wanted.shape)
    for _ in range(200):
        middle = low + (high - low) / 2
        if np.all((middle == low) | (middle == high)):
            break
        reached = np.asarray(cdf(middle)) >= wanted
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(np.asarray(cdf(start)) >= wanted, start, high)


@dataclass(frozen=True, slots=True)
class Mixed:
    """A mixture of any distributions, atoms included.

    :class:`scipy.stats.Mixture` takes only scipy's new continuous random variables.

    Parameters
    ----------
    components : tuple of distribution
    weights : tuple of float
        Positive, with sum 1.
    """

    components: tuple[Distribution, ...]
    weights: tuple[float, ...]

    def cdf(self, x: ArrayLike, /) -> Floats:
        """Return P(X <= x), elementwise."""
        pairs = zip(self.weights, self.components, strict=True)
        terms = [weight * np.asarray(part.cdf(x), dtype=float) for weight, part in pairs]
        return np.asarray(np.sum(terms, axis=0), dtype=float)

    def pdf(self, x: ArrayLike, /) -> Floats:
        """Return the density, elementwise; refused where a component has none."""
        pairs = zip(self.weights, self.components, strict=True)
        terms = [weight * density(part, x) for weight, part in pairs]
        return np.asarray(np.sum(terms, axis=0), dtype=float)

    def ppf(self, probability: ArrayLike, /) -> Floats:
        """Return the quantiles, elementwise; each lies between those of the components."""
        wanted = np.asarray(probability, dtype=float)
        ends = np.array([quantile(part, wanted) for part in self.components])
        low, high = ends.min(axis=0), ends.max(axis=0)
        finite = np.isfinite(low) & np.isfinite(high)
        values = invert(self.cdf, wanted, np.where(finite, low, 0.0), np.where(finite, high, 0.0))
        return np.where(finite, values, high)


def mixture(components: Sequence[Distribution], weights: Sequence[float]) -> Distribution:
    """Return the mixture of distributions of any kind.

    Parameters
    ----------
    components : sequence of distribution
    weights : sequence of float
        Positive; they are scaled to sum 1.

    Raises
    ------
    InputError
        If there is nothing to mix, the lengths differ, or a weight is not above 0.

    Examples
    --------
    >>> two = mixture([atom(1.0), atom(3.0)], [3, 1])
    >>> quantile(two, [0.7, 0.8]).tolist()
    [1.0, 3.0]
    """
    good = len(components) == len(weights) > 0 and all(np.isfinite(w) and w > 0 for w in weights)
    if not good:
        got = f"{len(components)} components and weights {clip(list(weights))}"
        raise refusal("mixture", got, "mixture")
    whole = float(sum(weights))
    return Mixed(tuple(components), tuple(float(weight) / whole for weight in weights))


def atoms(values: Sequence[float], probabilities: Sequence[float]) -> Distribution:
    """Return the discrete distribution on ``values``; probabilities are scaled to sum 1.

    Raises
    ------
    InputError
        If the lengths differ, a value repeats, or a probability is not above 0.
    """
    good = len(values) == len(probabilities) == len(set(values)) > 0
    if not good or not all(np.isfinite(p) and p > 0 for p in probabilities):
        raise refusal("atoms", f"{clip(list(values))} with {clip(list(probabilities))}", "atoms")
    order = np.argsort(values)
    shares = np.asarray(probabilities, dtype=float)[order]
    arrays = (np.asarray(values, dtype=float)[order], shares / shares.sum())
    return Atoms(*arrays)


def atom(value: float) -> Distribution:
    """Return the distribution that is surely ``value``."""
    return Atoms(np.array([float(value)]), np.ones(1))


def parts(distribution: Distribution) -> list[tuple[float, Distribution]]:
    """Split a mixture, or a discrete distribution, into weighted parts; others stay whole."""
    stats = sys.modules.get("scipy.stats")  # where it is not imported, nothing is of it
    if stats is not None and isinstance(distribution, stats.Mixture):
        pairs = zip(distribution.weights, distribution.components, strict=True)
        return [
            (float(weight) * inner, part)
            for weight, component in pairs
            for inner, part in parts(cast("Distribution", component))
        ]
    if isinstance(distribution, Mixed):
        members = zip(distribution.weights, distribution.components, strict=True)
        return [(weight * inner, part) for weight, whole in members for inner, part in parts(whole)]
    support = getattr(distribution, "xk", None)
    if support is not None and len(support) > 1:
        probabilities = cast("Any", distribution).pk
        return [(float(p), atom(float(x))) for x, p in zip(support, probabilities, strict=True)]
    return [(1.0, distribution)]


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """A distribution by its quantiles, linear between the draws of a sample.

    The i-th of n ordered draws is the quantile of probability (i - 1/2) / n (Hazen 1914; type 5 of
    Hyndman and Fan 1996, doi:10.1080/00031305.1996.10473566). Nothing lies beyond the outermost.

    Parameters
    ----------
    values : ndarray of float, shape (draw,)
        Ascending, and distinct.
    mass : ndarray of float, shape (draw,)
        P(X <= value).
    """

    values: Floats = field(repr=False)
    mass: Floats = field(repr=False)

    def cdf(self, x: ArrayLike, /) -> Floats:
        """Return P(X <= x), elementwise."""
        return np.asarray(
            np.interp(np.asarray(x, dtype=float), self.values, self.mass, left=0.0, right=1.0)
        )

    def ppf(self, probability: ArrayLike, /) -> Floats:
        """Return the quantiles, elementwise."""
        return np.asarray(np.interp(np.asarray(probability, dtype=float), self.mass, self.values))


def of_sample(draws: ArrayLike, place: str) -> Sampled:
    """Return the distribution of a sample of any shape.

    Raises
    ------
    InputError
        If there are fewer than two distinct draws, or one is not finite.
    """
    flat = np.sort(np.asarray(draws, dtype=float).ravel())
    values, last = np.unique(flat[::-1], return_index=True)
    if values.size < 2 or not np.isfinite(flat).all():  # noqa: PLR2004 - a spread needs two
        raise refusal("sample", f"{values.size} distinct of {flat.size}", place)
    mass = (flat.size - last - 0.5) / flat.size  # of the last of equal draws
    return Sampled(values, np.asarray(mass))
