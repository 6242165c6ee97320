"""The dossier itself: everything known about a set of totals, checked as a whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from attrition.core._showing import Shown
from attrition.core.checks import check_known, suggestion
from attrition.core.days import day_from
from attrition.core.errors import InputError, clip, refusal
from attrition.data.dossier.claims import Claim, check_superseding, superseded_by
from attrition.data.dossier.models import (
    DEFAULT_ASSUMPTIONS,
    Assumption,
    Assumptions,
    Component,
    Condition,
    Coverage,
    Quantity,
    Recording,
    Source,
)
from attrition.data.dossier.values import value_error

if TYPE_CHECKING:  # pydantic looks up no annotation of what is private, and few hold a count
    from attrition.data.series import Series  # noqa: TC004

_Entry = TypeVar("_Entry")


class Dossier(Shown, BaseModel):
    """Sources, quantities, claims and assumptions, frozen and checked together.

    Parameters
    ----------
    id : str
        Short name without spaces.
    title : str
        A heading.
    description : str
        What it holds and where it comes from.
    condition : str
        Under which its forecasts hold, as a clause; a quantity may say its own.
    sources : mapping of str to Source
        Who says so, by id.
    quantities : mapping of str to Quantity
        What is counted, by id.
    claims : tuple of Claim
        What was reported.
    series : tuple of Recording
        Recorded counts, in files beside the dossier.
    assumptions : Assumptions
        What no report states; a quantity may override each.
    hedges : mapping of str to mapping
        Overrides of rows of the hedge lexicon, by key of the row.

    See Also
    --------
    attrition.read_dossier : one from a file.
    attrition.check : do its figures fit together?

    Examples
    --------
    >>> import attrition as at
    >>> dossier = at.read_dossier("russia-ukraine-2025-06")
    >>> sorted(dossier.sources)
    ['csis', 'press', 'uk-mod']
    >>> dossier.find_source("uk-mod").name, dossier.find_quantity("russian-killed").unit
    ('UK Ministry of Defence', 'persons')
    >>> dossier.check_basis("latent"), dossier.lineage("russian-killed")
    ('latent', ('russian-killed', 'russian-casualties'))
    >>> len(dossier.claims_on("russian-killed", as_of="2025-06-04")), dossier.superseded()
    (1, {})
    >>> dossier.is_level(dossier.claims[0]), dossier.latest_published.isoformat()
    (True, '2025-06-05')
    >>> dossier.assumption("source_error", "russian-killed").value
    0.14
    >>> dossier.with_counts({}).counts, dossier.with_priors(at.pace.bundled_priors()).priors is None
    ({}, False)
    >>> Dossier.of(**dossier.model_dump(exclude_unset=True)).sha256 == dossier.sha256
    True
    """

    _parts = "claims"

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True
    )

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    title: str = ""
    description: str = ""
    condition: Condition = ""
    sources: Mapping[str, Source]
    quantities: Mapping[str, Quantity]
    claims: tuple[Claim, ...]
    series: tuple[Recording, ...] = ()
    assumptions: Assumptions = Assumptions()
    hedges: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    _counts: Mapping[tuple[str, str], Series] = PrivateAttr(default_factory=dict)
    _priors: Any = PrivateAttr(default=None)

    def __repr__(self) -> str:
        """Return what the dossier holds, in a line."""
        parts = f"{len(self.claims)} claims by {len(self.sources)} sources"
        return f"<Dossier {self.id}: {parts} on {len(self.quantities)} totals>"

    @model_validator(mode="after")
    def _whole(self) -> Dossier:
        for name, things in (("sources", self.sources), ("quantities", self.quantities)):
            if not things:
                place = f"dossier '{self.id}'"
                raise refusal("source and quantity", f"no {name}", place, name=name)
        self._name_sources()
        for index, claim in enumerate(self.claims):
            place = f"claims[{index}]"
            self.find_source(claim.source, place=place)
            self.find_quantity(claim.quantity, place=place)
        named = {claim.id: claim for claim in self.claims if claim.id is not None}
        for index, claim in enumerate(self.claims):
            for key in claim.supersedes:
                place = f"claims[{index}].supersedes"
                self._find(key, named, "a superseded claim", place)
        check_superseding(self.claims)
        for index, recording in enumerate(self.series):
            self.find_source(recording.source, place=f"series[{index}]")
            self.find_quantity(recording.quantity, place=f"series[{index}]")
        for key, quantity in self.quantities.items():
            self._check_quantity(key, quantity)
        for key, source in self.sources.items():
            for relation in ("derived_from", "copies"):
                self._check_parents(key, getattr(source, relation), relation)
        return self

    def _name_sources(self) -> None:
        """Give each claim the id of its source, where an alias stood; none is of two sources."""
        ids = {key: key for key in self.sources}
        for key, source in self.sources.items():
            for spelling in source.aliases:
                if ids.setdefault(spelling, key) != key:
                    place = f"sources.{key}.aliases, and sources.{ids[spelling]}"
                    raise refusal("alias of one source", clip(spelling), place)
        claims = tuple(
            claim.model_copy(update={"source": ids[claim.source]})
            if ids.get(claim.source, claim.source) != claim.source
            else claim
            for claim in self.claims
        )
        object.__setattr__(self, "claims", claims)

    def _check_parents(self, key: str, parents: tuple[str, ...], relation: str) -> None:
        for parent in parents:
            self.find_source(parent, place=f"sources.{key}.{relation}")
            if parent == key:
                raise refusal("not derived from itself", clip(parent), f"sources.{key}.{relation}")

    def _check_quantity(self, key: str, quantity: Quantity) -> None:
        for basis in quantity.bases:
            self.check_basis(basis, place=f"quantities.{key}.bases")
        for relation in ("sum_of", "ratio_of"):
            for other in getattr(quantity, relation):
                self.find_quantity(other, place=f"quantities.{key}.{relation}")
        if key in (*quantity.sum_of, *quantity.ratio_of):
            raise refusal("not made of itself", clip(key), f"quantities.{key}")
        seen, parent = [key], quantity.part_of
        while parent is not None:
            if parent in seen:
                got = " -> ".join([*seen, parent])
                raise refusal("no part of itself", got, f"quantities.{key}.part_of")
            whole = self.find_quantity(parent, place=f"quantities.{key}.part_of")
            if whole.unit != quantity.unit or not (whole.cumulative and quantity.cumulative):
                got = f"{quantity.kind} in {quantity.unit} of {whole.kind} in {whole.unit}"
                raise refusal("part and whole in one unit", got, f"quantities.{key}.part_of")
            seen.append(parent)
            parent = whole.part_of

    @staticmethod
    def _find(key: str, things: Mapping[str, _Entry], what: str, place: str) -> _Entry:
        check_known(key, things, f"{what} must be one of the dossier's own", place)
        return things[key]

    def find_source(self, key: str, *, place: str = "source") -> Source:
        """Return the source with this id; raise InputError with a suggestion if unknown."""
        return self._find(key, self.sources, "a source", place)

    def lineage(self, quantity: str) -> tuple[str, ...]:
        """Return a quantity and the totals that it is a part of, outermost last."""
        line = [quantity]
        while (whole := self.quantities[line[-1]].part_of) is not None:
            line.append(whole)
        return tuple(line)

    def find_quantity(self, key: str, *, place: str = "quantity") -> Quantity:
        """Return the quantity with this id; raise InputError with a suggestion if unknown."""
        return self._find(key, self.quantities, "a quantity", place)

    def is_level(self, claim: Claim) -> bool:
        """Tell whether a claim is on a total: a level, or an increment since the first day."""
        start, since = self.find_quantity(claim.quantity).start, claim.since
        whole = start is not None and since is not None and since.first <= start.first
        return claim.kind == "level" or (claim.kind == "increment" and whole)

    def check_basis(self, basis: str, *, place: str = "basis") -> str:
        """Return ``basis`` if it is ``"latent"`` or the id of a source."""
        if basis != "latent":
            self._find(basis, {"latent": None, **self.sources}, "a basis", place)
        return basis

    def assumption(self, name: str, quantity: str) -> Assumption:
        """Return the assumption for ``quantity``: its own, the dossier's or the default."""
        own = getattr(self.find_quantity(quantity).assumptions, name)
        stated = own or getattr(self.assumptions, name) or DEFAULT_ASSUMPTIONS[name]
        if not isinstance(stated, Assumption):  # pragma: no cover - the models allow nothing else
            raise TypeError(stated)
        return stated

    def superseded(self, as_of: date | str | None = None) -> Mapping[int, int]:
        """Return the superseded claims, each with the claim that took its place, by index.

        Parameters
        ----------
        as_of : datetime.date or str, optional
            A claim that had not appeared by the end of this day supersedes nothing; all do when
            left out.
        """
        return superseded_by(self.claims, None if as_of is None else day_from(as_of, "as_of"))

    def claims_on(self, quantity: str, *, as_of: date | str) -> tuple[Claim, ...]:
        """Return the claims on ``quantity`` that hold on a day.

        They had appeared by the end of ``as_of``, and nothing had superseded them by then.
        """
        day = day_from(as_of, "as_of")
        past = self.superseded(day)
        return tuple(
            claim
            for index, claim in enumerate(self.claims)
            if claim.quantity == quantity and claim.known_on(day) and index not in past
        )

    @property
    def counts(self) -> Mapping[tuple[str, str], Series]:
        """The recorded counts that were put beside it, by source and quantity."""
        return self._counts

    def with_counts(self, counts: Mapping[tuple[str, str], Series]) -> Dossier:
        """Return the dossier with recorded counts beside it, in place of those of its files.

        Parameters
        ----------
        counts : mapping of (source, quantity) to Series

        Raises
        ------
        InputError
            If a source or a quantity is not the dossier's own.
        """
        for key in counts:
            if not (isinstance(key, tuple) and len(key) == 2):  # noqa: PLR2004 - source and quantity
                raise refusal(
                    "counts by source and quantity",
                    clip(key),
                    "with_counts",
                    sources=clip(list(self.sources)),
                    quantities=clip(list(self.quantities)),
                )
            self.find_source(key[0], place="with_counts")
            self.find_quantity(key[1], place="with_counts")
        dossier = self.model_copy()
        dossier._counts = dict(counts)  # noqa: SLF001 - its own copy
        return dossier

    @property
    def priors(self) -> Any:  # noqa: ANN401 - a table of a later room
        """What is assumed of paces, where a question gave it; None for the library's own."""
        return self._priors

    def with_priors(self, priors: Any) -> Dossier:  # noqa: ANN401 - as above
        """Return the dossier with an :class:`attrition.pace.Priors` beside it."""
        dossier = self.model_copy()
        dossier._priors = priors  # noqa: SLF001 - its own copy
        return dossier

    @property
    def latest_published(self) -> date:
        """The last day of publication of a claim that stands, or of a report of a count beside."""
        past = self.superseded()
        days = [
            claim.published.last for index, claim in enumerate(self.claims) if index not in past
        ]
        days += [count.last_day for count in self.counts.values()]
        if not days:
            raise refusal("claim or count", "none", f"dossier '{self.id}'")
        return max(days)

    @property
    def sha256(self) -> str:
        """SHA-256 of the content in canonical JSON: comments and layout do not change it.

        Keys left at their defaults do not enter, so that a key added to the format later leaves
        the digests of older dossiers as they were.
        """
        content = self.model_dump(mode="json", exclude_defaults=True)
        for entry, claim in zip(content["claims"], self.claims, strict=True):
            if claim.distribution is not None:
                entry["distribution"] = repr(claim.distribution)
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def of(cls, **content: Any) -> Dossier:  # noqa: ANN401 - checked by the models
        """Build a dossier from Python objects with the errors of this library.

        Parameters
        ----------
        **content
            The fields of :class:`Dossier`; mappings are read as TOML tables are.

        Raises
        ------
        InputError
            On the first rule that is broken.
        """
        return checked(content, place=f"dossier '{content.get('id', '?')}'")


