"""Where a hindcast stands, what it asks there, and what happened."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.errors import clip, refusal
from attrition.data.series import Series
from attrition.data.series.series import next_multiples, next_rounds, trailing_rate

Thresholds = Literal["auto"] | float | tuple[float, ...]
"""``"auto"``, a step between round numbers, or the totals themselves [unit]."""


@dataclass(frozen=True, slots=True)
class Protocol(Shown):
    """Which origins, which thresholds, how far.

    Parameters
    ----------
    every : int
        Days between origins [day].
    after : int
        Days of data before the first origin [day].
    start : datetime.date, optional
        No origin before this day.
    thresholds : "auto", float or tuple of float
        ``auto``: the next 1 and 3 multiples of the smallest 1, 2 or 5 x 10^k step worth at least
        60 days at the trailing 28-day rate. A number: the next 1 and 3 multiples of it. Several:
        those totals, while they have not been passed.
    horizon : int
        Longest horizon, cut at the end of the data [day].
    """

    every: int = 14
    after: int = 180
    start: date | None = None
    thresholds: Thresholds = "auto"
    horizon: int = 730

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        low = min(self.every, self.horizon, self.after - 27)
        asked = np.atleast_1d(0 if self.thresholds == "auto" else self.thresholds)
        bad = self.thresholds != "auto" and not (asked.size and (asked > 0).all())
        if low < 1 or bad:
            got = clip(f"every {self.every}, after {self.after}, {self.thresholds}")
            raise refusal("protocol", got, "hindcast")

    @property
    def text(self) -> str:
        """The protocol in words."""
        asked = self.thresholds
        if asked == "auto":
            grid = "the next 1 and 3 multiples of a round step worth 60 days"
        elif isinstance(asked, tuple):
            grid = f"thresholds {', '.join(f'{k:,.10g}' for k in asked)}"
        else:
            grid = f"the next 1 and 3 multiples of {asked:,.10g}"
        begin = f"from {self.start}, " if self.start else ""
        return (
            f"every {self.every} days after {self.after} days of data, {begin}{grid}, "
            f"horizon {self.horizon} days"
        )


@dataclass(frozen=True, slots=True)
class Origin(Shown):
    """A past day, what was known on it, and what is asked.

    Parameters
    ----------
    known : Series
        The rows up to the origin, cleaned by themselves.
    day : datetime.date
        The last report among them.
    thresholds : ndarray of float, shape (threshold,)
        Totals asked about [unit].
    horizon : int
        Days to the end of the question [day].
    rate : float
        Trailing daily rate [unit/day].
    """

    _cell = ("day",)

    known: Series
    day: date
    thresholds: Floats
    horizon: int
    rate: float

    @property
    def total(self) -> float:
        """The total at the origin [unit]."""
        return float(self.known.cleaned.total[-1])

    def daily_totals(self) -> Floats:
        """Return the total at the end of each day up to the origin, linear between reports."""
        day = self.known.cleaned.day
        return np.interp(np.arange(day[0], day[-1] + 1), day, self.known.cleaned.total)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome(Shown):
    """One forecast against what happened.

    Parameters
    ----------
    origin : datetime.date
    threshold : float
        The total asked about [unit].
    lead : float
        Days to it at the trailing rate of the origin [day].
    horizon : int
        Days to the end of the question [day].
    day : int
        Days to the first report at or above the threshold; -1 if there was none.
    cdf : ndarray of float, shape (horizon,)
        P(T <= t) by the forecast, t = 1, 2, ...

    See Also
    --------
    attrition.evaluation.Hindcast : all of them.

    Examples
    --------
    >>> import attrition as at
    >>> import numpy as np, xarray as xr
    >>> days = np.datetime64("2024-01-01", "s") + np.arange(200) * np.timedelta64(86_400, "s")
    >>> daily = xr.DataArray(np.full(200, 50.0), {"time": days}, name="daily")
    >>> past = at.hindcast(at.read_series(daily), rng=1, every=60)
    >>> outcome = past.outcomes["attrition"][0]
    >>> outcome.origin.isoformat(), outcome.threshold, outcome.day
    ('2024-06-29', 10000.0, 19)
    """

    origin: date
    threshold: float
    lead: float
    horizon: int
    day: int
    cdf: Floats


def origins(
    series: Series, protocol: Protocol, days: Sequence[date] | None = None
) -> Iterator[Origin]:
    """Yield the origins of a protocol, or those of some of its days; none knows a later row."""
    last = series.days[-1]
    for at in standing_days(series, protocol) if days is None else days:
        origin = _standing(series.until(at), protocol, last)
        if origin.thresholds.size and origin.horizon > 0:
            yield origin


def standing_days(series: Series, protocol: Protocol) -> list[date]:
    """Return the days on which a protocol stands, each with a report that the one before lacked.

    The first has two reports: of a yearly count that is not before a year has gone.
    """
    reports = series.days
    days: list[date] = []
    seen = 1
    at = reports[0] + timedelta(days=protocol.after)
    while at < reports[-1]:
        known = bisect.bisect_right(reports, at)
        if (protocol.start is None or at >= protocol.start) and known > seen:
            seen = known
            days.append(at)
        at += timedelta(days=protocol.every)
    return days


def _standing(known: Series, protocol: Protocol, last: date) -> Origin:
    cleaned = known.cleaned
    total = float(cleaned.total[-1])
    asked = protocol.thresholds
    if asked == "auto":
        thresholds = next_rounds(cleaned)
    elif isinstance(asked, tuple):
        thresholds = np.array(sorted(k for k in set(asked) if k > total), dtype=float)
    else:
        thresholds = next_multiples(total, float(asked))
    day = known.last_day
    horizon = min(protocol.horizon, (last - day).days)
    return Origin(known, day, thresholds, horizon, trailing_rate(cleaned))


def pair(series: Series, origin: Origin, cdf: Floats) -> list[Outcome]:
    """Return the outcomes of one origin, given the forecast laws (threshold, horizon)."""
    outcomes = []
    for threshold, law in zip(origin.thresholds, cdf, strict=True):
        crossed = series.crossed(float(threshold))
        days = (crossed - origin.day).days if crossed is not None else -1
        day = days if 0 < days <= origin.horizon else -1
        lead = (float(threshold) - origin.total) / max(origin.rate, 1e-9)
        outcomes.append(Outcome(origin.day, float(threshold), lead, origin.horizon, day, law))
    return outcomes
