"""Standard normals for the replicates: one scrambled Sobol sequence, shifted for each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.core.simulation.seeds import stream
from attrition.core.sobol import Sobol

_LEADING = 32  # dimensions of the sequence; the rest, which move next to nothing, are plain draws
_BITS = 30


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
        self._leading = min(dimensions, _LEADING)
        self._rest = dimensions - self._leading
        self._points = Points(self._leading, seed, replicates)

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
