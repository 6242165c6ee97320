"""What a dossier leaves open of its sources and counts, learnt from their figures."""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from attrition.data.dossier import Assumption, Dossier
from attrition.models.assimilation.evidence import Evidence
from attrition.models.assimilation.model import Model, model_of
from attrition.models.assimilation.modes import Mode, climb, starts
from attrition.models.assimilation.network import families

LEARNT = "learnt"
"""Origin of an assumption that the figures themselves tell."""

_DEFAULT = "library default"
_ERROR = (0.2, 2.0, 2.0, -4)  # of a source: median, one standard deviation as a factor, ...
_NOISE = (9.0, 6.0, 3.0, -2)  # of days: ... the factor between sizes tried, and the least of them
_MOST = 4  # such factors above the median
_DRIFT = 0.6  # of an error: its changing part


def learnt(evidence: Evidence) -> Evidence:
    """Return the evidence with its dossier's open assumptions learnt from the figures."""
    return learnt_near(evidence)[0]


def learnt_near(evidence: Evidence) -> tuple[Evidence, Mode | None]:
    """Learn a dossier's open assumptions, and return a mode nearby where one was found.

    These are the error of sources and, where there is a recorded count, the noise of its days.
    Each is the size for which there is most evidence at the best mode (Laplace), together with a
    lognormal prior. A stated assumption is left as it is.
    """
    members = [evidence.root, *evidence.parts]
    evidence = _undrifted(evidence, members)
    noisy = [key for key in members if _open(evidence.dossier, "day_noise", key)]
    unsure = [key for key in members if _open(evidence.dossier, "source_error", key)]
    mode: Mode | None = None
    if noisy and evidence.counts:
        change = functools.partial(_with_noise, quantities=noisy)
        size, mode = _settled(evidence, _NOISE, change, mode)
        evidence = change(evidence, size)
    if unsure:
        change = functools.partial(_with_error, quantities=unsure)
        size, mode = _settled(evidence, _ERROR, change, mode)
        single = _one_of_each_family(evidence)
        if single is not evidence:
            size = max(size, _settled(single, _ERROR, change, mode)[0])
        evidence = change(evidence, size)
    return evidence, mode


def _one_of_each_family(evidence: Evidence) -> Evidence:
    """Return the evidence with one source of each family: the one with the most figures.

    Sources that share an input agree also where the input errs. How much of their error is its own
    is an assumption, so their agreement must not tell that sources err little; that they disagree
    may tell the contrary.
    """
    recorded = {counted.node for counted in evidence.counts}
    figures = Counter(term.node for term in evidence.terms)
    speakers = recorded | set(figures)
    busiest = sorted(speakers, key=lambda node: (node not in recorded, -figures[node], node))
    chosen = {
        next(node for node in busiest if node in family)
        for family in families(evidence.dossier, speakers)
    }
    if chosen >= speakers:
        return evidence
    terms = tuple(term for term in evidence.terms if term.node in chosen)
    counts = tuple(counted for counted in evidence.counts if counted.node in chosen)
    return dataclasses.replace(evidence, terms=terms, counts=counts)


def _undrifted(evidence: Evidence, quantities: Sequence[str]) -> Evidence:
    """Let the errors of a source that speaks alone stand still, where nobody says how they drift.

    Nothing tells a change of its error from what is counted, and what is forecast is its own count.
    """
    sources = {term.node[0] for term in evidence.terms}
    sources |= {counted.node[0] for counted in evidence.counts}
    still = Assumption(
        value=0.0,
        reason="one source speaks: what its figures add is taken for what was counted",
        origin=LEARNT,
    )
    alone = [key for key in quantities if _open(evidence.dossier, "source_drift", key)]
    if len(sources) != 1 or not alone:
        return evidence
    return _changed(evidence, {key: {"source_drift": still} for key in alone})


def _open(dossier: Dossier, name: str, quantity: str) -> bool:
    return dossier.assumption(name, quantity).origin == _DEFAULT


def _settled(
    evidence: Evidence,
    prior: tuple[float, float, float, int],
    change: Callable[[Evidence, float], Evidence],
    mode: Mode | None,
) -> tuple[float, Mode | None]:
    """Return the size that the figures ask for, and a mode near it.

    The sizes are tried outwards from the middle one of the prior, until the best has a worse one
    on either side; between them the best lies on a parabola.
    """
    middle, spread, spacing, least = prior
    heights: dict[int, float] = {}
    wanted = {-1, 0, 1}
    while wanted:
        for step in sorted(wanted):
            model = model_of(change(evidence, middle * spacing**step))
            peak = climb(model, starts(model)[0] if mode is None else mode.point)
            heights[step] = -np.inf
            if peak is not None:
                shortfall = 0.5 * (step * np.log(spacing) / np.log(spread)) ** 2
                heights[step] = peak.log_evidence + _constant(model) - shortfall
                mode = peak
        best = max(heights, key=lambda step: heights[step])
        wanted = {best - 1, best + 1} & set(range(least, _MOST + 1)) - set(heights)
    left, top, right = (heights.get(best + side, -np.inf) for side in (-1, 0, 1))
    bend = left - 2 * top + right
    place = best + (0.5 * (left - right) / bend if np.isfinite(bend) and bend < 0 else 0.0)
    return float(f"{middle * spacing**place:.3g}"), mode


def _constant(model: Model) -> float:
    """Return what the log likelihood leaves out of recorded counts: it depends on their noise."""
    counts = np.maximum(model.recorded, 1.0)
    saturated = (counts * np.log(counts) - counts).sum() / model.noise
    return float(-saturated - 0.5 * np.log(model.noise * counts).sum())


def _with_error(evidence: Evidence, size: float, quantities: Sequence[str]) -> Evidence:
    what = "standard deviation of the log of a source's count over the latent total"
    number, sources = len(evidence.terms), {term.node[0] for term in evidence.terms}
    sources |= {counted.node[0] for counted in evidence.counts}
    reason = f"learnt from the {number} figures known on {evidence.as_of}"
    if len(sources) == 1:
        reason = "judgement: one source speaks, and nothing tells how far it errs"
    error = Assumption(value=size, reason=f"{what}, {reason}", origin=LEARNT)
    drift = Assumption(
        value=float(f"{_DRIFT * size:.3g}"),
        reason=f"{_DRIFT} of how far a source errs; multiplied by what its own figures show where "
        "it has several",
        origin=LEARNT,
    )
    changes = {}
    for key in quantities:
        changes[key] = {"source_error": error}
        if _open(evidence.dossier, "source_drift", key):
            changes[key]["source_drift"] = drift
    return _changed(evidence, changes)


def _with_noise(evidence: Evidence, size: float, quantities: Sequence[str]) -> Evidence:
    blocks = sum(counted.count.size for counted in evidence.counts)
    noise = Assumption(
        value=size,
        reason="variance of a day's count divided by its mean, learnt from the "
        f"{blocks} recorded weeks known on {evidence.as_of}",
        origin=LEARNT,
    )
    return _changed(evidence, {key: {"day_noise": noise} for key in quantities})


def _changed(evidence: Evidence, changes: Mapping[str, Mapping[str, Assumption]]) -> Evidence:
    quantities = dict(evidence.dossier.quantities)
    for key, assumed in changes.items():
        own = quantities[key].assumptions.model_copy(update=dict(assumed))
        quantities[key] = quantities[key].model_copy(update={"assumptions": own})
    dossier = evidence.dossier.model_copy(update={"quantities": quantities})
    return dataclasses.replace(evidence, dossier=dossier)
