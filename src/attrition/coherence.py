"""Do the figures of a dossier fit together? Findings, in words an editor understands."""

from __future__ import annotations

from dataclasses import dataclass

from attrition.dossier import Claim, Dossier
from attrition.elicitation import elicit_claim, lexicon_of, quantile


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a dossier that a careful reader should know.

    Parameters
    ----------
    rule : str
        Short name of the rule.
    message : str
        What was found, as a sentence.
    claims : tuple of int
        Indices of the claims concerned.
    """

    rule: str
    message: str
    claims: tuple[int, ...]


def check(dossier: Dossier) -> tuple[Finding, ...]:
    """Look for figures that contradict one another.

    Parameters
    ----------
    dossier : Dossier

    Returns
    -------
    tuple of Finding
        Empty when nothing was found. Two rules so far: a source's part must not exceed its own
        whole on the same date, and a source's total must not fall.

    Examples
    --------
    >>> import attrition as at
    >>> at.check(at.read_dossier())
    ()
    """
    levels = [
        (index, claim, _median(dossier, claim, index))
        for index, claim in enumerate(dossier.claims)
        if claim.kind == "level" and dossier.quantities[claim.quantity].kind == "cumulative"
    ]
    return (*_parts_above_wholes(dossier, levels), *_falling_totals(dossier, levels))


_Levels = list[tuple[int, Claim, float]]


def _median(dossier: Dossier, claim: Claim, index: int) -> float:
    distribution = elicit_claim(
        claim,
        lexicon_of(dossier),
        place=f"dossier '{dossier.id}', claims[{index}], source '{claim.source}'",
        counted=dossier.quantities[claim.quantity].unit == "persons",
    )
    return float(quantile(distribution, 0.5))


def _parts_above_wholes(dossier: Dossier, levels: _Levels) -> list[Finding]:
    found: list[Finding] = []
    for index, part, part_level in levels:
        whole_id = dossier.quantities[part.quantity].part_of
        for other, whole, whole_level in levels:
            same = whole.quantity == whole_id and whole.source == part.source
            if same and whole.as_of == part.as_of and part_level > whole_level:
                found.append(
                    Finding(
                        "part above whole",
                        f"{dossier.sources[part.source].name} gives {part_level:,.0f} for "
                        f"{dossier.quantities[part.quantity].title} and {whole_level:,.0f} for "
                        f"{dossier.quantities[whole.quantity].title}, of which it is a part, "
                        f"both for {part.as_of}.",
                        (index, other),
                    )
                )
    return found


def _falling_totals(dossier: Dossier, levels: _Levels) -> list[Finding]:
    found: list[Finding] = []
    for index, early, early_level in levels:
        for other, late, late_level in levels:
            same = early.quantity == late.quantity and early.source == late.source
            if same and early.as_of.last < late.as_of.first and late_level < early_level:
                found.append(
                    Finding(
                        "falling total",
                        f"{dossier.sources[late.source].name} gives {early_level:,.0f} for "
                        f"{early.as_of} and only {late_level:,.0f} for {late.as_of}: "
                        f"{dossier.quantities[late.quantity].title} cannot fall.",
                        (index, other),
                    )
                )
    return found
