"""Pictures of claims: what one figure leaves open, and all figures of a total over time."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from attrition._typing import HasCdf
from attrition.citation import number, percent
from attrition.dossier import Claim, Dossier
from attrition.elicitation import elicit, families, parts, quantile
from attrition.errors import InputError
from attrition.phrases import Reading
from attrition.plots.crossings import DATED, INK, MUTED, date_ticks, new_figure, styled, titled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = ("#2a6f97", "#b08c3a", "#4f7942", "#7b5ea7", "#8c564b", "#468c8c", "#9a8fb0", "#5c6770")
"""One colour for each family of sources, no red among them; the last stands for all others."""

_BINS = 160


def plot_claim(
    figure: Reading | Claim | HasCdf,
    ax: Axes | None = None,
    *,
    dossier: Dossier | None = None,
    prob: float = 0.9,
    title: str = "",
    unit: str = "",
) -> Axes:
    """Draw what one figure leaves open: its distribution, median and interval.

    Parameters
    ----------
    figure : Reading, Claim or distribution
        As for :func:`attrition.elicit`; not a floor without a coverage.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    dossier : Dossier, optional
        The dossier of a claim.
    prob : float
        Probability of the equal-tailed interval below the curve.
    title, unit : str
        Heading and unit; of a reading or a claim the words and the unit are known.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If the figure is ambiguous, or a floor without a coverage.
    """
    made = elicit(figure, dossier=dossier)
    tail = (1 - prob) / 2
    lower, median, upper = (float(x) for x in quantile(made, [tail, 0.5, 1 - tail]))
    heading, unit = title or _words(figure), unit or _unit(figure, dossier)
    with styled():
        axes = ax if ax is not None else new_figure(7.2, 3.4)[1]
        top = _curve(axes, made)
        axes.plot([lower, upper], [-0.09 * top] * 2, color=INK, lw=2, solid_capstyle="butt")
        axes.plot([median], [-0.09 * top], "o", color=INK, ms=6)
        low, mid, high = (_rounded(x, upper - lower, median) for x in (lower, median, upper))
        text = f"{percent(prob)} between {low} and {high}; median {mid}"
        if lower == upper:
            text = f"exactly {number(median)}"
        axes.text((lower + upper) / 2, -0.16 * top, text, ha="center", va="top", fontsize=8.5)
        axes.set_ylim(-0.34 * top, 1.08 * top)
        axes.set_yticks([])
        axes.xaxis.set_major_formatter(_amounts)
        titled(
            axes,
            _shortened(heading),
            f"What the words leave open{_in(unit)}, before any other error",
        )
    return axes


def _words(figure: object) -> str:
    if isinstance(figure, Reading):
        return f"“{figure.text.strip()}”"
    if isinstance(figure, Claim):
        return f"“{figure.words}”" if figure.words else figure.quantity
    return "A figure"


def _unit(figure: object, dossier: Dossier | None) -> str:
    if isinstance(figure, Reading):
        return figure.unit + (f" per {figure.per}" if figure.per else "")
    if isinstance(figure, Claim) and dossier is not None:
        return dossier.quantities[figure.quantity].unit + " per day" * (figure.kind == "rate")
    return ""


def _in(unit: str) -> str:
    return f", in {unit}" if unit else ""


def _shortened(text: str) -> str:
    return textwrap.shorten(text, 78, placeholder=" …”" if text.startswith("“") else " …")


def _rounded(value: float, width: float, middle: float) -> str:
    """Return a bound to about a hundredth of the width, which is finer than any reader needs."""
    step = 10.0 ** math.floor(math.log10(width / 50)) if width > 0 else 1.0
    if middle > 100:  # noqa: PLR2004 - people and metres, not shares
        step = max(step, 1.0)
    return number(float(f"{round(value / step) * step:.10g}"))


def _amounts(value: float, _: object) -> str:
    return number(float(f"{value:.10g}")) if value >= 0 else ""


def _curve(axes: Axes, made: HasCdf) -> float:
    """Draw mass per bin, and atoms as stems of their own; return the height of the tallest."""
    ends = quantile(made, [0.002, 0.998])
    low, high = float(ends[0]), float(ends[1])
    middle = float(quantile(made, 0.5))
    if high - low <= 1e-9 * max(abs(high), 1.0):
        reach = max(0.02 * abs(middle), 1.0)
        axes.plot([middle, middle], [0.0, 1.0], color=DATED, lw=3, solid_capstyle="butt")
        axes.set_xlim(middle - reach, middle + reach)
        return 1.0
    spare = 0.04 * (high - low)
    start = low - spare if low < 0 else max(low - spare, 0.0)
    edges = np.linspace(start, high + spare, _BINS + 1)
    stems, mass = [], np.zeros(_BINS)
    for weight, part in parts(made):
        near = quantile(part, [0.001, 0.999])
        if near[0] == near[1]:
            stems.append((float(near[0]), weight))
        else:
            mass += weight * np.diff(np.asarray(part.cdf(edges), dtype=float))
    top = float(mass.max()) or 1.0
    centres = (edges[1:] + edges[:-1]) / 2
    axes.fill_between(centres, mass, color=DATED, alpha=0.35, lw=0)
    axes.plot(centres, mass, color=DATED, lw=1.5)
    for value, weight in stems:
        axes.plot([value] * 2, [0.0, top], color=DATED, lw=3, solid_capstyle="butt")
        axes.text(value, 1.02 * top, percent(weight), ha="center", va="bottom", fontsize=8)
    axes.set_xlim(float(edges[0]), float(edges[-1]))
    return top


# ------------------------------------------------------------------ claims over time


@dataclass(frozen=True, slots=True)
class _Mark:
    """One claim as it is drawn: a day, an interval and a middle, or one end with an arrow."""

    source: str
    day: date
    span: tuple[date, date]
    low: float
    middle: float
    high: float
    arrow: int  # 1: a floor, -1: a cap, 0: neither


def _marks(dossier: Dossier, quantity: str, prob: float, as_of: date) -> list[_Mark]:
    start = dossier.find_quantity(quantity).start
    found: list[_Mark] = []
    for claim in dossier.claims_on(quantity, as_of=as_of):
        since = claim.since
        whole = start is not None and since is not None and since.first <= start.first
        if claim.kind == "level" or (claim.kind == "increment" and whole):
            span = (claim.as_of.first, min(claim.as_of.last, claim.published.last))
            day = span[0] + (span[1] - span[0]) / 2
            found.append(_Mark(claim.source, day, span, *_ends(dossier, claim, prob)))
    return found


def _ends(dossier: Dossier, claim: Claim, prob: float) -> tuple[float, float, float, int]:
    tail = (1 - prob) / 2
    try:
        made = elicit(claim, dossier=dossier)
    except InputError:
        floor = claim.low if claim.has_numbers else _floor(claim)
        if floor is None:
            raise
        return floor, floor, floor, 1
    lower, median, upper = (float(x) for x in quantile(made, [tail, 0.5, 1 - tail]))
    if claim.has_numbers and claim.low is None and claim.point is None and claim.high is not None:
        return claim.high, claim.high, claim.high, -1
    if not claim.has_numbers and _hedge(claim) == "at-most":
        cap = float(quantile(made, 1.0))
        return cap, cap, cap, -1
    return lower, median, upper, 0


def _hedge(claim: Claim) -> str:
    from attrition.phrases import read_one

    return read_one(claim.words).hedge if claim.words else ""


def _floor(claim: Claim) -> float | None:
    from attrition.phrases import read_one

    reading = read_one(claim.words)
    if reading.shape != "floor":
        return None
    return reading.low if reading.point is None else reading.point


def plot_claims(
    dossier: Dossier,
    quantity: str,
    ax: Axes | None = None,
    *,
    prob: float = 0.9,
    as_of: date | None = None,
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
    as_of : datetime.date, optional
        Information date; claims published later are not drawn. The latest when left out.

    Returns
    -------
    matplotlib.axes.Axes
        Sources that use one another share a colour. An arrow up is a floor ("at least"), an arrow
        down a cap ("at most"): they are not the middle of anything.

    Raises
    ------
    InputError
        If the quantity is unknown, or no total of it is reported.
    """
    day = as_of or dossier.latest_published
    marks = _marks(dossier, quantity, prob, day)
    if not marks:
        raise InputError(
            "a picture of claims needs a reported total",
            got=f"none known on {day}",
            place=f"dossier '{dossier.id}', quantities.{quantity}",
            remedy="Choose another quantity or a later information date",
        )
    what = dossier.quantities[quantity]
    groups = _by_size(dossier, marks)
    with styled():
        axes = ax if ax is not None else new_figure(7.2, 4.4)[1]
        origin = min(mark.span[0] for mark in marks)
        for position, group in enumerate(groups):
            colour = _COLOURS[min(position, len(_COLOURS) - 1)]
            for mark in marks:
                if mark.source in group:
                    _draw(axes, mark, origin, colour)
        _legend(axes, dossier, groups)
        axes.yaxis.set_major_formatter(_amounts)
        axes.grid(axis="y", color=MUTED, alpha=0.2, lw=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(axis="y", length=0)
        _scales(axes, marks, origin)
        titled(
            axes,
            _shortened(f"{what.title}: what was reported"),
            f"In {what.unit}, known on {day}. Bars: {percent(prob)} of what the words leave open. "
            "Arrows: at least, at most.",
        )
    return axes


def _by_size(dossier: Dossier, marks: list[_Mark]) -> list[list[str]]:
    """Return the families of the sources that are drawn, those with most claims first."""
    named = list(dict.fromkeys(mark.source for mark in marks))
    counts = {key: sum(mark.source == key for mark in marks) for key in named}
    found = families(dossier, named)
    return sorted(found, key=lambda group: -sum(counts[key] for key in group))


def _draw(axes: Axes, mark: _Mark, origin: date, colour: str) -> None:
    x = (mark.day - origin).days
    if mark.arrow:
        axes.plot([x], [mark.middle], "_", color=colour, ms=8, mew=1.6)
        axes.annotate(
            "",
            (x, mark.middle),
            xytext=(0, 15 * mark.arrow),
            textcoords="offset points",
            arrowprops={"arrowstyle": "<-", "color": colour, "lw": 1.4, "shrinkA": 0, "shrinkB": 0},
        )
        return
    axes.plot([x, x], [mark.low, mark.high], color=colour, lw=2, solid_capstyle="butt")
    if mark.span[0] < mark.span[1]:
        days = [(day - origin).days for day in mark.span]
        axes.plot(days, [mark.middle] * 2, color=colour, lw=0.8, alpha=0.7)
    axes.plot([x], [mark.middle], "o", color=colour, ms=4.5, mec="white", mew=0.5)


def _legend(axes: Axes, dossier: Dossier, groups: list[list[str]]) -> None:
    from matplotlib.lines import Line2D

    last = len(_COLOURS) - 1
    handles = []
    for position, group in enumerate(groups[: last + 1]):
        names = [dossier.sources[key].name for key in group]
        label = textwrap.shorten(", ".join(names), 46, placeholder=" …")
        if position == last and len(groups) > last + 1:
            label = f"{sum(map(len, groups[last:]))} other sources"
        dot = Line2D([], [], color=_COLOURS[position], label=label, marker="o", lw=0, ms=5)
        handles.append(dot)
    box = axes.legend(handles=handles, loc="upper left", fontsize=8, labelcolor=INK)
    box.get_frame().set(edgecolor="none", alpha=0.9)


def _scales(axes: Axes, marks: list[_Mark], origin: date) -> None:
    last = max((mark.span[1] - origin).days for mark in marks)
    spare = max(round(0.05 * last), 10)
    axes.set_xlim(-spare, last + spare)
    top = max(mark.high for mark in marks)
    axes.set_ylim(0.0, 1.12 * top if top > 0 else 1.0)
    date_ticks(axes, origin, 0 if last > 31 else -spare, last + spare)  # noqa: PLR2004 - a month
