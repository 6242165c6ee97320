"""Several sources: who repeats whom, how many they are worth, and one distribution of all.

A linear pool keeps disagreement visible: sources that cannot both be right leave two humps. A
logarithmic pool looks for common ground and has none to offer where they exclude one another.
"""

from __future__ import annotations

import itertools
import math
import operator
import warnings
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import Literal, TypeVar

import numpy as np

from attrition.core._showing import Shown
from attrition.core._typing import HasCdf
from attrition.core.checks import check_type, number_within
from attrition.core.days import day_from
from attrition.core.distributions import Histogram
from attrition.core.errors import AttritionWarning, InputError, clip, refusal
from attrition.core.grouping import grouped_by
from attrition.data.dossier import Claim, Dossier
from attrition.data.elicitation.claims import elicit, lexicon_of, read_claim
from attrition.data.elicitation.distributions import Distribution, density, mixture, quantile

_Member = TypeVar("_Member", bound=Hashable)

SHARED = 0.8
"""Correlation of the error of a source with that of its input, where nobody says better."""


NEAR = 0.05
"""Figures of one date that differ by no more than this share may be one figure."""


def groups(
    keys: Sequence[_Member], edges: Iterable[tuple[_Member, _Member]]
) -> list[list[_Member]]:
    """Group what is joined by edges, directly or through others, in the order of ``keys``.

    Examples
    --------
    >>> groups(["a", "b", "c"], [("a", "x"), ("x", "c")])
    [['a', 'c'], ['b']]
    """
    root: dict[_Member, _Member] = {}

    def find(key: _Member) -> _Member:
        while root.setdefault(key, key) != key:
            key = root[key]
        return key

    for one, other in edges:
        root[find(one)] = find(other)
    return list(grouped_by(keys, find).values())


def copy_edges(dossier: Dossier) -> list[tuple[str, str]]:
    """Return the pairs of sources of which the first repeats the second."""
    return [(key, parent) for key, source in dossier.sources.items() for parent in source.copies]


def input_edges(dossier: Dossier) -> list[tuple[str, str]]:
    """Return the pairs of sources of which the second is an input of the first."""
    return [
        (key, parent) for key, source in dossier.sources.items() for parent in source.derived_from
    ]


def families(dossier: Dossier, sources: Sequence[str]) -> list[list[str]]:
    """Group sources that derive from one another, as copies or by input, through any number.

    Examples
    --------
    >>> from attrition.data.dossier import read_dossier
    >>> families(read_dossier("russia-ukraine-2025-06"), ["csis", "uk-mod"])
    [['csis', 'uk-mod']]
    """
    return groups(sources, [*copy_edges(dossier), *input_edges(dossier)])


def family_of(dossier: Dossier) -> dict[str, int]:
    """Return a number for each source that all of its family share."""
    groups_ = enumerate(families(dossier, list(dossier.sources)))
    return {key: number for number, family in groups_ for key in family}


def worth(originals: int, rho: float) -> float:
    """Return how many independent sources so many equally correlated ones are worth.

    m / (1 + (m - 1) ρ), the ratio of variances of their mean (Kish 1965, "design effect").

    Examples
    --------
    >>> round(worth(10, 0.8), 2)
    1.22
    """
    rho = number_within(rho, "correlation of sources", "rho", most=1.0)
    return originals / (1 + (originals - 1) * rho) if originals else 0.0


def effective_sources(
    sources: Sequence[str],
    *,
    copies: Iterable[tuple[str, str]] = (),
    inputs: Iterable[tuple[str, str]] = (),
    rho: float = SHARED,
) -> float:
    """Return how many independent sources a graph of sources is worth.

    Parameters
    ----------
    sources : sequence of str
        Those that are counted; edges may pass through others.
    copies, inputs : iterable of tuple of str
        Edges: the first repeats the second; the second enters the first.
    rho : float
        Correlation of errors within a family that shares inputs, in [0, 1].

    Returns
    -------
    float
        A copy adds nothing; m originals of one family are worth m / (1 + (m - 1) rho).

    Examples
    --------
    >>> effective_sources(["a", "b", "c"], copies=[("b", "a")], rho=0.8)
    2.0
    """
    same, shared = list(copies), list(inputs)
    families_ = groups(sources, [*same, *shared])
    return sum(worth(len(groups(family, same)), rho) for family in families_)


