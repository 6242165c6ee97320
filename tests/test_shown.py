"""Whatever somebody gets back shows itself: in a line, in a notebook, as a pandas table."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest

import attrition as at
from attrition.core._showing import Shown, shown
from attrition.reporting.archive import score_archive

ROOMS = [
    *("articles", "coherence", "dossier", "elicitation", "evaluation", "exchange", "forecasts"),
    *("laws", "pace", "page", "plots", "reporting", "series", "text"),
]
HOSTILE = "</td><script>alert(1)</script>"

# Parts and tools, which nobody is handed as a result.
INNER = {
    *("Assumption", "Assumptions", "Component", "Coverage", "Recording", "PartialDate"),
    *("PaceFamily", "Totals", "Sampler"),
    *("Dots", "Look", "Style", "PageContent"),
    *("Picture", "Split"),
}


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """Make one of each result, by the name of its class, from hostile words where they enter."""
    quoted = [
        at.claim("122 people died", source=f"WHO {HOSTILE}", on="2025-06-03", note=HOSTILE),
        at.claim("around 2 deaths a day", source=f"WHO {HOSTILE}", on="2025-06-03"),
        at.claim("around 150 people died", source="UN", on="2025-06-03"),
        at.claim("around 900 wounded", source="UN", on="2025-06-03"),
    ]
    forecast = at.forecast(quoted, bases="latent", seed=1, size=64, tolerance=60.0)
    law = forecast.law("killed")
    record = at.reporting.make_record(law, [500.0, 600.0], dossier=forecast.dossier)
    days = pd.date_range("2025-01-01", periods=300).strftime("%Y-%m-%d")
    totals = [10.0 * (k + 1) for k in range(300)]
    series = at.read_series(pd.DataFrame({"date": days, "cumulative": totals}))
    past = at.hindcast(series, every=60, rng=1)
    quick: dict[str, Any] = {"thresholds": [4_000], "seed": 1, "size": 64, "tolerance": 60.0}
    counted = at.forecast(series, **quick)
    archive = score_archive([at.reporting.make_record(counted)], series)
    told = f"1,200 people died, the ministry said. About 340 were injured {HOSTILE}."
    clipping = at.read_article(told, published="2026-05-14")
    earlier = at.forecast(series, as_of="2025-10-01", **quick)
    comparison = at.reporting.compare(counted, earlier)
    events = (("killed", 500), ("wounded", 2_000))
    verified = at.verify(at.reporting.make_record(counted))
    summaries, outcome = past.table(), next(iter(past.outcomes.values()))[0]
    (reading,) = at.parse("up to 250,000 killed")
    things: list[Any] = [
        *(forecast, law, law.crossing(500), law.crossing(500).median, law.crossing(500).masses),
        *(law.total("2025-12-31"), law.provenance, forecast.question, forecast.cite(500, "killed")),
        *(forecast.dossier, forecast.dossier.claims[0], *forecast.dossier.sources.values()),
        *(forecast.dossier.quantities["killed"], forecast.before(*events), record, verified),
        *(forecast.ratio("killed", "wounded"), record.sentences[0], verified.numbers[0]),
        *(series, past, outcome, summaries[0]),
        *(counted, archive, archive.rows[0], clipping, reading, reading.interval),
        *(comparison, comparison.shifts[0], at.pace.fit_pace(series)),
        at.when(1_000, level=(900, 960), rate=(8, 12), on="2025-06-30"),
        comparison.contributions[0],
    ]
    return {type(thing).__name__: thing for thing in things}


class Strict(HTMLParser):
    """Refuse tags that are not closed, and every script."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's
        assert tag != "script"
        if tag not in {"br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def public_classes() -> dict[str, type]:
    classes = {}
    for room in ROOMS:
        module = getattr(at, room)
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isclass(thing) and not issubclass(thing, BaseException):
                classes[name] = thing
    return classes


def test_every_public_result_shows_itself() -> None:
    unseen = {
        name
        for name, kind in public_classes().items()
        if not issubclass(kind, Shown) and name not in INNER
    }
    assert not unseen
    assert INNER - set(public_classes()) <= {"Sampler", "Split"}


def test_each_in_a_line_a_table_and_a_data_frame(results: dict[str, Any]) -> None:
    assert len(results) >= 30
    for name, thing in results.items():
        line = repr(thing)
        assert "\n" not in line, name
        assert name in line or "Source(" in line, line
        assert len(line) <= (420 if name in {"When", "Citation"} else 200), line
        assert "array([" not in line, line
        assert "object at 0x" not in line, line
        page = Strict()
        page.feed(thing._repr_html_())
        assert not page.open, name
        table = thing.to_pandas()
        assert isinstance(table, pd.DataFrame), name
        assert len(table) >= 1, name
        assert table.columns.is_unique, name
        assert set(thing._repr_mimebundle_()) == {"text/plain", "text/html"}, name


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Crossing", "median=20"),
        ("Total", "median="),
        ("Verification", "holds=True"),
        ("Series", "300 reports"),
        ("Citation", "Citation: "),
        ("When", "% likely to pass 1,000"),
        ("Before", "first_before="),
        ("Ratio", "median="),
        ("Hindcast", "outcomes="),
        ("ArchiveScore", "coverage"),
    ],
)
def test_the_line_holds_the_result(results: dict[str, Any], name: str, says: str) -> None:
    assert says in repr(results[name])


def test_a_frame_holds_numbers_and_days_as_they_are(results: dict[str, Any]) -> None:
    crossing = results["Crossing"]
    frame = crossing.to_pandas()
    assert frame["threshold"][0] == crossing.threshold
    assert frame["already"][0] == crossing.masses.already
    assert frame["median"][0] == pd.Timestamp(crossing.median.day)
    series = results["Series"].to_pandas()
    assert series["total"].tolist() == [10.0 * (k + 1) for k in range(300)]
    assert series["day"].dtype.kind == "M"
    assert results["Dossier"].to_pandas()["source"].tolist().count("un") == 2
    assert results["Verification"].to_pandas()["status"].eq("identical").all()


def test_a_state_without_a_day_is_no_day_in_a_frame_and_its_word_in_a_line() -> None:
    law = at.forecast(
        [at.claim("122 people died", source="WHO", on="2025-06-03")], seed=1, size=64
    ).law()
    past = law.crossing(2.0)
    assert past.median.state == "already"
    assert past.to_pandas()["median"].isna().all()
    assert past.to_pandas()["median_state"].tolist() == ["already"]
    assert "median=already" in repr(past)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.000123456, "0.0001235"),
        (43_210.7, "43,211"),
        (7, "7"),
        (True, "True"),
        ([1.5, None], "1.5, –"),
        ({}, ""),
        ("a\nb" + "c" * 100, "a b" + "c" * 56 + "…"),
    ],
)
def test_a_cell_is_short_and_keeps_its_digits(value: object, text: str) -> None:
    assert shown(value) == text


def test_no_line_is_wrong_of_a_class_that_adds_nothing() -> None:
    class Mine(at.laws.Total):
        pass

    make: Callable[..., Any] = Mine
    assert re.match(
        r"Mine\(on=2025-01-01, ", repr(make(pd.Timestamp("2025-01-01").date(), 0.9, 1.0, 2.0, 3.0))
    )
