"""An article with its claims: sources, quantities and days settled, doubts left for a reader."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path
from typing import Final

from attrition.core._showing import Shown
from attrition.core.errors import clip, refusal
from attrition.core.files import path_of, read_text
from attrition.core.laws import print_date
from attrition.data.articles.book import Book, slug_of
from attrition.data.dossier import Claim, Dossier, PartialDate, Quantity, Source, dossier_toml
from attrition.text import Mention, Refused, read_words
from attrition.text.articles import NO_TOLLS

_LONGEST_PATH: Final = 400
_HEADING: Final = 120  # characters of a line that may be a heading
_LARGEST: Final = 20_000_000  # bytes, as of standard input


@dataclass(frozen=True, slots=True)
class Doubt(Shown):
    """A figure that is left for a reader to decide.

    Attributes
    ----------
    sentence : str
        As it stands in the article.
    words : str
        The part that holds the figure; empty where the sentence could not be read.
    start : int
        Where it begins in the text of the article.
    reason : str
        What is open, with its candidates.
    claim : Claim or None
        The claim that it is if a reader accepts it; none for what is denied or still to come.

    See Also
    --------
    attrition.articles.Clipping : the article that they are of.

    Examples
    --------
    >>> import attrition as at
    >>> clipping = at.read_article("The army denied that 9,000 had died.", published="2026-05-14")
    >>> clipping.doubts[0].words, clipping.doubts[0].reason
    ('9,000', 'the words make it denied')
    """

    sentence: str
    words: str
    start: int
    reason: str
    claim: Claim | None = None


@dataclass(frozen=True)
class Clipping(Shown):
    """An article and the claims that it reports.

    Attributes
    ----------
    text : str
        The words of the article, without marks; positions count its characters.
    title : str
    published : datetime.date or None
    mentions : tuple of Mention
        Every figure, in order of appearance.
    claims : tuple of Claim
        Those that can be used; none where the day of publication is unknown.
    doubts : tuple of Doubt
        What is left to decide.
    sources, quantities : dict
        Those of the claims and of what is left to decide, by id.

    See Also
    --------
    attrition.read_article : how it is made.

    Examples
    --------
    >>> import attrition as at
    >>> clipping = at.read_article("At least 30 people died, police said.", published="2026-05-14")
    >>> len(clipping.mentions), clipping.claims[0].quote, clipping.doubts
    (1, 'At least 30 people died, police said.', ())
    >>> clipping.gaps, clipping.dossier().claims == clipping.claims
    ((), True)
    >>> print(clipping.toml()[:9], clipping.html()[:15])
    [dossier] <!doctype html>
    """

    _parts = "claims"

    text: str
    title: str
    published: date | None
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is missing for a dossier, in words; empty when nothing is."""
        gaps = []
        if self.published is None:
            wait = sum(mention.reading.unit == "persons" for mention in self.mentions)
            waiting = f"; figures of persons that wait for it: {wait}" if wait else ""
            gaps.append(
                f"the day of publication: give --published, or published= in Python{waiting}"
            )
        elif not self.claims:
            gaps.append("a figure that can be used: none of the article is clear enough")
        return tuple(gaps)

    def dossier(self) -> Dossier:
        """Return the claims as a dossier.

        Raises
        ------
        InputError
            If the day of publication or any usable figure is missing.
        """
        if self.gaps:
            raise refusal("gaps of an article", "; ".join(self.gaps), clip(self.title or self.text))
        return self._of(self.claims)

    def _of(self, claims: tuple[Claim, ...]) -> Dossier:
        keys = {claim.quantity for claim in claims}
        words = slug_of(self.title).replace("-", " ")
        day = "" if self.published is None else print_date(self.published, "day")
        return Dossier(
            id=textwrap.shorten(words, 40, placeholder="").replace(" ", "-") or "article",
            title=self.title or f"Figures of an article of {day}",
            sources=self.sources,
            quantities={key: one for key, one in self.quantities.items() if key in keys},
            claims=claims,
        )

    def toml(self) -> str:
        """Return the dossier as TOML, with a ``# TODO`` for every doubt.

        Of what is left to decide the claim stands behind ``#``: without these signs the file is
        whole, also where no claim stands by itself.
        """
        asked = [doubt.claim for doubt in self.doubts if doubt.claim is not None]
        dossier = self.dossier() if self.claims or not asked else self._of((asked[0],))
        keys = {claim.quantity for claim in (*self.claims, *asked)}
        known = {key: one for key, one in self.quantities.items() if key in keys}
        whole = dossier.model_copy(update={"quantities": known, "claims": self.claims})
        lines = [dossier_toml(whole)]
        if self.doubts:
            lines.append(
                '# To accept what is marked take the "#" from its lines; what stays is refused.'
            )
        for doubt in self.doubts:
            lines += ["", f"# TODO {_line(doubt.reason)}"]
            if doubt.claim is None:
                what = f"{_line(doubt.words)!r} in " if doubt.words else ""
                lines.append(f"# {what}{_line(doubt.sentence)!r}")
            else:
                block = dossier_toml(whole.model_copy(update={"claims": (doubt.claim,)}))
                start = block.index("\n[[claims]]") + 1
                lines += [f"#{line}" for line in block[start:].splitlines() if line]
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        """Return the article as a page, every figure marked to accept or to strike."""
        return marked(self)


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def read_article(
    text_or_path: str | Path, *, published: str | date | None = None, source: str | None = None
) -> Clipping:
    """Read the figures of an article into claims.

    Parameters
    ----------
    text_or_path : str or pathlib.Path
        The text, or the file that holds it: plain text, HTML (a saved page) or Markdown.
    published : str or datetime.date, optional
        The day on which it appeared, from which "on Tuesday" is counted; a page may state it.
    source : str, optional
        Who speaks where nobody is quoted: the paper itself (default "article").

    Returns
    -------
    Clipping
        With `claims`, `doubts`, and `dossier()` and `toml()` made of them.

    Raises
    ------
    InputError
        If there is no text, the file cannot be read, or the day is none.

    See Also
    --------
    attrition.parse : one quotation.
    attrition.read_dossier : the file that it is written to.

    Examples
    --------
    >>> clipping = read_article(
    ...     "At least 30 people died on Monday, police said.", published="2026-05-14"
    ... )
    >>> (claim,) = clipping.claims
    >>> claim.quantity, claim.source, str(claim.as_of), clipping.doubts
    ('killed', 'police', '2026-05-11', ())
    """
    article = read_words(_text_of(text_or_path))
    day = _day_of(published if published is not None else (article.page.published or None))
    title = article.page.title or _headline(article.page.text)
    doubts = [_refusal(refused) for refused in article.refused]
    if day is None:
        return Clipping(article.page.text, title, None, article.mentions, doubts=tuple(doubts))
    paper = source or article.page.paper or "article"
    begins = title or textwrap.shorten(article.page.text.strip().split("\n", 1)[0], _HEADING)
    book = Book(article, day, paper, begins, spoken=source is not None)
    counts = Counter(
        one.start - one.reading.start
        for one in article.mentions
        if one.reading.category not in NO_TOLLS
    )
    open_ = [
        (mention, reason)
        for mention in article.mentions
        if (reason := book.add(mention, alone=counts[mention.start - mention.reading.start] == 1))
    ]
    for mention, reason in [*open_, *book.settled()]:
        words = article.page.text[mention.start : mention.end]
        claim = book.candidate(mention, reason)
        doubts.append(Doubt(mention.sentence, words, mention.start, reason, claim))
    book.one_people()
    for mention, reason, claim in book.unsure():
        words = article.page.text[mention.start : mention.end]
        doubts.append(Doubt(mention.sentence, words, mention.start, reason, claim))
    doubts.sort(key=lambda doubt: doubt.start)
    return Clipping(
        article.page.text,
        title,
        day,
        article.mentions,
        tuple(book.claims.values()),
        tuple(doubts),
        book.sources,
        book.quantities(),
    )


def _headline(text: str) -> str:
    """Return the first line of an article where it is a heading: short, and no sentence."""
    line = " ".join(text.strip().split("\n", 1)[0].split())
    return "" if len(line) > _HEADING or re.search(r"[.…:]$|[.!?] [A-Z]", line) else line


def _refusal(refused: Refused) -> Doubt:
    return Doubt(refused.sentence, "", refused.start, f"not read: {refused.reason}")


def _text_of(text_or_path: str | Path) -> str:
    """Return the text itself, or that of the file that is named."""
    if isinstance(text_or_path, str) and not _names_a_file(text_or_path):
        text = text_or_path
    else:
        text = read_text(path_of(text_or_path), _LARGEST, "an article")
    if not text.strip():
        raise refusal("words of an article", "none", "article")
    return text


def _names_a_file(text: str) -> bool:
    if "\n" in text or len(text) > _LONGEST_PATH:
        return False
    try:
        return Path(text).is_file()
    except OSError:  # a sentence is longer than a file's name may be
        return False


def _day_of(published: str | date | None) -> date | None:
    if published is None:
        return None
    partial = PartialDate.parse(published, place="published")
    if partial.first != partial.last:
        raise refusal("day of an article", str(published), "published")
    return partial.first


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
