"""Ticks of a time axis that can be read at any span, from a week to decades."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from attrition.plots.look import BODY, room_of
from attrition.plots.sheet import sheet_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# (unit, how many of it between two ticks, days)
_STEPS: tuple[tuple[str, int, float], ...] = (
    ("day", 1, 1.0),
    ("day", 2, 2.0),
    ("week", 1, 7.0),
    ("week", 2, 14.0),
    ("month", 1, 30.4),
    ("month", 2, 60.9),
    ("month", 3, 91.3),
    ("month", 6, 182.6),
    ("year", 1, 365.2),
    ("year", 2, 730.5),
    ("year", 5, 1826.2),
    ("year", 10, 3652.5),
)
_MONTHS = tuple(calendar.month_abbr)  # each of which is asked of the system anew
_LABEL = {"day": 0.56, "week": 0.56, "month": 0.4, "year": 0.4}
"""Inches that a label and the space beside it take."""


def ticks(start: date, first: int, last: int, room: float) -> list[tuple[int, str]]:
    r"""Return offset and label of each tick between two days, as many as can be read.

    Parameters
    ----------
    start : datetime.date
        Day 0.
    first, last : int
        The days of the axis [day after ``start``].
    room : float
        Width of the axis [inch].

    Examples
    --------
    >>> [label for _, label in ticks(date(2025, 6, 5), 0, 200, 3.0)]
    ['Jul\n2025', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
    """
    span = max(last - first, 1)
    fits = [step for step in _STEPS if span / step[2] * _LABEL[step[0]] <= room]
    unit, every, _ = fits[0] if fits else _STEPS[-1]
    labels: list[tuple[int, str]] = []
    year = 0
    for day in _days(start + timedelta(days=first), start + timedelta(days=last), unit, every):
        label = _label(day, unit, fresh=day.year != year)
        year = day.year
        labels.append(((day - start).days, label))
    return labels if len(labels) > 1 else _pair(start, first, last, room) or labels


def _pair(start: date, first: int, last: int, room: float) -> list[tuple[int, str]]:
    """Return two ticks where round ones leave one or none, which dates nothing: two months."""
    begin = start + timedelta(days=first)
    months = [(day - start).days for day in _days(begin, start + timedelta(days=last), "month", 1)]
    two = [months[len(months) // 6], months[-1 - len(months) // 6]] if months else []
    if len(set(two)) < 2 or (two[1] - two[0]) / (last - first) * room < _LABEL["month"]:  # noqa: PLR2004 - a pair
        return []
    return [(day, _label(start + timedelta(days=day), "month", fresh=True)) for day in two]


def _days(first: date, last: date, unit: str, every: int) -> Iterator[date]:
    if unit in ("day", "week"):
        step = timedelta(days=every * (7 if unit == "week" else 1))
        day = first + timedelta(days=-first.weekday() % 7 if unit == "week" else 0)
        while day <= last:
            yield day
            day += step
        return
    months = every * (12 if unit == "year" else 1)
    count = -(-(first.year * 12 + first.month - 1 + (first.day > 1)) // months) * months
    while (day := date(count // 12, count % 12 + 1, 1)) <= last:
        yield day
        count += months


def _label(day: date, unit: str, *, fresh: bool) -> str:
    if unit == "year":
        return str(day.year)
    month = _MONTHS[day.month]
    text = month if unit == "month" else f"{day.day} {month}"
    return f"{text}\n{day.year}" if fresh else text


def date_ticks(axes: Axes, start: date, first: int, last: int, share: float = 1.0) -> None:
    """Label the time axis by days, weeks, months or years; a year stands where it begins.

    The ticks are chosen when the figure is drawn, by the room that there is then.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    start : datetime.date
        Day 0 of the axis.
    first, last : int
        Days between which there are ticks.
    share : float
        Of the width of the axes that lies between them.
    """
    axes.tick_params(axis="x", labelsize=BODY)
    if (sheet := sheet_of(axes)) is not None:
        sheet.xaxis.ticks = lambda: ticks(start, first, last, room_of(axes)[0] * share)
        return
    from matplotlib.ticker import FuncFormatter, Locator

    labels: dict[int, str] = {}

    class Days(Locator):
        def __call__(self) -> list[int]:
            labels.clear()
            labels.update(ticks(start, first, last, room_of(axes)[0] * share))
            return list(labels)

        def tick_values(self, vmin: float, vmax: float) -> list[int]:
            return [day for day in self() if vmin <= day <= vmax]

    axes.xaxis.set_major_locator(Days())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: labels.get(round(day), "")))
