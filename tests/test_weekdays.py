"""The habit of a week: found where there is one, and only there; carried into the days ahead."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

import attrition as at
from attrition.core._typing import Floats
from attrition.evaluation.answers import law_at, paces_at
from attrition.evaluation.protocol import Protocol, origins, pair
from attrition.evaluation.scores import censored_crps
from attrition.models.counts.counted import exceedance
from attrition.models.pace.weekdays import EVEN, clock_of, weekday_shares
from test_pace import random_walk, series_of

HABIT = np.array([0.4, 1.2, 1.3, 1.4, 1.3, 1.1, 0.3]) / 7  # Monday first
SUNDAY = 6  # 1 January 2023


def with_habit(days: int, seed: int, habit: Floats = HABIT, rate: float = 60.0) -> Floats:
    share = 7 * habit[(SUNDAY + np.arange(days)) % 7]
    return np.random.default_rng(seed).poisson(rate * share).astype(float)


def test_a_habit_is_found_and_its_shares_are_right() -> None:
    shares = weekday_shares(series_of(with_habit(500, 1)))
    assert shares.sum() == pytest.approx(1.0)
    # 64 weeks of 60 a day: five standard errors, and the shrinkage
    error = np.sqrt(HABIT / (7 * 64 * 60))
    assert (np.abs(shares - HABIT) < 5 * error + 2e-3).all()
    assert np.abs(shares - np.roll(HABIT, 1)).max() > 0.05


def test_without_a_habit_the_shares_are_even_or_nearly() -> None:
    largest = []
    for seed in range(40):
        daily = (
            random_walk(500, 0.1, 20.0, seed=seed)[0]
            if seed % 2
            else np.random.default_rng(seed).poisson(0.5, 300).astype(float)
        )
        largest.append(float(np.abs(7 * weekday_shares(series_of(daily)) - 1).max()))
    # a deviance of six degrees of freedom that passes the bar: less than one in a hundred
    assert sum(value > 0 for value in largest) <= 5
    assert max(largest) < 0.5


def test_a_habit_that_changed_is_the_new_one() -> None:
    late = np.roll(HABIT, 3)
    daily = np.r_[with_habit(280, 2), with_habit(140, 3, late)]
    shares = weekday_shares(series_of(daily))
    assert np.abs(shares - late).max() < np.abs(shares - HABIT).max() / 3


def test_a_series_that_is_not_daily_or_short_has_no_habit() -> None:
    whole = series_of(with_habit(500, 4))
    assert np.array_equal(weekday_shares(at.read_series(whole.data[::7])), EVEN)
    assert np.array_equal(weekday_shares(series_of(with_habit(50, 5))), EVEN)
    assert np.array_equal(weekday_shares(series_of(np.zeros(100))), EVEN)


def test_the_clock_keeps_weeks_whole_and_lets_a_habit_fade() -> None:
    last = 19_723  # Monday, 1 January 2024
    clock = clock_of(HABIT, last, 730)
    assert np.array_equal(clock[::7], np.arange(0.0, 731.0, 7.0))
    assert clock[1] == pytest.approx(7 * HABIT[1])  # the day after is a Tuesday
    assert (np.diff(clock) > 0).all()
    early, late = (np.ptp(np.diff(clock)[a : a + 7]) for a in (0, 91))
    assert late == pytest.approx(early / 2)
    assert np.array_equal(clock_of(EVEN, last, 30), np.arange(31.0))


def test_the_law_of_a_count_with_a_habit_is_on_its_days() -> None:
    habit = np.array([0.0, 1.4, 1.4, 1.4, 1.4, 1.4, 0.0]) / 7
    series = series_of(with_habit(400, 6, habit))
    pace = at.pace.fit_pace(series)
    assert any("by weekday" in note for note in pace.notes)
    days, gap = 28, 500.0
    law = exceedance(
        pace.draw(days, 1_024, np.random.default_rng(1)),
        np.array([gap]),
        days,
        clock=pace.clock(days),
    )[0]
    forecast = at.forecast(series, thresholds=[pace.total + gap], seed=1)
    swept = forecast.law("recorded-total").exceedance[:, :, : days + 1].mean(axis=0)
    column = int(np.searchsorted(forecast.law("recorded-total").thresholds, pace.total + gap))
    assert np.abs(swept[column] - law).max() < 0.02
    weekday = [(pace.information_date + timedelta(days=d)).weekday() for d in range(1, days + 1)]
    silent = np.isin(weekday, [0, 6])
    assert np.diff(law)[silent].sum() < 0.03  # two days in seven if the habit were not known


def test_a_known_habit_makes_day_by_day_forecasts_better() -> None:
    habit = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 7.0]) / 7
    series = series_of(with_habit(420, 7, habit, rate=20.0))
    stood = list(origins(series, Protocol()))
    paces = paces_at(stood, at.pace.Prior())
    scores = []
    for even in (False, True):
        total = 0.0
        for origin, pace in zip(stood, paces, strict=True):
            used = type(pace)(
                pace.belief, pace.prior, pace.information_date, pace.total, pace.steps, ()
            )
            law = law_at(origin, used if even else pace, np.random.default_rng(1))
            total += sum(censored_crps(o) for o in pair(series, origin, law))
        scores.append(total)
    assert scores[0] < 0.9 * scores[1]
