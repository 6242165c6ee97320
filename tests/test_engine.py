"""What the engine promises: the truth of the race, its own error, digits, memory, whole paths."""

from __future__ import annotations

import tracemalloc
import warnings
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import attrition as at
import oracles
from attrition.core.laws import Law, print_date
from attrition.core.laws.law import Provenance
from attrition.data.elicitation import atom, lognormal
from attrition.models.pace import DailyAutoregression, RandomWalk
from attrition.models.trajectories import (
    Account,
    Accuracy,
    Kernel,
    Limits,
    Start,
    draw_paths,
    simulate,
)

START = date(2025, 6, 3)
WHAT = Provenance(quantity="total", title="Cases", definition="cases")
LEVEL, RATE = lognormal(900_000, 1_000_000, 0.9), lognormal(800, 1_250, 0.9)
REFERENCE = Start((Account(LEVEL, RATE),), DailyAutoregression(0.98, 0.05, day_noise=1.0))

# an independent computation, standard error 0.002 day: 5, 50 and 95 % dates
DATES = {
    1e6: (None, 49.988, 108.005),
    1.05e6: (46.241, 98.573, 167.013),
    1.1e6: (87.539, 147.359, 226.858),
}
# and probabilities by day 51, by day 100, after day 120, after day 180
PROBABILITIES = {
    1e6: (0.51296, 0.92551, 0.02652, 0.00067),
    1.05e6: (0.06917, 0.51579, 0.28547, 0.02794),
    1.1e6: (0.00176, 0.10396, 0.75544, 0.23303),
}


def reference(
    thresholds: list[float], seed: int, *, tolerance: float | None = None, points: int = 16_384
) -> Law:
    return simulate(
        REFERENCE, thresholds, START, 365, rng=seed, provenance=WHAT,
        questions=[Accuracy(tuple(thresholds), 0.9, tolerance)], limits=Limits(points=points),
    )  # fmt: skip


@pytest.fixture(scope="module")
def accurate() -> Law:
    return reference(list(DATES), 1, tolerance=0.01)


@pytest.mark.parametrize("threshold", list(DATES))
def test_the_reference_problem_has_its_known_dates(threshold: float, accurate: Law) -> None:
    read = at.laws.crossing(accurate, threshold)
    assert read.mcse <= 0.01
    for estimate, truth in zip(read.dates, DATES[threshold], strict=True):
        if truth is None:
            assert estimate.on_atom
        else:
            assert estimate.offset is not None
            assert estimate.mcse is not None
            # the truth's own error, ours, and 0.004 day for a pace held constant in a week
            assert abs(estimate.offset - truth) < 5 * np.hypot(0.002, estimate.mcse) + 0.004


@pytest.mark.parametrize("threshold", list(PROBABILITIES))
def test_the_reference_problem_has_its_known_probabilities(threshold: float, accurate: Law) -> None:
    column = accurate.weights @ accurate.exceedance[:, list(DATES).index(threshold)]
    probabilities = (column[51], column[100], 1 - column[120], 1 - column[180])
    assert probabilities == pytest.approx(PROBABILITIES[threshold], abs=6e-5)


def errors(seeds: int) -> tuple[np.ndarray, np.ndarray]:
    """Errors of three dates and their stated standard errors, over seeds, by few points."""
    truth = [
        d.offset for d in at.laws.crossing(reference([1.05e6], 0, tolerance=0.002), 1.05e6).dates
    ]
    observed, stated = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        for seed in range(1, seeds + 1):
            dates = at.laws.crossing(
                reference([1.05e6], seed, tolerance=1e-9, points=32), 1.05e6
            ).dates
            observed.append(
                [(d.offset or 0.0) - (t or 0.0) for d, t in zip(dates, truth, strict=True)]
            )
            stated.append([d.mcse for d in dates])
    return np.array(observed), np.array(stated, dtype=float)


