"""Figures of different days, kinds and sources against each other."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from attrition.data.coherence.findings import ClaimEvidence, Fact, Finding, count

_APART = 3.0
"""Factor between the nearest ends of two sources above which both cannot be right; what sources of
one war count (names, estimates of killed) differs by up to 2.2 in the bundled dossiers."""


def sources_apart(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find sources that exclude one another: totals of one day, far apart."""
    for fact in evidence.levels():
        for other in evidence.same_day(fact, fact.claim.quantity):
            unlike = other.median > fact.median and not evidence.related(fact, other)
            if unlike and other.low > _APART * fact.high:
                yield Finding(
                    "sources apart",
                    f"{other.who} gives {count(other.median)} and {fact.who} {count(fact.median)} "
                    f"for {fact.what} on {fact.claim.as_of}: both cannot be right, and a forecast "
                    "of both is contested.",
                    (other.index, fact.index),
                )


def parts_above_later_wholes(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a part that exceeds the whole of a later day: both only grow."""
    for key, part in evidence.dossier.quantities.items():
        if not part.part_of or not part.cumulative:
            continue
        if not evidence.dossier.quantities[part.part_of].cumulative:
            continue
        wholes = _Later([fact for fact in evidence.levels(part.part_of) if not fact.is_open])
        for fact in evidence.levels(key):
            for whole in wholes.than(fact):
                own = evidence.related(fact, whole)
                if fact.median > whole.median if own else fact.low > whole.high:
                    yield Finding(
                        "part above whole",
                        f"{fact.who} gives {count(fact.median)} for {part.title} on "
                        f"{fact.claim.as_of}, more than the {count(whole.median)} that "
                        f"{whole.who} gives for {whole.what} on the later {whole.claim.as_of}.",
                        (fact.index, whole.index),
                    )


class _Later:
    """The least of some totals on the days after another: by the middle, and by the upper end."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        ordered = sorted(facts, key=lambda f: f.claim.as_of.first, reverse=True)
        self._days = [fact.claim.as_of.first.toordinal() for fact in reversed(ordered)]
        self._by_median = self._least(ordered, lambda f: f.median)
        self._by_high = self._least(ordered, lambda f: f.high)

    @staticmethod
    def _least(ordered: Sequence[Fact], key: Callable[[Fact], float]) -> list[Fact]:
        """Return for each total, in the order of days, the least of it and all later ones."""
        least: list[Fact] = []
        for fact in ordered:
            least.append(min(least[-1], fact, key=key) if least else fact)
        return least[::-1]

    def than(self, fact: Fact) -> list[Fact]:
        """Return the least total after a fact by its middle, then that by its upper end."""
        place = bisect_right(self._days, fact.claim.as_of.last.toordinal())
        if place == len(self._days):
            return []
        ends = (self._by_median[place], self._by_high[place])
        return list({id(one): one for one in ends}.values())


def totals_that_fall_across_sources(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a later total far below what another source had counted before."""
    for key, quantity in evidence.dossier.quantities.items():
        if not quantity.cumulative:
            continue
        facts = list(evidence.levels(key))
        totals = _Later([fact for fact in facts if not fact.is_open])
        for early in facts:
            for late in totals.than(early)[-1:]:
                if not evidence.related(early, late) and early.low > _APART * late.high:
                    yield Finding(
                        "falling across sources",
                        f"{early.who} gives {count(early.low)} or more for {early.claim.as_of}, "
                        f"{late.who} at most {count(late.high)} for the later {late.claim.as_of}: "
                        f"{quantity.title} cannot fall.",
                        (early.index, late.index),
                    )


def increments_above_totals(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find an increase that is more than the whole total of its last day."""
    for fact in evidence.facts:
        if fact.claim.kind != "increment" or not fact.quantity.cumulative:
            continue
        for total in evidence.same_day(fact, fact.claim.quantity):
            if (
                total.index != fact.index
                and evidence.related(fact, total)
                and fact.low > total.high
            ):
                yield Finding(
                    "increment above total",
                    f"{fact.who} adds {count(fact.median)} to {fact.what} by {fact.claim.as_of}, "
                    f"more than the whole total of {count(total.median)} ({total.who}).",
                    (fact.index, total.index),
                )


def rates_of_parts(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a pace of a part that exceeds the pace of the whole on the same day."""
    rates = [fact for fact in evidence.facts if fact.claim.kind == "rate"]
    by_day: dict[object, list[Fact]] = {}
    for fact in rates:
        by_day.setdefault((fact.claim.quantity, fact.claim.as_of), []).append(fact)
    for part in rates:
        for whole in by_day.get((part.quantity.part_of, part.claim.as_of), ()):
            own = evidence.related(part, whole)
            if part.median > whole.median if own else part.low > whole.high:
                yield Finding(
                    "part above whole",
                    f"{part.who} gives {count(part.median)} a day for {part.what} and {whole.who} "
                    f"{count(whole.median)} a day for {whole.what}, of which they are a part.",
                    (part.index, whole.index),
                )


def duplicates(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a claim that stands twice, and would count as two reports."""
    same: dict[object, list[Fact]] = {}
    for fact in evidence.facts:
        claim = fact.claim
        key = (claim.quantity, claim.source, claim.kind, claim.as_of, claim.since, claim.quote)
        same.setdefault((*key, fact.low, fact.high), []).append(fact)
    for facts in same.values():
        for one, other in itertools.pairwise(facts):
            yield Finding(
                "duplicate",
                f"{one.who} is quoted twice for {one.what} on "
                f"{one.claim.as_of} (“{one.claim.words}”): one report counts once.",
                (one.index, other.index),
            )
