"""What the sentences about a dossier say: under which condition, and on whose figures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrition.data.dossier.dossier import Dossier
from attrition.data.dossier.models import BY_KIND

WAR = "if the fighting continues"
"""The condition of losses of a side; a dossier may say its own."""

UNNAMED = "if the rise continues"
"""The condition where nobody says what goes on."""

AS_OTHERS = "if it goes on as other totals have"
"""The condition where the pace is learnt and nobody says of which kind it is."""

_OF_KINDS = {
    "conflict": WAR,
    "epidemic": "if the epidemic continues",
    "disaster": "if the count goes on as after other disasters",
    "steady": "if this pace continues",
}
_LEARNT = {  # from other totals, of which some have ended: none that it continues is true of them
    "conflict": "if the conflict goes on as others have",
    "epidemic": "if the epidemic goes on as others have",
    "disaster": _OF_KINDS["disaster"],
    "steady": _OF_KINDS["steady"],
}
_OF_A_SIDE = ("wounded", "captured", "casualties", "irrecoverable")
_PRESS = re.compile(r"\b(news|press|media|newspapers?)\b", re.IGNORECASE)
_MOST = 2  # sources named that repeat another


def condition_of(dossier: Dossier, quantity: str, kind: str | None = None) -> str:
    """Return the condition under which forecasts of a quantity hold.

    Its own, or the dossier's; else that of its kind, or of the ``kind`` that the question names:
    where its pace is learnt from other totals, that it goes on as they have, which allows for an
    end. Else that the fighting continues where the losses of a side are counted, and a plain one
    of anything else: an earthquake too has its injured and missing.
    """
    what = dossier.quantities[quantity]
    whole = dossier.lineage(quantity)[-1]
    if dossier.assumption("volatility", whole).value == BY_KIND:
        usual: str | None = _LEARNT.get(dossier.quantities[whole].pace or kind or "", AS_OTHERS)
    else:
        usual = _OF_KINDS.get(what.pace or kind or "")
    stated = what.condition or dossier.condition or usual
    war = what.side or (what.category in _OF_A_SIDE and "injured" not in what.title)
    return stated or (WAR if war else UNNAMED)


def reporters(dossier: Dossier, sources: Sequence[str]) -> tuple[str, ...]:
    """Return the names of sources, each with those among them that repeat it.

    Parameters
    ----------
    dossier : Dossier
    sources : sequence of str
        Ids.

    Examples
    --------
    >>> import attrition as at
    >>> reporters(at.read_dossier(), ["csis", "press"])
    ('CSIS or news reports that quote it',)
    """
    parents: dict[str, str | None] = {}
    for key in sources:
        source = dossier.sources[key]
        origins = (one for one in (*source.copies, *source.derived_from) if one in sources)
        parents[key] = next(origins, None)
    roots = [key for key in sources if _root(key, parents) == key]
    return tuple(
        _named(dossier, root, [k for k in sources if k != root and _root(k, parents) == root])
        for root in roots
    )


def _root(key: str, parents: dict[str, str | None]) -> str:
    seen = [key]  # sources may quote each other in a circle
    while (parent := parents[seen[-1]]) is not None and parent not in seen:
        seen.append(parent)
    return seen[-1] if parents[seen[-1]] is None else min(seen)


def _named(dossier: Dossier, root: str, others: Sequence[str]) -> str:
    name = dossier.sources[root].name
    if not others:
        return name
    names = [_generic(dossier.sources[key].name) for key in others]
    if len(names) == 1 and _PRESS.search(names[0]):
        return f"{name} or {names[0]} that quote{'' if names[0].endswith('s') else 's'} it"
    if len(names) > _MOST:
        return f"{name} and {len(names)} sources that draw on it"
    return f"{name} and, drawing on it, {' and '.join(names)}"


def _generic(name: str) -> str:
    """Return a name of many at the size of a common noun: "news reports"."""
    return name[:1].lower() + name[1:] if name.startswith(("News ", "Press ")) else name
