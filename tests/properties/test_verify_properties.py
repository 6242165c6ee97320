"""A record of any forecast, asked with any options, holds: at once, and elsewhere."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import attrition as at
from attrition import testing
from attrition.forecasts.door import read_data

START = date(2024, 1, 1)
DAYS = 160
LAST = START + timedelta(days=DAYS - 1)
THRESHOLDS = (10_500.0, 11_000.0, 14_000.0, 5e6)
TOTALS = np.cumsum(np.random.default_rng(3).poisson(60, DAYS))
SOURCES = ("ministry", "agency")


def _claim(source: str, day: int, number: float, **more: Any) -> dict[str, Any]:
    when = START + timedelta(days=day)
    return {
        "quantity": "killed",
        "source": source,
        "kind": "level",
        "point": number,
        "hedge": "about",
        "as_of": when,
        "published": when + timedelta(days=2),
        **more,
    }


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the same few things in every form that a forecast takes."""
    folder = tmp_path_factory.mktemp("inputs")
    frame = pd.DataFrame(
        {"date": [START + timedelta(days=i) for i in range(DAYS)], "total": TOTALS}
    )
    frame.to_csv(folder / "count.csv", index=False)
    killed = {
        "title": "People killed",
        "definition": "killed",
        "unit": "persons",
        "start": START,
        "thresholds": [12_000],
        "bases": ["latent", "ministry"],
    }
    claims = [
        _claim("agency", 60, 4_000.0),
        _claim("ministry", 90, 5_900.0, id="typo"),
        _claim("ministry", 90, 5_500.0, supersedes="typo", published="2024-04"),
        _claim("ministry", 120, 7_000.0),
    ]
    dossier = at.Dossier.of(
        id="drawn",
        sources={key: {"name": key.title()} for key in SOURCES},
        quantities={"killed": killed},
        claims=claims,
    )
    series = at.read_series(folder / "count.csv")
    quoted = [
        at.claim("around 6,000 killed", source="Ministry", on="2024-05-01"),
        at.claim("about 60 killed a day", source="Ministry", on="2024-05-01"),
    ]
    return {
        "dossier": dossier,
        "path": str(at.write_dossier(dossier, folder / "drawn.toml")),
        "counts beside": dossier.with_counts({("ministry", "killed"): series}),
        "claims": quoted,
        "series": series,
        "path of a count": str(folder / "count.csv"),
        "frame": frame,
    }


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which the records of this module are kept."""
    return tmp_path_factory.mktemp("records")


@pytest.mark.filterwarnings("ignore::attrition.core.errors.AttritionWarning")  # few points
@settings(
    max_examples=settings().max_examples // 16,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(data=some.data())
def test_a_record_of_any_forecast_holds_at_once(
    inputs: dict[str, Any], kept: Path, data: some.DataObject
) -> None:
    kind = data.draw(some.sampled_from(list(inputs)))
    counted = isinstance(read_data(inputs[kind]), at.Series)
    bases = () if counted or kind == "claims" else ("latent", "ministry")
    question = data.draw(testing.questions(day=LAST, thresholds=THRESHOLDS, bases=bases))
    if kind == "claims" and question.thresholds is None:  # they name none of their own
        question = dataclasses.replace(question, thresholds=(9_000.0,))
    made = at.forecast(
        inputs[kind], question, workers=data.draw(some.sampled_from([None, "threads"]))
    )
    record = at.reporting.make_record(made)
    at.reporting.write_record(record, kept / f"{record.id}.json")
    found = at.verify(record)
    assert found.altered == ()
    assert found.causes == ()
    assert {row.status for row in found.numbers} == {"identical"}
    if counted and question.kind:
        return  # of a law by itself no question is known, and its prior was another
    law = made.law()
    whole = {"series": [made.series]} if made.series else {"dossier": made.dossier}
    first = made.thresholds[law.provenance.quantity][:1]
    alone = at.verify(at.reporting.make_record(law, first, prob=made.prob, **whole))
    assert alone.holds, (alone.altered, alone.causes)


FRESH = """
import sys
import attrition as at
from pathlib import Path
files = sorted(Path(sys.argv[1]).glob("*.json"))
for file in files:
    found = at.verify(at.reporting.read_record(file))
    assert found.holds and not found.causes, (file, found)
    assert {row.status for row in found.numbers} == {"identical"}, file
print(len(files))
"""


def test_the_same_records_hold_in_a_fresh_process_in_another_folder(
    kept: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FRESH, str(kept)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 5
