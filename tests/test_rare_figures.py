"""Sentences written for what few sentences hold, each with its reading as an editor gives it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

import pytest

from attrition.text import Reading, parse

WRITTEN: Final[dict[str, str | list[str]]] = tomllib.loads(
    (Path(__file__).parent / "rare_figures.toml").read_text("utf-8")
)


def line_of(one: Reading) -> str:
    """Return what a reading says, in a line."""
    number = "?" if one.point is None else f"{one.point:.10g}"
    if one.low is not None and one.high is not None:
        number = f"{one.low:.10g}..{one.high:.10g}"
    words = [number, one.hedge, str(one.category), one.kind]
    words += [one.unit] if one.unit != "persons" else []
    words += [f"per {one.per}"] if one.per else []
    for name in ("window", "side", "scope", "as_of", "hedged_by"):
        words += [f"{name}={getattr(one, name)}"] if getattr(one, name) else []
    words += [one.standing] if one.standing != "stated" else []
    words += ["possible"] if one.possible else []
    words += ["unsure: " + " | ".join(one.ambiguous)] if one.ambiguous else []
    return ", ".join([*words, repr(one.text[one.start : one.end])])


@pytest.mark.parametrize("text", WRITTEN)
def test_what_few_sentences_hold_is_read_as_an_editor_reads_it(text: str) -> None:
    lines, wanted = [line_of(one) for one in parse(text)], WRITTEN[text]
    assert lines == (wanted if isinstance(wanted, list) else [wanted])
