"""Many cases at once: scenarios, tables of conflicts, several series."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import attrition as at
from test_tasks import counted, fingerprint

CASES: dict[str, Any] = {
    "quantities": ["russian-casualties"],
    "bases": "csis",
    "tolerance": 0.5,
    "size": 64,
}
EXACT = {
    name: {"value": 0.0, "reason": "a test"}
    for name in ("source_error", "source_drift", "volatility", "day_noise")
}


def test_a_grid_of_scenarios_has_every_combination_in_order(bundled: at.Dossier) -> None:
    grid = at.forecasts.scenarios(bundled, volatility=[0.02, 0.2], end_hazard=[0, 0.001])
    assert list(grid) == [
        f"volatility={v}, end_hazard={h}" for v in (0.02, 0.2) for h in ("0", "0.001")
    ]
    for text, dossier in grid.items():
        for quantity in dossier.quantities:
            stated = dossier.assumption("volatility", quantity)
            assert f"volatility={stated.value:g}" in text
            assert stated.origin == "scenario"
    assert bundled.assumption("volatility", "russian-casualties").origin != "scenario"
    with pytest.raises(at.InputError, match=r"sets assumptions of a dossier.*volatility"):
        at.forecasts.scenarios(bundled, volatilty=[0.1])
    with pytest.raises(at.InputError, match="within their range"):
        at.forecasts.scenarios(bundled, volatility=[-1.0])


def test_a_row_of_a_sweep_is_what_the_forecast_of_its_case_says(bundled: at.Dossier) -> None:
    grid = at.forecasts.scenarios(bundled, volatility=[0.02, 0.2], end_hazard=[0, 0.001])
    table = at.forecasts.sweep(grid, rng=1, **CASES)
    kinds = ["crossing", "crossing", "crossing, may end"]
    assert table["kind"].values.tolist() == [*kinds, *kinds]
    last = table.isel(row=-1)
    forecast = at.forecast(grid["volatility=0.2, end_hazard=0.001"], seed=1, **CASES)
    read = at.laws.crossing(forecast.unconditional["russian-casualties", "csis"], 1e6)
    assert last["median"].values == np.datetime64(str(read.median.day))
    assert float(last["ended"]) == read.masses.ended > 0
    masses = sum(table[name] for name in ("already", "within", "beyond", "ended"))
    np.testing.assert_allclose(masses, 1.0, atol=1e-12)
    width = (table["upper"] - table["lower"]).values
    assert table["lower_state"].values.tolist().count("already") + np.isfinite(width).sum() >= 6


def test_a_sweep_is_the_same_whoever_works_and_after_a_stop(
    bundled: at.Dossier, tmp_path: Path
) -> None:
    grid = at.forecasts.scenarios(bundled, volatility=[0.02, 0.1, 0.2])
    alone = at.forecasts.sweep(grid, rng=1, **CASES)
    kept = tmp_path / "kept"
    rows: list[tuple[int, int]] = []
    noted = at.forecasts.sweep(
        grid, rng=1, checkpoint=kept, progress=lambda a, b: rows.append((a, b)), **CASES
    )
    assert rows[-1] == (3, 3)
    (kept / "piece-000001").unlink()
    for table in (
        noted,
        at.forecasts.sweep(grid, rng=1, checkpoint=kept, workers="threads:2", **CASES),
    ):
        assert table.identical(alone)
    with pytest.raises(at.InputError, match="goes on with the work"):
        at.forecasts.sweep(grid, rng=1, checkpoint=kept, **{**CASES, "tolerance": 0.4})


TABLE = """conflict,quantity,source,kind,point,hedge,per,as_of,published
north,north,un,level,95000,about,,2025-05-01,2025-05-01
north,north,un,rate,100,about,day,2025-05-01,2025-05-01
south,south,un,level,41000,about,,2025-05-01,2025-05-01
south,south,un,rate,30,about,day,2025-05-01,2025-05-01
west,west,un,rate,5,about,day,2025-05-01,2025-05-01
"""


def test_all_conflicts_of_a_table_are_forecast_and_a_refusal_is_a_row(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_text(TABLE, encoding="utf-8")
    cases: dict[str, at.Dossier | at.Series] = {
        name: part.dossier(
            name,
            quantities={
                name: {
                    "title": name,
                    "definition": "deaths",
                    "unit": "persons",
                    "thresholds": [100_000.0],
                    "assumptions": EXACT,
                }
            },
        )
        for name, part in at.read_claims(file).by("conflict").items()
    }
    cases["a recorded count"] = counted()
    table = at.forecasts.sweep(cases, rng=1, tolerance=3.0)
    names = table["case"].values.tolist()
    by_case = dict(zip(names, table["kind"].values.tolist(), strict=True))
    assert by_case["north"] == by_case["south"] == by_case["a recorded count"] == "crossing"
    assert by_case["west"] == "refused"
    north, west = (table.isel(row=table["case"].values == name) for name in ("north", "west"))
    away = (north["median"].values[0] - np.datetime64("2025-06-20")) / np.timedelta64(1, "D")
    assert abs(away) < 9
    assert "a figure of it" in str(west["reason"].values[0])


def test_what_a_sweep_cannot_ask_is_refused(bundled: at.Dossier) -> None:
    with pytest.raises(at.InputError, match=r"what `forecast` can be asked.*tolerance"):
        at.forecasts.sweep({"one": bundled}, rng=1, tolerence=3)
    with pytest.raises(at.InputError, match="at least one case"):
        at.forecasts.sweep({}, rng=1)


def test_several_series_are_hindcast_as_each_would_be_alone() -> None:
    from test_pace import random_walk, series_of

    several = {
        "one": counted(),
        "two": series_of(random_walk(300, 0.2, 2.0, seed=3)[0]),
    }
    past = at.hindcast(several, rng=1, every=9, workers="threads:2")
    assert list(past) == ["one", "two"]
    for name, series in several.items():
        assert fingerprint(past[name]) == fingerprint(at.hindcast(series, rng=1, every=9))
    with pytest.raises(at.InputError, match="needs an origin"):
        at.hindcast({"short": several["two"]}, rng=1, start=several["two"].days[-1])
