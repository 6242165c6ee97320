"""Modes of the posterior, found by Newton's method from several starts (Laplace)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import linalg
from attrition.models.assimilation.expansion import expansion, slopes
from attrition.models.assimilation.model import Model

_ITERATIONS = 60
_CLOSE = 1e-6  # Newton decrement at which the next step all but ends at the mode
_LONGEST = 3.0  # of a step, in the log of the scale
_LEAST = 0.5  # curvature where the density is not log-concave; that of the prior is 1
_SHORTER = 12  # times that a step is made shorter
_NEARING = 0.3  # ... and at which the next step leads to the mode, if the density is nearly normal
_FAR = 2.0  # decrement below which the same states of the errors carry weight at the mode
_COMING = 0.1  # log density that may be lost where other states of the errors are looked at
_SAME = 0.05  # distance, in standard deviations, below which two modes are one
_FAINT = 1e-4  # Laplace evidence, relative to the best, below which a mode is left out
_RARE = 0.02  # evidence, relative to the mode's, below which an alternative is left out
_STARTS = 2  # sources whose figures are started from, besides all of them together


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode of the posterior and the normal that fits it there.

    Parameters
    ----------
    point : ndarray of float, shape (unknown,)
    factor : ndarray of float, shape (unknown, unknown)
        Lower Cholesky factor of the precision.
    log_evidence : float
        Laplace's approximation, up to a constant common to all modes.
    """

    point: Floats
    factor: Floats
    log_evidence: float

    def whitened(self, points: Floats) -> Floats:
        """Return standard scores of points, shape (point, unknown)."""
        return np.asarray((points - self.point) @ self.factor)

    def placed(self, scores: Floats) -> Floats:
        """Return the points with these standard scores."""
        solved = linalg.solve_triangular(self.factor, scores.T, lower=True, trans="T")
        return np.asarray(self.point + solved.T)


def starts(model: Model) -> list[Floats]:
    """Return where to start from: the scale of all figures, and that of the loudest sources.

    Each start has a constant rate; the scale is the median of what the figures ask for.
    """
    base = np.zeros((1, model.size))
    asked = _asked(model) - model.predicted(base)[0]
    nodes = [t.node[0] for t in model.evidence.terms]
    nodes += [c.node[0] for c in model.evidence.counts for _ in c.count]
    scales = [float(np.median(asked))]
    sources = sorted(set(nodes), key=lambda key: (-nodes.count(key), key))
    scales += [
        float(np.median(asked[[i for i, node in enumerate(nodes) if node == key]]))
        for key in sources[:_STARTS]
    ]
    out = []
    for scale in scales:
        start = base[0].copy()
        start[0] = scale
        out.append(start)
    return out


def _asked(model: Model) -> Floats:
    centres = [term.reading.centre for term in model.evidence.terms]
    return np.array([*centres, *np.log(np.maximum(model.recorded, 1.0))])


def climb(model: Model, start: Floats, known: Sequence[Mode] = ()) -> Mode | None:
    """Climb to the mode nearest to a start; None where none is found.

    Newton's method; where the density is not log-concave, with the sizes of its curvatures in
    place of the curvatures (Dauphin and others 2014, "Identifying and attacking the saddle point
    problem in high-dimensional non-convex optimization", NeurIPS 27). A step that does not climb
    is shortened. The search stops where it is about to come upon a mode that is known.
    """
    point, steady = start.copy(), model
    here = expansion(model, point)
    for _ in range(_ITERATIONS):
        value, gradient, hessian = here
        step, factor = _step(-hessian, gradient)
        decrement = float(gradient @ step)
        if factor is not None and decrement < _CLOSE:
            height = value + 0.5 * decrement - float(np.log(np.diag(factor)).sum())
            return Mode(point + step, factor, height)
        if factor is not None and decrement < _NEARING:
            there = next((mode for mode in known if _leads(point + step, mode)), None)
            if there is not None:
                return there
        if factor is not None and decrement < _FAR and steady is model:
            # from here on no state of the errors comes or goes
            steady = model.holding(point[None])
        step *= min(1.0, _LONGEST / max(abs(float(step[0])), 1e-12))
        for _ in range(_SHORTER):
            with np.errstate(over="ignore", invalid="ignore"):
                here = expansion(steady, point + step)
            slack = _COMING if steady is model else 1e-9 * abs(value) + 1e-6
            if np.isfinite(here[0]) and here[0] >= value - slack:
                break
            step /= 4
        else:
            return None
        point = point + step
    return None


def _step(precision: Floats, gradient: Floats) -> tuple[Floats, Floats | None]:
    """Return a step uphill, and the Cholesky factor of the precision where it is positive."""
    try:
        factor = linalg.cholesky(precision, lower=True, check_finite=False)
    except linalg.LinAlgError:
        sizes, directions = linalg.eigh(precision, check_finite=False)
        sizes = np.maximum(np.abs(sizes), _LEAST)
        return np.asarray(directions @ ((directions.T @ gradient) / sizes)), None
    return np.asarray(linalg.cho_solve((factor, True), gradient, check_finite=False)), factor


def modes_of(model: Model, near_it: Mode | None = None) -> list[Mode]:
    """Return the distinct modes that are found, the best first.

    A mode of nearly the same model takes the place of the first start, which led to it.
    """
    modes: list[Mode] = []
    every = starts(model)
    if near_it is not None:
        every[0] = near_it.point
    for start in every:
        mode = climb(model, start, modes)
        if mode is not None and not any(mode is other for other in modes):
            modes.append(mode)
    return ranked(modes)


def alternatives(model: Model, mode: Mode) -> list[Mode]:
    """Return modes as they would be if sources drifted faster, or erred further, than it seems.

    The posterior is a sum of normals about nearly one point, narrow and wide; the mode alone knows
    only the narrow one.
    """
    modes = []
    least = mode.log_evidence + np.log(_RARE)
    others = list(model.without_trust())
    eta = model.predicted(mode.point[None])[0]
    moves = linalg.solve_triangular(mode.factor, slopes(model, mode.point).T, lower=True)
    for index, block in enumerate(model.blocks):
        own = moves[:, block.figures]
        others += [
            model.under((*model.blocks[:index], single, *model.blocks[index + 1 :]))
            for single in block.elsewhere(eta, own.T @ own)
        ]
    for other in others:
        climbed = climb(other, mode.point)
        if climbed is not None and climbed.log_evidence > least:
            modes.append(climbed)
    return modes


def ranked(modes: list[Mode]) -> list[Mode]:
    """Return the distinct ones of some modes, the best first, without those that are faint."""
    ranking: list[Mode] = []
    for mode in sorted(modes, key=lambda mode: -mode.log_evidence):
        faint = ranking and mode.log_evidence < ranking[0].log_evidence + np.log(_FAINT)
        if not faint and not any(near(mode, other) for other in ranking):
            ranking.append(mode)
    return ranking


def _leads(point: Floats, mode: Mode) -> bool:
    """Tell whether a step of Newton's method all but ends at a mode."""
    return float((mode.whitened(point[None]) ** 2).sum()) < _NEARING


def near(one: Mode, other: Mode) -> bool:
    """Tell whether two modes are one."""
    return bool(np.abs(other.whitened(one.point[None])).max() < _SAME)
