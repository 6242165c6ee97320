"""An article as a page: its words, with every figure marked to accept or to strike."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from attrition.data.articles.clipping import Clipping, Doubt

_STYLE: Final = """
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 serif; }
mark { background: #d9ecd4; padding: 0 .15em; } mark.open { background: #fbe3b3; }
input:not(:checked) + mark { background: none; text-decoration: line-through; }
li { margin: .4rem 0; } .why { color: #555; font-size: .9rem; }
"""
_OPEN: Final = ' class="open"'
_HEAD: Final = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'unsafe-inline'\">\n"
)


def marked(clipping: Clipping) -> str:
    """Return an article as a self-contained HTML page.

    Every figure stands in its place with a box: ticked where it became a claim, open where
    something is left to decide; what is unticked is struck through. Below stands what is open. The
    words of the article are data: every sign of theirs is escaped, and the page runs no script.

    Parameters
    ----------
    clipping : Clipping

    Examples
    --------
    >>> from attrition.data.articles import read_article
    >>> page = marked(read_article("At Smith & Sons 30 people died.", published="2026-05-14"))
    >>> "Smith &amp; Sons" in page, page.count("<mark")
    (True, 1)
    """
    title = escape(clipping.title or "An article")
    open_ = "".join(
        f"<li>{escape(doubt.words or doubt.sentence)}: "
        f'<span class="why">{escape(doubt.reason + _accepted(clipping, doubt))}</span></li>\n'
        for doubt in clipping.doubts
    )
    paragraphs = "".join(_parts(clipping)).replace("\n", "</p>\n<p>")
    return (
        f"{_HEAD}<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{title}</h1>\n<p>{paragraphs}</p>\n"
        + (f"<h2>Left to decide</h2>\n<ul>\n{open_}</ul>\n" if open_ else "")
        + "</body>\n</html>\n"
    )


def _accepted(clipping: Clipping, doubt: Doubt) -> str:
    """Return what a doubt is if a reader accepts it: its count, day and source."""
    if (claim := doubt.claim) is None:
        return ""
    title, name = clipping.quantities[claim.quantity].title, clipping.sources[claim.source].name
    return f" If accepted: {title}, {claim.kind}, {claim.as_of}, {name}."


def _parts(clipping: Clipping) -> Iterator[str]:
    """Yield the text of an article, its figures in marks; of two that overlap the first."""
    text, done = clipping.text, 0
    reasons = {doubt.start: doubt.reason for doubt in clipping.doubts}
    for mention in sorted(clipping.mentions, key=lambda one: (one.start, -one.end)):
        reading = mention.reading
        why = reasons.get(mention.start, "")
        if mention.start < done or not (why or reading.unit == "persons"):
            continue
        what = " ".join(word for word in (reading.side, reading.category, reading.scope) if word)
        title = "; ".join(part for part in (what, mention.source or "", why) if part)
        yield escape(text[done : mention.start])
        yield (
            f'<label title="{escape(title)}"><input type="checkbox"{"" if why else " checked"}>'
            f"<mark{_OPEN if why else ''}>"
            f"{escape(text[mention.start : mention.end])}</mark></label>"
        )
        done = mention.end
    yield escape(text[done:])
