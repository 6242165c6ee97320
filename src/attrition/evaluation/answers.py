"""What is asked of series, answered in parts that anybody may work on, keep and send."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats
from attrition.core.errors import AttritionWarning
from attrition.core.grouping import grouped_by
from attrition.core.streams import seed_under, stream
from attrition.core.tasks import Arrays, How, digest, each
from attrition.data.dossier import Claim
from attrition.data.dossier.quoted import claim
from attrition.data.series import Series
from attrition.data.series.cleaning import steps_of
from attrition.evaluation.baselines import Forecaster
from attrition.evaluation.increments import (
    INCREMENT_BASELINES,
    LEVELS,
    IncrementOutcome,
    leads_of,
    quantiles_of,
)
from attrition.evaluation.protocol import Origin, Outcome, Protocol, origins, pair, standing_days
from attrition.forecasts import forecast
from attrition.models.counts.counted import law_of_count
from attrition.models.counts.totals import totals_at
from attrition.models.pace import FittedPace, Prior
from attrition.models.pace.filtering import Belief, filter_steps
from attrition.models.pace.fit import fitted, step_length

if TYPE_CHECKING:
    from attrition.core.laws import Totals

_OF_OUTCOMES = ("threshold", "lead", "horizon", "day")
_OF_COUNTED = (("within", "lead"), ("came", "came"))


def packed(
    methods: Sequence[Sequence[Outcome]], increments: Sequence[Sequence[IncrementOutcome]]
) -> Arrays:
    """Return the outcomes of several methods, which share origins and thresholds, as arrays.

    ``origin`` (ordinal day), ``threshold`` [unit], ``lead`` [day], ``horizon`` [day] and ``day``
    [day], shape (outcome,); and for method m ``cdf m``, the laws one after the other. Of increments
    ``from`` (ordinal day), ``within`` [day] and ``came`` [unit], shape (increment,), and for method
    m ``quantiles m``, shape (increment, level).
    """
    rows, counted = methods[0], increments[0]
    arrays = {name: np.array([getattr(one, name) for one in rows]) for name in _OF_OUTCOMES}
    arrays |= {name: np.array([getattr(one, own) for one in counted]) for name, own in _OF_COUNTED}
    for name, some in (("origin", rows), ("from", counted)):
        arrays[name] = np.array([one.origin.toordinal() for one in some], dtype=np.int64)
    for m, own in enumerate(increments):
        quantiles = np.array([one.quantiles for one in own])
        arrays[f"quantiles {m}"] = quantiles.reshape(-1, LEVELS.size)
    for m, outcomes in enumerate(methods):
        arrays[f"cdf {m}"] = np.concatenate([np.empty(0), *(one.cdf for one in outcomes)])
    return arrays


def unpacked_increments(arrays: Arrays, method: int) -> list[IncrementOutcome]:
    """Return the increments of one method as they were before :func:`packed`."""
    columns = (arrays[name].tolist() for name in ("from", "within", "came"))
    return [
        IncrementOutcome(date.fromordinal(origin), lead, came, quantiles)
        for origin, lead, came, quantiles in zip(
            *columns, arrays[f"quantiles {method}"], strict=True
        )
    ]


def unpacked(arrays: Arrays, method: int) -> list[Outcome]:
    """Return the outcomes of one method as they were before :func:`packed`."""
    ends = np.cumsum(arrays["horizon"])[:-1]
    laws = np.split(arrays[f"cdf {method}"], ends) if arrays["horizon"].size else []
    columns = (arrays[name].tolist() for name in ("origin", *_OF_OUTCOMES))
    return [
        Outcome(date.fromordinal(origin), threshold, lead, horizon, day, law)
        for origin, threshold, lead, horizon, day, law in zip(*columns, laws, strict=True)
    ]


OURS = "attrition"
Route = Literal["count", "two figures"]
"""What is known at an origin: the whole count, or its total and trailing rate alone."""

_POINTS = 256
_DRAWS = 1_024  # which give a tail of 5 % to 0.007
_SIZE = 64  # points per replicate of a dossier of two figures
_BY_DAY = 20.0  # persons a day below which a pace is told by the week
_TOGETHER = 64  # origins of a piece: about half a second, of which the filter takes a tenth


@dataclass(frozen=True, slots=True)
class HindcastTask:
    """What is asked of one series.

    Parameters
    ----------
    series : Series
    protocol : Protocol
    prior : Prior
    seed : int
    baselines : mapping of str to callable
    route : {"count", "two figures"}
        What is known at an origin: the whole count, or its total and trailing rate alone.
    """

    series: Series
    protocol: Protocol
    prior: Prior
    seed: int
    baselines: Mapping[str, Forecaster]
    route: Route = "count"

    @property
    def key(self) -> str:
        """Digest of all that decides the answer; a baseline counts by its name."""
        series = self.series
        own = (series.own_day, series.name, series.unit)
        stated = (self.protocol, self.prior, self.seed, self.route, *own)
        return digest(series.reports.day, series.totals, *stated, *self.baselines)


@dataclass(frozen=True, slots=True)
class Answers:
    """Outcomes and increments of one question by method, ours first, in order of their origins."""

    outcomes: dict[str, tuple[Outcome, ...]]
    increments: dict[str, tuple[IncrementOutcome, ...]]


def answered(questions: Sequence[HindcastTask], how: How) -> list[Answers]:
    """Return the answers to each question; nobody else's work changes one.

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
    answers = []
    for asked, cut in zip(questions, parts, strict=True):
        arrays = [next(rest) for _ in cut]
        outcomes = {
            name: tuple(sorted((o for a in arrays for o in unpacked(a, n)), key=lambda o: o.origin))
            for n, name in enumerate((OURS, *asked.baselines))
        }
        increments = {
            name: tuple(
                sorted((o for a in arrays for o in unpacked_increments(a, n)), key=_by_lead)
            )
            for n, name in enumerate((OURS, *INCREMENT_BASELINES))
        }
        answers.append(Answers(outcomes, increments))
    return answers


