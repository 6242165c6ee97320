"""How the rate of a recorded count moves, learnt from it.

It is the posterior of a filter over weekly counts (:func:`fit_pace`), whose futures are drawn.
"""

from attrition.models.families import Family, Priors, bundled_priors
from attrition.models.pace.fit import FittedPace, fit_pace
from attrition.models.pace.prior import Prior

__all__ = [
    "Family",
    "FittedPace",
    "Prior",
    "Priors",
    "bundled_priors",
    "fit_pace",
]
