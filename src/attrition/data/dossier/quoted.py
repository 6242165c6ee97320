"""Claims from quoted words, and the dossier that several of them make."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, Literal, get_args

from pydantic import ValidationError

from attrition.core.checks import check_type
from attrition.core.errors import clip, refusal
from attrition.data.dossier.claims import Claim, superseded_by
from attrition.data.dossier.dossier import Dossier
from attrition.data.dossier.models import Category, slug
from attrition.data.dossier.values import PartialDate, input_error
from attrition.text import Reading, read_one
from attrition.text.units import months_steady


def claim(  # noqa: PLR0913 - what a citation states, by name
    words: str,
    *,
    source: str,
    on: object,
    published: object = None,
    since: object = None,
    quantity: str | None = None,
    about: str | None = None,
    url: str = "",
    note: str = "",
    id: str | None = None,  # noqa: A002 - the key of a claim
    supersedes: str | Sequence[str] = (),
) -> Claim:
    """Read one figure from quoted words.

    Parameters
    ----------
    words : str
        As printed, with one figure in them.
    source : str
        Who says so.
    on : datetime.date or str
        The day, month or year that the figure describes.
    published : datetime.date or str, optional
        When it appeared; the day that it describes when left out, which the claim then says.
    since : datetime.date or str, optional
        First day of the window, of a figure that covers one.
    quantity : str, optional
        What is counted, in words or as an id; taken from the words when left out.
    about : str, optional
        Whose losses, where the words do not say it: ``"Russian"``.
    url, note : str
        Where the words stand; how they were read.
    id : str, optional
        A short name, so that a later claim can name this one.
    supersedes : str or sequence of str
        Ids of earlier figures of this source that this one replaces.

    Raises
    ------
    InputError
        If the words hold no figure, several, or one that is ambiguous, or a day does not exist.

    See Also
    --------
    attrition.parse : what its words mean.
    attrition.forecast : what follows from several.
    attrition.read_claims : a table of them.

    Examples
    --------
    >>> one = claim("around 300 killed a day", source="CSIS", on="2025-06-03")
    >>> one.kind, one.per, one.quantity
    ('rate', 'day', 'killed')
    """
    reading = read_one(words)
    check_type(about, (str, NoneType), "about", "text, or left out")
    if not str(source).strip():
        raise refusal("named source", clip(source), "source")
    described = PartialDate.parse(on, place="on")
    fields = {
        "quantity": quantity or _counted(reading, about),
        "source": source,
        "kind": reading.kind,
        "quote": words,
        "per": reading.per if reading.kind == "rate" else None,
        "since": since,
        "as_of": described,
        "published": described if published is None else published,
        "inferred": ("published",) if published is None else (),
        "url": url,
        "note": note,
        "id": id,
        "supersedes": supersedes,
    }
    try:
        return Claim.model_validate(fields)
    except ValidationError as failure:
        raise input_error(failure, f"claim {clip(words)}") from None


def _counted(reading: Reading, about: str | None) -> str:
    """Return in words what a figure counts, as far as its words tell."""
    whose, unit = about or reading.side, reading.unit or ""
    things = unit if unit != "persons" and len(unit) > len("km2") else "total"  # "cases", "tanks"
    return " ".join(word for word in (whose, reading.category or things) if word)


def dossier_of(claims: Sequence[Claim]) -> Dossier:
    """Return the dossier of several claims, with a source and a quantity for each name in them.

    Parameters
    ----------
    claims : sequence of Claim
        Names of sources and quantities become ids; one name is one source.

    Raises
    ------
    InputError
        If there are none, or they contradict the rules of a dossier.

    Examples
    --------
    >>> one = claim("up to 250,000 killed", source="CSIS", on="2025-06-03")
    >>> dossier = dossier_of([one])
    >>> list(dossier.sources), list(dossier.quantities), dossier.sources["csis"].name
    (['csis'], ['killed'], 'CSIS')
    """
    strange = [one for one in claims if not isinstance(one, Claim)]
    if strange:
        raise refusal("list of claims", clip(strange[0]), "first argument")
    if not claims:
        raise refusal("one claim", "an empty list", "first argument")
    sources = _ids([one.source for one in claims])
    quantities = _ids([one.quantity for one in claims])
    kept = [
        one.model_copy(update={"source": sources[one.source], "quantity": quantities[one.quantity]})
        for one in claims
    ]
    past = superseded_by(kept)
    used = [one for index, one in enumerate(kept) if index not in past]
    return Dossier.of(
        id="quoted-claims",
        title="Quoted claims",
        sources={key: {"name": name} for name, key in sources.items()},
        quantities={
            key: _quantity(name, mine) | _bases(mine) | whole_of(name, quantities)
            for name, key in quantities.items()
            for mine in ([one for one in used if one.quantity == key],)
        },
        claims=kept,
    )


def whole_of(name: str, quantities: Mapping[str, str]) -> dict[str, str]:
    """Return the casualties among which the killed of the same people are counted, if given.

    ``quantities`` are ids by name; the answer is a field of a quantity, or nothing.
    """
    whole = name.replace("killed", "casualties")
    return {"part_of": quantities[whole]} if whole != name and whole in quantities else {}


def _ids(names: Sequence[str]) -> Mapping[str, str]:
    """Return an id for each name; two names never share one."""
    ids: dict[str, str] = {}
    for name in dict.fromkeys(names):
        key = slug(name).encode("ascii", "ignore").decode().strip("-") or "unnamed"
        while key in ids.values():
            key += "-2"
        ids[name] = key
    return ids


_CATEGORIES: tuple[Literal[Category], ...] = get_args(Category)


def _bases(claims: Sequence[Claim]) -> dict[str, Any]:
    """Return whose count is read: that of the one source that gives a total, if it is one."""
    levels = {one.source for one in claims if one.kind == "level"}
    sources = {one.source for one in claims}
    return {"bases": sorted(levels)} if len(sources) == len(levels) == 1 else {}


def _quantity(name: str, claims: Sequence[Claim]) -> dict[str, Any]:
    category = next((word for word in name.split() if word in _CATEGORIES), None)
    quotes = [claim.quote for claim in claims if claim.quote]
    lasts = [months_steady(one.quote) for one in claims if one.kind == "rate"]
    lasting = min((months for months in lasts if months > 1), default=None)
    title = name
    if category and name.rsplit(" ", 1)[-1] == category:
        title = titled(name[: -len(category)].strip(), _who(quotes), category, quotes)
    return {
        "title": title[:1].upper() + title[1:],
        "definition": f"{title if category == 'killed' else name}, as quoted",
        "unit": "persons",
        "category": category,
        "steady_for": lasting,
    }


_KILLING = re.compile(
    r"kill|slain|slay|murder|massacr|shot|execut|assassin|tué|asesin|mat(?:ad|ar)|uccis"
    r"|getötet|ermordet|gefallen|уби|вби|загин|погиб",
    re.IGNORECASE,
)
"""Words of a violent death; where nobody says one, the dead of an epidemic have not been killed."""

_HURT, _WOUND = (re.compile(word, re.IGNORECASE) for word in (r"injur|hurt", "wound"))
"""An earthquake's injured are not wounded, unless somebody says so."""


