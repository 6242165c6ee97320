"""Ridgelines: when several thresholds, or several sources' counts, are passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from attrition.core.laws import Crossing, crossing, print_date
from attrition.core.laws.reading import mean_of
from attrition.plots.canvas import Look, canvas
from attrition.plots.crossings import Rows
from attrition.plots.dates import date_ticks
from attrition.plots.look import LABEL, fitted, pen, say, size_of, undated, width_of, write
from attrition.reporting import percent
from attrition.reporting.spans import end_words
from attrition.reporting.subject import capital
from attrition.reporting.words import condition, signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BINS = 120
_TALL = 1.7  # rows that the highest ridge may take
_SEEN = 0.005
_FRONT = 99
_CHARACTER, _LEAST = 0.085, 1.0  # inches
_WIDEST = 0.4  # of the width, for the labels


def plot_ridges(crossings: Rows, ax: Axes | None = None, **look: Unpack[Look]) -> Axes:
    """Draw the density of each crossing date as a ridge, one above another.

    Parameters
    ----------
    crossings : sequence of (label, Law, threshold)
        What to draw, from top to bottom; laws share information date and horizon.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes
        Equal areas are equal probabilities, in all rows. What has no date is written at the ends
        of a row: passed already, and not by the horizon.

    See Also
    --------
    attrition.plots.intervals : intervals alone.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> print(at.plots.text_alternative(at.plots.ridges([("600", law, 600), ("700", law, 700)])))
    Ridgelines of the day of passing. 600: median 13 Jun 2025, less than 0.1 % already, less
    than 0.1 % later; 700: median 23 Jun 2025, less than 0.1 % already, less than 0.1 % later.
    """
    law = crossings[0][1]
    reads = [crossing(one, threshold) for _, one, threshold in crossings]
    days = _last(crossings)
    width = max(round(days / _BINS), 1)
    edges = np.arange(0, days + 1, width)
    means = [mean_of(one, threshold) for _, one, threshold in crossings]
    masses = [np.diff(mean[edges]) for mean in means]
    scale = _TALL / (max(float(m.max()) for m in masses) or 1.0)
    detail = (
        f"{capital(condition(law))}, as known on {print_date(law.information_date, 'day')}. Equal "
        "areas are equal probabilities; dot: median. Beside a row: the probability that has no "
        "date in it."
    )
    head, body = "When is each total passed?", 0.62 * len(reads) + 0.9
    with canvas(ax, body, head, detail, law, look, least=0.34 * len(reads) + 0.4) as axes:
        middle = (edges[1:] + edges[:-1]) / 2
        x = np.concatenate(([edges[0]], middle, [edges[-1]]))
        for row, mass in enumerate(masses):
            y = np.concatenate(([mass[0]], mass, [mass[-1]])) * scale - row
            axes.fill_between(x, -row, y, color=pen().dated, alpha=0.35, lw=0, zorder=row + 1)
            axes.plot(x, y, color=pen().dated, lw=1.3, zorder=row + 1)
            axes.plot([0, edges[-1]], [-row, -row], color=pen().muted, lw=0.7, zorder=row + 1)
        share = _margin(axes, crossings)
        sure = [one.draws for _, one, _ in crossings]
        later = [_later(*each).replace("% ", "%\n") for each in zip(reads, sure, strict=True)]
        outside = max(map(width_of, later))
        right = (outside + 0.1) / size_of(axes)[0]
        axes.set_xlim(-share / (1 - share - right) * days, days / (1 - right / (1 - share)))
        axes.set_ylim(-len(reads) + 0.55, _TALL + 0.25)
        for row, read in enumerate(reads):
            label = fitted(axes, crossings[row][0], share)
            _words(axes, row, label, read, days, draws=sure[row])
        axes.set_yticks([])
        axes.spines["bottom"].set_bounds(0, days)
        date_ticks(axes, law.information_date, 0, days, 1 - share - right)
    rows = [
        f"{label}: median {end_words(one, read.median, read.unit, short=True)}, "
        f"{percent(read.masses.already, one.draws)} already, "
        f"{percent(undated(read)[0], one.draws)} {undated(read)[1]}"
        for (label, one, _), read in zip(crossings, reads, strict=True)
    ]
    return say(axes, f"Ridgelines of the day of passing. {'; '.join(rows)}.")


def _last(crossings: Rows) -> int:
    """Return the last day that is drawn: where every law is flat there is nothing to see."""
    horizon = (crossings[0][1].horizon - crossings[0][1].information_date).days
    far = 0
    for _, law, threshold in crossings:
        mean = mean_of(law, threshold)
        far = max(far, int(np.argmax(mean >= mean[-1] - 0.01 * (mean[-1] - mean[0]))))
    return horizon if far > 0.7 * horizon else min(max(int(1.08 * far), 14), horizon)


def _margin(axes: Axes, crossings: Rows) -> float:
    """Return the share of the width that the labels need, at most two fifths."""
    longest = max(len(label) for label, _, _ in crossings)
    return min(max(_CHARACTER * longest, _LEAST) / size_of(axes)[0], _WIDEST)


def _later(read: Crossing, draws: float) -> str:
    """Return how likely no date is within the days, where it is worth saying."""
    mass, word = undated(read)
    return f"{signs(mass, draws)} {word}" if mass >= _SEEN else ""


def _words(axes: Axes, row: int, label: str, read: Crossing, days: int, *, draws: float) -> None:
    if read.median.offset is not None and read.median.offset <= days:
        axes.plot([read.median.offset], [-row], "o", color=pen().ink, ms=5, zorder=_FRONT)
    mass = read.masses.already
    already, later = f"{signs(mass, draws)} already" if mass >= _SEEN else "", _later(read, draws)
    high, ink = 1.15 * LABEL if already else -1, pen().outer_ink
    for text, place, shift, side, color in (
        (label, (0, -row), (-5, high), "right", pen().ink),
        (already, (0, -row), (-5, -1), "right", ink),
        (later.replace("% ", "%\n"), (days, -row), (5, -1), "left", ink),
    ):
        look: dict[str, Any] = {"color": color, "in_layout": False, "linespacing": 0.95}
        write(axes, text, place, shift, (side, "bottom"), **look)
