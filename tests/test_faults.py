"""What is stored is what is read back, or nothing; what is written is whole, or not there."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.kills import written

import attrition as at
from attrition.core.files import try_file, try_folder, write_folder, write_whole
from attrition.core.laws import Law, Provenance, make_law
from attrition.core.tasks import Checkpoint
from attrition.reporting.exchange import _SEALED, law_digest
from test_cli import Command

FLIPS = 250


@pytest.fixture(scope="module")
def law() -> Law:
    rng = np.random.default_rng(1)
    paths = rng.poisson(3.0, (4, 40, 60)).cumsum(-1)
    surface = np.stack([(paths >= k).mean(1) for k in range(20, 140, 20)], axis=1)
    what = Provenance(quantity="q", title="Total", definition="what is counted", notes=("a note",))
    return make_law(surface, np.arange(20.0, 140.0, 20.0), date(2025, 6, 1), what)


def flipped(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(raw))
    changed = raw[place] ^ (1 << chance.randrange(8))
    return raw[:place] + bytes([changed]) + raw[place + 1 :]


def _read_each(files: list[Path], queue: multiprocessing.Queue[str]) -> None:
    """Read laws one by one; in a process of its own, which a damaged file may take with it."""
    for file in files:
        try:
            queue.put(law_digest(at.exchange.read_law(file)))
        except at.InputError:
            queue.put("refused")


@pytest.mark.parametrize("form", ["nc", "parquet"])
def test_no_flipped_bit_of_a_stored_law_reads_back_as_another(
    law: Law, form: str, tmp_path: Path
) -> None:
    raw = at.exchange.write_law(law, tmp_path / f"law.{form}").read_bytes()
    chance = random.Random(form)  # noqa: S311 - no secret
    files = [tmp_path / f"flip-{n}.{form}" for n in range(FLIPS)]
    for file in files:
        file.write_bytes(flipped(raw, chance))
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[str] = context.Queue()
    worker = context.Process(target=_read_each, args=(files, queue))
    worker.start()
    answers = [queue.get(timeout=300) for _ in files]
    worker.join()
    assert set(answers) <= {"refused", law_digest(law)}
    assert answers.count("refused") > FLIPS / 20  # the flips did reach what is read


@pytest.mark.parametrize("form", ["nc", "parquet", "zarr"])
def test_a_stored_law_reads_back_with_its_digest(law: Law, form: str, tmp_path: Path) -> None:
    again = at.exchange.read_law(at.exchange.write_law(law, tmp_path / f"law.{form}"))
    assert law_digest(again) == law_digest(law)


@pytest.mark.parametrize("damage", ["cut", "attributes"])
def test_a_file_that_is_no_netcdf_is_refused_without_a_word_of_other_libraries(
    damage: str,
    law: Law,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = at.exchange.write_law(law, tmp_path / "law.nc")
    raw = bytearray(file.read_bytes()[:-_SEALED])  # no seal is left, which would tell
    if damage == "cut":
        del raw[300:]
    else:
        raw[raw.index(b"OHDR") + 30] ^= 1  # the file opens, and what its head says does not
    file.write_bytes(raw)
    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    with pytest.raises(at.InputError, match="a file that can be read"):
        at.exchange.read_law(file)
    gc.collect()
    assert (said, capfd.readouterr().err) == ([], "")


def test_a_law_with_one_changed_number_or_word_is_refused(law: Law, tmp_path: Path) -> None:
    import xarray as xr

    file = at.exchange.write_law(law, tmp_path / "law.nc")
    stored = xr.load_dataset(file, engine="h5netcdf")
    number = stored.copy(deep=True)
    number = number.assign_coords(threshold=number["threshold"] + 2.0**-40)
    word = stored.copy(deep=True)
    word.attrs["provenance"] = word.attrs["provenance"].replace("a note", "a vote")
    bare = stored.copy(deep=True)
    del bare.attrs["attrition_sha256"]
    for changed in (number, word, bare):
        changed.to_netcdf(file, engine="h5netcdf")
        with pytest.raises(at.InputError, match="must be the one that was written"):
            at.exchange.read_law(file)


def test_a_chunk_of_a_store_that_is_cut_short_is_refused(law: Law, tmp_path: Path) -> None:
    store = at.exchange.write_law(law, tmp_path / "law.zarr")
    chunks = [path for path in store.rglob("c/*") if path.is_file()]
    chunks += [path for path in store.rglob("c/**/*") if path.is_file()]
    assert chunks
    for chunk in set(chunks):
        raw = chunk.read_bytes()
        chunk.write_bytes(raw[: len(raw) // 2])
        with pytest.raises(at.InputError):
            at.exchange.read_law(store)
        chunk.write_bytes(raw)
    assert law_digest(at.exchange.read_law(store)) == law_digest(law)


@pytest.mark.parametrize("form", ["nc", "parquet", "zarr"])
def test_a_small_file_that_unpacks_to_very_much_is_refused_before_it_does(
    law: Law, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = at.exchange.write_law(law, tmp_path / f"law.{form}")
    monkeypatch.setattr("attrition.reporting.exchange._UNPACKED", law.surface().nbytes - 1)
    with pytest.raises(at.InputError, match="must unpack to less than"):
        at.exchange.read_law(file)


# ------------------------------------------------------------------ checkpoints

RESULT = [{"x": np.arange(3.0)}]


def begun(folder: Path, key: str = "seed 1") -> Checkpoint:
    return Checkpoint.at(folder, "work", key, 2)


def test_a_piece_is_used_in_its_own_place_of_its_own_work_only(tmp_path: Path) -> None:
    one, other = begun(tmp_path / "a"), begun(tmp_path / "b", "seed 2")
    for checkpoint in (one, other):
        checkpoint.save(0, RESULT)
    loaded = one.load(0)
    assert loaded is not None
    np.testing.assert_array_equal(loaded[0]["x"], RESULT[0]["x"])
    shutil.copy(tmp_path / "a" / "piece-000000", tmp_path / "a" / "piece-000001")
    assert one.load(1) is None
    shutil.copy(tmp_path / "b" / "piece-000000", tmp_path / "a" / "piece-000000")
    assert one.load(0) is None


@pytest.mark.parametrize("change", ["seed", "version"])
def test_a_lost_manifest_does_not_let_in_the_pieces_of_another_seed_or_version(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(tmp_path).save(0, RESULT)
    (tmp_path / "work.json").unlink()
    if change == "version":
        monkeypatch.setattr("attrition.core.tasks.__version__", "0.0.0")
    again = begun(tmp_path, "seed 2" if change == "seed" else "seed 1")
    assert again.load(0) is None


def test_no_flipped_bit_of_a_piece_is_used(tmp_path: Path) -> None:
    checkpoint = begun(tmp_path)
    checkpoint.save(0, RESULT)
    file, chance = tmp_path / "piece-000000", random.Random(1)  # noqa: S311 - no secret
    raw = file.read_bytes()
    for _ in range(FLIPS):
        file.write_bytes(flipped(raw, chance))
        assert checkpoint.load(0) is None
    file.write_bytes(raw)
    assert checkpoint.load(0) is not None


@pytest.mark.parametrize("text", ["", "[]", "null", '{"key": 1}', "\x00"])
def test_a_damaged_manifest_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "work.json").write_text(text, encoding="utf-8")
    with pytest.raises(at.InputError, match="goes on with the work"):
        begun(tmp_path)


def test_of_two_runs_begun_in_one_folder_one_is_refused(tmp_path: Path) -> None:
    begun(tmp_path)
    with pytest.raises(at.InputError, match="goes on with the work"):
        begun(tmp_path, "seed 2")
    assert write_whole(tmp_path / "file", b"1", first=True) is True
    assert write_whole(tmp_path / "file", b"2", first=True) is False
    assert (tmp_path / "file").read_bytes() == b"1"


# ------------------------------------------------------------------ writing


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


@pytest.mark.parametrize("mask", [0o077, 0o027, 0o002])
def test_files_and_folders_have_the_rights_that_the_umask_leaves(
    mask: int, umask: Callable[[int], int], tmp_path: Path
) -> None:
    umask(mask)
    write_whole(tmp_path / "file", b"1")
    write_folder(tmp_path / "out", {"a": b"1"})
    rights = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("file", "out", "out/a")]
    assert rights == [0o666 & ~mask, 0o777 & ~mask, 0o666 & ~mask]


def test_what_is_renamed_was_brought_to_the_disk_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    sync, rename = os.fsync, Path.replace

    def synced(handle: int) -> None:
        order.append("file" if stat.S_ISREG(os.fstat(handle).st_mode) else "folder")
        sync(handle)

    def renamed(self: Path, target: Path) -> Path:
        order.append("rename")
        return rename(self, target)

    monkeypatch.setattr("os.fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    write_whole(tmp_path / "file", b"1")
    assert order == ["file", "rename", "folder"]
    order.clear()
    write_folder(tmp_path / "out", {"a": b"1", "b": b"2"})
    assert order == ["file", "file", "folder", "rename", "folder"]


def test_nothing_of_an_older_run_stays_and_nothing_of_others_goes(tmp_path: Path) -> None:
    for mine in ([], ["notes.txt"]):
        out = tmp_path / f"out{len(mine)}"
        write_folder(out, {"results.json": b"1", "record.json": b"1"})
        for name in mine:
            (out / name).write_text("mine")
        write_folder(out, {"results.json": b"2"}, {"results.json", "record.json", "fan.svg"})
        assert sorted(path.name for path in out.iterdir()) == sorted(["results.json", *mine])
        assert (out / "results.json").read_bytes() == b"2"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_figure_of_somebody_else_is_not_taken_for_ours(tmp_path: Path) -> None:
    from attrition.cli.writing import ours_in

    (tmp_path / "fan.png").write_bytes(b"theirs")
    assert ours_in(str(tmp_path)) == set()
    (tmp_path / "results.json").write_text("{}")
    assert "fan.png" in ours_in(str(tmp_path))


def test_trying_a_folder_leaves_nothing_and_makes_nothing(tmp_path: Path) -> None:
    try_folder(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/none")):
        with pytest.raises(at.InputError, match="writable"):
            try_folder(path)


def test_a_file_is_tried_without_leaving_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("kept")
    Path("folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    for wanted in (None, Path("new.svg"), Path("a/b.svg"), Path("file")):
        try_file(wanted)
    rules = {"file/x.svg": "must be writable", "folder": "must not be a folder, got a folder"}
    for path, rule in rules.items():
        with pytest.raises(at.InputError, match=rule) as refused:
            try_file(Path(path))
        assert path in str(refused.value)
    assert sorted(tmp_path.rglob("*")) == before
    assert Path("file").read_text() == "kept"


@pytest.mark.parametrize("out", ["", "file", "file/below"])
def test_a_bad_output_folder_is_refused_before_the_work(
    out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.chdir(tmp_path)
    for asked in ("forecast", "report", "hindcast"):
        done = command(asked, "no-such-file.csv", "--out", out)
        assert done.returncode == 2
        assert "output folder" in done.stderr


def test_the_table_is_printed_even_where_the_folder_fails_after_the_work(
    exact_text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from attrition.cli import main

    def full(folder: Path, *_: object) -> bool:
        raise at.InputError(
            "the output folder must be writable", got="full", place=str(folder), remedy="Free some"
        )

    dossier = tmp_path / "dossier.toml"
    dossier.write_text(exact_text, encoding="utf-8")
    monkeypatch.setattr("attrition.core.files.write_folder", full)
    monkeypatch.setattr(
        "sys.argv", ["attrition", "forecast", str(dossier), "--out", str(tmp_path / "o")]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert "When each total passes its thresholds" in printed.out
    assert "printed, but not written" in printed.err
    assert ended.value.code == 3


# ------------------------------------------------------------------ exit codes


def ended(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    from attrition.cli import main

    monkeypatch.setattr("sys.argv", ["attrition", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


def test_a_fault_of_ours_is_one_line_with_a_code_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("surface\nof two lines")

    monkeypatch.setattr("attrition.check", broken, raising=False)
    assert ended(monkeypatch, "check") == 70
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert "a fault of attrition" in printed.err
    assert "please report it" in printed.err
    assert "Traceback" not in printed.err


@pytest.mark.parametrize(
    ("name", "code"), [("matplotlib", 3), ("PIL.Image", 3), ("attrition.lost", 70)]
)
def test_a_library_that_was_taken_away_is_named_and_is_no_fault_of_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, code: int
) -> None:
    def lacking(*_: object) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr("attrition.check", lacking, raising=False)
    assert ended(monkeypatch, "check") == code
    printed = capsys.readouterr().err
    assert (f"{name} is not installed" in printed) is (code == 3)
    assert printed.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (at.InputError("a rule", got="x", place="y", remedy="Mend it"), 2),
        (MemoryError(), 3),
        (OSError(28, "No space left on device"), 3),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("float division"), 70),
    ],
)
def test_each_way_to_end_has_its_code(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr("attrition.check", broken, raising=False)
    assert ended(monkeypatch, "check") == code


def test_an_answer_that_is_no_and_one_that_is_yes_have_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from attrition.data.coherence import Finding

    assert ended(monkeypatch, "check") == 0
    monkeypatch.setattr("attrition.check", lambda _: (Finding("rule", "odd", ()),), raising=False)
    assert ended(monkeypatch, "check") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_behind_standard_output_is_no_answer() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from attrition.cli import main; main()", "check"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "could not be finished" in done.stderr


# ------------------------------------------------------------------ where the command is run


@pytest.fixture(scope="module")
def small(exact_text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier that is forecast in a second, in a folder that anybody may search."""
    file = tmp_path_factory.mktemp("small") / "small.toml"
    file.write_text(exact_text, encoding="utf-8")
    for folder in file.parents[:3]:
        folder.chmod(0o755)
    return file


