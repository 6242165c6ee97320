"""Plain draws of anybody's path function, until its dates are accurate."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import date

import numpy as np

from attrition.core._typing import Floats, Rng
from attrition.core.days import day_from
from attrition.core.errors import InputError
from attrition.core.laws import Law, Provenance
from attrition.core.laws.paths import RUNNING_MAXIMUM, exceedance_of
from attrition.core.simulation.seeds import seed_of, stream
from attrition.core.simulation.stopping import REPLICATES, Accuracy, Limits, until_accurate
from attrition.core.tasks import executor_of, in_order, packed, unpacked
from attrition.core.threads import one_thread

PathFunction = Callable[[np.random.Generator, int], Floats]
"""Maps (rng, draws) to totals, shape (draw, day); day 0 is the information date."""

_BLOCK = 1_024  # draws of one call of the function


_Recipe = tuple[PathFunction, Floats, int]
"""Function, thresholds and seed: from these, and the numbers of blocks, all counts follow."""


def _counts(recipe: _Recipe, task: tuple[int, range]) -> tuple[Floats, bool]:
    """Return how many draws of some blocks are at or above each threshold, and if any fell."""
    function, thresholds, seed = recipe
    replicate, blocks = task
    sums, fell = np.zeros(()), False
    for block in blocks:
        values = _checked(function, function(stream(seed, replicate, block), _BLOCK))
        if (np.diff(values, axis=1) < 0).any():
            fell = True
            values = np.maximum.accumulate(values, axis=1)
        sums = sums + exceedance_of(values, thresholds) * _BLOCK
    return sums, fell


def _counts_there(raw: bytes, task: tuple[int, range]) -> tuple[Floats, bool]:
    """Return the same in another process, where a recipe is unpacked once."""
    with one_thread():
        return _counts(_recipe(raw), task)


@functools.lru_cache(maxsize=4)
def _recipe(raw: bytes) -> _Recipe:
    recipe: _Recipe = unpacked(raw)
    return recipe


def _checked(function: PathFunction, values: Floats) -> Floats:
    values = np.asarray(values)
    if values.ndim != 2 or values.shape[0] != _BLOCK or not np.isfinite(values).all():  # noqa: PLR2004 - draw, day
        raise InputError(
            "a path function must return finite totals of shape (draws, days)",
            got=f"shape {values.shape}",
            place=getattr(function, "__name__", "path function"),
            remedy=f"Return one row for each of the {_BLOCK} draws asked for",
        )
    return values


class _PathCounter:
    """Exceedance by replicate, from calls of a path function in fixed blocks."""

    pilot = _BLOCK
    most = 16_384
    order = 0.5
    sampling = "plain draws"

    def __init__(self, recipe: _Recipe, executor: Executor | None) -> None:
        self.thresholds = recipe[1]
        self.points, self.falls = 0, False
        self._executor = executor
        here = executor is None or isinstance(executor, ThreadPoolExecutor)
        self._work: Callable[[tuple[int, range]], tuple[Floats, bool]] = (
            functools.partial(_counts, recipe)
            if here
            else functools.partial(_counts_there, packed(recipe))
        )
        self._sums: Floats | None = None

    def extend(self, points: int) -> None:
        """Add ``points`` draws to every replicate, a multiple of the block."""
        blocks = range(self.points // _BLOCK, (self.points + points) // _BLOCK)
        tasks = [(replicate, blocks) for replicate in range(REPLICATES)]
        results = list(in_order(self._executor, self._work, tasks))
        sums = np.stack([counts for counts, _ in results])
        self._sums = sums if self._sums is None else self._sums + sums  # whole: exact in any order
        self.falls |= any(fell for _, fell in results)
        self.points += points

    def surface(self) -> Floats:
        """Return the exceedance so far, shape (replicate, threshold, day)."""
        if self._sums is None:
            raise ValueError(self.points)
        return self._sums / self.points


def law_from(  # noqa: PLR0913 - what a law is of, by name
    function: PathFunction,
    thresholds: Sequence[float],
    information_date: date | str,
    *,
    rng: Rng,
    prob: float = 0.9,
    tolerance: float | None = None,
    limits: Limits | None = None,
    title: str = "Total",
    definition: str = "as simulated",
    unit: str = "",
) -> Law:
    """Return the law of a total given by anybody's path function, by plain draws.

    Parameters
    ----------
    function : callable
        Maps (rng, draws) to totals, shape (draw, day), day 0 being the information date [unit].
        Paths may fall; then their running maximum is read, and the law says so.
    thresholds : sequence of float
        Totals [unit].
    information_date : datetime.date or str
        Day 0.
    rng : int or Generator
        Seed; block b of replicate r uses ``SeedSequence(seed, spawn_key=(r, b))``.
    prob : float
        Probability of the intervals whose ends are made accurate.
    tolerance : float, optional
        Largest Monte Carlo standard error of a date [day]; 1/50 of the reporting unit when
        left out. Plain draws need four times as many for half the error.
    limits : Limits, optional
        Largest number of draws per replicate (there are 16), and who draws them.
    title, definition, unit : str
        What is counted, for sentences.

    Raises
    ------
    InputError
        If the function returns another shape, or values that are not finite.

    Warns
    -----
    AttritionWarning
        If a limit is reached before the tolerance.

    Examples
    --------
    >>> from datetime import date
    >>> import numpy as np
    >>> def poisson(rng, draws):
    ...     days = rng.poisson(10.0, size=(draws, 150))
    ...     return np.concatenate([np.zeros((draws, 1)), days.cumsum(axis=1)], axis=1)
    >>> law = law_from(poisson, [1000], date(2025, 6, 3), rng=1, tolerance=0.1)
    >>> law.provenance.sampling
    'plain draws'
    """
    grid = np.unique(np.asarray(thresholds, dtype=float))
    seed, start = seed_of(rng), day_from(information_date, "information_date")
    provenance = Provenance(
        quantity=title.lower(),
        title=title,
        definition=definition,
        unit=unit,
        model=f"plain draws of {getattr(function, '__name__', 'a path function')}",
        seed=seed,
        tolerance=tolerance,
    )
    question = Accuracy(tuple(float(k) for k in grid), prob, tolerance)
    limits = limits or Limits()
    whole = limits.points and -(-limits.points // _BLOCK) * _BLOCK  # a function is called in blocks
    limits = dataclasses.replace(limits, points=whole)
    with executor_of(limits.workers) as (executor, _):
        draws = _PathCounter((function, grid, seed), executor)
        law = until_accurate(draws, start, provenance, [question], limits)
    if draws.falls:
        stated = dataclasses.replace(law.provenance, notes=(*law.provenance.notes, RUNNING_MAXIMUM))
        return law.with_provenance(stated)
    return law
