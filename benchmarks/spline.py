"""A rival of the claims hindcast: a smoothing spline through all figures, with source effects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import linalg, optimize

from attrition.core._typing import Floats
from attrition.evaluation.stands import KnownFigure

SPLINE = "spline through all claims"
_YEAR = 365.25
_FEW = 3  # figures from which a spline speaks
_FLAT = 10.0  # standard deviation of level and slope of the log figure: they are left to the data
_USUAL = np.log([0.3, 0.3, 0.1])  # of the curve, of sources, of figures: where their priors lie
_LOOSE = 1.5  # standard deviation of the logs of these three


def spline_figure(
    known: Sequence[KnownFigure], source: str, day: float
) -> tuple[float, float] | None:
    """Return mean and standard deviation of the log of a source's figure, by a smoothing spline.

    A generalised additive model of all figures so far: log figure = cubic smoothing spline of time
    + an effect of the source + an error. The spline is the posterior mean of an integrated Wiener
    process (Wahba 1978, doi:10.1111/j.2517-6161.1978.tb01050.x), so that it comes with a spread.
    The three variances maximise the restricted likelihood, under wide priors without which three
    figures could not tell them.

    Parameters
    ----------
    known : sequence of KnownFigure
    source : str
    day : float
        Days since the count began.

    Returns
    -------
    tuple of float, or None where fewer than three figures are known

    Examples
    --------
    >>> known = [KnownFigure("a", 0.0, 100.0 * k, 1000.0 * np.exp(0.1 * k)) for k in range(1, 9)]
    >>> mean, sd = spline_figure(known, "a", 900.0)
    >>> bool(abs(mean - np.log(1000) - 0.9) < 0.05)
    True
    """
    if len(known) < _FEW:
        return None
    years = np.array([past.end for past in known]) / _YEAR
    logs = np.log([max(past.figure, 1.0) for past in known])
    same = np.array([[float(a.source == b.source) for b in known] for a in known])
    parameters = fitted_spread(years, logs, same)
    covariance = _covariance(years, years, same, parameters)
    covariance[np.diag_indices_from(covariance)] += parameters[2] ** 2
    alike = np.array([[float(past.source == source) for past in known]])
    at = np.array([day / _YEAR])
    cross = _covariance(at, years, alike, parameters)[0]
    own = float(_covariance(at, at, np.ones((1, 1)), parameters)[0, 0]) + parameters[2] ** 2
    centre = logs.mean()
    factor = linalg.cho_factor(covariance, lower=True)
    mean = centre + cross @ linalg.cho_solve(factor, logs - centre)
    left = own - cross @ linalg.cho_solve(factor, cross)
    return float(mean), float(np.sqrt(max(left, 1e-12)))


def fitted_spread(
    years: Floats, logs: Floats, same: Floats, together: Floats | None = None
) -> Floats:
    """Return the standard deviations of the curve [per year^1.5], of sources and of figures.

    Parameters
    ----------
    years, logs : ndarray of float, shape (figure,)
    same : ndarray of float, shape (figure, figure)
        1 where two figures are of one source, else 0.
    together : ndarray of float, shape (figure, figure), optional
        1 where two figures are about one curve; all are when left out.
    """
    curves = np.ones_like(same) if together is None else together
    centred = logs - curves @ logs / curves.sum(axis=1)

    def cost(parameters: Floats) -> float:
        covariance = curves * _covariance(years, years, same, np.exp(parameters))
        covariance[np.diag_indices_from(covariance)] += np.exp(2 * parameters[2]) + 1e-10
        lower = linalg.cholesky(covariance, lower=True)
        score = linalg.solve_triangular(lower, centred, lower=True)
        prior = ((parameters - _USUAL) ** 2).sum() / (2 * _LOOSE**2)
        return float(np.log(np.diag(lower)).sum() + 0.5 * score @ score + prior)

    bounds = [(-7.0, 2.0)] * 3
    optimum = optimize.minimize(cost, _USUAL, method="L-BFGS-B", bounds=bounds)
    return np.asarray(np.exp(optimum.x), dtype=float)


def _covariance(one: Floats, other: Floats, same: Floats, spread: Floats) -> Floats:
    """Return the covariance of curve and effects; level and slope are all but free."""
    low, high = np.minimum(one[:, None], other), np.maximum(one[:, None], other)
    curve = low**2 * (high / 2 - low / 6)
    line = _FLAT**2 * (1 + one[:, None] * other)
    return np.asarray(line + spread[0] ** 2 * curve + spread[1] ** 2 * same)
