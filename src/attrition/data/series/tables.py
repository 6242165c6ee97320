"""Opening what people have: a file of any common form, standard input, or a frame, as columns.

Nothing here knows what a column means; every form ends as the same columns of cells, so that one
grammar chooses among them.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import re
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from importlib import import_module
from itertools import chain, product, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from attrition.core.errors import InputError, clip, refusal
from attrition.core.files import read_file
from attrition.core.neighbours import (
    Frame,
    dataset_from,
    is_frame,
    pandas_from,
    with_numpy_dates,
)
from attrition.data.series.cells import NAMES, cell_text, is_missing, number_of
from attrition.data.series.dates import label_of, month_of

_MOST_SPANNED = 1_000  # rows or columns that a cell is believed to span
_MOST_OF_PAGE = 5_000_000  # of a page, so that spans within spans stay bounded
_NOTES = {"sup", "script", "style"}  # no words of a cell


def tables_of(text: str) -> list[list[list[str]]]:
    """Return the cells of each table, by rows.

    Raises
    ------
    ValueError
        If spans make more than five million cells.

    Examples
    --------
    >>> tables_of("<table><tr><th>Day<th>Deaths<tr><td>3 June<td>5<sup>[1]</sup></table>")
    [[['Day', 'Deaths'], ['3 June', '5']]]
    """
    parser = _Reader()
    parser.feed(text)
    parser.close()
    return parser.tables


class _Reader(HTMLParser):
    """Collects tables; what a table within a cell holds is read as a table of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._spans: list[dict[int, tuple[int, str]]] = []  # by column: rows still spanned, cell
        self._span: tuple[int, int] | None = None  # of the cell that is being read
        self._words: list[str] = []
        self._quiet = 0
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            self._open.append([])
            self._spans.append({})
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
            self._repeat()
        elif tag in {"td", "th"} and self._open and self._open[-1]:
            self._end_cell()
            given = dict(attrs)
            self._span = _spanned(given.get("rowspan")), _spanned(given.get("colspan"))
        elif tag in _NOTES:
            self._quiet += 1
        elif tag == "br":
            self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._end_cell()
        if tag == "table" and self._open:
            self._open.pop()
            self._spans.pop()
        if tag in _NOTES:
            self._quiet = max(self._quiet - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self._words.append(data)

    def _end_cell(self) -> None:
        if self._span is not None:
            rows, columns = self._span
            text = " ".join("".join(self._words).split())
            for _ in range(columns):
                if rows > 1:
                    self._spans[-1][len(self._open[-1][-1])] = rows - 1, text
                self._append(text)
            self._repeat()
        self._span, self._words = None, []

    def _repeat(self) -> None:
        """Fill in the cells of rows above that reach into this one."""
        row, spans = self._open[-1][-1], self._spans[-1]
        while len(row) in spans:
            rows, text = spans.pop(len(row))
            if rows > 1:
                spans[len(row)] = rows - 1, text
            self._append(text)

    def _append(self, text: str) -> None:
        self._cells += 1
        if self._cells > _MOST_OF_PAGE:
            raise ValueError(f"more than {_MOST_OF_PAGE:,} cells")
        self._open[-1][-1].append(text)


def _spanned(text: str | None) -> int:
    return min(int(text), _MOST_SPANNED) if text and text.isdecimal() and int(text) else 1


if TYPE_CHECKING:
    import xarray as xr

_LARGE = NAMES["thousands"] + NAMES["millions"]
_MOST_CELLS = 5_000_000  # of a cube
_MOST = 2**28  # bytes of a table, unpacked: far above any count, far below a machine's memory
_DELIMITERS = ",;\t|"
_BLOCK = re.compile(r"[^ ]+(?: [^ ]+)*")  # words between which there is one blank
_SIGN = re.compile(r"[,;|](?! )")  # what parts cells, unless it stands in a number
_IN = "(?:in|en|i|w) "
_SCALED = re.compile(  # "(in thousands)", "Thousands of persons"; no "thousands of homes were lost"
    rf"(?:^|[(,;:] ?|\b(?={_IN}))(?:{_IN})?({'|'.join(filter(str.isalpha, _LARGE))})"
    r"(?: (?:of|de|di|von) \w+| \w+)?\)?$",
    re.IGNORECASE,
)
_FORMS: dict[str, tuple[tuple[bytes, ...], tuple[str, ...]]] = {
    "Parquet": ((b"PAR1",), (".parquet", ".pq")),
    "XLSX": ((b"PK\x03\x04",), (".xlsx", ".xls")),
    "netCDF": ((b"\x89HDF", b"CDF"), (".nc", ".nc4")),
    "JSON": ((b"{", b"["), (".json", ".jsonl", ".ndjson")),
    "HTML": ((b"<",), (".html", ".htm")),
    "CSV": ((), (".csv", ".tsv", ".txt")),
}
"""How the content of a file of each form begins, and how its name ends."""

SHEET = "sheet"
"""The column that tells from which sheet, or table of a page, each of several joined rows is."""

Columns: TypeAlias = dict[str, Sequence[Any]]
"""Cells by column, all of one length."""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of cells as they stand in a source.

    Parameters
    ----------
    columns : dict of str to sequence
        Cells by column, all of one length.
    place : str
        Where it stands, for errors.
    lines : sequence of int
        The line or number of each row, for errors.
    word : str
        What a row is called there.
    name : str
        How the count is called where no column says it.
    dated : str
        A column that is the index or a coordinate of dates, empty where there is none.
    attributes : dict of str to (str, str)
        Name and unit of a column, where the source keeps them beside it.
    counted : str
        A column of the counts that stood below dates as heads, empty where there is none.
    chosen : str
        Which of several tables of the source it is, empty where there is one.
    ragged : int
        The first line with more cells than columns, 0 where there is none.
    """

    columns: Columns
    place: str
    lines: Sequence[int]
    word: str = "row"
    name: str = ""
    dated: str = ""
    attributes: dict[str, tuple[str, str]] = field(default_factory=dict)
    counted: str = ""
    chosen: str = ""
    ragged: int = 0

    def where(self, row: int) -> str:
        """Return where a row stands."""
        return f"{self.place}, {self.word} {self.lines[row]}"

    def rows(self, kept: Sequence[int]) -> Table:
        """Return some of the rows."""
        columns: Columns = {name: [cells[i] for i in kept] for name, cells in self.columns.items()}
        return replace(self, columns=columns, lines=[self.lines[i] for i in kept])


def table_of(
    source: str | Path | xr.DataArray | xr.Dataset | Frame, *, plain: bool = False
) -> Table:
    """Return the columns of a file, of standard input (``-``), or of a frame.

    Of a ``plain`` table each row below the header is one: none is a comment or a second header.

    Raises
    ------
    InputError
        If it cannot be read, or what reads it is not installed.
    """
    if isinstance(source, (str, Path)):
        return _of_file(Path(source), plain=plain)
    import xarray as xr

    if isinstance(source, (xr.DataArray, xr.Dataset)):
        return of_xarray(source, "xarray object")
    thing: Any = source
    if hasattr(thing, "npartitions") and hasattr(thing, "compute"):  # a frame of Dask
        thing = thing.compute()
    if hasattr(thing, "collect") and hasattr(thing, "lazy"):  # a frame of polars not yet computed
        thing = thing.collect()
    if is_frame(thing):
        return _of_frame(thing, "data frame")
    raise refusal("file or frame", clip(type(source).__name__), "read_series")


# ------------------------------------------------------------------ files


def _unreadable(path: Path, kind: str, got: str) -> InputError:
    return refusal("readable", got, clip(str(path)), kind=kind)


def _bytes(path: Path) -> bytes:
    """Return the content of a file or of standard input, unpacked, of bounded size."""
    try:
        piped = str(path) == "-"
        content = sys.stdin.buffer.read(_MOST + 1) if piped else read_file(path, _MOST, "a series")
        if content[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(content)) as packed:
                content = packed.read(_MOST + 1)
    except InputError:
        raise
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise _unreadable(path, "file", clip(str(error))) from None
    if len(content) > _MOST:
        raise _unreadable(path, "file of a count", f"more than {_MOST // 2**20} MiB")
    return content


def _of_file(path: Path, *, plain: bool) -> Table:
    place = "standard input" if str(path) == "-" else path.name
    table = _of_content(_bytes(path), path, place, plain=plain)
    whole = path.suffix.lower() in _FORMS["Parquet"][1]  # these were always called by their file
    stem = Path(path.stem).stem if path.suffix.lower() == ".gz" else Path(place).stem
    return replace(table, name=place if whole else stem)


def _of_content(content: bytes, path: Path, place: str, *, plain: bool) -> Table:
    inner = Path(path.stem) if path.suffix.lower() == ".gz" else path
    suffix, start = inner.suffix.lower(), content.lstrip()
    named = (form for form, (_, ends) in _FORMS.items() if suffix in ends)
    begun = (form for form, (begins, _) in _FORMS.items() if start.startswith(begins))
    form = next(named, None) or next(begun, "CSV")
    if form in _TEXTS:
        return _TEXTS[form](_text(content, path), path, place, plain=plain)
    readers: dict[str, Callable[[], Any]] = {
        "Parquet": lambda: import_module("pandas").read_parquet(io.BytesIO(content)),
        "XLSX": lambda: import_module("pandas").read_excel(
            io.BytesIO(content), sheet_name=None, header=None
        ),
        "netCDF": lambda: import_module("xarray").load_dataset(io.BytesIO(content)),
    }
    try:
        opened = readers[form]()
    except ImportError:
        raise refusal(f"{form} engine", "none installed", clip(str(path))) from None
    except Exception as error:  # noqa: BLE001 - whatever a foreign file makes its reader raise
        if form == "netCDF" and "engine" in str(error) and not _engines():
            raise refusal(f"{form} engine", "none installed", clip(str(path))) from None
        raise _unreadable(path, f"{form} file", clip(str(error))) from None
    if form == "XLSX":
        sheets = {name: sheet.to_numpy(dtype=object).tolist() for name, sheet in opened.items()}
        return _of_largest(sheets, place, "sheets", plain=plain)
    return of_xarray(opened, place) if form == "netCDF" else _of_frame(opened, place)


def _engines() -> bool:
    from importlib.util import find_spec

    return any(find_spec(name) is not None for name in ("h5netcdf", "netCDF4"))


def _text(content: bytes, path: Path) -> str:
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        if wide or b"\0" in content:
            raise _unreadable(path, "text in UTF-8", clip(str(error))) from None
        latin = content.decode("cp1252", errors="replace")  # digits are the same in all such
        letters = "".join(filter(str.isalpha, latin))
        foreign = sum(not letter.isascii() for letter in letters) > 0.5 * len(letters)
        for encoding in ("cp932", "cp1251") if foreign or "\ufffd" in latin else ():
            with suppress(UnicodeDecodeError):
                return content.decode(encoding)
        return latin


def _of_csv(text: str, path: Path, place: str, *, plain: bool) -> Table:
    if fixed := _of_fixed_width(text):
        return _of_rows(fixed, place, "line", plain=plain)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise _unreadable(path, "CSV file in UTF-8", clip(str(error))) from None
    return _of_rows(rows, place, "line", plain=plain)


def _of_fixed_width(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows of a table whose columns are parted by blanks; none where it is none.

    A column is where most rows have a cell; a cell belongs to the column that it overlaps most.
    """
    lines = [
        (number, [(m.start(), m.end(), m[0]) for m in _BLOCK.finditer(line)])
        for number, line in enumerate(text.expandtabs(8).splitlines(), start=1)
        if line.strip(" -=_+")
    ]
    sizes = [len(cells) for _, cells in lines]
    usual = max(dict.fromkeys(sizes), key=sizes.count, default=1)
    whole = [cells for _, cells in lines if len(cells) == usual]
    texts = [text for cells in whole for *_, text in cells if _SIGN.search(text)]
    signs = sum(number_of(text) is None for text in texts)
    if usual < 2 or 2 * len(whole) < len(lines) or 2 * signs > len(whole) or "\t" in text:  # noqa: PLR2004
        return []
    spans = [(min(c[i][0] for c in whole), max(c[i][1] for c in whole)) for i in range(usual)]
    rows = []
    for number, cells in lines[sizes.index(usual) :]:
        row = [""] * usual
        for start, end, cell in cells:
            overlap = [min(end, last) - max(start, first) for first, last in spans]
            i = overlap.index(max(overlap))
            row[i] = f"{row[i]} {cell}".strip()
        rows.append((number, row))
    return rows


def _of_html(text: str, path: Path, place: str, *, plain: bool) -> Table:
    try:
        tables = tables_of(text)
    except ValueError as error:
        raise _unreadable(path, "table in HTML", clip(str(error))) from None
    for row in chain.from_iterable(tables):
        if len(row) > 2 and len(set(row)) == 1:  # noqa: PLR2004 - one cell over all columns
            row[1:] = [""] * (len(row) - 1)
    return _of_largest(dict(enumerate(tables, start=1)), place, "tables", plain=plain)


def _of_largest(
    sheets: Mapping[Any, list[list[Any]]], place: str, word: str, *, plain: bool
) -> Table:
    """Return the one of several tables that has most rows, and those with its columns below it."""
    tables = {
        n: _of_rows(list(enumerate(rows, start=1)), place, plain=plain)
        for n, rows in sheets.items()
    }
    name = max(sheets, key=lambda name: len(sheets[name]), default="")
    largest = tables.get(name, Table({}, place, []))
    heads = list(largest.columns)
    alike = {n: other for n, other in tables.items() if list(other.columns) == heads}
    others = sum(len(rows) > 1 for n, rows in sheets.items() if n not in alike)
    if len(alike) > 1 and len(heads) > 1 and SHEET not in heads:
        columns: Columns = {
            head: list(chain.from_iterable(other.columns[head] for other in alike.values()))
            for head in heads
        }
        columns[SHEET] = [str(n) for n, other in alike.items() for _ in other.lines]
        lines = list(chain.from_iterable(other.lines for other in alike.values()))
        largest = replace(largest, columns=columns, lines=lines)
    return replace(
        largest, chosen=f"the largest of {len(sheets)} {word}, `{name}`" if others else ""
    )


def _of_rows(
    rows: Sequence[tuple[int, Sequence[Any]]], place: str, word: str = "row", *, plain: bool
) -> Table:
    """Return numbered rows of cells as columns, under the first that is no title or comment."""
    rows = [(line, row) for line, row in rows if any(cell_text(cell) for cell in row)]
    wide = sum(len(row) > 1 for _, row in rows) > 0.5 * len(rows)
    scale = ""
    while len(rows) > 1 and ((wide and _is_title(rows[0][1])) or _is_comment(rows[0][1])):
        above = " ".join(filter(None, map(cell_text, rows[0][1])))
        scale = match[1] if (match := _SCALED.search(above)) else scale
        rows = rows[1:]  # titles and comments above the header
    if not rows:
        return Table({}, place, [])
    (_, head), *body = rows
    header = [cell_text(cell).strip("\ufeff") for cell in head]
    body = [(line, row) for line, row in body if plain or not _is_comment(row)]
    units = list[str]()
    while not plain and len(body) > 1 and _is_head(body[0][1], spanned="" in header):
        below = [cell_text(cell) for cell in body.pop(0)[1]][: len(header)]
        if "" in header or len(set(header)) < len(header):  # a head over several columns
            header = _under(header, below)
        else:
            units = below
    body = [(line, row) for line, row in body if list(map(cell_text, row)) != header]
    header, body = _one_block(header, body)
    names = _unique(header)
    columns: Columns = {
        name: [row[i] if i < len(row) else "" for _, row in body] for i, name in enumerate(names)
    }
    filled = zip_longest(names, units[: len(names)], fillvalue="")
    attributes = {name: ("", unit or scale) for name, unit in filled}
    ragged = next((line for line, row in body if any(map(cell_text, row[len(names) :]))), 0)
    lines = [line for line, _ in body]
    return Table(columns, place, lines, word, attributes=attributes, ragged=ragged)


def _one_block(
    header: list[str], body: list[tuple[int, Sequence[Any]]]
) -> tuple[list[str], list[tuple[int, Sequence[Any]]]]:
    """Return blocks side by side, of which each goes on where the one before ends, as one."""
    if not any(header[:1]):  # a first column without a name begins no block
        return header, body
    starts = [i for i, name in enumerate(header) if name == header[0]]
    ends = [*starts[1:], len(header)]
    blocks = [[name for name in header[i:j] if name] for i, j in zip(starts, ends, strict=True)]
    size = len(blocks[0])
    if len(blocks) < 2 or size < 2 or blocks.count(blocks[0]) < len(blocks):  # noqa: PLR2004
        return header, body
    rows = [(line, row[i : i + size]) for i in starts for line, row in body]
    rows = [(line, row) for line, row in rows if any(map(cell_text, row))]
    firsts = [cell_text(row[0]) for _, row in rows]
    return (header, body) if len(set(firsts)) < len(firsts) else (blocks[0], rows)


def _is_head(row: Sequence[Any], *, spanned: bool) -> bool:
    """Tell whether a row below the header belongs to it: words alone, no number and no date."""
    cells = [cell for cell in row if cell_text(cell)]
    if any(map(is_missing, cells)):
        return False
    if spanned:  # as a rate per 100,000 does; numbers and dates are none of it
        cells = [re.sub(r"(?<=[^\W\d])\W+\d[\d., ]*$", "", str(cell)) for cell in cells]
    text = "".join(map(str, cells))
    worded = all(isinstance(cell, str) for cell in cells)
    months = any(map(month_of, filter(str.isalpha, map(cell_text, cells))))
    return len(cells) > 1 and worded and not months and not any(map(str.isdigit, text))


def _under(header: list[str], below: list[str]) -> list[str]:
    """Return the names of columns of which the first row of the header spans several."""
    names, above = [], ""
    for head, name in zip_longest(header, below, fillvalue=""):
        above = head or (above if name else "")
        names.append(above if name in ("", above) else f"{above} {name}".strip())
    return names


def _is_title(row: Sequence[Any]) -> bool:
    """Tell a row of which one cell alone holds something."""
    return sum(bool(cell_text(cell)) for cell in row) == 1


def _is_comment(row: Sequence[Any]) -> bool:
    """Tell comments, and the row of HXL tags that humanitarian tables have below the header."""
    return str(row[0]).lstrip().startswith("#")


def _delimiter(text: str) -> str:
    """Return the sign that parts most of the first lines into the same number of cells."""
    lines = [line for line in text[:65_536].splitlines() if line.strip()][:20]

    def regular(sign: str) -> tuple[int, int]:
        cells = [len(next(csv.reader([line], delimiter=sign), [])) for line in lines]
        usual = max(cells, key=cells.count, default=1)
        return (cells.count(usual) if usual > 1 else 0, usual)

    return max(_DELIMITERS, key=regular)


def _unique(names: list[str]) -> list[str]:
    """Return names of which none occurs twice, so that no column is lost."""
    seen: dict[str, int] = {}
    out = []
    for i, name in enumerate(names):
        shown = name or f"column {i + 1}"
        seen[shown] = seen.get(shown, 0) + 1
        out.append(shown if seen[shown] == 1 else f"{shown} ({seen[shown]})")
    return out


def _of_json(text: str, path: Path, place: str, *, plain: bool) -> Table:  # noqa: ARG001
    try:
        try:
            document = json.loads(text)
        except json.JSONDecodeError:
            document = [json.loads(line) for line in text.splitlines() if line.strip()]
        rows = _records(document)
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, "JSON file", clip(str(error))) from None
    if rows is None:
        raise refusal("records or columns", clip(type(document).__name__), clip(str(path)))
    names = dict.fromkeys(str(name) for row in rows for name in row)
    columns: Columns = {name: [row.get(name) for row in rows] for name in names}
    return Table(columns, place, range(1, len(rows) + 1), "record")


