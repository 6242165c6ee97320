"""`attrition verify` and `compare`: is a citation still what it was, and what moved it."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from attrition.cli.arguments import show
from attrition.cli.counting import plain_count_of
from attrition.cli.options import JsonOption

if TYPE_CHECKING:
    from attrition.forecasts import Forecast
    from attrition.reporting import Compared, Record


def verify(
    record: Path,
    *,
    dossier: str | None = None,
    series: Path | None = None,
    as_json: JsonOption = False,
) -> None:
    """Compute a record again; exit 0: the same as printed, 1: different, 2: unreadable.

    Parameters
    ----------
    record
        A record that --out wrote.
    dossier
        Compute from this FILE instead of the dossier in the record.
    series
        Compute from this FILE instead of the recorded count in the record.
    """
    import attrition as at

    given = at.read_dossier(dossier) if dossier is not None else None
    count = plain_count_of(series) if series is not None else None
    verification = at.verify(at.reporting.read_record(record), dossier=given, series=count)
    content = {
        "record": verification.record,
        "holds": verification.holds,
        "altered": verification.altered,
        "causes": verification.causes,
        "numbers": [dataclasses.asdict(row) for row in verification.numbers],
    }
    why = "" if verification.causes or verification.altered else " by arithmetic alone"
    same = "the same as printed" if verification.holds else f"different{why}"
    lines = [
        f"record {verification.record}",
        *(f"  {text}" for text in (*verification.altered, *verification.causes)),
        *(_line(row) for row in verification.numbers),
        f"{_count(verification.numbers)}: {same}",
    ]
    show(content, lines, as_json=as_json)
    if not verification.holds:
        raise typer.Exit(1)


def compare(new: str, old: Path, *, as_json: JsonOption = False) -> None:
    """Say which reports moved the dates, and by how much; exit 1 if any number is another.

    A dossier or a count is asked what the earlier record was asked, with all that it knows.

    Parameters
    ----------
    new
        A dossier, a recorded count, or the later record.
    old
        The earlier record, or the folder that holds it.
    """
    import attrition as at

    with contextlib.suppress(OSError):  # what cannot be looked at is refused where it is read
        old = old / "record.json" if old.is_dir() else old
    before = at.reporting.read_record(old)
    later = (
        at.reporting.read_record(new) if Path(new).suffix == ".json" else _asked_again(new, before)
    )
    comparison = at.reporting.compare(later, before)
    rows = json.loads(comparison.to_pandas().to_json(orient="records", date_format="iso"))
    content = {
        "shifts": [dataclasses.asdict(shift) for shift in comparison.shifts],
        "contributions": rows,
        "only_old": comparison.only_old,
        "only_new": comparison.only_new,
        "note": comparison.note,
    }
    show(content, [str(comparison)], as_json=as_json)
    if not comparison.same:
        raise typer.Exit(1)


def _asked_again(file: str, record: Record) -> Forecast:
    """Put the question of a record to another file, on the last day that it knows."""
    import attrition as at
    from attrition.forecasts.door import read_data
    from attrition.reporting.recomputing import question_of

    data = read_data(file)
    latest = data.latest_published if isinstance(data, at.Dossier) else data.last_day
    asked = question_of(record, data).changed(as_of=None, model=None, model_version=None)
    ahead = asked.horizon is not None and asked.horizon > latest
    return at.forecast(data, asked if ahead else asked.changed(horizon=None))


def _line(row: Compared) -> str:
    change = row.was if row.was == row.now else f"{row.was} -> {row.now}"
    return f"  {row.status:<16} {row.what}, {row.name}: {change}"


def _count(rows: tuple[Compared, ...]) -> str:
    counts = Counter(row.status for row in rows)
    return ", ".join(f"{count} {status}" for status, count in counts.items())
