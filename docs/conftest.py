"""Which pages can be run: that on neighbours needs all of them."""

from __future__ import annotations

from importlib.util import find_spec

_NEIGHBOURS = ("arviz", "cftime", "h5netcdf", "polars", "pyarrow", "zarr")
_SCALE = ("dask",)

collect_ignore = ["examples"]
if any(find_spec(name) is None for name in _NEIGHBOURS):
    collect_ignore.append("neighbours.md")
if any(find_spec(name) is None for name in _SCALE):
    collect_ignore.append("scale.md")
