"""The figures of a page: wide and narrow, light and dark, inside the page."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Callable
from datetime import date, timedelta

from matplotlib.axes import Axes

from attrition.core.laws import Law, crossing, print_date
from attrition.page.telling import Told
from attrition.plots import (
    look,
    new_figure,
    plot_crossing,
    plot_fan,
    plot_hindcast,
    plot_intervals,
    plot_law,
    plot_reports,
    plot_tornado,
    text_alternative,
)
from attrition.plots.claims import marks
from attrition.plots.look import saved
from attrition.plots.reports import MOST_REPORTS
from attrition.reporting import amount, basis_words, percent
from attrition.reporting.escape import for_html

WIDE, NARROW = 7.2, 3.9
"""Widths of a figure on a screen and on a telephone [inch]."""

_DARK = {
    look.INK: "#e4e9ee",
    look.MUTED: "#a9b4be",
    look.DATED: "#6db3da",
    look.OUTER: "#c9a24b",
    look.OUTER_INK: "#e3c27a",
    look.PALE: "#33404b",
    "#ffffff": "#14191f",
}
_METADATA = re.compile(r"<metadata>.*?</metadata>|<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->", re.DOTALL)
_DECIMALS = re.compile(r"(\d\.\d\d)\d+")  # a hundredth of a point is seen by nobody
_INDENT = re.compile(r"\n\s*")

_FONT = re.compile(r"'DejaVu Sans'(, '?[A-Za-z ]+'?)*")
_FAMILY = "'DejaVu Sans', Verdana, system-ui, sans-serif"  # the first two are of one width

Draw = Callable[[Axes], Axes]


def figure(draw: Draw, height: float, narrow_height: float, said: str = "") -> str:
    """Return a figure as HTML, drawn for a screen and again for a telephone.

    Its text alternative is its own, or ``said``, where a table beside it holds the same.
    """
    wide, narrow = (
        draw(new_figure(width, tall)[1])
        for width, tall in ((WIDE, height), (NARROW, narrow_height))
    )
    said = for_html(said or text_alternative(wide))
    size = [round(96 * inches) for inches in (WIDE, height)]
    return (
        f'<figure><picture><source media="(max-width: 560px)" srcset="{_uri(narrow)}">'
        f'<img alt="{said}" width="{size[0]}" height="{size[1]}" src="{_uri(wide)}"></picture>'
        "</figure>"
    )


def _uri(axes: Axes) -> str:
    svg = themed(saved(axes, "svg", words=True).decode())
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def themed(svg: str) -> str:
    """Return a figure whose colours follow the reader's choice of light or dark.

    Each colour becomes a variable with two values; the paper that is printed on is light.
    """
    bare = _FONT.sub(_FAMILY, _METADATA.sub("", svg))
    bare = _INDENT.sub("\n", _DECIMALS.sub(r"\1", bare)).strip()
    light, dark = [], []
    for index, (colour, other) in enumerate(_DARK.items()):
        bare = bare.replace(colour, f"var(--c{index})")
        light.append(f"--c{index}:{colour}")
        dark.append(f"--c{index}:{other}")
    style = (
        f"<style>:root{{{';'.join(light)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{';'.join(dark)}}}}}</style>"
    )
    return bare.replace("<defs>", f"{style}<defs>", 1)


def dots(made: Told) -> str:
    """Return the dotplot of the first threshold."""
    law, threshold = made.asked[0]
    prob = made.forecast.prob
    return figure(lambda ax: plot_crossing(law, threshold, ax, prob=prob), 3.8, 3.4)


def reports(made: Told) -> str:
    """Return who says what of the first total: its reported levels, then its paces."""
    law, threshold = made.asked[0]
    dossier, quantity = made.forecast.dossier, law.provenance.quantity
    if made.forecast.series is not None:
        return ""  # the reports of a recorded count are a line of the fan
    known = made.forecast.information_date

    def draw(ax: Axes, *, pace: bool) -> Axes:
        level = None if pace else threshold
        return plot_reports(dossier, quantity, ax, pace=pace, threshold=level, as_of=known)

    parts = []
    for pace in (False, True):
        rows = min(len(marks(dossier, quantity, 0.9, known, pace=pace)), MOST_REPORTS)
        if rows:
            both = functools.partial(draw, pace=pace)
            parts.append(figure(both, 0.5 * rows + 1.6, 0.66 * rows + 1.9))
    return "".join(parts)


def law(made: Told) -> str:
    """Return the probability of having passed the first threshold by each day."""
    law, threshold = made.asked[0]
    prob = made.forecast.prob
    return figure(lambda ax: plot_law(law, threshold, ax, prob=prob), 3.9, 3.9)


def intervals(made: Told) -> str:
    """Return one interval a row for all thresholds."""
    rows = [
        (f"{what.title}, {amount(k, what.unit)}, {basis_words(law)}", law, k)
        for law, k in made.asked
        for what in (law.provenance,)
        if not what.end_hazard
    ]
    height = 0.46 * len(rows) + 1.6
    prob = made.forecast.prob
    said = (
        f"{percent(prob)} intervals of {len(rows)} crossing dates, one a row, from "
        f"{print_date(made.forecast.information_date, 'day')} to "
        f"{print_date(made.forecast.horizon, 'day')}; the table holds the same."
    )
    narrow = 0.56 * len(rows) + 2.0
    return figure(lambda ax: plot_intervals(rows, ax, prob=prob), height, narrow, said)


def fan(made: Told) -> str:
    """Return the fan of the first total with its claims."""
    law, _ = made.asked[0]
    thresholds = made.forecast.thresholds[law.provenance.quantity]
    until = _until(law, max(thresholds))
    series = made.forecast.series
    dossier = made.forecast.dossier if series is None else None

    def draw(ax: Axes) -> Axes:
        return plot_fan(
            law, ax, thresholds=thresholds, dossier=dossier, happened=series, until=until
        )

    return figure(draw, 4.4, 4.4)


def _until(law: Law, threshold: float) -> date:
    """Return the last day of the fan: a while after the threshold is passed, nearly surely."""
    late = crossing(law, threshold, prob=0.98).upper
    if late.day is None or late.offset is None:
        return law.horizon
    return min(law.horizon, late.day + timedelta(days=30 + round(late.offset / 2)))


def tornado(made: Told) -> str:
    """Return what each report moves, or nothing where no report can be left out."""
    if made.moved is None:
        return ""
    basis = made.moved.attrs["basis"]
    law = made.forecast.law(made.moved.attrs["quantity"], basis)
    level = amount(made.moved.attrs["threshold"], law.provenance.unit)
    table = made.moved.assign_attrs(
        title=f"{law.provenance.title}: without one report",
        detail=(
            f"Days by which the median of passing {level} moves, "
            f"by {basis_words(law)}, when one report is left out."
        ),
    )
    rows = table.sizes["item"]
    return figure(lambda ax: plot_tornado(table, ax), 0.46 * rows + 1.6, 0.66 * rows + 1.9)


def strip(made: Told) -> str:
    """Return the first series of the stored record: what was forecast, and what happened."""
    return figure(lambda ax: plot_hindcast(made.past[0], ax), 4.2, 4.6)
