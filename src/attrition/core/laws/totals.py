"""What a total is on any day: quantiles at some days, read between them along time.

A law answers two kinds of questions. When is K passed? That is a column of the surface
P(C(t) >= K), computed for the thresholds that were asked about. How large is the total on a day?
That is a row of it, and a grid of thresholds laid out for the first kind is far too coarse for
the second: two weeks ahead a total of a million may be certain to half a per cent. So quantiles
are kept besides, at normal scores from -4 to 4 on days that lie close together at first, and they
are interpolated *along time*, where a quantile of a sum moves smoothly, never across thresholds.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special

SCORES = np.linspace(-4.0, 4.0, 65)
"""Normal scores at which quantiles are kept; an eighth apart a straight line errs by 0.0004."""

_TAIL = 2.0
"""Beyond this score a replicate of a thousand draws has too few: all draws together decide."""


@dataclass(frozen=True, eq=False)
class Totals:
    """Quantiles of a total on some days, by replicate.

    Parameters
    ----------
    days : ndarray of int, shape (node,)
        Days after the information date, ascending from 0 to the horizon.
    values : ndarray of float, shape (replicate, node, score)
        The total [unit] at each of :data:`SCORES`; rises along nodes and scores.
    clock : ndarray of float, shape (day,)
        Even days that have passed by the end of each day, where weekdays differ.
    """

    days: np.ndarray
    values: Floats = field(repr=False)
    clock: Floats = field(repr=False)

    def pooled(self) -> Totals:
        """Return the same with one replicate."""
        return dataclasses.replace(self, values=self.values.mean(axis=0, keepdims=True))

    def on(self, days: np.ndarray) -> Floats:
        """Return the quantiles on days, shape (replicate, day, score), linear between nodes."""
        if self.days.size == 1:
            return np.repeat(self.values, days.size, axis=1)
        right = np.clip(np.searchsorted(self.days, days), 1, self.days.size - 1)
        begin, end = self.clock[self.days[right - 1]], self.clock[self.days[right]]
        share = ((self.clock[days] - begin) / (end - begin))[:, None]
        return np.asarray((1 - share) * self.values[:, right - 1] + share * self.values[:, right])

    @functools.cached_property
    def _rows(self) -> tuple[tuple[Floats, Floats], ...]:
        """Quantiles at the nodes and on every day, and their means, shape (score, replicate, day).

        Many thresholds are read of them: a day beside the next is counted at once.
        """
        stock = []
        for rows in (self.values, self.on(np.arange(int(self.days[-1]) + 1))):
            means = rows.mean(axis=0, keepdims=True)
            both = (np.ascontiguousarray(np.moveaxis(part, -1, 0)) for part in (rows, means))
            stock.append((next(both), next(both)))
        return tuple(stock)

    def quantile(self, day: int, probability: float) -> Floats:
        """Return one quantile on a day by replicate, shape (replicate,) [unit]."""
        score = float(np.clip(special.ndtri(probability), SCORES[0], SCORES[-1]))
        place = (score - SCORES[0]) / (SCORES[1] - SCORES[0])
        left = min(int(place), SCORES.size - 2)
        near = self.on(np.array([day]))[:, 0, left : left + 2]
        return np.asarray(near[:, 0] + (place - left) * (near[:, 1] - near[:, 0]))

    def column(self, threshold: float, *, nodes: bool = False) -> Floats:
        """Return P(C(t) >= threshold) on every day or only at nodes, shape (replicate, day)."""
        rows, middle = self._rows[not nodes]
        # Before the first of these days no quantile has reached it, from the last on all have.
        first = int(np.searchsorted(rows[-1].max(axis=0), threshold))
        last = int(np.searchsorted(rows[0].min(axis=0), threshold))
        below = np.ones(rows.shape[1:])
        below[:, last:] = 0.0
        own = special.ndtr(_score_below(rows[:, :, first:last], threshold))
        whole = special.ndtr(_score_below(middle[:, :, first:last], threshold))
        # the mean of the replicates inverts the mean of their quantiles; their scatter is theirs
        below[:, first:last] = np.clip(whole + own - own.mean(axis=0), 0.0, 1.0)
        return np.asarray(np.maximum.accumulate(1.0 - below, axis=1))


def _score_below(rows: Floats, threshold: float) -> Floats:
    """Return the normal score of P(C < threshold), shape of ``rows`` without its first axis.

    A mass at the threshold itself belongs to those that have reached it.
    """
    index = np.sum(rows < threshold, axis=0, dtype=np.uint8).astype(np.intp)  # of 65 scores
    left = np.clip(index - 1, 0, SCORES.size - 2)
    low, high = (np.take_along_axis(rows, left[None] + step, axis=0)[0] for step in (0, 1))
    gap = high - low
    share = np.divide(threshold - low, gap, out=np.ones_like(gap), where=gap > 0)
    score = SCORES[left] + np.clip(share, 0.0, 1.0) * (SCORES[1] - SCORES[0])
    return np.asarray(
        np.where(index == 0, -np.inf, np.where(index == SCORES.size, np.inf, score)), dtype=float
    )


def node_days(days: int) -> np.ndarray:
    """Return days on which quantiles are computed: each of two weeks, then a tenth further on.

    Examples
    --------
    >>> node_days(30).tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 22, 24, 26, 28, 30]
    """
    nodes = [0]
    while nodes[-1] < days:
        nodes.append(min(nodes[-1] + max(nodes[-1] // 9, 1), days))
    return np.array(nodes)


def totals_of(
    parts: Sequence[Floats],
    days: np.ndarray,
    *,
    weights: Sequence[Floats] | None = None,
    clock: Floats | None = None,
) -> Totals:
    """Return the quantiles of draws.

    Parameters
    ----------
    parts : sequence of ndarray of float, each of shape (draw, node)
        Totals at the end of each day [unit], of each replicate.
    days : ndarray of int, shape (node,)
    weights : sequence of ndarray of float, each of shape (draw,), optional
        Of each draw; equal when left out.
    clock : ndarray of float, shape (day,), optional
        Even days that have passed by the end of each day; the days themselves when left out.
    """
    if weights is None:
        whole, each = _even(np.concatenate(parts)), np.stack([_even(part) for part in parts])
    else:
        whole, each = _weighted(np.concatenate(parts), np.concatenate(weights), len(parts))
    # Parts scatter about the whole; where they are too few to say how, the whole stands alone.
    scatter = np.where(np.abs(SCORES) <= _TAIL, each - each.mean(axis=0), 0.0)
    rising = np.maximum.accumulate(whole + scatter, axis=2)
    passed = np.arange(days[-1] + 1.0) if clock is None else clock
    return Totals(days, np.maximum.accumulate(rising, axis=1), passed)


@functools.cache
def _probabilities() -> Floats:
    """Return the probabilities of the scores."""
    return np.asarray(special.ndtr(SCORES))


def _even(draws: Floats) -> Floats:
    """Return quantiles at the scores, shape (node, score), of equally likely draws (draw, node)."""
    ordered = np.sort(draws.T, axis=1)
    last = ordered.shape[1] - 1
    place = np.clip(_probabilities() * (last + 1) - 0.5, 0, last)
    left = np.minimum(place.astype(int), last - 1)
    share = place - left
    return np.asarray((1 - share) * ordered[:, left] + share * ordered[:, left + 1])


def _weighted(draws: Floats, weights: Floats, parts: int) -> tuple[Floats, Floats]:
    """Return the same of draws with weights: of all, and of each of so many equal parts."""
    whole = np.empty((draws.shape[1], SCORES.size))
    each = np.empty((parts, *whole.shape))
    size = weights.size // parts
    part = (np.arange(weights.size) // size).astype(np.uint8)
    for node, column in enumerate(np.ascontiguousarray(draws.T)):
        order = np.argsort(column)  # equal totals are one quantile, in whichever order
        whole[node] = _read(column[order], weights[order])
        # all parts are in order once they are told apart without mixing what is in order
        grouped = order[np.argsort(part[order], kind="stable")].reshape(parts, size)
        each[:, node] = _read(column[grouped], weights[grouped])
    return whole, each


def _read(values: Floats, weights: Floats) -> Floats:
    """Return quantiles at the scores of ascending values with weights, along the last axis."""
    middle = np.cumsum(weights, axis=-1) - weights / 2
    middle /= weights.sum(axis=-1, keepdims=True)
    wanted = np.clip(_probabilities(), middle[..., :1], middle[..., -1:])
    # rows one behind another, each from a whole number on, are read as one
    begins = np.arange(middle[..., 0].size).reshape((*middle.shape[:-1], 1))
    read = np.interp((wanted + begins).ravel(), (middle + begins).ravel(), values.ravel())
    return read.reshape(wanted.shape)


TotalsSource = Callable[[], Totals]
"""Computes the quantiles when they are first read: most laws are asked for dates only."""


class Once:
    """A source that computes once, for a law and for all copies of it that say other words."""

    def __init__(self, source: TotalsSource) -> None:
        self._source = source
        self._totals: Totals | None = None

    def __call__(self) -> Totals:
        """Return the quantiles."""
        if self._totals is None:
            self._totals = self._source()
        return self._totals
