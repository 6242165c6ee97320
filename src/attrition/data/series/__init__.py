"""Recorded counts: a checked, labelled series with its defects listed.

A series is kept as it was reported. What is odd about it is found, listed, and handled by the
stated rules of ``attrition.data.series.cleaning`` before a pace is fitted to it.
"""

from typing import TYPE_CHECKING

from attrition.core.late import attributes
from attrition.data.series.findings import Defect
from attrition.data.series.series import Series

if TYPE_CHECKING:
    from attrition.data.series.read import read_series

__getattr__ = attributes(__name__, {"data.series.read": ("read_series",)})

__all__ = [
    "Defect",
    "Series",
    "read_series",
]
