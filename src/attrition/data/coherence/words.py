"""Words against the table they are filed in: categories, sides, units, scopes, kinds, dates."""

from __future__ import annotations

import calendar
import itertools
import re
from collections.abc import Container, Iterator
from datetime import date, datetime

from attrition.data.coherence.findings import ClaimEvidence, Fact, Hit
from attrition.data.coherence.people import CASES
from attrition.data.dossier import PartialDate
from attrition.text import Reading

INCIDENTS = frozenset({"cases", "incidents", "case", "incident", "admissions", "injuries"})
"""Units that count events, of which one person can have several."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTH = re.compile(rf"\b(?:{'|'.join(calendar.month_name[1:])})\b")
_UNTIL_NOW = re.compile(r"^since\b|\bso far\b")


def readings(evidence: ClaimEvidence) -> Iterator[tuple[Fact, Reading]]:
    """Return the claims whose words hold one figure, with their reading."""
    return ((fact, reading) for fact, reading, _ in _quoted(evidence))


def _quoted(evidence: ClaimEvidence) -> Iterator[tuple[Fact, Reading, tuple[Reading, ...]]]:
    """Return the same with all figures of the quote, which may say more than those words."""
    for fact, figures in evidence.figures:
        if fact.reading is not None and not fact.reading.ambiguous:
            yield fact, fact.reading, figures


def _ends(reading: Reading) -> tuple[float | None, ...]:
    return reading.point, reading.low, reading.high


def persons_and_incidents(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find incidents that are counted as persons, in the words or in a sum."""
    for fact, reading in readings(evidence):
        quantity = fact.quantity
        ill = quantity.kind == "epidemic" or CASES.search(f"{quantity.title} {quantity.definition}")
        if reading.unit in INCIDENTS and quantity.unit == "persons" and not ill:
            yield Hit(fact, text="words")
    for key, whole in evidence.dossier.quantities.items():
        units = {evidence.dossier.quantities[part].unit for part in whole.sum_of} | {whole.unit}
        if len(units) > 1:
            yield Hit(text="sum", whole=whole, units=" and ".join(sorted(units)), key=key)


