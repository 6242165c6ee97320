"""What stands in a record: the published format, version 2."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    model_serializer,
)

from attrition.core._showing import Shown, front
from attrition.core.errors import InputError, clip, refusal
from attrition.core.laws import Provenance


def _day(text: str) -> str:
    """Return ``text`` if it is a day that exists; pydantic reports the ValueError otherwise."""
    return date.fromisoformat(text).isoformat()


IsoDay = Annotated[str, AfterValidator(_day), Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


_KNOWN = frozenset(field.name for field in dataclasses.fields(Provenance))


def stated_of(law: RecordedLaw) -> dict[str, Any]:
    """Return what a recorded law says of itself, as far as this release knows it."""
    return {key: value for key, value in law.provenance.items() if key in _KNOWN}


_STATED = ("title", "unit", "basis", "basis_name", "model", "figures")
_PROVENANCE: TypeAdapter[Provenance] = TypeAdapter(Provenance)


def _complete(provenance: dict[str, Any]) -> dict[str, Any]:
    """Return a provenance that can be read; what later releases add to it is kept."""
    missing = [name for name in _STATED if name not in provenance]
    if missing:
        msg = f"provenance must say its {missing[0]}"
        raise ValueError(msg)
    _PROVENANCE.validate_python({k: v for k, v in provenance.items() if k in _KNOWN})
    return provenance


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Versions(_Part):
    """What the numbers were computed with; ``priors`` is the digest of the library's priors."""

    attrition: str
    python: str
    numpy: str
    scipy: str
    priors: str = ""

    @model_serializer(mode="wrap")
    def _known(self, usual: SerializerFunctionWrapHandler) -> dict[str, str]:
        """Leave out what a release did not write: an id is the digest of what was written."""
        return {name: value for name, value in usual(self).items() if value}


class Input(_Part):
    """A dossier, a recorded count, or a count beside a dossier that entered.

    A count beside a dossier (``kind`` "count") holds ``source`` and ``quantity`` in its content.
    ``content`` holds it, if it was at hand: a dossier as in its file; of a series its name, unit,
    whether each count stands for its own day, and the total of each report by its day. ``parts``
    holds the first 12 hexadecimal digits of the SHA-256 of each part of a dossier, so that a
    changed one can be named.
    """

    kind: Literal["dossier", "series", "count"]
    id: str
    sha256: str
    content: dict[str, Any] | None = None
    parts: dict[str, str] = Field(default_factory=dict)


class Settings(_Part):
    """What was asked: days as YYYY-MM-DD, ``on`` the days on which totals were read."""

    information_date: IsoDay
    horizon: IsoDay
    prob: float
    seed: int | None
    tolerance: float | None
    on: tuple[IsoDay, ...] = Field(default=(), strict=False)


class End(_Part):
    """One quantile of a date: its state, its day if it has one, and its error [day]."""

    state: str
    day: str | None
    offset: float | None
    mcse: float | None


class RecordedCrossing(_Part):
    """When a total passes a threshold.

    ``exceedance`` is P(T <= t) for each day from the information date to the horizon: float64,
    little-endian, compressed by zlib, in base64.
    """

    threshold: float
    lower: End
    median: End
    upper: End
    masses: dict[str, float]
    unit: str
    printed: dict[str, str]
    exceedance: str


class RecordedLaw(_Part):
    """The law of one total: its provenance, and the thresholds that were asked about."""

    provenance: Annotated[dict[str, Any], AfterValidator(_complete)]
    condition: str
    end_hazard: float
    crossings: tuple[RecordedCrossing, ...] = Field(strict=False, min_length=1)


class Sentence(Shown, _Part):
    """The rendered text of one citation; it does not enter the id."""

    quantity: str
    basis: str
    threshold: float
    sentence: str
    note: str


class FormerSentence(Shown, _Part):
    """The same in three lengths, as records of schema version 1 hold it."""

    quantity: str
    basis: str
    threshold: float
    short: str
    standard: str
    full: str

    @property
    def sentence(self) -> str:
        """What stood in an article."""
        return self.short

    @property
    def note(self) -> str:
        """What stood below it."""
        return self.full


