"""What is read off a law: crossing dates, masses, totals, with their Monte Carlo error."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.checks import check_prob, days_ahead
from attrition.core.errors import clip, refusal
from attrition.core.late import special
from attrition.core.laws.digits import DATE_UNITS, date_unit, rounded

if TYPE_CHECKING:
    from attrition.core.laws.law import Law

State = Literal["already", "date", "beyond", "ended"]

_SLACK = 1e-12  # a probability reached up to rounding is reached
_NEAR = 1e-3  # probabilities this near to a mass are said to lie on it
_MOST = 0.9  # share of the mass of four days that one day carries where it is an atom


@dataclass(frozen=True, slots=True)
class CrossingDate(Shown):
    """One quantile of a crossing date.

    Parameters
    ----------
    probability : float
        P(T <= date) that it answers to.
    state : {"already", "date", "beyond", "ended"}
        Whether it lies at the information date, within the horizon, after it, or nowhere because
        the end comes first.
    day : datetime.date or None
        First day by whose end the probability is reached; None unless ``state`` is "date".
    offset : float or None
        The same read piecewise linearly between days [day after the information date].
    mcse : float or None
        Monte Carlo standard error of ``offset`` [day].
    on_atom : bool
        Whether the quantile lies on a mass: so near the probability of *already* that the state
        hangs on it, or on a single day that carries most of its neighbourhood.

    See Also
    --------
    attrition.laws.Crossing : three of them.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> median = law.crossing(600).median
    >>> median.state, median.day.isoformat(), median.probability
    ('date', '2025-06-13', 0.5)
    """

    _cell = ("day", "state")

    probability: float
    state: State
    day: date | None
    offset: float | None
    mcse: float | None
    on_atom: bool = False


@dataclass(frozen=True, slots=True)
class Masses(Shown):
    """Where the probability of a crossing date lies; all sum to one.

    Parameters
    ----------
    already, within, beyond : float
        Passed at the information date, within the horizon, and neither passed nor ended by then.
    ended : float
        The end came first, within the horizon; 0 in a law that does not allow for one.

    See Also
    --------
    attrition.Law.masses : how it is asked.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> masses = law.masses(600)
    >>> round(masses.already + masses.within + masses.beyond + masses.ended, 9)
    1.0
    """

    already: float
    within: float
    beyond: float
    ended: float = 0.0


def _masses(mean: Floats, hazard: float) -> Masses:
    """Split what is missing at the horizon into *beyond* and *ended first*.

    A day adds w_i dF to the law G with an end, where F is the law without and
    w_i = e^(-h i) (1 - e^(-h)) / h; so F can be had back from G, and *beyond* is
    e^(-h H) (1 - F(H)).
    """
    already, by_horizon = float(mean[0]), float(mean[-1])
    missing = 1.0 - by_horizon
    if hazard == 0:
        return Masses(already, by_horizon - already, missing)
    days = mean.size - 1
    weight = np.exp(-hazard * np.arange(days)) * -np.expm1(-hazard) / hazard
    without = min(already + float((np.diff(mean) / weight).sum()), 1.0)
    beyond = min(float(np.exp(-hazard * days)) * (1.0 - without), missing)
    return Masses(already, by_horizon - already, beyond, missing - beyond)


@dataclass(frozen=True, slots=True)
class Crossing(Shown):
    """When a total passes a threshold: interval, median and masses.

    Parameters
    ----------
    threshold : float
        The total that is passed [unit].
    prob : float
        Probability of the equal-tailed interval.
    lower, median, upper : CrossingDate
    masses : Masses
    horizon : int
        Last day of the law [day after the information date].

    See Also
    --------
    attrition.Law.crossing : how it is asked.
    attrition.cite : the same as a sentence.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> read = law.crossing(600, prob=0.8)
    >>> read.prob, read.unit, [end.day.isoformat() for end in read.dates]
    (0.8, 'day', ['2025-06-12', '2025-06-13', '2025-06-15'])
    >>> read.natural_unit, round(read.mcse, 2)
    ('day', 0.0)
    """

    threshold: float
    prob: float
    lower: CrossingDate
    median: CrossingDate
    upper: CrossingDate
    masses: Masses
    horizon: int

    ci_kind = "eti"

    @property
    def dates(self) -> tuple[CrossingDate, CrossingDate, CrossingDate]:
        """Lower end, median and upper end."""
        return self.lower, self.median, self.upper

    @property
    def mcse(self) -> float:
        """Largest Monte Carlo standard error of the three dates [day]."""
        return max((d.mcse for d in self.dates if d.mcse is not None), default=0.0)

    @property
    def natural_unit(self) -> str:
        """The reporting unit that the width alone asks for, cut at both ends of the law."""
        ends = {"already": 0.0, "beyond": float(self.horizon), "ended": float(self.horizon)}
        low, high = (
            d.offset if d.offset is not None else ends[d.state] for d in (self.lower, self.upper)
        )
        return date_unit(high - low)

    @property
    def unit(self) -> str:
        """The reporting unit of the printed dates, coarser where the Monte Carlo error asks."""
        return date_unit(10 * DATE_UNITS[self.natural_unit], self.mcse)


@dataclass(frozen=True, slots=True)
class Total(Shown):
    """What a total is on a day: equal-tailed interval and median [unit].

    Parameters
    ----------
    on : datetime.date
    prob : float
        Probability of the interval.
    lower, median, upper : float
    mcse : float
        Largest Monte Carlo standard error of the three [unit].

    See Also
    --------
    attrition.Law.total : how it is asked.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> total = law.total("2025-06-13")
    >>> total.prob, round(total.median, -1)
    (0.9, 600.0)
    """

    on: date
    prob: float
    lower: float
    median: float
    upper: float
    mcse: float = 0.0


def threshold_column(law: Law, threshold: float) -> Floats:
    """Return P(C(t) >= threshold), shape (replicate, time).

    A threshold that was asked about has a column of its own. Any other is read from the quantiles
    of the total, or, where the law knows its surface only, between the thresholds next to it, by
    the normal score of the probability.
    """
    grid = law.thresholds
    index = int(np.searchsorted(grid, threshold))
    if index < grid.size and grid[index] == threshold:
        return law.exceedance[:, index]
    if law.totals is not None:
        return law.totals.column(threshold)
    if index in (0, grid.size):
        got = f"{threshold:g}"
        raise refusal("threshold of a law", got, f"{grid[0]:g} to {grid[-1]:g}")
    share = (threshold - grid[index - 1]) / (grid[index] - grid[index - 1])
    below, above = (_score(law.exceedance[:, i]) for i in (index - 1, index))
    column = special.ndtr((1 - share) * below + share * above)
    return np.asarray(np.where(below == above, special.ndtr(below), column))


def means_of(law: Law, thresholds: Sequence[float]) -> Floats:
    """Return P(C(t) >= threshold) over all replicates, shape (threshold, time)."""
    try:
        levels = np.array(thresholds, dtype=float)
        unknown = levels.ndim != 1 or bool(np.isnan(levels).any())
    except (TypeError, ValueError):
        unknown = True
    if unknown:
        raise refusal("threshold of any law", clip(thresholds), "threshold")
    asked = np.isin(levels, law.thresholds)
    totals = None if asked.all() else law.totals
    means = np.empty((levels.size, law.exceedance.shape[2]))
    if totals is not None:
        means[~asked] = totals.means(levels[~asked])
    for place in np.flatnonzero(asked | (totals is None)):
        means[place] = law.weights @ threshold_column(law, levels[place])
    return means


def mean_of(law: Law, threshold: float) -> Floats:
    """Return P(C(t) >= threshold) over all replicates, shape (time,)."""
    return np.asarray(means_of(law, [threshold])[0])


def _score(probability: Floats) -> Floats:
    edge = 1e-16
    return np.asarray(special.ndtri(np.clip(probability, edge, 1 - edge)), dtype=float)


def offset_of(day: date | str, law: Law, place: str) -> int:
    """Return a day as days after the information date; refuse one that the law does not know."""
    if not hasattr(law, "exceedance"):
        what = "a law of a forecast: forecast.law(quantity)"
        raise refusal("type of an argument", clip(law), "law", place="law", what=what)
    return days_ahead(day, law.information_date, law.horizon, place)


def masses(law: Law, threshold: float) -> Masses:
    """Return how likely a threshold is passed already, within the horizon, beyond it, or never.

    See Also
    --------
    attrition.laws.crossing : the dates.
    attrition.Law.masses : the same, of a law.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> at.laws.masses(law, 600) == law.masses(600)
    True
    """
    return _masses(mean_of(law, threshold), law.provenance.end_hazard)


def probability_by(law: Law, threshold: float, day: date | str) -> float:
    """Return P(T <= day): the probability that the total has passed by the end of ``day``.

    See Also
    --------
    attrition.laws.crossing : the day by which a probability is reached.
    attrition.Law.probability : the same, of a law.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> at.laws.probability_by(law, 600, "2025-06-13") == law.probability(600, by="2025-06-13")
    True
    """
    offset = offset_of(day, law, "by")
    return float(mean_of(law, threshold)[offset])


_Beside = Callable[[np.ndarray, Floats, Floats], tuple[Floats, Floats]]
"""From days, the share of each up to a date, and the probability that it has, to what replicates
say of that date, and how much of it a day adds."""


def _dates(  # noqa: PLR0917 - a kernel
    mean: Floats,
    beside: _Beside,
    weights: Floats,
    probabilities: Floats,
    start: date,
    ended: float,
) -> Iterator[CrossingDate]:
    """Yield when each of some probabilities is reached."""
    reached = np.searchsorted(np.maximum.accumulate(mean), probabilities - _SLACK)
    index = np.clip(reached, 1, mean.size - 1)
    slope = mean[index] - mean[index - 1]
    part = np.clip((probabilities - mean[index - 1]) / np.where(slope > 0, slope, 1.0), 0.0, 1.0)
    around = mean[np.minimum(index + 1, mean.size - 1)] - mean[np.maximum(index - 2, 0)]
    own, pace = beside(index, part, probabilities)
    errors = standard_errors(own, weights) / np.where(pace > 0, pace, 1.0)
    near = np.abs(mean[0] - probabilities) < _NEAR
    atoms = near | ((slope > _NEAR) & (slope > _MOST * around))
    columns = (probabilities, reached, part, errors, near, atoms)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for probability, day, share, error, on_mass, on_atom in rows:
        if day == 0:
            yield CrossingDate(probability, "already", None, None, None, on_mass)
        elif day == mean.size:
            state: State = "ended" if probability > 1 - ended + _SLACK else "beyond"
            yield CrossingDate(probability, state, None, None, None)
        else:
            on = start + timedelta(days=day)
            yield CrossingDate(probability, "date", on, day - 1 + share, error, on_atom)


def _of_column(column: Floats, mean: Floats) -> _Beside:
    """Return what a law by replicate says of its dates, shape (replicate, time)."""

    def beside(index: np.ndarray, part: Floats, _: Floats) -> tuple[Floats, Floats]:
        before, after = index - 1, index
        own = (1 - part) * column[:, before] + part * column[:, after]
        return own, mean[after] - mean[before]

    return beside


def standard_errors(values: Floats, weights: Floats) -> Floats:
    """Return the standard errors of weighted means of replicates, the first axis.

    They are 0 for a single, exact one: one replicate has no spread.
    """
    count = weights.size
    deviations = values - weights @ values
    return np.asarray(np.sqrt(count / max(count - 1, 1) * (weights**2 @ deviations**2)))


def draws_worth(shares: Floats, weights: Floats | None = None) -> float:
    """Return how many independent draws would leave an even chance the error of probabilities.

    Parameters
    ----------
    shares : ndarray of float, shape (replicate, ...)
        Of which the largest Monte Carlo standard error counts; infinite where there is none.
    weights : ndarray of float, shape (replicate,), optional
        Equal when left out.
    """
    flat = shares.reshape(shares.shape[0], -1)
    each = np.full(flat.shape[0], 1 / flat.shape[0]) if weights is None else weights
    return draws_of_error(float(standard_errors(flat, each).max(initial=0.0)))


def draws_of_error(error: float) -> float:
    """Return how many independent draws leave an even chance that standard error."""
    return 0.25 / error**2 if error > _SLACK else math.inf


def crossing(law: Law, threshold: float, *, prob: float = 0.9) -> Crossing:
    """Return when the total passes ``threshold``.

    Parameters
    ----------
    law : Law
    threshold : float
        The total K [unit].
    prob : float
        Probability of the equal-tailed credible interval.

    Returns
    -------
    Crossing
        A quantile that falls at the information date or after the horizon has no date.

    Raises
    ------
    InputError
        If ``prob`` or ``threshold`` is out of range.

    See Also
    --------
    attrition.laws.masses : what has no date.
    attrition.laws.total : the total on a day.
    attrition.Law.crossing : the same, of a law.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> at.laws.crossing(law, 600).median.day.isoformat()
    '2025-06-13'
    """
    return crossings_at(law, threshold, mean_of(law, threshold), [prob])[0]


def opened(law: Law, read: Crossing) -> Crossing:
    """Return a crossing as it is printed: without the dates of ends that are open.

    An end is open where the share outside is printed as large as what the interval leaves there:
    of 4.7 % that are printed as 5 %, the lower end of a 90 % interval has no date.
    """
    tail, masses = min(read.lower.probability, 1 - read.upper.probability), read.masses

    def as_large(share: float) -> bool:
        return rounded(share, law.draws) >= tail

    lower, upper = read.lower, read.upper
    if as_large(masses.already):
        lower = _undated(lower, "already")
    if as_large(masses.beyond + masses.ended):
        upper = _undated(upper, "ended" if as_large(masses.ended) else "beyond")
    if lower is read.lower and upper is read.upper:
        return read
    return dataclasses.replace(read, lower=lower, upper=upper)


def _undated(quantile: CrossingDate, state: State) -> CrossingDate:
    """Return a quantile without a date; one that has none keeps its own state."""
    if quantile.day is None:
        return quantile
    return dataclasses.replace(quantile, state=state, day=None, offset=None, mcse=None)


def crossing_of(
    column: Floats, weights: Floats, threshold: float, start: date, *, prob: float
) -> Crossing:
    """Return the crossing read from P(C(t) >= K), shape (replicate, time), from day ``start``."""
    mean = weights @ column
    beside = _of_column(column, mean)
    return _crossings(mean, beside, weights, threshold, start, [prob], 0.0)[0]


def crossings_at(
    law: Law, threshold: float, mean: Floats, probs: Sequence[float]
) -> list[Crossing]:
    """Return when the total passes a threshold at several probabilities of the interval.

    ``mean`` is what :func:`mean_of` returned.
    """
    hazard, start = law.provenance.end_hazard, law.information_date
    totals = None if threshold in law.thresholds else law.totals
    # what was not asked about: what replicates say of the total on that day
    beside = totals.beside if totals else _of_column(threshold_column(law, threshold), mean)
    return _crossings(mean, beside, law.weights, threshold, start, probs, hazard)


def _crossings(  # noqa: PLR0917 - a kernel
    mean: Floats,
    beside: _Beside,
    weights: Floats,
    threshold: float,
    start: date,
    probs: Sequence[float],
    hazard: float,
) -> list[Crossing]:
    tails = [(1 - check_prob(prob)) / 2 for prob in probs]
    levels = np.array([0.5, *tails, *(1 - tail for tail in tails)])
    outer, size = _masses(mean, hazard), len(probs)
    median, *ends = _dates(mean, beside, weights, levels, start, outer.ended)
    pairs = zip(probs, ends[:size], ends[size:], strict=True)
    return [
        Crossing(threshold, prob, lower, median, upper, outer, mean.size - 1)
        for prob, lower, upper in pairs
    ]


def total(law: Law, on: date, *, prob: float = 0.9) -> Total:
    """Return what the total is at the end of a day.

    Parameters
    ----------
    law : Law
    on : datetime.date
        A day between the information date and the horizon.
    prob : float
        Probability of the equal-tailed credible interval.

    Raises
    ------
    InputError
        If ``on`` or ``prob`` is out of range.

    See Also
    --------
    attrition.laws.crossing : the day of a total.
    attrition.Law.total : the same, of a law.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> from datetime import date
    >>> round(at.laws.total(law, date(2025, 6, 13)).median, -1)
    600.0
    """
    check_prob(prob)
    tail = (1 - prob) / 2
    (lower, median, upper), error = quantiles(law, (tail, 0.5, 1 - tail), on)
    return Total(on, prob, lower, median, upper, error)


def quantiles(
    law: Law, probabilities: Sequence[float], on: date | str
) -> tuple[list[float], float]:
    """Return quantiles of the total at the end of a day, and their largest standard error [unit].

    A law that knows its surface only is read between its thresholds, without an error.
    """
    offset = offset_of(on, law, "on")
    totals = law.totals if offset else law.totals_at_start
    if totals is None:
        surface = law.weights @ law.exceedance[:, :, offset]
        return [_level_at(law.thresholds, surface, p) for p in probabilities], 0.0
    # what is known for certain, a count on its last day, has one replicate in a law of many
    own = totals.quantile(offset, probabilities).T
    levels = np.broadcast_to(own, (own.shape[0], *law.weights.shape))
    error = float(standard_errors(levels.T, law.weights).max())
    return [float(law.weights @ level) for level in levels], error


def _level_at(grid: Floats, exceedance: Floats, probability: float) -> float:
    """Return the smallest K with P(C < K) >= probability, between grid points by normal score."""
    below = 1.0 - exceedance
    index = int(np.argmax(below >= probability)) if (below >= probability).any() else grid.size - 1
    if index == 0:
        return float(grid[0])
    scores = _score(below[index - 1 : index + 1])
    if scores[1] == scores[0]:
        return float(grid[index])
    target = float(special.ndtri(probability))
    part = (target - scores[0]) / (scores[1] - scores[0])
    return float(grid[index - 1] + np.clip(part, 0, 1) * (grid[index] - grid[index - 1]))
