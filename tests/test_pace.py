from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from benchmarks.effort import seconds
from scipy import special, stats

import attrition as at
from attrition.core._typing import Floats
from attrition.models.pace import Prior, fit_pace
from attrition.models.pace.filtering import (
    _Home,
    filter_steps,
    learn,
    normaliser,
    shape_of,
    trigamma,
)
from attrition.models.pace.futures import Futures, simulate_counts, start_of

# ------------------------------------------------------------------ learnt from a recorded count


def series_of(daily: Floats, start: str = "2023-01-01") -> at.Series:
    days = np.datetime64(start, "s") + np.arange(daily.size) * np.timedelta64(86_400, "s")
    return at.read_series(xr.DataArray(daily, dims="time", coords={"time": days}, name="daily"))


def random_walk(days: int, weekly_sd: float, phi: float, seed: int) -> tuple[Floats, Floats]:
    """Daily counts and the log rate behind them; negative binomial with variance/mean phi."""
    rng = np.random.default_rng(seed)
    x = np.log(200.0) + np.cumsum(weekly_sd / np.sqrt(7) * rng.standard_normal(days))
    mean = np.exp(x)
    return rng.poisson(rng.gamma(mean / (phi - 1)) * (phi - 1)).astype(float), x


def test_the_conjugate_step_is_the_posterior_of_a_gamma_poisson() -> None:
    a, b, count, days = 3.0, 0.5, 17.0, 7.0
    mean, variance = special.digamma(a) - np.log(b), special.polygamma(1, a)
    values = learn(
        count, days, np.ones((1, 1)), np.array([[mean]]), np.array([[variance]]), tables=[]
    )
    shape, rate = a + count, b + days
    assert values[0].item() == pytest.approx(special.digamma(shape) - np.log(rate), rel=1e-4)
    assert values[1].item() == pytest.approx(special.polygamma(1, shape), rel=1e-4)
    evidence = stats.nbinom(a, b / (b + days)).logpmf(count)
    assert values[2].item() == pytest.approx(evidence, rel=1e-3)


@pytest.mark.parametrize("variance", [1e-4, 0.01, 0.3, 2.0, 9.0])
def test_the_gamma_that_matches_a_variance_has_it(variance: float) -> None:
    shape, digamma = shape_of(np.array([variance]))
    assert special.polygamma(1, shape).item() == pytest.approx(variance, rel=2e-3)
    assert digamma.item() == pytest.approx(special.digamma(shape).item(), rel=1e-4)
    assert trigamma(shape).item() == pytest.approx(special.polygamma(1, shape).item(), rel=1e-4)


def test_the_quasi_likelihood_sums_to_one_with_its_normaliser() -> None:
    at_theta, value = normaliser(4.0)
    theta = 0.8
    y = np.arange(400)
    density = np.exp(
        y / 4 * np.log(theta) - theta - special.gammaln(y / 4 + 1) - np.log(4)
    ) / np.exp(np.interp(np.log(theta), at_theta, value))
    assert density.sum() == pytest.approx(1.0, abs=5e-3)


def test_a_constant_poisson_count_is_found_still_and_poisson() -> None:
    fit = at.pace.fit_pace(series_of(np.random.default_rng(2).poisson(50.0, 700).astype(float)))
    assert fit.rate == pytest.approx(50.0, rel=0.05)
    assert fit.families["still"] > 0.8
    assert fit.day_noise < 1.5
    assert not any("stated prior" in note for note in fit.notes)


def test_noise_and_drift_are_told_apart() -> None:
    daily, x = random_walk(1_200, 0.1, 20.0, seed=4)
    fit = at.pace.fit_pace(series_of(daily))
    assert abs(np.log(fit.rate) - x[-1]) < 5 * fit.rate_sd
    moving, *others = at.pace.Prior().families
    odds = fit.families["moving"] / (1 - fit.families["moving"])
    assert odds > 36 * moving / sum(others)  # 0.9 where the prior gives it 0.2
    assert 0.03 < fit.volatility < 0.3
    assert 8 < fit.day_noise < 45
    steady = at.pace.fit_pace(series_of(random_walk(1_200, 1e-6, 20.0, seed=4)[0]))
    assert steady.volatility < fit.volatility / 2


def test_a_short_history_falls_back_to_the_prior_and_says_so() -> None:
    fit = at.pace.fit_pace(series_of(np.full(60, 20.0)))
    assert "stated prior" in fit.notes[0]
    with pytest.raises(at.InputError, match="7 days"):
        at.pace.fit_pace(series_of(np.full(5, 20.0)))


