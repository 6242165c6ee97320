"""From a law to words: the sentence that can be cited, and the record of results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from attrition._version import __version__
from attrition.dossier import Dossier
from attrition.forecasts import Forecast, OtherForecast, Stock
from attrition.laws import (
    Crossing,
    CrossingDate,
    Law,
    crossing,
    print_date,
    probability_by,
    round_count,
    total,
)

_RARE = 0.001


def percent(probability: float) -> str:
    """Return a probability as it is printed.

    Examples
    --------
    >>> [percent(p) for p in (0.0, 0.0004, 0.004, 0.37, 0.996, 1.0)]
    ['less than 0.1 %', 'less than 0.1 %', '0.4 %', '37 %', '99.6 %', 'more than 99.9 %']
    """
    if probability < _RARE:
        return "less than 0.1 %"
    if probability > 1 - _RARE:
        return "more than 99.9 %"
    if probability < 0.01 or probability > 0.99:  # noqa: PLR2004 - one in a hundred
        return f"{100 * probability:.1f} %"
    return f"{100 * probability:.0f} %"


def number(value: float) -> str:
    """Return a total with thousands separated, without needless decimals.

    Examples
    --------
    >>> number(1_000_000.0), number(2.5)
    ('1,000,000', '2.5')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.6g}"


def _amount(value: float, unit: str) -> str:
    return number(value) if unit == "persons" else f"{number(value)} {unit}"


def cite(law: Law, threshold: float, *, prob: float = 0.9) -> str:
    """Return one sentence that says when a total passes a threshold, and how sure that is.

    Parameters
    ----------
    law : Law
    threshold : float
        The total that is passed [unit].
    prob : float
        Probability of the equal-tailed credible interval.

    Returns
    -------
    str
        It always holds the quantity and its definition, whose count it is, the threshold, the
        probability and the interval, the median, both outer masses, the condition, the
        information date, the figures behind it, and version, model and seed.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), rng=1, quantities=["russian-casualties"])
    >>> "90 % credible interval" in at.cite(forecast.law("russian-casualties"), 1_000_000)
    True
    """
    read = crossing(law, threshold, prob=prob)
    what = law.provenance
    return (
        f"From {_figures(law)} known on {_day(law.information_date)}, and {what.condition}, "
        f"{what.title} ({what.definition}), in the {what.basis_name}, "
        f"{_claim_of(law, read)}."
    )


def _claim_of(law: Law, read: Crossing) -> str:
    level = _amount(read.threshold, law.provenance.unit)
    chance = percent(read.prob)
    start, end = _day(law.information_date), _day(law.horizon)
    states = tuple(d.state for d in read.dates)
    if states == ("already",) * 3:
        return (
            f"had already passed {level} by {start} "
            f"(probability {percent(read.masses.already)}; "
            f"the {chance} credible interval lies wholly before that day; {_made_with(law)})"
        )
    if "ended" in states[:2] or states == ("beyond",) * 3:
        return _not_by(law, read)
    outer = (
        f"probability {percent(read.masses.already)} that they had passed it by {start}, "
        f"{percent(read.masses.beyond)} that they have not by {end}"
    )
    if law.provenance.end_hazard > 0:
        outer += f", {percent(read.masses.ended)} that it ends first"
    return (
        f"would pass {level} {_span(law, read)} ({chance} credible interval; "
        f"median {_end(law, read.median, read.unit)}; {outer}; {_made_with(law)})"
    )


def _not_by(law: Law, read: Crossing) -> str:
    """Say that a total does not pass a threshold within the horizon, or that the end is nearer."""
    level = _amount(read.threshold, law.provenance.unit)
    end, chance = _day(law.horizon), percent(read.prob)
    if read.upper.state == "beyond":
        return (
            f"would not pass {level} until after {end} "
            f"(probability {percent(read.masses.beyond)}; "
            f"the {chance} credible interval lies wholly after that day; {_made_with(law)})"
        )
    return (
        f"would pass {level} by {end} with probability "
        f"{percent(read.masses.already + read.masses.within)} (that it ends first "
        f"{percent(read.masses.ended)}; neither by that day {percent(read.masses.beyond)}; "
        f"{_made_with(law)})"
    )


def _span(law: Law, read: Crossing) -> str:
    lower, upper = (_end(law, d, read.unit) for d in (read.lower, read.upper))
    if lower == upper:
        preposition = "on" if read.unit == "day" else "in"
        return f"{preposition} {lower}"
    if read.lower.state == "already":
        if read.upper.state == "date":
            return f"by {upper}, if they have not passed it already"
        return "at a time that the figures do not narrow down"
    if read.upper.state in ("beyond", "ended"):
        return f"after {lower}, perhaps {upper}"
    return f"between {lower} and {upper}"


def _end(law: Law, quantile: CrossingDate, unit: str, *, short: bool = False) -> str:
    """Return one quantile in words: a date at the precision of ``unit``, or its state."""
    if quantile.state == "already":
        return "already" if short else f"on or before {_day(law.information_date)}"
    if quantile.state == "ended":
        return "never" if short else "never, because it ends first"
    if quantile.state == "beyond" or quantile.day is None:
        end = print_date(law.horizon, "day", short=short)
        return f"after {end}"
    return print_date(quantile.day, unit, short=short)


def _day(day: date) -> str:
    return print_date(day, "day")


def _figures(law: Law) -> str:
    what = law.provenance
    figures = "1 reported figure" if what.figures == 1 else f"{what.figures:,} reported figures"
    plural = "" if what.independent_sources == 1 else "s"
    return f"{figures} of {what.independent_sources:g} independent source{plural}"


