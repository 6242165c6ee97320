"""The filter: what counts tell about a rate whose volatility may change.

    count_w | z_w   overdispersed Poisson, mean days * exp(z_w), variance/mean phi    (NB1)
    z_w = x_w + sqrt(nu) * e_w                                                 (step noise, NB2)
    x_w = x_{w-1} + v_w - pull * (x_{w-1} - home)                        (log of the daily rate)
    v_w = rho * v_{w-1} - bend * (x_{w-1} - home)
          + (1 - rho) * shock_w * sigma_{j(w)} * h_w                           (damped momentum)
    j(w) a Markov chain over a ladder of volatilities

phi, nu and (rho, bend) are a grid of hypotheses, weighted by how well each predicted every next
count, older evidence counting less. Within a hypothesis and a volatility (x, v) is Gaussian. A
filter never looks ahead, so one pass over a series serves every date in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from attrition.core._typing import Floats
from attrition.core.threads import one_thread
from attrition.models.pace.counts import learn, normaliser
from attrition.models.pace.fates import Fate
from attrition.models.pace.prior import Prior

_FilterState = tuple[Floats, Floats, Floats, Floats, Floats, Floats]
"""Log weight, means of x and v, and their variances and covariance (xx, xv, vv), by cell."""


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
    spread : float
        Standard deviation of the log rate about the long run.
    top : float
        Log of the largest daily rate of a step so far, one person added.
    fate : Fate
    """

    log_weight: Floats
    x: Floats
    v: Floats
    xx: Floats
    xv: Floats
    vv: Floats
    home: float
    home_sd: float
    spread: float
    top: float = np.inf
    fate: Fate = field(default_factory=Fate)


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
        # rates that do not move are alike on all rungs: theirs is one cell each, after the rest
        rungs = hyp.sigma.shape[1]
        self._moving = hyp.moving * rungs
        row = np.r_[np.repeat(np.arange(hyp.moving), rungs), np.arange(hyp.moving, hyp.rho.size)]
        self._sigma = np.r_[hyp.sigma[: hyp.moving].ravel(), hyp.sigma[hyp.moving :, 0]]
        self._row, self._phi, self._nu = row, hyp.phi[row], hyp.nu[row]
        self._rho, self._bend = hyp.rho[row], hyp.bend[row]
        self._tables = [
            (normaliser(phi), np.flatnonzero(hyp.noise[row] == i))
            for i, (phi, _) in enumerate(prior.noises)
            if phi > 1
        ]
        ordinary = ((1 - self._rho) * self._sigma) ** 2
        rare, size, sd = (a[row] for a in (hyp.rare, hyp.rare_size, hyp.rare_sd))
        self._log_kind = np.stack([np.log1p(-rare), np.log(rare)])
        self._step = np.stack([ordinary, size**2 * ordinary])
        self._wide = self._step + np.stack([np.zeros_like(sd), sd**2])

    def run(self, keep: set[int]) -> list[Belief]:
        state, home = self._first()
        prior = self._prior
        out, fate = [], Fate(prior.ending, prior.hazard, life=prior.life)
        rates = (np.nan_to_num(self._counts) + 1) / np.maximum(self._exposure, prior.days)
        top = np.maximum.accumulate(np.log(rates)).tolist()
        for step in range(max(keep, default=-1) + 1):
            state = self._ahead(self._mix(state), home)
            state = self._digest(state, step)
            home.add(float((np.exp(state[0]) * state[1]).sum()))
            if step in keep:
                long_run = (home.level, home.sd, home.spread)
                out.append(Belief(*self._laid_out(state), *long_run, top[step], fate))
        return out

    def _laid_out(self, state: _FilterState) -> _FilterState:
        """Return a state by hypothesis and rung, the weight of a single cell on all rungs alike."""
        rungs = self._hyp.sigma.shape[1]
        moving, single = np.split(np.stack(state), [self._moving], axis=1)
        single = np.repeat(single[:, :, None], rungs, axis=2)
        single[0] -= np.log(rungs)
        moving = moving.reshape(len(state), -1, rungs)
        log_weight, x, v, xx, xv, vv = np.concatenate([moving, single], axis=1)
        return log_weight, x, v, xx, xv, vv

    def _first(self) -> tuple[_FilterState, _Home]:
        """Return the state before the first count: centred on the first month, and wide."""
        prior, hyp = self._prior, self._hyp
        month = max(28 // prior.days, 1)
        days = max(float(self._exposure[:month].sum()), 7.0)
        first = float(np.log((np.nansum(self._counts[:month]) + 0.5) / days))
        even = hyp.log_weight[self._row]
        even[: self._moving] -= np.log(hyp.sigma.shape[1])
        vv = (1 - self._rho) / (1 + self._rho) * self._sigma**2
        zero = np.zeros(even.size)
        xx = np.full(even.size, prior.first_sd**2)
        return (even, np.full(even.size, first), zero, xx, zero, vv), _Home(first, prior)

    def _mix(self, state: _FilterState) -> _FilterState:
        """Let volatilities mix (Blom and Bar-Shalom 1988, doi:10.1109/9.1299), evidence fade."""
        end, rungs = self._moving, self._hyp.sigma.shape[1]
        cells = np.stack(state)
        log_weight, x, v, xx, xv, vv = cells[:, :end].reshape(len(state), -1, rungs)
        total = _log_sum(log_weight, 1)
        g = np.exp(log_weight - total)
        stack = np.stack([g, g * x, g * v, g * (xx + x * x), g * (xv + x * v), g * (vv + v * v)])
        stack = stack @ self._transition
        share = stack[0] + 1e-300
        x, v, xx, xv, vv = stack[1:] / share
        forget = self._prior.forget
        faded = forget * np.concatenate([total[:, 0], cells[0, end:]])
        faded += (1 - forget) * self._hyp.log_weight
        faded -= _log_sum(faded, 0)
        moving = (np.log(share), x, v, xx - x * x, xv - x * v, np.maximum(vv - v * v, 1e-12))
        cells[:, :end] = np.stack(moving).reshape(len(state), end)
        cells[0, :end] += faded[self._row[:end]]
        cells[0, end:] = faded[self._row[end:]]
        log_weight, x, v, xx, xv, vv = cells
        return log_weight, x, v, xx, xv, vv

    def _ahead(self, state: _FilterState, long_run: _Home) -> _FilterState:
        log_weight, x, v, xx, xv, vv = state
        rho, bend, home = self._rho, self._bend, long_run.level
        pull = self._prior.pull(self._sigma, self._moving, long_run.spread)
        stay, lean = 1 - pull - bend, rho * v - bend * (x - home)
        return (
            log_weight,
            x - pull * (x - home) + lean,
            lean,
            stay**2 * xx + 2 * stay * rho * xv + rho**2 * vv,
            rho * (stay - bend) * xv - stay * bend * xx + rho**2 * vv,
            bend**2 * xx - 2 * bend * rho * xv + rho**2 * vv,
        )

    def _digest(self, state: _FilterState, step: int) -> _FilterState:
        """Learn from a count, whether the step was ordinary or rare, and merge the two.

        A count of several steps sees their average rate.
        """
        log_weight, x, v, xx, xv, vv = state
        # Ordinary and rare lie along the first axis, so that both are learnt at once.
        evidence = self._log_kind
        wide = np.maximum(xx, 1e-10) + self._wide
        with_v, own = xv + self._step, vv + self._step
        count, days = float(self._counts[step]), float(self._exposure[step])
        if np.isnan(count):
            parts = (x, v, wide, with_v, own)
        else:
            blur = max(days / self._prior.days - 1, 0.0) * self._sigma**2 / 3
            z = wide + self._nu + blur
            mean, variance, gain = learn(count, max(days, 1.0), self._phi, x, z, self._tables)
            to_x, to_v = wide / z, with_v / z
            drop, shift = z - variance, mean - x
            evidence = evidence + gain
            parts = (
                x + to_x * shift,
                v + to_v * shift,
                wide - to_x * to_x * drop,
                with_v - to_x * to_v * drop,
                own - to_v * to_v * drop,
            )
        gained, *moments = _merged(evidence, *parts)
        log_weight = log_weight + gained
        log_weight = log_weight - _log_sum(log_weight, None)
        x, v, xx, xv, vv = moments
        return log_weight, x, v, xx, xv, vv


class _Home:
    """Long-run mean of the log rate, near the current level while the history is short."""

    def __init__(self, first: float, prior: Prior) -> None:
        self._steps, self._anchor, self._prior = 0, prior.anchor, prior.spread
        self._memory, self._mean, self._square = prior.memory, 0.0, 0.0
        self.level, self.sd, self.spread = first, 1.0, prior.spread

    def add(self, now: float) -> None:
        self._steps += 1
        known = min(self._steps, self._memory)
        self._mean += (now - self._mean) / known
        self._square += (now**2 - self._square) / known
        share = known / (known + self._anchor)
        self.level = share * self._mean + (1 - share) * now
        own = max(self._square - self._mean**2, 0.0)
        self.spread = float(np.sqrt(share * own + (1 - share) * self._prior**2))
        # What a year tells of the next is its share; the rest of the spread is left.
        self.sd = self.spread * float(np.sqrt(1 - share**2))


def _merged(  # noqa: PLR0917 - the moments of a Gaussian
    evidence: Floats, x: Floats, v: Floats, xx: Floats, xv: Floats, vv: Floats
) -> _FilterState:
    """Merge kinds of step into one Gaussian with the moments of their mixture."""
    total = _log_sum(evidence, 0)
    p = np.exp(evidence - total)
    middle, push = (p * x).sum(0), (p * v).sum(0)
    dx, dv = x - middle, v - push
    return (
        total[0],
        middle,
        push,
        (p * (xx + dx * dx)).sum(0),
        (p * (xv + dx * dv)).sum(0),
        (p * (vv + dv * dv)).sum(0),
    )


def _log_sum(a: Floats, axis: int | None) -> Floats:
    """Return the log of the sum of exponentials, axes kept; lean for small arrays in a loop."""
    top = a.max(axis=axis, keepdims=True)
    return np.asarray(top + np.log(np.exp(a - top).sum(axis=axis, keepdims=True)))
