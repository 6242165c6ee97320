"""Shapes of the path as they are before any report: what no normal at a mode fits.

Where a pace swings widely, the log of a sum of its weeks is no straight line in them, and a normal
at a mode is wide where the posterior is narrow and narrow where it is wide. So some shapes are
drawn from the prior, and moved, each by its own amount, in the few directions that the reports
speak of, to where they agree with them. None of them then weighs too much.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.models.assimilation.directions import completed, led
from attrition.models.assimilation.expansion import likelihood_expansion, slopes, slopes_of
from attrition.models.assimilation.model import Model
from attrition.models.assimilation.modes import Mode

_MOST = 4  # directions in which a shape is moved
_STRENGTH = 0.7  # what reports tell of a direction, in prior standard deviations, to be one of them
_STEPS = 4  # of Newton's method
_LONGEST = 2.0  # of each, in prior standard deviations
_STEP = 1e-4  # of differences
_WIDER = 1.25  # than the normal that fits


@dataclass(frozen=True, eq=False)
class Shapes:
    """Draws of the shape from the prior, moved or not, all at the scale of a mode.

    Parameters
    ----------
    model : Model
        No error of a source may be an unknown.
    mode : Mode
    moved : bool
        Whether shapes are moved to where they agree with the reports.
    """

    model: Model
    mode: Mode
    moved: bool

    @functools.cached_property
    def _eta(self) -> Floats:
        return np.asarray(self.model.predicted(self.mode.point[None])[0])

    @functools.cached_property
    def _reports(self) -> tuple[Floats, Floats]:
        """Where reports are and how sure, as if independent normals, shape (datum,).

        Of shares of a total nothing is told of the scale.
        """
        _, slope, bend = likelihood_expansion(self.model, self._eta)
        known = np.maximum(-np.diag(bend), 1e-9)
        return self._eta + slope / known, known

    @functools.cached_property
    def _sizes(self) -> Floats:
        return np.asarray(1 / np.sqrt(self.model.precision[1:]))

    @functools.cached_property
    def _basis(self) -> tuple[Floats, int]:
        """Orthonormal directions of standard normals, and how many of them reports speak of."""
        model, point = self.model, self.mode.point
        own = slopes(model, point)[:, 1:] * self._sizes
        weighed = self._weighed(own.T).T
        _, strength, right = np.linalg.svd(weighed, full_matrices=False)
        number = int((strength[:_MOST] > _STRENGTH).sum()) if self.moved else 0
        windows = np.column_stack([np.ones(model.cells), np.arange(model.cells) == model.cells - 1])
        moves = np.vstack([weighed, slopes_of(model, windows, point)[:, 1:] * self._sizes])
        kept = right[:number]
        moves = moves - moves @ kept.T @ kept
        rest = led(moves.T)
        rest = rest - kept.T @ (kept @ rest)
        return completed(np.column_stack([kept.T, _independent(rest, number)])), number

    def _weighed(self, gaps: Floats) -> Floats:
        """Return gaps of the data, less what the scale takes up, in standard deviations."""
        known, scaled = self._reports[1], self.model.scaled
        scale = (gaps @ (known * scaled)) / (known @ scaled)
        return np.asarray((gaps - scale[..., None] * scaled) * np.sqrt(known))

    def _points(self, normals: Floats) -> Floats:
        """Return points at the scale of the mode, for standard normals along the basis."""
        out = np.empty((normals.shape[0], self.model.size))
        out[:, 0] = self.mode.point[0]
        out[:, 1:] = (normals @ self._basis[0].T) * self._sizes
        return out

    def _gaps(self, points: Floats) -> Floats:
        return np.asarray(self._reports[0] - self.model.predicted(points))

    def _settled(self, rest: Floats) -> tuple[Floats, Floats]:
        """Return where reports put the directions that they speak of, given the others.

        Parameters
        ----------
        rest : ndarray of float, shape (point, other direction)

        Returns
        -------
        centre : ndarray of float, shape (point, direction)
        root : ndarray of float, shape (point, direction, direction)
            Lower Cholesky factor of the precision.
        """
        number = self._basis[1]
        place = np.zeros((rest.shape[0], number))
        eye = np.eye(number)
        for _ in range(_STEPS):
            gaps = self._weighed(self._gaps(self._points(np.column_stack([place, rest]))))
            moved = [
                self._weighed(
                    self._gaps(self._points(np.column_stack([place + _STEP * unit, rest])))
                )
                for unit in eye
            ]
            turn = (np.stack(moved, axis=2) - gaps[..., None]) / _STEP
            precision = np.einsum("pdi,pdj->pij", turn, turn) + eye
            slope = -np.einsum("pdi,pd->pi", turn, gaps) - place
            step = np.linalg.solve(precision, slope[..., None])[..., 0]
            place = place + np.clip(step, -_LONGEST, _LONGEST)
        return place, np.linalg.cholesky(precision)

    def drawn(self, normals: Floats) -> Floats:
        """Return points for standard normals, of which the last is not needed."""
        number = self._basis[1]
        scores = normals[:, :-1].copy()
        if number:
            centre, root = self._settled(scores[:, number:])
            upper = np.swapaxes(root, 1, 2)
            spread = np.linalg.solve(upper, scores[:, :number, None])[..., 0]
            scores[:, :number] = centre + _WIDER * spread
        out = self._points(scores)
        out[:, 0] += self.model.pinned(self.model.predicted(out), self.model.scaled)[0]
        return out

    def log_density(self, points: Floats) -> Floats:
        """Return the log density, integrated along the line."""
        log, number = self.model.log_shape(points), self._basis[1]
        if number:
            scores = (points[:, 1:] / self._sizes) @ self._basis[0]
            centre, root = self._settled(scores[:, number:])
            gap = scores[:, :number] - centre
            away = np.einsum("pij,pi->pj", root, gap) / _WIDER
            heights = np.log(np.diagonal(root, axis1=1, axis2=2) / _WIDER).sum(axis=1)
            log = log + 0.5 * (scores[:, :number] ** 2).sum(axis=1)
            log += heights - 0.5 * (away**2).sum(axis=1)
        return np.asarray(log)


def _independent(directions: Floats, number: int) -> Floats:
    """Return an orthonormal basis of what some directions span, ``number`` fewer than there are."""
    basis, _ = np.linalg.qr(directions)
    return np.asarray(basis[:, : directions.shape[0] - number])
