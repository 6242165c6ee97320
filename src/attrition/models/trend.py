r"""A count some steps ahead: a damped local trend of its logarithm, pulled to the place's own mean.

Let l be the log of what a week is expected to count, b its change a week, m the log of the mean
count of about a year, and one. With every week

.. math::
    b \leftarrow \varphi b + N(0, q_b^2), \qquad l \leftarrow l + b + N(0, q_l^2),

and the count y is seen as log(y + 1) = log(exp(l) + 1) + noise, whose variance is r²H² + μ/(μ + 1)²
with μ = exp(l) and H = μ/(μ + 1): a relative error and a Poisson law, carried to the log. A count x
standard errors away has its noise times (ν + x²)/(ν + 1) where that is above 1, so that a dump of
late reports bends the level but little.

Waves turn, and the faster or the higher they rise the sooner. So ahead, and path by path, the slope
becomes φb/(1 + γ max(b, 0)) − κ(l − m) before its shock, with a κ above the mean and a smaller one
below it: what is low may stay low for long, what is high does not stay.

Some places print steadier counts than others. So the width of a place's futures goes with the root
of its mean squared error one step ahead in about a year (:func:`mean_errors`).

Places may grow together, as in an epidemic. Then the slope of each is a growth common to all and
one of its own, and what the others' last counts say of the first moves it (:func:`pooled`). How
large a share of the variance of slopes is common is asked of the table itself: the share under
which the counts of about its last year, each from those before, were likeliest.

The damping is that of Gardner and McKenzie (1985, doi:10.1287/mnsc.31.10.1237), the filter Harrison
and Stevens's linear growth model (1976, doi:10.1111/j.2517-6161.1976.tb01586.x). All places are
filtered at once and each by itself: arrays have the place first, and no place is looped over.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats
from attrition.core.files import bundled_table

_START = (1.0, 0.0, 0.1)  # variances before the first count, when little is known
_WIDEST = 25.0  # a place unseen for years is not known worse than this [log squared]
_LEAST, _MOST = -6.0, 18.0  # log counts of a step outside which nothing was ever printed
_LEAST_LEARNT = 1e-9  # a precision; so that what says nothing divides nothing
_LEAST_EXPECTED = 3.0  # below it a count tells of the Poisson law, not of the place
_WORTH = 30.0  # steps that what others' errors say of a place's is worth, somewhat under a year
_JEFFREYS = 0.5  # shape of the gamma prior of a Poisson rate that no one event informs


@dataclass(frozen=True, slots=True)
class Trend:
    """What the damped trend assumes; ``bundled/trend.toml`` says what each number means."""

    damping: float
    slope_noise: float
    level_noise: float
    noise: float
    tail: float
    brake: float
    pull: float
    lift: float
    errors: float
    memory: float
    widening: float
    heavy: float
    ceiling: float


@dataclass(frozen=True, slots=True)
class History:
    """How much like its own last steps a place's next ones are; see ``bundled/trend.toml``."""

    steps: int
    half_life: float
    jitter: float


@dataclass(frozen=True, slots=True)
class ManyPrior:
    """What :func:`attrition.forecasts.forecast_many` assumes.

    Parameters
    ----------
    trend : Trend
    history : History
    zeros : float
        Share of zero weeks from which a place's own history decides instead of its trend.
    shares : tuple of float
        Shares of the growth that the places of a table may have in common, the first in doubt;
        ``(0.0,)`` lets each place stand alone.
    """

    trend: Trend
    history: History
    zeros: float
    shares: tuple[float, ...]


class TrendState(NamedTuple):
    """What is believed after each place's last count; every field has shape (place,).

    ``level`` and ``slope`` are means, ``ll``, ``lb``, ``bb`` their variances and covariance,
    ``mean`` the log of the running mean of what was expected and one, ``top`` that of the largest
    count and one, ``error`` the mean squared standardised error one step ahead.
    """

    level: Floats
    slope: Floats
    ll: Floats
    lb: Floats
    bb: Floats
    mean: Floats
    top: Floats
    error: Floats


