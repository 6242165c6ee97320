"""Cells of published tables: days, weeks and months; numbers with separators; what is missing.

A date is a wall date: a time and a time zone behind it are cut off, never converted, because a
report of 3 June in Kyiv is of 3 June wherever it is read.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from attrition.core.errors import InputError, clip

MISSING = frozenset(
    {"", "na", "n/a", "#n/a", "nan", "nat", "null", "none", "-", "–", "—", ".", "..", "...", "?"}
)
"""What stands where nothing was reported, in small letters."""

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_TIME = r"(?:[T ]\d{1,2}:\d{2}.*|[T ]\d{6}.*)?"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})(?:-?([1-7]))?", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_QUARTER = re.compile(r"(\d{4})[-/ ]?Q([1-4])", re.IGNORECASE)
_QUARTER_OF = re.compile(r"Q([1-4])[-/ ]?(\d{4})", re.IGNORECASE)
_PARTS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{2})" + _TIME)
_DAY_NAME = re.compile(r"(\d{1,2})\.?[ -]([A-Za-z]+)\.?[ -,]+(\d{4})")
_NAME_DAY = re.compile(r"([A-Za-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_NAME_YEAR = re.compile(r"([A-Za-z]+)\.?[ -](\d{4})")


@dataclass(frozen=True, slots=True)
class Label:
    """What a date cell names: a span of days, and a time of day where one is given."""

    first: date
    last: date
    time: str = ""


def is_missing(cell: object) -> bool:
    """Tell whether a cell holds nothing."""
    if isinstance(cell, str):
        return cell.strip().lower() in MISSING
    if cell is None:
        return True
    try:
        return bool(cell != cell)  # noqa: PLR0124 - NaN and its like
    except (TypeError, ValueError):  # NA of pandas, which equals nothing; arrays, which are no cell
        return type(cell).__name__ == "NAType"


def day_first(cells: Sequence[object]) -> bool | None:
    """Tell whether dates such as 3/4/2025 begin with the day; None where nothing tells."""
    firsts, seconds = [], []
    for cell in cells:
        match = _PARTS.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if match is None:
            continue
        if match[2] == ".":
            return True  # with points the day stands first, everywhere
        firsts.append(int(match[1]))
        seconds.append(int(match[3]))
    if max(firsts, default=0) > 12:  # noqa: PLR2004 - months of a year
        return True
    if max(seconds, default=0) > 12:  # noqa: PLR2004 - the same
        return False
    return None


def label_of(cell: Any, *, begins_with_day: bool | None = None) -> Label | None:  # noqa: ANN401 - a cell
    """Return what a date cell names, or None where it is no date.

    Raises
    ------
    ValueError
        If it is a date of numbers of which nothing tells which is the day.

    Examples
    --------
    >>> str(label_of("2025-06-03T23:30:00+03:00").first)
    '2025-06-03'
    >>> week = label_of("2025-W01")
    >>> str(week.first), str(week.last)
    ('2024-12-30', '2025-01-05')
    """
    try:
        return _label(cell, begins_with_day)
    except OverflowError:
        return None


def _label(cell: Any, begins_with_day: bool | None) -> Label | None:  # noqa: ANN401, FBT001 - a cell
    label: Label | None = None
    if is_missing(cell) or isinstance(cell, bool):
        pass
    elif hasattr(cell, "start_time") and hasattr(cell, "end_time"):  # a period of pandas
        label = Label(cell.start_time.date(), cell.end_time.date())
    elif isinstance(cell, np.datetime64):
        label = _of_time(cell.astype("datetime64[s]").astype(datetime))
    elif isinstance(cell, datetime):
        label = _of_time(cell)
    elif isinstance(cell, date):
        label = Label(cell, cell)
    elif isinstance(cell, (int, float, np.integer, np.floating)):
        label = _of_number(float(cell))
    elif isinstance(cell, str):
        label = _of_text(cell.strip(), begins_with_day)
    return label


def _of_time(moment: datetime) -> Label:
    time = moment.time().isoformat()
    return Label(moment.date(), moment.date(), "" if time == "00:00:00" else time)


def _of_number(number: float) -> Label | None:
    """Read 20250603, and seconds or milliseconds since 1970, as tables in JSON have them."""
    if 1e7 <= number < 1e8 and number == int(number):  # noqa: PLR2004 - eight digits
        match = _COMPACT.fullmatch(str(int(number)))
        return _day(*match.groups()) if match else None
    for least, unit in ((1e11, 1e3), (1e8, 1.0)):
        if least <= number < 1e2 * least:
            return _of_time(datetime.fromtimestamp(number / unit, UTC).replace(tzinfo=None))
    return None


def _day(year: str, month: str | int, day: str, time: str = "") -> Label | None:
    full = int(year) + (2000 if len(year) == 2 else 0)  # noqa: PLR2004 - as in 1/22/20
    try:
        one = date(full, int(month), int(day))
    except ValueError:
        return None
    clock = time.lstrip("T ")
    return Label(one, one, "" if re.match(r"0?0:?00(:?00)?(\.0+)?(?![\d:])", clock) else clock)


def _of_text(text: str, begins_with_day: bool | None) -> Label | None:  # noqa: FBT001 - as found
    for pattern, read in _FORMS:
        if match := pattern.fullmatch(text):
            return read(match)
    if match := _PARTS.fullmatch(text):
        if begins_with_day is None:
            raise ValueError(text)
        day, month = (match[1], match[3]) if begins_with_day else (match[3], match[1])
        return _day(match[4], month, day, text[match.end(4) :])
    return _of_number(float(text)) if text.isdigit() and len(text) in {10, 13} else None


def _week(match: re.Match[str]) -> Label | None:
    try:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        return None
    if match[3]:
        one = monday + timedelta(days=int(match[3]) - 1)
        return Label(one, one)
    return Label(monday, monday + timedelta(days=6))


def _month(year: int, month: int) -> Label | None:
    try:
        return Label(date(year, month, 1), month_end(date(year, month, 1)))
    except ValueError:
        return None


def _quarter(year: int, quarter: int) -> Label | None:
    first, last = _month(year, 3 * quarter - 2), _month(year, 3 * quarter)
    return Label(first.first, last.last) if first and last else None


def month_end(day: date) -> date:
    """Return the last day of the month of a day."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _number_of_month(name: str) -> int:
    return _MONTHS.get(name.lower(), 0)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Label | None]], ...] = (
    (_ISO, lambda m: _day(m[1], m[2], m[3], m.string[m.end(3) :])),
    (_COMPACT, lambda m: _day(m[1], m[2], m[3])),
    (_WEEK, _week),
    (_MONTH, lambda m: _month(int(m[1]), int(m[2]))),
    (_QUARTER, lambda m: _quarter(int(m[1]), int(m[2]))),
    (_QUARTER_OF, lambda m: _quarter(int(m[2]), int(m[1]))),
    (_DAY_NAME, lambda m: _day(m[3], _number_of_month(m[2]), m[1])),
    (_NAME_DAY, lambda m: _day(m[3], _number_of_month(m[1]), m[2])),
    (_NAME_YEAR, lambda m: _month(int(m[2]), _number_of_month(m[1]))),
)
"""Forms that tell by themselves what is day, month and year."""


