"""Hindcast the four recorded series and keep how they did, for the page to read.

    python -m benchmarks.calibration.stored

writes src/attrition/bundled/hindcasts.json; `--check` says whether it is what would be written.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.calibration.real import SERIES

import attrition as at
from attrition.evaluation import OURS, Hindcast, Past, strips

TARGET = Path(at.__path__[0]) / "bundled/hindcasts.json"
COMMAND = "python -m benchmarks.calibration.stored"
SEED = 1


def past_runs(names: Sequence[str] = tuple(SERIES)) -> list[Past]:
    """Hindcast the named series with the default protocol, ours alone."""
    kept = []
    for name in names:
        series = at.read_series(SERIES[name])
        kept.append(past_of(at.hindcast(series, rng=SEED, baselines={}), name))
    return kept


def past_of(hindcast: Hindcast, name: str) -> Past:
    """Return what is kept of a hindcast: the scores of ours, and its strips."""
    return Past(
        name,
        hindcast.unit,
        hindcast.last,
        hindcast.protocol.text,
        hindcast.prob,
        hindcast.seed,
        at.__version__,
        hindcast.summary(),
        strips(hindcast.outcomes[OURS], hindcast.prob),
    )


def past_json(kept: Sequence[Past], command: str) -> str:
    """Return records as the text of the file that `read_past` reads."""
    rows = []
    for past in kept:
        row = dataclasses.asdict(past)
        row["last"] = past.last.isoformat()
        row["strips"] = [
            [s.origin.isoformat(), s.low, s.high, s.day, s.horizon, s.miss] for s in past.strips
        ]
        rows.append(row)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{"command": {json.dumps(command)}, "series": [\n{lines}\n]}}\n'


def main() -> None:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if it differs")
    asked = parser.parse_args()
    text = past_json(past_runs(), COMMAND)
    if asked.check:
        same = TARGET.read_text(encoding="utf-8") == text
        sys.stdout.write(f"{TARGET.name} is {'the same' if same else 'different'}\n")
        sys.exit(not same)
    TARGET.write_text(text, encoding="utf-8")
    sys.stdout.write(f"wrote {TARGET.name}\n")


if __name__ == "__main__":
    main()
