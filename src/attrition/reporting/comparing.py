"""Which reports moved a date, and by how much: two forecasts, and the way from one to the other."""

from __future__ import annotations

import dataclasses
import itertools
import math
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from attrition.core._showing import Shown, aligned
from attrition.core.errors import AttritionWarning, InputError, clip, refusal
from attrition.core.laws import crossing, print_date
from attrition.data.dossier import Claim, Dossier
from attrition.data.series import Series
from attrition.forecasts import Forecast, Question, forecast
from attrition.forecasts.asking import roots_of
from attrition.forecasts.influences import claim_words
from attrition.reporting.models import Record, RecordedCrossing, RecordedLaw
from attrition.reporting.record import (
    changed_rows,
    held_dossier,
    held_series,
    make_record,
    series_content,
    series_from,
)
from attrition.reporting.rows import html_table
from attrition.reporting.templates import for_html
from attrition.reporting.verification import (
    Compared,
    change_words,
    compare_crossing,
    is_counted,
    label,
    law_again,
    question_of,
)

_MOST = 12  # changes of reports, or months of a count, that are told one by one
_STILL = 0.05  # days: what prints as 0.0


@dataclass(frozen=True, slots=True)
class Shift(Shown):
    """One date that both forecasts give.

    Parameters
    ----------
    what : str
        Total, count and threshold.
    was, now : tuple of str
        Lower end, median and upper end as printed, before and after.
    days : float or None
        New median less old; None where either is no day within its forecast.
    mcse : float
        Monte Carlo standard error of that [day].

    See Also
    --------
    attrition.reporting.Comparison : all of them.

    Examples
    --------
    >>> import attrition as at
    >>> ask = {"quantities": ["kharkiv-advance"], "seed": 1}
    >>> forecast = at.forecast("russia-ukraine-2025-06", **ask)
    >>> half = at.forecast(
    ...     "russia-ukraine-2025-06", **ask, scenario={"pace": 0.5, "from": "2025-06-06"}
    ... )
    >>> shift = at.reporting.compare(half, forecast).shifts[0]
    >>> shift.was[1], shift.now[1], shift.days > 100
    ('November 2025', 'April 2026', True)
    """

    what: str
    was: tuple[str, str, str]
    now: tuple[str, str, str]
    days: float | None
    mcse: float


