"""A whole article: its sentences with figures, each read with what was said before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from math import log
from typing import Final

from attrition.core._showing import Shown
from attrition.core.errors import InputError, clip, refusal
from attrition.text.cells import cells_of
from attrition.text.dates import A_DAY, MONTHS, WEEKDAYS
from attrition.text.lexicon import Lexicon
from attrition.text.pages import Page, page_of
from attrition.text.plain import place_in, plain
from attrition.text.reader import parse
from attrition.text.reading import Reading
from attrition.text.rules import given_in, rules_for, stands
from attrition.text.spelled import SMALL, STARTS
from attrition.text.text import LONGEST
from attrition.text.vocabulary import WORDS, pointed
from attrition.text.voices import Voice, without_dateline

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


MOST: Final = 5_000_000
"""Characters that one article may have."""

_BREAK = re.compile(r"\n\s*|[.!?][\"')\]\u201d\u2019]{0,3}\s+(?=[\"'(\[\u201c\u2018]{0,2}[A-Z0-9])")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBERS: Final = (STARTS - {"a", "an"}) | {"no", "nobody", "none", "both", "not", "dozen"}
_DIGIT = re.compile(r"\d")
_AMOUNT: Final = r"(?!(?:1[89]|20)\d\d\b)(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d,.:%/]*[\d%])"
_SPELLED: Final = "|".join(sorted(SMALL.keys() - {"one", "zero"}, key=len, reverse=True))
_NUMBER = re.compile(
    rf"\b(?:{_SPELLED})\b(?![- ](?:{_SPELLED})\b)"
    rf"|\b{_AMOUNT}(?: (?:and|to) {_AMOUNT}|[-–]{_AMOUNT})?"
)
_DOTTED = re.compile(
    r"(?<=\b[1-9])\.(?=\d{3}\b)|(?<=\b[1-9]\d)\.(?=\d{3}\b)|(?<=\b[1-9]\d\d)\.(?=\d{3}\b)"
)
"""A full stop that groups thousands, as in languages from which an article is translated."""
_COMMAS = re.compile(r"\d,\d{3}\b")
_LINE: Final = 5_000  # characters before a sentence among which its line begins
_NOUNS: Final = {"killed": "dead", "wounded": "injured", "missing": "missing"}
_NEW: Final = WORDS.more - {"new"} | {"since"}
_DAY = re.compile(
    rf"(?:{WEEKDAYS}|yesterday|\d+ [A-Z][a-z]+(?: \d{{4}})?"
    r"|the \d+(?:st|nd|rd|th)"
    r"|\w+ (?:day|night|week|month)s? (?:earlier|before|ago)|\d{4}-\d\d-\d\d|\d+[./]\d+[./]\d+)"
)
NO_TOLLS: Final = tuple(dict.fromkeys(rule.gives for rule in rules_for("no_toll")))
"""What befell people who are no losses: they are counted, and shown, by themselves."""
_BEFELL = re.compile(
    r"homeless|\bhomes?\b|houses|displac|uproot|\bfled|fleeing|evacuat|affect|strand|trapped|maroon",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?:\b(?:at least|more than|some|about|around|nearly|up to|over) )?"
    rf"(?:\b(?:{_SPELLED})\b|(?<![\w.,])(?!(?:1[89]|20)\d\d\b)\d[\d,]*(?:\.\d+)?)"
    r"(?: (?:hundred|thousand|million)\b)?(?![,.]?\d|%)(?: (?P<unit>families|households)\b)?",
    re.IGNORECASE,
)
_AN_EVENT_ON = re.compile(rf"\b({WEEKDAYS})(?: \w+)?['’]s\b")
_ISSUE = re.compile(
    r"\b(?:release|report|bulletin|update|statement)(?: No\.? ?\d+)? "
    r"\((?:as )?(?:of )?(\d{1,2} [A-Z][a-z]+(?: \d{4})?)\)[^.;,]*$",
    re.IGNORECASE,
)
_OPENING = re.compile(rf"(In|On) ((?:{MONTHS}|{WEEKDAYS})(?: \d{{4}})?|week \d+)\b")
_ASKED: Final = {
    "dead": {"died", "dead", "killed", "death", "deaths", "toll"},
    "injured": {"injured", "hurt", "wounded"},
    "missing": {"missing", "unaccounted"},
}
_ANSWER = re.compile(
    rf"(?P<n>(?:{'|'.join(sorted(SMALL, key=len, reverse=True))})(?:-\w+)?|\d[\d,]*)(?=[,.])",
    re.IGNORECASE,
)
_SAID_ON = re.compile(
    r"\b(?:(?:told|informed)(?: (?!that\b)[A-Za-z’'-]+){1,4}?"
    r"|said|announced|reported|stated|wrote|declared|confirmed|released|published)"
    r"(?: (?:by|from|to|at|in|an?|the|its|his|her|their|late|early|reporters|journalists|us|state"
    r"|news|press|statement|report|bulletin|update|conference|briefing|radio|television|phone"
    rf"|telephone)){{0,6}} (?:on )?({A_DAY})\b(?!['’])"
)
"""The day on which somebody said what a sentence tells, with no other words between."""
_DAY_BEFORE = re.compile(r"(?:The day before|A day earlier|The previous day)\b")
_LAST_COUNT = re.compile(
    r" (?:in|at|by|as of) (?:the|its|their|an?) (?:last|previous|earlier) [\w ]{3,30}?"
    rf" (?:on|of|from) ({A_DAY})\b"
)
"""Of what a toll rose from: "up from 208 at its last count on 2 December"."""
_EARLY_DAY = re.compile(
    r"(?:As (?:early|late) as|Already|Only|Back|Late|Early) (?:on )?"
    rf"({A_DAY}|yesterday)\b"
)
_FROM_DAY = re.compile(
    r"(?:In|During|Over|Within) the [\w ]{0,30}?\b(?:of|from|between) "
    rf"(\d{{1,2}})( (?:{MONTHS}))? ?(?:to|and|until|[-–]) ?(\d{{1,2}})( (?:{MONTHS}))"
    r"( \d{4})?\b"
)
"""The days that open a sentence: "In the week from 22 to 28 July"."""
_ROSE_ON = re.compile(
    r"\b(?:rose|climbed|rise[sn]?|increased|jumped|went) (?:on |this |late |early )?"
    rf"({WEEKDAYS}|yesterday|today)\b[^.;]{{0,20}} to $"
)
_ROSE_FROM = re.compile(r"\b(?:up|down) from \d")
_OF_THE = re.compile(r"Of (?:the|these|those) \d[\d,]*(?=,? \d|,? [a-z-]+ (?:were|are|was) )")
_FIRST = re.compile(r"^(?:\d+|[A-Z][a-z]+(?:-[a-z]+)?)\b")


@dataclass(frozen=True, slots=True)
class Refused(Shown):
    """A sentence with a number that could not be read, and why."""

    sentence: str
    start: int
    reason: str


@dataclass(frozen=True, slots=True)
class Article(Shown):
    """An article and its figures.

    Attributes
    ----------
    page : Page
        Its text, title and day of publication, as far as it states them.
    mentions : tuple of Mention
        In order of appearance.
    refused : tuple of Refused
        Sentences that hold numbers and could not be read.
    """

    _parts = "mentions"

    page: Page
    mentions: tuple[Mention, ...]
    refused: tuple[Refused, ...]


@dataclass(slots=True)
class _Inquiry:
    """Of whom a heading asks: "How many people have died?", and where it stands."""

    asked: str = ""
    place: int = 0

    def noun(self, sentence: str, start: int) -> str:
        """Return the noun of those of whom the last heading asks, near it."""
        if sentence.rstrip("*").endswith("?") and '"' not in sentence:
            words = {*_WORD.findall(sentence.lower())}
            self.asked = next((noun for noun, known in _ASKED.items() if known & words), "")
            self.place = start
        return self.asked if start - self.place < _NEAR else ""


def sentences_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a text with the places at which they begin.

    Examples
    --------
    >>> list(sentences_of("Gen. Ito spoke. 30 died."))
    [(0, 'Gen. Ito spoke.'), (16, '30 died.')]
    """
    begin = 0
    for match in [*_BREAK.finditer(text), None]:
        end = len(text) if match is None else match.start() + (text[match.start()] in ".!?")
        dot = match is not None and match[0][0] == "." and "\n" not in match[0]
        if match is not None and dot and _abbreviates(text, match.start()):
            continue
        stop = len(text) if match is None else match.end()
        closing = text[end:stop].rstrip()
        sentence = text[begin : end + len(closing)]
        lead = len(sentence) - len(sentence.lstrip())
        for piece in range(lead, len(sentence.rstrip()), LONGEST):
            yield begin + piece, sentence.rstrip()[piece : piece + LONGEST]
        begin = stop


