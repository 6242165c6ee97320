"""The JSON Schema accepts what the library reads and refuses what it refuses."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import attrition as at
from attrition.data.dossier.files import dossier_schema, starter

SCHEMA = dossier_schema()
BUNDLED = Path(at.__path__[0]) / "bundled" / "russia-ukraine-2025-06.toml"
PRESS = Path(__file__).parent / "press"

TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}


def accepts(schema: dict[str, Any], value: Any) -> bool:
    """A small part of JSON Schema, enough for ours."""
    if isinstance(value, date):
        value = value.isoformat()
    if "$ref" in schema:
        return accepts(SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]], value)
    if "anyOf" in schema:
        return any(accepts(choice, value) for choice in schema["anyOf"])
    typed = "type" not in schema or TYPES[schema["type"]](value)
    listed = "enum" not in schema or value in schema["enum"]
    matched = not isinstance(value, str) or re.search(schema.get("pattern", ""), value)
    if not (typed and listed and matched):
        return False
    if isinstance(value, list):
        return all(accepts(schema.get("items", {}), item) for item in value)
    return not isinstance(value, dict) or _accepts_table(schema, value)


def _accepts_table(schema: dict[str, Any], value: dict[str, Any]) -> bool:
    known, other = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key, content in value.items():
        if key in known:
            if not accepts(known[key], content):
                return False
        elif other is False or (isinstance(other, dict) and not accepts(other, content)):
            return False
    return all(key in value for key in schema.get("required", ()))


@pytest.mark.parametrize("path", [BUNDLED, *sorted(PRESS.glob("*.toml"))], ids=lambda p: p.stem)
def test_the_schema_accepts_dossiers_that_read(path: Path) -> None:
    at.read_dossier(path)
    assert accepts(SCHEMA, tomllib.loads(path.read_text(encoding="utf-8")))


def test_the_schema_accepts_the_starter() -> None:
    assert accepts(SCHEMA, tomllib.loads(starter()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("published = 2025-06-03", "publised = 2025-06-03"),
        ('as_of = "2025-05"', 'as_of = "May 2025"'),
        ('kind = "level"', 'kind = "total"'),
        ("[quantities.russian-killed]", "[quantites.russian-killed]"),
        ('name = "CSIS"', "name = 5"),
    ],
)
def test_the_schema_refuses_what_the_library_refuses(old: str, new: str, tmp_path: Path) -> None:
    text = BUNDLED.read_text(encoding="utf-8")
    assert old in text
    wrong = text.replace(old, new, 1)
    file = tmp_path / "wrong.toml"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(at.InputError):
        at.read_dossier(file)
    assert not accepts(SCHEMA, tomllib.loads(wrong))


def test_every_property_is_described() -> None:
    for name, content in {"Dossier": SCHEMA, **SCHEMA["$defs"]}.items():
        for key, described in content["properties"].items():
            assert described.get("description"), f"{name}.{key}"
