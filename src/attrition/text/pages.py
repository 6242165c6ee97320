"""The text of a page: HTML and Markdown without their marks, with title and day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Final

from attrition.core.errors import InputError
from attrition.text.dates import MONTHS, date_at, day_named
from attrition.text.text import clean, listed, tokenise
from attrition.text.vocabulary import WORDS

_SKIPPED: Final = frozenset(
    listed("script style nav header footer aside form svg noscript template button")
)
_BLOCKS: Final = frozenset(
    listed(
        "p div br li ul ol h1 h2 h3 h4 h5 h6 tr td th section article blockquote figcaption table "
        "main body dd dt pre hr"
    )
)
_ROW, _CELL = "\x1e", "\x1f"
_MARKS: Final = {"tr": _ROW, "td": _CELL, "th": _CELL}
_IS_ROW = re.compile(f"{_ROW}([^{_ROW}]*)(?={_ROW})")
_DATED: Final = frozenset(
    listed("article:published_time datepublished date dc.date dcterms.date pubdate publish-date")
)
_IS_HTML = re.compile(
    r"<\s*(?:!doctype|html|head|body|article|p|div|h1|main|table)\b", re.IGNORECASE
)
_SMALL: Final = frozenset(listed("of the and for in to on at"))
_INITIALS: Final = frozenset(listed("UN US EU WHO UK NGO"))
_AGENCY = re.compile(r"^.{0,70}\(([A-Z][\w ]{1,20})\)\s*[-–—]")
_PARTS: Final = re.compile(r"\s+[-–—|·•]\s+|, ")
_NAME: Final = re.compile(
    r"[A-Z][\w'’-]*(?: (?:[A-Z][\w'’-]*|&|of|the|and|for|in|to|on|at|de|la|des|du))*"
    r"(?: \([A-Z]+\))?"
)
_TEAM: Final = re.compile(
    r"^(?:PRESS|Press|By|BY) |\d|(?:Press|PRESS) (?:Service|SERVICE|service)$"
    r"|^(?:Disease )?Outbreak"
)
"""What names no publisher: a byline, and the press service of an office that is named as well."""
_SOURCE: Final = re.compile(
    r"(?:Sources?|Issued by|Published by|Publisher|Citable reference|Released by|Produced by): "
    r"(?:the )?([A-Z][^\n:;,.(]{2,70}[^\s:;,.(])"
)
_THE_PAPER = re.compile(r"(?:THE|The) (?:[A-Z][\w'’-]*\s?){1,3}")
_REPORTS: Final = WORDS.papers | {"digest", "review", "release", "newsletter"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PUBLISHER = re.compile(r'"publisher"\s*:\s*\{[^{}]*"name"\s*:\s*"([^"]+)"')
_DATA_DAY = re.compile(r'"datePublished"\s*:\s*"(\d{4}-\d{2}-\d{2})')
_CLOCK = re.compile(
    r",? ?(?:\bat )?(?:\b\d{1,2}[:.]\d\d\b(?: ?[ap]\.?m\b\.?)?|\b\d{1,2} ?[ap]\.?m\b\.?)"
    r"(?: (?:GMT|UTC|CES?T|EST|EDT|local time|hrs)\b)?"
)
_A_PAPER = re.compile(
    r"(?:(?:[A-Z][\w.'’-]*|of|the|and) ){0,5}[A-Z][\w.'’-]*(?:,| [-–—|·]) ?(?:\w+day,? )?"
)
_LINE_OF_PLACE = re.compile(r"\)?\s*(?:\([^)]*\)\s*[-–—]|[-–—](?! ?\d))")
_PARTED = re.compile(r"\s+[·•|]\s+|\. (?=(?:Published|Issued|Released|Updated|Posted)\b)")
_STATES = re.compile(
    r"\b(?:published|posted|issue|issued|updated|update|as of|date|filed|released)\b|[|·•]",
    re.IGNORECASE,
)
"""Words and signs of a line about the article itself, which may hold other numbers."""
_ISSUED = re.compile(
    r"\b(?:published|posted|issued?|released?|updated?|dated?|publication|modified|edition|broadcast)"
    r"(?: by [\w .]{1,40})?(?: (?:on|of|issue|in the edition))*:? $",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\d(?: [A-Z][a-z]+)? ?(?:[-–]|to) $")
"""Before a day that ends a time: "29 July - 4 August 2024"."""
_SAYS_WHEN = re.compile(
    r"\b(?:published|issued|released|date of issue|posted)(?: on)?:? (?:\w+day,? )?\d",
    re.IGNORECASE,
)
_OF_PAPERS = re.compile(r"^(?:Communiqu[eé]|Bulletin|Report|Statement) of (?:the )?", re.IGNORECASE)
_NUMBER = re.compile(
    r"\b(?:No|Nr|Issue|Bulletin|Communiqu[eé])\b[. ]*\d+,?(?: [-–—|·])? ?(?:\w+day,? )?$"
)
"""Before the day of one of a row: "No. 212, 8 November 1943", "No. 212 - Sunday, 30 August"."""
_OF_A_ROW = re.compile(
    r"(?:\b(?:No|Nr|Issue|Vol|Bulletin|Communiqu[eé]|Report|Release|Update|Newsletter|Day|Edition|page|p"
    r"|question|Statement|Letter)\b[. ]*(?:No\.? ?)?|#)\d+(?:/\d+)?",
    re.IGNORECASE,
)
"""What tells one of a row from the others: "No. 12", "Press release 12/2022", "page 4"."""
_PARTED_DAY = re.compile(r"(?:[,|·(\]:*]|(?: |^)[-–—]) ?(?:\w+day,? )?$")
_A_PLACE = re.compile(r"[A-Z][\w .'’-]{1,40}(?:\([^()]*\))?, (?:the )?(?:\w+day,? )?")
_ASIDE = re.compile(r"\([^()]*\)")
_FULL_DAY = re.compile(rf"\b\d{{1,2}} (?:{MONTHS}) (?:19|20)\d\d\b|{_DAY.pattern}")
_SEASON_LONG: Final = timedelta(days=100)
_HEAD: Final = 8
"""Lines of a text among which its day is looked for."""
_WORDS: Final = 12
"""Words that a line with the day of publication may have; a sentence about the day has more."""
_LITTLE: Final = 3
"""Words that stand beside the day in a heading: "Update", "Wednesday", "What happened"."""
_WORD = re.compile(r"[^\W\d_]+")
_A_DAY = re.compile(r"\d{1,2} [A-Z]|\d+[-./]\d+[-./]\d+$")
_LINE: Final = 300
"""Characters in which a line states its day if it does."""
_OPENS: Final = 70
"""Characters within which the first sentence may state its day: "KYIV, June 3, 2025 (dpa) -"."""
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
    paper : str
        Who publishes it: the office or the paper that its head names, or nothing.
    sections : tuple of (int, str)
        Where a heading with a day of its own stands, and the day: "Update, 14 March, 09:40".
    """

    text: str
    title: str = ""
    published: str = ""
    paper: str = ""
    sections: tuple[tuple[int, str], ...] = ()


