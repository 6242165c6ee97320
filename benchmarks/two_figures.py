"""Do intervals from two figures hold? `python -m benchmarks.two_figures [--corpus FILE]`.

At origins every 90 days on recorded counts, `at.when` is given what a newspaper would print, the
exact total and the mean of the last 28 days, and nothing else. Scored are the days on which later
totals were passed and the totals at fixed leads, next to a flat pace. Results go to
`benchmarks/results/two_figures.md`.
"""

from __future__ import annotations

import argparse
import functools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.calibration.real import SERIES
from benchmarks.pace_ratios import totals_by_place

import attrition as at
from attrition.core._typing import Floats

Days = npt.NDArray[np.datetime64]

PROBS = (0.5, 0.8, 0.9)
LEADS = (28, 91, 365)
EVERY, WINDOW = 90, 28
COUNTRIES = 30
LEVELS = (np.arange(99) + 1) / 100
"""Levels of the quantiles by which the CRPS is integrated."""


@dataclass(frozen=True, slots=True)
class Row:
    """One scored answer: which intervals held, and its CRPS next to a flat pace's."""

    series: str
    what: str
    inside: tuple[bool, ...]
    crps: float
    flat: float


def crps_of(quantiles: Floats, outcome: float) -> float:
    """Return the CRPS of a law by its quantiles: twice the mean pinball loss."""
    over = outcome - quantiles
    return float(2 * np.mean(np.where(over >= 0, LEVELS, LEVELS - 1) * over))


def inside(quantile: Callable[[float], float], outcome: float) -> tuple[bool, ...]:
    """Tell for each probability whether the equal-tailed interval holds the outcome."""
    return tuple(quantile((1 - p) / 2) <= outcome <= quantile((1 + p) / 2) for p in PROBS)


def _quantile(draws: Floats, p: float) -> float:
    return float(np.quantile(draws, p))


def scored(name: str, days: Days, totals: Floats, kind: str | None) -> Iterator[Row]:
    """Yield the scored answers of one count, daily totals from its first day on."""
    for origin in range(WINDOW, totals.size - WINDOW, EVERY):
        level, rate = totals[origin], (totals[origin] - totals[origin - WINDOW]) / WINDOW
        if level < 1 or rate <= 0:
            continue
        start = days[origin].astype("M8[D]").astype(object)
        last = int(min(max(LEADS), totals.size - 1 - origin))
        horizon = start + timedelta(days=last)
        # A total that was passed: the one that a flat pace would reach in 91 days. One that was not
        # passed by the end of the count is right-censored and is scored up to there.
        threshold = float(level + 91 * rate)
        answer = at.when(
            threshold, level=float(level), rate=float(rate), on=start, kind=kind, horizon=horizon
        )
        for lead in LEADS:
            if lead > last:
                continue
            drawn = answer.totals(start + timedelta(days=lead))
            outcome = float(totals[origin + lead])
            yield Row(
                name,
                f"total at {lead} days",
                inside(functools.partial(_quantile, drawn), outcome),
                crps_of(np.quantile(drawn, LEVELS), outcome),
                abs(level + rate * lead - outcome),
            )
        mean = answer.law.weights @ answer.law.exceedance[:, 0, :]
        passed = np.flatnonzero(totals[origin : origin + last + 1] >= threshold)
        day = float(passed[0]) if passed.size else last + 1.0

        def date(p: float, mean: Floats = mean, last: int = last) -> float:
            reached = np.flatnonzero(mean >= p)
            return float(reached[0]) if reached.size else last + 1.0

        yield Row(
            name,
            "crossing date",
            inside(date, day),
            crps_of(np.array([date(p) for p in LEVELS]), day),
            abs(min(91.0, last + 1.0) - day),
        )


def bundled() -> Iterator[tuple[str, Days, Floats]]:
    """Yield the four counts, a total for each day."""
    for name, file in SERIES.items():
        series = at.read_series(file)
        dates = np.array(series.days, dtype="M8[D]")
        days = np.arange(dates[0], dates[-1] + 1)
        seen = np.searchsorted(dates, days, side="right") - 1
        yield name, days, np.maximum.accumulate(series.totals[seen])


def corpus(file: Path) -> Iterator[tuple[str, Days, Floats]]:
    """Yield countries of the corpus: every so many-th by name, so that nobody chooses."""
    _, totals = totals_by_place(file)
    names = sorted(totals)
    for name in names[:: max(1, len(names) // COUNTRIES)][:COUNTRIES]:
        # Days have no names here: a count starts on any day.
        yield name, np.datetime64("2020-01-01") + np.arange(totals[name].size), totals[name]


def table(rows: Sequence[Row], key: str) -> list[str]:
    """Return a table of coverage and CRPS by one attribute of the rows."""
    lines = [f"| {key} | n | 50 % | 80 % | 90 % | CRPS / flat |", "|---|---|---|---|---|---|"]
    names = list(dict.fromkeys(getattr(row, key) for row in rows))
    for name in [*names, "all"]:
        mine = [row for row in rows if name in (getattr(row, key), "all")]
        cover = 100 * np.mean([row.inside for row in mine], axis=0)
        # Each count is of its own size: the ratio is a geometric mean over counts and questions.
        groups: dict[tuple[str, str], list[Row]] = {}
        for row in mine:
            groups.setdefault((row.series, row.what), []).append(row)
        logs = [
            np.log(sum(r.crps for r in g) / sum(r.flat for r in g))
            for g in groups.values()
            if sum(r.flat for r in g) > 0
        ]
        shares = " | ".join(f"{value:.0f}" for value in cover)
        lines.append(f"| {name} | {len(mine)} | {shares} | {np.exp(np.mean(logs)):.2f} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="Parquet: date, location, cumulative")
    parser.add_argument("--kind", help="name the kind instead of leaving it out")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results/two_figures.md"
    )
    given = parser.parse_args()
    begun = time.process_time()
    parts = {"Four recorded counts": bundled()}
    if given.corpus:
        parts[f"{COUNTRIES} countries of the corpus, deaths by day"] = corpus(given.corpus)
    lines = [
        "# Intervals from two figures",
        "",
        f"Kind: {given.kind or 'not named'}. Origins every {EVERY} days, an exact total and the",
        f"rate of {WINDOW} days. A total that was not passed by the end of a count is scored up to",
        "there. CRPS is next to that of a flat pace without width, a geometric mean over counts.",
    ]
    for title, counts in parts.items():
        rows = [row for count in counts for row in scored(*count, given.kind)]
        lines += ["", f"## {title}", "", *table(rows, "what"), "", *table(rows, "series")]
    print("\n".join(lines))
    print(f"CPU {time.process_time() - begun:.0f} s")
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
