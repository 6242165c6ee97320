"""How far a total gets: its quantiles on any day, from draws at a few days."""

from __future__ import annotations

import numpy as np

from attrition.core._typing import Floats
from attrition.core.laws import Totals, node_days, totals_of
from attrition.core.threads import one_thread
from attrition.models.pace import FittedPace
from attrition.models.trajectories.paths import BLOCK, path_plan
from attrition.models.trajectories.replicates import REPLICATES
from attrition.models.trajectories.start import Start

DRAWS = 1_024
"""Draws of a replicate: 16,384 in all give a tail of 5 % to 0.0017."""

_BLOCKS = REPLICATES * DRAWS // BLOCK
_LEAST, _MOST = -10.0, 13.0  # log rates of whole paths are kept within these, as there


def root_draws(start: Start, days: int, seed: int) -> Floats:
    """Draw the total of a root on the days that quantiles are kept of, shape (draw, node).

    Parameters
    ----------
    start : Start
    days : int
        Days to the horizon.
    seed : int
        Block b of 8,192 draws uses ``SeedSequence(seed, spawn_key=(1, b))``.
    """
    nodes = node_days(days)
    with one_thread():
        plan = path_plan(start, days)
        return np.concatenate([plan.sampled(nodes, seed, block) for block in range(_BLOCKS)])


def totals_of_draws(draws: Floats, days: int, factors: Floats | None = None) -> Totals:
    """Return the quantiles of a total of a dossier, from the draws of its root.

    Parameters
    ----------
    draws : ndarray of float, shape (draw, node)
        As :func:`root_draws` returns them.
    days : int
        Days to the horizon.
    factors : ndarray of float, shape (draw,), optional
        What makes the total from that of its root.
    """
    scaled = draws if factors is None else draws * factors[:, None]
    return totals_of(np.split(scaled, REPLICATES), node_days(days))


def totals_of_count(pace: FittedPace, days: int, seed: int) -> Totals:
    """Return the quantiles of a recorded count.

    Parameters
    ----------
    pace : FittedPace
    days : int
        Days to the horizon.
    seed : int
        Replicate r uses ``SeedSequence(seed, spawn_key=(1, r))``.

    Notes
    -----
    Futures as in :func:`attrition.models.pace.simulate_counts`; the counts of the days between two
    nodes are one negative binomial count with the variance of their sum.
    """
    nodes, clock = node_days(days), pace.clock(days)
    streams = [
        np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1, replicate)))
        for replicate in range(REPLICATES)
    ]
    with one_thread():
        draws = [pace.least + _counted(pace, clock[nodes], days, stream) for stream in streams]
    return totals_of(draws, nodes, clock=clock)


def _counted(pace: FittedPace, times: Floats, days: int, stream: np.random.Generator) -> Floats:
    """Return what is counted by some even times beyond the least total, shape (draw, time)."""
    futures = pace.draw(days, DRAWS, stream)
    path, length = futures.log_rate, futures.days
    noise = np.sqrt(futures.nu)[:, None] * stream.standard_normal((DRAWS, path.shape[1] - 1))
    # The log rate is linear within a step: stretches end at steps and at the times asked for.
    edges = np.union1d(times, np.arange(0.0, times[-1], length))
    at = (edges[1:] + edges[:-1]) / 2 / length
    step = np.minimum(at.astype(int), noise.shape[1] - 1)
    part = (at - step).astype(path.dtype)
    middle = (1 - part) * path[:, step] + part * path[:, step + 1] + noise[:, step]
    stretch = np.exp(np.clip(middle, _LEAST, _MOST)) * np.diff(edges)
    gains = np.add.reduceat(stretch, np.searchsorted(edges, times[:-1]), axis=1)
    extra = np.maximum(futures.phi - 1, 1e-9)[:, None]
    over = futures.phi[:, None] > 1 + 1e-6
    rates = np.where(over, stream.standard_gamma(gains / extra) * extra, gains)
    counted = np.cumsum(stream.poisson(rates), axis=1, dtype=float)
    counted = np.concatenate([np.zeros((DRAWS, 1)), counted], axis=1)
    return np.asarray(counted + futures.lead[:, None])
