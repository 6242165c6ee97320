"""From evidence to a proposal: the modes of the posterior, also those that were overlooked."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError
from attrition.models.assimilation.evidence import Evidence
from attrition.models.assimilation.learnt import learnt_near
from attrition.models.assimilation.lines import Tables, tables_of
from attrition.models.assimilation.model import Model, model_of
from attrition.models.assimilation.modes import Mode, alternatives, climb, modes_of, near
from attrition.models.assimilation.proposals import WIDE, Proposal, proposal_of

_SEARCHES = 4  # rounds of looking for modes that were overlooked
_PILOT = 384  # draws of each
_HEAVY = 4  # of them, the heaviest
_EVEN = 0.01  # range of the logs of their weights up to which the posterior is normal
_TOLD = 40  # leading scores by which the weights may be skewed
_PER = 3  # draws for each of them, at least
_CAPPED = 0.98  # quantile at which log weights are capped before they are regressed
_LOWEST = 5.0  # ... and how far below their median
_FARTHEST = 2.0  # longest shift, in standard deviations
_SURE = 3.0  # standard errors from which on a slope is one
_CLOSE_BY = 3.0  # distance up to which the modes are shifted together, in standard deviations
_TOO_MUCH = 2.5  # log weight above the median that calls for a look


@dataclass(frozen=True, eq=False)
class Fit:
    """The posterior near its modes, before any draw.

    Parameters
    ----------
    model : Model
    modes : tuple of Mode
        First the one by which the line is directed.
    proposal : Proposal
    """

    model: Model
    modes: tuple[Mode, ...]
    proposal: Proposal


def fit(evidence: Evidence) -> Fit:
    """Find the modes of the posterior.

    Raises
    ------
    InputError
        If nothing is known of the total, or no mode is found.
    """
    if not evidence.terms and not evidence.counts:
        raise _refusal(evidence, "no claim and no count is known")
    evidence, near_it = learnt_near(evidence)
    model = model_of(evidence)
    found = modes_of(model, near_it)
    if not found:
        raise _refusal(evidence, "no mode of the posterior was found")
    found += alternatives(model, found[0])
    proposal = None
    for attempt in range(_SEARCHES + 1):
        proposal = proposal_of(model, found, proposal)
        pilot = _Pilot.of(proposal, attempt)
        more = _overlooked(pilot, found) if attempt < _SEARCHES else []
        if not more:
            break
        found = sorted([*found, *more], key=lambda mode: -mode.log_evidence)
    if np.ptp(pilot.log_weights) < _EVEN:
        return Fit(model, tuple(found), pilot.proposal)
    wide = dataclasses.replace(pilot.proposal, spreads=WIDE, shifts=_shifts(pilot))
    return Fit(model, tuple(found), wide)


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
        stream = np.random.default_rng(np.random.SeedSequence(attempt, spawn_key=(model.size,)))
        scores = stream.standard_normal((_PILOT, model.size))
        uniform = stream.random(_PILOT)
        points = proposal.drawn(scores, uniform)
        log, centres = proposal.log_density(points)
        tables = tables_of(model, proposal.line, points, centres, proposal.widths)
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
    number = min(_TOLD, frame.mode.point.size - 1)
    none = tuple(np.zeros(frame.mode.point.size) for _ in frames)
    if rows.sum() < _PER * (number + 1):
        return none
    scores = frame.scores(pilot.points[rows])[:, 1 : 1 + number]
    weights = pilot.log_weights[rows]
    design = np.column_stack([np.ones(weights.size), scores])
    # what weighs next to nothing tells of no mean; nor does a single draw that weighs too much
    weights = np.clip(weights, np.median(weights) - _LOWEST, np.quantile(weights, _CAPPED))
    found, *_ = np.linalg.lstsq(design, weights)
    left = weights - design @ found
    variance = left @ left / (weights.size - number - 1) * np.diag(np.linalg.inv(design.T @ design))
    slopes = np.where(found**2 > (_SURE**2) * variance, found, 0.0)[1:]
    turned = np.zeros(frame.mode.point.size)
    turned[1 : 1 + number] = slopes * min(1.0, _FARTHEST / max(float(np.linalg.norm(slopes)), 1e-9))
    shift = frame.mode.placed((frame.rotation @ turned)[None])[0] - frame.mode.point
    distances = [frame.mode.whitened(other.mode.point[None])[0] for other in frames]
    close = [bool(np.linalg.norm(distance) < _CLOSE_BY) for distance in distances]
    return tuple(shift if near_it else still for near_it, still in zip(close, none, strict=True))


def _overlooked(pilot: _Pilot, found: list[Mode]) -> list[Mode]:
    """Return modes near draws that weigh far too much: there the proposal misses mass."""
    model, line = pilot.proposal.frames[0].model, pilot.proposal.line
    weights = pilot.log_weights
    heavy = np.argsort(-weights)[:_HEAVY]
    heavy = heavy[weights[heavy] > np.median(weights) + _TOO_MUCH]
    places = pilot.tables.quantiles(np.full((1, 1), 0.5))[:, 0]
    starts = [pilot.points[i] + places[i] * line for i in heavy]
    climbed = [mode for start in starts if (mode := climb(model, start, found)) is not None]
    new: list[Mode] = []
    for mode in climbed:
        if not any(near(mode, other) for other in [*found, *new]):
            new.append(mode)
    return new


def _refusal(evidence: Evidence, got: str) -> InputError:
    return InputError(
        "a total must be told of by a claim or a recorded count",
        got=f"{got} on {evidence.as_of}",
        place=f"dossier '{evidence.dossier.id}', quantities.{evidence.root}",
        remedy="Choose a later information date, or check that its figures can be reconciled",
    )
