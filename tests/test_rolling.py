"""Hindcasts: what is seen, what is asked, and how it is scored."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import special

import attrition as at
from attrition.core._typing import Floats
from attrition.core.errors import InputError
from attrition.core.laws import round_step
from attrition.evaluation import BASELINES, Outcome, Protocol
from attrition.evaluation.answers import at_reports
from attrition.evaluation.protocol import origins
from attrition.evaluation.scores import (
    censored_crps,
    flat_band,
    independent,
    interval_score,
    miss,
    pit,
    summarise,
)
from test_pace import random_walk, series_of

DATA = Path(at.__path__[0]) / "bundled"
ORIGIN = date(2025, 1, 1)


@pytest.fixture(scope="module")
def tally() -> at.Series:
    return at.read_series(DATA / "general_staff_personnel_to_2025-06-03.csv")


def normal(mean: float, deviation: float, day: int, horizon: int = 400) -> Outcome:
    cdf = special.ndtr((np.arange(1, horizon + 1) - mean) / deviation)
    return Outcome(ORIGIN, 1.0, mean, horizon, day, np.asarray(cdf))


def empirical_crps(draws: Floats, outcome: float) -> float:
    """CRPS of a sample by its kernel form, E|X - y| - E|X - X'|/2 (Gneiting and Raftery 2007)."""
    spread = np.abs(draws[:, None] - draws[None, :]).mean()
    return float(np.abs(draws - outcome).mean() - spread / 2)


def test_the_protocol_stands_every_fourteen_days_and_asks_for_round_numbers(
    tally: at.Series,
) -> None:
    stood = list(origins(tally, Protocol()))
    assert len(stood) == 73
    assert (stood[0].day - tally.days[0]).days == 180
    assert {(b.day - a.day).days for a, b in pairwise(stood)} == {14}
    for origin in stood:
        step = float(np.diff(origin.thresholds)[0]) / 2
        assert step == max(round_step(60 * origin.rate, above=True), 1.0)
        assert 0 < origin.thresholds[0] - origin.total <= step
        assert origin.known.days[-1] == origin.day
        assert origin.horizon == min(730, (tally.days[-1] - origin.day).days)


def test_corrupting_later_rows_changes_no_byte_of_an_earlier_forecast() -> None:
    daily, _ = random_walk(420, 0.1, 5.0, seed=21)
    spoilt = daily.copy()
    spoilt[300:] = np.random.default_rng(9).poisson(5_000.0, 120)
    whole, other = (at.hindcast(series_of(d), rng=1) for d in (daily, spoilt))
    edge = series_of(daily).days[299]
    for method, outcomes in whole.outcomes.items():
        pairs = zip(outcomes, other.outcomes[method], strict=True)
        early = [(a, b) for a, b in pairs if a.origin <= edge]
        assert len(early) == 18, method
        for a, b in early:
            assert (a.origin, a.threshold) == (b.origin, b.threshold)
            assert a.cdf.tobytes() == b.cdf.tobytes(), method
    late = [o.cdf.tobytes() for o in whole.outcomes["attrition"] if o.origin > edge]
    assert late != [o.cdf.tobytes() for o in other.outcomes["attrition"] if o.origin > edge]


def test_the_crps_is_that_of_a_sample_censored_at_the_last_day() -> None:
    draws = np.random.default_rng(3).gamma(5.0, 30.0, 3_000)
    days = np.ceil(draws)
    for day, horizon in ((120, 400), (40, 200), (-1, 200)):
        cdf = np.array([(days <= t).mean() for t in range(1, horizon + 1)])
        crps = censored_crps(Outcome(ORIGIN, 1.0, 1.0, horizon, day, cdf))
        y = day if day > 0 else horizon
        assert crps == pytest.approx(empirical_crps(np.minimum(days, horizon), y), rel=1e-6)


def test_the_interval_score_is_its_published_formula() -> None:
    z = special.ndtri(0.95)
    low, high = np.ceil(100 - 20 * z), np.ceil(100 + 20 * z)
    assert interval_score(normal(100, 20, 100), 0.9) == high - low
    assert interval_score(normal(100, 20, 50), 0.9) == pytest.approx(high - low + 20 * (low - 50))
    assert interval_score(normal(100, 20, 150), 0.9) == pytest.approx(
        high - low + 20 * (150 - high)
    )


def test_an_unresolved_crossing_held_when_the_upper_end_lies_beyond_the_data() -> None:
    assert miss(normal(100, 20, -1, horizon=110), 0.9) == 0
    assert miss(normal(100, 20, -1, horizon=150), 0.9) == 1
    assert miss(normal(100, 20, 50), 0.9) == -1
    assert miss(normal(100, 20, 150), 0.9) == 1
    assert miss(normal(100, 20, 101), 0.9) == 0


