"""What neighbouring figures of a sentence share."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from attrition.text.context import (
    Neighbourhood,
    acting_verb,
    category_in,
    differ,
    is_former_level,
    is_new_level,
    turned,
)
from attrition.text.dates import WEEKDAY
from attrition.text.elements import Figure
from attrition.text.hedging import ends_sentence
from attrition.text.reading import Reading
from attrition.text.relations import (
    holds,
    listed,
    noun_of,
    of_these,
    other_people,
    paired,
    part_of,
    parted,
    predicate,
    share_of,
)
from attrition.text.rules import about
from attrition.text.units import period_after
from attrition.text.vocabulary import CATEGORY, MEMBERS, SCOPE, WORDS

_BRACKETED: Final = "( previous|last|prior|week|day|month|year <number>|<word>..2 :? #"
_CAPTIVES: Final = "and <roughly>* # <captives> <ends>|$|in|at|on|as|when|who"
_SINGLE: Final = frozenset({"yesterday", "today", *(f"on {day}" for day in WEEKDAY.values())})


def inherit(figures: list[Figure], readings: list[Reading]) -> list[Reading]:
    """Let a figure take from its neighbours in the sentence what its own clause leaves out.

    First each takes from the one after it ("60,000 killed and 180,000 wounded per day"), then
    from the one before it ("950,000 Russian soldiers, including 250,000 dead").
    """
    for i in range(len(readings) - 2, -1, -1):
        readings[i] = _from_next(figures, readings, i)
        one, two, then = figures[i], figures[i + 1], readings[i + 1]
        if readings[i].unit != then.unit and listed(one, two):
            readings[i] = _same_window(readings[i], then)
        if _hit_once(one, two, then):
            readings[i] = replace(readings[i], category="casualties", reached="own")
    for i in range(1, len(readings)):
        readings[i] = _from_last(figures, readings, i)
    return readings


def _from_next(figures: list[Figure], readings: list[Reading], i: int) -> Reading:
    """Return a reading with what the figure after it says for both."""
    one, two, this, then = figures[i], figures[i + 1], readings[i], readings[i + 1]
    part = any(one.category for one in readings[:i]) and _a_part(figures, i)
    if part or then.point == 0 or (i and part_of(figures[i - 1].until(one))):
        # ", including 1 child, 33 are injured", "all 212 pupils got out and nobody was hurt"
        return this
    gap = one.until(two)
    raised = (gap[-1:] == ["from"] and is_new_level(one)) or about("not_but", one)
    if gap[-1:] == ["-"] and len(gap) > 1 and not one.tokens.touches(two.first):
        raised = True  # "nine people - four women and five men - died"
    own = then.reached == "own" and then.category in MEMBERS
    if this.reached == "far" and part_of(gap) and own:
        this = replace(this, category=None)  # "the toll may rise, with 14 of the 60 injured in"
    if raised or (share_of(gap) and not parted(one, two)) or gap[-2:] == ["(", "+"]:
        return _filled(this, then, ("category", "scope", "side"))
    if holds(one, two):
        return _of_a_whole(two, this, then)
    if this.unit == then.unit:
        return _in_one_list(figures, readings, i)
    if this.category is None and this.unit == "persons" and listed(one, two):
        stops = (k for k in range(two.last + 1, two.last + 8) if two.tokens.at(k) in WORDS.stops)
        near = range(two.last + 1, min(next(stops, two.last + 8), len(two.tokens)))
        then = replace(then, category=category_in(two.tokens, near))
        return _filled(this, then, ("category",))  # "300 people and 40,000 cattle perished"
    return this


def _of_a_whole(two: Figure, this: Reading, then: Reading) -> Reading:
    """Return the whole of the next figure: "and six others, two of them infants, were hurt"."""
    if _their_own(two):
        return this
    among = this.category != "losses" and two.reads("including #")
    if this.reached == "far" and (among or of_these(two)) and then.category in MEMBERS:
        this = replace(this, category=None)
    return _filled(this, then, ("category",))


def _in_one_list(figures: list[Figure], readings: list[Reading], i: int) -> Reading:
    """Return a reading with what the next of its list says: "60,000 killed and 180,000 wounded"."""
    one, two, this, then = figures[i], figures[i + 1], readings[i], readings[i + 1]
    gap = one.until(two)
    if acting_verb(two) is not None:  # ", and wounded 17": its verb is its own
        return _same_time(this, then) if _same_form(one, two) else this
    if WORDS.says & set(gap) and this.category:
        return this  # "puts losses at 400 and claims 90 killed"
    if predicate(two) or not listed(one, two) or (this.category is None and _alone(gap)):
        return this
    group = WORDS.captives & set(gap[:3]) and then.category == "killed"
    group = group and not WORDS.violence & {one.at(-1), *gap}
    group = group and two.at(1) not in CATEGORY  # "90 prisoners, 640 dead"
    loose = this.category == "losses" and not (one.unit.explicit and then.category == "wounded")
    if (loose or group) and then.category:  # a loose word gives way
        this = replace(this, category=then.category)
    if then.kind != "rate" or not _own_verb(figures, i + 1):
        this = _same_time(this, then)
    people = two.at(-1) in WORDS.peoples  # "58 killed, the British 1,170"
    other = people or WORDS.heads & set(gap) or _two_peoples(one, two)
    other = other or other_people(two, [noun_of(one)])
    return _filled(this, then, ("category", "scope") if other else ("category", "scope", "side"))


def _two_peoples(one: Figure, two: Figure) -> bool:
    """Return whether the next alone names its people: "nine soldiers and four Malawian guards"."""
    return one.reads("# <plain>") and two.reads("# <peoples> <plain>")


def _alone(gap: list[str]) -> bool:
    """Return whether a figure has a verb of its own: "800 were inside and 135 died"."""
    return bool({"but", "were", "was"} & set(gap))


def _a_part(figures: list[Figure], i: int) -> bool:
    """Return whether a figure counts some of those before: "among whom 9 women and 4 men"."""
    if WORDS.parts & set(figures[i].before(3)):
        return True
    return i > 0 and paired(figures[i - 1], figures[i]) and _a_part(figures, i - 1)


def _their_own(figure: Figure) -> bool:
    """Return whether a verb is said of a part alone: "34 patients, seven of whom died"."""
    near = range(figure.last + 3, min(figure.last + 6, len(figure.tokens)))
    stop = next((k for k in near if figure.tokens.low[k] in WORDS.stops), near.stop)
    return of_these(figure) and category_in(figure.tokens, range(near.start, stop)) is not None


def _hit_once(one: Figure, two: Figure, then: Reading) -> bool:
    """Return whether some of those who were hit died: "four people were shot, one fatally"."""
    gap = one.until(two)
    of_them = of_these(two) and then.category == "killed" and not set(gap) & WORDS.category
    fatal = of_them or two.at(1) in {"fatally", "critical", "critically"}
    return fatal and bool({*gap, one.at(-1)} & WORDS.sharing_hit)


def _from_last(figures: list[Figure], readings: list[Reading], i: int) -> Reading:
    """Return a reading with what the figures before it have said."""
    one, two, before = figures[i - 1], figures[i], readings[i - 1]
    gap = one.until(two)
    this = _as_before(two, gap, before, _across(figures, readings, i))
    this = replace(this, category=_of_its_list(figures, readings, i) or this.category)
    if _in_one_rate(figures, before, this, i):
        this = replace(this, kind="rate", per=before.per)
    if of_these(two):
        this = _filled(this, before, ("scope", "side"))
    if i > 1 and is_former_level(one):  # "up from 58,900 in March, and estimates that": as of now
        before = replace(before, as_of=readings[i - 2].as_of)
    lowered = two.at(-1) == "to" and one.at(-1) == "from"  # "fell from 31 to 4 in week 15"
    if lowered and this.reached == "far":
        this = replace(this, category=before.category)
    if i > 1 and _of_both(gap, readings[i - 2], before, this):
        this = replace(this, category="casualties", reached="neighbour")
    if parted(one, two) or part_of(gap):
        return this
    if i > 1 and _after_part(figures, before, this, i):
        before = readings[i - 2]  # "6,904 civilians killed, among them 388 children, and"
        this = replace(this, scope=before.scope)
    if before.side and other_people(two, [noun_of(one)]):
        before = replace(before, side=None)
    return _continued(two, before, this, compared=lowered or bool(WORDS.compared & set(gap)))


def _of_its_list(figures: list[Figure], readings: list[Reading], i: int) -> str | None:
    """Return what a list says of a number whose own words say something else, or nothing.

    So in "losses: Danes 57 (15 killed), Poles 12 (3 killed)", "killed 19 people and 4 prisoners".
    """
    one, two = figures[i - 1], figures[i]
    if i > 1 and two.reads("# ( <number>") and one.reads("( # <category> )"):
        return readings[i - 2].category
    return "killed" if acting_verb(one) == "killed" and two.reads(_CAPTIVES) else None


def _of_both(gap: list[str], one: Reading, two: Reading, this: Reading) -> bool:
    """Return whether a part is one of two listed: "3 killed, 9 hurt (as of May), including 4"."""
    part = WORDS.parts & set(gap) and ")" in gap and this.reached in {"far", ""}
    return bool(part) and {one.category, two.category} == {"killed", "wounded"}


def _across(figures: list[Figure], readings: list[Reading], i: int) -> Reading:
    """Return a reading that goes on from before a whole or things: "12 in three towns and 7 in"."""
    if i == 1:
        return readings[i]
    whole = part_of(figures[i - 2].until(figures[i - 1]))
    whole = whole and bool(WORDS.parts & set(figures[i - 1].until(figures[i])))
    on = readings[i - 1].unit not in {"persons", readings[i].unit} and figures[i].reads(
        "<joined>|plus|another # in|at|near|more|elsewhere"
    )
    return _filled(readings[i], readings[i - 2], _ALL) if whole or on else readings[i]


_ALL: Final = ("category", "scope", "side")


def _as_before(figure: Figure, gap: list[str], before: Reading, this: Reading) -> Reading:
    """Return a reading without a category that is that of the number before it.

    The increment of "1,020 (+45), dead: 77" counts what its total counts; the "dead" of "3 dead 9
    critical" is said of the three.
    """
    unknown = {word for word in figure.after(2) if word.endswith("s")} - WORDS.things
    if this.unit in unknown and figure.reads("including #", "among them|whom #"):
        return replace(this, category=before.category, unit="persons", reached="neighbour")
    if before.unit == "percent" and figure.reads(", # in all|total", ", # altogether"):
        return _filled(this, before, ("category",))  # "half of the deaths, 486 in all"
    if figure.reads("( total|cumulative|cum|overall :? # )"):
        return replace(this, category=before.category, unit=before.unit, reached=before.reached)
    if gap == ["("] and before.unit != "persons" and figure.reads("( # )") and not this.category:
        return replace(this, unit=before.unit)  # "aircraft 48 (0)"
    things = gap[-2:] == ["of", "which"] and before.unit != "persons"
    earlier = gap[-1:] == ["from"] and "(" in gap[-3:]  # "dead 29 (up from 26), missing 14"
    if gap[-2:] == ["(", "+"] or things or earlier:
        return replace(this, category=before.category, unit=before.unit)
    dead = gap[-1:] == ["dead"] and gap[-2:-1] != ["shot"] and not set(gap) & WORDS.joined
    return replace(this, category=None) if dead and this.category == "killed" else this


def _after_part(figures: list[Figure], before: Reading, this: Reading, i: int) -> bool:
    """Return whether a figure goes on from a whole, over a part of it: ", and 12,655 injured"."""
    part = WORDS.parts & set(figures[i - 2].until(figures[i - 1]))
    own = this.reached == "own" and this.category != before.category
    return bool(part) and own and not set(figures[i].after(2)) & WORDS.scope


def _in_one_rate(figures: list[Figure], before: Reading, this: Reading, i: int) -> bool:
    """Return whether the period before a list is also this figure's: "daily 70 dead, 250 hurt"."""
    one, two = figures[i - 1], figures[i]
    return (
        (before.kind, this.kind, this.unit) == ("rate", "level", before.unit)
        and paired(one, two)
        and not any(period_after(one.tokens, k)[0] for k in range(one.last + 1, two.first))
        and not _own_verb(figures, i)
    )


