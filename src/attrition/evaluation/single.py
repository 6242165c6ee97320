"""Was a law right? Scores of a crossing date against what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from attrition.core._showing import Shown
from attrition.core.days import day_from
from attrition.core.errors import InputError
from attrition.core.laws import CrossingDate, Law, crossing
from attrition.core.laws.reading import mean_of


@dataclass(frozen=True, slots=True)
class Score(Shown):
    """How a law did on one threshold.

    Parameters
    ----------
    inside : bool
        Whether the interval holds what is known: the date, or that it had not come by the
        last day of data (held when the upper end lies after that day).
    crps : float
        Continuous ranked probability score of min(T, last day of data) [day]; 0 is perfect.
    pit : float or None
        P(T <= date) by the law; None where the date is not known.

    See Also
    --------
    attrition.score : how it is made.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> scored = at.score(law, 600, "2025-06-13", last="2025-07-03")
    >>> scored.inside, round(scored.crps, 1)
    (True, 0.3)
    """

    inside: bool
    crps: float
    pit: float | None


def score(
    law: Law, threshold: float, happened: date | str | None, *, last: date | str, prob: float = 0.9
) -> Score:
    """Score the law of a crossing date against what happened.

    Parameters
    ----------
    law : Law
    threshold : float
        The total that was to be passed [unit].
    happened : datetime.date, str or None
        The day on which it passed; None if it had not by ``last``.
    last : datetime.date or str
        Last day of data, after the information date; the law is not judged beyond it.
    prob : float
        Probability of the equal-tailed interval that is to hold.

    Returns
    -------
    Score

    Raises
    ------
    InputError
        If ``last`` is not after the information date, or ``happened`` is after ``last``.

    See Also
    --------
    attrition.hindcast : many forecasts from past days.

    Notes
    -----
    The score is the sum over days of (F(t) - 1{T <= t})^2, F read daily: the threshold-weighted
    CRPS of Gneiting and Ranjan (2011, doi:10.1198/jbes.2010.08110), proper for censored dates.

    Examples
    --------
    >>> from datetime import date
    >>> import attrition as at
    >>> law = at.when(1_000, level=900, rate=10, on="2025-06-03", kind="steady").law
    >>> at.score(law, 1_000, date(2025, 6, 13), last=date(2025, 7, 3)).inside
    True
    """
    end = min(day_from(last, "last"), law.horizon)
    crossed = None if happened is None else day_from(happened, "happened")
    if end <= law.information_date or (crossed is not None and crossed > end):
        raise InputError(
            "a crossing is scored between the information date and the last day of data",
            got=f"last day {end}, crossed {crossed}",
            place=f"score, information date {law.information_date}",
            remedy="Give a later last day, or None for a crossing that has not happened by then",
        )
    days = (end - law.information_date).days
    law_of_date = mean_of(law, threshold)[: days + 1]
    after = np.arange(days + 1)
    when = None if crossed is None else max((crossed - law.information_date).days, 0)
    passed = np.zeros(days + 1) if when is None else (after >= when).astype(float)
    crps = float(((law_of_date - passed) ** 2)[:-1].sum())
    read = crossing(law, threshold, prob=prob)
    lower, upper = (_days(law, end) for end in (read.lower, read.upper))
    inside = upper > days if when is None else lower <= when <= upper
    pit = None if when is None else float(law_of_date[when])
    return Score(bool(inside), crps, pit)


def _days(law: Law, end: CrossingDate) -> float:
    """Return an end of an interval as days after the information date, infinite where beyond."""
    if end.state == "already":
        return 0.0
    return np.inf if end.day is None else (end.day - law.information_date).days
