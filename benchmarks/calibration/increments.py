"""What is newly counted within a week to a year: `python -m benchmarks.calibration.increments`.

The hindcasts of the four recorded counts and, with `--corpus FILE` (Parquet: `date, location,
cumulative`), of thirty countries, scored by lead. Intervals hold by the randomised PIT; the ratios
of the mean CRPS to that of each rival are geometric means over counts. *Apart* are the forecasts of
all counts that share no day. `--route "two figures"` knows of a count its total and its pace only.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import xarray as xr
from benchmarks.calibration.real import SERIES
from benchmarks.two_figures import COUNTRIES, corpus

import attrition as at
from attrition.evaluation import Hindcast, IncrementSummary
from attrition.evaluation.increments import INCREMENT_BASELINES, LEADS

OURS = "attrition"
SIDES = ("below", "above")


def shipped() -> dict[str, at.Series]:
    """Return the four recorded counts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {name: at.read_series(path) for name, path in SERIES.items()}


def countries(file: Path) -> Iterator[tuple[str, at.Series]]:
    """Yield the countries of `benchmarks.two_figures`, from the first death of each on."""
    for name, days, totals in corpus(file):
        begun = int(np.argmax(totals > 0))
        time = days[begun:].astype("M8[s]")
        counts = xr.DataArray(totals[begun:], {"time": time}, name="total")
        yield name, at.read_series(counts, kind="total")


def table(past: Mapping[str, Hindcast]) -> list[str]:
    """Return a table by lead over all counts."""
    lines = [
        "| within | n | apart | 50 % | 80 % | 90 % | below / above | "
        + " | ".join(f"CRPS / {name}" for name in INCREMENT_BASELINES)
        + " |",
        "|" + "---|" * (7 + len(INCREMENT_BASELINES)),
    ]
    by_count = {
        name: {(one.lead, one.method): one for one in hindcast.table_of_increments()}
        for name, hindcast in past.items()
    }
    for lead in LEADS:
        rows = [own for own in by_count.values() if (lead, OURS) in own]
        ours = [own[lead, OURS] for own in rows]
        weights = np.array([one.count for one in ours], dtype=float)
        cells = [
            f"{lead} days",
            f"{int(weights.sum()):,}",
            str(sum(one.independent for one in ours)),
            *(_share([one.coverage[i] for one in ours], weights) for i in range(3)),
            " / ".join(_share([getattr(one, side) for one in ours], weights) for side in SIDES),
            *(
                f"{_ratio(ours, [own[lead, rival] for own in rows]):.2f}"
                for rival in INCREMENT_BASELINES
            ),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _share(values: Sequence[float], weights: np.ndarray) -> str:
    return f"{100 * np.average(values, weights=weights):.0f}"


def _ratio(ours: Sequence[IncrementSummary], others: Sequence[IncrementSummary]) -> float:
    pairs = [(a.crps, b.crps) for a, b in zip(ours, others, strict=True) if a.crps and b.crps]
    return float(np.exp(np.mean([np.log(a / b) for a, b in pairs])))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--route", default="count", choices=["count", "two figures"])
    parser.add_argument("--every", type=int, default=28)
    asked = parser.parse_args()
    parts = {"Four recorded counts": shipped()}
    if asked.corpus is not None:
        parts[f"{COUNTRIES} countries, deaths by day"] = dict(countries(asked.corpus))
    for title, counts in parts.items():
        past: dict[str, Hindcast] = {}
        for name, series in counts.items():
            try:
                past[name] = at.hindcast(
                    series, rng=1, every=asked.every, route=asked.route, baselines={}
                )
            except at.InputError as error:  # nothing to cross, or too short
                print(f"left out: {name}: {error}")
        print(f"\n{title}, every {asked.every} days\n", *table(past), sep="\n", flush=True)


if __name__ == "__main__":
    main()