@cache
def bundled_prior() -> ManyPrior:
    """Return the settings that the package ships.

    Examples
    --------
    >>> bundled_prior().history.steps
    12
    """
    rows = bundled_table("trend.toml")
    choice = rows["choice"]
    return ManyPrior(
        Trend(**rows["trend"]), History(**rows["history"]), choice["zeros"], tuple(choice["shares"])
    )


def usable(counts: Floats) -> NDArray[np.bool_]:
    """Return which counts say something: neither missing nor a correction below zero."""
    return (counts >= 0) & np.isfinite(counts)


def filtered(counts: Floats, trend: Trend, shares: tuple[float, ...] = (0.0,)) -> TrendState:
    """Return what counts tell of the level and slope after each place's last one.

    Parameters
    ----------
    counts : ndarray of float, shape (place, step)
        Missing and negative ones are skipped; a place needs at least one that is neither.
    trend : Trend
    shares : tuple of float
        Shares of the growth that may be common to the places; the likeliest is taken, the first in
        doubt.

    Returns
    -------
    TrendState

    Examples
    --------
    >>> state = filtered(np.full((1, 60), 100.0), bundled_prior().trend)
    >>> round(float(np.exp(state.level[0])))
    100
    """
    places, steps = counts.shape
    seen = usable(counts)
    logs = np.log1p(np.where(seen, counts, 0.0))
    first = seen.argmax(axis=1)
    last = steps - 1 - seen[:, ::-1].argmax(axis=1)
    level = logs[np.arange(places), first]
    state = np.stack([level, np.zeros(places), *(np.full(places, value) for value in _START)])
    mean = np.expm1(level)
    evidence = np.zeros(len(shares))
    errors, number = np.zeros(places), np.zeros(places)
    for step in range(steps):
        # Before the first count nothing moves, after the last one the future begins.
        runs = (first <= step) & (step <= last)
        both = seen[:, step] & seen[:, step - 1] & (first < step)
        if len(shares) > 1 and both.any():
            before, came = state[:, both], logs[both, step]
            news = [_log_density(pooled(before, trend, share), came, trend) for share in shares]
            evidence = evidence * (1.0 - 1.0 / trend.memory) + np.array(news)
        moved = np.where(step > first, _moved(state, trend), state)
        tells = seen[:, step] & (first < step) & (moved[0] > np.log(_LEAST_EXPECTED))
        keep = np.where(runs, 1.0 - 1.0 / trend.memory, 1.0)
        errors = errors * keep + np.where(tells, _error(moved, logs[:, step], trend), 0.0)
        number = number * keep + tells
        moved = np.where(seen[:, step], _updated(moved, logs[:, step], trend), moved)
        state = np.where(runs, moved, state)
        weight = 1.0 / np.clip(step - first + 2.0, 2.0, trend.memory)
        count = np.exp(np.clip(state[0], _LEAST, _MOST))
        mean = np.where(runs, mean + weight * (count - mean), mean)
    # A place that has fallen silent does not know what the others grow by today.
    now = (last == last.max()) & (first < last)
    state[:, now] = pooled(state[:, now], trend, shares[int(evidence.argmax())])
    level, slope, ll, lb, bb = state
    error = mean_errors(errors, number, trend, together=len(shares) > 1)
    return TrendState(level, slope, ll, lb, bb, np.log1p(mean), logs.max(axis=1), error)


