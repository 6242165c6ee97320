"""From a level and a pace to a law: the engine.

A total is C(t) = L + rate * A(t) + day noise, where A(t) is the time that has passed
measured in days at the current rate. The level, the rate and the day noise are integrated
exactly, given A; only the shape of A is simulated, by randomised quasi-Monte Carlo. Models without
that structure are simulated by plain draws behind the same face. Of a recorded count, how volatile
its futures are is simulated, and one direction of each integrated.
"""

from attrition.trajectories.counted import count_ahead, law_of_count
from attrition.trajectories.draws import PathFunction, law_from
from attrition.trajectories.engine import check_tolerance, seed_of, simulate
from attrition.trajectories.gains import exceedance, gains_of
from attrition.trajectories.grid import grid_of_totals
from attrition.trajectories.kernel import Kernel
from attrition.trajectories.normals import Normals
from attrition.trajectories.paths import BLOCK, PathPlan, check_paths, draw_paths, path_plan
from attrition.trajectories.replicates import REPLICATES
from attrition.trajectories.start import Component, Start
from attrition.trajectories.stopping import Limits, Question, until_accurate
from attrition.trajectories.totals import draw_totals

__all__ = [
    "BLOCK",
    "REPLICATES",
    "Component",
    "Kernel",
    "Limits",
    "Normals",
    "PathFunction",
    "PathPlan",
    "Question",
    "Start",
    "check_paths",
    "check_tolerance",
    "count_ahead",
    "draw_paths",
    "draw_totals",
    "exceedance",
    "gains_of",
    "grid_of_totals",
    "law_from",
    "law_of_count",
    "path_plan",
    "seed_of",
    "simulate",
    "until_accurate",
]
