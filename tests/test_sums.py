"""Several totals together, and how far their paces go together."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import attrition as at
from attrition.page import page_content, page_html

BOTH = ["north-killed", "south-killed"]
DAY = "2025-06-03"


def two_sides(**more: Any) -> at.Dossier:
    """Return a dossier of two sides, of which nothing is common, and a part of the one."""
    quantity = {
        "definition": "killed",
        "unit": "persons",
        "bases": ["latent"],
        "thresholds": [200_000],
    }
    facts = [
        ("north-killed", "level", "about 100,000 killed"),
        ("north-killed", "rate", "around 200 killed a day"),
        ("south-killed", "level", "about 60,000 killed"),
        ("south-killed", "rate", "around 150 killed a day"),
        ("north-civilians", "level", "about 20,000 civilians killed"),
    ]
    return at.Dossier.of(
        id="two-sides",
        sources={"a": {"name": "Agency"}},
        quantities={
            "north-killed": {"title": "Northern deaths", **quantity},
            "south-killed": {"title": "Southern deaths", **quantity},
            "north-civilians": {
                "title": "Northern civilians killed",
                **quantity,
                "part_of": "north-killed",
            },
            "north-days": {**quantity, "title": "Days", "unit": "days"},
        },
        claims=[
            {
                "quantity": key,
                "source": "a",
                "kind": kind,
                "quote": quote,
                "as_of": DAY,
                "published": DAY,
                **({"per": "day"} if kind == "rate" else {}),
            }
            for key, kind, quote in facts
        ],
        **more,
    )


def asked(share: float = 0.0) -> at.Forecast:
    """Forecast both sides."""
    return at.forecast(
        two_sides(), quantities=[*BOTH, "north-civilians"], seed=1, common_pace=share
    )


@pytest.fixture(scope="module")
def forecasts() -> dict[float, at.Forecast]:
    """Forecasts with nothing, half and all of the paces ahead in common."""
    return {share: asked(share) for share in (0.0, 0.5, 1.0)}


def test_a_sum_of_totals_that_know_nothing_of_one_another_is_a_convolution(
    forecasts: dict[float, at.Forecast],
) -> None:
    forecast = forecasts[0.0]
    law = forecast.sum(BOTH, [200_000])
    levels = (np.arange(400) + 0.5) / 400
    for day in (DAY, "2025-12-03", "2027-01-01"):
        north, south = (forecast.law(key).quantiles(levels, on=day) for key in BOTH)
        sums = np.sort(np.add.outer(north, south).ravel())
        for level in (0.05, 0.25, 0.5, 0.75, 0.95):
            exact = float(sums[int(level * sums.size)])
            drawn = float(law.quantiles(level, on=day)[0])
            share = float((sums < drawn).mean())
            # 16 replicates of 512 pairs, and the two laws' own errors
            assert share == pytest.approx(level, abs=5 * np.sqrt(level * (1 - level) / 2048)), exact


def test_a_common_pace_widens_a_sum_and_narrows_a_ratio(
    forecasts: dict[float, at.Forecast],
) -> None:
    widths, ratios = [], []
    for forecast in forecasts.values():
        total = forecast.sum(BOTH, [200_000]).total("2027-01-01")
        widths.append(np.log(total.upper / total.lower))
        ratio = forecast.ratio(*BOTH, on="2027-01-01", since=DAY)
        ratios.append(np.log(ratio.upper / ratio.lower))
    assert widths[0] < widths[1] < widths[2]
    assert ratios[0] > ratios[1] > ratios[2]


def test_a_common_pace_leaves_each_total_as_it_is(forecasts: dict[float, at.Forecast]) -> None:
    ratios = [forecast.law("south-killed").surface() for forecast in forecasts.values()]
    assert all((surface == ratios[0]).all() for surface in ratios)
    days = [
        forecast.dates(("south-killed", 90_000))["day"].values for forecast in forecasts.values()
    ]
    shares = [float((values <= 200).mean()) for values in days]
    assert np.ptp(shares) < 0.03


def test_the_law_of_a_sum_answers_whatever_is_asked(forecasts: dict[float, at.Forecast]) -> None:
    law = forecasts[0.5].sum(BOTH, [200_000])
    day = "2026-03-01"
    threshold = float(law.quantiles(0.5, on=day)[0])
    assert law.probability(threshold, by=day) == pytest.approx(0.5, abs=0.02)
    sentence = str(law.cite(200_000))
    assert sentence.startswith("Northern deaths and Southern deaths together")
    assert "common pace 0.5" in law.cite(200_000).note


@pytest.mark.parametrize(
    ("quantities", "words"),
    [
        (["north-killed"], "two or more"),
        (["north-killed", "north-killed"], "counted twice"),
        (["north-killed", "north-civilians"], "north-civilians is counted twice"),
        (["north-killed", "north-days"], "of one unit"),
        ("north-killed", "two or more"),
        (["north-killed", "east-killed"], "east-killed"),
    ],
)
def test_what_cannot_be_added_is_refused(
    forecasts: dict[float, at.Forecast], quantities: Any, words: str
) -> None:
    with pytest.raises(at.InputError, match=words):
        forecasts[0.0].sum(quantities, [100_000])


def test_a_sum_that_a_question_asks_about_is_in_its_record(tmp_path: Path) -> None:
    key = "+".join(BOTH)
    dossier = two_sides()
    forecast = at.forecast(
        dossier, quantities=[key], thresholds=[200_000], seed=1, common_pace=0.5, end_hazard=0.001
    )
    parts = at.forecast(dossier, quantities=BOTH, seed=1, common_pace=0.5)
    assert (forecast.law(key).surface() == parts.sum(BOTH, [200_000]).surface()).all()
    assert list(forecast.laws) == list(forecast.unconditional) == [(key, "latent")]

    record = at.reporting.make_record(forecast)
    verification = at.verify(
        at.reporting.read_record(at.reporting.write_record(record, tmp_path / "r"))
    )
    assert verification.holds, verification
    assert at.reporting.read_record(tmp_path / "r").laws[0].provenance["quantity"] == key

    day = "2026-03-01"
    passed = forecast.law(key).probability(200_000, by=day)
    days = forecast.dates((key, 200_000))["day"].values
    offset = (date.fromisoformat(day) - forecast.information_date).days
    assert float((days <= offset).mean()) == pytest.approx(passed, abs=0.01)
    weekly = forecast.increments(key)["draws"].values
    assert weekly == pytest.approx(sum(parts.increments(one)["draws"].values for one in BOTH))
    assert "report of Northern deaths" in (page := page_html(page_content(forecast)))
    assert "report of Southern deaths" in page
    with pytest.raises(at.InputError, match="the posterior of one total"):
        at.forecasts.influence(forecast, key, 200_000)


@pytest.mark.parametrize(
    ("quantities", "thresholds", "words"),
    [
        (["north-killed+south-killed"], None, "without a threshold"),
        (["north-killed+south-killed", "north-killed"], [200_000], "asked about alone"),
        (["north-killed+east-killed"], [200_000], "east-killed"),
        (["north-killed+north-civilians"], [200_000], "counted twice"),
    ],
)
def test_a_sum_is_asked_about_alone_at_its_own_thresholds(
    quantities: list[str], thresholds: list[float] | None, words: str
) -> None:
    with pytest.raises(at.InputError, match=words) as refused:
        at.forecast(two_sides(), quantities=quantities, thresholds=thresholds)
    assert "=[" not in str(refused.value)  # which nobody can type in a shell


@pytest.mark.parametrize("share", [-0.1, 1.5, True, "half"])
def test_a_common_pace_is_a_correlation(share: Any) -> None:
    with pytest.raises(at.InputError, match="correlation from 0 to 1"):
        at.Question(common_pace=share)


def test_two_thresholds_of_a_recorded_count_are_asked_together() -> None:
    import pandas as pd

    daily = np.random.default_rng(3).poisson(50, 300).astype(float)
    index = pd.date_range("2024-08-01", periods=300)
    count = at.read_series(pd.Series(daily.cumsum(), index=index, name="cumulative"))
    forecast = at.forecast(count, thresholds=[16_000, 17_000], tolerance=30.0, seed=1)
    first, second = ("recorded-total", 16_000.0), ("recorded-total", 17_000.0)
    answer = forecast.before(first, second)
    assert answer.second_before == answer.same_day == 0.0
    assert answer.first_before + answer.neither == pytest.approx(1.0)
    days = forecast.dates(first)["day"].values
    middle = forecast.law().crossing(16_000).median.offset
    assert middle is not None
    assert float(np.median(days)) == pytest.approx(middle, abs=2)


def test_a_sum_is_asked_about_thresholds_however_close(bundled: at.Dossier) -> None:
    totals = ["russian-casualties", "ukrainian-casualties"]
    forecast = at.forecast(bundled, seed=1, quantities=totals, size=16)
    rng = np.random.default_rng(0)
    for _ in range(8):
        middle = 1.2e6 * math.exp(0.3 * rng.standard_normal())
        asked = middle * (1 + np.cumsum(rng.uniform(1e-5, 2e-3, 6)))
        law = forecast.sum(totals, asked.tolist())
        assert (np.diff(law.surface(), axis=1) <= 0).all()
        assert (np.diff(law.surface(), axis=2) >= 0).all()
