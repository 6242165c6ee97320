"""Positive factors of a total: a share of it, and how wrong a source may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError
from attrition.core.late import special
from attrition.data.dossier import Claim, Dossier
from attrition.data.elicitation import quantile
from attrition.models.assimilation.table import LATENT, Table, number, table_of

_TAIL = 0.05


@dataclass(frozen=True, slots=True)
class Factor:
    """A positive factor of a total, as nodes with weights: a share, a source's error, or both."""

    nodes: Floats
    weights: Floats
    notes: tuple[str, ...] = ()
    figures: int = 0

    def draw(self, draws: int, seed: int, first: int = 0) -> Floats:
        """Return draws of the factor from the ``first`` on, from the stream ``(seed, (1,))``."""
        stream = np.random.SeedSequence(seed, spawn_key=(1,))
        return self.quantiles(
            np.random.Generator(np.random.PCG64(stream).advance(first)).random(draws)
        )

    def quantiles(self, probability: Floats) -> Floats:
        """Return the factor at some probabilities, linear between its nodes."""
        order = np.argsort(self.nodes)
        weights = self.weights[order]
        middle = np.cumsum(weights) - weights / 2
        return np.asarray(np.interp(probability, middle, self.nodes[order]))

    def times(self, other: Factor) -> Factor:
        """Return the product of two independent factors."""
        return Factor(
            np.outer(self.nodes, other.nodes).ravel(),
            np.outer(self.weights, other.weights).ravel(),
            self.notes + other.notes,
            self.figures + other.figures,
        )


ONE = Factor(np.ones(1), np.ones(1))


def _score_rule() -> tuple[Floats, Floats]:
    scores = np.linspace(-4.5, 4.5, 37)
    weights = np.exp(-(scores**2) / 2)
    return scores, weights / weights.sum()


def source_error(dossier: Dossier, quantity: str, basis: str) -> Factor:
    """Return how far the latent total may lie from what sources report; 1 for a source's count."""
    spread = number(dossier, "source_error", quantity)
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
    """Return the share of its whole that a part makes up.

    A source's share is the one it states, in percent; else its figure for the part over the
    median of its own figure for the whole. Sources are mixed in equal weights.

    Raises
    ------
    InputError
        If no source gives a share or both totals, or the part exceeds the whole.
    """
    table = table_of(dossier, quantity, as_of)
    whole = table_of(dossier, str(table.quantity.part_of), as_of)
    parts, wholes = table.latest_levels(basis), whole.latest_levels(basis)
    stated = table.latest_shares(basis)
    found = [_stated_share(table, claim) for claim in stated.values()]
    found += [
        _share_of(table, parts[key], whole, wholes[key])
        for key in parts
        if key in wholes and key not in stated
    ]
    if not found:
        raise InputError(
            "a part needs a source that gives its share, or both the part and the whole",
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


def _stated_share(table: Table, claim: Claim) -> Factor:
    lower, upper = (float(q) / 100 for q in quantile(table.elicit(claim), [_TAIL, 1 - _TAIL]))
    if not 0 < lower <= upper < 1:
        raise InputError(
            "a share must lie between 0 and 100 percent",
            got=f"{100 * lower:g}-{100 * upper:g} percent",
            place=table.place(claim),
            remedy="Give the share of the whole in percent, for example 25",
        )
    return logit_normal(lower, upper, 1 - 2 * _TAIL)


def _share_of(table: Table, part: Claim, whole_table: Table, whole: Claim) -> Factor:
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
