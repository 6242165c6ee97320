"""Which sources are off, of those whose errors belong together: the sets that carry weight.

Where a source is off, the covariance of its block gains one column times itself. With V the columns
of a set of sources, K the covariance with none of them off, and b = V' inv(K) r, the density of the
residuals r is by Woodbury's identity that with none off times

    exp(b' inv(I + G) b / 2) / sqrt(det(I + G)),  G = V' inv(K) V.

Both factors are known of a set that is one larger by one more row of a Cholesky factor. Sets are
looked at from the smallest on, and only those that carry weight are enlarged.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.core.numerics import log_ndtr
from attrition.models.assimilation.network import WEIGHTS

_LOST = (1e-3, 0.1)  # share of the states that are left out: of few, and of many
ODDS = float(np.log(WEIGHTS[1] / WEIGHTS[0]))
"""Log of the odds that a source is off."""

_FEW = 32  # states up to which none is left out ...
_SOME = 40  # ... and up to which only what is next to nothing is
_ENLARGED = 3e-3  # share of a set that is enlarged: one more source is rarely likelier
_SETTLED = 0.5  # share of the sets of a size below which smaller ones tell which settings matter:
_SELDOM = 3e-3  # ... those with more of a share than this, of that of the likeliest
_FLAT = 0.05  # least of what a determinant grows by that leaves a posterior
_MOST = 256  # sets of one size that are looked at, about: those that come of the likeliest
_KEPT = 3  # lists of sets that are not worked out anew: a block has few sizes at a time


@dataclass(frozen=True, eq=False)
class Sets:
    """Sets of sources that are off, all of one size.

    Parameters
    ----------
    members : tuple of int
        The sources of each, as bits.
    parents : ndarray of int, shape (set,)
        Where the set with one source less stands among those that were enlarged.
    factors : ndarray of float, shape (setting, set, size, node)
        Rows whose squares are inv(I + G) of the set.
    logs : ndarray of float, shape (setting, set)
        Log of the odds that it is off, and of what the determinant makes of them.
    """

    members: tuple[int, ...]
    parents: np.ndarray
    factors: Floats
    logs: Floats


@dataclass(frozen=True, eq=False)
class States:
    """Settings of drifts, each with a set of sources that are off.

    Parameters
    ----------
    which : ndarray of int, shape (state,)
        The setting of each.
    members : tuple of int
        The sources that are off, as bits.
    factors : ndarray of float, shape (state, row, node)
        As of :class:`Sets`, with rows of nothing where a set is smaller.
    logs : ndarray of float, shape (state,)
    """

    which: np.ndarray
    members: tuple[int, ...]
    factors: Floats
    logs: Floats


def sources_of(member: int, nodes: int) -> list[int]:
    """Return the places of the sources of a set."""
    return [node for node in range(nodes) if member >> node & 1]


@dataclass(frozen=True, eq=False)
class Astray:
    """The sets of sources that may be off.

    Parameters
    ----------
    coupling : ndarray of float, shape (setting, node, node)
        G of all sources, under each setting.
    lifts : ndarray of float, shape (setting, floor, node)
        What a source that is off moves each floor by, given the residuals.
    """

    coupling: Floats
    lifts: Floats

    @functools.cached_property
    def _larger(self) -> dict[tuple[int, ...], Sets]:
        return {}

    @functools.cached_property
    def _none(self) -> Sets:
        settings, nodes, _ = self.coupling.shape
        none = np.zeros((settings, 1, 0, nodes))
        return Sets((0,), np.zeros(1, dtype=np.intp), none, np.zeros((settings, 1)))

    def enlarged(self, sets: Sets, chosen: np.ndarray) -> Sets:
        """Return the sets that have one source more than some, each once."""
        key = tuple(sets.members[i] for i in chosen)
        if key not in self._larger:
            new: dict[int, tuple[int, int]] = {}
            for parent, member in enumerate(key):
                for node in range(self.coupling.shape[1]):
                    if not member >> node & 1:
                        new.setdefault(member | 1 << node, (parent, node))
            members = tuple(new)
            if len(self._larger) >= _KEPT:
                self._larger.clear()
            pairs = [new[member] for member in members]
            parents, nodes = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
            rows = sets.factors[:, chosen[parents]]
            column = np.swapaxes(self.coupling[:, :, nodes], 1, 2)
            along = np.einsum("mskn,msn->msk", rows, column)
            row = np.eye(self.coupling.shape[1])[nodes] - np.einsum("msk,mskn->msn", along, rows)
            left = 1.0 + self.coupling[:, nodes, nodes] - (along**2).sum(axis=2)
            proper = left > _FLAT  # always, but where the path is hardly known: there not at all
            row *= np.where(proper, np.maximum(left, _FLAT) ** -0.5, 0.0)[..., None]
            factors = np.concatenate([rows, row[:, :, None]], axis=2)
            odds = np.where(proper, ODDS - 0.5 * np.log(np.maximum(left, _FLAT)), -np.inf)
            logs = sets.logs[:, chosen[parents]] + odds
            self._larger[key] = Sets(members, parents, factors, logs)
        return self._larger[key]

    def states(self, base: Floats, pulls: Floats, gaps: Floats, softness: Floats) -> States:
        """Return the states that carry weight, of all settings and sets.

        Parameters
        ----------
        base : ndarray of float, shape (setting, case)
            Log of weight times density with no source off, but for the floors.
        pulls : ndarray of float, shape (setting, node, case)
            b of all sources.
        gaps : ndarray of float, shape (setting, floor, case)
            What is predicted above each floor.
        softness : ndarray of float, shape (setting, floor)
            Its standard deviation.
        """
        finite = np.isfinite(base).all(axis=0)  # not where a climb has left all bounds
        if not finite.all():
            base, pulls, gaps = base[:, finite], pulls[..., finite], gaps[..., finite]
        settings, nodes, cases = pulls.shape
        if not cases:
            none = np.zeros((settings, 0, nodes))
            return States(np.arange(settings), (0,) * settings, none, np.zeros(settings))
        some = settings << nodes <= _SOME
        sets, live, looked = self._none, np.arange(settings), []
        squares, above = np.zeros((settings, 1, cases)), gaps[:, None]
        variances = softness[:, None] ** 2
        total = np.full(cases, -np.inf)
        while True:
            values = base[:, None] + sets.logs[live, :, None] + squares
            if gaps.shape[1]:
                scores = (above / np.sqrt(variances)[..., None]).astype(np.float32)
                values += log_ndtr(scores).sum(axis=2)
            top = np.maximum(values.max(axis=(0, 1)), total)
            heights = np.exp(np.subtract(values, top, out=values), out=values)
            total = np.log(heights.sum(axis=(0, 1)) + np.exp(total - top)) + top
            looked.append(_Looked(sets, live, heights, top))
            shares = looked[-1].shares(total)
            chosen = np.flatnonzero(shares.sum(axis=0) >= (0.0 if some else _ENLARGED))
            if len(looked) > nodes or not chosen.size:
                return _kept(looked, total)
            if shares.sum() < _SETTLED and not some:
                often = np.zeros(settings)
                for one in looked:
                    often[one.live] += one.shares(total).sum(axis=1)
                left = np.flatnonzero(often[live] >= _SELDOM * often.max())
                live, base, pulls, squares = live[left], base[left], pulls[left], squares[left]
                above, variances = above[left], variances[left]
            likeliest = np.argsort(-shares.sum(axis=0)[chosen], kind="stable")
            chosen = np.sort(chosen[likeliest[: _MOST // nodes + 1]])
            sets = self.enlarged(sets, chosen)
            row = sets.factors[live, :, -1]
            score = row @ pulls
            squares = squares[:, chosen[sets.parents]] + 0.5 * score**2
            if gaps.shape[1]:
                lift = row @ np.swapaxes(self.lifts[live], 1, 2)
                above = above[:, chosen[sets.parents]] + lift[..., None] * score[:, :, None]
                variances = variances[:, chosen[sets.parents]] + lift**2


@dataclass(frozen=True, slots=True)
class _Looked:
    """Sets that were looked at: settings, heights of (setting, set, case), logs of their unit."""

    sets: Sets
    live: np.ndarray
    heights: Floats
    top: Floats

    def shares(self, total: Floats) -> Floats:
        """Return the share of each in the mean over cases, shape (setting, set)."""
        return np.asarray(self.heights @ (np.exp(self.top - total) / total.size))


def _kept(looked: list[_Looked], total: Floats) -> States:
    """Return the states that are the likeliest in any case.

    Those that are left out make up next to nothing, or where there are many of them a small share.
    """
    peaks = [(one.heights * np.exp(one.top - total)).max(axis=2) for one in looked]
    shares = np.concatenate([one.shares(total).ravel() for one in looked])
    every = np.concatenate([peak.ravel() for peak in peaks])
    order = np.argsort(-every, kind="stable")
    rest = shares.sum() - shares[order].cumsum()
    few, many = (int(np.count_nonzero(rest > lost)) + 1 for lost in _LOST)
    few = every.size if every.size <= _FEW else few
    least = every[order[min(few, max(many, _SOME), every.size) - 1]]
    factors, logs, members, which = [], [], [], []
    rows = max(size for size, peak in enumerate(peaks) if peak.max() >= least)
    for one, peak in zip(looked[: rows + 1], peaks, strict=False):
        index, place = np.nonzero(peak >= least)
        setting = one.live[index]
        own = np.zeros((index.size, rows, one.sets.factors.shape[3]))
        own[:, : one.sets.factors.shape[2]] = one.sets.factors[setting, place]
        factors.append(own)
        logs.append(one.sets.logs[setting, place])
        members += [one.sets.members[i] for i in place.tolist()]
        which.append(setting)
    return States(
        np.concatenate(which), tuple(members), np.concatenate(factors), np.concatenate(logs)
    )
