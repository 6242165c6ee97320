"""CPU time of one posterior of the bundled claims and the bundled recorded count.

    python -m benchmarks.assimilation.speed

103 claims on both sides of a war and 1,195 days of counts, with the default limits. Reading the
files is not counted.
"""

from __future__ import annotations

import os
import statistics
import time
from datetime import date
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import attrition as at

DATA = Path(__file__).parents[2] / "src" / "attrition" / "bundled"
KNOWN = date(2025, 6, 3)
THRESHOLDS = {
    "russia-casualties": 1_000_000.0,
    "russia-deaths": 250_000.0,
    "ukraine-casualties": 500_000.0,
    "ukraine-deaths": 100_000.0,
}


def case() -> tuple[at.Dossier, dict[tuple[str, str], at.Series]]:
    """Return the claims as a dossier, and the recorded count of one of its sources."""
    read = at.read_claims(DATA / "war_loss_claims_to_2025-06-03.csv").dossier("war-loss")
    assumed = {"source_error": 0.14, "day_noise": 25.0}
    dossier = at.Dossier.of(
        id=read.id,
        sources=dict(read.sources),
        quantities={
            key: quantity.model_copy(update={"thresholds": (THRESHOLDS[key],)})
            for key, quantity in read.quantities.items()
        },
        claims=read.claims,
        assumptions={key: {"value": v, "reason": "as measured"} for key, v in assumed.items()},
    )
    series = at.read_series(DATA / "general_staff_personnel_to_2025-06-03.csv")
    return dossier, {("ua-armed-forces", "russia-casualties"): series}


def main() -> None:
    """Assimilate five times and print the CPU time of each."""
    dossier, series = case()
    days = len(next(iter(series.values())).days)
    spent = []
    for seed in range(6):
        begun = time.process_time()
        at.forecast(dossier.with_counts(series), seed=seed, as_of=KNOWN, model="posterior")
        spent.append(time.process_time() - begun)
    first, *rest = spent
    print(f"{len(dossier.claims)} claims, {days:,} days of counts, four laws, one thread")
    spread = f"{min(rest):.2f}-{max(rest):.2f}"
    print(f"first: {first:.2f} s CPU; then {statistics.median(rest):.2f} s ({spread})")


if __name__ == "__main__":
    main()
