"""What is newly counted within fixed leads: scores by their definitions, and who knew what."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import attrition as at
from attrition.evaluation import IncrementOutcome
from attrition.evaluation.increments import (
    LEADS,
    LEVELS,
    increment_summary,
    last_year,
    quantiles_of,
    trailing_errors,
)
from attrition.forecasts import HUB_LEVELS

START = np.datetime64("2024-01-01", "s")


def series_of(counts: np.ndarray) -> at.Series:
    days = START + np.arange(counts.size) * np.timedelta64(86_400, "s")
    return at.read_series(xr.DataArray(counts, {"time": days}, name="daily"))


@given(
    st.lists(st.floats(-1e4, 1e4), min_size=200, max_size=200),
    st.floats(-2e4, 2e4),
)
def test_scores_are_those_of_their_definitions(draws: list[float], came: float) -> None:
    ensemble = np.array(draws)
    row = IncrementOutcome(date(2024, 1, 1), 28, came, quantiles_of(ensemble))
    wanted = np.quantile(ensemble, HUB_LEVELS)
    levels = np.array(HUB_LEVELS)
    over = came - wanted
    wis = 2 * np.mean(np.where(over >= 0, levels * over, (levels - 1) * over))
    assert row.wis == pytest.approx(wis)
    # the CRPS of an ensemble, as Gneiting and Raftery have it: 99 levels are near it
    apart = np.abs(ensemble[:, None] - ensemble).mean() / 2
    exact = np.abs(ensemble - came).mean() - apart
    assert row.crps == pytest.approx(exact, rel=0.05, abs=0.02 * np.ptp(ensemble) + 1e-9)
    assert 0 <= row.pit(0.0) <= row.pit(1.0) <= 1


def test_the_pit_of_a_right_forecast_is_even_and_of_a_narrow_one_is_not() -> None:
    rng = np.random.default_rng(1)
    came = rng.poisson(300, 400).astype(float)
    ensemble = rng.poisson(300, 100_000).astype(float)
    narrow = ensemble.mean() + (ensemble - ensemble.mean()) / 3
    first = date(2024, 1, 1)
    for draws, low, high in ((ensemble, 0.86, 0.94), (narrow, 0.3, 0.6)):
        quantiles = quantiles_of(draws)
        rows = [
            IncrementOutcome(first + timedelta(days=7 * i), 7, gain, quantiles)
            for i, gain in enumerate(came)
        ]
        summary = increment_summary("one", rows, 1)
        assert low < summary.coverage[2] < high
        assert summary.independent == summary.count == came.size
        assert summary.below + summary.above == pytest.approx(1 - summary.coverage[2])


def test_increments_that_overlap_count_once() -> None:
    rows = [
        IncrementOutcome(date(2024, 1, 1) + timedelta(days=14 * i), 91, 1.0, np.ones(LEVELS.size))
        for i in range(14)
    ]
    assert increment_summary("one", rows, 1).independent == 2


def test_a_steady_count_is_held_and_no_later_row_is_seen() -> None:
    counts = np.random.default_rng(3).poisson(50, 700).astype(float)
    past = at.hindcast(series_of(counts), rng=1, every=28)
    assert {row.lead for row in past.increments["attrition"]} == set(LEADS)
    for summary in past.table_of_increments():
        if summary.method == "attrition":
            assert summary.coverage[2] >= 0.8
            assert summary.crps < 10 * np.sqrt(50 * summary.lead)
    cut = 500
    later = counts.copy()
    later[cut:] = 7 * later[cut:] + 900
    other = at.hindcast(series_of(later), rng=1, every=28)
    last = date(2024, 1, 1) + timedelta(days=cut)
    pairs = 0
    for method, rows in past.increments.items():
        for a, b in zip(rows, other.increments[method], strict=True):
            if a.origin < last:
                assert np.array_equal(a.quantiles, b.quantiles)
                pairs += 1
            if a.origin + timedelta(days=a.lead) < last:
                assert a.came == b.came
    assert pairs > 50


def test_what_came_is_the_difference_of_two_printed_totals() -> None:
    counts = np.random.default_rng(4).poisson(20, 420).astype(float)
    past = at.hindcast(series_of(counts), rng=1, every=28)
    total = np.cumsum(counts)
    for row in past.increments["attrition"]:
        first = (row.origin - date(2024, 1, 1)).days
        assert row.came == total[first + row.lead] - total[first]


def test_workers_and_pieces_change_nothing(tmp_path: Path) -> None:
    series = series_of(np.random.default_rng(5).poisson(20, 400).astype(float))
    alone = at.hindcast(series, rng=1)
    shared = at.hindcast(series, rng=1, workers="threads", checkpoint=tmp_path / "kept")
    again = at.hindcast(series, rng=1, checkpoint=tmp_path / "kept")
    for other in (shared, again):
        for method, rows in alone.increments.items():
            for a, b in zip(rows, other.increments[method], strict=True):
                assert (a.origin, a.lead, a.came) == (b.origin, b.lead, b.came)
                assert np.array_equal(a.quantiles, b.quantiles)


def test_from_two_figures_nothing_of_the_past_but_total_and_pace_is_known() -> None:
    rng = np.random.default_rng(6)
    counts = rng.poisson(40, 300).astype(float)
    shuffled = counts.copy()
    shuffled[:150] = rng.permutation(shuffled[:150])  # the same total by the first origin
    options = {"rng": 1, "every": 120, "route": "two figures", "baselines": {}}
    one = at.hindcast(series_of(counts), **options)  # type: ignore[call-overload]
    two = at.hindcast(series_of(shuffled), **options)  # type: ignore[call-overload]
    rows, others = one.increments["attrition"], two.increments["attrition"]
    assert rows
    assert all(np.array_equal(a.quantiles, b.quantiles) for a, b in zip(rows, others, strict=True))
    wide = {r.lead: np.ptp(r.quantiles) for r in rows}
    whole = at.hindcast(series_of(counts), rng=1, every=120)
    calm = {r.lead: np.ptp(r.quantiles) for r in whole.increments["attrition"]}
    assert all(wide[lead] > calm[lead] for lead in wide)
    with pytest.raises(at.InputError, match="route"):
        at.hindcast(series_of(counts), rng=1, route="three figures")  # type: ignore[call-overload]


def test_rivals_are_what_they_say() -> None:
    history = np.cumsum(np.full(500, 10.0))
    assert np.allclose(trailing_errors(history, 28), 280.0)
    assert np.allclose(last_year(history, 28), 280.0)
    assert np.allclose(last_year(history[:100], 91), 910.0)
    doubled = np.cumsum(np.r_[np.full(400, 10.0), np.full(100, 20.0)])
    assert np.quantile(trailing_errors(doubled, 28), 0.5) == pytest.approx(560.0)
