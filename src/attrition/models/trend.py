r"""A count some steps ahead: a damped local trend of its logarithm, pulled to the place's own mean.

Let l be the log of what a week is expected to count, b its change a week, m the mean of l over
about a year. With every week

.. math::
    b \leftarrow \varphi b + N(0, q_b^2), \qquad l \leftarrow l + b + N(0, q_l^2),

and the count y is seen as log(y + 1) = log(exp(l) + 1) + noise, whose variance is r²H² + μ/(μ + 1)²
with μ = exp(l) and H = μ/(μ + 1): a relative error and a Poisson law, carried to the log. A count x
standard errors away has its noise times (ν + x²)/(ν + 1) where that is above 1, so that a dump of
late reports bends the level but little. Ahead, the slope is also pulled: b ← φb − κ(l − m).

Places may grow together, as in an epidemic. Then the slope of each is a growth common to all and
one of its own, and what the others' last counts say of the first moves it (:func:`pooled`). How
large a share of the variance of slopes is common is asked of the table itself: the share under
which the counts of about its last year, each from those before, were likeliest.

The damping is that of Gardner and McKenzie (1985, doi:10.1287/mnsc.31.10.1237), the filter Harrison
and Stevens's linear growth model (1976, doi:10.1111/j.2517-6161.1976.tb01586.x). All places are
filtered at once and each by itself: arrays have the place first, and no place is looped over.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats
from attrition.core.files import bundled

_START = (1.0, 0.0, 0.1)  # variances before the first count, when little is known
_WIDEST = 25.0  # a place unseen for years is not known worse than this [log squared]
_LEAST, _MOST = -6.0, 18.0  # log counts of a step outside which nothing was ever printed
_LEAST_LEARNT = 1e-9  # a precision; so that what says nothing divides nothing
_JEFFREYS = 0.5  # shape of the gamma prior of a Poisson rate that no one event informs


@dataclass(frozen=True, slots=True)
class Trend:
    """What the damped trend assumes; ``bundled/trend.toml`` says what each number means."""

    damping: float
    slope_noise: float
    level_noise: float
    noise: float
    tail: float
    pull: float
    memory: float
    widening: float
    heavy: float
    ceiling: float
    flat: float


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
    ``mean`` the running mean of the level, ``top`` the log of the largest count and one.
    """

    level: Floats
    slope: Floats
    ll: Floats
    lb: Floats
    bb: Floats
    mean: Floats
    top: Floats


@cache
def bundled_prior() -> ManyPrior:
    """Return the settings that the package ships.

    Examples
    --------
    >>> bundled_prior().history.steps
    12
    """
    rows = tomllib.loads(bundled("trend.toml"))
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
    mean = level.copy()
    evidence = np.zeros(len(shares))
    for step in range(steps):
        # Before the first count nothing moves, after the last one the future begins.
        runs = (first <= step) & (step <= last)
        both = seen[:, step] & seen[:, step - 1] & (first < step)
        if len(shares) > 1 and both.any():
            before, came = state[:, both], logs[both, step]
            news = [_log_density(pooled(before, trend, share), came, trend) for share in shares]
            evidence = evidence * (1.0 - 1.0 / trend.memory) + np.array(news)
        moved = np.where(step > first, _moved(state, trend), state)
        moved = np.where(seen[:, step], _updated(moved, logs[:, step], trend), moved)
        state = np.where(runs, moved, state)
        weight = 1.0 / np.clip(step - first + 2.0, 2.0, trend.memory)
        mean = np.where(runs, mean + weight * (state[0] - mean), mean)
    # A place that has fallen silent does not know what the others grow by today.
    now = (last == last.max()) & (first < last)
    state[:, now] = pooled(state[:, now], trend, shares[int(evidence.argmax())])
    level, slope, ll, lb, bb = state
    return TrendState(level, slope, ll, lb, bb, mean, logs.max(axis=1))


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


def _log_density(state: Floats, logs: Floats, trend: Trend) -> float:
    """Return the log density that states give to the next log(count + 1), over all places."""
    level, _, ll, _, _ = _moved(state, trend)
    expected = np.exp(np.clip(level, _LEAST, _MOST))
    steep = expected / (expected + 1)
    variance = steep**2 * ll + (trend.noise * steep) ** 2 + expected / (expected + 1) ** 2
    odd = (logs - np.log1p(expected)) ** 2 / variance
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
    draws = normals.shape[2]
    root = np.sqrt(state.ll)
    along = np.divide(state.lb, root, out=np.zeros_like(root), where=root > 0)
    rest = np.sqrt(np.maximum(state.bb - along**2, 0.0))
    # Paths are kept as mean and deviation: only the deviation is stretched.
    centre, slope = state.level[:, None], np.repeat(state.slope[:, None], draws, axis=1)
    slope[:, : round(trend.flat * draws)] = 0.0
    off = root[:, None] * normals[:, 0]
    bend = along[:, None] * normals[:, 0] + rest[:, None] * normals[:, 1]
    top = (state.top + trend.ceiling)[:, None]
    out = np.empty((normals.shape[0], (normals.shape[1] - 2) // 3, draws))
    for step in range(out.shape[1]):
        shock, jump, error = (normals[:, 2 + 3 * step + part] for part in range(3))
        slope = trend.damping * slope - trend.pull * (centre - state.mean[:, None])
        bend = trend.damping * bend - trend.pull * off + trend.slope_noise * shock
        centre = centre + slope
        off = off + bend + trend.level_noise * jump
        path = centre + trend.widening * stretch * (off + trend.noise * error)
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
