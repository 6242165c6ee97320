"""How the rate moves: assumed, or learnt from a recorded count.

Assumed, it is a Gaussian log rate by week (:class:`Pace`, :class:`DailyAutoregression`). Learnt, it
is the posterior of a filter over weekly counts (:func:`fit_pace`), whose futures are drawn.
"""

from attrition.pace.bundle import Bundle
from attrition.pace.filtering import Belief, filter_steps
from attrition.pace.fit import FittedPace, fit_pace, fitted, step_length
from attrition.pace.futures import Futures, draw_futures, simulate_counts
from attrition.pace.prior import Prior
from attrition.pace.sampling import DIMENSIONS, Sampler
from attrition.pace.walks import (
    WEEK,
    DailyAutoregression,
    Pace,
    PaceModel,
    Weekly,
    days_in_weeks,
    elapsed_days,
)

__all__ = [
    "DIMENSIONS",
    "WEEK",
    "Belief",
    "Bundle",
    "DailyAutoregression",
    "FittedPace",
    "Futures",
    "Pace",
    "PaceModel",
    "Prior",
    "Sampler",
    "Weekly",
    "days_in_weeks",
    "draw_futures",
    "elapsed_days",
    "filter_steps",
    "fit_pace",
    "fitted",
    "simulate_counts",
    "step_length",
]
