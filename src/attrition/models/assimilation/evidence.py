"""What a dossier says of one root total and its parts by a day, as dated terms on the log scale."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from attrition.core._typing import Floats, HasCdf
from attrition.core.days import WEEK, days_before
from attrition.core.errors import refusal
from attrition.data.dossier import Assumption, Claim, Coverage, Dossier, PartialDate, Quantity
from attrition.data.elicitation import elicit_claim, lexicon_of, quantile
from attrition.data.elicitation.claims import floor_of_claim, through
from attrition.data.elicitation.pooling import NEAR, original
from attrition.data.series import Series
from attrition.models.assimilation.network import Node
from attrition.models.assimilation.paces import noise_of, priors_of
from attrition.models.assimilation.readings import LogReading, floor_reading, log_reading
from attrition.text import Lexicon

CUTOFF = 1.0
"""Days by which the moment at which a figure was cut off is uncertain."""

TRAILING = 28
"""Days up to its own that a pace is of, where it is dated by a day: `paces.toml` is learnt so."""

AGE = (math.exp((math.log(7.0) + math.log(50 * 365.25)) / 2), 2.27)
"""Level over rate of a count that had begun before anybody speaks of it: the middle [day] and the
standard deviation of the log of an age that is log-uniform between a week and fifty years, so wide
that figures decide."""

YOUNG = 60
"""Days up to which a toll that levels off is told by the day, and no longer by the week: within a
week of it most of what there will be is counted."""

_LATER = 2.0  # age of such a toll, in the middle, as a multiple of the days since its first
_CUT = 0.25  # ... and of a window of a few days at most this share: "24 hours" are 24 hours
_SHARPEST = (1e-3, 1e-4)  # least standard deviation of the log of a figure; of an old total


@dataclass(frozen=True, slots=True)
class Term:
    """One figure, tied to a total over a window of days.

    Parameters
    ----------
    node : Node
        Whose error it carries.
    begin, end : float
        It describes the count of days (begin, end] since the count began; begin is 0 for a total.
    divide : float
        Days by which that is divided, for a rate; else 1.
    whole : str or None
        For a share in percent, the quantity of which it is a share.
    reading : LogReading
        What the words say, widened by day noise and cut-off.
    claim : int
        Index in the dossier's claims.
    """

    node: Node
    begin: float
    end: float
    divide: float
    whole: str | None
    reading: LogReading
    claim: int

    @property
    def is_total(self) -> bool:
        """Whether it is of the total itself: not of a window, a pace or a share."""
        return self.begin == 0 and self.divide == 1 and self.whole is None

    def sizes(self, *, begun: bool) -> bool:
        """Tell whether it says how large a total is; a pace does from a known first day on."""
        return self.is_total or (self.whole is None and not begun)


LISTED = Coverage(
    low=0.25,
    high=1.0,
    prob=0.9,
    note="no figure puts an end above; judged: a count of at least so many holds a quarter or more",
)
"""The share of all that a floor is taken to hold where there are floors alone [1]."""


@dataclass(frozen=True, slots=True)
class RecordedCounts:
    """A recorded series, as counts of blocks of days.

    Parameters
    ----------
    node : Node
    begin, end : ndarray of float, shape (block,)
        Each block counts the days (begin, end] since the count began.
    count : ndarray of float, shape (block,)
        What was counted [unit].
    total, last : float
        The last recorded total [unit] and its day.
    """

    node: Node
    begin: Floats
    end: Floats
    count: Floats
    total: float
    last: float

    def within(self, begin: float, end: float) -> float:
        """Return what was recorded in the days (begin, end], before the last of them [unit]."""
        days, totals = np.append(0.0, self.end), np.append(0.0, np.cumsum(self.count))
        return float(np.diff(np.interp([begin, end], days, totals))[0])


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a root total and its parts on a day.

    Parameters
    ----------
    dossier : Dossier
    root : str
    parts : tuple of str
        Parts, each after the total that it is a part of.
    first, as_of : datetime.date
        First day of the count, or of the week by whose end it has begun; information date.
    terms : tuple of Term
    counts : tuple of RecordedCounts
    notes : tuple of str
        Repeats that were left out, publication dates that were inferred.
    repeats : mapping of int to int
        Claims that repeat another one, by index; -1 where they repeat a recorded count.
    left_out : frozenset of Node
        Nodes whose figures were left out, so that their errors can still be predicted.
    begun : bool
        Whether nobody says when the total was 0, or one blow made most of it in no time: the first
        week then stands for all the time before the earliest figure.
    floors : bool
        Whether no figure puts an end above the total: the source of the highest "at least" is then
        read as a list that holds :data:`LISTED` of all.
    step : int
        Days of a week: of a young toll that levels off, one.
    age : tuple of float
        As :data:`AGE`, of a count that had begun.
    """

    dossier: Dossier
    root: str
    parts: tuple[str, ...]
    first: date
    as_of: date
    terms: tuple[Term, ...]
    counts: tuple[RecordedCounts, ...]
    notes: tuple[str, ...] = ()
    repeats: Mapping[int, int] = field(default_factory=dict)
    left_out: frozenset[Node] = frozenset()
    begun: bool = False
    floors: bool = False
    step: int = WEEK
    age: tuple[float, float] = AGE

    @property
    def days(self) -> int:
        """Days of the count by the end of the information date."""
        return (self.as_of - self.first).days + 1

    @property
    def sized(self) -> bool:
        """Whether anything says how large the total is; a pace alone does not."""
        return bool(self.counts) or any(term.sizes(begun=self.begun) for term in self.terms)

    @property
    def history(self) -> float:
        """Days that a count which had begun may have gone on before: its age, in the middle."""
        return self.age[0] if self.begun else 0.0

    def day(self, when: date) -> int:
        """Return the days of the count by the end of a date."""
        return (when - self.first).days + 1

    def date(self, day: float) -> date:
        """Return the date at whose end so many days are counted."""
        return self.first + timedelta(days=round(day) - 1)

    def lineage(self, quantity: str) -> tuple[str, ...]:
        """Return the parts through which a quantity derives from the root, itself first."""
        return self.dossier.lineage(quantity)[:-1]

    def without(self, *, source: str | None = None, claim: int | None = None) -> Evidence:
        """Return the evidence without one source, or without one claim.

        Where floors alone are left, the highest is read as a list, as in :func:`evidence_of`.
        """
        terms = tuple(t for t in self.terms if t.node[0] != source and t.claim != claim)
        counts = tuple(counted for counted in self.counts if counted.node[0] != source)
        gone = {t.node for t in self.terms} - {t.node for t in terms}
        floors = not counts and _only_floors(terms, begun=self.begun)
        if floors:
            kept = {term.claim for term in terms}
            listed = _terms(self, listed=_highest(terms))
            terms = tuple(sorted((t for t in listed if t.claim in kept), key=_order))
        return dataclasses.replace(
            self,
            terms=terms,
            counts=counts,
            left_out=frozenset(gone),
            floors=floors or (self.floors and not counts),
        )


