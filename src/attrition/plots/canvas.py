"""The sheet that a figure is drawn on: its size, heading, lines of detail, and source.

Room is reckoned from the measured width of words, so that nothing is cut off at any size.
"""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from attrition.core.checks import check_known
from attrition.core.errors import refusal
from attrition.core.laws import Law, print_date
from attrition.plots.look import (
    BODY,
    HEADING,
    SOURCE,
    Style,
    figure_of,
    in_order,
    new_figure,
    pen,
    size_of,
    styled,
    wrapped,
)
from attrition.plots.sheet import sheet_of
from attrition.reporting.subject import briefer, capital
from attrition.reporting.words import basis_words, plain

if TYPE_CHECKING:
    from datetime import date

    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg

Size = Literal["column", "page", "card"]

_SIZES: dict[str, tuple[float, float | None, float]] = {
    "column": (3.4, None, 240),
    "page": (7.2, None, 120),
    "card": (6.0, 3.15, 200),
}
"""Width, height (None: as the picture needs) [inch] and dots an inch; a card has 1200 by 630."""

_EDGE, _GAP, _COLUMN = 0.1, 0.12, 5.0  # inches
_NAME = 60  # letters of whose count it is
_POINT = 1 / 72
_LEADING = 1.3


class Look(TypedDict, total=False):
    """What every figure can be given besides its data.

    ``size``: "column" (86 mm wide), "page" (183 mm) or "card" (1200 by 630 pixels, for social
    media); "page" when left out. ``style``: a :class:`Style`. ``record``: the id of the record
    that holds the numbers, for the source line.

    See Also
    --------
    attrition.plots.Style : the colours of a house.

    Examples
    --------
    >>> import attrition as at
    >>> axes = at.plots.claim(at.parse("around 1,000")[0], size="column")
    >>> round(float(axes.figure.get_size_inches()[0]) * 25.4)
    86
    """

    size: Size
    style: Style | None
    record: str | None


@contextmanager
def canvas(  # noqa: PLR0917 - the words of a figure, from top to bottom
    ax: Axes | None,
    body: float,
    heading: str,
    detail: str,
    source: str | Law,
    look: Look,
    *,
    least: float = 1.3,
    fit: bool = True,
) -> Iterator[Axes]:
    """Yield axes to draw in, with the words around them.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        Where to draw; a new figure when None. Beside other axes it has its words as its title.
    body : float
        Height of the picture without its words [inch].
    heading, detail : str
    source : str or Law
        The source line, or the law whose it is.
    look : Look
    least : float
        The height without which the picture cannot be read [inch].
    fit : bool
        Whether the axes shrink until the labels around them are in the figure.

    Raises
    ------
    InputError
        If the size is unknown, or too small for the picture.
    """
    with styled(look.get("style")):
        name = look.get("size") or "page"
        check_known(name, _SIZES, "a size of a figure must be known", "size")
        width, height, dpi = _SIZES[name]
        alone = ax is None or len(figure_of(ax).axes) == 1
        if ax is not None:
            width, height = size_of(ax)
            width *= 1.0 if alone else float(ax.get_position().width)
        inner = width - 2 * _EDGE
        head = _headed(capital(plain(heading)), inner)
        lines = wrapped(plain(detail), inner, BODY)
        words = source_words(source, look.get("record")) if isinstance(source, Law) else source
        foot = wrapped(words, inner, SOURCE)
        if not alone and ax is not None:
            ax.spines[["top", "left", "right"]].set_visible(False)
            ax.set_title(f"{head}\n{lines}", loc="left", fontsize=BODY)
            yield ax
            return
        above = _EDGE + _high(head, HEADING) + 0.05 + _high(lines, BODY) + _GAP
        below = _EDGE + _high(foot, SOURCE) + 0.08
        whole = body + above + below if height is None else height
        if ax is None and height is not None and height - above - below < least:
            got = f"one that needs {least:.1f} inches of height besides its words"
            raise refusal("size of a picture", got, f"size={look.get('size')!r}")
        axes = new_figure(width, whole, dpi)[1] if ax is None else ax
        figure = figure_of(axes)
        figure.set_layout_engine("none")
        if ax is not None:  # a new one has none
            ax.spines[["top", "left", "right"]].set_visible(False)
        top, x = 1 - _EDGE / whole, _EDGE / width
        plain_text: dict[str, Any] = {"va": "top", "linespacing": 1.25, "in_layout": False}
        plain_text["transform"] = figure.transFigure
        for y, text, size, colour, weight in (
            (top, head, HEADING, pen().ink, "bold"),
            (top - (_high(head, HEADING) + 0.05) / whole, lines, BODY, pen().muted, "normal"),
            ((_EDGE + _high(foot, SOURCE)) / whole, foot, SOURCE, pen().muted, "normal"),
        ):
            figure.text(
                x, y, in_order(text), fontsize=size, color=colour, weight=weight, **plain_text
            )
        left, bottom = _EDGE / width, below / whole
        box = (left, bottom, 1 - 2 * left, 1 - bottom - above / whole)
        axes.set_position(box)
        yield axes
        if fit:
            fit_within(axes, box)


