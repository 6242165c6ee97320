"""Futures of a rate, drawn from what is believed of it."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats, Singles
from attrition.core.late import special
from attrition.models.pace.filtering import Belief
from attrition.models.pace.prior import Hypotheses, Prior

_FINE = 4096  # parts of a uniform number that move the volatility
_EDGE = 1e-6  # uniforms of a stretch are kept this far from 0 and 1


@dataclass(frozen=True, slots=True)
class Futures:
    """Equally likely paths of the log rate, each with its noise.

    Parameters
    ----------
    log_rate : ndarray of float, shape (draw, step + 1)
        Log of the daily rate at the information date and after each step.
    phi : ndarray of float, shape (draw,)
        Variance of a count divided by its mean [unit].
    nu : ndarray of float, shape (draw,)
        Variance of the log noise of a step.
    days : int
        Length of a step [day].
    lead : ndarray of float, shape (draw,), or (1,) where all are alike
        What the total has at the information date beyond the least that it may be [unit].
    """

    log_rate: Floats
    phi: Floats
    nu: Floats
    days: int
    lead: Floats = field(default_factory=lambda: np.zeros(1))


@functools.cache
def _moves(prior: Prior) -> NDArray[np.int64]:
    """Return the next rung by rung and thousandth of a uniform number, by table, flat."""
    cumulative = np.cumsum(prior.transition(), axis=1)
    fine = (np.arange(_FINE) + 0.5) / _FINE
    steps = [np.searchsorted(row, fine) for row in cumulative]
    return np.minimum(np.array(steps), len(prior.sigmas) - 1).ravel()


def draw_futures(
    belief: Belief, prior: Prior, steps: int, draws: int, rng: np.random.Generator
) -> Futures:
    """Draw futures: parameters and state from the belief, then shocks step by step.

    Draws are spread evenly over the hypotheses, in order of volatility, and over the level.
    A longer future begins with the same bytes as a shorter one.
    """
    hyp = prior.hypotheses()
    rungs = len(prior.sigmas)
    which = _picked(belief, hyp, draws, rng)
    k, j = which // rungs, which % rungs
    wide = stretched(hyp, k, prior, rng.random(draws))
    x, v, rest, lean, momentum = start_of(belief, which, wide)
    fate, when = rng.random((2, draws))
    even = special.ndtri((rng.permutation(draws) + rng.random(draws)) / draws)
    push = rng.standard_normal(draws)
    x = x + rest * even + lean * push
    v = v + momentum * push
    home = belief.home + belief.home_sd * rng.standard_normal(draws)
    pulls = prior.pull(hyp.sigma, hyp.moving, belief.spread).ravel()
    scales = ((1 - hyp.rho)[:, None] * hyp.sigma).ravel()
    moves, rare = _moves(prior), hyp.rare[k]
    rho, bend = damping_of(hyp, k, v, prior)
    size, sd = hyp.rare_size[k], wide * hyp.rare_sd[k]
    path = np.empty((steps + 2, draws))
    path[0] = x
    first = k * rungs
    for step in range(1, steps + 2):
        # the whole part of one uniform number moves the volatility, the rest says what is rare
        uniform, normal = rng.random(draws) * _FINE, rng.standard_normal(draws)
        place = uniform.astype(np.int64)
        j = moves.take(j * _FINE + place)
        odd = np.flatnonzero(uniform - place < rare)
        cell = first + j
        change = wide * scales.take(cell) * normal
        change[odd] *= size[odd]
        away = x - home
        v = rho * v - bend * away + change
        x = x + v - pulls.take(cell) * away
        x[odd] += sd[odd] * rng.standard_normal(odd.size)
        path[step] = x
    # The filter knows averages of steps: the rate between two of them is halfway.
    ends = 0.5 * (path[1:] + path[:-1])
    np.minimum(ends, belief.top + prior.ceiling, out=ends)
    some, offset = belief.fate.offsets(fate, when, steps, prior.days)
    ends[:, some] += offset
    lead = belief.fate.leads(fate)
    return Futures(np.ascontiguousarray(ends.T), hyp.phi[k], hyp.nu[k], prior.days, lead)


def start_of(
    belief: Belief, which: NDArray[np.int64], wide: Floats | Singles
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return where futures of some (hypothesis, rung) begin, stretched by ``wide``.

    Returns
    -------
    tuple of ndarray of float, each of shape (draw,)
        Means of level and momentum; what a normal of the level moves the level by; and what one of
        the momentum moves level and momentum by.
    """
    x, v, xx, xv, vv = (
        a.ravel()[which] for a in (belief.x, belief.v, belief.xx, belief.xv, belief.vv)
    )
    momentum = np.sqrt(np.maximum(vv, 1e-12))
    lean = xv / momentum
    rest = np.sqrt(np.maximum(xx - lean**2, 1e-12))
    scale = np.asarray(wide, dtype=float)
    return x, v, scale * rest, scale * lean, scale * momentum


