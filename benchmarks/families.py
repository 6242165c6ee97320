"""Sources that share an input are off all together: how far from each by itself that is.

    python -m benchmarks.families

Families are drawn from the model, one figure a source; one source then stands apart. At a constant
rate the posterior of the total is a mixture of normals in closed form, both as it is and summed
over every set of sources, the input among them, that may be off.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
WIDTHS = ((1.0, 0.9), (8.0, 0.1))
COMMON, ERROR, READING = 0.8, 0.15, 0.05
SIZES, APART, FAMILIES = (2, 3, 5), (0.0, 0.3, 0.6), 200


@dataclass(frozen=True)
class Law:
    """The posterior of the log of a total as a mixture of normals, each of shape (state,)."""

    weights: Array
    means: Array
    sds: Array

    def cdf(self, values: Array) -> Array:
        """Return the chance of less."""
        return np.asarray(special.ndtr((values[:, None] - self.means) / self.sds) @ self.weights)

    def width(self) -> float:
        """Return the width of the 90 % interval."""
        values = np.linspace(self.means.min() - 8, self.means.max() + 8, 4001)
        low, high = np.interp([0.05, 0.95], self.cdf(values), values)
        return float(high - low)


def family(seed: int, size: int, apart: float) -> Array:
    """Return the logs of the figures of a family, of a total whose log is 0."""
    rng = np.random.default_rng(seed)
    own = math.sqrt(1 - COMMON**2) * rng.normal(0, ERROR, size)
    logs = COMMON * rng.normal(0, ERROR) + own + rng.normal(0, READING, size)
    logs[0] += apart
    return np.asarray(logs)


def law(logs: Array, *, alone: bool) -> Law:
    """Return the posterior where each source is off by itself, or all together."""
    size = logs.size
    shares = np.column_stack([math.sqrt(1 - COMMON**2) * np.eye(size), np.full(size, COMMON)])
    states = (
        itertools.product(WIDTHS, repeat=size + 1) if alone else ((w,) * (size + 1) for w in WIDTHS)
    )
    heights, means, sds = [], [], []
    for widths in states:
        spread = [ERROR * width for width, _ in widths]
        often = math.prod(p for _, p in widths) if alone else widths[0][1]
        inverse = np.linalg.inv((shares * np.square(spread)) @ shares.T + READING**2 * np.eye(size))
        known = float(inverse.sum())
        means.append(float(inverse.sum(axis=0) @ logs) / known)
        left = logs - means[-1]
        sds.append(known**-0.5)
        height = math.log(often) + 0.5 * np.linalg.slogdet(inverse).logabsdet
        heights.append(height - 0.5 * (left @ inverse @ left + math.log(known)))
    weights = np.exp(np.array(heights) - max(heights))
    return Law(weights / weights.sum(), np.array(means), np.array(sds))


def main() -> None:
    """Print how far off the law is, and how wide, by size and by how far one stands apart."""
    print(
        "sources | one apart by [log] | law off by: half, nine in ten | 90 %: by itself, together"
    )
    values = np.linspace(-2, 2, 401)
    for size, apart in itertools.product(SIZES, APART):
        gaps, widths = [], []
        for seed in range(FAMILIES):
            logs = family(seed, size, apart)
            each, all_ = law(logs, alone=True), law(logs, alone=False)
            gaps.append(float(np.abs(each.cdf(values) - all_.cdf(values)).max()))
            widths.append((each.width(), all_.width()))
        half, most = np.quantile(gaps, [0.5, 0.9])
        by_itself, together = np.median(widths, axis=0)
        print(f"{size} | {apart:g} | {half:.2f}, {most:.2f} | {by_itself:.1f}, {together:.1f}")


if __name__ == "__main__":
    main()
