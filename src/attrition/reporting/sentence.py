"""Sentences beside our own forecasts: a strength that was reported, and what others expect."""

from __future__ import annotations

from attrition.core.laws import round_count
from attrition.data.dossier import Dossier
from attrition.forecasts import OtherForecast, Stock
from attrition.reporting.subject import capital, named, whose
from attrition.reporting.words import amount, chance, day_words, number, percent, plain


def cite_stock(stock: Stock) -> str:
    """Return one sentence about a strength: reported with its interval, not forecast."""
    lower, median, upper = round_count(
        stock.lower, stock.median, stock.upper, whole=stock.unit == "persons"
    )
    return (
        f"{plain(stock.title)}, by {_count(stock)} for {stock.as_of}, reported as "
        f"“{plain(stock.quote)}”: {number(lower)} to {amount(upper, stock.unit)} "
        f"({chance(stock.prob)} credible interval of what the words mean; "
        f"median {number(median)}; a strength, not forecast)."
    )


def cite_other(dossier: Dossier, other: OtherForecast) -> str:
    """Return one sentence that sets somebody else's forecast next to our probability."""
    latent = other.basis == "latent"
    count = (
        "for the toll itself, whoever counts"
        if latent
        else f"by {whose(dossier.sources[other.basis].name, 'count')}"
    )
    return (
        f"{capital(named(dossier.sources[other.source].name))} expected {number(other.threshold)} "
        f"“{plain(other.quote)}” (read as by {day_words(other.by)}): the probability of that is "
        f"{percent(other.probability)} {count}."
    )


def _count(stock: Stock) -> str:
    """Return whose count a strength is."""
    name = plain(stock.basis_name)
    return whose(name.removeprefix("count of "), "count") if "count of " in name else f"the {name}"
