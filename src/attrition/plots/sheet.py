"""A sheet that writes itself as SVG: what the fourteen pictures of a page are drawn on.

It takes those calls of matplotlib's Axes and Figure that the pictures of a page make, in its words
and measures, so that a picture is drawn by the same lines for a page and for a file. matplotlib
itself takes half a second to import and a tenth for each picture.
"""

# ruff: noqa: D102 - what a method of matplotlib's name does is told by matplotlib

from __future__ import annotations

import functools
import html
import math
import operator
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from attrition.core._typing import Floats

DATA, AXES, FIGURE = "data", "axes fraction", "figure fraction"
"""Coordinates of a place: in data, or from one edge of the axes or of the sheet to the other."""

_ASCENT, _DESCENT = 0.76, 0.208  # of a line of DejaVu Sans [em]
_INSET, _LENGTH, _MOST = 3.5, 3.5, 9  # of ticks: to their labels, themselves [point], and how many
_GRID, _BAND, _LINE, _AXIS, _WORD = 0.5, 1.0, 2.0, 2.5, 3.0  # what lies above what, if not told
_ALIGNED = {"left": (0.0, "start"), "center": (0.5, "middle"), "right": (1.0, "end")}
_SHAPES = {
    "s": "M-.5-.5H.5V.5H-.5Z",
    "^": "M0-.5L.5.5H-.5Z",
    "v": "M0 .5L.5-.5H-.5Z",
    "<": "M-.5 0L.5-.5V.5Z",
    ">": "M.5 0L-.5-.5V.5Z",
    "|": "M0-.5V.5",
    "_": "M-.5 0H.5",
}
"""Marks as paths of the unit size; any other is a circle."""
_DOTTED = (1.0, 1.65)  # of a line's width
_FAMILY = "'DejaVu Sans', Verdana, system-ui, sans-serif"  # the first two are of one width
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CLIPPED = ' clip-path="url(#a)"'
_SHEETS: ContextVar[bool] = ContextVar("sheets", default=False)


@contextmanager
def on_sheets() -> Iterator[None]:
    """Draw new figures on sheets, not with matplotlib."""
    token = _SHEETS.set(True)
    try:
        yield
    finally:
        _SHEETS.reset(token)


def sheets() -> bool:
    """Return whether new figures are sheets."""
    return _SHEETS.get()


def sheet_of(axes: Any) -> Sheet | None:  # noqa: ANN401 - axes or what stands for them
    """Return the sheet that is drawn on, or None for axes of matplotlib."""
    return axes if isinstance(axes, Sheet) else None


def font_file(*, bold: bool) -> Path:
    """Return the file of DejaVu Sans that comes with matplotlib."""
    library = find_spec("matplotlib")
    folder = Path((library and library.origin) or "").parent / "mpl-data"
    if not folder.is_dir():  # a distribution may keep it elsewhere
        import matplotlib as mpl

        folder = Path(mpl.get_data_path())
    return folder / f"fonts/ttf/DejaVuSans{'-Bold' * bold}.ttf"


@functools.cache
def letter_widths(*, bold: bool) -> dict[int, float]:
    """Return how wide each letter of DejaVu Sans is, by its number [em].

    Read from the font's own tables, in a tenth of the time that importing what draws them takes.
    """
    font = font_file(bold=bold).read_bytes()

    def read(form: str, place: int) -> int:
        number: int = struct.unpack_from(f">{form}", font, place)[0]
        return number

    tables = {font[i : i + 4]: read("I", i + 8) for i in range(12, 12 + 16 * read("H", 4), 16)}
    em, count = read("H", tables[b"head"] + 18), read("H", tables[b"hhea"] + 34)
    advances = np.frombuffer(font, ">u2", 2 * count, tables[b"hmtx"])[::2] / em
    begin = tables[b"cmap"]
    maps = [begin + read("I", begin + 8 + 8 * i) for i in range(read("H", begin + 2))]
    whole = next(place for place in maps if read("H", place) == 12)  # noqa: PLR2004 - all of Unicode
    runs = np.frombuffer(font, ">u4", 3 * read("I", whole + 12), whole + 16).reshape(-1, 3)
    return {
        code: float(advances[min(glyph + code - first, count - 1)])
        for first, last, glyph in runs.tolist()
        for code in range(first, last + 1)
    }


