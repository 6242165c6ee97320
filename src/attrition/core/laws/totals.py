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
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.core.numerics import ndtr

SCORES = np.linspace(-4.0, 4.0, 65)
"""Normal scores at which quantiles are kept; an eighth apart a straight line errs by 0.0004."""

_FINER = 8  # ranks between two scores, from which the quantiles of draws with weights are read
_TAIL = 2.0  # score beyond which a replicate of a thousand draws has too few: all decide together


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

    def _between(self, days: np.ndarray) -> tuple[np.ndarray, Floats]:
        """Return the node at or after each day, and how far each is on from the node before."""
        right = np.clip(np.searchsorted(self.days, days), 1, self.days.size - 1)
        begin, end = self.clock[self.days[right - 1]], self.clock[self.days[right]]
        return right, (self.clock[days] - begin) / np.where(end > begin, end - begin, 1.0)

    def on(self, days: np.ndarray) -> Floats:
        """Return the quantiles on days, shape (replicate, day, score), linear between nodes."""
        right, share = self._between(days)
        left, share = self.values[:, right - 1], share[:, None]
        return np.asarray((1 - share) * left + share * self.values[:, right])

    @functools.cached_property
    def _rows(self) -> Floats:
        """The quantiles of each replicate and, last, their means, shape (row, node, score)."""
        own = self.values
        mean = np.clip(own.mean(axis=0), own.min(axis=0), own.max(axis=0))  # whatever is rounded
        return np.concatenate([own, mean[None]])

    def quantile(self, day: int, probability: float | Sequence[float]) -> Floats:
        """Return quantiles on a day by replicate, shape (replicate, *probability.shape) [unit]."""
        return _between_scores(self.on(np.array([day]))[:, 0], probability)

    def beside(
        self, index: np.ndarray, part: Floats, probabilities: Floats
    ) -> tuple[Floats, Floats]:
        """Return the total that is passed with a probability by a time, and what a day adds to it.

        Parameters
        ----------
        index : ndarray of int, shape (day,)
        part : ndarray of float, shape (day,)
            How far the day has passed.
        probabilities : ndarray of float, shape (day,)
            That it has been passed.

        Returns
        -------
        own : ndarray of float, shape (replicate, day)
        pace : ndarray of float, shape (day,)
            Of the means of all replicates [unit/day].
        """
        key = probabilities.tobytes()
        if key not in self._lines:
            self._lines[key] = _between_scores(self.values, 1 - probabilities)
        right, share = self._between(index)
        wide = self.clock[self.days[right]] - self.clock[self.days[right - 1]]
        day = (self.clock[index] - self.clock[index - 1]) / np.where(wide > 0, wide, 1.0)
        place = np.arange(index.size)
        before, after = (self._lines[key][:, node, place] for node in (right - 1, right))
        own = before + (share - (1 - part) * day) * (after - before)
        return own, (after - before).mean(axis=0) * day

    @functools.cached_property
    def _lines(self) -> dict[bytes, Floats]:
        """Quantiles at nodes, shape (replicate, node, probability), by what is above them."""
        return {}

    def column(self, threshold: float, days: np.ndarray | None = None) -> Floats:
        """Return P(C(t) >= threshold) on days, or on every one, shape (replicate, day)."""
        on = self._every if days is None else days
        rows = np.arange(self._rows.shape[0])
        below = ndtr(self._score_below(rows, np.full(rows.size, threshold), on))
        # the mean of the replicates inverts the mean of their quantiles; their scatter is theirs
        own, whole = below[:-1], below[-1]
        passed = 1.0 - np.clip(whole + own - own.mean(axis=0), 0.0, 1.0)
        return np.asarray(np.maximum.accumulate(passed, axis=1))

    def means(self, thresholds: Floats) -> Floats:
        """Return P(C(t) >= threshold) on every day over all replicates, (threshold, day)."""
        rows = np.full(thresholds.size, self._rows.shape[0] - 1)
        passed = 1.0 - ndtr(self._score_below(rows, thresholds, self._every))
        return np.asarray(np.maximum.accumulate(passed, axis=1))

    @property
    def _every(self) -> np.ndarray:
        return np.arange(int(self.days[-1]) + 1)

    def _score_below(self, rows: np.ndarray, thresholds: Floats, days: np.ndarray) -> Floats:
        """Return the normal score of P(C < threshold) on days, of some rows, shape (row, day).

        A mass at the threshold itself belongs to those that have reached it.
        """
        row, size, level = np.arange(rows.size)[:, None], days.size + 1, thresholds[:, None]
        reached = (row * size + self._reached(rows, level, days)).ravel()
        counts = np.bincount(reached, minlength=rows.size * size).reshape(rows.size, size)
        index = SCORES.size - np.cumsum(counts[:, :-1], axis=1)  # of those that are below
        left = np.clip(index - 1, 0, SCORES.size - 2)
        right, part = self._between(days)
        flat, (_, nodes, scores) = self._rows.ravel(), self._rows.shape
        before = (rows[:, None] * nodes + np.maximum(right - 1, 0)) * scores + left
        after = (rows[:, None] * nodes + right) * scores + left
        low, high = (
            (1 - part) * flat.take(before + step) + part * flat.take(after + step)
            for step in (0, 1)
        )
        gap = high - low
        share = np.divide(level - low, gap, out=np.ones_like(gap), where=gap > 0)
        score = SCORES[left] + np.clip(share, 0.0, 1.0) * (SCORES[1] - SCORES[0])
        score[index == 0], score[index == SCORES.size] = -np.inf, np.inf
        return np.asarray(score)

    def _reached(self, rows: np.ndarray, level: Floats, days: np.ndarray) -> np.ndarray:
        """Return the place of the first day on which each quantile is there, shape (row, score).

        A quantile moves on a line from node to node: no day between them need be looked at.
        """
        times, last = self.clock[days], self.days.size - 1
        node = (self._rows[rows] < level[:, :, None]).sum(axis=1)
        right = np.clip(node, 1, last)
        row, scores = rows[:, None], np.arange(SCORES.size)
        low, high = self._rows[row, right - 1, scores], self._rows[row, right, scores]
        begin, end = self.clock[self.days[right - 1]], self.clock[self.days[right]]
        share = (level - low) / np.where(high > low, high - low, 1.0)
        place = np.searchsorted(times, np.minimum(begin + share * (end - begin), end))
        return np.where(node == 0, 0, np.where(node > last, days.size, place))


