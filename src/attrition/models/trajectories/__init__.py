"""From a level and a pace to a law: the engine.

A total is C(t) = L + rate * A(t) + day noise, where A(t) is the time that has passed
measured in days at the current rate. The level, the rate and the day noise are integrated
exactly, given A; only the shape of A is simulated, by randomised quasi-Monte Carlo. Models without
that structure are simulated by plain draws behind the same face. Of a recorded count, how volatile
its futures are is simulated, and one direction of each integrated.
"""

from attrition.models.trajectories.counted import count_ahead, law_of_count
from attrition.models.trajectories.draws import PathFunction, law_from
from attrition.models.trajectories.engine import check_tolerance, seed_of, simulate
from attrition.models.trajectories.gains import exceedance, gains_of
from attrition.models.trajectories.grid import grid_of_totals
from attrition.models.trajectories.kernel import Kernel
from attrition.models.trajectories.normals import Normals
from attrition.models.trajectories.paths import BLOCK, PathPlan, check_paths, draw_paths, path_plan
from attrition.models.trajectories.quantiles import (
    DRAWS,
    totals_at,
    totals_of_count,
)
from attrition.models.trajectories.replicates import REPLICATES
from attrition.models.trajectories.start import Account, Start
from attrition.models.trajectories.stopping import Accuracy, Limits, until_accurate
from attrition.models.trajectories.totals import draw_totals

__all__ = [
    "BLOCK",
    "DRAWS",
    "REPLICATES",
    "Account",
    "Accuracy",
    "Kernel",
    "Limits",
    "Normals",
    "PathFunction",
    "PathPlan",
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
    "totals_at",
    "totals_of_count",
    "until_accurate",
]
