"""How the rate moves: assumed, or learnt from a recorded count.

Assumed, it is a Gaussian log rate by week (:class:`RandomWalk`, :class:`DailyAutoregression`).
Learnt, it is the posterior of a filter over weekly counts (:func:`fit_pace`), whose futures
are drawn.
"""

from attrition.models.families import Family, Priors, bundled_priors
from attrition.models.pace.bundle import Bundle
from attrition.models.pace.filtering import Belief, filter_steps
from attrition.models.pace.fit import FittedPace, fit_pace, fitted, step_length
from attrition.models.pace.futures import Futures, draw_futures, simulate_counts
from attrition.models.pace.prior import Prior
from attrition.models.pace.sampling import DIMENSIONS, BundleSampler
from attrition.models.pace.walks import (
    WEEK,
    DailyAutoregression,
    PaceModel,
    RandomWalk,
    Weekly,
    days_in_weeks,
    elapsed_days,
)

__all__ = [
    "DIMENSIONS",
    "WEEK",
    "Belief",
    "Bundle",
    "BundleSampler",
    "DailyAutoregression",
    "Family",
    "FittedPace",
    "Futures",
    "PaceModel",
    "Prior",
    "Priors",
    "RandomWalk",
    "Weekly",
    "bundled_priors",
    "days_in_weeks",
    "draw_futures",
    "elapsed_days",
    "filter_steps",
    "fit_pace",
    "fitted",
    "simulate_counts",
    "step_length",
]
