"""A law from anybody's paths: arrays of draws, monotone or not, at any report dates."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from attrition.core._typing import Floats
from attrition.core.errors import InputError, clip
from attrition.core.laws.law import Law, Provenance, make_law
from attrition.core.laws.totals import Totals, totals_of
from attrition.core.neighbours import paths_from

if TYPE_CHECKING:
    import xarray as xr

BATCHES = 16
"""Batches of draws that measure the Monte Carlo error."""

RUNNING_MAXIMUM = "paths that fall are read by their running maximum: the first time at or above"

Counts = npt.NDArray[np.int64]


def law_of(
    paths: Any,  # noqa: ANN401 - what people have
    thresholds: Sequence[float] | Floats,
    *,
    variable: str | None = None,
    start: date | str | None = None,
    title: str = "Total",
    definition: str = "as simulated",
    unit: str | None = None,
) -> Law:
    """Return the law of the first time at which simulated totals reach thresholds.

    Parameters
    ----------
    paths : DataArray, Dataset, DataTree, InferenceData, DataFrame or array
        Dims ``time`` and ``draw``, and perhaps ``chain``; of an object of ArviZ the group
        ``posterior_predictive``; of a frame a row a date and a column a draw. The first time is
        the information date. Times may be daily or irregular, ascending; between them nothing is
        seen, so that a crossing is dated by the first report at or above the threshold. An
        array in chunks of Dask is read chunk by chunk where Dask runs, to the same bytes.
    thresholds : sequence of float
        Totals [unit].
    variable : str, optional
        Which variable, where there are several.
    start : datetime.date or str, optional
        The first day, where times are no dates.
    title, definition : str
        What is counted, for sentences.
    unit : str, optional
        Its unit; ``paths.attrs["units"]`` when left out.

    Returns
    -------
    Law
        Daily; its replicates are at least 16 batches of draws that follow one another, each of
        one chain, weighted by their size, so that the error of correlated draws is seen. Every
        draw counts.

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
    array = paths_from(paths, variable=variable, start=start)
    days = _checked(array)
    grid = np.unique(np.asarray(thresholds, dtype=float))
    if grid.size == 0 or not np.isfinite(grid).all():
        raise InputError(
            "thresholds must be finite numbers, at least one",
            got=clip(list(thresholds)),
            place="law_of",
            remedy="Give for example [1_000_000]",
        )
    flat = array.transpose(*(name for name in ("chain", "draw") if name in array.dims), "time")
    draws = flat.size // flat.sizes["time"]
    edges = batch_edges(flat.sizes.get("chain", 1), flat.sizes["draw"])
    if flat.chunks is None:
        counts, falls = counted(flat.values.reshape(draws, -1), grid, edges)
    else:
        from attrition.core.laws.chunked import counted_in_chunks

        counts, falls = counted_in_chunks(flat, grid, edges)
    sizes = np.diff(edges).astype(float)
    surface = shares(counts, sizes[:, None, None], grid)
    offsets = ((days - days[0]) / np.timedelta64(1, "D")).astype(int)
    seen = np.searchsorted(offsets, np.arange(offsets[-1] + 1), side="right") - 1
    provenance = Provenance(
        quantity="total" if array.name is None else str(array.name),
        title=title,
        definition=definition,
        unit=unit or str(array.attrs.get("units", "")),
        model="paths from elsewhere",
        points=draws,
        sampling="plain draws",
        notes=(RUNNING_MAXIMUM,) if falls else (),
    )
    begin: date = days[0].astype("datetime64[D]").astype(object)
    law = make_law(surface[..., seen], grid, begin, provenance, weights=sizes)
    if flat.chunks is not None:
        return law  # the draws need not fit this machine
    return law.with_totals(
        functools.partial(_totals, flat.values.reshape(draws, -1), edges, offsets)
    )


def _totals(values: Floats, edges: Counts, offsets: Counts) -> Totals:
    """Return the quantiles of the running maximum of paths: between two reports nothing moves."""
    days = np.union1d(offsets, np.maximum(offsets - 1, 0))
    rising = np.maximum.accumulate(values, axis=1)
    seen = np.searchsorted(offsets, days, side="right") - 1
    return totals_of([rising[a:b][:, seen] for a, b in itertools.pairwise(edges)], days)


