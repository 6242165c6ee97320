"""From a proposal to weighted draws, and chains where weights fail."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from attrition.core._typing import Floats, Singles
from attrition.core.late import special
from attrition.core.numerics import smoothed_weights, too_uneven
from attrition.core.simulation import REPLICATES
from attrition.core.streams import Normals, seed_under, stream
from attrition.models.assimilation.carry import ALIVE, FATES, carried, normals_ahead
from attrition.models.assimilation.directions import led
from attrition.models.assimilation.lines import Tables, tables_of
from attrition.models.assimilation.model import Model
from attrition.models.assimilation.modes import Mode
from attrition.models.assimilation.paces import Moves
from attrition.models.assimilation.proposals import HORIZONS
from attrition.models.assimilation.search import Fit

FUTURES = 2
"""Futures of each draw of the past: they cost little, and lessen the noise of the weights."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Weighted draws of all replicates, in order.

    Parameters
    ----------
    points : ndarray of float, shape (draw, unknown)
    rates : mapping of str to ndarray of float, shape (draw, week)
        Rates of each quantity up to the information date, at place 0 on the line [unit/day].
    tables : Tables
        The place on the line of each.
    log_weights : ndarray of float, shape (draw,)
        Smoothed; they sum to one within each replicate.
    ahead : ndarray of float, 32 bits suffice, shape (draw, future, normal)
        Standard normals of several futures of each draw.
    khat, effective : float
        Shape of the tail of the raw weights, and effective number of draws.
    chained : bool
        Whether the weights failed and chains were run.
    which : ndarray of int, shape (draw,)
        The hypothesis about the pace of each, by its place in the fit.
    replicates : int
    """

    points: Floats = field(repr=False)
    rates: Mapping[str, Floats] = field(repr=False)
    tables: Tables = field(repr=False)
    log_weights: Floats = field(repr=False)
    ahead: Floats | Singles = field(repr=False)
    khat: float
    effective: float
    chained: bool
    which: np.ndarray = field(repr=False)
    replicates: int = REPLICATES

    @property
    def weights(self) -> Floats:
        """Weights that sum to one within each replicate, shape (replicate, draw)."""
        shaped = self.log_weights.reshape(self.replicates, -1)
        return np.asarray(special.softmax(shaped, axis=1))


class Sampler:
    """Draws from a fit, block by block; the same seed gives the same bytes.

    Parameters
    ----------
    fit : Fit
    days : int
        Days to the horizon.
    seed : int
        Replicate r uses ``SeedSequence(seed, spawn_key=(r,))``.
    """

    def __init__(self, fit: Fit, days: int, seed: int) -> None:
        self.fit = fit
        self.days = days
        self.seed = seed
        self._ahead = normals_ahead(fit.model, days)
        self._normals = Normals(1 + fit.model.size, seed, REPLICATES)
        self._after = Normals(self._ahead, seed_under(seed, 0, 4), REPLICATES)
        self._partners = [stream(seed, r, 9) for r in range(REPLICATES)]
        self._which: list[np.ndarray] = []
        self._points: list[Floats] = []
        self._rates: dict[str, list[Floats]] = {}
        self._futures: list[Singles] = []
        self._raw: list[Floats] = []
        self._tables: list[Tables] = []
        self._chained: Draws | None = None

    @property
    def replicates(self) -> int:
        """Independent repetitions, which measure the Monte Carlo error."""
        return REPLICATES

    def noise(self) -> list[np.random.Generator]:
        """Return fresh streams for the day noise, one a replicate: ``spawn_key=(r, 2)``."""
        return [stream(self.seed, r, 2) for r in range(REPLICATES)]

    def extend(self, points: int) -> None:
        """Add ``points`` draws to every replicate; where chains were run, none are added."""
        if self._chained is not None:
            return
        supposed = self.fit.supposed
        of = self._normals.draw(points)
        normals = np.concatenate([of(r) for r in range(REPLICATES)])
        uniform = special.ndtr(normals[:, 0])
        begins = np.cumsum([0.0, *(one.often for one in supposed)])
        which = np.searchsorted(begins[1:-1], uniform, side="right")
        uniform = (uniform - begins[which]) / np.diff(begins)[which]
        drawn, ratios = np.empty((which.size, self.fit.model.size)), np.empty(which.size)
        chosen = [np.flatnonzero(which == index) for index in range(len(supposed))]
        for rows, one, past in zip(chosen, supposed, self._past, strict=True):
            drawn[rows] = one.proposal.drawn(normals[rows, 1:], uniform[rows], past)
        rates = self.fit.model.rates(drawn)  # which no hypothesis changes
        blocks: list[tuple[np.ndarray, Tables]] = []
        for rows, one in zip(chosen, supposed, strict=True):
            if not rows.size:
                continue
            part, own = drawn[rows], {key: rate[rows] for key, rate in rates.items()}
            log, centres = one.proposal.log_density(part)
            tables = tables_of(one.model, self.fit.line, part, centres, one.proposal.widths, own)
            blocks.append((rows, tables))
            ratios[rows] = tables.log_mass - log + one.log_share - np.log(one.often)
        self._which.append(which.reshape(REPLICATES, points))
        self._points.append(drawn.reshape(REPLICATES, points, -1))
        for key, rate in rates.items():
            self._rates.setdefault(key, []).append(rate.reshape(REPLICATES, points, -1))
        self._futures.append(self._ahead_of(points))
        self._raw.append(ratios.reshape(REPLICATES, points))
        self._tables.append(_ordered(blocks))

    def _ahead_of(self, points: int) -> Singles:
        """Return the futures of draws in an order of chance, (replicate, draw, future, normal).

        Past and future are points of two sequences. In the order of both the digits of a point of
        the one follow from those of its partner, and the error would not fall with more points.
        """
        of = self._after.draw(points * FUTURES)
        out = np.empty((REPLICATES, points, FUTURES, self._ahead), np.float32)
        for replicate, partner in enumerate(self._partners):
            own = of(replicate)
            own[:, FATES:] = own[:, FATES:] @ self._future.T
            out[replicate] = own.reshape(points, FUTURES, -1)[partner.permutation(points)]
        return out

    @functools.cached_property
    def _past(self) -> list[list[Floats]]:
        """Directions of the past about each mode, those that move the totals first."""
        return [
            [frame.leading(self.days) for frame in one.proposal.frames] for one in self.fit.supposed
        ]

    @functools.cached_property
    def _future(self) -> Floats:
        """Orthonormal directions of the future, those that move the totals first.

        By the gradients, at the best mode, of the log of every total on six later days.
        """
        best, size = self.fit.supposed[0], self._ahead - FATES
        tiny = 1e-4
        future = np.zeros((size + 1, 1, self._ahead))
        future[1:, 0, FATES:] = tiny * np.eye(size)
        future[..., 0] = ALIVE
        ends = best.model.evidence.days + self.days * np.array(HORIZONS[1:])
        points = np.tile(best.modes[0].point, (size + 1, 1))
        moves = Moves.of([best.model.hypothesis], np.zeros(size + 1, int))
        rates = carried(best.model, self.days, points, best.model.rates(points), future, moves)
        logs = np.column_stack([np.log(r.totals(0.0, ends)[:, 0]) for r in rates.values()])
        return led((logs[1:] - logs[0]) / tiny)

    def draws(self) -> Draws:
        """Return all draws so far, weighted; chains where the weights cannot be trusted."""
        points = _whole(self._points).reshape(-1, self.fit.model.size)
        ahead = _whole(self._futures).reshape(-1, FUTURES, self._ahead)
        raw = _whole(self._raw).ravel()
        smoothed, khat = smoothed_weights(raw)
        effective = float(1 / (special.softmax(smoothed) ** 2).sum())
        if self._chained is not None or too_uneven(raw, khat):
            self._chained = self._chained or self._chains(
                points, smoothed, ahead, khat=khat, effective=effective
            )
            return self._chained
        self._tables = [_joined(self._tables, len(raw) // REPLICATES)]
        which, (tables,) = _whole(self._which).ravel(), self._tables
        rates = {key: _whole(own).reshape(len(raw), -1) for key, own in self._rates.items()}
        return Draws(
            points, rates, tables, smoothed, ahead, khat, effective, chained=False, which=which
        )

    def _chains(
        self, points: Floats, weights: Floats, ahead: Singles, *, khat: float, effective: float
    ) -> Draws:
        """Return chains from the first draws of each replicate; more draws add none."""
        each = points.shape[0] // REPLICATES
        kept = np.arange(points.shape[0]).reshape(REPLICATES, each)[:, :CHAINS].ravel()
        which = _whole(self._which).ravel()
        moved, which = chained(self.fit, points, which, weights.reshape(REPLICATES, -1), self.seed)
        blocks = []
        for index, one in enumerate(self.fit.supposed):
            rows = np.flatnonzero(which == index)
            if rows.size:
                still = np.zeros((1, rows.size))
                widths = one.proposal.widths[:1]
                blocks.append(
                    (rows, tables_of(one.model, self.fit.line, moved[rows], still, widths))
                )
        return Draws(
            moved,
            self.fit.model.rates(moved),
            _ordered(blocks),
            np.zeros(moved.shape[0]),
            ahead[kept],
            khat,
            effective,
            chained=True,
            which=which,
        )


def _whole(blocks: list[np.ndarray]) -> np.ndarray:
    """Put blocks of each replicate side by side, in place of them: nothing is kept twice."""
    if len(blocks) > 1:
        blocks[:] = [np.concatenate(blocks, axis=1)]
    return blocks[0]


def _joined(tables: list[Tables], each: int) -> Tables:
    """Join the tables of several blocks, replicate by replicate, on grids of equal length."""
    if len(tables) == 1:
        return tables[0]
    sizes = [table.low.size // REPLICATES for table in tables]
    begins = np.cumsum([0, *sizes])
    rows = np.arange(REPLICATES * each).reshape(REPLICATES, each)
    return _ordered(
        [
            (rows[:, begin:end].ravel(), table)
            for (begin, end), table in zip(itertools.pairwise(begins), tables, strict=True)
        ]
    )


def _ordered(blocks: list[tuple[np.ndarray, Tables]]) -> Tables:
    """Return the tables of some draws in their order, each block given with its rows.

    Beyond a grid that is shorter than the longest lies nothing.
    """
    most = max(tables.density.shape[1] for _, tables in blocks)
    size = sum(rows.size for rows, _ in blocks)
    out = Tables(
        np.empty(size),
        np.empty(size),
        np.zeros((size, most), np.float32),
        np.ones((size, most), np.float32),
        np.empty(size),
    )
    for rows, tables in blocks:
        for name in ("low", "step", "log_mass"):
            getattr(out, name)[rows] = getattr(tables, name)
        points = tables.density.shape[1]
        out.density[rows, :points], out.cdf[rows, :points] = tables.density, tables.cdf
    return out


# Chains that move draws where their weights cannot be trusted.

CHAINS = 64
"""Of each replicate."""

_Pairs = Sequence[tuple[Model, Mode]]
"""Every mode, with the model under its hypothesis."""

_SWEEPS = 100  # updates of each chain
_SHRINKS = 60  # of the bracket of a slice, at most


def chained(
    fit: Fit, points: Floats, which: np.ndarray, log_weights: Floats, seed: int
) -> tuple[Floats, np.ndarray]:
    """Move resampled draws by elliptical slice sampling about the normals at the modes.

    Nishihara, Murray and Adams (2014), "Parallel MCMC with generalized elliptical slice sampling",
    Journal of Machine Learning Research 15, 2087-2112. Each chain keeps to the hypothesis and the
    mode it began at, whose normal takes the place of the prior.

    Parameters
    ----------
    fit : Fit
    points : ndarray of float, shape (draw, unknown)
    which : ndarray of int, shape (draw,)
        The hypothesis of each.
    log_weights : ndarray of float, shape (replicate, draw)
    seed : int
        Replicate r resamples and moves with ``SeedSequence(seed, spawn_key=(r, 1))``.

    Returns
    -------
    points : ndarray of float, shape (chain, unknown)
    which : ndarray of int, shape (chain,)
    """
    each = log_weights.shape[1]
    chains = min(each, CHAINS)
    streams = [stream(seed, r, 1) for r in range(REPLICATES)]
    chosen = []
    for r, own in enumerate(streams):
        cumulative = np.cumsum(special.softmax(log_weights[r]))
        places = (np.arange(chains) + own.random()) / chains
        chosen.append(r * each + np.minimum(np.searchsorted(cumulative, places), each - 1))
    rows = np.concatenate(chosen)
    state, kept = points[rows].copy(), which[rows]
    likelihood = fit.model.holding(state)  # the same target at every step
    pairs = [(one.model, mode) for one in fit.supposed for mode in one.modes]
    owners = np.repeat(np.arange(len(fit.supposed)), [len(one.modes) for one in fit.supposed])
    distance = np.array([(mode.whitened(state) ** 2).sum(axis=1) for _, mode in pairs])
    distance[owners[:, None] != kept] = np.inf
    nearest = np.argmin(distance, axis=0)
    height = _above(likelihood, pairs, state, nearest)
    for _ in range(_SWEEPS):
        state, height = _sweep(likelihood, pairs, state, nearest, height, streams)
    return np.asarray(state), kept


def _above(likelihood: Model, pairs: _Pairs, points: Floats, nearest: np.ndarray) -> Floats:
    """Return the log of the target over the normal of each point's mode."""
    with np.errstate(over="ignore", invalid="ignore"):
        out = likelihood.log_common(points)  # of all at once: what is dear of many small calls
        for index, (model, mode) in enumerate(pairs):
            rows = nearest == index
            if rows.any():
                score = mode.whitened(points[rows])
                out[rows] += model.log_shape(points[rows]) + 0.5 * (score**2).sum(axis=1)
    return np.where(np.isfinite(out), out, -np.inf)


