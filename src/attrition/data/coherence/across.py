"""Figures of different days, kinds and sources against each other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from attrition.data.coherence.findings import Evidence, Fact, Finding, count

_APART = 3.0
"""Factor between the nearest ends of two sources above which both cannot be right; what sources of
one war count (names, estimates of killed) differs by up to 2.2 in the bundled dossiers."""


def sources_apart(held: Evidence) -> Iterator[Finding]:
    """Find sources that exclude one another: totals of one day, far apart."""
    for fact in held.levels():
        for other in held.same_day(fact, fact.claim.quantity):
            unlike = other.median > fact.median and not held.related(fact, other)
            if unlike and other.low > _APART * fact.high:
                yield Finding(
                    "sources apart",
                    f"{held.name(other)} gives {count(other.median)} and {held.name(fact)} "
                    f"{count(fact.median)} for {held.quantity(fact).title} on "
                    f"{fact.claim.as_of}: both cannot be right, and a forecast of both is "
                    "contested.",
                    (other.index, fact.index),
                )


def parts_above_later_wholes(held: Evidence) -> Iterator[Finding]:
    """Find a part that exceeds the whole of a later day: both only grow."""
    for key, part in held.dossier.quantities.items():
        if not part.part_of or not part.cumulative:
            continue
        if not held.dossier.quantities[part.part_of].cumulative:
            continue
        wholes = [fact for fact in held.levels(part.part_of) if not fact.is_open]
        for fact in held.levels(key):
            for whole in _lower(wholes, fact):
                own = held.related(fact, whole)
                if fact.median > whole.median if own else fact.low > whole.high:
                    yield Finding(
                        "part above whole",
                        f"{held.name(fact)} gives {count(fact.median)} for {part.title} on "
                        f"{fact.claim.as_of}, more than the {count(whole.median)} that "
                        f"{held.name(whole)} gives for {held.quantity(whole).title} on the later "
                        f"{whole.claim.as_of}.",
                        (fact.index, whole.index),
                    )


def _lower(facts: Sequence[Fact], than: Fact) -> list[Fact]:
    """Return the least total of the days after a fact, by its middle and by its upper end."""
    later = [fact for fact in facts if fact.claim.as_of.first > than.claim.as_of.last]
    if not later:
        return []
    ends = (min(later, key=lambda f: f.median), min(later, key=lambda f: f.high))
    return list({id(fact): fact for fact in ends}.values())


def totals_that_fall_across_sources(held: Evidence) -> Iterator[Finding]:
    """Find a later total far below what another source had counted before."""
    for key, quantity in held.dossier.quantities.items():
        if not quantity.cumulative:
            continue
        facts = list(held.levels(key))
        totals = [fact for fact in facts if not fact.is_open]
        for early in facts:
            for late in _lower(totals, early)[-1:]:
                if not held.related(early, late) and early.low > _APART * late.high:
                    yield Finding(
                        "falling across sources",
                        f"{held.name(early)} gives {count(early.low)} or more for "
                        f"{early.claim.as_of}, {held.name(late)} at most {count(late.high)} for "
                        f"the later {late.claim.as_of}: {quantity.title} cannot fall.",
                        (early.index, late.index),
                    )


def increments_above_totals(held: Evidence) -> Iterator[Finding]:
    """Find an increase that is more than the whole total of its last day."""
    for fact in held.facts:
        if fact.claim.kind != "increment" or not held.quantity(fact).cumulative:
            continue
        for total in held.same_day(fact, fact.claim.quantity):
            if total.index != fact.index and held.related(fact, total) and fact.low > total.high:
                yield Finding(
                    "increment above total",
                    f"{held.name(fact)} adds {count(fact.median)} to "
                    f"{held.quantity(fact).title} by {fact.claim.as_of}, more than the whole "
                    f"total of {count(total.median)} ({held.name(total)}).",
                    (fact.index, total.index),
                )


def rates_of_parts(held: Evidence) -> Iterator[Finding]:
    """Find a pace of a part that exceeds the pace of the whole on the same day."""
    rates = [fact for fact in held.facts if fact.claim.kind == "rate"]
    by_day: dict[object, list[Fact]] = {}
    for fact in rates:
        by_day.setdefault((fact.claim.quantity, fact.claim.as_of), []).append(fact)
    for part in rates:
        for whole in by_day.get((held.quantity(part).part_of, part.claim.as_of), ()):
            own = held.related(part, whole)
            if part.median > whole.median if own else part.low > whole.high:
                yield Finding(
                    "part above whole",
                    f"{held.name(part)} gives {count(part.median)} a day for "
                    f"{held.quantity(part).title} and {held.name(whole)} "
                    f"{count(whole.median)} a day for {held.quantity(whole).title}, of which "
                    "they are a part.",
                    (part.index, whole.index),
                )


def duplicates(held: Evidence) -> Iterator[Finding]:
    """Find a claim that stands twice, and would count as two reports."""
    same: dict[object, list[Fact]] = {}
    for fact in held.facts:
        claim = fact.claim
        key = (claim.quantity, claim.source, claim.kind, claim.as_of, claim.since, claim.quote)
        same.setdefault((*key, fact.low, fact.high), []).append(fact)
    for facts in same.values():
        for one, other in itertools.pairwise(facts):
            yield Finding(
                "duplicate",
                f"{held.name(one)} is quoted twice for {held.quantity(one).title} on "
                f"{one.claim.as_of} (“{one.claim.words}”): one report counts once.",
                (one.index, other.index),
            )
