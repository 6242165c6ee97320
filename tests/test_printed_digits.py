"""How finely numbers and dates are printed, against rules spelled out step by step."""

from __future__ import annotations

import calendar
import math
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attrition.core.laws import digits
from attrition.core.laws.digits import date_unit, print_date, round_count, round_step, rounded

STEPS = [Fraction(m) * Fraction(10) ** k for k in range(-9, 16) for m in (1, 2, 5)]
DAYS = st.dates(date(1914, 1, 1), date(2099, 12, 31))


@given(st.floats(1e-6, 1e12))
@example(2e5)
@example(0.5)
@example(1e6)
def test_a_step_is_one_two_or_five_times_a_power_of_ten(size: float) -> None:
    below = max(step for step in STEPS if step <= size * (1 + 1e-12))
    above = min(step for step in STEPS if step >= size * (1 - 1e-12))
    assert round_step(size) == pytest.approx(float(below), rel=1e-12)
    assert round_step(size, above=True) == pytest.approx(float(above), rel=1e-12)


def test_nothing_and_less_have_no_step() -> None:
    assert (round_step(0.0), round_step(-3.0), round_step(0.0, above=True)) == (0.0, 0.0, 0.0)
    assert round_step(1e-5) > 0


def _end(distance: float, far: float, width: float, mcse: float, *, whole: bool) -> float:
    """Return the unit of one end as the rule says it."""
    distance = max(distance, width / 50)
    unit = round_step(distance / 5)
    if mcse:
        asked = round_step(8 * mcse * min(distance / far, 1.0), above=True)
        unit = max(unit, min(asked, round_step(distance / 2)))
    return max(unit, 1.0) if whole else unit


@given(
    median=st.floats(0.5, 1e7),
    down=st.floats(1e-3, 1.0),
    up=st.floats(1e-3, 3.0),
    error=st.just(0.0) | st.floats(1e-9, 0.2),
    whole=st.booleans(),
)
def test_ends_are_rounded_outward_each_by_a_unit_of_its_own(
    *, median: float, down: float, up: float, error: float, whole: bool
) -> None:
    lower, upper = median * (1 - down), median * (1 + up)
    mcse = error * median
    printed = round_count(lower, median, upper, whole=whole, mcse=mcse)
    far = max(median - lower, upper - median)
    units = [
        _end(gap, far, upper - lower, mcse, whole=whole) for gap in (median - lower, upper - median)
    ]
    least = math.floor(lower / units[0] + 1e-9) * units[0]
    most = math.ceil(upper / units[1] - 1e-9) * units[1]
    fine = min(units)
    middle = min(max(round(median / fine) * fine, least), most)
    assert printed == pytest.approx((least, middle, most), rel=1e-11, abs=1e-11)
    assert printed[0] <= lower * (1 + 1e-8)
    assert printed[2] >= upper * (1 - 1e-8)


@pytest.mark.parametrize(
    ("asked", "whole", "printed"),
    [
        ((4.4, 4.4, 4.4), True, (4, 4, 4)),
        ((4.4, 4.4, 4.4), False, (4.4, 4.4, 4.4)),
        ((0.12, 0.13, 0.14), False, (0.12, 0.13, 0.14)),
        ((0.12, 0.13, 0.14), True, (0, 0, 1)),
    ],
)
def test_what_has_no_width_is_printed_as_it_is_and_people_are_whole(
    *, asked: tuple[float, float, float], whole: bool, printed: tuple[float, float, float]
) -> None:
    assert round_count(*asked, whole=whole) == pytest.approx(printed)


def test_dates_have_the_coarsest_unit_that_width_and_error_allow() -> None:
    units = {"day": 1, "week": 7, "month": 365.25 / 12, "quarter": 365.25 / 4, "year": 365.25}
    for width in (0.1, 5, 69.9, 70, 304.3, 304.4, 913.1, 913.2, 3652.4, 3652.6, 1e5):
        usual = [name for name, size in units.items() if size <= width / 10] or ["day"]
        assert date_unit(width) == usual[-1]
        for mcse in (0.1249, 0.1251, 0.874, 0.8751, 3.8, 3.81, 11.41, 11.42, 45, 46, 1e4):
            asked = [name for name, size in units.items() if mcse <= size / 8] or ["year"]
            coarser = max(usual[-1], asked[0], key=list(units).index)
            assert date_unit(width, mcse) == coarser
    assert date_unit(5, mcse=0.125) == "day"


