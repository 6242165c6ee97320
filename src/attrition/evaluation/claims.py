"""Hindcasts of claims: what would this source print next? Predicted from earlier claims, scored."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

import numpy as np

from attrition.core._showing import Shown
from attrition.core._typing import Rng
from attrition.core.checks import check_known, check_prob
from attrition.core.errors import clip, refusal
from attrition.core.streams import seed_of, seed_under
from attrition.core.tasks import Progress, shown
from attrition.core.workers import one_thread
from attrition.data.dossier import Dossier
from attrition.data.series import Series
from attrition.evaluation.scores import flat_band, held_shares, scores_row, tenths
from attrition.evaluation.stands import (
    Dated,
    KnownFigure,
    Predictive,
    Stand,
    Target,
    normals,
    point,
    pooled_errors,
    predicted,
    redated,
    stands_of,
)
from attrition.models.assimilation.evidence import recordings_of
from attrition.models.assimilation.network import Node

OURS = "attrition"
CARRIED = "last figure at its pace"
SPREAD = "the same, with its past errors"

UNKNOWN_METHOD = "a method must have been hindcast to be summarised"
_MONTH = 31.0  # days by which the beginnings of two counts of one quantity may differ
_LEARNT = 5  # errors from which a spread is taken

ClaimForecaster = Callable[[Sequence[KnownFigure], str, float], tuple[float, float] | None]
"""Maps the figures known, a source and a day to mean and standard deviation of the log figure."""

Group = str
"""Which figures: ``"all"``, ``"next"`` (of a source that had one), ``"first"``."""


@dataclass(frozen=True, slots=True)
class NextFigure(Shown):
    """One figure as one method predicted it.

    Parameters
    ----------
    claim : int
        Index in the dossier's claims.
    source, quantity : str
    day, described : datetime.date
        When it appeared, by the dating of the hindcast; the day it describes.
    first : bool
        Whether the source had printed none of its kind before.
    figure : float
        What was printed: a number, the geometric middle of a range, the end of an open one [unit].
    median, low, high : float
        Of the prediction: its median and interval [unit].
    pit : float
        Probability of a figure at or below the one that was printed.
    crps, score : float
        CRPS and interval score of the log of the figure [1].

    See Also
    --------
    attrition.evaluation.ClaimsHindcast : all of them.

    Examples
    --------
    >>> import attrition as at
    >>> past = at.hindcast(at.read_dossier("russia-ukraine-2025-06"), rng=1)
    >>> figure = past.figures["attrition"][0]
    >>> figure.source, figure.quantity
    ('csis', 'russian-casualties')
    """

    claim: int
    source: str
    quantity: str
    day: date
    described: date
    first: bool
    figure: float
    median: float
    low: float
    high: float
    pit: float
    crps: float
    score: float


@dataclass(frozen=True, slots=True)
class ClaimsSummary(Shown):
    """How one way of predicting next figures did.

    Parameters
    ----------
    method, group : str
    count : int
        Figures predicted.
    days : int
        Days on which they appeared: figures of one day share their errors.
    coverage : tuple of float
        Share held by the 50, 80 and 90 % intervals; a single number holds nothing.
    crps, score : float
        Mean CRPS and mean interval score of the log figure [1].
    median_error : float
        Median distance of the median from the figure, on the log scale [1].
    pit : tuple of float
        Shares of the PIT in ten equal bins.
    pit_band : tuple of float
        Shares between which each of them lies nine times in ten, were the days independent.

    See Also
    --------
    attrition.evaluation.ClaimsHindcast : the figures that it sums up.

    Examples
    --------
    >>> import attrition as at
    >>> past = at.hindcast(at.read_dossier("russia-ukraine-2025-06"), rng=1)
    >>> summary = past.summary()
    >>> summary.method, summary.count, summary.days
    ('attrition', 2, 1)
    """

    method: str
    group: str
    count: int
    days: int
    coverage: tuple[float, ...]
    crps: float
    score: float
    median_error: float
    pit: tuple[float, ...]
    pit_band: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ClaimsHindcast(Shown):
    """Predictions of every next figure of a dossier, by method.

    Parameters
    ----------
    dossier : str
        Its id.
    dated : {"published", "described"}
    series : tuple of str
        Sources whose recorded counts were used, up to the day before each stand.
    prob : float
        Probability of the interval that is scored.
    seed : int
    left_out : mapping of int to str
        Claims that were not predicted, and why.
    figures : mapping of str to tuple of NextFigure
        By method; ours is the first and predicts every figure that any other does.

    See Also
    --------
    attrition.hindcast : how it is made, of a dossier.

    Examples
    --------
    >>> import attrition as at
    >>> past = at.hindcast(at.read_dossier("russia-ukraine-2025-06"), rng=1)
    >>> list(past.figures)[0], len(past.figures["attrition"])
    ('attrition', 2)
    >>> past.summary().count, len(past.table())
    (2, 1)
    """

    _parts = "table"

    dossier: str
    dated: Dated
    series: tuple[str, ...]
    prob: float
    seed: int
    left_out: Mapping[int, str]
    figures: Mapping[str, tuple[NextFigure, ...]] = field(repr=False)

    def summary(
        self, method: str = OURS, group: Group = "all", *, as_by: str = ""
    ) -> ClaimsSummary:
        """Return the scores of one method.

        Parameters
        ----------
        method : str
        group : {"all", "next", "first"}
            All figures, those of sources that had printed one before, or the others.
        as_by : str, optional
            Only figures that this other method predicts too, for a fair comparison.

        Raises
        ------
        InputError
            If the method is not known, or nothing of the group was predicted.
        """
        for name in (method, as_by or method):
            check_known(name, self.figures, UNKNOWN_METHOD, "ClaimsHindcast.summary")
        shared = {figure.claim for figure in self.figures[as_by or method]}
        chosen = [
            figure
            for figure in self.figures[method]
            if figure.claim in shared and (group == "all" or figure.first == (group == "first"))
        ]
        if not chosen or group not in ("all", "next", "first"):
            got = f"none in '{clip(group)}' by '{method}'"
            raise refusal("figures to sum up", got, "ClaimsHindcast.summary")
        return _summarised(method, group, chosen)

    def table(self) -> tuple[ClaimsSummary, ...]:
        """Return the scores of every method on all that it predicts, ours on the same beside it."""
        summaries = [self.summary()]
        for method, figures in self.figures.items():
            if method != OURS and figures:
                summaries += [self.summary(OURS, as_by=method), self.summary(method)]
        return tuple(summaries)


def hindcast_claims(
    dossier: Dossier,
    *,
    rng: Rng,
    dated: Dated = "published",
    series: Mapping[Node, Series] | None = None,
    prob: float = 0.9,
    baselines: Mapping[str, ClaimForecaster] | None = None,
    progress: Progress = None,
) -> ClaimsHindcast:
    """Predict every figure of a dossier from what was known on the day before it, and score it.

    Reached by :func:`attrition.hindcast`, which says what each argument means.
    """
    check_prob(prob)
    seed = seed_of(rng)
    rule = "a figure is dated by its publication or by the day it describes"
    check_known(dated, get_args(Dated), rule, "hindcast, dated")
    redated_dossier = redated(dossier, dated)
    counts = recordings_of(dossier) if series is None else series
    recorded = dossier.with_counts(counts).counts
    stood = stands_of(redated_dossier, recorded)
    scorer = _Scorer(redated_dossier, prob, baselines or {})
    with one_thread(), shown(progress, "days") as report:
        for number, stand in enumerate(stood):
            own = seed_under(seed, stand.day.toordinal(), *stand.root.encode())
            scorer.stand(stand, own)
            report(number + 1, len(stood))
    if not scorer.figures[OURS]:
        got = f"{len(dossier.claims)} claims on {len(stood)} days"
        raise refusal("figures to hindcast", got, f"dossier '{dossier.id}'")
    names = tuple(sorted({source for source, _ in recorded}))
    figures = {method: tuple(rows) for method, rows in scorer.figures.items()}
    return ClaimsHindcast(dossier.id, dated, names, prob, seed, scorer.left_out, figures)


class _Scorer:
    """What has been predicted so far, and what baselines learn on the way."""

    def __init__(
        self, dossier: Dossier, prob: float, others: Mapping[str, ClaimForecaster]
    ) -> None:
        self.dossier = dossier
        self.prob = prob
        self.others = others
        self.figures: dict[str, list[NextFigure]] = {
            method: [] for method in (OURS, CARRIED, SPREAD, *others)
        }
        self.left_out: dict[int, str] = {}
        self._known: dict[tuple[str, str], list[KnownFigure]] = {}
        self._errors: list[float] = []

    def stand(self, stand: Stand, seed: int) -> None:
        """Predict the figures of one day, score them, and take them in."""
        evidence = stand.evidence
        if evidence.terms or evidence.counts:
            laws = predicted(stand, seed)
            for target, ours in zip(stand.targets, laws, strict=True):
                self._score(OURS, stand, target, ours)
        else:
            why = "nothing was known of this total before"
            self.left_out.update(dict.fromkeys((t.index for t in stand.targets), why))
        errors = [error for target in stand.targets for error in self._baselines(stand, target)]
        self._errors += errors
        for target in stand.targets:
            self._known.setdefault(self._kind(target), []).append(target.past)

    def _kind(self, target: Target) -> tuple[str, str]:
        claim = self.dossier.claims[target.index]
        return claim.quantity, claim.kind

    def _own(self, target: Target) -> list[KnownFigure]:
        known = self._known.get(self._kind(target), [])
        return [past for past in known if past.source == target.source]

    def _alike(self, target: Target) -> list[KnownFigure]:
        """Return all figures of the quantity that count from about the same day on."""
        quantity = self._kind(target)[0]
        return [
            dataclasses.replace(past, source=f"{past.source} {kind[1]}")
            for kind, known in self._known.items()
            for past in known
            if kind[0] == quantity and abs(past.begin - target.term.begin) <= _MONTH
        ]

    def _baselines(self, stand: Stand, target: Target) -> list[float]:
        """Score what the baselines say; return the error that the first one can learn from."""
        if target.index in self.left_out:
            return []
        errors = []
        own, day = self._own(target), target.term.end
        if own:
            carried = carried_figure(own, day)
            self._score(CARRIED, stand, target, point(carried))
            errors = [target.log_figure - carried]
            if len(self._errors) >= _LEARNT:
                spread = np.array([pooled_errors(self._errors)])
                law = normals(np.ones(1), np.array([carried]), spread)
                self._score(SPREAD, stand, target, law)
        for method, other in self.others.items():
            # a source's totals and its windows have effects of their own
            voice = f"{target.source} {self._kind(target)[1]}"
            moments = other(self._alike(target), voice, day)
            if moments is not None:
                law = normals(np.ones(1), *(np.array([moment]) for moment in moments))
                self._score(method, stand, target, law)
        return errors

    def _score(self, method: str, stand: Stand, target: Target, law: Predictive) -> None:
        claim, log = self.dossier.claims[target.index], target.log_figure
        tail = (1 - self.prob) / 2
        low, middle, high = (law.quantile(p) for p in (tail, 0.5, 1 - tail))
        score = (high - low) + (max(low - log, 0.0) + max(log - high, 0.0)) / tail
        figure = NextFigure(
            claim=target.index,
            source=claim.source,
            quantity=claim.quantity,
            day=stand.day,
            described=claim.as_of.last,
            first=not self._own(target),
            figure=target.figure,
            median=float(np.exp(middle)),
            low=float(np.exp(low)),
            high=float(np.exp(high)),
            pit=law.pit(log),
            crps=law.crps(log),
            score=score,
        )
        self.figures[method].append(figure)


def carried_figure(own: Sequence[KnownFigure], day: float) -> float:
    """Return the log of a source's last figure carried to a day at its trailing pace.

    The pace is that between its last two figures, never below 0; with one figure, the average
    since the count began.

    Examples
    --------
    >>> own = [KnownFigure("a", 0.0, 100.0, 1000.0), KnownFigure("a", 0.0, 200.0, 3000.0)]
    >>> round(float(np.exp(carried_figure(own, 250.0))), 6)
    4000.0
    """
    ordered = sorted(own, key=lambda past: past.end)
    last = ordered[-1]
    before = [past for past in ordered if past.end < last.end]
    if before:
        pace = (last.figure - before[-1].figure) / (last.end - before[-1].end)
    else:
        pace = last.figure / max(last.end - last.begin, 1.0)
    return float(np.log(max(last.figure + max(pace, 0.0) * (day - last.end), 1.0)))


def _summarised(method: str, group: Group, chosen: Sequence[NextFigure]) -> ClaimsSummary:
    pits = np.array([figure.pit for figure in chosen])
    days = len({figure.day for figure in chosen})
    errors = np.abs(np.log([figure.median / figure.figure for figure in chosen]))
    return ClaimsSummary(
        method,
        group,
        len(chosen),
        days,
        held_shares(pits),
        float(np.mean([figure.crps for figure in chosen])),
        float(np.mean([figure.score for figure in chosen])),
        float(np.median(errors)),
        tenths(pits),
        flat_band(days),
    )


def record_claims(past: ClaimsHindcast) -> dict[str, Any]:
    """Return what a hindcast of claims says, ready for JSON."""

    def line(figure: NextFigure) -> dict[str, Any]:
        values = dataclasses.asdict(figure)
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}

    return {
        "dossier": past.dossier,
        "dated": past.dated,
        "series": list(past.series),
        "prob": past.prob,
        "seed": past.seed,
        "methods": [scores_row(summary) for summary in past.table()],
        "left_out": {str(index): why for index, why in past.left_out.items()},
        "figures": {method: [line(f) for f in rows] for method, rows in past.figures.items()},
    }
