"""From an interval and a shape to the distribution with exactly those quantiles.

Shapes with a middle of their own, or with walls, are asked for by a claim, by name.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from attrition.core._typing import Floats
from attrition.core.checks import check_known
from attrition.core.distributions import FrozenVariable
from attrition.core.errors import refusal
from attrition.core.late import special
from attrition.core.numerics import normal_score, normal_scores
from attrition.data.dossier import Claim
from attrition.data.elicitation.distributions import Distribution, atom, invert, mixture
from attrition.text.reading import Interval


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


_SHARPLY = 4.0  # the customary weight of the likeliest value of PERT

STATED = 0.8
"""Mass that a stated range holds where nobody says how much."""


def normal(lower: float, upper: float, prob: float) -> Distribution:
    """Return the normal distribution whose equal-tailed ``prob`` interval is [lower, upper].

    Examples
    --------
    >>> round(float(normal(90.0, 110.0, 0.9).cdf(90.0)), 12)
    0.05
    """
    z = normal_score(0.5 + prob / 2)
    return FrozenVariable("normal", ((lower + upper) / 2, (upper - lower) / (2 * z)))


@dataclass(frozen=True, slots=True)
class _SplitNormal:
    """Halves of two normal densities that meet, at one height, in the mode."""

    mode: float
    left: float
    right: float

    @property
    def weight(self) -> float:
        """Mass below the mode."""
        return self.left / (self.left + self.right)

    def cdf(self, x: ArrayLike, /) -> Floats:
        away = np.asarray(x, dtype=float) - self.mode
        below = 2 * self.weight * special.ndtr(np.minimum(away, 0.0) / self.left)
        above = (1 - self.weight) * (2 * special.ndtr(np.maximum(away, 0.0) / self.right) - 1)
        return np.asarray(below + above, dtype=float)

    def pdf(self, x: ArrayLike, /) -> Floats:
        away = np.asarray(x, dtype=float) - self.mode
        scaled = away / np.where(away < 0, self.left, self.right)
        height = math.sqrt(2 / math.pi) / (self.left + self.right)
        return np.asarray(height * np.exp(-(scaled**2) / 2), dtype=float)

    def ppf(self, probability: ArrayLike, /) -> Floats:
        p, w = np.asarray(probability, dtype=float), self.weight
        below = self.left * normal_scores(np.minimum(p / (2 * w), 0.5))
        above = self.right * normal_scores(np.maximum((p - w) / (2 * (1 - w)) + 0.5, 0.5))
        return np.asarray(self.mode + below + above, dtype=float)


def split_normal(lower: float, mode: float, upper: float, prob: float) -> Distribution:
    """Return the two-piece normal with this mode and exactly these tails.

    Parameters
    ----------
    lower, upper : float
        Ends of the equal-tailed interval.
    mode : float
        The likeliest value, between them.
    prob : float
        Mass of the interval.

    Notes
    -----
    With mass w below the mode, both tails are exact when
    w / (1 - w) = (mode - lower) z₂ / ((upper - mode) z₁), where z₁ and z₂ are the normal scores
    of the tail within each half (Wallis 2014, doi:10.1214/13-STS417, describes the shape).

    Examples
    --------
    >>> made = split_normal(290.0, 315.0, 350.0, 0.8)
    >>> [round(float(made.cdf(x)), 9) for x in (290.0, 350.0)]
    [0.1, 0.9]
    """
    tail = (1 - prob) / 2

    def scores(w: float) -> tuple[float, float]:
        inner = normal_scores([tail / (2 * w), tail / (2 * (1 - w))])
        return -float(inner[0]), -float(inner[1])

    def gap(w: float) -> float:
        left, right = scores(w)
        return w * (upper - mode) * left - (1 - w) * (mode - lower) * right

    from scipy import optimize

    w = float(optimize.brentq(gap, tail, 1 - tail, xtol=1e-15, rtol=1e-14))
    left, right = scores(w)
    return _SplitNormal(mode, (mode - lower) / left, (upper - mode) / right)


@dataclass(frozen=True, slots=True)
class _Metalog:
    """Quantiles a + b L + c (p - 1/2) L of the log odds L, on the scale of the logarithm."""

    a: float
    b: float
    c: float

    def _log(self, odds: ArrayLike) -> Floats:
        logits = np.asarray(odds, dtype=float)
        return np.asarray(self.a + (self.b + self.c * (special.expit(logits) - 0.5)) * logits)

    def ppf(self, probability: ArrayLike, /) -> Floats:
        odds = special.logit(np.clip(np.asarray(probability, dtype=float), 1e-300, 1 - 1e-16))
        return np.exp(self._log(odds))

    def _odds(self, x: ArrayLike) -> Floats:
        wanted = np.log(np.maximum(np.asarray(x, dtype=float), 1e-300))
        return invert(self._log, wanted, -690.0, 690.0)

    def cdf(self, x: ArrayLike, /) -> Floats:
        return np.where(np.asarray(x) > 0, special.expit(self._odds(x)), 0.0)

    def pdf(self, x: ArrayLike, /) -> Floats:
        odds = self._odds(x)
        p = special.expit(odds)
        slope = (self.b + self.c * (p - 0.5)) + self.c * p * (1 - p) * odds
        values = np.maximum(np.asarray(x, dtype=float), 1e-300)
        return np.where(np.asarray(x) > 0, p * (1 - p) / (slope * values), 0.0)


def metalog(lower: float, median: float, upper: float, prob: float) -> Distribution:
    """Return the three-term metalog on (0, ∞) through a median and two equal tails.

    Parameters
    ----------
    lower, median, upper : float
        Quantiles at (1 - prob) / 2, 1/2 and (1 + prob) / 2; above 0 and ascending.
    prob : float
        Mass of the interval.

    Raises
    ------
    InputError
        If the three numbers are so lopsided that no such distribution exists.

    Notes
    -----
    Keelin (2016), doi:10.1287/deca.2016.0338. With r the place of the median between the ends on
    the log scale it is feasible for k < r < 1 - k, k = (1 - 1.66711 prob / 2) / 2.

    Examples
    --------
    >>> made = metalog(180.0, 212.0, 250.0, 0.9)
    >>> [round(float(made.cdf(x)), 9) for x in (180.0, 212.0, 250.0)]
    [0.05, 0.5, 0.95]
    """
    if not 0 < lower < median < upper:
        raise refusal("metalog", f"{lower:g}, {median:g} and {upper:g}", "metalog")
    low, middle, high = (math.log(x) for x in (lower, median, upper))
    place = (middle - low) / (high - low)
    least = (1 - 1.66711 * prob / 2) / 2
    if not least < place < 1 - least:
        first, last = (math.exp(low + share * (high - low)) for share in (least, 1 - least))
        got = f"{median:g} between {lower:g} and {upper:g}"
        raise refusal("median of a metalog", got, "metalog", first=first, last=last)
    odds = math.log((1 + prob) / (1 - prob))
    b = (high - low) / (2 * odds)
    c = (1 - 2 * place) * (high - low) / (prob * odds)
    return _Metalog(middle, b, c)


def pert(low: float, mode: float, high: float) -> Distribution:
    """Return the beta distribution on [low, high] that planners call PERT; its ends are walls.

    Parameters
    ----------
    low, high : float
        Nothing lies outside: use it only where that is known.
    mode : float
        The likeliest value.

    Examples
    --------
    >>> made = pert(0.0, 2.0, 10.0)
    >>> float(made.cdf(0.0)), float(made.cdf(10.0)), round(float(made.mean()), 9)
    (0.0, 1.0, 3.0)
    """
    if not low <= mode <= high or low == high:
        raise refusal("pert", f"low={low:g}, mode={mode:g} and high={high:g}", "pert")
    place = (mode - low) / (high - low)
    from scipy import stats

    first, second = (1 + _SHARPLY * share for share in (place, 1 - place))
    beta = stats.beta(first, second, loc=low, scale=high - low)
    return cast("Distribution", beta)


_TWO: dict[str, Callable[[float, float, float], Distribution]] = {
    "normal": normal,
    "lognormal": lognormal,
    "log-uniform": log_uniform,
}
_THREE: dict[str, Callable[[float, float, float, float], Distribution]] = {
    "split-normal": split_normal,
    "metalog": metalog,
}


def of_claim(claim: Claim, *, days: float) -> Distribution:
    """Return the distribution of a claim that names its shape.

    Parameters
    ----------
    claim : Claim
        With ``shape``, ``low`` and ``high``, and ``point`` where the shape has a middle.
    days : float
        Days by which a rate is divided; 1 for anything else.
    """
    low, high = cast("float", claim.low) / days, cast("float", claim.high) / days
    point = 0.0 if claim.point is None else claim.point / days
    prob = STATED if claim.prob is None else claim.prob
    shape = cast("str", claim.shape)
    if low == 0 and shape in {"lognormal", "log-uniform"}:
        raise refusal("log scale", "low=0", f"source '{claim.source}'")
    if shape in _TWO:
        return _TWO[shape](low, high, prob)
    if shape in _THREE:
        return _THREE[shape](low, point, high, prob)
    if shape == "uniform":
        return FrozenVariable("uniform", (low, high))
    return pert(low, point, high)
