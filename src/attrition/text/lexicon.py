"""The hedge lexicon: rows of data, checked where they enter, open to overriding."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from attrition.core._showing import Shown
from attrition.core.checks import check_known
from attrition.core.errors import clip, refusal
from attrition.core.files import read_text
from attrition.text.reading import SHAPES
from attrition.text.text import listed, words_of
from attrition.text.vocabulary import table_of

KINDS: Final = tuple(
    listed("exact plain about below above floor top cap range vague likely possible")
)
"""What a hedge does to its number; by this and the rank `parse` chooses among several."""

BOUNDS: Final = frozenset({"below", "above", "floor", "top", "cap"})
"""Kinds that say on which side of the number the truth lies; they win over all others."""

_LARGEST: Final = 5_000_000  # bytes of a table of hedges
_NUMBERS: Final = ("prob", "below", "above", "spill", "inflate")
_SETTABLE: Final = (*_NUMBERS, "shape", "granular", "evidence")


@dataclass(frozen=True, slots=True)
class Row(Shown):
    """One row of the lexicon; the columns are explained at the head of ``hedges.toml``.

    Attributes
    ----------
    key : str
        Name of the row.
    kind : str
        What it does to the number, one of `KINDS`.
    rank : int
        Which of two hedges of a figure governs: the lower rank, and of equals the nearer.
    shape : str
        Family of the distribution.
    prob : float
        Mass of the interval, in (0, 1].
    below, above : float
        Reach of the interval on either side, as a fraction of the number.
    granular : bool
        Whether half the grid of the number widens a narrower interval.
    spill : float
        Mass on the far side of the number, in [0, 1).
    inflate : float
        Exponent on the ratio of a stated range.
    support, evidence : str
        Where the distribution may live; what the row rests on.
    reference : tuple of str
        Who published it.
    phrases, after, loose : tuple of str
        Words before the number, after it, or anywhere in its clause.
    mixture : mapping of str to float
        Weight, narrow and wide width of a mixture; empty for other shapes.
    """

    key: str
    kind: str
    rank: int
    shape: str
    prob: float
    below: float
    above: float
    granular: bool
    spill: float
    inflate: float
    support: str
    evidence: str
    reference: tuple[str, ...]
    phrases: tuple[str, ...]
    after: tuple[str, ...]
    loose: tuple[str, ...]
    mixture: Mapping[str, float]


Index = dict[str, list[tuple[tuple[str, ...], str]]]
"""First word -> its phrases, longest first, each with the key of its row."""


def _index(rows: tuple[Row, ...], column: str) -> Index:
    index: Index = {}
    for row in rows:
        for phrase in getattr(row, column):
            words = words_of(phrase)
            index.setdefault(words[0], []).append((words, row.key))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


@dataclass(frozen=True, slots=True)
class Lexicon(Shown):
    """The rows in force.

    Parameters
    ----------
    rows : tuple of Row
        One per hedge, with distinct keys.

    See Also
    --------
    attrition.parse : which reads by it.

    Examples
    --------
    >>> lexicon = default_lexicon()
    >>> lexicon.get("around").above
    0.1
    >>> lexicon.override({"around": {"above": 0.2}}).get("around").above
    0.2
    >>> lexicon.kind("around")
    'about'
    """

    _parts = "rows"

    rows: tuple[Row, ...]
    before: Index = field(init=False, repr=False, compare=False)
    after: Index = field(init=False, repr=False, compare=False)
    loose: Index = field(init=False, repr=False, compare=False)
    by_key: Mapping[str, Row] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the phrases by their first word."""
        object.__setattr__(self, "by_key", MappingProxyType({row.key: row for row in self.rows}))
        object.__setattr__(self, "before", _index(self.rows, "phrases"))
        object.__setattr__(self, "after", _index(self.rows, "after"))
        object.__setattr__(self, "loose", _index(self.rows, "loose"))

    def __hash__(self) -> int:
        """Hash by the keys of the rows; equality looks at all of them."""
        return hash(tuple(self.by_key))

    def get(self, key: str) -> Row:
        """Return the row of one hedge.

        Parameters
        ----------
        key : str
            Such as "around".

        Raises
        ------
        InputError
            If there is no such row.
        """
        check_known(key, self.by_key, "a hedge must be a key of the lexicon", "hedges")
        return self.by_key[key]

    def kind(self, key: str) -> str:
        """Return the kind of one hedge, or nothing for an unknown one."""
        row = self.by_key.get(key)
        return "" if row is None else row.kind

    def override(self, changes: Mapping[str, Mapping[str, object]]) -> Lexicon:
        """Return a lexicon in which some columns of some rows are changed.

        Parameters
        ----------
        changes : mapping of str to mapping
            Key of the row -> column -> value. The columns that may change are ``below``,
            ``above``, ``prob``, ``shape``, ``spill``, ``inflate``, ``granular`` and ``evidence``.

        Raises
        ------
        InputError
            If a row or column is unknown, or a value is of the wrong type or out of bounds.
        """
        changed = {key: _changed(self.get(key), wanted) for key, wanted in changes.items()}
        return Lexicon(tuple(changed.get(row.key, row) for row in self.rows))


