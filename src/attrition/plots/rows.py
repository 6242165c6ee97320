"""Rows of a picture, each with its words above an interval: reports of a total, and its counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Unpack

from attrition.core.days import day_from
from attrition.core.errors import refusal
from attrition.core.laws import Law, print_date, probability_by, total
from attrition.data.dossier import Dossier
from attrition.plots.canvas import Look, canvas, counts_of, source_of
from attrition.plots.densities import amount_ticks
from attrition.plots.look import ACROSS, cleared, fitted, pen, say, size_of, write
from attrition.plots.marks_by_source import Mark, draw_arrow, history_words, known_marks, names_of
from attrition.reporting import amount, basis_words, number, percent
from attrition.reporting.passing import passing
from attrition.reporting.questions import rounded_ends
from attrition.reporting.subject import capital
from attrition.reporting.words import chance, condition, in_unit, signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def name_row(axes: Axes, y: float, words: str) -> None:
    """Draw the line of a row, and its words above it."""
    axes.axhline(y, color=pen().pale, lw=0.8, zorder=0)
    look: dict[str, Any] = {"xycoords": ACROSS, "linespacing": 1.0, "in_layout": False}
    look |= cleared()
    write(axes, words, (0, y), (1, 5), ("left", "bottom"), **look)


def draw_interval(
    axes: Axes, y: float, ends: tuple[float, float, float], *, history: bool = False
) -> None:
    """Draw an interval and the dot of its middle: lower end, middle and upper end."""
    low, middle, high = ends
    bar, dot = (pen().muted, pen().muted) if history else (pen().dated, pen().ink)
    axes.plot([low, high], [y, y], color=bar, lw=3.5, solid_capstyle="butt")
    axes.plot([middle], [y], "o", color=dot, ms=5.5, zorder=4)


def frame_rows(
    axes: Axes, rows: int, ends: Sequence[float], threshold: float | None, unit: str
) -> None:
    """Lay out axes for rows from 0 down, with a threshold as a dashed line.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    rows : int
    ends : sequence of float
        All ends of intervals [unit].
    threshold : float, optional
        A total that is marked [unit].
    unit : str
        What is counted; people stand at whole numbers.
    """
    every = [*ends] if threshold is None else [*ends, threshold]
    spread = (max(every) - min(every)) or 0.2 * max(*every, 1.0)
    axes.set_xlim(max(min(every) - _MARGIN * spread, 0.0), max(every) + _MARGIN * spread)
    axes.set_ylim(-rows + 0.45, 0.62)
    axes.set_yticks([])
    amount_ticks(axes, whole=unit == "persons")
    if threshold is not None:
        axes.axvline(threshold, color=pen().outer_ink, lw=1.0, ls=(0, (4, 3)), zorder=0)


MOST_REPORTS = 24
"""Rows of a picture at most: the latest reports."""

_ARROW = 22  # points
_NARROW = 5.0  # inches; a telephone
_MARGIN = 0.12  # on either side of all rows, of their spread


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
    1 report of Russian military killed, total: CSIS, May 2025: “up to 250,000 could be
    fatalities”.
    """
    reports, known = known_marks(dossier, quantity, prob, as_of, "reports", pace=pace)
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
    body = (0.66 if look.get("size") == "column" else 0.5) * len(shown) + 0.4
    source = source_of(names_of(dossier, shown), known, look.get("record"))
    with canvas(ax, body, heading, detail, source, look, least=0.34 * len(shown) + 0.4) as axes:
        lines = 1 if size_of(axes)[0] > _NARROW else 2
        for row, mark in enumerate(shown):
            # of a long name the beginning, so that its words have room
            name = fitted(axes, dossier.sources[mark.claim.source].name, 0.45 * lines, lines=1)
            name_row(axes, -row, fitted(axes, _words_of(name, mark), 0.94, lines=lines))
            if mark.arrow:
                colour = pen().muted if mark.history else pen().dated
                axes.plot([mark.middle], [-row], "|", color=colour, ms=9, mew=2)
                draw_arrow(axes, (mark.middle, -row), (_ARROW * mark.arrow, 0), colour, 1.6)
            else:
                ends = (mark.low, mark.middle, mark.high)
                draw_interval(axes, -row, ends, history=mark.history)
        reach = [value for mark in shown for value in (mark.low, mark.high)]
        frame_rows(axes, len(shown), reach, threshold, unit)
    rows = "; ".join(mark_words(dossier, mark) for mark in shown)
    kind = "pace" if pace else "total"
    many = f"{len(reports)} report{'s' * (len(reports) > 1)}"
    return say(axes, f"{many} of {what.title}, {kind}: {rows}.")


