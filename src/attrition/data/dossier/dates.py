"""Dates as sources give them: to the day, the month or the year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from attrition.core.days import month_end
from attrition.core.errors import clip
from attrition.core.refusals import refusal

_PATTERN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year, kept as the span of days it may mean.

    Parameters
    ----------
    first, last : datetime.date
        First and last day of the span, both included.

    See Also
    --------
    attrition.Claim : whose days are such.

    Examples
    --------
    >>> march = PartialDate.parse("2025-03")
    >>> march.first.isoformat(), march.last.isoformat(), str(march)
    ('2025-03-01', '2025-03-31', '2025-03')
    """

    first: date
    last: date

    @classmethod
    def parse(cls, value: object, *, place: str = "date") -> PartialDate:
        """Read ``2025``, ``2025-03``, ``2025-03-20`` or a ``datetime.date``.

        Raises
        ------
        InputError
            If the value is none of these, or no such day exists.
        """
        if isinstance(value, PartialDate):
            return value
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            return cls(value, value)
        match = _PATTERN.fullmatch(str(value).strip()) if isinstance(value, (str, int)) else None
        if match is not None and not isinstance(value, bool):
            year, month, day = (int(part) if part else None for part in match.groups())
            try:
                return cls._span(year or 0, month, day)
            except ValueError:
                pass
        raise refusal("day, month or year", clip(value), place)

    @classmethod
    def _span(cls, year: int, month: int | None, day: int | None) -> PartialDate:
        if month is None:
            return cls(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            return cls(date(year, month, 1), month_end(date(year, month, 1)))
        return cls(date(year, month, day), date(year, month, day))

    @property
    def precision(self) -> str:
        """How finely the date is known: ``"day"``, ``"month"`` or ``"year"``."""
        days = (self.last - self.first).days
        return "day" if days == 0 else "month" if days < 31 else "year"  # noqa: PLR2004 - a month

    def contains(self, day: date) -> bool:
        """Tell whether ``day`` lies within the span."""
        return self.first <= day <= self.last

    def __str__(self) -> str:
        """Return the ISO form at the precision that is known."""
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]
