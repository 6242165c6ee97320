"""Is a record still what it was? Checked against itself, and computed again from its inputs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np

from attrition.core._showing import Shown
from attrition.core.checks import check_type
from attrition.core.errors import AttritionWarning, refusal
from attrition.core.laws import Crossing, Law, print_date, with_end
from attrition.core.laws.digits import DATE_UNITS, ERRORS, date_unit
from attrition.data.dossier import Dossier
from attrition.data.series import Series
from attrition.forecasts import Forecast, Question, forecast
from attrition.forecasts.question import MODELS
from attrition.models.families import bundled_priors
from attrition.reporting.models import (
    Input,
    Record,
    RecordedCrossing,
    RecordedLaw,
    digest,
    digest_of,
    id_of,
    named_parts,
    parts_of,
)
from attrition.reporting.record import (
    changed_rows,
    dossier_content,
    dossier_from,
    held_dossier,
    held_series,
    laws_of,
    make_record,
    packed,
    printed,
    read_record,
    reads_of,
    sentences_of,
    series_content,
    unpacked,
    versions,
)
from attrition.text.text import listed

RecordedInput = Dossier | Series
"""What a record is computed from."""


def is_counted(record: Record) -> bool:
    """Tell whether a record is of a recorded count, and not of a dossier."""
    return record.series is not None or any(law.provenance.counted for law in laws_of(record))


def start_of(record: Record, dossier: Dossier | None, series: Series | None) -> RecordedInput:
    """Return what a record is computed from: what is given, else what it holds.

    Raises
    ------
    InputError
        If neither is at hand, or what is given is of the other kind.
    """
    counted = is_counted(record)
    wanted, other = ("series", dossier) if counted else ("dossier", series)
    if other is not None:
        raise refusal(
            "input of its kind",
            "a dossier" if counted else "a series",
            f"record {record.id}",
            kind="recorded count" if counted else "dossier",
            wanted=wanted,
        )
    data = (series or held_series(record)) if counted else (dossier or held_dossier(record))
    if data is None:
        entry = record.series if counted else record.dossier
        got = "a record that holds only its digest" if entry else f"a record without a {wanted}"
        raise refusal("input at hand", got, f"record {record.id}", wanted=wanted)
    return data


def recompute(record: Record, start: RecordedInput) -> Record:
    """Return the record that the same question gives now.

    Raises
    ------
    InputError
        If the record lies outside what can be computed from a dossier or a series.
    """
    forecast = again(record, start)
    records = [
        make_record(
            law_again(forecast, entry),
            [one.threshold for one in entry.crossings],
            prob=record.settings.prob,
            dossier=forecast.dossier,
        )
        for entry in record.laws
    ]
    return records[0].model_copy(
        update={
            "laws": tuple(one.laws[0] for one in records),
            "question": forecast.question.to_dict(),
        }
    )


def law_again(forecast: Forecast, entry: RecordedLaw) -> Law:
    """Return the law of a forecast that answers to a recorded one."""
    law = forecast.law(entry.provenance["quantity"], entry.provenance["basis"])
    return with_end(law, entry.end_hazard) if entry.end_hazard else law


def again(record: Record, start: RecordedInput, **changes: Any) -> Forecast:  # noqa: ANN401
    """Return the forecast that answers the question of a record from a dossier or a series."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AttritionWarning)  # its note is in the provenance
        return forecast(start, question_of(record, start).changed(**changes))


def question_of(record: Record, start: RecordedInput) -> Question:
    """Return what a record answers; of one that holds no question, what its law tells of it.

    Raises
    ------
    InputError
        If too little is told.
    """
    if record.question is None:
        return _asked_before(record, start)
    # what answered once may be gone: the model that fits the data answers, and it is said
    gone = record.question.get("model") not in {None, *MODELS}
    return Question.from_dict(
        {k: v for k, v in record.question.items() if not (gone and k.startswith("model"))}
    )


# What 0.1.0 printed where a prior was given: its records hold no question, and these words are all
# that tells of it.
_OWN_PRIOR = "the prior of the pace was given with the question; it is not the library's own"


