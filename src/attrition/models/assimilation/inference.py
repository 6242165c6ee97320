"""From a proposal to weighted draws, and chains where weights fail."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.models.assimilation.carry import carried, normals_ahead
from attrition.models.assimilation.chains import CHAINS, chained
from attrition.models.assimilation.lines import Tables, tables_of
from attrition.models.assimilation.proposals import HORIZONS, led
from attrition.models.assimilation.search import Fit
from attrition.models.trajectories import REPLICATES, Normals

KHAT = 0.7
"""Shape of the tail of the weights above which they are not trusted (Vehtari and others 2024)."""

FUTURES = 2
"""Futures of each draw of the past: they cost little, and lessen the noise of the weights."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Weighted draws of all replicates, in order.

    Parameters
    ----------
    points : ndarray of float, shape (draw, unknown)
    tables : Tables
        The place on the line of each.
    log_weights : ndarray of float, shape (draw,)
        Smoothed; they sum to one within each replicate.
    ahead : ndarray of float, shape (draw, future, normal)
        Standard normals of several futures of each draw.
    khat, effective : float
        Shape of the tail of the raw weights, and effective number of draws.
    chained : bool
        Whether the weights failed and chains were run.
    replicates : int
    """

    points: Floats = field(repr=False)
    tables: Tables = field(repr=False)
    log_weights: Floats = field(repr=False)
    ahead: Floats = field(repr=False)
    khat: float
    effective: float
    chained: bool
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
    held : Fit
    days : int
        Days to the horizon.
    seed : int
        Replicate r uses ``SeedSequence(seed, spawn_key=(r,))``.
    """

    def __init__(self, held: Fit, days: int, seed: int) -> None:
        self.fit = held
        self.days = days
        self.seed = seed
        self._ahead = normals_ahead(held.model, days)
        self._normals = Normals(1 + held.model.size, seed, REPLICATES)
        other = np.random.SeedSequence(seed, spawn_key=(0, 4)).generate_state(1)[0]
        self._after = Normals(self._ahead, int(other), REPLICATES)
        self._points: list[Floats] = []
        self._futures: list[Floats] = []
        self._raw: list[Floats] = []
        self._tables: list[Tables] = []
        self._chained: Draws | None = None

    @property
    def replicates(self) -> int:
        """Independent repetitions, which measure the Monte Carlo error."""
        return REPLICATES

    def noise(self) -> list[np.random.Generator]:
        """Return fresh streams for the day noise, one a replicate: ``spawn_key=(r, 2)``."""
        return [
            np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(r, 2)))
            for r in range(REPLICATES)
        ]

    def extend(self, points: int) -> None:
        """Add ``points`` draws to every replicate; where chains were run, none are added."""
        if self._chained is not None:
            return
        model = self.fit.model
        of = self._normals.draw(points)
        normals = np.concatenate([of(r) for r in range(REPLICATES)])
        uniform = special.ndtr(normals[:, 0])
        found = self.fit.proposal.drawn(normals[:, 1:], uniform, self._past)
        of = self._after.draw(points * FUTURES)
        ahead = np.concatenate([of(r) for r in range(REPLICATES)]) @ self._future.T
        log, centres = self.fit.proposal.log_density(found)
        tables = tables_of(model, self.fit.proposal.line, found, centres, self.fit.proposal.widths)
        self._points.append(found.reshape(REPLICATES, points, -1))
        self._futures.append(ahead.reshape(REPLICATES, points, FUTURES, self._ahead))
        self._raw.append((tables.log_mass - log).reshape(REPLICATES, points))
        self._tables.append(tables)

    @functools.cached_property
    def _past(self) -> list[Floats]:
        """Directions of the past about each mode, those that move the totals first."""
        return [frame.leading(self.days) for frame in self.fit.proposal.frames]

    @functools.cached_property
    def _future(self) -> Floats:
        """Orthonormal directions of the future, those that move the totals first.

        By the gradients, at the best mode, of the log of every total on six later days.
        """
        model, point, size = self.fit.model, self.fit.modes[0].point, self._ahead
        tiny = 1e-4
        future = np.vstack([np.zeros((1, size)), tiny * np.eye(size)])
        ends = model.evidence.days + self.days * np.array(HORIZONS[1:])
        found = carried(model, self.days, np.tile(point, (size + 1, 1)), future[:, None])
        logs = np.column_stack([np.log(r.totals(0.0, ends)[:, 0]) for r in found.values()])
        return led((logs[1:] - logs[0]) / tiny)

    def draws(self) -> Draws:
        """Return all draws so far, weighted; chains where the weights cannot be trusted."""
        points = np.concatenate(self._points, axis=1).reshape(-1, self.fit.model.size)
        ahead = np.concatenate(self._futures, axis=1).reshape(-1, FUTURES, self._ahead)
        raw = np.concatenate(self._raw, axis=1).ravel()
        smoothed, khat = smoothed_weights(raw)
        effective = float(1 / (special.softmax(smoothed) ** 2).sum())
        if khat > KHAT or self._chained is not None:
            self._chained = self._chained or self._chains(
                points, smoothed, ahead, khat=khat, effective=effective
            )
            return self._chained
        tables = _joined(self._tables, len(raw) // REPLICATES)
        return Draws(points, tables, smoothed, ahead, khat, effective, chained=False)

    def _chains(
        self, points: Floats, weights: Floats, ahead: Floats, *, khat: float, effective: float
    ) -> Draws:
        """Return chains from the first draws of each replicate; more draws add none."""
        each = points.shape[0] // REPLICATES
        kept = np.arange(points.shape[0]).reshape(REPLICATES, each)[:, :CHAINS].ravel()
        number = min(each, CHAINS)
        model, proposal = self.fit.model, self.fit.proposal
        moved = chained(self.fit, points, weights.reshape(REPLICATES, -1), self.seed, number)
        still = np.zeros((1, moved.shape[0]))
        tables = tables_of(model, proposal.line, moved, still, proposal.widths[:1])
        flat = np.zeros(moved.shape[0])
        return Draws(moved, tables, flat, ahead[kept], khat, effective, chained=True)


def smoothed_weights(log_ratios: Floats) -> tuple[Floats, float]:
    """Return Pareto-smoothed log weights and the shape of their tail.

    Vehtari, Simpson, Gelman, Yao and Gabry (2024), "Pareto smoothed importance sampling", Journal
    of Machine Learning Research 25, 72, as computed by arviz-stats.
    """
    from arviz_stats.base import array_stats  # type: ignore[attr-defined]

    centred = log_ratios - log_ratios.max()
    if np.ptp(centred) < 1e-9:  # noqa: PLR2004 - equal weights have no tail
        return np.zeros_like(centred), 0.0
    with np.errstate(all="ignore"):
        smoothed, khat = array_stats.psislw(-centred)  # type: ignore[no-untyped-call]
    shape = float(khat)
    if np.isnan(smoothed).any():  # a few draws weigh all: there is no tail to smooth
        return centred, np.inf
    return np.asarray(smoothed, dtype=float), shape if np.isfinite(shape) else 0.0


def _joined(tables: list[Tables], each: int) -> Tables:
    """Join the tables of several blocks, replicate by replicate, on grids of equal length."""
    if len(tables) == 1:
        return tables[0]
    most = max(t.density.shape[1] for t in tables)
    padded = [t.padded(most) for t in tables]

    def joined(name: str) -> Floats:
        blocks = [getattr(t, name) for t in padded]
        shaped = [b.reshape(REPLICATES, -1, *b.shape[1:]) for b in blocks]
        return np.concatenate(shaped, axis=1).reshape(REPLICATES * each, *blocks[0].shape[1:])

    return Tables(*(joined(name) for name in ("low", "step", "density", "cdf", "log_mass")))
