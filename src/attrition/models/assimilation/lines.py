"""The line through a draw, and the density tabulated along it, whatever the shapes of the claims.

A *line* multiplies the whole path of a draw by a factor and moves the errors of sources along with
it, as they go together in the posterior.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats, Singles
from attrition.core.late import linalg
from attrition.models.assimilation.blocks import Lines
from attrition.models.assimilation.model import LogOnLines, Model, log_heavy
from attrition.models.assimilation.modes import Mode

_REACH = 6.5  # standard deviations on either side of the modes that are scanned
_SCAN = 2.0  # spacing of the scan, in standard deviations
_SETTLED = 9  # places at which it is told which states of the errors are looked at
_FIRST = 17  # points of a table at first; a normal's are three quarters of a deviation apart
_FINER = 8  # points of the table for each of them, by polynomials of the log density ...
_ENOUGH = 560  # ... while there are fewer than these in all
_MOST = 600  # points of a table at most
_ROUGH = 1e-5  # error of the density, as a share of its peak, that calls for a finer table
_FAR = 6.0  # times that from which on no draw is spared it
_NEAREST = 8  # points that each polynomial goes through
_FALLEN = -18.0  # log density, from the peak, at the ends of a table
_STRETCHES = 8  # of a table
_HOPELESS = 60.0  # log density below that of the best place of a draw that makes another one none
_TINY = 1e-300
_CELL = np.array([11.0, -93.0, 802.0]) / 1440  # of six points, for the integral of the middle cell
_BLOCK = 2048  # draws that are tabulated at once
_NEAR = 128  # ... and whose integrals are taken at once


def line_of(model: Model, mode: Mode) -> Floats:
    """Return the direction of the line: 1 for the scale, and what the errors move with it.

    By regression of the errors on the scale at the mode, given the shape of the path: so much of
    what is not known of the total lies along no other line that leaves the shape as it is.
    """
    direction = np.zeros(model.size)
    direction[0] = 1.0
    u = model.places["u"]
    precision = mode.factor @ mode.factor.T
    direction[u] = -linalg.solve(precision[u, u], precision[u, 0], assume_a="pos")
    return direction


def slopes_along(model: Model, direction: Floats) -> Floats:
    """Return the change of the log of each predicted figure along a line, shape (datum,)."""
    return np.asarray(model.scaled + direction[model.places["u"]] @ model.errors[0])


@dataclass(frozen=True, slots=True)
class Tables:
    """The conditional distribution of the place on the line, for each draw.

    Parameters
    ----------
    low, step : ndarray of float, shape (draw,)
        First point and spacing of the even grid of each draw.
    density, cdf : ndarray of float32, shape (draw, point)
        Conditional density, and its integral from the first point: most of what a forecast keeps.
    log_mass : ndarray of float, shape (draw,)
        Log of the integral of the joint density along the line.
    """

    low: Floats
    step: Floats
    density: Singles
    cdf: Singles
    log_mass: Floats

    def of(self, rows: np.ndarray) -> Tables:
        """Return the tables of some draws."""
        names = ("low", "step", "density", "cdf", "log_mass")
        return Tables(*(getattr(self, name)[rows] for name in names))

    def coarser(self, cells: int) -> Tables:
        """Return the same on grids of so many cells, if they have more."""
        skip = max((self.density.shape[1] - 1) // cells, 1)
        density, cdf = self.density[:, ::skip], self.cdf[:, ::skip]
        return Tables(self.low, self.step * skip, density, cdf, self.log_mass)

    def places(self) -> Floats:
        """Return the grids, shape (draw, point)."""
        return self.low[:, None] + self.step[:, None] * np.arange(self.density.shape[1])

    def smooth(self, log: LogOnLines) -> Floats:
        """Return a smooth log likelihood on the grids, shape (draw, point).

        It is computed at few of their points, as the density was when it was tabulated, and at
        twice as many as long as those between tell that this is too rough where the density is.
        """
        places, finer = self.places(), _FINER
        top = self.density.max(axis=1, keepdims=True)
        values = log(places[:, ::finer], np.arange(self.low.size))
        while finer > 1:
            guess = values[:, ::2] @ _polynomials((values.shape[1] + 1) // 2, 2)[:, 1::2]
            error = np.abs(np.expm1(np.clip(guess - values[:, 1::2], -_HOPELESS, _HOPELESS)))
            error *= self.density[:, finer :: 2 * finer] / top
            rough, fine = _rough(error.max(axis=1) / 64), _polynomials(values.shape[1], finer)
            if not rough.size:
                return np.asarray(values @ fine)
            finer //= 2
            every = np.empty((values.shape[0], 2 * values.shape[1] - 1))
            every[:, ::2], every[:, 1::2] = values, values @ fine[:, finer :: 2 * finer]
            every[rough, 1::2] = log(places[rough, finer :: 2 * finer], rough)
            values = every
        return values

    def reweighted(self, log_factor: Floats) -> tuple[Tables, Floats]:
        """Return the tables with the density multiplied, and the log of each mass over the old.

        Parameters
        ----------
        log_factor : ndarray of float, shape (draw, point)
            Log of the factor on the grids.
        """
        with np.errstate(divide="ignore"):
            logs = np.log(self.density) + log_factor
        density, cdf, change = _normalised(logs, self.step)
        return Tables(self.low, self.step, density, cdf, self.log_mass + change), change

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
        cdf = u * u * ((1 + 2 * t) * left + t * d0) + t * t * ((3 - 2 * t) * right - u * d1)
        return np.asarray(np.clip(1.0 - cdf, 0.0, 1.0))

    def quantiles(self, probability: Floats) -> Floats:
        """Return places on the line for probabilities, shape (draw, probability)."""
        wanted = np.broadcast_to(probability, (self.low.size, np.shape(probability)[-1]))
        cdf, points = self.cdf.ravel(), self.cdf.shape[1]
        first = np.arange(self.low.size)[:, None] * points
        right, step = np.broadcast_to(first, wanted.shape), 1 << (points - 2).bit_length()
        while step := step // 2:  # to the last point below what is wanted
            further = np.minimum(right + step, first + points - 2)
            right = np.where(cdf[further] < wanted, further, right)
        below, above = cdf[right], cdf[right + 1]
        share = (wanted - below) / np.maximum(above - below, _TINY)
        place = right - first + np.clip(share, 0.0, 1.0)
        return np.asarray(self.low[:, None] + self.step[:, None] * place)


def tables_of(  # noqa: PLR0917 - a kernel
    model: Model,
    line: Floats,
    points: Floats,
    centres: Floats,
    widths: Floats,
    rates: Mapping[str, Floats] | None = None,
    enough: int = _ENOUGH,
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
    rates : mapping of str to ndarray of float, shape (point, week), optional
        Those of the points, where they are known.
    enough : int
        Points of a table from which on it is made no finer than its density asks for: none where
        only masses are wanted.
    """
    blocks = [slice(i, i + _BLOCK) for i in range(0, points.shape[0], _BLOCK)]
    known = rates or model.rates(points)
    profiles = [
        _Profile.of(model, line, points[rows], {key: rate[rows] for key, rate in known.items()})
        for rows in blocks
    ]

    def on(places: Floats) -> Floats:
        logs = [p.on(places[rows]) for p, rows in zip(profiles, blocks, strict=True)]
        return np.concatenate(logs)

    def between(shares: Floats) -> Floats:
        return on(low[:, None] + (high - low)[:, None] * shares)

    pinned = np.concatenate([profile.pinned for profile in profiles])
    places = _worthy(on, np.vstack([centres, pinned]))
    low, high = _support(on, places, np.append(widths, profiles[0].sharpness))
    for profile, rows in zip(profiles, blocks, strict=True):
        spread = low[rows, None] + (high - low)[rows, None] * np.linspace(0, 1, _SETTLED)
        for own in profile.blocks:
            own.settle(spread)
    number = _FIRST
    logs = between(np.linspace(0, 1, number))
    while 2 * number - 1 <= _MOST and _roughness(logs) > _ROUGH:
        every = np.empty((logs.shape[0], 2 * number - 1))
        every[:, ::2] = logs
        every[:, 1::2] = between((np.arange(number - 1) + 0.5) / (number - 1))
        logs, number = every, 2 * number - 1
    # many points are close enough already, and a finer table of them would only fill the memory
    finer = max(1, min(_FINER, enough // number))
    step = (high - low) / (number - 1) / finer
    between_them = _polynomials(number, finer) if finer > 1 else None
    return Tables(low, step, *_normalised(logs, step, between_them))


def _worthy(on: Callable[[Floats], Floats], centres: Floats) -> Floats:
    """Return the places with the best of each draw instead of those far from any density.

    On a curved ridge a normal at a mode expects it where there is none. Shape (place, draw).
    """
    heights = on(centres.T).T
    best = np.argmax(heights, axis=0)
    rows = np.arange(best.size)
    poor = ~(heights > heights[best, rows] - _HOPELESS)
    return np.where(poor, centres[best, rows], centres)


def _support(
    on: Callable[[Floats], Floats], centres: Floats, widths: Floats
) -> tuple[Floats, Floats]:
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
    # evenly as the wide ones ask, and about each narrow one besides
    narrow = widths < widths.max() / 2
    number = int(np.ceil((high - low).max() / widths[~narrow].min() / _SCAN)) + 1
    even = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, min(number, _MOST))
    near = widths[narrow, None] * np.arange(-_REACH, _REACH + _SCAN, _SCAN)
    about = centres[narrow, :, None] + near[:, None]
    places = np.sort(np.column_stack([even, *about]), axis=1)
    logs = on(places)
    stride = 0.5 * _REACH * widths.max()
    for _ in range(_STRETCHES):
        # where the density has not fallen off at an end, the scan goes on beyond it
        short = (logs[:, [0, -1]] - logs.max(axis=1, keepdims=True) > _FALLEN).any(axis=0)
        if not short.any():
            break
        ends = np.column_stack([places[:, 0] - stride, places[:, -1] + stride])[:, short]
        more, left = on(ends), int(short[0])
        places = np.column_stack([ends[:, :left], places, ends[:, left:]])
        logs = np.column_stack([more[:, :left], logs, more[:, left:]])
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


@functools.cache
def _polynomials(number: int, finer: int) -> Floats:
    """Return weights of values at 0, 1, 2 ... for values ``finer`` times as close.

    Those of the polynomial through the nodes nearest to each place. Shape (value, place).
    """
    places = np.arange(finer * (number - 1) + 1) / finer
    size = min(_NEAREST, number)
    first = np.clip(np.floor(places).astype(int) - size // 2 + 1, 0, number - size)
    weights = np.ones((size, places.size))
    for node, other in itertools.permutations(range(size), 2):
        weights[node] *= (places - first - other) / (node - other)
    out = np.zeros((number, places.size))
    out[first + np.arange(size)[:, None], np.arange(places.size)] = weights
    return out


def _roughness(logs: Floats) -> float:
    """Return how far off what every other point tells is, over 64: how far off what all tell.

    As a share of the largest density, averaged over draws.
    """
    half = (logs.shape[1] + 1) // 2
    guess = logs[:, ::2] @ _polynomials(half, 2)[:, 1::2]
    top = logs.max(axis=1, keepdims=True)
    gap = np.exp(np.minimum(guess - top, 0.0)) - np.exp(logs[:, 1::2] - top)
    return float(np.abs(gap).max(axis=1).mean()) / 64


def _rough(errors: Floats) -> np.ndarray:
    """Return the draws whose errors are too large, in order: none where they are so on average.

    Where they are far too large it is all: of a hill between two places its neighbours tell
    nothing.
    """
    if errors.mean() > _FAR * _ROUGH:
        return np.arange(errors.size)
    order = np.argsort(errors, kind="stable")
    return np.sort(order[errors[order].cumsum() > _ROUGH * errors.size])


@dataclass(frozen=True, eq=False)
class _Profile:
    """The joint density along the line through each of some points.

    Parameters
    ----------
    likelihood : callable
    blocks : tuple of Lines
        Those of it that look at some states of the errors alone.
    own, normals : ndarray of float, shape (point, unknown)
        Errors of sources: constant and drifting; ``turn`` and ``twist`` their change.
    fixed : ndarray of float, shape (point,)
        Log prior of what does not move.
    pinned : ndarray of float, shape (point,)
        Where on the line the data are, taken together as if normal.
    sharpness : float
        Standard deviation about it.
    """

    likelihood: LogOnLines
    blocks: tuple[Lines, ...]
    own: Floats
    turn: Floats
    normals: Floats
    twist: Floats
    fixed: Floats
    pinned: Floats
    sharpness: float

    @classmethod
    def of(
        cls, model: Model, line: Floats, points: Floats, rates: Mapping[str, Floats]
    ) -> _Profile:
        """Return the profile of points along a line."""
        u, nodes = model.places["u"], len(model.network.series)
        eta, turn = model.predicted(points, rates), slopes_along(model, line)
        blocks = tuple(block.along(eta, turn) for block in model.blocks)
        return cls(
            model.along(eta, turn, blocks),
            blocks,
            points[:, u][:, :nodes],
            line[u][:nodes],
            points[:, u][:, nodes:],
            line[u][nodes:],
            model.log_shape(points),
            *model.pinned(eta, turn),
        )

    def on(self, places: Floats) -> Floats:
        """Return the log density on places, shape (point, place)."""
        out = self.likelihood(places, np.arange(len(places))) + self.fixed[:, None]
        for own, turn in zip(self.own.T, self.turn, strict=True):
            out += log_heavy(own[:, None] + places * turn)
        if self.normals.size:
            a, b, c = (
                (self.normals**2).sum(axis=1),
                self.normals @ self.twist,
                self.twist @ self.twist,
            )
            out -= 0.5 * (a[:, None] + (2 * b[:, None] + c * places) * places)
        return out


def _normalised(
    logs: Floats, step: Floats, finer: Floats | None = None
) -> tuple[Singles, Singles, Floats]:
    """Return density, its running integral and the log of the mass, given logs on even grids.

    ``finer`` are weights of the values of each grid for those on a closer one.
    """
    points = logs.shape[1] if finer is None else finer.shape[1]
    density, cdf = (np.empty((logs.shape[0], points), np.float32) for _ in ("density", "cdf"))
    log_mass = np.empty(logs.shape[0])
    for begin in range(0, logs.shape[0], _NEAR):  # so few at once stay near the processor
        rows = slice(begin, begin + _NEAR)
        some = logs[rows] if finer is None else logs[rows] @ finer
        top = some.max(axis=1, keepdims=True)
        heights = np.exp(some - top)
        mass = _integral(heights, step[rows])
        last = mass[:, -1:]
        np.divide(heights, last, out=density[rows], casting="same_kind")
        np.divide(mass, last, out=cdf[rows], casting="same_kind")
        log_mass[rows] = np.log(last[:, 0]) + top[:, 0]
    return density, cdf, log_mass


def _integral(density: Floats, step: Floats) -> Floats:
    """Return the running integral of a smooth density on an even grid (sixth order).

    It is next to nothing at the ends, beyond which it is taken for nothing.
    """
    cells = density.shape[1] - 1
    beyond = np.pad(density, ((0, 0), (2, 2)))
    inner, pair = np.zeros((2, density.shape[0], cells))
    for i, weight in enumerate(_CELL):  # alike on both sides of a cell
        np.add(beyond[:, i : i + cells], beyond[:, 5 - i : 5 - i + cells], out=pair)
        pair *= weight
        inner += pair
    np.maximum(inner, 0.0, out=inner)
    inner *= step[:, None]
    out = np.zeros_like(density)
    np.cumsum(inner, axis=1, out=out[:, 1:])
    return out
