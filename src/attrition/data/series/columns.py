"""Which column is the date and which the count: by what was said, by a known name, or refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeAlias

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError, clip
from attrition.data.series.cells import day_first, label_of, number_of
from attrition.data.series.tables import Table

CountKind: TypeAlias = Literal["total", "new"]
"""Totals since the beginning, or what each report adds."""

_DATES = (
    "date",
    "day",
    "report_date",
    "reporting_date",
    "date_reported",
    "date_of_report",
    "event_date",
    "date_of_event",
    "date_of_death",
    "death_date",
    "reporting_day",
    "report_day",
    "datum",
    "fecha",
    "week_ending",
    "week_end",
    "week_start",
    "week_starting",
    "week_beginning",
    "week_commencing",
    "week_of",
    "week",
    "month",
    "quarter",
    "datetime",
    "timestamp",
    "time",
    "date_rep",
    "period",
    "ds",
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
    "new": frozenset({"new", "daily", "weekly", "monthly", "incident", "added"}),
}
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
_SHOWN = 8  # values of a column that are listed


def _plain(name: str) -> str:
    """Return a name in small letters without accents, its parts joined by underscores."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", bare.strip())
    plain = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
    return re.sub(r"(^|_)to_date(_|$)", r"\1todate\2", plain)


def listed(names: Sequence[object]) -> str:
    """Return names as a short list for an error."""
    shown = ", ".join(f"`{str(name)[:40]}`" for name in names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown or "none"


def missing_column(need: str, table: Table, remedy: str) -> InputError:
    """Return the refusal of a table that lacks a column, naming those that it has."""
    return InputError(need, got=listed(list(table.columns)), place=table.place, remedy=remedy)


def selected(table: Table, where: Mapping[str, object] | None) -> Table:
    """Return the rows whose cells equal what was asked.

    Raises
    ------
    InputError
        If there is no such column or no such row.
    """
    for column, wanted in (where or {}).items():
        if column not in table.columns:
            rule = f"`where` must name a column, not `{column}`"
            raise missing_column(rule, table, "Name one of these")
        cells = [_cell_text(cell) for cell in table.columns[column]]
        kept = [i for i, cell in enumerate(cells) if cell == _cell_text(wanted)]
        if not kept:
            raise InputError(
                f"`where` must leave rows: none has {column}={_cell_text(wanted)}",
                got=listed(sorted(set(cells))),
                place=table.place,
                remedy=f"Name one of the values of `{column}`",
            )
        table = table.rows(kept)
    return table


def period_in(name: str) -> Literal["start", "end"] | None:
    """Return which day of a week or month labels it, where the name of the column says so."""
    parts = _parts(name)
    if not parts & {"week", "month", "quarter", "period"}:
        return None  # the start of an event is no label of a span
    if parts & {"commencing", "beginning", "starting", "start"}:
        return "start"
    return "end" if parts & {"ending", "end"} else None


def check_scale(name: str, scale: float, place: str) -> None:
    """Refuse a column that says that it counts thousands or millions, unless so many are given.

    Raises
    ------
    InputError
        If its name holds such a word and the scale is one.
    """
    for word, number in _SCALES.items():
        if scale == 1 and word in _parts(name):
            raise InputError(
                "a count must be of whole persons or things, not of thousands or millions",
                got=clip(name),
                place=place,
                remedy=f"Say scale={number} (--scale {number}); thresholds are then in persons",
            )


def upright(table: Table) -> Table:
    """Return a table whose dates head columns with a row for each, all others as they are."""
    heads = list(table.columns)
    first = day_first(heads)
    try:
        dated = [head for head in heads if label_of(head, begins_with_day=first) is not None]
    except ValueError:  # which nothing tells apart
        return table
    if len(dated) < max(_FEW, len(heads) // 2):
        return table
    kept = [head for head in heads if head not in dated]
    rows = [(i, head) for i in range(len(table.lines)) for head in dated]
    columns: dict[str, Sequence[Any]] = {
        head: [table.columns[head][i] for i, _ in rows] for head in kept
    }
    columns["date"] = [head for _, head in rows]
    columns["count"] = [table.columns[head][i] for i, head in rows]
    return replace(table, columns=columns, lines=[table.lines[i] for i, _ in rows], dated="date")


def _cell_text(cell: object) -> str:
    """Return a cell as text, whole numbers without a point: a frame may have made 3 to 3.0."""
    whole = isinstance(cell, (float, np.floating)) and float(cell).is_integer()
    return str(int(cell)) if whole else str(cell).strip()  # type: ignore[call-overload]


def date_column(table: Table, asked: str | None, reported: str | None = None) -> str:
    """Return the column of dates, which is not that of the dates of report.

    Raises
    ------
    InputError
        If there is none.
    """
    if asked is not None:
        if asked not in table.columns:
            raise missing_column(f"`date` must name a column, not `{asked}`", table, "Name one")
        return asked
    plain = {key: name for key, name in _by_plain_name(table).items() if name != reported}
    if "date" in plain:
        return plain["date"]
    if table.dated:
        return table.dated
    for name in _DATES:
        if name in plain:
            return plain[name]
    raise _no_columns(table)


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
        if asked not in table.columns:
            raise missing_column(f"`value` must name a column, not `{asked}`", table, "Name one")
        return asked, kind or _kind_of(asked)
    plain = _by_plain_name(table)
    kinds: tuple[CountKind, ...] = ("total", "new") if kind is None else (kind,)
    for one in kinds:
        for name in _EXACT[one]:
            if name in plain:
                return plain[name], one
    names = [n for n in table.columns if n != date and not _parts(n) & _NO_COUNT]
    for one in kinds:
        name = _only([n for n in names if _kind_of(n) == one and _is_count(n, table)], table)
        if name:
            return name, one
    bare = [n for n in names if _kind_of(n) is None and _parts(n) & _COUNTS]
    name = _only([n for n in bare if _is_count(n, table)], table)
    if name:
        return name, kind
    raise _no_columns(table)


def _parts(name: str) -> set[str]:
    return set(_plain(name).split("_"))


def _kind_of(name: str) -> CountKind | None:
    parts = _parts(name)
    if parts & _WORDS["new"]:
        return "new"
    return "total" if parts & _WORDS["total"] else None


def _is_count(name: str, table: Table) -> bool:
    """Tell whether a column holds a number in most of its first rows."""
    cells = table.columns[name][:50]
    return sum(number_of(cell) is not None for cell in cells) > 0.5 * len(cells)


def _only(names: list[str], table: Table) -> str:
    """Return the one of several names, or the one that counts deaths."""
    deaths = [name for name in names if _parts(name) & _DEATHS]
    choice = deaths or names
    if len(choice) > 1:
        raise InputError(
            "one column of counts must be chosen",
            got=listed(choice),
            place=table.place,
            remedy=f"Name it: value='{choice[0]}' (--value-column)",
        )
    return choice[0] if choice else ""


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
        low_end = values[-1] < 0.5 * values.max()
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
        pairs = {(days[i], _cell_text(cells[i])) for i in rows}
        number = len({_cell_text(cells[i]) for i in rows})
        if number > 1 and len(pairs) == len(rows) and number <= max(2, len(rows) // 2):
            numeric = all(number_of(cells[i]) is not None for i in rows)
            candidates.append((number, numeric, name))
    return min(candidates)[2] if candidates else ""
