"""The same bytes on a cluster: two worker processes on this machine, talked to by loopback."""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import attrition as at
from attrition.core.tasks import Arrays, How, each
from test_tasks import counted, fingerprint, root

SCRIPT = Path(__file__).parent.parent / "docs" / "examples" / "scale.py"
distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
dask = pytest.importorskip("dask")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    quiet = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "silence_logs": 50}
    with (
        dask.config.set({"distributed.worker.profile.enabled": False}),  # a look every 10 ms
        distributed.LocalCluster(**options, **quiet) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def until(comes: Callable[[], bool]) -> None:
    """Wait for what comes sooner or later: ten minutes at the most, so that no fault hangs."""
    end = time.monotonic() + 600
    while not comes():
        assert time.monotonic() < end
        time.sleep(0.05)


def pids(client: Any) -> dict[str, int]:
    return dict(client.run(os.getpid))


def test_a_hindcast_is_the_same_on_a_cluster(client: Any) -> None:
    alone = fingerprint(at.hindcast(counted(), rng=1, every=15))
    assert fingerprint(at.hindcast(counted(), rng=1, every=15, workers=client)) == alone
    address = client.scheduler.address
    assert fingerprint(at.hindcast(counted(), rng=1, every=15, workers=address)) == alone


def test_a_law_is_the_same_on_a_cluster(client: Any, bundled: at.Dossier) -> None:
    def surfaces(workers: Any) -> list[bytes]:
        asked = ["russian-casualties"]
        forecast = at.forecast(bundled, seed=1, quantities=asked, tolerance=0.03, workers=workers)
        return [law.surface().tobytes() for law in forecast.laws.values()]

    assert surfaces(client) == surfaces(None)


def test_a_law_of_paths_in_chunks_is_that_of_the_whole_array(
    client: Any, bundled: at.Dossier
) -> None:
    asked = {"draws": 40_000, "rng": 3, "dtype": np.float32}
    names = ["russian-casualties", "russian-killed"]  # the second is a share of the first
    reported = at.forecast(bundled, seed=1, quantities=names, size=64, horizon="2025-08-31")
    series = counted()
    level = float(series.totals[-1])
    recorded = at.forecast(
        series,
        thresholds=[1.1 * level],
        seed=1,
        tolerance=30.0,
        horizon=series.last_day + timedelta(days=90),
    )
    for forecast, quantity, thresholds in (
        (reported, "russian-casualties", [1e6, 1.1e6]),
        (reported, "russian-killed", [250e3, 300e3]),
        # nothing of a count is drawn before it is read, in whole blocks
        (recorded, "recorded-total", [1.1 * level]),
    ):
        everything = forecast.paths(quantity, **asked)  # type: ignore[arg-type]
        chunked = forecast.paths(quantity, **asked, chunks=10_000)  # type: ignore[arg-type]
        assert chunked.chunks is not None
        assert chunked.chunks[0] == (16_384, 16_384, 7_232)
        expected = at.Law.from_paths(everything, thresholds)
        law = at.Law.from_paths(chunked, thresholds)
        assert law.surface().tobytes() == expected.surface().tobytes()
        assert law.provenance == expected.provenance
        np.testing.assert_array_equal(chunked.values, everything.values)
    del client  # the default scheduler of this test


@pytest.mark.parametrize("count", [5, 40])
def test_chunks_may_lie_across_chains_batches_and_times(client: Any, count: int) -> None:
    del client
    rng = np.random.default_rng(1)
    values = np.cumsum(rng.normal(0.3, 1.0, (3, 70, 30)), axis=2)
    days = np.datetime64("2025-01-01", "s") + np.arange(30) * np.timedelta64(86_400, "s")
    paths = xr.DataArray(values, dims=("chain", "draw", "time"), coords={"time": days})
    grid = np.linspace(0.0, 12.0, count)
    expected = at.Law.from_paths(paths, grid)
    law = at.Law.from_paths(paths.chunk({"draw": 23, "time": 7, "chain": 2}), grid)
    assert law.surface().tobytes() == expected.surface().tobytes()
    assert law.provenance == expected.provenance
    spoilt = paths.copy()
    spoilt[1, 50, 3] = np.nan
    for broken in (spoilt, spoilt.chunk({"draw": 23})):
        with pytest.raises(at.InputError, match="nan in draw 120, time 3"):
            at.Law.from_paths(broken, grid)


def test_one_script_runs_unchanged_on_threads_processes_and_a_cluster(
    client: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = {}
    for workers in ("", "threads:2", client.scheduler.address):
        monkeypatch.setenv("ATTRITION_WORKERS", workers)
        runpy.run_path(str(SCRIPT), run_name="__main__")
        printed = capsys.readouterr()
        assert printed.err == ""
        table[workers] = printed.out
    # processes read the script too, and must not begin it anew
    monkeypatch.setenv("ATTRITION_WORKERS", "processes:2")
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    table["processes:2"] = done.stdout
    assert len(set(table.values())) == 1
    assert len(table[""].splitlines()) == 4


def test_a_worker_that_is_killed_changes_nothing(client: Any) -> None:
    alone = fingerprint(at.hindcast(counted(), rng=1, every=9))
    before = pids(client)
    victim = next(iter(before))
    gone: list[str] = []

    def kill(done: int, total: int) -> None:
        """Kill a worker amid the work, when the first results have come."""
        if 0 < done < total and not gone:
            os.kill(before[victim], signal.SIGKILL)
            gone.append(victim)

    killed = at.hindcast(counted(), rng=1, every=9, workers=client, progress=kill)
    assert fingerprint(killed) == alone
    assert gone
    until(lambda: victim not in client.scheduler_info()["workers"])
    until(lambda: len(client.scheduler_info()["workers"]) == 2)
    assert before[victim] not in pids(client).values()


def slow(item: int, step: Callable[[], None]) -> Arrays:
    time.sleep(0.05)
    return root(item, step)


def test_cancelling_leaves_whole_files_and_an_idle_cluster(client: Any, tmp_path: Path) -> None:
    def interrupted(done: int, total: int) -> None:
        if 3 <= done < total:
            raise KeyboardInterrupt

    how = How(client, checkpoint=tmp_path / "kept", progress=interrupted)
    with pytest.raises(KeyboardInterrupt):
        each(slow, range(200), how, what="roots", key="k")
    names = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert 1 < len(names) < 200
    assert all(name == "work.json" or name.startswith("piece-") for name in names)
    until(lambda: not any(client.processing().values()))
    whole = each(root, range(200), How(client, checkpoint=tmp_path / "kept"), what="roots", key="k")
    assert [float(arrays["root"][0]) for arrays in whole] == [item / 8 for item in range(200)]


def test_tiny_tasks_are_handed_out_in_batches(client: Any) -> None:
    """Three in each piece here; ``python -m benchmarks.scale`` does a hundred thousand."""
    results = each(root, range(2_050), How(client), what="roots")
    assert [float(arrays["root"][0]) for arrays in results] == [item / 8 for item in range(2_050)]


def test_memory_of_workers_stays_flat_over_many_chunks(client: Any, whole: at.Forecast) -> None:
    """Ten chunks of 48 MB: a worker that kept its five would hold 200 MB more than with one."""

    def used() -> dict[str, int]:
        return dict(client.run(_resident))

    def law(draws: int) -> at.Law:
        paths = whole.paths("russian-casualties", draws=draws, rng=3, chunks=8_192)
        return at.Law.from_paths(paths, [1e6])

    law(8_192 * 2)
    before = used()
    law(8_192 * 10)
    after = used()
    assert all(after[worker] - before[worker] < 120e6 for worker in before)


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
