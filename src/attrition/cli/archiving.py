"""`attrition archive`: keep records, and see how what they cite has held up."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from attrition.cli.arguments import figure_form, show
from attrition.cli.counting import plain_count_of
from attrition.cli.options import JsonOption, expanded
from attrition.core.files import try_file, write_whole

if TYPE_CHECKING:
    from attrition.reporting import ArchiveScore, Scored

archive = typer.Typer(
    help="Keep records in a folder, and score what they cite.", no_args_is_help=True
)

_FOLDER = Path("archive")


@archive.command()
@expanded
def add(record: Path, *, folder: Path = _FOLDER) -> None:
    """Put a record into the archive, under its id.

    Parameters
    ----------
    record
        A record that --out wrote.
    folder
        The archive.
    """
    import attrition as at
    from attrition.reporting import add_to_archive

    typer.echo(f"Archived as {add_to_archive(at.reporting.read_record(record), folder)}")


@archive.command()
@expanded
def score(
    *,
    truth: Path,
    folder: Path = _FOLDER,
    quantity: str | None = None,
    basis: str | None = None,
    figure: Path | None = None,
    as_json: JsonOption = False,
) -> None:
    """Say which cited intervals are resolved, which held, and which are pending.

    Parameters
    ----------
    truth
        CSV of the count with columns date, cumulative.
    folder
        The archive.
    quantity
        Of which total the truth is, if several are cited.
    basis
        Score only laws of this count.
    figure
        Draw it into this .svg or .png.
    """
    from attrition.reporting import read_archive, score_archive

    form = figure_form(figure, "--figure")
    try_file(figure)
    series = plain_count_of(truth)
    scored = score_archive(read_archive(folder), series, quantity=quantity, basis=basis)
    if figure is not None:
        from attrition.plots import archive as plot_archive
        from attrition.plots import figure_bytes

        axes = plot_archive(scored, series.days[-1])
        write_whole(figure, figure_bytes(axes, form))
    rows = [_as_row(row) for row in scored.rows]
    content = {"coverage": scored.coverage, "crps": scored.crps, "intervals": rows}
    show(content, _lines(scored), as_json=as_json)


def _lines(scored: ArchiveScore) -> Iterator[str]:
    resolved = iter(scored.running)
    for row in scored.rows:
        so_far = ""
        if row.outcome != "pending":
            so_far = "  {} of {} held so far".format(*next(resolved))
        yield _line(row) + so_far
    pending = sum(row.outcome == "pending" for row in scored.rows)
    mean = "none" if scored.crps is None else f"{scored.crps:.1f} days"
    yield f"{_coverage(scored)}; pending: {pending}; mean CRPS: {mean}"


def _coverage(scored: ArchiveScore) -> str:
    """Return how many resolved intervals held, beside how many were said to."""
    if scored.coverage is None:
        return "no interval is resolved yet"
    from attrition.reporting.words import chance

    hits, resolved = scored.running[-1]
    probs = sorted({chance(row.prob) for row in scored.rows if row.outcome != "pending"})
    intervals = f"{' and '.join(probs)} intervals"
    return f"{hits} of {resolved} resolved {intervals} held ({100 * scored.coverage:.0f} %)"


def _as_row(row: Scored) -> dict[str, str | float | None]:
    cells = dataclasses.asdict(row)
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in cells.items()}


def _line(row: Scored) -> str:
    from attrition.reporting.words import chance

    ends = [day.isoformat() if day else "open" for day in (row.lower, row.upper)]
    score = "" if row.crps is None else f", CRPS {row.crps:.1f} days"
    when = f", passed {row.happened}" if row.happened else ""
    return (
        f"{row.outcome:<8}{row.record}  {row.information_date}  {row.threshold:,.10g} "
        f"({row.basis}{', may end' if row.end_hazard else ''}) "
        f"{ends[0]} to {ends[1]} ({chance(row.prob)}){when}{score}"
    )
