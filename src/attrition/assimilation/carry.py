"""The rates of the weeks ahead, from draws of the past and normals of the future."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from attrition._typing import Floats
from attrition.assimilation.evidence import WEEK
from attrition.assimilation.model import QUARTER, Model, covered, steps


def normals_ahead(model: Model, days: int) -> int:
    """Return how many normals the time up to a horizon takes."""
    weeks, knots = _ahead(model, days)
    return weeks + knots * len(model.evidence.parts)


def _ahead(model: Model, days: int) -> tuple[int, int]:
    """Return the weeks that begin after the information date, and the knots of a share."""
    end = model.evidence.days + days
    return -(-end // WEEK) - model.weeks, int(np.ceil(end / QUARTER)) + 1 - model.knots


@dataclass(frozen=True, slots=True)
class Rates:
    """The daily rate of one quantity by week.

    Parameters
    ----------
    past : ndarray of float, shape (draw, week)
        Up to the week of the information date [unit/day].
    ahead : ndarray of float, shape (draw, future, week)
        After it [unit/day].
    """

    past: Floats
    ahead: Floats

    def totals(self, begin: float, ends: Floats, factors: Floats | None = None) -> Floats:
        """Return what is counted from a past day to later ones, shape (draw, future, day).

        Parameters
        ----------
        begin : float
            A day of the count, up to the information date.
        ends : ndarray of float, shape (day,)
            Days of the count, from the information date on.
        factors : ndarray of float, shape (draw, future, week), optional
            Noise by which the counts of the weeks ahead are multiplied.
        """
        known = self.past.shape[1]
        start = covered(begin, max(begin, WEEK * (known - 1.0)), known)
        spans = np.array([covered(begin, float(end), known)[-1] for end in ends])
        held = (self.past @ start)[:, None] + self.past[:, -1:] * spans
        weekly = np.moveaxis(self.ahead if factors is None else self.ahead * factors, 2, 0)
        # what is counted by the end of each week; after the last one there is nothing
        counted = np.zeros((weekly.shape[0] + 2, *weekly.shape[1:]))
        np.cumsum(weekly, axis=0, out=counted[1:-1])
        out = np.empty((len(ends), *weekly.shape[1:]))
        for index, end in enumerate(ends):
            place = max(float(end) / WEEK - known, 0.0)
            left = int(place)
            np.multiply(counted[left], WEEK * (1 - place + left), out=out[index])
            if place > left:
                out[index] += WEEK * (place - left) * counted[left + 1]
            out[index] += held[:, index, None]
        return np.moveaxis(out, 0, 2)


def carried(model: Model, days: int, points: Floats, ahead: Floats) -> dict[str, Rates]:
    """Return the rates of each quantity from the first day to the horizon.

    Parameters
    ----------
    model : Model
    days : int
        Days from the information date to the horizon.
    points : ndarray of float, shape (draw, unknown)
    ahead : ndarray of float, shape (draw, future, normal)
        Standard normals of several futures of each draw: the steps of the log rate, then those
        of each part's share.
    """
    past = model.rates(points)
    weeks, knots = _ahead(model, days)
    last = np.log(past[model.evidence.root][:, -1])
    moved = _by_week(_walk(model, weeks), ahead[..., :weeks])
    rates = {model.evidence.root: np.exp(np.add(moved, last[:, None], out=moved), out=moved)}
    middle = np.asarray(WEEK * (model.weeks + np.arange(weeks) + 0.5), dtype=float)
    for index, part in enumerate(model.evidence.parts):
        start = weeks + index * knots
        share, place = model.shares[part], model.places[f"y:{part}"]
        loadings = share.loadings(model.knots + knots, middle)
        logit = _by_week(loadings[model.knots :], ahead[..., start : start + knots])
        logit += (share.mean + loadings[: model.knots].T @ points[:, place].T)[:, :, None]
        whole = str(model.evidence.dossier.quantities[part].part_of)
        rates[part] = rates[whole] * special.expit(logit, out=logit)
    # week by week in memory: what is read later is one week of all draws
    return {key: Rates(past[key], np.moveaxis(rate, 0, 2)) for key, rate in rates.items()}


def _by_week(weights: Floats, normals: Floats) -> Floats:
    """Return weighted sums of normals, shape (week, draw, future)."""
    draws, futures, size = normals.shape
    flat = normals.reshape(draws * futures, size)
    return np.asarray((weights.T @ flat.T).reshape(weights.shape[1], draws, futures))


def _walk(model: Model, weeks: int) -> Floats:
    """Return weights of standard normals in the log rate of the weeks ahead, (normal, week)."""
    sizes = steps(model.volatility, weeks, first=model.weeks - 1)
    return np.asarray(np.triu(np.ones((weeks, weeks))) * sizes[:, None])
