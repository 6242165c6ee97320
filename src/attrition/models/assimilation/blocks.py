"""Figures whose sources share errors, with those errors integrated.

Given which sources are off and how fast they drift, the errors are normal, so that the residuals of
the figures from the path are jointly normal; the density is a mixture over such states. Each
reading enters with its mean and variance on the log scale. A floor enters as the probability that
the source's figure, given its others, lies above it.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats, Singles
from attrition.core.late import special
from attrition.core.numerics import log_ndtr, spare_of
from attrition.models.assimilation.astray import ODDS, Astray, States, sources_of
from attrition.models.assimilation.network import (
    RATE_WEIGHTS,
    RATES,
    REPEATED,
    REPEATS,
    WEIGHTS,
    WIDTHS,
    Network,
)
from attrition.models.assimilation.readings import LogReading

_ABOVE = 5.5  # deviations above a floor from which on it tells nothing
_AT_ONCE = 20_000  # numbers of a density that are worked out together ...
_LEAST = 64  # ... but of no fewer points
_POINTS = 16  # points by which it is told where on a line a block is not next to nothing ...
_DEEP = 8.0  # ... that is up to so far below its highest log density there
_CASES = 32  # places by which that is judged
_RARE = 0.05  # share of a state in the posterior, below which it is no mode of its own
_OTHER = 0.1  # distance of its posterior from that of all (Kullback and Leibler's), likewise
_SEVERAL = 2  # figures of a source from which its drift can be told
_MEASURED = 2  # sources of a block whose drifts are unknown; those of others are as stated


@dataclass(frozen=True, eq=False)
class Setting:
    """One setting of drifts, with no source off.

    Parameters
    ----------
    log_weight : float
    faster : ndarray of float, shape (node,)
    root : ndarray of float, shape (figure, figure)
        Its square is the inverse of the residuals' covariance.
    log_det : float
        Log of the determinant of ``root``.
    lift : ndarray of float, shape (floor, figure)
        Conditional mean of the error at each floor, as weights on the residuals.
    softness : ndarray of float, shape (floor,)
        Its conditional standard deviation, with that of the floor itself.
    repeats : tuple of int
        Nodes that print a recorded count: their figures tell nothing, wherever the path is.
    """

    log_weight: float
    faster: Floats
    root: Floats
    log_det: float
    lift: Floats
    softness: Floats
    repeats: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Along:
    """The density of a block on a line through each of some points, state by state.

    But for the floors the log density is a + (b + c w) w at place w; the gap at a floor, in
    standard deviations, is d + e w.

    Parameters
    ----------
    a, b : ndarray of float, shape (state, point)
    c : ndarray of float, shape (state, 1)
    d : ndarray of float, shape (floor, state, point)
    e : ndarray of float, shape (floor, state, 1)
    """

    a: Floats
    b: Floats
    c: Floats
    d: Floats | Singles
    e: Floats | Singles

    def at(self, points: np.ndarray) -> Along:
        """Return the density on the lines through some of the points."""
        a, b = self.a.take(points, axis=1), self.b.take(points, axis=1)
        return Along(a, b, self.c, self.d.take(points, axis=2), self.e)

    def terms(self, places: Floats) -> Iterator[Floats]:
        """Yield the log of weight times density at one place of each point, (state, point).

        One place after the other of those of shape (point, place), in the same memory.
        """
        out, gaps = np.empty(self.a.shape), np.empty(self.d.shape, np.float32)
        spare = spare_of(gaps.shape)
        for place in np.ascontiguousarray(places.T):
            np.multiply(self.c, place, out=out)
            out += self.b
            out *= place
            out += self.a
            if gaps.size:
                np.multiply(self.e, place.astype(np.float32), out=gaps)
                gaps += self.d
                out += log_ndtr(gaps, spare).sum(axis=0)
            yield out

    def __call__(self, places: Floats, points: np.ndarray) -> Floats:
        """Return the log density on the lines through some points, shape (point, place)."""
        out, few = np.empty_like(places), max(_AT_ONCE // (self.a.shape[0] + self.e.size), _LEAST)
        for begin in range(0, points.size, few):  # so few at once stay near the processor
            rows = slice(begin, begin + few)
            some = self.at(points[rows]).near(places[rows])
            for g, logs in enumerate(some.terms(places[rows])):
                top = logs.max(axis=0)
                np.exp(np.subtract(logs, top, out=logs), out=logs)
                out[rows, g] = np.log(logs.sum(axis=0)) + top
        return out

    def near(self, places: Floats) -> Along:
        """Return the density without the floors that tell nothing anywhere."""
        moved = self.e * np.array([places.min(), places.max()])
        near = (self.d.min(axis=2) + moved.min(axis=2)).min(axis=1) < _ABOVE
        return self if near.all() else Along(self.a, self.b, self.c, self.d[near], self.e[near])


@dataclass(frozen=True, eq=False)
class Lines:
    """The figures of a block on a line through each of some points, setting by setting.

    Parameters
    ----------
    block : Block
    usual : Along
        The density with no source off, by setting; the gaps at floors are not yet divided.
    pulls : ndarray of float, shape (setting, node, point)
        By how much the residuals pull each source off.
    turns : ndarray of float, shape (setting, node)
        Their change along the line.
    """

    block: Block
    usual: Along
    pulls: Floats
    turns: Floats

    def __call__(self, places: Floats, points: np.ndarray) -> Floats:
        """Return the log density on the lines through some points, shape (point, place)."""
        return self._kept(places)(places, points)

    def states(self, places: Floats) -> States:
        """Return the states that carry weight at some places."""
        cases = np.arange(min(places.size, _CASES))
        points, place = cases * len(places) // cases.size, cases % places.shape[1]
        return self._states(points, places[points, place])

    def settle(self, places: Floats) -> None:
        """Look from here on at the states that carry weight wherever the density is not small.

        Of what is between the modes, or beside them, the modes do not tell.
        """
        rows = np.arange(min(len(places), _POINTS)) * len(places) // min(len(places), _POINTS)
        kept, some = self._kept(places), places[rows]
        heights = kept(some, rows)
        near = np.argwhere(heights.max(axis=1) - _DEEP < heights.T)  # one place after the other
        place, points = near[
            np.arange(min(len(near), _CASES)) * len(near) // min(len(near), _CASES)
        ].T
        self._cache[:] = [self.under(self._states(rows[points], some[points, place]))]

    def _states(self, points: np.ndarray, place: Floats) -> States:
        if self.block.fixed is not None:
            return self.block.fixed
        base = (self.usual.c * place + self.usual.b[:, points]) * place + self.usual.a[:, points]
        gaps = self.usual.d[..., points] + self.usual.e * place
        pulls = self.pulls[:, :, points] + self.turns[..., None] * place
        softness = self.block.stacked.softness
        return self.block.astray.states(base, pulls, np.swapaxes(gaps, 0, 1), softness)

    def under(self, states: States) -> Along:
        """Return the density under each of some states."""
        which, usual, factors = states.which, self.usual, states.factors
        turns = np.einsum("srn,sn->sr", factors, self.turns[which])
        lift = np.einsum("srn,sfn->srf", factors, self.block.astray.lifts[which])
        softness = np.hypot(self.block.stacked.softness[which], np.linalg.norm(lift, axis=1))
        scale = softness.T[..., None]
        c = usual.c[which] + 0.5 * (turns**2).sum(axis=1)[:, None]
        e = (usual.e[:, which] + np.einsum("sr,srf->fs", turns, lift)[..., None]) / scale
        a, b = np.empty((2, which.size, usual.a.shape[1]))
        d = np.empty((*e.shape[:2], usual.a.shape[1]), np.float32)
        for setting in np.unique(which):  # what those of all need would fill the memory
            rows = np.flatnonzero(which == setting)
            scores = factors[rows] @ self.pulls[setting]
            a[rows] = usual.a[setting] + states.logs[rows, None]
            a[rows] += 0.5 * np.einsum("srp,srp->sp", scores, scores)
            b[rows] = usual.b[setting] + np.einsum("srp,sr->sp", scores, turns[rows])
            gaps = usual.d[:, setting, None] + np.einsum("srp,srf->fsp", scores, lift[rows])
            d[:, rows] = gaps / scale[:, rows]
        return Along(a, b, c, d, e.astype(np.float32))

    @functools.cached_property
    def _cache(self) -> list[Along]:
        return []

    def _kept(self, places: Floats) -> Along:
        """Return the density under the states that carry weight where it was first asked for."""
        if not self._cache:
            self._cache.append(self.under(self.states(places)))
        return self._cache[0]


@dataclass(frozen=True, slots=True)
class Stacked:
    """The settings of a block, side by side, with what they make of its sources.

    Parameters
    ----------
    logs : ndarray of float, shape (setting,)
    roots, precisions : ndarray of float, shape (setting, figure, figure)
    lifts : ndarray of float, shape (setting, floor, figure)
    softness : ndarray of float, shape (setting, floor)
    columns, shares : ndarray of float, shape (setting, figure, node)
        What a source that is off adds to the scores of the figures, and its share in the pulls.
    """

    logs: Floats
    roots: Floats
    precisions: Floats
    lifts: Floats
    softness: Floats
    columns: Floats
    shares: Floats


@dataclass(frozen=True, eq=False)
class Block:
    """Figures whose errors belong together.

    Parameters
    ----------
    figures, floors : ndarray of int
        Terms with a figure, and with a floor.
    about : tuple of tuple
        (node, day) of each figure.
    centres, bounds : ndarray of float
        Log of the figures and of the floors.
    settings : tuple of Setting
    nodes : tuple of int
        Sources that may be off, each by itself.
    farther : ndarray of float, shape (figure, node)
        Standard deviation that each adds to each figure if it is.
    beyond : ndarray of float, shape (floor, node)
        ... and to each floor.
    fixed : States, optional
        Those that are looked at, wherever the path is.
    """

    figures: np.ndarray
    floors: np.ndarray
    about: tuple[tuple[int, float], ...]
    centres: Floats
    bounds: Floats
    settings: tuple[Setting, ...]
    nodes: tuple[int, ...]
    farther: Floats
    beyond: Floats
    fixed: States | None = None

    @functools.cached_property
    def stacked(self) -> Stacked:
        """All settings side by side."""
        roots = np.array([setting.root for setting in self.settings])
        precisions = np.swapaxes(roots, 1, 2) @ roots
        return Stacked(
            np.array([setting.log_weight + setting.log_det for setting in self.settings]),
            roots,
            precisions,
            np.array([setting.lift for setting in self.settings]),
            np.array([setting.softness for setting in self.settings]),
            roots @ self.farther,
            precisions @ self.farther,
        )

    @functools.cached_property
    def astray(self) -> Astray:
        """The sets of sources that may be off."""
        stacked = self.stacked
        coupling = np.swapaxes(stacked.columns, 1, 2) @ stacked.columns
        # of what a repeater says nothing is compared
        known = np.isfinite(stacked.softness)[..., None]
        return Astray(coupling, np.where(known, self.beyond - stacked.lifts @ self.farther, 0.0))

    @property
    def content(self) -> bytes:
        """All numbers that the density depends on besides the predicted figures."""
        parts = (getattr(self.stacked, name) for name in Stacked.__slots__)
        return b"".join(part.tobytes() for part in (self.centres, self.bounds, self.beyond, *parts))

    def along(self, eta: Floats, slopes: Floats | None = None) -> Lines:
        """Return the density on the line through each point, as a function of the place."""
        stacked = self.stacked
        turn = np.zeros(eta.shape[1]) if slopes is None else slopes
        residual, bend = self.centres - eta[:, self.figures], -turn[self.figures]
        above, rise = eta[:, self.floors] - self.bounds, turn[self.floors]
        moved, figures = stacked.roots @ bend, np.ascontiguousarray(residual.T)
        turns = np.einsum("mfn,mf->mn", stacked.columns, moved)
        a, b = np.empty((2, len(moved), len(eta)))
        pulls = np.empty((*turns.shape, len(eta)))
        for m, root in enumerate(stacked.roots):  # of all at once they would fill the memory
            scores = root @ figures
            np.einsum("fp,fp->p", scores, scores, out=a[m])
            np.matmul(-moved[m], scores, out=b[m])
            np.matmul(stacked.columns[m].T, scores, out=pulls[m])
        a *= -0.5
        a += stacked.logs[:, None]
        c = -0.5 * (moved**2).sum(axis=1)[:, None]
        gap = above.T[:, None] + np.swapaxes(stacked.lifts @ figures, 0, 1)
        slope = (rise + stacked.lifts @ bend).T[..., None]
        return Lines(self, Along(a, b, c, gap, slope), pulls, turns)

    def expansion(self, eta: Floats) -> tuple[float, Floats, Floats, np.ndarray]:
        """Return value, gradient and Hessian at one point, and the terms they are about."""
        which, number = np.concatenate([self.figures, self.floors]), self.figures.size
        base, pulls = self._pulled(eta)
        states = self.fixed or self._states(eta, base, pulls)
        stacked, m = self.stacked, states.which
        scores = np.einsum("srn,sn->sr", states.factors, pulls[m])
        residual, above = self.centres - eta[self.figures], eta[self.floors] - self.bounds
        values = base[m] + states.logs + 0.5 * (scores**2).sum(axis=1)
        slopes = np.zeros((m.size, which.size))
        back = np.einsum("sr,srn->sn", scores, states.factors)
        slopes[:, :number] = (stacked.precisions @ residual)[m]
        slopes[:, :number] -= np.einsum("sfn,sn->sf", stacked.shares[m], back)
        lift = np.einsum("srn,sfn->sfr", states.factors, self.astray.lifts[m])
        gap = (above + stacked.lifts @ residual)[m] + np.einsum("sfr,sr->sf", lift, scores)
        softness = np.sqrt(stacked.softness[m] ** 2 + (lift**2).sum(axis=2))
        gap /= softness
        tail = special.log_ndtr(gap)
        values += tail.sum(axis=1)
        mills = np.exp(-0.5 * gap**2 - 0.5 * np.log(2 * np.pi) - tail)
        raised = stacked.lifts[m] + (lift @ states.factors) @ np.swapaxes(stacked.shares[m], 1, 2)
        along = np.concatenate(
            [-raised, np.broadcast_to(np.eye(self.floors.size), (*gap.shape, self.floors.size))], 2
        )
        along /= softness[..., None]
        slopes += np.einsum("sf,sfj->sj", mills, along)
        total = float(np.logaddexp.reduce(values))
        share = np.exp(values - total)
        slope = share @ slopes
        bend = (slopes * share[:, None]).T @ slopes - np.outer(slope, slope)
        bend[:number, :number] -= self._precision(states, share)
        along *= np.sqrt(share[:, None] * mills * (gap + mills))[..., None]
        flat = along.reshape(-1, which.size)
        bend -= flat.T @ flat
        return total, slope, bend, which

    def _pulled(self, eta: Floats) -> tuple[Floats, Floats]:
        """Return density and pulls at one point, with no source off and without the floors."""
        scores = self.stacked.roots @ (self.centres - eta[self.figures])
        base = self.stacked.logs - 0.5 * (scores**2).sum(axis=1)
        return base, np.einsum("mfn,mf->mn", self.stacked.columns, scores)

    def _states(self, eta: Floats, base: Floats, pulls: Floats) -> States:
        """Return the states that carry weight at one point."""
        stacked = self.stacked
        residual, above = self.centres - eta[self.figures], eta[self.floors] - self.bounds
        gaps = (above + stacked.lifts @ residual)[..., None]
        return self.astray.states(base[:, None], pulls[..., None], gaps, stacked.softness)

    def holding(self, eta: Floats) -> Block:
        """Return the block with those states alone that carry weight at some points."""
        other, lines = copy.copy(self), self.along(eta)
        object.__setattr__(other, "fixed", lines.states(np.zeros((len(eta), 1))))
        return other

    def _precision(self, states: States, share: Floats) -> Floats:
        """Return the mean of the precision of the figures over some states."""
        settings, nodes = self.astray.coupling.shape[:2]
        shares, size = self.stacked.shares, self.figures.size
        squares = np.swapaxes(states.factors, 1, 2) @ states.factors
        squares *= share[:, None, None]
        own = states.which == np.arange(settings)[:, None]
        known = (own @ squares.reshape(share.size, -1)).reshape(settings, nodes, nodes)
        often = own @ share
        # floors alone leave no figure, of whose rows no -1 could tell the length
        less = np.swapaxes(shares @ known, 0, 1).reshape(size, settings * nodes)
        other = np.swapaxes(shares, 0, 1).reshape(size, settings * nodes)
        return np.asarray(np.tensordot(often, self.stacked.precisions, 1) - less @ other.T)

    @functools.cached_property
    def bare(self) -> Block:
        """The block without its floors."""
        settings = tuple(
            dataclasses.replace(setting, lift=setting.lift[:0], softness=setting.softness[:0])
            for setting in self.settings
        )
        none: tuple[np.ndarray, ...] = (self.floors[:0], self.bounds[:0], self.beyond[:0])
        floors, bounds, beyond = none
        return dataclasses.replace(
            self, floors=floors, bounds=bounds, beyond=beyond, settings=settings
        )

    def elsewhere(self, eta: Floats, covariance: Floats) -> Iterator[Block]:
        """Yield the block with one state: of each by which the posterior is likely another.

        As if it were normal, and without the floors.

        Parameters
        ----------
        eta : ndarray of float, shape (term,)
            Predicted log figures at its mode.
        covariance : ndarray of float, shape (figure, figure)
            Theirs, in the normal at the mode.
        """
        if not self.figures.size:  # without floors nothing is left that tells states apart
            return
        total, slope, bend, _ = self.bare.expansion(eta)
        base, pulls = self._pulled(eta)
        stacked, unit = self.stacked, np.eye(slope.size)
        pulled = stacked.precisions @ (self.centres - eta[self.figures])
        away, change = pulled - slope, stacked.precisions + bend
        spread = np.linalg.inv(unit + covariance @ change) @ covariance
        wider: Floats = np.linalg.slogdet(unit + covariance @ change).logabsdet
        moved = np.einsum("mfg,mg->mf", spread, away)
        base = base - total + 0.5 * (np.einsum("mf,mf->m", moved, away) - wider)
        # of a source that is off the path knows less: the same sums, with less of a coupling
        shares = stacked.shares
        pulls = pulls - np.einsum("mfn,mf->mn", shares, moved)
        coupling = self.astray.coupling - np.swapaxes(shares, 1, 2) @ spread @ shares
        none = np.zeros((len(base), 0, 1))
        likely = Astray(coupling, np.zeros((len(base), 0, len(self.nodes)))).states(
            base[:, None], pulls[..., None], none, none[..., 0]
        )
        scores = np.einsum("srn,sn->sr", likely.factors, pulls[likely.which])
        logs = base[likely.which] + likely.logs + 0.5 * (scores**2).sum(axis=1)
        for row in np.flatnonzero(logs > np.log(_RARE)).tolist():
            single = self._alone(int(likely.which[row]), likely.members[row])
            (precision,) = single.stacked.precisions
            push = precision @ (self.centres - eta[self.figures]) - slope
            turn = np.linalg.inv(unit + covariance @ (precision + bend))
            shift = turn.T @ push
            distance = np.trace(turn) - slope.size - np.linalg.slogdet(turn).logabsdet
            if 0.5 * (distance + shift @ covariance @ shift) > _OTHER:
                yield single

    def _alone(self, which: int, member: int) -> Block:
        """Return the block under one state alone."""
        setting, unit = self.settings[which], np.eye(self.figures.size)
        off = sources_of(member, len(self.nodes))
        column, lift = self.stacked.columns[which][:, off], self.astray.lifts[which][:, off]
        inner = np.eye(len(off)) + column.T @ column
        known = np.linalg.inv(inner)
        odds = float(ODDS * len(off) - 0.5 * np.linalg.slogdet(inner).logabsdet)
        single = dataclasses.replace(
            setting,
            log_weight=setting.log_weight + odds,
            root=np.linalg.cholesky(unit - column @ known @ column.T).T @ setting.root,
            lift=setting.lift + lift @ known @ column.T @ setting.root,
            softness=np.sqrt(setting.softness**2 + ((lift @ known) * lift).sum(axis=1)),
        )
        farther, beyond = self.farther[:, :0], self.beyond[:, :0]
        return dataclasses.replace(
            self, settings=(single,), nodes=(), farther=farther, beyond=beyond
        )

    def error(self, network: Network, node: int, day: float, states: States) -> tuple[Floats, ...]:
        """Return, for each state, an integrated error given the residuals.

        Returns
        -------
        weights : ndarray of float, shape (state, figure)
            On the residuals.
        sd : ndarray of float, shape (state,)
        """
        stacked, pair = self.stacked, [(node, day)]
        faster = np.array([setting.faster for setting in self.settings])
        cross = network.covariances(pair, self.about, faster)[:, 0]
        own = network.covariances(pair, pair, faster)[:, 0, 0]
        lifts = np.einsum("mfg,mg->mf", stacked.precisions, cross)
        left = np.maximum(own - np.einsum("mf,mf->m", lifts, cross), 0.0)
        moved = network.farther([node], self.nodes)[0] - lifts @ self.farther
        score = np.einsum("srn,sn->sr", states.factors, moved[states.which])
        back = np.einsum("sr,srn->sn", score, states.factors)
        weights = lifts[states.which] + np.einsum("sfn,sn->sf", stacked.shares[states.which], back)
        return weights, np.sqrt(left[states.which] + (score**2).sum(axis=1))


def block_of(
    network: Network,
    index: Sequence[int],
    about: Sequence[tuple[int, float]],
    readings: Sequence[LogReading],
    recorded: Sequence[float],
) -> Block:
    """Integrate the errors of some terms.

    Parameters
    ----------
    network : Network
    index : sequence of int
        The terms.
    about : sequence of tuple
        (node, day) of each.
    readings : sequence of LogReading
        Of each, without errors of sources.
    recorded : sequence of float
        Log of what the count that its source may repeat holds of each; nan where there is none.
    """
    order = sorted(range(len(index)), key=lambda i: readings[i].floor)
    number = sum(not reading.floor for reading in readings)
    reports = _BlockReports(
        [about[i] for i in order],
        np.array([readings[i].centre for i in order]),
        np.array([readings[i].spread for i in order]),
        np.array([recorded[i] for i in order]),
        number,
    )
    nodes = network.astray({node for node, _ in about})
    often = len(nodes) * float(np.log(WEIGHTS[0]))
    settings = [
        setting
        for repeats, log in _repeated(reports)
        for setting in _worked_out(
            network, reports, repeats, _settings(network, reports, repeats, log + often)
        )
    ]
    farther = network.farther([node for node, _ in reports.about], nodes)
    terms = np.array([index[i] for i in order], dtype=np.intp)
    return Block(
        terms[:number],
        terms[number:],
        tuple(reports.about[:number]),
        reports.centres[:number],
        reports.centres[number:],
        tuple(settings),
        tuple(nodes),
        farther[:number],
        farther[number:],
    )


@dataclass(frozen=True, eq=False)
class _BlockReports:
    """Terms, floors last: node and day, log figure, deviation of its words, log of the record."""

    about: list[tuple[int, float]]
    centres: Floats
    spreads: Floats
    recorded: Floats
    figures: int

    def busiest(self, which: np.ndarray) -> list[int]:
        """Return the nodes of some terms, those of most first."""
        nodes = [self.about[i][0] for i in np.flatnonzero(which)]
        return sorted(set(nodes), key=lambda node: (-nodes.count(node), node))


def _repeated(reports: _BlockReports) -> list[tuple[tuple[int, ...], float]]:
    """Return which sources may do no more than repeat, and the log of how likely that is."""
    able = reports.busiest(~np.isnan(reports.recorded))[:_MEASURED]
    often = np.log([1 - REPEATS, REPEATS])
    return [
        (repeats, float(often @ [len(able) - number, number]))
        for number in range(len(able) + 1)
        for repeats in itertools.combinations(able, number)
    ]


def _settings(
    network: Network, reports: _BlockReports, repeats: Sequence[int], often: float
) -> tuple[Floats, Floats]:
    """Return log weight and drifts of every setting; those of the busiest sources vary."""
    nodes = [node for node, _ in reports.about[: reports.figures]]
    several = [
        node
        for node in reports.busiest(np.arange(len(reports.about)) < reports.figures)
        if nodes.count(node) >= _SEVERAL and network.rates[node] > 0
    ]
    several = [node for node in several[:_MEASURED] if node not in repeats]
    out = []
    for chosen in itertools.product(range(RATES.size), repeat=len(several)):
        faster = np.ones(len(network.nodes))
        faster[several] = RATES[list(chosen)]
        out.append((often + float(np.log(RATE_WEIGHTS[list(chosen)]).sum()), faster))
    logs, drifts = (np.array(part) for part in zip(*out, strict=True))
    return logs, drifts


def _worked_out(
    network: Network,
    reports: _BlockReports,
    repeats: tuple[int, ...],
    settings: tuple[Floats, Floats],
) -> list[Setting]:
    """Return the settings with what the density needs under each of them."""
    logs, faster = settings
    copied = np.array([node in repeats for node, _ in reports.about]) & ~np.isnan(reports.recorded)
    floor = np.arange(copied.size) >= reports.figures
    kept, above = np.flatnonzero(~copied & ~floor), np.flatnonzero(~copied & floor)
    about, pairs = ([reports.about[i] for i in which] for which in (kept, above))
    covariances = network.covariances(about, about, faster) + np.diag(reports.spreads[kept] ** 2)
    small = np.tril(np.linalg.inv(np.linalg.cholesky(covariances)))
    diagonals = np.diagonal(small, axis1=1, axis2=2)
    log_dets = np.log(diagonals).sum(axis=1) - 0.5 * kept.size * np.log(2 * np.pi)
    scores = network.covariances(pairs, about, faster) @ np.swapaxes(small, 1, 2)
    own = np.diagonal(network.covariances(pairs, pairs, faster), axis1=1, axis2=2)
    left = np.maximum(own - (scores**2).sum(axis=2), 0.0)
    roots = np.zeros((logs.size, reports.figures, reports.figures))
    roots[:, kept[:, None], kept] = small
    lifts = np.zeros((logs.size, copied.size - reports.figures, reports.figures))
    lifts[:, above[:, None] - reports.figures, kept] = scores @ small
    softness = np.full((logs.size, copied.size - reports.figures), np.inf)
    softness[:, above - reports.figures] = np.sqrt(left + reports.spreads[above] ** 2)
    logs = logs + _as_recorded(reports, copied & ~floor, copied & floor)
    return [
        Setting(float(log), drifts, root, float(log_det), lift, soft, repeats)
        for log, drifts, root, log_det, lift, soft in zip(
            logs, faster, roots, log_dets, lifts, softness, strict=True
        )
    ]


def _as_recorded(reports: _BlockReports, figures: np.ndarray, floors: np.ndarray) -> float:
    """Return the log density of figures that repeat a recorded count, whatever the path is."""
    spreads = np.hypot(reports.spreads[:, None], REPEATED * WIDTHS)
    scores = (reports.recorded - reports.centres)[:, None] / spreads
    density = -0.5 * scores**2 - np.log(spreads) - 0.5 * np.log(2 * np.pi)
    # an infinitely soft floor is half as likely as not, wherever it is
    logs = np.concatenate([density[figures], special.log_ndtr(scores[floors]) + np.log(2.0)])
    return float(np.logaddexp.reduce(logs + np.log(WEIGHTS), axis=1).sum())
