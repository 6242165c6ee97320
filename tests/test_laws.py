from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

import attrition as at
from attrition.core.laws import date_unit, make_law, print_date, round_count, window
from attrition.core.laws.law import Law, Provenance
from attrition.core.laws.reading import standard_errors
from attrition.reporting.rows import shown_thresholds
from attrition.reporting.stretches import UNITS, stretch, within

START = date(2025, 6, 3)
WHAT = Provenance(quantity="total", title="Cases", definition="cases", version="0")


def normal_law(
    thresholds: list[float], days: int = 200, replicates: int = 4, shift: float = 0.0
) -> Law:
    """C(t) normal with mean 900 + t and standard deviation 20."""
    grid, day = np.array(thresholds), np.arange(days + 1)
    wobble = shift * np.arange(replicates)[:, None, None]
    score = (900.0 + day[None, None, :] + wobble - grid[None, :, None]) / 20.0
    return make_law(np.asarray(special.ndtr(score)), grid, START, WHAT)


def test_the_three_masses_sum_to_one() -> None:
    law = normal_law([850.0, 900.0, 950.0, 1_000.0, 1_100.0, 1_150.0])
    for threshold in law.thresholds:
        masses = at.laws.masses(law, float(threshold))
        assert masses.already + masses.within + masses.beyond == pytest.approx(1.0, abs=1e-12)


def test_a_quantile_outside_the_dates_is_a_state_and_never_a_number() -> None:
    law = normal_law([700.0, 900.0, 1_090.0, 1_500.0])
    states = {
        float(k): tuple(d.state for d in at.laws.crossing(law, float(k)).dates)
        for k in law.thresholds
    }
    assert states[700.0] == ("already",) * 3
    assert states[900.0] == ("already", "already", "date")
    assert states[1_090.0][2] == "beyond"
    assert states[1_500.0] == ("beyond",) * 3
    assert all(d.day is None for d in at.laws.crossing(law, 1_500.0).dates)


def test_the_printed_date_is_the_first_day_that_reaches_the_probability() -> None:
    law = normal_law([1_000.0])
    median = at.laws.crossing(law, 1_000.0).median
    assert median.day == date(2025, 9, 11)  # day 100, where the mean is 1,000
    assert median.offset == pytest.approx(100.0, abs=1e-9)
    column = law.surface()[0, 0]
    assert column[100] >= 0.5 > column[99]


def test_the_law_agrees_along_dates_and_along_thresholds() -> None:
    law = normal_law(list(np.linspace(850.0, 1_150.0, 61)))
    day = date(2025, 9, 11)
    total = at.laws.total(law, day, prob=0.9)
    assert total.median == pytest.approx(1_000.0, abs=0.01)
    assert total.lower == pytest.approx(1_000.0 - 20 * 1.6448536, abs=0.05)
    for probability, level in ((0.05, total.upper), (0.95, total.lower), (0.5, total.median)):
        assert at.laws.probability_by(law, level, day) == pytest.approx(probability, abs=2e-3)


def test_nested_probabilities_give_nested_intervals() -> None:
    law = normal_law([1_000.0])
    wide, narrow = (
        at.laws.crossing(law, 1_000.0, prob=0.9),
        at.laws.crossing(law, 1_000.0, prob=0.5),
    )
    assert wide.lower.offset is not None
    assert narrow.lower.offset is not None
    assert wide.lower.offset < narrow.lower.offset
    assert (wide.upper.offset or 0) > (narrow.upper.offset or 0)


def test_the_standard_error_follows_from_the_spread_of_replicates_and_the_slope() -> None:
    law = normal_law([1_000.0], shift=1.0)  # replicates a day apart, at 98.5 on average
    median = at.laws.crossing(law, 1_000.0).median
    assert median.mcse == pytest.approx(np.std([0, 1, 2, 3], ddof=1) / 2, rel=0.01)


