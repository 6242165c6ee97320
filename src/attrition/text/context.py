"""What surrounds a figure: category, scope, side, period, who said so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from attrition.text.elements import Figure
from attrition.text.hedging import ends_sentence
from attrition.text.leading import ACTING, JOINS, PASSIVE, begins, labels, leads_next
from attrition.text.spelled import SMALL
from attrition.text.text import Tokens, listed
from attrition.text.units import period_after
from attrition.text.vocabulary import (
    CATEGORY,
    COMPOUND,
    COUNTRY,
    DEMONYM,
    FUTURE,
    GROUP,
    HALVES,
    LINKS,
    LOOSE_CATEGORY,
    MEMBERS,
    MODAL,
    MORE,
    PER_ADVERBS,
    PERSON,
    PERSONS,
    PLACED,
    PLAIN,
    RISE,
    SAYS,
    SCOPE,
    VIOLENCE,
    WEAPONS,
    words_for,
)

_GROUND: Final = frozenset(listed("from territory ground towns"))
_COURT: Final = frozenset(listed("row penalty sentence sentences end threats"))
_CHANGE: Final = frozenset(listed("to by from short under below sharply again into behind"))
_STAY: Final = frozenset(listed("the a at in unclear unknown to missing unaccounted"))
_NOT_BEFORE: Final = {
    **dict.fromkeys(("missing", "captured"), _GROUND),
    "capture": _GROUND | {"-"},
    **dict.fromkeys(("death", "dead"), _COURT),
    **dict.fromkeys(("fell", "fallen"), _CHANGE | {"dead", "ill", "sick", "wounded"}),
    **dict.fromkeys(("cost", "costs"), frozenset(listed("of to and estimates $ € £"))),
    "lost": frozenset(
        listed(
            "contact power homes jobs touch limbs control consciousness city cities seat seats "
            "ground cause property luggage time"
        )
    ),
    "remains": _STAY,
    "wounds": frozenset({"up"}),
}
"""Words that name no category before certain others: "death row", "fell to 300"."""

_NOT_AFTER: Final = {
    "death": {"to", "of"},
    "wounds": {"of", "from", "to", "their", "his"},
    "injuries": {"of", "from", "to", "their", "his"},
    "remains": {"toll", "it", "there", "this", "what", "count", "number"},
}
"""And after certain others, unless a word of killing stands by: "died of wounds"."""

_GROUPS: Final = frozenset({"captured", "displaced", "wounded"})
"""Categories whose words also name people who may die: prisoners, refugees, the wounded."""
_KILLING: Final = words_for("context_killing")
"""Words of killing, which say what became of prisoners, refugees and the wounded."""

_BE: Final = PASSIVE - {",", ":", "of"}
_MULTIPLES: Final = words_for("multiples")
_WHOSE_OF: Final = words_for("whose_of")
_RAISING: Final = RISE | set(listed("bringing brings brought taking raising raises"))
_ADDED: Final = MORE - {"another", "newly"} | {"more"}
_SUBORDINATE: Final = words_for("context_subordinate")
_DETERMINERS: Final = words_for("context_determiners")

_DEEDS: Final = words_for("deeds")
_FELLED: Final = words_for("context_felled")
_DEADLY: Final = VIOLENCE - words_for("led_away")
_POWERS: Final = words_for("context_powers")
_HURTS: Final = words_for("context_hurts")
_SICKNESSES: Final = words_for("sicknesses")
_EVENTS: Final = _SICKNESSES | (words_for("spans_events") - {"attack", "attacks", "operation"})
_REGIONS: Final = words_for("context_regions")
_ADVERBS: Final = words_for("context_adverbs")
_CRAFT: Final = frozenset(listed("it plane jet flight aircraft helicopter boat ship vessel ferry"))
_PAPERS: Final = frozenset(listed("bulletin report update briefing summary statement"))
_SEARCHES: Final = frozenset({"search", "searching", "hunt", "looking"})
_COPULA: Final = frozenset({"are", "were", "would", "number", "stand", "stood", "reached"})
_MOSTLY: Final = frozenset({"mostly", "mainly", "largely", "predominantly", "chiefly"})
_SOFT: Final = LINKS - {"of", "(", ")"}


@dataclass(slots=True)
class Neighbourhood:
    """The tokens around a figure, nearest first.

    Attributes
    ----------
    right, left : range
        Up to a conjunction, a comma or another figure.
    far_right, far_left : range
        Up to another figure or the end of the sentence.
    """

    right: range
    left: range
    far_right: range
    far_left: range


def reach_of(tokens: Tokens, figure: Figure, start: int, stop: int) -> Neighbourhood:
    """Return how far a figure's context goes between two other figures."""
    begin, end = sentence_around(tokens, figure, start, stop)
    near, close = figure.last + 1, figure.first
    while near < end and not _parts(tokens, near):
        near += 1
    while close > begin and (tokens.low[close - 1] == ":" or not _parts(tokens, close - 1)):
        close -= 1
    number = figure.numbers[0].first
    others = (k for k in range(near, end) if tokens.is_number(k) and tokens.at(k + 1) in PERSONS)
    end = next(others, end)  # people left aside have words of their own
    return Neighbourhood(
        range(figure.last + 1, near),
        range(number - 1, close - 1, -1),
        range(near, end),
        range(close - 1, begin - 1, -1),
    )


