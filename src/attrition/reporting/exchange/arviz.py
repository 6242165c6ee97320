"""Draws handed to ArviZ: a group ``posterior_predictive``, as its functions expect it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrition._version import __version__
from attrition.core.neighbours import paths_from

if TYPE_CHECKING:
    import xarray as xr


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
