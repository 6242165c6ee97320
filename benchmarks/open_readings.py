"""Say which sentences and articles are not yet read as an editor reads them, one by one.

``python -m benchmarks.open_readings`` prints what is new and what is gone beside
``tests/open_readings.json``; ``--write`` writes that file anew. Whatever is not in it must be
right: a change of the reader that spoils one sentence of thousands is noticed, and so is one that
mends one.

It also prints where anything else of a reading has changed (a window, a speaker, an interval, the
characters that hold the figure) since ``--write`` last wrote ``tests/readings.txt``, digests of
each sentence and article and of all that is read of it, damaged sentences among them. That is no
judgement: it shows which of thousands a change has reached, so that somebody looks at them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

from benchmarks import articles, mutated, reading

from attrition.core.errors import InputError
from attrition.text import parse

TESTS: Final = Path(__file__).parent.parent / "tests"
KEPT: Final = TESTS / "open_readings.json"
WHOLE: Final = TESTS / "readings.txt"
_EVERY: Final = 4  # sentences of which one is damaged
_SHOWN: Final = 1_000  # characters of what is read
PART: Final = 100
"""Sentences that one test reads."""
ARTICLES: Final = (".", "kinds", "styles", "lessons", "apart")
APART: Final = "apart"  # the kind of sentences for which nothing was mended

Open = dict[str, list[str]]


@cache
def _entries() -> dict[str, list[dict[str, Any]]]:
    entries: dict[str, list[dict[str, Any]]] = {}
    for entry in reading.entries_of(TESTS / "reading_gold.toml"):
        entries.setdefault(entry["kind"], []).append(entry)
    entries[APART] = reading.entries_of(TESTS / "reading_apart.toml")
    return entries


def numbers() -> dict[str, int]:
    """Return how many sentences of each kind there are."""
    return {kind: len(entries) for kind, entries in _entries().items()}


def parts() -> list[tuple[str, int]]:
    """Return each kind of sentences with the first of every hundred."""
    return [(kind, i) for kind, number in numbers().items() for i in range(0, number, PART)]


def of_part(kind: str, first: int) -> tuple[list[str], dict[str, str]]:
    """Return the sentences that are not read right, and whether silently; and all readings."""
    scores = [reading.score(entry) for entry in _entries()[kind][first : first + PART]]
    lines = [f"{'silent' if s.silent else 'marked'} | {s.text}" for s in scores if not s.right]
    return lines, {s.text: _whole([one.to_dict() for one in s.got]) for s in scores}


@cache
def damaged() -> list[str]:
    """Return sentences damaged at random, one of every fourth: each depends on itself alone."""
    texts = [entry["t"] for entries in _entries().values() for entry in entries]
    chosen = [text for text in texts if int(digest(text), 16) % _EVERY == 0]
    return [mutated.damaged(text, random.Random(text), [text]) for text in chosen]  # noqa: S311 - no secret


def of_damaged(first: int) -> dict[str, str]:
    """Return all that is read of some damaged sentences, or why nothing is."""
    whole = {}
    for text in damaged()[first : first + PART]:
        try:
            whole[text] = _whole([one.to_dict() for one in parse(text)])
        except InputError as error:
            whole[text] = str(error)
    return whole


def all_articles() -> list[str]:
    """Return the articles, each by its folder and its name."""
    return [
        f"{name}/{path.stem}"
        for name in ARTICLES
        for path in sorted((TESTS / "articles" / name).glob("*.json"))
    ]


def of_article(name: str) -> tuple[list[str], dict[str, str]]:
    """Return the claims of an article that are not read right, and all that is read of it."""
    path = TESTS / "articles" / f"{name}.json"
    _, lines = articles.score_of(path)
    return lines, {name: _whole(asdict(articles.clipping_beside(path)))}


def _whole(read: object) -> str:
    """Return all that was read, numbers to nine digits: the last ones differ between machines."""

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items() if key != "text"}
        if isinstance(value, list | tuple):
            return [plain(inner) for inner in value]
        return float(f"{value:.9g}") if isinstance(value, float) else value

    return json.dumps(plain(read), ensure_ascii=False, default=str)


def digest(text: str) -> str:
    """Return what tells a text from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@cache
def digests() -> dict[str, str]:
    """Return those of all readings when they were last written, by that of the text."""
    rows = WHOLE.read_text("utf-8").splitlines() if WHOLE.exists() else []
    return dict(row.split() for row in rows)


def changed(whole: dict[str, str]) -> list[str]:
    """Return what is not read as it was, and how it is read now."""
    return [
        f"{text}\n    {read[:_SHOWN]}"
        for text, read in whole.items()
        if digests().get(digest(text)) != digest(read)
    ]


def known() -> Open:
    """Return what was open when it was last written."""
    return dict(json.loads(KEPT.read_text("utf-8")))


def main() -> None:
    """Print what has changed, or write what is open."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    wishes = parser.parse_args()
    now: Open = {name: [] for name in (*numbers(), *(f"articles/{name}" for name in ARTICLES))}
    whole: dict[str, str] = {}
    for kind, first in parts():
        lines, read = of_part(kind, first)
        now[kind] += lines
        whole |= read
    for first in range(0, len(damaged()), PART):
        whole |= of_damaged(first)
    for name in all_articles():
        lines, read = of_article(name)
        now[f"articles/{name.rpartition('/')[0]}"] += lines
        whole |= read
    before = known() if KEPT.exists() else {}
    for name, lines in now.items():
        for sign, some, others in (
            ("+", lines, before.get(name, [])),
            ("-", before.get(name, []), lines),
        ):
            for line in some:
                if line not in others:
                    print(sign, name, "|", line)
    print(*changed(whole), sep="\n")
    print(f"{sum(map(len, now.values())):,} are open")
    if wishes.write:
        KEPT.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", "utf-8")
        rows = sorted(f"{digest(text)} {digest(read)}\n" for text, read in whole.items())
        WHOLE.write_text("".join(rows), "utf-8")  # in this order few additions meet


if __name__ == "__main__":
    main()
