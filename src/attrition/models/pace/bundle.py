"""Futures drawn in two stages: how volatile they are, then a Gaussian path; in bundles.

Given its hypothesis, its volatilities and its shocks the log rate is linear in standard normals:

    v_w = rho v_{w-1} - bend (x_{w-1} - home) + a_w e_w
    x_w = x_{w-1} + v_w - pull_w (x_{w-1} - home) + b_w s_w

x_w is the log of the mean rate of step w, that between two steps halfway between theirs,

so that any one direction among the normals can be taken out of a future and integrated
(:meth:`Bundle.along`), while a low-discrepancy sequence drives what matters most of the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats, Singles
from attrition.core.late import special
from attrition.models.pace.chain import Chain
from attrition.models.pace.fates import Fate
from attrition.models.pace.filtering import Belief
from attrition.models.pace.futures import damping_of, start_of, stretched
from attrition.models.pace.prior import Prior

_SLOW = 8  # slow movements of the path that uniform numbers drive
_SHOCKS = 2  # shocks whose times and sizes they drive
_DATES = 14  # horizons whose slow movements are told apart

# which of the uniform numbers drives what, the most important first
_FATES, _WIDE = (0, 1), 4
_CELL, _GAPS, _SIZES, _FIRST, _NOISE = 2, (6, 9), (25, 26), (27, 28, 29), 30
_SLOWLY = (10, 11, 14, 15, 18, 19, 21, 23)
_STATES = (3, 5, 7, 8, 12, 13, 16, 17, 20, 22, 24, 31)
DIMENSIONS = 32
"""Uniform numbers that a future takes; more are drawn for what hardly matters."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Futures with the normals behind them, in single precision.

    Parameters
    ----------
    log_rate : ndarray of float, shape (step + 1, draw)
        Log of the daily rate at the information date and after each step.
    normals, shocks : ndarray of float, shape (step + 1, draw)
        e and s; s is 0 where there is no shock. One step more than is asked for, because a step
        ends halfway to the next.
    scale, jump, pull : ndarray of float, shape (step + 1, draw)
        a, b and the pull to the long run.
    rho, bend : ndarray of float, shape (draw,)
    first : ndarray of float, shape (3, draw)
        Normals of the level given the momentum, of the momentum, and of the long run.
    spread, lean, rest : ndarray of float, shape (draw,)
        What the first moves the level by, and the second the level and the momentum.
    fixed : ndarray of bool, shape (draw,)
        Where rho hangs on the momentum, so that this is no part of a direction.
    home_sd : float
        What the third moves the long run by.
    phi, extra : ndarray of float, shape (draw,)
        Variance/mean of the counts, and e^nu - 1.
    days : int
        Length of a step [day].
    lead : ndarray of float, shape (draw,)
        What the total has at the information date beyond the least that it may be [unit].
    fate : Fate
    mortal : ndarray of bool, shape (draw,)
        Whether an end may come, which no future has yet.
    life : ndarray of float, shape (draw,)
        How long the rate would then live [day].
    """

    log_rate: Singles
    normals: Singles
    shocks: Singles
    scale: Singles
    jump: Singles
    pull: Singles
    rho: Singles
    bend: Singles
    first: Singles
    spread: Singles
    lean: Singles
    rest: Singles
    fixed: NDArray[np.bool_]
    home_sd: float
    phi: Singles
    extra: Singles
    days: int
    lead: Floats
    fate: Fate
    mortal: NDArray[np.bool_]
    life: Singles

    def along(self, weights: Floats, steps: int) -> tuple[Singles, Singles]:
        """Return how far the log rate moves with its weighted mean, and where it stands on it.

        Parameters
        ----------
        weights : ndarray of float, shape (node,)
            Of the log rate at the information date and after the first steps.
        steps : int
            How many steps of the response are wanted.

        Returns
        -------
        response : ndarray of float, shape (steps + 1, draw)
            Change of the log rate by one standard deviation of its weighted mean.
        score : ndarray of float, shape (draw,)
            The standard score of each future: taken out, ``log_rate - response * score`` remains
            and is independent of it.
        """
        halves = 0.5 * (np.r_[weights, 0.0] + np.r_[0.0, weights])
        gradient, jumps, (level, momentum, home) = self._gradient(halves.astype(np.float32))
        square = level**2 + momentum**2 + home**2
        inner = level * self.first[0] + momentum * self.first[1] + home * self.first[2]
        reach = halves.size - 1
        for own, normals in ((gradient, self.normals), (jumps, self.shocks)):
            square += np.einsum("ij,ij->j", own, own)
            inner += np.einsum("ij,ij->j", own, normals[:reach])
        scale = 1 / np.sqrt(np.maximum(square, np.float32(1e-30)))
        gradient *= self.scale[:reach]
        gradient *= scale
        jumps *= self.jump[:reach]
        jumps *= scale
        out = np.empty((steps + 1, scale.size), np.float32)
        x = (self.spread * level + self.lean * momentum) * scale
        v = self.rest * momentum * scale
        home = self.home_sd * home * scale
        for step in range(steps + 1):
            away = x - home
            v = self.rho * v
            v -= self.bend * away
            if step < reach:
                v += gradient[step]
            away *= self.pull[step]
            before, x = x, x + v
            x -= away
            if step < reach:
                x += jumps[step]
            out[step] = 0.5 * (before + x)
        return out, inner * scale

    def _gradient(
        self, weights: Singles
    ) -> tuple[Singles, Singles, tuple[Singles, Singles, Singles]]:
        """Return derivatives of a weighted sum of x by every normal, by the recursion backwards."""
        reach, draws = weights.size - 1, self.rho.size
        gradient, jumps = np.empty((2, reach, draws), np.float32)
        x, v, home = np.zeros((3, draws), np.float32)
        for step in range(reach - 1, -1, -1):
            x = x + weights[step + 1]
            v = x + self.rho * v
            np.multiply(self.scale[step], v, out=gradient[step])
            np.multiply(self.jump[step], x, out=jumps[step])
            pulled = self.pull[step] * x
            pulled += self.bend * v
            home += pulled
            x = x - pulled
        x = x + weights[0]
        v = self.rho * v
        momentum = np.where(self.fixed, np.float32(0), self.lean * x + self.rest * v)
        return gradient, jumps, (self.spread * x, momentum, self.home_sd * home)


class BundleSampler:
    """Draws bundles from a belief.

    Parameters
    ----------
    belief : Belief
    prior : Prior
    steps : int
    """

    def __init__(self, belief: Belief, prior: Prior, steps: int) -> None:
        self._belief, self._prior, self._steps = belief, prior, steps + 1
        self._hyp = hyp = prior.hypotheses()
        self._chain = Chain(prior.transition(), self._steps)
        rungs = len(prior.sigmas)
        number, noises = len(prior.momenta), len(prior.noises)
        kind = np.r_[
            np.tile(np.arange(number), noises), np.repeat([number, number + 1], [noises, noises])
        ]
        k, rung = (a.ravel() for a in np.indices(hyp.sigma.shape))
        self._order = np.lexsort((hyp.nu[k], hyp.phi[k], rung, kind[k]))
        weight = np.exp(belief.log_weight).ravel()[self._order]
        self._weight = weight / weight.sum()
        cell = (kind[k] * rungs + rung)[self._order]
        first = np.flatnonzero(np.r_[True, np.diff(cell) > 0])
        self._cells = np.add.reduceat(self._weight, first)
        self._slow = _slow_movements(self._steps).astype(np.float32)
        self._scale = ((1 - hyp.rho)[:, None] * hyp.sigma).ravel().astype(np.float32)
        pull = prior.pull(hyp.sigma, hyp.moving, belief.spread)
        self._pull = pull.ravel().astype(np.float32)

    def draw(self, uniform: Floats, streams: list[np.random.Generator]) -> Bundle:
        """Draw futures.

        Parameters
        ----------
        uniform : ndarray of float, shape (draw, DIMENSIONS)
            Uniform numbers, those of each stream one below the other.
        streams : list of Generator
            Each draws the rest for its equal share of the futures.
        """
        steps = self._steps
        u = np.ascontiguousarray(uniform.T)
        which = self._picked(u[_CELL], u[_NOISE])
        k, rung = np.divmod(which, len(self._prior.sigmas))
        share = u.shape[1] // len(streams)
        plain = np.concatenate(
            [s.random((self._chain.rest, share), np.float32) for s in streams], axis=1
        )
        normals = np.concatenate(
            [s.standard_normal((steps, share), np.float32) for s in streams], axis=1
        )
        driven = special.ndtri(u[list(_SLOWLY[: self._slow.shape[1]])]).astype(np.float32)
        normals += self._slow @ (driven - self._slow.T @ normals)
        key = self._chain.draw(rung.astype(np.int32), u[list(_STATES)], plain)
        key += (which - rung).astype(np.int32)
        scale, pull = self._scale.take(key), self._pull.take(key)
        shocks, jump = self._shocks(k, scale, u, streams)
        wide = stretched(self._hyp, k, self._prior, u[_WIDE]).astype(np.float32)
        scale *= wide
        jump *= wide
        first = special.ndtri(u[list(_FIRST)]).astype(np.float32)
        lead = self._belief.fate.leads(u[_FATES[0]])
        belief, hyp, prior = self._belief, self._hyp, self._prior
        begun = start_of(belief, which, wide)
        x, v, spread, lean, rest = (a.astype(np.float32) for a in begun)
        path = np.empty((steps, which.size), np.float32)
        x = x + spread * first[0] + lean * first[1]
        v = v + rest * first[1]
        rho, bend = (a.astype(np.float32) for a in damping_of(hyp, k, v, prior))
        home = np.float32(belief.home) + np.float32(belief.home_sd) * first[2]
        moves, leaps = scale * normals, jump * shocks
        for step in range(steps):
            away = x - home
            v = rho * v
            v -= bend * away
            v += moves[step]
            away *= pull[step]
            before, x = x, x + v
            x -= away
            x += leaps[step]
            path[step] = 0.5 * (before + x)
        np.minimum(path, np.float32(belief.top + prior.ceiling), out=path)
        kind, when = u[list(_FATES)]
        some, offset = belief.fate.offsets(kind, when, steps - 1, prior.days, ends=False)
        path[:, some] += offset.astype(np.float32)
        mortal = np.ones(which.size, dtype=bool)
        mortal[some] = False
        return Bundle(
            *(path, normals, shocks, scale, jump, pull, rho, bend, first, spread, lean, rest),
            fixed=hyp.lasting[k],
            home_sd=belief.home_sd,
            phi=hyp.phi[k].astype(np.float32),
            extra=np.expm1(hyp.nu[k]).astype(np.float32),
            days=prior.days,
            lead=lead,
            fate=belief.fate,
            mortal=mortal,
            life=belief.fate.lives(when).astype(np.float32),
        )

    def _picked(self, cell: Floats, noise: Floats) -> NDArray[np.int64]:
        """Return (hypothesis, rung): kind and rung by one number, the noise by another."""
        ends = np.cumsum(self._cells)
        at = np.minimum(np.searchsorted(ends, cell * ends[-1]), ends.size - 1)
        target = ends[at] - self._cells[at] * (1 - noise)
        places = np.searchsorted(np.cumsum(self._weight), target)
        return np.asarray(self._order[np.minimum(places, self._order.size - 1)])

    def _shocks(
        self, k: NDArray[np.int64], scale: Singles, u: Floats, streams: list[np.random.Generator]
    ) -> tuple[Singles, Singles]:
        """Place shocks, enlarge ``scale`` where they fall, and return their normals and sizes.

        Times between shocks are geometric.
        """
        hyp, draws, share = self._hyp, k.size, k.size // len(streams)
        log_none = np.log1p(-hyp.rare[k])
        shocks, jump = np.zeros((2, self._steps, draws), np.float32)
        at, live, number = np.zeros(draws), np.arange(draws), 0
        while live.size:
            if number < _SHOCKS:
                gap, normal = u[_GAPS[number]], special.ndtri(u[_SIZES[number]])
            else:
                gap = np.concatenate([s.random(share) for s in streams])
                normal = np.concatenate([s.standard_normal(share) for s in streams])
            with np.errstate(divide="ignore"):
                at[live] += np.ceil(np.log1p(-gap[live]) / log_none[live])
            live = live[at[live] <= self._steps]
            step = np.maximum(at[live].astype(np.int64) - 1, 0)
            scale[step, live] *= hyp.rare_size[k[live]]
            jump[step, live] = hyp.rare_sd[k[live]]
            shocks[step, live] = normal[live]
            number += 1
        return shocks, jump


def _slow_movements(steps: int) -> Floats:
    """Return orthonormal directions (step, number) in which the mean of the path moves most."""
    dates = np.unique(np.geomspace(1, steps, _DATES).round())
    towards = np.maximum(1 - np.arange(steps)[:, None] / dates, 0.0)
    towards /= np.linalg.norm(towards, axis=0)
    return np.asarray(np.linalg.svd(towards, full_matrices=False)[0][:, :_SLOW])
