"""The record of past hindcasts: made by a command, kept in a file, and read, never recomputed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from attrition._version import __version__
from attrition.core._showing import Shown
from attrition.core.errors import InputError, clip
from attrition.evaluation.protocol import Outcome
from attrition.evaluation.rolling import OURS, Hindcast
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


def past_of(hindcast: Hindcast, name: str = "") -> Past:
    """Return what is kept of a hindcast: the scores of ours, and its strips."""
    return Past(
        name or hindcast.name,
        hindcast.unit,
        hindcast.last,
        hindcast.protocol.text,
        hindcast.prob,
        hindcast.seed,
        __version__,
        hindcast.summary(),
        strips(hindcast.outcomes[OURS], hindcast.prob),
    )


def past_json(kept: Sequence[Past], command: str) -> str:
    """Return records as the text of a file that :func:`read_past` reads."""
    rows = []
    for past in kept:
        row = dataclasses.asdict(past)
        row["last"] = past.last.isoformat()
        row["strips"] = [
            [s.origin.isoformat(), s.low, s.high, s.day, s.horizon, s.miss] for s in past.strips
        ]
        rows.append(row)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{"command": {json.dumps(command)}, "series": [\n{lines}\n]}}\n'


def read_past(path: str | Path | None = None) -> tuple[Past, ...]:
    """Read the record of past hindcasts; that of the package when no path is given.

    Raises
    ------
    InputError
        If the file cannot be read, or is no such record.

    Examples
    --------
    >>> [past.name for past in read_past()][:2]
    ['General Staff', 'Poland']
    """
    file = files("attrition").joinpath("bundled", "hindcasts.json") if path is None else Path(path)
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["series"]
        return tuple(_past(row) for row in rows)
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            "a record of hindcasts must have the form that `past_json` writes",
            got=clip(str(error)),
            place=clip(str(path)),
            remedy="Make it again: python -m benchmarks.calibration.stored",
        ) from None


def _past(row: dict[str, Any]) -> Past:
    scores = dict(row["summary"])
    for key in ("coverage", "pit", "pit_band"):
        scores[key] = tuple(scores[key])
    bars = tuple(Strip(date.fromisoformat(day), *rest) for day, *rest in row["strips"])
    last = date.fromisoformat(row["last"])
    return Past(**{**row, "last": last, "summary": Summary(**scores), "strips": bars})
