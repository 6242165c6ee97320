"""From a reading to a distribution.

A reading says which interval the words carry and what shape lies around it; this
room finds the :mod:`scipy.stats` random variable with exactly those quantiles.
It covers the *wording* only: how wrong a source is, and how the pace will move,
are other rooms' business.
"""

from __future__ import annotations

import math
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from attrition._typing import Floats, HasCdf
from attrition.dossier import Claim, Dossier
from attrition.errors import InputError, clip
from attrition.phrases import Interval, Lexicon, Reading, default_lexicon, interval_for, read_one

Distribution = HasCdf


def quantile(distribution: Distribution, probability: ArrayLike) -> Floats:
    """Return the quantiles of either family of scipy distributions.

    Parameters
    ----------
    distribution : object
        Anything with ``icdf`` or ``ppf``.
    probability : array_like of float
        Probabilities in [0, 1].

    Returns
    -------
    ndarray of float, shape of ``probability``
    """
    inverse = getattr(distribution, "icdf", None) or cast("Any", distribution).ppf
    return np.asarray(inverse(np.asarray(probability, dtype=float)), dtype=float)


def exceedance(distribution: Distribution, x: ArrayLike) -> Floats:
    """Return P(X >= x), atoms at ``x`` included.

    An atom counts when ``x`` equals it up to rounding in the last digits (1e-12, relative).
    """
    x = np.asarray(x, dtype=float)
    below = x - 1e-12 * np.abs(x)
    return 1.0 - np.asarray(distribution.cdf(below), dtype=float)


def atom(value: float) -> Distribution:
    """Return the distribution that is surely ``value``."""
    return cast("Distribution", stats.rv_discrete(values=([value], [1.0])))


def parts(distribution: Distribution) -> list[tuple[float, Distribution]]:
    """Split a mixture, or a discrete distribution, into weighted parts; others stay whole."""
    if isinstance(distribution, stats.Mixture):
        pairs = zip(distribution.weights, distribution.components, strict=True)
        return [
            (float(weight) * inner, part)
            for weight, component in pairs
            for inner, part in parts(cast("Distribution", component))
        ]
    support = getattr(distribution, "xk", None)
    if support is not None and len(support) > 1:
        probabilities = cast("Any", distribution).pk
        return [(float(p), atom(float(x))) for x, p in zip(support, probabilities, strict=True)]
    return [(1.0, distribution)]


def lognormal(lower: float, upper: float, prob: float) -> Distribution:
    """Return the lognormal whose equal-tailed ``prob`` interval is [lower, upper].

    Examples
    --------
    >>> level = lognormal(900_000, 1_000_000, 0.9)
    >>> [round(float(q)) for q in quantile(level, [0.05, 0.5, 0.95])]
    [900000, 948683, 1000000]
    """
    z = float(special.ndtri(0.5 + prob / 2))
    low, high = math.log(lower), math.log(upper)
    normal = stats.Normal(mu=(low + high) / 2, sigma=(high - low) / (2 * z))
    return cast("Distribution", stats.exp(normal))


def _log_laplace(lower: float, upper: float, prob: float) -> Distribution:
    decay = math.log(1 / (1 - prob)) / (math.log(upper / lower) / 2)
    return cast("Distribution", stats.loglaplace(decay, scale=math.sqrt(lower * upper)))


def _triangular(lower: float, upper: float, prob: float) -> Distribution:
    middle = (lower + upper) / 2
    half = (upper - lower) / 2 / (1 - math.sqrt(1 - prob))
    return cast("Distribution", stats.triang(0.5, loc=middle - half, scale=2 * half))


def _uniform(lower: float, upper: float, prob: float) -> Distribution:
    spare = (upper - lower) * (1 / prob - 1) / 2
    return cast("Distribution", stats.Uniform(a=lower - spare, b=upper + spare))


def _one_sided(point: float, far: float, prob: float, spill: float) -> Distribution:
    """Two exponential tails around ``point``: ``spill`` on the near side, the rest towards ``far``.

    ``prob`` of the mass lies between ``point`` and ``far``.
    """
    main = 1 - spill
    scale = abs(far - point) / math.log(main / (main - prob))
    if spill == 0:
        if far > point:
            return cast("Distribution", stats.expon(loc=point, scale=scale))
        spill, main = 1e-12, 1 - 1e-12
    towards_low = main if far < point else spill
    kappa = math.sqrt(towards_low / (1 - towards_low))
    unit = scale / kappa if far < point else scale * kappa
    return cast("Distribution", stats.laplace_asymmetric(kappa, loc=point, scale=unit))


def _capped(lower: float, cap: float, prob: float) -> Distribution:
    """Return a beta on [0, cap], falling off below the cap: P(X < lower) = (1 - prob) / 2."""
    power = math.log((1 - prob) / 2) / math.log(lower / cap)
    return cast("Distribution", stats.beta(power, 1.0, scale=cap))


def _log_uniform(lower: float, upper: float, prob: float) -> Distribution:
    spare = math.log(upper / lower) * (1 / prob - 1) / 2
    return cast("Distribution", stats.loguniform(lower * math.exp(-spare), upper * math.exp(spare)))


