"""Outcomes as arrays, for sending and keeping: one row for each, their laws end to end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from attrition.core.checkpoint import Arrays
from attrition.evaluation.increments import LEVELS, IncrementOutcome
from attrition.evaluation.protocol import Outcome

_OF_OUTCOMES = ("threshold", "lead", "horizon", "day")
_OF_COUNTED = (("within", "lead"), ("came", "came"))


def packed(
    methods: Sequence[Sequence[Outcome]], increments: Sequence[Sequence[IncrementOutcome]]
) -> Arrays:
    """Return the outcomes of several methods, which share origins and thresholds, as arrays.

    ``origin`` (ordinal day), ``threshold`` [unit], ``lead`` [day], ``horizon`` [day] and ``day``
    [day], shape (outcome,); and for method m ``cdf m``, the laws one after the other. Of increments
    ``from`` (ordinal day), ``within`` [day] and ``came`` [unit], shape (increment,), and for method
    m ``quantiles m``, shape (increment, level).
    """
    rows, counted = methods[0], increments[0]
    arrays = {name: np.array([getattr(one, name) for one in rows]) for name in _OF_OUTCOMES}
    arrays |= {name: np.array([getattr(one, own) for one in counted]) for name, own in _OF_COUNTED}
    for name, some in (("origin", rows), ("from", counted)):
        arrays[name] = np.array([one.origin.toordinal() for one in some], dtype=np.int64)
    for m, own in enumerate(increments):
        quantiles = np.array([one.quantiles for one in own])
        arrays[f"quantiles {m}"] = quantiles.reshape(-1, LEVELS.size)
    for m, outcomes in enumerate(methods):
        arrays[f"cdf {m}"] = np.concatenate([np.empty(0), *(one.cdf for one in outcomes)])
    return arrays


def unpacked_increments(arrays: Arrays, method: int) -> list[IncrementOutcome]:
    """Return the increments of one method as they were before :func:`packed`."""
    columns = (arrays[name].tolist() for name in ("from", "within", "came"))
    return [
        IncrementOutcome(date.fromordinal(origin), lead, came, quantiles)
        for origin, lead, came, quantiles in zip(
            *columns, arrays[f"quantiles {method}"], strict=True
        )
    ]


def unpacked(arrays: Arrays, method: int) -> list[Outcome]:
    """Return the outcomes of one method as they were before :func:`packed`."""
    ends = np.cumsum(arrays["horizon"])[:-1]
    laws = np.split(arrays[f"cdf {method}"], ends) if arrays["horizon"].size else []
    columns = (arrays[name].tolist() for name in ("origin", *_OF_OUTCOMES))
    return [
        Outcome(date.fromordinal(origin), threshold, lead, horizon, day, law)
        for origin, threshold, lead, horizon, day, law in zip(*columns, laws, strict=True)
    ]
