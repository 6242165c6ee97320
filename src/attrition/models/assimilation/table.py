"""The claims on one quantity that are known on a day, sorted by what they are used for."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from attrition.core._typing import HasCdf
from attrition.data.dossier import Assumption, Claim, Dossier, PartialDate, Quantity
from attrition.data.elicitation import elicit_claim, floor_of_claim, lexicon_of, quantile
from attrition.text import Lexicon

LATENT = "latent"
"""The basis of a law of the total itself, rather than of a source's count of it."""


def is_counted(quantity: Quantity) -> bool:
    """Tell whether a quantity is counted in whole units."""
    return quantity.counted


def stated(dossier: Dossier, name: str, quantity: str) -> tuple[str, float | str, str, str]:
    """Return (name, value, reason, origin) of the assumption that holds for a quantity."""
    assumption: Assumption = dossier.assumption(name, quantity)
    return name, assumption.value, assumption.reason, assumption.origin


def number(dossier: Dossier, name: str, quantity: str) -> float:
    """Return the number that is assumed for a quantity."""
    return float(dossier.assumption(name, quantity).value)


@dataclass(frozen=True)
class ClaimsOnQuantity:
    """The claims on one quantity known on a day, with what is needed to read them."""

    dossier: Dossier
    quantity: Quantity
    as_of: date
    lexicon: Lexicon
    claims: tuple[Claim, ...]

    def place(self, claim: Claim) -> str:
        """Say where a claim stands, for errors."""
        index = next(i for i, other in enumerate(self.dossier.claims) if other is claim)
        return f"dossier '{self.dossier.id}', claims[{index}], source '{claim.source}'"

    def elicit(self, claim: Claim) -> HasCdf:
        """Return the distribution of a claim [unit; a rate: unit/day]."""
        return elicit_claim(
            claim,
            self.lexicon,
            place=self.place(claim),
            counted=is_counted(self.quantity),
            coverage=self.dossier.sources[claim.source].coverage,
        )

    def middle(self, claim: Claim) -> float:
        """Return the median of what a claim says, or the number of a floor [unit or unit/day]."""
        floor = self.floor(claim)
        return float(quantile(self.elicit(claim), np.array(0.5))) if floor is None else floor

    @functools.cached_property
    def largest(self) -> float:
        """The largest total that is claimed, in the middle [unit]; infinite where none is."""
        levels = [claim for claim in self.claims if self.is_level(claim)]
        return max((self.middle(claim) for claim in levels), default=math.inf)

    def floor(self, claim: Claim) -> float | None:
        """Return the number of a claim that is a floor [unit; a rate: unit/day]; else None."""
        return floor_of_claim(
            claim, self.lexicon, place=self.place(claim), counted=is_counted(self.quantity)
        )

    def span(self, when: PartialDate, claim: Claim) -> tuple[date, date]:
        """Return the days that ``when`` may mean, none later than publication or information."""
        last = min(when.last, claim.published.last, self.as_of)
        return min(when.first, last), last

    def is_level(self, claim: Claim) -> bool:
        """Tell whether a claim gives the total: a level, or an increment since its first day."""
        return self.dossier.is_level(claim)


def table_of(dossier: Dossier, quantity: str, as_of: date) -> ClaimsOnQuantity:
    """Return the claims on a quantity that had appeared by the end of ``as_of``."""
    return ClaimsOnQuantity(
        dossier,
        dossier.find_quantity(quantity),
        as_of,
        lexicon_of(dossier),
        dossier.claims_on(quantity, as_of=as_of),
    )
