"""Which words hedge which figure, and which row of the lexicon they come to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from attrition.text.elements import Figure
from attrition.text.lexicon import BOUNDS, Lexicon
from attrition.text.patterns import beside
from attrition.text.rules import about, word_fits
from attrition.text.text import Tokens
from attrition.text.vocabulary import DEMONYM, WORDS
from attrition.text.widths import grid_of, interval_for, is_round

_REACH: Final = 9
_NOUNS: Final = 4


def ends_sentence(tokens: Tokens, k: int) -> bool:
    """Return whether a token closes a sentence."""
    word = tokens.low[k]
    if word == ";":
        return not _in_brackets(tokens, k)
    if word in {"!", "?"}:
        return True
    if word != ".":
        return False
    short = k and tokens.low[k - 1] in WORDS.abbreviated and tokens.touches(k)
    return not short and not tokens.touches(k + 1)


def _in_brackets(tokens: Tokens, k: int) -> bool:
    """Return whether a token stands in brackets: "(adults 97; children 21)"."""
    near = tokens.low[max(k - _REACH, 0) : k]
    return "(" in near and ")" not in near[near.index("(") :] and ")" in tokens.low[k : k + _REACH]


def _match(tokens: Tokens, s: int, words: tuple[str, ...]) -> bool:
    return tuple(tokens.low[s : s + len(words)]) == words


def find_before(tokens: Tokens, figure: Figure, limit: int, lexicon: Lexicon) -> list[str]:
    """Find the hedges before a figure, nearest first, and move its start over them.

    Parameters
    ----------
    tokens : Tokens
        The quotation.
    figure : Figure
        Its start moves; a denial or a multiple becomes one of its choices.
    limit : int
        First token that may belong to the figure.
    lexicon : Lexicon
        Rows in force.
    """
    number = figure.first
    hits: list[tuple[int, int, str]] = []
    for s in range(number - 1, max(limit - 1, number - 1 - 2 * _REACH), -1):
        reach = min((hit[0] for hit in hits), default=number)
        if reach - s > _REACH or ends_sentence(tokens, s):
            break
        for words, key in lexicon.before.get(tokens.low[s], ()):
            end = s + len(words)
            if end > number or not _match(tokens, s, words):
                continue
            outer = [hit for hit in hits if hit[1] > end]
            start = min((hit[0] for hit in outer), default=number)
            if word_fits("preposition", tokens, s) or _is_direction(tokens, s, end):
                continue
            if end <= start and all(tokens.low[k] in WORDS.fillers for k in range(end, start)):
                hits = [*outer, (s, end, key)]
                break
    figure.first = min((hit[0] for hit in hits), default=number)
    keys = [key for _, _, key in hits]
    if keys and _negated(tokens, figure.first):
        keys = [_opposite(key, lexicon) for key in keys]
    else:
        _deny(tokens, figure)
    return keys


def _is_direction(tokens: Tokens, first: int, end: int) -> bool:
    """Return whether "up to" is where a count went: "revised the toll up to 1,340 from 1,298"."""
    changed = WORDS.gone & set(tokens.low[max(first - _NOUNS, 0) : first])
    later = "from" in tokens.low[end + 1 : end + _NOUNS] or tokens.at(first - 1) in WORDS.gone
    return tokens.low[first:end] == ["up", "to"] and bool(changed) and later


def _negated(tokens: Tokens, first: int) -> bool:
    """Return whether "not" stands before a hedge: "could not have been fewer than"."""
    k = first - 1
    while tokens.at(k) in WORDS.hedge_auxiliary or (
        tokens.at(k) in WORDS.says and tokens.at(k - 1) == "never"
    ):
        k -= 1
    if beside(tokens, k + 1, k, "<doubting> that #"):
        return True  # "historians doubt that more than 9,000 fell"
    if beside(tokens, first, first, "neither|no <word> lost|suffered|sustained|had|reported #"):
        return True  # "neither side lost fewer than 2,000"
    clause = tokens.low[max(first - _REACH, 0) : first]
    if tokens.low[first] in {"exceed", "pass", "top", "reach"} and "did" in clause:
        return bool({"never", "no"} & set(clause))  # "did at no point exceed"
    negates = tokens.at(k) in {"not", "cannot", "never", "unlikely", "hardly", "scarcely"}
    fall = tokens.low[first] in {"fall", "exceed"}  # "cannot fall short of"
    return (fall or k < first - 1) and (negates or tokens.at(k).endswith("n't"))


def _opposite(key: str, lexicon: Lexicon) -> str:
    """Return the bound that a denied bound amounts to: not below is at least."""
    return {"below": "at-least", "above": "at-most"}.get(lexicon.kind(key), key)


def _deny(tokens: Tokens, figure: Figure) -> None:
    """Note "not 950,000" and "twice as many as 10,000", which do not state the figure."""
    k = figure.first - 2 if figure.at(-1) == "even" else figure.first - 1
    words = tokens.raw(max(k, 0), figure.last)
    there = figure.reads("there were|was|are not #") or about("not_but", figure)
    if not there and beside(tokens, k + 1, k, "!if|whether|or|, not|nowhere|never|hardly|~n't #"):
        figure.choices.append(f"the words deny the figure: {words!r}")
    elif tokens.at(k) in WORDS.twice and figure.first < figure.numbers[0].first:
        figure.choices += [f"a multiple of the figure: {words!r}", "the figure itself"]


def find_after(tokens: Tokens, figure: Figure, limit: int, lexicon: Lexicon) -> list[str]:
    """Find the hedges after a figure or its noun, before a token that is another's."""
    keys: list[str] = []
    k, nouns = figure.last + 1, 0
    while k < limit and nouns <= _NOUNS:
        word = tokens.low[k]
        if word == "+" and tokens.is_number(k + 1):
            break
        for words, key in lexicon.after.get(word, ()):
            if (
                k + len(words) <= limit
                and _match(tokens, k, words)
                and not (words[-1] == "more" and tokens.at(k + len(words)) in WORDS.after_more)
                and not (word == "plus" and k + 1 == limit < len(tokens))
                and not (k > figure.last + 1 and _leads_on(tokens, k + len(words)))
            ):
                keys.append(key)
                if k == figure.last + 1:
                    figure.last += len(words)
                k += len(words) - 1
                break
        else:
            noun = word in WORDS.nouns or word in DEMONYM
            if not noun and word not in WORDS.after_a_figure:
                break
            nouns += 1
        k += 1
    return keys


