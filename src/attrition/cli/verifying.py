"""`attrition verify` and `attrition diff`: is a citation still what it was, and what moved it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attrition.cli.counting import plain_count_of

if TYPE_CHECKING:
    from attrition.reporting import Compared, Moved

_STILL = 0.05  # days: what prints as 0.0


def verify(
    record: Annotated[Path, typer.Argument(help="A record that --out wrote.")],
    *,
    dossier: Annotated[
        str | None,
        typer.Option(help="Compute from this FILE instead of the dossier in the record."),
    ] = None,
    series: Annotated[
        Path | None,
        typer.Option(help="Compute from this FILE instead of the recorded count in the record."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of lines.")] = False,
) -> None:
    """Compute a record again; exit 0: the same as printed, 1: different, 2: unreadable."""
    import attrition as at

    given = at.read_dossier(dossier) if dossier is not None else None
    count = plain_count_of(series) if series is not None else None
    found = at.verify(at.read_record(record), dossier=given, series=count)
    if as_json:
        content = {
            "record": found.record,
            "holds": found.holds,
            "altered": list(found.altered),
            "causes": list(found.causes),
            "numbers": [_as_row(row) for row in found.numbers],
        }
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False))
    else:
        typer.echo(f"record {found.record}")
        for text in (*found.altered, *found.causes):
            typer.echo(f"  {text}")
        for row in found.numbers:
            typer.echo(_line(row))
        why = "" if found.causes or found.altered else " by arithmetic alone"
        same = "the same as printed" if found.holds else f"different{why}"
        typer.echo(f"{_count(found.numbers)}: {same}")
    if not found.holds:
        raise typer.Exit(1)


def diff(
    old: Annotated[Path, typer.Argument(help="The earlier record.")],
    new: Annotated[Path, typer.Argument(help="The later record.")],
) -> None:
    """Say what changed between two records, and which input moved the dates; exit 1 if any did."""
    import attrition as at

    found = at.diff(at.read_record(old), at.read_record(new))
    for row in found.numbers:
        if row.status == "different" and row.name != "law":
            typer.echo(f"{row.what}, {row.name}: {row.was}, now {row.now}")
    for heading, items in (
        ("Only in the old record", found.only_old),
        ("Only in the new record", found.only_new),
        ("Changed", found.changes),
    ):
        if items:
            typer.echo(heading)
            for item in items:
                typer.echo(f"  - {item}")
    for moved in found.moved:
        for line in _moved_lines(moved):
            typer.echo(line)
    if found.same:
        typer.echo("Both records say the same, as printed.")
    else:
        raise typer.Exit(1)


def _moved_lines(moved: Moved) -> list[str]:
    """Say what one change does alone; medians that it leaves where they are share a line."""
    far = {what: days for what, days in moved.days.items() if abs(days) >= _STILL}
    if not moved.days:
        return [f"Alone, this cannot be tried, or no median has a date: {moved.change}"]
    if not far:
        return [f"Alone, this moves no median: {moved.change}"]
    rest = len(moved.days) - len(far)
    return [
        f"Alone, this moves the medians: {moved.change}",
        *(f"  {what}: {days:+.1f} days" for what, days in far.items()),
        *([f"  {rest} other{'s' * (rest > 1)}: not by a tenth of a day"] if rest else []),
    ]


def _as_row(row: Compared) -> dict[str, str]:
    names = ("what", "name", "was", "now", "status")
    return {name: str(getattr(row, name)) for name in names}


def _line(row: Compared) -> str:
    change = row.was if row.was == row.now else f"{row.was} -> {row.now}"
    return f"  {row.status:<16} {row.what}, {row.name}: {change}"


def _count(rows: tuple[Compared, ...]) -> str:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.status] = counts.get(row.status, 0) + 1
    return ", ".join(f"{count} {status}" for status, count in counts.items())
