"""Which pages can be run, and where: each in an empty folder of its own."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

_NEIGHBOURS = ("arviz", "cftime", "h5netcdf", "polars", "pyarrow", "zarr")
_SCALE = ("dask",)

collect_ignore = ["examples"]
if any(find_spec(name) is None for name in _NEIGHBOURS):
    collect_ignore.append("neighbours.md")
if any(find_spec(name) is None for name in _SCALE):
    collect_ignore.append("scale.md")


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page write files as a reader would, beside itself."""
    monkeypatch.chdir(tmp_path)
