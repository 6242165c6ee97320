"""How every figure looks: colours, type, text alternatives, and a figure as bytes."""

from __future__ import annotations

import bisect
import functools
import itertools
import math
import operator
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from attrition.core._typing import Floats
from attrition.core.laws import Crossing
from attrition.plots.sheet import Sheet, escaped, letter_widths, sheet_of, sheets

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, DATED, OUTER = "#1f2933", "#5b666f", "#2a6f97", "#b08c3a"
"""Text and medians; what is secondary; what has a date; what has none."""

OUTER_INK = "#7a5c12"
"""Words about what has no date: darker than its marks, so that they can be read."""

PALE = "#dfe6ec"
"""Lines that guide the eye."""

PAPER = "#ffffff"

FAMILIES = ("#2a6f97", "#b08c3a", "#563512", "#7a4fd0", "#14212e", "#7d9a80")
"""Colours of families of sources, distinct to the colour-blind and none of them red; the last
stands for all others. Each goes with a mark of its own, for grey print."""

MARKERS = ("o", "s", "^", "D", "v", "P")

HEADING, BODY, LABEL, SOURCE = 11.5, 9.0, 8.5, 7.5
"""The type scale [point]: heading, lines below it and axes, labels in the picture, source."""

ACROSS = ("axes fraction", "data")
"""Coordinates of a place on a row: x from one edge of the axes to the other, y as the data."""
_FONT = "DejaVu Sans"
_BACKENDS = {"svg": "svg", "png": "agg"}
_INCH = 72  # points
_HINTED = 1.035  # letters on a coarse screen are that much wider


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The colours and the type of a house, for ``style=`` of every figure.

    Parameters
    ----------
    ink, muted : str
        Text and medians; what is secondary.
    dated, outer, outer_ink : str
        What has a date; what has none; words about that.
    pale, paper : str
        Lines that guide the eye; the background.
    families : tuple of str
        Colours of up to six families of sources, the last for all others.
    font : str
        A font that is installed; letters that it lacks come from DejaVu Sans.

    See Also
    --------
    attrition.plots.Look : what else a figure can be given.

    Examples
    --------
    >>> import attrition as at
    >>> house = at.plots.Style(dated="#00594c", font="DejaVu Serif")
    >>> axes = at.plots.claim(at.parse("around 1,000")[0], style=house)
    """

    ink: str = INK
    muted: str = MUTED
    dated: str = DATED
    outer: str = OUTER
    outer_ink: str = OUTER_INK
    pale: str = PALE
    paper: str = PAPER
    families: tuple[str, ...] = FAMILIES
    font: str = _FONT


_CURRENT: ContextVar[Style] = ContextVar("style", default=Style())  # noqa: B039 - it is frozen


def pen() -> Style:
    """Return the style in which is drawn."""
    return _CURRENT.get()


@contextmanager
def styled(style: Style | None = None) -> Iterator[None]:
    """Draw with the style sheet of this package, in silence about letters that the font lacks."""
    chosen = style or pen()
    if sheets():
        yield
        return
    from matplotlib import rc_context

    house: dict[Any, Any] = {
        "font.family": [chosen.font, _FONT] if chosen.font != _FONT else _FONT,
        "text.color": chosen.ink,
        "axes.labelcolor": chosen.ink,
        "axes.edgecolor": chosen.muted,
        "xtick.color": chosen.muted,
        "ytick.color": chosen.ink,
        "figure.facecolor": chosen.paper,
        "axes.facecolor": chosen.paper,
    }
    token = _CURRENT.set(chosen)
    try:
        with rc_context({**_sheet(), **house}), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
            yield
    finally:
        _CURRENT.reset(token)


@functools.cache
def _sheet() -> dict[Any, Any]:
    """Return the style sheet of this package."""
    from matplotlib import rc_params_from_file

    sheet = files("attrition").joinpath("bundled", "attrition.mplstyle")
    return {**rc_params_from_file(str(sheet), use_default_template=False)}


def new_figure(width: float, height: float, dpi: float = 120) -> tuple[Figure, Axes]:
    """Return a figure of one axes without a window [inch]."""
    if sheets():
        sheet: Any = Sheet((width, height), (pen().ink, pen().muted), pen().paper, dpi)
        return sheet, sheet
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as NewFigure

    with styled():
        figure = NewFigure(figsize=(width, height), dpi=dpi, layout="constrained")
        FigureCanvasAgg(figure)
        return figure, figure.subplots()


def figure_of(axes: Axes) -> Figure:
    """Return the figure of an axes."""
    figure = axes.get_figure(root=True)
    if figure is None:  # pragma: no cover - axes made here always have one
        raise ValueError(axes)
    return figure


def size_of(axes: Axes) -> tuple[float, float]:
    """Return width and height of the figure of an axes [inch]."""
    width, height = figure_of(axes).get_size_inches()
    return float(width), float(height)


def room_of(axes: Axes) -> tuple[float, float]:
    """Return width and height of an axes [inch]."""
    (width, height), box = size_of(axes), axes.get_position()
    return float(box.width * width), float(box.height * height)


# ------------------------------------------------------------------ words


@functools.cache
def _advance(letter: str, font: str, *, bold: bool) -> float:
    """Return how far on the next letter stands [em]."""
    if font == _FONT:
        return letter_widths(bold=bold).get(ord(letter), 1.0)
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from matplotlib.ft2font import LoadFlags

    face = get_font(findfont(FontProperties(family=[font], weight="bold" if bold else "normal")))
    if ord(letter) not in face.get_charmap():
        return _advance(letter, _FONT, bold=bold)
    face.set_size(_INCH, _INCH)
    advance = face.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance
    return float(advance) / (_INCH << 16)


def width_of(text: str, size: float = LABEL, *, bold: bool = False) -> float:
    """Return the width of the longest line of a text in the present style [inch]."""
    font = pen().font
    lines = (sum(_advance(letter, font, bold=bold) for letter in line) for line in text.split("\n"))
    return _HINTED * size / _INCH * max(lines)


def wrapped(
    text: str, width: float, size: float = LABEL, *, bold: bool = False, lines: int = 99
) -> str:
    """Return a text on lines of a width [inch], at most so many; what is left out is marked.

    A number and its per cent sign stay together.
    """
    done: list[str] = []
    words = text.replace(" %", "\N{NO-BREAK SPACE}%").split(" ")
    while words:
        # measuring is slow, and the more words the wider: how many fit is found by halves
        extra = bisect.bisect_right(
            range(2, len(words) + 1),
            width,
            key=lambda count: width_of(" ".join(words[:count]), size, bold=bold),
        )
        line, words = " ".join(words[: 1 + extra]), words[1 + extra :]
        done.append(line)
        if words and len(done) == lines:
            done[-1] = _cut(line, words[0], width, size)
            break
    return "\n".join(done)


def _cut(line: str, following: str, width: float, size: float) -> str:
    """Return a line that ends in a mark for what is left out, and in its closing quotation mark."""
    mark = " …”" if line.count("“") > line.count("”") else " …"
    line = f"{line} {following}"
    while " " in line and width_of(line + mark, size) > width:
        line = line.rpartition(" ")[0]
    return line + mark


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places moved apart until no two are nearer than a gap, in their order, within limits.

    Examples
    --------
    >>> spread([1.0, 1.1, 5.0], 1.0, 0.0, 6.0)
    [1.0, 2.0, 5.0]
    """
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = [min(max(places[index], low), high) for index in order]
    for row in range(1, len(moved)):
        moved[row] = max(moved[row], moved[row - 1] + gap)
    ceiling = high
    for row in reversed(range(len(moved))):
        moved[row] = min(moved[row], ceiling)
        ceiling = moved[row] - gap
    positions = [0.0] * len(moved)
    for row, index in enumerate(order):
        positions[index] = moved[row]
    return positions


