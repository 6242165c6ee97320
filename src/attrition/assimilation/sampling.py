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
from scipy import interpolate, linalg, special

from attrition._typing import Floats
from attrition.assimilation.model import Model, covered, heavy
from attrition.assimilation.modes import Mode

_INFORMED = 12  # leading directions in which the proposal is wider than the normal at the mode
NARROW = ((1.0, 1.0),)
"""How wide a proposal is, and how often: as the normals at the modes."""

WIDE = ((1.0, 0.8), (1.3, 0.2))
"""One in five wider where the evidence speaks, against tails that are heavier than normal."""

_STEP = 0.8  # spacing of what is computed along the line, in standard deviations of its normal
_FINER = 8  # points of the table for each of them, by cubic splines of the log density
_REACH = 7.0  # standard deviations on either side
_MOST = 600  # points of a table at most
_ROUGH = 1e-5  # error of the density, as a share of its peak, that calls for a finer table
_ORDER = 7  # of the splines
_FALLEN = -18.0  # log density, from the peak, at the ends of a table
_STRETCHES = 8  # of a table
_ROUNDS = 5  # of Newton's method along the line
_STRIDE = 4.0  # longest step of it, in standard deviations
_NEAR = 0.2  # longest step at which the mode is near enough
_FLAT = 0.05  # least curvature that is one
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
class Component:
    """The proposal about one mode: its normal, wider where the evidence speaks.

    Parameters
    ----------
    model : Model
    mode : Mode
    line : ndarray of float, shape (unknown,)
    wider : float
        Standard deviation in the directions that the evidence speaks of, in those at the mode.
    """

    model: Model
    mode: Mode
    line: Floats
    wider: float = 1.0

    @functools.cached_property
    def along(self) -> Floats:
        """The line in whitened coordinates, shape (unknown,)."""
        return np.asarray(self.mode.factor.T @ self.line)

    @functools.cached_property
    def rotation(self) -> Floats:
        """Orthonormal directions of the whitened space: the line, those informed, the rest."""
        base, tiny = self.mode.point, 1e-5
        moves = self.mode.placed(tiny * np.eye(base.size)) - base
        gradients = (self._outputs(base + moves) - self._outputs(base - moves)) / (2 * tiny)
        unit = self.along / np.linalg.norm(self.along)
        gradients -= np.outer(unit, unit @ gradients)
        left, _, _ = np.linalg.svd(gradients, full_matrices=False)
        basis, _ = np.linalg.qr(np.column_stack([unit, left, np.eye(base.size)]))
        return np.asarray(basis[:, : base.size])

    def _outputs(self, points: Floats) -> Floats:
        """Return what is looked at: every datum, weighed by what it tells, and the path's end."""
        eta = self.model.predicted(points)
        told = -np.diag(self.model.told(eta[0])[2])
        rates = self.model.rates(points)
        last = [np.log(rate.sum(axis=1)) for rate in rates.values()]
        last += [np.log(rate[:, -1]) for rate in rates.values()]
        return np.column_stack([eta * np.sqrt(np.maximum(told, 0.0)), *last])

    @functools.cached_property
    def widths(self) -> Floats:
        """Standard deviations of the scores in the rotated space, shape (unknown,)."""
        widths = np.ones(self.model.size)
        widths[: min(_INFORMED, widths.size)] = self.wider
        return widths

    @functools.cached_property
    def spread(self) -> Floats:
        """Moves of the unknowns for unit scores, shape (unknown, unknown)."""
        return np.asarray(
            self.mode.placed(self.rotation.T * self.widths[:, None]) - self.mode.point
        )

    @functools.cached_property
    def gathered(self) -> Floats:
        """Weights of the unknowns in the scores, shape (unknown, unknown)."""
        return np.asarray(self.mode.factor @ self.rotation / self.widths)

    def drawn(self, scores: Floats) -> Floats:
        """Return points for standard scores, shape (point, unknown)."""
        return np.asarray(self.mode.point + scores @ self.spread)

    def log_density(self, points: Floats) -> tuple[Floats, Floats]:
        """Return the log density integrated along the line, and the centre of the normal on it."""
        scores = (points - self.mode.point) @ self.gathered
        length = float(np.linalg.norm(self.along)) / self.widths[0]
        log = -0.5 * np.einsum("ps,ps->p", scores[:, 1:], scores[:, 1:])
        log += float(np.log(np.diag(self.mode.factor)).sum() - np.log(self.widths).sum())
        log -= np.log(length)
        return log, -scores[:, 0] / length


@dataclass(frozen=True, eq=False)
class Proposal:
    """The mixture of the proposals about the modes.

    Parameters
    ----------
    parts : tuple of Component
    shares : ndarray of float, shape (component,)
    line : ndarray of float, shape (unknown,)
    """

    parts: tuple[Component, ...]
    shares: Floats
    line: Floats

    def drawn(self, scores: Floats, uniform: Floats) -> Floats:
        """Return points for standard scores; ``uniform`` chooses the component."""
        chosen = np.searchsorted(np.cumsum(self.shares)[:-1], uniform, side="right")
        out = np.empty_like(scores)
        for index, part in enumerate(self.parts):
            rows = np.flatnonzero(chosen == index)
            if rows.size:
                out[rows] = part.drawn(scores[rows])
        return out

    @property
    def width(self) -> float:
        """Standard deviation along the line of the normal at the best mode."""
        return 1 / float(np.linalg.norm(self.parts[0].along))

    def log_density(self, points: Floats) -> tuple[Floats, Floats]:
        """Return the log density integrated along the line, and each mode's centre on it.

        Returns
        -------
        log_density : ndarray of float, shape (point,)
        centres : ndarray of float, shape (mode, point)
            Places on the line, from the point.
        """
        found = [part.log_density(points) for part in self.parts]
        logs = [np.log(share) + log for share, (log, _) in zip(self.shares, found, strict=True)]
        modes = dict(zip((id(part.mode) for part in self.parts), found, strict=True))
        return special.logsumexp(logs, axis=0), np.array([centre for _, centre in modes.values()])


