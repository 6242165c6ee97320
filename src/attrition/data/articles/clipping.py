"""An article with its claims: sources, quantities and days settled, doubts left for a reader."""

from __future__ import annotations

import calendar
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from attrition.core._showing import Shown
from attrition.core.errors import InputError, clip
from attrition.data.articles.days import Span, days_of, due_of, moment_of
from attrition.data.articles.marked import marked
from attrition.data.dossier import Claim, Dossier, PartialDate, Quantity, Source, dossier_toml
from attrition.data.dossier.quoted import befell, titled, whole_of
from attrition.text import Mention, Reading, Refused, read_one, read_words
from attrition.text.vocabulary import KINDS, words_for

_COUNTED: Final = ("killed", "wounded", "missing", "captured", "casualties", "irrecoverable")
_ANYBODY: Final = frozenset({None, "people"})
_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_PATH: Final = 400
_LONG_AGO: Final = 366
_MONTHS: Final = "|".join(calendar.month_name[1:])
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Aa]round|[Ff]rom) (?:the |nearby |neighbou?ring |[a-z]+ern )*"
    rf"(?!{_MONTHS}|{'|'.join(calendar.day_name)})([A-Z][\w-]+)"
    r"|\b(?:districts?|provinces?|regions?|count(?:y|ies)|villages?|areas?|towns?|city|cities|camps?)\b"
)
"""Words that say where, and of a name the name."""
_NAMED_PLACE = re.compile(
    r"([A-Z][\w-]+) (?:district|province|region|county|village|town|city|camp)"
)
_SINCE_DAY = re.compile(
    rf"^since .*\b(?:in|on) ((?:\d+ )?(?:{_MONTHS}|\d{{4}})\b.*)$", re.IGNORECASE
)
_ANOTHER = re.compile(
    r"\bhappened again\b|\bsince [^,]{3,20}, when\b"
    r"|\bwhen (?=[a-z])(?!he\b|she\b|its?\b|they\b|their\b|the\b)"
    r"|^An? (?:[\w-]+ ){0,2}?(?:fire|blaze|blast|explosion"
    r"|crash|bus|train|boat|ferry|strike|raid|attack|missile|drone|bomb|shooting|quake|earthquake"
    r"|storm|flood|landslide|collapse|stampede)\b"
)
"""Words of a sentence that tells of an event of its own."""
_SMALL_WORDS: Final = frozenset({"of", "the", "and", "for", "s"})
_OFFICES: Final = frozenset(
    {"spokesman", "spokeswoman", "spokesperson", "chief", "official", "officials", "commander"}
)
_OF_THOSE = re.compile(
    r"of (?:them|whom|these|(?:the|those) (?:injured|wounded|hurt|dead|victims|killed|deceased"
    r"|deaths|survivors|missing|casualties))\b"
)
_FAR: Final = 3.0
"""Factor below the highest number of one count at which a smaller one is more likely a part of it:
the same by which `check` calls two sources apart."""
_YEAR = re.compile(
    rf"\b(?:[Oo]f|[Ii]n|[Tt]he|’s|'s) (?:(?:{_MONTHS}) )?(1[0-9]{{3}}|20[0-9]{{2}})\b(?!,\d)"
)
"""A year of an event; "since 2009" and a full date name none."""
_LONG = re.compile(r"year|\d{4}|since")
_OF_A_TIME = re.compile(r"^(?:since|between|from|so far) |\d-\d")
"""A time whose count is a total, not what came in a week."""
_APART = re.compile(
    r"\b(?:from all causes|(?:not|nor) (?:in(?:cluded)?|contained|counted|part of|among) (?:in )?"
    r"(?:any|the|this|these|that)|counts? them separately|[Ss]eparately|separate incident"
    r"|(?:[Ii]n|into) (?:the )?neighbou?ring|(?:over|across) the border|[Nn]ationwide"
    r"|[Ff]or (?:reference|comparison|scale)|by comparison)\b"
)
"""Words of a sentence that set its people apart from those who are counted."""
_STORIES = re.compile(
    r"^\W*(?:\d+\. )?(?:Also|In other news|In brief|Elsewhere in|Other news|More (?:news|stories)"
    r"|Related)\b[^.\n]{0,40}$",
    re.MULTILINE,
)
"""A heading after which a page tells of other events."""
_DATA_DAY = re.compile(
    r"(?:data|figures|information|situation) (?:as of|as at|up to|to) (\d\d? \w+(?: \d{4})?)"
    r"|[Rr]eporting period:?[^\n]{1,20}?(\d\d? \w+(?: \d{4})?)$",
    re.MULTILINE,
)
_DENIED_NEXT = re.compile(
    r"\W*(?:[^.]{0,30}\b(?:says?|said|added) )?(?:that )?"
    r"(?:this|that|it|the (?:number|figure|claim))(?:['’]s|s| is| was)"
    r" (?:not|un)[ -]?(?:correct|true|confirmed)|(?:[^.]{0,160}\.)?\W*We have disregarded"
)
"""A sentence after a number that says it is not so."""
_NEXT: Final = 200
_EVENTS: Final = words_for("spans_events") | {"strikes", "raids", "protests", "shelling"}
_STOCKS: Final = frozenset({"missing", "captured"})
"""Of these some are found or set free: their number need not rise as the dead of an event do."""
_AT_MOST: Final = frozenset({"up-to", "at-most", "under", "nearly", "possible"})
_STEPS: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20)
_CLEARLY: Final = 1.05  # times a number from which on a round one is worth asking about


