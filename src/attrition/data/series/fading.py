"""Last days that fade: the count declines, or reports about these days are still to come.

A table by date of event ends like that whenever it is read, one by date of report does so where
what is counted dies away, or where offices are shut. Nothing in the count tells which.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats

_FURTHER = 1.25  # halves of the days before, from the later one to the last days
_LEAST = 5.0  # counts a day below which a fall may be chance
_BACK = (56, 21)  # days back from and to which the usual count is taken
_BLOCK, _BLOCKS = 3, 8  # days of a block, so that one odd day decides nothing; blocks looked at
_LOW, _LOWEST = 0.4, 0.6  # last block: share of the usual one, and of the lowest one before
_WHOLE = 0.75  # share of the usual from which a block is complete
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
        How many counts these days have in such a triangle; 0 where no triangle tells.
    """

    days: int
    usual: float
    missing: float
    spread: float
    ratio: float
    coming: float = COMING
    reports: int = 0


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
    whole = np.flatnonzero(blocks >= _WHOLE * _BLOCK * usual)
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
