"""A whole article: its sentences with figures, each read with what was said before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from attrition.core._showing import Shown
from attrition.core.errors import InputError, clip
from attrition.text.lexicon import Lexicon
from attrition.text.pages import Page, page_of
from attrition.text.reader import parse, speaker_of
from attrition.text.reading import Reading
from attrition.text.spelled import STARTS
from attrition.text.text import LONGEST
from attrition.text.vocabulary import ABBREVIATED, SAYS, words_for

MOST: Final = 5_000_000
"""Characters that one article may have."""

_BREAK = re.compile(r"\n\s*|[.!?][\"')\]\u201d\u2019]{0,3}\s+(?=[\"'(\[\u201c\u2018]{0,2}[A-Z0-9])")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBERS: Final = (STARTS - {"a", "an"}) | {"no", "nobody", "none", "both", "not", "dozen"}
_DIGIT = re.compile(r"\d")
_BARE = re.compile(
    r"\b(?:figure|count|toll|tally|total|confirmed|counted|identified|recorded|stood)\b[^.;]{0,30}?"
    r"\b(?!(?:1[89]|20)\d\d\b)(?:\d{1,3}(?:,\d{3})+|\d{2,})"
    r"(?=\s*(?:[.,;]|$|(?:by|on|in|at|as of)\b))",
    re.IGNORECASE,
)
"""A count without its noun: "It had confirmed 7,105 by May"."""
_NEAR: Final = 400
_NOUNS: Final = {"killed": "dead", "wounded": "injured", "missing": "missing"}
_COUNT = re.compile(
    r"^(?:(?:(?:on|by|in) [\w ]{3,20},? )?(?:the|its|that|this)\b[^.;:]{0,40}?\b"
    r"(?:count|toll|tally|figure|total)\b[^.;:,]{0,30}? "
    r"(?:was|is|is now|stood at|stands at|been|at|reached|to)"
    r"|(?:[\w ]{3,24},? )?it (?:had been|had confirmed|was|stood at)) "
    r"\d{1,3}(?:,\d{3})*(?![\d,.%]*[\d%])(?=\.| (?:by|on|in|at|as of)\b)",
    re.IGNORECASE,
)
"""A count whose noun stands in the sentence before: "The agency's figure on Monday was 78"."""
_WERE = re.compile(
    r"(?:\d+|[A-Z][a-z]+(?:-[a-z]+)?) (?:were|are) (?:women|men|children|boys|girls|minors"
    r"|civilians|under \d+|over the age|aged)\b"
)
_OTHER_COUNT = re.compile(
    r"cases|infect|patients|crowns|dollars|euros|rescued|vot|house|home", re.IGNORECASE
)
_SAYING: Final = SAYS | words_for("saying")
_PRONOUN = re.compile(r"(?:.*\s)?(?:he|she|they|it)|statement|report|this|source", re.IGNORECASE)
_OURS = re.compile(r"\b(?:we|our|I)\b")
_APPOSED = re.compile(r",\s+(?:an?|the|which|who|its|\w+ing)\s.*")
_LEADS = re.compile(
    r"^(?:according to(?: (?:an?|the) (?:\w+ ){1,3}(?:by|from)(?= ))?|as|estimated by|counted by"
    r"|reported by|says|said|the|an?|its|their|our|his|her)\s+",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:so|just|in|at|on|by|from|seen|identified|as|initial|early|context|used|made|spring|summer"
    r"|winter|autumn|(?:earth)?quake|flood|cyclone|storm|typhoon|hurricane)\b",
    re.IGNORECASE,
)
"""Words that begin no name of a source: "so far admitted", "identified by DNA"."""
_TAIL = re.compile(
    r"\s+(?:last|first|now|later|then|still|itself|alone)$"
    r"|['\u2019]s?(?: \w+)? (?:count|figure|toll|tally|list|update|estimate|official)s?$",
    re.IGNORECASE,
)
""" "The ministry last gave", "the agency's first count": who it was, without the rest."""


@dataclass(frozen=True, slots=True)
class Mention(Shown):
    """One figure of an article.

    Attributes
    ----------
    reading : Reading
        What its sentence says; the positions are those within the sentence.
    sentence : str
        The sentence, as it stands in the text of the article.
    start, end : int
        Characters of that text that hold the figure with its hedge.
    source : str or None
        Who is quoted: in the sentence, or the one named before where it says "he" or "they".
    doubt : str
        Why the figure is not to be used as it stands, with its candidates; empty if it may be.
    """

    reading: Reading
    sentence: str
    start: int
    end: int
    source: str | None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Refused(Shown):
    """A sentence with a number that could not be read, and why."""

    sentence: str
    start: int
    reason: str


@dataclass(frozen=True, slots=True)
class Article(Shown):
    """An article and its figures.

    Attributes
    ----------
    page : Page
        Its text, title and day of publication, as far as it states them.
    mentions : tuple of Mention
        In order of appearance.
    refused : tuple of Refused
        Sentences that hold numbers and could not be read.
    """

    _parts = "mentions"

    page: Page
    mentions: tuple[Mention, ...]
    refused: tuple[Refused, ...]


def sentences_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a text with the places at which they begin.

    Examples
    --------
    >>> list(sentences_of("Gen. Ito spoke. 30 died."))
    [(0, 'Gen. Ito spoke.'), (16, '30 died.')]
    """
    begin = 0
    for match in [*_BREAK.finditer(text), None]:
        end = len(text) if match is None else match.start() + (text[match.start()] in ".!?")
        if match is not None and text[match.start()] == "." and _abbreviates(text, match.start()):
            continue
        stop = len(text) if match is None else match.end()
        closing = text[end:stop].rstrip()
        sentence = text[begin : end + len(closing)]
        lead = len(sentence) - len(sentence.lstrip())
        for piece in range(lead, len(sentence.rstrip()), LONGEST):
            yield begin + piece, sentence.rstrip()[piece : piece + LONGEST]
        begin = stop


