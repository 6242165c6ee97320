"""Score the reader of articles on articles whose claims are known by how they are made.

``python -m benchmarks.made_articles 2000`` draws as many articles and prints what became of their
claims, as ``benchmarks.articles`` calls it, and how many of those that stand are wrong; ``--parts``
lists the sentences whose figures stand wrong or do not stand most often, ``--wrong 20`` prints
articles with a claim that is wrong. The sentences stand in ``made_articles.toml``: a headline, a
lead, what its speaker says next ("he said", "the ministry also said"), other sources, an earlier
event, what is feared, what is no casualty, and lines below a page; `_page` has heads with the day.
"""

from __future__ import annotations

import argparse
import random
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from benchmarks.articles import OUTCOMES, outcomes_of
from benchmarks.paraphrases import Choose, spelled

from attrition.data.articles import read_article

_SLOT: Final = re.compile(r"\{([^}]*)\}")
_KILLED: Final = (11, 17, 23, 34, 48, 67, 94, 132, 218, 412, 1_246, 2_871)
"""Tolls of today, one an article; every other number is drawn from what is left."""
_ENDS: Final = 12  # numbers that a day of the month may be are written, and drawn, as words
_FIRST_DAY: Final = date(2011, 1, 1)
_DAYS: Final = 5_400
_CATEGORIES: Final = ("killed", "wounded", "missing")


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@dataclass
class Draft:
    """One article while it is made.

    Attributes
    ----------
    choose : callable
        Takes one of several.
    published, then, before : datetime.date
        The days of the article, of its event and of earlier figures.
    words : dict of str to str
        What is said in one way throughout: the place, the event, the paper.
    speaker : list of str
        Who speaks: his name, what he is called next, "he" and what names him.
    claims, never : list
        What is expected, as `benchmarks.articles` reads it from a file.
    parts : dict of float to str
        The sentence of each number.
    """

    choose: Choose
    published: date
    then: date
    before: date
    words: dict[str, str]
    speaker: list[str] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    never: list[float] = field(default_factory=list)
    parts: dict[float, str] = field(default_factory=dict)
    toll: int = 0
    told: bool = True

    def one_of(self, *tables: str) -> str:
        """Return one row of a table of words."""
        rows = _tables()
        for table in tables:
            rows = rows[table]
        return str(self.choose(str(rows).strip().splitlines()))

    def filled(self, part: str) -> str:
        """Fill in the slots of a part."""
        text = _SLOT.sub(lambda slot: self._slot(slot[1], part), part).replace(",,", ",")
        text = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)
        return text[:1].upper() + text[1:]

    def _slot(self, slot: str, part: str) -> str:
        name, _, when = slot.partition(":")
        lower = name.lower()
        if lower in _CATEGORIES:
            words = self._figure(lower, when, part)
        elif lower == "never":
            words = f"{self._new_number(part, 60, 9_000):,}"
            self.never.append(float(words.replace(",", "")))
        elif lower in {"speaker", "short", "he"}:
            words = self.speaker[("speaker", "short", "he").index(lower)]
        elif (time := self._time(lower)) or lower in self.words:
            words = time or self.words[lower]
        else:
            words = self.one_of(
                "words",
                {"sickness": "sicknesses"}.get(lower, f"{lower}s" if lower != "people" else lower),
            )
        words = _SLOT.sub(lambda inner: self._slot(inner[1], part), words)
        return words[:1].upper() + words[1:] if name[:1].isupper() else words

    def _time(self, name: str) -> str:
        """Return a day, a week, a month, a year or an age in words, or nothing."""
        first, last = self.week
        month = f" {first:%B}" if first.month != last.month else ""
        days = (self.published - self.before).days
        times = {
            "week": f"{first.day}{month} to {last.day} {last:%B}",
            "weekand": f"{first.day}{month} and {last.day} {last:%B}",
            "month": f"{self.published - timedelta(days=75):%B}",
            "today": self._day(self.published),
            "then": self._day(self.then),
            "before": self._day(self.before),
            "earlier": "a day earlier" if days == 1 else self._day(self.before, on="on "),
        }
        years = range(self.published.year - 40, self.published.year - 2)
        drawn = {"year": years, "age": range(19, 80)}
        return str(self.choose(drawn[name])) if name in drawn else times.get(name, "")

    @property
    def week(self) -> tuple[date, date]:
        """The week of which a bulletin tells."""
        last = self.published - timedelta(days=3)
        return last - timedelta(days=6), last

    def when(self, name: str) -> tuple[date, str]:
        """Return the day of a figure and its kind, by what stands after ":" of its slot."""
        first, last = self.week
        days = {
            "before": (self.before, "level"),
            "yesterday": (self.published - timedelta(days=1), "level"),
            "new": (self.published, "increment"),
            "week": (last, "increment"),
            "last": (first - timedelta(days=1), "increment"),
        }
        return days.get(name, (self.published, "level"))

    def _day(self, day: date, on: str = "") -> str:
        weekday = f"{on}{day:%A}"
        return weekday if (self.published - day).days < 6 else f"{on}{day.day} {day:%B}"

    def _new_number(self, part: str, least: int, most: int) -> int:
        value = int(self.choose(range(least, most)))
        while value in self.parts or 1_900 <= value < 2_100:
            value += 1
        self.parts[value] = part
        return value

    def _figure(self, category: str, when: str, part: str) -> str:
        """Return a number of the speaker's, and note what is expected of it."""
        day, kind = self.when(when)
        if when in {"part", "new", "week", "last"}:
            value = self._new_number(part, 3, 10)
        elif category == "killed" and not self.told:
            return f"{self.toll:,}"  # a headline: told again in the lead
        elif category == "killed" and not when and self.toll not in self.parts:
            value = self.toll
            self.parts[value] = part
        elif category == "killed":
            value = self._new_number(part, self.toll // 2 + 5, self.toll if when else 2 * self.toll)
        else:
            value = self._new_number(part, 13, 2 * self.toll + 20)
        self.claims.append(
            {
                "value": float(value),
                "category": category,
                "kind": kind,
                "as_of": day.isoformat(),
                "source": self.speaker[3].split(",")[0],
                "source_also_ok": self.speaker[3].split(",")[1:],
            }
        )
        return spelled(value) if value < _ENDS + 1 else f"{value:,}"


def article_of(choose: Choose) -> tuple[str, dict[str, Any], dict[float, str]]:
    """Return an article, what is expected of it, and the part that each of its numbers is of."""
    published = _FIRST_DAY + timedelta(days=choose(range(_DAYS)))
    then = published - timedelta(days=choose((1, 2, 2, 3)))
    before = published - timedelta(days=choose(range(1, (published - then).days + 1)))
    draft = Draft(choose, published, then, before, {})
    event, draft.words["happened"] = draft.one_of("words", "events").split("|")
    draft.words |= {"event": event, "toll": "", "place": draft.one_of("words", "places")}
    draft.words["paper"] = draft.one_of("words", "papers")
    draft.toll = choose(_KILLED)
    draft.speaker = draft.one_of("speakers", choose(("office", "person"))).split("|")
    sick = choose((True, False, False, False))
    if sick:
        draft.words |= {"sickness": draft.one_of("words", "sicknesses"), "event": "outbreak"}
    lead = draft.filled(draft.one_of("parts", "bulletins" if sick else "leads"))
    known = {
        one["category"]: int(one["value"])
        for one in draft.claims
        if one["as_of"] == published.isoformat()
    }
    headline = draft.one_of("parts", "headlines")
    while "{wounded}" in headline and "wounded" not in known:
        headline = draft.one_of("parts", "headlines")
    headline = headline.replace("{wounded}", f"{known.get('wounded', 0):,}")
    follow = _follow(draft, "bulletins_follow" if sick else "follow", choose((0, 1, 1, 2)))
    blocks = [" ".join([lead, *follow]), *_others(draft)]
    draft.told = False
    title = draft.filled(headline)
    draft.told = True
    text, stated = _page(draft, title, blocks)
    expected = {
        "published": published.isoformat(),
        "published_in_text": stated,
        "claims": draft.claims,
        "never": draft.never,
    }
    return text, expected, draft.parts


def _follow(draft: Draft, table: str, count: int) -> list[str]:
    """Return sentences that go on with whoever spoke, one for each category at most."""
    sentences: list[str] = []
    for _ in range(count):
        part = draft.one_of("parts", table)
        told = {(one["category"], one["as_of"], one["source"]) for one in draft.claims}
        slots = [slot.lower().partition(":") for slot in _SLOT.findall(part)]
        mine = {
            (name, draft.when(when)[0].isoformat(), draft.speaker[3].split(",")[0])
            for name, _, when in slots
            if name in _CATEGORIES and when not in {"part", "new"}
        }
        if not mine & told:
            sentences.append(draft.filled(part))
    return sentences


def _others(draft: Draft) -> list[str]:
    """Return the paragraphs after the lead's."""
    choose = draft.choose
    kinds = ["rivals", "plain", "plain", "history", *choose((["outlook"], ["hospitals"], []))]
    blocks = []
    for kind in sorted(kinds, key=lambda one: (one == "history", choose(range(99)))):
        if kind in {"rivals", "hospitals"}:
            draft.speaker = draft.one_of("speakers", kind.removesuffix("s")).split("|")
        told = [draft.filled(draft.one_of("parts", kind))]
        if kind == "rivals":
            told += _follow(draft, "rivals_follow", choose((0, 1)))
        blocks.append(" ".join(told))
    return blocks


def _page(draft: Draft, title: str, blocks: list[str]) -> tuple[str, bool]:
    """Return the page of an article, and whether it states its day."""
    day, words = draft.published, draft.words
    long = f"{day.day} {day:%B} {day.year}"
    below = draft.filled(draft.one_of("parts", "boilerplate"))
    form = draft.choose(("wire", "wire", "paper", "saved", "line", "bare"))
    if form == "saved":
        body = "".join(f"<p>{block}</p>\n" for block in blocks)
        return (
            f"<html><head><title>{title} | {words['paper']}</title>"
            f'<meta property="article:published_time" content="{day.isoformat()}T09:00:00Z">'
            f"</head><body><h1>{title}</h1>\n{body}<p>{below}</p></body></html>"
        ), True
    if form == "wire":
        agency = draft.one_of("words", "agencies")
        when = draft.choose((long, f"{day:%B} {day.day}, {day.year}", f"{day:%B} {day.day}"))
        head = f"{words['place'].upper()}, {when} ({agency}) - "
        stated = str(day.year) in when
    else:
        head = {
            "paper": f"{words['paper']}\n{long}\n\n",
            "line": f"By {draft.one_of('words', 'authors')}\nPublished {long}\n\n",
            "bare": "",
        }[form]
        stated = form != "bare"
    return "\n\n".join([title, head + blocks[0], *blocks[1:], below]), stated


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw articles and print what became of their claims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", type=int, default=0, help="list the parts that go wrong most")
    parser.add_argument("--wrong", type=int, default=0, help="list articles with a wrong claim")
    asked = parser.parse_args(arguments)
    choose = random.Random(asked.seed).choice  # noqa: S311  # no secret
    counts, parts, shown = Counter[str](), Counter[tuple[str, str]](), 0
    for _ in range(asked.articles):
        text, expected, numbers = article_of(choose)
        day = None if expected["published_in_text"] else expected["published"]
        clipping = read_article(text, published=day)
        rows = outcomes_of(clipping, expected)
        if str(clipping.published) != expected["published"]:
            rows.append(("day", str(clipping.published), 0.0))
        counts.update(outcome for outcome, *_ in rows)
        for outcome, _, number in rows:
            parts[numbers.get(number, ""), outcome] += 1
        bad = [
            (outcome, words) for outcome, words, _ in rows if outcome in {"wrong", "never", "day"}
        ]
        if bad and shown < asked.wrong:
            shown += 1
            print(
                text, *(f"   {outcome}: {words}" for outcome, words in bad), sep="\n", end="\n---\n"
            )
    if asked.parts:
        for name in OUTCOMES:
            print(f"{name}:")
            worst = [(n, part) for (part, outcome), n in parts.items() if outcome == name]
            for n, part in sorted(worst, reverse=True)[: asked.parts]:
                total = sum(parts[part, other] for other in OUTCOMES[:5]) or n
                print(f"  {n:5d} of {total:5d}  {part}")
    total = sum(counts[name] for name in OUTCOMES[:5])
    print(f"claims {total}: " + ", ".join(f"{counts[name]} {name}" for name in OUTCOMES[:5]))
    print(f"never to be claimed, and claimed: {counts['never']}; days wrong: {counts['day']}")
    stands = counts["right"] + counts["wrong"] + counts["never"]
    print(f"of {stands} that stand {(stands - counts['right']) / stands:.1%} are wrong")


if __name__ == "__main__":
    main()