class _Words(HTMLParser):
    """Collects the words of a page, leaving out what is no part of the article."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.title: list[str] = []
        self.published = ""
        self.site = ""
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
        self.site = self.site or (attributes.get("content", "") if named == "og:site_name" else "")
        self._in_title = tag == "title" or (self._in_title and tag != "body")
        if tag in _SKIPPED:
            self._skipping.append(tag)
        if tag in _BLOCKS:
            self.parts.append(_MARKS.get(tag, "\n"))

    def handle_endtag(self, tag: str) -> None:
        """End a line at the end of a block."""
        if tag == "title":
            self._in_title = False
        if self._skipping and tag == self._skipping[-1]:
            self._skipping.pop()
        if tag in _BLOCKS:
            self.parts.append("" if tag in {"td", "th"} else _MARKS.get(tag, "\n"))

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
    Page(text='30 died.', title='Flood', published='', paper='', sections=())
    >>> page_of("<table><tr><th>Town<th>Dead</tr><tr><td>Lusa</td><td>31</td></tr></table>").text
    'Town | Dead\nLusa | 31'
    >>> page_of("# Flood\n\nOn [Monday](a) **30** died.").text
    'Flood\n\nOn Monday 30 died.'
    """
    if _IS_HTML.search(text[:5_000]):
        words = _Words()
        words.feed(_closed(text))
        words.close()
        body = _IS_ROW.sub(_row, "".join(words.parts)).replace(_CELL, "\n").replace(_ROW, "\n")
        lines = (" ".join(line.split()) for line in body.split("\n"))
        title = " ".join("".join(words.title).split())
        body = "\n".join(line for line in lines if line)
        stated = words.published or "".join(_DATA_DAY.findall(text)[:1])
        site = words.site or "".join(_PUBLISHER.findall(text)[:1]) or _site_of(title, body)
        return _page(body, title, stated or _day_in_head(body), site or _paper_in_head(body))
    for pattern, kept in _MARKDOWN:
        text = pattern.sub(kept, text)
    return _page(text, "", _day_in_head(text), _paper_in_head(text))


