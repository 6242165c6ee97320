"""Replicates of random points, and rounds of them until what is asked is accurate.

Whatever simulates here or in a later room draws sixteen replicates, whose scatter is the Monte
Carlo error, and goes on until that of every reported date is below its tolerance: a pilot, then the
size it calls for; a maximum in points, announced when reached. Anybody's path function enters by
:meth:`attrition.Law.simulate`.
"""

from __future__ import annotations

import dataclasses
import functools
import logging
import math
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import AttritionWarning, refusal
from attrition.core.laws import Law, Provenance, make_law
from attrition.core.laws.digits import DATE_UNITS, ERRORS
from attrition.core.laws.paths import RUNNING_MAXIMUM, Counts, counted, shares
from attrition.core.laws.reading import crossing_of, standard_errors
from attrition.core.streams import stream
from attrition.core.workers import Workers, executor_of, one_thread, packed, unpacked_once

_LOG = logging.getLogger("attrition")
_FAR = 1.5  # errors nearer than this to what was asked are not told in numbers

_LIKELY = 0.005  # standard error of a probability
_CALL = 1_024  # draws of one call of a path function

BLOCK = 8_192
"""Draws of a block of whole paths, each with a stream of its own."""

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


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Which dates must be accurate: the interval of each threshold, to a tolerance.

    Parameters
    ----------
    view : callable, optional
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
    view: ReadView | None = None
    width: float = 0.0


class Rounds(Protocol):
    """Something that simulates in rounds: it extends its replicates and shows their surface.

    Attributes
    ----------
    thresholds : ndarray of float, shape (threshold,)
        Ascending totals [unit].
    points : int
        Points per replicate so far.
    pilot : int
        Points of the first round.
    most : int
        Largest number of points where no limit is given.
    order : float
        How fast the error falls: as points to the power of minus this.
    sampling : str
        How chance enters, for the provenance.
    """

    thresholds: Floats
    points: int
    pilot: int
    most: int
    order: float
    sampling: str

    def extend(self, points: int) -> None:
        """Add points to every replicate."""

    def surface(self) -> Floats:
        """Return the exceedance so far, shape (replicate, threshold, day)."""


def _excess(
    surface: Floats, thresholds: Floats, start: date, questions: Sequence[Accuracy]
) -> float:
    """Return the largest ratio of Monte Carlo standard error to tolerance."""
    worst = 0.0
    for question in questions:
        if not question.thresholds:
            continue
        seen, grid = question.view(surface, thresholds) if question.view else (surface, thresholds)
        for threshold in question.thresholds:
            column = seen[:, int(np.searchsorted(grid, threshold)), :]
            worst = max(worst, *excess_of(column, threshold, start, question))
    return worst


def excess_of(
    column: Floats, threshold: float, start: date, question: Accuracy
) -> tuple[float, float]:
    """Return Monte Carlo standard error / tolerance of dates and of probabilities of a threshold.

    Probabilities count where no tolerance was stated: half of the point to which they are printed.
    ``column`` is P(C(t) >= threshold), shape (replicate, day).
    """
    weights = np.full(column.shape[0], 1.0 / column.shape[0])
    read = crossing_of(column, weights, threshold, start, prob=question.prob)
    if question.tolerance:
        return read.mcse / question.tolerance, 0.0
    ends = (read.lower.offset or 0.0, read.upper.offset)
    last = column.shape[1] - 1.0 if ends[1] is None else ends[1]
    unit = DATE_UNITS[read.natural_unit]
    wide = min(question.width * (last - ends[0]), unit / ERRORS)
    likely = float(standard_errors(column, weights).max())
    return read.mcse / max(unit / 50, wide), likely / _LIKELY


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
        # what the error calls for, a power of two times the pilot: too few for once cost nothing
        doublings = math.ceil(math.log2(max(excess ** (1 / rounds.order), 2.0)))
        size = min(size << doublings, most)
    stated = dataclasses.replace(provenance, points=rounds.points, sampling=rounds.sampling)
    if excess > 1:
        # where no tolerance was stated, dates are printed in a unit that their error allows
        accuracy = "its dates are printed no finer than their error allows"
        if any(question.tolerance for question in questions):
            much = f"{excess:.1f} times as large as" if excess >= _FAR else "a little larger than"
            accuracy = f"the error of its dates is {much} asked"
        note = f"the simulation stopped at {rounds.points} points per replicate; {accuracy}"
        if warn:
            warnings.warn(f"{provenance.quantity}: {note}", AttritionWarning, stacklevel=3)
        stated = dataclasses.replace(stated, notes=(*stated.notes, note))
    return make_law(surface, rounds.thresholds, information_date, stated)


