"""Which column is the date and which the count: by what was said, by a known name, or refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any, Literal, TypeAlias

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError, clip
from attrition.data.series.cells import is_missing, number_of
from attrition.data.series.dates import WEEKS, form_of, label_of, month_of
from attrition.data.series.tables import Table

CountKind: TypeAlias = Literal["total", "new"]
"""Totals since the beginning, or what each report adds."""

EVERY = "*"
"""What `where` says of a column of which all values are added."""

_DATES = (
    *("date", "day", "report_date", "reporting_date", "date_reported", "date_of_report"),
    *("date_rep", "event_date", "date_of_event", "date_of_death", "death_date", "reporting_day"),
    *("report_day", "datum", "fecha", "week_ending", "week_end", "week_start", "week_starting"),
    *("week_beginning", "week_commencing", "week_of", "week", "month", "quarter", "datetime"),
    *("timestamp", "time", "period", "ds", "reported", "reported_on", "as_of", "as_at"),
)
_YEARS = frozenset({"year", "ano", "annee", "jahr", "anno"})
_DAYS = frozenset({"day", "dia", "tag", "jour"})
_MONTHS = frozenset({"month", "monat", "mes", "mois", "mese"})
_QUARTERS = frozenset({"quarter", "quartal", "trimestre"})
_PERSONS = frozenset(
    {"name", "age", "sex", "gender", "nombre", "edad", "sexo", "nome", "idade", "nom", "alter"}
)
_OF_PERSONS = frozenset(  # columns of numbers that count nothing
    {"age", "edad", "idade", "alter", "lat", "latitude", "lon", "long", "longitude", "zip", "fips"}
    | {"id", "no", "nr", "number", "year"}
)
_EXACT: dict[CountKind, tuple[str, ...]] = {
    "total": ("cumulative", "total", "cumulative_total", "total_cumulative"),
    "new": ("daily", "new"),
}
_WORDS: dict[CountKind, frozenset[str]] = {
    "total": frozenset(
        {
            *("cumulative", "cum", "cumul", "cumulated", "total", "totals", "todate"),
            *("kumuliert", "kumulativ", "cumules", "cumule"),
            *("acumulado", "acumulados", "acumuladas"),
        }
    ),
    "new": frozenset({"new", "newly", "daily", "weekly", "monthly", "incident", "added"}),
}
_SUMS = {"total", "totals"}  # words for the sum of a day too
_DEATHS = frozenset(
    {
        *("deaths", "death", "dead", "died", "killed", "fatalities", "fatality", "casualties"),
        *("tote", "verstorbene", "todesfalle", "deces", "morts"),
        *("muertes", "muertos", "fallecidos", "obitos"),
    }
)
_COUNTS = _DEATHS | {
    "personnel",
    "losses",
    "injured",
    "wounded",
    "missing",
    "captured",
    "victims",
    "cases",
    "count",
    "number",
    "value",
}
_NO_COUNT = frozenset(
    {"per", "rate", "ratio", "percent", "pct", "smoothed", "average", "avg", "population", "id"}
)
_SCALES = dict.fromkeys(("1000s", "000s", "000", "thousands", "thousand", "thsd"), 1_000)
_SCALES |= dict.fromkeys(("millions", "million", "mln"), 1_000_000)
_FEW = 5  # rows below which their course tells nothing
_OFTEN = 0.1  # share of reports that fall, above which a count is no total
_LOOKED = 50  # cells by which a column is known
_SHOWN = 8  # values of a column that are listed


def _plain(name: str) -> str:
    """Return a name in small letters without accents, its parts joined by underscores."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", bare.strip())
    plain = re.sub(r"[\W_]+", "_", parted.lower()).strip("_")
    return re.sub(r"(^|_)to_date(_|$)", r"\1todate\2", plain)


