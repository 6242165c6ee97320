"""Slips of digits: which number may have been meant by the one that is printed, and how likely.

A printed number x that its neighbours do not expect is a slip, or it is true. By Bayes' rule the
odds are

    rate of slips * sum over m of P(x | m is typed wrongly) P(m)
    ------------------------------------------------------------
                      P(x is printed and true)

P(m) is what the neighbours expect; P(x | m) follows the ways in which numbers are typed wrongly
(Thimbleby and Cairns 2010, doi:10.1098/rsif.2010.0112): out by ten, a digit too many, one left
out, two swapped, one wrong; or it is no count of that row at all: the total so far among new
counts, a day, a number of another column. What is true and yet far off is a backlog or a
correction, of any size up to ten thousand times the usual, and hardly beyond.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.data.series.findings import Days

REACH = 14
"""Reports on either side that a count is compared with."""

SURE = 3
"""Last reports of which nothing later tells whether they are a new pace."""

_JUDGED = 10  # neighbours from which it is known what is usual
_FAR = 4.0  # robust deviations outside all neighbours from which a count is looked at
_LEAST = 3.0  # median count from which digits are told from chance
_GIANT, _TALLEST = 8.0, 3.0  # times the usual, and the tallest near it: it may be a new pace
_SLIP = 1e-3  # share of reports that are typed wrongly
_SEEN = 500.0  # reports on half a one of which something odd and true is supposed to happen
_LATE = 0.01  # share of last reports that are not complete yet
_RESTART = 2e-4  # chance that a total begins anew
_TOWERING = 1e4  # times the usual: a backlog is hardly larger
_SIZES = np.log(_TOWERING)  # up to there it has any size, evenly on the log scale
_HEAPED = {100: 2.0, 1_000: 5.0}  # how many times likelier a round backlog is
_GROWTH, _STRIDE = 0.05, 0.35  # chance that a count follows from the last; least log step then
_TAKEN_BACK = 1 / 3  # odds that a fall which no digits explain is taken back
_AGAIN = 0.3  # chance by log size that what is odd and true is so again
_VISIBLE = 0.05  # probability from which a slip is a hypothesis
_SUREST = 0.98  # most that a slip is believed in, because the shares above are judged
_ZEROS = {10: 0.35, 100: 0.15, 1_000: 0.05}  # shares of slips: so many zeros too many
_TENTHS = {10: 0.1, 100: 0.05}  # ... and too few, rounded or cut off
_SWAPPED, _DIGIT = 0.15, 0.05  # ... two digits swapped; a digit too many, one left out, one wrong
_RUNNING = 0.02  # ... the total so far among new counts
_ASTRAY, _ANY = 0.02, np.log(1e12)  # ... any number up to here, evenly on the log scale


@dataclass(frozen=True, slots=True)
class Slip(Shown):
    """Reports that are slips, or true, all of them.

    Parameters
    ----------
    days : tuple of int
        Day numbers.
    printed, meant : tuple of float
        What each prints, and what was meant if they are slips [unit].
    slip : float
        Probability of that.
    ratio : float
        How many times the usual they are if they are true and may be a new pace; else 1.
    """

    days: tuple[int, ...]
    printed: tuple[float, ...]
    meant: tuple[float, ...]
    slip: float
    ratio: float = 1.0

    @property
    def likelier(self) -> bool:
        """Whether a slip is the likelier of the two."""
        return self.slip > 0.5  # noqa: PLR2004 - even odds

    @property
    def excess(self) -> float:
        """What the total is too large by if they are slips [unit]."""
        return sum(self.printed) - sum(self.meant)


def ways(printed: float) -> dict[float, float]:
    """Return the numbers that may have been meant, each with P(printed | it was typed wrongly).

    Examples
    --------
    >>> {meant: round(p, 3) for meant, p in ways(670.0).items() if p > 0.2}
    {67.0: 0.352}
    """
    likelihood: dict[float, float] = defaultdict(float)
    for digits, share in (*_edits(f"{printed:.0f}"), *_out_by_ten(int(printed))):
        if digits == "0" or not digits.startswith("0"):
            likelihood[float(digits)] += share
    likelihood.pop(printed, None)
    return dict(likelihood)


def _edits(text: str) -> Iterator[tuple[str, float]]:
    """Yield what digits too many, left out, wrong or swapped were meant for, with each share."""
    size = len(text)
    for i in range(size + 1):
        before, here, after = text[:i], text[i : i + 1], text[i + 1 :]
        for digit in "0123456789":
            yield before + digit + here + after, _DIGIT / (size + 1)
            if here and digit != here:
                yield before + digit + after, _DIGIT / (9 * size)
        if here and size > 1:
            yield before + after, _DIGIT / (10 * size)
        if after:
            yield before + after[0] + here + after[1:], _SWAPPED / (size - 1)


def _out_by_ten(printed: int) -> Iterator[tuple[str, float]]:
    """Yield what zeros too many or too few were meant for, rounded or cut off, with its share."""
    for power, share in _ZEROS.items():
        if printed % power == 0:
            yield str(printed // power), share
    for power, share in _TENTHS.items():
        cut = power * printed
        for meant in range(cut - power // 2, cut + power):
            ways = (meant >= cut) + (meant < cut + power // 2)
            yield str(meant), share * ways / 2


class Usual:
    """What the neighbours of a count lead one to expect.

    Parameters
    ----------
    near : ndarray of float, shape (count,)
        Neighbouring counts [unit].
    last : float
        The count before, 0 where there is none [unit].
    """

    def __init__(self, near: Floats, last: float = 0.0) -> None:
        self._near, self._last = near, last
        self.median = float(np.median(near))
        deviation = float(np.median(np.abs(near - self.median)) / special.ndtri(0.75))
        self.spread = max(deviation, self.median**0.5, 0.5)
        self.low, self.high = float(near.min()), float(near.max())
        self.zeros = float(np.mean(near == 0))

    def far(self, count: float) -> bool:
        """Tell whether a count lies far beyond all neighbours."""
        beyond = max(count - self.high, self.low - count)
        return self.median >= _LEAST and beyond > _FAR * self.spread

    def ratio(self, count: float) -> float:
        """Return how many times the usual a giant is; 1 for what is none."""
        tall = count > max(_GIANT * self.median, _TALLEST * self.high)
        return count / self.median if tall and self.far(count) else 1.0

    def density(self, counts: Floats) -> Floats:
        """Return the density of counts: each neighbour is its own centre, as weekdays differ."""
        variance = np.maximum(self._near, 1.0) / 2 + (0.3 * self.spread) ** 2
        square = (counts[:, None] - self._near) ** 2 / variance
        return np.asarray((np.exp(-square / 2) / np.sqrt(2 * np.pi * variance)).mean(axis=1))

    def grown(self, count: float) -> float:
        """Return the density of a count that a step of the rate, like those near, leads to."""
        positive = self._near[self._near > 0]
        if self._last <= 0 or count <= 0:
            return 0.0
        stride = max(1.5 * float(np.sqrt(np.mean(np.diff(np.log(positive)) ** 2))), _STRIDE)
        score = np.log(count / self._last) / stride
        return float(np.exp(-(score**2) / 2) / (np.sqrt(2 * np.pi) * stride * count))

    def true(self, count: float, odd: float) -> float:
        """Return the density of a count that is printed and true, odd things having a chance."""
        plain = float(self.density(np.array([count]))[0]) + _GROWTH * self.grown(count)
        if count < self.median:
            return plain + odd / self.median
        heaped = max((_HEAPED[zeros] for zeros in _HEAPED if count % zeros == 0), default=1.0)
        falling = min(_TOWERING * self.median / count, 1.0) ** 2
        return plain + float(odd * heaped * falling / (_SIZES * count))


def doubts_of_counts(day: Days, counts: Floats, days: Floats, rare: float) -> list[Slip]:
    """Return which new counts may be slips.

    Parameters
    ----------
    day : ndarray of int, shape (report,)
    counts : ndarray of float, shape (report,)
        What each report adds [unit].
    days : ndarray of float, shape (report,)
        Days that each stands for [day].
    rare : float
        Share of zeros below which what follows one makes up for it, and is no slip.
    """
    size, rates = counts.size, counts / days
    judged: dict[int, Usual] = {}
    for i in _beyond(rates).tolist():
        near = _near(rates, i) * days[i]
        missed = i > 0 and (counts[i - 1] == 0 or days[i] > days[i - 1])
        if near.size < _JUDGED or not _has_digits(counts[i]):
            continue
        usual = Usual(near, float(counts[i - 1]) if i else 0.0)
        if usual.far(float(counts[i])) and not (missed and usual.zeros < rare):
            judged[i] = usual
    odd = (len(judged) - 0.5) / (size + _SEEN)  # of the others, and half a one
    alone, giants = list[_Weighed](), list[_Weighed]()
    for i, usual in judged.items():
        count, last = float(counts[i]), i == size - 1
        slip, meant = _slip(count, 0.0, usual, float(counts[:i].sum()))
        true = usual.true(count, _LATE if last and count < usual.low else odd)
        ratio = usual.ratio(count) if i >= size - SURE else 1.0
        weighed = _Weighed((int(day[i]),), (count,), (meant,), slip, true, ratio)
        (alone if ratio == 1 else giants).append(weighed)
    together = [functools.reduce(_Weighed.and_later, giants)] if giants else []
    doubts = [weighed.doubt() for weighed in (*alone, *together)]
    return [doubt for doubt in doubts if doubt.slip > _VISIBLE]


def denied_totals(day: Days, total: Floats) -> Days:
    """Return which totals a slip explains that both neighbours deny, by what lies between these.

    The count before such a total is as much too large as the one after it is too small, or the
    other way round, and another number that its digits may have meant lies between the neighbours.

    Parameters
    ----------
    day : ndarray of int, shape (report,)
    total : ndarray of float, shape (report,)
        Cumulative totals [unit].
    """
    days = np.diff(day).astype(float)
    rates = np.diff(total) / days * np.median(days)
    middle, half = (rates[:-1] + rates[1:]) / 2, np.abs(np.diff(rates)) / 2
    # both lie beyond all neighbours: few do, and to judge one is dear
    beyond = np.zeros((2, middle.size), dtype=bool)
    for sign in (1.0, -1.0):
        before, after = most_near(sign * rates, rates >= 0)
        most = np.maximum(before[:-1], after[1:])
        beyond |= sign * np.stack([rates[:-1], rates[1:]]) > most
    steep = (middle >= 0) & (half > _FAR * np.sqrt(np.maximum(middle, 1.0)))
    rows = list[int]()
    for i in np.flatnonzero(steep & beyond.all(axis=0)):
        near = np.r_[rates[max(i - REACH, 0) : i], rates[i + 2 : i + 2 + REACH]]
        near = near[near >= 0]
        printed, low, high = float(total[i + 1]), float(total[i]), float(total[i + 2])
        if near.size < _JUDGED or not _has_digits(printed) or printed in {low, high}:
            continue  # what is printed twice is a missed report
        usual = Usual(near)
        apart = usual.far(float(rates[i])) and usual.far(float(rates[i + 1]))
        together = abs(middle[i] - usual.median) < _FAR * usual.spread
        if apart and together and any(low <= meant <= high for meant in ways(printed)):
            rows.append(int(i) + 1)
    return np.array(rows, dtype=np.int64)


def doubts_of_totals(day: Days, total: Floats) -> list[Slip]:
    """Return whether the last total may be a slip; of earlier ones the later ones tell.

    Parameters
    ----------
    day : ndarray of int, shape (report,)
    total : ndarray of float, shape (report,)
        Cumulative totals [unit].
    """
    counts, days = np.diff(total), np.diff(day).astype(float)
    if counts.size <= _JUDGED or not _has_digits(total[-1]):
        return []
    rates = (counts / days)[-1 - REACH : -1]
    near = rates[rates >= 0] * days[-1]
    if near.size < _JUDGED:
        return []
    usual = Usual(near, float(rates[-1] * days[-1]))
    printed, before, count = float(total[-1]), float(total[-2]), float(counts[-1])
    if not usual.far(count):
        return []
    slip, meant = _slip(printed, before, usual)
    odd = 0.5 / (total.size + _SEEN)
    if count > 0:
        true = usual.true(count, odd)
    else:
        anew = _RESTART * float(usual.density(np.array([printed]))[0])
        fallen = odd / (np.log(max(before, 2.0)) * max(-count, 1.0))
        true = anew + fallen
        back = _TAKEN_BACK * fallen if -count > usual.median else 0.0  # else no date hangs on it
        if slip < back:
            meant = before + round(usual.median)
        slip += back
    ratio = usual.ratio(count)
    doubt = _Weighed((int(day[-1]),), (printed,), (meant,), slip, true, ratio).doubt()
    return [doubt] if doubt.slip > _VISIBLE else []


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Reports with the densities of both readings."""

    days: tuple[int, ...]
    printed: tuple[float, ...]
    meant: tuple[float, ...]
    slip: float
    true: float
    ratio: float

    def and_later(self, later: _Weighed) -> _Weighed:
        """Return both as one: all slips, or all true, as what is odd is likely so again."""
        number = len(self.days)
        return _Weighed(
            self.days + later.days,
            self.printed + later.printed,
            self.meant + later.meant,
            self.slip * later.slip,
            self.true * _AGAIN / later.printed[0],
            float((self.ratio**number * later.ratio) ** (1 / (number + 1))),
        )

    def doubt(self) -> Slip:
        """Return the same by Bayes' rule."""
        share = min(float(self.slip / (self.slip + self.true)), _SUREST)
        return Slip(self.days, self.printed, self.meant, share, self.ratio)


