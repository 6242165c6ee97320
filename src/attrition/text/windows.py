"""The period that a figure covers: "since 2022", "in March", "so far this year"."""

from __future__ import annotations

import re
from typing import Final

from attrition.text.dates import MONTH, SEASON, WEEKDAY, dash_year, date_at, month_at, year_at
from attrition.text.elements import Window
from attrition.text.spans import LATEST, event, moment, relative, span_of_time
from attrition.text.text import Tokens, listed
from attrition.text.vocabulary import PERSONS

STARTERS: Final = (
    frozenset(
        listed("""
        since in during over so this last on from between yesterday today overnight for within
        throughout past early late mid as by until through at after before up to the a every
        per each of
    """)
    )
    | SEASON
)


def find_windows(tokens: Tokens) -> list[Window]:
    """Find every period and date, and mark its tokens as used."""
    windows: list[Window] = []
    i, size = 0, len(tokens)
    while i < size:
        window = None
        if tokens.low[i] in STARTERS and tokens.kind[i] == "w":
            window = _window_at(tokens, i)
        if window is None:
            window = _bare_date(tokens, i)
        if window is None:
            i += 1
            continue
        for k in range(window.first, window.last + 1):
            tokens.used[k] = True
        windows.append(window)
        i = window.last + 1
    return windows


def _bare_date(tokens: Tokens, i: int) -> Window | None:
    if tokens.kind[i] == "d":
        return Window(i, i, tokens.low[i], "as_of")
    if tokens.kind[i] == "n" or tokens.low[i] in _DATE_WORDS:
        end, phrase = date_at(tokens, i)
        if phrase and not year_at(tokens, i):
            if end == i + 1 and (phrase in SEASON or phrase == "May"):
                return None
            return Window(i, end - 1, phrase, "as_of" if phrase[-4:].isdigit() else "skip")
    return None


def _window_at(tokens: Tokens, i: int) -> Window | None:
    word = tokens.low[i]
    handler = _HANDLERS.get(word)
    if handler is None:
        return None
    end, words, role = handler(tokens, i)
    if end <= i:
        return None
    if tokens.at(end) == "alone":
        end += 1
    return Window(i, end - 1, words, role)


Parsed = tuple[int, str, str]

_DATE_WORDS: Final = frozenset(MONTH) | SEASON | {"the", "q"}
_CLOCK: Final = frozenset(listed("on hours hrs h gmt utc local time , am pm"))
_SPAN: Final = re.compile(r"\d{1,2}-\d{1,2} .+")

_NOTHING: Final[Parsed] = (-1, "", "")


def _since(tokens: Tokens, i: int) -> Parsed:
    end, phrase = moment(tokens, i + 1)
    if phrase:
        return end, f"since {phrase}", "window"
    end, phrase = event(tokens, i + 1)
    if phrase:
        return end, f"since {phrase}", "window"
    if tokens.at(i + 1) in {"then", "independence", "mobilisation", "mobilization"}:
        return i + 2, f"since {tokens.low[i + 1]}", "window"
    if tokens.at(i + 1) == "mid" and tokens.at(i + 2) == "-":
        return _NOTHING
    return _NOTHING


def _in(tokens: Tokens, i: int) -> Parsed:  # noqa: PLR0911  # one return for each form of a period
    word = tokens.low[i]
    end, phrase = moment(tokens, i + 1)
    if phrase and word != "over":
        if phrase in WEEKDAY.values():
            return _NOTHING
        if phrase in {"the week", "the month", "the year"} and tokens.at(end) == "to":
            end, phrase = span_of_time(tokens, i + 1)
            return end, f"{word} {phrase}", "window"
        until, year = dash_year(tokens, end)
        if year and year_at(tokens, end - 1):
            return until, f"{word} {phrase}-{year}", "window"
        if (
            tokens.at(end) in {"and", "-"}
            and date_at(tokens, end + 1)[1]
            and word in {"in", "during"}
        ):
            after, second = date_at(tokens, end + 1)
            return after, f"{word} {phrase} and {second}", "window"
        if tokens.at(end) == "so" and tokens.at(end + 1) == "far":
            return end + 2, f"so far {word} {phrase}", "window"
        return end, f"{word} {phrase}", "window"
    end, phrase = span_of_time(tokens, i + 1)
    if phrase:
        return end, f"{word} {phrase}", "window"
    return _NOTHING