def _continued(figure: Figure, before: Reading, this: Reading, *, compared: bool) -> Reading:
    """Return a reading with what the figure before it has already said."""
    if this.unit != before.unit:
        return _same_window(this, before)
    shared = () if this.ambiguous else ("category",)
    same = before.as_of and this.window in {before.as_of, f"on {before.as_of}"}
    if same and this.kind == "increment" and this.category != before.category:
        this = replace(this, window=None, kind="level")  # "passed 100 on Monday, with 36 missing"
    back = before.category == "losses" and acting_verb(figure) is not None
    other = back or turned(figure) or differ(this.scope, before.scope) or _by_another(figure)
    other = other or "fighters" in map(SCOPE.get, figure.after(2))  # "Portuguese and guerrillas"
    names = ("scope", "as_of") if other else ("scope", "side", "as_of")
    this = _filled(this, before, (*shared, *names))
    if compared and before.kind == "rate":
        this = replace(this, kind="rate", per=before.per)
    if before.kind != "increment" or this.kind != "level":
        return this
    if this.as_of is None and before.window in _SINGLE and is_new_level(figure):
        return replace(this, as_of=before.window)  # "nine more yesterday, bringing the toll to 47"
    if is_former_level(figure) or figure.reads(_BRACKETED):
        # they fell "from 31 in the week before", or stand in brackets: "(week 30: 39)"
        return replace(this, kind="increment", window=this.as_of, as_of=None)
    if before.window and not is_new_level(figure):
        return replace(this, window=before.window, kind="increment")
    return this


