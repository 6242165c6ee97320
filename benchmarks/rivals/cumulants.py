"""No draws at all: the first three cumulants of the time passed, and a shifted lognormal with them.

The floor of this race: nothing is random, and its error is what the shape of that law leaves.
With D the covariance of exp(x) on two days over the product e e' of their means, the second
cumulant is the sum of e e' D, and the third, but for a term of D cubed, 3 times the sum of e
(sum e' D)^2.
"""

from __future__ import annotations

import numpy as np
from benchmarks.rivals.integrated import Floats, covariance, normal_nodes, passed
from scipy import interpolate, special


def laws(thresholds: tuple[float, ...], days: int, draws: int, seed: int) -> Floats:
    """Return P(T <= t), shape (threshold, days + 1); ``draws`` are days at which it is computed."""
    del seed
    known = np.unique(np.geomspace(1, days, draws).astype(int))
    between = covariance(days)
    means = np.exp(np.diag(between) / 2)
    beside = np.cumsum(np.expm1(between) * means, axis=1)[:, known - 1]  # sum of e' D by each day
    until = np.arange(1, days + 1)[:, None] <= known
    first = np.cumsum(means)[known - 1]
    second = np.sum(until * means[:, None] * beside, axis=0)
    skew = 3 * np.sum(until * means[:, None] * beside**2, axis=0) / second**1.5
    # of a lognormal the skewness is (w + 2) sqrt(w - 1), w the exponential of its variance
    root = np.cbrt(skew / 2 + np.sqrt(1 + skew**2 / 4))
    ratio = np.maximum((root - 1 / root) ** 2, 1e-12)  # w - 1
    width = np.sqrt(np.log1p(ratio))
    scale = np.sqrt(second / (ratio * (1 + ratio)))
    scores, often = normal_nodes(9)
    shift = first - scale * np.sqrt(1 + ratio)
    elapsed = shift[:, None] + scale[:, None] * np.exp(width[:, None] * scores)
    law = passed(thresholds, np.maximum(elapsed, 0.0)) @ often
    law = np.concatenate([passed(thresholds, np.zeros(1)), law], axis=1)
    smooth = special.ndtri(np.clip(law, 1e-9, 1 - 1e-9))
    every = interpolate.make_interp_spline(np.append(0, known), smooth, axis=1)
    return np.asarray(special.ndtr(every(np.arange(days + 1.0))))
