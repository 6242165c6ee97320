"""The trend of many places against the same model written out in matrices, one place at a time."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from attrition.models import trend as own
from attrition.models.trend import History, Trend, TrendState, bundled_prior

Matrix = NDArray[np.float64]

MODELS = (
    bundled_prior().trend,
    Trend(0.5, 0.3, 0.2, 0.4, 3.0, 0.4, 0.1, 0.05, 1.3, 6.0, 1.3, 4.0, 1.0),
    Trend(0.9, 1.5, 2.5, 0.01, 20.0, 0.0, 0.0, 0.0, 0.8, 30.0, 0.8, 9.0, 3.0),
)


def _seen(level: float, model: Trend) -> tuple[float, float, float]:
    """Return what log(count + 1) is expected to be, its slope by the level, and its noise."""
    mu = math.exp(min(max(level, -6.0), 18.0))
    slope = mu / (mu + 1)
    return math.log1p(mu), slope, (model.noise * slope) ** 2 + mu / (mu + 1) ** 2


def _ahead(mean: Matrix, cov: Matrix, model: Trend) -> tuple[Matrix, Matrix]:
    """Return mean and covariance of (level, slope) a step later."""
    step = np.array([[1.0, model.damping], [0.0, model.damping]])
    shock = np.array([[1.0, 1.0], [0.0, 1.0]]) @ np.diag([model.level_noise, model.slope_noise])
    moved = step @ cov @ step.T + shock @ shock.T
    moved[0, 0] = min(moved[0, 0], 25.0)
    return step @ mean, moved


def _by_matrices(counts: Matrix, model: Trend) -> tuple[Matrix, Matrix, float, float]:
    """Return mean and covariance after a place's last count, its running mean and its error."""
    seen = [i for i, count in enumerate(counts) if count >= 0]
    mean = np.array([math.log1p(counts[seen[0]]), 0.0])
    cov, running = np.diag([1.0, 0.1]), float(counts[seen[0]])
    errors = number = 0.0
    for i in range(seen[0], seen[-1] + 1):
        if i > seen[0]:
            mean, cov = _ahead(mean, cov, model)
        if counts[i] >= 0:
            expected, slope, noise = _seen(float(mean[0]), model)
            by = np.array([slope, 0.0])
            error = math.log1p(counts[i]) - expected
            odd = error**2 / (by @ cov @ by + noise)
            if i > seen[0] and mean[0] > math.log(3):
                errors += odd * (model.tail + 1) / (model.tail + odd)
                number += 1
            noise *= max(1.0, (model.tail + odd) / (model.tail + 1))
            gain = cov @ by / (by @ cov @ by + noise)
            mean, cov = mean + gain * error, cov - np.outer(gain, by @ cov)
        count = math.exp(min(max(mean[0], -6.0), 18.0))
        running += (count - running) / min(i - seen[0] + 2, model.memory)
        if i < seen[-1]:
            errors, number = (one * (1 - 1 / model.memory) for one in (errors, number))
    return mean, cov, math.log1p(running), (errors + 30 * model.errors) / (number + 30)


