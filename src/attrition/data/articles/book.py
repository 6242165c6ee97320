"""The claims of an article as they are gathered, with their sources, days and quantities."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from attrition.core.errors import InputError
from attrition.data.articles.days import days_of, due_of, moment_of
from attrition.data.articles.quantities import Count, quantities_of
from attrition.data.articles.rivals import (
    ANYBODY,
    FAR,
    Surroundings,
    Tally,
    amount_of,
    group_of,
    is_elsewhere,
    is_part,
    named_part,
    of_them,
    part_of,
    reasons_against,
    top_of,
)
from attrition.data.articles.signs import SIGNS, Circumstances
from attrition.data.articles.when import Calendar, blow_of, event_day
from attrition.data.dossier import Claim, PartialDate, Quantity, Source
from attrition.text import Article, Mention, Reading, read_one
from attrition.text.articles import NO_TOLLS, as_a_level, day_said
from attrition.text.dates import MONTHS, WEEKDAYS
from attrition.text.rules import stands
from attrition.text.vocabulary import KINDS, SCOPE, WORDS

_SLUG = re.compile(r"[^a-z0-9]+")
_SINCE_DAY = re.compile(
    rf"^since .*\b(?:in|on|of) ((?:\d+ )?(?:{MONTHS}|\d{{4}})\b.*)$", re.IGNORECASE
)
_OF_A_TIME = re.compile(r"^(?:since|between|from|so far) |\d-\d")
"""A time whose count is a total, not what came in a week."""
_AT_MOST: Final = frozenset({"up-to", "at-most", "under", "nearly", "possible"})
_AT_LEAST: Final = frozenset({"at-least", "over"})
_NEAR: Final = 3
_SHORT: Final = 800  # characters of a text that is no page, whose reader knows whose it is
_FAR: Final = 8  # words after a figure that may name its people
_FIRST: Final = 60  # words of an article, a paragraph or two, that say what happened
_SHOTS: Final = re.compile(r"under fire|opened fire|fire from")  # which burns nothing down
_EVENT_LONG: Final = 40  # days in which a single event is counted
_NEXT: Final = 400  # characters after a toll in which its parts are told
_BY_DAY = re.compile(rf"#[^,;]{{0,40}}? by ({WEEKDAYS}|yesterday)\b")
_ALIKE: Final = 1.1
"""Factor within which two totals of one source are of the same people."""


class Book:
    """Claims as they are gathered, with their sources and quantities."""

    def __init__(
        self, article: Article, published: date, paper: str, title: str, *, spoken: bool = False
    ) -> None:
        """Begin with an empty book; `spoken` where the user says who speaks if nobody is named."""
        text = article.page.text
        self.spoken = spoken
        self.published = published
        self.paper = paper
        names = {*re.findall(r"\w+", paper.lower())}
        others = any(mention.source for mention in article.mentions)
        self.unknown = not (article.page.paper or spoken) and (others or len(text) > _SHORT)
        self.issued = bool(names & WORDS.issuers) and not names & WORDS.press
        self.kind = _kind_of(title, text)
        title = "" if re.search(r"[.…]", title) else title  # a first sentence is no heading
        self.calendar = Calendar.of(article, published, title)
        self.setting = Surroundings.of(
            text, title, published, over=self.calendar.over, single=self.kind == "disaster"
        )
        self._event = -_NEXT
        self.candidates: list[Claim] = []
        self.claims: dict[tuple[object, ...], Claim] = {}
        self.sources: dict[str, Source] = {}
        self._entries: dict[str, Tally] = {}
        self._taken: dict[tuple[object, ...], Mention] = {}
        self._times = {
            start: " ".join(
                [
                    f"{published:%A}",
                    *(f"{one.reading.window} {one.reading.as_of}" for one in mentions),
                ]
            )
            for start, mentions in groupby(
                article.mentions, lambda one: one.start - one.reading.start
            )
        }
        self._unsure: dict[tuple[object, ...], Claim] = {}
        self._mentions: dict[tuple[object, ...], list[tuple[Claim, Mention]]] = {}

    def add(self, mention: Mention, *, alone: bool) -> str:
        """Take a figure as a claim, or return why it cannot be one; things are left aside."""
        mention = replace(mention, reading=_in_its_place(mention, self.kind))
        reading = mention.reading
        if reading.unit != "persons" or reading.category in NO_TOLLS:
            share = reading.unit == "percent"
            other = mention.doubt if reading.category in NO_TOLLS else ""
            return f"a share: of what total? {amount_of(reading)} %" if share else other
        if (
            stands("told_again", mention.pointed)
            and top_of(reading) == self._whole(reading).highest
        ):
            return ""  # "they are among the 58"
        if stands("not_evidence", mention.pointed):
            return mention.doubt or "feared, hoped or only possible: is it what somebody counts?"
        sick = self.kind == "epidemic" and reading.category == "wounded"
        if sick or mention.doubt:
            future = reading.standing == "future" and not reading.ambiguous
            doubt = mention.doubt or "who is in hospital in an epidemic is sick: injured?"
            return self._to_come(mention) if future and mention.doubt else doubt
        if reading.kind == "increment" and self._is_total(mention):
            # the day of the event is not that of a count which goes on after it
            window = None if (reading.window or "").startswith("on ") else reading.window
            by = _BY_DAY.search(mention.pointed) if window is None else None
            stated = None if by else day_said(*mention.pointed.split("#", 1))
            day = by[1] if by else stated if window is None else reading.as_of
            reading = replace(reading, kind="level", window=window, as_of=day)
            mention = replace(mention, reading=reading)
            self._event = mention.start
        entry, whole = self._entry(mention), self._whole(reading)
        less = 0 < (top_of(reading) or 0) < whole.highest
        if day := self.calendar.told_before(mention, less=less):
            reading = replace(reading, kind="increment", window=f"on {day}")
            mention = replace(mention, reading=reading)
        earlier = self.calendar.is_earlier(mention.start)
        against = reasons_against(mention, entry, whole, self.setting, earlier=earlier)
        when: dict[str, Any] | str = next(against, "")
        if when or isinstance(when := self.calendar.days(mention, whole), str):
            return str(when)
        key = self._quantity(mention, self._wider(mention))
        claim = self._claim(mention, when, key, alone=alone)
        same = _same(claim, reading)
        self._mentions.setdefault(same, []).append((claim, mention))
        if same not in self.claims:
            self.claims[same], self._taken[same] = claim, mention
        self._note(key, mention, when)
        return ""

    def settled(self) -> Iterator[tuple[Mention, str]]:
        """Yield the claims that others of the whole article make doubtful, and give them up."""
        self._drop_headlines()
        self._replace_revised()
        for key, mention in [*self._taken.items()]:
            claim = self.claims[key]
            rivals = [
                (other, self._taken[one])
                for one, other in self.claims.items()
                if one in self._taken and one != key and other.quantity == claim.quantity
            ]
            if reason := next(self._unsettled(claim, mention, rivals), ""):
                del self.claims[key]
                yield mention, reason

    def unsure(self) -> Iterator[tuple[Mention, str, Claim]]:
        """Yield the claims around which signs stand that they may be wrong, and give them up.

        One that is told more than once stands as it is told without a sign.
        """
        reasons: dict[tuple[object, ...], str] = {}
        for same in [same for same in self._taken if same in self.claims]:
            signs = [(one, self._signs(one, other)) for one, other in self._mentions[same]]
            if sure := next((one for one, names in signs if not names), None):
                fields = ("id", "quantity", "supersedes")
                update = {name: getattr(self.claims[same], name) for name in fields}
                self.claims[same] = sure.model_copy(update=update)
            else:
                self._unsure[same] = self.claims.pop(same)
                reasons[same] = "; ".join(SIGNS[name] for name in signs[0][1])
        ids = {claim.id for claim in self.claims.values()}
        for claims in (self.claims, self._unsure):
            for same, claim in claims.items():
                if not ids.issuperset(claim.supersedes):
                    claims[same] = claim.model_copy(update={"supersedes": ()})
        for same, reason in reasons.items():
            yield self._taken[same], reason, self._unsure[same]

    def _signs(self, claim: Claim, mention: Mention) -> tuple[str, ...]:
        reading, text = mention.reading, self.setting.text
        return Circumstances(
            mention.sentence,
            reading.start,
            reading.end,
            mention.start,
            len(text),
            mention.source or "",
            self._times[mention.start - reading.start],
            dated="as_of" not in claim.inferred,
            issued=self.issued,
            carried=mention.carried == "perhaps",
            level=claim.kind == "level",
            unknown=self.unknown,
            other=(self.setting.single and _is_long(claim))
            or is_elsewhere(mention.sentence, text[: mention.start - reading.start]),
        ).signs()

    def _drop_headlines(self) -> None:
        """Give up what a headline alone says where a sentence names who gives the number."""
        sourced = {
            (self._entries[claim.quantity].category, top_of(self._taken[same].reading))
            for same, claim in self.claims.items()
            if same in self._taken and claim.source != self.paper_id
        }
        for same, mention in [*self._taken.items()]:
            claim, reading = self.claims[same], mention.reading
            heading = claim.source == self.paper_id and mention.sentence in self.setting.title
            if heading and (reading.category, top_of(reading)) in sourced:
                del self.claims[same], self._taken[same]

    def _replace_revised(self) -> None:
        """Let a revised count stand in the place of the one before it: "revised the toll to 36"."""
        for same, mention in self._taken.items():
            claim = self.claims[same]
            if claim.kind != "level" or not stands("revised_count", mention.pointed):
                continue
            for key, one in reversed(self._taken.items()):
                old = self.claims[key]
                if one.start < mention.start and _count_of(old) == _count_of(claim):
                    name = old.id or f"{old.quantity}-{slug_of(amount_of(one.reading))}"
                    self.claims[key] = old.model_copy(update={"id": name})
                    self.claims[same] = claim.model_copy(update={"supersedes": (name,)})
                    break

    def _unsettled(
        self, claim: Claim, mention: Mention, rivals: list[tuple[Claim, Mention]]
    ) -> Iterator[str]:
        """Yield why a claim does not stand beside the others of its count."""
        number = top_of(mention.reading) or 0.0
        if claim.kind != "level":
            return
        if self._of_patients(mention, claim) and any(
            self._of_patients(one, other) != ((top_of(one.reading) or 0.0) > number)
            for other, one in rivals
            if top_of(one.reading) != number
        ):
            yield "whom one hospital treats: a part of the count, or all?"
        if claim.source == self.paper_id or mention.reading.hedge in _AT_LEAST:
            return
        if claim.supersedes or stands("earlier_count", mention.pointed):
            return
        here = self.calendar.section(mention.start)
        for other, one in rivals:
            same = (other.source, other.as_of, other.kind) == (claim.source, claim.as_of, "level")
            if (
                same
                and self.calendar.section(one.start) == here
                and (top_of(one.reading) or 0.0) > number
            ):
                yield f"lower than {amount_of(one.reading)} of its source and day: a part of it?"

    def _of_patients(self, mention: Mention, claim: Claim) -> bool:
        name = {word.lower() for word in re.findall(r"\w+", self.sources[claim.source].name)}
        care = mention.source is not None and name & {"hospital", "clinic", "infirmary"}
        return bool(care) or stands("patients", mention.pointed) is not None

    def _wider(self, mention: Mention) -> str:
        """Return the time of a count of more than this event: a campaign's, beside one strike's."""
        reading = mention.reading
        number, highest = top_of(reading), self._entry(mention).highest
        part = mention.place or named_part(mention, self._whole(reading))
        if not part and highest and is_part(mention) and number != highest:
            part = "" if stands("part_by_time", mention.pointed) else of_them(mention)
        if part and slug_of(part) not in self._key(reading):
            return part
        if not highest or number is None or reading.kind != "level" or number <= FAR * highest:
            return ""
        if date_ := _SINCE_DAY.search(reading.window or ""):
            return f" since {date_[1]}"
        wider = f"{self._key(reading)}-since"
        entries = (one for key, one in self._entries.items() if key.startswith(wider))
        return next((one.part for one in entries if one.highest >= number), "")

    def _is_total(self, mention: Mention) -> bool:
        """Return whether what is new is all: the first "another 61", or since the event itself."""
        window = mention.reading.window
        day = window is None or as_a_level(mention.reading).kind == "level"
        clause = event_day(mention.pointed)
        first = (top_of(mention.reading) or 0.0) >= self._entry(mention).highest
        first = first or self.calendar.is_earlier(mention.start)
        carried = mention.carried == "part" and mention.start - self._event < _NEXT
        if day and self.kind in {"disaster", None}:
            on = clause is not None and (window or "").lower().endswith(clause[1].lower())
            known = mention.source or stands("as_known", mention.pointed)
            if (on and first and known) or carried or stands("rose_from", mention.pointed):
                return not stands("more_of_them", mention.pointed)
        if window is None:
            return not self._entry(mention).category and not stands("more_of_them", mention.pointed)
        words = window.lower().split()
        if words[0] != "since" or WORDS.last_reports & set(words):
            return False
        dated = moment_of(" ".join(words[1:]), self.published) is not None
        return bool(WORDS.event_of_a_count & set(words)) and not dated

    def _claim(
        self, mention: Mention, when: Mapping[str, Any], quantity: str, *, alone: bool
    ) -> Claim:
        reading = mention.reading
        day = max(self.published, self.calendar.section(mention.start)[1] or self.published)
        fields = {
            "quantity": quantity,
            "source": self._source(mention.source),
            "kind": reading.kind,
            "per": reading.per if reading.kind == "rate" else None,
            "published": PartialDate(day, day),
            **when,
            **_words(mention, alone=alone),
        }
        if mention.source is None and not self.spoken:
            fields["inferred"] = (*fields.get("inferred", ()), "source")
        return Claim(**{name: value for name, value in fields.items() if value is not None})

    def candidate(self, mention: Mention, reason: str) -> Claim | None:
        """Return the claim that a doubtful figure would be, if a reader accepts it."""
        reading = mention.reading
        if reading.standing not in {"stated", "unconfirmed"} or reading.unit != "persons":
            return None
        if reason.startswith("a correction"):
            return None
        if reading.category is None or " and " in reading.category:
            mention = replace(mention, reading=replace(reading, category="killed"))
        when = self.calendar.days(mention, self._whole(mention.reading), asked=True)
        if isinstance(when, str):
            today = PartialDate(self.published, self.published)
            since = today if reading.kind == "increment" else None
            when = {"since": since, "as_of": today, "inferred": ("as_of",)}
        part = part_of(mention) if "part" in reason else ""
        try:
            if reading.point is None and reading.low is None:
                read_one(mention.sentence[reading.start : reading.end])
            claim = self._claim(mention, when, self._quantity(mention, part), alone=False)
        except (InputError, ValueError):  # words that by themselves hold no number
            return None
        self.candidates.append(claim)
        return claim

    def _entry(self, mention: Mention) -> Tally:
        """Return what is known of the quantity that a figure counts."""
        key = "-".join(filter(None, (self._key(mention.reading), slug_of(mention.place))))
        return self._entries.get(key, Tally("", "", "", ""))

    def _whole(self, reading: Reading) -> Tally:
        """Return the highest count of what befell the same side, of whomever."""
        what = (reading.category or "losses", reading.side or "")
        like = [one for one in self._entries.values() if (one.category, one.side) == what]
        whole = max(like, key=lambda one: one.highest, default=Tally("", "", "", ""))
        begun = min((one.begun for one in like if one.begun and not one.part), default=None)
        return replace(whole, begun=begun)

    def _to_come(self, mention: Mention) -> str:
        """Take "will pass K this summer" as "not yet K by publication", and as their forecast.

        What is still to come has not come: the source's own word bounds the total on that day.
        """
        reading = mention.reading
        unclear = reading.point is None or reading.category is None
        if unclear or reading.hedge in _AT_MOST or reading.kind in {"rate", "share"}:
            return mention.doubt  # "up to 600 could die" passes nothing
        today = PartialDate(self.published, self.published)
        key, source = self._quantity(mention), self._source(mention.source)
        part = mention.sentence[reading.start : reading.end]
        known: dict[str, Any] = {
            "quantity": key,
            "source": source,
            "published": today,
            "quote": mention.sentence,
        }
        bound = Claim(
            **known,
            kind="level",
            figure=part,
            point=reading.point,
            hedge="at-most",
            as_of=today,
            inferred=("as_of", "hedge"),
            note="still to come, so not yet by publication",
        )
        self.claims.setdefault((key, source, "bound", reading.point), bound)
        day = reading.as_of or reading.window
        due = due_of(day, self.published) if day else None
        if due is not None:
            by = PartialDate(due, due)
            theirs = Claim(**known, kind="forecast", as_of=today, threshold=reading.point, by=by)
            self.claims.setdefault((key, source, "forecast", reading.point), theirs)
        return ""

    @property
    def paper_id(self) -> str:
        """The id of whoever publishes the article."""
        return next((key for key, one in self.sources.items() if one.name == self.paper), "")

    def _source(self, name: str | None) -> str:
        """Return the id of a source; "Tarhouni" is who was "coastguard spokesman Hedi Tarhouni"."""
        name = name or self.paper
        for known, source in reversed(self.sources.items()):
            # "Justice Now" is no Ministry of Justice
            of = re.search(rf"\bof (?:the )?{re.escape(name)}$", source.name, re.IGNORECASE)
            if not of and _is_same(_names_in(name), _names_in(source.name)):
                return known
        key = slug_of(name) or "source"
        while key in self.sources:  # names in letters that no id can have
            key += "-2"
        self.sources[key] = Source(name=name)
        return key

    def _key(self, reading: Reading) -> str:
        """Return the id of what a reading counts: side, category and scope."""
        scope = None if reading.scope in ANYBODY else reading.scope
        parts = (reading.side, reading.category or "losses", scope)
        return "-".join(slug_of(part) for part in parts if part)

    def _quantity(self, mention: Mention, part: str = "") -> str:
        reading = mention.reading
        scope = "" if reading.scope in ANYBODY else reading.scope or ""
        key = "-".join(filter(None, (self._key(reading), slug_of(part))))
        if key not in self._entries:
            what = reading.category or "losses"
            self._entries[key] = Tally(what, reading.side or "", scope, part)
        return key

    def _note(self, key: str, mention: Mention, when: dict[str, Any]) -> None:
        """Keep the highest count of a quantity, with its sentence and the day on which it began."""
        number, entry, window = top_of(mention.reading), self._entries[key], mention.reading.window
        span = days_of(window, self.published) if window else None
        blow = self.kind == "disaster" and span is not None and span[0] == span[1]
        first = blow and not entry.highest and mention.reading.kind == "increment"
        counted = first or mention.reading.kind == "level" or _OF_A_TIME.search(window or "")
        if not entry.part and (number or 0.0) >= entry.peak:
            entry.when, entry.peak = when, number or 0.0
        if number == entry.highest:
            entry.whole += f"\n{mention.sentence}"
        if number is None or not counted or number <= entry.highest:
            return
        entry.highest, entry.whole = number, mention.sentence
        entry.group, entry.source = group_of(mention), mention.source
        entry.begun = entry.begun if span is None else span[0]

    def quantities(self) -> dict[str, Quantity]:
        """Return what is counted, by id, also where a reader has to accept all claims of it."""
        claims = self.claims | self._unsure
        mentions = [self._taken[same] for same in claims if same in self._taken]
        sure = {claim.quantity for claim in self.claims.values()}
        counts: dict[str, Count] = {}
        for key, entry in self._entries.items():
            mine = [one for one in mentions if self._key(one.reading) == key]
            counts[key] = Count(
                entry,
                [one for one in claims.values() if one.quantity == key],
                [
                    one.quote
                    for one in (*claims.values(), *self.candidates)
                    if one.quantity == key and one.quote
                ],
                sure=key in sure,
                over=self.calendar.over is not None
                or (bool(mine) and all(stands("closed_set", one.pointed) for one in mine)),
            )
        blow = blow_of(self.setting.text, self.published) if self.kind == "disaster" else None
        return quantities_of(counts, self.kind, self.published, blow)

    def one_people(self) -> None:
        """Count those of whom no side is said with those of the side that one source names.

        "The ministry says 60,034 were killed" beside its "Palestinians killed have passed 60,000".
        """
        levels = [
            (claim, top_of(self._taken[same].reading) or 0.0)
            for same, claim in self.claims.items()
            if claim.kind == "level" and same in self._taken
        ]
        for key, entry in self._entries.items():
            sided = {
                two.quantity
                for one, number in levels
                if one.quantity == key and not entry.side
                for two, other in levels
                if one.source == two.source
                and two.quantity == f"{slug_of(self._entries[two.quantity].side)}-{key}"
                and max(number, other) <= _ALIKE * min(number, other)
            }
            if len(sided) == 1:
                self._move(key, sided.pop())

    def _move(self, old: str, new: str) -> None:
        """Count the claims of one quantity as another's."""
        whole = self._entries[new]
        whole.highest = max(whole.highest, self._entries[old].highest)
        for same, claim in self.claims.items():
            if claim.quantity == old:
                self.claims[same] = claim.model_copy(update={"quantity": new})


