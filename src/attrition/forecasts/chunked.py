"""Whole paths in chunks of Dask: made where they are read, and never all at once."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError
from attrition.core.tasks import packed, unpacked
from attrition.core.threads import one_thread
from attrition.models.assimilation import ONE, Factor
from attrition.models.pace import FittedPace
from attrition.models.trajectories import BLOCK, Start, draw_totals, path_plan


def lazy_paths(
    source: tuple[Start, Factor] | FittedPace,
    shape: tuple[int, int],
    chunk: int,
    *,
    seed: int,
    dtype: type[np.floating[Any]],
) -> Any:  # noqa: ANN401 - Dask ships no types
    """Return daily totals as a Dask array; the same totals as in one piece.

    Parameters
    ----------
    source : tuple of Start and Factor, or FittedPace
        Where a total of a dossier starts, and what makes it from that of its root; or what a
        recorded count is carried forward by.
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
    recipe = packed((source, columns - 1))

    def made(block_id: tuple[int, int]) -> Floats:
        first = block_id[0] * size
        return _chunk(recipe, first, min(size, draws - first), seed, np.dtype(dtype).name)

    return da.map_blocks(
        made, chunks=(sizes, (columns,)), dtype=dtype, meta=np.empty((0, 0), dtype=dtype)
    )


def _chunk(recipe: bytes, first: int, draws: int, seed: int, dtype: str) -> Floats:
    """Return the totals of some draws, the first of which begins a block."""
    source, days, plan = _made(recipe)
    kind = np.dtype(dtype)
    if isinstance(source, FittedPace):
        return draw_totals(source, days, draws, rng=seed, dtype=kind.type, threads=1, first=first)
    _, factor = source
    with one_thread():
        totals: Floats = plan.totals(seed, first // BLOCK, draws, kind)
        if factor.nodes.size > 1 or factor.nodes[0] != ONE.nodes[0]:
            totals *= factor.draw(draws, seed, first).astype(totals.dtype)[:, None]
    return totals


@functools.lru_cache(maxsize=4)
def _made(recipe: bytes) -> tuple[Any, int, Any]:
    source, days = unpacked(recipe)
    return source, days, None if isinstance(source, FittedPace) else path_plan(source[0], days)
