"""Small twins of what measures whole jobs, on sources whose costs are known."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.jobs import HERE, JOBS, Checkout, Job, checkouts, main, measure, sources, table

BURN = """
import time
def main():
    begun = time.process_time()
    while time.process_time() - begun < 0.3:
        pass
    print("done")
"""
FILL = """
def main():
    print("done", len(bytearray(b"x") * 80_000_000))
"""
# A process inherits the peak of its parent, and the one that runs the tests is large.
FROM_A_SMALL_PARENT = """
import sys
from pathlib import Path
from benchmarks.jobs import Checkout, Job
root = Path(sys.argv[1])
print(Checkout(root, root / "installed").run(Job(lambda *_: ["word"])).megabytes)
"""
REFUSE = "def main():\n    raise SystemExit(2)\n"


def written(folder: Path, cli: str) -> None:
    package = folder / "src" / "attrition"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "cli.py").write_text(cli)


def checkout(folder: Path, cli: str) -> Checkout:
    written(folder, cli)
    return Checkout(folder, folder / "installed")


def test_time_is_that_of_the_process(tmp_path: Path) -> None:
    burnt = checkout(tmp_path, BURN).run(Job(lambda *_: ["word"]))
    assert burnt is not None
    assert 0.3 <= burnt.seconds < 3


def test_memory_is_that_of_the_process(tmp_path: Path) -> None:
    written(tmp_path, FILL)
    done = subprocess.run(
        [sys.executable, "-c", FROM_A_SMALL_PARENT, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert 80_000_000 / 1024**2 < float(done.stdout) < 120


def test_what_ends_otherwise_is_not_measured(tmp_path: Path) -> None:
    side = checkout(tmp_path, REFUSE)
    assert side.run(Job(lambda *_: ["word"])) is None
    assert side.run(Job(lambda *_: ["word"], code=2)) is not None
    assert measure([side], Job(lambda *_: ["word"]), 1) == [None]


@pytest.mark.parametrize(("after", "alike"), [("print('one')", "yes"), ("print('two')", "no")])
def test_two_checkouts_are_compared_in_what_they_print(
    tmp_path: Path, after: str, alike: str
) -> None:
    before = checkout(tmp_path / "before", "def main():\n    print('one')\n")
    now = checkout(tmp_path / "now", f"def main():\n    {after}\n")
    rows = list(table(["parse"], [before, now], 1))
    assert rows[-1].startswith("| parse | ")
    assert rows[-1].endswith(f"| {alike} |")
    assert len({row.count("|") for row in rows}) == 1


def test_a_checkout_is_copied_and_compiled_and_left_alone() -> None:
    with checkouts([HERE]) as (side,):
        compiled = list((side.root / "src/attrition/__pycache__").iterdir())
        assert compiled
        assert side.root != HERE
    assert not side.root.exists()


def test_a_revision_is_written_out_and_removed_and_a_folder_is_itself(tmp_path: Path) -> None:
    if not (HERE / ".git").exists():
        pytest.skip("no repository")
    with sources("HEAD") as root:
        assert (root / "src" / "attrition" / "__init__.py").is_file()
        assert root != HERE
    assert not root.exists()
    with sources(str(tmp_path)) as root:
        assert root == tmp_path
    assert tmp_path.is_dir()
    with pytest.raises(SystemExit, match="neither a folder nor a revision"), sources("nowhere"):
        pass


def test_the_quickest_job_is_measured_with_our_own_sources(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    main(["--runs", "1", "--only", "parse", "--out", str(tmp_path / "jobs.md")])
    printed = capsys.readouterr().out
    assert printed == (tmp_path / "jobs.md").read_text()
    last = printed.splitlines()[-1].split(" | ")
    assert last[0] == "| parse"
    assert float(last[1]) > 0


def test_every_refusal_is_one(tmp_path: Path) -> None:
    for name, job in JOBS.items():
        assert (job.code == 2) == name.startswith("refusal"), name
        if job.arguments is not None:
            words = job.arguments(tmp_path, tmp_path)
            assert all(isinstance(word, str) for word in words)
            for file in tmp_path.iterdir():
                file.unlink()
