"""What the command prints unasked is one screen, and what ``print(forecast)`` shows."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import attrition as at
from attrition.reporting.screen import WIDTH, below, reasons, wrapped
from test_sentences_of_dossiers import SEEDS, forecast_of

_LINES, _BELOW, _WIDE = 45, 28, 100  # of a screen, below a table at 80 columns, and across
DOCS = Path(__file__).parent.parent / "docs"
DOSSIERS = ("russia-ukraine-2025-06", "war-in-ukraine-2025-06")

Command = Callable[..., CompletedProcess[str]]


@functools.cache
def of_dossier(name: str) -> at.Forecast:
    return at.forecast(at.read_dossier(name), seed=1)


def below_lines(forecast: at.Forecast) -> list[str]:
    content = at.reporting.results(forecast)
    return [line for lead, text in below(forecast, content) for line in wrapped(lead, text, WIDTH)]


def asked(forecast: at.Forecast) -> at.Dossier:
    """Return its dossier with two thresholds for each of its totals."""
    uppers = {key: forecast.law(key).total(forecast.horizon).upper for key, _ in forecast.laws}
    quantities = {
        key: one.model_copy(update={"thresholds": (round(uppers[key]), 2 * round(uppers[key]))})
        for key, one in forecast.dossier.quantities.items()
        if key in uppers
    }
    return forecast.dossier.model_copy(update={"quantities": quantities})


@pytest.mark.parametrize("seed", SEEDS)
def test_a_few_totals_fit_one_screen(seed: int) -> None:
    few = at.forecast(asked(forecast_of(seed)), size=128, seed=1, tolerance=60.0)
    lines = str(few).splitlines()
    assert len(at.reporting.results(few)["crossings"]) >= 2 * len(few.thresholds) > 2
    assert len(lines) <= _LINES
    assert max(map(len, lines)) <= _WIDE


@pytest.mark.parametrize("seed", SEEDS)
def test_where_no_threshold_is_named_the_totals_stand_on_the_screen(seed: int) -> None:
    lines = str(forecast_of(seed)).splitlines()
    assert any("totals on a day" in line for line in lines)
    assert any(line.startswith("No date: ") for line in lines)


@pytest.mark.parametrize("name", DOSSIERS)
def test_below_the_table_of_a_whole_dossier_little_is_added(name: str) -> None:
    assert len(below_lines(of_dossier(name))) <= _BELOW


@pytest.mark.parametrize("name", DOSSIERS)
def test_what_is_printed_unasked_is_what_print_shows(name: str, command: Command) -> None:
    assert command("forecast", name).stdout == f"{of_dossier(name)}\n"


def test_the_page_of_the_example_shows_what_is_printed() -> None:
    printed = str(of_dossier("russia-ukraine-2025-06"))
    page = (DOCS / "assimilation-example.md").read_text(encoding="utf-8")
    assert f"```text\n{printed}\n```" in page


@pytest.mark.parametrize("name", DOSSIERS)
def test_nothing_is_lost_that_the_screen_leaves_out(name: str, command: Command) -> None:
    forecast = of_dossier(name)
    content = at.reporting.results(forecast)
    printed = " ".join(command("forecast", name, "--assumptions").stdout.split())
    for _, text in reasons(content):
        assert " ".join(text.split()) in printed
    for row in content["assumptions"]:
        assert row["reason"] in " ".join(text for _, text in reasons(content))


def test_each_word_of_the_table_is_explained_where_it_stands_and_only_there() -> None:
    both = of_dossier("russia-ukraine-2025-06")
    assert "toll = " in str(both)
    assert "ended = " not in str(both)
    counted = at.forecast(both.dossier, bases="csis", quantities=["russian-casualties"], seed=1)
    assert "toll" not in str(counted).partition("To cite")[0]
    ended = at.forecast(both.dossier, quantities=["russian-casualties"], end_hazard=1 / 500, seed=1)
    assert "ended = the end came first" in " ".join(str(ended).split())


def test_what_rests_on_the_library_is_marked_beside_its_title() -> None:
    def titles(*words: str, kind: str | None = None) -> str:
        claims = [at.claim(one, source="UN", on="2025-06-03") for one in words]
        return str(at.forecast(claims, thresholds=[900], kind=kind, bases="latent", seed=1))

    assert "(persons; one figure; no kind named)" in titles("around 500 killed")
    assert "(persons; no kind named)" in titles("around 500 killed", "around 3 killed a day")
    named = titles("around 500 killed", "around 3 killed a day", kind="conflict")
    assert "(persons)" in named
    assert "minimums alone" in titles("at least 500 killed", "at least 520 killed")


def test_how_much_the_assumed_pace_decides_is_said_on_the_screen_and_in_the_note() -> None:
    claims = [
        at.claim(words, source="UN", on="2025-06-03")
        for words in ("around 500 killed", "around 3 killed a day")
    ]
    open_, steady = (
        at.forecast(claims, thresholds=[900], kind=kind, seed=1) for kind in (None, "steady")
    )
    share = f"{open_.law().provenance.diagnostics[-1][1]:.1g}"
    assert open_.law().provenance.diagnostics[-1][0] == "share_ahead"
    told = f"about {float(share) * 100:.0f} % of the uncertainty about what is added"
    assert told in " ".join(str(open_).split())
    assert told.capitalize() in open_.cite(900).note
    assert "days ahead" not in str(steady) + steady.cite(900).note
    alone = at.forecast(claims[:1], thresholds=[900], seed=1)
    assert "One figure tells no pace" in alone.cite(900).note
    assert "days ahead" not in alone.cite(900).note
