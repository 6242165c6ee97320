"""From an interval and a shape to the distribution with exactly those quantiles."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

from attrition.core.checks import check_known
from attrition.core.distributions import FrozenVariable
from attrition.core.refusals import refusal
from attrition.core.scores import normal_score
from attrition.data.elicitation.distributions import Distribution, atom, mixture
from attrition.text import Interval


def lognormal(lower: float, upper: float, prob: float) -> Distribution:
    """Return the lognormal whose equal-tailed ``prob`` interval is [lower, upper].

    Examples
    --------
    >>> from attrition.data.elicitation import quantile
    >>> level = lognormal(900_000, 1_000_000, 0.9)
    >>> [round(float(q)) for q in quantile(level, [0.05, 0.5, 0.95])]
    [900000, 948683, 1000000]
    """
    z = normal_score(0.5 + prob / 2)
    low, high = math.log(lower), math.log(upper)
    return FrozenVariable("lognormal", ((low + high) / 2, (high - low) / (2 * z), 0.0))


def _log_laplace(lower: float, upper: float, prob: float) -> Distribution:
    decay = math.log(1 / (1 - prob)) / (math.log(upper / lower) / 2)
    return FrozenVariable("log-laplace", (decay, math.sqrt(lower * upper)))


def _triangular(lower: float, upper: float, prob: float) -> Distribution:
    middle = (lower + upper) / 2
    half = (upper - lower) / 2 / (1 - math.sqrt(1 - prob))
    return FrozenVariable("triangular", (middle - half, 2 * half))


def _uniform(lower: float, upper: float, prob: float) -> Distribution:
    spare = (upper - lower) * (1 / prob - 1) / 2
    return FrozenVariable("uniform", (lower - spare, upper + spare))


def _one_sided(point: float, far: float, prob: float, spill: float) -> Distribution:
    """Two exponential tails around ``point``: ``spill`` on the near side, the rest towards ``far``.

    ``prob`` of the mass lies between ``point`` and ``far``.
    """
    main = 1 - spill
    scale = abs(far - point) / math.log(main / (main - prob))
    if spill == 0:
        if far > point:
            return FrozenVariable("exponential-above", (point, scale))
        return FrozenVariable("exponential-below", (point, scale))
    towards_low = main if far < point else spill
    kappa = math.sqrt(towards_low / (1 - towards_low))
    unit = scale / kappa if far < point else scale * kappa
    return FrozenVariable("laplace", (kappa, point, unit))


def exponential(near: float, far: float, prob: float) -> Distribution:
    """Return the one-sided exponential that starts at ``near`` and holds ``prob`` up to ``far``.

    Examples
    --------
    >>> above = exponential(100.0, 112.0, 0.9)
    >>> [round(float(above.cdf(x)), 12) for x in (100.0, 112.0)]
    [0.0, 0.9]
    """
    return _one_sided(near, far, prob, 0.0)


def _capped(lower: float, cap: float, prob: float) -> Distribution:
    """Return a power law on [0, cap], falling off below it: P(X < lower) = (1 - prob) / 2."""
    power = math.log((1 - prob) / 2) / math.log(lower / cap)
    return FrozenVariable("power", (power, cap))


def log_uniform(lower: float, upper: float, prob: float) -> Distribution:
    """Return the distribution flat on the log scale that holds ``prob`` between both ends."""
    spare = math.log(upper / lower) * (1 / prob - 1) / 2
    return FrozenVariable("log-uniform", (lower * math.exp(-spare), upper * math.exp(spare)))


def _mixture(point: float, interval: Interval) -> Distribution:
    narrow = lognormal(point * 0.95, point / 0.95, 0.9)
    wide = lognormal(interval.lower, interval.upper, interval.prob)
    return mixture([narrow, wide], [0.65, 0.35])


_TWO_SIDED: dict[str, Callable[[float, float, float], Distribution]] = {
    **dict.fromkeys(("lognormal", "top-of-range", "range"), lognormal),
    "uniform": _uniform,
    "triangular": _triangular,
    "loglaplace": _log_laplace,
    "loguniform": log_uniform,
    "cap": _capped,
}
_POSITIVE = ("lognormal", "top-of-range", "range", "loglaplace", "loguniform")
"""Shapes on the log scale: a range that begins at 0 falls off from there instead."""


def from_interval(
    interval: Interval | None, shape: str, point: float | None, spill: float, *, place: str
) -> Distribution:
    """Return the distribution of a shape that has exactly the quantiles of an interval.

    Parameters
    ----------
    interval : Interval or None
        Probability and bounds; None for a floor, which has no upper end.
    shape : str
        A shape of the hedge lexicon.
    point : float or None
        The number as stated.
    spill : float
        For one-sided shapes, the mass on the far side of ``point``.
    place : str
        Where the figure stands, for errors.

    Raises
    ------
    InputError
        If the shape is a floor, or unknown.
    """
    if shape == "atom" and (point is not None or interval is not None):
        value = point if point is not None else cast("Interval", interval).lower
        return atom(value)
    if interval is None or shape == "floor":
        raise refusal("floor alone", f"at least {point:g}" if point is not None else shape, place)
    if interval.lower == interval.upper:
        return atom(interval.lower)
    if interval.lower == 0 and shape in _POSITIVE:
        return exponential(0.0, interval.upper, interval.prob)
    if shape == "mixture" and point is not None:
        return _mixture(point, interval)
    lower, upper, prob = interval.lower, interval.upper, interval.prob
    one_sided = {"exponential-below": (upper, lower), "exponential-above": (lower, upper)}
    if shape in one_sided:
        return _one_sided(*one_sided[shape], prob, spill)
    check_known(shape, [*_TWO_SIDED, *one_sided], "a shape must be known", place)
    return _TWO_SIDED[shape](lower, upper, prob)
