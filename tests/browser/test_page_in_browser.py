"""The page as a reader has it: opened, moved, printed, read aloud, on a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import attrition as at
from attrition.page.grid import PROBS, thresholds_of
from attrition.reporting import number
from attrition.reporting.spans import end_words
from attrition.reporting.words import rounded_amount

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Playwright leaves sockets of its own open at the end.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def pages_of(pdf: Path) -> int:
    """Return how many pages a PDF of Chromium has: their tree says it, uncompressed."""
    counts = re.findall(rb"/Type /Pages\s+/Count (\d+)", pdf.read_bytes())
    return max(int(count) for count in counts)


@contextmanager
def opened(browser: Browser, file: Path, **settings: Any) -> Iterator[Page]:
    """Open a page, and require that nothing was complained of and nothing asked for."""
    context = browser.new_context(**{"viewport": {"width": 1100, "height": 900}, **settings})
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_load_state("networkidle")
    yield page
    assert complaints == []
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    context.close()


def test_the_page_opens_without_a_complaint_and_asks_for_nothing(
    browser: Browser, page_file: Path
) -> None:
    with opened(browser, page_file) as page:
        assert "Reported losses" in page.title()
        broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth).length")
        assert broken == 0
        assert page.locator("#choose").is_visible()


def test_a_request_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<title>x</title><img src='other.png'>", encoding="utf-8")
    with pytest.raises(AssertionError), opened(browser, file):
        pass


def test_the_sliders_choose_what_the_library_says(
    browser: Browser, page_file: Path, told_whole: tuple[at.Forecast, str]
) -> None:
    whole = told_whole[0]
    laws = list(whole.laws.items())
    probs = sorted({*PROBS, whole.prob})
    with opened(browser, page_file) as page:
        for choice in (0, 1, 6, 9):
            (key, _), law = laws[choice]
            offered = thresholds_of(law, whole.thresholds[key])
            page.select_option("#law", index=choice)
            for threshold, prob in ((0, 0), (len(offered) - 1, 3), (len(offered) // 2, 9)):
                page.locator("#threshold").fill(str(threshold))
                page.locator("#prob").fill(str(prob))
                level, chance = offered[threshold], probs[prob]
                sentence = at.cite(law, level, prob=chance).sentence
                assert page.locator("#said").inner_text() == sentence
                read = at.crossing(law, level, prob=chance)
                shown = [
                    page.locator(f"#{name}").inner_text() for name in ("lower", "median", "upper")
                ]
                assert shown == [end_words(law, d, read.unit, short=True) for d in read.dates]
                assert number(level) in page.locator("#threshold-said").inner_text()
                assert page.locator("#dots circle:not(.ink)").count() == 50
                assert page.locator("#dots .bar").count() == 1


def test_the_sliders_work_from_the_keyboard_and_are_announced(
    browser: Browser, page_file: Path
) -> None:
    with opened(browser, page_file) as page:
        before = page.locator("#said").inner_text()
        page.locator("#threshold").focus()
        page.keyboard.press("ArrowRight")
        after = page.locator("#said").inner_text()
        assert after != before
        said = page.locator("#threshold").get_attribute("aria-valuetext")
        assert said
        assert rounded_amount(float(said.replace(",", "")), "persons") in after
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "prob"
        page.keyboard.press("ArrowLeft")
        assert page.locator("#prob").get_attribute("aria-valuetext") == "85 %"
        page.keyboard.press("Home")  # a little less may be printed as the same days
        assert page.locator("#prob").get_attribute("aria-valuetext") == "50 %"
        assert page.locator("#said").inner_text() != after
        assert page.locator("#said").get_attribute("aria-live") == "polite"


def test_markup_in_a_dossier_does_nothing(browser: Browser, hostile_file: Path) -> None:
    with opened(browser, hostile_file) as page:
        assert page.evaluate("window.hacked") is None
        assert "</script><script>window.hacked" in page.inner_text("body")
        page.locator("#prob").fill("0")
        assert "</script>" in page.locator("#said").inner_text()
        assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Browser, page_file: Path, scheme: str) -> None:
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    with opened(browser, page_file, color_scheme=scheme) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        page.evaluate(axe)
        found = page.evaluate("axe.run(document)")
        told = [
            f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:120]}" for v in found["violations"]
        ]
        assert told == []
        assert len(found["passes"]) > 20


def test_axe_would_find_one(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<html><body><img src='data:,'><input></body></html>", encoding="utf-8")
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    with opened(browser, file) as page:
        page.evaluate(axe)
        found = page.evaluate("axe.run(document)")
        assert {"image-alt", "label"} <= {violation["id"] for violation in found["violations"]}


def test_it_prints_to_at_most_six_pages(browser: Browser, page_file: Path, tmp_path: Path) -> None:
    with opened(browser, page_file, color_scheme="dark") as page:
        file = tmp_path / "page.pdf"
        page.pdf(path=file, prefer_css_page_size=True)
        page.emulate_media(media="print")
        assert page.locator("#choose").is_hidden()
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == "rgb(255, 255, 255)"
    assert 3 <= pages_of(file) <= 6


def test_a_telephone_needs_no_scrolling_sideways(browser: Browser, page_file: Path) -> None:
    phone = {"width": 390, "height": 844}
    with opened(browser, page_file, viewport=phone, is_mobile=True, has_touch=True) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        wide = page.evaluate(
            "[...document.querySelectorAll('.wide')]"
            ".filter(e => e.scrollWidth > e.clientWidth).length"
        )
        assert wide == 0
        for slider in ("#threshold", "#prob", "#law"):
            box = page.locator(slider).bounding_box()
            assert box is not None
            assert box["height"] >= 24  # WCAG 2.5.8, target size
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('#dots text')]"
            ".map(t => t.getBoundingClientRect().height / t.childElementCount))"
        )
        assert smallest >= 9


def test_without_script_the_figures_and_tables_remain(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file, java_script_enabled=False) as page:
        assert page.locator("#choose").is_hidden()
        assert page.locator("figure img").count() == 5
        assert page.locator("table.thresholds tbody tr").count() == 18  # 12 rows and 6 headings
        assert page.locator("table.claims tbody tr").count() == 12
        assert "passed one million" in page.inner_text(".lead")
