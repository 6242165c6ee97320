"""Time and memory against draws, days, thresholds and workers; what a cluster costs.

Run: python -m benchmarks.scale (ten minutes; writes results/scale.md, scale.svg and scale.png)
"""

from __future__ import annotations

import os
import statistics
from pathlib import Path
from typing import Any

from benchmarks.machine import machine
from benchmarks.scale import measure
from benchmarks.scale.measure import MB, Cost
from benchmarks.scale.plan import Units, Work, plan

from attrition.plots import figure_bytes, new_figure, styled

RESULTS = Path(__file__).parent.parent / "results"
BASE = (131_072, 731, 2)
SWEEPS = {
    "draws": [(n, 731, 2) for n in (65_536, 131_072, 262_144, 524_288)],
    "days": [(131_072, days, 2) for days in (183, 366, 731, 1_461)],
    "thresholds": [(131_072, 731, k) for k in (1, 4, 16, 64)],
}
AXIS = {"draws": 0, "days": 1, "thresholds": 2}
CORES = 1_000


def _speed_up() -> tuple[list[str], float]:
    alone, costs, same = measure.speed_up()
    places, origins = measure.places(), 12 * 73
    walls = {workers: [cost.wall for cost in runs] for workers, runs in costs.items()}
    cpus = {w: statistics.median(cost.cpu for cost in runs) for w, runs in costs.items()}
    best = min(walls[1]) / min(walls[2])
    busiest = {w: statistics.median(cost.busiest for cost in runs) for w, runs in costs.items()}
    lines = [
        "## A hindcast on 1 and 2 workers",
        "",
        "12 simulated series of 1,200 days, a forecast and three baselines at each of 73 origins;",
        "workers are processes with a thread each, already up. In turn, three times each:",
        "",
        "| workers | wall s, each run | CPU s of the workers, median |",
        "|---|---|---:|",
        f"| none: this thread | {alone:.1f} | |",
        *(
            f"| {w} | {', '.join(f'{wall:.1f}' for wall in walls[w])} | {cpus[w]:.1f} |"
            for w in (1, 2)
        ),
        "",
        (
            f"The shortest of each: {best:.2f} times faster on 2 workers than on 1, "
            f"{alone / min(walls[2]):.2f} times faster than in this thread."
        ),
        "What competes for the cores is in these times. The CPU time of the busiest worker alone,",
        f"which is not, fell {busiest[1] / busiest[2]:.2f} times.",
        f"All results the same bytes: {'yes' if same else 'NO'}.",
        "",
        "A thousand forecasts:",
        "",
        "| of what | wall s | CPU s |",
        "|---|---:|---:|",
        (
            "| dates of round totals of a count, three baselines too, 2 workers (from above) | "
            f"{min(walls[2]) * 1_000 / origins:.1f} | {cpus[2] * 1_000 / origins:.1f} |"
        ),
        (
            "| 1,000 places, three years of days each, the next four weeks (`forecast_many`, this "
            f"thread) | {places[0]:.1f} | {places[1]:.1f} |"
        ),
        "",
    ]
    return lines, best


def _sweeps() -> tuple[list[str], dict[str, dict[tuple[int, int, int], Cost]], Cost]:
    settings = sorted({setting for sweep in SWEEPS.values() for setting in sweep})
    two = measure.paths(2, settings)
    one = measure.paths(1, [BASE])
    values = [
        "## The law of whole paths, drawn and counted in chunks of 8,192 draws",
        "",
        "Single precision. Peak: the largest memory of any worker, libraries included.",
        "",
        "| varied | draws | days | thresholds | workers | wall s | CPU s | peak of a worker, MB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    rows: list[tuple[str, tuple[int, int, int], int, Cost]] = [
        (name, setting, 2, two[setting]) for name, sweep in SWEEPS.items() for setting in sweep
    ]
    rows += [("workers", BASE, 1, one[BASE]), ("workers", BASE, 2, two[BASE])]
    for name, (draws, days, thresholds), workers, cost in rows:
        values.append(
            f"| {name} | {draws:,} | {days:,} | {thresholds} | {workers} | {cost.wall:.1f} | "
            f"{cost.cpu:.1f} | {cost.peak / MB:,.0f} |"
        )
    curves = {name: {s: two[s] for s in sweep} for name, sweep in SWEEPS.items()}
    return [*values, ""], curves, one[BASE]