def _site_of(title: str, body: str) -> str:
    """Return whose page it is by its title: "Flood kills 9 - Radio Lusa" above "Flood kills 9"."""
    first, sign, last = "", "", ""
    if parted := re.match(r"(.*?) ([|–—-]) ([^|–—]+)$", title[-_LINE:]):
        first, sign, last = parted.groups()
    named = sign == "|" or (_NAME.fullmatch(last) and f"{first}\n" in body)
    return last if named else ""


def _page(text: str, title: str, published: str, paper: str) -> Page:
    return Page(text, title, published, paper, tuple(_sections_of(text)))


def _row(match: re.Match[str]) -> str:
    """Return a row of a table as a line, its cells parted by "|"; a long one as it is."""
    before, *cells = match[1].split(_CELL)
    line = " | ".join(" ".join(cell.split()) for cell in cells)
    return f"\n{before}\n{line}\n" if len(line) <= _LINE else f"\n{match[1]}\n"


def _sections_of(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield the headings of a text that hold a day, and little else, with the day.

    Examples
    --------
    >>> list(_sections_of("Update, 14 March, 09:40\nNine died.\n# Monday 13 March\nTwo died."))
    [(0, '14 March'), (35, '13 March')]
    """
    start = 0
    for line in text.split("\n"):
        days = [*dated_in(line)] if 0 < len(line) <= _OPENS else []
        for words, before, after in days:
            rest = _CLOCK.sub("", before + after)
            little = len(_WORD.findall(rest)) <= _LITTLE and not re.search(r"\d{2}|since", rest)
            if len(days) == 1 and little and _A_DAY.match(words) and not after.endswith("."):
                yield start, words
        start += len(line) + 1


def _paper_in_head(text: str) -> str:
    r"""Return who publishes a text: whom it names as its source, the office of its head, the paper.

    Examples
    --------
    >>> _paper_in_head("REPUBLIC OF ORMESTAN\nMINISTRY OF HEALTH\n8 October 2024\nThe quake ...")
    'Ministry of Health'
    >>> _paper_in_head("Toll rises\nSELMOUNA, March 15 (Northline) - Divers recovered")
    'Northline'
    >>> _paper_in_head("Mines\nA table.\nSource: Mine Action Authority (MAA), Beluria. Update 3.")
    'Mine Action Authority'
    >>> _paper_in_head("Lawyers for Truth\n9 May 2024\nToll\nLawyers for Truth counted 87 dead.")
    'Lawyers for Truth'
    """
    lines = [line.strip(" *#_") for line in text.split("\n") if line.strip(" *#_")]
    stated = (match for line in lines if (match := _SOURCE.match(line)) is not None)
    heads = [part for line in lines[:_HEAD] for part in _PARTED.split(line[:_LINE])]
    short = (head for head in heads if len(head.split()) < _WORDS)
    parts = [part.strip(" *#_") for head in short for part in _PARTS.split(head)]
    ahead = (part.split(": ")[0] for part in parts if ": " in part and _REPORTS & _words(part))
    names = [
        part
        for part in parts
        if _NAME.fullmatch(part) and not (_TEAM.search(part) or WORDS.says & _words(part))
    ]
    named = (*names, *filter(_NAME.fullmatch, ahead))
    offices = (part for part in named if WORDS.offices & _words(part))
    agency = next((match[1] for line in lines[:_HEAD] if (match := _AGENCY.search(line))), "")
    body = "\n".join(lines[1:])
    again = (part for part in names[:2] if " " in part and part in body)
    press = (part for part in names if WORDS.press & _words(part))
    papers = (part for part in parts[:1] if _THE_PAPER.fullmatch(part))
    paper = next(offices, "") or next((match[1] for match in stated), "") or agency
    return _titled(paper or next(again, "") or next(papers, "") or next(press, ""))


def _words(part: str) -> set[str]:
    return {*re.findall(r"\w+", part.lower())}


def _titled(name: str) -> str:
    """Return a name in capitals as one writes it in a sentence."""
    name = _OF_PAPERS.sub("", name)  # "Communique of the High Command"
    if not name.isupper() or len(name.split()) == 1:
        return name
    return " ".join(
        word
        if word in _INITIALS or word[:1] == "("
        else word.lower()
        if word.lower() in _SMALL and k
        else word.capitalize()
        for k, word in enumerate(name.split())
    )


def _day_in_head(text: str) -> str:
    r"""Return the day that a text states of itself in its first lines, or nothing.

    Examples
    --------
    >>> _day_in_head("Flood\nReuters, Feb. 9, 2023"), _day_in_head("The flood of 9 May 2020")
    ('2023-02-09', '')
    >>> _day_in_head("ULM, 17 Sept. (Wire) - Nine died. Rain falls until 20 September 2025.")
    '2025-09-17'
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()][:_HEAD]
    lines = [line for whole in lines for line in (whole, *_PARTED.split(whole)[1:])]
    # where a line says when the text was issued, another holds the days that it is about
    for k, line in sorted(enumerate(lines), key=lambda line: not _SAYS_WHEN.search(line[1])):
        # of "As of 11 September (issued on 12 September)" the second
        for words, before, after in sorted(
            dated_in(line), key=lambda date: not _ISSUED.search(date[1])
        ):
            with suppress(ValueError):  # no such day
                opens = _opens_with_day(before, after)
                if (day := day_named(words)) is None and opens:
                    day = _in_a_year(words, text)
                stated = opens or _states_day(line, before, after, first=k == 0)
                if day and stated and not _RANGE.search(_OF_A_ROW.sub("", before)):
                    return day.isoformat()
    return ""


