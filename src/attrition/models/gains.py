"""What a pace adds: Poisson, or gamma with a variance in proportion to its mean.

Both add up over days, so that they are paths too. ``phi`` is variance over mean; at 1 the gain is a
count.
"""

from __future__ import annotations

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special

_EDGE = 1e-12  # uniforms are kept this far from 0 and 1, whose quantiles may be infinite
_MANY = 100.0  # counts from which an expansion of their quantiles errs by a fiftieth at most
_FAR = 4.0  # ... at normal scores up to this one
_NEAR = 0.05  # of a whole number, where the expansion does not decide


def reached(phi: float, mean: Floats, need: Floats) -> Floats:
    """Return P(gain >= need), where ``mean`` is expected; elementwise.

    Examples
    --------
    >>> round(float(reached(1.0, np.array(1.0), np.array(1.0))), 6)
    0.632121
    """
    if phi == 1:
        chance = special.gammainc(np.maximum(np.ceil(need), 1.0), mean)
    else:
        positive = np.maximum(need, np.finfo(float).tiny)
        chance = special.gammaincc(mean / phi, positive / phi)
    return np.where(need <= 0, 1.0, chance)


def quantiles(phi: float, mean: Floats, uniform: Floats) -> Floats:
    """Return the quantiles of the gain, where ``mean`` is expected; elementwise."""
    inner = np.clip(uniform, _EDGE, 1 - _EDGE)
    if phi == 1:
        return _counts(mean, inner)
    shape = np.maximum(mean / phi, 1e-9)
    return np.asarray(phi * special.gammaincinv(shape, inner))


def _counts(mean: Floats, uniform: Floats) -> Floats:
    """Return the quantiles of Poisson counts.

    Large ones by the expansion of Cornish and Fisher (1938, doi:10.2307/1400905), checked by the
    distribution function where it comes near a whole number; others by inverting that function.
    """
    z, root = special.ndtri(uniform), np.sqrt(np.maximum(mean, 1.0))
    mean, uniform = np.broadcast_arrays(mean, uniform)
    rough = mean + root * z + (z * z - 1) / 6 + (z - z**3) / (72 * root) - 0.5
    whole = np.round(rough)
    count = np.maximum(np.ceil(rough), 0.0)
    known = (mean >= _MANY) & (np.abs(z) <= _FAR)
    close = known & (np.abs(rough - whole) < _NEAR)
    count[close] = whole[close] + (special.pdtr(whole[close], mean[close]) < uniform[close])
    exact = special.pdtrik(uniform[~known], mean[~known])
    count[~known] = np.maximum(np.ceil(exact - 1e-9), 0.0)
    return np.asarray(count)


def drawn(phi: float, mean: Floats, rng: np.random.Generator) -> Floats:
    """Return drawn gains of days that lie one after another, where ``mean`` is expected."""
    if phi == 1:
        return rng.poisson(mean).astype(float)
    return phi * rng.standard_gamma(mean / phi)
