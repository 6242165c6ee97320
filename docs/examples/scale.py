"""One script for a laptop, for all its cores, and for a cluster; the results are the same bytes.

python scale.py
ATTRITION_WORKERS=threads python scale.py
ATTRITION_WORKERS=processes:2 python scale.py
ATTRITION_WORKERS=tcp://scheduler:8786 python scale.py
"""

import os
from importlib.resources import files

import attrition as at

COUNTS = files("attrition") / "bundled" / "general_staff_personnel_to_2025-06-03.csv"


def main() -> None:
    """Hindcast a count, compare scenarios, and forecast to a small tolerance."""
    workers = os.environ.get("ATTRITION_WORKERS")
    counts = at.read_series(str(COUNTS))
    past = at.hindcast(counts, rng=1, every=180, workers=workers, progress=True)
    print(f"90 % intervals held {100 * past.summary().coverage[2]:.0f} % of the time")

    dossier = at.read_dossier("russia-ukraine-2025-06")
    asked = ["russian-casualties"]
    table = at.forecasts.sweep(
        at.forecasts.scenarios(dossier, volatility=[0.02, 0.2]),
        rng=1,
        quantities=asked,
        bases="csis",
        horizon="2025-12-31",
        workers=workers,
    )
    for case, upper in zip(table["case"].values, table["upper"].values, strict=True):
        print(f"{case}: at the latest {upper.astype('datetime64[D]')}")

    exact = at.forecast(dossier, seed=1, quantities=asked, tolerance=0.02, workers=workers)
    read = at.laws.crossing(exact.law("russian-casualties", "csis"), 1_000_000)
    print(f"median {read.median.offset!r} days, error {read.median.mcse:.3f}")


if __name__ == "__main__":  # a process that is started reads this file too
    main()
