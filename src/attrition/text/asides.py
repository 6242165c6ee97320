"""Numbers that are no casualties: ages, names, calibres, the rescued, as rows of data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, TypeAlias

from attrition.text.elements import Number
from attrition.text.leading import OPENERS
from attrition.text.spelled import SMALL
from attrition.text.text import Tokens, words_of
from attrition.text.vocabulary import CATEGORY, NOUNS, PEOPLES, PERSON, PERSONS, PLAIN, words_for

NONE_OF_THE: Final = ["none", "of", "the"]
_NEAR: Final = 5
_ALIVE: Final = 7
_CLAUSE: Final = 10
_TOLL: Final = frozenset(
    {"toll", "total", "number", "count", "figure", "stood", "stands", "put", "estimated"}
)
_HARMED: Final = frozenset({"killed", "wounded", "missing", "casualties"})
_NOTES: Final = 99
_HOURS: Final = 24
_OLDEST: Final = 115
_PAIR: Final = 2
_PAIRS: Final = frozenset({"couple", "pair", "twins", "both"})
_FIGHTS: Final = words_for("asides_fights")
_HEDGES: Final = OPENERS - {":", "="}
_BEING: Final = frozenset({"were", "was", "are", "is", "been"})
_ABOUT: Final = frozenset({"about", "around", "some", "nearly", "almost", "roughly"})
_NAMES: Final = words_for("asides_names")
_THEM: Final = frozenset({"them", "whom", "those", "anyone", "everyone", "all"})
_SOMEBODY: Final = words_for("asides_somebody")
_WHOSE_AGE: Final = {"he", "she"} | PERSON | _SOMEBODY
_STOPS: Final = frozenset({",", ".", ";", ":", "and", "but", "when", "after", "while", "|"})


@dataclass(frozen=True, slots=True)
class _Aside:
    """One row of ``asides.toml``, its phrases cut into words."""

    before: tuple[tuple[str, ...], ...]
    after: tuple[tuple[str, ...], ...]
    near: frozenset[str]
    doing: frozenset[str]


@cache
def _rows() -> tuple[_Aside, ...]:
    text = resources.files("attrition.text").joinpath("asides.toml").read_text("utf-8")
    rows = []
    for entry in tomllib.loads(text)["aside"]:
        before, after = (tuple(map(words_of, entry[side])) for side in ("before", "after"))
        rows.append(_Aside(before, after, frozenset(entry["near"]), frozenset(entry["doing"])))
    return tuple(rows)


_Phrases: TypeAlias = dict[str, list[tuple[str, ...]]]


@cache
def _cues() -> tuple[_Phrases, _Phrases, frozenset[str]]:
    """Return the phrases by the word next to the number, so that most cost three look-ups."""
    before: _Phrases = {}
    after: _Phrases = {}
    for row in _rows():
        for phrase in row.before:
            before.setdefault(phrase[-1], []).append(phrase)
        for phrase in row.after:
            after.setdefault(phrase[0], []).append(phrase)
    return before, after, frozenset(word for row in _rows() for word in row.near)


def is_aside(tokens: Tokens, number: Number) -> bool:
    """Return whether a number counts no casualties, by the rows of ``asides.toml``."""
    if _glued(tokens, number):
        return True
    if tokens.suffix[number.first] == "B" and _led(tokens, number.first):
        return True  # "apartment 3B"
    if number.scale == 1 and (_led(tokens, number.first) or _followed(tokens, number)):
        return True
    if tokens.at(number.first - 1) == "at" and tokens.at(number.last + 1) == ":":
        return number.value <= _HOURS  # "news at 9: 14 dead"
    if any(rule(tokens, number) for rule in (_of_a_sex, _died_at, _ages, _oldest, _clashing)):
        return True
    return _numbers_a_line(tokens, number) or _age(tokens, number) or _lived(tokens, number)


def _died_at(tokens: Tokens, number: Number) -> bool:
    """Return whether somebody died at an age: "the painter died on Sunday at 91"."""
    bare = tokens.at(number.last + 1) in {"", ",", ".", ";"} and number.value <= _OLDEST
    if tokens.at(number.first - 1) != "at" or not bare:
        return False
    before = set(tokens.low[max(number.first - _CLAUSE, 0) : number.first - 1])
    return bool(before & {"died", "dies"}) and not before & _TOLL


def _clashing(tokens: Tokens, number: Number) -> bool:
    """Return whether a number counts one of two that fought: "clashes between 300 police and 2"."""
    before = tokens.low[max(number.first - _CLAUSE, 0) : number.first]
    if "between" not in before or before[-1] not in {"between", "and", "some", "about"}:
        return False
    led = before[: before.index("between")]
    return bool(led) and led[-1] in _FIGHTS and "," not in before[before.index("between") :]


def _of_a_sex(tokens: Tokens, number: Number) -> bool:
    """Return whether a number counts men or women by a letter: "(4 M, 2 F)"."""
    k = number.last if tokens.low[number.last] == "m" else number.last + 1
    return {"m", "f"} in ({tokens.at(k), tokens.at(k + 3)}, {tokens.at(k), tokens.at(k - 3)})


def _numbers_a_line(tokens: Tokens, number: Number) -> bool:
    """Return whether a number counts the points of a list: "1) 4 killed; 2) 9 wounded"."""
    if not number.digits:
        return False
    sign = tokens.at(number.last + 1)
    if sign in {".", "/"} and tokens.low[:2] == ["1", sign] != tokens.low[-2:]:
        return tokens.at(number.first - 1) in {"", ";"}  # "1. Turkey 50,783 dead; 2. Syria"
    if tokens.at(number.last + 1) != ")":
        return False
    opened = tokens.at(number.first - 1) == "(" and tokens.touches(number.first - 1)
    if opened and tokens.at(number.first - 2) not in CATEGORY and tokens.touches(number.first):
        return tokens.kind[number.first - 2] == "w" and number.value <= _NOTES  # "losses(12)"
    if tokens.at(number.first - 1) == "(":  # "UPDATE (4): 67 dead"
        return tokens.at(number.last + 2) == ":"
    return tokens.at(number.first - 1) in {"", ";", ".", "|", ","}


def _age(tokens: Tokens, number: Number) -> bool:
    """Return whether a number between commas is the age of whoever is named: "Mariam, 9, was"."""
    if not number.digits or number.value > _OLDEST:
        return False
    before, after = number.first - 1, number.last + 1
    if tokens.at(before) == "was" and tokens.at(before - 1) in _WHOSE_AGE:
        return tokens.at(after) not in PLAIN  # "he was 19 when", "the dead man was 41"
    if tokens.at(before) == "and" and tokens.is_number(before - 1):
        before -= 2  # "two men, 41 and 52,"
    elif tokens.at(after) == "and" and tokens.is_number(after + 1):
        after += 2
    named = before - 1
    if tokens.at(named) == "." and len(tokens.at(named - 1)) == 1:
        named -= 1  # "Nahel M., 17,"
    pair = before < number.first - 1 or after > number.last + 1
    ends = {",", ")", ".", ";"} if pair else {",", ")", ";"}
    if tokens.at(before) != "," or tokens.at(after) not in ends or named < 0:
        return False
    if tokens.kind[named] != "w" or tokens.low[named] in CATEGORY:
        return False
    if pair:
        pair = tokens.at(named - 1) in {"two", "2", ".", ""} and tokens.low[named] in PERSONS
        return pair or tokens.low[named] in _SOMEBODY  # "two cyclists, 16 and 17,"
    person = tokens.low[named] in PERSON | _SOMEBODY or tokens.text[tokens.start[named]].isupper()
    return person or tokens.at(named - 1) in {"the", "a", "an", "his", "her"}


def _oldest(tokens: Tokens, number: Number) -> bool:
    """Return whether a number is the age of the oldest or the youngest: "the oldest was 91"."""
    before = tokens.low[max(number.first - _CLAUSE, 0) : number.first]
    extreme = {"oldest", "youngest", "eldest"} & set(before)
    return bool(extreme) and before[-1] in {"was", "is", "only", "just"} and number.value <= _OLDEST


def _ages(tokens: Tokens, number: Number) -> bool:
    """Return whether a number is one of as many ages as people: "three boys, 4, 7 and 11,"."""
    start = number.first
    while tokens.at(start - 1) in {",", "and"} and start > 1:
        start -= 2 if tokens.is_number(start - 2) else 1
    noun = start - 1
    ages, k = 0, start + 1
    while tokens.is_number(k) or tokens.at(k) in {",", "and"}:
        ages, k = ages + tokens.is_number(k), k + 1
    if tokens.at(k - 1) == "and" or ages < _PAIR:
        return False
    counted = SMALL.get(tokens.at(noun - 1), 0) or SMALL.get(tokens.at(noun - 2), 0)
    pair = _PAIR if tokens.at(noun) in _PAIRS else counted
    return pair == ages and (tokens.at(noun) in _PAIRS or tokens.at(noun) in PERSONS)


def _led(tokens: Tokens, first: int) -> bool:
    """Return whether the words directly before a number make it a name or an age."""
    if tokens.at(first - 1) in {"to", "-", "of", "and", ","} and tokens.is_number(first - 2):
        listed = tokens.at(first - 1) in {"and", ","}
        if tokens.at(first - 1) == "," and tokens.at(first + 1) not in {"and", ","}:
            return False  # "in week 14, 22 deaths"
        others = tokens.at(first + 1) in PLAIN
        return not (listed and others) and _led(tokens, first - 2)  # "page 12 of 30"
    somebody, word = tokens.at(first - 2), tokens.at(first - 1)
    mother = word == "of" and somebody in {"mother", "father"}  # "a mother of three died"
    if mother or (tokens.at(first + 1) not in NOUNS and _of_age(somebody, word, tokens.at(first))):
        return True
    if tokens.at(first - 2) == "flight" and len(tokens.at(first - 1)) == 2:  # noqa: PLR2004
        return True  # "flight PK 8303"
    name = tokens.at(first - 1) in _NAMES and tokens.at(first - 2) not in {"the", "a", "this"}
    name = name or _in_a_place(tokens, first)
    if name and tokens.text[tokens.start[first - 1]].isupper():
        return True  # "Engine 54"
    phrases = _cues()[0].get(tokens.at(first - 1), ())
    if tokens.at(first + 1) in PLAIN:
        phrases = [words for words in phrases if len(words) > 1]  # "across the district 101 people"
    hit = any(tuple(tokens.low[max(first - len(words), 0) : first]) == words for words in phrases)
    about = tokens.at(first - 1) in _ABOUT and tokens.at(first - 2) == "of"
    return hit or (about and _led(tokens, first - 1))  # "a crowd of about 10,000"


def _of_age(somebody: str, word: str, age: str) -> bool:
    """Return whether two words lead to one: "a girl of 7", "children under 5"."""
    if word == "of":
        return somebody in _SOMEBODY or (
            len(age) == len("60") and somebody in PLAIN and somebody.endswith("s")
        )
    were = somebody in {"were", "was", "are", "is"} and word in {"under", "over"}
    return were or (word in {"under", "over", "below", "above"} and somebody in PLAIN | _THEM)


def _in_a_place(tokens: Tokens, first: int) -> bool:
    """Return whether a number ends the name of a place: "on Loop 101", "in Precinct 12"."""
    word, after = tokens.at(first - 1), tokens.at(first + 1)
    known = word in PEOPLES or word in CATEGORY or tokens.used[first - 1]
    led = tokens.at(first - 2) in {"in", "on", "at", "near", "outside"}
    return led and not known and tokens.kind[first - 1] == "w" and after in {"", ".", ",", "this"}


def _followed(tokens: Tokens, number: Number) -> bool:
    """Return whether the words directly after a number make it a measure, a strength or a part."""
    k = number.last + 1
    phrases = _cues()[1].get(tokens.at(k), ())
    hit = any(tuple(tokens.low[k : k + len(words)]) == words for words in phrases)
    return hit and not (number.part and any(tokens.at(j) in CATEGORY for j in range(k, k + _NEAR)))


def _lived(tokens: Tokens, number: Number) -> bool:
    """Return whether the next words say that these people lived, and none that they did not."""
    near: list[str] = []
    crossed = False
    taken = CATEGORY.get(tokens.at(number.first - 1)) == "captured"  # "captured three alive"
    if taken or tokens.low[max(number.first - 3, 0) : number.first] == NONE_OF_THE:
        return False
    dashed = tokens.at(number.first - 1) == "-" and not tokens.touches(number.first - 1)
    led = number.first - 2 if tokens.at(number.first - 1) == ":" or dashed else number.first - 1
    while tokens.at(led) in _HEDGES:
        led -= 1  # "rescuing around 40 others"
    if tokens.at(led) in _cues()[2] and led < number.first - 1:
        return True  # "Survivors: 172"
    lived = any(tokens.at(led) in row.doing for row in _rows())
    if (
        tokens.at(led) in {"saved", "save", "saving", "saves"}
        and tokens.at(number.last + 1) == "lives"
    ):
        return True
    for k in range(number.last + 1, min(number.last + 1 + _ALIVE, len(tokens))):
        whole = tokens.kind[k] == "n" and tokens.low[k - 1] in {"of", "the"} and k < number.last + 4
        if tokens.low[k] in _STOPS or (tokens.kind[k] == "n" and not whole):
            break
        crossed = crossed or whole
        if crossed and tokens.low[k - 1] not in _BEING and tokens.low[k] != "survived":
            continue  # "2,280 of the 3,470 infected"
        if k > number.last + _NEAR:
            lived = lived or tokens.low[k] == "alive"
            continue
        near.append(tokens.low[k])
        adjective = tokens.at(k + 1) in PLAIN
        lived = lived or (tokens.low[k] in _cues()[2] and not adjective)
    return lived and not any(
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
