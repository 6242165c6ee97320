"""Chains that move draws where their weights cannot be trusted."""

from __future__ import annotations

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.models.assimilation.search import Fit
from attrition.models.trajectories import REPLICATES

CHAINS = 64
"""Of each replicate."""

_SWEEPS = 100  # updates of each chain
_SHRINKS = 60  # of the bracket of a slice, at most


def chained(
    held: Fit, points: Floats, log_weights: Floats, seed: int, chains: int = CHAINS
) -> Floats:
    """Move resampled draws by elliptical slice sampling about the normals at the modes.

    Nishihara, Murray and Adams (2014), "Parallel MCMC with generalized elliptical slice sampling",
    Journal of Machine Learning Research 15, 2087-2112. Each chain keeps to the mode it began at,
    whose normal takes the place of the prior.

    Parameters
    ----------
    held : Fit
    points : ndarray of float, shape (draw, unknown)
    log_weights : ndarray of float, shape (replicate, draw)
    seed : int
        Replicate r resamples and moves with ``SeedSequence(seed, spawn_key=(r, 1))``.
    chains : int
        Of each replicate.

    Returns
    -------
    ndarray of float, shape (chain, unknown)
    """
    each = log_weights.shape[1]
    streams = [
        np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(r, 1)))
        for r in range(REPLICATES)
    ]
    chosen = []
    for r, stream in enumerate(streams):
        cumulative = np.cumsum(special.softmax(log_weights[r]))
        places = (np.arange(chains) + stream.random()) / chains
        chosen.append(r * each + np.minimum(np.searchsorted(cumulative, places), each - 1))
    state = points[np.concatenate(chosen)].copy()
    distance = [(mode.whitened(state) ** 2).sum(axis=1) for mode in held.modes]
    nearest = np.argmin(distance, axis=0)
    height = _above(held, state, nearest)
    for _ in range(_SWEEPS):
        state, height = _sweep(held, state, nearest, height, streams)
    return np.asarray(state)


def _above(held: Fit, points: Floats, nearest: np.ndarray) -> Floats:
    """Return the log of the target over the normal of each point's mode."""
    scores = np.empty(points.shape[0])
    for index, mode in enumerate(held.modes):
        rows = nearest == index
        scores[rows] = 0.5 * (mode.whitened(points[rows]) ** 2).sum(axis=1)
    with np.errstate(over="ignore", invalid="ignore"):
        found = held.model.log_density(points) + scores
    return np.where(np.isfinite(found), found, -np.inf)


def _sweep(
    held: Fit,
    state: Floats,
    nearest: np.ndarray,
    height: Floats,
    streams: list[np.random.Generator],
) -> tuple[Floats, Floats]:
    """Update every chain once."""
    each, size = state.shape[0] // len(streams), state.shape[1]
    noise = np.concatenate([s.standard_normal((each, size)) for s in streams])
    level = height + np.log(np.concatenate([s.random(each) for s in streams]))
    angle = 2 * np.pi * np.concatenate([s.random(each) for s in streams])
    centre = np.array([mode.point for mode in held.modes])[nearest]
    other = np.empty_like(state)
    for index, mode in enumerate(held.modes):
        rows = nearest == index
        other[rows] = mode.placed(noise[rows]) - mode.point
    low, high = angle - 2 * np.pi, angle.copy()
    moved, new = state.copy(), height.copy()
    active = np.arange(state.shape[0])
    for _ in range(_SHRINKS):
        turn = angle[active, None]
        tried = (
            centre[active]
            + (state[active] - centre[active]) * np.cos(turn)
            + other[active] * np.sin(turn)
        )
        found = _above(held, tried, nearest[active])
        good = found >= level[active]
        moved[active[good]], new[active[good]] = tried[good], found[good]
        active = active[~good]
        if not active.size:
            break
        below = angle[active] < 0
        low[active[below]] = angle[active[below]]
        high[active[~below]] = angle[active[~below]]
        draws = np.concatenate([s.random(each) for s in streams])
        angle[active] = low[active] + (high[active] - low[active]) * draws[active]
    return moved, new
