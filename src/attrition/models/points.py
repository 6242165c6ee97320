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
from attrition.core._typing import Floats
from attrition.core.days import WEEK
from attrition.core.late import special
from attrition.core.laws import Totals, node_days, totals_of
from attrition.core.laws.law import falling
from attrition.core.numerics import pchip
from attrition.core.simulation import REPLICATES
from attrition.core.sobol import Sobol
from attrition.core.streams import stream
from attrition.core.threads import one_thread
from attrition.data.elicitation import Distribution, quantile
from attrition.models import gains
from attrition.models.families import PaceFamily
from attrition.models.reach import Reach, along_rates

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
