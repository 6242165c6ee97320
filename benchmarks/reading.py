"""Score the reader of words on sentences with the reading expected of each.

``python -m benchmarks.reading FILE`` prints how many sentences are read fully right, how many
figures are, and how many sentences hold a figure that is wrong without saying so. FILE is a JSON
list of ``{"t": words, "expected": {...}}``; ``expected`` lists the ``figures``
(``value``, ``low`` and ``high``, or ``vague_band``; accepted ``hedge`` and ``category``; ``k``,
``per``, ``side``, ``denied``, ``above`` and ``below`` where they matter), the numbers that
``may_be_read``, and ``ambiguous_is_right``. Or it is a TOML file like ``tests/reading_gold.toml``,
whose head explains its rows.
"""

from __future__ import annotations

import argparse
import json
import math
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from attrition.core.errors import InputError
from attrition.text import Reading, parse

HEDGES: Final = {
    "bare": {"exactly", "unhedged-round"},
    "about": {"about", "around", "likely"},
    "over": {"over", "well-over", "just-over"},
    "under": {"under", "nearly", "at-most"},
    "range": {"range", "between", "from-to", "ci"},
    "order-of-magnitude": {"order-of-magnitude", "several", "few"},
}
"""Keys of the lexicon that a coarser name stands for; any other name stands for itself."""

_CLOSE: Final = 0.01
"""Relative error that a number may have: a third is 33.3 or 33.33 %."""
_BAND: Final = 3.0
"""Factor by which the end of a vague band ("dozens") may differ from the one expected."""


@dataclass(frozen=True, slots=True)
class Score:
    """What came of one sentence.

    Attributes
    ----------
    text : str
        The sentence.
    right, silent, vain : bool
        Fully right; holds a wrong figure that is not marked as doubtful; marks a right figure as
        doubtful where nobody expects it.
    figures, read : int
        Figures expected, and those of them read right.
    got : tuple of Reading
        What the reader gave.
    wrong : tuple of Reading
        Those of them that nobody expects, and that are not marked as doubtful.
    """

    text: str
    right: bool
    silent: bool
    vain: bool
    figures: int
    read: int
    got: tuple[Reading, ...]
    wrong: tuple[Reading, ...] = ()


def rounds_of(file: Path) -> dict[str, dict[str, int]]:
    """Return the rounds of a TOML file, each with the score of its sentences when yet unseen."""
    text = file.read_text("utf-8")
    return {} if file.suffix == ".json" else dict(tomllib.loads(text).get("rounds", {}))


def entries_of(file: Path) -> list[dict[str, Any]]:
    """Return the sentences of a file with what is expected of each."""
    text = file.read_text("utf-8")
    if file.suffix == ".json":
        return list(json.loads(text))
    return [
        {
            "t": row.split(" | ", 1)[1],
            "kind": kind,
            "round": row.split(" | ", 1)[0].split()[1:],
            "expected": _expected(wanted),
        }
        for kind, rows in tomllib.loads(text).items()
        if kind != "rounds"
        for row, wanted in rows.items()
    ]


def _expected(words: str) -> dict[str, Any]:
    """Return what one row of the TOML file expects."""
    expected: dict[str, Any] = {"figures": [], "may_be_read": [], "ambiguous_is_right": False}
    for part in words.split(";"):
        first, *rest = part.split()
        if first == "unsure":
            expected["ambiguous_is_right"] = True
        elif first == "may":
            expected["may_be_read"].append(float(rest[0]))
        elif first != "none":
            expected["figures"].append(_figure(first, *rest))
    return expected


def _figure(number: str, hedge: str, category: str, *fields: str) -> dict[str, Any]:
    """Return one expected figure: its number, hedges and categories, then its other fields."""
    figure: dict[str, Any] = {
        "hedge": hedge.split("|"),
        "category": category.replace("_", " ").split("|"),
    }
    ends = [float(end) for end in number.removeprefix("~").split("..")]
    if number.startswith("~"):
        figure["vague_band"] = ends
    elif len(ends) > 1:
        figure["low"], figure["high"] = ends
    else:
        figure["value"] = ends[0]
    for field in fields:
        if field.startswith((">=", "<=")):
            figure["above" if field[0] == ">" else "below"] = float(field[2:])
        else:
            name, _, value = field.partition("=")
            figure[name] = value != "no" if name == "denied" else value
            if name == "side":
                figure[name] = value.replace("_", " ")
            if name == "altv":
                figure[name] = float(value)
    return figure


def _near(one: float | None, other: float) -> bool:
    return one is not None and math.isclose(one, other, rel_tol=_CLOSE)


def _number_fits(reading: Reading, wanted: dict[str, Any]) -> bool:
    if "value" in wanted:
        return _near(reading.point, wanted["value"])
    if "vague_band" in wanted:
        ends = [reading.low, reading.high]
        if reading.interval is not None and reading.low is None:
            ends = [reading.interval.lower, reading.interval.upper]
        return all(
            end is not None and 1 / _BAND <= end / mark <= _BAND
            for end, mark in zip(ends, wanted["vague_band"], strict=True)
        )
    if reading.low is None:
        return "altv" in wanted and _near(reading.point, wanted["altv"])
    return _near(reading.low, wanted["low"]) and _near(reading.high, wanted["high"])


