"""A law from anybody's paths: arrays of draws, monotone or not, at any report dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from attrition._typing import Floats
from attrition.errors import InputError, clip
from attrition.laws.law import Law, Provenance, make_law

if TYPE_CHECKING:
    import xarray as xr

BATCHES = 16
"""Batches of draws that measure the Monte Carlo error."""

RUNNING_MAXIMUM = "paths that fall are read by their running maximum: the first time at or above"


def law_of(
    paths: xr.DataArray,
    thresholds: Sequence[float] | Floats,
    *,
    title: str = "Total",
    definition: str = "as simulated",
    unit: str | None = None,
) -> Law:
    """Return the law of the first time at which simulated totals reach thresholds.

    Parameters
    ----------
    paths : xarray.DataArray
        Dims ``time`` and ``draw``, and perhaps ``chain``. The first time is the information
        date. Times may be daily or irregular, ascending; between them nothing is seen, so that
        a crossing is dated by the first report at or above the threshold.
    thresholds : sequence of float
        Totals [unit].
    title, definition : str
        What is counted, for sentences.
    unit : str, optional
        Its unit; ``paths.attrs["units"]`` when left out.

    Returns
    -------
    Law
        Daily; its replicates are batches of draws, weighted by their size. Every draw counts.

    Raises
    ------
    InputError
        If a dim is missing, fewer than two draws are given, a value is not finite, or times are
        not ascending dates.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> days = np.datetime64("2025-06-03", "s") + np.arange(4) * np.timedelta64(86_400, "s")
    >>> paths = xr.DataArray(
    ...     [[8.0, 9, 10, 11], [9, 10, 11, 12]], dims=("draw", "time"), coords={"time": days}
    ... )
    >>> law_of(paths, [10.0]).surface().mean(axis=0).tolist()
    [[0.0, 0.5, 1.0, 1.0]]
    """
    values, days = _checked(paths)
    notes = []
    if (np.diff(values, axis=1) < 0).any():
        values = np.maximum.accumulate(values, axis=1)
        notes.append(RUNNING_MAXIMUM)
    grid = np.unique(np.asarray(thresholds, dtype=float))
    if grid.size == 0 or not np.isfinite(grid).all():
        raise InputError(
            "thresholds must be finite numbers, at least one",
            got=clip(list(thresholds)),
            place="law_of",
            remedy="Give for example [1_000_000]",
        )
    batches = np.array_split(np.arange(values.shape[0]), min(BATCHES, values.shape[0]))
    surface = np.stack([exceedance_of(values[batch], grid) for batch in batches])
    offsets = ((days - days[0]) / np.timedelta64(1, "D")).astype(int)
    seen = np.searchsorted(offsets, np.arange(offsets[-1] + 1), side="right") - 1
    provenance = Provenance(
        quantity="total" if paths.name is None else str(paths.name),
        title=title,
        definition=definition,
        unit=unit or str(paths.attrs.get("units", "")),
        model="paths from elsewhere",
        points=values.shape[0],
        sampling="plain draws",
        notes=tuple(notes),
    )
    sizes = np.array([batch.size for batch in batches], dtype=float)
    start: date = days[0].astype("datetime64[D]").astype(object)
    return make_law(surface[..., seen], grid, start, provenance, weights=sizes)


def exceedance_of(values: Floats, thresholds: Floats) -> Floats:
    """Return the share of draws at or above each threshold, shape (threshold, time)."""
    draws = values.shape[0]
    if thresholds.size <= BATCHES:
        return np.stack([(values >= np.float64(k)).mean(axis=0) for k in thresholds])
    ordered = np.sort(values, axis=0)
    below = [np.searchsorted(column, thresholds, side="left") for column in ordered.T]
    return np.asarray(1.0 - np.stack(below, axis=1) / draws)


def _checked(paths: xr.DataArray) -> tuple[Floats, Floats]:
    """Return the values, shape (draw, time), and the report days."""

    def refuse(rule: str, got: str, remedy: str) -> InputError:
        return InputError(rule, got=got, place="paths", remedy=remedy)

    names = [str(name) for name in paths.dims]
    if "time" not in names or "draw" not in names or set(names) - {"time", "draw", "chain"}:
        raise refuse(
            "paths must have the dims `draw` and `time`, and perhaps `chain`",
            clip(names),
            "Rename or stack them",
        )
    draws = [name for name in ("chain", "draw") if name in names]
    ordered = paths.transpose(*draws, "time")
    values = ordered.values.reshape(-1, paths.sizes["time"])
    if values.shape[0] < 2 or values.shape[1] < 2:  # noqa: PLR2004 - no spread, no time
        raise refuse(
            "paths must hold at least two draws and two times",
            f"shape {values.shape}",
            "Simulate more",
        )
    if not np.isfinite(values).all():
        at = np.argwhere(~np.isfinite(values))[0]
        raise refuse(
            "every value must be finite",
            f"{values[tuple(at)]} in draw {at[0]}, time {at[1]}",
            "A draw is never dropped: mend or remove it before",
        )
    times = paths["time"].values
    if not np.issubdtype(times.dtype, np.datetime64) or (np.diff(times.astype("M8[D]")) <= 0).any():
        raise refuse(
            "times must be ascending dates, one a day at most",
            clip(str(times.dtype)),
            "Give numpy datetime64 times in order",
        )
    return values, times.astype("datetime64[D]")
