"""Who repeats whom: families of sources, copies, and how many sources they are worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrition.core.checks import number_within
from attrition.data.dossier import Claim, Dossier

SHARED = 0.8
"""Correlation of the errors of two sources that share an input, where nobody says better."""

_RHO = (
    "a correlation of sources must lie between 0 and 1",
    "rho",
    "Give for example 0.8",
)
_COMPARED = 100  # next larger figures of one day with which a figure is compared

NEAR = 0.05
"""Figures of one date that differ by no more than this share may be one figure."""


def groups(keys: Sequence[str], edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Group what is joined by edges, directly or through others, in the order of ``keys``.

    Examples
    --------
    >>> groups(["a", "b", "c"], [("a", "x"), ("x", "c")])
    [['a', 'c'], ['b']]
    """
    root: dict[str, str] = {}

    def find(key: str) -> str:
        while root.setdefault(key, key) != key:
            key = root[key]
        return key

    for one, other in edges:
        root[find(one)] = find(other)
    members: dict[str, list[str]] = {}
    for key in keys:
        members.setdefault(find(key), []).append(key)
    return list(members.values())


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
    return (
        originals / (1 + (originals - 1) * number_within(rho, *_RHO, most=1.0))
        if originals
        else 0.0
    )


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


def undeclared_copies(
    dossier: Dossier, claims: Sequence[tuple[int, Claim, float]]
) -> list[tuple[int, int, float]]:
    """Return pairs of claims that may be one figure though no edge joins their sources.

    Parameters
    ----------
    dossier : Dossier
    claims : sequence of tuple
        (index, claim, median); those on one quantity are compared when they describe the same
        date.

    Returns
    -------
    list of tuple
        (index, index, ratio of the medians).
    """
    related = family_of(dossier)
    same_day: dict[tuple[object, ...], list[tuple[float, int, int]]] = {}
    for position, (_, claim, median) in enumerate(claims):
        day = (claim.quantity, claim.kind, claim.as_of)
        same_day.setdefault(day, []).append((median, position, related[claim.source]))
    pairs: list[tuple[int, int, float]] = []
    for figures in same_day.values():
        figures.sort()
        for place, (level, position, family) in enumerate(figures):
            for another, second, stranger in figures[place + 1 : place + 1 + _COMPARED]:
                ratio = level / max(another, 1e-300)
                if ratio < 1 - NEAR:
                    break
                if family != stranger:
                    pair = (position, second) if position < second else (second, position)
                    pairs.append((*pair, ratio))
    return [(claims[one][0], claims[other][0], ratio) for one, other, ratio in sorted(pairs)]
