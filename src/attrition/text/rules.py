"""The rules of ``rules.toml``: what words mean beside certain others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import inf

from attrition.text.elements import Figure, Number
from attrition.text.patterns import beside, find, which
from attrition.text.text import Tokens
from attrition.text.vocabulary import table_of, words_for


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the table.

    Attributes
    ----------
    when : tuple of str
        Patterns, one of which must stand.
    gives : str
        What follows.
    words : frozenset of str
        The words that it is about, where it is about words.
    most, digits : float, bool
        What the number must be, where it is about numbers: not above, and in digits.
    example : str
        A sentence that needs it.
    """

    when: tuple[str, ...]
    gives: str
    words: frozenset[str]
    most: float
    digits: bool
    example: str


@cache
def rules_for(kind: str) -> tuple[Rule, ...]:
    """Return the rules of one kind, in their order."""
    return tuple(
        Rule(
            tuple(entry["when"]),
            entry.get("gives", ""),
            _words(entry.get("words", "")),
            entry.get("most", inf),
            entry.get("digits", False),
            entry["example"],
        )
        for entry in table_of("rules.toml")[kind]
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


@cache
def _flat(kind: str) -> tuple[tuple[str, ...], tuple[Rule, ...]]:
    """Return the patterns of all rules of a kind, and the rule of each."""
    pairs = [(pattern, rule) for rule in rules_for(kind) for pattern in rule.when]
    return tuple(pattern for pattern, _ in pairs), tuple(rule for _, rule in pairs)


def given(kind: str, tokens: Tokens, first: int, last: int) -> str:
    """Return what the first rule gives that holds around some tokens, or nothing."""
    patterns, rules = _flat(kind)
    i = which(tokens, first, last, patterns)
    return rules[i].gives if i >= 0 else ""


def fits_one(
    kind: str, tokens: Tokens, first: int, last: int, number: Number | None = None
) -> bool:
    """Return whether a rule of one kind holds around some tokens, and of the number they are."""
    patterns, rules = _flat(kind)
    i = which(tokens, first, last, patterns)
    if i < 0 or number is None:
        return i >= 0
    return any(
        number.value <= rule.most and number.digits >= rule.digits
        for rule, pattern in zip(rules[i:], patterns[i:], strict=True)
        if beside(tokens, first, last, pattern)
    )


def about(kind: str, figure: Figure) -> bool:
    """Return whether a rule of one kind holds around a figure."""
    return fits_one(kind, figure.tokens, figure.first, figure.last)


def given_in(kind: str, text: str) -> str:
    """Return what the first rule of one kind gives that holds in a text, or nothing."""
    return next((rule.gives for rule in rules_for(kind) if find(text, rule.when)), "")


def stands(kind: str, text: str) -> slice | None:
    """Return where in a text, with "#" for its figure, a rule of one kind holds."""
    return find(text, _flat(kind)[0])