def _by_lead(one: IncrementOutcome) -> tuple[int, date]:
    return one.lead, one.origin


def _parts(asked: HindcastTask, how: How) -> list[tuple[date, ...]]:
    """Cut the days of a protocol into parts that are worked on together."""
    days = standing_days(asked.series, asked.protocol)
    if how.alone:
        return [tuple(days)] if days else []
    step = step_length(asked.series)
    phases = grouped_by(days, lambda day: day.toordinal() % step)
    return [
        tuple(same[i : i + _TOGETHER])
        for same in phases.values()
        for i in range(0, len(same), _TOGETHER)
    ]


def outcomes_from(item: tuple[HindcastTask, Sequence[date]], step: Callable[[], None]) -> Arrays:
    """Forecast and score from some of the days of a protocol."""
    asked, days = item
    stood = list(origins(asked.series, asked.protocol, days))
    by_method: list[list[Outcome]] = [[] for _ in range(1 + len(asked.baselines))]
    increments: list[list[IncrementOutcome]] = [[] for _ in range(1 + len(INCREMENT_BASELINES))]
    alone = asked.route == "count"
    paces = paces_at(stood, asked.prior) if alone else [None] * len(stood)
    for origin, pace in zip(stood, paces, strict=True):
        came = leads_of(asked.series, origin)
        day = origin.day.toordinal()
        if pace is None:
            law, ahead = from_two_figures(origin, list(came), asked.seed)
        else:
            law = law_at(origin, pace, stream(asked.seed, 0, day))
            own = seed_under(asked.seed, 0, day, 1)
            ahead = increments_at(origin, pace, list(came), own)
        laws, history = [law], origin.daily_totals()
        for i, method in enumerate(asked.baselines.values(), start=1):
            rng = stream(asked.seed, i, day)
            laws.append(method(history, origin.thresholds, origin.horizon, rng))
        due = origin.known.due(origin.horizon)
        for outcomes, one in zip(by_method, laws, strict=True):
            outcomes.extend(pair(asked.series, origin, at_reports(one, due)))
        others = [
            [quantiles_of(rival(history, lead)) for lead in came]
            for rival in INCREMENT_BASELINES.values()
        ]
        for rows, each_lead in zip(increments, [ahead, *others], strict=True):
            rows.extend(
                IncrementOutcome(origin.day, lead, gain, quantiles)
                for (lead, gain), quantiles in zip(came.items(), each_lead, strict=True)
            )
        step()
    return packed(by_method, increments)


def increments_at(
    origin: Origin, pace: FittedPace, leads: Sequence[int], seed: int
) -> list[Floats]:
    """Return the quantiles of what is counted within some leads after an origin [unit]."""
    if not leads:
        return []
    silent = (origin.day - pace.information_date).days
    drawn = totals_at(pace, [silent + lead for lead in leads], seed, draws=_DRAWS)
    return [quantiles_of(column - origin.known.totals[-1]) for column in drawn.T]


def two_claims(total: float, rate: float, day: date) -> list[Claim]:
    """Return an exact total and about the rate [unit/day], as a newspaper prints them."""
    each, length = (rate, "day") if rate >= _BY_DAY else (7 * rate, "week")
    pace = f"about {float(f'{max(each, 1.0):.3g}'):,.0f} killed a {length}"
    return [
        claim(words, source="Count", on=day) for words in (f"exactly {total:,.0f} killed", pace)
    ]


def from_two_figures(
    origin: Origin, leads: Sequence[int], seed: int
) -> tuple[Floats, list[Floats]]:
    """Return what a dossier of two quoted claims says: a law and quantiles of increments.

    Known are the total and, in words, the trailing rate: what a newspaper prints.
    """
    total = origin.known.totals[-1]
    claims = two_claims(float(total), origin.rate, origin.day)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AttritionWarning)
        law = forecast(
            claims,
            thresholds=[float(k) for k in origin.thresholds],
            horizon=origin.day + timedelta(days=origin.horizon),
            seed=seed,
            size=_SIZE,
        ).law("killed")
    columns = np.searchsorted(law.thresholds, origin.thresholds)
    surface = np.einsum("r,rkt->kt", law.weights, law.exceedance)[columns, 1:]
    totals = cast("Totals", law.totals)  # which every law of a dossier has
    ahead = [
        np.array([law.weights @ totals.quantile(lead, float(p)) for p in LEVELS]) for lead in leads
    ]
    return surface, [quantiles - total for quantiles in ahead]


def law_at(origin: Origin, pace: FittedPace, rng: np.random.Generator) -> Floats:
    """Return P(T <= t), shape (threshold, horizon), t = 1, 2, ..., from one origin."""
    return law_of_count(pace, origin.thresholds, origin.horizon, rng, _POINTS)[:, 1:]


def at_reports(law: Floats, due: NDArray[np.int64]) -> Floats:
    """Return the law of the first report at or above a threshold, given the days they are due."""
    seen = np.searchsorted(due, np.arange(1, law.shape[1] + 1), side="right")
    reported = law[:, due[due <= law.shape[1]] - 1]
    before = np.zeros((law.shape[0], 1))
    return np.asarray(np.concatenate([before, reported], axis=1)[:, seen])


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
