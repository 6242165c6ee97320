"""The text of a page: HTML and Markdown without their marks, with title and day of publication."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

from attrition.text.text import listed

_SKIPPED: Final = frozenset(
    listed("script style nav header footer aside form svg noscript template button")
)
_BLOCKS: Final = frozenset(
    listed(
        "p div br li ul ol h1 h2 h3 h4 h5 h6 tr td th section article blockquote figcaption table "
        "main body dd dt pre hr"
    )
)
_DATED: Final = frozenset(
    listed("article:published_time datepublished date dc.date dcterms.date pubdate publish-date")
)
_IS_HTML = re.compile(r"<\s*(?:!doctype|html|head|body|article|p|div|h1|main)\b", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MARKDOWN: Final = (
    (re.compile(r"\A---\n.*?\n---\n", re.DOTALL), ""),
    (re.compile(r"!\[[^\[\]\n]{0,500}\]\([^)\n]{0,2000}\)"), ""),
    (re.compile(r"\[([^\[\]\n]{1,500})\]\([^)\n]{0,2000}\)"), r"\1"),
    (re.compile(r"^[ \t]{0,3}(?:#{1,6}|>+|[*+-])[ \t]+", re.MULTILINE), ""),
    (re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)([^*_\n]{1,500}?)(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"`([^`\n]{1,500})`"), r"\1"),
)
"""Marks of Markdown, and what stays of them."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says.

    Attributes
    ----------
    text : str
        Its words, a line for each paragraph.
    title : str
        Its title, or nothing.
    published : str
        Its day of publication as YYYY-MM-DD, where the page states one.
    """

    text: str
    title: str = ""
    published: str = ""


class _Words(HTMLParser):
    """Collects the words of a page, leaving out what is no part of the article."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.title: list[str] = []
        self.published = ""
        self._skipping: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note titles and dates, begin a line at a block, leave out what is no article."""
        attributes = {key: value or "" for key, value in attrs}
        named = (
            attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        ).lower()
        dated = tag == "meta" and named in _DATED
        stamp = _DAY.search(attributes.get("content" if dated else "datetime", ""))
        if stamp and not self.published and (dated or tag == "time"):
            self.published = stamp[0]
        self._in_title = tag == "title" or (self._in_title and tag != "body")
        if tag in _SKIPPED:
            self._skipping.append(tag)
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a line at the end of a block."""
        if tag == "title":
            self._in_title = False
        if self._skipping and tag == self._skipping[-1]:
            self._skipping.pop()
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if self._in_title:
            self.title.append(data)
        elif not self._skipping:
            self.parts.append(data.replace("\n", " "))


def page_of(text: str) -> Page:
    r"""Return the words of plain text, HTML or Markdown.

    Examples
    --------
    >>> page_of("<html><title>Flood</title><p>30 <b>died</b>.</p><script>1</script></html>")
    Page(text='30 died.', title='Flood', published='')
    >>> page_of("# Flood\n\nOn [Monday](a) **30** died.").text
    'Flood\n\nOn Monday 30 died.'
    """
    if _IS_HTML.search(text[:5_000]):
        words = _Words()
        words.feed(_closed(text))
        words.close()
        lines = (" ".join(line.split()) for line in "".join(words.parts).split("\n"))
        title = " ".join("".join(words.title).split())
        return Page("\n".join(line for line in lines if line), title, words.published)
    for pattern, kept in _MARKDOWN:
        text = pattern.sub(kept, text)
    return Page(text)


def _closed(text: str) -> str:
    """Return HTML without comments and with every "<" that opens no tag as a sign.

    The parser of the standard library looks for the end of an open tag from each of them, which
    takes time in proportion to the square of the length.
    """
    parts: list[str] = []
    place = 0
    while (begin := text.find("<!", place)) >= 0:
        parts.append(text[place:begin])
        close = "-->" if text.startswith("<!--", begin) else ">"
        end = text.find(close, begin)
        place = begin + 2 if end < 0 else end + len(close)
        if end < 0:  # and none later: what is left holds no comment that ends
            parts.append(text[place:].replace("<!", ""))
            place = len(text)
    first, *tags = "".join([*parts, text[place:]]).split("<")
    return first + "".join(("<" if ">" in tag else "&lt;") + tag for tag in tags)
