"""From evidence to proposals: the modes of the posterior, also those that were overlooked."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError, refusal
from attrition.core.numerics import smoothed_weights
from attrition.core.streams import stream
from attrition.models.assimilation.evidence import Evidence
from attrition.models.assimilation.learnt import learnt_near
from attrition.models.assimilation.lines import Tables, line_of, tables_of
from attrition.models.assimilation.model import Model, model_of
from attrition.models.assimilation.modes import Mode, alternatives, climb, modes_of, near
from attrition.models.assimilation.proposals import WIDE, Proposal, Shapes, proposal_of

_SEARCHES = 4  # rounds of looking for modes that were overlooked
_PILOT = 384  # draws of each
_HEAVY = 4  # of them, the heaviest
_EVEN = 0.01  # range of the logs of their weights up to which the posterior is normal
_LEADING = 40  # leading scores by which the weights may be skewed
_PER = 3  # draws for each of them, at least
_CAPPED = 0.98  # quantile at which log weights are capped before they are regressed
_LOWEST = 5.0  # ... and how far below their median
_FARTHEST = 2.0  # longest shift, in standard deviations
_SURE = 3.0  # standard errors from which on a slope is one
_CLOSE_BY = 3.0  # distance up to which the modes are shifted together, in standard deviations
_TOO_MUCH = 2.5  # log weight above the median that calls for a look
_FAINT = 1e-4  # Laplace evidence, relative to the best, below which a hypothesis is left out
_UNEVEN = 0.4  # tail of the weights of a pilot above which the normals at the modes do not do
_PRIOR = ((True, 0.5), (False, 0.1))  # whether shapes of the prior are moved, and how often then
_SELDOM = 0.02  # how often a hypothesis is drawn from at least


@dataclass(frozen=True, eq=False)
class Supposed:
    """The posterior near its modes under one hypothesis about the pace, before any draw.

    Parameters
    ----------
    model : Model
    modes : tuple of Mode
        The best first.
    proposal : Proposal
    often : float
        How often it is drawn from.
    """

    model: Model
    modes: tuple[Mode, ...]
    proposal: Proposal
    often: float = 1.0

    @property
    def log_share(self) -> float:
        """Log of the probability of the hypothesis before any report."""
        return float(np.log(self.model.hypothesis.share))

    @property
    def log_evidence(self) -> float:
        """Laplace's approximation of the log of its probability, up to a constant."""
        return self.log_share + float(np.logaddexp.reduce([m.log_evidence for m in self.modes]))


@dataclass(frozen=True, eq=False)
class Fit:
    """The posterior near its modes, before any draw.

    Parameters
    ----------
    supposed : tuple of Supposed
        One a hypothesis, the likeliest first; they share the direction of the line.
    """

    supposed: tuple[Supposed, ...]

    @property
    def model(self) -> Model:
        """The model under the likeliest hypothesis: only its prior depends on which it is."""
        return self.supposed[0].model

    @property
    def line(self) -> Floats:
        """The direction that is integrated, shape (unknown,)."""
        return self.supposed[0].proposal.line


def fit(evidence: Evidence) -> Fit:
    """Find the modes of the posterior under every hypothesis that the reports leave.

    Raises
    ------
    InputError
        If nothing is known of the total, or no mode is found.
    """
    if not evidence.terms and not evidence.counts:
        raise _refusal(evidence, "no claim and no count is known")
    evidence, near_it = learnt_near(evidence)
    model = model_of(evidence)
    every: list[tuple[float, Model, list[Mode]]] = []
    for hypothesis in sorted(model.pace.hypotheses, key=lambda one: -one.share):
        one = model.supposing(hypothesis)
        if modes := modes_of(one, near_it):
            near_it = modes[0]
            every.append((modes[0].log_evidence + np.log(hypothesis.share), one, modes))
    if not every:
        raise _refusal(evidence, "no mode of the posterior was found")
    every.sort(key=lambda row: -row[0])
    least = every[0][0] + np.log(_FAINT)
    _, best, (highest, *_) = every[0]
    line = line_of(best, highest)
    supposed = [_supposed(one, modes, line) for height, one, modes in every if height > least]
    logs = np.array([one.log_evidence for one in supposed])
    often = np.maximum(np.exp(logs - logs.max()), _SELDOM)
    often /= often.sum()
    return Fit(
        tuple(
            dataclasses.replace(one, often=float(share))
            for one, share in zip(supposed, often, strict=True)
        )
    )