def batch_edges(chains: int, draws: int) -> Counts:
    """Return where batches begin and end among draws, chain after chain; each is of one chain."""
    whole = chains * draws
    each = min(-(-BATCHES // chains), draws)
    inner = [part[0] for part in np.array_split(np.arange(draws), each)]
    starts = np.add.outer(np.arange(chains) * draws, inner).ravel()
    return np.append(starts, whole).astype(np.int64)


def counted(values: Floats, grid: Floats, edges: Counts, first: int = 0) -> tuple[Counts, bool]:
    """Count draws by batch, threshold and time, and tell whether any path fell.

    Parameters
    ----------
    values : ndarray of float, shape (draw, time)
    grid : ndarray of float, shape (threshold,)
    edges : ndarray of int, shape (batch + 1,)
        Draws at which batches begin, counted as ``first`` is.
    first : int
        Number of the first draw, for errors and for the batches.

    Returns
    -------
    ndarray of int, shape (batch, threshold, time)
        At or above each threshold where there are few of them, else below.
    bool
        Whether any path fell.

    Raises
    ------
    InputError
        If a value is not finite.
    """
    if not np.isfinite(values).all():
        at = np.argwhere(~np.isfinite(values))[0]
        raise InputError(
            "every value must be finite",
            got=f"{values[tuple(at)]} in draw {first + at[0]}, time {at[1]}",
            place="paths",
            remedy="A draw is never dropped: mend or remove it before",
        )
    falls = bool((values[:, 1:] < values[:, :-1]).any())
    if falls:
        values = np.maximum.accumulate(values, axis=1)
    cuts = np.clip(edges - first, 0, values.shape[0])
    parts = [values[a:b] for a, b in itertools.pairwise(cuts)]
    return np.stack([_counts(part, grid) for part in parts]), falls


def _counts(values: Floats, grid: Floats) -> Counts:
    if _few(grid):
        counts = [np.count_nonzero(values >= np.float64(k), axis=0) for k in grid]
        return np.stack(counts).astype(np.int64)
    ordered = np.sort(values, axis=0)
    below = [np.searchsorted(column, grid, side="left") for column in ordered.T]
    return np.stack(below, axis=1).astype(np.int64)


def _few(grid: Floats) -> bool:
    return grid.size <= BATCHES


def shares(counts: Counts, draws: Floats | float, grid: Floats) -> Floats:
    """Return the shares at or above each threshold of draws that were counted."""
    fractions = counts / draws
    return np.asarray(fractions if _few(grid) else 1.0 - fractions)


def exceedance_of(values: Floats, thresholds: Floats) -> Floats:
    """Return the share of draws at or above each threshold, shape (threshold, time)."""
    return shares(_counts(values, thresholds), float(values.shape[0]), thresholds)


def _checked(paths: xr.DataArray) -> npt.NDArray[np.datetime64]:
    """Return the report days of paths that have the right dims."""

    def refuse(rule: str, got: str, remedy: str) -> InputError:
        return InputError(rule, got=got, place="paths", remedy=remedy)

    names = [str(name) for name in paths.dims]
    if "time" not in names or "draw" not in names or set(names) - {"time", "draw", "chain"}:
        raise refuse(
            "paths must have the dims `draw` and `time`, and perhaps `chain`",
            clip(names),
            "Rename or stack them",
        )
    if paths.size // paths.sizes["time"] < 2 or paths.sizes["time"] < 2:  # noqa: PLR2004 - no spread, no time
        raise refuse(
            "paths must hold at least two draws and two times",
            f"shape {paths.shape}",
            "Simulate more",
        )
    times = paths["time"].values
    whole = np.issubdtype(times.dtype, np.datetime64)
    if not whole or not (np.diff(times.astype("M8[D]")) > np.timedelta64(0, "D")).all():
        raise refuse(
            "times must be ascending dates, one a day at most",
            clip(str(times.dtype)),
            "Give numpy datetime64 times in order, or `start`, the first day",
        )
    return times.astype("datetime64[D]")
