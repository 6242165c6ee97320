"""Everything that a forecast says as rows: ready for JSON, in a terminal and in a notebook."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrition._version import __version__
from attrition.core._showing import Shown, aligned, shown
from attrition.core.checks import check_prob
from attrition.core.days import days_from
from attrition.core.laws import Law, Total, crossing, probability_by, total
from attrition.core.laws.reading import opened, quantiles
from attrition.data.dossier import Claim, Dossier
from attrition.forecasts import Forecast, Stock
from attrition.reporting.citation import cite
from attrition.reporting.questions import cite_other, cite_stock, printed_ends
from attrition.reporting.stretches import end_words
from attrition.reporting.templates import for_html
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
    printed = opened(law, read)
    dates = dict(zip(ends, printed.dates, strict=True))
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
            "unit": printed.unit,
            **{n: end_words(law, end, printed.unit, short=True) for n, end in dates.items()},
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


# ------------------------------------------------------------------ how it looks

_MOST = 4  # thresholds in the sentence of a law
_ROWS = 12  # and in its table

CellRows = Sequence[Sequence[str]]


def as_text(law: Law) -> str:
    """Return the standard sentence of a law and a small table: what ``print(law)`` shows.

    Parameters
    ----------
    law : Law
        Of the thresholds that were asked about, at most four stand in the sentence, those nearest
        to its middle, and twelve in the table.

    See Also
    --------
    attrition.reporting.as_html : for a notebook.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"])
    >>> print(as_text(forecast.law("russian-casualties")))
    Russia’s killed and wounded are 95 % likely to have passed one million by late August 2025 ....
    <BLANKLINE>
    threshold  from     to              median          already  later
    1,000,000  already  late Aug 2025  early Jul 2025  15 %     <0.1 %
    """
    sentence = cite(law, shown_thresholds(law)).sentence
    return "\n".join((sentence, "", *aligned(_law_rows(law))))


def as_html(thing: Shown) -> str:
    """Return a law, a dossier or any other result as a small piece of HTML: what a notebook shows.

    All text of the dossier is escaped.

    Raises
    ------
    TypeError
        If ``thing`` is none of these.

    See Also
    --------
    attrition.reporting.as_text : without markup.

    Examples
    --------
    >>> import attrition as at
    >>> as_html(at.read_dossier().claims[0]).startswith("<table>")
    True
    """
    if isinstance(thing, Law):
        sentence = for_html(cite(thing, shown_thresholds(thing)).sentence)
        return f"<div><p dir='auto'>{sentence}</p>{html_table(_law_rows(thing))}</div>"
    if isinstance(thing, Claim):
        return html_table([_CLAIM, _claim_row(thing)])
    if isinstance(thing, Shown) and not isinstance(thing, Dossier):
        return _result_table(thing)
    if isinstance(thing, Dossier):
        head = for_html(thing.title or thing.id)
        note = f"{len(thing.sources)} sources, {len(thing.quantities)} totals, sha256 "
        past = thing.superseded()
        rows = [_CLAIM, *(_claim_row(c, past=i in past) for i, c in enumerate(thing.claims))]
        return f"<div><p><b>{head}</b><br>{note}{thing.sha256[:12]}</p>{html_table(rows)}</div>"
    raise TypeError(thing)


def _result_table(thing: Shown) -> str:
    """Return a result as a table: a row for each of its parts, or for each of its fields."""
    rows = thing.table_rows()
    name = type(thing).__name__
    if not thing._parts:  # noqa: SLF001 - of its own kind
        named = [(key, shown(cell)) for row in rows for key, cell in row.items()]
        return html_table([(name, ""), *named])
    cells = [[shown(cell) for cell in row.values()] for row in rows[:_ROWS]]
    more = f" of {len(rows):,}" if len(rows) > _ROWS else ""
    head = f"<p><b>{for_html(f'{name}: {len(cells)}{more} rows')}</b></p>"
    return f"<div>{head}{html_table([list(rows[0]) if rows else [], *cells])}</div>"


def shown_thresholds(law: Law, most: int = _MOST) -> list[float]:
    """Return the thresholds of a law that were asked about; of many, those nearest its middle.

    A law that does not say what was asked is shown on all of its thresholds if they are few, else
    on the round ones among them; one that was asked nothing, on the round total nearest its middle.
    """
    grid = [float(value) for value in law.thresholds]
    if not grid:
        (middle,), _ = quantiles(law, (0.5,), law.horizon)
        step = 10.0 ** math.floor(math.log10(max(middle, 1.0)))
        return [max(round(middle / step), 1) * step]
    asked = [value for value in law.provenance.asked if value in grid] or grid
    if len(asked) <= most:
        return sorted(asked)
    mean = law.weights @ law.exceedance[:, :, -1]
    chosen = [value for value in asked if _is_round(value)] or asked
    near = sorted(chosen, key=lambda value: abs(float(mean[grid.index(value)]) - 0.5))
    return sorted(near[:most])


def _is_round(value: float) -> bool:
    """Tell whether a total is one digit and zeros, or half a step between two such."""
    if value <= 0:
        return False
    half = 5 * 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.isclose(value, round(value / half) * half, rel_tol=1e-12)


def _law_rows(law: Law) -> CellRows:
    shown = slice(7 if law.provenance.end_hazard > 0 else 6)
    heads = ["threshold", "from", "to", "median", "already", "later", "ended"]
    names = ["threshold", "lower", "upper", "median", "already", "later", "ended"]
    asked = shown_thresholds(law, _ROWS if law.provenance.asked else _MOST)
    rows = [crossing_row(law, threshold) for threshold in asked]
    return [heads[shown], *(crossing_cells(row, names[shown]) for row in rows)]


_CLAIM = ("total", "source", "kind", "words", "of", "published")


def _claim_row(claim: Claim, *, past: bool = False) -> Sequence[str]:
    numbers = [claim.point] if claim.point is not None else [claim.low, claim.high]
    stated = " to ".join(f"{value:,.10g}" for value in numbers if value is not None)
    words = claim.words or stated
    dates = (str(claim.as_of), str(claim.published))
    kind = f"{claim.kind}, superseded" if past else claim.kind
    return (claim.quantity, claim.source, kind, words, *dates)


def html_table(rows: CellRows) -> str:
    """Return rows as a table of HTML, the first as its head; every cell is escaped."""
    head = "".join(f"<th scope='col'>{for_html(cell)}</th>" for cell in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{for_html(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:]
    )
    return f"<table><tr>{head}</tr>{body}</table>"
