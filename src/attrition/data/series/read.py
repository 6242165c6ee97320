"""Reading a series: CSV, Parquet, pandas and xarray, each checked once, where it enters."""

from __future__ import annotations

import csv
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError, clip
from attrition.core.files import check_file
from attrition.core.neighbours import Frame, dataset_from, is_frame, with_numpy_dates
from attrition.data.dossier import PartialDate
from attrition.data.series.cleaning import Days, one_row_a_day
from attrition.data.series.series import EPOCH, Series, date_of, defects_of, made

if TYPE_CHECKING:
    import xarray as xr

_KINDS = ("cumulative", "daily")


def read_series(source: str | Path | xr.DataArray | xr.Dataset | Frame) -> Series:
    """Read a recorded count.

    Parameters
    ----------
    source : str, pathlib.Path, xarray object or data frame
        A CSV file with a header or a Parquet file, with columns ``date`` and ``cumulative`` or
        ``daily`` (where both stand, ``cumulative`` is read); columns ``series`` and ``unit``
        become the name and the unit, others are ignored. Or a DataFrame or Dataset with
        those names, or a Series or DataArray called ``cumulative`` or ``daily`` over dates;
        frames of polars, and others that speak Arrow, and dates of cftime are read too.

    Returns
    -------
    Series
        Reports may be daily, weekly, monthly or irregular; where they often lie more than a day
        apart, a count in ``daily`` is of the days since the report before. What is odd is listed
        in its ``defects`` and handled by the rules of :mod:`attrition.data.series.cleaning`.

    Raises
    ------
    InputError
        If the source is missing or unreadable, a column is missing, a value is no number or
        a negative total, or no two reports remain.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"])
    >>> read_series(pd.Series([5.0, 3.0, 4.0], days, name="daily")).totals.tolist()
    [5.0, 8.0, 12.0]
    """
    if isinstance(source, (str, Path)):
        file = Path(source)
        _check(file)
        if file.suffix.lower() in {".parquet", ".pq"}:
            return _from_xarray(_parquet(file).to_xarray(), file.name)
        return _from_rows(_rows(file), file.name)
    import xarray as xr

    if isinstance(source, (xr.DataArray, xr.Dataset)):
        return _from_xarray(source, "xarray object")
    if is_frame(source):
        return _from_xarray(dataset_from(source, "read_series"), "data frame")
    raise InputError(
        "a series must be a file, a data frame or an xarray object",
        got=clip(type(source).__name__),
        place="read_series",
        remedy="Give a path, or an object with dates and `cumulative` or `daily`",
    )


_LARGEST = 200_000_000  # bytes


def _check(path: Path) -> None:
    try:
        check_file(path, _LARGEST)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise _unreadable(path, "file", error) from None


def _unreadable(path: Path, kind: str, error: Exception) -> InputError:
    return InputError(
        f"a series must be a readable {kind}",
        got=clip(str(error)),
        place=clip(str(path)),
        remedy="Check the path and the format",
    )


def _parquet(path: Path) -> Any:  # noqa: ANN401 - a DataFrame
    try:
        return import_module("pandas").read_parquet(path)
    except ImportError:
        raise InputError(
            "a Parquet file needs a Parquet engine",
            got="none installed",
            place=clip(str(path)),
            remedy="Install `attrition[parquet]`, or give the series as CSV",
        ) from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, "Parquet file", error) from None


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            return list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, "CSV file in UTF-8", error) from None


def _no_columns(got: str, place: str) -> InputError:
    return InputError(
        "a series must have rows, and columns `date` and `cumulative` or `daily`",
        got=got,
        place=place,
        remedy="Add a header line and the column",
    )


