"""The finding of a page in one line: claim, probability and date, for the largest letters on it."""

from __future__ import annotations

from attrition.core.laws import Law
from attrition.reporting.passing import FACT, passing
from attrition.reporting.words import day_words


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
    start = day_words(law.information_date)
    if read.unsettled:
        outside = ", ".join(read.outside(short=True))
        return f"When {subject.text} {subject.passes} {level} is open: {outside}"
    if read.rounded(read.already) >= FACT:
        sure = f"({read.percent(read.already)} probable)"
        return f"{subject.first} had {subject.passed} {level} by {start} {sure}"
    claim = read.statements[0]
    return f"{subject.first} {subject.are} {read.percent(claim.share)} likely {read.to(claim)}"
