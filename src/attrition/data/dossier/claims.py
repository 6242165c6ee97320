"""One reported figure."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from attrition.core._showing import Shown
from attrition.core._typing import is_distribution
from attrition.core.errors import InputError, clip
from attrition.data.dossier.sources import Coverage
from attrition.data.dossier.values import Amount, Day, FiniteNumber, FrozenModel, check_order

ClaimKind = Literal["level", "increment", "rate", "share", "forecast"]
"""What a claim speaks of. A ``forecast`` is somebody else's: compared with ours, never used."""


Period = Literal["day", "week", "month", "year"]
"""The unit of time of a rate."""


Form = Literal["normal", "lognormal", "split-normal", "metalog", "pert", "uniform", "log-uniform"]
"""Shapes that a claim may ask for by name; see docs/dossier-format.md."""


Ids = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""Ids of claims; a single one may stand alone."""


_MIDDLE = ("split-normal", "metalog", "pert")
"""Shapes with a middle."""


class Claim(Shown, FrozenModel):
    """One reported figure.

    Parameters
    ----------
    quantity : str
        Id of what is counted.
    source : str
        Id, or an alias, of who says so.
    kind : {"level", "increment", "rate", "share", "forecast"}
        A total; a total over a window; a pace; a part of another total; a forecast by others.
    quote : str
        The words as printed.
    figure : str
        The part of ``quote`` that holds this one figure (default: the whole quote).
    low, high, point : float, optional
        The numbers, where they are given instead of read from the words [unit]; of a share a
        fraction where none is above 1, else percent.
    hedge : str, optional
        Key of a row of ``hedges.toml`` that goes with the numbers.
    shape : str, optional
        Shape around the numbers instead of the hedge's: one of ``"normal"``, ``"lognormal"``,
        ``"split-normal"``, ``"metalog"``, ``"pert"``, ``"uniform"``, ``"log-uniform"``.
    prob : float, optional
        Mass that ``low`` and ``high`` hold centrally with such a shape, in (0, 1); default 0.8.
    coverage : Coverage, optional
        For an "at least" figure: the share of the true number it holds; overrides the source's.
    distribution : object, optional
        Anything with ``cdf`` and ``ppf`` or ``icdf``; from Python only, it replaces the words.
    per : {"day", "week", "month", "year"}, optional
        The unit of time of a rate; one dated by a day is that of the four weeks before it.
    since : PartialDate, optional
        Start of the window of an increment; its end is ``as_of``.
    as_of : PartialDate
        The day, month or year that the figure describes.
    published : PartialDate
        When it appeared; a forecast uses it only from the last day this may mean.
    threshold : float, optional
        For a forecast by others: the total that they expect [unit].
    by : PartialDate, optional
        For a forecast by others: the day, month or year by which they expect it.
    id : str, optional
        A short name without spaces, so that a later claim can name this one.
    supersedes : str or tuple of str
        Ids of earlier figures of the same source and quantity that this one replaces: corrected,
        revised or taken back. They stay in the file and in pictures, and are evidence no more.
    inferred : tuple of str
        Keys whose values were worked out rather than reported, such as ``"published"``.
    note : str
        How the words were read. One that begins "Read as" says that a reader set the keys on
        purpose: `attrition check` does not compare them with the words again.
    url : str
        Where they stand.

    See Also
    --------
    attrition.claim : one from a quotation.
    attrition.read_claims : many from a table.

    Examples
    --------
    >>> import attrition as at
    >>> claim = at.claim("about 300 killed a day", source="UN", on="2025-06-03")
    >>> claim.kind, claim.per, str(claim.as_of)
    ('rate', 'day', '2025-06-03')
    """

    quantity: str
    source: str
    kind: ClaimKind
    quote: str = ""
    figure: str = ""
    low: Amount | None = None
    high: Amount | None = None
    point: Amount | None = None
    hedge: str | None = None
    shape: Form | None = None
    prob: FiniteNumber | None = None
    coverage: Coverage | None = None
    distribution: Annotated[Any, Field(exclude=True)] = None
    per: Period | None = None
    since: Day | None = None
    as_of: Day
    published: Day
    threshold: Amount | None = None
    by: Day | None = None
    id: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    supersedes: Ids = ()
    inferred: tuple[str, ...] = ()
    note: str = ""
    url: str = ""

    @model_validator(mode="after")
    def _coherent(self) -> Claim:
        if self.low is not None and self.high is not None:
            place = f"source '{self.source}'"
            check_order(self.low, self.high, place, "Swap them or remove the claim")
        self._check_dates()
        self._check_content()
        self._check_shape()
        return self

    @property
    def words(self) -> str:
        """The words that hold this figure."""
        return self.figure or self.quote

    @property
    def has_numbers(self) -> bool:
        """Whether numbers are given, so that the words are not read."""
        return not (self.low is None and self.high is None and self.point is None)

    def in_percent(self) -> Claim:
        """Return a share in percent: one in numbers of at most 1 is a fraction."""
        ends = {"low": self.low, "high": self.high, "point": self.point}
        given = {name: 100 * end for name, end in ends.items() if end is not None}
        if self.kind != "share" or not given or max(given.values()) > 100:  # noqa: PLR2004
            return self
        return self.model_copy(update=given)

    def known_on(self, day: date) -> bool:
        """Tell whether the claim had surely appeared by the end of ``day``."""
        return self.published.last <= day

    def _refuse(self, rule: str, got: str, remedy: str) -> NoReturn:
        raise InputError(rule, got=got, place=f"source '{self.source}'", remedy=remedy)

    def _check_dates(self) -> None:
        if self.as_of.first > self.published.last:
            rule = "`as_of` must not be later than `published`"
            remedy = "A figure cannot describe a day after it appeared: correct one of the dates"
            self._refuse(rule, f"as_of={self.as_of} and published={self.published}", remedy)
        if self.since is not None and self.since.first > self.as_of.last:
            rule = "`since` must not be later than `as_of`"
            remedy = "Give the first day of the window in `since` and its last in `as_of`"
            self._refuse(rule, f"since={self.since} and as_of={self.as_of}", remedy)

    def _check_content(self) -> None:
        if self.kind == "forecast":
            if self.threshold is None or self.by is None:
                rule = "a forecast by others must say which total and by when"
                remedy = "Give `threshold` and `by`"
                self._refuse(rule, f"threshold={self.threshold} and by={self.by}", remedy)
            return
        if self.distribution is not None and not is_distribution(self.distribution):
            rule = "a distribution must offer `cdf` and `ppf` or `icdf`"
            remedy = "Pass a scipy.stats random variable"
            self._refuse(rule, clip(self.distribution), remedy)
        if self.distribution is None and not self.words and not self.has_numbers:
            rule = "a claim must hold words or numbers"
            self._refuse(rule, "neither", "Give `quote`, or `low` and `high`, or `point`")
        if self.figure and self.quote and self.figure not in self.quote:
            rule = "`figure` must be a part of `quote`"
            self._refuse(rule, clip(self.figure), "Copy it letter by letter from the quote")
        if self.kind == "increment" and self.since is None:
            remedy = "Give `since`, the first day, month or year of the window"
            self._refuse("an increment must say since when", "no `since`", remedy)
        in_words = self.distribution is None and not self.has_numbers
        if self.kind == "rate" and self.per is None and not in_words:
            rule = "a rate must say per what"
            self._refuse(rule, "no `per`", 'Give per = "day", "week", "month" or "year"')

    def _check_shape(self) -> None:
        if self.shape is None:
            if self.prob is not None:
                remedy = 'Add for example shape = "lognormal"'
                self._refuse("`prob` must go with a `shape`", f"prob={self.prob:g} alone", remedy)
            return
        if self.low is None or self.high is None or self.low >= self.high:
            rule = "a shape needs `low` below `high`"
            remedy = "Give both numbers, or leave `shape` out"
            self._refuse(rule, f"low={self.low} and high={self.high}", remedy)
        elif (self.point is None) == (self.shape in _MIDDLE):
            self._refuse(
                f"shape '{self.shape}' {'needs' if self.shape in _MIDDLE else 'takes no'} `point`",
                f"point={self.point}",
                f"Shapes with a middle: {', '.join(_MIDDLE)}",
            )
        elif self.point is not None and not self.low < self.point < self.high:
            self._refuse(
                "`point` must lie between `low` and `high`",
                f"low={self.low:g}, point={self.point:g} and high={self.high:g}",
                "Correct the numbers",
            )
        if self.prob is not None and (self.shape in {"pert", "uniform"} or not 0 < self.prob < 1):
            rule = "`prob` must lie between 0 and 1, and hard ends take none"
            remedy = "Leave `prob` out for 'pert' and 'uniform', whose ends are walls"
            self._refuse(rule, f"prob={self.prob:g} with shape '{self.shape}'", remedy)
