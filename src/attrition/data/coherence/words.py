"""Words against the table they are filed in: categories, sides, units, scopes, kinds, dates."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date, datetime

from attrition.data.coherence.findings import ClaimEvidence, Fact, Hit
from attrition.text import Reading

INCIDENTS = frozenset({"cases", "incidents", "case", "incident", "admissions", "injuries"})
"""Units that count events, of which one person can have several."""

_CASES = re.compile(r"\bcases?\b", re.IGNORECASE)
"""A quantity that says so counts cases, and a case of a disease is a person."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def readings(evidence: ClaimEvidence) -> Iterator[tuple[Fact, Reading]]:
    """Return the claims whose words hold one figure, with their reading."""
    for fact in evidence.facts:
        if fact.reading is not None and not fact.reading.ambiguous:
            yield fact, fact.reading


def persons_and_incidents(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find incidents that are counted as persons, in the words or in a sum."""
    for fact, reading in readings(evidence):
        quantity = fact.quantity
        ill = quantity.kind == "epidemic" or _CASES.search(
            f"{quantity.title} {quantity.definition}"
        )
        if reading.unit in INCIDENTS and quantity.unit == "persons" and not ill:
            yield Hit(
                f"{fact.who} counts {reading.unit} ({fact.says}), but "
                f"{quantity.title} are counted in persons: one person can be hurt more than once, "
                "and the number of persons is smaller.",
                (fact,),
            )
    for key, whole in evidence.dossier.quantities.items():
        units = {evidence.dossier.quantities[part].unit for part in whole.sum_of} | {whole.unit}
        if len(units) > 1:
            yield Hit(
                f"{whole.title} add up {' and '.join(sorted(units))}, which do not add up "
                f"(quantities.{key}.sum_of).",
                (),
            )


def categories(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find words about one category filed under another."""
    for fact, reading in readings(evidence):
        wanted, category = fact.quantity.category, reading.category
        loose = category is None or category == "losses" or " and " in category
        if wanted is not None and not loose and category != wanted:
            yield Hit(
                f"{fact.who} speaks of {category} ({fact.says}), but the claim is filed "
                f"under {fact.what}, which counts {wanted}.",
                (fact,),
            )


def scopes(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find words about one side filed under another, and parts of another scope than the whole."""
    for fact, reading in readings(evidence):
        wanted, side = fact.quantity.side, reading.side
        if wanted is not None and side is not None and side.lower() != wanted.lower():
            yield Hit(
                f"{fact.who} speaks of {side} losses ({fact.says}), but the claim is "
                f"filed under {fact.what}, which counts the {wanted} side.",
                (fact,),
            )
    for key, part in evidence.dossier.quantities.items():
        whole = evidence.dossier.quantities[part.part_of] if part.part_of else part
        for name in ("scope", "side"):
            one, other = getattr(part, name), getattr(whole, name)
            if one and other and one != other:
                yield Hit(
                    f"{part.title} are a part of {whole.title}, but their {name} differs: "
                    f"“{one}” and “{other}” (quantities.{key}).",
                    (),
                )


def kinds(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a pace or an increase filed as a total."""
    for fact, reading in readings(evidence):
        kind, claim = reading.kind, fact.claim
        start = fact.quantity.start
        year = _YEAR.search(reading.window or "")
        whole = start is not None and year is not None and int(year[0]) == start.first.year
        wrong = (kind == "rate" and claim.kind in {"level", "increment"}) or (
            kind == "increment" and claim.kind == "level" and not whole
        )
        if wrong:
            article = "an" if claim.kind == "increment" else "a"
            yield Hit(
                f"{fact.who} gives {'a rate' if kind == 'rate' else 'an increase'} "
                f"({fact.says}), but the claim is filed as {article} {claim.kind}.",
                (fact,),
            )


def dates(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find dates in the words that are not those of the claim, and totals before their start."""
    for fact in evidence.levels():
        start = fact.quantity.start
        if start is not None and fact.claim.as_of.last < start.first and fact.median > 0:
            yield Hit(
                f"{fact.who} gives a total for {fact.claim.as_of}, before the count of "
                f"{fact.what} begins on {start}.",
                (fact,),
            )
    for fact, reading in readings(evidence):
        day = _day(reading.as_of)
        if day is not None and not fact.claim.as_of.contains(day):
            yield Hit(
                f"{fact.who} names {day} ({fact.says}), but the claim is filed as of "
                f"{fact.claim.as_of}.",
                (fact,),
            )
        year = _YEAR.search(reading.window or "")
        since = fact.claim.since
        if year is None or since is None or fact.claim.kind != "increment":
            continue
        begins = (reading.window or "").startswith(("since", "from"))
        wrong = int(year[0]) != (since.first if begins else fact.claim.as_of.last).year
        if wrong:
            yield Hit(
                f"{fact.who} speaks of the time “{reading.window}”, but the claim is filed from "
                f"{since} to {fact.claim.as_of}.",
                (fact,),
            )


_GENERATION = 30 * 365.25  # days between two figures on one total after which a year is doubted


def far_apart(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find figures on one total, and publications, decades after the one before."""
    by_quantity: dict[str, list[tuple[date, int]]] = {}
    published: list[tuple[date, int]] = []
    past = evidence.dossier.superseded()
    for index, claim in enumerate(evidence.dossier.claims):
        if index in past:
            continue
        by_quantity.setdefault(claim.quantity, []).append((claim.as_of.last, index))
        published.append((claim.published.last, index))
    for quantity, days in by_quantity.items():
        start = evidence.dossier.quantities[quantity].start
        begin = [] if start is None else [(start.first, -1)]
        for early, late, claims in _gaps([*begin, *days]):
            yield Hit(
                f"The figures on {evidence.title(quantity)} leap from {early} to {late}: is a year "
                "mistyped?",
                claims,
            )
    for early, late, claims in _gaps(published):
        yield Hit(
            f"Nothing was published between {early} and {late}: is a year mistyped? The last "
            "publication is the information date of a forecast.",
            claims,
        )


def _gaps(days: list[tuple[date, int]]) -> Iterator[tuple[date, date, tuple[int, ...]]]:
    """Yield neighbours in time that lie decades apart, with their claims."""
    ordered = sorted(days)
    for (early, one), (late, other) in itertools.pairwise(ordered):
        if (late - early).days > _GENERATION:
            yield early, late, tuple(index for index in (one, other) if index >= 0)


def _day(text: str | None) -> date | None:
    for form in ("%d %B %Y", "%B %d %Y", "%B %d, %Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text or "", form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
