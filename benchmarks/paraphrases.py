"""Score the reader on plain sentences whose reading is known by how they are made.

``python -m benchmarks.paraphrases 20000`` draws as many sentences and prints, for each frame, how
many are read fully right and how many hold a figure that is wrong without saying so; ``--parts``
lists the parts (a hedge, a noun, a verb, a place in the sentence) of which most go wrong, and
``--wrong 20`` sentences that do. The words of the sentences stand in ``paraphrases.toml``: a
figure is a hedge, a number as it may be written, a noun and a verb, and an event, a source, a
place and a time may stand before or after it. What a sentence means follows from its parts, so
nobody has to read it.
"""

from __future__ import annotations

import argparse
import random
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from benchmarks.reading import score

from attrition.text.vocabulary import DEMONYM, numbers_for

Choose = Callable[[Sequence[Any]], Any]
"""Take one of several: of a random generator, or of a Hypothesis strategy."""

_ONES: Final = tuple(numbers_for("ones"))[2:]
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WHOLE: Final = (2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 17, 18, 19, 21, 23, 26, 28, 31, 34)
_LARGE: Final = (38, 41, 47, 52, 56, 63, 69, 74, 83, 97, 104, 112, 137, 158, 214, 276, 312, 489)
_LARGER: Final = (617, 1_043, 1_312, 2_417, 3_468, 5_329, 12_419, 21_846, 132_751)
_ROUND: Final = (20, 30, 40, 50, 60, 80, 100, 120, 150, 200, 300, 400, 500, 700, 1_200, 1_500)
_ROUNDER: Final = (2_000, 3_000, 5_000, 12_000, 20_000, 35_000, 60_000, 150_000, 400_000)


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@dataclass
class Draft:
    """One sentence while it is made.

    Attributes
    ----------
    choose : callable
        Takes one of several.
    parts : list of str
        What was chosen, each under the name of its table.
    figures : list of dict
        The readings expected, as `benchmarks.reading` scores them.
    may_be_read : list of int
        Numbers that count somebody else: they may be read or left.
    """

    choose: Choose
    parts: list[str] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    may_be_read: list[int] = field(default_factory=list)

    def of(self, table: str) -> str:
        """Return one row of a table of words."""
        rows = _tables()["words"][table].strip().splitlines()
        row: str = self.choose(rows)
        self.parts.append(f"{table}: {row}")
        return row

    def maybe(self, table: str) -> str:
        """Return one row of a table with a space before it, or nothing."""
        return f" {self.of(table)}" if self.choose((True, False, False)) else ""

    def number(
        self, *, least: int = 2, most: int = 10**9, rounded: bool = False
    ) -> tuple[str, int]:
        """Return a number as it is written, and its value."""
        values = (*_ROUND, *_ROUNDER) if rounded else (*_WHOLE, *_LARGE, *_LARGER, *_ROUND)
        value: int = self.choose([one for one in values if least <= one <= most])
        ways = {"digits": f"{value:,}"}
        if value < 10_000:
            ways["bare digits"] = str(value)
        if value < 100:
            ways["spelled"] = spelled(value)
        if rounded and value >= 1_000 and value % 1_000 == 0:
            ways["thousand"] = f"{value // 1_000} thousand"
        if rounded and value < 1_000 and value % 100 == 0:
            ways["hundred"] = f"{_ONES[value // 100 - 1]} hundred"
        if value in {1_200, 1_500}:
            ways["hundreds"] = f"{spelled(value // 100)} hundred"
        if 2 <= value < 13 and not rounded:
            ways = {"spelled": spelled(value), "digits": str(value)}
        way = self.choose(list(ways))
        if 1_900 <= value < 2_100 and way == "bare digits":
            way = "digits"  # it would be a year
        self.parts.append(f"number: {way}")
        return ways[way], value

    def amount(
        self,
        category: str,
        *,
        hedged: bool = True,
        led: str = "",
        part: bool = False,
        **fields: object,
    ) -> str:
        """Return a hedge with its number, and note what is expected of it."""
        kind = self.choose(("bare", "hedged", "hedged", "range")) if hedged else "bare"
        wanted: dict[str, Any] = {"category": category.split("|"), **fields}
        if kind == "bare":
            text, wanted["value"] = self.number(most=19 if part else 10**9)
            wanted["hedge"] = ["bare", "about"] if led.endswith("put at") else ["bare"]
        elif kind == "hedged":
            rows: dict[str, str] = _tables()["hedges"]
            words = self.choose(
                [row for row in rows if not (led[-3:] == " to" and row[:2] == "up")]
            )
            self.parts.append(f"hedge: {words}")
            text, wanted["value"] = self.number(least=13, rounded=True)
            text, wanted["hedge"] = words.replace("#", text), [rows[words]]
        else:
            low = self.choose((20, 30, 60, 200, 400, 1_200, 3_000, 20_000))
            high = self.choose((2, 3)) * low // self.choose((1, 2)) + low
            words = self.of("ranges after to" if led.endswith((" to", " at", " by")) else "ranges")
            text = words.replace("#", f"{low:,}", 1).replace("#", f"{high:,}", 1)
            wanted |= {"low": low, "high": high, "hedge": ["range"]}
        self.figures.append(wanted)
        return text


