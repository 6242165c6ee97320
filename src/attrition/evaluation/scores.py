"""Scores of forecasts of a date that may lie beyond the last day of data.

All are of min(T, horizon), days after the origin; a forecast is P(T <= t), t = 1, 2, ...
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.days import day_from
from attrition.core.errors import refusal
from attrition.core.files import bundled
from attrition.core.grouping import grouped_by
from attrition.core.late import special
from attrition.core.laws import CrossingDate, Law, crossing
from attrition.core.laws.reading import mean_of
from attrition.core.streams import stream
from attrition.evaluation.protocol import Outcome

PROBS = (0.5, 0.8, 0.9)
"""Probabilities of the intervals whose coverage is reported."""

BINS = 10
_BAND = 0.9  # probability of the band around a flat PIT histogram
_LEADS = (("up to 90 days", 90.0), ("91 to 180 days", 180.0), ("over 180 days", np.inf))


def pinball(quantiles: Floats, levels: Floats, outcome: Floats | float) -> Floats:
    """Return twice the mean pinball loss of quantiles, along their last axis.

    Over even levels it is the CRPS, over those of the hubs the weighted interval score (Bracher et
    al. 2021, doi:10.1371/journal.pcbi.1008618).
    """
    error = np.asarray(outcome)[..., None] - quantiles
    return np.asarray(2 * np.maximum(levels * error, (levels - 1) * error).mean(axis=-1))


def quantile_day(cdf: Floats, p: float) -> int:
    """Return the first day with P(T <= t) >= p; one more than the horizon stands for beyond."""
    return int(np.searchsorted(np.maximum.accumulate(cdf), p - 1e-12)) + 1


def interval(outcome: Outcome, prob: float) -> tuple[int, int]:
    """Return the equal-tailed interval [day]; one more than the horizon stands for beyond."""
    tail = (1 - prob) / 2
    return quantile_day(outcome.cdf, tail), quantile_day(outcome.cdf, 1 - tail)


def miss(outcome: Outcome, prob: float) -> int:
    """Return 0 if the interval held, -1 if the crossing came before it, 1 if after it.

    An unresolved one held when the upper end lies beyond the data, and came late otherwise.
    """
    low, high = interval(outcome, prob)
    if outcome.day < 0:
        return 0 if high > outcome.horizon else 1
    return -1 if outcome.day < low else int(outcome.day > high)


def censored_crps(outcome: Outcome) -> float:
    """Return the CRPS of min(T, horizon) [day], which is proper for censored dates.

    The sum over days of (F(t) - 1{T <= t})^2: threshold-weighted (Gneiting and Ranjan 2011,
    doi:10.1198/jbes.2010.08110), with no weight on the last day, where both are 1.
    """
    day = np.arange(1, outcome.horizon + 1)
    passed = (day >= outcome.day) & (outcome.day > 0)
    return float((((outcome.cdf - passed)[:-1]) ** 2).sum())


def interval_score(outcome: Outcome, prob: float) -> float:
    """Return the interval score of min(T, horizon) [day].

    Gneiting and Raftery (2007, doi:10.1198/016214506000001437), equation 43.
    """
    end = outcome.horizon
    low, high = (min(day, end) for day in interval(outcome, prob))
    x = outcome.day if outcome.day > 0 else end
    return (high - low) + 2 / (1 - prob) * (max(low - x, 0) + max(x - high, 0))


def width(outcome: Outcome, prob: float) -> float:
    """Return the width of the interval, cut at the horizon [day]."""
    low, high = (min(day, outcome.horizon) for day in interval(outcome, prob))
    return float(high - low)


def pit(outcome: Outcome, uniform: float) -> float:
    """Return the randomised PIT; that of an unresolved crossing is uniform above F(horizon)."""
    if outcome.day < 0:
        below, upto = float(outcome.cdf[-1]), 1.0
    else:
        below = float(outcome.cdf[outcome.day - 2]) if outcome.day > 1 else 0.0
        upto = float(outcome.cdf[outcome.day - 1])
    return below + uniform * (upto - below)


def independent(outcomes: Sequence[Outcome]) -> int:
    """Return how many outcomes fit side by side: the largest number that share no day.

    Forecasts whose spans from origin to crossing overlap see the same days and err together;
    this count, and not the number of outcomes, is what a band of error rests on.
    """
    days = [(o.origin.toordinal(), o.day if o.day > 0 else o.horizon) for o in outcomes]
    return side_by_side((first, first + length) for first, length in days)


def side_by_side(spans: Iterable[tuple[int, int]]) -> int:
    """Return the largest number of spans (first, last] of days of which no two share a day."""
    count, free = 0, -1
    for first, last in sorted(spans, key=lambda span: span[1]):
        if first >= free:
            count, free = count + 1, last
    return count


@dataclass(frozen=True, slots=True)
class Summary(Shown):
    """How one way of forecasting did.

    Parameters
    ----------
    method : str
    lead : str
        Which outcomes: all, or those so many days away at the trailing rate.
    count, resolved, independent : int
        Outcomes, those that had come by the end of the data, and those that share no day.
    coverage : tuple of float
        Share held by the 50, 80 and 90 % intervals.
    prob : float
        Probability of the interval that the next five describe.
    inside, early, late : float
        Shares held, and missed because the crossing came before or after the interval.
    width, interval_score : float
        Means [day].
    crps : float
        Mean censored CRPS [day].
    pit : tuple of float
        Share of PIT values in each tenth.
    pit_band : tuple of float
        Within these shares lies a tenth, with probability 90 %, if the forecast is calibrated and
        only the independent outcomes count.

    See Also
    --------
    attrition.evaluation.Hindcast : what is summed up.
    attrition.plots.pit : a picture of it.

    Examples
    --------
    >>> import attrition as at
    >>> import numpy as np, xarray as xr
    >>> days = np.datetime64("2024-01-01", "s") + np.arange(200) * np.timedelta64(86_400, "s")
    >>> daily = xr.DataArray(np.full(200, 50.0), {"time": days}, name="daily")
    >>> past = at.hindcast(at.read_series(daily), rng=1, every=60)
    >>> summary = past.summary()
    >>> summary.count, summary.inside
    (2, 1.0)
    """

    method: str
    lead: str
    count: int
    resolved: int
    independent: int
    coverage: tuple[float, float, float]
    prob: float
    inside: float
    early: float
    late: float
    width: float
    interval_score: float
    crps: float
    pit: tuple[float, ...]
    pit_band: tuple[float, float]


def summarise(
    method: str, outcomes: Sequence[Outcome], prob: float, seed: int, lead: str = "all"
) -> Summary:
    """Return the scores of some outcomes; ``seed`` randomises their PIT."""
    uniform = stream(seed, 0).random
    misses = np.array([miss(o, prob) for o in outcomes])
    half, eighty, ninety = (float(np.mean([miss(o, p) == 0 for o in outcomes])) for p in PROBS)
    values = np.array([pit(o, float(uniform())) for o in outcomes])
    apart = independent(outcomes)
    return Summary(
        method=method,
        lead=lead,
        count=len(outcomes),
        resolved=sum(o.day > 0 for o in outcomes),
        independent=apart,
        coverage=(half, eighty, ninety),
        prob=prob,
        inside=float(np.mean(misses == 0)),
        early=float(np.mean(misses < 0)),
        late=float(np.mean(misses > 0)),
        width=float(np.mean([width(o, prob) for o in outcomes])),
        interval_score=float(np.mean([interval_score(o, prob) for o in outcomes])),
        crps=float(np.mean([censored_crps(o) for o in outcomes])),
        pit=tenths(values),
        pit_band=flat_band(apart),
    )


def scores_row(summary: Any) -> dict[str, Any]:  # noqa: ANN401 - of counts or of claims
    """Return what a summary says, ready for JSON: coverage by the probability of the interval."""
    coverage = {
        f"{100 * prob:g}": share for prob, share in zip(PROBS, summary.coverage, strict=True)
    }
    return {**dataclasses.asdict(summary), "coverage": coverage}


def held_shares(pits: Floats) -> tuple[float, float, float]:
    """Return the shares of PIT values within the central 50, 80 and 90 %."""
    half, eighty, ninety = (float(np.mean(np.abs(pits - 0.5) <= prob / 2)) for prob in PROBS)
    return half, eighty, ninety


def tenths(pits: Floats) -> tuple[float, ...]:
    """Return the share of PIT values in each tenth."""
    return tuple((np.histogram(pits, bins=BINS, range=(0, 1))[0] / pits.size).tolist())


def flat_band(count: int) -> tuple[float, float]:
    """Return shares between which a tenth of ``count`` independent PIT values lies nine in ten."""
    tail = (1 - _BAND) / 2
    at = np.arange(count + 1)
    below = special.bdtr(at, count, 1 / BINS)
    low = int(np.searchsorted(below, tail))
    high = int(np.searchsorted(below, 1 - tail))
    return low / count, high / count


def by_rank(outcomes: Sequence[Outcome], rank: int) -> list[Outcome]:
    """Return the outcome of the nearest (0), next (1), ... threshold of each origin."""
    groups = grouped_by(outcomes, lambda outcome: outcome.origin)
    return [group[rank] for group in groups.values() if len(group) > rank]


def by_lead(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """Group outcomes by how far away their threshold was at the trailing rate."""
    groups = grouped_by(outcomes, lambda o: next(n for n, most in _LEADS if o.lead <= most))
    return {name: groups[name] for name, _ in _LEADS if name in groups}


@dataclass(frozen=True, slots=True)
class Score(Shown):
    """How a law did on one threshold.

    Parameters
    ----------
    inside : bool
        Whether the interval holds what is known: the date, or that it had not come by the
        last day of data (held when the upper end lies after that day).
    crps : float
        Continuous ranked probability score of min(T, last day of data) [day]; 0 is perfect.
    pit : float or None
        P(T <= date) by the law; None where the date is not known.

    See Also
    --------
    attrition.evaluation.score : how it is made.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> scored = at.evaluation.score(law, 600, "2025-06-13", last="2025-07-03")
    >>> scored.inside, round(scored.crps, 1)
    (True, 0.3)
    """

    inside: bool
    crps: float
    pit: float | None


def score(
    law: Law, threshold: float, happened: date | str | None, *, last: date | str, prob: float = 0.9
) -> Score:
    """Score the law of a crossing date against what happened.

    Parameters
    ----------
    law : Law
    threshold : float
        The total that was to be passed [unit].
    happened : datetime.date, str or None
        The day on which it passed; None if it had not by ``last``.
    last : datetime.date or str
        Last day of data, after the information date; the law is not judged beyond it.
    prob : float
        Probability of the equal-tailed interval that is to hold.

    Returns
    -------
    Score

    Raises
    ------
    InputError
        If ``last`` is not after the information date, or ``happened`` is after ``last``.

    See Also
    --------
    attrition.hindcast : many forecasts from past days.

    Notes
    -----
    The score is the sum over days of (F(t) - 1{T <= t})^2, F read daily: the threshold-weighted
    CRPS of Gneiting and Ranjan (2011, doi:10.1198/jbes.2010.08110), proper for censored dates.

    Examples
    --------
    >>> from datetime import date
    >>> import attrition as at
    >>> law = at.when(1_000, level=900, rate=10, on="2025-06-03", kind="steady").law
    >>> at.evaluation.score(law, 1_000, date(2025, 6, 13), last=date(2025, 7, 3)).inside
    True
    """
    end = min(day_from(last, "last"), law.horizon)
    crossed = None if happened is None else day_from(happened, "happened")
    if end <= law.information_date or (crossed is not None and crossed > end):
        raise refusal(
            "crossing scored",
            f"last day {end}, crossed {crossed}",
            f"score, information date {law.information_date}",
        )
    days = (end - law.information_date).days
    law_of_date = mean_of(law, threshold)[: days + 1]
    after = np.arange(days + 1)
    when = None if crossed is None else max((crossed - law.information_date).days, 0)
    passed = np.zeros(days + 1) if when is None else (after >= when).astype(float)
    crps = float(((law_of_date - passed) ** 2)[:-1].sum())
    read = crossing(law, threshold, prob=prob)
    lower, upper = (_days(law, end) for end in (read.lower, read.upper))
    inside = upper > days if when is None else lower <= when <= upper
    pit = None if when is None else float(law_of_date[when])
    return Score(bool(inside), crps, pit)


def _days(law: Law, end: CrossingDate) -> float:
    """Return an end of an interval as days after the information date, infinite where beyond."""
    if end.state == "already":
        return 0.0
    return np.inf if end.day is None else (end.day - law.information_date).days


# The record of past hindcasts: made by a command, kept in a file, and read, never recomputed.


@dataclass(frozen=True, slots=True)
class Strip(Shown):
    """One forecast and what happened, in days after the day of the forecast.

    Parameters
    ----------
    origin : datetime.date
        The day of the forecast.
    low, high : int
        The interval; one more than ``horizon`` stands for beyond it.
    day : int
        When the threshold was passed; -1 if not by the end of the data.
    horizon : int
        The end of the data, or of the question.
    miss : int
        0 where the interval held, -1 and 1 where the crossing came before and after it.
    """

    origin: date
    low: int
    high: int
    day: int
    horizon: int
    miss: int


def strips(outcomes: Sequence[Outcome], prob: float, rank: int = 0) -> tuple[Strip, ...]:
    """Return the nearest (0), next (1), ... forecast of each origin as a strip."""
    return tuple(
        Strip(o.origin, *interval(o, prob), o.day, o.horizon, miss(o, prob))
        for o in by_rank(outcomes, rank)
    )


@dataclass(frozen=True, slots=True)
class Past(Shown):
    """How the forecasts of one recorded series did.

    Parameters
    ----------
    name, unit : str
        Of the series.
    last : datetime.date
        Last day of its data.
    protocol : str
        Which origins and thresholds, in words.
    prob : float
        Probability of the intervals of the strips.
    seed : int
    version : str
        Of attrition, when the record was made.
    summary : Summary
    strips : tuple of Strip
        The nearest threshold of each origin.
    """

    _parts = "strips"

    name: str
    unit: str
    last: date
    protocol: str
    prob: float
    seed: int
    version: str
    summary: Summary
    strips: tuple[Strip, ...]


def read_past() -> tuple[Past, ...]:
    """Read how intervals have held on recorded counts: `python -m benchmarks.calibration.stored`.

    Examples
    --------
    >>> [past.name for past in read_past()][:2]
    ['General Staff', 'Poland']
    """
    return tuple(_past(row) for row in json.loads(bundled("hindcasts.json"))["series"])


def _past(row: dict[str, Any]) -> Past:
    entries = row["summary"].items()
    scores: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entries}
    bars = tuple(Strip(date.fromisoformat(day), *rest) for day, *rest in row["strips"])
    last = date.fromisoformat(row["last"])
    return Past(**{**row, "last": last, "summary": Summary(**scores), "strips": bars})
