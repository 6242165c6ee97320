"""What may befall a count: it ends, it has stopped, its last giant is a backlog or a new pace."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import attrition as at
from attrition.core._typing import Floats
from attrition.models.counts.totals import draw_totals
from attrition.models.pace import FittedPace, Prior, fit_pace
from attrition.models.pace.fates import Fate, SlipReading
from test_pace import random_walk, series_of


def gains(pace: FittedPace, days: int, draws: int = 4_096) -> Floats:
    return draw_totals(pace, days, draws, rng=1)[:, days] - pace.total


def uniforms(draws: int) -> Floats:
    return np.random.default_rng(1).random((2, draws))


def test_a_stop_lasts_as_long_again_with_the_chance_that_its_silence_gives() -> None:
    fate, days = Fate(stopped=1.0 - 1e-9, silent=90.0), 7
    which, offset = fate.offsets(uniforms(20_000)[0], uniforms(20_000)[1], 104, days)
    assert which.size == 20_000
    for steps in (13, 52, 104):
        silent = np.mean(offset[steps] < -20)
        expected = np.sqrt(90 / (90 + days * steps))
        assert silent == pytest.approx(expected, abs=5 * np.sqrt(0.25 / 20_000) + 1e-3)
        assert silent != pytest.approx(expected**2, abs=0.02)  # not the wait of a known rate
    assert set(np.unique(offset[offset > -20])) == {0.0}  # and then goes on as it was


def test_so_many_futures_end_as_the_share_and_the_hazard_say() -> None:
    which, offset = Fate(ending=0.1, hazard=0.2 / 364).offsets(
        uniforms(40_000)[0], uniforms(40_000)[1], 52, 7
    )
    expected = 1 - 0.9 * np.exp(-0.2)
    assert which.size / 40_000 == pytest.approx(expected, abs=5 * np.sqrt(0.2 / 40_000))
    assert (np.diff(offset, axis=0) <= 0).all()
    assert (offset[0] == 0).all()


def test_a_gap_that_a_reading_just_reaches_is_reached() -> None:
    fate = Fate(readings=(SlipReading(0.7), SlipReading(0.3, 5.0)))
    reached = [fate.reached(gap) for gap in (0.0, 0.1, 5.0, 5.1)]
    assert reached == pytest.approx([1.0, 0.3, 0.3, 0.0])


def test_no_fate_changes_nothing() -> None:
    which, offset = Fate().offsets(uniforms(100)[0], uniforms(100)[1], 10, 7)
    assert which.size == 0
    assert offset.shape == (11, 0)


@pytest.mark.parametrize("silent", [90, 700])
def test_a_count_that_stopped_may_well_not_go_on(silent: int) -> None:
    before = np.random.default_rng(3).poisson(20.0, 400).astype(float)
    with pytest.warns(at.AttritionWarning, match="stands still"):
        series = series_of(np.r_[before, np.zeros(silent)])
    pace = fit_pace(series)
    assert any("has stopped" in note for note in pace.notes)
    nothing = np.mean(gains(pace, 365) < 100)
    assert nothing > (0.3 if silent == 90 else 0.6)
    running = gains(fit_pace(series_of(before)), 365)
    assert np.mean(running < 100) < 0.05


def dumped(size: float) -> at.Series:
    daily = np.random.default_rng(4).poisson(20.0, 300).astype(float)
    with pytest.warns(at.AttritionWarning, match="at the end"):
        return series_of(np.r_[daily, size])


def test_the_interval_after_a_dump_holds_a_backlog_and_a_new_pace() -> None:
    pace = fit_pace(dumped(5_000.0))
    assert any("backlog" in note for note in pace.notes)
    low, high = np.quantile(gains(pace, 7), (0.05, 0.95))
    assert low < 7 * 20 < 7 * 5_000 / 10 < high
    # and the date of 500 more holds both: a day, and 25 days
    more = draw_totals(pace, 60, 4_096, rng=1) - pace.total
    reached = [float(np.mean(more[:, day] >= 500)) for day in (2, 24, 27)]
    assert reached[0] > 0.05
    assert 1 - reached[1] > 0.05


def test_three_giants_are_likelier_a_new_pace_than_one() -> None:
    daily = np.random.default_rng(4).poisson(20.0, 300).astype(float)
    shares = []
    for days in (1, 2, 3):
        with pytest.warns(at.AttritionWarning, match="at the end"):
            series = series_of(np.r_[daily, np.full(days, 937.0)])
        shares.append(fit_pace(series).belief.fate.surging)
    assert shares == sorted(shares)
    assert shares[0] < shares[2]


@pytest.mark.parametrize("place", [100, 299])
@pytest.mark.parametrize("power", [100.0, 1_000.0])
def test_two_digits_too_many_in_a_new_count_are_read_without(place: int, power: float) -> None:
    daily = np.random.default_rng(5).poisson(200.0, 300).astype(float)
    wrong = daily.copy()
    wrong[place] = power * 200
    with pytest.warns(at.AttritionWarning, match="typo"):
        series = series_of(wrong)
    assert [d.kind for d in series.anomalies if d.kind != "gap"] == ["typo"]
    assert series.cleaned.total[-1] == daily.sum() - daily[place] + 200
    assert fit_pace(series).rate == pytest.approx(200.0, rel=0.03)


def test_missed_weekly_reports_are_made_up_for_by_the_next() -> None:
    weekly = np.random.default_rng(6).poisson(60.0, 80).astype(float)
    missed = weekly.copy()
    missed[76:78], missed[78] = 0.0, weekly[76:79].sum()

    def weeks(values: Floats) -> at.Series:
        days = np.datetime64("2022-01-02", "s") + np.arange(80) * np.timedelta64(7 * 86_400, "s")
        data = xr.DataArray(values, dims="time", coords={"time": days}, name="daily")
        return at.read_series(data, period="end")

    assert "freeze" in [d.kind for d in weeks(missed).anomalies]
    regular, late = (gains(fit_pace(weeks(values)), 56) for values in (weekly, missed))
    assert np.quantile(late, 0.95) == pytest.approx(np.quantile(regular, 0.95), rel=0.1)
    assert np.quantile(late, 0.05) == pytest.approx(np.quantile(regular, 0.05), rel=0.1)


# ------------------------------------------------------------------ how far a pace strays


def test_a_week_ahead_moves_by_as_much_as_weeks_have_moved() -> None:
    """Means of weeks of a random walk differ by 0.82 of its weekly step."""
    ratios = []
    for seed in range(20):
        daily, _ = random_walk(300, 0.2, 1.5, seed=seed)
        ends = np.quantile(gains(fit_pace(series_of(daily)), 7, 1_024), (0.05, 0.95))
        ratios.append(np.log(ends[1] / ends[0]) / 3.29)
    assert 0.75 * 0.2 < np.mean(ratios) < 1.4 * 0.2  # it was half the step before


def test_a_far_total_widens_no_further_than_the_rates_seen() -> None:
    pace = fit_pace(series_of(random_walk(1_000, 0.1, 5.0, seed=3)[0]))
    spread = [np.diff(np.quantile(np.log(gains(pace, d)), (0.05, 0.95)))[0] for d in (90, 365, 730)]
    assert spread[2] < 1.5 * spread[1]
    most = float(np.exp(pace.belief.top + pace.prior.ceiling))
    assert gains(pace, 365, 16_384).max() < 365 * most * 3


def test_a_lasting_trend_lasts_only_downwards() -> None:
    day = np.arange(600)
    falling, rising = (
        series_of(np.random.default_rng(8).poisson(np.exp(x)).astype(float))
        for x in (6 - day / 150, 2 + day / 150)
    )
    down, up = fit_pace(falling), fit_pace(rising)
    # four half-lives on, a decline may have gone on and growth has levelled off
    low = np.quantile(gains(down, 365), 0.1)
    assert low < 0.75 * 365 * down.rate
    middle = np.median(gains(up, 365))
    assert middle < 365 * up.rate * np.exp(365 / 150 / 2)


def test_a_steady_kind_has_the_interval_of_a_poisson_count() -> None:
    daily = np.random.default_rng(9).poisson(100.0, 400).astype(float)
    series, days = series_of(daily), 28
    # the exact one: negative binomial, of a rate that 400 days have told
    rng = np.random.default_rng(10)
    exact = rng.poisson(days * rng.gamma(daily.sum() + 0.5, 1 / 400, 200_000))
    ends = np.quantile(exact, (0.05, 0.95))
    steady = np.quantile(gains(fit_pace(series, kind="steady"), days, 16_384), (0.05, 0.95))
    assert np.abs(steady - ends).max() < 20
    unnamed = np.quantile(gains(fit_pace(series), days, 16_384), (0.05, 0.95))
    assert unnamed[0] <= ends[0]
    assert unnamed[1] >= ends[1]
    assert np.diff(unnamed)[0] < 1.6 * np.diff(ends)[0]


@pytest.mark.parametrize("kind", ["steady", "epidemic", "conflict", "disaster"])
def test_every_kind_has_a_prior_and_an_unknown_one_is_refused(kind: str) -> None:
    series = series_of(random_walk(300, 0.1, 5.0, seed=2)[0])
    assert fit_pace(series, kind=kind).prior == Prior.of_kind(kind)
    with pytest.raises(at.InputError, match="kind of total"):
        fit_pace(series, kind=f"{kind}-like")
