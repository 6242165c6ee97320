"""How two figures of a sentence stand to each other: in one list, or a part and its whole."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import Final

from attrition.text.context import category_in
from attrition.text.elements import Figure
from attrition.text.hedging import ends_sentence
from attrition.text.patterns import beside, fits
from attrition.text.rules import about
from attrition.text.vocabulary import CATEGORY, SCOPE, WORDS

_LISTED: Final = 5
_ASIDE: Final = "<demonyms>|<plain>* and , !<finite>|<category>|,..6 , ..2"
"""Between two figures of a list, one with its source: "and, according to the army, some"."""


def paired(one: Figure, two: Figure) -> bool:
    """Return whether two figures are listed together ("60,000 killed and 180,000 wounded")."""
    gap = one.until(two)
    if gap[:1] == ["of"] and (one.low is not None or {*gap[1:2]} & (WORDS.owners | WORDS.plain)):
        gap = gap[1:]  # "hundreds of civilians and scores of fighters", "45 of its soldiers and"
    if gap[:1] == ["("] and ")" in gap and one.tokens.at(two.last + 1) == "(":
        gap = gap[gap.index(")") + 1 :]  # "2,700 (official), 10,000 (opposition) dead"
    near = (
        len(gap) <= _LISTED
        or fits(gap, "<plain> from|on|in|at|of|aboard !<finite>|<category>..5 and all?")
        or fits(gap, _ASIDE)
    )
    return near and bool({"and", ",", "or"} & set(gap)) and not WORDS.parted & {*gap}


def listed(one: Figure, two: Figure) -> bool:
    """Return whether two figures are listed together, the first no whole of the second."""
    return not opens_a_whole(one) and paired(one, two)


def opens_a_whole(figure: Figure) -> bool:
    """Return whether a figure opens "of the 700,000 deployed, 200,000 are dead"."""
    whole = "$|,|.|that|: of <word>|-them|-these|-whom <word>..2 #"  # "Of the Light Brigade's 673"
    return figure.reads("$|,|.|that|: of #", "$|. among # <plain>", whole)


def part_of(gap: list[str]) -> bool:
    """Return whether two figures read "4,000 of the 11,000 troops"."""
    if fits(gap, "out? of the|its|a <word>..3"):
        return not {*gap} & (WORDS.category | WORDS.joined)
    return fits(gap, "out? <sharing_of_the>* of <sharing_of_the>*")


def share_of(gap: list[str]) -> bool:
    """Return whether two figures read "309 soldiers out of 992", "a third of the crew of 9"."""
    return part_of(gap) or any(
        fits(gap, pattern)
        for pattern in (
            "!$* among the?",  # "two were among the 13 dead"
            "!,? of the",
            "!,? of !$* of the",
            "<word>|-..6 out of",
            "of|the the|a|its|their|crew ..5 of",
        )
    )


def holds(one: Figure, two: Figure) -> bool:
    """Return whether a figure is the whole of the next one, in the same sentence."""
    return (
        about("part_aside", two)
        or "including" in one.until(two)
        or (of_these(two) and not parted(one, two))
    )


def parted(one: Figure, two: Figure) -> bool:
    """Return whether a sentence ends between two figures."""
    return any(ends_sentence(one.tokens, k) for k in range(one.last + 1, two.first))


def of_these(figure: Figure) -> bool:
    """Return whether a figure is a part of the one before: "seven of them children"."""
    return figure.reads("# of them|whom|these") or says_who(figure)


def says_who(figure: Figure) -> bool:
    """Return whether a figure says who those before it were: "112 died; 47 were children"."""
    return figure.reads("# were|was|are a|an|<demonyms>|<who_were>* <someone>")


def noun_of(figure: Figure) -> str:
    """Return the last word of what a figure counts, up to its verb: "football fans" are fans."""
    near = takewhile(lambda word: word.isalpha() and word not in WORDS.noun_ends, figure.after(4))
    return next(reversed([*near]), "")


def other_people(figure: Figure, before: Iterable[str]) -> bool:
    """Return whether a figure has people and a verb of its own: "and 60 labourers were hurt"."""
    noun = noun_of(figure)
    scopes = {SCOPE.get(word, word) for word in before}
    if not noun or SCOPE.get(noun, noun) in scopes or SCOPE.get(noun) in WORDS.of_any:
        return False
    return figure.reads("<acting> #", "# <word>..4 <being>|<finite>|<harmed>|remain|suffered")


def predicate(figure: Figure) -> str:
    """Return the verb of a number that names no category: "18 residents were treated"."""
    tokens = figure.tokens
    k = figure.last + 3 if of_these(figure) else figure.last + 1
    while tokens.at(k) in WORDS.subjects or (k < len(tokens) and tokens.used[k]):
        k += 1  # "36 people aged 14 to 60 were treated"
    passive = False
    while (
        tokens.at(k) in WORDS.auxiliary
        or tokens.at(k).endswith("ly")
        or (passive and tokens.at(k) in WORDS.thought)
    ):
        passive = passive or tokens.at(k) in WORDS.being
        k += 1
    word = tokens.at(k)
    going = word in WORDS.states or (word.endswith("ing") and word not in CATEGORY)
    verb = word.endswith("ed") or (passive and going) or word in WORDS.verbs_of_others
    verb = verb or (word in CATEGORY and category_in(tokens, [k]) is None)  # "lost contact"
    if not verb or tokens.is_number(k + 1) or word in WORDS.no_predicates:
        return ""
    stops = WORDS.stops | {"after", "following", "amid"}  # "450 were deployed after the killings"
    end = next((j for j in range(k, len(tokens)) if tokens.low[j] in stops), len(tokens))
    if beside(tokens, end, end, "# <being>* <category>"):
        end += 3  # "two cyclists were struck and killed"
    return "" if category_in(tokens, range(k, min(end, len(tokens)))) else word
