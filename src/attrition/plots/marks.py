"""Who says what: each report of a total as a mark, with its words beside it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Unpack

from attrition.core.days import day_from
from attrition.core.errors import InputError
from attrition.core.laws import print_date
from attrition.data.dossier import Dossier
from attrition.plots.canvas import Look, canvas, source_of
from attrition.plots.look import fitted, pen, say, size_of
from attrition.plots.marks_by_source import Mark, draw_arrow, history_words, marks
from attrition.plots.rows import draw_interval, frame_rows, name_row
from attrition.reporting import number
from attrition.reporting.words import chance

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_REPORTS = 24
"""Rows of a picture at most: the latest reports."""

_ARROW = 22  # points
_NARROW = 5.0  # inches; a telephone


def plot_reports(
    dossier: Dossier,
    quantity: str,
    ax: Axes | None = None,
    *,
    pace: bool = False,
    threshold: float | None = None,
    prob: float = 0.9,
    as_of: date | str | None = None,
    **look: Unpack[Look],
) -> Axes:
    """Draw each report of a total as a row: its words, and what they leave open.

    Parameters
    ----------
    dossier : Dossier
    quantity : str
        Id of the quantity.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    pace : bool
        The reported paces instead of the totals.
    threshold : float, optional
        A total marked by a line [unit].
    prob : float
        Probability of the intervals, of the wording alone.
    as_of : datetime.date or str, optional
        Information date; claims published later are not drawn. The latest when left out.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes
        The latest of 24 reports at most on top. An arrow to the right is a floor ("at least"), one
        to the left a cap ("at most").

    Raises
    ------
    InputError
        If the quantity is unknown, or nothing of the kind is reported.

    See Also
    --------
    attrition.plots.claims : the same over time.
    attrition.check : what contradicts what.

    Examples
    --------
    >>> import attrition as at
    >>> axes = at.plots.reports(at.read_dossier("russia-ukraine-2025-06"), "russian-killed")
    >>> print(at.plots.text_alternative(axes))
    1 reports of Russian military killed, total: CSIS, May 2025: “up to 250,000 could be
    fatalities”.
    """
    known = dossier.latest_published if as_of is None else day_from(as_of, "as_of")
    reports = marks(dossier, quantity, prob, known, pace=pace)
    kind = "pace" if pace else "total"
    if not reports:
        raise InputError(
            f"a picture of reports needs a reported {kind}",
            got=f"none known on {known}",
            place=f"dossier '{dossier.id}', quantities.{quantity}",
            remedy="Choose another quantity or a later information date",
        )
    what = dossier.quantities[quantity]
    reports.sort(key=lambda mark: (mark.claim.published.last, mark.day), reverse=True)
    shown, older = reports[:MOST_REPORTS], reports[MOST_REPORTS:]
    unit = f"{what.unit} per day" if pace else what.unit
    line = "" if threshold is None else f" Dashed: {number(threshold)}."
    more = f" {len(older)} older ones are left out." if older else ""
    detail = (
        f"In {unit}. Bar: {chance(prob)} of what the words leave open; arrow: at least, at most."
        f"{history_words(shown)}{line}{more}"
    )
    heading = f"{what.title}: {'the pace, ' if pace else ''}who says what"
    names = tuple(dict.fromkeys(dossier.sources[mark.source].name for mark in shown))
    body = (0.66 if look.get("size") == "column" else 0.5) * len(shown) + 0.4
    source = source_of(names, known, look.get("record"))
    with canvas(ax, body, heading, detail, source, look, least=0.34 * len(shown) + 0.4) as axes:
        lines = 1 if size_of(axes)[0] > _NARROW else 2
        for row, mark in enumerate(shown):
            _row(axes, -row, mark, fitted(axes, mark_words(dossier, mark), 0.94, lines=lines))
        ends = [value for mark in shown for value in (mark.low, mark.high)]
        frame_rows(axes, len(shown), ends, threshold, margin=0.12)
    rows = "; ".join(mark_words(dossier, mark) for mark in shown)
    return say(axes, f"{len(reports)} reports of {what.title}, {kind}: {rows}.")


def mark_words(dossier: Dossier, mark: Mark) -> str:
    """Return who says what of which day: “CSIS, May 2025: “approximately 950,000””."""
    claim = mark.claim
    day = print_date(claim.as_of.first, claim.as_of.precision, short=True)
    stated = f"“{claim.words}”" if claim.words else _stated(mark)
    past = " (superseded)" if mark.history else ""
    return f"{dossier.sources[claim.source].name}, {day}: {stated}{past}"


def _stated(mark: Mark) -> str:
    if mark.arrow:
        return f"{'at least' if mark.arrow > 0 else 'at most'} {number(mark.middle)}"
    low, middle, high = (float(f"{v:.3g}") for v in (mark.low, mark.middle, mark.high))
    return number(middle) if low == high else f"{number(low)} to {number(high)}"


def _row(axes: Axes, y: float, mark: Mark, words: str) -> None:
    name_row(axes, y, words)
    if mark.arrow:
        colour = pen().muted if mark.history else pen().dated
        axes.plot([mark.middle], [y], "|", color=colour, ms=9, mew=2)
        draw_arrow(axes, (mark.middle, y), (_ARROW * mark.arrow, 0), colour, 1.6)
        return
    draw_interval(axes, y, (mark.low, mark.middle, mark.high), history=mark.history)
