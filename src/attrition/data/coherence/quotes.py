"""A quote against the keys beside it, the table it is filed in, and its own arithmetic.

First what the words count against where they are filed: categories, sides, units, scopes, kinds and
dates; then the numbers.
"""

from __future__ import annotations

import calendar
import itertools
import math
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date

from attrition.data.coherence.findings import CASES, EXCLUSIVE, ClaimEvidence, Fact, Hit, count
from attrition.data.dossier import PartialDate
from attrition.text import Reading
from attrition.text.dates import day_named
from attrition.text.vocabulary import WORDS
from attrition.text.widths import grid_of

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


def _numbers(reading: Reading) -> tuple[float | None, ...]:
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
            same = [one for one in figures if _numbers(one) == _numbers(reading)]
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
            same = {one.as_of for one in figures if _numbers(one) == _numbers(reading)}
            others = {one.as_of for one in figures if _numbers(one) != _numbers(reading)}
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
    with suppress(ValueError):  # no such day
        return day_named(text or "")
    return None


_FRACTION = 2.0
_RATIO = 0.1
_SAME = 0.02
"""Relative difference up to which a number of the keys is that of the quote, rounded."""
_WHOLE = 100.0
_PARTS = ("killed", "wounded")
_WORDS = 24  # characters on either side of a figure that is quoted