def _asked_before(record: Record, start: RecordedInput) -> Question:
    """Return the question of a record that holds none: of version 1, or of a law by itself."""
    settings = record.settings
    if settings.seed is None:
        got = "a law without a seed"
        raise refusal("record of a forecast", got, f"record {record.id}")
    asked = Question(
        seed=settings.seed,
        as_of=date.fromisoformat(settings.information_date),
        horizon=date.fromisoformat(settings.horizon),
        prob=settings.prob,
        tolerance=settings.tolerance,
        # of version 1 the points were of another kind
        size=record.laws[0].provenance.get("points") or None if record.schema_version > 1 else None,
    )
    if isinstance(start, Series):
        _require_own_prior(record)
        thresholds = {value for law in record.laws for value in _thresholds(law)}
        return asked.changed(thresholds=sorted(thresholds))
    return asked.changed(**_of_dossier(record, start))


def _require_own_prior(record: Record) -> None:
    if any(_OWN_PRIOR in entry.provenance.get("notes", ()) for entry in record.laws):
        got = "a prior that was given in Python"
        raise refusal("library's own prior", got, f"record {record.id}")


def _thresholds(law: RecordedLaw) -> tuple[float, ...]:
    """Return what was asked of a law when it was made; of which a record may cite a few."""
    asked = law.provenance.get("asked") or ()
    return tuple(asked) or tuple(one.threshold for one in law.crossings)


def _of_dossier(record: Record, dossier: Dossier) -> dict[str, Any]:
    """Return what a question to a dossier fixes besides: totals, thresholds, counts, days."""
    asked = {entry.provenance["quantity"]: _thresholds(entry) for entry in record.laws}
    bases = {entry.provenance["basis"] for entry in record.laws}
    full = {basis for key in asked for basis in dossier.find_quantity(key).bases}
    several = len(asked) > 1
    what = record.laws[0].provenance
    now = record.schema_version > 1  # 0.1.0 knew no kinds
    return {
        "kind": _kind(what, dossier) if now else None,
        "quantities": list(asked),
        "bases": bases if len(bases) == 1 and bases != full else None,
        "thresholds": None if several else next(iter(asked.values())),
        "on": [date.fromisoformat(day) for day in record.settings.on],
    }


def _kind(what: Mapping[str, Any], dossier: Dossier) -> str | None:
    """Return the kind that was given with the question, where the dossier names none."""
    root = dossier.lineage(what["quantity"])[-1]
    pace = {name: value for name, value, *_ in what.get("assumptions", ())}.get("pace")
    given = pace in bundled_priors().names and dossier.quantities[root].pace is None
    return str(pace) if given else None


_ORDINALS = ("first", "second", "third", "fourth")
_ERRORS_BEFORE = 50  # standard errors that a printed unit of dates spanned in 0.1.0

Status = Literal["identical", "equal as printed", "different"]
"""How a number compares with the recorded one."""


@dataclass(frozen=True, slots=True)
class Compared(Shown):
    """One number of a record, and what it is now.

    Parameters
    ----------
    what : str
        Total, count and threshold.
    name : str
        Which number: ``"lower"``, ``"median"``, ``"upper"``, a mass, or ``"law"``.
    was, now : str
        As recorded and as computed again, as they are printed.
    status : {"identical", "equal as printed", "different"}

    See Also
    --------
    attrition.verify : of a record.
    attrition.reporting.Comparison : of two forecasts.

    Examples
    --------
    >>> import attrition as at
    >>> ask = {"quantities": ["kharkiv-advance"], "seed": 1}
    >>> forecast = at.forecast("russia-ukraine-2025-06", **ask)
    >>> half = at.forecast(
    ...     "russia-ukraine-2025-06", **ask, scenario={"pace": 0.5, "from": "2025-06-06"}
    ... )
    >>> number = at.reporting.compare(half, forecast).numbers[0]
    >>> number.name, number.was, number.now, number.status
    ('lower', 'late June 2025', 'July 2025', 'different')
    """

    what: str
    name: str
    was: str
    now: str
    status: Status


