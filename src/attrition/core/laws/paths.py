"""Anybody's paths, counted: arrays of draws, monotone or not, at any report dates.

An array in chunks of Dask is counted chunk by chunk, where Dask runs: each becomes a small Dataset,
merged as a tree, so that no task holds more than one chunk.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from attrition.core._typing import Floats
from attrition.core.errors import clip, refusal
from attrition.core.laws.totals import Totals, totals_of

if TYPE_CHECKING:
    import xarray as xr

BATCHES = 16
"""Batches of draws that measure the Monte Carlo error."""

RUNNING_MAXIMUM = "paths that fall are read by their running maximum: the first time at or above"

_BRANCHES = 8  # chunks whose counts are added at once

Counts = npt.NDArray[np.int64]


def checked_paths(paths: xr.DataArray) -> xr.DataArray:
    """Return paths with the dims (chain, draw, time) or (draw, time); refuse others.

    Raises
    ------
    InputError
        If a dim is missing, there are too few draws or times, or times are not ascending dates.
    """
    names = [str(name) for name in paths.dims]
    times = paths["time"].values if "time" in names else np.zeros(0)
    if times.size == 0 or "draw" not in names or set(names) - {"time", "draw", "chain"}:
        raise refusal("dims of paths", clip(names), "paths")
    if paths.size // times.size < 2 or times.size < 2:  # noqa: PLR2004 - no spread, no time
        raise refusal("two draws and two times", f"shape {paths.shape}", "paths")
    if times.dtype.kind != "M" or not (np.diff(times.astype("M8[D]")).astype(int) > 0).all():
        raise refusal("ascending times", clip(str(times.dtype)), "paths")
    return paths.transpose(*(name for name in ("chain", "draw") if name in names), "time")


def exceedance_of_paths(paths: xr.DataArray, grid: Floats) -> tuple[Floats, Counts, bool]:
    """Count paths that are at or above thresholds.

    Parameters
    ----------
    paths : xarray.DataArray
        As :func:`checked_paths` returns them.
    grid : ndarray of float, shape (threshold,)

    Returns
    -------
    surface : ndarray of float, shape (batch, threshold, time)
        Shares of the draws of each batch.
    edges : ndarray of int, shape (batch + 1,)
        Draws at which batches begin.
    falls : bool
        Whether any path fell.
    """
    edges = batch_edges(paths.sizes.get("chain", 1), paths.sizes["draw"])
    if paths.chunks is None:
        counts, falls = counted(paths.values.reshape(-1, paths.sizes["time"]), grid, edges)
    else:
        counts, falls = tree_of_counts(paths.data, grid, edges).compute()
    return shares(counts, np.diff(edges)[:, None, None].astype(float), grid), edges, falls


def totals_of_paths(paths: xr.DataArray, edges: Counts, offsets: Counts) -> Totals:
    """Return the quantiles of the running maximum of paths: between two reports nothing moves."""
    days = np.union1d(offsets, np.maximum(offsets - 1, 0))
    rising = np.maximum.accumulate(paths.values.reshape(-1, offsets.size), axis=1)
    seen = np.searchsorted(offsets, days, side="right") - 1
    return totals_of([rising[a:b][:, seen] for a, b in itertools.pairwise(edges)], days)


def batch_edges(chains: int, draws: int) -> Counts:
    """Return where batches begin and end among draws, chain after chain; each is of one chain."""
    each = min(-(-BATCHES // chains), draws)
    inner = [part[0] for part in np.array_split(np.arange(draws), each)]
    starts = np.add.outer(np.arange(chains) * draws, inner).ravel()
    return np.append(starts, chains * draws).astype(np.int64)


def counted(values: Floats, grid: Floats, edges: Counts, first: int = 0) -> tuple[Counts, bool]:
    """Count draws by batch, threshold and time, and tell whether any path fell.

    Parameters
    ----------
    values : ndarray of float, shape (draw, time)
    grid : ndarray of float, shape (threshold,)
    edges : ndarray of int, shape (batch + 1,)
        Draws at which batches begin, counted as ``first`` is.
    first : int
        Number of the first draw, for errors and for the batches.

    Returns
    -------
    ndarray of int, shape (batch, threshold, time)
        At or above each threshold where there are few of them, else below.
    bool
        Whether any path fell.

    Raises
    ------
    InputError
        If a value is not finite.
    """
    if not np.isfinite(values).all():
        at = np.argwhere(~np.isfinite(values))[0]
        got = f"{values[tuple(at)]} in draw {first + at[0]}, time {at[1]}"
        raise refusal("finite paths", got, "paths")
    falls = bool((values[:, 1:] < values[:, :-1]).any())
    if falls:
        values = np.maximum.accumulate(values, axis=1)
    cuts = np.clip(edges - first, 0, values.shape[0])
    parts = [values[a:b] for a, b in itertools.pairwise(cuts)]
    return np.stack([_counts(part, grid) for part in parts]), falls


def _counts(values: Floats, grid: Floats) -> Counts:
    if grid.size <= BATCHES:
        counts = [np.count_nonzero(values >= np.float64(k), axis=0) for k in grid]
        return np.stack(counts).astype(np.int64)
    ordered = np.sort(values, axis=0)
    below = [np.searchsorted(column, grid, side="left") for column in ordered.T]
    return np.stack(below, axis=1).astype(np.int64)


def shares(counts: Counts, draws: Floats | float, grid: Floats) -> Floats:
    """Return the shares at or above each threshold of draws that :func:`counted` counted."""
    fractions = counts / draws
    return np.asarray(fractions if grid.size <= BATCHES else 1.0 - fractions)


def tree_of_counts(array: Any, grid: Floats, edges: Counts) -> Any:  # noqa: ANN401 - Dask ships no types
    """Return what is computed to :func:`counted` of an array in chunks; nothing is run.

    Parameters
    ----------
    array : dask.array.Array, shape (draw, time) or (chain, draw, time)
    grid, edges
        As of :func:`counted`.
    """
    from dask import delayed

    chained = array.ndim == 3  # noqa: PLR2004 - chain, draw, time
    array = array.rechunk({0: 1, 2: -1} if chained else {1: -1})
    begins = np.cumsum([0, *array.chunks[-2][:-1]])
    firsts = np.add.outer(np.arange(array.numblocks[0] if chained else 1) * array.shape[-2], begins)
    parts = [
        delayed(_of_chunk)(chunk, grid, edges, int(first))
        for chunk, first in zip(array.to_delayed().ravel(), firsts.ravel(), strict=True)
    ]
    while len(parts) > 1:  # whole numbers add up to the same in any order
        some = range(0, len(parts), _BRANCHES)
        parts = [delayed(_added)(parts[at : at + _BRANCHES]) for at in some]
    return parts[0]


def _of_chunk(values: Floats, grid: Floats, edges: Counts, first: int) -> tuple[Counts, bool]:
    return counted(values.reshape(-1, values.shape[-1]), grid, edges, first)


def _added(parts: list[tuple[Counts, bool]]) -> tuple[Counts, bool]:
    return np.sum([counts for counts, _ in parts], axis=0), any(falls for _, falls in parts)
