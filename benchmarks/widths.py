"""Hold the widths of the hedge rows against the ranges and figures that the library ships.

    python -m benchmarks.widths

Two things can be checked, and no more. Where a top is stated ("up to", "at most"), how far below it
stated ranges began: those of 81 conflicts, and those of the table of claims of one war. And how
often a figure of another source, of the same quantity and within a month, lay in the interval of a
row: these are other opinions, not the truth, and the total grows a little within that month. The
words themselves are not in these tables: a range stands for "between", a lone lower end for "at
least", a lone upper end for "up to".
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import attrition as at
from attrition.text import default_lexicon
from attrition.text.widths import interval_for

DATA: Final = Path(at.__path__[0]) / "bundled"
CONFLICTS: Final = DATA / "conflict_ranges_1900_2026.csv"
CLAIMS: Final = DATA / "war_loss_claims_to_2025-06-03.csv"
TOPS: Final = ("up-to", "at-most")
"""Rows that say how far below a top the truth may lie."""
HEDGES: Final = {
    (True, True): "between",
    (True, False): "at-least",
    (False, True): "up-to",
    (False, False): "unhedged",
}
"""The row that a claim stands for, by whether its lower and its upper end are stated."""
NEAR: Final = 31
"""Days within which another source's figure is held against one."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A range or figure of one source; an end that is not stated is none."""

    day: date
    what: tuple[str, str]
    source: str
    low: float | None
    high: float | None
    point: float | None

    @property
    def middle(self) -> float | None:
        """The figure, or the geometric middle of both ends."""
        if self.point is not None or self.low is None or self.high is None:
            return self.point
        return float((self.low * self.high) ** 0.5)

    @property
    def hedge(self) -> str:
        """The row of the lexicon that its ends stand for."""
        ends = (self.low is not None, self.high is not None)
        return HEDGES[ends]


def _number(text: str) -> float | None:
    return float(text) if text else None


def ranges_of(file: Path) -> list[tuple[float, float]]:
    """Return the ranges of a table whose ends differ and lie above nought."""
    with file.open(encoding="utf-8") as rows:
        ends = [(_number(row["low"]), _number(row["high"])) for row in csv.DictReader(rows)]
    return [(low, high) for low, high in ends if low and high and low < high]


def claims() -> list[Stated]:
    """Return the claims of the bundled table."""
    with CLAIMS.open(encoding="utf-8") as rows:
        return [
            Stated(
                date.fromisoformat(row["date"]),
                (row["country"], row["type"]),
                row["source"],
                *(_number(row[name]) for name in ("low", "high", "estimate")),
            )
            for row in csv.DictReader(rows)
        ]


def below_top(row: str, ranges: list[tuple[float, float]]) -> float:
    """Return the share of ranges that begin no lower than a row lets its number begin."""
    start = 1 - default_lexicon().get(row).below
    return sum(low >= high * start for low, high in ranges) / len(ranges)


def held(one: Stated, others: list[Stated]) -> tuple[int, int]:
    """Return how many figures of other sources lie in a claim's interval, and of how many."""
    near = [
        other.middle
        for other in others
        if other.source != one.source and other.what == one.what and other.middle is not None
        if abs((other.day - one.day).days) <= NEAR
    ]
    numbers = [number for number in (one.low, one.high, one.point) if number is not None]
    if one.hedge == "between":
        interval, *_ = interval_for(one.hedge, low=one.low, high=one.high)
    else:
        interval, *_ = interval_for(one.hedge, point=numbers[0])
    if interval is None:  # a floor
        return sum(figure >= numbers[0] for figure in near), len(near)
    return sum(interval.lower <= figure <= interval.upper for figure in near), len(near)


def main() -> None:
    """Print the hit rates."""
    for name, file in (("81 conflicts", CONFLICTS), ("claims of one war", CLAIMS)):
        ranges = ranges_of(file)
        ratios = [low / high for low, high in ranges]
        twentieth = quantiles(ratios, n=20)[0]
        print(
            f"{name}: {len(ranges)} stated ranges begin at {median(ratios):.2f} of their top "
            f"(median), one in twenty below {twentieth:.2f}"
        )
        for row in TOPS:
            reach = default_lexicon().get(row).below
            print(
                f"  {row:8s} reaches down to {1 - reach:.2f} of its number: "
                f"{below_top(row, ranges):.0%} of these ranges begin there or above"
            )
    table = claims()
    for hedge in ("between", "at-least", "up-to", "unhedged"):
        pairs = [held(one, table) for one in table if one.hedge == hedge]
        hits, total = sum(hit for hit, _ in pairs), sum(count for _, count in pairs)
        used = sum(count > 0 for _, count in pairs)
        stated = f"{hits / total:.0%} of {total}" if total else "none"
        print(
            f"{hedge:8s} {len(pairs):3d} claims, {used} with another source within {NEAR} days: "
            f"{stated} figures of others lie in the interval"
        )


if __name__ == "__main__":
    main()
