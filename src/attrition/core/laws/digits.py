"""How finely a number or a date may be printed."""

from __future__ import annotations

import calendar
import functools
import math
from datetime import date

DATE_UNITS: dict[str, float] = {
    "day": 1.0,
    "week": 7.0,
    "month": 365.25 / 12,
    "quarter": 365.25 / 4,
    "year": 365.25,
}
"""Reporting units of dates [day]; a week is printed as a third of a month: "late August 2025"."""

ERRORS = 8
"""Monte Carlo standard errors that a printed unit spans at least."""

_RARE = 0.001
_ALMOST = 0.99  # beyond it a tenth of a percent is printed
TENTHS, FINE, _MIDDLING = 10_000, 2_500, 400
"""Draws at which the standard error of an even chance is 1/2, 1, and 2.5 points.

No step that is printed is smaller than the error: 1 point from ``FINE`` draws on, then 5, then 10;
below 1 and above 99 % a tenth from ``TENTHS`` on, where the error of 99 % is a tenth.
"""
_TAIL = (0.002, 0.005, 0.01, 0.02)


def _both_sides(*shares: float) -> tuple[float, ...]:
    return (*shares, 0.5, *(round(1 - share, 3) for share in reversed(shares)))


_FIVES = _both_sides(*_TAIL, 0.03, *(round(0.05 * n, 2) for n in range(1, 10)))
_TENS = _both_sides(*_TAIL, 0.05, 0.1, 0.2, 0.3, 0.4)
_PARTS, _LEAN = 5, 50  # of a distance from the median, of a width
_THIRDS = ("early ", "mid-", "late ")


@functools.lru_cache(maxsize=4096)  # a page reads each date a dozen times
def date_unit(width: float, mcse: float = 0.0) -> str:
    """Return the reporting unit of dates for an interval of a given width.

    The largest unit that is at most a tenth of the width, never finer than a day; and one
    that the Monte Carlo error allows (MCSE at most 1/8 of it), so that the printed date
    hardly changes with the seed.

    Parameters
    ----------
    width : float
        Width of the interval [day].
    mcse : float
        Largest Monte Carlo standard error of the printed dates [day].

    Examples
    --------
    >>> date_unit(45), date_unit(120), date_unit(400), date_unit(45, mcse=0.1)
    ('day', 'week', 'month', 'day')
    """
    names = list(DATE_UNITS)
    fits = [name for name in names if DATE_UNITS[name] <= width / 10]
    coarse = names.index(fits[-1]) if fits else 0
    while coarse < len(names) - 1 and mcse > DATE_UNITS[names[coarse]] / ERRORS * (1 + 1e-9):
        coarse += 1
    return names[coarse]