def original(dossier: Dossier, source: str) -> str:
    """Return the source that ``source`` repeats, through any number of copies, or itself."""
    seen = {source}
    while copies := dossier.sources[source].copies:
        source = copies[0]
        if source in seen:
            return min(seen)
        seen.add(source)
    return source


_APART = 0.05  # by which independent counts of one thing differ at least: SD of a logarithm
_COPIES = 0.1  # of the pairs of sources that no edge joins: one has its figures from the other
_SURE = 0.95


def coincidence(number: float) -> float:
    """Return the probability that two sources that know nothing of each other print one number.

    Two logarithms that differ with standard deviation √2 · 5 % fall within one printed step of
    each other with density 1 / (2 √π · 5 %); the step is that of the last digit that is no nought.

    Examples
    --------
    >>> round(coincidence(2_317), 4), round(coincidence(22_000), 3)
    (0.0024, 0.256)
    """
    step = 10.0 ** int(Decimal(repr(float(number))).normalize().as_tuple().exponent)
    return min(1.0, step / (2 * math.sqrt(math.pi) * _APART * abs(number))) if number else 1.0


def undeclared_copies(
    dossier: Dossier, claims: Sequence[tuple[int, Claim, float | None]]
) -> list[tuple[int, int]]:
    """Return pairs of claims that are one figure though no edge joins their sources.

    Round numbers agree by chance, and so do whatever is nearly alike; a number of many digits does
    not. One pair of sources in ten is taken to hold a copy, which always prints the same; a pair is
    returned when that is more likely than 95 % after all the figures that the two share, each
    by its :func:`coincidence`, or when both quote the same words of one address.

    Parameters
    ----------
    dossier : Dossier
    claims : sequence of tuple
        (index, claim, the number that it states, or None); those on one quantity are compared when
        they are of one kind, date and window.

    Returns
    -------
    list of tuple
        (index, index), in the order of the claims.
    """
    family = family_of(dossier)
    same: dict[tuple[object, ...], tuple[float, dict[int, tuple[int, Claim]]]] = {}
    for index, claim, number in claims:
        if number is not None:
            window = (claim.quantity, claim.kind, claim.as_of, claim.since, claim.per, number)
            figures = same.setdefault(window, (number, {}))[1]
            figures.setdefault(family[claim.source], (index, claim))
    pairs: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    odds: dict[tuple[str, ...], float] = {}
    for number, figures in same.values():
        ordered = sorted(figures.values(), key=operator.itemgetter(0))
        for (one, first), (other, second) in itertools.pairwise(ordered):
            sources = (first.quantity, *sorted((first.source, second.source)))
            page = first.url and (first.url, first.words) == (second.url, second.words)
            chance = 0.0 if page else coincidence(number)
            odds[sources] = odds.get(sources, 1.0) * chance
            pairs.setdefault(sources, []).append((one, other))
    rare = (1 / _SURE - 1) * _COPIES / (1 - _COPIES)
    return sorted(pair for key, alike in pairs.items() if odds[key] <= rare for pair in alike)


PoolKind = Literal["linear", "logarithmic"]
_BINS = 4000
_REACH = 1e-6
_OUTER = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Pool(Shown):
    """Several sources as one distribution.

    Parameters
    ----------
    distribution : distribution
        The pool.
    weights : mapping of str to float
        What each source counts for; they sum to 1, and copies share one weight.
    effective_sources : float
        How many independent sources these are worth.
    disjoint : tuple of tuple of str
        Pairs of sources whose central 90 % intervals do not touch: the pool has more than one hump.
    left_out : mapping of str to str
        Sources that gave no distribution, and why.

    See Also
    --------
    attrition.pool : how it is made.

    Examples
    --------
    >>> import attrition as at
    >>> pool = at.pool(
    ...     {
    ...         "A": at.elicit(at.parse("around 1,000")[0]),
    ...         "B": at.elicit(at.parse("around 2,000")[0]),
    ...     }
    ... )
    >>> pool.weights["A"], pool.disjoint
    (0.5, (('A', 'B'),))
    """

    distribution: Distribution
    weights: Mapping[str, float]
    effective_sources: float
    disjoint: tuple[tuple[str, str], ...]
    left_out: Mapping[str, str]


