"""How every figure looks: colours, headings, text alternatives, and a figure as bytes."""

from __future__ import annotations

import math
import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from attrition.core.laws import Crossing, Law, print_date
from attrition.reporting.subject import capital
from attrition.reporting.words import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, DATED, OUTER = "#1f2933", "#5b666f", "#2a6f97", "#b08c3a"
"""Text and medians; what is secondary; what has a date; what has none."""

OUTER_INK = "#7a5c12"
"""Words about what has no date: darker than its marks, so that they can be read."""

PALE = "#dfe6ec"
"""Lines that guide the eye."""

FAMILIES = ("#2a6f97", "#b08c3a", "#563512", "#7a4fd0", "#14212e", "#7d9a80")
"""Colours of families of sources, distinct to the colour-blind and none of them red; the last
stands for all others. Each goes with a mark of its own, for grey print."""

MARKERS = ("o", "s", "^", "D", "v", "P")

_CHARACTERS = 14.8  # of the detail line on an inch, at its size
_SMALL = 15.6  # of a row's label on an inch
_HEADING = 11.3  # of the heading on an inch


@contextmanager
def styled() -> Iterator[None]:
    """Draw with the style sheet of this package, in silence about letters that the font lacks."""
    from matplotlib import style

    sheet = files("attrition").joinpath("bundled", "attrition.mplstyle")
    with style.context(str(sheet)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


def new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of one axes without a window [inch]."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as NewFigure

    with styled():
        figure = NewFigure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        return figure, figure.subplots()


def size_of(axes: Axes) -> tuple[float, float]:
    """Return width and height of the figure of an axes [inch]."""
    figure = axes.get_figure(root=True)
    if figure is None:  # pragma: no cover - axes made here always have one
        raise ValueError(axes)
    width, height = figure.get_size_inches()
    return float(width), float(height)


def laid_out(axes: Axes) -> tuple[float, float]:
    """Return width and height that an axes has once its figure is laid out [inch]."""
    figure = axes.get_figure(root=True)
    engine = figure.get_layout_engine() if figure is not None else None
    if figure is None:  # pragma: no cover - axes made here always have one
        raise ValueError(axes)
    if engine is not None:
        engine.execute(figure)
    box = axes.get_position()
    width, height = size_of(axes)
    return float(box.width * width), float(box.height * height)


def titled(axes: Axes, heading: str, detail: str) -> None:
    """Set a heading and lines of detail, flush left and as wide as the figure.

    Where the figure has other axes too, they stand above the axes itself.
    """
    axes.spines[["top", "left", "right"]].set_visible(False)
    figure = axes.get_figure(root=True)
    alone = figure is not None and len(figure.axes) == 1
    width = size_of(axes)[0] if alone else size_of(axes)[0] * axes.get_position().width
    head = "\n".join(_wrap(heading, max(math.floor(width * _HEADING), 20)))
    lines = _wrap(detail, max(math.floor(width * _CHARACTERS), 24))
    if not alone or figure is None:
        axes.set_title("\n".join((head, *lines)), loc="left", fontsize=9)
        return
    body = "\n".join(lines)
    rows = head.count("\n") + 1
    # The heading of the figure makes room for both; the detail is written into that room.
    figure.suptitle(
        f"{head}\n" + "\n" * math.ceil(0.84 * len(lines) + 0.2),
        x=0.012,
        ha="left",
        fontsize=12,
        color=INK,
    )
    top = 1 - (0.06 + 0.2 * rows + 0.06) / size_of(axes)[1]
    figure.text(0.012, top, body, ha="left", va="top", fontsize=9, color=MUTED, linespacing=1.35)


def source_words(law: Law, record: str | None = None) -> str:
    """Return the source line of a figure: whose figures, as of which day, and how made again."""
    what = law.provenance
    names = textwrap.shorten("; ".join(plain(name) for name in what.sources), 70, placeholder=" …")
    day = print_date(law.information_date, "day")
    made = f"attrition {plain(what.version)}".strip()
    if record:
        made += f", record {record}"
    elif what.seed is not None:
        made += f", seed {what.seed}"
    return f"{f'Figures: {names}; as' if names else 'As'} known on {day}. {capital(made)}."


def undated(read: Crossing) -> tuple[float, str]:
    """Return the probability of no date up to the horizon, and the words for it."""
    never = read.masses.ended > 0
    return read.masses.beyond + read.masses.ended, "later or never" if never else "later"


def _wrap(text: str, width: int) -> list[str]:
    """Return lines of a text; a number and its per cent sign stay together."""
    return textwrap.wrap(text.replace(" %", "\N{NO-BREAK SPACE}%"), width)


def fitted(axes: Axes, text: str, share: float = 1.0, *, lines: int = 2) -> str:
    """Return small text on a few lines at most, as wide as a share of the figure."""
    most = max(math.floor(size_of(axes)[0] * share * _SMALL), 12)
    return "\n".join(textwrap.wrap(text, most, max_lines=lines, placeholder=" …"))


def break_mark(axes: Axes) -> None:
    """Mark at the foot of the vertical axis that it does not begin at zero."""
    axes.plot(
        [0.002, 0.018, 0.002, 0.018],
        [0.012, 0.026, 0.040, 0.054],
        transform=axes.transAxes,
        color=INK,
        lw=1.1,
        clip_on=False,
        zorder=5,
    )


def say(axes: Axes, text: str) -> Axes:
    """Keep the text alternative of a picture with its axes, and return the axes."""
    axes.set_label(text)
    return axes


def text_alternative(axes: Axes) -> str:
    """Return in words what a figure shows, made from the numbers that were drawn.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        What one of the ``plot_`` functions returned.

    Examples
    --------
    >>> import attrition as at
    >>> axes = at.plot_claim(at.parse("around 1,000")[0])
    >>> at.text_alternative(axes)
    'Distribution of what “around 1,000” leaves open: 90 % between 909 and 1,100; median 1,000.'
    """
    return str(axes.get_label())


def figure_bytes(axes: Axes, form: Literal["svg", "png"]) -> bytes:
    """Return the figure of an axes as a file's content; the same figure gives the same bytes.

    The text alternative is kept inside the file.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    form : {"svg", "png"}
    """
    return saved(axes, form)


def saved(axes: Axes, form: Literal["svg", "png"], *, words: bool = False) -> bytes:
    """Return a figure as bytes; with ``words`` the letters of an SVG are text, not outlines."""
    from matplotlib import rc_context

    stream = BytesIO()
    said = text_alternative(axes)
    metadata: dict[str, str | None] = {"Date": None} if form == "svg" else {"Software": None}
    figure = axes.get_figure(root=True)
    if figure is None:  # pragma: no cover - axes made here always have one
        raise ValueError(axes)
    with styled(), rc_context({"svg.fonttype": "none" if words else "path"}):
        # `savefig` would draw everything twice, the first time to lay it out; drawing does so too.
        described = {**metadata, "Description": said}
        if form == "svg":
            from matplotlib.backends.backend_svg import FigureCanvasSVG

            canvas = FigureCanvasSVG(figure)
            canvas.print_svg(stream, metadata=described)  # type: ignore[no-untyped-call]
        else:
            figure.savefig(stream, format=form, metadata=described)
    return stream.getvalue()
