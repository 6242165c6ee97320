"""The account of a total: levels carried to the information date, and the pace."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from attrition.core._typing import Floats, HasCdf
from attrition.core.errors import InputError
from attrition.data.dossier import Claim, Dossier
from attrition.data.elicitation import atom, families, quantile
from attrition.models.assimilation.table import Table, number, stated, table_of
from attrition.models.pace import Pace
from attrition.models.trajectories import Component, Start

_DAYS_A_NODE = 10


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of one total at the information date.

    Parameters
    ----------
    start : Start
        Where the simulation starts.
    figures : int
        Reported figures that entered.
    independent_sources : float
        Families of sources among those whose levels entered.
    assumptions : tuple of tuple
        (name, value, reason, origin) of each assumption that entered.
    notes : tuple of str
        How the figures were carried and pooled.
    sources : tuple of str
        Ids of the sources whose figures entered.
    """

    start: Start
    figures: int
    independent_sources: float
    assumptions: tuple[tuple[str, float | str, str, str], ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...] = ()


def _lags(first: date, last: date, as_of: date) -> tuple[float, ...]:
    """Return lags to days spread evenly over a span, one for each ten days of it."""
    length = (last - first).days
    count = max(1, math.ceil(length / _DAYS_A_NODE))
    days = [(i + 0.5) * length / count for i in range(count)]
    return tuple((as_of - first).days - day for day in days)


def _average_pace(table: Table, claim: Claim) -> tuple[HasCdf, tuple[float, float]]:
    """Return the average pace from the first day of the count, as a multiple of the level."""
    start = table.quantity.start
    if start is None:
        raise InputError(
            "a cumulative total needs a rate claim, or the first day of its count",
            got="neither",
            place=f"dossier '{table.dossier.id}', quantities.{table.quantity_id}",
            remedy="Add a claim of kind 'rate', or `start` to the quantity",
        )
    first, last = table.span(claim.as_of, claim)
    middle = first + (last - first) / 2
    days = (middle - start.first).days + 1
    if days < 1:
        raise InputError(
            "a figure must not describe a day before the count began",
            got=f"as_of={claim.as_of} and start={start}",
            place=table.place(claim),
            remedy="Correct `start` of the quantity or `as_of` of the claim",
        )
    gap = (table.as_of - middle).days
    return atom(1.0 / days), (float(gap), float(gap + days))


def _rate(table: Table, claim: Claim) -> tuple[HasCdf, tuple[float, float]]:
    """Return a stated pace per day and the lags of the days over which it is an average."""
    first, last = table.span(claim.as_of, claim)
    distribution = table.elicit(claim)
    if claim.kind == "rate":
        return distribution, (
            float((table.as_of - last).days),
            float((table.as_of - first).days),
        )
    since = claim.since or claim.as_of
    end = first + (last - first) / 2
    begin = since.first
    days = max((end - begin).days + 1, 1)
    window = (float((table.as_of - end).days), float((table.as_of - begin).days + 1))
    return _divided(distribution, days), window


@dataclass(frozen=True, slots=True)
class _Divided:
    """A distribution in units ``by`` times larger; scipy's frozen ones cannot be divided."""

    whole: HasCdf
    by: float

    def cdf(self, x: Floats, /) -> Floats:
        return np.asarray(self.whole.cdf(np.asarray(x) * self.by), dtype=float)

    def ppf(self, probability: Floats, /) -> Floats:
        return quantile(self.whole, probability) / self.by


def _divided(distribution: HasCdf, by: float) -> HasCdf:
    return _Divided(distribution, by)


