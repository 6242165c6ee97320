"""The record of past hindcasts: made by a command, kept in a file, and read, never recomputed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from attrition.core._showing import Shown
from attrition.core.files import bundled
from attrition.evaluation.protocol import Outcome
from attrition.evaluation.scores import Summary, by_rank, interval, miss


@dataclass(frozen=True, slots=True)
class Strip(Shown):
    """One forecast and what happened, in days after the day of the forecast.

    Parameters
    ----------
    origin : datetime.date
        The day of the forecast.
    low, high : int
        The interval; one more than ``horizon`` stands for beyond it.
    day : int
        When the threshold was passed; -1 if not by the end of the data.
    horizon : int
        The end of the data, or of the question.
    miss : int
        0 where the interval held, -1 and 1 where the crossing came before and after it.
    """

    origin: date
    low: int
    high: int
    day: int
    horizon: int
    miss: int


def strips(outcomes: Sequence[Outcome], prob: float, rank: int = 0) -> tuple[Strip, ...]:
    """Return the nearest (0), next (1), ... forecast of each origin as a strip."""
    return tuple(
        Strip(o.origin, *interval(o, prob), o.day, o.horizon, miss(o, prob))
        for o in by_rank(outcomes, rank)
    )


@dataclass(frozen=True, slots=True)
class Past(Shown):
    """How the forecasts of one recorded series did.

    Parameters
    ----------
    name, unit : str
        Of the series.
    last : datetime.date
        Last day of its data.
    protocol : str
        Which origins and thresholds, in words.
    prob : float
        Probability of the intervals of the strips.
    seed : int
    version : str
        Of attrition, when the record was made.
    summary : Summary
    strips : tuple of Strip
        The nearest threshold of each origin.
    """

    _parts = "strips"

    name: str
    unit: str
    last: date
    protocol: str
    prob: float
    seed: int
    version: str
    summary: Summary
    strips: tuple[Strip, ...]


def read_past() -> tuple[Past, ...]:
    """Read how intervals have held on recorded counts: `python -m benchmarks.calibration.stored`.

    Examples
    --------
    >>> [past.name for past in read_past()][:2]
    ['General Staff', 'Poland']
    """
    return tuple(_past(row) for row in json.loads(bundled("hindcasts.json"))["series"])


def _past(row: dict[str, Any]) -> Past:
    entries = row["summary"].items()
    scores: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entries}
    bars = tuple(Strip(date.fromisoformat(day), *rest) for day, *rest in row["strips"])
    last = date.fromisoformat(row["last"])
    return Past(**{**row, "last": last, "summary": Summary(**scores), "strips": bars})