def _abbreviates(text: str, dot: int) -> bool:
    """Return whether a full stop ends "Gen." or an initial rather than a sentence."""
    k = dot
    while k and text[k - 1].isalpha() and dot - k < 6:  # noqa: PLR2004  # longer than any of the list
        k -= 1
    word = text[k:dot]
    return (len(word) == 1 and word.isupper()) or word.lower() in WORDS.abbreviated


def read_words(text: str, *, lexicon: Lexicon | None = None) -> Article:
    """Read every figure of an article.

    Parameters
    ----------
    text : str
        Plain text, HTML or Markdown.
    lexicon : Lexicon, optional
        Rows in force; the shipped ones if absent.

    Returns
    -------
    Article

    Raises
    ------
    InputError
        If there is no text, or too much.

    Examples
    --------
    >>> article = read_words("The quake killed 30, police said. They fear that 12 are missing.")
    >>> [(m.reading.point, m.reading.category, m.source) for m in article.mentions]
    [(30.0, 'killed', 'police'), (12.0, 'missing', 'police')]
    """
    if len(text) > MOST:
        got = f"{len(text):,} characters"
        raise refusal("length of an article", got, "article", most=MOST)
    page = page_of(text)
    cells = dict(cells_of(page.text))
    mentions: list[Mention] = []
    others: list[Mention] = []
    refused: list[Refused] = []
    voice = Voice()
    dotted = len(_DOTTED.findall(page.text)) > 1 and not _COMMAS.search(page.text)
    inquiry = _Inquiry()
    for start, sentence in sentences_of(page.text):
        asked = inquiry.noun(sentence, start)
        if (row := cells.get(start)) is not None:
            for one in row:
                begin, end = start + one.reading.start, start + one.reading.end
                mentions.append(
                    Mention(one.reading, sentence, begin, end, None, one.doubt, one.place)
                )
            continue
        if not _may_hold_a_figure(sentence):
            voice.hears(sentence, start)
            continue
        manner = plain(sentence)
        words = without_dateline(_DOTTED.sub(",", manner) if dotted else manner)
        counts = _bare_counts(words) or (asked and _answer(words)) or []
        readings, reason = _readings(words, lexicon, bare=bool(counts))
        if not any(reading.category for reading in readings):
            readings = _of_before(words, counts, mentions, start, asked) or readings
        if reason and not _holds_all(readings, counts):
            refused.append(Refused(sentence, start, reason))
        if not readings:
            voice.hears(sentence, start)
        line = page.text.rfind("\n", max(start - _LINE, 0), start) + 1
        readings = _in_turn(manner, readings)
        for reading in readings:
            source = voice.source_of(reading, words, start, line)
            placed = _dated(_as_reported(replace(reading, text=manner)), readings)
            first, last = (place_in(sentence, one) for one in (reading.start, reading.end))
            placed = replace(placed, text=sentence, start=first, end=last)
            begin, end = start + first, start + last
            mention = Mention(placed, sentence, begin, end, source, _doubt(placed))
            mentions.append(of_its_whole(mention, mentions, line))
        others += _befallen(sentence, manner, readings, start, voice)
    in_order = sorted([*mentions, *others], key=lambda one: one.start)
    return Article(page, tuple(in_order), tuple(refused))


