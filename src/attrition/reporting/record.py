"""Records: what enters and is had back, making, writing and reading them, and their laws."""

from __future__ import annotations

import base64
import dataclasses
import json
import platform
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from attrition._version import __version__
from attrition.core._typing import Floats
from attrition.core.checks import check_type
from attrition.core.days import days_from
from attrition.core.errors import InputError, clip, refusal
from attrition.core.files import path_of, read_text, write_whole
from attrition.core.laws import Crossing, CrossingDate, Law, Provenance, crossing, make_law
from attrition.core.laws.reading import mean_of, opened
from attrition.data.dossier import Dossier
from attrition.data.dossier.dossier import checked
from attrition.data.series import Series
from attrition.data.series.series import Reports, judged
from attrition.data.series.unreported import LateReports
from attrition.forecasts import Forecast
from attrition.models.families import bundled_priors
from attrition.reporting.citation import worded
from attrition.reporting.dates import clause
from attrition.reporting.models import (
    End,
    Input,
    Record,
    RecordedCrossing,
    RecordedLaw,
    Sentence,
    Settings,
    Versions,
    damaged,
    digest,
    digest_of,
    id_of,
    parts_of,
    stated_of,
)
from attrition.reporting.passing import Passing
from attrition.reporting.stretches import end_words
from attrition.reporting.words import condition, percent

_ROWS = 12  # changed reports that are named one by one


def dossier_content(dossier: Dossier) -> dict[str, Any]:
    """Return a dossier as JSON holds it, keys at their defaults left out."""
    content: dict[str, Any] = dossier.model_dump(mode="json", exclude_defaults=True)
    return content


def dossier_input(what: Provenance, dossier: Dossier | None) -> tuple[Input, ...]:
    """Return a dossier as a record holds it; only its digest where it is not at hand.

    Raises
    ------
    InputError
        If it is not the dossier that the law was made from.
    """
    if dossier is None:
        known = bool(what.sha256)
        return (Input(kind="dossier", id=what.dossier, sha256=what.sha256),) if known else ()
    if what.sha256 and what.sha256 != dossier.sha256:
        got = f"digest {dossier.sha256[:12]}, not {what.sha256[:12]}"
        raise refusal("dossier of a law", got, f"make_record, dossier '{dossier.id}'")
    content = dossier_content(dossier)
    whole = all(claim.distribution is None for claim in dossier.claims)
    return (
        Input(
            kind="dossier",
            id=dossier.id,
            sha256=dossier.sha256,
            content=content if whole else None,  # an object from Python cannot be embedded
            parts=parts_of(content),
        ),
    )


def dossier_from(content: Mapping[str, Any], place: str) -> Dossier:
    """Return the dossier that :func:`dossier_content` put into a record.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        return checked(content, place=place, recorded=True)
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged("a dossier", str(error), place) from None


def held_dossier(record: Record) -> Dossier | None:
    """Return the dossier that a record holds, with the counts beside it, or None."""
    given = record.dossier
    if given is None or given.content is None:
        return None
    dossier = dossier_from(given.content, f"record {record.id}, dossier '{given.id}'")
    return dossier.with_counts(counts_of(record))


def counts_of(record: Record) -> dict[tuple[str, str], Series]:
    """Return the counts beside the dossier of a record, by source and quantity."""
    contents = {given.id: given.content or {} for given in record.counts}
    return {
        (str(one.get("source")), str(one.get("quantity"))): series_from(
            one, f"record {record.id}, count '{name}'"
        )
        for name, one in contents.items()
    }


def counts_beside(dossier: Dossier, known: date) -> Iterator[Input]:
    """Yield the counts beside a dossier as a record holds them: what was known by a day."""
    for (source, quantity), series in dossier.counts.items():
        seen = series.until(known) if series.days[1] <= known else series  # one report is no count
        content = {"source": source, "quantity": quantity, **series_content(seen)}
        named = f"{source}, {quantity}"
        yield Input(kind="count", id=named, sha256=digest(content), content=content)


def series_content(series: Series) -> dict[str, Any]:
    """Return a recorded count as JSON holds it: name, unit, and the total of each report."""
    totals = zip(series.days, series.totals, strict=True)
    late = series.reports.late
    coming = {} if late is None else {"late": late.content}
    return {
        "name": series.name,
        "unit": series.unit,
        "own_day": series.own_day,
        **coming,
        "totals": {day.isoformat(): float(total) for day, total in totals},
    }


def series_input(series: Series) -> Input:
    """Return a recorded count as a record holds it."""
    content = series_content(series)
    return Input(kind="series", id=series.name, sha256=digest(content), content=content)


def series_from(content: Mapping[str, Any], place: str) -> Series:
    """Return the recorded count that :func:`series_content` put into a record.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        totals = {str(day): float(total) for day, total in sorted(content["totals"].items())}
        days = np.array(list(totals), dtype="datetime64[D]")
        counts = np.array(list(totals.values()))
        name, unit = str(content["name"]), str(content["unit"])
        own_day = bool(content["own_day"])
        late = LateReports.of(content["late"], days.size) if "late" in content else None
        ascending = (np.diff(days) > np.timedelta64(0, "D")).all()  # NaT is not
        count = counts.size > 1 and ascending and np.isfinite(counts).all()
        why = "" if count else "not two or more totals, one a day"
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        why = str(error) or "a part is missing"
    if why:
        raise damaged("a series", why, place)
    reports = Reports(days.astype(np.int64), counts, name, unit, late)
    return judged(reports, (), own_day=own_day)


