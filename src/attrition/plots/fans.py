"""The fan chart: what the total will be, with what was reported and what happened."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Unpack

import numpy as np

from attrition.core._typing import Floats
from attrition.core.days import day_from
from attrition.core.laws import Law, crossing, print_date, total
from attrition.core.laws.reading import quantiles
from attrition.data.dossier import Dossier
from attrition.data.series import Series
from attrition.plots.canvas import Look, canvas, caution, count_of, fit_within
from attrition.plots.dates import date_ticks
from attrition.plots.densities import amounts, people
from attrition.plots.look import (
    ACROSS,
    LABEL,
    Line,
    beside,
    break_mark,
    level_lines,
    pen,
    room_of,
    say,
    spread,
    wrapped,
    write,
)
from attrition.plots.marks_by_source import Mark, draw_mark, marks
from attrition.reporting import basis_words, number, percent
from attrition.reporting.questions import rounded_ends
from attrition.reporting.subject import capital, whose
from attrition.reporting.words import condition, in_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PROBS = (0.9, 0.8, 0.5)
_ALPHAS = (0.16, 0.26, 0.42)
_STEPS = 72
_NAMED, _NAME = 6, 1.9  # marks that are named, at most, and the width of a name [inch]
_SURELY = 0.98
_DWARFED, _MONTH = 4, 30  # times the highest threshold; days
_BEFORE = 0.34  # of the width that the days before the information date may take


def plot_fan(
    law: Law,
    ax: Axes | None = None,
    *,
    thresholds: Sequence[float] = (),
    dossier: Dossier | None = None,
    happened: Series | None = None,
    until: date | str | None = None,
    **look: Unpack[Look],
) -> Axes:
    """Draw the total on every day to the horizon, as bands of 50, 80 and 90 %.

    Parameters
    ----------
    law : Law
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    thresholds : sequence of float
        Totals marked by a line [unit].
    dossier : Dossier, optional
        Its claims on this total, known on the information date, are drawn beside the fan.
    happened : Series, optional
        What was recorded, before the information date and after the fact.
    until : datetime.date or str, optional
        Last day drawn; when left out a while after the highest threshold is passed, nearly
        surely, or the horizon.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes
        The darker the band, the nearer to the middle; the line is the median. Where the vertical
        axis does not begin at zero, that is marked.

    See Also
    --------
    attrition.Law.total : one day in numbers.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> print(at.plots.text_alternative(at.plots.fan(law, thresholds=[600])))
    Fan chart of the total, the count of the two figures, in persons, from 3 June 2025: on 22
    July 2025 between 950 and 1,030 with a probability of 90 %, median 990; lines at 600.
    """
    day = _until(law, thresholds) if until is None else day_from(until, "until")
    last = min(day, law.horizon)
    end = (last - law.information_date).days
    offsets = np.unique(np.linspace(0, end, min(_STEPS, end + 1)).round().astype(int))
    bands = _bands(law, offsets)
    what, known = law.provenance, []
    if dossier is not None and what.quantity in dossier.quantities:
        known = marks(dossier, what.quantity, 0.9, law.information_date)
    after = " Black line: what was recorded." if happened is not None else ""
    seen = " Marks: what was reported." if known else ""
    others = _others(law, dossier, last)
    note = " Open marks: forecasts by others." if others else ""
    detail = (
        f"{capital(count_of(law))}, {in_unit(what.unit)}{condition(law)}. Line: median. "
        f"Bands: 50, 80 and 90 %.{seen}{note}{after}{caution(law)}"
    )
    heading = f"{what.title}: the total on each day"
    with canvas(ax, 3.3, heading, detail, law, look) as axes:
        box = axes.get_position().bounds
        for prob, alpha in zip(_PROBS, _ALPHAS, strict=True):
            low, _, high = bands[prob]
            axes.fill_between(offsets, low, high, color=pen().dated, alpha=alpha, lw=0)
        middle = bands[_PROBS[0]][1]
        axes.plot(offsets, middle, color=pen().dated, lw=1.8)
        first, totals = _past(axes, law, known, happened, end)
        reported = [value for mark in known for value in (mark.low, mark.high)]
        reach = [*thresholds, *totals.tolist(), *reported]
        _limits(axes, law, bands, (first, end), reach)
        _labels(axes, bands, thresholds)
        shown = [mark for mark in known if _days(law, mark) >= first]
        sources = {} if dossier is None else dossier.sources
        names = {k: _cut(one.name) for k, one in sources.items()}
        places = [(_days(law, one), one.low, one.high, names[one.source]) for one in shown]
        for days, threshold, name in others:
            axes.plot([days], [threshold], "o", mfc=pen().paper, mec=pen().ink, ms=6, zorder=5)
            places.append((days, threshold, threshold, name))
        places = list({place[-1]: place for place in places}.values())[-_NAMED:]  # each one's last
        if ax is None:
            fit_within(axes, box)  # names are placed where the axes end up
        low, _, high = bands[_PROBS[0]]
        foot, top = axes.get_ylim()
        lines = [(0.0, foot, 0.0, top), *((first, level, end, level) for level in thresholds)]
        whole = [line for mark in shown for line in _lines(law, mark)]
        beside(axes, places, whole, lines=lines, shade=(offsets, low, high))
    return say(axes, _in_words(law, last, known, thresholds, happened))


def _cut(name: str) -> str:
    """Return the beginning of a long name, so that marks and not words fill the picture."""
    return wrapped(name, _NAME, lines=1).replace(" …", "\N{NO-BREAK SPACE}…")


def _bands(law: Law, offsets: np.ndarray) -> dict[float, tuple[Floats, Floats, Floats]]:
    """Return lower ends, medians and upper ends on days, by the probability of the band."""
    days = [law.information_date + timedelta(days=int(offset)) for offset in offsets]
    ends = [end for prob in _PROBS for end in ((1 - prob) / 2, 0.5, 1 - (1 - prob) / 2)]
    read = np.array([quantiles(law, ends, day)[0] for day in days]).reshape(len(days), -1, 3)
    return {prob: tuple(read[:, row].T) for row, prob in enumerate(_PROBS)}


def _past(
    axes: Axes, law: Law, known: list[Mark], happened: Series | None, end: int
) -> tuple[int, Floats]:
    """Draw what is known, as far back as a third of the picture: its first day, and its totals."""
    totals = np.empty(0)
    start = law.information_date
    back = [(mark.span[0] - start).days for mark in known]
    if happened is not None:
        back.append((happened.days[0] - start).days)
    first = max(min([*back, 0]) - 8, -round(_BEFORE / (1 - _BEFORE) * end)) if back else 0
    for mark in known:
        if _days(law, mark) >= first:
            draw_mark(axes, mark, start, pen().ink, "o")
    if happened is not None:
        days = np.array([(day - start).days for day in happened.days])
        seen = (days >= first) & (days <= end)
        totals = np.asarray(happened.totals)[seen]
        axes.plot(days[seen], totals, color=pen().ink, lw=1.6)
    if first < 0:
        axes.axvline(0, color=pen().muted, lw=0.8, ls=":")
    return first, totals


def _limits(
    axes: Axes,
    law: Law,
    bands: dict[float, tuple[Floats, Floats, Floats]],
    days: tuple[int, int],
    reach: Sequence[float],
) -> None:
    first, end = days
    low, _, high = bands[_PROBS[0]]
    bottom, top = min([float(low.min()), *reach]), max([float(high.max()), *reach])
    spread = (top - bottom) or 0.1 * abs(top) or 1.0
    broken = bottom - 0.1 * spread > 0.2 * top
    axes.set_ylim(bottom - 0.08 * spread if broken else 0.0, top + 0.04 * spread)
    if broken:
        break_mark(axes)
    axes.set_xlim(first, max(end, first + 1))
    axes.yaxis.set_major_formatter(people if law.provenance.unit == "persons" else amounts)
    level_lines(axes)
    date_ticks(axes, law.information_date, first, end)


def _labels(
    axes: Axes, bands: dict[float, tuple[Floats, Floats, Floats]], thresholds: Sequence[float]
) -> None:
    """Write the probability of each band at its end, and each threshold on its line."""
    low, high = axes.get_ylim()
    ends = [(float(bands[prob][2][-1]), percent(prob), pen().dated) for prob in _PROBS]
    for threshold in thresholds:
        axes.axhline(threshold, color=pen().outer_ink, lw=1.0, ls=(0, (4, 3)))
        ends.append((threshold, number(threshold), pen().outer_ink))
    line = 1.25 * LABEL / 72 / (room_of(axes)[1] - 0.4) * (high - low)
    places = spread([place for place, _, _ in ends], line, low + line / 2, high - line / 2)
    for place, (_, text, colour) in zip(places, ends, strict=True):
        look = {"xycoords": ACROSS, "color": colour, "annotation_clip": False}
        write(axes, text, (1, place), (4, 0), ("left", "center"), **look)


def _until(law: Law, thresholds: Sequence[float]) -> date:
    """Return the last day that matters: a while after all thresholds are passed, nearly surely.

    It is earlier where the fan has by then become so high that they would lie at its foot.
    """
    start, last = law.information_date, (law.horizon - law.information_date).days
    if not thresholds:
        return law.horizon
    top = max(thresholds)
    late = crossing(law, top, prob=_SURELY).upper.offset
    if late is not None:
        last = min(last, round(1.5 * late) + _MONTH)

    def dwarfs(offset: int) -> bool:
        middle, high = quantiles(law, (0.5, 0.95), start + timedelta(days=offset))[0]
        return bool(middle >= top and high > _DWARFED * top)

    high = bisect.bisect_left(range(last), True, key=dwarfs)  # noqa: FBT003 - what is looked for
    return start + timedelta(days=min(last, max(high, _MONTH)))


def _others(law: Law, dossier: Dossier | None, last: date) -> list[tuple[int, float, str]]:
    """Return day, total and source of forecasts of this total that others made, up to a day."""
    if dossier is None:
        return []
    others = []
    for claim in dossier.claims:
        ours = claim.quantity == law.provenance.quantity and claim.known_on(law.information_date)
        if ours and claim.kind == "forecast" and claim.threshold and claim.by is not None:
            by = claim.by.last
            if law.information_date < by <= last:
                name = whose(dossier.sources[claim.source].name, "forecast")
                others.append(((by - law.information_date).days, claim.threshold, name))
    return others


def _days(law: Law, mark: Mark) -> int:
    return (mark.day - law.information_date).days


def _lines(law: Law, mark: Mark) -> list[Line]:
    """Return the lines of a mark: what the words leave open, and the days they describe."""
    days, first, last = _days(law, mark), *((day - law.information_date).days for day in mark.span)
    return [(days, mark.low, days, mark.high), (first, mark.middle, last, mark.middle)]


def _in_words(
    law: Law, last: date, known: list[Mark], thresholds: Sequence[float], happened: Series | None
) -> str:
    what = law.provenance
    low, middle, high = rounded_ends(total(law, last, prob=0.9), what.unit)
    sentence = (
        f"Fan chart of {what.title}, {basis_words(law)}, {in_unit(what.unit)}from "
        f"{print_date(law.information_date, 'day')}: on {print_date(last, 'day')} between "
        f"{number(low)} and {number(high)} with a probability of 90 %, median {number(middle)}"
    )
    parts = [sentence]
    if known:
        parts.append(f"beside it {len(known)} reported totals")
    if thresholds:
        parts.append(f"lines at {' and '.join(number(value) for value in thresholds)}")
    recorded = zip(happened.days, happened.totals, strict=True) if happened is not None else ()
    after = [(day, value) for day, value in recorded if law.information_date < day <= last]
    parts += [f"recorded by {print_date(day, 'day')}: {number(value)}" for day, value in after[-1:]]
    return "; ".join(parts) + "."