class Record(Shown, _Part):
    """Everything behind a citation: inputs, settings, versions, laws, printed sentences.

    Parameters
    ----------
    format : str
        ``"attrition record"``.
    schema_version : int
        2; 1 where the sentences are in three lengths.
    id : str
        First 16 hexadecimal digits of the SHA-256 of the canonical JSON of everything but ``id``,
        ``sentences`` and their digest.
    versions : Versions
    inputs : tuple of Input
    settings : Settings
    question : mapping, optional
        What was asked, as :meth:`Question.to_dict` gives it; none of a law by itself, or of
        version 1.
    laws : tuple of RecordedLaw
    sentences : tuple of Sentence or FormerSentence
    sentences_sha256 : str
        SHA-256 of the canonical JSON of the sentences: another release words them otherwise, and
        can yet tell that nobody else did.

    See Also
    --------
    attrition.reporting.make_record : of a forecast or a law.
    attrition.verify : whether it still holds.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> record = at.reporting.make_record(law, [600])
    >>> (
    ...     record.schema_version,
    ...     len(record.id),
    ...     record.sentences[0].sentence == str(at.cite(law, 600)),
    ... )
    (2, 16, True)
    >>> record.dossier, record.series, record.counts
    (None, None, ())
    >>> record.to_json().startswith("{")
    True
    """

    _parts = "sentences"

    format: Literal["attrition record"] = "attrition record"
    schema_version: Literal[1, 2] = 2
    id: str
    versions: Versions
    inputs: tuple[Input, ...] = Field(strict=False)
    settings: Settings
    question: dict[str, Any] | None = None
    laws: tuple[RecordedLaw, ...] = Field(strict=False, min_length=1)
    sentences: tuple[Sentence | FormerSentence, ...] = Field(default=(), strict=False)
    sentences_sha256: str

    @property
    def dossier(self) -> Input | None:
        """The dossier that entered, or None."""
        return next((given for given in self.inputs if given.kind == "dossier"), None)

    @property
    def series(self) -> Input | None:
        """The recorded count that entered, or None."""
        return next((given for given in self.inputs if given.kind == "series"), None)

    @property
    def counts(self) -> tuple[Input, ...]:
        """The recorded counts beside the dossier."""
        return tuple(given for given in self.inputs if given.kind == "count")

    def _absent(self) -> set[str]:
        """Return the keys that version 1 does not know, in a record of that version."""
        return {"question"} if self.schema_version == 1 else set()

    def __repr__(self) -> str:
        """Return the id of the record and what it cites, in a line."""
        return f"<Record {self.id}: {len(self.sentences)} sentences of {len(self.laws)} laws>"

    def __str__(self) -> str:
        """Return its sentences."""
        return "\n".join(one.sentence for one in self.sentences) or repr(self)

    def _repr_html_(self) -> str:
        return str(front("reporting.html_fragment")(self))

    def to_json(self) -> str:
        """Return the text of the file."""
        content = self.model_dump(mode="json", exclude=self._absent())
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def damaged(what: str, why: str, place: str) -> InputError:
    """Return the refusal of a record of which a part cannot be read."""
    return refusal("part of a record", clip(why), place, what=what)


def canonical(content: object) -> str:
    """Return JSON with sorted keys and no spaces: the text that digests are taken of."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(content: object, length: int = 64) -> str:
    """Return the first hexadecimal digits of the SHA-256 of the canonical JSON of ``content``."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()[:length]


def id_of(record: Record) -> str:
    """Return the id that a record must carry."""
    out = {"id", "sentences", "sentences_sha256"} | record._absent()  # noqa: SLF001 - this module's
    content = record.model_dump(mode="json", exclude=out)
    return digest(content, 16)


def digest_of(sentences: Sequence[Sentence | FormerSentence]) -> str:
    """Return the digest of the sentences that a record must carry."""
    return digest([sentence.model_dump(mode="json") for sentence in sentences])


def parts_of(content: dict[str, Any]) -> dict[str, str]:
    """Return a short digest of each part of a dossier: sources, quantities, claims, the rest."""
    return {name: digest(part, 12) for name, part in named_parts(content).items()}


def named_parts(content: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a dossier by the names under which a reader finds them."""
    named: dict[str, Any] = {}
    for key, value in content.items():
        if key in {"sources", "quantities", "assumptions", "hedges"}:
            named |= {f"{key}.{name}": part for name, part in value.items()}
        elif key == "claims":
            for index, claim in enumerate(value):
                where = f"source '{claim['source']}', {claim['quantity']}"
                named[f"claims[{index}] ({where})"] = claim
        else:
            named[key] = value
    return named


def record_schema() -> dict[str, Any]:
    """Return the JSON Schema of a record, as published in ``bundled/record.schema.json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Record.model_json_schema(mode="validation"),
        "title": "attrition record",
    }