@dataclass(frozen=True, slots=True)
class Doubt(Shown):
    """A figure that is left for a reader to decide.

    Attributes
    ----------
    sentence : str
        As it stands in the article.
    words : str
        The part that holds the figure; empty where the sentence could not be read.
    start : int
        Where it begins in the text of the article.
    reason : str
        What is open, with its candidates.
    claim : Claim or None
        The claim that it is if a reader accepts it; none for what is denied or still to come.
    """

    sentence: str
    words: str
    start: int
    reason: str
    claim: Claim | None = None


@dataclass(frozen=True)
class Clipping(Shown):
    """An article and the claims that it reports.

    Attributes
    ----------
    text : str
        The words of the article, without marks; positions count its characters.
    title : str
    published : datetime.date or None
    mentions : tuple of Mention
        Every figure, in order of appearance.
    claims : tuple of Claim
        Those that can be used; none where the day of publication is unknown.
    doubts : tuple of Doubt
        What is left to decide.
    sources, quantities : dict
        Those of the claims, by id.

    See Also
    --------
    attrition.read_article : how it is made.

    Examples
    --------
    >>> import attrition as at
    >>> clipping = at.read_article("At least 30 people died, police said.", published="2026-05-14")
    >>> len(clipping.mentions), clipping.claims[0].quote, clipping.doubts
    (1, 'At least 30 people died, police said.', ())
    """

    _parts = "claims"

    text: str
    title: str
    published: date | None
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is missing for a dossier, in words; empty when nothing is."""
        gaps = []
        if self.published is None:
            wait = sum(mention.reading.unit == "persons" for mention in self.mentions)
            waiting = f"; figures of persons that wait for it: {wait}" if wait else ""
            gaps.append(
                f"the day of publication: give --published, or published= in Python{waiting}"
            )
        elif not self.claims:
            gaps.append("a figure that can be used: none of the article is clear enough")
        return tuple(gaps)

    def dossier(self) -> Dossier:
        """Return the claims as a dossier.

        Raises
        ------
        InputError
            If the day of publication or any usable figure is missing.
        """
        if self.gaps:
            raise InputError(
                "an article must leave no gap to become a dossier",
                got="; ".join(self.gaps),
                place=clip(self.title or self.text),
                remedy="Fill it, or look at `mentions` and `doubts`",
            )
        return Dossier(
            id=_slug(self.title)[:40].strip("-") or "article",
            title=self.title or "Figures of one article",
            sources=self.sources,
            quantities=self.quantities,
            claims=self.claims,
        )

    def toml(self) -> str:
        """Return the dossier as TOML, with a ``# TODO`` for every doubt."""
        dossier = self.dossier()
        lines = [dossier_toml(dossier)]
        if self.doubts:
            lines.append(
                '# To accept what is marked take the "#" from its lines; what stays is refused.'
            )
        for doubt in self.doubts:
            lines += ["", f"# TODO {_line(doubt.reason)}"]
            if doubt.claim is None:
                what = f"{_line(doubt.words)!r} in " if doubt.words else ""
                lines.append(f"# {what}{_line(doubt.sentence)!r}")
            else:
                one = dossier_toml(dossier.model_copy(update={"claims": (doubt.claim,)}))
                block = one[one.index("[[claims]]") :].splitlines()
                lines += [f"#{line}" for line in block if line]
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        """Return the article as a page, every figure marked to accept or to strike."""
        return marked(self)


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def read_article(
    text_or_path: str | Path, *, published: str | date | None = None, source: str | None = None
) -> Clipping:
    """Read the figures of an article into claims.

    Parameters
    ----------
    text_or_path : str or pathlib.Path
        The text, or the file that holds it: plain text, HTML (a saved page) or Markdown.
    published : str or datetime.date, optional
        The day on which it appeared, from which "on Tuesday" is counted; a page may state it.
    source : str, optional
        Who speaks where nobody is quoted: the paper itself (default "article").

    Returns
    -------
    Clipping
        With `claims`, `doubts`, and `dossier()` and `toml()` made of them.

    Raises
    ------
    InputError
        If there is no text, the file cannot be read, or the day is none.

    See Also
    --------
    attrition.parse : one quotation.
    attrition.read_dossier : the file that it is written to.

    Examples
    --------
    >>> clipping = read_article(
    ...     "At least 30 people died on Monday, police said.", published="2026-05-14"
    ... )
    >>> (claim,) = clipping.claims
    >>> claim.quantity, claim.source, str(claim.as_of), clipping.doubts
    ('killed', 'police', '2026-05-11', ())
    """
    article = read_words(_text_of(text_or_path))
    day = _day_of(published if published is not None else (article.page.published or None))
    title = article.page.title or _beginning(article.page.text)
    doubts = [_refusal(refused) for refused in article.refused]
    if day is None:
        return Clipping(article.page.text, title, None, article.mentions, doubts=tuple(doubts))
    paper = source or article.page.paper or "article"
    book = _Book(day, paper, article.page.text, title)
    counts = Counter(mention.start - mention.reading.start for mention in article.mentions)
    open_: dict[int, Mention] = {}
    for mention in article.mentions:
        alone = counts[mention.start - mention.reading.start] == 1
        reason = book.add(mention, alone=alone)
        if reason:
            words = article.page.text[mention.start : mention.end]
            doubts.append(Doubt(mention.sentence, words, mention.start, reason))
            open_[mention.start] = mention
    for k, doubt in enumerate(doubts):
        if doubt.start in open_ and doubt.words:
            claim = book.candidate(open_[doubt.start], doubt.reason)
            doubts[k] = replace(doubt, claim=claim)
            book.candidates += [] if claim is None else [claim]
    doubts.sort(key=lambda doubt: doubt.start)
    return Clipping(
        article.page.text,
        title,
        day,
        article.mentions,
        tuple(book.claims.values()),
        tuple(doubts),
        book.sources,
        dict(book.quantities_in_order()),
    )