def test_the_stated_error_is_the_error() -> None:
    actual, stated = errors(200)
    ratio = actual / stated
    assert (ratio.std(axis=0) > 0.8).all()
    assert (ratio.std(axis=0) < 1.25).all()
    inside = (np.abs(ratio) <= 2).mean(axis=0)
    assert (inside >= 0.90).all()
    assert (inside <= 0.98).all()


def test_printed_dates_hardly_ever_change_with_the_seed() -> None:
    printed: list[tuple[str, ...]] = []
    for seed in range(200):
        read = at.laws.crossing(reference([1.05e6], seed), 1.05e6)
        printed.append(tuple(print_date(d.day, read.unit) for d in read.dates if d.day is not None))
    assert len(printed[0]) == 3
    for end in range(3):
        words = [row[end] for row in printed]
        assert words.count(max(set(words), key=words.count)) >= 0.95 * len(words)


PLANTED: dict[str, Callable[[Kernel, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]] = {
    "a day too late": lambda _, thresholds, times: (thresholds, np.maximum(times - 1.0, 0.0)),
    "above instead of at or above": lambda _, thresholds, times: (thresholds * (1 + 1e-9), times),
}


def sound(volatility: float) -> bool:
    """Whether exact, certain and noisy laws are what the closed forms say."""
    exact = Start((Account(atom(950e3), atom(1e3)),), RandomWalk(volatility))
    noisy = Start(
        (Account(stats.Normal(mu=950e3, sigma=30e3), stats.Normal(mu=1e3, sigma=150.0)),),
        RandomWalk(volatility),
    )
    laws = [
        simulate(start, [1e6], START, 120, rng=1, provenance=WHAT, questions=[Accuracy((1e6,))])
        for start in (exact, noisy)
    ]
    days = [at.laws.crossing(laws[0], 1e6).median.day == date(2025, 7, 23)]
    for day in (0, 40, 90):
        wanted = oracles.normal_level_and_rate((950e3, 30e3), (1e3, 150.0), 1e6, day)
        days.append(abs(float(laws[1].weights @ laws[1].exceedance[:, 0, day]) - wanted) < 1e-4)
    return all(days)


@pytest.mark.parametrize("bug", ["none", *PLANTED, "level noise dropped"])
def test_the_oracles_notice_a_planted_bug(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Kernel.exceedance
    if bug in PLANTED:
        monkeypatch.setattr(
            Kernel, "exceedance", lambda self, k, t: original(self, *PLANTED[bug](self, k, t))
        )
    elif bug == "level noise dropped":
        whole = Kernel.of

        def dropped(component: Account, day_noise: float) -> Kernel:
            median = float(np.asarray(whole(component, day_noise).level.median))
            return whole(Account(atom(median), component.rate, component.lags), day_noise)

        monkeypatch.setattr(Kernel, "of", staticmethod(dropped))
    assert sound(0.0) is (bug == "none")


def test_a_large_law_stays_small_in_memory() -> None:
    grid = list(np.geomspace(0.9e6, 3e6, 200))
    tracemalloc.start()
    with pytest.warns(at.AttritionWarning, match="stopped"):
        simulate(
            REFERENCE, grid, START, 730, rng=1, provenance=WHAT,
            questions=[Accuracy((grid[20],), 0.9, 1e-9)], limits=Limits(points=2_048),
        )  # fmt: skip
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6, peak


def test_progress_is_told_and_an_interrupt_passes_through() -> None:
    rows: list[tuple[str, int, float]] = []

    def stop(quantity: str, points: int, excess: float) -> None:
        rows.append((quantity, points, excess))
        if len(rows) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(
            REFERENCE, [1.05e6], START, 365, rng=1, provenance=WHAT,
            questions=[Accuracy((1.05e6,), 0.9, 1e-6)], limits=Limits(progress=stop),
        )  # fmt: skip
    assert [points for _, points, _ in rows] == sorted({points for _, points, _ in rows})
    assert rows[1][2] < rows[0][2]


# ------------------------------------------------------------------ plain draws


def test_plain_draws_of_a_path_function_follow_the_closed_forms() -> None:
    def counts(rng: np.random.Generator, draws: int) -> np.ndarray:
        return np.concatenate(
            [np.zeros((draws, 1)), rng.poisson(10.0, (draws, 140)).cumsum(axis=1)], axis=1
        )

    def mixed(rng: np.random.Generator, draws: int) -> np.ndarray:
        rate = rng.gamma(20.0, 1 / 2.0, (draws, 1))
        daily = rng.poisson(rate, (draws, 140))
        return np.concatenate([np.zeros((draws, 1)), daily.cumsum(axis=1)], axis=1)

    def bursts(rng: np.random.Generator, draws: int) -> np.ndarray:
        daily = rng.wald(10.0, 2.0, (draws, 140))
        return np.concatenate([np.zeros((draws, 1)), daily.cumsum(axis=1)], axis=1)

    for function, wanted in (
        (counts, oracles.poisson(10.0, 1_000, 102)),
        (mixed, oracles.mixed_poisson(20.0, 2.0, 1_000, 102)),
        (bursts, oracles.inverse_gaussian_process(10.0, 2.0, 1_000, 102)),
    ):
        law = at.Law.simulate(function, [1_000.0], START, seed=3, tolerance=0.5)
        at_day = law.exceedance[:, 0, 102]
        error = at_day.std(ddof=1) / np.sqrt(at_day.size)
        assert law.provenance.sampling == "plain draws"
        assert abs(at_day.mean() - wanted) < 5 * error, function.__name__
    assert oracles.poisson(10.0, 1_000, 102) == pytest.approx(0.7385272, abs=1e-7)
    assert oracles.mixed_poisson(20.0, 2.0, 1_000, 102) == pytest.approx(0.5059279, abs=1e-7)
    assert oracles.inverse_gaussian_process(10.0, 2.0, 1_000, 102) == pytest.approx(
        0.4921701, abs=1e-7
    )


def test_a_path_that_can_fall_is_read_by_its_running_maximum_and_says_so() -> None:
    def drifting(rng: np.random.Generator, draws: int) -> np.ndarray:
        steps = rng.normal(10.0, 60.0, (draws, 95))
        return np.concatenate([np.zeros((draws, 1)), steps.cumsum(axis=1)], axis=1)

    law = at.Law.simulate(drifting, [1_000.0], START, seed=4, tolerance=0.5, size=8_192)
    at_day = law.exceedance[:, 0, 95]
    error = np.hypot(at_day.std(ddof=1) / 4, 0.0008)
    assert abs(at_day.mean() - 0.5527) < 5 * error  # 0.466 by the last day alone
    assert any("running maximum" in note for note in law.provenance.notes)


def test_a_path_function_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(at.InputError, match="one row for each"):
        at.Law.simulate(lambda rng, _: rng.random((3, 3)), [1.0], START, seed=1)


def test_an_end_of_the_fighting_follows_the_closed_form() -> None:
    start = Start((Account(atom(0.0), atom(10.0)),), RandomWalk(0.0, 20.0))
    law = simulate(start, [1e3], START, 1_500, rng=1, provenance=WHAT, questions=[])
    ended = at.laws.with_end(law, 0.01)
    for day, known in ((102, 0.2181371), (1_500, 0.3678489)):
        wanted = oracles.gamma_process_with_end(0.5, 20.0, 0.01, 1e3, day)
        assert wanted == pytest.approx(known, abs=1e-6)
        assert float(ended.exceedance[0, 0, day]) == pytest.approx(wanted, abs=1e-4)
    assert np.array_equal(at.laws.with_end(law, 0.0).exceedance, law.exceedance)
    with pytest.raises(at.InputError, match="hazard"):
        at.laws.with_end(law, -0.1)


# ------------------------------------------------------------------ whole paths


def test_whole_paths_have_the_law_that_the_engine_computes() -> None:
    start = Start(
        (
            Account(LEVEL, RATE, lags=(5.0, 15.0), weight=0.5),
            Account(atom(960e3), RATE, rate_window=(0.0, 60.0), weight=0.5),
        ),
        RandomWalk(0.1, 25.0),
    )
    thresholds = [1e6, 1.05e6, 1.1e6]
    law = simulate(
        start, thresholds, START, 200, rng=1, provenance=WHAT, questions=[Accuracy((1e6,))]
    )
    draws = 60_000
    paths = draw_paths(start, 200, draws, rng=2)
    assert (np.diff(paths, axis=1) >= 0).all()
    values = np.stack([(paths >= k).mean(axis=0) for k in thresholds])
    wanted = law.weights @ law.exceedance.swapaxes(0, 1)
    error = np.sqrt(np.maximum(wanted * (1 - wanted), 1e-5) / draws)
    assert (np.abs(values - wanted) / error)[:, ::10].max() < 5.5


def test_paths_do_not_depend_on_the_number_of_threads() -> None:
    for dtype in (np.float32, np.float64):
        one = draw_paths(REFERENCE, 90, 9_000, rng=1, dtype=dtype, threads=1)
        two = draw_paths(REFERENCE, 90, 9_000, rng=1, dtype=dtype, threads=2)
        assert one.dtype == dtype
        assert one.tobytes() == two.tobytes()
    more = draw_paths(REFERENCE, 90, 10_000, rng=1, dtype=np.float64)
    assert np.array_equal(more[:9_000], two)


def test_labelled_paths_of_a_forecast_can_be_read_as_a_law(whole: at.Forecast) -> None:
    paths = whole.paths("russian-killed", "csis", draws=20_000, rng=5, dtype=np.float32)
    assert paths.dims == ("draw", "time")
    assert paths.attrs["units"] == "persons"
    law = at.Law.from_paths(paths, [250_000.0])
    ours = whole.law("russian-killed", "csis")
    for day in (date(2025, 6, 5), date(2025, 12, 31), date(2026, 12, 31)):
        p = at.laws.probability_by(ours, 250_000, day)
        assert at.laws.probability_by(law, 250_000, day) == pytest.approx(
            p, abs=5.5 * np.sqrt(p * (1 - p) / 20_000)
        )
    with pytest.raises(at.InputError, match="draw"):
        whole.paths("russian-killed", draws=0, rng=1)


def test_a_law_is_read_from_anybody_s_paths_at_irregular_times() -> None:
    times = np.array(["2025-06-03", "2025-06-10", "2025-07-01"], dtype="datetime64[s]")
    values = np.array([[[1.0, 5.0, 9.0], [2.0, 6.0, 4.0]], [[3.0, 3.0, 7.0], [0.0, 8.0, 8.0]]])
    paths = xr.DataArray(values, dims=("chain", "draw", "time"), coords={"time": times})
    law = at.Law.from_paths(paths, [5.0, 7.0], title="Area")
    column = law.weights @ law.exceedance[:, 0]
    assert column[6] == 0.0
    assert column[7] == 0.75
    assert column[27] == 0.75
    assert column[28] == 1.0
    assert any("running maximum" in note for note in law.provenance.notes)
    assert at.laws.crossing(law, 5.0).median.day == date(2025, 6, 10)
    with pytest.raises(at.InputError, match="dims"):
        at.Law.from_paths(paths.rename(draw="member"), [5.0])
    with pytest.raises(at.InputError, match="finite"):
        at.Law.from_paths(paths.where(paths != 9.0), [5.0])


def test_every_draw_counts_when_batches_are_unequal() -> None:
    days = np.datetime64("2025-06-03", "s") + np.arange(2) * np.timedelta64(86_400, "s")
    values = np.stack([np.zeros(101), np.arange(101.0)], axis=1)
    paths = xr.DataArray(values, dims=("draw", "time"), coords={"time": days})
    law = at.Law.from_paths(paths, [50.0])
    assert float(law.weights @ law.exceedance[:, 0, 1]) == pytest.approx(51 / 101, abs=1e-15)
