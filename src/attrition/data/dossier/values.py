"""The kinds of value that a dossier holds, and how each is checked: dates, numbers, models.

Dates are as sources give them: to the day, the month or the year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
)

from attrition.core._typing import LARGEST
from attrition.core.days import day_from, months_from
from attrition.core.errors import InputError, clip, refusal

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
    >>> march.precision, march.contains("2025-03-31")
    ('month', True)
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
            return cls(*months_from(year, 1, 12))
        if day is None:
            return cls(*months_from(year, month))
        return cls(date(year, month, day), date(year, month, day))

    @property
    def precision(self) -> str:
        """How finely the date is known: ``"day"``, ``"month"`` or ``"year"``."""
        days = (self.last - self.first).days
        return "day" if days == 0 else "month" if days < 31 else "year"  # noqa: PLR2004 - a month

    def contains(self, day: date | str) -> bool:
        """Tell whether ``day`` lies within the span."""
        return self.first <= day_from(day, "day") <= self.last

    def __str__(self) -> str:
        """Return the ISO form at the precision that is known."""
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


Day = Annotated[
    PartialDate,
    BeforeValidator(PartialDate.parse),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "description": "A day, a month or a year: 2025-03-20, 2025-03 or 2025.",
            "anyOf": [
                {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
                {"type": "integer", "minimum": 1, "maximum": 9999},
            ],
        }
    ),
]
"""A date to the day, the month or the year."""


def _finite(value: float) -> float:
    if not abs(value) < LARGEST:
        raise refusal("finite number", str(value), "number", largest=LARGEST)
    return value


def _amount(value: float) -> float:
    if _finite(value) < 0:
        raise refusal("no negative amount", f"{value:g}", "number")
    return value


def is_stated(prob: float) -> bool:
    """Tell whether a probability may be that of a range: beyond these no width follows from it."""
    return 0.01 <= prob <= 1 - 1e-6  # noqa: PLR2004 - of less the width is above 80 times the range


def check_order(low: float, high: float, place: str, remedy: str = "Swap them") -> None:
    """Refuse a lower end above an upper end.

    Raises
    ------
    InputError
        If ``low`` exceeds ``high``.
    """
    if low > high:
        raise refusal("ends in order", f"low={low:g} and high={high:g}", place, remedy=remedy)


FiniteNumber = Annotated[float, Field(strict=True), AfterValidator(_finite)]
Amount = Annotated[float, Field(strict=True), AfterValidator(_amount)]


if TYPE_CHECKING:  # the metaclass of pydantic has no public name
    from pydantic._internal._model_construction import ModelMetaclass
    from pydantic_core import ErrorDetails
else:
    ModelMetaclass = type(BaseModel)


class _ByHand(ModelMetaclass):
    """Says what is wrong with a part that a user makes; those read from a file are not called."""

    def __call__(cls, *values: Any, **fields: Any) -> Any:  # noqa: ANN401, N805 - of a metaclass
        try:
            return super().__call__(*values, **fields)
        except ValidationError as failure:
            raise input_error(failure, cls.__name__) from None


class FrozenModel(BaseModel, metaclass=_ByHand):
    """Something that is checked when it is made and does not change afterwards."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        str_strip_whitespace=True,
        defer_build=True,  # most commands make few of them
    )


def input_error(failure: ValidationError, place: str) -> InputError:
    """Return the first failure of a model that somebody makes by hand as an :class:`InputError`."""
    first = failure.errors()[0]
    cause = first.get("ctx", {}).get("error")
    where = ".".join(str(part) for part in first["loc"])
    if isinstance(cause, InputError):
        return InputError(cause.rule, got=cause.got, place=place, remedy=cause.remedy)
    return value_error(first, f"{place}, {where}" if where else place)


def value_error(error: ErrorDetails, place: str) -> InputError:
    """Return what pydantic says of a value, for which no rule of ours has words, as our own."""
    rule = error["msg"][0].lower() + error["msg"][1:]
    remedy = "Correct the value; docs/dossier-format.md describes every key"
    return InputError(rule, got=clip(error["input"]), place=place, remedy=remedy)
