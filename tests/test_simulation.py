"""Rounds until an answer is accurate, anybody's path functions and anybody's paths."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import attrition as at
import oracles
from attrition.core.streams import seed_of

START = date(2025, 6, 3)
COUNT = Path(at.__path__[0]) / "bundled" / "general_staff_personnel_to_2025-06-03.csv"


@pytest.mark.parametrize("rng", [-1, 1.5, True, "one", None])
def test_a_seed_must_be_a_whole_number_or_a_generator(rng: object) -> None:
    with pytest.raises(at.InputError, match="rng"):
        seed_of(rng)  # type: ignore[arg-type]


def test_a_generator_yields_one_recorded_seed() -> None:
    assert seed_of(np.random.default_rng(5)) == seed_of(np.random.default_rng(5))


def mixed_paths(rng: np.random.Generator, draws: int) -> np.ndarray:
    daily = rng.poisson(rng.gamma(100.0, 0.1, (draws, 1)), (draws, 200))
    return np.concatenate([np.zeros((draws, 1)), daily.cumsum(axis=1)], axis=1)


def true_dates() -> list[float]:
    """Return the days on which the piecewise linear law of those paths reaches 5, 50 and 95 %."""
    law = [0.0, *(oracles.mixed_poisson(100.0, 10.0, 1_000, day) for day in range(1, 201))]
    return [float(np.interp(p, law, np.arange(201.0))) for p in (0.05, 0.5, 0.95)]


def test_the_tolerance_is_met_and_costs_points() -> None:
    coarse, fine = (
        at.Law.simulate(mixed_paths, [1_000.0], START, seed=1, tolerance=tolerance)
        for tolerance in (0.5, 0.1)
    )
    for law, tolerance in ((coarse, 0.5), (fine, 0.1)):
        assert at.laws.crossing(law, 1_000.0).mcse <= tolerance
    assert fine.provenance.points > coarse.provenance.points
    for law in (coarse, fine):
        for read, truth in zip(law.crossing(1_000).dates, true_dates(), strict=True):
            assert read.offset == pytest.approx(truth, abs=5 * (read.mcse or 0.0))


def test_a_limit_that_is_reached_is_announced() -> None:
    with pytest.warns(at.AttritionWarning, match="stopped at 2048 points"):
        law = at.Law.simulate(mixed_paths, [1_000.0], START, seed=1, tolerance=1e-6, size=2_048)
    assert any("stopped" in note for note in law.provenance.notes)


def test_progress_is_told_and_an_interrupt_passes_through() -> None:
    rows: list[tuple[str, int, float]] = []

    def stop(quantity: str, points: int, excess: float) -> None:
        rows.append((quantity, points, excess))
        if len(rows) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        at.forecast(
            at.read_series(COUNT),
            thresholds=[1.1e6],
            seed=1,
            tolerance=1e-6,
            size=4_096,
            progress=stop,
        )
    assert [points for _, points, _ in rows] == sorted({points for _, points, _ in rows})
    assert rows[1][2] < rows[0][2]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_law() -> None:
    first, again, other = (
        at.Law.simulate(mixed_paths, [1_000.0], START, seed=seed, tolerance=1).surface().tobytes()
        for seed in (3, 3, 4)
    )
    assert first == again
    assert first != other


def test_the_stated_error_is_the_error() -> None:
    truth, ratios = true_dates(), []
    for seed in range(1, 41):
        law = at.Law.simulate(mixed_paths, [1_000.0], START, seed=seed, tolerance=50, size=1_024)
        rows = zip(law.crossing(1_000).dates, truth, strict=True)
        ratios.append([((d.offset or 0.0) - t) / (d.mcse or 1.0) for d, t in rows])
    spread = np.std(ratios, axis=0)
    # 120 ratios of a t distribution with 15 degrees of freedom, whose standard deviation is 1.07
    assert (spread > 0.75).all()
    assert (spread < 1.4).all()
    assert 0.90 <= (np.abs(ratios) <= 2).mean() <= 0.99


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


# ------------------------------------------------------------------ whole paths


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