def mark_words(dossier: Dossier, mark: Mark) -> str:
    """Return who says what of which day: “CSIS, May 2025: “approximately 950,000””."""
    return _words_of(dossier.sources[mark.claim.source].name, mark)


def _words_of(name: str, mark: Mark) -> str:
    claim = mark.claim
    day = print_date(claim.as_of.first, claim.as_of.precision, short=True)
    stated = f"“{claim.words}”" if claim.words else _stated(mark)
    past = " (superseded)" if mark.history else ""
    return f"{name}, {day}: {stated}{past}"


def _stated(mark: Mark) -> str:
    if mark.arrow:
        return f"{'at least' if mark.arrow > 0 else 'at most'} {number(mark.middle)}"
    low, middle, high = (float(f"{v:.3g}") for v in (mark.low, mark.middle, mark.high))
    return number(middle) if low == high else f"{number(low)} to {number(high)}"


def plot_sources(
    laws: Sequence[Law],
    ax: Axes | None = None,
    *,
    on: date | str | None = None,
    threshold: float | None = None,
    prob: float = 0.9,
    **look: Unpack[Look],
) -> Axes:
    """Draw what each count of a total is on a day: one row a count, on one scale.

    Parameters
    ----------
    laws : sequence of Law
        Of one quantity by several counts, from top to bottom.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    on : datetime.date or str, optional
        The day; the information date when left out.
    threshold : float, optional
        A total marked by a line [unit]; beside each row stands how likely it has been passed.
    prob : float
        Probability of the equal-tailed intervals.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If no law is given, or they are of several quantities.

    See Also
    --------
    attrition.Forecast.law : the count of one source.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast("russia-ukraine-2025-06", quantities=["russian-casualties"], seed=1)
    >>> laws = [law for (what, _), law in forecast.laws.items() if what == "russian-casualties"]
    >>> print(at.plots.text_alternative(at.plots.sources(laws)))
    2 counts of Russian military casualties on 5 June 2025. 90 % intervals: CSIS’s count:
    920,000 to 1,020,000, median 970,000; the toll itself, whoever counts: 700,000 to 1,300,000,
    median 960,000.
    """
    kinds = dict.fromkeys(law.provenance.quantity for law in laws)
    if len(kinds) != 1:
        got = ", ".join(kinds) or "no law"
        raise refusal("laws of one quantity", got, "plot_sources")
    first = laws[0]
    what = first.provenance
    day = first.information_date if on is None else day_from(on, "on")
    reads = [total(law, day, prob=prob) for law in laws]
    shares = [probability_by(law, threshold, day) if threshold else None for law in laws]
    heading = f"{what.title}: what each count says of {print_date(day, 'day')}"
    line = passed = ""
    if threshold is not None:
        passed = passing(first, threshold, prob).subject.passed
        line = f" Dashed: {number(threshold)}; beside it the probability of having {passed} it."
    detail = (
        f"{capital(in_unit(what.unit) + condition(first))}. Bar: {chance(prob)} interval of the "
        f"total on that day; dot: median.{line}"
    )
    body = (0.62 if look.get("size") == "column" else 0.5) * len(laws) + 0.4
    with canvas(ax, body, heading, detail, first, look, least=0.34 * len(laws) + 0.4) as axes:
        ends = [value for read in reads for value in (read.lower, read.upper)]
        frame_rows(axes, len(laws), ends, threshold, what.unit)
        names = counts_of(laws)
        for row, (law, read, share) in enumerate(zip(laws, reads, shares, strict=True)):
            name_row(axes, -row, fitted(axes, capital(names[row]), 0.8))
            draw_interval(axes, -row, (read.lower, read.median, read.upper))
            if share is not None:
                ink = {"xycoords": ACROSS, "color": pen().outer_ink, "annotation_clip": False}
                write(axes, signs(share, law.draws), (1, -row), (5, 0), ("left", "center"), **ink)
    rows = []
    for law, read, share in zip(laws, reads, shares, strict=True):
        low, middle, high = rounded_ends(read, what.unit)
        text = f"{basis_words(law)}: {number(low)} to {amount(high, what.unit)}, "
        text += f"median {number(middle)}"
        if share is not None:
            text += f", {percent(share, law.draws)} {passed} {number(threshold or 0)}"
        rows.append(text)
    return say(
        axes,
        f"{len(laws)} counts of {what.title} on {print_date(day, 'day')}. "
        f"{chance(prob)} intervals: {'; '.join(rows)}.",
    )
