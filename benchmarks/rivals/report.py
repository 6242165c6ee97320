"""Tell the race: a table in Markdown and a log-log plot of error against CPU time."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

import numpy as np
from benchmarks.rivals import problem
from benchmarks.rivals.measure import RACE, TARGET, Run, to_target

PACKAGES = ("attrition", "numpy", "scipy", "pymc", "monaco", "squigglepy", "QuantLib")
COLOURS = ("#000000", "#0072B2", "#56B4E9", "#009E73", "#CC79A7", "#E69F00", "#D55E00", "#7A7A00")
MARKERS = ("*", "o", "v", "s", "D", "^", "P", "X")


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
    made = f"Made by `{command}` with {seeds} seeds. {_machine()}\n"
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
        told = "not reached" if target is None else f"{'~' * (run.name in plain)}{target:.3g}"
        cells = [
            titles[run.name],
            f"{run.size:,}",
            f"{run.cpu:.3g}",
            f"{run.wall:.3g}",
            f"{run.peak:.0f}",
            f"{run.worst:.3f}",
            told,
            _multiple(target / first) if target and first else "",
            f"{run.disagreement(plain=run.name in plain):.1f}",
        ]
        rows.append("| " + " | ".join(cells) + " |")
    table = HEAD.strip() + "\n" + "\n".join(rows) + "\n"
    more = "## Bias and RMSE of every date, in days\n\n" + _details(runs, titles)
    return "\n".join(
        ["# The race\n", made, EXPLAINED + known, table, *(f"{x}\n" for x in notes), more]
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
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    with plt.rc_context(
        {
            "svg.hashsalt": "race",
            "font.size": 9,
            "axes.spines.top": False,
            "axes.spines.right": False,
        }
    ):
        figure, axes = plt.subplots(figsize=(7.5, 5.2), layout="constrained")
        axes.set(xscale="log", yscale="log", xlabel="CPU seconds of one run, all threads")
        axes.set_ylabel(
            f"RMSE of the worst of three dates [day], K = {problem.THRESHOLDS[RACE]:,.0f}"
        )
        axes.axhline(TARGET, color="0.6", linewidth=0.8)
        ends: list[tuple[float, str]] = []
        for name, colour, marker in zip(titles, COLOURS, MARKERS, strict=False):
            own = sorted((run for run in runs if run.name == name), key=lambda run: run.cpu)
            if not own:
                continue
            axes.plot(
                [r.cpu for r in own],
                [r.worst for r in own],
                color=colour,
                marker=marker,
                linewidth=1.4,
                markersize=6,
            )
            if name not in plain:
                axes.annotate(
                    titles[name],
                    (own[0].cpu, own[0].worst),
                    xytext=(6, 6),
                    textcoords="offset points",
                    color=colour,
                    weight="bold",
                )
            elif target := to_target(own, plain=True):
                last = own[-1]
                axes.plot([last.cpu, target], [last.worst, TARGET], color=colour, linestyle=":")
                ends.append((target, titles[name]))
        low, high = axes.get_xlim()
        apart = (high / low) ** 0.03
        place = 0.0
        for target, title in sorted(ends):
            place = max(target, place * apart)
            axes.annotate(
                f"{title}  ",
                (place, TARGET),
                rotation=90,
                color="0.15",
                ha="center",
                va="top",
                fontsize=8,
            )
        axes.set_ylim(bottom=min([TARGET / 12, *(run.worst / 1.5 for run in runs)]))
        axes.text(low, TARGET * 1.05, f" target {TARGET} day", color="0.4", fontsize=8)
        axes.set_title("The same error costs … (dotted: extrapolated by 1/√n)", loc="left")
        figure.savefig(stem.with_suffix(".svg"), metadata={"Date": None})
        figure.savefig(stem.with_suffix(".png"), dpi=144)
        plt.close(figure)
