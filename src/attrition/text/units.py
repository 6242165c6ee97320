"""What a number counts or measures, per what, and for how long a pace has been steady."""

from __future__ import annotations

import re
from typing import Final

from attrition.text.elements import Number, Unit
from attrition.text.patterns import beside
from attrition.text.rules import fits_one
from attrition.text.spelled import SMALL
from attrition.text.text import Tokens
from attrition.text.vocabulary import (
    CATEGORY,
    CURRENCY,
    CURRENCY_WORDS,
    DEMONYM,
    LENGTH,
    PERIOD,
    SQUARE,
    WORDS,
)

_CODE: Final = 4
_SHORT, _BEFORE = 3, 5
_SHARE_WORDS: Final = 6
_KINDS: Final = tuple(WORDS.kinds_of_animals)
_BACK: Final = 12
"""Tokens back to the animals with which a number goes on."""
_ELLIPTIC: Final = "!the # others|more|another? <units_verbs>|<auxiliary>|<category>|<ends>|$"
"""A number that has no noun of its own: "3 others died"."""


def unit_at(tokens: Tokens, number: Number) -> Unit:
    """Return the unit that follows a number; persons unless the words say otherwise."""
    last = number.last
    before = tokens.at(number.first - 1)
    money = CURRENCY.get(before) or CURRENCY_WORDS.get(before, "")
    if before in CURRENCY or (money and before == money.lower()):
        return Unit(money, last, explicit=True)  # "EUR 2.3 billion"
    j = last + 2 if tokens.at(last + 1) == "-" else last + 1
    unit = _attached(tokens, number) or _share(tokens, j) or _measure(tokens, number, j)
    vague = number.low is not None and tokens.at(j) == "of"
    return unit or _noun(tokens, number.first, last, vague=vague)


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
    end = j + 1 if tokens.low[j : j + 2] == ["per", "cent"] else j
    if end == j and tokens.at(j) not in {"%", "percent", "pct", "pc", "percentage"}:
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
    if word in LENGTH and word != "m" and not (word == "mi" and number.metres):
        end = j + 1 if tokens.at(j + 1) == "2" else j
        return Unit(_square(tokens, LENGTH[word], end), end, explicit=True)
    return None


def _square(tokens: Tokens, name: str, end: int) -> str:
    return SQUARE.get(name, name) if tokens.at(end) == "2" else name


def _noun(  # noqa: C901  # one branch for each thing that a noun may be part of
    tokens: Tokens, first: int, last: int, *, vague: bool
) -> Unit:
    """Return what the next noun counts, or the things that stand before; else persons."""
    thing = _labelled(tokens, last) or _described(tokens, last + 1)
    if thing := thing or _before(tokens, first, last):
        return Unit(thing, last, explicit=True)
    far = last if tokens.at(last + 1) == "to" else last + 6  # "40 by the army, 22 to armed groups"
    for k in range(last + 1 + vague, far):  # "dozens of vehicles"
        word = tokens.at(k)
        if word in WORDS.nouns and WORDS.things & _head(tokens, k):
            continue  # "two infantry fighting vehicles"
        if beside(tokens, k, k, "# of <word>? <category>") and word == "cases":
            continue  # "58 cases of enforced disappearance"
        if word.endswith(_KINDS) and word not in WORDS.nouns:
            return Unit(word, last, explicit=True)  # "five sheepdogs"
        if word in WORDS.nouns or word in WORDS.things:
            persons = word in WORDS.nouns and word != "massacres"
            return Unit("persons" if persons else word, last, explicit=True)
        if (
            tokens.touches(k)
            and "n" in {tokens.kind[k], tokens.kind[k - 1]}
            and word not in WORDS.links
        ):
            continue  # "two M1A1 tanks"
        one = k == last + 1 and tokens.low[last] in {"1", "one"}
        if one and {f"{word}s", f"{word}es"} & WORDS.things:
            return Unit(f"{word}s", last, explicit=True)  # "1 tanker, 46 lives"
        if word and tokens.is_name(k) and beside(tokens, k, k, "# - <number>"):
            noun = tokens.at(k + 3)  # "BMP-2", "T-72"; but "Covid-19 deaths"
            name = noun if noun in WORDS.things else tokens.raw(k, k + 2)
            return Unit("persons" if noun in WORDS.nouns else name, last, explicit=True)
        if word == "-" and not beside(tokens, k, k, "# <word> <word>? :"):
            continue  # but "injuries: 40 - houses destroyed: 310"
        if not word or tokens.kind[k] != "w" or word in WORDS.unit_ends or word == "a":
            break
    other = _other_noun(tokens, first, last) or _subject(tokens, last) or _damaged(tokens, last)
    return Unit(other, last, explicit=True) if other else Unit("persons", last)


