"""Rolling-origin hindcasts: stand at past days, forecast, and score what was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from attrition._typing import Floats, Rng
from attrition.errors import InputError
from attrition.hindcasts.baselines import BASELINES, Forecaster
from attrition.hindcasts.outcomes import packed, unpacked
from attrition.hindcasts.protocol import (
    Origin,
    Outcome,
    Protocol,
    Thresholds,
    origins,
    pair,
    standing_days,
)
from attrition.hindcasts.recalibration import stretched_outcomes
from attrition.hindcasts.scores import Summary, by_lead, summarise
from attrition.laws.reading import check_prob
from attrition.pace import Belief, FittedPace, Prior, filter_steps, fitted, step_length
from attrition.series import Series, steps_of
from attrition.tasks import Arrays, How, Progress, Workers, digest, each
from attrition.threads import one_thread
from attrition.trajectories import exceedance, gains_of, seed_of

OURS = "attrition"
RECALIBRATED = "attrition, recalibrated"
_DRAWS = 512
_TOGETHER = 64  # origins of a piece: about half a second, of which the filter takes a tenth


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
    progress: Progress = None,
    workers: Workers = None,
    checkpoint: str | Path | None = None,
    max_time: float | None = None,
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
    progress : bool, callable or tqdm bar, optional
        ``True`` shows the time left where a bar can be seen; a callable is told (origins done,
        all origins).
    workers : str, Executor or Client, optional
        Who does the work: ``"threads"``, ``"processes:2"``, the address of a Dask scheduler, an
        Executor, or a ``dask.distributed`` client; this thread when left out. The result is
        the same, byte for byte.
    checkpoint : str or pathlib.Path, optional
        A folder for what is done; after a stop of any kind the same call goes on from there. A
        baseline of your own counts as the same while its name is.
    max_time : float, optional
        Stop cleanly after this time [s].

    Returns
    -------
    Hindcast

    Raises
    ------
    InputError
        If an argument is out of range or the series has no origin.
    UnfinishedError
        If ``max_time`` is used up, or the workers are gone.

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
    return hindcast_many(
        {series.name: series},
        rng=rng,
        every=every,
        start=start,
        thresholds=thresholds,
        prob=prob,
        baselines=baselines,
        recalibrate=recalibrate,
        prior=prior,
        progress=progress,
        workers=workers,
        checkpoint=checkpoint,
        max_time=max_time,
    )[series.name]


def hindcast_many(  # noqa: PLR0913 - as `hindcast`
    series: Mapping[str, Series],
    *,
    rng: Rng,
    every: int = 14,
    start: date | None = None,
    thresholds: Thresholds | Sequence[float] = "auto",
    prob: float = 0.9,
    baselines: Mapping[str, Forecaster] | None = None,
    recalibrate: bool = False,
    prior: Prior | None = None,
    progress: Progress = None,
    workers: Workers = None,
    checkpoint: str | Path | None = None,
    max_time: float | None = None,
) -> dict[str, Hindcast]:
    """Hindcast several series, whose origins are shared out together.

    Parameters
    ----------
    series : mapping of str to Series
    rng, every, start, thresholds, prob, baselines, recalibrate, prior
        As in :func:`hindcast`, the same for every series.
    progress, workers, checkpoint, max_time
        As in :func:`hindcast`.

    Returns
    -------
    dict of str to Hindcast
        Each the same, byte for byte, as :func:`hindcast` of that series alone.

    Raises
    ------
    InputError
        If an argument is out of range or a series has no origin.
    UnfinishedError
        If ``max_time`` is used up, or the workers are gone.
    """
    check_prob(prob)
    seed = seed_of(rng)
    asked: Thresholds = (
        thresholds
        if isinstance(thresholds, (str, int, float))
        else tuple(float(k) for k in thresholds)
    )
    protocol = Protocol(every=every, start=start, thresholds=asked)
    others = BASELINES if baselines is None else baselines
    questions = [Question(s, protocol, prior or Prior(), seed, others) for s in series.values()]
    found = answered(questions, How(workers, checkpoint, max_time, progress))
    made = {}
    for (key, held), by_method in zip(series.items(), found, strict=True):
        if not by_method[OURS]:
            raise InputError(
                f"a hindcast needs an origin after {protocol.after} days of data",
                got=f"data from {held.days[0]} to {held.days[-1]}",
                place=held.name,
                remedy="Give a longer series, an earlier start, or thresholds not yet passed",
            )
        if recalibrate:
            ours = stretched_outcomes(by_method[OURS], prob)
            by_method = {OURS: by_method[OURS], RECALIBRATED: ours, **by_method}  # noqa: PLW2901
        frozen = {name: tuple(outcomes) for name, outcomes in by_method.items()}
        made[key] = Hindcast(held.name, held.unit, held.days[-1], protocol, prob, seed, frozen)
    return made


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one series.

    Parameters
    ----------
    series : Series
    protocol : Protocol
    prior : Prior
    seed : int
    baselines : mapping of str to callable
    """

    series: Series
    protocol: Protocol
    prior: Prior
    seed: int
    baselines: Mapping[str, Forecaster]

    @property
    def key(self) -> str:
        """Digest of all that decides the answer; a baseline counts by its name."""
        held = self.series
        days = held.data["time"].values.astype("datetime64[D]").astype(np.int64)
        stated = (self.protocol, self.prior, self.seed, held.own_day, held.name, held.unit)
        return digest(days, held.totals, *stated, *self.baselines)


