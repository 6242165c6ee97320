"""What a forecast would refuse, or leave open, said before anybody asks for one."""

from __future__ import annotations

import math
from collections.abc import Iterator

from attrition.core.grouping import grouped_by
from attrition.data.coherence.findings import ClaimEvidence, Fact, Hit
from attrition.data.elicitation.dependence import groups


def _together(evidence: ClaimEvidence) -> Iterator[list[Fact]]:
    """Yield the claims of quantities that a forecast ties to one another, by parts and sums."""
    quantities = evidence.dossier.quantities
    ties = (
        (key, other)
        for key, quantity in quantities.items()
        for other in filter(None, (quantity.part_of, *quantity.sum_of, *quantity.ratio_of))
    )
    tied = {key: place for place, keys in enumerate(groups(list(quantities), ties)) for key in keys}
    yield from grouped_by(evidence.facts, lambda f: tied[f.claim.quantity]).values()


def floors_alone(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find quantities of which only floors are known."""
    for facts in _together(evidence):
        if all(fact.floor for fact in facts):
            yield Hit(*facts)


def shares_alone(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find quantities of which only shares are known."""
    for facts in _together(evidence):
        if all(fact.claim.kind == "share" for fact in facts):
            yield Hit(*facts)


def nothing_counted(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find figures of nought, which a forecast cannot compare on the log scale."""
    for fact in evidence.facts:
        if fact.claim.kind != "share" and not fact.floor and -math.inf < fact.low <= 0:
            yield Hit(fact)
