"""What changed between two citations, and which input moved the date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from attrition.core.errors import InputError
from attrition.core.laws import crossing
from attrition.reporting.given import (
    changed_rows,
    dossier_from,
    held_dossier,
    held_series,
    series_from,
)
from attrition.reporting.models import Record, RecordedCrossing, canonical
from attrition.reporting.recomputing import Start, again, is_counted, law_again
from attrition.reporting.verification import Compared, compare_crossing, label, said

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
        records do not hold their inputs.
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
        shifts need not add up. Reports of a recorded count that both could see are one change;
        those that came since belong to the change of the information date.
    """
    before, after = _cited(old), _cited(new)
    numbers = tuple(
        row
        for key, one in before.items()
        if key in after
        for row in compare_crossing(key, one, after[key])
    )
    edits = [*_edits(old, new), *_settings(old, new)]
    versions = [
        f"version: {name} {was}, now {getattr(new.versions, name)}"
        for name, was in old.versions.model_dump().items()
        if was != getattr(new.versions, name)
    ]
    return Difference(
        numbers,
        tuple(key for key in before if key not in after),
        tuple(key for key in after if key not in before),
        (*(edit.name for edit in edits), *versions),
        tuple(_moved(old, edits)),
    )


def _cited(record: Record) -> dict[str, RecordedCrossing]:
    return {label(held, one): one for held in record.laws for one in held.crossings}


@dataclass(frozen=True, slots=True)
class _Edit:
    """One change: the old input after it alone, and the settings that go with it."""

    name: str
    content: dict[str, Any] | None = None
    settings: dict[str, Any] | None = None


_ARGUMENTS = {"information_date": "as_of", "horizon": "horizon", "prob": "prob", "seed": "seed"}


def _settings(old: Record, new: Record) -> Iterator[_Edit]:
    for name, was in old.settings.model_dump().items():
        now = getattr(new.settings, name)
        if was != now:
            argument = _ARGUMENTS.get(name)
            value = date.fromisoformat(now) if name in ("information_date", "horizon") else now
            yield _Edit(
                f"setting: {name} {was}, now {now}",
                _with_later_reports(old, new) if name == "information_date" else None,
                {argument: value} if argument else None,
            )
    if old.question is not None and new.question is not None:
        yield from _asked(old.question, new.question)


def _asked(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[_Edit]:
    """Yield what was asked otherwise, besides the settings that every record holds."""
    told = {*_ARGUMENTS.values(), "tolerance", "on"}
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        if name not in told and was != now:
            yield _Edit(f"question: {name} {was}, now {now}", None, {name: now})


def _edits(old: Record, new: Record) -> Iterator[_Edit]:
    if is_counted(old) and is_counted(new):
        yield from _series_edits(old, new)
        return
    if is_counted(old) != is_counted(new):
        yield _Edit("input: a recorded count on one side, a dossier on the other")
        return
    for name, content in _dossier_edits(old, new):
        yield _Edit(name, content or None)


def _series_edits(old: Record, new: Record) -> Iterator[_Edit]:
    """Yield what changed in reports that both records could see."""
    first, last = old.series, new.series
    if first is None or last is None or first.content is None or last.content is None:
        if first is not None and last is not None and first.sha256 != last.sha256:
            yield _Edit("series: another digest")
        return
    until = min(old.settings.information_date, new.settings.information_date)
    was, now = ({**one, "totals": _by(one, until)} for one in (first.content, last.content))
    found = changed_rows(was, now)
    if found:
        later = {day: total for day, total in first.content["totals"].items() if day > until}
        yield _Edit(f"series: {'; '.join(found)}", {**now, "totals": {**now["totals"], **later}})


def _by(content: Mapping[str, Any], day: str) -> dict[str, float]:
    return {one: total for one, total in content["totals"].items() if one <= day}


def _with_later_reports(old: Record, new: Record) -> dict[str, Any] | None:
    """Return the count of the old record, and what the new one learnt after its last day."""
    first, last = old.series, new.series
    if first is None or last is None or first.content is None or last.content is None:
        return None
    known = _by(first.content, new.settings.information_date)
    start = old.settings.information_date
    later = {day: total for day, total in last.content["totals"].items() if day > start}
    return {**first.content, "totals": {**known, **later}}


def _dossier_edits(old: Record, new: Record) -> Iterator[tuple[str, dict[str, Any]]]:
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
                edited = {**before, table: changed}
                if table == "sources" and name not in now:  # what it said goes with it
                    edited["claims"] = [c for c in before["claims"] if c["source"] != name]
                words = said(was.get(name), now.get(name))
                yield f"{table}.{name}{words}", edited
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
        yield f"{name} (added)", _with_claim(before, after, claim)


def _with_claim(
    before: dict[str, Any], after: dict[str, Any], claim: dict[str, Any]
) -> dict[str, Any]:
    """Return a dossier's content with one more claim, and its source and total if they are new."""
    added = {**before, "claims": [*before["claims"], claim]}
    for table, name in (("sources", claim["source"]), ("quantities", claim["quantity"])):
        known = before.get(table, {})
        added[table] = known if name in known else {**known, name: after[table][name]}
    return added


def _moved(old: Record, edits: list[_Edit]) -> Iterator[Moved]:
    own = held_series(old) if is_counted(old) else held_dossier(old)
    if own is None or old.settings.seed is None:
        return
    of_input = [e for e in edits if e.content is not None and e.settings is None]
    for edit in (*of_input[:_MOST], *(e for e in edits if e.settings is not None)):
        try:
            start = own if edit.content is None else _start_from(old, edit.content)
            yield Moved(edit.name, _shifts(old, start, edit.settings or {}))
        except InputError:  # this change makes sense only together with another
            yield Moved(edit.name, {})


def _start_from(old: Record, content: dict[str, Any]) -> Start:
    place = f"record {old.id}, edited"
    return series_from(content, place) if is_counted(old) else dossier_from(content, place)


def _shifts(old: Record, start: Start, change: dict[str, Any]) -> dict[str, float]:
    made = again(old, start, **change)
    later = (made.information_date - date.fromisoformat(old.settings.information_date)).days
    shifts: dict[str, float] = {}
    for held in old.laws:
        law = law_again(made, held)
        for one in held.crossings:
            median = crossing(law, one.threshold, prob=made.prob).median
            if median.offset is not None and one.median.offset is not None:
                shifts[label(held, one)] = median.offset + later - one.median.offset
    return shifts