@dataclass(frozen=True, slots=True)
class Contribution(Shown):
    """What one change moves.

    Parameters
    ----------
    change : str
        What changed, in words.
    kind : str
        ``"version"``, ``"question"``, ``"dossier"``, ``"information date"``, ``"new"``,
        ``"withdrawn"``, ``"changed"``, ``"superseded"``, ``"count"``, ``"reports"`` (several of one
        source) or ``"Monte Carlo"``.
    published : datetime.date or None
        When the report appeared, of a report.
    days : mapping of str to float
        By how many days it moves each median, by ``what`` of a :class:`Shift`.
    mcse : mapping of str to float
        Monte Carlo standard error of each [day]; as if the random numbers were not the same, which
        they are, so that it is an upper bound.

    See Also
    --------
    attrition.reporting.Comparison : all of them.

    Examples
    --------
    >>> import attrition as at
    >>> ask = {"quantities": ["kharkiv-advance"], "seed": 1}
    >>> forecast = at.forecast("russia-ukraine-2025-06", **ask)
    >>> half = at.forecast(
    ...     "russia-ukraine-2025-06", **ask, scenario={"pace": 0.5, "from": "2025-06-06"}
    ... )
    >>> (change,) = at.reporting.compare(half, forecast).contributions
    >>> change.kind, [days > 100 for days in change.days.values()]
    ('question', [True])
    """

    change: str
    kind: str
    published: date | None
    days: Mapping[str, float]
    mcse: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Comparison(Shown):
    """What changed from one forecast to another, and what each change moved.

    Parameters
    ----------
    shifts : tuple of Shift
        Every date that both give.
    contributions : tuple of Contribution
        One after the other from the old forecast to the new. For each date they sum to its shift.
    numbers : tuple of Compared
        Every number that both give, as printed.
    only_old, only_new : tuple of str
        Dates that one of them gives only.
    note : str
        Why nothing is told of the changes, where that is so.

    See Also
    --------
    attrition.reporting.compare : how it is made.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast("russia-ukraine-2025-06", quantities=["kharkiv-advance"], seed=1)
    >>> at.reporting.compare(forecast, forecast).same
    True
    >>> at.reporting.compare(forecast, forecast).table_rows()
    []
    """

    shifts: tuple[Shift, ...]
    contributions: tuple[Contribution, ...]
    numbers: tuple[Compared, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    note: str = ""

    @property
    def same(self) -> bool:
        """Whether both say the same, as printed."""
        apart = any(row.status == "different" for row in self.numbers)
        return not (apart or self.only_old or self.only_new)

    def table_rows(self) -> list[dict[str, Any]]:
        """Return a row for each date and each change that moves it.

        Columns ``what``, ``change``, ``kind``, ``published``, ``days`` and ``mcse`` [day].
        """
        return [
            {
                "what": shift.what,
                "change": one.change,
                "kind": one.kind,
                "published": one.published,
                "days": one.days[shift.what],
                "mcse": error,
            }
            for shift in self.shifts
            for one in self.contributions
            if (error := one.mcse.get(shift.what)) is not None
        ]

    def __str__(self) -> str:
        """Return each date with what moved it, as lines."""
        lines: list[str] = []
        for shift in self.shifts:
            rows = [(f"  {days}", f"{error} ", words) for days, error, words in _rows(self, shift)]
            lines += [_heading(shift), *aligned(rows, {0}, " "), ""]
        for words, names in (("old", self.only_old), ("new", self.only_new)):
            lines += [f"Only in the {words} one: {name}" for name in names]
        lines += ["Both say the same, as printed."] if self.same else []
        return "\n".join([*lines, *filter(None, [self.note])]).rstrip()

    def _repr_html_(self) -> str:
        parts = [
            f"<p dir='auto'><b>{for_html(_heading(shift))}</b></p>"
            + html_table([("days", "error", "change"), *_rows(self, shift)])
            for shift in self.shifts
        ]
        return f"<div>{''.join(parts)}{for_html(self.note)}</div>"


def _heading(shift: Shift) -> str:
    was, now = (f"{ends[1]} ({ends[0]} to {ends[2]})" for ends in (shift.was, shift.now))
    return f"{shift.what}: {was}" + (", as before" if was == now else f", now {now}")


def _rows(comparison: Comparison, shift: Shift) -> list[tuple[str, str, str]]:
    """Return days, error and words of what moves one date, then their sum."""
    what = shift.what
    rows = [
        (_signed(one.days[what]), f"± {one.mcse[what]:.1f}", f"{one.kind}: {one.change}")
        for one in comparison.contributions
        if what in one.days
    ]
    if shift.days is None:
        return [*rows, ("–", "", "in all: a median is no day within its forecast")]
    return [*rows, (_signed(shift.days), f"± {shift.mcse:.1f}", "in all")]


def _signed(days: float) -> str:
    return "0.0" if abs(days) < _STILL else f"{days:+.1f}"


def compare(new: Forecast | Record, old: Forecast | Record) -> Comparison:
    """Tell which reports moved the dates from an older forecast to a newer one, and by how much.

    Parameters
    ----------
    new, old : Forecast or Record

    Returns
    -------
    Comparison
        Prints as a table for each date that both give.

    See Also
    --------
    attrition.verify : whether an old answer still comes out.
    attrition.forecasts.influence : what each report moves by itself.

    Notes
    -----
    The changes are made one at a time, and the forecast is computed again after each with the same
    random numbers: first the release, then the question, what the dossier assumes and says of
    sources and quantities, the information date; then each report that came, changed, was
    superseded or went, in the order of publication; of a recorded count, what was revised, then
    each month that came. A change's contribution is the median after it less the one before, so
    that the contributions sum to the shift; in another order each would be somewhat different.
    More than a dozen changes of reports are told by source, more than a dozen months by year. What
    the last step leaves is told as left to Monte Carlo error. Where a median on the way is no day,
    its step is told with the next.

    Examples
    --------
    >>> import attrition as at
    >>> dossier = at.read_dossier()
    >>> march, june = (
    ...     at.forecast(dossier, as_of=day, seed=1, quantities=["russian-casualties"])
    ...     for day in ("2025-03-25", "2025-06-03")
    ... )
    >>> [one.change for one in compare(june, march).contributions][:2]
    ['2025-03-25, now 2025-06-03', 'CSIS: “approximately 950,000” (May 2025)']
    """
    after, before = _side_of(new), _side_of(old)
    first, last = _cited(before.record), _cited(after.record)
    both = {name: (first[name][1], last[name][1]) for name in first if name in last}
    numbers = (row for name, ends in both.items() for row in compare_crossing(name, *ends))
    medians = {
        name: (_median(before, was), _median(after, now)) for name, (was, now) in both.items()
    }
    steps, note = _steps(before, after, {name: first[name] for name in both})
    shifts = (
        Shift(name, _printed(was), _printed(now), _apart(*medians[name]), _error(*medians[name]))
        for name, (was, now) in both.items()
    )
    return Comparison(
        tuple(shifts),
        tuple(_contributions(medians, steps)),
        tuple(numbers),
        tuple(name for name in first if name not in last),
        tuple(name for name in last if name not in first),
        note,
    )


_Cited = tuple[RecordedLaw, RecordedCrossing]
_Median = tuple[float, float]
"""A day, as its ordinal, and its Monte Carlo standard error [day]."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two forecasts: its record, and what it was made from and asked, if known."""

    record: Record
    data: Dossier | Series | None
    question: Question | None

    @property
    def day(self) -> date:
        return date.fromisoformat(self.record.settings.information_date)


def _side_of(source: Forecast | Record) -> _Side:
    if isinstance(source, Forecast):
        return _Side(make_record(source), source.data, source.question)
    if not isinstance(source, Record):
        raise refusal("two to compare", clip(source), "compare")
    data = held_series(source) if is_counted(source) else held_dossier(source)
    try:
        return _Side(source, data, None if data is None else question_of(source, data))
    except InputError:  # a law by itself, or one under a prior that it does not hold
        return _Side(source, data, None)


def _cited(record: Record) -> dict[str, _Cited]:
    return {label(law, one): (law, one) for law in record.laws for one in law.crossings}


def _printed(one: RecordedCrossing) -> tuple[str, str, str]:
    return one.printed["lower"], one.printed["median"], one.printed["upper"]


def _median(side: _Side, one: RecordedCrossing) -> _Median | None:
    if one.median.offset is None:
        return None
    return side.day.toordinal() + one.median.offset, one.median.mcse or 0.0


def _apart(before: _Median | None, after: _Median | None) -> float | None:
    return None if before is None or after is None else after[0] - before[0]


def _error(before: _Median | None, after: _Median | None) -> float:
    return math.hypot(*(0.0 if one is None else one[1] for one in (before, after)))


# ------------------------------------------------------------------ the way from old to new


_Variant = dict[str, dict[Any, Any]]
"""What a forecast on the way is made from: parts of question and data, each by its keys."""

_GONE = object()
"""In place of what is taken out."""


@dataclass(frozen=True, slots=True)
class _Change:
    """One change: its edits by part and key, and the root total that it can move; None for all."""

    kind: str
    words: str
    edits: Mapping[tuple[str, Any], Any] = field(default_factory=dict)
    published: date | None = None
    root: str | None = None
    source: str = ""

    def make(self, state: _Variant) -> None:
        for (part, key), value in self.edits.items():
            state[part].pop(key, None)
            if value is not _GONE:
                state[part][key] = value


def _data_of(state: _Variant) -> Dossier | Series:
    """Return the dossier of a state, or its count where there is none."""
    counts = {key: series_from(one, "compare") for key, one in state["counts"].items()}
    if not state["content"]:
        return next(iter(counts.values()))
    content = {
        **state["content"],
        **{table: state[table] for table in _TEXTS},
        "claims": list(state["claims"].values()),
        "assumptions": state["content"]["assumptions"].model_copy(update=state["assumptions"]),
    }
    return Dossier.of(**content).with_counts(counts)


_Stage = tuple[Sequence[_Change], Mapping[str, _Median]]
"""Changes made at once, and the medians after them."""


def _steps(before: _Side, after: _Side, cited: Mapping[str, _Cited]) -> tuple[list[_Stage], str]:
    """Make the changes one by one; those that make sense only together are one step."""
    if before.question is None or after.question is None or not cited:
        return [], "A record that does not hold its inputs, or no date in both: no change is told."
    if isinstance(before.data, Dossier) != isinstance(after.data, Dossier):
        return [], "input: a recorded count on one side, a dossier on the other"
    state = _start(before)
    whole = isinstance(before.data, Dossier) and before.day != after.day
    settled = (*_SETTLED, "horizon") if whole else _SETTLED  # which goes with the information date
    changes = [*_of_release(before, after), *_of_question(before.question, after.question, settled)]
    if isinstance(before.data, Dossier) and isinstance(after.data, Dossier):
        changes += _of_dossier(before, after, before.data, after.data, state)
    else:
        changes += _by_source([*_of_counts(before, after, "", "")], {})
    roots = [_roots(side) for side in (before, after)]
    asked = None if None in roots else {None, *(root for one in roots for root in one or ())}
    steps: list[_Stage] = []
    waiting: list[_Change] = []
    for change in changes:
        change.make(state)
        if asked is not None and change.root not in asked:  # it can move nothing that was asked
            continue
        waiting.append(change)
        try:
            medians = _medians(before.question, state, waiting, cited)
        except InputError:  # this change makes sense only together with the next
            continue
        steps.append((waiting, medians))
        waiting = []
    if waiting:
        steps.append((waiting, {}))
    return steps, ""


def _start(side: _Side) -> _Variant:
    settled = {"as_of": side.day, "model": None, "model_version": None}
    state: _Variant = {"question": settled, "counts": _counts(side), "assumptions": {}}
    state |= {part: {} for part in ("content", "claims", *_TEXTS)}
    if isinstance(side.data, Dossier):
        names = [name for name in type(side.data).model_fields if name != "series"]
        state["content"] = {name: getattr(side.data, name) for name in names}
        state |= {table: dict(state["content"][table]) for table in _TEXTS}
        state["claims"] = {id(claim): claim for claim in _known(side.data, side.day)}
    return state


def _known(dossier: Dossier, day: date) -> list[Claim]:
    """Return the figures known on a day, and those that they supersede.

    Forecasts by others enter no law.
    """
    figures = [claim for claim in dossier.claims if claim.kind != "forecast"]
    named = {key for claim in figures if claim.known_on(day) for key in claim.supersedes}
    return [claim for claim in figures if claim.known_on(day) or claim.id in named]


def _counts(side: _Side) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the recorded counts of a side as known on its day, by source and quantity."""
    counts = side.data.counts if isinstance(side.data, Dossier) else {("", ""): side.data}
    contents = {
        key: _until(series_content(series), side.day.isoformat())
        for key, series in counts.items()
        if series is not None
    }
    # one report is no count
    return {key: content for key, content in contents.items() if len(content["totals"]) > 1}


def _until(content: dict[str, Any], day: str) -> dict[str, Any]:
    """Return a recorded count up to a day."""
    totals = {one: total for one, total in content["totals"].items() if one <= day}
    return {**content, "totals": totals}


def _roots(side: _Side) -> set[str] | None:
    """Return the root totals that a side asks about; None for all."""
    if not isinstance(side.data, Dossier) or side.question is None:
        return None
    keys = side.question.quantities
    return None if keys is None else roots_of(side.data, keys)


def _medians(
    first: Question, state: _Variant, changes: Sequence[_Change], cited: Mapping[str, _Cited]
) -> dict[str, _Median]:
    """Return the medians that a state gives, of the totals that some changes can move."""
    data, question = _data_of(state), first.changed(**state["question"])
    if isinstance(data, Dossier):
        roots = {change.root for change in changes}
        wanted = question.quantities or tuple(data.quantities)
        if None not in roots:
            wanted = tuple(key for key in wanted if roots_of(data, [key]) & roots)
        if not wanted:
            return {}
        question = question.changed(quantities=wanted)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AttritionWarning)  # told where each of the two was made
        answer = forecast(data, question)
    medians = {}
    for name, (law, one) in cited.items():
        try:
            again = law_again(answer, law)
        except InputError:  # on the way a source may have said nothing yet
            continue
        median = crossing(again, one.threshold, prob=answer.prob).median
        if median.offset is not None:
            day = answer.information_date.toordinal() + median.offset
            medians[name] = (day, median.mcse or 0.0)
    return medians


def _contributions(
    ends: Mapping[str, tuple[_Median | None, _Median | None]], steps: Sequence[_Stage]
) -> Iterator[Contribution]:
    here = {name: first for name, (first, _) in ends.items() if first is not None}
    for changes, medians in steps:
        days = {name: median[0] - here[name][0] for name, median in medians.items() if name in here}
        errors = {name: _error(here[name], medians[name]) for name in days}
        here |= medians
        dates = [change.published for change in changes if change.published is not None]
        words = "; ".join(change.words for change in changes)
        yield Contribution(words, changes[0].kind, max(dates, default=None), days, errors)
    left = {
        name: last
        for name, (first, last) in ends.items()
        if first is not None and last is not None and last[0] != here[name][0]
    }
    if left:
        days = {name: last[0] - here[name][0] for name, last in left.items()}
        errors = {name: _error(here[name], last) for name, last in left.items()}
        yield Contribution("left to Monte Carlo error", "Monte Carlo", None, days, errors)


# ------------------------------------------------------------------ what changed


def _of_release(before: _Side, after: _Side) -> Iterator[_Change]:
    was, now = before.record.versions.model_dump(), after.record.versions.model_dump()
    words = [f"{name} {was[name]}, now {now[name]}" for name in was if was[name] != now[name]]
    first = {"model_version": 1} if before.record.schema_version == 1 else {}
    models = [(side.record.question or first).get("model_version", 0) for side in (before, after)]
    words += [f"model version {models[0]}, now {models[1]}"] if 0 < models[0] < models[1] else []
    if words:
        yield _Change("version", ", ".join(words))


_ARITHMETIC = ("seed", "size", "tolerance")
_SETTLED = ("as_of", "model", "model_version", "on", "events")


def _of_question(before: Question, after: Question, settled: Sequence[str]) -> Iterator[_Change]:
    for one in dataclasses.fields(Question):
        was, now = getattr(before, one.name), getattr(after, one.name)
        if one.name not in settled and was != now:
            kind = "Monte Carlo" if one.name in _ARITHMETIC else "question"
            words = f"{one.name} {_shown(was)}, now {_shown(now)}"
            yield _Change(kind, words, {("question", one.name): now})


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_shown(item) for item in value)
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


_TEXTS: Mapping[str, frozenset[str]] = {
    "sources": frozenset({"name", "aliases", "note", "url", "direction"}),
    "quantities": frozenset(
        {"title", "definition", "scope", "subject", "verb", "condition", "side"}
    ),
}
"""Keys that move no law."""


def _of_dossier(
    before: _Side, after: _Side, old: Dossier, new: Dossier, state: _Variant
) -> list[_Change]:
    """Return the changes of a dossier; what is only said otherwise enters the state at once."""
    day, until = before.day, max(before.day, after.day)
    end = date.fromisoformat(after.record.settings.horizon)
    tables = [*_of_tables(old, new, state)]
    moved = [_to_day(day, until, end)] if until != day else []
    reports = _by_source([*_of_claims(before, after, old, new, state)], new.sources)
    keys = dict.fromkeys([*old.counts, *new.counts])
    came = [change for key in keys for change in _of_counts(before, after, *key)]
    counts = _by_source(came, new.sources)
    ordered = sorted([*reports, *counts], key=lambda change: change.published or day)
    back = [_to_day(until, after.day, end)] if after.day != until else []
    return [*tables, *moved, *ordered, *back]


def _to_day(was: date, now: date, horizon: date) -> _Change:
    edits = {("question", "as_of"): now, ("question", "horizon"): horizon}  # it goes with the day
    return _Change("information date", f"{was}, now {now}", edits)


def _of_tables(old: Dossier, new: Dossier, state: _Variant) -> Iterator[_Change]:
    for table, texts in _TEXTS.items():
        before, after = getattr(old, table), getattr(new, table)
        for name in dict.fromkeys([*before, *after]):
            was, now = (_dumped(one.get(name), texts) for one in (before, after))
            silent = table == "sources" and (was is None or now is None)
            if was == now or silent:
                # words, or a source that says nothing yet or whose claims went: no law is moved
                state[table][name] = after.get(name, before.get(name))
            else:
                words = f"{table}.{name}{change_words(was, now)}"
                yield _Change("dossier", words, {(table, name): after.get(name, _GONE)})
    for name in type(new.assumptions).model_fields:
        was, now = (_dumped(getattr(one.assumptions, name)) for one in (old, new))
        if was != now:
            words = f"assumptions.{name}{change_words(was, now)}"
            edits = {("assumptions", name): getattr(new.assumptions, name)}
            yield _Change("dossier", words, edits)
    if old.hedges != new.hedges:
        words = f"hedges{change_words(dict(old.hedges), dict(new.hedges))}"
        yield _Change("dossier", words, {("content", "hedges"): new.hedges})


def _dumped(thing: Any, out: Iterable[str] = ()) -> Any:  # noqa: ANN401 - a part of a dossier
    if thing is None:
        return None
    return thing.model_dump(mode="json", exclude_defaults=True, exclude=set(out))


def _of_claims(
    before: _Side, after: _Side, old: Dossier, new: Dossier, state: _Variant
) -> Iterator[_Change]:
    """Yield what came, changed, was superseded or went; notes and addresses are no change."""
    rest = dict(enumerate(_known(new, after.day)))
    kept, gone = [], []
    for claim in _known(old, before.day):
        same = next((i for i, other in rest.items() if _evidence(other) == _evidence(claim)), None)
        if same is None:
            gone.append(claim)
        else:
            kept.append(rest.pop(same))
    state["claims"] = {id(claim): claim for claim in (*kept, *gone)}
    for claim in gone:
        twin = next((i for i, other in rest.items() if _revises(other, claim)), None)
        if twin is None:
            yield _claim_change("withdrawn", claim_words(old, claim), claim, old, gone=claim)
        else:
            later = rest.pop(twin)
            words = claim_words(new, later) + change_words(_dumped(claim), _dumped(later))
            yield _claim_change("changed", words, later, new, gone=claim)
    names = {claim.id: claim for claim in new.claims if claim.id is not None}
    for claim in rest.values():
        past = [names[key] for key in claim.supersedes]
        replaced = [other for other in past if other in kept]
        words = claim_words(new, claim)
        words += "".join(f", in place of {claim_words(new, other)}" for other in replaced)
        yield _claim_change("superseded" if replaced else "new", words, claim, new)


def _evidence(claim: Claim) -> tuple[str, object]:
    """Return what of a claim is evidence: its name, notes and address are not."""
    out = {"id", "note", "url", "inferred"}
    return claim.model_dump_json(exclude=out), claim.distribution


def _revises(claim: Claim, earlier: Claim) -> bool:
    """Tell whether a claim is an earlier one, corrected: of the same day, or in the same words."""
    pair = (claim, earlier)
    kinds = {(one.source, one.quantity, one.kind) for one in pair}
    figures = {(one.words, one.low, one.point, one.high) for one in pair}
    return len(kinds) == 1 and (claim.as_of == earlier.as_of or len(figures) == 1)


def _claim_change(
    kind: str, words: str, claim: Claim, dossier: Dossier, *, gone: Claim | None = None
) -> _Change:
    edits: dict[tuple[str, Any], Any] = {} if gone is None else {("claims", id(gone)): _GONE}
    edits |= {} if claim is gone else {("claims", id(claim)): claim}
    root = dossier.lineage(claim.quantity)[-1]
    return _Change(kind, words, edits, claim.published.last, root, claim.source)


def _of_counts(before: _Side, after: _Side, source: str, quantity: str) -> Iterator[_Change]:
    """Yield what was revised in a recorded count, then each month, or year, that came."""
    key = source, quantity
    empty = {"name": "", "totals": {}}
    was, now = (_counts(side).get(key) for side in (before, after))
    new = after.data
    name, root = (now or was or empty)["name"], None
    if isinstance(new, Dossier):
        name = f"{new.sources[source].name}" if source in new.sources else source
        root = new.lineage(quantity)[-1] if quantity in new.quantities else None

    def change(kind: str, words: str, content: object, day: str) -> _Change:
        edits: dict[tuple[str, Any], Any] = {("counts", key): content}
        if not isinstance(new, Dossier):  # the last report of a count is its information date
            edits["question", "as_of"] = day
        return _Change(kind, words, edits, date.fromisoformat(day), root, source)

    if now is None:
        if was is not None:
            yield change("withdrawn", f"count of {name}", _GONE, max(was["totals"]))
        return
    last = max(was["totals"]) if was else ""
    if was:
        seen = _until(now, last)
        if revised := changed_rows(was, seen):
            yield change("changed", f"count of {name}: {'; '.join(revised)}", seen, last)
    later = [day for day in now["totals"] if day > last]
    months = list(dict.fromkeys(day[:7] for day in later))
    spans = months if len(months) <= _MOST else list(dict.fromkeys(day[:4] for day in later))
    for span in spans:
        days = [day for day in later if day.startswith(span)]
        ends = (date.fromisoformat(day) for day in (days[0], days[-1]))
        span_words = " to ".join(print_date(day, "day", short=True) for day in ends)
        words = f"count of {name}, {span_words} ({len(days)} report{'s' * (len(days) > 1)})"
        yield change("count", words, _until(now, days[-1]), days[-1])


def _by_source(changes: Sequence[_Change], sources: Mapping[str, Any]) -> list[_Change]:
    """Return changes of reports in order of publication, or, of very many, one a source."""
    ordered = sorted(changes, key=lambda change: change.published or date.min)
    if len(ordered) <= _MOST:
        return ordered
    groups: dict[str, list[_Change]] = {}
    for change in ordered:
        groups.setdefault(change.source, []).append(change)
    return [
        group[0] if len(group) == 1 else _together(group, getattr(sources.get(key), "name", key))
        for key, group in groups.items()
    ]


def _together(group: Sequence[_Change], name: str) -> _Change:
    edits: dict[tuple[str, Any], Any] = {}
    for place, value in itertools.chain.from_iterable(one.edits.items() for one in group):
        edits.pop(place, None)  # the last stands last
        edits[place] = value
    kinds = [change.kind for change in group]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    roots = {change.root for change in group}
    root = roots.pop() if len(roots) == 1 else None
    words = f"{len(group)} changes in the reports of {name} ({counted})"
    return _Change("reports", words, edits, group[-1].published, root, group[0].source)
