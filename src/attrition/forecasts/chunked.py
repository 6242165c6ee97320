"""Whole paths in chunks of Dask: made where they are read, and never all at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from attrition.core._typing import Floats
from attrition.core.checks import whole_number
from attrition.core.late import optional
from attrition.core.simulation import BLOCK
from attrition.core.workers import packed, unpacked_once
from attrition.forecasts.resampled import Resampled
from attrition.models.counts import draw_totals
from attrition.models.pace import FittedPace


def lazy_paths(
    source: FittedPace | Resampled,
    shape: tuple[int, int],
    chunk: int,
    *,
    seed: int,
    dtype: type[np.floating[Any]],
) -> Any:  # noqa: ANN401 - Dask ships no types
    """Return daily totals as a Dask array; the same totals as in one piece.

    Parameters
    ----------
    source : FittedPace or Resampled
        What a recorded count is carried forward by, or the draws of a posterior.
    shape : tuple of int
        Draws and days.
    chunk : int
        Draws in a chunk, rounded up to whole blocks.
    seed : int
    dtype : numpy.float64 or numpy.float32

    Raises
    ------
    InputError
        If ``chunk`` is not positive, or Dask is not installed.
    """
    whole_number(chunk, "chunks", least=1)
    remedy = "Install `attrition[dask]`, or leave `chunks` out"
    da = optional("dask.array", "chunks", remedy)
    draws, columns = shape
    size = -(-chunk // BLOCK) * BLOCK
    sizes = tuple(min(size, draws - first) for first in range(0, draws, size))
    recipe = packed((source, columns - 1))

    def block(block_id: tuple[int, int]) -> Floats:
        first = block_id[0] * size
        return _chunk(recipe, first, min(size, draws - first), seed, np.dtype(dtype).name)

    return da.map_blocks(
        block, chunks=(sizes, (columns,)), dtype=dtype, meta=np.empty((0, 0), dtype=dtype)
    )


def _chunk(recipe: bytes, first: int, draws: int, seed: int, dtype: str) -> Floats:
    """Return the totals of some draws, the first of which begins a block."""
    source, days = unpacked_once(recipe)
    kind = np.dtype(dtype).type
    if isinstance(source, Resampled):
        return source.totals(seed, first, draws).astype(kind)
    return draw_totals(source, days, draws, rng=seed, dtype=kind, threads=1, first=first)
