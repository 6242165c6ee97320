"""The fan chart: what the total will be, with what was reported and what happened."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from attrition.core._typing import Floats
from attrition.core.laws import Law, print_date, round_count, total
from attrition.data.dossier import Dossier
from attrition.data.series import Series
from attrition.plots.claim import amounts
from attrition.plots.claims import Mark, draw_mark, marks
from attrition.plots.dates import date_ticks
from attrition.plots.look import (
    DATED,
    INK,
    MUTED,
    OUTER_INK,
    PALE,
    break_mark,
    new_figure,
    say,
    size_of,
    styled,
    titled,
)
from attrition.reporting import basis_words, number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PROBS = (0.9, 0.8, 0.5)
_ALPHAS = (0.16, 0.26, 0.42)
_STEPS = 72
_NAMED = 4  # marks that are named, at most
_BEFORE = 0.34  # of the width that the days before the information date may take


def plot_fan(
    law: Law,
    ax: Axes | None = None,
    *,
    thresholds: Sequence[float] = (),
    dossier: Dossier | None = None,
    happened: Series | None = None,
    until: date | None = None,
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
    until : datetime.date, optional
        Last day drawn; the horizon when left out.

    Returns
    -------
    matplotlib.axes.Axes
        The darker the band, the nearer to the middle; the line is the median. Where the vertical
        axis does not begin at zero, that is marked.
    """
    last = min(until or law.horizon, law.horizon)
    end = (last - law.information_date).days
    offsets = np.unique(np.linspace(0, end, min(_STEPS, end + 1)).round().astype(int))
    bands = _bands(law, offsets)
    known = _claims(law, dossier)
    with styled():
        axes = ax if ax is not None else new_figure(7.2, 4.4)[1]
        for prob, alpha in zip(_PROBS, _ALPHAS, strict=True):
            low, _, high = bands[prob]
            axes.fill_between(offsets, low, high, color=DATED, alpha=alpha, lw=0)
        middle = bands[_PROBS[0]][1]
        axes.plot(offsets, middle, color=DATED, lw=1.8)
        first = _past(axes, law, known, happened, end)
        drawn = (known, happened, thresholds)
        _limits(axes, law, bands, (first, end), drawn)
        _labels(axes, bands, end, thresholds)
        _names(axes, law, [mark for mark in known if _days(law, mark) >= first], dossier)
        what = law.provenance
        after = " Black line: what was recorded." if happened is not None else ""
        seen = " Marks: what was reported." if known else ""
        titled(
            axes,
            f"{what.title}: the total on each day",
            f"{what.basis_name[:1].upper()}{what.basis_name[1:]}, in {what.unit}, "
            f"{what.condition}. Line: median. Bands: 50, 80 and 90 %.{seen}{after}",
        )
    return say(axes, _in_words(law, last, known, thresholds, happened))


def _bands(law: Law, offsets: np.ndarray) -> dict[float, tuple[Floats, Floats, Floats]]:
    days = [law.information_date + timedelta(days=int(offset)) for offset in offsets]
    found: dict[float, tuple[Floats, Floats, Floats]] = {}
    for prob in _PROBS:
        read = [total(law, day, prob=prob) for day in days]
        ends = np.array([(one.lower, one.median, one.upper) for one in read])
        found[prob] = (ends[:, 0], ends[:, 1], ends[:, 2])
    return found


def _claims(law: Law, dossier: Dossier | None) -> list[Mark]:
    if dossier is None or law.provenance.quantity not in dossier.quantities:
        return []
    return marks(dossier, law.provenance.quantity, 0.9, law.information_date)


def _past(axes: Axes, law: Law, known: list[Mark], happened: Series | None, end: int) -> int:
    """Draw what is known, as far back as a third of the picture, and return the first day."""
    start = law.information_date
    back = [(mark.span[0] - start).days for mark in known]
    if happened is not None:
        back.append((happened.days[0] - start).days)
    first = max(min([*back, 0]) - 8, -round(_BEFORE / (1 - _BEFORE) * end)) if back else 0
    for mark in known:
        if _days(law, mark) >= first:
            draw_mark(axes, mark, start, INK, "o")
    if happened is not None:
        days = np.array([(day - start).days for day in happened.days])
        seen = (days >= first) & (days <= end)
        axes.plot(days[seen], np.asarray(happened.totals)[seen], color=INK, lw=1.6)
    if first < 0:
        axes.axvline(0, color=MUTED, lw=0.8, ls=":")
    return first


