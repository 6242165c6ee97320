"""Kill -9 at random moments, and go on: is the result the same?

Run: python -m benchmarks.kills [--kills 20] (a minute or two; prints what it found)
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import attrition as at

DATA = Path(at.__path__[0]) / "bundled" / "general_staff_personnel_to_2025-06-03.csv"
WORKS = {
    "hindcast": "import sys\nfrom benchmarks.kills import hindcast\nprint('begun', flush=True)\n"
    "hindcast(sys.argv[1])\n",
    "sweep": "import sys\nfrom benchmarks.kills import sweep\nprint('begun', flush=True)\n"
    "sweep(sys.argv[1])\n",
}


def hindcast(checkpoint: str | None, workers: str | None = None) -> str:
    """Hindcast the tally every other day and return a digest of all its outcomes."""
    past = at.hindcast(at.read_series(DATA), rng=1, every=2, checkpoint=checkpoint, workers=workers)
    hasher = hashlib.sha256()
    for method, outcomes in past.outcomes.items():
        for o in outcomes:
            row = (method, o.origin, o.threshold, o.lead, o.horizon, o.day)
            hasher.update(repr(row).encode() + o.cdf.tobytes())
    return hasher.hexdigest()


def sweep(checkpoint: str | None, workers: str | None = None) -> str:
    """Forecast the bundled dossier under 24 scenarios and return a digest of the table."""
    grid = at.forecasts.scenarios(
        at.read_dossier(), volatility=np.linspace(0.02, 0.2, 12).tolist(), end_hazard=[0, 0.001]
    )
    quantities = ["russian-casualties"]
    table = at.sweep(grid, rng=1, quantities=quantities, checkpoint=checkpoint, workers=workers)
    return hashlib.sha256(
        b"".join(v.values.tobytes() for v in table.data_vars.values())
    ).hexdigest()


def killed(work: str, kills: int, folder: Path, longest: float) -> list[int]:
    """Kill a piece of work within its first seconds; return the pieces kept each time."""
    kept: list[int] = []
    rng = np.random.default_rng(1)
    for number in range(kills):
        place = folder / f"{work}-{number // 5}"  # five kills, then the work is begun anew
        command = [sys.executable, "-c", WORKS[work], str(place)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
            if running.stdout is None:  # pragma: no cover - a pipe was asked for
                raise AssertionError
            running.stdout.readline()
            time.sleep(float(rng.uniform(0.0, longest)))
            running.kill()
        kept.append(len(list(place.glob("piece-*"))))
    return kept


def main() -> None:
    """Kill and go on, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    kills = parser.parse_args().kills
    for name, work in (("hindcast", hindcast), ("sweep", sweep)):
        begun = time.perf_counter()
        alone = work(None)
        longest = time.perf_counter() - begun
        with tempfile.TemporaryDirectory() as folder:
            kept = killed(name, kills, Path(folder), longest)
            places = sorted({f"{folder}/{name}-{number // 5}" for number in range(kills)})
            same = sum(work(place) == alone for place in places)
        print(
            f"{name} of {longest:.1f} s, killed {kills} times, {min(kept)} to {max(kept)} pieces "
            f"kept: {same} of {len(places)} that went on gave the same bytes"
        )
        if same != len(places):
            raise SystemExit(1)


if __name__ == "__main__":
    main()
