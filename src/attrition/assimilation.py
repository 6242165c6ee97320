"""All dated claims on one total, brought to the information date.

In this version they are pooled, not confronted: each source's latest level is carried
forward by the pace from the day it describes, and the sources are mixed in a linear pool.
Sources that derive from one another form one family; families weigh the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy import special

from attrition._typing import Floats, HasCdf
from attrition.dossier import Assumption, Claim, Dossier, PartialDate, Quantity
from attrition.elicitation import atom, elicit_claim, lexicon_of, quantile
from attrition.elicitation import families as families  # noqa: PLC0414 - still offered here
from attrition.errors import InputError
from attrition.pace import Pace
from attrition.phrases import Lexicon
from attrition.trajectories import Component, Start

LATENT = "latent"
_TAIL = 0.05
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
    """

    start: Start
    figures: int
    independent_sources: float
    assumptions: tuple[tuple[str, float | str, str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Factor:
    """A positive factor of a total, as nodes with weights: a share, a source's error, or both."""

    nodes: Floats
    weights: Floats
    notes: tuple[str, ...] = ()
    figures: int = 0

    def draw(self, draws: int, seed: int) -> Floats:
        """Return draws of the factor, between its nodes, from the stream ``(seed, (1,))``."""
        order = np.argsort(self.nodes)
        weights = self.weights[order]
        middle = np.cumsum(weights) - weights / 2
        stream = np.random.SeedSequence(seed, spawn_key=(1,))
        uniform = np.random.default_rng(stream).random(draws)
        return np.asarray(np.interp(uniform, middle, self.nodes[order]))

    def times(self, other: Factor) -> Factor:
        """Return the product of two independent factors."""
        return Factor(
            np.outer(self.nodes, other.nodes).ravel(),
            np.outer(self.weights, other.weights).ravel(),
            self.notes + other.notes,
            self.figures + other.figures,
        )


ONE = Factor(np.ones(1), np.ones(1))


def is_counted(quantity: Quantity) -> bool:
    """Tell whether a quantity is counted in whole units."""
    return quantity.unit == "persons"


def stated(dossier: Dossier, name: str, quantity: str) -> tuple[str, float | str, str, str]:
    """Return (name, value, reason, origin) of the assumption that holds for a quantity."""
    held: Assumption = dossier.assumption(name, quantity)
    return name, held.value, held.reason, held.origin


def _number(dossier: Dossier, name: str, quantity: str) -> float:
    return float(dossier.assumption(name, quantity).value)


@dataclass(frozen=True, slots=True)
class _Table:
    """The claims on one quantity known on a day, with what is needed to read them."""

    dossier: Dossier
    quantity_id: str
    quantity: Quantity
    as_of: date
    lexicon: Lexicon
    claims: tuple[Claim, ...]

    def place(self, claim: Claim) -> str:
        index = next(i for i, other in enumerate(self.dossier.claims) if other is claim)
        return f"dossier '{self.dossier.id}', claims[{index}], source '{claim.source}'"

    def elicit(self, claim: Claim) -> HasCdf:
        return elicit_claim(
            claim,
            self.lexicon,
            place=self.place(claim),
            counted=is_counted(self.quantity),
            coverage=self.dossier.sources[claim.source].coverage,
        )

    def span(self, when: PartialDate, claim: Claim) -> tuple[date, date]:
        """Return the days that ``when`` may mean, none later than publication or information."""
        last = min(when.last, claim.published.last, self.as_of)
        return min(when.first, last), last

    def is_level(self, claim: Claim) -> bool:
        """Tell whether a claim gives the total: a level, or an increment since its first day."""
        start = self.quantity.start
        whole = (
            claim.kind == "increment"
            and claim.since is not None
            and start is not None
            and (claim.since.contains(start.first) or claim.since.first <= start.first)
        )
        return claim.kind == "level" or whole

    def latest_levels(self, basis: str) -> dict[str, Claim]:
        """Return each source's latest level; of one source only where a basis is named."""
        found: dict[str, Claim] = {}
        for claim in self.claims:
            wanted = basis in (LATENT, claim.source)
            if not (wanted and self.is_level(claim)):
                continue
            best = found.get(claim.source)
            if best is None or (claim.as_of.last, claim.published.last) >= (
                best.as_of.last,
                best.published.last,
            ):
                found[claim.source] = claim
        return found

    def rates(self, basis: str) -> list[Claim]:
        """Return the claims on the pace: a source's own where it states one, else everybody's."""
        found = [
            c
            for c in self.claims
            if c.kind == "rate" or (c.kind == "increment" and not self.is_level(c))
        ]
        own = [c for c in found if c.source == basis]
        return own or found


def _table(dossier: Dossier, quantity: str, as_of: date) -> _Table:
    return _Table(
        dossier,
        quantity,
        dossier.find_quantity(quantity),
        as_of,
        lexicon_of(dossier),
        dossier.claims_on(quantity, as_of=as_of),
    )


def _lags(first: date, last: date, as_of: date) -> tuple[float, ...]:
    """Return lags to days spread evenly over a span, one for each ten days of it."""
    length = (last - first).days
    count = max(1, math.ceil(length / _DAYS_A_NODE))
    days = [(i + 0.5) * length / count for i in range(count)]
    return tuple((as_of - first).days - day for day in days)


def _average_pace(table: _Table, claim: Claim) -> tuple[HasCdf, tuple[float, float]]:
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
    days = max((middle - start.first).days + 1, 1)
    gap = (table.as_of - middle).days
    return atom(1.0 / days), (float(gap), float(gap + days))


def _rate(table: _Table, claim: Claim) -> tuple[HasCdf, tuple[float, float]]:
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
    table = _table(dossier, quantity, as_of)
    levels = table.latest_levels(basis)
    rates = table.rates(basis)
    pace = Pace(_number(dossier, "volatility", quantity), _number(dossier, "day_noise", quantity))
    groups = families(dossier, list(levels))
    notes: list[str] = []
    components: list[Component] = []
    for group in groups:
        for source in group:
            weight = 1.0 / len(groups) / len(group)
            components += _components(table, levels[source], rates, weight, notes)
    if not components:
        components, groups = _from_zero(table, basis, rates, notes), [[basis]]
    if len(levels) > 1:
        notes.append(
            f"levels of {_names(dossier, list(levels))} are pooled; sources that derive from one "
            "another count as one"
        )
    entered = ("volatility", "day_noise")
    return Account(
        Start(tuple(components), pace),
        len(levels) + len(rates),
        float(len(groups)),
        tuple(stated(dossier, name, quantity) for name in entered),
        tuple(dict.fromkeys(notes)),
    )


def _names(dossier: Dossier, sources: Sequence[str]) -> str:
    return " and ".join(dossier.sources[key].name for key in sources)


def _components(
    table: _Table, claim: Claim, rates: Sequence[Claim], weight: float, notes: list[str]
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
    paces = (_rate(table, rate) for rate in rates)
    return [Component(level, rate, lags, window, weight / len(rates)) for rate, window in paces]


def _from_zero(
    table: _Table, basis: str, rates: Sequence[Claim], notes: list[str]
) -> list[Component]:
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
    share = 1.0 / len(rates)
    paces = (_rate(table, rate) for rate in rates)
    return [Component(atom(0.0), rate, (lag,), window, share) for rate, window in paces]


# ------------------------------------------------------------------ factors of a total


def _score_rule() -> tuple[Floats, Floats]:
    scores = np.linspace(-4.5, 4.5, 37)
    weights = np.exp(-(scores**2) / 2)
    return scores, weights / weights.sum()


def source_error(dossier: Dossier, quantity: str, basis: str) -> Factor:
    """Return how far the latent total may lie from what sources report; 1 for a source's count."""
    spread = _number(dossier, "source_error", quantity)
    if basis != LATENT or spread == 0:
        return ONE
    scores, weights = _score_rule()
    return Factor(np.exp(spread * scores), weights)


def logit_normal(lower: float, upper: float, prob: float) -> Factor:
    """Return a share in (0, 1) whose logit is normal, through both ends of an interval.

    Parameters
    ----------
    lower, upper : float
        Ends of the equal-tailed interval; 0 < lower <= upper < 1.
    prob : float
        Its probability.
    """
    scores, weights = _score_rule()
    ends = special.logit([lower, upper])
    reach = float(special.ndtri(0.5 + prob / 2))
    centre, spread = float(ends.mean()), float(ends[1] - ends[0]) / (2 * reach)
    if spread == 0:
        return Factor(special.expit(np.array([centre])), np.ones(1))
    return Factor(special.expit(centre + spread * scores), weights)


def share(dossier: Dossier, quantity: str, *, basis: str, as_of: date) -> Factor:
    """Return the share of its whole that a part makes up, from the levels of both.

    A source's share is its figure for the part over the median of its own figure for the
    whole; sources that give both are mixed in equal weights.

    Raises
    ------
    InputError
        If no source gives both, or the part exceeds the whole.
    """
    table = _table(dossier, quantity, as_of)
    whole = _table(dossier, str(table.quantity.part_of), as_of)
    parts, wholes = table.latest_levels(basis), whole.latest_levels(basis)
    found = [_share_of(table, parts[key], whole, wholes[key]) for key in parts if key in wholes]
    if not found:
        raise InputError(
            "a part needs a source that gives both the part and the whole",
            got=f"part from {sorted(parts) or 'nobody'}, whole from {sorted(wholes) or 'nobody'}",
            place=f"dossier '{dossier.id}', quantities.{quantity}",
            remedy="Add the missing claim, choose another basis, or a later information date",
        )
    return Factor(
        np.concatenate([factor.nodes for factor in found]),
        np.concatenate([factor.weights for factor in found]) / len(found),
        ("its share of the whole is held constant",),
        len(found),
    )


def _share_of(table: _Table, part: Claim, whole_table: _Table, whole: Claim) -> Factor:
    median = float(quantile(whole_table.elicit(whole), 0.5))
    lower, upper = (float(q) / median for q in quantile(table.elicit(part), [_TAIL, 1 - _TAIL]))
    if not 0 < lower <= upper < 1:
        raise InputError(
            "a part must be smaller than its whole",
            got=f"{lower * median:,.0f}-{upper * median:,.0f} of {median:,.0f}",
            place=table.place(part),
            remedy="Check both figures: is one a sum of killed and wounded?",
        )
    return logit_normal(lower, upper, 1 - 2 * _TAIL)