def numbers(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find numbers of a claim that are not in its quote, such as one ten times off."""
    for fact, readings in evidence.figures:
        claim = fact.claim
        if not claim.has_numbers or claim.kind == "share":
            continue
        stated = {n: one for one in readings for n in (one.point, one.low, one.high) if n}
        given = [n for n in (claim.point, claim.low, claim.high) if n]
        missing = [n for n in given if not any(math.isclose(n, s, rel_tol=_SAME) for s in stated)]
        if not stated or len(missing) < len(given):
            continue
        near = min(stated, key=lambda s: abs(math.log(s / missing[0])))
        power = round(math.log10(missing[0] / near))
        times = power and math.isclose(missing[0], near * 10.0**power, rel_tol=_SAME)
        quoted = _around(claim.quote, stated[near])
        more = f", {10 ** abs(power):,} times {'more' if power > 0 else 'less'}" if times else ""
        filed = count(missing[0])
        yield Hit(fact, near=count(near), quoted=quoted, filed=filed, times=more)


def _around(quote: str, reading: Reading) -> str:
    """Return the words of a quote around a figure, so that a reader sees what it counts."""
    first = quote.rfind(" ", 0, max(reading.start - _WORDS, 0)) + 1
    last = quote.find(" ", reading.end + _WORDS)
    words = quote[first : last if last > 0 else None].strip(" .,;")
    return f"“{'…' * (first > 0)}{words}{'…' * (last > 0)}”"


def units(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find things filed as persons."""
    for fact in evidence.facts:
        unit = None if fact.reading is None else fact.reading.unit
        if fact.quantity.unit == "persons" and unit in WORDS.things - INCIDENTS:
            yield Hit(fact)


def periods(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a pace filed over another period than its words say."""
    for fact in evidence.facts:
        reading, claim = fact.reading, fact.claim
        if reading is None or claim.kind != "rate" or reading.kind != "rate":
            continue
        if claim.per is not None and reading.per != claim.per:
            yield Hit(fact)


def shares(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a share of more than everything, alone or with others of its source."""
    whole: dict[tuple[str, str, PartialDate], dict[str, Fact]] = {}
    for fact in evidence.facts:
        if fact.claim.kind != "share":
            continue
        claim = fact.claim
        ends = [end for end in (claim.point, claim.low, claim.high) if end is not None]
        top = max(ends, default=0.0)
        if fact.reading is not None and fact.reading.unit == "percent":
            top = max(top, fact.reading.point or 0.0, fact.reading.high or 0.0)
            ends = []
        if top > _WHOLE or 1 < max(ends, default=0.0) < _FRACTION:
            yield Hit(fact, text="above" if top > _WHOLE else "fraction")
        else:
            for key in evidence.wholes.get(fact.claim.quantity, ()):
                about = key, fact.claim.source, fact.claim.as_of
                whole.setdefault(about, {}).setdefault(fact.claim.quantity, fact)
    for (key, *_), facts in whole.items():
        parts = _exclusive(evidence.dossier.quantities[key].sum_of, facts)
        if sum(max(fact.low, 0.0) for fact in parts) > _WHOLE + len(parts) / 2:
            listed = " and ".join(f"{fact.says} for {fact.what}" for fact in parts)
            yield Hit(*parts, text="together", listed=listed, whole=evidence.title(key))


def _exclusive(addends: Sequence[str], facts: Mapping[str, Fact]) -> list[Fact]:
    """Return the figures on parts of one whole of which nobody is counted in two."""
    listed = [fact for key, fact in facts.items() if key in addends]
    by_category = {fact.quantity.category: fact for fact in facts.values()}
    alone = [fact for category, fact in by_category.items() if category in EXCLUSIVE]
    return max(listed, alone, key=len)


def shares_against_figures(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a share that is not what its source's own figures of part and whole make."""
    for share in evidence.facts:
        wholes = evidence.wholes.get(share.claim.quantity, ())
        for key in wholes if share.claim.kind == "share" else ():
            for part in evidence.same_day(share, share.claim.quantity):
                for whole in evidence.same_day(share, key):
                    if len({fact.claim.source for fact in (share, part, whole)}) > 1:
                        continue
                    least = _WHOLE * part.low / whole.high
                    most = _WHOLE * part.high / whole.low if whole.low > 0 else math.inf
                    if least > share.high * (1 + _RATIO) or most < share.low * (1 - _RATIO):
                        yield Hit(share, part, whole)


_LIST = re.compile(r"[:(–—]|\s-\s")
_AMONG = re.compile(r"\b(?:including|among (?:them|whom|those)|of (?:whom|them|which))\b")
_EVERYBODY = ({"men", "women", "children"}, set(_PARTS))


def arithmetic(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a quote whose list does not make its total, or a part above its whole."""
    for fact, figures in evidence.figures:
        readings = [one for one in figures if one.kind == "level" and one.point]
        for place, whole in enumerate(readings[:-1]):
            parts, included = _parts(fact.claim.quote, whole, readings[place + 1 :])
            low, high = (sum(_ends(part)[end] for part in parts) for end in (0, 1))
            fates = {part.scope for part in parts}, {part.category for part in parts}
            all_ = not included and (
                any(everyone <= fates[0] | fates[1] for everyone in _EVERYBODY)
                or _closed(fact.claim.quote, whole, parts)
            )
            if parts and (low > _ends(whole)[1] or (all_ and high < _ends(whole)[0])):
                total = count(sum(part.point or 0.0 for part in parts))
                lists = "includes" if included else "lists"
                yield Hit(fact, whole=count(whole.point or 0.0), lists=lists, total=total)
                break


_NUMBER = r"(\d[\d,]*\d|\d)"
_OF = re.compile(
    rf"\b{_NUMBER} (?:out )?of (?:the |its |their |a total of )?{_NUMBER}\b(?! *[/.\d])"
)
_OF_THOSE = re.compile(
    rf"\bof (?:the |its |their ){_NUMBER} [a-z ]{{2,30}}, {_NUMBER} (?:have |were )?[a-z]+ed\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\W{1,2}(?:or |about |roughly )*(\d+(?:\.\d+)?) ?(?:%|per ?cent)")


def fractions(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find "m of n" in a quote with m above n, or with percent that are not m of n."""
    for fact in evidence.facts:
        quote = fact.claim.quote
        pairs = [(match[1], match[2], match.end()) for match in _OF.finditer(quote)]
        pairs += [(match[2], match[1], match.end()) for match in _OF_THOSE.finditer(quote)]
        for numbers in pairs:
            part, whole = (float(number.replace(",", "")) for number in numbers[:2])
            percent = _PERCENT.search(quote, numbers[2], numbers[2] + 40)
            given = float(percent[1]) if percent else None
            off = 0.0 if given is None or whole <= 0 else abs(given - _WHOLE * part / whole)
            if part > whole or off > max(1.0, 0.05 * (given or 0.0)):
                share = f", or {percent[1]} %" if percent else ""
                yield Hit(fact, part=count(part), whole=count(whole), share=share)


_HEDGED = r"(?:some |about |around |nearly |almost |roughly |over |more than |an? )*"
_THINGS = r"(?: (?!million|billion|thousand|percent|per)[a-z]+){0,2}"
_NO_UNIT = (
    r"(?!\d| *(?:[%A-Z]|million|billion|thousand|hundred|k\b|m\b|per(?:cent)?\b|a (?:day|week)))"
)
_ENDS = rf"\bfrom {_HEDGED}{_NUMBER}{_THINGS} to {_HEDGED}{_NUMBER}{_NO_UNIT}"
_CHANGE = rf"({_HEDGED}){_NUMBER}( ?%| ?per ?cent\b)?{_NO_UNIT}"
_ELSE = r"(?:and|but|with|while|daily|weekly|monthly|yearly|average|mean)\b"
_RISE_THEN_GAIN = re.compile(
    rf"{_ENDS}(?:(?!{_ELSE})[^.;\d]){{0,40}}"
    r"\b(?:increase|rise|jump|gain|growth|decrease|fall|drop|difference) of "
    rf"{_CHANGE}(?! (?:in|among) (?:the )?[a-z])"
)
_GAIN_THEN_RISE = re.compile(
    rf"\b(?:rose|risen|increased|grew|grown|jumped|climbed|fell|fallen|dropped) by {_CHANGE}"
    rf"{_THINGS},? {_ENDS}"
)


def differences_in_sentences(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find "from A to B, an increase of C" in a quote where C is not what lies between them."""
    for fact in evidence.facts:
        quote = fact.claim.quote
        changes = [match.group(1, 2, 3, 4, 5) for match in _RISE_THEN_GAIN.finditer(quote)]
        changes += [match.group(4, 5, 1, 2, 3) for match in _GAIN_THEN_RISE.finditer(quote)]
        for first, last, hedge, change, percent in changes:
            begin, end, stated = (float(n.replace(",", "")) for n in (first, last, change))
            between, slack = abs(end - begin), sum(map(grid_of, (begin, end, stated))) / 2
            if percent and begin > 0:
                between, slack = _WHOLE * between / begin, max(1.0, 0.05 * stated)
            if abs(between - stated) > slack + _RATIO * stated * bool(hedge.strip("an ")):
                sign = " %" if percent else ""
                ends = {"first": first, "last": last, "change": change}
                yield Hit(fact, between=count(between), sign=sign, **ends)


def _parts(quote: str, whole: Reading, later: Sequence[Reading]) -> tuple[list[Reading], bool]:
    """Return the figures that a sentence lists as parts of one before them, or the one included."""
    between = quote[whole.end : later[0].start]
    if _AMONG.search(between):
        return [later[0]] * (later[0].unit == whole.unit), True
    among = _AMONG.search(quote[: later[0].end + 20], later[0].end)
    if not _LIST.search(between) or ". " in between or among:
        return [], False
    parts: list[Reading] = []
    end = later[0].start
    for part in later:
        if part.unit != whole.unit or re.search(r"[.;]\s|\)", quote[end : part.start]):
            break
        if _AMONG.search(quote[end : part.start]):
            break
        if part.category not in {
            whole.category,
            None,
            *(_PARTS if whole.category == "casualties" else ()),
        }:
            break
        parts.append(part)
        end = part.end
    return parts if len(parts) > 1 else [], False


def _closed(quote: str, whole: Reading, parts: Sequence[Reading]) -> bool:
    """Return whether a list of one fate follows a colon and ends the sentence: "9: 4, 3 and 2"."""
    if {part.category for part in parts} != {whole.category}:
        return False
    ends = [whole.end, *(part.end for part in parts)]
    between = [quote[end : part.start] for end, part in zip(ends, parts, strict=False)]
    rest = re.split(r"[.;]\s|[.;]$|\)", quote[ends[-1] :])[0]
    return (
        re.fullmatch(r"[a-z ]*: *", between[0]) is not None
        and re.search(r"\band $", between[-1]) is not None
        and not re.search(r"\d|\b(?:the (?:rest|others?)|elsewhere|remaining|unidentified)\b", rest)
    )


def _ends(reading: Reading) -> tuple[float, float]:
    """Return what the words of one figure leave open."""
    if reading.interval is None or reading.hedge == "exactly":
        point = reading.point or 0.0
        return point, math.inf if reading.interval is None else point
    return reading.interval.lower, reading.interval.upper