def line_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a line of DejaVu Sans, in the unit of its size."""
    widths = letter_widths(bold=bold)
    return size * sum(widths.get(ord(letter), 1.0) for letter in text)


def even_ticks(low: float, high: float, most: int) -> list[float]:
    """Return multiples of 1, 2, 2.5 or 5 x 10^k between two ends: two, or so many steps at most.

    Examples
    --------
    >>> even_ticks(870.0, 1_130.0, 6)
    [900.0, 950.0, 1000.0, 1050.0, 1100.0]
    """
    least = (high - low) / most
    power = 10.0 ** math.floor(math.log10(least))
    steps = [part * unit for unit in (power / 10, power) for part in (1.0, 2.0, 2.5, 5.0)]
    fitting = next((i for i, step in enumerate(steps) if step >= least * (1 - 1e-9)), len(steps))
    ticks: list[float] = []
    for step in ([*steps, 10 * power])[fitting::-1]:
        counts = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
        ticks = [float(f"{count * step:.12g}") for count in counts]
        if len(ticks) > 1:
            break
    return ticks


class Rectangle(NamedTuple):
    """Where axes are, in shares of a sheet."""

    x0: float
    y0: float
    width: float
    height: float

    @property
    def bounds(self) -> Rectangle:
        """The four of them."""
        return self


@dataclass(slots=True)
class Axis:
    """An axis: its ends, its ticks and the part of its line that is drawn."""

    ends: tuple[float, float] = (0.0, 1.0)
    ticks: Callable[[], Sequence[tuple[float, str]]] | None = None
    form: Callable[[float, object], str] = field(default=lambda value, _: f"{value:g}")
    length: float = _LENGTH
    labelsize: float = 10.0
    bounds: tuple[float, float] | None = None
    seen: bool = True

    def set_major_formatter(self, form: Callable[[float, object], str]) -> None:
        """Label even ticks."""
        self.form = form

    def set_bounds(self, low: float, high: float) -> None:
        """Draw the line between two places [data]."""
        self.bounds = low, high

    def set_visible(self, seen: bool) -> None:  # noqa: FBT001 - as matplotlib's
        """Draw the line, or do not."""
        self.seen = seen

    def labels(self) -> list[tuple[float, str]]:
        """Return place and label of each tick between the ends."""
        if self.ticks is None:
            return [(place, self.form(place, None)) for place in even_ticks(*self.ends, _MOST)]
        return [tick for tick in self.ticks() if self.ends[0] <= tick[0] <= self.ends[1]]


class Sheet:
    """A picture on one pair of axes; see :class:`matplotlib.axes.Axes` for what is not said here.

    Parameters
    ----------
    size : tuple of float
        Width and height [inch].
    inks : tuple of str
        Colours of words and of axes.
    paper : str
    dpi : float
        Dots an inch, of a PNG.
    """

    transAxes, transFigure = AXES, FIGURE  # noqa: N815 - as matplotlib's

    def __init__(
        self, size: tuple[float, float], inks: tuple[str, str], paper: str, dpi: float = 120
    ) -> None:
        self.dpi = dpi
        self.axes, self.size, self.inks, self.paper, self.label = [self], size, inks, paper, ""
        self.box, self.xaxis, self.yaxis = Rectangle(0.0, 0.0, 1.0, 1.0), Axis(), Axis()
        self.spines = {"bottom": self.xaxis}
        self._drawn: list[tuple[float, Callable[[], str]]] = []
        self._words: list[Lettering] = []

    def get_figure(self, **_: bool) -> Sheet:
        return self  # of one pair of axes both are one

    def get_size_inches(self) -> tuple[float, float]:
        return self.size

    def set_layout_engine(self, _: str) -> None:
        """Do nothing: whoever draws lays out."""

    def get_position(self) -> Rectangle:
        return self.box

    def set_position(self, box: Sequence[float]) -> None:
        self.box = Rectangle(*box)

    def set_label(self, text: str) -> None:
        self.label = text

    def get_label(self) -> str:
        return self.label

    def get_xlim(self) -> tuple[float, float]:
        return self.xaxis.ends

    def get_ylim(self) -> tuple[float, float]:
        return self.yaxis.ends

    def set_xlim(self, *ends: float) -> None:
        self.xaxis.ends = (float(ends[0]), float(ends[1]))

    def set_ylim(self, *ends: float) -> None:
        self.yaxis.ends = (float(ends[0]), float(ends[1]))

    def set_xticks(self, places: Sequence[float], labels: Sequence[str] = ()) -> None:
        self.xaxis.ticks = lambda: [*zip(places, labels, strict=True)]

    def set_yticks(self, places: Sequence[float], labels: Sequence[str] = ()) -> None:
        self.yaxis.ticks = lambda: [*zip(places, labels, strict=True)]

    def tick_params(self, *, axis: str, labelsize: float, length: float = _LENGTH) -> None:
        own = self.xaxis if axis == "x" else self.yaxis
        own.length, own.labelsize = length, labelsize

    def set_axisbelow(self, _: bool) -> None:  # noqa: FBT001 - as matplotlib's
        """Do nothing: it always is."""

    def grid(self, **look: Any) -> None:  # noqa: ANN401
        """Draw level lines at the ticks of the vertical axis."""
        del look["axis"]

        def lines() -> str:
            levels = (place for place, _ in self.yaxis.labels())
            rows = [self.points([0, 1], level, (AXES, DATA)) for level in levels]
            return "".join(_line(row, look["color"], look["lw"]) for row in rows)

        self._drawn.append((_GRID, lines))

    # ---------------------------------------------------------------- what is drawn

    def points(self, x: Any, y: Any, space: Any) -> Floats:  # noqa: ANN401 - whatever NumPy takes
        """Return places as points from the left upper corner, shape (place, 2)."""
        spaces = (space, space) if isinstance(space, str) else space
        columns = []
        for dim, axis in enumerate((self.xaxis, self.yaxis)):
            share = np.atleast_1d(np.asarray((x, y)[dim], dtype=float))
            if spaces[dim] == DATA:
                share = (share - axis.ends[0]) / (axis.ends[1] - axis.ends[0])
            if spaces[dim] != FIGURE:
                share = self.box[dim] + self.box[dim + 2] * share
            columns.append(72 * self.size[dim] * (1 - share if dim else share))
        return np.stack(np.broadcast_arrays(*columns), axis=1)

    def plot(self, x: Any, y: Any, marker: str = "", **look: Any) -> None:  # noqa: ANN401
        """Draw a line, or a mark at each place."""
        ink, space = look.get("color", self.inks[0]), look.get("transform", DATA)
        more = _CLIPPED if look.get("clip_on", True) else ""
        more += f' opacity="{look["alpha"]}"' if "alpha" in look else ""

        def line() -> str:
            width, style = look.get("lw", 1.5), look.get("ls")
            dashes = _DOTTED if style == ":" else style[1] if style else ()
            ends = "" if look.get("solid_capstyle") == "butt" else ' stroke-linecap="square"'
            if dashes:
                ends = f' stroke-dasharray="{" ".join(f"{width * dash:.3g}" for dash in dashes)}"'
            return _line(self.points(x, y, space), ink, width, ends + more)

        def marks() -> str:
            size, edge = look.get("ms", 6), look.get("mew", 1.0)
            shape = _SHAPES.get(marker)
            mark = f'path d="{shape}"' if shape else 'circle r=".5"'
            each = "".join(
                f'<{mark} transform="translate({a:.2f} {b:.2f})scale({size:.3g})"/>'
                for a, b in self.points(x, y, space).tolist()
            )
            rim = (
                f' stroke="{look.get("mec", ink)}" stroke-width="{edge / size:.3g}"' if edge else ""
            )
            return f'<g fill="{look.get("mfc", ink)}"{rim}{more}>{each}</g>'

        self._drawn.append((look.get("zorder", _LINE), marks if marker else line))

    def axhline(self, y: float, **look: Any) -> None:  # noqa: ANN401
        self.plot([0, 1], [y, y], transform=(AXES, DATA), **look)

    def axvline(self, x: float, **look: Any) -> None:  # noqa: ANN401
        self.plot([x, x], [0, 1], transform=(DATA, AXES), **look)

    def vlines(self, x: Any, low: Any, high: Any, **look: Any) -> None:  # noqa: ANN401
        for place, *ends in zip(x, low, high, strict=True):
            self.plot([place, place], ends, solid_capstyle="butt", **look)

    def fill_between(self, x: Any, low: Any, high: Any, **look: Any) -> None:  # noqa: ANN401
        """Draw a band."""
        around = np.r_[x, x[::-1]], np.r_[low, high[::-1]]

        def band() -> str:
            fill = f' fill="{look["color"]}" fill-opacity="{look.get("alpha", 1)}"'
            return _line(self.points(*around, DATA), "none", 0, fill + _CLIPPED)

        self._drawn.append((_BAND, band))

    def barh(self, y: Any, width: Any, *, left: Any, height: float, **look: Any) -> None:  # noqa: ANN401
        for row, wide, begin in zip(y, width, left, strict=True):
            side = np.full(2, row - height / 2)
            self.fill_between(np.array([begin, begin + wide]), side, side + height, **look)

    # ---------------------------------------------------------------- words

    def text(
        self,
        x: float,
        y: float,
        text: str,
        shift: Sequence[float] = (0, 0),
        **look: Any,  # noqa: ANN401
    ) -> None:
        """Write at a place, or so many points from it."""
        words = Lettering(self, x, y, text, shift, look)
        self._drawn.append((look.get("zorder", _WORD), words.svg))
        self._words.append(words)

    def annotate(self, text: str, place: tuple[float, float], **look: Any) -> None:  # noqa: ANN401
        """Write so many points from a place; lead a line there, or an arrow from it."""
        shift, arrow = look.pop("xytext"), look.pop("arrowprops", None)
        space = look["transform"] = look.pop("xycoords", DATA)

        def lead() -> str:
            far = np.array([shift[0], -shift[1]], dtype=float)
            points = self.points(*place, space) + np.outer([0, 1], far)
            if arrow["arrowstyle"] == "<-":
                back, tip = -4 * far / np.hypot(*far), points[1]
                side = np.array([-back[1], back[0]]) / 2
                points = np.vstack([points, tip + back + side, tip, tip + back - side])
            return _line(points, arrow["color"], arrow["lw"])

        if arrow is not None:
            self._drawn.append((_WORD, lead))
        if text:
            self.text(*place, text, shift, **look)

    # ---------------------------------------------------------------- the whole

    def words(self) -> list[Lettering]:
        """Return all that is written."""
        return [*self._words, *self._labels()]

    def _labels(self) -> Iterator[Lettering]:
        """Yield the labels of the ticks."""
        low = {"ha": "center", "va": "top", "fontsize": self.xaxis.labelsize, "color": self.inks[1]}
        left = {"ha": "right", "va": "center", "fontsize": self.yaxis.labelsize}
        shift: tuple[float, float]
        for place, label in self.xaxis.labels():
            shift = (0, -self.xaxis.length - _INSET)
            yield Lettering(self, place, 0, label, shift, {**low, "transform": (DATA, AXES)})
        for place, label in self.yaxis.labels():
            shift = (-self.yaxis.length - _INSET, 0)
            yield Lettering(self, 0, place, label, shift, {**left, "transform": (AXES, DATA)})

    def around(self) -> tuple[float, float, float, float]:
        """Return the edges of the axes and of all words around them, in shares of the sheet."""
        width, height = (72 * size for size in self.size)
        boxes = [one.box() for one in self.words() if one.look.get("in_layout", True)]
        edges = np.array([self.points([0, 1], [1, 0], AXES).ravel(), *boxes])
        (left, top, *_), (*_, right, low) = edges.min(axis=0).tolist(), edges.max(axis=0).tolist()
        return left / width, 1 - low / height, right / width, 1 - top / height

    def svg(self) -> str:
        """Return the picture."""
        width, height = (72 * size for size in self.size)
        rule = functools.partial(_line, ink=self.inks[1], width=0.8)
        parts = [*self._drawn, *((_AXIS, words.svg) for words in self._labels())]
        if self.xaxis.seen:
            space = (DATA if self.xaxis.bounds else AXES, AXES)
            parts.append((_AXIS, lambda: rule(self.points(self.xaxis.bounds or (0, 1), 0, space))))
        for place, _ in self.xaxis.labels() if self.xaxis.length else ():
            foot = self.points(place, 0, (DATA, AXES)) + np.outer([0, _LENGTH], [0, 1])
            parts.append((_AXIS, functools.partial(rule, foot)))
        drawn = "".join(part() for _, part in sorted(parts, key=operator.itemgetter(0)))
        (left, top), (right, low) = self.points([0, 1], [1, 0], AXES).tolist()
        frame = f"M{left:.2f} {top:.2f}H{right:.2f}V{low:.2f}H{left:.2f}Z"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:.2f}" '
            f'width="{width:g}pt" height="{height:.2f}pt" font-family="{_FAMILY}" fill="none">'
            f'<defs><clipPath id="a"><path d="{frame}"/></clipPath></defs>'
            f'<rect width="100%" height="100%" fill="{self.paper}"/>{drawn}</svg>'
        )


class Lettering(NamedTuple):
    """Lines of text so many points from a place."""

    sheet: Sheet
    x: float
    y: float
    text: str
    shift: Sequence[float]
    look: dict[str, Any]

    def _laid(self) -> tuple[float, float, float, float, float]:
        """Return left edge, top, width, height and the distance of lines."""
        size, lines = self.look.get("fontsize", 10.0), self.text.split("\n")
        step = size * (_DESCENT + _ASCENT * self.look.get("linespacing", 1.2))
        bold = self.look.get("weight") == "bold"
        wide = max(line_width(line, size, bold=bold) for line in lines)
        tall = size * (_ASCENT + _DESCENT) + step * (len(lines) - 1)
        ((left, top),) = self.sheet.points(
            self.x, self.y, self.look.get("transform", DATA)
        ).tolist()
        up = {"top": 0.0, "center": tall / 2, "bottom": tall}[self.look["va"]]
        share = _ALIGNED[self.look.get("ha", "left")][0]
        return left + self.shift[0] - share * wide, top - self.shift[1] - up, wide, tall, step

    def box(self) -> tuple[float, float, float, float]:
        """Return left, upper, right and lower edge [point]."""
        left, top, wide, tall, _ = self._laid()
        return left, top, left + wide, top + tall

    def svg(self) -> str:
        """Return the text, on a ground of its own where that is wanted."""
        left, top, wide, tall, step = self._laid()
        look, size = self.look, self.look.get("fontsize", 10.0)
        share, anchor = _ALIGNED[look.get("ha", "left")]
        how = f'font-size="{size:g}" fill="{look.get("color", self.sheet.inks[0])}"'
        how += ' font-weight="bold"' * (look.get("weight") == "bold")
        rows = [
            f'<text x="{left + share * wide:.2f}" y="{top + size * _ASCENT + step * row:.2f}" '
            f'text-anchor="{anchor}" {how}>{escaped(line)}</text>'
            for row, line in enumerate(self.text.split("\n"))
        ]
        if (ground := look.get("bbox")) is not None:
            pad = ground["pad"]
            rows.insert(
                0,
                f'<rect x="{left - pad:.2f}" y="{top - pad:.2f}" width="{wide + 2 * pad:.2f}" '
                f'height="{tall + 2 * pad:.2f}" fill="{ground["facecolor"]}"/>',
            )
        return "".join(rows)


def escaped(text: str) -> str:
    """Return text as it stands in SVG, without signs that XML does not know."""
    return html.escape(_NO_XML.sub("", text), quote=False)


def _line(points: Floats, ink: str, width: float, more: str = "") -> str:
    path = "L".join(f"{x:.2f} {y:.2f}" for x, y in points.tolist())
    return f'<path d="M{path}" stroke="{ink}" stroke-width="{width:g}"{more}/>'
