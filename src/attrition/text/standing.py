"""Whether a figure is stated, denied, unconfirmed, supposed or still to come."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from attrition.text.context import sentence_around
from attrition.text.elements import Figure
from attrition.text.rules import about
from attrition.text.text import Tokens
from attrition.text.vocabulary import CATEGORY, WORDS, phrases_for

_FALSE: Final = {
    first: [phrase for phrase in phrases_for("false") if phrase[0] == first]
    for first, *_ in phrases_for("false")
}
"""Phrases that call false what follows, by their first word."""
_FAR_OFF: Final = 8
_NEAR: Final = 4
_FAR: Final = 30


def is_not(word: str) -> bool:
    """Return whether a word negates: "not", "never", "didn't"."""
    return word in WORDS.not_words or word.endswith("n't")


def standing_of(tokens: Tokens, figure: Figure) -> str:
    """Return how the words stand to a figure.

    Returns
    -------
    str
        "stated", "denied", "unconfirmed", "hypothetical" or "future".
    """
    start, stop = max(figure.first - _FAR, 0), min(figure.last + _FAR, len(tokens))
    begin, end = sentence_around(tokens, figure, start, stop)
    before, after = tokens.low[begin : figure.first], tokens.low[figure.last + 1 : end]
    verb = before[-1:] and before[-1] in CATEGORY and is_not((before[-2:-1] or [""])[0])
    neither = verb or ("neither" in before[-_NEAR:] and "of" in before[-_NEAR:])
    if (
        neither
        or any(about(kind, figure) for kind in ("not_but", "denied_here", "denied_next"))
        or before[-2:] == [",", "not"]
        or (before[-1:] == ["not"] and before[-3:-2] == ["there"])  # "there were not 50 dead"
        or ["not", ","] in [before[k : k + 2] for k in range(len(before))]
        or _denied_before(before)
        or _debunked(before)
        or _denied_after(before, after)
        or _not_done(after)
        or _called_a_lie(tokens, figure.last + 1)
    ):
        return "denied"
    if _unproved(before) or _unproved(after):
        return "unconfirmed"
    if before[:1] and before[0] in WORDS.suppose and not tokens.used[begin]:
        return "hypothetical"
    if (
        _is_later(_same_clause(before))
        or _is_later(after[: _NEAR if WORDS.befell.isdisjoint(after[:_NEAR]) else 0], of_this=True)
        or _to_climb(tokens.low[begin : figure.numbers[0].first], after)
    ):
        return "future"
    return "stated"


def _is_later(words: list[str], *, of_this: bool = False) -> bool:
    """Return whether a verb is still to come, and not that of whoever deals with what was.

    The number that "would climb" stands now, and so does what is above "the expected" one.
    """
    return any(
        word in WORDS.later
        and then not in WORDS.dealing
        and (before, word) != ("the", "expected")
        and not (of_this and then in WORDS.grows)
        for before, word, then in zip(["", *words], words, [*words[1:], ""], strict=False)
    )


def _to_climb(before: list[str], after: list[str]) -> bool:
    """Return whether a count may come to a figure: "could reach"; the true one may be there now."""
    supposed = WORDS.ahead & set(before) or ("worst", "case") in pairwise(before)
    if supposed or ("that" in before and WORDS.odds & set(before)):
        return True  # "there is a 36% chance that the toll lies between"
    near = before[-_NEAR:] + after[:_NEAR]
    due = "by" in after[: 2 * _NEAR] and "have" not in near  # "could die by the end of May"
    if due or "if" in after or "unless" in after:
        return bool(WORDS.modal & set(near))
    climbs = any(word in WORDS.modal and then in WORDS.climbs for word, then in pairwise(before))
    return climbs and not {"true", "real", "actual"} & set(before)


def _same_clause(before: list[str]) -> list[str]:
    """Return the nearest words before a figure in its own clause, and so of its own verb."""
    near = before[-2 * _NEAR :]
    cut = max((k for k, word in enumerate(near) if word in WORDS.clauses), default=-1)
    return near[cut + 1 :]


def _denied_before(before: list[str]) -> bool:
    """Return whether the words before deny: "denied killing", "it is not true that"."""
    for k, word in enumerate(before):
        if word in WORDS.denies and not (k and is_not(before[k - 1])):
            rest = _object(before[k + 1 :])
            what = rest[:_FAR_OFF]
            if word in WORDS.by_object:
                rest = [w for w in rest if w not in WORDS.told_when] if word == "denying" else rest
                what = [*rest[:1], *(WORDS.claims & set(rest[: _FAR_OFF + 2]))]
            of_theirs = {*rest[:1]} & WORDS.he_or_they and {*rest[1:2]} & WORDS.had_done
            if of_theirs or not rest or WORDS.denied_what & set(what) or rest[0] in CATEGORY:
                # as "by its reckoning they are" after a colon, and "and says that"
                own = {"its", "it", "they"} & set(rest[rest.index(":") :] if ":" in rest else [])
                says = any(a == "and" and b in WORDS.says for a, b in pairwise(rest))
                return not (says or own or WORDS.instead & set(rest))
        untrue = word == "true" and is_not(before[k - 1]) and _that(before[k + 1 :])
        if untrue or (
            word in {"truth", "correspond"} and any(map(is_not, before[max(k - _NEAR, 0) : k]))
        ):
            ended = {":"} if word == "correspond" else WORDS.instead
            return not ended & set(before[k:])  # "not a word of truth in reports that"
        for phrase in _FALSE.get(word, ()):
            if tuple(before[k : k + len(phrase)]) == phrase:
                ended = {","} if phrase[0] == "contrary" else WORDS.instead
                return not ended & set(before[k:])
    return False


def _object(rest: list[str]) -> list[str]:
    """Return the words after a verb that denies from its object on."""
    if rest[:1] == ["as"]:
        rest = rest[2:]  # "rejects as unfounded the statement that"
    while rest[:1] and rest[0].endswith("ally"):
        rest = rest[1:]  # "deny categorically"
    return rest[1:] if rest[:2] == ["the", "loss"] else rest


def _debunked(before: list[str]) -> bool:
    """Return whether a heading turns down what it tells: "debunked: 40 were killed"."""
    k = before.index(":") - 1 if ":" in before[1:] else -1
    return k >= 0 and before[k] in WORDS.turned_down and not WORDS.claims & set(before[:k])


def _that(rest: list[str]) -> bool:
    """Return whether a clause with "that" follows, or one after who says so: ", he says, that"."""
    if rest[:1] == [","]:
        rest = rest[rest.index(",", 1) + 1 :] if "," in rest[1 : _NEAR + 2] else []
    return rest[:1] == ["that"]


def _denied_after(before: list[str], after: list[str]) -> bool:
    """Return whether a claim is turned down after its figure: "... was denied by the army"."""
    after = [word for word in after if word not in WORDS.plainly and not word.endswith("ally")]
    if any(
        before in {"a", "an", "which"} and _scorned(after, k + 1)
        for k, (comma, before) in enumerate(pairwise(after))
        if comma == ","
    ):
        return True  # "killed 40 fighters, a claim the group denied", "..., which the army denies"
    if WORDS.lie & set(after) and ("figure" in after[: _NEAR + 1] or WORDS.called & set(before)):
        return True  # "60 dead, a figure police said was baseless"
    if not WORDS.claims & set(before):
        return False
    for k, word in enumerate(after[:-1]):
        rest = after[k + 2 :] if after[k + 1] in {"a", "an"} else after[k + 1 :]
        negated = word in WORDS.be_found and (
            bool(WORDS.lie & set(rest[:2]) and "not" not in rest[:1])
            or after[k + 1 : k + 3] == ["not", "true"]
            or after[k + 1 : k + 4] == ["not", "to", "be"]  # "is not to be taken literally"
        )
        groundless = word in {"no", "without"} and after[k + 1] in WORDS.lie | WORDS.ground
        if (negated or groundless) and not WORDS.instead & set(after[:k]):
            return True
    if any(w == "correspond" and is_not(after[k - 1]) for k, w in enumerate(after) if k):
        return True  # "does not correspond to reality"
    return any(
        word in WORDS.turned_down
        and after[k - 1] in WORDS.be_found
        and not is_not(after[k - 2] if k > 1 else "")
        for k, word in enumerate(after)
        if k
    )


def _scorned(after: list[str], k: int) -> bool:
    """Return whether words after a comma turn down what stands before it, and name no other."""
    noun = after[k] == "which" or after[k + 2 : k + 3] == ["that"]
    noun = noun or bool(WORDS.claims & set(after[k + 1 : k + 2]))
    scorn = WORDS.scorn | WORDS.lie | WORDS.reduce
    end = next((j for j in range(k + 1, len(after)) if after[j] in scorn), 0)
    rest = (after[end + 1 :] or ["."])[0]
    if after[end] in WORDS.reduce:
        return noun and rest == "to"  # "a figure that scholars reduce to 4,000"
    alone = rest in {",", ".", "as", "outright", "by", "on", "yesterday"} or rest.endswith("ly")
    return noun and k < end <= k + _FAR_OFF and alone and not is_not(after[end - 1])


def _called_a_lie(tokens: Tokens, k: int) -> bool:
    """Return whether the rest of a text calls "that number a lie"."""
    for j in range(k, min(k + _FAR, len(tokens))):
        what = tokens.at(j + 1)
        called = what in {"that", "the", "this", "it", "such"} or what.endswith("ly")
        if tokens.low[j] in WORDS.called and called:
            return bool((WORDS.lie | {"inflated"}) & set(tokens.low[j + 2 : j + 6]))
    return False


def _not_done(after: list[str]) -> bool:
    """Return whether what befell the people is negated: "1,000 people did not die"."""
    for k, word in enumerate(after[:_NEAR]):
        if word == "not" or word.endswith("n't"):
            rest = [w for w in after[k + 1 : k + 3] if w not in WORDS.be_found]
            return bool(rest) and rest[0] in CATEGORY
    return False


def _unproved(words: list[str]) -> bool:
    """Return whether words say that nobody has confirmed the figure."""
    for k, word in enumerate(words):
        if word in WORDS.unsure:
            return True
        if word in WORDS.proved and any(is_not(w) for w in words[max(k - _NEAR, 0) : k]):
            return True
    return False
