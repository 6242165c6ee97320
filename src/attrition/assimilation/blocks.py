"""Figures whose sources share errors, with those errors integrated.

Given how widely the sources err and how fast they drift, the errors are normal, so that the
residuals of the figures from the path are jointly normal; the density is a mixture over a few such
settings. Each reading enters with its mean and variance on the log scale. A floor enters as the
probability that the source's figure, given its others, lies above it.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg, special

from attrition._typing import Floats
from attrition.assimilation.network import (
    RATE_WEIGHTS,
    RATES,
    WEIGHTS,
    WIDTHS,
    Network,
)
from attrition.assimilation.readings import LogReading

_SEVERAL = 2  # figures of a source from which its drift can be told
_MEASURED = 2  # sources of a block whose drifts are unknown; those of others are as stated


@dataclass(frozen=True, eq=False)
class Setting:
    """One setting of widths and drifts.

    Parameters
    ----------
    log_weight : float
    width : float
    faster : ndarray of float, shape (node,)
    root : ndarray of float, shape (figure, figure)
        Inverse of the lower Cholesky factor of the residuals' covariance.
    log_det : float
        Log of the determinant of ``root``.
    lift : ndarray of float, shape (floor, figure)
        Conditional mean of the error at each floor, as weights on the residuals.
    softness : ndarray of float, shape (floor,)
        Its conditional standard deviation, with that of the floor itself.
    """

    log_weight: float
    width: float
    faster: Floats
    root: Floats
    log_det: float
    lift: Floats
    softness: Floats


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
    """

    figures: np.ndarray
    floors: np.ndarray
    about: tuple[tuple[int, float], ...]
    centres: Floats
    bounds: Floats
    settings: tuple[Setting, ...]

    def log_density(
        self, eta: Floats, slopes: Floats | None = None, places: Floats | None = None
    ) -> Floats:
        """Return the log likelihood at predicted log figures, less the integrated errors.

        Parameters
        ----------
        eta : ndarray of float, shape (point, term)
        slopes : ndarray of float, shape (term,), optional
            Change of each along a line.
        places : ndarray of float, shape (point, place), optional
            Places on the line; the predictions themselves when left out.

        Returns
        -------
        ndarray of float, shape (point, place), or (point,) without places
        """
        terms = self.terms(eta, slopes, places)
        found = special.logsumexp(terms, axis=0)
        return np.asarray(found[:, 0] if places is None else found)

    def terms(
        self, eta: Floats, slopes: Floats | None = None, places: Floats | None = None
    ) -> Floats:
        """Return the log of weight times density of each setting, (setting, point, place)."""
        where = np.zeros((eta.shape[0], 1)) if places is None else places
        turn = np.zeros(eta.shape[1]) if slopes is None else slopes
        residual, bend = self.centres - eta[:, self.figures], -turn[self.figures]
        weights, _, along, _ = self._stacked
        roots = np.array([held.root for held in self.settings])
        score, moved = residual @ np.swapaxes(roots, 1, 2), roots @ bend
        a, b = (score**2).sum(axis=2), (score @ moved[..., None])[..., 0]
        c = (moved**2).sum(axis=1)[:, None, None]
        out = weights[:, None, None] - 0.5 * (a[..., None] + (2 * b[..., None] + c * where) * where)
        if self.floors.size:
            above, rise = eta[:, self.floors] - self.bounds, turn[self.floors]
            gap = np.concatenate([-residual, above], axis=1) @ np.swapaxes(along, 1, 2)
            slope = along @ np.concatenate([-bend, rise])
            for f in range(self.floors.size):
                out += special.log_ndtr(gap[:, :, f, None] + slope[:, None, f, None] * where)
        return np.asarray(out)

    @functools.cached_property
    def _stacked(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Weights, precisions, and directions and softness of floors, of all settings."""
        weights = np.array([held.log_weight + held.log_det for held in self.settings])
        precisions = np.array([held.root.T @ held.root for held in self.settings])
        lifts = np.array([held.lift for held in self.settings])
        softness = np.array([held.softness for held in self.settings])
        floors = np.broadcast_to(
            np.eye(self.floors.size), (len(self.settings), *[self.floors.size] * 2)
        )
        along = np.concatenate([-lifts, floors], axis=2) / softness[..., None]
        return weights, precisions, along, softness

    def expansion(self, eta: Floats) -> tuple[float, Floats, Floats, np.ndarray]:
        """Return value, gradient and Hessian at one point, and the terms they are about."""
        which = np.concatenate([self.figures, self.floors])
        number = self.figures.size
        weights, precisions, along, _ = self._stacked
        residual, above = self.centres - eta[self.figures], eta[self.floors] - self.bounds
        pulled = precisions @ residual
        values = weights - 0.5 * pulled @ residual
        slopes = np.zeros((values.size, which.size))
        slopes[:, :number] = pulled
        gap = along @ np.concatenate([-residual, above])
        log = special.log_ndtr(gap)
        mills = np.exp(-0.5 * gap**2 - 0.5 * np.log(2 * np.pi) - log)
        slopes += np.einsum("mf,mfw->mw", mills, along)
        values = values + log.sum(axis=1)
        top = float(values.max())
        share = np.exp(values - top)
        total = top + float(np.log(share.sum()))
        share /= share.sum()
        slope = share @ slopes
        bend = (slopes.T * share) @ slopes - np.outer(slope, slope)
        bend[:number, :number] -= np.tensordot(share, precisions, 1)
        pinch = share[:, None] * mills * (gap + mills)
        bend -= np.einsum("mf,mfv,mfw->vw", pinch, along, along, optimize=True)
        return total, slope, bend, which

    def faster(self, eta: Floats) -> Block | None:
        """Return the block with only those settings in which sources drift faster than they seem.

        Parameters
        ----------
        eta : ndarray of float, shape (term,)
            Predicted log figures, at which the likeliest setting is looked up.

        Returns
        -------
        Block or None
            None where no drift is unknown, or none can be faster.
        """
        top = self.settings[int(np.argmax(self.terms(eta[None])[:, 0, 0]))]
        rates = np.array([held.faster for held in self.settings])
        unknown = np.flatnonzero(np.ptp(rates, axis=0) > 0)
        kept = np.asarray((rates[:, unknown] > top.faster[unknown]).all(axis=1))
        if not unknown.size or not kept.any():
            return None
        settings = tuple(self.settings[i] for i in np.flatnonzero(kept))
        return dataclasses.replace(self, settings=settings)

    def error(self, network: Network, node: int, day: float) -> list[tuple[Floats, float]]:
        """Return, for each setting, an integrated error given the residuals.

        Returns
        -------
        list of (weights on the residuals, standard deviation)
        """
        found = []
        for held in self.settings:
            cross = network.covariance([(node, day)], self.about, held.width, held.faster)[0]
            own = float(
                network.covariance([(node, day)], [(node, day)], held.width, held.faster)[0, 0]
            )
            score = held.root @ cross
            found.append((held.root.T @ score, float(np.sqrt(max(own - score @ score, 0.0)))))
        return found


def block_of(
    network: Network,
    index: Sequence[int],
    about: Sequence[tuple[int, float]],
    readings: Sequence[LogReading],
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
    """
    told = [i for i, reading in enumerate(readings) if not reading.floor]
    bound = [i for i, reading in enumerate(readings) if reading.floor]
    figures = [(about[i], readings[i]) for i in told]
    floors = [(about[i], readings[i]) for i in bound]
    settings = [
        _setting(network, figures, floors, log_weight, width, faster=faster)
        for log_weight, width, faster in _settings(network, [about[i][0] for i in told])
    ]
    return Block(
        np.array([index[i] for i in told], dtype=np.intp),
        np.array([index[i] for i in bound], dtype=np.intp),
        tuple(about[i] for i in told),
        np.array([readings[i].centre for i in told]),
        np.array([readings[i].centre for i in bound]),
        tuple(settings),
    )


def _settings(network: Network, told: Sequence[int]) -> list[tuple[float, float, Floats]]:
    """Return (log weight, width, drifts) of every setting; the busiest sources' drifts vary."""
    counts = {node: told.count(node) for node in told}
    several = [node for node in counts if counts[node] >= _SEVERAL and network.rates[node] > 0]
    several = sorted(several, key=lambda node: (-counts[node], node))[:_MEASURED]
    out = []
    for weight, width in zip(WEIGHTS, WIDTHS, strict=True):
        for chosen in itertools.product(range(RATES.size), repeat=len(several)):
            faster = np.ones(len(network.nodes))
            faster[several] = RATES[list(chosen)]
            log = np.log(weight) + np.log(RATE_WEIGHTS[list(chosen)]).sum()
            out.append((float(log), float(width), faster))
    return out


_Told = Sequence[tuple[tuple[int, float], LogReading]]
"""Terms: (node, day) and reading."""


def _setting(
    network: Network, told: _Told, bound: _Told, log_weight: float, width: float, *, faster: Floats
) -> Setting:
    number, about = len(told), [pair for pair, _ in told]
    root = np.zeros((0, 0))
    if number:
        covariance = network.covariance(about, about, width, faster)
        covariance += np.diag([reading.spread**2 for _, reading in told])
        lower = linalg.cholesky(covariance, lower=True)
        root = linalg.solve_triangular(lower, np.eye(number), lower=True)
    log_det = float(np.log(np.diag(root)).sum()) - 0.5 * number * np.log(2 * np.pi)
    lift, softness = np.zeros((len(bound), number)), np.zeros(len(bound))
    for f, (pair, reading) in enumerate(bound):
        cross = network.covariance([pair], about, width, faster)[0] if number else np.zeros(0)
        score = root @ cross
        own = float(network.covariance([pair], [pair], width, faster)[0, 0])
        lift[f] = root.T @ score
        softness[f] = np.sqrt(max(own - float(score @ score), 0.0) + reading.spread**2)
    return Setting(log_weight, width, faster, root, log_det, lift, softness)
