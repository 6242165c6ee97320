"""Rows and sentences on a dense grid, computed by the library; the page only chooses among them.

Whole sentences and notes, some three thousand of each, are two megabytes that say nearly the same
over and over: packed by gzip they are a hundred kilobytes, and every browser can unpack them.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from attrition.core.laws import Law, print_date, round_step
from attrition.core.laws.reading import CrossingDate, crossings_at, means_of, opened, quantiles
from attrition.forecasts import Forecast
from attrition.plots import Dots
from attrition.plots.canvas import source_words
from attrition.plots.dots import (
    ROOMS,
    before_words,
    detail,
    dot_ticks,
    heading,
    interval_words,
    placed,
)
from attrition.plots.look import undated
from attrition.reporting import amount, basis_words, percent
from attrition.reporting.dates import when_words
from attrition.reporting.note import note_words, threshold_parts
from attrition.reporting.passing import Passing
from attrition.reporting.stretches import end_words
from attrition.reporting.words import chance

PROBS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99)
"""Probabilities of the intervals that a reader can choose."""

_THRESHOLDS = 45  # of each law, besides those asked about
_EDGE = 0.02  # a threshold nearer to certainty than this is not offered
_ROOMS = {"wide": ROOMS["page"], "narrow": ROOMS["column"]}
"""Room for the dots on a screen and on a telephone [inch]; the page draws an inch as 96 pixels."""
_LEVEL = 6  # of compression: as small to a hundredth of the page as by 9, in half the time
_PLACE = "\0"  # in a note, of what depends on threshold and probability


def grid_of(forecast: Forecast, record: str | None = None) -> dict[str, Any]:
    """Return rows, sentences, notes and dots of every law on a grid of thresholds and levels.

    Parameters
    ----------
    forecast : Forecast
    record : str, optional
        Id of the record, for notes and sources.

    Returns
    -------
    dict
        ``probs`` and ``levels``: probabilities in words and numbers. ``laws``: of each law
        ``name``, ``key``, ``detail`` and ``source`` (the words of its figure), ``values`` and
        ``thresholds`` (numbers and words), ``asked`` (place of the first that was asked about),
        ``note`` (its beginning and end), and for each threshold ``heads`` and ``starts`` (the words
        above and under its dots), ``already``, ``beyond``, ``ended`` (for a law that may end),
        ``undated`` (both together) and ``dots`` by room; for each of those and each probability
        ``rows`` (lower, median, upper), ``said`` and ``noted`` (sentence and the middle of the
        note), ``spans`` (the words under the interval) and ``bars``: the three dates as days, -1
        for one before the first and null for one after the last.

    Notes
    -----
    The page holds no rule: its sentences and notes are those of
    ``at.cite(law, threshold, prob=prob, record=record)``.
    """
    probs = tuple(sorted({*PROBS, forecast.prob}))
    laws = [
        _law(law, forecast.thresholds[key], probs, record)
        for group in (forecast.laws, forecast.unconditional)
        for (key, _), law in group.items()
        if forecast.thresholds[key]
    ]
    return {
        "probs": [chance(prob) for prob in probs],
        "levels": list(probs),
        "prob": probs.index(forecast.prob),
        "laws": laws,
    }


def packed(grid: dict[str, Any]) -> str:
    """Return a grid as the text in the page: JSON, compressed, in letters that markup leaves alone.

    The same grid gives the same text.
    """
    text = json.dumps(grid, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), _LEVEL, mtime=0)).decode()


def thresholds_of(law: Law, asked: tuple[float, ...]) -> list[float]:
    """Return round totals between what is surely passed and what is surely not, and those asked."""
    start, horizon = law.information_date, law.horizon
    (surely, _), _ = quantiles(law, (_EDGE, 0.5), start)
    (half, hardly), _ = quantiles(law, (0.5, 1 - _EDGE), horizon)
    # the slider moves as far as half of the paths come
    low, high = min(surely, *asked), max(half, *asked)
    if not high > low:
        return sorted(asked)
    step = round_step((high - low) / _THRESHOLDS, above=True)
    first, last = math.ceil(low / step), math.floor(high / step)
    offered = [float(f"{count * step:.12g}") for count in range(first, last + 1)]
    return sorted({*(value for value in offered if surely < value < hardly), *asked})


def _law(
    law: Law, asked: tuple[float, ...], probs: tuple[float, ...], record: str | None
) -> dict[str, Any]:
    what, hazard = law.provenance, law.provenance.end_hazard
    end = print_date(law.horizon, "day", short=True)
    offered = thresholds_of(law, asked)
    entry: dict[str, Any] = {
        "name": f"{what.title}, {basis_words(law)}" + (", which may end" if hazard else ""),
        "key": f"{what.quantity}/{what.basis}" + ("/may-end" if hazard else ""),
        "source": source_words(law, record),
        "detail": detail(law),
        "note": note_words(law, [_PLACE], record=record).split(_PLACE),
        "end": f"not by {end}" + (" or never" if hazard else ""),
        "values": offered,
        "asked": offered.index(asked[0]),
        "ended": [],
    }
    for threshold, mean in zip(offered, means_of(law, offered), strict=True):
        reads = [opened(law, read) for read in crossings_at(law, threshold, mean, probs)]
        first = Passing(law, reads[0], mean)
        passings = [first.at(read) for read in reads]
        row = {
            "thresholds": amount(threshold, what.unit),
            "heads": heading(first),
            "starts": before_words(first),
            "already": percent(reads[0].masses.already, law.draws),
            "beyond": percent(reads[0].masses.beyond, law.draws),
            "undated": percent(undated(reads[0])[0], law.draws),
            "dots": {
                name: _dots(law, placed(mean, room), room[0]) for name, room in _ROOMS.items()
            },
            "bars": [[_day(law, end) for end in read.dates] for read in reads],
            "rows": [
                [end_words(law, date, one.unit, short=True) for date in one.read.dates]
                for one in passings
            ],
            "spans": [interval_words(read, law) for read in reads],
            "said": list(_sentences(passings)),
            "noted": [" ".join(threshold_parts([one])) for one in passings],
        }
        if hazard:
            row["ended"] = percent(reads[0].masses.ended, law.draws)
        for key, value in row.items():
            entry.setdefault(key, []).append(value)
    return entry


def _sentences(passings: Iterable[Passing]) -> Iterator[str]:
    """Yield the sentences of one threshold: the same wherever the same dates are printed.

    What a sentence says is the probability of its printed dates, whatever interval led to them.
    """
    texts: dict[object, str] = {}
    for passing in passings:
        read = passing.read
        states = (read.lower.state, read.upper.state)
        printed = (passing.lower, passing.upper, passing.unit, states)
        if printed not in texts:
            texts[printed] = when_words(passing)
        yield texts[printed]


def _day(law: Law, end: CrossingDate) -> int | None:
    """Return a date as a day after the information date, -1 before it, None after the last."""
    if end.day is None:
        return -1 if end.state == "already" else None
    return (end.day - law.information_date).days


def _dots(law: Law, dots: Dots, width: float) -> dict[str, Any]:
    """Return where dots and ticks stand: columns of equal width, the first at a day."""
    left, right = dots.span
    return {
        "first": round(dots.first, 3),
        "step": round(dots.step, 4),
        "span": [round(left, 2), round(right, 2)],
        "gap": round(dots.gap, 2),
        "rows": dots.rows,
        "outer": [dots.already, dots.beyond],
        "heights": list(dots.heights),
        "ticks": dot_ticks(law, dots, width),
    }
