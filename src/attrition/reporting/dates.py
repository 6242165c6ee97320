"""When a total passes a threshold, as the one sentence of an article.

A sentence holds the claim, its probability, whose count it is, the day on which that was known,
and the condition. What is said first depends on where the law lies: its words follow the
probability that the threshold had been passed already, and never the level of an interval.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date

from attrition.reporting.passing import EVEN, MOST, SMALL, Passing, fitting, words_in
from attrition.reporting.stretches import between
from attrition.reporting.subject import Subject, briefly, figures_words, subject_of, whoever
from attrition.reporting.words import (
    Scale,
    condition,
    day_words,
    likelihood_word,
    percent,
    plain,
    rounded_amount,
)

_PAST = 0.95
"""From this probability on the sentence is about the past alone."""


def when_words(passing: Passing, scale: Scale | None = None) -> str:
    """Return the sentence of one threshold, in at most forty words."""
    text = fitting(_candidates(passing, scale))
    if words_in(text) <= MOST:
        return text
    return fitting(_candidates(dataclasses.replace(passing, law=briefly(passing.law)), scale))


def level_words(passing: Passing) -> str:
    """Return the threshold as a newspaper prints it."""
    what = passing.law.provenance
    named = what.unit in subject_of(what).text.split()  # "losses of personnel" need no unit
    return rounded_amount(passing.read.threshold, "persons" if named else what.unit)


def _candidates(passing: Passing, scale: Scale | None) -> Iterator[str]:
    """Yield the sentence from the fullest to the shortest."""
    if passing.law.provenance.contested and max(passing.already, passing.later) < _PAST:
        yield from _contested(passing)
    elif passing.law.provenance.floors and passing.already < _PAST:
        yield from _floored(passing)
    else:
        yield from _settled(passing, scale)


def _settled(passing: Passing, scale: Scale | None) -> Iterator[str]:
    dated = passing.upper is not None
    if passing.already >= _PAST or passing.read.upper.state == "already":
        yield from _past(passing, scale)
    elif passing.already >= EVEN[0]:
        yield from _past_or_soon(passing, scale)
    elif passing.read.lower.state in {"beyond", "ended"}:
        yield from _never(passing)
    elif passing.lower is None and not dated:
        if passing.later >= _LIKELY:
            yield from _never(passing)
        elif min(passing.already, passing.later) >= _SIDE and passing.read.masses.within < _LIKELY:
            yield from _open(passing)
        else:
            yield from _by_horizon(passing)
    elif passing.lower is None:
        yield from _by(passing)
    elif dated:
        yield from _between(passing)
    elif passing.later <= 1 - _LIKELY:
        yield from _by_horizon(passing)
    else:
        yield from _not_before(passing)


def _contested(passing: Passing) -> Iterator[str]:
    """Yield that sources exclude one another: the law has several hills, and no date is its own."""
    law = passing.law
    subject = subject_of(law.provenance)
    *rest, last = (plain(name) for name, _, _ in law.provenance.contested)
    who = f"{', '.join(rest)} and {last}"
    shares = f"{percent(passing.already)} already, {percent(passing.later)} not by "
    shares += day_words(law.horizon)
    for whose in (whoever(law, subject), ""):
        what = f"when {subject.text}{whose} {subject.passes} {level_words(passing)}"
        for short in (False, True):
            holds = condition(law, short=short)
            yield (
                f"Figures of {who} exclude one another, and do not settle {what}: {shares}, "
                f"{holds}."
            )
    yield f"Figures exclude one another, and do not settle {what}: {shares}, {holds}."


def _head(passing: Passing, *, first: bool = True) -> tuple[Subject, str]:
    subject = subject_of(passing.law.provenance)
    whole = (subject.first if first else subject.text) + whoever(passing.law, subject)
    return subject, whole


def _closed(claim: str, passing: Passing, asides: list[str]) -> Iterator[str]:
    """Yield a claim with its condition, its figures and ever fewer asides."""
    law = passing.law
    stock = [aside for aside in asides if aside]
    for short in (False, True):
        for count in range(len(stock) + 1):
            inside = f" ({'; '.join(stock[count:])})" if stock[count:] else ""
            why = figures_words(law, beside=claim + inside)
            yield f"{claim} {condition(law, short=short)}, {why}{inside}."


_LIKELY = 0.75
"""Below this probability of passing, or not, by the horizon nothing is settled."""

_SIDE = 0.05
"""Nothing is settled only where both sides hold at least this much."""

_FACT = 0.99
"""From this probability on what has been passed is said to have been, where no word fits."""


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
    if share >= _FACT:
        return f"had {subject.passed} {level}", f" ({number} probable {{}})"
    return f"{subject.are} {number} likely to have {subject.passed} {level}", " {}"


def _already_words(passing: Passing, scale: Scale | None) -> str:
    subject, whole = _head(passing)
    claim, stated = had(subject, level_words(passing), passing.already, scale)
    day, why = day_words(passing.law.information_date), figures_words(passing.law, known=False)
    return f"{whole} {claim} by {day}{stated.format(why)}"


def _past(passing: Passing, scale: Scale | None) -> Iterator[str]:
    yield f"{_already_words(passing, scale)}."


def _past_or_soon(passing: Passing, scale: Scale | None) -> Iterator[str]:
    law, (subject, whole) = passing.law, _head(passing)
    worded = _already_words(passing, scale)
    share, why = percent(passing.already), figures_words(law, known=False)
    number = f"{whole} {subject.are} {share} likely to have {subject.passed} {level_words(passing)}"
    bare = f"{number} by {day_words(law.information_date)} {why}"
    rest = f"; {percent(passing.later)} not by {day_words(law.horizon)},"
    if passing.upper is not None:
        sure = percent(passing.by(passing.upper.last))
        rest = f", and {sure} likely to by {passing.upper.until}"
    for first, short in ((worded, False), (worded, True), (bare, True)):
        yield f"{first}{rest} {condition(law, short=short)}."
    yield f"{worded}."


def _already(passing: Passing) -> str:
    """Return how likely a threshold had been passed already, where that is worth saying."""
    return "" if passing.already < SMALL else f"{percent(passing.already)} already"


def _by(passing: Passing) -> Iterator[str]:
    subject, whole = _head(passing)
    upper = passing.upper
    if upper is None:
        raise TypeError(passing.read)
    share = percent(passing.by(upper.last))
    verb = f"have {subject.passed}" if passing.already >= SMALL else subject.verb
    claim = f"{whole} {subject.are} {share} likely to {verb} {level_words(passing)} by"
    asides = [passing.middle(upper.last), _already(passing)]
    yield from _closed(f"{claim} {upper.until}", passing, asides)


def _by_horizon(passing: Passing) -> Iterator[str]:
    """Say of a law that reaches past the end of what it covers how much lies before."""
    subject, whole = _head(passing)
    last = passing.law.horizon
    verb = f"have {subject.passed}" if passing.already >= SMALL else subject.verb
    claim = (
        f"{whole} {subject.are} {percent(passing.by(last))} likely to {verb} "
        f"{level_words(passing)} by {day_words(last)}"
    )
    asides = [passing.middle(last), _already(passing)]
    yield from _closed(claim, passing, asides)


def _between(passing: Passing) -> Iterator[str]:
    subject, whole = _head(passing)
    lower, upper = passing.lower, passing.upper
    if lower is None or upper is None:
        raise TypeError(passing.read)
    claim = f"{whole} {subject.are} {percent(passing.within)} likely to {subject.verb}"
    span = between(lower, upper)
    wide = passing.read.unit not in {"day", "week"}  # else the interval says enough
    asides = [passing.middle(upper.last) if wide else "", _already(passing)]
    yield from _closed(f"{claim} {level_words(passing)} {span}", passing, asides)
    yield from _by(passing)


def _beyond(passing: Passing) -> str:
    """Return how likely a threshold is not passed by the horizon."""
    return f"{percent(passing.later)} not by {day_words(passing.law.horizon)}{_ended(passing)}"


def _ended(passing: Passing) -> str:
    """Return how far an end that comes first explains that."""
    if passing.ended < SMALL:
        return ""
    return f", {percent(passing.ended)} because {passing.law.provenance.ending} ends first"


def _not_before(passing: Passing) -> Iterator[str]:
    subject, whole = _head(passing)
    lower = passing.lower
    if lower is None:
        raise TypeError(passing.read)
    share = percent(1 - passing.before(lower))
    claim = f"{whole} {subject.are} {share} likely not to {subject.verb} {level_words(passing)}"
    asides = [passing.middle(lower.first), _beyond(passing)]
    yield from _closed(f"{claim} before {lower.since}", passing, asides)


def _never(passing: Passing) -> Iterator[str]:
    subject, whole = _head(passing)
    claim = (
        f"{whole} {subject.are} {percent(passing.later)} likely not to {subject.verb} "
        f"{level_words(passing)} by {day_words(passing.law.horizon)}"
    )
    ended = _ended(passing).removeprefix(", ")
    yield from _closed(claim, passing, [ended, _already(passing)])


def _open(passing: Passing) -> Iterator[str]:
    """Say that nothing is settled, and what is left on either side."""
    law = passing.law
    head, known = _unsettled(passing, "do not settle"), day_words(law.horizon)
    shares = f"{percent(passing.already)} already, {percent(passing.later)} not by"
    for short in (False, True):
        for ended in (_ended(passing), ""):
            yield f"{head}: {shares} {known}{ended}, {condition(law, short=short)}."


def _unsettled(passing: Passing, do: str) -> str:
    """Return of which figures it is that they do not settle when a threshold is passed."""
    subject, whole = _head(passing, first=False)
    text = figures_words(passing.law)
    figures = text.removeprefix("on ")
    begins = figures[:1].upper() + figures[1:]
    if text.startswith("in "):
        begins = f"Simulated paths from {day_words(passing.law.information_date)}"
    return f"{begins} {do} when {whole} {subject.passes} {level_words(passing)}"


def _floored(passing: Passing) -> Iterator[str]:
    """Say that every figure is a floor: what had been passed already, and no date."""
    head = _unsettled(passing, "are floors, and do not settle")
    for short in (False, True):
        holds = condition(passing.law, short=short)
        yield f"{head}: {percent(passing.already)} already, {holds}."


def by_day_words(passing: Passing, day: date) -> str:
    """Return how likely a threshold has been passed by a day that was asked about."""
    subject, whole = _head(passing)
    law, level = passing.law, level_words(passing)
    share = percent(passing.by(day))
    chance = f"{whole} {subject.are} {share} likely to have {subject.passed} {level} by"
    if day == law.information_date:
        return f"{chance} {day_words(day)}, {figures_words(law, known=False)}."
    asides = [_already(passing)]
    return fitting(_closed(f"{chance} {day_words(day)}", passing, asides))
