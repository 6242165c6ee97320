"""When a total passes a threshold, as the one sentence of an article.

A sentence holds the claim, its probability, whose count it is, the day on which that was known,
and the condition. What is claimed depends on where the law lies, which
:attr:`Passing.statements` reads.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

from attrition.core.laws import Law
from attrition.reporting.passing import FACT, Passing, Statement, conditioned, fitted
from attrition.reporting.stretches import undated
from attrition.reporting.subject import Subject, capital, figures_words, named
from attrition.reporting.words import Scale, day_words, likelihood_word, percent, rounded

_HARDLY = 0.05
"""Below this probability of having passed by a day it is said how likely it has not."""


def when_words(passing: Passing, scale: Scale | None = None) -> str:
    """Return the sentence of one threshold, in at most forty words."""
    return fitted(lambda law: _candidates(passing.of(law), scale), passing.law)


def by_day_words(passing: Passing, day: date) -> str:
    """Return how likely a threshold has been passed by a day that was asked about."""
    past = day == passing.law.information_date
    claim = Statement(passing.by(day), "have", f"by {day_words(day)}", day)
    if passing.rounded(claim.share) < _HARDLY:
        claim = passing.below(day)
    asides = [] if past else passing.asides(claim)[:1]
    return fitted(lambda law: _likely(passing.of(law), claim, *asides, past=past), passing.law)


def _candidates(passing: Passing, scale: Scale | None) -> Iterator[str]:
    """Yield the sentence from the fullest to the shortest."""
    first, *then = passing.statements
    if passing.unsettled:
        yield from _unsettled(passing)
    elif first.day is None:
        yield from _past(passing, then, scale)
    else:
        yield from _likely(passing, first, *passing.asides(first))
        if passing.upper is not None:  # in fewer words than both ends
            last = passing.until(passing.upper)
            yield from _likely(passing, last, *passing.asides(last))


def _likely(passing: Passing, claim: Statement, *asides: str, past: bool = False) -> Iterator[str]:
    """Yield how likely something is, with ever fewer asides, condition and figures."""
    what = f"{passing.subject.are} {passing.percent(claim.share)} likely {passing.to(claim)}"
    yield from conditioned(passing.law, f"{passing.subject.first} {what}", *asides, past=past)


def _past(passing: Passing, then: list[Statement], scale: Scale | None) -> Iterator[str]:
    """Yield that a total had passed a level, as surely as it had, and what follows then."""
    subject, day = passing.subject, day_words(passing.law.information_date)
    claim, stated = had(subject, passing.level, passing.already, scale, passing.law.draws)
    why = figures_words(passing.law, past=True, beside=subject.text)
    text = f"{subject.first} {claim} by {day}{stated.format(why)}"
    for later in then:
        again = "" if claim.startswith(subject.are) else f"{subject.are} "
        when = undated(later.when, passing.law.information_date.year)
        sure = f"{again}{passing.percent(later.share)} likely to have done so {when}"
        for short in (False, True):
            yield f"{text}, and {sure} {passing.holds(short=short)}."
        yield from _likely(passing, later, *passing.asides(later))
    yield f"{text}."


def had(
    subject: Subject,
    level: str,
    share: float,
    scale: Scale | None = None,
    draws: float = math.inf,
) -> tuple[str, str]:
    """Return that a total had passed a level, as surely as it had, and how its number stands.

    Examples
    --------
    >>> many = Subject("deaths", plural=True, verb="pass")
    >>> had(many, "900", 0.9999)
    ('had passed 900', ' (more than 99.9 % probable {})')
    >>> had(many, "900", 0.76)
    ('are likely to have passed 900', ' (76 % {})')
    """
    share, number = rounded(share, draws), percent(share, draws)
    word = likelihood_word(share, scale)
    if word.startswith("a "):
        return f"{subject.have} {word} of having {subject.passed} {level}", f" ({number} {{}})"
    if word:
        return f"{subject.are} {word} to have {subject.passed} {level}", f" ({number} {{}})"
    if share >= FACT:
        return f"had {subject.passed} {level}", f" ({number} probable {{}})"
    return f"{subject.are} {number} likely to have {subject.passed} {level}", " {}"


def _unsettled(passing: Passing) -> Iterator[str]:
    """Yield that figures do not settle when, and how likely it is past or far.

    Where sources exclude one another the law has several hills, and no date is its own.
    """
    law = passing.law
    for who, brief in _unsettling(law):
        what = f"{who} not settle {passing.unsettled_words} {passing.level}"
        what = what.replace(", whoever counts,", "") if brief else what
        floors = law.provenance.floors  # of which only the past is told, which depends on nothing
        long, short = (passing.outside(short=short) for short in (False, True))
        for texts in ([*long, "" if floors else passing.ended_words], long, short):
            listed = ", ".join(filter(None, texts))
            for few in (False, True):
                yield f"{what}: {listed}{'' if floors else f', {passing.holds(short=few)}'}."


def _unsettling(law: Law) -> Iterator[tuple[str, bool]]:
    """Yield which figures it is that do not settle something, and whether the rest is brief."""
    *rest, last = (named(name) for name, _, _ in law.provenance.contested or (("", 0, 0),))
    if not last:
        yield figures_that(law), False
        return
    exclude = f"known on {day_words(law.information_date)} exclude one another, and do"
    for brief in (False, True):
        yield f"Figures of {', '.join(rest)} and {last} {exclude}", brief
    yield f"Figures {exclude}", True


def figures_that(law: Law) -> str:
    """Return which figures it is that do something: "The UN’s figures to 5 June 2025 do"."""
    begins = capital(figures_words(law).removeprefix("on ").removeprefix("in "))
    return f"{begins}{' are minimums, and' * law.provenance.floors} do"