def recordings_of(dossier: Dossier) -> dict[Node, Series]:
    """Return the recorded counts beside a dossier, by source and quantity, or read its own."""
    if dossier.counts or not dossier.series:
        return dict(dossier.counts)
    from attrition.data.series import read_series

    return {
        (recording.source, recording.quantity): read_series(recording.path)
        for recording in dossier.series
    }


def parts_of(dossier: Dossier, root: str) -> tuple[str, ...]:
    """Return all quantities that are parts of a root, through any number, parents first."""
    parts = [root]
    for key in parts:
        parts += [k for k, q in dossier.quantities.items() if q.part_of == key]
    return tuple(parts[1:])


def evidence_of(
    dossier: Dossier, root: str, *, as_of: date, series: Mapping[Node, Series] | None = None
) -> Evidence:
    """Gather the claims and counts on a root total and its parts that were published by a day.

    Parameters
    ----------
    dossier : Dossier
    root : str
        A cumulative quantity that is no part of another, with the first day of its count.
    as_of : datetime.date
        Information date: claims published later, and later rows of series, are not seen.
    series : mapping of (source, quantity) to Series, optional
        Recorded counts.

    Raises
    ------
    InputError
        If the first day of the count lies after the information date.

    Notes
    -----
    Where no first day is stated the count has begun by the end of a week before the earliest day
    that any figure is about. How much had been counted by then is unknown; see
    :data:`attrition.models.assimilation.model.AGE`.
    """
    what = dossier.find_quantity(root)
    parts = parts_of(dossier, root)
    priors = priors_of(dossier)
    blow = priors.levels_off(what.pace)
    begun = what.start is None or blow
    counted = {node: count for node, count in (series or {}).items() if node[1] in {root, *parts}}
    start = as_of if what.start is None else what.start.first
    first, step, age = start, WEEK, AGE
    if begun:
        earliest = _earliest(dossier, (root, *parts), as_of, counted.values())
        step = 1 if blow and (as_of - earliest).days < YOUNG else WEEK
        first = days_before(earliest, step + 1)
    if blow:
        age = priors.age(what.pace)
        if what.start is not None:
            age = max((as_of - start).days + 1, 1) * _LATER, age[1]
    if start > as_of:
        place = f"dossier '{dossier.id}', quantities.{root}"
        raise refusal("day of a count", f"{as_of} and start={what.start}", place)
    blank = Evidence(dossier, root, parts, first, as_of, (), (), begun=begun, step=step, age=age)
    counts = _counts(blank, counted)
    kept, repeats = _unrepeated(_terms(blank), counts, dossier)
    floors = not counts and _only_floors(kept, begun=begun)
    if floors:
        kept, repeats = _unrepeated(_terms(blank, listed=_highest(kept)), (), dossier)
    notes = _notes(dossier, kept, repeats, as_of)
    return dataclasses.replace(
        blank, terms=kept, counts=counts, notes=notes, repeats=repeats, floors=floors
    )


