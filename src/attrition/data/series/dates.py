"""Days, weeks, months and quarters as published tables print them, read by the column.

A date is a wall date: a time and a time zone behind it are cut off, never converted, because a
report of 3 June in Kyiv is of 3 June wherever it is read; unless the reader names the time zone
of the reports.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np

from attrition.core.days import months_from
from attrition.core.errors import clip, refusal
from attrition.data.series.cells import NAMES, is_missing, without_flag, without_notes

_TIME = r"(?:[T ]\d{1,2}:\d{2}.*|[T ]\d{6}.*)?"
_ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WEEK = re.compile(
    r"(\d{4})[- /]?(?:[WSV]|SM|SE|KW|CW|WK)[- ]?(\d{1,2})(?:-?([1-7]))?", re.IGNORECASE
)
_MONTH_OF = re.compile(r"(\d{4})-?M(\d{1,2})", re.IGNORECASE)
_WEEK_OF = re.compile(
    r"(?:week|wk|w|kw|semaine|s|semana|se)\.? ?(\d{1,2})[ ,/-]+(\d{4})", re.IGNORECASE
)
_OF_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_NUMBERED = re.compile(r"(\d{4})([-/ ]?)(\d{1,2})")
_QUARTER = re.compile(r"(\d{4})[-/ ]?Q([1-4])", re.IGNORECASE)
_QUARTER_OF = re.compile(r"Q([1-4])[-/ ]?(\d{4})", re.IGNORECASE)
_PARTS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{2})" + _TIME)
_NAME = r"([^\W\d_]{3,})"
_DAY_NAME = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?[ -](?:de )?{_NAME}\.?[ ,-]+(?:de )?(\d{{4}}|\d\d)"
)
_NAME_DAY = re.compile(rf"{_NAME}\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})")
_NAME_SHORT = re.compile(rf"{_NAME}\.?(?: ?['’-]| )(\d\d)")
_NAME_YEAR = re.compile(rf"{_NAME}\.?[ -](?:de )?(\d{{4}})")
_WEEKDAY = re.compile(
    r"[^\W\d_]+, +(?=\d{1,2} [^\W\d_])|"
    rf"(?:(?:{'|'.join(NAMES['weekdays'])})\.?,?|w/e|week end(?:ed|ing)) +(?=\d|[a-z])",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s+(?:[-–—/]|to|a)\s+|–|—|/(?=\d{4}-)")
WEEKS = tuple(NAMES["weeks"])
"""What columns of weeks are called, as part of a word."""

_ERAS = {"昭和": 1925, "平成": 1988, "令和": 2018}  # the years before their first
_ERA = re.compile(f"({'|'.join(_ERAS)})(元|[0-9]+)年")
_HOUR = re.compile(r" \(\d{1,2}([:.]\d\d)? ?(h|hrs|uhr)?\.?\)$", re.IGNORECASE)
BUDDHIST = 543
"""Years by which the calendar of Thailand is ahead."""

_SUNDAYS = ("epi", "mmwr")  # as the United States and Latin America count weeks
_SERIAL = re.compile(r"\d{5}(\.\d*)?")
_SERIALS = (20_000, 80_000)  # days of a spreadsheet, from 1954 to 2119
_TURN = 12  # months of a year
_RUN_ON = frozenset(range(13, 17))  # weeks that follow twelve others: no typing errors


@dataclass(frozen=True, slots=True)
class Label:
    """What a date cell names: a span of days, and a time of day where one is given."""

    first: date
    last: date
    time: str = ""


@dataclass(frozen=True, slots=True)
class DateForm:
    """How the cells of one column of dates are read.

    Parameters
    ----------
    day_first : bool, optional
        Whether 3/4/2025 begins with the day; None where nothing tells.
    numbers : str
        What 202030 and 2020-30 name, that whole numbers are days of a spreadsheet, or that the
        number in Jan-21 is a year.
    zone : zoneinfo.ZoneInfo, optional
        To which times with an offset are converted.
    """

    day_first: bool | None = None
    numbers: Literal["month", "week", "epiweek", "serial", "short", "unknown"] = "month"
    zone: ZoneInfo | None = None


def form_of(
    cells: Sequence[object],
    name: str = "",
    *,
    day_first: bool | None = None,
    zone: ZoneInfo | None = None,
) -> DateForm:
    """Return how a column of dates is read, by its cells and its name."""
    texts = [_bare(str(cell)) for cell in cells if not is_missing(cell)]
    if day_first is None:
        day_first = _begins_with_day([end for text in texts for end in _RANGE.split(text)])
    numbers = [int(float(text)) for text in texts if _SERIAL.fullmatch(text)]
    low, high = _SERIALS
    if len(numbers) > 0.5 * len(texts) and all(low <= number < high for number in numbers):
        return DateForm(day_first, "serial", zone)
    if _have_short_years(texts):
        return DateForm(day_first, "short", zone)
    plain = name.lower()
    if any(word in plain for word in WEEKS):
        sundays = any(word in plain for word in _SUNDAYS)
        return DateForm(day_first, "epiweek" if sundays else "week", zone)
    matches = [match for text in texts if (match := _NUMBERED.fullmatch(text))]
    tails = [int(match[3]) for match in matches]
    above = sum(tail > _TURN for tail in tails)
    if above and "month" not in plain:  # of a single 2020-13 nothing tells what it is
        weeks = above > 0.5 * len(tails) or set(tails) >= _RUN_ON
        return DateForm(day_first, "week" if weeks else "unknown", zone)
    # of 202009 nothing tells whether it is a month, unless the year turns behind the twelfth
    turned = "month" in plain or max(tails, default=_TURN) == _TURN
    bare = any(not match[2] for match in matches)
    return DateForm(day_first, "unknown" if bare and not turned else "month", zone)


def _have_short_years(texts: Sequence[str]) -> bool:
    """Tell whether cells such as Jan-21 follow each other month by month, and not day by day."""
    matches = [match for text in texts if (match := _NAME_SHORT.fullmatch(text))]
    if len(matches) < 3 or len(matches) < 0.8 * len(texts):  # noqa: PLR2004
        return False
    steps = np.abs(np.diff([12 * int(match[2]) + month_of(match[1]) for match in matches]))
    turns = len({match[2] for match in matches}) > 1  # else Jan-21 to Jun-21 may be days
    return turns and float(np.mean(steps == 1)) > 0.8  # noqa: PLR2004


def _begins_with_day(texts: Sequence[str]) -> bool | None:
    matches = [match for text in texts if (match := _PARTS.fullmatch(text))]
    if any(match[2] == "." for match in matches):
        return True  # with points the day stands first, everywhere
    if any(int(match[1]) > _TURN for match in matches):
        return True
    return False if any(int(match[3]) > _TURN for match in matches) else None


def label_of(cell: Any, form: DateForm = DateForm()) -> Label | None:  # noqa: ANN401 - a cell
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
    >>> (
    ...     str(label_of("4–10 janvier 2021").last),
    ...     str(label_of("202030", DateForm(numbers="epiweek")).last),
    ... )
    ('2021-01-10', '2020-07-25')
    """
    try:
        return _label(cell, form)
    except OverflowError:
        return None


