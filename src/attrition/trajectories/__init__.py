"""From a level and a pace to a law: the engine.

A total is C(t) = L + rate * A(t) + day noise, where A(t) is the time that has passed
measured in days at the current rate. The level, the rate and the day noise are integrated
exactly, given A; only the shape of A is simulated, by randomised quasi-Monte Carlo.
"""

from attrition.trajectories.engine import Limits, Question, check_tolerance, seed_of, simulate
from attrition.trajectories.grid import grid_of_totals
from attrition.trajectories.kernel import exceedance_given_time
from attrition.trajectories.start import Component, Start

__all__ = [
    "Component",
    "Limits",
    "Question",
    "Start",
    "check_tolerance",
    "exceedance_given_time",
    "grid_of_totals",
    "seed_of",
    "simulate",
]
