"""The four recorded series under protocol `auto`, next to every rival that is installed.

    python -m benchmarks.calibration.real --out benchmarks/results/hindcasts.md

Install benchmarks/hindcast-requirements.txt beside attrition for AutoARIMA, AutoETS and Prophet.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benchmarks.calibration.forecasters import RIVALS

import attrition as at
from attrition.evaluation import BASELINES, Summary

HERE = Path(__file__).parent
SERIES = {
    "General Staff": Path(at.__path__[0]) / "bundled/general_staff_personnel_to_2025-06-03.csv",
    "Poland": HERE / "data/covid_deaths_poland.csv",
    "Argentina": HERE / "data/covid_deaths_argentina.csv",
    "West Bank": HERE / "data/west_bank_killed.csv",
}


def daily_totals(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the days of a series, from its first to its last, and the total of each."""
    series = at.read_series(SERIES[name])
    dates = np.array(series.days, dtype="M8[D]")
    days = np.arange(dates[0], dates[-1] + 1)
    total = series.totals[np.searchsorted(dates, days, side="right") - 1]
    return days, np.maximum.accumulate(total)


def installed(names: Sequence[str] | None = None) -> dict[str, at.hindcasts.Forecaster]:
    """Return the rivals whose libraries are installed."""
    return {
        name: function
        for name, (package, function) in RIVALS.items()
        if importlib.util.find_spec(package) and (names is None or name in names)
    }


def run(name: str, *, only: Sequence[str] | None = None, seed: int = 1) -> dict[str, Summary]:
    """Hindcast one series by ours, the baselines and the installed rivals."""
    series = at.read_series(SERIES[name])
    past = at.hindcast(series, rng=seed, baselines={**BASELINES, **installed(only)})
    return {summary.method: summary for summary in past.table()}


def seconds(name: str, method: str | None) -> float:
    """Return the CPU time of a hindcast [s]: ours, and one rival besides where named."""
    series = at.read_series(SERIES[name])
    rival = {} if method is None else installed([method])
    begun = time.process_time()
    at.hindcast(series, rng=1, baselines=rival)
    return time.process_time() - begun


def fit_seconds(name: str) -> float:
    """Return the CPU time of one fit [s], its tables made before."""
    series = at.read_series(SERIES[name])
    at.pace.fit_pace(series)
    begun = time.process_time()
    at.pace.fit_pace(series)
    return time.process_time() - begun


def table(summaries: dict[str, dict[str, Summary]]) -> list[str]:
    """Return coverage at 50/80/90 and CRPS of each series, and their means, as Markdown."""
    names = list(summaries)
    lines = [
        f"| method | {' | '.join(names)} | CRPS | held 90 % |",
        "|---|" + "---|" * (len(names) + 2),
    ]
    for method in summaries[names[0]]:
        rows = [summaries[name][method] for name in names]
        cells = [
            "/".join(f"{100 * share:.0f}" for share in row.coverage) + f" · {row.crps:.1f}"
            for row in rows
        ]
        crps = float(np.exp(np.mean([np.log(row.crps) for row in rows])))
        coverage = 100 * float(np.mean([row.coverage[2] for row in rows]))
        lines.append(f"| {method} | {' | '.join(cells)} | {crps:.1f} | {coverage:.1f} |")
    return lines


def details(summaries: dict[str, dict[str, Summary]]) -> list[str]:
    """Return misses, widths and the PIT of ours as Markdown."""
    lines = [
        "| series | forecasts | resolved | share no day | early/late | width | score | PIT |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, rows in summaries.items():
        row = rows["attrition"]
        pit = " ".join(f"{100 * share:.0f}" for share in row.pit)
        low, high = (100 * share for share in row.pit_band)
        lines.append(
            f"| {name} | {row.count} | {row.resolved} | {row.independent} | "
            f"{100 * row.early:.0f}/{100 * row.late:.0f} | {row.width:.0f} | "
            f"{row.interval_score:.0f} | {pit} (band {low:.0f}-{high:.0f}) |"
        )
    return lines


def main() -> None:
    """Run the series, time the race, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--rivals", nargs="*", help="only these rivals")
    asked = parser.parse_args()
    summaries = {}
    for name in SERIES:
        summaries[name] = run(name, only=asked.rivals)
        sys.stderr.write(f"{name}: done\n")
    race = ["AutoARIMA: not installed"]
    if installed(["AutoARIMA"]):
        race = []
        for attempt in range(1, 4):
            ours = seconds("General Staff", None)
            both = seconds("General Staff", "AutoARIMA")
            race.append(
                f"run {attempt}: ours {ours:.2f} s, AutoARIMA {both - ours:.2f} s, "
                f"{(both - ours) / ours:.1f} times as long"
            )
    lines = [
        "# Four recorded series, protocol `auto`",
        "",
        "`python -m benchmarks.calibration.real`",
        "",
        "Every 14 days after 180 days of data, the next 1 and 3 round thresholds, 730 days at",
        "most; no forecast sees a later row. Held by the 50/80/90 % intervals [%] · mean CRPS",
        "[days]; last, the geometric mean of the CRPS and the mean share held at 90 %.",
        "",
        *table(summaries),
        "",
        "Ours in detail (90 % interval; misses and PIT in percent, width and interval score in",
        "days; the band counts only outcomes that share no day):",
        "",
        *details(summaries),
        "",
        "Hindcast of the General Staff series, 73 origins, in the same process, CPU time:",
        "",
        *(f"* {line}" for line in race),
        "",
        f"One fit of its 1,195 days: {fit_seconds('General Staff'):.2f} s of CPU time.",
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if asked.out is not None:
        asked.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