@pytest.fixture(scope="module")
def usual(small: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    """What a forecast of it writes, and what it prints as JSON, where nothing is amiss."""
    out = small.parent / "usual"
    ended_well(forecast(small, "--out", str(out)), 0)
    files = {path.name: path.read_bytes() for path in out.iterdir()}
    return files, json.loads(forecast(small, "--json").stdout)


def forecast(small: Path, *more: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "attrition", "forecast", str(small), "--tolerance", "5", *more]
    return subprocess.run(command, capture_output=True, check=False, **how)


def ended_well(done: subprocess.CompletedProcess[bytes], code: int) -> None:
    """Check that the table was printed, and that the rest is one plain message."""
    assert done.returncode == code, done.stderr
    assert b"When each total passes its thresholds" in done.stdout
    assert b"Traceback" not in done.stderr


def test_a_disk_that_is_full_or_read_only_costs_nothing_but_the_files(
    small: Path, usual: tuple[dict[str, bytes], dict[str, Any]], tmp_path: Path
) -> None:
    out, before = tmp_path / "out", usual[0]
    write_folder(out, before)
    kept = sorted(tmp_path.iterdir())

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))

    done = forecast(small, "--out", str(out), "--seed", "2", preexec_fn=full)
    ended_well(done, 3)
    assert b"printed, but not written" in done.stderr
    if os.getuid():  # root no folder refuses
        for mode in (0o555, 0o755):
            tmp_path.chmod(mode)
            out.chmod(mode)
            done = forecast(small, "--out", str(out)) if mode == 0o555 else done
        assert done.returncode == 2, done.stderr
        assert b"the output folder must be writable" in done.stderr
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert sorted(tmp_path.iterdir()) == kept


