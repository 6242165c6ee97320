"""Events of a flow: a month above so many, the day a rate falls below, the peak week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import attrition as at
from attrition.forecasts.joint import event_of

KNOWN = date(2025, 6, 3)
ENDS = [KNOWN + timedelta(days=7 * (week + 1)) for week in range(6)]
MEAN = 12.0


def poisson() -> tuple[np.ndarray, Any]:
    """Return weeks of independent Poisson counts, (replicate, path, week), and their law."""
    drawn = np.random.default_rng(3).poisson(MEAN, (16, 4_000, len(ENDS)))
    return drawn, stats.poisson(MEAN)


def near(got: float, wanted: float, mcse: float) -> bool:
    return abs(got - wanted) < 5 * mcse


def test_weeks_above_an_amount_are_those_of_independent_poisson_weeks() -> None:
    drawn, law = poisson()
    event = event_of(drawn > 17, ENDS, "", 0.5)
    one = float(law.sf(17))
    assert near(event.probability, 1 - (1 - one) ** 6, event.mcse)
    assert all(near(chance, one, event.mcse) for chance in event.each)
    # the first of them is geometric: by week k with 1 - (1 - p)^(k + 1)
    by = 1 - (1 - one) ** np.arange(1, 7)
    assert event.lower == ENDS[int(np.searchsorted(by, 0.25))]
    assert event.median is event.upper is None  # not in six weeks
    assert by[-1] < 0.5
    # a law that is wrong by a tenth of its mean is told from the right one
    assert not near(event.probability, 1 - stats.poisson(0.9 * MEAN).cdf(17) ** 6, event.mcse)


def test_the_peak_is_the_first_of_the_largest_weeks() -> None:
    drawn, law = poisson()
    most = np.eye(6, dtype=bool)[drawn.argmax(axis=2)]
    event = event_of(most, ENDS, "", 0.9)
    counts = np.arange(80)
    below, at_most, here = law.cdf(counts - 1), law.cdf(counts), law.pmf(counts)
    exact = [float((below**week * here * at_most ** (5 - week)).sum()) for week in range(6)]
    assert sum(exact) == pytest.approx(1)
    assert all(near(got, chance, event.mcse) for got, chance in zip(event.each, exact, strict=True))
    assert event.probability == 1
    assert not near(event.each[0], exact[-1], event.mcse)  # ties go to the first


@pytest.fixture(scope="module", params=["quoted", "count"])
def forecast(request: pytest.FixtureRequest) -> at.Forecast:
    """Forecast quoted claims, and a recorded count, for three months."""
    data: Any = [
        at.claim("about 250,000 killed", source="A", on=KNOWN),
        at.claim("around 300 killed a day", source="A", on=KNOWN),
    ]
    if request.param == "count":
        daily = np.random.default_rng(5).poisson(300, 400).astype(float)
        index = pd.date_range(end=KNOWN, periods=400)
        data = at.read_series(pd.Series(daily.cumsum(), index=index, name="cumulative"))
    return at.forecast(data, thresholds=[260_000], horizon="2025-09-03", seed=1, size=256)


def test_events_are_means_over_the_draws_of_increments(forecast: at.Forecast) -> None:
    weeks = forecast.increments(every="week")
    draws = weeks["draws"].values
    above = forecast.exceeds(2_300, every="week")
    assert above.ends == tuple(pd.DatetimeIndex(weeks["time"].values).date)
    assert above.probability == pytest.approx((draws > 2_300).any(axis=1).mean())
    assert above.each == pytest.approx((draws > 2_300).mean(axis=0))
    peak = forecast.peak(every="week")
    shares = np.bincount(draws.argmax(axis=1), minlength=draws.shape[1]) / len(draws)
    assert peak.each == pytest.approx(shares)
    assert above.event == "more than 2,300 in a week"
    assert peak.event == "the week that adds most"
    assert forecast.exceeds(0, on=["2025-07-01"]).event == "more than 0 in a stretch"


def test_a_rate_falls_below_by_a_sliding_mean(forecast: at.Forecast) -> None:
    days = forecast.increments(every="day")["draws"].values
    means = np.lib.stride_tricks.sliding_window_view(days, 7, axis=1).mean(axis=2)
    below = means < 290
    event = forecast.falls_below(290)
    assert event.probability == pytest.approx(below.any(axis=1).mean(), abs=1e-3)
    assert event.ends[0] == KNOWN + timedelta(days=7)
    assert event.ends[-1] == forecast.horizon
    assert event.each == pytest.approx(below.mean(axis=0), abs=1e-3)
    first = np.where(below.any(axis=1), below.argmax(axis=1), below.shape[1])
    median = int(np.quantile(first, 0.5, method="inverted_cdf"))
    assert event.median == (event.ends[median] if median < below.shape[1] else None)
    # what lies lower is reached no sooner, and no more likely
    lower = forecast.falls_below(200)
    assert lower.probability <= event.probability
    assert (lower.median or date.max) >= (event.median or date.max)


def test_what_cannot_be_asked_of_a_flow_is_refused(forecast: at.Forecast) -> None:
    asked: list[tuple[Any, str]] = [
        (lambda: forecast.exceeds(-1), "0 or more"),
        (lambda: forecast.falls_below(0), "above 0"),
        (lambda: forecast.falls_below(10, over=400), "over"),
        (lambda: forecast.peak(every=200), "by the horizon"),
        (lambda: forecast.peak(prob=2.0), "prob"),
        (lambda: forecast.peak(every="fortnight"), "days, weeks or months"),
    ]
    for ask, words in asked:
        with pytest.raises(at.InputError, match=words):
            ask()
