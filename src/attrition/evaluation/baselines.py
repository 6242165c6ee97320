"""What people would use instead: a constant rate, a block bootstrap, a random walk.

A forecaster maps (daily totals up to the origin, thresholds, horizon, generator) to P(T <= t),
shape (threshold, horizon), t = 1, 2, ... days after the origin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special

Forecaster = Callable[[Floats, Floats, int, np.random.Generator], Floats]

_BLOCK, _WINDOW, _DRAWS = 14, 182, 1_000  # days, days, paths
_WEEKS = 104


def constant_rate(
    history: Floats, thresholds: Floats, horizon: int, rng: np.random.Generator
) -> Floats:
    """Poisson counts at the mean rate of the last 28 days."""
    del rng
    rate = max((history[-1] - history[-29]) / 28, 1e-3)
    needed = np.ceil(thresholds - history[-1])
    return np.asarray(special.gammainc(needed[:, None], rate * np.arange(1, horizon + 1)))


def block_bootstrap(
    history: Floats, thresholds: Floats, horizon: int, rng: np.random.Generator
) -> Floats:
    """Blocks of 14 days drawn from the daily counts of the last 182."""
    daily = np.diff(history[-_WINDOW - 1 :])
    number = -(-horizon // _BLOCK)
    start = rng.integers(0, max(daily.size - _BLOCK, 0) + 1, size=(_DRAWS, number))
    picked = daily[np.minimum(start[..., None] + np.arange(_BLOCK), daily.size - 1)]
    paths = np.cumsum(picked.reshape(_DRAWS, -1)[:, :horizon], axis=1)
    gaps = thresholds - history[-1]
    return np.stack([np.mean(paths >= gap, axis=0) for gap in gaps])


def random_walk(
    history: Floats, thresholds: Floats, horizon: int, rng: np.random.Generator
) -> Floats:
    """Gaussian weekly increments with mean and deviation of the last 104 weeks."""
    del rng
    weekly = np.diff(history[::-1][::7][::-1][-_WEEKS - 1 :])
    weeks = np.arange(1, horizon + 1) / 7
    mean = history[-1] + weekly.mean() * weeks
    deviation = np.sqrt(weekly.var(ddof=1) * weeks * (1 + weeks / weekly.size)) + 1e-9
    reached = special.ndtr((mean - thresholds[:, None]) / deviation)
    return np.asarray(np.maximum.accumulate(reached, axis=1))


BASELINES: Mapping[str, Forecaster] = {
    "constant-rate Poisson": constant_rate,
    "block bootstrap": block_bootstrap,
    "random walk": random_walk,
}
"""Baselines that stand in the same table, by name."""
