"""Mistyped years: a date far from both its neighbours that another year puts between them."""

from __future__ import annotations

import numpy as np

from attrition.core.refusals import refusal
from attrition.data.series.findings import EPOCH, Days, Findings, date_of

_FAR = 300  # days off from which a year may be mistyped
_NEAR = 60  # days between neighbours that know where a date belongs
_DECADES = 7_300  # days after which a lone last date is no report
_SPAN = 73_050  # days of 200 years: what lies farther apart is a mistyped year
_LATEST = 84_006  # days to the year 2200: no report is of later, in this calendar
_ORDERED = 0.02  # share of rows out of order in a table that is in order


def check_span(days: Days, place: str) -> None:
    """Refuse days that lie more than 200 years apart, or in a far future."""
    first, last = int(days.min()), int(days.max())
    if last - first > _SPAN or last > _LATEST:
        raise refusal("span of a count", f"{date_of(first)} and {date_of(last)}", place)


def mended_years(days: Days, findings: Findings) -> tuple[Days, Days]:
    """Return the days with mistyped years mended, and the rows that are kept.

    Only a table in order tells where a row belongs; one in no order is left as it is.
    """
    rows = np.arange(days.size)
    if days.size < 4:  # noqa: PLR2004 - three that agree, and one
        return days, rows
    step = np.diff(days)
    turned = bool((step < 0).sum() > (step > 0).sum())
    wrong = int((step > 0).sum() if turned else (step < 0).sum())
    if wrong > max(2, _ORDERED * days.size):
        return days, rows
    out = days[::-1].copy() if turned else days.copy()
    kept = np.ones(days.size, dtype=bool)
    usual = max(int(np.median(np.abs(step))), 1)
    for i in range(out.size):
        bounds = _bounds(out, i, usual)
        if bounds is None or bounds[0] - _FAR <= out[i] <= bounds[1] + _FAR:
            continue
        low, high = bounds
        was, others = date_of(int(out[i])), {date_of(low).year, date_of(high).year}
        meant = [n for n in (_in_year(int(out[i]), y) for y in others) if n and low <= n <= high]
        lone_end = i in {0, out.size - 1}
        if not meant and lone_end and low - _DECADES <= out[i] <= high + _DECADES:
            continue  # an early first report, or a late last one
        kept[i] = bool(meant)
        out[i] = day = meant[0] if meant else low  # so that no neighbour is judged by it
        rule = f"read as {date_of(meant[0])}" if meant else "no report"
        findings.note("year", day, day=was, beside=date_of(low if i else high), rule=rule)
    mended = out[::-1] if turned else out
    kept = kept[::-1] if turned else kept
    return mended[kept], rows[kept]


def _bounds(days: Days, i: int, usual: int) -> tuple[int, int] | None:
    """Return between which days a row belongs, by neighbours that agree with each other."""
    last = days.size - 1
    near = (1, 2) if i == 0 else (i - 2, i - 1) if i == last else (i - 1, i + 1)
    low, high = (int(days[place]) for place in near)
    if not 0 <= high - low <= max(_NEAR, 2 * usual):
        return None
    if i == 0:
        return low - 2 * usual, low
    return (high, high + 2 * usual) if i == last else (low, high)


def _in_year(number: int, year: int) -> int:
    """Return the same day of another year, 0 where that year has no such day."""
    try:
        return (date_of(number).replace(year=year) - EPOCH).days
    except ValueError:
        return 0