def _limits(
    axes: Axes,
    law: Law,
    bands: dict[float, tuple[Floats, Floats, Floats]],
    days: tuple[int, int],
    drawn: tuple[list[Mark], Series | None, Sequence[float]],
) -> None:
    (first, end), (known, happened, thresholds) = days, drawn
    low, _, high = bands[_PROBS[0]]
    reach = [float(low.min()), *(mark.low for mark in known), *thresholds]
    top = [float(high.max()), *(mark.high for mark in known), *thresholds]
    if happened is not None:
        at = np.array([(day - law.information_date).days for day in happened.days])
        totals = np.asarray(happened.totals)[(at >= first) & (at <= end)]
        reach.append(float(totals.min()))
        top.append(float(totals.max()))
    bottom, spread = min(reach), max(top) - min(reach)
    broken = bottom - 0.1 * spread > 0.2 * max(top)
    axes.set_ylim(bottom - 0.08 * spread if broken else 0.0, max(top) + 0.04 * spread)
    if broken:
        break_mark(axes)
    axes.set_xlim(first, end + max(0.42 / size_of(axes)[0] * (end - first), 1.0))
    axes.yaxis.set_major_formatter(amounts)
    axes.tick_params(axis="y", length=0, labelsize=9)
    axes.grid(axis="y", color=PALE, lw=0.8)
    axes.set_axisbelow(True)
    date_ticks(axes, law.information_date, first, end)


def _labels(
    axes: Axes,
    bands: dict[float, tuple[Floats, Floats, Floats]],
    end: int,
    thresholds: Sequence[float],
) -> None:
    """Write the probability of each band at its end, and each threshold on its line."""
    low, high = axes.get_ylim()
    place = -np.inf
    for prob in reversed(_PROBS):
        place = max(float(bands[prob][2][-1]), place + 0.042 * (high - low))
        axes.annotate(
            percent(prob),
            (end, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=DATED,
        )
    for threshold in thresholds:
        axes.axhline(threshold, color=OUTER_INK, lw=1.0, ls=(0, (4, 3)))
        axes.annotate(
            number(threshold),
            (end, threshold),
            xytext=(-3, 3),
            textcoords="offset points",
            ha="right",
            fontsize=8.5,
            color=OUTER_INK,
        )


def _days(law: Law, mark: Mark) -> int:
    return (mark.day - law.information_date).days


def _names(axes: Axes, law: Law, shown: list[Mark], dossier: Dossier | None) -> None:
    """Write who says so beside the foot of each mark, where there are few."""
    if dossier is None or len(shown) > _NAMED:
        return
    for mark in shown:
        axes.annotate(
            textwrap.fill(dossier.sources[mark.source].name, 12),
            (_days(law, mark), mark.low),
            xytext=(4, 5),
            textcoords="offset points",
            va="top",
            fontsize=8,
            color=INK,
            linespacing=1.0,
        )


def _in_words(
    law: Law,
    last: date,
    known: list[Mark],
    thresholds: Sequence[float],
    happened: Series | None,
) -> str:
    what = law.provenance
    read = total(law, last, prob=0.9)
    whole = what.unit == "persons"
    low, middle, high = round_count(
        read.lower, read.median, read.upper, whole=whole, mcse=read.mcse
    )
    said = (
        f"Fan chart of {what.title}, {basis_words(law)}, in {what.unit}, from "
        f"{print_date(law.information_date, 'day')}: on {print_date(last, 'day')} between "
        f"{number(low)} and {number(high)} with a probability of 90 %, median {number(middle)}"
    )
    parts = [said]
    if known:
        parts.append(f"beside it {len(known)} reported totals")
    if thresholds:
        parts.append(f"lines at {' and '.join(number(value) for value in thresholds)}")
    if happened is not None:
        after = [
            (day, float(value))
            for day, value in zip(happened.days, happened.totals, strict=True)
            if law.information_date < day <= last
        ]
        if after:
            day, value = after[-1]
            parts.append(f"recorded by {print_date(day, 'day')}: {number(value)}")
    return "; ".join(parts) + "."