@dataclass(frozen=True, slots=True)
class Verification(Shown):
    """What a check of a record found.

    Parameters
    ----------
    record : str
        Its id.
    altered : tuple of str
        What in the record contradicts itself: it was changed after it was made.
    causes : tuple of str
        What differs in inputs and versions, each with its name.
    numbers : tuple of Compared
        Every number, computed again.

    See Also
    --------
    attrition.verify : how it is made.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast("russia-ukraine-2025-06", quantities=["kharkiv-advance"], seed=1)
    >>> checked = at.verify(at.reporting.make_record(forecast))
    >>> checked.holds, checked.altered
    (True, ())
    """

    _tells = ("holds",)

    _parts = "numbers"

    record: str
    altered: tuple[str, ...]
    causes: tuple[str, ...]
    numbers: tuple[Compared, ...]

    @property
    def holds(self) -> bool:
        """Whether the record is whole and every number is the same as printed."""
        return not self.altered and all(row.status != "different" for row in self.numbers)


def verify(
    record: Record | str | Path, *, dossier: Dossier | None = None, series: Series | None = None
) -> Verification:
    """Check a record against itself and against a new computation from its inputs.

    Parameters
    ----------
    record : Record, str or pathlib.Path
        A record, or its file, which :func:`attrition.reporting.read_record` reads.
    dossier : Dossier, optional
        The input; the dossier that the record holds when left out.
    series : Series, optional
        The input of a record of a recorded count, in the same way; what it holds after the
        information date is not used.

    Returns
    -------
    Verification

    Raises
    ------
    InputError
        If the record holds no input and none is given, its law cannot be computed again, or its
        file cannot be read.

    See Also
    --------
    attrition.reporting.read_record : a record from its file.
    attrition.reporting.compare : what moved a date between two.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"])
    >>> verify(at.reporting.make_record(forecast)).holds
    True
    """
    if isinstance(record, (str, Path)):
        record = read_record(record)
    check_type(record, Record, "record", "a record, or the path of its file")
    altered = tuple(_altered(record))
    start = start_of(record, dossier, series)
    new = recompute(record, start)
    causes = tuple(_causes(record, start, new))
    if not causes:  # the same inputs and versions must give the same words
        altered += tuple(_unlike(record, new))
    numbers = (
        row
        for entry, now in zip(record.laws, new.laws, strict=True)
        for one, other in zip(entry.crossings, now.crossings, strict=True)
        for row in compare_crossing(label(entry, one), one, other)
    )
    return Verification(record.id, altered, causes, tuple(numbers))


def _ways(law: Law, read: Crossing) -> Iterator[dict[str, str]]:
    """Yield the numbers as they are printed now, and as 0.1.0 did: weeks and quarters by name."""
    now = printed(law, read)
    yield now
    # a unit of dates spanned fifty standard errors then
    wider = date_unit(10 * DATE_UNITS[read.natural_unit], read.mcse * _ERRORS_BEFORE / ERRORS)
    days = {name: getattr(read, name).day for name in ("lower", "median", "upper")}
    for unit in (read.unit, wider):
        yield now | {name: _named_before(day, unit) for name, day in days.items() if day}


def _named_before(day: date, unit: str) -> str:
    """Return a day in the words of 0.1.0."""
    if unit == "week":
        return f"the week of {print_date(day - timedelta(days=day.weekday()), 'day')}"
    if unit == "quarter":
        return f"the {_ORDINALS[(day.month - 1) // 3]} quarter of {day.year}"
    return print_date(day, unit)


