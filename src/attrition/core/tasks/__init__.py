"""Work in pieces: on threads, processes or a cluster, kept as it goes, in a fixed order.

A piece of work is a pure function of one item and returns a few arrays. Pieces may be done by
anybody, in any order, again after a worker died, or be read back from a checkpoint; they are put
together in the order of their items, so that the result does not depend on who did them.
"""

from attrition.core.tasks.checkpoint import Arrays, Checkpoint, digest
from attrition.core.tasks.progress import Progress, shown
from attrition.core.tasks.running import How, each, in_order
from attrition.core.tasks.sending import packed, unpacked
from attrition.core.tasks.workers import Workers, executor_of

__all__ = [
    "Arrays",
    "Checkpoint",
    "How",
    "Progress",
    "Workers",
    "digest",
    "each",
    "executor_of",
    "in_order",
    "packed",
    "shown",
    "unpacked",
]
