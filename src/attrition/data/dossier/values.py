"""The kinds of value that a dossier holds, and how each is checked."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from attrition.core._typing import LARGEST
from attrition.core.errors import InputError
from attrition.data.dossier.dates import PartialDate

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
        raise InputError(
            f"a number must be finite, and below {LARGEST:g}",
            got=str(value),
            place="number",
            remedy="Leave the key out when the figure is not known",
        )
    return value


def _amount(value: float) -> float:
    if _finite(value) < 0:
        raise InputError(
            "a reported amount must not be negative",
            got=f"{value:g}",
            place="number",
            remedy="Give the amount as a positive number, or remove the claim",
        )
    return value


def check_order(low: float, high: float, place: str, remedy: str = "Swap them") -> None:
    """Refuse a lower end above an upper end.

    Raises
    ------
    InputError
        If ``low`` exceeds ``high``.
    """
    if low > high:
        raise InputError(
            "`low` must not exceed `high`",
            got=f"low={low:g} and high={high:g}",
            place=place,
            remedy=remedy,
        )


FiniteNumber = Annotated[float, Field(strict=True), AfterValidator(_finite)]
Amount = Annotated[float, Field(strict=True), AfterValidator(_amount)]


class FrozenModel(BaseModel):
    """Something that is checked when it is made and does not change afterwards."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        str_strip_whitespace=True,
    )