def _changed(row: Row, wanted: Mapping[str, object]) -> Row:
    place = f"hedges, row {row.key!r}"
    for column, value in wanted.items():
        check_known(column, _SETTABLE, "an override must name a column that may change", place)
        _check(column, value, place)
    if "evidence" not in wanted:
        changes = ", ".join(f"{column} = {value}" for column, value in wanted.items())
        wanted = {**wanted, "evidence": f"{row.evidence} Overridden: {changes}."}
    return _checked(replace(row, **dict(wanted)), place)  # type: ignore[arg-type]  # checked above


def _check(column: str, value: object, place: str) -> None:
    if column in _NUMBERS:
        good = isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
        kind = "a finite number"
    elif column == "granular":
        good, kind = isinstance(value, bool), "true or false"
    else:
        good, kind = isinstance(value, str) and bool(value.strip()), "a text"
    if not good:
        raise refusal("value of a hedge", clip(value), place, column=column, kind=kind)


def _checked(row: Row, place: str) -> Row:
    whole = row.prob == 1 or row.prob + row.spill <= 1 + 1e-12
    spill, shape = f"spill={row.spill}", f"shape={row.shape!r}"
    limits = (
        (0 < row.prob <= 1, "`prob` must lie above 0 and at most at 1", f"prob={row.prob}"),
        (0 <= row.below < 1, "`below` must lie in [0, 1)", f"below={row.below}"),
        (row.above >= 0, "`above` must not be negative", f"above={row.above}"),
        (0 <= row.spill < 1, "`spill` must lie in [0, 1)", spill),
        (whole, "`prob` and `spill` together must not exceed 1", f"prob={row.prob} and {spill}"),
        (row.kind in KINDS, f"`kind` must be one of {', '.join(KINDS)}", f"kind={row.kind!r}"),
        (row.inflate > 0, "`inflate` must be above 0", f"inflate={row.inflate}"),
        (row.shape in SHAPES, f"`shape` must be one of {', '.join(SHAPES)}", shape),
    )
    for holds, rule, got in limits:
        if not holds:
            raise refusal("row of hedges", got, place, rule=rule)
    return row


def _row(entry: Mapping[str, Any]) -> Row:
    numbers: dict[str, Any] = {name: float({"inflate": 1, **entry}[name]) for name in _NUMBERS}
    lists: dict[str, Any] = {
        name: tuple(entry[name]) for name in ("reference", "phrases", "after", "loose")
    }
    texts = {name: entry[name] for name in ("key", "kind", "shape", "support", "evidence")}
    mixture = MappingProxyType(dict(entry.get("mixture", {})))
    granular, rank = entry["granular"], int(entry["rank"])
    row = Row(**texts, **numbers, **lists, mixture=mixture, granular=granular, rank=rank)
    return _checked(row, f"hedges.toml, row {row.key!r}")


def read_lexicon(path: str | Path) -> Lexicon:
    """Return the lexicon of a table like ``hedges.toml``, for example a copy with rows of your own.

    Parameters
    ----------
    path : str or Path
        The file.

    Raises
    ------
    InputError
        If a row lacks a column or breaks a rule.

    See Also
    --------
    attrition.text.default_lexicon : the one that ships with the library.

    Examples
    --------
    >>> import attrition as at
    >>> from importlib.resources import files
    >>> lexicon = at.text.read_lexicon(files("attrition.text") / "hedges.toml")
    >>> lexicon == at.text.default_lexicon()
    True
    """
    try:
        entries = tomllib.loads(read_text(Path(path), _LARGEST, "a table of hedges"))["hedge"]
        return Lexicon(tuple(_row(entry) for entry in entries))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise refusal("table of hedges", clip(str(error)), str(path)) from error


@cache
def default_lexicon() -> Lexicon:
    """Return the lexicon that ships with the library, read once.

    See Also
    --------
    attrition.text.read_lexicon : a table of your own.

    Examples
    --------
    >>> default_lexicon().get("nearly").below
    0.1
    """
    return Lexicon(tuple(_row(entry) for entry in table_of("hedges.toml")["hedge"]))
