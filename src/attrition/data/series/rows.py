"""The rows of a table whose dates and counts are read, with what is odd about them.

Of mistyped dates too: one far from both its neighbours that another year or month puts between
them, and last ones after a silence that no earlier one comes near.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from attrition.core._typing import LARGEST, Floats
from attrition.core.errors import InputError, clip, refusal
from attrition.data.series.cells import NAMES, cell_text, is_missing, number_of, pointed, suppressed
from attrition.data.series.columns import (
    EVERY,
    SUMS,
    CountKind,
    check_rolling,
    date_column,
    is_worded,
    kind_of_values,
    listed,
    lists_persons,
    other_dates,
    repeated,
    scale_in,
    starts_of,
    telling,
    unit_of,
    value_column,
)
from attrition.data.series.dates import BUDDHIST, DateForm, Label, form_of, labels_of, month_of
from attrition.data.series.findings import EPOCH, Days, Findings, date_of
from attrition.data.series.tables import Table

_LATE = frozenset({"20", "21", "22", "23"})  # hours of universal time, midnight further east
_DIGIT = re.compile(r"\d")  # of a date that is mistyped: a note below a table has no count
_CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d)?")
_UNKNOWN = frozenset(NAMES["unknown"])
_FEW = 8  # values of a column of places, or of kinds
_SEVEN = timedelta(days=6)  # from the first to the last day of a week


_IN_NOTE = (  # 18 September, September 18
    re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,})"),
    re.compile(r"(?P<month>[^\W\d_]{3,})\s+(?P<day>\d{1,2})\b"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountWords:
    """How a table is read, as :func:`attrition.read_series` explains it."""

    date: str | None
    value: str | None
    kind: CountKind | Literal["rows"] | None
    where: Mapping[str, object]
    period: Literal["start", "end"] | None
    scale: float | None
    incomplete: int
    report_date: str | None
    day_first: bool | None
    zone: ZoneInfo | None
    year: int | None

    @property
    def every(self) -> list[str]:
        """Columns of which all values are added."""
        return [column for column, wanted in self.where.items() if wanted == EVERY]


@dataclass(slots=True)
class CountRows:
    """CountRows of a table.

    Parameters
    ----------
    table : Table
    dates, counts : str
        Its columns.
    labels : list of Label
        What each date names.
    values : ndarray of float, shape (row,)
        What each row counts, NaN where that is missing [unit].
    days : ndarray of int, shape (row,)
        Day numbers of the last day of each label.
    kind : {"total", "new"}, optional
        None where nothing says it.
    scaled : bool
        Whether the unit of the column is known.
    persons : bool
        Whether each row is a person.
    findings : Findings
    where : dict
        By what the rows were chosen.
    chosen : bool
        Whether the column of counts and its kind are known by its name alone.
    """

    table: Table
    dates: str
    counts: str
    labels: list[Label]
    values: Floats
    days: Days
    kind: CountKind | None
    scaled: bool
    persons: bool
    findings: Findings = field(default_factory=Findings)
    where: Mapping[str, object] = field(default_factory=dict)
    chosen: bool = False

    def note(self, name: str, **words: object) -> None:
        """List what is odd about all rows."""
        self.findings.note(name, self.days.min(), self.days.max(), **words)

    def keep(self, rows: Sequence[int]) -> None:
        """Leave out all rows but some, in their order."""
        self.table = self.table.rows(rows)
        self.labels = [self.labels[i] for i in rows]
        self.values, self.days = self.values[rows], self.days[rows]

    def texts(self, column: str) -> list[str]:
        """Return the cells of a column as text."""
        return [cell_text(cell) for cell in self.table.columns[column]]

    def of_few(self, column: str) -> bool:
        """Tell whether a column has few values, in words: places, sides, kinds of events."""
        return 1 < len(set(self.texts(column))) <= _FEW and is_worded(self.table.columns[column])

    def tell_apart(self, keys: Sequence[int], rows: set[int]) -> tuple[str, ...]:
        """Return the columns that tell some rows apart which are of one day."""
        return telling(self.table, keys, (self.dates, self.counts, "series", "unit"), rows)


def rows_of(table: Table, words: CountWords) -> CountRows:
    """Return the rows of a table by the columns that are named, or known.

    Raises
    ------
    InputError
        If there are no such columns, or a cell is no date or no number.
    """
    table, dates = date_column(table, words.date, words.report_date, words.year)
    given = words.value, words.kind, words.report_date
    persons = words.kind == "rows" or (given == (None, None, None) and lists_persons(table, dates))
    kind: CountKind | None
    if persons:
        counts, kind = "rows", "new"
        table = replace(table, columns={**table.columns, counts: [1] * len(table.lines)})
    else:
        asked: CountKind | None = "total" if words.kind == "total" else None
        if words.kind == "new" or words.report_date is not None:
            asked = "new"
        counts, kind = value_column(table, dates, words.value, asked)
    check_rolling(table, counts)
    form = form_of(table.columns[dates], dates, day_first=words.day_first, zone=words.zone)
    labels = labels_of(table.columns[dates], form, table.where)
    if words.year and not dates.endswith(f" of {words.year}"):  # else they run on from there
        kept = [i for i, one in enumerate(labels) if one is None or one.last.year == words.year]
        if not any(labels[i] for i in kept):
            raise _no_year(table, words.year, [one.last.year for one in labels if one])
        table, labels = table.rows(kept), [labels[i] for i in kept]
    labels = _timed(table, labels)
    findings = Findings()
    read, span = _dated_rows(table, labels, (dates, counts), findings, words.where, persons=persons)
    days = np.array([(label.last - EPOCH).days for label in span], dtype=np.int64)
    factor = scale_in(f"{counts} {unit_of(table, counts)}") if words.scale is None else words.scale
    scaled = words.scale is not None or factor != 1
    rows = CountRows(read, dates, counts, span, np.zeros(0), days, kind, scaled, persons, findings)
    rows.where, rows.chosen = words.where, given == (None, None, None)
    rows.values = _numbers(rows)
    if factor != 1:  # 20.2 thousand are 20,200
        rows.values = np.round(rows.values * factor, 6)
    if persons and words.kind is None:
        rows.note("rows")
    if words.scale is None and factor != 1:
        rows.note("scale", column=counts, factor=factor)
    if table.chosen:
        rows.note("table", chosen=table.chosen)
    _note_dates(rows, form, words)
    return rows


def _timed(table: Table, labels: list[Label | None]) -> list[Label | None]:
    """Return labels with the times of a column that has nothing else, where they have none."""
    clocks = (map(cell_text, cells) for cells in table.columns.values())
    timed = [all(map(_CLOCK.fullmatch, texts)) for texts in clocks]
    if not any(timed) or any(label and label.time for label in labels):
        return labels
    times = map(cell_text, list(table.columns.values())[timed.index(True)])
    pairs = zip(labels, times, strict=True)
    return [label and replace(label, time=time.zfill(5)) for label, time in pairs]


def _dated_rows(
    table: Table,
    labels: Sequence[Label | None],
    names: tuple[str, str],
    findings: Findings,
    where: Mapping[str, object],
    *,
    persons: bool,
) -> tuple[Table, list[Label]]:
    """Return the rows that hold a date, and list the others, of which none may hold a count."""
    span = [label for label in labels if label is not None]
    if not span:
        raise _no_row(table, 0, *names)
    other = [i for i, label in enumerate(labels) if label is None]
    days = [(label.last - EPOCH).days for label in span]
    end = max(i for i, label in enumerate(labels) if label is not None)
    if persons and other:
        findings.note("undated", min(days), max(days), rows=len(labels), undated=len(other))
    unknown = list[float]()
    for i in () if persons else other:
        number = number_of(table.columns[names[1]][i])
        counts = bool(number) and not np.isnan(number or 0)  # none is lost, as on 29 February
        label = cell_text(table.columns[names[0]][i])
        if counts and says(label, _UNKNOWN):
            unknown.append(number or 0)
        elif counts and (i < end or _DIGIT.search(label)) and not _is_sum(table, i):
            raise _no_row(table, i, *names, _where(table, labels, where))
        stands = "holds no date" if i < end else "below the last report holds no date"
        day, row = days[min(i - other.index(i), len(days) - 1)], f"{table.word} {table.lines[i]}"
        if counts and i > end and not says(label, _UNKNOWN) and not _is_sum(table, i):
            findings.note("number undated", day, row=row, number=number, label=clip(label))
        else:
            findings.note("footer", day, row=row, stands=stands)
    if unknown:
        findings.note("day unknown", min(days), max(days), number=sum(unknown))
    last, text = span[-1], cell_text(table.columns[names[0]][end])
    mark = text[len(text.rstrip("*†‡§")) :]
    if mark and last.first != last.last:
        notes = zip(*table.rows([i for i in other if i > end]).columns.values(), strict=True)
        shown = [" ".join(filter(None, map(cell_text, cells))) for cells in notes]
        note = next((line for line in shown if line.startswith(mark)), "")
        span[-1] = _shortened(last, note)
        early = span[-1] != last
        rule = "read as ending there" if early else "read as whole, which it may not be"
        day = (span[-1].last - EPOCH).days
        findings.note("partial", day, label=clip(text), note=clip(note), rule=rule)
    return table.rows([i for i, label in enumerate(labels) if label is not None]), span


def _no_year(table: Table, year: int, years: Sequence[int]) -> InputError:
    last = max(years, default=None)
    remedy = f"Say for example year={last} (--year {last})" if last else "Leave it out"
    return refusal("year with dates", str(year), table.place, remedy=remedy)


def _is_sum(table: Table, row: int) -> bool:
    """Tell whether a row without a date says that it is a sum of others."""
    return any(says(cells[row], SUMS) for cells in table.columns.values())


def says(cell: object, words: frozenset[str]) -> bool:
    """Tell whether a cell has one of some words."""
    return not words.isdisjoint(re.split(r"\W+", cell_text(cell).casefold()))


def _shortened(label: Label, note: str) -> Label:
    """End a week or a month on the day that a footnote to it names."""
    for match in chain.from_iterable(pattern.finditer(note) for pattern in _IN_NOTE):
        day, month = int(match["day"]), month_of(match["month"])
        if month == label.last.month and 1 <= day < label.last.day:
            last = label.last.replace(day=day)
            return replace(label, last=last) if last >= label.first else label
    return label


def in_order_of_years(rows: CountRows) -> None:
    """Mend mistyped years, and tell the kind of what is counted."""
    days, kept = mended_years(rows.days, rows.findings)
    rows.keep(kept.tolist())
    rows.days = days
    rows.kind = rows.kind or _guessed(rows)
    _mend_last_days(rows)


def check_signs(rows: CountRows) -> None:
    """Refuse totals below zero."""
    below = np.flatnonzero(rows.values < 0)
    if below.size:
        raise _no_row(rows.table, int(below[0]), rows.dates, rows.counts)


def chosen_by(where: Mapping[str, object]) -> str:
    """Return how rows are chosen in Python and in the shell."""
    shell = " ".join(f"--where '{column}={value}'" for column, value in where.items())
    return f"where={dict(where)} ({shell})"


def _where(table: Table, labels: Sequence[Label | None], where: Mapping[str, object]) -> str:
    """Return how the rows that have dates are chosen, where a column tells them; else nothing."""
    for name, cells in table.columns.items():
        parts = {cell_text(cell) for cell, one in zip(cells, labels, strict=True) if one}
        others = {cell_text(cell) for cell, one in zip(cells, labels, strict=True) if not one}
        if len(parts) == 1 and "" not in parts | others and parts.isdisjoint(others):
            (part,) = parts
            return f"Read the rows that have one: {chosen_by({**where, name: part})}"
    return ""


def _no_row(table: Table, row: int, dates: str, counts: str, remedy: str = "") -> InputError:
    shown = ", ".join(str(table.columns[name][row]) for name in (dates, counts))
    words = {"largest": LARGEST, "dates": dates, "counts": counts, "remedy": remedy}
    name = "day and total of a part" if remedy else "day and total"
    return refusal(name, clip(shown), table.where(row), **words)


def _numbers(rows: CountRows) -> Floats:
    cells = rows.table.columns[rows.counts]
    if pointed(cells):
        example = next(cell for cell in cells if "." in str(cell))
        rows.note("point", example=example)
        cells = [str(cell).replace(".", "") for cell in cells]
    numbers = [number_of(cell) for cell in cells]
    small = [(cell, below) for cell in cells if (below := suppressed(cell)) is not None]
    if small:
        most = sum(max(below - 1, 0) for _, below in small)
        upto = f"up to {most}" if all(below for _, below in small) else "what they hold"
        rows.note("suppressed", number=len(small), example=clip(small[0][0]), most=upto)
    for i, number in enumerate(numbers):
        if number is None or abs(number) >= LARGEST:
            raise _no_row(rows.table, i, rows.dates, rows.counts)
    return np.array(numbers, dtype=float)


def _note_dates(rows: CountRows, form: DateForm, words: CountWords) -> None:
    """List how dates were read that may be read otherwise."""
    cells, labels = rows.table.columns[rows.dates], rows.labels
    if form.numbers == "serial":
        rows.note("serial", example=cells[0])
    elif labels[0].last - labels[0].first == _SEVEN and form.numbers in {"week", "epiweek"}:
        rows.note(form.numbers, example=cells[0], column=rows.dates)
    ahead = (
        str(cell)
        for cell, label in zip(cells, labels, strict=True)
        if str(label.last.year + BUDDHIST) in str(cell)
    )
    if example := next(ahead, ""):
        rows.note("era", example=example, years=BUDDHIST)
    late = all(label.time[:2] in _LATE for label in labels)
    if late and all(str(cell).endswith(("Z", "+00:00")) for cell in cells):
        rows.note("clock", time=labels[0].time[:5])
    start = starts_of(rows.dates, rows.table)
    if start and list(map(str, rows.table.columns[start])) != list(map(str, cells)):
        rows.note("span", start=start, end=rows.dates)
    others = other_dates(rows.table, rows.dates, [words.report_date or ""])
    if others and not words.date:
        rows.note("dates", column=rows.dates, others=listed(others))


def _guessed(rows: CountRows) -> CountKind:
    """Tell the kind of a column from its course, and list that it was guessed."""
    order = np.argsort(rows.days, kind="stable")
    order = order[np.isfinite(rows.values[order])]
    # totals of several places fall from row to row, and rise in each of them
    part = _largest_part(rows, np.sort(order))
    course = rows.values[order[np.isin(order, part)]]
    kind, why = kind_of_values(course, rows.counts, rows.table.place)
    word = "the total" if kind == "total" else "new counts"
    rows.note("kind", column=rows.counts, why=why, word=word)
    return kind


def _largest_part(rows: CountRows, known: Days) -> Days:
    """Return the rows of the place with the largest count, where a day has rows of several."""
    days = rows.days.tolist()
    columns = rows.tell_apart(days, repeated(days, known.tolist()))
    if not columns:
        return known
    cells = list(zip(*map(rows.texts, columns), strict=True))
    largest = cells[int(known[np.argmax(rows.values[known])])]
    return np.array([i for i in known.tolist() if cells[i] == largest], dtype=np.int64)


def values_in(rows: CountRows, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the values of columns, each once."""
    return list(dict.fromkeys(zip(*map(rows.texts, columns), strict=True)))


