"""The finding of a page in one line: claim, probability and date, for the largest letters on it."""

from __future__ import annotations

from attrition.core.laws import Law
from attrition.reporting.passing import EVEN, passing
from attrition.reporting.words import day_words, percent

_FACT = 0.99
"""From this probability on a headline says that a threshold had been passed."""

_SETTLED = 0.75
"""Below this probability of passing, or not, by the horizon a headline gives no date."""


def headline(law: Law, threshold: float, *, prob: float = 0.9) -> str:
    """Return what a law says of a threshold, without condition and figures: these stand below.

    Parameters
    ----------
    law : Law
    threshold : float
        The total that is passed [unit].
    prob : float
        Probability of the interval whose upper end is the date.

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
    head = f"{subject.first} {subject.are}"
    if read.already >= _FACT:
        sure = f"({percent(read.already)} probable)"
        return f"{subject.first} had {subject.passed} {level} by {start} {sure}"
    if read.already >= EVEN[0]:
        return f"{head} {percent(read.already)} likely to have {subject.passed} {level} by {start}"
    if read.upper is not None:
        share = percent(read.by(read.upper.last))
        return f"{head} {share} likely to {read.verb} {level} by {read.upper.until}"
    if read.later >= _SETTLED:
        return f"{head} {percent(read.later)} likely not to {subject.verb} {level} by {end}"
    if 1 - read.later >= _SETTLED:
        return f"{head} {percent(1 - read.later)} likely to {read.verb} {level} by {end}"
    open_share = f"{percent(read.later)} not by {end}"
    return f"When {subject.text} {subject.passes} {level} is not settled: {open_share}"
