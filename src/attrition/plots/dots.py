"""The quantile dotplot: where each of fifty equal shares of the probability lies."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Unpack

import numpy as np

from attrition.core._typing import Floats
from attrition.core.laws import Crossing, Law, print_date
from attrition.core.laws.reading import mean_of
from attrition.plots.canvas import Look, canvas, caution, count_of
from attrition.plots.dates import ticks
from attrition.plots.look import (
    BODY,
    LABEL,
    draw_dates,
    pen,
    room_of,
    say,
    size_of,
    undated,
    wrapped,
    write,
)
from attrition.plots.sheet import sheet_of
from attrition.reporting import amount, basis_words, percent
from attrition.reporting.passing import Passing, passing
from attrition.reporting.stretches import end_words, within
from attrition.reporting.subject import capital, unit_beside
from attrition.reporting.words import chance, condition

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOTS = 50
"""Dots of a quantile dotplot: each stands for 2 % of the probability."""

ROOMS = {"page": (7.0, 2.1), "column": (3.2, 1.9)}
"""Room for the dots at each size [inch], the same in a figure and among the sliders of a page."""

_GAP = 2.6  # columns between the dated dots and those that have no date
_MARGIN = 0.8
_LABEL = 0.8  # inches that the words under dots without a date need
_TICK = 0.56  # inches that the label of a tick takes
_LINE = 1.2 * LABEL / 72  # inches
_DENSE = 2.2  # columns of dates on an inch, at least
_MOST = 90  # columns of dates
_TALL = 30  # rows


@dataclass(frozen=True, slots=True)
class Dots:
    """Where fifty dots of equal probability stand.

    Parameters
    ----------
    already, beyond : int
        Dots that have no date: passed at the information date, and not by the horizon.
    first, step : float
        Middle of the first column, and the width of a column [day after the information date].
    heights : tuple of int
        Dots in each column of dates.
    rows : int
        Dots that fit above one another.
    apart : float
        Columns that the words under dots without a date need.
    """

    already: int
    beyond: int
    first: float
    step: float
    heights: tuple[int, ...]
    rows: int
    apart: float

    @property
    def gap(self) -> float:
        """Columns between the dates and the nearest column of dots that have none."""
        return max(_GAP, self.apart / 2 + 0.6)

    def outer(self) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
        """Return column and row of the dots that have no date, before and after the dates."""
        last, gap = len(self.heights) - 1, self.gap
        before = [(-gap - c, r) for c, r in self._stacked(self.already)]
        after = [(last + gap + c, r) for c, r in self._stacked(self.beyond)]
        return before, after

    def _stacked(self, count: int) -> Iterator[tuple[int, int]]:
        tall = self._tall(count)
        for index in range(count):
            yield index // tall, index % tall

    def _tall(self, count: int) -> int:
        """Return how many of so many dots stand on one another."""
        columns = max(math.ceil(count / self.rows), 1)
        return max(math.ceil(count / columns), 1)

    @property
    def tallest(self) -> float:
        """The height of the tallest column, of four dots at least, over the width of all."""
        outer = [self._tall(count) for count in (self.already, self.beyond) if count]
        left, right = self.span
        return max(4, *self.heights, *outer) / (right - left)

    @property
    def span(self) -> tuple[float, float]:
        """Left and right edge of the picture, in columns from the first."""
        last, sides = len(self.heights) - 1, []
        for count in (self.already, self.beyond):
            # the words stand under the middle of the columns
            far = (count - 1) // self._tall(count)
            sides.append(_MARGIN + (self.gap + max((far + self.apart) / 2, far) if count else 0))
        return -sides[0], last + sides[1]


def dot_layout(law: Law, threshold: float, *, size: tuple[float, float] = (6.9, 2.3)) -> Dots:
    """Return where the dots of a threshold stand: as large as the room for them allows.

    Parameters
    ----------
    law : Law
    threshold : float
        The total that is passed [unit].
    size : tuple of float
        Width and height of the room [inch].

    Returns
    -------
    Dots
    """
    return placed(mean_of(law, threshold), size)


def placed(mean: Floats, size: tuple[float, float]) -> Dots:
    """Return the layout of P(T <= day), shape (time,); see :func:`dot_layout`."""
    centres = (np.arange(DOTS) + 0.5) / DOTS
    already = int((centres <= mean[0]).sum())
    beyond = int((centres > mean[-1]).sum())
    days = np.searchsorted(np.maximum.accumulate(mean), centres[already : DOTS - beyond]).tolist()
    fewest = max(round(_DENSE * size[0]), 6)
    dots = _with_columns(fewest, days, (already, beyond), size)
    for columns in range(fewest + 1, _MOST):
        if max(dots.heights) <= dots.rows:
            break
        dots = _with_columns(columns, days, (already, beyond), size)
    return dots


def _with_columns(
    columns: int, days: list[int], outer: tuple[int, int], size: tuple[float, float]
) -> Dots:
    """Return the layout with so many columns of dates; it fits if no column exceeds the rows."""
    first, step, counts = _binned(columns, days)
    width, height = size
    apart = 0.0
    rows = _TALL
    dots = Dots(*outer, first, step, counts, rows, apart)
    for _ in range(6):  # the words under the outer dots are as wide as so many columns
        left, right = dots.span
        column = width / (right - left)
        before = apart, rows
        apart, rows = _LABEL / column, max(int(height / column), 1)
        if before == (apart, rows):
            break
        dots = Dots(*outer, first, step, counts, rows, apart)
    return dots


def _binned(columns: int, days: list[int]) -> tuple[float, float, tuple[int, ...]]:
    """Return the middle of the first column, the width of one, and the dots in each [day]."""
    if not days:
        return 1.0, 1.0, (0,)
    span = days[-1] - days[0]
    if span >= columns - 1:
        step = span / (columns - 1)
        heights = np.bincount([round((day - days[0]) / step) for day in days], minlength=columns)
        return float(days[0]), step, tuple(int(count) for count in heights)
    # A day is wider than a column: its dots stand in a block around it, the tallest in the middle.
    wide = max(columns // (span + 1), 1)
    counts: list[int] = []
    for count in np.bincount(np.array(days) - days[0]):
        each, rest = divmod(int(count), wide)
        before = (wide - rest) // 2
        counts += [each + (before <= place < before + rest) for place in range(wide)]
    return days[0] - 0.5 + 0.5 / wide, 1 / wide, tuple(counts)


def plot_crossing(
    law: Law, threshold: float, ax: Axes | None = None, *, prob: float = 0.9, **look: Unpack[Look]
) -> Axes:
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
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    attrition.plots.law : the probability by day.
    attrition.cite : the same in words.

    Notes
    -----
    A quantile dotplot of 50 dots led to better decisions than other displays
    (Fernandes et al. 2018, doi:10.1145/3173574.3173718).

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> print(at.plots.text_alternative(at.plots.crossing(law, 600)))
    Fifty dots, each 2 % of the probability, for the day of the total passing 600 in the count of
    the two figures: 0 passed by 3 Jun 2025, 50 on dates up to 4 Jun 2027, 0 not by then. 90 %
    interval: 12 June 2025 to 15 June 2025; median 13 June 2025.
    """
    one = passing(law, threshold, prob)
    read = one.printed
    foot = _under(read) + 0.1 + 1.2 * _LINE  # outer words, the interval, and its words
    room = ROOMS.get(look.get("size") or "page") if ax is None else None
    width, height = room or ROOMS["page"]
    dots = placed(one.mean, (width, height))
    body = dots.tallest * width + foot
    with canvas(ax, body, heading(one), detail(law), law, look, fit=False) as axes:
        axes.set_yticks([])
        axes.set_xticks([])
        width, height = room_of(axes)
        box = axes.get_position()
        share = foot / height * box.height
        axes.set_position((box.x0, box.y0 + share, box.width, box.height - share))
        if room is None:
            dots = placed(one.mean, (width, height - foot))
        _draw(axes, one, dots, (width, height - foot))
    return say(axes, _in_words(one, dots))