def _leads_on(tokens: Tokens, end: int) -> bool:
    """Return whether a phrase belongs to the next number: "max. 1,900"."""
    return tokens.is_number(end + 1 if tokens.at(end) == "." else end)


def find_loose(tokens: Tokens, first: int, last: int, lexicon: Lexicon) -> list[str]:
    """Find the hedges that may stand anywhere in a clause."""
    keys: list[str] = []
    index = lexicon.loose
    for k in range(first, last):
        entries = index.get(tokens.low[k])
        if entries:
            for words, key in entries:
                if k + len(words) <= last and _match(tokens, k, words):
                    if _applies(tokens, k, k + len(words), lexicon.kind(key)):
                        keys.append(key)
                    break
    return keys


def _applies(tokens: Tokens, first: int, end: int, kind: str) -> bool:
    """Return whether a loose hedge speaks of the figure: "nobody has confirmed" does not."""
    if kind == "floor":
        before = tokens.low[max(first - 4, 0) : first]
        negated = any(word in WORDS.unless or word.endswith("n't") for word in before)
        cases = beside(tokens, first, first, "patients|cases|infections #")  # no count of the dead
        cases = cases or beside(tokens, first, first, "plaque|memorial|monument|stone|wall ..5 #")
        named = tokens.at(end) in {"number", "figure"}  # "the verified number is 214"
        return tokens.at(end) != "that" and not negated and not cases and not named
    noun = tokens.low[first] in {"estimate", "estimates"}
    return not (noun and (tokens.at(end) == ":" or tokens.at(first - 1) in DEMONYM))


