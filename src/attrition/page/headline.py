"""The finding of a page in one line: claim, probability and date, for the largest letters on it."""

from __future__ import annotations

from attrition.core.laws import Law
from attrition.reporting.passing import EVEN, FACT, LIKELY, passing
from attrition.reporting.stretches import between
from attrition.reporting.words import day_words, percent


def headline(law: Law, threshold: float, *, prob: float = 0.9) -> str:
    """Return what a law says of a threshold, without condition and figures: these stand below.

    Parameters
    ----------
    law : Law
    threshold : float
        The total that is passed [unit].
    prob : float
        Probability of the interval whose ends are the dates.

    Returns
    -------
    str
        The probability printed is that of what is printed.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"])
    >>> headline(forecast.law("russian-casualties"), 900_000)
    'Russia’s killed and wounded had passed 900,000 by 5 June 2025 (... % probable)'
    """
    read = passing(law, threshold, prob)
    subject, level = read.subject, read.level
    start, end = day_words(law.information_date), day_words(law.horizon)
    if read.unsettled:
        outside = ", ".join(read.outside)
        return f"When {subject.text} {subject.passes} {level} is open: {outside}"
    if read.already >= FACT:
        sure = f"({percent(read.already)} probable)"
        return f"{subject.first} had {subject.passed} {level} by {start} {sure}"
    share, what = 1 - read.later, f"to {read.verb} {level} by {end}"
    if read.already >= EVEN[0]:
        share, what = read.already, f"to have {subject.passed} {level} by {start}"
    elif read.upper is not None and read.lower is not None:  # as the sentence below it says
        share, what = read.within, f"to {subject.verb} {level} {between(read.lower, read.upper)}"
    elif read.upper is not None:
        share, what = read.by(read.upper.last), f"to {read.verb} {level} by {read.upper.until}"
    elif read.later >= LIKELY:
        share, what = read.later, f"not to {subject.verb} {level} by {end}"
    elif read.lower is not None and share < LIKELY:
        share = 1 - read.before(read.lower)
        what = f"not to {subject.verb} {level} before {read.lower.since}"
    return f"{subject.first} {subject.are} {percent(share)} likely {what}"
