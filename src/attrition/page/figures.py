"""The figures of a page: wide and narrow, light and dark, inside the page."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from attrition import plots
from attrition.core.laws import print_date
from attrition.forecasts.asking import PLUS
from attrition.page.content import PageContent
from attrition.plots import Look
from attrition.plots import look as colours
from attrition.plots.canvas import source_words
from attrition.plots.crossings import named_rows
from attrition.plots.look import size_of
from attrition.plots.marks_by_source import marks
from attrition.plots.sheet import on_sheets
from attrition.plots.shifts import Shifts, draw_tornado
from attrition.reporting import amount, basis_words, percent
from attrition.reporting.templates import fragment

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DARK = {
    colours.INK: "#e4e9ee",
    colours.MUTED: "#a9b4be",
    colours.DATED: "#6db3da",
    colours.OUTER: "#c9a24b",
    colours.OUTER_INK: "#e3c27a",
    colours.PALE: "#33404b",
    "#ffffff": "#14191f",
}
Draw = Callable[[Look], "Axes"]


def figure(page: PageContent, draw: Draw, alternative: str = "") -> str:
    """Return a figure as HTML, drawn for a screen and again for a telephone.

    Its text alternative is its own, or ``alternative``, where a table beside it holds the same.
    """
    record = None if page.record is None else page.record.id
    with on_sheets():
        wide, narrow = (draw({"size": size, "record": record}) for size in ("page", "column"))
    width, height = (round(96 * inches) for inches in size_of(wide))
    return fragment(
        "figure.html",
        words=alternative or plots.text_alternative(wide),
        width=width,
        height=height,
        wide=_uri(wide),
        narrow=_uri(narrow),
    )


def _uri(sheet: Any) -> str:  # noqa: ANN401 - a Sheet in the place of Axes
    data = base64.b64encode(themed(sheet.svg()).encode()).decode()
    return Markup(f"data:image/svg+xml;base64,{data}")  # noqa: S704 - letters that are harmless


def themed(svg: str) -> str:
    """Return a figure whose colours follow the reader's choice of light or dark.

    Each colour becomes a variable with two values; the paper that is printed on is light.
    """
    light, dark = [], []
    for index, (colour, other) in enumerate(_DARK.items()):
        svg = svg.replace(colour, f"var(--c{index})")
        light.append(f"--c{index}:{colour}")
        dark.append(f"--c{index}:{other}")
    style = (
        f"<style>:root{{{';'.join(light)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{';'.join(dark)}}}}}</style>"
    )
    return svg.replace("<defs>", f"{style}<defs>", 1)


def dots(page: PageContent) -> str:
    """Return the dotplot of the first threshold, or its counts where these share no date."""
    law, threshold = page.asked[0]
    prob = page.forecast.prob
    if page.counts:
        total = law.provenance.quantity
        laws = [one for (key, _), one in page.forecast.laws.items() if key == total]
        return figure(
            page, lambda look: plots.sources(laws, threshold=threshold, prob=prob, **look)
        )
    return figure(page, lambda look: plots.crossing(law, threshold, prob=prob, **look))


def reports(page: PageContent) -> str:
    """Return who says what of the first total, or of each that is added: levels, then paces."""
    law, threshold = page.asked[0]
    dossier, quantities = page.forecast.dossier, law.provenance.quantity.split(PLUS)
    if page.forecast.carried is not None:
        return ""  # the reports of a recorded count are a line of the fan
    known = page.forecast.information_date

    def draw(look: Look, *, quantity: str, pace: bool) -> Axes:
        level = None if pace or len(quantities) > 1 else threshold
        return plots.reports(dossier, quantity, pace=pace, threshold=level, as_of=known, **look)

    return Markup().join(
        figure(page, functools.partial(draw, quantity=quantity, pace=pace))
        for quantity in quantities
        for pace in (False, True)
        if marks(dossier, quantity, 0.9, known, pace=pace)
    )


def law(page: PageContent) -> str:
    """Return the probability of having passed the first threshold by each day."""
    first, threshold = page.asked[0]
    prob = page.forecast.prob
    return figure(page, lambda look: plots.law(first, threshold, prob=prob, **look))


def intervals(page: PageContent) -> str:
    """Return one interval a row for all thresholds."""
    rows = named_rows((law, k) for law, k in page.asked if not law.provenance.end_hazard)
    prob = page.forecast.prob
    alternative = (
        f"{percent(prob)} intervals of {len(rows)} crossing dates, one a row, from "
        f"{print_date(page.forecast.information_date, 'day')} to "
        f"{print_date(page.forecast.horizon, 'day')}; the table holds the same."
    )
    return figure(page, lambda look: plots.intervals(rows, prob=prob, **look), alternative)


def fan(page: PageContent) -> str:
    """Return the fan of the first total with its claims, or with its recorded count."""
    first, _ = page.asked[0]
    thresholds = page.forecast.thresholds[first.provenance.quantity]
    series = page.forecast.carried
    dossier = page.forecast.dossier if series is None else None

    def draw(look: Look) -> Axes:
        return plots.fan(first, thresholds=thresholds, dossier=dossier, happened=series, **look)

    return figure(page, draw)


def tornado(page: PageContent) -> str:
    """Return what each report moves, or nothing where no report can be left out."""
    if page.moved is None:
        return ""
    moved, rows = page.moved.law, page.moved.rows
    level = amount(page.moved.threshold, moved.provenance.unit)
    days = np.array([row.shift for row in rows])
    shifts = Shifts(
        [row.name for row in rows],
        days,
        days,
        [row.note for row in rows],
        f"{moved.provenance.title}: without one report",
        f"Days by which the median date of {level} moves, "
        f"by {basis_words(moved)}, when one report is left out.",
        source_words(moved, None if page.record is None else page.record.id),
    )
    return figure(page, lambda look: draw_tornado(shifts, **look))


def strip(page: PageContent) -> str:
    """Return the first series of the stored record: what was forecast, and what happened."""
    return figure(page, lambda look: plots.hindcast(page.past[0], **look))
