"""The benchmark that users run: what it says is what came out."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

import attrition as at
from attrition.bench import SIZES, Measured, Problem, lines, record, reference_law, run
from attrition.bench.reference import date_and_error


@pytest.fixture(scope="module")
def measured() -> list[Measured]:
    return run(SIZES["small"])


def test_the_reference_is_the_problem_whose_dates_are_known() -> None:
    """167.013 days is the 95 % date of an independent computation."""
    law = reference_law(Problem(), 20_000, 3)
    for prob, true in ((0.05, 46.241), (0.5, 98.573), (0.95, 167.013)):
        at_day, error = date_and_error(law, prob, 20_000)
        assert abs(at_day - true) < 5 * error < 5
    wrong = reference_law(Problem(volatility=0.07), 20_000, 3)
    at_day, error = date_and_error(wrong, 0.95, 20_000)
    assert abs(at_day - 167.013) > 5 * error


def test_its_stated_error_is_the_one_that_repeats_have() -> None:
    laws = [reference_law(Problem(days=150), 1_000, seed) for seed in range(40)]
    for claimed, right in ((1_000, True), (8_000, False)):
        days, errors = np.array([date_and_error(law, 0.5, claimed) for law in laws]).T
        ratio = days.std(ddof=1) / errors.mean()  # of 40: within 0.5 to 1.6 at five sigma
        assert (0.5 < ratio < 1.6) == right


def test_every_simulation_says_its_size_cost_and_result(measured: list[Measured]) -> None:
    held = json.loads(json.dumps(record("small", measured), allow_nan=False))
    assert held["machine"]["attrition"] == at.__version__
    assert held["size"]["reference"] == 2_000
    assert len({row["name"] for row in held["simulations"]}) == len(measured) == 7
    for row in held["simulations"]:
        assert row["cpu"] > 0
        assert row["wall"] > 0
        assert row["work"] > 0
        assert row["result"]
        assert len(row["digest"]) == 16
    text = "\n".join(lines(held))
    for one in measured:
        assert one.name in text
        assert one.result in text
    law = next(one for one in measured if one.name.startswith("a law of the same"))
    assert law.ratio is not None
    assert law.ratio == measured[0].work / law.cpu
    assert law.result.startswith("95 % date 167.0")


def test_the_page_states_the_sizes() -> None:
    page = (Path(__file__).parent.parent / "docs" / "bench.md").read_text(encoding="utf-8")
    for name, size in SIZES.items():
        numbers = (size.reference, size.paths, size.history, size.runs)
        assert f"| `{name}` | {' | '.join(f'{number:,}' for number in numbers)} |" in page


def test_the_command_and_the_module_do_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bench.json"
    monkeypatch.setattr(sys, "argv", ["bench", "--size", "small", "--json", "--out", str(file)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("attrition.bench", run_name="__main__")
    assert ended.value.code in {0, None}
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(file.read_text(encoding="utf-8"))
    assert printed["attrition_bench"] == 1
    monkeypatch.setattr(sys, "argv", ["bench", "--size", "huge"])
    with pytest.raises(SystemExit):
        runpy.run_module("attrition.bench", run_name="__main__")
    assert "must be one of small, standard, large" in capsys.readouterr().err
