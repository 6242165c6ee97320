"""Numbers that are no casualties: ages, names, calibres, the rescued, as rows of data."""

from __future__ import annotations

from functools import cache
from typing import Final, TypeAlias

from attrition.text.elements import Number
from attrition.text.patterns import beside
from attrition.text.rules import fits_one
from attrition.text.spelled import SMALL
from attrition.text.text import Tokens, words_of
from attrition.text.vocabulary import CATEGORY, WORDS, table_of

_NEAR: Final = 5
_ALIVE: Final = 7
_HARMED: Final = frozenset({"killed", "wounded", "missing", "casualties"})
_NOTES: Final = 99
_PAIR: Final = 2


_Phrases: TypeAlias = dict[str, list[tuple[str, ...]]]


@cache
def _cues() -> tuple[_Phrases, _Phrases, frozenset[str], frozenset[str]]:
    """Return the phrases of ``asides.toml`` by the word next to the number, and single words."""
    rows = table_of("asides.toml")["aside"]
    before: _Phrases = {}
    after: _Phrases = {}
    for side, index, end in (("before", before, -1), ("after", after, 0)):
        for phrase in (words_of(phrase) for row in rows for phrase in row[side]):
            index.setdefault(phrase[end], []).append(phrase)
    near, doing = (
        frozenset(word for row in rows for word in row[key]) for key in ("near", "doing")
    )
    return before, after, near, doing


def none_of(tokens: Tokens, first: int) -> bool:
    """Return whether a number is one of whom nobody did something: "none of the 67 survived"."""
    return beside(tokens, first, first, "none|neither|any of the|its #")


def is_aside(tokens: Tokens, number: Number) -> bool:
    """Return whether a number counts no casualties, by ``asides.toml`` and ``rules.toml``."""
    if _glued(tokens, number):
        return True
    if tokens.suffix[number.first] == "B" and _led(tokens, number.first):
        return True  # "apartment 3B"
    if number.scale == 1 and (_led(tokens, number.first) or _followed(tokens, number)):
        return True
    return (
        fits_one("aside", tokens, number.first, number.last, number)
        or _of_a_sex(tokens, number)
        or _ages(tokens, number)
        or _numbers_a_line(tokens, number)
        or _named_age(tokens, number)
        or _lived(tokens, number)
    )


def _of_a_sex(tokens: Tokens, number: Number) -> bool:
    """Return whether a number counts men or women by a letter: "(4 M, 2 F)"."""
    k = number.last if tokens.low[number.last] == "m" else number.last + 1
    return {"m", "f"} in ({tokens.at(k), tokens.at(k + 3)}, {tokens.at(k), tokens.at(k - 3)})


def _numbers_a_line(tokens: Tokens, number: Number) -> bool:
    """Return whether a number counts the points of a list: "1. Turkey 50,783 dead; 2. Syria"."""
    first = number.first
    sign = tokens.at(number.last + 1)
    if sign in {".", "/"} and tokens.low[:2] == ["1", sign] != tokens.low[-2:]:
        return tokens.at(first - 1) in {"", ";"}
    note = beside(tokens, first, number.last, "<word>|-<category> ( # )")  # "losses(12)"
    note = note and tokens.touches(first - 1) and tokens.touches(first)
    return number.digits and note and number.value <= _NOTES


def _named_age(tokens: Tokens, number: Number) -> bool:
    """Return whether a number is the age of a name: "Mariam, 9, was", "Nahel M., 17,"."""
    first = number.first
    if not fits_one("age of a name", tokens, first, number.last, number):
        return False
    dot = tokens.at(first - 2) == "."
    return tokens.is_name(first - 3 if dot else first - 2) and (
        not dot or len(tokens.at(first - 3)) == 1
    )


def _ages(tokens: Tokens, number: Number) -> bool:
    """Return whether a number is one of as many ages as people: "three boys, 4, 7 and 11,"."""
    start = number.first
    while tokens.at(start - 1) in {",", "and"} and start > 1:
        start -= 2 if tokens.is_number(start - 2) else 1
    ages, k = 0, start + 1
    while tokens.is_number(k) or tokens.at(k) in {",", "and"}:
        ages, k = ages + tokens.is_number(k), k + 1
    counted = SMALL.get(tokens.at(start - 2), 0) or SMALL.get(tokens.at(start - 3), 0)
    return ages >= _PAIR and counted == ages and tokens.at(start - 1) in WORDS.persons


