"""What people have, as labelled arrays: frames, other calendars, draws of other libraries.

pandas, xarray, anything that speaks Arrow (polars, pyarrow, DuckDB), dates of cftime, groups of
ArviZ and plain arrays are brought into the one form that the other rooms read. Nothing here knows
what the numbers mean.
"""

from __future__ import annotations

from datetime import date
from typing import (
    TYPE_CHECKING,
    Any,
    Protocol,
    TypeAlias,
    TypeGuard,
    TypeVar,
    cast,
    runtime_checkable,
)

import numpy as np

from attrition.core.days import day_from
from attrition.core.errors import clip, refusal
from attrition.core.late import optional

if TYPE_CHECKING:
    import xarray as xr

_Labelled = TypeVar("_Labelled", bound="xr.DataArray | xr.Dataset")

_GROUPS = ("posterior_predictive", "predictions", "prior_predictive")
_DRAWS = ("chain", "draw")
_REAL = ("standard", "gregorian", "proleptic_gregorian")
_SWITCH = (1582, 10, 15)  # first day of the Gregorian calendar


@runtime_checkable
class Pandas(Protocol):
    """What pandas objects offer."""

    def to_xarray(self) -> Any:  # noqa: ANN401 - a DataArray or a Dataset
        """Return the same as an xarray object."""


@runtime_checkable
class Arrow(Protocol):
    """What speaks Arrow offers: polars frames, pyarrow tables, DuckDB relations."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the same as a stream of Arrow columns."""


Frame: TypeAlias = Pandas | Arrow
"""A data frame of any library."""


def is_frame(thing: object) -> TypeGuard[Frame]:
    """Tell whether a thing is a data frame that :func:`dataset_from` reads."""
    return isinstance(thing, (Pandas, Arrow))


def dataset_from(frame: Frame, place: str) -> Any:  # noqa: ANN401 - a DataArray or a Dataset
    """Return a data frame as an xarray object.

    Parameters
    ----------
    frame : object
        A pandas object, or anything that speaks Arrow.
    place : str
        Where it stands, for errors.

    Returns
    -------
    xarray.DataArray or xarray.Dataset

    Raises
    ------
    InputError
        If Arrow is spoken and ``pyarrow`` is not installed.
    """
    return (frame if isinstance(frame, Pandas) else pandas_from(frame, place)).to_xarray()


def pandas_from(frame: Arrow, place: str) -> Any:  # noqa: ANN401 - a frame of pandas
    """Return what speaks Arrow as a frame of pandas; raises as :func:`dataset_from`."""
    remedy = "Install `attrition[parquet]`, which brings it, or give a pandas object"
    return optional("pyarrow", place, remedy).table(frame).to_pandas()


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
    other: Any = {
        name: (column.dims, _days(column, place), column.attrs)
        for name, column in data.coords.items()
        if column.dtype.kind == "O" and column.size and hasattr(column.values.flat[0], "calendar")
    }
    return cast("_Labelled", data.assign_coords(other)) if other else data


def _days(column: xr.DataArray, place: str) -> np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]:
    dates = column.values.ravel()
    calendar = dates[0].calendar
    if calendar not in _REAL or min((d.year, d.month, d.day) for d in dates) < _SWITCH:
        got = clip(f"{calendar}, from {min(dates)}")
        raise refusal("Gregorian dates", got, place)
    days = [np.datetime64(f"{d.year:04d}-{d.month:02d}-{d.day:02d}", "s") for d in dates]
    return np.array(days).reshape(column.shape)


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
            raise refusal("array of paths", f"shape {thing.shape}", "paths")
        thing = xr.DataArray(thing, dims=dims)
    elif hasattr(thing, "posterior_predictive") or hasattr(thing, "groups"):
        thing = _group(thing)
    elif is_frame(thing) and not isinstance(thing, (xr.DataArray, xr.Dataset)):
        thing = _columns(thing)
    if isinstance(thing, xr.Dataset):
        names = [str(key) for key in thing.data_vars]
        chosen = names[0] if variable is None and len(names) == 1 else variable
        if chosen not in names:
            raise refusal("one variable", f"{clip(variable)} of {clip(names)}", "paths")
        thing = thing[chosen]
    if not isinstance(thing, xr.DataArray):
        raise refusal("paths of a kind", clip(type(thing).__name__), "paths")
    return _dated(with_numpy_dates(thing, "paths"), start)


def _group(tree: Any) -> Any:  # noqa: ANN401 - InferenceData or DataTree, and a Dataset
    for name in _GROUPS:
        try:
            node = tree[name]
        except KeyError:
            continue
        return node.to_dataset() if hasattr(node, "to_dataset") else node
    raise refusal(
        "group of draws",
        clip(list(tree.groups() if callable(tree.groups) else tree.groups)),
        "paths",
        groups=", ".join(_GROUPS),
    )


def _columns(frame: Frame) -> xr.DataArray:
    """Return a frame of which each column is a draw; its days are its index, or a column."""
    import xarray as xr

    table = dataset_from(frame, "paths")
    if isinstance(table, xr.DataArray):
        raise refusal("column a draw", "one column", "paths")
    (index,) = table.sizes
    name = next((name for name in ("date", "time") if name in table.data_vars), None)
    if name is not None:
        try:
            days = table[name].values.astype("datetime64[D]").astype("datetime64[s]")
        except (ValueError, TypeError) as error:
            raise refusal("column of dates", clip(str(error)), "paths", name=name) from None
        table = table.assign_coords({index: days})
        table = table.drop_vars(name) if name != index else table
    paths: xr.DataArray = table.to_dataarray("draw")
    return paths.rename({index: "time"} if index != "time" else {})


def _dated(paths: xr.DataArray, start: date | str | None) -> xr.DataArray:
    """Return paths whose one dim besides chain and draw is called time and holds dates."""
    others = [str(dim) for dim in paths.dims if dim not in _DRAWS]
    if "time" not in others and len(others) == 1:
        paths = paths.rename({others[0]: "time"})
    dated = "time" in paths.coords and paths["time"].dtype.kind == "M"
    if dated or start is None or "time" not in paths.dims:
        return paths  # without dates it is refused where it is read, which names the dims
    first = np.datetime64(day_from(start, "start"), "s")
    steps = np.arange(paths.sizes["time"])
    if "time" in paths.coords and paths["time"].dtype.kind in "iu":
        steps = paths["time"].values - int(paths["time"].values[0])
    return paths.assign_coords(time=first + steps * np.timedelta64(86_400, "s"))
