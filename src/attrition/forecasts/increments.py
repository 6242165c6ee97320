"""What is added between two days, or in each week or month ahead, from joint draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.checks import days_ahead
from attrition.core.days import day_from, days_from
from attrition.core.errors import clip
from attrition.core.laws.reading import check_prob
from attrition.core.refusals import refusal
from attrition.forecasts.joint import paths_of

if TYPE_CHECKING:
    import xarray as xr

    from attrition.forecasts.models import Forecast

EVERY = {"day": 1, "week": 7, "month": 0}
"""Stretches by name [day]; a month ends on its last day."""


@dataclass(frozen=True, slots=True)
class Increment(Shown):
    """What is added after one day and by the end of another: equal-tailed interval and median.

    Parameters
    ----------
    since, on : datetime.date
    prob : float
    lower, median, upper : float
        [unit]
    mcse : float
        Largest Monte Carlo standard error of the three [unit].
    """

    since: date
    on: date
    prob: float
    lower: float
    median: float
    upper: float
    mcse: float


def increment_of(  # noqa: PLR0917 - what is asked
    forecast: Forecast,
    since: date | str,
    on: date | str,
    quantity: str | None,
    basis: str | None,
    prob: float,
) -> tuple[Increment, Floats]:
    """Return what is added between two days, and its draws, shape (replicate, path) [unit].

    See :meth:`Forecast.increment`.
    """
    check_prob(prob)
    first, last = day_from(since, "since"), day_from(on, "on")
    if first >= last:
        raise refusal("since before on", f"{first} and {last}", "on")
    added = np.diff(_totals(forecast, quantity, basis, [first, last]), axis=2)[..., 0]
    (lower, median, upper), mcse = _read(added, prob)
    return Increment(first, last, prob, lower, median, upper, mcse), added


def increments(
    forecast: Forecast,
    quantity: str | None,
    basis: str | None,
    *,
    every: str | int,
    on: Sequence[date | str] | None,
    prob: float,
) -> xr.Dataset:
    """Return what is added in each of some stretches of days that follow one another.

    See :meth:`Forecast.increments`.
    """
    import xarray as xr

    check_prob(prob)
    known, last = forecast.information_date, forecast.horizon
    ends = _ends(known, last, every) if on is None else sorted(set(days_from(on, "on")))
    days = [known, *(day for day in ends if day > known)]
    added = np.diff(_totals(forecast, quantity, basis, days), axis=2)
    rows = [_read(added[..., index], prob) for index in range(added.shape[2])]
    what = forecast.law(quantity, basis).provenance
    unit = {"units": what.unit}
    columns = np.array([[*levels, mcse] for levels, mcse in rows]).reshape(-1, 4)
    names = ("lower", "median", "upper", "mcse")
    return xr.Dataset(
        {
            **{name: ("time", column, unit) for name, column in zip(names, columns.T, strict=True)},
            "draws": (("draw", "time"), added.reshape(-1, added.shape[2]), unit),
        },
        coords={
            "time": ("time", np.array(days[1:], "datetime64[s]"), {"long_name": "end of day"}),
            "since": ("time", np.array(days[:-1], "datetime64[s]")),
        },
        attrs={"title": what.title, "prob": prob, "seed": forecast.seed},
    )


def _ends(known: date, last: date, every: str | int) -> list[date]:
    """Return the last days of stretches, each wholly within the days of the law."""
    if every == "month":
        months = [
            date(known.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            for month in range(known.month, known.month + 12 * (last.year - known.year + 1) + 12)
        ]
        return [day for day in months if known < day <= last]
    length = EVERY.get(every) if isinstance(every, str) else every
    if isinstance(every, bool) or not isinstance(length, (int, np.integer)) or length < 1:
        raise refusal("stretches of days", clip(every), "every")
    count = (last - known).days // int(length)
    return [known + timedelta(days=int(length) * (index + 1)) for index in range(count)]


def _read(added: Floats, prob: float) -> tuple[list[float], float]:
    """Return three quantiles of what is added, shape (replicate, path), and their error."""
    levels = [(1 - prob) / 2, 0.5, (1 + prob) / 2]
    each = np.quantile(added, levels, axis=1)
    errors = each.std(axis=1, ddof=1) / np.sqrt(each.shape[1])
    return [float(v) for v in np.quantile(added, levels)], float(errors.max())


def _totals(
    forecast: Forecast, quantity: str | None, basis: str | None, days: Sequence[date]
) -> Floats:
    """Return totals at the ends of some days, shape (replicate, path, day)."""
    law = forecast.law(quantity, basis)
    span = (forecast.information_date, forecast.horizon)
    offsets = np.array([days_ahead(day, *span, "on") for day in days], dtype=float)
    nodes, values = paths_of(forecast, law.provenance.quantity, law.provenance.basis)
    right = np.clip(np.searchsorted(nodes, offsets), 1, nodes.size - 1)
    share = (offsets - nodes[right - 1]) / (nodes[right] - nodes[right - 1])
    before = values[..., right - 1]
    return np.asarray(before + share * (values[..., right] - before))  # which never falls
