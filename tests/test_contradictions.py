"""Contradictions planted in dossiers, one a test: each is found, and its cure is quiet."""

from __future__ import annotations

from typing import Any

import pytest

import attrition as at
from attrition.data.dossier.quoted import dossier_of

QUANTITIES: dict[str, dict[str, Any]] = {
    "all": {
        "title": "Casualties",
        "definition": "killed and wounded",
        "unit": "persons",
        "category": "casualties",
        "side": "Russian",
        "start": "2022-02-24",
    },
    "dead": {
        "title": "Killed",
        "definition": "killed",
        "unit": "persons",
        "category": "killed",
        "part_of": "all",
    },
}
SOURCES: dict[str, dict[str, Any]] = {"a": {"name": "Ministry"}, "c": {"name": "Stranger"}}

Row = dict[str, Any]


def row(quantity: str, quote: str, day: str = "2025-03-01", **more: Any) -> Row:
    known = {"source": "a", "kind": "level", "as_of": day, "published": "2026-01-01"}
    return {"quantity": quantity, "quote": quote, **known, **more}


def rules(rows: list[Row]) -> list[str]:
    dossier = at.Dossier.of(id="d", sources=SOURCES, quantities=QUANTITIES, claims=rows)
    return [finding.rule for finding in at.check(dossier)]


PACE = {"kind": "rate", "per": "day"}
GAIN = {"kind": "increment", "since": "2025-01-01"}
START = row("all", "exactly 100,000 casualties", "2025-01-01")
LATER = row("all", "exactly 110,000 casualties")