def test_monthly_reports_are_fitted_on_steps_of_four_weeks() -> None:
    rng = np.random.default_rng(5)
    total = np.cumsum(rng.poisson(3_000.0, 60)).astype(float)
    days = np.datetime64("2020-01-01", "D") + 30 * np.arange(60)
    monthly = xr.DataArray(total, dims="time", coords={"time": days}, name="cumulative")
    fit = at.pace.fit_pace(at.read_series(monthly))
    assert fit.prior.days == 28
    assert fit.rate == pytest.approx(100.0, rel=0.05)
    yearly = [
        prior.still_sigma * np.sqrt(365 / prior.days) for prior in (at.pace.Prior(), fit.prior)
    ]
    assert yearly[0] == pytest.approx(yearly[1])


def test_the_filter_never_looks_ahead() -> None:
    daily, _ = random_walk(400, 0.1, 5.0, seed=6)
    counts = daily[: 56 * 7].reshape(-1, 7).sum(axis=1)
    days = np.full(counts.size, 7.0)
    (whole, _) = filter_steps(counts, days, at.pace.Prior(), [30, 55])
    (part,) = filter_steps(counts[:31], days[:31], at.pace.Prior(), [30])
    for name in ("log_weight", "x", "v", "xx", "xv", "vv"):
        assert np.array_equal(getattr(whole, name), getattr(part, name)), name


def test_a_step_without_a_report_only_widens_the_belief() -> None:
    counts = np.full(40, 700.0)
    counts[-1] = np.nan
    days = np.full(40, 7.0)
    days[-1] = 0.0
    before, after = filter_steps(counts, days, at.pace.Prior(), [38, 39])
    spread = [(np.exp(b.log_weight) * b.xx).sum() for b in (before, after)]
    assert spread[1] > spread[0]


def test_a_longer_future_begins_with_the_same_bytes() -> None:
    fit = at.pace.fit_pace(series_of(random_walk(300, 0.1, 5.0, seed=7)[0]))
    long, short = (fit.draw(days, 64, np.random.default_rng(1)) for days in (400, 100))
    assert np.array_equal(long.log_rate[:, : short.log_rate.shape[1]], short.log_rate)


def test_simulated_counts_have_the_mean_and_the_noise_of_their_futures() -> None:
    draws, days = 400, 70
    futures = Futures(np.full((draws, 11), np.log(40.0)), np.full(draws, 6.0), np.zeros(draws), 7)
    counts = simulate_counts(futures, days, np.random.default_rng(8))
    cells = draws * days
    assert counts.mean() == pytest.approx(40.0, abs=5 * np.sqrt(40 * 6 / cells))
    assert counts.var() / 40 == pytest.approx(6.0, rel=0.1)


def test_a_fit_of_1200_days_is_quick() -> None:
    series = series_of(random_walk(1_200, 0.1, 20.0, seed=9)[0])
    at.pace.fit_pace(series)  # tables are made once
    assert seconds(lambda: at.pace.fit_pace(series)) < 1.2  # 0.1 s when measured


# ------------------------------------------------------------------ where futures begin


def test_futures_begin_with_the_moments_that_are_believed() -> None:
    belief = fit_pace(series_of(random_walk(200, 0.3, 5.0, seed=8)[0])).belief
    which = np.arange(belief.x.size)
    _, _, rest, lean, momentum = start_of(belief, which, np.ones(which.size))
    xx, xv, vv = (moment.ravel() for moment in (belief.xx, belief.xv, belief.vv))
    wide = (vv > 1e-12) & (xx * vv - xv**2 > 1e-12 * vv)
    assert wide.sum() > 10
    np.testing.assert_allclose((rest**2 + lean**2)[wide], xx[wide], rtol=1e-9)
    np.testing.assert_allclose((lean * momentum)[wide], xv[wide], rtol=1e-9)
    np.testing.assert_allclose((momentum**2)[wide], vv[wide], rtol=1e-9)


def test_the_rate_has_the_spread_of_its_mixture() -> None:
    fit = fit_pace(series_of(random_walk(200, 0.3, 5.0, seed=8)[0]))
    belief, weights = fit.belief, np.exp(fit.belief.log_weight)
    second = (weights * (belief.xx + belief.x**2)).sum()
    variance = second - (weights * belief.x).sum() ** 2
    assert fit.rate_sd == pytest.approx(np.sqrt(variance), rel=1e-6)


@pytest.mark.parametrize("steps", [1, 6, 40])
def test_the_long_run_is_the_mean_of_what_was_and_the_more_so_the_more_was(steps: int) -> None:
    prior = Prior()
    assert steps < prior.memory
    levels = np.random.default_rng(steps).normal(5.0, 0.4, steps)
    home = _Home(float(levels[0]), prior)
    for level in levels:
        home.add(float(level))
    share = steps / (steps + prior.anchor)
    assert home.level == pytest.approx(share * levels.mean() + (1 - share) * levels[-1])
    variance = share * levels.var() + (1 - share) * prior.spread**2
    assert home.spread == pytest.approx(np.sqrt(variance))
