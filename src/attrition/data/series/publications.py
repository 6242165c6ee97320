"""Several publications of one date.

Where the dates of report are asked for, each row says what one report told about one date of event,
and what is still to come is learnt; else the last of them stands, and none is added to another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError, clip, refusal
from attrition.data.series.cells import NAMES, cell_text, flag_of, number_of
from attrition.data.series.columns import days_in, holds_dates, listed, parts_of, repeated, telling
from attrition.data.series.dates import Label, form_of, labels_of
from attrition.data.series.findings import EPOCH, Days, date_of
from attrition.data.series.rows import CountRows, CountWords, check_signs, check_span
from attrition.data.series.tables import Columns, Table, table_of
from attrition.data.series.unreported import RECENT, LateReports, late_reports, matrix_of

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


_PUBLISHED = frozenset(NAMES["published"])  # what columns of publications are called
_PROVISIONAL = {"p", *NAMES["states"][1]}
_MARK = 2  # letters of a mark at most
_STATES = {  # of a figure, in the order in which they follow each other
    word: rank for rank, words in enumerate(NAMES["states"]) for word in words
}
_LOOKED = 50  # cells by which words of states are known
_CLOSE, _MOSTLY = 0.5, 0.8  # share of a figure by which it is revised at most, and how often


def keep_last_published(rows: CountRows, words: CountWords) -> None:
    """Leave out the rows that a later publication of the same date replaces.

    Raises
    ------
    InputError
        If nothing tells whether later rows of a date replace the earlier ones or add to them.
    """
    known = np.flatnonzero(np.isfinite(rows.values)).tolist()
    asked = zip(rows.days.tolist(), *(rows.texts(name) for name in words.every), strict=True)
    dates: list[tuple[Any, ...]] = list(asked)
    several = repeated(dates, known)
    if rows.persons or not several:
        return
    for name, order, named in _publications(rows, words, several):
        but = (*words.every, rows.dates, rows.counts, "series", "unit", name)
        keys = list(zip(dates, order, strict=True))
        same = repeated(keys, known)  # of one date and one publication
        columns = telling(rows.table, keys if same else dates, but, same or several)
        if same and not columns:
            continue  # each is something of its own
        ids = dates
        if same:
            ids = list(zip(dates, *(rows.texts(column) for column in columns), strict=True))
        alike = sorted(repeated(ids, known), key=lambda i: (ids[i], order[i]))
        apart = not same and bool(columns or _have_names(rows, but))
        dated = bool(days_in(rows.table.columns[name]))  # of versions each replaces the last
        close = not dated or _are_close(rows, ids, alike)
        if not alike or (rows.kind == "total" and apart) or not (named or close):
            continue
        if rows.kind != "total" and (apart or not named or not close):
            if apart and not named:
                continue
            which = {"column": name, "value": rows.texts(name)[alike[-1]]}
            rule = "publications by day" if dated else "publications by version"
            raise refusal(rule, f"{len(several)} such rows", rows.table.place, **which)
        last = {ids[i]: i for i in alike}
        more = f"; report_date='{name}' (--report-date-column) learns what is still to come"
        rows.note("revised", dates=len(last), column=name, more=more if dated else "")
        gone = set(alike) - set(last.values())
        rows.keep([i for i in range(len(dates)) if i not in gone])
        return


def _publications(
    rows: CountRows, words: CountWords, several: set[int]
) -> Iterator[tuple[str, list[Any], bool]]:
    """Yield columns that may say when a row was published: an order, and whether its name says so.

    They hold dates, none before that of its row, numbers of versions, or words such as final.
    """
    some = sorted(several)[:_LOOKED]
    for name, cells in rows.table.columns.items():
        named = bool(parts_of(name) & _PUBLISHED) or {"as", "of"} <= parts_of(name)
        stated = {cell_text(cells[i]).casefold().strip(".()") for i in some} <= _STATES.keys()
        dated = days_in(cells) or (named and holds_dates(cells))
        if name in {rows.dates, rows.counts} or not (named or stated or dated):
            continue
        texts = [text.casefold().strip(".()") for text in rows.texts(name)]
        if len({texts[i] for i in several}) == 1:
            continue
        if stated:
            yield name, [_STATES.get(text, -1) for text in texts], True
        elif dated:
            labels = _labels(rows, words, name, named=named)
            pairs = zip(labels, rows.labels, strict=True)
            if named or all(one and one.last >= row.last for one, row in pairs):
                order = [(str(one.last), one.time) if one else ("", "") for one in labels]
                yield name, order, named
        else:
            numbers = [number_of(text.lstrip("v ")) for text in texts]
            if None not in numbers:  # what is left blank is the first
                yield name, [-1.0 if n is None or np.isnan(n) else n for n in numbers], True


def _labels(rows: CountRows, words: CountWords, name: str, *, named: bool) -> list[Label | None]:
    """Return the dates of a column; those of which nothing tells the day are none, unless named."""
    cells = rows.table.columns[name]
    form = form_of(cells, name, day_first=words.day_first, zone=words.zone)
    if form.day_first is None:
        form = replace(form, day_first=form_of(rows.table.columns[rows.dates]).day_first)
    try:
        return labels_of(cells, form, rows.table.where)
    except InputError:
        if named:
            raise
        return [None] * len(cells)


def _have_names(rows: CountRows, but: Sequence[str]) -> bool:
    """Tell whether a column names each row by a word of its own, as a list of events does."""
    size = len(rows.labels)
    columns = (rows.texts(name) for name in rows.table.columns if name not in but)
    return any(any(map(str.isalpha, "".join(t))) and len(set(t)) == size for t in columns)


def _are_close(rows: CountRows, ids: Sequence[Any], alike: Sequence[int]) -> bool:
    """Tell whether later figures of a date are mostly near the ones before."""
    pairs = [(rows.values[i], rows.values[j]) for i, j in pairwise(alike) if ids[i] == ids[j]]
    near = [abs(a - b) <= max(_CLOSE * max(a, b), 1.0) for a, b in pairs]
    return bool(near) and float(np.mean(near)) >= _MOSTLY


def note_provisional(rows: CountRows) -> None:
    """List that the last counts are marked provisional, beside them or in a column of marks."""
    marks = [flag_of(cell) for cell in rows.table.columns[rows.counts]]
    for name in rows.table.columns.keys() - {rows.dates, rows.counts}:
        texts = [text.casefold().strip(".()") for text in rows.texts(name)]
        if _PROVISIONAL & {*texts} and all(len(t) <= _MARK or t in _STATES for t in texts):
            marks = [mark or text for mark, text in zip(marks, texts, strict=True)]
    known = np.flatnonzero(np.isfinite(rows.values))
    order = known[np.argsort(rows.days[known], kind="stable")]
    marked = np.array(
        [
            mark in _PROVISIONAL or (len(mark) <= _MARK and "p" in mark)
            for mark in (marks[i] for i in order)
        ]
    )
    last = int(np.argmin(marked[::-1])) if not marked.all() else 0  # of all it tells nothing
    if last:
        days = rows.days[order[-last:]]
        rows.findings.note("provisional", days[0], days[-1], number=last)