def _terms(blank: Evidence, *, listed: str = "") -> list[Term]:
    """Return all claims on a root and its parts as terms; floors of one source as a list's."""
    tables = [table_of(blank.dossier, key, blank.as_of) for key in (blank.root, *blank.parts)]
    return [
        _term(blank, table, claim, listed=claim.source == listed)
        for table in tables
        for claim in table.claims
        if claim.kind != "forecast"
    ]


def _only_floors(terms: Sequence[Term], *, begun: bool) -> bool:
    """Tell whether totals are known by floors alone, and nothing else says how large they are.

    A pace does where the first day of the count is known.
    """
    sized = [term for term in terms if term.sizes(begun=begun)]
    return bool(sized) and all(term.reading.floor for term in sized)


def _highest(terms: Sequence[Term]) -> str:
    """Return the source of the highest floor: any other contradicts nothing above it."""
    floors = [term for term in terms if term.reading.floor]
    totals = [term for term in floors if term.is_total]
    return max(totals or floors, key=lambda term: term.reading.centre).node[0]


def _earliest(
    dossier: Dossier, quantities: tuple[str, ...], as_of: date, counts: Iterable[Series]
) -> date:
    """Return the earliest day of any figure or count."""
    days = [as_of, *(count.first_day for count in counts)]
    for key in quantities:
        table = table_of(dossier, key, as_of)
        for claim in table.claims:
            since = claim.as_of if claim.since is None else claim.since
            days += [_described(table, claim)[0], since.first]
    return min(days)


def _notes(
    dossier: Dossier, kept: tuple[Term, ...], repeats: Mapping[int, int], as_of: date
) -> tuple[str, ...]:
    notes = []
    if repeats:
        notes.append(f"{len(repeats)} figures repeat another's and add nothing")
    inferred = [t for t in kept if "published" in dossier.claims[t.claim].inferred]
    if inferred:
        notes.append(
            f"the day of publication of {len(inferred)} figures known on {as_of} was inferred"
        )
    return tuple(notes)


def term_of(evidence: Evidence, index: int, *, as_of: date) -> Term:
    """Return one claim as a term of the days of evidence, as it would be known on a later day."""
    claim = evidence.dossier.claims[index]
    table = table_of(evidence.dossier, claim.quantity, as_of)
    return _term(dataclasses.replace(evidence, as_of=as_of), table, claim)


def _described(table: ClaimsOnQuantity, claim: Claim) -> tuple[date, date]:
    """Return the first and the last day that a figure is about.

    Whoever says on a day how many there are a day speaks of the last weeks, as in `at.when`; but
    of no more days than would make up half of the total.
    """
    first, last = table.span(claim.as_of, claim)
    if claim.kind != "rate" or first != last:
        return first, last
    days = min(TRAILING, max(table.largest / (2 * table.middle(claim)), 1.0))
    start = (
        table.quantity.start if priors_of(table.dossier).levels_off(table.quantity.pace) else None
    )
    since = days_before(last, int(days) - 1)
    return since if start is None else min(max(since, start.first), last), last


