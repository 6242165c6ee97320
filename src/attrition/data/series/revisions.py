"""Several publications of one date: the last of them stands, and none is added to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from attrition.core.errors import InputError
from attrition.core.refusals import refusal
from attrition.data.series.cells import cell_text, flag_of, number_of
from attrition.data.series.columns import days_in, holds_dates, parts_of, repeated, telling
from attrition.data.series.dates import Label, form_of, labels_of
from attrition.data.series.names import NAMES
from attrition.data.series.rows import CountRows, CountWords

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
