"""Pictures of laws: when totals pass their thresholds."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Literal

import numpy as np

from attrition.citation import number, percent
from attrition.laws import Crossing, Law, crossing, print_date
from attrition.laws.reading import threshold_column

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOTS = 50
"""Dots of a quantile dotplot: each stands for 2 % of the probability."""

INK, MUTED, DATED, OUTER = "#1f2933", "#6b7780", "#2a6f97", "#b08c3a"


def styled() -> AbstractContextManager[None]:
    """Return a context in which Matplotlib draws with the style sheet of this package."""
    from matplotlib import style

    return style.context(str(files("attrition").joinpath("data", "attrition.mplstyle")))


def new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of one axes without a window [inch]."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as NewFigure

    figure = NewFigure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots()


def _dot_days(law: Law, threshold: float) -> tuple[int, list[int], int]:
    """Return dots already passed, day offsets of the dated dots, and dots beyond the horizon."""
    mean = law.weights @ threshold_column(law, threshold)
    centres = (np.arange(DOTS) + 0.5) / DOTS
    already = int((centres <= mean[0]).sum())
    beyond = int((centres > mean[-1]).sum())
    days = [int(np.argmax(mean >= p)) for p in centres[already : DOTS - beyond]]
    return already, days, beyond


def date_ticks(axes: Axes, start: date, first: int, last: int) -> None:
    """Label the time axis by days, months or years; a year stands only where it begins."""
    span = max(last - first, 1)
    months = next((m for m, most in ((1, 250), (2, 500), (3, 800), (6, 1600)) if span <= most), 12)
    stamps: list[tuple[int, str]] = []
    year = 0
    for offset in range(first, last + 1):
        day = start + timedelta(days=offset)
        if span <= 100:  # noqa: PLR2004 - weeks rather than months
            wanted, label = (
                day.weekday() == 0 and (offset - first) // 7 % (span // 49 + 1) == 0,
                (f"{day.day} {calendar.month_abbr[day.month]}"),
            )
        else:
            wanted = day.day == 1 and (day.month - 1) % months == 0
            label = calendar.month_abbr[day.month]
        if wanted:
            stamps.append((offset, label if day.year == year else f"{label}\n{day.year}"))
            year = day.year
    axes.set_xticks([s[0] for s in stamps], [s[1] for s in stamps])


def titled(axes: Axes, heading: str, detail: str) -> None:
    """Set a heading and a line of detail, flush left with the figure."""
    figure = axes.figure
    figure.suptitle(f"{heading}\n", x=0.012, ha="left", fontsize=12, color=INK)
    figure.text(
        0.012, 0.985, f"\n{detail}", ha="left", va="top", fontsize=9, color=MUTED, linespacing=1.7
    )


def plot_crossing(law: Law, threshold: float, ax: Axes | None = None, *, prob: float = 0.9) -> Axes:
    """Draw the crossing date as 50 dots of equal probability, with what lies outside apart.

    Parameters
    ----------
    law : Law
    threshold : float
        The total that is passed [unit].
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    prob : float
        Probability of the interval drawn below the dots.

    Returns
    -------
    matplotlib.axes.Axes

    Notes
    -----
    A quantile dotplot of 50 dots led to better decisions than other displays
    (Fernandes et al. 2018, doi:10.1145/3173574.3173718).
    """
    with styled():
        axes = ax if ax is not None else new_figure(7.2, 3.6)[1]
        already, days, beyond = _dot_days(law, threshold)
        first, last = (min(days), max(days)) if days else (0, 30)
        width = max((last - first) / 26, 1.0)
        stacks = _stacks([round((day - first) / width) for day in days])
        left, right = first - 4.5 * width, last + 4.5 * width
        tallest = max([*stacks.values(), min(already, _COLUMN), min(beyond, _COLUMN), 6])
        for column, height in stacks.items():
            _dots(axes, [first + column * width] * height, range(height), DATED)
        start, end = (
            print_date(day, "day", short=True) for day in (law.information_date, law.horizon)
        )
        _outer(axes, left, width, already, f"passed by\n{start}")
        _outer(axes, right, width, beyond, f"not by\n{end}")
        _interval_bar(axes, crossing(law, threshold, prob=prob), first - width, last + width)
        axes.set_xlim(left - 3.5 * width, right + 3.5 * width)
        axes.set_ylim(-1.6, tallest + 0.5)
        axes.set_yticks([])
        date_ticks(axes, law.information_date, first, last)
        what = law.provenance
        titled(
            axes,
            f"When do {what.title} pass {number(threshold)}?",
            f"By the {what.basis_name}, {what.condition}. "
            "Each dot stands for 2 % of the probability.",
        )
    return axes


_COLUMN = 10  # dots one above the other in the detached columns


def _stacks(columns: Sequence[int]) -> dict[int, int]:
    heights: dict[int, int] = {}
    for column in columns:
        heights[column] = heights.get(column, 0) + 1
    return heights


def _dots(axes: Axes, x: Sequence[float], y: Sequence[int], color: str) -> None:
    axes.scatter(x, [level + 0.5 for level in y], s=58, color=color, lw=0)


def _outer(axes: Axes, x: float, width: float, count: int, label: str) -> None:
    """Draw the dots that have no date, in columns of ten, with their label below."""
    if count:
        columns = [index // _COLUMN for index in range(count)]
        shift = (columns[-1]) / 2
        at = [x + (column - shift) * width for column in columns]
        _dots(axes, at, [index % _COLUMN for index in range(count)], OUTER)
        axes.text(x, -0.35, label, ha="center", va="top", fontsize=8.5, color=OUTER)


def _interval_bar(axes: Axes, read: Crossing, first: float, last: float) -> None:
    ends = {"already": first, "beyond": last, "ended": last}
    low = read.lower.offset if read.lower.offset is not None else ends[read.lower.state]
    high = read.upper.offset if read.upper.offset is not None else ends[read.upper.state]
    axes.plot([low, high], [-0.5, -0.5], color=INK, lw=2, solid_capstyle="butt")
    if read.lower.state == "already":
        axes.plot([low], [-0.5], "<", color=INK, ms=7)
    if read.upper.day is None and read.upper.state != "already":
        axes.plot([high], [-0.5], ">", color=INK, ms=7)
    if read.median.offset is not None and read.median.day is not None:
        axes.plot([read.median.offset], [-0.5], "o", color=INK, ms=6)
        text = f"{percent(read.prob)} interval; median {print_date(read.median.day, read.unit)}"
        axes.text((low + high) / 2, -0.85, text, ha="center", va="top", fontsize=8.5)


def plot_intervals(
    crossings: Sequence[tuple[str, Law, float]], ax: Axes | None = None, *, prob: float = 0.9
) -> Axes:
    """Draw one interval a row: when each total passes its threshold.

    Parameters
    ----------
    crossings : sequence of (label, Law, threshold)
        What to draw, from top to bottom; laws share information date and horizon.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    prob : float
        Probability of the equal-tailed intervals.

    Returns
    -------
    matplotlib.axes.Axes
    """
    with styled():
        axes = ax if ax is not None else new_figure(8.4, 0.42 * len(crossings) + 1.5)[1]
        law = crossings[0][1]
        days = (law.horizon - law.information_date).days
        for row, (_, shown, threshold) in enumerate(crossings):
            _interval_row(axes, -row, crossing(shown, threshold, prob=prob), days)
        axes.set_xlim(-0.02 * days, days * 1.14)
        axes.set_ylim(-len(crossings) + 0.4, 0.6)
        axes.set_yticks(-np.arange(len(crossings)), [label for label, _, _ in crossings])
        axes.tick_params(axis="y", length=0)
        axes.axvline(0, color=MUTED, lw=0.8)
        axes.axvline(days, color=MUTED, lw=0.8, ls=":")
        date_ticks(axes, law.information_date, 0, days)
        titled(
            axes,
            "When do the totals pass their thresholds?",
            f"{percent(prob)} intervals, {law.provenance.condition}, as known on "
            f"{print_date(law.information_date, 'day')}. Dot: median. "
            "Arrow: already passed, or not by the horizon.",
        )
    return axes


def _interval_row(axes: Axes, y: float, read: Crossing, days: int) -> None:
    ends = {"already": 0.0, "beyond": float(days), "ended": float(days)}
    low = read.lower.offset if read.lower.offset is not None else ends[read.lower.state]
    high = read.upper.offset if read.upper.offset is not None else ends[read.upper.state]
    axes.plot([low, high], [y, y], color=DATED, lw=3, solid_capstyle="butt")
    if read.lower.state == "already":
        axes.plot([0], [y], "<", color=OUTER, ms=7)
    if read.upper.state in ("beyond", "ended"):
        axes.plot([days], [y], ">", color=OUTER, ms=7)
    if read.median.offset is not None:
        axes.plot([read.median.offset], [y], "o", color=INK, ms=5)
    if read.masses.beyond >= 0.01:  # noqa: PLR2004 - one in a hundred
        text = f"{percent(read.masses.beyond)} later"
        axes.text(days * 1.02, y, text, va="center", fontsize=8.5, color=OUTER)


def figure_bytes(axes: Axes, form: Literal["svg", "png"]) -> bytes:
    """Return the figure of an axes as a file's content; the same figure gives the same bytes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    form : {"svg", "png"}
    """
    stream = BytesIO()
    metadata = {"Date": None} if form == "svg" else {"Software": None}
    figure = axes.get_figure(root=True)
    if figure is None:  # pragma: no cover - axes made here always have one
        raise ValueError(axes)
    with styled():
        figure.savefig(stream, format=form, metadata=metadata)
    return stream.getvalue()
