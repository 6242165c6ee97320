"""The kinds of value that a dossier holds, and how each is checked."""

from __future__ import annotations

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
from attrition.core.errors import InputError, clip
from attrition.core.refusals import refusal
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
        raise refusal("finite number", str(value), "number", largest=LARGEST)
    return value


def _amount(value: float) -> float:
    if _finite(value) < 0:
        raise refusal("no negative amount", f"{value:g}", "number")
    return value


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