def answered(questions: Sequence[Question], how: How) -> list[dict[str, list[Outcome]]]:
    """Return the outcomes of each question by method, ours first; nobody else's work changes one.

    Origins that a whole number of steps lies between are worked on together, because they share
    a pass of the filter.
    """
    parts = [_parts(asked, how) for asked in questions]
    items = [(q, part) for q, cut in zip(questions, parts, strict=True) for part in cut]
    done = each(
        outcomes_from,
        items,
        how,
        what="hindcast of " + ", ".join(dict.fromkeys(asked.series.name for asked in questions)),
        key=digest(*(asked.key for asked in questions)),
        units=[len(part) for _, part in items],
    )
    rest = iter(done)
    found = []
    for asked, cut in zip(questions, parts, strict=True):
        arrays = [next(rest) for _ in cut]
        by_method = {
            name: [outcome for part in arrays for outcome in unpacked(part, number)]
            for number, name in enumerate((OURS, *asked.baselines))
        }
        found.append({n: sorted(o, key=lambda o: o.origin) for n, o in by_method.items()})
    return found


def _parts(asked: Question, how: How) -> list[tuple[date, ...]]:
    """Cut the days of a protocol into parts that are worked on together."""
    days = standing_days(asked.series, asked.protocol)
    if how.alone:
        return [tuple(days)] if days else []
    step = step_length(asked.series)
    phases: dict[int, list[date]] = {}
    for day in days:
        phases.setdefault(day.toordinal() % step, []).append(day)
    return [
        tuple(same[i : i + _TOGETHER])
        for same in phases.values()
        for i in range(0, len(same), _TOGETHER)
    ]


def outcomes_from(item: tuple[Question, Sequence[date]], step: Callable[[], None]) -> Arrays:
    """Forecast and score from some of the days of a protocol."""
    asked, days = item
    stood = list(origins(asked.series, asked.protocol, days))
    found: list[list[Outcome]] = [[] for _ in range(1 + len(asked.baselines))]
    for origin, pace in zip(stood, paces_at(stood, asked.prior), strict=True):
        laws = [law_at(origin, pace, _stream(asked.seed, 0, origin))]
        history = origin.daily_totals()
        for number, method in enumerate(asked.baselines.values(), start=1):
            stream = _stream(asked.seed, number, origin)
            laws.append(method(history, origin.thresholds, origin.horizon, stream))
        for outcomes, law in zip(found, laws, strict=True):
            outcomes.extend(pair(asked.series, origin, at_reports(law, origin.known.rhythm)))
        step()
    return packed(found)


def _stream(seed: int, method: int, origin: Origin) -> np.random.Generator:
    key = (method, origin.day.toordinal())
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def law_at(
    origin: Origin, pace: FittedPace, rng: np.random.Generator, draws: int = _DRAWS
) -> Floats:
    """Return P(T <= t), shape (threshold, horizon), t = 1, 2, ..., from one origin."""
    with one_thread():
        gains = gains_of(pace.draw(origin.horizon, draws, rng))
        found = exceedance(gains, origin.thresholds - origin.total, origin.horizon)
    return found[0, :, 1:]


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
