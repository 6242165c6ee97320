"""Last days that fade: a decline, or reports that are still to come; the law holds both."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import attrition as at
from attrition.core._typing import Floats
from attrition.data.series.unreported import COMING, FadingTail, fading_of
from attrition.models.counts.totals import draw_totals
from attrition.models.pace import FittedPace, fit_pace
from attrition.models.pace.fates import _late

FALSE_ALARM = 1e-6
DAYS, AHEAD, WORLDS = 300, 28, 40


def read(daily: Floats) -> at.Series:
    days = pd.date_range("2024-01-01", periods=daily.size)
    with pytest.warns(at.AttritionWarning, match="still to come; incomplete="):
        return at.read_series(pd.Series(daily, days, name="daily"))


def counts(seed: int) -> Floats:
    rng = np.random.default_rng([seed, 18])
    return rng.poisson(np.exp(rng.uniform(np.log(20), np.log(400))), DAYS + AHEAD).astype(float)


def by_event_date(daily: Floats, seed: int, last: float = 14.0) -> Floats:
    """Return what is reported by the last day: half within days, all within some weeks."""
    age = np.arange(DAYS)[::-1]
    whole = np.clip(0.04 + 0.96 * age / last, 0, 1)
    return np.random.default_rng(seed).binomial(daily[:DAYS].astype(int), whole).astype(float)


def ahead(pace: FittedPace) -> Floats:
    return draw_totals(pace, AHEAD, 1_024, rng=1)[:, [0, -1]]


def test_the_interval_of_a_count_by_date_of_event_holds_what_is_still_to_come() -> None:
    outcomes = []
    for seed in range(WORLDS):
        daily = counts(seed)
        drawn = ahead(fit_pace(read(by_event_date(daily, seed))))
        begun, total = drawn.T
        low, high = np.quantile(total, (0.05, 0.95))
        declined = total[begun == begun.min()]
        outcomes.append(
            (low <= daily.sum() <= high, np.quantile(declined, 0.95) >= daily.sum() >= low)
        )
    both, believed = np.sum(outcomes, axis=0).tolist()
    # late reports are the upper quarter of the law, of which the interval leaves out a fifth
    least = (COMING - 0.05) / COMING
    assert stats.binomtest(both, WORLDS, least, alternative="less").pvalue > FALSE_ALARM
    assert stats.binomtest(believed, WORLDS, least, alternative="less").pvalue < FALSE_ALARM


def test_the_interval_of_a_count_that_declines_holds_the_decline() -> None:
    outcomes = []
    for seed in range(WORLDS):
        rng = np.random.default_rng([seed, 19])
        fallen = np.clip(1 - (np.arange(DAYS + AHEAD) - DAYS + 15) / 13, 0.08, 1)
        daily = rng.poisson(rng.uniform(40, 400) * fallen).astype(float)
        low, high = np.quantile(ahead(fit_pace(read(daily[:DAYS])))[:, 1], (0.05, 0.95))
        outcomes.append(low <= daily.sum() <= high)
    assert stats.binomtest(sum(outcomes), WORLDS, 0.9, alternative="less").pvalue > FALSE_ALARM


@pytest.mark.parametrize("coming", [COMING, 1.0])
@pytest.mark.parametrize(("missing", "spread"), [(5_000.0, 300.0), (40_000.0, 9_000.0)])
def test_readings_of_last_days_keep_what_is_missing_and_its_spread(
    missing: float, spread: float, coming: float
) -> None:
    tail = FadingTail(7, 900.0, missing, spread, 0.3, coming, 50 if coming == 1 else 0)
    added, pace, weight = np.array(_late(tail)).T
    late = added > 0
    assert weight.sum() == pytest.approx(1)
    assert weight[late].sum() == pytest.approx(coming)
    assert np.average(added[late], weights=weight[late]) == pytest.approx(missing, abs=1)
    around = np.average((added[late] - missing) ** 2, weights=weight[late])
    assert np.sqrt(around) == pytest.approx(spread, abs=1)
    assert set(pace[late]) == {1.0}  # what is still to come says that the pace is as it was
    assert pace[~late].tolist() == ([] if coming == 1 else [0.3])


def test_days_left_out_as_incomplete_leave_the_law_of_the_days_before() -> None:
    daily = counts(3)
    days = pd.date_range("2024-01-01", periods=DAYS)
    late = pd.Series(by_event_date(daily, 3), days, name="daily")
    series = at.read_series(late, incomplete=15)
    clean = at.read_series(pd.Series(daily[: DAYS - 15], days[:-15], name="daily"))
    assert series.cleaned.fading is None
    assert series.last_day == clean.last_day
    assert fit_pace(series).rate == pytest.approx(fit_pace(clean).rate, rel=0.02)


def test_the_weight_of_late_reports_is_in_the_note_of_the_sentence() -> None:
    series = read(by_event_date(counts(4), 4))
    fading = series.cleaned.fading
    assert fading is not None
    assert fading.missing == pytest.approx(7.2 * fading.usual, rel=0.25)
    threshold = float(series.cleaned.total[-1] + fading.missing / 4)
    forecast = at.forecast(series, thresholds=[threshold], seed=1)
    assert at.laws.masses(forecast.law("recorded-total"), threshold).already == pytest.approx(
        COMING
    )
    assert "25 % reports of about" in forecast.cite(threshold).note


@pytest.mark.parametrize("rate", [8.0, 60.0, 2_000.0])
def test_what_falls_by_habit_or_slowly_does_not_fade(rate: float) -> None:
    day = np.arange(DAYS)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        steady = rng.poisson(rate, DAYS)
        weekly = rng.poisson(rate * (1 - 0.9 * (day % 7 > 4)))  # it ends on a week-end, or before
        slow = rng.poisson(rate * np.exp(-np.maximum(day - 150, 0) / 60))
        wild = rng.poisson(rng.gamma(0.5, 2 * rate, DAYS))
        for daily in (steady, weekly, slow, wild):
            end = DAYS - int(rng.integers(7))
            assert fading_of(daily[:end].astype(float), np.ones(end)) is None


def test_a_decline_of_weeks_that_are_counted_together_does_not_fade() -> None:
    weekly = 200 * np.exp(-np.maximum(np.arange(80) - 76, 0))
    assert fading_of(np.round(weekly), np.full(80, 7.0)) is None
