"""`attrition influence` and `attrition sensitivity`: what moves a date."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from attrition.cli.arguments import columns, day_of, number_of, show
from attrition.cli.options import DossierPath, JsonOption, SeedOption
from attrition.core.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

    from attrition.data.dossier import Dossier

_BUNDLED = "russia-ukraine-2025-06"

_TotalOption = Annotated[str, typer.Option("--quantity", help="The total that is asked about.")]
_Level = Annotated[
    str | None, typer.Option("--threshold", help="Default: the first that the dossier names.")
]
_Whose = Annotated[str, typer.Option("--basis", help="Whose count: 'latent' or a source's id.")]
_DayOption = Annotated[str | None, typer.Option("--as-of", help="Information DATE.")]


def influence(
    dossier: DossierPath = _BUNDLED,
    *,
    quantity: _TotalOption,
    threshold: _Level = None,
    basis: _Whose = "latent",
    by: Annotated[str, typer.Option(help="What is left out: 'source' or 'claim'.")] = "source",
    as_of: _DayOption = None,
    seed: SeedOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Say by how many days each report moves the median, and which ones the others contradict."""
    import attrition as at

    unit, day = _unit(by), day_of(as_of or None, "--as-of")
    data = at.read_dossier(dossier)
    level = _threshold(data, quantity, threshold)
    forecast = at.forecast(
        data,
        seed=seed,
        as_of=day,
        quantities=[quantity],
        thresholds=[level],
        bases=basis,
    )
    table = at.forecasts.influence(forecast, quantity, level, basis, by=unit)
    head = ["left out", "figures", "days"]
    head += ["stated", "others expect", "surprise (bit)"] * (by == "claim")
    lines = []
    for row in (rows := _rows(table)):
        cells = [row["item"], str(int(row["figures"])), row["note"] or _days(row["shift_days"])]
        if by == "claim":
            known = row["surprise"] is not None  # a lone report is compared with none
            surprise = f"{row['surprise']:.1f}" + " *" * row["contradicted"] if known else ""
            cells += [_count(row["stated"]), _count(row["expected"]), surprise]
        lines.append(cells)
    printed = columns([head, *lines], {1, 2, 3, 4})
    if by == "claim":
        printed.append("* the others leave it less than one chance in a hundred")
    _show(table, rows, printed, as_json=as_json)


def sensitivity(
    dossier: DossierPath = _BUNDLED,
    *,
    quantity: _TotalOption,
    threshold: _Level = None,
    basis: _Whose = "latent",
    points: Annotated[
        int, typer.Option(help="Variants for shares of the variance; 0: one at a time only.")
    ] = 0,
    as_of: _DayOption = None,
    seed: SeedOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Say what the median day owes to each assumption."""
    import attrition as at

    day = day_of(as_of or None, "--as-of")
    data = at.read_dossier(dossier)
    table = at.forecasts.sensitivity(
        data,
        quantity,
        _threshold(data, quantity, threshold),
        rng=seed,
        basis=basis,
        as_of=day,
        points=points,
    )
    days = ["lower_days", "upper_days"]
    shares = [name for name in ("first", "shapley", "total") if name in table]
    rows = _rows(table)
    cells = [
        [row["item"], *(_days(row[name]) for name in days), *(f"{row[n]:.2f}" for n in shares)]
        for row in rows
    ]
    printed = columns([["assumption", *days, *shares], *cells], {1, 2, 3, 4, 5})
    _show(table, rows, printed, as_json=as_json)


def _threshold(dossier: Dossier, quantity: str, stated: str | None) -> float:
    if stated is not None:
        return number_of(stated)
    known = dossier.find_quantity(quantity).thresholds
    if not known:
        raise InputError(
            "a threshold must be given where the dossier names none",
            got="none",
            place=f"quantities.{quantity}",
            remedy="Add --threshold",
        )
    return known[0]


def _unit(by: str) -> Literal["source", "claim"]:
    if by == "source":
        return "source"
    if by == "claim":
        return "claim"
    raise InputError(
        "sources or claims are left out", got=by, place="--by", remedy="Write source or claim"
    )


def _show(
    table: xr.Dataset, rows: list[dict[str, Any]], lines: list[str], *, as_json: bool
) -> None:
    head = [str(table.attrs["title"]), str(table.attrs["detail"]), ""]
    content = {**{str(k): v for k, v in table.attrs.items()}, "rows": rows}
    show(content, [*head, *lines], as_json=as_json)


def _days(value: float | None) -> str:
    return "none" if value is None else f"{value:+.1f}"


def _count(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _rows(table: xr.Dataset) -> list[dict[str, Any]]:
    """Return a table as rows, ready for JSON: what is no number is None."""
    names = ["item", *(str(name) for name in table)]
    cells = zip(*(table[name].values.tolist() for name in names), strict=True)
    return [
        {n: None if isinstance(v, float) and not math.isfinite(v) else v for n, v in pairs}
        for pairs in (zip(names, row, strict=True) for row in cells)
    ]
