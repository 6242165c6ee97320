"""Rules that many arguments obey, each refused in one form: a number, a whole one, a known word."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from numbers import Integral, Real
from typing import cast

from attrition.core.errors import InputError, clip, refusal


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return "Did you mean …?" for the nearest known word, else list the known ones.

    Examples
    --------
    >>> suggestion("publised", ["published", "as_of"])
    "Did you mean 'published'?"
    """
    import difflib

    known = sorted(known)
    near = difflib.get_close_matches(word, known, n=1)
    if near:
        return f"Did you mean '{near[0]}'?"
    return f"Known: {', '.join(known) or 'none'}"


def check_known(word: object, known: Iterable[str], rule: str, place: str) -> None:
    """Refuse a word that is not one of those known, and name the nearest.

    Examples
    --------
    >>> check_known("lok", ["look", "read"], "a word must be known", "place")
    Traceback (most recent call last):
    ...
    attrition.core.errors.InputError: a word must be known, got 'lok' (place). Did you mean 'look'?
    """
    known = list(known)
    if word not in known:
        remedy = suggestion(str(word), known)
        raise InputError(rule, got=clip(word), place=place, remedy=remedy)


def check_type(value: object, types: type | tuple[type, ...], place: str, what: str) -> None:
    """Refuse an argument that is not of its types; ``what`` says them in words.

    Examples
    --------
    >>> check_type(None, str, "words", "text")
    Traceback (most recent call last):
    ...
    attrition.core.errors.InputError: `words` must be text, got None (words). Pass text.
    """
    if not isinstance(value, types):
        raise refusal("type of an argument", clip(value), place, place=place, what=what)


def whole_number(value: object, place: str, *, least: int = 0, most: float = math.inf) -> int:
    """Return a whole number within its ends; refuse anything else, also True.

    Examples
    --------
    >>> whole_number(-1, "seed")
    Traceback (most recent call last):
    ...
    attrition.core.errors.InputError: `seed` must be a whole number of 0 or more, got -1 (seed)...
    """
    number = isinstance(value, Integral) and not isinstance(value, bool)
    if not number or not least <= cast("int", value) <= most:
        ends = f"of {least} or more" if math.isinf(most) else f"from {least} to {most:,}"
        words = {"place": place, "ends": ends, "example": max(least, 1)}
        raise refusal("whole number", clip(value), place, **words)
    return int(cast("int", value))


def number_within(
    value: object, name: str, place: str, *, most: float = math.inf, above: bool = False
) -> float:
    """Return a finite number from 0, or above it, to its upper end; refuse others by their rule."""
    plain = isinstance(value, Real) and not isinstance(value, bool)
    try:
        number = float(cast("float", value)) if plain else math.nan
    except OverflowError:  # an integer of hundreds of digits
        number = math.inf
    if not 0 <= number <= most or math.isinf(number) or (above and number == 0):
        raise refusal(name, clip(value), place, place=place, most=most)
    return number


def check_prob(prob: float) -> float:
    """Return ``prob`` if it lies strictly between 0 and 1; raise InputError otherwise."""
    number = isinstance(prob, Real)
    if not number or not 0 < prob < 1:
        got = f"{prob:g}" if number else clip(prob)
        raise refusal("prob", got, "prob")
    return prob


def check_seconds(value: object, place: str) -> None:
    """Refuse a time that is none."""
    number_within(value, "seconds", place, above=True)


def days_ahead(day: date | str, first: date, last: date, place: str) -> int:
    """Return a day as days after the first; refuse one that does not lie between two days.

    Examples
    --------
    >>> days_ahead("2025-06-10", date(2025, 6, 3), date(2025, 6, 30), "on")
    7
    """
    from attrition.core.days import day_from

    wanted = day_from(day, place)
    if not first <= wanted <= last:
        got = wanted.isoformat()
        raise refusal("day within a forecast", got, f"{place}; {first} to {last}")
    return (wanted - first).days