def listed(names: Sequence[object]) -> str:
    """Return names as a short list for an error."""
    shown = ", ".join(f"`{str(name)[:40]}`" for name in names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown or "none"


def missing_column(need: str, table: Table, remedy: str) -> InputError:
    """Return the refusal of a table that lacks a column, naming those that it has."""
    return InputError(need, got=listed(list(table.columns)), place=table.place, remedy=remedy)


def check_named(table: Table, word: str, column: str) -> None:
    """Refuse a word that names no column of a table."""
    if column not in table.columns:
        rule = f"`{word}` must name a column, not `{column}`"
        raise missing_column(rule, table, "Name one of these")


def selected(table: Table, where: Mapping[str, object] | None) -> Table:
    """Return the rows whose cells equal what was asked; ``*`` asks for all of a column.

    Raises
    ------
    InputError
        If there is no such column or no such row.
    """
    for column, wanted in (where or {}).items():
        check_named(table, "where", column)
        if wanted == EVERY:
            continue
        cells = [cell_text(cell) for cell in table.columns[column]]
        kept = [i for i, cell in enumerate(cells) if cell == cell_text(wanted)]
        if not kept:
            raise InputError(
                f"`where` must leave rows: none has {column}={cell_text(wanted)}",
                got=listed(sorted(set(cells))),
                place=table.place,
                remedy=f"Name one of the values of `{column}`",
            )
        table = table.rows(kept)
    return table


def period_in(name: str, table: Table) -> Literal["start", "end"] | None:
    """Return which day of a week or month labels it, where the names of columns say so."""
    parts = _parts(name)
    if not parts & {"week", "month", "quarter", "period"}:
        # the start of an event is no label of a span; an end beside a start is one
        return "end" if starts_of(name, table) else None
    if parts & {"commencing", "beginning", "starting", "start"}:
        return "start"
    return "end" if parts & {"ending", "end"} else None


def starts_of(name: str, table: Table) -> str:
    """Return the column of the starts of what ends on the days of another."""
    parts = _parts(name)
    fits = (other for other in table.columns if _parts(other) == parts - {"end"} | {"start"})
    return next(fits, "") if "end" in parts else ""


def scale_in(name: str) -> int:
    """Return what one unit of a column counts, by its name: 1 where that says nothing."""
    return next((number for word, number in _SCALES.items() if word in _parts(name)), 1)


def upright(table: Table) -> Table:
    """Return a table whose dates run along a row with a row for each, all others as they are."""
    heads = list(table.columns)
    dated = _dated(heads)
    if len(dated) < max(_FEW, len(heads) // 2):
        return _turned(table, heads)
    kept = [head for i, head in enumerate(heads) if i not in dated]
    rows = [(i, heads[j]) for i in range(len(table.lines)) for j in dated]
    columns: dict[str, Sequence[Any]] = {
        head: [table.columns[head][i] for i, _ in rows] for head in kept
    }
    dates, counts = _unused("date", kept), _unused("count", kept)
    columns[dates] = [head for _, head in rows]
    columns[counts] = [table.columns[head][i] for i, head in rows]
    lines = [table.lines[i] for i, _ in rows]
    return replace(table, columns=columns, lines=lines, dated=dates, counted=counts)


def _unused(name: str, names: Sequence[str]) -> str:
    """Return a name that no column has."""
    while name in names:
        name += "_"
    return name


def _dated(cells: Sequence[object]) -> list[int]:
    """Return which cells are dates."""
    form = form_of(cells)
    form = replace(form, day_first=form.day_first is not False)  # either way they are dates
    try:
        return [i for i, cell in enumerate(cells) if label_of(cell, form) is not None]
    except ValueError:  # which nothing tells from months
        return []


def _turned(table: Table, heads: list[str]) -> Table:
    """Return a table with a row of dates turned, so that its first column heads the columns."""
    rows = list(islice(zip(*table.columns.values(), strict=True), _LOOKED))
    dated = [row for row in rows if len(_dated(row)) >= max(_FEW, len(heads) // 2)]
    if not dated or len(dated) > min(2, len(rows) - 1):  # of a list of cases each row has dates
        return table
    whole = [heads, *zip(*table.columns.values(), strict=True)]
    columns: dict[str, Sequence[Any]] = {str(cells[0]): list(cells[1:]) for cells in whole}
    lines = range(2, len(heads) + 1)
    return replace(table, columns=columns, lines=lines, word="column", dated=str(dated[-1][0]))


def cell_text(cell: object) -> str:
    """Return a cell as text, whole numbers without a point: a frame may have made 3 to 3.0."""
    whole = isinstance(cell, (float, np.floating)) and float(cell).is_integer()
    return str(int(cell)) if whole else str(cell).strip()  # type: ignore[call-overload]


def date_column(table: Table, asked: str | None, reported: str | None = None) -> tuple[Table, str]:
    """Return the column of dates, which is not that of the dates of report.

    A column of weeks, months or quarters beside one of their years is joined with it.

    Raises
    ------
    InputError
        If there is none, or several and nothing prefers one.
    """
    if asked is not None:
        check_named(table, "date", asked)
        return _with_years(table, asked) or (table, asked)
    plain = {key: name for key, name in _by_plain_name(table).items() if name != reported}
    name = table.dated if table.counted else plain.get("date", table.dated)
    known = [plain[name] for name in _DATES if name in plain]
    name = name or next((name for name in known if _holds_dates(table.columns[name])), "")
    name = name or _only_dates(table, reported)
    if name:
        return table, name
    periods = sorted(filter(_period_of, table.columns), key=_period_of, reverse=True)
    joined = next(filter(None, (_with_years(table, name) for name in periods)), None)
    if joined is None and not known:
        raise _no_columns(table)
    return joined or (table, known[0])


def _only_dates(table: Table, reported: str | None) -> str:
    """Return the one column of dates that change, or the ends of spans; empty where none is."""
    names = [
        name
        for name, cells in table.columns.items()
        if name != reported and _holds_dates(cells) and len(set(map(str, _first(cells)))) > 1
    ]
    starts = {starts_of(name, table) for name in names}
    names = [name for name in names if name not in starts]
    return _single(names, "dates", "date", table)


def other_dates(table: Table, dates: str, but: Sequence[str]) -> list[str]:
    """Return further columns of dates, whose days are not those of the column that is read."""
    read = _days(table.columns[dates])
    known = {dates, starts_of(dates, table), *but}
    others = {name: _days(cells) for name, cells in table.columns.items() if name not in known}
    return [name for name, days in others.items() if days != read and len(set(days)) > 1]


def _days(cells: Sequence[object]) -> list[date]:
    """Return the first days of a column of days; numbers are none here."""
    seen = [cell for cell in cells[:_LOOKED] if not str(cell).replace(".", "").isdecimal()]
    form = form_of(seen)
    form = replace(form, day_first=form.day_first is not False)
    labels = [label_of(cell, form) for cell in seen]
    days = [label.last for label in labels if label is not None and label.first == label.last]
    return days if len(days) > 0.5 * len(seen) else []


def _holds_dates(cells: Sequence[object]) -> bool:
    """Tell whether most of the first cells are dates; days of a spreadsheet need a name."""
    seen = _first(cells)
    return form_of(seen).numbers != "serial" and len(_dated(seen)) > 0.5 * len(seen)


def _period_of(name: str) -> Literal["week", "quarter", "month", ""]:
    """Return of what a column has the numbers or names, by its own name."""
    parts = _parts(name)
    if any(word in _plain(name) for word in WEEKS):
        return "week"
    return "month" if parts & _MONTHS else "quarter" if parts & _QUARTERS else ""


def _with_years(table: Table, name: str) -> tuple[Table, str] | None:
    """Return a table with a column of weeks, months, quarters or days of the years beside it."""
    years = next((one for one in table.columns if one != name and _parts(one) & _YEARS), None)
    if years is None:
        return None
    period = _period_of(name)
    monthly = period == "month"
    form = "{}Q{}" if period == "quarter" else "{}-{:0>2}" if monthly else "{}{:0>2}"
    parts = [cell_text(cell).lstrip("WwQqTt") for cell in table.columns[name]]
    if monthly:
        parts = [part if part.isdecimal() else str(month_of(part)) for part in parts]
    names = [years, name]
    days = next((one for one in table.columns if _plain(one) in _DAYS), None)
    cells = list(map(form.format, map(cell_text, table.columns[years]), parts))
    if monthly and days is not None:
        names.append(days)
        cells = list(map("{}-{:0>2}".format, cells, map(cell_text, table.columns[days])))
    fit = [re.fullmatch(r"\d{4}(Q[1-4]|-?\d\d(-\d\d)?)", cell) for cell in cells[:_LOOKED]]
    if 2 * sum(map(bool, fit)) < len(fit):
        return None
    return replace(table, columns={**table.columns, " ".join(names): cells}), " ".join(names)


def _by_plain_name(table: Table) -> dict[str, str]:
    return {_plain(name): name for name in reversed(list(table.columns))}


def _no_columns(table: Table) -> InputError:
    return missing_column(
        "a series must have rows, and columns `date` and `cumulative` or `daily`",
        table,
        "Name them: date='…', value='…' and kind='total' or 'new' "
        "(--date-column, --value-column, --kind)",
    )


def value_column(
    table: Table, date: str, asked: str | None, kind: CountKind | None
) -> tuple[str, CountKind | None]:
    """Return the column of counts, and its kind where that is said or in its name.

    Raises
    ------
    InputError
        If there is none, or several and nothing prefers one.
    """
    if asked is not None:
        check_named(table, "value", asked)
        return asked, kind or _kind_of(asked)
    if table.counted:
        return table.counted, kind
    plain = _by_plain_name(table)
    kinds: tuple[CountKind, ...] = ("total", "new") if kind is None else (kind,)
    for one in kinds:
        for name in _EXACT[one]:
            if name in plain:
                return plain[name], one
    names = [n for n in table.columns if n != date and not _parts(n) & _NO_COUNT]
    groups: list[tuple[list[str], CountKind | None]] = [
        *(([n for n in names if _kind_of(n) == one], one) for one in kinds),
        ([n for n in names if _kind_of(n) is None and _parts(n) & _COUNTS], kind),
    ]
    if kind == "new":  # the deaths of a day may be called total, not cumulative
        sums = [n for n in names if _parts(n) & _SUMS and _parts(n) & _COUNTS]
        groups.append(([n for n in sums if _parts(n) & _WORDS["total"] <= _SUMS], kind))
    for group, kind_of_group in groups:
        if name := _only([n for n in group if _is_count(n, table)], table):
            return name, kind_of_group
    raise _no_columns(table)


def lists_persons(table: Table, date: str) -> bool:
    """Tell whether each row is a person: names, ages or sexes, and no column that may count."""
    names = [name for name in table.columns if name != date]
    counts = any(
        _parts(n) & _COUNTS or (_is_count(n, table) and not _parts(n) & _OF_PERSONS) for n in names
    )
    return not counts and any(_parts(name) & _PERSONS for name in names)


def _parts(name: str) -> set[str]:
    return set(_plain(name).split("_"))


def _kind_of(name: str) -> CountKind | None:
    parts = _parts(name)
    if parts & _WORDS["new"]:
        return "new"
    return "total" if parts & _WORDS["total"] else None


def _is_count(name: str, table: Table) -> bool:
    """Tell whether a column holds a number in most of its first cells."""
    cells = _first(table.columns[name])
    return sum(number_of(cell) is not None for cell in cells) > 0.5 * len(cells)


def _first(cells: Sequence[object]) -> list[object]:
    """Return the first cells of a column that hold anything: by these it is known."""
    return list(islice((cell for cell in cells if not is_missing(cell)), _LOOKED))


def _only(names: list[str], table: Table) -> str:
    """Return the one of several names, or the one that counts deaths."""
    deaths = [name for name in names if _parts(name) & _DEATHS]
    return _single(deaths or names, "counts", "value", table)


def _single(names: list[str], what: str, word: str, table: Table) -> str:
    """Return the one column that there is, or nothing; of several the user must choose."""
    if len(names) > 1:
        raise InputError(
            f"one column of {what} must be chosen",
            got=listed(names),
            place=table.place,
            remedy=f"Name it: {word}='{names[0]}' (--{word}-column)",
        )
    return names[0] if names else ""


def kind_of_values(values: Floats, name: str, place: str) -> tuple[CountKind, str]:
    """Return the kind of a column that does not say it, from its course, and why.

    Parameters
    ----------
    values : ndarray of float, shape (row,)
        In order of time, NaN left out [unit].
    name, place : str
        The column and where it stands, for errors.

    Raises
    ------
    InputError
        If its course does not tell.
    """
    if values.size >= _FEW:
        falls = int((np.diff(values) < 0).sum())
        low_end = values[-1] < 0.5 * np.quantile(values, 0.95)  # which no slip of digits moves
        if falls > _OFTEN * (values.size - 1) or (falls >= 3 and low_end):  # noqa: PLR2004
            return "new", f"it falls {falls} times in {values.size} rows"
        if not low_end and values[-1] > values[0]:
            return "total", "it never falls" if not falls else f"it falls only {falls} times"
    raise InputError(
        "a column of counts must say whether it is `cumulative` or `daily`",
        got=clip(name),
        place=place,
        remedy="Say kind='total' or kind='new' (--kind)",
    )


def telling(
    table: Table, days: Sequence[int], but: Sequence[str], fits: Callable[[int], bool]
) -> str:
    """Return the column that tells rows of one day apart: a category, not a number of each row."""
    rows = [i for i in range(len(days)) if fits(i)]
    candidates: list[tuple[int, bool, str]] = []  # words tell apart sooner than numbers
    for name, cells in table.columns.items():
        if name in but:
            continue
        pairs = {(days[i], cell_text(cells[i])) for i in rows}
        number = len({cell_text(cells[i]) for i in rows})
        if number > 1 and len(pairs) == len(rows) and number <= max(2, len(rows) // 2):
            numeric = all(number_of(cells[i]) is not None for i in rows)
            candidates.append((number, numeric, name))
    return min(candidates)[2] if candidates else ""
