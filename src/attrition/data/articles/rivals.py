"""Why a number of an article that is clear is no count of the whole: whose, when or where else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from attrition.data.articles.days import Span, days_of
from attrition.text import Mention, Reading
from attrition.text.dates import MONTHS, WEEKDAYS
from attrition.text.patterns import find
from attrition.text.rules import rules_for, stands
from attrition.text.vocabulary import CATEGORY, EVENT, WORDS

FAR: Final = 3.0
"""Factor below the highest number of one count at which a smaller one is more likely a part of it:
the same by which `check` calls two sources apart."""
ANYBODY: Final = frozenset({None, "people"})
"""Scopes that name nobody in particular."""
_LONG_AGO: Final = 366
_NEXT: Final = 200
_REPORTED_LATER: Final = 4  # years in which what is over is inquired into
_PAPERS: Final = "|".join(word.capitalize() for word in WORDS.papers)
_AREAS: Final = "|".join(WORDS.areas)
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Aa]round|[Ff]rom) (?:the |nearby |neighbou?ring |[a-z]+ern )*"
    rf"(?!{MONTHS}|{WEEKDAYS})([A-Z][\w-]+)\b"
    rf"(?! (?:{_PAPERS})\b)|\b(?:{_AREAS})\b"
)
"""Words that say where, and of a name the name."""
_OTHER_PLACE = re.compile(
    rf"\b(?:[Ii]n|[Aa]t|of) (?:the )?(?!{MONTHS}|{WEEKDAYS})"
    rf"([A-Z][a-z][\w-]+)(?!['’]s| (?:{_PAPERS})\b)"
)
_NAMED_PLACE = re.compile(rf"([A-Z][\w-]+) (?:{_AREAS})\b")
_YEAR = re.compile(
    rf"\b(?:[Oo]f|[Ii]n|[Tt]he|’s|'s) (?:(?:{MONTHS}) )?"
    r"(1[0-9]{3}|20[0-9]{2})\b(?!,\d)"
)
"""A year of an event; "since 2009" and a full date name none."""
_LONG = re.compile(r"year|\d{4}|since|season|decade")
_WHERE = re.compile(
    r"^(?: (?!and\b)[a-z]+| of the \d+){0,4} in (?:the )?"
    r"((?:city of )?[A-Z][\w-]+(?: [A-Z][\w-]+)*)"
)
_GROUP = re.compile(r"^ ((?:[a-z-]+ )?)([a-z-]+)\b")
_LABEL = re.compile(
    r"^[-*•\s]*([A-Z][\w'’-]+(?: (?:and |of |the )?[A-Z]?[\w'’-]+){0,3}): "
    r"(?:\d[\d,]* cases,? (?:and )?)?#"
    r"|[:;,] (?:and )?([A-Z][\w-]+(?: [A-Z][\w-]+)*)(?: with)? #(?=[;,.]| and [A-Z]|$)"
)
"""The name of a part in a list: "Ekit: 190 cases, # deaths", "Capital 702; Northern #"."""
_OF_THEM = re.compile(
    r",? of (?:them|whom|these|those|(?:the|those|these) (?:"
    + "|".join(sorted(WORDS.victims))
    + r"))\b(?: (?:were|are|was|is|had|have|has|been|remain|remained|still))*([^.,;:()]*)"
)
_IN_CARE = re.compile(
    r"(?: (?:people|patients|persons|others))?(?: (?:were|are|was|is|remain|remained|still))*"
    r"( in (?:an? )?(?:very )?(?:critical|serious|grave|life-threatening) condition"
    r"| in intensive care)\b"
)
_PART_WORDS: Final = 5
_WERE: Final = frozenset({"were ", "are ", "was ", "of ", "other ", "more ", "dead "})
_GROUPS: Final = WORDS.persons - CATEGORY.keys() - WORDS.anybody
_NUMBER = re.compile(r"\d")
_CLAUSE = re.compile(r"; | [-–—] ")
_HEADING: Final = 50


@dataclass(slots=True)
class Tally:
    """What is known of one count while its article is read.

    Attributes
    ----------
    category, side, scope, part : str
        What is counted, whose, of whom and where; the last three may be empty.
    highest : float
        The highest number so far, nought where there is none; its sentence is `whole`.
    begun : datetime.date or None
        First day of the time that it counts, where that is said.
    group, source : str
        Who they are in a word, "miners", and who says so; nothing where that is not said.
    when, peak : dict, float
        Days of the claim with the highest number, and that number: those of its parts, too.
    """

    category: str
    side: str
    scope: str
    part: str
    highest: float = 0.0
    peak: float = 0.0
    whole: str = ""
    begun: date | None = None
    group: str = ""
    source: str | None = None
    when: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """An article as a whole: its words, its title, its day, where other stories begin.

    Of what ended long ago `over` is the year; a `single` event has no counts of other periods.
    """

    text: str
    title: str
    published: date
    elsewhere: int
    over: int | None = None
    single: bool = True

    @classmethod
    def of(
        cls, text: str, title: str, published: date, *, over: int | None, single: bool
    ) -> Surroundings:
        """Find where a page turns to other events: at "Also in the region", as a heading."""
        start, elsewhere = 0, len(text)
        for line in text.split("\n"):
            if (
                start
                and 0 < len(line) <= _HEADING
                and stands("other_stories", line)
                and not line.endswith(".")
            ):
                elsewhere = min(start, elsewhere)
            start += len(line) + 1
        return cls(text, title, published, elsewhere, over, single)


def reasons_against(
    mention: Mention, entry: Tally, whole: Tally, setting: Surroundings, *, earlier: bool
) -> Iterator[str]:
    """Yield why a number is no total of the whole, by the words around it.

    A part of what is counted, or a count of other people, makes the same sentence as the whole:
    its words, its time, its place and its number tell them apart. `whole` is the highest count of
    the same category, of whomever; what is `earlier` than that may be lower.
    """
    reading, sentence, pointed = mention.reading, mention.sentence, mention.pointed
    end = mention.start - reading.start + len(sentence)
    for rule in rules_for("no_total"):
        if (not rule.words or reading.category in rule.words) and find(pointed, rule.when):
            yield rule.gives
    survivors = sentence[reading.end :].startswith(" of the survivors")
    part = entry.highest and is_part(mention) and top_of(reading) != entry.highest
    part = part and not stands("part_by_time", pointed)
    if survivors or (part and not (named_part(mention, whole) or of_them(mention))):
        yield "a part of another figure, not a total of its own"
    if mention.start > setting.elsewhere or stands("one_story", sentence):
        yield "in another story of this page: another event, or part of this count?"
    yield from _of_others(mention, whole, setting)
    yield from _beside(mention, entry, whole, setting, earlier=earlier)
    if (apart := stands("apart", pointed)) and not named_part(mention, whole):
        yield f"{pointed[apart]!r}: of other people, or part of this count?"
    if denied := _denied(sentence[reading.end :], setting.text[end : end + _NEXT]):
        yield f"denied by what follows? {denied!r}"
    if top_of(reading) == 0:
        yield "a count of nobody: a total cannot start from it"
    if not _has_year(reading) and (year := _past_year(sentence, setting)):
        yield f"of {year}: another event, or part of this count?"


def _denied(rest: str, later: str) -> str:
    """Return the words that deny a figure, in the rest of its sentence or after it."""
    near = _NUMBER.split(rest + later.split(". ", maxsplit=1)[0])[0]
    for kind, words in (("denied_next", later), ("called_wrong", near)):
        if place := stands(kind, words):
            return words[place]
    return ""


def _beside(
    mention: Mention, entry: Tally, whole: Tally, setting: Surroundings, *, earlier: bool
) -> Iterator[str]:
    """Yield why a number is no other count of what a higher one before it counts."""
    reading = mention.reading
    number, highest = top_of(reading), entry.highest
    span = days_of(reading.window, setting.published) if reading.window else None
    periods = whole.highest and mention.source == whole.source and not setting.single
    if whole.begun is not None and span is not None and span[1] < whole.begun and not periods:
        yield f"of {span[0]} to {span[1]}, before this count began: another event?"
    if number is None or not highest or number == highest or mention.place:
        return
    if reading.kind == "level" and stands("rose_from", mention.pointed):
        return
    if number > highest and stands("wider", mention.pointed):
        yield "of a wider place: another count?"
    long = _LONG.search(reading.window or "") and not ended(span, setting.published)
    if reading.kind == "increment" and number > highest and long and not periods:
        yield "more than the total before it: a longer time, or other people?"
    daily = reading.kind == "rate"
    if reading.kind not in {"level", "rate"} or number > highest or named_part(mention, whole):
        return
    clause = _CLAUSE.split(mention.sentence[: reading.start])[-1] + next(
        iter(_CLAUSE.split(mention.sentence[reading.start :]))
    )
    main = f"{entry.whole} {setting.title} {mention.source}"
    places = _PLACE.finditer(clause.replace(reading.hedged_by or "", ""))
    if any(place[1] is None or place[1] not in main for place in places):
        yield "of which place: a part of a number before it, or a toll of its own?"
    if (
        FAR * number < highest
        and reading.as_of is None
        and not (earlier or daily or of_them(mention))
        and not (mention.source != entry.source and stands("rival_count", mention.pointed))
    ):
        yield "far below a number before it: a part of that, or a count of its own?"


def _of_others(mention: Mention, whole: Tally, setting: Surroundings) -> Iterator[str]:
    """Yield why a number is of another event: one that the sentence itself brings in, or many."""
    number, day = top_of(mention.reading), mention.reading.as_of
    then = days_of(day, setting.published) if day and setting.single and not setting.over else None
    if mention.reading.kind == "level" and ended(then, setting.published):
        yield f"of {day}: another event, or part of this count?"
    if not whole.highest or number == whole.highest or mention.sentence in whole.whole:
        return
    if (place := stands("another_event", mention.pointed)) is not None:
        words = mention.pointed[place]
        if "aftershock" in words:
            return  # of those whom the earthquake killed
        alike = _families(words) & _families(setting.title + " " + whole.whole)
        if not (alike and whole.whole in setting.title) and not is_part(mention):
            yield f"{words!r}: another event, or a part of this count?"
    many = stands("many_events", mention.pointed)
    if many and not stands("many_events", f"{setting.title} {whole.whole}"):
        yield f"{mention.pointed[many]!r}: of many events, or a part of this count?"


def _families(words: str) -> set[str]:
    return {EVENT[word] for word in re.findall(r"[a-z-]+", words.lower()) if word in EVENT}


def is_elsewhere(sentence: str, before: str) -> bool:
    """Return whether a sentence tells of a place that was not named before it."""
    return any(place[1] and place[1] not in before for place in _OTHER_PLACE.finditer(sentence))


def group_of(mention: Mention) -> str:
    """Return the word for the people of a figure, "miners", or nothing."""
    noun = _GROUP.match(mention.sentence[mention.reading.end :])
    return noun[2] if noun and noun[2] in _GROUPS else ""


def is_part(mention: Mention) -> bool:
    """Return whether a figure is a part of one before it: "430 were hurt, 38 of them seriously"."""
    return stands("of_those", mention.pointed) is not None


def named_part(mention: Mention, whole: Tally) -> str:
    """Return in words whom a part of a count is: " (health workers)", or nothing.

    A part that is named is a count of its own: "three of the dead were rescuers".
    """
    specific = mention.reading.scope not in ANYBODY
    if specific or (top_of(mention.reading) or 0.0) >= whole.highest:
        return ""
    after = mention.sentence[mention.reading.end :]
    noun = _GROUP.match(after)
    if noun and noun[2] in _GROUPS and noun[2] != whole.group:
        return f" ({noun[2] if noun[1] in _WERE else noun[1] + noun[2]})"
    pointed = mention.pointed
    part = stands("named_part", pointed)
    if part is None and mention.source is None and (label := _LABEL.search(pointed)):
        return f" ({label[1] or label[2]})"
    if part is None:
        place = _WHERE.match(after) if stands("of_the_whole", pointed) else None
        return f" in {place[1]}" if place else ""
    words = re.findall(r"[\w-]+", pointed[part].lower())
    groups = [word for word in words if word in _GROUPS]
    age = pointed[part.stop :].split()[:1]
    return f" ({groups[-1]})" if groups else f" ({' '.join([words[-1], *age]).strip(',.')})"


def of_them(mention: Mention) -> str:
    """Return in words which part of a count a figure says it is: ", of them in hospital"."""
    after = mention.sentence[mention.reading.end :]
    part = _OF_THEM.match(after) or _IN_CARE.match(after)
    if part is None:
        return ""
    words = " ".join(re.findall(r"[\w’'-]+", part[1])[:_PART_WORDS]).lower()
    return f", of them {words or amount_of(mention.reading)}"


def ended(span: Span | None, published: date) -> bool:
    """Return whether a time ended so long ago that it need not be that of this event."""
    return span is not None and (published - span[1]).days > _LONG_AGO


def top_of(reading: Reading) -> float | None:
    """Return the number of a reading, of a range its upper end."""
    return reading.point if reading.high is None else reading.high


def part_of(mention: Mention) -> str:
    """Return the words that tell a part from its whole: its place, or its number."""
    if mention.place:
        return mention.place
    before = mention.sentence[: mention.reading.start]
    places = [*_NAMED_PLACE.finditer(before)] or [*_PLACE.finditer(mention.sentence)]
    name = next((m[1] for m in reversed(places) if m[1]), "")
    return f" in {name}" if name else f", a part ({amount_of(mention.reading)})"


def amount_of(reading: Reading) -> str:
    """Return the number of a reading in digits."""
    if reading.low is not None and reading.high is not None:
        return f"{reading.low:,.10g} to {reading.high:,.10g}"
    return "unclear" if reading.point is None else f"{reading.point:,.10g}"


def _past_year(sentence: str, setting: Surroundings) -> str:
    """Return an earlier year that a sentence names of its event: "the famine of 1988"."""
    years = (match[1] for match in _YEAR.finditer(sentence))
    then = setting.over or setting.published.year
    own = range(then, then + _REPORTED_LATER if setting.over else then)
    past = (year for year in years if int(year) < setting.published.year)
    return next((year for year in past if int(year) not in own), "")


def _has_year(reading: Reading) -> bool:
    return re.search(r"\d{4}", f"{reading.window} {reading.as_of}") is not None
