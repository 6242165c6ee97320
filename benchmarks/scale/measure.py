"""Time and memory on a cluster of processes of this machine: measured, one row each."""

from __future__ import annotations

import functools
import os
import pickle
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

import attrition as at
from attrition.core._typing import Floats
from attrition.core.tasks import Arrays, How, each

QUANTITY = "russian-casualties"
MB = 1e6


@contextmanager
def cluster(workers: int) -> Iterator[Any]:
    """Open a cluster of processes with a thread each, on the loopback."""
    from distributed import Client, LocalCluster

    quiet = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "silence_logs": 50}
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, **quiet) as local,
        Client(local) as client,
    ):
        client.run(_ready)
        yield client


def _ready() -> None:
    """Import what the work needs, as a worker that has been up for a while has."""


def _peak() -> float:
    """Return the largest memory that a worker has held [bytes]."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return float(line.split()[1]) * 1_024
    return 0.0


def _reset() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one setting cost.

    Parameters
    ----------
    wall : float
        [s].
    cpu : float
        CPU time of all workers [s].
    peak : float
        Largest memory of any worker [bytes].
    busiest : float
        CPU time of the worker that worked most [s].
    """

    wall: float
    cpu: float
    peak: float
    busiest: float


def timed(client: Any, work: Callable[[], Any]) -> tuple[Cost, Any]:
    """Run some work on a cluster and return what it cost there, and what it returned."""
    client.run(_reset)
    before = client.run(time.process_time)
    begun = time.perf_counter()
    result = work()
    wall = time.perf_counter() - begun
    spent = [now - before[w] for w, now in client.run(time.process_time).items()]
    return Cost(wall, sum(spent), max(client.run(_peak).values()), max(spent)), result


# ------------------------------------------------------------------ hindcasts and tiny tasks


def counts(number: int, days: int = 1_200) -> dict[str, at.Series]:
    """Return simulated counts whose rate wanders, each of its own seed."""
    table = {}
    first = np.datetime64("2015-01-01", "s")
    for seed in range(number):
        rng = np.random.default_rng(seed)
        rate = np.exp(np.log(200.0) + np.cumsum(0.03 * rng.standard_normal(days)))
        array = xr.DataArray(
            rng.poisson(rate).astype(float),
            dims="time",
            coords={"time": first + np.arange(days) * np.timedelta64(86_400, "s")},
            name="daily",
        )
        table[f"series {seed}"] = at.read_series(array)
    return table


def speed_up(series: int = 12, runs: int = 3) -> tuple[float, dict[int, list[Cost]], bool]:
    """Hindcast several series in one thread, and on 1 and 2 workers in turn.

    Returns
    -------
    tuple
        Wall time in this thread [s]; the costs by workers; whether all results are the same bytes.
    """
    series_by_name = counts(series)

    def once(workers: Any) -> dict[str, at.evaluation.Hindcast]:
        return at.hindcast(series_by_name, rng=1, workers=workers)

    begun = time.perf_counter()
    alone = once(None)
    wall = time.perf_counter() - begun
    costs: dict[int, list[Cost]] = {1: [], 2: []}
    same = True
    with cluster(1) as one, cluster(2) as two:
        for _ in range(runs):
            for workers, client in ((1, one), (2, two)):
                cost, result = timed(client, functools.partial(once, client))
                costs[workers].append(cost)
                same &= _bytes(result) == _bytes(alone)
    return wall, costs, same


def places(number: int = 1_000, days: int = 1_095) -> tuple[float, float]:
    """Forecast the coming weeks of many simulated places; return wall and CPU time [s]."""
    table = pd.concat(
        pd.DataFrame({"location": name, "date": series.days[1:], "value": np.diff(series.totals)})
        for name, series in counts(number, days).items()
    )
    began = time.perf_counter(), time.process_time()
    at.forecasts.forecast_many(table, every="week", rng=1, horizons=[1, 2, 3, 4])
    return time.perf_counter() - began[0], time.process_time() - began[1]


def _bytes(hindcasts: dict[str, at.evaluation.Hindcast]) -> bytes:
    rows = (o for one in hindcasts.values() for outcomes in one.outcomes.values() for o in outcomes)
    return b"".join(outcome.cdf.tobytes() for outcome in rows)


