"""Tell the race: a table in Markdown and a log-log plot of error against CPU time."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

import numpy as np
import xarray as xr
from benchmarks.rivals import problem
from benchmarks.rivals.measure import RACE, TARGET, Run, to_target
from benchmarks.rivals.picture import plot_race

from attrition.plots import figure_bytes

PACKAGES = ("attrition", "numpy", "scipy", "pymc", "monaco", "squigglepy", "QuantLib")


EXPLAINED = f"""\
The problem is in `benchmarks/rivals/problem.py`: {problem.DAYS} daily steps,
{len(problem.THRESHOLDS)} thresholds from the same paths. Each contender runs in a process of its
own and is read in the same way: its daily law, piecewise linear. CPU seconds are those of one
run, all threads, the median over seeds, without imports and compilation; peak memory is that of
the whole process. RMSE is the worst of the 5, 50 and 95 % dates at
K = {problem.THRESHOLDS[RACE]:,.0f} against the truth, over seeds. The CPU time to {TARGET} day is
extrapolated for plain Monte Carlo, from the largest size by 1/√n, and marked ~; for others it is
the cheapest measured size that reached it. The last column is the largest distance of the mean
law from the truth table, in standard errors.
"""
HEAD = f"""
| contender | draws or points | CPU s | wall s | peak MB | RMSE, day | CPU s to {TARGET} day \
| times the first | law, s.e. |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
""".replace("\\\n", "")


def markdown(
    runs: list[Run], *, titles: dict[str, str], plain: set[str], command: str, notes: list[str]
) -> str:
    """Return the whole report."""
    seeds = len(runs[0].dates) if runs else 0
    origin = f"Made by `{command}` with {seeds} seeds. {_machine()}\n"
    # An RMSE from n seeds has a relative error of 1/sqrt(2 n), its square twice that.
    known = f"{seeds} seeds know an extrapolated CPU time to ± {(2 / max(seeds, 1)) ** 0.5:.0%}.\n"
    targets = {
        name: to_target([run for run in runs if run.name == name], plain=name in plain)
        for name in dict.fromkeys(run.name for run in runs)
    }
    first = next((target for target in targets.values() if target), None)
    rows = []
    for run in runs:
        target = targets[run.name]
        needed = "not reached" if target is None else f"{'~' * (run.name in plain)}{target:.3g}"
        cells = [
            titles[run.name],
            f"{run.size:,}",
            f"{run.cpu:.3g}",
            f"{run.wall:.3g}",
            f"{run.peak:.0f}",
            f"{run.worst:.3f}",
            needed,
            _multiple(target / first) if target and first else "",
            f"{run.disagreement(plain=run.name in plain):.1f}",
        ]
        rows.append("| " + " | ".join(cells) + " |")
    table = HEAD.strip() + "\n" + "\n".join(rows) + "\n"
    more = "## Bias and RMSE of every date, in days\n\n" + _details(runs, titles)
    return "\n".join(
        ["# The race\n", origin, EXPLAINED + known, table, *(f"{x}\n" for x in notes), more]
    )


def _multiple(ratio: float) -> str:
    """Return a ratio to three digits, without an exponent."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def _details(runs: list[Run], titles: dict[str, str]) -> str:
    """Return the table of bias and RMSE for each threshold and probability."""
    finite = [
        (k, j)
        for k, j in np.ndindex(*problem.TRUE_DATES.shape)
        if np.isfinite(problem.TRUE_DATES[k, j])
    ]
    heads = [f"{problem.THRESHOLDS[k] / 1e6:.2f} M, {problem.PROBS[j]:.0%}" for k, j in finite]
    lines = [
        "| bias / RMSE | draws or points | " + " | ".join(heads) + " |",
        "|---|---:|" + "---:|" * len(heads),
    ]
    for run in runs:
        cells = [f"{run.bias[at]:+.3f} / {run.rmse[at]:.3f}" for at in finite]
        lines.append(f"| {titles[run.name]} | {run.size:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _machine() -> str:
    """Describe processor and versions, never the machine's name."""
    cpu = platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [x for x in info.read_text(encoding="utf-8").splitlines() if "model name" in x]
        cpu = models[0].partition(":")[2].strip() if models else cpu
    versions = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            versions.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            continue
    return f"{platform.system()}, {cpu}, {os.cpu_count()} cores; {', '.join(versions)}."


def plot(runs: list[Run], *, titles: dict[str, str], plain: set[str], stem: Path) -> None:
    """Write RMSE against CPU seconds to ``stem``.svg and .png."""
    plot_table(table_of(runs, titles=titles, plain=plain), stem=stem)


def plot_table(table: xr.Dataset, *, stem: Path) -> None:
    """Draw the table of the race into ``stem``.svg and .png."""
    axes = plot_race(table)
    stem.with_suffix(".svg").write_bytes(figure_bytes(axes, "svg"))
    stem.with_suffix(".png").write_bytes(figure_bytes(axes, "png"))


def table_of(runs: list[Run], *, titles: dict[str, str], plain: set[str]) -> xr.Dataset:
    """Return what the picture of the race shows: a row for each contender and size."""
    return xr.Dataset(
        {
            "cpu_seconds": ("run", [run.cpu for run in runs]),
            "rmse_days": ("run", [run.worst for run in runs]),
        },
        coords={
            "contender": ("run", [titles[run.name] for run in runs]),
            "plain": ("run", [run.name in plain for run in runs]),
        },
        attrs={"target_days": TARGET, "ours": next(iter(titles.values()))},
    )
