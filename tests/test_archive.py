"""An archive says of each cited interval whether it held, and nothing before it is known."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import attrition as at
from attrition.plots import archive as plot_archive
from attrition.reporting import add_to_archive, read_archive, score_archive
from test_laws import START, normal_law

Command = Callable[..., subprocess.CompletedProcess[str]]

# The law: C(t) normal with mean 900 + t and standard deviation 20, so that 1,000 is passed on day
# 68 (5 %) to 133 (95 %).


def truth(folder: Path, passes: int, days: int) -> Path:
    """A count that passes 1,000 on a given day after 3 June 2025 and ends on another."""
    rows = ["date,cumulative"]
    for offset in range(days + 1):
        total = 999 - passes + offset + (offset >= passes)
        rows.append(f"{START + timedelta(days=offset)},{total}")
    file = folder / "truth.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def record() -> at.Record:
    return at.reporting.make_record(normal_law([1_000.0]), [1_000.0])


@pytest.mark.parametrize(
    ("passes", "days", "outcome"),
    [
        (100, 150, "held"),
        (67, 70, "missed"),
        (68, 70, "held"),
        (133, 140, "held"),
        (134, 140, "missed"),
        (900, 132, "pending"),
        (900, 133, "missed"),
        (900, 3, "pending"),
    ],
)
def test_an_interval_is_resolved_when_nothing_can_contradict_it(
    passes: int, days: int, outcome: str, record: at.Record, tmp_path: Path
) -> None:
    scored = score_archive([record], at.read_series(truth(tmp_path, passes, days)))
    (row,) = scored.rows
    assert row.outcome == outcome
    assert scored.coverage == {"held": 1.0, "missed": 0.0, "pending": None}[outcome]


def test_the_score_is_that_of_the_law(record: at.Record, tmp_path: Path) -> None:
    law = normal_law([1_000.0])
    series = at.read_series(truth(tmp_path, 100, 150))
    expected = at.evaluation.score(law, 1_000.0, series.crossed(1_000.0), last=series.days[-1])
    scored = score_archive([record], series)
    assert scored.crps == pytest.approx(expected.crps, abs=1e-9)


@pytest.mark.parametrize(
    ("threshold", "passes", "outcome"),
    [
        (700.0, -5, "held"),  # passed before the information date, and said to be
        (1_500.0, 900, "held"),  # not passed by the horizon, and said not to be
        (1_090.0, 150, "missed"),  # day 158 at the earliest, open above
        (1_090.0, 180, "held"),
    ],
)
def test_open_intervals_are_judged_by_the_end_that_they_have(
    threshold: float, passes: int, outcome: str, tmp_path: Path
) -> None:
    record = at.reporting.make_record(normal_law([threshold]), [threshold])
    rows = [
        f"{START + timedelta(days=day)},{threshold if day >= passes else threshold - 1}"
        for day in range(201)
    ]
    file = tmp_path / "t.csv"
    file.write_text("date,cumulative\n" + "\n".join(rows), encoding="utf-8")
    (row,) = score_archive([record], at.read_series(file)).rows
    assert row.outcome == outcome


def test_truth_that_ends_before_a_citation_leaves_it_pending_without_a_score(
    record: at.Record, tmp_path: Path
) -> None:
    file = tmp_path / "early.csv"
    file.write_text("date,cumulative\n2025-05-01,800\n2025-06-02,850\n", encoding="utf-8")
    scored = score_archive([record], at.read_series(file))
    assert scored.rows[0].outcome == "pending"
    assert scored.rows[0].crps is None
    assert scored.crps is None


def test_an_archive_keeps_a_record_once_and_only_if_it_is_whole(
    record: at.Record, tmp_path: Path
) -> None:
    add_to_archive(record, tmp_path / "a")
    add_to_archive(record, tmp_path / "a")
    assert read_archive(tmp_path / "a") == [record]
    with pytest.raises(at.InputError, match="whole"):
        add_to_archive(record.model_copy(update={"id": "0" * 16}), tmp_path / "a")
    (sentence,) = record.sentences
    edited = (
        sentence.model_copy(update={"sentence": sentence.sentence.replace("likely", "certain")}),
    )
    with pytest.raises(at.InputError, match="sentences with another digest"):
        add_to_archive(record.model_copy(update={"sentences": edited}), tmp_path / "a")
    with pytest.raises(at.InputError, match="at least one record"):
        read_archive(tmp_path)


def test_coverage_runs_in_order_of_information_date(tmp_path: Path) -> None:
    record = [at.reporting.make_record(normal_law([k]), [k]) for k in (960.0, 1_000.0, 1_040.0)]
    series = at.read_series(truth(tmp_path, 90, 150))  # 960 on day 50, 1,040 on day 129
    scored = score_archive(record, series)
    assert [count for _, count in scored.running] == [1, 2, 3]
    assert {row.outcome for row in scored.rows} == {"held"}


def test_a_law_that_allows_for_an_end_is_told_apart(command: Command, tmp_path: Path) -> None:
    law = at.laws.with_end(normal_law([1_000.0]), 0.001)
    record = at.reporting.make_record(law, [1_000.0])
    (row,) = score_archive([record], at.read_series(truth(tmp_path, 100, 150))).rows
    assert row.end_hazard == 0.001
    file = at.reporting.write_record(record, tmp_path / "record.json")
    at.reporting.read_record(file)
    add_to_archive(record, tmp_path / "a")
    done = command(
        "archive", "score", "--truth", str(tmp_path / "truth.csv"), "--folder", f"{tmp_path}/a"
    )
    assert "(latent, may end)" in done.stdout


def test_the_commands_add_and_score_and_draw(
    command: Command, record: at.Record, tmp_path: Path
) -> None:
    file = at.reporting.write_record(record, tmp_path / "record.json")
    folder, csv = tmp_path / "archive", truth(tmp_path, 100, 150)
    assert command("archive", "add", str(file), "--folder", str(folder)).returncode == 0
    common = ("archive", "score", "--truth", str(csv), "--folder", str(folder))
    done = command(*common, "--figure", str(tmp_path / "f.svg"))
    assert done.returncode == 0, done.stderr
    assert "held" in done.stdout
    assert "1 of 1 held so far" in done.stdout
    assert "(90 %), passed 2025-09-11" in done.stdout
    assert "1 of 1 resolved 90 % intervals held (100 %); pending: 0" in done.stdout
    assert (tmp_path / "f.svg").read_text(encoding="utf-8").count("<svg") == 1
    content = json.loads(command(*common, "--json").stdout)
    assert content["coverage"] == 1.0
    assert content["intervals"][0]["happened"] == str(date(2025, 9, 11))
    wrong = command(*common, "--quantity", "deaths")
    assert wrong.returncode == 2
    assert "--quantity: total" in wrong.stderr


def test_the_picture_has_a_row_for_each_interval(record: at.Record, tmp_path: Path) -> None:
    series = at.read_series(truth(tmp_path, 100, 150))
    axes = plot_archive(score_archive([record, record], series), series.days[-1])
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["1,000, held"] * 2
    low, high = np.asarray(axes.lines[0].get_xdata())
    assert (low, high) == (68, 133)
    empty = score_archive([record], series, basis="none")
    with pytest.raises(at.InputError, match="at least one cited interval"):
        plot_archive(empty, series.days[-1])
