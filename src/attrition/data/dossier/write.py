"""A dossier out again: as TOML without loss, and its JSON Schema for editors."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from attrition.core.errors import clip
from attrition.core.files import bundled, write_whole
from attrition.core.refusals import refusal
from attrition.data.dossier.dossier import Dossier
from attrition.data.dossier.values import FrozenModel, PartialDate

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
    write_whole(Path(path), dossier_toml(dossier).encode())
    return Path(path)


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
