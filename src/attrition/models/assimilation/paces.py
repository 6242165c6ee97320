"""How the rate of a total moves, before any report of it is seen.

The log rate is a Gaussian process, laid out as causal weights of standard normals by week, whose
*spread* is one of a few hypotheses: reports choose among them. A :class:`Pace` is all that a
posterior knows of it; whoever has another one writes a class with these members, in one file.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import linalg, special
from attrition.data.dossier import Dossier
from attrition.models.families import Family, Priors, bundled_priors

TINY = 1e-3
"""Spread of a pace that stays as it is: weeks that differ by a thousandth."""

LADDER = (TINY, 0.22, 0.45, 0.9, 1.8)
"""Spreads that are tried: factors of two apart, as far as a few reports can tell."""

_MEMORIES = ((0.8, 6.0), (0.2, 60.0))
"""Shares of the variance, and the weeks in which each is forgotten. Together the ratio of a later
gain to what today's pace expects widens for three months and then all but stops, as in the corpora
of ``bundled/paces.toml``: see ``python -m benchmarks.pace_process``."""

_SHOWN = 0.66
"""Scale of that ratio's log, of a family, for a spread of 1."""

_BELOW = 0.1
"""What a pace settles lower by, in squares of its spread: one that swings is mostly below its mean,
and a mean is what a gain shows."""

_AGES = np.geomspace(1.0, 1e5, 65)  # days at which shares of what dies away are kept
_YOUNG = 26.0  # weeks in which a young count moves more than later


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One spread of a pace.

    Parameters
    ----------
    share : float
        Its probability before any report.
    spread : float
        Standard deviation of the log rate about its own level.
    drift : float
        Where the log rate settles, from where it is.
    most : float
        Bound of the log rate, above where it is.
    """

    share: float
    spread: float
    drift: float = 0.0
    most: float = math.inf


@dataclass(frozen=True, slots=True)
class Moves:
    """How the pace of each draw moves; the members are those of its hypothesis, shape (draw,)."""

    spread: Floats
    drift: Floats
    most: Floats

    @classmethod
    def of(cls, hypotheses: Sequence[Hypothesis], which: np.ndarray) -> Moves:
        """Return the moves of draws, each of one of some hypotheses."""
        columns = ([getattr(one, name) for one in hypotheses] for name in cls.__slots__)
        return cls(*(np.array(column)[which] for column in columns))


@dataclass(frozen=True, slots=True)
class Fading:
    """A share of futures in which the rate dies away.

    Parameters
    ----------
    share : ndarray of float, shape (draw,)
        Of each draw.
    middle, spread : float
        Mean and standard deviation of the log of its life [day].
    """

    share: Floats
    middle: float
    spread: float


class Pace(Protocol):
    """What a posterior knows of the pace of a total."""

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """Spreads that reports choose among; their shares sum to one."""
        ...

    @property
    def noise(self) -> float:
        """Variance of a day's count over its mean, where nothing is stated."""
        ...

    def loadings(self, weeks: int, step: float = 1.0) -> Floats:
        """Return weights of normals in the log rate of each week, less that of the first.

        Shape (week - 1, week), where a week may be cut into steps [week]; normal i moves no week
        before i + 1, and fewer weeks take the first rows and columns of more. A spread multiplies
        the normals.
        """
        ...

    def fadings(self, age: Floats) -> tuple[Fading, ...]:
        """Return the ways in which the rate dies away, by level over rate [day]."""
        ...


@dataclass(frozen=True, slots=True)
class Walk:
    """A random walk of stated volatility, larger while a count is young.

    Step w leads from week w - 1 to week w; its variance is volatility^2 (1 + 26 / w).

    Parameters
    ----------
    volatility : float
        Standard deviation of the weekly change of the log rate [1/sqrt(week)].
    young : bool
        Whether the first week is that in which the count begins.
    """

    volatility: float
    young: bool = True

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """The volatility that is stated."""
        return (Hypothesis(1.0, max(self.volatility, TINY * 1e-3)),)

    @property
    def noise(self) -> float:
        """None."""
        return 0.0

    def loadings(self, weeks: int, step: float = 1.0) -> Floats:
        """Return weights of the steps, shape (week - 1, week)."""
        week = step * np.arange(1, weeks, dtype=float)
        sizes = np.sqrt(step * (1 + _YOUNG / week if self.young else np.ones(weeks - 1)))
        return np.asarray(np.triu(np.ones((weeks - 1, weeks)), 1) * sizes[:, None])

    def fadings(self, age: Floats) -> tuple[Fading, ...]:
        """Return none: a walk goes on."""
        del age
        return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """The pace of a kind of total, as learnt in ``bundled/paces.toml``.

    Parameters
    ----------
    name : str or None
        ``"steady"``, ``"epidemic"``, ``"conflict"`` or ``"disaster"``; the mixture of all when
        None.
    factor : float
        By which its spreads are multiplied.
    priors : Priors
        The table that it is of.
    """

    name: str | None = None
    factor: float = 1.0
    priors: Priors = field(default_factory=bundled_priors, repr=False)

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """Shares of the ladder of spreads, by the families that the kind is made of."""
        return tuple(
            dataclasses.replace(one, spread=max(one.spread * self.factor, TINY))
            for one in _hypotheses(self.priors, self.name)
        )

    @property
    def noise(self) -> float:
        """That of its families, by their shares, geometrically."""
        families = self.priors.mixture(self.name)
        if self.name is None:  # a steady count is told by its own figures
            families = tuple((f, s) for f, s in families if not f.counts)
        whole = sum(share for _, share in families)
        mean = math.exp(sum(share * math.log(f.phi) for f, share in families) / whole)
        return float(f"{mean:.2g}")

    def loadings(self, weeks: int, step: float = 1.0) -> Floats:
        """Return weights of the process, shape (week - 1, week)."""
        return process(weeks, step)

    def fadings(self, age: Floats) -> tuple[Fading, ...]:
        """Return the families that die away, by level over rate [day]."""
        place = np.log(np.clip(age, _AGES[0], _AGES[-1]))
        return tuple(
            Fading(np.interp(place, np.log(_AGES), shares), *life)
            for life, shares in _dying(self.priors, self.name)
        )