def _counts(seed: int) -> Matrix:
    """Return places of which some begin late, end early, or have gaps, dumps and corrections."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(np.exp(rng.normal(2.5, 2.0, (9, 1)) + rng.normal(0, 0.5, (9, 40))))
    table = counts.astype(float)
    table[0, :7], table[1, -5:], table[2, 10:20], table[3, 25] = np.nan, np.nan, np.nan, -40.0
    table[4, 30], table[5, 12:], table[6, [3, 39]] = 9e4, 0.0, np.nan
    table[7, :39], table[8, 1:36] = np.nan, np.nan
    return table


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_filter_is_that_of_kalman_place_by_place(model: Trend, seed: int) -> None:
    table = _counts(seed)
    state = own.filtered(table, model)
    for place, counts in enumerate(table):
        mean, cov, running, error = _by_matrices(counts, model)
        got = [float(part[place]) for part in state]
        top = math.log1p(np.nanmax(counts))
        wanted = [*mean, cov[0, 0], cov[0, 1], cov[1, 1], running, top, error]
        assert got == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_a_places_errors_lean_on_those_of_the_others_and_these_on_the_usual_one() -> None:
    model, errors, number = MODELS[1], np.array([4.0, 90.0, 0.0]), np.array([20.0, 30.0, 0.0])
    wanted = []
    for place in range(3):
        rest = np.arange(3) != place
        usual = (errors[rest].sum() + 30 * model.errors) / (number[rest].sum() + 30)
        wanted.append((errors[place] + 30 * usual) / (number[place] + 30))
    assert own.mean_errors(errors, number, model, together=True) == pytest.approx(wanted)


@pytest.mark.parametrize("model", MODELS)
def test_a_count_is_as_likely_as_a_students_t_about_what_was_expected(model: Trend) -> None:
    rng = np.random.default_rng(5)
    state = np.stack(
        [rng.normal(3, 2, 4), rng.normal(0, 0.3, 4), np.full(4, 0.3), np.full(4, 0.05)]
    )
    state = np.vstack([state, np.full(4, 0.1)])
    logs = rng.normal(3, 2, 4)
    wanted = 0.0
    for (level, slope, ll, lb, bb), came in zip(state.T, logs, strict=True):
        mean, cov = _ahead(np.array([level, slope]), np.array([[ll, lb], [lb, bb]]), model)
        expected, steep, noise = _seen(float(mean[0]), model)
        scale = math.sqrt(steep**2 * cov[0, 0] + noise)
        wanted += stats.t(model.tail, expected, scale).logpdf(came)
    constant = 4 * stats.t(model.tail).logpdf(0.0)  # is left out, the same for all shares
    assert own._log_density(state, logs, model) == pytest.approx(wanted - constant, rel=1e-9)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_slopes_that_are_partly_common_are_those_of_their_joint_normal(share: float) -> None:
    """Each place's word on its slope is its estimate less its prior; all of them are joined."""
    model, rng = MODELS[0], np.random.default_rng(3)
    long_run = model.slope_noise**2 / (1 - model.damping**2)
    bb = rng.uniform(0.1, 0.9, 5) * long_run
    slope, level, ll = rng.normal(0, 0.2, 5), rng.normal(4, 1, 5), rng.uniform(0.5, 1.0, 5)
    lb = rng.uniform(-0.5, 0.5, 5) * np.sqrt(ll * bb)
    joined = own.pooled(np.stack([level, slope, ll, lb, bb]), model, share)
    precision = 1 / bb - 1 / long_run
    words = slope / bb / precision  # the mean of what the counts alone say
    prior = long_run * ((1 - share) * np.eye(5) + share)
    joint = np.linalg.inv(np.linalg.inv(prior) + np.diag(precision))
    means = joint @ (precision * words)
    narrow = np.diag(joint)
    along = lb / bb
    wanted = [
        level + along * (means - slope),
        means,
        ll + along**2 * (narrow - bb),
        along * narrow,
        narrow,
    ]
    assert joined == pytest.approx(np.stack(wanted), rel=1e-9)


def test_a_slope_of_which_the_counts_say_nothing_is_the_common_one() -> None:
    model = MODELS[0]
    long_run = model.slope_noise**2 / (1 - model.damping**2)
    bb = np.array([0.01 * long_run, 5 * long_run])
    state = np.stack([np.zeros(2), np.array([0.3, 0.0]), np.ones(2), np.zeros(2), bb])
    moved = own.pooled(state, model, 0.8)
    assert 0.2 < moved[1, 1] < 0.3
    assert moved[4, 1] < long_run


def _likeliest(table: Matrix, model: Trend, shares: tuple[float, ...]) -> float:
    """Return the share under which counts were likeliest, each from those before, as they fade."""
    evidence = np.zeros(len(shares))
    for step in range(1, table.shape[1]):
        before, came = table[:, :step], np.log1p(table[:, step])
        state = np.stack(own.filtered(before, model)[:5])
        news = [own._log_density(own.pooled(state, model, s), came, model) for s in shares]
        evidence = evidence * (1 - 1 / model.memory) + news
    return shares[int(evidence.argmax())]


@pytest.mark.parametrize("common", [0.0, 0.5, 1.0])
def test_the_share_in_common_is_the_likeliest_and_only_places_that_go_on_are_pooled(
    common: float,
) -> None:
    model, rng = MODELS[0], np.random.default_rng(8)
    shocks = math.sqrt(1 - common) * rng.normal(0, 1, (6, 30)) + math.sqrt(common) * rng.normal(
        0, 1, 30
    )
    slopes = np.zeros((6, 30))
    for step in range(1, 30):
        slopes[:, step] = model.damping * slopes[:, step - 1] + model.slope_noise * shocks[:, step]
    table = rng.poisson(np.exp(5 + slopes.cumsum(axis=1))).astype(float)
    shares = (0.0, 0.4, 0.8)
    share = _likeliest(table, model, shares)
    assert share == {0.0: 0.0, 0.5: 0.4, 1.0: 0.8}[common]
    alone, joined = own.filtered(table, model), own.filtered(table, model, shares)
    assert np.stack(joined[:5]) == pytest.approx(own.pooled(np.stack(alone[:5]), model, share))
    silent = np.vstack([table, np.r_[rng.poisson(90.0, 20), np.full(10, np.nan)]])
    new = np.vstack([silent, np.r_[np.full(29, np.nan), 50.0]])
    alone, joined = own.filtered(new, model), own.filtered(new, model, (share, share))
    kept = np.stack(alone[:5])
    kept[:, :6] = own.pooled(kept[:, :6], model, share)
    assert np.stack(joined[:5]) == pytest.approx(kept, rel=1e-9)


