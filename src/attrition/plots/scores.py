"""How past forecasts did: the PIT with its band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import numpy as np

from attrition._version import __version__
from attrition.evaluation import Summary
from attrition.plots.canvas import Look, canvas
from attrition.plots.look import BODY, pen, say
from attrition.reporting import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_pit(
    summary: Summary, ax: Axes | None = None, *, name: str = "", **look: Unpack[Look]
) -> Axes:
    """Draw where in the forecasts the crossings fell: level, if they were calibrated.

    Parameters
    ----------
    summary : Summary
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    name : str
        Of the series, for the heading.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes
        Share of crossings in each tenth of their forecasts. Within the band lies a tenth nine times
        in ten, counting only forecasts that share no day.

    See Also
    --------
    attrition.evaluation.Summary : what is drawn.
    attrition.plots.hindcast : each forecast.

    Examples
    --------
    >>> import attrition as at
    >>> import numpy as np, xarray as xr
    >>> days = np.datetime64("2024-01-01", "s") + np.arange(200) * np.timedelta64(86_400, "s")
    >>> daily = xr.DataArray(np.full(200, 50.0), {"time": days}, name="daily")
    >>> past = at.hindcast(at.read_series(daily), rng=1, every=60)
    >>> print(at.plots.text_alternative(at.plots.pit(past.summary())))
    Histogram of 2 crossings over the tenths of their forecasts, in percent: 0 50 0 50 0 0 0 0 0
    0; even would be 10, and chance allows less than 0.1 % to more than 99.9 %. 90 % intervals
    held more than 99.9 % of the time.
    """
    shares = np.asarray(summary.pit)
    low, high = summary.pit_band
    count = shares.size
    coverage = summary.coverage[-1]
    heading = f"{name}: where in the forecasts the crossings fell" if name else "Where they fell"
    detail = (
        f"Share of {summary.count} crossings in each tenth of their forecast. Dashed: what an "
        "honest forecast would show; band: what chance allows to one, by "
        f"{summary.independent} forecasts that share no day. 90 % intervals held "
        f"{percent(coverage)} "
        "of the time."
    )
    source = f"Source: hindcast by attrition {__version__}."
    with canvas(ax, 2.2, heading, detail, source, look) as axes:
        axes.axhspan(low, high, color=pen().outer, alpha=0.22, lw=0, zorder=0)
        axes.axhline(1 / count, color=pen().outer_ink, lw=1.0, ls=(0, (4, 3)), zorder=2)
        axes.bar(np.arange(count) + 0.5, shares, width=0.86, color=pen().dated, zorder=1)
        top = max(float(shares.max()), high) * 1.1
        axes.set_ylim(0, top)
        axes.set_xlim(0, count)
        marks = [0.0, 1 / count] + [high] * (high - 1 / count > 0.09 * top)
        axes.set_yticks(marks, ["0 %", *(percent(mark) for mark in marks[1:])])
        axes.tick_params(axis="both", length=0, labelsize=BODY)
        axes.set_xticks([0, count], ["earlier than forecast", "later than forecast"])
        first, last = axes.get_xticklabels()
        first.set_horizontalalignment("left")
        last.set_horizontalalignment("right")
        axes.axhline(0, color=pen().muted, lw=0.8)
    bars = " ".join(f"{100 * share:.0f}" for share in shares)
    return say(
        axes,
        f"Histogram of {summary.count} crossings{f' of {name}' if name else ''} over the tenths of "
        f"their forecasts, in percent: {bars}; even would be {100 / count:.0f}, and chance allows "
        f"{percent(low)} to {percent(high)}. 90 % intervals held {percent(coverage)} of the time.",
    )
