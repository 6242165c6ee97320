"""The figures of an article, each with what it takes from the one before: its source, its time."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from attrition.core._showing import Shown
from attrition.text.dates import MONTHS
from attrition.text.plain import plain
from attrition.text.reading import Reading
from attrition.text.rules import stands
from attrition.text.vocabulary import pointed

_PERIOD = re.compile(
    rf"^(?!since|so far|within|over|after).*(?:\b(?:{MONTHS})$|(?:19|20)\d\d$"
    "|quarter|week|year|month)"
)
"""A time that is over when it is told of: "in 2024", "in November"."""
_AGAIN = re.compile(
    r"\bsame (?:period|time|months?|quarter|weeks?|half)(?: (?:of|in|last|a|the))?"
    r"(?: (\d{4}))?(?! as)\b"
)
"""Another year's such time: "in the same period of 2023"."""
_YEAR_BEFORE = re.compile(
    r"\b(?:(?:last|previous|preceding) (?:year|season)|(?:a|one|the) year (?:earlier|before|ago))\b"
)
_THEM = re.compile(r"\b(?:of|among) (?:them|whom|these|those|which)\b")
_OF_NUMBER = re.compile(r"Of (?:the|these|those) (\d[\d,]*)\b")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d\b")
_NEAR: Final = 400
_LAST: Final = 6  # figures among which a part looks for its whole


@dataclass(frozen=True, slots=True)
class Mention(Shown):
    """One figure of an article.

    Attributes
    ----------
    reading : Reading
        What its sentence says; the positions are those within the sentence.
    sentence : str
        The sentence, as it stands in the text of the article.
    start, end : int
        Characters of that text that hold the figure with its hedge.
    source : str or None
        Who is quoted: in the sentence, or the one named before where it says "he" or "they".
    doubt : str
        Why the figure is not to be used as it stands, with its candidates; empty if it may be.
    place : str
        Of a cell of a table whose row is a part of the whole: which part, " in Lusa".
    carried : str
        Whether its time is that of the figure before: as its "part", or only "perhaps".
    """

    reading: Reading
    sentence: str
    start: int
    end: int
    source: str | None
    doubt: str = ""
    place: str = ""
    carried: str = ""

    @property
    def pointed(self) -> str:
        """The sentence with "#" for the figure, as the patterns of articles are written."""
        return plain(pointed(self.sentence, self.reading.start, self.reading.end))


def of_its_whole(one: Mention, before: list[Mention], line: int) -> Mention:
    """Return a figure with the source and the time of the one before it, where it has none.

    A part, "eight of them", and what is added in the same line, "another 12", share both; another
    count that follows a period's, "16,480 were injured", has perhaps its time, which a reader has
    to say.
    """
    persons = [other for other in before[-_LAST:] if other.reading.unit == "persons"]
    alike = [other for other in persons if other.reading.category == one.reading.category]
    noun = stands("of_those", one.pointed) and not _THEM.search(one.sentence)
    whole = next(reversed(alike if noun else persons), None)
    if named := _OF_NUMBER.match(one.sentence):  # "Of the 97 killed, 41 were men"
        number = float(named[1].replace(",", ""))
        whole = next((other for other in reversed(persons) if other.reading.point == number), whole)
    if whole is None or one.start - whole.end > _NEAR or one.reading.unit != "persons":
        return one
    part = _is_part(one, whole, line)
    if (placed := _in_its_time(one, whole, part=part)) is not one.reading:
        same = part or (_AGAIN.search(one.sentence) and not _YEAR_BEFORE.search(one.sentence))
        one = replace(one, reading=placed, carried="part" if same else "perhaps")
    like = {other.reading.category for other in persons if other.sentence == whole.sentence}
    if len(like) > 1 and stands("who_they_were", one.pointed):
        one = replace(one, carried="perhaps")  # the dead or the injured?
    own = one.source is not None or one.reading.hedged_by is not None or not part
    return one if own else replace(one, source=whole.source)


def _is_part(one: Mention, whole: Mention, line: int) -> bool:
    """Return whether a figure says of itself that it is of the one before it."""
    kinds = ("of_those", "of_before", "who_they_were", *(["added"] if whole.start >= line else []))
    beside = one.sentence == whole.sentence and whole.carried == "part"
    return beside or any(stands(kind, one.pointed) for kind in kinds)


def _in_its_time(one: Mention, whole: Mention, *, part: bool) -> Reading:
    """Return a reading with the time of the figure before it, or the same of another year."""
    reading, window = one.reading, whole.reading.window or ""
    more = part and reading.kind == "increment" and reading.window is None  # "a further 139"
    if not (reading.kind == "level" or more) or whole.reading.kind != "increment":
        return reading
    period = _PERIOD.search(window)
    if period and (again := _AGAIN.search(one.sentence, 0, reading.end + _NEAR)):
        other = again[1] or _YEAR_BEFORE.search(one.sentence)
        then = f"the same period of {again[1] or 'last year'}" if other else window
        return replace(reading, kind="increment", window=then, as_of=None)
    apart = one.sentence != whole.sentence and not _CLOCK.match(one.sentence)
    timed = bool(reading.window or reading.as_of) or " since " in one.sentence
    if timed or stands("that_day", one.pointed) or not ((window and part) or (period and apart)):
        return reading
    return replace(reading, kind="increment", window=window)
