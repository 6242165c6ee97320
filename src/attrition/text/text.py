"""Cleaning a quotation and cutting it into words, numbers and signs."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from attrition.core.errors import clip, refusal


def listed(words: str) -> list[str]:
    """Return the words of a table that is written as running text."""
    return words.split()


LONGEST: Final = 10_000
"""Characters that one quotation may have."""

_OVERRIDES: Final = "\u202d\u202e"
_SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
_SWAPS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (
        re.compile(r"&#?[0-9A-Za-z]{1,31};"),
        lambda match: "".join(filter(_is_seen, _usual(html.unescape(match[0])))),
    ),
    (
        re.compile(r"(?<=10)[⁰¹²³⁴-⁹]{1,2}"),
        lambda match: f"^{unicodedata.normalize('NFKC', match[0])}",
    ),
    (re.compile(r"(\d) ?[x×·*] ?10\^(\d{1,2})\b"), lambda match: f"{match[1]}e{match[2]}"),
    (re.compile(r"\b10\^(\d{1,2})\b"), lambda match: f"1e{match[1]}"),
    (
        re.compile(r" ?\((?:low|high|min|max|lower|upper)(?: estimate)?\)", re.IGNORECASE),
        lambda _: "",
    ),
    (
        re.compile(
            r",? plus[- ]or[- ]minus |,? ?\+/- ?|,? give or take (?:about |some )?(?=\d)",
            re.IGNORECASE,
        ),
        lambda _: " ± ",
    ),
    (
        re.compile(r"(\bfrom [0-9][0-9,. ]{0,20})up to (?=[0-9])", re.IGNORECASE),
        lambda match: f"{match[1]}to ",
    ),
    (
        re.compile(r"(?<=\S)\[(?:\d{1,3}|[a-z]|(?:note|nb|fn|n|ref) \d{1,2}|citation needed)\]"),
        lambda _: "",
    ),
    (
        re.compile(r"(?<=\d )(civ|mil)\b\.?(?=[^()]{0,12}\b(?:civ|mil)\b|[^()]{0,3}\))"),
        lambda match: "civilians" if match[1] == "civ" else "soldiers",
    ),
    (re.compile(r"-and-a-(?=half|quarter)"), lambda _: " and a "),
    (re.compile(r"\bU\.(?:S|K|N)\."), lambda match: match[0].replace(".", "")),
)
"""What is written otherwise before the text is cut into tokens, each with what it becomes."""

_MINUS = re.compile(r"\bminus [0-9][0-9,.]*+(?! ?(?:°|[CF]\b|degrees?\b|celsius\b))", re.IGNORECASE)
_SPACE = re.compile(f"[{_SPACES}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SIGNS: Final = str.maketrans("’‘ʼ“”٬٫％，＋．…⁄", "'''\"\",.%,+../")
_TRANSLATION: Final = _DASHES | _SIGNS

_TOKEN = re.compile(
    r"""
    (?P<d>\d{4}[-/]\d{2}[-/]\d{2}(?!\d)|\d{1,2}[./]\d{1,2}[./]\d{4}(?!\d)
        |(?<![\d.,/])\d{2}[./]\d{2}[./]\d{2}(?![\d.,/]*\d))
    |(?P<c>\d{1,2}:\d{1,2}(?!\d)|[0-3]?\d\.[01]\d\.(?=:))
    |(?P<n>(?<![^\W\d_]-)\d{1,3}(?:[ ]\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?
        |\d+(?:\.\d+)?[eE]\+?\d+(?![^\W_])
        |\d+(?:[.,']\d+)*
        |(?<![\w.,])\.\d+)
      (?P<x>[^\W\d_]+)?
    |(?P<w>[^\W\d_]+(?:'[^\W\d_]+)*)
    |(?P<s>[^\w\s]|_)
    """,
    re.VERBOSE,
)
_MONTHS: Final = frozenset(listed("jan feb mar apr may jun jul aug sep oct nov dec"))
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[^\w\s]")


@dataclass(slots=True)
class Tokens:
    """A quotation cut up; all lists run in parallel.

    Attributes
    ----------
    text : str
        The cleaned quotation.
    low : list of str
        Each token in lower case, without a possessive ending.
    kind : list of str
        "w" word, "n" number, "s" sign, "d" date, "c" clock or ratio.
    suffix : list of str
        Letters that touch a number: the "k" of "950k".
    start, end : list of int
        Where each token stands in `text`.
    used : list of bool
        Tokens that belong to a date, a window or a speaker.
    words : set of str
        All that stand in `low`, once they are asked for.
    """

    text: str
    low: list[str]
    kind: list[str]
    suffix: list[str]
    start: list[int]
    end: list[int]
    used: list[bool]
    words: set[str] = field(default_factory=set)

    def add(self, low: str, kind: str, suffix: str, start: int, end: int) -> None:
        """Append a token."""
        self.low.append(low)
        self.kind.append(kind)
        self.suffix.append(suffix)
        self.start.append(start)
        self.end.append(end)
        self.used.append(False)

    def use(self, first: int, last: int) -> None:
        """Mark the tokens from one to another, both included, as belonging to something."""
        for k in range(first, last + 1):
            self.used[k] = True

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.low)

    def at(self, index: int) -> str:
        """Return the token at a place in lower case, or nothing beyond the ends."""
        return self.low[index] if 0 <= index < len(self.low) else ""

    def raw(self, first: int, last: int) -> str:
        """Return the text from one token to another, both included."""
        return self.text[self.start[first] : self.end[last]]

    def is_name(self, index: int) -> bool:
        """Return whether a token begins with a capital."""
        return self.text[self.start[index]].isupper()

    def touches(self, index: int) -> bool:
        """Return whether no space stands between a token and the one before it."""
        return 0 < index < len(self.low) and self.end[index - 1] == self.start[index]

    def is_number(self, index: int) -> bool:
        """Return whether a token is a free number in digits."""
        return 0 <= index < len(self.low) and self.kind[index] == "n" and not self.used[index]


def words_of(phrase: str) -> tuple[str, ...]:
    """Cut a phrase of the lexicon as quotations are cut.

    Examples
    --------
    >>> words_of("ca.")
    ('ca', '.')
    """
    return tuple(_WORD.findall(phrase.casefold().replace("’", "'")))


def clean(text: str) -> tuple[str, list[int] | None]:
    r"""Return a quotation with one kind of space, dash and apostrophe, and no invisible marks.

    Returns
    -------
    cleaned : str
    places : list of int or None
        Where each of its characters, and its end, stood in `text`; None where none has moved.

    Raises
    ------
    InputError
        If it is not text, is empty or too long, or holds characters that hide or reorder others.

    Examples
    --------
    >>> clean("60–100k\u200f dead")
    ('60-100k dead', [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13])
    """
    if not isinstance(text, str):
        raise refusal("phrase as text", clip(text), "phrase")
    if len(text) > LONGEST:
        raise refusal("length of a phrase", f"{len(text):,} characters", "phrase", most=LONGEST)
    if any(mark in text for mark in _OVERRIDES):
        raise refusal("order of a phrase", "a right-to-left or left-to-right override", "phrase")
    if match := _CONTROL.search(text):
        place = f"phrase, character {match.start() + 1}"
        raise refusal("control characters", clip(match.group()), place)
    out, places = text, None
    if not text.isascii():
        out = _usual(text)
        kept = [k for k, c in enumerate(out) if c.isascii() or _is_seen(c)]
        if len(kept) < len(out):
            out, places = "".join(out[k] for k in kept), [*kept, len(out)]
    for pattern, swap in _SWAPS:
        out, places = _swapped(out, places, pattern, swap)
    if (negative := _MINUS.search(out)) is not None and "temperature" not in out.lower():
        raise refusal("no negative figure", clip(negative[0]), "phrase")
    if not out.strip():
        raise refusal("words of a phrase", clip(text), "phrase")
    return out, places


def _usual(text: str) -> str:
    """Return a text with one kind of space, dash, apostrophe and decimal sign."""
    return _SPACE.sub(" ", text.translate(_TRANSLATION))


def _is_seen(c: str) -> bool:
    """Return whether a character stands for something: no mark, no format sign, no surrogate."""
    if c.isprintable() and c not in "\ufe0e\ufe0f\u20e3":
        return True
    return unicodedata.category(c) not in {"Cf", "Mn", "Me", "Co", "Cn", "Cs"}


def _swapped(
    text: str,
    places: list[int] | None,
    pattern: re.Pattern[str],
    swap: Callable[[re.Match[str]], str],
) -> tuple[str, list[int] | None]:
    """Replace what a pattern matches, and keep the place of every character."""
    if (match := pattern.search(text)) is None:
        return text, places
    before = list(range(len(text) + 1)) if places is None else places
    parts: list[str] = []
    moved: list[int] = []
    last = 0
    while match is not None:
        new = swap(match)
        parts += [text[last : match.start()], new]
        moved += before[last : match.start()]
        moved += [before[match.start()]] * len(new)
        last = match.end()
        match = pattern.search(text, max(last, match.start() + 1))
    return "".join([*parts, text[last:]]), [*moved, *before[last:]]


def tokenise(text: str) -> Tokens:
    """Cut a cleaned quotation into tokens."""
    tokens = Tokens(text, [], [], [], [], [], [])
    for match in _TOKEN.finditer(text):
        group = match.lastgroup or "s"
        token = match.group()
        letters, begin = "", match.start()
        if group == "x":
            group, letters, token = "n", match["x"], match["n"]
        elif group == "w":
            token = token.lower().removesuffix("'s")
        if group == "n" and " " in token and tokens.low and tokens.low[-1][:3] in _MONTHS:
            day, _, token = token.partition(" ")
            tokens.add(day, "n", "", begin, begin + len(day))
            begin += len(day) + 1
        tokens.add(token, group, letters, begin, match.end())
    return tokens
