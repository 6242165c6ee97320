"""Reading a dossier from a TOML file, or the one that comes with the package."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from attrition.core.checks import suggestion
from attrition.core.errors import clip
from attrition.core.files import read_text
from attrition.core.refusals import refusal
from attrition.data.dossier.dossier import Dossier, checked

BUNDLED = ("russia-ukraine-2025-06", "war-in-ukraine-2025-06")
"""Ids of the dossiers that come with the package."""

_DEEPEST = 40  # parts of a dotted key
_LARGEST = 5_000_000  # bytes; the largest real dossier we know of is 50 kB


def read_dossier(path: str | Path = BUNDLED[0]) -> Dossier:
    """Read a dossier from a TOML file, or a bundled one by its id.

    Parameters
    ----------
    path : str or pathlib.Path
        A file, or one of ``dossier.BUNDLED``. A name that is a file is read as a file.

    Returns
    -------
    Dossier

    Raises
    ------
    InputError
        If the file is missing, not TOML, or breaks a rule; the message says where.

    See Also
    --------
    attrition.write_dossier : the way back.
    attrition.check : do its figures fit together?

    Examples
    --------
    >>> dossier = read_dossier("russia-ukraine-2025-06")
    >>> dossier.sources["uk-mod"].name
    'UK Ministry of Defence'
    """
    name = str(path)
    if name in BUNDLED and not Path(name).is_file():
        place = Path(str(files("attrition").joinpath("bundled", f"{name}.toml")))
        return _parse(place)
    return _parse(Path(path))


_PART = r"""(?:(?<![\w-])[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP = re.compile(
    rf"{_PART}(?:[ \t]*+\.[ \t]*+(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')){{{_DEEPEST},}}+"
)


def _check_depth(text: str, place: str) -> None:
    """Refuse a key of very many parts, over which the reader of TOML takes minutes."""
    match = _DEEP.search(text)
    if match is not None:
        place = f"{place}, line {text.count(chr(10), 0, match.start()) + 1}"
        raise refusal("depth of a key", clip(match[0]), place, deepest=_DEEPEST)


def toml_of(text: str, place: str) -> dict[str, Any]:
    """Return the content of TOML text.

    Raises
    ------
    InputError
        If it is none, or nests so deeply that reading it would take minutes.
    """
    _check_depth(text, place)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        raise refusal("toml", clip(str(error), 120).strip("'\""), place) from None


def text_of(path: Path) -> str:
    """Return the text of a file that holds a dossier.

    Raises
    ------
    InputError
        If there is none that can be read, or it is no text.
    """

    def remedy() -> str:
        return f"{suggestion(str(path), BUNDLED)}; or give the path of a .toml file"

    return read_text(path, _LARGEST, "a dossier", remedy)


def _parse(path: Path) -> Dossier:
    place = path.name
    content = toml_of(text_of(path), place)
    if not content:
        raise refusal("no empty dossier", "an empty file", place)
    head = content.pop("dossier", {})
    if not isinstance(head, dict):
        raise refusal("dossier is a table", clip(head), place)
    clash = sorted(set(head) & set(content))
    if clash:
        raise refusal("key in one place", clip(clash[0]), place)
    return checked({**head, **content}, place=place, folder=str(path.parent))
