"""PyMC: forward draws of the model, many paths in one graph, compiled outside the race's time.

The autoregression is a running sum of rescaled shocks, which is twice as fast as a product
with its matrix and tens of times faster than `pm.AR`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from benchmarks.rivals import problem
from numpy.typing import NDArray

BLOCK = 500


def laws(thresholds: tuple[float, ...], days: int, draws: int, seed: int) -> NDArray[np.float64]:
    """Return P(T <= t), shape (threshold, days + 1), from whole blocks of draws."""
    from pymc.pytensorf import reseed_rngs  # type: ignore[import-not-found] # only the race installs it

    draw, streams = _compiled(days)
    reseed_rngs(streams, seed)
    first = []
    for _ in range(0, draws, BLOCK):
        level, counts = draw()
        totals = level + np.pad(np.cumsum(counts, axis=1), ((0, 0), (1, 0)))
        first.append(problem.first_days(totals, thresholds, days))
    return problem.law_of_days(np.concatenate(first, axis=1), days)


@cache
def _compiled(days: int) -> tuple[Callable[[], Any], list[Any]]:
    """Return a function that draws level and daily counts, and its random streams."""
    import pymc as pm  # type: ignore[import-not-found] # only the race installs it
    import pytensor.tensor as pt  # type: ignore[import-not-found] # only the race installs it
    from pymc.pytensorf import compile as compiled
    from pymc.pytensorf import find_rng_nodes

    decay = problem.PERSISTENCE ** np.arange(days)
    with pm.Model():
        level = pm.LogNormal("level", *problem.LEVEL, shape=(BLOCK, 1))
        rate = pm.LogNormal("rate", *problem.RATE, shape=(BLOCK, 1))
        shocks = pm.Normal("shocks", 0, problem.VOLATILITY, shape=(BLOCK, days))
        x = decay * pt.cumsum(shocks / decay, axis=1)
        counts = pm.Poisson("counts", rate * pm.math.exp(x))
    outputs = [level, counts]
    return compiled([], outputs), find_rng_nodes(outputs)
