"""Windows of time: increments against totals, killed against casualties, rates against both."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from attrition.core.grouping import grouped_by
from attrition.data.coherence.findings import ClaimEvidence, Fact, Hit, count
from attrition.data.coherence.levels import casualties_of, looked_at, questioned

_LONGEST = 366
_FACTOR = 2.0
_WEEK = 7.0
_SLACK = 0.04  # of their length, and a day from a week on, by which ends of one window may differ
_MARGIN = 1.1  # factor by which an increase may miss the difference of two totals
_ABOVE = 1.05  # factor of the killed and wounded above which the killed are more
_DIED = 0.05  # of the killed: those who were counted among the wounded before
_MOST_OF = 0.75  # of the time of a mean pace, below which a window may be a peak of it
_MOST = 60
_COMPARED = 2_000  # windows with which one is compared


@dataclass(frozen=True, slots=True)
class GrowthWindow:
    """What a quantity grew by between two days: as stated, or as the difference of two totals."""

    quantity: str
    begin: date
    end: date
    low: float
    median: float
    high: float
    facts: tuple[Fact, ...]

    @property
    def days(self) -> int:
        """Length, both ends included."""
        return (self.end - self.begin).days + 1

    def stretch(self, other: GrowthWindow) -> float:
        """Return the factor by which two windows may differ, or infinity if they are not the same.

        Of windows that begin and end on neighbouring days the days that are not shared may count
        as much as the others.
        """
        longest = max(self.days, other.days)
        slack = max(_SLACK * longest, min(1.0, longest / _WEEK))
        begins, ends = abs((self.begin - other.begin).days), abs((self.end - other.end).days)
        if begins > slack or ends > slack:
            return math.inf
        return 1 + (begins + ends) / min(self.days, other.days)

    @property
    def grown(self) -> str:
        """By how much it grew, as a sentence holds it."""
        return count(self.median)

    @property
    def says(self) -> str:
        """What is stated, or the difference of two totals, and by whom."""
        first, last = self.facts[0], self.facts[-1]
        if first is last:
            return f"{first.says} ({first.who})"
        return f"{self.grown}, from {first.says} to {last.says} ({first.who})"

    def __str__(self) -> str:
        """Return the window in words; of two totals their dates."""
        first = self.facts[0].claim.as_of.last if len(self.facts) > 1 else self.begin
        return f"from {first} to {self.end}"


class _Windows:
    """Windows by quantity, in the order of their first days, so that near ones are found fast."""

    def __init__(self, windows: Sequence[GrowthWindow]) -> None:
        ordered = sorted(windows, key=lambda window: window.begin)
        self._sorted = grouped_by(ordered, lambda window: window.quantity)

    def _between(self, quantity: str, first: int, last: int) -> Sequence[GrowthWindow]:
        """Return the windows that begin on these days; of very many, some evenly."""
        near = _begun(self._sorted.get(quantity, []), first, last)
        return near[:: max(1, -(-len(near) // _COMPARED))]

    def alike(self, window: GrowthWindow, quantities: Iterable[str]) -> Iterator[GrowthWindow]:
        """Yield the windows of these quantities that match one."""
        # Where a longer window matches, it is at most twice the slack longer: 4 % of it are less
        # than 5 % of this one.
        slack = math.ceil(max(2.0, 1.25 * _SLACK * window.days))
        begin = window.begin.toordinal()
        for quantity in quantities:
            near = self._between(quantity, begin - slack, begin + slack)
            yield from (other for other in near if window.stretch(other) < math.inf)

    def over(self, rate: Fact) -> Iterator[GrowthWindow]:
        """Yield the windows of at most a year that overlap the days of a rate."""
        days = rate.claim.as_of
        first, last = days.first.toordinal(), days.last.toordinal()
        near = self._between(rate.claim.quantity, first - _LONGEST, last)
        yield from (window for window in near if window.end >= days.first)


def _begun(ordered: Sequence[GrowthWindow], first: int, last: int) -> Sequence[GrowthWindow]:
    """Return the windows that begin on these days, of windows in the order of their first days."""
    return ordered[
        bisect_left(ordered, first, key=_begin) : bisect_right(ordered, last, key=_begin)
    ]


def _begin(window: GrowthWindow) -> int:
    return window.begin.toordinal()


def stated(evidence: ClaimEvidence) -> list[GrowthWindow]:
    """Return the increments that are reported."""
    return [
        GrowthWindow(
            f.claim.quantity, f.claim.since.first, f.claim.as_of.last, f.low, f.median, f.high, (f,)
        )
        for f in evidence.facts
        if f.claim.kind == "increment" and f.claim.since is not None
    ]


def _by_source(evidence: ClaimEvidence) -> dict[tuple[str, str], list[GrowthWindow]]:
    """Return the increments that are reported of totals, by quantity and source."""
    growing = (window for window in stated(evidence) if window.facts[0].quantity.cumulative)
    return grouped_by(growing, lambda w: (w.quantity, w.facts[0].claim.source))


def differences(evidence: ClaimEvidence) -> list[GrowthWindow]:
    """Return what lies between any two totals of one source that are no floors."""
    windows: list[GrowthWindow] = []
    for (quantity, _), facts in evidence.totals.items():
        closed = (fact for fact in facts if fact.is_two_sided)
        ordered = sorted(closed, key=lambda f: f.claim.as_of.last)[-_MOST:]
        for position, early in enumerate(ordered):
            windows += [
                _between(quantity, early, late)
                for late in ordered[position + 1 :]
                if early.claim.as_of.last < late.claim.as_of.last
            ]
    return windows


def _between(quantity: str, early: Fact, late: Fact) -> GrowthWindow:
    """Return what lies between two totals."""
    days = early.claim.as_of.last + timedelta(1), late.claim.as_of.last
    grown = late.low - early.high, late.median - early.median, late.high - early.low
    return GrowthWindow(quantity, *days, *grown, (early, late))


def killed_in_windows(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find more killed in a window than killed and wounded, or too few wounded left."""
    windows = [window for window in stated(evidence) if window.facts[0].is_two_sided]
    everything = _Windows([*windows, *differences(evidence)])
    for killed in windows:
        for whole in everything.alike(killed, casualties_of(evidence, killed.quantity)):
            # of one window a part and a whole that are stated are compared by another rule
            days = (killed.begin, killed.end) != (whole.begin, whole.end)
            compared = days or len(whole.facts) > 1
            if evidence.related(killed.facts[0], whole.facts[0]):
                few = whole.median < 2 * killed.median
                near = whole.high if few else whole.low
                sure = len(whole.facts) == 1 or questioned(killed.median, near) is not None
                odd = questioned(killed.median, whole.median) if sure else None
                above = killed.median > whole.median
                # of two totals the difference may be all rounding
                above &= len(whole.facts) == 1 or killed.low > whole.high
            else:
                odd, above = None, killed.low > _ABOVE * killed.stretch(whole) * whole.high
            if above and compared:
                odd = "are more than the whole"
            if odd is not None:
                remedy = looked_at(killed.median, whole.median)
                facts = (*killed.facts, *whole.facts)
                yield Hit(*facts, killed=killed, whole=whole, odd=odd, remedy=remedy)


