"""A mid-sized case: a recorded count and the claims of three outsiders on the same total."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

import attrition as at
from attrition.models.assimilation.carry import Increments
from attrition.models.assimilation.network import Node

FIRST = date(2022, 2, 24)
KNOWN = date(2023, 6, 30)
HORIZON = date(2024, 6, 28)
THRESHOLD = 300_000.0
VOLATILITY, NOISE, ERROR, DRIFT = 0.07, 25.0, 0.14, 0.05
QUANTITY, COUNTER = "casualties", "tally"
SERIES = (
    Path(__file__).parents[2]
    / "src"
    / "attrition"
    / "bundled"
    / "general_staff_personnel_to_2025-06-03.csv"
)
_CLAIMS = {"one": (8, 0.92, 0.05), "two": (7, 1.08, 0.1), "three": (6, 1.0, 0.15)}


def series() -> dict[Node, at.Series]:
    """Return the recorded count of the General Staff up to the information date."""
    return {(COUNTER, QUANTITY): at.read_series(SERIES).until(KNOWN)}


def dossier() -> at.Dossier:
    """Return 21 invented claims about that count, of three independent sources.

    Every other claim of each source, in turn, lies above and below what the source is made to
    say, so that neither the constant nor the drift of an error is plain.
    """
    ((_, recorded),) = series().items()
    claims = []
    rng = np.random.default_rng(20230630)
    for source, (number, factor, sd) in _CLAIMS.items():
        days = np.linspace(60, (KNOWN - FIRST).days - 20, number).round().astype(int)
        for day in days:
            when = FIRST + timedelta(days=int(day))
            total = float(recorded.totals[recorded.days.index(when)])
            figure = total * factor * np.exp(sd * rng.standard_normal())
            claims.append(
                {
                    "quantity": QUANTITY,
                    "source": source,
                    "kind": "level",
                    "distribution": stats.lognorm(sd, scale=figure),
                    "as_of": when,
                    "published": when,
                }
            )
    assumed = {
        "volatility": VOLATILITY,
        "day_noise": NOISE,
        "source_error": ERROR,
        "source_drift": DRIFT,
    }
    return at.Dossier.of(
        id="mid-sized",
        sources={key: {"name": key} for key in (COUNTER, *_CLAIMS)},
        quantities={
            QUANTITY: {
                "title": "Casualties",
                "definition": "killed and wounded",
                "unit": "persons",
                "category": "casualties",
                "start": FIRST,
                "thresholds": [THRESHOLD],
            }
        },
        claims=claims,
        assumptions={k: {"value": v, "reason": "as measured"} for k, v in assumed.items()},
    )


def still(values: NDArray[np.float64]) -> Increments:
    """Return one value of each draw, shape (draw,), at a single node."""
    none = np.zeros(1)
    return Increments(values, np.zeros(values.size), none, none, np.zeros((2, values.size, 1)))