def _term(
    evidence: Evidence, table: ClaimsOnQuantity, claim: Claim, *, listed: bool = False
) -> Term:
    dossier = evidence.dossier
    index = next(i for i, other in enumerate(dossier.claims) if other is claim)
    first, last = _described(table, claim)
    node = (original(dossier, claim.source), claim.quantity)
    middle = evidence.day(first + (last - first) / 2)
    begin, end, divide, whole = 0.0, float(middle), 1.0, None
    begun = evidence.first if table.quantity.start is None else table.quantity.start.first
    first_day = max(evidence.day(begun), 1)
    blur = (last - first).days / (max(middle, 1) + evidence.history) / np.sqrt(12)
    if claim.kind == "increment" and not dossier.is_level(claim):
        since = claim.since or claim.as_of
        begin = float(max(evidence.day(since.first) - 1, 0))
        blur = 0.0
    elif claim.kind == "rate":
        # a pace of days before the count began is that of its first day
        begin, end = float(max(evidence.day(first) - 1, 0)), float(max(evidence.day(last), 1))
        divide, blur = max(end - begin, 1.0), 0.0
    elif claim.kind == "share":
        whole, blur = table.quantity.part_of, 0.0
        if whole is None:
            got = f"no `part_of` in quantities.{claim.quantity}"
            raise refusal("share of a whole", got, table.place(claim))
    if end <= begin or end < first_day:
        got = f"as_of={claim.as_of} and a count from {begun}"
        raise refusal("figure of a count", got, table.place(claim))
    reading = _reading(table, claim, listed=listed)
    if whole is not None and reading.centre >= np.log(100):
        got = f"about {np.exp(reading.centre):.4g}"
        raise refusal("share below its whole", got, table.place(claim))
    noise = noise_of(dossier, claim.quantity) / max(np.exp(reading.centre) * divide, 1.0)
    # what a day is to a total that had begun nobody knows: its figures themselves are to tell
    old = evidence.begun and begin == 0
    cutoff = 0.0 if claim.kind == "rate" or old else min(CUTOFF / (end - begin), _CUT)
    wide = float(np.sqrt(cutoff**2 + blur**2 + (0.0 if whole else min(noise, 1.0))))
    return Term(node, begin, end, divide, whole, reading.widened(max(wide, _SHARPEST[old])), index)


def _reading(table: ClaimsOnQuantity, claim: Claim, *, listed: bool) -> LogReading:
    """Return what a claim says; an "at least" without a coverage is a floor, or a list."""
    if claim.coverage is None and table.dossier.sources[claim.source].coverage is None:
        floor = table.floor(claim)
        if floor == 0:
            raise refusal("positive figure", "a minimum of 0", table.place(claim))
        if floor is not None and listed:
            return log_reading(through(floor, LISTED), place=table.place(claim))
        if floor is not None:
            return floor_reading(floor)
    return log_reading(table.elicit(claim), place=table.place(claim))


def _unrepeated(
    terms: list[Term], counts: tuple[RecordedCounts, ...], dossier: Dossier
) -> tuple[tuple[Term, ...], dict[int, int]]:
    """Leave out what copies repeat: a figure, or a day of a recorded count, of the original.

    A repeat is of the same quantity and window; its reading error is its original's, so that
    nothing is learnt from it even where it is rounded.
    """
    recorded = [t for t in terms if any(_recorded(count, t) for count in counts)]
    repeats = {term.claim: -1 for term in recorded}
    rest = [term for term in terms if term.claim not in repeats]
    kept = [t for t in rest if dossier.claims[t.claim].source == t.node[0]]
    for term in rest:
        if dossier.claims[term.claim].source == term.node[0]:
            continue
        same = next((k for k in kept if _same(k, term)), None)
        if same is None:
            kept.append(term)
        else:
            repeats[term.claim] = same.claim
    return tuple(sorted(kept, key=_order)), repeats


def _order(term: Term) -> tuple[object, ...]:
    """Put terms in an order of their own, whatever that of the claims."""
    reading = term.reading
    shape = (*reading.weights.tolist(), *reading.means.tolist(), *reading.sds.tolist())
    return (term.node, term.whole or "", term.begin, term.end, term.divide, reading.floor, shape)


def _same(one: Term, other: Term) -> bool:
    window = (one.node, one.begin, one.end, one.divide, one.whole)
    return window == (other.node, other.begin, other.end, other.divide, other.whole)


def _recorded(counts: RecordedCounts, term: Term) -> bool:
    if counts.node != term.node or term.divide != 1 or term.whole is not None:
        return False
    recorded = counts.within(term.begin, term.end)
    near = abs(term.reading.centre - np.log(max(recorded, 1.0))) <= NEAR
    return bool(counts.begin[0] <= term.end <= counts.last and near)


