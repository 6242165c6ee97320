"""Read sentences that were damaged at random: the reader may refuse them, never fail or hang.

``python -m benchmarks.mutated --inputs 1_000_000 --seed 1`` takes the sentences of
``tests/reading_gold.toml``, damages each some times over (characters and words left out, doubled,
swapped, replaced or joined with those of another sentence) and reads it. Anything but a reading or
an `InputError`, positions outside the text, and anything that takes more than a second of CPU is
printed with its text. ``--article CHARACTERS`` times articles of growing length as well.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.effort import as_measured

from attrition.core.errors import InputError
from attrition.text import parse, read_words
from attrition.text.text import listed

GOLD: Final = Path(__file__).parent.parent / "tests" / "reading_gold.toml"
_SIGNS: Final = "0123456789.,-–+±~%()[]/:;!?'\"&#|=<>$€°½\n\t \u00a0\u200b\u202eéßждم死💀"
_WORDS: Final = listed("""
    killed wounded not more than at least between and to million thousand dozen the of no half
    10^99 1e5 1,2,3 0.0 -5 999999999999999 per day in since 2022 % denied aboard both point score
""")
_SLOW: Final = 1.0
_PART: Final = 50_000

Change = Callable[[str, random.Random, list[str]], str]


def sentences(file: Path = GOLD) -> list[str]:
    """Return the sentences of the gold file."""
    kinds = tomllib.loads(file.read_text("utf-8"))
    return [
        row.split(" | ", 1)[1] for kind, rows in kinds.items() if kind != "rounds" for row in rows
    ]


def _cut(text: str, chance: random.Random, _: list[str]) -> str:
    i = chance.randrange(len(text) + 1)
    return text[:i] + text[i + chance.randrange(1, 12) :]


def _sign(text: str, chance: random.Random, _: list[str]) -> str:
    i = chance.randrange(len(text) + 1)
    return text[:i] + chance.choice(_SIGNS) * chance.choice((1, 1, 1, 5, 40)) + text[i:]


def _word(text: str, chance: random.Random, _: list[str]) -> str:
    words = text.split(" ")
    words.insert(chance.randrange(len(words) + 1), chance.choice(_WORDS))
    return " ".join(words)


def _swap(text: str, chance: random.Random, _: list[str]) -> str:
    words = text.split(" ")
    i, j = chance.randrange(len(words)), chance.randrange(len(words))
    words[i], words[j] = words[j], words[i]
    return " ".join(words)


def _double(text: str, chance: random.Random, _: list[str]) -> str:
    i = chance.randrange(len(text) + 1)
    piece = text[i : i + chance.randrange(1, 30)]
    return text[:i] + piece * chance.choice((2, 3, 20)) + text[i:]


def _cross(text: str, chance: random.Random, others: list[str]) -> str:
    other = chance.choice(others)
    return text[: chance.randrange(len(text) + 1)] + other[chance.randrange(len(other)) :]


_CHANGES: Final[tuple[Change, ...]] = (_cut, _sign, _word, _swap, _double, _cross)


def damaged(text: str, chance: random.Random, others: list[str]) -> str:
    """Return a sentence after one to five random changes."""
    for _ in range(chance.randrange(1, 6)):
        text = chance.choice(_CHANGES)(text, chance, others)
    return text


def fault_of(text: str) -> str:
    """Read a text, and return what went wrong, or nothing."""
    began = time.process_time()
    try:
        readings = parse(text)
    except InputError:
        readings = ()
    except Exception as error:  # noqa: BLE001  # whatever comes is what is looked for
        return f"{type(error).__name__}: {error}"
    if any(not 0 <= reading.start <= reading.end <= len(text) for reading in readings):
        return "a position outside the text"
    spent = time.process_time() - began
    slow = spent > _SLOW and as_measured(spent) > _SLOW
    return f"{spent:.1f} seconds" if slow else ""


def run(inputs: int, seed: int) -> list[tuple[str, str]]:
    """Read so many damaged sentences; return the texts that went wrong, each with its fault."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    whole = sentences()
    faults = []
    for _ in range(inputs):
        text = damaged(chance.choice(whole), chance, whole)
        if fault := fault_of(text):
            faults.append((text, fault))
    return faults


def article_seconds(characters: int, seed: int) -> float:
    """Return the CPU time of an article of so many characters, made of gold sentences [s]."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    whole = sentences()
    parts: list[str] = []
    size = 0
    while size < characters:
        parts.append(chance.choice(whole))
        size += len(parts[-1]) + 1
    text = " ".join(parts)[:characters]
    began = time.process_time()
    read_words(text)
    return time.process_time() - began


def main() -> None:
    """Print what went wrong, and how many texts were read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--article", type=int, default=0, metavar="CHARACTERS")
    wishes = parser.parse_args()
    for size in (wishes.article // 4, wishes.article // 2, wishes.article):
        if size:
            print(f"article of {size:,} characters: {article_seconds(size, wishes.seed):.2f} s")
    total = done = 0
    while done < wishes.inputs:  # in parts, so that a run that is stopped has said something
        part = min(_PART, wishes.inputs - done)
        for text, fault in run(part, wishes.seed + done):
            print(f"{fault}\n    {text!r}", flush=True)
            total += 1
        done += part
        print(f"{done:,} damaged sentences, {total} faults", flush=True)
    sys.exit(bool(total))


if __name__ == "__main__":
    main()