def _records(document: object) -> list[dict[str, Any]] | None:
    """Return records: themselves, those under one key of an object, or made of its columns."""
    if isinstance(document, list) and all(isinstance(row, dict) for row in document):
        return [point for row in document for point in _points(row)]
    if not isinstance(document, dict):
        return None
    if rows := _by_day(document) or _features(document) or _cube(document):
        return rows
    lists = {str(name): column for name, column in document.items() if isinstance(column, list)}
    nested = [rows for rows in map(_records, lists.values()) if rows]
    nested += filter(None, map(_by_day, document.values()))
    if rows := nested[0] if len(nested) == 1 else _split(list(lists.values())):
        return rows
    even = len({len(column) for column in lists.values()}) == 1
    if even and len(lists) == len(document):
        return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
    parts = (_records(part) for part in document.values() if isinstance(part, dict))
    within = [rows for rows in parts if rows]
    return within[0] if len(within) == 1 else None


def _points(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a record for each point of a line in a chart, any other record as it is."""
    for name, points in row.items():
        listed = isinstance(points, list) and len(points) > 1
        if listed and all(isinstance(p, list) and len(p) == 2 and _is_day(p[0]) for p in points):  # noqa: PLR2004
            rest = {key: cell for key, cell in row.items() if key != name}
            return [{**rest, "date": x, "value": y} for x, y in points]
    return [row]


def _cube(document: dict[Any, Any]) -> list[dict[str, Any]]:
    """Return a record for each cell of a table in JSON-stat; none where it is none."""
    try:
        kinds = [document["dimension"][name]["category"] for name in document["id"]]
        order = [kind.get("index", kind.get("label")) for kind in kinds]
        codes = [sorted(of, key=of.__getitem__) if isinstance(of, dict) else of for of in order]
        labels = [
            [kind.get("label", {}).get(code, code) for code in some]
            for kind, some in zip(kinds, codes, strict=True)
        ]
        cells = document["value"]
        numbers = (
            {str(i): cell for i, cell in enumerate(cells)} if isinstance(cells, list) else cells
        )
        if math.prod(map(len, codes)) > _MOST_CELLS:
            return []
        return [
            {**dict(zip(document["id"], place, strict=True)), "value": numbers.get(str(i))}
            for i, place in enumerate(product(*labels))
        ]
    except (KeyError, TypeError, AttributeError):
        return []


def _features(document: dict[Any, Any]) -> list[dict[str, Any]]:
    """Return what is said of the features of a map; none where it is no map."""
    features = document.get("features")
    rows = [row for row in features if isinstance(row, dict)] if isinstance(features, list) else []
    parts = [row.get("attributes", row.get("properties")) for row in rows]
    return [part for part in parts if isinstance(part, dict)]


def _by_day(document: object) -> list[dict[str, Any]]:
    """Return records that are kept by their dates; none where they are not."""
    days = document.items() if isinstance(document, dict) else ()
    whole = all(isinstance(row, dict) and _is_day(day) for day, row in days)
    return [{"date": day, **row} for day, row in days] if whole else []


def _split(lists: list[list[Any]]) -> list[dict[str, Any]]:
    """Return records of rows that stand in one list, and the names of their cells in another."""
    for names in lists:
        if names and all(isinstance(name, str) for name in names):
            for rows in lists:
                if rows and all(isinstance(row, list) and len(row) == len(names) for row in rows):
                    return [dict(zip(names, row, strict=True)) for row in rows]
    return []


_TEXTS = {"CSV": _of_csv, "HTML": _of_html, "JSON": _of_json}


# ------------------------------------------------------------------ frames


def _of_frame(frame: Any, place: str) -> Table:  # noqa: ANN401 - a frame of any library
    """Return the columns of a frame, its index first where that has a name or dates."""
    if not hasattr(frame, "to_xarray"):
        frame = pandas_from(frame, place)
    if not hasattr(frame, "reset_index"):  # offers no more than the protocol asks
        return of_xarray(dataset_from(frame, place), place)
    if not hasattr(frame, "columns"):
        frame = frame.to_frame("" if frame.name is None else frame.name)
    index = frame.index
    dated = ""
    if index.nlevels > 1:
        frame = frame.reset_index()
    elif index.dtype.kind in "Mm" or hasattr(index, "tz") or "period" in str(index.dtype):
        dated = str(index.name or "index")
        frame = frame.reset_index(names=dated)
    elif index.name is not None or _is_dated(index):
        frame = frame.reset_index(names=str(index.name or "index"))
        dated = str(frame.columns[0]) if _is_dated(index) else ""
    names = _unique([str(name) for name in frame.columns])
    columns: Columns = {name: frame.iloc[:, i].tolist() for i, name in enumerate(names)}
    return Table(columns, place, range(1, len(frame) + 1), dated=dated)


def _is_day(text: object) -> bool:
    """Tell whether a key is a date."""
    try:
        return label_of(text) is not None
    except ValueError:  # of which the day is not known yet
        return True


def _is_dated(index: Any) -> bool:  # noqa: ANN401 - an index of pandas
    """Tell whether an index of text or objects begins with a date."""
    if index.dtype.kind in "iufb" or not len(index):
        return False
    return _is_day(index[0])


def of_xarray(source: xr.DataArray | xr.Dataset, place: str) -> Table:
    """Return the variables over the one dimension of an xarray object."""
    given = with_numpy_dates(source, place)
    import xarray as xr

    if isinstance(given, xr.DataArray):
        given = given.to_dataset(name="value" if given.name is None else str(given.name))
    flat = [v for v in given.variables.values() if v.ndim == 1]
    if not flat or any(v.ndim > 1 for v in given.data_vars.values()):
        raise refusal("one dimension", clip(dict(given.sizes)), place)
    dim = next((v.dims for v in given.data_vars.values() if v.ndim == 1), flat[0].dims)
    columns: Columns = {
        str(name): list(v.values) for name, v in given.variables.items() if v.dims == dim
    }
    named = (name for name in ("date", "time", *given.coords) if str(name) in columns)
    dated = next((str(name) for name in named if given[name].dtype.kind in "MOUT"), "")
    attributes = {
        str(name): (str(v.attrs.get("long_name") or ""), str(v.attrs.get("units") or ""))
        for name, v in given.variables.items()
    }
    rows = int(np.size(next(iter(columns.values()), [])))
    return Table(columns, place, range(1, rows + 1), dated=dated, attributes=attributes)
