"""How the rate of a recorded count moves, learnt from it.

It is the posterior of a filter over weekly counts (:func:`fit_pace`), whose futures are drawn.
"""

from attrition.models.families import Family, Priors, bundled_priors
from attrition.models.pace.bundle import DIMENSIONS, Bundle, BundleSampler
from attrition.models.pace.filtering import Belief, filter_steps
from attrition.models.pace.fit import FittedPace, fit_pace, fitted, step_length
from attrition.models.pace.futures import Futures, draw_futures, simulate_counts
from attrition.models.pace.prior import Prior

__all__ = [
    "DIMENSIONS",
    "Belief",
    "Bundle",
    "BundleSampler",
    "Family",
    "FittedPace",
    "Futures",
    "Prior",
    "Priors",
    "bundled_priors",
    "draw_futures",
    "filter_steps",
    "fit_pace",
    "fitted",
    "simulate_counts",
    "step_length",
]
