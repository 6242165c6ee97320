"""What holds for every figure: honest, accessible, the same bytes, and in words too."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from benchmarks.calibration.stored import COMMAND, past_json
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import TextPath

import attrition as at
from attrition import plots
from attrition.core.laws.law import Provenance
from attrition.core.laws.reading import mean_of
from attrition.evaluation import Past, read_past
from attrition.page import grid_of
from attrition.plots import look
from attrition.plots.canvas import source_words
from attrition.plots.dates import date_ticks
from attrition.plots.dots import placed
from attrition.plots.look import Style, styled, width_of, wrapped
from attrition.reporting import percent
from test_laws import normal_law

Draw = Callable[[Axes | None], Axes]
DATA = Path(at.__path__[0]) / "bundled"
NAMES = (
    "crossing",
    "law",
    "fan",
    "ridges",
    "intervals",
    "claims",
    "claim",
    "tornado",
    "hindcast",
    "pit",
)


def moved() -> xr.Dataset:
    return xr.Dataset(
        {
            "shift_days": ("item", [3.0, -20.0, np.nan]),
            "note": ("item", ["", "", "no date without it"]),
        },
        coords={"item": ["a small report", "a large report", "the only rate"]},
        attrs={"title": "Which report moves the date?"},
    )


@pytest.fixture(scope="module")
def past() -> Past:
    return read_past()[0]


@pytest.fixture(scope="module")
def drawn(whole: at.Forecast, past: Past) -> dict[str, Draw]:
    law = whole.law("ukrainian-killed")
    asked = [(f"{q}, {b}", one, whole.thresholds[q][0]) for (q, b), one in whole.laws.items()]
    casualties = whole.law("russian-casualties")
    return {
        "crossing": lambda ax: at.plots.crossing(law, 1e5, ax),
        "law": lambda ax: at.plots.law(law, 1e5, ax),
        "fan": lambda ax: at.plots.fan(casualties, ax, thresholds=[1e6], dossier=whole.dossier),
        "ridges": lambda ax: at.plots.ridges(asked[:3], ax),
        "intervals": lambda ax: at.plots.intervals(asked, ax),
        "claims": lambda ax: at.plots.claims(whole.dossier, "russian-casualties", ax),
        "claim": lambda ax: at.plots.claim(at.parse("up to 250,000")[0], ax),
        "tornado": lambda ax: at.plots.tornado(moved(), ax),
        "hindcast": lambda ax: at.plots.hindcast(past, ax),
        "pit": lambda ax: at.plots.pit(past.summary, ax, name="a series"),
    }


def unbroken(text: str) -> str:
    """Return a text on one line, with blanks where a line may not break."""
    return text.replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")


def root(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_the_same_bytes_twice_and_says_in_words_what_it_shows(
    name: str, drawn: dict[str, Draw]
) -> None:
    first, again = (drawn[name](None) for _ in range(2))
    for form in ("svg", "png"):
        assert at.plots.figure_bytes(first, form) == at.plots.figure_bytes(again, form)
    words = at.plots.text_alternative(first)
    assert len(words) > 60
    assert re.search(r"\d", words)
    assert words.replace("&", "&amp;")[:40] in at.plots.figure_bytes(first, "svg").decode()


@pytest.mark.parametrize("width", [7.2, 3.9])
@pytest.mark.parametrize("name", NAMES)
def test_no_word_of_a_figure_is_cut_off(name: str, width: float, drawn: dict[str, Draw]) -> None:
    axes = drawn[name](plots.new_figure(width, 9.5 if name == "intervals" else 4.4)[1])
    figure = root(axes)
    figure.canvas.draw()
    page, inside = figure.bbox, axes.viewLim
    labels: list[Any] = [t for t in axes.get_xticklabels() if inside.containsx(t.get_position()[0])]
    labels += [t for t in axes.get_yticklabels() if inside.containsy(t.get_position()[1])]
    for text in (*axes.texts, *figure.texts, *labels):
        box = text.get_window_extent()
        if text.get_text().strip() and box.width:
            assert box.x0 >= page.x0 - 2, text.get_text()
            assert box.x1 <= page.x1 + 2, text.get_text()
            assert box.y0 >= page.y0 - 2, text.get_text()
            assert box.y1 <= page.y1 + 2, text.get_text()


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_draws_into_the_axes_that_it_is_given(name: str, drawn: dict[str, Draw]) -> None:
    figure = Figure(figsize=(12, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    assert drawn[name](left) is left
    assert not right.lines
    assert not figure.get_suptitle()
    assert left.get_title(loc="left")


@pytest.mark.parametrize("size", ["column", "page", "card"])
@pytest.mark.parametrize("rows", [2, 3, 4, 6])
@pytest.mark.parametrize("name", ["1,000,000", "Ukrainian military killed, the toll itself"])
def test_rows_of_ridges_have_room_for_their_names_or_are_refused(
    whole: at.Forecast, size: Any, rows: int, name: str
) -> None:
    law = whole.law("ukrainian-killed")
    asked = [(name, law, 9e4 + 1e4 * row) for row in range(rows)]
    if size == "card" and rows > 4:
        with pytest.raises(at.InputError, match="Draw fewer rows"):
            at.plots.ridges(asked, size=size)
        return
    axes = at.plots.ridges(asked, size=size)
    root(axes).canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts if text.get_text().strip()]
    assert len(boxes) >= 2 * rows
    for one, other in itertools.combinations(boxes, 2):
        apart = one.y0 > other.y1 - 2 or other.y0 > one.y1 - 2
        assert apart or one.x0 > other.x1 - 2 or other.x0 > one.x1 - 2
    assert min(box.x0 for box in boxes) >= root(axes).bbox.x0 + 2
    assert all("…" not in text.get_text() or size == "column" for text in axes.texts)


@pytest.mark.parametrize("size", ["column", "page", "card"])
def test_the_words_of_a_source_with_a_long_name_are_read_beside_its_mark(size: Any) -> None:
    source = "Office of the High Commissioner for Human Rights of the United Nations in Ruritania"
    claims = [at.claim("around 75,400 killed", source=source, on="2025-06-03")]
    dossier = at.forecast(claims, seed=1, size=64, tolerance=60.0).dossier
    axes = at.plots.reports(dossier, "killed", size=size)
    (words,) = [unbroken(t.get_text()) for t in axes.texts if "Office of" in t.get_text()]
    assert " …, 3 Jun 2025: " in words
    assert "“around 75,400 killed”" in words
    assert source in at.plots.text_alternative(axes)


def test_every_figure_has_a_source_line_with_its_day_and_record(
    drawn: dict[str, Draw], whole: at.Forecast
) -> None:
    for name, draw in drawn.items():
        source = root(draw(None)).texts[-1].get_text()
        assert source.startswith(("Figures: ", "Source: ", "Computed ", "Read by ")), name
        assert "attrition" in source, name
    law = whole.law("russian-casualties")
    for axes in (
        at.plots.crossing(law, 1e6, record="a1b2"),
        at.plots.claims(whole.dossier, "russian-casualties", record="a1b2"),
    ):
        source = root(axes).texts[-1].get_text().replace("\n", " ")
        assert "as known on 5 June 2025" in source
        assert "record a1b2" in source


def test_a_house_style_replaces_colours_and_type(whole: at.Forecast) -> None:
    house = at.plots.Style(
        ink="#000000",
        muted="#333333",
        dated="#00594c",
        outer="#c8a415",
        outer_ink="#6b5500",
        pale="#cccccc",
        paper="#fff1e5",
        font="DejaVu Serif",
    )
    law = whole.law("russian-casualties")
    for axes in (
        at.plots.crossing(law, 1e6, style=house),
        at.plots.law(law, 1e6, style=house),
        at.plots.fan(law, thresholds=[1e6], dossier=whole.dossier, style=house),
        at.plots.reports(whole.dossier, "russian-casualties", style=house),
    ):
        own = {getattr(house, name) for name in ("ink", "muted", "dated", "outer", "outer_ink")}
        own |= {house.pale, house.paper, "#000000", "#ffffff"}
        used = set(re.findall(r"#[0-9a-f]{6}\b", at.plots.figure_bytes(axes, "svg").decode()))
        assert used <= own, used - own
        assert house.dated in used
        assert axes.texts[0].get_fontfamily()[0] == "DejaVu Serif"
    plain = at.plots.figure_bytes(at.plots.crossing(law, 1e6), "svg").decode()
    assert house.dated not in plain


def test_a_picture_that_does_not_fit_its_size_says_so(whole: at.Forecast) -> None:
    rows = [(f"{q}, {b}", law, whole.thresholds[q][0]) for (q, b), law in whole.laws.items()]
    with pytest.raises(at.InputError, match="fit its size"):
        at.plots.intervals(rows, size="card")
    with pytest.raises(at.InputError, match="size of a figure"):
        at.plots.law(rows[0][1], rows[0][2], size="poster")  # type: ignore[arg-type]


def test_the_fan_ends_where_nothing_is_open(whole: at.Forecast) -> None:
    law = whole.law("russian-casualties")
    soon, late = (at.plots.fan(law, thresholds=[k]).get_xlim()[1] for k in (1e6, 1.3e6))
    assert 0 < soon < late <= (law.horizon - law.information_date).days
    assert (at.laws.crossing(law, 1e6, prob=0.98).upper.offset or 0) < soon


def test_counts_that_disagree_stand_side_by_side(whole: at.Forecast) -> None:
    counts = [law for (key, _), law in whole.laws.items() if key == "russian-casualties"]
    axes = at.plots.sources(counts, threshold=1e6)
    words = at.plots.text_alternative(axes)
    for law in counts:
        share = at.laws.probability_by(law, 1e6, law.information_date)
        assert f"{percent(share)} passed 1,000,000" in words
        read = at.laws.total(law, law.information_date)
        bars = [np.asarray(line.get_xdata()).tolist() for line in axes.lines]
        assert [read.lower, read.upper] in bars
    with pytest.raises(at.InputError, match="one quantity"):
        at.plots.sources([*counts, whole.law("ukrainian-killed")])


def test_each_report_is_a_mark_with_its_words(whole: at.Forecast) -> None:
    axes = at.plots.reports(whole.dossier, "russian-casualties", threshold=1e6)
    words = [text.get_text() for text in axes.texts]
    assert words == [
        "CSIS, May 2025: “approximately 950,000”",
        "UK Ministry of Defence, Mar 2025: “around 900,000 casualties since 2022”",
    ]
    pace = at.plots.reports(whole.dossier, "russian-casualties", pace=True)
    assert "“around 1,000 soldiers per day”" in at.plots.text_alternative(pace)
    with pytest.raises(at.InputError, match="reported pace"):
        at.plots.reports(whole.dossier, "russian-casualties", pace=True, as_of=date(2025, 1, 1))


def test_a_dollar_sign_in_a_title_is_no_formula(whole: at.Forecast) -> None:
    dossier = whole.dossier
    what = dossier.quantities["russian-casualties"].model_copy(update={"title": r"$\alpha_{$ a^"})
    odd = dossier.model_copy(
        update={"quantities": {**dossier.quantities, "russian-casualties": what}}
    )
    axes = at.plots.claims(odd, "russian-casualties")
    assert r"$\alpha_{$ a^" in " ".join(text.get_text() for text in root(axes).texts)
    assert at.plots.figure_bytes(axes, "svg")


# ------------------------------------------------------------------ dates


@pytest.mark.parametrize("width", [3.9, 7.2])
@pytest.mark.parametrize("days", [7, 10, 30, 61, 92, 183, 365, 731, 1096, 1827, 3653])
def test_dates_can_be_read_at_every_span(days: int, width: float) -> None:
    for start in (date(2025, 6, 5), date(2023, 12, 20), date(2024, 2, 29)):
        figure, axes = plots.new_figure(width, 2.0)
        axes.set_xlim(0, days)
        date_ticks(axes, start, 0, days)
        figure.canvas.draw()
        labels = [text for text in axes.get_xticklabels() if text.get_text()]
        boxes = [text.get_window_extent() for text in labels]
        assert len(labels) >= 3 if width > 5 else len(labels) >= 2
        for left, right in itertools.pairwise(boxes):
            assert left.x1 < right.x0, [text.get_text() for text in labels]
        assert re.search(r"\d{4}", labels[0].get_text())


# ------------------------------------------------------------------ honest


def test_dots_are_round_and_stand_where_the_law_says() -> None:
    law = normal_law([1_000.0])
    for width in (7.2, 3.9):
        axes = at.plots.crossing(law, 1_000.0, plots.new_figure(width, 4.0)[1])
        root(axes).canvas.draw()
        box = axes.get_window_extent()
        across, up = np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())
        dots = plots.dot_layout(law, 1_000.0, size=(width - 0.3, 2.0))
        assert dots.already + dots.beyond + sum(dots.heights) == plots.DOTS
        assert max(dots.heights) <= dots.rows
        places = [np.asarray(collection.get_offsets()) for collection in axes.collections]
        step = np.diff(np.unique(np.concatenate(places)[:, 0])).min()
        assert box.height / up == pytest.approx(step * box.width / across, rel=0.06)


@pytest.mark.parametrize("threshold", [700.0, 1_000.0, 1_090.0, 1_500.0])
def test_no_dot_is_farther_from_its_quantile_than_half_a_column(threshold: float) -> None:
    law = normal_law([threshold])
    dots = plots.dot_layout(law, threshold)
    mean = mean_of(law, threshold)
    shares = (np.arange(plots.DOTS) + 0.5) / plots.DOTS
    days = [np.argmax(mean >= p) for p in shares if mean[0] < p <= mean[-1]]
    columns = np.repeat(np.arange(len(dots.heights)), dots.heights)
    assert len(columns) == len(days)
    away = np.abs(dots.first + columns * dots.step - np.sort(days)).max(initial=0)
    assert away <= max(dots.step, 1.0) / 2 + 1e-9


@pytest.mark.parametrize("slope", [0.2, 1.0, 4.0])
@pytest.mark.parametrize("size", [(6.9, 2.3), (3.6, 2.0), (5.0, 2.3)])
def test_dots_of_a_date_that_is_known_to_the_day_stand_in_blocks(
    slope: float, size: tuple[float, float]
) -> None:
    days = np.arange(60.0)
    mean = 1 / (1 + np.exp(-slope * (days - 20.3) * 3))
    dots = placed(mean, size)
    assert sum(dots.heights) + dots.already + dots.beyond == plots.DOTS
    assert max(dots.heights) <= dots.rows
    left, right = dots.span
    assert dots.rows * size[0] / (right - left) <= size[1] + 1e-9
    wanted = [int(np.argmax(mean >= p)) for p in (np.arange(plots.DOTS) + 0.5) / plots.DOTS]
    columns = np.repeat(np.arange(len(dots.heights)), dots.heights)
    drawn = np.round(dots.first + columns * dots.step)
    if dots.step < 1:
        assert list(drawn) == wanted


def test_the_curve_is_the_law(whole: at.Forecast) -> None:
    law = whole.law("ukrainian-killed")
    axes = at.plots.law(law, 1e5)
    curve = max(axes.lines, key=lambda line: np.size(line.get_xdata()))
    mean = mean_of(law, 1e5)
    assert np.array_equal(np.asarray(curve.get_ydata()), mean[: np.size(curve.get_xdata())])
    words = at.plots.text_alternative(axes)
    assert f"{100 * mean[0]:.0f} % on 5 June 2025" in words
    assert f"{100 * (1 - mean[-1]):.0f} % not by 5 Jun 2027" in [
        unbroken(text.get_text()) for text in axes.texts
    ]


def test_the_bands_of_the_fan_are_the_totals_of_the_law(whole: at.Forecast) -> None:
    law = whole.law("russian-casualties")
    axes = at.plots.fan(law, until=date(2025, 12, 31))
    bands: list[Any] = list(axes.collections)[:3]
    for band, prob in zip(bands, (0.9, 0.8, 0.5), strict=True):
        edge = band.get_paths()[0].vertices
        last = edge[edge[:, 0] == edge[:, 0].max()]
        read = at.laws.total(law, date(2025, 12, 31), prob=prob)
        assert last[:, 1].min() == pytest.approx(read.lower)
        assert last[:, 1].max() == pytest.approx(read.upper)


def test_an_axis_that_does_not_begin_at_zero_is_marked(whole: at.Forecast) -> None:
    def marked(axes: Axes) -> bool:
        return any(
            line.get_transform() == axes.transAxes and np.size(line.get_xdata()) == 4
            for line in axes.lines
        )

    cut = at.plots.fan(whole.law("russian-casualties"), until=date(2025, 9, 1))
    assert cut.get_ylim()[0] > 0
    assert marked(cut)
    full = at.plots.fan(whole.law("kharkiv-advance"))
    assert full.get_ylim()[0] == 0
    assert not marked(full)
    for name in ("russian-casualties",):
        assert at.plots.claims(whole.dossier, name).get_ylim()[0] == 0


def test_what_happened_is_drawn_after_the_fact() -> None:
    series = at.read_series(DATA / "general_staff_personnel_to_2025-06-03.csv")
    forecast = at.forecast(series, thresholds=[8e5], seed=1, as_of=date(2024, 12, 1), tolerance=30)
    axes = at.plots.fan(next(iter(forecast.laws.values())), thresholds=[8e5], happened=series)
    line = next(
        line
        for line in axes.lines
        if line.get_color() == look.INK and len(np.asarray(line.get_xdata())) > 50
    )
    x, y = np.asarray(line.get_xdata(), dtype=float), np.asarray(line.get_ydata(), dtype=float)
    assert x.min() < 0 < x.max()
    assert y[-1] == series.totals[-1]
    assert "recorded by 3 June 2025: 990,800" in at.plots.text_alternative(axes)


def test_areas_of_ridges_are_probabilities(whole: at.Forecast) -> None:
    law = whole.law("russian-casualties")
    axes = at.plots.ridges([("one", law, 1e6), ("two", law, 1.2e6)])
    areas = []
    for row, shape in enumerate(list(axes.collections)[:2]):
        edge = np.asarray(shape.get_paths()[0].vertices)
        x, y = edge[:, 0], edge[:, 1] + row
        areas.append(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)
    within = [at.laws.masses(law, k).within for k in (1e6, 1.2e6)]
    assert areas[0] / areas[1] == pytest.approx(within[0] / within[1], rel=0.02)
    already = at.laws.masses(law, 1e6).already
    assert f"{100 * already:.0f} % already" in [text.get_text() for text in axes.texts]


def test_a_tornado_is_sorted_and_says_why_a_row_has_no_bar() -> None:
    axes = at.plots.tornado(moved())
    bars: list[Any] = list(axes.patches)
    widths = [bar.get_width() for bar in bars]
    assert widths == [20.0, 3.0]
    words = [text.get_text() for text in axes.texts]
    assert "no date without it" in words
    assert "20 days earlier" in words
    assert at.plots.text_alternative(axes).index("a large report") < at.plots.text_alternative(
        axes
    ).index("a small")
    both = xr.Dataset(
        {"lower_days": ("item", [-4.0]), "upper_days": ("item", [9.0])}, coords={"item": ["pace"]}
    )
    assert "4 days earlier to 9 days later" in at.plots.text_alternative(at.plots.tornado(both))
    with pytest.raises(at.InputError, match="at least one item"):
        at.plots.tornado(xr.Dataset({"shift": ("item", [1.0])}))


def test_the_bars_of_the_pit_are_its_shares_and_begin_at_zero(past: Past) -> None:
    axes = at.plots.pit(past.summary)
    patches: list[Any] = list(axes.patches)
    bars = [patch.get_height() for patch in patches if patch.get_width() < 1]
    assert bars == pytest.approx(past.summary.pit)
    assert axes.get_ylim()[0] == 0


def test_a_law_that_may_end_says_that_what_has_no_date_may_never_come(whole: at.Forecast) -> None:
    law = at.laws.with_end(whole.law("kharkiv-advance"), 0.002)
    masses = at.laws.masses(law, 1e4)
    missing = percent(masses.beyond + masses.ended)
    assert masses.ended > 0.2
    for axes in (
        at.plots.crossing(law, 1e4),
        at.plots.law(law, 1e4),
        at.plots.ridges([("x", law, 1e4)]),
    ):
        words = unbroken(" ".join(text.get_text() for text in axes.texts))
        assert missing in words
        assert "or never" in words


def test_letters_that_the_font_lacks_are_no_warning(whole: at.Forecast) -> None:
    axes = at.plots.intervals([("傷亡", whole.law("kharkiv-advance"), 1e4)])
    assert at.plots.figure_bytes(axes, "png")


# ------------------------------------------------------------------ for all eyes

# Severity 1.0 of Machado, Oliveira and Fernandes (2009, doi:10.1109/TVCG.2009.113), linear RGB.
SIMULATED = {
    "all cones": np.eye(3),
    "no red cone": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green cone": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no blue cone": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(colour: str, seen_by: str = "all cones") -> np.ndarray:
    """CIELAB of a colour as somebody sees it (D65)."""
    seen = np.clip(SIMULATED[seen_by] @ linear(colour), 0, 1)
    relative = _XYZ @ seen / np.array([0.95047, 1.0, 1.08883])
    f = np.where(relative > 0.008856, np.cbrt(relative), 7.787 * relative + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: str, other: str, seen_by: str) -> float:
    return float(np.linalg.norm(lab(one, seen_by) - lab(other, seen_by)))


def contrast(colour: str) -> float:
    return float(1.05 / (np.array([0.2126, 0.7152, 0.0722]) @ linear(colour) + 0.05))


@pytest.mark.parametrize("seen_by", SIMULATED)
def test_colours_that_mean_different_things_differ_for_everybody(seen_by: str) -> None:
    for one, other in itertools.combinations(look.FAMILIES, 2):
        assert apart(one, other, seen_by) > 20, (one, other)
    assert apart(look.DATED, look.OUTER, seen_by) > 40


def test_the_check_of_colours_can_fail() -> None:
    assert apart("#c44e52", "#55a868", "all cones") > 60  # a red and a green
    assert apart("#c44e52", "#55a868", "no green cone") < 30
    assert apart("#2a6f97", "#7b5ea7", "no green cone") < 10


def test_figures_can_be_read_in_grey_print() -> None:
    assert abs(lab(look.DATED)[0] - lab(look.OUTER)[0]) > 12
    assert len(set(look.MARKERS)) == len(look.FAMILIES) == len(look.MARKERS)
    for colour in (*look.FAMILIES, look.OUTER):
        assert contrast(colour) >= 3.0, colour  # WCAG 1.4.11, graphical objects
    for colour in (look.INK, look.MUTED, look.DATED, look.OUTER_INK):
        assert contrast(colour) >= 4.5, colour  # WCAG 1.4.3, text


@pytest.mark.parametrize("name", NAMES)
def test_no_figure_uses_red(name: str, drawn: dict[str, Draw]) -> None:
    svg = at.plots.figure_bytes(drawn[name](None), "svg").decode()
    for colour in set(re.findall(r"#[0-9a-f]{6}\b", svg)):
        _, a, b = lab(colour)
        hue, chroma = np.degrees(np.arctan2(b, a)) % 360, np.hypot(a, b)
        assert chroma < 20 or 60 < hue < 325, colour


# ------------------------------------------------------------------ the stored record


def test_the_stored_record_is_what_its_command_writes_of_it() -> None:
    file = DATA / "hindcasts.json"
    assert past_json(read_past(), COMMAND) == file.read_text(encoding="utf-8")


def test_the_strips_of_the_record_are_those_of_the_hindcast(past: Past) -> None:
    series = at.read_series(DATA / "general_staff_personnel_to_2025-06-03.csv")
    hindcast = at.hindcast(series, rng=past.seed, baselines={})
    summary = hindcast.summary()
    assert (past.summary.count, past.summary.resolved) == (summary.count, summary.resolved)
    assert past.summary.coverage == pytest.approx(summary.coverage, abs=0.02)
    assert past.summary.crps == pytest.approx(summary.crps, rel=0.01)
    one, other = at.plots.hindcast(past), at.plots.hindcast(hindcast)
    assert len(one.lines) == len(other.lines)
    assert (
        at.plots.text_alternative(one).split(": ")[-1]
        == at.plots.text_alternative(other).split(": ")[-1]
    )
    with pytest.raises(at.InputError, match="of that rank"):
        at.plots.hindcast(past, rank=1)


def test_no_line_strikes_through_words(whole: at.Forecast) -> None:
    law = whole.law("russian-casualties", "csis")
    for axes in (
        at.plots.reports(whole.dossier, "russian-casualties", threshold=1e6, size="column"),
        at.plots.law(law, 1_000_000, size="column"),
        at.plots.law(law, 980_000, size="column"),  # its median is near its first day
    ):
        figure = axes.get_figure(root=True)
        assert figure is not None
        figure.canvas.draw()
        upright = [
            line.get_path().transformed(line.get_transform()).get_extents()
            for line in axes.lines
            if line.get_linestyle() in {":", "--"}
        ]
        assert upright
        for text in axes.texts:
            met = [box for box in upright if box.overlaps(text.get_window_extent())]
            patch = text.get_bbox_patch()
            assert not met or (patch is not None and np.asarray(patch.get_facecolor())[3] == 1), (
                text
            )


def test_words_are_broken_where_the_next_would_not_fit() -> None:
    rng = np.random.default_rng(11)
    words = ["abcdefimwlm"[: int(count)] for count in rng.integers(1, 12, 60)]
    for width in (0.2, 0.8, 2.0, 6.0, 60.0):
        lines = wrapped(" ".join(words), width).split("\n")
        assert " ".join(lines).split(" ") == words
        for line, following in zip(lines, [*lines[1:], None], strict=True):
            assert width_of(line) <= width or " " not in line
            if following is not None:
                assert width_of(f"{line} {following.split(' ')[0]}") > width
        cut = wrapped(" ".join(words), width, lines=2).split("\n")
        assert len(cut) == min(2, len(lines))
        assert len(lines) <= 2 or cut[-1].endswith("…")


@pytest.mark.parametrize("font", ["DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono"])
def test_a_line_is_nowhere_narrower_than_its_font_draws_it(font: str) -> None:
    """Letters nearer to their neighbours make it a little narrower, and nothing wider."""
    for bold, text in itertools.product(
        (False, True),
        ("AVAT To. CSIS\u2019s count", "Wo 1,000,000 \u2013 90 %", "Łódź: “Yes”", "approximately"),
    ):
        face = FontProperties(family=font, weight="bold" if bold else "normal")
        drawn = TextPath((0, 0), text, size=look.LABEL, prop=face).get_extents().width / 72
        with styled(Style(font=font)):
            reckoned = width_of(text, bold=bold) / look._HINTED
        assert 0.99 * drawn < reckoned < 1.1 * drawn
    with styled(Style(font=font)):  # a letter that it lacks is one of DejaVu Sans, or wide
        assert width_of("猫") >= look.LABEL / 72


def test_a_recorded_count_names_itself_as_the_source() -> None:
    what = Provenance(quantity="q", title="Deaths, county", definition="d", counted=True)
    law = normal_law([1_000.0]).with_provenance(what)
    assert source_words(law).startswith("Figures: Deaths, county; as known on ")
    assert source_words(law.with_provenance(dataclasses.replace(what, counted=False))).startswith(
        "As known on "
    )


@pytest.mark.parametrize("size", ["page", "column"])
def test_the_dots_of_a_figure_are_those_of_the_sliders(whole: at.Forecast, size: Any) -> None:
    axes = at.plots.crossing(whole.law("russian-casualties", "csis"), 1e6, size=size)
    places = np.concatenate([np.asarray(one.get_offsets()) for one in axes.collections])
    kept = grid_of(whole)["laws"][0]
    assert kept["key"] == "russian-casualties/csis"
    dots = kept["dots"][kept["asked"]]["wide" if size == "page" else "narrow"]
    columns = np.round((places[:, 0] - dots["first"]) / dots["step"]).astype(int)
    dated = columns[(columns >= 0) & (columns < len(dots["heights"]))]
    assert np.bincount(dated, minlength=len(dots["heights"])).tolist() == dots["heights"]
    assert len(places) == sum(dots["heights"]) + sum(dots["outer"])


@pytest.mark.parametrize("size", ["page", "column", "card"])
def test_each_name_of_a_fan_is_there_and_stands_on_no_band(whole: at.Forecast, size: Any) -> None:
    for key, names in (
        ("russian-casualties", {"UK Ministry of Defence", "CSIS", "CSIS’s forecast"}),
        ("russian-killed", {"CSIS"}),
        ("ukrainian-killed", {"CSIS"}),
    ):
        law, until = whole.law(key, "csis"), date(2025, 12, 31)
        axes = at.plots.fan(
            law, thresholds=whole.thresholds[key], dossier=whole.dossier, until=until, size=size
        )
        root(axes).canvas.draw()
        words = {unbroken(text.get_text()): text for text in axes.texts}
        assert names <= set(words), (size, key)
        for name in names:
            box = Text.get_window_extent(words[name])  # without the line that leads to it
            (x0, y0), (x1, y1) = axes.transData.inverted().transform(box.get_points())
            for offset in range(max(int(np.ceil(x0)), 0), int(x1) + 1):
                read = at.laws.total(law, law.information_date + timedelta(days=offset))
                assert y1 <= read.lower or y0 >= read.upper, (size, key, name)


def test_a_picture_of_minimums_says_that_its_dates_are_assumed(whole: at.Forecast) -> None:
    law = whole.law("russian-casualties", "latent")
    floors = law.with_provenance(dataclasses.replace(law.provenance, floors=True))
    for one, said in ((floors, True), (law, False)):
        for axes in (
            at.plots.crossing(one, 1e6),
            at.plots.law(one, 1e6),
            at.plots.fan(one, thresholds=[1e6]),
            at.plots.intervals([("x", law, 1e6), ("y", one, 1e6)]),
        ):
            words = unbroken(" ".join(text.get_text() for text in root(axes).texts))
            assert ("Every figure is a minimum" in words) == said


@pytest.mark.parametrize("size", ["page", "column", "card"])
def test_reports_of_one_source_of_a_long_name_are_told_apart_beside_their_bars(size: Any) -> None:
    name = "Interim Ministry of Public Health and Social Affairs of the Northern Authority"
    items = [f"{name}: “{words}” (1 Apr 2025)" for words in ("40 killed a day", "19,000 killed")]
    moved = xr.Dataset({"shift_days": ("item", [16.0, -9.0])}, coords={"item": items})
    axes = at.plots.tornado(moved, size=size)
    axes.figure.canvas.draw()
    printed = {" ".join(text.get_text().split()): text for text in axes.texts}
    for figure in ("40", "19,000"):
        (label,) = [words for words in printed if f"“{figure} killed" in words]
        assert label.startswith("Interim "), label
        assert printed[label].get_window_extent().x1 <= axes.figure.bbox.width


@pytest.mark.parametrize("size", ["page", "column"])
def test_what_a_tornado_says_in_place_of_a_bar_is_whole_and_what_is_no_change_has_none(
    size: Any,
) -> None:
    notes = ["", "", "with all, the median is no day within the forecast"]
    moved = xr.Dataset(
        {"shift_days": ("item", [0.3, -0.2, np.nan]), "note": ("item", notes)},
        coords={"item": ["one", "another", "a third"]},
    )
    axes = at.plots.tornado(moved, size=size)
    bars: list[Any] = list(axes.patches)
    assert [bar.get_width() for bar in bars] == [0.0, 0.0]
    figure = axes.figure
    figure.canvas.draw()
    for text in axes.texts:
        box = text.get_window_extent()
        assert box.x0 >= 0, text.get_text()
        assert box.x1 <= figure.bbox.width, text.get_text()
    printed = [" ".join(text.get_text().split()) for text in axes.texts]
    assert notes[2] in printed
    assert printed.count("no change") == 2


def outbreak(**more: Any) -> at.Forecast:
    claims = [
        at.claim("8 deaths", source="WHO", on="2026-02-01"),
        at.claim("5 deaths", source="WHO", on="2026-01-20"),
    ]
    return at.forecast(claims, kind="epidemic", seed=1, tolerance=300.0, **more)


def test_a_figure_uses_the_verb_of_its_sentence() -> None:
    forecast = outbreak()
    law = forecast.law()
    for level, verb in ((8.0, "reach"), (120.0, "pass")):
        sentence = str(forecast.cite(level))
        assert not re.search(r"\bpass" if verb == "reach" else r"\breach", sentence)
        for axes in (at.plots.crossing(law, level), at.plots.law(law, level)):
            words = [root(axes).texts[0].get_text(), at.plots.text_alternative(axes)]
            words += [text.get_text() for text in axes.texts if "\nby" in text.get_text()]
            for text in words:
                assert f"{verb}ed" in text or f"{verb}ing" in text
                assert not re.search("passe|passi" if verb == "reach" else "reach", text)


def test_people_stand_at_whole_numbers_of_an_axis() -> None:
    forecast = outbreak()
    dossier, law = forecast.dossier, forecast.law()
    for axes, axis in (
        (at.plots.claims(dossier, law.provenance.quantity), "y"),
        (at.plots.reports(dossier, law.provenance.quantity, threshold=6.0), "x"),
        (at.plots.claim(dossier.claims[0], dossier=dossier), "x"),
        (at.plots.fan(law, thresholds=[9.0], until="2026-02-02"), "y"),
    ):
        root(axes).canvas.draw()
        labels = [text.get_text() for text in getattr(axes, f"get_{axis}ticklabels")()]
        assert any(labels)
        assert not any("." in label for label in labels), labels


LONG = (
    "Civilians and members of the security forces killed in the intercommunal and insurgent "
    "violence in the Northern and North-Eastern Provinces"
)
OFFICES = (
    "Office of the High Commissioner for Human Rights of the United Nations in Ruritania",
    "Joint Observatory of Universities and Learned Societies on Political Violence",
)


@pytest.mark.parametrize("size", ["column", "page", "card"])
def test_a_long_name_is_cut_and_what_tells_rows_apart_is_not(whole: at.Forecast, size: Any) -> None:
    rows: list[tuple[at.Law, float]] = []
    for office in OFFICES:
        law = whole.law("russian-casualties")
        what = dataclasses.replace(law.provenance, title=LONG, basis_name=f"count of {office}")
        rows += [(law.with_provenance(what), level) for level in (1.0e6, 1.1e6)]
    rows = rows[::2] if size == "card" else rows
    named = plots.crossings.named_rows(rows)
    for axes in (
        at.plots.intervals(named, size=size),
        at.plots.ridges(named, size=size),
        at.plots.sources([rows[0][0], rows[-1][0]], size=size),
        at.plots.crossing(*rows[0], size=size),
        at.plots.law(*rows[0], size=size),
        at.plots.fan(rows[0][0], thresholds=[1e6], size=size),
    ):
        heading = root(axes).texts[0].get_text()
        assert heading.count("\n") < (4 if size == "column" else 2)
        assert "…: " in unbroken(heading)
        assert LONG in at.plots.text_alternative(axes) or axes.texts
        words = [unbroken(text.get_text()) for text in axes.texts if "ount" in text.get_text()]
        assert len(words) == len({*words})
        assert not any("…" in text for text in words)


def test_words_from_right_to_left_move_no_number_beside_them() -> None:
    source = "وزارة الصحة"
    claims = [at.claim("around 350 killed", source=source, on="2026-01-31")]
    dossier = at.forecast(claims, seed=1, size=64, tolerance=60.0).dossier
    (words,) = [t.get_text() for t in at.plots.reports(dossier, "killed").texts]
    assert words.startswith(f"\N{LEFT-TO-RIGHT MARK}{source}\N{LEFT-TO-RIGHT MARK}, 31 Jan 2026: ")


def test_a_fan_ends_before_its_thresholds_lie_at_its_foot() -> None:
    law = outbreak().law()
    short, whole = (at.plots.fan(law, thresholds=[9.0], until=day) for day in (None, law.horizon))
    assert short.get_xlim()[1] < 0.2 * whole.get_xlim()[1]
    assert 2 * short.get_ylim()[1] < whole.get_ylim()[1]
