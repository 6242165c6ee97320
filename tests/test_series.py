from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import attrition as at

DATA = Path(at.__path__[0]) / "data"


def test_the_general_staff_series_is_read_whole() -> None:
    series = at.read_series(DATA / "general_staff_personnel_to_2025-06-03.csv")
    assert series.days[0] == date(2022, 2, 25)
    assert series.days[-1] == date(2025, 6, 3)
    assert len(series.days) == len(series.totals) == 1_195
    assert series.crossed(900_000) == date(2025, 3, 21)
    assert series.crossed(100_000) == date(2022, 12, 22)
    assert series.crossed(2_000_000) is None


def test_falls_and_gaps_are_listed_and_not_mended(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("date,cumulative\n2025-01-01,10\n2025-01-02,8\n2025-01-05,20\n")
    series = at.read_series(path)
    assert series.totals.tolist() == [10.0, 8.0, 20.0]
    assert len(series.defects) == 2
    assert "falls from 10 to 8" in series.defects[0]
    assert "no report for 2 days" in series.defects[1]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "rows"),
        ("date,total\n2025-01-01,1\n", "cumulative"),
        ("date,cumulative\n2025-01-01,x\n", "line 2"),
        ("date,cumulative\n2025-01-01,nan\n", "line 2"),
        ("date,cumulative\n2025-01,1\n", "line 2"),
        ("date,cumulative\n2025-01-02,1\n2025-01-01,2\n", "ascend"),
        ("date,cumulative\n2025-01-02,1\n2025-01-02,2\n", "ascend"),
    ],
)
def test_a_broken_series_is_refused_with_its_line(text: str, word: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_text(text)
    with pytest.raises(at.InputError, match=word):
        at.read_series(path)


def test_a_missing_series_is_refused(tmp_path: Path) -> None:
    with pytest.raises(at.InputError, match="readable"):
        at.read_series(tmp_path / "absent.csv")
