"""Small twins of the calibration benchmarks, and what a fit and a hindcast cost."""

from __future__ import annotations

import numpy as np
from benchmarks.calibration import repeats, worlds
from benchmarks.calibration.real import SERIES, table
from benchmarks.calibration.real import run as run_real
from pytest_benchmark.fixture import BenchmarkFixture

import attrition as at
from attrition.evaluation import Outcome
from attrition.evaluation.scores import censored_crps, pit

MANY = 6  # worlds of each kind; five origins and two thresholds each
FALSE_ALARM = 1e-6


def _inside(outcomes: list[Outcome], low: float, high: float) -> tuple[int, int]:
    """Return how many nearest thresholds at the third origin are held, and of how many."""
    rng = np.random.default_rng(1)
    picked = [o for o in outcomes if o.origin.toordinal() == _third(outcomes)][::2]
    values = [pit(o, float(rng.random())) for o in picked]
    return sum(low <= value <= high for value in values), len(values)


def _third(outcomes: list[Outcome]) -> int:
    return sorted({o.origin.toordinal() for o in outcomes})[2]


def test_ninety_percent_intervals_hold_in_worlds_of_every_kind() -> None:
    from scipy import stats

    rows = [_inside(worlds.run(kind, MANY, 0)[worlds.OURS], 0.05, 0.95) for kind in worlds.WORLDS]
    inside, total = (sum(column) for column in zip(*rows, strict=True))
    assert total == MANY * len(worlds.WORLDS)
    # worlds are independent
    assert stats.binom(total, 0.83).cdf(inside) > FALSE_ALARM
    assert stats.binom(total, 0.25).sf(inside - 1) < FALSE_ALARM  # as the constant rate would hold


def test_the_sharper_of_two_calibrated_models_wins_on_crps() -> None:
    outcomes = worlds.run("constant Poisson", MANY, MANY)
    ours, rival = (
        np.array([censored_crps(o) for o in outcomes[name]]) for name in ("paired", worlds.RIVAL)
    )
    assert ours.mean() < rival.mean()


def test_a_repeat_of_the_protocol_can_be_drawn_and_judged() -> None:
    series = at.read_series(SERIES["General Staff"])
    source = repeats.source_of(series)
    shares = [repeats.repeat(source, seed) for seed in range(1)]
    assert all(0.2 < share[2] <= 1 for share in shares)
    assert repeats.p_value(0.9, np.linspace(0.8, 1.0, 99)) > 0.9
    assert repeats.p_value(0.2, np.linspace(0.8, 1.0, 99)) == 0.02


def test_the_table_of_the_four_series_is_made_of_their_scores() -> None:
    entries = {name: run_real(name, only=["local level"]) for name in ("West Bank",)}
    lines = table(entries)
    assert any(line.startswith("| AutoARIMA") for line in lines) is False
    assert any(line.startswith("| local level") for line in lines)
    assert entries["West Bank"]["attrition"].crps < entries["West Bank"]["local level"].crps


def test_fit(benchmark: BenchmarkFixture) -> None:
    series = at.read_series(SERIES["General Staff"])
    assert benchmark(at.pace.fit_pace, series).steps == 170


def test_hindcast(benchmark: BenchmarkFixture) -> None:
    series = at.read_series(SERIES["General Staff"])
    past = benchmark(at.hindcast, series, rng=1, baselines={})
    assert past.summary().count == 146
