"""The habit of a week: which share of it is reported on which weekday.

Estimated from the last weeks that share a habit, and believed as far as the evidence goes: the
shares are shrunk towards evenness (James and Stein), and weighted by how probable it is that
there is a habit at all (Schwarz 1978, doi:10.1214/aos/1176344136). Where there is none they are
even. Habits change, so that ahead they fade.
"""

from __future__ import annotations

import numpy as np

from attrition.core._typing import Floats
from attrition.core.days import WEEK
from attrition.core.late import special
from attrition.data.series import Series

EVEN = np.full(WEEK, 1 / WEEK)
"""No habit: every weekday brings the same share."""

_FIRST, _LONGEST = 8, 64  # weeks looked at, from the last backwards
_FREE = WEEK - 1  # shares that are free, since they sum to one
_PROBABLE = 0.05  # probability of a habit below which there is none
_LEAST = 0.5  # counts added to each weekday, so that none is impossible
_HALVED = 13  # weeks ahead after which half of a habit is still expected
_MONDAY = 4  # weekday of day 0 in days since 1970: a Thursday is 3 days after a Monday


def weekday_shares(series: Series) -> Floats:
    """Return the share of a week's count that each weekday brings, Monday first.

    Parameters
    ----------
    series : Series
        Only weeks in which every day has its own count tell about the habit.

    Returns
    -------
    ndarray of float, shape (7,)
        Even for a series that is not daily, shows no habit, or is shorter than eight weeks.

    Notes
    -----
    The window begins with eight weeks and doubles while the earlier half has the same habit.
    Counts vary more than Poisson; the deviance is divided by their Pearson dispersion.
    """
    # counts of weeks in which every day has one, Monday first, shape (week, 7)
    cleaned = series.cleaned
    first, mask = int(cleaned.day[0]), cleaned.exposure == 1
    own = np.full(int(cleaned.day[-1]) - first + 1, np.nan)
    own[cleaned.day[1:][mask] - first] = cleaned.counts[mask]
    skipped = (_MONDAY - first) % WEEK
    whole = own[skipped : skipped + (own.size - skipped) // WEEK * WEEK].reshape(-1, WEEK)
    weeks = whole[np.isfinite(whole).all(axis=1)]
    if series.rhythm != 1 or weeks.shape[0] < _FIRST:
        return EVEN
    length = _FIRST
    while 2 * length <= min(weeks.shape[0], _LONGEST) and _alike(weeks[-2 * length :], length):
        length *= 2
    seen = weeks[-length:]
    counts = seen.sum(axis=0)
    if counts.sum() <= 0:
        return EVEN
    deviance = _deviance(counts, EVEN) / _dispersion(seen)
    probable = special.expit((deviance - _FREE * np.log(length)) / 2)
    if probable < _PROBABLE:
        return EVEN
    kept = probable * max(1 - _FREE / deviance, 0.0)
    return np.asarray(EVEN + kept * (_smooth(counts) - EVEN))


def clock_of(shares: Floats, last: int, days: int) -> Floats:
    """Return the even days that have passed by the end of each day, shape (days + 1,).

    Parameters
    ----------
    shares : ndarray of float, shape (7,)
        Monday first.
    last : int
        Day number of the last report (days since 1970-01-01).
    days : int
        Days to the horizon.
    """
    day = np.arange(days)
    habit = WEEK * shares[(last + 1 + day - _MONDAY) % WEEK] - 1
    passed = np.concatenate([[0.0], np.cumsum(1 + habit * 0.5 ** (day // WEEK / _HALVED))])
    passed[::WEEK] = np.arange(0, days + 1, WEEK)  # whole weeks are whole, to the last digit
    return np.asarray(passed)


def _smooth(counts: Floats) -> Floats:
    return np.asarray((counts + _LEAST) / (counts.sum() + WEEK * _LEAST))


def _deviance(counts: Floats, shares: Floats) -> float:
    """Return twice the log likelihood ratio of the counts' own shares to the given."""
    own = counts / counts.sum()
    return float(2 * np.sum(special.rel_entr(own, shares)) * counts.sum())


def _dispersion(weeks: Floats) -> float:
    """Return the variance/mean of the counts about the weeks' common shares; at least 1."""
    expected = weeks.sum(axis=1, keepdims=True) * _smooth(weeks.sum(axis=0))
    enough = expected > 0
    pearson = ((weeks - expected)[enough] ** 2 / expected[enough]).sum()
    return max(float(pearson / (_FREE * (weeks.shape[0] - 1))), 1.0)


def _alike(weeks: Floats, length: int) -> bool:
    """Return whether the earlier half of some weeks has the habit of the later."""
    halves = [weeks[:-length], weeks[-length:]]
    if min(half.sum() for half in halves) <= 0:
        return False
    together = _smooth(weeks.sum(axis=0))
    dispersion = sum(_dispersion(half) for half in halves) / 2
    deviance = sum(_deviance(half.sum(axis=0), together) for half in halves)
    return deviance < dispersion * _FREE * float(np.log(2 * length))