def names_of(table: Table, counts: str) -> tuple[str, str]:
    """Return the name and the unit: of a column, of the source's own words, or of the file."""
    name, unit = table.attributes.get(counts, ("", ""))
    first = {key: table.columns[key][0] for key in ("series", "unit") if key in table.columns}
    stated = {key: str(cell) for key, cell in first.items() if not is_missing(cell)}
    return stated.get("series", name) or table.name or table.place, stated.get("unit", unit)


_FAR = 300  # days off from which a year may be mistyped
_MONTH_OFF = 20  # ... and a month, where another one puts the row between its neighbours
_SILENCE = 8  # times the longest other silence after which the last dates may be mistyped
_LAST = 3  # rows that may follow it
_SOON = 7  # days, or usual steps, after the report before in which they may be meant
_NEAR = 60  # days between neighbours that know where a date belongs
_DECADES = 7_300  # days after which a lone last date is no report
_SPAN = 73_050  # days of 200 years: what lies farther apart is a mistyped year
_LATEST = 84_006  # days to the year 2200: no report is of later, in this calendar
_ORDERED = 0.02  # share of rows out of order in a table that is in order


def check_span(days: Days, place: str) -> None:
    """Refuse days that lie more than 200 years apart, or in a far future."""
    first, last = int(days.min()), int(days.max())
    if last - first > _SPAN or last > _LATEST:
        raise refusal("span of a count", f"{date_of(first)} and {date_of(last)}", place)


