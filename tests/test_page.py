"""The page as text: whole, safe, small, and equal to the library."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import hashlib
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.effort import seconds
from typer.testing import CliRunner

import attrition as at
from attrition.cli import app
from attrition.core.laws import print_date
from attrition.core.laws.reading import mean_of, opened
from attrition.evaluation import answers, protocol
from attrition.page import PageContent, grid_of, page_content, page_html
from attrition.page.content import read_coverage, route_of
from attrition.page.figures import themed
from attrition.page.grid import PROBS, thresholds_of
from attrition.page.tables import link
from attrition.page.whole import headline
from attrition.plots import dot_layout
from attrition.plots.dots import ROOMS
from attrition.plots.sheet import on_sheets, sheet_of
from attrition.reporting import percent
from attrition.reporting.passing import passing
from attrition.reporting.stretches import between, end_words

VOID = {"meta", "img", "source", "input", "br"}
HOSTILE = "</script><script>window.hacked=1</script><img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    """Reads a page, and keeps what a browser would act on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def unpacked(text: str) -> Any:
    """Return the grid that a page carries, as a browser unpacks it."""
    data = text.split('id="grid">')[1].split("</script>", maxsplit=1)[0]
    return json.loads(gzip.decompress(base64.b64decode(data)))


@pytest.fixture(scope="module")
def page(whole: at.Forecast) -> PageContent:
    return page_content(whole)


@pytest.fixture(scope="module")
def text(page: PageContent) -> str:
    return page_html(page)


def test_the_page_is_whole_and_fetches_nothing(text: str) -> None:
    tags = Tags(text)
    for tag, name, value in tags.attributes:
        if name in {"src", "srcset", "action", "data"}:
            assert value.startswith("data:image/svg+xml;base64,"), (tag, value[:60])
        if name == "href":
            assert value.startswith(("data:application/json", "https://", "#")), value[:60]
            assert tag == "a", "only links that a reader follows lead outside"
        assert not name.startswith("on"), "no script in attributes"
    assert "link" not in tags.seen
    assert "@import" not in text
    assert "url(" not in text.split("<body>", maxsplit=1)[0]
    for svg in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", text):
        inside = base64.b64decode(svg).decode()
        assert "<script" not in inside
        assert not re.search(r"(href|src)=\"(?!#)", inside)
    assert len(text.encode()) < 1_000_000


