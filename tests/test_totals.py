"""Totals on a day: whatever was asked, a law says the same of them, and says it right."""

from __future__ import annotations

import functools
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import attrition as at
from attrition.core._typing import Floats
from attrition.core.laws import Law, Totals, node_days, round_count, totals_of, weighted_totals

TALLY = Path(at.__path__[0]) / "bundled" / "general_staff_personnel_to_2025-06-03.csv"
START = date(2025, 6, 3)


@functools.cache
def counted() -> at.Forecast:
    return at.forecast(at.read_series(TALLY), thresholds=[1_020_000.0], seed=1)


@functools.cache
def reported() -> at.Forecast:
    return at.forecast(at.read_dossier("russia-ukraine-2025-06"), seed=1)


@functools.cache
def assimilated() -> at.Forecast:
    dossier = at.read_dossier("russia-ukraine-2025-06")
    return at.forecast(dossier, seed=1, quantities=["russian-casualties", "russian-killed"])


@functools.cache
def gamma_totals(shape: float, scale: float, days: int) -> Totals:
    """Return the quantiles of a gamma process from a million, by draws."""
    nodes = node_days(days)
    rng = np.random.default_rng(5)
    steps = rng.gamma(
        shape * np.diff(nodes, prepend=0)[None, None] + 1e-12, scale, (16, 16_384, nodes.size)
    )
    return totals_of(list(1e6 + np.cumsum(steps, axis=2)), nodes)


def test_the_total_of_the_tally_two_and_four_weeks_ahead() -> None:
    """The interval of the count's own paths; a grid of thresholds once gave 1,014,000-1,058,000.

    Paths whose first week moved by half a step gave 1,004,200-1,009,100 and 1,016,700-1,028,400:
    these ends lie a little outside of them, never inside.
    """
    law = counted().law("recorded-total")
    near, later = (at.laws.total(law, date(2025, 6, 17)), at.laws.total(law, date(2025, 7, 1)))
    assert near.lower == pytest.approx(1_003_500, abs=400)
    assert near.upper == pytest.approx(1_009_500, abs=400)
    assert later.lower == pytest.approx(1_014_700, abs=600)
    assert later.upper == pytest.approx(1_029_800, abs=600)


@pytest.mark.parametrize("day", [1, 3, 10, 14, 45, 200])
@pytest.mark.parametrize("probability", [0.02, 0.25, 0.5, 0.9, 0.99])
def test_quantiles_of_a_gamma_process_are_its_own(day: int, probability: float) -> None:
    shape, scale = 0.5, 20.0
    quantile = float(gamma_totals(shape, scale, 200).quantile(day, probability).mean())
    share = stats.gamma.cdf(quantile - 1e6, shape * day, scale=scale)
    assert share == pytest.approx(probability, abs=5e-3)


def test_quantiles_of_another_process_are_noticed() -> None:
    shape, scale = 0.5, 20.0
    quantile = float(gamma_totals(shape, scale * 1.1, 200).quantile(45, 0.9).mean())
    assert abs(stats.gamma.cdf(quantile - 1e6, shape * 45, scale=scale) - 0.9) > 5e-3