def test_the_pit_of_a_calibrated_forecast_is_uniform_and_of_a_narrow_one_is_not() -> None:
    rng = np.random.default_rng(4)
    days = np.maximum(np.ceil(rng.normal(200, 30, 600)).astype(int), 1)
    observed = np.where(days <= 210, days, -1)  # four in ten are not resolved
    for deviation, right in ((30.0, True), (15.0, False)):
        values = [pit(normal(200, deviation, int(d), 210), rng.random()) for d in observed]
        largest = np.abs(np.sort(values) - np.arange(1, 601) / 600).max()
        assert (largest < 2.7 / np.sqrt(600)) == right  # Kolmogorov at 1e-6


def test_overlapping_outcomes_count_once() -> None:
    def spanning(start: int, days: int) -> Outcome:
        cdf = np.linspace(0, 1, days)
        return Outcome(date.fromordinal(start), 1.0, 1.0, days, days, cdf)

    nested = [spanning(800_000 + 14 * k, 100) for k in range(10)]
    apart = [spanning(800_000 + 100 * k, 100) for k in range(10)]
    assert independent(nested) == 2
    assert independent(apart) == 10
    few, many = flat_band(14), flat_band(1_000)
    assert few[1] - few[0] > many[1] - many[0]
    assert many == pytest.approx((0.1 - 1.645 * 0.0095, 0.1 + 1.645 * 0.0095), abs=0.002)


def test_the_sharper_of_two_calibrated_forecasts_wins() -> None:
    rng = np.random.default_rng(5)
    centres = rng.normal(200, 30, 400)
    days = np.ceil(rng.normal(centres, 10)).astype(int)
    sharp = [normal(c, 10, int(d)) for c, d in zip(centres, days, strict=True)]
    blunt = [normal(200, np.hypot(30, 10), int(d)) for d in days]
    good, fair = (summarise("m", o, 0.9, 1) for o in (sharp, blunt))
    assert abs(good.inside - 0.9) < 0.08
    assert abs(fair.inside - 0.9) < 0.08
    assert good.crps < fair.crps
    assert good.interval_score < fair.interval_score


def test_our_intervals_hold_on_the_tally_and_beat_every_baseline(tally: at.Series) -> None:
    past = at.hindcast(tally, rng=1)
    ours, *others = past.table()
    assert ours.method == "attrition"
    assert ours.count == 146
    assert 0.8 <= ours.coverage[2] <= 1.0
    for other in others:
        assert ours.crps < other.crps, other.method
        assert other.coverage[2] < 0.6, other.method
    groups = [row for row in past.table_by_lead() if row.method == "attrition"]
    assert sum(row.count for row in groups) == 146
    with pytest.raises(at.InputError, match="Known: attrition"):
        past.summary("oracle")


def test_the_poisson_baseline_is_the_law_of_a_poisson_count() -> None:
    history = np.cumsum(np.full(200, 10.0))
    rng = np.random.default_rng(1)
    law = BASELINES["constant-rate Poisson"](history, np.array([3_000.0]), 150, rng)
    assert law[0, 101] == pytest.approx(0.7385272, abs=1e-6)  # field: K=1000, rate 10, t=102
    walk = BASELINES["random walk"](history, np.array([3_000.0]), 150, rng)
    boot = BASELINES["block bootstrap"](history, np.array([3_000.0]), 150, rng)
    for steady in (walk, boot):  # nothing varies: the day is certain
        assert steady[0, 98] < 1e-9
        assert steady[0, 100] > 1 - 1e-9


def test_a_step_or_a_list_of_thresholds_is_asked_instead(tally: at.Series) -> None:
    by_step = next(origins(tally, Protocol(thresholds=250_000.0)))
    assert by_step.thresholds.tolist() == [250_000.0, 750_000.0]
    listed = list(origins(tally, Protocol(thresholds=(100_000.0, 500_000.0))))
    assert listed[0].thresholds.tolist() == [100_000.0, 500_000.0]
    assert listed[-1].thresholds.tolist() == [500_000.0]
    assert listed[-1].day < date(2024, 5, 25)  # the day on which 500,000 was passed
    late = next(origins(tally, Protocol(start=date(2025, 1, 1))))
    assert late.day >= date(2025, 1, 1)
    for bad in (0.0, ()):
        with pytest.raises(at.InputError, match="positive"):
            Protocol(thresholds=bad)