def _slip(printed: float, before: float, usual: Usual, running: float = 0.0) -> tuple[float, float]:
    """Return the density of a number typed wrongly, and the likeliest that was meant."""
    likelihood = ways(printed)
    if 0 < running < printed:
        likelihood[printed - running] = likelihood.get(printed - running, 0.0) + _RUNNING
    meant = np.array(list(likelihood))
    joint = np.array(list(likelihood.values())) * usual.density(meant - before)
    astray = _ASTRAY / (_ANY * printed) if printed - before > usual.high else 0.0
    likeliest = int(np.argmax(joint))
    typed = float(meant[likeliest]) if joint[likeliest] > astray else before + round(usual.median)
    return _SLIP * float(joint.sum() + astray), typed


def _has_digits(count: float) -> bool:
    """Tell whether a number is whole and above zero: only such have digits to mistype."""
    return bool(count >= 1 and count == round(count))


def _beyond(rates: Floats) -> Days:
    """Return which rates lie outside all their neighbours, and the last ones."""
    known = rates >= 0
    high, low = (np.maximum(*most_near(sign * rates, known)) for sign in (1.0, -1.0))
    recent = np.arange(rates.size) >= rates.size - SURE
    return np.flatnonzero(((rates > high) | (-rates > low) | recent) & known)


def most_near(values: Floats, known: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return the largest known value among the neighbours before and after each."""
    padded = np.full(values.size + 2 * REACH, -np.inf)
    padded[REACH:-REACH][known] = values[known]
    most = np.lib.stride_tricks.sliding_window_view(padded, REACH).max(axis=1)
    return most[: values.size], most[REACH + 1 :]


def _near(rates: Floats, i: int) -> Floats:
    """Return the rates that a report is compared with: of the last three, those before them."""
    ends = rates.size - SURE
    before = rates[max(min(i, ends) - REACH, 0) : min(i, ends)]
    near = np.r_[before, rates[i + 1 : i + 1 + REACH]] if i < ends else before
    return np.asarray(near[near >= 0])
