"""The period that a figure covers: "since 2022", "in March", "so far this year"."""

from __future__ import annotations

import re
from typing import Final

from attrition.text.dates import (
    MONTH,
    SEASON,
    WEEKDAY,
    dash_year,
    date_at,
    day_of_month_at,
    month_at,
    year_at,
)
from attrition.text.elements import Window
from attrition.text.spans import (
    BACK,
    event,
    moment,
    relative,
    span_of_time,
    week_at,
)
from attrition.text.spelled import STARTS
from attrition.text.text import Tokens, listed
from attrition.text.vocabulary import PERIOD, WORDS


def find_windows(tokens: Tokens) -> list[Window]:
    """Find every period and date, and mark its tokens as used."""
    windows: list[Window] = []
    i = 0
    while i < len(tokens):
        window = _window_at(tokens, i) or _bare_date(tokens, i)
        if window is not None:
            tokens.use(window.first, window.last)
            windows.append(window)
        i = i + 1 if window is None else window.last + 1
    return windows


def _bare_date(tokens: Tokens, i: int) -> Window | None:
    if year_at(tokens, i) and tokens.at(i + 1) in WORDS.happenings:  # "the 1999 quake killed"
        return Window(i, i, f"in {tokens.low[i]}", "window")
    if tokens.kind[i] == "d":
        return Window(i, i, tokens.low[i], "as_of")
    end, phrase = i, ""
    if tokens.kind[i] == "n" or tokens.low[i] in _DATE_WORDS:
        end, phrase = date_at(tokens, i)
    alone = end == i + 1 and (phrase in SEASON or phrase == "May")
    return None if not phrase or alone or year_at(tokens, i) else _dated(tokens, i, end, phrase)


def _dated(tokens: Tokens, i: int, end: int, phrase: str) -> Window:
    """Return what a date without a preposition says: a period, a day, or nothing of a figure."""
    if tokens.low[end : end + 2] == [",", "when"]:  # "the worst day was 21 May, when 19 died"
        return Window(i, end - 1, f"on {phrase}", "window")
    last, until = date_at(tokens, end + 1) if tokens.at(end) in WORDS.until else (end, "")
    if until[-4:].isdigit() and not until.isdigit():  # "(July 1 - September 30, 2022)"
        return Window(i, last - 1, f"from {phrase} to {until}", "window")
    return Window(i, end - 1, phrase, "as_of" if phrase[-4:].isdigit() else "skip")


def _window_at(tokens: Tokens, i: int) -> Window | None:
    handler = _HANDLERS.get(tokens.low[i])
    end, words, role = _NOTHING if handler is None else handler(tokens, i)
    if end <= i:
        return None
    if role == "window" and tokens.at(end) == "(":  # "in the reporting week (13 to 19 November)"
        close, days = moment(tokens, end + 1)
        if days and tokens.at(close) == ")" and not days.isdigit():
            return Window(i, close, f"in {days}", role)
    return Window(i, end if tokens.at(end) == "alone" else end - 1, words, role)


Parsed = tuple[int, str, str]

_DATE_WORDS: Final = frozenset(MONTH) | SEASON | {"the", "q"}
_TWO_WORDS: Final = {"as": {"of", "at"}, "up": {"to"}}
_ASIDE: Final = 10
_YEAR: Final = re.compile("1[0-9]{3}|20[0-9]{2}")
_SPAN: Final = re.compile(r"\d{1,2}-\d{1,2} .+")

_NOTHING: Final[Parsed] = (-1, "", "")


def _since(tokens: Tokens, i: int) -> Parsed:
    end, phrase = moment(tokens, i + 1)
    if not phrase:
        end, phrase = event(tokens, i + 1)
    if not phrase and tokens.at(i + 1) in WORDS.since_what:
        end, phrase = i + 2, tokens.low[i + 1]
    clause = _clause(tokens, i + 1)
    if not phrase and (bracketed := _bracketed(tokens, i + 1))[1]:
        return bracketed[0], f"since {bracketed[1]}", "window"
    if not phrase or (clause[0] > end and not any(map(str.isdigit, phrase))):
        end, phrase = clause
    if tokens.low[end : end + 2] == [",", "when"]:
        aside = range(end + 2, min(end + _ASIDE, len(tokens)))
        close = next((k for k in aside if tokens.low[k] == ","), 0)
        counts = (tokens.is_number(k) or tokens.low[k] in STARTS for k in range(end, close))
        if close and not any(counts):
            return close + 1, f"since {phrase}", "window"  # "since 3 May, when it began, 12 died"
        return end, f"in {phrase}", "window"  # "the worst since 2009, when 88 died"
    return (end, f"since {phrase}", "window") if phrase else _NOTHING


