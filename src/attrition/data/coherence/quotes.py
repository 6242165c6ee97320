"""A quote against the keys beside it, and against its own arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterator

from attrition.core.errors import InputError
from attrition.data.coherence.findings import ClaimEvidence, Fact, Finding, count, span
from attrition.data.coherence.words import INCIDENTS
from attrition.data.elicitation import lexicon_of
from attrition.text import Reading, parse
from attrition.text.vocabulary import THINGS

_SAME = 0.02
"""Relative difference up to which a number of the keys is that of the quote, rounded."""
_ADDS_UP = 0.05
_WHOLE = 100.0
_PARTS = ("killed", "wounded")


def _all(evidence: ClaimEvidence, fact: Fact) -> tuple[Reading, ...]:
    """Return every clear figure of a quote."""
    if not fact.claim.quote:
        return ()
    try:
        readings = parse(fact.claim.quote, lexicon=lexicon_of(evidence.dossier))
    except InputError:
        return ()
    return tuple(reading for reading in readings if not reading.ambiguous)


def numbers(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find numbers of a claim that are not in its quote, such as one ten times off."""
    for fact in evidence.facts:
        claim = fact.claim
        if not claim.has_numbers or claim.kind == "share":
            continue
        readings = _all(evidence, fact)
        stated = {n for one in readings for n in (one.point, one.low, one.high) if n}
        given = [n for n in (claim.point, claim.low, claim.high) if n]
        missing = [n for n in given if not any(math.isclose(n, s, rel_tol=_SAME) for s in stated)]
        if not stated or len(missing) < len(given):
            continue
        near = min(stated, key=lambda s: abs(math.log(s / missing[0])))
        power = round(math.log10(missing[0] / near))
        times = power and math.isclose(missing[0], near * 10.0**power, rel_tol=_SAME)
        yield Finding(
            "number",
            f"{fact.who} says {count(near)} (“{claim.quote}”), but the claim is filed with "
            f"{count(missing[0])}"
            + (
                f", {10 ** abs(power):,} times {'more' if power > 0 else 'less'}." if times else "."
            ),
            (fact.index,),
        )


def units(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find things filed as persons."""
    for fact in evidence.facts:
        reading, quantity = fact.reading, fact.quantity
        if (
            reading is not None
            and quantity.unit == "persons"
            and reading.unit in THINGS - INCIDENTS
        ):
            yield Finding(
                "unit",
                f"{fact.who} counts {reading.unit} (“{fact.claim.words}”), but the claim is filed "
                f"under {quantity.title}, which counts persons.",
                (fact.index,),
            )


def periods(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a pace filed over another period than its words say."""
    for fact in evidence.facts:
        reading, claim = fact.reading, fact.claim
        if reading is None or claim.kind != "rate" or reading.kind != "rate":
            continue
        if claim.per is not None and reading.per != claim.per:
            yield Finding(
                "period",
                f"{fact.who} says {count(reading.point or fact.median)} per {reading.per} "
                f"(“{claim.words}”), but the claim is filed per {claim.per}.",
                (fact.index,),
            )


def shares(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a share of more than everything."""
    for fact in evidence.facts:
        ends = [fact.claim.point, fact.claim.low, fact.claim.high]
        if fact.reading is not None and fact.reading.unit == "percent":
            ends += [fact.reading.point, fact.reading.high]
        top = max((end for end in ends if end is not None), default=0.0)
        if fact.claim.kind == "share" and top > _WHOLE:
            yield Finding(
                "share",
                f"{fact.who} gives a share of {count(top)} % (“{fact.claim.words}”): no "
                "part is more than its whole.",
                (fact.index,),
            )


def arithmetic(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a quote whose killed and wounded are not its casualties, or a part above its whole."""
    for fact in evidence.facts:
        by_category: dict[str, list[Reading]] = {}
        for reading in _all(evidence, fact):
            if reading.unit == "persons" and reading.kind == "level" and reading.point:
                by_category.setdefault(reading.category or "", []).append(reading)
        if set(by_category) != {"casualties", *_PARTS} or any(
            len(readings) > 1 for readings in by_category.values()
        ):
            continue
        whole = by_category["casualties"][0].point or 0.0
        sum_of_parts = sum(by_category[part][0].point or 0.0 for part in _PARTS)
        if abs(sum_of_parts - whole) > _ADDS_UP * whole:
            yield Finding(
                "sum in a sentence",
                f"{fact.who} gives {count(whole)} casualties, but its killed and wounded add up "
                f"to {span(sum_of_parts, sum_of_parts)} (“{fact.claim.quote}”).",
                (fact.index,),
            )
