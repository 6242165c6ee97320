"""`attrition influence`, `sensitivity` and `sweep`: what moves a date."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from attrition._version import __version__
from attrition.cli.arguments import columns, day_of, number_of, pairs_of, show
from attrition.cli.options import CountOptions, data_of, noting
from attrition.core.errors import refusal

if TYPE_CHECKING:
    from datetime import date

    import xarray as xr

    from attrition.data.dossier import Dossier
    from attrition.data.series import Series

_BUNDLED = "russia-ukraine-2025-06"


@dataclass(frozen=True, slots=True)
class DateOptions:
    """Of which date it is asked what moves it, as options.

    Parameters
    ----------
    series
        A recorded count instead of a dossier.
    quantity
        Of a dossier: the total that is asked about.
    threshold
        Default: the first that the dossier names.
    basis
        Of a dossier: 'latent' (default) or a source's id.
    as_of
        Information DATE.
    """

    series: Path | None = None
    quantity: str | None = None
    threshold: str | None = None
    basis: str | None = None
    as_of: str | None = None
    seed: int = 1

    def read(
        self, dossier: str, count: CountOptions
    ) -> tuple[Dossier | Series, str | None, float, date | None]:
        """Return what is asked about: data, the total of a dossier, threshold, information date."""
        day = day_of(self.as_of, "--as-of")
        own = {"quantity": self.quantity, "basis": self.basis}
        data = data_of(dossier, _BUNDLED, self.series, count, **own)
        return data, *_asked(data, self.quantity, self.threshold), day


def influence(
    dossier: str = _BUNDLED,
    *,
    count: CountOptions,
    asked: DateOptions,
    by: str | None = None,
    as_json: bool = False,
) -> None:
    """Say by how many days each report moves the median, and which ones the others contradict.

    Of a recorded count: by how many days what came in within its last week, month or year did.

    Parameters
    ----------
    by
        What is left out: 'source' or 'claim'; of a recorded count its last 'days'.
    """
    if by not in {None, "source", "claim", "days"}:
        raise refusal("sources, claims or days", str(by), "--by")
    unit = cast('Literal["source", "claim", "days"] | None', by)
    with noting():
        import attrition as at

        data, total, level, day = asked.read(dossier, count)
        forecast = at.forecast(
            data,
            seed=asked.seed,
            as_of=day,
            quantities=total and [total],
            thresholds=[level],
            bases=asked.basis if asked.series else asked.basis or "latent",
        )
    law = forecast.law()
    whose = (law.provenance.quantity, level, law.provenance.basis)
    table = at.forecasts.influence(forecast, *whose, by=unit)
    by = str(table.attrs["by"])
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
    dossier: str = _BUNDLED,
    *,
    count: CountOptions,
    asked: DateOptions,
    points: int = 0,
    as_json: bool = False,
) -> None:
    """Say what the median day owes to each assumption.

    Parameters
    ----------
    points
        Variants for shares of the variance; 0: one at a time only.
    """
    with noting():
        import attrition as at

        data, total, level, day = asked.read(dossier, count)
        basis = asked.basis or "latent"
        table = at.forecasts.sensitivity(
            data, total, level, rng=asked.seed, basis=basis, as_of=day, points=points
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


def _asked(
    data: Dossier | Series, quantity: str | None, threshold: str | None
) -> tuple[str | None, float]:
    """Return the total of a dossier and the threshold that are asked about."""
    import attrition as at

    level = None if threshold is None else number_of(threshold)
    place = "a recorded count"
    if isinstance(data, at.Dossier):
        if quantity is None and len(data.quantities) > 1:
            got = f"{len(data.quantities)} totals"
            raise refusal("total named", got, "--quantity", quantities=", ".join(data.quantities))
        quantity = quantity or next(iter(data.quantities))
        what, place = data.find_quantity(quantity), f"quantities.{quantity}"
        level = next(iter(what.thresholds), None) if level is None else level
    if level is None:
        raise refusal("threshold named", "none", place)
    return quantity, level


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


def sweep(
    dossiers: list[str],
    *,
    vary: list[str] | None = None,
    quantity: list[str] | None = None,
    basis: str | None = None,
    horizon: str | None = None,
    prob: float = 0.9,
    seed: int = 1,
    workers: str = "",
    checkpoint: Path | None = None,
    max_time: float | None = None,
    as_json: bool = False,
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
    table = at.forecasts.sweep(
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
    rows = _cases(table)
    content = {"attrition": __version__, "seed": seed, "prob": prob, "rows": rows}
    show(content, _lines(rows, prob), as_json=as_json)


def _grid(texts: list[str]) -> dict[str, list[float | str]]:
    grid: dict[str, list[float | str]] = {}
    for name, values in pairs_of(texts, "--vary", "ASSUMPTION=VALUES", "volatility=0.05,0.1"):
        if name in grid:
            raise refusal("vary once", repr(name), "--vary")
        grid[name] = [number_of(value, "--vary") for value in values.split(",")]
    return grid


def _cases(table: xr.Dataset) -> list[dict[str, Any]]:
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
