"""Reading a table of which each row says what one report told about one date of event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import clip
from attrition.core.refusals import refusal
from attrition.data.series.cleaning import Days
from attrition.data.series.columns import listed, repeated
from attrition.data.series.dates import Label, form_of, labels_of
from attrition.data.series.findings import EPOCH, date_of
from attrition.data.series.rows import CountRows, CountWords, check_signs
from attrition.data.series.tables import Columns, Table, table_of
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
    columns: Columns = {AS_OF: []}
    names: set[str] | None = None
    lines: list[int] = []
    for day, table in tables.items():
        if names is not None and names != set(table.columns):
            got = f"{listed(sorted(names ^ set(table.columns)))} in some only"
            raise refusal("same columns", got, table.place)
        names = set(table.columns)
        columns[AS_OF] = [*columns[AS_OF], *[day] * len(table.lines)]
        for name, cells in table.columns.items():
            columns[name] = [*columns.get(name, ()), *cells]
        lines += table.lines
    place = ", ".join(Path(table.place).name for table in list(tables.values())[-1:])
    first = next(iter(tables.values()), Table({}, "read_series", []))
    return Table(columns, place or "read_series", lines, first.word, first.name, first.dated)


def by_report(rows: CountRows, words: CountWords) -> tuple[Days, Floats, LateReports | None]:
    """Return the days of a table by date of event and of report, their counts, what they lack.

    A row holds all that is reported by then of its date of event, or what its report adds; where
    ``words.kind`` does not say which, the course of such rows does.

    Raises
    ------
    InputError
        If there is one date of report, a day is reported before it comes, or too few are complete.
    """
    table, event, values = rows.table, rows.days, rows.values
    if words.kind != "new" and not rows.persons:
        check_signs(rows)
    report = _reports(rows, words)
    seen = np.isfinite(values)
    if np.unique(event[seen]).size < 2 or _is_monthly(rows.labels, event[seen]):  # noqa: PLR2004
        got = "months" if np.unique(event[seen]).size > 1 else "one date of event"
        raise refusal("events by day or week", got, table.place, dates=rows.dates)
    check_span(event[seen], table.place)
    if report[seen].max() - event[seen].max() > RECENT:
        got = f"{date_of(int(event[seen].max()))}, {date_of(int(report[seen].max()))} reported"
        raise refusal("last report soon", got, table.place)
    _list_columns(rows, report)
    pairs, back = np.unique(np.stack([event, report])[:, seen], axis=1, return_inverse=True)
    sums = np.bincount(back.ravel(), weights=values[seen]).astype(float)
    adds = _adds(rows, pairs, sums, words)
    events, reports, known = matrix_of(pairs[0], pairs[1], sums, adds=adds)
    stays = events <= events[-1] - words.incomplete
    events, known = events[stays], known[stays]
    late = late_reports(events, reports, known)
    number = 0 if late is None else late.complete.size
    if events.size - number < 2:  # noqa: PLR2004 - one count needs two totals
        got = f"{events.size} days, of which {number} are still reported on"
        raise refusal("two complete days", got, table.place)
    if late is not None:
        rows.findings.note(
            *("still to come", events[-number], events[-1]),
            days=number,
            reports=np.unique(report).size,
            last=date_of(int(report.max())),
            missing=late.missing,
            spread=late.spread,
        )
    return events, np.asarray(known[:, -1]), late


def _reports(rows: CountRows, words: CountWords) -> Days:
    """Return the dates of report."""
    table, name = rows.table, str(words.report_date)
    cells = table.columns[name]
    form = form_of(cells, name, day_first=words.day_first, zone=words.zone)
    days = np.zeros(len(cells), dtype=np.int64)
    for i, label in enumerate(labels_of(cells, form, table.where)):
        if label is None or label.first != label.last:
            raise refusal("day of a report", clip(cells[i]), f"{table.where(i)}, column `{name}`")
        days[i] = (label.last - EPOCH).days
    event = rows.days
    early = np.flatnonzero(days < event)
    if early.size:
        got = f"{date_of(int(event[early[0]]))} reported on {date_of(int(days[early[0]]))}"
        raise refusal("event before report", got, table.where(int(early[0])))
    return days


def _is_monthly(labels: Sequence[Label], event: Days) -> bool:
    long = max((label.last - label.first).days for label in labels)
    return long > 6 or float(np.median(np.diff(np.unique(event)))) >= _MONTH  # noqa: PLR2004


def _list_columns(rows: CountRows, report: Days) -> None:
    """List that rows of one date of event and one of report are summed, and what tells them."""
    keys = (rows.days * 1_000_000 + report).tolist()  # one number of the two days
    columns = rows.tell_apart(keys, repeated(keys, range(len(keys))))
    if columns:
        rows.note("several of a report", columns=listed(columns))


def _adds(rows: CountRows, pairs: Days, values: Floats, words: CountWords) -> bool:
    """Tell whether a row holds what its report adds: then later reports of a day are smaller."""
    again = np.diff(pairs[0]) == 0
    if not again.any():
        raise refusal(
            "several reports of an event",
            f"one report of each, {np.unique(pairs[1]).size} in all",
            rows.table.place,
            column=words.report_date,
        )
    if rows.persons or words.kind is not None:
        return rows.persons or words.kind == "new"
    falls, number = int((np.diff(values)[again] < 0).sum()), int(again.sum())
    if number < _FEW:
        raise refusal("adds or all", f"{number} later reports of a day", rows.table.place)
    adds = falls > _FALLS * number
    word = "what each adds" if adds else "all that is reported by then"
    rows.note("reports", number=number, falls=falls, word=word)
    return adds
