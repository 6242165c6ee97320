"""A folder of records, and how the intervals cited in them have held up."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from attrition.core._showing import Shown
from attrition.core.errors import refusal
from attrition.core.laws import Crossing, Law, crossing
from attrition.data.series import Series
from attrition.evaluation import score
from attrition.reporting.models import Record, digest_of, id_of
from attrition.reporting.record import laws_of, read_record, write_record

Resolution = Literal["held", "missed", "pending"]
"""Whether an interval held what happened, or what happened is not known yet."""


@dataclass(frozen=True, slots=True)
class Scored(Shown):
    """One cited interval against what happened.

    Parameters
    ----------
    record : str
        Id of the record that cites it.
    quantity, basis : str
    threshold : float
        The total that is passed [unit].
    end_hazard : float
        Of the end for which the law allows [1/day]; 0 for none.
    information_date : datetime.date
    prob : float
        Probability of the interval.
    lower, upper : datetime.date or None
        Ends of the interval; None where an end lies outside the law.
    outcome : {"held", "missed", "pending"}
    happened : datetime.date or None
        The day on which the truth passed the threshold; None if it has not.
    crps : float or None
        Score of min(T, last day of data) [day]; None where no day of data is later than the
        information date.

    See Also
    --------
    attrition.reporting.ArchiveScore : all of them.

    Examples
    --------
    >>> import attrition as at
    >>> import pandas as pd
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> days = pd.to_datetime(["2025-06-03", "2025-06-13"])
    >>> truth = at.read_series(pd.Series([500.0, 601.0], days, name="cumulative"))
    >>> (row,) = at.reporting.score_archive([at.reporting.make_record(law, [600])], truth).rows
    >>> row.threshold, row.quantity
    (600.0, 'total')
    """

    record: str
    quantity: str
    basis: str
    threshold: float
    end_hazard: float
    information_date: date
    prob: float
    lower: date | None
    upper: date | None
    outcome: Resolution
    happened: date | None
    crps: float | None


@dataclass(frozen=True, slots=True)
class ArchiveScore(Shown):
    """Every cited interval of an archive, in order of information date.

    Parameters
    ----------
    rows : tuple of Scored
    running : tuple of (held, resolved)
        After each resolved interval, how many of those so far held, and how many they are.
    crps : float or None
        Mean score over the rows that have one [day].

    See Also
    --------
    attrition.reporting.score_archive : how it is made.
    attrition.plots.archive : a picture of it.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2025-06-03", "2025-06-13"])
    >>> truth = at.read_series(pd.Series([500.0, 601.0], days, name="cumulative"))
    >>> scored = at.reporting.score_archive([at.reporting.make_record(law, [600])], truth)
    >>> scored.coverage, len(scored.rows)
    (1.0, 1)
    """

    _tells = ("coverage",)

    _parts = "rows"

    rows: tuple[Scored, ...]
    running: tuple[tuple[int, int], ...]
    crps: float | None

    @property
    def coverage(self) -> float | None:
        """Share of the resolved intervals that held; None where none is resolved."""
        return self.running[-1][0] / self.running[-1][1] if self.running else None


def add_to_archive(record: Record, folder: str | Path) -> Path:
    """Put a record into an archive, under its id; the same record twice is one.

    Raises
    ------
    InputError
        If the record was changed after it was made, or the folder cannot be written.

    See Also
    --------
    attrition.reporting.score_archive : whether what was cited held.

    Examples
    --------
    >>> import attrition as at, tempfile
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> record = at.reporting.make_record(law, [600])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(at.reporting.add_to_archive(record, folder).stem == record.id)
    True
    """
    whole = id_of(record) == record.id
    if not whole or digest_of(record.sentences) != record.sentences_sha256:
        got = "sentences with another digest" if whole else f"content of id {id_of(record)}"
        raise refusal("whole record", got, f"record {record.id}")
    return write_record(record, Path(folder) / f"{record.id}.json")


def read_archive(folder: str | Path) -> list[Record]:
    """Return the records of a folder in order of information date and id.

    Raises
    ------
    InputError
        If the folder holds none, or a file in it is no record.

    See Also
    --------
    attrition.reporting.add_to_archive : how it is filled.
    attrition.reporting.score_archive : whether what was cited held.

    Examples
    --------
    >>> import attrition as at, tempfile
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> record = at.reporting.make_record(law, [600])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = at.reporting.add_to_archive(record, folder)
    ...     print([one.id == record.id for one in at.reporting.read_archive(folder)])
    [True]
    """
    files = sorted(Path(folder).glob("*.json"))
    if not files:
        raise refusal("records of an archive", "no .json file", str(folder))
    records = [read_record(file) for file in files]
    return sorted(records, key=lambda one: (one.settings.information_date, one.id))


def score_archive(
    records: Sequence[Record],
    truth: Series,
    *,
    quantity: str | None = None,
    basis: str | None = None,
) -> ArchiveScore:
    """Score the cited intervals of one total against a recorded count.

    Parameters
    ----------
    records : sequence of Record
    truth : Series
        What happened, of the same total.
    quantity, basis : str, optional
        Whose intervals to score; needed where the records cite several totals.

    Returns
    -------
    ArchiveScore

    Raises
    ------
    InputError
        If the records cite several totals and none is named, or none of that name.

    See Also
    --------
    attrition.evaluation.score : one law.
    attrition.plots.archive : a picture.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2025-06-03", "2025-06-13"])
    >>> truth = at.read_series(pd.Series([500.0, 601.0], days, name="cumulative"))
    >>> at.reporting.score_archive([at.reporting.make_record(law, [600])], truth).rows[0].outcome
    'held'
    """
    cited = {str(law.provenance["quantity"]) for record in records for law in record.laws}
    wanted = quantity or (next(iter(cited)) if len(cited) == 1 else None)
    if wanted not in cited:
        got = repr(quantity) if quantity else f"{len(cited)} totals"
        raise refusal(
            "truth of one total", got, "score_archive", quantities=", ".join(sorted(cited))
        )
    ordered = sorted(records, key=lambda one: (one.settings.information_date, one.id))
    rows = tuple(
        row
        for record in ordered
        for law in laws_of(record)
        if law.provenance.quantity == wanted and basis in (None, law.provenance.basis)
        for row in _rows(record, law, truth)
    )
    hits = itertools.accumulate(int(r.outcome == "held") for r in rows if r.outcome != "pending")
    running = tuple((count, number) for number, count in enumerate(hits, start=1))
    scores = [row.crps for row in rows if row.crps is not None]
    return ArchiveScore(rows, running, sum(scores) / len(scores) if scores else None)


def _rows(record: Record, law: Law, truth: Series) -> Iterator[Scored]:
    last = truth.days[-1]
    for value in law.thresholds:
        threshold = float(value)
        read = crossing(law, threshold, prob=record.settings.prob)
        happened = truth.crossed(threshold)
        crps = None
        if last > law.information_date:
            seen = happened if happened is not None and happened <= law.horizon else None
            result = score(law, threshold, seen, last=last, prob=record.settings.prob)
            crps = result.crps
        yield Scored(
            record.id,
            law.provenance.quantity,
            law.provenance.basis,
            threshold,
            law.provenance.end_hazard,
            law.information_date,
            record.settings.prob,
            read.lower.day,
            read.upper.day,
            _outcome(read, law, happened, last),
            happened,
            crps,
        )


def _outcome(read: Crossing, law: Law, happened: date | None, last: date) -> Resolution:
    """Tell whether an interval held; one that nothing can contradict any more is resolved."""
    first = {"already": date.min}.get(str(read.lower.state), read.lower.day or law.horizon)
    end = read.upper.day
    if str(read.upper.state) == "already":
        end = law.information_date
    if happened is None:
        if end is not None:
            return "missed" if last >= end else "pending"
        return "held" if last >= law.horizon else "pending"
    after = happened > first if read.lower.state == "beyond" else happened >= first
    return "held" if after and (end is None or happened <= end) else "missed"
