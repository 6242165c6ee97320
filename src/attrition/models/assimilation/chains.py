"""Chains that move draws where their weights cannot be trusted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.core.simulation import REPLICATES
from attrition.core.streams import stream
from attrition.models.assimilation.model import Model
from attrition.models.assimilation.modes import Mode
from attrition.models.assimilation.search import Fit

CHAINS = 64
"""Of each replicate."""

_Pairs = Sequence[tuple[Model, Mode]]
"""Every mode, with the model under its hypothesis."""

_SWEEPS = 100  # updates of each chain
_SHRINKS = 60  # of the bracket of a slice, at most


def chained(
    fit: Fit, points: Floats, which: np.ndarray, log_weights: Floats, seed: int
) -> tuple[Floats, np.ndarray]:
    """Move resampled draws by elliptical slice sampling about the normals at the modes.

    Nishihara, Murray and Adams (2014), "Parallel MCMC with generalized elliptical slice sampling",
    Journal of Machine Learning Research 15, 2087-2112. Each chain keeps to the hypothesis and the
    mode it began at, whose normal takes the place of the prior.

    Parameters
    ----------
    fit : Fit
    points : ndarray of float, shape (draw, unknown)
    which : ndarray of int, shape (draw,)
        The hypothesis of each.
    log_weights : ndarray of float, shape (replicate, draw)
    seed : int
        Replicate r resamples and moves with ``SeedSequence(seed, spawn_key=(r, 1))``.

    Returns
    -------
    points : ndarray of float, shape (chain, unknown)
    which : ndarray of int, shape (chain,)
    """
    each = log_weights.shape[1]
    chains = min(each, CHAINS)
    streams = [stream(seed, r, 1) for r in range(REPLICATES)]
    chosen = []
    for r, own in enumerate(streams):
        cumulative = np.cumsum(special.softmax(log_weights[r]))
        places = (np.arange(chains) + own.random()) / chains
        chosen.append(r * each + np.minimum(np.searchsorted(cumulative, places), each - 1))
    rows = np.concatenate(chosen)
    state, kept = points[rows].copy(), which[rows]
    likelihood = fit.model.holding(state)  # the same target at every step
    pairs = [(one.model, mode) for one in fit.supposed for mode in one.modes]
    owners = np.repeat(np.arange(len(fit.supposed)), [len(one.modes) for one in fit.supposed])
    distance = np.array([(mode.whitened(state) ** 2).sum(axis=1) for _, mode in pairs])
    distance[owners[:, None] != kept] = np.inf
    nearest = np.argmin(distance, axis=0)
    height = _above(likelihood, pairs, state, nearest)
    for _ in range(_SWEEPS):
        state, height = _sweep(likelihood, pairs, state, nearest, height, streams)
    return np.asarray(state), kept


def _above(likelihood: Model, pairs: _Pairs, points: Floats, nearest: np.ndarray) -> Floats:
    """Return the log of the target over the normal of each point's mode."""
    with np.errstate(over="ignore", invalid="ignore"):
        out = likelihood.log_common(points)  # of all at once: what is dear of many small calls
        for index, (model, mode) in enumerate(pairs):
            rows = nearest == index
            if rows.any():
                score = mode.whitened(points[rows])
                out[rows] += model.log_shape(points[rows]) + 0.5 * (score**2).sum(axis=1)
    return np.where(np.isfinite(out), out, -np.inf)


def _sweep(  # noqa: PLR0917 - a kernel
    likelihood: Model,
    pairs: _Pairs,
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
    centre = np.array([mode.point for _, mode in pairs])[nearest]
    other = np.empty_like(state)
    for index, (_, mode) in enumerate(pairs):
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
        heights = _above(likelihood, pairs, tried, nearest[active])
        good = heights >= level[active]
        moved[active[good]], new[active[good]] = tried[good], heights[good]
        active = active[~good]
        if not active.size:
            break
        below = angle[active] < 0
        low[active[below]] = angle[active[below]]
        high[active[~below]] = angle[active[~below]]
        draws = np.concatenate([s.random(each) for s in streams])
        angle[active] = low[active] + (high[active] - low[active]) * draws[active]
    return moved, new
