"""The law of a recorded count: volatilities drawn, one direction and the noise integrated."""

from __future__ import annotations

import dataclasses
import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

import attrition as at
from attrition.core._typing import Floats
from attrition.models.counts import sweep as sweeping
from attrition.models.counts.counted import exceedance
from attrition.models.counts.sweep import reached
from attrition.models.pace import FittedPace, Prior
from attrition.models.pace.bundle import DIMENSIONS, Bundle
from attrition.models.pace.chain import LEADING, Chain
from attrition.models.pace.fates import Fate
from test_pace import random_walk, series_of

DATA = Path(at.__path__[0]) / "bundled"
FALSE_ALARM = 1e-6


@pytest.fixture(scope="module")
def fit() -> FittedPace:
    return at.pace.fit_pace(series_of(random_walk(500, 0.1, 5.0, seed=11)[0]))


@pytest.fixture(scope="module")
def tally() -> at.Series:
    return at.read_series(DATA / "general_staff_personnel_to_2025-06-03.csv")


def bundle_of(fit: FittedPace, days: int, draws: int, seed: int) -> Bundle:
    stream = np.random.default_rng(seed)
    return fit.sampler(days).draw(stream.random((draws, DIMENSIONS)), [stream])


@pytest.mark.parametrize("steps", [1, 5, 64, 105])
def test_states_drawn_coarse_to_fine_are_those_of_the_chain(steps: int) -> None:
    transition, paths = Prior(walk=0.3, jump=0.05).transition(), 20_000
    rng = np.random.default_rng(1)
    chain = Chain(transition, steps)
    plain = rng.random((chain.rest, paths), np.float32)
    states = chain.draw(np.full(paths, 3, np.int32), rng.random((LEADING, paths)), plain)
    assert states.shape == (steps, paths)
    for step in {1, steps // 2 + 1, steps}:
        expected = np.linalg.matrix_power(transition, step)[3]
        counts = np.bincount(states[step - 1], minlength=expected.size)
        assert stats.chisquare(counts, paths * expected).pvalue > FALSE_ALARM
        wrong = np.linalg.matrix_power(Prior(walk=0.45, jump=0.05).transition(), step)[3]
        if step < 10:  # later either chain has forgotten where it began
            assert stats.chisquare(counts, paths * wrong).pvalue < FALSE_ALARM
    if steps > 1:  # and each step follows from the one before
        last, now = states[-2], states[-1]
        size = expected.size
        pairs = np.bincount(last * size + now, minlength=size**2).reshape(size, size)
        expected = pairs.sum(axis=1, keepdims=True) * transition
        enough = expected > 5
        statistic = ((pairs - expected)[enough] ** 2 / expected[enough]).sum()
        assert stats.chi2(enough.sum()).sf(statistic) > FALSE_ALARM


def test_a_direction_taken_out_leaves_the_path_that_does_not_depend_on_it(fit: FittedPace) -> None:
    bundle = bundle_of(fit, 280, 4_096, 2)
    weights = np.full(27, 1 / 27)
    response, score = bundle.along(weights, 40)
    assert abs(score.mean()) < 5 / 64
    assert abs(score.var() - 1) < 5 * np.sqrt(2 / 4_096)
    rest = bundle.log_rate - response * score
    # scaled, what remains of each node is uncorrelated with the score
    standard = (rest - rest.mean(axis=1, keepdims=True)) / rest.std(axis=1, keepdims=True)
    assert np.abs(standard @ score / score.size).max() < 6 / 64
    # the weighted mean moves by its own standard deviation
    moved = np.tensordot(weights, response[:27], 1)
    mean = np.tensordot(weights, bundle.log_rate[:27], 1)
    tight = np.tensordot(weights, rest[:27], 1)
    assert (moved > 0).all()
    assert tight.var() < mean.var()


def test_the_response_is_the_change_of_the_path_along_the_direction(fit: FittedPace) -> None:
    sampler, days = fit.sampler(140), 140
    uniform = np.random.default_rng(3).random((256, DIMENSIONS))
    first = sampler.draw(uniform, [np.random.default_rng(4)])
    moved = uniform.copy()
    moved[:, 27] = special.ndtr(special.ndtri(uniform[:, 27]) + 0.5)  # the normal of the level
    second = sampler.draw(moved, [np.random.default_rng(4)])
    weights = np.full(15, 1 / 15)
    (response, before), (_, after) = (b.along(weights, days // 7) for b in (first, second))
    change = second.log_rate - first.log_rate
    # the path moves along the direction by the change of the score, plus what is across it
    across = change - response * (after - before)
    assert np.abs(np.tensordot(weights, across[:15], 1)).max() < 1e-4
    assert np.abs(np.tensordot(weights, change[:15], 1)).max() > 1e-2


def test_steps_gathered_far_ahead_bring_what_each_of_them_brings(
    fit: FittedPace, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle, gap = bundle_of(fit, 730, 1_024, 6), 150 * fit.rate
    nodes = np.array([3.0, 80.0, 140.0, 333.3, 730.0])
    beside = np.random.default_rng(7).random((2, 1_024))

    def law(far: int) -> Floats:
        monkeypatch.setattr(sweeping, "_FAR", far)
        return np.asarray(reached(bundle, nodes, 300.0, gap, beside).mean(axis=1))

    exact = law(10_000)
    assert np.abs(law(8) - exact).max() < 3e-4
    assert np.abs(law(1) - exact).max() > 3e-4  # as cells twice as long each time would err


def _with(fit: FittedPace, fate: Fate) -> FittedPace:
    return dataclasses.replace(fit, belief=dataclasses.replace(fit.belief, fate=fate))


@pytest.mark.parametrize("life", [(3.0, 30.0), (30.0, 900.0)])
def test_an_end_that_is_integrated_comes_as_often_as_one_that_is_drawn(
    fit: FittedPace, life: tuple[float, float]
) -> None:
    fate, gap = Fate(0.1, 0.5 / 365, life=life), 25_000.0
    nodes = np.array([60.0, 90.0, 150.0, 300.0, 700.0])
    law = _swept_law(_with(fit, fate), gap, nodes, 150.0)

    def plain(fate: Fate) -> Floats:
        futures = _with(fit, fate).draw(700, 32_768, np.random.default_rng(6))
        return np.asarray(exceedance(futures, np.array([gap]), 700)[0, nodes.astype(int)])

    expected = plain(fate)
    error = np.sqrt(expected * (1 - expected) / 32_768) + 5e-4
    assert (np.abs(law - expected) < 5 * error).all()
    for wrong in (Fate(0.18, fate.hazard, life=life), Fate(0.1, 1.0 / 365, life=life)):
        assert (np.abs(law - plain(wrong)) > 5 * error).any()


def _swept_law(fit: FittedPace, gap: float, nodes: Floats, reference: float) -> Floats:
    rng = np.random.default_rng(5)
    total, blocks = np.zeros(nodes.size), 8
    for block in range(blocks):
        bundle = bundle_of(fit, int(nodes[-1]), 2_048, 100 + block)
        total += reached(bundle, nodes, reference, gap, rng.random((2, 2_048))).mean(axis=1)
    return total / blocks


@pytest.mark.parametrize("reference", [20.0, 200.0])
def test_the_swept_law_is_that_of_plain_futures_whatever_the_direction(
    fit: FittedPace, reference: float
) -> None:
    gap, nodes = 25_000.0, np.array([60.0, 90.0, 120.0, 150.0, 182.0])
    law = _swept_law(fit, gap, nodes, reference)
    plain = fit.draw(182, 16_384, np.random.default_rng(6))
    expected = exceedance(plain, np.array([gap]), 182)[0, nodes.astype(int)]
    error = np.sqrt(expected * (1 - expected) / 16_384) + 1e-3
    assert (np.abs(law - expected) < 5 * error).all()
    wrong = exceedance(plain, np.array([1.06 * gap]), 182)[0, nodes.astype(int)]
    assert (np.abs(law - wrong) > 5 * error).any()


def test_the_direction_that_is_integrated_takes_most_of_the_variance(fit: FittedPace) -> None:
    gap, nodes = 25_000.0, np.array([130.0])
    bundle = bundle_of(_with(fit, Fate()), 140, 4_096, 7)
    values = reached(bundle, nodes, 130.0, gap, np.full((2, 4_096), 0.5))[0]
    mean = float(values.mean())
    assert values.var() < mean * (1 - mean) / 8


def test_the_dates_of_the_tally_reach_the_default_tolerance_without_a_warning(
    tally: at.Series,
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        forecast = at.forecast(tally, thresholds=[1_000_000, 1_100_000, 1_500_000], seed=1)
    law = forecast.law("recorded-total")
    for threshold, tolerance in ((1_000_000, 1 / 50), (1_100_000, 7 / 50), (1_500_000, 30.4 / 50)):
        read = at.laws.crossing(law, threshold)
        last = law.horizon if read.upper.day is None else read.upper.day
        width = (last - (read.lower.day or law.information_date)).days + 1
        assert read.mcse <= max(tolerance, width / 200) * (1 + 1e-9)
    assert law.provenance.points < 16_384


def test_the_stated_error_is_the_error_between_seeds(tally: at.Series) -> None:
    """Errors over their MCSE have a standard deviation near one: a chi-square says how near."""
    seeds, threshold = 12, 1_050_000
    read = [
        at.laws.crossing(
            at.forecast(tally, thresholds=[threshold], seed=seed, tolerance=1.0).law(
                "recorded-total"
            ),
            threshold,
        )
        for seed in range(seeds)
    ]
    low, high = stats.chi2(seeds - 1).ppf([FALSE_ALARM, 1 - FALSE_ALARM])
    for dates in zip(*(crossing.dates for crossing in read), strict=True):
        offset = np.array([date.offset for date in dates])
        mcse = np.array([date.mcse for date in dates])
        statistic = ((offset - offset.mean()) ** 2).sum() / np.mean(mcse**2)
        assert low < statistic < high
        assert not low < 25 * statistic < high  # errors stated five times too small would show


def test_thresholds_on_either_side_of_a_date_give_monotone_laws(tally: at.Series) -> None:
    forecast = at.forecast(tally, thresholds=[1_050_000, 1_060_000], seed=2, tolerance=3.0)
    surface = forecast.law("recorded-total").surface()
    assert (np.diff(surface, axis=1) <= 1e-12).all()
    assert (np.diff(surface, axis=2) >= -1e-12).all()


def test_nobody_has_to_ask_for_a_threshold_within_reach() -> None:
    steady = series_of(np.random.default_rng(3).poisson(4.0, 400).astype(float))
    forecast = at.forecast(steady, thresholds=[100.0, 1e7], seed=1)
    law = forecast.law("recorded-total")
    assert at.laws.masses(law, 100.0).already == 1.0
    assert at.laws.masses(law, 1e7).beyond > 0.99