def _abbreviates(text: str, dot: int) -> bool:
    """Return whether a full stop ends "Gen." or an initial rather than a sentence."""
    k = dot
    while k and text[k - 1].isalpha() and dot - k < 6:  # noqa: PLR2004  # longer than any of the list
        k -= 1
    word = text[k:dot]
    return (len(word) == 1 and word.isupper()) or word.lower() in ABBREVIATED


def read_words(text: str, *, lexicon: Lexicon | None = None) -> Article:
    """Read every figure of an article.

    Parameters
    ----------
    text : str
        Plain text, HTML or Markdown.
    lexicon : Lexicon, optional
        Rows in force; the shipped ones if absent.

    Returns
    -------
    Article

    Raises
    ------
    InputError
        If there is no text, or too much.

    Examples
    --------
    >>> article = read_words("The quake killed 30, police said. They fear that 12 are missing.")
    >>> [(m.reading.point, m.reading.category, m.source) for m in article.mentions]
    [(30.0, 'killed', 'police'), (12.0, 'missing', 'police')]
    """
    if len(text) > MOST:
        rule, got = f"an article must have at most {MOST:,} characters", f"{len(text):,} characters"
        raise InputError(rule, got=got, place="article", remedy="Give it in parts")
    page = page_of(text)
    mentions: list[Mention] = []
    refused: list[Refused] = []
    speaker: str | None = None
    for start, sentence in sentences_of(page.text):
        if not _may_hold_a_figure(sentence):
            speaker = name_of(speaker_of(sentence)) or speaker
            continue
        readings, reason = _readings(sentence, lexicon)
        if not any(reading.category for reading in readings):
            readings = _of_before(sentence, mentions[-1:], start) or readings
        if reason and not readings:
            refused.append(Refused(sentence, start, reason))
        for reading in readings:
            source = name_of(reading.hedged_by)
            if source is not None and _OURS.search(source):
                source = None  # "in our interim report we had verified": the paper itself
            elif source is not None and _PRONOUN.fullmatch(source):
                source = speaker
            speaker = source or speaker
            placed = replace(reading, text=sentence)
            begin, end = start + reading.start, start + reading.end
            mentions.append(Mention(placed, sentence, begin, end, source, _doubt(placed)))
    return Article(page, tuple(mentions), tuple(refused))


