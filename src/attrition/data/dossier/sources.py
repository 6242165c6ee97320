"""Who says so, under which spellings, and how far it can be wrong in a known direction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from attrition.core._showing import Shown
from attrition.core.errors import clip
from attrition.core.refusals import refusal
from attrition.data.dossier.values import Amount, FiniteNumber, FrozenModel, check_order


def check_coverage(value: float, *, place: str) -> float:
    """Return ``value`` if it is a share above 0 and at most 1 of what there is to count.

    Raises
    ------
    InputError
        If it is not; a value above 1 is taken for a multiplier, and the coverage it means is named.

    Examples
    --------
    >>> check_coverage(0.45, place="coverage")
    0.45
    """
    if 0 < value <= 1:
        return float(value)
    if value > 1:
        words = {"times": value, "share": 1 / value, "percent": value / 100}
        raise refusal("coverage above 1", f"{value:g}", place, **words)
    raise refusal("coverage", f"{value:g}", place)


class Component(FrozenModel):
    """Something that a list leaves out and that is added to its estimate.

    Parameters
    ----------
    low, high : float
        The range that is stated for it [unit of the claim]; equal ends are taken as exact.
    note : str
        What it is.

    See Also
    --------
    attrition.dossier.Coverage : where it stands.

    Examples
    --------
    >>> import attrition as at
    >>> missing = at.dossier.Component(low=10_000, high=20_000, note="under the rubble")
    >>> at.dossier.Coverage(low=0.45, high=0.65, plus=(missing,)).plus[0].note
    'under the rubble'
    """

    low: Amount
    high: Amount
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Component:
        check_order(self.low, self.high, "plus")
        return self


class Coverage(FrozenModel):
    """Which share of the true number a list or a tally holds.

    Parameters
    ----------
    low, high : float
        Ends of the share, in (0, 1]: a list of 95,026 with 0.45 to 0.65 means 146,194 to 211,169.
    prob : float
        Mass that the ends hold centrally, in (0, 1).
    plus : tuple of Component
        What the list leaves out altogether, added afterwards.
    note : str
        Who says so.

    See Also
    --------
    attrition.elicitation.elicit_list : what such a list says of the whole.

    Examples
    --------
    >>> import attrition as at
    >>> at.dossier.Coverage(low=0.45, high=0.65).prob
    0.8
    """

    low: FiniteNumber
    high: FiniteNumber
    prob: FiniteNumber = 0.8
    plus: tuple[Component, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _shares(self) -> Coverage:
        check_coverage(self.low, place="coverage.low")
        check_coverage(self.high, place="coverage.high")
        check_order(self.low, self.high, "coverage")
        if not 0 < self.prob < 1:
            raise refusal("prob between 0 and 1", f"{self.prob:g}", "coverage.prob")
        return self


class Source(Shown, FrozenModel):
    """Who says so.

    Parameters
    ----------
    name : str
        Name as printed.
    aliases : tuple of str
        Other spellings under which claims may name it.
    derived_from : tuple of str
        Ids of the sources whose figures enter this one's: an input they share.
    copies : tuple of str
        Ids of the sources whose figures this one repeats: a copy adds no information.
    direction : {"understates", "overstates"}, optional
        In which direction its figures are expected to err, as a party to the conflict would.
    coverage : Coverage, optional
        Share of the true number that its "at least" figures hold.
    note : str
        Free text.
    url : str
        Where it publishes.

    See Also
    --------
    attrition.Dossier : what holds it.

    Examples
    --------
    >>> import attrition as at
    >>> at.read_dossier().sources["csis"].derived_from
    ('uk-mod',)
    """

    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    direction: Literal["understates", "overstates"] | None = None
    coverage: Coverage | None = None
    note: str = ""
    url: str = ""


def with_ids(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with the source of each claim as an id, where an alias stood."""
    sources, claims = content.get("sources"), content.get("claims")
    if not isinstance(sources, Mapping) or not isinstance(claims, (list, tuple)):
        return dict(content)
    ids = _spellings(sources)
    rows: list[Any] = []
    for claim in claims:
        source = claim.get("source") if isinstance(claim, Mapping) else getattr(claim, "source", "")
        key = ids.get(source.strip()) if isinstance(source, str) else None
        if key is None or source in sources:
            rows.append(claim)
        elif isinstance(claim, Mapping):
            rows.append({**claim, "source": key})
        else:
            rows.append(claim.model_copy(update={"source": key}))
    return {**content, "claims": rows}


def _spellings(sources: Mapping[str, Any]) -> dict[str, str]:
    """Return the id for every spelling; one alias for two sources is refused."""
    ids: dict[str, str] = {}
    for key, source in sources.items():
        known = isinstance(source, Mapping)
        aliases = source.get("aliases", ()) if known else getattr(source, "aliases", ())
        for spelling in aliases if isinstance(aliases, (list, tuple)) else ():
            owner = ids.get(spelling, key) if spelling not in sources else spelling
            if owner != key:
                place = f"sources.{key}.aliases, and sources.{owner}"
                raise refusal("alias of one source", clip(spelling), place)
            ids[spelling] = key
    return ids


def slug(text: str) -> str:
    """Return a name as an id: lower case, words joined by "-".

    Examples
    --------
    >>> slug("US officials (via NYT)")
    'us-officials-via-nyt'
    """
    return "-".join(re.findall(r"[^\W_]+", text.lower()))
