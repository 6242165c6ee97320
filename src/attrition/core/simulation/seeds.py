"""One integer seed for everything that a question draws."""

from __future__ import annotations

import numpy as np

from attrition.core._typing import Rng
from attrition.core.errors import InputError


def seed_of(rng: Rng) -> int:
    """Return the integer seed of ``rng``; a Generator yields one, so that it can be recorded.

    Raises
    ------
    InputError
        If ``rng`` is a negative integer or neither an integer nor a Generator.
    """
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**63))
    if isinstance(rng, bool) or not isinstance(rng, (int, np.integer)) or rng < 0:
        raise InputError(
            "`rng` must be an integer of 0 or more, or a numpy Generator",
            got=repr(rng),
            place="rng",
            remedy="Give for example rng=1",
        )
    return int(rng)
