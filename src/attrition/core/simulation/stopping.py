"""When to stop: until the error of every reported date is below its tolerance.

A pilot, then the size it calls for; a maximum in points, announced when reached.
"""

from __future__ import annotations

import dataclasses
import logging
import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import AttritionWarning
from attrition.core.laws import Law, Provenance, make_law
from attrition.core.laws.digits import DATE_UNITS, ERRORS
from attrition.core.laws.reading import crossing_of
from attrition.core.tasks import Workers

_LOG = logging.getLogger("attrition")
_FAR = 1.5  # errors nearer than this to what was asked are not told in numbers

REPLICATES = 16
"""Independent scramblings; fewer make the error estimate itself too noisy to use."""

RoundProgress = Callable[[str, int, float], None]
"""Called after each round with what is simulated, the points so far, and error / tolerance."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop although the tolerance is not reached; reaching one is announced.

    Parameters
    ----------
    points : int, optional
        Largest number of points per replicate; 16,384 when left out, 65,536 of a recorded count.
    progress : callable, optional
        Told of each round: quantity, points, error / tolerance.
    workers : str, Executor or Client, optional
        Who advances the replicates, of which there are 16: as in :func:`attrition.hindcast`. The
        law is the same, byte for byte.
    """

    points: int | None = None
    progress: RoundProgress | None = None
    workers: Workers = None


ReadView = Callable[[Floats, Floats], tuple[Floats, Floats]]
"""Turns a surface (replicate, threshold, time) and its thresholds into another such pair."""


def _itself(surface: Floats, thresholds: Floats) -> tuple[Floats, Floats]:
    return surface, thresholds


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Which dates must be accurate: the interval of each threshold, to a tolerance.

    Parameters
    ----------
    view : callable
        Makes the surface in which they are read from the simulated one (that of a share, say).
    thresholds : tuple of float
        Totals [unit].
    prob : float
        Probability of the interval whose ends are reported.
    tolerance : float or None
        Largest Monte Carlo standard error of a date [day]; None for 1/50 of the reporting unit.
    width : float
        Without a tolerance the error may also be this share of the interval, but no more than
        lets it be printed in its unit: what more draws would remove is nothing beside what is not
        known.
    """

    thresholds: tuple[float, ...]
    prob: float = 0.9
    tolerance: float | None = None
    view: ReadView = _itself
    width: float = 0.0


class Rounds(Protocol):
    """Something that simulates in rounds: it extends its replicates and shows their surface."""

    thresholds: Floats
    """Ascending totals [unit]."""
    points: int
    """Points per replicate so far."""
    pilot: int
    """Points of the first round."""
    most: int
    """Largest number of points where no limit is given."""
    order: float
    """How fast the error falls: as points to the power of minus this."""
    sampling: str
    """How chance enters, for the provenance."""

    def extend(self, points: int) -> None:
        """Add points to every replicate."""
        ...

    def surface(self) -> Floats:
        """Return the exceedance so far, shape (replicate, threshold, day)."""
        ...


def _excess(
    surface: Floats, thresholds: Floats, start: date, questions: Sequence[Accuracy]
) -> float:
    """Return the largest ratio of Monte Carlo standard error to tolerance."""
    worst = 0.0
    for question in questions:
        if not question.thresholds:
            continue
        seen, grid = question.view(surface, thresholds)
        for threshold in question.thresholds:
            column = seen[:, int(np.searchsorted(grid, threshold)), :]
            worst = max(worst, excess_of(column, threshold, start, question))
    return worst


def excess_of(column: Floats, threshold: float, start: date, question: Accuracy) -> float:
    """Return Monte Carlo standard error / tolerance of the dates of one threshold.

    ``column`` is P(C(t) >= threshold), shape (replicate, day).
    """
    weights = np.full(column.shape[0], 1.0 / column.shape[0])
    read = crossing_of(column, weights, threshold, start, prob=question.prob)
    if question.tolerance:
        return read.mcse / question.tolerance
    ends = (read.lower.offset or 0.0, read.upper.offset)
    last = column.shape[1] - 1.0 if ends[1] is None else ends[1]
    unit = DATE_UNITS[read.natural_unit]
    wide = min(question.width * (last - ends[0]), unit / ERRORS)
    return read.mcse / max(unit / 50, wide)


def _next_size(rounds: Rounds, excess: float, most: int) -> int:
    """Return the size that the error calls for, a power of two times the pilot.

    Points are only added: too few for once cost nothing.
    """
    points = rounds.points
    wanted = points * excess ** (1 / rounds.order)
    doublings = math.ceil(math.log2(max(wanted / points, 2.0)))
    return min(points << doublings, most)


def until_accurate(
    rounds: Rounds,
    information_date: date,
    provenance: Provenance,
    questions: Sequence[Accuracy],
    limits: Limits,
    *,
    warn: bool = True,
) -> Law:
    """Extend the replicates until every question is answered to its tolerance.

    Where a limit is reached first the law says so in a note, with a warning if ``warn``. An
    interrupt passes through between two rounds or within one; nothing is kept of either.
    """
    most = limits.points or rounds.most
    size = min(rounds.pilot, most)
    while True:
        rounds.extend(size - rounds.points)
        surface = rounds.surface()
        excess = _excess(surface, rounds.thresholds, information_date, questions)
        _LOG.debug("%s: %d points, error/tolerance %.2f", provenance.quantity, size, excess)
        if limits.progress is not None:
            limits.progress(provenance.quantity, size, excess)
        if excess <= 1 or rounds.points >= most:
            break
        size = _next_size(rounds, excess, most)
    stated = dataclasses.replace(provenance, points=rounds.points, sampling=rounds.sampling)
    if excess > 1:
        asked = any(question.tolerance for question in questions)
        stated = _announced(excess if asked else None, stated, warn=warn)
    return make_law(surface, rounds.thresholds, information_date, stated)


def _announced(excess: float | None, provenance: Provenance, *, warn: bool) -> Provenance:
    """Warn that a limit was reached, and return the provenance with a note that says so.

    Where no tolerance was stated, dates are printed in a unit that their error allows.
    """
    accuracy = "its dates are printed no finer than their error allows"
    if excess is not None:
        much = f"{excess:.1f} times as large as" if excess >= _FAR else "a little larger than"
        accuracy = f"the error of its dates is {much} asked"
    note = f"the simulation stopped at {provenance.points} points per replicate; {accuracy}"
    if warn:
        warnings.warn(f"{provenance.quantity}: {note}", AttritionWarning, stacklevel=4)
    return dataclasses.replace(provenance, notes=(*provenance.notes, note))
