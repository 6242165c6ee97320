"""What changed between two citations, and which input moved the date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from attrition.citation.models import Record, RecordedCrossing, canonical
from attrition.citation.verification import Compared, again, compare_crossing, label, said
from attrition.dossier import Dossier
from attrition.errors import InputError
from attrition.laws import crossing

_MOST = 12  # changes that are tried one by one


@dataclass(frozen=True, slots=True)
class Moved:
    """What one change alone does to the medians.

    Parameters
    ----------
    change : str
        What changed.
    days : mapping of str to float
        By how many days it moves each cited median; those that stay without a date are left out.
    """

    change: str
    days: dict[str, float]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two records.

    Parameters
    ----------
    numbers : tuple of Compared
        Every number that both hold.
    only_old, only_new : tuple of str
        Citations that stand in one of them only.
    changes : tuple of str
        What changed in inputs, settings and versions.
    moved : tuple of Moved
        What each change of inputs and settings does alone, from the old record; empty where the
        records do not hold their dossiers.
    """

    numbers: tuple[Compared, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    changes: tuple[str, ...]
    moved: tuple[Moved, ...]

    @property
    def same(self) -> bool:
        """Whether both cite the same, as printed."""
        apart = any(row.status == "different" for row in self.numbers)
        return not (apart or self.only_old or self.only_new)


def diff(old: Record, new: Record) -> Difference:
    """Compare two citations, and tell which input moved the dates.

    Parameters
    ----------
    old, new : Record

    Returns
    -------
    Difference
        Each change of the dossier and of the settings is tried alone on the old record; the
        shifts need not add up.
    """
    before, after = _cited(old), _cited(new)
    numbers = tuple(
        row
        for key, one in before.items()
        if key in after
        for row in compare_crossing(key, one, after[key])
    )
    edits = list(_edits(old, new))
    settings = list(_settings(old, new))
    versions = [
        f"version: {name} {was}, now {getattr(new.versions, name)}"
        for name, was in old.versions.model_dump().items()
        if was != getattr(new.versions, name)
    ]
    return Difference(
        numbers,
        tuple(key for key in before if key not in after),
        tuple(key for key in after if key not in before),
        (*(name for name, _ in edits), *(name for name, _ in settings), *versions),
        tuple(_moved(old, edits, settings)),
    )


def _cited(record: Record) -> dict[str, RecordedCrossing]:
    return {label(held, one): one for held in record.laws for one in held.crossings}


def _settings(old: Record, new: Record) -> Iterator[tuple[str, dict[str, Any]]]:
    from datetime import date

    names = {"information_date": "as_of", "horizon": "horizon", "prob": "prob", "seed": "rng"}
    for name, was in old.settings.model_dump().items():
        now = getattr(new.settings, name)
        if was != now:
            argument = names.get(name)
            value = date.fromisoformat(now) if name in ("information_date", "horizon") else now
            yield f"setting: {name} {was}, now {now}", {argument: value} if argument else {}


def _edits(old: Record, new: Record) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each change of the dossier, with the old dossier's content after it alone."""
    first, last = old.dossier, new.dossier
    if first is None or last is None or first.content is None or last.content is None:
        if first is not None and last is not None and first.sha256 != last.sha256:
            yield "dossier: another digest", {}
        return
    before, after = first.content, last.content
    for table in ("sources", "quantities", "assumptions", "hedges"):
        was, now = before.get(table, {}), after.get(table, {})
        for name in {**was, **now}:
            if was.get(name) != now.get(name):
                changed = {k: v for k, v in {**was, name: now.get(name)}.items() if v is not None}
                words = said(was.get(name), now.get(name))
                yield f"{table}.{name}{words}", {**before, table: changed}
    for name in ("id", "title", "description"):
        if before.get(name) != after.get(name):
            yield f"{name}{said(before.get(name), after.get(name))}", {}
    yield from _claim_edits(before, after)


def _claim_edits(
    before: dict[str, Any], after: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pair claims that are not equal by quantity, source and kind; the rest came or went."""
    stayed = {canonical(c) for c in before["claims"]} & {canonical(c) for c in after["claims"]}
    gone = [(i, c) for i, c in enumerate(before["claims"]) if canonical(c) not in stayed]
    come = [c for c in after["claims"] if canonical(c) not in stayed]
    for index, claim in gone:
        name = f"claim of '{claim['source']}' on {claim['quantity']} ({claim['kind']})"
        kept = [c for i, c in enumerate(before["claims"]) if i != index]
        twin = next(
            (c for c in come if all(c[k] == claim[k] for k in ("source", "quantity", "kind"))), None
        )
        if twin is None:
            yield f"{name} (removed)", {**before, "claims": kept}
        else:
            come.remove(twin)
            claims = [*before["claims"][:index], twin, *before["claims"][index + 1 :]]
            yield f"{name}{said(claim, twin)}", {**before, "claims": claims}
    for claim in come:
        name = f"claim of '{claim['source']}' on {claim['quantity']} ({claim['kind']})"
        yield f"{name} (added)", {**before, "claims": [*before["claims"], claim]}


def _moved(
    old: Record,
    edits: list[tuple[str, dict[str, Any]]],
    settings: list[tuple[str, dict[str, Any]]],
) -> Iterator[Moved]:
    given = old.dossier
    if given is None or given.content is None or old.settings.seed is None:
        return
    for name, content in [e for e in edits if e[1]][:_MOST]:
        try:
            yield Moved(name, _shifts(old, Dossier.of(**content), {}))
        except InputError:  # this change makes sense only together with another
            yield Moved(name, {})
    own = Dossier.of(**given.content)
    for name, change in [s for s in settings if s[1]][:_MOST]:
        yield Moved(name, _shifts(old, own, change))


def _shifts(old: Record, dossier: Dossier, change: dict[str, Any]) -> dict[str, float]:
    first = change.get("as_of")
    made = again(old, dossier, **change)
    start = made.information_date if first is None else first
    shifts: dict[str, float] = {}
    for held in old.laws:
        if held.end_hazard:
            continue
        law = made.law(held.provenance["quantity"], held.provenance["basis"])
        for one in held.crossings:
            median = crossing(law, one.threshold, prob=made.prob).median
            if median.offset is not None and one.median.offset is not None:
                origin = old.settings.information_date
                later = (start - type(start).fromisoformat(origin)).days
                shifts[label(held, one)] = median.offset + later - one.median.offset
    return shifts
