"""Stretches of days as a newspaper prints them, and which days each of them means.

A date is printed no finer than it is known. What is printed then is a stretch of days, "late
August 2025", and every probability beside it is that of the whole stretch.
"""

from __future__ import annotations

import calendar
import functools
from dataclasses import dataclass
from datetime import date

from attrition.core.laws import print_date
from attrition.core.laws import window as whole

UNITS = ("day", "week", "month", "quarter", "year")
"""Precisions, finest first; a week is printed as a third of a month."""

_THIRDS = ("early ", "mid-", "late ")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days, and how they are printed.

    Parameters
    ----------
    first, last : datetime.date
        Both belong to it.
    unit : str
        One of :data:`UNITS`.
    """

    first: date
    last: date
    unit: str

    @property
    def words(self) -> str:
        """The stretch by name: "late August 2025"."""
        if self.unit == "week":
            third = _THIRDS[min((self.first.day - 1) // 10, 2)]
            return f"{third}{_month(self.first)} {self.first.year}"
        return print_date(self.first, self.unit)

    @property
    def until(self) -> str:
        """Its end after "by": "late August 2025", "the end of July 2025"."""
        if self.unit in {"day", "week"}:
            return self.words
        if self.unit == "year":
            return f"the end of {self.last.year}"
        return f"the end of {_month(self.last)} {self.last.year}"

    @property
    def since(self) -> str:
        """Its beginning after "until" and "before": "early November 2025"."""
        return self.words if self.unit != "quarter" else f"{_month(self.first)} {self.first.year}"


def _month(day: date) -> str:
    return calendar.month_name[day.month]


@functools.lru_cache(maxsize=4096)
def stretch(day: date, unit: str) -> Stretch:
    """Return the stretch of a unit that holds a day.

    Examples
    --------
    >>> [stretch(date(2025, 8, 23), unit).words for unit in UNITS]
    ['23 August 2025', 'late August 2025', 'August 2025', 'the third quarter of 2025', '2025']
    >>> [stretch(date(2025, 8, 23), unit).until for unit in ("week", "month", "quarter")]
    ['late August 2025', 'the end of August 2025', 'the end of September 2025']
    """
    if unit != "week":
        first, last = whole(day, unit)
        return Stretch(first, last, unit)
    part = min((day.day - 1) // 10, 2)
    ends = calendar.monthrange(day.year, day.month)[1] if part == 2 else 10 * part + 10  # noqa: PLR2004 - the last third
    return Stretch(day.replace(day=10 * part + 1), day.replace(day=ends), unit)


def within(day: date, unit: str, after: date, last: date) -> Stretch:
    """Return the stretch that holds a day, as coarse as ``unit`` but of known days alone.

    Parameters
    ----------
    day : datetime.date
    unit : str
    after, last : datetime.date
        The stretch begins after the one and ends no later than the other; a law says nothing of
        other days.
    """
    for coarse in reversed(UNITS[: UNITS.index(unit) + 1]):
        candidate = stretch(day, coarse)
        if candidate.first > after and candidate.last <= last:
            return candidate
    return stretch(day, "day")


def between(lower: Stretch, upper: Stretch) -> str:
    """Return two stretches as one span, without what they share.

    Examples
    --------
    >>> june, july = date(2025, 6, 8), date(2025, 7, 23)
    >>> between(stretch(june, "day"), stretch(july, "day"))
    'between 8 June and 23 July 2025'
    >>> between(stretch(june, "week"), stretch(june, "week"))
    'in early June 2025'
    """
    if lower == upper:
        return f"{'on' if lower.unit == 'day' else 'in'} {lower.words}"
    first, last = lower.words, upper.words
    if "quarter" in {lower.unit, upper.unit}:
        # the first month of the one and the last of the other: the same days in fewer words
        first, last = lower.since, upper.until.removeprefix("the end of ")
    if upper.unit == "year" != lower.unit:
        last = upper.until  # "July 2025 and 2026" would be July of both
    years = lower.first.year == upper.last.year
    if years and lower.unit != "year":
        first = first.removesuffix(f" {lower.first.year}")
        months = lower.first.month == upper.last.month
        if months and lower.unit == upper.unit and lower.unit in {"day", "week"}:
            first = first.replace(_month(lower.first), "").strip()
    return f"between {first} and {last}"