def _parts(tokens: Tokens, k: int) -> bool:
    """Return whether a conjunction or a comma parts two clauses here."""
    return tokens.low[k] in _SOFT and not tokens.used[k] and not _lists(tokens, k)


def sentence_around(tokens: Tokens, figure: Figure, start: int, stop: int) -> tuple[int, int]:
    """Return the first token of a figure's sentence, and the one that ends it, within bounds."""
    begin, end = figure.first, figure.last + 1
    while begin > start and not ends_sentence(tokens, begin - 1):
        begin -= 1
    while end < stop and not ends_sentence(tokens, end):
        end += 1
    return begin, end


def _lists(tokens: Tokens, k: int) -> bool:
    """Return whether a conjunction joins two words of one list ("killed and wounded")."""
    if tokens.low[k] not in JOINS or k == 0:
        return False
    left, right = tokens.low[k - 1], tokens.at(k + 1)
    if left == ",":
        left = tokens.at(k - 2)
    if right in {"and", "or"}:
        right = tokens.at(k + 2)
    right = tokens.at(k + 2) if right in _ADVERBS else right
    return any(left in table and right in table for table in (CATEGORY, SCOPE, DEMONYM))


def category_in(tokens: Tokens, indices: Iterable[int]) -> str | None:
    """Return the category that some tokens name, a list joined; a loose word gives way."""
    loose: str | None = None
    for k in indices:
        word = tokens.low[k]
        if word == "victims" and "number" in tokens.low[max(k - 3, 0) : k]:
            loose = loose or "killed"
        if tokens.used[k] or word not in CATEGORY or tokens.kind[k] != "w":
            continue
        if _excepted(tokens, k):
            continue
        if word in {"toll", "mortality"}:
            loose = loose or "killed"
            continue
        name = _joined(tokens, k)
        if name in _GROUPS and _died_among(tokens, k):
            return "killed"
        if name in LOOSE_CATEGORY:
            if tokens.at(k - 1) in {"irrecoverable", "irretrievable", "irreversible", "permanent"}:
                return "irrecoverable"
            loose = loose or name
            continue
        if word == "casualties" and tokens.at(k - 1) in {"irrecoverable", "irretrievable"}:
            return "irrecoverable"
        return name
    return loose


def category_of(words: Iterable[str]) -> str | None:
    """Return the category that one of some plain words names, such as "the dead"."""
    return next((CATEGORY[word.lower()] for word in words if word.lower() in CATEGORY), None)


def until_subordinate(tokens: Tokens, indices: range) -> range:
    """Return the tokens up to "before he", "who", "when": what follows happens to others."""
    for k in indices:
        if (tokens.low[k] in _SUBORDINATE and not tokens.used[k]) or labels(tokens, k):
            return range(indices.start, k)  # a label is that of the next figure
    return indices


def until_next_verb(tokens: Tokens, reach: Neighbourhood) -> Neighbourhood:
    """Return a reach that ends before the verb of the next figure: ", and wounded 17"."""
    for where in (reach.right, reach.far_right):
        for k in where:
            if leads_next(tokens, k):
                right = range(reach.right.start, min(reach.right.stop, k))
                far = range(reach.far_right.start, min(reach.far_right.stop, k))
                return replace(reach, right=right, far_right=far)
    return reach


