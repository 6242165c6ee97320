"""Reading a series from any common form: one grammar, each row checked once, where it enters."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from attrition.core._typing import Floats
from attrition.core.days import month_end
from attrition.core.errors import AttritionWarning, InputError, clip, refusal
from attrition.core.neighbours import Frame
from attrition.data.series.columns import (
    CountKind,
    check_named,
    check_sum_of_day,
    missing_column,
    period_in,
    scale_in,
    selected,
    upright,
)
from attrition.data.series.findings import EPOCH, Days, Findings, date_of
from attrition.data.series.merging import merged
from attrition.data.series.publications import (
    AS_OF,
    by_report,
    joined,
    keep_last_published,
    note_provisional,
)
from attrition.data.series.rows import (
    CountRows,
    CountWords,
    check_span,
    in_order_of_years,
    names_of,
    rows_of,
)
from attrition.data.series.series import Reports, Series, judged
from attrition.data.series.tables import Table, table_of
from attrition.data.series.unreported import LateReports

if TYPE_CHECKING:
    import xarray as xr

_FALLS = 0.1  # share of reports that fall, above which a column is no total
_PARTS = 0.5  # share of totals that are no whole numbers, above which they are in thousands
_MOST = 3  # findings that a warning spells out
_WEEK, _MONTH = 7, (28, 31)
_LAST_YEAR = 9999
_ANEW = 3.0  # usual counts by report that a total which begins anew with the year has at most


def read_series(  # noqa: PLR0913 - how a table is read, by name
    source: str | Path | xr.DataArray | xr.Dataset | Frame | dict[Any, Any],
    *,
    date: str | None = None,
    value: str | None = None,
    kind: CountKind | Literal["rows"] | None = None,
    where: Mapping[str, object] | None = None,
    period: Literal["start", "end"] | None = None,
    scale: float | None = None,
    incomplete: int = 0,
    report_date: str | None = None,
    day_first: bool | None = None,
    timezone: str | None = None,
    year: int | None = None,
) -> Series:
    """Read a recorded count, from a file or a frame alike.

    Parameters
    ----------
    source : str, pathlib.Path, xarray object or data frame
        CSV with any of the delimiters ``, ; tab |``, JSON (records or columns), XLSX, the largest
        table of a page in HTML, Parquet or netCDF, each also packed with gzip; ``-`` is the
        standard input; or a frame of pandas, polars, Dask or Arrow, or an xarray object of one
        dimension. Columns ``series`` and ``unit`` become the name and the unit. A dictionary of
        days to such sources holds what was known by each of these days, by date of event.
    date, value : str, optional
        Columns of the dates and of the counts. Left out, common names are known: ``date``,
        ``report_date``, ``cumulative``, ``daily``, ``total_deaths``, ``killed_cum`` and the
        like; a total is preferred to new counts, and deaths to other counts.
    kind : {"total", "new", "rows"}, optional
        Whether a row holds the total or what it adds, or is itself one, as in a list of persons;
        left out, by the name of the column.
    where : mapping of str to value, optional
        Only rows whose column has this value; ``"*"`` adds the rows of all its values.
    period : {"start", "end"}, optional
        Whether weeks and months are labelled by their first or their last day. Labels such as
        ``2025-W01`` and ``2025-03`` name the whole period, and need no word.
    scale : float, optional
        What one unit of the column counts: 1000 where it is in thousands. Left out, by words such
        as "in 1000s" in the name of the column.
    incomplete : int
        So many last days are not read, because reports about them are still to come [day].
    report_date : str, optional
        Column of the dates of report, where ``date`` is the date of event: what is still to come
        about the last days is learnt from how earlier ones filled up, and is in the law. ``kind``
        then says whether a row holds all that its report knows of its date of event, or adds.
    day_first : bool, optional
        Whether 3/4/2025 is the 3rd of April; needed where no date of the column tells.
    timezone : str, optional
        Time zone of the reports, such as "Europe/Kyiv", to which times with an offset are
        converted before their day is taken; left out, the day is the one that is written.
    year : int, optional
        Year of the first row where dates such as "3 June" have none; of dates that have one, only
        those of this year are read.

    Returns
    -------
    Series
        Reports may be daily, weekly, monthly or irregular; where they often lie more than a day
        apart, a new count is of the days since the report before. What is odd is listed in its
        ``defects`` and handled by the rules of ``attrition.data.series.cleaning``.

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
    asked = locals().copy()
    del asked["source"]
    asked["where"] = {} if where is None else where
    asked["zone"] = _zone(asked.pop("timezone"))
    words = CountWords(**asked)
    _check(words)
    if isinstance(source, dict):
        words = replace(words, report_date=AS_OF, kind="total")
    given = joined(source) if isinstance(source, dict) else table_of(source)
    rows = rows_of(_table(given, words), words)
    late = None
    if words.report_date is not None:
        days, values, late = by_report(rows, words)
        rows.kind = "new"
    else:
        keep_last_published(rows, words)
        in_order_of_years(rows)
        note_provisional(rows)
        days, values = merged(rows, words.every)
        if all(label.first == label.last for label in rows.labels):
            days = _by_period(days, period or period_in(rows.dates, rows.table), rows)
        if rows.kind == "total":
            values = _with_years_added(days, values, rows)
        days, values = _complete(days, values, incomplete, rows.findings)
    series = _checked(days, values, rows, late)
    _warn(series)
    return series


