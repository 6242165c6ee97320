"""Weights of draws, and whether their tail can be trusted."""

from __future__ import annotations

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.core.numerics import smoothed

KHAT = 0.7
"""Shape of the tail of the weights above which they are not trusted (Vehtari and others 2024)."""

HOPELESS = 10.0
"""Shape that stands for no tail that could be told: a number, so that every file can hold it."""

_FEW = 32  # draws below which nothing can be told of a tail


def smoothed_weights(log_ratios: Floats) -> tuple[Floats, float]:
    """Return Pareto-smoothed log weights and the shape of their tail."""
    centred = log_ratios - log_ratios.max()
    if np.ptp(centred) < 1e-9:  # noqa: PLR2004 - equal weights have no tail
        return np.zeros_like(centred), 0.0
    if centred.size < _FEW:
        return centred, HOPELESS
    with np.errstate(all="ignore"):  # a tail that cannot be fitted has no shape
        weights, shape = smoothed(centred)
    if not np.isfinite(shape):  # a few draws weigh all: there is no tail to smooth
        return centred, HOPELESS
    return weights, shape


def too_uneven(log_ratios: Floats, khat: float) -> bool:
    """Tell whether weights cannot be trusted: their tail is heavy, and some draw weighs too much.

    Truncated importance sampling cuts a weight at the root of the number of draws times their mean,
    and its error then falls as that of plain draws (Ionides 2008, "Truncated importance sampling",
    Journal of Computational and Graphical Statistics 17, 295-311). Where it would cut none, a tail
    that rises steeply is that of weights which all but agree, or which end at a bound.
    """
    heaviest = np.exp(log_ratios.max() - special.logsumexp(log_ratios))  # of all that they sum to
    return bool(khat > KHAT and heaviest * log_ratios.size > log_ratios.size**0.5)
