"""From a hedge and its numbers to the interval that the wording leaves open."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isfinite
from typing import Final

from attrition.core.errors import refusal
from attrition.text.lexicon import Lexicon, Row, default_lexicon
from attrition.text.reading import Interval

Width = tuple[Interval | None, str, float, str]
"""Interval, shape, spill and evidence."""

_EXACT_DIGITS: Final = 4
_SOME: Final = 20
_LOG_SCALE: Final = frozenset({"lognormal", "loglaplace", "mixture"})


def _whole(value: float) -> tuple[int, int]:
    """Return m and k with value = m · 10^k and m not divisible by ten (to 12 digits)."""
    digits, _, power = f"{value:.11e}".partition("e")
    mantissa = int(digits.replace(".", ""))
    exponent = int(power) - 11
    while mantissa and mantissa % 10 == 0:
        mantissa //= 10
        exponent += 1
    return mantissa, exponent


def grid_of(value: float) -> float:
    """Return the rounding that one number shows by itself.

    The largest of 1, 2, 5 · 10^k that divides the number and is at most a tenth of it; never
    finer than one for a whole number.

    Parameters
    ----------
    value : float
        Zero or above, in any unit.

    Returns
    -------
    float
        In the same unit.

    Examples
    --------
    >>> grid_of(1_000), grid_of(950_000), grid_of(109_625)
    (100.0, 50000.0, 5.0)
    """
    _above_zero(value, "value")
    if value == 0:
        return 1.0
    mantissa, exponent = _whole(value)
    steps = [step for step in (5, 2, 1) if mantissa % step == 0 and 10 * step <= mantissa]
    if steps:
        unit, power = steps[0], exponent
    else:
        unit, power = max(step for step in (5, 2, 1) if step <= mantissa), exponent - 1
    if exponent >= 0 and power < 0:
        return 1.0
    return float(unit * 10**power) if power >= 0 else unit / 10**-power


def is_round(value: float) -> bool:
    """Return whether a bare number would be understood loosely.

    It ends in 0, has fewer than four significant digits, and is 20 or more; numbers with
    decimals are not round.

    Examples
    --------
    >>> is_round(950_000), is_round(109_625), is_round(12)
    (True, False, False)
    """
    mantissa, exponent = _whole(value)
    return exponent > 0 and value >= _SOME and len(str(mantissa)) < _EXACT_DIGITS


def interval_for(
    hedge: str,
    *,
    point: float | None = None,
    low: float | None = None,
    high: float | None = None,
    grid: float | None = None,
    lexicon: Lexicon | None = None,
    counted: bool = True,
) -> Width:
    """Return what a hedge leaves open about numbers that are given directly.

    Parameters
    ----------
    hedge : str
        Key of a row of the lexicon; "unhedged" chooses between "exactly" and "unhedged-round".
    point : float, optional
        The number stated.
    low, high : float, optional
        The range stated; both or neither.
    grid : float, optional
        The rounding of the source, in the unit of the numbers; found from `point` if absent.
    lexicon : Lexicon, optional
        Rows in force; the shipped ones if absent.
    counted : bool
        Whether the unit is counted (persons) or measured (metres, percent).

    Returns
    -------
    interval : Interval or None
        None for a floor, whose top is open.
    shape : str
        Family of the distribution.
    spill : float
        Mass on the far side of the number.
    evidence : str
        What the width rests on.

    Raises
    ------
    InputError
        If numbers are missing, negative, not finite or in the wrong order, or the hedge unknown.

    Examples
    --------
    >>> interval, shape, spill, _ = interval_for("nearly", point=1_000_000)
    >>> interval, shape, spill
    (Interval(prob=0.9, lower=900,000, upper=1,000,000), 'exponential-below', 0.03)
    """
    book = default_lexicon() if lexicon is None else lexicon
    _check_numbers(point, low, high, grid)
    if hedge == "unhedged":
        if low is not None:
            hedge = "between"
        else:
            hedge = "unhedged-round" if point is not None and is_round(point) else "exactly"
    row = book.get(hedge)
    if low is not None and high is not None:
        return _of_range(row, low, high, book)
    if point is None:
        raise refusal("number of an interval", "none", f"hedge {hedge!r}")
    if row.shape == "range":
        raise refusal("numbers of a range", f"point={point:g}", f"hedge {hedge!r}")
    return _of_point(row, float(point), grid, counted=counted)


def _of_point(row: Row, point: float, grid: float | None, *, counted: bool) -> Width:
    if row.shape == "floor":
        return None, row.shape, row.spill, row.evidence
    if row.shape in {"atom", "uniform"}:
        return _exact(row, point, grid, counted=counted)
    if point == 0:
        raise refusal("hedged number", "0", f"hedge {row.key!r}")
    half = (grid_of(point) if grid is None else grid) / 2 / point if row.granular else 0.0
    below, above = max(half, row.below), max(half, row.above)
    reach = max(reach_of_hedge(point), half * point) / point
    below, above = min(below, reach), min(above, reach)
    lower = point / (1 + below) if row.shape in _LOG_SCALE else point * (1 - below)
    interval = Interval(row.prob, max(lower, 0.0), point * (1 + above))
    return interval, row.shape, row.spill, row.evidence


def reach_of_hedge(point: float) -> float:
    """Return how far a hedge reaches from a number: to the next round one at its precision.

    Who says "more than 886,123" and means 900,000 would have said so. A number of one digit has no
    such bound; one of two digits reaches two steps of its grid; one of three or more reaches to the
    next number of three digits, or one step of a coarser grid that it shows (275,000: 25,000), so
    that 9,870 and 9,871 reach equally far.

    Examples
    --------
    >>> reach_of_hedge(886_123), reach_of_hedge(275_000), reach_of_hedge(900_000)
    (1000.0, 25000.0, inf)
    """
    mantissa, exponent = _whole(point)
    digits = len(str(mantissa))
    if digits == 1:
        return inf
    if digits == 2:  # noqa: PLR2004  # two digits
        step = 5 if mantissa % 5 == 0 else 1
        return float(2 * step * Fraction(10) ** exponent)
    first = mantissa // 10 ** (digits - 3)
    step = 1
    if digits == 3:  # noqa: PLR2004  # three digits
        step = next(size for size in (25, 5, 1) if first % size == 0)
    return float(step * Fraction(10) ** (exponent + digits - 3))


def _exact(row: Row, point: float, grid: float | None, *, counted: bool) -> Width:
    if grid is None:
        grid = 1.0 if counted else float(Fraction(10) ** min(_whole(point)[1], 0))
    shape = "atom" if counted and grid <= 1 and point == int(point) else "uniform"
    half = max(grid, 1.0) / 2 if shape == "atom" else grid / 2
    interval = Interval(row.prob, max(point - half, 0.0), point + half)
    return interval, shape, row.spill, row.evidence


def _of_range(row: Row, low: float, high: float, book: Lexicon) -> Width:
    """Return the width of a stated range, lengthened on the side that a bound names."""
    if row.shape == "floor":
        return None, row.shape, row.spill, row.evidence
    if row.shape in {"loguniform", "top-of-range", "cap"}:
        low = low * (1 - row.below) if row.shape != "loguniform" else low
        return Interval(row.prob, low, high), row.shape, row.spill, row.evidence
    between = book.get("between")
    if low > 0 and between.inflate != 1:
        middle, ratio = (low * high) ** 0.5, (high / low) ** (between.inflate / 2)
        low, high = middle / ratio, middle * ratio
    evidence = between.evidence
    if row.shape in {"exponential-above", "exponential-below"}:
        low, high = low * (1 - row.below), high * (1 + row.above)
        evidence = f"{evidence} The range is lengthened for {row.key!r}. {row.evidence}"
    return Interval(between.prob, low, high), between.shape, between.spill, evidence


def _check_numbers(
    point: float | None, low: float | None, high: float | None, grid: float | None
) -> None:
    for name, value in (("point", point), ("low", low), ("high", high), ("grid", grid)):
        if value is not None:
            _above_zero(value, name)
    if grid == 0:
        raise refusal("grid of a hedge", "0", "interval_for")
    if (low is None) != (high is None):
        raise refusal("two ends of a hedge", f"low={low} and high={high}", "interval_for")
    if low is not None and high is not None and low > high:
        got = f"low={low:g} and high={high:g}"
        raise refusal("ends in order", got, "interval_for", remedy="Swap them")


def _above_zero(value: float, name: str) -> None:
    try:
        good = not isinstance(value, bool) and isfinite(value) and value >= 0
    except TypeError:
        good = False
    if not good:
        raise refusal("number of a hedge", repr(value), "a hedge and its numbers", name=name)
