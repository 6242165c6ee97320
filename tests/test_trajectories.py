"""The engine against closed forms, against plain draws, and against itself."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from scipy import stats

import attrition as at
import oracles
from attrition.core.laws.law import Law, Provenance
from attrition.data.elicitation import atom, lognormal
from attrition.models.pace import RandomWalk
from attrition.models.trajectories import Account, Accuracy, Limits, Start, seed_of, simulate

START = date(2025, 6, 3)
WHAT = Provenance(quantity="total", title="Cases", definition="cases")
LEVEL, RATE = lognormal(900_000, 1_000_000, 0.9), lognormal(800, 1_250, 0.9)


def law_of(
    component: Account,
    thresholds: list[float],
    *,
    volatility: float = 0.0,
    day_noise: float = 0.0,
    days: int = 200,
    seed: int = 1,
    tolerance: float | None = None,
) -> Law:
    start = Start((component,), RandomWalk(volatility, day_noise))
    questions = [Accuracy(tuple(thresholds), 0.9, tolerance)]
    return simulate(start, thresholds, START, days, rng=seed, provenance=WHAT, questions=questions)


def by(law: Law, threshold: float, day: int) -> float:
    index = list(law.thresholds).index(threshold)
    return float(law.surface()[:, index, day].mean())


def test_an_exact_start_and_rate_cross_on_one_day() -> None:
    read = at.laws.crossing(law_of(Account(atom(950_000.0), atom(1_000.0)), [1e6]), 1e6)
    assert [d.day for d in read.dates] == [date(2025, 7, 23)] * 3
    assert read.masses == at.laws.Masses(0.0, 1.0, 0.0)


# volatility 0 uses no random number; a tiny one goes through the simulation and its tables
PATHS = pytest.mark.parametrize("volatility", [0.0, 1e-9], ids=["certain pace", "simulated pace"])


@PATHS
def test_normal_level_and_rate_follow_the_closed_form(volatility: float) -> None:
    component = Account(stats.Normal(mu=950e3, sigma=30e3), stats.Normal(mu=1_000.0, sigma=150.0))
    law = law_of(component, [1e6], volatility=volatility)
    assert by(law, 1e6, 0) == pytest.approx(0.0477904, abs=1e-6)
    for day in (1, 7, 8, 40, 90, 200):
        expected = oracles.normal_level_and_rate((950e3, 30e3), (1e3, 150.0), 1e6, day)
        assert by(law, 1e6, day) == pytest.approx(expected, abs=3e-5)
    assert oracles.normal_level_and_rate((950e3, 30e3), (1e3, 150.0), 1e6, 40) == pytest.approx(
        0.3718869, abs=1e-7
    )


@PATHS
def test_day_noise_alone_is_the_gamma_process(volatility: float) -> None:
    law = law_of(Account(atom(0.0), atom(10.0)), [1e3], volatility=volatility, day_noise=20.0)
    for day in (60, 95, 102, 140):
        expected = oracles.gamma_process(0.5, 20.0, 1e3, day)
        assert by(law, 1e3, day) == pytest.approx(expected, abs=3e-5)
    assert oracles.gamma_process(0.5, 20.0, 1e3, 102) == pytest.approx(0.5375167, abs=1e-7)


@PATHS
def test_an_exact_level_and_a_lognormal_rate_give_a_lognormal_date(volatility: float) -> None:
    law = law_of(Account(atom(950_000.0), RATE), [1e6], volatility=volatility)
    spread = math.log(1_250 / 800) / (2 * 1.6448536269514722)
    for day in (35, 50, 80):
        expected = oracles.lognormal_rate(50_000, math.log(1_000), spread, day)
        assert by(law, 1e6, day) == pytest.approx(expected, abs=3e-5)


@pytest.mark.parametrize("spread", [300.0, 3_000.0, 30_000.0])
def test_day_noise_adds_to_the_level_as_the_integral_says(spread: float) -> None:
    component = Account(stats.Normal(mu=950e3, sigma=spread), atom(1_000.0))
    law = law_of(component, [1e6], day_noise=25.0)
    for day in (45, 50, 55):
        expected = oracles.noisy_level((950e3, spread), 1_000.0, 25.0, 1e6, day)
        assert by(law, 1e6, day) == pytest.approx(expected, abs=1e-5)


def plain_draws(
    draws: int, thresholds: list[float], volatility: float, day_noise: float, seed: int
) -> np.ndarray:
    """P(C(t) >= K) of the same model by plain draws, shape (threshold, day)."""
    rng = np.random.default_rng(seed)
    level = LEVEL.icdf(rng.random(draws))  # type: ignore[attr-defined]
    rate = RATE.icdf(rng.random(draws))  # type: ignore[attr-defined]
    x, total = np.zeros(draws), level.copy()
    rows = [(total[:, None] >= thresholds).mean(axis=0)]
    for day in range(1, 201):
        if day > 1 and (day - 1) % 7 == 0:
            x += volatility * rng.standard_normal(draws)
        total += rng.gamma(rate * np.exp(x) / day_noise) * day_noise
        rows.append((total[:, None] >= thresholds).mean(axis=0))
    return np.array(rows).T


@pytest.mark.parametrize(("model", "agrees"), [(0.06, True), (0.09, False)])
def test_the_whole_model_agrees_with_plain_draws_and_a_wrong_one_does_not(
    model: float, *, agrees: bool
) -> None:
    thresholds = [1e6, 1.05e6, 1.1e6]
    law = law_of(Account(LEVEL, RATE), thresholds, volatility=0.06, day_noise=25.0)
    draws = 40_000
    plain = plain_draws(draws, thresholds, model, 25.0, seed=7)
    mean = law.surface().mean(axis=0)
    error = np.sqrt(np.maximum(mean * (1 - mean), 1e-6) / draws)
    worst = float((np.abs(plain - mean) / error)[:, 5::5].max())
    assert (worst < 5.5) is agrees, worst


def test_exceedance_rises_with_time_and_falls_with_the_threshold() -> None:
    grid = list(np.linspace(0.95e6, 1.3e6, 30))
    surface = law_of(Account(LEVEL, RATE), grid, volatility=0.1, day_noise=25.0).surface()
    assert (np.diff(surface, axis=2) >= 0).all()
    assert (np.diff(surface, axis=1) <= 0).all()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_law() -> None:
    component = Account(LEVEL, RATE, lags=(5.0, 15.0))
    first, again, other = (
        law_of(component, [1e6], volatility=0.06, seed=seed).surface() for seed in (3, 3, 4)
    )
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


def test_the_tolerance_is_met_and_costs_points() -> None:
    coarse = law_of(Account(LEVEL, RATE), [1.05e6], volatility=0.1, tolerance=0.5, days=365)
    fine = law_of(Account(LEVEL, RATE), [1.05e6], volatility=0.1, tolerance=0.01, days=365)
    assert at.laws.crossing(coarse, 1.05e6).mcse <= 0.5
    assert at.laws.crossing(fine, 1.05e6).mcse <= 0.01
    assert fine.provenance.points > coarse.provenance.points
    for loose, tight in zip(
        at.laws.crossing(coarse, 1.05e6).dates, at.laws.crossing(fine, 1.05e6).dates, strict=True
    ):
        assert loose.offset == pytest.approx(tight.offset, abs=5 * (loose.mcse or 0) + 0.02)


def test_a_limit_that_is_reached_is_announced() -> None:
    start = Start((Account(LEVEL, RATE),), RandomWalk(0.2))
    questions = [Accuracy((1.1e6,), 0.9, 1e-6)]
    with pytest.warns(at.AttritionWarning, match="stopped at 256 points"):
        law = simulate(
            start,
            [1.1e6],
            START,
            300,
            rng=1,
            provenance=WHAT,
            questions=questions,
            limits=Limits(points=256),
        )
    assert any("stopped" in note for note in law.provenance.notes)


def test_a_level_reported_earlier_is_carried_forward_by_the_pace() -> None:
    now = law_of(Account(atom(950_000.0), atom(1_000.0)), [1e6])
    earlier = law_of(Account(atom(920_000.0), atom(1_000.0), lags=(30.0,)), [1e6])
    assert np.array_equal(now.surface(), earlier.surface())


def test_an_average_pace_is_wider_than_a_present_one() -> None:
    present = Account(atom(400_000.0), atom(1 / 1_200), relative=True)
    average = Account(atom(400_000.0), atom(1 / 1_200), relative=True, rate_window=(0.0, 1_200.0))
    widths = []
    for component in (present, average):
        law = law_of(component, [450e3], volatility=0.06, days=700, tolerance=2.0)
        read = at.laws.crossing(law, 450e3)
        assert read.upper.offset is not None
        assert read.lower.offset is not None
        widths.append(read.upper.offset - read.lower.offset)
    assert widths[1] > 1.5 * widths[0]


@pytest.mark.parametrize("rng", [-1, 1.5, True, "one", None])
def test_a_seed_must_be_a_whole_number_or_a_generator(rng: object) -> None:
    with pytest.raises(at.InputError, match="rng"):
        seed_of(rng)  # type: ignore[arg-type]


def test_a_generator_yields_one_recorded_seed() -> None:
    assert seed_of(np.random.default_rng(5)) == seed_of(np.random.default_rng(5))


@pytest.mark.parametrize("phi", [2.0, 25.0, 400.0])
@pytest.mark.parametrize("spread", [0.03, 0.15])
def test_noise_and_an_uncertain_rate_agree_with_their_integral(phi: float, spread: float) -> None:
    component = Account(atom(990e3), stats.exp(stats.Normal(mu=math.log(1e3), sigma=spread)))
    law = law_of(component, [1e6], day_noise=phi, days=20)
    scores = np.linspace(-7, 7, 4_001)
    weights = np.exp(-(scores**2) / 2)
    rates = 1e3 * np.exp(spread * scores)
    for day in (8, 10, 12):
        above = np.array([oracles.gamma_process(r / phi, phi, 10e3, day) for r in rates])
        expected = float((above * weights).sum() / weights.sum())
        assert by(law, 1e6, day) == pytest.approx(expected, abs=3e-5)


def test_mixtures_and_atoms_of_the_level_are_integrated_exactly() -> None:
    two = stats.rv_discrete(values=([940e3, 960e3], [0.3, 0.7]))
    law = law_of(Account(two, RATE), [1e6], days=120)
    spread = math.log(1_250 / 800) / (2 * 1.6448536269514722)
    for day in (20, 41, 50, 63, 90):
        expected = 0.3 * oracles.lognormal_rate(60e3, math.log(1e3), spread, day)
        expected += 0.7 * oracles.lognormal_rate(40e3, math.log(1e3), spread, day)
        assert by(law, 1e6, day) == pytest.approx(expected, abs=1e-6)
    apart = stats.Mixture(
        [stats.Normal(mu=940e3, sigma=2e3), stats.Normal(mu=990e3, sigma=2e3)], weights=[0.5, 0.5]
    )
    law = law_of(Account(apart, stats.Normal(mu=1e3, sigma=50.0)), [1e6], days=120)
    for day in (8, 12, 40, 62):
        expected = sum(
            0.5 * oracles.normal_level_and_rate((mean, 2e3), (1e3, 50.0), 1e6, day)
            for mean in (940e3, 990e3)
        )
        assert by(law, 1e6, day) == pytest.approx(expected, abs=1e-6)
