"""Commands that run long: workers, checkpoints, limits; and the sweep."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attrition.cli import app, main
from attrition.core.errors import UnfinishedError
from test_tasks import counted

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("series") / "counts.csv"
    series = counted()
    rows = zip(series.days, series.totals, strict=True)
    text = "".join(f"{day},{total:.0f}\n" for day, total in rows)
    file.write_text(f"date,cumulative\n{text}", encoding="utf-8")
    return file


def printed(*arguments: str) -> str:
    done = RUNNER.invoke(app, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_hindcast_prints_the_same_whoever_works_and_from_a_checkpoint(
    counts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = printed("hindcast", str(counts), "--every", "30")
    kept = ["--checkpoint", str(tmp_path / "kept")]
    monkeypatch.setenv("ATTRITION_WORKERS", "threads:2")
    assert printed("hindcast", str(counts), "--every", "30", *kept) == alone
    monkeypatch.delenv("ATTRITION_WORKERS")
    assert printed("hindcast", str(counts), "--every", "30", *kept) == alone
    assert (tmp_path / "kept" / "work.json").exists()


def test_a_stop_by_the_clock_ends_with_75_and_one_message(
    counts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["attrition", "hindcast", str(counts), "--every", "1", "--max-time", "0.01"]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    output = capsys.readouterr()
    assert output.out == ""
    assert "stopped after 0.01 s" in output.err
    assert "give a checkpoint" in output.err
    assert len(output.err.splitlines()) == 1


def test_a_forecast_that_runs_out_of_time_gives_no_answer_and_a_size_limit_gives_a_note() -> None:
    asked = ["forecast", "--quantity", "kharkiv-advance", "--json", "--workers", "threads:2"]
    done = RUNNER.invoke(app, [*asked, "--tolerance", "1e-9", "--max-time", "0.01"])
    assert isinstance(done.exception, UnfinishedError)
    assert "could not be finished within 0.01 s" in str(done.exception)
    assert done.stdout == ""
    done = RUNNER.invoke(app, [*asked, "--tolerance", "1e-9", "--size", "128"])
    assert done.exit_code == 0
    assert "the simulation stopped at 128 points" in done.stdout
    done = RUNNER.invoke(app, [*asked, "--max-time", "-1"])
    assert "positive number of seconds" in str(done.exception)


def test_a_sweep_prints_a_row_for_every_case() -> None:
    asked = ["sweep", "russia-ukraine-2025-06", "--quantity", "russian-casualties"]
    asked += ["--horizon", "2025-12-31"]
    varied = ["--vary", "volatility=0.02,0.05", "--vary", "end_hazard=0,0.001", "--basis", "csis"]
    text = printed(*asked, "--vary", "volatility=0.02", *varied[2:])
    assert text.count("volatility=0.02, end_hazard=0.001") == 2
    rows = json.loads(printed(*asked, *varied, "--json"))["rows"]
    assert [row["kind"] for row in rows] == ["crossing", "crossing", "crossing, may end"] * 2
    assert rows[0]["lower_state"] == "already"
    assert rows[0]["lower"] is None
    plain = printed(*asked, "--basis", "csis")
    assert "russia-ukraine-2025-06" in plain
    for wrong in ("volatility", "volatility=", "volatility=x"):
        done = RUNNER.invoke(app, [*asked, "--vary", wrong])
        assert "--vary" in str(done.exception)
