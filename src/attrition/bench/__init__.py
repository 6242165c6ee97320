"""Standard simulations, timed, next to a plain reference that comes with them.

``attrition bench``, or ``python -m attrition.bench``, says how long each takes on this machine with
this release, and how many times faster than the reference that is; the sizes are fixed, so that
machines and releases can be compared.
"""

from attrition.bench.machine import machine
from attrition.bench.reference import Problem, reference_law
from attrition.bench.report import lines, record
from attrition.bench.simulations import SIZES, Measured, Size, run

__all__ = [
    "SIZES",
    "Measured",
    "Problem",
    "Size",
    "lines",
    "machine",
    "record",
    "reference_law",
    "run",
]
