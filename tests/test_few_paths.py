"""A probability of few paths is told no more surely than so many paths can tell it."""

from __future__ import annotations

import math
import re
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text
from scipy import stats

import attrition as at
from attrition.core.laws import make_law
from attrition.core.laws.digits import FINE, rounded
from attrition.page.whole import headline
from attrition.reporting.rows import crossing_row
from attrition.reporting.words import percent, signs

START = "2025-06-03"


def law_of(paths: np.ndarray, unit: str = "") -> at.Law:
    return at.Law.from_paths(paths, [400.0, 800.0, 5_000.0], start=START, unit=unit)


def rising(draws: int, seed: int = 1) -> np.ndarray:
    """Paths from 500 on, which pass 800 in about a month and 5,000 never."""
    gains = np.random.default_rng(seed).poisson(10, size=(draws, 60))
    return 500.0 + gains.cumsum(axis=1)


@settings(max_examples=settings().max_examples // 3, deadline=None)
@given(draws=st.integers(2, 4_000))
def test_n_paths_that_agree_are_as_sure_as_clopper_and_pearson_allow(draws: int) -> None:
    law = law_of(np.broadcast_to(np.linspace(500.0, 900.0, 60), (draws, 60)).copy())
    least = stats.binomtest(draws, draws, alternative="greater").proportion_ci(0.95).low
    assert law.draws == draws
    assert 0.05 ** (1 / law.draws) == pytest.approx(least, rel=1e-9)
    told = percent(law.masses(400).already, law.draws)
    printed = float(re.findall(r"[\d.]+", told)[0]) / 100
    assert told.startswith("more than ")
    assert printed <= min(least, 0.999) + 1e-12 < printed + (0.01 if least < 0.99 else 0.001) + 1e-9
    rest = percent(law.masses(5_000).already, law.draws)
    assert rest.startswith("less than ")
    assert float(re.findall(r"[\d.]+", rest)[0]) == pytest.approx(100 - 100 * printed)


def test_a_tenth_of_a_percent_is_printed_above_99() -> None:
    assert [percent(share) for share in (0.98, 0.99, 0.991)] == ["98 %", "99 %", "99.1 %"]


@given(share=st.floats(0, 1), draws=st.integers(2, 10**6))
def test_what_is_printed_is_no_surer_than_the_share_and_the_draws(share: float, draws: int) -> None:
    told = percent(share, draws)
    number = float(re.findall(r"[\d.]+", told)[0]) / 100
    if told.startswith("more than "):
        assert number <= share
    elif told.startswith("less than "):
        assert number >= share
    else:
        assert number == pytest.approx(share, abs=0.0050001 if draws >= FINE else 0.051)


def test_fifty_paths_say_more_than_94_percent_everywhere() -> None:
    law = law_of(rising(50))
    for threshold in (400, 800, 5_000):
        citation = at.cite(law, threshold)
        assert "more than 94 %" in citation.sentence
        assert "less than 6 %" in citation.note
        assert "too few to be surer than that" in citation.note
        assert "more than 94 %" in headline(law, threshold)
    assert crossing_row(law, 5_000)["printed"]["later"] == ">94 %" == signs(1.0, law.draws)
    assert ">94 %" in str(law)
    assert "99.9" not in str(law) + "".join(str(at.cite(law, k)) for k in (400, 800, 5_000))
    assert law.masses(400).already == pytest.approx(1)  # the share itself is what was simulated
    record = at.reporting.make_record(law, [400])
    assert record.laws[0].crossings[0].printed["already"] == "more than 94 %"


def test_a_word_of_likelihood_is_that_of_what_is_printed() -> None:
    few, many = (at.cite(law_of(rising(draws)), 400).sentence for draws in (50, 5_000))
    assert "is very likely to have passed" in few
    assert "had passed" in many
    assert "more than 99.9 %" in many


def test_draws_that_hang_together_count_as_fewer() -> None:
    apart = rising(64, seed=3)
    again = np.repeat(apart, 40, axis=0)  # as a chain that seldom moves
    assert law_of(again).draws < 640
    assert law_of(np.concatenate([apart, rising(2_496, seed=4)])).draws == 2_560


def test_a_path_function_is_capped_by_all_of_its_draws_and_an_engine_by_none() -> None:
    def paths(rng: np.random.Generator, draws: int) -> np.ndarray:
        return 500.0 + rng.poisson(10, size=(draws, 60)).cumsum(axis=1)

    law = at.Law.simulate(paths, [800], START, size=1_500, tolerance=50.0)
    assert law.provenance.points % 1_024 == 0  # a block is called whole
    assert law.masses(800).within == pytest.approx(1)
    assert law.draws == law.provenance.points * law.replicates
    assert at.when(600, level=500, rate=10, on=START, kind="steady", seed=1).law.draws == math.inf


@pytest.mark.parametrize("unit", ["", "persons", "km²"])
def test_no_words_of_a_total_without_a_unit_have_a_hole(unit: str) -> None:
    law = law_of(rising(50) * 40_000, unit)
    texts = [str(at.cite(law, k)) + at.cite(law, k).note for k in (800.0, 24e6, 35e6, 36_123_456.0)]
    texts += [str(at.cite(law, [24e6, 35e6])), str(at.cite(law, on="2025-07-10"))]
    axes = [law.plot.fan(), law.plot.crossing(24e6), law.plot.law(24e6)]
    for ax in axes:
        texts += [artist.get_text() for artist in ax.figure.findobj(Text)]
    for text in texts:
        assert not re.search(r"\S {2,}\S| [,.;]|, , |in , ", text), text


def test_a_record_and_a_page_print_what_the_law_does() -> None:
    law = law_of(np.repeat(rising(64, seed=3), 40, axis=0))
    record = at.reporting.make_record(law, [800])
    assert law.draws < FINE
    assert record.sentences[0].sentence == at.cite(law, 800).sentence
    (again,) = at.reporting.record.laws_of(record)
    assert again.draws == law.draws < again.provenance.points
    rows = [crossing_row(one, 800)["printed"] for one in (again, law)]
    assert [[row[name] for name in ("already", "later")] for row in rows] == [["<4 %", "<4 %"]] * 2


def scattered(error: float, seed: int) -> at.Law:
    """Return a law of sixteen replicates, which know their probabilities to an error."""
    rng, days = np.random.default_rng(seed), np.arange(400.0)
    shifts = rng.normal(0, 4 * error, size=(16, 1)) * np.sqrt(days / 400)
    column = np.maximum.accumulate(np.clip(0.9 * days / 400 + shifts, 0, 1), axis=1)
    what = at.when(600, level=500, rate=10, on=START, kind="steady", seed=1).law.provenance
    return make_law(column[:, None], [600.0], date.fromisoformat(START), what)


@pytest.mark.parametrize("error", [0.001, 0.004, 0.008, 0.02, 0.06])
def test_no_step_that_is_printed_is_smaller_than_the_error(error: float) -> None:
    for seed in range(8):
        law = scattered(error, seed)
        columns = law.surface()[:, 0]
        errors = columns.std(axis=0, ddof=1) / 4
        for share, own in zip(columns.mean(axis=0)[::9], errors[::9], strict=True):
            if 0.15 < share < 0.85:
                near = [rounded(share + gap, law.draws) for gap in np.linspace(-0.05, 0.05, 401)]
                assert np.diff(np.unique(near)).min(initial=1.0) >= own


def test_what_is_printed_as_the_share_outside_opens_the_interval_everywhere() -> None:
    column = np.concatenate([np.linspace(0.047, 0.5, 60), np.linspace(0.5, 0.953, 671)])
    what = at.when(600, level=500, rate=10, on=START, kind="steady", seed=1).law.provenance
    law = make_law(column[None, None], [600.0], date.fromisoformat(START), what)
    assert law.crossing(600).lower.day is not None
    assert law.crossing(600).upper.day is not None
    row = crossing_row(law, 600)
    assert row["printed"]["already"] == row["printed"]["later"] == "5 %"
    assert (row["printed"]["lower"], row["printed"]["upper"]) == ("already", "after 3 Jun 2027")
    assert row["lower"] is not None  # the number itself is kept
    record = at.reporting.make_record(law, [600]).laws[0].crossings[0]
    assert (record.printed["lower"], record.printed["upper"]) == (
        "on or before 3 June 2025",
        "after 3 June 2027",
    )
    citation = at.cite(law, 600)
    assert "likely to have passed 600 by 3 June 2027" in citation.sentence
    assert ": on or before 3 June 2025 to after 3 June 2027;" in citation.note
    for picture in (law.plot.law(600), law.plot.crossing(600)):
        words = at.plots.text_alternative(picture)
        assert "interval: on or before 3 June 2025 to after 3 June 2027" in words
    closer = column.copy()
    closer[0] = 0.044  # the twin: printed as 4 %, less than what the interval leaves
    one = make_law(closer[None, None], [600.0], date.fromisoformat(START), what)
    assert crossing_row(one, 600)["printed"]["lower"] != "already"
