"""From evidence to a proposal: the modes of the posterior, also those that were overlooked."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from attrition._typing import Floats
from attrition.assimilation.evidence import Evidence
from attrition.assimilation.lines import Tables, tables_of
from attrition.assimilation.model import Model, model_of
from attrition.assimilation.modes import Mode, alternatives, climb, modes_of, near
from attrition.assimilation.proposals import NARROW, WIDE, Proposal, proposal_of
from attrition.errors import InputError

_SEARCHES = 4  # rounds of looking for modes that were overlooked
_PILOT = 384  # draws of each
_HEAVY = 4  # of them, the heaviest
_EVEN = 0.01  # range of the logs of their weights up to which the posterior is normal
_TOO_MUCH = 2.5  # log weight above the median that calls for a look


@dataclass(frozen=True, eq=False)
class Fit:
    """The posterior near its modes, before any draw.

    Parameters
    ----------
    model : Model
    modes : tuple of Mode
        The best first.
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
    model = model_of(evidence)
    found = modes_of(model)
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
    spreads = NARROW if np.ptp(pilot.log_weights) < _EVEN else WIDE
    return Fit(model, tuple(found), dataclasses.replace(pilot.proposal, spreads=spreads))


@dataclass(frozen=True, eq=False)
class _Pilot:
    """A few draws from a proposal.

    Parameters
    ----------
    proposal : Proposal
    points : ndarray of float, shape (draw, unknown)
    tables : Tables
    log_weights : ndarray of float, shape (draw,)
    """

    proposal: Proposal
    points: Floats
    tables: Tables
    log_weights: Floats

    @classmethod
    def of(cls, proposal: Proposal, attempt: int) -> _Pilot:
        """Return the draws of one attempt."""
        model = proposal.frames[0].model
        stream = np.random.default_rng(np.random.SeedSequence(attempt, spawn_key=(model.size,)))
        scores = stream.standard_normal((_PILOT, model.size))
        points = proposal.drawn(scores, stream.random(_PILOT))
        log, centres = proposal.log_density(points)
        tables = tables_of(model, proposal.line, points, centres, proposal.widths)
        return cls(proposal, points, tables, tables.log_mass - log)


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
