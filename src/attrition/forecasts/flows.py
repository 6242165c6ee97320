"""Events of a flow: a month above so many, the day on which a rate falls below, the peak week.

Each is a mean over joint draws of what is added in stretches of days: an event of several stretches
cannot be read from their intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.checks import check_prob, number_within, whole_number
from attrition.core.errors import refusal
from attrition.forecasts.joint import added_in, totals_on

if TYPE_CHECKING:
    from attrition.forecasts.models import Forecast

Of = tuple[str | None, str | None]
"""A quantity and whose count; the first that was forecast where None."""

Stretches = tuple[str | int, Sequence[date | str] | None]
"""Stretches by name or days of one, or their last days."""


@dataclass(frozen=True, slots=True)
class FlowEvent(Shown):
    """How likely something happens to what is added in stretches of days, and when first.

    Parameters
    ----------
    event : str
        What was asked, in words.
    prob : float
        Probability of the interval of the first.
    probability : float
        That it happens in any of the stretches.
    mcse : float
        Largest Monte Carlo standard error of the probabilities.
    lower, median, upper : datetime.date or None
        Last day of the first stretch in which it happens; None where that is in none of them.
    ends : tuple of datetime.date
        Last days of the stretches.
    each : tuple of float
        Probability of the event in each of them.

    See Also
    --------
    attrition.Forecast.exceeds : a month above so many.
    attrition.Forecast.falls_below : the day on which a rate does.
    attrition.Forecast.peak : the week that adds most.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["ukrainian-killed"])
    >>> peak = forecast.peak(every="month")
    >>> peak.probability, len(peak.each), round(sum(peak.each), 6)
    (1.0, 24, 1.0)
    """

    event: str
    prob: float
    probability: float
    mcse: float
    lower: date | None
    median: date | None
    upper: date | None
    ends: tuple[date, ...]
    each: tuple[float, ...]


def event_of(
    happens: NDArray[np.bool_], ends: Sequence[date], event: str, prob: float
) -> FlowEvent:
    """Return what draws say of an event.

    Parameters
    ----------
    happens : ndarray of bool, shape (replicate, path, stretch)
        Whether it does.
    ends : sequence of datetime.date
        Last days of the stretches.
    event : str
    prob : float
    """
    check_prob(prob)
    once = happens.any(axis=2)
    shares = np.column_stack([once.mean(axis=1), happens.mean(axis=1)])
    error = shares.std(axis=0, ddof=1).max() / np.sqrt(len(shares))
    first = np.where(once, happens.argmax(axis=2), len(ends))
    levels = [(1 - prob) / 2, 0.5, (1 + prob) / 2]
    places = np.quantile(first, levels, method="inverted_cdf").astype(int)
    lower, median, upper = (ends[place] if place < len(ends) else None for place in places)
    anywhere, *each = shares.mean(axis=0).tolist()
    return FlowEvent(
        event, prob, anywhere, float(error), lower, median, upper, tuple(ends), tuple(each)
    )


def exceeds(
    forecast: Forecast, amount: float, of: Of, stretches: Stretches, prob: float
) -> FlowEvent:
    """Return in which stretches more than an amount is added; see :meth:`Forecast.exceeds`."""
    number_within(amount, "amount of a flow", "amount")
    ends, added, length = _added(forecast, of, stretches)
    return event_of(added > amount, ends, f"more than {amount:,.10g} in a {length}", prob)


def peak(forecast: Forecast, of: Of, stretches: Stretches, prob: float) -> FlowEvent:
    """Return which stretch adds most; see :meth:`Forecast.peak`."""
    ends, added, length = _added(forecast, of, stretches)
    most = np.eye(len(ends), dtype=bool)[added.argmax(axis=2)]
    return event_of(most, ends, f"the {length} that adds most", prob)


def falls_below(forecast: Forecast, rate: float, over: int, of: Of, prob: float) -> FlowEvent:
    """Return when some days added less than a rate; see :meth:`Forecast.falls_below`."""
    number_within(rate, "amount of a flow", "rate", above=True)
    days = (forecast.horizon - forecast.information_date).days
    length = whole_number(over, "over", least=1, most=days)
    every = [forecast.information_date + timedelta(days=day) for day in range(days + 1)]
    totals = totals_on(forecast, *of, every)
    below = totals[..., length:] - totals[..., :-length] < rate * length
    return event_of(below, every[length:], f"under {rate:,.10g} a day over {length} days", prob)


def _added(forecast: Forecast, of: Of, stretches: Stretches) -> tuple[list[date], Floats, str]:
    """Return the ends of stretches, what is added, (replicate, path, stretch), and their name."""
    (_, *ends), added = added_in(forecast, *of, *stretches)
    every, on = stretches
    if not ends:
        raise refusal("stretch ahead", f"none by {forecast.horizon}", "every")
    return ends, added, "stretch" if on else every if isinstance(every, str) else f"{every} days"
