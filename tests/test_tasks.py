"""Work in pieces: the same result whoever does it, and after any stop."""

from __future__ import annotations

import contextlib
import itertools
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import attrition as at
from attrition.core.errors import InputError, UnfinishedError
from attrition.core.tasks import Arrays, Checkpoint, How, _piece, digest, each, shown

Step = Callable[[], None]


def root(item: int, step: Step) -> Arrays:
    step()
    return {"root": np.array([item / 8]), "words": np.array([f"item {item}"])}


def refused(item: int, step: Step) -> Arrays:
    del step
    raise InputError("an item must be known", got=str(item), place="items", remedy="Remove it")


def dying(item: int, step: Step) -> Arrays:
    del step
    if item == 3:
        os._exit(1)
    return {"item": np.array(item)}


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


def values(results: list[Arrays]) -> list[float]:
    return [float(arrays["root"][0]) for arrays in results]


def test_results_stand_in_the_order_of_their_items_whoever_works(processes: Executor) -> None:
    items = list(range(3_000))
    expected = [item / 8 for item in items]
    with ThreadPoolExecutor(3) as threads:
        for workers in (None, threads, "threads:2", processes):
            assert values(each(root, items, How(workers), what="roots")) == expected
    assert each(root, [], How(), what="roots") == []


def test_many_small_items_are_handed_out_in_few_pieces() -> None:
    submitted = []

    class Counting(ThreadPoolExecutor):
        def submit(self, *args: Any, **options: Any) -> Any:
            submitted.append(len(args[2]))
            return super().submit(*args, **options)

    with Counting(2) as pool:
        each(root, range(100_000), How(pool), what="roots")
    assert len(submitted) <= 1_024
    assert sum(submitted) == 100_000


def test_what_is_done_is_not_done_again_and_the_same_call_goes_on(tmp_path: Path) -> None:
    done: list[int] = []

    def noted(item: int, step: Step) -> Arrays:
        done.append(item)
        if item == 5 and len(done) == 6:
            raise KeyboardInterrupt
        return root(item, step)

    how = How(checkpoint=tmp_path / "kept")
    with pytest.raises(KeyboardInterrupt):
        each(noted, range(9), how, what="roots", key="k")
    assert values(each(noted, range(9), how, what="roots", key="k")) == [i / 8 for i in range(9)]
    assert done == [*range(6), *range(5, 9)]
    assert all(not path.name.startswith(".") for path in how_folder(how).iterdir())


def how_folder(how: How) -> Path:
    return Path(str(how.checkpoint))


def test_a_checkpoint_of_other_work_is_refused(tmp_path: Path) -> None:
    how = How(checkpoint=tmp_path)
    each(root, range(3), how, what="three roots", key=digest("three"))
    with pytest.raises(InputError, match=r"goes on with the work.*three roots"):
        each(root, range(4), how, what="four roots", key=digest("four"))


