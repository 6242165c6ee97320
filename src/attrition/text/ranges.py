# ruff: noqa: PLR2004  # hundredfold and thousandfold spans are named where they are tested
"""Two numbers that make one figure: ranges, "one in four", a floor and its ceiling."""

from __future__ import annotations

from typing import Final

from attrition.text.dates import year_at
from attrition.text.digits import KILO, SCALE
from attrition.text.elements import Figure, Number, Unit
from attrition.text.hedging import ends_sentence
from attrition.text.lexicon import Lexicon
from attrition.text.patterns import beside, fits
from attrition.text.spelled import STARTS, number_at
from attrition.text.text import Tokens
from attrition.text.units import unit_at
from attrition.text.vocabulary import CATEGORY, WORDS

_TEN: Final = 10
_ASIDE: Final = 14
"""Tokens between a figure and the range in brackets that belongs to it."""
_CLAUSE: Final = 7
"""Tokens of a clause between the ends of a range."""
_NEAR: Final = 3
"""And those before the bracket."""


def is_between(tokens: Tokens, i: int) -> bool:
    """Return whether "between" stands shortly before a number."""
    for k in range(i - 1, max(i - 5, -1), -1):
        if tokens.low[k] == "between":
            return not tokens.used[k]
        if tokens.kind[k] != "w":
            return False
    return False


def one_in(tokens: Tokens, figure: Figure) -> Number | None:
    """Read "one in four", "3 out of every 10"."""
    number = figure.numbers[0]
    j = number.last + 1
    every = tokens.at(j) in WORDS.nouns and tokens.low[j + 1 : j + 3] == ["in", "every"]
    if every or (
        number.value == 1 and tokens.at(j) in WORDS.one_of_many and tokens.at(j + 1) == "in"
    ):
        j += 1  # "one soldier in five"
    if tokens.at(j) != "in" and tokens.low[j : j + 2] != ["out", "of"]:
        return None
    j += 2 if tokens.at(j) == "out" else 1
    if tokens.at(j) == "every":
        j += 1
    whole = number_at(tokens, j) if j < len(tokens) and not tokens.used[j] else None
    if whole is None or whole.hedge or whole.part or year_at(tokens, j):
        return None
    share = number.value < whole.value and 0 < number.value <= 100  # "250 in 1,000" is no share
    if not share or tokens.at(whole.last + 1) in WORDS.duration:
        return None
    figure.point, figure.last = 100 * number.value / whole.value, whole.last
    figure.unit, figure.step, figure.shared = Unit("percent", whole.last), 1.0, True
    figure.numbers = (number, whole)
    return whole


def join_range(tokens: Tokens, figure: Figure, *, dotted: bool) -> None:
    """Join a figure with the number that ends its range, if one follows."""
    j = figure.last + 1
    if j >= len(tokens) or tokens.used[j]:
        return
    if figure.low is not None:
        _vague_start(tokens, figure, dotted=dotted)
    elif not _error_follows(tokens, figure, dotted=dotted):
        place = _second_at(tokens, figure)
        second = None if place is None else number_at(tokens, place, dotted=dotted)
        first = figure.numbers[0]
        if second and first.part and not second.part and second.scale > 1:
            first.value, first.part = first.value / 100 * second.scale, False
            figure.unit = Unit("persons", first.last)  # "between a quarter and a half million"
        share = second and figure.unit.name == "percent" and not second.part
        if share and second and unit_at(tokens, second).name != "percent":
            return  # "rose 3.4 percent to 61,200"
        if second and not second.hedge and second.part == first.part:
            _join(tokens, figure, second)


def _error_follows(tokens: Tokens, figure: Figure, *, dotted: bool) -> bool:
    """Read "± 300" and "(±300)"; return whether one stands there."""
    j = figure.last + 1
    noun, opened = tokens.at(j) in WORDS.nouns | WORDS.demonyms, tokens.at(j) in {"(", "["}
    k = j + 1 if noun or opened else j
    if tokens.at(k) != "±":
        return _either_way(tokens, figure, k)
    joined = _plus_minus(tokens, figure, k + 1, dotted=dotted)
    if noun:
        tokens.use(k, figure.last)  # "7,000 deaths ± 10 %": the noun stays to be read
        figure.last = j - 1
        return joined
    if opened and tokens.at(figure.last + 1) in {")", "]"}:
        figure.last += 1
    return True


def _either_way(tokens: Tokens, figure: Figure, k: int) -> bool:
    """Read ", five hundred either way" after a figure; return whether it stands there."""
    begin = k
    k += tokens.at(k) == ","
    second = number_at(tokens, k) if k < len(tokens) and not tokens.used[k] else None
    if second is None or not fits(tokens.low[second.last + 1 : second.last + 3], "either way|side"):
        return False
    last = figure.last
    if second.low is None:
        _plus_minus(tokens, figure, k, dotted=False)
    tokens.use(begin, second.last + 2)
    figure.last = last  # the noun stays to be read
    return True


