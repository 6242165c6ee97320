"""The days of the figures of an article: of its sections, its data, and what was said before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from attrition.data.articles.days import Span, days_of, moment_of
from attrition.data.articles.rivals import Tally, ended, is_part, top_of
from attrition.data.dossier import PartialDate
from attrition.text import Article, Mention
from attrition.text.articles import sentences_of
from attrition.text.dates import A_DAY, MONTHS, WEEKDAYS
from attrition.text.pages import dated_in
from attrition.text.plain import plain
from attrition.text.rules import stands
from attrition.text.vocabulary import EVENT, WORDS

_RECENT = re.compile(
    r"\b(?:today|yesterday|tonight|overnight|this (?:morning|evening|week))\b"
    rf"|\b(?:on|by|since|late|early|last) (?:{WEEKDAYS})\b(?! \d)",
    re.IGNORECASE,
)
_PAST_YEAR = re.compile(r"(?<!since )(?<!from )\b(1[5-9]\d\d|20\d\d)\b(?!,\d)")
_ON_DAY = re.compile(rf"\b(?:[Oo]n|late|early) ({WEEKDAYS})\b")
_EVENTS: Final = "|".join(sorted((WORDS.kind_disaster | EVENT.keys()) - {"aftershock"}))
_EVENT_DAY = re.compile(
    rf"\b(?:when|after|as|(?:{_EVENTS}) (?:that|which)"
    rf"|(?:in|by|after|from|of) (?:an?|the) (?:[\w’'-]+ ){{0,6}}?(?:{_EVENTS}))\b"
    rf"(?! (?:{WEEKDAYS}))(?:[^,;#]|,(?= (?-i:[A-Z])|(?<=\w,) on ))*?"
    rf"\b({WEEKDAYS}|yesterday|\d+ (?:{MONTHS}))\b",
    re.IGNORECASE,
)
_ITS_DAY = re.compile(
    rf"\b(?:in|by|after|from|of) ({WEEKDAYS}|yesterday)(?: \w+)?['’]s (?:[\w-]+ ){{0,2}}?"
    rf"(?:{_EVENTS})\b"
)
_KILLING_ON = re.compile(
    rf"\b(?:on|early|late) ({WEEKDAYS}|yesterday|\d+ (?:{MONTHS}))\b[^,;#]*, (?:and )?"
    r"(?:killing|injuring|wounding|leaving)\b[^;]*#"
)
"""The day of an event that is told with its toll: "struck on Monday, killing #"."""
_STORY_DAY = re.compile(rf"\b(?:[Oo]n|[Ee]arly|[Ll]ate) ({A_DAY})\b(?!['’])")
_DIED = re.compile(
    r"#[^,;]{0,40}?\b(?:was|were|died|drowned|perished)\b(?! (?:still|now|so far))|\bwere \w+ and #"
)
_OF_EVENTS: Final = (_EVENT_DAY, _ITS_DAY, _KILLING_ON)
_BLOW = re.compile(
    rf"(?<!another )\b(?:(?:{_EVENTS})\b(?: (?:that|which))?(?: has)?"
    r"|when (?:an?|the|two) [^.,;#]{3,40}?)"
    r" (?:struck|hit|rocked|shook|sank|occurred|happened|capsized|derailed|crashed|collapsed|fell"
    r"|collided|exploded|broke out|gave way|came down|overturned|left the road|went down)\b"
    r"(?! (?:to|from)\b)(?:(?!\b(?:rose|risen|climbed|reached)\b)[^.;#]){0,60}?"
    rf"\b(?:on|early|late)(?: (?:{WEEKDAYS}),?)? ({A_DAY})\b(?!['’])"
)
"""That an event befell, and on which day: "the earthquake struck on 6 February"."""
_BLOW_TOLD: Final = 1_500  # characters in which an article says when it happened
_NAMED_DAY = re.compile(rf"\b(?:{A_DAY}|yesterday)\b")
_UNTIL = re.compile(r"\b(?:[Aa]s of|[Uu]p to|[Bb]y|[Uu]ntil) (\d{1,2} [A-Z][a-z]+(?: \d{4})?)\b")
_NTH = re.compile(r"\bthe \d+(?:st|nd|rd|th)$")
_DATE = re.compile(rf"\b\d{{1,2}} (?:{MONTHS})(?: \d{{4}})?")
_WEEK_OF_DATA = re.compile(
    r"\bweek (\d{1,2}) ?[(,:] ?([^()\n]{0,20}\d[^()\n]{2,25})", re.IGNORECASE
)
_FROM_TO = re.compile(r"\b(?:from|between) ((?:\w+ )?\d[^.;()]*? (?:to|and|until) [^.;(),]*?\d{4})")
_SAME = re.compile(r"the same period of (\d{4}|last year)")
_CELLS = re.compile(r"\||\t| {3,}")
_WHOLE_DATE = re.compile(r"\d [a-z]+ \d{4}$", re.IGNORECASE)
_LEAD: Final = 600
_HEAD: Final = 15
"""Lines of a report among which the day of its data is looked for."""
_TOP: Final = 6
_RANGE = re.compile(
    r"^[^|\t]*(?: \|)?[^|\t]*\b\d{1,2} ?(?:[A-Z][a-z]+ )?(?:\d{4} )?(?:[-–]|to|until) ?\d"
)
_REACH: Final = 40
_HEAD_LONG: Final = 120
_IN: Final = "(?:(?:in|during|for|of|over) )?"
_LONG: Final = {
    "week": range(7, 8),
    "month": range(28, 32),
    "quarter": range(89, 93),
    "period": range(2, 100),
}
_PREVIOUS = re.compile(r"\b(?:previous|preceding) (week|2 weeks|fortnight)$|\bthe (week) before$")
_LENGTHS: Final = {"2 weeks": timedelta(days=14), "fortnight": timedelta(days=14)}
_HALF_YEAR: Final = 183
_MONTH_LONG: Final = timedelta(days=31)
_WEEK: Final = timedelta(days=7)
_NEAR: Final = 400


@dataclass(slots=True)
class Calendar:
    """What an article says of its own days.

    Attributes
    ----------
    text : str
    published : datetime.date
    period : (datetime.date, datetime.date)
        The days that its data are about, else that of publication.
    sections : list of (int, datetime.date)
        Where the sections of a live page begin, with their days.
    over : int or None
        The year of what it tells of, if that ended long ago.
    weeks : dict of int to (datetime.date, datetime.date)
        The weeks of which it states the days: not everybody's begin on Monday.
    """

    text: str
    published: date
    period: Span
    sections: list[tuple[int, date]]
    over: int | None
    weeks: dict[int, Span]
    _place: int = -_NEAR
    _last: Span = (date.min, date.max)
    _story: tuple[int, str] = (-1, "")
    _counted: tuple[int, date] = (-1, date.min)
    _shifted: tuple[int, str] = (-1, "")

    @classmethod
    def of(cls, article: Article, published: date, title: str) -> Calendar:
        """Read the days of an article."""
        page = article.page
        sections = [*_dated_sections(page.sections, published)]
        over = _year_of_the_past(article, published, title)
        text = plain(page.text)
        period, weeks = _described(text, published), _weeks_of(text, published)
        return cls(page.text, published, period, sections, over, weeks)

    def section(self, start: int) -> tuple[int, date | None]:
        """Return where the section of a place in the text begins, and its day, if it has one."""
        before = [section for section in self.sections if section[0] <= start]
        return before[-1] if before else (0, None)

    def is_earlier(self, start: int) -> bool:
        """Return whether a place stands below the first section of a page, which is the latest."""
        return bool(self.sections) and self.section(start) != self.sections[0]

    def told_before(self, mention: Mention, *, less: bool) -> str | None:
        """Return the day of what the sentence before tells, where a figure has no time of its own.

        "On Saturday shots were fired at a queue. Two women were killed": not the count so far,
        than which it is `less`. What else its sentence counts is of that day as well.
        """
        reading, begin = mention.reading, mention.start - mention.reading.start
        if reading.kind != "level" or reading.window or reading.as_of:
            return None
        if begin == self._story[0]:
            return self._story[1]
        line = self.text.rfind("\n", 0, begin) + 1
        before = [words for _, words in sentences_of(self.text[max(line, begin - _NEAR) : begin])]
        timed = mention.carried or is_part(mention)
        if not less or timed or not before or not _DIED.search(mention.pointed):
            return None
        last = plain(before[-1])
        day = None if stands("somebody_says", last) else _STORY_DAY.search(last)
        if day:
            self._story = begin, day[1]
        return day and day[1]

    def days(self, mention: Mention, whole: Tally, *, asked: bool = False) -> dict[str, Any] | str:
        """Return the days of a figure as a claim states them, or why they are unknown.

        `whole` is the highest count of the like, whose day that of its parts is. A reader who is
        `asked` decides whether what ended long ago is of this count.
        """
        reading, sentence = mention.reading, mention.start - mention.reading.start
        words = reading.window or reading.as_of
        if stands("same_time", words or "") and "since" in whole.when:
            return whole.when
        if (words or "").endswith((" the day", " the night")) or (
            not words and stands("that_day", mention.pointed)
        ):
            span = self._that_day(mention, named=words is None)
            words = words or "that day"
        else:
            span = self._span(mention, words) if words else None
        if words and span is None and not words.startswith("since "):
            return f"which days are {words!r}, seen from {self.published}?"
        ahead = reading.possible and not stands("have_been", mention.sentence)
        if span and ahead and (self.published - span[1]).days > _HALF_YEAR:
            return f"which days are {words!r}: may they be still to come?"
        beside = sentence == self._place
        today = self._today(mention.start)
        if span is not None or not (beside or words):
            self._place, self._last = sentence, span or (today, today)
        if reading.kind == "increment":
            return self._of_new(mention, span, whole, asked=asked)
        if span is not None and not (reading.window or "").startswith("since "):
            self._count(mention, whole, span)
            return {"as_of": _partial(span)[1]}
        today = today if words else self._going_on(mention, today)
        day = PartialDate(today, today)
        if not words and reading.kind == "rate" and beside:
            day = PartialDate(self._last[1], self._last[1])
        elif not words and (
            reading.kind == "rate" or is_part(mention) or reading.reached == "neighbour"
        ):
            counted = whole.when.get("as_of", day)
            day = counted if counted.last <= today else day  # a live page goes on above
        return {"as_of": day, "inferred": ("as_of",)}

    def _line(self, mention: Mention) -> int:
        return self.text.rfind("\n", 0, mention.start) + 1

    def _going_on(self, mention: Mention, today: date) -> date:
        """Return the day of the count with which a paragraph began, if that is not today's."""
        line, day = self._counted
        later = line != self._line(mention) or stands("later", mention.pointed)
        return today if later else min(day, today)

    def _count(self, mention: Mention, whole: Tally, span: Span) -> None:
        """Keep the day of the latest count, of which the next words of the paragraph are too."""
        now = (top_of(mention.reading) or 0.0) >= whole.highest
        old = stands("stood_before", mention.pointed) or stands("rose_from", mention.pointed)
        if span[0] == span[1] and now and not old:
            self._counted = self._line(mention), span[1]

    def _that_day(self, mention: Mention, *, named: bool) -> Span | None:
        """Return the day of the figure before, or for "that day" the one that was `named` last."""
        begin = mention.start - mention.reading.start
        near = begin - self._place < _NEAR and self._last[0] == self._last[1]
        if near and not (named and self._last[1] == self.published):
            return self._last
        near_words = plain(self.text[max(begin - _NEAR, 0) : begin])
        days = [*_NAMED_DAY.finditer(near_words)] if named else []
        return days_of(days[-1][0].lower(), self._base(mention, "that day")) if days else None

    def _of_new(
        self, mention: Mention, span: Span | None, whole: Tally, *, asked: bool
    ) -> dict[str, Any] | str:
        """Return the days in which something was added; those of a table are of its count."""
        reading = mention.reading
        if span is None or reading.window is None:
            return "what is new: since when? Since the report before this one, or another day"
        counted = whole.begun is not None and whole.begun <= span[0]
        then = self.over is not None and self.over <= span[1].year <= self.over + 1
        known = then or counted or asked or _CELLS.search(mention.sentence)
        compared = not mention.carried and stands("compared", mention.pointed)
        if ended(span, self.published) and not (known or compared):
            return f"a window that ended on {span[1]}: another event, or part of this count?"
        since, until = _partial(span)
        return {"since": since, "as_of": until}

    def _today(self, start: int) -> date:
        """Return the day from which a place in the text is written."""
        day = self.section(start)[1]
        return self.period[1] if day is None or day == self.published else day

    def _span(self, mention: Mention, words: str) -> Span | None:
        """Return the days that the words of a figure mean where they stand."""
        beside = mention.start - mention.reading.start == self._place
        near = mention.start - mention.reading.start - self._place < _NEAR
        previous = _PREVIOUS.search(words) or stands("week_before", mention.pointed)
        long = self._last[1] - self._last[0] + timedelta(days=1)
        if (
            previous
            and (beside or near)
            and long == _LENGTHS.get(_PREVIOUS.sub(r"\1", words).split(" the ")[-1], _WEEK)
        ):
            start = mention.start - mention.reading.start
            if self._shifted != (start, words):
                self._last = self._last[0] - long, self._last[1] - long
                self._shifted = start, words
            return self._last
        if (same := _SAME.fullmatch(words)) and self._last[0] < self._last[1]:
            year = int(same[1]) if same[1].isdigit() else self._last[0].year - 1
            return _in_year(self._last[0], year), _in_year(self._last[1], year)
        if stands("named_days", words):  # "during the nine days", which were named before
            named = [*_FROM_TO.finditer(plain(self.text[: mention.start]))]
            words = re.sub(rf"\b(?:{WEEKDAYS}) ", "", f"from {named[-1][1]}") if named else ""
        span = self._of_week(words) or days_of(words, self._base(mention, words))
        ahead = self.published - self._today(mention.start)
        if span and span[0] < span[1] == self.published and ahead:  # as long as the data go
            back = ahead if re.search(r"\b(?:past|last|previous)\b", words) else timedelta()
            span = min(span[0] - back, span[1] - ahead), span[1] - ahead
        until = _UNTIL.search(plain(mention.sentence)) if words.startswith("since ") else None
        stated = mention.reading.as_of if words.startswith("since ") else None
        day = until[1] if until else stated
        end = days_of(day, self.published) if day else None
        return span and (span[0], end[1] if end and end[1] > span[0] else span[1])

    def _of_week(self, words: str) -> Span | None:
        """Return the days of "week 15", or "this week", where the report states those of one."""
        whole = re.fullmatch(
            rf"{_IN}(?:this|the)(?: reporting| review)? (week|month|quarter|period)", words
        )
        long = (self.period[1] - self.period[0]).days + 1
        if whole and long in _LONG[whole[1]]:
            return self.period
        week = re.fullmatch(rf"{_IN}week (\d\d?)", words)
        if week is None or not self.weeks:
            return None
        near = min(self.weeks, key=lambda one: abs(one - int(week[1])))
        first, last = self.weeks[near]
        return first + (int(week[1]) - near) * _WEEK, last + (int(week[1]) - near) * _WEEK

    def _base(self, mention: Mention, words: str) -> date:
        """Return the day from which words are counted: of publication, or one named before."""
        before = self.text[: mention.start]
        near = mention.start - mention.reading.start - self._place < _NEAR
        if words.endswith(("earlier", "before")) and near:
            return self._last[1]  # "1,058 by Sunday, up from 982 a week earlier"
        live = self.section(mention.start)[1] is not None or "week" in words
        base = self._today(mention.start) if live else self.published
        if _WHOLE_DATE.search(words):
            return base
        if stands("last_hours", words) and (on := _ON_DAY.search(plain(mention.sentence))):
            return (days_of(on[1], base) or (base, base))[1]  # "said on Monday ... in 24 hours"
        if self.over is not None and (years := _PAST_YEAR.findall(self.text[: mention.end])):
            return min(base, date(int(years[-1]), 12, 31))
        if _NTH.search(words) and (
            dates := _DATE.findall(plain(before))
        ):  # of the month last named
            named = days_of(dates[-1], base)
            return min(base, named[0] + _MONTH_LONG) if named else base
        return base


