"""When totals pass their thresholds: one law as a curve, and many intervals one above another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from attrition.core.laws import Crossing, Law, crossing, print_date
from attrition.core.laws.reading import mean_of
from attrition.plots.canvas import Look, canvas, caution
from attrition.plots.dates import date_ticks
from attrition.plots.look import (
    BODY,
    LABEL,
    cleared,
    draw_dates,
    fitted,
    pen,
    room_of,
    say,
    size_of,
    undated,
    wrapped,
    write,
)
from attrition.reporting import amount, basis_words, percent
from attrition.reporting.spans import end_words
from attrition.reporting.words import chance, condition

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rows = Sequence[tuple[str, Law, float]]
"""What is drawn, from top to bottom: label, law and threshold."""

_GAP = 0.16  # of the height, above the curve, that words need
_SEEN = 0.01  # a probability below one in a hundred is not written beside a row


def _ends(read: Crossing) -> tuple[float, float]:
    """Return the ends of an interval as days, those without a date at the edges of the law."""
    low, _, high = (
        end.offset if end.offset is not None else read.horizon * (end.state != "already")
        for end in read.dates
    )
    return low, high


def plot_law(
    law: Law,
    threshold: float,
    ax: Axes | None = None,
    *,
    prob: float = 0.9,
    **look: Unpack[Look],
) -> Axes:
    """Draw the probability of having passed a threshold by each day, with an interval.

    Parameters
    ----------
    law : Law
    threshold : float
        The total that is passed [unit].
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    prob : float
        Probability of the interval drawn under the curve.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes
        P(T <= day) from the information date; the line begins at the probability of *already* and
        ends below 100 % by that of *not by the horizon*.

    See Also
    --------
    attrition.plots.crossing : the same as dots.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> print(at.plots.text_alternative(at.plots.law(law, 600)))
    Curve of the probability of the total, in the count of the two figures, having passed 600:
    less than 0.1 % on 3 June 2025, more than 99.9 % by 4 June 2027. 90 % interval: 12 June 2025
    to 15 June 2025; median 13 June 2025.
    """
    read = crossing(law, threshold, prob=prob)
    mean = mean_of(law, threshold)
    until = _until(mean, read.horizon)
    days = np.arange(until + 1)
    what, tail = law.provenance, (1 - prob) / 2
    heading = f"{what.title}: the probability of having passed {amount(threshold, what.unit)}"
    detail = (
        f"In %, by the end of each day; {basis_words(law)}, {condition(law)}. "
        f"Below: the {chance(prob)} interval and its median.{caution(law)}"
    )
    with canvas(ax, 2.9, heading, detail, law, look) as axes:
        for level in (tail, 0.5, 1 - tail):
            axes.axhline(level, color=pen().pale, lw=0.9, zorder=0)
        for edge in (0, 1):
            axes.axhline(edge, color=pen().muted, lw=0.6, zorder=0)
        axes.plot(days, mean[: until + 1], color=pen().dated, lw=2)
        _spread(axes, read, until)
        spare = 0.02 * until
        if read.masses.already >= _SEEN:
            axes.plot([0], [mean[0]], "o", color=pen().outer, ms=6, zorder=4)
            _beside(axes, 0.01 * until, mean[0], f"{percent(mean[0], law.draws)} already", "left")
        missing, word = undated(read)
        if until == read.horizon and missing >= _SEEN:
            end = print_date(law.horizon, "day", short=True)
            text = f"{percent(missing, law.draws)} not by {end}{word.removeprefix('later')}"
            if missing >= _GAP:
                _beside(axes, until, (1 + mean[-1]) / 2, text, "right")
            else:  # no room between the curve and the top: below the curve
                _beside(axes, until, mean[round(0.46 * until)] - 0.03, text, "right", "top")
            axes.plot([until, until], [mean[-1], 1.0], color=pen().outer, lw=1.4, ls=":")
        axes.set_xlim(-spare, until + spare)
        axes.set_ylim(-0.16, 1.03)
        levels = [tail, 0.5, 1 - tail]
        levels += [level for level in (0.25, 0.75) if abs(level - 0.5) + 0.08 < 0.5 - tail]
        axes.set_yticks(levels, [percent(level) for level in levels])
        axes.tick_params(axis="y", length=0, labelsize=BODY)
        date_ticks(axes, law.information_date, 0, until)
    low, middle, high = (end_words(law, end, read.unit) for end in read.dates)
    return say(
        axes,
        f"Curve of the probability of {what.title}, in {basis_words(law)}, having passed "
        f"{amount(threshold, what.unit)}: {percent(mean[0], law.draws)} on "
        f"{print_date(law.information_date, 'day')}, {percent(1 - missing, law.draws)} by "
        f"{print_date(law.horizon, 'day')}. {percent(prob)} interval: {low} to {high}; "
        f"median {middle}.",
    )


def _until(mean: np.ndarray, horizon: int) -> int:
    """Return the day up to which a law is drawn: where it is flat, there is nothing to see."""
    nearly = mean[-1] - 0.002 * (mean[-1] - mean[0])
    last = int(np.argmax(mean >= nearly))
    return horizon if last > 0.6 * horizon else min(max(int(1.12 * last), 14), horizon)


def _beside(  # noqa: PLR0917 - a place, and how words stand there
    axes: Axes, x: float, y: float, text: str, side: str, upright: str = "center"
) -> None:
    shift = (-6, 0)
    if side == "left":
        shift, upright = (6, -4), "top"
    words = wrapped(text, 0.45 * room_of(axes)[0])
    write(axes, words, (x, y), shift, (side, upright), color=pen().outer_ink, **cleared())


def _spread(axes: Axes, read: Crossing, until: int) -> None:
    low, high = _ends(read)
    draw_dates(axes, -0.08, (low, None, min(high, until)), read)
    if read.median.offset is not None:
        axes.plot([read.median.offset] * 2, [-0.08, 0.5], color=pen().ink, lw=0.9, ls=":")
        axes.plot([read.median.offset], [-0.08], "o", color=pen().ink, ms=6)


def plot_intervals(
    crossings: Rows, ax: Axes | None = None, *, prob: float = 0.9, **look: Unpack[Look]
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
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    attrition.plots.ridges : whole densities.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> print(at.plots.text_alternative(at.plots.intervals([("600", law, 600), ("700", law, 700)])))
    90 % intervals of the day of passing. 600: 12 Jun 2025 to 15 Jun 2025, median 13 Jun 2025;
    700: 21 Jun 2025 to 26 Jun 2025, median 23 Jun 2025.
    """
    reads = [crossing(law, threshold, prob=prob) for _, law, threshold in crossings]
    law = crossings[0][1]
    days = (law.horizon - law.information_date).days
    detail = (
        f"{chance(prob)} intervals, {condition(law)}, as known on "
        f"{print_date(law.information_date, 'day')}. Dot: median. Arrow: already passed, or not by "
        f"{print_date(law.horizon, 'day')}.{max(caution(one) for _, one, _ in crossings)}"
    )
    narrow = ax is None and look.get("size") == "column"
    body = (0.6 if narrow else 0.46) * len(reads) + 0.5
    heading = "When do the totals pass their thresholds?"
    with canvas(ax, body, heading, detail, law, look, least=0.34 * len(reads) + 0.4) as axes:
        for row, read in enumerate(reads):
            axes.axhline(-row - 0.2, color=pen().pale, lw=0.8, zorder=0)
            _row(axes, -row - 0.2, read, days, crossings[row][1].draws)
            text = fitted(axes, crossings[row][0], 0.9)
            tight: dict[str, Any] = {"linespacing": 1.0, "in_layout": False, "va": "bottom"}
            axes.text(0.012 * days, -row - 0.02, text, fontsize=LABEL, color=pen().ink, **tight)
        # on the left there is room for half of the label of day 0
        margin = max(0.02, 0.22 / size_of(axes)[0])
        axes.set_xlim(-margin * days, days * (1.02 + 0.62 / size_of(axes)[0]))
        axes.set_ylim(-len(reads) + 0.3, 0.55)
        axes.set_yticks([])
        axes.axvline(0, color=pen().muted, lw=0.8)
        axes.axvline(days, color=pen().muted, lw=0.8, ls=":")
        left, right = axes.get_xlim()
        date_ticks(axes, law.information_date, 0, days, days / (right - left))
    rows = []
    for (label, one, _), read in zip(crossings, reads, strict=True):
        low, middle, high = (end_words(one, end, read.unit, short=True) for end in read.dates)
        rows.append(f"{label}: {low} to {high}, median {middle}")
    return say(axes, f"{percent(prob)} intervals of the day of passing. {'; '.join(rows)}.")


def _row(axes: Axes, y: float, read: Crossing, days: int, draws: float) -> None:
    low, high = _ends(read)
    draw_dates(axes, y, (low, read.median.offset, high), read, heavy=True)
    missing, word = undated(read)
    if missing >= _SEEN:
        tight: dict[str, Any] = {"linespacing": 0.95, "va": "center", "color": pen().outer_ink}
        axes.text(days * 1.02, y, f"{percent(missing, draws)}\n{word}", fontsize=LABEL, **tight)
