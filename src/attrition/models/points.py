"""Points that drive a level, a rate and a pace, and the law of the total that follows from them.

Sixteen replicates of scrambled Sobol points. Level and noise of the gain are integrated given the
expected gain; the rate too, where nothing of the pace depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from attrition.core._showing import Shown
from attrition.core._typing import Floats, HasCdf
from attrition.core.days import WEEK
from attrition.core.late import special
from attrition.core.laws import Totals, node_days, totals_of
from attrition.core.laws.law import falling
from attrition.core.numerics import pchip
from attrition.core.simulation import REPLICATES
from attrition.core.streams import Sobol, stream
from attrition.core.workers import one_thread
from attrition.data.elicitation import quantile
from attrition.data.elicitation.distributions import Distribution, exceedance, parts
from attrition.models import gains
from attrition.models.families import PaceFamily

_OWN = 4  # coordinates of a point that are no family's: family, level, rate, noise of the gain
_EDGE = 1e-12  # probabilities are read between this and one less it
# days that are computed each in any case, and the rise within a later week from which its are
_ROUGH, _FINE = (0, 0.1), (4 * WEEK, 0.03)


@dataclass(frozen=True, slots=True)
class Stated(Shown):
    """A stated figure, read.

    Parameters
    ----------
    words : str
        How it is printed.
    distribution : distribution
        In the unit of the figure; of a rate per ``days`` days.
    days : float
        Days of the unit of time of a rate; 1 for a level.
    """

    _cell = ("words",)

    words: str
    distribution: Distribution = field(repr=False)
    days: float = 1.0

    def quantile(self, probability: Floats) -> Floats:
        """Return quantiles [unit, or unit/day]."""
        return quantile(self.distribution, probability) / self.days


@dataclass(frozen=True, slots=True)
class Paces:
    """The points of one replicate in one family.

    Parameters
    ----------
    family : PaceFamily
    replicate : int
    level : ndarray of float, shape (point,)
        [unit]
    rate : ndarray of float, shape (point,)
        Noise of its count included [unit/day].
    movers : ndarray of float, shape (point, any)
        What moves the pace.
    chance : ndarray of float, shape (point,)
        Uniform that drives the noise of the gain.
    """

    family: PaceFamily
    replicate: int
    level: Floats
    rate: Floats
    movers: Floats
    chance: Floats

    def means(self, days: NDArray[np.int64]) -> Floats:
        """Return the expected gains by the end of some days, shape (point, day) [unit]."""
        return self.rate[:, None] * self.family.elapsed(self.movers, days)


@one_thread()
def paces_of(
    level: Stated,
    rate: Stated,
    mixture: Sequence[tuple[PaceFamily, float]],
    points: int,
    seed: int,
) -> list[Paces]:
    """Return scrambled Sobol points, replicate by replicate and family by family.

    Parameters
    ----------
    level, rate : Stated
    mixture : sequence of (PaceFamily, float)
        Families and their shares.
    points : int
        Of each replicate.
    seed : int
        Replicate r uses ``SeedSequence(seed, spawn_key=(r,))``.
    """
    edges = np.cumsum([share for _, share in mixture])
    drawn: list[Paces] = []
    dimensions = _OWN + max(family.dimensions for family, _ in mixture)
    for replicate in range(REPLICATES):
        uniform = Sobol(dimensions, rng=stream(seed, replicate)).random(points)
        uniform = np.clip(uniform, 2.0**-40, 1 - 2.0**-40)
        which = np.minimum(np.searchsorted(edges, uniform[:, 0], side="right"), len(mixture) - 1)
        levels = level.quantile(uniform[:, 1])
        rates = np.maximum(rate.quantile(uniform[:, 2]), 0.0)
        for index, (family, _) in enumerate(mixture):
            rows = which == index
            if rows.any():
                own = uniform[np.ix_(rows, [3, *range(5, _OWN + family.dimensions)])]
                moved, movers = family.paces(own, rates[rows])
                chance = uniform[rows, 4]
                drawn.append(Paces(family, replicate, levels[rows], moved, movers, chance))
    return drawn


@one_thread()
def surface_of(
    paces: Sequence[Paces],
    level: Stated,
    rate: Stated,
    thresholds: Sequence[float],
    days: int,
) -> Floats:
    """Return P(total >= threshold) by the end of each day, shape (replicate, threshold, day).

    Parameters
    ----------
    paces : sequence of Paces
    level, rate : Stated
    thresholds : sequence of float
        [unit]
    days : int
        To the horizon.
    """
    points = sum(part.level.size for part in paces) // REPLICATES
    families = {part.family.name: part.family for part in paces}
    kept = all(family.keeps_rate for family in families.values())
    chances: dict[str, list[Callable[[Floats], Floats]]] = {}
    for name, family in families.items():
        reaches = [Reach(level.distribution, threshold, family.phi) for threshold in thresholds]
        chances[name] = [
            along_rates(r, rate.distribution, rate.days) if kept else r for r in reaches
        ]

    def law(on: NDArray[np.int64], replicates: int = REPLICATES) -> Floats:
        surface = np.zeros((replicates, len(thresholds), on.size))
        for part in paces:
            if part.replicate >= replicates:
                continue
            seen = part.family.elapsed(part.movers, on) if kept else part.means(on)
            for k, chance in enumerate(chances[part.family.name]):
                surface[part.replicate, k] += chance(seen).sum(axis=0) / points
        return surface

    every = np.arange(days + 1)
    # a day costs next to nothing beside the paces where those go on from their own rates
    surface = _thinned(law, every, *(_ROUGH if kept else _FINE))
    rising = np.clip(np.maximum.accumulate(surface, axis=2), 0.0, 1.0)
    return falling(rising, thresholds)


def _thinned(
    law: Callable[..., Floats], every: NDArray[np.int64], daily: int, rise: float
) -> Floats:
    """Return a law on every day from its normal scores at ends of weeks.

    The first days, and each week within which its first replicate rises by more than ``rise``, are
    computed daily.
    """
    weeks = np.unique(np.r_[every[:daily], every[::WEEK], every[-1]])
    steep = np.diff(law(weeks, 1)[0]).max(axis=0) > rise
    within = every[:-1][steep[np.searchsorted(weeks, every[:-1], side="right") - 1]]
    nodes = np.union1d(weeks, within)
    scores = special.ndtri(np.clip(law(nodes), _EDGE, 1 - _EDGE))
    return np.asarray(special.ndtr(pchip(nodes, scores, every)))


@one_thread()
def drawn_totals(paces: Sequence[Paces], days: NDArray[np.int64]) -> list[Floats]:
    """Return the totals of each replicate on some days, shape (draw, day) [unit].

    One uniform drives the noise of all days of a draw: each day has its own law, and no draw falls.
    """
    drawn: list[list[Floats]] = [[] for _ in range(REPLICATES)]
    for part in paces:
        gain = gains.quantiles(part.family.phi, part.means(days), part.chance[:, None])
        drawn[part.replicate].append(part.level[:, None] + gain)
    return [np.concatenate(rows) for rows in drawn]


def totals_by_day(paces: Sequence[Paces], days: int) -> Totals:
    """Return the quantiles of the total on every day to the horizon."""
    nodes = node_days(days)
    return totals_of(drawn_totals(paces, nodes), nodes)


# P(level + gain >= K) as a function of what gain is expected: level and noise integrated.
#
# Given the expected gain m, nothing of a pace matters any more. So one table over m for each noise
# answers for every simulated pace and day, and the law that is averaged from it is smooth. Where a
# pace is the same whatever the rate, a table over the time passed has the rate integrated as well.

_SCORES = np.linspace(-6.0, 6.0, 321)  # where a table is laid out: linear between, right to 1e-4
_STRATA = 512  # equal shares into which a narrow level is cut
_NOISES = 64  # equal shares into which a narrow noise is cut
_NARROW = 0.05  # noise below this share of a level's spread counts as the narrower of the two
_SIGMA = np.array([0.15865525393145707, 0.8413447460685429])  # normal scores -1 and 1: a width
_FINEST, _COARSEST = 0.01, 0.25  # distance of nodes over a rate, in normal scores
_CELLS = 2**13  # into which the time passed is cut, so that a table is read without a search
_EARLY = 100.0  # cells are even in time down from the median over this, and in its log upwards
_FAR = 5.5  # normal score beyond which a rate is left out: 4e-8 of it


class Reach:
    """P(level + gain >= K) by the expected gain.

    Parameters
    ----------
    level : distribution
        Of the level, atoms included [unit].
    threshold : float
        The total K [unit].
    phi : float
        Variance over mean of the gain.
    """

    def __init__(self, level: HasCdf, threshold: float, phi: float) -> None:
        pieces = parts(level)
        # The n-th node is where a low level meets a low gain: their quantiles together span more
        # than the sum of the two independent ones does.
        low, moving = special.ndtr(_SCORES), [np.zeros(1)]
        for _, part in pieces:
            need = np.maximum(threshold - quantile(part, special.ndtr(-_SCORES)), 0.0)
            nodes = phi * special.gammaincinv(np.maximum(need / phi, 1e-3), low)
            moving.append(nodes[np.isfinite(nodes)])
        self.means = np.unique(np.concatenate(moving))
        """Expected gains at which the table is laid out, ascending [unit]."""
        chances = sum(share * _chance(part, threshold, phi, self.means) for share, part in pieces)
        # Integration by strata is monotone only up to rounding.
        self._chances = np.maximum.accumulate(np.clip(chances, 0.0, 1.0))

    def __call__(self, mean: Floats) -> Floats:
        """Return the probability for expected gains of any shape [unit]."""
        return np.interp(mean, self.means, self._chances)

    @property
    def median(self) -> float:
        """The expected gain at which the probability is one half, or as near as it comes."""
        return float(np.interp(0.5, self._chances, self.means))

    def rule(self, rate: HasCdf) -> tuple[Floats, Floats]:
        """Return weights and rates, shape (node,), over which the probability is averaged.

        The trapezoidal rule on normal scores, its nodes closer than the probability is wide: there
        it converges geometrically (Trefethen and Weideman 2014, doi:10.1137/130932132).
        """
        low, high = np.log(np.maximum(np.interp(_SIGMA, self._chances, self.means), 1e-9))
        slow, fast = np.log(np.maximum(quantile(rate, _SIGMA), 1e-9))
        step = np.clip((high - low) / max(fast - slow, 1e-9), _FINEST, _COARSEST)
        scores = np.arange(-_FAR, _FAR + step / 2, step)
        weights = np.exp(-(scores**2) / 2)
        return weights / weights.sum(), np.maximum(quantile(rate, special.ndtr(scores)), 0.0)


def along_rates(reach: Reach, rate: HasCdf, days: float = 1.0) -> Callable[[Floats], Floats]:
    """Return P(level + gain >= K) by the time passed, in days at the rate; the rate integrated.

    Parameters
    ----------
    reach : Reach
    rate : distribution
        [unit per ``days``]
    days : float
        Days of its unit of time.

    Returns
    -------
    callable
        Of times passed, of any shape [day].
    """
    rules = [(share, *reach.rule(part)) for share, part in parts(rate)]
    weights = np.concatenate([share * own for share, own, _ in rules])
    rates = np.concatenate([nodes for _, _, nodes in rules]) / days
    moving = []  # times at which the probability moves
    for _, part in parts(rate):
        own = np.maximum(quantile(part, special.ndtr(_SCORES)) / days, 1e-9)
        # with the gain where the rate is the narrower of the two, with the rate where it is wider
        moving += [reach.means / np.median(own), reach.median / own]
    times = np.unique(np.concatenate(moving))
    chances = weights @ reach(rates[:, None] * times)
    unit = max(float(np.interp(0.5, chances, times)), 1e-9) / _EARLY
    cells = _CELLS / np.log1p(times[-1] / unit)
    even = np.interp(unit * np.expm1(np.arange(_CELLS + 2) / cells), times, chances)
    rises = np.diff(even)

    def chance(passed: Floats) -> Floats:
        place = np.minimum(np.log1p(passed / unit) * cells, float(_CELLS))
        cell = place.astype(np.int32)
        return np.asarray(even[cell] + rises[cell] * (place - cell))

    return chance


def _middles(count: int) -> Floats:
    return (np.arange(count) + 0.5) / count


def _chance(level: HasCdf, threshold: float, phi: float, means: Floats) -> Floats:
    """Integrate the narrower of level and noise by strata, and the other whole."""
    ends = quantile(level, np.array([0.05, 0.95]))
    spread = float(ends[1] - ends[0])
    noise = np.sqrt(phi * means)
    coarse = noise >= _NARROW * spread
    probabilities = np.empty_like(means)
    strata: Sequence[float] | Floats = quantile(level, _middles(_STRATA if spread > 0 else 1))
    need = threshold - np.asarray(strata)
    probabilities[coarse] = gains.reached(phi, means[coarse, None], need[None, :]).mean(axis=1)
    fine = ~coarse
    if fine.any():
        gain = gains.quantiles(phi, means[fine, None], _middles(_NOISES)[None, :])
        probabilities[fine] = exceedance(level, threshold - gain).mean(axis=1)
    return probabilities
