"""Weighted draws from the posterior: the scale integrated, the shape by importance sampling.

A *line* through each draw multiplies its whole path by a factor and moves the errors of sources
along with it, as they go together in the posterior; along it the density is tabulated, whatever
the shapes of the claims. The other directions follow the normals fitted at the modes, a little
wider where the evidence speaks, by randomised quasi-Monte Carlo. The weights correct the rest.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import interpolate, linalg

from attrition._typing import Floats
from attrition.assimilation.model import Model, covered, heavy
from attrition.assimilation.modes import Mode

_INFORMED = 12  # leading directions in which the proposal is wider than the normal at the mode
NARROW = ((1.0, 1.0),)
"""How wide a proposal is, and how often: as the normals at the modes, where they are exact."""

WIDE = ((1.0, 0.8), (1.3, 0.2))
"""One in five wider where the evidence speaks, against tails that are heavier than normal."""

_REACH = 6.5  # standard deviations on either side of the modes that are scanned
_SCAN = 2.0  # spacing of the scan, in standard deviations
_FIRST = 17  # points of a table at first; a normal's are three quarters of a deviation apart
_FINER = 8  # points of the table for each of them, by splines of the log density
_MOST = 600  # points of a table at most
_ROUGH = 1e-5  # error of the density, as a share of its peak, that calls for a finer table
_ORDER = 7  # of the splines
_FALLEN = -18.0  # log density, from the peak, at the ends of a table
_STRETCHES = 8  # of a table
_TINY = 1e-300
_BLOCK = 2048  # draws that are tabulated at once


# ---------------------------------------------------------------------- the line


def line_of(model: Model, mode: Mode) -> Floats:
    """Return the direction of the line: 1 for the scale, and what the errors move with the total.

    By regression of the errors on the log of the total at the information date, at the mode.
    """
    rates = model.rates(mode.point[None])[model.evidence.root][0]
    days = covered(0.0, float(model.evidence.days), model.weeks)
    shares = rates * days / (rates @ days)
    gradient = np.zeros(model.size)
    gradient[0] = 1.0
    gradient[model.places["z"]] = model.walk @ shares
    solved = linalg.cho_solve((mode.factor, True), gradient)
    direction = np.zeros(model.size)
    u = model.places["u"]
    direction[u] = solved[u] / (gradient @ solved)
    direction[0] = 1.0
    return direction


def slopes_along(model: Model, direction: Floats) -> Floats:
    """Return the change of the log of each predicted figure along a line, shape (datum,)."""
    moved = np.array([0.0 if t.whole else 1.0 for t in model.evidence.terms])
    moved = np.concatenate([moved, np.ones(model.recorded.size)])
    return np.asarray(moved + direction[model.places["u"]] @ model.errors[0])


# ---------------------------------------------------------------------- the proposal


@dataclass(frozen=True, eq=False)
class Frame:
    """The directions of the proposal about one mode.

    Parameters
    ----------
    model : Model
    mode : Mode
    line : ndarray of float, shape (unknown,)
    """

    model: Model
    mode: Mode
    line: Floats

    @functools.cached_property
    def along(self) -> Floats:
        """The line in whitened coordinates, shape (unknown,)."""
        return np.asarray(self.mode.factor.T @ self.line)

    @functools.cached_property
    def rotation(self) -> Floats:
        """Orthonormal directions of the whitened space: the line, those informed, the rest."""
        gradients = linalg.solve_triangular(self.mode.factor, self._gradients().T, lower=True)
        unit = self.along / np.linalg.norm(self.along)
        gradients -= np.outer(unit, unit @ gradients)
        left, _, _ = np.linalg.svd(gradients, full_matrices=False)
        basis, _ = np.linalg.qr(np.column_stack([unit, left, np.eye(unit.size)]))
        return np.asarray(basis[:, : unit.size])

    def scores(self, points: Floats) -> Floats:
        """Return the standard scores of points in the rotated space, shape (point, unknown)."""
        return np.asarray((points - self.mode.point) @ (self.mode.factor @ self.rotation))

    def _gradients(self) -> Floats:
        """Return those of every datum, weighed by what it tells, and of the path's end."""
        model, point = self.model, self.mode.point
        told = -np.diag(model.told(model.predicted(point[None])[0])[2])
        ends = np.ones((model.weeks, 2))
        ends[:-1, 1] = 0.0
        weighed = model.slopes(point) * np.sqrt(np.maximum(told, 0.0))[:, None]
        return np.vstack([weighed, model.slopes_of(ends, point)])