@pytest.mark.parametrize("spoil", ["cut", "flip", "empty"])
def test_a_spoilt_piece_is_done_again(tmp_path: Path, spoil: str) -> None:
    kept = Checkpoint.at(tmp_path, "roots", "k", 1)
    kept.save(0, [root(item, lambda: None) for item in range(400)])
    file = tmp_path / "piece-000000"
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 3] ^= 0xFF
    file.write_bytes({"cut": bytes(raw[: len(raw) // 2]), "flip": bytes(raw), "empty": b""}[spoil])
    assert kept.load(0) is None
    kept.save(0, [root(4, lambda: None)])
    assert values(kept.load(0) or []) == [0.5]


@pytest.mark.parametrize("workers", [None, "threads:2"])
def test_a_time_limit_stops_cleanly_and_says_what_is_kept(
    tmp_path: Path, workers: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a clock that goes on with each item, and not by how fast the machine is."""
    items = itertools.count()
    now = [0.0]
    monkeypatch.setattr("attrition.core.tasks.time.monotonic", lambda: now[0])

    def slow_root(item: int, step: Step) -> Arrays:
        now[0] = 0.05 * next(items)
        return root(item, step)

    how = How(workers, checkpoint=tmp_path / "kept", max_time=0.6)
    with pytest.raises(UnfinishedError, match="of 40 pieces done; they are kept in"):
        each(slow_root, range(40), how, what="roots", key="k")
    begun = len(list((tmp_path / "kept").glob("piece-*")))
    assert 0 < begun < 40
    with pytest.raises(UnfinishedError, match="nothing was kept; give a checkpoint"):
        each(slow_root, range(40), How(workers, max_time=0.1), what="roots")
    whole = each(root, range(40), How(checkpoint=tmp_path / "kept"), what="roots", key="k")
    assert values(whole) == [item / 8 for item in range(40)]


def test_a_refusal_in_another_process_reads_as_it_would_here(processes: Executor) -> None:
    with pytest.raises(InputError, match=r"an item must be known, got 0 \(items\)"):
        each(refused, range(1), How(processes), what="roots")
    error = InputError("a rule", got="1", place="here", remedy="Mend it")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - made on this line


def test_a_process_that_dies_is_named_and_what_was_done_is_kept(tmp_path: Path) -> None:
    how = How("processes:1", checkpoint=tmp_path / "kept")
    with pytest.raises(UnfinishedError, match="a worker process ended before its time"):
        each(dying, range(6), how, what="items", key="k")
    assert (tmp_path / "kept" / "piece-000000").exists()


@pytest.mark.parametrize("seed", range(20))
def test_what_was_done_beside_a_death_is_kept_in_whatever_order_it_is_seen(
    tmp_path: Path, seed: int
) -> None:
    """All futures are ended before any is collected, as on a machine that is busy elsewhere."""
    death = int(np.random.default_rng(seed).integers(6))

    class Dying(ThreadPoolExecutor):
        def submit(self, *args: Any, **options: Any) -> Any:
            del options
            future: Future[Any] = Future()
            future.set_running_or_notify_cancel()
            if args[2][0] == death:
                future.set_exception(BrokenProcessPool("gone"))
            else:
                future.set_result(_piece(args[1], args[2]))
            return future

    how = How(Dying(6), checkpoint=tmp_path / "kept")
    with pytest.raises(UnfinishedError, match="with 5 of 6 pieces done"):
        each(root, range(6), how, what="items", key="k")
    assert len(list((tmp_path / "kept").glob("piece-*"))) == 5


@pytest.mark.parametrize("wrong", ["thread", "processes:0", "threads:x", 3])
def test_workers_that_are_none_are_refused(wrong: Any) -> None:
    with pytest.raises(InputError, match="`workers` must be"):
        each(root, [1], How(wrong), what="roots")


def test_times_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match="`max_time` must be a positive"):
        How(max_time=0.0)


def test_progress_is_told_to_callables_and_to_bars_like_those_of_tqdm() -> None:
    class Bar:
        total: int | None = None
        n = 0

        def update(self, n: float = 1) -> None:
            self.n += int(n)

    rows: list[tuple[int, int]] = []
    bar = Bar()
    for progress in (lambda done, total: rows.append((done, total)), bar):
        each(root, range(7), How(progress=progress), what="roots")
    assert rows[0] == (0, 7)
    assert rows[-1] == (7, 7)
    assert [done for done, _ in rows] == sorted(done for done, _ in rows)
    assert (bar.n, bar.total) == (7, 7)
    with pytest.raises(InputError, match="`progress` must be True"), shown("yes", "x"):  # type: ignore[arg-type]
        pass


def test_progress_is_silent_where_nobody_looks(capfd: pytest.CaptureFixture[str]) -> None:
    each(root, range(7), How(progress=True), what="roots")
    assert capfd.readouterr() == ("", "")


def test_a_notebook_shows_a_bar_of_tqdm_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with shown(progress=True, what="roots") as report:
        report(1, 7)
    assert capfd.readouterr() == ("", "")
    monkeypatch.undo()
    auto = pytest.importorskip("tqdm", reason="tqdm is not installed")
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    monkeypatch.setitem(sys.modules, "tqdm.auto", auto)
    with shown(progress=True, what="roots") as report:
        report(0, 7)
        report(7, 7)
    output = capfd.readouterr().err
    assert "roots" in output
    assert "7/7" in output


def test_a_terminal_shows_the_time_left() -> None:
    import pty

    code = (
        "from attrition.core.tasks import shown\n"
        "with shown(True, 'origins') as told:\n"
        "    for done in range(7): told(done, 6)\n"
    )
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stderr=follower, env=environment):
        os.close(follower)
        output = b""
        with contextlib.suppress(OSError):  # the terminal is gone with its last writer
            while part := os.read(leader, 65_536):
                output += part
    os.close(leader)
    assert b"origins" in output
    assert b"/6" in output
    assert re.search(rb"\d:\d\d:\d\d", output)


def test_a_long_work_says_what_it_does_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="attrition"):
        each(root, range(3), How(), what="roots")
    assert [record.message for record in caplog.records] == ["roots: 3 pieces done"]


KILLED = """
import sys
import attrition as at
sys.path.insert(0, {tests!r})
from test_tasks import counted
print("begun", flush=True)
at.hindcast(counted(), rng=1, every=4, checkpoint=sys.argv[1])
"""


def counted() -> at.Series:
    from test_pace import random_walk, series_of

    return series_of(random_walk(450, 0.1, 5.0, seed=21)[0])


def fingerprint(result: at.evaluation.Hindcast) -> str:
    rows = [(method, o) for method, outcomes in result.outcomes.items() for o in outcomes]
    values = [(m, o.origin, o.threshold, o.lead, o.horizon, o.day) for m, o in rows]
    return digest(*values, *(o.cdf for _, o in rows))


def test_a_hindcast_is_the_same_whoever_works(processes: Executor, tmp_path: Path) -> None:
    series = counted()
    alone = fingerprint(at.hindcast(series, rng=1, every=5))
    assert fingerprint(at.hindcast(series, rng=1, every=5, workers=processes)) == alone
    assert fingerprint(at.hindcast(series, rng=1, every=5, workers="threads:2")) == alone
    kept = tmp_path / "kept"
    assert fingerprint(at.hindcast(series, rng=1, every=5, checkpoint=kept)) == alone
    assert fingerprint(at.hindcast(series, rng=1, every=5, checkpoint=kept)) == alone
    with pytest.raises(InputError, match="goes on with the work"):
        at.hindcast(series, rng=2, every=5, checkpoint=kept)


def test_a_hindcast_killed_at_any_moment_goes_on_to_the_same_result(tmp_path: Path) -> None:
    """Three times here; ``python -m benchmarks.kills`` does it twenty times."""
    kept = tmp_path / "kept"
    code = KILLED.format(tests=str(Path(__file__).parent))
    for pieces in (0, 1, 4):  # by when so many are done, on a machine of any speed
        with subprocess.Popen(
            [sys.executable, "-c", code, str(kept)], stdout=subprocess.PIPE
        ) as running:
            assert running.stdout is not None
            running.stdout.readline()
            while len(list(kept.glob("piece-*"))) < pieces and running.poll() is None:
                time.sleep(0.001)
            running.send_signal(signal.SIGKILL)
    whole = fingerprint(at.hindcast(counted(), rng=1, every=4, checkpoint=kept))
    assert whole == fingerprint(at.hindcast(counted(), rng=1, every=4))
