"""No number in the prose of a page is taken on trust.

Of each number in a sentence it is asked whether it stands in an example of the page, which is run,
in a sentence that tests/test_numbers_of_pages.py fills, or in tests/quoted_facts.toml beside its
source. Number words count from three up before a unit, and from ten up before any noun.
"""

from __future__ import annotations

import re
import tomllib
from calendar import month_name
from functools import cache
from pathlib import Path

import pytest

from test_numbers_of_pages import PAGES, filled, squeezed

ROOT = Path(__file__).parent.parent
FACTS: dict[str, dict[str, str]] = tomllib.loads(
    (ROOT / "tests/quoted_facts.toml").read_text(encoding="utf-8")
)
MONTH = {name: str(i) for i, name in enumerate(month_name) if name}
SMALL = """three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty"""
TENS = "thirty forty fifty sixty seventy eighty ninety"
WORDS = {name: str(i) for i, name in enumerate(SMALL.split(), 3)} | {
    name: str(10 * i) for i, name in enumerate(TENS.split(), 3)
}
# The fifth of a list is no part; a fifth, three fifths and a two-hundredth are.
PARTS = {
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "twelfth": 12,
    "twentieth": 20,
    "fiftieth": 50,
    "hundredth": 100,
    "two-hundredth": 200,
    "thousandth": 1000,
}
UNIT = "(?:days?|weeks?|months?|years?|times|tenths?|thousand|percent)"
_DATE = re.compile(
    rf"(\d\d?) ({'|'.join(MONTH)})\b|\d{{4}}-(\d\d)-(\d\d)|\(\d{{4}}, (\d\d?), (\d\d?)\)"
)
_WORD = re.compile(rf"\b(?i:({'|'.join(WORDS)}))\b(?: ({UNIT})\b)?")
_PART = re.compile(rf"\b(an?|one|two|{'|'.join(WORDS)})[ -]({'|'.join(PARTS)})s?\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\d[\d,_]*(?:\.\d+)?(?: ?%)?")
_CODE = re.compile(
    r"^(?:```|~~~)(?=\S)(?!\{(?:glossary|image)).*?^(?:```|~~~)$", re.MULTILINE | re.DOTALL
)
_FENCE = re.compile(r"^(?:(?:```|~~~).*|:width:.*)$", re.MULTILINE)
# Names and addresses: what they are called by is no statement.
_NAMES = re.compile(r"(?m)^\d+\. |`[^`]*`|\]\((?:[^()]|\([^()]*\))*\)|doi:\S+|https?://\S+")
_YEAR = re.compile(r"(?<![\w.,])(?:19|20)\d\d(?![\d,]\d|\w|[.]\d)")
# What a command writes anew is compared with it by tests/test_docs.py: tables, the gallery, and the
# page of sentences as a whole.
_MADE = re.compile(r"<!-- (?:table: \w+|gallery) -->.*?<!-- end[\w ]* -->", re.DOTALL)
MADE = "sentences"
# In a formula 0, 1 and 2 are mathematics.
_FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]+\$", re.DOTALL)
_PLAIN = re.compile(r"(?<![\d.,])[012](?![\d.,])")
# What newcomers stopped at is told as they did, on the days that are named; it is its own source.
_LOG = re.compile(r"^## Tried by newcomers$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
# Decisions and the changelog keep the numbers of their day.
READ = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    *(
        str(path.relative_to(ROOT))
        for folder in (ROOT / "docs", ROOT / "docs/tutorials")
        for path in sorted(folder.glob("*.md"))
        if path.stem != MADE
    ),
)


def numbers(text: str) -> set[str]:
    """Return the dates, numbers and shares of a text, each in one form."""
    dates = {
        f"{MONTH[month]}/{day}" if month else f"{int(m or m2)}/{int(d or d2)}"
        for day, month, m, d, m2, d2 in _DATE.findall(text)
    }
    rest = _YEAR.sub(" ", _DATE.sub(" ", text))
    plain = {n.replace(",", "").replace("_", "").replace(" ", "") for n in _NUMBER.findall(rest)}
    words = {
        WORDS[word.lower()]
        for word, unit in _WORD.findall(rest)
        if unit or int(WORDS[word.lower()]) >= 10
    }
    parts = {
        f"{({'two': '2'} | WORDS).get(many.lower(), '1')}/{PARTS[part.lower()]}"
        for many, part in _PART.findall(rest)
    }
    return dates | {n.rstrip(".") for n in plain} | words | parts


def _prose(page: str) -> str:
    for what in (_CODE, _MADE, _LOG, _FENCE, _NAMES):
        page = what.sub(" ", page)
    return squeezed(page)


def unfounded(page: str, backed: tuple[str, ...]) -> set[str]:
    """Return the numbers of the prose of a page that nothing backs, and what backs none."""
    examples = numbers(" ".join(_CODE.findall(page)))
    shares = {f"{100 * float(n):g}%" for n in examples if re.fullmatch(r"0?\.\d+", n)}
    prose, facts = _prose(page), sorted(map(_prose, backed), key=len, reverse=True)
    idle = {words for words in facts if words not in prose}
    for words in facts:
        prose = prose.replace(words, f" {'$' * words.count('$')} ")
    prose = _FORMULA.sub(lambda formula: _PLAIN.sub(" ", formula[0]), prose)
    return idle | numbers(prose) - examples - shares - {n.rstrip("%") for n in examples}


@cache
def _backed(page: str) -> tuple[str, ...]:
    sentences = [filled(words, source()) for name, words, source in PAGES if name == page]
    return (*sentences, *FACTS.get(page, {}))


def test_facts_are_those_of_pages_and_say_where_they_are_from() -> None:
    assert set(FACTS) <= set(READ)
    sources = [source for facts in FACTS.values() for source in facts.values()]
    assert all(sources)
    paths = re.findall(r"\b(?:src|tests|docs|benchmarks)/[\w./-]*\w", " ".join(sources))
    assert [path for path in paths if not [*ROOT.glob(f"{path}*")]] == []


@pytest.mark.parametrize("page", READ)
def test_every_number_of_the_prose_has_its_place(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert unfounded(text, _backed(page)) == set()


@pytest.mark.parametrize(
    ("page", "true", "false"),
    [
        ("docs/cases.md", "44,218 dead", "44,219 dead"),
        ("docs/cases.md", "75,200 violent", "75,300 violent"),
        ("docs/compared.md", "forty thousand", "fifty thousand"),
        ("docs/tutorials/recorded-count.md", "on 12 June", "on 13 June"),
        ("docs/tutorials/article-to-dossier.md", "three days earlier", "six days earlier"),
        ("docs/assimilation-example.md", "five months off", "four months off"),
        ("docs/editors.md", "goes with 95 %", "goes with 96 %"),
        ("docs/how-tested.md", "outside authors | 1,436", "outside authors | 1,437"),
        ("docs/races.md", "16 to 28 %", "16 to 29 %"),
        ("docs/mathematics.md", "one in ten of 16 %", "one in ten of 18 %"),
        ("docs/engine.md", "a fiftieth of", "a fortieth of"),
        ("docs/explanation.md", "that a fifth is", "that a sixth is"),
        ("docs/mathematics.md", "t/30)$ of length", "t/31)$ of length"),
        ("docs/trust.md", "85 % of 500", "80 % of 500"),
    ],
)
def test_a_number_that_nothing_backs_would_be_noticed(page: str, true: str, false: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert text.count(true) == 1
    assert unfounded(text.replace(true, false), _backed(page)) != set()
