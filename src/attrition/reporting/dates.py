"""When totals pass their thresholds, as the one sentence of an article.

A sentence holds the claim, its probability, whose count it is, the day on which that was known,
and the condition. What is claimed depends on where the law lies, which
:attr:`Passing.statements` reads.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from attrition.core.laws import Law
from attrition.core.laws.digits import rounded
from attrition.reporting.passing import (
    FACT,
    MOST,
    MOST_OF_TWO,
    Passing,
    Statement,
    bracketed,
    conditioned,
    fitted,
    fitting,
)
from attrition.reporting.stretches import stretch, undated
from attrition.reporting.subject import (
    NOBODY,
    YEAR,
    Subject,
    closing,
    figures_that,
    figures_words,
    named,
    source_name,
    subject_of,
    whose,
)
from attrition.reporting.words import Scale, day_words, in_signs, likelihood_word, percent

_HARDLY = 0.05
"""Below this probability of having passed by a day it is said how likely it has not."""


def when_words(passing: Passing, scale: Scale | None = None) -> str:
    """Return the sentence of one threshold, in at most forty words."""
    return fitted(passing.law, lambda law: _candidates(passing.of(law), scale))


def by_day_words(passing: Passing, day: date) -> str:
    """Return how likely a threshold has been passed by a day that was asked about."""
    past = day == passing.law.information_date
    claim = Statement(passing.by(day), "have", f"by {day_words(day)}", day)
    if passing.rounded(claim.share) < _HARDLY:
        claim = passing.below(day)
    asides = [] if past else passing.asides(claim)[:1]
    return fitted(passing.law, lambda law: _likely(passing.of(law), claim, *asides, past=past))


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
    subject: Subject, level: str, share: float, scale: Scale | None = None, draws: float = math.inf
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
    law, what = passing.law, passing.law.provenance
    head = f"{_unsettling(law)} not settle {passing.unsettled_words} {passing.level}"
    shares = [passing.outside(short=short) for short in (False, True)]
    if not what.floors:  # of which only the past is told, which depends on nothing
        shares[0] = [*shares[0], passing.ended_words]
        # several sources may yet be told by their number, one cannot
        shares += [shares[1][-1:]] * (len(what.sources) == 1) + [[]] * (what.sources == NOBODY)
    for texts in shares:
        listed = f": {', '.join(filter(None, texts))}" if any(texts) else ""
        for brief in (False, True):
            yield f"{head}{listed}{'' if what.floors else f', {passing.holds(short=brief)}'}."


def _unsettling(law: Law) -> str:
    """Return which figures it is that do not settle something."""
    what, day = law.provenance, day_words(law.information_date)
    if not what.contested:
        return figures_that(law)
    names = _listed([named(name) for name, _, _ in what.contested])
    whose_known = f"to {day}" if what.sources == NOBODY else f"of {names} known on {day}"
    return f"Figures {whose_known} exclude one another, and do"


_NEARLY = 0.05
"""Counts that are about as far apart on an earlier day are told of that one."""

_WOULD = 0.85
"""From this probability on a clause says "would", below "might"."""


def thresholds_words(passings: Sequence[Passing]) -> str:
    """Return one sentence of several thresholds; of two in at most 55 words."""

    def sentences(law: Law) -> Iterator[str]:
        return _thresholds([one.of(law) for one in passings])

    return fitted(passings[0].law, sentences, most=MOST_OF_TWO)


def _thresholds(passings: Sequence[Passing]) -> Iterator[str]:
    first, loose = passings[0], [one for one in passings if one.unsettled]
    subject, law = first.subject, first.law
    claims = [(one, one.statements[-1]) for one in passings if not one.unsettled]
    past = not loose and all(claim.day is None for _, claim in claims)
    why = closing(law, past=past, beside=subject.text)
    texts, when = [], ""
    for one, claim in claims:
        what = one.to(claim)
        if claim.when == when and when.startswith(("by ", "until ")):
            what = f"{what.removesuffix(when)}{when.split(maxsplit=1)[0]} then"
        texts.append(f"{one.percent(claim.share)} likely {what}")
        when = claim.when
    head = f"{subject.first} {subject.are} {_listed(texts)}"
    for brief in (False, True):
        holds = "" if past or law.provenance.floors else f" {first.holds(short=brief)}"
        if not loose:
            yield f"{head}{holds}{why}"
            continue
        for short in (False, True):
            opens = [f"{one.level}{bracketed(one.outside(short=short))}" for one in loose]
            level, _, shares = _listed(opens, "or").partition(" (")
            if not claims:
                when = f"{first.unsettled_words} {_listed(opens, 'or')}"
                yield f"{figures_that(law)} not settle {when}{',' * bool(holds)}{holds}."
                continue
            if len(loose) > 1:
                level, shares = _listed(opens, "or"), ""
            when = f"when {subject.they} {subject.passes} {level} is not settled"
            when += f" ({shares}" if shares else ""
            yield f"{head}, but {when}{',' * bool(holds)}{holds}{why}"


def _listed(texts: Sequence[str], last: str = "and") -> str:
    """Return texts as a list: "a, b and c"."""
    return f" {last} ".join(text for text in (", ".join(texts[:-1]), *texts[-1:]) if text)


def clause(passing: Passing) -> str:
    """Return what happens to a threshold and when, with its probability in brackets."""
    if passing.unsettled:
        outside = bracketed(passing.outside())
        return f"may {passing.subject.verb} {passing.level} on a day that is not settled{outside}"
    claim = passing.statements[-1]
    share, verb = f"({passing.percent(claim.share)})", claim.verb(passing.subject)
    if claim.day is None and passing.rounded(claim.share) >= FACT:
        return f"had {passing.subject.passed} {passing.level} {claim.when} {share}"
    return f"{_may(passing, claim)} {verb} {passing.level} {claim.when} {share}"


def _may(passing: Passing, claim: Statement) -> str:
    """Return how a clause begins whose probability stands in brackets."""
    return "would" if passing.rounded(claim.share) >= _WOULD and claim.day is not None else "may"


def counts_words(passings: Sequence[Passing]) -> str:
    """Return one sentence of one threshold by several counts, and whether they disagree."""
    subject = subject_of(passings[0].law.provenance)  # each count has its own name
    subject = dataclasses.replace(subject, verb=passings[0].subject.verb)
    # the people themselves, in fewer words than their number, where nothing else fits
    return fitting((t for one in (subject, subject.many) for t in _counts(passings, one)), MOST)


def _counts(passings: Sequence[Passing], subject: Subject) -> Iterator[str]:
    first = passings[0]
    differ = "disagree" if apart(passings) else "differ"
    head = f"Counts {differ} on when {subject.text} {subject.passes} {first.level}"
    known = first.law.information_date
    for brief, without in ((False, ()), (True, ()), (True, ("would",)), (True, ("would", "has"))):
        holds = first.holds(short=brief)
        clauses = [(_counted(one), *_words_of(one, brief=brief)) for one in passings]
        parts = ", ".join(_gapped(clauses, without))
        if set(YEAR.findall(parts)) == {str(known.year)}:  # which is named below
            parts = undated(parts, known.year)
        if not without:
            yield f"{head}: {parts}, {holds}, as known on {day_words(known)}."
        yield f"{head}: {parts}, {holds} (known on {day_words(known)})."
    yield from _range(passings, subject)


def _range(passings: Sequence[Passing], subject: Subject) -> Iterator[str]:
    """Yield how likely it is by one day, the end of a month, on which counts differ most."""
    first, known = passings[0], passings[0].law.information_date
    months = (stretch(known + timedelta(days=d), "month") for d in range(0, first.mean.size, 28))
    ends = {month.last: month.until for month in months if month.last < first.law.horizon}
    days = {day: day_words(day) for day in (known, first.law.horizon)}
    until = {known: days[known]} | ends | days  # today is told without a condition
    draws = min(each.law.draws for each in passings)
    shares = {day: sorted((one.by(day), _counted(one)) for one in passings) for day in until}
    # the first of the days on which they are printed about as far apart as on any
    widths = {
        day: rounded(few[-1][0], draws) - rounded(few[0][0], draws) for day, few in shares.items()
    }
    least_wide = max(widths.values()) - _NEARLY
    day = next(day for day, width in widths.items() if width >= least_wide)
    (least, one), *_, (most, other) = shares[day]
    low, high = percent(least, draws), percent(most, draws)
    past = day == known
    verb = f"likely to have {subject.passed} {first.level} by {until[day]}"
    likely = [f"{verb}, as known on that day."]
    if not past:
        on = day_words(known)
        if known.year == day.year:
            on = undated(on, day.year)
        likely = [f"{verb} {first.holds()}, as known on {day_words(known)}."]
        likely += [f"{verb} {first.holds(short=True)} (known on {on})."]
    odds = re.sub(r"^([\d.]+) %", r"\1", f"{low} to {high}")  # whose it is tells the note
    named_odds = f"{low} ({one}) to {high} ({other})"
    for then in likely:
        yield f"Depending on the count, {subject.text} {subject.are} {named_odds} {then}"
        yield f"{subject.first} {subject.are} {named_odds} {then}"
    for then in likely:
        yield f"Depending on the count, {subject.text} {subject.are} {odds} {then}"
    yield f"{subject.first} {subject.are} {in_signs(odds)} {likely[-1]}"


def _gapped(clauses: Sequence[tuple[str, str, str]], without: Sequence[str]) -> Iterator[str]:
    """Yield clauses of whose count, verb and rest; two that share a verb say it once.

    They are ``without`` verbs that their dates tell as well; without all of these, what is less or
    more than a share is told in signs.
    """
    last, may = "", any(verb == "may" for _, verb, _ in clauses)
    for who, own, rest in clauses:
        verb = "may" if may and own == "would" else own
        verb, text = ("" if verb in without else verb, in_signs(rest) if without[1:] else rest)
        yield f"{who} {text if verb == last else f'{verb} {text}'.strip()}"
        last = verb


def _counted(passing: Passing) -> str:
    """Return whose count, without the word: "CSIS’s", "the toll itself"."""
    what = passing.law.provenance
    name = source_name(what)
    if not name:
        return "the toll itself" if what.basis == "latent" else "the series"
    return whose(name, "count").removesuffix(" count")


def _words_of(passing: Passing, *, brief: bool) -> tuple[str, str]:
    """Return verb and date by one count; ``brief`` leaves the lower end of an interval out."""
    if passing.unsettled:
        outside = passing.outside(short=True)
        return "is", f"not settled{bracketed(outside[:1] if brief else outside)}"
    claim = passing.statements[-1]
    if brief and not claim.form and passing.upper is not None:
        claim = passing.until(passing.upper)
    lower = passing.lower
    if (
        lower is not None
        and passing.upper is None
        and not claim.form
        and passing.rounded(claim.share) < _WOULD
    ):
        return "would", f"not before {lower.since} ({passing.percent(1 - passing.before(lower))})"
    share = f"({passing.percent(claim.share)})"
    if claim.day is None:
        return ("has" if passing.rounded(claim.share) >= _WOULD else "may have"), f"already {share}"
    no = "" if claim.form in {"", "have"} else "not "
    when = claim.when.replace("on ", "by ") if no else claim.when
    return _may(passing, claim), f"{no}{when} {share}"


def apart(passings: Sequence[Passing]) -> bool:
    """Tell whether two intervals share no day."""
    spans = []
    for one in passings:
        days = (one.law.horizon - one.law.information_date).days
        ends = {"already": -1.0, "beyond": days + 1.0, "ended": days + 1.0}
        low, _, high = (
            float(end.offset) if end.offset is not None else ends[end.state]
            for end in one.read.dates
        )
        spans.append((low, high))
    latest, earliest = max(span[0] for span in spans), min(span[1] for span in spans)
    return latest > earliest or (latest == earliest and len(set(spans)) > 1)
