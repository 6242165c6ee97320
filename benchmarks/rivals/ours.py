"""attrition: level and rate integrated, the pace by randomised quasi-Monte Carlo."""

from __future__ import annotations

import warnings
from datetime import date

import numpy as np
from benchmarks.rivals import problem
from numpy.typing import NDArray

from attrition import AttritionWarning
from attrition.core.laws import Provenance
from attrition.data.elicitation import lognormal
from attrition.models.pace import DailyAutoregression
from attrition.models.trajectories import Account, Accuracy, Limits, Start, simulate
from attrition.models.trajectories.replicates import REPLICATES

START = date(2025, 6, 3)
WHAT = Provenance(quantity="total", title="Total", definition="as in the race")


def laws(thresholds: tuple[float, ...], days: int, draws: int, seed: int) -> NDArray[np.float64]:
    """Return P(T <= t), shape (threshold, days + 1), from ``draws`` points in all."""
    level = lognormal(900_000, 1_000_000, 0.9)
    rate = lognormal(800, 1_250, 0.9)
    pace = DailyAutoregression(problem.PERSISTENCE, problem.VOLATILITY, day_noise=1.0)
    question = Accuracy(tuple(thresholds), tolerance=1e-9)  # not reached: the size decides
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AttritionWarning)
        law = simulate(
            Start((Account(level, rate),), pace),
            np.sort(thresholds),
            START,
            days,
            rng=seed,
            provenance=WHAT,
            questions=[question],
            limits=Limits(points=draws // REPLICATES),
        )
    order = np.argsort(np.argsort(thresholds))
    surface: NDArray[np.float64] = law.weights @ law.surface().swapaxes(0, 1)
    return surface[order]
