"""A picture of an archive: cited intervals, and what happened."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Unpack

from attrition._version import __version__
from attrition.core.errors import InputError
from attrition.plots.canvas import Look, canvas
from attrition.plots.dates import date_ticks
from attrition.plots.look import pen, say
from attrition.reporting import ArchiveScore
from attrition.reporting.words import chance

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_archive(
    scored: ArchiveScore, last: date, ax: Axes | None = None, **look: Unpack[Look]
) -> Axes:
    """Draw each cited interval as a row, with the day on which the total passed.

    Parameters
    ----------
    scored : ArchiveScore
    last : datetime.date
        Last day of the truth; open ends are drawn to it or to the last date known.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If nothing was scored.

    See Also
    --------
    attrition.reporting.score_archive : what is drawn.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> from datetime import date
    >>> import pandas as pd
    >>> truth = at.read_series(
    ...     pd.DataFrame(
    ...         {"date": ["2025-06-03", "2025-06-13", "2025-06-20"], "total": [500, 601, 660]}
    ...     )
    ... )
    >>> scored = at.reporting.score_archive([at.reporting.make_record(law, [600])], truth)
    >>> print(at.plots.text_alternative(at.plots.archive(scored, date(2025, 6, 20))))
    Cited 90 % intervals, and what happened: 1 of 1 resolved ones held. 600, held.
    """
    if not scored.rows:
        raise InputError(
            "a picture needs at least one cited interval",
            got="none",
            place="plot_archive",
            remedy="Choose another quantity or basis",
        )
    share = "none is resolved"
    if scored.running:
        share = "{} of {} resolved ones held".format(*scored.running[-1])
    probs = " and ".join(sorted({chance(row.prob) for row in scored.rows}))
    detail = "Bar: the interval as it was cited. Dot: the day it passed. Dotted: last day of data."
    source = f"Source: the archived records, by attrition {__version__}."
    body = 0.32 * len(scored.rows) + 0.5
    head, rows = f"{probs} intervals: {share}", len(scored.rows)
    with canvas(ax, body, head, detail, source, look, least=0.2 * rows + 0.4) as axes:
        colours = {"held": pen().dated, "missed": pen().outer, "pending": pen().muted}
        start = min(row.information_date for row in scored.rows)
        known = [day for row in scored.rows for day in (row.upper, row.happened) if day]
        end = (max([last, *known]) - start).days
        for level, row in enumerate(scored.rows):
            low = ((row.lower or row.information_date) - start).days
            high = (row.upper - start).days if row.upper else end
            axes.plot([low, high], [-level, -level], color=colours[row.outcome], lw=3)
            if row.happened:
                axes.plot([(row.happened - start).days], [-level], "o", color=pen().ink, ms=5)
        labels = [
            f"{row.threshold:,.10g}{' (may end)' if row.end_hazard else ''}, {row.outcome}"
            for row in scored.rows
        ]
        axes.set_yticks([-level for level in range(len(labels))], labels)
        axes.axvline((last - start).days, color=pen().muted, lw=0.8, ls=":")
        date_ticks(axes, start, 0, max(end, 1))
    words = f"Cited {probs} intervals, and what happened: {share}. {'; '.join(labels)}."
    return say(axes, words)
