"""One total as one source, or nobody, prints it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.core.numerics import ndtr
from attrition.models.assimilation.carry import Increments
from attrition.models.assimilation.inference import FUTURES
from attrition.models.assimilation.lines import Tables

PLACES = FUTURES
"""Places on the line that stand for each draw where the error of a source is integrated."""

_SPREAD = 8  # places on the line of a draw, or scores of its error, where totals are read ...
_ENOUGH = 16384  # ... while there are fewer than these in all
_GOLDEN = 0.6180339887498949  # spreads the places evenly over draws that follow one another
_LEAST = 1e-9  # slope along the line below which a figure does not move with it


@dataclass(frozen=True, eq=False)
class PrintedTotal:
    """One total as one source, or nobody, prints it.

    At place p on the line of a draw it is ``offset + exp(log_factor + slope p) path``. Where the
    source's error is integrated, ``hidden`` holds, for a few places on the line of each draw, the
    mean and the standard deviation of its log.

    Parameters
    ----------
    path : Increments
        At place 0, from the information date to the horizon [unit].
    log_factor : ndarray of float, shape (draw,)
    slope : float
        Change of the log of the figure along the line.
    offset : float or ndarray of float, shape (draw, place)
        A printed total to which the path adds [unit]: of a recorded count, or, at places evenly
        spread over what its words mean, a source's last figure.
    hidden : tuple of ndarray, optional
        Places, means and standard deviations, each of shape (draw, place).
    least : float
        What is known to be counted: no figure is smaller [unit].
    """

    path: Increments = field(repr=False)
    log_factor: Floats = field(repr=False)
    slope: float
    offset: float | Floats = 0.0
    hidden: tuple[Floats, Floats, Floats] | None = field(default=None, repr=False)
    least: float = 0.0

    def exceedance(self, tables: Tables, threshold: float, nodes: np.ndarray) -> Floats:
        """Return P(figure >= threshold) for each draw, shape (draw, node)."""
        lefts = threshold - np.atleast_2d(self.offset).T
        if threshold <= self.least:
            lefts = np.zeros_like(lefts)
        ahead = lefts[(lefts > 0).any(axis=1)]  # of the others all is printed already
        out = np.full((nodes.size, self.log_factor.size), float(len(lefts) - len(ahead)))
        logs = np.log(np.maximum(ahead, np.finfo(float).tiny)) - self.log_factor
        for index, node in enumerate(nodes if len(ahead) else ()):
            with np.errstate(divide="ignore"):  # draws side by side: numpy goes along the last axis
                path = np.log(np.ascontiguousarray(self.path.node(int(node)).T))
            for left, log in zip(ahead, logs, strict=True):
                out[index] += np.where(left > 0, self._above(tables, log - path), 1.0)
        return np.asarray(out.T / len(lefts))

    def _above(self, tables: Tables, gap: Floats) -> Floats:
        """Return P(log of the factor on the path >= gap) for each draw; gap is (future, draw)."""
        if self.hidden is not None:
            centres, sharpness = self._errors
            return np.asarray(ndtr((centres - gap) * sharpness).mean(axis=(0, 1)))
        slope = self.slope if abs(self.slope) > _LEAST else _LEAST
        survival = tables.survival(gap.T / slope).mean(axis=1)
        return np.asarray(survival if slope > 0 else 1.0 - survival)

    @functools.cached_property
    def _errors(self) -> tuple[Floats, Floats]:
        """Means of the log of the factor, and one over its deviations, shape (place, 1, draw)."""
        places, means, sds = cast("tuple[Floats, Floats, Floats]", self.hidden)
        centres, sharpness = self.slope * places + means, 1 / sds
        return centres.T[:, None].copy(), sharpness.T[:, None].copy()

    def draws(self, tables: Tables, nodes: np.ndarray) -> Iterator[Floats]:
        """Yield the figure by each node, at places evenly spread over each draw and its errors.

        Shape (draw, place): every place with every future, of equal weight.
        """
        size = self.log_factor.size
        inside = ((np.arange(size) * _GOLDEN) % 1.0)[:, None]
        spread = min(_SPREAD, max(PLACES, _ENOUGH // size))
        if self.hidden is None:
            log = self.slope * tables.quantiles((np.arange(spread) + inside) / spread)
        else:
            places, means, sds = self.hidden
            each = spread // places.shape[1]
            scores = special.ndtri((np.arange(each) + np.clip(inside, 1e-3, 1 - 1e-3)) / each)
            log = (self.slope * places + means)[..., None] + sds[..., None] * scores[:, None]
        factor = np.exp(self.log_factor + log.reshape(size, -1).T)[:, None]
        printed = self._printed(factor.shape[0])
        for node in nodes:
            totals = factor * np.ascontiguousarray(self.path.node(int(node)).T)
            totals += printed
            yield np.maximum(totals, self.least, out=totals).reshape(-1, size).T

    def _printed(self, places: int) -> Floats:
        """Return the printed totals beside so many places of each draw, shape (place, 1, draw).

        Stretches of what the words mean and places on the line are paired in another order from
        draw to draw: the one tells nothing of the other.
        """
        offset = np.atleast_2d(self.offset)
        rows = np.arange(offset.shape[0])[:, None]
        columns = (np.arange(places) * offset.shape[1] // places + rows) % offset.shape[1]
        return np.asarray(offset[rows, columns].T[:, None])
