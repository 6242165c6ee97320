"""Who said so: "officials say", "according to the UK Ministry of Defence"."""

from __future__ import annotations

import re
from typing import Final

from attrition.text.dates import MONTHS, WEEKDAY
from attrition.text.elements import Speaker, Window
from attrition.text.hedging import ends_sentence
from attrition.text.patterns import beside
from attrition.text.spelled import SMALL
from attrition.text.text import Tokens
from attrition.text.vocabulary import (
    CATEGORY,
    EVENT,
    PERIOD,
    SCOPE,
    WORDS,
)

_LONGEST = 12
_APPOSITION = 24
_FULL_NAME = 5
_WORK = 6
_WORK_WORDS = 24
_LISTENER = 6
_HEADING = 7

_DAY_OF = re.compile(r"^(?:on|in|since) ")
_A_PERIOD = re.compile(
    rf"^(?:in|during) (?:\d{{4}}|(?:{MONTHS})(?: \d{{4}})?"
    r"|.*(?:week|month|quarter|year|period)s?)$"
)
"""What is counted "in 2019" came in that time; what is said in it stood by then."""
_BY_THE: Final = (["by", "the"], ["on", "the"], ["by", "a"])
"""Before these words somebody's count is given: "by the count of the Red Cross"."""


def find_speakers(tokens: Tokens, windows: list[Window]) -> list[Speaker]:
    """Find every attribution, mark its tokens as used, and set aside the day it was made."""
    speakers: list[Speaker] = []
    days = {w.first: w for w in windows if not w.words.startswith(("since", "so far"))}
    if heading := _heading(tokens):
        speakers.append(heading)
        tokens.use(heading.first, heading.last)
    for i in range(len(tokens)):
        if not tokens.used[i] and (work := _work_at(tokens, windows, i)):
            speakers.append(work)
            continue
        speaker = None if tokens.used[i] else _speaker_at(tokens, i)
        if speaker:
            tokens.use(speaker.first, speaker.last)
            speakers.append(speaker)
            if tokens.low[speaker.first] in {"we", "i"}:
                continue  # "in the first quarter we recorded 21 deaths"
            day = days.get(_after_listener(tokens, speaker.last + 1))
            counted = tokens.low[speaker.last] in WORDS.recorded
            before = _day_before(tokens, windows, speaker)
            if before and not (counted and _A_PERIOD.search(before.words)):
                day = day or before
            if day:
                day.role = "skip"
                speaker.day = _DAY_OF.sub("", day.words)
            elif weekday := _weekday(tokens, speaker.last + 1):
                speaker.day = weekday
    return speakers


def _after_listener(tokens: Tokens, k: int) -> int:
    """Step over who was told: "told local radio on Tuesday"."""
    if tokens.at(k - 1) not in {"told", "tells"}:
        return k
    end = k
    while end - k < _LISTENER and tokens.at(end).isalpha() and not tokens.used[end]:
        if tokens.low[end] == "that":
            return k
        end += 1
    return end


def _day_before(tokens: Tokens, windows: list[Window], speaker: Speaker) -> Window | None:
    """Return the day that opens a sentence before who spoke on it: "On Sunday it had reported"."""
    for window in windows:
        k = window.last + 1
        if tokens.low[k : k + 2] == [",", "when"] and speaker.first <= k + 3:
            return window  # "since 1 March, when it acknowledged 2,117 dead"
        while tokens.at(k) in WORDS.hours:
            k += 1
        opens = window.first == 0 or ends_sentence(tokens, window.first - 1)
        if (
            window.last < speaker.first <= k
            and opens
            and tokens.low[window.first] in {"on", "in", "yesterday"}
        ):
            return window
    return None