@functools.lru_cache(maxsize=4096)
def window(day: date, unit: str) -> tuple[date, date]:
    """Return the first and last day of what is printed for ``day`` at a unit.

    Thirds of a month are days 1 to 10, 11 to 20, and 21 to its end.
    """
    if unit == "day":
        return day, day
    months = {"quarter": 3, "year": 12}.get(unit, 1)
    start = (day.month - 1) // months * months + 1
    end = start + months - 1
    first, last = date(day.year, start, 1), calendar.monthrange(day.year, end)[1]
    if unit == "week":
        part = min((day.day - 1) // 10, 2)
        first, last = day.replace(day=10 * part + 1), (10, 20, last)[part]
    return first, date(day.year, end, last)


def unit_within(day: date, unit: str, after: date, last: date) -> str:
    """Return the unit at which a day is printed: as coarse as ``unit``, but of known days alone.

    Parameters
    ----------
    day : datetime.date
    unit : str
    after, last : datetime.date
        What is printed begins after the one and ends no later than the other; a law says nothing
        of other days.

    Examples
    --------
    >>> unit_within(date(2025, 6, 23), "month", date(2025, 6, 3), date(2027, 6, 3))
    'week'
    """
    names = list(DATE_UNITS)
    for coarse in reversed(names[: names.index(unit) + 1]):
        first, final = window(day, coarse)
        if first > after and final <= last:
            return coarse
    return "day"


@functools.lru_cache(maxsize=4096)
def print_date(day: date, unit: str, *, short: bool = False) -> str:
    """Return ``day`` in words at the precision of ``unit``.

    Examples
    --------
    >>> [print_date(date(2025, 7, 23), unit) for unit in DATE_UNITS]
    ['23 July 2025', 'late July 2025', 'July 2025', 'July to September 2025', '2025']
    >>> [print_date(date(2025, 7, 23), unit, short=True) for unit in DATE_UNITS]
    ['23 Jul 2025', 'late Jul 2025', 'Jul 2025', 'Jul–Sep 2025', '2025']
    """
    first, last = window(day, unit)
    names = calendar.month_abbr if short else calendar.month_name
    month, to = names[first.month], "–" if short else " to "
    return {
        "day": f"{first.day} {month} {first.year}",
        "week": f"{_THIRDS[min(first.day // 10, 2)]}{month} {first.year}",
        "month": f"{month} {first.year}",
        "quarter": f"{month}{to}{names[last.month]} {first.year}",
        "year": str(first.year),
    }[unit]


def round_count(
    lower: float, median: float, upper: float, *, whole: bool = True, mcse: float = 0.0
) -> tuple[float, float, float]:
    """Round an interval of totals to its justified digits, outward at the ends.

    Each end has its own unit, for a total leans: the largest of 1, 2, 5 x 10^k that is at most a
    fifth of its distance from the median, or, where that is coarser, the smallest of at least eight
    Monte Carlo standard errors, but of at most half of that distance, so that no end is rounded to
    what it is not; never finer than 1 where the total counts whole things. The median has the finer
    unit.

    Parameters
    ----------
    lower, median, upper : float
        [unit].
    whole : bool
        Whether the total counts whole things.
    mcse : float
        Largest Monte Carlo standard error of the three [unit], which is that of the end farther
        from the median; the other's is smaller as it is nearer, for paths lie denser there.

    Examples
    --------
    >>> round_count(963_412.3, 990_210.9, 1_021_733.0)
    (960000.0, 990000.0, 1025000.0)
    >>> round_count(226_927.0, 440_239.0, 2_664_062.0, mcse=158_837.0)
    (200000.0, 400000.0, 3000000.0)
    >>> round_count(4.149, 4.149, 4.149)
    (4.0, 4.0, 4.0)
    """
    width = upper - lower
    if width <= 0:
        level = float(round(median)) if whole else median
        return level, level, level
    far = max(upper - median, median - lower)

    def unit_of(distance: float) -> float:
        distance = max(distance, width / _LEAN)
        error = ERRORS * mcse * min(distance / far, 1.0)
        safe = min(round_step(error, above=True), round_step(distance / 2)) if error else 0.0
        unit = max(round_step(distance / _PARTS), safe)
        return max(unit, 1.0) if whole else unit

    def at(count: int, unit: float) -> float:
        return float(f"{count * unit:.12g}")

    low, high = unit_of(median - lower), unit_of(upper - median)
    least = at(math.floor(lower / low + 1e-9), low)
    most = at(math.ceil(upper / high - 1e-9), high)
    fine = min(low, high)
    return least, min(max(at(round(median / fine), fine), least), most), most


def round_step(size: float, *, above: bool = False) -> float:
    """Return the largest of 1, 2, 5 x 10^k that is at most a size; ``above``: the smallest above.

    Examples
    --------
    >>> round_step(4.0), round_step(60_000.0, above=True), round_step(0.0)
    (2.0, 100000.0, 0.0)
    """
    if size <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(size))
    steps = [m * power for m in (1, 2, 5, 10)]
    if above:
        return next(step for step in steps if step >= size * (1 - 1e-12))
    return next(step for step in reversed(steps) if step <= size * (1 + 1e-12))


@functools.lru_cache(maxsize=4096)  # a page asks for the same few thousands of times
def rounded(probability: float, draws: float = math.inf) -> float:
    """Return a probability as coarsely as its Monte Carlo error asks, as dates are.

    Parameters
    ----------
    probability : float
    draws : float
        Independent draws that would know it as well. Of few of them it is a multiple of 5 or of
        10 per cent and finer only near 0 and 1: no step is smaller than the Monte Carlo error. It
        is never surer than so many draws allow.

    Examples
    --------
    >>> [rounded(p) for p in (0.374, 0.9964)]
    [0.37, 0.996]
    >>> [rounded(p, draws=1_000) for p in (0.374, 0.9964)], rounded(0.374, draws=200)
    ([0.35, 0.995], 0.4)
    """
    most = surest(draws)
    if not 1 - most <= probability <= most:
        return most if probability > most else 1 - most
    near = tail(probability)
    if draws >= (TENTHS if near else FINE):
        return round(float(probability), 3 if near else 2)
    marks = _FIVES if draws >= _MIDDLING else _TENS
    return min(marks, key=lambda mark: abs(mark - probability))


@functools.lru_cache(maxsize=256)
def surest(draws: float) -> float:
    """Return the surest that a probability can be printed.

    Of n independent draws that all agree, one of less than 0.05^(1/n), about 1 - 3/n, is refused
    at 95 % (the rule of three; Hanley and Lippman-Hand, 1983,
    doi:10.1001/jama.1983.03330370053031).
    """
    return min(float(0.05 ** (1 / draws)), 1 - _RARE)


def tail(probability: float) -> bool:
    """Tell whether a probability lies so near 0 or 1 that a tenth of a per cent may be printed."""
    return not 1 - _ALMOST <= probability <= _ALMOST
