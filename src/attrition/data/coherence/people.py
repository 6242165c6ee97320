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


def wholes_of(quantities: Mapping[str, Quantity]) -> dict[str, tuple[str, ...]]:
    """Return the wholes of each quantity that has some.

    A whole is named by `part_of` or `sum_of`, or it is the total of a category that counts the
    category of the part, of the same side and scope, in the same unit, begun no later.

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
    for key, quantity in quantities.items():
        alike.setdefault((quantity.category, *_people(quantity)), []).append(key)
    wholes: dict[str, dict[str, None]] = {}
    for key, part in quantities.items():
        for addend in part.sum_of:
            wholes.setdefault(addend, {})[key] = None
        if part.part_of is not None:
            wholes.setdefault(key, {})[part.part_of] = None
            continue
        for category in WHOLES.get(part.category or "", ()):
            for other in alike.get((category, *_people(part)), ()):
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
