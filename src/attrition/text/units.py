"""What a number counts or measures, and per what."""

from __future__ import annotations

from typing import Final

from attrition.text.digits import SCALE
from attrition.text.elements import Number, Unit
from attrition.text.leading import leads_next
from attrition.text.spelled import SMALL
from attrition.text.text import Tokens
from attrition.text.vocabulary import (
    CATEGORY,
    CLEAR_LENGTH,
    COMPOUND,
    COUNTRY,
    CURRENCY,
    CURRENCY_WORDS,
    DEMONYM,
    DISTANCE_CUES,
    DURATION,
    LENGTH,
    LINKS,
    MODAL,
    NOUNS,
    PER_ADVERBS,
    PERIOD,
    PERSONS,
    PLAIN,
    RISE,
    SAYS,
    SQUARE,
    THINGS,
    words_for,
)

_ADJECTIVES: Final = words_for("zeros_adjectives")
_HIGH: Final = words_for("high")
_VERBS: Final = words_for("units_verbs")
_ENDS: Final = LINKS | _VERBS | {"per", "in", "on", "by", "across", "at", "after", "when"}
_NO_NOUN: Final = SAYS | LINKS | PER_ADVERBS | PERSONS | frozenset(DURATION) | words_for("no_nouns")
_LEADS: Final = _ENDS | _NO_NOUN | words_for("sharing_after") | frozenset(DEMONYM)
_CELLS: Final = frozenset({",", ";", "|", "·", "•", "/", ":"})
_APART: Final = words_for("ago")
"""Words that make of "a day" a distance in time, and no pace."""
_OWNERS: Final = frozenset({"his", "her", "its", "their", "our", "the"})
_PASSED: Final = frozenset({"passed", "reached", "topped", "exceeded", "surpassed", "at"})
_CODE: Final = 4
_CODED: Final = 3
_COMING: Final = RISE | words_for("coming")
_LOSING: Final = words_for("units_losing")
_DESCRIBING: Final = words_for("units_describing")
_CELL_ENDS: Final = frozenset({",", ";", ".", "|", "(", ")", "", "with"})
_SUMS: Final = words_for("sharing_subjects") | {
    "totals",
    "others",
    "hundreds",
    "dozens",
    "thousands",
}
_SHORT, _BEFORE = 3, 5
_SHARE_WORDS: Final = 6
WHOLES: Final = PLAIN | {"casualties", "deaths", "prisoners"}


def unit_at(tokens: Tokens, number: Number) -> Unit:
    """Return the unit that follows a number; persons unless the words say otherwise."""
    last = number.last
    before = tokens.at(number.first - 1)
    if before in CURRENCY:
        return Unit(CURRENCY[before], last, explicit=True)
    if (
        len(before) == _CODED
        and before in CURRENCY_WORDS
        and before == CURRENCY_WORDS[before].lower()
    ):
        return Unit(CURRENCY_WORDS[before], last, explicit=True)  # "EUR 2.3 billion"
    attached = _attached(tokens, number)
    if attached is not None:
        return attached
    j = last + 2 if tokens.at(last + 1) == "-" else last + 1
    vague = number.low is not None and tokens.at(last + 1) == "of"
    return _share(tokens, j) or _measure(tokens, number, j) or _noun(tokens, last, vague=vague)


def _attached(tokens: Tokens, number: Number) -> Unit | None:
    """Read the letters that touch a number: "18km", "40pc"; of "3m" see there."""
    last, suffix = number.last, tokens.suffix[number.first].lower() if number.digits else ""
    if number.metres:
        return _metres_or_millions(tokens, number)
    if number.scale == 1 and suffix in LENGTH:
        return Unit(_square(tokens, LENGTH[suffix], last), last, explicit=True)
    return Unit("percent", last, explicit=True) if suffix in {"percent", "pc"} else None


def _share(tokens: Tokens, j: int) -> Unit | None:
    """Read "%", "percent", "per cent" and their points."""
    word = tokens.at(j)
    end = j + 1 if word == "per" and tokens.at(j + 1) == "cent" else j
    if end == j and word not in {"%", "percent", "pct", "percentage"}:
        return None
    if tokens.at(end + 1) in {"point", "points"}:
        return Unit("percentage points", end + 1, explicit=True)
    return Unit("percent", end, explicit=True)


