"""A quote against the keys beside it, and against its own arithmetic."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from attrition.data.coherence.findings import ClaimEvidence, Fact, Hit, count
from attrition.data.coherence.people import EXCLUSIVE
from attrition.data.coherence.words import INCIDENTS
from attrition.data.dossier import PartialDate
from attrition.text import Reading, grid_of
from attrition.text.vocabulary import THINGS

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
        if fact.quantity.unit == "persons" and unit in THINGS - INCIDENTS:
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
