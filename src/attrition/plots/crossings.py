"""When totals pass their thresholds: a curve, intervals one above another, and ridgelines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from attrition.core._typing import Floats
from attrition.core.laws import Crossing, Law, crossing, print_date
from attrition.core.laws.reading import mean_of, opened
from attrition.plots.canvas import Look, canvas, caution, count_of, counts_of
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
    width_of,
    wrapped,
    write,
)
from attrition.reporting import amount, basis_words, percent
from attrition.reporting.passing import passing
from attrition.reporting.stretches import end_words
from attrition.reporting.subject import capital, unit_beside
from attrition.reporting.words import chance, condition, signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rows = Sequence[tuple[str, Law, float]]
"""What is drawn, from top to bottom: label, law and threshold."""


def named_rows(asked: Iterable[tuple[Law, float]]) -> Rows:
    """Return laws and thresholds as rows, each by its total, threshold and count."""
    pairs = list(asked)
    counts = counts_of([law for law, _ in pairs])
    return [
        (f"{law.provenance.title}, {_level(law, k)}, {count}", law, k)
        for (law, k), count in zip(pairs, counts, strict=True)
    ]


def _level(law: Law, threshold: float) -> str:
    return amount(threshold, law.provenance.unit)


def _split(crossings: Rows, prob: float = 0.9) -> tuple[str, str, list[tuple[str, str]]]:
    """Return a heading, the count that all rows share, and the words of each: title, and rest.

    What all share stands above a picture, and a row says what is its own.
    """
    titles = dict.fromkeys(law.provenance.title for _, law, _ in crossings)
    levels = dict.fromkeys(_level(law, k) for _, law, k in crossings)
    counts = dict.fromkeys(counts_of([law for _, law, _ in crossings]))
    (title, *more), (level, *others), (count, *rest) = titles, levels, counts
    several = bool(rest) or not all(label.endswith(f", {count}") for label, _, _ in crossings)
    heading, passed = "When each total passes its thresholds", "passed"
    if not more:
        if not others:
            passed = passing(*crossings[0][1:], prob).subject.passed
        heading = f"{title}: when {'each threshold' if others else level} is {passed}"
    names = []
    for label, law, _ in crossings:
        own = law.provenance.title if label.startswith(f"{law.provenance.title}, ") else ""
        words = label.removeprefix(f"{own}, ")
        words = words if several else words.removesuffix(f", {count}")
        if several and not others and not more:
            words = words.removeprefix(f"{level}, ")
        names.append((own if more else "", words if more else capital(words)))
    return heading, "" if several else count, names


def _named(axes: Axes, name: tuple[str, str], share: float, lines: int = 2) -> str:
    """Return the words of a row as wide as a share of the figure; a long title is cut, and no more.

    Rows differ in what follows it.
    """
    title, rest = name
    whole = fitted(axes, ", ".join(filter(None, name)), share, lines=lines)
    if not title or not whole.endswith("…"):
        return whole
    if lines > 1:
        parts = (fitted(axes, title, share, lines=1), fitted(axes, rest, share, lines=lines - 1))
        return "\n".join(parts)
    left = share - width_of(f", {rest}") / size_of(axes)[0]
    return f"{fitted(axes, title, left, lines=1)}, {rest}"


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
    law: Law, threshold: float, ax: Axes | None = None, *, prob: float = 0.9, **look: Unpack[Look]
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
    one = passing(law, threshold, prob)
    read, mean, passed = one.printed, one.mean, one.subject.passed
    until = _until([mean], read.horizon, flat=0.002, late=0.6, spare=1.12)
    days = np.arange(until + 1)
    what, tail = law.provenance, (1 - prob) / 2
    asked = amount(threshold, unit_beside(what, what.title))
    heading = f"{what.title}: the probability of having {passed} {asked}"
    detail = (
        f"In %, by the end of each day; {count_of(law)}, {condition(law)}. "
        f"Below: the {chance(prob)} interval and its median.{caution(law)}"
    )
    with canvas(ax, 2.9, heading, detail, law, look) as axes:
        for level in (tail, 0.5, 1 - tail):
            axes.axhline(level, color=pen().pale, lw=0.9, zorder=0)
        for edge in (0, 1):
            axes.axhline(edge, color=pen().muted, lw=0.6, zorder=0)
        axes.plot(days, mean[: until + 1], color=pen().dated, lw=2)
        low, high = _ends(read)
        draw_dates(axes, -0.08, (low, None, min(high, until)), read)
        if read.median.offset is not None:
            axes.plot([read.median.offset] * 2, [-0.08, 0.5], color=pen().ink, lw=0.9, ls=":")
            axes.plot([read.median.offset], [-0.08], "o", color=pen().ink, ms=6)
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
    first, middle, last = (end_words(law, end, read.unit) for end in read.dates)
    return say(
        axes,
        f"Curve of the probability of {what.title}, in {basis_words(law)}, having {passed} "
        f"{amount(threshold, what.unit)}: {percent(mean[0], law.draws)} on "
        f"{print_date(law.information_date, 'day')}, {percent(1 - missing, law.draws)} by "
        f"{print_date(law.horizon, 'day')}. {percent(prob)} interval: {first} to {last}; "
        f"median {middle}.",
    )


def _until(means: Sequence[Floats], horizon: int, *, flat: float, late: float, spare: float) -> int:
    """Return the day up to which laws are drawn: where all are flat, there is nothing to see."""
    last = max(int(np.argmax(m >= m[-1] - flat * (m[-1] - m[0]))) for m in means)
    return horizon if last > late * horizon else min(max(int(spare * last), 14), horizon)


def _beside(  # noqa: PLR0917 - a place, and how words stand there
    axes: Axes, x: float, y: float, text: str, side: str, upright: str = "center"
) -> None:
    shift = (-6, 0)
    if side == "left":
        shift, upright = (6, -4), "top"
    words = wrapped(text, 0.45 * room_of(axes)[0])
    write(axes, words, (x, y), shift, (side, upright), color=pen().outer_ink, **cleared())


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
    reads = [opened(one, crossing(one, k, prob=prob)) for _, one, k in crossings]
    law = crossings[0][1]
    days = (law.horizon - law.information_date).days
    heading, count, names = _split(crossings, prob)
    detail = (
        f"{chance(prob)} intervals, {f'{count}, ' * bool(count)}{condition(law)}, as known on "
        f"{print_date(law.information_date, 'day')}. Dot: median. Arrow: already passed, or not by "
        f"{print_date(law.horizon, 'day')}.{max(caution(one) for _, one, _ in crossings)}"
    )
    narrow = ax is None and look.get("size") == "column"
    body = (0.6 if narrow else 0.46) * len(reads) + 0.5
    with canvas(ax, body, heading, detail, law, look, least=0.34 * len(reads) + 0.4) as axes:
        wide = size_of(axes)[0]
        # on the left there is room for half of the label of day 0, on the right for what is later
        begin, end = -max(0.02, 0.22 / wide) * days, days * (1.02 + 0.62 / wide)
        for row, read in enumerate(reads):
            y, (_, one, _), (low, high) = -row - 0.2, crossings[row], _ends(read)
            axes.plot([begin, days], [y, y], color=pen().pale, lw=0.8, zorder=0)
            draw_dates(axes, y, (low, read.median.offset, high), read, heavy=True)
            missing, word = undated(read)
            if missing >= _SEEN:
                beside: dict[str, Any] = {"linespacing": 0.95, "va": "center", "fontsize": LABEL}
                text = f"{percent(missing, one.draws)}\n{word}"
                axes.text(days * 1.02, y, text, color=pen().outer_ink, **beside)
            tight: dict[str, Any] = {"linespacing": 1.0, "in_layout": False, "va": "bottom"}
            text = _named(axes, names[row], 0.9)
            axes.text(0.012 * days, -row - 0.02, text, fontsize=LABEL, color=pen().ink, **tight)
        axes.set_xlim(begin, end)
        axes.set_ylim(-len(reads) + 0.3, 0.55)
        axes.set_yticks([])
        axes.axvline(0, color=pen().muted, lw=0.8)
        axes.axvline(days, color=pen().muted, lw=0.8, ls=":")
        date_ticks(axes, law.information_date, 0, days, days / (end - begin))
    rows = []
    for (label, one, _), read in zip(crossings, reads, strict=True):
        first, middle, last = (end_words(one, end, read.unit, short=True) for end in read.dates)
        rows.append(f"{label}: {first} to {last}, median {middle}")
    return say(axes, f"{percent(prob)} intervals of the day of passing. {'; '.join(rows)}.")


_BINS = 120
_ROW = 2.2 * LABEL / 72  # the least height of a row of ridges, a name and a share [inch]
_TWO, _THREE = 1.45, 1.9  # such heights, from which on a name has two lines, or three
_TALL = 1.7  # rows that the highest ridge may take
_SPOKEN = 0.005
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
    means = [mean_of(one, threshold) for _, one, threshold in crossings]
    days = _until(means, reads[0].horizon, flat=0.01, late=0.7, spare=1.08)
    edges = np.arange(0, days + 1, max(round(days / _BINS), 1))
    masses = [np.diff(mean[edges]) for mean in means]
    scale = _TALL / (max(float(m.max()) for m in masses) or 1.0)
    head, count, names = _split(crossings)
    holds = ", ".join(filter(None, (count, condition(law))))
    detail = (
        f"{capital(holds)}, as known on {print_date(law.information_date, 'day')}. Equal "
        "areas are equal probabilities; dot: median. Beside a row: the probability that has no "
        "date in it."
    )
    body = 0.62 * len(reads) + 0.9
    tall = len(reads) - 0.3 + _TALL  # rows of one height, of which long names need more
    least = _ROW * tall + 0.4
    with canvas(ax, body, head, detail, law, look, least=least) as axes:
        middle = (edges[1:] + edges[:-1]) / 2
        x = np.concatenate(([edges[0]], middle, [edges[-1]]))
        for row, mass in enumerate(masses):
            y = np.concatenate(([mass[0]], mass, [mass[-1]])) * scale - row
            axes.fill_between(x, -row, y, color=pen().dated, alpha=0.35, lw=0, zorder=row + 1)
            axes.plot(x, y, color=pen().dated, lw=1.3, zorder=row + 1)
            axes.plot([0, edges[-1]], [-row, -row], color=pen().muted, lw=0.7, zorder=row + 1)
        wide, longest = size_of(axes)[0], max(len(", ".join(one)) for one in names)
        share = min(max(_CHARACTER * longest, _LEAST) / wide, _WIDEST)
        later = [
            _spoken(mass, f"\n{word}", one)
            for (_, one, _), (mass, word) in zip(crossings, map(undated, reads), strict=True)
        ]
        right = (max(map(width_of, later)) + 0.1) / wide
        axes.set_xlim(-share / (1 - share - right) * days, days / (1 - right / (1 - share)))
        axes.set_ylim(-len(reads) + 0.55, _TALL + 0.25)
        for row, ((_, one, _), read) in enumerate(zip(crossings, reads, strict=True)):
            if read.median.offset is not None and read.median.offset <= days:
                axes.plot([read.median.offset], [-row], "o", color=pen().ink, ms=5, zorder=_FRONT)
            already, ink = _spoken(read.masses.already, " already", one), pen().outer_ink
            high = 1.15 * LABEL if already else -1
            roomy = (room_of(axes)[1] - 0.4) / tall / _ROW
            lines = 1 + (roomy > _TWO) + (roomy > _THREE)
            text = _named(axes, names[row], share - 0.14 / wide, lines)
            for words, day, shift, side, color in (
                (text, 0, (-5, high), "right", pen().ink),
                (already, 0, (-5, -1), "right", ink),
                (later[row], days, (5, -1), "left", ink),
            ):
                more: dict[str, Any] = {"color": color, "in_layout": False, "linespacing": 0.95}
                write(axes, words, (day, -row), shift, (side, "bottom"), **more)
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


def _spoken(share: float, word: str, law: Law) -> str:
    """Return how likely it is that no date is within the days, where that is worth saying."""
    return f"{signs(share, law.draws)}{word}" if share >= _SPOKEN else ""
