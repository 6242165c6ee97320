"""Rows and sentences on a dense grid, computed by the library; the page only chooses among them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from attrition.core._typing import Floats
from attrition.core.laws import Law, print_date
from attrition.core.laws.reading import CrossingDate, crossing_of, threshold_column
from attrition.forecasts import Forecast
from attrition.plots import Dots
from attrition.plots.dates import ticks
from attrition.plots.dots import placed
from attrition.plots.look import undated
from attrition.reporting import amount, basis_words, percent
from attrition.reporting.dates import when_words
from attrition.reporting.passing import Passing
from attrition.reporting.spans import end_words
from attrition.reporting.words import chance, end_hazard

PROBS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99)
"""Probabilities of the intervals that a reader can choose."""

_THRESHOLDS = 38  # of each law, besides those asked about
_EDGE = 0.02  # a threshold nearer to certainty than this is not offered
_ROOM = (5.0, 2.3)  # inches, for the dots
_PIECE = re.compile(r"(?<=, )|(?<=; )|(?<= \()|(?<=between )|(?<= and )")


@dataclass(slots=True)
class _Pieces:
    """Strings, each kept once, and named by their place."""

    found: dict[str, int] = field(default_factory=dict)

    def place(self, text: str) -> int:
        return self.found.setdefault(text, len(self.found))

    def sentence(self, text: str) -> list[int]:
        return [self.place(piece) for piece in _PIECE.split(text)]


def grid_of(forecast: Forecast) -> dict[str, Any]:
    """Return rows, sentences and dots of every law on a grid of thresholds and probabilities.

    Returns
    -------
    dict
        ``pieces``: strings, each once. ``probs``: probabilities in words. ``laws``: of each law
        ``name``, ``thresholds`` in words, ``asked`` (place of the first that was asked about), and
        for each threshold ``already``, ``beyond``, ``ended`` (for a law that may end), ``undated``
        (both together) and ``dots``; for each of those and each probability ``rows`` (lower,
        median, upper) and ``said`` (the sentence), as places among the pieces, and ``bars``: where
        the three dates stand among the columns of dots, or "before" or "after" them for one that
        has no date.

    Notes
    -----
    The page holds no rule: a sentence is its pieces one after another, and equals
    the sentence of ``at.cite(law, threshold, prob=prob)``.
    """
    pieces = _Pieces()
    probs = tuple(sorted({*PROBS, forecast.prob}))
    laws = [
        _law(law, forecast.thresholds[key], probs, pieces)
        for held in (forecast.laws, forecast.unconditional)
        for (key, _), law in held.items()
        if forecast.thresholds[key]
    ]
    return {
        "probs": [chance(prob) for prob in probs],
        "prob": probs.index(forecast.prob),
        "laws": laws,
        "pieces": list(pieces.found),
    }


def thresholds_of(law: Law, asked: tuple[float, ...]) -> list[float]:
    """Return round totals between what is surely passed and what is surely not, and those asked."""
    mean = np.tensordot(law.weights, law.exceedance, axes=1)
    open_ones = law.thresholds[(mean[:, 0] < 1 - _EDGE) & (mean[:, -1] > _EDGE)]
    near = _span(law, mean, open_ones, asked)
    if near is None:
        return sorted(asked)
    low, high = near
    step = _round_step((high - low) / _THRESHOLDS)
    first, last = math.ceil(low / step), math.floor(high / step)
    offered = [float(f"{count * step:.12g}") for count in range(first, last + 1)]
    inside = [value for value in offered if law.thresholds[0] < value < law.thresholds[-1]]
    return sorted({*inside, *asked})


def _span(
    law: Law, mean: Floats, offered: Floats, asked: tuple[float, ...]
) -> tuple[float, float] | None:
    """Return the totals between which the slider moves: as far as half of the paths come."""
    if offered.size == 0:
        return None
    half = law.thresholds[mean[:, -1] >= 0.5]  # noqa: PLR2004 - the median at the horizon
    high = max(float(half[-1]) if half.size else float(offered[-1]), *asked)
    low = min(float(offered[0]), *asked)
    return (low, high) if high > low else None


def _round_step(width: float) -> float:
    size = 10.0 ** math.floor(math.log10(width))
    return next(m * size for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * size >= width * (1 - 1e-9))


def _law(
    law: Law, asked: tuple[float, ...], probs: tuple[float, ...], pieces: _Pieces
) -> dict[str, Any]:
    what, hazard = law.provenance, end_hazard(law)
    start, end = (print_date(day, "day", short=True) for day in (law.information_date, law.horizon))
    made: dict[str, Any] = {
        "name": f"{what.title}, {basis_words(law)}" + (", which may end" if hazard else ""),
        "start": f"passed by {start}",
        "end": f"not by {end}" + (" or never" if hazard else ""),
        "thresholds": [],
        "already": [],
        "beyond": [],
        "undated": [],
        "ended": [],
        "dots": [],
        "bars": [],
        "rows": [],
        "said": [],
    }
    offered = thresholds_of(law, asked)
    made["asked"] = offered.index(asked[0])
    for threshold in offered:
        column = threshold_column(law, threshold)
        reads = [
            crossing_of(
                column, law.weights, threshold, law.information_date, prob=prob, hazard=hazard
            )
            for prob in probs
        ]
        mean = law.weights @ column
        made["thresholds"].append(amount(threshold, what.unit))
        made["already"].append(percent(reads[0].masses.already))
        made["beyond"].append(percent(reads[0].masses.beyond))
        made["undated"].append(percent(undated(reads[0])[0]))
        if hazard:
            made["ended"].append(percent(reads[0].masses.ended))
        dots = placed(law.weights @ column, _ROOM)
        made["dots"].append(_dots(law, dots))
        made["bars"].append([[_column(law, dots, end) for end in read.dates] for read in reads])
        made["rows"].append(
            [
                [pieces.place(end_words(law, date, read.unit, short=True)) for date in read.dates]
                for read in reads
            ]
        )
        made["said"].append(
            [
                pieces.sentence(text)
                for text in _sentences(Passing(law, read, mean) for read in reads)
            ]
        )
    return made


def _sentences(passings: Iterable[Passing]) -> Iterator[str]:
    """Yield the sentences of one threshold: the same wherever the same dates are printed.

    What a sentence says is the probability of its printed dates, whatever interval led to them.
    """
    texts: dict[object, str] = {}
    for passing in passings:
        read = passing.read
        states = (read.lower.state, read.upper.state)
        printed = (passing.lower, passing.upper, read.unit, states)
        if printed not in texts:
            texts[printed] = when_words(passing)
        yield texts[printed]


_BEFORE, _AFTER = "before", "after"


def _column(law: Law, dots: Dots, end: CrossingDate) -> float | str:
    """Return where a date stands, in columns from the first, or on which side it has none."""
    if end.day is None:
        return _BEFORE if end.state == "already" else _AFTER
    return round(((end.day - law.information_date).days - dots.first) / dots.step, 2)


def _dots(law: Law, dots: Dots) -> dict[str, Any]:
    """Return where dots and ticks stand, in columns from the first column of dates."""
    last = len(dots.heights) - 1
    left, right = dots.span
    begin, end = dots.first - 0.5 * dots.step, dots.first + (last + 0.5) * dots.step
    width = _ROOM[0] * (last + 1) / (right - left)
    before, after = dots.outer()
    return {
        "span": [round(left, 2), round(right, 2)],
        "heights": list(dots.heights),
        "before": [[round(x, 2), y] for x, y in before],
        "after": [[round(x, 2), y] for x, y in after],
        "ticks": [
            [round((offset - dots.first) / dots.step, 2), label]
            for offset, label in ticks(
                law.information_date, math.ceil(begin), math.floor(end), width
            )
        ],
    }
