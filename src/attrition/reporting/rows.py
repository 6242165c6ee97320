"""Everything that a forecast says as rows: of its tables, and ready for JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrition._version import __version__
from attrition.core.days import days_from
from attrition.core.laws import Law, Total, crossing, probability_by, total
from attrition.core.laws.reading import check_prob, opened
from attrition.forecasts import Forecast, Stock
from attrition.reporting.citation import cite
from attrition.reporting.questions import cite_other, cite_stock, printed_ends
from attrition.reporting.stretches import end_words
from attrition.reporting.words import amount, basis_words, condition, number, signs


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
    shown = opened(law, read)
    printed = dict(zip(ends, shown.dates, strict=True))
    dated = {} if what.floors else ends  # floors put no end above a total
    return {
        **_named(what, "quantity", "unit", "basis", "title"),
        "basis_name": basis_words(law),
        "threshold": threshold,
        "information_date": law.information_date.isoformat(),
        "horizon": law.horizon.isoformat(),
        "prob": prob,
        "ci_kind": read.ci_kind,
        **{n: end.day.isoformat() if n in dated and end.day else None for n, end in ends.items()},
        **{
            f"{name}_state": end.state if name in dated or end.state == "already" else "open"
            for name, end in ends.items()
        },
        **_named(read.masses, "already", "within", "beyond"),
        "ended_first": read.masses.ended,
        "condition": condition(law),
        "end_hazard": what.end_hazard,
        "mcse_days": {name: dated[name].mcse if name in dated else None for name in ends},
        "printed": {
            "threshold": amount(threshold, what.unit),
            "number": number(threshold),
            "unit": shown.unit,
            **{name: end_words(law, end, shown.unit, short=True) for name, end in printed.items()},
            "already": signs(read.masses.already, law.draws),
            "later": signs(read.masses.beyond, law.draws),
            "ended": signs(read.masses.ended, law.draws),
        },
        "notes": list(what.notes),
    }


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


def results(
    forecast: Forecast,
    *,
    prob: float | None = None,
    on: Sequence[date | str] = (),
    by: Sequence[date | str] = (),
) -> dict[str, Any]:
    """Return everything that a forecast says, ready for JSON.

    Parameters
    ----------
    forecast : Forecast
    prob : float, optional
        Probability of the intervals; the forecast's own when left out.
    on : sequence of datetime.date
        Days on which the totals are asked for.
    by : sequence of datetime.date
        Days by which the probability of having crossed is asked for.

    Raises
    ------
    InputError
        If a date lies outside the law.

    See Also
    --------
    attrition.Forecast.to_pandas : the same as a table.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast("russia-ukraine-2025-06", quantities=["kharkiv-advance"], seed=1)
    >>> results = at.reporting.results(forecast)
    >>> results["crossings"][0]["quantity"], results["attrition"] == at.__version__
    ('kharkiv-advance', True)
    """
    probability = check_prob(forecast.prob if prob is None else prob)
    on, by = days_from(on, "on"), days_from(by, "by")
    crossings = [
        _crossing_row(law, threshold, probability, by)
        for laws in (forecast.laws, forecast.unconditional)
        for (quantity, _), law in laws.items()
        for threshold in forecast.thresholds[quantity]
    ]
    totals = [_total_row(law, day, probability) for law in forecast.laws.values() for day in on]
    others = [
        {
            **dataclasses.asdict(other),
            "by": other.by.isoformat(),
            "sentence": cite_other(
                forecast.dossier, other, forecast.law(other.quantity, other.basis).draws
            ),
        }
        for other in forecast.others
    ]
    return {
        "attrition": __version__,
        "dossier": {"id": forecast.dossier.id, "sha256": forecast.dossier.sha256},
        "seed": forecast.seed,
        "crossings": crossings,
        "totals": totals,
        "stocks": [_stock_row(stock) for stock in forecast.stocks],
        "forecasts_by_others": others,
        "assumptions": _assumption_rows(forecast),
        "left_out": dict(forecast.left_out),
    }


def _crossing_row(law: Law, threshold: float, prob: float, by: Sequence[date]) -> dict[str, Any]:
    citation = cite(law, threshold, prob=prob)
    passed = [
        {"date": day.isoformat(), "probability": probability_by(law, threshold, day)} for day in by
    ]
    words = {"sentence": citation.sentence, "note": citation.note}
    return crossing_row(law, threshold, prob) | {"by": passed, **words}


def _total_row(law: Law, day: date, prob: float) -> dict[str, Any]:
    read, what = total(law, day, prob=prob), law.provenance
    citation = cite(law, on=day, prob=prob)
    return {
        **_named(what, "quantity", "unit", "basis"),
        "on": day.isoformat(),
        "prob": prob,
        "ci_kind": "eti",
        "lower": read.lower,
        "median": None if what.floors else read.median,
        "upper": None if what.floors else read.upper,
        "mcse": read.mcse,
        "printed": _printed(law, read),
        "sentence": citation.sentence,
        "note": citation.note,
    }


def _printed(law: Law, read: Total) -> dict[str, str]:
    """Return what is printed of a total; floors alone put no end above it."""
    names = ("lower", "median", "upper")
    printed = dict(zip(names, map(number, printed_ends(law, read)), strict=True))
    return printed | (dict.fromkeys(names[1:], "not determined") if law.provenance.floors else {})


def _stock_row(stock: Stock) -> dict[str, Any]:
    head = _named(stock, "quantity", "unit", "basis", "as_of", "prob")
    ends = _named(stock, "lower", "median", "upper")
    return {**head, "ci_kind": "eti", **ends, "sentence": cite_stock(stock)}


def _named(thing: object, *names: str) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _assumption_rows(forecast: Forecast) -> list[dict[str, Any]]:
    rows: dict[tuple[str, float | str], dict[str, Any]] = {}
    for law in (*forecast.laws.values(), *forecast.unconditional.values()):
        for name, value, reason, origin in law.provenance.assumptions:
            stated = {"name": name, "value": value, "reason": reason, "origin": origin}
            row = rows.setdefault((name, value), {**stated, "for": []})
            if law.provenance.quantity not in row["for"]:
                row["for"].append(law.provenance.quantity)
    return list(rows.values())
