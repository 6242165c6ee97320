"""The site on a telephone: no page is wider than the glass."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

pytest.importorskip("sphinx")
# Playwright leaves sockets of its own open at the end.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
DOCS = Path(__file__).parent.parent.parent / "docs"
PHONE: ViewportSize = {"width": 360, "height": 740}


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