def _under(read: Crossing) -> float:
    """Return the inches from the axis to the interval, below ticks and outer words."""
    lines = 4 if undated(read)[1] != "later" else 3
    return 0.06 + lines * _LINE + 0.1


def heading(one: Passing) -> str:
    """Return the heading of a dotplot, by the verb of the sentence: "when 8 is reached"."""
    level = amount(one.read.threshold, unit_beside(one.law.provenance, one.law.provenance.title))
    return f"{one.law.provenance.title}: when {level} is {one.subject.passed}"


def detail(law: Law) -> str:
    """Return the lines under that heading."""
    return (
        f"{capital(count_of(law))}, {condition(law)}. "
        f"Each dot stands for 2 % of the probability.{caution(law)}"
    )


def dot_ticks(law: Law, dots: Dots, width: float) -> list[tuple[int, str]]:
    """Return the ticks of a dotplot whose labels reach neither its edges nor the outer words.

    Parameters
    ----------
    law : Law
    dots : Dots
    width : float
        Width of the room [inch].
    """
    left, right = dots.span
    last, column = len(dots.heights) - 1, width / (right - left)
    inner = dots.gap - dots.apart / 2  # columns between the dates and the words beside them
    low = -inner if dots.already else left
    high = last + inner if dots.beyond else right
    half = _TICK / 2 / column
    first = math.ceil(dots.first + max(low + half, -0.5) * dots.step)
    final = math.floor(dots.first + min(high - half, last + 0.5) * dots.step)
    # days before the information date only where no other has room: what is passed by then stands
    # beside the dates
    for begin in dict.fromkeys((max(first, 0), first)):
        room = (final - begin) / dots.step * column if begin < final else _TICK
        labels = ticks(law.information_date, begin, final, room) if begin <= final else []
        if labels:
            return labels
    middle = round(dots.first + last / 2 * dots.step)
    return ticks(law.information_date, middle, middle, _TICK)


