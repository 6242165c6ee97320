"""Nobody: "no casualties", "no one was killed", "not one soldier died"."""

from __future__ import annotations

from typing import Final

from attrition.text.found import Number
from attrition.text.text import Tokens, listed
from attrition.text.vocabulary import CATEGORY, PERSONS

_NONE: Final = frozenset(listed("no nobody none"))
_ADJECTIVES: Final = frozenset(
    listed("""
        civilian military immediate new further other additional combat serious human
        reported more
    """)
)
_NOT_COUNTED: Final = frozenset(
    listed("""
        hurt loss lost lose losses missing captured displaced refugees
    """)
)
_BE: Final = frozenset(listed("was were is has have been had of them the"))
_WINDOW: Final = 6


def zero_at(  # noqa: C901  # a phrase is walked word by word
    tokens: Tokens, i: int
) -> Number | None:
    """Return the number nought that the words at a token say, or nothing."""
    word, j = tokens.low[i], i + 1
    if word == "not" and tokens.at(i + 1) == "one":
        word, j = "no", i + 2
        if tokens.at(j) == "of":
            word = "none"
    elif word == "no" and tokens.at(i + 1) == "one":
        word, j = "nobody", i + 2
    if word not in _NONE or tokens.used[i]:
        return None
    if word == "no":
        while tokens.at(j) in _ADJECTIVES:
            j += 1
        noun = tokens.at(j)
        if noun in CATEGORY and noun not in _NOT_COUNTED and tokens.at(i - 1) not in {"or", "and"}:
            return Number(i, j - 1, 0.0, digits=False)
        if noun not in PERSONS:
            return None
    last = j - 1
    for k in range(j, min(j + _WINDOW, len(tokens))):
        verb = tokens.low[k]
        if verb in CATEGORY and verb not in _NOT_COUNTED - {"hurt", "missing", "captured"}:
            return Number(i, last, 0.0, digits=False)
        if verb not in _BE and verb not in PERSONS:
            return None
    return None


def both_at(tokens: Tokens, i: int) -> Number | None:
    """Return the number two of "both pilots died", or nothing."""
    j = i + 2 if tokens.at(i + 1) in {"the", "of", "its"} else i + 1
    if tokens.low[i] != "both" or tokens.at(j) not in PERSONS or tokens.at(j) in CATEGORY:
        return None
    return Number(i, i, 2.0, digits=False)
