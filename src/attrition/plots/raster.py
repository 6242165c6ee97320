"""A sheet as PNG: Pillow draws what its SVG says, several times as fine, and the mean is kept.

What a sheet writes is a small part of SVG: straight lines, circles, rectangles and words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from attrition.core._typing import Floats
from attrition.plots.sheet import Sheet, font_file

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_FINE = 4  # pixels drawn for each that is kept, in each direction
_STRIP = 128  # rows drawn at a time, so that a long picture needs no more memory than a short one
_OPAQUE = 255
_LEVEL = 3  # of compression: a fiftieth larger than by 6, in three quarters of the time
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
_TURNS = np.linspace(0, 2 * np.pi, 48, endpoint=False)
_CIRCLE = np.column_stack([np.cos(_TURNS), np.sin(_TURNS)]) / 2
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")


def png_of(sheet: Sheet, words: str) -> bytes:
    """Return a sheet as a file that holds its text alternative."""
    root = ET.fromstring(sheet.svg())  # noqa: S314 - ours
    width, height = (round(inches * sheet.dpi) for inches in sheet.size)
    whole = Image.new("RGB", (width, height))
    strip = _Canvas((width, min(_STRIP, height)), sheet.dpi / 72)
    for top in range(0, height, _STRIP):
        strip.begin(top)
        for element in root:
            strip.draw(element)
        whole.paste(strip.image.reduce(_FINE), (0, top))
    text, stream = PngInfo(), BytesIO()
    text.add_itxt("Description", words)
    dots = (sheet.dpi, sheet.dpi)
    whole.save(stream, "png", pnginfo=text, dpi=dots, compress_level=_LEVEL)
    return stream.getvalue()


@functools.cache
def _font(size: float, *, bold: bool) -> FreeTypeFont:
    file = str(font_file(bold=bold))
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


class _Canvas:
    """Some rows of a picture, drawn fine, and then those below them in their place.

    Parameters
    ----------
    size : tuple of int
        Width and height [pixel].
    scale : float
        Pixels a point.
    """

    def __init__(self, size: tuple[int, int], scale: float) -> None:
        self.image = Image.new("RGB", (_FINE * size[0], _FINE * size[1]))
        self._scale, self._above = _FINE * scale, np.zeros(2)
        self._whole = np.array([[0, 0], self.image.size])
        self._frame = self._whole

    def begin(self, top: int) -> None:
        """Go on below so many rows of the picture; its first element covers what was drawn."""
        self._above, self._frame = np.array([0.0, _FINE * top]), self._whole

    def draw(self, element: ET.Element) -> None:
        """Draw an element of a sheet, and those in it."""
        name, number = element.tag.rpartition("}")[2], functools.partial(_number, element)
        if name == "defs":
            frame = self._placed(_corners(element[0][0].get("d", "")))
            self._frame = np.rint([frame.min(axis=0), frame.max(axis=0)]).astype(int)
        elif name == "rect" and element.get("width") == "100%":
            self.image.paste(element.get("fill", ""), (0, 0, *self.image.size))
        elif name == "rect":
            sides = np.array([number("width"), number("height")])
            corner = np.array([number("x"), number("y")])
            self._shape(element, corner + sides * [[0, 0], [1, 0], [1, 1], [0, 1]])
        elif name == "path":
            self._shape(element, _corners(element.get("d", "")), number("stroke-width"))
        elif name == "text":
            ((x, y),) = self._placed(np.array([[number("x"), number("y")]])).tolist()
            size = self._scale * number("font-size")
            if -size < y < self.image.height + size:
                font = _font(size, bold=element.get("font-weight") == "bold")
                anchor = _ANCHORS[element.get("text-anchor", "start")]
                pen = ImageDraw.Draw(self.image)
                pen.text((x, y), element.text or "", element.get("fill"), font, anchor)
        for mark in element if name == "g" else ():
            *place, wide = map(float, _NUMBER.findall(mark.get("transform", "")))
            steps = mark.get("d")
            points = _CIRCLE if steps is None else _corners(steps)
            self._shape(element, points * wide + place, wide * number("stroke-width"))

    def _placed(self, points: Floats) -> Floats:
        """Return points as pixels of the strip."""
        return np.asarray(points * self._scale - self._above)

    def _shape(self, look: ET.Element, points: Floats, width: float = 0.0) -> None:
        """Fill a shape and draw its line [point]."""
        places, wide = self._placed(points), self._scale * width
        low, high = np.floor(places.min(axis=0) - wide), np.ceil(places.max(axis=0) + wide)
        bounds = self._frame if look.get("clip-path") else self._whole
        box = np.clip([low, high + 1], *np.clip(bounds, *self._whole)).astype(int)
        if (box[0] >= box[1]).any():
            return
        shade = round(255 * _number(look, "opacity", 1) * _number(look, "fill-opacity", 1))
        # what nothing shines through and no frame cuts off needs no layer of its own
        cut = bounds is not self._whole and ((low < bounds[0]) | (high >= bounds[1])).any()
        plain = shade == _OPAQUE and not cut
        for kind in ("fill", "stroke"):
            ink = look.get(kind, "none")
            if ink == "none" or (kind == "stroke" and not width):
                continue
            layer = self.image if plain else Image.new("L", tuple(box[1] - box[0]))
            pen, tone = ImageDraw.Draw(layer), ink if plain else shade
            at = places if plain else places - box[0]
            if kind == "fill":
                pen.polygon(_pairs(at), tone)
            for line in self._lines(look, at, wide) if kind == "stroke" else ():
                pen.line(_pairs(line), tone, max(round(wide), 1), joint="curve")
            if not plain:
                self.image.paste(ink, tuple(box.ravel()), layer)

    def _lines(self, look: ET.Element, points: Floats, wide: float) -> Iterator[Floats]:
        """Yield the lines of a stroke: one, with square ends if wanted, or its dashes."""
        if dashes := look.get("stroke-dasharray"):
            yield from _dashed(points, [self._scale * float(dash) for dash in dashes.split()])
            return
        if look.get("stroke-linecap"):
            steps = points[[0, -1]] - points[[1, -2]]
            far = np.hypot(*steps.T)[:, None]
            points = points.copy()
            points[[0, -1]] += (
                np.divide(steps, far, out=np.zeros_like(steps), where=far > 0) * wide / 2
            )
        yield points


def _number(element: ET.Element, name: str, default: float = 0.0) -> float:
    return float(element.get(name, default))


def _pairs(points: Floats) -> list[tuple[float, float]]:
    return [(x, y) for x, y in np.rint(points).tolist()]


def _corners(steps: str) -> Floats:
    """Return the corners of a path, one that is closed with its first at its end [point]."""
    points: list[tuple[float, float]] = []
    for letter, text in re.findall(r"([MLHVZ])([^MLHVZ]*)", steps):
        numbers = [float(number) for number in _NUMBER.findall(text)]
        if letter in "HV":
            x, y = points[-1]
            points.append((numbers[0], y) if letter == "H" else (x, numbers[0]))
        else:
            points.append((numbers[0], numbers[1]) if numbers else points[0])
    return np.array(points)


def _dashed(points: Floats, dashes: list[float]) -> Iterator[Floats]:
    """Yield the pieces of a line that dashes and gaps leave."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    begin, step = 0.0, 0
    while begin < along[-1]:
        end = min(begin + dashes[step % len(dashes)], along[-1])
        if step % 2 == 0:
            places = np.r_[begin, along[(along > begin) & (along < end)], end]
            yield np.column_stack([np.interp(places, along, column) for column in points.T])
        begin, step = end, step + 1
