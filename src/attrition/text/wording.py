"""What the words around one figure leave open: its row of the lexicon and its interval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from attrition.text.elements import Figure
from attrition.text.hedging import choose
from attrition.text.lexicon import Lexicon
from attrition.text.reading import Interval
from attrition.text.widths import grid_of, interval_for, is_round

_STATED: Final = "The words give the mass of the range themselves."

_ALL: Final = 100.0
_DOZEN: Final = 12
_SHARE_GRID: Final = 5.0


@dataclass(frozen=True, slots=True)
class Wording:
    """A row of the lexicon applied to one figure."""

    key: str
    possible: bool
    interval: Interval | None
    shape: str
    spill: float
    grid: float | None
    evidence: str


def word_width(
    figure: Figure,
    near: list[str],
    loose: list[str],
    book: Lexicon,
    source_grid: float | None,
    *,
    possible: bool,
) -> Wording:
    """Choose the row of a figure and apply it.

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
        return Wording(key, possible, None, row.shape, row.spill, grid, row.evidence)
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
    return Wording(key, possible, interval, shape, spill, grid, evidence)


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