def mended_years(days: Days, findings: Findings) -> tuple[Days, Days]:
    """Return the days with mistyped years mended, and the rows that are kept.

    Only a table in order tells where a row belongs; one in no order is left as it is.
    """
    rows = np.arange(days.size)
    if days.size < 4:  # noqa: PLR2004 - three that agree, and one
        return days, rows
    step = np.diff(days)
    turned = bool((step < 0).sum() > (step > 0).sum())
    wrong = int((step > 0).sum() if turned else (step < 0).sum())
    if wrong > max(2, _ORDERED * days.size):
        return days, rows
    out = days[::-1].copy() if turned else days.copy()
    kept = np.ones(days.size, dtype=bool)
    usual = max(int(np.median(np.abs(step))), 1)
    for i in range(out.size):
        bounds = _bounds(out, i, usual)
        lone_end = i in {0, out.size - 1}
        far = _FAR if lone_end else _MONTH_OFF
        if bounds is None or bounds[0] - far <= out[i] <= bounds[1] + far:
            continue
        low, high = bounds
        was = date_of(int(out[i]))
        meant = [n for n in range(low, high + 1) if _may_mean(was, date_of(n))]
        near = _DECADES if lone_end else _FAR
        if not meant and low - near <= out[i] <= high + near:
            continue  # an early first report, or a late last one
        kept[i] = bool(meant)
        out[i] = day = meant[0] if meant else low  # so that no neighbour is judged by it
        rule = f"read as {date_of(meant[0])}" if meant else "no report"
        findings.note("year", day, day=was, beside=date_of(low if i else high), rule=rule)
    mended = out[::-1] if turned else out
    kept = kept[::-1] if turned else kept
    return mended[kept], rows[kept]


