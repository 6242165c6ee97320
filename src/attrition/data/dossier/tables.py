"""Tables of claims: columns mapped to keys; every row is a claim or a refusal that says why.

Where no column says when a figure appeared, its address and the code of a post may.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import NoneType
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import ValidationError

from attrition.core._showing import Shown
from attrition.core._typing import LARGEST
from attrition.core.checks import check_known, check_type, suggestion
from attrition.core.errors import InputError, clip, refusal
from attrition.core.files import bundled
from attrition.core.grouping import grouped_by
from attrition.core.neighbours import Frame
from attrition.data.dossier.claims import Claim
from attrition.data.dossier.dossier import Dossier, checked
from attrition.data.dossier.models import Quantity, Source, slug
from attrition.data.dossier.values import PartialDate
from attrition.data.series.cells import cell_text, is_missing, number_of
from attrition.data.series.tables import table_of

_KEYS = ("quantity", "source", "low", "high", "point", "as_of", "published", "since", "inferred")


@dataclass(frozen=True, slots=True)
class ClaimRow(Shown):
    """One row that holds a figure; dates and source may be unknown.

    Parameters
    ----------
    line : int
        Its line in the file.
    quantity : str
        Id of what is counted.
    source : str or None
        Id of who says so.
    low, high, point : float or None
        The numbers.
    as_of, published, since : PartialDate or None
        The day described, the day it appeared, the start of a window.
    inferred : tuple of str
        Which of these were worked out rather than stated.
    words : mapping of str to str
        The other keys of the claim that the row states.
    cells : mapping of str to str
        The row as it stands in the file.
    """

    line: int
    quantity: str
    source: str | None
    low: float | None
    high: float | None
    point: float | None
    as_of: PartialDate | None
    published: PartialDate | None
    since: PartialDate | None
    inferred: tuple[str, ...]
    words: Mapping[str, str]
    cells: Mapping[str, str]

    def claim(self, place: str, **stated: Any) -> Claim:  # noqa: ANN401 - values of keys
        """Return the row as a claim; ``stated`` are keys of a claim that overrule its own.

        Raises
        ------
        InputError
            If it makes no valid claim.
        """
        own = {key: getattr(self, key) for key in _KEYS if getattr(self, key) is not None}
        try:
            return Claim.model_validate({"kind": "level", **self.words, **own, **stated})
        except ValueError as error:
            problem = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            raise refusal("valid row", problem, place) from None

    @property
    def form(self) -> str:
        """What the numbers are: ``"range"``, ``"floor"``, ``"cap"``, ``"point"`` or ``"words"``."""
        if self.low is not None and self.high is not None:
            return "range"
        if self.point is not None:
            return "point"
        if self.low is not None:
            return "floor"
        return "cap" if self.high is not None else "words"


@dataclass(frozen=True, slots=True)
class RefusedRow(Shown):
    """One row that holds no claim, and why.

    Parameters
    ----------
    line : int
        Its line in the file.
    form : str
        ``"empty"`` when it states no figure, ``"broken"`` when it states a wrong one.
    reason : str
        What is wrong, as a sentence.
    cells : mapping of str to str
        The row as it stands in the file.
    """

    line: int
    form: str
    reason: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GroupSummary(Shown):
    """What a group of rows holds.

    Parameters
    ----------
    name : str
        What the rows have in common.
    forms : mapping of str to int
        Rows of each form, refused ones included.
    low : float
        Sum of the lower ends, or points, that are stated.
    high : float or None
        Sum of the upper ends, or points; None when a row leaves it open.
    """

    name: str
    forms: Mapping[str, int]
    low: float
    high: float | None


@dataclass(frozen=True, slots=True)
class ClaimTable(Shown):
    """A table of claims as it was read; every row is either in ``rows`` or in ``refused``.

    Parameters
    ----------
    place : str
        Name of the file.
    rows : tuple of ClaimRow
    refused : tuple of RefusedRow
    sources : mapping of str to Source
        Who says so, by id; spellings are joined.
    quantities : mapping of str to Quantity
        What is counted, by id.

    See Also
    --------
    attrition.read_claims : how it is read.

    Examples
    --------
    >>> import attrition as at
    >>> from importlib.resources import files
    >>> data = files("attrition").joinpath("bundled")
    >>> table = at.read_claims(str(data / "war_loss_claims_to_2025-06-03.csv"))
    >>> len(table.rows) + len(table.refused) == sum(table.forms.values())
    True
    >>> list(table.by("country"))
    ['russia', 'ukraine']
    >>> len(table.summary("country")), len(table.by("country"))
    (2, 2)
    >>> len(table.claims()) == len(table.dossier("war").claims)
    True
    """

    _parts = "rows"

    place: str
    rows: tuple[ClaimRow, ...]
    refused: tuple[RefusedRow, ...]
    sources: Mapping[str, Source]
    quantities: Mapping[str, Quantity]

    @property
    def forms(self) -> dict[str, int]:
        """Rows of each form; they sum to the rows of the file."""
        return Counter(row.form for row in self.rows) + Counter(row.form for row in self.refused)

    def summary(self, by: str) -> tuple[GroupSummary, ...]:
        """Summarise the rows that share the value of a column, in order of first appearance.

        Raises
        ------
        InputError
            If there is no such column.
        """
        rows: list[ClaimRow | RefusedRow] = [*self.rows, *self.refused]
        rows.sort(key=lambda row: row.line)
        for row in rows:
            check_known(by, row.cells, "a table is summarised by one of its columns", self.place)
        groups = grouped_by(rows, lambda row: row.cells[by])
        return tuple(_summary(name, group) for name, group in groups.items())

    def by(self, column: str) -> dict[str, ClaimTable]:
        """Return a table for each value of a column, such as one for each conflict.

        Raises
        ------
        InputError
            If there is no such column.
        """
        return {
            part.name: dataclasses.replace(
                self,
                rows=tuple(row for row in self.rows if row.cells[column] == part.name),
                refused=tuple(row for row in self.refused if row.cells[column] == part.name),
            )
            for part in self.summary(column)
        }

    def claims(self) -> tuple[Claim, ...]:
        """Return the rows as claims of a dossier.

        Raises
        ------
        InputError
            If a row has no source or no date, which a claim needs.
        """
        return tuple(self._claim(row) for row in self.rows)

    def dossier(self, id: str, **content: Any) -> Dossier:  # noqa: A002, ANN401 - keys of a dossier
        """Return the table as a dossier.

        Parameters
        ----------
        id : str
            Short name without spaces.
        **content
            Other keys of :class:`attrition.Dossier`: ``title``, ``assumptions`` and so on.
        """
        fields = {
            "sources": dict(self.sources),
            "quantities": dict(self.quantities),
            "claims": self.claims(),
        }
        return checked({"id": id, **fields, **content}, place=self.place)

    def _claim(self, row: ClaimRow) -> Claim:
        place = f"{self.place}, line {row.line}"
        for key in ("source", "as_of", "published"):
            if getattr(row, key) is None:
                raise refusal("key of a claim", "nothing", place, key=key)
        return row.claim(place)


def _summary(name: str, rows: Sequence[ClaimRow | RefusedRow]) -> GroupSummary:
    claim_rows = [row for row in rows if isinstance(row, ClaimRow)]
    lows = [row.point if row.low is None else row.low for row in claim_rows]
    highs = [row.point if row.high is None else row.high for row in claim_rows]
    known = [high for high in highs if high is not None]
    low = float(sum(value for value in lows if value is not None))
    high = float(sum(known)) if len(known) == len(highs) else None
    return GroupSummary(name, Counter(row.form for row in rows), low, high)


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
    check_type(mapping, (Mapping, NoneType), "mapping", "a mapping of keys to columns")
    check_type(aliases, (Mapping, NoneType), "aliases", "a mapping of names to lists of names")
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


_EPOCH = 1_288_834_974_657
"""Milliseconds from 1970 to the first post whose number holds a time."""

_POST = re.compile(r"(?:^|\.)(?:twitter|x)\.com/[^/]+/status/(\d{10,20})(?!\d)")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)/(0[1-9]|1[0-2])(?:/|$)")


def post_date(address: str) -> date | None:
    """Return the day (UTC) coded in the number of a post on Twitter or X, if there is one.

    The number, shifted right by 22 bits, counts milliseconds since 2010-11-04T01:42:54.657Z.

    Examples
    --------
    >>> post_date("https://x.com/DefenceHQ/status/1876584633103507960/photo/2").isoformat()
    '2025-01-07'
    """
    match = _POST.search(_path(address))
    if match is None:
        return None
    stamp = ((int(match[1]) >> 22) + _EPOCH) / 1000
    return datetime.fromtimestamp(stamp, UTC).date()


def address_date(address: str) -> PartialDate | None:
    """Return the latest day, or else month, that the path of an address names.

    Examples
    --------
    >>> str(address_date("https://www.reuters.com/world/15000-killed-2022-07-20/#:~:text=x"))
    '2022-07-20'
    >>> str(address_date("https://www.iiss.org/military-balance/2025/02/combat-losses"))
    '2025-02'
    """
    path = _path(address)
    if _POST.search(path):
        return None
    days = [_parsed(f"{hit[1]}-{hit[3]}-{hit[4]}") for hit in _DAY.finditer(path)]
    dates = [hit for hit in days if hit is not None]
    if not dates:
        months = [_parsed(f"{hit[1]}-{hit[2]}") for hit in _MONTH.finditer(path)]
        dates = [hit for hit in months if hit is not None]
    return max(dates, key=lambda hit: hit.last, default=None)


def infer_published(as_of: PartialDate, address: str) -> tuple[PartialDate, str]:
    """Return when a figure had surely appeared, as far as its row tells, and what says so.

    Parameters
    ----------
    as_of : PartialDate
        The day that the figure describes.
    address : str
        Where it stands.

    Returns
    -------
    published : PartialDate
        The latest of the day described, a date in the address and the time of a post.
    reason : str
        Which of them it is.
    """
    candidates = [(as_of, "the date of the row")]
    named, post = address_date(address), post_date(address)
    if named is not None:
        candidates.append((named, "a date in the address"))
    if post is not None:
        candidates.append((PartialDate(post, post), "the time coded in the number of the post"))
    return max(candidates, key=lambda pair: pair[0].last)


def _path(address: str) -> str:
    """Return host and path of an address: its query and fragment name no dates of ours."""
    try:
        split = urlsplit(address.strip())
    except ValueError:
        return ""
    return f"{split.netloc.lower()}{split.path}"


def _parsed(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text)
    except InputError:
        return None