def pooled(state: Floats, trend: Trend, share: float) -> Floats:
    """Return states whose slopes are a growth common to all places and one of each place's own.

    Parameters
    ----------
    state : ndarray of float, shape (5, place)
        Means of level and slope, then their variances and covariance (level, both, slope).
    trend : Trend
    share : float
        Of the variance of a slope in the long run, what is common; 0 returns the states.

    Notes
    -----
    What the counts of a place say of its slope is the filter's estimate less its prior, N(0, long
    run). What those of the other places say of the common growth is one more prior. That each of
    them remembers earlier common growth is neglected.
    """
    if share == 0.0:
        return state
    level, slope, ll, lb, bb = state
    long_run = trend.slope_noise**2 / (1.0 - trend.damping**2)
    learnt = np.maximum(1.0 / bb - 1.0 / long_run, _LEAST_LEARNT)  # precision of the counts
    alone = (1.0 - share) * long_run
    weight = 1.0 / (1.0 / learnt + alone)  # of each place's word on the common growth
    words = weight * slope / bb / learnt
    unsure = 1.0 + share * long_run * (weight.sum() - weight)
    common = share * long_run * (words.sum() - words) / unsure
    prior = alone + share * long_run / unsure
    narrow = 1.0 / (1.0 / prior + learnt)
    moved = narrow * (common / prior + slope / bb) - slope
    along = lb / bb
    return np.stack(
        [
            level + along * moved,
            slope + moved,
            ll + along**2 * (narrow - bb),
            along * narrow,
            narrow,
        ]
    )


def mean_errors(errors: Floats, number: Floats, trend: Trend, *, together: bool) -> Floats:
    """Return the mean squared standardised error of each place one step ahead, shape (place,).

    Parameters
    ----------
    errors : ndarray of float, shape (place,)
        Sum of a place's squared standardised errors, outliers counting less.
    number : ndarray of float, shape (place,)
        How many they are.
    trend : Trend
        Its ``errors`` is their mean in the corpus.
    together : bool
        Whether the other places of the table tell something of a place.

    Notes
    -----
    Where a place has few errors its mean leans on that of the others, and where these are few on
    the usual one.

    Examples
    --------
    >>> trend = bundled_prior().trend
    >>> bool(mean_errors(np.zeros(1), np.zeros(1), trend, together=True)[0] == trend.errors)
    True
    """
    others = errors.sum() - errors if together else 0.0 * errors
    count = number.sum() - number if together else 0.0 * number
    usual = (others + _WORTH * trend.errors) / (count + _WORTH)
    mean: Floats = (errors + _WORTH * usual) / (number + _WORTH)
    return mean


def _error(state: Floats, logs: Floats, trend: Trend) -> Floats:
    """Return the squared standardised error of the next log(count + 1), outliers counting less."""
    odd, _ = _odd(state, logs, trend)
    return odd * (trend.tail + 1) / (trend.tail + odd)


def _odd(state: Floats, logs: Floats, trend: Trend) -> tuple[Floats, Floats]:
    """Return squared standardised errors and their variances, of states before a count is seen."""
    level, _, ll, _, _ = state
    expected = np.exp(np.clip(level, _LEAST, _MOST))
    steep = expected / (expected + 1)
    variance = steep**2 * ll + (trend.noise * steep) ** 2 + expected / (expected + 1) ** 2
    return (logs - np.log1p(expected)) ** 2 / variance, variance


def _log_density(state: Floats, logs: Floats, trend: Trend) -> float:
    """Return the log density that states give to the next log(count + 1), over all places."""
    odd, variance = _odd(_moved(state, trend), logs, trend)
    density = -0.5 * np.log(variance) - (trend.tail + 1) / 2 * np.log1p(odd / trend.tail)
    return float(density.sum())


def _moved(state: Floats, trend: Trend) -> Floats:
    """Return the state a step later, before its count is seen."""
    level, slope, ll, lb, bb = state
    phi = trend.damping
    bent = phi**2 * bb + trend.slope_noise**2
    wide = ll + 2 * phi * lb + bent + trend.level_noise**2
    return np.stack(
        [level + phi * slope, phi * slope, np.minimum(wide, _WIDEST), phi * lb + bent, bent]
    )