@dataclass(frozen=True, eq=False)
class Component:
    """The proposal about one mode: its normal, wider where the evidence speaks.

    Parameters
    ----------
    frame : Frame
    wider : float
        Standard deviation in the directions that the evidence speaks of, in those at the mode.
    """

    frame: Frame
    wider: float = 1.0

    @property
    def mode(self) -> Mode:
        """The mode."""
        return self.frame.mode

    @functools.cached_property
    def widths(self) -> Floats:
        """Standard deviations of the scores in the rotated space, shape (unknown,)."""
        widths = np.ones(self.mode.point.size)
        widths[: min(_INFORMED, widths.size)] = self.wider
        return widths

    @functools.cached_property
    def spread(self) -> Floats:
        """Moves of the unknowns for unit scores, shape (unknown, unknown)."""
        return np.asarray(
            self.mode.placed(self.frame.rotation.T * self.widths[:, None]) - self.mode.point
        )

    def drawn(self, scores: Floats) -> Floats:
        """Return points for standard scores, shape (point, unknown)."""
        return np.asarray(self.mode.point + scores @ self.spread)

    def log_density(self, scores: Floats) -> Floats:
        """Return the log density, integrated along the line, at scores in the frame."""
        wide = min(_INFORMED, scores.shape[1])
        near, far = scores[:, 1:wide] / self.wider, scores[:, wide:]
        log = np.einsum("ps,ps->p", near, near) + np.einsum("ps,ps->p", far, far)
        length = float(np.linalg.norm(self.frame.along)) / self.wider
        fixed = float(np.log(np.diag(self.mode.factor)).sum() - np.log(self.widths).sum())
        return np.asarray(fixed - np.log(length) - 0.5 * log)


@dataclass(frozen=True, eq=False)
class Proposal:
    """The mixture of the proposals about the modes.

    Parameters
    ----------
    frames : tuple of Frame
        One a mode, the best first.
    often : ndarray of float, shape (mode,)
        How often each is drawn from.
    spreads : tuple of tuple
        How wide the proposal about each is, and how often.
    """

    frames: tuple[Frame, ...]
    often: Floats
    spreads: tuple[tuple[float, float], ...] = NARROW

    @property
    def line(self) -> Floats:
        """The direction that is integrated, shape (unknown,)."""
        return self.frames[0].line

    @functools.cached_property
    def parts(self) -> tuple[Component, ...]:
        """The normals that are mixed."""
        return tuple(Component(frame, wider) for frame in self.frames for wider, _ in self.spreads)

    @functools.cached_property
    def shares(self) -> Floats:
        """Their shares, shape (component,)."""
        return np.outer(self.often, [often for _, often in self.spreads]).ravel()

    @property
    def widths(self) -> Floats:
        """Standard deviation along the line of the normal at each mode, shape (mode,)."""
        return np.array([1 / float(np.linalg.norm(frame.along)) for frame in self.frames])

    def drawn(self, scores: Floats, uniform: Floats) -> Floats:
        """Return points for standard scores; ``uniform`` chooses the component."""
        chosen = np.searchsorted(np.cumsum(self.shares)[:-1], uniform, side="right")
        out = np.empty_like(scores)
        for index, part in enumerate(self.parts):
            rows = np.flatnonzero(chosen == index)
            if rows.size:
                out[rows] = part.drawn(scores[rows])
        return out

    def log_density(self, points: Floats) -> tuple[Floats, Floats]:
        """Return the log density integrated along the line, and each mode's centre on it.

        Returns
        -------
        log_density : ndarray of float, shape (point,)
        centres : ndarray of float, shape (mode, point)
            Places on the line, from the point.
        """
        scores = [frame.scores(points) for frame in self.frames]
        each = np.repeat(np.arange(len(scores)), len(self.spreads))
        logs = [
            np.log(share) + part.log_density(scores[index])
            for index, part, share in zip(each, self.parts, self.shares, strict=True)
        ]
        centres = -np.array([score[:, 0] for score in scores]) * self.widths[:, None]
        return np.logaddexp.reduce(logs, axis=0), centres


