"""A figure as somebody states it: a number, a pair, words, or a distribution."""

from __future__ import annotations

import math
import re
from typing import cast

import numpy as np

from attrition.core._typing import HasCdf
from attrition.core.errors import clip, refusal
from attrition.data.elicitation import (
    DAYS_PER,
    Distribution,
    atom,
    elicit,
    is_distribution,
    lognormal,
)
from attrition.models.points import Stated
from attrition.text import read_one

CENTRAL = 0.9
"""Mass of a pair of numbers."""

_NUMBER = re.compile(r"(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")  # "16", "1,000", "0.5"

StatedFigure = float | tuple[float, float] | str | HasCdf
"""What may be stated: a number is exact, a pair a central 90 % interval, a string words."""


def read_level(figure: StatedFigure) -> Stated:
    """Return a stated level.

    Raises
    ------
    InputError
        If it is no figure of a total.

    Examples
    --------
    >>> read_level((900_000, 1_000_000)).words
    '900,000 to 1,000,000'
    """
    if not isinstance(figure, str):
        return Stated(*_numbers(figure, "level"))
    reading = read_one(figure)
    if reading.kind != "level":
        raise refusal("level stated", clip(figure), "level")
    return Stated(figure, elicit(reading, place="level"))


def read_rate(figure: StatedFigure) -> Stated:
    """Return a stated rate; numbers are per day, also as text, and words say per what.

    Raises
    ------
    InputError
        If it is no rate, or could be zero for good.

    Examples
    --------
    >>> stated = read_rate("exactly 700 a week")
    >>> round(float(stated.quantile(np.array(0.5))))
    100
    """
    if isinstance(figure, str) and _NUMBER.fullmatch(figure.strip()):
        figure = float(figure.replace(",", ""))
    if isinstance(figure, str):
        reading = read_one(figure)
        if reading.kind != "rate" or reading.per not in DAYS_PER:
            raise refusal("rate stated", clip(figure), "rate")
        stated = Stated(figure, elicit(reading, place="rate"), DAYS_PER[reading.per])
    else:
        words, distribution = _numbers(figure, "rate")
        stated = Stated(words if words == "as given" else f"{words} a day", distribution)
    middle = float(stated.quantile(np.array(0.5)))
    if not middle > 0:
        raise refusal("rate above 0", f"a median of {middle:g} a day", "rate")
    return stated


def _numbers(figure: float | tuple[float, float] | HasCdf, name: str) -> tuple[str, Distribution]:
    """Return words and distribution of a number, a pair or a distribution."""
    if is_distribution(figure):
        return "as given", cast("Distribution", figure)
    try:
        ends = [float(end) for end in np.atleast_1d(np.asarray(figure, dtype=float))]
    except (TypeError, ValueError):
        ends = []
    good = len(ends) in (1, 2) and all(math.isfinite(end) and end >= 0 for end in ends)
    if not good:
        raise refusal("figure stated", clip(figure), name, name=name)
    if ends[0] == ends[-1]:
        return f"{ends[0]:,.10g}", atom(ends[0])
    low, high = ends
    if not 0 < low < high:
        raise refusal("ends stated", f"{low:g} and {high:g}", name, name=name)
    return f"{low:,.10g} to {high:,.10g}", lognormal(low, high, CENTRAL)