def proposal_of(
    model: Model, modes: Sequence[Mode], widths: tuple[tuple[float, float], ...] = NARROW
) -> Proposal:
    """Return the proposal of some modes, the best first; none has next to nothing."""
    evidence = np.array([mode.log_evidence for mode in modes])
    shares = np.maximum(np.exp(evidence - evidence.max()), 0.03)
    line = line_of(model, modes[0])
    shares /= shares.sum()
    parts = tuple(Component(model, mode, line, wider) for mode in modes for wider, _ in widths)
    return Proposal(parts, np.outer(shares, [often for _, often in widths]).ravel(), line)


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


def tables_of(model: Model, line: Floats, points: Floats, centres: Floats, width: float) -> Tables:
    """Tabulate the joint density along the line through each point.

    Parameters
    ----------
    model : Model
    line : ndarray of float, shape (unknown,)
    points : ndarray of float, shape (point, unknown)
    centres : ndarray of float, shape (start, point)
        Places on the line from which its modes are sought.
    width : float
        Rough standard deviation along it.
    """
    blocks = [slice(i, i + _BLOCK) for i in range(0, points.shape[0], _BLOCK)]
    profiles = [_Profile.of(model, line, points[rows]) for rows in blocks]
    found = [
        [p.mode(c[rows], np.full(c[rows].size, width)) for c in centres]
        for p, rows in zip(profiles, blocks, strict=True)
    ]
    spots = np.concatenate([np.array([f[0] for f in block]) for block in found], axis=1)
    widths = np.concatenate([np.array([f[1] for f in block]) for block in found], axis=1)
    low = (spots - _REACH * widths).min(axis=0)
    high = (spots + _REACH * widths).max(axis=0)
    for p, rows in zip(profiles, blocks, strict=True):
        p.reached(spots[:, rows], widths[:, rows], low[rows], high[rows])
    number = 2 * int(np.ceil(((high - low) / widths.min(axis=0)).max() / _STEP / 2)) + 1
    number = min(number, _MOST)

    def on(shares: Floats) -> Floats:
        places = low[:, None] + (high - low)[:, None] * shares
        return np.concatenate(
            [p.on(places[rows]) for p, rows in zip(profiles, blocks, strict=True)]
        )

    logs = on(np.linspace(0, 1, number))
    while 2 * number - 1 <= _MOST and _roughness(logs) > _ROUGH:
        every = np.empty((logs.shape[0], 2 * number - 1))
        every[:, ::2] = logs
        every[:, 1::2] = on((np.arange(number - 1) + 0.5) / (number - 1))
        logs, number = every, 2 * number - 1
    step = (high - low) / (number - 1) / _FINER
    logs = logs @ _spline(number, np.arange(_FINER * (number - 1) + 1) / _FINER)
    top = logs.max(axis=1, keepdims=True)
    density = np.exp(logs - top)
    mass = _integral(density, step)
    density /= mass[:, -1:]
    return Tables(low, step, density, mass / mass[:, -1:], np.log(mass[:, -1]) + top[:, 0])


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

    def reached(self, spots: Floats, widths: Floats, low: Floats, high: Floats) -> None:
        """Move both ends outwards, in place, until the density has fallen off there."""
        top = np.max([self.on(spot[:, None])[:, 0] for spot in spots], axis=0)
        stride = 0.5 * _REACH * widths.max(axis=0)
        for _ in range(_STRETCHES):
            ends = self.on(np.column_stack([low, high])) - top[:, None] > _FALLEN
            if not ends.any():
                break
            low -= stride * ends[:, 0]
            high += stride * ends[:, 1]

    def mode(self, start: Floats, width: Floats) -> tuple[Floats, Floats]:
        """Return the mode near a start and the standard deviation there, shape (point,).

        By Newton's method on finite differences, from a rough standard deviation ``width``.
        """
        place, width = start.copy(), width.copy()
        for _ in range(_ROUNDS):
            left, middle, right = self.on(place[:, None] + width[:, None] * np.array([-1, 0, 1])).T
            slope, bend = 0.5 * (right - left), left - 2 * middle + right
            curved = bend < -_FLAT
            step = np.where(curved, -slope / np.where(curved, bend, -1.0), np.sign(slope))
            place = place + width * np.clip(step, -_STRIDE, _STRIDE)
            width = np.where(curved, width / np.sqrt(np.where(curved, -bend, 1.0)), width)
            if np.abs(step).max() < _NEAR:
                break
        return place, width


def _integral(density: Floats, step: Floats) -> Floats:
    """Return the running integral of a smooth density on an even grid (fourth order)."""
    inner = 0.5 * (density[:, 1:] + density[:, :-1])
    slope = np.gradient(density, axis=1)
    inner -= (slope[:, 1:] - slope[:, :-1]) / 12
    out = np.zeros_like(density)
    np.cumsum(np.maximum(inner, 0.0) * step[:, None], axis=1, out=out[:, 1:])
    return out
