"""Say which sentences and articles are not yet read as an editor reads them, one by one.

``python -m benchmarks.open_readings`` prints what is new and what is gone beside
``tests/open_readings.json``; ``--write`` writes that file anew. Whatever is not in it must be
right: a change of the reader that spoils one sentence of thousands is noticed, and so is one that
mends one.
"""

from __future__ import annotations

import argparse
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from benchmarks import articles, reading

TESTS: Final = Path(__file__).parent.parent / "tests"
KEPT: Final = TESTS / "open_readings.json"
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


def of_sentences(kind: str) -> list[str]:
    """Return the sentences of a kind that are not read right, and whether silently."""
    scores = (reading.score(entry) for entry in _entries()[kind])
    return [f"{'silent' if s.silent else 'marked'} | {s.text}" for s in scores if not s.right]


def of_articles(folder: str) -> list[str]:
    """Return the claims of a folder of articles that are not read right."""
    _, lines = articles.score(TESTS / "articles" / folder)
    return lines


def known() -> Open:
    """Return what was open when it was last written."""
    return dict(json.loads(KEPT.read_text("utf-8")))


def main() -> None:
    """Print what has changed, or write what is open."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    wishes = parser.parse_args()
    now = {kind: of_sentences(kind) for kind in numbers()}
    now |= {f"articles/{folder}": of_articles(folder) for folder in ARTICLES}
    before = known() if KEPT.exists() else {}
    for name, lines in now.items():
        for sign, some, others in (
            ("+", lines, before.get(name, [])),
            ("-", before.get(name, []), lines),
        ):
            for line in some:
                if line not in others:
                    print(sign, name, "|", line)
    print(f"{sum(map(len, now.values())):,} are open")
    if wishes.write:
        KEPT.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