def labels_of(
    cells: Sequence[object], form: DateForm, where: Callable[[int], str]
) -> list[Label | None]:
    """Return what the cells of a column name.

    Raises
    ------
    InputError
        If nothing tells the day of one from its month; ``where`` says where a cell stands.
    """
    labels, known = list[Label | None](), dict[object, Label | None]()
    for i, cell in enumerate(cells):
        key = (type(cell), cell) if isinstance(cell, Hashable) else i  # days stand in many rows
        try:
            if key not in known:
                known[key] = label_of(cell, form)
            labels.append(known[key])
        except ValueError:
            name = "week or month" if form.numbers == "unknown" else "day or month"
            raise refusal(name, clip(cell), where(i)) from None
    return labels


@lru_cache(maxsize=512)  # the same days stand in many rows, and each column is looked at often
def _bare(text: str) -> str:
    """Return the text of a date cell without notes, its weekday, and that it ends a week."""
    bare = without_flag(without_notes(_HOUR.sub("", text)))
    bare = _ERA.sub(lambda m: f"{_ERAS[m[1]] + (1 if m[2] == '元' else int(m[2]))}年", bare)
    return _WEEKDAY.sub("", bare, count=1)


def _label(cell: Any, form: DateForm) -> Label | None:  # noqa: ANN401 - a cell
    if isinstance(cell, np.datetime64) and not is_missing(cell):
        cell = cell.astype("datetime64[s]").astype(datetime)
    label: Label | None = None
    if is_missing(cell) or isinstance(cell, bool):
        pass
    elif hasattr(cell, "start_time") and hasattr(cell, "end_time"):  # a period of pandas
        label = Label(cell.start_time.date(), cell.end_time.date())
    elif isinstance(cell, datetime):
        label = _of_time(cell, form)
    elif isinstance(cell, date):
        label = Label(cell, cell)
    elif isinstance(cell, (int, float, np.integer, np.floating)):
        label = _of_text(str(int(cell)), form)
    elif isinstance(cell, str):
        label = _of_text(_bare(cell), form)
    return label