@given(DAYS)
def test_a_printed_date_names_the_days_that_it_means(day: date) -> None:
    names = calendar.month_name
    last = calendar.monthrange(day.year, day.month)[1]
    third, begin = ("early", 1) if day.day <= 10 else ("mid", 11) if day.day <= 20 else ("late", 21)
    end = {"early": 10, "mid": 20, "late": last}[third]
    join = "-" if third == "mid" else " "
    quarter = 3 * ((day.month - 1) // 3) + 1
    close = date(day.year, quarter + 2, calendar.monthrange(day.year, quarter + 2)[1])
    expected = {
        "day": (day, day, f"{day.day} {names[day.month]} {day.year}"),
        "week": (
            day.replace(day=begin),
            day.replace(day=end),
            f"{third}{join}{names[day.month]} {day.year}",
        ),
        "month": (day.replace(day=1), day.replace(day=last), f"{names[day.month]} {day.year}"),
        "quarter": (
            date(day.year, quarter, 1),
            close,
            f"{names[quarter]} to {names[quarter + 2]} {day.year}",
        ),
        "year": (date(day.year, 1, 1), date(day.year, 12, 31), str(day.year)),
    }
    for unit, (first, final, words) in expected.items():
        assert digits.window(day, unit) == (first, final)
        assert print_date(day, unit) == words
        short = words.replace(" to ", "–")
        for long, brief in zip(names[1:], calendar.month_abbr[1:], strict=True):
            short = short.replace(long, brief)
        assert print_date(day, unit, short=True) == short


@given(DAYS, st.integers(0, 800), st.integers(0, 800), st.sampled_from(list(digits.DATE_UNITS)))
def test_a_date_is_printed_of_known_days_alone_and_as_coarsely_as_may_be(
    day: date, before: int, behind: int, unit: str
) -> None:
    after, last = day - timedelta(before + 1), day + timedelta(behind)
    names = list(digits.DATE_UNITS)
    fits = []
    for name in names[: names.index(unit) + 1]:
        first, final = digits.window(day, name)
        fits += [name] if after < first and final <= last else []
    assert digits.unit_within(day, unit, after, last) == (fits or ["day"])[-1]


COARSE = {
    2_499.0: [0.002, 0.005, 0.01, 0.02, 0.03, *(n / 20 for n in range(1, 20)), 0.97, 0.98, 0.99],
    399.0: [0.002, 0.005, 0.01, 0.02, 0.05, *(n / 10 for n in range(1, 10)), 0.95, 0.98, 0.99],
}


@given(
    st.floats(0, 1) | st.floats(0, 0.03),
    st.sampled_from([30.0, 399.0, 400.0, 2_499.0, 2_500.0, 9_999.0, 1e4, math.inf]),
)
@example(0.0099, 1e4)
@example(0.0099, 9_999.0)
@example(0.0101, 1e4)
def test_a_probability_is_printed_as_finely_as_its_draws_allow(p: float, draws: float) -> None:
    most = min(1 - 0.001, 0.05 ** (1 / draws))
    printed = rounded(p, draws)
    if p > most or p < 1 - most:
        assert printed == pytest.approx(most if p > 0.5 else 1 - most)
        return
    near = p < 0.01 or p > 0.99
    if draws >= (10_000 if near else 2_500):
        assert printed == round(p, 3 if near else 2)
        return
    marks = sorted({*COARSE[2_499.0 if draws >= 400 else 399.0], 0.995, 0.998})
    assert abs(printed - p) == pytest.approx(min(abs(mark - p) for mark in marks), abs=1e-12)
    assert min(abs(mark - printed) for mark in marks) < 1e-12
