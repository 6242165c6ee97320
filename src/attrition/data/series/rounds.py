"""Which round numbers come next: the totals that are asked about when nobody names any."""

from __future__ import annotations

import numpy as np

from attrition.core._typing import Floats
from attrition.core.laws import round_step
from attrition.data.series.cleaning import Cleaned

_WORTH = 60  # days that a step between round numbers must be worth
_TRAILING = 28  # days over which the rate is taken


def trailing_rate(cleaned: Cleaned, days: int = _TRAILING) -> float:
    """Return the mean daily rate of the last days, between reports [unit/day]."""
    last = int(cleaned.day[-1])
    back = max(int(np.searchsorted(cleaned.day, last - days, side="right")) - 1, 0)
    length = last - int(cleaned.day[back])
    return float(cleaned.total[-1] - cleaned.total[back]) / max(length, 1)


def next_rounds(cleaned: Cleaned, multiples: tuple[int, ...] = (1, 3)) -> Floats:
    """Return the next multiples of a round step worth at least 60 days at the trailing rate."""
    step = max(round_step(_WORTH * trailing_rate(cleaned), above=True), 1.0)
    return next_multiples(float(cleaned.total[-1]), step, multiples)


def next_multiples(total: float, step: float, multiples: tuple[int, ...] = (1, 3)) -> Floats:
    """Return multiples of a step above a total: the first, the third, ..."""
    return np.asarray((np.floor(total / step) + np.array(multiples)) * step, dtype=float)
