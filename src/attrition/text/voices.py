"""Who speaks at a place of an article: named beside a figure, or whoever spoke last."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from attrition.core.errors import InputError
from attrition.text.names import is_ours, is_pronoun, name_of, owner_of
from attrition.text.reader import speaker_of
from attrition.text.reading import Reading
from attrition.text.rules import stands
from attrition.text.subjects import giver_of, subject_of
from attrition.text.vocabulary import pointed

_THEY = re.compile(r"(?:He|She|They|It)\b(?=.* that )")
_PRONOUNS = frozenset({"it", "they", "he", "she"})
_DATELINE = re.compile(
    r"(?:[A-Z][\w.'’]*[ ,]+){1,5}(?:[A-Z]?[a-z]*\.? ?\d[\w ,.]{0,20})?(?:\([^()]*\)? ?)?"
    r"(?:[-–—]+|\.) (?=[A-Z\d\"“])"
)


@dataclass(slots=True)
class Voice:
    """Who spoke last in an article, and where the sentence begins that names him.

    Examples
    --------
    >>> voice = Voice()
    >>> voice.hears("Police gave a briefing, the mayor said.", 0)
    >>> voice.name, voice.place
    ('mayor', 0)
    """

    name: str | None = None
    place: int = -1

    def hears(self, sentence: str, start: int) -> None:
        """Keep whom a sentence without figures quotes, or the office that it begins with."""
        if name := _quoted_in(sentence):
            self.name, self.place = name, start

    def source_of(self, reading: Reading, sentence: str, start: int, line: int) -> str | None:
        """Return who gives a figure of a sentence, which begins at `start` of the text.

        Where nobody is named, whoever spoke before in the same line speaks on: "... police said.
        Two others are missing."
        """
        source = self._named_beside(reading, sentence)
        if source is None and line <= self.place < start and not is_ours(reading.hedged_by):
            return self.name
        if source and self.name and _is_theirs(source, sentence):
            source = self.name
        if source is not None:
            self.name, self.place = source, start
        return source

    def _named_beside(self, reading: Reading, sentence: str) -> str | None:
        """Return who gives a figure: named beside it, meant by "it", or whose count it is."""
        words, before = reading.hedged_by, sentence[: reading.start]
        # in a heading in capitals no name tells itself; "in our report": the paper itself
        if sentence.isupper() or is_ours(words):
            return None
        ahead = sentence[: max(sentence.find(words or ""), 0)]
        if reading.start < len(ahead) and words and words.split()[0].lower() in _PRONOUNS:
            ahead = ""  # "Five others were injured, it says": they are not "it"
        if is_pronoun(words):
            return _quoted_in(ahead) or self.name
        own = (words or "").lower().startswith(("its ", "their ", "his ", "her "))
        if name := (own and _quoted_in(ahead)) or name_of(words):
            return name  # "the Red Cross said its volunteers had counted 80"
        giver = self._giver_of(reading, sentence)
        if giver is None and words is not None:
            giver = subject_of(sentence)  # "two officials who asked not to be named said"
        if giver is None and "; " in before:
            giver = _quoted_in(before.rpartition("; ")[0])
        return self.name if giver == "it" else giver

    def _giver_of(self, reading: Reading, sentence: str) -> str | None:
        """Return whom the sentence is about, if he gives the figure, or "it"."""
        giver = giver_of(sentence, reading.start, reading.end)
        giver = giver if giver not in {None, "it"} else owner_of(sentence) or giver
        if reading.hedged_by is not None:
            return giver
        if giver is None and _THEY.match(sentence):
            return "it"  # "He concludes that 139 people lost their lives"
        tells = stands("tells", pointed(sentence, reading.start, reading.end))
        return (tells and _named(subject_of(sentence))) or giver


def without_dateline(sentence: str) -> str:
    """Return a sentence with spaces for the place and the agency that open it.

    Examples
    --------
    >>> without_dateline("ULM (AP) - Nine died.").strip()
    'Nine died.'
    """
    place = _DATELINE.match(sentence)
    return " " * place.end() + sentence[place.end() :] if place else sentence


def _is_theirs(name: str, sentence: str) -> bool:
    """Return whether it is for another that some count: "its volunteers registered 96"."""
    whose = rf"\b(?:its|their|his|her) {re.escape(name)}\b"
    several = name.islower() and name.endswith(("s", "staff"))
    return several and re.search(whose, sentence, re.IGNORECASE) is not None


def _quoted_in(sentence: str) -> str | None:
    """Return whom a sentence quotes, or the office that it begins with."""
    with suppress(InputError):  # no words, or signs that no sentence has
        return name_of(speaker_of(sentence)) or _named(subject_of(sentence))
    return None


def _named(subject: str | None) -> str | None:
    return None if subject == "it" else subject
