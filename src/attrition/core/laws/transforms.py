"""Laws made from laws: an end of the fighting."""

from __future__ import annotations

import dataclasses
import functools
import math
import re
from typing import cast

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError
from attrition.core.late import special
from attrition.core.laws.law import Law, make_law
from attrition.core.laws.totals import SCORES, Totals

_EVERY = 4  # quantiles of a day of which one is a total that is read where an end is possible
_EDGE = 1e-12  # probabilities are read between this and one less it


def with_end(law: Law, hazard: float) -> Law:
    """Return the law of a crossing before an end (a ceasefire) that comes at a constant hazard.

    P(T <= t, T < tau) = e^(-h t) P(C(t) >= K) + integral of h e^(-h u) P(C(u) >= K) du, with C
    frozen at tau. What is missing at the horizon is *beyond* or *ended first*: see
    :func:`attrition.laws.masses`.

    Parameters
    ----------
    law : Law
        The law if it goes on.
    hazard : float
        Probability per day that it ends [1/day], 0 or more.

    Returns
    -------
    Law
        On the same thresholds and days, the exceedance taken linear between days; its totals stand
        still from the end on.

    Raises
    ------
    InputError
        If the hazard is negative or not finite, or the law allows for an end already.

    See Also
    --------
    attrition.laws.masses : how likely the end comes first.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> ending = at.laws.with_end(law, 0.001)
    >>> ending.probability(600, by="2025-07-03") < law.probability(600, by="2025-07-03")
    True
    """
    if not (math.isfinite(hazard) and hazard >= 0):
        raise InputError(
            "an end hazard must be a number of 0 or more per day",
            got=f"{hazard:g}",
            place="hazard",
            remedy="Give for example 0.001, which is one end in a thousand days",
        )
    if law.provenance.end_hazard > 0:
        raise InputError(
            "a law allows for one end",
            got=f"a law that already ends at {law.provenance.end_hazard:g} a day",
            place="with_end",
            remedy="Give the law if it goes on, and the sum of the hazards",
        )
    if hazard == 0:
        return law
    stated = dataclasses.replace(
        law.provenance,
        condition=f"allowing for an end at a hazard of {hazard:g} a day",
        end_hazard=float(hazard),
        ending=what_ends(law.provenance.condition),
    )
    ended = make_law(
        _before_the_end(law.surface(), np.arange(law.surface().shape[2]), hazard),
        law.thresholds,
        law.information_date,
        stated,
        weights=law.weights,
    )
    if law.source is None:
        return ended
    # no end lies before the first day, whose totals are those of the law without one
    return ended.with_totals(functools.partial(_totals_before_the_end, law, hazard), law.start)


def _before_the_end(exceedance: Floats, days: np.ndarray, hazard: float) -> Floats:
    """Return P(C(min(t, tau)) >= K) on some days, the last axis, of the same without an end."""
    # between them the exceedance is linear: what is added is weighted by the mean of e^(-h u)
    steps = np.diff(days)
    weight = np.exp(-hazard * days[:-1]) * -np.expm1(-hazard * steps) / (hazard * steps)
    added = np.cumsum(np.diff(exceedance, axis=-1) * weight, axis=-1)
    result = np.concatenate([exceedance[..., :1], exceedance[..., :1] + added], axis=-1)
    return np.maximum.accumulate(np.clip(result, 0.0, 1.0), axis=-1)


def _totals_before_the_end(law: Law, hazard: float) -> Totals:
    """Return the quantiles of the total where its rise may end, from the law on many totals."""
    totals = cast("Totals", law.totals)  # a law with a source has them
    grid = np.unique(totals.values.mean(axis=0)[:, ::_EVERY])
    columns = np.stack([totals.column(float(level), totals.days) for level in grid], axis=1)
    below = 1.0 - _before_the_end(columns, totals.days, hazard).transpose(0, 2, 1)
    scores = special.ndtri(np.clip(below, _EDGE, 1 - _EDGE))
    values = np.empty(totals.values.shape)
    for replicate, node in np.ndindex(*values.shape[:2]):
        values[replicate, node] = np.interp(SCORES, scores[replicate, node], grid)
    rising = np.maximum.accumulate(np.maximum.accumulate(values, axis=2), axis=1)
    return dataclasses.replace(totals, values=rising)


def what_ends(condition: str) -> str:
    """Return what would end, of the condition that it goes on."""
    stated = re.match(r"if (the [\w ]+?) (?:continues?|goes|go|lasts?|keeps?)\b", condition)
    return stated[1] if stated else "the rise"
