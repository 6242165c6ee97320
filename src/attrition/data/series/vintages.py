"""Reading a table of which each row says what one report told about one date of event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError, clip
from attrition.data.series.cells import Label, ambiguous_day, day_first, label_of
from attrition.data.series.cleaning import Anomaly, Days
from attrition.data.series.columns import CountKind, listed, telling
from attrition.data.series.series import EPOCH, date_of
from attrition.data.series.tables import Table, table_of
from attrition.data.series.triangles import RECENT, LateReports, late_reports, matrix_of
from attrition.data.series.years import check_span

AS_OF = "as_of"
"""Column of the dates of report of several files."""

_FALLS = 0.1  # share of later reports of a day that are smaller, above which each adds
_FEW = 5  # later reports of a day below which their course tells nothing
_MONTH = 28


def joined(sources: Mapping[Any, Any]) -> Table:
    """Return several tables as one, each row with the day by which its table was reported.

    Raises
    ------
    InputError
        If one cannot be read, or their columns differ.
    """
    tables = {str(day): table_of(source) for day, source in sources.items()}
    columns: dict[str, Sequence[Any]] = {AS_OF: []}
    names: set[str] | None = None
    lines: list[int] = []
    for day, table in tables.items():
        if names is not None and names != set(table.columns):
            raise InputError(
                "files of one count must have the same columns",
                got=f"{listed(sorted(names ^ set(table.columns)))} in some only",
                place=table.place,
                remedy="Read them apart, or rename the columns",
            )
        names = set(table.columns)
        columns[AS_OF] = [*columns[AS_OF], *[day] * len(table.lines)]
        for name, cells in table.columns.items():
            columns[name] = [*columns.get(name, ()), *cells]
        lines += table.lines
    place = ", ".join(Path(table.place).name for table in list(tables.values())[-1:])
    first = next(iter(tables.values()), Table({}, "read_series", []))
    return Table(columns, place or "read_series", lines, first.word, first.name, first.dated)


def by_report(
    table: Table,
    labels: Sequence[Label],
    values: Floats,
    names: tuple[str, str, str],
    *,
    kind: CountKind | None,
    incomplete: int,
    anomalies: list[Anomaly],
) -> tuple[Days, Floats, LateReports | None]:
    """Return the days of a table by date of event and of report, their counts, what they lack.

    Parameters
    ----------
    table : Table
    labels : sequence of Label
        Dates of event.
    values : ndarray of float, shape (row,)
    names : tuple of str
        Columns of dates of event, of counts, and of dates of report.
    kind : {"total", "new"}, optional
        Whether a row holds all that is reported by then of its date of event, or what its report
        adds; left out, by the course of such rows.
    incomplete : int
        So many last days are left out [day].
    anomalies : list of Anomaly
        To which what is found is added.

    Raises
    ------
    InputError
        If there is one date of report, a day is reported before it comes, or too few are complete.
    """
    event = np.array([(label.last - EPOCH).days for label in labels], dtype=np.int64)
    report = _reports(table, event, names[2])
    seen = np.isfinite(values)
    if np.unique(event[seen]).size < 2 or _is_monthly(labels, event[seen]):  # noqa: PLR2004
        raise InputError(
            "a count by date of event must be of days or weeks",
            got="months" if np.unique(event[seen]).size > 1 else "one date of event",
            place=table.place,
            remedy=f"Leave the dates of report out, or give days: `{names[0]}`",
        )
    check_span(event[seen], table.place)
    if report[seen].max() - event[seen].max() > RECENT:
        raise InputError(
            "the last report must come soon after the last date of event",
            got=f"{date_of(int(event[seen].max()))}, {date_of(int(report[seen].max()))} reported",
            place=table.place,
            remedy="Mend the year that is mistyped, or leave report_date out: such a count is "
            "complete",
        )
    _list_columns(table, event, report, names, anomalies)
    pairs, back = np.unique(np.stack([event, report])[:, seen], axis=1, return_inverse=True)
    sums = np.bincount(back.ravel(), weights=values[seen]).astype(float)
    adds = _adds(pairs, sums, names, table.place, kind=kind, anomalies=anomalies)
    events, reports, known = matrix_of(pairs[0], pairs[1], sums, adds=adds)
    stays = events <= events[-1] - incomplete
    events, known = events[stays], known[stays]
    late = late_reports(events, reports, known)
    number = 0 if late is None else late.complete.size
    if events.size - number < 2:  # noqa: PLR2004 - one count needs two totals
        raise InputError(
            "a count by date of report must hold two complete days",
            got=f"{events.size} days, of which {number} are still reported on",
            place=table.place,
            remedy="Give a longer series",
        )
    if late is not None:
        text = (
            f"reports about the last {number} dates of event are still to come, by "
            f"{np.unique(report).size} reports to {date_of(int(report.max()))}"
        )
        rule = f"about {late.missing:,.0f}, standard deviation {late.spread:,.0f}, in the law"
        begin, end = int(events[-number]), int(events[-1])
        anomalies.append(Anomaly("incomplete", begin, end, text, rule))
    return events, np.asarray(known[:, -1]), late


def _reports(table: Table, event: Days, name: str) -> Days:
    """Return the dates of report."""
    cells = table.columns[name]
    first = day_first(cells)
    days = np.zeros(len(cells), dtype=np.int64)
    for i, cell in enumerate(cells):
        try:
            label = label_of(cell, begins_with_day=first)
        except ValueError:
            raise ambiguous_day(cell, table.where(i)) from None
        if label is None or label.first != label.last:
            raise InputError(
                "a row must hold the day of its report",
                got=clip(cell),
                place=f"{table.where(i)}, column `{name}`",
                remedy="Write for example 2025-06-03, or name another column: report_date='…' "
                "(--report-date-column)",
            )
        days[i] = (label.last - EPOCH).days
    early = np.flatnonzero(days < event)
    if early.size:
        raise InputError(
            "a date of event must not lie after its report",
            got=f"{date_of(int(event[early[0]]))} reported on {date_of(int(days[early[0]]))}",
            place=table.where(int(early[0])),
            remedy="Mend the row, or swap the columns date='…' and report_date='…'",
        )
    return days


def _is_monthly(labels: Sequence[Label], event: Days) -> bool:
    long = max((label.last - label.first).days for label in labels)
    return long > 6 or float(np.median(np.diff(np.unique(event)))) >= _MONTH  # noqa: PLR2004


def _list_columns(
    table: Table, event: Days, report: Days, names: tuple[str, str, str], anomalies: list[Anomaly]
) -> None:
    """List that rows of one date of event and one of report are summed, and what tells them."""
    keys = (event * 1_000_000 + report).tolist()  # one number of the two days
    number: dict[int, int] = {}
    for key in keys:
        number[key] = number.get(key, 0) + 1
    column = telling(table, keys, [*names, "series", "unit"], lambda i: number[keys[i]] > 1)
    if column:
        text = f"a date of event has several rows of one report, told apart by `{column}`"
        rule = "summed; `where` (--where) reads one of them"
        anomalies.append(Anomaly("several", int(event.min()), int(event.max()), text, rule))


def _adds(
    pairs: Days,
    values: Floats,
    names: tuple[str, str, str],
    place: str,
    *,
    kind: CountKind | None,
    anomalies: list[Anomaly],
) -> bool:
    """Tell whether a row holds what its report adds: then later reports of a day are smaller."""
    again = np.diff(pairs[0]) == 0
    if not again.any():
        raise InputError(
            "how late reports are is learnt from dates of event that several reports tell of",
            got=f"one report of each, {np.unique(pairs[1]).size} in all",
            place=place,
            remedy="Give what earlier reports told as well, or leave out report_date "
            f"(--report-date-column), here `{names[2]}`, and say incomplete=14 (--incomplete 14)",
        )
    if kind is not None:
        return kind == "new"
    falls, number = int((np.diff(values)[again] < 0).sum()), int(again.sum())
    if number < _FEW:
        raise InputError(
            "rows must say whether they hold what a report adds, or all that is reported by then",
            got=f"{number} later reports of a day",
            place=place,
            remedy="Say kind='new' or kind='total' (--kind)",
        )
    adds = falls > _FALLS * number
    text = f"of {number} later reports about a date of event {falls} are smaller"
    word = "read as what each adds" if adds else "read as all that is reported by then"
    begin, end = int(pairs[0].min()), int(pairs[0].max())
    anomalies.append(Anomaly("reports", begin, end, text, f"{word}; kind='new' or 'total' says it"))
    return adds