def _supposed(model: Model, modes: list[Mode], line: Floats) -> Supposed:
    """Return the proposal under one hypothesis, once no mode seems overlooked."""
    modes = modes + alternatives(model, modes[0])
    proposal = None
    for attempt in range(_SEARCHES + 1):
        proposal = proposal_of(model, modes, line, proposal)
        pilot = _Pilot.of(proposal, attempt)
        more = _overlooked(pilot, modes) if attempt < _SEARCHES else []
        if not more:
            break
        modes = sorted([*modes, *more], key=lambda mode: -mode.log_evidence)
    if np.ptp(pilot.log_weights) < _EVEN:
        return Supposed(model, tuple(modes), pilot.proposal)
    uneven = not model.network.size and smoothed_weights(pilot.log_weights)[1] > _UNEVEN
    shapes = tuple((Shapes(model, modes[0], moved), often) for moved, often in _PRIOR)
    wide = dataclasses.replace(
        pilot.proposal, spreads=WIDE, shifts=_shifts(pilot), shapes=shapes if uneven else ()
    )
    return Supposed(model, tuple(modes), wide)


@dataclass(frozen=True, eq=False)
class _Pilot:
    """A few draws from a proposal.

    Parameters
    ----------
    proposal : Proposal
    chosen : ndarray of int, shape (draw,)
        The mode about which each is drawn.
    points : ndarray of float, shape (draw, unknown)
    tables : Tables
    log_weights : ndarray of float, shape (draw,)
    """

    proposal: Proposal
    chosen: np.ndarray
    points: Floats
    tables: Tables
    log_weights: Floats

    @classmethod
    def of(cls, proposal: Proposal, attempt: int) -> _Pilot:
        """Return the draws of one attempt."""
        model = proposal.frames[0].model
        own = stream(attempt, model.size)
        scores = own.standard_normal((_PILOT, model.size))
        uniform = own.random(_PILOT)
        points = proposal.drawn(scores, uniform)
        log, centres = proposal.log_density(points)
        # of a pilot masses and middles are wanted, which grids tell that are too coarse for a law
        tables = tables_of(model, proposal.line, points, centres, proposal.widths, enough=0)
        chosen = proposal.chosen(uniform) // len(proposal.spreads)
        return cls(proposal, chosen, points, tables, tables.log_mass - log)


def _shifts(pilot: _Pilot) -> tuple[Floats, ...]:
    """Return how far the mean lies from each mode, where it does: the posterior is skewed.

    By regression of the log weights of the draws about the mode that is drawn from most on the
    scores that tell most: a slope of the log weight is a shift of a normal. It holds for the modes
    near that one.
    """
    proposal = pilot.proposal
    frames, most = proposal.frames, int(np.argmax(proposal.often))
    frame, rows = frames[most], pilot.chosen == most
    number = min(_LEADING, frame.mode.point.size - 1)
    none = tuple(np.zeros(frame.mode.point.size) for _ in frames)
    if rows.sum() < _PER * (number + 1):
        return none
    scores = frame.scores(pilot.points[rows])[:, 1 : 1 + number]
    weights = pilot.log_weights[rows]
    design = np.column_stack([np.ones(weights.size), scores])
    # what weighs next to nothing tells of no mean; nor does a single draw that weighs too much
    weights = np.clip(weights, np.median(weights) - _LOWEST, np.quantile(weights, _CAPPED))
    coefficients, *_ = np.linalg.lstsq(design, weights)
    left = weights - design @ coefficients
    variance = left @ left / (weights.size - number - 1) * np.diag(np.linalg.inv(design.T @ design))
    slopes = np.where(coefficients**2 > (_SURE**2) * variance, coefficients, 0.0)[1:]
    turned = np.zeros(frame.mode.point.size)
    turned[1 : 1 + number] = slopes * min(1.0, _FARTHEST / max(float(np.linalg.norm(slopes)), 1e-9))
    shift = frame.mode.placed((frame.rotation @ turned)[None])[0] - frame.mode.point
    distances = [frame.mode.whitened(other.mode.point[None])[0] for other in frames]
    close = [bool(np.linalg.norm(distance) < _CLOSE_BY) for distance in distances]
    return tuple(shift if near_it else still for near_it, still in zip(close, none, strict=True))


def _overlooked(pilot: _Pilot, modes: list[Mode]) -> list[Mode]:
    """Return modes near draws that weigh far too much: there the proposal misses mass."""
    model, line = pilot.proposal.frames[0].model, pilot.proposal.line
    weights = pilot.log_weights
    heavy = np.argsort(-weights)[:_HEAVY]
    heavy = heavy[weights[heavy] > np.median(weights) + _TOO_MUCH]
    places = pilot.tables.quantiles(np.full((1, 1), 0.5))[:, 0]
    starts = [pilot.points[i] + places[i] * line for i in heavy]
    climbed = [mode for start in starts if (mode := climb(model, start, modes)) is not None]
    new: list[Mode] = []
    for mode in climbed:
        if not any(near(mode, other) for other in [*modes, *new]):
            new.append(mode)
    return new


def _refusal(evidence: Evidence, got: str) -> InputError:
    return refusal(
        "total told of",
        f"{got} on {evidence.as_of}",
        f"dossier '{evidence.dossier.id}', quantities.{evidence.root}",
    )
