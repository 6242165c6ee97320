"""Whole paths of a posterior: its draws, drawn from again, block by block."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.models.assimilation import Figure, Outlook
from attrition.models.trajectories import BLOCK

_LEVELS = 129  # even probabilities at which the place on the line of each draw is kept
_EDGE = 1e-9  # uniforms are kept this far from 0 and 1


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
        Log of what that is multiplied by: at even probabilities, or at a few places where the error
        of a source is integrated.
    sds : ndarray of float, shape (draw, place), or None
        Standard deviations of that error.
    printed : ndarray of float, shape (draw or 1, column)
        Totals that were printed and to which the count adds [unit].
    nodes : ndarray of int, shape (node,)
        Days after the information date.
    """

    cumulative: Floats = field(repr=False)
    counted: np.ndarray = field(repr=False)
    log: Floats = field(repr=False)
    sds: Floats | None = field(repr=False)
    printed: Floats = field(repr=False)
    nodes: np.ndarray = field(repr=False)

    @classmethod
    def of(cls, outlook: Outlook, figure: Figure) -> Resampled:
        """Return what paths of a figure are drawn from."""
        draws = outlook.draws
        if figure.hidden is None:
            levels = (np.arange(_LEVELS) + 0.5) / _LEVELS
            log, sds = figure.slope * draws.tables.quantiles(levels), None
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

    def _block(self, seed: int, number: int, draws: int) -> Floats:
        stream = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(6, number)))
        uniform = stream.uniform(_EDGE, 1 - _EDGE, (5, draws))
        draw = np.minimum(np.searchsorted(self.cumulative, uniform[0]), self.cumulative.size - 1)
        future = (uniform[1] * self.counted.shape[1]).astype(np.intp)
        if self.sds is None:
            at = np.clip(uniform[2] * _LEVELS - 0.5, 0, _LEVELS - 1.000001)
            left = at.astype(np.intp)
            share = at - left
            log = (1 - share) * self.log[draw, left] + share * self.log[draw, left + 1]
        else:
            place = (uniform[2] * self.log.shape[1]).astype(np.intp)
            log = self.log[draw, place] + self.sds[draw, place] * special.ndtri(uniform[3])
        rows = draw if self.printed.shape[0] > 1 else np.zeros_like(draw)
        printed = self.printed[rows, (uniform[4] * self.printed.shape[1]).astype(np.intp)]
        values = printed[:, None] + np.exp(log)[:, None] * self.counted[draw, future]
        every = np.arange(int(self.nodes[-1]) + 1)
        right = np.clip(np.searchsorted(self.nodes, every), 1, self.nodes.size - 1)
        left = right - 1
        passed = (every - self.nodes[left]) / (self.nodes[right] - self.nodes[left])
        return np.asarray(values[:, left] + passed * (values[:, right] - values[:, left]))
