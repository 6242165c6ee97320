"""One integer seed for everything that a question draws, and the streams that follow from it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from attrition.core._typing import Floats, Rng
from attrition.core.checks import whole_number
from attrition.core.late import special
from attrition.core.sobol import Sobol

_LEADING = 32  # dimensions of the sequence; the rest, which move next to nothing, are plain draws
_BITS = 30


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


class Points:
    """Uniform points of all replicates, drawn block by block.

    The linear scrambling of the sequence is common to the replicates; a random digital shift
    makes each of them uniform and, given the scrambling, independent of the others.

    Parameters
    ----------
    dimensions : int
    seed : int
        Replicate r uses ``SeedSequence(seed, spawn_key=(r,))``, the scrambling ``seed`` alone.
    replicates : int
        Number of replicates.

    Notes
    -----
    Matoušek (1998), "On the L2-discrepancy for anchored boxes", Journal of Complexity 14,
    527-556, doi:10.1006/jcom.1998.0489.
    """

    def __init__(self, dimensions: int, seed: int, replicates: int) -> None:
        self._sobol = Sobol(dimensions, rng=stream(seed), bits=_BITS)
        self.streams = [stream(seed, replicate) for replicate in range(replicates)]
        """For what no point drives: the generator of each replicate."""
        self._shifts = [own.integers(2**_BITS, size=dimensions) for own in self.streams]

    def draw(self, points: int) -> Callable[[int], Floats]:
        """Return the next ``points`` rows, in (0, 1), as a function of the replicate."""
        digits = self._sobol.digits(points)

        def of(replicate: int) -> Floats:
            shifted = np.bitwise_xor(digits, self._shifts[replicate])
            return np.asarray((shifted + 0.5) * 2.0**-_BITS)

        return of


class Normals:
    """Normals of all replicates: of points in the leading dimensions, the rest plain draws.

    Parameters
    ----------
    dimensions : int
        Normals of a point.
    seed, replicates : int
        As of :class:`Points`.
    """

    def __init__(self, dimensions: int, seed: int, replicates: int) -> None:
        leading = min(dimensions, _LEADING)
        self._rest = dimensions - leading
        self._points = Points(leading, seed, replicates)

    def draw(self, points: int) -> Callable[[int], Floats]:
        """Return the next ``points`` rows as a function of the replicate.

        The function must be called once for every replicate that is drawn here, in any order; it
        returns an array of shape (points, dimensions).
        """
        uniform = self._points.draw(points)

        def of(replicate: int) -> Floats:
            leading = special.ndtri(uniform(replicate))
            tail = self._points.streams[replicate].standard_normal((points, self._rest))
            return np.concatenate([leading, tail], axis=1)

        return of