def stretched(hyp: Hypotheses, k: NDArray[np.int64], prior: Prior, uniform: Floats) -> Floats:
    """Return what widens whole futures: Student's t where the rate moves, else 1."""
    inner = np.clip(uniform, _EDGE, 1 - _EDGE)
    heavy = np.exp(np.interp(np.log(inner / (1 - inner)), *_stretches(prior.heavy)))
    return np.where(k < hyp.moving, heavy, 1.0)


@functools.cache
def _stretches(heavy: float) -> tuple[Floats, Floats]:
    """Tabulate the log of Student's stretch by the logit of a uniform number, to 1e-6."""
    logit = np.linspace(-np.log(1 / _EDGE - 1), np.log(1 / _EDGE - 1), 4_000)
    chi2 = special.chdtri(heavy, special.expit(logit))
    # Hardly wider at 90 % than the filter says, but with heavier tails.
    return logit, 0.5 * np.log((heavy - 1) / chi2)


def damping_of(
    hyp: Hypotheses, k: NDArray[np.int64], v: Floats, prior: Prior
) -> tuple[Floats, Floats]:
    """Return rho and bend of futures: a trend that lasts does so only downwards.

    Growth levels off (Gardner and McKenzie 1985, doi:10.1287/mnsc.31.10.1237), and a decline may go
    on to nothing.
    """
    turned = hyp.lasting[k] & (v > 0)
    rho, bend = max(prior.momenta, key=lambda momentum: momentum[1])  # pulled most to the long run
    return np.where(turned, rho, hyp.rho[k]), np.where(turned, bend, hyp.bend[k])


def _picked(
    belief: Belief, hyp: Hypotheses, draws: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return systematic draws of (hypothesis, rung), in order of volatility."""
    rungs = hyp.sigma.shape[1]
    order = np.lexsort((np.repeat(hyp.phi, rungs), hyp.sigma.ravel()))
    cumulative = np.cumsum(np.exp(belief.log_weight).ravel()[order])
    at = (np.arange(draws) + rng.random(draws)) / draws * cumulative[-1]
    places = np.minimum(np.searchsorted(cumulative, at), cumulative.size - 1)
    return np.asarray(order[places])


def simulate_counts(
    futures: Futures, days: int, rng: np.random.Generator, amounts: Floats | None = None
) -> Floats:
    """Draw the daily counts of futures, shape (draw, day) [unit].

    The log rate is linear between steps; the noise of a step and the overdispersion of its days
    are drawn as the filter supposes them: lognormal, and negative binomial of type 1. ``amounts``
    says what each day brings, in days of the rate, shape (days,).
    """
    draws, nodes = futures.log_rate.shape
    noise = np.sqrt(futures.nu)[:, None] * rng.standard_normal((draws, nodes - 1))
    at = np.arange(days) / futures.days
    step = np.minimum(at.astype(int), nodes - 2)
    part = at - step
    path = futures.log_rate
    x = (1 - part) * path[:, step] + part * path[:, step + 1] + noise[:, step]
    mean = np.exp(np.clip(x, -10.0, 13.0))
    if amounts is not None:
        mean *= amounts
    extra = np.maximum(futures.phi - 1, 1e-9)[:, None]
    over = futures.phi[:, None] > 1 + 1e-6
    return np.asarray(rng.poisson(np.where(over, rng.gamma(mean / extra) * extra, mean)), float)
