"""What the words of casualty reports mean: the tables of ``words.toml``."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any, Final


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
        self.units_of_length = frozenset(_meanings("length"))
        for name in ("category", "scope", "demonyms", "compounds", "countries", "groups"):
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


_GAP: Final = r"[,:;]?\s"
_END: Final = r"(?=\W*$)"
_SIGNS: Final = {
    "~": r"(?:[\w'’.-]+[,:;]?\s){0,3}?",
    "*": rf"[\w'’-]+{_GAP}",
    "...": r"[^#.,;]{0,120}?",
    "#": rf"#{_GAP}",
    "^": r"^[\W\d]*",
    "$": _END,
}


def pattern_for(name: str) -> re.Pattern[str]:
    r"""Return the pattern of the phrases of one table, whatever their capitals.

    ``a|an`` is either, ``!a|an`` a word that is neither, ``<class>`` any word of a class, ``*`` any
    word, ``~`` up to three words, ``...`` more of the clause,
    ``the?`` may be left out, ``#`` is a figure, and ``^`` and ``$``
    are the ends of the text.

    Examples
    --------
    >>> bool(pattern_for("another_event").search("In a separate crash # died."))
    True
    """
    phrases = _TABLES["patterns"][name].split("/")
    return re.compile("|".join(_phrase(one.split()) for one in phrases), re.IGNORECASE)


def pointed(text: str, start: int, end: int) -> str:
    """Return a text with "#" for the figure between two characters, as patterns are written."""
    return f"{text[:start]}#{text[end:]}"


def _phrase(parts: list[str]) -> str:
    pattern = "".join(map(_item, parts)).replace(f"{_GAP}{_END}", _END).removesuffix(_GAP)
    begin = "" if parts[0][0] in "^#,~" else r"\b"
    return begin + pattern + ("" if parts[-1] in {"$", "#"} else r"\b")


def _item(part: str) -> str:
    """Return the pattern of one part of a phrase, with the gap after it."""
    if part in _SIGNS:
        return _SIGNS[part]
    if part.startswith("!"):
        return rf"(?!{_either(part[1:])}\b)[\w'’-]+{_GAP}"
    if part.endswith("?"):
        return rf"(?:{_either(part[:-1])}{_GAP})?"
    return _either(part) + _GAP


def _either(part: str) -> str:
    words = [
        word
        for one in part.split("|")
        for word in (_members(one[1:-1]) if one[:1] == "<" else [one])
    ]
    patterns = [re.escape(word).replace("'", "['’]") for word in words]
    return patterns[0] if len(words) == 1 else f"(?:{'|'.join(sorted(patterns, key=len)[::-1])})"


def _members(name: str) -> list[str]:
    """Return the words of a class, or of all meanings of a table."""
    lists = _TABLES.get(name) or {name: _TABLES["classes"][name]}
    return [word for words in lists.values() for word in words.split()]


def numbers_for(name: str) -> dict[str, Any]:
    """Return the numbers that the words of one table mean."""
    return dict(_TABLES["numbers"][name])


CATEGORY: Final = _meanings("category")
LOOSE_CATEGORY: Final = frozenset({"losses", "displaced"})
"""Words that give way to an exact category nearby ("lost 950 dead")."""
MEMBERS: Final = frozenset({"killed", "wounded", "missing", "captured"})

SCOPE: Final = _meanings("scope")
PERSONS: Final = WORDS.persons
PERSON: Final = WORDS.person
"""One of them, who may stand last in a list: "five soldiers and a child were killed"."""
THINGS: Final = words_for("things")
"""Things that reports count beside persons; the word becomes the unit."""

EVENT: Final = _meanings("events")
"""What kills people at one place and time, by its family: a quake's tremor is no fire."""

LENGTH: Final = _meanings("length")
SQUARE: Final = {"km": "km2", "mi": "mi2", "m": "m2", "yd": "yd2", "ft": "ft2"}
CURRENCY: Final = {"$": "USD", "€": "EUR", "£": "GBP", "₴": "UAH", "₽": "RUB"}
CURRENCY_WORDS: Final = _meanings("currency")
PERIOD: Final = _meanings("period")

MODAL: Final = words_for("modal")
SAYS: Final = words_for("says")
BY_SAYS: Final = words_for("by_says")
LINKS: Final = words_for("links")
ABBREVIATED: Final = words_for("abbreviated")

DEMONYM: Final = _meanings("demonyms")
COMPOUND: Final = _meanings("compounds")
"""The second word of names of two: "South African", "North Koreans"."""
COUNTRY: Final = _meanings("countries")
GROUP: Final = _meanings("groups")
PEOPLES: Final = WORDS.peoples
KINDS: Final = {
    "disaster": words_for("kind_disaster"),
    "epidemic": words_for("kind_epidemic"),
    "conflict": words_for("kind_conflict"),
}
"""Words of events, by the kind of count that their dead make."""