def _measure(tokens: Tokens, number: Number, j: int) -> Unit | None:
    """Read money, lengths and areas."""
    word = tokens.at(j)
    if word in CURRENCY_WORDS:
        return Unit(CURRENCY_WORDS[word], j, explicit=True)
    if word in {"square", "sq"}:
        k = j + 2 if tokens.at(j + 1) == "." else j + 1
        base = LENGTH.get(tokens.at(k), "")
        return Unit(SQUARE[base], k, explicit=True) if base in SQUARE else None
    if word in CLEAR_LENGTH or (word == "mi" and not number.metres):
        end = j + 1 if tokens.at(j + 1) == "2" and tokens.touches(j + 1) else j
        return Unit(_square(tokens, LENGTH[word], end), end, explicit=True)
    return None


def _square(tokens: Tokens, name: str, end: int) -> str:
    return SQUARE.get(name, name) if tokens.at(end) == "2" else name


def _noun(tokens: Tokens, last: int, *, vague: bool) -> Unit:
    if thing := _labelled(tokens, last) or _described(tokens, last + 1):
        return Unit(thing, last, explicit=True)
    for k in range(last + 1 + vague, last + 6):  # "dozens of vehicles"
        word = tokens.at(k)
        if word in NOUNS and THINGS & _head(tokens, k):
            continue  # "two infantry fighting vehicles"
        if word in NOUNS:
            return Unit("persons", last, explicit=True)
        if word in THINGS:
            return Unit(word, last, explicit=True)
        beside = tokens.touches(k) and "n" in {tokens.kind[k], tokens.kind[k - 1]}
        if beside and word not in LINKS:
            continue
        if _designation(tokens, k):
            noun = tokens.at(k + 3)
            return Unit(noun if noun in THINGS else tokens.raw(k, k + 2), last, explicit=True)
        if word == "-" or (word and tokens.kind[k] == "n" and tokens.at(k - 1) == "-"):
            continue
        if not word or tokens.kind[k] != "w" or word in _ENDS | {"a"}:
            break
    other = _other_noun(tokens, last) or _subject(tokens, last)
    return Unit(other, last, explicit=True) if other else Unit("persons", last)


def _labelled(tokens: Tokens, last: int) -> str:
    """Return the thing that the label or the cell before a number counts: "vehicles: 64"."""
    dashed = tokens.at(last - 1) == "-" and not tokens.touches(last - 1)  # "tanks - 64"
    label = last - 2 if tokens.at(last - 1) == ":" or dashed else last - 1
    word = tokens.at(label)
    code = dashed and label >= 0 and tokens.text[tokens.start[label] : tokens.end[label]].isupper()
    if code and len(word) <= _CODE and word not in CATEGORY:
        return word  # "APV - 6,593"
    two = tokens.at(label - 2) in _CELLS and tokens.at(last + 1) in _CELL_ENDS
    if two and tokens.kind[label - 1] == "w":
        word = tokens.at(label - 1) if tokens.at(label - 1) in THINGS else word
        return word if word in THINGS and word not in NOUNS else ""
    tabular = (
        tokens.at(last + 1) in _CELL_ENDS
        and _events(tokens, label)
        and any(
            tokens.kind[k] == "n"
            and tokens.at(k - 1) in CATEGORY
            and tokens.at(k + 1) in _CELL_ENDS
            for k in range(1, last)
        )
    )
    if tabular and word not in _COMING | _LEADS | MODAL:
        return word  # "dead 435; missing 612; interceptions 20,190"
    cell = label == last - 2 or tokens.at(label - 1) in _CELLS  # "deaths 9, cases 428"
    if cell and word in THINGS and tokens.at(last + 1) not in NOUNS:
        return word
    events = label == last - 2 and tokens.at(last + 1) in _CELL_ENDS and _events(tokens, label)
    return word if events else ""


