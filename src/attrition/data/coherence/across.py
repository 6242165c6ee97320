"""Figures of different days, kinds and sources against each other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from attrition.core.grouping import grouped_by
from attrition.data.coherence.findings import ClaimEvidence, Fact, Hit, least

_APART = 3.0
"""Factor between the nearest ends of two sources above which both cannot be right; what sources of
one war count (names, estimates of killed) differs by up to 2.2 in the bundled dossiers."""
_ROUNDED = 1.02  # ... of one source, or of a copy and its original, above which they differ
_RANGES = 1.05  # ... of two ranges, however narrow
_DERIVED = 1.25  # ... of a source and one that enters it


def sources_apart(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find totals of sources that do not use one another: far apart, or ranges that do not meet.

    Two ranges exclude one another where they would not meet were each three times as wide.
    """
    for low, high in evidence.excluding:
        if low.claim.kind != "level" or evidence.related(low, high):
            continue
        ways = low.source.direction, high.source.direction
        most = _APART
        if low.is_range and high.is_range and low.low > 0 and ways != ("understates", "overstates"):
            most = min(most, max(_RANGES, low.high / low.low * high.high / high.low))
        if high.low > most * low.high:
            yield Hit(high, low)


def one_source_apart(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find figures of one source that exclude one another, and of which none replaces another."""
    for low, high in evidence.excluding:
        own = low.same_source(high) and high.low > _ROUNDED * low.high
        if own and (not _in_one_day(low, high) or _slip(low, high)):
            yield Hit(high, low)


def copies_apart(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a figure of a copy that is not that of its original."""
    for low, high in evidence.excluding:
        copied = evidence.original(low) == evidence.original(high)
        if copied and not low.same_source(high) and high.low > _ROUNDED * low.high:
            yield Hit(high, low)


def derived_apart(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a figure far from that of a source which enters it."""
    for low, high in evidence.excluding:
        inputs = {*low.source.derived_from, *high.source.derived_from}
        biased = any(f.source.direction or f.source.coverage for f in (low, high))
        enters = not inputs.isdisjoint({low.claim.source, high.claim.source})
        if enters and high.low > (_APART if biased else _DERIVED) * low.high:
            yield Hit(high, low)


def _in_one_day(low: Fact, high: Fact) -> bool:
    """Tell whether two counts may be of the morning and the evening of the day they describe."""
    days = {day for fact in (low, high) for day in (fact.claim.as_of, fact.claim.published)}
    return len(days) == 1 and low.quantity.cumulative and not (low.is_ceiling or low.is_range)


_DIGITS = 3


def _slip(low: Fact, high: Fact) -> bool:
    """Tell whether two exact counts differ in one digit before the last, or by two that changed."""
    one, other = f"{low.median:.0f}", f"{high.median:.0f}"
    exact = low.low == low.high and high.low == high.high
    if not exact or len(one) != len(other) or len(one) < _DIGITS:
        return False
    wrong = [place for place, pair in enumerate(zip(one, other, strict=True)) if len({*pair}) > 1]
    first, last = wrong[0], wrong[-1] + 1
    swapped = last - first == 2 and one[first:last] == other[first:last][::-1]  # noqa: PLR2004
    return swapped or (last - first == 1 and last < len(one))


def parts_above_later_wholes(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a part that exceeds the whole of a later day: both only grow."""
    for key, wholes in evidence.wholes.items():
        for other in wholes:
            if not all(evidence.dossier.quantities[one].cumulative for one in (key, other)):
                continue
            closed = [fact for fact in evidence.levels(other) if not fact.is_open]
            ends = [least(closed, lambda f: f.most), least(closed, lambda f: f.high)]
            for part in evidence.levels(key):
                later = filter(None, (after(part) for after in ends))
                for whole in {fact.index: fact for fact in later}.values():
                    own = evidence.related(part, whole)
                    if part.least > whole.most if own else part.low > whole.high:
                        yield Hit(part, whole)


def totals_that_fall_across_sources(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a later total far below what another source had counted before."""
    for key, quantity in evidence.dossier.quantities.items():
        if not quantity.cumulative:
            continue
        facts = list(evidence.levels(key))
        least_after = least((fact for fact in facts if not fact.is_open), lambda f: f.high)
        for early in facts:
            late = least_after(early)
            if late and not evidence.related(early, late) and early.low > _APART * late.high:
                yield Hit(early, late)


def duplicates(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a claim that stands twice, and would count as two reports."""

    def content(fact: Fact) -> tuple[object, ...]:
        claim = fact.claim
        about = claim.quantity, claim.source, claim.kind, claim.as_of, claim.since
        return (*about, claim.quote, fact.low, fact.high)

    for facts in grouped_by(evidence.facts, content).values():
        for one, other in itertools.pairwise(facts):
            yield Hit(one, other)
