"""How far a gain strays from what a flat pace expects: `python -m benchmarks.pace_ratios FILE`.

FILE holds counts of many places in Parquet: columns `date, location, cumulative` (by day) or
`country_id, month, fatalities` (by month). Printed are quantiles of the ratio of the gain by a
lead to the lead times the rate of the days before; the 99.9 % ones bound the new level of a pace
in `src/attrition/bundled/paces.toml`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from attrition.core._typing import Floats

LEADS = {"day": (28, 91, 365), "month": (1, 3, 12)}
"""Leads in steps of the file."""

BEFORE = {"day": 28, "month": 1}
"""Steps over which the rate is taken."""

LEAST = 1.0
"""Persons a day below which the noise of the count, not the pace, makes the ratio."""


def totals_by_place(file: Path) -> tuple[str, dict[str, Floats]]:
    """Return the step of a file and the running total of each of its places."""
    from pyarrow import parquet

    table = parquet.read_table(file)
    daily = "cumulative" in table.column_names
    names = ("location", "date", "cumulative") if daily else ("country_id", "month", "fatalities")
    place, time, value = (np.asarray(table[name].to_pylist()) for name in names)
    totals = {}
    for key in np.unique(place):
        mine = place == key
        ordered = value[mine][np.argsort(time[mine])].astype(float)
        # A correction down is no gain: the total stays where it was until it is passed again.
        totals[str(key)] = np.maximum.accumulate(ordered) if daily else np.cumsum(ordered)
    return ("day" if daily else "month"), totals


def ratios(total: Floats, lead: int, before: int, least: float) -> Iterator[float]:
    """Yield the ratio of gain to flat pace at origins a lead apart, so that none overlap."""
    for origin in range(before, total.size - lead, lead):
        rate = (total[origin] - total[origin - before]) / before
        if rate >= least:
            yield (total[origin + lead] - total[origin]) / (lead * rate)


def main(arguments: list[str]) -> None:
    step, totals = totals_by_place(Path(arguments[0]))
    least = LEAST * (1.0 if step == "day" else 365.25 / 12)
    levels = (0.001, 0.05, 0.5, 0.95, 0.999)
    print(f"lead ({step}s), ratios, quantiles {levels}")
    for lead in LEADS[step]:
        rows = [r for t in totals.values() for r in ratios(t, lead, BEFORE[step], least)]
        printed = ", ".join(f"{q:.3g}" for q in np.quantile(rows, levels))
        print(f"{lead}, {len(rows)}, {printed}")


if __name__ == "__main__":
    main(sys.argv[1:])
