"""Many places at once: `forecast_many` and the trend below it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

import attrition as at
from attrition.models.trend import (
    Trend,
    TrendState,
    bundled_prior,
    expected_ahead,
    filtered,
    pooled,
    rows_of_noise,
    weights_of_past,
)

TREND = bundled_prior().trend
SHARES = bundled_prior().shares


def weekly(values: NDArray[Any], names: list[str] | None = None) -> pd.DataFrame:
    """Return a frame of weekly counts that end on Saturdays, values of shape (place, week)."""
    places = [f"place {number}" for number in range(len(values))] if names is None else names
    ends = pd.date_range("2022-01-01", periods=values.shape[1], freq="7D")
    return pd.DataFrame(
        {
            "location": np.repeat(places, len(ends)),
            "date": np.tile(ends, len(places)),
            "value": values.ravel(),
        }
    )


def some(places: int = 3, weeks: int = 70, seed: int = 0) -> NDArray[np.int64]:
    """Return waves of counts."""
    rng = np.random.default_rng(seed)
    wave = np.exp(4 + np.sin(np.arange(weeks) / 8 + np.arange(places)[:, None]))
    return np.asarray(rng.poisson(wave))


def worlds(
    trend: Trend, places: int, weeks: int, rng: np.random.Generator, share: float = 0.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return counts that the stated model makes, without its pull, and the slopes at their end.

    ``share`` of the variance of slopes is common to all places; about 150 a week at first.
    """
    level, slope = np.log(150) + 0.5 * rng.standard_normal(places), np.zeros(places)
    out = np.empty((places, weeks))
    for week in range(weeks):
        shock = np.sqrt(1 - share) * rng.standard_normal(places)
        if share:
            shock += np.sqrt(share) * rng.standard_normal()
        slope = trend.damping * slope + trend.slope_noise * shock
        level = level + slope + trend.level_noise * rng.standard_normal(places)
        out[:, week] = rng.poisson(np.exp(level + trend.noise * rng.standard_normal(places)))
    return out, slope


def ranks(model: Trend, truth: Trend, places: int = 600) -> NDArray[np.float64]:
    """Return, for horizons 1 and 4, randomised ranks of what came among draws, in [0, 1]."""
    rng = np.random.default_rng(11)
    counts, _ = worlds(truth, places, 44, rng)
    prior = replace(bundled_prior(), trend=model)
    future = at.forecasts.forecast_many(
        weekly(counts[:, :40]), every="week", rng=5, horizons=[1, 4], draws=999, prior=prior
    )
    came = counts[:, [40, 43]]
    order = [f"place {number}" for number in range(places)]
    draws = future.draws[[future.locations.index(name) for name in order]]
    below = (draws < came[:, None]).sum(axis=1)
    equal = (draws == came[:, None]).sum(axis=1)
    return np.asarray((below + rng.uniform(size=came.shape) * (equal + 1)) / 1000)


OWN = replace(
    TREND,
    brake=0.0,
    pull=0.0,
    lift=0.0,
    errors=1.0,
    widening=1.0,
    heavy=1e6,
    tail=1e6,
    ceiling=9.0,
)
"""The stated model without what guards against worlds that are not of it."""


@pytest.mark.parametrize("horizon", [0, 1])
def test_what_comes_in_worlds_of_the_model_ranks_evenly_among_its_draws(horizon: int) -> None:
    assert stats.kstest(ranks(OWN, OWN)[:, horizon], "uniform").pvalue > 1e-6


@pytest.mark.parametrize("horizon", [0, 1])
def test_a_model_whose_futures_are_half_as_wide_is_rejected(horizon: int) -> None:
    wrong = replace(OWN, widening=0.5)
    assert stats.kstest(ranks(wrong, OWN)[:, horizon], "uniform").pvalue < 1e-6


