"""When a total passes a threshold, as the one sentence of an article.

A sentence holds the claim, its probability, whose count it is, the day on which that was known,
and the condition. What is said first depends on where the law lies: its words follow the
probability that the threshold had been passed already, and never the level of an interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

from attrition.core.laws import Law
from attrition.reporting.passing import (
    EVEN,
    FACT,
    LIKELY,
    PAST,
    SMALL,
    Passing,
    conditioned,
    fitted,
)
from attrition.reporting.stretches import between
from attrition.reporting.subject import Subject, capital, figures_words, named
from attrition.reporting.words import Scale, day_words, likelihood_word, percent


def when_words(passing: Passing, scale: Scale | None = None) -> str:
    """Return the sentence of one threshold, in at most forty words."""
    return fitted(lambda law: _candidates(passing.of(law), scale), passing.law)


def _candidates(passing: Passing, scale: Scale | None) -> Iterator[str]:
    """Yield the sentence from the fullest to the shortest."""
    if not passing.unsettled:
        yield from _settled(passing, scale)
    elif passing.law.provenance.contested:
        yield from _contested(passing)
    else:
        ends = ("",) if passing.law.provenance.floors else (_ended(passing), "")
        head = f"{_unsettled(passing)}: {', '.join(passing.outside)}"
        for short, ended in product((False, True), ends):
            yield f"{head}{ended}, {passing.holds(short=short)}."


def _settled(passing: Passing, scale: Scale | None) -> Iterator[str]:
    lower, upper, end = passing.lower, passing.upper, passing.law.horizon
    open_ended = lower is None and upper is None
    if passing.already >= PAST or passing.read.upper.state == "already":
        yield f"{_already_words(passing, scale)}."
    elif passing.already >= EVEN[0]:
        yield from _past_or_soon(passing, scale)
    elif passing.read.lower.state in {"beyond", "ended"} or (
        open_ended and passing.later >= LIKELY
    ):
        what = f"not to {passing.subject.verb} {passing.level} by {day_words(end)}"
        ended = _ended(passing).removeprefix(", ")
        yield from _likely(passing, passing.later, what, ended, _already(passing))
    elif lower is not None and upper is not None:
        wide = passing.unit not in {"day", "week"}  # else the interval says enough
        middle = passing.middle(upper.last) if wide else ""
        what = f"to {passing.subject.verb} {passing.level} {between(lower, upper)}"
        yield from _likely(passing, passing.within, what, middle, _already(passing))
        yield from _by(passing, upper.last, upper.until)
    elif upper is not None:
        yield from _by(passing, upper.last, upper.until)
    elif lower is None or passing.later <= 1 - LIKELY:
        yield from _by(passing, end, day_words(end))
    else:
        what = f"not to {passing.subject.verb} {passing.level} before {lower.since}"
        asides = (passing.middle(lower.first), f"{_beyond(passing)}{_ended(passing)}")
        yield from _likely(passing, 1 - passing.before(lower), what, *asides)


def _contested(passing: Passing) -> Iterator[str]:
    """Yield that sources exclude one another: the law has several hills, and no date is its own."""
    *rest, last = (named(name) for name, _, _ in passing.law.provenance.contested)
    who = f"{', '.join(rest)} and {last}"
    subject = passing.subject
    for whose in (passing.whoever, ""):
        what = f"when {subject.text}{whose} {subject.passes} {passing.level}"
        for short in (False, True):
            tail = f"do not settle {what}: {', '.join(passing.outside)}, "
            tail += f"{passing.holds(short=short)}."
            yield f"Figures of {who} exclude one another, and {tail}"
    yield f"Figures exclude one another, and {tail}"


def _likely(passing: Passing, share: float, what: str, *asides: str) -> Iterator[str]:
    """Yield how likely something is, with condition, figures and ever fewer asides."""
    claim = f"{passing.whole} {passing.subject.are} {percent(share)} likely {what}"
    yield from conditioned(passing.law, claim, *asides)


def had(subject: Subject, level: str, share: float, scale: Scale | None = None) -> tuple[str, str]:
    """Return that a total had passed a level, as surely as it had, and how its number stands.

    Examples
    --------
    >>> many = Subject("deaths", plural=True, verb="pass")
    >>> had(many, "900", 0.9999)
    ('had passed 900', ' (more than 99.9 % probable {})')
    >>> had(many, "900", 0.76)
    ('are likely to have passed 900', ' (76 % {})')
    """
    word, number = likelihood_word(share, scale), percent(share)
    if word.startswith("a "):
        return f"{subject.have} {word} of having {subject.passed} {level}", f" ({number} {{}})"
    if word:
        return f"{subject.are} {word} to have {subject.passed} {level}", f" ({number} {{}})"
    if share >= FACT:
        return f"had {subject.passed} {level}", f" ({number} probable {{}})"
    return f"{subject.are} {number} likely to have {subject.passed} {level}", " {}"


def _already_words(passing: Passing, scale: Scale | None) -> str:
    claim, stated = had(passing.subject, passing.level, passing.already, scale)
    day, why = day_words(passing.law.information_date), figures_words(passing.law, known=False)
    return f"{passing.whole} {claim} by {day}{stated.format(why)}"


def _past_or_soon(passing: Passing, scale: Scale | None) -> Iterator[str]:
    worded = _already_words(passing, scale)
    bare = f"{_by_today(passing)} {figures_words(passing.law, known=False)}"
    rest = f"; {_beyond(passing)},"
    if passing.upper is not None:
        sure = percent(passing.by(passing.upper.last))
        rest = f", and {sure} likely to by {passing.upper.until}"
    for first, short in ((worded, False), (worded, True), (bare, True)):
        yield f"{first}{rest} {passing.holds(short=short)}."
    yield f"{worded}."


def _by_today(passing: Passing) -> str:
    """Return how likely a threshold had been passed by the information date."""
    subject, day = passing.subject, day_words(passing.law.information_date)
    share = percent(passing.already)
    return (
        f"{passing.whole} {subject.are} {share} likely to have {subject.passed} {passing.level} "
        f"by {day}"
    )


def _already(passing: Passing) -> str:
    """Return how likely a threshold had been passed already, where that is worth saying."""
    return "" if passing.already < SMALL else f"{percent(passing.already)} already"


def _by(passing: Passing, last: date, words: str) -> Iterator[str]:
    """Yield how likely a threshold is passed by a day that is printed in these words."""
    what = f"to {passing.verb} {passing.level} by {words}"
    asides = (passing.middle(last), _already(passing))
    yield from _likely(passing, passing.by(last), what, *asides)


def _beyond(passing: Passing) -> str:
    """Return how likely a threshold is not passed by the horizon."""
    return f"{percent(passing.later)} not by {day_words(passing.law.horizon)}"


def _ended(passing: Passing) -> str:
    """Return how far an end that comes first explains that."""
    if passing.ended < SMALL:
        return ""
    return f", {percent(passing.ended)} because {passing.law.provenance.ending} ends first"


def unsettling(law: Law) -> str:
    """Return what figures do that settle nothing, after their name."""
    return f"{'are minimums, and ' if law.provenance.floors else ''}do not settle"


def _unsettled(passing: Passing) -> str:
    """Return of which figures it is that they do not settle when a threshold is passed."""
    subject, text = passing.subject, figures_words(passing.law)
    begins = capital(text.removeprefix("on "))
    if text.startswith("in "):
        begins = f"Simulated paths from {day_words(passing.law.information_date)}"
    whole = f"{subject.text}{passing.whoever}"
    return f"{begins} {unsettling(passing.law)} when {whole} {subject.passes} {passing.level}"


def by_day_words(passing: Passing, day: date) -> str:
    """Return how likely a threshold has been passed by a day that was asked about."""
    if day == passing.law.information_date:
        return f"{_by_today(passing)}, {figures_words(passing.law, known=False)}."
    what = f"to have {passing.subject.passed} {passing.level} by {day_words(day)}"
    share, already = passing.by(day), _already(passing)
    return fitted(
        lambda law: _likely(passing.of(law), share, what, already),
        passing.law,
    )
