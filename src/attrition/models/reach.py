"""P(level + gain >= K) as a function of what gain is expected: level and noise integrated.

Given the expected gain m, nothing of a pace matters any more. So one table over m for each family
answers for every simulated pace and day, and the law that is averaged from it is smooth.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attrition.core._typing import Floats, HasCdf
from attrition.core.late import special
from attrition.data.elicitation import exceedance, parts, quantile
from attrition.models.families import Family

_SCORES = np.linspace(-6.0, 6.0, 321)
"""Normal scores at which a table is laid out: linear between them it is right to 1e-4."""

_STRATA = 512
"""Equal shares into which a narrow level is cut."""

_NOISES = 64
"""Equal shares into which a narrow noise is cut."""

_NARROW = 0.05
"""Noise below this share of a level's spread counts as the narrower of the two."""


class Reach:
    """P(level + gain >= K) by the expected gain, for one family.

    Parameters
    ----------
    level : distribution
        Of the level, atoms included [unit].
    threshold : float
        The total K [unit].
    family : Family
        How the gain scatters about what is expected.
    """

    def __init__(self, level: HasCdf, threshold: float, family: Family) -> None:
        pieces = parts(level)
        self._means = np.unique(
            np.concatenate([[0.0], *(_nodes(part, threshold, family) for _, part in pieces)])
        )
        chances = sum(
            share * _chance(part, threshold, family, self._means) for share, part in pieces
        )
        # Integration by strata is monotone only up to rounding.
        self._chances = np.maximum.accumulate(np.clip(chances, 0.0, 1.0))

    def __call__(self, mean: Floats) -> Floats:
        """Return the probability for expected gains of any shape [unit]."""
        return np.interp(mean, self._means, self._chances)


def _middles(count: int) -> Floats:
    return (np.arange(count) + 0.5) / count


def _nodes(level: HasCdf, threshold: float, family: Family) -> Floats:
    """Return expected gains at which the probability moves.

    The n-th is where a low level meets a low gain: their quantiles together span more than the
    sum of the two independent ones does.
    """
    need = np.maximum(threshold - quantile(level, special.ndtr(-_SCORES)), 0.0)
    nodes = family.phi * special.gammaincinv(
        np.maximum(need / family.phi, 1e-3), special.ndtr(_SCORES)
    )
    return np.asarray(nodes[np.isfinite(nodes)])


def _chance(level: HasCdf, threshold: float, family: Family, means: Floats) -> Floats:
    """Integrate the narrower of level and noise by strata, and the other whole."""
    ends = quantile(level, np.array([0.05, 0.95]))
    spread = float(ends[1] - ends[0])
    noise = np.sqrt(family.phi * means)
    coarse = noise >= _NARROW * spread
    probabilities = np.empty_like(means)
    strata: Sequence[float] | Floats = quantile(level, _middles(_STRATA if spread > 0 else 1))
    need = threshold - np.asarray(strata)
    probabilities[coarse] = family.reach(means[coarse, None], need[None, :]).mean(axis=1)
    fine = ~coarse
    if fine.any():
        gains = family.gain(means[fine, None], _middles(_NOISES)[None, :])
        probabilities[fine] = exceedance(level, threshold - gains).mean(axis=1)
    return probabilities
