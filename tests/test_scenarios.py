"""Another pace from a day on, and a stop: what is supposed of the days ahead."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import attrition as at
from attrition.core.laws.scenarios import Bend, Scenario

KNOWN, BEND = date(2025, 6, 3), date(2025, 9, 1)
QUOTED = [
    at.claim("about 250,000 killed", source="A", on=KNOWN),
    at.claim("around 300 killed a day", source="A", on=KNOWN),
]
LEVELS = [0.02, 0.25, 0.5, 0.75, 0.98]


def counted(rate: float = 100.0, days: int = 400) -> at.Series:
    """Return a count of Poisson days."""
    daily = np.random.default_rng(5).poisson(rate, days).astype(float)
    index = pd.date_range(end=KNOWN, periods=days)
    return at.read_series(pd.Series(daily.cumsum(), index=index, name="cumulative"))


def asked(data: Any, scenario: Any = None, **options: Any) -> at.Law:
    """Return the law of the only total."""
    return at.forecast(data, scenario=scenario, seed=1, **options).law()


YEAR = {"horizon": "2026-09-01"}
DATA: dict[str, tuple[Any, dict[str, Any]]] = {
    "quoted": (QUOTED, {"thresholds": [300_000], "bases": "a", **YEAR}),
    "the toll itself": (QUOTED, {"thresholds": [300_000], "bases": "latent", **YEAR}),
    "a count": (counted(), {"thresholds": [55_000], "tolerance": 30.0, **YEAR}),
}


@pytest.fixture(scope="module", params=DATA)
def laws(request: pytest.FixtureRequest) -> dict[float | None, at.Law]:
    """Laws of one total by the factor of its pace from September on."""
    data, options = DATA[request.param]
    return {
        factor: asked(data, None if factor is None else {"pace": factor, "from": BEND}, **options)
        for factor in (None, 0.0, 0.5, 1.0, 2.0)
    }


def test_what_comes_before_the_day_is_untouched(laws: dict[float | None, at.Law]) -> None:
    for factor in (0.0, 0.5, 1.0, 2.0):
        for day in (KNOWN, date(2025, 7, 1), BEND - timedelta(days=1)):
            supposed, usual = (laws[key].total(day) for key in (factor, None))
            error = 5 * np.hypot(supposed.mcse, usual.mcse) + 1
            assert supposed.lower == pytest.approx(usual.lower, abs=error)
            assert supposed.median == pytest.approx(usual.median, abs=error)
            assert supposed.upper == pytest.approx(usual.upper, abs=error)


@pytest.mark.parametrize("name", DATA)
def test_what_is_added_later_is_multiplied(name: str) -> None:
    data, options = DATA[name]
    added = {}
    for factor in (0.0, 0.5, 1.0, 2.0):
        scenario = {"pace": factor, "from": BEND}
        forecast = at.forecast(
            data, scenario=scenario, seed=1, size=64, **{**options, "tolerance": 1e4}
        )
        paths = forecast.paths(*next(iter(forecast.laws)), draws=8192, rng=3)
        last = paths.sel(time=str(BEND - timedelta(days=1)))
        added[factor] = paths.sel(time=["2025-10-01", "2026-06-03"]) - last
    for factor in (0.0, 0.5, 2.0):  # the same draws; the noise of their days is another
        ratio = added[factor].median("draw") / added[1.0].median("draw")
        np.testing.assert_allclose(ratio.values, factor, rtol=0.03)


def test_a_slower_pace_never_passes_earlier(laws: dict[float | None, at.Law]) -> None:
    (asked,) = laws[None].provenance.asked
    top = laws[None].thresholds[-1]
    for threshold in (asked, (asked + top) / 2, 0.999 * top, 1.05 * top):
        for day in (date(2025, 12, 1), date(2026, 8, 1)):
            chances = [laws[f].probability(threshold, by=day) for f in (0.0, 0.5, 1.0, 2.0)]
            # of what was not asked the far tail rests on a few draws, whose noise is another
            points = 16 * laws[1.0].provenance.points
            error = 0.0 if threshold == asked else np.sqrt(max(chances) / points)
            assert np.diff(chances).min() > -1e-9 - error, chances


def test_after_a_stop_nothing_moves(laws: dict[float | None, at.Law]) -> None:
    stopped = laws[0.0]
    for day in (BEND, date(2025, 9, 2), date(2026, 1, 1), stopped.horizon):
        last = stopped.quantiles(LEVELS, on=BEND - timedelta(days=1))
        np.testing.assert_allclose(stopped.quantiles(LEVELS, on=day), last, rtol=1e-9)
    column = stopped.surface()[:, 0]
    place = (BEND - stopped.information_date).days
    assert np.ptp(column[:, place:], axis=1).max() < 1e-9


def test_paths_and_law_agree_under_a_scenario() -> None:
    for name, (data, options) in DATA.items():
        forecast = at.forecast(data, scenario="0.3 from 2025-08-14", seed=1, **options)
        quantity, basis = next(iter(forecast.laws))
        paths = forecast.paths(quantity, basis, draws=8192, rng=2)
        for day in ("2025-08-20", "2025-10-05", "2026-06-03"):
            drawn = paths.sel(time=day).values
            law = forecast.law()
            for level in LEVELS:
                share = float((drawn < law.quantiles(level, on=day)[0]).mean())
                error = np.sqrt(level * (1 - level) / 2048)  # weights are uneven
                assert share == pytest.approx(level, abs=5 * error), (name, day, level)


def test_a_halved_poisson_count_scatters_as_poisson_does() -> None:
    """The noise is that of what is counted, not half of the noise of twice as much."""
    series, day = counted(100.0), date(2025, 6, 20)
    law = asked(series, {"pace": 0.25, "from": "2025-06-04"}, kind="steady")
    low, high = law.quantiles([0.05, 0.95], on=day)
    last = float(series.totals[-1])
    mean, days = 25.0, (day - KNOWN).days
    exact = mean * days
    assert (low + high) / 2 - last == pytest.approx(exact, rel=0.05)
    assert high - low >= 2 * 1.645 * np.sqrt(exact) * 0.97


@pytest.mark.parametrize("pace", [0.25, 0.5, 1.5, 2.0, 3.0])
def test_the_words_of_a_pace_name_its_factor(pace: float) -> None:
    words = {"half": 0.5, "one and a half times": 1.5, "twice": 2.0, "0.25 times": 0.25}
    factor = Scenario(since=date(2025, 9, 1), pace=pace).words().split("at ")[1].split(" the ")[0]
    assert {**words, "3 times": 3.0}[factor] == pace


def test_a_sentence_says_what_is_supposed() -> None:
    halved = at.forecast(QUOTED, scenario={"pace": 0.5, "from": BEND}, end_hazard=0.002)
    sentence = str(halved.cite(300_000))
    assert "at half the pace from 1 September 2025" in sentence
    (ending,) = [law for law in halved.unconditional.values() if law.provenance.basis == "a"][:1]
    assert "at half the pace" in str(ending.cite(300_000))
    stopped = at.forecast(QUOTED, scenario={"stop": BEND})
    assert "stops on 1 September 2025" in str(stopped.cite(300_000))
    assert not stopped.unconditional


def test_a_report_is_left_out_under_the_same_scenario() -> None:
    claims = [*QUOTED, at.claim("about 260,000 killed", source="B", on=KNOWN)]
    options: dict[str, Any] = {"thresholds": [280_000], "bases": "latent", "seed": 1}
    usual = at.forecast(claims, **options)
    halved = at.forecast(claims, scenario={"pace": 0.5, "from": "2025-06-10"}, **options)
    shifts = [
        float(
            np.nanmax(
                np.abs(at.forecasts.influence(made, "killed", 280_000, "latent")["shift_days"])
            )
        )
        for made in (usual, halved)
    ]
    assert shifts[1] > 1.3 * shifts[0]


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ({"pace": -1, "from": BEND}, "factor from 0 to 100"),
        ({"pace": 0.5}, "a pace from a day on, or a stop"),
        ({"pace": True, "from": BEND}, "a pace from a day on, or a stop"),
        ({"pace": 0.5, "form": BEND}, "a pace from a day on, or a stop"),
        ("half from September", "a pace from a day on, or a stop"),
        ({"stop": "2025-02-30"}, "a day must be a date"),
        ({"stop": KNOWN}, "must begin after the information date"),
        ({"stop": "2040-01-01"}, "must begin after the information date"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused(scenario: Any, words: str) -> None:
    for data, options in DATA.values():
        with pytest.raises(at.InputError, match=words):
            at.forecast(data, scenario=scenario, **options)


def test_an_end_by_chance_and_a_stop_are_not_asked_together() -> None:
    with pytest.raises(at.InputError, match="by chance or on a day"):
        at.forecast(QUOTED, scenario={"stop": BEND}, end_hazard=0.01)


@given(st.floats(0, 100), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_scenario_is_read_back_as_it_was_written(factor: float, day: date) -> None:
    scenario = Scenario(factor, day)
    assert Scenario.of(scenario.to_dict()) == scenario
    assert Scenario.of(f"{factor!r} from {day}") == scenario
    question = at.Question(scenario=scenario.to_dict(), end_hazard=None)
    assert at.Question.from_json(question.to_json()).scenario == scenario


@given(st.integers(0, 60), st.floats(0, 3), st.integers(0, 6))
def test_the_factor_of_a_week_is_the_mean_of_its_days(day: int, factor: float, shift: int) -> None:
    bend = Bend(day, factor)
    begins = np.arange(shift, 70.0, 7.0)
    daily = bend.daily(84)
    means = [daily[int(begin) : int(begin) + 7].mean() for begin in begins]
    np.testing.assert_allclose(bend.weekly(begins, 7.0), means, atol=1e-12)
