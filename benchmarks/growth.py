"""How the cost grows: of a law with days, thresholds and tolerance, of a dossier with its reports.

Run: python -m benchmarks.growth (writes benchmarks/results/growth.md and growth.svg)
"""

from __future__ import annotations

import functools
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np

import attrition as at
from attrition.plots import figure_bytes, new_figure, styled

RESULTS = Path(__file__).parent / "results"
SERIES = at.read_series(
    Path(at.__path__[0]) / "bundled" / "general_staff_personnel_to_2025-06-03.csv"
)
ASKED = 1_100_000.0


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


def dossier(quantities: int = 1, claims: int = 2, thresholds: int = 1) -> at.Dossier:
    """Return a dossier of totals that are told of by one source, each in so many claims."""
    asked = np.linspace(2_000, 4_000, thresholds).tolist()
    lines = ['[dossier]\nid = "many"', '[sources.s]\nname = "Source"']
    for index in range(quantities):
        lines += [
            f'[quantities.q{index}]\ntitle = "T{index}"\ndefinition = "Persons killed."',
            f'unit = "persons"\nthresholds = {asked}',
        ]
        for claim in range(1, claims + 1):
            day = date(2024, 1, 2) + timedelta(days=500 * claim // claims)
            number = 1_000 + 600 * claim // claims + index
            lines += [
                f'[[claims]]\nquantity = "q{index}"\nsource = "s"\nkind = "level"\nas_of = {day}',
                f'published = 2025-12-01\nquote = "about {number:,} killed"',
            ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.toml"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return at.read_dossier(file)


def posterior(quantities: int = 1, claims: int = 2, thresholds: int = 1) -> at.Law:
    """Return the first law of such a dossier, forecast with 64 draws a replicate."""
    answer = at.forecast(dossier(quantities, claims, thresholds), seed=1, size=64)
    return next(iter(answer.laws.values()))


def checked(claims: int) -> None:
    """Look for contradictions among so many claims."""
    at.check(dossier(1, claims))


SWEEPS: dict[str, tuple[str, tuple[float, ...], Callable[[float], at.Law | None]]] = {
    "days": ("of a count", (180, 365, 730, 1_460), lambda value: law(days=int(value))),
    "thresholds": ("of a count", (1, 3, 10), lambda value: law(thresholds=int(value))),
    "tolerance [day]": ("of a count", (10, 3, 1, 0.5), lambda value: law(tolerance=value)),
    "thresholds ": ("of claims", (1, 3, 10, 30), lambda value: posterior(thresholds=int(value))),
    "quantities": ("of claims", (1, 2, 4, 8), lambda value: posterior(quantities=int(value))),
    "claims": ("of one total", (2, 8, 32, 128), lambda value: posterior(claims=int(value))),
    "claims ": ("checked", (300, 1_250, 5_000), lambda value: checked(int(value))),
}
"""What is varied: of what, over which values, and what is done with each."""


def cost(work: Callable[[], at.Law | None], runs: int = 3) -> tuple[float, float, int | None]:
    """Return CPU seconds (median), peak memory [MB] and points per replicate of some work."""
    spent = []
    for _ in range(runs):
        begun = time.process_time()
        result = work()
        spent.append(time.process_time() - begun)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return statistics.median(spent), peak, None if result is None else result.provenance.points


def main() -> None:
    """Measure every sweep and write table and figure."""
    law()
    lines = [
        "# How the cost of a law grows",
        "",
        "Made by `python -m benchmarks.growth`: CPU seconds (median of 3) and peak memory of one",
        "forecast. Of the bundled count, where it is not varied: 730 days, one threshold, and at",
        "most one day of standard error for its 5, 50 and 95 % dates. Of claims: two claims of one",
        "total, reading them included, with 64 draws a replicate.",
        "",
        "| varied | value | CPU s | peak MB | points per replicate |",
        "|---|---:|---:|---:|---:|",
    ]
    curves: dict[str, tuple[tuple[float, ...], list[float]]] = {}
    for name, (whose, values, work) in SWEEPS.items():
        title = f"{name.strip()}, {whose}"
        rows = [cost(functools.partial(work, value)) for value in values]
        curves[title] = values, [seconds for seconds, _, _ in rows]
        for value, (seconds, peak, points) in zip(values, rows, strict=True):
            number = "" if points is None else f"{points:,}"
            lines.append(f"| {title} | {value:,g} | {seconds:.3f} | {peak:.0f} | {number} |")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "growth.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with styled():
        figure, _ = new_figure(8.4, 5.6)
        figure.clear()
        panels = figure.subplots(2, 4, sharey=True).ravel()
        for panel, (title, (at_values, spent)) in zip(panels, curves.items(), strict=False):
            panel.loglog(at_values, spent, "o-", color="#2a6f97", ms=4)
            panel.set_xlabel(title)
            panel.minorticks_off()
            panel.set_xticks(at_values, [f"{value:,g}" for value in at_values])
            panel.set_yticks([0.1, 0.5, 1, 2, 5, 10], ["0.1", "0.5", "1", "2", "5", "10"])
            panel.grid(color="#e3e7eb", lw=0.6)
        panels[-1].set_visible(False)
        for first in panels[::4]:
            first.set_ylabel("CPU seconds")
    for form in ("svg", "png"):
        (RESULTS / f"growth.{form}").write_bytes(figure_bytes(panels[0], form))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
