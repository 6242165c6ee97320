"""Nobody: "no casualties", "no one was killed", "not one soldier died"."""

from __future__ import annotations

from typing import Final

from attrition.text.elements import Number
from attrition.text.patterns import beside
from attrition.text.text import Tokens
from attrition.text.vocabulary import CATEGORY, DEMONYM, MEMBERS, WORDS

_WINDOW: Final = 6


def zero_at(tokens: Tokens, i: int) -> Number | None:
    """Return the number nought that the words at a token say, or nothing."""
    word, j = _negation(tokens, i)
    if word not in WORDS.nobody or tokens.used[i]:
        return None
    if word == "none" and _after_harm(tokens, i):
        return Number(i, i, 0.0, digits=False)
    if word == "no":
        while tokens.at(j) in WORDS.adjectives:
            j += 1
        noun, before = tokens.at(j), tokens.at(i - 1)
        lost = noun in {"loss", "losses"} and (
            before in WORDS.suffered or tokens.at(j + 1) in {"among", "on"}
        )
        counted = lost or (noun in CATEGORY and noun not in WORDS.not_counted)
        second = before in {"or", "and"} and "no" in tokens.low[max(i - _WINDOW, 0) : i]
        if counted and not second:  # "no deaths and no injuries"
            return Number(i, j - 1, 0.0, digits=False)
        if noun not in WORDS.persons and noun not in WORDS.person:
            return None
        if before in {"and", "but"} and any(w in CATEGORY for w in tokens.low[:i]):
            return Number(i, j - 1, 0.0, digits=False)  # "killed two fighters and no civilians"
    return Number(i, j - 1, 0.0, digits=False) if _harmed(tokens, j) else None


def _after_harm(tokens: Tokens, i: int) -> bool:
    """Return whether "none" ends a count: "missing: none", "four died in May and none in June"."""
    if beside(tokens, i, i, "<members>|losses|casualties !<ends>|:..8 : # <ends>|$"):
        return True
    before = tokens.low[max(i - 2 * _WINDOW, 0) : i]
    return any(CATEGORY.get(word) in MEMBERS for word in before) and beside(
        tokens, i, i, "and|but|:|, # in|on|at|from|since|after|$"
    )


def _negation(tokens: Tokens, i: int) -> tuple[str, int]:
    """Return "no", "nobody" or "none" for the words at a token, and the token after them."""
    if tokens.low[i] == "not" and tokens.at(i + 1) == "one":
        return ("none" if tokens.at(i + 2) == "of" else "no"), i + 2
    if tokens.low[i : i + 3] == ["not", "a", "single"]:
        return "no", i + 3
    if tokens.low[i] == "no" and tokens.at(i + 1) == "one":
        return "nobody", i + 2
    return tokens.low[i], i + 1


def _harmed(tokens: Tokens, j: int) -> bool:
    """Return whether the next words say what befell nobody: "was killed"."""
    for k in range(j, min(j + _WINDOW, len(tokens))):
        verb = tokens.low[k]
        if verb in CATEGORY and verb not in WORDS.not_befalling:
            return True
        if verb not in WORDS.zeros_be and verb not in WORDS.persons and verb not in WORDS.person:
            return False
    return False


def person_at(tokens: Tokens, i: int) -> Number | None:
    """Return the number one of "five soldiers and a child were killed", or nothing."""
    noun = i + 2 if tokens.at(i + 1) in DEMONYM else i + 1  # "and a French contractor"
    if tokens.low[i] not in {"a", "an"} or tokens.at(noun) not in WORDS.person:
        return None
    listed = tokens.at(i - 1) in {"and", ","} and tokens.at(i - 2) in WORDS.persons
    if beside(tokens, i, i, "one|1 <category> , #"):
        return None  # "one dead, a policeman"
    if not listed or "by" in tokens.low[max(i - 4, 0) : i]:
        return None  # "shot dead by a soldier and a civilian"
    near = range(noun + 1, noun + 1 + _WINDOW)
    harmed = any(tokens.at(k) in CATEGORY for k in near) or tokens.at(noun + 1) in {".", ""}
    return Number(i, i, 1.0, digits=False) if harmed else None


def both_at(tokens: Tokens, i: int) -> Number | None:
    """Return the number two of "both pilots died", or nothing."""
    j = i + 2 if tokens.at(i + 1) in {"the", "of", "its"} else i + 1
    if tokens.low[i] != "both" or tokens.at(j) not in WORDS.persons or tokens.at(j) in CATEGORY:
        return None
    return Number(i, i, 2.0, digits=False)
