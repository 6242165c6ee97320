"""The parts of a dossier but its claims: who says so, what is counted, what is assumed about it.

A source has its spellings, and may be wrong in a known direction; a recorded count is a file.
"""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, cast, get_args

from pydantic import AfterValidator, Field, PrivateAttr, ValidationInfo, model_validator

from attrition.core._showing import Shown
from attrition.core._typing import LARGEST
from attrition.core.checks import check_type
from attrition.core.errors import InputError, clip, refusal
from attrition.core.files import bundled, read_file
from attrition.data.dossier.values import (
    Amount,
    Day,
    FiniteNumber,
    FrozenModel,
    check_order,
    is_stated,
)


def check_coverage(value: float, *, place: str) -> float:
    """Return ``value`` if it is a share above 0 and at most 1 of what there is to count.

    Raises
    ------
    InputError
        If it is not; a value above 1 is taken for a multiplier, and the coverage it means is named.

    Examples
    --------
    >>> check_coverage(0.45, place="coverage")
    0.45
    """
    if 0 < value <= 1:
        return float(value)
    if value > 1:
        words = {"times": value, "share": 1 / value, "percent": value / 100}
        raise refusal("coverage above 1", f"{value:g}", place, **words)
    raise refusal("coverage", f"{value:g}", place)


class Component(FrozenModel):
    """Something that a list leaves out and that is added to its estimate.

    Parameters
    ----------
    low, high : float
        The range that is stated for it [unit of the claim]; equal ends are taken as exact.
    note : str
        What it is.

    See Also
    --------
    attrition.dossier.Coverage : where it stands.

    Examples
    --------
    >>> import attrition as at
    >>> missing = at.dossier.Component(low=10_000, high=20_000, note="under the rubble")
    >>> at.dossier.Coverage(low=0.45, high=0.65, plus=(missing,)).plus[0].note
    'under the rubble'
    """

    low: Amount
    high: Amount
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Component:
        check_order(self.low, self.high, "plus")
        return self


