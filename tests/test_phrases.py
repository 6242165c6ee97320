"""The reader of quoted figures: what an editor would read, and what must be refused."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import re
import tomllib
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
from benchmarks.effort import seconds

from attrition.core.errors import InputError
from attrition.text import Reading, default_lexicon, parse, read_one
from attrition.text.lexicon import Row
from attrition.text.reading import SHAPES, Interval
from attrition.text.vocabulary import table_of
from attrition.text.widths import grid_of, interval_for

GOLD: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "phrases_gold.toml").read_text("utf-8")
)["p"]


def _rows(kind: str) -> list[Any]:
    return [
        pytest.param(row, id=f"{i}-{row['t'][:40]!a}") for i, row in enumerate(GOLD) if kind in row
    ]


def _field(reading: Any, field: str) -> Any:
    if field in {"prob", "lower", "upper"}:
        return getattr(reading.interval, field)
    return getattr(reading, field)


@pytest.mark.parametrize("row", _rows("r"))
def test_a_gold_phrase_is_read_as_an_editor_reads_it(row: dict[str, Any]) -> None:
    readings = parse(row["t"])
    assert len(readings) == len(row["r"]), [r.to_dict() for r in readings]
    for reading, expected in zip(readings, row["r"], strict=True):
        wanted = dict(expected)
        candidates = wanted.pop("ambiguous", [])
        table = {field: _field(reading, field) for field in wanted}
        assert table == {k: None if v == "" else v for k, v in wanted.items()}
        assert bool(reading.ambiguous) == bool(candidates), reading.ambiguous
        for words in candidates:
            assert any(words in phrase for phrase in reading.ambiguous), reading.ambiguous
        json.dumps(reading.to_dict(), allow_nan=False)


@pytest.mark.parametrize("row", _rows("refused"))
def test_a_phrase_without_a_readable_figure_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        parse(row["t"])
    assert row["refused"] in str(caught.value)


def test_the_gold_file_holds_what_it_promises() -> None:
    assert len(GOLD) >= 300
    assert sum("refused" in row for row in GOLD) >= 25


def test_the_json_has_the_promised_keys_in_their_order() -> None:
    (reading,) = parse("around 1,000 soldiers per day")
    keys = list(reading.to_dict())
    assert keys[:15] == [
        *("text", "low", "high", "point", "hedge", "kind", "unit", "per", "window", "category"),
        *("side", "interval", "shape", "evidence", "ambiguous"),
    ]
    assert set(keys) == {*Reading.__slots__, "confidence"}
    assert reading.to_dict()["interval"] == pytest.approx(
        {"prob": 0.9, "lower": 1000 / 1.1, "upper": 1100.0}
    )


def test_every_figure_of_a_sentence_is_reported_in_order() -> None:
    readings = parse("60,000 killed, 180,000 wounded and 5,000 captured")
    assert [r.point for r in readings] == [60_000, 180_000, 5_000]
    assert [r.category for r in readings] == ["killed", "wounded", "captured"]


def test_a_claim_of_two_figures_is_refused_with_both_named() -> None:
    with pytest.raises(InputError) as caught:
        read_one("60,000 killed and 180,000 wounded")
    assert "60,000 killed" in str(caught.value)
    assert "180,000 wounded" in str(caught.value)


def test_an_ambiguous_claim_is_refused_with_its_candidates() -> None:
    with pytest.raises(InputError) as caught:
        read_one("1.000 casualties")
    assert "1000 (the dot groups thousands) or 1 (the dot" in str(caught.value)


def test_words_whose_figure_counts_something_else_are_refused_as_a_claim() -> None:
    assert parse("about 300 a aboard day") == ()
    with pytest.raises(InputError, match="a claim must hold a figure"):
        read_one("about 300 a aboard day")


def test_an_ambiguous_number_has_no_number_and_no_interval() -> None:
    (reading,) = parse("thousands of casualties")
    assert reading.ambiguous
    assert (reading.low, reading.high, reading.point, reading.interval) == (None,) * 4


def test_an_ambiguous_category_leaves_the_number_alone() -> None:
    (reading,) = parse("death toll: 950,000 casualties")
    assert reading.ambiguous
    assert reading.category is None
    assert reading.point == 950_000
    assert reading.interval is not None


# ---- widths -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hedge", "point", "prob", "lower", "upper", "shape"),
    [
        ("exactly", 109_625, 1.0, 109_624.5, 109_625.5, "atom"),
        ("unhedged-round", 950_000, 0.9, 921_500, 978_500, "triangular"),
        ("unhedged-round", 1_000_000, 0.9, 950_000, 1_050_000, "triangular"),
        ("about", 950_000, 0.9, 950_000 / 1.05, 997_500, "lognormal"),
        ("around", 1_000, 0.9, 1_000 / 1.1, 1_100, "loglaplace"),
        ("nearly", 1_000_000, 0.9, 900_000, 1_000_000, "exponential-below"),
        ("just-over", 100_000, 0.9, 100_000, 105_000, "exponential-above"),
        ("over", 100_000, 0.9, 100_000, 112_000, "exponential-above"),
        ("up-to", 250_000, 0.9, 180_000, 250_000, "top-of-range"),
        ("at-most", 250_000, 0.95, 212_500, 250_000, "cap"),
        ("order-of-magnitude", 10_000, 0.9, 5_000, 50_000, "loguniform"),
    ],
)
def test_a_hedge_has_the_width_of_its_table(  # noqa: PLR0917  # one row of the table
    hedge: str, point: float, prob: float, lower: float, upper: float, shape: str
) -> None:
    interval, match, _, _ = interval_for(hedge, point=point)
    assert interval is not None
    assert (interval.prob, interval.lower, interval.upper) == pytest.approx((prob, lower, upper))
    assert match == shape


def test_a_floor_is_open_at_the_top() -> None:
    interval, shape, spill, _ = interval_for("at-least", point=109_625)
    assert (interval, shape, spill) == (None, "floor", 0.0)


def test_only_nearly_and_over_and_their_mirror_spill() -> None:
    spilling = {row.key for row in default_lexicon().rows if row.spill}
    assert spilling == {"nearly", "under", "over"}
    assert default_lexicon().get("over").spill == 0.03


def test_a_range_is_its_central_eighty_percent_and_can_be_inflated() -> None:
    plain, *_ = interval_for("between", low=60_000, high=100_000)
    assert plain == Interval(0.8, 60_000, 100_000)
    lexicon = default_lexicon().override({"between": {"inflate": 1.29}})
    wide, *_ = interval_for("between", low=60_000, high=100_000, lexicon=lexicon)
    assert wide is not None
    assert math.log(wide.upper / wide.lower) == pytest.approx(1.29 * math.log(100 / 60))
    assert wide.upper * wide.lower == pytest.approx(6e9)


def test_a_bound_before_a_range_lengthens_it_on_its_own_side() -> None:
    (reading,) = parse("more than 275,000–325,000")
    assert reading.interval == Interval(0.8, 275_000, 325_000 * 1.12)
    assert reading.shape == "range"


@pytest.mark.parametrize("row", default_lexicon().rows, ids=lambda row: row.key)
def test_no_word_narrows_a_range_that_is_stated(row: Row) -> None:
    interval, *_ = interval_for(row.key, low=200_000, high=300_000)
    if interval is None:
        return
    assert interval.lower <= 200_000 * (1 + 1e-12)
    assert interval.upper >= 300_000 * (1 - 1e-12)
    lengthened = interval.lower < 199_999, interval.upper > 300_001
    # a bound speaks of one end; a cap of the upper one, below which the range may begin
    sides = {"exponential-above": (False, True), "exponential-below": (True, False)}
    sides |= dict.fromkeys(("cap", "top-of-range"), (True, False))
    expected = sides.get(row.shape, (False, False))
    assert lengthened == (expected[0] and row.below > 0, expected[1] and row.above > 0)


def test_a_stated_confidence_is_kept() -> None:
    (reading,) = parse("64,260 deaths (95% CI 55,298–78,525)")
    assert reading.interval == Interval(0.95, 55_298, 78_525)


def test_a_bare_number_that_is_not_round_is_read_to_its_last_digit() -> None:
    rows = [
        (r.interval.lower, r.interval.upper)
        for t in ("109,625", "268,710", "1.234 million")
        for r in parse(t)
        if r.interval
    ]
    assert rows == [(109_624.5, 109_625.5), (268_705, 268_715), (1_233_500, 1_234_500)]


def test_an_exact_word_wins_over_roundness() -> None:
    (exact,), (bare,) = parse("exactly 950,000"), parse("950,000")
    assert exact.interval == Interval(1.0, 949_999.5, 950_000.5)
    assert bare.interval is not None
    assert bare.interval.upper > 970_000


def test_the_mixture_holds_ninety_percent_within_its_interval() -> None:
    row = default_lexicon().get("likely")
    mix, normal = row.mixture, NormalDist()
    narrow, wide = (math.log1p(mix[part]) / normal.inv_cdf(0.95) for part in ("narrow", "wide"))
    mass = sum(
        weight * (2 * normal.cdf(math.log1p(row.above) / sigma) - 1)
        for weight, sigma in ((mix["weight"], narrow), (1 - mix["weight"], wide))
    )
    assert mass == pytest.approx(row.prob, abs=0.005)


@pytest.mark.parametrize(
    ("value", "grid"),
    [
        (1_000, 100),
        (950_000, 50_000),
        (109_625, 5),
        (20, 2),
        (1, 1),
        (0, 1),
        (1.2, 0.1),
        (2_500_000, 100_000),
    ],
)
def test_the_grid_of_a_number_divides_it_and_is_at_most_a_tenth(value: float, grid: float) -> None:
    assert grid_of(value) == grid


def test_the_source_grid_widens_a_round_figure_and_an_odd_one() -> None:
    assert interval_for("exactly", point=12_340, grid=10)[0] == Interval(1.0, 12_335, 12_345)
    (reading,) = parse("12,340 dead", grid=10)
    assert (reading.grid, reading.shape) == (10, "uniform")


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"hedge": "about"}, "needs a number"),
        ({"hedge": "about", "point": -1}, "0 or more"),
        ({"hedge": "about", "point": math.nan}, "finite"),
        ({"hedge": "about", "point": math.inf}, "finite"),
        ({"hedge": "about", "point": 0}, "above 0"),
        ({"hedge": "about", "point": 1, "grid": 0}, "`grid`"),
        ({"hedge": "abuot", "point": 1}, "Did you mean 'about'"),
        ({"hedge": "between", "point": 5}, "two numbers"),
        ({"hedge": "between", "low": 5}, "together"),
        ({"hedge": "between", "low": 9, "high": 5}, "must not exceed"),
        ({"hedge": "about", "point": "12"}, "finite number"),
        ({"hedge": "about", "point": True}, "finite number"),
    ],
)
def test_numbers_that_make_no_interval_are_refused(arguments: dict[str, Any], rule: str) -> None:
    with pytest.raises(InputError, match=re.escape(rule)):
        interval_for(**arguments)


# ---- the lexicon ------------------------------------------------------------------------------


def test_an_override_changes_the_reading_and_says_so() -> None:
    lexicon = default_lexicon().override({"around": {"below": 0.2, "above": 0.2}})
    (reading,) = parse("around 900,000", lexicon=lexicon)
    assert reading.interval is not None
    assert reading.interval.upper == pytest.approx(1_080_000)
    assert "Overridden: below = 0.2, above = 0.2" in reading.evidence
    assert default_lexicon().get("around").above == 0.1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"arround": {"above": 0.2}}, "Did you mean 'around'"),
        ({"around": {"abov": 0.2}}, "Did you mean 'above'"),
        ({"around": {"key": "x"}}, "may change"),
        ({"around": {"above": "0.2"}}, "finite number"),
        ({"around": {"above": -0.2}}, "must not be negative"),
        ({"around": {"above": math.nan}}, "finite number"),
        ({"around": {"below": 1.0}}, "[0, 1)"),
        ({"around": {"prob": 0}}, "above 0"),
        ({"around": {"prob": 1.2}}, "at most at 1"),
        ({"around": {"shape": "square"}}, "must be one of"),
        ({"around": {"granular": 1}}, "true or false"),
        ({"over": {"spill": 0.5}}, "together"),
    ],
)
def test_an_override_out_of_bounds_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=re.escape(words)):
        default_lexicon().override(changes)


def test_every_row_names_its_evidence_and_is_reachable() -> None:
    for row in default_lexicon().rows:
        assert row.evidence.endswith(".")
        assert "[J" in row.evidence or "[P" in row.evidence
        assert row.shape in SHAPES


@pytest.mark.parametrize("row", default_lexicon().rows, ids=lambda row: row.key)
def test_every_phrase_of_the_lexicon_finds_its_own_row(row: Row) -> None:
    for phrase in row.phrases:
        (reading,) = parse(f"{phrase} 64,000 soldiers")
        assert reading.hedge == row.key, phrase
    for phrase in row.after:
        (reading,) = parse(f"64,000 {phrase}")
        assert reading.hedge == row.key, phrase


def test_no_phrase_stands_in_two_rows() -> None:
    for column in ("phrases", "after"):
        rows = [phrase for row in default_lexicon().rows for phrase in getattr(row, column)]
        assert sorted(rows) == sorted(set(rows))


def test_the_defaults_follow_the_published_widths_where_they_claim_to() -> None:
    published = table_of("hedges.toml")["published"]
    narrower: dict[str, set[int]] = {word: set() for word in published["width"]}
    for word, key in published["followed_by"].items():
        for number, median in zip(published["numbers"], published["width"][word], strict=True):
            interval, *_ = interval_for(key, point=number)
            assert interval is not None
            width = 100 * (interval.upper - interval.lower) / number
            assert 0.75 * median <= width <= published["marginal"] * median, (word, number)
            if width < median:
                narrower[word].add(number)
    assert narrower == {word: set(published["narrower"].get(word, ())) for word in narrower}
    assert set(published["followed_by"]) | set(published["not_followed"]) == set(published["width"])


# ---- hostile input and speed ------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "1 " * 50_000,
        "9" * 10_000,
        "1," * 5_000,
        "between 1 and " * 700,
        "since the start of the " * 430,
        "one hundred and " * 600,
        "(" * 9_999,
        "1-" * 4_999,
        "killed, " * 1_200 + "5 men",
        "officials say " * 700,
    ],
    ids=lambda text: f"{len(text)}-{text[:12].strip()}",
)
def test_a_hostile_string_is_refused_or_read_at_once(text: str) -> None:
    def read() -> None:
        with contextlib.suppress(InputError):
            parse(text)

    assert seconds(read) < 2


def test_words_that_are_read_again_are_read_the_same_by_an_equal_lexicon() -> None:
    again = dataclasses.replace(default_lexicon())
    for text in ("about 300 killed", "up to 250,000 killed", "about 300 killed"):
        assert parse(text) == parse(text) == parse(text, lexicon=again)


@pytest.mark.parametrize("text", [None, 5, b"950,000", ["950,000"]])
def test_what_is_not_text_is_refused(text: Any) -> None:
    with pytest.raises(InputError, match="must be text"):
        parse(text)


def test_a_number_of_four_hundred_digits_is_refused_in_a_short_message() -> None:
    with pytest.raises(InputError, match="at most 15 digits") as caught:
        parse("7" * 400 + " casualties")
    assert len(str(caught.value)) < 200


def test_the_full_text_is_kept_in_every_reading() -> None:
    text = "Up to 250,000\u00a0could be fatalities"
    assert parse(text)[0].text == text


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("about 1,000, plus or minus 100", 900, 1_100),
        ("1,000 +/- 100 killed", 900, 1_100),
        ("from 60,000 up to 100,000 killed", 60_000, 100_000),
    ],
)
def test_both_ends_of_a_range_are_read_however_they_are_joined(
    words: str, low: float, high: float
) -> None:
    (reading,) = parse(words)
    assert (reading.low, reading.high) == (low, high)


def test_a_minus_in_words_is_refused_like_its_sign() -> None:
    for words in ("minus 500 killed", "-500 killed"):
        with pytest.raises(InputError, match="negative"):
            parse(words)
