"""Are gains under the pace of a posterior as seen? `python -m benchmarks.pace_process`.

For each kind, draws of the process of `attrition.models.assimilation.paces`: the ratio of the gain
by a lead to the lead times the rate of the 28 days before, 5, 50 and 95 %. Beside them stand those
seen in the corpora of `benchmarks.priors`, which wrote `results/priors.csv`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from attrition.core._typing import Floats
from attrition.models.assimilation.paces import Kind, Moves, settling

LEADS = (28, 91, 365)
SEEN = Path(__file__).parent / "results" / "priors.csv"
BEFORE, AHEAD = 4, 53
"""Weeks of the rate that is known, and weeks that follow."""

RATE = 60.0
"""Persons a day: so many that noise decides little."""


def ratios(kind: str | None, draws: int, seed: int = 0) -> dict[int, Floats]:
    """Return drawn ratios by lead."""
    rng = np.random.default_rng(seed)
    pace = Kind(kind)
    hypotheses = pace.hypotheses
    shares = np.array([one.share for one in hypotheses])
    which = rng.choice(shares.size, p=shares / shares.sum(), size=draws)
    moves = Moves.of(hypotheses, which)
    normals = rng.standard_normal((draws, BEFORE + AHEAD - 1)) * moves.spread[:, None]
    logs = normals @ pace.loadings(BEFORE + AHEAD)
    days = np.asarray(7 * (np.arange(AHEAD) + 0.5), dtype=float)
    ahead = logs[:, BEFORE:] - logs[:, BEFORE - 1 : BEFORE]
    ahead = np.minimum(ahead + moves.drift[:, None] * settling(days), moves.most[:, None])
    fate, begin = rng.random(draws), np.zeros(draws)
    for fading in pace.fadings(np.full(draws, 1e3)):
        hit = (fate >= begin) & (fate < begin + fading.share)
        life = np.exp(-(fading.middle + fading.spread * rng.standard_normal(draws)))
        ahead -= (hit * life)[:, None] * days
        begin = begin + fading.share
    before = np.exp(logs[:, :BEFORE] - logs[:, BEFORE - 1 : BEFORE])
    phi = max(pace.noise, 1.0)
    rate = phi * rng.standard_gamma(7 * RATE * before / phi).sum(axis=1) / (7 * BEFORE)
    weekly = phi * rng.standard_gamma(np.maximum(7 * RATE * np.exp(ahead) / phi, 1e-9))
    total = np.column_stack([np.zeros(draws), np.cumsum(weekly, axis=1)])
    gains = {}
    for lead in LEADS:
        whole, part = divmod(lead, 7)
        gain = total[:, whole] + part / 7 * (total[:, whole + 1] - total[:, whole])
        gains[lead] = gain / (lead * rate)
    return gains


def ratios_seen() -> dict[tuple[str, int], str]:
    """Return the 5, 50 and 95 % quantiles that were seen, in words, by family and lead."""
    with SEEN.open(encoding="utf-8", newline="") as file:
        return {
            (row["family"], int(row["lead"])): " / ".join(
                f"{float(row[q]):.2f}" for q in ("q05", "q50", "q95")
            )
            for row in csv.DictReader(file)
        }


def main() -> None:
    seen = ratios_seen()
    print("| kind | lead | 5 % | 50 % | 95 % | seen |\n|---|---|---|---|---|---|")
    for kind in ("epidemic", "conflict", "steady", "disaster", None):
        for lead, drawn in ratios(kind, 40_000).items():
            low, middle, high = np.quantile(drawn, (0.05, 0.5, 0.95))
            words = seen.get((kind or "", lead), "–")
            print(f"| {kind or 'any'} | {lead} | {low:.2f} | {middle:.2f} | {high:.2f} | {words} |")


if __name__ == "__main__":
    main()
