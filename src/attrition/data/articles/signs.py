"""Signs that a claim of an article may be wrong, so that it is left to a reader.

A sentence may read clearly and yet be of another day, another source or another event than it is
taken for. These signs were chosen by the claims that earlier readers took from articles which they
had not seen; ``python -m benchmarks.articles --signs`` prints how many of those were right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from attrition.data.articles.when import event_day
from attrition.text.dates import MONTHS, WEEKDAYS
from attrition.text.rules import stands
from attrition.text.vocabulary import WORDS, pointed

_TIME = re.compile(
    rf"\b(?:{MONTHS}|(?:{WEEKDAYS})(?!['’]s)"
    r"|1[5-9]\d\d|20\d\d|yesterday|tonight|initially|originally|at first"
    r"|overnight|ago|earlier|previous|quarter|season|decades?|century|weeks?|months?|hours"
    r"|years?(?! of age)|(?:next|that|following|first|last|past|[tT]he)"
    r" (?:day|night|morning|evening|days))\b(?! old)"
)
_WORD = re.compile(r"\b(?!(?:of|in|at|on|by|to)\b)\w\w+")
_OPENING = re.compile(
    r"^(?:in|on|at|of|from|over|during|among|since|by|as|for|until|after|with|between) [^,]*, ",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"^[A-Z][^.#]{2,60} [-–—] (?=[A-Z#])")
_CLAUSE = re.compile(r"[;:]\s|, (?:and|but|while|where|of whom|among) ")
_OWN = re.compile(
    r"\b(?:we|our|the (?:report|bulletin|ministry|institute|agency))\b", re.IGNORECASE
)
_INITIALS: Final = 5  # letters of an acronym
_ENDS = re.compile(r"[.!?:;][\"'”’)\]]*$")
_CELLS = re.compile(r"\||\t| {2,}")
_EARLY: Final = 800  # characters: in so short a text nothing is late
_LATE: Final = 2 / 3

SIGNS: Final = {
    "subject": "its sentence is about somebody else: whose figure?",
    "pronoun": "who is it, he or they: whose figure?",
    "nobody": "neither its words nor the page name who counts: whose figure?",
    "name": "is that the name of who counts?",
    "says": "somebody in its sentence says something: whose figure?",
    "heading": "a heading: whose figure?",
    "carried": "its source is named in another sentence: the same?",
    "late": "late in the article: of the same event?",
    "another time": "its sentence has another time: of which day?",
}
"""What a reader has to decide, by the name of a sign. "subject", "pronoun", "nobody", "says" and
"heading" are of claims whose sentence names no source."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an article shows of a claim beside its number.

    Attributes
    ----------
    sentence : str
    start, end : int
        Characters of the sentence that hold the figure.
    before, length : int
        Characters of the article before the figure, and in all.
    source : str
        Who is named as its source; empty if nobody is.
    times : str
        Words of time that the readings of the sentence used.
    dated : bool
        Whether these are the day of the claim, or that is the day of the article.
    issued : bool
        Whether an office publishes the article, which speaks for itself where nobody else does.
    carried : bool
        Whether its time is that of the sentence before.
    other : bool
        Whether its time is longer than that of a single event, or its place is new.
    level : bool
        Whether it is a total: late in an article these are still of the same event.
    unknown : bool
        Whether the page says of others who they are, and not who publishes it.

    Examples
    --------
    >>> sentence = "The infirmary at Sele treated 165 injured."
    >>> Circumstances(sentence, 30, 33, 30, 42, "", "", dated=False).signs()
    ('subject', 'says')
    """

    sentence: str
    start: int
    end: int
    before: int
    length: int
    source: str
    times: str
    dated: bool
    issued: bool = False
    carried: bool = False
    unknown: bool = False
    other: bool = False
    level: bool = False

    def signs(self) -> tuple[str, ...]:
        """Return the names of the signs that stand; a cell is named by its table."""
        words = _DATELINE.sub("", pointed(self.sentence, self.start, self.end))
        here = {*_WORD.findall(self.source.lower())} & {*_WORD.findall(self.sentence.lower())}
        if event := event_day(words):  # which is not the day of its toll
            words = words[: event.start()] + words[event.end() :]
        others = {
            time[0] for time in _TIME.finditer(words) if time[0].lower() not in self.times.lower()
        }
        plain = (bool(here) or self.issued) and not (_TIME.search(words) or self.other)
        far = self.before > max(_EARLY, _LATE * self.length) and not plain
        late = ("late",) if far and not self.level else ()
        if _CELLS.search(self.sentence):
            return (*(["nobody"] if self.unknown and not self.source else []), *late)
        whole = len(self.sentence) >= self.length
        parts = ("of_those", "of_before", "added", "who_they_were")  # of whoever gave the whole
        part = any(stands(kind, words) for kind in parts)
        unnamed = {
            "subject": not self.issued and not stands("count_itself", f"{_clause(words)}#"),
            "pronoun": not self.issued and stands("pronoun_before", words),
            "says": not (self.issued and _OWN.search(words)) and stands("somebody_says", words),
            "heading": not (self.issued or whole or _ENDS.search(self.sentence)),
        }
        tests = {
            **(
                {"carried": not (here or part or self._speaks_on(words))}
                if self.source
                else unnamed
            ),
            "another time": self.carried or (not self.dated and bool(others)),
            "name": bool(self.source) and is_odd(self.source),
            "nobody": self.unknown and not self.source and self.length > _EARLY,
        }
        return (*(name for name, sign in tests.items() if sign), *late)

    def _speaks_on(self, words: str) -> bool:
        """Return whether "he said" or "it said" means the source: a person, or an office."""
        names = {*_WORD.findall(self.source.lower())}
        person, office = bool(names & WORDS.speakers_of_persons), bool(names & WORDS.issuers)
        if stands("goes_on", words):
            return True
        he = (person or not office) and stands("he_says", words) is not None
        return he or (not person and stands("it_says", words) is not None)


def is_odd(name: str) -> bool:
    """Return whether a name need not be one: "CORONER CORRECTS", "five of them", "director".

    Examples
    --------
    >>> [is_odd(name) for name in ("health ministry", "Care", "director", "CORRECTS", "five of us")]
    [False, False, True, True, True]
    """
    words = name.split()
    low = [word.lower().strip(",.") for word in words]
    capitals = name.isupper() and len(name) > _INITIALS
    lone = len(words) == 1 and low[0] in WORDS.which_of_many
    return (
        capitals
        or lone
        or bool(WORDS.no_name_of & set(low))
        or low[0] in WORDS.no_starts
        or low[-1].endswith("ing")
    )


def _clause(words: str) -> str:
    """Return the words of the clause before "#", without "On Friday, "."""
    return _OPENING.sub("", _CLAUSE.split(words.partition("#")[0])[-1])