def _clause(tokens: Tokens, i: int) -> tuple[int, str]:
    """Read a clause that a date ends: "since we began to count in January 2018"."""
    for k in range(i + 2, min(i + _ASIDE, len(tokens))):
        plain = tokens.kind[k - 1] == "w" or tokens.low[k - 1] == "-"
        if not plain or tokens.kind[i] != "w":
            break
        end, phrase = moment(tokens, k + 1) if tokens.low[k] in {"in", "on"} else (k, "")
        if phrase:
            return end, " ".join([*tokens.low[i : k + 1], phrase])
    return i, ""


_WHOLLY: Final = frozenset({("the", "course", "of"), ("the", "whole", "of"), ("all", "of")})
"""Of a time: "in the course of a single day", "in all of 2022"."""


def _bracketed(tokens: Tokens, i: int) -> tuple[int, str]:
    """Read the day in "since the last situation report (14 June)"."""
    k = next((k for k in range(i, min(i + _ASIDE, len(tokens))) if tokens.kind[k] != "w"), i)
    end, phrase = moment(tokens, k + 1) if tokens.at(k) == "(" else (i, "")
    return (end + 1, phrase) if phrase and tokens.at(end) == ")" else (i, "")


def _in(tokens: Tokens, i: int) -> Parsed:
    word = tokens.low[i]
    wholly = next((k for k in (3, 2) if tuple(tokens.low[i + 1 : i + k + 1]) in _WHOLLY), 0)
    i += wholly
    end, phrase = moment(tokens, i + 1)
    if (week := week_at(tokens, i + 1))[1]:
        return week[0], f"{word} {week[1]}", "window"
    if not phrase or word == "over":
        end, phrase = span_of_time(tokens, i + 1)
        return (end, f"{word} {phrase}", "window") if phrase else _NOTHING
    if phrase in WEEKDAY.values():
        return end, f"on {phrase}", "window"  # "in Monday's raid"
    until, year = dash_year(tokens, end)
    after, second = date_at(tokens, end + 1)
    if phrase in {"the week", "the month", "the year"} and tokens.at(end) in WORDS.ending:
        end, phrase = span_of_time(tokens, i + 1)
    elif year and year_at(tokens, end - 1):
        end, phrase = until, f"{phrase}-{year}"
    elif second and tokens.at(end) in {"and", "-"} and word in {"in", "during"}:
        end, phrase = after, f"{phrase} and {second}"
    elif tokens.low[end : end + 2] == ["so", "far"]:
        end, word = end + 2, f"so far {word}"
    reported = tokens.at(i - 1) in WORDS.says and tokens.at(i - 2) in {"that", "which", "who"}
    if reported or tokens.at(i - 1) == "born":  # "the inquiry that reported in January"
        return end, phrase, "as_of" if reported else "skip"
    return end, f"{word} {phrase}", "window"


def _for(tokens: Tokens, i: int) -> Parsed:
    """Read "for the year"; "the assault went on for nine hours and killed 240" counts no time."""
    return _NOTHING if tokens.at(i - 1) in WORDS.lasted else _in(tokens, i)


def _so(tokens: Tokens, i: int) -> Parsed:
    word = tokens.at(i + 2)
    if tokens.at(i + 1) != "far" or word not in {"this", "last", "in", "during"}:
        return _NOTHING
    if word in {"this", "last"}:
        end, phrase = relative(tokens, i + 2)
        return (end, f"so far {phrase}", "window") if phrase else _NOTHING
    end, phrase = moment(tokens, i + 3)
    return (end, f"so far {word} {phrase}", "window") if phrase else _NOTHING


def _this(tokens: Tokens, i: int) -> Parsed:
    end, phrase = relative(tokens, i)
    if phrase and tokens.low[end : end + 2] == ["so", "far"]:
        return end + 2, f"so far {phrase}", "window"
    if not phrase and tokens.low[i] in {"last", "past"}:
        end, phrase = span_of_time(tokens, i)
    event_of = tokens.at(i - 1) in {"from", "of", "after"} and tokens.at(end) in WORDS.happenings
    if phrase and event_of:
        return end, phrase, "skip"  # "the toll from last week's earthquake"
    return (end, phrase, "window") if phrase else _NOTHING


def _on(tokens: Tokens, i: int) -> Parsed:
    end, phrase = date_at(tokens, i + 1)
    if not phrase:
        end, phrase = day_of_month_at(tokens, i + 1)
    if not phrase and tokens.at(i + 1) in WEEKDAY:
        end, phrase = i + 2, WEEKDAY[tokens.low[i + 1]]
    if not phrase or year_at(tokens, i + 1):
        return _NOTHING
    begun = tokens.at(i - 1) in WORDS.began and tokens.at(i - 2) in {"that", "which"}
    return end, f"{'since' if begun else 'on'} {phrase}", "window"  # "which began on 2 April"


