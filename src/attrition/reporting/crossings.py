"""The one table of crossings, which the command, the page and a law print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrition.core.laws import Law, crossing
from attrition.reporting.spans import end_words
from attrition.reporting.words import amount, basis_words, condition, end_hazard, number, signs


def crossing_row(law: Law, threshold: float, prob: float = 0.9) -> dict[str, Any]:
    """Return what a law says of a threshold, ready for JSON, as numbers and as printed.

    Parameters
    ----------
    law : Law
    threshold : float
        The total that is passed [unit].
    prob : float
        Probability of the interval.
    """
    read, what = crossing(law, threshold, prob=prob), law.provenance
    ends = dict(zip(("lower", "median", "upper"), read.dates, strict=True))
    dated = {} if what.floors else ends  # floors put no end above a total
    return {
        "quantity": what.quantity,
        "unit": what.unit,
        "basis": what.basis,
        "title": what.title,
        "basis_name": basis_words(law),
        "threshold": threshold,
        "information_date": law.information_date.isoformat(),
        "horizon": law.horizon.isoformat(),
        "prob": prob,
        "ci_kind": read.ci_kind,
        **{name: _iso(end.day) if name in dated else None for name, end in ends.items()},
        **{
            f"{name}_state": end.state if name in dated or end.state == "already" else "open"
            for name, end in ends.items()
        },
        "already": read.masses.already,
        "within": read.masses.within,
        "beyond": read.masses.beyond,
        "ended_first": read.masses.ended,
        "condition": condition(law),
        "end_hazard": end_hazard(law),
        "mcse_days": {name: dated[name].mcse if name in dated else None for name in ends},
        "printed": {
            "threshold": amount(threshold, what.unit),
            "number": number(threshold),
            "unit": read.unit,
            **{name: end_words(law, end, read.unit, short=True) for name, end in ends.items()},
            "already": signs(read.masses.already, law.draws),
            "later": signs(read.masses.beyond, law.draws),
            "ended": signs(read.masses.ended, law.draws),
        },
        "notes": list(what.notes),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def crossing_cells(row: Mapping[str, Any], columns: Sequence[str], count: str = "") -> list[str]:
    """Return a row as it is printed.

    Parameters
    ----------
    row : mapping
        As :func:`crossing_row` returns it.
    columns : sequence of str
        ``"threshold"`` (with its unit) or ``"number"``, ``"count"``, ``"lower"``, ``"median"``,
        ``"upper"``, ``"already"``, ``"later"``, ``"ended"``.
    count : str
        Whose count it is.
    """
    cells = {**row["printed"], "count": count}
    return [cells[name] for name in columns]
