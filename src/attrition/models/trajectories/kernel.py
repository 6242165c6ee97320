"""The static part of a total, integrated: P(L + noise(rate * a) >= K) for a given time a.

Of level, rate and day noise the widest is integrated exactly, through its distribution
function; the other two by a rule of a few nodes, which converges fast because they are
narrower than the one that smooths them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats, HasCdf
from attrition.core.late import special
from attrition.data.elicitation import exceedance, quantile
from attrition.models.trajectories.start import Account

_STEP = 0.75
_REACH = 4.5
_ONE_SIGMA = 0.8413447460685429
_BULK = 3  # nodes at either end that are left to the tails
_WIDEST = 0.7  # in the log of time, beyond which a spread makes nothing smoother
_MANY = 20_000  # values of a distribution function that are worth a table
_LARGE = 60.0  # quantiles of a gamma above which the cube-root approximation is used
_NARROW = 0.08  # of the spread that is integrated exactly


@functools.cache
def _rule() -> tuple[Floats, Floats]:
    """Return nodes (as probabilities) and weights of the trapezoidal rule on the normal score."""
    scores = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    weights = np.exp(-(scores**2) / 2)
    return np.asarray(special.ndtr(scores)), np.asarray(weights / weights.sum())


@dataclass(frozen=True)
class _Variable:
    """A distribution as nodes with weights, and its half-width."""

    distribution: HasCdf
    nodes: Floats
    weights: Floats
    median: float
    spread: float
    ends: tuple[float, float]  # all but 1e-11 of the mass on either side lies between them
    finest: float  # smallest rise of the quantiles by normal score, in the bulk
    log_finest: float  # the same of their logarithm, where they are positive

    def above(self, x: Floats) -> Floats:
        """Return P(X >= x); many values are read from a fine table, within 1e-6."""
        if x.size < _MANY:
            return exceedance(self.distribution, x)
        at, mass = self._table
        return np.asarray(1.0 - np.interp(x, at, mass, left=0.0, right=1.0))

    @functools.cached_property
    def _table(self) -> tuple[Floats, Floats]:
        mass = np.asarray(special.ndtr(np.linspace(-6.7, 6.7, 4_097)))
        return quantile(self.distribution, mass), mass


def _variable(distribution: HasCdf) -> _Variable:
    probabilities, weights = _rule()
    edge, sigma = 1e-11, 1 - _ONE_SIGMA
    marks = [edge, sigma, 0.5, 1 - sigma, 1 - edge]
    quantiles = quantile(distribution, np.concatenate([marks, probabilities]))
    bottom, low, median, high, top = (float(value) for value in quantiles[:5])
    nodes, spread = quantiles[5:], (high - low) / 2
    if nodes[0] == nodes[-1]:
        nodes, weights, spread = nodes[:1], np.ones(1), 0.0
    ends = (bottom, top)
    return _Variable(distribution, nodes, weights, median, spread, ends, *_finest(nodes))


def _finest(nodes: Floats) -> tuple[float, float]:
    """Return the smallest rises of nodes and of their logarithms by normal score, in the bulk."""
    if nodes.size == 1:
        return 0.0, 0.0
    inner = nodes[_BULK:-_BULK]
    rises = np.diff(inner)
    relative = rises / np.maximum((inner[1:] + inner[:-1]) / 2, 1e-300)
    finest = max(float(rises.min()), float(rises.max()) / 100) / _STEP
    return finest, max(float(relative.min()), 0.0) / _STEP


@dataclass(frozen=True, slots=True)
class Kernel:
    """P(level + noise(rate * a) >= K) of one component, and how wide it is.

    Parameters
    ----------
    level, rate : _Variable
    relative : bool
        Whether the rate is a multiple of the level.
    day_noise : float
        Variance over mean of a day's count [unit]; 0 for none.
    """

    level: _Variable
    rate: _Variable
    relative: bool
    day_noise: float

    @classmethod
    def of(cls, component: Account, day_noise: float) -> Kernel:
        """Return the kernel of a component."""
        level, rate = _variable(component.level), _variable(component.rate)
        return cls(level, rate, component.relative, day_noise)

    @property
    def rate_scale(self) -> float:
        """What one unit of the rate is worth [unit]: the level itself where it is relative."""
        return self.level.median if self.relative else 1.0

    @property
    def mean_rate(self) -> float:
        """The median rate [unit/day]."""
        return self.rate.median * self.rate_scale

    def spreads(self, times: Floats) -> Floats:
        """Return the half-widths of level, rate and day noise [unit], shape (3, time)."""
        growth = 1 + self.rate.median * times if self.relative else np.ones(times.size)
        return np.stack(
            [
                self.level.spread * growth,
                self.rate.spread * self.rate_scale * times,
                np.sqrt(self.day_noise * self.mean_rate * times),
            ]
        )

    def scales(self, times: Floats) -> Floats:
        """Return over which widths the kernel varies [unit], shape (3, time).

        Finer than the half-widths where a distribution has a narrow part, and never wider in the
        rate than the increment itself.
        """
        growth = 1 + self.rate.median * times if self.relative else np.ones(times.size)
        rate = min(self.rate.log_finest, _WIDEST) * self.mean_rate
        noise = np.sqrt(self.day_noise * self.mean_rate * times)
        return np.stack([self.level.finest * growth, rate * times, noise])

    def crossings(self, thresholds: Floats) -> Floats:
        """Return the times at which the median total reaches thresholds [day at current rate]."""
        return np.asarray((thresholds - self.level.median) / max(self.mean_rate, 1e-300))

    def exceedance(self, thresholds: Floats, times: Floats) -> Floats:
        """Return P(total >= K) when a given time has passed, at the current rate.

        Parameters
        ----------
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
        spreads = self.spreads(times)
        widest = spreads.argmax(axis=0)
        widest[spreads.max(axis=0) == 0] = -1
        result = np.empty((thresholds.size, times.size))
        branches = {-1: _surely, 0: _by_level, 1: _by_rate, 2: _by_noise}
        for key, branch in branches.items():
            chosen = widest == key
            if chosen.any():
                result[:, chosen] = branch(self, thresholds, times[chosen])
        np.clip(result, 0.0, 1.0, out=result)
        np.minimum.accumulate(result, axis=0, out=result)
        return np.asarray(np.maximum.accumulate(result, axis=1))


