"""Who speaks at a place of an article: by name, as a subject, or whoever spoke last."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from attrition.core.errors import InputError
from attrition.text.reader import speaker_of
from attrition.text.reading import Reading
from attrition.text.rules import stands
from attrition.text.spelled import STARTS
from attrition.text.vocabulary import EVENT, WORDS, pointed

_MARKS: Final = " ,;:.\"'“”\u2018\u2019*"
_OPENING = re.compile(r"^(?:On|By|In|At|Until) (?:[\w ]* (?=the )|[\w ]*?(?:day|\d) )|.*[,;:] ")
_PHRASE = re.compile(
    r"(?:(?:The|An?|Its|Their|In [\w ]+ the) )?(?P<name>(?:[a-z-]+ ){0,2}?"
    r"(?:[A-Z][\w.'’-]*|[a-z-]+)"
    r"(?: (?:[A-Z][\w.'’-]*|(?:of|for|and|in|on|at)(?: the)?(?= [A-Z])|"
    + "|".join(sorted(WORDS.named_offices))
    + r"))*)"
)
_TIME: Final = re.compile(r"\d{1,2}[.:h]\d\d:?")
"""Of a live page: "09.50 The minister says"."""
_LANDS: Final = "|".join(sorted(WORDS.lands))
_WHOSE: Final = re.compile(rf"^(?:{_LANDS})['’]s (?=.*[a-z])")
"""The place that an office is of, where it has no name: "the enclave's health ministry"."""
_LEAD: Final = "|".join(sorted(WORDS.name_leads | {"remaining"}))
_LEADS: Final = re.compile(rf"^(?:(?:{_LEAD}) )+(?=[a-z])")
_LONGEST: Final = 5  # words of somebody who has no name: "the state mine rescue service"


def name_of(words: str | None) -> str | None:
    """Return the name in an attribution: "the UK Ministry of Defence estimated" without its verb.

    A name is an office, a person, words with capitals, or whoever a verb of saying is of; "new"
    and "so far" are none. A work that nobody is named of speaks for itself: "the survey".

    Examples
    --------
    >>> name_of("according to the health ministry"), name_of("Mediazona, an outlet, has confirmed")
    ('health ministry', 'Mediazona')
    >>> name_of("Coalition has so far"), name_of("a new report by Care"), name_of("the new figure")
    ('Coalition', 'Care', None)
    """
    text = " ".join((words or "").split()).replace(" line list", " list")
    if own := stands("own_count", text):  # "the agency's first official count"
        text = text[: own.start]
    text = _without_apposition(text)
    work = stands("work_of", text)
    parts = text[work.stop if work else 0 :].split()
    speaks = text.lower().startswith("according to ") or bool(
        WORDS.speaks.intersection(map(_plain, parts[-1:]))
    )
    while parts and (_plain(parts[0]) in WORDS.before_names or _TIME.fullmatch(parts[0])):
        parts.pop(0)
    cuts = (k for k, part in enumerate(parts) if k and _plain(part) in WORDS.name_cuts)
    cut = next(cuts, len(parts))
    parts = parts[:cut]
    last = ""
    while parts and _plain(parts[-1]) in WORDS.tails | WORDS.their_papers:
        last = _plain(parts.pop()) or last
    if not parts and last in WORDS.own_works:
        return last
    name = re.sub(r"['’]s?$| on \w+day$| (?:this|last) \w+$", "", " ".join(parts).strip(_MARKS))
    name = _LEADS.sub("", _WHOSE.sub("", name))
    named = any(part[:1].isupper() or not part.isascii() for part in name.split()[1:])
    first = _plain(name.split(" ")[0])
    plain = {*map(_plain, parts)}
    office = plain & WORDS.called_so or {f"{word}s" for word in plain} & WORDS.persons
    if (
        not name
        or re.search(r"\d", name)
        or first in WORDS.nameless | WORDS.no_subject
        or ({first, first.removesuffix("s")} & EVENT.keys() and not office)
    ):
        return None
    plain = {*map(_plain, name.split())}
    some = len(plain) > 1 or name.endswith("s")  # "medics", not "among"
    somebody = speaks and some and len(plain) <= _LONGEST and not plain & WORDS.nobody_named
    return name if named or office or name[:1].isupper() or somebody else None


def begins_with(sentence: str) -> str | None:
    """Return the office or the group that a sentence begins with, or nothing.

    Examples
    --------
    >>> begins_with(
    ...     "The Migration Watch Office takes the lower number and says that 68 are missing."
    ... )
    'Migration Watch Office'
    >>> (
    ...     begins_with("Twelve people died."),
    ...     begins_with("Strike Count, a monitoring group, uses names."),
    ... )
    (None, 'Strike Count')
    """
    head, _, apposition = sentence.partition(",")
    match = _PHRASE.match(head)
    name = match["name"] if match else ""
    own = re.sub("^ the ", "", apposition.split(",")[0]).strip()
    institutions = WORDS.institutions & {*map(_plain, head.split())}
    if " " in own and institutions and all(word[0].isupper() for word in own.split()):
        return own  # "the owners, the Steam Coal Company, ..."
    called = WORDS.institutions & {*map(_plain, apposition.split(",")[0].split())}
    if called and name[:1].isupper() and name == head.removeprefix("The "):
        return name
    return name_of(name) if WORDS.institutions & {*map(_plain, name.split())} else None


def _without_apposition(words: str) -> str:
    apposed = stands("apposed", words)
    return words[: apposed.start] if apposed else words


def _plain(word: str) -> str:
    return re.sub(r"['’]s$", "", word.lower().strip(_MARKS))


def is_pronoun(words: str | None) -> bool:
    """Return whether an attribution names nobody anew: "he said", "the statement says"."""
    plain = [_plain(part) for part in _without_apposition(words or "").split()]
    while len(plain) > 1 and plain[-1] in WORDS.tails - WORDS.pronouns:
        plain.pop()
    return plain[-1:] != [] and plain[-1] in WORDS.pronouns


def is_ours(words: str | None) -> bool:
    """Return whether it is the paper itself that speaks: "in our report we had verified"."""
    plain = (_plain(part) for part in (words or "").split() if part != "US")
    return bool(WORDS.ours.intersection(plain))


def owner_of(sentence: str) -> str | None:
    """Return whose count a sentence gives, a name or "it", or nothing.

    Examples
    --------
    >>> owner_of("On Friday the agency's own count had stood at 43."), owner_of("Its count was 12.")
    ('agency', 'it')
    >>> owner_of("The present figure of the Sarn health office is 49 dead.")
    'Sarn health office'
    """
    if count := stands("count_of", sentence):
        name = name_of(sentence[count.stop :]) or ""
        counted = WORDS.those_counted & {*re.findall(r"[\w-]+", name.lower())}
        return None if counted else name or None
    if count := stands("own_count", sentence):
        return name_of(_OPENING.sub("", sentence[: count.start]))
    return "it" if stands("its_count", sentence) else None


_CLAUSE = re.compile(r"[;:]\s+| [-–—]+ |[\"“”]|, and ")
_IT = re.compile(r"\b(?:it|they) (?:had |has )?(?:stood|spoken|put|given|counted)\b.{0,20}$")
_PLAIN = re.compile(r"[^\w'’.-]+$|^[^\w]+")
_INITIALS: Final = 3
_FIRST: Final = 10
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
    if words and _bare(words[0]).lower() in WORDS.subject_pronouns:
        return "it"
    return begins_with(sentence) or _office_of(words)


def _without_opening(words: list[str]) -> list[str]:
    """Return the words after "On Friday", "By May," and the like."""
    if not words or _bare(words[0]).lower() not in WORDS.subject_openers:
        return words
    begin = next((k for k in range(1, min(len(words), _FIRST)) if _begins(words, k)), len(words))
    return words[begin:]


def _begins(words: list[str], k: int) -> bool:
    """Return whether a subject begins after an opening: "On Friday the ministry"."""
    plain = _bare(words[k]).lower()
    begun = plain in WORDS.subject_determiners | WORDS.subject_pronouns
    return begun or (words[k - 1].endswith(",") and plain not in WORDS.relative)


def _office_of(words: list[str]) -> str | None:
    """Return the name of an office, a person or a group with which words begin, or nothing."""
    for k, word in enumerate(words[:_BEFORE]):
        plain = _bare(word)
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
    plain = [_bare(word).lower() for word in words]
    verb = next((k for k, word in enumerate(plain) if k and word in WORDS.giving), 0)
    ended = (plain[k] in WORDS.subject_ends or words[k - 1][-1] == "," for k in range(1, verb))
    name = words[: next((k for k, end in enumerate(ended, 1) if end), verb)]
    passive = WORDS.passive.intersection(plain[:verb])
    known = bool(words) and (plain[0] in WORDS.determiners or words[0][0].isupper())
    numbers = any(not word.isalpha() or word in STARTS - {"a", "an"} for word in plain[: len(name)])
    return name_of(" ".join([*name, "said"])) if known and not passive and not numbers else None


def _bare(word: str) -> str:
    return _PLAIN.sub("", word)


def _goes_on(words: list[str], k: int) -> bool:
    """Return whether the name goes on with another office: "health ministry officials"."""
    follow = _bare(words[k + 1]).lower() if k + 1 < len(words) else ""
    return words[k][-1] not in ",.;:" and follow in WORDS.named_offices


def _end_of_name(words: list[str], k: int) -> int:
    """Return where a name ends: after "of Orvania" or "Obelisk"."""
    k += 1
    while k < len(words) and words[k - 1][-1] not in ",.;:":
        word, follow = words[k], words[k + 1] if k + 1 < len(words) else ""
        link = word in {"of", "for", "the"} and (follow[:1].isupper() or follow == "the")
        body = word in {"of", "for"} and _bare(follow) in WORDS.subject_matters
        if body:
            k += 1
        elif not (link or word[:1].isupper()):
            break
        k += 1
    return k


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