def categories(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find words about one category filed under another."""
    for fact, reading, figures in _quoted(evidence):
        wanted, category = fact.quantity.category, reading.category
        if category is None:  # the quote may name it outside the words of the figure
            same = [one for one in figures if _ends(one) == _ends(reading)]
            category = same[0].category if len(same) == 1 else None
        loose = category is None or category == "losses" or " and " in category
        if wanted is not None and not loose and category != wanted:
            yield Hit(fact, category=category)


def scopes(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find words about one side filed under another, and parts of another scope than the whole."""
    quantities = evidence.dossier.quantities
    sides = {quantity.side.lower() for quantity in quantities.values() if quantity.side}
    for fact, reading in readings(evidence):
        wanted, side = fact.quantity.side, reading.side or _side_beside(fact, reading, sides)
        if wanted is not None and side is not None and side.lower() != wanted.lower():
            yield Hit(fact, text="side", side=side)
    for key, part in evidence.dossier.quantities.items():
        whole = evidence.dossier.quantities[part.part_of] if part.part_of else part
        for name in ("scope", "side"):
            one, other = getattr(part, name), getattr(whole, name)
            # "whole country, civilians only" is a part of "whole country, all persons"
            if one and other and not _clauses(one) & _clauses(other):
                both = {"one": one, "other": other, "part": part, "whole": whole}
                yield Hit(text="part", name=name, key=key, **both)


def _clauses(text: str) -> set[str]:
    return {clause.strip() for clause in re.split("[,;]", text)}


_NAMES = r"([A-Z][\w'’-]*)(?: ([A-Z][\w'’-]*))?"
_AFTER = re.compile(rf"\W+(?:(?:of the|dead|enemy|more|other) )?{_NAMES}")
_BEFORE = re.compile(
    rf"{_NAMES}(?:['’]s?)? (?:dead|deaths|killed|wounded|casualties|losses)\b[^.,;]{{0,30}}$"
)
_REACH = 80  # characters before a figure in which its people are looked for


def _side_beside(fact: Fact, reading: Reading, sides: Container[str]) -> str | None:
    """Return the side of the dossier that stands at a figure, where the reader knows none."""
    words, quote = fact.claim.words[reading.start : reading.end], fact.claim.quote
    place = quote.find(words) if words else -1
    if place < 0:
        return None
    after = _AFTER.match(quote, place + len(words))
    before = _BEFORE.search(quote[max(0, place - _REACH) : place])
    for match in (after, before):
        names = [" ".join(filter(None, match.groups())), *match.groups()] if match else []
        both = match is after and match and quote.startswith((" and", " or"), match.end())
        for name in names if not both else ():
            if name and name.lower() in sides:
                return name
    return None


def _from_the_first_day(window: str, start: PartialDate | None) -> bool:
    """Return whether what was added in a window can be the whole of a count."""
    year, month = _YEAR.search(window), _MONTH.search(window)
    if year is None and not _UNTIL_NOW.search(window):
        return False
    if start is None:
        return year is None and month is None  # "since the outbreak was declared"
    same = month is None or month[0] == f"{start.first:%B}" or start.precision == "year"
    return same and (year is None or int(year[0]) == start.first.year)


def kinds(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a pace or an increase filed as a total."""
    for fact, reading in readings(evidence):
        kind, claim = reading.kind, fact.claim
        whole = _from_the_first_day(reading.window or "", fact.quantity.start)
        pace = kind == "rate" and claim.kind in {"level", "increment"}
        if pace or (kind == "increment" and claim.kind == "level" and not whole):
            article = "an" if claim.kind == "increment" else "a"
            yield Hit(fact, what="a rate" if kind == "rate" else "an increase", article=article)


def dates(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find dates in the words that are not those of the claim, and totals before their start."""
    for fact in evidence.levels():
        start = fact.quantity.start
        if start is not None and fact.claim.as_of.last < start.first and fact.median > 0:
            yield Hit(fact, text="early")
    for fact, reading, figures in _quoted(evidence):
        day = _day(reading.as_of)
        if day is None:  # the quote may name it outside the words of the figure
            same = {one.as_of for one in figures if _ends(one) == _ends(reading)}
            others = {one.as_of for one in figures if _ends(one) != _ends(reading)}
            day = next(filter(None, map(_day, same - others)), None)
            # since then somebody may have said so on that day
            if day is not None and fact.claim.as_of.first <= day <= fact.claim.published.last:
                day = None
        if day is not None and not fact.claim.as_of.contains(day):
            yield Hit(fact, text="day", day=day)
        year = _YEAR.search(reading.window or "")
        since = fact.claim.since
        if year is None or since is None or fact.claim.kind != "increment":
            continue
        begins = (reading.window or "").startswith(("since", "from"))
        if int(year[0]) != (since.first if begins else fact.claim.as_of.last).year:
            yield Hit(fact, text="window")


_GENERATION = 30 * 365.25  # days between two figures on one total after which a year is doubted


def far_apart(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find figures on one total, and publications, decades after the one before."""
    by_quantity: dict[str, list[tuple[date, int]]] = {}
    published: list[tuple[date, int]] = []
    books: set[int] = set()  # that appeared in some year or month
    past = evidence.dossier.superseded()
    for index, claim in enumerate(evidence.dossier.claims):
        if index in past:
            continue
        by_quantity.setdefault(claim.quantity, []).append((claim.as_of.last, index))
        published.append((claim.published.last, index))
        if claim.published.precision != "day":
            books.add(index)
    for quantity, days in by_quantity.items():
        start = evidence.dossier.quantities[quantity].start
        begin = [] if start is None else [(start.first, -1)]
        for early, late, claims in _gaps([*begin, *days]):
            ends = {"early": early, "late": late}
            yield Hit(*claims, text="figures", what=evidence.title(quantity), **ends)
    first, last = min(published, default=None), max(published, default=None)
    for early, late, claims in _gaps(published):
        # Later histories of one war appear decades apart; a slip stands alone, and has a day.
        among = first is not None and last is not None and first[0] < early and late < last[0]
        if not among and books.isdisjoint(claims):
            yield Hit(*claims, text="publications", early=early, late=late)


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