def take_or_give(tokens: Tokens, figure: Figure) -> None:
    """Read ", give or take 50" after a figure and its noun; a vague width only says "about"."""
    for k in range(figure.last + 1, min(figure.last + _ASIDE, len(tokens) - 1)):
        if tokens.is_number(k) or ends_sentence(tokens, k):
            return
        if tokens.low[k] not in {"give", "plus", "more", "±"}:
            continue
        words = tokens.low[k + 1 : k + 3] in (["or", "take"], ["or", "minus"], ["or", "less"])
        j = k + 3 if words else k + 1
        width = (words or tokens.low[k] == "±") and j < len(tokens) and not tokens.used[j]
        second = number_at(tokens, j) if width else None
        if second is not None:
            last = figure.last
            if second.low is None and second.value < (figure.point or 0):
                _plus_minus(tokens, figure, j, dotted=False)
            figure.last = last  # the noun stays to be read
            tokens.use(k if second.low is None else j, second.last)
            return


def _second_at(tokens: Tokens, figure: Figure) -> int | None:
    """Return where the second number of a range stands, if a word or a dash leads to it."""
    j = figure.last + 1
    sign = tokens.at(j)
    if tokens.low[j : j + 3] == ["-", "to", "-"]:  # "18-to-45"
        sign, j = "to", j + 2
    if sign == "," and fits(tokens.low[j : j + 3], ", some|others say|said|think"):
        return j + 3  # "thirty, some say forty, worshippers"
    if sign == "," and _in_a_breath(tokens, figure, j + 1):
        return j + 1
    between = sign == "and" and is_between(tokens, figure.first)
    if (sign not in {"-", "to", "or"} and not between) or (
        sign == "to" and _is_change(tokens, figure.first)
    ):
        return None
    j += 1
    while sign != "-" and tokens.at(j) in WORDS.ranges_second_hedge and j < figure.last + 6:
        if tokens.at(j) == "a" and tokens.at(j + 1) in STARTS:
            break  # "a third"
        j += 1
    if sign in {"and", "to"} and tokens.at(j) == ",":  # "between 9,000 and, at the most, 14,000"
        close = next((k for k in range(j + 1, j + _CLAUSE) if tokens.at(k) == ","), j)
        words = tokens.kind[j + 1 : close]
        led = between or tokens.at(figure.first - 1) == "from"
        j = close + 1 if led and words and set(words) == {"w"} else j
    alone = sign == "or" and j != figure.last + 2
    return None if alone or j >= len(tokens) or tokens.used[j] else j


def _in_a_breath(tokens: Tokens, figure: Figure, k: int) -> bool:
    """Return whether two numbers in words follow each other: "seventy, eighty people"."""
    words = not figure.numbers[0].digits and tokens.at(k) in STARTS
    second = number_at(tokens, k) if words and not tokens.used[k] else None
    if second is None or second.low is not None or tokens.at(second.last + 1) not in WORDS.plain:
        return False
    return figure.numbers[0].value < second.value <= 1.5 * figure.numbers[0].value


def _join(tokens: Tokens, figure: Figure, second: Number) -> None:
    """Make a figure and a second number one range."""
    unit = figure.unit if second.part else unit_at(tokens, second)
    first = figure.numbers[0]
    scale = SCALE.get(tokens.low[second.last], 1)
    if not (first.digits or second.digits) and first.value < _TEN <= scale < KILO:
        first.value *= scale  # "two or three hundred", "two to three dozen"
    _span(figure, first, second, said_scale=figure.numbers[0].scale > 1)
    figure.last, figure.numbers = max(second.last, unit.last), (figure.numbers[0], second)
    if figure.unit.name == "persons" or unit.name != "persons":
        figure.unit = Unit(unit.name, figure.last)
    figure.choices.extend(second.choices)


def _vague_start(tokens: Tokens, figure: Figure, *, dotted: bool) -> None:
    """Read "from a few hundred to 3,000": the lowest of the vague number, and the other end."""
    j = figure.last + 1
    if tokens.at(j) != "to" or tokens.at(figure.first - 1) != "from" or j + 1 >= len(tokens):
        return
    second = number_at(tokens, j + 1, dotted=dotted)
    if second is None or second.part or figure.low is None:
        return
    high = second.value if second.high is None else second.high
    if high > figure.low:
        first = figure.numbers[0]
        first.hedge, figure.high, figure.last = "", high, second.last
        figure.hedges.clear()
        figure.choices.clear()
        figure.numbers = (first, second)


