"""Reading a table of claims, its columns mapped to the keys of a claim."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from attrition.core._typing import LARGEST
from attrition.core.checks import check_known, suggestion
from attrition.core.errors import InputError, clip
from attrition.core.files import bundled
from attrition.core.neighbours import Frame
from attrition.core.refusals import refusal
from attrition.data.dossier.dates import PartialDate
from attrition.data.dossier.models import Quantity
from attrition.data.dossier.published import infer_published
from attrition.data.dossier.sources import Source
from attrition.data.dossier.spellings import slug
from attrition.data.dossier.tables import ClaimRow, ClaimTable, RefusedRow
from attrition.data.series.cells import cell_text, is_missing, number_of
from attrition.data.series.tables import table_of

_NUMBERS = ("low", "high", "point")
_DATES = ("as_of", "published", "since")
_WORDS = ("quantity", "source", "kind", "quote", "hedge", "per", "note", "url", "id", "supersedes")
_COLUMNS = (*_WORDS, *_NUMBERS, *_DATES)

Mappings = Mapping[str, str | Sequence[str]]
"""Key of a claim -> its column, several columns to join, or "=" and a constant."""


def read_claims(
    path: str | Path | Frame,
    *,
    mapping: Mappings | None = None,
    aliases: Mapping[str, Sequence[str]] | None = None,
) -> ClaimTable:
    """Read a table of claims.

    Parameters
    ----------
    path : str, pathlib.Path or data frame
        A file or a frame of any form that :func:`attrition.read_series` reads, with a header.
    mapping : mapping of str to str or sequence of str, optional
        Key of a claim -> its column; several columns are joined by "-"; "=level" is the constant
        "level". When left out, a table with the columns of one that we know is read as that one,
        and any other by columns that are called like the keys of a claim.
    aliases : mapping of str to sequence of str, optional
        Name of a source -> the spellings under which rows name it.

    Returns
    -------
    ClaimTable
        Where the table has no column for it, ``published`` is inferred: the latest of the row's
        date, a date in its address and the time coded in the number of a post.

    Raises
    ------
    InputError
        If the file cannot be read, or the mapping names an unknown key or column.

    See Also
    --------
    attrition.claim : one of them.
    attrition.read_dossier : claims with what is known of their sources.

    Examples
    --------
    >>> from importlib.resources import files
    >>> data = files("attrition").joinpath("bundled")
    >>> table = read_claims(str(data / "war_loss_claims_to_2025-06-03.csv"))
    >>> len(table.rows), table.rows[0].published.first.isoformat(), table.rows[0].inferred
    (103, '2025-01-07', ('published',))
    """
    place, header, rows = _cells(path)
    known = {} if mapping is not None else _known(header)
    columns = _checked_mapping(mapping or known.get("mapping") or _named(header), header, place)
    sources: dict[str, Source] = {
        key: Source.model_validate(entry) for key, entry in known.get("sources", {}).items()
    }
    for name, spellings in (aliases or {}).items():
        sources[slug(name)] = Source(name=name, aliases=tuple(spellings))
    quantities = {
        key: Quantity.model_validate(entry) for key, entry in known.get("quantities", {}).items()
    }
    results = [_row(line, cells, columns, sources) for line, cells in rows]
    kept = tuple(row for row in results if isinstance(row, ClaimRow))
    for row in kept:
        unit = {"title": row.quantity, "definition": row.quantity, "unit": "persons"}
        if row.quantity not in quantities:
            quantities[row.quantity] = Quantity.model_validate(unit)
    used = {row.source for row in kept} | {p for s in sources.values() for p in s.derived_from}
    named = {key: source for key, source in sources.items() if key in used}
    refused = tuple(row for row in results if isinstance(row, RefusedRow))
    return ClaimTable(place, kept, refused, named, quantities)


def _cells(source: str | Path | Frame) -> tuple[str, list[str], list[tuple[int, dict[str, str]]]]:
    """Return the place of a table, its columns, and its rows as text, each with its line."""
    table = table_of(source, plain=True)
    got = f"more cells in line {table.ragged}" if table.ragged else "none"
    if table.ragged or not table.lines:
        raise refusal("rows of claims", got, table.place)
    first = 0 if isinstance(source, (str, Path)) else 1  # counted as in a file with a header
    rows = zip(*(map(_text, cells) for cells in table.columns.values()), strict=True)
    lines = (line + first for line in table.lines)
    header = list(table.columns)
    numbered = [
        (line, dict(zip(header, row, strict=True))) for line, row in zip(lines, rows, strict=True)
    ]
    return table.place, header, numbered


def _text(cell: object) -> str:
    return cell_text(cell.date() if isinstance(cell, datetime) and not is_missing(cell) else cell)


def _known(header: Sequence[str]) -> dict[str, Any]:
    """Return what we know of a table by its columns, if we know it."""
    for table in tomllib.loads(bundled("tables.toml")).values():
        wanted = {name for columns in table["mapping"].values() for name in _names(columns)}
        if wanted <= set(header):
            return cast("dict[str, Any]", table)
    return {}


def _names(columns: str | Sequence[str]) -> list[str]:
    """Return the columns that an entry of a mapping reads; a constant reads none."""
    if isinstance(columns, str):
        return [] if columns.startswith("=") else [columns]
    return list(columns)


def _named(header: Sequence[str]) -> dict[str, str]:
    return {key: key for key in _COLUMNS if key in header}


def _checked_mapping(mapping: Mappings, header: Sequence[str], place: str) -> Mappings:
    for key, columns in mapping.items():
        check_known(key, _COLUMNS, "a mapping must name keys of a claim", place)
        for column in _names(columns):
            if column not in header:
                near = suggestion(column, header)
                raise refusal("mapped columns", f"{key} = {clip(column)}", place, near=near)
    if "quantity" not in mapping or not {*_NUMBERS, "quote"} & set(mapping):
        raise refusal("columns of claims", ", ".join(mapping) or "no known column", place)
    return mapping


def _row(
    line: int, cells: dict[str, str], columns: Mappings, sources: dict[str, Source]
) -> ClaimRow | RefusedRow:
    values = {key: _joined(names, cells) for key, names in columns.items()}
    values = {key: value for key, value in values.items() if value}
    try:
        numbers = {key: _number(key, values.get(key)) for key in _NUMBERS}
        dates = {key: PartialDate.parse(values[key], place=key) for key in _DATES if key in values}
    except InputError as error:
        return RefusedRow(line, "broken", str(error), cells)
    if all(value is None for value in numbers.values()) and "quote" not in values:
        return RefusedRow(line, "empty", "The row states no figure: no number and no words.", cells)
    low, high = numbers["low"], numbers["high"]
    if low is not None and high is not None and low > high:
        return RefusedRow(line, "broken", f"`low` {low:g} exceeds `high` {high:g}.", cells)
    inferred: tuple[str, ...] = ()
    words = {key: values[key] for key in _WORDS[2:] if key in values}
    as_of = dates.get("as_of")
    if as_of is not None and "published" not in dates:
        dates["published"], reason = infer_published(as_of, values.get("url", ""))
        inferred = ("published",)
        words["note"] = " ".join([*filter(None, [words.get("note")]), f"Published: {reason}."])
    source = _source_id(values["source"], sources) if "source" in values else None
    quantity = slug(values.get("quantity", "")) or "unnamed"
    days = as_of, dates.get("published"), dates.get("since")
    figure = low, high, numbers["point"]
    return ClaimRow(line, quantity, source, *figure, *days, inferred, words, cells)


def _joined(columns: str | Sequence[str], cells: Mapping[str, str]) -> str:
    if isinstance(columns, str) and columns.startswith("="):
        return columns[1:].strip()
    return "-".join(cells[name].strip() for name in _names(columns)).strip("- ")


def _number(key: str, text: str | None) -> float | None:
    if text is None:
        return None
    value = number_of(text)
    if value is None or not 0 <= value < LARGEST:
        raise refusal("number of 0 or more", clip(text), key, largest=LARGEST)
    return value


def _source_id(name: str, sources: dict[str, Source]) -> str:
    """Return the id of a source by any of its spellings; a new one is entered."""
    for key, source in sources.items():
        if name in (key, source.name, *source.aliases):
            return key
    key = slug(name) or "unnamed"
    while key in sources:
        key += "-2"
    sources[key] = Source(name=name)
    return key
