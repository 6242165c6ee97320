"""Figures of different days, kinds and sources against each other."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from attrition.data.coherence.findings import ClaimEvidence, Fact, Finding

_APART = 3.0
"""Factor between the nearest ends of two sources above which both cannot be right; what sources of
one war count (names, estimates of killed) differs by up to 2.2 in the bundled dossiers."""
_ROUNDED = 1.02  # ... of one source, or of a copy and its original, above which they differ
_DERIVED = 1.25  # ... of a source and one that enters it


def figures_apart(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find figures of one quantity and date that exclude one another."""
    findings = [
        finding
        for fact in evidence.facts
        for other in evidence.alike(fact, fact.claim.quantity)
        if other.low > fact.high > 0
        for finding in _apart(evidence, fact, other)
    ]
    yield from sorted(findings, key=lambda finding: finding.rule != "sources apart")


def _apart(evidence: ClaimEvidence, low: Fact, high: Fact) -> Iterator[Finding]:
    """Yield what is wrong about two figures of one date of which one lies above the other.

    Two ranges exclude one another where they would not meet were each three times as wide.
    """
    factor = high.low / low.high
    sources = [evidence.dossier.sources[fact.claim.source] for fact in (low, high)]
    rule, remedy, most = "", "", math.inf
    if low.claim.source == high.claim.source:
        rule, most = "two figures of one source", _ROUNDED if not _in_one_day(low, high) else most
        remedy = "If the later claim corrects the earlier, say so in its `supersedes`."
    elif evidence.original(low) == evidence.original(high):
        rule, most = "copy apart", _ROUNDED
        remedy = "One is said to repeat the other (`copies`): correct a figure, or the edge."
    elif {low.claim.source, high.claim.source} & {
        *sources[0].derived_from,
        *sources[1].derived_from,
    }:
        biased = any(one.direction or one.coverage for one in sources)
        rule, most = "derived apart", _APART if biased else _DERIVED
        remedy = "One is said to enter the other (`derived_from`): correct a figure, or the edge."
    elif low.claim.kind == "level" and not evidence.related(low, high):
        rule, most = "sources apart", _APART
        remedy = "Both cannot be right, and a forecast of both is contested."
        biased = (sources[0].direction, sources[1].direction) == ("understates", "overstates")
        if low.is_range and high.is_range and low.low > 0 and not biased:
            most = min(most, max(1.05, low.high / low.low * high.high / high.low))
    if factor > most:
        yield Finding(
            rule,
            f"{high.and_says(low)} for {low.what} ({low.claim.as_of}). {remedy}",
            (high.index, low.index),
        )


def _in_one_day(low: Fact, high: Fact) -> bool:
    """Tell whether two counts may be of the morning and the evening of the day they describe."""
    days = {day for fact in (low, high) for day in (fact.claim.as_of, fact.claim.published)}
    return len(days) == 1 and low.quantity.cumulative and not (low.is_ceiling or low.is_range)


def parts_above_later_wholes(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a part that exceeds the whole of a later day: both only grow."""
    for key, wholes in evidence.wholes.items():
        for other in wholes:
            if not all(evidence.dossier.quantities[one].cumulative for one in (key, other)):
                continue
            later = _Later([fact for fact in evidence.levels(other) if not fact.is_open])
            for fact in evidence.levels(key):
                for whole in later.than(fact):
                    own = evidence.related(fact, whole)
                    if fact.least > whole.most if own else fact.low > whole.high:
                        yield Finding(
                            "part above whole",
                            f"{fact.and_says(whole)}: {fact.what} on {fact.claim.as_of} are more "
                            f"than {whole.what}, of which they are a part, on the later "
                            f"{whole.claim.as_of}.",
                            (fact.index, whole.index),
                        )


class _Later:
    """The least of some totals on the days after another: by the middle, and by the upper end."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        ordered = sorted(facts, key=lambda f: f.claim.as_of.first, reverse=True)
        self._days = [fact.claim.as_of.first.toordinal() for fact in reversed(ordered)]
        self._by_median = self._least(ordered, lambda f: f.most)
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
                        f"{early.who} says {early.says} for {early.claim.as_of}, {late.who} only "
                        f"{late.says} for the later {late.claim.as_of}: "
                        f"{quantity.title} cannot fall.",
                        (early.index, late.index),
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
