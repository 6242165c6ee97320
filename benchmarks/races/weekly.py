"""The two weekly races: the European hub's deaths and FluSight's admissions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from benchmarks.races.scores import inside, log_score, weighted_interval_score

import attrition as at
from attrition.forecasts import HUB_LEVELS
from attrition.models.trend import ManyPrior

KEYS = ["origin", "location", "horizon", "target_end_date"]


@dataclass(frozen=True)
class Weekly:
    """Where a weekly race lies: what its files begin with, and whose forecasts are the rivals."""

    files: str
    title: str


RACES = {
    "eu": Weekly("eu_deaths", "Weekly COVID-19 deaths, European hub"),
    "flu": Weekly("flusight", "Weekly influenza admissions, FluSight"),
}


def only(directory: Path, pattern: str) -> pd.DataFrame:
    """Return the rows of all files of a pattern, at least one."""
    paths = sorted(directory.glob(pattern))
    if not paths:
        raise SystemExit(f"no file {pattern} in {directory}")
    return pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True)


def truth_by_week(truth: pd.DataFrame) -> pd.Series:
    """Return what came, by location and Saturday; days are summed, negative weeks left out."""
    days = truth.sort_values("date").groupby("location")["date"].diff().dt.days
    need = 7 if days.min() == 1 else 1
    end = truth["date"] + pd.to_timedelta((5 - truth["date"].dt.day_of_week) % 7, unit="D")
    weeks = truth.assign(end=end).groupby(["location", "end"])["value"].agg(["sum", "count"])
    sums: pd.Series = weeks.loc[(weeks["count"] == need) & (weeks["sum"] >= 0), "sum"]
    return sums


def rivals(hub: pd.DataFrame, truth: pd.Series) -> pd.DataFrame:
    """Return the quantiles of each model for the targets that all of them forecast, with truth."""
    if "target_end_date" not in hub:
        hub = hub.assign(
            target_end_date=hub["origin"] + pd.to_timedelta(7 * hub["horizon"], unit="D")
        )
    hub = hub.assign(quantile=hub["quantile"].astype(float).round(3))
    table = hub.pivot_table(index=KEYS, columns=["model", "quantile"], values="value").dropna()
    places = [table.index.get_level_values(name) for name in ("location", "target_end_date")]
    came = truth.reindex(pd.MultiIndex.from_arrays(places)).to_numpy(dtype=float)
    table[("truth", "")] = came
    return table[np.isfinite(came)]


def ours(
    vintages: pd.DataFrame, targets: pd.DataFrame, prior: ManyPrior | None, draws: int, seed: int
) -> pd.DataFrame:
    """Return our quantiles by target, each origin with what was known then."""
    horizons = sorted(set(targets.index.get_level_values("horizon").tolist()))
    parts: list[pd.DataFrame] = []
    for origin in sorted(set(targets.index.get_level_values("origin"))):
        future = at.forecasts.forecast_many(
            vintages,
            every="week",
            origin=origin,
            horizons=horizons,
            rng=seed,
            draws=draws,
            prior=prior,
        )
        parts.append(future.quantiles.assign(origin=origin))
    table: pd.DataFrame = pd.concat(parts).pivot_table(
        index=KEYS, columns="output_type_id", values="value"
    )
    return table


def race(
    name: str, directory: Path, prior: ManyPrior | None = None, draws: int = 2_000, seed: int = 1
) -> pd.DataFrame:
    """Return one row a target and model: origin, location, horizon, model, scores, coverage."""
    files = RACES[name].files
    truth = truth_by_week(only(directory, f"{files}*truth*.parquet"))
    table = rivals(only(directory, f"{files}_hub*.parquet"), truth)
    mine = ours(only(directory, f"{files}*vintages*.parquet"), table, prior, draws, seed)
    common = table.index.intersection(mine.index)
    came = table.loc[common, ("truth", "")].to_numpy(dtype=float).ravel()
    models = [model for model in table.columns.get_level_values(0).unique() if model != "truth"]
    parts = [_scored(table.loc[common, model][list(HUB_LEVELS)], came, model) for model in models]
    return pd.concat([_scored(mine.loc[common], came, "attrition"), *parts])


def _scored(quantiles: pd.DataFrame, truth: Any, model: str) -> pd.DataFrame:
    values = quantiles.to_numpy(dtype=float)
    return quantiles.index.to_frame(index=False).assign(
        model=model,
        wis=weighted_interval_score(values, truth),
        log_wis=log_score(values, truth),
        in50=inside(values, truth, 0.5),
        in90=inside(values, truth, 0.9),
    )


def summary(scores: pd.DataFrame) -> pd.DataFrame:
    """Return mean scores by model and horizon ("all" too), with ratios to the hub's ensemble."""
    columns = ["wis", "log_wis", "in50", "in90"]
    by = scores.groupby(["model", "horizon"])[columns].mean().reset_index()
    whole = scores.groupby("model")[columns].mean().reset_index().assign(horizon="all")
    table = pd.concat([by, whole], ignore_index=True)
    hub = table[table["model"].str.contains("ensemble")].set_index("horizon")
    for column, ratio in (("wis", "ratio"), ("log_wis", "log_ratio")):
        table[ratio] = table[column] / table["horizon"].map(hub[column])
    counts = scores.groupby("model").size()
    return table.assign(targets=table["model"].map(counts).where(table["horizon"] == "all"))
