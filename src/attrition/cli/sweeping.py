"""`attrition sweep`: one dossier under many assumptions, or many dossiers, in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrition._version import __version__
from attrition.cli.arguments import columns, day_of, number_of, pairs_of, show
from attrition.cli.options import (
    CheckpointOption,
    JsonOption,
    MaxTimeOption,
    ProbOption,
    WorkersOption,
)
from attrition.core.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

    from attrition.data.dossier import Dossier


def sweep(
    dossiers: list[str],
    *,
    vary: list[str] | None = None,
    quantity: list[str] | None = None,
    basis: str | None = None,
    horizon: str | None = None,
    prob: ProbOption = 0.9,
    seed: int = 1,
    workers: WorkersOption = "",
    checkpoint: CheckpointOption = None,
    max_time: MaxTimeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forecast one or many dossiers under many assumptions, and print one table.

    Parameters
    ----------
    dossiers
        TOML files, or ids of bundled dossiers.
    vary
        An assumption and its values: 'volatility=0.05,0.1'; may be repeated, for every combination.
    quantity
        Forecast only this total; may be repeated.
    basis
        Whose count: 'latent' or a source's id.
    horizon
        Last DATE.
    seed
        Seed, the same for every case.
    """
    import attrition as at

    grid = _grid(vary or [])
    last = day_of(horizon, "--horizon")
    cases: dict[str, Dossier] = {}
    for name in dossiers:
        dossier = at.read_dossier(name)
        for text, case in at.forecasts.scenarios(dossier, **grid).items():
            head = [dossier.id] if len(dossiers) > 1 or not text else []
            cases[", ".join([*head, *([text] if text else [])])] = case
    table = at.sweep(
        cases,
        rng=seed,
        workers=workers,
        checkpoint=checkpoint,
        max_time=max_time,
        progress=True,
        quantities=quantity or None,
        bases=basis,
        horizon=last,
        prob=prob,
    )
    rows = _rows(table)
    content = {"attrition": __version__, "seed": seed, "prob": prob, "rows": rows}
    show(content, _lines(rows, prob), as_json=as_json)


def _grid(texts: list[str]) -> dict[str, list[float | str]]:
    grid: dict[str, list[float | str]] = {}
    for name, values in pairs_of(texts, "--vary", "ASSUMPTION=VALUES", "volatility=0.05,0.1"):
        if name in grid:
            raise InputError(
                "an assumption must vary once",
                got=repr(name),
                place="--vary",
                remedy="Write for example --vary volatility=0.05,0.1",
            )
        grid[name] = [number_of(value, "--vary") for value in values.split(",")]
    return grid


def _rows(table: xr.Dataset) -> list[dict[str, Any]]:
    """Return the rows of a sweep, ready for JSON: what there is none of is null."""
    columns_of = {str(name): table[name].values for name in table.data_vars}

    def plain(value: Any) -> Any:  # noqa: ANN401 - a cell
        if value.dtype.kind == "M":
            return None if str(value) == "NaT" else str(value.astype("datetime64[D]"))
        if value.dtype.kind == "f":
            return float(value) if value == value else None  # noqa: PLR0124 - NaN
        return str(value) or None

    count = table.sizes["row"]
    return [{n: plain(values[i]) for n, values in columns_of.items()} for i in range(count)]


def _lines(rows: list[dict[str, Any]], prob: float) -> list[str]:
    head = ["case", "total", "count", "threshold", "from", "to", "median", "already", "later"]
    cells = [
        [
            row["case"],
            row["quantity"],
            row["basis"] + (", may end" if row["kind"].endswith("may end") else ""),
            f"{row['threshold']:,.10g}",
            *(row[end] or row[f"{end}_state"] for end in ("lower", "upper", "median")),
            *(f"{100 * row[mass]:.0f} %" for mass in ("already", "beyond")),
        ]
        for row in rows
        if row["kind"].startswith("crossing")
    ]
    lines = [f"{100 * prob:g} % credible intervals of the day each total passes its threshold", ""]
    if cells:
        lines += columns([head, *cells], {3, 7, 8})
    refused = [row for row in rows if row["kind"] == "refused"]
    if refused:
        lines += ["", "Left out"]
        lines += [
            f"  {row['case']}, {row['quantity'] or 'all'}: {row['reason']}" for row in refused
        ]
    return lines
