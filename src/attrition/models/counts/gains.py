"""Exceedance of a count given its futures: the noise of its days is integrated, not simulated.

Given a path of the rate, the gain S(t) has mean s = sum mu and variance
phi s + (e^nu - 1) sum mu^2, mu being what each step brings. It is taken gamma with these moments,
so that one distribution function replaces the simulation of the counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.models.pace import Futures

_STEEP = 0.02  # rise of a law within a step above which each of its days is computed
_FASTEST = 25.0  # largest log rate, so that a wild future stays finite


@dataclass(frozen=True, slots=True)
class Gains:
    """What futures bring by the end of each step.

    Parameters
    ----------
    step : ndarray of float, shape (draw, step)
        Mean gain within a step [unit].
    mean, square : ndarray of float, shape (draw, step + 1)
        Mean gain by the end of each step, from 0, and the sum of the squares of ``step``.
    phi, extra : ndarray of float, shape (draw, 1)
        Variance/mean of the counts, and e^nu - 1.
    days : int
        Length of a step [day].
    lead : ndarray of float, shape (draw, 1), or (1, 1) where all are alike
        What the total has at the beginning beyond the least that it may be [unit].
    """

    step: Floats
    mean: Floats
    square: Floats
    phi: Floats
    extra: Floats
    days: int
    lead: Floats


def gains_of(futures: Futures) -> Gains:
    """Return the gains of futures; within a step the rate is the geometric mean of its ends."""
    x = np.minimum(futures.log_rate, _FASTEST)
    step = futures.days * np.exp(0.5 * (x[:, :-1] + x[:, 1:]))
    zero = np.zeros((x.shape[0], 1))
    mean = np.concatenate([zero, np.cumsum(step, axis=1)], axis=1)
    square = np.concatenate([zero, np.cumsum(step * step, axis=1)], axis=1)
    phi, extra = futures.phi[:, None], np.expm1(futures.nu)[:, None]
    return Gains(step, mean, square, phi, extra, futures.days, futures.lead[:, None])


def exceedance(gains: Gains, gaps: Floats, days: int, *, clock: Floats | None = None) -> Floats:
    """Return P(gain by the end of day t >= gap), shape (gap, days + 1), t = 0, 1, ...

    Parameters
    ----------
    gains : Gains
    gaps : ndarray of float, shape (gap,)
        Thresholds less the least total [unit]; of 0 or less they are reached already.
    days : int
        Days to the horizon.
    clock : ndarray of float, shape (days + 1,), optional
        Even days that have passed by the end of each day; the days themselves when left out.

    Notes
    -----
    Computed at the ends of steps, and day by day in the steps in which it rises by more than 0.02.
    A whole count reaches a gap when it exceeds it less one half.
    """
    out = np.ones((gaps.size, days + 1))
    passed = np.arange(days + 1.0) if clock is None else clock
    for i in np.flatnonzero(gaps > 0):
        out[i] = _one(gains, float(gaps[i]) - 0.5, passed)
    return out


def _one(gains: Gains, gap: float, clock: Floats) -> Floats:
    ends = _at(gains, gains.mean[:, 1:], gains.square[:, 1:], gap)
    begun = np.broadcast_to(gains.lead > gap, (gains.step.shape[0], 1))
    law = np.r_[begun.mean(axis=0), ends]
    when = gains.days * np.arange(law.size)
    steep = np.diff(law) > _STEEP
    step = np.minimum((clock / gains.days).astype(int), steep.size - 1)
    inside = np.unique(clock[steep[step] & (clock > 0)])
    if inside.size:
        step = np.minimum((inside / gains.days).astype(int), steep.size - 1)
        part = (inside / gains.days - step) * gains.step[:, step]
        fine = _at(gains, gains.mean[:, step] + part, gains.square[:, step] + part**2, gap)
        when, first = np.unique(np.r_[when, inside], return_index=True)
        law = np.r_[law, fine][first]
    return np.interp(clock, when, np.maximum.accumulate(law))


def _at(gains: Gains, mean: Floats, square: Floats, gap: float) -> Floats:
    """Return P(gain >= gap) at some nodes, averaged over the draws."""
    scale = gains.phi + gains.extra * square / mean
    left = gap - gains.lead
    reached = np.where(left < 0, 1.0, gamma_tail(mean / scale, left / scale))
    return np.asarray(reached.mean(axis=0))


def gamma_tail(shape: Floats, level: Floats) -> Floats:
    """Return the upper tail of Gamma(shape, 1): the cube root is near normal.

    Wilson and Hilferty (1931, doi:10.1073/pnas.17.12.684); within 0.01 for shapes above 0.3.
    """
    t = 1 / (9 * shape)
    return np.asarray(special.ndtr((1 - t - np.cbrt(level / shape)) / np.sqrt(t)))
