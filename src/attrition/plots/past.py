"""How past forecasts did: the strip of a hindcast, the PIT with its band, and an archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Unpack

import numpy as np

from attrition._version import __version__
from attrition.core.errors import refusal
from attrition.core.laws import print_date
from attrition.plots.canvas import Look, canvas
from attrition.plots.dates import date_ticks
from attrition.plots.look import BODY, level_lines, pen, say
from attrition.reporting import percent
from attrition.reporting.words import chance

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from attrition.evaluation import Hindcast, Past, Strip, Summary
    from attrition.reporting import ArchiveScore


def plot_hindcast(
    past: Hindcast | Past,
    ax: Axes | None = None,
    *,
    method: str | None = None,
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
    method : str, optional
        Whose forecasts; ours when left out.
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
    drawn, whose = _drawn(past, method, rank)
    origin = drawn[0].origin
    coverage = sum(strip.miss == 0 for strip in drawn) / len(drawn)
    asked = ("nearest", "next")[min(rank, 1)]
    heading = f"{past.name}: what was forecast, and what happened"
    detail = (
        f"Days after the forecast. Bar: {percent(past.prob)} interval of the day that the {asked} "
        f"round number is passed, by the day of the forecast ({whose}). Point: the day it was "
        "passed; open where the interval missed it. Above the dotted line the data end. "
        f"Held: {percent(coverage)}."
    )
    last_day = print_date(past.last, "day")
    source = f"Source: hindcast by attrition {__version__} of {past.name}, data to {last_day}."
    with canvas(ax, 3.2, heading, detail, source, look) as axes:
        _bars(axes, drawn, origin)
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


def _drawn(past: Hindcast | Past, method: str | None, rank: int) -> tuple[Sequence[Strip], str]:
    from attrition.evaluation import OURS, Past, strips  # which a page of a dossier does not need

    whose = method or OURS
    if isinstance(past, Past):
        rows: Sequence[Strip] = past.strips if rank == 0 else ()
    else:
        whose = past.summary(whose).method
        rows = strips(past.outcomes[whose], past.prob, rank)
    if not rows:
        raise refusal("rank of a threshold", f"rank={rank}", "plot_hindcast")
    return rows, whose


def _bars(axes: Axes, drawn: Sequence[Strip], origin: date) -> None:
    """Draw all intervals, the days of passing, each kind at once, and the end of the data."""
    days = [(strip.origin - origin).days for strip in drawn]
    low = [min(strip.low, strip.horizon) for strip in drawn]
    high = [min(strip.high, strip.horizon) for strip in drawn]
    axes.vlines(days, low, high, color=pen().dated, lw=2, alpha=0.55)
    dated = [*zip(days, drawn, strict=True)]
    longer = [(when, one.horizon) for when, one in dated if one.high > one.horizon]
    inside = [(when, one.day) for when, one in dated if one.day > 0 and not one.miss]
    missed = [(when, one.day) for when, one in dated if one.day > 0 and one.miss]
    pending = [(when, one.horizon) for when, one in dated if one.day <= 0 and one.miss]
    for places, marker, size, colour, face in (
        (longer, "^", 4, pen().dated, pen().dated),
        (inside, "o", 4, pen().ink, pen().ink),
        (missed, "o", 4, pen().ink, pen().paper),
        (pending, "o", 4, pen().outer, pen().paper),
    ):
        if places:
            x, y = zip(*places, strict=True)
            axes.plot(x, y, marker, ms=size, color=colour, mfc=face, mew=1.2, ls="")
    # the last day of data, as seen from each origin, must not set the scale
    tallest = max(max(s.day, min(s.high, s.horizon if s.day < 0 else s.day * 4)) for s in drawn)
    axes.plot(days, [strip.horizon for strip in drawn], color=pen().muted, lw=0.8, ls=":")
    axes.set_ylim(0, tallest * 1.08)


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


def plot_archive(
    scored: ArchiveScore, last: date, ax: Axes | None = None, **look: Unpack[Look]
) -> Axes:
    """Draw each cited interval as a row, with the day on which the total passed.

    Parameters
    ----------
    scored : ArchiveScore
    last : datetime.date
        Last day of the truth; open ends are drawn to it or to the last date known.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If nothing was scored.

    See Also
    --------
    attrition.reporting.score_archive : what is drawn.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> from datetime import date
    >>> import pandas as pd
    >>> truth = at.read_series(
    ...     pd.DataFrame(
    ...         {"date": ["2025-06-03", "2025-06-13", "2025-06-20"], "total": [500, 601, 660]}
    ...     )
    ... )
    >>> scored = at.reporting.score_archive([at.reporting.make_record(law, [600])], truth)
    >>> print(at.plots.text_alternative(at.plots.archive(scored, date(2025, 6, 20))))
    Cited 90 % intervals, and what happened: 1 of 1 resolved ones held. 600, held.
    """
    if not scored.rows:
        raise refusal("cited intervals", "none", "plot_archive")
    share = "none is resolved"
    if scored.running:
        share = "{} of {} resolved ones held".format(*scored.running[-1])
    probs = " and ".join(sorted({chance(row.prob) for row in scored.rows}))
    detail = "Bar: the interval as it was cited. Dot: the day it passed. Dotted: last day of data."
    source = f"Source: the archived records, by attrition {__version__}."
    body = 0.32 * len(scored.rows) + 0.5
    head, rows = f"{probs} intervals: {share}", len(scored.rows)
    with canvas(ax, body, head, detail, source, look, least=0.2 * rows + 0.4) as axes:
        colours = {"held": pen().dated, "missed": pen().outer, "pending": pen().muted}
        start = min(row.information_date for row in scored.rows)
        known = [day for row in scored.rows for day in (row.upper, row.happened) if day]
        end = (max([last, *known]) - start).days
        for level, row in enumerate(scored.rows):
            low = ((row.lower or row.information_date) - start).days
            high = (row.upper - start).days if row.upper else end
            axes.plot([low, high], [-level, -level], color=colours[row.outcome], lw=3)
            if row.happened:
                axes.plot([(row.happened - start).days], [-level], "o", color=pen().ink, ms=5)
        labels = [
            f"{row.threshold:,.10g}{' (may end)' if row.end_hazard else ''}, {row.outcome}"
            for row in scored.rows
        ]
        axes.set_yticks([-level for level in range(len(labels))], labels)
        axes.axvline((last - start).days, color=pen().muted, lw=0.8, ls=":")
        date_ticks(axes, start, 0, max(end, 1))
    words = f"Cited {probs} intervals, and what happened: {share}. {'; '.join(labels)}."
    return say(axes, words)