def _so(tokens: Tokens, i: int) -> Parsed:
    if tokens.at(i + 1) != "far":
        return _NOTHING
    j = i + 2
    if tokens.at(j) in {"this", "last"}:
        end, phrase = relative(tokens, j)
        if phrase:
            return end, f"so far {phrase}", "window"
    if tokens.at(j) in {"in", "during"}:
        end, phrase = moment(tokens, j + 1)
        if phrase:
            return end, f"so far {tokens.low[j]} {phrase}", "window"
    return _NOTHING


def _this(tokens: Tokens, i: int) -> Parsed:
    end, phrase = relative(tokens, i)
    if not phrase:
        end, phrase = span_of_time(tokens, i) if tokens.low[i] in {"last", "past"} else (i, "")
        return (end, phrase, "window") if phrase else _NOTHING
    if tokens.at(end) == "so" and tokens.at(end + 1) == "far":
        return end + 2, f"so far {phrase}", "window"
    return end, phrase, "window"


def _on(tokens: Tokens, i: int) -> Parsed:
    end, phrase = date_at(tokens, i + 1)
    if not phrase and tokens.at(i + 1) in WEEKDAY:
        end, phrase = i + 2, WEEKDAY[tokens.low[i + 1]]
    return (end, f"on {phrase}", "window") if phrase and not year_at(tokens, i + 1) else _NOTHING


def _from(tokens: Tokens, i: int) -> Parsed:  # noqa: PLR0911  # one return for each form of a period
    end, first = moment(tokens, i + 1)
    if not first:
        return _NOTHING
    if _SPAN.fullmatch(first):  # "between 22 and 29 October" is one moment already
        return end, f"in {first}", "window"
    joins = {"and"} if tokens.low[i] == "between" else {"to", "until", "till", "through", "-"}
    if tokens.at(end) in joins:
        last, second = moment(tokens, end + 1)
        two = tokens.at(end + 1)
        if second:
            joint = "and" if tokens.low[i] == "between" else "to"
            return last, f"{tokens.low[i]} {first} {joint} {second}", "window"
        if two in {"now", "today", "present"}:
            return end + 2, f"since {first}", "window"
    until, year = dash_year(tokens, end)
    if year:
        return until, f"from {first} to {year}", "window"
    if tokens.low[i] == "from" and month_at(tokens, i + 1):
        return end, f"from {first}", "skip"
    return _NOTHING


def _day_word(tokens: Tokens, i: int) -> Parsed:
    return i + 1, tokens.low[i], "window"


def _as_of(tokens: Tokens, i: int) -> Parsed:
    word = tokens.low[i]
    j = i + 1
    if word == "as":
        if tokens.at(j) not in {"of", "at"}:
            return _NOTHING
        j += 1
    elif word == "up":
        if tokens.at(j) != "to":
            return _NOTHING
        j += 1
    if word == "at" and tokens.at(j) != "the":
        return _NOTHING
    if j < len(tokens) and tokens.kind[j] == "c":  # "as of 06:00 on 12 June"
        while tokens.at(j + 1) in _CLOCK:
            j += 1
        j += 1
    end, phrase = moment(tokens, j)
    if not phrase or (
        word in {"to", "up", "at"} and phrase in {"the year", "the month", "the week"}
    ):
        return _NOTHING
    if year_at(tokens, j) and end == j + 1 and tokens.at(end) in PERSONS:
        return _NOTHING
    return end, phrase, "as_of"


def _the(tokens: Tokens, i: int) -> Parsed:
    if tokens.at(i + 1) in LATEST:
        end, phrase = span_of_time(tokens, i)
        if phrase:
            return end, phrase, "window"
    return _NOTHING


def _of(tokens: Tokens, i: int) -> Parsed:
    end, phrase = date_at(tokens, i + 1)
    if phrase and not year_at(tokens, i + 1):
        return end, f"in {phrase}", "skip"
    return _NOTHING


_HANDLERS: Final = {
    "since": _since,
    "in": _in,
    "during": _in,
    "throughout": _in,
    "within": _in,
    "over": _in,
    "for": _in,
    "so": _so,
    "this": _this,
    "last": _this,
    "past": _this,
    "on": _on,
    "from": _from,
    "between": _from,
    "yesterday": _day_word,
    "today": _day_word,
    "overnight": _day_word,
    "as": _as_of,
    "by": _as_of,
    "until": _as_of,
    "up": _as_of,
    "through": _as_of,
    "at": _as_of,
    "the": _the,
    "of": _of,
    "before": _as_of,
    "after": _as_of,
}
