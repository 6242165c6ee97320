"""Small twins of the worlds: that they run, and that their scores tell right from wrong."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.worlds import DAYS, LEADS, ORIGINS, WORLDS, crps, scored, table

from attrition.evaluation.increments import trailing_errors


@pytest.mark.parametrize("kind", list(WORLDS))
def test_a_world_is_a_daily_count_of_persons(kind: str) -> None:
    daily = WORLDS[kind](np.random.default_rng(1))
    assert daily.shape == (DAYS,)
    assert (daily >= 0).all()
    assert (daily == np.round(daily)).all()


def test_the_score_of_an_ensemble_is_that_of_its_law() -> None:
    draws = np.random.default_rng(1).normal(0.0, 1.0, 20_000)
    assert crps(draws, 0.0) == pytest.approx((np.sqrt(2) - 1) / np.sqrt(np.pi), abs=0.01)
    assert crps(draws + 1, 0.0) > crps(draws, 0.0)


def test_a_flat_pace_carries_its_own_past_errors() -> None:
    total = np.r_[0.0, np.cumsum(np.full(400, 5.0))]
    assert trailing_errors(total, 30) == pytest.approx(150.0)
    daily = np.r_[np.full(200, 5.0), np.full(200, 10.0)]
    assert np.ptp(trailing_errors(np.r_[0.0, np.cumsum(daily)], 30)) > 100


def test_a_steady_world_is_held_and_better_than_a_trailing_errors() -> None:
    daily = WORLDS["steady"](np.random.default_rng(3))
    scores = scored("steady", daily, ORIGINS[:1], LEADS)
    assert [s.lead for s in scores] == list(LEADS)
    assert len(table(scores, ["steady"])) == 2 + len(LEADS)
    assert scores[-1].ours < scores[-1].flat
