"""What a source will print next, from the posterior of all that was known before."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.evaluation.stands import Stand, Target
from attrition.models.assimilation import Outlook, Sampler, fit, outlook_of

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
    counts = next((c for c in outlook.fit.model.evidence.counts if c.node == term.node), None)
    explicit, slope, hidden = outlook.error(term.node, term.end)
    if hidden is None:
        futures = draws.ahead.shape[1]
        places = draws.tables.quantiles((np.arange(futures) + 0.5) / futures)
        hidden = (places, np.zeros_like(places), np.zeros_like(places))
    places, means, sds = hidden
    moved = explicit[:, None] + slope * places + means
    begin, count = term.begin, 0.0
    if counts is not None:
        begin, count = _recorded(counts.end, counts.count, term.begin, term.end)
    gain = _totals(outlook, term.node[1], begin, term.end) * np.exp(places + moved)
    log = np.log(np.maximum(count + gain, 1e-9)) - np.log(term.divide)
    if term.whole is not None:
        whole = _totals(outlook, term.whole, 0.0, term.end)
        log = log - np.log(whole) - places + np.log(100.0)
    # what the words say lies as far from the printed figure as this one's does
    shift = term.reading.centre - target.log_figure
    spread = np.hypot(sds, term.reading.spread)
    weights = np.repeat(draws.weights.ravel() / draws.replicates / log.shape[1], log.shape[1])
    return normals(weights, (log - shift).ravel(), spread.ravel())


def _totals(outlook: Outlook, quantity: str, begin: float, end: float) -> Floats:
    """Return what is counted in a window at place 0 on the line, shape (draw, future)."""
    model, shape = outlook.fit.model, outlook.draws.ahead.shape[:2]
    if end <= begin:
        return np.zeros(shape)
    if end >= model.evidence.days:
        return outlook.expected[quantity].totals(begin, np.array([end]))[..., 0]
    past = model.counted(outlook.rates[quantity].past, begin, end)
    return np.repeat(past[:, None], shape[1], axis=1)


def _recorded(ends: Floats, count: Floats, begin: float, end: float) -> tuple[float, float]:
    """Return where the recorded part of a window ends, and its count."""
    days, totals = np.append(0.0, ends), np.append(0.0, np.cumsum(count))
    until = min(end, float(days[-1]))
    cumulative = np.interp([begin, until], days, totals)
    return until, float(cumulative[1] - cumulative[0])


def point(log_figure: float) -> Predictive:
    """Return a single number as a law: all but certain."""
    return Predictive(np.array([log_figure - 1e-12, log_figure + 1e-12]), np.array([0.0, 1.0]))


def pooled_errors(errors: Sequence[float]) -> float:
    """Return the root mean square of earlier errors."""
    return float(np.sqrt(np.mean(np.square(errors))))
