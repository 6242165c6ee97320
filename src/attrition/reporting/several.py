"""Several thresholds of one total, and several counts of one threshold, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrition.reporting.dates import level_words
from attrition.reporting.passing import MOST, MOST_OF_TWO, SMALL, Passing, fitting
from attrition.reporting.stretches import between
from attrition.reporting.subject import (
    capital,
    figures_words,
    source_name,
    spelled,
    subject_of,
    whoever,
    whose,
)
from attrition.reporting.words import condition, day_words, percent

_SAID = 0.85
"""From this probability on a clause says "would" and "had", below "might" and "may have"."""

_TWO = 2


def thresholds_words(passings: Sequence[Passing]) -> str:
    """Return one sentence of several thresholds; of two in at most 55 words."""
    law = passings[0].law
    subject = subject_of(law.provenance)
    head = f"{subject.first}{whoever(law, subject)}"

    def sentences() -> Iterator[str]:
        for brief in (False, True):
            parts = _once([clause(passing, brief=brief) for passing in passings])
            joined = " and ".join(parts)
            if len(parts) > _TWO:
                joined = f"{', '.join(parts[:-1])} and {parts[-1]}"
            holds = condition(law, short=brief)
            yield f"{head} {joined}, {holds}, {figures_words(law)}."

    return fitting(sentences(), MOST_OF_TWO)


def _once(clauses: Sequence[str]) -> list[str]:
    """Say a verb once where clauses that follow one another share it: "would pass … and …"."""
    parts, last = [clauses[0]], clauses[0].split()[:2]
    for text in clauses[1:]:
        verb, *rest = text.split()[:2], *text.split()[2:]
        parts.append(" ".join(rest) if verb == last and "not" not in verb else text)
        last = verb
    return parts


def clause(passing: Passing, *, brief: bool = False) -> str:
    """Return what happens to a threshold and when, with its probability in brackets.

    ``brief`` leaves the outer shares to the note.
    """
    verb, level = subject_of(passing.law.provenance).verb, level_words(passing)
    tail, share, shares = _tail(passing)
    aside = "" if brief else "".join(f"; {text}" for text in shares)
    if passing.read.upper.state == "already":
        sure = "had" if share >= _SAID else "may already have"
        return f"{sure} {verb}ed {level} {tail} ({percent(share)})"
    if tail == _NO_DATE:
        return f"might {verb} {level} {tail} ({'; '.join(shares)})"
    may = "would" if share >= _SAID else "might"
    return f"{may} {verb} {level} {tail} ({percent(share)}{aside})".replace(
        f"{may} {verb} {level} not ", f"{may} not {verb} {level} "
    )


_NO_DATE = "at no settled time"


def _tail(passing: Passing) -> tuple[str, float, list[str]]:
    """Return when, with which probability, and what lies outside."""
    law, read = passing.law, passing.read
    lower, upper, last = passing.lower, passing.upper, day_words(law.horizon)
    already = [f"{percent(passing.already)} already"] if passing.already >= SMALL else []
    later = [f"{percent(passing.later)} not by {last}"]
    if read.upper.state == "already":
        return f"by {day_words(law.information_date)}", passing.already, []
    if read.lower.state in {"beyond", "ended"}:
        return f"not by {last}", passing.later, []
    if upper is None and lower is None:
        return _NO_DATE, 1 - passing.already - passing.later, [*already, *later]
    if upper is None and lower is not None:
        return f"not before {lower.since}", 1 - passing.before(lower), later
    if lower is None and upper is not None:
        return f"by {upper.until}", passing.by(upper.last), already
    if lower is None or upper is None:
        raise TypeError(read)
    return between(lower, upper), passing.within, []


def counts_words(passings: Sequence[Passing]) -> str:
    """Return one sentence of one threshold by several counts, and whether they disagree."""
    return fitting(_counts(passings), MOST)


def _counts(passings: Sequence[Passing]) -> Iterator[str]:
    first = passings[0]
    law = first.law
    subject, level = subject_of(law.provenance), level_words(first)
    what = f"when {subject.text} {subject.passes} {level}"
    head = f"Counts disagree on {what}"
    if not _apart(passings):
        head = capital(f"{what} depends on the count")
    day = day_words(law.information_date)
    for brief in (False, True):
        holds = condition(law, short=brief)
        parts = [f"{_counted(one)} {_told(one, brief=brief)}" for one in passings]
        yield f"{head}: {', '.join(parts)}, {holds}, as known on {day}."
        yield f"{head}: {', '.join(parts)}, {holds} (known on {day})."
    ends = sorted(passings, key=_order)
    least, most = ends[0], ends[-1]
    few = f"{_counted(least)} is first, {_told(least, brief=True)}, and {_counted(most)} last, "
    few += _told(most, brief=True)
    holds = condition(law, short=True)
    yield f"{head}: of {spelled(len(passings))}, {few}, {holds}, as known on {day}."


def _counted(passing: Passing) -> str:
    """Return whose count, without the word: "CSIS’s", "the toll itself"."""
    what = passing.law.provenance
    name = source_name(what)
    if not name:
        return "the toll itself" if what.basis == "latent" else "the series"
    return whose(name, "count").removesuffix(" count")


def _told(passing: Passing, *, brief: bool) -> str:
    tail, share, shares = _tail(passing)
    aside = "" if brief else "".join(f"; {text}" for text in shares)
    if passing.read.upper.state == "already":
        return f"already ({percent(share)})"
    if tail == _NO_DATE:
        return f"{tail} ({'; '.join(shares)})"
    return f"{tail} ({percent(share)}{aside})"


def _order(passing: Passing) -> tuple[float, float]:
    """Return where a count stands among others: by its chance at the middle of all days."""
    return -float(passing.mean.mean()), passing.later


def _apart(passings: Sequence[Passing]) -> bool:
    """Tell whether two intervals share no day."""
    spans = []
    for one in passings:
        days = (one.law.horizon - one.law.information_date).days
        ends = {"already": -1.0, "beyond": days + 1.0, "ended": days + 1.0}
        spans.append(
            tuple(
                float(end.offset) if end.offset is not None else ends[end.state]
                for end in (one.read.lower, one.read.upper)
            )
        )
    latest, earliest = max(span[0] for span in spans), min(span[1] for span in spans)
    return latest > earliest or (latest == earliest and len(set(spans)) > 1)
