"""One integer seed for everything that a question draws, and the streams that follow from it."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats, Rng
from attrition.core.checks import whole_number
from attrition.core.errors import refusal
from attrition.core.files import bundled
from attrition.core.late import special

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


# Points of a scrambled Sobol sequence, bit for bit those of :class:`scipy.stats.qmc.Sobol`.
#
# Importing :mod:`scipy.stats` costs more time than a forecast's points do.

# bits of a primitive polynomial and its first direction numbers, for each dimension after the first
_PRIMITIVE = [
    tuple(map(int, line.split()))
    for line in bundled("directions.txt").splitlines()
    if not line.startswith("#")
]
MOST = len(_PRIMITIVE) + 1
"""Dimensions that a sequence can have."""

Bits = NDArray[np.uint32]

_BLOCK = 8  # points are taken from a table of 2 to this power, moved by what its numbers share


class Sobol:
    """A Sobol sequence with a random linear scrambling and a random digital shift.

    Parameters
    ----------
    dimensions : int
        At most :data:`MOST`.
    rng : Generator
        A child of it scrambles.
    bits : int
        Binary digits of a coordinate, at most 32; so many points, as a power of 2, are distinct.

    Raises
    ------
    InputError
        If there are too many dimensions.

    Notes
    -----
    The scrambling is that of Matoušek (1998), "On the L2-discrepancy for anchored boxes", Journal
    of Complexity 14, 527-556, doi:10.1006/jcom.1998.0489. Points come in the order of the Gray
    code (Antonov and Saleev 1979), in which neighbours differ by one direction number.

    Examples
    --------
    >>> points = Sobol(2, rng=np.random.default_rng(1)).random(4)
    >>> (np.sort(points, axis=0) * 4).astype(int).tolist()  # one in each quarter
    [[0, 0], [1, 1], [2, 2], [3, 3]]
    """

    def __init__(self, dimensions: int, *, rng: np.random.Generator, bits: int = 30) -> None:
        if not 1 <= dimensions <= MOST:
            raise refusal("dimensions", str(dimensions), "dimensions", most=MOST)
        self._bits = bits
        places = np.arange(bits, dtype=np.uint32)
        (own,) = rng.spawn(1)
        drawn = own.integers(2, size=(dimensions, bits), dtype=np.uint32)
        self._shift = (drawn << places).sum(axis=1, dtype=np.uint32)
        # direction numbers times a lower triangular matrix of bits with a unit diagonal
        lower = np.tril(own.integers(2, size=(dimensions, bits, bits), dtype=np.uint32))
        lower[:, places, places] = 1
        falling = places[::-1]  # row i of a matrix makes the i-th highest bit
        mine = (_directions(dimensions, bits)[:, :, None] >> falling) & np.uint32(1)
        # Sums of at most `bits` ones are exact in floats, whose product is fast.
        sums = mine.astype(float) @ lower.astype(float).transpose(0, 2, 1)
        scrambled = ((sums.astype(np.uint32) & 1) << falling).sum(axis=2, dtype=np.uint32)
        self._directions: Bits = np.asarray(scrambled)
        low = np.zeros((1, dimensions), dtype=np.uint32)
        for place in range(min(_BLOCK, bits)):  # the Gray code mirrors itself with one bit more
            low = np.concatenate([low, low[::-1] ^ self._directions[:, place]])
        self._low, self._next = low, 0

    def digits(self, points: int) -> Bits:
        """Return the next points as whole numbers below 2**bits, shape (point, dimension)."""
        size = self._low.shape[0]
        first, last = self._next, self._next + points
        blocks = np.arange(first // size, -(-last // size), dtype=np.int64) * size
        gray = blocks ^ (blocks >> 1)
        high = np.broadcast_to(self._shift, (blocks.size, self._shift.size)).copy()
        for place in range(self._bits):
            high ^= ((gray >> place) & 1).astype(np.uint32)[:, None] * self._directions[:, place]
        # A place in a block has only bits that the block's own number lacks, so their sum is an
        # exclusive or, and the Gray code of that is the exclusive or of their Gray codes.
        every = (high[:, None] ^ self._low).reshape(-1, self._shift.size)
        self._next = last
        return every[first - first // size * size :][:points]

    def random(self, points: int) -> Floats:
        """Return the next points in [0, 1), shape (point, dimension)."""
        return np.asarray(self.digits(points) * 2.0**-self._bits, dtype=float)


@functools.lru_cache(maxsize=16)
def _directions(dimensions: int, bits: int) -> Bits:
    """Return direction numbers, the most significant bit first, shape (dimension, bit)."""
    numbers = np.ones((dimensions, bits), dtype=np.uint64)
    for row, (polynomial, *first) in zip(numbers[1:], _PRIMITIVE, strict=False):
        degree = len(first)
        row[:degree] = first[:bits]
        for j in range(degree, bits):  # Bratley and Fox (1988), doi:10.1145/42288.214372
            new = row[j - degree]
            for k in range(1, degree + 1):
                if (polynomial >> (degree - k)) & 1:
                    new ^= row[j - k] << np.uint64(k)
            row[j] = new
    return (numbers << np.arange(bits, dtype=np.uint64)[::-1]).astype(np.uint32)
