"""Days as people give them from Python: dates, their ISO text, NumPy's and pandas' times."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, datetime

import numpy as np

from attrition.core.errors import clip, refusal

WEEK = 7
"""Days of a week."""


def month_end(day: date) -> date:
    """Return the last day of the month of a day."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_from(year: int, month: int, count: int = 1) -> tuple[date, date]:
    """Return the first and the last day of some months.

    Examples
    --------
    >>> print(*months_from(2023, 12, 3))
    2023-12-01 2024-02-29
    """
    last = 12 * year + month - 2 + count
    return date(year, month, 1), month_end(date(last // 12, last % 12 + 1, 1))


_EARLIEST, _LATEST = 1500, 2300  # years of which forecasts are asked: others are mistyped


def check_information_date(day: date) -> None:
    """Refuse an information date of another age."""
    if not _EARLIEST <= day.year <= _LATEST:
        ends = {"earliest": _EARLIEST, "latest": _LATEST}
        raise refusal("information date", str(day), "information date", **ends)


def days_before(day: date, days: int) -> date:
    """Return the day so many days before another, or the first of the calendar."""
    return date.fromordinal(max(day.toordinal() - days, 1))


def day_from(value: object, place: str) -> date:
    """Return the day that a value names.

    Parameters
    ----------
    value : datetime.date, datetime.datetime, str or numpy.datetime64
        Text as YYYY-MM-DD.
    place : str
        Name of the argument, for errors.

    Raises
    ------
    InputError
        If it is none of these, no such day exists, or it is "not a time".

    Examples
    --------
    >>> day_from("2025-06-03", "as_of"), day_from(np.datetime64("2025-06-03"), "as_of")
    (datetime.date(2025, 6, 3), datetime.date(2025, 6, 3))
    """
    day: object = value
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            day = None
    elif isinstance(value, np.datetime64):
        day = value.astype("datetime64[D]").item()  # None where it is not a time
    if isinstance(day, datetime):
        day = day.date() if day == day else None  # noqa: PLR0124 - pandas' NaT is a datetime
    if isinstance(day, date):
        return day
    raise refusal("day that exists", clip(value), place)


def days_from(values: Iterable[object], place: str) -> tuple[date, ...]:
    """Return each day of several; a single one is taken for a list of one."""
    if isinstance(values, (str, date, np.datetime64)):
        values = [values]
    try:
        several = tuple(values)
    except TypeError:
        raise refusal("days in a sequence", clip(values), place) from None
    return tuple(day_from(value, place) for value in several)
