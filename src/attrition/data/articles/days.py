"""Days that the words of a report mean, given the day on which it was published."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from attrition.core.days import months_from
from attrition.text.dates import day_named
from attrition.text.spans import BACK

Span = tuple[date, date]
"""First and last day, both included."""

_WEEKDAYS: Final = {name.lower(): k for k, name in enumerate(calendar.day_name)}
_UNIT_DAYS: Final = {"day": 1, "week": 7, "month": 30, "year": 365, "night": 1, "decade": 3652}
_MONTHS: Final = {name.lower(): (k, 1) for k, name in enumerate(calendar.month_name) if name}
_SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NTH: Final = enumerate(("first", "second", "third", "fourth"))
_PARTS: Final = (
    _MONTHS
    | {season: (month, 3) for season, month in _SEASONS.items()}
    | {name: (3 * k + 1, 3) for k, nth in _NTH for name in (f"q{k + 1}", f"{nth} quarter")}
    | {"first half": (1, 6), "second half": (7, 6)}
    | {f"first {n} months": (1, k) for k in range(2, 13) for n in (k, *BACK[k : k + 1])}
)
"""Parts of a year: the first month, and the number of months."""
_DAY: Final = rf"(?P<month>{'|'.join(_MONTHS)})(?: (?P<year>\d{{4}}))?"
_LED: Final = (
    r"(?!.* (?:half|months)$)"  # of what? of a war
    rf"(?:early |mid-|late |the |the month of |this (?={'|'.join(_SEASONS)}))?(?P<last>last )?"
)
_ITS_YEAR: Final = r"(?:(?: of)? (?P<year>\d{4})| of (?:the|this) year)?"
_STRETCH: Final = (
    r"(?:the )?(?:past |last |(?:previous |preceding )(?=\d))?(?P<count>\d{1,4} )?"
    r"(?:single |full )?(?P<unit>hour|day|week|month|year|decade|night)s?(?: period)?"
)


def _latest_year(month: int, day: int, published: date) -> int:
    """Return the year of the latest such day that is not after publication."""
    return published.year - ((month, day) > (published.month, published.day))


def _back(unit: str, count: int, published: date) -> Span:
    """Return the calendar month or year so many before that of publication; else a day."""
    if unit in {"month", "year"}:
        months = 12 * published.year + published.month - 1 - count * (1 if unit == "month" else 12)
        by_month = unit == "month"
        return months_from(months // 12, months % 12 + 1 if by_month else 1, 1 if by_month else 12)
    day = published - timedelta(days=count * _UNIT_DAYS[unit])
    return day, day


def _day(match: re.Match[str], published: date) -> Span:
    month, day = _MONTHS[match["month"]][0], int(match["day"])
    first = date(int(match["year"] or _latest_year(month, day, published)), month, day)
    return first, first.replace(day=int(match["until"] or day))


def _part(match: re.Match[str], published: date) -> Span:
    """Read "last March", "Q2 2022", "the first six months of the year": the latest that began."""
    month, count = _PARTS[match["part"]]
    before = match["last"] and month == published.month
    year = match["year"] or _latest_year(month, 1, published) - bool(before)
    return months_from(int(year), month, count)


def _of_year(match: re.Match[str], _: date) -> Span:
    return months_from(int(match["year"]), 1, 12)


def _weekday(match: re.Match[str], published: date) -> Span:
    back = (published.weekday() - _WEEKDAYS[match["day"]]) % 7
    return _back("day", back or 7 * bool(match["last"]), published)


def _relative(match: re.Match[str], published: date) -> Span:
    """Read "last month", "this week", "the year"."""
    back = {"last": 1, "next": -1}.get(match["which"], 0)
    if match["unit"] != "week":
        return _back(match["unit"], back, published)
    monday = published - timedelta(days=published.weekday() + 7 * back)
    return monday, monday + timedelta(days=6)


def _near(match: re.Match[str], published: date) -> Span:
    first, last = {"today": (0, 0), "yesterday": (1, 1), "overnight": (1, 0)}[match["word"]]
    return published - timedelta(days=first), published - timedelta(days=last)


def _past(match: re.Match[str], published: date) -> Span:
    """Read "the past 24 hours", "three months", "the last week": days up to publication."""
    count = int(match["count"] or 1)
    unit = match["unit"]
    days = -(-count // 24) if unit == "hour" else count * _UNIT_DAYS[unit]
    return published - timedelta(days=days - 1), published


def _ago(match: re.Match[str], published: date) -> Span:
    """Read "a day earlier", "two years ago": a day, or the calendar month or year."""
    return _back(match["unit"], BACK.index(match["count"]) or 1, published)


def _week(match: re.Match[str], published: date) -> Span:
    """Read "week 35": from Monday to Sunday, by ISO 8601, the latest that has begun."""
    week, year = int(match["week"]), int(match["year"] or published.year)
    monday = date.fromisocalendar(year, week, 1)
    if not match["year"] and monday > published:
        monday = date.fromisocalendar(year - 1, week, 1)
    return monday, monday + timedelta(days=6)


def _edge(match: re.Match[str], published: date) -> Span:
    """Read "the end of July", "the week to 12 August": a day at the edge of a period, or to it."""
    inner = moment_of(match["rest"], published)
    if inner is None:
        raise ValueError(match["rest"])
    if match["unit"]:
        return _past(match, inner[1])
    day = inner[1] if match["edge"] == "end" else inner[0]
    return day, day


def _day_of_month(match: re.Match[str], published: date) -> Span:
    """Read "the 18th": the latest such day."""
    day = _back("month", int(match["day"]) > published.day, published)[0]
    return _back("day", 0, day.replace(day=int(match["day"])))


def _weekend(_: re.Match[str], published: date) -> Span:
    """Return the latest Saturday and Sunday of which one has begun."""
    saturday = published - timedelta(days=(published.weekday() - 5) % 7)
    return saturday, saturday + timedelta(days=1)


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Span]], ...]] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"(?:the )?(?P<day>\d\d?)(?:-(?P<until>\d\d?))? {_DAY}", _day),
        (rf"{_LED}(?P<part>{'|'.join(_PARTS)}){_ITS_YEAR}", _part),
        (r"(?:early |mid-|late )?(?P<year>\d{4})", _of_year),
        (rf"(?:this )?(?P<last>last )?(?P<day>{'|'.join(_WEEKDAYS)})", _weekday),
        (r"(?P<which>last|this|the|next) (?P<unit>week|month|year|night|day)", _relative),
        (r"(?P<word>today|yesterday|overnight)", _near),
        (r"(?:the |this |last )?weekend", _weekend),
        (r"the (?P<day>\d\d?)(?:st|nd|rd|th)", _day_of_month),
        (
            rf"(?:(?:the )?(?P<edge>end|start|beginning) of (?:the )?|{_STRETCH} to )(?P<rest>.+)",
            _edge,
        ),
        (_STRETCH, _past),
        (
            rf"(?P<count>{'|'.join(BACK)}) (?P<unit>day|week|month|year)s? (?:earlier|before|ago)",
            _ago,
        ),
        (r"week (?P<week>\d\d?)(?: (?P<year>\d{4}))?", _week),
    )
)
_SINCE = re.compile(r"since (?:the )?(?:start of |beginning of |end of |outbreak of )?(.+)")
_BETWEEN = re.compile(r"(?:from|between) (.+?) (?:to|and|until|till|through) (.+)")
_MONTHS_OF = re.compile(
    rf"(?:in |during |from |between )?({'|'.join(_MONTHS)})"
    rf" (?:and|to) ({'|'.join(_MONTHS)}) (\d{{4}})"
)
_LEAD = re.compile(
    r"^(?:so far )?(?:(?:in|on|during|throughout|within|over|for|as of|by|until) )?(?:so far )?"
)
_OF_A_YEAR = re.compile(r"(?<=[a-z]) (last|this) year$")
_END = re.compile(r"^(?:before )?(?:the )?end of ")
_DATE_AT_END = re.compile(rf"\b(?:in|on|of) ((?:\d{{1,2}} )?{_DAY}|{'|'.join(_WEEKDAYS)}|\d{{4}})$")


def moment_of(words: str, published: date) -> Span | None:
    """Return the days that one date in words means, or nothing."""
    if of := _OF_A_YEAR.search(words):  # "May last year"
        words = f"{words[: of.start()]} {published.year - (of[1] == 'last')}"
    try:
        if (day := day_named(words)) is not None:
            return day, day
        for pattern, read in _FORMS:
            if (match := pattern.fullmatch(words)) is not None:
                return read(match, published)
    except (ValueError, OverflowError):  # no such day
        pass
    return None


def days_of(words: str, published: date) -> Span | None:
    """Return the first and last day of a period in words, as of the day of publication.

    Parameters
    ----------
    words : str
        As a reading gives them: "since 2022", "on Tuesday", "in the past 24 hours".
    published : datetime.date
        The day from which "last month" is counted.

    Returns
    -------
    tuple of datetime.date or None
        Both included, the last never after publication; None where the words name no days
        ("since the invasion").

    Examples
    --------
    >>> thursday = date(2026, 5, 14)
    >>> [str(day) for day in days_of("on Tuesday", thursday)]
    ['2026-05-12', '2026-05-12']
    >>> [str(day) for day in days_of("since 2022", thursday)]
    ['2022-01-01', '2026-05-14']
    >>> [str(day) for day in days_of("last month", thursday)]
    ['2026-04-01', '2026-04-30']
    >>> days_of("since the invasion", thursday) is None
    True
    """
    low = words.lower().strip()
    since, between = _SINCE.fullmatch(low), _BETWEEN.fullmatch(low)
    if both := _MONTHS_OF.fullmatch(low):  # "in February and March 1919"
        first, second, year = both.groups()
        one, two = (moment_of(f"{month} {year}", published) for month in (first, second))
        return (one[0], two[1]) if one and two and one[0] <= two[1] <= published else None
    if since is not None:
        begin = moment_of(since[1], published) or _dated_event(since[1], published)
        span = None if begin is None else (begin[0], published)
    elif between is not None:
        one, two = moment_of(between[1], published), moment_of(between[2], published)
        span = (one[0], two[1]) if one and two and one[0] <= two[1] else None
    else:
        span = moment_of(_LEAD.sub("", low, count=1), published)
    if span is None or span[0] > published:
        return None
    return span[0], min(span[1], published)


def due_of(words: str, published: date) -> date | None:
    """Return the last day of a period that lies ahead of publication, or nothing.

    Examples
    --------
    >>> day = date(2025, 6, 1)
    >>> [str(due_of(words, day)) for words in ("this summer", "the end of May", "next month")]
    ['2025-08-31', '2026-05-31', '2025-07-31']
    """
    low = _END.sub("", _LEAD.sub("", words.lower().strip(), count=1), count=1)
    span = moment_of(low, published)
    if span is not None and span[1] <= published:
        span = moment_of(low, published + timedelta(days=_UNIT_DAYS["year"]))
    return None if span is None or span[1] <= published else span[1]


def _dated_event(words: str, published: date) -> Span | None:
    """Return the day in "the full-scale invasion in February 2022"."""
    match = _DATE_AT_END.search(words)
    return None if match is None else moment_of(match[1], published)