def _updated(state: Floats, logs: Floats, trend: Trend) -> Floats:
    """Return the state after one more log(count + 1): an extended Kalman step."""
    level, slope, ll, lb, bb = state
    expected = np.exp(np.clip(level, _LEAST, _MOST))
    steep = expected / (expected + 1)  # of log(count + 1) by the log of what is expected
    noise = (trend.noise * steep) ** 2 + expected / (expected + 1) ** 2
    error = logs - np.log1p(expected)
    odd = error**2 / (steep**2 * ll + noise)
    noise = np.maximum(noise, noise * (trend.tail + odd) / (trend.tail + 1))  # where odd > 1
    variance = steep**2 * ll + noise
    gain, bend = steep * ll / variance, steep * lb / variance
    return np.stack(
        [
            level + gain * error,
            slope + bend * error,
            ll - gain * steep * ll,
            lb - gain * steep * lb,
            bb - bend * steep * lb,
        ]
    )


def rows_of_noise(steps: int) -> int:
    """Return how many rows of standard normals :func:`expected_ahead` takes for some steps."""
    return 2 + 3 * steps


def expected_ahead(state: TrendState, trend: Trend, normals: Floats, stretch: Floats) -> Floats:
    """Return expected counts of the steps after each place's last count.

    Parameters
    ----------
    state : TrendState
    trend : Trend
    normals : ndarray of float, shape (place, 2 + 3 * step, draw)
        Standard normals: two for where a path starts, then three a step, so that a longer forecast
        begins like a shorter one.
    stretch : ndarray of float, shape (place, draw)
        What widens or narrows a whole path; the root of ``heavy`` over a chi-squared draw makes the
        future Student.

    Returns
    -------
    ndarray of float, shape (place, step, draw)
        Never above exp(``ceiling``) times the largest count and one.
    """
    root = np.sqrt(state.ll)
    along = np.divide(state.lb, root, out=np.zeros_like(root), where=root > 0)
    rest = np.sqrt(np.maximum(state.bb - along**2, 0.0))
    wide = trend.widening * stretch * np.sqrt(state.error / trend.errors)[:, None]
    level = state.level[:, None] + wide * root[:, None] * normals[:, 0]
    turn = along[:, None] * normals[:, 0] + rest[:, None] * normals[:, 1]
    slope = state.slope[:, None] + wide * turn
    top = (state.top + trend.ceiling)[:, None]
    out = np.empty((normals.shape[0], (normals.shape[1] - 2) // 3, normals.shape[2]))
    for step in range(out.shape[1]):
        shock, jump, error = (wide * normals[:, 2 + 3 * step + part] for part in range(3))
        off = level - state.mean[:, None]
        slope = trend.damping * slope / (1.0 + trend.brake * np.maximum(slope, 0.0))
        slope -= np.where(off > 0, trend.pull, trend.lift) * off
        slope += trend.slope_noise * shock
        level = level + slope + trend.level_noise * jump
        path = level + trend.noise * error
        out[:, step] = np.exp(np.clip(np.minimum(path, top), _LEAST, _MOST))
    return out


def weights_of_past(counts: Floats, history: History) -> Floats:
    """Return the weight of each past step as a picture of a next one, shape (place, step).

    A step's weight halves with every ``half_life`` steps before the place's last count, and is 0
    where nothing was seen or more than ``steps`` ago. A correction below zero is nothing seen.
    """
    seen = usable(counts)
    last = counts.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
    age = last[:, None] - np.arange(counts.shape[1])
    weight = np.where(seen & (age < history.steps), 0.5 ** (age / history.half_life), 0.0)
    share: Floats = weight / weight.sum(axis=1, keepdims=True)
    return share


def quiet_rate(counts: Floats, rng: np.random.Generator, draws: int) -> Floats:
    """Draw the rate of a place where nothing was ever counted, shape (draw,).

    Notes
    -----
    The Jeffreys posterior of a Poisson rate after n steps of 0, Gamma(1/2, n): the chance of any in
    a step is 1 - sqrt(n/(n + 1)), about 1/(2n), and falls with every step that stays at 0.
    """
    return rng.gamma(_JEFFREYS, 1.0 / usable(counts).sum(), draws)
