"""Rolling-origin hindcasts: stand at past days, forecast, and score what came out."""

from __future__ import annotations

import dataclasses
import inspect
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import NoneType
from typing import Any, TypedDict, Unpack, cast, get_args, overload

from attrition.core._showing import Shown
from attrition.core._typing import Rng
from attrition.core.checks import check_known, check_prob, check_type, whole_number
from attrition.core.days import day_from
from attrition.core.errors import refusal
from attrition.core.grouping import grouped_by
from attrition.core.streams import seed_of
from attrition.core.tasks import How, Progress
from attrition.core.workers import Workers
from attrition.data.dossier import Dossier
from attrition.data.series import Series
from attrition.evaluation.answers import OURS, Answers, HindcastTask, Route, answered
from attrition.evaluation.baselines import BASELINES, Forecaster
from attrition.evaluation.claims import (
    UNKNOWN_METHOD,
    ClaimForecaster,
    ClaimsHindcast,
    hindcast_claims,
)
from attrition.evaluation.increments import IncrementOutcome, IncrementSummary, increment_summary
from attrition.evaluation.protocol import Outcome, Protocol, Thresholds
from attrition.evaluation.scores import Summary, by_lead, scores_row, summarise
from attrition.evaluation.stands import Dated
from attrition.forecasts.question import numbers_of
from attrition.models.assimilation.network import Node
from attrition.models.pace import Prior

__all__ = ["OURS", "Hindcast", "hindcast", "record"]

_EVERY = 14  # days: two weeks, so that neighbouring origins share little of what they see