def _beginning(text: str) -> str:
    """Return the first line of an article without a title, whole words of it."""
    return textwrap.shorten(text.strip().split("\n", 1)[0], 120, placeholder=" …")


def _refusal(refused: Refused) -> Doubt:
    return Doubt(refused.sentence, "", refused.start, f"not read: {refused.reason}")


def _text_of(text_or_path: str | Path) -> str:
    """Return the text itself, or that of the file that is named."""
    if isinstance(text_or_path, str) and not _names_a_file(text_or_path):
        text = text_or_path
    else:
        try:
            text = Path(text_or_path).read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                "an article must be a text file in UTF-8",
                got=clip(str(error)),
                place=clip(str(text_or_path)),
                remedy="Check the path, or save the text as UTF-8",
            ) from error
    if not text.strip():
        raise InputError(
            "an article must hold words", got="none", place="article", remedy="Give its text"
        )
    return text


def _names_a_file(text: str) -> bool:
    if "\n" in text or len(text) > _LONGEST_PATH:
        return False
    try:
        return Path(text).is_file()
    except OSError:  # a sentence is longer than a file's name may be
        return False


def _day_of(published: str | date | None) -> date | None:
    if published is None:
        return None
    partial = PartialDate.parse(published, place="published")
    if partial.first != partial.last:
        raise InputError(
            "an article must be published on one day",
            got=str(published),
            place="published",
            remedy="Write for example 2026-05-14",
        )
    return partial.first


