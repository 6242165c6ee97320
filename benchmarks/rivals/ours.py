"""attrition: level, rate and noise integrated, the pace a family of `at.when` in Sobol points."""

from __future__ import annotations

import numpy as np
from benchmarks.rivals import problem
from benchmarks.rivals.autoregression import DailyAutoregression
from numpy.typing import NDArray

from attrition.core.simulation import REPLICATES
from attrition.forecasts.two_figures import read_level, read_rate
from attrition.models.points import paces_of, surface_of


def laws(thresholds: tuple[float, ...], days: int, draws: int, seed: int) -> NDArray[np.float64]:
    """Return P(T <= t), shape (threshold, days + 1), from ``draws`` points in all."""
    level, rate = read_level((900_000, 1_000_000)), read_rate((800, 1_250))
    family = DailyAutoregression(problem.PERSISTENCE, problem.VOLATILITY, days)
    paces = paces_of(level, rate, [(family, 1.0)], draws // REPLICATES, seed)
    surface = surface_of(paces, level, rate, thresholds, days)
    return np.asarray(surface.mean(axis=0))