def proposal_of(model: Model, modes: Sequence[Mode], before: Proposal | None = None) -> Proposal:
    """Return the proposal of some modes, the best first; none has next to nothing.

    Parameters
    ----------
    model : Model
    modes : sequence of Mode
    before : Proposal, optional
        Whose directions serve again where the best mode is still the same.
    """
    evidence = np.array([mode.log_evidence for mode in modes])
    often = np.maximum(np.exp(evidence - evidence.max()), 0.03)
    held: dict[int, Frame] = {}
    if before is not None and before.frames[0].mode is modes[0]:
        held = {id(frame.mode): frame for frame in before.frames}
    line = held[id(modes[0])].line if held else line_of(model, modes[0])
    frames = tuple(held.get(id(mode)) or Frame(model, mode, line) for mode in modes)
    return Proposal(frames, often / often.sum())


# ---------------------------------------------------------------------- tables along the line


@dataclass(frozen=True, slots=True)
class Tables:
    """The conditional distribution of the place on the line, for each draw.

    Parameters
    ----------
    low, step : ndarray of float, shape (draw,)
        First point and spacing of the even grid of each draw.
    density, cdf : ndarray of float, shape (draw, point)
        Conditional density, and its integral from the first point.
    log_mass : ndarray of float, shape (draw,)
        Log of the integral of the joint density along the line.
    """

    low: Floats
    step: Floats
    density: Floats
    cdf: Floats
    log_mass: Floats

    def padded(self, points: int) -> Tables:
        """Return the same tables on longer grids: nothing lies beyond the old ones."""
        more = points - self.density.shape[1]
        return Tables(
            self.low,
            self.step,
            np.pad(self.density, ((0, 0), (0, more))),
            np.pad(self.cdf, ((0, 0), (0, more)), constant_values=1.0),
            self.log_mass,
        )

    def places(self) -> Floats:
        """Return the grids, shape (draw, point)."""
        return self.low[:, None] + self.step[:, None] * np.arange(self.density.shape[1])

    def reweighted(self, log_factor: Floats) -> tuple[Tables, Floats]:
        """Return the tables with the density multiplied, and the log of each mass over the old.

        Parameters
        ----------
        log_factor : ndarray of float, shape (draw, point)
            Log of the factor on the grids.
        """
        with np.errstate(divide="ignore"):
            logs = np.log(self.density) + log_factor
        top = logs.max(axis=1, keepdims=True)
        density = np.exp(logs - top)
        mass = _integral(density, self.step)
        change = np.log(mass[:, -1]) + top[:, 0]
        density /= mass[:, -1:]
        made = Tables(self.low, self.step, density, mass / mass[:, -1:], self.log_mass + change)
        return made, change

    def survival(self, place: Floats) -> Floats:
        """Return P(place on the line >= ``place``) by draw; shape of ``place``, (draw, ...)."""
        extra = (1,) * (place.ndim - 1)
        low, step = (v.reshape(-1, *extra) for v in (self.low, self.step))
        points = self.density.shape[1]
        at = np.clip((place - low) / step, 0.0, points - 1.000001)
        cell = at.astype(np.intp)
        t = at - cell
        index = np.arange(self.low.size).reshape(-1, *extra) * points + cell
        left, right = self.cdf.ravel()[index], self.cdf.ravel()[index + 1]
        d0 = self.density.ravel()[index] * step
        d1 = self.density.ravel()[index + 1] * step
        u = 1.0 - t
        found = u * u * ((1 + 2 * t) * left + t * d0) + t * t * ((3 - 2 * t) * right - u * d1)
        return np.asarray(np.clip(1.0 - found, 0.0, 1.0))

    def quantiles(self, probability: Floats) -> Floats:
        """Return places on the line for probabilities, shape (draw, probability)."""
        wanted = np.broadcast_to(probability, (self.low.size, np.shape(probability)[-1]))
        out = np.empty(wanted.shape)
        for column, p in enumerate(wanted.T):
            right = np.clip((self.cdf < p[:, None]).sum(axis=1), 1, self.cdf.shape[1] - 1)
            pair = np.take_along_axis(self.cdf, right[:, None] - np.array([1, 0]), axis=1)
            share = (p - pair[:, 0]) / np.maximum(pair[:, 1] - pair[:, 0], _TINY)
            out[:, column] = self.low + self.step * (right - 1 + np.clip(share, 0.0, 1.0))
        return out


