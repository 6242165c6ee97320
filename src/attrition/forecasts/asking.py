"""What is asked of a dossier, checked: totals, thresholds, whose counts, days; what is supposed.

A scenario changes a law; an end gives laws that allow for it, beside those that do not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from attrition._version import __version__
from attrition.core.days import check_information_date
from attrition.core.errors import refusal
from attrition.core.laws import Law, Provenance, with_end
from attrition.core.laws.scenarios import Scenario
from attrition.data.dossier import Dossier
from attrition.data.dossier.models import (
    check_condition,
    check_subject,
    check_threshold,
    check_verb,
)
from attrition.data.dossier.phrases import condition_of, reporters
from attrition.forecasts.question import Question, numbers_of
from attrition.models.assimilation.evidence import LATENT, stated
from attrition.models.families import LEVELLED, months_of

_LONGEST = 20  # years
_THRESHOLDS = 400

PLUS = "+"
"""Between the ids of totals that are asked about together: ``"russian-killed+ukrainian-killed"``"""


def of_kind(dossier: Dossier, kind: str) -> Dossier:
    """Return a dossier in which every total that names no kind of its own is of one.

    But the missing after a disaster, who become fewer.
    """
    months = months_of(kind)
    given = {"steady_for": months} if months else {"kind": kind}
    return dossier.model_copy(
        update={
            "quantities": {
                key: what.model_copy(update=given)
                if what.kind == "cumulative" and (kind, what.category) != ("disaster", "missing")
                else what
                for key, what in dossier.quantities.items()
            }
        }
    )


def horizon_of(asked: Question, known: date, *, levels_off: bool = False) -> date:
    """Return the last day of a forecast; by default in two years, or when a toll levels off."""
    check_information_date(known)
    leap_day = (known.month, known.day) == (2, 29)
    years = known.replace(year=known.year + 2, day=28 if leap_day else known.day)
    last = asked.horizon or (known + timedelta(days=LEVELLED) if levels_off else years)
    if not 0 < (last - known).days <= 366 * _LONGEST:
        raise refusal("horizon", f"{last} and {known}", "horizon", longest=_LONGEST)
    return last


def chosen_of(dossier: Dossier, quantities: Sequence[str] | None) -> tuple[str, ...]:
    """Return the quantities that are asked about; refuse unknown ones."""
    if quantities is None:
        return tuple(dossier.quantities)
    for key in quantities:
        dossier.find_quantity(key, place="quantities")
    return tuple(dict.fromkeys(quantities))


def parts_of(quantities: Sequence[str], thresholds: Sequence[float] | None) -> list[str]:
    """Return the totals of the one sum that a question asks about; none where it asks of no sum.

    Raises
    ------
    InputError
        If something else is asked about beside it, or no threshold.
    """
    sums = [key for key in quantities if PLUS in key]
    if not sums:
        return []
    if len(quantities) > 1 or not thresholds:
        raise refusal(
            "sum asked alone",
            ", ".join(quantities) if len(quantities) > 1 else f"{sums[0]} without a threshold",
            "quantities" if len(quantities) > 1 else "thresholds",
            total=sums[0],
        )
    return sums[0].split(PLUS)


def roots_of(dossier: Dossier, quantities: Iterable[str]) -> set[str]:
    """Return the totals that are parts of no other, below which some lie; of a sum of each part."""
    return {dossier.lineage(part)[-1] for key in quantities for part in key.split(PLUS)}


def thresholds_of(
    dossier: Dossier, chosen: Sequence[str], thresholds: Sequence[float] | None
) -> dict[str, tuple[float, ...]]:
    """Return the thresholds that are asked about, of each total that is forecast."""
    totals = [key for key in chosen if dossier.quantities[key].cumulative]
    if thresholds is None:
        return {key: check_count(dossier.quantities[key].thresholds) for key in totals}
    if len(totals) != 1:
        raise refusal("thresholds of one quantity", f"{len(totals)} quantities", "thresholds")
    return {totals[0]: thresholds_from(thresholds)}


def thresholds_from(values: Iterable[float]) -> tuple[float, ...]:
    """Return thresholds as a user gave them, checked, in order and each once."""
    return check_count(tuple(check_threshold(v, place="thresholds") for v in numbers_of(values)))


def check_count(thresholds: tuple[float, ...]) -> tuple[float, ...]:
    """Refuse more thresholds than the law of one total has memory for."""
    if len(thresholds) > _THRESHOLDS:
        raise refusal(
            "number of thresholds", f"{len(thresholds):,}", "thresholds", thresholds=_THRESHOLDS
        )
    return thresholds


def bases_of(dossier: Dossier, quantity: str, bases: Sequence[str] | None) -> tuple[str, ...]:
    """Return whose counts of a quantity are asked about."""
    if bases is None:
        return dossier.quantities[quantity].bases
    return tuple(dossier.check_basis(name) for name in bases)


def described(
    dossier: Dossier, quantity: str, whose: str, sources: Sequence[str], kind: str | None = None
) -> Provenance:
    """Return what is counted, and whose count of it, as the provenance of a law begins."""
    what = dossier.quantities[quantity]
    return Provenance(
        quantity=quantity,
        title=what.title,
        definition=what.definition,
        scope=what.scope,
        condition=condition_of(dossier, quantity, kind),
        subject=what.subject,
        verb=what.verb,
        sources=reporters(dossier, sources),
        unit=what.unit,
        basis=whose,
        basis_name="latent total" if whose == LATENT else f"count of {dossier.sources[whose].name}",
        version=__version__,
        dossier=dossier.id,
        sha256=dossier.sha256,
    )


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


def worded(
    what: Provenance, subject: str | None, verb: str | None, condition: str | None
) -> Provenance:
    """Return the provenance of a law in other words, those left out as they are.

    Raises
    ------
    InputError
        If a subject or a condition is too long for a sentence, or a verb is none of ours.
    """
    return dataclasses.replace(
        what,
        subject=what.subject if subject is None else check_subject(subject),
        verb=what.verb if verb is None else check_verb(verb),
        condition=what.condition if condition is None else check_condition(condition),
    )


def supposed(what: Provenance, scenario: Scenario | None) -> Provenance:
    """Return the provenance of a law with the condition that its scenario makes, if any."""
    if scenario is None:
        return what
    return dataclasses.replace(
        what, condition=scenario.condition(what.condition), scenario=scenario.words()
    )
