"""Small twins of the races: that they run on any files of their form, and that scores are right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchmarks.races import __main__, conflict, elsewhere, settings, weekly
from benchmarks.races.scores import crps_of_draws, inside, weighted_interval_score
from scipy import stats

from attrition.forecasts import HUB_LEVELS

pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")


def test_the_interval_score_of_a_point_is_its_absolute_error() -> None:
    point = np.full((1, len(HUB_LEVELS)), 7.0)
    assert weighted_interval_score(point, np.array([10.0])) == pytest.approx([3.0])


def test_the_crps_of_draws_is_that_of_their_empirical_law() -> None:
    draws = np.random.default_rng(0).gamma(2.0, 5.0, (4, 50))
    truth = np.array([0.0, 3.0, 10.0, 80.0])
    pairs = np.abs(draws[:, :, None] - draws[:, None]).mean(axis=(1, 2))
    direct = np.abs(draws - truth[:, None]).mean(axis=1) - pairs / 2
    assert crps_of_draws(draws, truth) == pytest.approx(direct)


def test_the_interval_score_is_least_for_the_law_that_is_true() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(50, 10, 4_000)
    scores = [
        weighted_interval_score(
            np.tile(stats.norm(50, spread).ppf(HUB_LEVELS), (len(truth), 1)), truth
        ).mean()
        for spread in (5, 10, 20)
    ]
    assert scores[1] < min(scores[0], scores[2])
    right = np.tile(stats.norm(50, 10).ppf(HUB_LEVELS), (len(truth), 1))
    assert abs(inside(right, truth, 0.9).mean() - 0.9) < 5 * np.sqrt(0.09 / len(truth))


def _weekly_files(directory: Path) -> None:
    """Write a race of two places that nobody ran, in which the ensemble is a fixed interval."""
    rng = np.random.default_rng(2)
    days = pd.date_range("2024-01-07", periods=7 * 40, freq="D")
    truth = pd.DataFrame(
        {
            "location": np.repeat(["XX", "YY"], len(days)),
            "date": np.tile(days, 2),
            "value": rng.poisson(30, 2 * len(days)),
        }
    )
    truth.to_parquet(directory / "eu_deaths_truth_to_2024-10.parquet")
    origin = pd.Timestamp("2024-08-19")
    known = truth[truth["date"] < origin].assign(origin=origin)
    known.to_parquet(directory / "eu_deaths_vintages_2024.parquet")
    rows = [
        {
            "model": model, "origin": origin, "location": place, "horizon": horizon,
            "target_end_date": pd.Timestamp("2024-08-17") + pd.Timedelta(days=7 * horizon),
            "quantile": level, "value": 210 + spread * (level - 0.5),
        }
        for model, spread in (("hub-ensemble", 50), ("hub-baseline", 400))
        for place in ("XX", "YY")
        for horizon in (1, 2)
        for level in HUB_LEVELS
    ]  # fmt: skip
    pd.DataFrame(rows).to_parquet(directory / "eu_deaths_hub_2024.parquet")


def test_a_weekly_race_runs_on_other_places_and_dates(tmp_path: Path) -> None:
    _weekly_files(tmp_path)
    scores = weekly.race("eu", tmp_path, draws=500)
    assert scores.groupby("model").size().to_dict() == dict.fromkeys(
        ("attrition", "hub-baseline", "hub-ensemble"), 4
    )
    whole = weekly.summary(scores).query("horizon == 'all'").set_index("model")
    assert whole.loc["hub-ensemble", "ratio"] == 1
    assert whole.loc["attrition", "wis"] < whole.loc["hub-baseline", "wis"]
    assert "4 targets" in __main__.weekly_text("eu", scores)


def test_the_monthly_race_knows_nothing_after_october(tmp_path: Path) -> None:
    months = pd.date_range("2020-11-01", periods=26, freq="MS")
    rows = pd.DataFrame(
        {"country_id": np.repeat([1, 2], 26), "month": np.tile(months, 2), "fatalities": 0}
    )
    rows.loc[rows["country_id"] == 2, "fatalities"] = np.random.default_rng(3).poisson(40, 26)
    path = tmp_path / "conflict_fatalities_monthly_x.parquet"
    rows.to_parquet(path)
    before = conflict.race(tmp_path, draws=200)
    changed = rows.assign(
        fatalities=rows["fatalities"].where(
            (rows["month"] < "2021-11-01") | (rows["month"] >= "2022-01-01"), 10_000
        )
    )
    changed.to_parquet(path)
    assert conflict.race(tmp_path, draws=200).equals(before)
    assert len(before) == 24
    assert "| 2022 | 24 |" in __main__.conflict_text(before)


def test_settings_are_scored_without_the_countries_of_the_race(tmp_path: Path) -> None:
    days = pd.date_range("2020-03-01", periods=7 * 45, freq="D")
    rows = pd.DataFrame(
        {
            "date": np.tile(days, 2),
            "location": np.repeat(["Austria", "Chile"], len(days)),
            "cumulative": np.random.default_rng(4).poisson(20, 2 * len(days)).cumsum(),
        }
    )
    rows.to_parquet(tmp_path / "corpus.parquet")
    assert settings.weeks_of(tmp_path / "corpus.parquet", None).shape[0] == 1
    assert settings.weeks_of(tmp_path / "corpus.parquet", "2020-06-01").shape[1] < 15
    assert "| all | 1 | in common |" in settings.together(tmp_path / "corpus.parquet")
    assert "| brake = 0.5 |" in settings.text(tmp_path / "corpus.parquet", None)


def test_a_rival_says_what_the_counts_do() -> None:
    rng = np.random.default_rng(6)
    level = np.log1p(rng.poisson(1_000, 80).astype(float))
    for name, rival in elsewhere.RIVALS.items():
        drawn = np.expm1(rival(level, rng))
        assert drawn.shape == (elsewhere.DRAWS, elsewhere.AHEAD), name
        assert np.abs(np.median(drawn, axis=0) / 1_000 - 1).max() < 0.1, name
    growing = np.log1p(100 * np.exp(0.05 * np.arange(60)))  # by 5 % a week
    for rival in (elsewhere.damped, elsewhere.autoregression):
        ahead = np.median(rival(growing + rng.normal(0, 0.001, 60), rng), axis=0)
        assert np.diff(ahead).min() > 0.02
    flat = elsewhere.flat(growing, rng)  # which has moved by 5 % a week, and says up or down
    assert np.abs(flat[:, 0] - growing[-1]).max() == pytest.approx(0.05, abs=0.01)


def test_the_race_elsewhere_knows_nothing_after_its_origin() -> None:
    days = pd.date_range("2020-03-01", periods=7 * 45, freq="D")
    daily = np.random.default_rng(4).poisson(20, (2, len(days)))
    weeks = pd.DataFrame(daily.T, index=days, columns=["Chile", "Peru"]).resample("W-SAT").sum()
    before = elsewhere.scored(weeks, None)
    models = (1 + len(elsewhere.SHARES)) * len(elsewhere.RIVALS) + 1
    assert before["model"].nunique() == models
    changed = weeks.copy()
    changed.iloc[31:] *= 50  # no week that the first origin is scored on
    again = elsewhere.scored(changed, None)
    first = 2 * elsewhere.AHEAD * models
    assert before["log_wis"][:first].equals(again["log_wis"][:first])
    assert not before["log_wis"].equals(again["log_wis"])