@dataclass(frozen=True, slots=True)
class Hindcast(Shown):
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
    increments : mapping of str to tuple of IncrementOutcome
        What was newly counted within fixed leads, by method; ours is the first.
    route : {"count", "two figures"}
        What was known at each origin.

    See Also
    --------
    attrition.hindcast : how it is made.
    attrition.evaluation.Summary : how each method did.

    Examples
    --------
    >>> import attrition as at
    >>> import numpy as np, xarray as xr
    >>> days = np.datetime64("2024-01-01", "s") + np.arange(200) * np.timedelta64(86_400, "s")
    >>> daily = xr.DataArray(np.full(200, 50.0), {"time": days}, name="daily")
    >>> past = at.hindcast(at.read_series(daily), rng=1, every=60)
    >>> past.last.isoformat(), len(past.outcomes["attrition"]) == past.summary().count
    ('2024-07-18', True)
    >>> [row.method for row in past.table()]
    ['attrition', 'constant-rate Poisson', 'block bootstrap', 'random walk']
    >>> past.table_by_lead()[0].lead, past.table_of_increments()[0].lead
    ('up to 90 days', 7)
    """

    _parts = "table"

    name: str
    unit: str
    last: date
    protocol: Protocol
    prob: float
    seed: int
    outcomes: Mapping[str, tuple[Outcome, ...]] = field(repr=False)
    increments: Mapping[str, tuple[IncrementOutcome, ...]] = field(repr=False, default_factory=dict)
    route: Route = "count"

    def summary(self, method: str = OURS) -> Summary:
        """Return the scores of one method over all outcomes."""
        check_known(method, self.outcomes, UNKNOWN_METHOD, "Hindcast.summary")
        return summarise(method, self.outcomes[method], self.prob, self.seed)

    def table(self) -> tuple[Summary, ...]:
        """Return the scores of every method over all outcomes."""
        return tuple(self.summary(method) for method in self.outcomes)

    def table_of_increments(self) -> tuple[IncrementSummary, ...]:
        """Return the scores of what was newly counted, by lead and method."""
        groups = [
            (lead, method, rows)
            for method, own in self.increments.items()
            for lead, rows in grouped_by(own, lambda row: row.lead).items()
        ]
        groups.sort(key=operator.itemgetter(0))
        return tuple(increment_summary(method, rows, self.seed) for _, method, rows in groups)

    def table_by_lead(self) -> tuple[Summary, ...]:
        """Return the scores of every method by how far away the threshold was."""
        return tuple(
            summarise(method, group, self.prob, self.seed, lead)
            for method, outcomes in self.outcomes.items()
            for lead, group in by_lead(outcomes).items()
        )


class _OfCounts(TypedDict, total=False):
    """What is asked of recorded counts, in the order of the signature."""

    every: int
    start: date | str | None
    thresholds: Thresholds | Sequence[float]
    prob: float
    baselines: Mapping[str, Forecaster] | None
    route: Route
    prior: Prior | None
    progress: Progress
    workers: Workers
    checkpoint: str | Path | None
    max_time: float | None


class _OfClaims(TypedDict, total=False):
    """What is asked of a dossier."""

    prob: float
    baselines: Mapping[str, ClaimForecaster] | None
    progress: Progress
    dated: Dated
    series: Mapping[Node, Series] | None


@overload
def hindcast(past: Series, /, *, rng: Rng, **asked: Unpack[_OfCounts]) -> Hindcast: ...
@overload
def hindcast(
    past: Mapping[str, Series], /, *, rng: Rng, **asked: Unpack[_OfCounts]
) -> dict[str, Hindcast]: ...
@overload
def hindcast(past: Dossier, /, *, rng: Rng, **asked: Unpack[_OfClaims]) -> ClaimsHindcast: ...
def hindcast(  # noqa: PLR0913 - everything that a hindcast fixes, by name
    past: Series | Mapping[str, Series] | Dossier,
    /,
    *,
    rng: Rng,
    every: int = _EVERY,
    start: date | str | None = None,
    thresholds: Thresholds | Sequence[float] = "auto",
    prob: float = 0.9,
    baselines: Mapping[str, Any] | None = None,
    route: Route = "count",
    prior: Prior | None = None,
    progress: Progress = None,
    workers: Workers = None,
    checkpoint: str | Path | None = None,
    max_time: float | None = None,
    dated: Dated = "published",
    series: Mapping[Node, Series] | None = None,
) -> Hindcast | dict[str, Hindcast] | ClaimsHindcast:
    """Forecast from past days, each with what was known then, and score what came out.

    Of a recorded count the dates of round totals are forecast; of several counts too, each as it
    would be alone, byte for byte, with their origins shared out together. Of a dossier every
    figure is predicted from what was known on the day before it.

    Parameters
    ----------
    past : Series, mapping of str to Series, or Dossier
        A dossier's totals need the first day of their count.
    rng : int or Generator
        Seed; every origin has streams of its own.
    every : int
        Of counts: days between origins [day]; the first stands after 180 days of data.
    start : datetime.date or str, optional
        Of counts: no origin before this day.
    thresholds : "auto", float or sequence of float
        Of counts: see :class:`Protocol`.
    prob : float
        Probability of the interval that is scored; 50, 80 and 90 % are always covered.
    baselines : mapping of str to callable, optional
        Other forecasters to score; of counts Poisson, bootstrap and random walk when left out; of a
        dossier beside the two that Notes name.
    route : {"count", "two figures"}
        Of counts: what is known at an origin: the count up to it, or what a newspaper prints, its
        total and about how many a day, as two quoted claims of which nothing else is known.
    prior : Prior, optional
        Of counts: what is assumed of the pace before any count is seen.
    progress : bool, callable or tqdm bar, optional
        ``True`` shows the time left where a bar can be seen; a callable is told (origins done,
        all origins).
    workers : str, Executor or Client, optional
        Of counts: who does the work: ``"threads"``, ``"processes:2"``, the address of a Dask
        scheduler, an Executor, or a ``dask.distributed`` client; this thread when left out. The
        result is the same, byte for byte.
    checkpoint : str or pathlib.Path, optional
        Of counts: a folder for what is done; after a stop of any kind the same call goes on from
        there. A baseline of your own counts as the same while its name is.
    max_time : float, optional
        Of counts: stop cleanly after this time [s].
    dated : {"published", "described"}
        Of a dossier: whether a figure is known from the day it appeared, or from the day that it
        describes. The second asks what could have been said had every figure appeared at once,
        as a table whose dates of publication are late or unknown does not tell.
    series : mapping of (source, quantity) to Series, optional
        Of a dossier: recorded counts, known up to the day before each stand; those that the
        dossier names when left out, none where empty.

    Returns
    -------
    Hindcast, dict of str to Hindcast, or ClaimsHindcast

    Raises
    ------
    InputError
        If an argument is out of range or goes with the other kind of hindcast, or if nothing can
        be forecast.
    UnfinishedError
        If ``max_time`` is used up, or the workers are gone.

    See Also
    --------
    attrition.evaluation.score : one law against what happened.
    attrition.plots.hindcast : a picture of it.

    Notes
    -----
    A series that is not reported daily is read on the days on which, by its own rhythm or by the
    calendar, reports are due: a crossing is dated by the first report at or above the threshold.

    Of a dossier, what is predicted is the figure as the source would print it: the total, its
    share or window, with the error of the source and the width of the words. The words' form is
    taken from the figure itself (a range, a floor, how it is rounded), its value never. The
    baselines are the source's last figure of the same quantity and kind carried forward at its
    trailing pace, as a single number and with the spread of its earlier errors.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> import attrition as at
    >>> days = np.datetime64("2024-01-01", "s") + np.arange(300) * np.timedelta64(86_400, "s")
    >>> counts = np.random.default_rng(1).poisson(50.0, 300)
    >>> series = at.read_series(xr.DataArray(counts, {"time": days}, name="daily"))
    >>> at.hindcast(series, rng=1).summary().count
    18
    >>> made = at.hindcast(at.read_dossier("russia-ukraine-2025-06"), rng=1)
    >>> [figure.quantity for figure in made.figures["attrition"]]
    ['russian-casualties', 'russian-killed']
    """
    arguments = locals().copy()
    if isinstance(past, Dossier):
        _refuse(arguments, _OfClaims, "a dossier")
        own = {name: arguments[name] for name in _OfClaims.__annotations__}
        return hindcast_claims(past, rng=rng, **own)
    _refuse(arguments, _OfCounts, "a recorded count")
    several = {"": past} if isinstance(past, Series) else past
    _check_counts(several)
    several = {name: count.complete for name, count in several.items()}
    check_prob(prob)
    seed = seed_of(rng)
    single = isinstance(thresholds, (int, float)) or str(thresholds) == "auto"
    totals = cast("Thresholds", thresholds) if single else numbers_of(thresholds)
    first = None if start is None else day_from(start, "start")
    check_type(prior, (Prior, NoneType), "prior", "a Prior, or left out")
    check_type(baselines, (Mapping, NoneType), "baselines", "a mapping of names to rules")
    protocol = Protocol(every=whole_number(every, "every", least=1), start=first, thresholds=totals)
    others = BASELINES if baselines is None else baselines
    rule = "a route must be what a forecast knows of a count"
    check_known(route, get_args(Route), rule, "hindcast, route")
    questions = [
        HindcastTask(s, protocol, prior or Prior(), seed, others, route) for s in several.values()
    ]
    answers = answered(questions, How(workers, checkpoint, max_time, progress))
    hindcasts = {
        key: _scored(asked, answer, prob)
        for key, asked, answer in zip(several, questions, answers, strict=True)
    }
    return hindcasts[""] if isinstance(past, Series) else hindcasts


def _refuse(arguments: Mapping[str, Any], own: type, what: str) -> None:
    """Refuse what is asked of another kind of hindcast."""
    wrong = [
        name
        for name, one in inspect.signature(hindcast).parameters.items()
        if one.default is not one.empty
        and name not in own.__annotations__
        and arguments[name] is not one.default
    ]
    if wrong:
        raise refusal("argument of a hindcast", f"{', '.join(wrong)} with {what}", "hindcast")


def _check_counts(several: object) -> None:
    """Refuse what is no mapping of recorded counts, or an empty one."""
    counts = list(several.values()) if isinstance(several, Mapping) else [several]
    wrong = [type(count).__name__ for count in counts if not isinstance(count, Series)]
    if wrong or not counts:
        got = f"a {wrong[0]}" if wrong else "an empty mapping"
        raise refusal("data of a hindcast", got, "hindcast")


def _scored(asked: HindcastTask, answer: Answers, prob: float) -> Hindcast:
    """Return what came out of one series."""
    series, protocol = asked.series, asked.protocol
    if not answer.outcomes[OURS]:
        got = f"data from {series.days[0]} to {series.days[-1]}"
        raise refusal("origin of a hindcast", got, series.name, after=protocol.after)
    known = (series.name, series.unit, series.days[-1], protocol, prob, asked.seed)
    return Hindcast(*known, answer.outcomes, answer.increments, asked.route)


def record(past: Hindcast) -> dict[str, Any]:
    """Return what a hindcast says, ready for JSON."""
    return {
        "series": past.name,
        "unit": past.unit,
        "last": past.last.isoformat(),
        "protocol": past.protocol.text,
        "route": past.route,
        "prob": past.prob,
        "seed": past.seed,
        "methods": [scores_row(summary) for summary in past.table()],
        "by_lead": [scores_row(summary) for summary in past.table_by_lead()],
        "increments": [dataclasses.asdict(one) for one in past.table_of_increments()],
    }
