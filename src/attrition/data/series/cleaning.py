"""What is wrong with a recorded total: find it, list it, handle each kind by one stated rule.

| kind | found when | rule |
|---|---|---|
| order, duplicate | dates fall; a date occurs twice | sort; of unequal rows the last stands |
| missing | a row without a value | the row is no report |
| typo | a total off by a power of ten, or far off, that the next report takes back | no report |
| typo | a new count, or the last total, far beyond its neighbours where a slip of digits would \
explain it | read as it was likelier meant; the other reading is a hypothesis of the law |
| correction | the total falls | the count is restated: what is printed now stands, and earlier \
totals are at most that |
| restart | the total falls to about nothing | counted from there; the earlier total is not added |
| interval | daily counts, but often with days between | each belongs to the days since the last |
| gap | a report is late by the series' own rhythm | its count belongs to the interval; a new \
count no larger than those beside it, to its own period |
| freeze | zeros too many to be chance | as a gap if a catch-up follows, else left out |
| stop | such zeros, four weeks or more, up to the last report | left out |
| backfill | a count far above its neighbours | in the total; the excess not in the rate |
| dump | such a count among the last three | in the total; whether the rate is that of before or \
of the dump, only later reports can tell |
| late | daily counts that fade over the last days | left out of the rate; a decline, or reports \
that are still to come, which only later reports can tell |
| incomplete | a reporting triangle says what the last days lack | in the law; the days count by \
the share that is reported |
| batch | most days zero, the counts in lumps | listed; the weekly noise carries it |

Everything is judged from the rows given, so that a hindcast cleans each history by itself. A pace
is fitted to counts with the days that each stands for; the total keeps all that was counted.
What a reader must know of before trusting a date is also warned of on reading.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats
from attrition.data.series.findings import Days, Defect, Findings
from attrition.data.series.slips import (
    REACH,
    SURE,
    Slip,
    Usual,
    denied_totals,
    doubts_of_counts,
    doubts_of_totals,
    most_near,
)
from attrition.data.series.unreported import FadingTail, LateReports, fading_of

_TYPO = (8.0, 12.5)  # a tenfold slip, up or down
_POWERS = (1.0, 10.0, 100.0)  # ... and a slip of two or three digits
_DENIED = 3.0  # a total this many usual counts outside its neighbours is denied by them
_AGREE = 10.0  # neighbours that are no more usual counts apart agree with each other
_JUDGED = 15  # reports before usual counts are known well enough to call a row wrong
_SMALL = 7.0  # a fall of no more usual counts takes back counts just made
_RESTART = 0.02  # share of a total to which a restarted count falls at most
_STOP = 28  # days without a count up to the last report
_BACKFILL = 8.0  # a count this many times the usual, and this many robust deviations above it
_TALLEST = 3.0  # ... and this many times the tallest of its neighbours
_RHYTHM = 0.15  # months differ by so much
_FEW_RATES = 3  # counts beside a gap by which the one after it is judged
_MISSED = 20.0  # persons expected in a silence and after it, below which it may be chance
_MADE_UP = (0.6, 2.0)  # a catch-up brings so many times what was expected
_FREEZE = 1e-6  # chance of so many zero days in a row
_OFTEN = 0.1  # share of reports more than a day after the last
_BATCH = 0.4  # share of zero days


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Reports after the rules.

    Parameters
    ----------
    day : ndarray of int, shape (report,)
        Day numbers, ascending.
    total : ndarray of float, shape (report,)
        Totals that never fall [unit].
    counts : ndarray of float, shape (report - 1,)
        What the rate is fitted to [unit].
    exposure : ndarray of float, shape (report - 1,)
        Days that each count stands for [day]; 0 where it tells nothing about the rate.
    anomalies : tuple of Defect
    surge : float
        How many times the usual the last counts are where a dump is among them; 1 where none is.
    surged : int
        How many of the last three counts are such.
    quiet : int
        How many ordinary counts came after them.
    doubts : tuple of Slip
        What may be slips of digits; totals and counts are by the likelier reading of each.
    fading : FadingTail, optional
        Last days that decline, or about which reports are still to come; they tell nothing about
        the rate.
    """

    day: Days
    total: Floats
    counts: Floats
    exposure: Floats
    anomalies: tuple[Defect, ...]
    surge: float = 1.0
    surged: int = 0
    quiet: int = 0
    doubts: tuple[Slip, ...] = ()
    fading: FadingTail | None = None

    @property
    def late_counts(self) -> int:
        """How many of the last counts are known to be incomplete, from a reporting triangle."""
        return self.fading.reports if self.fading and self.fading.by_triangle else 0


