"""What would have been said before the last days of a recorded count were known."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterator, Sequence
from datetime import timedelta

from attrition.core.errors import AttritionWarning, InputError
from attrition.core.laws import Law
from attrition.data.series import Series
from attrition.forecasts.door import forecast
from attrition.forecasts.models import Forecast

_SIZE = 256  # points per replicate: medians to about a tenth of a day


def earlier(
    answer: Forecast, leads: Sequence[int], thresholds: Sequence[float] = ()
) -> Iterator[tuple[int, Series, Law]]:
    """Yield the same question's answer from the count as it was known some days before.

    Parameters
    ----------
    answer : Forecast
        Of a recorded count, by itself or in a dossier that holds nothing else.
    leads : sequence of int
        Ascending [day before the information date]; it ends with the first from which no answer
        follows, where no whole step of history is left.
    thresholds : sequence of float
        Totals of which dates are asked [unit]; the law of the totals needs none.

    Yields
    ------
    tuple of int, Series and Law
        The lead, the count as known then, and its law, to the same horizon.
    """
    series = answer.carried
    if series is None:
        return
    question = dataclasses.replace(
        answer.question,
        as_of=None,
        thresholds=tuple(thresholds),
        on=(),
        events=(),
        horizon=answer.horizon,
        size=_SIZE,
    )
    for lead in leads:
        known = series.until(answer.information_date - timedelta(days=lead))
        whole = answer.dossier
        data = whole.with_counts(dict.fromkeys(whole.counts, known)) if whole.counts else known
        with warnings.catch_warnings():  # the tolerance is rough here
            warnings.simplefilter("ignore", AttritionWarning)
            try:
                before = forecast(data, question)
            except InputError:
                return
        yield lead, known, before.law()
