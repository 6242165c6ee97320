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


# Shapes of the path as they are before any report: what no normal at a mode fits.
#
# Where a pace swings widely, the log of a sum of its weeks is no straight line in them, and a
# normal at a mode is wide where the posterior is narrow and narrow where it is wide. So some
# shapes are drawn from the prior, and moved, each by its own amount, in the few directions that the
# reports speak of, to where they agree with them. None of them then weighs too much.

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