def choose(
    figure: Figure, near: list[str], loose: list[str], book: Lexicon
) -> tuple[str, tuple[str, ...]]:
    """Return the row that governs a figure, and the other rows that were said.

    Bounds win over likelihoods and these over plain hedges, by the kinds and ranks of the rows;
    among equals the nearest wins.
    """
    keys = [*near, *loose]
    kinds = {book.kind(key) for key in near}
    if "floor" in kinds and kinds & {"cap", "top"}:
        figure.choices += ["a floor", "a ceiling"]
    bounds = [key for key in near if book.kind(key) in BOUNDS]
    bounds = bounds or [key for key in loose if book.kind(key) in BOUNDS]
    floor = next((key for key in loose if book.kind(key) == "floor"), "")
    if floor and bounds and book.kind(bounds[0]) == "above":
        bounds = [floor]
    if bounds:
        chosen = min(bounds, key=lambda key: book.get(key).rank)
    elif figure.low is not None and not figure.numbers[0].hedge:
        chosen = "between"
    else:
        chosen = figure.numbers[0].hedge
        if not chosen and keys:
            chosen = min(keys, key=lambda key: book.get(key).rank)
    return chosen, tuple(dict.fromkeys(key for key in keys if key != chosen))


_STATED: Final = "The words give the mass of the range themselves."

_FIELDS: Final = ("hedge", "possible", "interval", "shape", "spill", "grid", "evidence")
_ALL: Final = 100.0
_DOZEN: Final = 12
_SHARE_GRID: Final = 5.0


def word_width(
    figure: Figure,
    near: list[str],
    loose: list[str],
    book: Lexicon,
    source_grid: float | None,
    *,
    possible: bool,
) -> dict[str, Any]:
    """Choose the row of a figure and apply it: the fields of its reading.

    Parameters
    ----------
    figure : Figure
        With its numbers as stated.
    near, loose : list of str
        Keys of the hedges next to it, and elsewhere in its clause.
    book : Lexicon
        Rows in force.
    source_grid : float or None
        The rounding of the source, in persons.
    possible : bool
        The clause says only that it could be so.
    """
    hedge, others = choose(figure, near, loose, book)
    grid = source_grid if figure.unit.name == "persons" else None
    key, grid = _settled(figure, hedge, grid, book, possible=possible)
    row = book.get(key)
    if figure.choices:
        return _fields(key, possible, None, row.shape, row.spill, None, row.evidence)
    ranged = figure.low is not None
    interval, shape, spill, evidence = interval_for(
        key,
        point=None if ranged else figure.point,
        low=figure.low,
        high=figure.high,
        grid=grid,
        lexicon=book,
        counted=figure.unit.counted,
    )
    share = figure.unit.name == "percent"
    if interval is not None and share and max(figure.point or 0, interval.lower) <= _ALL:
        interval = replace(interval, upper=min(interval.upper, _ALL))
    if figure.prob is not None and interval is not None:
        interval, evidence = replace(interval, prob=figure.prob), f"{evidence} {_STATED}"
    if others:
        evidence = f"{evidence} Also said: {', '.join(others)}."
    return _fields(key, possible, interval, shape, spill, grid, evidence)


def _fields(*values: object) -> dict[str, Any]:
    return dict(zip(_FIELDS, values, strict=True))


def _settled(  # noqa: PLR0911  # one return for each way a number may stand
    figure: Figure, hedge: str, grid: float | None, book: Lexicon, *, possible: bool
) -> tuple[str, float | None]:
    """Return the row and the grid, for words that were said or left out."""
    point, number = figure.point, figure.numbers[0]
    if point is None or figure.low is not None:
        return hedge or "between", None
    if point == 0:
        return hedge if book.kind(hedge) == "floor" else "exactly", None
    if hedge == "exactly":
        return hedge, None
    if hedge:
        return hedge, (grid or grid_of(point)) if book.get(hedge).granular else grid
    if possible:
        return "possible", grid
    if number.scale == _DOZEN:
        return "unhedged-round", _DOZEN / 2
    if number.part or figure.shared:
        return "unhedged-round", min(_SHARE_GRID, point / 5)
    spelled_part = number.scale > 1 and point != int(point)
    if figure.step >= 1 and (is_round(point) or spelled_part):
        return "unhedged-round", grid or grid_of(point)
    return "exactly", grid or _last_digit(point, figure.step, counted=figure.unit.counted)


def _last_digit(point: float, step: float, *, counted: bool) -> float:
    """Return the value of the last digit that a bare number was given to."""
    if not counted or point != int(point) or point == 0:
        return step
    grid = step if step >= 1 else 1.0
    while point % (grid * 10) == 0:
        grid *= 10
    return grid
