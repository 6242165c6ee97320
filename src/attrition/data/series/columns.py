"""Which column is the date and which the count: by what was said, by a known name, or refused."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, islice
from typing import Any, Literal, TypeAlias

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError, clip, refusal
from attrition.data.series.cells import NAMES, cell_text, is_missing, number_of, without_notes
from attrition.data.series.dates import WEEKS, DateForm, form_of, label_of, month_of
from attrition.data.series.tables import Columns, Table

CountKind: TypeAlias = Literal["total", "new"]
"""Totals since the beginning, or what each report adds."""

EVERY = "*"
"""What `where` says of a column of which all values are added."""

_DATES = NAMES["dates"]
_YEARS, _DAYS = frozenset(NAMES["years"]), frozenset(NAMES["days"])
_MONTHS, _QUARTERS = frozenset(NAMES["months"]), frozenset(NAMES["quarters"])
_PERSONS = frozenset(NAMES["persons"])
_OF_PERSONS = frozenset(NAMES["of_persons"])  # columns of numbers that count nothing
_EXACT: dict[CountKind, list[str]] = {"total": NAMES["exact_total"], "new": NAMES["exact_new"]}
_WORDS: dict[CountKind, frozenset[str]] = {
    "total": frozenset(NAMES["total"]),
    "new": frozenset(NAMES["new"]),
}
_SUMS = {"total", "totals"}  # words for the sum of a day too
_DEATHS = frozenset(NAMES["deaths"])
_COUNTS = _DEATHS | frozenset(NAMES["counts"])
_NO_COUNT = frozenset(NAMES["no_count"])
_NUMBERS = _YEARS | _MONTHS | {"number", "no", "nr", "of", "week", "mmwr", "epi"}  # as Week number
SUMS = frozenset(NAMES["sums"])
"""What is said in a row that sums others."""

_SCALES = dict.fromkeys(NAMES["thousands"], 1_000) | dict.fromkeys(NAMES["millions"], 1_000_000)
_ROLLING = re.compile(
    r"\d[- ]month[- ]ending|(rolling|moving)[\W_]+(sum|total|average|avg|mean|\d)"
    r"|\d[\W_]*(day|week|month)s?[\W_]+(rolling|moving)",
    re.IGNORECASE,
)
_A_YEAR = re.compile(r"(19|20)\d\d")
_HEADS_YEAR = re.compile(r"(19|20)\d\d(?: ?[^\W\d]{1,2}\.)?\W*\d?\)?")  # 2023, 2023 y.1)
_HALF_YEAR = 6  # months by which dates go on in the next year
_FEW = 5  # rows below which their course tells nothing
_OFTEN = 0.1  # share of reports that fall, above which a count is no total
_LOOKED = 50  # cells by which a column is known
_TRIED = 5  # columns of words of which two together may tell rows apart
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


def missing_column(name: str, table: Table, /, **words: object) -> InputError:
    """Return the refusal of a table that lacks a column, naming those that it has."""
    return refusal(name, listed(list(table.columns)), table.place, **words)


def check_named(table: Table, word: str, column: str) -> None:
    """Refuse a word that names no column of a table."""
    if column not in list(table.columns):  # which need not be hashed
        raise missing_column("named column", table, word=word, column=column)


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
            words = {"column": column, "wanted": cell_text(wanted)}
            raise refusal("where leaves rows", listed(sorted(set(cells))), table.place, **words)
        table = table.rows(kept)
    return table


def _few(cells: Sequence[object]) -> set[str]:
    """Return the texts of a column that has few, else none."""
    texts = set[str]()
    for cell in cells:
        texts.add(cell_text(cell))
        if len(texts) > _SHOWN:
            return set()
    return texts


def check_rolling(table: Table, counts: str) -> None:
    """Refuse sums over a window that moves on, which are neither totals nor new counts."""
    few = [(text, name) for name, cells in table.columns.items() for text in _few(cells)]
    for text, name in [(counts, counts), *few]:
        if _ROLLING.search(text):
            raise refusal("rolling sum", clip(text), f"{table.place}, column `{name}`")


def period_in(name: str, table: Table) -> Literal["start", "end"] | None:
    """Return which day of a week or month labels it, where the names of columns say so."""
    parts = parts_of(name)
    if not parts & {"week", "month", "quarter", "period"}:
        # the start of an event is no label of a span; an end beside a start is one
        return "end" if starts_of(name, table) else None
    if parts & {"commencing", "beginning", "starting", "start"}:
        return "start"
    return "end" if parts & {"ending", "end"} else None


def starts_of(name: str, table: Table) -> str:
    """Return the column of the starts of what ends on the days of another."""
    parts = parts_of(name)
    fits = (other for other in table.columns if parts_of(other) == parts - {"end"} | {"start"})
    return next(fits, "") if "end" in parts else ""


def scale_in(name: str) -> int:
    """Return what one unit of a column counts, by its name: 1 where that says nothing."""
    return next((number for word, number in _SCALES.items() if word in parts_of(name)), 1)


def unit_of(table: Table, name: str) -> str:
    """Return the unit of a column, where the source has it beside its name."""
    return table.attributes.get(name, ("", ""))[1]


def upright(table: Table) -> Table:
    """Return a table whose dates run along a row with a row for each, all others as they are."""
    if not table.lines:
        return table
    heads = list(table.columns)
    dated = [heads[i] for i in _dated(heads)]
    if len(dated) >= max(_FEW, len(heads) // 2):
        return _melted(table, [(i, head, head) for i in range(len(table.lines)) for head in dated])
    years = [head for head in heads if _HEADS_YEAR.fullmatch(without_notes(head))]
    months = [head for head in heads if month_of(head.rstrip("."))]
    if len(years) > 1:
        return _by_years(table, years) or _turned(table, heads)
    return (_by_months(table, months) if len(months) > _FEW else None) or _turned(table, heads)


def _melted(table: Table, cells: Sequence[tuple[int, str, str]]) -> Table:
    """Return a table with a row for each of some cells, given by row, head and date."""
    heads = dict.fromkeys(head for _, head, _ in cells)
    kept = [head for head in table.columns if head not in heads]
    columns: Columns = {name: [table.columns[name][i] for i, *_ in cells] for name in kept}
    dates, counts = _unused("date", kept), _unused("count", kept)
    columns[dates] = [date for *_, date in cells]
    columns[counts] = [table.columns[head][i] for i, head, _ in cells]
    lines = [table.lines[i] for i, *_ in cells]
    units = {counts: ("", unit_of(table, next(iter(heads))))}
    return replace(
        table, columns=columns, lines=lines, dated=dates, counted=counts, attributes=units
    )


def _by_years(table: Table, years: list[str]) -> Table | None:
    """Return a table of days, weeks or months by years with a row for each; else nothing."""
    rows = [(i, head) for head in years for i in range(len(table.lines))]
    for name in [head for head in table.columns if head not in years]:
        labels = list(map(cell_text, table.columns[name]))
        if len(_dated([f"{label} 2000" for label in labels])) > 0.5 * len(labels):
            # as 1 January, or March
            return _melted(table, [(i, head, f"{labels[i]} {head[:4]}") for i, head in rows])
        if _period_of(name):
            melted = _melted(table, [(i, head, head[:4]) for i, head in rows])
            year = _unused("year", list(melted.columns))
            columns = {year if n == melted.dated else n: c for n, c in melted.columns.items()}
            return replace(melted, columns=columns, dated="")
    return None


def _by_months(table: Table, months: list[str]) -> Table | None:
    """Return a table of years by months with a row for each; else nothing."""
    years = next((head for head in table.columns if parts_of(head) & _YEARS), "")
    if not years:
        return None
    cells = _filled(table.columns[years])
    rows = [(i, head) for i in range(len(cells)) for head in months]
    return _melted(table, [(i, head, f"{head.rstrip('.')} {cells[i]}") for i, head in rows])


def _unused(name: str, names: Sequence[str]) -> str:
    """Return a name that no column has."""
    while name in names:
        name += "_"
    return name


def _either_way(cells: Sequence[object]) -> DateForm:
    """Return how cells are read as dates where it does not matter which number is the day."""
    form = form_of(cells)
    if form.numbers == "unknown" and not all(cell_text(cell).isdecimal() for cell in cells):
        form = replace(form, numbers="month")  # or a week: 2020-11 is a date, and 202011 a count
    return replace(form, day_first=form.day_first is not False)


def _dated(cells: Sequence[object]) -> list[int]:
    """Return which cells are dates."""
    form = _either_way(cells)
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
    columns: Columns = {str(cells[0]): list(cells[1:]) for cells in whole}
    lines = range(2, len(heads) + 1)
    return replace(table, columns=columns, lines=lines, word="column", dated=str(dated[-1][0]))


def date_column(
    table: Table, asked: str | None, reported: str | None = None, year: int | None = None
) -> tuple[Table, str]:
    """Return the column of dates, which is not that of the dates of report.

    A column of weeks, months or quarters beside one of their years is joined with it, and dates
    without a year are of the one that is given.

    Raises
    ------
    InputError
        If there is none, or several and nothing prefers one, or nothing tells the year.
    """
    if asked is not None:
        check_named(table, "date", asked)
        if holds_dates(table.columns[asked]):
            return _with_years(table, asked) or (table, asked)
        return _with_years(table, asked, year) or _in_year(table, [asked], year) or (table, asked)
    plain = {key: name for key, name in _by_plain_name(table).items() if name != reported}
    name = table.dated if table.counted else plain.get("date", table.dated)
    known = [plain[name] for name in _DATES if name in plain]
    name = name or next((name for name in known if holds_dates(table.columns[name])), "")
    name = name or _only_dates(table, reported)
    if name:
        whole = holds_dates(table.columns[name])
        return (None if whole else _in_year(table, [name], year)) or (table, name)
    periods = sorted(filter(_period_of, table.columns), key=_period_of, reverse=True)
    joined = next(filter(None, (_with_years(table, name, year) for name in periods)), None)
    others = [name for name in table.columns if not _is_count(name, table)]
    joined = joined or _in_year(table, [*known, *others], year)
    if joined is None and not known:
        raise _no_columns(table)
    return joined or (table, known[0])


def _only_dates(table: Table, reported: str | None) -> str:
    """Return the one column of dates that change, or the ends of spans; empty where none is."""
    names = [
        name
        for name, cells in table.columns.items()
        if name != reported and holds_dates(cells) and len(set(map(str, _first(cells)))) > 1
    ]
    starts = {starts_of(name, table) for name in names}
    names = [name for name in names if name not in starts]
    return _single(names, "dates", "date", table)


def other_dates(table: Table, dates: str, but: Sequence[str]) -> list[str]:
    """Return further columns of dates, whose days are not those of the column that is read."""
    read = days_in(table.columns[dates])
    known = {dates, starts_of(dates, table), *but}
    others = {name: days_in(cells) for name, cells in table.columns.items() if name not in known}
    return [name for name, days in others.items() if days != read and len(set(days)) > 1]


def days_in(cells: Sequence[object]) -> list[date]:
    """Return the first days of a column of days; numbers are none here."""
    seen = [cell for cell in cells[:_LOOKED] if not str(cell).replace(".", "").isdecimal()]
    form = _either_way(seen)
    labels = [label_of(cell, form) for cell in seen]
    days = [label.last for label in labels if label is not None and label.first == label.last]
    return days if len(days) > 0.5 * len(seen) else []


def holds_dates(cells: Sequence[object]) -> bool:
    """Tell whether most of the first cells are dates; days of a spreadsheet need a name."""
    seen = _first(cells)
    return form_of(seen).numbers != "serial" and len(_dated(seen)) > 0.5 * len(seen)


def _period_of(name: str) -> Literal["week", "quarter", "month", ""]:
    """Return of what a column has the numbers or names, by its own name."""
    parts = parts_of(name)
    if any(word in _plain(name) for word in WEEKS):
        return "week"
    return "month" if parts & _MONTHS else "quarter" if parts & _QUARTERS else ""


def _with_years(table: Table, name: str, year: int | None = None) -> tuple[Table, str] | None:
    """Return a table with a column of weeks, months, quarters or days of the years beside it."""
    period = _period_of(name)
    years = next((one for one in table.columns if one != name and parts_of(one) & _YEARS), "")
    if not years and not (period and (year or _sections(table.columns[name]))):
        return None
    monthly = period == "month"
    form = "{}Q{}" if period == "quarter" else "{}-{:0>2}" if monthly else "{}{:0>2}"
    days = next((one for one in table.columns if one != name and _plain(one) in _DAYS), "")
    cells = list(map(cell_text, table.columns[name]))
    if monthly and days:
        cells = _filled(cells)
    parts = [re.sub(r"^[WQT]+(?=\d)", "", without_notes(cell).upper()) for cell in cells]
    if monthly:
        parts = [part if part.isdecimal() else str(month_of(part)) for part in parts]
    filled = (
        _filled(table.columns[years]) if years else _sections(cells) or [str(year)] * len(parts)
    )
    names = [years or "year", name]
    cells = list(map(form.format, filled, parts))
    if monthly and days:
        names.append(days)
        cells = list(map("{}-{:0>2}".format, cells, map(cell_text, table.columns[days])))
    fit = [re.fullmatch(r"\d{4}(Q[1-4]|-?\d\d(-\d\d)?)", cell) for cell in cells[:_LOOKED]]
    if 2 * sum(map(bool, fit)) < len(fit):
        return None
    return replace(table, columns={**table.columns, " ".join(names): cells}), " ".join(names)


def _sections(cells: Sequence[object]) -> list[str]:
    """Return the year of each row, where rows of a year alone stand above those of its dates."""
    years = [text if _A_YEAR.fullmatch(text := cell_text(cell)) else "" for cell in cells]
    return _filled(years) if years and years[0] and "" in years else []


def _filled(cells: Sequence[object]) -> list[str]:
    """Return cells as text, those of merged ones filled from above."""
    filled = [""]
    for cell in cells:
        filled.append(cell_text(cell) or filled[-1])
    return filled[1:]


def _in_year(table: Table, names: Sequence[str], year: int | None) -> tuple[Table, str] | None:
    """Return a table with a column of days and months to which their year is added.

    Raises
    ------
    InputError
        If there is such a column, and no year.
    """
    for name in names:
        cells = [without_notes(cell_text(cell)) for cell in table.columns[name]]
        whole = [cell.rstrip("./-") if re.search(r"\D", cell) else "" for cell in cells]
        text = next(filter(None, whole), "")
        sign = next((sign for sign in ("/", "-", ".") if sign in text), " ")
        parted = [f"{cell}{sign}" if cell else "" for cell in whole]
        leap = [cell and f"{cell}2000" for cell in parted]
        if not holds_dates(leap):
            continue
        years, called = _sections(cells), f"{name} by year"
        if not years:
            if year is None:
                raise _yearless(table, name)
            form = replace(form_of(leap), day_first=True)
            labels = (label_of(cell, form) for cell in leap)
            months = _filled([label.last.month if label else "" for label in labels])
            turns = np.diff([int(month or 1) for month in months], prepend=int(months[0] or 1))
            later = np.cumsum((turns < -_HALF_YEAR).astype(int) - (turns > _HALF_YEAR))
            years, called = [str(year + n) for n in later.tolist()], f"{name} of {year}"
        dates = [cell and f"{cell}{own}" for cell, own in zip(parted, years, strict=True)]
        return replace(table, columns={**table.columns, called: dates}), called
    period = next(filter(_period_of, table.columns), "")
    if period and year is None and _with_years(table, period, 2000):
        raise _yearless(table, period)
    return None


def _yearless(table: Table, name: str) -> InputError:
    got = clip(cell_text(table.columns[name][0]))
    return refusal("year of a date", got, f"{table.place}, column `{name}`")


def _by_plain_name(table: Table) -> dict[str, str]:
    return {_plain(name): name for name in reversed(list(table.columns))}


def _no_columns(table: Table, numbers: Sequence[str] = ()) -> InputError:
    value, date = (f"value='{numbers[0]}'", "") if numbers else ("value='…'", "date='…', ")
    return missing_column("date and count", table, date=date, value=value)


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
    names = _may_count(table, date)
    groups: list[tuple[list[str], CountKind | None]] = [
        *(([n for n in names if _kind_of(n) == one], one) for one in kinds),
        ([n for n in names if _kind_of(n) is None and parts_of(n) & _COUNTS], kind),
    ]
    if kind == "new":  # the deaths of a day may be called total, not cumulative
        sums = [n for n in names if parts_of(n) & _SUMS and parts_of(n) & _COUNTS]
        groups[-1][0].extend(n for n in sums if parts_of(n) & _WORDS["total"] <= _SUMS)
    numbers = [n for n in names if _is_count(n, table)]
    deaths = [n for n in numbers if parts_of(n) & _DEATHS]
    others = [n for n in numbers if not parts_of(n) & _OF_PERSONS]
    for group, kind_of_group in groups:
        fit = [n for n in numbers if n in group]
        # cases, or several totals of which none is of deaths, are not preferred to deaths
        vague = len(fit) == 1 and parts_of(fit[0]) <= _WORDS["total"] | _WORDS["new"]
        if (vague or not deaths or {*deaths} & {*fit}) and (name := _only(fit, table, others)):
            return name, kind_of_group
    numbers = others
    if all(days_in([n.split()[-1]]) for n in numbers):  # of several states the newest is offered
        numbers.sort(key=lambda n: days_in([n.split()[-1]]), reverse=True)
    raise _no_columns(table, numbers)


def _may_count(table: Table, date: str) -> list[str]:
    """Return the columns that are no rates, years or numbers of rows, by their names and cells."""
    return [
        n
        for n in table.columns
        if n != date
        and not parts_of(f"{n} {unit_of(table, n)}") & _NO_COUNT
        and not parts_of(n) <= _NUMBERS - ({"number"} if _plain(n) == "number" else set())
        and not (parts_of(n) & _YEARS and all(map(_A_YEAR.fullmatch, _texts(table.columns[n]))))
    ]


def check_sum_of_day(table: Table, date: str, counts: str) -> None:
    """Refuse a total that is the sum of other columns of a day, not of all days so far."""
    if parts_of(counts) & _WORDS["total"] <= _SUMS:
        names = [n for n in _may_count(table, date) if _is_count(n, table)]
        _single([n for n in names if not parts_of(n) & _OF_PERSONS], "counts", "value", table)


def lists_persons(table: Table, date: str) -> bool:
    """Tell whether each row is a person: names, ages or sexes, and no column that may count."""
    names = [name for name in table.columns if name != date]
    counts = any(
        parts_of(n) & _COUNTS or (_is_count(n, table) and not parts_of(n) & _OF_PERSONS)
        for n in names
    )
    return not counts and any(parts_of(name) & _PERSONS for name in names)


def parts_of(name: str) -> set[str]:
    """Return the words of a name, in small letters without accents."""
    return set(_plain(name).split("_"))


def _kind_of(name: str) -> CountKind | None:
    parts = parts_of(name)
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


def _texts(cells: Sequence[object]) -> list[str]:
    return list(map(cell_text, _first(cells)))


def _only(names: list[str], table: Table, more: list[str]) -> str:
    """Return the one of several names, or the one that counts deaths."""
    deaths = [name for name in names if parts_of(name) & _DEATHS]
    return _single(deaths or names, "counts", "value", table, [*names, *more])


def _single(names: list[str], what: str, word: str, table: Table, more: Sequence[str] = ()) -> str:
    """Return the one column that there is, or nothing; of several the user must choose."""
    if len(names) > 1:
        words = {"what": what, "word": word, "first": names[0]}
        raise refusal("one column", listed([*dict.fromkeys([*names, *more])]), table.place, **words)
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
    raise refusal("cumulative or daily", clip(name), place)


def repeated(keys: Sequence[Any], rows: Sequence[int]) -> set[int]:
    """Return those of some rows whose key another of them has too."""
    number = Counter(keys[i] for i in rows)
    return {i for i in rows if number[keys[i]] > 1}


def is_worded(cells: Sequence[object]) -> bool:
    """Tell whether a column holds words and no codes or numbers: most cells have small letters."""
    texts = _texts(cells)
    return 2 * sum(any(c.isalpha() and not c.isupper() for c in t) for t in texts) > len(texts)


def telling(
    table: Table, keys: Sequence[Any], but: Sequence[str], rows: Collection[int]
) -> tuple[str, ...]:
    """Return what tells rows of one key apart: a category, or two, not a name of each row.

    Words are preferred to codes, and these to numbers, as a reader knows places by their names.
    """
    known = sorted(rows)
    texts: dict[str, list[str]] = {}
    single: list[tuple[int, int, tuple[str, ...]]] = []
    for name in table.columns.keys() - set(but):
        cells = [table.columns[name][i] for i in known]
        texts[name] = list(map(cell_text, cells))
        number = len(set(texts[name]))
        if 1 < number <= max(2, len(known) // 2):
            numeric = all(number_of(cell) is not None for cell in cells)
            single.append((3 if numeric else 0 if is_worded(cells) else 2, number, (name,)))
    words = sorted(one for one in single if one[0] == 0)[-_TRIED:]
    several = [
        (1, math.prod(size for _, size, _ in some), tuple(name for _, _, (name,) in some))
        for number in (2, 3)
        for some in combinations(words, number)
    ]
    for _, _, names in sorted([*single, *several], key=lambda one: (one[0], len(one[2]), one[1:])):
        values = list(zip(*map(texts.__getitem__, names), strict=True))
        chance = len(names) > 1 and len(set(values)) > len(known) // 3
        apart = {(keys[i], value) for i, value in zip(known, values, strict=True)}
        if len(apart) == len(known) and not chance:
            return names
    return ()
