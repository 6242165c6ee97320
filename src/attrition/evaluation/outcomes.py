"""Outcomes as arrays, for sending and keeping: one row for each, their laws end to end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from attrition.core.tasks import Arrays
from attrition.evaluation.protocol import Outcome


def packed(methods: Sequence[Sequence[Outcome]]) -> Arrays:
    """Return the outcomes of several methods, which share origins and thresholds, as arrays.

    ``origin`` (ordinal day), ``threshold`` [unit], ``lead`` [day], ``horizon`` [day] and ``day``
    [day], shape (outcome,); and for method m ``cdf m``, the laws one after the other.
    """
    rows = methods[0]
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
        **laws,
    }


def unpacked(arrays: Arrays, method: int) -> list[Outcome]:
    """Return the outcomes of one method as they were before :func:`packed`."""
    ends = np.cumsum(arrays["horizon"])[:-1]
    laws = np.split(arrays[f"cdf {method}"], ends) if arrays["horizon"].size else []
    columns = (arrays[name].tolist() for name in ("origin", "threshold", "lead", "horizon", "day"))
    return [
        Outcome(date.fromordinal(origin), threshold, lead, horizon, day, law)
        for origin, threshold, lead, horizon, day, law in zip(*columns, laws, strict=True)
    ]
