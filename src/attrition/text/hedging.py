"""Which words hedge which figure, and which row of the lexicon they come to."""

from __future__ import annotations

from typing import Final

from attrition.text.found import Figure
from attrition.text.lexicon import Lexicon
from attrition.text.sides import DEMONYM
from attrition.text.text import Tokens, listed
from attrition.text.vocabulary import ABBREVIATED, CATEGORY, PERSONS, SCOPE

_FILLERS: Final = frozenset(
    listed("""
        a an the of at to be is are was were been being have has had as total totals totalling
        totaling number numbers figure figures toll by already now another additional further
        only even possibly perhaps could may might potentially lost killed suffered sustained
        taking losing between from somewhere anywhere anything stand stands stood staggering
        mere whopping or that what in currently reach reached reaching between from reported
        new
    """),
) | {"$", "€", "£", '"', "'", "("}
_FLOORS: Final = frozenset({"at-least"})
_CAPS: Final = frozenset({"at-most", "up-to"})
_BOUNDS: Final = (
    "at-least",
    "at-most",
    "up-to",
    "well-over",
    "just-over",
    "over",
    "nearly",
    "under",
    "better-part",
)
_LATER: Final = (
    "likely",
    "order-of-magnitude",
    "several",
    "few",
    "exactly",
    "around",
    "about",
    "unhedged-round",
)
_REACH: Final = 9
_NOUNS: Final = 4
_DENIED: Final = frozenset({"not", "nowhere", "never", "hardly"})


def ends_sentence(tokens: Tokens, k: int) -> bool:
    """Return whether a token closes a sentence."""
    word = tokens.low[k]
    if word in {"!", "?", ";"}:
        return True
    if word != ".":
        return False
    return not (
        k and tokens.low[k - 1] in ABBREVIATED and tokens.touches(k)
    ) and not tokens.touches(k + 1)


def _match(tokens: Tokens, s: int, words: tuple[str, ...]) -> bool:
    return tuple(tokens.low[s : s + len(words)]) == words


def find_before(tokens: Tokens, figure: Figure, limit: int, lexicon: Lexicon) -> list[str]:
    """Find the hedges before a figure, nearest first, and move its start over them.

    Parameters
    ----------
    tokens : Tokens
        The quotation.
    figure : Figure
        Its start moves; a denial or a multiple becomes one of its choices.
    limit : int
        First token that may belong to the figure.
    lexicon : Lexicon
        Rows in force.
    """
    number = figure.first
    found: list[tuple[int, int, str]] = []
    for s in range(number - 1, max(limit - 1, number - 1 - 2 * _REACH), -1):
        reach = min((hit[0] for hit in found), default=number)
        if reach - s > _REACH or ends_sentence(tokens, s):
            break
        for words, key in lexicon.before.get(tokens.low[s], ()):
            end = s + len(words)
            if end > number or not _match(tokens, s, words):
                continue
            outer = [hit for hit in found if hit[1] > end]
            start = min((hit[0] for hit in outer), default=number)
            if end <= start and all(tokens.low[k] in _FILLERS for k in range(end, start)):
                found = [*outer, (s, end, key)]
                break
    figure.first = min((hit[0] for hit in found), default=number)
    _deny(tokens, figure)
    return [key for _, _, key in found]


def _deny(tokens: Tokens, figure: Figure) -> None:
    """Note "not 950,000" and "twice as many as 10,000", which do not state the figure."""
    k = figure.first - 1
    if tokens.at(k) == "even":
        k -= 1
    word = tokens.at(k)
    said = tokens.raw(max(k, 0), figure.last)
    if (word in _DENIED or word.endswith("n't")) and tokens.at(k - 1) not in {
        "if",
        "whether",
        "or",
    }:
        figure.choices.append(f"the words deny the figure: {said!r}")
    elif word in {"twice", "times", "thrice", "half"} and figure.first < figure.numbers[0].first:
        figure.choices += [f"a multiple of the figure: {said!r}", "the figure itself"]


def find_after(tokens: Tokens, figure: Figure, limit: int, lexicon: Lexicon) -> list[str]:
    """Find the hedges after a figure or its noun, before a token that is another's."""
    found: list[str] = []
    k, nouns = figure.last + 1, 0
    while k < limit and nouns <= _NOUNS:
        word = tokens.low[k]
        if word == "+" and tokens.touches(k + 1) and tokens.is_number(k + 1):
            break
        for words, key in lexicon.after.get(word, ()):
            if (
                k + len(words) <= limit
                and _match(tokens, k, words)
                and not (word == "plus" and k + 1 == limit < len(tokens))
            ):
                found.append(key)
                if k == figure.last + 1:
                    figure.last += len(words)
                k += len(words) - 1
                break
        else:
            noun = word in PERSONS or word in CATEGORY or word in SCOPE or word in DEMONYM
            if not noun and word not in {
                "-",
                ",",
                "(",
                "of",
                "killed",
                "north",
                "korean",
                "and",
                "or",
                "have",
                "been",
                "were",
            }:
                break
            nouns += 1
        k += 1
    return found


def find_loose(tokens: Tokens, first: int, last: int, lexicon: Lexicon) -> list[str]:
    """Find the hedges that may stand anywhere in a clause."""
    found: list[str] = []
    index = lexicon.loose
    for k in range(first, last):
        entries = index.get(tokens.low[k])
        if entries:
            for words, key in entries:
                if k + len(words) <= last and _match(tokens, k, words):
                    if key != "at-least" or tokens.at(k + len(words)) != "that":
                        found.append(key)
                    break
    return found


def choose(figure: Figure, near: list[str], loose: list[str]) -> tuple[str, tuple[str, ...]]:
    """Return the row that governs a figure, and the other rows that were said.

    Bounds win over likelihoods and these over plain hedges; among equals the nearest wins.
    """
    said = [*near, *loose]
    if _FLOORS & set(near) and _CAPS & set(near):
        figure.choices += ["a floor", "a ceiling"]
    ranged = figure.low is not None and not figure.numbers[0].hedge
    chosen = ""
    bounds = [key for key in near if key in _BOUNDS] or [key for key in loose if key in _BOUNDS]
    if "at-least" in loose and bounds and bounds[0] in {"over", "well-over", "just-over"}:
        bounds = ["at-least"]
    if bounds:
        chosen = bounds[0]
        if chosen in {"over", "nearly", "under"} and set(bounds) & (_FLOORS | _CAPS):
            chosen = next(key for key in bounds if key in _FLOORS | _CAPS)
    elif ranged:
        chosen = "between"
    else:
        chosen = figure.numbers[0].hedge
        for key in _LATER:
            if not chosen and key in said:
                plain = [hit for hit in near if hit in {"around", "about"}]
                chosen = plain[0] if key in {"around", "about"} and plain else key
    return chosen, tuple(dict.fromkeys(key for key in said if key != chosen))
