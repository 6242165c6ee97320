"""Which round numbers come next: the totals that are asked about when nobody names any."""

from __future__ import annotations

import numpy as np

from attrition.core._typing import Floats
from attrition.data.series.cleaning import Cleaned

_WORTH = 60  # days that a step between round numbers must be worth
_TRAILING = 28  # days over which the rate is taken


def round_step(at_least: float) -> float:
    """Return the smallest 1, 2 or 5 times a power of ten that is at least this, and at least 1.

    Examples
    --------
    >>> [round_step(value) for value in (0.2, 1.5, 5.0, 60_000.0)]
    [1.0, 2.0, 5.0, 100000.0]
    """
    if at_least <= 1:
        return 1.0
    power = 10.0 ** np.floor(np.log10(at_least))
    return float(next(m * power for m in (1, 2, 5, 10) if m * power >= at_least * (1 - 1e-12)))


def trailing_rate(cleaned: Cleaned, days: int = _TRAILING) -> float:
    """Return the mean daily rate of the last days, between reports [unit/day]."""
    last = int(cleaned.day[-1])
    back = max(int(np.searchsorted(cleaned.day, last - days, side="right")) - 1, 0)
    length = last - int(cleaned.day[back])
    return float(cleaned.total[-1] - cleaned.total[back]) / max(length, 1)


def next_rounds(cleaned: Cleaned, multiples: tuple[int, ...] = (1, 3)) -> Floats:
    """Return the next multiples of a round step worth at least 60 days at the trailing rate."""
    step = round_step(_WORTH * trailing_rate(cleaned))
    return next_multiples(float(cleaned.total[-1]), step, multiples)


def next_multiples(total: float, step: float, multiples: tuple[int, ...] = (1, 3)) -> Floats:
    """Return multiples of a step above a total: the first, the third, ..."""
    return np.asarray((np.floor(total / step) + np.array(multiples)) * step, dtype=float)
