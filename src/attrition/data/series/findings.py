"""What is odd about a count, and what was done about it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from attrition.core._showing import Shown
from attrition.core.files import bundled

EPOCH = date(1970, 1, 1)
"""Day number 0."""

Days: TypeAlias = NDArray[np.int64]
"""Day numbers."""

DEFECTS: dict[str, Any] = tomllib.loads(bundled("defects.toml"))
"""What may be odd about a count, by name, and the kinds that are grave or judged from reports."""


@dataclass(frozen=True, slots=True)
class Defect(Shown):
    """One thing that is odd about a series, and what was done about it.

    Parameters
    ----------
    kind : str
        ``missing``, ``order``, ``duplicate``, ``several``, ``summed``, ``year``, ``yearly``,
        ``footer``, ``table``, ``period``, ``week``, ``serial``, ``clock``, ``point``, ``scale``,
        ``rows``, ``span``, ``suppressed``, ``provisional``, ``undated``, ``dates``, ``kind``,
        ``reports``, ``incomplete``, ``typo``, ``correction``, ``restart``, ``interval``, ``gap``,
        ``freeze``, ``stop``, ``backfill``, ``dump``, ``late`` or ``batch``.
    first, last : datetime.date
        The days concerned.
    text : str
        What is odd.
    rule : str
        What was done.

    See Also
    --------
    attrition.Series : whose it is.

    Examples
    --------
    >>> import attrition as at
    >>> import pandas as pd
    >>> series = at.read_series(
    ...     pd.DataFrame({"date": ["2025-06-01", "2025-06-03", "2025-06-02"], "total": [5, 30, 9]})
    ... )
    >>> [(defect.kind, defect.rule) for defect in series.anomalies]
    [('order', 'sorted')]
    """

    kind: str
    first: date
    last: date
    text: str
    rule: str

    def __str__(self) -> str:
        """Return the day, what is odd, and what was done, as one line."""
        return f"{self.first}: {self.text} ({self.kind}: {self.rule})"


class Findings(list[Defect]):
    """What is odd, as it is found."""

    def note(self, name: str, first: int, last: int | None = None, /, **words: object) -> None:
        """Add what a row of the table says of a day number, or of all from a first to a last."""
        row, end = DEFECTS["rows"][name], date_of(first if last is None else last)
        texts = (row[part].format(**words) for part in ("text", "rule"))
        text, rule = (re.sub(r"(?<!\d)1 days", "1 day", part) for part in texts)
        self.append(Defect(row.get("kind", name), date_of(first), end, text, rule))


def date_of(number: int) -> date:
    """Return the date of a day number."""
    return EPOCH + timedelta(days=int(number))
