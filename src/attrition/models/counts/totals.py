"""Totals of a recorded count in drawn futures: its quantiles on any day, and whole daily paths."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from attrition.core._typing import Floats, Rng
from attrition.core.laws import Totals, node_days, totals_of
from attrition.core.laws.totals import SCORES, TotalsSource
from attrition.core.simulation import REPLICATES, check_paths
from attrition.core.streams import seed_of, stream
from attrition.core.workers import one_thread
from attrition.models.pace import FittedPace
from attrition.models.pace.futures import Futures, draw_futures, simulate_counts

DRAWS = 1_024
"""Draws of a replicate: 16,384 in all give a tail of 5 % to 0.0017."""

_LEAST, _MOST = -10.0, 13.0  # log rates of whole paths are kept within these, as there
_BLOCK = 1_024  # paths of one stream


def totals_of_count(pace: FittedPace, days: int, seed: int, *, draws: int = DRAWS) -> Totals:
    """Return the quantiles of a recorded count.

    Parameters
    ----------
    pace : FittedPace
    days : int
        Days to the horizon.
    seed : int
        Replicate r uses ``SeedSequence(seed, spawn_key=(1, r))``.
    draws : int
        Of each replicate.

    Notes
    -----
    Futures as in :func:`attrition.models.pace.simulate_counts`; the counts of the days between two
    nodes are one negative binomial count with the variance of their sum.
    """
    nodes, clock = node_days(days), pace.clock(days)
    factors = np.ones(nodes.size - 1)
    if pace.bend is not None:
        nodes = np.union1d(nodes, pace.bend.nodes[pace.bend.nodes <= days])
        factors = np.where(nodes[:-1] >= pace.bend.day, pace.bend.factor, 1.0)
    with one_thread():
        parts = [
            pace.least + _counted(pace.draw(days, draws, rng), clock[nodes], factors, rng)
            for rng in (stream(seed, 1, replicate) for replicate in range(REPLICATES))
        ]
    return totals_of(parts, nodes, clock=clock)


def start_of_count(pace: FittedPace) -> TotalsSource | None:
    """Return what tells the total of the last report; None where it is in doubt."""
    first, *others = pace.belief.fate.readings
    if others:
        return None
    values = np.full((REPLICATES, 1, SCORES.size), pace.least + first.lead)
    return functools.partial(Totals, np.zeros(1, dtype=int), values, np.zeros(1))


def totals_at(pace: FittedPace, days: Sequence[int], seed: int, *, draws: int) -> Floats:
    """Return drawn totals of a recorded count on some days, shape (draw, day) [unit].

    Parameters
    ----------
    pace : FittedPace
    days : sequence of int
        Rising, after the last report; the totals of a draw belong together.
    seed : int
    draws : int
    """
    rng = stream(seed, 2)
    nodes, clock = np.array([0, *days]), pace.clock(days[-1])
    with one_thread():
        futures = pace.draw(days[-1], draws, rng)
        counted = _counted(futures, clock[nodes], np.ones(len(days)), rng)
    return np.asarray(pace.least + counted[:, 1:])


def _counted(futures: Futures, times: Floats, factors: Floats, rng: np.random.Generator) -> Floats:
    """Return what is counted by some even times beyond the least total, shape (draw, time).

    ``factors`` multiply what is expected between two of them, shape (time - 1,).
    """
    path, length = np.ascontiguousarray(futures.log_rate.T), futures.days
    ends, draws = path.shape
    rough = np.flatnonzero(futures.nu)  # futures whose steps are noisy beyond their counts
    noise = np.zeros((ends - 1, draws))
    noise[:, rough] = np.sqrt(futures.nu[rough]) * rng.standard_normal((ends - 1, rough.size))
    # The log rate is linear within a step: stretches end at steps and at the times asked for.
    edges = np.union1d(times, np.arange(0.0, times[-1], length))
    at = (edges[1:] + edges[:-1]) / 2 / length
    step = np.minimum(at.astype(int), ends - 2)
    part = (at - step)[:, None]
    middle = (1 - part) * path[step] + part * path[step + 1] + noise[step]
    stretch = np.exp(np.clip(middle, _LEAST, _MOST, out=middle), out=middle)
    stretch *= np.diff(edges)[:, None]
    rates = np.add.reduceat(stretch, np.searchsorted(edges, times[:-1]), axis=0)
    rates *= factors[:, None]
    over = np.flatnonzero(futures.phi > 1 + 1e-6)
    extra = futures.phi[over] - 1
    rates[:, over] = rng.standard_gamma(rates[:, over] / extra) * extra
    counted = np.zeros((times.size, draws))
    np.cumsum(rng.poisson(rates), axis=0, out=counted[1:])
    return np.asarray((counted + futures.lead).T)


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
    seed, before = seed_of(rng), first // _BLOCK
    amounts, steps = pace.amounts(days), -(-days // pace.prior.days)
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