def _of_time(moment: datetime, form: DateForm) -> Label:
    if form.zone and moment.tzinfo:
        moment = moment.astimezone(form.zone)
    time = moment.time().isoformat()
    return Label(moment.date(), moment.date(), "" if time == "00:00:00" else time)


def _of_text(text: str, form: DateForm) -> Label | None:
    if form.zone and (moment := _moment(text)):
        return _of_time(moment, form)
    if form.numbers == "serial" and _SERIAL.fullmatch(text):
        return _of_time(datetime(1899, 12, 30) + timedelta(days=float(text)), form)  # noqa: DTZ001
    for pattern, read in _FORMS:
        if (match := pattern.fullmatch(text)) and (label := read(match, form)):
            return label
    return _of_seconds(text, form) if text.isdigit() else _range(text, form)


def _parted(match: re.Match[str], form: DateForm) -> Label | None:
    """Read 3/4/2025 and 3.4.25."""
    if form.day_first is None:
        raise ValueError(match.string)
    day, month = (match[1], match[3]) if form.day_first else (match[3], match[1])
    return _day(match[4], month, day, match.string[match.end(4) :])


def _of_seconds(text: str, form: DateForm) -> Label | None:
    """Read seconds and milliseconds since 1970, as tables in JSON have them."""
    unit = {9: 1, 10: 1, 12: 1_000, 13: 1_000}.get(len(text))
    return _of_time(datetime.fromtimestamp(int(text) / unit, UTC), form) if unit else None


