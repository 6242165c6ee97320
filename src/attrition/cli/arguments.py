"""What several commands read and print in the same way."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Literal

import typer

from attrition.core._showing import aligned
from attrition.core.errors import refusal

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """Return text that holds other people's words: no sign of theirs steers the terminal."""
    return _UNSEEN.sub("·", text)


def say(text: str) -> None:
    """Print text that holds other people's words."""
    typer.echo(harmless(text))


def show(content: object, lines: Iterable[str] = (), *, as_json: bool) -> None:
    """Print what a command found: as JSON, or as lines."""
    if as_json:
        plain = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
        text = json.dumps(content, indent=2, ensure_ascii=plain, allow_nan=False)
        typer.echo(_UNSEEN.sub(lambda sign: f"\\u{ord(sign.group()):04x}", text))
        return
    for line in lines:
        say(line)


def day_of(text: str | None, option: str) -> date | None:
    """Return the day that an option names, if it is given."""
    if not text:
        return None
    from attrition.core.days import day_from

    return day_from(text, option)


def number_of(text: str, option: str = "--threshold") -> float:
    """Return the total that an option names."""
    try:
        return float(text.replace(",", "").replace("_", ""))
    except ValueError:
        raise refusal("option number", repr(text), option, option=option) from None


def pairs_of(
    texts: Iterable[str], option: str, form: str, example: str, *, empty: bool = False
) -> list[tuple[str, str]]:
    """Return names and values of a form such as KEY=COLUMN; ``empty`` allows no value."""
    pairs = []
    for text in texts:
        name, sign, value = text.partition("=")
        if not name or not sign or not (value or empty):
            raise refusal(
                "option form", repr(text), option, option=option, form=form, example=example
            )
        pairs.append((name, value))
    return pairs


def figure_form(file: Path | None, option: str) -> Literal["svg", "png"]:
    """Return the form of a figure by the name of its file."""
    if file is None or file.suffix == ".svg":
        return "svg"
    if file.suffix == ".png":
        return "png"
    raise refusal("figure", repr(file.name), option)


def json_file(content: object) -> bytes:
    """Return what a command found as a file of JSON holds it."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def columns(rows: list[list[str]], right: Collection[int]) -> list[str]:
    """Return rows as lines in columns; those in ``right`` are flush right."""
    return aligned(rows, right, " ")


def table(heading: str, rows: list[list[str]], right: Collection[int]) -> list[str]:
    """Return a heading, and the same below it, each before an empty line."""
    return [*textwrap.wrap(heading, 80), "", *columns(rows, right), ""]
