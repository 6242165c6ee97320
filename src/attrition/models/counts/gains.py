"""Exceedance of a count given its futures: the noise of its days is integrated, not simulated.

Given a path of the rate, the gain S(t) has mean s = sum mu and variance
phi s + (e^nu - 1) sum mu^2, mu being what each step brings. It is taken gamma with these moments,
so that one distribution function replaces the simulation of the counts.
"""

from __future__ import annotations

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.models.pace import Futures

_STEEP = 0.02  # rise of a law within a step above which each of its days is computed
_FASTEST = 25.0  # largest log rate, so that a wild future stays finite


def exceedance(futures: Futures, gaps: Floats, days: int, *, clock: Floats | None = None) -> Floats:
    """Return P(gain by the end of day t >= gap), shape (gap, days + 1), t = 0, 1, ...

    Parameters
    ----------
    futures : Futures
    gaps : ndarray of float, shape (gap,)
        Thresholds less the least total [unit]; of 0 or less they are reached already.
    days : int
        Days to the horizon.
    clock : ndarray of float, shape (days + 1,), optional
        Even days that have passed by the end of each day; the days themselves when left out.

    Notes
    -----
    Computed at the ends of steps, and day by day in the steps in which it rises by more than 0.02.
    Within a step the rate is the geometric mean of its ends. A whole count reaches a gap when it
    exceeds it less one half.
    """
    x = np.minimum(futures.log_rate, _FASTEST)
    steps = futures.days * np.exp(0.5 * (x[:, :-1] + x[:, 1:]))  # what each is expected to bring
    zero = np.zeros((x.shape[0], 1))
    means = np.concatenate([zero, np.cumsum(steps, axis=1)], axis=1)
    squares = np.concatenate([zero, np.cumsum(steps * steps, axis=1)], axis=1)
    phi, extra, lead = futures.phi[:, None], np.expm1(futures.nu)[:, None], futures.lead[:, None]

    def at(mean: Floats, square: Floats, gap: float) -> Floats:
        """Return P(gain >= gap) at some nodes, averaged over the draws."""
        scale, left = phi + extra * square / mean, gap - lead
        passed = np.where(left < 0, 1.0, gamma_tail(mean / scale, left / scale))
        return np.asarray(passed.mean(axis=0))

    out = np.ones((gaps.size, days + 1))
    passed = np.arange(days + 1.0) if clock is None else clock
    step = np.minimum((passed / futures.days).astype(int), steps.shape[1] - 1)
    for i in np.flatnonzero(gaps > 0):
        gap = float(gaps[i]) - 0.5
        begun = np.broadcast_to(lead > gap, zero.shape).mean(axis=0)
        law = np.r_[begun, at(means[:, 1:], squares[:, 1:], gap)]
        when = futures.days * np.arange(law.size)
        steep = np.diff(law) > _STEEP
        inside = np.unique(passed[steep[step] & (passed > 0)])
        if inside.size:
            own = np.minimum((inside / futures.days).astype(int), steep.size - 1)
            part = (inside / futures.days - own) * steps[:, own]
            fine = at(means[:, own] + part, squares[:, own] + part**2, gap)
            when, first = np.unique(np.r_[when, inside], return_index=True)
            law = np.r_[law, fine][first]
        out[i] = np.interp(passed, when, np.maximum.accumulate(law))
    return out


def gamma_tail(shape: Floats, level: Floats) -> Floats:
    """Return the upper tail of Gamma(shape, 1): the cube root is near normal.

    Wilson and Hilferty (1931, doi:10.1073/pnas.17.12.684); within 0.01 for shapes above 0.3.
    """
    t = 1 / (9 * shape)
    return np.asarray(special.ndtr((1 - t - np.cbrt(level / shape)) / np.sqrt(t)))