def _from_rows(rows: list[dict[str, str]], place: str) -> Series:
    if not rows:
        raise _no_columns("no rows", place)
    kind = next((k for k in _KINDS if k in rows[0]), None)
    if "date" not in rows[0] or kind is None:
        raise _no_columns(clip(", ".join(str(key) for key in rows[0])), place)
    read = [_row(row, kind, f"{place}, line {n}") for n, row in enumerate(rows, start=2)]
    days = np.array([(day - EPOCH).days for day, _ in read], dtype=np.int64)
    values = np.array([value for _, value in read])
    name, unit = (rows[0].get(key) or "" for key in ("series", "unit"))
    return _checked(days, values, kind, place, (name or Path(place).stem, unit))


def _row(row: dict[str, str], kind: str, place: str) -> tuple[date, float]:
    day = PartialDate.parse(row["date"] or "", place=place)
    text = (row[kind] or "").strip()
    try:
        value = float(text) if text else np.nan
        valid = not text or (np.isfinite(value) and (value >= 0 or kind == "daily"))
    except ValueError:
        valid, value = False, 0.0
    if day.precision != "day" or not valid:
        raise InputError(
            "a row must hold a day and a total of 0 or more",
            got=clip(f"{row['date']}, {row[kind]}"),
            place=place,
            remedy="Write for example 2025-06-03,985000",
        )
    return day.first, value


def _from_xarray(source: xr.DataArray | xr.Dataset, place: str) -> Series:
    """Read an xarray object whose dates are a coordinate or a variable."""
    held = with_numpy_dates(source, place)
    import xarray as xr

    if isinstance(held, xr.DataArray):
        if held.name not in _KINDS:
            rule = "a column of counts must say whether it is `cumulative` or `daily`"
            remedy = "Set its name to one of the two"
            raise InputError(rule, got=clip(held.name), place=place, remedy=remedy)
        held = held.to_dataset()
    kind = next((k for k in _KINDS if k in held), None)
    if kind is None:
        raise _no_columns(clip(", ".join(str(key) for key in held)), place)
    column = held[kind]
    days = _dates(held, column, place)
    values = np.asarray(column.values, dtype=float)
    bad = np.isinf(values) | ((values < 0) & (kind == "cumulative"))
    if bad.any():
        raise InputError(
            "a total must be 0 or more",
            got=f"{values[bad][0]:g}",
            place=f"{place}, {date_of(int(days[bad][0]))}",
            remedy="Mend or remove it",
        )
    name, unit = (
        str(held[key].values[0]) if key in held and held[key].size else str(attribute or "")
        for key, attribute in (
            ("series", column.attrs.get("long_name")),
            ("unit", column.attrs.get("units")),
        )
    )
    return _checked(days, values, kind, place, (name or place, unit))


def _dates(held: xr.Dataset, column: xr.DataArray, place: str) -> Days:
    if column.ndim != 1:
        rule, remedy = "a series must have one dimension", "Select one series"
        raise InputError(rule, got=f"{column.ndim}", place=place, remedy=remedy)
    for key in ("date", "time", *column.coords, "index"):
        if key in held.variables and held[key].dims == column.dims:
            try:
                found: Days = np.asarray(held[key].values, "datetime64[D]").astype(np.int64)
            except (ValueError, TypeError):
                continue
            if held[key].dtype.kind in "MOUT":
                return found
    rule, remedy = "a series must have dates", "Add a column or coordinate `date` of days"
    raise InputError(rule, got=clip(list(column.coords)), place=place, remedy=remedy)


def _checked(days: Days, values: Floats, kind: str, place: str, labels: tuple[str, str]) -> Series:
    days, values, found = one_row_a_day(days, values)
    if days.size < 2:  # noqa: PLR2004 - one count needs two totals
        raise InputError(
            "a series must hold at least two reports",
            got=f"{days.size}",
            place=place,
            remedy="Add reports on other days",
        )
    totals = np.cumsum(values) if kind == "daily" else values
    import xarray as xr

    data = xr.DataArray(
        totals,
        dims="time",
        coords={"time": days.astype("datetime64[D]").astype("datetime64[s]")},
        name="cumulative",
        attrs={"long_name": labels[0], "units": labels[1]},
    )
    return made(data, defects_of(found), own_day=kind == "daily")
