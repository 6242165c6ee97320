"""A dossier that holds only a recorded count is that count."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attrition as at

KEY = ("ministry", "deaths")


def counted(seed: int, days: int, rate: float) -> at.Series:
    """Return a count of days whose rate wanders."""
    rng = np.random.default_rng(seed)
    daily = rng.poisson(rate * np.exp(np.cumsum(0.02 * rng.standard_normal(days)))).astype(float)
    index = pd.date_range(end="2025-06-03", periods=days)
    return at.read_series(pd.Series(daily.cumsum(), index=index, name="cumulative"))


def beside(series: at.Series, *claims: dict[str, Any], **quantity: Any) -> at.Dossier:
    """Return a dossier of one quantity with the count beside it."""
    title = {"title": "Deaths", "definition": "registered deaths", "unit": "persons"}
    return at.Dossier.of(
        id="lone",
        sources={"ministry": {"name": "Ministry"}, "other": {"name": "Other"}},
        quantities={"deaths": {**title, **quantity}},
        claims=list(claims),
    ).with_counts({KEY: series})


@settings(max_examples=settings().max_examples // 25, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(60, 500),
    st.floats(0.5, 500),
    st.sampled_from([{}, {"kind": "epidemic"}, {"scenario": "0.5 from 2025-08-01"}]),
)
def test_a_dossier_that_holds_only_a_count_is_that_count(
    seed: int, days: int, rate: float, options: dict[str, Any]
) -> None:
    series = counted(seed, days, rate)
    threshold = float(series.totals[-1]) + 60 * rate
    asked: dict[str, Any] = {"thresholds": [threshold], "tolerance": 60.0, "seed": 1, **options}
    plain = at.forecast(series, **asked).law()
    law = at.forecast(beside(series), **asked).law()
    assert law.surface().tobytes() == plain.surface().tobytes()
    day = "2025-11-01"
    assert (
        law.quantiles([0.05, 0.5], on=day).tolist() == plain.quantiles([0.05, 0.5], on=day).tolist()
    )


def test_its_words_are_those_of_the_dossier_and_its_record_holds() -> None:
    series = counted(4, 300, 40.0)
    forecast = at.forecast(beside(series, thresholds=[20_000]), tolerance=30.0, seed=1)
    sentence = str(forecast.cite(20_000))
    assert sentence.startswith("The Ministry’s count of deaths is ")
    assert forecast.question.model == "count"
    assert at.verify(at.reporting.make_record(forecast)).holds
    assert "count of deaths is" in at.reporting.as_html(forecast.law())
    assert forecast.carried is not None
    assert forecast.check().reports["chance"].between(0, 1).all()


def test_a_claim_that_repeats_a_day_of_the_count_adds_nothing() -> None:
    series = counted(4, 300, 40.0)
    repeat = {
        "quantity": "deaths",
        "source": "ministry",
        "kind": "level",
        "point": float(series.totals[-1]),
        "hedge": "exactly",
        "as_of": "2025-06-03",
        "published": "2025-06-03",
    }
    asked: dict[str, Any] = {"thresholds": [20_000], "tolerance": 30.0, "seed": 1}
    alone, repeated = (
        at.forecast(beside(series, *claims), **asked).law().surface() for claims in ((), (repeat,))
    )
    assert alone.tobytes() == repeated.tobytes()


@pytest.mark.parametrize(
    "more",
    [
        {"assumptions": {"volatility": {"value": 0.1, "reason": "said so"}}},
        {"bases": ["latent"]},
    ],
)
def test_whoever_says_more_than_a_count_is_answered_by_the_posterior(more: dict[str, Any]) -> None:
    forecast = at.forecast(
        beside(counted(4, 120, 40.0), **more),
        thresholds=[8_000],
        horizon="2025-12-03",
        size=32,
        tolerance=60.0,
    )
    assert forecast.question.model == "posterior"


def test_a_dossier_of_nothing_says_what_is_missing() -> None:
    empty = at.Dossier.of(
        id="empty",
        sources={"a": {"name": "A"}},
        quantities={"q": {"title": "Q", "definition": "q", "unit": "persons"}},
        claims=[],
    )
    with pytest.raises(at.InputError, match="at least one claim, or a recorded count"):
        at.forecast(empty)
    assert empty.with_counts({("a", "q"): counted(1, 60, 5.0)}).latest_published == date(2025, 6, 3)