def spelled(value: int) -> str:
    """Return a number below a hundred in words.

    Examples
    --------
    >>> spelled(7), spelled(21), spelled(40)
    ('seven', 'twenty-one', 'forty')
    """
    if value < 20:
        return _ONES[value - 1]
    ten, one = _TENS[value // 10 - 2], value % 10
    return f"{ten}-{_ONES[one - 1]}" if one else ten


def _clause(draft: Draft) -> str:
    """Return a clause without its source: one of the frames filled in."""
    frame: str = draft.choose(list(_tables()["frames"]))
    draft.parts.append(f"frame: {frame}")
    return _filled(draft, frame)


def _filled(draft: Draft, frame: str) -> str:
    """Fill in the slots of a frame, from left to right."""
    words: list[str] = []
    fields: dict[str, Any] = {"k": "level|increment", **_tables()["frames"][frame]}
    for part in frame.split("{"):
        slot, closed, rest = part.partition("}")
        words.append(_slot(draft, slot, fields, "".join(words).rstrip()) if closed else slot)
        words.append(rest)
    return "".join(words)


def _slot(draft: Draft, slot: str, fields: dict[str, Any], led: str) -> str:
    """Return the words of one slot.

    ``killed`` and other categories are figures: "killed+" has a noun of people after it, "killed="
    has no hedge, "killed!" neither; what `fields` says of the frame is expected of all of them.
    Any other slot is a table; after "?" it may stay empty.
    """
    if slot.startswith("?"):
        return draft.maybe(slot[1:])
    if slot == "may":
        text, value = draft.number()
        draft.may_be_read.append(value)
        return text
    name = slot.rstrip("+=!0123456789")
    if name.split("|")[0] not in {"killed", "wounded", "missing", "captured"}:
        return draft.of(slot)
    amount = draft.amount(
        name, hedged=not {"=", "!"} & set(slot), led=led, part="!" in slot, **fields
    )
    if not {"+", "!"} & set(slot):
        return amount
    people = draft.of("people")
    if "!" in slot:
        return f"{amount} {people}"
    draft.figures[-1]["side"] = DEMONYM.get(people.split()[0].lower(), "-")
    return f"{amount} {people}"


def draft_of(choose: Choose) -> tuple[dict[str, Any], list[str]]:
    """Return a sentence with what is expected of it, as `score` takes it, and its parts.

    Parameters
    ----------
    choose : callable
        Takes one of several; all that is drawn is drawn by it.

    Returns
    -------
    tuple of dict and list of str
        The sentence and its parts.
    """
    draft = Draft(choose)
    text = _clause(draft)
    place = choose(("before", "after", "none"))
    if place == "before" and text[:1].islower():
        text = f"{draft.of('says that')} {text}"
    elif place == "before":
        text = f"{draft.of('says that')} {text[:1].lower()}{text[1:]}"
    elif place == "after":
        text = f"{text}, {draft.of('says so')}"
    text = f"{text[:1].upper()}{text[1:]}."
    draft.parts.append(f"source: {place}")
    aside = choose((*["none"] * 3, "led", "next"))
    if aside == "led":
        text = f"{draft.of('sentences without')} {text}"
    elif aside == "next":
        text = f"{text} {draft.of('sentences without')}"
    expected = {
        "figures": draft.figures,
        "may_be_read": draft.may_be_read,
        "ambiguous_is_right": False,
    }
    return {"t": text, "kind": "", "expected": expected}, draft.parts


def main() -> None:
    """Draw sentences and print how they are read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sentences", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", type=int, default=0, help="list the parts that go wrong most")
    parser.add_argument("--wrong", type=int, default=0, help="list sentences that go wrong")
    parser.add_argument("--of", default="", help="only those with a part that holds these words")
    wishes = parser.parse_args()
    choose = random.Random(wishes.seed).choice  # noqa: S311  # no secret
    seen, bad, silent = Counter[str](), Counter[str](), Counter[str]()
    sentences, right, wrong, shown = 0, 0, 0, 0
    for _ in range(wishes.sentences):
        entry, parts = draft_of(choose)
        if wishes.of and not any(wishes.of in part for part in parts):
            continue
        one = score(entry)
        sentences, right, wrong = sentences + 1, right + one.right, wrong + one.silent
        known = set(parts)
        seen.update(known)
        if not one.right:
            bad.update(known)
            silent.update(known if one.silent else ())
            if shown < wishes.wrong:
                shown += 1
                print("SILENT" if one.silent else "      ", one.text)
                for reading in one.got:
                    ends = (reading.point, reading.low, reading.high)
                    what = (reading.hedge, reading.category, reading.standing, reading.kind)
                    print("          ", *ends, *what, reading.per, *reading.ambiguous)
                for wanted in entry["expected"]["figures"]:
                    print("           wanted", *wanted.items())
    if wishes.parts:
        rows = sorted(bad, key=lambda part: -bad[part] / (seen[part] + 20))
        for part in rows[: wishes.parts]:
            print(f"{bad[part]:5d} {silent[part]:5d} of {seen[part]:6d}  {part}")
    print(f"fully right     {right:6d} of {sentences} sentences ({right / sentences:.1%})")
    print(f"silently wrong  {wrong:6d} of {sentences} sentences ({wrong / sentences:.1%})")


if __name__ == "__main__":
    main()