def _altered(record: Record) -> Iterator[str]:
    """Yield what in a record contradicts its id, its digests, its law or its sentences."""
    if id_of(record) != record.id:
        yield "the id is not the digest of the content: something in the record was changed"
    yield from _altered_inputs(record)
    laws = laws_of(record)
    for entry, law in zip(record.laws, laws, strict=True):
        for one, read in zip(entry.crossings, reads_of(record, entry, law), strict=True):
            days = {n: getattr(read, n).day for n in ("lower", "median", "upper")}
            cited = {n: getattr(one, n).day for n in days}
            # another release may print more numbers, or fewer, or dates in other words
            if cited != {n: d.isoformat() if d else None for n, d in days.items()} or all(
                any(text != now[name] for name, text in one.printed.items() if name in now)
                for now in _ways(law, read)
            ):
                what = f"{law.provenance.quantity} ({law.provenance.basis}), {one.threshold:,.10g}"
                yield f"the dates of {what} do not follow from the law in the record"
    if digest_of(record.sentences) != record.sentences_sha256:
        yield "the printed sentences do not have the digest that is stated for them"
    same_release = record.versions.attrition == versions().attrition  # others may word it otherwise
    former = record.schema_version == 1  # its sentences are of a form that nobody makes any more
    if same_release and not former and sentences_of(record) != record.sentences:
        yield "a printed sentence does not follow from the record"


def _altered_inputs(record: Record) -> Iterator[str]:
    for given in record.inputs:
        if given.content is not None:
            own, parts = _digests_of(given, f"record {record.id}, {given.kind} '{given.id}'")
            for name in _changed_names(given.parts, parts):
                yield f"the {given.kind} in the record was changed: {name}"
            if own != given.sha256:
                yield f"the {given.kind} in the record does not have the digest stated for it"


def _digests_of(given: Input, place: str) -> tuple[str, dict[str, str]]:
    """Return the digest of an embedded input, and of each of its parts."""
    content = given.content or {}
    if given.kind != "dossier":
        return digest(content), {}
    return dossier_from(content, place).sha256, parts_of(content)


_FOLLOWS = listed(
    "title definition scope subject verb unit basis_name condition model figures "
    "independent_sources dossier sha256"
)


def _unlike(record: Record, new: Record) -> Iterator[str]:
    """Yield what a record says of its laws and its own inputs do not."""
    for law, now in zip(record.laws, new.laws, strict=True):
        for name in _FOLLOWS:
            was, is_now = law.provenance.get(name), now.provenance.get(name)
            former = record.schema_version == 1 and name == "condition"
            if name in law.provenance and was != is_now and not former:
                what = f"{law.provenance['quantity']} ({law.provenance['basis']})"
                yield f"{name} of {what} is {was!r} in the record, {is_now!r} by its inputs"
        # A dossier that says no condition had another one in records of schema version 1.
        if record.schema_version > 1 and law.condition != now.condition:
            yield f"the condition is {law.condition!r} in the record, {now.condition!r} by its law"


def _changed_names(old: dict[str, str], new: dict[str, str]) -> list[str]:
    return [name for name in (*old, *new) if old.get(name) != new.get(name)]


def _causes(record: Record, start: RecordedInput, new: Record) -> Iterator[str]:
    if isinstance(start, Dossier):
        yield from _changed_dossier(record, start, new)
    else:
        yield from _changed_series(record, start, new)
    yield from _changed_model(record, new)
    now = versions().model_dump()
    for name, was in record.versions.model_dump().items():
        if was and was != now[name]:  # 0.1.0 wrote no digest of its priors
            yield f"version changed: {name} {was}, now {now[name]}"


def _changed_model(record: Record, new: Record) -> Iterator[str]:
    """Yield that another model now answers, or one of the same name otherwise.

    0.1.0 numbered none: its is 1. A record of a law by itself, which holds no question, says none.
    """
    first = {"model_version": 1} if record.schema_version == 1 else {}
    asked, before = new.question or {}, record.question or first
    now, was = (
        (one.get("model", asked.get("model")), one.get("model_version")) for one in (asked, before)
    )
    if None not in (was[1], now[1]) and was != now:
        name = "" if was[0] == now[0] else f"'{now[0]}' "
        yield f"version changed: model '{was[0]}' {was[1]}, now {name}{now[1]}"