def pool(
    distributions: Mapping[str, Distribution],
    *,
    kind: PoolKind = "linear",
    weights: Mapping[str, float] | None = None,
    copies: Iterable[tuple[str, str]] = (),
    inputs: Iterable[tuple[str, str]] = (),
    rho: float = SHARED,
) -> Pool:
    """Pool the distributions of several sources.

    Parameters
    ----------
    distributions : mapping of str to distribution
        One for each source.
    kind : {"linear", "logarithmic"}
        Weighted mean of the probabilities, or of the log densities.
    weights : mapping of str to float, optional
        Weight of each source before dependence is counted; 1 when left out.
    copies, inputs : iterable of tuple of str
        Edges of the graph: the first repeats the second; the second is an input of the first.
    rho : float
        Correlation of errors within a family that shares inputs, in [0, 1].

    Returns
    -------
    Pool
        Copies share the weight of one source. Each of m originals in a family counts for
        1 / (1 + (m - 1) rho) of its weight, so that the family counts for what it is worth.

    Raises
    ------
    InputError
        If there is nothing to pool, a weight is not above 0, or a logarithmic pool has no
        common ground or meets a distribution without density.

    See Also
    --------
    attrition.elicit : a figure into a distribution.
    attrition.forecast : sources confronted, which no pool does.

    Notes
    -----
    Stone (1961), doi:10.1214/aoms/1177704873; Genest & Zidek (1986), doi:10.1214/ss/1177013825.

    Examples
    --------
    >>> from attrition.data.elicitation.shapes import lognormal
    >>> one, two = lognormal(90, 110, 0.9), lognormal(190, 210, 0.9)
    >>> made = pool({"one": one, "two": two, "again": one}, copies=[("again", "one")])
    >>> made.weights["two"], made.disjoint[0], made.effective_sources
    (0.5, ('one', 'two'), 2.0)
    """
    check_type(distributions, Mapping, "distributions", "a mapping of names to distributions")
    check_type(weights, (Mapping, NoneType), "weights", "a mapping of names to numbers")
    for each in distributions.values():
        check_type(each, HasCdf, "distributions", "a mapping of names to distributions")
    names = list(distributions)
    stated = _checked(names, weights or {}, kind)
    same, shared = _pairs(copies, "copies"), _pairs(inputs, "inputs")
    shares = _shares(names, stated, same, shared, rho)
    pooled = mixture if kind == "linear" else _logarithmic
    distribution = pooled(list(distributions.values()), [shares[name] for name in names])
    count = effective_sources(names, copies=same, inputs=shared, rho=rho)
    return Pool(distribution, shares, count, _disjoint(distributions), {})


def _pairs(values: Iterable[tuple[str, str]], place: str) -> list[tuple[str, str]]:
    check_type(values, Iterable, place, "pairs of names")
    pairs = list(values)
    for pair in pairs:
        check_type(pair if np.shape(pair) == (2,) else None, (tuple, list), place, "pairs of names")
    return pairs


def _checked(names: list[str], weights: Mapping[str, float], kind: str) -> dict[str, float]:
    strange = [name for name in weights if name not in names]
    wrong = {name: weight for name, weight in weights.items() if not 0 < weight < math.inf}
    if not names or strange or wrong or kind not in ["linear", "logarithmic"]:
        got = clip({"sources": names, "weights": dict(weights), "kind": kind})
        raise refusal("pool", got, "pool")
    return {name: float(weights.get(name, 1.0)) for name in names}


def _shares(
    names: list[str],
    stated: Mapping[str, float],
    copies: list[tuple[str, str]],
    inputs: list[tuple[str, str]],
    rho: float,
) -> dict[str, float]:
    """Return the weights that are left when dependence is counted; they sum to 1."""
    shares: dict[str, float] = {}
    for family in groups(names, [*copies, *inputs]):
        originals = groups(family, copies)
        each = worth(len(originals), rho) / len(originals)
        for same in originals:
            weight = each * max(stated[name] for name in same)
            shares.update(dict.fromkeys(same, weight / len(same)))
    whole = math.fsum(shares.values())
    return {name: shares[name] / whole for name in names}


def _disjoint(distributions: Mapping[str, Distribution]) -> tuple[tuple[str, str], ...]:
    ends = {name: quantile(distribution, _OUTER) for name, distribution in distributions.items()}
    return tuple(
        (one, other)
        for one, other in itertools.combinations(ends, 2)
        if ends[one][1] < ends[other][0] or ends[other][1] < ends[one][0]
    )


