# ruff: noqa: PLR2004  # years have four digits and days two
"""Dates as people print them: a day, a month, a season, a quarter, a year."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from attrition.text.text import Tokens, listed
from attrition.text.vocabulary import WORDS

_NAMES: Final = listed("""
        January February March April May June July August September October November December
    """)
MONTH: Final = (
    {name.lower(): name for name in _NAMES}
    | {name[:3].lower(): name for name in _NAMES}
    | {"sept": "September"}
)
WEEKDAY: Final = {
    day.lower(): day for day in listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
}
MONTHS: Final = "|".join(_NAMES)
WEEKDAYS: Final = "|".join(WEEKDAY.values())
A_DAY: Final = rf"{WEEKDAYS}|\d{{1,2}} (?:{MONTHS})(?: \d{{4}})?"
"""A day as a pattern, in a text that is `plain`."""
SEASON: Final = frozenset({"spring", "summer", "autumn", "fall", "winter"})
ORDINAL: Final = frozenset(listed("first second third fourth last"))
COUNTED: Final = frozenset(listed("% k thousand million per soldiers people civilians killed"))
_FOUR_DIGITS: Final = re.compile("[0-9]{4}")
_MONTH_NUMBERS: Final = {name.lower(): k for k, name in enumerate(_NAMES, 1)}
_IN_FIGURES: Final = re.compile(
    r"(?P<year>\d{4})[-/](?P<month>\d\d?)[-/](?P<day>\d\d?)"
    r"|(?P<d>\d\d?)(?P<mark>[./])(?P<m>\d\d?)(?P=mark)(?P<y>\d{4}|\d\d)"
)
_FIRST_YEAR, _LAST_YEAR = 1700, 2199
_DAYS: Final = 31


def year_at(tokens: Tokens, i: int) -> str:
    """Return the year written at a token, or nothing."""
    if 0 <= i < len(tokens) and tokens.kind[i] == "n" and tokens.suffix[i] in {"", "s"}:
        text = tokens.low[i]
        if _FOUR_DIGITS.fullmatch(text) and _FIRST_YEAR <= int(text) <= _LAST_YEAR:
            return text + tokens.suffix[i]
    return ""


def _day_at(tokens: Tokens, i: int) -> int:
    number = 0 <= i < len(tokens) and tokens.kind[i] == "n"
    if number and tokens.suffix[i] in {"", "st", "nd", "rd", "th"}:
        text = tokens.low[i]
        if len(text) <= 2 and text.isdigit() and 1 <= int(text) <= _DAYS:
            return int(text)
    return 0


def month_at(tokens: Tokens, i: int) -> str:
    """Return the full name of the month at a token; "may" and "march" need a capital."""
    word = tokens.at(i)
    name = MONTH.get(word, "")
    plain = word in {"may", "march", "mar", "dec", "sep"}
    return "" if plain and not tokens.text[tokens.start[i]].isupper() else name


def _dot(tokens: Tokens, i: int) -> int:
    """Step over the full stop of an abbreviated month."""
    return i + 1 if tokens.at(i) == "." and tokens.touches(i) and len(tokens.at(i - 1)) <= 4 else i


def date_at(tokens: Tokens, i: int) -> tuple[int, str]:
    """Return the token after the date that starts here, and the date; or the same token.

    The date comes out as "24 February 2022", "March 2025", "2022", "spring 2023".
    """
    if i >= len(tokens):
        return i, ""
    if tokens.kind[i] == "d":
        return i + 1, tokens.low[i]
    j = i + 1 if tokens.at(i) == "the" and _day_at(tokens, i + 1) else i
    if _day_at(tokens, j):
        return _from_day(tokens, i, j)
    month = month_at(tokens, i)
    if month:
        k = _dot(tokens, i + 1)
        day = _day_at(tokens, k)
        if day and not _is_count(tokens, k):
            return _with_year(tokens, k + 1, f"{day} {month}")
        return _with_year(tokens, k, month)
    return _part_of_year(tokens, i)


def day_named(words: str) -> date | None:
    """Return the day that a whole date names, or nothing where it leaves one open.

    Raises
    ------
    ValueError
        If there is no such day.

    Examples
    --------
    >>> [str(day_named(one)) for one in ("14 March 2026", "14.3.26", "3/4/2026", "March 2026")]
    ['2026-03-14', '2026-03-14', 'None', 'None']
    """
    parts = words.lower().split()
    if len(parts) == 3 and parts[1] in _MONTH_NUMBERS and parts[0].isdigit():
        return date(int(parts[2]), _MONTH_NUMBERS[parts[1]], int(parts[0]))
    match = _IN_FIGURES.fullmatch(words)
    if match is None or (match["mark"] == "/" and int(match["d"]) <= 12):  # or the month first
        return None
    year = int(match["year"] or match["y"])
    month, day = int(match["month"] or match["m"]), int(match["day"] or match["d"])
    return date(year + 2000 * (year < 100), month, day)


def day_of_month_at(tokens: Tokens, i: int) -> tuple[int, str]:
    """Return the token after "the 18th", where no noun follows, and these words."""
    nth = tokens.at(i) == "the" and _day_at(tokens, i + 1) and tokens.suffix[i + 1]
    follow = i + 2
    if nth and (
        follow >= len(tokens) or tokens.kind[follow] == "s" or tokens.low[follow] in WORDS.goes_on
    ):
        return follow, f"the {tokens.low[i + 1]}{nth}"
    return i, ""


def _from_day(tokens: Tokens, i: int, j: int) -> tuple[int, str]:
    """Read "24 February", "the 3rd of May", "22-29 October" from the day at `j`."""
    day = _day_at(tokens, j)
    k = j + 2 if tokens.at(j + 1) == "of" else j + 1
    until = _day_at(tokens, k + 1) if tokens.at(k) in {"-", "and", "to"} and k == j + 1 else 0
    month = month_at(tokens, k + 2) if until > day else ""
    if month and _spans(tokens, i, k):
        return _with_year(tokens, _dot(tokens, k + 3), f"{day}-{until} {month}")
    month = month_at(tokens, k)
    return _with_year(tokens, _dot(tokens, k + 1), f"{day} {month}") if month else (i, "")


def _part_of_year(tokens: Tokens, i: int) -> tuple[int, str]:
    """Read a season, a quarter or a year."""
    word = tokens.at(i)
    fell = word == "fall" and tokens.at(i + 1) == "of" and not year_at(tokens, i + 2)
    if word in SEASON and not fell:
        return _with_year(tokens, i + 2 if tokens.at(i + 1) == "of" else i + 1, word)
    if word == "q" and _day_at(tokens, i + 1) in {1, 2, 3, 4} and tokens.touches(i + 1):
        return _with_year(tokens, i + 2, f"Q{tokens.low[i + 1]}")
    year = year_at(tokens, i)
    return (i + 1, year) if year else (i, "")


def _spans(tokens: Tokens, i: int, k: int) -> bool:
    """Return whether two days are the ends of one period rather than a figure and a day."""
    return tokens.low[k] == "-" or tokens.at(i - 1) in {"between", "from", "on", "("}


def _is_count(tokens: Tokens, k: int) -> bool:
    """Return whether a number after a month is a figure rather than a day."""
    return tokens.at(k + 1) in COUNTED


def _with_year(tokens: Tokens, j: int, words: str) -> tuple[int, str]:
    k = j + 1 if tokens.at(j) in {",", "of"} else j
    year = year_at(tokens, k)
    if year and not year.endswith("s"):
        return k + 1, f"{words} {year}"
    if tokens.at(k) in {"last", "this"} and tokens.at(k + 1) == "year":
        return k + 2, f"{words} {tokens.low[k]} year"
    return j, words


def dash_year(tokens: Tokens, j: int) -> tuple[int, str]:
    """Return the end of "2022-2024" or "2022-23" when a dash and a year follow a year."""
    if tokens.at(j) == "-" and tokens.touches(j) and tokens.touches(j + 1):
        year = year_at(tokens, j + 1)
        if year:
            return j + 2, year
        two = tokens.at(j + 1)
        if len(two) == 2 and two.isdigit() and not tokens.suffix[j + 1]:
            return j + 2, tokens.at(j - 1)[:2] + two
    return j, ""
