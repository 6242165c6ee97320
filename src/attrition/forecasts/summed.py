"""Several totals together: the law of their sum, from joint draws."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from attrition.core._typing import Floats
from attrition.core.laws import Law, Provenance, make_law, totals_of
from attrition.core.laws.law import falling
from attrition.core.refusals import refusal
from attrition.core.threads import one_thread
from attrition.forecasts.asking import PLUS, assumed_end, ending, thresholds_from
from attrition.forecasts.joint import drawn
from attrition.models.assimilation import LATENT

if TYPE_CHECKING:
    from attrition.forecasts.models import Forecast


def of_sum(forecast: Forecast, parts: Sequence[str]) -> Forecast:
    """Return the forecast of a sum, from that of its parts, as the question asks about it."""
    dossier, asked, key = forecast.dossier, forecast.question, PLUS.join(parts)
    thresholds = thresholds_from(asked.thresholds or ())
    hazard, scenario = asked.end_hazard, asked.scenario
    hazards = {float(assumed_end(dossier, part, hazard, scenario)[1]) for part in parts}
    if len(hazards) > 1:
        got = f"end hazards of {', '.join(f'{value:g}' for value in sorted(hazards))}"
        raise refusal("ending together", got, ", ".join(parts))
    bases = asked.bases or (LATENT,)
    laws = {(parts[0], basis): summed(forecast, parts, thresholds, basis) for basis in bases}
    ended = ending(dossier, laws, hazard, scenario)  # as the first of them, and so as all
    return dataclasses.replace(
        forecast,
        laws={(key, basis): law for (_, basis), law in laws.items()},
        thresholds={key: thresholds},
        others=(),
        unconditional={(key, basis): law for (_, basis), law in ended.items()},
    )


def summed(
    forecast: Forecast, quantities: Sequence[str], thresholds: Sequence[float], basis: str
) -> Law:
    """Return the law of several totals together.

    See :meth:`Forecast.sum`.
    """
    _check(forecast, quantities)
    asked = thresholds_from(thresholds)
    with one_thread():
        parts = [drawn(forecast, key, basis) for key in quantities]
    outlook = parts[0][0]  # all reach to one horizon, by the same nodes
    values: Floats = np.sum([paths for _, paths, _ in parts], axis=0)
    rising = np.maximum.accumulate(values, axis=2)
    passed = np.stack([(rising >= threshold).mean(axis=1) for threshold in asked], axis=1)
    law = make_law(
        falling(outlook.daily(passed), asked),
        asked,
        forecast.information_date,
        _stated(forecast, quantities, basis),
    )
    return law.with_totals(lambda: totals_of(list(rising), outlook.nodes))


def _check(forecast: Forecast, quantities: Sequence[str]) -> None:
    """Refuse what cannot be added."""
    dossier = forecast.dossier
    keys = [] if isinstance(quantities, str) else list(quantities)
    units = {dossier.find_quantity(key).unit for key in keys}
    pairs = list(itertools.permutations(keys, 2))
    nested = [key for key, other in pairs if key == other or other in dossier.lineage(key)[1:]]
    if len(keys) < 2 or len(units) > 1 or nested:  # noqa: PLR2004 - a sum
        got = f"{nested[0]} is counted twice" if nested else ", ".join(keys) or repr(quantities)
        got = f"{got} [{', '.join(sorted(units))}]" if len(units) > 1 else got
        raise refusal("totals that add", got, "quantities")


def _stated(forecast: Forecast, quantities: Sequence[str], basis: str) -> Provenance:
    """Return the provenance of a sum, from those of its parts."""
    parts = [forecast.law(key, basis).provenance for key in quantities]
    first, share = parts[0], forecast.question.common_pace
    titles = [part.title for part in parts]
    title = f"{', '.join(titles[:-1])} and {titles[-1]} together"
    origin = "argument" if share else "library default"
    common = ("common_pace", share, "correlation of the paces ahead", origin)
    return Provenance(
        quantity=PLUS.join(quantities),
        title=title,
        definition="; ".join(dict.fromkeys(part.definition for part in parts)),
        subject=title,
        verb="pass",
        unit=first.unit,
        basis=basis,
        basis_name=first.basis_name,
        condition=first.condition,
        scenario=first.scenario,
        sources=tuple(dict.fromkeys(name for part in parts for name in part.sources)),
        model=first.model,
        seed=first.seed,
        points=min(part.points for part in parts),
        sampling="joint draws of a posterior",
        version=first.version,
        dossier=first.dossier,
        sha256=first.sha256,
        figures=sum(part.figures for part in parts),
        independent_sources=max(part.independent_sources for part in parts),
        assumptions=(*_assumed(parts), common),
        floors=any(part.floors for part in parts),
    )


def _assumed(parts: Sequence[Provenance]) -> list[tuple[str, float | str, str, str]]:
    """Return what the laws of the parts rest on; what they do not share is named with its part."""
    shared = set.intersection(*(set(part.assumptions) for part in parts))
    rows = {
        row if row in shared else (f"{row[0]} of {part.quantity}", *row[1:]): None
        for part in parts
        for row in part.assumptions
    }
    return list(rows)
