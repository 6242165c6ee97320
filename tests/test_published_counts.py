"""Files of counts by an outside author, written unseen, with the values that stand in them."""

from __future__ import annotations

import json
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import attrition as at

FOLDER = Path(__file__).parent / "published"
ROWS: list[dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


def those(outcome: str) -> pytest.MarkDecorator:
    """Return the rows of one outcome, each under its own name."""
    rows = [
        pytest.param(row, id=f"{row['file']} {number}")
        for number, row in enumerate(ROWS)
        if outcome in row
    ]
    return pytest.mark.parametrize("row", rows)


def read(row: dict[str, Any]) -> at.Series:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        return at.read_series(FOLDER / row["file"], **row["options"])


def total_on(series: at.Series, day: str) -> float:
    return [
        float(total)
        for known, total in zip(series.days, series.totals, strict=True)
        if known <= date.fromisoformat(day)
    ][-1]


@those("last")
def test_what_stands_in_a_file_is_read_and_what_is_odd_is_told(row: dict[str, Any]) -> None:
    series = read(row)
    last, total = row["last"]
    assert (str(series.days[-1]), float(series.totals[-1])) == (last, total)
    for day, wanted in row["on"].items():
        assert total_on(series, day) == wanted, day
    assert set(row.get("found", ())) <= {defect.kind for defect in series.anomalies}


@those("refused")
def test_what_no_honest_program_reads_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(at.InputError):
        read(row)