def _bounds(days: Days, i: int, usual: int) -> tuple[int, int] | None:
    """Return between which days a row belongs, by neighbours that agree with each other."""
    last = days.size - 1
    near = (1, 2) if i == 0 else (i - 2, i - 1) if i == last else (i - 1, i + 1)
    low, high = (int(days[place]) for place in near)
    if not 0 <= high - low <= max(_NEAR, 2 * usual):
        return None
    if i == 0:
        return low - 2 * usual, low
    return (high, high + 2 * usual) if i == last else (low, high)


def _may_mean(printed: date, meant: date) -> bool:
    """Tell whether a wrong year, a wrong month, or day and month swapped make one of the other."""
    if printed.day == meant.day:
        return (printed.year == meant.year) != (printed.month == meant.month)
    swapped = (printed.month, printed.day) == (meant.day, meant.month)
    return swapped and printed.year == meant.year


def _mend_last_days(rows: CountRows) -> None:
    """Read last dates after a long silence as those soon after it, where the count says so.

    It does where it has grown less than the geometric mean of what is usual for both lengths.
    """
    turned = bool(rows.days.size) and rows.days[0] > rows.days[-1]
    side = slice(None, None, -1 if turned else 1)
    days, values = rows.days[side].copy(), rows.values[side]
    step = np.diff(days)
    if step.size < 2 * _SOON or (step < 0).any():
        return
    at = int(np.argmax(step))
    usual = max(int(np.median(step)), 1)
    longest = int(np.delete(step, at).max())
    first, before = at + 1, int(days[at])
    silent = step[at] > max(_SILENCE * longest, _MONTH_OFF)
    if not silent or days.size - first > _LAST or usual > _MONTH_OFF:
        return
    soon = range(before + 1, before + _SOON * usual + 1)
    meant = [next((n for n in soon if _may_mean(date_of(d), date_of(n))), 0) for d in days[first:]]
    moved = np.array(meant, dtype=np.int64)
    if not moved.all() or (np.diff(moved) <= 0).any():
        return
    new = rows.kind == "new"
    past = values[:first]
    rate = np.nanmean(past) / usual if new else np.ptp(past) / np.ptp(days[:first])
    grown = values[first] - (0 if new else values[at])
    mistyped = grown <= rate * np.sqrt(float(step[at]) * (meant[0] - before))
    for was, n in zip(days[first:].tolist(), meant, strict=True):
        words = {"day": date_of(was), "beside": date_of(before)}
        rule = f"read as {date_of(n)}" if mistyped else f"kept, though {date_of(n)} may be meant"
        rows.findings.note("year", n if mistyped else was, rule=rule, **words)
    if mistyped:
        days[first:] = moved
        rows.days = days[side].copy()
