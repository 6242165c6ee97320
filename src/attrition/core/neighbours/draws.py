"""Draws of other libraries, as one array with the dims chain, draw and time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from attrition.core.days import day_from
from attrition.core.errors import InputError, clip
from attrition.core.neighbours.frames import dataset_from, is_frame
from attrition.core.neighbours.times import with_numpy_dates

if TYPE_CHECKING:
    import xarray as xr

_GROUPS = ("posterior_predictive", "predictions", "prior_predictive")
_DRAWS = ("chain", "draw")
_PLACE = "paths"


def paths_from(
    thing: Any,  # noqa: ANN401 - what people have
    *,
    variable: str | None = None,
    start: date | str | None = None,
) -> xr.DataArray:
    """Return simulated totals as a DataArray with the dims ``draw`` and ``time``, or ``chain`` too.

    Parameters
    ----------
    thing : DataArray, Dataset, DataTree, InferenceData, DataFrame or array
        An object of ArviZ is read in its group ``posterior_predictive``, or ``predictions``; a
        frame has dates in its index, or a column ``date`` or ``time``, and a column a draw; a
        plain array has the shape (draw, time) or (chain, draw, time), a day apart.
    variable : str, optional
        Which variable, where there are several.
    start : datetime.date or str, optional
        The first day of a plain array, or of times that are day numbers.

    Raises
    ------
    InputError
        If there is no such group or variable, or nothing tells the dates.
    """
    import xarray as xr

    if isinstance(thing, np.ndarray):
        dims = ("draw", "time") if thing.ndim == 2 else (*_DRAWS, "time")  # noqa: PLR2004
        if thing.ndim != len(dims):
            rule = "an array of paths must have the shape (draw, time) or (chain, draw, time)"
            raise _refuse(rule, f"shape {thing.shape}", "Select one quantity, or stack the rest")
        thing = xr.DataArray(thing, dims=dims)
    elif hasattr(thing, "posterior_predictive") or hasattr(thing, "groups"):
        thing = _group(thing)
    elif is_frame(thing) and not isinstance(thing, (xr.DataArray, xr.Dataset)):
        thing = _columns(thing)
    if isinstance(thing, xr.Dataset):
        thing = thing[_variable(thing, variable)]
    if not isinstance(thing, xr.DataArray):
        rule = "paths must be an xarray object, draws of ArviZ, a data frame or an array"
        raise _refuse(rule, clip(type(thing).__name__), "Turn them into one of these")
    return _dated(with_numpy_dates(thing, _PLACE), start)


def _refuse(rule: str, got: str, remedy: str) -> InputError:
    return InputError(rule, got=got, place=_PLACE, remedy=remedy)


def _group(tree: Any) -> xr.Dataset:  # noqa: ANN401 - InferenceData or DataTree
    for name in _GROUPS:
        try:
            node = tree[name]
        except KeyError:
            continue
        return cast("xr.Dataset", node.to_dataset() if hasattr(node, "to_dataset") else node)
    rule = "draws of ArviZ must hold a group of predictions"
    remedy = f"Add one of the groups {', '.join(_GROUPS)}"
    raise _refuse(rule, clip(list(tree.groups() if callable(tree.groups) else tree.groups)), remedy)


def _variable(dataset: xr.Dataset, name: str | None) -> str:
    names = [str(key) for key in dataset.data_vars]
    if name is None and len(names) == 1:
        return names[0]
    if name in names:
        return str(name)
    raise _refuse(
        "one variable must be chosen", f"{clip(name)} of {clip(names)}", "Name it: variable='total'"
    )


def _columns(frame: object) -> xr.DataArray:
    table = dataset_from(frame, _PLACE)
    import xarray as xr

    if isinstance(table, xr.DataArray):
        raise _refuse(
            "a frame of paths must have a column a draw", "one column", "Give a DataFrame"
        )
    (index,) = table.sizes
    for name in ("date", "time"):
        if name in table.data_vars:
            try:
                days = table[name].values.astype("datetime64[D]").astype("datetime64[s]")
            except (ValueError, TypeError) as error:
                rule = f"the column `{name}` must hold dates"
                raise _refuse(rule, clip(str(error)), "Convert it, or rename it") from None
            table = table.assign_coords({index: days})
            table = table.drop_vars(name) if name != index else table
            break
    return table.to_dataarray("draw").rename({index: "time"} if index != "time" else {})


def _dated(paths: xr.DataArray, start: date | str | None) -> xr.DataArray:
    """Return paths whose one dim besides chain and draw is called time and holds dates."""
    others = [str(dim) for dim in paths.dims if dim not in _DRAWS]
    if "time" not in others and len(others) == 1:
        paths = paths.rename({others[0]: "time"})
    if "time" in paths.coords and paths["time"].dtype.kind == "M":
        return paths
    if start is None or "time" not in paths.dims:
        return paths  # refused where it is read, which names the dims
    first = np.datetime64(day_from(start, "start"), "s")
    steps = np.arange(paths.sizes["time"])
    if "time" in paths.coords and paths["time"].dtype.kind in "iu":
        steps = paths["time"].values - int(paths["time"].values[0])
    return paths.assign_coords(time=first + steps * np.timedelta64(86_400, "s"))
