from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import attrition as at
from attrition.data.coherence.levels import PLAUSIBLE, WOUNDED_PER_KILLED
from attrition.data.elicitation import quantile
from attrition.data.elicitation.shapes import lognormal

PRESS = Path(__file__).parent / "press"

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
    "hurt": {"title": "Wounded", "definition": "wounded", "unit": "persons"},
}
SOURCES: dict[str, dict[str, Any]] = {
    "a": {"name": "Ministry"},
    "b": {"name": "Agency", "derived_from": ["a"]},
    "c": {"name": "Stranger"},
}


def claim(quantity: str, text: str, day: str = "2025-03-01", **more: Any) -> dict[str, Any]:
    known = {"source": "a", "kind": "level", "as_of": day, "published": "2026-01-01"}
    return {"quantity": quantity, "quote": text, **known, **more}


def rules(
    *claims: dict[str, Any],
    sources: dict[str, dict[str, Any]] | None = None,
    quantities: dict[str, dict[str, Any]] | None = None,
) -> list[str]:
    dossier = at.Dossier.of(
        id="d",
        sources={**SOURCES, **(sources or {})},
        quantities={**QUANTITIES, **(quantities or {})},
        claims=list(claims),
    )
    return [finding.rule for finding in at.check(dossier)]


def test_the_bundled_dossier_is_coherent(bundled: at.Dossier) -> None:
    assert at.check(bundled) == ()


def test_killed_above_casualties_of_one_source_is_found(bundled: at.Dossier) -> None:
    claims = tuple(
        c.model_copy(update={"quote": "up to 2,500,000 could be fatalities"})
        if c.quantity == "russian-killed"
        else c
        for c in bundled.claims
    )
    (finding,) = at.check(bundled.model_copy(update={"claims": claims}))
    assert finding.rule == "part above whole"
    assert "CSIS" in finding.message


def test_a_total_that_falls_is_found(bundled: at.Dossier) -> None:
    later = bundled.claims[0].model_copy(
        update={
            "quote": "approximately 900,000",
            "as_of": at.dossier.PartialDate.parse("2025-06-02"),
        }
    )
    (finding,) = at.check(bundled.model_copy(update={"claims": (*bundled.claims, later)}))
    assert finding.rule == "falling total"
    assert "cannot fall" in finding.message


# ------------------------------------------------------------------ errors the press made

CAUGHT = {
    "e1": ("killed in a window", ("260,000 killed", "268,710", "8,710")),
    "e2": ("wounded per killed", ("1.4 million", "A broadcaster", "sum printed as killed?")),
    "e4": ("ratio", ("7,000 to 15,000", "28,000 to 60,000", "30,000 to 40,000")),
    "e7": ("persons and incidents", ("370,000 cases", "more than once")),
}


@pytest.mark.parametrize("name", CAUGHT)
def test_an_error_that_the_press_made_is_caught_in_a_sentence(name: str) -> None:
    rule, words = CAUGHT[name]
    (finding,) = at.check(at.read_dossier(PRESS / f"{name}.toml"))
    assert finding.rule == rule
    for word in words:
        assert word in finding.message
    assert finding.message.endswith((".", "?"))
    assert finding.claims


def test_components_that_do_add_up_pass() -> None:
    assert at.check(at.read_dossier(PRESS / "uk-2023-12.toml")) == ()


def test_the_first_error_is_also_caught_from_totals_a_year_apart() -> None:
    findings = rules(
        claim("all", "789,550", "2024-12-31"),
        claim("all", "1,058,260", "2025-12-31"),
        claim("dead", "260,000 killed", "2025-12-31", source="b", kind="increment", since="2025"),
    )
    assert findings == ["killed in a window"]


def test_components_that_do_not_add_up_are_found() -> None:
    content = at.read_dossier(PRESS / "uk-2023-12.toml")
    claims = (
        content.claims[0].model_copy(update={"quote": "between 290,000 and 450,000 casualties"}),
        *content.claims[1:],
    )
    (finding,) = at.check(content.model_copy(update={"claims": claims}))
    assert finding.rule == "sum"
    assert "add up to 290,000 to 350,000" in finding.message


# ------------------------------------------------------------------ each rule, found and not

