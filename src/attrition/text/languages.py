"""Texts in other languages: read by their words for numbers, hedges and the dead, or refused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from attrition.core.errors import InputError, clip, refusal
from attrition.text.lexicon import default_lexicon
from attrition.text.spelled import STARTS
from attrition.text.text import Tokens
from attrition.text.vocabulary import CATEGORY, LOOSE_CATEGORY, WORDS, table_of

_ENGLISH: Final = WORDS.english | STARTS - {"a", "an", "million", "mil"}
_MARKERS: Final = 2
_SOME: Final = 3
_LONG: Final = 8
_DOERS: Final = tuple(sorted(WORDS.doers))
_KNOWN: Final = 0.4


@dataclass(frozen=True, slots=True)
class _Language:
    """Phrases of one language, by their first word or the stem of it, longest first."""

    name: str
    dotted: bool
    phrases: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]
    stems: frozenset[int]

    def at(self, words: list[str], i: int) -> tuple[int, tuple[str, ...]]:
        """Return how many words the phrase at a place takes, and its English; or nought."""
        word = words[i]
        if not self.stems and word not in self.phrases:
            return 0, ()
        keys = [
            word,
            *(f"{word[:size]}*" for size in sorted(self.stems, reverse=True) if size <= len(word)),
        ]
        for key in keys:
            for phrase, english in self.phrases.get(key, ()):
                if _fits(words, i, phrase):
                    return len(phrase), english
        return 0, ()


def _fits(words: list[str], i: int, phrase: tuple[str, ...]) -> bool:
    here = words[i : i + len(phrase)]
    return len(here) == len(phrase) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for word, part in zip(here, phrase, strict=True)
    )


@cache
def _tables() -> tuple[tuple[_Language, ...], _Language, dict[str, frozenset[str]]]:
    data = table_of("languages.toml")
    refused = {name: frozenset(words) for name, words in data["refused"].items()}
    return _languages(data["read"]), _languages(data["idioms"])[0], refused


def _languages(tables: dict[str, Any]) -> tuple[_Language, ...]:
    languages = []
    for name, table in tables.items():
        phrases: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        for phrase, english in table["words"].items():
            words = tuple(phrase.split())
            phrases.setdefault(words[0], []).append((words, tuple(english.split())))
        for entries in phrases.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        stems = frozenset(len(key) - 1 for key in phrases if key.endswith("*"))
        languages.append(_Language(name, table["dotted"], phrases, stems))
    return tuple(languages)


def in_english(tokens: Tokens) -> tuple[Tokens, bool, str]:
    """Return the tokens of a quotation with the words of another language put into English.

    Returns
    -------
    tokens : Tokens
        The same where the text is English.
    dotted : bool
        Whether a dot groups thousands in that language.
    doubt : str
        Says so where many of its words are unknown, so that no figure is sure.

    Raises
    ------
    InputError
        If the text is in a language that is recognised and not read.
    """
    languages, idioms, refused = _tables()
    _name_people(tokens)
    if any(word in idioms.phrases for word in tokens.low):
        tokens = _translated(tokens, idioms)
    words = [low for low, kind in zip(tokens.low, tokens.kind, strict=True) if kind == "w"]
    english = sum(1 for word in words if word in _ENGLISH or word in default_lexicon().before)
    if tokens.text.isascii() and 3 * english >= len(words) > 0:  # as nearly all that is read
        return tokens, False, ""
    best, most = None, english
    for language in languages:
        count, telling = _hits(language, words)
        if telling and count > most:
            best, most = language, count
    joined = f" {' '.join(words)} "
    for name, markers in refused.items():
        count = sum(f" {marker} " in joined for marker in markers)
        if count >= _MARKERS and count > english and count >= most:
            raise _not_read(name, tokens)
    if best is None and _other_script(tokens.text):
        raise _not_read("another script", tokens)
    if best is None:
        strange = english == 0 and len(words) >= _SOME + tokens.text.isascii()
        return tokens, False, "words of a language that is not known" if strange else ""
    unknown = len(words) - most
    doubt = f"{best.name}, of which {unknown} of {len(words)} words are unknown"
    return _translated(tokens, best), best.dotted, doubt if unknown > _KNOWN * len(words) else ""


def _name_people(tokens: Tokens) -> None:
    """Read nouns of doers that no table has as "people": "beekeepers", "festival-goers"."""
    for k in range(len(tokens) - 1, -1, -1):
        word = tokens.low[k]
        if word[-1:] != "s" or word in _ENGLISH:
            continue
        if len(word) >= _LONG and word.endswith(_DOERS):
            tokens.low[k] = "people"
        elif word in WORDS.goers and k > 1 and tokens.low[k - 1] == "-" and tokens.touches(k):
            tokens.low[k] = "people"
            tokens.start[k] = tokens.start[k - 2]
            columns = (tokens.low, tokens.kind, tokens.suffix, tokens.start, tokens.end)
            for column in (*columns, tokens.used):
                del column[k - 2 : k]


def _hits(language: _Language, words: list[str]) -> tuple[int, bool]:
    """Return how many words a language knows, and whether one names a category."""
    count, telling, i = 0, False, 0
    while i < len(words):
        size, english = language.at(words, i)
        count += size
        telling = telling or any(
            word in CATEGORY and CATEGORY[word] not in LOOSE_CATEGORY for word in english
        )
        i += max(size, 1)
    return count, telling


def _other_script(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(ord(c) > 0x24F for c in letters) * 2 > len(letters)  # noqa: PLR2004  # end of Latin


def _not_read(name: str, tokens: Tokens) -> InputError:
    languages = ", ".join(language.name for language in _tables()[0])
    return refusal(
        "words in English", f"{name}: {clip(tokens.text)}", "phrase", languages=languages
    )


def _translated(tokens: Tokens, language: _Language) -> Tokens:
    """Return new tokens in which each known phrase stands as its English, at its own place."""
    out = Tokens(tokens.text, [], [], [], [], [], [])
    i = 0
    while i < len(tokens):
        size, english = language.at(tokens.low, i) if tokens.kind[i] == "w" else (0, ())
        if not size:
            size, english = 1, (tokens.low[i],)
        for word in english:
            end = tokens.end[i + size - 1]
            out.add(word, tokens.kind[i], tokens.suffix[i], tokens.start[i], end)
        i += size
    return out
