"""What enters a record: a dossier or a recorded count, embedded and digested, and had back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np

from attrition.core.errors import InputError
from attrition.core.laws import Provenance
from attrition.core.refusals import refusal
from attrition.data.dossier import Dossier
from attrition.data.dossier.dossier import checked
from attrition.data.series import Series
from attrition.data.series.series import Reports, judged
from attrition.data.series.unreported import LateReports
from attrition.reporting.models import Input, Record, damaged, digest, parts_of

_ROWS = 12  # changed reports that are named one by one


def dossier_content(dossier: Dossier) -> dict[str, Any]:
    """Return a dossier as JSON holds it, keys at their defaults left out."""
    content: dict[str, Any] = dossier.model_dump(mode="json", exclude_defaults=True)
    return content


def dossier_input(what: Provenance, dossier: Dossier | None) -> tuple[Input, ...]:
    """Return a dossier as a record holds it; only its digest where it is not at hand.

    Raises
    ------
    InputError
        If it is not the dossier that the law was made from.
    """
    if dossier is None:
        known = bool(what.sha256)
        return (Input(kind="dossier", id=what.dossier, sha256=what.sha256),) if known else ()
    if what.sha256 and what.sha256 != dossier.sha256:
        got = f"digest {dossier.sha256[:12]}, not {what.sha256[:12]}"
        raise refusal("dossier of a law", got, f"make_record, dossier '{dossier.id}'")
    content = dossier_content(dossier)
    whole = all(claim.distribution is None for claim in dossier.claims)
    return (
        Input(
            kind="dossier",
            id=dossier.id,
            sha256=dossier.sha256,
            content=content if whole else None,  # an object from Python cannot be embedded
            parts=parts_of(content),
        ),
    )


def dossier_from(content: Mapping[str, Any], place: str) -> Dossier:
    """Return the dossier that :func:`dossier_content` put into a record.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        return checked(content, place=place, recorded=True)
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged("a dossier", str(error), place) from None


def held_dossier(record: Record) -> Dossier | None:
    """Return the dossier that a record holds, with the counts beside it, or None."""
    given = record.dossier
    if given is None or given.content is None:
        return None
    dossier = dossier_from(given.content, f"record {record.id}, dossier '{given.id}'")
    return dossier.with_counts(counts_of(record))


def counts_of(record: Record) -> dict[tuple[str, str], Series]:
    """Return the counts beside the dossier of a record, by source and quantity."""
    contents = {given.id: given.content or {} for given in record.counts}
    return {
        (str(one.get("source")), str(one.get("quantity"))): series_from(
            one, f"record {record.id}, count '{name}'"
        )
        for name, one in contents.items()
    }


def counts_beside(dossier: Dossier, known: date) -> Iterator[Input]:
    """Yield the counts beside a dossier as a record holds them: what was known by a day."""
    for (source, quantity), series in dossier.counts.items():
        seen = series.until(known) if series.days[1] <= known else series  # one report is no count
        content = {"source": source, "quantity": quantity, **series_content(seen)}
        named = f"{source}, {quantity}"
        yield Input(kind="count", id=named, sha256=digest(content), content=content)


def series_content(series: Series) -> dict[str, Any]:
    """Return a recorded count as JSON holds it: name, unit, and the total of each report."""
    totals = zip(series.days, series.totals, strict=True)
    late = series.reports.late
    coming = {} if late is None else {"late": late.content}
    return {
        "name": series.name,
        "unit": series.unit,
        "own_day": series.own_day,
        **coming,
        "totals": {day.isoformat(): float(total) for day, total in totals},
    }


def series_input(series: Series) -> Input:
    """Return a recorded count as a record holds it."""
    content = series_content(series)
    return Input(kind="series", id=series.name, sha256=digest(content), content=content)


def series_from(content: Mapping[str, Any], place: str) -> Series:
    """Return the recorded count that :func:`series_content` put into a record.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        totals = {str(day): float(total) for day, total in sorted(content["totals"].items())}
        days = np.array(list(totals), dtype="datetime64[D]")
        counts = np.array(list(totals.values()))
        name, unit = str(content["name"]), str(content["unit"])
        own_day = bool(content["own_day"])
        late = LateReports.of(content["late"], days.size) if "late" in content else None
        ascending = (np.diff(days) > np.timedelta64(0, "D")).all()  # NaT is not
        count = counts.size > 1 and ascending and np.isfinite(counts).all()
        why = "" if count else "not two or more totals, one a day"
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        why = str(error) or "a part is missing"
    if why:
        raise damaged("a series", why, place)
    reports = Reports(days.astype(np.int64), counts, name, unit, late)
    return judged(reports, (), own_day=own_day)


def held_series(record: Record) -> Series | None:
    """Return the recorded count that a record holds, or None."""
    given = record.series
    if given is None or given.content is None:
        return None
    return series_from(given.content, f"record {record.id}, series '{given.id}'")


def changed_rows(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return in words what is not the same in two recorded counts: name, unit, reports.

    Parameters
    ----------
    before, after : mapping
        As :func:`series_content` returns them.

    Examples
    --------
    >>> old = {"name": "a", "unit": "persons", "own_day": False, "totals": {"2025-06-03": 5.0}}
    >>> changed_rows(old, {**old, "totals": {"2025-06-03": 7.0, "2025-06-04": 9.0}})
    ['2025-06-03 was 5, now 7', '2025-06-04 added, 9']
    """
    changes = [
        f"{key.replace('_', ' ')} was {before.get(key)!r}, now {after.get(key)!r}"
        for key in ("name", "unit", "own_day", "late")
        if before.get(key) != after.get(key)
    ]
    was, now = before["totals"], after["totals"]
    days = [day for day in sorted({*was, *now}) if was.get(day) != now.get(day)]
    for day in days[:_ROWS]:
        old, new = (f"{one[day]:,.10g}" if day in one else "" for one in (was, now))
        changed = f"was {old}, now {new}" if old and new else ""
        changes.append(f"{day} {changed or (f'added, {new}' if new else f'removed, {old}')}")
    if len(days) > _ROWS:
        changes.append(f"and {len(days) - _ROWS} more reports to {days[-1]}")
    return changes
