"""Who repeats whom: families of sources, copies, and how many sources they are worth."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from attrition.core.checks import number_within
from attrition.core.grouping import grouped_by
from attrition.data.dossier import Claim, Dossier

_Member = TypeVar("_Member", bound=Hashable)

SHARED = 0.8
"""Correlation of the error of a source with that of its input, where nobody says better."""

_RHO = ("a correlation of sources must lie between 0 and 1", "rho", "Give for example 0.8")

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
    rho = number_within(rho, *_RHO, most=1.0)
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
