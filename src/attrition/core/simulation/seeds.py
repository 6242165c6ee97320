"""One integer seed for everything that a question draws, and the streams that follow from it."""

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


def stream(seed: int, *key: int) -> np.random.Generator:
    """Return the random stream of a key: those of other keys are independent of it."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def seed_under(seed: int, *key: int) -> int:
    """Return the seed of a key, for what makes streams of its own."""
    return int(np.random.SeedSequence(seed, spawn_key=key).generate_state(1)[0])
