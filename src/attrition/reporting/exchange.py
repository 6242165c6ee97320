"""Laws and paths in the forms of others: netCDF, Zarr, Parquet, ArviZ.

What is written is read back as it was: numbers to the last bit, units, names and provenance. Files
are written whole or not at all.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import hashlib
import io
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from attrition._version import __version__
from attrition.core.errors import InputError, clip, refusal
from attrition.core.files import check_file, path_of, write_whole
from attrition.core.late import optional
from attrition.core.laws import Law, Provenance, Totals, make_law
from attrition.core.neighbours import paths_from
from attrition.core.tasks import digest

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["law_from_dataset", "read_law", "to_arviz", "with_conventions", "write_law"]

CONVENTIONS = "CF-1.11"
_DAY = np.timedelta64(86_400, "s")


def with_conventions(law: Law) -> xr.Dataset:
    """Return a law as a Dataset with attributes of the CF conventions.

    ``time`` is the coordinate of the time axis, encoded as days since the information date;
    ``exceedance`` has the unit 1. The unit of ``threshold`` is the one in which is counted,
    which, as in "persons", need not be one of UDUNITS.
    """
    what = law.provenance
    dataset = law.dataset.copy()
    dataset["time"].attrs |= {"standard_name": "time", "axis": "T"}
    since = f"days since {law.information_date.isoformat()}"
    dataset["time"].encoding = {"units": since, "calendar": "proleptic_gregorian", "dtype": "int64"}
    if "node" in dataset:
        dataset["node"].encoding = dict(dataset["time"].encoding)
    dataset["replicate"].attrs["long_name"] = "independent replicate, for the Monte Carlo error"
    dataset.attrs = {
        "Conventions": CONVENTIONS,
        "title": f"{what.title}: probability of having reached each threshold by each day",
        "source": f"attrition {what.version or __version__}, {what.model}",
        "comment": what.condition,
        "information_date": law.information_date.isoformat(),
        **dataset.attrs,
    }
    return dataset


def law_from_dataset(dataset: xr.Dataset, place: str = "Dataset") -> Law:
    """Return the law that a Dataset holds, such as :meth:`Law.to_dataset` returns.

    Parameters
    ----------
    dataset : xarray.Dataset
        Variable ``exceedance`` with dims ``replicate`` (which may be missing), ``threshold`` and
        ``time`` (daily), perhaps ``weight`` by replicate, and perhaps the attr ``provenance``.
    place : str
        Where it stands, for errors.

    Raises
    ------
    InputError
        If it is no law.
    """
    if "exceedance" not in dataset or not {"threshold", "time"} <= set(dataset["exceedance"].dims):
        raise refusal("exceedance", clip([str(name) for name in dataset.data_vars]), place)
    surface = dataset["exceedance"]
    if "replicate" not in surface.dims:
        surface = surface.expand_dims("replicate")
    surface = surface.transpose("replicate", "threshold", "time")
    days = dataset["time"].values
    if days.dtype.kind != "M" or days.size < 2 or (np.diff(days) != _DAY).any():  # noqa: PLR2004 - a step
        raise refusal("days of a law", clip(str(days[:3])), place)
    weight = dataset["weight"].values if "weight" in dataset else None
    law = make_law(
        np.ascontiguousarray(surface.values, dtype=float),
        dataset["threshold"].values.astype(float),
        days[0].astype("datetime64[D]").astype(object),
        _provenance(dataset, place),
    )
    if "total" in dataset:
        law = law.with_totals(functools.partial(_totals, dataset))
    if weight is None:
        return law
    # as they were: scaled once more they might end in other digits
    return dataclasses.replace(law, weights=weight)


def _totals(dataset: xr.Dataset) -> Totals:
    first = dataset["time"].values[0]
    days = ((dataset["node"].values - first) / _DAY).astype(np.int64)
    values = dataset["total"].transpose("replicate", "node", "score").values
    return Totals(days, np.ascontiguousarray(values, dtype=float), dataset["clock"].values)


def _provenance(dataset: xr.Dataset, place: str) -> Provenance:
    text: Any = dataset.attrs.get("provenance")
    if text is None:
        attrs = dataset["threshold"].attrs
        title = str(attrs.get("long_name", "Total"))
        unit = str(attrs.get("units", ""))
        return Provenance(
            quantity="total", title=title, definition="as read", unit=unit, model="from elsewhere"
        )
    try:
        return Provenance.from_json(str(text))
    except (ValueError, KeyError, TypeError) as error:
        raise refusal("provenance", clip(str(error)), place) from None


def to_arviz(paths: xr.DataArray, observed: xr.DataArray | None = None) -> xr.DataTree:
    """Return whole paths as a DataTree with the group ``posterior_predictive``.

    Parameters
    ----------
    paths : xarray.DataArray
        Dims ``draw`` and ``time``, and perhaps ``chain``, as :meth:`attrition.Forecast.paths`
        returns them. Its name is that of the variable.
    observed : xarray.DataArray, optional
        What was counted, dim ``time``: the group ``observed_data``.

    Returns
    -------
    xarray.DataTree
        Dims ``chain`` (one, where there was none), ``draw`` and ``time``; units and provenance in
        attrs. ArviZ from 1.0 on reads it as it is; for an older one give its groups to
        ``arviz.InferenceData``: ``InferenceData(**{n: g.to_dataset() for n, g in
        tree.children.items()})``.

    See Also
    --------
    attrition.Forecast.paths : whole paths.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast("russia-ukraine-2025-06", quantities=["kharkiv-advance"], seed=1)
    >>> tree = at.exchange.to_arviz(forecast.paths("kharkiv-advance", draws=9, rng=1))
    >>> tree["posterior_predictive"].sizes["draw"]
    9
    """
    import numpy as np
    import xarray as xr

    array = paths_from(paths)
    name = "total" if array.name is None else str(array.name)
    if "chain" not in array.dims:
        array = array.expand_dims(chain=[0])
    if "draw" not in array.coords:
        array = array.assign_coords(draw=np.arange(array.sizes["draw"]))
    whole = array.transpose("chain", "draw", "time").to_dataset(name=name)
    whole.attrs = _attrs()
    groups: dict[str, Any] = {"posterior_predictive": whole}
    if observed is not None:
        groups["observed_data"] = observed.to_dataset(name=name).assign_attrs(_attrs())
    return xr.DataTree.from_dict(groups)


def _attrs() -> dict[str, str]:
    return {"inference_library": "attrition", "inference_library_version": __version__}


# ------------------------------------------------------------------ files

_NETCDF, _ZARR, _PARQUET = (".nc", ".nc4"), (".zarr",), (".parquet", ".pq")
_BESIDE = ("node", "score", "total", "clock")  # what has other dims than the table
_DIGEST = "attrition_sha256"  # of the law, in the attrs of its Dataset
_MARK = b"attrition-sha256:"
_SEALED = len(_MARK) + 64  # bytes
_UNPACKED = 8_000_000_000  # bytes
_ROW = 32  # bytes of a row of Parquet: replicate, threshold, day, probability
_LARGEST = 20_000_000_000  # bytes; a law of every day and many thresholds may be large
_KEY = b"attrition"  # of what Parquet keeps beside the columns


def write_law(law: Law, path: str | Path) -> Path:
    """Write a law to a file, or a store, that :func:`read_law` reads back to the last bit.

    Parameters
    ----------
    law : Law
    path : str or pathlib.Path
        ``.nc`` (netCDF 4, extra ``netcdf``), ``.zarr`` (extra ``zarr``) or ``.parquet`` (extra
        ``parquet``; a row for each replicate, threshold and day).

    Returns
    -------
    pathlib.Path

    Raises
    ------
    InputError
        If the suffix is another, the extra is not installed, or the place cannot be written.

    See Also
    --------
    attrition.exchange.read_law : back again.

    Examples
    --------
    >>> import attrition as at, tempfile
    >>> law = at.forecast(at.read_dossier(), seed=1, quantities=["kharkiv-advance"]).law(
    ...     "kharkiv-advance"
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     same = at.exchange.read_law(at.exchange.write_law(law, f"{folder}/law.parquet"))
    >>> bool((same.surface() == law.surface()).all()), same.provenance == law.provenance
    (True, True)
    """
    file = Path(path)
    dataset = with_conventions(law)
    dataset.attrs[_DIGEST] = law_digest(law)
    if file.suffix in _NETCDF:
        engine("h5netcdf", "netcdf", file)
        buffer = io.BytesIO()
        dataset.to_netcdf(buffer, engine="h5netcdf")
        raw = buffer.getvalue()
        write_whole(file, raw + _seal(raw))
    elif file.suffix in _PARQUET:
        write_whole(file, _parquet(dataset, file))
    elif file.suffix in _ZARR:
        engine("zarr", "zarr", file)
        _swapped(dataset, file)
    else:
        raise _unknown(file)
    return file


def read_law(source: str | Path | xr.Dataset) -> Law:
    """Read a law that :func:`write_law` wrote, or from a Dataset.

    Parameters
    ----------
    source : str, pathlib.Path or xarray.Dataset
        A file by its suffix, as :func:`write_law`; or a Dataset as :meth:`attrition.Law.to_dataset`
        returns, or with a variable ``exceedance`` over ``threshold`` and ``time``.

    Raises
    ------
    InputError
        If it cannot be read, is no law, or is not the law that was written: each file holds a
        digest of every number and word of its law.

    See Also
    --------
    attrition.exchange.write_law : how it was written.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> law.crossing(600) == at.exchange.read_law(law.to_dataset()).crossing(600)
    True
    """
    if hasattr(source, "data_vars"):
        return law_from_dataset(cast("xr.Dataset", source))
    file, place = path_of(source), clip(str(source))
    if file.suffix not in (*_NETCDF, *_ZARR, *_PARQUET):
        raise _unknown(file)
    try:
        if file.suffix not in _ZARR:
            check_file(file, _LARGEST, "a stored law")
        if file.suffix in _NETCDF:
            _check_seal(file, place)
        stored = _from_parquet(file) if file.suffix in _PARQUET else _opened(file)
        return _checked(law_from_dataset(stored, place), stored, place)
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file breaks its reader in any way
        raise refusal("law in a file", clip(str(error)), place) from None


def _seal(raw: bytes) -> bytes:
    """Return what is put after a netCDF file, whose readers look no further than its own end."""
    return _MARK + hashlib.sha256(raw).hexdigest().encode()


def _check_seal(file: Path, place: str) -> None:
    """Refuse a damaged file before HDF5 reads it, which some bits make go round for ever.

    Files of others have no seal.
    """
    raw = file.read_bytes()
    body, end = raw[:-_SEALED], raw[-_SEALED:]
    if end.startswith(_MARK) and end != _seal(body):
        raise refusal("stored law as written", "a file of which a byte has changed", place)


def law_digest(law: Law) -> str:
    """Return a digest of every number and word of a law."""
    totals = law.totals
    beside = () if totals is None else (totals.days, totals.values, totals.clock)
    return digest(
        *beside,
        law.surface(),
        law.thresholds,
        law.weights,
        law.information_date.isoformat(),
        law.horizon.isoformat(),
        law.provenance.to_json(),
    )


def _checked(law: Law, stored: xr.Dataset, place: str) -> Law:
    """Return a law if it is the one that was written, or comes from elsewhere."""
    stated = stored.attrs.get(_DIGEST)
    ours = "provenance" in stored.attrs
    if stated == law_digest(law) or (stated is None and not ours):
        return law
    raise refusal(
        "law as written",
        "no digest of its content" if stated is None else "content of another digest",
        place,
    )


def engine(module: str, extra: str, file: Path) -> Any:  # noqa: ANN401 - a module
    """Return a module that reads or writes files, or say which extra brings it."""
    remedy = f"Install `attrition[{extra}]`, or choose another suffix"
    return optional(module, clip(str(file)), remedy)


def _unknown(file: Path) -> InputError:
    return refusal("suffix of a law", clip(file.suffix), clip(str(file)))


def _opened(file: Path) -> xr.Dataset:
    import xarray as xr

    if file.suffix in _NETCDF:
        base = engine("h5netcdf", "netcdf", file).File
        # What is damaged is left half open, and base complains of it when it is forgotten.
        quiet = type("File", (base,), {"_closed": True, "_writable": False})
        opened = xr.open_dataset(xr.backends.H5NetCDFStore(quiet(file, "r")))
    else:
        engine("zarr", "zarr", file)
        opened = xr.open_dataset(file, engine="zarr", consolidated=False)
    with opened:
        _check_size(opened.nbytes, file)
        return opened.load()


def _check_size(size: int, file: Path) -> None:
    """Refuse what would unpack to more than memory holds, before it does."""
    if size > _UNPACKED:
        raise refusal(
            "size of a law", f"{size / 1e9:.0f} GB", clip(str(file)), unpacked=_UNPACKED // 10**9
        )


def _swapped(dataset: xr.Dataset, file: Path) -> None:
    """Write a Zarr store beside its place, then rename it there."""
    parent = file.resolve().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        fresh = parent / f".{file.name}.{secrets.token_hex(6)}"
        fresh.mkdir()
        try:
            dataset.to_zarr(fresh / "new", mode="w", consolidated=False, zarr_format=3)
            if file.exists():
                os.replace(file, fresh / "old")  # noqa: PTH105 - a folder
            (fresh / "new").replace(file)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        got = clip(error.strerror or str(error))
        raise refusal("writable folder", got, clip(str(file))) from None


def _parquet(dataset: xr.Dataset, file: Path) -> bytes:
    """Return a long table: a row for each replicate, threshold and day; labels in the schema."""
    arrow = engine("pyarrow", "parquet", file)
    parquet = engine("pyarrow.parquet", "parquet", file)
    surface = dataset["exceedance"]
    sizes = surface.sizes
    grids = np.meshgrid(
        dataset["replicate"].values.astype(np.int32),
        dataset["threshold"].values,
        dataset["time"].values.astype("datetime64[D]"),
        indexing="ij",
    )
    columns = {
        **{name: grid.ravel() for name, grid in zip(surface.dims, grids, strict=True)},
        "exceedance": surface.values.ravel(),
    }
    beside = {
        "sizes": dict(sizes),
        "axes": {str(name): _packed(dataset[name]) for name in surface.dims},
        "weight": [float(value).hex() for value in dataset["weight"].values],
        "attrs": dataset.attrs,
        "columns": {str(name): dataset[name].attrs for name in dataset.variables},
        "beside": {name: _packed(dataset[name]) for name in _BESIDE if name in dataset},
    }
    table = arrow.table({str(name): values for name, values in columns.items()})
    table = table.replace_schema_metadata({_KEY: json.dumps(beside, ensure_ascii=False).encode()})
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _packed(array: xr.DataArray) -> dict[str, Any]:
    """Return an array as JSON that is read back to the last bit."""
    values = array.values
    return {
        "dims": [str(name) for name in array.dims],
        "shape": list(values.shape),
        "dtype": values.dtype.str,
        "data": base64.b64encode(np.ascontiguousarray(values).tobytes()).decode(),
    }


def _unpacked(one: dict[str, Any], attrs: dict[str, Any]) -> xr.Variable:
    import xarray as xr

    raw = base64.b64decode(one["data"])
    values = np.frombuffer(raw, dtype=np.dtype(one["dtype"])).reshape(one["shape"]).copy()
    return xr.Variable(tuple(one["dims"]), values, attrs)


def _from_parquet(file: Path) -> xr.Dataset:
    import xarray as xr

    parquet = engine("pyarrow.parquet", "parquet", file)
    _check_size(parquet.read_metadata(file).num_rows * _ROW, file)
    table = parquet.read_table(file)
    raw = (table.schema.metadata or {}).get(_KEY)
    if raw is None:
        got = "no labels beside the columns"
        raise refusal("law in Parquet", got, clip(str(file)))
    beside = json.loads(raw)
    shape = tuple(beside["sizes"].values())
    attrs = beside["columns"]
    exceedance = table["exceedance"].to_numpy().reshape(shape)
    if "axes" in beside:  # a law that was asked nothing has no row
        axes: dict[str, Any] = {
            name: _unpacked(one, attrs[name]) for name, one in beside["axes"].items()
        }
    else:  # as 0.1.0 wrote it
        columns = {name: table[name].to_numpy().reshape(shape) for name in beside["sizes"]}
        axes = {
            "replicate": ("replicate", columns["replicate"][:, 0, 0].astype(np.int64)),
            "threshold": ("threshold", columns["threshold"][0, :, 0], attrs["threshold"]),
            "time": ("time", columns["time"][0, 0].astype("datetime64[s]"), attrs["time"]),
        }
    others = {name: _unpacked(one, attrs[name]) for name, one in beside.get("beside", {}).items()}
    weight = np.array([float.fromhex(value) for value in beside["weight"]])
    return xr.Dataset(
        {"exceedance": (tuple(beside["sizes"]), exceedance, attrs["exceedance"]), **others},
        coords={**axes, "weight": ("replicate", weight, attrs["weight"])},
        attrs=beside["attrs"],
    )