def _sweep(  # noqa: PLR0917 - a kernel
    likelihood: Model,
    pairs: _Pairs,
    state: Floats,
    nearest: np.ndarray,
    height: Floats,
    streams: list[np.random.Generator],
) -> tuple[Floats, Floats]:
    """Update every chain once."""
    each, size = state.shape[0] // len(streams), state.shape[1]
    noise = np.concatenate([s.standard_normal((each, size)) for s in streams])
    level = height + np.log(np.concatenate([s.random(each) for s in streams]))
    angle = 2 * np.pi * np.concatenate([s.random(each) for s in streams])
    centre = np.array([mode.point for _, mode in pairs])[nearest]
    other = np.empty_like(state)
    for index, (_, mode) in enumerate(pairs):
        rows = nearest == index
        other[rows] = mode.placed(noise[rows]) - mode.point
    low, high = angle - 2 * np.pi, angle.copy()
    moved, new = state.copy(), height.copy()
    active = np.arange(state.shape[0])
    for _ in range(_SHRINKS):
        turn = angle[active, None]
        tried = (
            centre[active]
            + (state[active] - centre[active]) * np.cos(turn)
            + other[active] * np.sin(turn)
        )
        heights = _above(likelihood, pairs, tried, nearest[active])
        good = heights >= level[active]
        moved[active[good]], new[active[good]] = tried[good], heights[good]
        active = active[~good]
        if not active.size:
            break
        below = angle[active] < 0
        low[active[below]] = angle[active[below]]
        high[active[~below]] = angle[active[~below]]
        draws = np.concatenate([s.random(each) for s in streams])
        angle[active] = low[active] + (high[active] - low[active]) * draws[active]
    return moved, new
