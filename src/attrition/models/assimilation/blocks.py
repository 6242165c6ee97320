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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.core.numerics import log_ndtr
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

_NEGLIGIBLE = -23.0  # log of the share of a setting, of that of the likeliest, that is left out
_MANY = 12  # places from which on settings are left out
_RARE = 0.02  # share of a setting in the posterior, below which it is no mode of its own
_OTHER = 0.1  # distance of its posterior from that of all (Kullback and Leibler's), likewise
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
    repeats : tuple of int
        Nodes that print a recorded count: their figures tell nothing, wherever the path is.
    """

    log_weight: float
    width: float
    faster: Floats
    root: Floats
    log_det: float
    lift: Floats
    softness: Floats
    repeats: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Along:
    """The density of a block on a line through each of some points, setting by setting.

    But for the floors the log density is a + (b + c w) w at place w; the gap at a floor, in
    standard deviations, is d + e w.

    Parameters
    ----------
    a, b : ndarray of float, shape (setting, point)
    c : ndarray of float, shape (setting, 1)
    d : ndarray of float, shape (setting, point, floor)
    e : ndarray of float, shape (setting, 1, floor)
    """

    a: Floats
    b: Floats
    c: Floats
    d: Floats
    e: Floats

    def terms(self, place: Floats, out: Floats | None = None) -> Floats:
        """Return the log of weight times density at one place of each point, (setting, point)."""
        out = np.multiply(self.c, place, out=out)
        out += self.b
        out *= place
        out += self.a
        for f in range(self.d.shape[2]):
            out += log_ndtr(self.d[..., f] + self.e[..., f] * place)
        return np.asarray(out)

    def __call__(self, places: Floats) -> Floats:
        """Return the log density, shape (point, place)."""
        along = self
        if places.shape[1] > _MANY:
            some = places[:, [0, places.shape[1] // 2, -1]]
            heights = np.stack([self.terms(place) for place in some.T])
            kept = (heights > heights.max(axis=1, keepdims=True) + _NEGLIGIBLE).any(axis=(0, 2))
            along = Along(self.a[kept], self.b[kept], self.c[kept], self.d[kept], self.e[kept])
        out, logs = np.empty(places.shape[::-1]), np.empty(along.a.shape)
        for g, place in enumerate(places.T):
            along.terms(place, logs)
            top = logs.max(axis=0)
            np.exp(np.subtract(logs, top, out=logs), out=logs)
            np.add(np.log(logs.sum(axis=0)), top, out=out[g])
        return out.T


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

    def terms(
        self, eta: Floats, slopes: Floats | None = None, places: Floats | None = None
    ) -> Floats:
        """Return the log of weight times density of each setting, (setting, point, place)."""
        where = np.zeros((eta.shape[0], 1)) if places is None else places
        along = self.along(eta, slopes)
        return np.stack([along.terms(place) for place in where.T], axis=2)

    @functools.cached_property
    def _stacked(self) -> tuple[Floats, ...]:
        """Weights, roots, precisions, lifts and softnesses of all settings."""
        roots = np.array([setting.root for setting in self.settings])
        return (
            np.array([setting.log_weight + setting.log_det for setting in self.settings]),
            roots,
            np.swapaxes(roots, 1, 2) @ roots,
            np.array([setting.lift for setting in self.settings]),
            np.array([setting.softness for setting in self.settings]),
        )

    @property
    def content(self) -> bytes:
        """All numbers that the density depends on besides the predicted figures."""
        return b"".join(part.tobytes() for part in (self.centres, self.bounds, *self._stacked))

    def along(self, eta: Floats, slopes: Floats | None = None) -> Along:
        """Return the density on the line through each point, as a function of the place."""
        logs, roots, _, lift, softness = self._stacked
        turn = np.zeros(eta.shape[1]) if slopes is None else slopes
        residual, bend = self.centres - eta[:, self.figures], -turn[self.figures]
        above, rise = eta[:, self.floors] - self.bounds, turn[self.floors]
        moved, figures = roots @ bend, np.ascontiguousarray(residual.T)
        a, b = np.empty((2, len(roots), len(eta)))
        for m, root in enumerate(roots):  # of all settings at once they would fill the memory
            scores = root @ figures
            np.einsum("fp,fp->p", scores, scores, out=a[m])
            np.matmul(-moved[m], scores, out=b[m])
        a *= -0.5
        a += logs[:, None]
        c = -0.5 * (moved**2).sum(axis=1)[:, None]
        gap = (above + residual @ np.swapaxes(lift, 1, 2)) / softness[:, None]
        slope = (rise + lift @ bend) / softness
        return Along(a, b, c, gap, slope[:, None])

    def expansion(self, eta: Floats) -> tuple[float, Floats, Floats, np.ndarray]:
        """Return value, gradient and Hessian at one point, and the terms they are about."""
        logs, _, precision, lift, softness = self._stacked
        which = np.concatenate([self.figures, self.floors])
        number = self.figures.size
        residual, above = self.centres - eta[self.figures], eta[self.floors] - self.bounds
        pulls = precision @ residual
        values = logs - 0.5 * pulls @ residual
        slopes = np.zeros((len(self.settings), which.size))
        slopes[:, :number] = pulls
        gap = (above + lift @ residual) / softness
        tail = special.log_ndtr(gap)
        values += tail.sum(axis=1)
        mills = np.exp(-0.5 * gap**2 - 0.5 * np.log(2 * np.pi) - tail)
        along = np.concatenate(
            [-lift, np.broadcast_to(np.eye(self.floors.size), (*gap.shape, self.floors.size))], 2
        )
        along /= softness[..., None]
        slopes += np.einsum("mf,mfj->mj", mills, along)
        total = float(np.logaddexp.reduce(values))
        share = np.exp(values - total)
        slope = share @ slopes
        bend = (slopes * share[:, None]).T @ slopes - np.outer(slope, slope)
        bend[:number, :number] -= np.tensordot(share, precision, 1)
        falls = share[:, None] * mills * (gap + mills)
        bend -= np.einsum("mf,mfj,mfk->jk", falls, along, along)
        return total, slope, bend, which

    def elsewhere(self, eta: Floats, covariance: Floats) -> Iterator[Block]:
        """Yield the block with one setting: of each by which the posterior is likely another.

        As if it were normal, and without the floors.

        Parameters
        ----------
        eta : ndarray of float, shape (term,)
            Predicted log figures at its mode.
        covariance : ndarray of float, shape (figure, figure)
            Theirs, in the normal at the mode.
        """
        log, _, precision, _, _ = self._stacked
        residual = self.centres - eta[self.figures]
        pulls = precision @ residual
        log = log - 0.5 * pulls @ residual
        log -= np.logaddexp.reduce(log)
        share = np.exp(log)
        slope = share @ pulls
        known = np.tensordot(share, precision - pulls[:, None] * pulls[..., None], 1)
        away = pulls - slope
        change = precision - np.asarray(known + np.outer(slope, slope))
        turn = np.linalg.inv(np.eye(slope.size) + covariance @ change)
        wider: Floats = np.linalg.slogdet(turn).logabsdet
        moved = np.einsum("mfg,mg->mf", np.swapaxes(turn, 1, 2), away)
        shift = np.einsum("mf,fg,mg->m", moved, covariance, moved)
        log += 0.5 * (wider + np.einsum("mf,fg,mg->m", moved, covariance, away))
        distance = 0.5 * (np.trace(turn, axis1=1, axis2=2) - slope.size - wider + shift)
        for row in np.flatnonzero((log > np.log(_RARE)) & (distance > _OTHER)).tolist():
            yield dataclasses.replace(self, settings=(self.settings[row],))

    def error(self, network: Network, node: int, day: float) -> list[tuple[Floats, float]]:
        """Return, for each setting, an integrated error given the residuals.

        Returns
        -------
        list of (weights on the residuals, standard deviation)
        """
        errors = []
        for setting in self.settings:
            cross = network.covariance([(node, day)], self.about, setting.width, setting.faster)[0]
            own = float(
                network.covariance([(node, day)], [(node, day)], setting.width, setting.faster)[
                    0, 0
                ]
            )
            score = setting.root @ cross
            errors.append((setting.root.T @ score, float(np.sqrt(max(own - score @ score, 0.0)))))
        return errors


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
    settings = [
        setting
        for repeats, often in _repeated(reports)
        for setting in _worked_out(
            network, reports, repeats, _settings(network, reports, repeats, often)
        )
    ]
    terms = np.array([index[i] for i in order], dtype=np.intp)
    return Block(
        terms[:number],
        terms[number:],
        tuple(reports.about[:number]),
        reports.centres[:number],
        reports.centres[number:],
        tuple(settings),
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
) -> tuple[Floats, Floats, Floats]:
    """Return log weight, width and drifts of every setting; the busiest sources' drifts vary."""
    nodes = [node for node, _ in reports.about[: reports.figures]]
    several = [
        node
        for node in reports.busiest(np.arange(len(reports.about)) < reports.figures)
        if nodes.count(node) >= _SEVERAL and network.rates[node] > 0
    ]
    several = [node for node in several[:_MEASURED] if node not in repeats]
    out = []
    for weight, width in zip(WEIGHTS, WIDTHS, strict=True):
        for chosen in itertools.product(range(RATES.size), repeat=len(several)):
            faster = np.ones(len(network.nodes))
            faster[several] = RATES[list(chosen)]
            log = often + np.log(weight) + np.log(RATE_WEIGHTS[list(chosen)]).sum()
            out.append((float(log), float(width), faster))
    logs, widths, drifts = (np.array(part) for part in zip(*out, strict=True))
    return logs, widths, drifts


