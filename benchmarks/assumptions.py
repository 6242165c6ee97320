"""Measure the assumptions of the bundled dossier on the series and claims that come with it.

Run: python benchmarks/assumptions.py
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np

import attrition as at

DATA = Path(at.__path__[0]) / "bundled"


def measured() -> dict[str, float]:
    """Return the figures that the reasons of the bundled dossier quote."""
    series = at.read_series(DATA / "general_staff_personnel_to_2025-06-03.csv")
    daily = np.diff(series.totals)
    monthly = np.log(daily[: daily.size // 30 * 30].reshape(-1, 30).sum(axis=1))
    changes = np.diff(monthly)
    to_week = (7 / 30) ** 0.5
    middle = np.convolve(daily, np.ones(28) / 28, mode="same")[14:-14]
    noise = (daily[14:-14] - middle) ** 2 / middle
    return {
        "weekly volatility, whole series": float(changes[1:].std() * to_week),
        "weekly volatility, last 24 months": float(changes[-24:].std() * to_week),
        "variance over mean of a day": float(noise[365:].mean()),
        "log standard deviation between sources": float(np.std(log_ratios(series), ddof=1)),
        "figures of other sources": float(len(log_ratios(series))),
    }


def log_ratios(series: at.Series) -> list[float]:
    """Return log(figure / General Staff tally of the day) of other sources since 2024."""
    tally = dict(zip(series.days, series.totals, strict=True))
    with (DATA / "war_loss_claims_to_2025-06-03.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    values = []
    for row in rows:
        day = date.fromisoformat(row["date"])
        floor = row["low"] and not row["high"] and not row["estimate"]
        ours = row["source"].startswith("UK M") or row["warring_party"] == "yes"
        russian = row["country"] == "russia" and row["type"] == "casualties"
        if day.year < 2024 or floor or ours or not russian:
            continue
        figure = float(row["estimate"] or (float(row["low"]) * float(row["high"])) ** 0.5)
        values.append(float(np.log(figure / tally[day])))
    return values


if __name__ == "__main__":
    for name, value in measured().items():
        print(f"{name}: {value:.3g}")