def pace_of(dossier: Dossier, quantity: str) -> Pace:
    """Return the pace of the total that a quantity belongs to: of its kind, or as stated."""
    whole = dossier.lineage(quantity)[-1]
    stated = dossier.assumption("volatility", whole)
    factor = float(dossier.assumption("spread", whole).value)
    if isinstance(stated.value, float):
        return Walk(stated.value * factor, young=dossier.quantities[whole].start is not None)
    return Kind(dossier.quantities[whole].pace, factor, priors_of(dossier))


def priors_of(dossier: Dossier) -> Priors:
    """Return what is assumed of the paces of a dossier: the question's or the library's own."""
    return dossier.priors or bundled_priors()


def noise_of(dossier: Dossier, quantity: str) -> float:
    """Return the variance of a day's count over its mean [unit]: as stated, or of its kind."""
    stated = dossier.assumption("day_noise", quantity)
    if isinstance(stated.value, float):
        return stated.value
    return pace_of(dossier, quantity).noise if dossier.quantities[quantity].counted else 0.0


@functools.lru_cache(maxsize=8)
def process(weeks: int, step: float = 1.0) -> Floats:
    """Return causal weights of a stationary log rate with short and long memory.

    Shape (week - 1, week): the log rate of each week less that of the first, for a spread of 1;
    where a week is cut into steps [week], of each step.
    """
    lag = step * np.arange(weeks, dtype=float)
    alike = sum(share * np.exp(-lag / memory) for share, memory in _MEMORIES)
    away = 1.0 - np.asarray(alike)
    # covariance of what has changed since the first week
    between = np.abs(np.subtract.outer(np.arange(1, weeks), np.arange(1, weeks)))
    covariance = away[1:, None] + away[None, 1:] - away[between]
    out = np.zeros((weeks - 1, weeks))
    out[:, 1:] = linalg.cholesky(covariance, lower=True).T
    out.flags.writeable = False
    return out


def settling(days: Floats) -> Floats:
    """Return how far a pace has gone to where it settles, by day."""
    return np.asarray(1.0 - np.exp(-np.asarray(days) / (7.0 * _MEMORIES[0][1])))


@functools.cache
def _dying(priors: Priors, kind: str | None) -> tuple[tuple[tuple[float, float], Floats], ...]:
    """Return of each family that dies away its life, and its share at each of some ages."""
    every = [dict(priors.mixture(kind, float(age))) for age in _AGES]
    return tuple(
        (family.life, np.array([shares[family] for shares in every]))
        for family, _ in priors.mixture(kind)
        if family.life is not None
    )


@functools.cache
def _hypotheses(priors: Priors, kind: str | None) -> tuple[Hypothesis, ...]:
    edges = np.log(np.sqrt(np.array(LADDER[1:-1]) * np.array(LADDER[2:])))
    shares = np.zeros((len(LADDER), 0))
    families = priors.mixture(kind)
    for family, share in families:
        column = np.zeros(len(LADDER))
        if family.s == 0:
            column[0] = share
        else:
            below = special.ndtr((edges - math.log(family.s / _SHOWN)) / scatter(family))
            column[1:] = share * np.diff(below, prepend=0.0, append=1.0)
        shares = np.column_stack([shares, column])
    whole = shares.sum(axis=1)
    drifts = np.array([0.0 if f.fade else f.mu for f, _ in families])
    tops = np.array([f.most for f, _ in families])
    return tuple(
        Hypothesis(
            float(total),
            spread,
            float(row @ drifts / total - _BELOW * spread**2),
            math.inf if index == 0 else float(np.log(tops[row > 0].max())),
        )
        for index, (total, spread, row) in enumerate(zip(whole, LADDER, shares, strict=True))
        if total > 1e-4  # noqa: PLR2004 - a spread that next to no pace has
    )


def scatter(family: Family) -> float:
    """Return the standard deviation of the log of a spread, of Student's t of a family."""
    return 0.5 * math.sqrt(float(special.polygamma(1, family.nu / 2)))
