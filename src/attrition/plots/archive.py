"""A picture of an archive: cited intervals, and what happened."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrition.core.errors import InputError
from attrition.plots.dates import date_ticks
from attrition.plots.look import DATED, INK, MUTED, OUTER, new_figure, say, styled
from attrition.reporting import ArchiveScore

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLORS = {"held": DATED, "missed": OUTER, "pending": MUTED}


def plot_archive(scored: ArchiveScore, last: date, ax: Axes | None = None) -> Axes:
    """Draw each cited interval as a row, with the day on which the total passed.

    Parameters
    ----------
    scored : ArchiveScore
    last : datetime.date
        Last day of the truth; open ends are drawn to it or to the last date known.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If nothing was scored.
    """
    if not scored.rows:
        raise InputError(
            "a picture needs at least one cited interval",
            got="none",
            place="plot_archive",
            remedy="Choose another quantity or basis",
        )
    with styled():
        axes = ax if ax is not None else new_figure(7.2, 0.32 * len(scored.rows) + 1.4)[1]
        start = min(row.information_date for row in scored.rows)
        known = [day for row in scored.rows for day in (row.upper, row.happened) if day]
        end = (max([last, *known]) - start).days
        for level, row in enumerate(scored.rows):
            low = ((row.lower or row.information_date) - start).days
            high = (row.upper - start).days if row.upper else end
            axes.plot([low, high], [-level, -level], color=_COLORS[row.outcome], lw=3)
            if row.happened:
                axes.plot([(row.happened - start).days], [-level], "o", color=INK, ms=5)
        labels = [
            f"{row.threshold:,.10g}{' (may end)' if row.end_hazard else ''}, {row.outcome}"
            for row in scored.rows
        ]
        axes.set_yticks([-level for level in range(len(labels))], labels)
        axes.axvline((last - start).days, color=MUTED, lw=0.8, ls=":")
        date_ticks(axes, start, 0, max(end, 1))
        share = "none is resolved"
        if scored.running:
            share = "{} of {} resolved ones held".format(*scored.running[-1])
        probs = " and ".join(sorted({f"{100 * row.prob:.12g} %" for row in scored.rows}))
        legend = "Dot: the day it passed. Dotted: last day of data."
        axes.set_title(f"{probs} intervals: {share}\n{legend}", fontsize=9)
    said = f"Cited {probs} intervals, and what happened: {share}. {'; '.join(labels)}."
    return say(axes, said)