def _events(tokens: Tokens, k: int) -> bool:
    """Return whether a label counts events, not people: "Accidents: 9,412, with 1,022 dead"."""
    word = tokens.at(k)
    plural = word.endswith("s") and not word.endswith(("ss", "us", "'s")) and len(word) > _SHORT
    return plural and not any(word in table for table in (NOUNS, DEMONYM, SAYS, COUNTRY, _SUMS))


def _described(tokens: Tokens, k: int) -> str:
    """Return the things that a word of a category describes: "35 fallen trees", "9 dead whales"."""
    word, noun = tokens.at(k), tokens.at(k + 1)
    owned = word == "of" and noun in _OWNERS and tokens.at(k + 2) in THINGS
    if owned or (word, noun) == ("head", "of"):
        return tokens.at(k + 2)  # "12,000 head of cattle", "30 of his goats"
    if word not in _DESCRIBING or not noun.endswith("s") or noun.endswith(("ss", "us", "'s")):
        return ""
    known = (_NO_NOUN, _LEADS, DEMONYM, CATEGORY, PERSONS)
    people = noun.endswith(("ers", "ors", "ists", "eers", "ians", "ants"))
    strange = people or any(noun in table for table in known) or len(noun) <= _SHORT
    return "" if strange or tokens.kind[k + 1] != "w" else noun


def _head(tokens: Tokens, k: int) -> set[str]:
    """Return the nouns that a noun may belong to: the next, or the one after "fighting"."""
    follow = tokens.at(k + 1)
    return {follow, tokens.at(k + 2)} if follow.endswith("ing") else {follow}


def _other_noun(tokens: Tokens, last: int) -> str:
    """Return the plural noun after a number that names no persons, where no word says they died.

    Nouns of persons are many: "14 gravediggers were killed" counts persons, "12 beds" does not.
    """
    k = last + 1
    total = k + 2 if tokens.at(k + 1) in {"the", "some", "about", "its"} else k + 1
    if tokens.at(k) == "of" and tokens.is_number(total):
        k = total + 1  # "43 of 50 drones"
        if things := THINGS & set(tokens.low[k : k + 2]):
            return next(iter(things))  # "39 of 48 health centres"
    word = tokens.at(k)
    if tokens.kind[k : k + 2] == ["w", "w"] and not word.endswith("s") and word not in _LEADS:
        k, word = k + 1, tokens.low[k + 1]  # "11 life sentences"
    if not word.endswith("s") or word.endswith(("ss", "us", "'s")) or len(word) <= _SHORT:
        return ""
    known = (_NO_NOUN, DEMONYM, COMPOUND, SCALE, CATEGORY)
    if tokens.kind[k] != "w" or any(word in table for table in known):
        return ""
    if any(_befalls(tokens.at(j)) and _acts(tokens, j) for j in _own_words(tokens, last)):
        return ""
    for j in range(k + 1, k + 1 + _BEFORE):
        if tokens.at(j) in LINKS or not tokens.at(j):
            break
        if _befalls(tokens.at(j)) and not leads_next(tokens, j):
            return ""
    return word


def _befalls(word: str) -> bool:
    """Return whether a word befalls people only; jobs and seats are lost, too."""
    return word in CATEGORY and word not in _LOSING


def _subject(tokens: Tokens, last: int) -> str:
    """Return the things that have come to a number: "infections passed the 2,300 mark"."""
    k = last - 1
    while tokens.at(k) in _COMING:
        k -= 1
    if k == last - 1 or not _PASSED & set(tokens.low[k + 1 : last]):
        return tokens.low[k] if k < last - 1 and tokens.at(k) in THINGS else ""
    for j in range(k, max(k - _BEFORE - 1, -1), -1):  # "admissions for cholera have passed 2,300"
        if tokens.kind[j] != "w" or tokens.low[j] in NOUNS:
            break
        if tokens.low[j] in THINGS:
            return tokens.low[j]
    return ""


