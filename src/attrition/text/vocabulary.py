"""What the words of casualty reports mean: the tables of ``words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final


@cache
def table_of(name: str) -> dict[str, Any]:
    """Return a table of this room by the name of its file."""
    return tomllib.loads(resources.files("attrition.text").joinpath(name).read_text("utf-8"))


_TABLES: Final = table_of("words.toml")


def _meanings(table: str) -> dict[str, str]:
    """Return word -> meaning of a table, which lists the words of each meaning."""
    return {word: meaning for meaning, words in _TABLES[table].items() for word in words.split()}


class _Classes:
    """The classes of words of ``words.toml``, each under its name: `WORDS.deeds`.

    A class may hold another, or a table ("<says>"), and leave out what they hold ("-may").
    """

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> frozenset[str]:
            """Return a class."""

    def __init__(self, tables: dict[str, Any]) -> None:
        """Put the classes together, in the order of the file."""
        self.scales = frozenset(tables["numbers"]["scale"])
        self.small = frozenset({**tables["numbers"]["ones"], **tables["numbers"]["tens"]})
        self.units_of_length = frozenset(_meanings("length"))
        for name in ("category", "scope", "demonyms", "compounds", "countries", "groups", "events"):
            setattr(self, name, frozenset(_meanings(name)))
        for name, words in tables["category"].items():
            setattr(self, f"is_{name}", frozenset(words.split()))
        for name, words in tables["classes"].items():
            chosen: set[str] = set()
            for word in words.split():
                if word[0] == "<":
                    chosen |= getattr(self, word[1:-1])
                elif word[:2] == "-<":
                    chosen -= getattr(self, word[2:-1])
                elif word[0] == "-" and len(word) > 1:
                    chosen.discard(word[1:])
                else:
                    chosen.add(word)
            setattr(self, name, frozenset(chosen))


WORDS: Final = _Classes(_TABLES)


def words_for(name: str) -> frozenset[str]:
    """Return the words of one class.

    Examples
    --------
    >>> sorted(words_for("more"))[:3]
    ['additional', 'another', 'extra']
    """
    words: frozenset[str] = getattr(WORDS, name)
    return words


def phrases_for(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases of one table, each cut into words."""
    return tuple(tuple(phrase.split()) for phrase in _TABLES["phrases"][name].split("/"))


_AROUND: Final = 1_000
"""Characters on both sides of a figure that rules may look at: few sentences are as long."""


def pointed(text: str, start: int, end: int) -> str:
    """Return a text around the figure between two characters, with "#" for it, as patterns are."""
    return f"{text[max(start - _AROUND, 0) : start]}#{text[end : end + _AROUND]}"


def numbers_for(name: str) -> dict[str, Any]:
    """Return the numbers that the words of one table mean."""
    return dict(_TABLES["numbers"][name])


CATEGORY: Final = _meanings("category")
LOOSE_CATEGORY: Final = frozenset({"losses", "displaced"})
"""Words that give way to an exact category nearby ("lost 950 dead")."""
MEMBERS: Final = frozenset({"killed", "wounded", "missing", "captured"})

SCOPE: Final = _meanings("scope")
EVENT: Final = _meanings("events")
"""What kills people at one place and time, by its family: a quake's tremor is no fire."""

LENGTH: Final = _meanings("length")
SQUARE: Final = {"km": "km2", "mi": "mi2", "m": "m2", "yd": "yd2", "ft": "ft2"}
CURRENCY: Final = {"$": "USD", "€": "EUR", "£": "GBP", "₴": "UAH", "₽": "RUB"}
CURRENCY_WORDS: Final = _meanings("currency")
PERIOD: Final = _meanings("period")


DEMONYM: Final = _meanings("demonyms")
COMPOUND: Final = _meanings("compounds")
"""The second word of names of two: "South African", "North Koreans"."""
COUNTRY: Final = _meanings("countries")
GROUP: Final = _meanings("groups")
KINDS: Final = {
    "disaster": WORDS.kind_disaster,
    "epidemic": WORDS.kind_epidemic,
    "conflict": WORDS.kind_conflict,
}
"""Words of events, by the kind of count that their dead make."""
