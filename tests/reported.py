"""Small dossiers of reports on one total, built in a line each."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

import attrition as at
from attrition.models.assimilation.blocks import Block
from attrition.models.assimilation.evidence import Evidence, evidence_of
from attrition.models.assimilation.inference import Sampler
from attrition.models.assimilation.model import Model
from attrition.models.assimilation.outlook import Outlook, outlook_of
from attrition.models.assimilation.readings import log_density
from attrition.models.assimilation.search import Fit, fit

FIRST = date(2024, 1, 1)
"""First day of every count here."""


def day(number: float) -> date:
    """Return the date at whose end so many days are counted."""
    return FIRST + timedelta(days=int(number) - 1)


def level(source: str, on: float, value: float, sd: float = 0.05, **more: Any) -> dict[str, Any]:
    """Return a claim on a total: lognormal about ``value``, with ``sd`` on the log scale."""
    table = {
        "quantity": "total",
        "source": source,
        "kind": "level",
        "distribution": stats.lognorm(sd, scale=value),
        "as_of": day(on),
        "published": day(on),
    }
    return table | more


def dossier_of(
    claims: Sequence[Mapping[str, Any]],
    sources: Mapping[str, Mapping[str, Any]] | None = None,
    /,
    **assumed: float,
) -> at.Dossier:
    """Return a dossier with a total, its killed, and every source that the claims name."""
    named = {str(c["source"]): {"name": str(c["source"]).upper()} for c in claims}
    whole = {"definition": "killed and wounded", "unit": "persons", "start": FIRST}
    quantities = {
        "total": {**whole, "title": "Casualties", "category": "casualties"},
        "killed": {**whole, "title": "Killed", "category": "killed", "part_of": "total"},
    }
    used = {c["quantity"] for c in claims} | {"total"}
    numbers = {"volatility": 0.0, "source_error": 0.1, "source_drift": 0.0} | assumed
    return at.Dossier.of(
        id="case",
        sources=named | {k: {"name": k.upper(), **v} for k, v in (sources or {}).items()},
        quantities={k: q for k, q in quantities.items() if k in used},
        claims=[dict(c) for c in claims],
        assumptions={k: {"value": v, "reason": "a test"} for k, v in numbers.items()},
    )


def counts_of(counts: Sequence[float] | NDArray[np.float64], first: int = 1) -> at.Series:
    """Return a recorded series of daily counts from the day ``first`` of the count on."""
    import pandas as pd

    days = pd.date_range(day(first), periods=len(counts))
    return at.read_series(pd.Series(np.cumsum(counts), index=days, name="cumulative"))


def posterior(
    dossier: at.Dossier,
    known: float,
    *,
    ahead: int = 30,
    points: int = 16,
    seed: int = 1,
    series: Mapping[tuple[str, str], at.Series] | None = None,
) -> tuple[Evidence, Fit, Sampler, Outlook]:
    """Return every stage of the posterior that is known so many days after the start."""
    evidence = evidence_of(dossier, "total", as_of=day(known), series=series)
    fitted = fit(evidence)
    sampler = Sampler(fitted, ahead, seed)
    sampler.extend(points)
    return evidence, fitted, sampler, outlook_of(sampler)


def exact(model: Model, point: NDArray[np.float64]) -> float:
    """Return the log density at one point, written anew: without tables, without derivatives."""
    eta = model.predicted(point[None])
    blocks = eta[0, model.terms :]
    fit = (blocks @ model.recorded - np.exp(blocks).sum()) / model.noise
    fit += log_density(list(model.readings), eta[0, list(model.singles)])[0].sum()
    fit += sum(_by_every_state(block, eta[0]) for block in model.blocks)
    prior = model.log_errors(point[None]) + model.log_shape(point[None])
    return float(fit + prior[0])


def _by_every_state(block: Block, eta: NDArray[np.float64]) -> float:
    """Return the log density of a block, with every set of sources off: dense, one by one."""
    residual, above = block.centres - eta[block.figures], eta[block.floors] - block.bounds
    logs = []
    for setting in block.settings:
        usual = np.linalg.inv(setting.root.T @ setting.root)
        crossed = setting.lift @ usual
        for off in itertools.product((0, 1), repeat=len(block.nodes)):
            far, beyond = block.farther * off, block.beyond * off
            known = np.linalg.inv(usual + far @ far.T)
            lift = (crossed + beyond @ far.T) @ known
            log = setting.log_weight + sum(off) * np.log(0.1 / 0.9)
            log += 0.5 * np.linalg.slogdet(known).logabsdet - 0.5 * residual @ known @ residual
            left = setting.softness**2 + ((setting.lift @ usual) * setting.lift).sum(axis=1)
            left += (beyond**2).sum(axis=1) - (lift * (crossed + beyond @ far.T)).sum(axis=1)
            log -= 0.5 * residual.size * np.log(2 * np.pi)
            logs.append(log + special.log_ndtr((above + lift @ residual) / np.sqrt(left)).sum())
    return float(special.logsumexp(logs))