PLANTED: dict[str, tuple[str, list[Row], list[Row]]] = {
    "killed before, casualties later, one source": (
        "part above whole",
        [
            row("dead", "exactly 120,000 killed"),
            row("all", "exactly 90,000 casualties", "2025-05-01"),
        ],
        [
            row("dead", "exactly 20,000 killed"),
            row("all", "exactly 90,000 casualties", "2025-05-01"),
        ],
    ),
    "killed before, casualties later, two sources": (
        "part above whole",
        [
            row("dead", "exactly 200,000 killed", "2024-03-01"),
            row("all", "about 90,000 casualties", "2025-05-01", source="c"),
        ],
        [
            row("dead", "exactly 20,000 killed", "2024-03-01"),
            row("all", "about 90,000 casualties", "2025-05-01", source="c"),
        ],
    ),
    "sources that exclude one another": (
        "sources apart",
        [
            row("all", "exactly 100,000 casualties"),
            row("all", "exactly 1,000,000 casualties", source="c"),
        ],
        [
            row("all", "exactly 100,000 casualties"),
            row("all", "exactly 190,000 casualties", source="c"),
        ],
    ),
    "a claim that stands twice": (
        "duplicate",
        [row("all", "about 400,000 casualties"), row("all", "about 400,000 casualties")],
        [
            row("all", "about 400,000 casualties"),
            row("all", "about 410,000 casualties", "2025-03-09"),
        ],
    ),
    "another source's total falls": (
        "falling across sources",
        [
            row("all", "at least 500,000 casualties", "2024-03-01"),
            row("all", "no more than 100,000 casualties", source="c"),
        ],
        [
            row("all", "at least 300,000 casualties", "2024-03-01"),
            row("all", "no more than 500,000 casualties", source="c"),
        ],
    ),
    "a week filed as a day": (
        "period",
        [row("all", "around 7,000 casualties a week", **PACE)],
        [row("all", "around 7,000 casualties a week", kind="rate", per="week")],
    ),
    "a month filed as a year": (
        "period",
        [row("all", "30,000 casualties a month", kind="rate", per="year")],
        [row("all", "30,000 casualties a month", kind="rate", per="month")],
    ),
    "ten times off": (
        "number",
        [row("all", "about 40,000 casualties", point=400_000.0, hedge="about")],
        [row("all", "about 40,000 casualties", point=40_000.0, hedge="about")],
    ),
    "a range that is not in the quote": (
        "number",
        [row("all", "about 40,000 casualties", low=50_000.0, high=60_000.0)],
        [row("all", "between 50,000 and 60,000 casualties", low=50_000.0, high=60_000.0)],
    ),
    "tanks filed as persons": (
        "unit",
        [row("all", "about 3,000 tanks")],
        [row("all", "about 3,000 soldiers")],
    ),
    "a share over everything": (
        "share",
        [row("dead", "120 percent of all casualties are dead", kind="share")],
        [
            row("dead", "20 percent of all casualties are dead", kind="share"),
            row("all", "about 40,000 casualties"),
        ],
    ),
    "a sum inside a sentence": (
        "sum in a sentence",
        [
            row(
                "all",
                "30,000 casualties: 10,000 killed and 25,000 wounded",
                point=30_000.0,
                hedge="exactly",
            )
        ],
        [
            row(
                "all",
                "35,000 casualties: 10,000 killed and 25,000 wounded",
                point=35_000.0,
                hedge="exactly",
            )
        ],
    ),
    "a pace that the totals contradict": (
        "rate against window",
        [START, LATER, row("all", "around 2,000 casualties a day", "2025-02-01", **PACE)],
        [START, LATER, row("all", "around 170 casualties a day", "2025-02-01", **PACE)],
    ),
    "an increase that the totals contradict": (
        "increment against totals",
        [START, LATER, row("all", "another 40,000 casualties", **GAIN)],
        [START, LATER, row("all", "another 10,000 casualties", **GAIN)],
    ),
    "an increase above the total": (
        "increment above total",
        [row("all", "exactly 50,000 casualties"), row("all", "another 80,000 casualties", **GAIN)],
        [row("all", "exactly 50,000 casualties"), row("all", "another 8,000 casualties", **GAIN)],
    ),
    "a pace of the killed above that of all": (
        "part above whole",
        [
            row("all", "about 500 casualties a day", **PACE),
            row("dead", "about 900 killed a day", **PACE),
        ],
        [
            row("all", "about 900 casualties a day", **PACE),
            row("dead", "about 200 killed a day", **PACE),
        ],
    ),
    "wounded filed as killed": (
        "category",
        [row("dead", "about 40,000 wounded")],
        [row("dead", "about 40,000 killed")],
    ),
    "a figure that its words deny": (
        "unread",
        [row("dead", "the army denied that 40,000 were killed")],
        [row("dead", "the army said that 40,000 were killed")],
    ),
    "the other side": (
        "mixed scopes",
        [row("all", "about 40,000 Ukrainian casualties")],
        [row("all", "about 40,000 Russian casualties")],
    ),
    "another day in the words": (
        "dates",
        [row("all", "40,000 casualties as of 3 January 2024")],
        [row("all", "40,000 casualties as of 1 March 2025")],
    ),
    "a total before its start": (
        "dates",
        [row("all", "40,000 casualties", "2021-03-01")],
        [row("all", "40,000 casualties", "2023-03-01")],
    ),
    "an increase filed as a total": (
        "kind",
        [row("all", "another 900 casualties yesterday")],
        [row("all", "900 casualties")],
    ),
    "a total that falls": (
        "falling total",
        [
            row("all", "exactly 500,000 casualties", "2024-03-01"),
            row("all", "exactly 400,000 casualties"),
        ],
        [
            row("all", "exactly 400,000 casualties", "2024-03-01"),
            row("all", "exactly 500,000 casualties"),
        ],
    ),
    "too few wounded": (
        "wounded per killed",
        [row("all", "about 400,000 casualties"), row("dead", "about 300,000 killed")],
        [row("all", "about 400,000 casualties"), row("dead", "about 100,000 killed")],
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_contradiction_is_found_and_its_cure_is_quiet(name: str) -> None:
    rule, wrong, cured = PLANTED[name]
    assert rule in rules(wrong)
    assert rules(cured) == []


def test_sources_that_exclude_one_another_are_told_first() -> None:
    rows = [
        *PLANTED["another day in the words"][1],
        *PLANTED["a claim that stands twice"][1],
        row("all", "exactly 5,000,000 casualties", source="c"),
    ]
    assert rules(rows)[0] == "sources apart"


@pytest.mark.parametrize(
    ("rule", "quote", "kind"),
    [
        ("floors alone", "at least 40,000 casualties", "level"),
        ("shares alone", "20 percent of all casualties are dead", "share"),
        ("nothing counted", "no casualties", "level"),
    ],
)
def test_what_a_forecast_refuses_check_says_first(rule: str, quote: str, kind: str) -> None:
    assert rules([row("all", quote, kind=kind)])[0] == rule


def test_a_forecast_does_refuse_it_or_leaves_its_dates_open() -> None:
    nought, floor, share = (
        at.Dossier.of(id="d", sources=SOURCES, quantities=QUANTITIES, claims=[claim])
        for claim in (
            row("all", "no casualties"),
            row("all", "at least 40,000 casualties"),
            row("dead", "20 percent of all casualties are dead", kind="share"),
        )
    )
    for dossier in (nought, share):
        with pytest.raises(at.InputError):
            at.forecast(dossier)
    (law,) = at.forecast(
        floor, quantities=["all"], bases="latent", thresholds=[60_000], size=32
    ).laws.values()
    assert "do not settle when" in str(law.cite(60_000))


def test_a_floor_beside_a_figure_of_its_whole_is_no_finding() -> None:
    rows = [row("dead", "at least 10,000 killed"), row("all", "about 40,000 casualties")]
    assert rules(rows) == []


def test_the_killed_of_quoted_claims_are_counted_among_the_casualties_of_the_same_people() -> None:
    words = ("5,000 Russians killed", "4,000 Russian casualties", "9,000 Ukrainian casualties")
    quoted = [at.claim(one, source="A", on="2025-03-01") for one in words]
    dossier = dossier_of(quoted)
    parts = {key: quantity.part_of for key, quantity in dossier.quantities.items()}
    assert set(parts.values()) == {None, "russian-casualties"}
    assert [finding.rule for finding in at.check(dossier)] == ["part above whole"]
