"""Whole paths in blocks of draws, each with a stream of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from attrition.core.errors import InputError

BLOCK = 8_192
"""Draws of a block."""


def check_paths(draws: int, dtype: type[np.floating[Any]]) -> None:
    """Refuse a number of draws that is not positive, and other types than the two."""
    if draws < 1 or np.dtype(dtype) not in (np.dtype("f4"), np.dtype("f8")):
        rule = "paths need at least one draw, in float32 or float64"
        got = f"draws={draws}, dtype={np.dtype(dtype).name}"
        remedy = "Give for example draws=10_000, dtype=np.float32"
        raise InputError(rule, got=got, place="paths", remedy=remedy)