def acting_verb(figure: Figure) -> str | None:
    """Return the category of an active verb directly before a figure: "wounded 11"."""
    tokens = figure.tokens
    if idiom := _by_idiom(figure):
        return idiom
    k = figure.first - 1
    while k > 0 and tokens.low[k] in _DETERMINERS:
        k -= 1
    if tokens.at(k) in {"between", "from"}:
        k -= 1
    word = tokens.at(k)
    led = tokens.at(k - 1)
    passive = led in PASSIVE and not (led in {"of", ","} and word.endswith("ing"))
    if word in {"claimed", "claiming", "claims"} and not passive:
        near = [tokens.at(j) for j in range(figure.last + 1, figure.last + 4)]
        return "killed" if {"lives", "victims"} & set(near) else None
    if word == "dead" and led in {"shot", "shooting"} and tokens.at(k - 2) not in PASSIVE:
        return "killed"  # "shot dead 13 protesters"
    if word not in ACTING or passive or tokens.is_number(k - 1):
        return None
    if led not in JOINS or tokens.at(k - 2) not in ACTING | {"dead"}:
        return CATEGORY[word]
    taken = CATEGORY[tokens.at(k - 2)] == "captured" and word in _KILLING
    return (
        "killed" if taken else category_in(tokens, [k])
    )  # "abducted and killed", "killed or hurt"


def _by_idiom(figure: Figure) -> str | None:  # noqa: PLR0911  # one return for each idiom
    """Return the category of verbs of several words, and of nouns of killing before "of"."""
    tokens = figure.tokens
    k = figure.first - 1
    while tokens.at(k) in {"between", "from", "some", "about"}:
        k -= 1
    led = tokens.at(k - 1)
    if tokens.at(k) == "of" and led in _DEEDS:
        return "killed"  # "the deaths of 17 prisoners"
    if tokens.low[k - 1 : k + 1] == ["names", "of"] and tokens.at(figure.last + 2) == "them":
        return "killed"  # "confirmed the names of 22,871 of them"
    if tokens.low[k - 2 : k + 1] == ["loss", "of", "all"]:
        return "killed"  # "with the loss of all 189 on board"
    if _in_hospital(figure):
        return "wounded"
    after = tokens.low[figure.last + 1 : figure.last + 6]
    if tokens.at(k) in {"treated", "treating"} and "for" in after and _HURTS & set(after):
        return "wounded"  # "treated 112 people for burns"
    searched = _SEARCHES & set(tokens.low[max(k - 5, 0) : k])
    if tokens.at(k) == "for" and searched and "on" not in after:
        return "missing"  # "the search goes on for 46 others"
    away = tokens.at(k) in {"off", "away"} and led in {"carried", "carries", "carrying", "swept"}
    if (away or tokens.at(k) == "took") and _EVENTS & set(tokens.low[max(k - 5, 0) : k]):
        return "killed"  # "cholera carried off 300"; raiders carry people off alive
    return None


def _in_hospital(figure: Figure) -> bool:
    """Return whether something left people in hospital: "left four dead and 31 in hospital"."""
    tokens = figure.tokens
    after = tokens.low[figure.last + 1 : figure.last + 5]
    led = tokens.low[max(figure.first - 8, 0) : figure.first]
    there = "hospital" in after and after[after.index("hospital") - 1] in {"in", "the"}
    return (
        there
        and bool({"left", "leaving", "leaves", "put", "puts", "putting", "landed"} & set(led))
        and "died" not in led
    )


def fate_in(tokens: Tokens, indices: Iterable[int]) -> str | None:
    """Return "killed" where prisoners, refugees or wounded died; both where they "were shot"."""
    places = [k for k in indices if tokens.low[k] in CATEGORY and not tokens.used[k]]
    if not places:
        return None
    first, *rest = places
    if CATEGORY[tokens.low[first]] not in _GROUPS:
        return None
    if tokens.at(first + 1) in JOINS or tokens.at(first - 1) in JOINS:
        return None
    killing = (k for k in rest if tokens.low[k] in _KILLING and tokens.at(k - 1) not in JOINS)
    if next(killing, None) is not None:
        return "killed"
    name = CATEGORY[tokens.low[first]]
    if tokens.at(first + 1) in {"shot", "executed", "hanged", "massacred"}:
        return "killed"  # "40 prisoners shot"
    hit = any(tokens.low[k] in _DEADLY and tokens.at(k - 1) in _BE for k in indices)
    return f"killed / {name}" if hit and name != "wounded" else None  # "prisoners had been shot"


