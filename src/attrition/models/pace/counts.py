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
    """Tabulate the log of the shape by the log precision, evenly: first, cells in one, rises."""
    wide = np.linspace(-4.5, 18, 4000)
    at = -np.log(special.polygamma(1, np.exp(wide)))
    even = np.linspace(at[0], at[-1], at.size)
    log_shape = np.interp(even, at, wide)
    return even[0], 1 / (even[1] - even[0]), log_shape, np.diff(log_shape, append=log_shape[-1])


def shape_of(variance: Floats) -> Floats:
    """Return the gamma shape whose logarithm has ``variance`` (inverse trigamma, by table)."""
    first, density, log_shape, rise = _shapes()
    place = np.clip((-np.log(variance) - first) * density, 0, log_shape.size - 1)
    left = place.astype(np.intp)
    return np.asarray(np.exp(log_shape[left] + (place - left) * rise[left]))


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
    tables: Sequence[tuple[ShapeTable, NDArray[np.bool_]]],
) -> tuple[Floats, Floats, Floats]:
    """Update a log rate z ~ N(mean, variance) on one count with variance/mean ``phi``.

    The normal is matched by the log of a gamma, which is conjugate to a Poisson for count/phi
    (West, Harrison and Migon 1985, doi:10.1080/01621459.1985.10477131).

    Parameters
    ----------
    count, days : float
        What was counted [unit] in how long [day].
    phi : ndarray of float, shape (cell,)
    mean, variance : ndarray of float, shape (..., cell)
    tables : sequence of (table, which cells)
        Normalisers of each phi above 1.

    Returns
    -------
    mean, variance, log_evidence : ndarray of float, shape (..., cell)
    """
    a = shape_of(variance)
    log_b = special.digamma(a) - mean
    u = count / phi
    log_exposure = np.log(days / phi)
    log_sum = np.logaddexp(log_b, log_exposure)
    shape = a + u
    evidence = (
        special.gammaln(shape)
        - special.gammaln(a)
        - special.gammaln(u + 1)
        + a * (log_b - log_sum)
        + u * (log_exposure - log_sum)
        - np.log(phi)
    )
    theta = mean + log_exposure
    if theta.min() <= _LARGE:
        for (at, value), which in tables:
            evidence[..., which] -= np.interp(theta[..., which], at, value)
    return special.digamma(shape) - log_sum, trigamma(shape), evidence