KILLED = {"kind": "increment", "since": "2025-01-01"}
FOUND: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "killed within casualties": (
        [claim("all", "around 400,000"), claim("dead", "around 100,000")],
        [],
    ),
    "another's casualties far below": (
        [claim("all", "exactly 90,000"), claim("dead", "exactly 100,000", source="c")],
        ["part above whole"],
    ),
    "too few wounded": (
        [claim("all", "about 400,000"), claim("dead", "about 300,000")],
        ["wounded per killed"],
    ),
    "too many wounded": (
        [claim("all", "about 400,000"), claim("dead", "about 20,000")],
        ["wounded per killed"],
    ),
    "strangers may differ": (
        [claim("all", "about 400,000"), claim("dead", "about 300,000", source="c")],
        [],
    ),
    "an increase since the first day is a total": (
        [
            claim("all", "about 400,000 casualties", kind="increment", since="2022-01"),
            claim("dead", "about 500,000 killed"),
        ],
        ["part above whole"],
    ),
    "a floor that is lower later": (
        [claim("all", "about 400,000"), claim("all", "at least 300,000", "2025-05-01")],
        [],
    ),
    "more killed than casualties in a window": (
        [
            claim("all", "100,000 casualties", "2025-12-31", **KILLED),
            claim("dead", "120,000 killed", "2025-12-31", **KILLED),
        ],
        ["part above whole"],
    ),
    "another window": (
        [
            claim("all", "100,000 casualties", "2025-12-31", **KILLED),
            claim("dead", "120,000 killed", "2025-12-31", kind="increment", since="2023"),
        ],
        [],
    ),
    "an increment that the totals contradict": (
        [
            claim("all", "exactly 400,000", "2025-01-01"),
            claim("all", "exactly 450,000", "2025-06-30"),
            claim("all", "80,000 casualties", "2025-06-30", **KILLED),
        ],
        ["increment against totals"],
    ),
    "an increment of the first day of two totals": (
        [
            claim("dead", "218 killed", "2025-03-01"),
            claim("dead", "1 killed", "2025-03-01", kind="increment", since="2025-03-01"),
            claim("dead", "218 killed", "2025-03-02"),
        ],
        [],
    ),
    "an increment that they confirm": (
        [
            claim("all", "exactly 400,000", "2025-01-01"),
            claim("all", "exactly 450,000", "2025-06-30"),
            claim("all", "50,000 casualties", "2025-06-30", **KILLED),
        ],
        [],
    ),
    "a rate that the window contradicts": (
        [
            claim("all", "about 50,000 casualties", "2025-06-30", **KILLED),
            claim("all", "about 1,000 a day", "2025-06", kind="rate"),
        ],
        ["rate against window"],
    ),
    "a rate that it confirms": (
        [
            claim("all", "about 180,000 casualties", "2025-06-30", **KILLED),
            claim("all", "about 1,000 a day", "2025-06", kind="rate"),
        ],
        [],
    ),
    "a rate of another year": (
        [
            claim("all", "about 50,000 casualties", "2025-06-30", **KILLED),
            claim("all", "about 1,000 a day", "2023-06", kind="rate"),
        ],
        [],
    ),
    "cases for persons": ([claim("hurt", "370,000 cases of wounding")], ["persons and incidents"]),
    "persons": ([claim("hurt", "370,000 wounded")], []),
    "killed filed under casualties": ([claim("all", "200,000 killed")], ["category"]),
    "both sides filed under one": (
        [claim("all", "1.4 million killed or wounded on both sides")],
        ["mixed scopes"],
    ),
    "a rate filed as a total": ([claim("all", "around 1,000 casualties a day")], ["kind"]),
    "an increase filed as a total": ([claim("all", "260,000 casualties in 2025 alone")], ["kind"]),
    "an increase since the count began": ([claim("all", "900,000 casualties since 2022")], []),
    "a total before its start": ([claim("all", "900 casualties", "2021-05-01")], ["dates"]),
    "a date in the words": (
        [claim("all", "as of 31 December 2024, 790,000 killed and wounded")],
        ["dates"],
    ),
    "the date of the words": (
        [claim("all", "as of 31 December 2024, 790,000 killed and wounded", "2024-12-31")],
        [],
    ),
    "a window in the words": (
        [claim("all", "900,000 casualties since 2022", kind="increment", since="2024-01-01")],
        ["dates"],
    ),
    "words that cannot be read": ([claim("all", "1.000 casualties")], ["unread"]),
    "figures too alike": (
        [claim("all", "396,127"), claim("all", "about 396,127", source="c")],
        ["undeclared copy"],
    ),
    "alike and declared": (
        [claim("all", "396,127"), claim("all", "about 396,127", source="b")],
        [],
    ),
}


@pytest.mark.parametrize("case", FOUND)
def test_a_rule_finds_what_it_should_and_nothing_else(case: str) -> None:
    claims, expected = FOUND[case]
    assert rules(*claims) == expected


def test_a_source_on_the_wrong_side_of_the_truth_is_found() -> None:
    claims = [claim("all", "about 400,000"), claim("all", "about 300,000", source="c")]
    sources = {
        "a": {"name": "Own side", "direction": "understates"},
        "c": {"name": "Enemy", "direction": "overstates"},
    }
    assert rules(*claims, sources=sources) == ["direction"]
    assert rules(*claims) == []


def test_scopes_and_units_of_parts_are_compared_without_any_figure() -> None:
    wider = {"dead": {**QUANTITIES["dead"], "scope": "army"}}
    wider["all"] = {**QUANTITIES["all"], "scope": "army and companies"}
    assert rules(claim("hurt", "10 wounded"), quantities=wider) == ["mixed scopes"]
    events = {
        "hurt": {**QUANTITIES["hurt"], "unit": "cases"},
        "all": {**QUANTITIES["all"], "sum_of": ["dead", "hurt"]},
    }
    assert rules(claim("dead", "10 killed"), quantities=events) == ["persons and incidents"]


def test_the_range_of_plausible_ratios_is_that_of_the_prior() -> None:
    usual, low, high = WOUNDED_PER_KILLED
    prior = lognormal(low, high, 0.9)
    assert float(quantile(prior, 0.5)) == pytest.approx(usual, rel=0.01)
    assert quantile(prior, [0.0005, 0.9995]) == pytest.approx(PLAUSIBLE, rel=0.01)


def test_a_message_quotes_the_words_around_the_figure_that_it_names() -> None:
    quote = (
        "The hospital said on Tuesday that 11 more patients had died since Sunday, which brings "
        "the number of deaths to 27 since the ward was opened in March."
    )
    figures = {"quote": quote, "figure": "11", "point": 26, "as_of": "2025-06-02"}
    more = {"kind": "level", "published": "2025-06-03", "quantity": "dead", "source": "ward"}
    dossier = at.Dossier.of(
        id="ward",
        sources={"ward": {"name": "Hospital"}},
        quantities={"dead": {"title": "Deaths", "definition": "d", "unit": "persons"}},
        claims=[{**more, **figures}],
    )
    (message,) = [one.message for one in at.check(dossier) if "is filed with" in one.message]
    assert "says 27 (“…the number of deaths to 27 since the ward was opened…”), but" in message