def _figure(curves: dict[str, dict[tuple[int, int, int], Cost]], one: Cost) -> None:
    with styled():
        figure, _ = new_figure(8.4, 4.6)
        figure.clear()
        panels = figure.subplots(2, 4, sharey="row")
        for column, (name, curve) in enumerate(curves.items()):
            at = [setting[AXIS[name]] for setting in curve]
            _draw(panels[:, column], name, at, list(curve.values()))
        _draw(panels[:, 3], "workers", [1, 2], [one, curves["draws"][BASE]])
        every = [one, *(cost for curve in curves.values() for cost in curve.values())]
        panels[0, 0].set_ylim(0, 1.1 * max(cost.wall for cost in every))
        panels[1, 0].set_ylim(0, 1.1 * max(cost.peak for cost in every) / MB)
        panels[0, 0].set_ylabel("seconds")
        panels[1, 0].set_ylabel("peak of a worker, MB")
    for form in ("svg", "png"):
        (RESULTS / f"scale.{form}").write_bytes(figure_bytes(panels[0, 0], form))


def _draw(panels: Any, name: str, at: list[int], costs: list[Cost]) -> None:
    panels[0].plot(at, [cost.wall for cost in costs], "o-", color="#2a6f97", ms=4)
    panels[1].plot(at, [cost.peak / MB for cost in costs], "o-", color="#2a6f97", ms=4)
    for panel in panels:
        panel.set_xscale("log", base=2)
        panel.minorticks_off()
        panel.set_xticks(at, [f"{value:,}" for value in at], fontsize=7, rotation=30)
        panel.grid(color="#e3e7eb", lw=0.6)
    panels[1].set_xlabel(name)


def _planned(curves: dict[str, dict[tuple[int, int, int], Cost]]) -> list[str]:
    unit = measure.unit_costs()
    load = measure.scheduler()
    apart, together = load["one by one"], load["in pieces"]
    work = Work()
    graph = measure.graph(work.paths, work.days, work.chunk)
    chunks = -(-work.paths // work.chunk)
    days = curves["days"]
    (small, least), *_, (large, most) = ((s[1], cost.peak) for s, cost in days.items())
    slope = (most - least) / ((large - small) * 8_192)
    units = Units(
        **unit,
        peak=max(least - slope * 8_192 * small, 0.0),
        chunk_bytes=slope,
        task=apart,
        tasks=graph["tasks"] / chunks,
        graph=graph["seconds"] / chunks,
        sent=graph["bytes of a Dataset"],
    )
    rows = plan(work, units, CORES)
    return [
        "## What the scheduler can bear",
        "",
        "Tasks that do nothing, on 2 workers:",
        "",
        "| tasks | handed out | ms a task |",
        "|---:|---|---:|",
        f"| 20,000 | one by one, `client.map` | {1e3 * apart:.3f} |",
        f"| 100,000 | in at most 1,024 pieces, as here | {1e3 * together:.3f} |",
        "",
        "## On paper: 10^9 paths of 10 years for each of 100 series",
        "",
        (
            f"Unit costs: {1e9 * unit['draw']:.1f} ns of CPU time to draw a day of a path, "
            f"{1e9 * unit['look']:.2f} ns to check it, {1e9 * unit['compare']:.2f} ns to"
        ),
        (
            f"compare it with a threshold; {1e3 * units.task:.2f} ms of the scheduler for a task; "
            f"{slope:.1f} bytes of memory for each number of a chunk. {work.thresholds}"
        ),
        f"thresholds, chunks of {work.chunk:,} draws. The graph of a series was built, not run.",
        "",
        "| what | how much |",
        "|---|---|",
        *(f"| {what} | {much} |" for what, much in rows),
        "",
    ]


def main() -> None:
    """Measure everything and write table and figure."""
    where = machine()
    rows = [
        "# Scale",
        "",
        (
            f"Made by `python -m benchmarks.scale`: {where['processor']}, {where['cores']} cores, "
            f"Python {where['python']}, NumPy {where['numpy']}."
        ),
        (
            f"Load of the machine before: {os.getloadavg()[0]:.1f}; the seconds are of a machine "
            "that others may use too."
        ),
        "",
    ]
    faster, _ = _speed_up()
    print("\n".join(faster), flush=True)
    swept, curves, one = _sweeps()
    print("\n".join(swept), flush=True)
    planned = _planned(curves)
    print("\n".join(planned), flush=True)
    RESULTS.mkdir(exist_ok=True)
    text = "\n".join([*rows, *faster, *swept, *planned])
    (RESULTS / "scale.md").write_text(text, encoding="utf-8")
    _figure(curves, one)


if __name__ == "__main__":
    main()
