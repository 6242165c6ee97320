"""Is a record still what it was? Checked against itself, and computed again from its inputs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np

from attrition.citation.held import laws_of, packed, reads_of, sentences_of, unpacked
from attrition.citation.models import (
    Record,
    RecordedCrossing,
    digest,
    id_of,
    named_parts,
    parts_of,
)
from attrition.citation.record import dossier_content, make_record, printed, versions
from attrition.dossier import Dossier
from attrition.errors import AttritionWarning, InputError
from attrition.forecasts import SERIES_MODEL, Forecast, forecast

Status = Literal["identical", "equal as printed", "different"]
"""How a number compares with the recorded one."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One number of a record, and what it is now.

    Parameters
    ----------
    what : str
        Total, count and threshold.
    name : str
        Which number: ``"lower"``, ``"median"``, ``"upper"``, a mass, or ``"law"``.
    was, now : str
        As recorded and as computed again, as they are printed.
    status : {"identical", "equal as printed", "different"}
    """

    what: str
    name: str
    was: str
    now: str
    status: Status


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of a record found.

    Parameters
    ----------
    record : str
        Its id.
    altered : tuple of str
        What in the record contradicts itself: it was changed after it was made.
    causes : tuple of str
        What differs in inputs and versions, each with its name.
    numbers : tuple of Compared
        Every number, computed again.
    """

    record: str
    altered: tuple[str, ...]
    causes: tuple[str, ...]
    numbers: tuple[Compared, ...]

    @property
    def holds(self) -> bool:
        """Whether the record is whole and every number is the same as printed."""
        return not self.altered and all(row.status != "different" for row in self.numbers)


def verify(record: Record, *, dossier: Dossier | None = None) -> Verification:
    """Check a record against itself and against a new computation from its inputs.

    Parameters
    ----------
    record : Record
        As :func:`read_record` returned it.
    dossier : Dossier, optional
        The inputs; the dossier that the record holds when left out.

    Returns
    -------
    Verification

    Raises
    ------
    InputError
        If the record holds no dossier and none is given, or its law cannot be computed again.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), rng=1, quantities=["russian-casualties"])
    >>> verify(at.make_record(forecast)).holds
    True
    """
    altered = tuple(_altered(record))
    given = dossier if dossier is not None else _embedded(record)
    again = recompute(record, given)
    numbers = tuple(_compared(record, again))
    return Verification(record.id, altered, tuple(_causes(record, given)), numbers)


def _altered(record: Record) -> Iterator[str]:
    """Yield what in a record contradicts its id, its digests, its law or its sentences."""
    if id_of(record) != record.id:
        yield "the id is not the digest of the content: something in the record was changed"
    for given in record.inputs:
        if given.content is not None:
            for name in _changed_names(given.parts, parts_of(given.content)):
                yield f"the dossier in the record was changed: {name}"
            if Dossier.of(**given.content).sha256 != given.sha256:
                yield "the dossier in the record does not have the digest that is stated for it"
    laws = laws_of(record)
    for held, law in zip(record.laws, laws, strict=True):
        for one, read in zip(held.crossings, reads_of(record, held, law), strict=True):
            days = {n: getattr(read, n).day for n in ("lower", "median", "upper")}
            said = {n: getattr(one, n).day for n in days}
            if said != {n: d.isoformat() if d else None for n, d in days.items()} or (
                not one.printed.items() <= printed(law, read).items()  # later releases add numbers
            ):
                what = f"{law.provenance.quantity} ({law.provenance.basis}), {one.threshold:,.10g}"
                yield f"the dates of {what} do not follow from the law in the record"
    same_release = record.versions.attrition == versions().attrition  # others may word it otherwise
    if same_release and sentences_of(record) != record.sentences:
        yield "a printed sentence does not follow from the record"


def _changed_names(old: dict[str, str], new: dict[str, str]) -> list[str]:
    return [name for name in (*old, *new) if old.get(name) != new.get(name)]


def _embedded(record: Record) -> Dossier:
    given = record.dossier
    if given is None or given.content is None:
        raise InputError(
            "the dossier must be at hand to compute a record again",
            got="a record that holds only its digest" if given else "a record without a dossier",
            place=f"record {record.id}",
            remedy="Give the file: attrition verify RECORD --dossier FILE",
        )
    return Dossier.of(**given.content)


def _causes(record: Record, given: Dossier) -> Iterator[str]:
    held = record.dossier
    if held is not None and held.sha256 != given.sha256:
        yield f"input changed: dossier '{held.id}' has another digest"
        content = dossier_content(given)
        before = named_parts(held.content) if held.content is not None else {}
        after = named_parts(content)
        for name in dict.fromkeys(_changed_names(held.parts, parts_of(content))):
            yield f"input changed: {name}{said(before.get(name), after.get(name))}"
    now = versions().model_dump()
    for name, was in record.versions.model_dump().items():
        if was != now[name]:
            yield f"version changed: {name} {was}, now {now[name]}"


