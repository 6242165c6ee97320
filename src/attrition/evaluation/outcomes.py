"""Outcomes as arrays, for sending and keeping: one row for each, their laws end to end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from attrition.core.tasks import Arrays
from attrition.evaluation.increments import LEVELS, IncrementOutcome
from attrition.evaluation.protocol import Outcome


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
    laws = {
        f"cdf {m}": np.concatenate([o.cdf for o in outcomes]) if outcomes else np.empty(0)
        for m, outcomes in enumerate(methods)
    }
    return {
        "origin": np.array([o.origin.toordinal() for o in rows], dtype=np.int64),
        "threshold": np.array([o.threshold for o in rows], dtype=float),
        "lead": np.array([o.lead for o in rows], dtype=float),
        "horizon": np.array([o.horizon for o in rows], dtype=np.int64),
        "day": np.array([o.day for o in rows], dtype=np.int64),
        "from": np.array([one.origin.toordinal() for one in counted], dtype=np.int64),
        "within": np.array([one.lead for one in counted], dtype=np.int64),
        "came": np.array([one.came for one in counted], dtype=float),
        **{
            f"quantiles {m}": np.array([one.quantiles for one in own]).reshape(-1, LEVELS.size)
            for m, own in enumerate(increments)
        },
        **laws,
    }


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
    columns = (arrays[name].tolist() for name in ("origin", "threshold", "lead", "horizon", "day"))
    return [
        Outcome(date.fromordinal(origin), threshold, lead, horizon, day, law)
        for origin, threshold, lead, horizon, day, law in zip(*columns, laws, strict=True)
    ]
