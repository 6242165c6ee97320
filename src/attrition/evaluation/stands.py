"""Where a claims hindcast stands, which claims it asks about there, and what was known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from attrition.core.errors import InputError
from attrition.data.dossier import Claim, Dossier, PartialDate
from attrition.data.elicitation import lexicon_of, read_claim
from attrition.data.series import Series
from attrition.models.assimilation import Evidence, Node, Term, evidence_of, term_of

Dated = Literal["published", "described"]
"""Whether a figure is known from the day it appeared, or from the day that it describes."""


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """A figure that was known.

    Parameters
    ----------
    source : str
    begin, end : float
        Days since the count began that it counts: (begin, end].
    figure : float
        As it was printed [unit].
    """

    source: str
    begin: float
    end: float
    figure: float


@dataclass(frozen=True, slots=True)
class Target:
    """A claim whose figure is to be predicted.

    Parameters
    ----------
    index : int
        Of the claim in the dossier.
    term : Term
        What it says, its reading with it.
    figure : float
        As printed: a number, the geometric middle of a range, the single end of an open one [unit].
    source : str
    """

    index: int
    term: Term
    figure: float
    source: str

    @property
    def log_figure(self) -> float:
        """The log of the printed figure."""
        return float(np.log(self.figure))

    @property
    def past(self) -> KnownFigure:
        """The figure as later stands know it."""
        return KnownFigure(self.source, self.term.begin, self.term.end, self.figure)


@dataclass(frozen=True, slots=True)
class Stand:
    """A day on which figures appeared, and what was known before it.

    Parameters
    ----------
    day : datetime.date
    root : str
        The total that the figures are of, or of a part of.
    evidence : Evidence
        Claims that had appeared, and rows of recorded series, by the day before.
    targets : tuple of Target
    """

    day: date
    root: str
    evidence: Evidence
    targets: tuple[Target, ...]


def redated(dossier: Dossier, dated: Dated) -> Dossier:
    """Return a dossier whose claims are known from the day that the hindcast takes them to be."""
    if dated == "published":
        return dossier
    moved = tuple(claim.model_copy(update={"published": _last(claim)}) for claim in dossier.claims)
    return dossier.model_copy(update={"claims": moved})


def _last(claim: Claim) -> PartialDate:
    """Return the last day that a claim may describe, if it had appeared by then."""
    day = min(claim.as_of.last, claim.published.last)
    return PartialDate(day, day)


def stands_of(dossier: Dossier, series: Mapping[Node, Series]) -> list[Stand]:
    """Return every day on which figures of a total appeared, in order."""
    days: dict[tuple[date, str], list[int]] = {}
    past = dossier.superseded()  # what its source took back is no truth to be foreseen
    for index, claim in enumerate(dossier.claims):
        what = dossier.quantities[claim.quantity]
        if index not in past and claim.kind in {"level", "increment", "share"} and what.cumulative:
            root = dossier.lineage(claim.quantity)[-1]
            days.setdefault((claim.published.last, root), []).append(index)
    return [
        stand
        for (day, root), chosen in sorted(days.items())
        if (stand := _stand(dossier, day, root, chosen, series)) is not None
    ]


def _stand(
    dossier: Dossier, day: date, root: str, chosen: Sequence[int], series: Mapping[Node, Series]
) -> Stand | None:
    try:
        evidence = evidence_of(dossier, root, as_of=day - timedelta(days=1), series=series)
        targets = tuple(
            Target(i, term_of(evidence, i, as_of=day), printed(dossier, i), claim.source)
            for i in chosen
            for claim in [dossier.claims[i]]
        )
    except InputError:
        return None
    return Stand(day, root, evidence, targets)


def printed(dossier: Dossier, index: int) -> float:
    """Return the figure that is scored: a number, the middle of a range, or its single end."""
    claim = dossier.claims[index]
    low, high, point = claim.low, claim.high, claim.point
    if not claim.has_numbers:
        reading = read_claim(claim, lexicon_of(dossier), place=f"claims[{index}]")
        low, high, point = reading.low, reading.high, reading.point
    if point is not None:
        return float(point)
    ends = [end for end in (low, high) if end is not None]
    return float(np.exp(np.mean(np.log(ends))))
