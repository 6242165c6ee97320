"""Where draws are proposed: normals at the modes, a little wider where the evidence speaks.

By randomised quasi-Monte Carlo, but for the direction of the line, which is integrated. What the
normals get wrong the weights correct.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import linalg
from attrition.models.assimilation.directions import completed, led, spanned
from attrition.models.assimilation.expansion import likelihood_expansion, slopes, slopes_of
from attrition.models.assimilation.model import Model, covered
from attrition.models.assimilation.modes import Mode
from attrition.models.assimilation.shapes import Shapes

NARROW = ((1.0, 1.0),)
"""How wide a proposal is, and how often: as the normals at the modes, where they are exact."""

WIDE = ((1.0, 0.8), (1.3, 0.2))
"""One in five wider where the evidence speaks, against tails that are heavier than normal."""

HORIZONS = (0, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1)
"""Shares of the time to the horizon at which totals are looked at."""

_BLOCK = 512  # points whose density is computed at once
_INFORMED = 12  # leading directions in which the proposal is wider than the normal at the mode


@dataclass(frozen=True, eq=False)
class ProposalFrame:
    """The directions of the proposal about one mode.

    Parameters
    ----------
    model : Model
    mode : Mode
    line : ndarray of float, shape (unknown,)
    """

    model: Model
    mode: Mode
    line: Floats

    @functools.cached_property
    def along(self) -> Floats:
        """The line in whitened coordinates, shape (unknown,)."""
        return np.asarray(self.mode.factor.T @ self.line)

    @functools.cached_property
    def rotation(self) -> Floats:
        """Orthonormal directions of the whitened space: the line, those informed, the rest."""
        gradients = linalg.solve_triangular(self.mode.factor, self._gradients().T, lower=True)
        unit = self.along / np.linalg.norm(self.along)
        gradients -= np.outer(unit, unit @ gradients)
        return completed(np.column_stack([unit, spanned(gradients)]))

    def leading(self, days: int) -> Floats:
        """Return orthonormal directions of the rotated space, those that move the totals first.

        By the gradients of the log of every total at the information date and at six later days,
        up to ``days`` after it; the direction of the line, which is integrated, comes last.
        """
        model, point = self.model, self.mode.point
        windows = np.column_stack(
            [
                covered(0.0, float(model.evidence.days), model.cells, model.evidence.step),
                _last(model),
            ]
        )
        moves = slopes_of(model, windows, point).reshape(-1, 2, point.size)
        rates = model.rates(point[None])
        rows = []
        for (now, last), rate in zip(moves, rates.values(), strict=True):
            total, gain = float(rate[0] @ windows[:, 0]), float(rate[0, -1])
            for share in HORIZONS:
                kept = total / (total + gain * days * share)
                rows.append(kept * now + (1 - kept) * last)
        whitened = linalg.solve_triangular(self.mode.factor, np.array(rows).T, lower=True)
        out = np.zeros((point.size, point.size))
        out[1:, :-1] = led((self.rotation.T @ whitened)[1:])
        out[0, -1] = 1.0
        return out

    def scores(self, points: Floats) -> Floats:
        """Return the standard scores of points in the rotated space, shape (point, unknown)."""
        return np.asarray((points - self.mode.point) @ (self.mode.factor @ self.rotation))

    def _gradients(self) -> Floats:
        """Return those of every datum, weighed by what it tells, and of the path's end."""
        model, point = self.model, self.mode.point
        known = -np.diag(likelihood_expansion(model, model.predicted(point[None])[0])[2])
        ends = np.column_stack([np.ones(model.cells), _last(model)])
        weighed = slopes(model, point) * np.sqrt(np.maximum(known, 0.0))[:, None]
        return np.vstack([weighed, slopes_of(model, ends, point)])


def _last(model: Model) -> Floats:
    """Return a window that is the last week, shape (week,)."""
    return np.asarray(np.arange(model.cells) == model.cells - 1, dtype=float)


@dataclass(frozen=True, eq=False)
class ProposalComponent:
    """The proposal about one mode: its normal, wider where the evidence speaks.

    Parameters
    ----------
    frame : ProposalFrame
    wider : float
        Standard deviation in the directions that the evidence speaks of, in those at the mode.
    """

    frame: ProposalFrame
    wider: float = 1.0

    @property
    def mode(self) -> Mode:
        """The mode."""
        return self.frame.mode

    @functools.cached_property
    def widths(self) -> Floats:
        """Standard deviations of the scores in the rotated space, shape (unknown,)."""
        widths = np.ones(self.mode.point.size)
        widths[: min(_INFORMED, widths.size)] = self.wider
        return widths

    @functools.cached_property
    def spread(self) -> Floats:
        """Moves of the unknowns for unit scores, shape (unknown, unknown)."""
        return np.asarray(
            self.mode.placed(self.frame.rotation.T * self.widths[:, None]) - self.mode.point
        )

    def drawn(self, scores: Floats) -> Floats:
        """Return points for standard scores, shape (point, unknown)."""
        return np.asarray(self.mode.point + scores @ self.spread)

    def log_density(self, scores: Floats) -> Floats:
        """Return the log density, integrated along the line, at scores in the frame."""
        wide = min(_INFORMED, scores.shape[1])
        near, far = scores[:, 1:wide] / self.wider, scores[:, wide:]
        log = np.einsum("ps,ps->p", near, near) + np.einsum("ps,ps->p", far, far)
        length = float(np.linalg.norm(self.frame.along)) / self.wider
        fixed = float(np.log(np.diag(self.mode.factor)).sum() - np.log(self.widths).sum())
        return np.asarray(fixed - np.log(length) - 0.5 * log)