def _span(figure: Figure, one: Number, two: Number, *, said_scale: bool) -> None:
    """Set the ends of a range; a scale said once, at the end, holds for both."""
    low, high = one.value, two.value
    if not said_scale and two.scale > 1 and not one.part:
        spread = low * two.scale
        if spread <= high:
            low, figure.step = spread, two.scale
        elif low > 0 and high / low > 1000:  # no range spans a thousandfold
            figure.choices += [f"{low:.15g} to {high:.15g}", f"{spread:.15g} and {high:.15g}"]
    elif (
        not said_scale and 0 < low < 1000 and high > 100 * low and high % 1000 == 0
    ):  # "180-240,000"
        figure.choices += [f"{low * 1000:.15g} to {high:.15g}", f"{low:.15g} to {high:.15g}"]
    elif said_scale and two.scale == 1 and two.value < low and two.value * one.scale >= low:
        high = two.value * one.scale
    if low > high:
        swapped = f"{high:.15g} to {low:.15g}, if the ends are swapped"
        figure.choices += [swapped, f"{low:.15g} and {high:.15g}, two figures"]
    figure.point, figure.low, figure.high = None, low, high
    figure.step = max(figure.step, one.step)


def _plus_minus(tokens: Tokens, figure: Figure, j: int, *, dotted: bool) -> bool:
    if j >= len(tokens) or tokens.used[j] or figure.point is None:
        return False
    second = number_at(tokens, j, dotted=dotted)
    if second is None:
        return False
    unit = unit_at(tokens, second)
    half = second.value
    if unit.name == "percent" and figure.unit.name != "percent":
        half = figure.point * second.value / 100
    elif unit.name != "persons":
        figure.unit = Unit(unit.name, unit.last)
    figure.low, figure.high = max(figure.point - half, 0.0), figure.point + half
    figure.last = max(second.last, unit.last)
    word = tokens.at(figure.last + 1)
    if word in WORDS.plain:
        figure.last += 1
    return True


def _is_change(tokens: Tokens, first: int) -> bool:
    """Return whether "from X to Y" or "by X to Y" is a change rather than a range."""
    k = first - 1
    while tokens.at(k) in WORDS.ranges_second_hedge:
        k -= 1
    if tokens.at(k) not in {"from", "by"}:
        return False
    if tokens.at(k - 1) in WORDS.upward:
        return True
    before = []
    for j in range(first - 1, max(first - _ASIDE, 0) - 1, -1):
        if ends_sentence(tokens, j):
            break
        # "killed up to 500, injuring from 60 to 120", "gunned down"
        if tokens.low[j] not in {"up", "down"} or tokens.at(j + 1) in {"from", "by"}:
            before.append(tokens.low[j])
    return not WORDS.of_ranges.isdisjoint(before)


def merged(tokens: Tokens, figure: Figure, ranged: Figure, *, named: bool = False) -> bool:
    """Join "950,000 (900,000-1,000,000)" into one figure; say whether it was."""
    if ranged.low is None or ranged.high is None or ranged.point is not None:
        return False
    if figure.point is None or figure.low is not None:
        return False
    gap = range(figure.last + 1, ranged.first)
    named = named or bool({"range", "interval", "bounds"} & set(tokens.low[gap.start : gap.stop]))
    opening = _opening(tokens, gap, bare=ranged.prob is not None or named)
    low, high, scale = ranged.low, ranged.high, figure.numbers[0].scale
    if low * scale <= figure.point <= high * scale:  # "54.2 thousand (49.9-58.1)"
        low, high = low * scale, high * scale
    if opening is None or not low <= figure.point <= high:
        return False
    figure.low, figure.high, figure.prob = low, high, ranged.prob
    end = ranged.last
    while tokens.at(end + 1) in {")", "]"}:
        end += 1
    ranged.last = end
    tokens.use(opening, end)
    return True


def _opening(tokens: Tokens, gap: range, *, bare: bool) -> int | None:
    """Return where the words begin that lead from a figure to its range, or nothing.

    They begin at a bracket, or, where they name the range as one ("95 % CI", "bounds of"), after
    the noun of the figure.
    """
    leads = [k for k in gap if tokens.low[k] in {",", "with"}] if bare else []
    if not gap or (len(gap) > _ASIDE and not leads):
        return None
    brackets = [k for k in gap if tokens.low[k] in {"(", "["}]
    if len(gap) > _ASIDE or (leads and not brackets):
        far = any(ends_sentence(tokens, k) for k in gap)
        begin = None if far else leads[-1]  # ", with a 95 % confidence interval of"
    elif brackets:
        begin = brackets[0] if bare or brackets[0] - gap.start <= _NEAR else None
    elif bare:
        nouns = [k for k in gap if tokens.low[k] in WORDS.nouns]
        begin = nouns[-1] + 1 if nouns else gap[0]
    else:
        begin = None
    if begin is None or any(tokens.low[k] in CATEGORY for k in range(begin, gap.stop)):
        return None
    return begin


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