def _worked_out(
    network: Network,
    reports: _BlockReports,
    repeats: tuple[int, ...],
    settings: tuple[Floats, Floats, Floats],
) -> list[Setting]:
    """Return the settings with what the density needs under each of them."""
    logs, widths, faster = settings
    copied = np.array([node in repeats for node, _ in reports.about]) & ~np.isnan(reports.recorded)
    floor = np.arange(copied.size) >= reports.figures
    kept, above = np.flatnonzero(~copied & ~floor), np.flatnonzero(~copied & floor)
    about, pairs = ([reports.about[i] for i in which] for which in (kept, above))
    covariances = network.covariances(about, about, widths, faster) + np.diag(
        reports.spreads[kept] ** 2
    )
    small = np.tril(np.linalg.inv(np.linalg.cholesky(covariances)))
    diagonals = np.diagonal(small, axis1=1, axis2=2)
    log_dets = np.log(diagonals).sum(axis=1) - 0.5 * kept.size * np.log(2 * np.pi)
    scores = network.covariances(pairs, about, widths, faster) @ np.swapaxes(small, 1, 2)
    own = np.diagonal(network.covariances(pairs, pairs, widths, faster), axis1=1, axis2=2)
    left = np.maximum(own - (scores**2).sum(axis=2), 0.0)
    roots = np.zeros((logs.size, reports.figures, reports.figures))
    roots[:, kept[:, None], kept] = small
    lifts = np.zeros((logs.size, copied.size - reports.figures, reports.figures))
    lifts[:, above[:, None] - reports.figures, kept] = scores @ small
    softness = np.full((logs.size, copied.size - reports.figures), np.inf)
    softness[:, above - reports.figures] = np.sqrt(left + reports.spreads[above] ** 2)
    logs = logs + _as_recorded(reports, copied & ~floor, copied & floor)
    return [
        Setting(float(log), float(width), drifts, root, float(log_det), lift, soft, repeats)
        for log, width, drifts, root, log_det, lift, soft in zip(
            logs, widths, faster, roots, log_dets, lifts, softness, strict=True
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