def _moment(text: str) -> datetime | None:
    """Return a time with its offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _range(text: str, form: DateForm) -> Label | None:
    """Read two ends of a span, of which the first may leave out its month and its year."""
    begin, sign, end = text, "", ""
    for match in _RANGE.finditer(text):
        begin, sign, end = text[: match.start()].strip(), match[0], text[match.end() :].strip()
    last = _of_text(end, form) if sign else None
    if last is None or _RANGE.search(begin):
        return None
    month = f"{calendar.month_name[last.last.month]} {last.last.year}"
    wholes = (begin, f"{begin} {last.last.year}", f"{begin} {month}")
    first = next((one for whole in wholes if (one := _of_text(whole, form))), None)
    if first is None:
        return None
    begun = first.first
    if begun > last.last and begin != wholes[1]:  # 28 December to 3 January 2021
        begun = begun.replace(year=begun.year - 1)
    return Label(begun, last.last) if begun <= last.last else None


def _day(year: str, month: str | int, day: str, time: str = "") -> Label | None:
    full = int(year) + (2000 if len(year) == 2 else 0)  # noqa: PLR2004 - as in 1/22/20
    full -= BUDDHIST if 1900 <= full - BUDDHIST <= 2100 else 0  # noqa: PLR2004 - as in 2564
    try:
        one = date(full, int(month), int(day))
    except ValueError:
        return None
    clock = time.lstrip("T ")
    return Label(one, one, "" if re.match(r"0?0:?00(:?00)?(\.0+)?(?![\d:])", clock) else clock)


def _part_of_year(year: str, number: str, form: DateForm) -> Label | None:
    """Read a week where the column has weeks, else a month."""
    if form.numbers in {"epiweek", "week"}:
        return _week(year, number, form)
    return _month(int(year), int(number))


def _numbered(match: re.Match[str], form: DateForm) -> Label | None:
    """Read 202030 and 2020-30, a week or a month."""
    if match[2] == "" and (len(match[3]) == 1 or not 1500 < int(match[1]) < 2200):  # noqa: PLR2004
        return None  # 311935 is a count
    if form.numbers == "unknown":
        raise ValueError(match.string)
    plain = match[2] == " " and form.numbers == "month"  # 2020 30
    return None if plain else _part_of_year(match[1], match[3], form)


def _iso_week(year: int, number: int, day: str | None = None) -> Label | None:
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        return None
    if day:
        one = monday + timedelta(days=int(day) - 1)
        return Label(one, one)
    return Label(monday, monday + timedelta(days=6))


def _sunday_week(year: int, number: int) -> Label | None:
    """Return a week from Sunday to Saturday: the first has four days or more of its year."""
    first, after = (
        fourth - timedelta(days=fourth.isoweekday() % 7)
        for fourth in (date(year, 1, 4), date(year + 1, 1, 4))
    )
    sunday = first + timedelta(days=7 * (number - 1))
    return Label(sunday, sunday + timedelta(days=6)) if first <= sunday < after else None


def _month(year: int, month: int, count: int = 1) -> Label | None:
    try:
        return Label(*months_from(year, month, count))
    except ValueError:
        return None


@lru_cache(maxsize=4_096)  # the same few stand in all rows
def month_of(name: str) -> int:
    """Return the number of a month by its name or the first letters of it; 0 where it is none.

    Examples
    --------
    >>> [month_of(name) for name in ("Sept", "März", "févr", "mar", "ju", "лютого")]
    [9, 3, 2, 3, 0, 2]
    """
    plain = _letters(name)
    numbers = {
        number
        for language in NAMES["month_names"]
        for number, month in enumerate(language.split(), start=1)
        if len(plain) > 2 and _letters(month).startswith(plain)  # noqa: PLR2004 - as in Jun
    }
    return numbers.pop() if len(numbers) == 1 else 0


def _letters(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.lower())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def _week(year: str, number: str, form: DateForm) -> Label | None:
    sundays = form.numbers == "epiweek"
    return (_sunday_week if sundays else _iso_week)(int(year), int(number))


def _short(match: re.Match[str], form: DateForm) -> Label | None:
    return _month(2000 + int(match[2]), month_of(match[1])) if form.numbers == "short" else None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], DateForm], Label | None]], ...] = (
    (_ISO, lambda m, _: _day(m[1], m[2], m[3], m.string[m.end(3) :])),
    (_COMPACT, lambda m, _: _day(m[1], m[2], m[3])),
    (_WEEK, lambda m, _: _iso_week(int(m[1]), int(m[2]), m[3])),
    (_WEEK_OF, lambda m, form: _week(m[2], m[1], form)),
    (_MONTH_OF, lambda m, _: _month(int(m[1]), int(m[2]))),
    (_QUARTER, lambda m, _: _month(int(m[1]), 3 * int(m[2]) - 2, 3)),
    (_QUARTER_OF, lambda m, _: _month(int(m[2]), 3 * int(m[1]) - 2, 3)),
    (_DAY_NAME, lambda m, _: _day(m[3], month_of(m[2]), m[1])),
    (_NAME_DAY, lambda m, _: _day(m[3], month_of(m[1]), m[2])),
    (_NAME_YEAR, lambda m, _: _month(int(m[2]), month_of(m[1]))),
    (_NAME_SHORT, _short),
    (_OF_YEAR, lambda m, form: _part_of_year(m[2], m[1], form)),
    (_NUMBERED, _numbered),
    (_PARTS, _parted),
)
"""What dates look like; by themselves all but the last two tell day, month and year."""
