"""From the fitted pace of a recorded count to its law, its totals and its paths.

How volatile its futures are is simulated; one direction of each, and the noise of its days, is
integrated.
"""

from attrition.models.counts.counted import count_ahead, law_of_count
from attrition.models.counts.gains import exceedance
from attrition.models.counts.totals import draw_totals, start_of_count, totals_at, totals_of_count

__all__ = [
    "count_ahead",
    "draw_totals",
    "exceedance",
    "law_of_count",
    "start_of_count",
    "totals_at",
    "totals_of_count",
]
