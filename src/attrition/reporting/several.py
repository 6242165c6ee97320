"""Several thresholds of one total, and several counts of one threshold, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrition.reporting.dates import unsettling
from attrition.reporting.passing import FACT, LIKELY, MOST, MOST_OF_TWO, SMALL, Passing, fitting
from attrition.reporting.stretches import between
from attrition.reporting.subject import Subject, capital, figures_words, source_name, spelled, whose
from attrition.reporting.words import day_words, likelihood_word, percent

_WOULD = 0.85
"""From this probability on a clause says "would", below "might"."""


def thresholds_words(passings: Sequence[Passing]) -> str:
    """Return one sentence of several thresholds; of two in at most 55 words."""
    first = passings[0]
    past = all(one.read.upper.state == "already" for one in passings)

    def sentences() -> Iterator[str]:
        for brief in (False, True):
            holds = "" if past else f"{first.holds(short=brief)}, "
            why = figures_words(first.law, known=not past)
            parts = _once([_clause(one, brief=brief) for one in passings if not one.unsettled])
            loose = [one for one in passings if one.unsettled]
            opens = [f"{one.level} ({'; '.join(one.outside)})" for one in loose]
            if not parts:
                begins = f"{capital(why.removeprefix('on '))} {unsettling(first.law)} when"
                what = f"{first.subject.text}{first.whoever} {first.subject.passes}"
                yield f"{begins} {what} {_listed(opens)}, {holds.removesuffix(', ')}."
                continue
            they = "they" if first.subject.plural else "it"
            levels = _listed([one.level for one in loose])
            shares = ", ".join("; ".join(one.outside) for one in loose)
            when = f", but when {they} {first.subject.passes} {levels} is not settled ({shares})"
            yield f"{first.whole} {_listed(parts)}{when if opens else ''}, {holds}{why}."

    return fitting(sentences(), MOST_OF_TWO)


def _listed(texts: Sequence[str]) -> str:
    """Return texts as a list: "a, b and c"."""
    return " and ".join(text for text in (", ".join(texts[:-1]), *texts[-1:]) if text)


def _once(clauses: Sequence[tuple[str, str]]) -> list[str]:
    """Say a verb once where clauses that follow one another share it: "would pass … and …"."""
    parts, last = [], ""
    for verb, rest in clauses:
        parts.append(rest if verb == last and " not " not in verb else f"{verb} {rest}")
        last = verb
    return parts


def clause(passing: Passing) -> str:
    """Return what happens to a threshold and when, with its probability in brackets."""
    return " ".join(_clause(passing, brief=False))


def _clause(passing: Passing, *, brief: bool) -> tuple[str, str]:
    """Return the verb of a clause, and the rest; ``brief`` leaves outer shares to the note."""
    verb, level = passing.subject.verb, passing.level
    if passing.unsettled:
        return f"may {verb}", f"{level} on a day that is not settled ({'; '.join(passing.outside)})"
    tail, share, shares = _tail(passing)
    aside = "" if brief else "".join(f"; {text}" for text in shares)
    if passing.read.upper.state == "already":
        return _had(share, f"{verb}ed"), f"{level} {tail} ({percent(share)})"
    may = "would" if share >= _WOULD else "might"
    if tail.startswith("not "):
        may, tail = f"{may} not", tail.removeprefix("not ")
    return f"{may} {verb}", f"{level} {tail} ({percent(share)}{aside})"


_ADVERBS = {
    "almost certain": "almost certainly",
    "very likely": "very probably",
    "likely": "probably",
}


def _had(share: float, passed: str) -> str:
    """Return that a total had passed a level, as surely as it had: as ICD-203 has words for it."""
    if share >= FACT:
        return f"had {passed}"
    adverb = _ADVERBS.get(likelihood_word(share))
    return f"had {adverb} {passed}" if adverb else f"may already have {passed}"


def _tail(passing: Passing) -> tuple[str, float, list[str]]:
    """Return when, with which probability, and what lies outside."""
    law, read = passing.law, passing.read
    lower, upper, last = passing.lower, passing.upper, day_words(law.horizon)
    already = [f"{percent(passing.already)} already"] if passing.already >= SMALL else []
    later = [f"{percent(passing.later)} not by {last}"]
    if read.upper.state == "already":
        return f"by {day_words(law.information_date)}", passing.already, []
    if lower is not None and upper is not None:
        return between(lower, upper), passing.within, []
    if upper is not None:
        return f"by {upper.until}", passing.by(upper.last), already
    if lower is not None:
        return f"not before {lower.since}", 1 - passing.before(lower), later
    if passing.later >= LIKELY:
        return f"not by {last}", passing.later, already
    return f"by {last}", 1 - passing.later, already


def counts_words(passings: Sequence[Passing]) -> str:
    """Return one sentence of one threshold by several counts, and whether they disagree."""
    subject = passings[0].subject
    # the people themselves, in fewer words than their number, where nothing else fits
    return fitting((t for one in (subject, subject.many) for t in _counts(passings, one)), MOST)


def _counts(passings: Sequence[Passing], subject: Subject) -> Iterator[str]:
    first = passings[0]
    what = f"when {subject.text} {subject.passes} {first.level}"
    head = f"Counts disagree on {what}"
    if not _apart(passings):
        head = capital(f"{what} depends on the count")
    day = day_words(first.law.information_date)
    for brief, one_sided in ((False, False), (True, False), (True, True)):
        holds = first.holds(short=brief)
        texts = [_words_of(one, brief=brief, one_sided=one_sided) for one in passings]
        parts = ", ".join(
            f"{_counted(one)} {text}" for one, text in zip(passings, texts, strict=True)
        )
        yield f"{head}: {parts}, {holds}, as known on {day}."
        yield f"{head}: {parts}, {holds} (known on {day})."
    # shares beyond what is printed in signs, for a sentence that is too long in words
    parts = parts.replace("more than ", ">").replace("less than ", "<")
    yield f"{head}: {parts}, {holds} (known on {day})."
    # by the chance at the middle of all days, then by what is left at the end
    least, *_, most = sorted(passings, key=lambda one: (-float(one.mean.mean()), one.later))
    one, other = (_words_of(each, brief=True, one_sided=True) for each in (least, most))
    begins = f"{head}: of {spelled(len(passings))}, {_counted(least)}"
    few = f"{one}, and {_counted(most)} last, {other}, {holds}, as known on {day}."
    yield f"{begins} is first, {few}"
    yield f"{begins} first, {one}, {_counted(most)} last, {other}, {holds} (known on {day})."


def _counted(passing: Passing) -> str:
    """Return whose count, without the word: "CSIS’s", "the toll itself"."""
    what = passing.law.provenance
    name = source_name(what)
    if not name:
        return "the toll itself" if what.basis == "latent" else "the series"
    return whose(name, "count").removesuffix(" count")


def _words_of(passing: Passing, *, brief: bool, one_sided: bool = False) -> str:
    """Return when by one count; ``one_sided`` leaves the lower end of an interval to the note."""
    if passing.unsettled:
        outside = passing.outside[:1] if one_sided else passing.outside
        return f"not settled ({'; '.join(outside)})"
    tail, share, shares = _tail(passing)
    upper = passing.upper
    if one_sided and passing.lower is not None and upper is not None:
        tail, share = f"by {upper.until}", passing.by(upper.last)
    aside = "" if brief else "".join(f"; {text}" for text in shares)
    if passing.read.upper.state == "already":
        return f"already ({percent(share)})"
    return f"{tail} ({percent(share)}{aside})"


def _apart(passings: Sequence[Passing]) -> bool:
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