def _died_among(tokens: Tokens, k: int) -> bool:
    """Return whether a group is named among whom people died: "mortality among prisoners"."""
    among = k - 2 if tokens.at(k - 1) == "the" else k - 1
    if tokens.at(among) != "among":
        return False
    return any(CATEGORY.get(tokens.at(j)) == "killed" for j in range(among - 3, among))


def _of_things(tokens: Tokens, k: int) -> bool:
    """Return whether a word of a category befalls no people: "oil fell 3 %", "a loss of power"."""
    word, after = tokens.low[k], tokens.at(k + 1)
    if word in {"hospitalised", "hospitalized"} and after in {"with", "for"}:
        return bool(_SICKNESSES & set(tokens.low[k + 2 : k + 6]))
    if word in {"fell", "fallen"} and {"%", "percent", "cent"} & set(tokens.low[k + 1 : k + 6]):
        return True
    if word in {"loss", "losses"} and after == "of" and tokens.at(k + 2) in _POWERS:
        return True
    return word in {"fallen", "fatal"} and after in _FELLED


def _excepted(tokens: Tokens, k: int) -> bool:
    """Return whether a word of a category names none here."""
    word, before = tokens.low[k], tokens.at(k - 1)
    if word == "body" and tokens.at(k + 1) not in {"count", "counts"}:
        return True
    if _of_things(tokens, k) or (word == "disappeared" and before in _CRAFT):
        return True
    if tokens.at(k + 1) in _NOT_BEFORE.get(word, ()) or tokens.at(k + 1) in {
        "deaths",
        "fatalities",
    }:
        return True  # "drowning deaths", "injury deaths"
    if word == "death" and before in {"to", "of"}:
        return tokens.at(k - 2) in {"sentenced", "condemned", "cause", "causes", "angel", "risk"}
    return before in _NOT_AFTER.get(word, ()) and (
        word == "remains" or any(tokens.at(j) in _KILLING for j in range(k - 5, k))
    )


def _own_clause(tokens: Tokens, j: int) -> bool:
    """Return whether a word is a subject: "29 dead, and the injured would be more than 150"."""
    return tokens.at(j - 1) == "the" and tokens.at(j + 1) in _COPULA


def _joined(tokens: Tokens, k: int) -> str:
    names = [CATEGORY[tokens.low[k]]]
    for step in (1, -1):
        j = k + step
        while not (step < 0 and _own_clause(tokens, k)):
            joined = False
            while tokens.at(j) in JOINS or (joined and tokens.at(j) in _ADVERBS):
                joined, j = True, j + step
            if step == -1 and not joined and tokens.at(j) in _ADVERBS and tokens.at(j - 1) in JOINS:
                joined, j = True, j - 1
                continue
            word = tokens.at(j)
            other = begins(tokens, j, step) or _own_clause(tokens, j)
            if not joined or word not in CATEGORY or tokens.used[j] or other:
                break
            counted = tokens.is_number(j - 1) or tokens.at(j - 1) in SMALL
            if step < 0 and counted and begins(tokens, k, 1):
                break  # "claimed 78 lives, injured 133": the lives are those of another figure
            names.append(CATEGORY[word])
            j += step
    unique = list(dict.fromkeys(names))
    if len(unique) == 1:
        return unique[0]
    if {"killed", "wounded"} <= set(unique) and set(unique) <= MEMBERS | {"losses", "casualties"}:
        return "casualties"
    if set(unique) == {"killed", "missing", "captured"}:
        return "irrecoverable"
    order = [name for name in ("killed", "wounded", "missing", "captured") if name in unique]
    return " and ".join(order + [name for name in unique if name not in order])


def scope_in(tokens: Tokens, indices: Iterable[int]) -> str | None:
    """Return who is counted: "soldiers", "women and children"."""
    for k in indices:
        word = tokens.low[k]
        if tokens.used[k] or word not in SCOPE or _not_counted(tokens, k):
            continue
        name = SCOPE[word]
        for step in (1, -1):
            other = SCOPE.get(tokens.at(k + 2 * step), name)
            if tokens.at(k + step) == "and" and other != name:
                return f"{name} and {other}" if step == 1 else f"{other} and {name}"
        return name
    return None


