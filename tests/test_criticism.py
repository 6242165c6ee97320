"""What a forecast says against itself."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import attrition as at
from attrition.forecasts.criticism import SENSITIVE, jensen_shannon

DAY = "2025-06-03"


def quoted(*words: str, start: int = 0) -> list[at.Claim]:
    """Return claims of as many sources."""
    return [
        at.claim(text, source=f"Source {chr(65 + start + index)}", on=DAY)
        for index, text in enumerate(words)
    ]


AGREEING = quoted("about 100,000 killed", "about 104,000 killed", "around 300 killed a day")


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30), st.lists(st.floats(0, 1), min_size=2))
def test_the_distance_of_laws_is_one_at_most_and_zero_for_the_same(
    one: list[float], other: list[float]
) -> None:
    size = min(len(one), len(other))
    first, second = (np.sort(np.array(values[:size])) for values in (one, other))
    assert jensen_shannon(first, first) == pytest.approx(0.0, abs=1e-6)
    distance = jensen_shannon(first, second)
    assert 0 <= distance <= 1 + 1e-9
    assert distance == pytest.approx(jensen_shannon(second, first), abs=1e-12)


def test_laws_that_share_nothing_are_a_whole_apart() -> None:
    assert jensen_shannon(np.ones(10), np.zeros(10)) == pytest.approx(1.0)


def test_agreeing_reports_speak_for_a_forecast() -> None:
    judgement = at.forecast(AGREEING, thresholds=[150_000], kind="conflict", seed=1).check()
    assert judgement.warnings == ()
    assert "nothing speaks against it" in str(judgement)
    assert judgement.reports["chance"].between(0.05, 1).all()
    assert 0 < judgement.ahead < 1
    assert judgement.prior < SENSITIVE
    assert judgement.effective > 100


def test_where_no_kind_is_named_the_prior_of_the_pace_decides_and_it_is_said() -> None:
    judgement = at.forecast(AGREEING, thresholds=[150_000], seed=1).check()
    assert judgement.prior > SENSITIVE
    assert any("prior decides" in warning for warning in judgement.warnings)


@pytest.mark.parametrize("factor", [8.0, 20.0, 60.0])
def test_a_report_far_from_all_others_is_named_first(factor: float) -> None:
    agreeing = [f"about {value:,} killed" for value in (98_000, 100_000, 101_000, 103_000)]
    far = quoted(f"about {100_000 * factor:,.0f} killed", start=10)
    claims = [*quoted(*agreeing), *AGREEING[2:], *far]
    judgement = at.forecast(claims, bases="latent", thresholds=[150_000], seed=1, size=64).check()
    chances = judgement.reports["chance"]
    assert chances.idxmin().startswith("Source K")
    assert (chances.drop(chances.idxmin()) > 3 * chances.min()).all()


def test_what_the_days_ahead_decide_falls_where_a_pace_is_steady() -> None:
    shares = [
        at.forecast(AGREEING, thresholds=[150_000], kind=kind, seed=1).check().ahead
        for kind in ("steady", "conflict")
    ]
    assert shares[0] < 0.2 < shares[1]


def test_a_last_count_that_nobody_expected_is_named() -> None:
    daily = np.random.default_rng(3).poisson(50, 300).astype(float)
    index = pd.date_range("2024-08-01", periods=300)
    usual = at.read_series(pd.Series(daily.cumsum(), index=index, name="cumulative"))
    judgement = at.forecast(usual, thresholds=[20_000], tolerance=30.0, seed=1).check()
    assert judgement.warnings == ()
    assert np.isnan(judgement.prior)
    daily[-20:] *= 12
    odd = at.read_series(pd.Series(daily.cumsum(), index=index, name="cumulative"))
    judgement = at.forecast(odd, thresholds=[40_000], tolerance=30.0, seed=1).check()
    assert any("was given less than 1 %" in text for text in judgement.warnings)


def test_a_total_that_was_not_forecast_cannot_be_judged() -> None:
    forecast = at.forecast(AGREEING, thresholds=[150_000], seed=1)
    with pytest.raises(at.InputError, match="quantity"):
        forecast.check("wounded")
    bare = dataclasses.replace(forecast, thresholds={"killed": ()})
    with pytest.raises(at.InputError, match="a threshold must be asked about"):
        bare.check()