def account(dossier: Dossier, quantity: str, *, basis: str, as_of: date) -> Account:
    """Bring all claims on one total, known on a day, to that day.

    Parameters
    ----------
    dossier : Dossier
    quantity : str
        Id of a cumulative quantity that is not part of another.
    basis : str
        ``"latent"`` pools every source's latest level; a source's id takes its own alone.
    as_of : datetime.date
        The information date; claims published later are not seen.

    Returns
    -------
    Account

    Raises
    ------
    InputError
        If no level and no first day is known, or no pace.
    """
    table = table_of(dossier, quantity, as_of)
    levels = table.latest_levels(basis)
    rates = _weighted(dossier, table.rates(basis))
    pace = Pace(number(dossier, "volatility", quantity), number(dossier, "day_noise", quantity))
    groups = families(dossier, list(levels))
    notes: list[str] = []
    components: list[Component] = []
    for group in groups:
        for source in group:
            weight = 1.0 / len(groups) / len(group)
            components += _components(table, levels[source], rates, weight, notes)
    if not components:
        components = _from_zero(table, basis, rates, notes)
    _check_span(table, components)
    if table.superseded():
        notes.append(
            f"earlier figures are left out where a source has a later one ({table.superseded()})"
        )
    if len(levels) > 1:
        notes.append(
            f"levels of {_names(dossier, list(levels))} are pooled; sources that derive from one "
            "another count as one"
        )
    entered = ("volatility", "day_noise")
    sources = tuple(dict.fromkeys((*levels, *(claim.source for _, claim in rates))))
    return Account(
        Start(tuple(components), pace),
        len(levels) + len(rates),
        float(len(families(dossier, sorted(sources)))),
        tuple(stated(dossier, name, quantity) for name in entered),
        tuple(dict.fromkeys(notes)),
        sources,
    )


_LONGEST = 40  # years over which a total is followed day by day


def _check_span(table: Table, components: Sequence[Component]) -> None:
    """Refuse a count over so many years that a mistyped one is likelier; its days fill memory."""
    oldest = max(max(*one.lags, *one.rate_window) for one in components)
    if oldest > 366 * _LONGEST:
        raise InputError(
            f"figures must lie within {_LONGEST} years of the information date",
            got=f"{oldest / 365.25:.0f} years before {table.as_of}",
            place=f"dossier '{table.dossier.id}', quantities.{table.quantity_id}",
            remedy="Correct a mistyped year, or give a later `start` or a pace that is recent",
        )


_Paces = list[tuple[float, Claim]]


def _weighted(dossier: Dossier, claims: Sequence[Claim]) -> _Paces:
    """Return claims with weights: families of sources weigh the same, and members of each."""
    by_source = {claim.source: claim for claim in claims}
    groups = families(dossier, list(by_source))
    return [(1.0 / len(groups) / len(g), by_source[source]) for g in groups for source in g]


def _names(dossier: Dossier, sources: Sequence[str]) -> str:
    return " and ".join(dossier.sources[key].name for key in sources)


def _components(
    table: Table, claim: Claim, rates: _Paces, weight: float, notes: list[str]
) -> list[Component]:
    first, last = table.span(claim.as_of, claim)
    lags = _lags(first, last, table.as_of)
    level = table.elicit(claim)
    if max(lags) > 0:
        name = table.dossier.sources[claim.source].name
        notes.append(f"the figure of {name} for {claim.as_of} is carried forward by the pace")
    if not rates:
        notes.append("no report gives a pace; the average since the first day of the count is used")
        rate, window = _average_pace(table, claim)
        return [Component(level, rate, lags, window, weight, relative=True)]
    paces = ((share, *_rate(table, stated)) for share, stated in rates)
    return [Component(level, rate, lags, window, weight * share) for share, rate, window in paces]


def _from_zero(table: Table, basis: str, rates: _Paces, notes: list[str]) -> list[Component]:
    """Start from 0 on the first day of the count, where no level is reported."""
    start = table.quantity.start
    known = start is not None and start.first <= table.as_of
    if start is None or not known or not rates:
        raise InputError(
            "a forecast needs a level, or a rate and the first day of the count",
            got=f"{len(rates)} rates and no level known on {table.as_of} for basis '{basis}'",
            place=f"dossier '{table.dossier.id}', quantities.{table.quantity_id}",
            remedy="Add such a claim, choose another basis, or a later information date",
        )
    notes.append(f"no report gives a total; it is counted from 0 on {start}")
    lag = float((table.as_of - start.first).days + 1)
    paces = ((share, *_rate(table, stated)) for share, stated in rates)
    return [Component(atom(0.0), rate, (lag,), window, share) for share, rate, window in paces]
