"""The sheet that pictures of a page are drawn on, against matplotlib, whose calls it takes."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.font_manager import get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from PIL import Image

import attrition as at
from attrition.evaluation import read_past
from attrition.page.figures import themed
from attrition.plots import Look, raster
from attrition.plots.look import figure_of
from attrition.plots.sheet import Sheet, even_ticks, letter_widths, line_width, on_sheets, sheet_of

SVG = "{http://www.w3.org/2000/svg}"
SIZES: tuple[Look, ...] = ({"size": "page"}, {"size": "column"})


def pictures(whole: at.Forecast, dossier: at.Dossier) -> dict[str, Callable[[Look], Axes]]:
    """Return every kind of picture of a page."""
    law = whole.law("russian-casualties")
    rows = [
        (f"{key[0]}, {key[1]}", one, whole.thresholds[key[0]][0])
        for key, one in [*whole.laws.items()]
    ]
    thresholds = whole.thresholds["russian-casualties"]
    return {
        "crossing": lambda look: at.plots.crossing(law, 1e6, **look),
        "law": lambda look: at.plots.law(law, 1e6, **look),
        "intervals": lambda look: at.plots.intervals(rows, **look),
        "fan": lambda look: at.plots.fan(law, thresholds=thresholds, dossier=whole.dossier, **look),
        "reports": lambda look: at.plots.reports(dossier, "russian-casualties", **look),
        "strip": lambda look: at.plots.hindcast(read_past()[0], **look),
    }


def on_a_sheet(draw: Callable[[Look], Axes], look: Look) -> Sheet:
    with on_sheets():
        sheet = sheet_of(draw(look))
    assert sheet is not None
    return sheet


def written(axes: Axes) -> Iterator[tuple[str, float, float]]:
    """Yield each text of a figure of matplotlib with its left and lower edge [point]."""
    figure, view = figure_of(axes), axes.viewLim
    figure.draw_without_rendering()
    ticks = [t for t in axes.get_xticklabels() if view.containsx(t.get_position()[0])]
    ticks += [t for t in axes.get_yticklabels() if view.containsy(t.get_position()[1])]
    for text in (*figure.texts, *axes.texts, *ticks):
        if text.get_text():
            box = Text.get_window_extent(text)  # without lines that lead
            yield text.get_text(), box.x0 / figure.dpi * 72, box.y0 / figure.dpi * 72


@pytest.mark.parametrize("look", SIZES, ids=["page", "column"])
@pytest.mark.parametrize("kind", ["crossing", "law", "intervals", "fan", "reports", "strip"])
def test_a_sheet_says_what_the_figure_of_matplotlib_says(
    whole: at.Forecast, bundled: at.Dossier, kind: str, look: Look
) -> None:
    draw = pictures(whole, bundled)[kind]
    sheet, axes = on_a_sheet(draw, look), draw(look)
    assert at.plots.text_alternative(axes) == sheet.get_label()

    def plain(text: str) -> str:
        return " ".join(text.split())

    ours = Counter(plain(one.text) for one in sheet.words() if one.text)
    theirs = Counter(plain(text) for text, _, _ in written(axes))
    assert ours == theirs
    assert sheet.get_xlim() == pytest.approx(axes.get_xlim())
    assert sheet.get_ylim() == pytest.approx(axes.get_ylim())
    # a line may break elsewhere, since letters on a grid of pixels are wider
    assert sheet.get_size_inches() == pytest.approx(figure_of(axes).get_size_inches(), abs=0.35)
    lefts = {plain(text): left for text, left, _ in written(axes)}
    for one in sheet.words():
        if ours[plain(one.text)] == 1:
            assert one.box()[0] == pytest.approx(lefts[plain(one.text)], abs=14), one.text


def test_a_sheet_is_well_formed_and_harmless_and_the_same_twice(whole: at.Forecast) -> None:
    law = whole.law("russian-casualties")
    title = "</text><script>&\"'"
    hostile = law.with_provenance(dataclasses.replace(law.provenance, title=title))
    sheet = on_a_sheet(lambda look: at.plots.crossing(hostile, 1e6, **look), {})
    root = ET.fromstring(themed(sheet.svg()))  # noqa: S314 - ours
    assert not list(root.iter("script"))
    assert not list(root.iter(f"{SVG}script"))
    texts = "".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert title in texts
    assert sheet.svg() == sheet.svg()


def test_fifty_dots_stand_where_matplotlib_draws_them(whole: at.Forecast) -> None:
    law = whole.law("russian-casualties")
    sheet = on_a_sheet(lambda look: at.plots.crossing(law, 1e6, **look), {})
    axes = at.plots.crossing(law, 1e6)
    root = ET.fromstring(sheet.svg())  # noqa: S314 - ours
    drawn = sorted(
        tuple(map(float, re.findall(r"-?\d+\.\d+", dot.get("transform", ""))[:2]))
        for group in root.iter(f"{SVG}g")
        for dot in group.iter(f"{SVG}circle")
        if not group.get("stroke")
    )
    assert len(drawn) == at.plots.DOTS
    places = [
        place
        for collection in axes.collections
        for place in np.asarray(axes.transData.transform(np.asarray(collection.get_offsets())))
    ]
    figure = figure_of(axes)
    expected = sorted((72 / figure.dpi * x, y) for x, y in places)
    assert [x for x, _ in drawn] == pytest.approx([x for x, _ in expected], abs=0.5)


@given(low=st.floats(-1e7, 1e7), span=st.floats(1e-3, 1e8), most=st.integers(1, 9))
def test_even_ticks_are_those_of_matplotlib(low: float, span: float, most: int) -> None:
    high = low + span
    assume(span > 1e-6 * abs(low))
    locator = MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10], min_n_ticks=2)
    places = locator.tick_values(low, high)
    fine = MaxNLocator(nbins=100, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    ours = even_ticks(low, high, most)
    # whether a tick at the very end is inside is a matter of rounding
    near = (
        math.isclose(p, end, abs_tol=1e-6 * span) for p in (*fine, *ours) for end in (low, high)
    )
    assume(not any(near))
    # and so is whether a step that fits just so does
    part = span / most / 10.0 ** math.floor(math.log10(span / most))
    assume(not any(math.isclose(part, step, rel_tol=1e-6) for step in (1, 2, 2.5, 5, 10)))
    theirs = [place for place in places if low <= place <= high]
    assert len(ours) >= 2
    assert ours == pytest.approx(theirs, abs=1e-6 * span)


@pytest.mark.parametrize("bold", [False, True])
def test_letters_are_as_wide_as_the_font_makes_them(*, bold: bool) -> None:
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    font = get_font(str(folder / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")))
    font.set_size(1000, 72)
    for letter in "AWil09 %“…−ÄІ":
        glyph = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
        width = glyph.linearHoriAdvance / 65536 / 1000
        known = letter_widths(bold=bold).get(ord(letter))
        assert known is None or math.isclose(known, width, abs_tol=2e-3), letter
    assert line_width("WW", 10, bold=bold) > line_width("ii", 10, bold=bold)
    assert line_width("猫", 10, bold=bold) == 10  # a letter that it lacks is as wide as high


@pytest.mark.parametrize("day", ["2024-08-09", "2025-06-03"])
@pytest.mark.parametrize("horizon", ["2026-08-09", "2027-01-20", "2029-03-01"])
def test_labels_of_ticks_beside_one_another_stand_apart(day: str, horizon: str) -> None:
    law = at.when(700, level=500, rate=1, on=day, horizon=horizon, kind="steady", seed=1).law
    for look in SIZES:
        sheet = on_a_sheet(lambda look: at.plots.intervals([("700", law, 700)], **look), look)
        ticks = sorted(one.box() for one in sheet._labels())
        assert len(ticks) > 2
        gaps = [after[0] - before[2] for before, after in itertools.pairwise(ticks)]
        assert min(gaps) > 3


def pixels(sheet: Sheet) -> np.ndarray:
    """Return the PNG of a sheet, shape (row, column, colour)."""
    content = at.plots.figure_bytes(sheet, "png")  # type: ignore[arg-type]  # it stands for axes
    return np.asarray(Image.open(BytesIO(content)).convert("RGB"), dtype=int)


@pytest.mark.parametrize("look", [*SIZES, {"size": "card"}], ids=["page", "column", "card"])
@pytest.mark.parametrize("kind", ["crossing", "law", "intervals", "fan", "reports", "strip"])
def test_every_word_of_a_sheet_is_whole_and_legible_in_its_png(
    whole: at.Forecast, bundled: at.Dossier, kind: str, look: Look
) -> None:
    if look == {"size": "card"} and kind in {"intervals", "reports"}:
        pytest.skip("more rows than a card has room for")
    sheet = on_a_sheet(pictures(whole, bundled)[kind], look)
    image, scale = pixels(sheet), sheet.dpi / 72
    assert image.shape[:2] == pytest.approx(
        [sheet.size[1] * sheet.dpi, sheet.size[0] * sheet.dpi], abs=1
    )
    for edge in (image[:3], image[-3:], image[:, :3], image[:, -3:]):
        assert (edge == 255).all()  # nothing is cut off
    for word in sheet.words():
        if not word.text.strip():
            continue
        left, top, right, low = (round(scale * side) for side in word.box())
        assert 0 <= left < right <= image.shape[1], word.text
        assert 0 <= top < low <= image.shape[0], word.text
        ink = [int(word.look.get("color", sheet.inks[0])[i : i + 2], 16) for i in (1, 3, 5)]
        near = np.abs(image[top:low, left:right] - ink).max(axis=2) < 60
        assert near.any(axis=0).mean() > 0.35, word.text


def test_a_png_is_the_same_bytes_twice_in_however_many_strips(
    whole: at.Forecast, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = whole.law("russian-casualties")
    sheet = on_a_sheet(lambda look: at.plots.fan(law, thresholds=(1e6,), **look), {})
    once, again = (raster.png_of(sheet, "in words: 5 % — ζ") for _ in range(2))
    assert once == again
    assert Image.open(BytesIO(once)).info["Description"] == "in words: 5 % — ζ"
    monkeypatch.setattr(raster, "_STRIP", 37)
    assert raster.png_of(sheet, "in words: 5 % — ζ") == once


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_lines_bands_and_marks_of_a_png_are_as_wide_and_as_dark_as_they_are_told(
    share: float,
) -> None:
    sheet = Sheet((2.0, 1.0), ("#000000", "#000000"), "#ffffff", 144)
    sheet.set_position((0.25, 0.25, 0.5, 0.5))
    sheet.xaxis.seen = False
    sheet.set_xticks([])
    sheet.set_yticks([])
    sheet.fill_between(np.array([-9.0, 0.5]), np.zeros(2), np.ones(2), color="#000000", alpha=share)
    sheet.axvline(0.75, color="#ff0000", lw=3)
    sheet.plot([0.75], [1.2], "s", color="#0000ff", ms=10, mew=0, clip_on=False)
    sheet.plot([0, 1], [-0.2, -0.2], color="#000000", lw=2, ls=(0, (3, 3)), clip_on=False)
    image = pixels(sheet)
    assert (image[72, 20:71] == 255).all()  # a band ends where the axes end
    assert image[72, 73:142].mean() == pytest.approx(255 * (1 - share), abs=1)
    dark = 1 - image[72, 160:280, 1] / 255
    assert dark.sum() == pytest.approx(6, abs=0.6)  # three points of 144 dots an inch
    mark = image[:34, :, 0] < 128
    assert mark.any(axis=0).sum() == pytest.approx(20, abs=1)
    dashes = image[122, 72:216, 0] < 128
    assert dashes.mean() == pytest.approx(0.5, abs=0.06)
    assert np.abs(np.diff(dashes.astype(int))).sum() == pytest.approx(12, abs=1)


def test_the_words_of_an_svg_are_data(whole: at.Forecast) -> None:
    law = whole.law("russian-casualties")
    sheet = on_a_sheet(lambda look: at.plots.crossing(law, 1e6, **look), {})
    sheet.set_label("</desc><script>&\ufffe")
    sheet.text(0.5, 0.5, "a\x0bb\uffffc 😀", va="top")  # the first two are not XML
    svg = at.plots.figure_bytes(sheet, "svg")  # type: ignore[arg-type]  # it stands for axes
    root = ET.fromstring(svg)  # noqa: S314 - ours
    assert root.findtext(f"{SVG}desc") == "</desc><script>&"
    assert not list(root.iter(f"{SVG}script"))
    assert "abc 😀" in "".join(root.itertext())
    assert pixels(sheet).size
