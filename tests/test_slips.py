"""Slips of digits in a recorded count: hypotheses of its law, which later rows resolve."""

from __future__ import annotations

import warnings
from datetime import date, timedelta

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import attrition as at
from attrition.core._typing import Floats
from attrition.data.series.slips import denied_totals, doubts_of_counts, ways
from attrition.models.counts.counted import law_of_count
from attrition.models.counts.totals import draw_totals, totals_of_count
from attrition.models.pace import FittedPace, fit_pace
from attrition.models.pace.fates import Fate, SlipReading, readings_of

FALSE_ALARM = 1e-6
DAYS, AHEAD = 300, 28
PRESENT = date(2023, 10, 27)


def read(values: Floats, name: str, every: int = 1) -> at.Series:
    """Return a count that ends on 27 October 2023, without its warnings."""
    time = np.datetime64(PRESENT, "s") - np.arange(values.size)[::-1] * np.timedelta64(every, "D")
    data = xr.DataArray(values, dims="time", coords={"time": time}, name=name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        return at.read_series(data, period="end")


def counts(seed: int = 1, rate: float = 60.0, size: int = DAYS) -> Floats:
    return np.random.default_rng(seed).poisson(rate, size).astype(float)


def ahead(pace: FittedPace, draws: int = 2_048) -> Floats:
    return draw_totals(pace, AHEAD, draws, rng=1)[:, -1]


# ------------------------------------------------------------------ how numbers are typed wrongly


@pytest.mark.parametrize("meant", [7.0, 67.0, 5_967.0, 120_000.0])
def test_what_may_be_typed_for_a_number_has_a_probability_of_one_at_most(meant: float) -> None:
    """Summed over all that is printed the likelihoods are shares of slips."""
    text = f"{meant:.0f}"
    typed = {float(f"{text}{zeros}") for zeros in ("0", "00", "000")}
    typed |= {float(meant // power) for power in (10, 100)}
    typed |= {float(round(meant / power)) for power in (10, 100)}
    for i in range(len(text) + 1):
        typed |= {float(text[:i] + digit + text[i:]) for digit in "0123456789"}
        typed |= {float(text[:i] + digit + text[i + 1 :]) for digit in "0123456789"}
        typed |= {float(text[:i] + text[i + 1 :] or "0")}
        typed |= {float(text[:i] + text[i : i + 2][::-1] + text[i + 2 :])}
    shares = [ways(printed).get(meant, 0.0) for printed in typed - {meant}]
    assert 0.7 < sum(shares) <= 1.01


def test_the_usual_slips_are_known_and_a_number_is_no_slip_of_itself() -> None:
    for printed in (59_670.0, 5_976.0, 59_967.0, 597.0, 596.0, 5_867.0):
        assert ways(printed)[5_967.0] > 0
    assert 5_967.0 not in ways(5_967.0)
    assert 5_967.0 not in ways(4_321.0)


# ------------------------------------------------------------------ the last row


@pytest.mark.parametrize("name", ["cumulative", "daily"])
@pytest.mark.parametrize("power", [10.0, 100.0, 1_000.0])
@pytest.mark.parametrize("every", [1, 7])
def test_the_law_after_a_slip_on_the_last_row_is_near_and_holds_what_is_printed(
    name: str, power: float, every: int
) -> None:
    daily = counts(2, 60.0 * every)
    right = 5_000 + np.cumsum(daily) if name == "cumulative" else daily
    wrong = right.copy()
    wrong[-1] *= power
    pace, clean = (fit_pace(read(values, name, every)) for values in (wrong, right))
    assert pace.information_date == clean.information_date == PRESENT
    assert pace.total == clean.total
    law, expected = (totals_of_count(each, AHEAD, 1) for each in (pace, clean))
    for probability in (0.1, 0.5, 0.8):
        near, there = (float(each.quantile(AHEAD, probability).mean()) for each in (law, expected))
        scale = there - clean.total
        assert near - clean.total == pytest.approx(scale, rel=0.15)
    printed = clean.total + (wrong[-1] - right[-1])
    share = float(np.mean(draw_totals(pace, AHEAD, 2_048, rng=1)[:, 0] >= printed))
    assert 0.01 < share < 0.1
    assert any("% a slip, else true" in note for note in pace.notes)


@pytest.mark.parametrize("name", ["cumulative", "daily"])
def test_the_sentence_of_a_slip_says_so_in_its_note_and_has_its_share(name: str) -> None:
    daily = counts(3)
    values = 5_000 + np.cumsum(daily) if name == "cumulative" else daily
    values[-1] *= 10
    series = read(values, name)
    threshold = float(series.cleaned.total[-1] + 400)
    forecast = at.forecast(series, thresholds=[threshold], seed=1)
    law = forecast.law("recorded-total")
    true = 1 - series.cleaned.doubts[0].slip
    assert at.laws.masses(law, threshold).already == pytest.approx(true)
    assert f"{100 * (1 - true):.0f} % a slip, else true" in forecast.cite(threshold).note
    # the total on that day, read from other draws, agrees
    narrow, wide = (at.laws.total(law, PRESENT, prob=prob) for prob in (1 - 4 * true, 1 - true))
    assert narrow.upper < threshold < wide.upper


def test_later_rows_tell_whether_a_last_total_was_a_slip() -> None:
    right = 5_000 + np.cumsum(counts(4))
    denied = right.copy()
    denied[-4] *= 10
    assert not read(denied, "cumulative").cleaned.doubts
    assert np.std(ahead(fit_pace(read(denied, "cumulative")))) == pytest.approx(
        np.std(ahead(fit_pace(read(right, "cumulative")))), rel=0.1
    )
    confirmed = right.copy()
    confirmed[-4:] += 9 * right[-4]
    series = read(confirmed, "cumulative")
    assert not series.cleaned.doubts
    assert series.cleaned.total[-1] == confirmed[-1]
    pace = fit_pace(series)
    assert np.mean(ahead(pace) > confirmed[-1] + 10 * 60 * AHEAD) < 0.05


def test_a_fall_on_the_last_row_is_a_slip_where_digits_explain_it_and_else_a_correction() -> None:
    right = 5_000 + np.cumsum(counts(5))
    for fallen, slips in ((round(right[-1] / 10), True), (right[-2] - 3_217, False)):
        values = right.copy()
        values[-1] = fallen
        series = read(values, "cumulative")
        assert (series.cleaned.total[-1] > right[-2]) is np.bool_(slips)
        assert "typo" in [d.kind for d in series.anomalies]
        assert ("correction" in [d.kind for d in series.anomalies]) is not slips
        below = float(np.mean(ahead(fit_pace(series)) < right[-2]))
        assert 0.01 < below < 0.1 if slips else 0.7 < below < 0.8


def test_a_fall_that_later_rows_keep_or_take_back_is_no_doubt_any_more() -> None:
    right = 5_000 + np.cumsum(counts(12))
    kept, taken = right.copy(), right.copy()
    kept[-3:] -= 3_217
    taken[-3] -= 3_217
    for values, total in ((kept, right[-1] - 3_217), (taken, right[-1])):
        series = read(values, "cumulative")
        assert not series.cleaned.doubts
        assert series.cleaned.total[-1] == total
        assert np.median(ahead(fit_pace(series))) == pytest.approx(total + 28 * 60, rel=0.02)


def test_two_giants_are_rather_true_than_two_slips() -> None:
    shares = []
    for number in (1, 2, 3):
        daily = counts(6)
        daily[-number:] *= 10
        shares.append(sum(d.slip for d in read(daily, "daily").cleaned.doubts))
    assert shares[0] > 0.9
    assert shares == sorted(shares, reverse=True)
    assert shares[2] < 0.05


def test_each_ordinary_count_after_a_giant_makes_a_new_pace_less_likely() -> None:
    daily, shares = counts(7), []
    for place in (-1, -2, -3, -5):
        values = daily.copy()
        values[place] = 1_437.0  # no slip explains it
        series = read(values, "daily")
        assert not series.cleaned.doubts
        shares.append(fit_pace(series).belief.fate.surging)
    assert shares == pytest.approx([0.3, 0.06, 0.012, 0.0])


@settings(max_examples=settings().max_examples // 5)
@given(
    name=st.sampled_from(["cumulative", "daily"]),
    row=st.sampled_from([150, 298, 299]),
    printed=st.integers(10**8, 10**17),
)
def test_a_number_of_something_else_in_the_column_of_a_count_decides_no_answer(
    name: str, row: int, printed: int
) -> None:
    daily = counts(13)
    right = 5_000 + np.cumsum(daily) if name == "cumulative" else daily
    wrong = right.copy()
    wrong[row] = printed
    series = read(wrong, name)
    (typo,) = (d for d in series.anomalies if d.kind == "typo")
    assert typo in series.grave
    expected = right[-1] if name == "cumulative" else daily.sum()
    assert series.cleaned.total[-1] == pytest.approx(expected, abs=60)
    assert all(doubt.slip > 0.95 for doubt in series.cleaned.doubts)


@settings(max_examples=settings().max_examples // 5)
@given(row=st.integers(40, DAYS - 1))
def test_the_total_so_far_in_the_column_of_new_counts_is_no_count(row: int) -> None:
    daily = counts(14)
    wrong = daily.copy()
    wrong[row] = daily[: row + 1].sum()
    (doubt,) = read(wrong, "daily").cleaned.doubts
    assert doubt.meant == (daily[row],)
    assert doubt.slip > 0.8


def test_a_backlog_of_hundreds_of_days_is_still_one() -> None:
    for name in ("cumulative", "daily"):
        daily = counts(15)
        daily[-1] = 12_345.0
        values = 5_000 + np.cumsum(daily) if name == "cumulative" else daily
        assert not read(values, name).cleaned.doubts


# ------------------------------------------------------------------ what is no slip


@pytest.mark.parametrize("rate", [0.7, 5.0, 60.0, 3_000.0])
def test_counts_as_they_come_are_hardly_ever_doubted(rate: float) -> None:
    doubted = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        wave = rate * np.exp(np.sin(np.arange(DAYS) / rng.uniform(20, 60)))
        daily = rng.poisson(rng.gamma(wave / 3) * 3).astype(float)
        weekly = 1 - 0.8 * (np.arange(DAYS) % 7 > 4)
        for values in (daily, rng.poisson(wave * weekly).astype(float)):
            doubted += len(doubts_of_counts(np.arange(DAYS), values, np.ones(DAYS), 0.4))
            assert not denied_totals(np.arange(DAYS), 1_000 + np.cumsum(values)).size
    assert doubted <= 2  # of 80 counts with 24,000 rows


def test_growth_and_what_makes_up_for_a_missed_report_are_no_slips() -> None:
    doubling = np.round(10 * 2.0 ** (np.arange(30) / 3))
    assert not [
        d for d in doubts_of_counts(np.arange(30), doubling, np.ones(30), 0.4) if d.likelier
    ]
    late = counts(8)
    late[150:152], late[152] = 0.0, late[150:153].sum()
    assert not read(late, "daily").cleaned.doubts


# ------------------------------------------------------------------ readings of a count


def test_readings_of_independent_doubts_have_the_products_of_their_weights() -> None:
    daily = counts(9, 200.0)
    daily[[80, 160]] *= 10
    cleaned = read(daily, "daily").cleaned
    first, second = cleaned.doubts
    readings, present = readings_of(cleaned)
    assert sum(reading.weight for reading in readings) == pytest.approx(1)
    weight = {reading.lead: reading.weight for reading in readings}
    assert present == 0
    assert weight[0.0] == pytest.approx(first.slip * second.slip, rel=1e-3)
    assert weight[first.excess] == pytest.approx((1 - first.slip) * second.slip, rel=1e-3)


def test_so_many_futures_have_a_reading_as_its_weight_says_and_one_changes_nothing() -> None:
    rng = np.random.default_rng(10)
    kind, when = rng.random((2, 40_000))
    fate = Fate(
        ending=0.1,
        hazard=0.2 / 364,
        readings=(SlipReading(0.7), SlipReading(0.2, 500.0), SlipReading(0.1, 500.0, 12.0)),
    )
    leads = fate.leads(kind)
    assert stats.binomtest(int((leads == 500).sum()), kind.size, 0.3).pvalue > FALSE_ALARM
    which, offset = fate.offsets(kind, when, 52, 7)
    assert np.unique(which).size == which.size
    surging = offset[0] > 1
    assert (leads[which[surging]] == 500).all()
    assert stats.binomtest(int(surging.sum()), kind.size, 0.1).pvalue > FALSE_ALARM
    # fates are as likely in every reading
    ended = np.isin(np.arange(kind.size), which[~surging])
    share = 1 - 0.9 * np.exp(-0.2)
    for at_lead in (0.0, 500.0):
        some = (leads == at_lead) & ~np.isin(np.arange(kind.size), which[surging])
        assert stats.binomtest(int(ended[some].sum()), int(some.sum()), share).pvalue > FALSE_ALARM
    alone = Fate(ending=0.1, hazard=0.2 / 364).offsets(kind, when, 52, 7)
    again = Fate(ending=0.1, hazard=0.2 / 364, readings=(SlipReading(1.0),)).offsets(
        kind, when, 52, 7
    )
    assert all(np.array_equal(*pair) for pair in zip(alone, again, strict=True))


@pytest.mark.parametrize("power", [10.0, 100.0])
def test_law_totals_and_paths_of_a_count_in_doubt_agree(power: float) -> None:
    daily = counts(11)
    daily[[120, 299]] *= power
    pace = fit_pace(read(daily, "daily"))
    paths = draw_totals(pace, 60, 16_384, rng=1)
    readings = pace.belief.fate.readings
    gaps = np.array([200.0, 60 * 9 + 300.0, 1_500.0, max(r.lead for r in readings) / 2])
    thresholds = np.round(pace.least + gaps)
    law = law_of_count(pace, thresholds, 60, np.random.default_rng(2), 4_096)
    asked = thresholds.tolist()
    forecast = at.forecast(read(daily, "daily"), thresholds=asked, tolerance=10.0, seed=1)
    printed = forecast.law("recorded-total")
    totals = totals_of_count(pace, 60, 1)
    for row, threshold in enumerate(thresholds):
        for day in (0, 1, 7, 28, 60):
            expected = float(np.mean(paths[:, day] >= threshold))
            error = 5 * np.sqrt(expected * (1 - expected) / 16_384 + 1e-6) + 0.004
            assert law[row, day] == pytest.approx(expected, abs=error)
            by = at.laws.probability_by(printed, float(threshold), PRESENT + timedelta(days=day))
            assert by == pytest.approx(expected, abs=error)
            read_off = float(totals.column(threshold)[:, day].mean())
            assert read_off == pytest.approx(expected, abs=error + 0.01)


# ------------------------------------------------------------------ coverage


def mistyped(rng: np.random.Generator, number: float) -> float:
    """Type a number ten, a hundred times too large, a tenth of it, or with two digits swapped."""
    text = f"{number:.0f}"
    kind = int(rng.integers(4))
    if kind == 3 and len(text) > 1:
        i = int(rng.integers(len(text) - 1))
        return float(text[:i] + text[i + 1] + text[i] + text[i + 2 :])
    return float(round(number * (10.0, 100.0, 0.1, 10.0)[kind]))


def world(seed: int) -> Floats:
    """Daily counts of 10 to 2,000, from Poisson to twenty times as scattered, still or drifting."""
    rng = np.random.default_rng([seed, 5])
    level, phi = np.log(10.0) + rng.random() * np.log(200.0), rng.choice([1.0, 2.0, 5.0, 20.0])
    drift = rng.choice([0.0, 0.03, 0.1]) / np.sqrt(7) * rng.standard_normal(DAYS + AHEAD)
    mean = np.exp(level + np.cumsum(drift))
    scattered = rng.gamma(mean / (phi - 1)) * (phi - 1) if phi > 1 else mean
    return np.asarray(rng.poisson(scattered), dtype=float)


@pytest.mark.parametrize("name", ["cumulative", "daily"])
def test_intervals_hold_as_often_after_a_slip_and_are_hardly_wider_once_it_is_past(
    name: str,
) -> None:
    """One slip at a random place; its width counts where it is not among the last two rows."""
    worlds, outcomes, widths = 60, [], []
    for seed in range(worlds):
        daily, rng = world(seed), np.random.default_rng([seed, 6])
        before = 1_000.0 if name == "cumulative" else 0.0
        truth = before + daily.sum()
        right = before + np.cumsum(daily[:DAYS]) if name == "cumulative" else daily[:DAYS]
        wrong, row = right.copy(), int(rng.integers(DAYS))
        wrong[row] = mistyped(rng, right[row])
        plain, slipped = (
            np.quantile(ahead(fit_pace(read(values, name)), 1_024), (0.05, 0.95))
            for values in (right, wrong)
        )
        believed = plain + (wrong.sum() - right.sum() if name == "daily" else 0.0)
        outcomes.append([low <= truth <= high for low, high in (plain, slipped, believed)])
        if row < DAYS - 2:
            widths.append(float(np.ptp(slipped) / np.ptp(plain)))
    without, with_slip, believed = np.sum(outcomes, axis=0).tolist()

    def too_few(count: int) -> bool:
        test = stats.binomtest(count, worlds, 0.9, alternative="less")
        return bool(test.pvalue < FALSE_ALARM)

    assert not too_few(without)
    assert not too_few(with_slip)
    assert abs(with_slip - without) <= 4  # counts that a slip made wrong, or right by chance
    if name == "daily":  # a count that believes what is printed is noticed
        assert too_few(believed)
    # a total denied by later rows widens nothing; of a new count no later row tells
    assert np.median(widths) < 1.15
    assert np.quantile(widths, 0.9) < (1.1 if name == "cumulative" else 2.0)
