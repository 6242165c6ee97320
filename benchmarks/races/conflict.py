"""The monthly race: deaths in conflict by country, a year from what October knew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.races.scores import crps_of_draws
from benchmarks.races.weekly import only

import attrition as at
from attrition.models.trend import ManyPrior

KNOWN = 12  # months that the rival takes as its draws


def race(
    directory: Path, prior: ManyPrior | None = None, draws: int = 1_000, seed: int = 1
) -> pd.DataFrame:
    """Return the CRPS of each country and month, ours and that of the last 12 months as draws.

    Every year runs of which all months and the 12 to the October before are in the files.
    """
    rows = only(directory, "conflict_fatalities_monthly*.parquet").drop_duplicates(
        ["country_id", "month"]
    )
    wide = rows.pivot_table(index="country_id", columns="month", values="fatalities")
    parts: list[pd.DataFrame] = []
    for year in sorted(set(wide.columns.year)):
        known = wide.loc[:, : f"{year - 1}-10-31"]
        months = pd.date_range(f"{year}-01-01", periods=12, freq="MS")
        if known.shape[1] < KNOWN or not set(months) <= set(wide.columns):
            continue
        past = rows[rows["month"] < f"{year - 1}-11-01"]
        future = at.forecasts.forecast_many(
            {"location": past["country_id"], "date": past["month"], "value": past["fatalities"]},
            every="month",
            origin=f"{year - 1}-10-31",
            horizons=range(3, 15),
            rng=seed,
            draws=draws,
            prior=prior,
        )
        places = [int(name) for name in future.locations]
        came = wide.loc[places, months].to_numpy(dtype=float)
        recent = known.loc[places].iloc[:, -KNOWN:].to_numpy(dtype=float)
        for step, month in enumerate(months):
            parts.append(
                pd.DataFrame(
                    {
                        "year": year,
                        "country_id": places,
                        "month": month,
                        "attrition": crps_of_draws(
                            future.draws[:, :, step].astype(float), came[:, step]
                        ),
                        "last 12 months": crps_of_draws(recent, came[:, step]),
                        "any": (future.draws[:, :, step] > 0).mean(axis=1),
                        "came": np.sign(came[:, step]),
                    }
                )
            )
    if not parts:
        raise SystemExit(f"no year with the 12 months to the October before it in {directory}")
    return pd.concat(parts, ignore_index=True).dropna()
