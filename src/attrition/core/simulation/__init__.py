"""Replicates of random points, and rounds of them until what is asked is accurate.

Whatever simulates here or in a later room draws sixteen replicates, whose scatter is the Monte
Carlo error, and goes on until that is small enough. Anybody's path function enters by
:func:`law_from`.
"""

from attrition.core.simulation.blocks import BLOCK, check_paths
from attrition.core.simulation.draws import law_from
from attrition.core.simulation.normals import Normals
from attrition.core.simulation.seeds import seed_of
from attrition.core.simulation.stopping import REPLICATES, Accuracy, Limits, until_accurate

__all__ = [
    "BLOCK",
    "REPLICATES",
    "Accuracy",
    "Limits",
    "Normals",
    "check_paths",
    "law_from",
    "seed_of",
    "until_accurate",
]
