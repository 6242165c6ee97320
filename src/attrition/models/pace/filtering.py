"""The filter: what counts tell about a rate whose volatility may change.

    count_w | z_w   overdispersed Poisson, mean days * exp(z_w), variance/mean phi    (NB1)
    z_w = x_w + sqrt(nu) * e_w                                                 (step noise, NB2)
    x_w = x_{w-1} + v_w - pull * (x_{w-1} - home)                        (log of the daily rate)
    v_w = rho * v_{w-1} - bend * (x_{w-1} - home)
          + (1 - rho) * shock_w * sigma_{j(w)} * h_w                           (damped momentum)
    j(w) a Markov chain over a ladder of volatilities

phi, nu and (rho, bend) are a grid of hypotheses, weighted by how well each predicted every next
count, older evidence counting less. Within a hypothesis and a volatility (x, v) is Gaussian. A
filter never looks ahead, so one pass over a series serves every date in it. A log rate learns from
a count by the conjugate step of a gamma with a Poisson.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.core.workers import one_thread
from attrition.models.pace.fates import Fate
from attrition.models.pace.prior import Prior

_LARGE = 3.0  # log mean of count/phi above which the quasi-likelihood sums to one

ShapeTable = tuple[Floats, Floats]
"""Log means, and the log of what the quasi-likelihood sums to there."""


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


@functools.cache
def _shapes() -> tuple[float, float, Floats, Floats]:
    """Tabulate shapes by the log precision, evenly: its first, cells in one, values, rises.

    Values and rises, shape (2, cell), are of the log of the shape and of its digamma.
    """
    wide = np.linspace(-4.5, 18, 4000)
    at = -np.log(special.polygamma(1, np.exp(wide)))
    even = np.linspace(at[0], at[-1], at.size)
    log_shape = np.interp(even, at, wide)
    values = np.stack([log_shape, special.digamma(np.exp(log_shape))])
    return even[0], 1 / (even[1] - even[0]), values, np.diff(values, append=values[:, -1:])


def shape_of(variance: Floats) -> tuple[Floats, Floats]:
    """Return the gamma shape whose logarithm has ``variance``, and its digamma, by table.

    That is the inverse of the trigamma.
    """
    first, density, values, rises = _shapes()
    place = (-np.log(variance) - first) * density
    np.minimum(np.maximum(place, 0, out=place), values.shape[1] - 1, out=place)
    left = place.astype(np.intp)
    place -= left
    log_shape, digamma = (
        value.take(left) + place * rise.take(left)
        for value, rise in zip(values, rises, strict=True)
    )
    return np.exp(log_shape), digamma


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
    tables: Sequence[tuple[ShapeTable, NDArray[np.intp]]],
) -> tuple[Floats, Floats, Floats]:
    """Update a log rate z ~ N(mean, variance) on one count with variance/mean ``phi``.

    The normal is matched by the log of a gamma, which is conjugate to a Poisson for count/phi
    (West, Harrison and Migon 1985, doi:10.1080/01621459.1985.10477131).

    Parameters
    ----------
    count, days : float
        What was counted [unit] in how long [day].
    phi : ndarray of float, shape (cell,)
    mean : ndarray of float, shape (cell,)
    variance : ndarray of float, shape (..., cell)
    tables : sequence of (table, which cells)
        Normalisers of each phi above 1.

    Returns
    -------
    mean, variance, log_evidence : ndarray of float, shape (..., cell)
    """
    a, digamma = shape_of(variance)
    u, log_phi = count / phi, np.log(phi)
    log_exposure = np.log(days) - log_phi
    prior = digamma - (mean + log_exposure)  # log of what the prior is worth, in exposures
    whole = np.log1p(np.exp(prior))
    shape = a + u
    evidence = special.gammaln(shape) - special.gammaln(a) + a * prior - shape * whole
    evidence -= special.gammaln(u + 1) + log_phi
    theta = mean + log_exposure
    if theta.min() <= _LARGE:
        for (at, value), which in tables:
            evidence[..., which] -= np.interp(theta[..., which], at, value)
    return special.digamma(shape) - (whole + log_exposure), trigamma(shape), evidence
