"""Recalibration from a series' own past: wider after misses, narrower while intervals hold.

The normal score of every probability is divided by a scale s, which leaves the median where it is.
After each outcome that has become known, log s rises by rate * (miss - (1 - prob)), miss being 1
or 0 (the tracking of Gibbs and Candes 2021, arXiv:2106.00170, on the log of a scale).

What is guaranteed, for any series and without any model: over n known outcomes the share of misses
differs from 1 - prob by exactly log(s_n / s_0) / (rate * n). So it is right in the long run as
long as s stays bounded. Nothing is promised for the next forecast, nor for few outcomes; and
outcomes that overlap become known late, so that s lags. On the series that we hold it
did not help, and it is off unless asked for.
"""

from __future__ import annotations

import dataclasses
import heapq
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.core.laws import Law, make_law
from attrition.core.laws.totals import SCORES, Totals
from attrition.evaluation.protocol import Outcome
from attrition.evaluation.scores import interval, miss

if TYPE_CHECKING:
    from attrition.evaluation.rolling import Hindcast

RATE = 0.05
_LARGEST = 3.0  # of the scale, and of its inverse


def stretched(probability: Floats, scale: float) -> Floats:
    """Return probabilities whose normal scores are divided by ``scale``."""
    if scale == 1:
        return probability
    edge = 1e-16
    score = special.ndtri(np.clip(probability, edge, 1 - edge))
    inside = (probability > 0) & (probability < 1)
    return np.where(inside, special.ndtr(score / scale), probability)


def known_after(outcome: Outcome, prob: float) -> int:
    """Return after how many days it was known whether the interval held; -1 if never.

    At the crossing, or as soon as the upper end has passed without one.
    """
    _, high = interval(outcome, prob)
    if outcome.day > 0:
        return min(outcome.day, high + 1)
    return high + 1 if high < outcome.horizon else -1


def stretched_outcomes(
    outcomes: Sequence[Outcome], prob: float, *, rate: float = RATE
) -> list[Outcome]:
    """Return outcomes whose forecasts were recalibrated with what was known at each origin.

    Parameters
    ----------
    outcomes : sequence of Outcome
        In order of their origins.
    prob : float
        Probability of the interval whose misses are tracked.
    rate : float
        How far log s moves after a miss.
    """
    log_scale = 0.0
    waiting: list[tuple[int, int, float]] = []
    results = []
    for index, outcome in enumerate(outcomes):
        now = outcome.origin.toordinal()
        while waiting and waiting[0][0] <= now:
            log_scale = _moved(log_scale, heapq.heappop(waiting)[2])
        cdf = stretched(outcome.cdf, float(np.exp(log_scale)))
        result = dataclasses.replace(outcome, cdf=cdf)
        results.append(result)
        after = known_after(result, prob)
        if after > 0:
            error = float(miss(result, prob) != 0) - (1 - prob)
            heapq.heappush(waiting, (now + after, index, rate * error))
    return results


def _moved(log_scale: float, by: float) -> float:
    bound = float(np.log(_LARGEST))
    return float(np.clip(log_scale + by, -bound, bound))


def recalibrated(law: Law, past: Hindcast, *, rate: float = RATE) -> Law:
    """Return a law recalibrated from a hindcast of the same series up to its information date.

    Parameters
    ----------
    law : Law
        Of the series' own count.
    past : Hindcast
        Made of what was known on the law's information date; later rows in it are not used.
    rate : float
        How far the log of the scale moves after a miss.

    Returns
    -------
    Law
        Its notes state the scale. Off by default everywhere: on the series that we hold it did
        not help (docs: how it was tested).

    See Also
    --------
    attrition.hindcast : from what it learns.

    Examples
    --------
    >>> import attrition as at
    >>> import numpy as np, xarray as xr
    >>> days = np.datetime64("2024-01-01", "s") + np.arange(200) * np.timedelta64(86_400, "s")
    >>> daily = xr.DataArray(np.full(200, 50.0), {"time": days}, name="daily")
    >>> past = at.hindcast(at.read_series(daily), rng=1, every=60)
    >>> law = at.forecast(at.read_series(daily), seed=1, thresholds=[12_000]).law()
    >>> at.evaluation.recalibrated(law, past).provenance.notes[-1]
    'recalibrated from 1 past outcomes: normal scores divided by 0.995'
    """
    log_scale = 0.0
    ours = next(iter(past.outcomes.values()))
    errors = []
    for outcome in stretched_outcomes(ours, past.prob, rate=rate):
        known = outcome.origin.toordinal() + known_after(outcome, past.prob)
        if known_after(outcome, past.prob) > 0 and known <= law.information_date.toordinal():
            errors.append((known, float(miss(outcome, past.prob) != 0) - (1 - past.prob)))
    for _, error in sorted(errors):
        log_scale = _moved(log_scale, rate * error)
    scale = float(np.exp(log_scale))
    note = f"recalibrated from {len(errors)} past outcomes: normal scores divided by {scale:.3g}"
    stated = dataclasses.replace(law.provenance, notes=(*law.provenance.notes, note))
    surface = stretched(law.surface(), scale)
    wider = make_law(surface, law.thresholds, law.information_date, stated, weights=law.weights)
    if law.source is None:
        return wider
    return wider.with_totals(partial(_stretched_totals, law, scale))


def _stretched_totals(law: Law, scale: float) -> Totals:
    """Return the quantiles of a law whose normal scores are divided by a scale."""
    totals = cast("Totals", law.totals)  # a law with a source has them
    place = (np.clip(SCORES * scale, SCORES[0], SCORES[-1]) - SCORES[0]) / (SCORES[1] - SCORES[0])
    left = np.minimum(place.astype(int), SCORES.size - 2)
    low, high = totals.values[..., left], totals.values[..., left + 1]
    return dataclasses.replace(totals, values=low + (place - left) * (high - low))