@lru_cache(maxsize=1024)
def slug_of(words: str) -> str:
    """Return an id made of words."""
    return _SLUG.sub("-", words.lower()).strip("-")


def _count_of(claim: Claim) -> tuple[str, str, str]:
    """Return what tells one running count from others."""
    return claim.quantity, claim.source, claim.kind


def _same(claim: Claim, reading: Reading) -> tuple[object, ...]:
    """Return what two claims share that are the same one, told again."""
    numbers = (reading.point, reading.low, reading.high)
    return (claim.quantity, claim.source, claim.kind, *numbers, claim.as_of, claim.since)


def _in_its_place(mention: Mention, kind: str | None) -> Reading:
    """Return a reading by what only its sentence and its article as a whole tell."""
    reading, after = mention.reading, mention.sentence[mention.reading.end :]
    if reading.category == "losses" and kind != "conflict":
        reading = replace(reading, category="killed")  # "has lost at least six people"
    elif reading.category == "losses" and "missing" in after:
        reading = replace(reading, category="missing")  # "contact was lost; they are missing"
    elif reading.category == "losses" and stands("both", after):
        reading = replace(reading, category="casualties")  # "lost 940, killed or wounded"
    if reading.scope not in ANYBODY and _of_source(mention):
        reading = replace(reading, scope=None)  # "doctors counted 60 dead"
    all_of_them = stands("closed_set", mention.pointed) or stands("whole_war", reading.window or "")
    if all_of_them and reading.kind == "increment":  # "the 29 who died were mourned"
        reading = replace(reading, kind="level", window=None)
    if kind == "disaster" and stands("reported_toll", mention.pointed):
        reading = as_a_level(reading)  # "reported 36 deaths on Thursday": of one event
    return reading