def _mixture(point: float, interval: Interval) -> Distribution:
    narrow = lognormal(point * 0.95, point / 0.95, 0.9)
    wide = lognormal(interval.lower, interval.upper, interval.prob)
    components = cast("Any", [narrow, wide])
    return cast("Distribution", stats.Mixture(components, weights=[0.65, 0.35]))


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
        raise InputError(
            "a floor has no upper end and is not a distribution by itself",
            got=f"at least {point:g}" if point is not None else shape,
            place=place,
            remedy="Give `low` and `high`, or another claim, or a `distribution` from Python",
        )
    lower, upper, prob = interval.lower, interval.upper, interval.prob
    if shape == "exponential-below":
        return _one_sided(upper, lower, prob, spill)
    if shape == "exponential-above":
        return _one_sided(lower, upper, prob, spill)
    if shape == "cap":
        return _capped(lower, upper, prob)
    if shape == "mixture" and point is not None:
        return _mixture(point, interval)
    builders = {
        "uniform": _uniform,
        "triangular": _triangular,
        "lognormal": lognormal,
        "top-of-range": lognormal,
        "range": lognormal,
        "loglaplace": _log_laplace,
        "loguniform": _log_uniform,
    }
    if shape not in builders:
        raise InputError(
            "a shape must be known",
            got=clip(shape),
            place=place,
            remedy=f"Use one of {', '.join(sorted(builders))}",
        )
    return builders[shape](lower, upper, prob)


def elicit(reading: Reading, *, place: str = "elicit") -> Distribution:
    """Return the distribution that the words of one reading carry.

    Parameters
    ----------
    reading : Reading
        From :func:`attrition.parse`; it must be unambiguous.
    place : str
        Where the words stand, for errors.

    Returns
    -------
    distribution
        A ``scipy.stats`` random variable in the unit of the reading.

    Raises
    ------
    InputError
        If the reading is ambiguous or a floor.

    Examples
    --------
    >>> import attrition as at
    >>> level = at.elicit(at.parse("approximately 950,000")[0])
    >>> round(float(level.median()))
    950000
    """
    if reading.ambiguous:
        raise InputError(
            "words must have one reading",
            got=clip(reading.text),
            place=place,
            remedy=f"Give the numbers; it could mean {' or '.join(reading.ambiguous)}",
        )
    return from_interval(reading.interval, reading.shape, reading.point, reading.spill, place=place)


def lexicon_of(dossier: Dossier) -> Lexicon:
    """Return the hedge lexicon with the dossier's own overrides."""
    lexicon = default_lexicon()
    return lexicon.override(dict(dossier.hedges)) if dossier.hedges else lexicon


def read_claim(claim: Claim, lexicon: Lexicon, *, place: str) -> Reading:
    """Return the reading of a claim that is given in words."""
    try:
        return read_one(claim.words, lexicon=lexicon)
    except InputError as error:
        raise InputError(
            error.rule, got=error.got, place=f"{place}, {error.place}", remedy=error.remedy
        ) from None


DAYS_PER = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
"""Length of the units of time of a rate [day]."""


def elicit_claim(claim: Claim, lexicon: Lexicon, *, place: str, counted: bool) -> Distribution:
    """Return the distribution of one claim, in units of its quantity; of a rate, per day.

    Parameters
    ----------
    claim : Claim
    lexicon : Lexicon
    place : str
        Where the claim stands, for errors.
    counted : bool
        Whether the quantity is counted in whole units (persons) or measured.

    Raises
    ------
    InputError
        If the claim is ambiguous, or a floor without a coverage prior.
    """
    if claim.distribution is not None:
        return cast("Distribution", claim.distribution)
    per = claim.per
    if not claim.has_numbers:
        reading = read_claim(claim, lexicon, place=place)
        per = per or _period(reading.per)
        found = (reading.interval, reading.shape, reading.point, reading.spill)
    else:
        found = _of_numbers(claim, lexicon, counted=counted)
    if claim.kind != "rate":
        return from_interval(*found, place=place)
    if per is None:
        raise InputError(
            "a rate must say per what",
            got=clip(claim.words),
            place=place,
            remedy='Give `per` = "day", "week", "month" or "year"',
        )
    return from_interval(*_per_day(*found, DAYS_PER[per]), place=place)


_Found = tuple[Interval | None, str, float | None, float]


def _of_numbers(claim: Claim, lexicon: Lexicon, *, counted: bool) -> _Found:
    low, high = claim.low, claim.high
    if low is not None and low == high:
        return Interval(1.0, low, low), "atom", low, 0.0
    point = claim.point
    if point is None and (low is None or high is None):
        point = low if high is None else high
    interval, shape, spill, _ = interval_for(
        claim.hedge or _hedge_of_numbers(claim),
        point=point,
        low=low,
        high=high,
        lexicon=lexicon,
        counted=counted,
    )
    return interval, shape, point, spill


def _period(per: str | None) -> Literal["day", "week", "month", "year"] | None:
    return cast("Literal['day', 'week', 'month', 'year']", per) if per in DAYS_PER else None


def _per_day(
    interval: Interval | None, shape: str, point: float | None, spill: float, days: float
) -> _Found:
    if interval is not None:
        interval = Interval(interval.prob, interval.lower / days, interval.upper / days)
    return interval, shape, None if point is None else point / days, spill


def _hedge_of_numbers(claim: Claim) -> str:
    if claim.low is not None and claim.high is not None:
        return "between"
    if claim.low is not None:
        return "at-least"
    if claim.high is not None:
        return "at-most"
    return "unhedged"
