"""The rates of the weeks ahead, from draws of the past and normals of the future."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats, Singles
from attrition.core.days import WEEK
from attrition.core.late import special
from attrition.core.numerics import expit
from attrition.models.assimilation.model import QUARTER, Model, covered
from attrition.models.assimilation.paces import Moves, settling

FATES = 2
"""Normals that decide whether the rate of a future dies away, and how soon."""

ALIVE = 8.0
"""Value of the first of them with which it never does."""


def normals_ahead(model: Model, days: int) -> int:
    """Return how many normals the time up to a horizon takes: fates first."""
    cells, knots = _ahead(model, days)
    return FATES + cells + knots * len(model.evidence.parts)


def _ahead(model: Model, days: int) -> tuple[int, int]:
    """Return the cells that begin after the information date, and the knots of a share."""
    end = model.evidence.days + days
    return -(-end // model.evidence.step) - model.cells, int(
        np.ceil(end / QUARTER)
    ) + 1 - model.knots


@dataclass(frozen=True, slots=True)
class Rates:
    """The daily rate of one quantity by week, and what it counts in the weeks ahead.

    Parameters
    ----------
    past : ndarray of float, shape (draw, week)
        Up to the week of the information date [unit/day].
    counted : ndarray of float, shape (week + 2, draw, future)
        By the end of each week after it [unit]: from 0 to the last week once more, after which
        there is nothing.
    step : int
        Days of what is called a week here: of a young toll that levels off, one.
    """

    past: Floats
    counted: Floats
    step: int = WEEK

    @classmethod
    def of(cls, past: Floats, weekly: Floats, step: int = WEEK) -> Rates:
        """Return the same of the rates of the weeks ahead, shape (week, draw, future)."""
        counted = np.zeros((weekly.shape[0] + 2, *weekly.shape[1:]))
        for week, rate in enumerate(weekly):  # a sum along the first axis is slow in numpy
            np.add(counted[week], rate, out=counted[week + 1])
        counted *= step
        counted[-1] = counted[-2]
        return cls(past, counted, step)

    def totals(self, begin: float, ends: Floats) -> Floats:
        """Return what is counted from a past day to later ones, shape (draw, future, day)."""
        return self.run(begin, ends).nodes()

    def run(
        self, begin: float, ends: Floats, bend: tuple[float, float] | None = None
    ) -> Increments:
        """Return what is counted from a past day to later ones, computed as it is asked for.

        Parameters
        ----------
        begin : float
            A day of the count, up to the information date.
        ends : ndarray of float, shape (node,)
            Days of the count, from the information date on.
        bend : tuple of float, optional
            A day of the count, from the information date on, and the factor by which what is
            counted later is multiplied.
        """
        known = self.past.shape[1]
        start = covered(begin, max(begin, self.step * (known - 1.0)), known, self.step)
        days = np.asarray(ends if bend is None else [*ends, bend[0]], dtype=float)
        week = self.step * (known - 1)  # the first day of the last
        spans = np.clip(days - week, 0, self.step) - np.clip(begin - week, 0, self.step)
        places = np.maximum(days / self.step - known, 0.0)
        late = None if bend is None else (np.asarray(ends) > bend[0], bend[1])
        return Increments(self.past @ start, self.past[:, -1], spans, places, self.counted, late)


@dataclass(frozen=True, slots=True)
class Increments:
    """What is counted from a past day to later ones, day by day as they are asked for.

    Parameters
    ----------
    before : ndarray of float, shape (draw,)
        What is counted up to the week of the information date [unit].
    last : ndarray of float, shape (draw,)
        The rate in that week [unit/day].
    spans : ndarray of float, shape (node,)
        Days of that week which are counted.
    places : ndarray of float, shape (node,)
        Weeks after it.
    counted : ndarray of float, shape (week + 2, draw, future)
        By the end of each of them [unit].
    late : tuple of ndarray of bool, shape (node,), and float, optional
        Nodes after a bend, which is then the last of ``spans`` and ``places``, and the factor by
        which what is counted after it is multiplied.
    """

    before: Floats
    last: Floats
    spans: Floats
    places: Floats
    counted: Floats
    late: tuple[np.ndarray, float] | None = None

    @property
    def size(self) -> int:
        """Number of nodes."""
        return int(self.spans.size) - (self.late is not None)

    def node(self, index: int) -> Floats:
        """Return the count by one day, shape (draw, future)."""
        out = self._expected(index)
        if self.late is not None and index < self.size and self.late[0][index]:
            bent = self._expected(self.size)
            out = bent + self.late[1] * (out - bent)
        return out

    def _expected(self, index: int) -> Floats:
        """Return the count by one day where nothing bends it, shape (draw, future)."""
        place = float(self.places[index])
        left = int(place)
        out = self.counted[left] * (1 - place + left)
        if place > left:
            out += (place - left) * self.counted[left + 1]
        out += (self.before + self.last * self.spans[index])[:, None]
        return np.asarray(out)

    def nodes(self) -> Floats:
        """Return the counts by all days, shape (draw, future, node)."""
        return np.stack([self.node(i) for i in range(self.size)], axis=2)


def carried(  # noqa: PLR0917 - a kernel
    model: Model,
    days: int,
    points: Floats,
    past: Mapping[str, Floats],
    ahead: Floats | Singles,
    moves: Moves,
    noise: Callable[[Floats], Floats] | None = None,
) -> dict[str, Rates]:
    """Return the rates of each quantity from the first day to the horizon.

    Parameters
    ----------
    model : Model
    days : int
        Days from the information date to the horizon.
    points : ndarray of float, shape (draw, unknown)
    past : mapping of str to ndarray of float, shape (draw, week)
        Rates of each quantity up to the information date [unit/day].
    ahead : ndarray of float, shape (draw, future, normal)
        Standard normals of several futures of each draw: its fate, the pace, then the share of
        each part.
    moves : Moves
        How the pace of each draw moves.
    noise : callable, optional
        From the rates of the root, shape (week, draw, future), to factors of what is counted.
    """
    (cells, knots), step = _ahead(model, days), model.evidence.step
    middle = np.asarray(step * (model.cells + np.arange(cells) + 0.5), dtype=float)
    known = model.cells - 1
    loadings = model.loadings_of(model.cells + cells)[:, model.cells :]
    moved = _by_week(loadings[known:], ahead[..., FATES : FATES + cells])
    moved *= moves.spread[:, None]
    rate = past[model.evidence.root]
    last = np.log(rate[:, -1])
    pulled = points[:, model.places["z"]] @ (model.driven(loadings[:known]) - model.walk[:, -1:])
    elapsed = middle - model.evidence.days
    moved += (pulled + moves.drift[:, None] * settling(np.maximum(elapsed, 0.0))).T[:, :, None]
    np.minimum(moved, moves.most[:, None], out=moved)
    moved -= _faded(model, rate, ahead[..., :FATES].astype(float))[None] * elapsed[:, None, None]
    rates = {model.evidence.root: np.exp(np.add(moved, last[:, None], out=moved), out=moved)}
    for index, part in enumerate(model.evidence.parts):
        start = FATES + cells + index * knots
        share, place = model.shares[part], model.places[f"y:{part}"]
        loadings = share.loadings(model.knots + knots, middle)
        logit = _by_week(loadings[model.knots :], ahead[..., start : start + knots])
        logit += (share.mean + loadings[: model.knots].T @ points[:, place].T)[:, :, None]
        whole = str(model.evidence.dossier.quantities[part].part_of)
        rates[part] = rates[whole] * expit(logit)
    if noise is not None:
        factors = noise(rates[model.evidence.root])
        for key in rates:
            rates[key] *= factors
    return {key: Rates.of(past[key], rates.pop(key), step) for key in list(rates)}


def _by_week(weights: Floats, normals: Floats | Singles) -> Floats:
    """Return weighted sums of normals, shape (week, draw, future)."""
    draws, futures, size = normals.shape
    flat = normals.reshape(draws * futures, size)
    return np.asarray((weights.T @ flat.T).reshape(weights.shape[1], draws, futures))


def _faded(model: Model, rate: Floats, fates: Floats) -> Floats:
    """Return how fast the rate of each future dies away [1/day], shape (draw, future).

    Parameters
    ----------
    model : Model
    rate : ndarray of float, shape (draw, week)
        Of the past [unit/day].
    fates : ndarray of float, shape (draw, future, 2)
    """
    level = model.counted(rate, 0.0, float(model.evidence.days))
    age = level / rate[:, -1]
    out = np.zeros(fates.shape[:2])
    place = special.ndtr(fates[..., 0])
    begin = np.zeros(age.size)
    for fading in model.pace.fadings(age):
        fates_of = (place >= begin[:, None]) & (place < (begin + fading.share)[:, None])
        life = np.exp(-(fading.middle + fading.spread * fates[..., 1]))
        out[fates_of] = life[fates_of]
        begin = begin + fading.share
    return out