def _from(tokens: Tokens, i: int) -> Parsed:
    word = tokens.low[i]
    end, first = _moment_or_week(tokens, i + 1)
    if not first:
        return _NOTHING
    if _SPAN.fullmatch(first):  # "between 22 and 29 October" is one moment already
        return end, f"in {first}", "window"
    joint = "and" if word == "between" else "to"
    if tokens.low[end : end + 2] == [",", "when"]:  # "between 3 April, when it began, and 23 June"
        comma = (k for k in range(end + 2, min(end + _ASIDE, len(tokens))) if tokens.low[k] == ",")
        end = next(comma, end - 1) + 1
    if tokens.at(end) in ({"and"} if word == "between" else WORDS.until):
        last, second = _moment_or_week(tokens, end + 1)
        if second:
            return last, f"{word} {first} {joint} {second}", "window"
        if tokens.at(end + 1) in {"now", "today", "present"}:
            return end + 2, f"since {first}", "window"
    until, year = dash_year(tokens, end)
    if year:
        return until, f"from {first} to {year}", "window"
    month = word == "from" and month_at(tokens, i + 1)
    return (end, f"from {first}", "skip") if month else _NOTHING


def _moment_or_week(tokens: Tokens, i: int) -> tuple[int, str]:
    end, phrase = moment(tokens, i)
    return (end, phrase) if phrase else week_at(tokens, i)


def _early(tokens: Tokens, i: int) -> Parsed:
    day = WEEKDAY.get(tokens.at(i + 1), "")
    spoken = tokens.at(i - 1) in WORDS.says
    return (i + 2, f"on {day}", "window") if day and not spoken else _NOTHING


def _day_word(tokens: Tokens, i: int) -> Parsed:
    return i + 1, tokens.low[i], "window"


def _as_of(tokens: Tokens, i: int) -> Parsed:
    word = tokens.low[i]
    j = i + 1
    if word in _TWO_WORDS:
        if tokens.at(j) not in _TWO_WORDS[word]:
            return _NOTHING
        j += 1
    if word == "at" and tokens.at(j) != "the":
        return _NOTHING
    if j < len(tokens) and tokens.kind[j] == "c":  # "as of 06:00 on 12 June"
        while tokens.at(j + 1) in WORDS.clock:
            j += 1
        j += 1
    end, phrase = moment(tokens, j)
    if not phrase:
        end, phrase = day_of_month_at(tokens, j)
    going = word in {"to", "up", "at"} and phrase in {"the year", "the month", "the week"}
    counted = year_at(tokens, j) and end == j + 1 and tokens.at(end) in WORDS.persons
    return (end, phrase, "as_of") if phrase and not going and not counted else _NOTHING


def _ago(tokens: Tokens, i: int) -> Parsed:
    """Read "a day earlier", "two weeks ago"."""
    unit, then = tokens.at(i + 1), tokens.at(i + 2)
    if unit.removesuffix("s") not in PERIOD or then not in {"earlier", "before", "ago"}:
        return _NOTHING
    if then == "before" and i + 3 < len(tokens) and tokens.kind[i + 3] == "w":
        return _NOTHING  # "a day before the vote"
    return i + 3, f"{tokens.low[i]} {unit} {then}", "window"


def _the(tokens: Tokens, i: int) -> Parsed:
    end, phrase = span_of_time(tokens, i) if tokens.at(i + 1) in WORDS.latest else (i, "")
    return (end, phrase, "window") if phrase else _NOTHING


def _of(tokens: Tokens, i: int) -> Parsed:
    if tokens.at(i - 1) in WORDS.hours and tokens.at(i + 1) in WEEKDAY:
        return i + 2, f"on {WEEKDAY[tokens.low[i + 1]]}", "window"  # "in the small hours of Monday"
    end, phrase = date_at(tokens, i + 1)
    year = tokens.at(i - 1) in WORDS.happenings and _YEAR.fullmatch(tokens.at(i + 1))
    if year and tokens.at(i + 2) not in WORDS.persons:
        return i + 2, f"in {year[0]}", "skip"  # "the earthquake of 1556"
    if not phrase or year_at(tokens, i + 1):
        return _NOTHING
    issue = tokens.at(i - 2 if tokens.at(i - 1) == "," else i - 1) in WORDS.issues
    return (end, phrase, "as_of") if issue else (end, f"in {phrase}", "skip")


_FORMS: Final = (
    (_since, "since"),
    (_in, "in during throughout within over"),
    (_for, "for"),
    (_so, "so"),
    (_this, "this last past"),
    (_on, "on"),
    (_from, "from between"),
    (_day_word, "yesterday today overnight"),
    (_as_of, "as by until up through at before after"),
    (_the, "the"),
    (_early, "early late"),
    (_ago, " ".join(BACK)),
    (_of, "of"),
)
_HANDLERS: Final = {word: form for form, words in _FORMS for word in listed(words)}