def tables_of(
    model: Model, line: Floats, points: Floats, centres: Floats, widths: Floats
) -> Tables:
    """Tabulate the joint density along the line through each point.

    The line is scanned roughly where the normals at the modes lie, then tabulated where its
    density is not negligible, as finely as that calls for.

    Parameters
    ----------
    model : Model
    line : ndarray of float, shape (unknown,)
    points : ndarray of float, shape (point, unknown)
    centres : ndarray of float, shape (mode, point)
        Places on the line about which the density is expected.
    widths : ndarray of float, shape (mode,)
        Rough standard deviation about each.
    """
    blocks = [slice(i, i + _BLOCK) for i in range(0, points.shape[0], _BLOCK)]
    profiles = [_Profile.of(model, line, points[rows]) for rows in blocks]

    def on(places: Floats) -> Floats:
        found = [p.on(places[rows]) for p, rows in zip(profiles, blocks, strict=True)]
        return np.concatenate(found)

    low, high = _told(on, centres, widths)
    number = _FIRST
    logs = on(low[:, None] + (high - low)[:, None] * np.linspace(0, 1, number))
    while 2 * number - 1 <= _MOST and _roughness(logs) > _ROUGH:
        every = np.empty((logs.shape[0], 2 * number - 1))
        every[:, ::2] = logs
        middle = (np.arange(number - 1) + 0.5) / (number - 1)
        every[:, 1::2] = on(low[:, None] + (high - low)[:, None] * middle)
        logs, number = every, 2 * number - 1
    step = (high - low) / (number - 1) / _FINER
    logs = logs @ _spline(number, np.arange(_FINER * (number - 1) + 1) / _FINER)
    top = logs.max(axis=1, keepdims=True)
    density = np.exp(logs - top)
    mass = _integral(density, step)
    density /= mass[:, -1:]
    return Tables(low, step, density, mass / mass[:, -1:], np.log(mass[:, -1]) + top[:, 0])