def _is_long(claim: Claim) -> bool:
    return claim.since is not None and (claim.as_of.last - claim.since.first).days > _EVENT_LONG


def _of_source(mention: Mention) -> bool:
    """Return whether the only people of a reading's scope are those who speak before its figure."""
    named = {word for word, scope in SCOPE.items() if scope == mention.reading.scope}
    after = re.findall(r"\w+", mention.sentence[mention.reading.end :].lower())
    before = re.findall(r"\w+", mention.sentence[: mention.reading.start].lower())
    last = max((k for k, word in enumerate(before) if word in named), default=-1)
    if any(word.isdigit() for word in before[max(last - _NEAR, 0) : max(last, 0)]):
        return False  # "61,204 dead soldiers, and estimates that the number is"
    spoken = last >= 0 and bool((WORDS.says | WORDS.reports) & set(before[last + 1 :]))
    return spoken and not named & set(after[:_FAR])


def _kind_of(title: str, text: str) -> str | None:
    """Return the kind of event whose words a title, the first lines or an article hold most of."""
    for words in (title, " ".join(text.split()[:_FIRST]), text):
        plain = _SHOTS.sub(" ", words.lower())
        low = Counter(re.findall(r"[a-z]+(?:-[a-z]+)*", plain))
        counts = {kind: sum(low[word] for word in known) for kind, known in KINDS.items()}
        kind = max(counts, key=lambda one: counts[one])
        if counts[kind] and list(counts.values()).count(counts[kind]) == 1:
            return kind
    return None


