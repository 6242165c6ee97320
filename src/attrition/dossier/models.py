"""The frozen things a dossier holds: sources, quantities, claims, assumptions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    field_validator,
    model_validator,
)

from attrition._typing import HasCdf
from attrition.dossier.dates import PartialDate
from attrition.errors import InputError, clip

Day = Annotated[
    PartialDate,
    BeforeValidator(PartialDate.parse),
    PlainSerializer(str),
]


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise InputError(
            "a number must be finite",
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


Number = Annotated[float, Field(strict=True), AfterValidator(_finite)]
Amount = Annotated[float, Field(strict=True), AfterValidator(_amount)]

Kind = Literal["level", "increment", "rate", "share", "forecast"]
"""What a claim speaks of. A ``forecast`` is somebody else's: compared with ours, never used."""


class _Frozen(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        str_strip_whitespace=True,
    )


class Source(_Frozen):
    """Who says so.

    Parameters
    ----------
    name : str
        Name as printed.
    derived_from : tuple of str
        Ids of the sources whose figures this one repeats or builds on.
    note, url : str
        Free text and address.
    """

    name: str = Field(min_length=1)
    derived_from: tuple[str, ...] = ()
    note: str = ""
    url: str = ""


class Assumption(_Frozen):
    """A value that no report states, with the reason for it.

    Parameters
    ----------
    value : float or str
        The value.
    reason : str
        Why this value; printed with every result.
    origin : str
        ``"dossier"``, ``"library default"`` or ``"command line"``.
    """

    value: Number | str
    reason: str = Field(min_length=1)
    origin: str = "dossier"


DEFAULT_ASSUMPTIONS: Mapping[str, Assumption] = MappingProxyType(
    {
        "volatility": Assumption(
            value=0.07,
            reason="standard deviation of the weekly change of the log rate, as in the last 24 "
            "months of one daily tally of losses",
            origin="library default",
        ),
        "day_noise": Assumption(
            value=0.0,
            reason="variance of a day's count divided by its mean; left out unless stated",
            origin="library default",
        ),
        "source_error": Assumption(
            value=0.0,
            reason="standard deviation of the log of a source's count over the latent total; "
            "left out unless stated, so that only wording, date and pace are uncertain",
            origin="library default",
        ),
        "share_shape": Assumption(
            value="logit-normal",
            reason="keeps a share between 0 and 1 in every draw",
            origin="library default",
        ),
        "end_hazard": Assumption(
            value=0.0,
            reason="probability per day that the fighting ends; left out unless stated",
            origin="library default",
        ),
    }
)
"""Assumptions that hold where a dossier states none; always printed with their origin."""

_NON_NEGATIVE = ("volatility", "day_noise", "source_error", "end_hazard")


def _check_assumption(name: str, assumption: Assumption) -> None:
    if name in _NON_NEGATIVE:
        bad = not isinstance(assumption.value, float) or assumption.value < 0
        remedy = "Give a number of 0 or more; 0 switches it off"
    else:
        bad = assumption.value != "logit-normal"
        remedy = "Write 'logit-normal', the one shape this version knows"
    if bad:
        raise InputError(
            f"assumption `{name}` must be {'a number >= 0' if name in _NON_NEGATIVE else 'known'}",
            got=clip(assumption.value),
            place=f"assumptions.{name}",
            remedy=remedy,
        )


class Assumptions(_Frozen):
    """What no report says, each with its reason.

    Parameters
    ----------
    volatility : Assumption, optional
        Standard deviation of the weekly change of the log rate [1/sqrt(week)].
    day_noise : Assumption, optional
        Variance of a day's count divided by its mean [unit of the quantity].
    source_error : Assumption, optional
        Standard deviation of the log of a source's count over the latent total [1].
    share_shape : Assumption, optional
        Shape of a killed share: ``"logit-normal"``.
    end_hazard : Assumption, optional
        Probability per day that the fighting ends [1/day]; 0 for none.
    """

    volatility: Assumption | None = None
    day_noise: Assumption | None = None
    source_error: Assumption | None = None
    share_shape: Assumption | None = None
    end_hazard: Assumption | None = None

    @model_validator(mode="after")
    def _known_values(self) -> Assumptions:
        for name in DEFAULT_ASSUMPTIONS:
            stated = getattr(self, name)
            if stated is not None:
                _check_assumption(name, stated)
        return self


