"""Whole paths of a posterior: its draws, drawn from again, block by block.

Of a posterior or of a recorded count they can be asked for in chunks of Dask: made where they are
read, and never all at once.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from attrition.core._typing import Floats
from attrition.core.checks import whole_number
from attrition.core.late import optional, special
from attrition.core.simulation import BLOCK
from attrition.core.streams import stream
from attrition.core.workers import packed, unpacked_once
from attrition.models.assimilation.outlook import Outlook, PrintedTotal
from attrition.models.counts.totals import draw_totals
from attrition.models.pace import FittedPace

EDGE = 1e-9
"""Uniforms are kept this far from 0 and 1."""


@functools.cache
def _levels() -> Floats:
    """Return probabilities at which the place on the line of each draw is kept.

    They are even, and lie closer to one another in the tails.
    """
    tails = special.ndtr(np.arange(2.5, 4.25, 0.25))
    return np.sort(np.concatenate([(np.arange(129) + 0.5) / 129, 1 - tails, tails]))


@dataclass(frozen=True, eq=False)
class Resampled:
    """What whole paths of one total are drawn from, small enough to be sent to a worker.

    Parameters
    ----------
    cumulative : ndarray of float, shape (draw,)
        Running sum of the weights, up to one.
    counted : ndarray of float32, shape (draw, future, node)
        What is counted by each node, at place 0 on the line [unit].
    log : ndarray of float, shape (draw, place)
        Log of what that is multiplied by: at some probabilities, or at a few places where the error
        of a source is integrated.
    sds : ndarray of float, shape (draw, place), or None
        Standard deviations of that error.
    printed : ndarray of float, shape (draw or 1, column)
        Totals that were printed and to which the count adds [unit].
    nodes : ndarray of int, shape (node,)
        Days after the information date.
    least : float
        No total is smaller [unit].
    """

    cumulative: Floats = field(repr=False)
    counted: np.ndarray = field(repr=False)
    log: Floats = field(repr=False)
    sds: Floats | None = field(repr=False)
    printed: Floats = field(repr=False)
    nodes: np.ndarray = field(repr=False)
    least: float = 0.0

    @classmethod
    def of(cls, outlook: Outlook, figure: PrintedTotal) -> Resampled:
        """Return what paths of a figure are drawn from."""
        draws = outlook.draws
        if figure.hidden is None:
            log, sds = figure.slope * draws.tables.quantiles(_levels()), None
        else:
            places, means, sds = figure.hidden
            log = figure.slope * places + means
        weights = draws.weights.ravel()
        return cls(
            np.cumsum(weights) / weights.sum(),
            figure.path.nodes().astype(np.float32),
            figure.log_factor[:, None] + log,
            sds,
            np.atleast_2d(figure.offset),
            outlook.nodes,
            figure.least,
        )

    def totals(self, seed: int, first: int, draws: int) -> Floats:
        """Return daily totals of some paths, the first of which begins a block, (path, day)."""
        blocks = range(first // BLOCK, -(-(first + draws) // BLOCK))
        return np.concatenate(
            [
                self._block(seed, number, min(BLOCK, first + draws - number * BLOCK))
                for number in blocks
            ]
        )

    def values(self, draw: np.ndarray, future: np.ndarray, uniform: Floats) -> Floats:
        """Return the totals at the nodes of some draws and futures, shape (path, node).

        Parameters
        ----------
        draw, future : ndarray of int, shape (path,)
        uniform : ndarray of float, shape (3, path)
            In (0, 1): the place on the line; the error that is integrated; what the words of a
            printed total mean.
        """
        place, error, words = uniform
        if self.sds is None:
            levels = _levels()
            right = np.clip(np.searchsorted(levels, place), 1, levels.size - 1)
            low, high = levels[right - 1], levels[right]
            share = np.clip((place - low) / (high - low), 0.0, 1.0)
            log = (1 - share) * self.log[draw, right - 1] + share * self.log[draw, right]
        else:
            column = (place * self.log.shape[1]).astype(np.intp)
            log = self.log[draw, column] + self.sds[draw, column] * special.ndtri(error)
        rows = draw if self.printed.shape[0] > 1 else np.zeros_like(draw)
        printed = self.printed[rows, (words * self.printed.shape[1]).astype(np.intp)]
        totals = printed[:, None] + np.exp(log)[:, None] * self.counted[draw, future]
        return np.asarray(np.maximum(totals, self.least))

    def _block(self, seed: int, number: int, draws: int) -> Floats:
        uniform = stream(seed, 6, number).uniform(EDGE, 1 - EDGE, (5, draws))
        draw = np.minimum(np.searchsorted(self.cumulative, uniform[0]), self.cumulative.size - 1)
        future = (uniform[1] * self.counted.shape[1]).astype(np.intp)
        values = self.values(draw, future, uniform[2:])
        every = np.arange(int(self.nodes[-1]) + 1)
        right = np.clip(np.searchsorted(self.nodes, every), 1, self.nodes.size - 1)
        left = right - 1
        passed = (every - self.nodes[left]) / (self.nodes[right] - self.nodes[left])
        return np.asarray(values[:, left] + passed * (values[:, right] - values[:, left]))


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
