"""Where to place the thresholds of a law, so that totals can be read from it too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.data.elicitation import quantile
from attrition.models.trajectories.shape import LagView, Shape
from attrition.models.trajectories.start import Account, Start

_EVEN = 100
_SCORES = np.linspace(-4.5, 4.5, 25)


def grid_of_totals(
    start: Start, days: int, needed: Sequence[float], on: Sequence[int] = ()
) -> Floats:
    """Return thresholds that span a total from the information date to the horizon.

    Geometric over the span, with rough quantiles of the total at the information date and on
    chosen days added, each with a neighbour, so that even a certain total is met exactly.

    Parameters
    ----------
    start : Start
    days : int
        Days to the horizon.
    needed : sequence of float
        Thresholds that must be among them [unit].
    on : sequence of int
        Days on which the total is to be read [day after the information date].

    Returns
    -------
    ndarray of float, shape (threshold,)
        Ascending and positive.
    """
    views = [(c.lags[len(c.lags) // 2], c.rate_window) for c in start.components]
    shape = Shape(start.pace, days, views)
    seen = list(zip(start.components, views, strict=True))
    end = [_reach(shape, component, view, days) for component, view in seen]
    local = [_reach(shape, c, view, day) for c, view in seen for day in (0, *on)]
    high = max(float(totals.max()) for totals in end)
    low = max(min(float(totals.min()) for totals in local), high * 1e-6)
    even = np.geomspace(low, max(high, low * 1.01), _EVEN)
    near = np.concatenate(local)
    every = np.concatenate([even, near, near * (1 + 1e-9), np.asarray(needed, dtype=float)])
    return np.unique(every[every > 0])


def _reach(shape: Shape, component: Account, view: LagView, days: int) -> Floats:
    """Return rough quantiles of a component after some days."""
    probabilities = special.ndtr(_SCORES)
    level = quantile(component.level, probabilities)
    rate = quantile(component.rate, probabilities)
    if component.relative:
        rate = rate * level
    day = np.array([float(days)])
    spread = float(shape.log_spread(day, view)[0]) if shape.random else 0.0
    times = (days + view[0]) * np.exp(spread * _SCORES)
    return np.asarray(level + np.maximum(rate, 0.0) * times)
