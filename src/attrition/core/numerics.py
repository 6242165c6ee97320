"""What scipy and arviz-stats compute too, without their imports, which take longer than the work.

Monotone cubics through points, the same numbers as :class:`scipy.interpolate.PchipInterpolator`;
normal scores of a few probabilities, of which a claim needs three; normal and logistic
probabilities of many scores, which scipy computes one by one; and Pareto smoothing: weights whose
tail is that of a distribution fitted to it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from attrition.core._typing import Floats, Singles
from attrition.core.late import special

_FEW = 16  # probabilities up to which their scores are taken one by one
_MANY = 1024  # scores from which on the tables are worth their while
_PER_SCORE = 1024  # tabulated places
_CERTAIN = 9  # score beyond which a normal probability is 0 or 1
_LOWEST, _HIGHEST = -38, 9  # scores between which log_ndtr is tabulated; above it is nothing
_STANDARD = NormalDist()
_PRIOR = 10  # observations that the prior of the shape, centred on a half, is worth
_GUESSES = 30  # of the scale, besides those that grow with the size of the tail
_SMALL = 225  # weights up to which a fifth is the tail, and three times their root beyond


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


def ndtr(scores: Floats) -> Floats:
    """Return normal probabilities, to 1e-15; of many scores in a quarter of scipy's time.

    Examples
    --------
    >>> [round(float(p), 12) for p in ndtr(np.array([-1.0, 0.0, 40.0]))]
    [0.158655253931, 0.5, 1.0]
    """
    if scores.size < _MANY:
        return np.asarray(special.ndtr(scores))
    table, offset = _ndtr_table(), np.clip(scores, -_CERTAIN, _CERTAIN)
    index = _nearest(offset)
    index += _CERTAIN * _PER_SCORE
    out = table[-1].take(index)
    for coefficient in table[-2::-1]:
        out *= offset
        out += coefficient.take(index)
    return np.asarray(out)


def log_ndtr(scores: Floats | Singles, spare: Spare | None = None) -> Floats | Singles:
    """Return the logs of normal probabilities, to seven digits; of many in a tenth of the time.

    With ``spare`` memory for single scores of this shape, where the logs then lie, in a twentieth.

    Examples
    --------
    >>> [round(float(p), 3) for p in log_ndtr(np.array([-100.0, 0.0], np.float32))]
    [-5005.524, -0.693]
    """
    if scores.size < _MANY or not scores.min() > _LOWEST:
        logs: Floats | Singles = special.log_ndtr(scores)
        return logs
    value, slope = _log_ndtr_table()
    offset, out, index = spare or spare_of(scores.shape)
    np.minimum(scores, np.float32(_HIGHEST), out=offset, casting="same_kind")
    offset *= _PER_SCORE
    np.rint(offset, out=out)
    offset -= out
    out -= _LOWEST * _PER_SCORE
    np.copyto(index, out, casting="unsafe")  # whole numbers
    slope.take(index, out=out, mode="clip")  # no score lies outside: the mode that looks at none
    out *= offset
    out += value.take(index, out=offset, mode="clip")
    return out


Spare = tuple[Singles, Singles, np.ndarray]
"""Memory of :func:`log_ndtr`, to be used again: to ask for it takes as long as the work."""


def spare_of(shape: tuple[int, ...]) -> Spare:
    """Return memory for scores of a shape."""
    return np.empty(shape, np.float32), np.empty(shape, np.float32), np.empty(shape, np.intp)


def expit(scores: Floats) -> Floats:
    """Return 1 / (1 + exp(-score)), to two units in the last place.

    Examples
    --------
    >>> expit(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    out = np.negative(scores)
    with np.errstate(over="ignore"):
        np.exp(out, out=out)
    out += 1.0
    return np.asarray(np.divide(1.0, out, out=out))


def _nearest(offset: Floats | Singles) -> np.ndarray:
    """Return the tabulated places next to scores, which become the offsets from them."""
    offset *= _PER_SCORE
    place = np.rint(offset)
    offset -= place
    return place.astype(np.intp)


@functools.cache
def _ndtr_table() -> Sequence[Floats]:
    scores = np.arange(-_CERTAIN * _PER_SCORE, _CERTAIN * _PER_SCORE + 1) / _PER_SCORE
    value, slope = special.ndtr(scores), np.exp(-0.5 * scores**2) / np.sqrt(2 * np.pi)
    value[0] = 0.0  # also of all that lies below
    bend, more = -0.5 * slope * scores, slope * (scores**2 - 1) / 6
    return value, slope / _PER_SCORE, bend / _PER_SCORE**2, more / _PER_SCORE**3


@functools.cache
def _log_ndtr_table() -> tuple[Singles, Singles]:
    scores = np.arange(_LOWEST * _PER_SCORE, _HIGHEST * _PER_SCORE + 1) / _PER_SCORE
    value = special.log_ndtr(scores)
    ratio = np.exp(-0.5 * scores**2 - value) / np.sqrt(2 * np.pi)
    return value.astype(np.float32), (ratio / _PER_SCORE).astype(np.float32)


def pchip(at: ArrayLike, values: ArrayLike, wanted: ArrayLike) -> Floats:
    """Return the monotone cubic through points, along the last axis.

    Parameters
    ----------
    at : array_like of float, shape (node,)
        Ascending; at least two.
    values : array_like of float, shape (..., node)
    wanted : array_like of float, shape (place,)
        Beyond the nodes the outermost cubic goes on.

    Returns
    -------
    ndarray of float, shape (..., place)
        Rising wherever the values at the nodes rise.

    Notes
    -----
    Fritsch & Butland (1984), "A method for constructing local monotone piecewise cubic
    interpolants", SIAM Journal on Scientific and Statistical Computing 5, 300-304,
    doi:10.1137/0905021; slopes at the ends by Moler (2004), doi:10.1137/1.9780898717952.

    Examples
    --------
    >>> pchip([0.0, 1.0, 2.0], [0.0, 0.0, 1.0], [0.5, 1.0, 1.5, 2.0]).tolist()
    [0.0, 0.0, 0.3125, 1.0]
    """
    x, y, places = (np.asarray(given, dtype=float) for given in (at, values, wanted))
    step = np.diff(x)
    chord = np.diff(y, axis=-1) / step
    slope = _slopes(step, chord)
    bend = (slope[..., :-1] + slope[..., 1:] - 2 * chord) / step
    cell = np.clip(np.searchsorted(x, places, side="right") - 1, 0, step.size - 1)
    along = places - x[cell]
    square = along * along
    return np.asarray(
        y[..., cell]
        + slope[..., cell] * along
        + ((chord - slope[..., :-1]) / step - bend)[..., cell] * square
        + (bend / step)[..., cell] * (square * along)
    )


def _slopes(step: Floats, chord: Floats) -> Floats:
    """Return slopes at the nodes: weighted harmonic means of the chords, 0 at every turn."""
    if step.size == 1:
        return np.repeat(chord, 2, axis=-1)
    before, after = chord[..., :-1], chord[..., 1:]
    turns = (np.sign(before) != np.sign(after)) | (before == 0) | (after == 0)
    first, second = 2 * step[1:] + step[:-1], step[1:] + 2 * step[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (first / before + second / after) / (first + second)
        inner = np.where(turns, 0.0, 1.0 / mean)
    left = _end(step[0], step[1], chord[..., 0], chord[..., 1])
    right = _end(step[-1], step[-2], chord[..., -1], chord[..., -2])
    return np.concatenate([left[..., None], inner, right[..., None]], axis=-1)


def _end(own: float, next_: float, chord: Floats, beyond: Floats) -> Floats:
    """Return the slope at an end by three points, kept so that the cubic stays monotone."""
    slope = ((2 * own + next_) * chord - own * beyond) / (own + next_)
    steep = (np.sign(chord) != np.sign(beyond)) & (np.abs(slope) > 3 * np.abs(chord))
    slope = np.where(steep, 3 * chord, slope)
    return np.where(np.sign(slope) != np.sign(chord), 0.0, slope)


def smoothed(log_ratios: Floats) -> tuple[Floats, float]:
    """Return log weights with a smoothed tail, and its shape.

    Parameters
    ----------
    log_ratios : ndarray of float, shape (draw,)
        Logs of importance ratios; at least 25, finite.

    Returns
    -------
    ndarray of float, shape (draw,)
        Log weights that sum to one.
    float
        Shape k of the generalised Pareto distribution of the tail; infinite where there are too few
        different weights to tell.

    Notes
    -----
    Vehtari, Simpson, Gelman, Yao and Gabry (2024), "Pareto smoothed importance sampling", Journal
    of Machine Learning Research 25, 72. A test compares it with arviz-stats, whose import takes
    longer than a forecast.

    Examples
    --------
    >>> weights, shape = smoothed(np.random.default_rng(1).standard_normal(1000))
    >>> bool(np.isclose(np.exp(weights).sum(), 1.0)), shape < 0.7
    (True, True)
    """
    logs = log_ratios - log_ratios.max()
    size = logs.size
    count = size // 5 if size <= _SMALL else int(3 * math.sqrt(size))
    order = np.argsort(logs)
    tail, cutoff = order[size - count :], math.exp(logs[order[size - count - 1]])
    shape, scale = _fitted(np.exp(logs[tail]) - cutoff)
    if math.isfinite(shape):
        quantiles = _quantiles((np.arange(count) + 0.5) / count, shape, scale) + cutoff
        logs[tail] = np.minimum(np.log(quantiles), 0.0)  # none above the largest raw one
    return logs - math.log(float(np.exp(logs).sum())), shape


def _quantiles(shares: Floats, shape: float, scale: float) -> Floats:
    """Return quantiles of a generalised Pareto distribution."""
    if abs(shape) < np.finfo(float).eps:
        return np.asarray(-scale * np.log1p(-shares))
    return np.asarray(scale * np.expm1(-shape * np.log1p(-shares)) / shape)


def _fitted(values: Floats) -> tuple[float, float]:
    """Return shape and scale of a generalised Pareto distribution, from values in order.

    Zhang and Stephens (2009), "A new and efficient estimation method for the generalized Pareto
    distribution", Technometrics 51, 316-325, doi:10.1198/tech.2009.08017; the shape is drawn to a
    half by a weak prior.
    """
    size = values.size
    guesses = _GUESSES + int(math.sqrt(size))
    middle = float(values[int(size / 4 + 0.5) - 1])
    if middle <= 0 or values[-1] <= 0:
        return math.inf, math.nan
    b = (1 - np.sqrt(guesses / (np.arange(1, guesses + 1) - 0.5))) / (3 * middle)
    b += 1 / values[-1]
    shapes = np.log1p(-b[:, None] * values).mean(axis=1)
    heights = size * (np.log(-b / shapes) - shapes - 1)
    weights = np.exp(heights - heights.max())
    weights /= weights.sum()
    kept = weights >= 10 * np.finfo(float).eps
    mean = float(weights[kept] @ b[kept] / weights[kept].sum())
    shape = float(np.log1p(-mean * values).mean())
    scale = -shape / mean
    return (size * shape + _PRIOR * 0.5) / (size + _PRIOR), scale


# Weights of draws, and whether their tail can be trusted.

KHAT = 0.7
"""Shape of the tail of the weights above which they are not trusted (Vehtari and others 2024)."""

HOPELESS = 10.0
"""Shape that stands for no tail that could be told: a number, so that every file can hold it."""

_TELLING = 32  # draws below which nothing can be told of a tail


def smoothed_weights(log_ratios: Floats) -> tuple[Floats, float]:
    """Return Pareto-smoothed log weights and the shape of their tail."""
    centred = log_ratios - log_ratios.max()
    if np.ptp(centred) < 1e-9:  # noqa: PLR2004 - equal weights have no tail
        return np.zeros_like(centred), 0.0
    if centred.size < _TELLING:
        return centred, HOPELESS
    with np.errstate(all="ignore"):  # a tail that cannot be fitted has no shape
        weights, shape = smoothed(centred)
    if not np.isfinite(shape):  # a few draws weigh all: there is no tail to smooth
        return centred, HOPELESS
    return weights, shape


def too_uneven(log_ratios: Floats, khat: float) -> bool:
    """Tell whether weights cannot be trusted: their tail is heavy, and some draw weighs too much.

    Truncated importance sampling cuts a weight at the root of the number of draws times their mean,
    and its error then falls as that of plain draws (Ionides 2008, "Truncated importance sampling",
    Journal of Computational and Graphical Statistics 17, 295-311). Where it would cut none, a tail
    that rises steeply is that of weights which all but agree, or which end at a bound.
    """
    heaviest = np.exp(log_ratios.max() - special.logsumexp(log_ratios))  # of all that they sum to
    return bool(khat > KHAT and heaviest * log_ratios.size > log_ratios.size**0.5)
