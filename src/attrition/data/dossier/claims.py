"""One reported figure, and the earlier ones that it replaces.

A claim may correct, revise or take back others of its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from attrition.core._showing import Shown
from attrition.core._typing import is_distribution
from attrition.core.days import day_from
from attrition.core.errors import clip, refusal
from attrition.data.dossier.models import Coverage
from attrition.data.dossier.values import (
    Amount,
    Day,
    FiniteNumber,
    FrozenModel,
    check_order,
    is_stated,
)

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
    >>> claim.words, claim.has_numbers, claim.in_percent() == claim
    ('about 300 killed a day', False, True)
    >>> claim.known_on("2025-06-02"), claim.known_on("2025-06-03")
    (False, True)
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

    def known_on(self, day: date | str) -> bool:
        """Tell whether the claim had surely appeared by the end of ``day``."""
        return self.published.last <= day_from(day, "day")

    def _refuse(self, name: str, got: str, /, **words: object) -> NoReturn:
        raise refusal(name, got, f"source '{self.source}'", **words)

    def _check_dates(self) -> None:
        if self.as_of.first > self.published.last:
            got = f"as_of={self.as_of} and published={self.published}"
            self._refuse("as_of before published", got)
        if self.since is not None and self.since.first > self.as_of.last:
            self._refuse("since before as_of", f"since={self.since} and as_of={self.as_of}")

    def _check_content(self) -> None:
        if self.kind == "forecast":
            if self.threshold is None or self.by is None:
                got = f"threshold={self.threshold} and by={self.by}"
                self._refuse("which total and by when", got)
            return
        if self.distribution is not None and not is_distribution(self.distribution):
            self._refuse("cdf and ppf", clip(self.distribution))
        if self.distribution is None and not self.words and not self.has_numbers:
            self._refuse("words or numbers", "neither")
        if self.figure and self.quote and self.figure not in self.quote:
            self._refuse("figure in quote", clip(self.figure))
        if self.kind == "increment" and self.since is None:
            self._refuse("since when", "no `since`")
        in_words = self.distribution is None and not self.has_numbers
        if self.kind == "rate" and self.per is None and not in_words:
            self._refuse("rate per what", "no `per`", key="per =")
        if self.kind in {"level", "increment"} and self.per is not None:
            self._refuse("per of a rate", f'kind="{self.kind}" and per="{self.per}"')

    def _check_shape(self) -> None:
        if self.shape is None:
            if self.prob is not None:
                self._refuse("prob with a shape", f"prob={self.prob:g} alone")
            return
        if self.low is None or self.high is None or self.low >= self.high:
            self._refuse("shape with ends", f"low={self.low} and high={self.high}")
        elif (self.point is None) == (self.shape in _MIDDLE):
            needs = "needs" if self.shape in _MIDDLE else "takes no"
            words = {"shape": self.shape, "needs": needs, "shapes": ", ".join(_MIDDLE)}
            self._refuse("shape with a middle", f"point={self.point}", **words)
        elif self.point is not None and not self.low < self.point < self.high:
            got = f"low={self.low:g}, point={self.point:g} and high={self.high:g}"
            self._refuse("point between the ends", got)
        if self.prob is not None and (
            self.shape in {"pert", "uniform"} or not is_stated(self.prob)
        ):
            self._refuse("prob of a shape", f"prob={self.prob!r} with shape '{self.shape}'")


def superseded_by(claims: Sequence[Claim], day: date | None = None) -> dict[int, int]:
    """Return which claims are superseded on a day, and by which; by any claim when left out.

    Parameters
    ----------
    claims : sequence of Claim
        Ids that none of them has are passed over; a dossier refuses them.
    day : datetime.date, optional
        A claim that had not surely appeared by the end of it supersedes nothing.

    Returns
    -------
    dict of int to int
        Index of the superseded claim -> index of the first claim that supersedes it. A claim that
        is superseded itself still supersedes those before it.
    """
    places = _places(claims)
    later: dict[int, int] = {}
    for index, claim in enumerate(claims):
        if claim.supersedes and (day is None or claim.known_on(day)):
            for key in claim.supersedes:
                if key in places:
                    later.setdefault(places[key], index)
    return later


def _places(claims: Sequence[Claim]) -> dict[str, int]:
    return {claim.id: index for index, claim in enumerate(claims) if claim.id is not None}


def check_superseding(claims: Sequence[Claim]) -> None:
    """Refuse ids that stand twice, and claims that cannot replace what they name.

    Raises
    ------
    InputError
        If an id stands twice, or names the figure of another source, another quantity, or a later
        day of publication; if a forecast by others replaces a figure, or a figure a forecast; or
        if claims replace one another in a circle.
    """
    places = _places(claims)
    for index, claim in enumerate(claims):
        if claim.id is not None and places[claim.id] != index:
            place = f"claims[{index}].id, and claims[{places[claim.id]}]"
            raise refusal("id of one claim", clip(claim.id), place)
    for index, claim in enumerate(claims):
        for key in claim.supersedes:
            _check_pair(index, claim, key, claims[places[key]])
    _check_circle(claims, places)


def _check_pair(index: int, claim: Claim, key: str, earlier: Claim) -> None:
    place = f"claims[{index}].supersedes, source '{claim.source}'"
    for field in ("source", "quantity"):
        mine, other = getattr(claim, field), getattr(earlier, field)
        if mine != other:
            got = f"{clip(key)} with {field} {clip(other)}, by one with {clip(mine)}"
            raise refusal("supersedes its own", got, place, field=field)
    if (claim.kind == "forecast") != (earlier.kind == "forecast"):
        got = f"{clip(key)} of kind '{earlier.kind}', by one of kind '{claim.kind}'"
        raise refusal("forecast supersedes forecast", got, place)
    if claim.published.last < earlier.published.first:
        got = f"published={claim.published}, and {clip(key)} published={earlier.published}"
        raise refusal("supersedes an earlier one", got, place)


def _check_circle(claims: Sequence[Claim], places: Mapping[str, int]) -> None:
    graph = {key: claims[place].supersedes for key, place in places.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1][::-1]  # each replaces the next
        place = f"claims[{places[circle[0]]}].supersedes"
        raise refusal("supersedes in no circle", " -> ".join(circle), place) from None
