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
        known, weeks = self.past.shape[1], self.past.shape[1] + self.ahead.shape[2]
        spans = np.array([covered(begin, float(end), weeks) for end in ends]).T
        ahead = self.ahead if factors is None else self.ahead * factors
        return np.asarray((self.past @ spans[:known])[:, None] + ahead @ spans[known:])


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
    last = np.log(past[model.evidence.root][:, -1])[:, None, None]
    rates = {model.evidence.root: np.exp(last + ahead[..., :weeks] @ _walk(model, weeks))}
    middle = np.asarray(WEEK * (model.weeks + np.arange(weeks) + 0.5), dtype=float)
    for index, part in enumerate(model.evidence.parts):
        start = weeks + index * knots
        share, place = model.shares[part], model.places[f"y:{part}"]
        loadings = share.loadings(model.knots + knots, middle)
        logit = share.mean + (points[:, place] @ loadings[: model.knots])[:, None]
        logit = logit + ahead[..., start : start + knots] @ loadings[model.knots :]
        whole = str(model.evidence.dossier.quantities[part].part_of)
        rates[part] = rates[whole] * special.expit(logit)
    return {key: Rates(past[key], rate) for key, rate in rates.items()}


def _walk(model: Model, weeks: int) -> Floats:
    """Return weights of standard normals in the log rate of the weeks ahead, (normal, week)."""
    sizes = steps(model.volatility, weeks, first=model.weeks - 1)
    return np.asarray(np.triu(np.ones((weeks, weeks))) * sizes[:, None])
