"""What neighbouring figures of a sentence share."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from attrition.text.asides import NONE_OF_THE
from attrition.text.context import (
    Neighbourhood,
    acting_verb,
    category_in,
    is_former_level,
    is_new_level,
    sentence_around,
    side_in,
)
from attrition.text.dates import WEEKDAY
from attrition.text.elements import Figure
from attrition.text.hedging import ends_sentence
from attrition.text.leading import ACTING, OPENERS
from attrition.text.reading import Reading
from attrition.text.text import Tokens
from attrition.text.units import period_after
from attrition.text.vocabulary import (
    BY_SAYS,
    CATEGORY,
    DEMONYM,
    HALVES,
    LINKS,
    MEMBERS,
    MORE,
    NOUNS,
    PEOPLES,
    PERSON,
    PERSONS,
    PLAIN,
    RISE,
    SAYS,
    SCOPE,
    THINGS,
    VIOLENCE,
    words_for,
)

_LISTED: Final = 5
_SHARED: Final = 8
_SENTENCE: Final = 7
_FROM: Final = 2
_BARE: Final = frozenset({"exactly", "unhedged-round"})
_COMPARED: Final = frozenset({"up", "down", "compared", "against", "versus"})
_VERBS: Final = words_for("sharing_verbs")
_SUBJECTS: Final = words_for("sharing_subjects")
"""Subjects that speak of what was counted before: "common estimates are 123 to 160"."""
_AFTER: Final = words_for("sharing_after")
_PASSIVE: Final = frozenset({"were", "was", "been", "be"})
_FINITE: Final = _VERBS - {"may", "might", "could", "will"} | frozenset({"die", "dies", "being"})
"""Verbs after a figure that make it the subject of a clause."""
_WHO: Final = frozenset({"others", "other", "more", "who"})
_WHO_WERE: Final = words_for("who_were")
_AUXILIARY: Final = _FINITE - {"died", "die", "dies"} | words_for("aside_of_a_verb")
_CHANGES: Final = words_for("sharing_changes")
_PRICES: Final = frozenset({"cost", "costs", "costing"})
_DOINGS: Final = words_for("doings")
_DOERS: Final = (PLAIN | frozenset(DEMONYM)) - {"victim", "victims"}
_NO_DEEDS: Final = SAYS | RISE | VIOLENCE
_BLAMED: Final = words_for("blamed")
_DESTROYED: Final = words_for("sharing_destroyed")
_HARM: Final = words_for("harm")
_HIT: Final = words_for("sharing_hit")
_DISBELIEF: Final = words_for("disbelief")
_REHEARSED: Final = words_for("rehearsed")
_SUPPOSED: Final = words_for("supposed")
_MOURNING: Final = words_for("mourning")
_PERISHED: Final = words_for("sharing_perished")
_SPOKEN: Final = [
    [verb, word]
    for word, verbs in (
        ("of", "spoke speak speaks talk talks"),
        ("on", "settle settled settles"),
        ("at", "arrive arrives arrived"),
    )
    for verb in verbs.split()
]
_RATIOS: Final = frozenset({"rate", "ratio", "cfr"})
_COUNTED_DEAD: Final = frozenset(CATEGORY) - {"bodies", "wounds", "injuries", "lives"}
_FEW: Final = 4
_GOING_ON: Final = frozenset({"in", "at", "near", "more", "elsewhere"})
_NOT_HARMED: Final = frozenset({"rest", "remainder", "population", "survivors", "inhabitants"})
_PARTS: Final = frozenset({"including", "among", "incl", "them", "whom"})
_KNOWN: Final = frozenset[str]().union(
    *(PERSONS, PERSON, CATEGORY, LINKS, DEMONYM, HALVES, SAYS, RISE, MORE, BY_SAYS, OPENERS),
    *(_AFTER, _VERBS, _SUBJECTS, _PARTS),
    *(words_for("fillers"), words_for("coming"), words_for("explained")),
)
"""Words beside a number that some rule explains."""
_CAPTIVES: Final = frozenset({"prisoners", "refugees", "pows"})
_STATES: Final = words_for("states")
_STOPS: Final = frozenset({",", ".", ";", "and", "but", "while"})
_ONLY: Final = frozenset({"only", "just", "no", "more", "than", "about", '"', "perhaps"})
_GOING: Final = dict.fromkeys(("fighting", "being", "going"))
_HOW_HURT: Final = frozenset({"slightly", "lightly", "seriously", "severely", "badly"})
_STATES_OF_HURT: Final = frozenset({"critical", "serious", "grave"})
_NAMED: Final = frozenset({"called", "named", "numbered"})
_JOINED: Final = frozenset({"and", ",", "or", ":", ";"})
_TIES: Final = (
    _PARTS
    | _SUBJECTS
    | {"-", "includes", "include", "included", "(", "which", ".", ";", "lost", "losses"}
)
_LEVELS: Final = _COMPARED | {"to", "from"}
_LESS: Final = frozenset({"fewer", "more", "less", "higher", "lower"})
_SINGLE: Final = frozenset({"yesterday", "today", *(f"on {day}" for day in WEEKDAY.values())})
_PARTED: Final = frozenset({".", ";", "of", "including", "with", "(", ")", "since", "in"})
_OF_THE: Final = words_for("sharing_of_the")


def inherit(tokens: Tokens, figures: list[Figure], readings: list[Reading]) -> list[Reading]:
    """Let a figure take from its neighbours in the sentence what its own clause leaves out.

    First each takes from the one after it ("60,000 killed and 180,000 wounded per day"), then
    from the one before it ("950,000 Russian soldiers, including 250,000 dead").
    """
    for i in range(len(readings) - 2, -1, -1):
        readings[i] = _from_next(tokens, figures, readings, i)
        things = readings[i].unit != readings[i + 1].unit
        if things and _listed(tokens, figures[i], figures[i + 1]):
            readings[i] = _same_window(readings[i], readings[i + 1])
        if _hit_once(tokens, figures[i], figures[i + 1], readings[i + 1]):
            readings[i] = replace(readings[i], category="casualties", reached="own")
    for i in range(1, len(readings)):
        between = range(figures[i - 1].last + 1, figures[i].first)
        readings[i] = _across(tokens, figures, readings, i)
        apart = any(ends_sentence(tokens, k) for k in between)
        readings[i] = _as_before(tokens, between, readings[i - 1], readings[i])
        if _in_one_rate(tokens, figures, readings, i):
            readings[i] = replace(readings[i], kind="rate", per=readings[i - 1].per)
        if _of_these(tokens, figures[i]):
            readings[i] = _filled(readings[i], readings[i - 1], ("scope", "side"))
        if not apart and not _part_of([tokens.low[k] for k in between]):
            compared = any(tokens.low[k] in _COMPARED for k in between)
            compared = compared or _lowered(tokens, figures, i)
            before = readings[i - 1]
            if i > 1 and _after_part(tokens, figures, readings, i):
                before = readings[i - 2]  # "6,904 civilians killed, among them 388 children, and"
                readings[i] = replace(readings[i], scope=before.scope)
            readings[i] = _continued(tokens, figures[i], [before, readings[i]], compared=compared)
    return readings


def _across(tokens: Tokens, figures: list[Figure], readings: list[Reading], i: int) -> Reading:
    """Return a reading that goes on from before a whole or things: "12 in three towns and 7 in"."""
    this, last = readings[i], readings[i - 1]
    begin, _ = sentence_around(tokens, figures[i], 0, 0)
    if i < 2 or this.category is not None or figures[i - 2].first < begin:  # noqa: PLR2004  # two before
        return this
    things = last.unit not in {"persons", "percent", this.unit} and not figures[i].unit.explicit
    whole = _part_of(tokens.low[figures[i - 2].last + 1 : figures[i - 1].first])
    whole = whole and bool(_PARTS & set(tokens.low[figures[i - 1].last + 1 : figures[i].first]))
    if not whole and not (things and _goes_on(tokens, figures[i])):
        return this
    return _filled(this, readings[i - 2], ("category", "scope", "side"))


def _from_next(tokens: Tokens, figures: list[Figure], readings: list[Reading], i: int) -> Reading:
    """Return a reading with what the figure after it says for both."""
    one, two, this, then = figures[i], figures[i + 1], readings[i], readings[i + 1]
    whole = i > 0 and _part_of(tokens.low[figures[i - 1].last + 1 : one.first])
    part = any(one.category for one in readings[:i]) and _a_part(tokens, figures, i)
    if whole or part or then.point == 0:
        # ", including 1 child, 33 are injured", "all 212 pupils got out and nobody was hurt"
        return this
    gap = [tokens.low[k] for k in range(one.last + 1, two.first)]
    raised = gap[-1:] == ["from"] and len(gap) <= _FROM and is_new_level(tokens, one)
    if gap[-1:] == ["-"] and len(gap) > 1 and not tokens.touches(two.first):
        raised = True  # "nine people - four women and five men - died"
    if raised or _part_of(gap) or _share_of(gap) or gap[-2:] == ["(", "+"]:
        return _filled(this, then, ("category", "scope", "side"))
    part = _holds(tokens, one, two)
    if (
        part or this.unit != then.unit or tokens.at(two.last + 1) == "fatally"
    ):  # "shot 19, nine of them fatally" says it of nine
        part = part and not _led_by_violence(tokens, one) and not _their_own(tokens, two)
        if (
            part
            and this.reached == "far"
            and this.category != "losses"
            and _of_these(tokens, two)
            and then.category in MEMBERS
        ):
            this = replace(this, category=None)  # "and six others, two of them infants, were hurt"
        return _filled(this, then, ("category",)) if part else this
    if acting_verb(tokens, two) is not None:  # ", and wounded 17": its verb is its own
        return _same_time(this, then) if _same_form(tokens, one, two) else this
    apart = then.reached == "far" and _predicate(tokens, two)
    if apart or not _listed(tokens, one, two) or (this.category is None and _alone(gap)):
        return this
    group = bool(_CAPTIVES & set(gap[:3])) and then.category == "killed"
    group = group and not _PASSIVE & set(gap) and not VIOLENCE & {tokens.at(one.first - 1), *gap}
    if (this.category == "losses" or group) and then.category:  # a loose word gives way
        this = replace(this, category=then.category)
    if then.kind != "rate" or not _own_verb(tokens, figures, i + 1):
        this = _same_time(this, then)
    other = tokens.at(two.first - 1) in PEOPLES  # "58 killed, the British 1,170"
    return _filled(this, then, ("category", "scope") if other else ("category", "scope", "side"))


def _lowered(tokens: Tokens, figures: list[Figure], i: int) -> bool:
    """Return whether one count went from a figure to the next: "fell from 31 to 4 in week 15"."""
    return tokens.at(figures[i].first - 1) == "to" and tokens.at(figures[i - 1].first - 1) == "from"


def _after_part(tokens: Tokens, figures: list[Figure], readings: list[Reading], i: int) -> bool:
    """Return whether a figure goes on from a whole, over a part of it: ", and 12,655 injured"."""
    part = _PARTS & set(tokens.low[figures[i - 2].last + 1 : figures[i - 1].first])
    after = tokens.low[figures[i].last + 1 : figures[i].last + 3]
    own = readings[i].reached == "own" and readings[i].category != readings[i - 1].category
    return bool(part) and own and not set(after) & set(SCOPE) and not _of_these(tokens, figures[i])


def _alone(gap: list[str]) -> bool:
    """Return whether a figure has a verb of its own: "800 were inside and 135 died"."""
    if "but" in gap:
        return True
    verb = next((k for k, word in enumerate(gap) if word in {"was", "were", "are", "is"}), None)
    return verb is not None and len(gap) > verb + 1 and gap[verb + 1] not in _JOINED


def _goes_on(tokens: Tokens, figure: Figure) -> bool:
    """Return whether a list goes on over its places: "12 in three towns and 7 in a fourth"."""
    before, after = tokens.at(figure.first - 1), tokens.at(figure.last + 1)
    return before in _JOINED | {"plus", "another"} and after in _GOING_ON


def _hit_once(tokens: Tokens, one: Figure, two: Figure, then: Reading) -> bool:
    """Return whether some of those who were hit died: "four people were shot, one fatally"."""
    gap = tokens.low[one.last + 1 : two.first]
    of_them = _of_these(tokens, two) and then.category == "killed" and not set(gap) & set(CATEGORY)
    dead = tokens.at(two.last + 1) == "dead" and gap[-2:] == ["shot", ","]
    fatal = tokens.at(two.last + 1) == "fatally" or of_them or dead
    return fatal and bool({*gap, tokens.at(one.first - 1)} & _HIT)


def _a_part(tokens: Tokens, figures: list[Figure], i: int) -> bool:
    """Return whether a figure counts some of those before: "among whom 9 women and 4 men"."""
    first = figures[i].first
    if _PARTS & set(tokens.low[max(first - 3, 0) : first]):
        return True
    return i > 1 and paired(tokens, figures[i - 1], figures[i]) and _a_part(tokens, figures, i - 1)


def settle(tokens: Tokens, figures: list[Figure], readings: list[Reading]) -> list[Reading]:
    """Say what a figure counts from what stands beyond its sentence, and drop what counts nobody.

    All aboard died; an estimate in the next sentence is one of the same thing.
    """
    kept: list[tuple[Figure, Reading]] = []
    for i, figure in enumerate(figures):
        last = kept[-1][1] if kept else None
        reading = _completed(tokens, figures, readings, i, last)
        if reading is not None:
            kept.append((figure, reading))
    kept = [(f, r) for f, r in kept if r.unit != "persons" or not _acting(tokens, f, surely=True)]
    kept = [
        (f, r)
        for f, r in kept
        if tokens.low[f.first - 2 : f.first] != [",", "not"] or f.numbers[0].digits
    ]  # "not one of the perpetrators has been charged"
    kept = [(figure, _in_a_table(tokens, figure, reading)) for figure, reading in kept]
    if _REHEARSED & set(tokens.low):
        return []
    kept = [(f, r) for i, (f, r) in enumerate(kept) if not _whole_of(tokens, kept, i)]
    kept = [(f, r) for f, r in _respectively(tokens, kept) if not _other_verb(tokens, f, r)]
    kept = [
        (f, r) for f, r in kept if len(kept) == 1 or not any("difference" in c for c in r.ambiguous)
    ]  # "which is 26 more than in March"
    if any(reading.category for _, reading in kept):
        kept = [pair for i, pair in enumerate(kept) if not _bystanders(tokens, kept, i)]
        return [_doubted(tokens, kept, i) for i in range(len(kept))]
    kept = [(f, r) for f, r in kept if r.category or r.unit != "persons" or not _acting(tokens, f)]
    if _harmless(tokens):
        kept = [(f, r) for f, r in kept if r.unit not in {"persons", "percent"} or r.kind == "rate"]
    kept = [(f, r) for f, r in kept if r.kind != "share" or r.ambiguous or not _is_sentence(tokens)]
    return [_unsaid(tokens, figure, reading) for figure, reading in kept]


def _acting(tokens: Tokens, figure: Figure, *, surely: bool = False) -> bool:
    """Return whether people do something: "3,000 mourners attended the funeral of the victims".

    A participle may look the same ("300 villagers accused of sorcery"): `surely` asks for a verb
    that is none.
    """
    k = figure.last + (2 if tokens.at(figure.last + 1) == "of" else 1)  # "hundreds of mourners"
    while tokens.at(k) in _DOERS:
        k += 1
    while tokens.at(k) in _PASSIVE | {"are", "is", "have", "has"} and tokens.at(k + 1) in _BLAMED:
        k += 1
    blamed = tokens.at(k) in _BLAMED and tokens.at(k + 1) in {"of", "with"}
    if blamed and tokens.at(k + 2) in CATEGORY:
        return not any(_PASSIVE & {word} for word in tokens.low[k + 3 :])
    if tokens.at(k) in ACTING and tokens.at(k + 1) in {"a", "an"} and tokens.at(k + 2) in PERSON:
        return True  # "the three robbers killed a guard"
    word = tokens.at(k + 1) if tokens.at(k) in {"are", "were", "have"} else tokens.at(k)
    if surely or word != tokens.at(k):
        going = word.endswith("ing") and word == tokens.at(k)  # "people waiting near the post"
        return word in _DOINGS and not going
    verb = word.endswith("ed") and len(word) > _LISTED and k > figure.last + 1
    return verb and word not in _NO_DEEDS and word not in CATEGORY


def _respectively(
    tokens: Tokens, kept: list[tuple[Figure, Reading]]
) -> list[tuple[Figure, Reading]]:
    """Say of numbers in a row what was listed before: "killed and hurt were 31 and 114, resp."."""
    if not {"respectively", "resp"} & set(tokens.low) or not kept:
        return kept
    before = (CATEGORY[word] for word in tokens.low[: kept[0][0].first] if word in CATEGORY)
    names = list(dict.fromkeys(before))
    if len(names) != len(kept):
        return kept
    return [(f, replace(r, category=n)) for n, (f, r) in zip(names, kept, strict=True)]


def _whole_of(tokens: Tokens, kept: list[tuple[Figure, Reading]], i: int) -> bool:
    """Return whether a figure is the whole of which the one before it is a part."""
    led = [word for word in tokens.low[: kept[i][0].first][-3:] if word != "the"]
    if led[-2:] == ["one", "of"]:
        return kept[i][1].reached != "own"  # "says Amina, one of 3,400 people in the camp"
    last = kept[i][0].last
    own = {*tokens.low[last + 1 : last + 4]} & set(CATEGORY)  # "12 of the 33 hurt"
    if i == 0 or own or _strength(kept[i][1]):
        return False
    return _part_of(tokens.low[kept[i - 1][0].last + 1 : kept[i][0].first])


def _strength(reading: Reading) -> bool:
    """Return whether a reading is how many troops of a side there are: it is worth knowing."""
    return reading.side is not None and reading.scope in {"soldiers", "fighters"}


def _harmless(tokens: Tokens) -> bool:
    """Return whether whole sentences say of nobody that they came to harm.

    What they count is no casualties: "886,123 children were vaccinated." A few words alone, such as
    "about 1,000 soldiers", may be quoted from a sentence that says it.
    """
    if "+" in tokens.low:
        return False  # "personnel: 146,820 (+970)."
    return _is_sentence(tokens) and not any(
        (word in CATEGORY and word not in _PRICES and category_in(tokens, [k]))
        or (word in _HARM and tokens.at(k + 1) not in {"down", "out", "for", "through"})
        for k, word in enumerate(tokens.low)
    )


def _is_sentence(tokens: Tokens) -> bool:
    """Return whether a quotation is whole sentences, whose numbers have their nouns in them."""
    return tokens.low[-1:] in (["."], ["!"], ["?"]) and len(tokens) > _SENTENCE


def _unsaid(tokens: Tokens, figure: Figure, reading: Reading) -> Reading:
    """Return people of whom a verb says something else as doubtful: "buried 21 of its own"."""
    if reading.unit != "persons" or reading.category is not None or reading.ambiguous:
        return reading
    before = tokens.at(figure.first - 1)
    after = tokens.low[figure.last + 1 : figure.last + 5]
    doing = before in {"away", "off", "down"} or (
        before in VIOLENCE or (before.endswith("ed") and before not in SAYS | RISE | _NAMED)
    )
    if not (_is_sentence(tokens) or doing or _PASSIVE & set(after) or "who" in after):
        return reading
    return replace(reading, ambiguous=("killed, wounded, missing or captured", "none of these"))


def _bystanders(tokens: Tokens, kept: list[tuple[Figure, Reading]], i: int) -> bool:
    """Return whether people are counted of whom nothing is said, beside those who came to harm.

    "About 200 firefighters battled the blaze, which killed 14 residents"; "killed 15 of the 47
    miners" says nothing of the others.
    """
    figure, reading = kept[i]
    then = kept[i + 1][0] if i + 1 < len(kept) else None
    last = kept[i - 1][0].last if i else figure.first - 1
    gap = tokens.low[last + 1 : figure.first]
    part = _part_of(gap) or (_is_sentence(tokens) and _whole(tokens, figure))
    part = part or (i > 0 and kept[i - 1][1].unit == "percent" and _share_of(gap))
    if reading.unit == "percent":
        return _share_of_other(tokens, figure, reading, then, alone=len(kept) == 1)
    strength = part or (then is not None and _of_these(tokens, then))
    strength = strength and _strength(reading)
    if reading.unit != "persons" or reading.category is not None or strength:
        return False
    word = tokens.at(figure.last + 1)  # "thousands attended the vigil for the 15 dead"
    if part or (figure.low is not None and word.endswith("ed") and word not in CATEGORY):
        return True
    if reading.ambiguous:
        return False
    nouns = (tokens.at(k) for k in range(figure.last + 1, figure.last + 4))
    return tokens.at(figure.first - 1) not in _PARTS and any(word in PLAIN for word in nouns)


def _share_of_other(
    tokens: Tokens, figure: Figure, reading: Reading, then: Figure | None, *, alone: bool
) -> bool:
    """Return whether a percentage is of something else, or a change of the figure beside it."""
    caused = tokens.low[figure.last + 1 : figure.last + 4] == ["of", "them", "caused"]
    if caused or tokens.at(figure.first - 1) in {"+", "-"}:
        return True  # "injuries 14,200 (+2%)", "63 % of them caused by mines"
    change = bool(reading.ambiguous)
    if change and then is not None and is_new_level(tokens, then):
        return True  # "climbed by 5 % to 2,310"
    begin, _ = sentence_around(tokens, figure, 0, 0)
    noun = tokens.at(figure.first - 2) in _CHANGES  # "5,183 casualties, an increase of 47 per cent"
    noun = noun or tokens.at(figure.last + 1) in _CHANGES | _LESS
    harm = any(word in CATEGORY for word in tokens.low[begin : figure.first - 1])
    if change and not alone and (noun or not harm):
        return True  # "oil fell 2 % after an attack killed four"
    whole = set((reading.per or "").split())
    ratio = bool(_RATIOS & set(tokens.low[max(figure.first - _FEW, 0) : figure.first]))
    if figure.numbers[0].part and whole & _COUNTED_DEAD and then is not None:
        return True  # "a third of the dead, 17, were children": the number itself stands by
    if ratio or (
        not change and reading.reached in {"far", "neighbour"} and not whole & _COUNTED_DEAD
    ):
        return not _of_these(tokens, figure) and "mortality" not in tokens.low[begin : figure.first]
    return reading.category is None and not NOUNS & whole  # "8 % of GDP"


def _fatal(tokens: Tokens, figure: Figure) -> bool:
    """Return whether a part of those hurt died: "173 casualties, 21 of them fatal"."""
    rest = tokens.low[figure.last + 1 : figure.last + 5]
    if ["(", "fatal", ")"] in [
        tokens.low[k : k + 3] for k in range(figure.first - 4, figure.first)
    ]:
        return True  # "casualties to civilians (fatal): 3"
    part = _of_these(tokens, figure) or tokens.at(figure.first - 1) in {"which", "whom"}
    return part and bool({"fatal", "fatally", "mortally"} & set(rest))


def _completed(
    tokens: Tokens, figures: list[Figure], readings: list[Reading], i: int, last: Reading | None
) -> Reading | None:
    """Return a reading with the category that stands elsewhere; nothing for those who lived."""
    reading, figure = readings[i], figures[i]
    if _fatal(tokens, figure):
        return replace(reading, category="killed", reached="own")
    how = tokens.at(figure.last + 1) in _HOW_HURT and tokens.at(figure.last + 2) in _STOPS | {""}
    if reading.unit == "persons" and (how or tokens.at(figure.last + 1) in _STATES_OF_HURT):
        return replace(reading, category="wounded", reached="own", ambiguous=())
    led = figure.first - 2 if tokens.at(figure.first - 1) == "the" else figure.first - 1
    of_all = tokens.at(led) == "of"  # "40 are missing out of 260 on board"
    others = len(readings) > 1 and tokens.at(figure.first - 1) in {"with", "perished"}
    if (of_all or others or reading.reached in {"far", "neighbour"}) and _aboard(tokens, figure):
        reading = replace(reading, category=None, reached="")
    if reading.category is None and reading.unit == "persons" and not reading.ambiguous and i:
        reading = _after_things(tokens, figures, readings, i, reading)
        if reading.category is None and last is not None:
            gap = tokens.low[figures[i - 1].last + 1 : figure.first]
            same = _are(tokens, figure) or bool({"whom", "which"} & set(gap))
            same = same or _of_the_same(tokens, figures[i - 1], figure)
            reading = _filled(reading, last, ("category",)) if same else reading
    if reading.category is None and reading.unit == "persons":
        reading = _of_a_total(tokens, figure, reading)
    if reading.category is not None or reading.unit != "persons":
        return reading
    died = _all_died(tokens, figure, aboard=_aboard(tokens, figure)) or _mourned(tokens, figure)
    if died or _destroyed(tokens, figure):
        return replace(reading, category="killed")
    return None if _aboard(tokens, figure) else reading


def _in_a_table(tokens: Tokens, figure: Figure, reading: Reading) -> Reading:
    """Return a number alone in the cell of a table as doubtful: its heading is elsewhere."""
    alone = tokens.at(figure.first - 1) in {"|", "/"} and tokens.at(figure.last + 1) in {"|", ""}
    if not alone or reading.ambiguous or reading.unit != "persons":
        return reading
    return replace(reading, category=None, ambiguous=("a cell of a table: of which column?",))


def _doubted(tokens: Tokens, kept: list[tuple[Figure, Reading]], i: int) -> Reading:
    """Return a number as doubtful whose words do not tie it to what is said of it.

    A bare number beside counted dead need not count persons; people with a verb or a clause of
    their own need not have met with what is said of others in the sentence.
    """
    figure, reading = kept[i]
    if reading.ambiguous or reading.unit != "persons":
        return reading
    none = any(one.point == 0 for _, one in kept[:i]) and figure.unit.explicit
    taken = reading.reached in {"far", "neighbour"}
    part = i + 1 < len(kept) and _part_of(tokens.low[figure.last + 1 : kept[i + 1][0].first])
    other = taken and not part and _of_others(tokens, kept, i)
    would = {"would", "could", "might"} & set(tokens.low[: figure.first])
    had = tokens.low[:1] == ["had"] and bool(would)  # "Had the roof come down, hundreds would have"
    whole = not _is_sentence(tokens) and _whole(tokens, figure)
    doubts = (
        (reading.standing == "stated" and _DISBELIEF & set(tokens.low[figure.last :]), _FALSE),
        (had or _SUPPOSED & set(tokens.low), ("a count of persons", "supposed, in an exercise")),
        (none and taken, (f"{reading.category}", "unharmed, as others")),
        (
            reading.category in {"killed", "missing"} and _alive(tokens, figure),
            (f"{reading.category}", "alive"),
        ),
        (other, (f"{reading.category}, as others of the sentence", f"only {other!r}")),
        (reading.category is None and not _strength(reading) and not whole, _UNSAID),
    )
    return replace(reading, ambiguous=next((say for doubt, say in doubts if doubt), ()))


_FALSE: Final = ("stated", "called false")
_UNSAID: Final = ("a count of persons, of whom is not said", "no count of persons")


def _of_others(tokens: Tokens, kept: list[tuple[Figure, Reading]], i: int) -> str:
    """Return the word that says something else of a figure than what others are said to be."""
    figure = kept[i][0]
    agent = figure.unit.explicit or tokens.at(figure.first - 2).endswith("ted")
    by = agent and tokens.at(figure.first - 1) == "by"  # "felt by 2 million people"
    return (
        _predicate(tokens, figure)
        or _strange(tokens, figure)
        or _labelled(tokens, figure)
        or _led_by_violence(tokens, figure)
        or _of_the_rest(tokens, figure)
        or ("by" if by else _apart(tokens, kept, i))
    )


def _apart(tokens: Tokens, kept: list[tuple[Figure, Reading]], i: int) -> str:
    """Return the noun of people whom no list ties to those before them, of whom the same is said.

    So it is in "100 died, and at her side lay three young people".
    """
    (before, last), (figure, reading) = kept[max(i - 1, 0)], kept[i]
    gap = tokens.low[before.last + 1 : figure.first]
    tied = bool(_TIES & set(gap)) or _of_these(tokens, figure) or paired(tokens, before, figure)
    if (
        tied
        or not gap
        or last.unit == "percent"
        or last.category != reading.category
        or gap[-1] in _COMPARED | {"to", "from"}
    ):
        return ""
    after = tokens.low[figure.last + 1 : figure.last + 3]
    return next((word for word in after if word in PLAIN), "")


def _alive(tokens: Tokens, figure: Figure) -> bool:
    """Return whether those of a figure are alive: "five presumed dead walked out alive"."""
    for k in range(figure.last + 1, len(tokens)):
        if tokens.low[k] in _STOPS or tokens.is_number(k):
            return False
        if tokens.low[k] in {"alive", "unharmed", "unhurt"}:
            return tokens.low[k - 1] not in VIOLENCE
    return False


def _after_things(
    tokens: Tokens, figures: list[Figure], readings: list[Reading], i: int, reading: Reading
) -> Reading:
    """Return a reading with the verb of a list of things: "lost 12 tanks and 610 men"."""
    begin, _ = sentence_around(tokens, figures[i], 0, 0)
    earlier = [k for k in range(i) if figures[k].first >= begin]
    if not earlier or any(readings[k].unit in {"persons", "percent"} for k in earlier):
        return reading
    before = range(figures[earlier[0]].first - 1, begin - 1, -1)
    category = category_in(tokens, before)
    side = side_in(tokens, before) if category == "losses" else None  # whoever lost the things
    return replace(reading, category=category, side=reading.side or side)


def _aboard(tokens: Tokens, figure: Figure) -> bool:
    """Return whether a figure counts those who were on a ship, a plane or a train."""
    after = tokens.low[figure.last + 1 : figure.last + 5]
    if tokens.at(figure.first - 1) in {"carrying", "carried"}:
        return True
    return "aboard" in after or ["on", "board"] in [after[k : k + 2] for k in range(3)]


def _of_a_total(tokens: Tokens, figure: Figure, reading: Reading) -> Reading:
    """Return a total with what its first mention counts: "no deaths today; the total is 15"."""
    begin, _ = sentence_around(tokens, figure, 0, 0)
    total = {"total", "toll", "tally", "count"} & set(tokens.low[begin : figure.first])
    category = category_in(tokens, range(begin - 1, -1, -1)) if total else None
    return replace(reading, category=category, reached="far") if category else reading


def _mourned(tokens: Tokens, figure: Figure) -> bool:
    """Return whether victims are mourned: "families of the 52 victims", "the 61 names"."""
    noun = {"victims", "names", "victim", "lives"} & set(
        tokens.low[figure.last + 1 : figure.last + 4]
    )
    return bool(noun) and bool(_MOURNING & set(tokens.low))


def _destroyed(tokens: Tokens, figure: Figure) -> bool:
    """Return whether soldiers are counted as destroyed, as bulletins put it, beside equipment."""
    nouns = (SCOPE.get(tokens.at(k)) for k in range(figure.last + 1, figure.last + 4))
    if not {"soldiers", "fighters", "mercenaries", "officers"} & set(nouns):
        return False
    begin, end = sentence_around(tokens, figure, 0, len(tokens))
    before = tokens.low[begin : figure.first]
    after = tokens.low[figure.last + 1 : end]
    return any(_DESTROYED & set(part) and not SAYS & set(part) for part in (before, after))


def _all_died(tokens: Tokens, figure: Figure, *, aboard: bool) -> bool:
    """Return whether nobody of them lived: "all died", "none of whom survived"."""
    rest = tokens.low[figure.last + 1 :]
    if tokens.low[max(figure.first - 3, 0) : figure.first] == NONE_OF_THE:
        return "survived" in rest[:_SHARED]
    before = tokens.low[max(figure.first - _SHARED, 0) : figure.first]
    nobody = ["no", "survivors", "among"] in [before[k : k + 3] for k in range(_LISTED)]
    if nobody or {"survived", "escaped"} & set(before):
        # "the president survived; nine bodyguards did not"
        return nobody or rest[1:3] == ["did", "not"]
    if not aboard:
        text = " ".join(rest[:8])
        return any(words in text for words in ("all of whom died", "none of whom survived"))
    for k, word in enumerate(rest):
        near = rest[k + 1 : k + 5]
        everybody = word in {"all", "everyone", "everybody", "both"}
        if everybody and "killed" in map(CATEGORY.get, near):
            return True
        if word in {"no", "none", "nobody"} and {"survived", "survivors", "survivor"} & set(near):
            return True
    return False


def _of_the_same(tokens: Tokens, one: Figure, two: Figure) -> bool:
    """Return whether a figure is of the same thing as the sentence before."""
    gap = [tokens.low[k] for k in range(one.last + 1, two.first)]
    cut = max((k for k, word in enumerate(gap) if word in {".", ";", "!"}), default=-1)
    subject = gap[cut + 1 :]
    while subject and subject[-1] in _ONLY:
        subject = subject[:-1]
    if subject[-1:] == ["to"]:
        subject = subject[:-1]  # "the army admits to three"
    says = bool(subject) and subject[-1] in SAYS  # "; the government says 33."
    says = says or subject[-2:] in [*_SPOKEN, ["it", "at"]]  # "; others spoke of 40,000"
    return cut >= 0 and bool(_SUBJECTS & set(subject) or says)


def share_verb(tokens: Tokens, figures: list[Figure], reaches: list[Neighbourhood]) -> None:
    """Give the verb of "4,000 of the 11,000 troops have been killed" to the first figure."""
    for i in range(len(figures) - 1):
        one, two = figures[i], figures[i + 1]
        gap = range(one.last + 1, two.first)
        if not _share_of([tokens.low[k] for k in gap]) or category_in(tokens, gap):
            continue
        right = reaches[i + 1].right
        verb = next((k for k in right if tokens.low[k] in _VERBS | _PERISHED), None)
        far = reaches[i + 1].far_right  # "1,500 of the 2,200 passengers and crew perished"
        verb = verb or next((k for k in far if tokens.low[k] in _PERISHED), None)
        if verb is not None:
            nothing = range(0)
            words = range(verb, min(max(right.stop, verb + 2), len(tokens)))
            reaches[i] = replace(reaches[i], right=words, far_right=nothing)
            reaches[i + 1] = replace(
                reaches[i + 1], right=range(right.start, min(right.stop, verb)), far_right=nothing
            )


def _holds(tokens: Tokens, one: Figure, two: Figure) -> bool:
    """Return whether a figure is the whole of the next one, in the same sentence."""
    gap = range(one.last + 1, two.first)
    if any(tokens.low[k] == "including" for k in gap):
        return True
    return _of_these(tokens, two) and not any(ends_sentence(tokens, k) for k in gap)


def _of_these(tokens: Tokens, figure: Figure) -> bool:
    """Return whether a figure is a part of the one before: "seven of them children"."""
    rest = tokens.low[figure.last + 1 : figure.last + 3]
    return rest in (["of", "them"], ["of", "whom"], ["of", "these"]) or _are(tokens, figure)


def _are(tokens: Tokens, figure: Figure) -> bool:
    """Return whether a figure says who those before it were: "112 died; 47 were children"."""
    k = figure.last + 1
    if tokens.at(k) not in {"were", "was", "are"}:
        return False
    k += 1
    while tokens.at(k) in {"a", "an"} or tokens.at(k) in DEMONYM or tokens.at(k) in _WHO_WERE:
        k += 1
    return tokens.at(k) in PLAIN or (tokens.at(k) in PERSON and tokens.at(k) not in CATEGORY)


def _unknown(tokens: Tokens, k: int) -> set[str]:
    """Return the plural after a number that no table knows: "among them 12 novices"."""
    words = tokens.low[k + 1 : k + 3]
    return {word for word in words if word.endswith("s")} - THINGS


def _as_before(tokens: Tokens, between: range, before: Reading, this: Reading) -> Reading:
    """Return a reading without a category that is that of the number before it.

    The increment of "1,020 (+45), dead: 77" counts what its total counts; the "dead" of "3 dead 9
    critical" is said of the three.
    """
    gap = [tokens.low[k] for k in between]
    among = gap[-1:] == ["including"] or gap[-2:] in (["among", "them"], ["among", "whom"])
    if among and before.unit == "persons" and this.unit in _unknown(tokens, between.stop):
        return replace(this, category=before.category, unit="persons", reached="neighbour")
    things = gap[-2:] == ["of", "which"] and before.unit not in {"persons", "percent"}
    earlier = gap[-1:] == ["from"] and "(" in gap[-3:]  # "dead 29 (up from 26), missing 14"
    things = things or (gap == ["to"] and before.unit not in {"persons", "percent"})
    if gap[-2:] == ["(", "+"] or things or earlier:
        return replace(this, category=before.category, unit=before.unit)
    follows = (
        gap[-1:] == ["dead"]
        and gap[-2:-1] != ["shot"]
        and not set(gap) & _JOINED
        and this.category == "killed"
    )
    return replace(this, category=None) if follows else this


def _strange(tokens: Tokens, figure: Figure) -> str:
    """Return the word after a number that is no noun of persons, nor a link: "9 critical"."""
    k = figure.last + 1
    word = tokens.at(k)
    if tokens.at(k + 1) == "-":
        return ""  # "14 pro-government fighters"
    if not word or tokens.kind[k] != "w" or tokens.used[k] or word.endswith(("s", "men", "ly")):
        return ""
    if tokens.at(k + 1) in PLAIN:
        return ""  # "222 health workers"
    return "" if word in _KNOWN else word


def _labelled(tokens: Tokens, figure: Figure) -> str:
    """Return the word before a number that no table explains, if its own words end with it.

    It may name something else ("recoveries 18, cases 12"), or be another verb ("commanded 300").
    """
    k = figure.first - 1
    word = tokens.at(k)
    if not word.isalpha() or tokens.text[tokens.start[k]].isupper() or tokens.used[k]:
        return ""
    ends = tokens.at(figure.last + 1) in {"", ",", ".", ";", "(", ")"}
    verb = word.endswith(("ed", "ing")) and not figure.hedges
    return "" if word in _KNOWN or not (ends or verb) else word


def _other_verb(tokens: Tokens, figure: Figure, reading: Reading) -> bool:
    """Return whether people are the object of a verb that harms nobody: "treated 300 patients"."""
    verb = _labelled(tokens, figure).endswith(("ed", "ing"))
    return verb and figure.unit.explicit and reading.reached in {"far", "neighbour"}


def _predicate(tokens: Tokens, figure: Figure) -> str:
    """Return the verb of a number that names no category: "18 residents were treated"."""
    k = figure.last + 3 if _of_these(tokens, figure) else figure.last + 1
    while tokens.at(k) in PLAIN or tokens.at(k) in DEMONYM or tokens.at(k) in _WHO:
        k += 1
    passive = False
    while tokens.at(k) in _AUXILIARY or tokens.at(k).endswith("ly"):
        passive = passive or tokens.at(k) in _AUXILIARY
        k += 1
    word = tokens.at(k)
    if word in {"will", "can"} and tokens.at(k + 1) not in {"be", "have", "never", "not"}:
        return "" if tokens.at(k + 1) in CATEGORY else tokens.at(k + 1)  # "widows will lay"
    verb = word.endswith("ed") or (passive and word in _STATES)
    verb = verb or (passive and word.endswith("ing") and word not in CATEGORY | _GOING)
    verb = verb or (word == "to" and tokens.at(k - 1) in {"had", "have", "has"})
    verb = verb or (word in _STATES - _AFTER and word == tokens.at(figure.last + 1))
    verb = verb or (word in CATEGORY and category_in(tokens, [k]) is None)  # "lost contact"
    if not verb or tokens.used[k] or tokens.is_number(k + 1) or word in SAYS | RISE | BY_SAYS:
        return ""
    stops = _STOPS | {"after", "following", "amid"}  # "450 were deployed after the killings"
    end = next((j for j in range(k, len(tokens)) if tokens.low[j] in stops), len(tokens))
    return "" if category_in(tokens, range(k, end)) else word


def _of_the_rest(tokens: Tokens, figure: Figure) -> str:
    """Return the noun before a number of those who need not have come to harm: "the rest, 200"."""
    begin, end = sentence_around(tokens, figure, max(figure.first - _SENTENCE, 0), len(tokens))
    if category_in(tokens, range(figure.last + 1, end)):
        return ""
    return next((word for word in tokens.low[begin : figure.first] if word in _NOT_HARMED), "")


def _their_own(tokens: Tokens, figure: Figure) -> bool:
    """Return whether a verb is said of a part alone: "34 patients, seven of whom died"."""
    near = range(figure.last + 3, min(figure.last + 6, len(tokens)))
    stop = next((k for k in near if tokens.low[k] in _STOPS), near.stop)
    return _of_these(tokens, figure) and category_in(tokens, range(near.start, stop)) is not None


def _led_by_violence(tokens: Tokens, figure: Figure) -> str:
    """Return the verb of another deed that leads a number: "freed 40 prisoners but shot 12"."""
    word = tokens.at(figure.first - 1)
    return word if word in VIOLENCE else ""


def _continued(tokens: Tokens, figure: Figure, pair: list[Reading], *, compared: bool) -> Reading:
    """Return a reading with what the figure before it has already said."""
    before, this = pair
    if this.unit != before.unit:
        return _same_window(this, before)
    shared = () if this.ambiguous else ("category",)
    this = _filled(this, before, (*shared, "scope", "side", "as_of"))
    if compared and before.kind == "rate" and this.kind != "rate":
        this = replace(this, kind="rate", per=before.per)
    if before.kind != "increment" or this.kind != "level":
        return this
    if this.as_of is None and before.window in _SINGLE and is_new_level(tokens, figure):
        return replace(this, as_of=before.window)  # "nine more yesterday, bringing the toll to 47"
    if is_former_level(tokens, figure):  # "22 deaths, down from 31 in the week before"
        return replace(this, kind="increment", window=this.as_of, as_of=None)
    if this.window is None and before.window and not is_new_level(tokens, figure):
        this = replace(this, window=before.window, kind="increment")
    return this


def _listed(tokens: Tokens, one: Figure, two: Figure) -> bool:
    return not _whole(tokens, one) and paired(tokens, one, two)


def _whole(tokens: Tokens, figure: Figure) -> bool:
    """Return whether a figure opens "of the 700,000 deployed, 200,000 are dead"."""
    before = figure.first - 1
    if tokens.at(before) in {"the", "some", "their", "its"}:
        before -= 1
    while (
        tokens.at(before) != "of" and figure.first - before < _FEW and tokens.at(before).isalpha()
    ):
        before -= 1  # "Of the Light Brigade's 673 horsemen"
    return tokens.at(before) == "of" and tokens.at(before - 1) in {"", ",", ".", "that", ":"}


def _part_of(gap: list[str]) -> bool:
    """Return whether two figures read "4,000 of the 11,000 troops"."""
    if gap[:2] == ["out", "of"]:
        gap = gap[1:]
    whose = gap[:1] == ["of"] and gap[1:2] in (["the"], ["its"], ["a"]) and len(gap) <= _LISTED
    alone = all(word.isalpha() and word not in CATEGORY and word not in _JOINED for word in gap)
    return "of" in gap and (set(gap) <= _OF_THE or (whose and alone))


def _share_of(gap: list[str]) -> bool:
    """Return whether two figures read "309 soldiers out of 992", "a third of the crew of 9"."""
    if _part_of(gap) or gap[-1:] == ["among"] or gap[-2:] in (["among", "the"], ["of", "the"]):
        return "of" in gap[:2] or "among" in gap[-2:]  # "two were among the 13 dead"
    if not 1 < len(gap) <= _SHARED or gap[-1] != "of":
        return False
    out = gap[-2:] == ["out", "of"] and all(word.isalpha() or word == "-" for word in gap)
    return out or (gap[0] in {"of", "the"} and gap[1] in {"the", "a", "its", "their", "crew"})


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


def _own_verb(tokens: Tokens, figures: list[Figure], i: int) -> bool:
    """Return whether a figure is of a clause with a verb of its own: "and 50 are killed a day"."""
    stop = figures[i + 1].first if i + 1 < len(figures) else len(tokens)
    for k in range(figures[i].last + 1, stop):
        if ends_sentence(tokens, k) or tokens.low[k] in _JOINED:
            break
        if tokens.low[k] in _FINITE:
            return True
    gap = tokens.low[figures[i - 1].last + 1 : figures[i].first]
    joint = max((k for k, word in enumerate(gap) if word in _JOINED), default=-1)
    return bool(_VERBS & set(gap[joint + 1 :]))


def _same_form(tokens: Tokens, one: Figure, two: Figure) -> bool:
    """Return whether one subject has two verbs of one form: "killed two and wounded nine"."""
    verb = tokens.at(two.first - 1)
    joined = tokens.at(two.first - 2) == "and" and paired(tokens, one, two)
    return (
        joined
        and acting_verb(tokens, one) is not None
        and _form(tokens.at(one.first - 1)) == _form(verb)
    )


def _form(verb: str) -> str:
    return next((end for end in ("ed", "ing", "s") if verb.endswith(end)), "")


def _in_one_rate(tokens: Tokens, figures: list[Figure], readings: list[Reading], i: int) -> bool:
    """Return whether the period before a list is also this figure's: "daily 70 dead, 250 hurt"."""
    before, this = readings[i - 1], readings[i]
    gap = range(figures[i - 1].last + 1, figures[i].first)
    return (
        (before.kind, this.kind, this.unit) == ("rate", "level", before.unit)
        and paired(tokens, figures[i - 1], figures[i])
        and not any(period_after(tokens, k)[0] for k in gap)
        and not _own_verb(tokens, figures, i)
    )


def paired(tokens: Tokens, one: Figure, two: Figure) -> bool:
    """Return whether two figures are listed together ("60,000 killed and 180,000 wounded")."""
    gap = [tokens.low[k] for k in range(one.last + 1, two.first)]
    if one.low is not None and gap[:1] == ["of"]:
        gap = gap[1:]  # "hundreds of civilians and scores of fighters"
    joined = bool({"and", ",", "or"} & set(gap)) and not _PARTED & set(gap)
    return 0 < len(gap) <= _LISTED and joined
