"""A picture of all claims of a total over time."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Unpack

from attrition.core.days import day_from
from attrition.core.errors import InputError, refusal
from attrition.core.laws import print_date
from attrition.data.dossier import Claim, Dossier
from attrition.data.elicitation import elicit, quantile
from attrition.data.elicitation.pooling import families
from attrition.plots.canvas import Look, canvas, source_of
from attrition.plots.dates import date_ticks
from attrition.plots.densities import amounts, people
from attrition.plots.look import (
    LABEL,
    MARKERS,
    level_lines,
    pen,
    room_of,
    say,
    size_of,
    width_of,
    wrapped,
    write,
)
from attrition.reporting import number
from attrition.reporting.words import chance

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Mark:
    """One claim as it is drawn: a day, an interval and a middle, or one end with an arrow."""

    claim: Claim
    day: date
    span: tuple[date, date]
    low: float
    middle: float
    high: float
    arrow: int  # 1: a floor, -1: a cap, 0: neither
    history: bool = False  # superseded by a later figure of its source

    @property
    def source(self) -> str:
        """The id of who says so."""
        return self.claim.source


def marks(
    dossier: Dossier, quantity: str, prob: float, as_of: date, *, pace: bool = False
) -> list[Mark]:
    """Return the reported totals, or paces, that were known on a day, as they are drawn.

    Those that had been superseded by then are among them, as history.
    """
    dossier.find_quantity(quantity)
    points: list[Mark] = []
    past = dossier.superseded(as_of)
    for index, claim in enumerate(dossier.claims):
        if claim.quantity != quantity or not claim.known_on(as_of):
            continue
        if claim.kind == "rate" if pace else dossier.is_level(claim):
            span = (claim.as_of.first, min(claim.as_of.last, claim.published.last))
            day = span[0] + (span[1] - span[0]) / 2
            ends = _ends(dossier, claim, prob)
            points.append(Mark(claim, day, span, *ends, history=index in past))
    return points


def _ends(dossier: Dossier, claim: Claim, prob: float) -> tuple[float, float, float, int]:
    tail = (1 - prob) / 2
    try:
        distribution = elicit(claim, dossier=dossier)
    except InputError:
        floor = _floor(claim)
        if floor is None:
            raise
        return floor, floor, floor, 1
    lower, median, upper = (float(x) for x in quantile(distribution, [tail, 0.5, 1 - tail]))
    if claim.has_numbers and claim.low is None and claim.point is None and claim.high is not None:
        return claim.high, claim.high, claim.high, -1
    if not claim.has_numbers and _hedge(claim) == "at-most":
        cap = float(quantile(distribution, 1.0))
        return cap, cap, cap, -1
    return lower, median, upper, 0


def _hedge(claim: Claim) -> str:
    from attrition.text import read_one

    return read_one(claim.words).hedge if claim.words else ""


def _floor(claim: Claim) -> float | None:
    """Return the number below which a claim puts nothing, of its keys or of its words."""
    from attrition.text import read_one

    if claim.has_numbers:
        return claim.point if claim.low is None else claim.low

    reading = read_one(claim.words)
    if reading.shape != "floor":
        return None
    return reading.low if reading.point is None else reading.point


def known_marks(
    dossier: Dossier,
    quantity: str,
    prob: float,
    as_of: date | str | None,
    picture: str,
    *,
    pace: bool = False,
) -> tuple[list[Mark], date]:
    """Return what a picture shows of a total or its pace, at least one mark, and as of when."""
    day = dossier.latest_published if as_of is None else day_from(as_of, "as_of")
    known = marks(dossier, quantity, prob, day, pace=pace)
    if not known:
        raise refusal(
            "reports of a picture",
            f"none known on {day}",
            f"dossier '{dossier.id}', quantities.{quantity}",
            picture=picture,
            kind="pace" if pace else "total",
        )
    return known, day


def names_of(dossier: Dossier, shown: Sequence[Mark]) -> tuple[str, ...]:
    """Return the names of the sources of some marks, each once."""
    return tuple(dict.fromkeys(dossier.sources[mark.source].name for mark in shown))


def plot_claims(
    dossier: Dossier,
    quantity: str,
    ax: Axes | None = None,
    *,
    prob: float = 0.9,
    as_of: date | str | None = None,
    **look: Unpack[Look],
) -> Axes:
    """Draw all reported totals of a quantity over time: a dot and an interval for each claim.

    Parameters
    ----------
    dossier : Dossier
    quantity : str
        Id of the quantity.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    prob : float
        Probability of the intervals, of the wording alone.
    as_of : datetime.date or str, optional
        Information date; claims published later are not drawn. The latest when left out.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes
        Sources that use one another share a colour and a mark. An arrow up is a floor ("at
        least"), an arrow down a cap ("at most"): they are not the middle of anything.

    Raises
    ------
    InputError
        If the quantity is unknown, or no total of it is reported.

    See Also
    --------
    attrition.plots.reports : a row for each.

    Examples
    --------
    >>> import attrition as at
    >>> axes = at.plots.claims(at.read_dossier("russia-ukraine-2025-06"), "russian-casualties")
    >>> print(at.plots.text_alternative(axes))
    2 reported totals of Russian military casualties, by family of sources. CSIS, UK Ministry of
    Defence: 2, from 900,000 (March 2025) to 950,000 (May 2025).
    """
    points, day = known_marks(dossier, quantity, prob, as_of, "claims")
    what = dossier.quantities[quantity]
    groups = _by_size(dossier, points)
    heading = f"{what.title}: what was reported"
    detail = (
        f"In {what.unit}. Bars: {chance(prob)} of what the words leave open. "
        f"Arrows: at least, at most.{history_words(points)}"
    )
    source = source_of(names_of(dossier, points), day, look.get("record"))
    with canvas(ax, 3.6, heading, detail, source, look) as axes:
        origin = min(mark.span[0] for mark in points)
        for position, group in enumerate(groups):
            colour, marker = _look(position)
            for mark in points:
                if mark.source in group:
                    draw_mark(axes, mark, origin, colour, marker)
        axes.yaxis.set_major_formatter(people if what.unit == "persons" else amounts)
        level_lines(axes)
        _scales(axes, points, origin)
        _key(axes, dossier, groups, [((mark.day - origin).days, _top(mark)) for mark in points])
    return say(axes, _in_words(dossier, what.title, points, groups))


def history_words(marked: Sequence[Mark]) -> str:
    """Say how the figures are drawn that their sources have replaced, if there are any."""
    return " Grey: superseded by its source." if any(mark.history for mark in marked) else ""


def _look(position: int) -> tuple[str, str]:
    last = len(pen().families) - 1
    return pen().families[min(position, last)], MARKERS[min(position, last)]


def _by_size(dossier: Dossier, points: list[Mark]) -> list[list[str]]:
    """Return the families of the sources that are drawn, those with most claims first."""
    named = list(dict.fromkeys(mark.source for mark in points))
    counts = {key: sum(mark.source == key for mark in points) for key in named}
    groups = families(dossier, named)
    return sorted(groups, key=lambda group: -sum(counts[key] for key in group))


def draw_mark(axes: Axes, mark: Mark, origin: date, colour: str, marker: str) -> None:
    """Draw one claim: its interval and middle, or one end with an arrow.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    mark : Mark
    origin : datetime.date
        Day 0 of the axis.
    colour, marker : str
        Those of its family.
    """
    x = (mark.day - origin).days
    colour = pen().muted if mark.history else colour
    if mark.arrow:
        axes.plot([x], [mark.middle], "_", color=colour, ms=8, mew=1.6)
        draw_arrow(axes, (x, mark.middle), (0, 15 * mark.arrow), colour, 1.4)
        return
    axes.plot([x, x], [mark.low, mark.high], color=colour, lw=2, solid_capstyle="butt")
    if mark.span[0] < mark.span[1]:
        days = [(day - origin).days for day in mark.span]
        axes.plot(days, [mark.middle] * 2, color=colour, lw=0.8, alpha=0.7)
    axes.plot([x], [mark.middle], marker, color=colour, ms=5, mec=pen().paper, mew=0.5)


def draw_arrow(
    axes: Axes, place: tuple[float, float], shift: tuple[float, float], colour: str, width: float
) -> None:
    """Draw an arrow from a place to so many points from it."""
    look = {"arrowstyle": "<-", "color": colour, "lw": width, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", place, xytext=shift, textcoords="offset points", arrowprops=look)


def _top(mark: Mark) -> float:
    return mark.middle if mark.arrow else mark.high


def _key(
    axes: Axes, dossier: Dossier, groups: list[list[str]], tops: Sequence[tuple[int, float]]
) -> None:
    """Name each family beside its mark, in the corner that growing totals leave free.

    Where a mark reaches into it, the picture grows upwards.
    """
    last = len(pen().families) - 1
    width, height = room_of(axes)
    line = 1.5 * LABEL / 72 / (height - 0.4)
    labels = [wrapped(_named(dossier, one), 0.6 * size_of(axes)[0], lines=1) for one in groups]
    if len(groups) > last + 1:
        labels = [*labels[:last], f"{sum(map(len, groups[last:]))} other sources"]
    first, end = axes.get_xlim()
    broad = (max(map(width_of, labels)) + 0.3) / width
    below = 0.97 - line * (len(labels) - 0.5) - _ARROW / 72 / height
    near = [top for day, top in tops if (day - first) / (end - first) < broad]
    axes.set_ylim(0.0, max(axes.get_ylim()[1], max(near, default=0.0) / below))
    for position, label in enumerate(labels):
        colour, marker = _look(position)
        y = 0.97 - line * position
        axes.scatter([0.018], [y], 30, colour, marker=marker, lw=0, transform=axes.transAxes)
        box = {"facecolor": pen().paper, "edgecolor": "none", "pad": 0.4}
        sides = ("left", "center")
        write(axes, label, (0.018, y), (7, 0), sides, xycoords="axes fraction", bbox=box)


_ARROW = 18  # points that an arrow, or half a mark, stands above its place


def _named(dossier: Dossier, group: list[str]) -> str:
    names = [dossier.sources[key].name for key in group]
    return textwrap.shorten(", ".join(names), 46, placeholder=" …")


def _in_words(dossier: Dossier, title: str, points: list[Mark], groups: list[list[str]]) -> str:
    rows = []
    for group in groups:
        own = sorted(
            (m for m in points if m.source in group and not m.history), key=lambda mark: mark.day
        )
        if not own:
            continue
        first, last = own[0], own[-1]
        begin, end = (
            f"{number(float(f'{mark.middle:.3g}'))} ({print_date(mark.day, 'month')})"
            for mark in (first, last)
        )
        several = len(own) > 1
        rows.append(
            f"{_named(dossier, group)}: "
            + (f"{len(own)}, from {begin} to {end}" if several else begin)
        )
    past = sum(mark.history for mark in points)
    count = len(points) - past
    rows += [f"{past} more, superseded by its own source"] if past else []
    head = f"{count} reported total{'s' if count != 1 else ''} of {title}, by family of sources"
    return f"{head}. {'; '.join(rows)}."


def _scales(axes: Axes, points: list[Mark], origin: date) -> None:
    last = max((mark.span[1] - origin).days for mark in points)
    spare = max(round(0.05 * last), 10)
    axes.set_xlim(-spare, last + spare)
    top = max(mark.high for mark in points)
    axes.set_ylim(0.0, 1.12 * top if top > 0 else 1.0)
    date_ticks(axes, origin, 0 if last > 31 else -spare, last + spare)  # noqa: PLR2004 - a month