def _table(given: Table, words: CountWords) -> Table:
    table = upright(selected(given, words.where))
    if not table.columns or not table.lines:
        raise missing_column("rows of a count", table)
    if words.report_date is None:
        return table
    check_named(table, "report_date", words.report_date)
    if words.period is not None:
        raise _bad("no period", words.period)
    return table


def _bad(name: str, got: object, /, **words: object) -> InputError:
    return refusal(name, clip(got), "read_series", **words)


def _check(words: CountWords) -> None:
    known = {"kind": (*get_args(CountKind), "rows"), "period": ("start", "end")}
    for name, some in known.items():
        word = getattr(words, name)
        if word is not None and word not in some:
            raise _bad("word of a list", word, name=name, some=" or ".join(map(repr, some)))
    scale: Any = words.scale
    last: Any = words.incomplete
    year: Any = words.year
    checks = (
        ("where", words.where, isinstance(words.where, Mapping)),
        ("scale", scale, scale is None or (isinstance(scale, Real) and 0 < float(scale) < np.inf)),
        ("incomplete", last, isinstance(last, Integral) and float(last) >= 0),
        ("year", year, year is None or (isinstance(year, int) and 1 <= year <= _LAST_YEAR)),
        ("rows without counts", words.value, words.kind != "rows" or words.value is None),
    )
    for name, got, good in checks:
        if not good:
            raise _bad(name, got)


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return None if name is None else ZoneInfo(name)
    except (TypeError, ValueError, OSError, ZoneInfoNotFoundError):
        raise _bad("timezone", name) from None


# ------------------------------------------------------------------ periods


def _by_period(days: Days, period: Literal["start", "end"] | None, rows: CountRows) -> Days:
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
    if rows.kind == "new" and days.size > _MOST and (weekly or monthly):
        what = "weeks" if weekly else "months"
        day = f"{dates[-1]:%A}s" if weekly else f"the day {dates[-1].day} of the month"
        rows.note("period", periods=what, day=day)
    return days


