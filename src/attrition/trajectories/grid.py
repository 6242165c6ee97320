"""Where to place the thresholds of a law, so that totals can be read from it too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from attrition._typing import Floats
from attrition.elicitation import quantile
from attrition.trajectories.shape import Shape, View
from attrition.trajectories.start import Component, Start

_EVEN = 160
_SCORES = np.linspace(-4.5, 4.5, 25)


def grid_of_totals(start: Start, days: int, needed: Sequence[float]) -> Floats:
    """Return thresholds that span a total from the information date to the horizon.

    Geometric over the span, with quantiles of the total at the information date added, where
    it is narrowest.

    Parameters
    ----------
    start : Start
    days : int
        Days to the horizon.
    needed : sequence of float
        Thresholds that must be among them [unit].

    Returns
    -------
    ndarray of float, shape (threshold,)
        Ascending and positive.
    """
    views = [(c.lags[len(c.lags) // 2], c.rate_window) for c in start.components]
    shape = Shape(start.pace, days, views)
    now = [_reach(shape, c, v, 0) for c, v in zip(start.components, views, strict=True)]
    end = [_reach(shape, c, v, days) for c, v in zip(start.components, views, strict=True)]
    high = max(float(totals.max()) for totals in end)
    low = max(min(float(totals.min()) for totals in now), high * 1e-6)
    even = np.geomspace(low, max(high, low * 1.01), _EVEN)
    every = np.concatenate([even, *now, np.asarray(needed, dtype=float)])
    return np.unique(every[every > 0])


def _reach(shape: Shape, component: Component, view: View, days: int) -> Floats:
    """Return rough quantiles of a component after some days."""
    probabilities = special.ndtr(_SCORES)
    level = quantile(component.level, probabilities)
    rate = quantile(component.rate, probabilities)
    if component.relative:
        rate = rate * level
    day = np.array([float(days)])
    spread = float(np.sqrt((shape.gradient(day, view) ** 2).sum())) if shape.random else 0.0
    times = (days + view[0]) * np.exp(spread * _SCORES)
    return np.asarray(level + np.maximum(rate, 0.0) * times)