def _slug(words: str) -> str:
    return _SLUG.sub("-", words.lower()).strip("-")


class _Book:
    """Claims as they are gathered, with their sources and quantities."""

    def __init__(self, published: date, paper: str, text: str, title: str) -> None:
        self.published = published
        self.paper = paper
        self.kind = _kind_of(title, text)
        self.text = text
        story = _STORIES.search(text)
        self.elsewhere = len(text) if story is None else story.start()
        self.described = _described(text, published)
        self.candidates: list[Claim] = []
        self._last = ("", (published, published))
        self.claims: dict[tuple[object, ...], Claim] = {}
        self.sources: dict[str, Source] = {}
        self._quantities: dict[str, dict[str, Any]] = {}

    def add(self, mention: Mention, *, alone: bool) -> str:
        """Take a figure as a claim, or return why it cannot be one; things are left aside."""
        reading = mention.reading
        if reading.category == "losses" and self.kind in {"disaster", "epidemic"}:
            reading = replace(reading, category="killed")  # "has lost at least six people"
            mention = replace(mention, reading=reading)
        if reading.unit != "persons" or reading.category == "displaced":
            return (
                "" if reading.unit != "percent" else f"a share: of what total? {_amount(reading)} %"
            )
        if mention.doubt:
            future = reading.standing == "future" and not reading.ambiguous
            return self._to_come(mention) if future else mention.doubt
        if reading.kind == "increment" and self._is_total(reading):
            mention, alone = replace(mention, reading=replace(reading, kind="level")), False
        if aside := next(self._aside(mention), ""):
            return aside
        when = self._when(mention)
        highest = self._entry(reading).get("highest")
        other = highest is not None and _top(reading) != highest
        if other and _ANOTHER.search(mention.sentence):
            when = when if isinstance(when, str) else "another event, or a part of this count?"
        if isinstance(when, str):
            return when
        key = self._quantity(mention.reading, self._wider(mention.reading))
        claim = self._claim(mention, when, key, alone=alone)
        self.claims.setdefault(_same(claim, reading), claim)
        self._note_number(claim.quantity, mention)
        return ""

    def _wider(self, reading: Reading) -> str:
        """Return the time of a count of more than this event: a campaign's, beside one strike's."""
        number, highest = _top(reading), self._entry(reading).get("highest")
        if not highest or number is None or reading.kind != "level" or number <= _FAR * highest:
            return ""
        if date_ := _SINCE_DAY.search(reading.window or ""):
            return f" since {date_[1]}"
        wider = f"{self._key(reading)}-since"
        entries = (one for key, one in self._quantities.items() if key.startswith(wider))
        return next((str(one["part"]) for one in entries if one["highest"] >= number), "")

    def _is_total(self, reading: Reading) -> bool:
        """Return whether what is new is all: the first "another 61", or since the event itself."""
        if reading.window is None:
            return not self._entry(reading)
        words = reading.window.lower().split()
        event = bool(_EVENTS & set(words)) and words[0] == "since"
        return event and moment_of(" ".join(words[1:]), self.published) is None

    def _claim(
        self, mention: Mention, when: Mapping[str, Any], quantity: str, *, alone: bool
    ) -> Claim:
        reading = mention.reading
        fields = {
            "quantity": quantity,
            "source": self._source(mention.source),
            "kind": reading.kind,
            "per": reading.per if reading.kind == "rate" else None,
            "published": PartialDate(self.published, self.published),
            **when,
            **_words(mention, alone=alone),
        }
        return Claim(**{name: value for name, value in fields.items() if value is not None})

    def candidate(self, mention: Mention, reason: str) -> Claim | None:
        """Return the claim that a doubtful figure would be, if a reader accepts it."""
        reading = mention.reading
        if reading.standing not in {"stated", "unconfirmed"} or reading.unit != "persons":
            return None
        if reading.category is None or " and " in reading.category:
            mention = replace(mention, reading=replace(reading, category="killed"))
        when = self._when(mention)
        if isinstance(when, str):
            today = PartialDate(self.published, self.published)
            since = today if reading.kind == "increment" else None
            when = {"since": since, "as_of": today, "inferred": ("as_of",)}
        part = _part_of(mention) if "part" in reason else ""
        try:
            if reading.point is None and reading.low is None:
                read_one(mention.sentence[reading.start : reading.end])
            return self._claim(mention, when, self._quantity(mention.reading, part), alone=False)
        except (InputError, ValueError):  # words that by themselves hold no number
            return None

    def _aside(self, mention: Mention) -> Iterator[str]:
        """Yield why a number that is clear is no total of the whole, by the words around it.

        A part of what is counted, or a count of other people, makes the same sentence as the whole:
        its words, its time, its place and its number tell them apart.
        """
        reading, sentence = mention.reading, mention.sentence
        end = mention.start - reading.start + len(sentence)
        survivors = sentence[reading.end :].startswith(" of the survivors")
        if survivors or (self._entry(reading) and _is_part(mention)):
            yield "a part of another figure, not a total of its own"
        if self.claims and mention.start > self.elsewhere:
            yield "in another story of this page: another event, or part of this count?"
        yield from self._beside(mention)
        if apart := _APART.search(sentence):
            yield f"{apart[0]!r}: of other people, or part of this count?"
        if denied := _DENIED_NEXT.match(self.text[end : end + _NEXT]):
            yield f"denied by what follows? {denied[0].strip()!r}"
        if _top(reading) == 0:
            yield "a count of nobody: a total cannot start from it"
        if not _has_year(reading) and (year := self._past_year(sentence)):
            yield f"of {year}: another event, or part of this count?"

    def _beside(self, mention: Mention) -> Iterator[str]:
        """Yield why a number is no other count of what a higher one before it counts."""
        reading, entry = mention.reading, self._entry(mention.reading)
        number, highest = _top(reading), entry.get("highest")
        if number is None or not highest or number == highest:
            return
        span = days_of(reading.window, self.published) if reading.window else None
        if entry["begun"] is not None and span is not None and span[1] < entry["begun"]:
            yield f"of {span[0]} to {span[1]}, before this count began: another event?"
        long = _LONG.search(reading.window or "") and not _ended(span, self.published)
        if reading.kind == "increment" and number > highest and long:
            yield "more than the total before it: a longer time, or other people?"
        if reading.kind != "level" or number > highest:
            return
        words = mention.sentence.replace(reading.hedged_by or "", "")
        places = _PLACE.finditer(words)
        if any(place[1] is None or place[1] not in entry["whole"] for place in places):
            yield "of which place: a part of a number before it, or a toll of its own?"
        if _FAR * number < highest and reading.as_of is None:
            yield "far below a number before it: a part of that, or a count of its own?"

    def _entry(self, reading: Reading) -> dict[str, Any]:
        """Return what is known of the quantity that a reading counts."""
        return self._quantities.get(self._key(reading), {})

    def _past_year(self, sentence: str) -> str:
        """Return an earlier year that a sentence names of its event: "the famine of 1988"."""
        years = (match[1] for match in _YEAR.finditer(sentence))
        return next((year for year in years if int(year) < self.published.year), "")

    def _to_come(self, mention: Mention) -> str:
        """Take "will pass K this summer" as "not yet K by publication", and as their forecast.

        What is still to come has not come: the source's own word bounds the total on that day.
        """
        reading = mention.reading
        unclear = reading.point is None or reading.category is None
        if unclear or reading.hedge in _AT_MOST or reading.kind in {"rate", "share"}:
            return mention.doubt  # "up to 600 could die" passes nothing
        today = PartialDate(self.published, self.published)
        key, source = self._quantity(reading), self._source(mention.source)
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

    def _when(self, mention: Mention) -> dict[str, Any] | str:
        """Return the days of a figure, or why they are unknown."""
        today, reading = PartialDate(self.described, self.described), mention.reading
        words = reading.window or reading.as_of
        base = self.published
        if words and "week" in words:
            base = self.described  # of the week that the report is about
        if words and words.endswith(("earlier", "before")) and self._last[0] == mention.sentence:
            base = self._last[1][1]  # "1,058 by Sunday, up from 982 a week earlier"
        span = days_of(words, base) if words else None
        if words and words.endswith("the previous week") and self._last[0] == mention.sentence:
            begin = self._last[1][0]
            span = begin - timedelta(days=7), begin - timedelta(days=1)
        if span is not None:
            self._last = (mention.sentence, span)
        if words and span is None and not words.startswith("since "):
            return f"which days are {words!r}, seen from {self.published}?"
        if reading.kind == "increment":
            if span is None or reading.window is None:
                return "what is new: since when? Since the report before this one, or another day"
            if _ended(span, self.published):
                return f"a window that ended on {span[1]}: another event, or part of this count?"
            since, until = _partial(span)
            return {"since": since, "as_of": until}
        if span is None or (reading.window or "").startswith("since "):
            return {"as_of": today, "inferred": ("as_of",)}
        return {"as_of": _whole(span) or PartialDate(span[1], span[1])}

    def _source(self, name: str | None) -> str:
        """Return the id of a source; "Tarhouni" is who was "coastguard spokesman Hedi Tarhouni"."""
        name = name or self.paper
        for known, source in reversed(self.sources.items()):
            if _is_same(_names_in(name), _names_in(source.name)):
                return known
        key = _slug(name) or "source"
        while key in self.sources:  # names in letters that no id can have
            key += "-2"
        self.sources[key] = Source(name=name)
        return key

    def _key(self, reading: Reading) -> str:
        """Return the id of what a reading counts: side, category and scope."""
        scope = None if reading.scope in _ANYBODY else reading.scope
        parts = (reading.side, reading.category or "losses", scope)
        return "-".join(_slug(part) for part in parts if part)

    def _quantity(self, reading: Reading, part: str = "") -> str:
        scope = None if reading.scope in _ANYBODY else reading.scope
        key = "-".join(filter(None, (self._key(reading), _slug(part))))
        if key not in self._quantities:
            what = reading.category or "losses"
            self._quantities[key] = {
                "definition": what if what in _COUNTED else f"{what}, as the source calls them",
                "unit": "persons",
                "category": what if what in _COUNTED else None,
                "side": reading.side,
                "scope": scope or "",
                "kind": self.kind,
                "part": part,
                "begun": None,
                "highest": 0.0,
                "whole": "",
            }
        return key

    def _note_number(self, key: str, mention: Mention) -> None:
        """Keep the highest count of a quantity, with its sentence and the day on which it began."""
        number, entry, window = _top(mention.reading), self._quantities[key], mention.reading.window
        counted = mention.reading.kind == "level" or bool(_OF_A_TIME.search(window or ""))
        if number is None or not counted or number <= entry["highest"]:
            return
        span = days_of(window, self.published) if window else None
        begun = entry["begun"] if span is None else span[0]
        entry.update(highest=number, whole=mention.sentence, begun=begun)

    def quantities_in_order(self) -> Iterator[tuple[str, Quantity]]:
        """Yield the quantities; the killed are a part of the casualties of the same people."""
        keys = {key: key for key in self._quantities}
        for key, entry in self._quantities.items():
            left = {"highest", "whole", "part", "begun"}
            left |= {"kind"} if entry["category"] in _STOCKS else set()
            fields = {
                name: value
                for name, value in entry.items()
                if name not in left and value is not None
            }
            if entry["category"] == "missing":
                fields["kind"] = "stock"  # as many as are missing on a day: no total that grows
            elif entry["highest"]:
                fields["thresholds"] = _next_rounds(entry["highest"])
            sources = {one.source for one in self.claims.values() if one.quantity == key}
            if len(sources) == 1:  # nobody else says what the toll is
                fields["bases"] = tuple(sources)
            fields |= self._named(key, entry) | whole_of(key, keys)
            yield key, Quantity(**fields)

    def _named(self, key: str, entry: dict[str, Any]) -> dict[str, str]:
        """Return title and definition of a quantity, in the words of its figures."""
        whose, who, what = entry["side"] or "", entry["scope"], entry["category"]
        every = (*self.claims.values(), *self.candidates)
        quotes = [one.quote for one in every if one.quantity == key and one.quote]
        title = titled(whose, who, what, quotes) if what else f"{whose} {who} losses".strip()
        named = {"title": title[:1].upper() + title[1:] + entry["part"]}
        return named | ({"definition": befell(what, quotes).removeprefix("who ")} if what else {})