class Quantity(_Frozen):
    """What is counted.

    Parameters
    ----------
    title, definition, scope : str
        Its name in a sentence, what it counts, and whose.
    unit : str
        Unit in the plural: ``"persons"``, ``"metres"``, ``"percent"``.
    kind : {"cumulative", "stock"}
        A cumulative total is forecast; a stock is reported with its interval only.
    start : PartialDate, optional
        First day of the count; the total is 0 when this day begins.
    part_of : str, optional
        Id of the total of which this one is a share in (0, 1).
    thresholds : tuple of float
        Totals whose crossing is asked about [unit].
    bases : tuple of str
        Whose counts are forecast by default: ``"latent"`` or source ids.
    assumptions : Assumptions
        Overrides of the dossier's assumptions for this quantity.
    """

    title: str = Field(min_length=1)
    definition: str = Field(min_length=1)
    scope: str = ""
    unit: str = Field(min_length=1)
    kind: Literal["cumulative", "stock"] = "cumulative"
    start: Day | None = None
    part_of: str | None = None
    thresholds: tuple[Amount, ...] = ()
    bases: tuple[str, ...] = ("latent",)
    assumptions: Assumptions = Assumptions()

    @field_validator("thresholds")
    @classmethod
    def _positive(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        for value in values:
            check_threshold(value, place="thresholds")
        return tuple(sorted(set(values)))


def check_threshold(value: float, *, place: str) -> float:
    """Return ``value`` if a total can pass it; refuse 0, negative and non-finite ones.

    Raises
    ------
    InputError
        If ``value`` is not a finite number above 0.
    """
    if not (math.isfinite(value) and value > 0):
        raise InputError(
            "a threshold must be a finite number above 0",
            got=f"{value:g}",
            place=place,
            remedy="Give the total whose crossing you ask about, for example 1000000",
        )
    return value


class Claim(_Frozen):
    """One reported figure.

    Parameters
    ----------
    quantity, source : str
        Ids of what is counted and of who says so.
    kind : {"level", "increment", "rate", "share", "forecast"}
        A total; a total over a window; a pace; a part of another total; a forecast by others.
    quote : str
        The words as printed.
    figure : str
        The part of ``quote`` that holds this one figure (default: the whole quote).
    low, high, point : float, optional
        The numbers, where they are given instead of read from the words [unit].
    hedge : str, optional
        Key of a row of ``hedges.toml`` that goes with the numbers.
    distribution : object, optional
        Anything with ``cdf`` and ``ppf`` or ``icdf``; from Python only, it replaces the words.
    per : {"day", "week", "month", "year"}, optional
        The unit of time of a rate.
    since : PartialDate, optional
        Start of the window of an increment; its end is ``as_of``.
    as_of : PartialDate
        The day, month or year that the figure describes.
    published : PartialDate
        When it appeared; a forecast uses it only from the last day this may mean.
    threshold, by : float, PartialDate, optional
        For a forecast by others: the total and the span within which they expect it.
    note, url : str
        How the words were read, and where they stand.
    """

    quantity: str
    source: str
    kind: Kind
    quote: str = ""
    figure: str = ""
    low: Amount | None = None
    high: Amount | None = None
    point: Amount | None = None
    hedge: str | None = None
    distribution: Annotated[Any, Field(exclude=True)] = None
    per: Literal["day", "week", "month", "year"] | None = None
    since: Day | None = None
    as_of: Day
    published: Day
    threshold: Amount | None = None
    by: Day | None = None
    note: str = ""
    url: str = ""

    @model_validator(mode="after")
    def _coherent(self) -> Claim:
        _check_range(self)
        _check_dates(self)
        _check_content(self)
        return self

    @property
    def words(self) -> str:
        """The words that hold this figure."""
        return self.figure or self.quote

    @property
    def has_numbers(self) -> bool:
        """Whether numbers are given, so that the words are not read."""
        return not (self.low is None and self.high is None and self.point is None)

    def known_on(self, day: date) -> bool:
        """Tell whether the claim had surely appeared by the end of ``day``."""
        return self.published.last <= day


def _check_range(claim: Claim) -> None:
    if claim.low is not None and claim.high is not None and claim.low > claim.high:
        raise InputError(
            "`low` must not exceed `high`",
            got=f"low={claim.low:g} and high={claim.high:g}",
            place=f"source '{claim.source}'",
            remedy="Swap them or remove the claim",
        )


def _check_dates(claim: Claim) -> None:
    if claim.as_of.first > claim.published.last:
        raise InputError(
            "`as_of` must not be later than `published`",
            got=f"as_of={claim.as_of} and published={claim.published}",
            place=f"source '{claim.source}'",
            remedy="A figure cannot describe a day after it appeared: correct one of the dates",
        )
    if claim.since is not None and claim.since.first > claim.as_of.last:
        raise InputError(
            "`since` must not be later than `as_of`",
            got=f"since={claim.since} and as_of={claim.as_of}",
            place=f"source '{claim.source}'",
            remedy="Give the first day of the window in `since` and its last in `as_of`",
        )


def _check_content(claim: Claim) -> None:
    def refuse(rule: str, got: str, remedy: str) -> None:
        raise InputError(rule, got=got, place=f"source '{claim.source}'", remedy=remedy)

    if claim.kind == "forecast":
        if claim.threshold is None or claim.by is None:
            refuse(
                "a forecast by others must say which total and by when",
                f"threshold={claim.threshold} and by={claim.by}",
                "Give `threshold` and `by`",
            )
        return
    if claim.distribution is not None:
        usable = isinstance(claim.distribution, HasCdf) and (
            hasattr(claim.distribution, "ppf") or hasattr(claim.distribution, "icdf")
        )
        if not usable:
            refuse(
                "a distribution must offer `cdf` and `ppf` or `icdf`",
                clip(claim.distribution),
                "Pass a scipy.stats random variable",
            )
    elif not claim.words and not claim.has_numbers:
        refuse(
            "a claim must hold words or numbers",
            "neither",
            "Give `quote`, or `low` and `high`, or `point`",
        )
    if claim.figure and claim.quote and claim.figure not in claim.quote:
        refuse(
            "`figure` must be a part of `quote`",
            clip(claim.figure),
            "Copy it letter by letter from the quote",
        )
    if claim.kind == "increment" and claim.since is None:
        refuse(
            "an increment must say since when",
            "no `since`",
            "Give `since`, the first day, month or year of the window",
        )
    in_words = claim.distribution is None and not claim.has_numbers
    if claim.kind == "rate" and claim.per is None and not in_words:
        refuse(
            "a rate must say per what", "no `per`", 'Give per = "day", "week", "month" or "year"'
        )
