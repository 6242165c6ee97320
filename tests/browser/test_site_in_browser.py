"""The site in a browser: on a telephone, by night, and without a network."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

pytest.importorskip("sphinx")
# Playwright leaves sockets of its own open at the end.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
DOCS = Path(__file__).parent.parent.parent / "docs"
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}
# What a README is shown with where repositories are hosted, beside a column of 386 pixels.
HOSTED = """<style>
body { margin: 0; width: 830px; padding: 32px; font: 16px/1.5 sans-serif }
h1 { font-size: 32px; line-height: 1.25; margin: 0 0 16px; padding-bottom: 10px }
p, blockquote, pre { margin: 0 0 16px } blockquote { padding: 0 16px }
blockquote p, body > :last-child { margin: 0 }
pre { padding: 16px; font: 13.6px/1.45 monospace; overflow: auto } img { max-width: 100% }
</style>"""


def _overhang(browser: Browser, files: list[Path]) -> dict[str, int]:
    """Return by how many pixels each page can be scrolled sideways, where it can [pixel]."""
    page = browser.new_page(viewport=PHONE)
    wide = {}
    for file in files:
        page.goto(file.as_uri())
        page.evaluate("window.scrollTo(1000, 0)")
        over = page.evaluate("Math.max(scrollX, document.documentElement.scrollWidth - innerWidth)")
        if over > 0:
            wide[file.name] = int(over)
    page.close()
    return wide


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as it is published, of which no warning was given."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*build, "-d", str(folder / "trees"), str(DOCS), str(folder / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_the_site_is_built_without_a_warning(site: Path) -> None:
    """It would fail where a link leads nowhere or a name is not in the reference."""
    assert len(list(site.rglob("*.html"))) > 40


def test_no_page_of_the_site_scrolls_sideways_on_a_telephone(browser: Browser, site: Path) -> None:
    assert _overhang(browser, sorted(site.rglob("*.html"))) == {}


def test_a_page_that_scrolls_sideways_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "wide.html"
    file.write_text(
        "<!doctype html><meta name=viewport content='width=device-width'><pre>" + "x" * 99
    )
    assert _overhang(browser, [file])["wide.html"] > 100


def _pale(browser: Browser, files: list[Path], scheme: Literal["light", "dark"]) -> list[str]:
    """Return what of some pages is hard to read, by the contrast that WCAG asks for."""
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    page = browser.new_page(color_scheme=scheme)
    pale = []
    for file in files:
        page.goto(file.as_uri())
        page.evaluate(axe)
        report = page.evaluate("axe.run(document, {runOnly: ['color-contrast']})")
        pale += [node["html"][:120] for found in report["violations"] for node in found["nodes"]]
    page.close()
    return pale


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_site_is_readable_by_day_and_by_night(
    browser: Browser, site: Path, scheme: Literal["light", "dark"]
) -> None:
    names = ("index", "start", "mathematics", "tutorials/recorded-count", "reference/rooms")
    assert _pale(browser, [site / f"{name}.html" for name in names], scheme) == []


def test_words_that_are_too_pale_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "pale.html"
    file.write_text("<p style='color: #aaa; background: #fff'>Hardly to be read.")
    assert len(_pale(browser, [file], "light")) == 1


def test_figures_are_as_large_on_a_telephone_as_they_were_drawn(
    browser: Browser, site: Path
) -> None:
    page = browser.new_page(viewport=PHONE)
    for name in ("index", "figures", "cases"):
        page.goto((site / f"{name}.html").as_uri())
        sizes = page.evaluate(
            "[...document.querySelectorAll('article img[src$=\".svg\"]')]"
            ".map(image => image.clientWidth / image.naturalWidth)"
        )
        assert sizes, name
        assert min(sizes) > 0.99, name
    page.close()


def _silent(browser: Browser, files: list[Path]) -> list[str]:
    """Return what of some pages is cut on a telephone and does not say that the rest is aside."""
    page = browser.new_page(viewport=PHONE)
    cut = []
    for file in files:
        page.goto(file.as_uri())
        cut += page.evaluate(
            "[...document.querySelectorAll('article :is(p, a, .table-wrapper, .highlight pre)')]"
            ".filter(box => box.scrollWidth > box.clientWidth + 1 && box.clientWidth"
            " && getComputedStyle(box).overflowX == 'auto')"
            ".filter(box => ![box, box.closest('.highlight') ?? box].some(one =>"
            " getComputedStyle(one, '::before').content.includes('swipe')))"
            ".map(box => location.pathname.split('/').pop() + ': ' + box.innerText.slice(0, 60))"
        )
    page.close()
    return cut


def test_what_a_telephone_cuts_says_where_the_rest_is(browser: Browser, site: Path) -> None:
    names = ("index", "compared", "mathematics", "architecture", "assimilation-example", "cases")
    assert _silent(browser, [site / f"{name}.html" for name in names]) == []


def test_a_table_that_is_cut_in_silence_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "cut.html"
    box = "<div class=table-wrapper style='overflow-x: auto'><p style='width: 900px'>wide</div>"
    file.write_text(f"<article>{box}</article>")
    assert _silent(browser, [file]) == ["cut.html: wide"]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_cheat_sheet_is_printed_on_one_page(browser: Browser, site: Path, paper: str) -> None:
    page = browser.new_page()
    page.goto((site / "cheat-sheet.html").as_uri())
    assert re.findall(rb"/Type /Pages\s+/Count (\d+)", page.pdf(format=paper)) == [b"1"]
    page.close()


def _screens(browser: Browser, folder: Path, readme: str) -> float:
    """Return how many screens of a desk a README takes, with the pictures of ours."""
    pytest.importorskip("markdown_it")
    from markdown_it import MarkdownIt

    file = folder / "readme.html"
    base = f"<base href='{DOCS.parent.as_uri()}/'>"
    file.write_text(base + HOSTED + MarkdownIt().render(readme), encoding="utf-8")
    page = browser.new_page(viewport=DESK)
    page.goto(file.as_uri())
    tall = page.evaluate("document.body.offsetHeight")
    page.close()
    return float(tall) / DESK["height"]


def test_the_readme_is_a_screen_and_a_half(browser: Browser, tmp_path: Path) -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert _screens(browser, tmp_path, readme) <= 1.5
    assert _screens(browser, tmp_path, readme + "\nA line.\n") > 1.5


def test_the_site_is_searched_without_a_network(browser: Browser, site: Path) -> None:
    page = browser.new_page(offline=True)
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((site / "index.html").as_uri())
    page.fill("input[name=q]", "earthquake")
    page.press("input[name=q]", "Enter")
    page.wait_for_selector("#search-results li")
    page.click("#search-results a:has-text('Five cases')")
    page.wait_for_url("**/cases.html*")
    assert "earthquake" in page.inner_text("article").lower()
    assert faults == []
    page.close()