Box = tuple[float, float, float, float]
"""Left, lower, right and upper edge [inch]."""


Line = tuple[float, float, float, float]
"""From one place to another, x and y of each, in data."""


def beside(
    axes: Axes,
    places: Sequence[tuple[float, float, float, str]],
    marks: Sequence[Line] = (),
    *,
    lines: Sequence[Line] = (),
    inks: Sequence[str] = (),
    shade: tuple[Floats, Floats, Floats] | None = None,
) -> None:
    """Write a name beside each place, where it meets no mark and no other name.

    Where there is no room beside it a thin line leads from the place to its name; where there is
    none but on a line or a band, the name has a ground of its own.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Its limits and place in the figure are set.
    places : sequence of (x, low, high, name)
        In data.
    marks : sequence of Line
        Upright and level lines that no name may meet.
    lines : sequence of Line
        The same that no name should meet.
    inks : sequence of str, optional
        The colour of each name; ink when left out.
    shade : (x, low, high), optional
        A band that no name should stand on, by its edges from left to right.
    """
    if not places:
        return
    width, height = room_of(axes)
    (first, last), (foot, top) = axes.get_xlim(), axes.get_ylim()

    def inches(x: Any, y: Any) -> list[list[float]]:  # noqa: ANN401 - whatever NumPy takes
        across = (np.atleast_1d(x) - first) / (last - first) * width
        up = (np.atleast_1d(y) - foot) / (top - foot) * height
        spots: list[list[float]] = np.column_stack(np.broadcast_arrays(across, up)).tolist()
        return spots

    def boxed(line: Line) -> Box:
        (left, low), (right, high) = inches(line[::2], line[1::2])
        return left - 0.03, low - 0.03, right + 0.03, high + 0.03

    spots = [(*inches(x, low)[0], inches(x, high)[0][1]) for x, low, high, _ in places]
    taken: list[Box] = [(x - 0.04, y - 0.04, x + 0.04, z + 0.04) for x, y, z in spots]
    taken += [boxed(line) for line in marks]
    soft = [boxed(line) for line in lines]
    under: list[Box] = []
    if shade is not None:
        floor, roof = (inches(shade[0], edge) for edge in shade[1:])
        steps = itertools.pairwise(zip(floor, roof, strict=True))
        under = [
            (a[0] - 0.02, min(a[1], b[1]) - 0.02, b[0], max(c[1], d[1]) + 0.02)
            for (a, c), (b, d) in steps
        ]
    colours = inks or [pen().ink] * len(places)

    def rooms(name: str, spot: Sequence[float]) -> Iterator[tuple[Any, ...]]:
        for one in _rooms(name, spot):
            left, foot, right, top = box = one[-1]
            inside = left >= 0 and foot >= 0 and right <= width and top <= height
            way = _way(one, spot)
            whose = one[0] > _AWAY[0] or all(
                _gap(box, spot) < _gap(box, other) for other in spots if other != spot
            )
            if whose and inside and not any(_meet(a, b) for a in (box, *way) for b in taken):
                lined = any(_meet(box, each) for each in soft)
                yield (lined + 2 * any(_meet(box, each) for each in under), *one)

    left_over = list(zip(places, spots, colours, strict=True))
    while left_over:  # a name with room close by comes before one that has to stand far off
        best = (
            (*min(rooms(place[-1], spot), key=operator.itemgetter(0), default=(9,)), k)
            for k, (place, spot, _) in enumerate(left_over)
        )
        met, *room, k = min(best, key=operator.itemgetter(0, 1))
        if not room:
            return
        place, spot, ink = left_over.pop(k)
        taken += [room[-1], *_way(room, spot)]
        _name(axes, place, room, {"color": ink, **(cleared() if met else {})})