def blow_of(text: str, published: date) -> tuple[date, str] | None:
    """Return the day on which an article says at its head that its event befell, and its words.

    Examples
    --------
    >>> day, words = blow_of("Many died. The earthquake struck Orla on 6 May.", date(2026, 5, 14))
    >>> str(day), words
    ('2026-05-06', 'The earthquake struck Orla on 6 May.')
    """
    days: dict[date, str] = {}
    for _, sentence in sentences_of(text[:_BLOW_TOLD]):
        words = plain(sentence)
        clause = next((m for form in (_BLOW, _ITS_DAY) if (m := form.search(words))), None)
        span = clause and days_of(clause[1].lower(), published)
        if span and span[0] == span[1] and (published - span[0]).days < _HALF_YEAR:
            days.setdefault(span[0], sentence)
    return next(iter(days.items())) if len(days) == 1 else None


def event_day(pointed: str) -> re.Match[str] | None:
    """Return the clause with the day of an event, of which "#" stands beside it as the toll.

    Examples
    --------
    >>> event_day("At least # were killed when a bus left the road on Monday, police said.")[1]
    'Monday'
    """
    return next((clause for form in _OF_EVENTS if (clause := form.search(pointed))), None)


def _dated_sections(
    sections: tuple[tuple[int, str], ...], published: date
) -> Iterator[tuple[int, date]]:
    """Yield where the sections of a live page begin, with their days; some come after the first."""
    latest = published + _MONTH_LONG
    for start, words in sections:
        span = moment_of(words.lower(), latest)
        if span is not None and span[0] <= latest:
            yield start, span[0]


