"""Reading a record back: its laws, what is read off them, and its sentences."""

from __future__ import annotations

import base64
import dataclasses
import json
import zlib
from collections.abc import Iterator
from datetime import date

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError, clip
from attrition.core.laws import Crossing, Law, Provenance, crossing, make_law
from attrition.core.laws.reading import mean_of
from attrition.reporting.citation import worded
from attrition.reporting.models import Record, RecordedLaw, Sentence, damaged, stated_of
from attrition.reporting.passing import Passing
from attrition.reporting.several import clause

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
        raise InputError(
            "a law must be base64 of zlib of float64",
            got=clip(str(error)),
            place="laws, crossings, exceedance",
            remedy="Take the record from its first place of publication",
        ) from None


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
