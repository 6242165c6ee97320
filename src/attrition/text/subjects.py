"""Whom a sentence is about, where that is somebody who counts: a ministry, officials, a project."""

from __future__ import annotations

import re
from typing import Final

from attrition.text.names import begins_with, name_of
from attrition.text.rules import stands
from attrition.text.spelled import STARTS
from attrition.text.vocabulary import WORDS, pointed

_CLAUSE = re.compile(r"[;:]\s+| [-–—]+ |[\"“”]|, and ")
_IT = re.compile(r"\b(?:it|they) (?:had |has )?(?:stood|spoken|put|given|counted)\b.{0,20}$")
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
    words = _without_opening(sentence.split())
    if words and _plain(words[0]).lower() in WORDS.subject_pronouns:
        return "it"
    return begins_with(sentence) or _office_of(words)


def _without_opening(words: list[str]) -> list[str]:
    """Return the words after "On Friday", "By May," and the like."""
    if not words or _plain(words[0]).lower() not in WORDS.subject_openers:
        return words
    begin = next((k for k in range(1, min(len(words), _OPENING)) if _begins(words, k)), len(words))
    return words[begin:]


def _begins(words: list[str], k: int) -> bool:
    """Return whether a subject begins after an opening: "On Friday the ministry"."""
    plain = _plain(words[k]).lower()
    begun = plain in WORDS.subject_determiners | WORDS.subject_pronouns
    return begun or (words[k - 1].endswith(",") and plain not in WORDS.relative)


def _office_of(words: list[str]) -> str | None:
    """Return the name of an office, a person or a group with which words begin, or nothing."""
    for k, word in enumerate(words[:_BEFORE]):
        plain = _plain(word)
        if re.sub(r"['’]s$", "", plain.lower()) in WORDS.no_subject:
            break
        initials = plain.isupper() and len(plain) >= _INITIALS
        if (initials or plain.lower() in WORDS.named_offices) and not _goes_on(words, k):
            return name_of(" ".join(words[: _end_of_name(words, k)]))
        if word[-1] in ",.;:" and k:
            break
    return None


def giver_of(sentence: str, start: int, end: int) -> str | None:
    """Return who gives the number between two characters by a verb of giving, "it", or nothing.

    Examples
    --------
    >>> words = "The president of Orvania, Danylo Reva, had given his fallen as 31,400."
    >>> giver_of(words, words.index("31"), len(words) - 1)
    'Danylo Reva'
    """
    clauses = [*reversed(_CLAUSE.split(sentence[:start]))]
    if stands("gives_count", pointed(sentence, start, end)) is None:
        return _who_gives(clauses[0])
    if _IT.search(clauses[0]):
        return "it"  # "an hour ago it stood at 97"
    subjects = [subject_of(clause) or _who_gives(clause) for clause in clauses]
    return next(
        (one for one in subjects if one not in {None, "it"}), "it" if "it" in subjects else None
    )


def _who_gives(clause: str) -> str | None:
    """Return who stands before a verb of giving, whatever he is called, or nothing.

    "A Western diplomat who follows the war put the dead at", "Superintendent Dunmore, for the
    police, put": the words before the first clause or comma of their own.
    """
    words = _without_opening(clause.split())
    plain = [_plain(word).lower() for word in words]
    verb = next((k for k, word in enumerate(plain) if k and word in WORDS.giving), 0)
    ended = (plain[k] in WORDS.subject_ends or words[k - 1][-1] == "," for k in range(1, verb))
    name = words[: next((k for k, end in enumerate(ended, 1) if end), verb)]
    passive = WORDS.passive.intersection(plain[:verb])
    known = bool(words) and (plain[0] in WORDS.determiners or words[0][0].isupper())
    numbers = any(not word.isalpha() or word in STARTS - {"a", "an"} for word in plain[: len(name)])
    return name_of(" ".join([*name, "said"])) if known and not passive and not numbers else None


def _plain(word: str) -> str:
    return _PLAIN.sub("", word)


def _goes_on(words: list[str], k: int) -> bool:
    """Return whether the name goes on with another office: "health ministry officials"."""
    follow = _plain(words[k + 1]).lower() if k + 1 < len(words) else ""
    return words[k][-1] not in ",.;:" and follow in WORDS.named_offices


def _end_of_name(words: list[str], k: int) -> int:
    """Return where a name ends: after "of Orvania" or "Obelisk"."""
    k += 1
    while k < len(words) and words[k - 1][-1] not in ",.;:":
        word, follow = words[k], words[k + 1] if k + 1 < len(words) else ""
        link = word in {"of", "for", "the"} and (follow[:1].isupper() or follow == "the")
        body = word in {"of", "for"} and _plain(follow) in WORDS.subject_matters
        if body:
            k += 1
        elif not (link or word[:1].isupper()):
            break
        k += 1
    return k
