"""Which number a word of a category belongs to: the one it leads, or the one it follows."""

from __future__ import annotations

from attrition.text.dates import year_at
from attrition.text.patterns import beside
from attrition.text.rules import fits_one
from attrition.text.spelled import SMALL, STARTS
from attrition.text.text import Tokens
from attrition.text.vocabulary import CATEGORY, WORDS


def leads_next(tokens: Tokens, k: int) -> bool:
    """Return whether a word of a category is that of the number after it.

    So it is in "which killed 14", ", and wounded 17", "the deaths of 43 students", "and injuries
    to 9" and "15 rebels killed 3 soldiers"; in "17 killed 30 wounded" and "17 were killed" it is
    not.
    """
    word, before = tokens.low[k], tokens.at(k - 1)
    if word not in CATEGORY or tokens.used[k]:
        return False
    if word == "dead" and before == "shot":  # "two gunmen shot dead 23 worshippers"
        return begins(tokens, k, 1) and tokens.at(k - 2) not in WORDS.context_passive
    if (tokens.at(k + 1) == "of" and before != "of") or beside(tokens, k, k, "and|, # to"):
        return begins(tokens, k + 1, 1) and not year_at(tokens, k + 2)
    leads = begins(tokens, k, 1) or beside(tokens, k, k, "and|or # a|an")
    if word not in WORDS.acting or not leads:  # "killed two, one of them a nurse, and hurt a girl"
        return False
    if before in WORDS.joins:
        return True
    counted = tokens.is_number(k - 1) or before in SMALL
    return before not in WORDS.context_passive | {"+"} and not counted


def labels(tokens: Tokens, k: int) -> bool:
    """Return whether a word is the label of the number after it: "Killed: 12", "dead=17"."""
    if tokens.low[k] not in CATEGORY and tokens.low[k] != "fatal":
        return False
    j = k + 1
    while tokens.at(j) in {":", "=", ".", "-", "|"}:
        j += 1
    signs = tokens.low[k + 1 : j]
    if {":", "="} & set(signs):
        while tokens.at(j) in WORDS.context_openers or tokens.at(j) in WORDS.bounding | {"<"}:
            j += 1  # "Injured: >400"
    if not signs and fits_one("table_label", tokens, k, k):
        return tokens.is_number(k + 1)  # "KIA 214 / WIA 655"
    if beside(tokens, k, k, "; # ; <number>"):  # "; killed; 31,112; injured; 72,760"
        return True
    if signs == ["-"] and not tokens.touches(k + 1):  # "- Killed - 41 - Injured - 92"
        return tokens.is_number(j) and beside(tokens, k, k, "$|-|;|,|<bar> #")
    return tokens.is_number(j) and (bool({":", "="} & set(signs)) or len(signs) > 1)


def proves_fatal(tokens: Tokens, k: int) -> bool:
    """Return whether the words after a token say that cases ended in death: "were fatal"."""
    fatal = {"fatal", "mortal"} & set(tokens.low[k : k + 9])
    return bool(fatal) and beside(tokens, k, k, "# <word>|<number>..6 <proving> fatal|mortal")


def begins(tokens: Tokens, j: int, step: int) -> bool:
    """Return whether a word opens the next figure: "to their deaths and injured 30"."""
    if step < 0:
        return False
    k = j + 1
    while tokens.at(k) in WORDS.context_openers:
        k += 1
    return k < len(tokens) and (tokens.kind[k] == "n" or tokens.at(k) in STARTS - {"a", "an"})