def _befallen(
    sentence: str, manner: str, readings: tuple[Reading, ...], begin: int, voice: Voice
) -> Iterator[Mention]:
    """Yield the people of a sentence who are no losses: "85,000 people were left homeless"."""
    source = voice.name if voice.place == begin else None
    for count in _COUNT.finditer(manner) if _BEFELL.search(manner) else ():
        read = any(one.start < count.end() and count.start() < one.end for one in readings)
        what = "" if read else given_in("no_toll", pointed(manner, *count.span()))
        number, unit = count[0].removesuffix(f" {count['unit']}"), count["unit"] or "persons"
        first, last = (place_in(sentence, k) for k in (count.start(), count.start() + len(number)))
        for one in _parsed(f"{number} dead") if what else ():
            reading = replace(one, category=what, unit=unit, text=sentence, start=first, end=last)
            place = begin + first, begin + last
            yield Mention(reading, sentence, *place, source, _doubt(reading))


def _as_reported(reading: Reading) -> Reading:
    """Return a count that somebody had reported on a day as the total that stood then.

    "The ministry had reported 43 dead on Friday" tells of a count, not of those who died on Friday.
    """
    words = pointed(reading.text, reading.start, reading.end)
    new = _NEW & set(words.lower().split())
    return reading if new or not stands("reported_level", words) else as_a_level(reading)


