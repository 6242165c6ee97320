"""Two figures that are the ends of one: "more than 10,000 but fewer than 20,000"."""

from __future__ import annotations

from typing import Final

from attrition.text.elements import Figure
from attrition.text.lexicon import Lexicon
from attrition.text.patterns import beside
from attrition.text.ranges import merged
from attrition.text.text import Tokens
from attrition.text.vocabulary import CATEGORY, WORDS

_PAIRS: Final = frozenset({("low", "high"), ("lower", "upper"), ("minimum", "maximum")})
_NAMED: Final = (*((low, [high]) for low, high in _PAIRS), ("min", ["max"]))
_BACK: Final = 12


def join_bounds(
    tokens: Tokens, figures: list[Figure], near: list[list[str]], book: Lexicon
) -> tuple[list[Figure], list[list[str]]]:
    """Join each floor with the ceiling that follows it.

    Parameters
    ----------
    tokens : Tokens
        The quotation.
    figures : list of Figure
        In order, their starts moved over their hedges.
    near : list of list of str
        Keys of the hedges beside each.
    book : Lexicon
        Rows in force; kinds "floor" and "above" open a range, "cap", "top" and "below" close it.

    Returns
    -------
    list of Figure, list of list of str
        The figures that remain, and their hedges; a joined figure has none.
    """
    kept: list[Figure] = []
    hedges: list[list[str]] = []
    for figure, keys in zip(figures, near, strict=True):
        if kept and _one_range(tokens, kept[-1], figure, hedges[-1], keys, book):
            first = kept[-1]
            ends = sorted((first.point or 0.0, figure.point or 0.0))
            first.low, first.high, first.point = *ends, None
            first.numbers = (first.numbers[0], figure.numbers[0])
            first.last, hedges[-1] = figure.last, []
            first.choices.clear()
            joined = len(kept) > 1 and "and" not in kept[-2].until(first)
            if joined and merged(tokens, kept[-2], first, named=True):
                kept.pop()
                hedges.pop()
            continue
        kept.append(figure)
        hedges.append(keys)
    return kept, hedges


def _one_range(  # noqa: PLR0911, PLR0917  # one return for each joint; two figures, their hedges and what these mean
    tokens: Tokens, one: Figure, two: Figure, low: list[str], high: list[str], book: Lexicon
) -> bool:
    """Return whether two figures are a floor and the ceiling to it."""
    if one.point is None or two.point is None or one.point == two.point or two.choices:
        return False
    if one.unit.name != two.unit.name or one.per != two.per:
        return False
    between = range(one.last + 1, two.first)
    gap = [tokens.low[k] for k in between if tokens.low[k] != "."]
    if one.point > two.point:  # "up to 40, but no fewer than 25"
        low, high = high, low
    elif _said_to_be_ends(tokens, one.first, between):
        return True
    if gap == ["and"] and not low and not high and _named_pair(tokens, one.first):
        return True
    if [word for word in gap if word != ","] == ["if", "not"]:
        return not high
    if not all(word in WORDS.bounds_joints or word in WORDS.bound_nouns for word in gap):
        return False
    own = {CATEGORY.get(word) for word in (*gap, tokens.at(two.last + 1))} - {None}
    if len(own) > 1 or (one.point > two.point and own and "and" in gap):
        return False  # "over 1,000 people dead and close to 2,500 injured"
    opens = {book.kind(key) for key in low} & {"floor", "above"}
    closes = {book.kind(key) for key in high} & {"cap", "below", "top"}
    perhaps = {"perhaps", "possibly", "maybe"} & {*gap, *tokens.low[two.first : two.first + 2]}
    alone = (
        not low and {",", "or"} & {*gap[:1], *gap[1:2]} and two.point <= 2 * one.point
    )  # "sixty, maybe seventy"
    if (opens or alone) and perhaps and one.point < two.point and not closes:
        return True
    nor = "nor" in gap and {book.kind(key) for key in high} & {"above"}
    return bool(opens and (closes or nor))


def _said_to_be_ends(tokens: Tokens, first: int, between: range) -> bool:
    """Return whether words name two ends: "min. 85, max. 140", "from 15, police say, to 42"."""
    lead = first - 2 if tokens.at(first - 1) in {".", "of"} else first - 1
    gap = [tokens.low[k] for k in between if tokens.low[k] != "."]
    named = gap[:-1] if gap[-1:] == ["of"] else gap
    if (tokens.at(lead), named[-1:]) in _NAMED:
        apart = WORDS.bound_nouns | {",", "and", ";"}
        # a low "of 400 (the army) to a high of 900"
        return named != gap or all(word in apart for word in named[:-1])
    if tokens.at(lead) != "from" or tokens.at(lead - 1) not in WORDS.ranging:
        return False
    bare = [tokens.low[k] for k in between if not tokens.used[k] and tokens.low[k] != ","]
    return bare == ["to"]


def _named_pair(tokens: Tokens, first: int) -> bool:
    """Return whether "low and high", in this order, or "bounds of" stand shortly before."""
    if beside(tokens, first, first, "bounds|limits|ranges of #"):
        return True
    before = tokens.low[max(first - _BACK, 0) : first]
    return any(
        (one, two) in _PAIRS and middle in {"and", "or"}
        for one, middle, two in zip(before, before[1:], before[2:], strict=False)
    )
