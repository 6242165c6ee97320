"""A dossier from a TOML file, or the one that comes with the package, and out again.

It is written without loss; its JSON Schema is for editors. A dossier of 0.1.0 is made as today
needs it where a key means something else now.
"""

from __future__ import annotations

import inspect
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from attrition.core.checks import check_type, suggestion
from attrition.core.errors import clip, refusal
from attrition.core.files import bundled, path_of, read_text, write_whole
from attrition.data.dossier.dossier import Dossier, checked
from attrition.data.dossier.values import FrozenModel, PartialDate

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
    return _parse(path_of(path))


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


_ALL: tuple[type[BaseModel], ...] = (Dossier, *FrozenModel.__subclasses__())
_MODELS = {model.__name__: model for model in _ALL}
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEAD = ("id", "title", "description", "condition")
_EXACT = 1e15  # whole numbers below it are exact as floats
_ENTRY = re.compile(r"^(\w[\w, ]*) : [^\n]*\n((?:    [^\n]*\n)*)", re.MULTILINE)


def write_dossier(dossier: Dossier, path: str | Path) -> Path:
    """Write a dossier as TOML that reads back equal, digest included.

    Parameters
    ----------
    dossier : Dossier
    path : str or pathlib.Path
        The file; it is written whole or not at all, and an older one is replaced.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    InputError
        If a claim holds a distribution from Python, or a date no file can state.

    See Also
    --------
    attrition.read_dossier : the way back.

    Examples
    --------
    >>> import tempfile
    >>> from attrition.data.dossier import read_dossier
    >>> dossier = read_dossier()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     read_dossier(write_dossier(dossier, f"{folder}/copy.toml")) == dossier
    True
    """
    check_type(dossier, Dossier, "dossier", "a dossier: at.read_dossier(…)")
    write_whole(path_of(path), dossier_toml(dossier).encode())
    return path_of(path)


def dossier_toml(dossier: Dossier) -> str:
    """Return a dossier as the text of a TOML file; keys at their defaults are left out."""
    for index, claim in enumerate(dossier.claims):
        if claim.distribution is not None:
            place = f"dossier '{dossier.id}', claims[{index}], source '{claim.source}'"
            raise refusal("no distribution in a file", clip(claim.distribution), place)
    content = _plain(dossier)
    head = {key: content.pop(key) for key in _HEAD if key in content}
    lines = ["[dossier]", *_pairs(head)]
    for table in ("sources", "quantities"):
        for key, entry in content.pop(table).items():
            lines += ["", f"[{table}.{_key(key)}]", *_pairs(entry)]
    for claim in content.pop("claims"):
        lines += ["", "[[claims]]", *_pairs(claim)]
    content.pop("series", None)
    for entry in dossier.series:
        lines += ["", "[[series]]", *_pairs({**_plain(entry), "file": str(entry.path)})]
    for table, entry in content.items():
        lines += ["", f"[{table}]", *_pairs(entry)]
    return "\n".join(lines) + "\n"


def _plain(thing: Any, *, ours: bool = False) -> Any:  # noqa: ANN401 - a tree of anything
    """Return models as mappings of what differs from the defaults, their whole numbers as such."""
    if isinstance(thing, (FrozenModel, Dossier)):
        fields = type(thing).model_fields
        return {
            key: _plain(value, ours=isinstance(thing, FrozenModel))
            for key in fields
            if (value := getattr(thing, key))
            != fields[key].get_default(call_default_factory=True, validated_data={})
        }
    if isinstance(thing, Mapping):
        return {key: _plain(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [_plain(value, ours=ours) for value in thing]
    whole = ours and isinstance(thing, float) and thing.is_integer() and 0 < thing < _EXACT
    return int(thing) if whole else thing


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in table.items()]


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_pairs(value)) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, PartialDate):
        return _date(value)
    return _text(value) if isinstance(value, str) else _number(value)


def _number(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:_}" if abs(value) >= 10_000 else str(value)  # noqa: PLR2004 - five digits
    if isinstance(value, float):
        return repr(value)
    raise refusal("value of toml", clip(value), "write_dossier")


def _text(text: str) -> str:
    """Return a TOML string, over several lines where the text is."""
    if "\n" in text:
        return '"""\n' + "\n".join(_quoted(line)[1:-1] for line in text.split("\n")) + '"""'
    return _quoted(text)


def _quoted(text: str) -> str:
    """Return a TOML basic string: JSON's escapes, and DEL, which JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _date(value: PartialDate) -> str:
    text = str(value)
    if PartialDate.parse(text) != value:
        raise refusal("date of toml", f"{value.first} to {value.last}", "write_dossier")
    return text if value.precision == "day" else f'"{text}"'


def dossier_schema() -> dict[str, Any]:
    """Return the JSON Schema of a dossier file, which editors use to complete and check it.

    Examples
    --------
    >>> sorted(dossier_schema()["required"])
    ['claims', 'dossier', 'quantities', 'sources']
    """
    schema = Dossier.model_json_schema(mode="validation")
    for name, definition in {"Dossier": schema, **schema["$defs"]}.items():
        _describe(_MODELS[name], definition)
    properties: dict[str, Any] = schema["properties"]
    head = {key: properties.pop(key) for key in _HEAD}
    schema["$defs"]["Claim"]["properties"].pop("distribution", None)
    table = {
        "type": "object",
        "description": "What the file is; these keys may also stand at the top.",
        "properties": head,
        "required": ["id"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "attrition dossier",
        "description": "Who reported what, of which day, published when, and what is assumed.",
        "properties": {"dossier": table, **properties},
        "required": ["dossier", *(key for key in schema["required"] if key not in _HEAD)],
    }


def _describe(model: type[BaseModel], schema: dict[str, Any]) -> None:
    """Give each property the sentence that the docstring of its class says about it."""
    text = f"{inspect.getdoc(model)}\n"  # without the indent, which Python 3.13 strips by itself
    schema["description"] = text.split("\n", 1)[0]
    for names, description in _ENTRY.findall(text):
        for name in names.split(", "):
            if description.strip() and name in schema["properties"]:
                schema["properties"][name]["description"] = " ".join(description.split())


def starter() -> str:
    """Return the text of a commented starter dossier."""
    return bundled("starter.toml")


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