def _name(
    axes: Axes, place: tuple[float, float, float, str], room: Sequence[Any], more: dict[str, Any]
) -> None:
    """Write a name beside its place, with a thin line to it where it stands far off."""
    away, east, north, text, _ = room
    sides = ("left" if east > 0 else "right", "bottom" if north > 0 else "top")
    if away > _AWAY[0]:
        line = {"arrowstyle": "-", "lw": 0.6, "color": more["color"], "shrinkB": 3}
        more = {**more, "arrowprops": line}
    spot = place[0], place[2] if north > 0 else place[1]
    write(axes, text, spot, (72 * _SIDE * east, 72 * away * north), sides, linespacing=1.1, **more)


def _way(one: Sequence[Any], spot: Sequence[float]) -> list[Box]:
    """Return the line that leads to a name, if one does, as small boxes apart from its ends."""
    away, _, north, _, box = one
    if away == _AWAY[0]:
        return []
    begin = np.array([spot[0], spot[2] if north > 0 else spot[1]])
    middle = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    points = begin + (middle - begin) * np.linspace(0, 1, 24)[:, None]
    far = np.hypot(*(points - begin).T) > 0.08  # noqa: PLR2004 - inches of its own mark
    out = (points[:, 1] < box[1]) | (points[:, 1] > box[3])
    return [(x - 0.01, y - 0.01, x + 0.01, y + 0.01) for x, y in points[far & out].tolist()]


