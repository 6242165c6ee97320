"""Reading a series from any common form: one grammar, each row checked once, where it enters."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from datetime import date as Date  # noqa: N812 - `date` is a word of the grammar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from attrition.core._typing import LARGEST, Floats
from attrition.core.errors import AttritionWarning, InputError, clip
from attrition.core.neighbours import Frame
from attrition.data.series.cells import (
    Label,
    ambiguous_day,
    day_first,
    is_missing,
    label_of,
    month_end,
    number_of,
    pointed,
)
from attrition.data.series.cleaning import GRAVE, TAKEN_BACK, Anomaly, Days, one_row_a_day
from attrition.data.series.columns import (
    CountKind,
    check_scale,
    date_column,
    kind_of_values,
    listed,
    missing_column,
    period_in,
    selected,
    telling,
    upright,
    value_column,
)
from attrition.data.series.series import EPOCH, Reports, Series, date_of, defects_of, judged
from attrition.data.series.tables import Table, table_of
from attrition.data.series.triangles import LateReports
from attrition.data.series.vintages import AS_OF, by_report, joined
from attrition.data.series.years import check_span, mended_years

if TYPE_CHECKING:
    import xarray as xr

_FALLS = 0.1  # share of reports that fall, above which a column is no total
_PARTS = 0.5  # share of totals that are no whole numbers, above which they are in thousands
_MOST = 3  # findings that a warning spells out
_EVERY = 0.8  # share of the days that have a row, from which a table has one for every day
_LATE = frozenset({"20", "21", "22", "23"})  # hours of universal time, midnight further east
_WEEK, _MONTH = 7, (28, 31)


def read_series(  # noqa: PLR0913 - how a table is read, by name
    source: str | Path | xr.DataArray | xr.Dataset | Frame | dict[Any, Any],
    *,
    date: str | None = None,
    value: str | None = None,
    kind: CountKind | None = None,
    where: Mapping[str, object] | None = None,
    period: Literal["start", "end"] | None = None,
    scale: float = 1.0,
    incomplete: int = 0,
    report_date: str | None = None,
) -> Series:
    """Read a recorded count, from a file or a frame alike.

    Parameters
    ----------
    source : str, pathlib.Path, xarray object or data frame
        CSV with any of the delimiters ``, ; tab |``, JSON (records or columns), XLSX, Parquet or
        netCDF, each also packed with gzip; ``-`` is the standard input; or a frame of pandas,
        polars, Dask or Arrow, or an xarray object of one dimension. Columns ``series`` and
        ``unit`` become the name and the unit. A dictionary of days to such sources holds what was
        known by each of these days, by date of event.
    date, value : str, optional
        Columns of the dates and of the counts. Left out, common names are known: ``date``,
        ``report_date``, ``cumulative``, ``daily``, ``total_deaths``, ``killed_cum`` and the
        like; a total is preferred to new counts, and deaths to other counts.
    kind : {"total", "new"}, optional
        Whether a row holds the total or what it adds; left out, by the name of the column.
    where : mapping of str to value, optional
        Only rows whose column has this value.
    period : {"start", "end"}, optional
        Whether weeks and months are labelled by their first or their last day. Labels such as
        ``2025-W01`` and ``2025-03`` name the whole period, and need no word.
    scale : float
        What one unit of the column counts: 1000 where it is in thousands.
    incomplete : int
        So many last days are not read, because reports about them are still to come [day].
    report_date : str, optional
        Column of the dates of report, where ``date`` is the date of event: what is still to come
        about the last days is learnt from how earlier ones filled up, and is in the law. ``kind``
        then says whether a row holds all that its report knows of its date of event, or adds.

    Returns
    -------
    Series
        Reports may be daily, weekly, monthly or irregular; where they often lie more than a day
        apart, a new count is of the days since the report before. What is odd is listed in its
        ``defects`` and handled by the rules of :mod:`attrition.data.series.cleaning`.

    Raises
    ------
    InputError
        If the source is unreadable, a column is missing, a value is no number or a negative
        total, the count often falls, rows of one day hold unlike totals, or no two reports
        remain.

    Warns
    -----
    AttritionWarning
        On findings on which a date may hang: typing errors, corrections, restarts, stops.

    See Also
    --------
    attrition.forecast : what it will print.
    attrition.hindcast : how well it could have been foreseen.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"])
    >>> read_series(pd.Series([5.0, 3.0, 4.0], days, name="daily")).totals.tolist()
    [5.0, 8.0, 12.0]
    >>> frame = pd.DataFrame({"Week": ["2025-W01", "2025-W02"], "New deaths": ["1,010", "990"]})
    >>> str(read_series(frame).days[-1])
    '2025-01-12'
    """
    _check(kind, period, scale, incomplete)
    if where is not None and not isinstance(where, Mapping):
        raise InputError(
            "`where` must be a mapping of column to value",
            got=clip(where),
            place="read_series",
            remedy="Write for example where={'country': 'Sudan'}",
        )
    if isinstance(source, dict):
        report_date, kind = AS_OF, "total"
    given = joined(source) if isinstance(source, dict) else table_of(source)
    table = upright(selected(given, where))
    if not table.columns or not table.lines:
        raise missing_column(
            "a series must have rows, and columns `date` and `cumulative` or `daily`",
            table,
            "Add rows",
        )
    triangular = report_date is not None
    if triangular and report_date not in table.columns:
        raise missing_column(
            f"`report_date` must name a column, not `{report_date}`", table, "Name one"
        )
    dates = date_column(table, date, report_date)
    counts, of = value_column(table, dates, value, "new" if triangular else kind)
    check_scale(counts, scale, table.place)
    anomalies: list[Anomaly] = []
    table, labels = _labelled(table, dates, counts, anomalies)
    _note_clock(table.columns[dates], labels, anomalies)
    values = _numbers(table, dates, counts, labels, anomalies) * scale
    if report_date is not None:
        if period is not None:
            raise InputError(
                "`period` is not for counts by date of event and of report",
                got=clip(period),
                place="read_series",
                remedy="Leave it out, and write weeks as 2025-W01",
            )
        if kind != "new":
            _check_signs(table, values, dates, counts, "total")
        columns = dates, counts, report_date
        days, values, late = by_report(
            table, labels, values, columns, kind=kind, incomplete=incomplete, anomalies=anomalies
        )
        named = _labels(table, counts)
        series = _checked(days, values, "new", table.place, named, anomalies, scale, late)
        _warn(series)
        return series
    days = np.array([(label.last - EPOCH).days for label in labels], dtype=np.int64)
    days, kept = mended_years(days, anomalies)
    table, values, labels = table.rows(kept.tolist()), values[kept], [labels[i] for i in kept]
    of = of or _guessed(table, days, values, (dates, counts), anomalies)
    _check_signs(table, values, dates, counts, of)
    days, values = _one_a_day(table, labels, days, values, (dates, counts), of, anomalies)
    if all(label.first == label.last for label in labels):
        days = _by_period(days, period or period_in(dates), of, anomalies)
    days, values = _complete(days, values, incomplete, anomalies)
    series = _checked(days, values, of, table.place, _labels(table, counts), anomalies, scale)
    _warn(series)
    return series


def _check(kind: str | None, period: str | None, scale: float, incomplete: int) -> None:
    for name, word, words in (
        ("kind", kind, get_args(CountKind)),
        ("period", period, ("start", "end")),
    ):
        if word is not None and word not in words:
            raise InputError(
                f"`{name}` must be '{words[0]}' or '{words[1]}'",
                got=clip(word),
                place="read_series",
                remedy="Write one of the two, or leave it out",
            )
    if not (np.isfinite(scale) and scale > 0):
        raise InputError(
            "`scale` must be a positive number",
            got=clip(scale),
            place="read_series",
            remedy="Write for example 1000 for a column in thousands",
        )
    if incomplete < 0:
        raise InputError(
            "`incomplete` must be a number of days, 0 or more",
            got=clip(incomplete),
            place="read_series",
            remedy="Write for example 14",
        )


# ------------------------------------------------------------------ rows


def _labelled(
    table: Table, dates: str, counts: str, anomalies: list[Anomaly]
) -> tuple[Table, list[Label]]:
    """Read the dates, and leave out what stands below the last one."""
    cells = table.columns[dates]
    first = day_first(cells)
    labels: list[Label | None] = []
    for i, cell in enumerate(cells):
        try:
            labels.append(label_of(cell, begins_with_day=first))
        except ValueError:
            raise ambiguous_day(cell, table.where(i)) from None
    last = max((i for i, label in enumerate(labels) if label is not None), default=-1)
    read = [label for label in labels[: last + 1] if label is not None]
    if len(read) <= last or not read:
        row = next(i for i, label in enumerate(labels) if label is None)
        raise _no_row(table, row, dates, counts)
    for i in range(last + 1, len(labels)):
        day = (read[-1].last - EPOCH).days
        text = f"{table.word} {table.lines[i]} below the last report holds no date"
        anomalies.append(Anomaly("footer", day, day, text, "no report"))
    return table.rows(range(last + 1)), read


def _no_row(table: Table, row: int, dates: str, counts: str) -> InputError:
    shown = ", ".join(str(table.columns[name][row]) for name in (dates, counts))
    return InputError(
        f"a row must hold a day and a total of 0 or more, below {LARGEST:g}",
        got=clip(shown),
        place=table.where(row),
        remedy="Write for example 2025-06-03,985000",
    )


def _numbers(
    table: Table, dates: str, counts: str, labels: Sequence[Label], anomalies: list[Anomaly]
) -> Floats:
    cells = table.columns[counts]
    first, last = ((label.last - EPOCH).days for label in (labels[0], labels[-1]))
    if pointed(cells):
        example = next(cell for cell in cells if "." in str(cell))
        text = f"a point parts thousands in every number that has one, as in {example}"
        anomalies.append(Anomaly("point", first, last, text, "read so"))
        cells = [str(cell).replace(".", "") for cell in cells]
    numbers = [number_of(cell) for cell in cells]
    for i, number in enumerate(numbers):
        if number is None or abs(number) >= LARGEST:
            raise _no_row(table, i, dates, counts)
    return np.array(numbers, dtype=float)


def _note_clock(cells: Sequence[object], labels: Sequence[Label], anomalies: list[Anomaly]) -> None:
    """List that every report bears a late hour of universal time: midnight further east."""
    late = all(label.time[:2] in _LATE for label in labels)
    if late and all(str(cell).endswith(("Z", "+00:00")) for cell in cells):
        first, last = ((label.last - EPOCH).days for label in (labels[0], labels[-1]))
        text = f"every time is {labels[0].time[:5]} or so of universal time, midnight further east"
        rule = "the day is that which is written; where it was midnight the next one had begun"
        anomalies.append(Anomaly("clock", first, last, text, rule))


def _check_signs(table: Table, values: Floats, dates: str, counts: str, kind: CountKind) -> None:
    if kind == "new":
        return
    below = np.flatnonzero(values < 0)
    if below.size:
        raise _no_row(table, int(below[0]), dates, counts)


def _guessed(
    table: Table, days: Days, values: Floats, used: tuple[str, str], anomalies: list[Anomaly]
) -> CountKind:
    """Tell the kind of a column from its course, and list that it was guessed."""
    name = used[1]
    order = np.argsort(days, kind="stable")
    order = order[np.isfinite(values[order])]
    part = _largest_part(table, days, np.sort(order), values, used)
    try:  # totals of several places fall from row to row, and rise in each of them
        kind, why = kind_of_values(values[order[np.isin(order, part)]], name, table.place)
    except InputError:
        kind, why = kind_of_values(values[order], name, table.place)
    word = "the total" if kind == "total" else "new counts"
    text = f"the column `{name}` does not say what it counts, and {why}"
    rule = f"read as {word}; kind='total' or 'new' (--kind) says it"
    anomalies.append(Anomaly("kind", int(days.min()), int(days.max()), text, rule))
    return kind


def _largest_part(
    table: Table, days: Days, rows: Days, values: Floats, used: tuple[str, str]
) -> Days:
    """Return the rows of the place with the largest count, where a day has rows of several."""
    unique, number = np.unique(days[rows], return_counts=True)
    several = set(unique[number > 1].tolist())
    finite = set(rows.tolist())
    column = several and telling(
        table,
        days.tolist(),
        [*used, "series", "unit"],
        lambda i: i in finite and int(days[i]) in several,
    )
    if not column:
        return rows
    cells = table.columns[column]
    largest = cells[int(rows[np.argmax(values[rows])])]
    return np.array([i for i in rows.tolist() if cells[i] == largest], dtype=np.int64)


def _one_a_day(  # noqa: PLR0917 - a table taken apart
    table: Table,
    labels: Sequence[Label],
    days: Days,
    values: Floats,
    used: tuple[str, str],
    kind: CountKind,
    anomalies: list[Anomaly],
) -> tuple[Days, Floats]:
    """Make one row of several a day: new counts are summed, unlike totals refused."""
    order = _in_time(labels, days, anomalies)
    days, values = days[order], values[order]
    table = table.rows(order.tolist())
    number: dict[int, int] = {}
    first: dict[int, float] = {}
    for i in np.flatnonzero(np.isfinite(values)).tolist():
        day = int(days[i])
        number[day] = number.get(day, 0) + 1
        first.setdefault(day, float(values[i]))
    several = {day for day, n in number.items() if n > 1}
    if not several:
        days, values, odd = one_row_a_day(days, values)
        anomalies += odd
        return days, values

    def fits(i: int) -> bool:
        return int(days[i]) in several and bool(np.isfinite(values[i]))

    column = telling(table, days.tolist(), [*used, "series", "unit"], fits)
    if kind == "new" and not column and _copied(table, days, several, number):
        once = np.unique(days, return_index=True)[1]
        text = f"{len(several)} rows stand twice, word for word, where every other day has one"
        odd_copy = Anomaly("duplicate", min(several), max(several), text, "counted once")
        days, values, odd = one_row_a_day(days[once], values[once])
        anomalies += [odd_copy, *odd]
        return days, values
    if kind == "new":
        _list_sums(table, several, max(number.values()), column, anomalies)
        seen = np.isfinite(values)
        anomalies += [
            Anomaly("missing", int(d), int(d), "no value", "no report")
            for d in days[~seen]
            if int(d) not in number
        ]
        days, values, odd = one_row_a_day(*_summed(days[seen], values[seen]))
        anomalies += odd
        return days, values
    unlike = {
        int(days[i]) for i in range(len(days)) if fits(i) and values[i] != first[int(days[i])]
    }
    if unlike and column:
        raise _unlike(table, column, date_of(min(unlike)))
    timed = len({labels[i].time for i in order.tolist() if int(days[i]) in several}) > 1
    if len(unlike) > max(_MOST, _FALLS * len(number)) and not timed:
        raise InputError(
            "a day must have one total",
            got=f"{len(unlike)} days with unlike ones, such as {date_of(min(unlike))}",
            place=table.place,
            remedy="Add a column that tells the rows apart and name it in `where` (--where), or "
            "say kind='new' if each row adds to the total",
        )
    if timed:
        text = f"{len(several)} days have totals at several times of the day"
        odd_day = Anomaly("duplicate", min(several), max(several), text, "the last of a day stands")
        anomalies.append(odd_day)
        days, values, odd = one_row_a_day(days, values)
        anomalies += [f for f in odd if f.kind != "duplicate"]
        return days, values
    days, values, odd = one_row_a_day(days, values)
    anomalies += odd
    return days, values


def _copied(table: Table, days: Days, several: set[int], number: Mapping[int, int]) -> bool:
    """Tell whether the few days with two rows hold copies, in a table of a row for every day."""
    span = int(days.max() - days.min()) + 1
    if len(several) > max(_MOST, _FALLS * len(number)) or len(number) < _EVERY * span:
        return False
    rows = list(zip(*table.columns.values(), strict=True))
    return all(
        number[day] == 2 and len({rows[i] for i in np.flatnonzero(days == day)}) == 1  # noqa: PLR2004 - a copy
        for day in several
    )


def _in_time(labels: Sequence[Label], days: Days, anomalies: list[Anomaly]) -> Days:
    """Return the order of the rows: as they stand, newest first turned round, times sorted."""
    rows = np.arange(days.size)
    if days.size > 2 and bool((np.diff(days) < 0).all()):  # noqa: PLR2004 - an order needs three
        text, rule = "the newest row stands first", "turned round"
        anomalies.append(Anomaly("order", int(days.min()), int(days.max()), text, rule))
        rows = rows[::-1]
    if any(label.time for label in labels):
        times = [labels[i].time for i in rows.tolist()]
        for day in np.unique(days):
            same = np.flatnonzero(days[rows] == day)
            if same.size > 1:
                rows[same] = rows[same][np.argsort([times[i] for i in same], kind="stable")]
    return rows


def _list_sums(
    table: Table, several: set[int], most: int, column: str, anomalies: list[Anomaly]
) -> None:
    text = f"{len(several)} days have several rows, up to {most}"
    if column:
        text += f", told apart by `{column}` ({listed(_values(table, column))})"
        rule = "summed; `where` (--where) reads one of them"
        anomalies.append(Anomaly("several", min(several), max(several), text, rule))
    else:
        anomalies.append(Anomaly("summed", min(several), max(several), text, "summed"))


def _summed(days: Days, values: Floats) -> tuple[Days, Floats]:
    """Return the sum of each day, where the days first stand."""
    unique, first, back = np.unique(days, return_index=True, return_inverse=True)
    sums = np.bincount(back, weights=values)
    order = np.argsort(first, kind="stable")
    return unique[order], np.asarray(sums[order], dtype=float)


def _values(table: Table, column: str) -> list[str]:
    return list(dict.fromkeys(str(cell) for cell in table.columns[column] if not is_missing(cell)))


def _unlike(table: Table, column: str, day: Date) -> InputError:
    values = _values(table, column)
    one = values[0] if values else "…"
    return InputError(
        f"a day must have one total: the column `{column}` tells several apart",
        got=f"{listed(values)} on {day}",
        place=table.place,
        remedy=f"Choose one: where={{'{column}': '{one}'}} (--where '{column}={one}')",
    )


# ------------------------------------------------------------------ periods


def _by_period(
    days: Days, period: Literal["start", "end"] | None, kind: CountKind, anomalies: list[Anomaly]
) -> Days:
    """Move labels of first days to the last day of what they label; note what is guessed."""
    if days.size < 2 or period == "end":  # noqa: PLR2004 - a period lies between two labels
        return days
    step = np.diff(days)
    usual = int(np.quantile(step, 0.5, method="lower"))
    dates = [date_of(int(day)) for day in days]
    monthly = len({day.day for day in dates}) == 1 and usual >= _MONTH[0]
    if period == "start":
        if monthly and dates[0].day == 1 and usual <= _MONTH[1]:
            return np.array([(month_end(day) - EPOCH).days for day in dates], dtype=np.int64)
        return np.minimum(np.r_[days[1:], days[-1] + usual], days + usual) - 1
    weekly = usual == _WEEK and float(np.mean(step % _WEEK == 0)) > 1 - _FALLS
    if kind == "new" and days.size > _MOST and (weekly or monthly):
        what = "weeks" if weekly else "months"
        day = f"{dates[-1]:%A}s" if weekly else f"the day {dates[-1].day} of the month"
        text = f"{what} are labelled by {day}, and nothing says whether that is their last day"
        rule = "read as the last day; period='start' (--period start) says the first"
        anomalies.append(Anomaly("period", int(days[0]), int(days[-1]), text, rule))
    return days


def _complete(
    days: Days, values: Floats, incomplete: int, anomalies: list[Anomaly]
) -> tuple[Days, Floats]:
    if not incomplete or not days.size:
        return days, values
    kept = days <= days[-1] - incomplete
    gone = days[~kept]
    text = f"the last {incomplete} days were said to be incomplete"
    anomalies.append(Anomaly("incomplete", int(gone[0]), int(gone[-1]), text, "not read"))
    return days[kept], values[kept]


# ------------------------------------------------------------------ the whole


def _labels(table: Table, counts: str) -> tuple[str, str]:
    """Return the name and the unit: of a column, of the source's own words, or of the file."""
    name, unit = (
        str(table.columns[key][0])
        if key in table.columns and not is_missing(table.columns[key][0])
        else attribute
        for key, attribute in zip(
            ("series", "unit"), table.attributes.get(counts, ("", "")), strict=True
        )
    )
    return name or table.name or table.place, unit


