"""A recorded count: what was reported, what is odd about it, and what the rules make of it.

And which round numbers it comes to next: the totals that are asked about when nobody names any.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.checks import check_type
from attrition.core.days import day_from, month_end
from attrition.core.errors import refusal
from attrition.core.laws import round_step
from attrition.data.series.cleaning import Cleaned, clean
from attrition.data.series.findings import DEFECTS, EPOCH, Days, Defect, date_of
from attrition.data.series.unreported import LateReports

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """A cumulative count as it was reported.

    Parameters
    ----------
    day : ndarray of int64, shape (report,)
        Report dates, ascending [day since 1970-01-01].
    total : ndarray of float, shape (report,)
        Cumulative totals [unit].
    name, unit : str
        How the count is called, and what it counts; empty where nobody says.
    late : LateReports, optional
        What is still to come about the last days, where reports tell their dates of event.
    """

    day: Days
    total: Floats
    name: str = ""
    unit: str = ""
    late: LateReports | None = None


@dataclass(frozen=True, slots=True)
class Series(Shown):
    """A cumulative count as it was reported, and what is odd about it.

    Parameters
    ----------
    reports : Reports
        What was reported, and when.
    anomalies : tuple of Defect
        What is odd, in order of time, each with the rule by which it is handled.
    cleaned : Cleaned
        The reports after the rules: what a pace is fitted to.
    own_day : bool
        Whether each count stands for its own day only, as in a file of daily counts (unless days
        are often left out).

    See Also
    --------
    attrition.read_series : what makes one.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> import attrition as at
    >>> days = pd.date_range("2025-01-01", periods=3)
    >>> series = at.read_series(pd.Series([10.0, 12.0, 15.0], days, name="cumulative"))
    >>> series.totals.tolist(), str(series.crossed(12))
    ([10.0, 12.0, 15.0], '2025-01-02')
    >>> series.name, series.unit, series.rhythm, series.due(2).tolist()
    ('data frame', 'persons', 1, [1, 2])
    >>> [day.isoformat() for day in (series.first_day, series.last_day)], len(series.days)
    (['2025-01-01', '2025-01-03'], 3)
    >>> series.data.dims, series.table_rows()[0]
    (('time',), {'day': datetime.date(2025, 1, 1), 'total': np.float64(10.0)})
    >>> series.defects, series.grave, series.complete is series
    ((), (), True)
    >>> series.until("2025-01-02").totals.tolist()
    [10.0, 12.0]
    """

    reports: Reports
    anomalies: tuple[Defect, ...]
    cleaned: Cleaned = field(repr=False)
    own_day: bool = False

    def __repr__(self) -> str:
        """Return what was recorded, in a line."""
        count, total = self.reports.day.size, f"{float(self.cleaned.total[-1]):,.10g}"
        return f"<Series {self.name}: {count} reports to {self.last_day}, {total} {self.unit}>"

    def table_rows(self) -> list[dict[str, Any]]:
        """Return the total of each report by its day."""
        return [{"day": d, "total": t} for d, t in zip(self.days, self.totals, strict=True)]

    @property
    def data(self) -> xr.DataArray:
        """Return the cumulative total as reported [unit], dim ``time`` (dates, ascending)."""
        import xarray as xr  # slow, and needed by those alone who want labels

        return xr.DataArray(
            self.reports.total,
            dims="time",
            coords={"time": self.reports.day.astype("datetime64[D]").astype("datetime64[s]")},
            name="cumulative",
            attrs={"long_name": self.reports.name, "units": self.reports.unit},
        )

    @property
    def defects(self) -> tuple[str, ...]:
        """Return what is odd, one line each, with its date and the rule that handles it."""
        return tuple(str(defect) for defect in self.anomalies)

    @property
    def grave(self) -> tuple[Defect, ...]:
        """Return what is odd and a date may hang on, of which reading warns."""
        grave, light = DEFECTS["grave"], DEFECTS["rows"]["taken back"]["rule"]
        return tuple(one for one in self.anomalies if one.kind in grave and one.rule != light)

    @property
    def days(self) -> tuple[date, ...]:
        """Return the report dates."""
        return tuple(self.reports.day.astype("datetime64[D]").astype(object))

    @property
    def first_day(self) -> date:
        """Return the day of the first report."""
        return date_of(int(self.reports.day[0]))

    @property
    def last_day(self) -> date:
        """Return the day of the last report that stands: of the present total."""
        return date_of(int(self.cleaned.day[-1]))

    @property
    def totals(self) -> Floats:
        """Return the cumulative totals as reported [unit]."""
        return self.reports.total

    @property
    def name(self) -> str:
        """Return how the series is called in sentences."""
        return self.reports.name or "the series"

    @property
    def unit(self) -> str:
        """Return the unit of the total."""
        return self.reports.unit or "persons"

    @property
    def rhythm(self) -> int:
        """Return the usual number of days between two reports [day]."""
        step = np.diff(self.cleaned.day)
        return int(np.quantile(step, 0.5, method="lower")) if step.size else 1

    def due(self, horizon: int) -> NDArray[np.int64]:
        """Return the days on which reports are due, counted from the last one, shape (report,).

        By the usual number of days between two reports; where these fell on the same day of the
        month, or on the last, by the calendar; on every day where most keep to neither.
        """
        every, months = max(self.rhythm, 1), self._months()
        if not months:
            usual = np.diff(self.cleaned.day)[-_SEEN:] == every
            every = every if usual.size and usual.mean() >= _MOST else 1
            return np.arange(every, horizon + 1, every)
        last = self.days[-1]
        ahead = np.datetime64(last, "M") + months * np.arange(1, horizon // (28 * months) + 2)
        ends = (ahead + 1).astype("datetime64[D]") - 1
        same = np.minimum(ahead.astype("datetime64[D]") + (last.day - 1), ends)
        ending = all(map(_ends_a_month, self.days[-_SEEN:]))
        days = ((ends if ending else same) - np.datetime64(last)).astype(np.int64)
        return days[days <= horizon]

    def _months(self) -> int:
        """Return how many months lie between reports; 0 where they do not go by the month."""
        seen = self.days[-_SEEN:]
        number = np.diff([day.year * 12 + day.month for day in seen])
        regular = number.size > 1 and number.min() == number.max() > 0
        alike = len({day.day for day in seen}) == 1 or all(map(_ends_a_month, seen))
        return int(number[0]) if regular and alike else 0

    @property
    def complete(self) -> Series:
        """The series without the last days about which reports are still to come."""
        late = self.reports.late
        if late is None:
            return self
        return self.until(date_of(int(self.reports.day[-1 - late.complete.size])))

    def crossed(self, threshold: float) -> date | None:
        """Return the first report date from which the total, by the rules, is at ``threshold``."""
        check_type(threshold, Real, "threshold", "a number")
        reached = self.cleaned.total >= threshold
        return date_of(int(self.cleaned.day[int(np.argmax(reached))])) if reached.any() else None

    def until(self, day: date | str) -> Series:
        """Return what was known on a day: the rows up to it, judged by themselves.

        Of a count with late reports these are the complete days, as they are known now.

        Raises
        ------
        InputError
            If fewer than two reports are known by then.
        """
        reports = self.reports
        day = day_from(day, "day")
        keep = reports.day <= (day - EPOCH).days
        late = reports.late if keep.all() else None
        if reports.late is not None and late is None:
            keep[-reports.late.complete.size :] = False
        if int(keep.sum()) < 2:  # noqa: PLR2004 - one count needs two totals
            got = f"{int(keep.sum())} by {day}"
            raise refusal("two reports known", got, self.name, first=date_of(int(reports.day[0])))
        before = (d for d in self.anomalies if d.kind not in DEFECTS["judged"])
        first = tuple(d for d in before if d.last <= day)
        known = Reports(reports.day[keep], reports.total[keep], reports.name, reports.unit, late)
        return judged(known, first, own_day=self.own_day)


_MOST = 0.5  # share of reports that keep to a rhythm
_SEEN = 13  # last reports by which it is told whether they go by the month


def _ends_a_month(day: date) -> bool:
    return day == month_end(day)


def judged(reports: Reports, first: tuple[Defect, ...], *, own_day: bool) -> Series:
    """Return a series from reports in order; ``first`` is what was found on reading them."""
    cleaned = clean(reports.day, reports.total, own_day=own_day, late=reports.late)
    defects = sorted((*first, *cleaned.anomalies), key=lambda d: d.first)
    return Series(reports, tuple(defects), cleaned, own_day)


_WORTH = 60  # days that a step between round numbers must be worth
_TRAILING = 28  # days over which the rate is taken


def trailing_rate(cleaned: Cleaned) -> float:
    """Return the mean daily rate of the last days, between reports [unit/day]."""
    last = int(cleaned.day[-1])
    back = max(int(np.searchsorted(cleaned.day, last - _TRAILING, side="right")) - 1, 0)
    length = last - int(cleaned.day[back])
    return float(cleaned.total[-1] - cleaned.total[back]) / max(length, 1)


def next_rounds(cleaned: Cleaned) -> Floats:
    """Return the next multiples of a round step worth at least 60 days at the trailing rate."""
    step = max(round_step(_WORTH * trailing_rate(cleaned), above=True), 1.0)
    return next_multiples(float(cleaned.total[-1]), step)


def next_multiples(total: float, step: float) -> Floats:
    """Return multiples of a step above a total: the first and the third."""
    return np.asarray((np.floor(total / step) + np.array((1, 3))) * step, dtype=float)
