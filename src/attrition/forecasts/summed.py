"""Several totals together: the law of their sum, from joint draws."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError
from attrition.core.laws import Law, Provenance, make_law, totals_of
from attrition.core.laws.law import falling
from attrition.core.laws.totals import Once
from attrition.core.threads import one_thread
from attrition.forecasts.asking import thresholds_from
from attrition.forecasts.joint import drawn

if TYPE_CHECKING:
    from attrition.forecasts.models import Forecast


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
    totals = Once(lambda: totals_of(list(rising), outlook.nodes))
    law = make_law(
        falling(outlook.daily(passed), asked),
        asked,
        forecast.information_date,
        _stated(forecast, quantities, basis),
    )
    return law.with_totals(totals)


def _check(forecast: Forecast, quantities: Sequence[str]) -> None:
    """Refuse what cannot be added."""
    dossier = forecast.dossier
    keys = [] if isinstance(quantities, str) else list(quantities)
    units = {dossier.find_quantity(key).unit for key in keys}
    pairs = list(itertools.permutations(keys, 2))
    nested = [key for key, other in pairs if key == other or other in dossier.lineage(key)[1:]]
    if len(keys) < 2 or len(units) > 1 or nested:  # noqa: PLR2004 - a sum
        got = f"{nested[0]} is counted twice" if nested else ", ".join(keys) or repr(quantities)
        raise InputError(
            "totals that are added must be two or more, of one unit, none a part of another",
            got=f"{got} [{', '.join(sorted(units))}]" if len(units) > 1 else got,
            place="quantities",
            remedy='Name for example ["russian-killed", "ukrainian-killed"]',
        )


def _stated(forecast: Forecast, quantities: Sequence[str], basis: str) -> Provenance:
    """Return the provenance of a sum, from those of its parts."""
    parts = [forecast.law(key, basis).provenance for key in quantities]
    first, share = parts[0], forecast.question.common_pace
    titles = [part.title for part in parts]
    title = f"{', '.join(titles[:-1])} and {titles[-1]} together"
    paired = "are independent of one another"
    if share:
        paired = f"go together with a correlation of {share:g}"
    return Provenance(
        quantity="+".join(quantities),
        title=title,
        definition=f"the sum of {'; '.join(part.definition for part in parts)}",
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
        assumptions=tuple(dict.fromkeys(row for part in parts for row in part.assumptions)),
        notes=(f"the paces ahead of totals that are no parts of one another {paired}",),
        floors=any(part.floors for part in parts),
    )
