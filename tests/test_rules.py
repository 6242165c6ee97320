"""Every rule of `rules.toml` is needed: its example is read differently without it."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import TYPE_CHECKING

import pytest

import attrition as at
from attrition.core.errors import InputError
from attrition.data.articles import rivals
from attrition.text import parse, reader, rules
from attrition.text.patterns import beside, find, fits
from attrition.text.text import tokenise

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = tomllib.loads(resources.files("attrition.text").joinpath("rules.toml").read_text("utf-8"))
KINDS = tuple(TABLE)
ROWS = [(kind, i) for kind in KINDS for i in range(len(rules.rules_for(kind)))]
ALL = rules.rules_for


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    _forget()
    yield
    _forget()


def _forget() -> None:
    reader._by_default.cache_clear()
    rules._by_word.cache_clear()
    rules._flat.cache_clear()


def _read(text: str) -> tuple[object, ...]:
    """Return what a text gives as a quotation, and as an article with all that it claims."""
    _forget()
    article = at.read_article(text, published="2026-05-14")
    seen = [(one.source, one.doubt, one.reading) for one in article.mentions]
    whole = (article.claims, article.doubts, article.sources, article.quantities, seen)
    try:
        return parse(text), *whole
    except InputError as error:
        return str(error), *whole


@pytest.mark.parametrize(("kind", "i"), ROWS, ids=[f"{kind} {i}" for kind, i in ROWS])
def test_the_example_of_a_rule_is_read_differently_without_it(
    kind: str, i: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = ALL(kind)[i].example
    with_it = _read(example)
    without = {kind: (*ALL(kind)[:i], *ALL(kind)[i + 1 :])}
    for room in (rules, rivals):
        monkeypatch.setattr(room, "rules_for", lambda name: without.get(name, ALL(name)))
    assert _read(example) != with_it


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("deaths|killing of #", "the deaths of 12", "the sons of 12"),
        ("# of <them>", "12 of them", "12 of those"),
        ("# ..2 drowned", "12 men had drowned", "12 men have since drowned"),
        ("!by #", "12", "by 12"),
        ("# the? !$* end", "12 the very end", "12 the very start"),
        ("$ # $", "12", "12 men"),
        ("~ed|-wounded #", "treated 12", "wounded 12"),
        ("<number> and # <word>", "3 and 12 men", "men and 12 men"),
        ("said*  #", "said said 12", None),
    ],
)
def test_a_pattern_stands_beside_a_number(pattern: str, yes: str, no: str | None) -> None:
    for words, expected in ((yes, True), (no, False)):
        if words is not None:
            tokens = tokenise(words)
            k = tokens.low.index("12")
            assert beside(tokens, k, k, pattern) is expected


def test_words_fit_a_pattern_only_as_a_whole() -> None:
    assert fits(["out", "of", "the"], "out? of the")
    assert not fits(["out", "of", "the", "men"], "out? of the")
    assert not fits(["of"], "out? of the")


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("of the # dead", "Two of the # dead were boys", "of the # dead"),
        ("# ..3 boys", "# dead, and two boys", "# dead, and two boys"),
        ("# ..2 boys", "# dead, and two boys", None),
        ("was|is wrong", "The # was, he said, or is wrong.", "is wrong"),
        ("'s <word> list", "The agency’s own list of #", "’s own list"),
        ("$ also", "Also in the region", "Also"),
        ("$ also", "It is also so", None),
        ("so <sign>* $", "It is so.)", "so.)"),
        ("a|an pile-up", "# died in a pile-up", "a pile-up"),
    ],
)
def test_a_pattern_is_found_in_a_text(pattern: str, text: str, words: str | None) -> None:
    place = find(text, (pattern,))
    assert (None if place is None else text[place]) == words


def test_every_rule_says_why_it_holds() -> None:
    reasons = [row["reason"] for rows in TABLE.values() for row in rows]
    assert all(reasons)
    assert len(set(reasons)) == len(reasons) == len(ROWS)