class Coverage(FrozenModel):
    """Which share of the true number a list or a tally holds.

    Parameters
    ----------
    low, high : float
        Ends of the share, in (0, 1]: a list of 95,026 with 0.45 to 0.65 means 146,194 to 211,169.
    prob : float
        Mass that the ends hold centrally, in (0, 1).
    plus : tuple of Component
        What the list leaves out altogether, added afterwards.
    note : str
        Who says so.

    See Also
    --------
    attrition.elicitation.elicit_list : what such a list says of the whole.

    Examples
    --------
    >>> import attrition as at
    >>> at.dossier.Coverage(low=0.45, high=0.65).prob
    0.8
    """

    low: FiniteNumber
    high: FiniteNumber
    prob: FiniteNumber = 0.8
    plus: tuple[Component, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _shares(self) -> Coverage:
        check_coverage(self.low, place="coverage.low")
        check_coverage(self.high, place="coverage.high")
        check_order(self.low, self.high, "coverage")
        if not is_stated(self.prob):
            raise refusal("prob of a coverage", f"{self.prob!r}", "coverage.prob")
        return self


class Source(Shown, FrozenModel):
    """Who says so.

    Parameters
    ----------
    name : str
        Name as printed.
    aliases : tuple of str
        Other spellings under which claims may name it.
    derived_from : tuple of str
        Ids of the sources whose figures enter this one's: an input they share.
    copies : tuple of str
        Ids of the sources whose figures this one repeats: a copy adds no information.
    direction : {"understates", "overstates"}, optional
        In which direction its figures are expected to err, as a party to the conflict would.
    coverage : Coverage, optional
        Share of the true number that its "at least" figures hold.
    note : str
        Free text.
    url : str
        Where it publishes.

    See Also
    --------
    attrition.Dossier : what holds it.

    Examples
    --------
    >>> import attrition as at
    >>> at.read_dossier().sources["csis"].derived_from
    ('uk-mod',)
    """

    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    direction: Literal["understates", "overstates"] | None = None
    coverage: Coverage | None = None
    note: str = ""
    url: str = ""


def slug(text: str) -> str:
    """Return a name as an id: lower case, words joined by "-".

    Examples
    --------
    >>> slug("US officials (via NYT)")
    'us-officials-via-nyt'
    """
    return "-".join(re.findall(r"[^\W_]+", text.lower()))


class Assumption(FrozenModel):
    """A value that no report states, with the reason for it.

    Parameters
    ----------
    value : float or str
        The value.
    reason : str
        Why this value; printed with every result.
    origin : str
        ``"dossier"``, ``"library default"``, ``"command line"`` or ``"learnt"`` from the figures.

    See Also
    --------
    attrition.dossier.Assumptions : all that may be assumed.

    Examples
    --------
    >>> import attrition as at
    >>> at.dossier.Assumption(value=0.2, reason="as in earlier years").origin
    'dossier'
    """

    value: FiniteNumber | str
    reason: str = Field(min_length=1)
    origin: str = "dossier"


BY_KIND = "by kind"
"""Value of an assumption that the kind of a total decides."""


_TABLE: dict[str, dict[str, Any]] = tomllib.loads(bundled("assumptions.toml"))

DEFAULT_ASSUMPTIONS: Mapping[str, Assumption] = MappingProxyType(
    {
        name: Assumption(value=row["value"], reason=row["reason"], origin="library default")
        for name, row in _TABLE.items()
    }
)
"""Assumptions that hold where a dossier states none; always printed with their origin."""


def _check_assumption(name: str, assumption: Assumption) -> None:
    value, most = assumption.value, _TABLE[name].get("most", math.inf)
    if name == "share_shape":
        row, good = "shape assumed", value == "logit-normal"
    else:
        row = "number assumed" if most == math.inf else "bounded number assumed"
        good = isinstance(value, float) and 0 <= value <= most
    if not good:
        raise refusal(row, clip(value), f"assumptions.{name}", name=name, most=most)


class Assumptions(FrozenModel):
    """What no report says, each with its reason.

    Parameters
    ----------
    volatility : Assumption, optional
        Standard deviation of the weekly change of the log rate of a random walk [1/sqrt(week)].
        Left out, the pace moves as that of its kind.
    spread : Assumption, optional
        How far the pace moves, as a multiple of what its kind or its volatility says [1].
    day_noise : Assumption, optional
        Variance of a day's count divided by its mean [unit of the quantity]. Left out, it is
        learnt from a recorded count, or that of its kind.
    source_error : Assumption, optional
        Standard deviation of the log of a source's count over the latent total [1]. Left out, a
        posterior learns it from the figures.
    source_drift : Assumption, optional
        Standard deviation of the log of the part of a source's error that changes with time [1].
    share_volatility : Assumption, optional
        Standard deviation of the change in a quarter of the logit of a part's share [1].
    share_shape : Assumption, optional
        Shape of a killed share: ``"logit-normal"``.
    end_hazard : Assumption, optional
        Probability per day that the fighting ends [1/day]; 0 for none.

    See Also
    --------
    attrition.dossier.Assumption : one of them.
    attrition.forecasts.scenarios : a grid of them.

    Examples
    --------
    >>> import attrition as at
    >>> end = at.dossier.Assumption(value=0.001, reason="one end in a thousand days")
    >>> at.dossier.Assumptions(end_hazard=end).end_hazard.value
    0.001
    """

    volatility: Assumption | None = None
    spread: Assumption | None = None
    day_noise: Assumption | None = None
    source_error: Assumption | None = None
    source_drift: Assumption | None = None
    share_volatility: Assumption | None = None
    share_shape: Assumption | None = None
    end_hazard: Assumption | None = None

    @model_validator(mode="after")
    def _known_values(self) -> Assumptions:
        for name in DEFAULT_ASSUMPTIONS:
            stated = getattr(self, name)
            if stated is not None:
                _check_assumption(name, stated)
        return self


Category = Literal["killed", "wounded", "missing", "captured", "casualties", "irrecoverable"]
"""Words for what happened to the people who are counted."""


Verb = Literal["", "pass", "passes", "reach", "reaches", "cross", "crosses", "exceed", "exceeds"]
"""What a total does to a threshold: plural for people, singular for a toll."""

SUBJECT, _CONDITION = 7, 8  # most words: with ten more all sentences but a ratio have forty


def _worded(value: str) -> str:
    return f"{clip(value)} of {len(value.split())} words"


def check_condition(value: str) -> str:
    """Return a condition if it is a short clause that begins with "if"; refuse any other."""
    check_type(value, str, "condition", "text")
    words = value.split()
    if words and (words[0].lower() != "if" or len(words) > _CONDITION):
        raise refusal("short condition", _worded(value), "condition", condition=_CONDITION)
    return value


def check_subject(value: str) -> str:
    """Return the subject of a sentence if it is short; refuse any other."""
    check_type(value, str, "subject", "text")
    if len(value.split()) > SUBJECT:
        raise refusal("short subject", _worded(value), "subject", subject=SUBJECT)
    return value


def check_verb(value: str) -> Verb:
    """Return a verb if it is one that a total does to a threshold; refuse any other."""
    for verb in get_args(Verb):
        if value == verb:
            return cast("Verb", verb)
    verbs = ", ".join(filter(None, get_args(Verb)))
    raise refusal("verb", clip(value), "verb", verbs=verbs)


def _two(values: tuple[str, ...]) -> tuple[str, ...]:
    if values and len(values) != 2:  # noqa: PLR2004 - a ratio is of two
        raise refusal("ratio of two", clip(list(values)), "ratio_of")
    return values


def _rising(values: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sorted({check_threshold(value, place="thresholds") for value in values}))


Condition = Annotated[str, AfterValidator(check_condition)]
"""Under which a forecast holds, as a clause."""


class Quantity(Shown, FrozenModel):
    """What is counted.

    Parameters
    ----------
    title : str
        Its name in a sentence.
    definition : str
        What it counts, in words.
    scope : str
        Whose, and since when.
    subject : str
        What is counted, as the subject of a sentence: ``"people killed in Gaza"``; the title when
        left out. At most seven words.
    verb : str
        What it does to a threshold, in the number of the subject: ``"pass"`` of people,
        ``"passes"`` of a toll; also ``"reach"``, ``"cross"`` and ``"exceed"``. Told from the
        subject when left out.
    condition : str
        Under which a forecast holds, as a clause: ``"if deaths go on at this pace"``; the dossier's
        when left out. At most eight words.
    unit : str
        Unit in the plural: ``"persons"``, ``"metres"``, ``"percent"``.
    kind : {"cumulative", "steady", "epidemic", "conflict", "disaster", "stock"}
        How the pace of a cumulative total moves: as that of such counts does, or, of
        ``"cumulative"``, as that of any. A stock is reported with its interval only: so are the
        missing after a disaster, who become fewer.
    steady_for : int, optional
        Months for which the pace of a total that names no kind has been steady, 2 or more: it then
        goes on as after such months.
    start : PartialDate, optional
        First day of the count; the total is 0 when this day begins. Of a disaster, the day of the
        blow: what it left on that day is not taken for a pace.
    category : str, optional
        What is counted: ``"killed"``, ``"wounded"``, ``"missing"``, ``"captured"``,
        ``"casualties"`` (a sum of killed and wounded at least) or ``"irrecoverable"``.
    side : str, optional
        Whose losses, as a report would say it: ``"Russian"``.
    part_of : str, optional
        Id of the total of which this one is a share in (0, 1).
    sum_of : tuple of str
        Ids of the totals that add up to this one.
    ratio_of : tuple of str
        Ids of a numerator and a denominator, for a quantity that is their ratio.
    thresholds : tuple of float
        Totals whose crossing is asked about [unit].
    bases : tuple of str
        Whose counts are forecast by default: ``"latent"`` or source ids.
    assumptions : Assumptions
        Overrides of the dossier's assumptions for this quantity.

    See Also
    --------
    attrition.Dossier : what holds it.

    Examples
    --------
    >>> import attrition as at
    >>> at.read_dossier().quantities["russian-killed"].part_of
    'russian-casualties'
    >>> killed = at.read_dossier().quantities["russian-killed"]
    >>> killed.cumulative, killed.counted, killed.pace
    (True, True, None)
    """

    title: str = Field(min_length=1)
    definition: str = Field(min_length=1)
    scope: str = ""
    subject: Annotated[str, AfterValidator(check_subject)] = ""
    verb: Verb = ""
    condition: Condition = ""
    unit: str = Field(min_length=1)
    kind: Literal["cumulative", "steady", "epidemic", "conflict", "disaster", "stock"] = (
        "cumulative"
    )
    steady_for: Annotated[int, Field(ge=2, le=240)] | None = None
    start: Day | None = None
    category: Category | None = None
    side: str | None = None
    part_of: str | None = None
    sum_of: tuple[str, ...] = ()
    ratio_of: Annotated[tuple[str, ...], AfterValidator(_two)] = ()
    thresholds: Annotated[tuple[FiniteNumber, ...], AfterValidator(_rising)] = ()
    bases: tuple[str, ...] = ("latent",)
    assumptions: Assumptions = Assumptions()

    @property
    def cumulative(self) -> bool:
        """Whether it is a total that only grows, which can be forecast."""
        return self.kind != "stock"

    @property
    def pace(self) -> str | None:
        """The kind of count whose pace it has; None where nobody says."""
        if self.kind not in {"cumulative", "stock"}:
            return self.kind
        return f"steady for {self.steady_for} months" if self.steady_for else None

    @property
    def counted(self) -> bool:
        """Whether it is counted in whole units, persons, rather than measured."""
        return self.unit == "persons"

    @model_validator(mode="after")
    def _falls(self) -> Self:
        if self.category == "missing" and self.kind == "disaster":
            got = 'category = "missing" and kind = "disaster"'
            raise refusal("missing of a disaster", got, "kind")
        return self


def check_threshold(value: float, *, place: str) -> float:
    """Return ``value`` if a total can pass it; refuse 0, negative and non-finite ones.

    Raises
    ------
    InputError
        If ``value`` is not a number above 0, and below 1e30.
    """
    if not 0 < value < LARGEST:
        raise refusal("threshold above 0", f"{value:g}", place, largest=LARGEST)
    return value


class Recording(FrozenModel):
    """A recorded count, in a file beside the dossier.

    Parameters
    ----------
    quantity : str
        Id of what is counted.
    source : str
        Id, or an alias, of who counts.
    file : str
        The CSV or Parquet file, from the folder of the dossier.
    sha256 : str
        Digest of the file; worked out where it is left out, checked where it is given.

    See Also
    --------
    attrition.Dossier : where it stands.
    attrition.read_series : how its file is read.

    Examples
    --------
    >>> import attrition as at
    >>> from importlib.resources import files
    >>> file = files("attrition") / "bundled/general_staff_personnel_to_2025-06-03.csv"
    >>> count = at.dossier.Recording(quantity="losses", source="staff", file=str(file))
    >>> len(count.sha256)
    64
    >>> count.path == file
    True
    """

    quantity: str
    source: str
    file: str = Field(min_length=1)
    sha256: str = ""
    _folder: str = PrivateAttr(default="")

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return Path(self._folder) / self.file

    @model_validator(mode="after")
    def _same(self, info: ValidationInfo) -> Recording:
        context = info.context or {}
        if context.get("recorded") and self.sha256:
            return self  # of a record: no file of this name, here or elsewhere, is asked
        folder = context.get("folder", "")
        self._folder = folder or self._folder
        try:
            if folder:
                _check_inside(self.path, Path(folder))
            count = read_file(self.path, _LARGEST, "a recorded count", lambda: _BESIDE)
        except InputError:
            if self.sha256 and not self._folder:
                return self  # named in a record: the file is asked for when it is read
            raise
        digest = hashlib.sha256(count).hexdigest()
        if self.sha256 and self.sha256 != digest:
            got = f"sha256 {digest[:12]}... where {self.sha256[:12]}... is stated"
            raise refusal("count as named", got, f"series, file {clip(str(self.path))}")
        object.__setattr__(self, "sha256", digest)
        return self


_BESIDE = "Put the file beside the dossier, or correct `file`"
_LARGEST = 200_000_000  # bytes


def _check_inside(path: Path, folder: Path) -> None:
    """Refuse a file outside the dossier's folder: a stranger's dossier must not choose it."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise refusal("count in its folder", clip(str(path)), "series, file")
