"""Claims that replace earlier ones of their source: a correction, a revision, a withdrawal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from attrition.core.errors import InputError, clip
from attrition.data.dossier.claims import Claim


def superseded_by(claims: Sequence[Claim], day: date | None = None) -> dict[int, int]:
    """Return which claims are superseded on a day, and by which; by any claim when left out.

    Parameters
    ----------
    claims : sequence of Claim
        Ids that none of them has are passed over; a dossier refuses them.
    day : datetime.date, optional
        A claim that had not surely appeared by the end of it supersedes nothing.

    Returns
    -------
    dict of int to int
        Index of the superseded claim -> index of the first claim that supersedes it. A claim that
        is superseded itself still supersedes those before it.
    """
    places = _places(claims)
    later: dict[int, int] = {}
    for index, claim in enumerate(claims):
        if claim.supersedes and (day is None or claim.known_on(day)):
            for key in claim.supersedes:
                if key in places:
                    later.setdefault(places[key], index)
    return later


def _places(claims: Sequence[Claim]) -> dict[str, int]:
    return {claim.id: index for index, claim in enumerate(claims) if claim.id is not None}


def check_superseding(claims: Sequence[Claim]) -> None:
    """Refuse ids that stand twice, and claims that cannot replace what they name.

    Raises
    ------
    InputError
        If an id stands twice, or names the figure of another source, another quantity, or a later
        day of publication; if a forecast by others replaces a figure, or a figure a forecast; or
        if claims replace one another in a circle.
    """
    places = _places(claims)
    for index, claim in enumerate(claims):
        if claim.id is not None and places[claim.id] != index:
            raise InputError(
                "an id must belong to one claim",
                got=clip(claim.id),
                place=f"claims[{index}].id, and claims[{places[claim.id]}]",
                remedy="Give each its own, for example its source and month",
            )
    for index, claim in enumerate(claims):
        for key in claim.supersedes:
            _check_pair(index, claim, key, claims[places[key]])
    _check_circle(claims, places)


def _check_pair(index: int, claim: Claim, key: str, earlier: Claim) -> None:
    place = f"claims[{index}].supersedes, source '{claim.source}'"
    for field in ("source", "quantity"):
        mine, other = getattr(claim, field), getattr(earlier, field)
        if mine != other:
            rule = f"a claim must supersede a figure of its own {field}"
            got = f"{clip(key)} with {field} {clip(other)}, by one with {clip(mine)}"
            remedy = "Leave `supersedes` out: figures that differ are weighed, not replaced"
            raise InputError(rule, got=got, place=place, remedy=remedy)
    if (claim.kind == "forecast") != (earlier.kind == "forecast"):
        rule = "a forecast by others must supersede a forecast, and a figure a figure"
        got = f"{clip(key)} of kind '{earlier.kind}', by one of kind '{claim.kind}'"
        remedy = "Leave `supersedes` out, or correct the `kind`"
        raise InputError(rule, got=got, place=place, remedy=remedy)
    if claim.published.last < earlier.published.first:
        rule = "a claim must not have appeared before one that it supersedes"
        got = f"published={claim.published}, and {clip(key)} published={earlier.published}"
        remedy = "Correct a date, or write `supersedes` in the later of the two"
        raise InputError(rule, got=got, place=place, remedy=remedy)


def _check_circle(claims: Sequence[Claim], places: Mapping[str, int]) -> None:
    settled: set[str] = set()

    def follow(key: str, line: tuple[str, ...]) -> None:
        if key in line:
            raise InputError(
                "claims must not supersede one another in a circle",
                got=" -> ".join([*line[line.index(key) :], key]),
                place=f"claims[{places[key]}].supersedes",
                remedy="Keep `supersedes` in the later claim only",
            )
        if key not in settled:
            for other in claims[places[key]].supersedes:
                follow(other, (*line, key))
            settled.add(key)

    for key in places:
        follow(key, ())
