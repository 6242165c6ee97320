from __future__ import annotations

import runpy
from pathlib import Path

import pytest

import attrition as at

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "assumptions.py"


def test_the_assumptions_of_the_report_are_those_measured(bundled: at.Dossier) -> None:
    measured = runpy.run_path(str(SCRIPT))["measured"]()
    for name, key, digits in (
        ("volatility", "weekly volatility, last 24 months", 0.005),
        ("day_noise", "variance over mean of a day", 1.5),
        ("source_error", "log standard deviation between sources", 0.005),
    ):
        assumption = bundled.assumption(name, "russian-casualties")
        assert assumption.value == pytest.approx(measured[key], abs=digits), name
    assert measured["weekly volatility, whole series"] == pytest.approx(0.093, abs=5e-4)
    assert measured["figures of other sources"] == 9
