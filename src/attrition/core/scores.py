"""Normal scores of a few probabilities, without the import of :mod:`scipy.special`.

That import takes longer than a dossier is read and checked; a claim needs three scores.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from attrition.core._typing import Floats
from attrition.core.late import special

_FEW = 16
_STANDARD = NormalDist()


def normal_score(probability: float) -> float:
    """Return the standard normal quantile of one probability in (0, 1).

    Infinite at 0 and 1, and not a number beyond.

    Examples
    --------
    >>> round(normal_score(0.95), 12)
    1.644853626951
    """
    if not 0 < probability < 1:
        ends = {0.0: -math.inf, 1.0: math.inf}
        return ends.get(probability, math.nan)
    return _STANDARD.inv_cdf(probability)


def normal_scores(probability: ArrayLike) -> Floats:
    """Return standard normal quantiles, elementwise: a few in Python, more than 16 by scipy."""
    wanted = np.asarray(probability, dtype=float)
    if wanted.size <= _FEW:
        scores = [normal_score(p) for p in wanted.ravel().tolist()]
        return np.array(scores).reshape(wanted.shape)
    return np.asarray(special.ndtri(wanted))
