"""The daily loop in C with level, rate and noise integrated, in pairs of opposite paths."""

from __future__ import annotations

import ctypes

import numpy as np
from benchmarks.rivals.compiled import LANES, PACE, address, library
from benchmarks.rivals.integrated import Floats, passed

LONGEST, PLACES = 1_000.0, 2_001
"""Days passed to which the table goes: every threshold of the problem is certain by then."""


def laws(thresholds: tuple[float, ...], days: int, draws: int, seed: int) -> Floats:
    """Return P(T <= t), shape (threshold, days + 1); ``draws`` in whole blocks."""
    rng = np.random.default_rng(seed)
    table = passed(thresholds, np.linspace(0.0, LONGEST, PLACES)).astype(np.float32)
    sums, blocks = np.zeros((len(thresholds), days)), -(-draws // LANES)
    for _ in range(blocks):
        state = rng.integers(2**64, size=LANES, dtype=np.uint64)
        library().integrated(
            address(state),
            address(table),
            PLACES,
            ctypes.c_float((PLACES - 1) / LONGEST),
            address(sums),
            len(thresholds),
            days,
            *PACE,
        )
    return np.column_stack([table[:, 0], sums / (blocks * LANES)])
