"""What a law of a recorded count costs, against plain futures at equal CPU time.

    python -m benchmarks.recorded --out benchmarks/results/recorded.md

Plain futures (parameters, volatilities, path; the noise of the days integrated) are what one
would write first. Their error falls with the square root of time, so that one run tells it for any.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from benchmarks.calibration.real import SERIES

import attrition as at
from attrition.core._typing import Floats
from attrition.core.laws.digits import DATE_UNITS
from attrition.core.laws.reading import Crossing, crossing_of
from attrition.data.series import next_rounds
from attrition.models.counts.gains import exceedance
from attrition.models.pace import FittedPace

REPLICATES = 16
QUESTIONS = {"General Staff, three": ("General Staff", (1e6, 1.1e6, 1.5e6))}


def ours(series: at.Series, thresholds: Floats) -> tuple[at.Forecast, float, int]:
    """Return a forecast at the default tolerance, its CPU time [s], and its warnings."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        begun = time.process_time()
        forecast = at.forecast(series, thresholds=thresholds.tolist(), seed=1)
        spent = time.process_time() - begun
    return forecast, spent, len(warned)


def plain(
    pace: FittedPace, threshold: float, days: int, draws: int = 4_096
) -> tuple[Crossing, float]:
    """Return the dates by plain futures, and their CPU time [s]."""
    laws = []
    begun = time.process_time()
    for replicate in range(REPLICATES):
        rng = np.random.default_rng(np.random.SeedSequence(1, spawn_key=(replicate,)))
        gains = pace.draw(days, draws, rng)
        laws.append(exceedance(gains, np.array([threshold - pace.total]), days)[0])
    spent = time.process_time() - begun
    weights = np.full(REPLICATES, 1 / REPLICATES)
    start = pace.information_date
    return crossing_of(np.array(laws), weights, threshold, start, prob=0.9), spent


def row(name: str, series: at.Series, thresholds: Floats) -> str:
    """Return one row of the table: the threshold that is hardest to answer."""
    pace = at.pace.fit_pace(series)
    ours(series, thresholds)  # tables are made once
    forecast, spent, warned = ours(series, thresholds)
    law = forecast.law("recorded-total")
    days = (forecast.horizon - forecast.information_date).days
    reads = [at.laws.crossing(law, float(k)) for k in thresholds]
    read = max(reads, key=lambda crossing: crossing.mcse / DATE_UNITS[crossing.natural_unit])
    reference, cost = plain(pace, read.threshold, days)
    dates = list(zip(read.dates, reference.dates, strict=True))
    mine, theirs = max((a.mcse or 0.0, b.mcse or 0.0) for a, b in dates)
    ratio = (theirs / mine) ** 2 * cost / spent
    asked = ", ".join(f"{k:,.0f}" for k in thresholds)
    return (
        f"| {name} | {asked} | {read.threshold:,.0f} | "
        f"{mine:.2f} | {ratio:,.0f} | {spent:.1f} | {law.provenance.points:,} | {warned} |"
    )


def main() -> None:
    """Run the series and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    cases = {name: (name, None) for name in SERIES} | QUESTIONS
    lines = [
        "# The law of a recorded count: error and cost",
        "",
        "`python -m benchmarks.recorded`",
        "",
        "At the default tolerance (of width and printed unit: `Accuracy`), 90 % intervals,",
        "two years ahead. *Error*: the largest MCSE of the dates of the hardest threshold [day];",
        "*points*: in each of 16 replicates; *s*: CPU time of a forecast with its fit. *Ratio*:",
        "the variance of that date by plain futures over ours, at equal CPU time.",
        "",
        "| series | asked | hardest | error | ratio | s | points | warnings |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for label, (name, given) in cases.items():
        series = at.read_series(SERIES[name])
        thresholds = np.array(given) if given else next_rounds(series.cleaned)
        lines.append(row(label, series, thresholds))
        sys.stderr.write(f"{label}: done\n")
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if asked.out is not None:
        asked.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
