"""The race through the doors that users use, against the truth of its problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from benchmarks import race
from benchmarks.rivals import (
    compiled,
    compiled_integrated,
    cumulants,
    integrated,
    measure,
    ours,
    problem,
    sobol,
)
from benchmarks.rivals.autoregression import DailyAutoregression
from benchmarks.rivals.picture import plot_race

import attrition as at
from attrition.forecasts import PaceFamily

Benchmark = Callable[..., Any]
FAMILY = DailyAutoregression(problem.PERSISTENCE, problem.VOLATILITY, problem.DAYS)


def test_the_law_of_the_race_has_its_true_dates(benchmark: Benchmark) -> None:
    laws = benchmark(ours.laws, problem.THRESHOLDS, problem.DAYS, 8_192, 1)
    # 8,192 points in all: the largest error of a date is that of 1.10 M at 95 %
    np.testing.assert_allclose(problem.dates(laws), problem.TRUE_DATES, atol=0.05)
    for day, truth in problem.TRUE_PROBS.items():
        assert laws[:, day] == pytest.approx(truth, abs=3e-4)


@pytest.mark.parametrize("k", range(len(problem.THRESHOLDS)))
def test_a_user_who_asks_with_that_family_gets_the_true_dates(k: int) -> None:
    assert isinstance(FAMILY, PaceFamily)
    read = at.when(
        problem.THRESHOLDS[k],
        level=(900_000, 1_000_000),
        rate=(800, 1_250),
        on="2025-06-03",
        kind=FAMILY,
        horizon="2026-06-03",
    ).crossing()
    for date, truth in zip(read.dates, problem.TRUE_DATES[k], strict=True):
        if np.isnan(truth):
            assert date.on_atom
        else:
            assert date.offset is not None
            # the truth's own error, ours, and what a pace held constant in a week costs
            assert abs(date.offset - truth) < 5 * np.hypot(0.002, date.mcse or 0.0) + 0.01


def test_another_process_has_other_dates() -> None:
    # The twin of the tests above: a log rate a fifth more volatile is told apart.
    other = DailyAutoregression(problem.PERSISTENCE, 1.2 * problem.VOLATILITY, problem.DAYS)
    assert not np.allclose(_passed(FAMILY), _passed(other), rtol=0.02)


def _passed(family: DailyAutoregression) -> Any:
    """Return the 5 and 95 % quantiles of the time passed on a few days, shape (2, day)."""
    uniforms = np.random.default_rng(1).random((20_000, family.dimensions))
    _, movers = family.paces(uniforms, np.ones(20_000))
    return np.quantile(family.elapsed(movers, np.array([7, 50, 200, 365])), [0.05, 0.95], axis=0)


def test_the_time_passed_is_that_of_daily_steps() -> None:
    rng, draws = np.random.default_rng(3), 20_000
    x, total, days = np.zeros(draws), np.zeros(draws), (7, 50, 100, 200)
    rows = []
    for day in range(1, days[-1] + 1):
        x = problem.PERSISTENCE * x + problem.VOLATILITY * rng.standard_normal(draws)
        total += np.exp(x)
        if day in days:
            rows.append(total.copy())
    _, movers = FAMILY.paces(rng.random((draws, FAMILY.dimensions)), np.ones(draws))
    ours_by_day = FAMILY.elapsed(movers, np.array(days)).T
    for plain, mine in zip(np.log(rows), np.log(ours_by_day), strict=True):
        error = plain.std() / np.sqrt(draws)
        assert mine.mean() == pytest.approx(plain.mean(), abs=6 * error)
        assert mine.std() == pytest.approx(plain.std(), rel=0.03)


def tried(name: str) -> int:
    """Return the largest size at which a contender races; skip one that cannot run here."""
    (one,) = (contender for contender in race.CONTENDERS if contender.name == name)
    if one.compiler and one.missing():
        pytest.skip(one.missing())
    return one.sizes[-1]


@pytest.mark.parametrize("rival", [cumulants, sobol, compiled_integrated])
def test_a_rival_that_integrates_has_the_true_dates(rival: Any) -> None:
    size = tried(rival.__name__.rpartition(".")[2])
    laws = rival.laws(problem.THRESHOLDS, problem.DAYS, size, 1)
    np.testing.assert_allclose(problem.dates(laws), problem.TRUE_DATES, atol=0.2)
    for day, truth in problem.TRUE_PROBS.items():
        assert laws[:, day] == pytest.approx(truth, abs=1e-3)


def test_the_compiled_loop_has_the_true_probabilities() -> None:
    size = tried("compiled")
    laws = compiled.laws(problem.THRESHOLDS, problem.DAYS, size, 1)
    for day, truth in problem.TRUE_PROBS.items():
        error = np.sqrt(np.array(truth) * (1 - np.array(truth)) / size) + 2e-5
        assert (np.abs(laws[:, day] - truth) < 5 * error).all()


def test_a_rival_of_another_process_has_other_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    # The twin of the tests above.
    monkeypatch.setattr(problem, "VOLATILITY", 1.2 * problem.VOLATILITY)
    for rival in (cumulants, sobol):
        laws = rival.laws(problem.THRESHOLDS, problem.DAYS, 64, 1)
        assert np.nanmax(np.abs(problem.dates(laws) - problem.TRUE_DATES)) > 1


def test_what_is_integrated_is_what_draws_say() -> None:
    rng, draws, elapsed = np.random.default_rng(1), 200_000, np.array([0.0, 50.0, 150.0])
    level, rate = rng.lognormal(*problem.LEVEL, draws), rng.lognormal(*problem.RATE, draws)
    for time, mine in zip(elapsed, integrated.passed(problem.THRESHOLDS, elapsed).T, strict=True):
        total = level + rng.poisson(rate * time)
        drawn = np.array([(total >= threshold).mean() for threshold in problem.THRESHOLDS])
        assert mine == pytest.approx(drawn, abs=5 * 0.5 / np.sqrt(draws))


def test_the_peak_of_a_contender_is_its_own_and_not_that_of_who_started_it() -> None:
    kept = np.ones(40_000_000)  # 320 MB
    (small,) = (contender for contender in race.CONTENDERS if contender.name == "numpy_naive")
    run = measure.decode(race.run(small, 100, 1))
    assert kept.nbytes / 1024**2 > run.peak > run.resting / 2


def raced() -> xr.Dataset:
    return xr.Dataset(
        {"cpu_seconds": ("run", [0.01, 0.02, 1.0]), "rmse_days": ("run", [0.1, 0.03, 0.2])},
        coords={"contender": ("run", ["ours", "ours", "plain"]), "plain": ("run", [0, 0, 1])},
        attrs={"target_days": 0.05, "ours": "ours"},
    )


def test_the_race_names_what_the_target_costs() -> None:
    words = at.plots.text_alternative(plot_race(raced()))
    assert "ours 0.02 s" in words
    assert "plain 16 s" in words  # (0.2 / 0.05)² times 1 s