def _told(on: Callable[[Floats], Floats], centres: Floats, widths: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the stretch of the line of each draw outside which next to nothing lies.

    Parameters
    ----------
    on : callable
        Log density on places, shape (draw, place).
    centres : ndarray of float, shape (mode, draw)
    widths : ndarray of float, shape (mode,)
    """
    low = (centres - _REACH * widths[:, None]).min(axis=0)
    high = (centres + _REACH * widths[:, None]).max(axis=0)
    number = int(np.ceil((high - low).max() / widths.min() / _SCAN)) + 1
    places = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, min(number, _MOST))
    logs = on(places)
    stride = 0.5 * _REACH * widths.max()
    for _ in range(_STRETCHES):
        # where the density has not fallen off at an end, the scan goes on beyond it
        short = (logs[:, [0, -1]] - logs.max(axis=1, keepdims=True) > _FALLEN).any(axis=0)
        if not short.any():
            break
        ends = np.column_stack([places[:, 0] - stride, places[:, -1] + stride])[:, short]
        found, left = on(ends), int(short[0])
        places = np.column_stack([ends[:, :left], places, ends[:, left:]])
        logs = np.column_stack([found[:, :left], logs, found[:, left:]])
    above = logs - logs.max(axis=1, keepdims=True) - _FALLEN
    return _first(places, above), _first(places[:, ::-1], above[:, ::-1])


def _first(places: Floats, height: Floats) -> Floats:
    """Return where a height first rises above zero, in a straight line between two places."""
    right = np.clip((height > 0).argmax(axis=1), 1, None)
    rows = np.arange(height.shape[0])
    down, up = height[rows, right - 1], height[rows, right]
    share = np.clip(-down / np.where(up > down, up - down, 1.0), 0.0, 1.0)
    at = places[rows, right - 1]
    return np.asarray(at + share * (places[rows, right] - at))


def _spline(number: int, places: Floats) -> Floats:
    """Return weights of values at 0, 1, 2 ... in the spline through them, shape (value, place)."""
    made = interpolate.make_interp_spline(np.arange(number), np.eye(number), k=min(_ORDER, number))
    return np.asarray(made(places)).T


def _roughness(logs: Floats) -> float:
    """Return how far off a spline through every other point is, over 64: how far off that of all.

    As a share of the largest density, averaged over draws.
    """
    half = (logs.shape[1] + 1) // 2
    guess = logs[:, ::2] @ _spline(half, np.arange(half - 1) + 0.5)
    top = logs.max(axis=1, keepdims=True)
    gap = np.exp(np.minimum(guess - top, 0.0)) - np.exp(logs[:, 1::2] - top)
    return float(np.abs(gap).max(axis=1).mean()) / 64


@dataclass(frozen=True, eq=False)
class _Profile:
    """The joint density along the line through each of some points.

    Parameters
    ----------
    likelihood : callable
        Log likelihood on places, shape (point, place).
    own, normals : ndarray of float, shape (point, unknown)
        Errors of sources: constant and drifting; ``turn`` and ``twist`` their change.
    fixed : ndarray of float, shape (point,)
        Log prior of what does not move.
    """

    likelihood: Callable[[Floats], Floats]
    own: Floats
    turn: Floats
    normals: Floats
    twist: Floats
    fixed: Floats

    @classmethod
    def of(cls, model: Model, line: Floats, points: Floats) -> _Profile:
        """Return the profile of points along a line."""
        u, nodes = model.places["u"], len(model.network.series)
        return cls(
            model.along(model.predicted(points), slopes_along(model, line)),
            points[:, u][:, :nodes],
            line[u][:nodes],
            points[:, u][:, nodes:],
            line[u][nodes:],
            -0.5 * (points[:, 1 : u.start] ** 2).sum(axis=1),
        )

    def on(self, places: Floats) -> Floats:
        """Return the log density on places, shape (point, place)."""
        out = self.likelihood(places) + self.fixed[:, None]
        for own, turn in zip(self.own.T, self.turn, strict=True):
            out += heavy(own[:, None] + places * turn)[0]
        if self.normals.size:
            a, b, c = (
                (self.normals**2).sum(axis=1),
                self.normals @ self.twist,
                self.twist @ self.twist,
            )
            out -= 0.5 * (a[:, None] + (2 * b[:, None] + c * places) * places)
        return out


def _integral(density: Floats, step: Floats) -> Floats:
    """Return the running integral of a smooth density on an even grid (fourth order)."""
    inner = 0.5 * (density[:, 1:] + density[:, :-1])
    slope = np.gradient(density, axis=1)
    inner -= (slope[:, 1:] - slope[:, :-1]) / 12
    out = np.zeros_like(density)
    np.cumsum(np.maximum(inner, 0.0) * step[:, None], axis=1, out=out[:, 1:])
    return out
