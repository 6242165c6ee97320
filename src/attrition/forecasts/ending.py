"""Laws under what is supposed: a scenario; and beside others those that allow for an end."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from attrition.core.laws import Law, Provenance, with_end
from attrition.core.scenarios import Scenario
from attrition.data.dossier import Dossier
from attrition.models.assimilation import stated


def assumed_end(
    dossier: Dossier, quantity: str, hazard: float | None, scenario: Scenario | None
) -> tuple[str, float | str, str, str]:
    """Return (name, value, reason, origin) of the end hazard of a total, given or stated.

    A scenario that stops on a day leaves no place for an end by chance.
    """
    if scenario is not None and scenario.pace == 0:
        return "end_hazard", 0.0, "the scenario stops on a day", "argument"
    if hazard is not None:
        return "end_hazard", hazard, "given with the question", "argument"
    return stated(dossier, "end_hazard", quantity)


def ending(
    dossier: Dossier,
    laws: Mapping[tuple[str, str], Law],
    hazard: float | None,
    scenario: Scenario | None,
) -> dict[tuple[str, str], Law]:
    """Return the laws that allow for an end, of the totals for which one is assumed."""
    endings: dict[tuple[str, str], Law] = {}
    for key, law in laws.items():
        assumed = assumed_end(dossier, key[0], hazard, scenario)
        law_with_end = with_end(law, float(assumed[1]))
        if law_with_end is not law:
            what = law_with_end.provenance
            endings[key] = law_with_end.with_provenance(
                dataclasses.replace(what, assumptions=(*what.assumptions, assumed))
            )
    return endings


def supposed(what: Provenance, scenario: Scenario | None) -> Provenance:
    """Return the provenance of a law with the condition that its scenario makes, if any."""
    if scenario is None:
        return what
    return dataclasses.replace(
        what, condition=scenario.condition(what.condition), scenario=scenario.words()
    )