def _part_of(mention: Mention) -> str:
    """Return the words that tell a part from its whole: its place, or its number."""
    before = mention.sentence[: mention.reading.start]
    places = [*_NAMED_PLACE.finditer(before)] or [*_PLACE.finditer(mention.sentence)]
    name = next((m[1] for m in reversed(places) if m[1]), "")
    return f" in {name}" if name else f", a part ({_amount(mention.reading)})"


def _same(claim: Claim, reading: Reading) -> tuple[object, ...]:
    """Return what two claims share that are the same one, told again."""
    numbers = (reading.point, reading.low, reading.high)
    return (claim.quantity, claim.source, claim.kind, *numbers, claim.as_of, claim.since)


def _ended(span: Span | None, published: date) -> bool:
    """Return whether a time ended so long ago that it need not be that of this event."""
    return span is not None and (published - span[1]).days > _LONG_AGO


def _has_year(reading: Reading) -> bool:
    return re.search(r"\d{4}", f"{reading.window} {reading.as_of}") is not None


def _kind_of(title: str, text: str) -> str | None:
    """Return the kind of event whose words a title holds, or an article most of."""
    for words in (title, text):
        low = Counter(re.findall(r"[a-z-]+", words.lower()))
        counts = {kind: sum(low[word] for word in known) for kind, known in KINDS.items()}
        kind = max(counts, key=lambda one: counts[one])
        if counts[kind] and list(counts.values()).count(counts[kind]) == 1:
            return kind
    return None