def _rooms(name: str, spot: Sequence[float]) -> Iterator[tuple[float, int, int, str, Box]]:
    """Yield where a name may stand: how far, on which sides, on which lines, and its box."""
    across, low, high = spot
    for away, broad in itertools.product(_AWAY, (1.15, 0.7)):
        text = wrapped(name, broad)
        wide, tall = width_of(text), (text.count("\n") + 1) * 1.2 * LABEL / 72
        for east, north in ((1, -1), (-1, -1), (1, 1), (-1, 1)):
            x0 = across + _SIDE if east > 0 else across - _SIDE - wide
            y0 = high + away if north > 0 else low - away - tall
            yield away, east, north, text, (x0, y0, x0 + wide, y0 + tall)


_SIDE = 0.06
_AWAY = (0.04, 0.14, 0.3, 0.5, 0.7, 0.9, 1.2, 1.5)
"""Distances of a name from its place, up or down [inch]."""


def _gap(box: Box, spot: Sequence[float]) -> float:
    """Return how far a name is from an upright mark [inch]."""
    across = max(box[0] - spot[0], spot[0] - box[2], 0.0)
    return math.hypot(across, max(box[1] - spot[2], spot[1] - box[3], 0.0))


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def write(
    axes: Axes,
    text: str,
    place: tuple[float, float],
    shift: tuple[float, float],
    sides: tuple[str, str],
    **more: Any,  # noqa: ANN401 - of a text of matplotlib
) -> None:
    """Write small text so many points from a place, with these of its own sides there.

    ``xycoords=ACROSS`` counts x from one edge of the axes to the other.
    """
    axes.annotate(
        in_order(text),
        place,
        xytext=shift,
        textcoords="offset points",
        fontsize=LABEL,
        **{"ha": sides[0], "va": sides[1], "color": pen().ink, **more},
    )


def in_order(text: str) -> str:
    """Return a text in which what runs from right to left moves nothing that stands beside it."""
    return _LEFTWARD.sub("\N{LEFT-TO-RIGHT MARK}\\g<0>\N{LEFT-TO-RIGHT MARK}", text)


_LEFTWARD = re.compile("[\u0590-\u08ff](?:[^A-Za-z0-9\n]*[\u0590-\u08ff])*")


def cleared() -> dict[str, Any]:
    """Return how words are written that no line behind them may strike through."""
    return {"bbox": {"facecolor": pen().paper, "edgecolor": "none", "pad": 1.0}}


def beneath(axes: Axes, x: float, y: float, text: str) -> int:
    """Write words centred below a place, as near to it as the edges of the axes allow.

    Returns
    -------
    int
        How many lines they are.
    """
    left, right = axes.get_xlim()
    room = room_of(axes)[0]
    lines = wrapped(text, room)
    half = width_of(lines) / 2 / room * (right - left)
    middle = (
        min(max(x, left + half), right - half) if 2 * half < right - left else (left + right) / 2
    )
    axes.text(middle, y, lines, ha="center", va="top", fontsize=LABEL)
    return lines.count("\n") + 1


