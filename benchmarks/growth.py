"""How the cost of a law grows with days, thresholds and tolerance.

Run: python -m benchmarks.growth (writes benchmarks/results/growth.md and growth.svg)
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from datetime import timedelta
from pathlib import Path

import numpy as np

import attrition as at
from attrition.plots import figure_bytes, new_figure, styled

RESULTS = Path(__file__).parent / "results"
SERIES = at.read_series(
    Path(at.__path__[0]) / "bundled" / "general_staff_personnel_to_2025-06-03.csv"
)
ASKED = 1_100_000.0
SWEEPS: dict[str, tuple[float, ...]] = {
    "days": (180, 365, 730, 1_460),
    "thresholds": (1, 3, 10),
    "tolerance": (10.0, 3.0, 1.0, 0.5),
}
UNITS = {"days": "days", "thresholds": "thresholds", "tolerance": "tolerance [day]"}


def law(days: int = 730, thresholds: int = 1, tolerance: float = 1.0) -> at.Law:
    """Return one law of the sweep: the bundled count, so many days on."""
    others = np.linspace(1.05e6, 1.3e6, thresholds - 1)
    answer = at.forecast(
        SERIES,
        thresholds=[ASKED, *others.tolist()],
        horizon=SERIES.last_day + timedelta(days=days),
        tolerance=tolerance,
        seed=1,
    )
    (one,) = answer.laws.values()
    return one


def cost(name: str, value: float, runs: int = 3) -> tuple[float, float, int]:
    """Return CPU seconds (median), peak memory [MB] and points per replicate of one setting."""
    settings = {name: value if name == "tolerance" else int(value)}
    spent = []
    for _ in range(runs):
        begun = time.process_time()
        result = law(**settings)  # type: ignore[arg-type]
        spent.append(time.process_time() - begun)
    tracemalloc.start()
    law(**settings)  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return statistics.median(spent), peak, result.provenance.points


def main() -> None:
    """Measure every sweep and write table and figure."""
    law()
    lines = [
        "# How the cost of a law grows",
        "",
        "Made by `python -m benchmarks.growth`: CPU seconds (median of 3) and peak memory of one",
        "forecast of the bundled count. Where it is not varied: 730 days, one threshold, and at",
        "most one day of standard error for its 5, 50 and 95 % dates.",
        "",
        "| varied | value | CPU s | peak MB | points per replicate |",
        "|---|---:|---:|---:|---:|",
    ]
    curves: dict[str, tuple[list[float], list[float]]] = {}
    for name, values in SWEEPS.items():
        rows = [cost(name, value) for value in values]
        curves[name] = (list(values), [seconds for seconds, _, _ in rows])
        for value, (seconds, peak, points) in zip(values, rows, strict=True):
            lines.append(f"| {name} | {value:g} | {seconds:.3f} | {peak:.0f} | {points:,} |")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "growth.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with styled():
        figure, _ = new_figure(8.4, 3.0)
        figure.clear()
        panels = figure.subplots(1, 3, sharey=True)
        for panel, (name, (at, spent)) in zip(panels, curves.items(), strict=True):
            panel.loglog(at, spent, "o-", color="#2a6f97", ms=4)
            panel.set_xlabel(UNITS[name])
            panel.minorticks_off()
            panel.set_xticks(at, [f"{value:g}" for value in at])
            panel.set_yticks([0.5, 1, 2, 5, 10], ["0.5", "1", "2", "5", "10"])
            panel.grid(color="#e3e7eb", lw=0.6)
        panels[0].set_ylabel("CPU seconds")
    for form in ("svg", "png"):
        (RESULTS / f"growth.{form}").write_bytes(figure_bytes(panels[0], form))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
