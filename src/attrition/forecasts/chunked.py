"""Whole paths in chunks of Dask: made where they are read, and never all at once."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from attrition._typing import Floats
from attrition.assimilation import ONE, Factor
from attrition.errors import InputError
from attrition.tasks import packed, unpacked
from attrition.threads import one_thread
from attrition.trajectories import BLOCK, PathPlan, Start, path_plan


def lazy_paths(
    start: Start,
    factor: Factor,
    shape: tuple[int, int],
    chunk: int,
    *,
    seed: int,
    dtype: type[np.floating[Any]],
) -> Any:  # noqa: ANN401 - Dask ships no types
    """Return daily totals as a Dask array; the same totals as :func:`draw_paths` draws.

    Parameters
    ----------
    start : Start
    factor : Factor
        What makes the total from that of its root.
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
    if chunk < 1:
        raise InputError(
            "a chunk must hold at least one draw",
            got=str(chunk),
            place="chunks",
            remedy="Give for example chunks=65_536",
        )
    try:
        import dask.array as da
    except ImportError:
        raise InputError(
            "paths in chunks need Dask",
            got="none installed",
            place="chunks",
            remedy="Install `attrition[dask]`, or leave `chunks` out",
        ) from None
    draws, columns = shape
    size = -(-chunk // BLOCK) * BLOCK
    sizes = tuple(min(size, draws - first) for first in range(0, draws, size))
    recipe = packed((start, factor, columns - 1))

    def made(block_id: tuple[int, int]) -> Floats:
        first = block_id[0] * size
        return _chunk(recipe, first, min(size, draws - first), seed, np.dtype(dtype).name)

    return da.map_blocks(
        made, chunks=(sizes, (columns,)), dtype=dtype, meta=np.empty((0, 0), dtype=dtype)
    )


def _chunk(recipe: bytes, first: int, draws: int, seed: int, dtype: str) -> Floats:
    """Return the totals of some draws, the first of which begins a block."""
    with one_thread():
        plan, factor = _made(recipe)
        totals = plan.totals(seed, first // BLOCK, draws, np.dtype(dtype))
        if factor is not None:
            totals *= factor.draw(draws, seed, first).astype(totals.dtype)[:, None]
    return totals


@functools.lru_cache(maxsize=4)
def _made(recipe: bytes) -> tuple[PathPlan, Factor | None]:
    start, factor, days = unpacked(recipe)
    plain = factor.nodes.size == 1 and factor.nodes[0] == ONE.nodes[0]
    return path_plan(start, days), None if plain else factor