def _noise_nodes(mean: Floats, day_noise: float, *, narrow: bool) -> tuple[Floats, Floats]:
    """Return totals of the day noise, shape (*mean.shape, node): gamma(mean / phi, scale phi).

    Noise that is narrow beside what is integrated exactly is carried by three nodes, right to
    the fifth moment of a normal, through the cube-root approximation of gamma quantiles
    (Wilson and Hilferty 1931, doi:10.1073/pnas.17.12.684).
    """
    if day_noise == 0:
        return mean[..., None], np.ones(1)
    shape = np.maximum(mean / day_noise, 1e-300)[..., None]
    if narrow:
        scores, weights = np.array([-(3**0.5), 0.0, 3**0.5]), np.array([1.0, 4.0, 1.0]) / 6
        root = 1 - 1 / (9 * shape) + scores / (3 * np.sqrt(shape))
        nodes = np.where(shape > 1, shape * np.maximum(root, 0.0) ** 3, shape) * day_noise
    else:
        probabilities, weights = _rule()
        nodes = special.gammaincinv(shape, probabilities) * day_noise
    return np.asarray(np.where(mean[..., None] > 0, nodes, 0.0)), weights


def _by_level(kernel: Kernel, thresholds: Floats, times: Floats) -> Floats:
    """Integrate the level exactly, rate and noise by nodes, in blocks of neighbouring times."""
    result = np.empty((thresholds.size, times.size))
    spreads = kernel.spreads(times)
    narrow = bool((spreads[2] <= _NARROW * spreads[0]).all())
    block = max(1, 400 // kernel.rate.nodes.size)
    for first in range(0, times.size, block):
        columns = slice(first, first + block)
        result[:, columns] = _level_block(kernel, thresholds, times[columns], narrow=narrow)
    return result


def _level_block(kernel: Kernel, thresholds: Floats, times: Floats, *, narrow: bool) -> Floats:
    level, rate = kernel.level, kernel.rate
    growth = rate.nodes * times[:, None]
    mean = growth * kernel.rate_scale
    totals, noise_weights = _noise_nodes(mean, kernel.day_noise, narrow=narrow)
    mass = (rate.weights[:, None] * noise_weights).ravel()
    noise, factor = totals.reshape(times.size, -1), np.ones((1, 1))
    if kernel.relative:
        noise = (totals - mean[..., None]).reshape(times.size, -1)
        factor = np.broadcast_to(1 + growth[..., None], totals.shape).reshape(times.size, -1)
    bottom, top = level.ends
    first = int(np.searchsorted(thresholds, (bottom * factor + noise).min()))
    last = int(np.searchsorted(thresholds, (top * factor + noise).max(), side="right"))
    result = np.zeros((thresholds.size, times.size))
    result[:first] = 1.0
    if last > first:
        wanted = (thresholds[first:last, None, None] - noise) / factor
        result[first:last] = level.above(wanted) @ mass
    return result


def _by_noise(kernel: Kernel, thresholds: Floats, times: Floats) -> Floats:
    """Integrate the day noise exactly, level and rate by nodes, in blocks of times."""
    level, rate, phi = kernel.level, kernel.rate, kernel.day_noise
    reach = 8.0  # standard deviations beyond which the noise is taken for certain
    missing = np.maximum(thresholds[:, None] - level.nodes, 0.0)
    worth = level.nodes if kernel.relative else np.ones(level.nodes.size)
    mass = (rate.weights[:, None] * level.weights).ravel()
    result = np.empty((thresholds.size, times.size))
    block = max(1, 64 // mass.size)
    for start in range(0, times.size, block):
        columns = slice(start, start + block)
        mean = times[columns][:, None, None] * rate.nodes[:, None] * worth
        mean = np.maximum(mean, 1e-300)
        spread = reach * (np.sqrt(phi * mean) + reach * phi)
        low, high = (mean - spread).min(axis=(0, 1)), (mean + spread).max(axis=(0, 1))
        first = int(np.searchsorted((missing - low).max(axis=1), 0.0))
        last = int(np.searchsorted((missing - high).min(axis=1), 0.0))
        result[:first, columns], result[last:, columns] = 1.0, 0.0
        if last > first:
            part = missing[first:last, None, None, :]
            above = special.gammaincc(mean / phi, part / phi)
            above = np.where(part <= 0, 1.0, above).reshape(last - first, mean.shape[0], -1)
            result[first:last, columns] = above @ mass
    return result


def _by_rate(kernel: Kernel, thresholds: Floats, times: Floats) -> Floats:
    """Integrate the rate exactly, level and noise by nodes.

    The noise of total S reaches m at probability p when S is at least S*(m, p); that S* does
    not depend on the rate, so P(rate >= S* / time) integrates the rate without error.
    """
    spreads = kernel.spreads(times)
    narrow = spreads[2] <= _NARROW * spreads[1]
    result = np.empty((thresholds.size, times.size))
    for few, chosen in ((True, narrow), (False, ~narrow)):
        if chosen.any():
            result[:, chosen] = _rate_block(kernel, thresholds, times[chosen], narrow=few)
    return result


def _rate_block(kernel: Kernel, thresholds: Floats, times: Floats, *, narrow: bool) -> Floats:
    level, phi = kernel.level, kernel.day_noise
    missing = np.maximum(thresholds[:, None] - level.nodes, 0.0)[..., None]
    worth = level.nodes if kernel.relative else np.ones(level.nodes.size)
    low, high = (
        worth * rate * time for rate, time in zip(kernel.rate.ends, times[[0, -1]], strict=True)
    )
    spread = 8.0 * (np.sqrt(phi * high) + 8.0 * phi)
    first = int(np.searchsorted((missing[..., 0] - (low - spread)).max(axis=1), 0.0))
    last = int(np.searchsorted((missing[..., 0] - (high + spread)).min(axis=1), 0.0))
    result = np.empty((thresholds.size, times.size))
    result[:first], result[last:] = 1.0, 0.0
    if last <= first:
        return result
    needed, noise_weights = _needed(missing[first:last], phi, narrow=narrow)
    if kernel.relative:
        needed = needed / level.nodes[:, None]
    flat = np.where(missing[first:last] > 0, needed, 0.0).reshape(last - first, -1)
    weights = (level.weights[:, None] * noise_weights).ravel()
    result[first:last] = _rate_above(kernel, flat, weights, times)
    return result


def _rate_above(kernel: Kernel, needed: Floats, weights: Floats, times: Floats) -> Floats:
    """Return the mean of P(rate >= needed / time) over nodes, shape (threshold, time)."""
    bottom, top = kernel.rate.ends
    least, most = needed.min(axis=1), needed.max(axis=1)
    result = np.empty((needed.shape[0], times.size))
    block = max(1, 60_000 // (needed.shape[1] * min(needed.shape[0], 64)))
    for start in range(0, times.size, block):
        columns = slice(start, start + block)
        first = int(np.searchsorted(most, bottom * times[columns][0]))
        last = int(np.searchsorted(least, top * times[columns][-1], side="right"))
        result[:first, columns], result[last:, columns] = 1.0, 0.0
        if last > first:
            wanted = needed[first:last, None, :]
            above = kernel.rate.above(wanted / times[columns][:, None])
            result[first:last, columns] = np.where(wanted > 0, above, 1.0) @ weights
    return result


def _needed(missing: Floats, day_noise: float, *, narrow: bool) -> tuple[Floats, Floats]:
    """Return the mean at which the noise reaches ``missing`` at each node's probability."""
    if day_noise == 0:
        return missing, np.ones(1)
    if narrow:
        scores = np.array([-(3**0.5), 0.0, 3**0.5])
        weights = np.array([1.0, 4.0, 1.0]) / 6
    else:
        probabilities, weights = _rule()
        scores = special.ndtri(probabilities)
    target = missing / day_noise
    shapes = _gamma_shape(np.maximum(target, _LARGE), scores)
    small = np.broadcast_to(target < _LARGE, shapes.shape)
    if small.any():
        with np.errstate(all="ignore"):
            roots = special.gdtrib(
                1.0,
                np.broadcast_to(special.ndtr(scores), shapes.shape)[small],
                np.broadcast_to(target, shapes.shape)[small],
            )
        shapes[small] = roots
    return shapes * day_noise, weights


def _gamma_shape(target: Floats, scores: Floats) -> Floats:
    """Return the shapes whose gamma quantiles at normal scores are ``target``.

    Newton's method on the cube-root approximation, for targets that are not small.
    """
    root = np.cbrt(target)
    shape = np.maximum(target - scores * np.sqrt(target), 1.0)
    for _ in range(4):
        sixth = shape ** (1 / 6)
        value = sixth**2 - sixth**-4 / 9 + scores / (3 * sixth) - root
        slope = sixth**-4 / 3 + 2 * sixth**-10 / 27 - scores * sixth**-7 / 18
        shape = np.maximum(shape - value / slope, 1e-3)
    return np.asarray(shape)


def _surely(kernel: Kernel, thresholds: Floats, times: Floats) -> Floats:
    """Nothing is uncertain: the total is reached or it is not."""
    start = kernel.level.median
    reached = start + kernel.mean_rate * times
    return np.asarray(reached[None, :] >= thresholds[:, None] * (1 - 1e-12), dtype=float)
