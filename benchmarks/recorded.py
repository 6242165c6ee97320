"""What a law of a recorded count costs, against plain futures and against statsforecast.

    python -m benchmarks.recorded --out benchmarks/results/recorded.md

Plain futures (parameters, volatilities, path; the noise of the days integrated) are what one
would write first. Their error falls with the square root of time, so that one run tells it for any.
AutoARIMA and AutoETS take one series each, as they do here, where `hindcast-requirements.txt` is
installed; how far off their dates are is in results/hindcasts.md.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from benchmarks.calibration.forecasters import RIVALS
from benchmarks.calibration.real import SERIES, daily_totals

import attrition as at
from attrition.core._typing import Floats
from attrition.core.laws.digits import DATE_UNITS
from attrition.core.laws.reading import Crossing, crossing_of
from attrition.data.series.series import next_rounds
from attrition.models.counts.counted import exceedance
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


WAYS = ("AutoARIMA", "AutoETS", "local level")
LEVELS = (0.01, 0.025, *(round(0.05 * i, 2) for i in range(1, 20)), 0.975, 0.99)
RUNS = 5


def _seconds(work: Callable[[], Any]) -> str:
    """Return the median CPU time of some runs after a first one, in words [s]."""
    times = []
    for _ in range(RUNS + 1):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return f"{statistics.median(times[1:]):.3f}"


def _weeks(table: pd.DataFrame) -> None:
    """Forecast what is newly counted within each of four weeks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        at.forecasts.forecast_many(table, every="week", rng=1, horizons=[1, 2, 3, 4], levels=LEVELS)


def singles() -> list[str]:
    """Return a table of what one forecast of each count costs, here and elsewhere."""
    ways = [name for name in WAYS if find_spec(RIVALS[name][0]) is not None]
    lines = [
        "",
        "## One forecast",
        "",
        f"CPU seconds, the median of {RUNS} after a first. *Dates*: two years ahead, next round",
        "totals, to the default tolerance. *Coming weeks*: 23 quantiles of what is newly counted",
        "within each of four weeks (`forecast_many`). The others, with the settings of",
        "`calibration/forecasters.py`: totals of each week for two years, and the same thresholds.",
        "",
        "| series | dates | coming weeks | " + " | ".join(ways) + " |",
        "|---|---:|---:|" + "---:|" * len(ways),
    ]
    for name, path in SERIES.items():
        series = at.read_series(path)
        thresholds = next_rounds(series.cleaned)
        days, totals = daily_totals(name)
        table = pd.DataFrame({"location": name, "date": days[1:], "value": np.diff(totals)})

        cells = [_seconds(partial(ours, series, thresholds)), _seconds(partial(_weeks, table))]
        rng = np.random.default_rng(1)
        cells += [_seconds(partial(RIVALS[way][1], totals, thresholds, 730, rng)) for way in ways]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
        sys.stderr.write(f"{name}, one forecast: done\n")
    return lines


def main() -> None:
    """Run the series and write the tables."""
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
    lines += singles()
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if asked.out is not None:
        asked.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