def said(before: Any, after: Any) -> str:  # noqa: ANN401 - any part of a dossier
    """Return in words which keys of a part of a dossier changed.

    Examples
    --------
    >>> said({"quote": "a", "kind": "level"}, {"quote": "b", "kind": "level"})
    ": quote was 'a', now 'b'"
    """
    if before is None or after is None:
        return " (added)" if before is None and after is not None else " (removed)" * bool(before)
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return f": was {before!r}, now {after!r}"
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return ": " + ", ".join(f"{k} was {before.get(k)!r}, now {after.get(k)!r}" for k in keys)


def recompute(record: Record, dossier: Dossier) -> Record:
    """Return the record that the same question gives now.

    Raises
    ------
    InputError
        If the record lies outside what can be computed from a dossier.
    """
    made = again(record, dossier)
    chosen: list[tuple[Any, tuple[float, ...]]] = []
    for held in record.laws:
        key = (held.provenance["quantity"], held.provenance["basis"])
        asked = tuple(one.threshold for one in held.crossings)
        law = made.law(*key)
        if held.end_hazard:
            from attrition.laws import with_end

            law = with_end(law, held.end_hazard)
        chosen.append((law, asked))
    records = [
        make_record(law, asked, prob=record.settings.prob, dossier=dossier) for law, asked in chosen
    ]
    return records[0].model_copy(update={"laws": tuple(one.laws[0] for one in records)})


def again(record: Record, dossier: Dossier, **changes: Any) -> Forecast:  # noqa: ANN401
    """Return the forecast that answers the question of a record from a dossier."""
    settings = record.settings
    if settings.seed is None:
        raise InputError(
            "a record must come from a forecast to be computed again",
            got="a law without a seed",
            place=f"record {record.id}",
            remedy="Recompute it with the program that made its paths",
        )
    if any(held.provenance["model"] == SERIES_MODEL for held in record.laws):
        raise InputError(
            "a record of a recorded count is computed again from the count, which it does not hold",
            got=SERIES_MODEL,
            place=f"record {record.id}",
            remedy="Forecast the same file again with the record's seed and dates, and compare",
        )
    asked = {
        held.provenance["quantity"]: tuple(one.threshold for one in held.crossings)
        for held in record.laws
    }
    bases = {held.provenance["basis"] for held in record.laws}
    full = {basis for key in asked for basis in dossier.find_quantity(key).bases}
    several = len(asked) > 1
    arguments: dict[str, Any] = {
        "rng": settings.seed,
        "quantities": list(asked),
        "basis": next(iter(bases)) if len(bases) == 1 and bases != full else None,
        "thresholds": None if several else next(iter(asked.values())),
        "on": [date.fromisoformat(day) for day in settings.on],
        "as_of": date.fromisoformat(settings.information_date),
        "horizon": date.fromisoformat(settings.horizon),
        "prob": settings.prob,
        "tolerance": settings.tolerance,
        **changes,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AttritionWarning)  # its note is in the provenance
        return forecast(dossier, **arguments)


def label(held: Any, one: RecordedCrossing) -> str:  # noqa: ANN401 - a recorded law
    """Return the name of one cited number's law and threshold."""
    end = ", allowing for an end" if held.end_hazard else ""
    what = held.provenance
    return f"{what['quantity']} ({what['basis']}{end}), {one.threshold:,.10g}"


def _compared(old: Record, new: Record) -> Iterator[Compared]:
    for held, now in zip(old.laws, new.laws, strict=True):
        for one, other in zip(held.crossings, now.crossings, strict=True):
            yield from compare_crossing(label(held, one), one, other)


def compare_crossing(
    what: str, one: RecordedCrossing, other: RecordedCrossing
) -> Iterator[Compared]:
    """Yield how each number of a recorded crossing compares with another's."""
    for name in ("lower", "median", "upper"):
        was, now = getattr(one, name), getattr(other, name)
        yield _row(what, name, one, other, same=was == now)
    for name in one.masses:
        same = one.masses[name] == other.masses.get(name)
        yield _row(what, name, one, other, same=same)
    was_law, now_law = unpacked(one.exceedance), unpacked(other.exceedance)
    apart = float(np.abs(was_law - now_law).max()) if was_law.size == now_law.size else float("nan")
    if apart == 0:
        status: Status = "identical"
    else:
        status = "equal as printed" if apart < 5e-3 else "different"  # noqa: PLR2004 - half a percent
    yield Compared(what, "law", digest(packed(was_law), 8), digest(packed(now_law), 8), status)


def _row(
    what: str, name: str, one: RecordedCrossing, other: RecordedCrossing, *, same: bool
) -> Compared:
    was, now = one.printed.get(name, "none"), other.printed.get(name, "none")
    status: Status = "equal as printed" if was == now else "different"
    return Compared(what, name, was, now, "identical" if same else status)
