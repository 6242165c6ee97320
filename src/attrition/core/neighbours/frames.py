"""Data frames of any library, as a Dataset with a column a variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeGuard, runtime_checkable

from attrition.core.errors import InputError, clip
from attrition.core.late import optional

if TYPE_CHECKING:
    import xarray as xr


@runtime_checkable
class Pandas(Protocol):
    """What pandas objects offer."""

    def to_xarray(self) -> Any:  # noqa: ANN401 - a DataArray or a Dataset
        """Return the same as an xarray object."""
        ...


@runtime_checkable
class Arrow(Protocol):
    """What speaks Arrow offers: polars frames, pyarrow tables, DuckDB relations."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the same as a stream of Arrow columns."""
        ...


Frame: TypeAlias = Pandas | Arrow
"""A data frame of any library."""


def is_frame(thing: object) -> TypeGuard[Frame]:
    """Tell whether a thing is a data frame that :func:`dataset_from` reads."""
    return isinstance(thing, (Pandas, Arrow))


def dataset_from(frame: object, place: str) -> xr.DataArray | xr.Dataset:
    """Return a data frame as an xarray object.

    Parameters
    ----------
    frame : object
        A pandas object, or anything that speaks Arrow.
    place : str
        Where it stands, for errors.

    Raises
    ------
    InputError
        If it is neither, or Arrow is spoken and ``pyarrow`` is not installed.
    """
    dataset: Any
    if isinstance(frame, Pandas):
        dataset = frame.to_xarray()
    elif isinstance(frame, Arrow):
        dataset = pandas_from(frame, place).to_xarray()
    else:
        rule = "data must be a pandas object, an xarray object, or a frame that speaks Arrow"
        remedy = "Turn it into one of these"
        raise InputError(rule, got=clip(type(frame).__name__), place=place, remedy=remedy)
    shown: xr.DataArray | xr.Dataset = dataset
    return shown


def pandas_from(frame: Arrow, place: str) -> Any:  # noqa: ANN401 - a frame of pandas
    """Return what speaks Arrow as a frame of pandas; raises as :func:`dataset_from`."""
    remedy = "Install `attrition[parquet]`, which brings it, or give a pandas object"
    return optional("pyarrow", place, remedy).table(frame).to_pandas()