def interval_words(read: Crossing, law: Law) -> str:
    """Return the words under the interval of a dotplot, its median as a sentence prints it."""
    text = f"{chance(read.prob)} interval"
    if read.median.day is None:
        return text
    printed = within(read.median.day, read.unit, law.information_date, law.horizon)
    return f"{text}; median {printed.words}"


def before_words(one: Passing) -> str:
    """Return the words under the dots that are past on the information date."""
    return f"{one.subject.passed} by\n{_short(one.law, 0)}"


def _draw(axes: Axes, one: Passing, dots: Dots, size: tuple[float, float]) -> None:
    law, read = one.law, one.printed
    before, after = dots.outer()
    dated = [(c, r) for c, height in enumerate(dots.heights) for r in range(height)]
    missing, word = undated(read)
    never = word.removeprefix("later").replace(" ", "\n", 1)
    left, right = dots.span
    column = size[0] / (right - left)
    _circles(axes, dots, dated, pen().dated, column)
    _circles(axes, dots, [*before, *after], pen().outer, column)
    for cells, mass, caption in (
        (before, read.masses.already, before_words(one)),
        (after, missing, f"not by\n{_short(law, read.horizon)}{never}"),
    ):
        if cells:
            middle = (min(x for x, _ in cells) + max(x for x, _ in cells)) / 2
            place, ink = (dots.first + middle * dots.step, 0), pen().outer_ink
            text = f"{percent(mass, law.draws)}\n{caption}"
            write(axes, text, place, (0, -4), ("center", "top"), color=ink)
    last = len(dots.heights) - 1
    axes.set_xlim(dots.first + left * dots.step, dots.first + right * dots.step)
    axes.set_ylim(0, size[1] / size[0] * (right - left))
    begin, end = dots.first - 0.5 * dots.step, dots.first + (last + 0.5) * dots.step
    axes.spines["bottom"].set_bounds(begin, end)
    labels = dot_ticks(law, dots, size[0])
    axes.set_xticks([offset for offset, _ in labels], [label for _, label in labels])
    axes.tick_params(axis="x", labelsize=BODY)
    _bar(axes, dots, read, law, -_under(read) / column)


def _short(law: Law, offset: int) -> str:
    return print_date(law.information_date + timedelta(days=offset), "day", short=True)


def _circles(
    axes: Axes, dots: Dots, cells: Sequence[tuple[float, int]], color: str, column: float
) -> None:
    """Draw round dots whose size is that of a column [inch], whatever the size of the figure."""
    places = [(dots.first + x * dots.step, row + 0.5) for x, row in cells]
    if sheet_of(axes) is not None:
        if places:
            across, up = zip(*places, strict=True)
            axes.plot(across, up, "o", color=color, ms=72 * 0.9 * column, mew=0, clip_on=False)
        return
    from matplotlib.collections import EllipseCollection

    sizes = [0.9 * dots.step] * len(places)
    drawn = EllipseCollection(
        sizes,
        sizes,
        [0.0] * len(places),
        units="x",
        offsets=np.asarray(places, dtype=float).reshape(-1, 2),
        offset_transform=axes.transData,
        facecolors=color,
        linewidths=0,
        clip_on=False,
    )
    axes.add_collection(drawn)


def _bar(axes: Axes, dots: Dots, read: Crossing, law: Law, foot: float) -> None:
    """Draw the interval so far under the axis, with an arrow where it has no date."""
    last = dots.first + (len(dots.heights) - 1) * dots.step
    ends = {"already": dots.first - 1.2 * dots.step}
    beyond = last + 1.2 * dots.step
    start = law.information_date
    low, middle, high = (
        float((end.day - start).days) if end.day is not None else ends.get(end.state, beyond)
        for end in read.dates
    )
    days = (low, None if read.median.day is None else middle, high)
    draw_dates(axes, foot, days, read, clip_on=False)
    words = wrapped(interval_words(read, law), size_of(axes)[0] - 0.2)
    place, shift = (dots.first + sum(dots.span) / 2 * dots.step, 0), -72 * (_under(read) + 0.08)
    write(axes, words, place, (0, shift), ("center", "top"), annotation_clip=False)


def _in_words(one: Passing, dots: Dots) -> str:
    law, read, verb = one.law, one.printed, one.subject.verb
    what = law.provenance
    low, middle, high = (end_words(law, end, read.unit) for end in read.dates)
    dated = DOTS - dots.already - dots.beyond
    start, end = _short(law, 0), _short(law, read.horizon)
    return (
        f"Fifty dots, each 2 % of the probability, for the day of {what.title} {verb}ing "
        f"{amount(read.threshold, what.unit)} in {basis_words(law)}: {dots.already} {verb}ed by "
        f"{start}, {dated} on dates up to {end}, {dots.beyond} not by then. {percent(read.prob)} "
        f"interval: {low} to {high}; median {middle}."
    )
