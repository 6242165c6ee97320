"""What is added between two days, and in each week or month ahead."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

import attrition as at

KNOWN = date(2025, 6, 3)
QUOTED = [
    at.claim("about 250,000 killed", source="A", on=KNOWN),
    at.claim("around 300 killed a day", source="A", on=KNOWN),
]


def poisson(rate: float = 100.0) -> at.Series:
    """Return a count of Poisson days."""
    daily = np.random.default_rng(5).poisson(rate, 400).astype(float)
    index = pd.date_range(end=KNOWN, periods=400)
    return at.read_series(pd.Series(daily.cumsum(), index=index, name="cumulative"))


@pytest.fixture(scope="module", params=["quoted", "count"])
def forecast(request: pytest.FixtureRequest) -> at.Forecast:
    """Forecast quoted claims, and a recorded count."""
    data: Any = QUOTED if request.param == "quoted" else poisson()
    return at.forecast(data, thresholds=[300_000], tolerance=60.0, seed=1)


def test_what_is_added_from_the_information_date_is_the_total_less_what_there_was(
    forecast: at.Forecast,
) -> None:
    law = forecast.law()
    start = law.total(KNOWN)
    if start.upper - start.lower > 1:  # a total that is not known is no constant
        pytest.skip("the present total is not exact")
    for day in ("2025-06-10", "2025-09-01", "2026-06-03"):
        added, total = forecast.increment(KNOWN, day), law.total(day)
        error = 5 * np.hypot(added.mcse, total.mcse) + 1
        assert added.lower + start.median == pytest.approx(total.lower, abs=error)
        assert added.median + start.median == pytest.approx(total.median, abs=error)
        assert added.upper + start.median == pytest.approx(total.upper, abs=error)


def test_stretches_add_up_draw_by_draw(forecast: at.Forecast) -> None:
    weekly = forecast.increments(every="week", on=None)
    whole = forecast.increments(on=[weekly["time"].values[-1]])
    np.testing.assert_allclose(
        weekly["draws"].sum("time").values, whole["draws"].values[:, 0], rtol=1e-9, atol=1e-6
    )
    assert (np.diff(weekly["time"].values) == np.timedelta64(7, "D")).all()
    assert (weekly["lower"] <= weekly["median"]).all()
    assert (weekly["median"] <= weekly["upper"]).all()
    assert float(weekly["draws"].min()) > -1e-6  # but for rounding


def test_months_end_on_their_last_days(forecast: at.Forecast) -> None:
    monthly = forecast.increments(every="month")
    ends = pd.DatetimeIndex(monthly["time"].values)
    assert ends[0] == pd.Timestamp("2025-06-30")
    assert ends.is_month_end.all()
    assert ends[-1] <= pd.Timestamp(forecast.horizon)
    assert len(ends) == 24
    one = forecast.increment("2025-06-30", "2025-07-31")
    row = monthly.sel(time="2025-07-31")
    assert (one.lower, one.median, one.upper) == tuple(
        float(row[name]) for name in ("lower", "median", "upper")
    )


def test_a_week_of_a_steady_count_is_poisson() -> None:
    forecast = at.forecast(poisson(), thresholds=[45_000], kind="steady", tolerance=60.0, seed=1)
    week = forecast.increments(every="week").isel(time=slice(0, 3))
    spread = np.sqrt(700.0)
    assert week["median"].values == pytest.approx(700, abs=25)
    widths = (week["upper"] - week["lower"]).values
    assert (widths > 2 * 1.645 * spread * 0.95).all()
    assert (widths < 2 * 1.645 * spread * 2.2).all()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"every": "fortnight"}, "days, weeks or months"),
        ({"every": 0}, "days, weeks or months"),
        ({"every": True}, "days, weeks or months"),
        ({"on": ["2031-01-01"]}, "and the horizon"),
        ({"prob": 2.0}, "prob"),
    ],
)
def test_stretches_that_cannot_be_are_refused(asked: dict[str, Any], words: str) -> None:
    forecast = at.forecast(QUOTED, thresholds=[300_000], size=64, tolerance=60.0, seed=1)
    with pytest.raises(at.InputError, match=words):
        forecast.increments(**asked)
    for days in (("2025-07-01", "2025-07-01"), ("2025-08-01", "2025-07-01")):
        with pytest.raises(at.InputError, match="must lie before"):
            forecast.increment(*days)


@pytest.mark.parametrize("seed", [1, 2])
def test_an_increment_far_ahead_is_cited_no_finer_than_its_error(seed: int) -> None:
    claims = [
        at.claim(words, source="CSIS", on="2025-06-03")
        for words in ("up to 250,000 killed", "around 300 killed a day")
    ]
    forecast = at.forecast(claims, kind="conflict", seed=seed)
    read = forecast.increment("2027-05-01", "2027-06-01")
    citation = forecast.cite(since="2027-05-01", on="2027-06-01")
    least, most = (
        float(end.replace(",", ""))
        for end in re.findall(r"paths: ([\d,.]+) to ([\d,.]+) \(", citation.note)[0]
    )
    assert "the computation leaves each end open by about " in citation.note
    step = 10.0 ** math.floor(math.log10(read.mcse))
    assert least % step == most % step == 0
    assert abs(most - read.upper) <= read.mcse
    rough = 8 * read.mcse > (read.upper - read.median) / 2
    assert ("more draws would move the ends" in citation.note) == rough
