"""An article with its claims: sources, quantities and days settled, doubts left for a reader."""

from __future__ import annotations

import calendar
import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from attrition.core._showing import Shown
from attrition.core.errors import InputError, clip
from attrition.data.articles.days import Span, days_of, due_of
from attrition.data.articles.marked import marked
from attrition.data.dossier import Claim, Dossier, PartialDate, Quantity, Source, dossier_toml
from attrition.data.dossier.quoted import befell, titled, whole_of
from attrition.text import Mention, Reading, Refused, read_one, read_words

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
_ANOTHER = re.compile(
    r"\bsince [^,]{3,20}, when\b|\bwhen an? |^An? (?:[\w-]+ ){0,2}?(?:fire|blaze|blast|explosion"
    r"|crash|bus|train|boat|ferry|strike|raid|attack|missile|drone|bomb|shooting|quake|earthquake|storm|flood|landslide|collapse|stampede)\b"
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
_AT_MOST: Final = frozenset({"up-to", "at-most", "under", "nearly", "possible"})
_STEPS: Final = (1, 2, 5, 10)


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
    """

    sentence: str
    words: str
    start: int
    reason: str


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
        lines = [dossier_toml(self.dossier())]
        if self.doubts:
            lines.append("# What is left to decide; copy what you accept into [[claims]].")
        for doubt in self.doubts:
            lines += [
                "",
                f"# TODO {_line(doubt.reason)}",
                f"# quote = {_line(doubt.sentence)!r}",
            ]
            if doubt.words:
                lines.append(f"# figure = {_line(doubt.words)!r}   (character {doubt.start})")
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
    book = _Book(day, source or "article")
    counts = Counter(mention.start - mention.reading.start for mention in article.mentions)
    for mention in article.mentions:
        alone = counts[mention.start - mention.reading.start] == 1
        reason = book.add(mention, alone=alone)
        if reason:
            words = article.page.text[mention.start : mention.end]
            doubts.append(Doubt(mention.sentence, words, mention.start, reason))
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

    def __init__(self, published: date, paper: str) -> None:
        self.published = published
        self.paper = paper
        self._last = ("", published)
        self.claims: dict[tuple[object, ...], Claim] = {}
        self.sources: dict[str, Source] = {}
        self._quantities: dict[str, dict[str, Any]] = {}

    def add(self, mention: Mention, *, alone: bool) -> str:
        """Take a figure as a claim, or return why it cannot be one; things are left aside."""
        reading = mention.reading
        if reading.unit != "persons" or reading.category == "displaced":
            return (
                "" if reading.unit != "percent" else f"a share: of what total? {_amount(reading)} %"
            )
        if mention.doubt:
            future = reading.standing == "future" and not reading.ambiguous
            return self._to_come(mention) if future else mention.doubt
        if aside := self._aside(mention):
            return aside
        if (
            reading.kind == "increment"
            and reading.window is None
            and self._key(reading) not in self._quantities
        ):
            # "another 61 are missing", the first time: by itself the number is a count of them
            reading = replace(reading, kind="level")
            mention, alone = replace(mention, reading=reading), False
        when = self._when(mention)
        known = self._quantities.get(self._key(reading))
        other = known is not None and _top(reading) != known["highest"]
        if other and _ANOTHER.search(mention.sentence):
            when = when if isinstance(when, str) else "another event, or a part of this count?"
        if isinstance(when, str):
            return when
        key = self._quantity(reading)
        source = self._source(mention.source)
        fields = {
            "quantity": key,
            "source": source,
            "kind": reading.kind,
            "per": reading.per if reading.kind == "rate" else None,
            "as_of": when["as_of"],
            "since": when.get("since"),
            "published": PartialDate(self.published, self.published),
            "inferred": when["inferred"],
            **_words(mention, alone=alone),
        }
        claim = Claim(**{name: value for name, value in fields.items() if value is not None})
        same = (
            key,
            source,
            claim.kind,
            reading.point,
            reading.low,
            reading.high,
            claim.as_of,
            claim.since,
        )
        self.claims.setdefault(same, claim)
        self._note_number(key, mention)
        return ""

    def _aside(self, mention: Mention) -> str:
        """Return why a number that is clear is no total of the whole, or nothing."""
        if self._key(mention.reading) in self._quantities and _is_part(mention):
            return "a part of another figure, not a total of its own"
        if self._of_a_place(mention):
            return "of which place: a part of a number before it, or a toll of its own?"
        if self._far_below(mention):
            return "far below a number before it: a part of that, or a count of its own?"
        if year := self._own_year(mention):
            return f"of {year}: another event, or part of this count?"
        if mention.reading.point == 0:
            return "a count of nobody: a total cannot start from it"
        return ""

    def _own_year(self, mention: Mention) -> str:
        """Return an earlier year that a sentence names of its event: "the famine of 1988"."""
        if re.search(r"\d{4}", f"{mention.reading.window} {mention.reading.as_of}"):
            return ""
        years = (match[1] for match in _YEAR.finditer(mention.sentence))
        return next((year for year in years if int(year) < self.published.year), "")

    def _far_below(self, mention: Mention) -> bool:
        """Return whether a count of today is so small that it is no other count of the same."""
        reading, number = mention.reading, _top(mention.reading)
        highest = self._quantities.get(self._key(reading), {}).get("highest", 0)
        if number is None or reading.kind != "level" or reading.as_of is not None:
            return False
        return bool(_FAR * number < highest)

    def _of_a_place(self, mention: Mention) -> bool:
        """Return whether a smaller number than one before it is said of a place of its own."""
        entry, number = self._quantities.get(self._key(mention.reading), {}), _top(mention.reading)
        if mention.reading.kind != "level" or number is None or number >= entry.get("highest", 0):
            return False
        words = mention.sentence.replace(mention.reading.hedged_by or "", "")
        return any(
            match[1] is None or match[1] not in entry["whole"] for match in _PLACE.finditer(words)
        )

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
        today, reading = PartialDate(self.published, self.published), mention.reading
        words = reading.window or reading.as_of
        base = self.published
        if words and words.endswith(("earlier", "before")) and self._last[0] == mention.sentence:
            base = self._last[1]  # "1,058 by Sunday, up from 982 a week earlier"
        span = days_of(words, base) if words else None
        if span is not None:
            self._last = (mention.sentence, span[1])
        if words and span is None:
            return f"which days are {words!r}, seen from {self.published}?"
        if reading.kind == "increment":
            if span is None or reading.window is None:
                return "what is new: since when? Since the report before this one, or another day"
            if (self.published - span[1]).days > _LONG_AGO:
                return f"a window that ended on {span[1]}: another event, or part of this count?"
            since, until = _partial(span)
            return {"since": since, "as_of": until, "inferred": ()}
        if span is None:
            return {"as_of": today, "inferred": ("as_of",)}
        return {"as_of": _whole(span) or PartialDate(span[1], span[1]), "inferred": ()}

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

    def _quantity(self, reading: Reading) -> str:
        scope = None if reading.scope in _ANYBODY else reading.scope
        key = self._key(reading)
        if key not in self._quantities:
            what = reading.category or "losses"
            self._quantities[key] = {
                "definition": what if what in _COUNTED else f"{what}, as the source calls them",
                "unit": "persons",
                "category": what if what in _COUNTED else None,
                "side": reading.side,
                "scope": scope or "",
                "highest": 0.0,
                "whole": "",
            }
        return key

    def _note_number(self, key: str, mention: Mention) -> None:
        number, entry = _top(mention.reading), self._quantities[key]
        if number is not None and mention.reading.kind == "level" and number > entry["highest"]:
            entry.update(highest=number, whole=mention.sentence)

    def quantities_in_order(self) -> Iterator[tuple[str, Quantity]]:
        """Yield the quantities; the killed are a part of the casualties of the same people."""
        keys = {key: key for key in self._quantities}
        for key, entry in self._quantities.items():
            fields = {
                name: value
                for name, value in entry.items()
                if name not in {"highest", "whole"} and value is not None
            }
            if entry["highest"]:
                fields["thresholds"] = (_next_round(entry["highest"]),)
            fields |= self._named(key, entry) | whole_of(key, keys)
            yield key, Quantity(**fields)

    def _named(self, key: str, entry: dict[str, Any]) -> dict[str, str]:
        """Return title and definition of a quantity, in the words of its figures."""
        whose, who, what = entry["side"] or "", entry["scope"], entry["category"]
        quotes = [one.quote for one in self.claims.values() if one.quantity == key and one.quote]
        title = titled(whose, who, what, quotes) if what else f"{whose} {who} losses".strip()
        named = {"title": title[:1].upper() + title[1:]}
        return named | ({"definition": befell(what, quotes).removeprefix("who ")} if what else {})


def _names_in(name: str) -> list[str]:
    """Return the words of a name that tell it from others."""
    return [word for word in re.findall(r"\w+", name.lower()) if word not in _SMALL_WORDS]


def _is_same(one: list[str], two: list[str]) -> bool:
    """Return whether two names are of one source: a surname, an office and who speaks for it."""
    short, long = sorted((one, two), key=len)
    n = len(short)
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


def _next_round(number: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten: a threshold to begin with."""
    power = 10.0 ** (len(str(int(number))) - 1)
    return next(step * power for step in _STEPS if step * power > number)


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
    if alone:
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
