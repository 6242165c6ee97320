"""A picture of all claims of a total over time."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from attrition.citation import percent
from attrition.dossier import Claim, Dossier
from attrition.elicitation import elicit, families, quantile
from attrition.errors import InputError
from attrition.plots.claim import amounts, shortened
from attrition.plots.crossings import INK, MUTED, date_ticks, new_figure, styled, titled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = ("#2a6f97", "#b08c3a", "#4f7942", "#7b5ea7", "#8c564b", "#468c8c", "#9a8fb0", "#5c6770")
"""One colour for each family of sources, no red among them; the last stands for all others."""


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
        axes.yaxis.set_major_formatter(amounts)
        axes.grid(axis="y", color=MUTED, alpha=0.2, lw=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(axis="y", length=0)
        _scales(axes, marks, origin)
        titled(
            axes,
            shortened(f"{what.title}: what was reported"),
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