def _work_at(tokens: Tokens, windows: list[Window], i: int) -> Speaker | None:
    """Read whose a work is, and of which day: "a study in The Lancet in January estimated".

    The day is that of the work, not of those who died.
    """
    if tokens.low[i] not in WORDS.works or tokens.at(i + 1) in WORDS.works | {"of"}:
        return None
    first, last, k, day = i + 1, i, i + 1, None
    while k < i + _WORK_WORDS and tokens.at(k) not in WORDS.finding:
        window = next((one for one in windows if one.first == k), None)
        if window is not None:
            day, k = window, window.last + 1
            continue
        if k >= len(tokens) or tokens.used[k] or tokens.low[k] in WORDS.work_ends:
            return None
        if _names_a_work(tokens, k):
            first = k + 1
            last = next((j for j in range(first, first + _LONGEST) if _past_name(tokens, j)), k) - 1
            k = max(last, k)
        k += 1
    if k >= min(i + _WORK_WORDS, len(tokens)) or (day is None and last < first):
        return None
    if last < first:
        first, last = i, i
    tokens.use(first, last)
    tokens.use(k, k)
    if day is not None:
        day.role = "skip"
    return Speaker(
        first, last, tokens.raw(first, last), _DAY_OF.sub("", day.words) if day else None
    )


def _names_a_work(tokens: Tokens, k: int) -> bool:
    """Return whether the name of who made a work comes next: "by Care", "in The Lancet"."""
    capital = k + 1 < len(tokens) and tokens.text[tokens.start[k + 1]].isupper()
    known = tokens.at(k + 1) == "the" or tokens.at(k - 1) == "published"
    return tokens.low[k] == "by" or (tokens.low[k] == "in" and capital and known)


def _past_name(tokens: Tokens, j: int) -> bool:
    return j >= len(tokens) or not _in_name(tokens, j) or tokens.low[j] in WORDS.work_name_ends


def _weekday(tokens: Tokens, i: int) -> str:
    """Return the day in "police said late Thursday", and mark its tokens as used."""
    last = i + 1 if tokens.at(i) in {"early", "late"} else i
    if tokens.at(last) in WEEKDAY:
        tokens.use(i, last)
        return WEEKDAY[tokens.low[last]]
    return ""


def _speaker_at(tokens: Tokens, i: int) -> Speaker | None:
    """Return the attribution whose verb or preposition stands at a token."""
    word, follow = tokens.low[i], tokens.at(i + 1)
    revises = word in WORDS.revises and follow == "its"  # "updated its figure"
    if word == "state" and follow not in {"that", "the", "a"}:
        return None  # "state television said", "in grave state, said its director"
    if tokens.at(i + 2) in {"lives", "life", "tale"} and follow in {"their", "his", "her", "the"}:
        return None  # "nine members of our forces have given their lives", "lived to tell the tale"
    if word == "admitted" and beside(tokens, i, i, "patients|<passives> #", "# with|for|into"):
        return None  # "one in four patients admitted with the virus"
    gives = word in WORDS.gives and tokens.is_number(i + 1)  # "the report gives 6,420 dead"
    adds = word == "added" and (follow in {".", "that", ""} or tokens.at(i - 1) == ",")
    finding = word in {"found", "finds"} and (follow == "that" or tokens.is_number(i + 1))
    count = word in WORDS.nouns_too and tokens.text[tokens.start[i]].isupper()
    says = (word in WORDS.says and not count) or revises or gives or adds or finding
    if word in WORDS.counts_of and follow == "of" and tokens.low[max(i - 2, 0) : i] in _BY_THE:
        begin = i + 3 if tokens.at(i + 2) == "the" else i + 2
        whose = _named(tokens, i - 2, begin)
        return whose and Speaker(whose.first, whose.last, tokens.raw(begin, whose.last))
    speaker = (_inverted(tokens, i) or _saying(tokens, i)) if says else None
    by = word in WORDS.by_says and follow == "by" and tokens.at(i + 2) != "name"
    if speaker is None and (by or (word == "according" and follow == "to")):
        return _named(tokens, i, _over_work(tokens, i + 2))
    return speaker


def _over_work(tokens: Tokens, i: int) -> int:
    """Step over "an estimate by" to whoever made it."""
    for k in range(i, min(i + _WORK, len(tokens) - 1)):
        if tokens.kind[k] != "w" or tokens.used[k]:
            break
        if tokens.low[k] in {"by", "from"}:
            return k + 1
    return i


