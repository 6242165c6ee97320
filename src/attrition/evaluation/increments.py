"""What is newly counted within fixed leads, against forecasts of it: coverage, WIS, CRPS."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.streams import stream
from attrition.data.series import Series
from attrition.data.series.findings import EPOCH
from attrition.evaluation.protocol import Origin
from attrition.evaluation.scores import PROBS, flat_band, held_shares, pinball, side_by_side, tenths
from attrition.forecasts import HUB_LEVELS

LEADS = (7, 14, 28, 91, 365)
"""Days ahead: one, two and four weeks, a quarter, a year."""

LEVELS = np.array(sorted({*HUB_LEVELS, *(round(0.01 * step, 2) for step in range(1, 100))}))
"""Levels of the quantiles that are kept of a forecast."""

_EVEN = np.isin(LEVELS, np.round(np.arange(1, 100) / 100, 2))
_OF_HUB = np.isin(LEVELS, HUB_LEVELS)
_WINDOW, _YEAR = 28, 365  # days

IncrementForecaster = Callable[[Floats, int], Floats]
"""Maps daily totals up to the origin and a lead [day] to draws of what is counted within it."""


@dataclass(frozen=True, slots=True, eq=False)
class IncrementOutcome(Shown):
    """One forecast of what is newly counted within a lead, against what was.

    Parameters
    ----------
    origin : datetime.date
    lead : int
        [day]
    came : float
        [unit]
    quantiles : ndarray of float, shape (101,)
        Of the forecast, at ``LEVELS`` [unit].

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
    >>> outcome = past.increments["attrition"][0]
    >>> outcome.lead, outcome.came, outcome.quantiles.shape
    (7, 350.0, (101,))
    >>> outcome.crps > 0, outcome.wis > 0, outcome.log_wis > 0, 0 <= outcome.pit(0.5) <= 1
    (True, True, True, True)
    """

    origin: date
    lead: int
    came: float
    quantiles: Floats

    @property
    def crps(self) -> float:
        """Twice the mean pinball loss over 99 even levels [unit]."""
        return float(pinball(self.quantiles[_EVEN], LEVELS[_EVEN], self.came))

    @property
    def wis(self) -> float:
        """Weighted interval score of the hubs' 23 levels [unit]."""
        return float(pinball(self.quantiles[_OF_HUB], LEVELS[_OF_HUB], self.came))

    @property
    def log_wis(self) -> float:
        """The same of log(1 + count) [1] (Bosse et al. 2023, doi:10.1371/journal.pcbi.1011393)."""
        logs = np.log1p(np.maximum(self.quantiles[_OF_HUB], 0.0))
        return float(pinball(logs, LEVELS[_OF_HUB], np.log1p(max(self.came, 0.0))))

    def pit(self, uniform: float) -> float:
        """Return the randomised PIT: where the outcome lies among 99 even quantiles."""
        even = self.quantiles[_EVEN]
        below, upto = float(np.mean(even < self.came)), float(np.mean(even <= self.came))
        return below + uniform * (upto - below)


@dataclass(frozen=True, slots=True)
class IncrementSummary(Shown):
    """How one way of forecasting increments did at one lead.

    Parameters
    ----------
    method : str
    lead : int
        [day]
    count, independent : int
        Forecasts, and those of them that share no day.
    coverage : tuple of float
        Shares held by the 50, 80 and 90 % intervals, by the randomised PIT.
    below, above : float
        Shares that fell below and above the 90 % interval.
    crps, wis : float
        Means [unit].
    log_wis : float
        Mean [1].
    pit : tuple of float
        Share of PIT values in each tenth.
    pit_band : tuple of float
        As of :class:`Summary`.

    See Also
    --------
    attrition.evaluation.Hindcast : the forecasts that it sums up.

    Examples
    --------
    >>> import attrition as at
    >>> import numpy as np, xarray as xr
    >>> days = np.datetime64("2024-01-01", "s") + np.arange(200) * np.timedelta64(86_400, "s")
    >>> daily = xr.DataArray(np.full(200, 50.0), {"time": days}, name="daily")
    >>> past = at.hindcast(at.read_series(daily), rng=1, every=60)
    >>> row = past.table_of_increments()[0]
    >>> row.method, row.lead, row.count
    ('attrition', 7, 1)
    """

    method: str
    lead: int
    count: int
    independent: int
    coverage: tuple[float, float, float]
    below: float
    above: float
    crps: float
    wis: float
    log_wis: float
    pit: tuple[float, ...]
    pit_band: tuple[float, float]


def increment_summary(method: str, rows: Sequence[IncrementOutcome], seed: int) -> IncrementSummary:
    """Return the scores of some increments of one lead; ``seed`` randomises their PIT."""
    uniform = stream(seed, 1).random
    pits = np.array([row.pit(float(uniform())) for row in rows])
    lead, origins = rows[0].lead, [row.origin.toordinal() for row in rows]
    apart = side_by_side((first, first + lead) for first in origins)
    tail = (1 - PROBS[-1]) / 2
    return IncrementSummary(
        method,
        lead,
        len(rows),
        apart,
        held_shares(pits),
        float(np.mean(pits < tail)),
        float(np.mean(pits > 1 - tail)),
        float(np.mean([row.crps for row in rows])),
        float(np.mean([row.wis for row in rows])),
        float(np.mean([row.log_wis for row in rows])),
        tenths(pits),
        flat_band(apart),
    )


def leads_of(series: Series, origin: Origin) -> dict[int, float]:
    """Return what was newly counted by the leads that end on a day with a report [unit]."""
    reports, first = series.reports.day, (origin.day - EPOCH).days
    total = float(series.totals[np.searchsorted(reports, first, side="right") - 1])
    came = {}
    for lead in LEADS:
        place = int(np.searchsorted(reports, first + lead))
        if lead <= origin.horizon and place < reports.size and reports[place] == first + lead:
            came[lead] = float(series.totals[place]) - total
    return came


def trailing_errors(history: Floats, lead: int) -> Floats:
    """Return increments at the rate of the last 28 days, with the errors that it has made before.

    Parameters
    ----------
    history : ndarray of float, shape (day,)
        Total at the end of each day up to the origin [unit].
    lead : int
        [day]

    Returns
    -------
    ndarray of float, shape (draw,)
        Where the history is shorter than the lead, errors of the longest lead that it holds stand
        in for those of this one.
    """
    window = min(_WINDOW, history.size // 4)
    rates = (history[window:] - history[:-window]) / window
    lag = min(lead, max((history.size - window) // 2, 1))
    gains = history[window + lag :] - history[window:-lag]
    before = rates[: gains.size]
    ratios = gains[before > 0] / (lag * before[before > 0])
    return np.asarray(lead * rates[-1] * (ratios if ratios.size else np.ones(1)))


def last_year(history: Floats, lead: int) -> Floats:
    """Return the increments of the last year's stretches of that length.

    Parameters and result as of :func:`trailing_errors`; of stretches at most half the history long,
    in proportion.
    """
    lag = min(lead, max(history.size // 2, 1))
    recent = history[-(_YEAR + lag) :]
    return np.asarray((recent[lag:] - recent[:-lag]) * (lead / lag))


INCREMENT_BASELINES: Mapping[str, IncrementForecaster] = {
    "last 28 days, with errors": trailing_errors,
    "last year": last_year,
}
"""What people would use instead, by name."""


def quantiles_of(draws: Floats) -> Floats:
    """Return the quantiles of equally likely draws, shape (101,)."""
    return np.asarray(np.quantile(draws, LEVELS))
