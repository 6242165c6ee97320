"""Stretches of days as a newspaper prints them, and which days each of them means.

A date is printed no finer than it is known. What is printed then is a stretch of days, "late
August 2025", the same in sentence, note, table, page and figure, and every probability beside it
is that of the whole stretch.
"""

from __future__ import annotations

import calendar
import functools
import re
from dataclasses import dataclass
from datetime import date

from attrition.core.laws import CrossingDate, Law, print_date, window
from attrition.core.laws.digits import DATE_UNITS, unit_within
from attrition.reporting.words import day_words

_MONTHS = "|".join(calendar.month_name[1:])
UNITS = tuple(DATE_UNITS)
"""Precisions, finest first; a week is printed as a third of a month."""


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
        return print_date(self.first, self.unit)

    @property
    def short(self) -> str:
        """The same for a table: "late Aug 2025"."""
        return print_date(self.first, self.unit, short=True)

    @property
    def until(self) -> str:
        """Its end after "by": "late August 2025", "the end of July 2025"."""
        if self.unit in {"day", "week"}:
            return self.words
        return f"the end of {self.words.rpartition(' to ')[2]}"

    @property
    def since(self) -> str:
        """Its beginning after "until" and "between": "early November 2025"."""
        return self.words if self.unit != "quarter" else print_date(self.first, "month")


@functools.lru_cache(maxsize=4096)
def stretch(day: date, unit: str) -> Stretch:
    """Return the stretch of a unit that holds a day.

    Examples
    --------
    >>> [stretch(date(2025, 8, 23), unit).words for unit in UNITS]
    ['23 August 2025', 'late August 2025', 'August 2025', 'July to September 2025', '2025']
    >>> [stretch(date(2025, 8, 23), unit).until for unit in ("week", "month", "quarter")]
    ['late August 2025', 'the end of August 2025', 'the end of September 2025']
    """
    return Stretch(*window(day, unit), unit)


@functools.lru_cache(maxsize=4096)
def within(day: date, unit: str, after: date, last: date) -> Stretch:
    """Return the stretch that holds a day, of days after the one and up to the other alone."""
    return stretch(day, unit_within(day, unit, after, last))


def undated(text: str, year: int) -> str:
    """Leave out a year that is named elsewhere, after a month; "the end of 2025" keeps it.

    Examples
    --------
    >>> undated("by mid-July 2025", 2025), undated("by the end of 2025", 2025)
    ('by mid-July', 'by the end of 2025')
    """
    return re.sub(rf"\b({_MONTHS}) {year}\b", r"\1", text)


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
    if lower == upper and lower.unit != "quarter":
        return f"{'on' if lower.unit == 'day' else 'in'} {lower.words}"
    first, last = lower.since, upper.until
    if upper.unit != "year" or lower.unit == "year":  # "July 2025 and 2026" would be July of both
        last = last.removeprefix("the end of ")
    if lower.first.year == upper.last.year and lower.unit != "year":
        first = first.removesuffix(f" {lower.first.year}")
        same = lower.unit == upper.unit and lower.unit in {"day", "week"}
        if same and lower.first.month == upper.first.month:
            first = first.replace(calendar.month_name[lower.first.month], "").strip()
    return f"between {first} and {last}"


def end_words(law: Law, quantile: CrossingDate, unit: str, *, short: bool = False) -> str:
    """Return one quantile in words: the stretch that a sentence prints, or its state."""
    state = str(quantile.state)
    if state == "already":
        return "already" if short else f"on or before {day_words(law.information_date)}"
    if law.provenance.floors:
        return "not determined"
    if state == "ended":
        ending = law.provenance.ending or "the fighting"
        return "never" if short else f"never, because {ending} ends first"
    if state == "beyond" or quantile.day is None:
        return f"after {print_date(law.horizon, 'day', short=short)}"
    printed = within(quantile.day, unit, law.information_date, law.horizon)
    return printed.short if short else printed.words
