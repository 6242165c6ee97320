"""One question put to data of any kind; a record of it is computed again, wherever it is read."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import attrition as at
from attrition.core.errors import UnfinishedError
from attrition.forecasts.question import MODELS
from attrition.models.pace import Prior
from attrition.reporting import Verification

ROOT = Path(at.__path__[0])
TALLY = ROOT / "bundled" / "general_staff_personnel_to_2025-06-03.csv"
QUOTED = [
    at.claim("up to 250,000 killed", source="CSIS", on="2025-06-03"),
    at.claim("around 300 killed a day", source="CSIS", on="2025-06-03"),
]
COUNTED = """
id = "counted"
[sources]
staff = {name = "Staff"}
[quantities.losses]
title = "Losses"
definition = "as counted"
unit = "persons"
start = 2024-01-01
thresholds = [3_000]
bases = ["staff", "latent"]
[[claims]]
quantity = "losses"
source = "staff"
kind = "level"
point = 2_340
hedge = "exactly"
as_of = 2024-03-18
published = 2024-03-18
[[series]]
quantity = "losses"
source = "staff"
file = "counts.csv"
"""


@pytest.fixture
def counts() -> at.Series:
    days = pd.date_range("2024-01-01", periods=300)
    news = np.random.default_rng(5).poisson(40.0, 300)
    return at.read_series(pd.Series(news, days, name="daily"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [f"{date(2024, 1, 1) + pd.Timedelta(days=n)},{30 * (n + 1)}" for n in range(100)]
    (tmp_path / "counts.csv").write_text("date,cumulative\n" + "\n".join(rows), encoding="utf-8")
    (tmp_path / "counted.toml").write_text(COUNTED, encoding="utf-8")
    return tmp_path


# ------------------------------------------------------------------ the question


def test_a_question_says_everything_in_one_form_and_reads_back() -> None:
    whole = at.Question(
        quantities=["a", "b", "a"],
        bases="latent",
        thresholds=[2, 1, 2],
        on="2026-01-01",
        events=[("a", 5), ("b", 7, "csis")],
        as_of="2025-06-03",
        horizon=date(2027, 6, 3),
        prob=0.8,
        seed=np.int64(4),
        size=64,
        tolerance=2,
        end_hazard=0,
        prior=Prior(first_sd=1.0),
        model="count",
    )
    assert whole.quantities == ("a", "b")
    assert whole.bases == ("latent",)
    assert whole.thresholds == (1.0, 2.0)
    assert whole.on == (date(2026, 1, 1),)
    assert whole.events == (("a", 5.0, "latent"), ("b", 7.0, "csis"))
    assert at.Question.from_json(whole.to_json()) == whole
    assert at.Question.from_json("{}") == at.Question()


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a day that does not exist": ({"as_of": "2025-02-30"}, "a date that exists"),
    "a word for a threshold": ({"thresholds": ["many"]}, "thresholds must be numbers"),
    "a mass of one": ({"prob": 1}, "prob"),
    "a hazard of hundreds of digits": ({"end_hazard": 10**400}, "an end hazard must be a number"),
    "a negative seed": ({"seed": -1}, "`seed` must be a whole number"),
    "no points": ({"size": 0}, "`size` must be a whole number of 1"),
    "a negative hazard": ({"end_hazard": -0.1}, "end hazard"),
    "an unknown model": ({"model": "posterier"}, "Did you mean 'posterior'"),
    "an event of one part": ({"events": [("a",)]}, "an event must be"),
    "no ids": ({"quantities": [3]}, "`quantities` must be ids"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_out_of_range_is_refused_when_the_question_is_made(name: str) -> None:
    asked, message = WRONG[name]
    with pytest.raises(at.InputError, match=message):
        at.Question(**asked)


def test_an_unknown_key_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(at.InputError, match="Did you mean 'thresholds'"):
        at.Question.from_dict({"threshold": [1]})
    with pytest.raises(at.InputError, match="Did you mean 'first_sd'"):
        at.Question.from_dict({"prior": {"frist_sd": 1.0}})


# ------------------------------------------------------------------ one door


def test_quoted_claims_are_forecast_and_cited() -> None:
    forecast = at.forecast(QUOTED, seed=1)
    sentence = forecast.cite(300_000).sentence
    assert sentence.startswith("CSIS’s count of people killed is ")
    assert "pass 300,000" in sentence
    assert sentence == at.cite(forecast.law("killed"), 300_000).sentence
    assert list(forecast.dossier.sources) == ["csis"]
    assert forecast.question.as_of == date(2025, 6, 3)
    assert forecast.question.model_version == MODELS["posterior"]


def test_names_that_make_one_id_stay_two_sources() -> None:
    one = at.claim("about 10,000 killed", source="A.B", on="2025-06-03")
    other = at.claim("about 12,000 killed", source="A B", on="2025-06-03", about="Russian")
    dossier = at.forecast(
        [one, other, *(QUOTED[1:])], seed=1, quantities=["killed"], tolerance=30.0
    ).dossier
    assert [source.name for source in dossier.sources.values()] == ["A.B", "A B", "CSIS"]
    assert list(dossier.quantities) == ["killed", "russian-killed"]


def test_each_kind_of_data_goes_through_the_same_door(counts: at.Series, tmp_path: Path) -> None:
    rough: dict[str, Any] = {"seed": 1, "tolerance": 30.0, "thresholds": [20_000.0]}
    frame = pd.DataFrame({"date": counts.data["time"].values, "cumulative": counts.totals})
    file = tmp_path / "counts.csv"
    frame.to_csv(file, index=False)
    laws = [at.forecast(data, **rough).law().surface() for data in (counts, file, str(file))]
    assert all((law == laws[0]).all() for law in laws)
    assert at.forecast(frame, **rough).question.model == "count"
    bundled = at.forecast(
        "russia-ukraine-2025-06", seed=1, quantities=["kharkiv-advance"], tolerance=30.0
    )
    assert bundled.dossier.id == "russia-ukraine-2025-06"


def test_a_keyword_changes_the_question_and_nothing_else() -> None:
    asked = at.Question(thresholds=[300_000], tolerance=30.0, seed=3)
    one = at.forecast(QUOTED, asked)
    other = at.forecast(QUOTED, asked, seed=4)
    assert other.question == one.question.changed(seed=4)
    assert not (one.law().surface() == other.law().surface()).all()
    again = at.forecast(one.data, one.question)
    assert (one.law().surface() == again.law().surface()).all()
    assert again.question == one.question


def test_a_source_may_be_called_series() -> None:
    named = [one.model_copy(update={"source": "series"}) for one in QUOTED]
    forecast = at.forecast(named, seed=1, thresholds=[300_000], bases="series")
    citation = forecast.cite(300_000)
    assert "count’s own reports" not in citation.full
    assert citation.sentence.startswith("Series’ count of people killed is ")
    record = at.reporting.make_record(forecast)
    assert record.series is None
    assert at.verify(record).holds


def test_a_time_limit_never_changes_an_answer(counts: at.Series) -> None:
    asked = at.Question(thresholds=[20_000], tolerance=5.0, seed=1)
    free, limited = at.forecast(counts, asked), at.forecast(counts, asked, seconds=600)
    assert (free.law().surface() == limited.law().surface()).all()
    assert free.question == limited.question
    with pytest.raises(UnfinishedError, match="could not be finished within 1e-06 s"):
        at.forecast(counts, asked, tolerance=1e-9, seconds=1e-6)
    with pytest.raises(at.InputError, match="positive number of seconds"):
        at.forecast(counts, asked, seconds=0)


def test_a_model_or_a_key_that_does_not_fit_the_data_is_refused(counts: at.Series) -> None:
    with pytest.raises(at.InputError, match="a model must fit the data"):
        at.forecast(counts, model="posterior")
    with pytest.raises(at.InputError, match="a model must fit the data"):
        at.forecast(QUOTED, model="count")
    with pytest.raises(at.InputError, match="one total, in one count"):
        at.forecast(counts, bases="csis")
    with pytest.raises(at.InputError, match="a prior of the pace"):
        at.forecast(QUOTED, prior=Prior())
    with pytest.raises(at.InputError, match="a list must hold claims"):
        at.forecast(["around 300 killed a day"])  # type: ignore[list-item]
    with pytest.raises(at.InputError, match="at least one claim"):
        at.forecast([])


def test_events_of_the_question_are_drawn_together() -> None:
    pair = [("ukrainian-killed", 100_000), ("ukrainian-casualties", 400_000)]
    forecast = at.forecast(
        "russia-ukraine-2025-06",
        seed=1,
        quantities=["ukrainian-casualties", "ukrainian-killed"],
        events=pair,
        size=64,
    )
    assert forecast.dates().sizes["event"] == len(pair)
    assert forecast.dates().identical(forecast.dates(*pair))


# ------------------------------------------------------------------ records


def identical(law: Verification) -> bool:
    """Tell whether every number is the same to the last bit, and nothing needs a cause."""
    same = {row.status for row in law.numbers} == {"identical"}
    return same and law.altered == law.causes == ()


CLAIMS: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "a size": {"size": 128, "tolerance": 1e-6},
    "an end": {"end_hazard": 0.002},
    "half the pace": {"scenario": {"pace": 0.5, "from": "2025-09-01"}, "end_hazard": 0.001},
    "a stop": {"scenario": {"stop": "2025-09-01"}},
    "days": {"on": ["2026-01-01"], "horizon": "2026-06-03", "prob": 0.5},
    "whose": {"bases": ["csis", "latent"]},
}


@pytest.mark.filterwarnings("ignore::attrition.AttritionWarning")
@pytest.mark.parametrize("name", CLAIMS)
def test_a_record_of_quoted_claims_holds_with_every_option(name: str) -> None:
    forecast = at.forecast(QUOTED, seed=2, thresholds=[300_000], **CLAIMS[name])
    record = at.reporting.make_record(forecast)
    assert at.Question.from_dict(record.question or {}) == forecast.question
    assert identical(at.verify(record))


@pytest.mark.filterwarnings("ignore::attrition.AttritionWarning")
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"size": 128, "tolerance": 1e-6},
        {"end_hazard": 0.002, "as_of": "2024-08-01"},
        {"scenario": "0.5 from 2025-09-01"},
        {"prior": Prior(first_sd=1.0)},
    ],
)
def test_a_record_of_a_count_holds_with_every_option(
    counts: at.Series, asked: dict[str, Any]
) -> None:
    wanted = {"thresholds": [20_000.0], "tolerance": 30.0, **asked}
    assert identical(at.verify(at.reporting.make_record(at.forecast(counts, seed=2, **wanted))))


@pytest.mark.parametrize("asked", [{}, {"size": 32}, {"bases": "staff", "end_hazard": 0.001}])
def test_a_record_holds_the_count_beside_its_dossier(
    folder: Path, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"horizon": "2024-09-01", "size": 64, **asked}
    forecast = at.forecast(folder / "counted.toml", seed=1, **wanted)
    record = at.reporting.make_record(forecast)
    (count,) = record.counts
    assert len((count.content or {})["totals"]) == 100  # all of it
    # another count of the same name, where the record is read, is not its count
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "counts.csv").write_text("date,cumulative\n2024-01-01,5\n2024-01-02,9\n")
    monkeypatch.chdir(elsewhere)
    assert identical(at.verify(record))


def test_a_changed_count_beside_the_dossier_is_named(folder: Path) -> None:
    record = at.reporting.make_record(
        at.forecast(folder / "counted.toml", horizon="2024-09-01", size=32)
    )
    rows = (folder / "counts.csv").read_text().replace("2024-02-10,1230", "2024-02-10,1235")
    (folder / "counts.csv").write_text(rows)
    law = at.verify(record, dossier=at.read_dossier(folder / "counted.toml"))
    assert any("2024-02-10 was 1,230, now 1,235" in cause for cause in law.causes)


def test_a_record_of_the_full_dossier_holds_in_a_fresh_process_in_another_folder(
    tmp_path: Path,
) -> None:
    forecast = at.forecast("war-in-ukraine-2025-06", seed=1, size=64)
    file = at.reporting.write_record(at.reporting.make_record(forecast), tmp_path / "record.json")
    code = f"import attrition as at; v = at.verify(at.reporting.read_record({str(file)!r})); "
    code += "print(v.holds, v.altered, v.causes, {row.status for row in v.numbers})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "True () () {'identical'}", done.stderr


def test_a_changed_question_in_a_record_is_noticed() -> None:
    record = at.reporting.make_record(at.forecast(QUOTED, seed=2, thresholds=[300_000]))
    content = json.loads(record.to_json())
    content["question"]["seed"] = 3
    assert at.verify(at.Record.model_validate(content)).altered


def test_records_that_ask_otherwise_say_which_key() -> None:
    one = at.reporting.make_record(at.forecast(QUOTED, thresholds=[300_000]))
    other = at.reporting.make_record(at.forecast(QUOTED, thresholds=[300_000], end_hazard=0.01))
    (change,) = at.reporting.compare(other, one).contributions
    assert (change.kind, change.change) == ("question", "end_hazard None, now 0.01")


def test_a_kind_of_count_is_asked_by_name_and_stands_in_the_record() -> None:
    daily = np.random.default_rng(8).poisson(100, 200).astype(float)
    days = pd.date_range("2024-01-01", periods=daily.size)
    series = at.read_series(pd.Series(daily.cumsum(), index=days, name="cumulative"))
    asked: dict[str, Any] = {"seed": 1, "tolerance": 30.0, "thresholds": [24_000.0]}
    steady = at.forecast(series, kind="steady", **asked)
    widths = [
        total.upper - total.lower
        for answer in (steady, at.forecast(series, **asked))
        for total in [at.laws.total(answer.law(), date(2024, 8, 15))]
    ]
    exact = np.diff(stats.poisson(100 * 28).ppf([0.05, 0.95]))[0]
    assert exact * 0.9 < widths[0] < widths[1]
    assert steady.question.kind == "steady"
    record = at.reporting.make_record(steady)
    assert record.question is not None
    assert at.verify(record).holds
    with pytest.raises(at.InputError, match="must be one that is known, got 'war'"):
        at.Question(kind="war")


def test_a_kind_of_claims_is_asked_by_name_and_stands_in_the_record() -> None:
    asked: dict[str, Any] = {"seed": 1, "size": 64, "thresholds": [300_000]}
    steady, unnamed = (at.forecast(QUOTED, kind=kind, **asked) for kind in ("steady", None))
    widths = [
        total.upper - total.lower
        for answer in (steady, unnamed)
        for total in [at.laws.total(answer.law(), date(2026, 6, 3))]
    ]
    assert widths[0] < widths[1]
    assert steady.question.kind == "steady"
    record = at.reporting.make_record(steady)
    assert (record.question or {})["kind"] == "steady"
    assert at.verify(record).holds
