"""A small twin of the benchmark of two figures, so that it does not rot."""

from __future__ import annotations

import numpy as np
from benchmarks.two_figures import (
    EARLIER,
    WINDOW,
    Row,
    crps_of,
    independent,
    inside,
    narrowed_table,
    scored,
    steady_months,
    steady_rows,
    table,
    without,
    worlds_text,
)


def test_a_steady_count_is_inside_and_one_that_explodes_is_not() -> None:
    days = np.datetime64("2020-01-01") + np.arange(220)
    rng = np.random.default_rng(1)
    steady = np.cumsum(rng.poisson(100, 220)).astype(float)
    rows = list(scored("steady", days, steady, "steady", dossier=False))
    assert {row.what for row in rows} == {"total at 28 days", "total at 91 days", "crossing date"}
    burst = steady.copy()
    burst[60:] += 1e7
    exploded = list(scored("burst", days, burst, None, dossier=False))
    first = next(row for row in exploded if row.what == "total at 91 days")
    assert first.inside == (False, False, False)
    assert np.mean([row.inside[-1] for row in rows]) > 0.5
    assert table(rows, "what")[-1].startswith("| all |")


def test_totals_are_of_whole_people_whoever_answers() -> None:
    days = np.datetime64("2020-01-01") + np.arange(60)
    few = (20 + np.arange(60) // 20).astype(float)  # one more in twenty days
    for dossier in (False, True):
        rows = list(scored("few", days, few, None, dossier=dossier))
        assert [row.what for row in rows] == ["total at 28 days", "crossing date"]
        assert np.array_equal(rows[0].quantiles, np.rint(rows[0].quantiles))
        # the total of the day is known: the lower end of what comes is not a part of a person above
        assert rows[0].quantiles[0] == few[28]
        # nobody is a quarter of a person: the flat pace passes whole ones, and on its own day
        assert rows[1].flat == 84.0


def test_the_score_of_a_point_is_its_distance() -> None:
    assert abs(crps_of(np.full(99, 3.0), 5.0) - 2.0) < 1e-9
    assert inside(lambda p: 10 * p, 9.2) == (False, False, True)


def test_outcomes_that_share_a_day_of_one_count_are_counted_once() -> None:
    spans = [("a", 0, 90), ("a", 60, 150), ("a", 90, 180), ("b", 60, 150), ("a", 0, 365)]
    rows = [
        Row(name, "crossing date", 1.0, 91.0, 0.0, np.ones(99), (True,), (low, high))
        for name, low, high in spans
    ]
    assert independent(rows) == 3  # of a: 0 to 90 and 90 to 180
    assert independent(rows[:2]) == 1
    assert independent([]) == 0


def test_months_are_steady_while_all_of_them_added_about_as_much() -> None:
    daily = np.repeat([10.0, 30.0, 11.0, 12.0, 10.0], WINDOW)
    totals = np.concatenate([[0.0], daily.cumsum()])
    assert steady_months(totals, totals.size - 1) == 3
    assert steady_months(totals, totals.size - 1 - WINDOW) == 2
    assert steady_months(totals, 3) == 0


def test_what_a_calm_count_does_next_is_learnt_from_others_and_narrows() -> None:
    rng = np.random.default_rng(2)
    days = np.datetime64("2020-01-01") + np.arange(170)
    counts = [(name, days, rng.poisson(50, 170).cumsum().astype(float)) for name in "ab"]
    assert without(["a"], counts) != without([], counts)
    pairs = list(steady_rows(counts, "ab"))
    assert {dossier for dossier, _, _ in pairs} == {False, True}
    totals_28 = [
        (usual, narrowed) for _, usual, narrowed in pairs if usual.what == "total at 28 days"
    ]
    assert all(narrowed.crps < usual.crps for usual, narrowed in totals_28)
    assert narrowed_table([(usual, narrowed) for _, usual, narrowed in pairs])[-1].startswith(
        "| crossing"
    )


def test_two_totals_more_of_a_count_that_turned_move_what_comes_to_its_newer_pace() -> None:
    days = np.datetime64("2020-01-01") + np.arange(300)
    turned = np.cumsum(np.where(np.arange(300) < 120, 20, 40)).astype(float)
    plain, dated = (
        list(scored("a", days, turned, None, dossier=True, origins=[208], earlier=earlier))
        for earlier in ((), EARLIER)
    )
    assert [row.what for row in plain] == [row.what for row in dated]
    width = [row.quantiles[94] - row.quantiles[4] for row in (plain[1], dated[1])]
    assert width[1] < width[0]  # of the total at 91 days
    assert narrowed_table(list(zip(plain, dated, strict=True)))[-1].startswith("| crossing date |")


def test_simulated_worlds_are_asked_and_those_that_die_out_are_inside() -> None:
    lines = worlds_text(1).splitlines()
    assert [line for line in lines if line.startswith("## ")] == ["## Dying out", "## Waves"]
    every = next(line for line in lines if line.startswith("| all |"))
    assert float(every.split("|")[6]) > 80  # of 90 % intervals
