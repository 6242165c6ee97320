"""Who is counted among whom: parts and wholes as declared, or by category and people."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrition.data.dossier import Quantity

WHOLES = {
    "killed": ("casualties", "irrecoverable"),
    "wounded": ("casualties",),
    "missing": ("irrecoverable",),
    "captured": ("irrecoverable",),
}
"""Categories that count another: what is killed is one of the casualties."""

EXCLUSIVE = frozenset(WHOLES)
"""Categories of which nobody is counted in two at a time."""

_FATES = re.compile(
    r"\b(?:killed|dead|deaths?|wounded|injured|injuries|missing|captured|casualties|losses|"
    r"irrecoverable|total|people|persons|and|who|died|were)\b|\W"
)

CASES = re.compile(r"\bcases?\b", re.IGNORECASE)
"""A quantity that says so counts cases, and a case of a disease is a person."""

_SURE = re.compile(r"\b(?:suspected|confirmed|probable)\b")
_SOME = re.compile(
    r"\b(?:active|current|new|recover\w+|surviv\w+|hospital\w*|severe|non-?fatal|admitted|mild)\b"
)
_LINKS = re.compile(
    r"\b(?:cases?|suspected|confirmed|probable|among|from|of|the|in|on|by|due|to)\b"
)


def wholes_of(quantities: Mapping[str, Quantity]) -> dict[str, tuple[str, ...]]:
    """Return the wholes of each quantity that has some.

    A whole is named by `part_of` or `sum_of`, or it is the total of a category that counts the
    category of the part, of the same side and scope, in the same unit, begun no later; or it counts
    the cases of the disease and the place of which the part counts the deaths.

    Examples
    --------
    >>> from attrition.data.dossier import Quantity
    >>> killed = Quantity(
    ...     title="Keldish killed",
    ...     definition="killed",
    ...     unit="persons",
    ...     category="killed",
    ...     side="Keldish",
    ... )
    >>> both = killed.model_copy(update={"title": "Keldish casualties", "category": "casualties"})
    >>> wholes_of({"killed": killed, "both": both})
    {'killed': ('both',)}
    """
    alike: dict[object, list[str]] = {}
    ill: dict[object, list[str]] = {}
    for key, quantity in quantities.items():
        alike.setdefault((quantity.category, *_people(quantity)), []).append(key)
        if quantity.category is None and CASES.search(quantity.title):
            ill.setdefault(_disease(quantity), []).append(key)
    wholes: dict[str, dict[str, None]] = {}
    for key, part in quantities.items():
        for addend in part.sum_of:
            wholes.setdefault(addend, {})[key] = None
        if part.part_of is not None:
            wholes.setdefault(key, {})[part.part_of] = None
            continue
        of_all = [
            other
            for category in WHOLES.get(part.category or "", ())
            for other in alike.get((category, *_people(part)), ())
        ]
        if part.category == "killed" and ill:
            cases = ill.get(_disease(part), ())
            of_all += [other for other in cases if _counts_the_dead(quantities[other], part)]
        for other in of_all:
            whole = quantities[other]
            late = whole.start and part.start and whole.start.first > part.start.first
            if not late and not (whole.sum_of and key not in whole.sum_of):
                wholes.setdefault(key, {})[other] = None
    return {key: tuple(names) for key, names in wholes.items()}


def _people(quantity: Quantity) -> tuple[object, ...]:
    """Return whose fate is counted: side and scope, or what the title says but for the fate."""
    side, scope = (quantity.side or "").lower(), quantity.scope
    named = "" if side or scope else _FATES.sub("", quantity.title.lower())
    return side, scope, named, quantity.unit, quantity.cumulative


def _disease(quantity: Quantity) -> tuple[object, ...] | None:
    """Return the disease, the place and the people of an epidemic that a title names, if any."""
    if quantity.kind != "epidemic":
        return None
    words = frozenset(_LINKS.sub("", _FATES.sub(" ", quantity.title.lower())).split())
    return (words, quantity.side, quantity.scope, quantity.cumulative) if words else None


def _counts_the_dead(cases: Quantity, deaths: Quantity) -> bool:
    """Tell whether all cases are counted of which the deaths may be."""
    words, dead = (f"{one.title} {one.definition}".lower() for one in (cases, deaths))
    counted, died = set(_SURE.findall(words)), set(_SURE.findall(dead))
    return not _SOME.search(words) and (not counted or (bool(died) and died <= counted))
