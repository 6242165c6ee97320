"""The static part of a total, integrated: P(L + noise(rate * a) >= K) for a given time a.

Of level, rate and day noise the widest is integrated exactly, through its distribution
function; the other two by a rule of a few nodes, which converges fast because they are
narrower than the one that smooths them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from scipy import special

from attrition._typing import Floats, HasCdf
from attrition.elicitation import exceedance, quantile
from attrition.trajectories.start import Component

_STEP = 0.6
_REACH = 4.5
_ONE_SIGMA = 0.8413447460685429


@functools.cache
def _rule() -> tuple[Floats, Floats]:
    """Return nodes (as probabilities) and weights of the trapezoidal rule on the normal score."""
    scores = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    weights = np.exp(-(scores**2) / 2)
    return np.asarray(special.ndtr(scores)), np.asarray(weights / weights.sum())


@dataclass(frozen=True, slots=True)
class _Variable:
    """A distribution as nodes with weights, and its half-width."""

    distribution: HasCdf
    nodes: Floats
    weights: Floats
    median: float
    spread: float


def _variable(distribution: HasCdf) -> _Variable:
    low, median, high = quantile(distribution, [1 - _ONE_SIGMA, 0.5, _ONE_SIGMA])
    spread = float(high - low) / 2
    probabilities, weights = _rule()
    if float(quantile(distribution, 1 - 1e-6)) == float(quantile(distribution, 1e-6)):
        nodes, weights, spread = np.array([float(median)]), np.ones(1), 0.0
    else:
        nodes = quantile(distribution, probabilities)
    return _Variable(distribution, nodes, weights, float(median), spread)


@dataclass(frozen=True, slots=True)
class _Parts:
    level: _Variable
    rate: _Variable
    relative: bool
    day_noise: float

    @property
    def rate_scale(self) -> float:
        """What one unit of the rate is worth [unit]: the level itself where it is relative."""
        return self.level.median if self.relative else 1.0

    @property
    def mean_rate(self) -> float:
        return self.rate.median * self.rate_scale


def _parts(component: Component, day_noise: float) -> _Parts:
    return _Parts(
        _variable(component.level), _variable(component.rate), component.relative, day_noise
    )


def _noise_nodes(mean: Floats, day_noise: float) -> tuple[Floats, Floats]:
    """Return totals of the day noise, shape (*mean.shape, node): gamma(mean / phi, scale phi)."""
    if day_noise == 0:
        return mean[..., None], np.ones(1)
    probabilities, weights = _rule()
    shape = np.maximum(mean / day_noise, 1e-300)[..., None]
    nodes = special.gammaincinv(shape, probabilities) * day_noise
    return np.asarray(np.where(mean[..., None] > 0, nodes, 0.0)), weights


def _by_level(parts: _Parts, thresholds: Floats, times: Floats) -> Floats:
    """Integrate the level exactly, rate and noise by nodes."""
    result = np.empty((thresholds.size, times.size))
    level, rate = parts.level, parts.rate
    bottom, top = quantile(level.distribution, [1e-11, 1 - 1e-11])
    for column, time in enumerate(times):
        growth = rate.nodes * time
        mean = growth * parts.rate_scale
        totals, noise_weights = _noise_nodes(mean, parts.day_noise)
        mass = (rate.weights[:, None] * noise_weights).ravel()
        if parts.relative:
            noise = (totals - mean[:, None]).ravel()
            factor = np.broadcast_to(1 + growth[:, None], totals.shape).ravel()
        else:
            noise, factor = totals.ravel(), np.ones(totals.size)
        first = int(np.searchsorted(thresholds, (bottom * factor + noise).min()))
        last = int(np.searchsorted(thresholds, (top * factor + noise).max(), side="right"))
        result[:first, column], result[last:, column] = 1.0, 0.0
        if last > first:
            wanted = (thresholds[first:last, None] - noise) / factor
            result[first:last, column] = exceedance(level.distribution, wanted) @ mass
    return result


def _by_noise(parts: _Parts, thresholds: Floats, times: Floats) -> Floats:
    """Integrate the day noise exactly, level and rate by nodes."""
    level, rate, phi = parts.level, parts.rate, parts.day_noise
    result = np.zeros((thresholds.size, times.size))
    missing = np.maximum(thresholds[:, None] - level.nodes, 0.0)
    reach = 8.0
    for column, time in enumerate(times):
        for value, mass in zip(rate.nodes, rate.weights, strict=True):
            mean = value * time * (level.nodes if parts.relative else np.ones(level.nodes.size))
            if mean.max() <= 0:
                result[:, column] += mass * ((missing <= 0) @ level.weights)
                continue
            spread = reach * (np.sqrt(phi * mean) + reach * phi)
            first = int(np.searchsorted((missing - (mean - spread)).max(axis=1), 0.0))
            last = int(np.searchsorted((missing - (mean + spread)).min(axis=1), 0.0))
            result[:first, column] += mass
            if last > first:
                part = missing[first:last]
                above = special.gammaincc(mean / phi, part / phi)
                result[first:last, column] += mass * (
                    np.where(part <= 0, 1.0, above) @ level.weights
                )
    return result


def _by_rate(parts: _Parts, thresholds: Floats, times: Floats) -> Floats:
    """Integrate the rate exactly, level and noise by nodes.

    The noise of total S reaches m at probability p when S is at least S*(m, p); that S* does
    not depend on the rate, so P(rate >= S* / time) integrates the rate without error.
    """
    level, phi = parts.level, parts.day_noise
    missing = np.maximum(thresholds[:, None] - level.nodes, 0.0)
    if phi == 0:
        needed, noise_weights = missing[..., None], np.ones(1)
    else:
        probabilities, noise_weights = _rule()
        with np.errstate(all="ignore"):
            needed = phi * special.gdtrib(1.0, probabilities, missing[..., None] / phi)
        needed = np.where(missing[..., None] > 0, needed, 0.0)
    if parts.relative:
        needed = needed / level.nodes[:, None]
    mass = level.weights[:, None] * noise_weights
    flat = np.where(missing[..., None] > 0, needed, 0.0).reshape(thresholds.size, -1)
    weights = mass.ravel()
    bottom, top = quantile(parts.rate.distribution, [1e-11, 1 - 1e-11])
    least, most = flat.min(axis=1), flat.max(axis=1)
    result = np.empty((thresholds.size, times.size))
    for column, time in enumerate(times):
        first = int(np.searchsorted(most, bottom * time))
        last = int(np.searchsorted(least, top * time, side="right"))
        result[:first, column], result[last:, column] = 1.0, 0.0
        if last > first:
            wanted = flat[first:last]
            above = exceedance(parts.rate.distribution, wanted / time)
            result[first:last, column] = np.where(wanted > 0, above, 1.0) @ weights
    return result


def _surely(parts: _Parts, thresholds: Floats, times: Floats) -> Floats:
    """Nothing is uncertain: the total is reached or it is not."""
    start = parts.level.median
    reached = start + parts.mean_rate * times
    return np.asarray(reached[None, :] >= thresholds[:, None] * (1 - 1e-12), dtype=float)


def exceedance_given_time(
    component: Component, day_noise: float, thresholds: Floats, times: Floats
) -> Floats:
    """Return P(total >= K) when a given time has passed, at the current rate.

    Parameters
    ----------
    component : Component
        Level and rate.
    day_noise : float
        Variance over mean of a day's count [unit]; 0 for none.
    thresholds : ndarray of float, shape (threshold,)
        Ascending totals [unit].
    times : ndarray of float, shape (time,)
        Ascending times [day at the current rate].

    Returns
    -------
    ndarray of float, shape (threshold, time)
        Rises along time and falls along thresholds.

    Notes
    -----
    The trapezoidal rule on normal scores converges geometrically for smooth integrands
    (Trefethen and Weideman 2014, doi:10.1137/130932132).
    """
    parts = _parts(component, day_noise)
    spreads, _ = _spreads(parts, times)
    widest = spreads.argmax(axis=0)
    widest[spreads.max(axis=0) == 0] = -1
    result = np.empty((thresholds.size, times.size))
    branches = {-1: _surely, 0: _by_level, 1: _by_rate, 2: _by_noise}
    for key, branch in branches.items():
        chosen = widest == key
        if chosen.any():
            result[:, chosen] = branch(parts, thresholds, times[chosen])
    np.clip(result, 0.0, 1.0, out=result)
    np.minimum.accumulate(result, axis=0, out=result)
    return np.asarray(np.maximum.accumulate(result, axis=1))


def spreads_at(component: Component, day_noise: float, times: Floats) -> tuple[Floats, float]:
    """Return the half-widths of level, rate and day noise, and the median rate.

    Returns
    -------
    spreads : ndarray of float, shape (3, time)
        Half-widths [unit].
    rate : float
        Median rate [unit/day].
    """
    return _spreads(_parts(component, day_noise), times)


def _spreads(parts: _Parts, times: Floats) -> tuple[Floats, float]:
    growth = 1 + parts.rate.median * times if parts.relative else np.ones(times.size)
    spreads = np.stack(
        [
            parts.level.spread * growth,
            parts.rate.spread * parts.rate_scale * times,
            np.sqrt(parts.day_noise * parts.mean_rate * times),
        ]
    )
    return spreads, parts.mean_rate
