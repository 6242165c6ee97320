"""What the shipped tables say of the widths of the hedge rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from benchmarks.widths import CLAIMS, CONFLICTS, Stated, below_top, claims, held, main, ranges_of

if TYPE_CHECKING:
    import pytest


def test_a_wider_top_holds_more_ranges_and_a_range_from_its_own_start_is_held() -> None:
    ranges = ranges_of(CONFLICTS)
    assert 0 < below_top("at-most", ranges) < below_top("up-to", ranges) < 1
    assert below_top("up-to", [(72, 100), (73, 100)]) == 1
    assert below_top("up-to", [(71, 100), (73, 100)]) == 0.5


def test_only_other_sources_of_the_same_quantity_and_month_are_held_against_a_claim() -> None:
    def stated(source: str, what: str, day: int, point: float) -> Stated:
        return Stated(date(2024, 1, day), ("russia", what), source, None, None, point)

    one = Stated(date(2024, 1, 1), ("russia", "deaths"), "A", 90.0, 110.0, None)
    others = [
        stated("B", "deaths", 9, 100.0),
        stated("C", "deaths", 9, 300.0),
        stated("A", "deaths", 9, 100.0),
        stated("B", "casualties", 9, 100.0),
    ]
    assert held(one, others) == (1, 2)


def test_every_claim_of_the_table_stands_for_one_row(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    rows = claims()
    assert len(ranges_of(CLAIMS)) <= sum(one.hedge == "between" for one in rows)
    printed = capsys.readouterr().out
    for hedge in ("between", "at-least", "up-to", "unhedged"):
        count = sum(one.hedge == hedge for one in rows)
        assert f"{hedge:8s} {count:3d} claims" in printed