def test_an_array_that_is_no_law_is_refused() -> None:
    good = normal_law([950.0, 1_000.0]).surface()
    for bad in (good[:, ::-1], good[:, :, ::-1], good + 1.0, np.full((1, 1, 2), np.nan)):
        with pytest.raises(at.InputError, match="law"):
            make_law(bad, [950.0, 1_000.0][: bad.shape[1]], START, WHAT)


@pytest.mark.parametrize(
    ("width", "unit"),
    [(0, "day"), (69, "day"), (70, "week"), (305, "month"), (914, "quarter"), (3_653, "year")],
)
def test_the_reporting_unit_is_at_most_a_tenth_of_the_width(width: float, unit: str) -> None:
    assert date_unit(width) == unit


def test_a_large_monte_carlo_error_makes_the_unit_coarser() -> None:
    assert date_unit(30, mcse=0.12) == "day"
    assert date_unit(30, mcse=0.13) == "week"


def test_windows_hold_their_day() -> None:
    day = date(2024, 2, 29)
    for unit in ("day", "week", "month", "quarter", "year"):
        first, last = window(day, unit)
        assert first <= day <= last
        assert print_date(first, unit) == print_date(last, unit) == print_date(day, unit)


def test_rounded_totals_never_narrow_the_interval() -> None:
    rng = np.random.default_rng(3)
    for _ in range(300):
        low = float(rng.uniform(0, 1e6))
        high = low + float(rng.lognormal(5, 4))
        lower, _, upper = round_count(low, (low + high) / 2, high)
        assert lower <= low
        assert upper >= high
        assert upper - lower <= 1.35 * (high - low) + 2


def test_provenance_survives_its_json() -> None:
    stated = Provenance(
        quantity="q",
        title="t",
        definition="d",
        assumptions=(("volatility", 0.1, "because", "dossier"),),
        notes=("a", "b"),
    )
    assert Provenance.from_json(stated.to_json()) == stated


@pytest.mark.parametrize("prob", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_a_probability_outside_its_range_is_refused(prob: float) -> None:
    with pytest.raises(at.InputError, match="prob"):
        at.laws.crossing(normal_law([1_000.0]), 1_000.0, prob=prob)


def test_of_many_thresholds_the_four_nearest_the_middle_are_shown() -> None:
    paths = np.random.default_rng(1).poisson(4.0, (4, 64, 90)).cumsum(-1)
    grid = np.arange(211.0, 500.0, 20.0)  # none of them round: of round ones only these are shown
    surface = np.stack([(paths >= k).mean(1) for k in grid], axis=1)
    what = Provenance(quantity="q", title="Total", definition="d", asked=tuple(grid))
    law = make_law(surface, grid, date(2025, 6, 1), what)
    shown = shown_thresholds(law)
    assert len(shown) == 4
    even = np.abs(law.exceedance[:, :, -1].mean(0) - 0.5)
    worst = max(even[np.searchsorted(grid, k)] for k in shown)
    assert worst <= sorted(even)[3]
    assert shown_thresholds(law, 40) == grid.tolist()


def test_a_single_replicate_has_no_error() -> None:
    assert standard_errors(np.array([0.3]), np.array([1.0])) == 0.0
    values = np.random.default_rng(2).normal(size=16)
    expected = values.std(ddof=1) / 4
    assert standard_errors(values, np.full(16, 1 / 16)) == pytest.approx(expected)


@given(
    day=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    unit=st.sampled_from(UNITS),
    before=st.integers(1, 400),
    later=st.integers(0, 400),
)
def test_a_stretch_holds_its_day_and_no_unknown_one(
    day: date, unit: str, before: int, later: int
) -> None:
    after, last = day - timedelta(days=before), day + timedelta(days=later)
    found = within(day, unit, after, last)
    assert after < found.first <= day <= found.last <= last
    coarser = UNITS[UNITS.index(found.unit) + 1 : UNITS.index(unit) + 1]
    for one in coarser:  # any coarser one would tell of a day that the law does not know
        other = stretch(day, one)
        assert other.first <= after or other.last > last