def _year_of_the_past(article: Article, published: date, title: str) -> int | None:
    """Return the year of what an article tells of if that ended long ago: a closed set died."""
    text = article.page.text
    first = next((m for m in article.mentions if m.reading.unit == "persons"), None)
    if first is None or (_RECENT.search(text) and not stands("over", f"{title}\n{text[:_LEAD]}")):
        return None
    stated = (m.reading.window or m.reading.as_of or "" for m in article.mentions)
    spans = [days_of(words, published) for words in stated if re.search(r"\d{4}", words)]
    opening = f"{title}\n{text[: first.start]}\n{first.sentence}"
    years = [int(year) for year in _PAST_YEAR.findall(opening)]
    recent = any(span and not ended(span, published) for span in spans)
    return next((year for year in years if year < published.year - 1 and not recent), None)


def _described(text: str, published: date) -> Span:
    """Return the days that a report is about: "data as of 19 November", else of publication.

    Its head may name them in a line of their own: "Weekly digest 31 | 29 July - 4 August".
    """
    lines = [line for line in text.split("\n") if line.strip()][:_HEAD]
    for line in lines:
        place = stands("data_day", line)
        spans = [*_days_after(line, place.stop, published)] if place else []
        if not spans and (week := _WEEK_OF_DATA.search(line)):
            spans = [*_spans_in(week[2], published)]
        if spans:
            return spans[0]
    heads = [line for line in lines[:_TOP] if len(line) < _HEAD_LONG and line[-1:] != "."]
    spans = [span for line in heads for span in _spans_of_head(line, published)]
    recent = (span for span in spans if span[1] <= published < span[1] + _MONTH_LONG)
    return next(recent, (published, published))


