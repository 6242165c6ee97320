"""Patterns over words: "<deeds> of about|some* #" is a number led by a noun of killing.

The sign "#" stands for a number or a figure; the pieces before and after it must stand directly
beside it, in order. A pattern without "#" may stand anywhere. A piece is one of

* words, parted by "|" ("of|from"): a word as it is; a class of `words.toml` in angles ("<deeds>");
  an ending ("~ed"); "<word>", letters only; "<number>", digits; "<sign>", neither; "$", the end
  of the text, or before the other pieces its beginning;
  with "-" before it what is left out of the others ("~ed|-<says>");
* the same with "!" before it: anything but these;
* the same with "?" after it (once or not at all), "*" (any number of times) or "..3" (up to three
  times); "..3" by itself is up to three tokens, whichever they are, commas not counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from attrition.text.text import Tokens
from attrition.text.vocabulary import words_for

_PIECE: Final = re.compile(r"(!?)(.+?)(\?|\*|\.\.(\d+))?")
_KINDS: Final[dict[str, Callable[[str], bool]]] = {
    "<word>": lambda word: word[:1].isalpha(),
    "<number>": lambda word: word[:1].isdigit(),
    "<sign>": lambda word: word != "#" and not word[:1].isalnum(),
}
_WORD: Final = re.compile(r"['’]s\b|[^\W_]+(?:[-.,'’](?!s\b)[^\W_]+)*|\S")
_MANY: Final = 99
_FEW: Final = 20
_COMMAS: Final = frozenset(",:;")


class _Choice:
    """Words, endings and kinds of token, as a pattern lists them."""

    def __init__(self, parts: list[str]) -> None:
        """Look up the classes."""
        named = [part for part in parts if part[0] == "<" and part not in _KINDS]
        words = {"" if part == "$" else part for part in parts}
        self.words = frozenset(words).union(*(words_for(part[1:-1]) for part in named))
        self.endings = tuple(part[1:] for part in parts if part[0] == "~" and len(part) > 1)
        self.kinds = tuple(_KINDS[part] for part in parts if part in _KINDS)

    def __contains__(self, word: str) -> bool:
        """Return whether a token is one of these."""
        return (
            word in self.words
            or (bool(self.endings) and word.endswith(self.endings))
            or any(kind(word) for kind in self.kinds)
        )


@dataclass(frozen=True, slots=True)
class _Piece:
    """Which tokens a piece allows or, after "!", does not allow; and how often."""

    words: _Choice | frozenset[str]
    but: _Choice | frozenset[str]
    other: bool
    least: int
    most: int
    any: bool = False

    def allows(self, word: str) -> bool:
        """Return whether a token is one of these."""
        return (word in self.words and word not in self.but) is not self.other


_Pieces = tuple[_Piece, ...]
_NOTHING: Final[frozenset[str]] = frozenset()


def _piece(text: str) -> _Piece:
    if text[:2] == ".." and text[2:].isdigit():
        return _Piece(_NOTHING, _NOTHING, other=True, least=0, most=int(text[2:]), any=True)
    match = _PIECE.fullmatch(text)
    other, body, often, count = match.groups() if match else ("", text, None, None)
    parts = [part for part in body.split("|") if part]
    without = [part[1:] for part in parts if part[0] == "-" and len(part) > 1]
    words = _Choice([part for part in parts if part[0] != "-" or len(part) == 1])
    plain = words if words.endings or words.kinds else words.words
    most = int(count) if count else {"*": _MANY}.get(often or "", 1)
    but = _Choice(without) if without else _NOTHING
    return _Piece(plain, but, bool(other), 0 if often else 1, most)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """The pieces on both sides, nearest first; and the words, if few, that must stand nearest.

    Of each of `needs` a word stands somewhere in the text, or the pattern does not.
    """

    before: _Pieces
    after: _Pieces
    led: frozenset[str] | None
    followed: frozenset[str] | None
    needs: tuple[frozenset[str], ...]


@cache
def _compiled(text: str) -> _Pattern:
    before, _, after = text.partition("#")
    left, right = tuple(map(_piece, reversed(before.split()))), tuple(map(_piece, after.split()))
    needs = tuple(filter(None, map(_needed, (*left, *right))))
    return _Pattern(left, right, _nearest(left), _nearest(right), needs)


def _needed(piece: _Piece) -> frozenset[str]:
    """Return the words of which one must stand, if these are few."""
    words = piece.words
    if not isinstance(words, frozenset) or piece.other or not piece.least:
        return _NOTHING
    return words if "" not in words and len(words) <= _FEW else _NOTHING


_Numbered = tuple[tuple[int, _Pattern], ...]


@cache
def _by_led(texts: tuple[str, ...]) -> tuple[dict[str, _Numbered], _Numbered]:
    """Return the patterns that may stand after each word, and those after any other."""
    patterns = tuple(enumerate(map(_compiled, texts)))
    words = frozenset[str]().union(*(one.led for _, one in patterns if one.led is not None))
    after = {
        word: tuple((i, one) for i, one in patterns if one.led is None or word in one.led)
        for word in words
    }
    return after, tuple((i, one) for i, one in patterns if one.led is None)


def _nearest(side: _Pieces) -> frozenset[str] | None:
    """Return the words of which one must stand next, where a side begins with listed words."""
    words: frozenset[str] = frozenset()
    for piece in side:
        if piece.other or not isinstance(piece.words, frozenset):
            return None
        words |= piece.words
        if piece.least:
            return words
    return None


def _end(low: Sequence[str], k: int, step: int, pieces: _Pieces) -> int | None:
    """Return where pieces end that stand from a token on, leftward or rightward, if they do."""
    size = len(low)
    for i, piece in enumerate(pieces):
        if piece.most == 1 == piece.least:
            if not piece.allows(low[k] if 0 <= k < size else ""):
                return None
            k += step
            continue
        rest, count = pieces[i + 1 :], 0
        while (end := _end(low, k, step, rest)) is None:
            if count == piece.most or not (0 <= k < size and piece.allows(low[k])):
                return None
            count += not (piece.any and low[k] in _COMMAS)
            k += step
        return end
    return k


def which(tokens: Tokens, first: int, last: int, patterns: tuple[str, ...]) -> int:
    """Return which of some patterns stands first around tokens, or -1."""
    low, follow, words = tokens.low, tokens.at(last + 1), tokens.words
    if not words:
        words.update(low)
    after, other = _by_led(patterns)
    for i, pattern in after.get(tokens.at(first - 1), other):
        if (
            (pattern.followed is None or follow in pattern.followed)
            and not any(map(words.isdisjoint, pattern.needs))
            and (not pattern.before or _end(low, first - 1, -1, pattern.before) is not None)
            and (not pattern.after or _end(low, last + 1, 1, pattern.after) is not None)
        ):
            return i
    return -1


def beside(tokens: Tokens, first: int, last: int, *patterns: str) -> bool:
    """Return whether one of some patterns stands around the tokens from one to another."""
    return which(tokens, first, last, patterns) >= 0


def fits(words: list[str], pattern: str) -> bool:
    """Return whether some words, all of them, are those of a pattern without "#"."""
    return _end(words, 0, 1, _compiled(f"# {pattern} $").after) is not None


@lru_cache(maxsize=256)
def _cut(text: str) -> tuple[list[str], list[tuple[int, int]], frozenset[str]]:
    """Return the words and signs of a text, where each stands, and which there are."""
    matches = [*_WORD.finditer(text)]
    low = [match[0].lower().replace("’", "'") for match in matches]
    return low, [match.span() for match in matches], frozenset(low)


def find(text: str, patterns: tuple[str, ...]) -> slice | None:
    """Return where in a text, with "#" for its figure, one of some patterns stands.

    Words are parted by spaces here: "pile-up" is one, and "agency's" is "agency" and "'s".

    Examples
    --------
    >>> find("Of the # dead, 12 were boys.", ("of the #", "were boys|girls"))
    slice(0, 8, None)
    """
    low, places, words = _cut(text)
    pointed, plain, other = _by_first(patterns)
    if pointed and "#" in words:
        k = low.index("#")
        for one in pointed:
            if any(map(words.isdisjoint, one.needs)):
                continue
            first = _end(low, k - 1, -1, one.before)
            last = None if first is None else _end(low, k + 1, 1, one.after)
            if first is not None and last is not None:
                return _place(places, first + 1, last - 1)
    if not other and plain.keys().isdisjoint(words) and "" not in plain:
        return None
    for k in range(-1, len(low)):
        for one in plain.get(low[k] if k >= 0 else "", other):
            if (end := _end(low, k, 1, one.after)) is not None:
                return _place(places, k, end - 1)
    return None


def _place(places: list[tuple[int, int]], first: int, last: int) -> slice:
    return slice(places[max(first, 0)][0], places[min(last, len(places) - 1)][1])


@cache
def _by_first(
    texts: tuple[str, ...],
) -> tuple[tuple[_Pattern, ...], dict[str, tuple[_Pattern, ...]], tuple[_Pattern, ...]]:
    """Return the patterns around a figure; of the others those that may begin with each word."""
    pointed = tuple(_compiled(text) for text in texts if "#" in text)
    plain = [_compiled(f"#{text}") for text in texts if "#" not in text]
    first = frozenset[str]().union(*(one.followed for one in plain if one.followed is not None))
    begun = {
        word: tuple(one for one in plain if one.followed is None or word in one.followed)
        for word in first
    }
    return pointed, begun, tuple(one for one in plain if one.followed is None)
