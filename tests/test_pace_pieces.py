"""The pieces of a recorded pace against closed forms: moments, draws, readings, fates."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import attrition as at
from attrition.data.series.cleaning import Cleaned
from attrition.data.series.slips import Slip
from attrition.models.counts.totals import start_of_count
from attrition.models.pace import FittedPace, Prior, fit_pace
from attrition.models.pace.bundle import BundleSampler
from attrition.models.pace.chain import _aliased, _aliases
from attrition.models.pace.fates import Fate, SlipReading, readings_of, silence
from attrition.models.pace.filtering import Belief, _Home, _merged
from attrition.models.pace.futures import (
    Futures,
    _picked,
    damping_of,
    simulate_counts,
    start_of,
    stretched,
)

FALSE_ALARM = 1e-6


@pytest.fixture(scope="module")
def fitted() -> FittedPace:
    daily = np.random.default_rng(2).poisson(40.0, 200).astype(float)
    days = np.datetime64("2024-01-01", "s") + np.arange(200) * np.timedelta64(86_400, "s")
    return fit_pace(at.read_series(xr.DataArray(daily, {"time": days}, name="daily")))


# ------------------------------------------------------------------ drawing states


def test_aliases_draw_each_state_as_often_as_its_probability_says() -> None:
    rng = np.random.default_rng(1)
    probability = rng.dirichlet(np.full(7, 0.5), size=20)
    probability[0] = np.eye(7)[3]
    share, other = (part.reshape(20, 7) for part in _aliases(probability))
    for row in range(20):
        drawn = np.bincount(np.arange(7), share[row], 7)
        drawn += np.bincount(other[row], 1 - share[row], 7)
        assert drawn / 7 == pytest.approx(probability[row], abs=1e-6)


def test_a_state_of_no_probability_is_never_drawn_not_even_at_the_ends() -> None:
    probability = np.array([[0.0, 0.25, 0.75, 0.0]])
    share, other = _aliases(probability)
    uniform = np.r_[np.arange(4) / 4, np.nextafter(1, 0), np.linspace(0, 1, 999, endpoint=False)]
    drawn = _aliased(np.zeros(uniform.size, np.int32), uniform.astype(np.float32), share, other, 4)
    assert set(drawn) == {1, 2}


def test_hypotheses_are_picked_as_often_as_they_weigh_to_a_whole_draw(fitted: FittedPace) -> None:
    belief, hyp = fitted.belief, fitted.prior.hypotheses()
    draws = 5_000
    picked = _picked(belief, hyp, draws, np.random.default_rng(1))
    number = np.bincount(picked, minlength=belief.log_weight.size)
    assert np.abs(number - draws * np.exp(belief.log_weight).ravel()).max() < 2
    sigma = hyp.sigma.ravel()[picked]
    assert (np.diff(sigma) >= 0).all()  # in order of volatility: neighbours are alike


def test_cells_of_a_bundle_are_the_momenta_by_volatility(fitted: FittedPace) -> None:
    hyp, prior = fitted.prior.hypotheses(), fitted.prior
    bundles = BundleSampler(fitted.belief, prior, 10)
    number, rungs = len(prior.momenta), len(prior.sigmas)
    kind = np.arange(hyp.sigma.shape[0]) - hyp.moving
    kind = np.where(kind < 0, np.arange(kind.size) % number, number + kind // len(prior.noises))
    weight = np.zeros((number + 2, rungs))
    np.add.at(weight, kind, np.exp(fitted.belief.log_weight))
    assert bundles._cells == pytest.approx(weight.ravel() / weight.sum())


# ------------------------------------------------------------------ the prior


def test_the_grid_holds_every_noise_with_every_momentum_and_the_weights_that_are_told() -> None:
    prior = Prior(
        noises=((1.0, 0.0), (4.0, 0.2)),
        sigmas=(0.1, 0.2, 0.4),
        momenta=((0.0, 0.0), (0.8, 0.02), (0.95, 0.0)),
        momentum_weights=(0.5, 0.3, 0.2),
        poisson_weight=3.0,
        families=(0.5, 0.3, 0.2),
        shock=0.03,
        shock_size=2.5,
        shock_sd=0.7,
        breaks=0.05,
        break_sd=0.9,
        steady_sigma=0.02,
        still_sigma=0.004,
    )
    hyp = prior.hypotheses()
    pairs = list(itertools.product(prior.noises, prior.momenta))
    rows = [
        *((phi, sd**2, rho, bend, 0.03, 2.5, 0.7) for (phi, sd), (rho, bend) in pairs),
        *((phi, sd**2, 0.0, 0.0, 0.05, 1.0, 0.9) for phi, sd in prior.noises),
        *((phi, sd**2, 0.0, 0.0, 1e-12, 1.0, 0.0) for phi, sd in prior.noises),
    ]
    columns = (hyp.phi, hyp.nu, hyp.rho, hyp.bend, hyp.rare, hyp.rare_size, hyp.rare_sd)
    assert pytest.approx(np.array(rows)) == np.array(columns).T
    assert hyp.moving == 6
    assert hyp.sigma[:6] == pytest.approx(np.tile([0.1, 0.2, 0.4], (6, 1)))
    assert hyp.sigma[6:] == pytest.approx(np.repeat([[0.02], [0.02], [0.004], [0.004]], 3, axis=1))
    assert hyp.lasting.tolist() == [rho == 0.95 for _, (rho, _) in pairs] + 4 * [False]
    noise, momentum = np.array([0.75, 0.25]), np.array([0.5, 0.3, 0.2])
    weights = np.r_[0.5 * np.outer(noise, momentum).ravel(), 0.3 * noise, 0.2 * noise]
    assert np.exp(hyp.log_weight) == pytest.approx(weights)


def test_a_rung_moves_up_and_down_alike_and_is_seldom_drawn_afresh() -> None:
    prior = Prior(sigmas=(0.1, 0.2, 0.4), walk=0.3, jump=0.06)
    afresh = 0.06 / 3
    right = 0.94 * np.array([[0.85, 0.15, 0], [0.15, 0.7, 0.15], [0, 0.15, 0.85]]) + afresh
    assert prior.transition() == pytest.approx(right)


def test_the_pull_keeps_a_moving_rate_within_its_spread() -> None:
    prior = Prior(most_pull=0.15)
    sigma = np.array([[0.1], [0.5], [2.0], [0.1]])
    pull = prior.pull(sigma, 3, 0.5)
    assert pull.ravel() == pytest.approx([0.1**2 / (2 * 0.25), 0.15, 0.15, 0.0])
    # a walk with this pull has, in the long run, about the spread as its standard deviation
    kept = 1 - float(pull[0, 0])
    assert np.sqrt(0.1**2 / (1 - kept**2)) == pytest.approx(0.5, rel=0.01)


def test_steps_of_another_length_drift_as_far_in_a_year() -> None:
    week, day = Prior(), Prior().on_steps(1)
    root = np.sqrt(1 / 7)
    assert day.days == 1
    assert day.sigmas == pytest.approx(root * np.array(week.sigmas))
    assert (day.steady_sigma, day.still_sigma) == pytest.approx((root * 0.015, root * 0.003))
    assert np.array(day.momenta) == pytest.approx(
        np.array([(rho ** (1 / 7), bend / 7) for rho, bend in week.momenta])
    )
    assert (day.anchor, day.memory) == pytest.approx((26 * 7, 52 * 7))
    shares = (day.walk, day.jump, day.shock, day.breaks, day.most_pull)
    assert shares == pytest.approx(tuple(x / 7 for x in (0.1, 0.005, 0.02, 0.04, 0.15)))
    assert day.forget**7 == pytest.approx(week.forget)
    long = week.on_steps(7 * 60)
    most = (long.walk, long.jump, long.shock, long.breaks, long.most_pull, long.momenta[2][1])
    assert most == (0.5, 0.2, 0.3, 0.3, 0.6, 0.3)


# ------------------------------------------------------------------ moments


def test_where_futures_begin_has_the_covariance_that_is_believed(fitted: FittedPace) -> None:
    belief = fitted.belief
    which = np.arange(belief.x.size)
    x, v, rest, lean, momentum = start_of(belief, which, np.ones(which.size))
    xx, xv, vv = (part.ravel() for part in (belief.xx, belief.xv, belief.vv))
    known = (vv > 1e-9) & (xx - xv**2 / np.maximum(vv, 1e-12) > 1e-9)
    assert known.sum() > 100
    assert (x == belief.x.ravel()).all()
    assert (v == belief.v.ravel()).all()
    assert (rest**2 + lean**2)[known] == pytest.approx(xx[known])
    assert (lean * momentum)[known] == pytest.approx(xv[known])
    assert (momentum**2)[known] == pytest.approx(vv[known])
    wide = start_of(belief, which, np.full(which.size, 3.0))
    assert [part.sum() for part in wide[2:]] == pytest.approx(
        [3 * part.sum() for part in (rest, lean, momentum)]
    )


def test_moving_rates_have_the_tails_of_student_and_the_others_none() -> None:
    prior = Prior(heavy=5.0)
    hyp = prior.hypotheses()
    uniform = np.linspace(0.001, 0.999, 999)
    wide = stretched(hyp, np.zeros(999, dtype=int), prior, uniform)
    # a normal stretched by the root of (ν - 1) / χ² is a Student's t of another scale
    assert wide**-2 * (prior.heavy - 1) == pytest.approx(stats.chi2(5).isf(uniform), rel=1e-4)
    edge = np.array([hyp.moving - 1, hyp.moving, hyp.sigma.shape[0] - 1])
    assert (stretched(hyp, edge, prior, np.full(3, 0.9)) == 1).tolist() == [False, True, True]


def test_merging_kinds_of_step_keeps_the_moments_of_their_mixture() -> None:
    rng = np.random.default_rng(3)
    evidence, x, v = rng.normal(size=(3, 3, 4, 2))
    root = rng.normal(size=(3, 4, 2, 2, 2))
    cov = root @ root.swapaxes(-1, -2)
    total, *moments = _merged(evidence, x, v, cov[..., 0, 0], cov[..., 0, 1], cov[..., 1, 1])
    p = np.exp(evidence) / np.exp(evidence).sum(0)
    mean = np.stack([(p * x).sum(0), (p * v).sum(0)], -1)
    away = np.stack([x, v], -1) - mean
    whole = (p[..., None, None] * (cov + away[..., :, None] * away[..., None, :])).sum(0)
    assert total == pytest.approx(np.log(np.exp(evidence).sum(0)))
    expected = (mean[..., 0], mean[..., 1], whole[..., 0, 0], whole[..., 0, 1], whole[..., 1, 1])
    for got, right in zip(moments, expected, strict=True):
        assert got == pytest.approx(right)


def test_the_long_run_is_the_mean_of_the_history_and_what_was_assumed_beside_it() -> None:
    prior = Prior(anchor=2.0, memory=4.0, spread=0.5)
    home = _Home(7.0, prior)
    assert (home.level, home.sd, home.spread) == (7.0, 1.0, 0.5)
    values = [1.0, 3.0, 2.0, 6.0]
    for n, now in enumerate(values, 1):
        home.add(now)
        seen, share = values[:n], n / (n + 2)
        spread = np.sqrt(share * np.var(seen) + (1 - share) * 0.25)
        assert home.level == pytest.approx(share * np.mean(seen) + (1 - share) * now)
        assert home.spread == pytest.approx(spread)
        assert home.sd == pytest.approx(spread * np.sqrt(1 - share**2))
    home.add(10.0)  # the memory is full: a quarter of it is the newest
    mean = 0.75 * 3.0 + 0.25 * 10.0
    assert home.level == pytest.approx(4 / 6 * mean + 2 / 6 * 10.0)


def test_what_is_said_of_a_pace_is_the_mean_over_its_hypotheses(fitted: FittedPace) -> None:
    hyp, belief = fitted.prior.hypotheses(), fitted.belief
    weight = np.exp(belief.log_weight)
    weeks = 7 / fitted.prior.days
    assert fitted.volatility == pytest.approx(np.sqrt(weeks * (weight * hyp.sigma**2).sum()))
    assert fitted.day_noise == pytest.approx(weight.sum(1) @ hyp.phi)
    assert fitted.momentum == pytest.approx(weight.sum(1) @ hyp.rho)
    mean = (weight * belief.x).sum()
    assert fitted.rate == pytest.approx(np.exp(mean))
    variance = (weight * (belief.xx + (belief.x - mean) ** 2)).sum()
    assert fitted.rate_sd == pytest.approx(np.sqrt(variance))
    n, by_row = len(fitted.prior.noises), weight.sum(1)
    assert list(fitted.families) == ["moving", "steady", "still"]
    parts = [by_row[: -2 * n].sum(), by_row[-2 * n : -n].sum(), by_row[-n:].sum()]
    assert list(fitted.families.values()) == pytest.approx(parts)


@pytest.mark.parametrize(("phi", "nu"), [(1.0, 0.0), (5.0, 0.0), (1.0, 0.04), (3.0, 0.09)])
def test_counts_of_futures_have_the_mean_and_the_variance_that_are_said(
    phi: float, nu: float
) -> None:
    draws, step = 40_000, 4
    log_rate = np.tile(np.log([20.0, 40.0, 10.0]), (draws, 1))
    futures = Futures(log_rate, np.full(draws, phi), np.full(draws, nu), step)
    counts = simulate_counts(futures, 8, np.random.default_rng(5))
    part = np.arange(4) / 4
    path = np.exp(np.r_[np.log(20) + part * np.log(2), np.log(40) - part * np.log(4)])
    mean = path * np.exp(nu / 2)
    variance = phi * mean + mean**2 * np.expm1(nu)
    error = np.sqrt(variance / draws)
    assert (np.abs(counts.mean(0) - mean) < 5 * error).all()
    assert counts.var(0) == pytest.approx(variance, rel=0.06)
    # the noise is of a whole step: days of one step share it, those of two do not
    inside = np.corrcoef(counts[:, 2], counts[:, 3])[0, 1]
    across = np.corrcoef(counts[:, 3], counts[:, 4])[0, 1]
    shared = (mean[2] * mean[3] * np.expm1(nu)) / np.sqrt(variance[2] * variance[3])
    assert inside == pytest.approx(shared, abs=0.03)
    assert across == pytest.approx(0, abs=0.03)
    amounts = np.array([0.0, 2, 1, 1, 1, 1, 1, 1])
    habit = simulate_counts(futures, 8, np.random.default_rng(5), amounts)
    assert habit[:, 0].max() == 0
    assert habit[:, 1].mean() == pytest.approx(2 * mean[1], rel=0.02)


def test_a_trend_lasts_only_downwards() -> None:
    prior = Prior()
    hyp = prior.hypotheses()
    k = np.arange(hyp.rho.size)
    most = max(prior.momenta, key=lambda momentum: momentum[1])
    for v in (-0.1, 0.0):
        rho, bend = damping_of(hyp, k, np.full(k.size, v), prior)
        assert (rho == hyp.rho).all()
        assert (bend == hyp.bend).all()
    rho, bend = damping_of(hyp, k, np.full(k.size, 0.1), prior)
    lasting = hyp.rho > 0.9
    assert lasting.any()
    assert not lasting.all()
    assert set(zip(rho[lasting], bend[lasting], strict=True)) == {most}
    assert (rho[~lasting] == hyp.rho[~lasting]).all()


# ------------------------------------------------------------------ fates


def cleaned(*slips: Slip, surge: float = 1.0, surged: int = 0, quiet: int = 0) -> Cleaned:
    day = np.arange(4)
    total = np.array([0.0, 100.0, 200.0, 300.0])
    return Cleaned(day, total, np.diff(total), np.ones(3), (), surge, surged, quiet, slips)


def test_readings_of_doubts_are_all_ways_to_read_them_with_their_probabilities() -> None:
    slips = (Slip((1,), (900.0,), (90.0,), 0.8), Slip((2,), (120.0,), (100.0,), 0.3))
    readings, present = readings_of(cleaned(*slips))
    ways: dict[float, float] = {}
    for wrong in itertools.product((True, False), repeat=2):
        total = sum(
            float(np.sum(slip.meant if is_slip else slip.printed))
            for slip, is_slip in zip(slips, wrong, strict=True)
        )
        chance = np.prod([s.slip if w else 1 - s.slip for s, w in zip(slips, wrong, strict=True)])
        ways[total] = float(chance)
    least = min(ways)
    got = sorted((reading.lead, reading.weight) for reading in readings)
    right = sorted((total - least, chance) for total, chance in ways.items())
    assert np.array(got) == pytest.approx(np.array(right))
    # the stated total has each by its likelier reading: the first a slip, the second true
    assert present == pytest.approx(90 + 120 - least)
    assert {reading.surge for reading in readings} == {1.0}


@pytest.mark.parametrize(
    ("surged", "quiet", "share"), [(1, 0, 0.3), (2, 0, 0.5), (3, 0, 0.7), (9, 0, 0.7), (2, 1, 0.1)]
)
def test_giants_that_last_are_a_new_pace_with_the_chance_that_is_told(
    surged: int, quiet: int, share: float
) -> None:
    readings, _ = readings_of(cleaned(surge=12.0, surged=surged, quiet=quiet))
    by_surge = {reading.surge: reading.weight for reading in readings}
    assert by_surge == pytest.approx({12.0: share, 1.0: 1 - share})


def test_a_giant_that_is_a_slip_is_no_new_pace() -> None:
    giant = Slip((3,), (9_000.0,), (90.0,), 0.5, ratio=90.0)
    readings, _ = readings_of(cleaned(giant, surge=90.0, surged=1))
    weights = {(reading.lead, reading.surge): reading.weight for reading in readings}
    right = {(0.0, 1.0): 0.5, (8_910.0, 90.0): 0.5 * 0.3, (8_910.0, 1.0): 0.5 * 0.7}
    assert weights == pytest.approx(right)


def test_more_doubts_than_are_carried_are_read_by_the_likelier() -> None:
    slips = [Slip((n,), (100.0 * n + 110,), (10.0,), 0.4) for n in range(5)]
    readings, _ = readings_of(cleaned(*slips))
    assert len(readings) == 8  # the three of most weight: 310, 410 and 510 instead of 10
    leads = {round(reading.lead) for reading in readings}
    assert leads == {sum(some) for some in _subsets((300, 400, 500))}


def _subsets(values: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [c for n in range(len(values) + 1) for c in itertools.combinations(values, n)]


def test_leads_of_futures_have_the_weights_of_their_readings() -> None:
    fate = Fate(readings=(SlipReading(0.25), SlipReading(0.5, 7.0), SlipReading(0.25, 9.0)))
    kind = np.array([0.0, 0.2499, 0.25, 0.7499, 0.75, 0.9999, 1.0])
    assert fate.leads(kind).tolist() == [0, 0, 7, 7, 9, 9, 9]
    assert fate._read(kind)[1] == pytest.approx([0, 1, 0, 1, 0, 1, 1], abs=1e-3)


def test_ends_have_begun_as_often_as_they_are_drawn_and_none_before_the_first_day() -> None:
    fate, kind = Fate(ending=0.1, hazard=1e-3), (np.arange(200_000) + 0.5) / 200_000
    assert fate.ended(np.array([-1.0, 0.0, np.inf])) == pytest.approx([0.0, 0.1, 1.0])
    for steps in (1, 52):
        drawn = fate.offsets(kind, kind, steps, 7)[0].size / kind.size
        assert fate.ended(np.array(7.0 * steps)) == pytest.approx(drawn, abs=1e-5)
    assert fate.offsets(kind, kind, 52, 7, ends=False)[0].size == 0
    assert fate.ends
    assert Fate(hazard=1e-3).ends
    assert not Fate(stopped=0.2, silent=9.0).ends


def test_the_life_of_a_fate_has_the_quantiles_that_are_told() -> None:
    lives = Fate(life=(3.0, 365.0)).lives(np.array([0.05, 0.5, 0.95]))
    assert lives == pytest.approx([3.0, np.sqrt(3.0 * 365.0), 365.0])


def test_a_new_pace_dies_away_and_a_decline_stays() -> None:
    fate = Fate(readings=(SlipReading(0.5, 0.0, 8.0), SlipReading(0.5, 0.0, 0.25)))
    which, offset = fate.offsets(np.array([0.1, 0.9]), np.array([0.5, 0.5]), 3, 7)
    life = np.sqrt(3.0 * 365.0)
    assert which.tolist() == [0, 1]
    assert offset[:, 0] == pytest.approx(np.log(8) * np.exp(-7 * np.arange(4) / life))
    assert offset[:, 1] == pytest.approx(np.full(4, np.log(0.25)))


def test_an_end_begins_after_its_wait_and_dies_away() -> None:
    fate = Fate(ending=0.2, hazard=0.01)
    kind = np.array([0.1, 0.5])
    which, offset = fate.offsets(kind, np.full(2, 0.5), 20, 7)
    assert which.tolist() == [0, 1]
    time, life = 7.0 * np.arange(21), np.sqrt(3.0 * 365.0)
    onset = -np.log((1 - 0.5) / (1 - 0.2)) / 0.01
    assert offset[:, 0] == pytest.approx(np.maximum(-time / life, -25))  # it has begun already
    assert offset[:, 1] == pytest.approx(np.maximum(-np.maximum(time - onset, 0) / life, -25))


@pytest.mark.parametrize(
    ("counts", "exposure", "silent"),
    [
        ([5, 5, 0, 0], [1, 1, 0, 0], 20),
        ([5, 5, 0, 0], [1, 1, 1, 0], 10),  # a zero that is usual tells of the rate
        ([5, 5, 5, 5], [1, 1, 1, 1], 0),
        ([0, 0, 0, 0], [0, 0, 0, 0], 40),
    ],
)
def test_silence_is_what_has_passed_since_a_count_told_something(
    counts: list[float], exposure: list[float], silent: float
) -> None:
    day = 10 * np.arange(5)
    lasted, stopped = silence(day, np.array(counts, float), np.array(exposure, float))
    assert lasted == silent
    assert stopped == pytest.approx(silent / (silent + 28))


def test_the_total_of_the_last_report_is_known_unless_it_is_in_doubt(fitted: FittedPace) -> None:
    source = start_of_count(fitted)
    assert source is not None
    start = source()
    values = np.asarray(start.values)
    assert set(values.ravel()) == {fitted.total}
    doubt: Belief = replace(
        fitted.belief, fate=Fate(readings=(SlipReading(0.5), SlipReading(0.5, 9.0)))
    )
    assert start_of_count(replace(fitted, belief=doubt)) is None
