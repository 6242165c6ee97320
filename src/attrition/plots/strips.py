"""The strip of a hindcast: every forecast against what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Unpack

from attrition._version import __version__
from attrition.core.errors import InputError
from attrition.core.laws import print_date
from attrition.evaluation import OURS, Hindcast, Past, Strip, strips
from attrition.plots.canvas import Look, canvas
from attrition.plots.dates import date_ticks
from attrition.plots.look import level_lines, pen, say
from attrition.reporting import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_hindcast(
    past: Hindcast | Past,
    ax: Axes | None = None,
    *,
    method: str = OURS,
    rank: int = 0,
    **look: Unpack[Look],
) -> Axes:
    """Draw each forecast of a crossing as an interval over the day on which it was made.

    Parameters
    ----------
    past : Hindcast or Past
        A hindcast, or the stored record of one, which holds ours and the nearest threshold.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    method : str
        Whose forecasts.
    rank : int
        Which of the thresholds asked at an origin: 0 the nearest, 1 the next.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes
        Days from the origin upwards: the bar is the interval, the point the day on which the
        threshold was passed; open where it was missed, an arrow where the interval or the
        crossing lies beyond the data.

    Raises
    ------
    InputError
        If the method was not hindcast or no threshold has that rank.

    See Also
    --------
    attrition.hindcast : what is drawn.
    attrition.plots.pit : where in the forecasts the days fell.

    Examples
    --------
    >>> import attrition as at
    >>> import numpy as np, xarray as xr
    >>> days = np.datetime64("2024-01-01", "s") + np.arange(200) * np.timedelta64(86_400, "s")
    >>> daily = xr.DataArray(np.full(200, 50.0), {"time": days}, name="daily")
    >>> past = at.hindcast(at.read_series(daily), rng=1, every=60)
    >>> print(at.plots.text_alternative(at.plots.hindcast(past)))
    1 forecasts of xarray object from 2024-06-29 to 2024-06-29, each a 90 % interval of the day
    that the nearest round number is passed: more than 99.9 % held, 0 crossings came before
    their interval and 0 after it.
    """
    drawn, method = _drawn(past, method, rank)
    origin = drawn[0].origin
    coverage = sum(strip.miss == 0 for strip in drawn) / len(drawn)
    asked = ("nearest", "next")[min(rank, 1)]
    heading = f"{past.name}: what was forecast, and what happened"
    detail = (
        f"Days after the forecast. Bar: {percent(past.prob)} interval of the day that the {asked} "
        f"round number is passed, by the day of the forecast ({method}). Point: the day it was "
        "passed; open where the interval missed it. Above the dotted line the data end. "
        f"Held: {percent(coverage)}."
    )
    last_day = print_date(past.last, "day")
    source = f"Source: hindcast by attrition {__version__} of {past.name}, data to {last_day}."
    with canvas(ax, 3.2, heading, detail, source, look) as axes:
        _bars(axes, drawn, origin)
        _edge(axes, drawn, origin)
        level_lines(axes)
        last = (drawn[-1].origin - origin).days
        axes.set_xlim(-0.015 * last - 1, 1.015 * last + 1)
        date_ticks(axes, origin, 0, last)
    early, late = (sum(strip.miss == side for strip in drawn) for side in (-1, 1))
    return say(
        axes,
        f"{len(drawn)} forecasts of {past.name} from {drawn[0].origin} to {drawn[-1].origin}, each "
        f"a {percent(past.prob)} interval of the day that the {asked} round number is passed: "
        f"{percent(coverage)} held, {early} crossings came before their interval and {late} after "
        "it.",
    )


def _drawn(past: Hindcast | Past, method: str, rank: int) -> tuple[Sequence[Strip], str]:
    if isinstance(past, Past):
        rows: Sequence[Strip] = past.strips if rank == 0 else ()
    else:
        method = past.summary(method).method
        rows = strips(past.outcomes[method], past.prob, rank)
    if not rows:
        raise InputError(
            "an origin must have asked about a threshold of that rank",
            got=f"rank={rank}",
            place="plot_hindcast",
            remedy="Give 0 for the nearest",
        )
    return rows, method


def _bars(axes: Axes, drawn: Sequence[Strip], origin: date) -> None:
    """Draw all intervals, and the days of passing, each kind at once."""
    inside: list[tuple[int, int]] = []
    missed: list[tuple[int, int]] = []
    pending: list[tuple[int, int]] = []
    longer: list[tuple[int, int]] = []
    for strip in drawn:
        when, end = (strip.origin - origin).days, strip.horizon
        if strip.high > end:
            longer.append((when, end))
        if strip.day > 0:
            (inside if strip.miss == 0 else missed).append((when, strip.day))
        elif strip.miss:
            pending.append((when, end))
    days = [(strip.origin - origin).days for strip in drawn]
    low = [min(strip.low, strip.horizon) for strip in drawn]
    high = [min(strip.high, strip.horizon) for strip in drawn]
    axes.vlines(days, low, high, color=pen().dated, lw=2, alpha=0.55)
    for places, marker, size, colour, face in (
        (longer, "^", 4, pen().dated, pen().dated),
        (inside, "o", 4, pen().ink, pen().ink),
        (missed, "o", 4, pen().ink, pen().paper),
        (pending, "o", 4, pen().outer, pen().paper),
    ):
        if places:
            x, y = zip(*places, strict=True)
            axes.plot(x, y, marker, ms=size, color=colour, mfc=face, mew=1.2, ls="")


def _edge(axes: Axes, drawn: Sequence[Strip], origin: date) -> None:
    """Draw the last day of data, as seen from each origin, and keep it from setting the scale."""
    tallest = max(max(s.day, min(s.high, s.horizon if s.day < 0 else s.day * 4)) for s in drawn)
    days = [(strip.origin - origin).days for strip in drawn]
    axes.plot(days, [strip.horizon for strip in drawn], color=pen().muted, lw=0.8, ls=":")
    axes.set_ylim(0, tallest * 1.08)
