"""What is wrong with a recorded total: find it, list it, handle each kind by one stated rule.

| kind | found when | rule |
|---|---|---|
| order, duplicate | dates fall; a date occurs twice | sort; of unequal rows the last stands |
| missing | a row without a value | the row is no report |
| typo | a total off by a factor of about 10 that the next report takes back | no report |
| correction | the total falls | the running maximum stands: what was printed was crossed |
| interval | daily counts, but often with days between | each belongs to the days since the last |
| gap | a report is late by the series' own rhythm | its count belongs to the whole interval |
| freeze | zeros too many to be chance | as a gap if a catch-up follows, else left out |
| backfill | a count far above its neighbours | in the total; the excess not in the rate |
| batch | most days zero, the counts in lumps | listed; the weekly noise carries it |

Everything is judged from the rows given, so that a hindcast cleans each history by itself. A pace
is fitted to counts with the days that each stands for; the total keeps all that was counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from attrition.core._typing import Floats

Days = NDArray[np.int64]
"""Day numbers."""

_TYPO = (8.0, 12.5)  # a tenfold slip, up or down
_BACKFILL = 8.0  # a count this many times the usual, and this many robust deviations above it
_TALLEST = 3.0  # ... and this many times the tallest of its neighbours
_FREEZE = 1e-6  # chance of so many zero days in a row
_OFTEN = 0.1  # share of reports more than a day after the last
_BATCH = 0.4  # share of zero days
_REACH = 14  # reports on either side that a count is compared with
_SURE = 3  # later reports before a giant is called one: it may be a new pace


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: its kind, first and last day number, what is odd, and what was done."""

    kind: str
    first: int
    last: int
    text: str
    rule: str


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
    found : tuple of Found
    """

    day: Days
    total: Floats
    counts: Floats
    exposure: Floats
    found: tuple[Found, ...]


def one_row_a_day(day: Days, value: Floats) -> tuple[Days, Floats, tuple[Found, ...]]:
    """Drop rows without a value, sort, and keep the last row of each day."""
    found: list[Found] = []
    seen = np.isfinite(value)
    found += [Found("missing", int(d), int(d), "no value", "no report") for d in day[~seen]]
    day, value = day[seen], value[seen]
    for i in np.flatnonzero(np.diff(day) < 0) + 1:
        found.append(Found("order", int(day[i]), int(day[i]), "a row out of order", "sorted"))
    order = np.argsort(day, kind="stable")
    day, value = day[order], value[order]
    last = np.r_[np.diff(day) > 0, True][: day.size]
    for i in np.flatnonzero(~last):
        same = value[i] == value[i + 1]
        rule = "equal rows are one" if same else "the last row stands"
        text = f"the day occurs again, {value[i]:g} and {value[i + 1]:g}"
        found.append(Found("duplicate", int(day[i]), int(day[i]), text, rule))
    return day[last], value[last], tuple(found)


def clean(day: Days, value: Floats, *, own_day: bool = False) -> Cleaned:
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
    """
    found: list[Found] = []
    own_day = own_day and not _list_intervals(day, found)
    day, total = _without_typos(day, value, found)
    total = _never_falling(day, total, found)
    counts = np.diff(total)
    step = np.diff(day).astype(float)
    exposure = np.minimum(step, 1.0) if own_day else step
    _list_gaps(day, found, own_day=own_day)
    _list_batches(day, counts, found)
    counts, exposure = _thawed(day, counts, exposure, found)
    counts = _trimmed(day, counts, exposure, found)
    return Cleaned(day, total, counts, exposure, tuple(sorted(found, key=lambda f: f.first)))


def _without_typos(day: Days, total: Floats, found: list[Found]) -> tuple[Days, Floats]:
    """Drop totals ten times, or a tenth of, two neighbours that agree with each other."""
    if total.size < 3:  # noqa: PLR2004 - a total and its neighbours
        return day, total
    before, after = total[:-2], total[2:]
    middle = 0.5 * (before + after)
    ratio = np.divide(total[1:-1], middle, out=np.ones(total.size - 2), where=middle > 0)
    agree = (after >= before) & (after <= 2 * before + 10)
    low, high = _TYPO
    above, below = (ratio > low) & (ratio < high), (ratio > 1 / high) & (ratio < 1 / low)
    slip = agree & (above | below)
    for i in np.flatnonzero(slip) + 1:
        text = f"a total of {total[i]:g} between {total[i - 1]:g} and {total[i + 1]:g}"
        found.append(Found("typo", int(day[i]), int(day[i]), text, "no report"))
    keep = np.r_[True, ~slip, True]
    return day[keep], total[keep]


def _never_falling(day: Days, total: Floats, found: list[Found]) -> Floats:
    for i in np.flatnonzero(np.diff(total) < 0) + 1:
        text = f"the total falls from {total[i - 1]:g} to {total[i]:g}"
        found.append(Found("correction", int(day[i]), int(day[i]), text, "running maximum"))
    return np.maximum.accumulate(total)


