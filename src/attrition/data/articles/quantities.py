"""The quantities of an article: what its claims count, from when, and under what titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from attrition.core.errors import clip
from attrition.core.laws import print_date
from attrition.data.articles.rivals import Tally
from attrition.data.dossier import Claim, PartialDate, Quantity
from attrition.data.dossier.quoted import befell, titled, whole_of
from attrition.text.articles import NO_TOLLS

_COUNTED: Final = ("killed", "wounded", "missing", "captured", "casualties", "irrecoverable")
_STOCKS: Final = frozenset({"missing", "captured"})
"""Of these some are found or set free: their number need not rise as the dead of an event do."""
_STEPS: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20)
_YEAR_LONG: Final = 366
_A_MONTH: Final = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Count:
    """What an article holds of one quantity.

    Attributes
    ----------
    entry : Tally
        Its highest number, and whose it is.
    claims : list of Claim
        Those that stand, and those that a reader has to accept.
    quotes : list of str
        Their words, and those of every other candidate.
    sure : bool
        Whether one of the claims stands.
    over : bool
        Whether those who are counted can be no more: a closed set, or an event of long ago.
    """

    entry: Tally
    claims: list[Claim]
    quotes: list[str]
    sure: bool
    over: bool


def quantities_of(
    counts: Mapping[str, Count],
    kind: str | None,
    published: date,
    blow: tuple[date, str] | None = None,
) -> dict[str, Quantity]:
    """Return the quantities; the killed are a part of the casualties of the same people.

    Parameters
    ----------
    counts : mapping of str to Count
        By the id of the quantity.
    kind : str or None
        Of the event that the article tells of.
    published : datetime.date
    blow : (datetime.date, str), optional
        The day of the disaster, and the words that say so.
    """
    paces = {key: _pace(count, kind, published) for key, count in counts.items()}
    growing = {key: key for key, pace in paces.items() if pace != "stock" and counts[key].sure}
    quantities = {}
    for key, count in counts.items():
        entry = count.entry
        known = entry.category if entry.category in _COUNTED else None
        fields: dict[str, Any] = {
            "unit": "persons",
            "scope": entry.scope,
            "category": known,
            "side": entry.side or None,
            "kind": paces[key],
        }
        if paces[key] != "stock" and entry.highest:
            fields["thresholds"] = _next_rounds(entry.highest)
        sources = {one.source for one in count.claims}
        if len(sources) == 1:  # nobody else says what the toll is
            fields["bases"] = tuple(sources)
        fields |= _named(count, known) | _begun(count.claims, published)
        fields |= whole_of(key, growing) if key in growing else {}
        if "start" in fields:
            first = fields["start"].first
            since = print_date(first, "month" if first.day == 1 else "day")
            fields["title"] += f" since {since}"
        elif (
            blow
            and growing.get(key)
            and paces[key] == "disaster"
            and _counts_from(blow[0], count.claims)
        ):
            fields["start"] = PartialDate(blow[0], blow[0])
            fields["definition"] += f"; it began: {clip(blow[1])}"
        known_fields = {name: one for name, one in fields.items() if one is not None}
        quantities[key] = Quantity(**known_fields)
    return quantities


def _begun(claims: list[Claim], published: date) -> dict[str, PartialDate]:
    """Return where a count begins of which only what was added since is known."""
    latest = max((one.as_of.last for one in claims), default=published)
    since = [one.since for one in claims if one.since and _reaches(one, latest)]
    levels = any(one.kind not in {"increment", "rate"} for one in claims)
    return {} if levels or not since else {"start": min(since, key=lambda one: one.first)}


def _counts_from(day: date, claims: list[Claim]) -> bool:
    """Return whether no claim is of a time before the day of the event."""
    return all(day <= (one.since or one.as_of).first for one in claims)


def _reaches(claim: Claim, latest: date) -> bool:
    """Return whether the time of a claim goes from long ago to a day."""
    begun = claim.since.first if claim.since else latest
    return claim.as_of.last == latest and latest - begun > _A_MONTH


def _pace(count: Count, kind: str | None, published: date) -> str | None:
    """Return the kind of a count: a stock where it cannot grow, no disaster over years."""
    part = count.entry.part.startswith(", of them")
    if part or count.entry.category in {"missing", *NO_TOLLS} or (count.claims and count.over):
        return "stock"  # as many as are missing on a day: no total that grows
    if count.entry.category in _STOCKS:
        return None
    begun = min((one.since.first for one in count.claims if one.since), default=published)
    long = (published - begun).days > _YEAR_LONG
    return None if long and kind == "disaster" else kind


def _named(count: Count, what: str | None) -> dict[str, str]:
    """Return title and definition of a quantity, in the words of its figures."""
    entry, quotes = count.entry, count.quotes
    whole = f"{entry.side} {entry.scope} losses".strip()
    whole = f"people {entry.category}" if entry.category in NO_TOLLS else whole
    title = titled(entry.side, entry.scope, what, quotes) if what else whole
    called = f"{entry.category}, as the source calls them"
    definition = befell(what, quotes).removeprefix("who ") if what else called
    return {"title": title[:1].upper() + title[1:] + entry.part, "definition": definition}


def _next_rounds(number: float) -> tuple[float, float]:
    """Return the next two round numbers above: thresholds to begin with.

    Examples
    --------
    >>> _next_rounds(58), _next_rounds(212), _next_rounds(9)
    ((60.0, 70.0), (250.0, 300.0), (10.0, 15.0))
    """
    power = 10.0 ** (len(str(int(number))) - 1)
    rounds = [step * power for step in _STEPS if (step * power).is_integer()]
    above = [one for one in rounds if one > number]
    return above[0], above[1]