def _before(tokens: Tokens, first: int, last: int) -> str:
    """Return the things or animals before a number that goes on with them.

    "Two shipwrecks, one of which cost lives"; "rescued 12 horses, but 3 others died".
    """
    if beside(tokens, first, last, "# of which", "of which #"):
        end = first - 1 - 2 * (tokens.at(first - 1) == "which")
        noun = tokens.at(end - 1 if tokens.at(end) == "," else end)
        return noun if _plural(noun) and noun not in WORDS.nouns else ""
    if not beside(tokens, first, last, _ELLIPTIC):
        return ""
    near = range(first - 1, max(first - _BACK, 0), -1)
    place = next((k for k in near if tokens.low[k] in WORDS.any_noun), 0)
    word = tokens.low[place] if place else ""
    after = tokens.low[last + 1 : last + _BEFORE]
    counted = tokens.is_number(place - 1) or tokens.at(place - 1) in SMALL
    counted = counted and WORDS.category.isdisjoint(after)
    counted = counted and "which" not in tokens.low[place:first]
    things = WORDS.things - {"times"} if counted else WORDS.animals
    return word if word in things else ""


def _damaged(tokens: Tokens, last: int) -> str:
    """Return the plural noun after a number that no table knows, if it was damaged: "40 roofs"."""
    noun = next((w for w in tokens.low[last + 1 : last + 4] if _plural(w)), "")
    return noun if noun and fits_one("wrecked", tokens, last, last) else ""


def _labelled(tokens: Tokens, last: int) -> str:
    """Return the thing that the label or the cell before a number counts: "vehicles: 64"."""
    dashed = tokens.at(last - 1) == "-" and not tokens.touches(last - 1)  # "tanks - 64"
    label = last - 2 if tokens.at(last - 1) == ":" or dashed else last - 1
    word = tokens.at(label)
    if beside(tokens, last, last, "<things> on|against|of <word>..3 : #"):
        return next(w for w in reversed(tokens.low[:last]) if w in WORDS.things)
    if (
        tokens.at(last - 1) == ":"
        and word in WORDS.wrecked
        and tokens.at(label - 1) in WORDS.things
    ):
        label -= 1  # "houses destroyed: 310"
        word = tokens.low[label]
    harm = beside(tokens, last, last, "# <is_killed>|<is_wounded>")  # "Province A - 12 dead"
    code = dashed and label >= 0 and tokens.text[tokens.start[label] : tokens.end[label]].isupper()
    if code and not harm and len(word) <= _CODE and word not in CATEGORY:
        return word  # "APV - 6,593"
    ends = tokens.at(last + 1) in WORDS.cell_ends or tokens.at(last + 1) == ""
    if ends and tokens.at(label - 2) in WORDS.unit_cells and word not in WORDS.members:
        word = tokens.at(label - 1) if tokens.at(label - 1) in WORDS.things else word
        return word if word in WORDS.things else ""
    counted = label < last - 1 or any(
        tokens.kind[k] == "n" and beside(tokens, k, k, "<category> # <cell_ends>|$")
        for k in range(1, last)
    )
    if ends and counted and _plural(word) and word not in WORDS.no_events:
        return word  # "Accidents: 9,412, with 1,022 dead", "missing 612; interceptions 20,190"
    if harm:
        return ""  # "WILDFIRES: 31 dead"
    named = label in {0, last - 2}
    cell = named or tokens.at(label - 1) in WORDS.unit_cells  # "deaths 9, cases 428"
    return word if cell and word in WORDS.things else ""


def _plural(word: str) -> bool:
    """Return whether a word looks like a plural."""
    return word.endswith("s") and not word.endswith(("ss", "us", "'s")) and len(word) > _SHORT