def _by_another(figure: Figure) -> bool:
    """Return whether another than before does it: "killed 12 Iraqis, and a raid killed 40"."""
    led = figure.at(-2)
    return acting_verb(figure) is not None and led.isalpha() and led not in WORDS.joined


def _filled(this: Reading, other: Reading, names: tuple[str, ...]) -> Reading:
    """Return a reading whose empty fields come from another one."""
    taken = {
        name: getattr(other, name)
        for name in names
        if getattr(this, name) is None and getattr(other, name) is not None
    }
    if "category" in taken:
        taken["reached"] = "neighbour"
    return replace(this, **taken) if taken else this


def _same_window(this: Reading, then: Reading) -> Reading:
    """Return persons lost beside things within the time that stands after the things."""
    if then.kind != "increment" or then.window is None or this.window or this.kind != "level":
        return this
    return replace(this, window=then.window, kind="increment")


def _same_time(this: Reading, then: Reading) -> Reading:
    """Return a reading with the period that stands once, after the second of two categories."""
    if not (this.category and then.category) or this.per is not None or this.window is not None:
        return this
    if then.kind == "rate" and {this.category, then.category} <= MEMBERS:
        return replace(this, per=then.per, kind="rate", window=then.window)
    if then.kind == "increment" and then.window is not None and this.kind == "level":
        return replace(this, window=then.window, kind="increment")
    return _filled(this, then, ("as_of",)) if this.kind == then.kind == "level" else this