def test_the_policy_allows_the_style_and_the_script_of_the_page_alone(text: str) -> None:
    policy = text.split('Content-Security-Policy" content="')[1].split('">', maxsplit=1)[0]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for kind in ("style", "script"):
        elements = re.findall(
            rf"<{kind}>(.*?)</{kind}>", text.split("<svg", maxsplit=1)[0], re.DOTALL
        )
        assert len(elements) == 1
        digest = base64.b64encode(hashlib.sha256(elements[0].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "style=" not in re.sub(r"data:[^\"]+", "", text)


def test_what_the_issue_of_a_newsroom_needs_is_on_the_page(page: PageContent, text: str) -> None:
    bare = (
        text.replace("&nbsp;", " ")
        .replace("&#x27;", "'")
        .replace("&quot;", '"')
        .replace("&amp;", "&")
    )
    for row in page.content["crossings"]:
        assert row["sentence"] in bare
    assert page.content["crossings"][0]["note"] in bare
    for claim, _ in page.claims:
        assert claim.words in re.sub("</?mark>", "", bare)
    for assumption in page.content["assumptions"]:
        assert assumption["reason"] in bare
    assert page.record is not None
    assert page.record.id in text
    order = (
        "<h1>Russia’s killed and wounded are",
        'id="first"',
        'id="lead"',
        "Who says what",
        "Another threshold, another probability",
        "When each total passes its threshold",
        "How likely by each day",
        "The total on each day",
        "Which report moves the date",
        "How often such intervals have held",
        "How this was computed",
        "What no report says, assumed here",
        "Check it: record",
        "The GATHER table",
    )
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert 'href="https://www.csis.org/analysis/russias-battlefield-woes-ukraine"' in text
    assert "hedge “up to”: 90 % between 180,000 and 250,000, median 210,000" in bare
    assert "The top of somebody&#x27;s range, not a cap" in text  # evidence of “up to”
    assert text.count("<img") == text.count("<img alt=") == 7
    methods = text.split('id="methods"')[1].split("</section>", maxsplit=1)[0]
    assert methods.count("<li>") >= 5


def test_every_row_sentence_and_note_of_the_grid_is_the_librarys(
    whole: at.Forecast, page: PageContent, text: str
) -> None:
    assert page.record is not None
    grid = unpacked(text)
    assert grid == json.loads(json.dumps(grid_of(whole, page.record.id)))
    probs = sorted({*PROBS, whole.prob})
    assert grid["levels"] == probs
    assert grid["probs"][grid["prob"]] == "90 %"
    cells = 0
    for (key, law), kept in zip(whole.laws.items(), grid["laws"], strict=True):
        offered = thresholds_of(law, whole.thresholds[key[0]])
        assert kept["values"] == offered
        assert len(offered) == len(kept["thresholds"]) >= 15
        assert offered[kept["asked"]] == whole.thresholds[key[0]][0]
        assert set(whole.thresholds[key[0]]) <= set(offered)
        for (i, threshold), (j, prob) in product(enumerate(offered), enumerate(probs)):
            cells += 1
            if (i + j) % 3 and threshold not in whole.thresholds[key[0]]:
                continue  # every third cell, in a pattern that meets each row and column
            citation = at.cite(law, threshold, prob=prob, record=page.record.id)
            assert kept["said"][i][j] == citation.sentence
            assert kept["note"][0] + kept["noted"][i][j] + kept["note"][1] == citation.note
            read = opened(law, at.laws.crossing(law, threshold, prob=prob))
            assert kept["rows"][i][j] == [
                end_words(law, end, read.unit, short=True) for end in read.dates
            ]
            beyond = {"already": -1}
            assert kept["bars"][i][j] == [
                (end.day - law.information_date).days if end.day else beyond.get(end.state)
                for end in read.dates
            ]
        for name, room in (("wide", ROOMS["page"]), ("narrow", ROOMS["column"])):
            dots = kept["dots"][kept["asked"]][name]
            layout = dot_layout(law, offered[kept["asked"]], size=room)
            assert dots["heights"] == list(layout.heights)
            assert dots["outer"] == [layout.already, layout.beyond]
            assert dots["span"] == pytest.approx(layout.span, abs=0.006)
    assert cells > 2_500


def test_a_cell_that_is_not_the_librarys_would_be_noticed(whole: at.Forecast) -> None:
    law = whole.law("russian-casualties")
    sentence = grid_of(whole)["laws"][0]["said"][0][0]
    assert sentence != at.cite(law, 1e6, prob=0.5).sentence


@pytest.mark.parametrize("prob", [0.5, 0.9])
def test_a_headline_prints_the_probability_of_what_it_says(whole: at.Forecast, prob: float) -> None:
    kinds = set()
    for (key, _), law in whole.laws.items():
        for threshold in thresholds_of(law, whole.thresholds[key]):
            text = headline(law, threshold, prob=prob)
            mean = mean_of(law, threshold)
            read = passing(law, threshold, prob)
            start, end = (print_date(d, "day") for d in (law.information_date, law.horizon))
            assert len(text) < 130
            if " is open: " in text:
                expected, kind = 1 - mean[-1], "open"
            elif read.lower and read.upper and text.endswith(between(read.lower, read.upper)):
                # the sentence below it says the same of the same days
                expected = read.by(read.upper.last) - read.before(read.lower)
                kind = "between"
                sentence = at.cite(law, threshold, prob=prob).sentence
                assert between(read.lower, read.upper) in sentence
                assert f"{percent(expected)} likely" in sentence
            elif " until " in text:
                assert read.lower is not None
                expected, kind = 1 - read.before(read.lower), "not before"
            elif text.endswith(f"still below {read.level} on {end}"):
                expected, kind = 1 - mean[-1], "never"
            elif text.endswith(f"by {start}") or "probable" in text:
                expected, kind = mean[0], "already"
            elif text.endswith(f"by {end}"):
                expected, kind = mean[-1], "by the horizon"
            else:
                assert read.upper is not None
                assert text.endswith(f"by {read.upper.until}")
                expected, kind = read.by(read.upper.last), "by a date"
            assert percent(float(expected)) in text
            kinds.add(kind)
    assert {"already", "by a date"} <= kinds
    assert len(kinds) >= 4 or prob < 0.9


def test_the_record_that_the_page_carries_is_the_record(
    page: PageContent, text: str, tmp_path: Path
) -> None:
    data = re.findall(r'href="data:application/json;base64,([^"]+)"', text)
    file = tmp_path / "record.json"
    file.write_bytes(base64.b64decode(data[0]))
    assert at.reporting.read_record(file) == page.record


def test_the_same_forecast_gives_the_same_page_in_less_than_ten_seconds(
    whole: at.Forecast, text: str
) -> None:
    again: list[str] = []
    assert seconds(lambda: again.append(page_html(page_content(whole)))) < 10
    assert again == [text]


def test_the_record_of_past_hindcasts_is_read_and_not_computed(
    whole: at.Forecast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> None:
        pytest.fail("a page must not hindcast")

    for row in (answers, protocol):
        monkeypatch.setattr(row, "origins", never)
    one = at.forecast(whole.dossier, seed=1, quantities=["kharkiv-advance"])
    page = page_content(one)
    assert page.tried.command in page_html(page)


def _held_on(html: str) -> str:
    section = re.search(r'<section id="held">(.*?)</section>', html, re.DOTALL)
    assert section is not None
    return section[1].replace("&nbsp;", " ")


def test_a_page_quotes_how_intervals_of_its_own_route_have_held(page: PageContent) -> None:
    days = {"2025-05-01": 700.0, "2025-05-20": 770.0, "2025-06-01": 800.0, "2025-06-20": 860.0}
    pages = {}
    for count in (1, 2, 4):
        claims = [
            at.claim(f"about {level:,.0f} killed", source="A", on=day)
            for day, level in list(days.items())[:count]
        ]
        pages[count] = page_content(at.forecast(claims, thresholds=[2000.0], seed=1))
    routes = [one.route for one in (*pages.values(), page)]
    assert routes == ["two figures", "two figures", "claims", "claims"]
    for count in (2, 4):
        one, text = pages[count].tried, _held_on(page_html(pages[count]))
        assert one.command in text
        for number in (one.count, one.independent, *(percent(share) for share in one.coverage)):
            assert f">{number}</td>" in text
        assert "General Staff" not in text


def test_a_count_beside_a_dossier_is_a_route_of_its_own(whole: at.Forecast) -> None:
    series = at.read_series(f"{at.__path__[0]}/bundled/general_staff_personnel_to_2025-06-03.csv")
    routes = []
    for key in ("russian-casualties", "ukrainian-casualties"):  # the killed are a part of them
        beside = whole.dossier.with_counts({("csis", key): series})
        counted = dataclasses.replace(whole, dossier=beside)
        routes.append(route_of(counted, whole.law("russian-killed")))
    assert routes == ["claims beside a count", "claims"]
    assert route_of(whole, whole.law("ukrainian-killed")) == "two figures"  # so few are known


def test_what_a_page_quotes_is_what_the_results_of_the_benchmarks_say() -> None:
    results = Path(__file__).parent.parent / "benchmarks" / "results"
    two = (results / "two_figures_dossier.md").read_text(encoding="utf-8")
    one = read_coverage("two figures")
    shares = " | ".join(f"{100 * share:.0f}" for share in one.coverage)
    row = next(line for line in two.splitlines() if line.startswith("| crossing date |"))
    assert row.startswith(f"| crossing date | {one.count} |")
    assert f"| {shares} |" in row
    assert f"Of the {one.count} dates {one.independent} share no day" in two
    claims = (results / "claims.md").read_text(encoding="utf-8")
    for route, heading in (
        ("claims beside a count", "## Known from the day it appeared, with the daily count\n"),
        ("claims", "## Known from the day it appeared, claims alone\n"),
    ):
        one = read_coverage(route)
        shares = " / ".join(f"{100 * share:.0f}" for share in one.coverage)
        row = f"| attrition | all | {one.count} on {one.independent} | {shares} |"
        assert row in claims.split(heading)[1].split("\n## ")[0]


# ------------------------------------------------------------------ text is data


@pytest.fixture
def hostile(exact_text: str, write: Callable[[str], Path]) -> at.Dossier:
    soft = exact_text.replace('hedge = "exactly"', 'hedge = "about"')
    soft = soft.replace('title = "Recorded cases"', f"title = '{HOSTILE}'")
    soft = soft.replace('name = "Tally"', f"name = '{HOSTILE}'\nurl = 'javascript:alert(1)'")
    soft = soft.replace("[[claims]]", f"[[claims]]\nnote = '{HOSTILE}'\nquote = '{HOSTILE}'")
    return at.read_dossier(write(soft))


def test_text_of_a_dossier_does_nothing_on_the_page(hostile: at.Dossier) -> None:
    forecast = page_html(page_content(at.forecast(hostile, seed=1)), title=HOSTILE)
    tags = Tags(forecast)
    assert tags.seen.count("script") == 2
    assert not any(value.startswith("javascript") for _, _, value in tags.attributes)
    assert "window.hacked" in forecast
    assert "<script>window.hacked" not in forecast
    assert HOSTILE in json.dumps(unpacked(forecast))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//x.org", "http://[", "", "file:///etc"]
)
def test_only_addresses_of_the_web_are_links(address: str) -> None:
    assert link(address, "words") == "words"


def test_an_address_is_escaped() -> None:
    assert link('https://x.org/?a="b"&c', "w").startswith(
        '<a href="https://x.org/?a=&quot;b&quot;&amp;c"'
    )


# ------------------------------------------------------------------ other forecasts


def test_a_recorded_count_has_a_page_too(tmp_path: Path) -> None:
    series = at.read_series(f"{at.__path__[0]}/bundled/general_staff_personnel_to_2025-06-03.csv")
    forecast = at.forecast(series, thresholds=[1e6], seed=1, tolerance=30)
    path = at.page.write_page(forecast, tmp_path / "page.html", title="A tally")
    text = path.read_text(encoding="utf-8")
    Tags(text)
    assert '<p class="above">A tally</p><h1>' in text
    assert "Who says what" not in text
    assert "Which report moves the date" not in text
    assert "How often such intervals have held" in text
    assert "This page is such a forecast." in text


def test_a_page_allows_for_an_end_and_for_no_threshold_at_all(bundled: at.Dossier) -> None:
    ends = at.forecast(bundled, seed=1, quantities=["kharkiv-advance"], end_hazard=0.001)
    text = page_html(page_content(ends))
    assert "Ended first" in text
    assert "(may end)" in text
    assert "which may end" in unpacked(text)["laws"][-1]["name"]
    (last,) = [law for law in grid_of(ends)["laws"] if law["ended"]]
    masses = at.laws.masses(next(iter(ends.unconditional.values())), 1e4)
    assert last["ended"][last["asked"]] == percent(masses.ended)
    assert last["undated"][last["asked"]] == percent(masses.beyond + masses.ended)
    assert last["end"].endswith("or never")
    what = bundled.quantities["kharkiv-advance"].model_copy(update={"thresholds": ()})
    bare = bundled.model_copy(
        update={"quantities": {**bundled.quantities, "kharkiv-advance": what}}
    )
    text = page_html(page_content(at.forecast(bare, seed=1, quantities=["kharkiv-advance"])))
    tags = Tags(text)
    assert "script" not in tags.seen
    assert "What no report says" in text


def test_the_page_of_a_posterior_says_what_each_report_moves_in_it(
    tmp_path: Path, exact_text: str, write: Callable[[str], Path]
) -> None:
    soft = exact_text.replace('hedge = "exactly"', 'hedge = "about"').replace(
        'unit = "persons"', 'unit = "persons"\nstart = 2022-02-24'
    )
    soft = soft.replace("volatility = { value = 0.0", "volatility = { value = 0.05")
    out = tmp_path / "out"
    file = str(write(soft))
    done = CliRunner().invoke(app, ["report", file, "--out", str(out)])
    assert done.exit_code == 0, (done.output, done.exception)
    text = (out / "page.html").read_text(encoding="utf-8")
    Tags(text)
    assert "Each bar is the same forecast as if one report had not been made" in text
    forecast = page_content(at.forecast(at.read_dossier(file), seed=1))
    assert forecast.moved is not None
    law, _ = forecast.asked[0]
    table = at.forecasts.influence(
        forecast.forecast, "total", 1e6, law.provenance.basis, by="claim"
    )
    shifts = [row.shift for row in forecast.moved.rows]
    assert np.array_equal(shifts, table["shift_days"], equal_nan=True)


def test_figures_follow_light_and_dark(whole: at.Forecast) -> None:
    with on_sheets():
        sheet = sheet_of(at.plots.crossing(whole.law("russian-casualties"), 1e6))
    assert sheet is not None
    themed_one = themed(sheet.svg())
    style = themed_one.split("<style>")[1].split("</style>")[0]
    rest = themed_one.replace(f"<style>{style}</style>", "")
    assert "prefers-color-scheme:dark" in style
    assert 'fill="var(--c' in rest
    assert not re.search(r"#[0-9a-f]{6}", rest)


def test_the_report_command_writes_a_page_and_a_record_that_verifies(
    tmp_path: Path, exact_text: str, write: Callable[[str], Path]
) -> None:
    file = write(exact_text.replace('hedge = "exactly"', 'hedge = "about"'))
    done = CliRunner().invoke(app, ["report", str(file), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "page.html",
        "record.json",
    ]
    record = at.reporting.read_record(tmp_path / "out" / "record.json")
    assert f"record {record.id}" in done.output
    assert record.id in (tmp_path / "out" / "page.html").read_text(encoding="utf-8")
    assert at.verify(record).holds
    again = CliRunner().invoke(
        app,
        [
            "report",
            str(file),
            "--out",
            str(tmp_path / "out"),
            "--title",
            "Mine",
            "--threshold",
            "990,000",
        ],
    )
    assert "Replaced what was in" in again.output
    assert '<p class="above">Mine</p>' in (tmp_path / "out" / "page.html").read_text(
        encoding="utf-8"
    )


def test_a_report_needs_a_threshold(
    tmp_path: Path, exact_text: str, write: Callable[[str], Path]
) -> None:
    file = write(exact_text.replace("thresholds = [1_000_000]", ""))
    done = CliRunner().invoke(app, ["report", str(file), "--out", str(tmp_path / "out")])
    assert isinstance(done.exception, at.InputError)
    assert "needs a threshold" in str(done.exception)
