"""Measure how far outside sources lie from one another: the reasons of the bundled dossier.

    python -m benchmarks.dossier.measured

Outside figures are those of nobody who fights, who derives from one who does, or who lists names.
They are fitted by the smoothing spline with source effects of the claims hindcast, sources of one
family (the United States and what their services tell allies) having one effect.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from benchmarks.spline import fitted_spread

import attrition as at
from attrition.data.elicitation import quantile

PARTIES = {"general-staff", "ua-president", "ru-mod", "lostarmour", "ualosses"}


def ancestors(dossier: at.Dossier, source: str) -> set[str]:
    """Return a source and all from whom it derives, through any number."""
    lineage, queue = set(), [source]
    while queue:
        name = queue.pop()
        if name not in lineage:
            lineage.add(name)
            queue += [*dossier.sources[name].derived_from, *dossier.sources[name].copies]
    return lineage


def outside(dossier: at.Dossier, quantity: str) -> list[tuple[str, float, float]]:
    """Return (family, years since the count began, log of the figure) of outside figures."""
    start = dossier.quantities[quantity].start
    assert start is not None
    rows = []
    for claim in dossier.claims:
        above = ancestors(dossier, claim.source)
        floor = claim.low is not None and claim.high is None and claim.point is None
        if claim.quantity != quantity or claim.kind != "level" or floor or above & PARTIES:
            continue
        family = "us-intelligence" if "us-intelligence" in above else claim.source
        middle = float(quantile(at.elicit(claim, dossier=dossier), 0.5))
        years = ((claim.as_of.first - start.first).days + 1) / 365.25
        rows.append((family, years, float(np.log(middle))))
    return rows


def measured(quantities: Sequence[str] | None = None) -> tuple[int, int, float, float]:
    """Return figures, families, and standard deviations of families and of single figures."""
    dossier = at.read_dossier("war-in-ukraine-2025-06")
    rows = [
        (quantity, *figure)
        for quantity in quantities or dossier.quantities
        for figure in outside(dossier, quantity)
    ]
    about = np.array([[float(a[0] == b[0]) for b in rows] for a in rows])
    same = np.array([[float(a[:2] == b[:2]) for b in rows] for a in rows])
    years, logs = (np.array([figure[k] for figure in rows]) for k in (2, 3))
    _, sources, figures = fitted_spread(years, logs, same, about)
    return len(rows), len({figure[:2] for figure in rows}), float(sources), float(figures)


if __name__ == "__main__":
    for chosen in (None, *([key] for key in at.read_dossier("war-in-ukraine-2025-06").quantities)):
        count, groups, sources, figures = measured(chosen)
        name = "all four" if chosen is None else chosen[0]
        print(f"{name}: {count} figures, {groups} families, {sources:.2f} and {figures:.2f}")