def _changed_dossier(record: Record, given: Dossier, new: Record) -> Iterator[str]:
    entry = record.dossier
    if entry is not None and entry.sha256 != given.sha256:
        yield f"input changed: dossier '{entry.id}' has another digest"
        content = dossier_content(given)
        before = named_parts(entry.content) if entry.content is not None else {}
        after = named_parts(content)
        for name in dict.fromkeys(_changed_names(entry.parts, parts_of(content))):
            yield f"input changed: {name}{change_words(before.get(name), after.get(name))}"
    yield from _changed_counts(record, new)


def _changed_counts(record: Record, new: Record) -> Iterator[str]:
    """Yield what changed in the counts beside a dossier, up to the information date."""
    now = {count.id: count for count in new.counts}
    for count in record.counts:
        other = now.get(count.id)
        if other is None or other.sha256 != count.sha256:
            yield f"input changed: count '{count.id}' has another digest"
            if other is not None and count.content and other.content:
                for text in changed_rows(count.content, other.content):
                    yield f"input changed: count '{count.id}': {text}"


def _changed_series(record: Record, given: Series, new: Record) -> Iterator[str]:
    """Yield what changed in a recorded count up to the information date."""
    content = series_content(given.until(date.fromisoformat(record.settings.information_date)))
    entry = record.series
    if entry is None:  # a record of an earlier kind: the digest stands in its dossier
        if record.dossier is not None and record.dossier.sha256 != new.inputs[0].sha256:
            yield "input changed: the series gives another dossier"
    elif entry.sha256 != digest(content):
        yield f"input changed: series '{entry.id}' has another digest"
        for text in changed_rows(entry.content, content) if entry.content is not None else ():
            yield f"input changed: series '{entry.id}': {text}"


def change_words(before: Any, after: Any) -> str:  # noqa: ANN401 - any part of a dossier
    """Return in words which keys of a part of a dossier changed.

    Examples
    --------
    >>> change_words({"quote": "a", "kind": "level"}, {"quote": "b", "kind": "level"})
    ": quote was 'a', now 'b'"
    """
    if before is None or after is None:
        return " (added)" if before is None and after is not None else " (removed)" * bool(before)
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return f": was {before!r}, now {after!r}"
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return ": " + ", ".join(f"{k} was {before.get(k)!r}, now {after.get(k)!r}" for k in keys)


def label(entry: Any, one: RecordedCrossing) -> str:  # noqa: ANN401 - a recorded law
    """Return the name of one cited number's law and threshold."""
    end = ", allowing for an end" if entry.end_hazard else ""
    what = entry.provenance
    return f"{what['quantity']} ({what['basis']}{end}), {one.threshold:,.10g}"


def compare_crossing(
    what: str, one: RecordedCrossing, other: RecordedCrossing
) -> Iterator[Compared]:
    """Yield how each number of a recorded crossing compares with another's."""
    for name in ("lower", "median", "upper"):
        was, now = getattr(one, name), getattr(other, name)
        yield _row(what, name, one, other, same=was == now)
    for name in one.masses:
        same = one.masses[name] == other.masses.get(name)
        if same and not (name in one.printed and name in other.printed):
            continue  # an end, where none is allowed for
        yield _row(what, name, one, other, same=same)
    was_law, now_law = unpacked(one.exceedance), unpacked(other.exceedance)
    apart = float(np.abs(was_law - now_law).max()) if was_law.size == now_law.size else float("nan")
    near: Status = "equal as printed" if apart < 5e-3 else "different"  # noqa: PLR2004 - half a percent
    status: Status = "identical" if apart == 0 else near
    yield Compared(what, "law", digest(packed(was_law), 8), digest(packed(now_law), 8), status)


def _row(
    what: str, name: str, one: RecordedCrossing, other: RecordedCrossing, *, same: bool
) -> Compared:
    was, now = one.printed.get(name, "none"), other.printed.get(name, "none")
    status: Status = "equal as printed" if was == now else "different"
    return Compared(what, name, was, now, "identical" if same else status)
