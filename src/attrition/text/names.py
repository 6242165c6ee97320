"""Who is quoted, by name: the words of an attribution without what they say of it."""

from __future__ import annotations

import re
from typing import Final

from attrition.text.rules import stands
from attrition.text.vocabulary import EVENT, WORDS

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
