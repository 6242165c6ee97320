"""Contradictions planted in dossiers, one a test: each is found, and its cure is quiet."""

from __future__ import annotations

import tomllib
from pathlib import Path
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


DOSSIERS = Path(__file__).parent / "contradictions"
EXPECTED: dict[str, str] = tomllib.loads((DOSSIERS / "expected.toml").read_text())


@pytest.mark.parametrize("name", EXPECTED)
def test_a_dossier_of_invented_news_holds_what_its_author_planted(name: str) -> None:
    file = DOSSIERS / f"{name}.toml"
    if EXPECTED[name] == "refused":
        with pytest.raises(at.InputError, match="must not"):
            at.read_dossier(file)
        return
    rules = [finding.rule for finding in at.check(at.read_dossier(file))]
    assert EXPECTED[name] in rules if EXPECTED[name] else rules == []


def test_every_dossier_of_invented_news_says_what_it_holds() -> None:
    files = {file.stem for file in DOSSIERS.glob("*.toml")} - {"expected"}
    assert files == set(EXPECTED)


def messages(rows: list[Row]) -> str:
    dossier = at.Dossier.of(id="d", sources=SOURCES, quantities=QUANTITIES, claims=rows)
    return " ".join(finding.message for finding in at.check(dossier))


def test_a_message_quotes_the_words_or_the_ends_that_are_stated() -> None:
    ends: Row = {"low": 30_000.0, "high": 35_000.0, "shape": "uniform"}
    told = messages(
        [row("all", "between 500,000 and 700,000 casualties"), row("all", "", **ends, source="c")]
    )
    assert "says “between 500,000 and 700,000 casualties” and Stranger 30,000 to 35,000" in told
    assert not {"592", "32,4"} & {told[k : k + size] for k in range(len(told)) for size in (3, 4)}


def test_a_pace_is_kept_up_for_as_many_days_as_the_dates_of_two_totals_differ() -> None:
    rows = [
        row("all", "exactly 100,000 casualties", "2025-01-01"),
        row("all", "exactly 101,000 casualties", "2025-01-31"),
        row("all", "around 900 casualties a day", "2025-01", **PACE),
    ]
    assert "makes about 27,000 in 30 days" in messages(rows)
    rows[:2] = [
        row("all", "another 1,000 casualties", "2025-01-31", kind="increment", since="2025-01-01")
    ]
    assert "makes about 27,900 in 31 days" in messages(rows)


def test_words_in_a_message_are_quoted_as_they_stand_and_short() -> None:
    falls = [
        row("all", "the town's 9,000 casualties", "2025-01-01"),
        row(
            "all", "officials of the ministry said in the capital that there were 4,100 casualties"
        ),
        row("all", "the army said it lost 700", kind="rate", per="month", figure="700"),
    ]
    text = messages(falls)
    assert "“the town's 9,000 casualties” for 2025-01-01 and only “4,100”" in text
    rate = messages([START, LATER, {**falls[2], "quote": "it lost 700,000", "figure": "700,000"}])
    assert "“700,000” a month" in rate


def test_a_number_that_stands_among_people_is_no_part_of_another() -> None:
    quote = "shelling kills 11 as the toll among civilians passes 1,300"
    assert "sum in a sentence" not in rules([row("dead", quote, figure="11")])


def test_the_remedy_is_named_where_there_is_one() -> None:
    falls = messages(PLANTED["a total that falls"][1])
    assert "in its `supersedes`" in falls
    page: Row = {"url": "https://ministry.example/7"}
    two = [
        row("all", "12,431 casualties", **page),
        row("all", "12,431 casualties", source="c", **page),
    ]
    assert "with the other name in `aliases`" in messages(two)


def test_round_figures_agree_by_chance_and_precise_ones_do_not() -> None:
    def pair(*words: str, day: str = "2025-03-01") -> list[Row]:
        return [row("all", one, day, source=who) for one, who in zip(words, "ac", strict=True)]

    assert rules(pair("about 400,000 casualties", "about 396,000 casualties")) == []
    assert rules(pair("400,000 casualties", "400,000 casualties")) == []
    assert rules(pair("412 casualties", "412 casualties")) == []
    assert rules(pair("4,127 casualties", "more than 4,100 casualties")) == []
    assert rules(pair("4,127 casualties", "4,127 casualties")) == ["undeclared copy"]
    twice = pair("412 casualties", "412 casualties") + pair(
        "439 casualties", "439 casualties", day="2025-03-02"
    )
    assert rules(twice) == ["undeclared copy", "undeclared copy"]


def test_two_counts_of_one_day_may_be_of_its_morning_and_its_evening() -> None:
    day: Row = {"published": "2025-03-01"}
    assert rules([row("all", "37 casualties", **day), row("all", "58 casualties", **day)]) == []
    later = [row("all", "37 casualties", **day), row("all", "58 casualties")]
    assert rules(later) == ["two figures of one source"]
    cap = [row("all", "no more than 37 casualties", **day), row("all", "58 casualties", **day)]
    assert rules(cap) == ["two figures of one source"]


def test_a_fraction_and_a_percentage_are_one_share() -> None:
    def share(**numbers: Any) -> at.Dossier:
        rows = [row("all", "40,000 casualties"), row("dead", "", kind="share", **numbers)]
        return at.Dossier.of(id="d", sources=SOURCES, quantities=QUANTITIES, claims=rows)

    fraction, percent = (
        at.elicit(dossier.claims[1], dossier=dossier)
        for dossier in (share(low=0.2, high=0.3), share(low=20.0, high=30.0))
    )
    assert at.elicitation.quantile(fraction, [0.1, 0.5, 0.9]) == pytest.approx(
        at.elicitation.quantile(percent, [0.1, 0.5, 0.9])
    )


def test_a_short_spelled_figure_is_one_where_a_claim_says_so() -> None:
    quote = "the post lost about three men a week"
    dossier = at.Dossier.of(
        id="d",
        sources=SOURCES,
        quantities=QUANTITIES,
        claims=[row("all", quote, figure="about three", point=None)],
    )
    assert at.elicitation.quantile(at.elicit(dossier.claims[0], dossier=dossier), 0.5) == (
        pytest.approx(3, rel=0.1)
    )
    with pytest.raises(at.InputError, match="hold a figure"):
        at.parse("about three")


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
