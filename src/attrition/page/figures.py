"""The figures of a page: wide and narrow, light and dark, inside the page."""

from __future__ import annotations

import base64
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
    plot_tornado,
    text_alternative,
)
from attrition.plots.look import saved
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
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)

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
    return figure(lambda ax: plot_crossing(law, threshold, ax, prob=prob), 3.8, 4.4)


def intervals(made: Told) -> str:
    """Return one interval a row for all thresholds."""
    rows = [
        (f"{what.title}, {amount(k, what.unit)}, {what.basis_name}", law, k)
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
    dossier = made.forecast.dossier

    def draw(ax: Axes) -> Axes:
        return plot_fan(law, ax, thresholds=thresholds, dossier=dossier, until=until)

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