def _described(text: str, published: date) -> date:
    """Return the day of the data of a report: "data as of 19 November", else of publication."""
    match = _DATA_DAY.search(text)
    span = None if match is None else days_of(" ".join((match[1] or match[2]).split()), published)
    return published if span is None else span[1]


def _names_in(name: str) -> list[str]:
    """Return the words of a name that tell it from others."""
    return [word for word in re.findall(r"\w+", name.lower()) if word not in _SMALL_WORDS]


def _is_same(one: list[str], two: list[str]) -> bool:
    """Return whether two names are of one source: a surname, initials, an office's speaker."""
    short, long = sorted((one, two), key=len)
    n = len(short)
    if len(long) > 2 and short == ["".join(word[0] for word in long)]:  # noqa: PLR2004
        return True
    spoken = short == long[:n] and set(long[n : n + 1]) <= _OFFICES
    return set(one) == set(two) or (n > 0 and (short == long[-n:] or spoken))


def _is_part(mention: Mention) -> bool:
    """Return whether a figure is a part of one before it: "430 were hurt, 38 of them seriously"."""
    before = mention.sentence[: mention.reading.start].rstrip().lower()
    after = mention.sentence[mention.reading.end :].lstrip().lower()
    return _OF_THOSE.match(after) is not None or before.endswith(
        ("including", "among them", "of whom", "of them", "of these")
    )


