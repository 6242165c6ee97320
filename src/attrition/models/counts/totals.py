"""Whole daily paths of a recorded count, drawn from its fitted pace."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from attrition.core._typing import Floats, Rng
from attrition.core.simulation import check_paths
from attrition.core.streams import seed_of, stream
from attrition.core.threads import one_thread
from attrition.models.pace import FittedPace, draw_futures, simulate_counts

_BLOCK = 1_024  # draws of one stream


def draw_totals(
    pace: FittedPace,
    days: int,
    draws: int,
    *,
    rng: Rng,
    dtype: type[np.floating[Any]] = np.float64,
    threads: int | None = None,
    first: int = 0,
) -> Floats:
    """Return daily totals of a recorded count, shape (draw, days + 1); column 0 is day 0.

    Parameters
    ----------
    pace : FittedPace
    days : int
        Days to the horizon.
    draws : int
        Number of paths.
    rng : int or Generator
        Seed; block b of 1,024 draws uses ``SeedSequence(seed, spawn_key=(0, b))``.
    dtype : numpy.float64 or numpy.float32
        Of the result.
    threads : int, optional
        Workers; as many as there are cores when left out. The result does not depend on it.
    first : int
        Leave out so many draws before, a multiple of 1,024.

    Raises
    ------
    InputError
        If ``draws`` is not positive or ``dtype`` is neither of the two.

    Notes
    -----
    Parameters and state are drawn from the posterior, then the log rate week by week, then the
    counts of the days, whole numbers, with the habit of the week.
    """
    check_paths(draws, dtype)
    seed = seed_of(rng)
    amounts, steps = pace.amounts(days), -(-days // pace.prior.days)
    before = first // _BLOCK
    result = np.empty((draws, days + 1), dtype=dtype)

    def fill(block: int) -> None:
        rng = stream(seed, 0, before + block)
        # a whole block, even where fewer are kept
        futures = draw_futures(pace.belief, pace.prior, steps, _BLOCK, rng)
        rows = result[block * _BLOCK : (block + 1) * _BLOCK]
        counts = simulate_counts(futures, days, rng, amounts)[: rows.shape[0]]
        rows[:, 0] = pace.least + futures.lead[: rows.shape[0]]
        rows[:, 1:] = rows[:, :1] + np.cumsum(counts, axis=1)

    with one_thread(), ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        list(pool.map(fill, range(-(-draws // _BLOCK))))
    return result
