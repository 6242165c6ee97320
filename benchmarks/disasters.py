"""Tolls that level off, drawn at random, forecast with and without their first day.

Of each: its size (60 to 20,000 persons, log-uniform), a Weibull curve (shape 0.6 to 1.1, scale
about 6 days, one standard deviation a factor of 2), days that scatter with 2 to 12 times the
variance of Poisson's, and a dossier of what was known after 2 to 11 days: the total, what the last
day added, and in two of five the total of two days before.

    python -m benchmarks.disasters [tolls] > benchmarks/results/disasters.md    # a second each
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

import attrition as at
from attrition.core._typing import Floats

ON = date(2024, 10, 8)
LEADS = (7, 30, 90)
_DAYS = 130


@dataclass(frozen=True)
class Toll:
    """Totals at the end of each day, and what is known of them after some days."""

    totals: Floats
    known: int
    before: bool

    @property
    def level(self) -> int:
        """The total on the information date."""
        return int(self.totals[self.known - 1])

    @property
    def claims(self) -> list[at.Claim]:
        """What a ministry has said by then."""
        yesterday = int(self.totals[self.known - 2])
        claims = [at.claim(f"{self.level} people were killed", source="ministry", on=ON)]
        if self.level > yesterday:
            claims.append(
                at.claim(
                    f"{self.level - yesterday} people were killed in the past 24 hours",
                    source="ministry",
                    on=ON,
                    since=ON,
                )
            )
        if self.before and self.known > len(LEADS):
            earlier = int(self.totals[self.known - 3])
            day = ON - timedelta(days=2)
            claims.append(at.claim(f"{earlier} people were killed", source="ministry", on=day))
        return claims

    def forecast(self, *, start: bool, size: int | None = None) -> at.Law:
        """Return the law of the ministry's count, with or without the first day."""
        dossier = at.dossier.dossier_of(self.claims)
        (key, what), *_ = dossier.quantities.items()
        first = at.dossier.PartialDate.parse(str(ON - timedelta(days=self.known - 1)))
        named = what.model_copy(update={"kind": "disaster", "start": first if start else None})
        whole = dossier.model_copy(update={"quantities": {key: named}})
        asked = [2 * self.level]
        return at.forecast(whole, bases="ministry", thresholds=asked, seed=1, size=size).law()


def tolls(number: int, seed: int) -> Iterator[Toll]:
    """Yield tolls of ten persons or more on the information date."""
    rng = np.random.default_rng(seed)
    for _ in range(number):
        size = np.exp(rng.uniform(np.log(60), np.log(20_000)))
        shape, scale = rng.uniform(0.6, 1.1), 6 * np.exp(0.7 * rng.standard_normal())
        mean = np.diff(size * -np.expm1(-((np.arange(_DAYS) / scale) ** shape)))
        noise = rng.uniform(2, 12)
        counts = rng.poisson(noise * rng.standard_gamma(np.maximum(mean / noise, 1e-9)))
        toll = Toll(np.cumsum(counts).astype(float), int(rng.integers(2, 12)), rng.random() < 0.4)
        if toll.level >= 10:
            yield toll


def scores(number: int, seed: int = 3) -> dict[tuple[bool, int], Floats]:
    """Return inside, below, above (0 or 1) and WIS over the level, by start and lead: (toll, 4)."""
    rows: dict[tuple[bool, int], list[list[float]]] = {}
    for toll in tolls(number, seed):
        for start in (True, False):
            law = toll.forecast(start=start)
            for lead in LEADS:
                total, seen = (
                    law.total(ON + timedelta(days=lead)),
                    toll.totals[toll.known - 1 + lead],
                )
                below, above = max(total.lower - seen, 0.0), max(seen - total.upper, 0.0)
                width = total.upper - total.lower + 20 * (below + above)
                wis = (0.5 * abs(seen - total.median) + 0.05 * width) / 1.5
                row = [below < 1 and above < 1, below >= 1, above >= 1, wis / toll.level]
                rows.setdefault((start, lead), []).append([float(value) for value in row])
    return {key: np.array(values) for key, values in rows.items()}


def main() -> None:
    """Print the table."""
    table = scores(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    print("| first day | days ahead | tolls | inside 90 % | below | above | WIS / level |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for (start, lead), rows in sorted(table.items(), key=lambda item: (not item[0][0], item[0][1])):
        inside, below, above, wis = rows.mean(axis=0)
        given = "given" if start else "not given"
        shares = " | ".join(f"{100 * share:.0f} %" for share in (inside, below, above))
        print(f"| {given} | {lead} | {len(rows)} | {shares} | {wis:.2f} |")


if __name__ == "__main__":
    main()
