"""From a recorded count to a forecast: the law of futures, and what is said about it."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy import special

import attrition as at
import oracles
from attrition.models.counts.counted import exceedance, gamma_tail
from attrition.models.pace.futures import Futures
from test_pace import random_walk, series_of

DATA = Path(at.__path__[0]) / "bundled"


@pytest.fixture(scope="module")
def tally() -> at.Series:
    return at.read_series(DATA / "general_staff_personnel_to_2025-06-03.csv")


def constant(rate: float, phi: float, days: int) -> Futures:
    nodes = -(-days // 7) + 1
    return Futures(np.full((1, nodes), np.log(rate)), np.full(1, phi), np.zeros(1), 7)


def test_the_cube_root_of_a_gamma_is_near_normal() -> None:
    for shape in (0.5, 2.0, 30.0, 400.0):
        level = shape * np.array([0.5, 0.9, 1.0, 1.1, 1.6])
        error = gamma_tail(np.full(5, shape), level) - special.gammaincc(shape, level)
        assert np.abs(error).max() < 0.01


def test_a_constant_rate_gives_the_law_of_a_poisson_count() -> None:
    law = exceedance(constant(10.0, 1.0, 140), np.array([1_000.0]), 140)[0]
    expected = [oracles.poisson(10.0, 1_000.0, day) for day in range(1, 141)]
    assert np.abs(law[1:] - expected).max() < 3e-3
    twin = [oracles.poisson(10.2, 1_000.0, day) for day in range(1, 141)]
    assert np.abs(law[1:] - twin).max() > 0.1


def test_a_constant_overdispersed_rate_gives_the_law_of_a_gamma_process() -> None:
    law = exceedance(constant(10.0, 20.0, 140), np.array([1_000.5]), 140)[0]
    expected = [oracles.gamma_process(0.5, 20.0, 1_000.0, day) for day in range(1, 141)]
    assert np.abs(law[1:] - expected).max() < 2e-3


def test_the_law_of_random_futures_is_that_of_their_simulated_counts() -> None:
    fit = at.pace.fit_pace(series_of(random_walk(500, 0.1, 5.0, seed=11)[0]))
    days, gaps = 182, np.array([10_000.0, 25_000.0])
    law = exceedance(fit.draw(days, 4_096, np.random.default_rng(1)), gaps, days)
    futures = fit.draw(days, 4_096, np.random.default_rng(2))
    from attrition.models.pace.futures import simulate_counts

    totals = np.cumsum(simulate_counts(futures, days, np.random.default_rng(3)), axis=1)
    for row, gap in zip(law, gaps, strict=True):
        simulated = (totals >= gap).mean(axis=0)
        assert np.abs(row[1:] - simulated).max() < 5 * np.sqrt(0.5 / 4_096) + 0.01


def test_what_is_asked_of_the_past_is_already_and_of_the_far_beyond(tally: at.Series) -> None:
    forecast = at.forecast(tally, thresholds=[900_000, 9e7], seed=1, tolerance=30)
    law = forecast.law("recorded-total")
    assert at.laws.masses(law, 900_000).already == 1.0
    assert at.laws.masses(law, 9e7).beyond > 0.9


def test_the_worked_example_stands_next_to_the_day_it_happened(tally: at.Series) -> None:
    forecast = at.forecast(tally, thresholds=[1_000_000], seed=1)
    law = forecast.law("recorded-total")
    assert law.information_date == date(2025, 6, 3)
    read = at.laws.crossing(law, 1_000_000)
    happened = date(2025, 6, 12)
    assert read.lower.day is not None
    assert read.upper.day is not None
    assert read.lower.day <= happened <= read.upper.day
    assert (read.upper.day - read.lower.day).days <= 5
    assert read.mcse < 1 / 50
    citation = at.cite(law, 1_000_000)
    for part in ("on the count’s own reports to 3 June", "if it goes on as other counts have"):
        assert part in citation.sentence, part
    assert "1,195 reports of one count" in citation.note


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tally: at.Series) -> None:
    first, again, other = (
        at.forecast(tally, thresholds=[1_050_000], seed=seed, tolerance=5).law("recorded-total")
        for seed in (1, 1, 2)
    )
    assert first.surface().tobytes() == again.surface().tobytes()
    assert first.surface().tobytes() != other.surface().tobytes()


def test_nothing_after_the_information_date_is_used(tally: at.Series) -> None:
    day = date(2024, 6, 3)
    past = at.forecast(tally, thresholds=[600_000], seed=1, as_of=day, tolerance=5)
    alone = at.forecast(tally.until(day), thresholds=[600_000], seed=1, tolerance=5)
    assert past.information_date == day
    assert past.law("recorded-total").surface().tobytes() == (
        alone.law("recorded-total").surface().tobytes()
    )


def test_thresholds_left_out_are_the_next_round_numbers(tally: at.Series) -> None:
    forecast = at.forecast(tally, seed=1, tolerance=30)
    assert forecast.thresholds["recorded-total"] == (1_000_000.0, 1_200_000.0)


def test_totals_on_a_day_agree_with_the_dates(tally: at.Series) -> None:
    forecast = at.forecast(tally, thresholds=[1_100_000], seed=1, tolerance=2)
    law = forecast.law("recorded-total")
    median = at.laws.crossing(law, 1_100_000).median
    assert median.day is not None
    assert at.laws.total(law, median.day).median == pytest.approx(1_100_000, rel=0.01)


def test_the_total_on_the_last_day_of_a_count_is_the_count(tally: at.Series) -> None:
    law = at.forecast(tally, thresholds=[1_000_000], seed=1).law("recorded-total")
    total = law.total(law.information_date)
    assert total.lower == total.median == total.upper == tally.totals[-1]
    assert total.mcse == 0


def test_a_short_series_says_so_in_the_notes_of_its_law() -> None:
    forecast = at.forecast(series_of(np.full(40, 20.0)), thresholds=[1_000], seed=1, tolerance=30)
    assert any("stated prior" in note for note in forecast.law("recorded-total").provenance.notes)


def test_whole_paths_of_a_count_are_labelled_and_have_its_law(tally: at.Series) -> None:
    forecast = at.forecast(
        tally, thresholds=[1_050_000], seed=1, horizon=date(2025, 12, 1), tolerance=2
    )
    law, draws = forecast.law("recorded-total"), 4_000
    paths = forecast.paths("recorded-total", draws=draws, rng=2, threads=1)
    again = forecast.paths("recorded-total", draws=draws, rng=2, threads=2)
    assert paths.dims == ("draw", "time")
    assert paths.attrs["units"] == "personnel"
    assert paths.values.tobytes() == again.values.tobytes()
    assert (paths.isel(time=0) == 990_800).all()
    assert (paths.diff("time") >= 0).all()
    total = at.Law.from_paths(paths, [1_050_000, 1_100_000])
    for day in (date(2025, 7, 25), date(2025, 8, 20), date(2025, 11, 1)):
        expected, simulated = (at.laws.probability_by(x, 1_050_000, day) for x in (law, total))
        error = 5 * np.sqrt(max(expected * (1 - expected), 1e-3) / draws) + 0.01
        assert abs(simulated - expected) < error
    few = forecast.paths("recorded-total", draws=3, rng=2, dtype=np.float32)
    assert few.dtype == np.float32
    assert np.allclose(few, paths[:3], rtol=1e-6)
    with pytest.raises(at.InputError, match="at least one draw"):
        forecast.paths("recorded-total", draws=0, rng=1)
    with pytest.raises(at.InputError, match="whose start is known"):
        dataclasses.replace(forecast, pace=None).paths("recorded-total", draws=1, rng=1)


def test_a_horizon_before_the_last_report_is_refused(tally: at.Series) -> None:
    with pytest.raises(at.InputError, match="horizon"):
        at.forecast(tally, seed=1, horizon=tally.days[-1] - timedelta(days=1))