def _own_words(tokens: Tokens, last: int) -> range:
    """Return the few words before a number that are not those of an earlier number."""
    first = last
    if tokens.low[last] in SCALE and (tokens.is_number(last - 1) or tokens.at(last - 1) in SMALL):
        first -= 1  # "two dozen"
    while first > 0 and tokens.low[first - 1] in SCALE:
        first -= 1
    if tokens.at(first - 1) in {"and", "to", "-"} and tokens.is_number(first - 2):
        first -= 2  # "killed between 75,000 and 300,000"
    for k in range(first - 1, first - _BEFORE, -1):
        if tokens.is_number(k) or tokens.at(k) in SMALL:
            return range(k + 1, first)
    return range(max(first - _BEFORE, 0), first)


def _acts(tokens: Tokens, j: int) -> bool:
    """Return whether a word of a category leads on: the "killed" of "340 killed" does not."""
    k = j - 1
    while tokens.at(k) in PLAIN or tokens.at(k) in _ADJECTIVES:
        k -= 1
    return k < 0 or tokens.kind[k] != "n"


def _designation(tokens: Tokens, k: int) -> bool:
    """Return whether a word is the name of a machine: "BMP-2", "Su-34", "T-72"."""
    if tokens.kind[k : k + 3] != ["w", "s", "n"] or not tokens.text[tokens.start[k]].isupper():
        return False
    return tokens.low[k + 1] == "-" and tokens.touches(k + 1) and tokens.touches(k + 2)


def _metres_or_millions(tokens: Tokens, number: Number) -> Unit | None:
    """Decide what the letter "m" means; undecided, leave both as candidates."""
    last = number.last
    attached = tokens.suffix[number.first] == "m"
    near = [tokens.at(k) for k in range(last + 1, last + 4)]
    if near[0] not in _HIGH and any(word in NOUNS for word in near):
        return None
    far = any(tokens.low[k] in DISTANCE_CUES for k in range(len(tokens)) if k != last)
    if far or near[0] in _HIGH:  # "32 m high"
        number.value, number.scale = number.value / number.scale, 1
        number.step = number.step / 1_000_000
        return Unit("m", last, explicit=True)
    persons = any(word in NOUNS for word in tokens.low)
    rate = period_after(tokens, last + 1)[0]
    if not persons and (rate or not attached):
        metres = number.value / number.scale
        number.choices = (f"{number.value:.0f} (m for million)", f"{metres:g} metres")
    return None


def period_after(tokens: Tokens, j: int) -> tuple[str, int]:
    """Return the period of "per day", "a week", "/day" or "daily", and its last token."""
    word = tokens.at(j)
    if word in PER_ADVERBS:
        return PERIOD[word], j
    if word in {"per", "a", "each", "every", "/", "an", "one", "single"}:
        k = j + 2 if word == "per" and tokens.at(j + 1) in {"single", "calendar"} else j + 1
        k = k + 1 if word == "every" and tokens.at(k) == "single" else k
        follow = tokens.at(k)
        if follow in PERIOD and word != "one" and tokens.at(k + 1) not in _APART:
            return PERIOD[follow], k
        if follow == "24" and tokens.at(k + 1) in {"hours", "h"}:
            return "day", k + 1
    return "", j


def per_of(tokens: Tokens, last: int, unit: Unit) -> str | None:
    """Return what a share is a share of ("1% of Ukrainian territory"); rates come later."""
    if unit.name != "percent":
        return None
    if tokens.at(last + 1) not in {"of", "the", "all"}:
        end = last + 2 if tokens.at(last + 1) in DEMONYM else last + 1
        if tokens.at(end) in WHOLES and not tokens.used[end]:
            return tokens.raw(last + 1, end)
        return None
    j = last + 2 if tokens.low[last + 1] == "of" else last + 1
    while tokens.at(j) in {"the", "all", "its", "their"}:
        j += 1
    k = j
    while k < min(len(tokens), j + _SHARE_WORDS) and not tokens.used[k]:
        word = tokens.low[k]
        joined = tokens.kind[k] == "w" or (word == "-" and tokens.touches(k))
        if not joined or word in _ENDS - {"of"} | {"at"} or period_after(tokens, k)[0]:
            break
        k += 1
    while k > j and tokens.low[k - 1] in {"of", "the", "-"}:
        k -= 1
    if k == j:
        return None
    for m in range(last + 1, k):
        tokens.used[m] = True
    return tokens.raw(j, k - 1)