@dataclass(frozen=True, eq=False)
class Proposal:
    """The mixture of the proposals about the modes.

    Parameters
    ----------
    frames : tuple of ProposalFrame
        One a mode, first the one by which the line is directed.
    often : ndarray of float, shape (mode,)
        How often each is drawn from.
    spreads : tuple of tuple
        How wide the proposal about each is, and how often.
    shifts : tuple of ndarray of float, shape (unknown,)
        From each mode to the mean of the proposal about it; none when left out.
    shapes : tuple of tuple
        Shapes drawn from the prior, and how often.
    """

    frames: tuple[ProposalFrame, ...]
    often: Floats
    spreads: tuple[tuple[float, float], ...] = NARROW
    shifts: tuple[Floats, ...] = ()
    shapes: tuple[tuple[Shapes, float], ...] = ()

    @property
    def line(self) -> Floats:
        """The direction that is integrated, shape (unknown,)."""
        return self.frames[0].line

    @functools.cached_property
    def parts(self) -> tuple[ProposalComponent, ...]:
        """The normals that are mixed."""
        return tuple(
            ProposalComponent(frame, wider) for frame in self.frames for wider, _ in self.spreads
        )

    @functools.cached_property
    def shares(self) -> Floats:
        """Their shares, shape (component,)."""
        shares = np.outer(self.often, [often for _, often in self.spreads]).ravel()
        rest = [often for _, often in self.shapes]
        return np.concatenate([(1 - sum(rest)) * shares, rest])

    @property
    def widths(self) -> Floats:
        """Standard deviation along the line of the normal at each mode, shape (mode,)."""
        return np.array([1 / float(np.linalg.norm(frame.along)) for frame in self.frames])

    def drawn(
        self, normals: Floats, uniform: Floats, leads: Sequence[Floats] | None = None
    ) -> Floats:
        """Return points for standard normals; ``uniform`` chooses the component.

        ``leads`` are, mode by mode, the directions of the rotated space that the normals drive;
        those of the space itself when left out.
        """
        chosen = self.chosen(uniform)
        out = np.empty_like(normals)
        for index, (shapes, _) in enumerate(self.shapes, len(self.parts)):
            if (rows := np.flatnonzero(chosen == index)).size:
                out[rows] = shapes.drawn(normals[rows])
        for index, part in enumerate(self.parts):
            rows, which = np.flatnonzero(chosen == index), index // len(self.spreads)
            if rows.size:
                turned = normals[rows] if leads is None else normals[rows] @ leads[which].T
                out[rows] = part.drawn(turned) + self._shift(which)
        return out

    def chosen(self, uniform: Floats) -> np.ndarray:
        """Return which component each uniform number chooses, those of shapes last, (point,)."""
        return np.searchsorted(np.cumsum(self.shares)[:-1], uniform, side="right")

    def _shift(self, mode: int) -> Floats | float:
        return self.shifts[mode] if self.shifts else 0.0

    def log_density(self, points: Floats) -> tuple[Floats, Floats]:
        """Return the log density integrated along the line, and each mode's centre on it.

        Returns
        -------
        log_density : ndarray of float, shape (point,)
        centres : ndarray of float, shape (mode, point)
            Places on the line, from the point.
        """
        # the scores of all points would fill the memory
        cuts = range(_BLOCK, len(points), _BLOCK)
        logs, centres = zip(*map(self._log_density, np.split(points, cuts)), strict=True)
        return np.concatenate(logs), np.concatenate(centres, axis=1)

    def _log_density(self, points: Floats) -> tuple[Floats, Floats]:
        logs, centres, number = [], [], len(self.spreads)
        for index, frame in enumerate(self.frames):
            scores = frame.scores(points - self._shift(index))
            centres.append(-scores[:, 0] * self.widths[index])
            own = slice(number * index, number * (index + 1))
            for part, share in zip(self.parts[own], self.shares[own], strict=True):
                logs.append(np.log(share) + part.log_density(scores))
        logs += [np.log(often) + shapes.log_density(points) for shapes, often in self.shapes]
        return np.logaddexp.reduce(logs, axis=0), np.array(centres)


def proposal_of(
    model: Model, modes: Sequence[Mode], line: Floats, before: Proposal | None = None
) -> Proposal:
    """Return the proposal of some modes; none has next to nothing.

    Parameters
    ----------
    model : Model
    modes : sequence of Mode
    line : ndarray of float, shape (unknown,)
        The direction that is integrated.
    before : Proposal, optional
        Whose directions serve again.
    """
    evidence = np.array([mode.log_evidence for mode in modes])
    often = np.maximum(np.exp(evidence - evidence.max()), 0.03)
    known = {} if before is None else {id(frame.mode): frame for frame in before.frames}
    frames = tuple(known.get(id(mode)) or ProposalFrame(model, mode, line) for mode in modes)
    return Proposal(frames, often / often.sum())
