"""Figures that are all floors: as many at least, and nothing that says how many at most."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attrition as at
from attrition.models.assimilation.evidence import LISTED

KNOWN = date(2025, 6, 3)
FLOOR = at.claim("at least 3,000 killed", source="UN", on=KNOWN)
RATE = at.claim("around 50 killed a day", source="UN", on=KNOWN)


def asked(claims: list[at.Claim], **options: Any) -> at.Forecast:
    """Forecast the toll itself and the count of the UN."""
    wanted: dict[str, Any] = {"bases": ["latent", "un"], "thresholds": [5_000], "seed": 1}
    return at.forecast(claims, **{**wanted, **options})


def test_floors_alone_give_what_had_been_passed_and_no_date() -> None:
    forecast = asked([FLOOR, RATE])
    law = forecast.law(basis="latent")
    assert law.provenance.floors
    # a pace of four weeks hardly moves what the floor and its coverage say
    alone = asked([FLOOR]).law(basis="latent").probability(2_900, by=KNOWN)
    assert alone > 0.9
    assert law.probability(2_900, by=KNOWN) == pytest.approx(alone, abs=0.05)
    citation = forecast.cite(5_000, basis="latent")
    assert "are minimums, and do not settle when" in citation.sentence
    assert "% that it already has." in citation.sentence
    assert "rests on an assumed coverage" in citation.note
    (row,) = [
        row for row in at.reporting.results(forecast)["crossings"] if row["basis"] == "latent"
    ]
    assert row["median"] is row["upper"] is None
    assert row["printed"]["upper"] == "not determined"
    (total,) = [
        row
        for row in at.reporting.results(forecast, on=[KNOWN])["totals"]
        if row["basis"] == "latent"
    ]
    assert total["lower"] > 2_000
    assert total["median"] is total["upper"] is None


def test_a_floor_is_that_number_in_the_count_of_its_source() -> None:
    for data in ([FLOOR], [FLOOR, RATE]):
        law = asked(data).law(basis="un")
        assert not law.provenance.floors
        np.testing.assert_allclose(law.quantiles([0.02, 0.5, 0.98], on=KNOWN), 3_000)


def test_what_a_floor_holds_is_assumed_and_said() -> None:
    law = asked([FLOOR]).law(basis="latent")
    (row,) = [row for row in law.provenance.assumptions if row[0] == "coverage"]
    assert row == ("coverage", "0.25 to 1", LISTED.note, "library default")
    low, high = law.quantiles([0.05, 0.95], on=KNOWN)
    assert low > 2_600
    assert 8_000 < high < 20_000


@pytest.mark.parametrize(
    "other",
    [
        at.claim("around 6,000 killed", source="HRW", on=KNOWN),
        at.claim("between 4,000 and 8,000 killed", source="HRW", on="2025-05-01"),
    ],
)
def test_one_floor_beside_a_figure_is_a_bound_and_no_list(other: at.Claim) -> None:
    alone = asked([other], bases="latent").law()
    law = asked([FLOOR, other], bases="latent").law()
    assert not law.provenance.floors
    assert all(row[0] != "coverage" for row in law.provenance.assumptions)
    for level in (0.25, 0.5):  # which a floor may raise, and never lowers
        one, both = (float(each.quantiles(level, on=KNOWN)[0]) for each in (alone, law))
        assert both > 0.97 * one


def test_a_stated_coverage_is_kept() -> None:
    claims = [FLOOR.model_copy(update={"coverage": at.dossier.Coverage(low=0.8, high=0.9)})]
    law = asked(claims, bases="latent").law()
    assert not law.provenance.floors
    assert law.quantiles(0.5, on=KNOWN)[0] == pytest.approx(3_000 / 0.85, rel=0.05)


@settings(max_examples=settings().max_examples // 20, deadline=None)
@given(
    st.lists(st.integers(10, 10**6), min_size=1, max_size=3),
    st.sampled_from([[], [at.claim("around 5 killed a day", source="Source 0", on=KNOWN)]]),
)
def test_floors_of_any_size_answer(numbers: list[int], paces: list[at.Claim]) -> None:
    claims = [
        at.claim(f"at least {number:,} killed", source=f"Source {i}", on=KNOWN)
        for i, number in enumerate(numbers)
    ]
    forecast = at.forecast(
        [*claims, *paces], bases="latent", thresholds=[2 * max(numbers)], size=64, seed=1
    )
    law = forecast.law()
    assert law.provenance.floors
    # a source with a floor far below and a pace of its own speaks against the highest floor
    assert law.probability(0.8 * max(numbers), by=KNOWN) > (0.7 if paces else 0.85)
    assert "do not settle when" in str(forecast.cite(2 * max(numbers)))


def test_a_pace_that_is_a_floor_answers_from_a_known_first_day_on() -> None:
    dossier = at.Dossier.of(
        id="d",
        sources={"a": {"name": "A"}},
        quantities={
            "killed": {
                "title": "People killed",
                "definition": "killed",
                "unit": "persons",
                "start": "2024-06-03",
                "thresholds": [50_000],
            }
        },
        claims=[
            {
                "quantity": "killed",
                "source": "a",
                "kind": "rate",
                "quote": "at least 50 a day",
                "per": "day",
                "as_of": "2025-06-03",
                "published": "2025-06-03",
            }
        ],
    )
    law = at.forecast(dossier, bases="latent", size=64, tolerance=60.0).law()
    assert law.provenance.floors
    assert "do not settle when" in str(law.cite(50_000))


@pytest.mark.parametrize("names", [("UN", "Office"), ("UN", "Office", "Board")])
def test_several_sources_of_which_each_knows_a_least_total_and_a_least_pace_are_answered(
    names: tuple[str, ...],
) -> None:
    texts = ("at least 9,000 killed", "at least 20 killed a day")
    claims = [at.claim(text, source=name, on=KNOWN) for name in names for text in texts]
    law = asked(claims, bases="latent", size=64, tolerance=60.0, thresholds=[9_000, 12_000]).law()
    assert law.provenance.floors
    assert law.probability(9_000, by=KNOWN) > 1 - 1e-9
    alone = asked(claims[:1], bases="latent", size=64, tolerance=60.0, thresholds=[12_000]).law()
    # each source more is another that nobody has counted all by
    assert law.probability(12_000, by=KNOWN) > alone.probability(12_000, by=KNOWN)
