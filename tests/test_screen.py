"""What the command prints unasked is one screen, and what ``print(forecast)`` shows."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pytest

import attrition as at
from attrition.reporting.screen import reasons, screen
from test_sentences_of_dossiers import SEEDS, forecast_of

_LINES, _WIDE = 40, 100  # of a screen
DOCS = Path(__file__).parent.parent / "docs"
DOSSIERS = ("russia-ukraine-2025-06", "war-in-ukraine-2025-06")

Command = Callable[..., CompletedProcess[str]]


@functools.cache
def of_dossier(name: str) -> at.Forecast:
    return at.forecast(at.read_dossier(name), seed=1)


def lines_of(forecast: at.Forecast, width: int, **asked: Any) -> list[str]:
    content = at.reporting.results(forecast, **asked)
    return ["".join(line) for line in screen(forecast, content, width=width)]


@functools.cache
def of_many(count: int) -> at.Forecast:
    """Forecast so many totals of invented places, by sources of long and short names."""
    rng = np.random.default_rng(count)
    names = ("Office of the High Commissioner for Human Rights", "CSIS", "Field Study")
    claims = [
        at.claim(words, source=source, on="2025-06-03", about=f"Ruritanian {row}")
        for row in range(count)
        for source in names[: int(rng.integers(1, 4))]
        for words in (f"around {int(rng.integers(3, 900))},000 killed", "around 90 killed a day")
    ]
    few = at.forecast(claims, size=16, seed=1, tolerance=400.0)
    bases = ["latent", *(source for key, source in few.laws if key == next(iter(few.laws))[0])]
    return at.forecast(asked(few), bases=bases, size=16, seed=1, tolerance=400.0, end_hazard=0.002)


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
    assert re.search(r"thresholds = \[\d+\] in Python", " ".join(" ".join(lines).split()))


@pytest.mark.parametrize("name", DOSSIERS)
def test_a_whole_dossier_fits_one_screen_with_all_its_rows(name: str) -> None:
    forecast = of_dossier(name)
    rows = at.reporting.results(forecast)["crossings"]
    for width in (80, 96):
        lines = lines_of(forecast, width)
        assert len(lines) <= _LINES
        assert max(map(len, lines)) <= _WIDE
        assert sum(row["printed"]["median"] in line for row in rows for line in lines) >= len(rows)


@pytest.mark.parametrize("count", [5, 9])
def test_of_many_totals_each_has_a_row_as_far_as_a_screen_has_room(count: int) -> None:
    forecast = of_many(count)
    days = ("2025-12-31", "2026-12-31")
    for asked_too in ({}, {"on": days}, {"on": days, "by": days}):
        for width in (80, 96):
            lines = lines_of(forecast, width, **asked_too)
            assert len(lines) <= _LINES, "\n".join(lines)
            assert max(map(len, lines)) <= _WIDE
            rest = [line for line in lines if line.startswith("… and ")]
            rows = [line for line in lines if line.startswith("ruritanian-")]
            assert len(rest) == 2 + len(asked_too)
            firsts = rows[: len(rows) // len(rest)]
            assert len({row.split()[0] for row in firsts}) == len(firsts) > (not asked_too)
            texts = "\n".join(lines)
            assert all(lead in texts for lead in ("\nKey: ", "\nTo cite: ", "\nMade: "))


def test_what_a_screen_leaves_out_of_many_totals_is_printed_in_full() -> None:
    forecast = of_many(5)
    content = at.reporting.results(forecast)
    full = "\n".join("".join(line) for line in screen(forecast, content, full=True))
    assert "… and" not in full
    assert len(full.splitlines()) > _LINES
    words = " ".join(full.split())
    for row in content["crossings"]:
        assert all(note in words for note in row["notes"])
    for one in forecast.dossier.quantities.values():
        assert f"{one.title} (persons" in full


@pytest.mark.parametrize("name", DOSSIERS)
def test_what_is_printed_unasked_is_what_print_shows(name: str, command: Command) -> None:
    assert command("forecast", name).stdout == f"{of_dossier(name)}\n"


def test_the_page_of_the_example_shows_what_is_printed() -> None:
    printed = str(of_dossier("russia-ukraine-2025-06"))
    page = (DOCS / "assimilation-example.md").read_text(encoding="utf-8")
    assert f"```text\n{printed}\n```" in page


@pytest.mark.parametrize("name", DOSSIERS)
def test_nothing_is_lost_that_the_screen_leaves_out(
    name: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    forecast = of_dossier(name)
    content = at.reporting.results(forecast)
    # the test above computes it in the command: here it is only printed
    monkeypatch.setattr(at, "forecast", lambda *_, **__: forecast)
    printed = " ".join(command("forecast", name, "--full").stdout.split())
    texts = " ".join(" ".join(one.items) for one in reasons(content))
    for one in reasons(content):
        assert " ".join(" ".join(one.items).split()) in printed
    for row in content["assumptions"]:
        assert row["reason"] in texts


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


def test_many_thresholds_of_one_total_fill_a_screen_from_the_first_to_the_last() -> None:
    claims = [at.claim("around 1,450 deaths", source="Coroners", on="2026-01-31")]
    levels = [100.0 * k for k in range(15, 75)]
    forecast = at.forecast(claims, thresholds=levels, kind="steady", seed=1, tolerance=300.0)
    lines = str(forecast).splitlines()
    rows = [line for line in lines if line.startswith("killed*")]
    assert len(lines) <= 40
    assert len(rows) > 15
    assert " 1,500 " in rows[0]
    assert " 7,400 " in rows[-1]
