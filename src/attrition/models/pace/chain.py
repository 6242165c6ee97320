"""A Markov chain drawn coarse to fine: first where it will be, then how it gets there.

The states that matter most come first, each from one uniform number through its distribution
function, so that a low-discrepancy sequence can drive them; the rest are plain draws.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats, Singles

Indices = NDArray[np.int32]

_LONGEST = 64  # steps that are halved again and again; a longer path is made of such blocks
LEADING = 12
"""States of a path that are drawn from the uniform numbers given."""


class Chain:
    """Paths of a chain over so many steps.

    Parameters
    ----------
    transition : ndarray of float, shape (state, state)
        Probabilities of the next state, by the present one.
    steps : int
    """

    def __init__(self, transition: Floats, steps: int) -> None:
        self._states = transition.shape[0]
        self._steps = steps
        self._block = min(1 << max(steps - 1, 0).bit_length(), _LONGEST)
        self._middle, self._end = _tables(transition.tobytes(), self._states, self._block)
        # drawn first: ends and middles of the early blocks
        shares = (1, 1 / 2, 1 / 4, 3 / 4, 1 / 8, 2, 3 / 2, 3 / 8, 5 / 8, 1 / 16, 5 / 4, 7 / 8)
        first = [round(self._block * share) for share in shares if self._block * share >= 1]
        self._leading = {step: i for i, step in enumerate(list(dict.fromkeys(first))[:LEADING])}
        blocks = -(-steps // self._block)
        self.rest = blocks * self._block
        """Uniform numbers that a path takes besides the leading ones, at most."""

    def draw(self, first: Indices, leading: Floats, rest: Singles) -> Indices:
        """Return states after each step, shape (step, path).

        Parameters
        ----------
        first : ndarray of int, shape (path,)
            States before the first step.
        leading : ndarray of float, shape (LEADING, path)
        rest : ndarray of float, shape (``self.rest``, path)
            Uniform numbers.
        """
        block, used = self._block, 0
        out = np.empty((self.rest + 1, first.size), np.int32)
        out[0] = first
        for end in range(block, self.rest + 1, block):
            number = self._leading.get(end)
            uniform = rest[used] if number is None else leading[number]
            out[end] = _inverted(self._end[out[end - block]], uniform)
            used += 1
        half = block // 2
        while half:
            lefts = range(0, self._steps, 2 * half)
            self._halve(out, half, leading, rest[used : used + len(lefts)])
            used += len(lefts)
            half //= 2
        return out[1 : self._steps + 1]

    def _halve(self, out: Indices, half: int, leading: Floats, plain: Singles) -> None:
        """Draw the states in the middle between those that are known."""
        cumulative, share, other = self._middle[half]
        lefts = slice(0, self._steps, 2 * half)
        key = out[lefts] * np.int32(self._states)
        key += out[2 * half :: 2 * half][: key.shape[0]]
        out[half :: 2 * half][: key.shape[0]] = _aliased(key, plain, share, other, self._states)
        for row in range(key.shape[0]):
            number = self._leading.get((2 * row + 1) * half)
            if number is not None:
                out[(2 * row + 1) * half] = _inverted(cumulative[key[row]], leading[number])


_Middle = dict[int, tuple[Floats, Singles, Indices]]


@functools.lru_cache(maxsize=16)
def _tables(transition: bytes, states: int, block: int) -> tuple[_Middle, Floats]:
    """Return how to draw a state between two others, by their distance, and one a block ahead."""
    power, length = np.frombuffer(transition).reshape(states, states), 1
    middle: _Middle = {}
    while length < block:
        joint = power[:, None, :] * power.T[None, :, :]  # from, to, between
        joint /= joint.sum(axis=-1, keepdims=True)
        joint = joint.reshape(-1, states)
        middle[length] = (np.cumsum(joint, axis=1)[:, :-1], *_aliases(joint))
        power, length = power @ power, 2 * length
    return middle, np.cumsum(power, axis=1)[:, :-1]


def _inverted(cumulative: Floats, uniform: Floats | Singles) -> Indices:
    """Return the state at which the distribution function passes a uniform number."""
    return np.asarray((uniform[:, None] > cumulative).sum(axis=1), np.int32)


def _aliased(
    key: Indices, uniform: Singles, share: Singles, other: Indices, states: int
) -> Indices:
    """Draw by Walker's aliases: one of a column's two states, without a search."""
    scaled = uniform * np.float32(states)
    column = np.minimum(scaled.astype(np.int32), states - 1)
    scaled -= column
    at = key * np.int32(states)
    at += column
    return np.where(scaled < share.take(at), column, other.take(at))


def _aliases(probability: Floats) -> tuple[Singles, Indices]:
    """Return the share of each column's own state, and its other state, flat.

    Walker (1977, doi:10.1145/355744.355749), made by Vose's two lists.
    """
    rows, states = probability.shape
    share = np.ones((rows, states))
    other = np.tile(np.arange(states), (rows, 1))
    for row, left in enumerate(probability * states):
        small = [i for i in range(states) if left[i] < 1]
        large = [i for i in range(states) if left[i] >= 1]
        while small and large:
            poor, rich = small.pop(), large[-1]
            share[row, poor], other[row, poor] = left[poor], rich
            left[rich] -= 1 - left[poor]
            if left[rich] < 1:
                small.append(large.pop())
    return share.ravel().astype(np.float32), other.ravel().astype(np.int32)
