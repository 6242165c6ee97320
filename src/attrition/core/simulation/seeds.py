"""One integer seed for everything that a question draws."""

from __future__ import annotations

import numpy as np

from attrition.core._typing import Rng
from attrition.core.checks import whole_number


def seed_of(rng: Rng) -> int:
    """Return the integer seed of ``rng``; a Generator yields one, so that it can be recorded.

    Raises
    ------
    InputError
        If ``rng`` is a negative integer or neither an integer nor a Generator.
    """
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**63))
    return whole_number(rng, "rng")