_OF_WHAT = re.compile(
    r"\b((?:overdose|drug|opioid|alcohol|road|traffic|maternal|infant|heat|cold|smog|flu|measles"
    r"|cholera|malaria|dengue|suicide|workplace|covid(?:-19)?)(?:[- ]related)?)"
    r" (?:deaths|fatalities)",
    re.IGNORECASE,
)
"""Of what people died, where their deaths are called by it."""


def befell(category: str, quotes: Sequence[str]) -> str:
    """Return what befell people, in the words that were used of it.

    Examples
    --------
    >>> befell("wounded", ["91 injured", "about 5 hurt a day"])
    'injured'
    >>> befell("killed", ["122 people died"]), befell("killed", ["122 were shot"])
    ('who died', 'killed')
    """

    def says(word: re.Pattern[str]) -> bool:
        return any(map(word.search, quotes))

    if category == "killed" and quotes and not says(_KILLING):
        return "who died"
    if category == "wounded" and says(_HURT) and not says(_WOUND):
        return "injured"
    return "killed, missing or captured" if category == "irrecoverable" else category


def titled(whose: str, who: str, category: str, quotes: Sequence[str]) -> str:
    """Return what is counted as the subject of a sentence, which "killed" alone is not.

    Parameters
    ----------
    whose, who, category : str
        "Russian", "soldiers", "killed"; the first two may be empty.
    quotes : sequence of str

    Examples
    --------
    >>> titled("Ruritanian", "", "killed", ["122 killed"]), titled("", "", "killed", ["122 died"])
    ('Ruritanian dead', 'deaths')
    >>> titled("", "", "killed", ["81,711 overdose deaths", "about 210 deaths a day"])
    'overdose deaths'
    """
    befallen = befell(category, quotes)
    if category == "casualties":
        befallen += f" among {who}" if who else ""
    elif not who and befallen == "who died":
        causes = {cause for quote in quotes for cause in _OF_WHAT.findall(quote)}
        befallen = f"{causes.pop()} deaths" if len(causes) == 1 else "deaths"
    elif not who and whose:
        befallen = "dead" if befallen == "killed" else befallen
    else:
        befallen = f"{who or 'people'} {befallen}"
    if whose == "both":
        return f"{befallen} on both sides"
    return f"{whose} {befallen}".strip()


def _who(quotes: Sequence[str]) -> str:
    """Return who is counted, "children", where all words that name somebody name the same."""
    scopes = {scope for quote in quotes for scope in (read_one(quote).scope,) if scope}
    return scopes.pop() if len(scopes) == 1 and "people" not in scopes else ""
