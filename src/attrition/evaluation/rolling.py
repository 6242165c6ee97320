"""Rolling-origin hindcasts: stand at past days, forecast, and score what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from attrition.core._typing import Rng
from attrition.core.errors import InputError
from attrition.core.laws.reading import check_prob
from attrition.core.tasks import How, Progress, Workers
from attrition.data.series import Series
from attrition.evaluation.answers import OURS, Question, answered
from attrition.evaluation.baselines import BASELINES, Forecaster
from attrition.evaluation.protocol import (
    Outcome,
    Protocol,
    Thresholds,
)
from attrition.evaluation.recalibration import stretched_outcomes
from attrition.evaluation.scores import Summary, by_lead, summarise
from attrition.models.pace import Prior
from attrition.models.trajectories import seed_of

__all__ = ["OURS", "RECALIBRATED", "Hindcast", "hindcast", "hindcast_many", "record"]

RECALIBRATED = "attrition, recalibrated"


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
    A series that is not reported daily is read on the days on which, by its own rhythm or by the
    calendar, reports are due: a crossing is dated by the first report at or above the threshold.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> from attrition.data.series import read_series
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
