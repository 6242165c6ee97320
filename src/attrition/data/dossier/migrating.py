"""A dossier of 0.1.0 as today needs it: keys that mean something else now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from attrition.data.dossier.read import toml_of

_WHY = (
    "# Stated, `volatility` is a random walk and switches off the pace that is learnt from counts\n"
    "# of its kind; docs/names.md says why. Remove the # from what follows to keep the walk.\n"
)
_HEADER = re.compile(r"\s*\[")
_OWN_TABLE = re.compile(r"\s*\[\s*(?:[^\]#]*\.\s*)?assumptions\s*\.\s*volatility\s*\]")
_INSIDE = re.compile(r"\s*\[\s*(?:[^\]#]*\.\s*)?assumptions\s*\]")
_LINE = re.compile(r"\s*volatility\s*[.=]")
_DOTTED = re.compile(r"\s*assumptions\s*\.\s*volatility\s*[.=]")


def migrate_dossier(text: str, place: str) -> tuple[str, list[str], list[str]]:
    r"""Return the text of a dossier as today needs it; comments and layout stay.

    Parameters
    ----------
    text : str
        TOML.
    place : str
        Name of the file, for errors.

    Returns
    -------
    text : str
    changes, notes : list of str
        What was changed; what a person has to decide.

    Raises
    ------
    InputError
        If it is no TOML.

    Examples
    --------
    >>> old = '[assumptions]\nvolatility = { value = 0.07, reason = "a like tally" }\n'
    >>> new, changes, notes = migrate_dossier(old, "my.toml")
    >>> new.splitlines()[-1]
    '# volatility = { value = 0.07, reason = "a like tally" }'
    """
    content = toml_of(text, place)
    stated = {name: table.get("volatility") for name, table in _assumptions(content)}
    stated = {name: value for name, value in stated.items() if value is not None}
    notes = list(_notes(content))
    if not stated:
        return text, [], notes
    new = _commented(text)
    for _, table in _assumptions(content):
        table.pop("volatility", None)
    words = [
        f"{name}.volatility = {value.get('value') if isinstance(value, dict) else value}"
        for name, value in stated.items()
    ]
    if _without_empty(toml_of(new, place)) != _without_empty(content):
        by_hand = "it switches off the learnt pace: take it out by hand, if that is not meant"
        return text, [], [*(f"{one}: {by_hand}" for one in words), *notes]
    why = "commented out, for it switches off the pace that is learnt from counts of its kind"
    return new, [f"{one}: {why}" for one in words], notes


def _assumptions(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the tables of assumptions: of the dossier, and of each quantity."""
    for name, table in (("", content), *_quantities(content)):
        own = table.get("assumptions")
        if isinstance(own, dict):
            yield f"{name}assumptions", own


def _quantities(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    quantities = content.get("quantities")
    for key, table in quantities.items() if isinstance(quantities, dict) else ():
        if isinstance(table, dict):
            yield f"quantities.{key}.", table


def _notes(content: dict[str, Any]) -> Iterator[str]:
    for name, table in _assumptions(content):
        error = table.get("source_error")
        if isinstance(error, dict) and error.get("value") == 0:
            yield (
                f"{name}.source_error = 0: sources are taken to make no error; left out, it is "
                "learnt from the figures"
            )
    for name, quantity in _quantities(content):
        if quantity.get("kind", "cumulative") == "cumulative":
            yield (
                f"{name}kind: the pace is that of any count; where it is known, say "
                "'steady', 'epidemic', 'conflict' or 'disaster'"
            )


def _commented(text: str) -> str:
    """Put a # before each line that states a volatility, and the reason above it."""
    lines = text.splitlines(keepends=True)
    out: list[str] = []
    inside = own = False
    for line in lines:
        if _HEADER.match(line):
            inside, own = bool(_INSIDE.match(line)), bool(_OWN_TABLE.match(line))
        begins = _DOTTED.match(line) or (inside and _LINE.match(line)) or _HEADER.match(line)
        if own or (inside and _LINE.match(line)) or _DOTTED.match(line):
            out += [_WHY] if begins else []
            bare = not line.strip() or line.lstrip().startswith("#")
            out.append(line if bare else f"# {line}")
        else:
            out.append(line)
    return "".join(out)


def _without_empty(content: dict[str, Any]) -> dict[str, Any]:
    """Return a dossier without tables of assumptions that hold nothing."""
    for _, table in (("", content), *_quantities(content)):
        if table.get("assumptions") == {}:
            del table["assumptions"]
    return content