# ------------------------------------------------------------------ numbers

_SPACES = re.compile("[\\s_'\u2019\u00a0\u202f\u2009]")
_THOUSANDS = re.compile(r"[-+\u2212]?\d{1,3}(,\d{3})+(\.\d*)?")
_POINTED = re.compile(r"[-+\u2212]?\d{1,3}(\.\d{3}){2,}(,\d*)?|[-+\u2212]?\d{1,3}(\.\d{3})+,\d*")
_PARTED = re.compile(r"[-+\u2212]?[1-9]\d{0,2}(\.\d{3})+")
_DECIMAL_COMMA = re.compile(r"[-+\u2212]?\d+,\d+")


def number_of(cell: Any) -> float | None:  # noqa: ANN401 - a cell
    """Return the number that a cell holds, NaN where it holds nothing, None where it is none.

    A comma before three digits separates thousands; a single point is a decimal point.

    Examples
    --------
    >>> [number_of(cell) for cell in ("1,010", "1 010", "1.234.567", "12,5", "NA", "many")]
    [1010.0, 1010.0, 1234567.0, 12.5, nan, None]
    """
    if is_missing(cell):
        return float("nan")
    if not isinstance(cell, str):
        try:
            return float(cell)
        except (TypeError, ValueError, OverflowError):
            return None
    text = _SPACES.sub("", cell)
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif _POINTED.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    try:
        return float(text.replace("\u2212", "-"))
    except ValueError:
        return None


def pointed(cells: Sequence[object]) -> bool:
    """Tell whether points part thousands, as in 1.010: then each has three digits behind it.

    Examples
    --------
    >>> pointed(["987", "1.010"]), pointed(["98.7", "1.010"]), pointed(["987", "1010"])
    (True, False, False)
    """
    texts = [cell.strip() for cell in cells if isinstance(cell, str) and "." in cell[1:]]
    return bool(texts) and all(_PARTED.fullmatch(text) for text in texts)


def ambiguous_day(cell: object, place: str) -> InputError:
    """Return the refusal of a date of which nothing tells which number is the day."""
    return InputError(
        "a date must tell its day from its month",
        got=clip(cell),
        place=place,
        remedy="Write dates as 2025-06-03: no date of the column has a number above 12",
    )
