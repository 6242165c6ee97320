"""What a forecast would refuse, or leave open, said before anybody asks for one."""

from __future__ import annotations

import math
from collections.abc import Iterator

from attrition.core.grouping import grouped_by
from attrition.data.coherence.findings import ClaimEvidence, Fact, Hit


def _together(evidence: ClaimEvidence) -> Iterator[list[Fact]]:
    """Yield the claims of quantities that a forecast ties to one another, by parts and sums."""
    group = {key: key for key in evidence.dossier.quantities}

    def root(key: str) -> str:
        while group[key] != key:
            key = group[key]
        return key

    for key, quantity in evidence.dossier.quantities.items():
        for other in (quantity.part_of, *quantity.sum_of, *quantity.ratio_of):
            if other is not None:
                group[root(key)] = root(other)
    yield from grouped_by(evidence.facts, lambda f: root(f.claim.quantity)).values()


def floors_alone(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find quantities of which only floors are known."""
    for facts in _together(evidence):
        if all(fact.floor for fact in facts):
            answer = "that only what had been passed already can be told, and no date"
            remedy = "Give the share that the source counts (`coverage`), or another figure."
            floors = f"All figures on {facts[0].what} are floors: nothing puts an end above them"
            yield Hit(f"{floors}, so {answer}. {remedy}", facts)


def shares_alone(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find quantities of which only shares are known."""
    for facts in _together(evidence):
        if all(fact.claim.kind == "share" for fact in facts):
            why = "without a total they count nobody, so no total can be forecast"
            yield Hit(f"All figures on {facts[0].what} are shares: {why}.", facts)


def nothing_counted(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find figures of nought, which a forecast cannot compare on the log scale."""
    for fact in evidence.facts:
        if fact.claim.kind != "share" and not fact.floor and -math.inf < fact.low <= 0:
            figure = f"{fact.who} says {fact.says} for {fact.what}, which may be nought"
            why = "a forecast compares totals on the log scale and takes no such figure"
            yield Hit(f"{figure}: {why}.", (fact,))
