from __future__ import annotations

import numpy as np
import pytest

from attrition.pace import Pace, days_in_weeks, elapsed_days


def test_a_steady_pace_makes_elapsed_days_calendar_days() -> None:
    days = np.arange(0.0, 50.0, 0.5)
    assert elapsed_days(np.zeros((3, 8)), days)[2] == pytest.approx(days, abs=1e-12)


def test_elapsed_days_are_the_sum_of_weekly_rates() -> None:
    rng = np.random.default_rng(1)
    log_rate = rng.normal(size=(4, 10))
    days = np.arange(0.0, 71.0)
    expected = days_in_weeks(days, 10) @ np.exp(log_rate).T
    assert elapsed_days(log_rate, days) == pytest.approx(expected.T, rel=1e-12)


def test_the_log_rate_is_a_random_walk() -> None:
    loadings = Pace(volatility=0.3).ahead(6).loadings
    weeks = np.arange(6)
    assert loadings @ loadings.T == pytest.approx(0.09 * np.minimum.outer(weeks, weeks))