def _list_intervals(day: Days, found: list[Found]) -> bool:
    """Tell whether days are often left out: a week, a month, days on which nothing happened."""
    apart = np.diff(day) > 1
    often = bool(apart.size and apart.mean() > _OFTEN)
    if often:
        text = f"{100 * apart.mean():.0f} % of the counts come more than a day after the last"
        rule = "each belongs to the days since the last"
        found.append(Found("interval", int(day[0]), int(day[-1]), text, rule))
    return often


def _list_gaps(day: Days, found: list[Found], *, own_day: bool) -> None:
    step = np.diff(day)
    if step.size == 0:
        return
    usual = float(np.quantile(step, 0.5, method="lower"))
    rule = "days left out" if own_day else "its count belongs to the interval"
    for i in np.flatnonzero(step > max(1.5 * usual, usual + 1)):
        text = f"no report for {step[i] - 1} days before"
        found.append(Found("gap", int(day[i + 1]), int(day[i + 1]), text, rule))


def _list_batches(day: Days, counts: Floats, found: list[Found]) -> None:
    if counts.size < _REACH:
        return
    zero, mean = float(np.mean(counts == 0)), float(np.mean(counts))
    if zero > _BATCH and zero > np.exp(-mean) + 0.1:
        text = f"{100 * zero:.0f} % of the reports add nothing, the counts come in lumps"
        found.append(Found("batch", int(day[0]), int(day[-1]), text, "carried by the weekly noise"))


def _runs(flag: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edge = np.flatnonzero(np.diff(np.r_[False, flag, False].astype(int)))
    return list(zip(edge[::2].tolist(), edge[1::2].tolist(), strict=True))


def _thawed(
    day: Days, counts: Floats, exposure: Floats, found: list[Found]
) -> tuple[Floats, Floats]:
    """Treat improbable runs of zeros as days without a report."""
    counts, exposure = counts.copy(), exposure.copy()
    for start, stop in _runs(counts == 0):
        if stop - start < 3 or start < 7:  # noqa: PLR2004 - too few zeros, or nothing before
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
        rule = "the next count belongs to the interval" if caught_up else "days left out"
        text = f"the total stands still for {length:g} days"
        found.append(Found("freeze", int(day[start]) + 1, int(day[stop]), text, rule))
    return counts, exposure


def _trimmed(day: Days, counts: Floats, exposure: Floats, found: list[Found]) -> Floats:
    """Cut a lone giant to the pace around it; lumps are the habit of a batch-reported series."""
    out = counts.copy()
    if counts.size and np.mean(counts == 0) > _BATCH:
        return out
    for i in _lone_giants(counts):
        back, ahead = slice(i - _REACH, i), slice(i + 1, i + 1 + _REACH)
        days = np.r_[exposure[back], exposure[ahead]]
        near = np.r_[counts[back], counts[ahead]][days > 0] / days[days > 0]
        if near.size < 10 or exposure[i] == 0 or np.mean(near == 0) > _BATCH:  # noqa: PLR2004
            continue
        here, usual = counts[i] / exposure[i], float(np.median(near))
        deviation = float(np.median(np.abs(near - usual)) / special.ndtri(0.75))
        spread = max(deviation, np.sqrt(usual), 0.5)
        tall = here > _BACKFILL * max(usual, 1.0) and here > _TALLEST * near.max()
        if tall and here > usual + _BACKFILL * spread:
            out[i] = usual * exposure[i]
            text = f"{counts[i]:g} at once where {out[i]:.0f} is usual"
            rule = "kept in the total, the excess left out of the rate"
            found.append(Found("backfill", int(day[i + 1]), int(day[i + 1]), text, rule))
    return out


def _lone_giants(counts: Floats) -> Days:
    """Return where a count is over three times the tallest of those near it, and not recent."""
    if counts.size < _REACH + _SURE + 1:
        return np.empty(0, np.int64)
    padded = np.r_[np.full(_REACH, np.inf), counts, np.zeros(_REACH)]
    windows = np.lib.stride_tricks.sliding_window_view(padded, _REACH).max(axis=1)
    before, after = windows[: counts.size], windows[_REACH + 1 : _REACH + 1 + counts.size]
    giant = counts > _TALLEST * np.maximum(before, after)
    return np.flatnonzero(giant & (np.arange(counts.size) < counts.size - _SURE))


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
    told = (step >= 0) & (cleaned.exposure > 0)
    exposure = np.zeros(number)
    counts = np.zeros(number)
    np.add.at(exposure, step[told], cleaned.exposure[told])
    np.add.at(counts, step[told], cleaned.counts[told])
    counts[exposure == 0] = np.nan
    return counts, exposure
