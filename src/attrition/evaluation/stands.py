"""Where a claims hindcast stands, what was known there, and what our model says comes next."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError
from attrition.core.late import special
from attrition.data.dossier import Claim, Dossier, PartialDate
from attrition.data.elicitation import lexicon_of
from attrition.data.elicitation.claims import read_claim
from attrition.data.series import Series
from attrition.models.assimilation.evidence import Evidence, Term, evidence_of, term_of
from attrition.models.assimilation.inference import Sampler
from attrition.models.assimilation.network import Node
from attrition.models.assimilation.outlook import Outlook, outlook_of
from attrition.models.assimilation.search import fit

Dated = Literal["published", "described"]
"""Whether a figure is known from the day it appeared, or from the day that it describes."""


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """A figure that was known.

    Parameters
    ----------
    source : str
    begin, end : float
        Days since the count began that it counts: (begin, end].
    figure : float
        As it was printed [unit].
    """

    source: str
    begin: float
    end: float
    figure: float


@dataclass(frozen=True, slots=True)
class Target:
    """A claim whose figure is to be predicted.

    Parameters
    ----------
    index : int
        Of the claim in the dossier.
    term : Term
        What it says, its reading with it.
    figure : float
        As printed: a number, the geometric middle of a range, the single end of an open one [unit].
    source : str
    """

    index: int
    term: Term
    figure: float
    source: str

    @property
    def log_figure(self) -> float:
        """The log of the printed figure."""
        return float(np.log(self.figure))

    @property
    def past(self) -> KnownFigure:
        """The figure as later stands know it."""
        return KnownFigure(self.source, self.term.begin, self.term.end, self.figure)


@dataclass(frozen=True, slots=True)
class Stand:
    """A day on which figures appeared, and what was known before it.

    Parameters
    ----------
    day : datetime.date
    root : str
        The total that the figures are of, or of a part of.
    evidence : Evidence
        Claims that had appeared, and rows of recorded series, by the day before.
    targets : tuple of Target
    """

    day: date
    root: str
    evidence: Evidence
    targets: tuple[Target, ...]


def redated(dossier: Dossier, dated: Dated) -> Dossier:
    """Return a dossier whose claims are known from the day that the hindcast takes them to be."""
    if dated == "published":
        return dossier
    moved = tuple(claim.model_copy(update={"published": _last(claim)}) for claim in dossier.claims)
    return dossier.model_copy(update={"claims": moved})


def _last(claim: Claim) -> PartialDate:
    """Return the last day that a claim may describe, if it had appeared by then."""
    day = min(claim.as_of.last, claim.published.last)
    return PartialDate(day, day)


def stands_of(dossier: Dossier, series: Mapping[Node, Series]) -> list[Stand]:
    """Return every day on which figures of a total appeared, in order."""
    days: dict[tuple[date, str], list[int]] = {}
    past = dossier.superseded()  # what its source took back is no truth to be foreseen
    for index, claim in enumerate(dossier.claims):
        what = dossier.quantities[claim.quantity]
        if index not in past and claim.kind in {"level", "increment", "share"} and what.cumulative:
            root = dossier.lineage(claim.quantity)[-1]
            days.setdefault((claim.published.last, root), []).append(index)
    return [
        stand
        for (day, root), chosen in sorted(days.items())
        if (stand := _stand(dossier, day, root, chosen, series)) is not None
    ]


def _stand(
    dossier: Dossier, day: date, root: str, chosen: Sequence[int], series: Mapping[Node, Series]
) -> Stand | None:
    try:
        evidence = evidence_of(dossier, root, as_of=day - timedelta(days=1), series=series)
        targets = tuple(
            Target(i, term_of(evidence, i, as_of=day), printed(dossier, i), claim.source)
            for i in chosen
            for claim in [dossier.claims[i]]
        )
    except InputError:
        return None
    return Stand(day, root, evidence, targets)


def printed(dossier: Dossier, index: int) -> float:
    """Return the figure that is scored: a number, the middle of a range, or its single end."""
    claim = dossier.claims[index]
    low, high, point = claim.low, claim.high, claim.point
    if not claim.has_numbers:
        reading = read_claim(claim, lexicon_of(dossier), place=f"claims[{index}]")
        low, high, point = reading.low, reading.high, reading.point
    if point is not None:
        return float(point)
    ends = [end for end in (low, high) if end is not None]
    return float(np.exp(np.mean(np.log(ends))))


_POINTS = 32  # draws of each of the 16 replicates
_AHEAD = 14  # days that are carried past the information date
_GRID = 801  # points of a tabulated predictive
_REACH = 6.0  # standard deviations that it spans beyond the outermost means
_CLOSE = 1e-4  # least standard deviation of a log figure: a figure printed to the person


@dataclass(frozen=True, eq=False)
class Predictive:
    """The law of the log of a figure, as a table of its distribution function.

    Parameters
    ----------
    log : ndarray of float, shape (point,)
        Even grid of log figures.
    cdf : ndarray of float, shape (point,)
    """

    log: Floats
    cdf: Floats

    def quantile(self, probability: float) -> float:
        """Return the log figure below which so much lies."""
        return float(np.interp(probability, self.cdf, self.log))

    def pit(self, log_figure: float) -> float:
        """Return the probability of a figure at or below the one that was printed."""
        return float(np.interp(log_figure, self.log, self.cdf))

    def crps(self, log_figure: float) -> float:
        """Return the continuous ranked probability score of the log figure.

        Gneiting and Raftery (2007, doi:10.1198/016214506000001437), equation 20: the integral of
        the squared distance of the distribution function from the step at the figure.
        """
        ends = np.array([self.log[0], self.log[-1]])
        beyond = float(np.clip([ends[0] - log_figure, log_figure - ends[1]], 0.0, None).sum())
        log = np.unique(np.append(self.log, np.clip(log_figure, *ends)))
        cdf = np.interp(log, self.log, self.cdf)
        middle, above = (log[1:] + log[:-1]) / 2, 0.5 * (cdf[1:] + cdf[:-1])
        return beyond + float((np.diff(log) * (above - (middle >= log_figure)) ** 2).sum())


def normals(weights: Floats, means: Floats, sds: Floats) -> Predictive:
    """Tabulate a mixture of normals."""
    sds = np.maximum(sds, _CLOSE)
    centre = float(weights @ means)
    spread = float(np.sqrt(weights @ (sds**2 + (means - centre) ** 2)))
    # denser where the mass is: even in the arc sine of the distance from the middle
    reach = _REACH * max(spread, float(sds.max())) + float(np.abs(means - centre).max())
    narrow = np.arcsinh(reach / (0.1 * spread))
    log = centre + 0.1 * spread * np.sinh(np.linspace(-narrow, narrow, _GRID))
    cdf = np.zeros(_GRID)
    for block in np.array_split(np.arange(means.size), max(means.size // 512, 1)):
        gap = (log[:, None] - means[block]) / sds[block]
        cdf += special.ndtr(gap) @ weights[block]
    return Predictive(log, np.maximum.accumulate(cdf))


def predicted(stand: Stand, seed: int) -> list[Predictive]:
    """Return what our model says of every figure that appeared on a day."""
    # their errors are asked about, whether or not they have said anything yet
    asked = frozenset(target.term.node for target in stand.targets)
    known = dataclasses.replace(stand.evidence, left_out=asked)
    sampler = Sampler(fit(known), _AHEAD, seed)
    sampler.extend(_POINTS)
    outlook = outlook_of(sampler)
    return [_predictive(outlook, target) for target in stand.targets]


def _predictive(outlook: Outlook, target: Target) -> Predictive:
    term, draws = target.term, outlook.draws
    explicit, slope, hidden = outlook.error(term.node, term.end)
    if hidden is None:
        futures = draws.ahead.shape[1]
        places = draws.tables.quantiles((np.arange(futures) + 0.5) / futures)
        hidden = (places, np.zeros_like(places), np.zeros_like(places))
    places, means, sds = hidden
    log = _logs(outlook, term.node, term, places, explicit[:, None] + slope * places + means)
    network = outlook.fit.model.network
    quoted = network.quoted[network.index(term.node)]
    repeated = None if quoted is None else outlook.repeated(term.node)
    if quoted is not None and repeated is not None:
        explicit, slope, _ = outlook.error(network.nodes[quoted], term.end)
        moved = explicit[:, None] + slope * places
        log = np.where(repeated, _logs(outlook, network.nodes[quoted], term, places, moved), log)
    # what the words say lies as far from the printed figure as this one's does
    shift = term.reading.centre - target.log_figure
    spread = np.hypot(sds, term.reading.spread)
    weights = np.repeat(draws.weights.ravel() / draws.replicates / log.shape[1], log.shape[1])
    return normals(weights, (log - shift).ravel(), spread.ravel())


def _logs(outlook: Outlook, node: Node, term: Term, places: Floats, moved: Floats) -> Floats:
    """Return the log of a figure as a source prints it, at places of each draw, (draw, place)."""
    counts = next((c for c in outlook.fit.model.evidence.counts if c.node == node), None)
    begin, count = term.begin, 0.0
    if counts is not None:
        begin = min(term.end, float(counts.end[-1]))
        count = counts.within(term.begin, begin)
    gain = _totals(outlook, term.node[1], begin, term.end) * np.exp(places + moved)
    log = np.log(np.maximum(count + gain, 1e-9)) - np.log(term.divide)
    if term.whole is not None:
        whole = _totals(outlook, term.whole, 0.0, term.end)
        log = log - np.log(whole) - places + np.log(100.0)
    return np.asarray(log)


def _totals(outlook: Outlook, quantity: str, begin: float, end: float) -> Floats:
    """Return what is counted in a window at place 0 on the line, shape (draw, future)."""
    model, shape = outlook.fit.model, outlook.draws.ahead.shape[:2]
    if end <= begin:
        return np.zeros(shape)
    if end >= model.evidence.days:
        return outlook.expected[quantity].totals(begin, np.array([end]))[..., 0]
    past = model.counted(outlook.rates[quantity].past, begin, end)
    return np.repeat(past[:, None], shape[1], axis=1)


def point(log_figure: float) -> Predictive:
    """Return a single number as a law: all but certain."""
    return Predictive(np.array([log_figure - 1e-12, log_figure + 1e-12]), np.array([0.0, 1.0]))


def pooled_errors(errors: Sequence[float]) -> float:
    """Return the root mean square of earlier errors."""
    return float(np.sqrt(np.mean(np.square(errors))))
