"""Dates of other calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

from attrition.core.errors import InputError, clip

if TYPE_CHECKING:
    import xarray as xr

_Labelled = TypeVar("_Labelled", bound="xr.DataArray | xr.Dataset")

_REAL = ("standard", "gregorian", "proleptic_gregorian")
_SWITCH = (1582, 10, 15)  # first day of the Gregorian calendar


def with_numpy_dates(data: _Labelled, place: str) -> _Labelled:
    """Return the same with the dates of cftime as numpy dates.

    Parameters
    ----------
    data : xarray.DataArray or xarray.Dataset
    place : str
        Where it stands, for errors.

    Raises
    ------
    InputError
        If a calendar has other days than ours, such as one without leap years.
    """
    coords = {}
    for name, column in data.coords.items():
        dated = (
            column.dtype.kind == "O" and column.size and hasattr(column.values.flat[0], "calendar")
        )
        if dated:
            coords[name] = (column.dims, _days(column, place), column.attrs)
    return cast("_Labelled", data.assign_coords(coords)) if coords else data


def _days(column: xr.DataArray, place: str) -> np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]:
    dates = column.values.ravel()
    calendar = dates[0].calendar
    if calendar not in _REAL or min((d.year, d.month, d.day) for d in dates) < _SWITCH:
        rule = "dates must be of the Gregorian calendar, because a report names a day of it"
        got = clip(f"{calendar}, from {min(dates)}")
        remedy = "Convert them, with `.convert_calendar('standard')` of xarray for example"
        raise InputError(rule, got=got, place=place, remedy=remedy)
    days = [np.datetime64(f"{d.year:04d}-{d.month:02d}-{d.day:02d}", "s") for d in dates]
    return np.array(days).reshape(column.shape)
