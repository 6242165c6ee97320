"""How an interval of dates is worded, inside a month or across years, or open at an end."""

from __future__ import annotations

from datetime import date

from attrition.core.laws import Crossing, CrossingDate, Law, print_date, window
from attrition.reporting.words import day_words, what_ends


def end_words(law: Law, quantile: CrossingDate, unit: str, *, short: bool = False) -> str:
    """Return one quantile in words: a date at the precision of ``unit``, or its state."""
    state = str(quantile.state)
    if state == "already":
        return "already" if short else f"on or before {day_words(law.information_date)}"
    if state == "ended":
        return "never" if short else f"never, because {what_ends(law)} ends first"
    if state == "beyond" or quantile.day is None:
        return f"after {print_date(law.horizon, 'day', short=short)}"
    return print_date(quantile.day, unit, short=short)


def by_words(upper: str, unit: str) -> str:
    """Return "by" a date that is printed in a unit, all of which is meant.

    Examples
    --------
    >>> by_words("21 July 2025", "day"), by_words("July 2025", "month")
    ('by 21 July 2025', 'by the end of July 2025')
    """
    return f"by {upper}" if unit == "day" else f"by the end of {upper}"


def span_words(law: Law, read: Crossing, *, whole: bool = False) -> str:
    """Return an interval in words.

    Parameters
    ----------
    law : Law
    read : Crossing
        Its lower end is not after the horizon, and its median not before the first day.
    whole : bool
        Whether both dates are written out, although they share month or year.
    """
    unit = read.unit
    lower, upper = (end_words(law, d, unit) for d in (read.lower, read.upper))
    end = day_words(law.horizon)
    if read.lower.day is None:
        if read.upper.day is not None:
            return f"{by_words(upper, unit)}, if that total had not been passed already"
        vague = "at a time that the figures do not narrow down, perhaps already and perhaps"
        return f"{vague} {upper if read.upper.state == 'ended' else f'not by {end}'}"
    if read.upper.day is None:
        return f"no earlier than {lower}{_or_not(law, read)}"
    if lower == upper:
        return f"on {lower}" if unit == "day" else f"in {lower}"
    if unit == "week" and not whole:
        first, last = (text.removeprefix("the week of ") for text in (lower, upper))
        first = _without_what_is_shared(read.lower.day, read.upper.day, unit, first)
        return f"between the weeks of {first} and {last}"
    if not whole:
        lower = _without_what_is_shared(read.lower.day, read.upper.day, unit, lower)
    return f"between {lower} and {upper}"


def _or_not(law: Law, read: Crossing) -> str:
    """Say that a total may never be passed, or not by the horizon, and whether that is likely."""
    end = day_words(law.horizon)
    if read.median.state == "ended":
        return f", if at all, because {what_ends(law)} probably ends first"
    likely = "" if read.median.day is not None else f", probably not by {end}"
    if read.upper.state == "ended":
        return f"{likely}, or never, because {what_ends(law)} ends first"
    return likely or f", and perhaps not by {end}"


def _without_what_is_shared(first: date, last: date, unit: str, lower: str) -> str:
    """Leave out of the first date the month and the year that it shares with the last."""
    if unit == "day" and (first.year, first.month) == (last.year, last.month):
        return str(first.day)
    if unit == "week":  # named by its Monday
        first, last = (window(day, unit)[0] for day in (first, last))
    if unit in ("day", "week", "month") and first.year == last.year:
        return lower.removesuffix(f" {first.year}")
    return lower