def check_paths(draws: int, dtype: type[np.floating[Any]]) -> None:
    """Refuse a number of draws that is not positive, and other types than the two."""
    if draws < 1 or np.dtype(dtype) not in (np.dtype("f4"), np.dtype("f8")):
        got = f"draws={draws}, dtype={np.dtype(dtype).name}"
        raise refusal("draws of paths", got, "paths")


PathFunction = Callable[[np.random.Generator, int], Floats]
"""Maps (rng, draws) to totals, shape (draw, day); day 0 is the information date."""

_Recipe = tuple[PathFunction, Floats, int]
"""Function, thresholds and seed: from these, and the numbers of blocks, all counts follow."""


def _counts(recipe: _Recipe, task: tuple[int, range]) -> tuple[Floats, bool]:
    """Return how many draws of some blocks are at or above each threshold, and if any fell."""
    function, thresholds, seed = recipe
    replicate, blocks = task
    sums, fell = np.zeros(()), False
    edges: Counts = np.array([0, _CALL])
    for block in blocks:
        values = np.asarray(function(stream(seed, replicate, block), _CALL))
        if values.ndim != 2 or values.shape[0] != _CALL or not np.isfinite(values).all():  # noqa: PLR2004 - draw, day
            raise refusal(
                "path function",
                f"shape {values.shape}",
                getattr(function, "__name__", "path function"),
                call=_CALL,
            )
        counts, falls = counted(values, thresholds, edges)
        sums, fell = sums + shares(counts[0], _CALL, thresholds) * _CALL, fell or falls
    return sums, fell


def _counts_there(raw: bytes, task: tuple[int, range]) -> tuple[Floats, bool]:
    """Return the same in another process, where a recipe is unpacked once."""
    with one_thread():
        return _counts(unpacked_once(raw), task)


class _PathCounter:
    """Exceedance by replicate, from calls of a path function in fixed blocks."""

    pilot = _CALL
    most = 16_384
    order = 0.5
    sampling = "plain draws"

    def __init__(self, recipe: _Recipe, executor: Executor | None) -> None:
        self.thresholds = recipe[1]
        self.points, self.falls = 0, False
        self._sums = np.zeros(())
        here = executor is None or isinstance(executor, ThreadPoolExecutor)
        self._map = map if executor is None else executor.map
        self._work: Callable[[tuple[int, range]], tuple[Floats, bool]] = (
            functools.partial(_counts, recipe)
            if here
            else functools.partial(_counts_there, packed(recipe))
        )

    def extend(self, points: int) -> None:
        """Add ``points`` draws to every replicate, a multiple of the block."""
        blocks = range(self.points // _CALL, (self.points + points) // _CALL)
        results = list(self._map(self._work, [(r, blocks) for r in range(REPLICATES)]))
        # whole numbers: exact in any order
        self._sums = self._sums + np.stack([counts for counts, _ in results])
        self.falls |= any(fell for _, fell in results)
        self.points += points

    def surface(self) -> Floats:
        """Return the exceedance so far, shape (replicate, threshold, day)."""
        return np.asarray(self._sums / self.points)


def law_of_function(
    function: PathFunction, start: date, provenance: Provenance, question: Accuracy, limits: Limits
) -> Law:
    """Return the law of a path function, as :meth:`attrition.Law.simulate` asks for it.

    Block b of replicate r uses ``SeedSequence(seed, spawn_key=(r, b))``.
    """
    whole = limits.points and -(-limits.points // _CALL) * _CALL  # a function is called in blocks
    limits = dataclasses.replace(limits, points=whole)
    with executor_of(limits.workers) as (executor, _):
        recipe = (function, np.array(question.thresholds), provenance.seed or 0)
        draws = _PathCounter(recipe, executor)
        law = until_accurate(draws, start, provenance, [question], limits)
    if draws.falls:
        stated = dataclasses.replace(law.provenance, notes=(*law.provenance.notes, RUNNING_MAXIMUM))
        return law.with_provenance(stated)
    return law
