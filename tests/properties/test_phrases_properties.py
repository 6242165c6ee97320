"""What must hold of every figure, however it is printed."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from attrition import testing
from attrition.core.errors import InputError
from attrition.text import Reading, default_lexicon, parse, read_one
from attrition.text.reading import SHAPES
from attrition.text.widths import grid_of, interval_for, is_round

COUNTS = st.integers(min_value=3_000, max_value=9_999_999)
ROUND = st.builds(lambda m, k: m * 10**k, st.integers(1, 999), st.integers(3, 5))
SIZED = [row.key for row in default_lexicon().rows if row.shape not in {"floor", "range", "atom"}]
SIZED = [key for key in SIZED if key not in {"few", "several"}]


@pytest.mark.parametrize("style", testing.PRINTED)
@given(data=st.data())
def test_a_number_comes_back_from_every_way_of_printing_it(style: str, data: st.DataObject) -> None:
    text, value = data.draw(testing.numbers(style=style))
    (reading,) = parse(f"{text} casualties")
    assert reading.point == value, text
    assert reading.category == "casualties"
    assert reading.unit == "persons"
    assert not reading.ambiguous


@given(hundredths=st.integers(101, 99_999))
def test_a_decimal_comma_before_a_scale_is_read(hundredths: int) -> None:
    text = f"{hundredths / 100:.2f}".replace(".", ",")
    assert read_one(f"{text} million casualties").point == hundredths * 10_000


@given(value=st.integers(1_000_000, 9_999_999))
def test_dots_that_group_millions_are_read(value: int) -> None:
    assert read_one(testing.PRINTED["commas"](value).replace(",", ".")).point == value


@given(value=st.integers(1_000, 999_999))
def test_one_dot_before_three_digits_is_never_guessed(value: int) -> None:
    (reading,) = parse(testing.PRINTED["commas"](value).replace(",", "."))
    assert len(reading.ambiguous) == 2
    assert reading.point is None


@given(
    low=COUNTS,
    high=COUNTS,
    join=st.sampled_from(
        ["{}-{}", "{}–{}", "{} – {}", "{} to {}", "between {} and {}", "from {} to {}"]
    ),
)
def test_a_range_comes_back_with_its_ends(low: int, high: int, join: str) -> None:
    assume(low < high and high / low < 100)
    (reading,) = parse(join.format(f"{low:,}", f"{high:,}") + " dead")
    assert (reading.low, reading.high, reading.point) == (low, high, None)
    assert reading.hedge == "between"
    assert reading.category == "killed"


@given(
    low=st.integers(1, 400),
    more=st.integers(1, 400),
    scale=st.sampled_from(["k", " thousand", "m", " million"]),
)
def test_a_scale_said_once_holds_for_both_ends(low: int, more: int, scale: str) -> None:
    size = 1_000 if scale in {"k", " thousand"} else 1_000_000
    (reading,) = parse(f"{low}–{low + more}{scale} casualties")
    assert (reading.low, reading.high) == (low * size, (low + more) * size)


@given(value=ROUND, key=st.sampled_from(SIZED))
def test_ten_times_the_number_with_ten_times_the_grid_is_ten_times_the_interval(
    value: int, key: str
) -> None:
    grid = grid_of(value)
    one, shape, spill, _ = interval_for(key, point=value, grid=grid)
    ten, *rest = interval_for(key, point=10 * value, grid=10 * grid)
    assert one is not None
    assert ten is not None
    assert (ten.lower, ten.upper) == pytest.approx((10 * one.lower, 10 * one.upper))
    assert (ten.prob, *rest[:2]) == (one.prob, shape, spill)


@given(
    value=ROUND,
    key=st.sampled_from(SIZED),
    grids=st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)),
)
def test_a_coarser_grid_never_gives_a_narrower_interval(
    value: int, key: str, grids: tuple[int, int]
) -> None:
    fine, coarse = (interval_for(key, point=value, grid=grid)[0] for grid in sorted(grids))
    assert fine is not None
    assert coarse is not None
    assert coarse.lower <= fine.lower
    assert coarse.upper >= fine.upper


@given(value=st.integers(11, 10**9))
def test_a_rounded_number_is_never_read_more_finely(value: int) -> None:
    digits = len(str(value)) - 1
    fine, coarse = interval_for("unhedged", point=value)[0], None
    rounded = round(value, -digits)
    coarse = interval_for("unhedged", point=rounded)[0]
    assert fine is not None
    assert coarse is not None
    if is_round(rounded):
        assert (coarse.upper - coarse.lower) / rounded >= 0.999 * (
            fine.upper - fine.lower
        ) / value or is_round(value)


@given(value=st.integers(1, 10**12))
def test_a_grid_divides_its_number_and_is_at_most_a_tenth_of_it_or_one(value: int) -> None:
    grid = grid_of(value)
    assert value % grid == 0
    assert grid == 1 or grid * 10 <= value
    assert str(int(grid)).rstrip("0") in {"1", "2", "5"}


@given(value=ROUND, key=st.sampled_from(SIZED))
def test_the_stated_number_lies_in_or_at_the_end_of_its_interval(value: int, key: str) -> None:
    interval, shape, _, _ = interval_for(key, point=value)
    assert interval is not None
    assert 0 <= interval.lower <= value <= interval.upper
    assert shape in SHAPES


@given(text=st.text(max_size=80))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    readings: tuple[Reading, ...] = ()
    with contextlib.suppress(InputError):
        readings = parse(text)
        assert readings
    for reading in readings:
        assert reading.ambiguous or reading.point is not None or reading.low is not None


@given(text=testing.quotes())
@example(text="half to 1.2m %")  # no share, and its ends must not be those of one
def test_any_shuffle_of_reporters_words_is_read_or_refused(text: str) -> None:
    try:
        readings = parse(text)
    except InputError:
        return
    for reading in readings:
        if reading.low is not None and reading.high is not None:
            assert reading.low <= reading.high
        if reading.interval is not None:
            assert 0 <= reading.interval.lower <= reading.interval.upper
        assert reading.kind in {"level", "increment", "rate", "share"}
        assert reading.text == text
