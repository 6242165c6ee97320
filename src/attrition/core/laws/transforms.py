"""Laws made from laws: a share of a total, and an end of the fighting."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Sequence

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError
from attrition.core.laws.law import Law, Provenance, make_law
from attrition.core.threads import one_thread


def scaled(
    law: Law,
    factors: Floats,
    weights: Floats,
    thresholds: Sequence[float] | Floats,
    provenance: Provenance,
) -> Law:
    """Return the law of S·C, where S is independent of the path of C.

    P(S·C(t) >= K) = E[P(C(t) >= K/S)], the expectation taken over nodes of S. Between
    thresholds of ``law`` the exceedance is linear in log K, below them 1 and above them 0.
    Since every step is an average, the result rises with time as the parent does.

    Parameters
    ----------
    law : Law
        The law of C, on a dense grid of thresholds.
    factors, weights : ndarray of float, shape (node,)
        Nodes of S > 0 and their probabilities.
    thresholds : sequence of float
        Ascending thresholds of the result [unit].
    provenance : Provenance
        What the result counts.
    """
    surface = scaled_surface(law.surface(), law.thresholds, factors, weights, thresholds)
    return make_law(surface, thresholds, law.information_date, provenance, weights=law.weights)


def scaled_surface(
    surface: Floats,
    grid: Floats,
    factors: Floats,
    weights: Floats,
    thresholds: Sequence[float] | Floats,
) -> Floats:
    """Return the exceedance of S·C, shape (replicate, threshold, time); see :func:`scaled`."""
    operator = _operator(grid, factors, weights, np.asarray(thresholds, dtype=float))
    with one_thread():
        result = operator[:, 1:-1] @ surface + operator[:, :1]  # 1 below the grid, 0 above it
    return np.asarray(np.clip(result, 0.0, 1.0))


def _operator(grid: Floats, factors: Floats, weights: Floats, thresholds: Floats) -> Floats:
    """Return the matrix (threshold, grid + 2) that averages the parent's exceedance over nodes."""
    operator = np.zeros((thresholds.size, grid.size + 2))
    rows = np.repeat(np.arange(thresholds.size), factors.size)
    wanted = (thresholds[:, None] / factors[None, :]).ravel()
    mass = np.tile(weights, thresholds.size)
    index = np.searchsorted(grid, wanted * (1 - 1e-12))
    inside = (index > 0) & (index < grid.size)
    left = np.where(inside, index - 1, 0)
    right = np.where(inside, index, 0)
    share = np.zeros(wanted.size)
    logs = np.log(grid)
    span = np.where(inside, logs[right] - logs[left], 1.0)
    share[inside] = (np.log(wanted) - logs[left])[inside] / span[inside]
    share = np.clip(share, 0.0, 1.0)
    np.add.at(
        operator, (rows, np.where(inside, left + 1, 0)), np.where(inside, mass * (1 - share), 0)
    )
    np.add.at(operator, (rows, np.where(inside, right + 1, 0)), np.where(inside, mass * share, 0))
    low = (index == 0) & (wanted < grid[0] * (1 - 1e-12))
    exact_low = (index == 0) & ~low
    np.add.at(operator, (rows[low], 0), mass[low])
    np.add.at(operator, (rows[exact_low], 1), mass[exact_low])
    high = index == grid.size
    np.add.at(operator, (rows[high], grid.size + 1), mass[high])
    return operator


def with_end(law: Law, hazard: float) -> Law:
    """Return the law of a crossing before an end (a ceasefire) that comes at a constant hazard.

    P(T <= t, T < tau) = e^(-h t) P(C(t) >= K) + integral of h e^(-h u) P(C(u) >= K) du, with C
    frozen at tau. What is missing at the horizon is *beyond* or *ended first*: see
    :func:`attrition.core.laws.masses`.

    Parameters
    ----------
    law : Law
        The law if it goes on.
    hazard : float
        Probability per day that it ends [1/day], 0 or more.

    Returns
    -------
    Law
        On the same thresholds and days, the exceedance taken linear between days.

    Raises
    ------
    InputError
        If the hazard is negative or not finite, or the law allows for an end already.
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
    surface = law.surface()
    # between days the exceedance is linear: what a day adds is weighted by the mean of e^(-h u)
    weight = np.exp(-hazard * np.arange(surface.shape[2] - 1)) * -math.expm1(-hazard) / hazard
    result = surface.copy()
    result[..., 1:] = surface[..., :1] + np.cumsum(np.diff(surface, axis=2) * weight, axis=2)
    stated = dataclasses.replace(
        law.provenance,
        condition=f"allowing for an end at a hazard of {hazard:g} a day",
        end_hazard=float(hazard),
        ending=what_ends(law.provenance.condition),
    )
    monotone = np.maximum.accumulate(np.clip(result, 0.0, 1.0), axis=2)
    return make_law(monotone, law.thresholds, law.information_date, stated, weights=law.weights)


def what_ends(condition: str) -> str:
    """Return what would end, of the condition that it goes on."""
    stated = re.match(r"if (the [\w ]+?) (?:continues?|goes|go|lasts?|keeps?)\b", condition)
    return stated[1] if stated else "the rise"