def one_row_a_day(
    day: Days, value: Floats, findings: Findings, *, silent: bool = False
) -> tuple[Days, Floats]:
    """Drop rows without a value, sort, and keep the last row of each day; ``silent`` of that."""
    seen = np.isfinite(value)
    for missing in day[~seen]:
        findings.note("missing", missing)
    day, value = day[seen], value[seen]
    for early in day[1:][np.diff(day) < 0]:
        findings.note("order", early)
    order = np.argsort(day, kind="stable")
    day, value = day[order], value[order]
    last = np.r_[np.diff(day) > 0, True][: day.size]
    for i in [] if silent else np.flatnonzero(~last):
        rule = "equal rows are one" if value[i] == value[i + 1] else "the last row stands"
        findings.note("duplicate", day[i], first=value[i], second=value[i + 1], rule=rule)
    return day[last], value[last]


def clean(
    day: Days, value: Floats, *, own_day: bool = False, late: LateReports | None = None
) -> Cleaned:
    """Apply the rules to reports, one a day and ascending.

    Parameters
    ----------
    day : ndarray of int, shape (report,)
        Day numbers.
    value : ndarray of float, shape (report,)
        Cumulative totals [unit].
    own_day : bool
        Whether each count stands for its own day only, as in a file of daily counts; else, and
        where days are often left out, for the days since the report before.
    late : LateReports, optional
        What is still to come about the last days; the rules judge the days before.
    """
    if late is not None:
        return _with_late(day, value, late, own_day=own_day)
    findings = Findings()
    new, total = own_day, value
    own_day = own_day and not _list_intervals(day, findings)
    if not new:  # of new counts a negative one is a correction, and a giant is judged below
        day, total = _without_typos(day, total, findings)
        day, total = _without_denied(day, total, findings)
    total, doubts = _doubted(day, total, findings, new=new)
    total, counts, mask = _restated(day, total, findings)
    step = np.diff(day).astype(float)
    exposure = np.where(mask, np.minimum(step, 1.0) if own_day else step, 0.0)
    exposure = _over_gaps(day, counts, exposure, findings, new=new)
    _list_batches(day, counts, findings)
    counts, exposure = _thawed(day, counts, exposure, findings)
    fading = _faded(day, counts, exposure, findings)
    counts, giants = _without_dumps(day, counts, exposure, findings)
    counts = _trimmed(day, counts, exposure, findings)
    giants |= {n: d.ratio for d in doubts if d.likelier and d.ratio > 1 for n in d.days}
    listed = tuple(sorted(findings, key=lambda f: f.first))
    ratios = np.log(list(giants.values()))
    return Cleaned(
        day,
        total,
        counts,
        exposure,
        listed,
        surge=float(np.exp(ratios.mean())) if giants else 1.0,
        surged=len(giants),
        quiet=int((day > max(giants)).sum()) if giants else 0,
        doubts=doubts,
        fading=fading,
    )


def _with_late(day: Days, value: Floats, late: LateReports, *, own_day: bool) -> Cleaned:
    """Judge the complete days, and let each later count stand for the share of it that is told."""
    number = late.complete.size
    head = clean(day[:-number], value[:-number], own_day=own_day)
    counts = np.diff(value)[-number:]
    days = np.diff(day)[-number:]
    whole, length = float(np.sum(days)), int(np.sum(days))
    usual = (float(counts.sum()) + late.missing) / whole
    return replace(
        head,
        day=day,
        total=np.r_[head.total, head.total[-1] + np.cumsum(np.maximum(counts, 0.0))],
        counts=np.r_[head.counts, np.maximum(counts, 0.0)],
        exposure=np.r_[head.exposure, days * late.complete],
        fading=FadingTail(length, usual, late.missing, late.spread, 1.0, 1.0, number),
    )


def _faded(day: Days, counts: Floats, exposure: Floats, findings: Findings) -> FadingTail | None:
    """Leave out last days that fade, of which nothing tells whether they are complete."""
    fading = fading_of(counts, exposure)
    if fading is not None:
        exposure[-fading.days :] = 0.0
        days, usual = fading.days, fading.usual
        now = fading.ratio * usual
        findings.note("late", day[-days], day[-1], days=days, usual=usual, now=now)
    return fading


