"""Is the coverage of a series what the fitted model itself would give? Repeats of the protocol.

    python -m benchmarks.calibration.repeats --repeats 100 --out benchmarks/results/repeats.md

Origins overlap, so binomial bands are wrong. Each repeat draws parameters from the posterior,
averaged over the origins, simulates a series of the same length from them, and runs the whole
protocol on it: cleaning, fit at every origin, forecast, score.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.calibration.real import SERIES
from benchmarks.calibration.worlds import series_of

import attrition as at
from attrition.core._typing import Floats
from attrition.evaluation import Protocol
from attrition.evaluation.answers import paces_at
from attrition.evaluation.protocol import origins
from attrition.models.pace import Prior
from attrition.models.pace.filtering import Belief
from attrition.models.pace.futures import draw_futures, simulate_counts


@dataclass(frozen=True, slots=True)
class Source:
    """What repeats of a series are drawn from."""

    belief: Belief
    prior: Prior
    days: int


def source_of(series: at.Series) -> Source:
    """Return the posterior averaged over the origins, starting at the series' first level."""
    fits = paces_at(list(origins(series, Protocol())), Prior())
    weight = np.mean([np.exp(fit.belief.log_weight) for fit in fits], axis=0)
    first = float(np.log(max(series.cleaned.total[28] - series.cleaned.total[0], 1.0) / 28))
    zero = np.zeros_like(weight)
    small = np.full_like(weight, 1e-6)
    last = fits[-1].belief
    belief = Belief(
        np.log(weight + 1e-300),
        zero + first,
        zero,
        small,
        zero,
        small,
        last.home,
        1e-6,
        last.spread,
    )
    return Source(belief, fits[-1].prior, len(series.days))


def repeat(source: Source, seed: int) -> tuple[float, float, float]:
    """Return the coverage at 50, 80 and 90 % of one repeat."""
    rng = np.random.default_rng(np.random.SeedSequence(7, spawn_key=(seed,)))
    steps = -(-source.days // source.prior.days)
    futures = draw_futures(source.belief, source.prior, steps, 1, rng)
    daily = simulate_counts(futures, source.days, rng)[0]
    return at.hindcast(series_of(daily), rng=seed, baselines={}).summary().coverage


def _repeat(task: tuple[Source, int]) -> tuple[float, float, float]:
    return repeat(*task)


def p_value(observed: float, repeats: Floats) -> float:
    """Return the two-sided Monte Carlo p-value (Davison and Hinkley 1997, section 4.2)."""
    low, high = int(np.sum(repeats <= observed)), int(np.sum(repeats >= observed))
    return min(1.0, 2 * (1 + min(low, high)) / (1 + repeats.size))


def main() -> None:
    """Run the repeats and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    lines = [
        "# Repeats of the protocol from the fitted model",
        "",
        f"`python -m benchmarks.calibration.repeats --repeats {asked.repeats}`",
        "",
        "Held by the 50/80/90 % intervals [%]: observed, and in the repeats (mean; the band that",
        "holds 99 % of them); p: two-sided, by rank among the repeats.",
        "",
        "| series | observed | mean of repeats | 99 % band of the 90 % | p at 50/80/90 |",
        "|---|---|---|---|---|",
    ]
    for name, path in SERIES.items():
        series = at.read_series(path)
        observed = at.hindcast(series, rng=1, baselines={}).summary().coverage
        source = source_of(series)
        tasks = [(source, seed) for seed in range(asked.repeats)]
        with ProcessPoolExecutor(asked.processes) as pool:
            values = np.array(list(pool.map(_repeat, tasks, chunksize=5)))
        p = [p_value(o, column) for o, column in zip(observed, values.T, strict=True)]
        low, high = np.quantile(values[:, 2], [0.005, 0.995])
        lines.append(
            f"| {name} | {_shares(observed)} | {_shares(values.mean(axis=0))} | "
            f"{100 * low:.0f} to {100 * high:.0f} | {'/'.join(f'{v:.2f}' for v in p)} |"
        )
        sys.stderr.write(f"{lines[-1]}\n")
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if asked.out is not None:
        asked.out.write_text(text, encoding="utf-8")


def _shares(values: tuple[float, float, float] | Floats) -> str:
    return "/".join(f"{100 * value:.0f}" for value in values)


if __name__ == "__main__":
    main()
