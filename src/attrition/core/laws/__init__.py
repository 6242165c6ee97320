"""The law: P(C(t) >= K) over thresholds and days, and everything that is read off it.

One surface answers every question about one total. Along time it is the law of the
crossing date, because P(T <= t) = P(C(t) >= K); along thresholds it is the law of the
total on a day. This room knows nothing of what produced a law.
"""

from attrition.core.laws.digits import date_unit, print_date, round_count, round_step, window
from attrition.core.laws.law import Law, Provenance, make_law
from attrition.core.laws.reading import (
    Crossing,
    CrossingDate,
    Masses,
    Total,
    crossing,
    masses,
    probability_by,
    total,
)
from attrition.core.laws.scenarios import with_end
from attrition.core.laws.totals import Totals, node_days, totals_of, weighted_totals

__all__ = [
    "Crossing",
    "CrossingDate",
    "Law",
    "Masses",
    "Provenance",
    "Total",
    "Totals",
    "crossing",
    "date_unit",
    "make_law",
    "masses",
    "node_days",
    "print_date",
    "probability_by",
    "round_count",
    "round_step",
    "total",
    "totals_of",
    "weighted_totals",
    "window",
    "with_end",
]
