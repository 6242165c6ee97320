"""P(level + gain >= K) as a function of what gain is expected: level and noise integrated.

Given the expected gain m, nothing of a pace matters any more. So one table over m for each noise
answers for every simulated pace and day, and the law that is averaged from it is smooth. Where a
pace is the same whatever the rate, a table over the time passed has the rate integrated as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from attrition.core._typing import Floats, HasCdf
from attrition.core.late import special
from attrition.data.elicitation import exceedance, parts, quantile
from attrition.models import gains

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