def _counts(evidence: Evidence, series: Mapping[Node, Series]) -> tuple[RecordedCounts, ...]:
    counts = []
    for (source, quantity), recorded in sorted(series.items(), key=lambda item: item[0]):
        node = (original(evidence.dossier, source), quantity)
        counted = _blocks(evidence, node, recorded)
        if counted is not None:
            counts.append(counted)
    return tuple(counts)


def _blocks(evidence: Evidence, node: Node, series: Series) -> RecordedCounts | None:
    """Pool a series into blocks of a week at least; its first total is a block from the start."""
    if series.days[0] > evidence.as_of:
        return None
    cleaned = series.complete.until(evidence.as_of).cleaned
    offset = (evidence.first - date(1970, 1, 1)).days - 1
    ends = np.asarray(cleaned.day, dtype=float) - offset
    rows = [(0.0, float(ends[0]), float(cleaned.total[0]))]
    begin, tally, span = float(ends[0]), 0.0, 0.0
    for end, count, exposure in zip(ends[1:], cleaned.counts, cleaned.exposure, strict=True):
        tally += count if exposure > 0 else 0.0
        span += exposure
        if end - begin >= evidence.step:
            if span > 0:  # what nothing tells about is left out
                rows.append((end - span, end, tally))
            begin, tally, span = end, 0.0, 0.0
    if span > 0:
        rows.append((float(ends[-1]) - span, float(ends[-1]), tally))
    if rows[0][2] <= 0 or rows[0][1] <= 0:
        del rows[0]
    begins, stops, counts = np.ascontiguousarray(np.array(rows).reshape(-1, 3).T)
    total, last = float(cleaned.total[-1]), float(ends[-1])
    return RecordedCounts(node, begins, stops, counts, total, last)


# The claims on one quantity that are known on a day, sorted by what they are used for.

LATENT = "latent"
"""The basis of a law of the total itself, rather than of a source's count of it."""


def stated(dossier: Dossier, name: str, quantity: str) -> tuple[str, float | str, str, str]:
    """Return (name, value, reason, origin) of the assumption that holds for a quantity."""
    assumption: Assumption = dossier.assumption(name, quantity)
    return name, assumption.value, assumption.reason, assumption.origin


def number(dossier: Dossier, name: str, quantity: str) -> float:
    """Return the number that is assumed for a quantity."""
    return float(dossier.assumption(name, quantity).value)


@dataclass(frozen=True)
class ClaimsOnQuantity:
    """The claims on one quantity known on a day, with what is needed to read them."""

    dossier: Dossier
    quantity: Quantity
    as_of: date
    lexicon: Lexicon
    claims: tuple[Claim, ...]

    def place(self, claim: Claim) -> str:
        """Say where a claim stands, for errors."""
        index = next(i for i, other in enumerate(self.dossier.claims) if other is claim)
        return f"dossier '{self.dossier.id}', claims[{index}], source '{claim.source}'"

    def elicit(self, claim: Claim) -> HasCdf:
        """Return the distribution of a claim [unit; a rate: unit/day]."""
        return elicit_claim(
            claim,
            self.lexicon,
            place=self.place(claim),
            counted=self.quantity.counted,
            coverage=self.dossier.sources[claim.source].coverage,
        )

    def middle(self, claim: Claim) -> float:
        """Return the median of what a claim says, or the number of a floor [unit or unit/day]."""
        floor = self.floor(claim)
        return float(quantile(self.elicit(claim), np.array(0.5))) if floor is None else floor

    @functools.cached_property
    def largest(self) -> float:
        """The largest total that is claimed, in the middle [unit]; infinite where none is."""
        levels = [claim for claim in self.claims if self.dossier.is_level(claim)]
        return max((self.middle(claim) for claim in levels), default=math.inf)

    def floor(self, claim: Claim) -> float | None:
        """Return the number of a claim that is a floor [unit; a rate: unit/day]; else None."""
        return floor_of_claim(
            claim, self.lexicon, place=self.place(claim), counted=self.quantity.counted
        )

    def span(self, when: PartialDate, claim: Claim) -> tuple[date, date]:
        """Return the days that ``when`` may mean, none later than publication or information."""
        last = min(when.last, claim.published.last, self.as_of)
        return min(when.first, last), last


def table_of(dossier: Dossier, quantity: str, as_of: date) -> ClaimsOnQuantity:
    """Return the claims on a quantity that had appeared by the end of ``as_of``."""
    return ClaimsOnQuantity(
        dossier,
        dossier.find_quantity(quantity),
        as_of,
        lexicon_of(dossier),
        dossier.claims_on(quantity, as_of=as_of),
    )