def _spans_of_head(line: str, published: date) -> Iterator[Span]:
    """Yield the days of a heading: "29 July - 4 August", "Summary for Monday, 16 December"."""
    if _RANGE.search(line):
        yield from (span for span in _spans_in(line, published) if span[0] < span[1])
    elif place := stands("day_of_report", line):
        yield from _days_after(line, place.stop, published)


def _days_after(line: str, place: int, published: date) -> Iterator[Span]:
    """Yield the days that are named next after a place of a line: "as at midnight on Sunday"."""
    words = line[place : place + _REACH]
    yield from _spans_in(words, published)
    day = re.search(rf"\b(?:{WEEKDAYS})\b", words)
    if day and (span := days_of(day[0], published)):
        yield span


def _spans_in(words: str, published: date) -> Iterator[Span]:
    """Yield the days that words name one after the other, "24 May to 31 May" as one span."""
    open_: date | None = None
    for day, before, after in dated_in(words):
        span = days_of(re.sub(" ?[-–] ?", "-", day.lower()), published)
        if span is None:
            continue
        if re.match(r" ?(?:to|until|and|through|[-–]) ?(?:\w+day )?\d", after):
            open_ = span[0]
            continue
        until = re.search(r"(\d\d?) ?(?:to|until|and|through|[-–]) ?(?:\w+day )?$", before)
        first = span[0].replace(day=min(int(until[1]), 28)) if until and not open_ else span[0]
        yield min(open_ or first, span[1]), span[1]
        open_ = None


def _weeks_of(text: str, published: date) -> dict[int, Span]:
    """Return the weeks of which a report states the days: "week 16 (13 to 19 April)"."""
    named = ((int(match[1]), match[2]) for match in _WEEK_OF_DATA.finditer(text))
    spans = ((number, next(_spans_in(words, published), None)) for number, words in named)
    return {number: span for number, span in spans if span and span[1] - span[0] < _WEEK}


def _in_year(day: date, year: int) -> date:
    """Return the same day of another year; of 29 February the day before."""
    return day.replace(year=year, day=min(day.day, 28) if day.month == 2 else day.day)  # noqa: PLR2004


def _partial(span: Span) -> tuple[PartialDate, PartialDate]:
    """Return the start and the end of a window at the precision that files can state."""
    for text in (span[0].isoformat(), span[0].isoformat()[:7], span[0].isoformat()[:4]):
        partial = PartialDate.parse(text)
        if (partial.first, partial.last) == span:  # a day, a month or a year as such
            return partial, partial
    return PartialDate(span[0], span[0]), PartialDate(span[1], span[1])