def _checked(  # noqa: PLR0917 - everything that a series keeps
    days: Days,
    values: Floats,
    kind: CountKind,
    place: str,
    labels: tuple[str, str],
    anomalies: list[Anomaly],
    scale: float,
    late: LateReports | None = None,
) -> Series:
    if days.size < 2:  # noqa: PLR2004 - one count needs two totals
        raise InputError(
            "a series must hold at least two reports",
            got=f"{days.size}",
            place=place,
            remedy="Add reports on other days",
        )
    check_span(days, place)
    totals = np.cumsum(values) if kind == "new" else values
    _check_falls(totals, kind, place)
    if scale == 1:
        _check_unit(totals, place, labels[1])
    reports = Reports(days, np.asarray(totals, dtype=float), *labels, late)
    return judged(reports, defects_of(tuple(anomalies)), own_day=kind == "new")


def _check_falls(totals: Floats, kind: CountKind, place: str) -> None:
    falls = int((np.diff(totals) < 0).sum())
    if falls >= 3 and falls > _FALLS * (totals.size - 1):  # noqa: PLR2004 - else corrections
        new = kind == "new"
        raise InputError(
            "new counts must rarely be negative" if new else "a total must rarely fall",
            got=f"{falls} falls in {totals.size} reports",
            place=place,
            remedy="Name another column: this one counts what is there, not what was added"
            if new
            else "Say kind='new' (--kind new) if the column holds new counts; what is there at a "
            "time, and may fall, is no count that passes a threshold once",
        )


def _check_unit(totals: Floats, place: str, unit: str) -> None:
    """Refuse counts of less than one: thousands and millions in disguise."""
    steps = np.diff(totals)
    steps = steps[steps > 0]
    parts = np.mean(totals != np.round(totals))
    if steps.size and parts > _PARTS and np.median(steps) < 1:
        raise InputError(
            "a count must be of whole persons or things, not of thousands, millions or percent",
            got=f"{totals[-1]:g}{f' {unit}' if unit else ''} at the end, by steps of "
            f"{np.median(steps):g}",
            place=place,
            remedy="Say scale=1000 (--scale 1000) for thousands, 1000000 for millions, or the "
            "hundredth of the whole for percent; thresholds are then in persons",
        )


def _warn(series: Series) -> None:
    grave = [
        str(defect)
        for defect in series.anomalies
        if defect.kind in GRAVE and defect.rule != TAKEN_BACK
    ]
    if grave:
        more = f"; and {len(grave) - _MOST} more" if len(grave) > _MOST else ""
        text = f"{series.name}: {'; '.join(grave[:_MOST])}{more}"
        warnings.warn(text, AttritionWarning, stacklevel=3)