def _logarithmic(members: Sequence[Distribution], weights: Sequence[float]) -> Distribution:
    ends = np.array([quantile(member, [_REACH, 1 - _REACH]) for member in members])
    lowest, highest = float(ends[:, 0].min()), float(ends[:, 1].max())
    spaced = np.geomspace if lowest > 0 else np.linspace
    edges = np.asarray(spaced(lowest, highest, _BINS + 1), dtype=float)
    middles = (edges[1:] + edges[:-1]) / 2
    heights = np.array([density(member, middles) for member in members])
    with np.errstate(divide="ignore"):
        logs = np.log(heights)
    mean = np.asarray(weights) @ np.where(np.isneginf(logs), -1e6, logs)
    if np.any(np.isneginf(logs), axis=0).all():
        raise refusal("common ground", "none", "pool")
    mass = np.exp(mean - mean.max()) * np.diff(edges)
    return Histogram(mass, edges)


def pool_claims(
    dossier: Dossier,
    quantity: str,
    *,
    as_of: date | str | None = None,
    kind: PoolKind = "linear",
    weights: Mapping[str, float] | None = None,
    rho: float = SHARED,
    within: int = 92,
) -> Pool:
    """Pool each source's latest level of one quantity along the declared graph of sources.

    Parameters
    ----------
    dossier : Dossier
    quantity : str
        Id of the quantity.
    as_of : datetime.date, optional
        Information date; claims published later are not seen. The latest when left out.
    kind, weights, rho
        As for :func:`attrition.pool`.
    within : int
        Largest age of a figure against the newest of them; older ones are left out [day].

    Returns
    -------
    Pool
        Of the figures as they stand: they are not carried forward to one date, which the forecast
        does.

    Warns
    -----
    AttritionWarning
        If two sources that no edge joins give nearly one figure for the same date.

    See Also
    --------
    attrition.pool : distributions of your own.

    Examples
    --------
    >>> import attrition as at
    >>> made = at.elicitation.pool_claims(at.read_dossier(), "russian-casualties")
    >>> {name: round(weight, 2) for name, weight in made.weights.items()}
    {'csis': 0.5, 'uk-mod': 0.5}
    >>> round(made.effective_sources, 2)
    1.11
    """
    dossier.find_quantity(quantity)
    day = dossier.latest_published if as_of is None else day_from(as_of, "as_of")
    latest = _latest(dossier, quantity, day)
    newest = max((claim.as_of.last for _, claim in latest.values()), default=None)
    distributions: dict[str, Distribution] = {}
    left_out: dict[str, str] = {}
    for source, (_, claim) in latest.items():
        if newest is not None and (newest - claim.as_of.last).days > within:
            left_out[source] = f"its latest figure, of {claim.as_of}, is older than {within} days"
            continue
        try:
            distributions[source] = elicit(claim, dossier=dossier)
        except InputError as error:
            left_out[source] = str(error)
    if not distributions:
        got = clip(left_out) if left_out else "no level"
        raise refusal("pool of levels", got, f"dossier '{dossier.id}', quantities.{quantity}")
    entered = [(*latest[source], _number(dossier, latest[source][1])) for source in distributions]
    for one, other in undeclared_copies(dossier, entered):
        warnings.warn(_alike(dossier, one, other), AttritionWarning, stacklevel=2)
    graph = {"copies": copy_edges(dossier), "inputs": input_edges(dossier)}
    result = pool(distributions, kind=kind, weights=weights, rho=rho, **graph)
    return replace(result, left_out=left_out)


def _number(dossier: Dossier, claim: Claim) -> float | None:
    """Return the single number that a claim states."""
    if claim.has_numbers or not claim.words:
        return claim.point
    return read_claim(claim, lexicon_of(dossier), place="pool").point


def _alike(dossier: Dossier, one: int, other: int) -> str:
    first, second = dossier.claims[one], dossier.claims[other]
    return (
        f"{dossier.sources[first.source].name} and {dossier.sources[second.source].name} give "
        f"the same figure for {first.as_of}, of so many digits that chance is unlikely, and no "
        f"edge joins them (claims[{one}], claims[{other}]). If one repeats or uses the other, say "
        "so in `copies` or `derived_from`; otherwise they count as independent."
    )


def _latest(dossier: Dossier, quantity: str, day: date) -> dict[str, tuple[int, Claim]]:
    latest: dict[str, tuple[int, Claim]] = {}
    past = dossier.superseded(day)
    for index, claim in enumerate(dossier.claims):
        seen = claim.quantity == quantity and claim.known_on(day) and index not in past
        if not seen or not dossier.is_level(claim):
            continue
        best = latest.get(claim.source)
        order = (claim.as_of.last, claim.published.last)
        if best is None or order >= (best[1].as_of.last, best[1].published.last):
            latest[claim.source] = (index, claim)
    return latest
