"""Sources that exclude one another leave a total near the one's figures or near the other's."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pytest
from scipy import special, stats

import attrition as at
from attrition.models.assimilation.contest import hills_of

KNOWN = date(2025, 6, 1)
ERROR = 0.15
WIDER, SELDOM = 8.0, 0.1
"""Of a source that is off: by how much its error is wider, and how often."""

VALLEY = (215_000.0, 464_000.0)
Figures = tuple[tuple[float, float], ...]
APART: Figures = ((100_000.0, 0.05), (1_000_000.0, 0.05))


def dossier(figures: Figures) -> at.Dossier:
    """Return one figure of each of several sources, lognormal, on a total that stands still."""
    names = "abcdefg"[: len(figures)]
    assumed = {"source_error": ERROR, "source_drift": 0.0, "volatility": 0.0, "day_noise": 0.0}
    return at.Dossier.of(
        id="contest",
        sources={name: {"name": f"Agency {name.upper()}"} for name in names},
        quantities={
            "killed": {
                "title": "People killed",
                "subject": "deaths",
                "verb": "pass",
                "definition": "deaths",
                "unit": "persons",
                "start": date(2020, 1, 1),
                "thresholds": [500_000],
            }
        },
        claims=[
            {
                "quantity": "killed",
                "source": name,
                "kind": "level",
                "distribution": stats.lognorm(sd, scale=value),
                "as_of": KNOWN,
                "published": KNOWN,
            }
            for name, (value, sd) in zip(names, figures, strict=True)
        ],
        assumptions={key: {"value": value, "reason": "a test"} for key, value in assumed.items()},
    )


def above(figures: Figures, total: float) -> float:
    """Return P(total >= x) by the density on a grid: each figure is of a usual error or far off."""
    grid = np.linspace(np.log(1e4), np.log(1e8), 40_001)
    log = np.zeros(grid.size)
    for value, sd in figures:
        density = [
            share * stats.norm(np.log(value), np.hypot(ERROR * width, sd)).pdf(grid)
            for share, width in ((1 - SELDOM, 1.0), (SELDOM, WIDER))
        ]
        log += np.log(sum(density))
    return float(special.softmax(log)[grid >= np.log(total)].sum())


def answered(figures: Figures, *thresholds: float) -> at.Forecast:
    asked = [*thresholds, 500_000.0]
    return at.forecast(dossier(figures), seed=1, size=64, thresholds=asked)


def reached(law: at.Law, total: float) -> float:
    """Return the probability that a total has been reached on the information date."""
    return at.laws.masses(law, total).already


@pytest.fixture(scope="module")
def apart() -> at.Forecast:
    return answered(APART, *VALLEY)


def test_two_sources_that_exclude_one_another_leave_two_hills_and_a_valley(
    apart: at.Forecast,
) -> None:
    law = apart.law("killed", "latent")
    low, high = (reached(law, total) for total in VALLEY)
    assert (low, high) == pytest.approx([above(APART, total) for total in VALLEY], abs=3e-3)
    assert low - high <= 0.06
    (one, near, there), (other, far, over) = law.provenance.contested
    assert (one, other) == ("Agency A", "Agency B")
    assert near + far == pytest.approx(1, abs=1e-9)
    assert far == pytest.approx(above(APART, 10**5.5), abs=0.01)
    assert above(APART, there) == pytest.approx(1 - near / 2, abs=0.02)
    assert above(APART, over) == pytest.approx(far / 2, abs=0.02)


def test_the_shares_of_the_hills_are_those_of_the_law() -> None:
    """Also where a third source makes one of them far likelier."""
    figures: Figures = ((100_000.0, 0.1), (1_000_000.0, 0.1), (220_000.0, 0.2))
    cut = float(np.sqrt(2.2e5 * 1e6))
    law = answered(figures, cut).law("killed", "latent")
    assert reached(law, cut) == pytest.approx(above(figures, cut), abs=5e-3)
    (who, share, low), (other, less, high) = law.provenance.contested
    assert (who, other) == ("Agency A and Agency C", "Agency B")
    assert less == pytest.approx(above(figures, cut), abs=0.01)
    assert share + less == pytest.approx(1, abs=1e-9)
    # the medians of the two hills
    assert above(figures, low) == pytest.approx(1 - share / 2, abs=0.02)
    assert above(figures, high) == pytest.approx(less / 2, abs=0.02)


def test_every_source_is_heard_where_they_exclude_one_another(apart: at.Forecast) -> None:
    assert list(apart.laws) == [("killed", "latent"), ("killed", "a"), ("killed", "b")]
    for name, value in (("a", 100_000), ("b", 1_000_000)):
        read = at.laws.total(apart.law("killed", name), KNOWN)
        assert read.median == pytest.approx(value, rel=0.05)
        assert apart.law("killed", name).provenance.contested == ()
    rows = at.reporting.results(apart)["crossings"]
    assert {row["basis"] for row in rows} == {"latent", "a", "b"}
    asked = at.forecast(dossier(APART), seed=1, size=64, bases="latent")
    assert list(asked.laws) == [("killed", "latent")]
    assert len(asked.law().provenance.contested) == 2


def test_the_sentence_says_so_without_a_date_in_forty_words(apart: at.Forecast) -> None:
    citation = at.cite(apart.law("killed", "latent"), 500_000)
    assert "exclude one another" in citation.sentence
    assert "Agency A and Agency B" in citation.sentence
    assert len(citation.sentence.split()) <= 40
    # the only days are that on which the figures were known and the last one of the forecast
    horizon = apart.horizon
    assert citation.sentence.count(str(KNOWN.year)) == 1
    assert f"known on {KNOWN.day} " in citation.sentence
    for year in range(KNOWN.year + 1, horizon.year):
        assert str(year) not in citation.sentence
    assert citation.sentence.count(str(horizon.year)) <= 1
    assert "Sources exclude one another" in citation.full


def test_sources_that_agree_are_not_contested() -> None:
    for figures in (
        ((900_000.0, 0.05), (1_000_000.0, 0.05)),
        ((700_000.0, 0.05), (1_000_000.0, 0.05)),  # 1.6 standard deviations
        ((100_000.0, 0.05),),
    ):
        forecast = answered(figures)
        law = forecast.law("killed", "latent")
        assert law.provenance.contested == ()
        assert list(forecast.laws) == [("killed", "latent")]
        assert "exclude" not in at.cite(law, 500_000).full
        assert hills_of(forecast.outlooks["killed"], "killed") == ()


@pytest.mark.parametrize("third", [95_000.0, 1_050_000.0])
def test_a_third_source_that_agrees_with_one_moves_the_weight_to_it(third: float) -> None:
    cut = float(np.sqrt(1e5 * 1e6))
    figures: Figures = (*APART, (third, 0.05))
    law = answered(figures, cut).law("killed", "latent")
    share = reached(law, cut)
    assert share == pytest.approx(above(figures, cut), abs=3e-3)
    assert (share > 0.98) if third > cut else (share < 0.02)


def test_figures_of_one_source_contradict_nobody() -> None:
    claims = dossier(APART)
    one = tuple(c.model_copy(update={"source": "a"}) for c in claims.claims)
    earlier = one[0].model_copy(update={"as_of": at.dossier.PartialDate.parse("2025-01-01")})
    alone = claims.model_copy(update={"claims": (earlier, one[1])})
    forecast = at.forecast(alone, seed=1, size=64, bases="latent")
    assert forecast.law().provenance.contested == ()


def test_what_is_contested_survives_a_record(apart: at.Forecast) -> None:
    provenance = apart.law("killed", "latent").provenance
    again = type(provenance).from_json(provenance.to_json())
    assert again.contested == provenance.contested
    assert dataclasses.replace(again, contested=()) != provenance
