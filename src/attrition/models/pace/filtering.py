"""The filter: what counts tell about a rate whose volatility may change.

    count_w | z_w   overdispersed Poisson, mean days * exp(z_w), variance/mean phi    (NB1)
    z_w = x_w + sqrt(nu) * e_w                                                 (step noise, NB2)
    x_w = x_{w-1} + v_w - pull * (x_{w-1} - home)                        (log of the daily rate)
    v_w = rho * v_{w-1} + (1 - rho) * shock_w * sigma_{j(w)} * h_w             (damped momentum)
    j(w) a Markov chain over a ladder of volatilities

phi, nu and rho are a grid of hypotheses, weighted by how well each predicted every next count,
older evidence counting less. Within a hypothesis and a volatility (x, v) is Gaussian. A filter
never looks ahead, so one pass over a series serves every date in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.core.threads import one_thread
from attrition.models.pace.counts import learn, normaliser
from attrition.models.pace.prior import Prior

_State = tuple[Floats, Floats, Floats, Floats, Floats, Floats]
"""Log weight, means of x and v, and their variances and covariance (xx, xv, vv)."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed at the end of a step.

    Parameters
    ----------
    log_weight : ndarray of float, shape (hypothesis, rung)
    x, v, xx, xv, vv : ndarray of float, shape (hypothesis, rung)
        Means of log rate and momentum, their variances and covariance.
    home, home_sd : float
        Long-run log rate and its standard deviation.
    """

    log_weight: Floats
    x: Floats
    v: Floats
    xx: Floats
    xv: Floats
    vv: Floats
    home: float
    home_sd: float


def filter_steps(
    counts: Floats, exposure: Floats, prior: Prior, keep: Sequence[int]
) -> list[Belief]:
    """Return the belief after each step listed in ``keep``.

    Parameters
    ----------
    counts : ndarray of float, shape (step,)
        What was counted in consecutive steps of ``prior.days`` days [unit]; NaN for nothing known.
    exposure : ndarray of float, shape (step,)
        Days that each count stands for [day]: more than a step when a report covers a gap.
    prior : Prior
    keep : sequence of int
        Indices of steps, ascending.
    """
    with one_thread():
        return _Filter(counts, exposure, prior).run(set(keep))


class _Filter:
    """One pass over the steps."""

    def __init__(self, counts: Floats, exposure: Floats, prior: Prior) -> None:
        self._counts, self._exposure, self._prior = counts, exposure, prior
        self._hyp = hyp = prior.hypotheses()
        self._transition = prior.transition()
        self._phi, self._nu, self._rho = (a[:, None] for a in (hyp.phi, hyp.nu, hyp.rho))
        self._tables = [
            (normaliser(phi), hyp.noise == i) for i, (phi, _) in enumerate(prior.noises) if phi > 1
        ]
        ordinary = ((1 - self._rho) * hyp.sigma) ** 2
        rare, size, sd = (a[:, None] for a in (hyp.rare, hyp.rare_size, hyp.rare_sd))
        self._kinds = [
            (np.log1p(-rare), ordinary, np.zeros_like(sd)),
            (np.log(rare), size**2 * ordinary, sd**2),
        ]

    def run(self, keep: set[int]) -> list[Belief]:
        state, home = self._first()
        out = []
        for step in range(max(keep, default=-1) + 1):
            state = self._ahead(self._mix(state), home.level)
            state = self._digest(state, step)
            home.add(float((np.exp(state[0]) * state[1]).sum()))
            if step in keep:
                out.append(Belief(*state, home.level, home.sd))
        return out

    def _first(self) -> tuple[_State, _Home]:
        """Return the state before the first count: centred on the first month, and wide."""
        prior, hyp = self._prior, self._hyp
        month = max(28 // prior.days, 1)
        days = max(float(self._exposure[:month].sum()), 7.0)
        first = float(np.log((np.nansum(self._counts[:month]) + 0.5) / days))
        shape = hyp.sigma.shape
        even = np.broadcast_to(hyp.log_weight[:, None] - np.log(shape[1]), shape)
        vv = (1 - self._rho) / (1 + self._rho) * hyp.sigma**2
        zero = np.zeros(shape)
        xx = np.full(shape, prior.first_sd**2)
        return (even, np.full(shape, first), zero, xx, zero, vv), _Home(first, prior.anchor)

    def _mix(self, state: _State) -> _State:
        """Let volatilities mix (Blom and Bar-Shalom 1988, doi:10.1109/9.1299), evidence fade."""
        log_weight, x, v, xx, xv, vv = state
        total = _log_sum(log_weight, 1)
        g = np.exp(log_weight - total)
        stack = np.stack([g, g * x, g * v, g * (xx + x * x), g * (xv + x * v), g * (vv + v * v)])
        moving = self._hyp.moving
        stack[:, :moving] = stack[:, :moving] @ self._transition
        share = stack[0] + 1e-300
        x, v = stack[1] / share, stack[2] / share
        forget = self._prior.forget
        faded = forget * total[:, 0] + (1 - forget) * self._hyp.log_weight
        faded = faded - _log_sum(faded, 0)
        return (
            faded[:, None] + np.log(share),
            x,
            v,
            stack[3] / share - x * x,
            stack[4] / share - x * v,
            np.maximum(stack[5] / share - v * v, 1e-12),
        )

    def _ahead(self, state: _State, home: float) -> _State:
        log_weight, x, v, xx, xv, vv = state
        pull, rho = self._hyp.pull, self._rho
        stay = 1 - pull
        moved = stay**2 * xx + 2 * stay * rho * xv + rho**2 * vv
        return (
            log_weight,
            stay * x + pull * home + rho * v,
            rho * v,
            moved,
            stay * rho * xv + rho**2 * vv,
            rho**2 * vv,
        )

    def _digest(self, state: _State, step: int) -> _State:
        """Learn from a count, whether the step was ordinary or rare, and merge the two."""
        log_weight, x, v, xx, xv, vv = state
        parts = []
        for log_p, q, jump in self._kinds:
            wider = (np.maximum(xx, 1e-10) + q + jump, xv + q, vv + q)
            parts.append(self._learn((np.broadcast_to(log_p, x.shape), x, v, *wider), step))
        gain, *moments = _merged(parts)
        log_weight = log_weight + gain
        log_weight = log_weight - _log_sum(log_weight, None)
        x, v, xx, xv, vv = moments
        return log_weight, x, v, xx, xv, vv

    def _learn(self, state: _State, step: int) -> _State:
        """Learn from the count of a step; one of several steps sees their average rate."""
        count, days = float(self._counts[step]), float(self._exposure[step])
        if np.isnan(count):
            return state
        log_p, x, v, xx, xv, vv = state
        blur = max(days / self._prior.days - 1, 0.0) * self._hyp.sigma**2 / 3
        z = xx + self._nu + blur
        mean, variance, evidence = learn(count, max(days, 1.0), self._phi, x, z, self._tables)
        to_x, to_v = xx / z, xv / z
        drop, shift = z - variance, mean - x
        return (
            log_p + evidence,
            x + to_x * shift,
            v + to_v * shift,
            xx - to_x * to_x * drop,
            xv - to_x * to_v * drop,
            vv - to_v * to_v * drop,
        )


class _Home:
    """Long-run mean of the log rate, near the current level while the history is short."""

    def __init__(self, first: float, anchor: float) -> None:
        self._steps, self._anchor = 0, anchor
        self._sum = self._square = 0.0
        self.level, self.sd = first, 1.0

    def add(self, now: float) -> None:
        self._steps += 1
        self._sum += now
        self._square += now**2
        mean = self._sum / self._steps
        share = self._steps / (self._steps + self._anchor)
        self.level = share * mean + (1 - share) * now
        spread = share * max(self._square / self._steps - mean**2, 0.0) + (1 - share)
        self.sd = float(np.sqrt(spread * self._anchor / (self._steps + self._anchor)))


def _merged(parts: Sequence[_State]) -> _State:
    """Merge kinds of step into one Gaussian with the moments of their mixture."""
    evidence, *m = (np.stack(arrays) for arrays in zip(*parts, strict=True))
    total = _log_sum(evidence, 0)
    p = np.exp(evidence - total)
    x, v = (p * m[0]).sum(0), (p * m[1]).sum(0)
    dx, dv = m[0] - x, m[1] - v
    xx, xv, vv = (
        (p * (m[2] + dx * dx)).sum(0),
        (p * (m[3] + dx * dv)).sum(0),
        (p * (m[4] + dv * dv)).sum(0),
    )
    return total[0], x, v, xx, xv, vv


def _log_sum(a: Floats, axis: int | None) -> Floats:
    """Return the log of the sum of exponentials, axes kept; lean for small arrays in a loop."""
    top = a.max(axis=axis, keepdims=True)
    return np.asarray(top + np.log(np.exp(a - top).sum(axis=axis, keepdims=True)))
