"""Pareto smoothing: weights whose tail is that of a distribution fitted to it."""

from __future__ import annotations

import math

import numpy as np

from attrition.core._typing import Floats

_PRIOR = 10  # observations that the prior of the shape, centred on a half, is worth
_GUESSES = 30  # of the scale, besides those that grow with the size of the tail
_SMALL = 225  # weights up to which a fifth is the tail, and three times their root beyond


def smoothed(log_ratios: Floats) -> tuple[Floats, float]:
    """Return log weights with a smoothed tail, and its shape.

    Parameters
    ----------
    log_ratios : ndarray of float, shape (draw,)
        Logs of importance ratios; at least 25, finite.

    Returns
    -------
    ndarray of float, shape (draw,)
        Log weights that sum to one.
    float
        Shape k of the generalised Pareto distribution of the tail; infinite where there are too few
        different weights to tell.

    Notes
    -----
    Vehtari, Simpson, Gelman, Yao and Gabry (2024), "Pareto smoothed importance sampling", Journal
    of Machine Learning Research 25, 72. A test compares it with arviz-stats, whose import takes
    longer than a forecast.

    Examples
    --------
    >>> weights, shape = smoothed(np.random.default_rng(1).standard_normal(1000))
    >>> bool(np.isclose(np.exp(weights).sum(), 1.0)), shape < 0.7
    (True, True)
    """
    logs = log_ratios - log_ratios.max()
    size = logs.size
    count = size // 5 if size <= _SMALL else int(3 * math.sqrt(size))
    order = np.argsort(logs)
    tail, cutoff = order[size - count :], math.exp(logs[order[size - count - 1]])
    shape, scale = _fitted(np.exp(logs[tail]) - cutoff)
    if math.isfinite(shape):
        quantiles = _quantiles((np.arange(count) + 0.5) / count, shape, scale) + cutoff
        logs[tail] = np.minimum(np.log(quantiles), 0.0)  # none above the largest raw one
    return logs - math.log(float(np.exp(logs).sum())), shape


def _quantiles(shares: Floats, shape: float, scale: float) -> Floats:
    """Return quantiles of a generalised Pareto distribution."""
    if abs(shape) < np.finfo(float).eps:
        return np.asarray(-scale * np.log1p(-shares))
    return np.asarray(scale * np.expm1(-shape * np.log1p(-shares)) / shape)


def _fitted(values: Floats) -> tuple[float, float]:
    """Return shape and scale of a generalised Pareto distribution, from values in order.

    Zhang and Stephens (2009), "A new and efficient estimation method for the generalized Pareto
    distribution", Technometrics 51, 316-325, doi:10.1198/tech.2009.08017; the shape is drawn to a
    half by a weak prior.
    """
    size = values.size
    guesses = _GUESSES + int(math.sqrt(size))
    middle = float(values[int(size / 4 + 0.5) - 1])
    if middle <= 0 or values[-1] <= 0:
        return math.inf, math.nan
    b = (1 - np.sqrt(guesses / (np.arange(1, guesses + 1) - 0.5))) / (3 * middle)
    b += 1 / values[-1]
    shapes = np.log1p(-b[:, None] * values).mean(axis=1)
    heights = size * (np.log(-b / shapes) - shapes - 1)
    weights = np.exp(heights - heights.max())
    weights /= weights.sum()
    kept = weights >= 10 * np.finfo(float).eps
    mean = float(weights[kept] @ b[kept] / weights[kept].sum())
    shape = float(np.log1p(-mean * values).mean())
    scale = -shape / mean
    return (size * shape + _PRIOR * 0.5) / (size + _PRIOR), scale