def _top(reading: Reading) -> float | None:
    return reading.point if reading.high is None else reading.high


def _next_rounds(number: float) -> tuple[float, float]:
    """Return the next two round numbers that are clearly above: thresholds to begin with."""
    power = 10.0 ** (len(str(int(number))) - 1)
    rounds = [step * power for step in _STEPS if (step * power).is_integer()]
    above = [one for one in rounds if one > _CLEARLY * number]
    return above[0], above[1]


def _partial(span: Span) -> tuple[PartialDate, PartialDate]:
    """Return the start and the end of a window at the precision that files can state."""
    whole = _whole(span)
    if whole is not None:
        return whole, whole
    return PartialDate(span[0], span[0]), PartialDate(span[1], span[1])


def _whole(span: Span) -> PartialDate | None:
    """Return a span that is a day, a month or a year as such."""
    for text in (span[0].isoformat(), span[0].isoformat()[:7], span[0].isoformat()[:4]):
        partial = PartialDate.parse(text)
        if (partial.first, partial.last) == span:
            return partial
    return None


def _amount(reading: Reading) -> str:
    if reading.low is not None and reading.high is not None:
        return f"{reading.low:,.10g} to {reading.high:,.10g}"
    return "unclear" if reading.point is None else f"{reading.point:,.10g}"


def _words(mention: Mention, *, alone: bool) -> dict[str, Any]:
    """Return the quote, and the part of it that reads as this figure, or its numbers.

    A sentence that holds one figure alone is that part; of another one the words of the figure
    are, if they read the same by themselves.
    """
    reading, sentence = mention.reading, mention.sentence
    if alone and _reads_as(sentence, reading):
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
