"""How the intervals of each route have held: stored by the benchmarks, and quoted by a page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from attrition.core.files import bundled
from attrition.core.laws import Law
from attrition.forecasts import Forecast
from attrition.forecasts.asking import roots_of

_FEW = 2  # figures of which a forecast is one from two figures


@dataclass(frozen=True, slots=True)
class Backtest:
    """How intervals of one route have held.

    Parameters
    ----------
    command : str
        Which command stored it.
    count, independent : int
        Outcomes, and how many of them share no day with another.
    coverage : tuple of float
        Shares held by the intervals of 50, 80 and 90 %.
    """

    command: str
    count: int
    independent: int
    coverage: tuple[float, ...]


def route_of(forecast: Forecast, law: Law) -> str:
    """Return by which route a law of a forecast came about.

    Returns
    -------
    str
        "count", "two figures", "claims beside a count" or "claims".
    """
    if forecast.carried is not None:
        return "count"
    if law.provenance.figures <= _FEW:
        return "two figures"
    dossier = forecast.dossier
    own = roots_of(dossier, [law.provenance.quantity])
    beside = roots_of(dossier, [key for _, key in dossier.counts]) & own
    return "claims beside a count" if beside else "claims"


def read_coverage(route: str) -> Backtest:
    """Return how the intervals of a route other than "count" have held."""
    row = _stored("coverage.json")[route]
    return Backtest(**{**row, "coverage": tuple(row["coverage"])})


def past_command() -> str:
    """Return the command that stored how the intervals of recorded counts have held."""
    return str(_stored("hindcasts.json")["command"])


def _stored(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(bundled(name))
    return content