def test_a_series_without_an_origin_is_refused() -> None:
    with pytest.raises(at.InputError, match="180 days"):
        at.hindcast(series_of(np.full(100, 5.0)), rng=1)


@pytest.mark.parametrize(
    "asked",
    [
        {"every": 7},
        {"start": date(2024, 1, 1)},
        {"thresholds": (1e6,)},
        {"prior": at.pace.Prior()},
        {"workers": "threads"},
        {"checkpoint": "folder"},
        {"max_time": 60.0},
    ],
)
def test_what_is_asked_of_a_count_is_not_asked_of_a_dossier(
    bundled: at.Dossier, asked: dict[str, Any]
) -> None:
    with pytest.raises(at.InputError, match=f"{next(iter(asked))} with a dossier"):
        at.hindcast(bundled, rng=1, **asked)


@pytest.mark.parametrize("asked", [{"dated": "described"}, {"series": {}}])
def test_what_is_asked_of_a_dossier_is_not_asked_of_a_count(
    tally: at.Series, asked: dict[str, Any]
) -> None:
    for past in (tally, {"one": tally}):
        with pytest.raises(at.InputError, match=f"{next(iter(asked))} with a recorded count"):
            at.hindcast(past, rng=1, **asked)


def test_what_is_neither_count_nor_dossier_is_refused_by_its_kind() -> None:
    nothing: Any = ({}, {"one": 3.0}, "counts.csv", None)
    for past, named in zip(nothing, ("empty mapping", "float", "str", "NoneType"), strict=True):
        with pytest.raises(at.InputError, match=named):
            at.hindcast(past, rng=1)


def test_a_weekly_series_is_read_on_its_report_days(tally: at.Series) -> None:
    weekly = at.read_series(tally.data[::7])
    past = at.hindcast(weekly, rng=1)
    assert past.summary().coverage[2] > 0.8
    assert all(o.day == -1 or o.day % 7 == 0 for o in past.outcomes["attrition"])
    law = at_reports(np.array([[0.1, 0.2, 0.3, 0.4, 0.5]]), np.array([2, 4, 6]))
    assert law.tolist() == [[0.0, 0.2, 0.2, 0.4, 0.4]]


@pytest.mark.parametrize(
    ("rhythm", "due"),
    [
        ("D", [1, 2, 3]),
        ("7D", [7, 14, 21]),
        ("MS", [31, 59, 90]),  # from the first of January 2023
        ("ME", [31, 59, 90]),  # from the last day of December 2022
        ("QS", [90, 181, 273]),
        ("YS", [365, 731, 1096]),
    ],
)
def test_reports_are_due_by_the_rhythm_or_by_the_calendar(rhythm: str, due: list[int]) -> None:
    days = pd.date_range("2018-01-01", "2023-01-02", freq=rhythm)
    if rhythm == "7D":
        assert days[-1] == pd.Timestamp(2023, 1, 2)
    totals = pd.Series(np.arange(1.0, days.size + 1), index=days, name="cumulative")
    assert at.read_series(totals).due(1_200)[:3].tolist() == due
    assert at.read_series(totals).due(due[0] - 1).size == 0


def test_reports_without_a_rhythm_may_come_on_any_day() -> None:
    days = pd.date_range("2020-01-01", periods=400)[np.cumsum([1, 4, 9, 2, 30, 7, 1, 5, 12, 3, 8])]
    totals = pd.Series(np.arange(1.0, days.size + 1), index=days, name="cumulative")
    assert at.read_series(totals).due(5).tolist() == [1, 2, 3, 4, 5]


def test_a_count_by_quarters_of_the_year_is_forecast_to_its_report_days() -> None:
    days = pd.date_range("1995-01-01", periods=100, freq="QS")
    counts = np.random.default_rng(4).poisson(100, 100)
    series = at.read_series(pd.Series(np.cumsum(counts), index=days, name="cumulative"))
    past = at.hindcast(series, rng=1, every=91)
    assert past.summary().coverage[2] > 0.85
    assert past.outcomes["attrition"][0].origin >= days[1].date()


def test_the_first_day_of_a_hindcast_may_be_written(tally: at.Series) -> None:
    written, given = (
        at.hindcast(tally, rng=1, start=start, every=60, baselines={})
        for start in ("2025-02-01", date(2025, 2, 1))
    )
    assert [one.origin for one in written.outcomes["attrition"]] == [
        one.origin for one in given.outcomes["attrition"]
    ]
    assert min(one.origin for one in written.outcomes["attrition"]) >= date(2025, 2, 1)
    with pytest.raises(InputError, match="start"):
        at.hindcast(tally, rng=1, start="1 February")