def _between_scores(values: Floats, probability: float | Sequence[float] | Floats) -> Floats:
    """Return quantiles from those at the scores, the last axis."""
    score = np.clip(special.ndtri(probability), SCORES[0], SCORES[-1])
    place = (score - SCORES[0]) / (SCORES[1] - SCORES[0])
    left = np.minimum(place.astype(int), SCORES.size - 2)
    low = values[..., left]
    return np.asarray(low + (place - left) * (values[..., left + 1] - low))


def node_days(days: int) -> np.ndarray:
    """Return days on which quantiles are computed: each of twelve, then a sixth further on.

    Examples
    --------
    >>> node_days(30).tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 21, 24, 28, 30]
    """
    nodes = [0]
    while nodes[-1] < days:
        nodes.append(min(nodes[-1] + max(nodes[-1] // 6, 1), days))
    return np.array(nodes)


def totals_of(parts: Sequence[Floats], days: np.ndarray, *, clock: Floats | None = None) -> Totals:
    """Return the quantiles of equally likely draws.

    Parameters
    ----------
    parts : sequence of ndarray of float, each of shape (draw, node)
        Totals at the end of each day [unit], of each replicate.
    days : ndarray of int, shape (node,)
    clock : ndarray of float, shape (day,), optional
        Even days that have passed by the end of each day; the days themselves when left out.
    """
    each = np.stack([_even(part) for part in parts])
    return _rising(_even(np.concatenate(parts)), each, days, clock)


def weighted_totals(columns: Iterable[Floats], days: np.ndarray, weights: Floats) -> Totals:
    """Return the quantiles of draws with weights, of which one day at a time is in memory.

    Parameters
    ----------
    columns : iterable of ndarray of float, each of shape (draw, place)
        Totals at the end of each day [unit], at places of equal weight.
    days : ndarray of int, shape (node,)
    weights : ndarray of float, shape (replicate, draw)
        They sum to one within each replicate, whose draws lie side by side.
    """
    rest = iter(columns)
    first = next(rest)
    (draws, places), parts, probabilities = first.shape, weights.shape[0], _probabilities()
    # all days are alike in what follows
    shares = np.tile(weights.ravel() / places, places)
    last = shares.size - 1
    ranks = np.unique(np.r_[0, (_probabilities(_FINER) * last).astype(int), last])
    part = np.arange(parts)[:, None]
    stretch = np.tile(np.repeat(part * ranks.size, draws // parts), places)
    from_rank = np.repeat(np.arange(ranks.size), np.diff(ranks, append=shares.size))
    cells = np.empty_like(stretch)
    whole = np.empty((days.size, SCORES.size))
    each = np.empty((parts, *whole.shape))
    for node, drawn in enumerate(itertools.chain([first], rest)):
        column = drawn.T.ravel()
        order = _order(column)
        # what of each part lies between one rank and the next; all parts one behind another
        cells[order] = from_rank
        masses = np.bincount(stretch + cells, shares, parts * ranks.size)
        below = (np.cumsum(masses) - masses).reshape(parts, -1)
        begin, sums = below[:, :1], masses.reshape(parts, -1).sum(axis=1, keepdims=True)
        values, half = column[order[ranks]], shares[order[ranks]] / 2
        middle = (below - begin).sum(axis=0) + half
        whole[node] = np.interp(probabilities * sums.sum(), middle, values)
        wanted = np.minimum(begin + probabilities * sums, below[:, -1:])
        own = np.interp(wanted.ravel(), below.ravel(), np.tile(values, parts))
        each[:, node] = own.reshape(parts, -1)
    return _rising(whole, each, days, None)


def _rising(whole: Floats, each: Floats, days: np.ndarray, clock: Floats | None) -> Totals:
    """Return totals of the quantiles of all draws, (node, score), and of each part of them."""
    # Parts scatter about the whole; where they are too few to say how, the whole stands alone.
    scatter = np.where(np.abs(SCORES) <= _TAIL, each - each.mean(axis=0), 0.0)
    rising = np.maximum.accumulate(whole + scatter, axis=2)
    passed = np.arange(days[-1] + 1.0) if clock is None else clock
    return Totals(days, np.maximum.accumulate(rising, axis=1), passed)


@functools.cache
def _probabilities(finer: int = 1) -> Floats:
    """Return the probabilities of the scores, or of so many times as many."""
    ends = SCORES[0], SCORES[-1]
    return np.asarray(special.ndtr(np.linspace(*ends, finer * (SCORES.size - 1) + 1)))


def _even(draws: Floats) -> Floats:
    """Return quantiles at the scores, shape (node, score), of equally likely draws (draw, node)."""
    ordered = np.sort(draws.T, axis=1)
    last = ordered.shape[1] - 1
    place = np.clip(_probabilities() * (last + 1) - 0.5, 0, last)
    left = np.minimum(place.astype(int), last - 1)
    share = place - left
    return np.asarray((1 - share) * ordered[:, left] + share * ordered[:, left + 1])


def _order(values: Floats) -> np.ndarray:
    """Return the places of values in ascending order, to a part in 10^10 of their distances.

    Equal totals are one quantile, in whichever order. The bits of floats from zero on are ordered
    as they are; whole numbers that end in their own place are sorted faster than places are.
    """
    mask = (1 << values.size.bit_length()) - 1
    keys = (values - values.min()).view(np.int64)
    keys &= ~mask
    keys |= np.arange(values.size)
    keys.sort()
    keys &= mask
    return np.asarray(keys)


TotalsSource = Callable[[], Totals]
"""Computes the quantiles when they are first read: most laws are asked for dates only."""