def _headed(heading: str, width: float) -> str:
    """Return a heading on a few lines; of a long title the beginning, and whole what follows it."""
    most = 2 if width > _COLUMN else 4
    title, mark, rest = heading.rpartition(": ")
    words = title.split()
    for count in range(len(words), 0, -1):
        short = f"{' '.join(words[:count])}{' …' * (count < len(words))}{mark}{rest}"
        lines = wrapped(short, width, HEADING, bold=True)
        if lines.count("\n") < most:
            return lines
    return wrapped(heading, width, HEADING, bold=True, lines=most)


def count_of(law: Law) -> str:
    """Return whose count a figure shows; of a long name the beginning, for its source says more."""
    words = basis_words(law)
    return words if len(words) <= _NAME else basis_words(next(briefer(law)))


def counts_of(laws: Sequence[Law]) -> list[str]:
    """Return whose counts a figure shows; whole names, where their beginnings are the same."""
    whole, short = (list(map(words, laws)) for words in (basis_words, count_of))
    return short if len({*short}) == len({*whole}) else whole


def _high(text: str, size: float) -> float:
    """Return the height of a text [inch]."""
    return (text.count("\n") + 1) * size * _LEADING * _POINT if text else 0.0


def fit_within(axes: Axes, box: tuple[float, float, float, float]) -> None:
    """Shrink axes until all their labels lie within a box of the figure."""
    left, bottom, width, height = box
    for _ in range(2):  # where ticks change with the width, once more
        now = axes.get_position()
        x0, y0, x1, y1 = _around(axes)
        west, south = max(now.x0 - x0, 0.0), max(now.y0 - y0, 0.0)
        east, north = max(x1 - now.x0 - now.width, 0.0), max(y1 - now.y0 - now.height, 0.0)
        fitted = (left + west, bottom + south, width - west - east, height - south - north)
        if fitted == (now.x0, now.y0, now.width, now.height):
            return
        axes.set_position(fitted)


def _around(axes: Axes) -> tuple[float, float, float, float]:
    """Return the edges of axes and of all labels around them, in shares of the figure."""
    if (sheet := sheet_of(axes)) is not None:
        return sheet.around()
    figure = figure_of(axes)
    around = axes.get_tightbbox(_measuring(figure.dpi), for_layout_only=True)
    if around is None:
        return (1.0, 1.0, 0.0, 0.0)
    box = around.transformed(figure.transFigure.inverted())
    return box.x0, box.y0, box.x1, box.y1


@functools.cache
def _measuring(dpi: float) -> RendererAgg:
    """Return what measures words: one for all figures, of a single pixel."""
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]  # matplotlib types none


def caution(law: Law) -> str:
    """Return what a picture of dates must say where every figure is a minimum; else nothing."""
    if not law.provenance.floors:
        return ""
    return " Every figure is a minimum: dates and upper ends rest on an assumed coverage."


def source_words(law: Law, record: str | None = None) -> str:
    """Return the source line of a figure of a law: whose figures, known when, how made again."""
    what = law.provenance
    seed = "" if what.seed is None else f", seed {what.seed}"
    how = f", record {record}" if record else seed
    origin = f"attrition {plain(what.version)}".strip() + how
    names = what.sources or ((what.title,) if what.counted else ())  # a count is its own source
    return _sourced(names, law.information_date, origin)


def source_of(names: tuple[str, ...], known: date, record: str | None = None) -> str:
    """Return the source line of a figure of reports."""
    return _sourced(names, known, f"attrition, record {record}" if record else "attrition")


def _sourced(names: tuple[str, ...], known: date, origin: str) -> str:
    text = textwrap.shorten("; ".join(plain(name) for name in names), 90, placeholder=" …")
    day = print_date(known, "day")
    return f"{f'Figures: {text}; as' if text else 'As'} known on {day}. Computed with {origin}."