@pytest.mark.parametrize("horizon", [0, 1])
def test_a_model_that_thinks_half_of_the_noise_learns_the_width_from_its_errors(
    horizon: int,
) -> None:
    wrong = replace(
        OWN, slope_noise=OWN.slope_noise / 2, level_noise=OWN.level_noise / 2, noise=OWN.noise / 2
    )
    assert stats.kstest(ranks(wrong, OWN)[:, horizon], "uniform").pvalue > 1e-6


def test_a_place_that_prints_erratic_counts_is_forecast_with_wider_futures() -> None:
    rng = np.random.default_rng(2)
    shaken = replace(TREND, noise=0.5)
    counts = np.concatenate([worlds(one, 20, 60, rng)[0] for one in (TREND, shaken)])
    error = filtered(counts, TREND, SHARES).error
    assert error[:20].max() < error[20:].min()
    alone = filtered(counts[:1], TREND, (0.0,)).error
    assert filtered(counts, TREND, (0.0,)).error[0] == alone[0]
    assert filtered(counts[:1], TREND, SHARES).error[0] == alone[0]
    # Beside erratic places a place of few weeks is less trusted than beside steady ones.
    short = np.where(np.arange(60) < 52, np.nan, counts[:1])
    beside = [
        filtered(np.concatenate([short, others]), TREND, SHARES).error[0]
        for others in (counts[1:20], counts[21:])
    ]
    assert beside[0] < beside[1]


@pytest.mark.parametrize("slope", [-0.4, 0.0, 0.1, 0.5])
@pytest.mark.parametrize("off", [-2.0, 0.0, 1.5])
def test_fast_growth_and_high_counts_end_sooner(slope: float, off: float) -> None:
    one = np.ones(1)
    state = TrendState(
        level=5.0 * one, slope=slope * one, ll=0 * one, lb=0 * one, bb=0 * one,
        mean=(5.0 - off) * one, top=9.0 * one, error=TREND.errors * one,
    )  # fmt: skip
    normals, stretch = np.zeros((1, rows_of_noise(2), 1)), np.ones((1, 1))
    first, second = np.log(expected_ahead(state, TREND, normals, stretch)[0, :, 0])
    pulls = {True: TREND.pull, False: TREND.lift}
    braked = TREND.damping * slope / (1 + TREND.brake * max(slope, 0)) - pulls[off > 0] * off
    assert first - 5.0 == pytest.approx(braked)
    again = TREND.damping * braked / (1 + TREND.brake * max(braked, 0))
    assert second - first == pytest.approx(again - pulls[off + braked > 0] * (off + braked))


