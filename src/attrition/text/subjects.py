"""Whom a sentence is about, where that is somebody who counts: a ministry, officials, a project."""

from __future__ import annotations

import re
from typing import Final

from attrition.text.names import begins_with, name_of
from attrition.text.vocabulary import LINKS, pattern_for, words_for

_OFFICES: Final = words_for("namers") | words_for("offices")
_OPENERS: Final = words_for("subject_openers")
_DETERMINERS: Final = words_for("subject_determiners")
_PRONOUNS: Final = words_for("subject_pronouns")
_NO_SUBJECT: Final = LINKS | words_for("subject_breaks") | words_for("speakers_stop")
_GIVES = pattern_for("gives_count")
_CLAUSE = re.compile(r"[;:]\s+|[\"“”]|, and ")
_PLAIN = re.compile(r"[^\w'’.-]+$|^[^\w]+")
_INITIALS: Final = 3
_OPENING: Final = 10
_BEFORE: Final = 7
"""Words before the office in "Kestra's own ministry of defence"."""


def subject_of(sentence: str) -> str | None:
    """Return the office, person or group that a sentence is about, "it", or nothing.

    Examples
    --------
    >>> subject_of("Every morning the general staff of Orvania publishes a number.")
    'general staff of Orvania'
    >>> (
    ...     subject_of("In September it put its losses at 5,412."),
    ...     subject_of("Rain fell on the mayor."),
    ... )
    ('it', None)
    """
    if named := begins_with(sentence):
        return named
    words = sentence.split()
    if words and _plain(words[0]).lower() in _OPENERS:
        begin = next(
            (k for k, word in enumerate(words[:_OPENING]) if k and _begins(words, k, word)), None
        )
        if begin is None:
            return None
        words = words[begin:]
    if words and _plain(words[0]).lower() in _PRONOUNS:
        return "it"
    for k, word in enumerate(words[:_BEFORE]):
        plain = _plain(word)
        if re.sub(r"['’]s$", "", plain.lower()) in _NO_SUBJECT:
            return None
        initials = plain.isupper() and len(plain) >= _INITIALS
        if (initials or plain.lower() in _OFFICES) and not _goes_on(words, k):
            return name_of(" ".join(words[: _end_of_name(words, k)]))
        if word[-1] in ",.;:" and k:
            return None
    return None


def giver_of(sentence: str, start: int, end: int) -> str | None:
    """Return who gives the number between two characters by a verb of giving, "it", or nothing.

    Examples
    --------
    >>> words = "The president of Orvania, Danylo Reva, had given his fallen as 31,400."
    >>> giver_of(words, words.index("31"), len(words) - 1)
    'president of Orvania'
    """
    gives = _GIVES.search(f"{sentence[:start]}#{sentence[end:]}")
    if gives is None:
        return None
    clauses = [clause for clause in _CLAUSE.split(sentence[: gives.start() + 1]) if clause.strip()]
    subjects = (subject_of(clause) for clause in reversed(clauses))
    return next((one for one in subjects if one is not None and one != "it"), None) or (
        "it" if clauses and "it" in map(subject_of, clauses) else None
    )


def _plain(word: str) -> str:
    return _PLAIN.sub("", word)


def _begins(words: list[str], k: int, word: str) -> bool:
    """Return whether a subject begins after an opening: "On Friday the ministry", "By May, they"."""
    plain = _plain(word).lower()
    return plain in _DETERMINERS | _PRONOUNS or words[k - 1].endswith(",")


def _goes_on(words: list[str], k: int) -> bool:
    """Return whether the name goes on with another office: "health ministry officials"."""
    follow = _plain(words[k + 1]).lower() if k + 1 < len(words) else ""
    return words[k][-1] not in ",.;:" and follow in _OFFICES


def _end_of_name(words: list[str], k: int) -> int:
    """Return where a name ends: after "of Orvania" or "Obelisk"."""
    k += 1
    while k < len(words) and words[k - 1][-1] not in ",.;:":
        word, follow = words[k], words[k + 1] if k + 1 < len(words) else ""
        link = word in {"of", "for", "the"} and (follow[:1].isupper() or follow == "the")
        body = word in {"of", "for"} and words_for("subject_matters") >= {_plain(follow)}
        if body:
            k += 1
        elif not (link or word[:1].isupper()):
            break
        k += 1
    return k