def undated(read: Crossing) -> tuple[float, str]:
    """Return the probability of no date up to the horizon, and the words for it."""
    never = read.masses.ended > 0
    return read.masses.beyond + read.masses.ended, "later or never" if never else "later"


def fitted(axes: Axes, text: str, share: float = 1.0, *, lines: int = 2) -> str:
    """Return small text on a few lines at most, as wide as a share of the figure."""
    return wrapped(text, size_of(axes)[0] * share, LABEL, lines=lines)


def level_lines(axes: Axes) -> None:
    """Guide the eye by pale lines at the levels of the vertical axis."""
    axes.grid(axis="y", color=pen().pale, lw=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0, labelsize=BODY)


def draw_dates(
    axes: Axes,
    y: float,
    days: tuple[float, float | None, float],
    read: Crossing,
    *,
    heavy: bool = False,
    **more: Any,  # noqa: ANN401 - of a line of matplotlib
) -> None:
    """Draw lower end, median and upper end of a date, an arrow where an end has none."""
    bar, end, front = (pen().ink, pen().ink, more)
    if heavy:
        bar, end, front = (pen().dated, pen().outer, {"zorder": 4, **more})
    low, middle, high = days
    axes.plot([low, high], [y, y], color=bar, lw=3.5 if heavy else 2, solid_capstyle="butt", **more)
    if read.lower.state == "already":
        axes.plot([low], [y], "<", color=end, ms=7, **front)
    if read.upper.state in ("beyond", "ended"):
        axes.plot([high], [y], ">", color=end, ms=7, **front)
    if middle is not None:
        axes.plot([middle], [y], "o", color=pen().ink, ms=5.5 if heavy else 6, **front)


def break_mark(axes: Axes) -> None:
    """Mark at the foot of the vertical axis that it does not begin at zero."""
    axes.plot(
        [0.002, 0.018, 0.002, 0.018],
        [0.012, 0.026, 0.040, 0.054],
        transform=axes.transAxes,
        color=pen().ink,
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

    See Also
    --------
    attrition.plots.figure_bytes : the file, which holds these words.

    Examples
    --------
    >>> import attrition as at
    >>> axes = at.plots.claim(at.parse("around 1,000")[0])
    >>> at.plots.text_alternative(axes)
    'Distribution of what “around 1,000” leaves open: 90 % between 910 and 1,100; median 1,000.'
    """
    return str(axes.get_label())


def figure_bytes(axes: Axes, form: Literal["svg", "png"]) -> bytes:
    """Return the figure of an axes as a file's content; the same figure gives the same bytes.

    The text alternative is kept inside the file.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    form : {"svg", "png"}

    See Also
    --------
    attrition.plots.text_alternative : its words.

    Examples
    --------
    >>> import attrition as at
    >>> axes = at.plots.claim(at.parse("around 1,000")[0])
    >>> at.plots.figure_bytes(axes, "png")[1:4]
    b'PNG'
    """
    stream = BytesIO()
    alternative = text_alternative(axes)
    if (sheet := sheet_of(axes)) is not None:
        if form == "png":
            from attrition.plots.raster import png_of

            return png_of(sheet, alternative)
        words = f"<desc>{escaped(alternative)}</desc><defs>"
        return sheet.svg().replace("<defs>", words, 1).encode()
    metadata: dict[str, str | None] = {"Date": None} if form == "svg" else {"Software": None}
    described = {**metadata, "Description": alternative}
    figure = figure_of(axes)
    with styled():
        # `savefig` would draw everything twice, the first time only to lay it out
        backend = import_module(f"matplotlib.backends.backend_{_BACKENDS[form]}")
        canvas, dpi = figure.canvas, figure.dpi
        getattr(backend.FigureCanvas(figure), f"print_{form}")(stream, metadata=described)
        figure.set_canvas(canvas)
        figure.set_dpi(dpi)  # which an SVG has of its own
    return stream.getvalue()