def tiny(item: int, step: Callable[[], None]) -> Arrays:
    """Return a number: nothing but the cost of being handed out."""
    del step
    return {"item": np.array(item)}


def scheduler(tasks: int = 100_000, apart: int = 20_000) -> dict[str, float]:
    """Hand out tiny tasks in pieces, and some of them one by one; return seconds a task."""
    with cluster(2) as client:
        begun = time.perf_counter()
        client.gather(client.map(int, range(apart), pure=False, batch_size=10_000))
        one_by_one = (time.perf_counter() - begun) / apart
        begun = time.perf_counter()
        results = each(tiny, range(tasks), How(client), what="tiny tasks")
        together = (time.perf_counter() - begun) / len(results)
    return {"one by one": one_by_one, "in pieces": together}


# ------------------------------------------------------------------ paths in chunks


def forecast(days: int) -> at.Forecast:
    """Return a forecast whose paths have so many days."""
    dossier = at.read_dossier()
    horizon = dossier.latest_published + timedelta(days=days)
    return at.forecast(dossier, seed=1, quantities=[QUANTITY], horizon=horizon, tolerance=30.0)


def law(forecast: at.Forecast, draws: int, thresholds: int, chunk: int = 8_192) -> at.Law:
    """Return the law of paths that are drawn and counted where Dask runs."""
    paths = forecast.paths(QUANTITY, draws=draws, rng=1, dtype=np.float32, chunks=chunk)
    return at.Law.from_paths(paths, np.linspace(1e6, 2e6, thresholds))


def paths(workers: int, settings: list[tuple[int, int, int]]) -> dict[tuple[int, int, int], Cost]:
    """Return the cost of (draws, days, thresholds) on so many workers."""
    table = {}
    with cluster(workers) as client:
        for draws, days, thresholds in settings:
            answer = forecast(days)
            law(answer, 8_192 * workers, thresholds)
            work = functools.partial(law, answer, draws, thresholds)
            table[draws, days, thresholds], _ = timed(client, work)
    return table


def unit_costs(runs: int = 5) -> dict[str, float]:
    """Return what a day of a path costs to draw, and to compare with a threshold [CPU s]."""
    case = forecast(3_652)
    draws, few, many = 8_192, np.array([1.5e6]), np.linspace(1e6, 2e6, 9)
    drawing: list[float] = []
    one: list[float] = []
    nine: list[float] = []
    for _ in range(runs):
        begun = time.process_time()
        paths = case.paths(QUANTITY, draws=draws, rng=1, dtype=np.float32, threads=1)
        drawing.append(time.process_time() - begun)
        for grid, spent in ((few, one), (many, nine)):
            begun = time.process_time()
            at.Law.from_paths(paths, grid)
            spent.append(time.process_time() - begun)
    cells = draws * paths.sizes["time"]
    compare = (statistics.median(nine) - statistics.median(one)) / 8
    return {
        "draw": statistics.median(drawing) / cells,
        "compare": compare / cells,
        "look": (statistics.median(one) - compare) / cells,
    }


def graph(draws: int, days: int, chunk: int) -> dict[str, float]:
    """Build, and do not run, the graph of a law of so many paths; return its size and its cost."""
    import dask

    from attrition.core.laws.paths import tree_of_counts

    case = forecast(days)
    begun = time.perf_counter()
    paths = case.paths(QUANTITY, draws=draws, rng=1, dtype=np.float32, chunks=chunk)
    edges = np.linspace(0, draws, 17).astype(np.int64)
    counts_of = tree_of_counts(paths.data, np.linspace(1e6, 2e6, 8), edges)
    (made_small,) = dask.optimize(counts_of)
    tasks = len(dict(made_small.__dask_graph__()))
    seconds = time.perf_counter() - begun
    sent = len(pickle.dumps(_small_dataset(days + 1)))
    return {"tasks": tasks, "seconds": seconds, "bytes of a Dataset": sent}


def _small_dataset(times: int) -> xr.Dataset:
    values: Floats = np.zeros((1, 8, times))
    return xr.Dataset({"count": (("batch", "threshold", "time"), values.astype(np.int64))})


def load() -> float:
    """Return how many others compete for the cores: the load of the last minute."""
    return os.getloadavg()[0]
