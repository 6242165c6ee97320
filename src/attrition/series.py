"""Recorded counts: a checked, labelled series with its defects listed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import xarray as xr

from attrition._typing import Floats
from attrition.dossier import PartialDate
from attrition.errors import InputError, clip


@dataclass(frozen=True, slots=True)
class Series:
    """A cumulative count as it was reported, and what is odd about it.

    Parameters
    ----------
    data : xarray.DataArray
        The cumulative total [unit], dim ``time`` (report dates, ascending).
    defects : tuple of str
        Falls of the total and gaps between reports, each with its date; nothing is mended.
    """

    data: xr.DataArray
    defects: tuple[str, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """Return the report dates."""
        values = self.data["time"].values.astype("datetime64[D]")
        return tuple(values.astype(object))

    @property
    def totals(self) -> Floats:
        """Return the cumulative totals [unit]."""
        return np.asarray(self.data.values, dtype=float)

    def crossed(self, threshold: float) -> date | None:
        """Return the first report date on which the total is at least ``threshold``."""
        reached = self.totals >= threshold
        return self.days[int(np.argmax(reached))] if reached.any() else None


def read_series(path: str | Path) -> Series:
    """Read a CSV of a cumulative count with columns ``date`` and ``cumulative``.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV file with a header. Other columns are ignored, except ``series`` and ``unit``,
        which become the name and the unit.

    Returns
    -------
    Series

    Raises
    ------
    InputError
        If the file is missing or unreadable, a column is missing, a value is no number, or a
        date is repeated or out of order.
    """
    file = Path(path)
    try:
        with file.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            "a series must be a readable CSV file in UTF-8",
            got=clip(str(error)),
            place=clip(str(path)),
            remedy="Check the path and the format",
        ) from None
    return _checked(rows, file.name)


def _checked(rows: list[dict[str, str]], place: str) -> Series:
    for column in ("date", "cumulative"):
        if not rows or column not in rows[0]:
            raise InputError(
                "a series must have rows, and columns `date` and `cumulative`",
                got=f"no {column}" if rows else "no rows",
                place=place,
                remedy="Add a header line and the column",
            )
    days: list[date] = []
    totals: list[float] = []
    for number, row in enumerate(rows, start=2):
        day, total = _row(row, f"{place}, line {number}")
        if days and day <= days[-1]:
            raise InputError(
                "dates must ascend, each once",
                got=f"{day} after {days[-1]}",
                place=f"{place}, line {number}",
                remedy="Sort the file and remove repeated dates",
            )
        days.append(day)
        totals.append(total)
    stamps = np.array(days, dtype="datetime64[s]")
    data = xr.DataArray(
        np.array(totals),
        dims="time",
        coords={"time": stamps},
        name="cumulative",
        attrs={"long_name": rows[0].get("series") or place, "units": rows[0].get("unit") or ""},
    )
    return Series(data, _defects(days, totals))


def _row(row: dict[str, str], place: str) -> tuple[date, float]:
    day = PartialDate.parse(row["date"], place=place)
    try:
        total = float(row["cumulative"])
        valid = np.isfinite(total) and total >= 0
    except (TypeError, ValueError):
        valid, total = False, 0.0
    if day.precision != "day" or not valid:
        raise InputError(
            "a row must hold a day and a total of 0 or more",
            got=clip(f"{row['date']}, {row['cumulative']}"),
            place=place,
            remedy="Write for example 2025-06-03,985000",
        )
    return day.first, total


def _defects(days: list[date], totals: list[float]) -> tuple[str, ...]:
    found: list[str] = []
    for index in range(1, len(days)):
        gap = (days[index] - days[index - 1]).days
        if gap > 1:
            found.append(f"{days[index]}: no report for {gap - 1} days before")
        if totals[index] < totals[index - 1]:
            found.append(
                f"{days[index]}: the total falls from {totals[index - 1]:g} to {totals[index]:g}"
            )
    return tuple(found)
