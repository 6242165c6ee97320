"""Refusals and rare branches that no other test reaches, one line each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import attrition as at
from attrition.core.files import read_file
from attrition.core.laws.scenarios import Scenario
from attrition.core.numerics import _quantiles
from attrition.data.articles.days import due_of, moment_of
from attrition.data.elicitation.shapes import metalog
from test_cli import Command, Write

DAYS = np.datetime64("2025-06-01") + np.arange(3)
CLAIM: dict[str, Any] = {
    "quantity": "q",
    "source": "a",
    "kind": "level",
    "as_of": "2025-06-03",
    "published": "2025-06-03",
}


def dossier(**claim: Any) -> at.Dossier:
    """Return a dossier of one claim."""
    quantity = {"title": "Q", "definition": "q", "unit": "persons"}
    return at.Dossier.of(
        id="d",
        sources={"a": {"name": "A"}},
        quantities={"q": quantity},
        claims=[{**CLAIM, **claim}],
    )


def listed(**coverage: Any) -> at.Dossier:
    """Return a dossier of one list, of which so much is complete."""
    return dossier(point=9, coverage={"low": 0.4, "high": 0.5, **coverage})


def paths(draws: int = 4) -> Any:
    """Return a few paths of three days."""
    return np.cumsum(np.ones((draws, 3)), axis=1)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a window after its end": (
        lambda: dossier(point=5, since="2025-07"),
        "`since` must not be later",
    ),
    "a forecast without a day": (lambda: dossier(kind="forecast", threshold=9), "by when"),
    "no distribution": (lambda: dossier(distribution="wide"), "`cdf` and `ppf`"),
    "a figure from elsewhere": (
        lambda: dossier(quote="about 500 killed", figure="about 600"),
        "must be a part of `quote`",
    ),
    "a gain since nowhen": (lambda: dossier(kind="increment", point=5), "since when"),
    "a component upside down": (
        lambda: dossier(
            point=9, coverage={"low": 0.4, "high": 0.5, "plus": [{"low": 3, "high": 2}]}
        ),
        "`low` must not exceed",
    ),
    "a coverage upside down": (
        lambda: listed(low=0.6),
        "`low` must not exceed",
    ),
    "a coverage for certain": (
        lambda: listed(prob=1.0),
        "`prob` must lie",
    ),
    "a list of less than none": (
        lambda: at.elicitation.elicit_list(-1, coverage=0.5),
        "a count of 0 or more",
    ),
    "a part that is a number": (
        lambda: at.elicitation.elicit_list(5, coverage=0.5, plus=(3,)),  # type: ignore[arg-type]
        "a component must be a distribution",
    ),
    "a metalog out of order": (lambda: metalog(3.0, 2.0, 4.0, 0.9), "ascending order"),
    "no threshold": (lambda: at.Law.from_paths(paths(), [], start="2025-06-01"), "threshold"),
    "one path": (lambda: at.Law.from_paths(paths(1), [2.0], start="2025-06-01"), "two draws"),
    "paths of several places": (
        lambda: at.Law.from_paths(
            xr.DataArray(np.ones((4, 3, 2)), dims=("draw", "time", "place")), [2.0]
        ),
        "the dims `draw` and `time`",
    ),
    "an article too long": (lambda: at.read_article("a" * 10_000_001, published="2025"), "most"),
    "a stop that is no day": (lambda: Scenario.of("pause 2025"), "a pace from a day on"),
    "a file of the system": (lambda: read_file(Path("/proc/self/status"), 3), "smaller than"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_meant_is_refused_in_four_parts(case: str) -> None:
    call, words = REFUSED[case]
    with pytest.raises(at.InputError, match=words) as refusal:
        call()
    error = refusal.value
    assert all((error.rule, error.got, error.place, error.remedy))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dossier = 3\n", "`dossier` must be a table"),
        ('id = "a"\n[dossier]\nid = "b"\n', "a key must stand in one place"),
    ],
)
def test_a_file_that_is_no_dossier_is_refused(text: str, words: str, write: Write) -> None:
    with pytest.raises(at.InputError, match=words):
        at.read_dossier(write(text))


SHELL = {
    "--out  ": (("forecast", "{}", "--out", " "), "--out"),
    "--map lw": (("import-claims", "{}", "--map", "lw"), "--map"),
    "--plot x.gif": (
        ("when", "1000", "--level", "900", "--rate", "5", "--on", "2025-06-03", "--plot", "x.gif"),
        "an SVG or a PNG",
    ),
}


@pytest.mark.parametrize("case", SHELL)
def test_an_option_that_means_nothing_is_named(
    case: str, exact_text: str, write: Write, command: Command
) -> None:
    words, named = SHELL[case]
    done = command(*(word.format(write(exact_text)) for word in words))
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr


def test_the_version_is_printed_and_a_figure_may_be_a_png(tmp_path: Path, command: Command) -> None:
    assert command("--version").stdout == f"attrition {at.__version__}\n"
    file = tmp_path / "x.png"
    asked = ("--level", "900", "--rate", "5 a day", "--on", "2025-06-03", "--plot", str(file))
    assert command("when", "1000", *asked).returncode == 0
    assert file.read_bytes().startswith(b"\x89PNG")


def test_whoever_asks_for_it_sees_where_a_fault_arose(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setenv("ATTRITION_TRACEBACK", "1")
    monkeypatch.setattr("attrition.cli.parse", broken)
    with pytest.raises(ZeroDivisionError):
        command("parse", "30 killed")


def test_a_pareto_tail_of_shape_nought_is_exponential() -> None:
    shares = np.array([0.0, 0.5, 0.9])
    np.testing.assert_allclose(_quantiles(shares, 0.0, 2.0), -2.0 * np.log1p(-shares))
    np.testing.assert_allclose(_quantiles(shares, 1e-9, 2.0), -2.0 * np.log1p(-shares), rtol=1e-6)


def test_a_scenario_is_a_stop_or_a_pace_in_words_or_by_keys() -> None:
    stop, slower = Scenario.of("stop 2025-09-01"), Scenario.of("pace 0.5 from 2025-09-01")
    assert stop == Scenario.of({"stop": "2025-09-01"})
    assert slower == Scenario.of({"pace": 0.5, "from": "2025-09-01"})
    assert Scenario.of(slower) is slower
    assert (stop.pace, slower.pace) == (0.0, 0.5)


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("last week", (date(2025, 5, 26), date(2025, 6, 1))),
        ("this week", (date(2025, 6, 2), date(2025, 6, 8))),
        ("last year", (date(2024, 1, 1), date(2024, 12, 31))),
        ("last month", (date(2025, 5, 1), date(2025, 5, 31))),
    ],
)
def test_days_are_counted_from_the_day_of_publication(words: str, span: tuple[date, date]) -> None:
    assert moment_of(words, date(2025, 6, 3)) == span


@pytest.mark.parametrize(
    ("words", "day"),
    [("next week", date(2025, 6, 15)), ("next month", date(2025, 7, 31))],
)
def test_what_is_due_is_due_later(words: str, day: date) -> None:
    assert due_of(words, date(2025, 6, 3)) == day


PHRASES: dict[str, dict[str, Any]] = {
    "irrecoverable casualties of 500": {"category": "irrecoverable"},
    "500 irrecoverable losses": {"category": "irrecoverable"},
    "500 killed, missing or captured": {"category": "irrecoverable"},
    "a hospital treated 112 people for burns": {"category": "wounded"},
    "four score and ten soldiers were killed": {"point": 90},
    "a rise of 5 percentage points": {"unit": "percentage points"},
    "500 killed since yesterday": {"window": "since yesterday"},
    "500 were killed from March to now": {"window": "since March"},
    "six-figure casualties": {"low": 100_000, "high": 1_000_000},
    "180-240,000 killed": {"ambiguous": 2},
}


@pytest.mark.parametrize("words", PHRASES)
def test_rare_words_mean_what_they_say(words: str) -> None:
    reading = at.parse(words)[0]
    for name, expected in PHRASES[words].items():
        value = getattr(reading, name)
        assert (len(value) if name == "ambiguous" else value) == expected, name
