"""Laws as Datasets with the attributes of the CF conventions, and draws for ArviZ."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from attrition._version import __version__
from attrition.core.errors import clip
from attrition.core.laws import Law, Provenance, Totals, make_law
from attrition.core.neighbours import paths_from
from attrition.core.refusals import refusal

if TYPE_CHECKING:
    import xarray as xr

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