def _state(places: int, rng: np.random.Generator) -> TrendState:
    ll = rng.uniform(0.02, 0.1, places)
    bb = rng.uniform(0.01, 0.05, places)
    lb = rng.uniform(-0.6, 0.6, places) * np.sqrt(ll * bb)
    level = rng.normal(4, 0.5, places)
    slope = rng.normal(0.0, 0.2, places)
    return TrendState(level, slope, ll, lb, bb, level - 0.3, level + 30, np.ones(places))


@pytest.mark.parametrize("model", MODELS)
def test_paths_ahead_have_the_mean_and_the_covariance_of_the_model(model: Trend) -> None:
    """Without a brake and pulled alike from both sides the log is linear in the normals.

    Each is switched on by itself.
    """
    model, steps = replace(model, brake=0.0, lift=model.pull, ceiling=40.0), 6
    rows = own.rows_of_noise(steps)
    state = _state(3, np.random.default_rng(4))
    normals = np.zeros((3, rows, rows + 1))
    normals[:, np.arange(rows), np.arange(1, rows + 1)] = 1e-3
    logs = np.log(own.expected_ahead(state, model, normals, np.full((3, rows + 1), 1.7)))
    middle, loads = logs[:, :, 0], (logs[:, :, 1:] - logs[:, :, :1]) / 1e-3
    spread = np.einsum("psr,ptr->pst", loads, loads)
    pull = np.array([[1 - model.pull, model.damping], [-model.pull, model.damping]])
    for place in range(3):
        mean = np.array([state.level[place] - state.mean[place], state.slope[place]])
        cov = np.array([[state.ll[place], state.lb[place]], [state.lb[place], state.bb[place]]])
        covs = []
        for step in range(steps):
            mean = pull @ mean
            shock = np.array([[1.0, 1.0], [0.0, 1.0]]) @ np.diag(
                [model.level_noise, model.slope_noise]
            )
            cov = pull @ cov @ pull.T + shock @ shock.T
            covs.append(cov)
            assert middle[place, step] == pytest.approx(mean[0] + state.mean[place])
            for later in range(step, steps):
                between = (np.linalg.matrix_power(pull, later - step) @ cov)[0, 0]
                between += model.noise**2 * (later == step)
                wanted = (1.7 * model.widening) ** 2 / model.errors * between
                assert spread[place, step, later] == pytest.approx(wanted, rel=1e-5)


def test_a_path_stays_below_its_ceiling() -> None:
    model = replace(MODELS[1], pull=0.0, lift=0.0)
    state = _state(2, np.random.default_rng(6))._replace(top=np.array([3.0, -8.0]))
    rows = own.rows_of_noise(2)
    assert rows == 8
    paths = own.expected_ahead(state, model, np.zeros((2, rows, 8)), np.ones((2, 8)))
    assert paths.shape == (2, 2, 8)
    assert np.allclose(paths[0], np.exp(np.minimum(3.0 + model.ceiling, np.log(paths[0]))))
    assert paths.max(axis=(1, 2)) == pytest.approx([math.exp(4.0), math.exp(-6.0)])


def test_past_steps_weigh_half_as_much_with_every_half_life() -> None:
    counts = np.array([[7.0, 3.0, np.nan, 2.0, -1.0, 5.0, 0.0], [4.0] + [9.0] * 4 + [np.nan] * 2])
    weights = own.weights_of_past(counts, History(5, 2.0, 0.3))
    ages = np.array([[np.inf, np.inf, np.inf, 3, np.inf, 1, 0], [4, 3, 2, 1, 0, np.inf, np.inf]])
    wanted = 0.5 ** (ages / 2.0)
    assert weights == pytest.approx(wanted / wanted.sum(axis=1, keepdims=True))


def test_a_rate_of_which_nothing_was_seen_is_jeffreys_posterior() -> None:
    counts = np.array([0.0, 0.0, np.nan, -3.0, 0.0])
    drawn = own.quiet_rate(counts, np.random.default_rng(1), 4_000)
    assert stats.kstest(drawn, stats.gamma(0.5, scale=1 / 3).cdf).pvalue > 1e-6
    assert stats.kstest(drawn, stats.gamma(0.5, scale=1 / 5).cdf).pvalue < 1e-6