def _not_counted(tokens: Tokens, k: int) -> bool:
    """Return whether a noun of persons is an agent, a weapon's owner or a listener."""
    word, before = tokens.low[k], tokens.at(k - 1)
    if before in {"by", "told", "tell", "tells"}:  # "told reporters"
        return True
    if before in DEMONYM and tokens.at(k - 2) == "by":
        return True
    if before in _MOSTLY or (before in {"them", "whom"} and tokens.at(k - 2) == "of"):
        return True  # "9,400 deaths, most of them civilians"
    armed = word in {"military", "army", "forces"} and tokens.at(k + 1) in WEAPONS
    return armed or (word == "workers" and before != "aid")


def side_in(tokens: Tokens, indices: Iterable[int]) -> str | None:
    """Return whose losses these are: "Russian", "North Korean", "both"."""
    for k in indices:
        word = tokens.low[k]
        if tokens.used[k] or tokens.kind[k] != "w":
            continue
        if word == "both" and tokens.at(k + 1) in {"sides", "armies"}:
            return "both"
        name = _side_at(tokens, k, word)
        if name is None:
            continue
        for step in (1, -1):
            j = k + 2 * step
            if tokens.at(k + step) in {"and", "or"} and 0 <= j < len(tokens) and not tokens.used[j]:
                other = _side_at(tokens, j, tokens.low[j])
                if other and other != name:
                    return f"{name} and {other}" if step == 1 else f"{other} and {name}"
        return name
    return None


def own_side(tokens: Tokens, figure: Figure) -> str | None:
    """Return the side of "the Israeli military said 21 of its soldiers": whoever owns them."""
    k = figure.last + 2 if tokens.at(figure.last + 1) in {"more", "other"} else figure.last + 1
    if tokens.low[k : k + 2] not in (["of", "its"], ["of", "their"]):
        return None
    begin, _ = sentence_around(tokens, figure, 0, 0)
    words = (k for k in range(figure.first - 1, begin - 1, -1) if tokens.kind[k] == "w")
    return next(filter(None, (_side_at(tokens, k, tokens.low[k]) for k in words)), None)


def _compound(tokens: Tokens, k: int, word: str) -> str | None:
    """Return the side of a name of two words, "" where it is a place, or nothing."""
    name, half = COMPOUND.get(word), tokens.at(k - 1)
    if name is None or (half not in HALVES and name != "Korean"):
        return None
    if word == "korea" and tokens.at(k - 2 if half in HALVES else k - 1) in PLACED:
        return ""
    return f"{half.title()} {name}" if half in HALVES else name


def _side_at(tokens: Tokens, k: int, word: str) -> str | None:  # noqa: PLR0911  # one return for each kind of name
    if tokens.at(k + 1) in _EVENTS | {"wars", "sea", "peninsula", "front", "rebellion"}:
        return None  # "American deaths in the Korean War"
    if (name := _compound(tokens, k, word)) is not None:
        return name or None
    if word == "us" and (tokens.at(k + 1) == "$" or not tokens.text[tokens.start[k]].isupper()):
        return None
    name = DEMONYM.get(word)
    lead = k - 1
    while tokens.at(lead) in _REGIONS:
        lead -= 1
    placed = tokens.at(lead) in PLACED
    if tokens.at(k + 1) == "-" and tokens.touches(k + 1) and tokens.touches(k + 2):
        return None  # "Russian-installed officials"
    by = "by" in {tokens.at(k - 1), tokens.at(k - 2)} and tokens.kind[k - 1] == "w"
    if name:
        armed = tokens.at(k + 1) in WEAPONS and tokens.at(k + 2) not in PLAIN - {"staff"}
        another = tokens.at(k - 1) in {"a", "an"} and bool(PERSON & set(tokens.low[k + 1 : k + 3]))
        if not tokens.text[tokens.start[k]].isupper() or by or armed or another:
            return None
        return name
    name = COUNTRY.get(word) or GROUP.get(word)
    if name is None or placed or by:
        return None
    persons = tokens.at(k + 1) in PERSONS  # "the number of Hamas fighters killed"
    if tokens.at(k - 1) == "of" and tokens.at(k - 2) not in _WHOSE_OF and not persons:
        return None
    return name


