"""Score the reader of articles on articles with the claims expected of each.

``python -m benchmarks.articles FOLDER [--wrong]`` reads every article of a folder beside which a
JSON file of the same name lists the day of ``published`` and the ``claims`` that a careful analyst
takes from it: ``value`` or ``low`` and ``high``, ``category``, ``kind``, ``per``, ``as_of`` and a
word of the ``source``; ``kind_also_ok``, ``as_of_also_ok`` and ``source_also_ok`` are as good. A
claim is right, a right candidate of a doubt, left for a reader (a doubt with its number), missed,
or wrong in a field. Numbers of ``never`` that became a claim (tolls of other events, what was
denied or is still to come) are counted beside these.

``python -m benchmarks.articles --signs`` prints how many of the claims that earlier readers took
from articles which they had not seen were right, by the signs that leave a claim to a reader
(`attrition.data.articles.signs`). ``results/unseen_claims.json`` holds these claims: sets 2 to 7 of
``tests/articles`` as read by the last reader before each was learnt, and scored by this module.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from attrition.data.articles import Clipping, read_article
from attrition.data.articles.signs import Circumstances
from attrition.data.dossier import Claim
from attrition.text import parse

OUTCOMES: Final = ("right", "candidate", "left", "missed", "wrong", "never")

_UNSEEN: Final = Path(__file__).parent / "results" / "unseen_claims.json"

_MARKS: Final = str.maketrans("", "", ".,")
"""What may part the thousands of a number."""


def score(folder: Path) -> tuple[Counter[str], list[str]]:
    """Return how many claims of a folder of articles came out how, and a line for each miss."""
    counts: Counter[str] = Counter()
    lines: list[str] = []
    for path in sorted(folder.glob("*.json")):
        more, further = score_of(path)
        counts += more
        lines += further
    return counts, lines


def score_of(path: Path) -> tuple[Counter[str], list[str]]:
    """Return the same of one article, of the file that says what is expected of it."""
    article, expected = _beside(path)
    outcomes = _of_article(article, expected)
    lines = [f"{article.name}: {outcome} {what}" for outcome, what, _ in outcomes if what]
    return Counter(outcome for outcome, *_ in outcomes), lines


def _beside(path: Path) -> tuple[Path, dict[str, Any]]:
    """Return an article, and what the file beside it expects."""
    article = next(one for one in path.parent.glob(f"{path.stem}.*") if one.suffix != ".json")
    return article, json.loads(path.read_text("utf-8"))


def clipping_beside(path: Path) -> Clipping:
    """Return what is read of the article beside a file that says what is expected of it."""
    article, expected = _beside(path)
    return clipping_of(article, None if expected["published_in_text"] else expected["published"])


@cache
def clipping_of(article: Path, day: str | None) -> Clipping:
    """Return what is read of an article; of one article once, whoever asks."""
    return read_article(article, published=day)


def _of_article(article: Path, expected: dict[str, Any]) -> list[tuple[str, str, float]]:
    clipping = clipping_of(
        article, None if expected["published_in_text"] else expected["published"]
    )
    outcomes: list[tuple[str, str, float]] = []
    if str(clipping.published) != str(expected["published"]):
        outcomes.append(("day", f"{clipping.published}, not {expected['published']}", 0.0))
    if clipping.published is None:
        clipping = read_article(article, published=expected["published"] or "2026-01-01")
    return outcomes + outcomes_of(clipping, expected)


def outcomes_of(clipping: Clipping, expected: dict[str, Any]) -> list[tuple[str, str, float]]:
    """Return what came of each expected claim, why it is not right, and its (first) number.

    Numbers that are "never" to be claimed, and were, follow.
    """
    outcomes: list[tuple[str, str, float]] = []
    claims = [(claim, _numbers(claim)) for claim in clipping.claims if claim.kind != "forecast"]
    right = [
        claim
        for claim, numbers in claims
        for one in expected["claims"]
        if numbers == _wanted(one) and not _faults(clipping, claim, one)
    ]
    for one in expected["claims"]:
        # who is right about five killed is not wrong about five missing
        others = [
            pair for pair in claims if pair[0] not in right or not _faults(clipping, pair[0], one)
        ]
        outcomes.append((*_of_claim(clipping, others, one), _wanted(one)[0]))
    wanted = {_wanted(one) for one in expected["claims"]}
    outcomes += [
        ("never", f"{numbers[0]:,.10g}: {claim.quote}", numbers[0])
        for claim, numbers in claims
        if numbers not in wanted and numbers[0] in expected["never"] and claim.hedge != "at-most"
    ]
    return outcomes


def _of_claim(
    clipping: Clipping, claims: Sequence[tuple[Claim, tuple[float, ...]]], one: dict[str, Any]
) -> tuple[str, str]:
    """Return what came of one expected claim, and in words why it is not right."""
    wanted = _wanted(one)
    faults = [_faults(clipping, claim, one) for claim, numbers in claims if numbers == wanted]
    if faults:
        fewest = min(faults, key=len)
        return ("wrong", f"{wanted}: {'; '.join(fewest)}") if fewest else ("right", "")
    number = f"{wanted[0]:.10g}"
    open_ = (number in doubt.sentence.translate(_MARKS) for doubt in clipping.doubts)
    asked = [doubt.claim for doubt in clipping.doubts if doubt.claim is not None]
    if any(_numbers(claim) == wanted and not _faults(clipping, claim, one) for claim in asked):
        return "candidate", f"{wanted}"
    if any(open_) or any(_numbers(claim) == wanted for claim in asked):
        return "left", f"{wanted}"
    return ("missed", f"{wanted} {one['category']}") if one.get("must", True) else ("left", "")


def _faults(clipping: Clipping, claim: Claim, one: dict[str, Any]) -> list[str]:
    """Return the fields of a claim that nobody expects."""
    quantity = clipping.quantities[claim.quantity]
    name = clipping.sources[claim.source].name.lower()
    begun = one["kind"] == "level" and claim.kind == "increment" and claim.since is not None
    pairs = {
        "category": (quantity.category or "losses", {one["category"]}),
        "kind": ("level" if begun else claim.kind, {one["kind"], *one.get("kind_also_ok", ())}),
        "per": (claim.per, {one.get("per")}),
    }
    faults = [f"{key} {got}" for key, (got, allowed) in pairs.items() if got not in allowed]
    days = {one.get("as_of"), *one.get("as_of_also_ok", ())}
    got = str(claim.as_of)
    if None not in days and not any(got.startswith(day) or day.startswith(got) for day in days):
        faults.append(f"as_of {got}")
    words = {one.get("source"), *one.get("source_also_ok", ())}
    if None not in words and not any(word.lower() in name for word in words):
        faults.append(f"source {name}")
    return faults


def _wanted(one: dict[str, Any]) -> tuple[float, ...]:
    low, high, value = one.get("low"), one.get("high"), one.get("value")
    if low is not None and high is not None:
        return (float(low), float(high))
    return (float(next(number for number in (value, low, high) if number is not None)),)


def _numbers(claim: Claim) -> tuple[float, ...]:
    reading = parse(claim.words)[0] if claim.point is None and claim.low is None else claim
    if reading.low is not None and reading.high is not None:
        return (reading.low, reading.high)
    return (float("nan") if reading.point is None else reading.point,)


def signs() -> str:
    """Return a table of the claims that were taken unseen, by set and by sign."""
    claims = json.loads(_UNSEEN.read_text("utf-8"))
    rows: dict[str, Counter[str]] = {}
    for claim in claims:
        number, outcome, *fields = claim
        names = Circumstances(*fields).signs()
        groups = ["all", "kept" if not names else "left to a reader", *names]
        for group in (*groups, f"set {number}", *([f"set {number}, kept"] * (not names))):
            rows.setdefault(group, Counter())[outcome] += 1
    return "\n".join(
        f"{group}: {counts['right']} right, {counts['wrong']} wrong, {counts['never']} never, "
        f"{counts['extra']} others"
        for group, counts in sorted(rows.items())
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the score of a folder of articles."""
    parser = argparse.ArgumentParser(description="Score the reader of articles.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--signs", action="store_true", help="print which signs told what is wrong")
    parser.add_argument("--wrong", action="store_true", help="print what is not right")
    asked = parser.parse_args(arguments)
    if asked.signs or asked.folder is None:
        print(signs())
        return
    counts, lines = score(asked.folder)
    if asked.wrong:
        print("\n".join(lines))
    total = sum(counts[name] for name in OUTCOMES[:5])
    print(f"claims {total}: " + ", ".join(f"{counts[name]} {name}" for name in OUTCOMES[:5]))
    print(f"never to be claimed, and claimed: {counts['never']}; days wrong: {counts['day']}")


if __name__ == "__main__":
    main()