@lru_cache(maxsize=1024)
def _names_in(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell it from others."""
    return tuple(word for word in re.findall(r"\w+", name.lower()) if word not in WORDS.small_words)


def _is_same(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Return whether two names are of one source: a surname, initials, an office's speaker."""
    short, long = sorted((one, two), key=len)
    if len(long) > 2 and long[-1] == "".join(word[0] for word in long[:-1]):  # noqa: PLR2004
        if short == long[-1:]:
            return True
        long = long[:-1]  # "Migration Office (MO)"
    n = len(short)
    if len(long) > 2 and short == ("".join(word[0] for word in long),):  # noqa: PLR2004
        return True
    spoken = short == long[:n] and set(long[n : n + 1]) <= WORDS.speakers_of_offices
    return set(one) == set(two) or (n > 0 and (short == long[-n:] or spoken))


def _words(mention: Mention, *, alone: bool) -> dict[str, Any]:
    """Return the quote, and the part of it that reads as this figure, or its numbers.

    A sentence that holds one figure alone is that part; of another one the words of the figure
    are, if they read the same by themselves.
    """
    reading, sentence = mention.reading, mention.sentence
    if alone and _reads_as(sentence, reading) and read_one(sentence).kind == reading.kind:
        return {"quote": sentence}
    part = sentence[reading.start : reading.end]
    if _reads_as(part, reading):
        return {"quote": sentence, "figure": part}
    numbers: dict[str, Any] = {"quote": sentence, "figure": part, "hedge": reading.hedge}
    if reading.low is not None and reading.high is not None:
        return {**numbers, "low": reading.low, "high": reading.high}
    return {**numbers, "point": reading.point}


def _reads_as(words: str, reading: Reading) -> bool:
    """Return whether words by themselves give the same numbers and the same width."""
    try:
        alone = read_one(words)
    except InputError:
        return False
    return (alone.point, alone.low, alone.high, alone.hedge, alone.interval) == (
        reading.point,
        reading.low,
        reading.high,
        reading.hedge,
        reading.interval,
    )
