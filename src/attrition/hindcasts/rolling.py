"""Rolling-origin hindcasts: stand at past days, forecast, and score what was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from attrition._typing import Floats, Rng
from attrition.errors import InputError
from attrition.hindcasts.baselines import BASELINES, Forecaster
from attrition.hindcasts.protocol import Origin, Outcome, Protocol, Thresholds, origins, pair
from attrition.hindcasts.recalibration import stretched_outcomes
from attrition.hindcasts.scores import Summary, by_lead, summarise
from attrition.laws.reading import check_prob
from attrition.pace import Belief, FittedPace, Prior, filter_steps, fitted, step_length
from attrition.series import Series, steps_of
from attrition.trajectories import law_of_count, seed_of

OURS = "attrition"
RECALIBRATED = "attrition, recalibrated"
_POINTS = 256


@dataclass(frozen=True, slots=True)
class Hindcast:
    """Forecasts from past days of a series against what happened, by method.

    Parameters
    ----------
    name, unit : str
        Of the series.
    last : datetime.date
        Last day of data.
    protocol : Protocol
    prob : float
        Probability of the interval that is scored.
    seed : int
    outcomes : mapping of str to tuple of Outcome
        By method; ours is the first.
    """

    name: str
    unit: str
    last: date
    protocol: Protocol
    prob: float
    seed: int
    outcomes: Mapping[str, tuple[Outcome, ...]] = field(repr=False)

    def summary(self, method: str = OURS) -> Summary:
        """Return the scores of one method over all outcomes."""
        if method not in self.outcomes:
            raise InputError(
                "a method must have been hindcast to be summarised",
                got=f"'{method}'",
                place="Hindcast.summary",
                remedy=f"Known: {', '.join(self.outcomes)}",
            )
        return summarise(method, self.outcomes[method], self.prob, self.seed)

    def table(self) -> tuple[Summary, ...]:
        """Return the scores of every method over all outcomes."""
        return tuple(self.summary(method) for method in self.outcomes)

    def table_by_lead(self) -> tuple[Summary, ...]:
        """Return the scores of every method by how far away the threshold was."""
        return tuple(
            summarise(method, group, self.prob, self.seed, lead)
            for method, outcomes in self.outcomes.items()
            for lead, group in by_lead(outcomes).items()
        )


def hindcast(  # noqa: PLR0913 - everything that a hindcast fixes, by name
    series: Series,
    *,
    rng: Rng,
    every: int = 14,
    start: date | None = None,
    thresholds: Thresholds | Sequence[float] = "auto",
    prob: float = 0.9,
    baselines: Mapping[str, Forecaster] | None = None,
    recalibrate: bool = False,
    prior: Prior | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Hindcast:
    """Forecast from past days of a series, each with what was known then, and score it.

    Parameters
    ----------
    series : Series
    rng : int or Generator
        Seed; every origin has streams of its own.
    every : int
        Days between origins [day]; the first stands after 180 days of data.
    start : datetime.date, optional
        No origin before this day.
    thresholds : "auto", float or sequence of float
        See :class:`Protocol`.
    prob : float
        Probability of the interval that is scored; 50, 80 and 90 % are always covered.
    baselines : mapping of str to callable, optional
        Other forecasters to score; Poisson, bootstrap and random walk when left out.
    recalibrate : bool
        Add our forecasts recalibrated from the outcomes known at each origin.
    prior : Prior, optional
        What is assumed of the pace before any count is seen.
    progress : callable, optional
        Told (origins done, all origins).

    Returns
    -------
    Hindcast

    Raises
    ------
    InputError
        If an argument is out of range or the series has no origin.

    Notes
    -----
    A series that is not reported daily is read on the days on which, by its own rhythm, reports
    are due: a crossing is dated by the first report at or above the threshold.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> from attrition.series import read_series
    >>> days = np.datetime64("2024-01-01", "s") + np.arange(300) * np.timedelta64(86_400, "s")
    >>> counts = np.random.default_rng(1).poisson(50.0, 300)
    >>> series = read_series(xr.DataArray(counts, dims="time", coords={"time": days}, name="daily"))
    >>> hindcast(series, rng=1).summary().count
    18
    """
    check_prob(prob)
    seed = seed_of(rng)
    asked: Thresholds = (
        thresholds
        if isinstance(thresholds, (str, int, float))
        else tuple(float(k) for k in thresholds)
    )
    protocol = Protocol(every=every, start=start, thresholds=asked)
    stood = list(origins(series, protocol))
    if not stood:
        raise InputError(
            f"a hindcast needs an origin after {protocol.after} days of data",
            got=f"data from {series.days[0]} to {series.days[-1]}",
            place=series.name,
            remedy="Give a longer series, an earlier start, or thresholds not yet passed",
        )
    others = BASELINES if baselines is None else baselines
    found: dict[str, list[Outcome]] = {OURS: [], **{name: [] for name in others}}
    paces = paces_at(stood, prior or Prior())
    for index, (origin, pace) in enumerate(zip(stood, paces, strict=True)):
        laws = {OURS: law_at(origin, pace, _stream(seed, 0, origin))}
        history = origin.daily_totals()
        for number, (name, method) in enumerate(others.items(), start=1):
            stream = _stream(seed, number, origin)
            laws[name] = method(history, origin.thresholds, origin.horizon, stream)
        for name, law in laws.items():
            found[name] += pair(series, origin, at_reports(law, origin.known.rhythm))
        if progress is not None:
            progress(index + 1, len(stood))
    if recalibrate:
        ours = stretched_outcomes(found[OURS], prob)
        found = {OURS: found[OURS], RECALIBRATED: ours, **found}
    frozen = {name: tuple(outcomes) for name, outcomes in found.items()}
    return Hindcast(series.name, series.unit, series.days[-1], protocol, prob, seed, frozen)


def _stream(seed: int, method: int, origin: Origin) -> np.random.Generator:
    key = (method, origin.day.toordinal())
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def law_at(
    origin: Origin, pace: FittedPace, rng: np.random.Generator, points: int = _POINTS
) -> Floats:
    """Return P(T <= t), shape (threshold, horizon), t = 1, 2, ..., from one origin."""
    return law_of_count(pace, origin.thresholds, origin.horizon, rng, points)[:, 1:]


def at_reports(law: Floats, rhythm: int) -> Floats:
    """Return the law of the first report at or above a threshold, reports every ``rhythm`` days."""
    if rhythm <= 1:
        return law
    day = np.arange(1, law.shape[1] + 1) // rhythm * rhythm
    return np.where(day > 0, law[:, np.maximum(day - 1, 0)], 0.0)


def paces_at(stood: Sequence[Origin], prior: Prior) -> list[FittedPace]:
    """Fit the pace at every origin; histories that begin alike share one pass of the filter."""
    lengths = [step_length(origin.known) for origin in stood]
    pooled = [steps_of(o.known.cleaned, length) for o, length in zip(stood, lengths, strict=True)]
    beliefs: dict[int, tuple[Belief, Prior]] = {}
    left = list(range(len(stood)))
    while left:
        lead = left[-1]
        used = prior if lengths[lead] == prior.days else prior.on_steps(lengths[lead])
        same = [i for i in left if lengths[i] == lengths[lead] and _begins(pooled[lead], pooled[i])]
        ends = [pooled[i][0].size - 1 for i in same]
        kept = filter_steps(*pooled[lead], used, ends)
        at = dict(zip(sorted(set(ends)), kept, strict=True))
        beliefs |= {i: (at[end], used) for i, end in zip(same, ends, strict=True)}
        left = [i for i in left if i not in beliefs]
    return [
        fitted(o.known, *beliefs[i], int(np.isfinite(pooled[i][0]).sum()))
        for i, o in enumerate(stood)
    ]


def _begins(whole: tuple[Floats, Floats], part: tuple[Floats, Floats]) -> bool:
    size = part[0].size
    return np.array_equal(whole[0][:size], part[0], equal_nan=True) and np.array_equal(
        whole[1][:size], part[1]
    )


def record(made: Hindcast) -> dict[str, Any]:
    """Return what a hindcast says, ready for JSON."""

    def row(summary: Summary) -> dict[str, Any]:
        names = [name for name in Summary.__slots__ if name not in {"coverage", "pit", "pit_band"}]
        return {
            **{name: getattr(summary, name) for name in names},
            "coverage": dict(zip(("50", "80", "90"), summary.coverage, strict=True)),
            "pit": list(summary.pit),
            "pit_band": list(summary.pit_band),
        }

    return {
        "series": made.name,
        "unit": made.unit,
        "last": made.last.isoformat(),
        "protocol": made.protocol.text,
        "prob": made.prob,
        "seed": made.seed,
        "methods": [row(summary) for summary in made.table()],
        "by_lead": [row(summary) for summary in made.table_by_lead()],
    }
