from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import attrition as at


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_fetches_nothing(whole: at.Forecast, tmp_path: Path) -> None:
    law = whole.law("russian-casualties")
    svg = at.figure_bytes(at.plot_crossing(law, 1e6), "svg")
    path = at.write_page(
        at.results(whole), {"A <figure>": svg}, tmp_path / "page.html", title="Title & more"
    )
    text = path.read_text()
    tags = _Tags()
    tags.feed(text)
    assert not tags.open
    assert ("img", "alt", "A <figure>") in tags.attributes
    for tag, name, value in tags.attributes:
        if name in ("src", "href"):
            assert (value or "").startswith("data:"), (tag, value)
    for row in at.results(whole)["crossings"]:
        assert f"{row['threshold']:,.10g}" in text
    assert "Title &amp; more" in text
    assert len(text) < 2_000_000