@pytest.mark.parametrize(
    "words", [{"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "latin-1"}]
)
def test_without_a_home_and_utf_8_the_same_is_written(
    words: dict[str, str],
    small: Path,
    usual: tuple[dict[str, bytes], dict[str, Any]],
    tmp_path: Path,
) -> None:
    files, content = usual
    # another kernel of OpenBLAS adds in another order
    names = ("PATH", "PYTHONPATH", "OPENBLAS_CORETYPE")
    own = {name: os.environ[name] for name in names if name in os.environ}
    bare = {**own, "PYTHONUTF8": "0", "TERM": "dumb", **words}
    done = forecast(small, "--out", str(tmp_path / "two"), env=bare)
    ended_well(done, 0)
    assert json.loads(forecast(small, "--json", env=bare).stdout) == content
    again = {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert sorted(again) == sorted(files)
    assert [name for name in files if files[name] != again[name]] == []


def test_a_pipe_that_is_closed_ends_quietly(small: Path) -> None:
    command = [sys.executable, "-m", "attrition", "forecast", str(small), "--tolerance", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        message = running.stderr.read()
    assert b"Traceback" not in message
    assert running.returncode == 0  # whoever reads has enough; 1 would be a verdict


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_folder_is_always_there_and_whole(end: signal.Signals, tmp_path: Path) -> None:
    assert written(tmp_path / "out", end, 3) == (0, 0, 0)


def test_no_word_of_a_file_steers_the_terminal(tmp_path: Path, command: Command) -> None:
    file = tmp_path / "count.csv"
    rows = [
        f"{np.datetime64('2025-01-01') + i},{100 + 9 * i + i % 2},\x1b[31mred\x9bJ"
        for i in range(90)
    ]
    rows[40] = rows[40].replace(",460", ",4600")  # a slip, of which a note is printed
    file.write_text("\n".join(["date,total,series", *rows]), encoding="utf-8")
    for more in ((), ("--json",)):
        done = command("forecast", "--series", str(file), "--tolerance", "30", *more)
        assert done.returncode == 0, done.stderr
        assert "red" in done.stdout
        assert "note: " in done.stderr
        assert not set("\x1b\x9b") & set(done.stdout + done.stderr)


@pytest.mark.parametrize("threshold", ["1e30", "1e99", "-5", "0", "nan", "inf"])
def test_a_threshold_that_nothing_can_count_is_refused(
    threshold: str, small: Path, command: Command
) -> None:
    done = command("forecast", str(small), f"--threshold={threshold}")
    assert done.returncode == 2
    assert "a threshold must be a finite number above 0" in done.stderr