def killed_between_totals(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find totals of which more killed were added between two days than killed and wounded.

    One witness of each source: what the killed lack of all may never become less.
    """
    series: dict[tuple[str, str], list[tuple[Fact, Fact]]] = {}
    for killed in evidence.levels():
        for key in casualties_of(evidence, killed.claim.quantity):
            for whole in evidence.same_day(killed, key):
                if killed.same_source(whole) and killed.is_two_sided and whole.is_two_sided:
                    about = f"{killed.claim.quantity} {key}", killed.claim.source
                    series.setdefault(about, []).append((killed, whole))
    for pairs in series.values():
        early: tuple[Fact, Fact] | None = None
        for late in sorted(pairs, key=lambda pair: pair[0].claim.as_of.last):
            if early is not None and early[0].claim.as_of.last < late[0].claim.as_of.first:
                dead = late[0].low - early[0].high
                added = max(late[1].high - early[1].low, 0.0)
                # some who were counted as wounded die of it
                if dead > _ABOVE * added and dead - added > _DIED * early[0].high:
                    yield Hit(*early, *late)
                    break
            if early is None or late[1].low - late[0].high > early[1].low - early[0].high:
                early = late


def windows_above_longer_ones(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find an increase that is more than that of a longer time of which it is a part."""
    for windows in _by_source(evidence).values():
        ordered = sorted(windows, key=lambda w: (w.begin, -w.end.toordinal()))
        for place, short in enumerate(ordered):
            for long in ordered[max(0, place - _MOST) : place]:
                if long.days > short.days and long.end >= short.end and short.low > long.high:
                    yield Hit(*short.facts, *long.facts, short=short, long=long)


def increments_above_totals(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find increases, one after the other, that are more than a total of their last day or later.

    One witness of each source, with its copies, and quantity: a later total is as likely too small.
    """
    growing = (window for window in stated(evidence) if window.facts[0].quantity.cumulative)
    series = grouped_by(growing, lambda w: (w.quantity, evidence.original(w.facts[0])))
    most = {key: _most_that_follow(windows) for key, windows in series.items()}
    for total in sorted(evidence.levels(), key=lambda fact: fact.claim.as_of.last):
        key = total.claim.quantity, evidence.original(total)
        ends, sums = most.get(key, ([], [(0.0, None)]))
        low, chain = sums[bisect_right(ends, total.claim.as_of.first)]
        if low <= total.high:
            continue
        del most[key]
        facts = _in_order(chain)
        yield Hit(*facts, total, added=_listed(facts), last=facts[-1], total=total)


def increments_between_totals(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find increases, one after the other, that are more than two totals around them differ by.

    An increase of the very days between the totals is compared by another rule.
    """
    for key, windows in _by_source(evidence).items():
        ordered = sorted(windows, key=_begin)
        closed = (fact for fact in evidence.totals.get(key, ()) if fact.is_two_sided)
        for early, late in pairwise(sorted(closed, key=lambda fact: fact.claim.as_of.last)):
            first, last = early.claim.as_of.last, late.claim.as_of.last
            near = _begun(ordered, first.toordinal(), last.toordinal())
            within = [window for window in near if first < window.end <= last]
            low, chain = _most_that_follow(within)[1][-1]
            facts, grown = _in_order(chain), late.high - early.low
            if low <= _MARGIN * grown or late.median < early.median:
                continue
            between = _between(key[0], early, late)
            own = (window for window in near if window.facts[0] in facts)
            if len(facts) == 1 and any(between.stretch(window) < math.inf for window in own):
                continue
            words: dict[str, Any] = {"last": facts[-1], "late": late, "between": between}
            yield Hit(*facts, early, late, added=_listed(facts), **words)


def _in_order(chain: _Increases) -> list[Fact]:
    """Return increases, the first first."""
    facts: list[Fact] = []
    while chain is not None:
        facts.insert(0, chain[0])
        chain = chain[1]
    return facts


def _listed(facts: Sequence[Fact]) -> str:
    return " and ".join(fact.says for fact in facts[:4]) + " …" * (len(facts) > 4)  # noqa: PLR2004


_Increases = tuple[Fact, "_Increases"] | None  # an increase, and what was before it


def _most_that_follow(
    windows: Sequence[GrowthWindow],
) -> tuple[list[date], list[tuple[float, _Increases]]]:
    """Return, up to each last day, the most that windows without a common day add up to."""
    ordered = sorted(windows, key=lambda window: window.end)
    ends = [window.end for window in ordered]
    most: list[tuple[float, _Increases]] = [(0.0, None)]
    for place, window in enumerate(ordered):
        low, chain = most[bisect_left(ends, window.begin, hi=place)]
        added = low + max(window.low, 0.0)
        most.append((added, (window.facts[0], chain)) if added > most[-1][0] else most[-1])
    return ends, most


def increments_against_totals(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a stated increment that the same family's totals contradict."""
    grown = _Windows(differences(evidence))
    for window in stated(evidence):
        of_family = [
            between
            for between in grown.alike(window, [window.quantity])
            if evidence.related(window.facts[0], between.facts[0])
        ]
        nearest = min((window.stretch(between) for between in of_family), default=1.0)
        for between in of_family:
            most = _MARGIN * window.stretch(between)
            apart = window.low > most * between.high or window.high < between.low / most
            if apart and window.stretch(between) == nearest:
                yield Hit(*window.facts, *between.facts, window=window, between=between)


def rates_against_windows(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a rate that, kept up over a window of at most a year, misses what was counted in it."""
    rates = [fact for fact in evidence.facts if fact.claim.kind == "rate"]
    grown = (*stated(evidence), *differences(evidence)) if rates else ()
    windows = _Windows([window for window in grown if window.days <= _LONGEST])
    for rate in rates:
        # a pace that fits the time about its own day may have been another months before
        for window in sorted(windows.over(rate), key=lambda window: window.days):
            length = (rate.claim.as_of.last - rate.claim.as_of.first).days + 1
            # a mean over a longer time is not denied by its worst week
            peak = window.days < _MOST_OF * length and window.low <= rate.high * length
            if window.median <= 0 or peak:
                continue
            expected = (rate.low * window.days, rate.median * window.days, rate.high * window.days)
            times = expected[1] / window.median
            apart = max(times, 1 / times) if times else 0.0
            if apart > _FACTOR and (expected[0] > window.high or expected[2] < window.low):
                days = f"{window.days} {'day' if window.days == 1 else 'days'}"
                makes = count(expected[1])
                yield Hit(rate, *window.facts, expected=makes, days=days, window=window)
            elif apart <= _FACTOR and {f.claim.source for f in window.facts} == {rate.claim.source}:
                break