def _with_years_added(days: Days, values: Floats, rows: CountRows) -> Floats:
    """Add the years of a total that begins anew with each of them."""
    years = days.astype("datetime64[D]").astype("datetime64[Y]")
    first = years.astype("datetime64[D]").astype(np.int64)
    turns = np.flatnonzero(np.diff(years).astype(int) == 1) + 1
    steps = np.diff(values)
    if not turns.size or turns[-1] + 1 >= values.size or not (steps > 0).any():
        return values
    begun = days[turns] - first[turns] + 1
    reports = np.maximum(begun / np.median(np.diff(days)), 1.0)
    before, after, later = values[turns - 1], values[turns], values[turns + 1]
    small = after <= _ANEW * np.median(steps[steps > 0]) * reports
    if not (small & (after < before) & (later < before)).all():
        return values
    short = days[turns - 1][days[turns - 1] + 1 < first[turns]]
    if short.size:
        got = f"a last report on {date_of(int(short[-1]))}"
        raise refusal("year begun anew", got, rows.table.place, year=years[-1])
    whole = values.copy()
    for turn, last, first in zip(turns.tolist(), before, after, strict=True):
        whole[turn:] += last
        rows.findings.note("yearly", days[turn], before=last, after=first, year=years[-1])
    return whole


def _complete(
    days: Days, values: Floats, incomplete: int, findings: Findings
) -> tuple[Days, Floats]:
    if not incomplete or not days.size:
        return days, values
    kept = days <= days[-1] - incomplete
    gone = days[~kept]
    findings.note("incomplete", gone[0], gone[-1], days=incomplete)
    return days[kept], values[kept]


# ------------------------------------------------------------------ the whole


def _checked(days: Days, values: Floats, rows: CountRows, late: LateReports | None) -> Series:
    place, new = rows.table.place, rows.kind == "new"
    if days.size < 2:  # noqa: PLR2004 - one count needs two totals
        raise refusal("two reports", f"{days.size}", place)
    check_span(days, place)
    totals = np.cumsum(values) if new else np.asarray(values, dtype=float)
    if (totals < 0).any():
        lowest = int(np.argmin(totals))
        got = f"{totals[lowest]:g} on {date_of(int(days[lowest]))}"
        raise refusal("sum of new counts", got, place)
    name, unit = names_of(rows.table, rows.counts)
    unit = unit if scale_in(unit) == 1 else ""
    if rows.chosen and not new and _often_falls(totals):
        check_sum_of_day(rows.table, rows.dates, rows.counts)
    _check_falls(totals, f"{place}, column `{rows.counts}`", new=new)
    if not rows.scaled:
        _check_unit(totals, place, unit)
    reports = Reports(days, totals, name, unit, late)
    return judged(reports, tuple(rows.findings), own_day=new)


def _often_falls(totals: Floats) -> int:
    """Return how often a total falls, 0 where that may be corrections."""
    falls = int((np.diff(totals) < 0).sum())
    return falls if falls >= 3 and falls > _FALLS * (totals.size - 1) else 0  # noqa: PLR2004


def _check_falls(totals: Floats, place: str, *, new: bool) -> None:
    if falls := _often_falls(totals):
        name = "new counts rarely negative" if new else "total rarely falls"
        raise refusal(name, f"{falls} falls in {totals.size} reports", place)


def _check_unit(totals: Floats, place: str, unit: str) -> None:
    """Refuse counts of less than one: thousands and millions in disguise."""
    steps = np.diff(totals)
    steps = steps[steps > 0]
    parts = np.mean(totals != np.round(totals))
    rounded = np.allclose(totals, np.round(totals, 3), rtol=0, atol=1e-6)  # as tables print them
    if steps.size and parts > _PARTS and (rounded or np.median(steps) < 1):
        shown = f"{totals[-1]:g}{f' {unit}' if unit else ''}"
        got = f"{shown} at the end, by steps of {np.median(steps):g}"
        raise refusal("whole persons", got, place)


def _warn(series: Series) -> None:
    grave = list(map(str, series.grave))
    if grave:
        more = f"; and {len(grave) - _MOST} more" if len(grave) > _MOST else ""
        text = f"{series.name}: {'; '.join(grave[:_MOST])}{more}"
        warnings.warn(text, AttritionWarning, stacklevel=3)
