"""What a figure counts by what stands beyond its sentence, and which figures count nobody."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, takewhile
from typing import Final

from attrition.text.asides import none_of
from attrition.text.context import (
    category_in,
    is_new_level,
    labels,
    proves_fatal,
    sentence_around,
    side_in,
)
from attrition.text.elements import Figure
from attrition.text.patterns import beside
from attrition.text.reading import Reading
from attrition.text.relations import (
    of_these,
    opens_a_whole,
    paired,
    part_of,
    predicate,
    says_who,
    share_of,
)
from attrition.text.rules import about
from attrition.text.text import Tokens
from attrition.text.vocabulary import CATEGORY, SCOPE, WORDS, phrases_for

_Kept = list[tuple[Figure, Reading]]

_SENTENCE: Final = 7
_FEW: Final = 4
_LISTED: Final = 8
_TAKEN: Final = frozenset({"far", "neighbour"})
"""Ways in which a category may be that of others in the sentence."""
_FALSE: Final = ("stated", "called false")
_SPOKEN: Final = frozenset(phrases_for("spoken"))
_UNSAID: Final = ("a count of persons, of whom is not said", "no count of persons")


def settle(figures: list[Figure], readings: list[Reading]) -> list[Reading]:
    """Say what a figure counts from what stands beyond its sentence, and drop what counts nobody.

    All aboard died; an estimate in the next sentence is one of the same thing.
    """
    tokens = figures[0].tokens
    kept: _Kept = []
    for i, figure in enumerate(figures):
        last = kept[-1][1] if kept else None
        reading = _completed(figures, readings, i, last)
        if reading is not None:
            kept.append((figure, _in_a_table(figure, reading)))
    if WORDS.rehearsed & set(tokens.low):
        return []
    kept = [pair for i, pair in enumerate(kept) if not _restated(kept, i)]
    kept = _under_a_head(tokens, kept)
    kept = [(f, r) for f, r in kept if not (_acting(f, surely=True) or _not_one(f))]
    kept = [(f, r) for i, (f, r) in enumerate(kept) if not _whole_of(kept, i)]
    kept = [(f, r) for f, r in _respectively(tokens, kept) if not _other_verb(f, r)]
    if len(kept) > 1:  # "which is 26 more than in March"
        kept = [(f, r) for f, r in kept if not any("difference" in c for c in r.ambiguous)]
    if any(reading.category for _, reading in kept):
        kept = [pair for i, pair in enumerate(kept) if not _bystanders(kept, i)]
        doubted = [_doubted(kept, i) for i in range(len(kept))]
        return [_weighed(f, r) for (f, _), r in zip(kept, doubted, strict=True)]
    kept = [(f, r) for f, r in kept if not _acting(f)]
    if _harmless(tokens):
        kept = [(f, r) for f, r in kept if r.unit not in {"persons", "percent"} or r.kind == "rate"]
    kept = [(f, r) for f, r in kept if r.kind != "share" or r.ambiguous or not _is_sentence(tokens)]
    return [_weighed(figure, _unsaid(figure, reading)) for figure, reading in kept]


# --- What a figure counts ------------------------------------------------------------------------


def _completed(
    figures: list[Figure], readings: list[Reading], i: int, last: Reading | None
) -> Reading | None:
    """Return a reading with the category that stands elsewhere; nothing for those who lived."""
    reading, figure = readings[i], figures[i]
    if reading.unit in {"persons", "cases", "infections"} and _fatal(figure):
        return replace(reading, category="killed", unit="persons", reached="own", ambiguous=())
    if figure.reads("# <how_hurt> <stops>|$", "# critical|serious|grave"):
        return replace(reading, category="wounded", reached="own", ambiguous=())
    whole = reading.reached == "far" and opens_a_whole(figure) and not _own_words(figure)
    aboard = figure.reads("carrying|carried #", "# ..3 aboard", "# ..2 on board")
    taken = reading.reached in _TAKEN or figure.reads("of the? #", "with|perished #")
    if whole or (aboard and taken):
        reading = replace(reading, category=None, reached="")  # "missing out of 260 on board"
    if reading.category is None and reading.unit == "persons" and i:
        reading = _after_things(figures[: i + 1], readings[:i], reading)
        if reading.category is None and last is not None:
            gap = figures[i - 1].until(figure)
            same = says_who(figure) or {"whom", "which"} & set(gap) or _of_the_same(figure, gap)
            if same and last.category:
                reading = replace(reading, category=last.category, reached="neighbour")
    if reading.category is None and reading.unit == "persons":
        reading = _of_a_total(figure, reading)
    if reading.category is not None or reading.unit != "persons":
        return reading
    if _all_died(figure, aboard=aboard) or about("mourned", figure) or _destroyed(figure):
        none = none_of(figure.tokens, figure.first)  # "neither of the two survived" denies no death
        return replace(reading, category="killed", standing="stated" if none else reading.standing)
    return None if aboard else reading


def _own_words(figure: Figure) -> str | None:
    """Return the category that stands before the comma: "of the 90 hurt, 12 died"."""
    low = figure.tokens.low
    near = takewhile(lambda k: low[k] != ",", range(figure.last + 1, len(low)))
    return category_in(figure.tokens, near)


def _fatal(figure: Figure) -> bool:
    """Return whether a part of those hurt died: "173 casualties, 21 of them fatal"."""
    if figure.reads("( fatal ) ..1 #", "# fatal cases"):
        return True  # "casualties to civilians (fatal): 3"
    if proves_fatal(figure.tokens, figure.last) and figure.at(-1) != "of":
        return True  # "three of the seven cases proved fatal"
    part = of_these(figure) or figure.reads("which|whom #", "( # ..3 )")
    return part and figure.reads("# ..3 fatal|fatally|mortally")


def _after_things(figures: list[Figure], before: list[Reading], reading: Reading) -> Reading:
    """Return a reading with the verb of a list of things: "lost 12 tanks and 610 men"."""
    if any(one.unit in {"persons", "percent"} for one in before):
        return reading
    tokens = figures[-1].tokens
    begin, _ = sentence_around(tokens, figures[-1], 0, 0)
    words = range(figures[0].first - 1, begin - 1, -1)
    category = category_in(tokens, words)
    side = side_in(tokens, words) if category == "losses" else None  # whoever lost the things
    return replace(reading, category=category, side=reading.side or side)


def _of_the_same(figure: Figure, gap: list[str]) -> bool:
    """Return whether a figure is of the same thing as the sentence before."""
    cut = max((k for k, word in enumerate(gap) if word in {".", ";", "!"}), default=-1)
    subject = gap[cut + 1 :]
    if about("same_thing", figure):
        return True
    if cut >= 0 and figure.reads(", # .|;|$") and _names(subject):
        return True  # "Polybius has 70,000 slain; Livy, more soberly, 47,700"
    while subject and subject[-1] in WORDS.only:
        subject = subject[:-1]
    if subject[-1:] == ["to"]:
        subject = subject[:-1]  # "the army admits to three"
    # "; the government says 33.", "; others spoke of 40,000"
    says = tuple(subject[-2:]) in _SPOKEN or about("by_a_roll", figure)
    says = says or bool({*subject[-1:]} & (WORDS.says | WORDS.judging))
    return cut >= 0 and bool(WORDS.sharing_subjects & set(subject) or says)


def _names(subject: list[str]) -> bool:
    """Return whether words are who else counted, and how: "Livy, more soberly,"."""
    named = [w for w in subject if w not in {",", "the", "more", "less"} and not w.endswith("ly")]
    known = (WORDS.things | WORDS.category) & set(named)
    return 0 < len(named) < _FEW and not known and all(map(str.isalpha, named))


def _of_a_total(figure: Figure, reading: Reading) -> Reading:
    """Return a total with what its first mention counts: "no deaths today; the total is 15"."""
    tokens = figure.tokens
    begin, _ = sentence_around(tokens, figure, 0, 0)
    total = WORDS.totals & set(tokens.low[begin : figure.first]) or tokens.at(begin - 1) == "?"
    category = category_in(tokens, range(begin - 1, -1, -1)) if total else None
    return replace(reading, category=category, reached="far") if category else reading


def _all_died(figure: Figure, *, aboard: bool) -> bool:
    """Return whether nobody of them lived: "all died", "none of whom survived"."""
    rest = figure.tokens.low[figure.last + 1 :]
    if none_of(figure.tokens, figure.first):
        return bool({"survived", "lived"} & set(rest[:8]))
    if figure.reads("no survivors among ..5 #", "no survivors as|when|after ..7 # <word>? aboard"):
        return True
    if {"survived", "escaped"} & set(figure.before(8)):
        return rest[1:3] == ["did", "not"]  # "the president survived; nine bodyguards did not"
    if not aboard:
        return about("all_died", figure)
    return any(
        (
            word in WORDS.everybody
            and (
                "killed" in map(CATEGORY.get, rest[k + 1 : k + 5])
                or (CATEGORY.get(rest[k - 1]) == "killed" and rest[k + 1 : k + 2] != ["but"])
            )
        )
        or (word in WORDS.nobody and WORDS.survivors & set(rest[k + 1 : k + 5]))
        for k, word in enumerate(rest)
    )


def _destroyed(figure: Figure) -> bool:
    """Return whether soldiers are counted as destroyed, as bulletins put it, beside equipment."""
    nouns = {SCOPE.get(word) for word in figure.after(3)}
    if not {"soldiers", "fighters", "mercenaries", "officers"} & nouns:
        return False
    begin, end = sentence_around(figure.tokens, figure, 0, len(figure.tokens))
    return bool(WORDS.sharing_destroyed & set(figure.tokens.low[begin:end]))


def _in_a_table(figure: Figure, reading: Reading) -> Reading:
    """Return a number alone in the cell of a table as doubtful: its heading is elsewhere."""
    alone = figure.reads("<bar>|/ # <bar>|$")
    if not alone or reading.ambiguous or reading.unit != "persons":
        return reading
    return replace(reading, category=None, ambiguous=("a cell of a table: of which column?",))


def _restated(kept: _Kept, i: int) -> bool:
    """Return whether a number is the one before it, written otherwise: "10^4, i.e. 1e4 deaths"."""
    (before, one), (figure, two) = kept[max(i - 1, 0)], kept[i]
    if not i or two.point is None or (one.point, one.scope) != (two.point, two.scope):
        return False
    gap = before.until(figure)
    if gap in (["."], [","], ["-"]) and two.category is None and figure.reads("# .|!|,|-|$"):
        return True  # "The toll is now 61. Sixty-one."
    return bool({"or", "ie", "is"} & set(gap) or ("i", ".") in pairwise(gap))


def _under_a_head(tokens: Tokens, kept: _Kept) -> _Kept:
    """Say of each number of a list what its head counts: "Deaths by town: Hatay 24; Adana 8"."""
    first = kept[0][0].first if kept else 0
    signs = (k for k in range(first) if tokens.low[k] == ":" or _dashed(tokens, k))
    head = next(signs, None)
    if head is None or len(kept) == 1:
        return kept
    if beside(tokens, head, head, "<category> per <number>|<scales>|head|capita ..3 #"):
        return []  # "Deaths per million: Norlund 412, Vestria 388"
    name, rest = category_in(tokens, range(head - 1, -1, -1)), tokens.low[head + 1 :]
    gaps = (one.until(two) for (one, _), (two, _) in pairwise(kept))
    listed = all(gap[:1] and gap[0] in ",;|•·/" and len(gap) <= _LISTED for gap in gaps)
    other = {CATEGORY[word] for word in rest if word in CATEGORY} - {name}
    if name is None or not listed or other or (WORDS.finite | WORDS.says) & set(rest):
        return kept
    return [(f, replace(r, category=name, reached="own")) for f, r in kept]


def _dashed(tokens: Tokens, k: int) -> bool:
    return tokens.low[k] == "-" and not tokens.touches(k) and not tokens.touches(k + 1)


def _respectively(tokens: Tokens, kept: _Kept) -> _Kept:
    """Say of numbers in a row what was listed before: "killed and hurt were 31 and 114, resp."."""
    if not {"respectively", "resp"} & set(tokens.low) or not kept:
        return kept
    if sum(labels(tokens, k) for k in range(len(tokens))) > 1:
        return kept  # "killed: 11 officers and 204 men; wounded: 23 and 611 respectively"
    before = (CATEGORY[word] for word in tokens.low[: kept[0][0].first] if word in CATEGORY)
    names = list(dict.fromkeys(before))
    if len(names) != len(kept) and len({r.category for _, r in kept} - {None}) == 1:
        return kept  # "killed 11 and 7 people respectively"
    if len(names) != len(kept):  # "183 killed and 836 injured, 12 and 77 of them respectively"
        doubt = ("of which of those before?",)
        return [(f, replace(r, ambiguous=doubt) if r.reached in _TAKEN else r) for f, r in kept]
    return [(f, replace(r, category=n)) for n, (f, r) in zip(names, kept, strict=True)]


# --- Which figures count nobody ------------------------------------------------------------------


def _acting(figure: Figure, *, surely: bool = False) -> bool:
    """Return whether people do something: "3,000 mourners attended the funeral of the victims".

    A participle may look the same ("300 villagers accused of sorcery"): `surely` asks for a verb
    that is none.
    """
    if figure.at(-1) in WORDS.needing and figure.reads("# <doers_of_deeds>* to"):
        return True  # "a fire that took 120 firefighters to contain"
    if figure.reads("# of? <doers_of_deeds>* <being>* <blamed> of|with <category>"):
        return not WORDS.passives & set(figure.tokens.low[figure.last + 4 :])
    return about("acting_people", figure) or (
        not surely and figure.reads("# of? <doers_of_deeds> <doers_of_deeds>* ~ed|-<no_deeds>")
    )


def _not_one(figure: Figure) -> bool:
    """Return whether nobody is counted: "not one of the perpetrators has been charged"."""
    return figure.reads(", not #") and not figure.numbers[0].digits


def _whole_of(kept: _Kept, i: int) -> bool:
    """Return whether a figure is the whole of which the one before it is a part."""
    figure, reading = kept[i]
    if figure.reads("one of the? #"):
        return reading.reached != "own"  # "says Amina, one of 3,400 people in the camp"
    if i == 0 or set(figure.after(4)) & WORDS.category:  # "12 of the 33 hurt"
        return False
    whole = figure.reads("out of the? #")  # "1,946 prisoners, out of 4,963 who embarked"
    return not _strength(reading) and (whole or part_of(kept[i - 1][0].until(figure)))


def _strength(reading: Reading) -> bool:
    """Return whether a reading is how many troops of a side there are: it is worth knowing."""
    return reading.side is not None and reading.scope in {"soldiers", "fighters"}


def _other_verb(figure: Figure, reading: Reading) -> bool:
    """Return whether people are the object of a verb that harms nobody: "treated 300 patients"."""
    verb = _labelled(figure).endswith(("ed", "ing"))
    other = figure.reads("died|perished|drowned ~ed|-<known> #")  # "in which 8 died forced 300"
    other = (other and reading.unit == "persons") or reading.reached in _TAKEN
    return verb and figure.unit.explicit and other


def _harmless(tokens: Tokens) -> bool:
    """Return whether whole sentences say of nobody that they came to harm.

    What they count is no casualties: "886,123 children were vaccinated." A few words alone, such as
    "about 1,000 soldiers", may be quoted from a sentence that says it.
    """
    if "+" in tokens.low or not _is_sentence(tokens):
        return False  # "personnel: 146,820 (+970)."
    return category_in(tokens, range(len(tokens))) is None and not any(
        word in WORDS.harm and tokens.at(k + 1) not in {"down", "out", "for", "through"}
        for k, word in enumerate(tokens.low)
    )


def _is_sentence(tokens: Tokens) -> bool:
    """Return whether a quotation is whole sentences, whose numbers have their nouns in them."""
    return tokens.low[-1:] in (["."], ["!"], ["?"]) and len(tokens) > _SENTENCE


def _bystanders(kept: _Kept, i: int) -> bool:
    """Return whether people are counted of whom nothing is said, beside those who came to harm.

    "About 200 firefighters battled the blaze, which killed 14 residents"; "killed 15 of the 47
    miners" says nothing of the others.
    """
    figure, reading = kept[i]
    then = kept[i + 1][0] if i + 1 < len(kept) else None
    if reading.unit == "percent":
        return _share_of_other(figure, reading, then, alone=len(kept) == 1)
    if reading.unit != "persons" or reading.category is not None:
        return False
    before, last = kept[i - 1] if i else (figure, reading)
    gap = before.until(figure)
    part = part_of(gap) or (last.unit == "percent" and share_of(gap))
    part = part or (_is_sentence(figure.tokens) and opens_a_whole(figure))
    if (part or (then is not None and of_these(then))) and _strength(reading):
        return False
    if part:
        return True
    return not reading.ambiguous and figure.reads("!<parts> # ..2 <plain>")


def _share_of_other(figure: Figure, reading: Reading, then: Figure | None, *, alone: bool) -> bool:
    """Return whether a percentage is of something else, or a change of the figure beside it."""
    if figure.reads("# of them caused", "+|- #"):
        return True  # "injuries 14,200 (+2%)", "63 % of them caused by mines"
    change = bool(reading.ambiguous)
    if change and then is not None and is_new_level(then):
        return True  # "climbed by 5 % to 2,310"
    begin, _ = sentence_around(figure.tokens, figure, 0, 0)
    harm = WORDS.category & set(figure.tokens.low[begin : figure.first - 1])
    noun = figure.reads("<priced> ..1 <rise> by? #") or figure.reads(
        "<sharing_changes> ..1 #", "up|down #", "# <sharing_changes>|<less>|above|below"
    )
    if change and not alone and (noun or not harm):
        return True  # "an increase of 47 per cent", "oil fell 2 % after an attack killed four"
    whole = set((reading.per or "").split())
    if figure.numbers[0].part and whole & {*WORDS.counted_dead, "those"} and then is not None:
        return True  # "a third of the dead, 17, were children": the number itself stands by
    if figure.reads("rate|ratio|cfr ..3 #") or (
        not change and reading.reached in _TAKEN and not whole & WORDS.counted_dead
    ):
        return not of_these(figure)
    return reading.category is None and not WORDS.nouns & whole  # "8 % of GDP"


# --- What remains doubtful -----------------------------------------------------------------------


def _unsaid(figure: Figure, reading: Reading) -> Reading:
    """Return people of whom a verb says something else as doubtful: "buried 21 of its own"."""
    doing = figure.reads("<violence>|away|off|down|~ed|-<no_objects> #", "# ..3 <passives>|who")
    if reading.unit != "persons" or reading.ambiguous or not (doing or _is_sentence(figure.tokens)):
        return reading
    return replace(reading, ambiguous=("killed, wounded, missing or captured", "none of these"))


def _weighed(figure: Figure, reading: Reading) -> Reading:
    """Return a reading with the signs that it may be wrong weighed: `Reading.reached` is "loose".

    Of such readings two in three were right when yet unseen, of others 19 in 20.
    """
    after = range(figure.last + 1, min(figure.last + 3, len(figure.tokens)))
    strange = [k for k in after if _is_strange(figure.tokens, k)]
    taken = reading.reached in _TAKEN or reading.category in {"losses", "casualties", None}
    loose = (
        len(strange) == len(after) > 1
        or (bool(strange) and taken)
        or (reading.reached == "far" and reading.hedge == "unhedged-round")
        or reading.unit == "percent"
    )
    counted = reading.unit in {"persons", "percent"} and not reading.ambiguous
    return replace(reading, reached="loose") if loose and counted else reading


def _is_strange(tokens: Tokens, k: int) -> bool:
    """Return whether a word is in no table that bears on a figure, and is no name."""
    word = tokens.low[k]
    return word.isalpha() and word not in WORDS.familiar and not tokens.is_name(k)


def _doubted(kept: _Kept, i: int) -> Reading:
    """Return a number as doubtful whose words do not tie it to what is said of it.

    A bare number beside counted dead need not count persons; people with a verb or a clause of
    their own need not have met with what is said of others in the sentence.
    """
    figure, reading = kept[i]
    tokens = figure.tokens
    if reading.ambiguous or reading.unit != "persons":
        return reading
    none = any(one.point == 0 and one.category == reading.category for _, one in kept[:i])
    none = none and figure.unit.explicit
    taken = reading.reached in _TAKEN and figure.at(1) not in CATEGORY  # "took five-figure losses"
    tied = not taken or about("tied", figure) or about("not_but", figure)
    tied = tied or reading.standing == "denied"
    other = "" if tied else _of_others(kept, i)  # "the agency called 100,000 conservative"
    would = {"would", "could", "might"} & set(tokens.low[: figure.first])
    had = tokens.low[:1] == ["had"] and bool(would)  # "Had the roof come down, hundreds would have"
    had = had or about("had_it", figure)
    whole = not _is_sentence(tokens) and opens_a_whole(figure)
    whole = whole or figure.at(1) == "+"  # "~2,300 + 900 missing"
    whole = whole or (not _is_sentence(tokens) and figure.reads("# ( <number>"))
    denied = any(one.standing == "denied" for _, one in kept)
    begin, end = sentence_around(tokens, figure, 0, len(tokens))
    asked = tokens.at(end) == "?" and tokens.low[begin] in {"is", "are", "was", "were"}
    doubts = (
        (asked, ("a count of persons", "asked, not stated")),
        (beside(tokens, 0, -1, "# <word>..4 ( thousands )"), ("a count", "a count of thousands")),
        (not denied and WORDS.disbelief & set(tokens.low[figure.last :]), _FALSE),
        (
            figure.reads("# of? <plain>* <being>* <category> or ~ed|driven|taken|-<category>"),
            (f"{reading.category}", "killed or something else"),
        ),
        (
            had or WORDS.supposed & set(tokens.low),
            ("a count of persons", "supposed, in an exercise"),
        ),
        (about("planned", figure), ("a count of persons", "planned, not done")),
        (none and taken, (f"{reading.category}", "unharmed, as others")),
        (
            reading.category in {"killed", "missing"} and _alive(figure),
            (f"{reading.category}", "alive"),
        ),
        (other, (f"{reading.category}, as others of the sentence", f"only {other!r}")),
        (reading.category is None and not _strength(reading) and not whole, _UNSAID),
    )
    return replace(reading, ambiguous=next((say for doubt, say in doubts if doubt), ()))


def _alive(figure: Figure) -> bool:
    """Return whether those of a figure are alive: "five presumed dead walked out alive"."""
    return figure.reads(
        "# !<stops>|<number>|(|alive|unharmed|unhurt* !<violence> alive|unharmed|unhurt"
    )


def _of_others(kept: _Kept, i: int) -> str:
    """Return the word that says something else of a figure than what others are said to be."""
    figure = kept[i][0]
    then = kept[i + 1][0] if i + 1 < len(kept) else None
    if then is not None and part_of(figure.until(then)):
        return ""  # "attributed 68,396 of 92,614 deaths to unknown perpetrators"
    by = figure.unit.explicit and figure.at(-1) == "by"
    free = True not in figure.tokens.used[figure.last + 1 : figure.last + 2]
    return (
        predicate(figure)
        or (figure.at(1) if free and figure.reads(_STRANGE) and not _peopled(*kept[i]) else "")
        or _labelled(figure)
        or (
            figure.at(-1) if figure.at(-1) in WORDS.violence else ""
        )  # "freed 40 prisoners, shot 12"
        or _of_the_rest(figure)
        or ("by" if by else _apart(kept, i))  # "felt by 2 million people"
    )


def _peopled(figure: Figure, reading: Reading) -> bool:
    """Return whether the word after a figure names its people: "27 Tembu"."""
    return reading.side is not None and reading.side.lower() == figure.at(1)


_STRANGE: Final = "# <word>|-<known>|-~s|-~men|-~ly !-|<plain>"
"""A word that is no noun of persons, nor a link: "9 critical"; but not "14 pro-government"."""


def _labelled(figure: Figure) -> str:
    """Return the word before a number that no table explains, if its own words end with it.

    It may name something else ("recoveries 18, cases 12"), or be another verb ("commanded 300").
    """
    if figure.first and figure.tokens.is_name(figure.first - 1):
        return ""
    other = figure.reads("<word>|-<known>|-~ly # $|,|.|;|(|)", "~ed|~ing|-<known> #")
    return figure.at(-1) if other else ""


def _of_the_rest(figure: Figure) -> str:
    """Return the noun before a number of those who need not have come to harm: "the rest, 200"."""
    tokens = figure.tokens
    start = max(figure.first - _SENTENCE, 0)
    begin, end = sentence_around(tokens, figure, start, len(tokens))
    if category_in(tokens, range(figure.last + 1, end)):
        return ""
    return next((word for word in tokens.low[begin : figure.first] if word in WORDS.not_harmed), "")


def _apart(kept: _Kept, i: int) -> str:
    """Return the noun of people whom no list ties to those before them, of whom the same is said.

    So it is in "100 died, and at her side lay three young people".
    """
    (before, last), (figure, reading) = kept[max(i - 1, 0)], kept[i]
    gap = before.until(figure)
    tied = WORDS.ties & set(gap) or of_these(figure) or paired(before, figure)
    tied = tied or figure.reads("of them|these #")
    if tied or not gap or last.category != reading.category or gap[-1] in WORDS.levels:
        return ""
    near = takewhile(lambda word: word not in WORDS.stops, figure.after(2))
    return next((word for word in near if word in WORDS.plain), "")