def _described(tokens: Tokens, k: int) -> str:
    """Return the things that a word of a category describes: "35 fallen trees", "9 dead whales"."""
    word, noun = tokens.at(k), tokens.at(k + 1)
    if beside(tokens, k - 1, k - 1, "# of <owners>|<them> <things>", "# head of"):
        return tokens.at(k + 2)  # "12,000 head of cattle", "30 of his goats"
    if beside(tokens, k - 1, k - 1, "# of <owners> <word> - <things>"):
        return tokens.at(k + 4)  # "two of his machine-guns"
    people = noun.endswith(("ers", "ors", "ists", "eers", "ians", "ants"))
    strange = people or noun in WORDS.unit_leads or noun in CATEGORY
    if noun and tokens.is_name(k + 1):
        return ""  # "3 missing Texas campers"
    return noun if word in WORDS.units_describing and _plural(noun) and not strange else ""


def _head(tokens: Tokens, k: int) -> set[str]:
    """Return the nouns that a noun may belong to: the next, or the one after "fighting"."""
    follow = tokens.at(k + 1)
    return {follow, tokens.at(k + 2)} if follow.endswith("ing") else {follow}


def _other_noun(tokens: Tokens, first: int, last: int) -> str:
    """Return the plural noun after a number that names no persons, where no word says they died.

    Nouns of persons are many: "14 gravediggers were killed" counts persons, "12 beds" does not.
    """
    k = last + 1
    places = range(k + 1, k + 4)
    total = next((j for j in places if tokens.is_number(j) or tokens.at(j) in SMALL), k)
    if tokens.at(k) == "of" and total > k:
        k = total + 1  # "43 of 50 drones"
        if tokens.at(k) in WORDS.things:
            return tokens.low[k]
    word = tokens.at(k)
    words = tokens.kind[k : k + 2] == ["w", "w"]
    if words and not word.endswith("s") and word not in WORDS.unit_leads:
        k, word = k + 1, tokens.low[k + 1]  # "11 life sentences"
    if not _plural(word) or word in WORDS.no_plurals:
        return ""
    if tokens.at(first - 1) in {"in", "at", "on", "near", "across"}:
        return word  # "doctors at 2 hospices said"
    until = j = first
    while WORDS.ranges_second_hedge | {"and", "or", "-"} >= {tokens.at(j - 1)}:
        j -= 1
    begin = (
        j - 1 if j < until and tokens.is_number(j - 1) else until
    )  # "killed 20 to 40 snorkellers"
    first = max(begin - _BEFORE, 0)
    for j in range(begin - 1, first, -1):
        if tokens.is_number(j) or tokens.at(j) in SMALL:
            first = j + 1
            break
    acts = (
        _befalls(tokens.at(j)) and not beside(tokens, j, j, "<number> <plain>|<adjectives>* #")
        for j in range(first, begin)
    )
    near = tokens.low[k + 1 : k + 1 + _BEFORE]
    if near[:1] == [","] and beside(tokens, until, until, "including|incl #", "among them|whom #"):
        near = near[1:]  # "seven people, including three anglers, died"
    stop = next((j for j, follow in enumerate(near) if follow in WORDS.links), len(near))
    return "" if any(acts) or any(map(_befalls, near[:stop])) else word


def _befalls(word: str) -> bool:
    """Return whether a word befalls people only; jobs and seats are lost, too."""
    return word in CATEGORY and word not in WORDS.units_losing


def _subject(tokens: Tokens, last: int) -> str:
    """Return the things that have come to a number: "infections passed the 2,300 mark"."""
    k = last - 1
    while tokens.at(k) in WORDS.unit_coming:
        k -= 1
    if not WORDS.passed & set(tokens.low[k + 1 : last]):
        before = tokens.low[max(k - _BEFORE, 0) : max(k, 0)]
        toll = not WORDS.category.isdisjoint(before)  # "the toll from five days of attacks"
        return tokens.low[k] if k < last - 1 and tokens.at(k) in WORDS.things and not toll else ""
    for j in range(k, max(k - _BEFORE - 1, -1), -1):  # "admissions for cholera have passed 2,300"
        if tokens.kind[j] != "w" or tokens.low[j] in WORDS.nouns:
            break
        if tokens.low[j] in WORDS.things:
            return tokens.low[j]
    return ""


