"""Cells of published tables: numbers with separators and notes, what is missing, known words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from typing import Any

import numpy as np

from attrition.core.files import bundled

NAMES: dict[str, list[Any]] = tomllib.loads(bundled("columns.toml"))
"""Words by what they name."""


MISSING = frozenset(NAMES["missing"])
"""What stands where nothing was reported, in small letters."""

_SUPPRESSED = re.compile(
    r"(?:<|\u2264|less than|fewer than|under)\s*(?:or equal to\s*)?(\d+)|\*|suppressed",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"\s*\[[^\]]*\]|\s*\((?:[a-z]|rev|prov|est)\.?\)$|\s*[*†‡§¹²³⁴⁵⁶⁷⁸⁹]+$", re.IGNORECASE
)
_FLAG = re.compile(r"(?<=[\d:])\s+[bcdefnpsuz]{1,2}$")  # of Eurostat: break, estimated, provisional
_CHANGE = re.compile(
    r"(?<=\d)\s*\([-+\u2212][\d\s.,\u00a0]+\)$"
)  # ... (+30), since the last report
_SPACES = re.compile("[\\s_'\u2019\u00a0\u202f\u2009\u066c]")
_THOUSANDS = re.compile(r"[-+\u2212]?(\d{1,3}(,\d{3})+(\.\d*)?|\d{1,2}(,\d{2})+,\d{3})")
_POINTED = re.compile(r"[-+\u2212]?\d{1,3}(\.\d{3}){2,}(,\d*)?|[-+\u2212]?\d{1,3}(\.\d{3})+,\d*")
_PARTED = re.compile(r"[-+\u2212]?[1-9]\d{0,2}(\.\d{3})+")
_DECIMAL_COMMA = re.compile(r"[-+\u2212]?\d+,\d+")


def without_notes(text: str) -> str:
    """Return the text of a cell without the signs of its footnotes.

    Examples
    --------
    >>> without_notes("12 March 2020[5]"), without_notes("1,240 [a][b]*")
    ('12 March 2020', '1,240')
    """
    return _NOTES.sub("", text).strip()


def without_flag(text: str) -> str:
    """Return the text of a cell without a flag of Eurostat."""
    return _FLAG.sub("", text)


def suppressed(cell: object) -> int | None:
    """Return below what a count is that is kept back, 0 where nothing says it; None of others.

    Examples
    --------
    >>> [suppressed(cell) for cell in ("<10", "fewer than 5", "*", "10")]
    [10, 5, 0, None]
    """
    match = _SUPPRESSED.fullmatch(cell.strip()) if isinstance(cell, str) else None
    return int(match[1] or 0) if match else None


def flag_of(cell: object) -> str:
    """Return the flag of Eurostat behind a number, empty where there is none."""
    match = _FLAG.search(cell.strip()) if isinstance(cell, str) else None
    return match[0].strip() if match else ""


def is_missing(cell: object) -> bool:
    """Tell whether a cell holds nothing."""
    if isinstance(cell, str):
        return without_flag(cell.strip()).lower() in MISSING or suppressed(cell) is not None
    if cell is None:
        return True
    try:
        return bool(cell != cell)  # noqa: PLR0124 - NaN and its like
    except (TypeError, ValueError):  # NA of pandas, which equals nothing; arrays, which are no cell
        return type(cell).__name__ == "NAType"


def cell_text(cell: object) -> str:
    """Return a cell as text, whole numbers without a point: a frame may have made 3 to 3.0."""
    if not isinstance(cell, str) and is_missing(cell):
        return ""
    whole = isinstance(cell, (float, np.floating)) and float(cell).is_integer()
    return str(int(cell)) if whole else str(cell).strip()  # type: ignore[call-overload]


def number_of(cell: Any) -> float | None:  # noqa: ANN401 - a cell
    """Return the number that a cell holds, NaN where it holds nothing, None where it is none.

    A comma before three digits separates thousands; a single point is a decimal point. Footnotes,
    the flags of Eurostat and a change in brackets behind a number are left out.

    Examples
    --------
    >>> [number_of(cell) for cell in ("1,010", "1 010", "1.234.567", "12,5", "NA", "many")]
    [1010.0, 1010.0, 1234567.0, 12.5, nan, None]
    >>> [
    ...     number_of(cell)
    ...     for cell in ("1,23,456", "250 p", ": c", "985 200 (+1 050)", "12[a]", "5k")
    ... ]
    [123456.0, 250.0, nan, 985200.0, 12.0, None]
    """
    if is_missing(cell):
        return float("nan")
    if not isinstance(cell, str):
        try:
            return float(cell)
        except (TypeError, ValueError, OverflowError):
            return None
    text = _SPACES.sub("", _CHANGE.sub("", without_flag(without_notes(cell))))
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif _POINTED.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    try:
        return float(text.replace("\u2212", "-"))
    except ValueError:
        return None


def pointed(cells: Sequence[object]) -> bool:
    """Tell whether points part thousands, as in 1.010: then each has three digits behind it.

    Examples
    --------
    >>> pointed(["987", "1.010"]), pointed(["98.7", "1.010"]), pointed(["987", "1010"])
    (True, False, False)
    """
    texts = [cell.strip() for cell in cells if isinstance(cell, str) and "." in cell[1:]]
    return bool(texts) and all(_PARTED.fullmatch(text) for text in texts)
