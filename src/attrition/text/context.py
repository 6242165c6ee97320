"""What surrounds a figure: category, scope, side, period, and which number a word belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from attrition.text.dates import MONTH, year_at
from attrition.text.elements import Figure
from attrition.text.hedging import ends_sentence
from attrition.text.patterns import beside
from attrition.text.rules import fits_one, given, word_fits
from attrition.text.spelled import SMALL, STARTS
from attrition.text.text import Tokens
from attrition.text.units import period_after
from attrition.text.vocabulary import (
    CATEGORY,
    COMPOUND,
    COUNTRY,
    DEMONYM,
    GROUP,
    LOOSE_CATEGORY,
    MEMBERS,
    PERIOD,
    SCOPE,
    WORDS,
    words_for,
)

_NO_ARMY: Final = words_for("known") | MONTH.keys() | {"army", "navy", "government", "national"}
"""Words before "soldiers" that name no side."""
_OF_EVENTS: Final = "in|at|by|after|during|from a|an|the # <word>..2 <events>|<weapons>"
"""Whose event or weapon it was is not whose dead these are: "killed in a Turkish air strike"."""
_GROUPS: Final = frozenset({"captured", "displaced", "wounded"})
"""Categories whose words also name people who may die: prisoners, refugees, the wounded."""
_COUNTED_DEAD: Final = 6
"""Words before a verb among which the dead are counted already."""


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
    others = (
        k for k in range(near, end) if tokens.is_number(k) and tokens.at(k + 1) in WORDS.persons
    )
    end = next(others, end)  # people left aside have words of their own
    return Neighbourhood(
        range(figure.last + 1, near),
        range(number - 1, close - 1, -1),
        range(near, end),
        range(close - 1, begin - 1, -1),
    )


def _parts(tokens: Tokens, k: int) -> bool:
    """Return whether a conjunction or a comma parts two clauses here."""
    return tokens.low[k] in WORDS.parting and not tokens.used[k] and not _lists(tokens, k)


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
    if tokens.low[k] not in WORDS.joins:
        return False
    left = tokens.at(k - 2) if tokens.at(k - 1) == "," else tokens.at(k - 1)
    step = 2 if tokens.at(k + 1) in {"and", "or"} or tokens.at(k + 1) in WORDS.adverbs else 1
    right = tokens.at(k + step)
    return any(left in table and right in table for table in (CATEGORY, SCOPE, DEMONYM))


def category_in(tokens: Tokens, indices: Iterable[int]) -> str | None:
    """Return the category that some tokens name, a list joined; a loose word gives way."""
    loose: str | None = None
    for k in indices:
        word = tokens.low[k]
        if word_fits("dead", tokens, k):
            loose = loose or "killed"  # "the number of victims", "counts for the famine"
        if word not in CATEGORY or tokens.used[k] or word_fits("none", tokens, k):
            continue
        if word in {"toll", "mortality"}:
            loose = loose or "killed"
            continue
        name = _joined(tokens, k)
        if name in _GROUPS and beside(tokens, k, k, "<is_killed> ..2 among the? #"):
            return "killed"  # "mortality among prisoners"
        whole = name in LOOSE_CATEGORY or word == "casualties"
        if whole and tokens.at(k - 1) in WORDS.irrecoverable:
            return "irrecoverable"
        if name not in LOOSE_CATEGORY and word not in WORDS.captives:
            return name
        loose = loose or name
    return loose


def category_of(words: Iterable[str]) -> str | None:
    """Return the category that one of some plain words names, such as "the dead"."""
    return next((CATEGORY[word.lower()] for word in words if word.lower() in CATEGORY), None)


def until_subordinate(tokens: Tokens, indices: range) -> range:
    """Return the tokens up to "before he", "who", "when": what follows happens to others."""
    for k in indices:
        if (tokens.low[k] in WORDS.subordinate and not tokens.used[k]) or labels(tokens, k):
            if tokens.low[k] == "as" and tokens.at(k - 1) in WORDS.entered:
                continue  # "12 prisoners are listed as missing"
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
    if idiom := given("category", tokens, figure.first, figure.last):
        return idiom
    k = figure.first - 1
    while k > 0 and tokens.low[k] in WORDS.context_determiners | WORDS.roughly:
        k -= 1
    word, led = tokens.at(k), tokens.at(k - 1)
    doing = word.endswith("ing") and led in WORDS.being | {"of"}  # "is killing 40 a day"
    passive = (led in WORDS.be | {"of"} and not doing) or led == ":"
    if word not in WORDS.acting or passive or led == "+" or tokens.is_number(k - 1):
        return None
    before = tokens.at(k - 2) if led in WORDS.joins else ""
    counted = range(max(k - _COUNTED_DEAD, 0), max(k - 2, 0))
    own = any(tokens.is_number(j) or tokens.low[j] in SMALL for j in counted)
    if before not in WORDS.acting and (before != "dead" or own):
        return CATEGORY[word]  # "shot eight people dead and wounded 14"
    taken = CATEGORY[before] == "captured" and word in WORDS.context_killing
    return "killed" if taken else category_in(tokens, [k])  # "abducted and killed"


def fate_in(tokens: Tokens, indices: Iterable[int]) -> str | None:
    """Return "killed" where prisoners, refugees or wounded died; both where they "were shot"."""
    places = [k for k in indices if tokens.low[k] in CATEGORY and not tokens.used[k]]
    name = CATEGORY[tokens.low[places[0]]] if places else ""
    if name not in _GROUPS:
        return None
    shot = tokens.at(places[0] + 1) in {"shot", "executed", "hanged", "massacred"}
    if shot or any(tokens.low[k] in WORDS.context_killing for k in places[1:]):
        return "killed"  # "40 prisoners shot"
    hit = any(tokens.low[k] in WORDS.deadly and tokens.at(k - 1) in WORDS.be for k in indices)
    return f"killed / {name}" if hit and name != "wounded" else None  # "prisoners had been shot"


def _joined(tokens: Tokens, k: int) -> str:
    """Return the category of a list of words around one: "killed and wounded" are casualties."""
    names = [CATEGORY[tokens.low[k]]]
    for step in (1, -1):
        j = k
        while (j := _next_listed(tokens, j, step, k)) >= 0:
            names.append(CATEGORY[tokens.low[j]])
    unique = list(dict.fromkeys(names))
    if len(unique) == 1:
        return unique[0]
    if {"killed", "wounded"} <= set(unique) and set(unique) <= MEMBERS | {"losses", "casualties"}:
        return "casualties"
    if set(unique) == {"killed", "missing", "captured"}:
        return "irrecoverable"
    order = [name for name in ("killed", "wounded", "missing", "captured") if name in unique]
    return " and ".join(order + [name for name in unique if name not in order])


def _next_listed(tokens: Tokens, j: int, step: int, origin: int) -> int:
    """Return where the next word of a list of categories stands, or -1."""
    if step < 0 and _own_clause(tokens, origin):
        return -1
    k = j + step
    while tokens.at(k) in WORDS.joins or (k != j + step and tokens.at(k) in WORDS.adverbs):
        k += step
    counted = tokens.is_number(k - 1) or tokens.at(k - 1) in SMALL
    if step < 0 and counted and begins(tokens, origin, 1):
        return -1  # "claimed 78 lives, injured 133": the lives are those of another figure
    other = begins(tokens, k, step) or _own_clause(tokens, k) or k == j + step
    object_of = tokens.at(k + 1) in {"another", "a", "an", "his", "her", "him", "himself"}
    object_of = object_of and tokens.at(k + 2) not in PERIOD  # "killed and wounded a day"
    other = other or (step > 0 and object_of)  # "shot three dead and wounded another"
    if other or {"cost", "costs", "costing"} & {tokens.at(k), tokens.low[origin]}:
        return -1  # "left 21 dead and cost the rebels 43"
    return k if tokens.at(k) in CATEGORY and not tokens.used[k] else -1


def differ(one: str | None, two: str | None) -> bool:
    """Return whether two kinds of people need not be of one side: "12 rebels and two soldiers"."""
    return one != two and None not in {one, two} and not WORDS.of_any & {str(one), str(two)}


def turned(figure: Figure) -> bool:
    """Return whether people are of another side: "killed 20 rebels and lost three men"."""
    if figure.reads("# members of"):
        return True  # "14 SDF fighters, 11 members of a militia"
    led = figure.at(-2) in WORDS.joins | {"while", "but"}
    return led and figure.at(-1) in {"lost", "losing", "suffered", "suffering", "sustained"}


def _own_clause(tokens: Tokens, j: int) -> bool:
    """Return whether a word is a subject: "29 dead, and the injured would be more than 150"."""
    return tokens.at(j - 1) == "the" and tokens.at(j + 1) in WORDS.copula


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
    if before in {"by", "told", "tell", "tells"} or before in WORDS.mostly:
        return True  # "told reporters", "9,400 deaths, mostly civilians"
    if before in {"them", "whom"} and tokens.at(k - 2) == "of":
        return True  # "9,400 deaths, most of them civilians"
    if before == "and" and tokens.at(k - 2) in SCOPE and _not_counted(tokens, k - 2):
        return True  # "mostly women and children"
    armed = word in {"military", "army", "forces"} and tokens.at(k + 1) in WORDS.weapons
    return armed or (word == "workers" and before != "aid")


def side_in(tokens: Tokens, indices: Iterable[int]) -> str | None:
    """Return whose losses these are: "Russian", "North Korean", "both"."""
    for k in indices:
        if tokens.used[k]:
            continue
        if tokens.low[k] == "both" and tokens.at(k + 1) in {"sides", "armies"}:
            return "both"
        name = _side_at(tokens, k)
        for step in (1, -1) if name else ():
            j = k + 2 * step
            if tokens.at(k + step) in {"and", "or"} and 0 <= j < len(tokens):
                other = _side_at(tokens, j)
                if other and other != name and not tokens.used[j]:
                    return f"{name} and {other}" if step == 1 else f"{other} and {name}"
        if name is not None:
            return name
    return None


def own_side(figure: Figure) -> str | None:
    """Return the side of "the Israeli military said 21 of its soldiers": whoever owns them."""
    if not figure.reads("# <plain>|more|other* of its|their"):
        return None
    begin, _ = sentence_around(figure.tokens, figure, 0, 0)
    words = figure.tokens.low
    joints = (k for k in range(begin, figure.first) if words[k - 1 : k + 1] == [",", "and"])
    begin = max(joints, default=begin)
    sides = [_side_at(figure.tokens, k) for k in range(begin, figure.first)]
    k = next((k for k, side in enumerate(sides) if side), None)
    if k is None:
        return None
    return sides[k + 1] if any(sides[k + 1 : k + 2]) else sides[k]  # "Colombia's ELN rebels"


def _compound(tokens: Tokens, k: int) -> str | None:
    """Return the side of a name of two words, "" where it is a place, or nothing."""
    name, half = COMPOUND.get(tokens.low[k]), tokens.at(k - 1)
    if name is None or (half not in WORDS.halves and name != "Korean"):
        return None
    placed = tokens.at(k - 2 if half in WORDS.halves else k - 1) in WORDS.placed
    if tokens.low[k] == "korea" and placed:
        return ""
    return f"{half.title()} {name}" if half in WORDS.halves else name


def _unknown(tokens: Tokens, k: int) -> str | None:
    """Return the initials of a group, or a people, that no table knows: "7,000 UNITA dead"."""
    if tokens.is_name(k) and (
        fits_one("two_peoples", tokens, k, k)
        or (tokens.low[k] not in _NO_ARMY and fits_one("army", tokens, k, k))
    ):
        return tokens.raw(k, k)
    name, follow = tokens.raw(k, k), tokens.raw(k + 1, k + 1) if k + 1 < len(tokens) else ""
    armed = (
        name.isupper()
        and len(name) > len("UN")
        and (follow in {"dead", "men"} or SCOPE.get(follow) in {"soldiers", "fighters"})
    )
    return name if armed and tokens.kind[k] == "w" else None


def _side_at(tokens: Tokens, k: int) -> str | None:
    """Return the side that a word names by itself, unless it is a place, a weapon or an agent."""
    word, follow = tokens.low[k], tokens.at(k + 1)
    if follow in WORDS.event_names:
        return None  # "American deaths in the Korean War"
    if (name := _compound(tokens, k)) is not None:
        return name or None
    name = DEMONYM.get(word) or COUNTRY.get(word) or GROUP.get(word) or _unknown(tokens, k)
    compound = follow == "-" and tokens.touches(k + 1) and tokens.touches(k + 2)
    if name is None or compound or fits_one("no_side", tokens, k, k):
        return None  # "Russian-installed officials", "(per Ukraine)", "non-Kuwaiti deaths"
    if word in DEMONYM:
        other = beside(tokens, k, k, "# <weapons> !<plain>|-staff", "a|an # ..1 <person>")
        other = other or beside(tokens, k, k, _OF_EVENTS)
        return None if other or not tokens.is_name(k) else name
    if word == "us" and (follow == "$" or not tokens.is_name(k)):
        return None
    of = beside(tokens, k, k, "!<whose_of> of #") and follow not in WORDS.persons
    return None if of or beside(tokens, k, k, "<placed> <context_regions>* #") else name


def is_possible(tokens: Tokens, indices: Iterable[int]) -> bool:
    """Return whether words only say that something could be or will be so."""
    past = False
    for k in indices:
        word = tokens.low[k]
        past = past or word in WORDS.befell  # "families of those killed will receive"
        if not past and (word in WORDS.modal or word in WORDS.future):
            month = word == "may" and k > 0 and tokens.is_name(k)
            as_it_is = word == "possible" and tokens.at(k - 1) == "as"
            # "could not be verified", "will examine the deaths"
            denied = tokens.at(k + 1) in {"not", "never"} or tokens.at(k + 1) in WORDS.dealing
            denied = denied or tokens.low[k + 1 : k + 3] == ["be", "among"]  # who the dead are
            only = word == "could" and (
                tokens.at(k + 1) == "only" or tokens.at(k + 1) in WORDS.says | WORDS.judging
            )
            # "the toll of 22 would climb", "above the expected 9,640"
            now = beside(tokens, k, k, "the # <number>", "# <grows> !to|by|past|above|over|beyond")
            if not (only or now or tokens.used[k] or month or as_it_is or denied):
                return True
        on = word in {"track", "course"} and tokens.at(k - 1) == "on"
        if on or (word in {"set", "poised", "due"} and tokens.at(k + 1) == "to"):
            return True
    return False


def until_multiple(tokens: Tokens, indices: range) -> range:
    """Return the tokens before a number up to "three times the", of which all else is said."""
    hit = (
        k
        for k in indices
        if tokens.low[k] in WORDS.multiples and tokens.at(k + 1) in {"the", "its"}
    )
    return range(indices.start, next(hit, indices.stop), -1)


def period_in(tokens: Tokens, reach: Neighbourhood, figure: Figure) -> str | None:
    """Return the period of a rate: after the figure, or "daily losses of" before it."""
    left = (
        k
        for k in reach.left
        if tokens.low[k] in WORDS.per
        and tokens.at(k + 1) not in WORDS.papers  # "in its daily bulletin"
    )
    for k in (*reach.right, *left):
        period = "" if tokens.used[k] else period_after(tokens, k)[0]
        if period:
            return period
    return _paced(tokens, min((*reach.left, *reach.far_left, *reach.right[:1]), default=0), figure)


def _paced(tokens: Tokens, begin: int, figure: Figure) -> str | None:
    """Return the period that opens a clause: "Every week the crossing claims another 20 lives"."""
    for k in range(begin, figure.first - 1):
        if tokens.low[k] in WORDS.per_adverbs and tokens.at(k + 1) == ",":
            return PERIOD[tokens.low[k]]  # "Daily, some 35 people are dying"
        skip = 1 if beside(tokens, k, k, "# single|average|typical|normal|ordinary") else 0
        usual = skip and tokens.low[k + 1] != "single"
        period = PERIOD.get(tokens.at(k + skip + 1))
        if period and tokens.low[k] in ({"a", "an", "the"} if usual else {"every", "each"}):
            rest = [j for j in range(k + skip + 2, figure.first) if not tokens.used[j]]
            while rest and tokens.low[rest[0]] in {",", "on", "average"}:
                rest.pop(0)  # "Every day in March, on average, 12 people drowned"
            return None if WORDS.parting & {tokens.low[j] for j in rest} else period
    return None


def is_new_level(figure: Figure) -> bool:
    """Return whether a figure is what a count has come to: "rose by 300 to 3,000"."""
    raised = figure.at(-1) == "to" and WORDS.raising & set(figure.before(10))
    return bool(raised) or figure.reads("total :? #", "cumulative ..1 #")


def is_former_level(figure: Figure) -> bool:
    """Return whether a figure is what a count has come from: "up from 1,684 a day earlier"."""
    if figure.at(-1) != "from":
        return False
    tokens, k = figure.tokens, figure.first - 2
    begin, _ = sentence_around(tokens, figure, 0, 0)
    before = range(max(begin, k - 6), k + 1)  # "rose to 2,104 in 2019 from 1,830"
    came_to = any(tokens.is_number(j) and tokens.at(j - 1) == "to" for j in before)
    came_to = came_to and bool(WORDS.raising & set(tokens.low[begin:k]))
    came_to = came_to or (tokens.is_number(k) and tokens.at(k - 1) == "to")
    paces = (period_after(tokens, k)[0] for k in range(begin, figure.first))
    # "1,500 a day, up from 1,100" is a pace as well
    return (came_to or figure.at(-2) in {"up", "down"}) and not any(paces)


def of_new_level(figure: Figure, near: range) -> str | None:
    """Return the category of what "the death toll rose by 18 to 211" has come to."""
    if not is_new_level(figure) or category_in(figure.tokens, near) not in {None, "losses"}:
        return None
    tokens, last = figure.tokens, figure.first - 1
    begin, _ = sentence_around(tokens, figure, 0, 0)
    clause = next((k for k in range(last, begin, -1) if tokens.low[k] == ","), begin)
    own = category_in(
        tokens, range(last, clause, -1)
    )  # "a fourth died of wounds, taking the toll to"
    return own if own and own != "losses" else category_in(tokens, range(last, begin - 1, -1))


def is_increment(figure: Figure, reach: Neighbourhood) -> bool:
    """Return whether a figure adds to an earlier one."""
    tokens, first = figure.tokens, figure.numbers[0].first
    if tokens.at(first - 1) == "+" and tokens.touches(first):
        return True
    inside = tokens.low[figure.first : first]
    led = figure.at(-2) if figure.at(-1) == "a" else figure.at(-1)
    if WORDS.more & {led, *inside} or led in {"up", "down"}:  # "up 980 from the day before"
        return True
    added = any(
        tokens.at(k) in WORDS.added and tokens.at(k + 1) != "likely" for k in reach.right[:1]
    )
    return added or figure.reads("<rise>|up ..1 by|of #", "( new ) : #", "new <category> : #")