def _own_verb(figures: list[Figure], i: int) -> bool:
    """Return whether a figure is of a clause with a verb of its own: "and 50 are killed a day"."""
    tokens = figures[i].tokens
    stop = figures[i + 1].first if i + 1 < len(figures) else len(tokens)
    for k in range(figures[i].last + 1, stop):
        if ends_sentence(tokens, k) or tokens.low[k] in WORDS.joined:
            break
        if tokens.low[k] in WORDS.finite:
            return True
    gap = figures[i - 1].until(figures[i])
    joint = max((k for k, word in enumerate(gap) if word in WORDS.joined), default=-1)
    return bool(WORDS.sharing_verbs & set(gap[joint + 1 :]))


def _same_form(one: Figure, two: Figure) -> bool:
    """Return whether one subject has two verbs of one form: "killed two and wounded nine"."""
    joined = two.at(-2) == "and" and paired(one, two) and acting_verb(one) is not None
    return joined and _form(one.at(-1)) == _form(two.at(-1))


def _form(verb: str) -> str:
    return next((end for end in ("ed", "ing", "s") if verb.endswith(end)), "")


def share_verb(figures: list[Figure], reaches: list[Neighbourhood]) -> None:
    """Give the verb of "4,000 of the 11,000 troops have been killed" to the first figure."""
    for i in range(len(figures) - 1):
        one, two, reach = figures[i], figures[i + 1], reaches[i + 1]
        tokens = one.tokens
        gap = range(one.last + 1, two.first)
        who = two.reads("# <plain>|<demonyms>* who|that")  # "of the 8,000 Boers who died"
        if who or parted(one, two) or not share_of(one.until(two)) or category_in(tokens, gap):
            continue
        perished = WORDS.sharing_perished  # "1,500 of the 2,200 passengers and crew perished"
        near = (k for k in reach.right if tokens.low[k] in WORDS.sharing_verbs | perished)
        far = (k for k in reach.far_right if tokens.low[k] in perished)
        verb = next(near, None) or next(far, None)
        if verb is not None:
            words = range(verb, min(max(reach.right.stop, verb + 2), len(tokens)))
            reaches[i] = replace(reaches[i], right=words, far_right=range(0))
            before = range(reach.right.start, min(reach.right.stop, verb))
            reaches[i + 1] = replace(reach, right=before, far_right=range(0))
