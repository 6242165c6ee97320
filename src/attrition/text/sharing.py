"""What neighbouring figures of a sentence share."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from attrition.text.context import Reach
from attrition.text.found import Figure
from attrition.text.hedging import ends_sentence
from attrition.text.reading import Reading
from attrition.text.text import Tokens
from attrition.text.vocabulary import MEMBERS

_LISTED: Final = 5
_COMPARED: Final = frozenset({"up", "down", "compared", "against", "versus"})
_VERBS: Final = frozenset(
    {"are", "were", "is", "was", "have", "has", "had", "could", "may", "might", "died", "will"}
)
_OF_THE: Final = frozenset({"of", "the", "its", "their", "some"})


def inherit(tokens: Tokens, figures: list[Figure], readings: list[Reading]) -> list[Reading]:
    """Let a figure take from its neighbours in the sentence what its own clause leaves out.

    First each takes from the one after it ("60,000 killed and 180,000 wounded per day"), then
    from the one before it ("950,000 Russian soldiers, including 250,000 dead").
    """
    for i in range(len(readings) - 2, -1, -1):
        gap = [tokens.low[k] for k in range(figures[i].last + 1, figures[i + 1].first)]
        this, then = readings[i], readings[i + 1]
        if _part_of(gap):
            readings[i] = _filled(this, then, ("category", "scope", "side"))
        elif this.unit == then.unit and "including" in gap:
            readings[i] = _filled(this, then, ("category",))
        elif this.unit == then.unit and _listed(tokens, figures[i], figures[i + 1]):
            readings[i] = _filled(_same_time(this, then), then, ("category", "scope", "side"))
    for i in range(1, len(readings)):
        between = range(figures[i - 1].last + 1, figures[i].first)
        apart = any(ends_sentence(tokens, k) for k in between)
        if not apart and not _part_of([tokens.low[k] for k in between]):
            compared = any(tokens.low[k] in _COMPARED for k in between)
            readings[i] = _continued(readings[i - 1], readings[i], compared=compared)
    return readings


def share_verb(tokens: Tokens, figures: list[Figure], reaches: list[Reach]) -> None:
    """Give the verb of "4,000 of the 11,000 troops have been killed" to the first figure."""
    for i in range(len(figures) - 1):
        one, two = figures[i], figures[i + 1]
        if not _part_of([tokens.low[k] for k in range(one.last + 1, two.first)]):
            continue
        right = reaches[i + 1].right
        verb = next((k for k in right if tokens.low[k] in _VERBS), None)
        if verb is not None:
            nothing = range(0)
            reaches[i] = replace(reaches[i], right=range(verb, right.stop), far_right=nothing)
            reaches[i + 1] = replace(
                reaches[i + 1], right=range(right.start, verb), far_right=nothing
            )


def _continued(before: Reading, this: Reading, *, compared: bool) -> Reading:
    """Return a reading with what the figure before it has already said."""
    if this.unit != before.unit:
        return this
    names = ("scope", "side", "as_of") if this.ambiguous else ("category", "scope", "side", "as_of")
    this = _filled(this, before, names)
    if compared and before.kind == "rate" and this.kind != "rate":
        this = replace(this, kind="rate", per=before.per)
    if this.window is None and before.window and this.kind == "level":
        this = replace(this, window=before.window, kind="increment")
    return this


def _listed(tokens: Tokens, one: Figure, two: Figure) -> bool:
    return not _whole(tokens, one) and paired(tokens, one, two)


def _whole(tokens: Tokens, figure: Figure) -> bool:
    """Return whether a figure opens "of the 700,000 deployed, 200,000 are dead"."""
    before = figure.first - 1
    if tokens.at(before) in {"the", "some", "their", "its"}:
        before -= 1
    return tokens.at(before) == "of" and tokens.at(before - 1) in {"", ",", ".", "that", ":"}


def _part_of(gap: list[str]) -> bool:
    """Return whether two figures read "4,000 of the 11,000 troops"."""
    return "of" in gap and set(gap) <= _OF_THE


def _filled(this: Reading, other: Reading, names: tuple[str, ...]) -> Reading:
    """Return a reading whose empty fields come from another one."""
    taken = {
        name: getattr(other, name)
        for name in names
        if getattr(this, name) is None and getattr(other, name) is not None
    }
    return replace(this, **taken) if taken else this


def _same_time(this: Reading, then: Reading) -> Reading:
    """Return a reading with the period that stands once, after the second of two categories."""
    if not (this.category and then.category) or this.per is not None or this.window is not None:
        return this
    if then.kind == "rate" and {this.category, then.category} <= MEMBERS:
        return replace(this, per=then.per, kind="rate", window=then.window)
    if then.kind == "increment" and then.window is not None and this.kind == "level":
        return replace(this, window=then.window, kind="increment")
    return this


def paired(tokens: Tokens, one: Figure, two: Figure) -> bool:
    """Return whether two figures are listed together ("60,000 killed and 180,000 wounded")."""
    gap = [tokens.low[k] for k in range(one.last + 1, two.first)]
    return (
        0 < len(gap) <= _LISTED
        and any(word in {"and", ",", "or"} for word in gap)
        and not any(
            word in {".", ";", "of", "including", "with", "(", "since", "in"} for word in gap
        )
    )