def _heading(tokens: Tokens) -> Speaker | None:
    """Read "UK MoD: 1,286 a day": a name, a colon, then what it said."""
    k = 0
    while k < min(len(tokens), _HEADING) and tokens.kind[k] == "w" and not tokens.used[k]:
        word = tokens.low[k]
        if word in WORDS.no_heading:
            return None
        k += 1
    if k == 0 or tokens.at(k) != ":":
        return None
    office = tokens.low[k - 1] in WORDS.named_offices
    events = {word.removesuffix("s") for word in tokens.low[:k]} & EVENT.keys()
    cases = beside(tokens, k, k, "# <number> cases|suspected|confirmed|infections")
    if not office and (cases or events or not tokens.text[tokens.start[k - 1]].isupper()):
        return None  # "Floods in Valdera: 213 dead"
    if WORDS.peoples.issuperset(tokens.low[:k]):
        return None
    return Speaker(0, k - 1, tokens.raw(0, k - 1))


def _named(tokens: Tokens, first: int, i: int) -> Speaker | None:
    """Read a name from a token rightward."""
    j = i
    while j < len(tokens) and j < i + _LONGEST and _in_name(tokens, j):
        j += 1
    while j > i and tokens.low[j - 1] in {"and", "of", "the"}:
        j -= 1
    person = next((k for k in range(j + 1, j + _FULL_NAME) if tokens.at(k) == ","), 0)
    capital = (tokens.text[tokens.start[k]].isupper() for k in range(j + 1, person))
    if tokens.at(j) == "," and person > j + 2 and all(capital):
        j = person  # "according to the governor of Orlo, Stefan Illich, five died"
    if j == i or tokens.low[i] in {"name", "age"}:
        return None
    return Speaker(first, j - 1, tokens.raw(first, j - 1))


def _in_name(tokens: Tokens, j: int) -> bool:
    if tokens.used[j] or tokens.kind[j] in {"n", "d", "c"}:
        return False
    word = tokens.low[j]
    if word in {"and", "at"}:  # "researchers at the University of Lund"
        return _joins_names(tokens, j)
    if word in {"'", "/", "&", "of"} or (word == "." and tokens.at(j - 1) in WORDS.abbreviated):
        return True
    if word == "-":
        return tokens.touches(j)
    state = word == "state" and tokens.at(j + 1) in WORDS.named_offices  # "state television"
    known = (word in WORDS.name_stops and not state) or word in WORDS.name_links
    return tokens.kind[j] == "w" and not known


def _joins_names(tokens: Tokens, j: int) -> bool:
    k = j + 2 if tokens.at(j + 1) == "the" else j + 1
    return k < len(tokens) and tokens.text[tokens.start[k]].isupper()


def _over_apposition(tokens: Tokens, j: int) -> int:
    """Step left over "Mediazona, an outlet, has confirmed"; return where the name ends."""
    if tokens.at(j - 1) == ")" and tokens.at(j - 3) == "(":
        return j - 3  # "the Civil Aviation Authority (AAC) said"
    if tokens.at(j - 1) != ",":
        return j
    for k in range(j - 2, max(j - _APPOSITION, 0), -1):
        if (not tokens.used[k] and tokens.kind[k] in {"n", "d", "c"}) or tokens.low[k] in {
            ".",
            ";",
            '"',
        }:
            return j
        follow = tokens.at(k + 1)
        if tokens.low[k] != ",":
            continue
        named = tokens.text[tokens.start[k + 1]].isupper() and j - k <= _FULL_NAME
        if named or follow in WORDS.apposed or follow.endswith("ing"):
            return _over_apposition(tokens, k) if tokens.low[k - 1] == ")" else k
    return j