def held_series(record: Record) -> Series | None:
    """Return the recorded count that a record holds, or None."""
    given = record.series
    if given is None or given.content is None:
        return None
    return series_from(given.content, f"record {record.id}, series '{given.id}'")


def changed_rows(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return in words what is not the same in two recorded counts: name, unit, reports.

    Parameters
    ----------
    before, after : mapping
        As :func:`series_content` returns them.

    Examples
    --------
    >>> old = {"name": "a", "unit": "persons", "own_day": False, "totals": {"2025-06-03": 5.0}}
    >>> changed_rows(old, {**old, "totals": {"2025-06-03": 7.0, "2025-06-04": 9.0}})
    ['2025-06-03 was 5, now 7', '2025-06-04 added, 9']
    """
    changes = [
        f"{key.replace('_', ' ')} was {before.get(key)!r}, now {after.get(key)!r}"
        for key in ("name", "unit", "own_day", "late")
        if before.get(key) != after.get(key)
    ]
    was, now = before["totals"], after["totals"]
    days = [day for day in sorted({*was, *now}) if was.get(day) != now.get(day)]
    for day in days[:_ROWS]:
        old, new = (f"{one[day]:,.10g}" if day in one else "" for one in (was, now))
        changed = f"was {old}, now {new}" if old and new else ""
        changes.append(f"{day} {changed or (f'added, {new}' if new else f'removed, {old}')}")
    if len(days) > _ROWS:
        changes.append(f"and {len(days) - _ROWS} more reports to {days[-1]}")
    return changes


# ------------------------------------------------------------------ the record

_LARGEST = 50_000_000  # bytes


def make_record(
    source: Forecast | Law,
    thresholds: Sequence[float] | None = None,
    *,
    prob: float | None = None,
    on: Sequence[date | str] = (),
    dossier: Dossier | None = None,
    series: Sequence[Series] = (),
) -> Record:
    """Return the record of a forecast, or of one law: what is needed to check it later.

    Parameters
    ----------
    source : Forecast or Law
        A forecast is recorded with all of its laws, and with its dossier inside.
    thresholds : sequence of float, optional
        Totals that are cited [unit]; needed for a law, and taken from a forecast.
    prob : float, optional
        Probability of the intervals; the forecast's own, or 0.9, when left out.
    on : sequence of datetime.date
        Days on which totals were read; those of the question when left out.
    dossier : Dossier, optional
        For a law: its dossier, to be embedded; else only its digest is kept.
    series : sequence of Series
        Recorded counts that entered, to be embedded; a forecast of one brings its own.

    Returns
    -------
    Record

    Raises
    ------
    InputError
        If thresholds are missing, lie outside the law, or the dossier is another one.

    See Also
    --------
    attrition.verify : whether it still holds.
    attrition.reporting.write_record : as a file.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"])
    >>> record = make_record(forecast)
    >>> len(record.id), record.laws[0].crossings[0].printed["median"]
    (16, 'early July 2025')
    """
    if isinstance(source, Forecast):
        dossier = source.dossier
        chosen = source.prob if prob is None else prob
        unconditional: dict[Any, Law] = dict(getattr(source, "unconditional", {}))
        laws = [
            (law, source.thresholds[key])
            for group in (source.laws, unconditional)
            for (key, _), law in group.items()
            if source.thresholds[key]
        ]
        seed: int | None = source.seed
        series = series or ([] if source.series is None else [source.series])
        question: dict[str, Any] | None = source.question.to_dict()
    else:
        check_type(source, Law, "source", "a forecast or a law")
        chosen = 0.9 if prob is None else prob
        laws = [(source, tuple(float(value) for value in thresholds or ()))]
        seed = source.provenance.seed
        question = None
    if not laws or not laws[0][1]:
        raise refusal("thresholds of a record", "none", "make_record")
    what = laws[0][0].provenance
    days = days_from(on, "on") or (source.question.on if isinstance(source, Forecast) else ())
    bare = Record(
        id="",
        versions=versions(),
        inputs=(
            *dossier_input(what, dossier),
            *(series_input(one) for one in series),
            *(counts_beside(dossier, source.information_date) if dossier else ()),
        ),
        question=question,
        settings=Settings(
            information_date=source.information_date.isoformat(),
            horizon=source.horizon.isoformat(),
            prob=chosen,
            seed=seed,
            tolerance=what.tolerance,
            on=tuple(day.isoformat() for day in days),
        ),
        laws=tuple(_recorded(law, asked, chosen) for law, asked in laws),
        sentences_sha256="",
    )
    named = bare.model_copy(update={"id": id_of(bare)})
    sentences = sentences_of(named)
    return named.model_copy(
        update={"sentences": sentences, "sentences_sha256": digest_of(sentences)}
    )


def versions() -> Versions:
    """Return the versions that compute now."""
    import scipy

    return Versions(
        attrition=__version__,
        python=platform.python_version(),
        numpy=np.__version__,
        scipy=scipy.__version__,
        priors=bundled_priors().digest,
    )


def _recorded(law: Law, thresholds: Sequence[float], prob: float) -> RecordedLaw:
    return RecordedLaw(
        provenance=json.loads(law.stating_draws().provenance.to_json()),
        condition=condition(law),
        end_hazard=law.provenance.end_hazard,
        crossings=tuple(_recorded_crossing(law, k, prob) for k in sorted(set(thresholds))),
    )


def _recorded_crossing(law: Law, threshold: float, prob: float) -> RecordedCrossing:
    read = crossing(law, threshold, prob=prob)
    return RecordedCrossing(
        threshold=threshold,
        lower=_end(read.lower),
        median=_end(read.median),
        upper=_end(read.upper),
        masses={key: float(value) for key, value in dataclasses.asdict(read.masses).items()},
        unit=opened(law, read).unit,
        printed=printed(law, read),
        exceedance=packed(mean_of(law, threshold)),
    )


def printed(law: Law, read: Crossing) -> dict[str, str]:
    """Return the numbers of a crossing as they are printed, by name.

    Without an end hazard nothing is said of an end.
    """
    shown = opened(law, read)
    ends = dict(zip(("lower", "median", "upper"), shown.dates, strict=True))
    masses = dataclasses.asdict(read.masses)
    if not law.provenance.end_hazard:
        del masses["ended"]
    return {
        **{name: end_words(law, end, shown.unit) for name, end in ends.items()},
        **{name: percent(float(value), law.draws) for name, value in masses.items()},
    }


def _end(quantile: CrossingDate) -> End:
    return End(
        state=str(quantile.state),
        day=None if quantile.day is None else quantile.day.isoformat(),
        offset=quantile.offset,
        mcse=quantile.mcse,
    )


def write_record(record: Record, path: str | Path) -> Path:
    """Write a record as JSON, whole or not at all.

    Raises
    ------
    InputError
        If the folder cannot be written.

    See Also
    --------
    attrition.reporting.read_record : back again.

    Examples
    --------
    >>> import attrition as at, tempfile
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> record = at.reporting.make_record(law, [600])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = at.reporting.write_record(record, f"{folder}/record.json")
    ...     print(at.reporting.read_record(file) == record)
    True
    """
    write_whole(Path(path), record.to_json().encode())
    return Path(path)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; one that says a field twice would show each reader another."""
    content = dict(pairs)
    if len(content) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise ValueError("said twice: " + next(name for name in counts if counts[name] > 1))
    return content


def read_record(path: str | Path) -> Record:
    """Read a record.

    Parameters
    ----------
    path : str or pathlib.Path
        A JSON file that :func:`write_record` or ``attrition forecast --out`` wrote.

    Raises
    ------
    InputError
        If the file is missing, not JSON, or no record of a version that this release knows.

    See Also
    --------
    attrition.reporting.write_record : how it was written.
    attrition.verify : whether it still holds.

    Examples
    --------
    >>> import attrition as at, tempfile
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> record = at.reporting.make_record(law, [600])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = at.reporting.write_record(record, f"{folder}/record.json")
    ...     print(at.reporting.read_record(file).id == record.id)
    True
    """
    file = path_of(path)

    try:
        text = read_text(file, _LARGEST, "a record")
        content = json.loads(text, object_pairs_hook=_each_once)
    except InputError:
        raise
    except (ValueError, RecursionError) as error:
        raise refusal("record in JSON", clip(str(error)), clip(str(path))) from None
    version = content.get("schema_version") if isinstance(content, dict) else None
    if version not in (1, 2) or isinstance(version, bool):
        raise refusal("schema of a record", clip(version), clip(str(path)))
    try:
        return Record.model_validate(content)
    except ValidationError as failure:
        first = failure.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise refusal("form of a record", f"{first['msg']} at {where}", clip(str(path))) from None


_LONGEST = 8 * 366 * 110  # bytes of one column: the days of a lifetime
_MOST = 200_000_000  # bytes of all columns: a small file may unpack to much more than itself


def packed(column: Floats) -> str:
    """Return an array as base64 of zlib of little-endian float64."""
    return base64.b64encode(zlib.compress(column.astype("<f8").tobytes(), 9)).decode()


def unpacked(text: str) -> Floats:
    """Return the array that :func:`packed` wrote.

    Raises
    ------
    InputError
        If the text is no such array.
    """
    try:
        stream = zlib.decompressobj()
        raw = stream.decompress(base64.b64decode(text, validate=True), _LONGEST)
        if not stream.eof:
            raise zlib.error(f"a column that is cut short, or of more than {_LONGEST:,} bytes")  # noqa: TRY301 - as zlib itself would
        return np.frombuffer(raw, dtype="<f8").astype(float)
    except (ValueError, zlib.error) as error:
        raise refusal("law of a record", clip(str(error)), "laws, crossings, exceedance") from None


def laws_of(record: Record) -> list[Law]:
    """Return the laws that a record holds, one replicate each, on the thresholds that it cites.

    Raises
    ------
    InputError
        If a law in it is none.
    """
    first, last = (
        date.fromisoformat(day)
        for day in (record.settings.information_date, record.settings.horizon)
    )
    columns = sum(len(law.crossings) for law in record.laws)
    if columns * 8 * min(max((last - first).days + 1, 1), _LONGEST // 8) > _MOST:
        raise damaged("laws", f"{columns:,} columns until {last}", f"record {record.id}")
    try:
        return [_law(record, law, (last - first).days + 1) for law in record.laws]
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged("laws", str(error), f"record {record.id}") from None


def _law(record: Record, entry: RecordedLaw, days: int) -> Law:
    columns = [unpacked(one.exceedance) for one in entry.crossings]
    if {column.size for column in columns} != {days}:
        raise damaged("laws", f"columns of other lengths than {days} days", f"record {record.id}")
    return make_law(
        np.array(columns)[None],
        [one.threshold for one in entry.crossings],
        date.fromisoformat(record.settings.information_date),
        Provenance.from_json(json.dumps(stated_of(entry))),
    )


def reads_of(record: Record, entry: RecordedLaw, law: Law) -> list[Crossing]:
    """Return what is read off a recorded law, with the errors that were stated then."""
    reads: list[Crossing] = []
    for one in entry.crossings:
        read = crossing(law, one.threshold, prob=record.settings.prob)
        ends = {
            name: dataclasses.replace(getattr(read, name), mcse=getattr(one, name).mcse)
            for name in ("lower", "median", "upper")
        }
        reads.append(dataclasses.replace(read, **ends))
    return reads


def sentences_of(record: Record) -> tuple[Sentence, ...]:
    """Return the sentences that a record prints, each with its note."""
    return tuple(
        Sentence(
            quantity=one.law.provenance.quantity,
            basis=one.law.provenance.basis,
            threshold=one.read.threshold,
            sentence=citation.sentence,
            note=citation.note,
        )
        for one in _passings(record)
        for citation in [worded([one], record=record.id)]
    )


def _passings(record: Record) -> Iterator[Passing]:
    for law, entry in zip(laws_of(record), record.laws, strict=True):
        for read in reads_of(record, entry, law):
            yield Passing(law, read, mean_of(law, read.threshold))


def clauses_of(record: Record) -> list[str]:
    """Return what each citation of a record says happens, and when, with its probability."""
    return [clause(one) for one in _passings(record)]
