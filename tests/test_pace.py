from __future__ import annotations

import numpy as np
import pytest

from attrition.pace import Pace, days_in_weeks, elapsed_days


def test_a_steady_pace_makes_elapsed_days_calendar_days() -> None:
    days = np.arange(0.0, 50.0, 0.5)
    assert elapsed_days(np.zeros((3, 7)), days)[2] == pytest.approx(days, abs=1e-12)


def test_elapsed_days_are_the_sum_of_weekly_rates() -> None:
    rng = np.random.default_rng(1)
    log_rate = rng.normal(size=(4, 9))
    days = np.arange(0.0, 71.0)
    weekly = np.exp(np.concatenate([np.zeros((4, 1)), log_rate], axis=1))
    expected = days_in_weeks(days, 9) @ weekly.T
    assert elapsed_days(log_rate, days) == pytest.approx(expected.T, rel=1e-12)


def test_the_log_rate_is_a_random_walk() -> None:
    loadings = Pace(volatility=0.3).loadings(5)
    weeks = np.arange(1, 6)
    assert loadings @ loadings.T == pytest.approx(0.09 * np.minimum.outer(weeks, weeks))
