"""A total on a day, and what is added between two days, as one sentence."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError
from attrition.core.laws import Law, Total, round_count, round_step, total
from attrition.core.laws.digits import ERRORS
from attrition.core.laws.reading import mean_of, quantiles
from attrition.reporting.passing import EVEN, conditioned, fitted
from attrition.reporting.subject import counted_subject, figures_words
from attrition.reporting.words import (
    MILLION,
    amount,
    day_words,
    from_words,
    percent,
    plain,
    rounded_amount,
)

if TYPE_CHECKING:
    from attrition.forecasts.increments import Increment


def total_words(law: Law, on: date, prob: float) -> tuple[str, str]:
    """Return the sentence of a total on a day, and its interval as the note tells it.

    The ends are rounded outward, and the probability is that of the rounded ends.
    """
    read = total(law, on, prob=prob)
    unit, whole = law.provenance.unit, law.provenance.unit == "persons"
    lower, median, upper = printed_ends(law, read)
    share = _share(law, on, lower, upper, prob, whole=whole)
    subject = counted_subject(law)
    past = on == law.information_date
    if past and law.provenance.counted and lower == upper and share > _CERTAIN:
        why = figures_words(law, past=True, beside=subject.text)
        fact = f"{subject.first} stood at {rounded_amount(upper, unit)}"
        return f"{fact} on {day_words(on)}, {why}.", amount(read.upper, unit)
    span = f"between {' and '.join(_pair(lower, upper, unit))}"
    if lower <= 0:
        span = f"no more than {rounded_amount(upper, unit)}"
    elif lower == upper:
        span = f"{rounded_amount(upper, unit)}{' or more' if law.provenance.least else ''}"
    if law.provenance.floors:  # nothing puts an end above
        span, share = f"{rounded_amount(lower, unit)} or more", _over(law, on, lower)
    many = subject.plural and whole  # people and deaths number so many, a toll or a length is
    stand = {(True, True): "have numbered", (False, True): "have been", (True, False): "number"}
    head = f"{subject.first} {subject.are} {percent(share, law.draws)} likely to "
    head += f"{stand.get((many, past), 'be')} {span} on {day_words(on)}"
    asides = [f"median {rounded_amount(median, unit)}"] if lower < median < upper else []
    if law.provenance.floors or not EVEN[0] <= _over(law, on, median) <= EVEN[1]:
        asides = []
    exact = f"{amount(read.lower, unit)} to {amount(read.upper, unit)}"
    return fitted(lambda law: conditioned(law, head, *asides, past=past), law), exact


def printed_ends(law: Law, read: Total) -> tuple[float, float, float]:
    """Return lower end, median and upper end of a total as they are printed [unit].

    In the digits that width and error allow, and none below what has certainly been reached.
    """
    whole = law.provenance.unit == "persons"
    ends = round_count(read.lower, read.median, read.upper, whole=whole, mcse=read.mcse)
    reached = _reached(law)
    lower, median, upper = (max(end, reached) for end in ends)
    return lower, median, upper


_CERTAIN = 1 - 1e-9
"""A share that is one, apart from its sum over replicates."""

_ATOM = 1e-3  # share of a law that is at one number: what lies below is known to be reached


def _reached(law: Law) -> float:
    """Return what has certainly been reached, and zero if nothing has.

    A count as it was recorded is exact, and so is an "at least" that nobody could contradict; of
    what is known within a range it has two digits. No total that is printed lies below it, however
    coarsely its ends are rounded.
    """
    (least, most), _ = quantiles(law, (0.0, 1.0), law.information_date)
    if least <= 0 or _over(law, law.information_date, least) <= _CERTAIN:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(least)) - 1)
    above = _over(law, law.information_date, float(np.nextafter(least, np.inf)))
    if least == most or above < 1 - _ATOM:
        return least
    return float(f"{math.floor(least / unit) * unit:.12g}")


def _pair(lower: float, upper: float, unit: str) -> tuple[str, str]:
    """Return two amounts written alike, the first without the unit that the second names."""
    words = rounded_amount(lower, unit), rounded_amount(upper, unit)
    if lower >= MILLION and len({"million" in text for text in words}) > 1:
        words = amount(lower, unit), amount(upper, unit)
    return words[0].removesuffix(f" {plain(unit)}"), words[1]


def _over(law: Law, on: date, level: float) -> float:
    offset = (on - law.information_date).days
    return float(mean_of(law, level)[offset])


def _share(law: Law, on: date, lower: float, upper: float, prob: float, *, whole: bool) -> float:
    """Return the probability of a rounded interval; that of the exact one where the law ends.

    An interval from zero is said as "no more than", and takes in whatever lies below.
    """
    try:
        above = _over(law, on, upper + 1 if whole else np.nextafter(upper, np.inf))
        return (_over(law, on, lower) if lower > 0 else 1.0) - above
    except InputError:  # the law knows its surface only, and not as far as the rounding goes
        return prob


def gain_words(law: Law, read: Increment, draws: Floats) -> tuple[str, str]:
    """Return the sentence of what is added between two days, and its interval as the note tells it.

    As of a total, nothing is printed finer than its Monte Carlo error allows.

    Parameters
    ----------
    law : Law
        Of the total.
    read : Increment
    draws : ndarray of float, shape (replicate, path)
        What is added, equally likely [unit].
    """
    unit, whole = law.provenance.unit, law.provenance.unit == "persons"
    lower, _, upper = round_count(read.lower, read.median, read.upper, whole=whole, mcse=read.mcse)
    share = float((((draws >= lower) | (lower <= 0)) & (draws <= upper)).mean())
    subject = counted_subject(law)
    gain = " to ".join(_pair(lower, upper, unit))
    if lower <= 0:
        gain = f"at most {rounded_amount(upper, unit)}"
    claim = (
        f"{subject.first} {subject.are} {percent(share)} likely to rise by "
        f"{gain} between {from_words(read.since, read.on)} and {day_words(read.on)}"
    )
    step = round_step(read.mcse) or 0.1
    least, most = (float(f"{round(end / step) * step:.12g}") for end in (read.lower, read.upper))
    exact = f"{amount(least, unit)} to {amount(most, unit)}"
    if read.mcse:
        error = amount(float(f"{read.mcse:.1g}"), unit)
        exact += f" (the computation leaves each end open by about {error}"
        rough = ERRORS * read.mcse > (read.upper - read.median) / 2
        exact += f"{'; more draws would move the ends' * rough})"
    return fitted(lambda law: conditioned(law, claim), law), exact
