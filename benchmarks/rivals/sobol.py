"""Sobol points along the principal components of the path: what a skilled user writes in 20 lines.

Level, rate and noise are integrated. The first components, by variance of x, are driven by points
of a scrambled sequence, the rest by plain normals. The components are found in every run.
"""

from __future__ import annotations

import numpy as np
from benchmarks.rivals.integrated import Floats, covariance, law_of_paths
from scipy import special
from scipy.stats import qmc

LEADING = 24


def laws(thresholds: tuple[float, ...], days: int, draws: int, seed: int) -> Floats:
    """Return P(T <= t), shape (threshold, days + 1)."""
    variances, components = np.linalg.eigh(covariance(days))
    loadings = (components * np.sqrt(np.maximum(variances, 0.0)))[:, ::-1]
    rng = np.random.default_rng(seed)
    points = qmc.Sobol(LEADING, rng=rng).random(draws)
    rest = rng.standard_normal((draws, days - LEADING))
    x = np.hstack([special.ndtri(points), rest]) @ loadings.T
    return law_of_paths(thresholds, np.cumsum(np.exp(x), axis=1))
