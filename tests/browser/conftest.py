"""A real browser for the page: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import attrition as at
from attrition.page import page_content, page_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Without these flags Chromium asks hosts of its maker, which a closed network refuses.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
INSTALL = "install it: apt-get install chromium (scripts/test does so where it may)"
HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>"


def missing(what: str) -> None:
    """Fail where everything must be tried, and skip with the reason elsewhere."""
    reason = f"{what}; {INSTALL}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright is not installed (pip install attrition[browser])")
        return
    binary = shutil.which("chromium") or shutil.which("chromium-browser")
    if binary is None:
        missing("no Chromium on the path")
        return
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=binary, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def told_whole(whole: at.Forecast) -> tuple[at.Forecast, str]:
    """The forecast of the bundled dossier, and its page."""
    return whole, page_html(page_content(whole))


@pytest.fixture(scope="session")
def page_file(
    told_whole: tuple[at.Forecast, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The page of the bundled dossier as a file."""
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_text(told_whole[1], encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def hostile_file(bundled: at.Dossier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a dossier whose texts are markup and script."""
    claims = tuple(
        claim.model_copy(
            update={
                "note": HOSTILE,
                "quote": f"{HOSTILE} {claim.quote}",
                "figure": claim.words,
            }
        )
        for claim in bundled.claims
    )
    what = bundled.quantities["kharkiv-advance"].model_copy(
        update={"title": HOSTILE, "subject": HOSTILE}
    )
    dossier = bundled.model_copy(
        update={
            "title": HOSTILE,
            "claims": claims,
            "quantities": {**bundled.quantities, "kharkiv-advance": what},
        }
    )
    forecast = at.forecast(dossier, seed=1, quantities=["kharkiv-advance"])
    file = tmp_path_factory.mktemp("hostile") / "page.html"
    file.write_text(page_html(page_content(forecast)), encoding="utf-8")
    return file