@settings(max_examples=settings().max_examples // 4, deadline=None)
@given(day=st.integers(1, 700), probability=st.floats(0.01, 0.99))
def test_a_total_and_the_probability_of_passing_it_are_each_other_inverted(
    day: int, probability: float
) -> None:
    for make, quantity in ((counted(), "recorded-total"), (reported(), "russian-killed")):
        law = make.law(quantity)
        on = law.information_date + timedelta(days=day)
        level = at.laws.total(law, on, prob=abs(2 * probability - 1) or 0.5)
        for end, left in ((level.lower, (1 - level.prob) / 2), (level.upper, (1 + level.prob) / 2)):
            assert at.laws.probability_by(law, end, on) == pytest.approx(1 - left, abs=0.005)


@settings(max_examples=settings().max_examples // 7, deadline=None)
@given(day=st.integers(2, 700), prob=st.sampled_from([0.5, 0.8, 0.9, 0.98]))
def test_intervals_of_totals_hold_what_they_say_of_plain_paths(day: int, prob: float) -> None:
    for law, paths in _laws_and_paths():
        read = at.laws.total(law, law.information_date + timedelta(days=day), prob=prob)
        seen = paths[:, day]
        share = float(((seen >= read.lower) & (seen <= read.upper)).mean())
        noise = 5 * (prob * (1 - prob) * (1 / seen.size + 2 / 16_384)) ** 0.5
        assert abs(share - prob) <= noise + 0.005


@functools.cache
def _laws_and_paths() -> list[tuple[Law, Floats]]:
    pairs = []
    for make, quantity, basis in (
        (counted(), "recorded-total", None),
        (reported(), "russian-casualties", "csis"),
        (reported(), "ukrainian-killed", "latent"),
        (reported(), "kharkiv-advance", None),
    ):
        paths = make.paths(quantity, basis, draws=16_384, rng=7, dtype=np.float32)
        pairs.append((make.law(quantity, basis), np.asarray(paths.values, dtype=float)))
    return pairs


@pytest.mark.parametrize("make", [counted, reported, assimilated])
def test_what_was_asked_and_what_was_not_agree(make) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    forecast = make()
    for (quantity, _), law in forecast.laws.items():
        assert law.totals is not None
        for threshold in forecast.thresholds[quantity]:
            asked = law.weights @ law.exceedance[:, list(law.thresholds).index(threshold)]
            read = law.weights @ law.totals.column(threshold)
            # the first days of a count that a threshold lies near are steps of whole persons
            assert np.abs(asked - read)[2:].max() < 0.012
            assert np.abs(asked - read)[30:].max() < 0.01


def test_a_threshold_far_beyond_is_as_likely_on_every_seed() -> None:
    series, day = at.read_series(TALLY), START + timedelta(days=180)
    laws = [
        at.forecast(series, thresholds=[1_020_000.0], seed=seed).law("recorded-total")
        for seed in (1, 2, 3)
    ]
    shares = [at.laws.probability_by(law, 5_000_000.0, day) for law in laws]
    assert max(shares) - min(shares) < 0.002
    (rare,) = laws[0].quantiles(0.999, on=day)
    again = [at.laws.probability_by(law, float(rare), day) for law in laws]
    assert again == pytest.approx([1e-3] * 3, abs=1e-3)  # four errors of so many draws


def test_a_law_that_is_stored_says_the_same_of_totals(tmp_path: Path) -> None:
    law = reported().law("kharkiv-advance")
    for suffix in ("nc", "zarr", "parquet"):
        same = at.exchange.read_law(at.exchange.write_law(law, tmp_path / f"law.{suffix}"))
        for day in (1, 40, 400):
            on = law.information_date + timedelta(days=day)
            assert at.laws.total(same, on) == at.laws.total(law, on)


def test_paths_from_elsewhere_say_what_their_totals_are() -> None:
    rng = np.random.default_rng(3)
    days = np.datetime64("2025-06-03", "s") + np.arange(60) * np.timedelta64(86_400, "s")
    values = np.cumsum(rng.poisson(100, (4_000, 60)), axis=1) + 5_000.0
    law = at.Law.from_paths(
        xr.DataArray(values, dims=("draw", "time"), coords={"time": days}), [9_000.0]
    )
    read = at.laws.total(law, START + timedelta(days=30))
    assert read.lower == pytest.approx(np.quantile(values[:, 30], 0.05), abs=15)
    assert read.upper == pytest.approx(np.quantile(values[:, 30], 0.95), abs=15)


def test_quantiles_rise_with_the_day_and_the_score() -> None:
    for law, _ in _laws_and_paths():
        assert law.totals is not None
        assert (np.diff(law.totals.values, axis=1) >= 0).all()
        assert (np.diff(law.totals.values, axis=2) >= 0).all()


@settings(max_examples=settings().max_examples // 3, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0, 1, 9, 300]), st.sampled_from([1, 5]))
def test_a_column_is_what_the_quantiles_of_each_day_say(seed: int, days: int, parts: int) -> None:
    """Every day is looked at here, and every score."""
    rng, nodes = np.random.default_rng(seed), node_days(days) if days else np.array([0])
    steps = rng.gamma(rng.choice([0.05, 2.0]), 10.0, (parts, 60, nodes.size))
    steps[:, :, nodes.size // 2 :] *= rng.choice([0.0, 1.0])  # on and on, or to a halt
    clock = np.cumsum(rng.random(days + 1) + 0.01)
    totals = totals_of(list(np.cumsum(steps, axis=2)), nodes, clock=clock)
    every, scores = totals.on(np.arange(days + 1)), np.linspace(-4, 4, 65)
    rows = np.concatenate([every, every.mean(axis=0, keepdims=True)])
    for threshold in rng.uniform(-1, 1.1 * every.max(), 5):
        below = np.array(
            [
                [stats.norm.cdf(np.interp(threshold, q, scores, -np.inf, np.inf)) for q in row]
                for row in rows
            ]
        )
        passed = 1 - np.clip(below[-1] + below[:-1] - below[:-1].mean(axis=0), 0, 1)
        expected = np.maximum.accumulate(passed, axis=1)
        np.testing.assert_allclose(totals.column(threshold), expected, atol=1e-9)
        at_nodes = np.maximum.accumulate(passed[:, nodes], axis=1)
        np.testing.assert_allclose(totals.column(threshold, nodes), at_nodes, atol=1e-9)


def test_a_draw_of_three_times_the_weight_counts_as_three() -> None:
    rng = np.random.default_rng(3)
    draws = rng.gamma(2.0, 10.0, (3, 16_000, 2))
    weights = np.where(draws[..., 0] > 20, 3, 1)
    parts = [np.repeat(part, often, axis=0) for part, often in zip(draws, weights, strict=True)]
    shares = [row / weights.sum() for row in weights]
    columns = draws.reshape(-1, 2).T[..., None]
    weighted = weighted_totals(columns, np.array([0, 1]), np.array(shares))
    repeated = totals_of(parts, np.array([0, 1]))
    inner = slice(8, -8)
    np.testing.assert_allclose(
        weighted.values[..., inner], repeated.values[..., inner], rtol=0.002, atol=0.02
    )


def test_the_digits_of_a_total_allow_for_its_monte_carlo_error() -> None:
    assert round_count(963_412.3, 990_210.9, 1_021_733.0) == (960_000, 990_000, 1_025_000)
    # ends that are round already stay, and so do those that are but for a rounding
    assert round_count(900_000.0, 950_000.0, 1_000_000.0) == (900_000, 950_000, 1_000_000)
    assert round_count(0.3, 0.6, 0.9, whole=False) == (0.3, 0.6, 0.9)
    ends = 963_412.3, 990_210.9, 1_021_733.0
    # eight errors are 4,000 and 12,000; steps of 20,000 would be more than half of what they round
    assert round_count(*ends, mcse=500.0) == (960_000, 990_000, 1_025_000)
    assert round_count(*ends, mcse=1_500.0) == (960_000, 990_000, 1_030_000)
    law = counted().law("recorded-total")
    assert (
        at.laws.total(law, date(2026, 6, 3)).mcse > at.laws.total(law, date(2025, 6, 17)).mcse > 0
    )


def test_totals_follow_the_habit_of_the_week() -> None:
    """Between two nodes most may be counted on one day; half of it on each is neither."""
    days = pd.date_range("2024-01-01", periods=420, freq="D")
    usual = np.where(days.day_of_week == 5, 420.0, 10.0)
    counts = pd.Series(np.random.default_rng(2).poisson(usual).astype(float), days, name="daily")
    make = at.forecast(at.read_series(counts), thresholds=[2_000_000.0], seed=1, tolerance=30)
    law = make.law("recorded-total")
    paths = np.median(make.paths("recorded-total", draws=4_096, rng=3).values, axis=0)
    off_nodes = sorted(set(range(15, 45)) - set(node_days(730).tolist()))
    read = [
        at.laws.total(law, law.information_date + timedelta(days=day)).median for day in off_nodes
    ]
    assert np.abs(np.array(read) - paths[off_nodes]).max() < 0.15 * 420


def test_a_stored_quantile_that_was_changed_is_noticed(tmp_path: Path) -> None:
    law = reported().law("kharkiv-advance")
    file = at.exchange.write_law(law, tmp_path / "law.nc")
    for name in ("total", "clock"):
        stored = xr.load_dataset(file, engine="h5netcdf")
        stored[name].values.flat[7] *= 1 + 1e-9
        changed = tmp_path / f"{name}.nc"
        stored.to_netcdf(changed, engine="h5netcdf")
        with pytest.raises(at.InputError, match="the one that was written"):
            at.exchange.read_law(changed)


def laws_with_a_first_day() -> list[Law]:
    """Return a new law of each route, so that nothing of it has been computed."""
    several = at.forecast(
        at.read_dossier("russia-ukraine-2025-06"), seed=2, quantities=["ukrainian-casualties"]
    )
    tally = at.read_series(TALLY)
    count = at.forecast(tally, thresholds=[float(tally.totals[-1]), 1_020_000.0], seed=2)
    two = at.when(1_000, level=(900, 1_100), rate=10, on="2025-06-03", seed=2)
    return [*several.laws.values(), *count.laws.values(), two.law]


def test_a_sentence_computes_the_totals_of_the_first_day_alone_and_they_are_those_of_all() -> None:
    for law in laws_with_a_first_day():
        at.cite(law, law.provenance.asked[0] if law.provenance.asked else 1_000.0)
        assert "totals" not in vars(law)
        start, every = law.totals_at_start, law.totals
        assert start is not None
        assert every is not None
        for probability in (0.01, 0.3, 0.5, 0.95):
            assert np.array_equal(start.quantile(0, probability), every.quantile(0, probability))
            assert not np.array_equal(
                every.quantile(0, probability), every.quantile(60, probability)
            )