def _saying(tokens: Tokens, i: int) -> Speaker | None:
    """Read "officials say": a name before a verb of saying."""
    word = tokens.low[i]
    gave = word == "gave" and tokens.at(i + 1) in {"way", "in", "up", "birth"}
    if tokens.at(i - 1) in {"the", "a", "an", "its", "this"} or gave:
        return None  # "the count of the missing", "when a wall gave way"
    if i and tokens.text[tokens.end[i - 1] :][:2] in {"'s", "’s"} and word in WORDS.nouns_too:
        return None  # "the institute's estimate"
    passive = word == "put" or (word.endswith("ed") and word != "warned")
    if passive and tokens.at(i + 1) in WORDS.speakers_passive:
        return None
    j = i
    while j > 0 and tokens.low[j - 1] in WORDS.helping:
        j -= 1
    active = j < i
    j = _over_apposition(tokens, j)
    last_name = j - 1
    while j > 0 and last_name - j < _LONGEST and _before(tokens, j - 1):
        j -= 1
    while j <= last_name and tokens.low[j] in WORDS.name_starts:
        j += 1
    if j > last_name:
        return _said_by(tokens, i)
    head = tokens.low[last_name]
    paper = head in WORDS.nouns_too and tokens.at(last_name - 1) in WORDS.this_one
    if (
        head in CATEGORY
        or head in WORDS.at_first
        or (head in WORDS.speakers_be | WORDS.says and not paper)
        or head in PERIOD
        or head in WORDS.hours
        or (
            head in SMALL and tokens.at(i + 1) in WORDS.nouns | WORDS.things
        )  # "the seven confirmed cases"
        or (head in SCOPE and word.endswith("ed") and not active)
    ):
        return None
    return Speaker(j, i + 1 if tokens.at(i + 1) == "that" else i, tokens.raw(j, i))


def _before(tokens: Tokens, j: int) -> bool:
    word = tokens.low[j]
    if tokens.used[j] or tokens.kind[j] in {"n", "d", "c"}:
        return False
    if tokens.kind[j] == "s":
        titled = word == "." and tokens.at(j - 1) in WORDS.abbreviated and j + 1 < len(tokens)
        return titled or word in {"-", "'", "&", "/"}
    if word == "and":
        return _joins_names(tokens, j)
    named = j > 0 and tokens.text[tokens.start[j]].isupper() and tokens.at(j - 1) not in {"", "."}
    office = word in WORDS.nouns_too and named and tokens.text[tokens.start[j + 1]].isupper()
    state = word == "state" and tokens.at(j + 1) in WORDS.named_offices | {"media"}
    # "the report counts 284"
    paper = word in WORDS.nouns_too and tokens.at(j - 1) in WORDS.this_one
    stops = word in WORDS.name_stops and not (office or state or paper)  # "the State Department"
    return not stops and word not in WORDS.name_links and (named or word not in CATEGORY)


def _inverted(tokens: Tokens, i: int) -> Speaker | None:
    """Read "..., said its director, Tomas Lago.", where whoever speaks ends the clause."""
    by = None if tokens.at(i + 1) in WORDS.no_name else _said_by(tokens, i)
    if by is None or tokens.at(by.last + 1) not in WORDS.inverted_ends | {""}:
        return None
    last, k = by.last, by.last + 2
    while tokens.at(by.last + 1) == "," and k < len(tokens) and _is_capital(tokens, k):
        last, k = k, k + 1
    last = last if last > by.last + 2 and tokens.at(last + 1) in {".", ",", ""} else by.last
    names = range(i + 1, last + 1)
    known = {tokens.low[k] for k in names} & (WORDS.named_offices | WORDS.persons | WORDS.person)
    if not known and not any(_is_capital(tokens, k) for k in names):
        return None
    first = i + 2 if tokens.at(i + 1) in WORDS.own else i
    return Speaker(i, last, tokens.raw(first, last))


def _is_capital(tokens: Tokens, k: int) -> bool:
    return tokens.text[tokens.start[k]].isupper()


def _said_by(tokens: Tokens, i: int) -> Speaker | None:
    """Read "said the ministry", after a comma."""
    if i > 0 and tokens.low[i - 1] in {",", '"', ")"} and tokens.low[i] in WORDS.said:
        by = _named(tokens, i, i + 2 if tokens.at(i + 1) in WORDS.own else i + 1)
        return None if by and CATEGORY.keys() & set(tokens.low[i + 1 : by.last + 1]) else by
    return None
