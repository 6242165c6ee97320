"""Learning a log rate from one count: the conjugate step of a gamma with a Poisson."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats
from attrition.core.late import special

_LARGE = 3.0  # log mean of count/phi above which the quasi-likelihood sums to one

ShapeTable = tuple[Floats, Floats]
"""Log means, and the log of what the quasi-likelihood sums to there."""


@functools.cache
def _shapes() -> tuple[float, float, Floats, Floats]:
    """Tabulate shapes by the log precision, evenly: its first, cells in one, values, rises.

    Values and rises, shape (2, cell), are of the log of the shape and of its digamma.
    """
    wide = np.linspace(-4.5, 18, 4000)
    at = -np.log(special.polygamma(1, np.exp(wide)))
    even = np.linspace(at[0], at[-1], at.size)
    log_shape = np.interp(even, at, wide)
    values = np.stack([log_shape, special.digamma(np.exp(log_shape))])
    return even[0], 1 / (even[1] - even[0]), values, np.diff(values, append=values[:, -1:])


def shape_of(variance: Floats) -> tuple[Floats, Floats]:
    """Return the gamma shape whose logarithm has ``variance``, and its digamma, by table.

    That is the inverse of the trigamma.
    """
    first, density, values, rises = _shapes()
    place = (-np.log(variance) - first) * density
    np.minimum(np.maximum(place, 0, out=place), values.shape[1] - 1, out=place)
    left = place.astype(np.intp)
    place -= left
    log_shape, digamma = (
        value.take(left) + place * rise.take(left)
        for value, rise in zip(values, rises, strict=True)
    )
    return np.exp(log_shape), digamma


@functools.cache
def normaliser(phi: float) -> ShapeTable:
    """Tabulate log sum_y Poisson(y/phi; theta)/phi: how far the quasi-likelihood is from one.

    Without it the variance/mean of small counts is underestimated (compare Efron 1986,
    doi:10.1080/01621459.1986.10478327).
    """
    log_theta = np.linspace(-9, _LARGE, 60)
    u = np.arange(int(60 * phi) + 60) / phi
    terms = u * log_theta[:, None] - np.exp(log_theta)[:, None] - special.gammaln(u + 1)
    return log_theta, np.asarray(special.logsumexp(terms - np.log(phi), axis=1))


def trigamma(a: Floats) -> Floats:
    """Return trigamma by three recurrences and its asymptotic series (within 1e-5 for a > 0.01)."""
    head = 1 / a**2 + 1 / (a + 1) ** 2 + 1 / (a + 2) ** 2
    i = 1 / (a + 3)
    return np.asarray(head + i * (1 + i * (0.5 + i * (1 / 6 - i * i / 30))))


def learn(  # noqa: PLR0917 - a kernel called in the innermost loop
    count: float,
    days: float,
    phi: Floats,
    mean: Floats,
    variance: Floats,
    tables: Sequence[tuple[ShapeTable, NDArray[np.intp]]],
) -> tuple[Floats, Floats, Floats]:
    """Update a log rate z ~ N(mean, variance) on one count with variance/mean ``phi``.

    The normal is matched by the log of a gamma, which is conjugate to a Poisson for count/phi
    (West, Harrison and Migon 1985, doi:10.1080/01621459.1985.10477131).

    Parameters
    ----------
    count, days : float
        What was counted [unit] in how long [day].
    phi : ndarray of float, shape (cell,)
    mean : ndarray of float, shape (cell,)
    variance : ndarray of float, shape (..., cell)
    tables : sequence of (table, which cells)
        Normalisers of each phi above 1.

    Returns
    -------
    mean, variance, log_evidence : ndarray of float, shape (..., cell)
    """
    a, digamma = shape_of(variance)
    u, log_phi = count / phi, np.log(phi)
    log_exposure = np.log(days) - log_phi
    prior = digamma - (mean + log_exposure)  # log of what the prior is worth, in exposures
    whole = np.log1p(np.exp(prior))
    shape = a + u
    evidence = special.gammaln(shape) - special.gammaln(a) + a * prior - shape * whole
    evidence -= special.gammaln(u + 1) + log_phi
    theta = mean + log_exposure
    if theta.min() <= _LARGE:
        for (at, value), which in tables:
            evidence[..., which] -= np.interp(theta[..., which], at, value)
    return special.digamma(shape) - (whole + log_exposure), trigamma(shape), evidence