def _readings(sentence: str, lexicon: Lexicon | None) -> tuple[tuple[Reading, ...], str]:
    """Return the figures of a sentence, and why it has none where it should."""
    reason = "a count of whom? What it counts stands in another sentence"
    try:
        return parse(sentence, lexicon=lexicon), reason if _BARE.search(sentence) else ""
    except InputError as error:
        if "must hold a figure" in str(error):
            return (), reason if _BARE.search(sentence) else ""
        return (), clip(str(error), 200)


def _of_before(sentence: str, before: list[Mention], start: int) -> tuple[Reading, ...]:
    """Return the figures of a sentence whose noun stands in the one before it.

    "The count had stood at 55 on Sunday", "Nine were children": those who were counted just now.
    """
    near = before and start - before[0].end < _NEAR and not before[0].doubt
    noun = _NOUNS.get(before[0].reading.category or "") if near else None
    if noun is None or _OTHER_COUNT.search(sentence):
        return ()
    if counted := _COUNT.search(sentence):
        words, shift = f"{sentence[: counted.end()]} {noun}{sentence[counted.end() :]}", 0
    elif _WERE.match(sentence):
        lead = f"Of the {noun}, "
        words, shift = lead + sentence[0].lower() + sentence[1:], len(lead)
    else:
        return ()
    try:
        readings = parse(words)
    except InputError:
        return ()
    end = len(sentence) if shift else counted.end() if counted else 0
    readings = tuple(_standing(one) if counted else one for one in readings)
    return tuple(
        replace(one, start=one.start - shift, end=min(one.end - shift, end), reached="neighbour")
        for one in readings
        if one.category and 0 <= one.start - shift < end
    )


def _standing(reading: Reading) -> Reading:
    """Return a count of one day as the total that stood then."""
    day = (reading.window or "").removeprefix("on ")
    single = reading.kind == "increment" and day != reading.window and reading.window
    return replace(reading, kind="level", as_of=day, window=None) if single else reading


def _may_hold_a_figure(sentence: str) -> bool:
    if _DIGIT.search(sentence):
        return True
    return any(word.lower() in _NUMBERS for word in _WORD.findall(sentence))


def name_of(words: str | None) -> str | None:
    """Return the name in an attribution: "the UK Ministry of Defence estimated" without its verb.

    Examples
    --------
    >>> name_of("according to the health ministry"), name_of("Mediazona, an outlet, has confirmed")
    ('health ministry', 'Mediazona')
    """
    if words is None:
        return None
    parts = words.split()
    while parts and parts[-1].lower().strip(",") in _SAYING:
        parts.pop()
    name = _APPOSED.sub("", " ".join(parts))
    while (short := _TAIL.sub("", _LEADS.sub("", name))) != name:
        name = short
    name = name.strip(" ,;:.\"'")
    return None if not name or _NO_NAME.match(name) else name


def _doubt(reading: Reading) -> str:
    """Return why a figure may not be used as it stands, or nothing."""
    if reading.ambiguous:
        return " or ".join(reading.ambiguous)
    if reading.standing != "stated":
        return f"the words make it {reading.standing}"
    if reading.unit == "persons" and reading.category is None:
        return "the words do not say what befell them: killed, wounded, missing or captured?"
    if reading.unit == "persons" and reading.category is not None and " and " in reading.category:
        return f"a sum of {reading.category}"
    return ""