def _doubted(
    day: Days, total: Floats, findings: Findings, *, new: bool
) -> tuple[Floats, tuple[Slip, ...]]:
    """Read what may be a slip of digits as it was likelier meant; both readings are kept."""
    if total.size < _JUDGED:
        return total, ()
    if new:  # the first count is that of one report too
        days = np.diff(day).astype(float)
        days = np.r_[np.median(days), days]
        doubts = doubts_of_counts(day, np.diff(total, prepend=0.0), days, _BATCH)
    else:
        doubts = doubts_of_totals(day, total)
    total = total.copy()
    for doubt in doubts:
        for number, printed, meant in zip(doubt.days, doubt.printed, doubt.meant, strict=True):
            reading = f"read as {meant:.0f}" if doubt.likelier else "kept"
            after = "" if new else f" after {total[-2]:.0f}"
            words = {"printed": printed, "meant": meant, "percent": 100 * doubt.slip}
            findings.note("may be a slip", number, reading=reading, after=after, **words)
            if doubt.likelier:
                total[day >= number] += meant - printed
    return total, tuple(doubts)


def _without_typos(day: Days, total: Floats, findings: Findings) -> tuple[Days, Floats]:
    """Drop totals ten times, or a tenth of, two neighbours that agree with each other."""
    if total.size < 3:  # noqa: PLR2004 - a total and its neighbours
        return day, total
    before, after = total[:-2], total[2:]
    middle = 0.5 * (before + after)
    ratio = np.divide(total[1:-1], middle, out=np.ones(total.size - 2), where=middle > 0)
    agree = (after >= before) & (after <= 2 * before + 10)
    slip = np.r_[False, agree & _slipped(ratio), False]
    _note_typos(day, total, slip, findings)
    return day[~slip], total[~slip]


def _note_typos(day: Days, total: Floats, slip: NDArray[np.bool_], findings: Findings) -> None:
    for i in np.flatnonzero(slip):
        findings.note("typo", day[i], before=total[i - 1], here=total[i], after=total[i + 1])


def _slipped(ratio: Floats) -> NDArray[np.bool_]:
    """Tell which ratios are about 10, 100 or 1,000, or one over that."""
    low, high = _TYPO
    up = np.maximum(ratio, np.divide(1.0, ratio, out=np.zeros_like(ratio), where=ratio > 0))
    slips = [(up > low * p) & (up < high * p) for p in _POWERS]
    return np.asarray(np.any(slips, axis=0), dtype=bool)


def _usual(total: Floats, i: int) -> float:
    """Return the median count around a report, of those that are not zero; at least 1."""
    near = np.abs(np.diff(total[max(i - REACH - 1, 0) : i + REACH + 2]))
    near = near[near > 0]
    return max(float(np.median(near)), 1.0) if near.size else 1.0


def _without_denied(day: Days, total: Floats, findings: Findings) -> tuple[Days, Floats]:
    """Drop totals that both neighbours deny: above the next or below the last, by far."""
    if total.size < _JUDGED:
        return day, total
    slip = np.zeros(total.size, dtype=bool)
    before, here, after = total[:-2], total[1:-1], total[2:]
    outside = (after >= before) & ((here > after) | (here < before))
    for i in np.flatnonzero(outside) + 1:
        usual = _usual(total, int(i))
        off = max(total[i] - total[i + 1], total[i - 1] - total[i])
        if off > _DENIED * usual and total[i + 1] - total[i - 1] <= _AGREE * usual:
            slip[i] = True
    slip[denied_totals(day, total)] = True
    _note_typos(day, total, slip, findings)
    if total[0] > total[1] and _slipped(total[:1] / max(total[1], 1.0))[0]:
        slip[0] = True
        findings.note("first total", day[0], here=total[0], after=total[1])
    return day[~slip], total[~slip]