def _opens_with_day(before: str, after: str) -> bool:
    """Return whether a day stands in the dateline of a text: "KYIV, June 3, 2025 (dpa) -"."""
    dash = len(before) < _OPENS and _LINE_OF_PLACE.match(after)
    stop = _A_PLACE.fullmatch(before) and re.match(r"\. [A-Z]", after)
    return bool(stop or (dash and not re.search(r"[(\d]", before[-6:])))


def _states_day(line: str, before: str, after: str, *, first: bool) -> bool:
    """Return whether a line says of which day the text is: "Issued on", or hardly more than it."""
    numbered = _OF_A_ROW.sub("", _NUMBER.sub("", before)) + _OF_A_ROW.sub("", after)
    rest = _ASIDE.sub("", _CLOCK.sub("", numbered))
    if _ISSUED.search(before) and line[0] != "[" and len(rest) < _LINE // 2:
        return True
    plain = not re.search(r"\d", rest) or _STATES.search(rest) is not None
    says = re.match(r", (?:updated|published|issued)\b", after) is not None
    parted = (says or _PARTED_DAY.search(before) is not None) and not re.search(r"[.!?] ", after)
    named = parted or _A_PAPER.fullmatch(before) is not None or not first
    short = len(rest.split()) <= (_WORDS if named else 1)
    return short and plain and not rest.endswith(".")


def _in_a_year(words: str, text: str) -> date | None:
    """Return the day of a dateline without a year, "17 Sept.", by the days that a text names.

    Those are near it if they are of its story; a day of another year's is not.
    """
    full = [day_named(" ".join(match[0].split())) for match in _FULL_DAY.finditer(text)]
    days = {day_named(f"{words} {one.year}") for one in full if one is not None}
    near = {day for day in days for one in full if day and one and abs(day - one) < _SEASON_LONG}
    return near.pop() if len(near) == 1 else None


def dated_in(line: str) -> Iterator[tuple[str, str, str]]:
    """Yield the dates in a line, each with what stands before and after it.

    Examples
    --------
    >>> list(dated_in("Issued 9 May 2024."))
    [('9 May 2024', 'Issued ', '.')]
    """
    with suppress(InputError):  # signs that no sentence has
        cleaned = clean(line[:_LINE])[0]
        tokens, i = tokenise(cleaned), 0
        while i < len(tokens):
            end, words = date_at(tokens, i)
            if words:
                yield words, cleaned[: tokens.start[i]], cleaned[tokens.end[end - 1] :]
            i = max(end, i + 1)


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