def _metres_or_millions(tokens: Tokens, number: Number) -> Unit | None:
    """Decide what the letter "m" means; undecided, leave both as candidates."""
    last = number.last
    attached = tokens.suffix[number.first] == "m"
    near = [tokens.at(k) for k in range(last + 1, last + 4)]
    if near[0] not in WORDS.high and any(word in WORDS.nouns for word in near):
        return None
    far = any(tokens.low[k] in WORDS.distance_cues for k in range(len(tokens)) if k != last)
    if (
        far or near[0] in WORDS.high or beside(tokens, number.first, last, "at|above #")
    ):  # "32 m high"
        number.value, number.scale = number.value / number.scale, 1
        number.step = number.step / 1_000_000
        return Unit("m", last, explicit=True)
    persons = any(word in WORDS.nouns for word in tokens.low)
    rate = period_after(tokens, last + 1)[0]
    if not persons and (rate or not attached):
        metres = number.value / number.scale
        number.choices = (f"{number.value:.0f} (m for million)", f"{metres:g} metres")
    return None


def period_after(tokens: Tokens, j: int) -> tuple[str, int]:
    """Return the period of "per day", "a week", "/day" or "daily", and its last token."""
    word = tokens.at(j)
    if word in {"a", "one"} and tokens.at(j - 1) in {"on", "in", "within"}:
        return "", j  # "killed 38 on a single day"
    paper = all(0 < k < len(tokens) and tokens.raw(k, k)[:1].isupper() for k in (j - 1, j))
    if word in WORDS.per_adverbs and not paper:  # "told the Gulf Daily"
        return PERIOD[word], j
    if word in WORDS.per_words:
        k = j + 1
        if word in {"per", "every"} and tokens.at(k) in {"single", "calendar"}:
            k += 1
        if tokens.at(k) in PERIOD and tokens.at(k + 1) not in WORDS.ago:
            return PERIOD[tokens.at(k)], k
        if tokens.at(k) == "24" and tokens.at(k + 1) in {"hours", "h"}:
            return "day", k + 1
    return "", j


def per_of(tokens: Tokens, last: int, unit: Unit) -> str | None:
    """Return what a share is a share of ("1% of Ukrainian territory"); rates come later."""
    if unit.name != "percent":
        return None
    if tokens.at(last + 1) not in {"of", "the", "all"}:
        end = last + 2 if tokens.at(last + 1) in DEMONYM else last + 1
        return tokens.raw(last + 1, end) if tokens.at(end) in WORDS.wholes else None
    j = last + 2 if tokens.low[last + 1] == "of" else last + 1
    while tokens.at(j) in {"the", "all", "its", "their"}:
        j += 1
    k = j
    while k < min(len(tokens), j + _SHARE_WORDS) and not tokens.used[k]:
        word = tokens.low[k]
        joined = tokens.kind[k] == "w" or (word == "-" and tokens.touches(k))
        ends = word in WORDS.unit_ends and word != "of"
        if not joined or ends or word in SMALL or period_after(tokens, k)[0]:
            break
        k += 1
    while k > j and tokens.low[k - 1] in {"of", "the", "-"}:
        k -= 1
    if k == j:
        return None
    tokens.use(last + 1, k - 1)
    return tokens.raw(j, k - 1)


_MONTHS: Final = {"week": 7 / 30.4375, "month": 1.0, "quarter": 3.0, "year": 12.0}
_COUNT: Final = "|".join(sorted(SMALL, key=len, reverse=True))
_STEADY: Final = re.compile(
    rf"(?<!not )(?<!never )(?<!less )\b(?:{'|'.join(sorted(WORDS.steady))})\b[^.;:!?]{{0,30}}?"
    r" for (?:(?:about|almost|at least|more than|nearly|over|some|the last|the past) )*"
    rf"(?:(?P<half>half an?)|(?P<one>an?)|(?P<number>\d+|{_COUNT}))[ -]"
    rf"(?P<unit>{'|'.join(_MONTHS)})s?\b",
    re.IGNORECASE,
)


def months_steady(words: str) -> int:
    """Return for how many whole months words call a pace steady; 0 where they do not.

    The words that say so are the class ``steady`` of ``words.toml``.

    Examples
    --------
    >>> months_steady("around 300 killed a day, steady for six months")
    6
    >>> [months_steady(words) for words in ("unchanged for half a year", "stable for 8 weeks")]
    [6, 1]
    >>> months_steady("not steady for six months"), months_steady("steady as she goes")
    (0, 0)
    """
    heard = _STEADY.search(words)
    if heard is None:
        return 0
    number = heard["number"] or ""
    count = 0.5 if heard["half"] else 1.0 if heard["one"] else float(SMALL.get(number.lower(), 0))
    count = float(number) if number.isdigit() else count
    return int(count * _MONTHS[heard["unit"].lower()] + 1e-9)
