"""What is still to come about the last days of a count: by a reporting triangle, or as they fade.

Counts by date of event and date of report say how much of a day was known after a day, a week, a
month. From such a triangle the share that is reported by each age is learnt (chain ladder, which is
the reverse-time hazard of the delays: Lawless 1994, doi:10.2307/3315820; its error: Mack 1993,
doi:10.2143/AST.23.2.2005092), and what each of the last days still lacks, as a mean and a standard
deviation.

Without one, last days may fade: the count declines, or reports about these days are still to come.
A table by date of event ends like that whenever it is read, one by date of report does so where
what is counted dies away, or where offices are shut. Nothing in the count tells which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from attrition.core._typing import Floats
from attrition.core.days import WEEK
from attrition.data.series.findings import Days

_FURTHER = 1.25  # halves of the days before, from the later one to the last days
_LEAST = 5.0  # counts a day below which a fall may be chance
_BACK = (56, 21)  # days back from and to which the usual count is taken
_BLOCK, _BLOCKS = 3, 8  # days of a block, so that one odd day decides nothing; blocks looked at
_LOW, _LOWEST = 0.4, 0.6  # last block: share of the usual one, and of the lowest one before
_FULL = 0.75  # share of the usual from which a block is complete
_CLEAR = 6.0  # standard deviations that what is missing must be, so that it is no chance
COMING = 0.25
"""Probability that reports about last days that fade are still to come."""

_FIRST = 14  # days that may fade, not counted when the lowest block before is sought


@dataclass(frozen=True, slots=True)
class FadingTail:
    """Counts of the last days that fade.

    Parameters
    ----------
    days : int
        How many.
    usual : float
        The count of a day before [unit].
    missing : float
        What would be still to come [unit].
    spread : float
        Standard deviation of that [unit].
    ratio : float
        How many times the usual the last counts are.
    coming : float
        Probability that this is still to come, and that the days do not decline: 1 where a
        reporting triangle tells.
    reports : int
        How many counts these days have in such a triangle.
    """

    days: int
    usual: float
    missing: float
    spread: float
    ratio: float
    coming: float = COMING
    reports: int = 0

    @property
    def by_triangle(self) -> bool:
        """Whether a reporting triangle tells that something is still to come, and how much."""
        return self.coming == 1


def fading_of(counts: Floats, exposure: Floats) -> FadingTail | None:
    """Return whether the last counts fade, block by block, to far below what was usual.

    Parameters
    ----------
    counts : ndarray of float, shape (report,)
    exposure : ndarray of float, shape (report,)
        Days that each count stands for; only daily counts are judged [day].
    """
    begin, end = _BACK
    if counts.size < begin or np.any(exposure[-begin:] != 1):
        return None
    before = counts[-begin:-end]
    usual = _carried_on(before)
    sums = np.convolve(counts[-begin:], np.ones(_BLOCK), "valid")
    blocks = sums[::-1][::_BLOCK][:_BLOCKS]
    if usual < _LEAST or blocks[0] > _LOW * _BLOCK * usual:
        return None
    if blocks[0] > _LOWEST * sums[:-_FIRST].min():
        return None  # such a trough has been seen before: a week-end, a habit
    whole = np.flatnonzero(blocks >= _FULL * _BLOCK * usual)
    number = int(whole[0]) if whole.size else 0
    near, far = blocks[:number], blocks[1 : number + 1]
    if number < 2 or near[0] >= far[0] or np.any(near > far + 2 * np.sqrt(np.maximum(far, 0))):  # noqa: PLR2004
        return None
    days = _BLOCK * number
    missing = max(usual * days - float(counts[-days:].sum()), 0.0)
    dispersion = max(float(before.var() / max(before.mean(), 1.0)), 1.0)
    # of the days themselves, and of what is usual
    spread = (dispersion * usual * days * (1 + days / before.size)) ** 0.5
    if missing < _CLEAR * spread:
        return None
    ratio = (float(blocks[0]) + 0.5) / (_BLOCK * usual)
    return FadingTail(days, usual, missing, spread, ratio)


def _carried_on(before: Floats) -> float:
    """Return the usual count, a decline that was surely under way before carried on."""
    older, newer = np.array_split(before, 2)
    begun, now = float(older.mean()), float(newer.mean())
    chance = float(np.sqrt(older.var() / older.size + newer.var() / newer.size))
    if now <= 0 or begun - now <= 2 * chance:
        return float(before.mean())
    return float(now * (now / begun) ** _FURTHER)


_HABIT = 7  # pairs of reports a week apart from which a habit of weekdays is left aside
RECENT = 182
"""Days of reports that tell about delays, which change [day]."""

_USUAL = 28  # days that tell what is usual, beside what was reported of a day itself
_WHOLE = 0.995  # share from which a day is complete
_TELLS = (0.5, 0.1)  # least share reported, and largest error of its log, to tell about the pace
_HALF = 0.5  # added to sums of which a ratio is taken, so that none is nothing


@dataclass(frozen=True, slots=True, eq=False)
class LateReports:
    """What is still to come about the last days of a count.

    Parameters
    ----------
    complete : ndarray of float, shape (day,)
        Share of each of the last days that is reported by now, the last day at the end; 0 for
        days of which so little is reported that they tell nothing about the pace.
    missing, spread : float
        What is still to come about them, and its standard deviation [unit].
    """

    complete: Floats
    missing: float
    spread: float

    @property
    def content(self) -> dict[str, object]:
        """What JSON holds of it."""
        return {"complete": self.complete.tolist(), "missing": self.missing, "spread": self.spread}

    @classmethod
    def of(cls, content: Mapping[str, Any], days: int) -> LateReports:
        """Return what :attr:`content` holds, of a count of so many days.

        Raises
        ------
        ValueError, KeyError, TypeError
            If it is none.
        """
        complete = np.array(content["complete"], dtype=float)
        late = cls(complete, float(content["missing"]), float(content["spread"]))
        shares = complete.ndim == 1 and 0 < complete.size < days - 1
        amounts = 0 < late.missing < np.inf and 0 < late.spread < np.inf
        if not (shares and amounts and ((complete >= 0) & (complete <= 1)).all()):
            raise ValueError("no late reports")
        return late


def matrix_of(event: Days, report: Days, value: Floats, *, adds: bool) -> tuple[Days, Days, Floats]:
    """Return what was known about each date of event by each date of report.

    Parameters
    ----------
    event, report : ndarray of int, shape (row,)
        Day numbers.
    value : ndarray of float, shape (row,)
        One of each date of event and of report [unit].
    adds : bool
        Whether a row holds what its report adds, else all that is reported by then.

    Returns
    -------
    events, reports : ndarray of int
        Dates of event without a gap, days or weeks as they come; dates of report, ascending.
    known : ndarray of float, shape (event, report)
        A date of event of which nothing is reported has had none [unit].
    """
    every = max(int(np.gcd.reduce(np.diff(np.unique(event)))), 1)
    last = max(event.max(), report.max() - (report - event).min())  # days of which none was told
    events = np.arange(event.min(), last + 1, every)
    order = np.argsort(report, kind="stable")
    row, value = (event[order] - events[0]) // every, value[order]
    # what was known before the recent reports is known by the first of them
    reports, column = np.unique(
        np.maximum(report[order], report.max() - RECENT), return_inverse=True
    )
    known = np.zeros((events.size, reports.size))
    if adds:
        np.add.at(known, (row, column), value)
        return events, reports, np.cumsum(known, axis=1)
    spoke = np.zeros(known.shape, dtype=np.int64)  # the report that spoke last
    spoke[row, column], known[row, column] = column, value  # of two the later stands
    latest = np.maximum.accumulate(spoke, axis=1)
    return events, reports, np.take_along_axis(known, latest, axis=1)


def late_reports(events: Days, reports: Days, known: Floats) -> LateReports | None:
    """Return what is still to come by the last report, from how earlier days filled up.

    Parameters
    ----------
    events, reports : ndarray of int
        Dates of event and of report, ascending.
    known : ndarray of float, shape (event, report)
        What was known about each date of event by each report [unit].

    Returns
    -------
    LateReports or None
        None where all days are complete. Nothing comes later than was ever seen.

    Notes
    -----
    With A and B the sums of what was known about days of an age and a step later, over pairs of
    reports, the share reported by an age is the product of A/B from there on. Reports a whole
    number of weeks before the last one are compared, where there are enough, so that habits of
    weekdays change nothing. A day's own rate is gamma around what is usual, so that a day of
    which hardly anything is reported is not multiplied by a thousand. The errors of the shares
    are common to all days that are as young; dispersion is Pearson's, of cells or of whole
    reports, whichever is larger.
    """
    # how much of a day is known by its age
    pairs, step = _pairs(reports)
    age = reports[-1] - events
    sums = np.zeros((2, int(age[0]) + step + 1))
    cells = []
    for earlier, later in pairs:
        seen = events <= reports[earlier]
        then = reports[earlier] - events[seen]
        a, b = known[seen, earlier], known[seen, later]
        for total, part in zip(sums, (a, b), strict=True):
            np.add.at(total, then, part)
        cells.append((then, a, b))
    sums = np.maximum(sums, 0.0)  # corrections may be larger than what they correct
    ratio = np.clip((sums[0] + _HALF) / (sums[1] + _HALF), 0.0, 1.0)
    dispersion = _dispersion(ratio, cells)
    variance = dispersion * np.maximum(1 / (sums[0] + _HALF) - 1 / (sums[1] + _HALF), 0.0)
    share, error = np.ones(ratio.size), np.zeros(ratio.size)
    for i in range(ratio.size - step - 1, -1, -1):
        share[i] = ratio[i] * share[i + step]
        error[i] = variance[i] + error[i + step]
    young = age <= np.max(age[share[age] < _WHOLE], initial=-1)
    if not young.any():
        return None
    # what the days that are still young lack by now
    counts, part = np.maximum(known[:, -1], 0.0), share[age]
    near = age - age[-1] < _USUAL + int((age[young] - age[-1]).max())
    usual = max(counts[near].sum() / part[near].sum(), _HALF / near.sum())
    sure = near & (part > _TELLS[0])
    off = counts[sure] / part[sure] - usual
    excess = max(float((off**2).mean()) - usual, usual / 100) if off.size else usual
    alike = float(np.clip((off[1:] * off[:-1]).mean() / excess, 0, 1)) if off.size > 1 else 1.0
    shape = usual**2 / excess
    a, n, f = age[young], counts[young], part[young]
    rate = (shape + n) / (shape / usual + f)
    lacks = (1 - f) * rate
    unsure = (1 - f) * np.sqrt(rate / (shape / usual + f))
    process = dispersion * lacks.sum() + (1 - alike) * (unsure**2).sum() + alike * unsure.sum() ** 2
    # how much less is lacking where a day is relatively more complete; its steps are common
    slope = f * rate * (1 + (1 - f) / (shape / usual + f))
    ages = np.flatnonzero(variance)[:, None]
    common = ((ages >= a) & ((ages - a) % step == 0)) @ slope
    spread = float(np.sqrt(process + (variance[ages[:, 0]] * common**2).sum()))
    least, most = _TELLS
    complete = np.where((f >= least) & (np.sqrt(error[a]) <= most), f, 0.0)
    return LateReports(complete, float(lacks.sum()), spread)


def _pairs(reports: Days) -> tuple[list[tuple[int, int]], int]:
    """Return the pairs of reports that are compared, and the days between the two of a pair."""
    place = {int(day): i for i, day in enumerate(reports)}
    last, step = int(reports[-1]), WEEK
    weekly = [day for day in place if (last - day) % step == 0 and day + step in place]
    if len(weekly) < _HABIT:
        step = int(np.quantile(np.diff(reports), 0.5, method="lower"))
        weekly = [day for day in place if day + step in place]
    return [(place[day], place[day + step]) for day in weekly], step


def _dispersion(ratio: Floats, cells: list[tuple[Days, Floats, Floats]]) -> float:
    """Return the variance of what is added, of the binomial one; at least 1."""
    square = expected = whole = 0.0
    number = 0
    for age, a, b in cells:
        scale = b * ratio[age] * (1 - ratio[age])
        some = scale > 0
        off = (a - ratio[age] * b)[some]
        square += float((off**2 / scale[some]).sum())
        number += int(some.sum())
        whole += float(off.sum() ** 2)
        expected += float(scale[some].sum())
    freedom = number - np.unique(np.concatenate([age for age, _, _ in cells])).size
    return max(square / freedom if freedom > 0 else 1.0, whole / expected if expected else 1.0, 1.0)