def is_possible(tokens: Tokens, indices: Iterable[int]) -> bool:
    """Return whether words only say that something could be or will be so."""
    for k in indices:
        word = tokens.low[k]
        if word in MODAL or word in FUTURE:
            month = word == "may" and k > 0 and tokens.text[tokens.start[k]].isupper()
            as_it_is = word == "possible" and tokens.at(k - 1) == "as"
            denied = tokens.at(k + 1) in {"not", "never"}  # "could not be verified"
            only = word == "could" and (tokens.at(k + 1) == "only" or tokens.at(k + 1) in SAYS)
            if not (only or tokens.used[k] or month or as_it_is or denied):
                return True
        if word in {"track", "course"} and tokens.at(k - 1) == "on":
            return True
        if word in {"set", "poised", "due"} and tokens.at(k + 1) == "to":
            return True
    return False


def until_multiple(tokens: Tokens, indices: range) -> range:
    """Return the tokens before a number up to "three times the", of which all else is said."""
    hit = (k for k in indices if tokens.low[k] in _MULTIPLES and tokens.at(k + 1) in {"the", "its"})
    return range(indices.start, next(hit, indices.stop), -1)


def period_in(tokens: Tokens, reach: Neighbourhood) -> str | None:
    """Return the period of a rate: after the figure, or "daily losses of" before it."""
    left = (
        k
        for k in reach.left
        if tokens.low[k] in PER_ADVERBS | {"every", "each", "per"}
        and tokens.at(k + 1) not in _PAPERS  # "in its daily bulletin"
    )
    for k in (*reach.right, *left):
        period = "" if tokens.used[k] else period_after(tokens, k)[0]
        if period:
            return period
    return None


def is_new_level(figure: Figure) -> bool:
    """Return whether a figure is what a count has come to: "rose by 300 to 3,000"."""
    tokens = figure.tokens
    before = tokens.low[max(figure.first - 10, 0) : figure.first]
    total = before[-2:] == ["total", ":"] or before[-1:] == ["total"] or "cumulative" in before[-2:]
    return total or (before[-1:] == ["to"] and bool(_RAISING & set(before)))


def is_former_level(figure: Figure) -> bool:
    """Return whether a figure is what a count has come from: "up from 1,684 a day earlier"."""
    tokens = figure.tokens
    k = figure.first - 2
    begin, _ = sentence_around(tokens, figure, 0, 0)
    before = range(max(begin, k - 6), k + 1)  # "rose to 2,104 in 2019 from 1,830"
    came_to = any(tokens.is_number(j) and tokens.at(j - 1) == "to" for j in before)
    came_to = came_to and bool(_RAISING & set(tokens.low[begin:k]))
    came_to = came_to or (tokens.is_number(k) and tokens.at(k - 1) == "to")
    if tokens.at(k + 1) != "from" or not (came_to or tokens.at(k) in {"up", "down"}):
        return False
    paces = (period_after(tokens, k)[0] for k in range(begin, figure.first))
    return not any(paces)  # "1,500 a day, up from 1,100" is a pace as well


def of_new_level(tokens: Tokens, figure: Figure, near: range) -> str | None:
    """Return the category of what "the death toll rose by 18 to 211" has come to."""
    if not is_new_level(figure) or category_in(tokens, near):
        return None
    begin, _ = sentence_around(tokens, figure, 0, 0)
    return category_in(tokens, range(figure.first - 1, begin - 1, -1))


def is_increment(tokens: Tokens, figure: Figure, reach: Neighbourhood) -> bool:
    """Return whether a figure adds to an earlier one."""
    before = [tokens.at(figure.first - step) for step in (1, 2, 3)]
    first = figure.numbers[0].first
    inside = [tokens.low[k] for k in range(figure.first, first)]
    if tokens.at(first - 1) == "+" and tokens.touches(first):
        return True
    led = before[1] if before[0] == "a" else before[0]
    follows = [tokens.at(k) for k in reach.right[:1] if tokens.at(k + 1) != "likely"]
    if MORE & {led, *inside} or _ADDED & set(follows):
        return True
    if before[0] in {"up", "down"}:  # "up 980 from the day before"
        return True
    return before[0] in {"by", "of"} and any(word in RISE for word in before[1:])
