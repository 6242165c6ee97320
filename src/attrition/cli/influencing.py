"""`attrition influence` and `attrition sensitivity`: what moves a date."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from attrition.cli.arguments import columns, day_of, number_of
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

    unit, day = _unit(by), day_of(as_of, "--as-of") if as_of else None
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
    if as_json:
        typer.echo(json.dumps(_plain(table), indent=2, ensure_ascii=False, allow_nan=False))
        return
    head = ["left out", "figures", "days"]
    rows = [
        [str(item), str(int(number)), _days(shift) if not note else str(note)]
        for item, number, shift, note in zip(
            table["item"].values,
            table["figures"].values,
            table["shift_days"].values,
            table["note"].values,
            strict=True,
        )
    ]
    if by == "claim":
        head += ["stated", "others expect", "surprise (bit)"]
        more = zip(
            table["stated"].values,
            table["expected"].values,
            table["surprise"].values,
            table["contradicted"].values,
            strict=True,
        )
        for row, (stated, expected, surprise, contradicted) in zip(rows, more, strict=True):
            row += [_count(stated), _count(expected), f"{surprise:.1f}" + " *" * contradicted]
    _printed(table, columns([head, *rows], {1, 2, 3, 4}))
    if by == "claim":
        typer.echo("* the others leave it less than one chance in a hundred")


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

    day = day_of(as_of, "--as-of") if as_of else None
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
    if as_json:
        typer.echo(json.dumps(_plain(table), indent=2, ensure_ascii=False, allow_nan=False))
        return
    names = [
        str(name)
        for name in (
            "lower_days",
            "upper_days",
            *sorted({"first", "shapley", "total"} & set(table)),
        )
    ]
    rows = [
        [
            str(item),
            *(
                _days(table[name].values[i])
                if name.endswith("days")
                else f"{table[name].values[i]:.2f}"
                for name in names
            ),
        ]
        for i, item in enumerate(table["item"].values)
    ]
    _printed(table, columns([["assumption", *names], *rows], {1, 2, 3, 4, 5}))


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


def _printed(table: xr.Dataset, lines: list[str]) -> None:
    typer.echo(str(table.attrs["title"]))
    typer.echo(str(table.attrs["detail"]))
    typer.echo("")
    for line in lines:
        typer.echo(line)


def _days(value: float) -> str:
    return "none" if math.isnan(value) else f"{value:+.1f}"


def _count(value: float) -> str:
    return "" if math.isnan(value) else f"{value:,.0f}"


def _plain(table: xr.Dataset) -> dict[str, Any]:
    """Return a table as JSON: a list of rows, NaN as null."""
    names = [str(name) for name in table]
    rows = [
        {
            "item": str(item),
            **{name: _json(table[name].values[i].item()) for name in names},
        }
        for i, item in enumerate(table["item"].values)
    ]
    return {**{str(k): v for k, v in table.attrs.items()}, "rows": rows}


def _json(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value