@pytest.mark.parametrize("every", ["week", "month"])
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(every: Any) -> None:
    frame = weekly(some())
    frame["date"] = (
        frame.groupby("location")
        .cumcount()
        .map(lambda step: pd.Timestamp("2015-01-31") + pd.offsets.MonthEnd(step))
        if every == "month"
        else frame["date"]
    )
    first, again, other = (
        at.forecasts.forecast_many(frame, every=every, rng=seed, draws=50).draws.tobytes()
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


@settings(max_examples=settings().max_examples // 7, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 80), st.integers(0, 3))
def test_a_place_is_forecast_alike_whoever_stands_beside_it(
    seed: int, others: int, late: int
) -> None:
    counts = some(others + 1).astype(float)
    counts[1:, counts.shape[1] - late :] = np.nan
    frame = weekly(counts)
    rows = np.random.default_rng(seed).permutation(len(frame))
    by_itself = replace(bundled_prior(), shares=(0.0,))
    alone = at.forecasts.forecast_many(
        frame[frame["location"] == "place 0"], every="week", rng=3, draws=20
    )
    beside = at.forecasts.forecast_many(
        frame.iloc[rows], every="week", rng=3, draws=20, prior=by_itself
    )
    assert np.array_equal(alone.draws[0], beside.draws[beside.locations.index("place 0")])
    ordered, mixed = (
        at.forecasts.forecast_many(one, every="week", rng=3, draws=20)
        for one in (frame, frame.iloc[rows])
    )
    assert np.array_equal(ordered.draws, mixed.draws)


def test_growth_that_places_share_is_known_better_and_no_more_surely_than_it_is() -> None:
    errors, inside = [], []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        counts, slope = worlds(TREND, 12, 60, rng, share=0.7)
        alone, together = (filtered(counts, TREND, shares) for shares in ((0.0,), SHARES))
        errors.append([np.mean((one.slope - slope) ** 2) for one in (alone, together)])
        inside.append(np.abs(together.slope - slope) <= 1.645 * np.sqrt(together.bb))
        assert (together.bb <= alone.bb + 1e-12).all()
    alone_error, shared_error = np.mean(errors, axis=0)
    assert shared_error < 0.75 * alone_error
    assert 0.84 <= np.mean(inside) <= 0.95


@pytest.mark.parametrize("places", [2, 12, 40])
def test_places_that_go_their_own_ways_lose_little_by_standing_in_one_table(places: int) -> None:
    errors = []
    for seed in range(480 // places):
        counts, slope = worlds(TREND, places, 60, np.random.default_rng(seed))
        states = [filtered(counts, TREND, shares) for shares in ((0.0,), SHARES)]
        errors.append([np.mean((one.slope - slope) ** 2) for one in states])
    alone, together = np.mean(errors, axis=0)
    assert together < 1.05 * alone


@given(st.floats(0.0, 0.95), st.floats(-1.0, 1.0), st.floats(0.001, 0.06), st.floats(-0.9, 0.9))
def test_a_single_place_has_nothing_in_common(
    share: float, slope: float, bb: float, bend: float
) -> None:
    state = np.array([[5.0], [slope], [0.01], [bend * np.sqrt(0.01 * bb)], [bb]])
    assert np.allclose(pooled(state, TREND, share), state, atol=1e-9)


def test_a_place_that_fell_silent_is_not_moved_by_what_the_others_do_now() -> None:
    counts, _ = worlds(TREND, 12, 60, np.random.default_rng(3), share=0.8)
    gone = counts.copy()
    gone[0, -3:] = np.nan
    alone, together = (filtered(gone, TREND, shares) for shares in ((0.0,), SHARES))
    assert alone.slope[0] == together.slope[0]
    assert (alone.slope[1:] != together.slope[1:]).all()


def test_a_longer_forecast_begins_like_a_shorter_one() -> None:
    frame = weekly(some())
    short = at.forecasts.forecast_many(frame, every="week", rng=1, draws=30, horizons=[1, 2])
    long = at.forecasts.forecast_many(frame, every="week", rng=1, draws=30, horizons=[1, 2, 3, 9])
    assert np.array_equal(short.draws, long.draws[:, :, :2])


def test_days_are_forecast_as_the_weeks_that_they_sum_to() -> None:
    weeks = weekly(some(2))
    days = weeks.loc[weeks.index.repeat(7)].reset_index(drop=True)
    back = np.tile(np.arange(7), len(weeks))
    days["value"] = np.where(back == 0, days["value"], 0)  # a week's count on its last day
    days["date"] -= pd.to_timedelta(back, unit="D")
    whole = at.forecasts.forecast_many(weeks, every="week", rng=1, draws=40)
    summed = at.forecasts.forecast_many(days, every="week", rng=1, draws=40)
    assert np.array_equal(whole.draws, summed.draws)
    assert whole.ends == summed.ends


def test_a_week_that_lacks_a_day_is_carried_through_not_taken_for_a_quiet_one() -> None:
    days = pd.date_range("2022-01-02", periods=7 * 60, freq="D")  # Sundays to Saturdays
    frame = pd.DataFrame({"location": "A", "date": days, "value": 20})
    broken = frame.iloc[:-2]
    last = days[-1].date()
    future = at.forecasts.forecast_many(broken, every="week", rng=1, origin=last, horizons=[0, 1])
    assert future.ends[0] == last
    assert 120 < np.median(future.draws[0, :, 0]) < 160


@pytest.mark.parametrize(("week_end", "weekday"), [("Sat", 5), ("Sun", 6), ("Wed", 2)])
def test_weeks_end_on_the_day_that_is_asked_for(week_end: str, weekday: int) -> None:
    days = pd.date_range("2022-01-01", periods=200, freq="D")
    frame = pd.DataFrame({"location": "A", "date": days, "value": 9})
    future = at.forecasts.forecast_many(frame, every="week", rng=1, draws=20, week_end=week_end)
    assert {end.weekday() for end in future.ends} == {weekday}
    assert (future.ends[0] - days[-1].date()).days in range(1, 8)


def test_only_what_was_seen_by_the_origin_counts() -> None:
    frame = weekly(some(1)).assign(origin=pd.Timestamp("2023-01-01"))
    later = frame.assign(origin=pd.Timestamp("2023-12-01"), value=frame["value"] * 50)
    both = pd.concat([frame, later])
    asked: dict[str, Any] = {"every": "week", "rng": 1, "draws": 30, "origin": "2023-05-01"}
    assert np.array_equal(
        at.forecasts.forecast_many(both, **asked).draws,
        at.forecasts.forecast_many(frame, **asked).draws,
    )
    asked["origin"] = "2024-01-01"
    assert at.forecasts.forecast_many(both, **asked).draws.mean() > 1_000


@pytest.mark.parametrize("every", ["week", "month"])
def test_where_nothing_was_ever_counted_the_chance_of_any_is_that_of_jeffreys(every: Any) -> None:
    number = 36
    dates = pd.date_range("2020-01-31", periods=number, freq="ME" if every == "month" else "7D")
    frame = pd.DataFrame({"location": "A", "date": dates, "value": 0})
    future = at.forecasts.forecast_many(frame, every=every, rng=1, draws=20_000, horizons=[1])
    chance = 1 - np.sqrt(number / (number + 1))
    error = np.sqrt(chance * (1 - chance) / 20_000)
    assert future.kinds == {"A": "quiet"}
    assert abs((future.draws > 0).mean() - chance) < 5 * error
    assert np.quantile(future.draws, 0.95) == 0


def test_no_future_is_expected_beyond_its_bound() -> None:
    counts = np.exp(np.linspace(0, 9, 30)).astype(int)[None]  # doubling every two weeks or so
    future = at.forecasts.forecast_many(
        weekly(counts), every="week", rng=1, draws=4_000, horizons=[1, 26]
    )
    bound = (counts.max() + 1) * np.exp(TREND.ceiling)
    assert future.draws.max() < bound + 6 * np.sqrt(bound)


@settings(max_examples=settings().max_examples // 4, deadline=None)
@given(st.lists(st.integers(-50, 10**7), min_size=2, max_size=60), st.integers(0, 2**32))
def test_any_history_gives_whole_counts_of_0_or_more(history: list[int], seed: int) -> None:
    frame = weekly(np.array([[*history, 1]]))
    future = at.forecasts.forecast_many(frame, every="week", rng=seed, draws=30)
    assert future.draws.min() >= 0
    assert np.isfinite(future.quantiles["value"]).all()


def test_a_dump_of_late_reports_moves_the_level_less_than_three_such_weeks() -> None:
    steady = np.full((1, 60), 100.0)
    dump, new = steady.copy(), steady.copy()
    dump[0, -1], new[0, -3:] = 900, 900
    levels = [np.exp(filtered(counts, TREND).level[0]) for counts in (steady, dump, new)]
    assert 95 < levels[0] < 105
    assert levels[1] < 450 < levels[2]


def test_months_are_drawn_from_the_last_twelve_with_a_half_life_of_six() -> None:
    counts = np.arange(1.0, 31.0)[None]
    weight = weights_of_past(counts, bundled_prior().history)[0]
    assert (weight > 0).sum() == 12
    assert weight[-1] == pytest.approx(2 * weight[-7])
    assert weight.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("counts", "every", "kind"),
    [
        ([5] * 60, "week", "trend"),
        ([5] * 60, "month", "history"),
        ([0] * 58 + [3, 0], "week", "history"),
        ([0] * 60, "week", "quiet"),
    ],
)
def test_period_and_share_of_zeros_choose_how_a_place_is_forecast(
    counts: list[int], every: Any, kind: str
) -> None:
    frame = weekly(np.array([counts]))
    if every == "month":
        frame["date"] = pd.date_range("2015-01-31", periods=len(counts), freq="ME")
    future = at.forecasts.forecast_many(frame, every=every, rng=1, draws=10)
    assert set(future.kinds.values()) == {kind}


def test_the_table_is_a_model_output_table_of_a_hub() -> None:
    future = at.forecasts.forecast_many(
        weekly(some(2)), every="week", rng=1, draws=100, levels=[0.1, 0.9]
    )
    table = future.quantiles
    assert list(table) == [
        "origin_date", "location", "horizon", "target_end_date", "output_type", "output_type_id",
        "value",
    ]  # fmt: skip
    assert len(table) == 2 * 4 * 2
    one = table[(table["location"] == "place 1") & (table["horizon"] == 3)]
    assert one["value"].tolist() == np.quantile(future.draws[1, :, 2], [0.1, 0.9]).tolist()
    samples = future.to_pandas()
    assert len(samples) == future.draws.size
    assert set(samples["output_type"]) == {"sample"}


def test_a_csv_a_dataset_and_a_frame_say_the_same(tmp_path: Path) -> None:
    frame = weekly(some(2), ["06", "US"])
    frame.to_csv(tmp_path / "counts.csv", index=False)
    cube = frame.set_index(["location", "date"]).to_xarray()
    futures = [
        at.forecasts.forecast_many(data, every="week", rng=1, draws=20)
        for data in (frame, cube, tmp_path / "counts.csv", dict(frame))
    ]
    assert futures[0].locations == ("06", "US")
    assert len({future.draws.tobytes() for future in futures}) == 1


def _twice(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame, frame])


@pytest.mark.parametrize(
    ("change", "asked", "rule"),
    [
        (lambda frame: frame.drop(columns="value"), {}, "columns location, date and value"),
        (_twice, {}, "one value on a date"),
        (lambda frame: frame.assign(value="many"), {}, "a count must be a number"),
        (lambda frame: frame.assign(date="soon"), {}, "every row must have a date"),
        (lambda frame: frame.assign(value=-1), {}, "neither missing nor negative"),
        (lambda frame: frame, {"origin": "1999-01-01"}, "known by the origin"),
        (lambda frame: frame, {"origin": "then"}, "a day must be a date"),
        (lambda frame: frame, {"horizons": [0]}, "known already"),
        (lambda frame: frame, {"horizons": [2, 1]}, "rising whole numbers"),
        (lambda frame: frame, {"levels": [0.5, 1]}, "strictly between 0 and 1"),
        (lambda frame: frame, {"draws": 0}, "`draws` must be"),
        (lambda frame: frame, {"every": "year"}, "a week or a month"),
        (lambda frame: frame, {"kind": "guess"}, "`kind` must be"),
        (lambda frame: frame, {"week_end": "Caturday"}, "a week must end on"),
    ],
)
def test_a_refusal_names_rule_value_place_and_remedy(
    change: Any, asked: dict[str, Any], rule: str
) -> None:
    with pytest.raises(at.InputError) as error:
        at.forecasts.forecast_many(change(weekly(some(1))), **{"every": "week", "rng": 1, **asked})
    assert rule in error.value.rule
    assert all((error.value.got, error.value.place, error.value.remedy))


def test_weeks_cannot_be_made_of_months() -> None:
    dates = pd.date_range("2020-01-31", periods=20, freq="ME")
    frame = pd.DataFrame({"location": "A", "date": dates, "value": 4})
    with pytest.raises(at.InputError, match="weeks cannot be made of months"):
        at.forecasts.forecast_many(frame, every="week", rng=1)
