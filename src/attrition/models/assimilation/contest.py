"""Whether sources exclude one another: a total that is near the one's figures or the other's."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.models.assimilation.evidence import LATENT, Evidence, Term
from attrition.models.assimilation.outlook import Outlook

_APART = 4.0
"""Standard deviations, of wording and of both sources' stated errors, from which figures exclude
one another: a normal error is as large once in fifteen thousand times."""

_VALLEY = 0.1
"""Share of the posterior in the middle half between two hills, at most."""

_SHARE = 0.02
"""Share of the posterior that a hill holds, at least."""


@dataclass(frozen=True, slots=True)
class Hill:
    """Sources that agree, of which others stand apart.

    Parameters
    ----------
    sources : tuple of str
        Ids.
    share : float
        Probability that the total is near their figures.
    middle : float
        The median of the total if it is [unit].
    """

    sources: tuple[str, ...]
    share: float
    middle: float


def hills_of(outlook: Outlook, quantity: str) -> tuple[Hill, ...]:
    """Return the hills of a total on the information date; none where sources can be reconciled.

    Parameters
    ----------
    outlook : Outlook
    quantity : str
    """
    evidence = outlook.fit.model.evidence
    latest = _latest(evidence, quantity)
    if len(latest) < 2:  # noqa: PLR2004 - one source contradicts nobody
        return ()
    places = {
        source: term.reading.centre + _grown(outlook, quantity, term)
        for source, term in latest.items()
    }
    groups: list[list[str]] = []
    for source in sorted(places, key=lambda key: (places[key], key)):
        if groups and not _apart(outlook, latest, places, groups[-1][-1], source):
            groups[-1].append(source)
        else:
            groups.append([source])
    if len(groups) == 1:
        return ()
    (totals,) = outlook.figure(quantity, LATENT).draws(outlook.draws.tables, np.zeros(1, dtype=int))
    each = totals.shape[1]
    values = np.log(totals.ravel())
    weights = np.repeat(outlook.draws.weights.ravel(), each)
    weights /= weights.sum()
    edges = [(places[a[-1]], places[b[0]]) for a, b in itertools.pairwise(groups)]
    cuts = np.array([(low + high) / 2 for low, high in edges])
    which = np.searchsorted(cuts, values)
    valleys = [
        weights[np.abs(values - (low + high) / 2) < (high - low) / 4].sum() for low, high in edges
    ]
    hills = tuple(
        Hill(
            tuple(group),
            float(weights[which == index].sum()),
            float(np.exp(_median(values[which == index], weights[which == index]))),
        )
        for index, group in enumerate(groups)
        if weights[which == index].sum() >= _SHARE
    )
    return hills if len(hills) > 1 and max(valleys) < _VALLEY else ()


def _latest(evidence: Evidence, quantity: str) -> dict[str, Term]:
    """Return the last total that each source printed, floors aside."""
    totals = [
        term
        for term in evidence.terms
        if term.node[1] == quantity and term.is_total and not term.reading.floor
    ]
    return {term.node[0]: term for term in sorted(totals, key=lambda term: term.end)}


def _grown(outlook: Outlook, quantity: str, term: Term) -> float:
    """Return by how much a total has grown since a figure, on average [log]."""
    model, past = outlook.fit.model, outlook.rates[quantity].past
    now = model.counted(past, 0.0, float(model.evidence.days))
    weights = outlook.draws.weights.ravel()
    grown = np.log(now / model.counted(past, 0.0, term.end))
    return float(weights @ grown / weights.sum())


def _apart(
    outlook: Outlook,
    latest: dict[str, Term],
    places: dict[str, float],
    one: str,
    other: str,
) -> bool:
    network = outlook.fit.model.network
    pairs = [(network.index(latest[key].node), latest[key].end) for key in (one, other)]
    (covariance,) = network.covariances(pairs, pairs, np.ones((1, len(network.nodes))))
    own = sum(latest[key].reading.spread ** 2 for key in (one, other))
    spread = float(np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1] + own))
    return places[other] - places[one] > _APART * spread


def _median(values: Floats, weights: Floats) -> float:
    if not values.size:
        return float("nan")
    order = np.argsort(values)
    cumulative = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(cumulative, cumulative[-1] / 2)])
