"""Which links of the built site lead nowhere; `conf.py` asks it at the end of every build."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class _Page(HTMLParser):
    """The names of places in a page, and what it links to or shows."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: list[str] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a tag is called, and where it leads."""
        for name, value in attrs:
            if name in {"id", "name"}:
                self.places.add(value or "")
            elif name == "src" or (name == "href" and tag != "base"):
                self.links.append(value or "")


def broken(site: Path) -> list[str]:
    """Return "page: link" of every link inside a folder of pages whose file or place is missing."""
    pages = {file.resolve(): _Page(file) for file in sorted(site.rglob("*.html"))}
    lost = []
    for file, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path = unquote(parts.path)
            target = (file.parent / path).resolve() if path else file
            place = unquote(parts.fragment)
            known = target not in pages or not place or place in pages[target].places
            if not (target.exists() and known):
                lost.append(f"{file.relative_to(site.resolve())}: {link}")
    return lost
