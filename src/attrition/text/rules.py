"""The rules of ``rules.toml``: what words mean beside certain others."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from attrition.text.patterns import beside
from attrition.text.text import Tokens
from attrition.text.vocabulary import words_for


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: patterns, what follows where one of them stands, and a sentence that needs it."""

    when: tuple[str, ...]
    gives: str
    words: frozenset[str]
    example: str


@cache
def rules_for(kind: str) -> tuple[Rule, ...]:
    """Return the rules of one kind, in their order."""
    text = resources.files("attrition.text").joinpath("rules.toml").read_text("utf-8")
    return tuple(
        Rule(
            tuple(entry["when"]),
            entry.get("gives", ""),
            _words(entry.get("words", "")),
            entry["example"],
        )
        for entry in tomllib.loads(text)[kind]
    )


def _words(names: str) -> frozenset[str]:
    return frozenset[str]().union(
        *(words_for(name[1:-1]) if name[0] == "<" else {name} for name in names.split())
    )


@cache
def _by_word(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the patterns of the rules about each word."""
    patterns: dict[str, tuple[str, ...]] = {}
    for rule in rules_for(kind):
        for word in rule.words:
            patterns[word] = patterns.get(word, ()) + rule.when
    return patterns


def word_fits(kind: str, tokens: Tokens, k: int) -> bool:
    """Return whether a rule about the word at a place holds there."""
    patterns = _by_word(kind).get(tokens.low[k])
    return patterns is not None and beside(tokens, k, k, *patterns)


def given(kind: str, tokens: Tokens, first: int, last: int) -> str:
    """Return what the first rule gives that holds around some tokens, or nothing."""
    return next(
        (rule.gives for rule in rules_for(kind) if beside(tokens, first, last, *rule.when)), ""
    )
