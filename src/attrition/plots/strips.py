"""The strip of a hindcast: every forecast against what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from attrition.citation import percent
from attrition.errors import InputError
from attrition.hindcasts import Hindcast, Outcome
from attrition.hindcasts.rolling import OURS
from attrition.hindcasts.scores import by_rank, interval, miss
from attrition.plots.crossings import DATED, INK, MUTED, OUTER, new_figure, styled, titled

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_hindcast(
    made: Hindcast, ax: Axes | None = None, *, method: str = OURS, rank: int = 0
) -> Axes:
    """Draw each forecast of a crossing as an interval over the day on which it was made.

    Parameters
    ----------
    made : Hindcast
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    method : str
        Whose forecasts.
    rank : int
        Which of the thresholds asked at an origin: 0 the nearest, 1 the next.

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
    """
    summary = made.summary(method)
    outcomes = by_rank(made.outcomes[method], rank)
    if not outcomes:
        raise InputError(
            "an origin must have asked about a threshold of that rank",
            got=f"rank={rank}",
            place="plot_hindcast",
            remedy="Give 0 for the nearest",
        )
    with styled():
        axes = ax if ax is not None else new_figure(8.4, 4.2)[1]
        for outcome in outcomes:
            _strip(axes, outcome, made.prob)
        _edge(axes, outcomes)
        axes.set_ylabel("days after the forecast")
        axes.set_ylim(0, None)
        axes.grid(axis="y", color=MUTED, alpha=0.2, lw=0.6)
        held = np.mean([miss(o, made.prob) == 0 for o in outcomes])
        titled(
            axes,
            f"{made.name}: what was forecast, and what happened\n",
            f"Bar: {percent(made.prob)} interval of the day that the "
            f"{('nearest', 'next')[min(rank, 1)]} round number is passed, by the day of the "
            f"forecast ({summary.method}).\nPoint: the day it was passed; open where the interval "
            f"missed it. Above the dotted line the data end. Held: {percent(float(held))}.",
        )
    return axes


def _strip(axes: Axes, outcome: Outcome, prob: float) -> None:
    low, high = interval(outcome, prob)
    end = outcome.horizon
    when = np.datetime64(outcome.origin)
    axes.plot([when, when], [min(low, end), min(high, end)], color=DATED, lw=2, alpha=0.55)
    if high > end:
        axes.plot([when], [end], "^", color=DATED, ms=4, alpha=0.8)
    held = miss(outcome, prob) == 0
    if outcome.day > 0:
        face = INK if held else "white"
        axes.plot([when], [outcome.day], "o", ms=4, color=INK, mfc=face, mew=1.2)
    elif not held:
        axes.plot([when], [end], "o", ms=4, color=OUTER, mfc="white", mew=1.2)


def _edge(axes: Axes, outcomes: list[Outcome]) -> None:
    """Draw the last day of data, as seen from each origin, and keep it from setting the scale."""
    tallest = max(
        max(o.day, min(interval(o, 0.9)[1], o.horizon if o.day < 0 else o.day * 4))
        for o in outcomes
    )
    days = [np.datetime64(o.origin) for o in outcomes]
    axes.plot(days, [o.horizon for o in outcomes], color=MUTED, lw=0.8, ls=":")
    axes.set_ylim(0, tallest * 1.08)
