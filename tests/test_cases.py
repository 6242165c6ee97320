"""What quoted words come to where an answer once came out wrong: a part, a pace, few figures."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest

import attrition as at

DAY = date(2025, 6, 1)


def figure(words: str, source: str = "A", on: date = DAY) -> at.Claim:
    return at.claim(words, source=source, on=on)


def asked(claims: list[at.Claim], **question: Any) -> at.Forecast:
    return at.forecast(claims, seed=1, **question)


WHOLE, PART = figure("200,000 casualties"), figure("50,000 killed")


def test_a_later_total_of_the_whole_tells_what_its_part_has_grown_to() -> None:
    """A quarter of 400,000 and not, as once, as many as two years before."""
    then = date(2023, 6, 1)
    claims = [figure("50,000 killed", on=then), figure("200,000 casualties", on=then)]
    killed = asked([*claims, figure("400,000 casualties")]).law("killed").total(DAY)
    assert killed.median == pytest.approx(100_000, rel=0.05)
    assert killed.lower > 80_000


def test_a_source_that_states_the_part_alone_counts_and_is_named() -> None:
    alone = asked([PART, WHOLE], bases="latent").law("killed").total(DAY)
    beside = asked([PART, WHOLE, figure("exactly 120,000 killed", "B")])
    assert beside.law("killed", "latent").total(DAY).median > 1.2 * alone.median
    assert " from A and B " in beside.cite(150_000, "killed").full


def test_an_exact_part_is_that_in_the_count_of_its_source() -> None:
    claims = [figure("exactly 25,000 killed"), figure("50,000 to 200,000 casualties")]
    killed = asked(claims, bases="a").law("killed", "a").total(DAY)
    assert (killed.lower, killed.median, killed.upper) == (25_000, 25_000, 25_000)


def test_a_pace_of_the_part_is_used_beside_one_of_the_whole() -> None:
    gains = []
    for rate in (100, 500):
        claims = [figure(f"{rate} killed a day"), figure("600 casualties a day")]
        forecast = asked([*claims, figure("100,000 casualties")], kind="steady")
        assert not forecast.left_out
        gains.append(forecast.increment(DAY, date(2025, 7, 1), quantity="killed").median)
    assert gains[1] > 2 * gains[0]


def test_three_exact_totals_of_a_steady_count_give_a_date_to_a_third_of_a_month() -> None:
    ends = {512: date(2025, 4, 30), 598: date(2025, 5, 31), 701: date(2025, 6, 30)}
    claims = [figure(f"exactly {n} deaths", "the hospital", on) for n, on in ends.items()]
    forecast = asked(claims, kind="steady", thresholds=[1_000])
    read = forecast.law().crossing(1_000)
    days = [end.day for end in read.dates]
    assert all(day and date(2025, 9, 1) <= day < date(2025, 12, 1) for day in days)
    words = forecast.cite(1_000).sentence
    assert "between mid-September and late November 2025" in words


def test_of_one_figure_nothing_says_that_it_is_a_total_behind_several_counts() -> None:
    words = asked([figure("about 300,000 casualties")], thresholds=[400_000]).cite(400_000).full
    assert "One figure tells no pace" in words
    assert not any(word in words for word in ("latent", "whoever counts", "the toll itself"))


def test_ten_sources_that_agree_are_narrower_than_one() -> None:
    ten = [figure("about 300,000 casualties", f"S{number}") for number in range(10)]
    widths = []
    for claims in (ten[:1], ten):
        total = asked(claims, bases="latent").law().total(DAY)
        assert total.median == pytest.approx(300_000, rel=0.01)
        widths.append(math.log(total.upper / total.lower))
    assert widths[1] < widths[0] / 3


def test_a_figure_of_years_ago_does_not_weigh_as_much_as_one_of_today() -> None:
    now = figure("about 300,000 casualties", "B")
    old, new = (figure("about 100,000 casualties", "A", on) for on in (date(2022, 6, 1), DAY))
    medians = [asked([one, now], bases="latent").law().total(DAY).median for one in (old, new)]
    assert medians[0] == pytest.approx(300_000, rel=0.05)
    assert medians[1] < 200_000