def checked(
    content: Mapping[str, Any], *, place: str, folder: str = "", recorded: bool = False
) -> Dossier:
    """Validate ``content`` and turn the first failure into one :class:`InputError`.

    ``recorded`` content comes from a record, with its counts in it: no file is looked for.
    """
    try:
        context = {"folder": folder, "recorded": recorded}
        return Dossier.model_validate(dict(content), context=context)
    except ValidationError as failure:
        raise _as_input_error(failure, content, place) from None


_FIELDS_OF: dict[str, type[BaseModel]] = {
    "sources": Source,
    "quantities": Quantity,
    "coverage": Coverage,
    "plus": Component,
    "claims": Claim,
    "assumptions": Assumptions,
}


def _as_input_error(failure: ValidationError, content: Mapping[str, Any], file: str) -> InputError:
    errors = failure.errors()
    unknown = [error for error in errors if error["type"] == "extra_forbidden"]
    first = (unknown or errors)[0]  # a misspelt key also leaves the right one missing
    location = tuple(first["loc"])
    place = ", ".join(part for part in (file, _path(location), _who(content, location)) if part)
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        inner = "" if cause.place in place else f", {cause.place}"
        return InputError(cause.rule, got=cause.got, place=place + inner, remedy=cause.remedy)
    if first["type"] == "extra_forbidden":
        near = suggestion(str(location[-1]), _known_keys(location))
        return refusal("known key", clip(str(location[-1])), place, near=near)
    if first["type"] == "missing":
        return refusal("key given", "nothing", place, key=location[-1])
    return value_error(first, place)


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def _who(content: Mapping[str, Any], location: tuple[int | str, ...]) -> str:
    """Name the source of the claim in which a failure lies, to help find it in a long file."""
    if len(location) > 1 and location[0] == "claims" and isinstance(location[1], int):
        claim = content["claims"][location[1]]
        source = claim.get("source") if isinstance(claim, Mapping) else None
        return f"source '{source}'" if isinstance(source, str) else ""
    return ""


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    if "assumptions" in location[:-1]:
        depth = len(location) - 1 - location.index("assumptions")
        return list((Assumptions if depth == 1 else Assumption).model_fields)
    inner = next((str(part) for part in location[-2::-1] if part in {"coverage", "plus"}), None)
    table = _FIELDS_OF.get(inner or str(location[0])) if len(location) > 1 else Dossier
    return list(table.model_fields) if table is not None else []
