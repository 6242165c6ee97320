"""`attrition verify`, `compare` and `archive`: what became of what was cited."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from attrition.cli.arguments import figure_form, show
from attrition.cli.options import expanded, plain_count_of
from attrition.core.files import try_file, write_whole

if TYPE_CHECKING:
    from attrition.forecasts import Forecast
    from attrition.reporting import ArchiveScore, Compared, Record, Scored


def verify(
    record: Path, *, dossier: str | None = None, series: Path | None = None, as_json: bool = False
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
    counts = Counter(row.status for row in verification.numbers)
    counted = ", ".join(f"{count} {status}" for status, count in counts.items())
    lines = [
        f"record {verification.record}",
        *(f"  {text}" for text in (*verification.altered, *verification.causes)),
        *_compared(verification.numbers),
        f"{counted}: {same}",
    ]
    show(content, lines, as_json=as_json)
    if not verification.holds:
        raise typer.Exit(1)


def compare(new: str, old: Path, *, as_json: bool = False) -> None:
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
    from attrition.reporting.verification import question_of

    data = read_data(file)
    latest = data.latest_published if isinstance(data, at.Dossier) else data.last_day
    asked = question_of(record, data).changed(as_of=None, model=None, model_version=None)
    ahead = asked.horizon is not None and asked.horizon > latest
    return at.forecast(data, asked if ahead else asked.changed(horizon=None))


def _line(row: Compared) -> str:
    change = row.was if row.was == row.now else f"{row.was} -> {row.now}"
    return f"  {row.status:<16} {row.what}, {row.name}: {change}"


def _compared(numbers: Sequence[Compared]) -> Iterator[str]:
    """Yield a line for each threshold of which all is as printed, else one for each number."""
    for what, group in itertools.groupby(numbers, key=lambda row: row.what):
        rows = list(group)
        statuses = {row.status for row in rows}
        if "different" in statuses:
            yield from map(_line, rows)
            continue
        status = max(statuses, key=("identical", "equal as printed").index)
        printed = ", ".join(f"{row.name} {row.now}" for row in rows if row.name != "law")
        yield f"  {status:16} {what}: {printed}"


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
    as_json: bool = False,
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
        known = row.outcome != "pending"
        so_far = "  {} of {} held so far".format(*next(resolved)) if known else ""
        yield _scored_line(row) + so_far
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


def _scored_line(row: Scored) -> str:
    from attrition.reporting.words import chance

    ends = [day.isoformat() if day else "open" for day in (row.lower, row.upper)]
    score = "" if row.crps is None else f", CRPS {row.crps:.1f} days"
    when = f", passed {row.happened}" if row.happened else ""
    return (
        f"{row.outcome:<8}{row.record}  {row.information_date}  {row.threshold:,.10g} "
        f"({row.basis}{', may end' if row.end_hazard else ''}) "
        f"{ends[0]} to {ends[1]} ({chance(row.prob)}){when}{score}"
    )