def _made_with(law: Law) -> str:
    what = law.provenance
    seed = f"seed {what.seed}" if what.seed is not None else "no seed"
    return f"attrition {what.version}, {what.model}, {seed}"


def cite_stock(stock: Stock) -> str:
    """Return one sentence about a strength: reported with its interval, not forecast."""
    lower, median, upper = round_count(
        stock.lower, stock.median, stock.upper, whole=stock.unit == "persons"
    )
    return (
        f"{stock.title}, by the {stock.basis_name} for {stock.as_of}, reported as "
        f"“{stock.quote}”: {number(lower)} to {_amount(upper, stock.unit)} "
        f"({percent(stock.prob)} credible interval of what the words mean; "
        f"median {number(median)}; a strength, not forecast)."
    )


def cite_other(dossier: Dossier, other: OtherForecast) -> str:
    """Return one sentence that sets somebody else's forecast next to our probability."""
    whose = (
        "latent total"
        if other.basis == "latent"
        else (f"count of {dossier.sources[other.basis].name}")
    )
    return (
        f"{dossier.sources[other.source].name} expected {number(other.threshold)} "
        f"“{other.quote}” (read as by {_day(other.by)}): by the {whose} the probability of that is "
        f"{percent(other.probability)}."
    )


# ------------------------------------------------------------------ the record of results


def results(
    forecast: Forecast,
    *,
    prob: float | None = None,
    on: Sequence[date] = (),
    by: Sequence[date] = (),
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
    """
    probability = forecast.prob if prob is None else prob
    crossings = [
        _crossing_row(law, threshold, probability, by)
        for laws in (forecast.laws, forecast.unconditional)
        for (quantity, _), law in laws.items()
        for threshold in forecast.thresholds[quantity]
    ]
    totals = [_total_row(law, day, probability) for law in forecast.laws.values() for day in on]
    return {
        "attrition": __version__,
        "dossier": {"id": forecast.dossier.id, "sha256": forecast.dossier.sha256},
        "seed": forecast.seed,
        "crossings": crossings,
        "totals": totals,
        "stocks": [_stock_row(stock) for stock in forecast.stocks],
        "forecasts_by_others": [_other_row(forecast, other) for other in forecast.others],
        "assumptions": _assumption_rows(forecast),
        "left_out": dict(forecast.left_out),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _crossing_row(law: Law, threshold: float, prob: float, by: Sequence[date]) -> dict[str, Any]:
    read = crossing(law, threshold, prob=prob)
    ends = dict(zip(("lower", "median", "upper"), read.dates, strict=True))
    return {
        "quantity": law.provenance.quantity,
        "unit": law.provenance.unit,
        "basis": law.provenance.basis,
        "threshold": threshold,
        "information_date": law.information_date.isoformat(),
        "horizon": law.horizon.isoformat(),
        "prob": prob,
        "ci_kind": read.ci_kind,
        **{name: _iso(end.day) for name, end in ends.items()},
        **{f"{name}_state": end.state for name, end in ends.items()},
        "already": read.masses.already,
        "within": read.masses.within,
        "beyond": read.masses.beyond,
        "ended_first": read.masses.ended,
        "end_hazard": law.provenance.end_hazard,
        "condition": law.provenance.condition,
        "by": [
            {"date": day.isoformat(), "probability": probability_by(law, threshold, day)}
            for day in by
        ],
        "mcse_days": {name: end.mcse for name, end in ends.items()},
        "printed": {
            "unit": read.unit,
            **{name: _end(law, end, read.unit, short=True) for name, end in ends.items()},
        },
        "notes": list(law.provenance.notes),
        "sentence": cite(law, threshold, prob=prob),
    }


def _total_row(law: Law, day: date, prob: float) -> dict[str, Any]:
    read = total(law, day, prob=prob)
    return {
        "quantity": law.provenance.quantity,
        "unit": law.provenance.unit,
        "basis": law.provenance.basis,
        "on": day.isoformat(),
        "prob": prob,
        "ci_kind": "eti",
        "lower": read.lower,
        "median": read.median,
        "upper": read.upper,
    }


def _stock_row(stock: Stock) -> dict[str, Any]:
    return {
        "quantity": stock.quantity,
        "unit": stock.unit,
        "basis": stock.basis,
        "as_of": stock.as_of,
        "prob": stock.prob,
        "ci_kind": "eti",
        "lower": stock.lower,
        "median": stock.median,
        "upper": stock.upper,
        "sentence": cite_stock(stock),
    }


def _other_row(forecast: Forecast, other: OtherForecast) -> dict[str, Any]:
    return {
        "quantity": other.quantity,
        "source": other.source,
        "quote": other.quote,
        "threshold": other.threshold,
        "by": other.by.isoformat(),
        "basis": other.basis,
        "probability": other.probability,
        "sentence": cite_other(forecast.dossier, other),
    }


def _assumption_rows(forecast: Forecast) -> list[dict[str, Any]]:
    rows: dict[tuple[str, float | str], dict[str, Any]] = {}
    for law in (*forecast.laws.values(), *forecast.unconditional.values()):
        for name, value, reason, origin in law.provenance.assumptions:
            row = rows.setdefault(
                (name, value),
                {"name": name, "value": value, "reason": reason, "origin": origin, "for": []},
            )
            if law.provenance.quantity not in row["for"]:
                row["for"].append(law.provenance.quantity)
    return list(rows.values())