def _hedge_fits(reading: Reading, names: list[str]) -> bool:
    ranged = reading.low is not None and reading.high is not None
    if ranged and not {"order-of-magnitude", "bare"} & set(names):
        return True
    accepted = set().union(*(HEDGES.get(name, {name}) for name in names))
    return reading.hedge in accepted or ("possible" in names and reading.possible)


def _within(reading: Reading, wanted: dict[str, Any]) -> bool:
    """Return whether the interval stays inside the bounds that are expected of it."""
    if not {"above", "below"} & set(wanted):
        return True
    ends = reading.interval
    return (
        ends is not None
        and ends.lower >= wanted.get("above", -math.inf)
        and ends.upper <= wanted.get("below", math.inf)
    )


def fits(reading: Reading, wanted: dict[str, Any]) -> bool:
    """Return whether a reading is the figure that was expected."""
    category = reading.category or "none"
    return (
        not reading.ambiguous
        and _number_fits(reading, wanted)
        and _hedge_fits(reading, wanted["hedge"])
        and category in wanted["category"]
        and reading.kind in wanted.get("k", reading.kind).split("|")
        and (reading.side or "-") in wanted.get("side", reading.side or "-").split("|")
        and _within(reading, wanted)
        and wanted.get("per", reading.per) == reading.per
        and bool(wanted.get("denied")) == bool(getattr(reading, "denied", False))
    )


def _counts(reading: Reading) -> bool:
    """Return whether a reading would be taken for a number of persons, or a share of them."""
    return reading.unit in {"persons", "percent"} and not reading.ambiguous


def score(entry: dict[str, Any]) -> Score:
    """Read one sentence and hold it against what is expected of it."""
    expected = entry["expected"]
    try:
        readings = parse(entry["t"])
    except InputError:
        readings = ()
    free = list(readings)
    read = 0
    for wanted in expected["figures"]:
        match = next((reading for reading in free if fits(reading, wanted)), None)
        if match is not None:
            free.remove(match)
            read += 1
    allowed = expected["may_be_read"]
    wrong = [
        reading
        for reading in free
        if _counts(reading) and not any(_near(reading.point, number) for number in allowed)
    ]
    unsure = [reading for reading in free if reading.ambiguous]
    bare = (replace(reading, ambiguous=()) for reading in unsure)
    vain = any(fits(reading, wanted) for reading in bare for wanted in expected["figures"])
    vain = vain and not expected["ambiguous_is_right"]
    whole = read == len(expected["figures"])
    right = (whole or expected["ambiguous_is_right"]) and not wrong
    right = right and (not unsure or expected["ambiguous_is_right"])
    total = len(expected["figures"])
    return Score(entry["t"], right, bool(wrong), vain, total, read, readings, tuple(wrong))


def routes(scores: list[Score]) -> dict[str, tuple[int, int]]:
    """Return how many clear readings are right, and how many there are, by `Reading.reached`."""
    shares: dict[str, tuple[int, int]] = {}
    for one in scores:
        for reading in filter(_counts, one.got):
            right, total = shares.get(reading.reached, (0, 0))
            shares[reading.reached] = (right + (reading not in one.wrong), total + 1)
    return shares


def main() -> None:
    """Print the score of a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--wrong", action="store_true", help="list the sentences not fully right")
    wishes = parser.parse_args()
    entries = entries_of(wishes.file)
    scores = [score(entry) for entry in entries]
    figures, read = sum(one.figures for one in scores), sum(one.read for one in scores)
    right, silent = sum(one.right for one in scores), sum(one.silent for one in scores)
    if wishes.wrong:
        for one in scores:
            if not one.right:
                print("SILENT" if one.silent else "      ", one.text)
                for reading in one.got:
                    ends = (reading.point, reading.low, reading.high)
                    when = (reading.kind, reading.per or reading.window, reading.side)
                    what = (reading.hedge, reading.category, reading.standing)
                    print("          ", *ends, *what, *when, *reading.ambiguous)
    total = len(scores)
    kinds = Counter(entry.get("kind", "") for entry in entries)
    good = Counter(e.get("kind", "") for e, one in zip(entries, scores, strict=True) if one.right)
    for kind, count in kinds.items():
        if kind:
            print(f"{kind:15s} {good[kind]:4d} of {count}")
    for number, unseen in rounds_of(wishes.file).items():
        now = [s for e, s in zip(entries, scores, strict=True) if e["round"] == [number]]
        print(
            f"round {number:>2s}: unseen {unseen['right']} of {unseen['sentences']} right and "
            f"{unseen['silent']} silently wrong; now {sum(one.right for one in now)} and "
            f"{sum(one.silent for one in now)}"
        )
    for reached, (fine, count) in sorted(routes(scores).items()):
        print(f"category {reached or 'not found':10s} {fine:4d} of {count} readings right")
    print(f"fully right     {right:4d} of {total} sentences ({right / total:.0%})")
    print(f"figures right   {read:4d} of {figures} ({read / max(figures, 1):.0%})")
    print(f"silently wrong  {silent:4d} of {total} sentences ({silent / total:.0%})")
    loose = sum(
        one.silent and all(reading.reached == "loose" for reading in one.wrong) for one in scores
    )
    print(f"of these loose  {loose:4d} (`Reading.reached`: said to be less sure)")
    vain = sum(one.vain for one in scores)
    print(f"marked in vain  {vain:4d} of {total} sentences ({vain / total:.1%})")


if __name__ == "__main__":
    main()
