"""What is asked of series, answered in parts that anybody may work on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats
from attrition.core.tasks import Arrays, How, digest, each
from attrition.data.series import Series, steps_of
from attrition.evaluation.baselines import Forecaster
from attrition.evaluation.outcomes import packed, unpacked
from attrition.evaluation.protocol import Origin, Outcome, Protocol, origins, pair, standing_days
from attrition.models.counts import law_of_count
from attrition.models.pace import Belief, FittedPace, Prior, filter_steps, fitted, step_length

OURS = "attrition"
_POINTS = 256
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
    """

    series: Series
    protocol: Protocol
    prior: Prior
    seed: int
    baselines: Mapping[str, Forecaster]

    @property
    def key(self) -> str:
        """Digest of all that decides the answer; a baseline counts by its name."""
        series = self.series
        stated = (self.protocol, self.prior, self.seed, series.own_day, series.name, series.unit)
        return digest(series.reports.day, series.totals, *stated, *self.baselines)


def answered(questions: Sequence[HindcastTask], how: How) -> list[dict[str, list[Outcome]]]:
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
    answers = []
    for asked, cut in zip(questions, parts, strict=True):
        arrays = [next(rest) for _ in cut]
        by_method = {
            name: [outcome for part in arrays for outcome in unpacked(part, number)]
            for number, name in enumerate((OURS, *asked.baselines))
        }
        answers.append({n: sorted(o, key=lambda o: o.origin) for n, o in by_method.items()})
    return answers


def _parts(asked: HindcastTask, how: How) -> list[tuple[date, ...]]:
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


def outcomes_from(item: tuple[HindcastTask, Sequence[date]], step: Callable[[], None]) -> Arrays:
    """Forecast and score from some of the days of a protocol."""
    asked, days = item
    stood = list(origins(asked.series, asked.protocol, days))
    by_method: list[list[Outcome]] = [[] for _ in range(1 + len(asked.baselines))]
    for origin, pace in zip(stood, paces_at(stood, asked.prior), strict=True):
        laws = [law_at(origin, pace, _stream(asked.seed, 0, origin))]
        history = origin.daily_totals()
        for number, method in enumerate(asked.baselines.values(), start=1):
            stream = _stream(asked.seed, number, origin)
            laws.append(method(history, origin.thresholds, origin.horizon, stream))
        due = origin.known.due(origin.horizon)
        for outcomes, law in zip(by_method, laws, strict=True):
            outcomes.extend(pair(asked.series, origin, at_reports(law, due)))
        step()
    return packed(by_method)


def _stream(seed: int, method: int, origin: Origin) -> np.random.Generator:
    key = (method, origin.day.toordinal())
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def law_at(
    origin: Origin, pace: FittedPace, rng: np.random.Generator, points: int = _POINTS
) -> Floats:
    """Return P(T <= t), shape (threshold, horizon), t = 1, 2, ..., from one origin."""
    return law_of_count(pace, origin.thresholds, origin.horizon, rng, points)[:, 1:]


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