def _led(tokens: Tokens, first: int) -> bool:  # one return for each kind of name
    """Return whether the words directly before a number make it a name or an age."""
    before = tokens.at(first - 1)
    if before in {"to", "-", "of", "and", ","} and tokens.is_number(first - 2):
        if before == "," and tokens.at(first + 1) not in {"and", ","}:
            return False  # "in week 14, 22 deaths"
        counted = before in {"and", ","} and tokens.at(first + 1) in WORDS.plain
        return not counted and _led(tokens, first - 2)  # "page 12 of 30"
    if fits_one("led", tokens, first, first):
        return True
    aged = (
        before == "of"
        and tokens.at(first - 2) in WORDS.plain
        and tokens.at(first - 2).endswith("s")
    )
    if aged and len(tokens.at(first)) == len("60") and tokens.at(first + 1) not in WORDS.counted:
        return True
    if fits_one("name", tokens, first, first) and tokens.is_name(first - 1):
        return not tokens.used[first - 1]  # "Engine 54"
    phrases = _cues()[0].get(before, ())
    if tokens.at(first + 1) in WORDS.plain:
        # "across the district 101 people", but "Grade 5 pupils"
        least = 1 if before in {"grade", "year"} and tokens.is_name(first - 1) else 2
        phrases = [words for words in phrases if len(words) >= least]
    hit = any(tuple(tokens.low[max(first - len(words), 0) : first]) == words for words in phrases)
    if before == "of" and beside(tokens, first, first, "# <plain>* was|were been? <members>"):
        hit = False  # "the garrison of 300 was massacred"
    about = before in WORDS.nearly and tokens.at(first - 2) == "of"
    return hit or (about and _led(tokens, first - 1))  # "a crowd of about 10,000"


def _followed(tokens: Tokens, number: Number) -> bool:
    """Return whether the words directly after a number make it a measure, a strength or a part."""
    k = number.last + 1
    phrases = _cues()[1].get(tokens.at(k), ())
    return any(tuple(tokens.low[k : k + len(words)]) == words for words in phrases)


def _lived(tokens: Tokens, number: Number) -> bool:
    """Return whether the next words say that these people lived, and none that they did not."""
    near: list[str] = []
    crossed, start = False, number.last
    verb = tokens.at(number.first - 1)  # "captured three alive"
    taken = verb in {"took", "taking"} or CATEGORY.get(verb) == "captured"
    taken = taken or fits_one("recovered_dead", tokens, number.first, number.last)
    if taken or none_of(tokens, number.first):
        return False
    dashed = tokens.at(number.first - 1) == "-" and not tokens.touches(number.first - 1)
    led = number.first - 2 if tokens.at(number.first - 1) == ":" or dashed else number.first - 1
    while tokens.at(led) in WORDS.before_a_number:
        led -= 1  # "rescuing around 40 others"
    _, _, alive, doing = _cues()
    cell = beside(tokens, led, number.last, ",|;|<bar>|) # ,|;|<bar>|)|(|.|$")
    if tokens.at(led) in alive and (cell or led < number.first - 1):
        return True  # "Survivors: 172", "deaths 29, recovered 30"
    lived = tokens.at(led) in doing
    for k in range(number.last + 1, min(number.last + 1 + _ALIVE, len(tokens))):
        if beside(tokens, k, k, "<number> -|/ # <number>", "# <small> found"):
            break  # "Missing 57 - Displaced 21,000", "missing: 2 (one found alive)"
        whole = tokens.kind[k] == "n" and tokens.low[k - 1] in {"of", "the"} and k < number.last + 4
        if tokens.low[k] in WORDS.life_stops or (tokens.kind[k] == "n" and not whole):
            break
        crossed, start = crossed or whole, k if whole else start  # "nine of the 17 were rescued"
        if crossed and tokens.low[k - 1] not in WORDS.passives and tokens.low[k] != "survived":
            continue  # "2,280 of the 3,470 infected"
        if k > start + _NEAR:
            lived = lived or tokens.low[k] == "alive"
            continue
        near.append(tokens.low[k])
        adjective = tokens.at(k + 1) in WORDS.plain
        lived = lived or (tokens.low[k] in alive and not adjective)
    harmed = verb in WORDS.acting and not taken  # "killed 40 in shelters"
    return (lived and not harmed) and not any(
        CATEGORY.get(word) in _HARMED and before != "to"
        for before, word in zip(["", *near], near, strict=False)
    )


def _glued(tokens: Tokens, number: Number) -> bool:
    """Return whether a number is part of a name such as "MH17" or "M1A1"."""
    first = number.first
    if tokens.at(first - 1) == "-" and tokens.touches(first) and tokens.touches(first - 2):
        first -= 2  # "A320-232"
    joined = tokens.touches(first) and number.digits
    return joined and (tokens.kind[first - 1] == "w" or bool(tokens.suffix[first - 1]))