def _restated(
    day: Days, total: Floats, findings: Findings
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Let the total that is printed now stand: earlier ones are at most any later one.

    A small fall takes back counts just made, so that the rate is that of the restated total. A
    large one says nothing about the days just before it: the counts printed by then keep their
    rate, and the day of the fall tells none.
    """
    step = np.diff(total)
    large = np.zeros(step.size, dtype=bool)
    for i in np.flatnonzero(step < 0) + 1:
        usual = _usual(total, int(i))
        large[i - 1] = -step[i - 1] > _SMALL * usual
        nothing = total[i] <= max(_RESTART * total[i - 1], _DENIED * usual)
        kind = "correction" if -step[i - 1] > usual else "taken back"
        kind = "restart" if large[i - 1] and nothing else kind
        findings.note(kind, day[i], before=total[i - 1], after=total[i])
    kept = total + np.r_[0.0, np.cumsum(np.where(large, -step, 0.0))] if large.any() else total
    counts = np.diff(_at_most_later(kept))
    return _at_most_later(total), counts, ~large


def _at_most_later(total: Floats) -> Floats:
    return np.asarray(np.minimum.accumulate(total[::-1])[::-1])


def _list_intervals(day: Days, findings: Findings) -> bool:
    """Tell whether days are often left out: a week, a month, days on which nothing happened."""
    apart = np.diff(day) > 1
    often = bool(apart.size and apart.mean() > _OFTEN)
    if often:
        findings.note("interval", day[0], day[-1], percent=100 * apart.mean())
    return often


def _over_gaps(
    day: Days, counts: Floats, exposure: Floats, findings: Findings, *, new: bool
) -> Floats:
    """Return for how many days each count stands, those after a gap too.

    What a total has grown by belongs to all days since the last. A row of new counts is of its own
    period where it is no larger than such periods are, and makes up for what is missing where it is
    nearer to the number of all days, as it always does in a list of eventful days.
    """
    step, exposure = np.diff(day).astype(float), exposure.copy()
    if step.size == 0:
        return exposure
    usual = float(np.quantile(step, 0.5, method="lower"))
    late = step > max(1.5 * usual, usual + 1)
    rhythm = np.mean(np.abs(step / usual - 1) < _RHYTHM) > 1 - _OFTEN  # no list of eventful days
    for i in np.flatnonzero(late):
        near = slice(max(i - REACH, 0), i + REACH + 1)
        plain = ~late[near] & (exposure[near] > 0)
        rates = counts[near][plain] / exposure[near][plain]
        own = new and rhythm and exposure[i] > usual and rates.size >= _FEW_RATES
        if own and counts[i] < float(np.median(rates)) * np.sqrt(usual * step[i]):
            exposure[i] = usual
        rule = "its count belongs to the interval" if exposure[i] > usual else "days left out"
        findings.note("gap", day[i + 1], days=step[i] - 1, rule=rule)
    return exposure


def _list_batches(day: Days, counts: Floats, findings: Findings) -> None:
    if counts.size < REACH:
        return
    running = counts[: int(np.flatnonzero(counts).max(initial=0)) + 1]
    if counts.size - running.size >= _STOP:
        counts = running  # a count that stopped is not one that comes in lumps
    zero, mean = float(np.mean(counts == 0)), float(np.mean(counts))
    if zero > _BATCH and zero > np.exp(-mean) + 0.1:
        findings.note("batch", day[0], day[-1], percent=100 * zero)


def _runs(flag: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edge = np.flatnonzero(np.diff(np.r_[False, flag, False].astype(int)))
    return list(zip(edge[::2].tolist(), edge[1::2].tolist(), strict=True))


def _thawed(
    day: Days, counts: Floats, exposure: Floats, findings: Findings
) -> tuple[Floats, Floats]:
    """Treat improbable runs of zeros as days without a report."""
    counts, exposure = counts.copy(), exposure.copy()
    for start, stop in _runs(counts == 0):
        if start < 7:  # noqa: PLR2004 - nothing before
            continue
        if stop - start < 3:  # noqa: PLR2004 - too few zeros, unless what was missed follows
            exposure = _caught_up(day, counts, exposure, (start, stop), findings)
            continue
        slices = (slice(max(start - 28, 0), start), slice(stop + 1, stop + 29))
        sides = [(counts[s], exposure[s]) for s in slices if counts[s].size >= 7]  # noqa: PLR2004
        # the chance of a zero by the habit of the side with more of them, one added
        p_zero = max((np.sum(n == 0) + 1) / (n.size + 2) for n, _ in sides)
        rate = float(min(n.sum() / max(d.sum(), 1.0) for n, d in sides))
        length = float(exposure[start:stop].sum())
        likely = p_zero ** (stop - start) > _FREEZE
        busy = stop - start >= 5 and p_zero < 0.2 and rate * length > 30  # noqa: PLR2004
        if likely and not busy:
            continue
        expected = rate * (length + exposure[stop]) if stop < counts.size else np.inf
        caught_up = stop < counts.size and counts[stop] > 0.5 * expected
        if caught_up:
            exposure[stop] += length
        exposure[start:stop] = 0.0
        kind = "stop" if stop == counts.size and length >= _STOP else "freeze"
        rule = "the next count belongs to the interval" if caught_up else "days left out"
        findings.note(kind, day[start] + 1, day[stop], days=length, rule=rule)
    return counts, exposure


def _caught_up(
    day: Days, counts: Floats, exposure: Floats, run: tuple[int, int], findings: Findings
) -> Floats:
    """Let one or two missed reports be made up for by the count that follows them."""
    start, stop = run
    before, days = (a[max(start - REACH, 0) : start] for a in (counts, exposure))
    if stop == counts.size or np.any(before == 0) or np.any(exposure[start : stop + 1] == 0):
        return exposure
    length = float(exposure[start : stop + 1].sum())
    expected = float(np.median(before / np.maximum(days, 1.0))) * length
    low, high = _MADE_UP
    if expected < _MISSED or not low * expected < counts[stop] < high * expected:
        return exposure
    exposure[stop], exposure[start:stop] = length, 0.0
    silent = length - (day[stop + 1] - day[stop])
    findings.note("made up for", day[start] + 1, day[stop], days=silent, count=counts[stop])
    return exposure


def _trimmed(day: Days, counts: Floats, exposure: Floats, findings: Findings) -> Floats:
    """Cut a lone giant to the pace around it; lumps are the habit of a batch-reported series."""
    out = counts.copy()
    if counts.size and np.mean(counts == 0) > _BATCH:
        return out
    for i in _lone_giants(counts):
        around = slice(i - REACH, i), slice(i + 1, i + 1 + REACH)
        usual = _usual_rate(counts, exposure, *around) if exposure[i] else None
        if usual and usual.zeros <= _BATCH and _is_giant(counts[i] / exposure[i], usual):
            out[i] = usual.median * exposure[i]
            findings.note("backfill", day[i + 1], count=counts[i], usual=out[i])
    return out


def _without_dumps(
    day: Days, counts: Floats, exposure: Floats, findings: Findings
) -> tuple[Floats, dict[int, float]]:
    """Cut giants among the last counts to the pace before, and return how giant they are, by day.

    A backlog or a new pace: nothing tells yet, so that the ratio is kept as a hypothesis.
    """
    out, ratios = counts.copy(), dict[int, float]()
    first = counts.size - SURE
    if first < REACH or np.mean(counts == 0) > _BATCH:
        return out, ratios
    usual = _usual_rate(counts, exposure, slice(first - REACH, first))
    for i in range(first, counts.size) if usual else ():
        here = counts[i] / exposure[i] if exposure[i] > 0 else 0.0
        if usual and _is_giant(here, usual):
            out[i] = usual.median * exposure[i]
            ratios[int(day[i + 1])] = float(here / max(usual.median, 0.5))
            findings.note("dump", day[i + 1], count=counts[i], usual=out[i])
    return out, ratios


def _usual_rate(counts: Floats, exposure: Floats, *spans: slice) -> Usual | None:
    """Return what is usual a day in some spans of reports; None where too few tell."""
    near, days = (np.concatenate([a[span] for span in spans]) for a in (counts, exposure))
    near = near[days > 0] / days[days > 0]
    return Usual(near) if near.size >= 10 else None  # noqa: PLR2004 - too few to know


def _is_giant(here: float, usual: Usual) -> bool:
    """Tell whether a count is far above the usual and the tallest near it, beyond all chance."""
    tall = here > _BACKFILL * max(usual.median, 1.0) and here > _TALLEST * usual.high
    return tall and here > usual.median + _BACKFILL * usual.spread


def _lone_giants(counts: Floats) -> Days:
    """Return where a count is over three times the tallest of those near it, and not recent."""
    before, after = most_near(counts, np.ones(counts.size, dtype=bool))
    place = np.arange(counts.size)
    within = (place >= REACH) & (place < counts.size - SURE)
    return np.flatnonzero(within & (counts > _TALLEST * np.maximum(before, after)))


def steps_of(cleaned: Cleaned, length: int) -> tuple[Floats, Floats]:
    """Pool counts into steps of ``length`` days, the last ending with the last report.

    Returns
    -------
    counts : ndarray of float, shape (step,)
        NaN where nothing tells about the rate [unit].
    exposure : ndarray of float, shape (step,)
        Days that each count stands for [day].
    """
    last = int(cleaned.day[-1])
    number = (last - int(cleaned.day[0])) // length
    step = number - 1 - (last - cleaned.day[1:]) // length
    mask = (step >= 0) & (cleaned.exposure > 0)
    exposure = np.zeros(number)
    counts = np.zeros(number)
    np.add.at(exposure, step[mask], cleaned.exposure[mask])
    np.add.at(counts, step[mask], cleaned.counts[mask])
    counts[exposure == 0] = np.nan
    return counts, exposure
