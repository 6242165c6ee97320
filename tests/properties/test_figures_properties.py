"""No word of a figure is cut off or meets another, at any size, of random laws and dossiers."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import attrition as at
from attrition import testing
from attrition.data.dossier.quoted import dossier_of
from attrition.page.grid import thresholds_of
from attrition.plots import Look
from attrition.plots.look import figure_of
from attrition.plots.sheet import on_sheets, sheet_of

SIZES: tuple[Look, ...] = ({"size": "column"}, {"size": "page"}, {"size": "card"})
slow = settings(
    max_examples=settings().max_examples // 8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a figure is slow to shrink
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def words_of(axes: Axes) -> list[tuple[str, Any]]:
    """Return every word of a figure that is seen, with its box."""
    figure, view = figure_of(axes), axes.viewLim
    axis = [t for t in axes.get_xticklabels() if view.containsx(t.get_position()[0])]
    axis += [t for t in axes.get_yticklabels() if view.containsy(t.get_position()[1])]
    texts = [t for t in (*axes.texts, *figure.texts, *axis) if t.get_text().strip()]
    return [(t.get_text(), Text.get_window_extent(t)) for t in texts]  # without lines that lead


def faults(axes: Axes) -> list[str]:
    """Return what is cut off and what meets, by more than a pixel of its ink."""
    figure, collisions = figure_of(axes), []
    if (sheet := sheet_of(axes)) is not None:
        spare, (width, height) = 1.0, (72 * inches for inches in sheet.get_size_inches())
        words = [(one.text, Bbox.from_extents(*one.box())) for one in sheet.words() if one.text]
    else:
        figure.draw_without_rendering()
        spare, width, height = figure.dpi / 72, figure.bbox.x1, figure.bbox.y1
        words = words_of(axes)
    for text, box in words:
        beyond = box.x1 > width + spare or box.y1 > height + spare
        if beyond or box.x0 < -spare or box.y0 < -spare:
            collisions.append(f"cut: {text}")
    for (one, a), (other, b) in itertools.combinations(words, 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        tall = min(a.y1, b.y1) - max(a.y0, b.y0)
        if wide > spare and tall > 3 * spare:  # a box is taller than its letters
            collisions.append(f"{one!r} meets {other!r}")
    return collisions


@slow
@given(
    law=testing.laws(),
    place=st.integers(0, 8),
    size=st.sampled_from(SIZES),
    prob=st.sampled_from([0.5, 0.9, 0.99]),
)
def test_figures_of_a_law(law: at.Law, place: int, size: Look, prob: float) -> None:
    threshold = float(law.thresholds[min(place, law.thresholds.size - 1)])
    other = float(law.thresholds[law.thresholds.size // 2])
    twice = dataclasses.replace(law.provenance, basis="csis", basis_name="count of CSIS")
    rows = [
        (f"{law.provenance.title}, {k:,.0f}, {law.provenance.basis_name}", law, k)
        for k in (threshold, other)
    ]

    def of_a_page() -> list[Axes]:
        return [
            at.plots.crossing(law, threshold, prob=prob, **size),
            at.plots.law(law, threshold, prob=prob, **size),
            at.plots.intervals(rows, prob=prob, **size),
            at.plots.fan(law, thresholds=sorted({threshold, other}), **size),
        ]

    with on_sheets():
        sheets = of_a_page()
    for axes in (
        *sheets,
        *of_a_page(),
        at.plots.ridges(rows, **size),
        at.plots.sources([law, law.with_provenance(twice)], threshold=threshold, prob=prob, **size),
    ):
        assert faults(axes) == [], at.plots.text_alternative(axes)


@st.composite
def dossiers(draw: st.DrawFn) -> at.Dossier:
    """Return a dossier of quoted words by sources with short and long names."""
    first = at.claim("around 1,000 killed", source="CSIS", on="2025-05-04", quantity="killed")
    return dossier_of([first, *draw(st.lists(testing.claims(), min_size=1, max_size=12))])


@slow
@given(dossier=dossiers(), law=testing.laws(), size=st.sampled_from(SIZES[:2]))
def test_figures_of_reports(dossier: at.Dossier, law: at.Law, size: Look) -> None:
    (quantity,) = dossier.quantities
    what = dataclasses.replace(law.provenance, quantity=quantity, basis="latent", end_hazard=0.0)
    of_it = law.with_provenance(what)

    def of_a_page() -> Iterator[Axes]:
        yield at.plots.reports(dossier, quantity, threshold=1_500.0, **size)
        levels = of_it.thresholds[4:6].tolist()
        yield at.plots.fan(of_it, thresholds=levels, dossier=dossier, **size)
        if any(claim.kind == "rate" for claim in dossier.claims):
            yield at.plots.reports(dossier, quantity, pace=True, **size)

    with on_sheets():
        sheets = [*of_a_page()]
    for axes in (
        *sheets,
        *of_a_page(),
        at.plots.claims(dossier, quantity, **size),
        at.plots.claim(dossier.claims[0], dossier=dossier, **size),
    ):
        assert faults(axes) == [], at.plots.text_alternative(axes)


def test_dotplots_of_all_states_of_the_sliders(whole: at.Forecast) -> None:
    """On a sheet of a page in one of its widths, and in one size of matplotlib."""
    widths, sizes, drawn = itertools.cycle(SIZES[:2]), itertools.cycle(SIZES), 0
    for (key, _), law in whole.laws.items():
        for threshold in thresholds_of(law, whole.thresholds[key]):
            with on_sheets():
                states = [at.plots.crossing(law, threshold, **next(widths))]
            states.append(at.plots.crossing(law, threshold, **next(sizes)))
            drawn += len(states)
            for axes in states:
                assert faults(axes) == [], at.plots.text_alternative(axes)
    assert drawn >= 600


def test_a_word_that_is_cut_off_on_a_sheet_would_be_noticed() -> None:
    with on_sheets():
        axes = at.plots.reports(at.read_dossier("russia-ukraine-2025-06"), "russian-killed")
    assert faults(axes) == []
    axes.text(axes.get_xlim()[1], 0, "a word far too long for the place", va="top")
    assert any(fault.startswith("cut: a word") for fault in faults(axes))


def test_a_word_that_is_cut_off_or_meets_another_would_be_noticed() -> None:
    axes = at.plots.claim(at.parse("around 1,000")[0])
    assert faults(axes) == []
    axes.text(axes.get_xlim()[1], 0, "a word far too long for the place where it stands")
    (cut,) = faults(axes)
    assert cut.startswith("cut: a word")
    axes.texts[-1].remove()
    place = axes.texts[0].get_position()
    axes.text(*place, "another", va="top", ha="center", fontsize=8.5)
    assert any("meets 'another'" in one for one in faults(axes))


@pytest.mark.parametrize("size", ["column", "page", "card"])
def test_sizes_are_those_of_a_column_a_page_and_a_card(size: Any) -> None:
    axes = at.plots.claim(at.parse("around 1,000")[0], size=size)
    figure = figure_of(axes)
    width, height = figure.get_size_inches()
    assert width == {"column": 3.4, "page": 7.2, "card": 6.0}[size]
    if size == "card":
        assert (round(width * figure.dpi), round(height * figure.dpi)) == (1200, 630)
