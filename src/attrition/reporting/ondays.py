"""A total on a day, and what is added between two days, as one sentence."""

from __future__ import annotations

from datetime import date

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError
from attrition.core.laws import Law, round_count, total
from attrition.core.laws.reading import threshold_column
from attrition.reporting.passing import fitting
from attrition.reporting.subject import figures_words, subject_of, whoever
from attrition.reporting.words import (
    amount,
    condition,
    day_words,
    from_words,
    percent,
    rounded_amount,
)


def total_words(law: Law, on: date, prob: float) -> tuple[str, str]:
    """Return the sentence of a total on a day, and its interval as the note tells it.

    The ends are rounded outward, and the probability is that of the rounded ends.
    """
    read = total(law, on, prob=prob)
    unit, whole = law.provenance.unit, law.provenance.unit == "persons"
    ends = (read.lower, read.median, read.upper)
    lower, median, upper = round_count(*ends, whole=whole, mcse=read.mcse)
    share = _share(law, on, lower, upper, prob, whole=whole)
    subject = subject_of(law.provenance)
    past = on == law.information_date
    stood = "to have stood" if past else "to stand"
    span = f"between {_first(lower, unit)} and {rounded_amount(upper, unit)}"
    if lower == upper:
        span = f"at {rounded_amount(upper, unit)}"
    head = f"{subject.first}{whoever(law, subject)} {subject.are} {percent(share)} likely {stood}"
    why = figures_words(law, known=not past, beside=f"{head} {day_words(on)}")
    inside = f" (median {rounded_amount(median, unit)})" if lower < median < upper else ""
    if not 0.45 <= _over(law, on, median) <= 0.55:  # noqa: PLR2004 - what is called even
        inside = ""
    sentences = [
        f"{head} {span} on {day_words(on)}{holds}, {why}{aside}."
        for holds in ([""] if past else [f" {condition(law, short=s)}" for s in (False, True)])
        for aside in (inside, "")
    ]
    exact = f"{amount(read.lower, unit)} to {amount(read.upper, unit)}"
    return fitting(sentences), exact


def _first(value: float, unit: str) -> str:
    """Return the first of two amounts, which leaves the unit to the second."""
    return rounded_amount(value, unit).removesuffix(f" {unit}")


def _over(law: Law, on: date, level: float) -> float:
    offset = (on - law.information_date).days
    return float(law.weights @ threshold_column(law, level)[:, offset])


def _share(law: Law, on: date, lower: float, upper: float, prob: float, *, whole: bool) -> float:
    """Return the probability of a rounded interval; that of the exact one where the law ends."""
    try:
        above = _over(law, on, upper + 1 if whole else np.nextafter(upper, np.inf))
        return _over(law, on, lower) - above
    except InputError:  # the law knows its surface only, and not as far as the rounding goes
        return prob


def gain_words(law: Law, draws: Floats, since: date, on: date, prob: float) -> tuple[str, str]:
    """Return the sentence of what is added from one day to the end of another.

    Parameters
    ----------
    law : Law
        Of the total.
    draws : ndarray of float, shape (draw,)
        What is added, equally likely [unit].
    since, on : datetime.date
    prob : float
    """
    unit, whole = law.provenance.unit, law.provenance.unit == "persons"
    tail = (1 - prob) / 2
    low, middle, high = (float(v) for v in np.quantile(draws, [tail, 0.5, 1 - tail]))
    spread = np.sqrt(tail * (1 - tail) / draws.size) * (high - low)
    lower, _, upper = round_count(low, middle, high, whole=whole, mcse=float(spread))
    share = float(((draws >= lower) & (draws <= upper)).mean())
    subject = subject_of(law.provenance)
    claim = (
        f"{subject.first}{whoever(law, subject)} {subject.are} {percent(share)} likely to rise by "
        f"{_first(lower, unit)} to {rounded_amount(upper, unit)} between "
        f"{from_words(since, on)} and {day_words(on)}"
    )
    sentences = [
        f"{claim} {condition(law, short=short)}, {figures_words(law, beside=claim)}."
        for short in (False, True)
    ]
    return fitting(sentences), f"{amount(round(low, 1), unit)} to {amount(round(high, 1), unit)}"