def as_a_level(reading: Reading) -> Reading:
    """Return what is counted in one day as the total that stood on it; a longer time stays."""
    day = (reading.window or "").removeprefix("on ").removeprefix("in ")
    single = reading.kind == "increment" and _DAY.fullmatch(day)
    return replace(reading, kind="level", as_of=day, window=None) if single else reading


def _in_turn(sentence: str, readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Give figures the time that opens the sentence where a later one has a time of its own.

    "In June 61 died, in July another 90"; "in June 61 killed and 90 hurt, against 50 in May".
    """
    if days := _FROM_DAY.match(sentence):
        return tuple(_in_days(sentence, readings, days))
    opening = _OPENING.match(sentence)
    later = readings[-1].window if readings else None
    day = re.sub("^(?:in|on) ", "", later or "")
    if opening is None or not day or day in opening[2]:
        return readings
    against = stands("against", sentence)
    stop = against.start if against else sentence.find(day)
    if sentence.find(day) < stop:
        return readings
    window = f"{opening[1].lower()} {opening[2]}"
    first = (one for one in readings if one.end <= stop)
    count = sum(1 for _ in first) if against else 1
    return tuple(
        replace(one, window=window)
        if k < count and one.end <= stop and one.window == later
        else one
        for k, one in enumerate(readings)
    )


def _in_days(
    sentence: str, readings: tuple[Reading, ...], days: re.Match[str]
) -> Iterator[Reading]:
    """Yield the figures of a sentence that names the days of which it tells, to a comparison."""
    against = stands("against", sentence)
    stop = against.start if against else len(sentence)
    first, month, last, of, year = days.groups("")
    window = f"from {first}{month or of}{year} to {last}{of}{year}"
    for one in readings:
        if one.start < days.end():  # a day that was read as a count
            continue
        mine = days.end() <= one.start < stop and one.kind in {"level", "increment"}
        own = one.window is not None and re.search(r"\d|since|of \w+day", one.window)
        yield one if own or not mine else replace(one, kind="increment", window=window, as_of=None)


def _dated(reading: Reading, beside: tuple[Reading, ...]) -> Reading:
    """Return a total with the day of its count, where its words name that of the event as well.

    "... yesterday, bringing to 47 the number of those who died in Tuesday's sinking".
    """
    day = _day_told(reading) or reading.as_of
    if day == reading.as_of and reading.kind == "level":
        day = _day_of_count(reading, beside)
    since = (reading.window or "").startswith("since ")
    window = reading.window if since else None
    return reading if day == reading.as_of else replace(reading, as_of=day, window=window)


def _day_told(reading: Reading) -> str | None:
    """Return the day on which a count was told, by the words before it or of the count before."""
    before, after = reading.text[: reading.start], reading.text[reading.end :]
    since = (reading.window or "").startswith("since ")
    last = _LAST_COUNT.match(after) if reading.as_of == "earlier" else None
    level = reading.kind == "level" and reading.as_of is None
    early = _EARLY_DAY.match(before) if level else None
    if day := last or early:
        return str(day[1])
    if (since or level) and reading.as_of is None and (saying := day_said(before, after)):
        return saying
    timed = reading.window is not None or reading.as_of is not None
    return "a day earlier" if not timed and _DAY_BEFORE.match(before) else None


def day_said(before: str, after: str) -> str | None:
    """Return the day on which somebody said a figure that stands between these words.

    Examples
    --------
    >>> day_said("At least ", " died when a bus left the road on Monday, police said on Tuesday.")
    'Tuesday'
    """
    days = _SAID_ON.findall(before.rpartition("; ")[2])[-1:]
    return next(iter(days or _SAID_ON.findall(after.partition("; ")[0])), None)


def _day_of_count(reading: Reading, beside: tuple[Reading, ...]) -> str | None:
    if reading.as_of is None and (issue := _ISSUE.search(reading.text[: reading.start])):
        return issue[1]  # "the last bulletin (30 June) gave 109"
    if rose := _ROSE_ON.search(reading.text[: reading.start]):
        return rose[1]
    before, _, after = reading.text[: reading.start].rpartition(reading.as_of or " ")
    if reading.as_of and before and stands("has_risen", after):
        return None  # "exploded on Monday has climbed to 76"
    rest = reading.text[reading.end :]
    if reading.as_of and (rose := _ROSE_FROM.search(rest)):
        day = rest.find(reading.as_of)
        return None if day > rose.start() else reading.as_of  # "died, up from 10 on Tuesday"
    event = _AN_EVENT_ON.search(reading.text)
    if event is None or event[1] != reading.as_of:
        return reading.as_of
    days = (one.window or "" for one in beside)
    return next((day for day in days if _DAY.fullmatch(day)), None)


def _readings(
    sentence: str, lexicon: Lexicon | None, *, bare: bool
) -> tuple[tuple[Reading, ...], str]:
    """Return the figures of a sentence, and why it has none where it should."""
    reason = "a count of whom? What it counts stands in another sentence" if bare else ""
    try:
        return parse(sentence, lexicon=lexicon), reason
    except InputError as error:
        return (), reason if "must hold a figure" in str(error) else clip(str(error), 200)


def _bare_counts(sentence: str) -> list[re.Match[str]]:
    """Return the numbers that are counts without a noun: "It had confirmed 7,105 by May"."""
    counts: list[re.Match[str]] = []
    for number in _NUMBER.finditer(sentence):
        words = pointed(sentence, *number.span())
        joined = counts and sentence[: number.start()].endswith((" and ", ", "))
        if (joined or stands("bare_count", words)) and stands("after_count", words):
            counts.append(number)
    return counts


def _holds_all(readings: tuple[Reading, ...], counts: list[re.Match[str]]) -> bool:
    """Return whether there are readings, and every count without a noun is among them."""
    places = (number.start() for number in counts)
    return bool(readings) and all(
        any(one.start <= place < one.end for one in readings) for place in places
    )


def _answer(sentence: str) -> list[re.Match[str]]:
    """Return the number that begins an answer: "Twenty-nine, according to the police"."""
    number = _ANSWER.match(sentence)
    return [number] if number else []


def _of_before(
    sentence: str, counts: list[re.Match[str]], before: list[Mention], start: int, asked: str
) -> tuple[Reading, ...]:
    """Return the figures of a sentence whose noun stands in the one before it.

    "The count had stood at 55 on Sunday", "Nine were children": those who were counted just now,
    or those of whom a heading asks.
    """
    if asked and counts:
        return _counted(sentence, counts, asked, None)
    last = _last_like(before, counts[0][0] if len(counts) == 1 else "")
    near = last is not None and start - last.end < _NEAR and not last.doubt
    noun = _NOUNS.get(last.reading.category or "") if last is not None and near else None
    if counts and sentence[counts[0].end() :].startswith(" names"):
        noun = "dead"  # "it had 18,334 names": those of the dead
    if last is None or noun is None:
        return ()
    if counts:
        return _counted(sentence, counts, noun, last.reading)
    if (of := _OF_THE.match(sentence)) is not None:  # "Of the 89, 33 were women"
        whole = f"{of[0]} {noun}"
        return _after(whole, f"{whole}{sentence[of.end() :]}", of.end())
    if not stands("who_they_were", _FIRST.sub("#", sentence, count=1)):
        return ()
    lead = f"Of the {noun}, "
    return _after(lead, lead + sentence[0].lower() + sentence[1:], 0)


def _after(lead: str, words: str, own: int) -> tuple[Reading, ...]:
    """Return the figures after a lead, of which the first characters are a sentence's own."""
    more = len(lead) - own
    return tuple(
        replace(one, start=one.start - more, end=one.end - more, reached="neighbour")
        for one in _parsed(words)
        if one.category and one.start >= len(lead)
    )


def _counted(
    sentence: str, counts: list[re.Match[str]], noun: str, last: Reading | None
) -> tuple[Reading, ...]:
    """Return the counts of a sentence, read with the noun that it leaves out."""
    ends = [number.start() for number in counts[1:]] + [len(sentence)]
    head = sentence[: counts[0].start()]
    return tuple(
        replace(
            as_a_level(one),
            start=number.start(),
            end=number.end(),
            reached="neighbour",
            scope=one.scope or (last.scope if last else None),
            side=one.side or (last.side if last else None),
        )
        for number, end in zip(counts, ends, strict=True)
        for one in _parsed(f"{head}{number[0]} {noun}{sentence[number.end() : end]}")
        if one.start <= len(head) < one.end
    )


def _last_like(before: list[Mention], number: str) -> Mention | None:
    """Return the figure of the last sentence that a count told anew is nearest to, or its last.

    "The toll had climbed to 38, with 41 missing. It later revised the figure to 36."
    """
    digits = number.replace(",", "")
    if not before or not digits.isdigit() or not before[-1].reading.point:
        return before[-1] if before else None
    last = takewhile(lambda one: one.sentence == before[-1].sentence, reversed(before))
    value = max(float(digits), 1.0)
    like = (one for one in last if one.reading.point)
    return min(like, key=lambda one: abs(log(value / (one.reading.point or 1.0))))


def _parsed(words: str) -> tuple[Reading, ...]:
    try:
        return parse(words)
    except InputError:
        return ()


def _may_hold_a_figure(sentence: str) -> bool:
    if _DIGIT.search(sentence):
        return _WORD.search(sentence) is not None  # "1." begins a list
    return any(word.lower() in _NUMBERS for word in _WORD.findall(sentence))


def _doubt(reading: Reading) -> str:
    """Return why a figure may not be used as it stands, or nothing."""
    if reading.ambiguous:
        return " or ".join(reading.ambiguous)
    if reading.category in NO_TOLLS:
        return f"{reading.category}: no losses; a count of its own?"
    if reading.standing != "stated":
        return f"the words make it {reading.standing}"
    if reading.unit == "persons" and reading.category is None:
        return "the words do not say what befell them: killed, wounded, missing or captured?"
    if reading.unit == "persons" and reading.category is not None and " and " in reading.category:
        return f"a sum of {reading.category}"
    return ""
