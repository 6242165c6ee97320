"""Counts of paths in chunks of Dask: each chunk becomes a small Dataset, merged as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from attrition.core._typing import Floats
from attrition.core.laws.paths import Counts, counted

if TYPE_CHECKING:
    import xarray as xr

_BRANCHES = 8  # Datasets merged at once


def counted_in_chunks(paths: xr.DataArray, grid: Floats, edges: Counts) -> tuple[Counts, bool]:
    """Count draws by batch, threshold and time, where Dask runs.

    Whole numbers add up to the same in any order. No task holds more than one chunk of paths, all
    times of some draws.

    Parameters
    ----------
    paths : xarray.DataArray
        In chunks; dims (draw, time) or (chain, draw, time).
    grid : ndarray of float, shape (threshold,)
    edges : ndarray of int, shape (batch + 1,)

    Returns
    -------
    tuple of ndarray of int, shape (batch, threshold, time), and bool
        As :func:`counted`.
    """
    counts: xr.Dataset = tree_of_counts(paths.data, grid, edges).compute()[0]
    return np.asarray(counts["count"].values), bool(counts["falls"])


def tree_of_counts(array: Any, grid: Floats, edges: Counts) -> Any:  # noqa: ANN401 - Dask ships no types
    """Return a Dask array of one Dataset, the counts of an array in chunks; nothing is run.

    Parameters
    ----------
    array : dask.array.Array, shape (draw, time) or (chain, draw, time)
    grid, edges
        As :func:`counted_in_chunks`.
    """
    import dask.array as da

    chained = array.ndim == 3  # noqa: PLR2004 - chain, draw, time
    array = array.rechunk({0: 1, 2: -1} if chained else {1: -1})
    starts = np.concatenate([[0], np.cumsum(array.chunks[-2])[:-1]])
    per_chain = array.shape[-2]

    def small(values: Floats, block_info: Any = None) -> Any:  # noqa: ANN401 - Dask's, and an array
        at = block_info[0]["chunk-location"]
        first = int(starts[at[-2]]) + (int(at[0]) * per_chain if chained else 0)
        cell = np.empty((1,) * values.ndim, dtype=object)
        cell[(0,) * values.ndim] = _small(values.reshape(-1, values.shape[-1]), grid, edges, first)
        return cell

    each = da.map_blocks(
        small,
        array,
        dtype=object,
        chunks=tuple((1,) * count for count in array.numblocks),
        meta=np.empty((0,) * array.ndim, dtype=object),
    )
    return da.reduction(
        each.ravel(),
        chunk=_merged,
        combine=_merged,
        aggregate=_merged,
        axis=0,
        keepdims=True,
        dtype=object,
        split_every=_BRANCHES,
        meta=np.empty((0,), dtype=object),
    )


def _small(values: Floats, grid: Floats, edges: Counts, first: int) -> xr.Dataset:
    """Return the counts of one chunk, of those batches that it has draws of."""
    import xarray as xr

    last = first + values.shape[0]
    low = int(np.searchsorted(edges, first, side="right")) - 1
    high = int(np.searchsorted(edges, last, side="left"))
    counts, falls = counted(values, grid, edges[low : high + 1], first)
    return xr.Dataset(
        {"count": (("batch", "threshold", "time"), counts), "falls": falls},
        coords={"batch": np.arange(low, high)},
    )


def _merged(parts: Any, axis: Any = None, keepdims: Any = None) -> Any:  # noqa: ANN401, ARG001 - Dask's
    """Add up Datasets of counts, batch by batch."""
    import xarray as xr

    pieces = list(np.ravel(parts))
    batches = np.unique(np.concatenate([part["batch"].values for part in pieces]))
    shape = (batches.size, *pieces[0]["count"].shape[1:])
    total = np.zeros(shape, dtype=np.int64)
    for part in pieces:
        total[np.searchsorted(batches, part["batch"].values)] += part["count"].values
    cell = np.empty(1, dtype=object)
    falls = any(bool(part["falls"]) for part in pieces)
    cell[0] = xr.Dataset(
        {"count": (("batch", "threshold", "time"), total), "falls": falls},
        coords={"batch": batches},
    )
    return cell
