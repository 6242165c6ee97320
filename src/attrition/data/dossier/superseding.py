"""Claims that replace earlier ones of their source: a correction, a revision, a withdrawal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from attrition.core.errors import clip
from attrition.core.refusals import refusal
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
            place = f"claims[{index}].id, and claims[{places[claim.id]}]"
            raise refusal("id of one claim", clip(claim.id), place)
    for index, claim in enumerate(claims):
        for key in claim.supersedes:
            _check_pair(index, claim, key, claims[places[key]])
    _check_circle(claims, places)


def _check_pair(index: int, claim: Claim, key: str, earlier: Claim) -> None:
    place = f"claims[{index}].supersedes, source '{claim.source}'"
    for field in ("source", "quantity"):
        mine, other = getattr(claim, field), getattr(earlier, field)
        if mine != other:
            got = f"{clip(key)} with {field} {clip(other)}, by one with {clip(mine)}"
            raise refusal("supersedes its own", got, place, field=field)
    if (claim.kind == "forecast") != (earlier.kind == "forecast"):
        got = f"{clip(key)} of kind '{earlier.kind}', by one of kind '{claim.kind}'"
        raise refusal("forecast supersedes forecast", got, place)
    if claim.published.last < earlier.published.first:
        got = f"published={claim.published}, and {clip(key)} published={earlier.published}"
        raise refusal("supersedes an earlier one", got, place)


def _check_circle(claims: Sequence[Claim], places: Mapping[str, int]) -> None:
    settled: set[str] = set()

    def follow(key: str, line: tuple[str, ...]) -> None:
        if key in line:
            got = " -> ".join([*line[line.index(key) :], key])
            raise refusal("supersedes in no circle", got, f"claims[{places[key]}].supersedes")
        if key not in settled:
            for other in claims[places[key]].supersedes:
                follow(other, (*line, key))
            settled.add(key)

    for key in places:
        follow(key, ())
