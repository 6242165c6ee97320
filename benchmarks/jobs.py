"""What a user's whole job costs: CPU seconds and peak memory of commands, from a cold start.

Run: python -m benchmarks.jobs [--against REVISION] [--runs 3] [--only NAME ...] [--out FILE]

With ``--against`` the sources of a revision of the repository (``91b8cea`` is 0.1.0), or those in
another folder, do the same jobs in the same run, turn by turn, so that whatever else the machine
does weighs on both alike; and what they print is compared.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import hashlib
import io
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

# Nothing heavy may be imported here. Linux counts the peak memory of a process from the fork on,
# when it still has the memory of its parent: a large parent would be what is measured.

HERE = Path(__file__).parents[1]
COMMAND = "from attrition.cli import main; main()"
EMPTY = "import numpy, scipy.special, scipy.linalg"
FULL = "war-in-ukraine-2025-06"
COUNT = "src/attrition/bundled/general_staff_personnel_to_2025-06-03.csv"
UNKNOWN_KEY = """\
[dossier]
id = "one"
[sources.a]
name = "A"
[quantities.dead]
title = "Killed"
definition = "Persons killed."
unit = "persons"
colour = "red"
[[claims]]
quantity = "dead"
source = "a"
as_of = "2025-06-03"
published = "2025-06-03"
quote = "about 300 killed"
"""


@dataclass(frozen=True, slots=True)
class Job:
    """A command and how it must end.

    Parameters
    ----------
    arguments : callable
        From the root of a checkout and an empty folder to the words after ``attrition``; None for
        an empty Python that imports what all that computes needs.
    code : int
        The exit code, without which nothing was measured.
    """

    arguments: Callable[[Path, Path], Sequence[str]] | None
    code: int = 0


def _unknown_key(_: Path, folder: Path) -> list[str]:
    (folder / "one.toml").write_text(UNKNOWN_KEY, encoding="utf-8")
    return ["forecast", str(folder / "one.toml")]


def _no_folder(_: Path, folder: Path) -> list[str]:
    (folder / "file").write_text("in the way", encoding="utf-8")
    return ["forecast", "--out", str(folder / "file" / "results")]


def _many_claims(number: int) -> Callable[[Path, Path], list[str]]:
    """Return the check of a dossier of five sources that contradict one another at random."""

    def words(_: Path, folder: Path) -> list[str]:
        chance = random.Random(1)  # noqa: S311 - no secret
        lines = ['[dossier]\nid = "many"']
        lines += [f'[sources.s{i}]\nname = "Source {i}"' for i in range(5)]
        lines += [
            f'[quantities.q{i}]\ntitle = "T{i}"\ndefinition = "Persons."\nunit = "persons"'
            for i in range(2)
        ]
        for _claim in range(number):
            day = date(2024, 1, 2) + timedelta(days=chance.randrange(500))
            lines.append(
                f'[[claims]]\nquantity = "q{chance.randrange(2)}"\n'
                f'source = "s{chance.randrange(5)}"\nkind = "level"\nas_of = {day}\n'
                f'published = 2025-12-01\nquote = "about {chance.randrange(1_000, 100_000):,}"'
            )
        file = folder / "many.toml"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return ["check", str(file)]

    return words


WHEN = (
    *("when", "1,000,000", "--level", "900,000 to 1,000,000"),
    *("--rate", "around 1,000 a day", "--on", "2025-06-03"),
)
JOBS: dict[str, Job] = {
    "empty Python with numpy and scipy": Job(None),
    "parse": Job(lambda *_: ["parse", "approximately 950,000 Russian casualties"]),
    "check": Job(lambda *_: ["check"]),
    "check, 1,250 claims": Job(_many_claims(1_250), 1),
    "check, 5,000 claims": Job(_many_claims(5_000), 1),
    "refusal: a dossier misspelt": Job(lambda *_: ["forecast", "russia-ukraine-2025-60"], 2),
    "refusal: a date": Job(lambda *_: ["forecast", "--as-of", "2025-13-01"], 2),
    "refusal: a folder": Job(_no_folder, 2),
    "refusal: a key": Job(_unknown_key, 2),
    "when": Job(lambda *_: list(WHEN)),
    "forecast": Job(lambda *_: ["forecast"]),
    "forecast --series": Job(lambda root, _: ["forecast", "--series", str(root / COUNT)]),
    "forecast --out": Job(lambda _, folder: ["forecast", "--out", str(folder / "out")]),
    "report": Job(
        lambda _, folder: ["report", "russia-ukraine-2025-06", "--out", str(folder / "out")]
    ),
    "forecast, full dossier": Job(lambda *_: ["forecast", FULL]),
    "report, full dossier": Job(lambda _, folder: ["report", FULL, "--out", str(folder / "out")]),
    "hindcast, three years": Job(lambda root, _: ["hindcast", str(root / COUNT)]),
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took, and a digest of what it printed and wrote.

    Parameters
    ----------
    seconds : float
        CPU time, of user and system together [s].
    megabytes : float
        Largest resident memory [MB].
    digest : str
        Of standard output, standard error and files; the folders' own names are left out.
    """

    seconds: float
    megabytes: float
    digest: str


class Checkout:
    """The sources of one checkout, copied and compiled as an installed package is.

    Parameters
    ----------
    root : pathlib.Path
        The folder that holds ``src``.
    installed : pathlib.Path
        A folder for the copy, which does not exist yet.
    """

    def __init__(self, root: Path, installed: Path) -> None:
        self.root = installed
        shutil.copytree(root / "src", installed / "src")
        compileall.compile_dir(installed / "src", quiet=2)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self._environment = {
            **kept,
            "PYTHONPATH": str(installed / "src"),
            "MPLBACKEND": "Agg",
            "COLUMNS": "100",
        }

    def run(self, job: Job) -> Cost | None:
        """Run a job in a new process; return what it cost, or None if it ended otherwise."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            words: list[str] = []
            if job.arguments is not None:
                words = list(job.arguments(self.root, folder))
            with (folder / "printed").open("w+b") as printed:
                process = subprocess.Popen(
                    [sys.executable, "-c", COMMAND if words else EMPTY, *words],
                    cwd=folder,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=printed,
                    stderr=subprocess.STDOUT,
                )
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != job.code:
                return None
            return Cost(
                usage.ru_utime + usage.ru_stime,
                usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2),
                _digest(folder, self.root),
            )


def _digest(folder: Path, root: Path) -> str:
    """Return the SHA-256 of all that stands in a folder, whatever its name and the checkout's."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for own in (folder, root):
            content = content.replace(str(own).encode(), b"")
        whole.update(str(path.relative_to(folder)).encode() + content)
    return whole.hexdigest()


@contextlib.contextmanager
def sources(named: str) -> Iterator[Path]:
    """Yield the folder that is named, or one with the ``src`` of a revision, removed afterwards."""
    if Path(named).is_dir():
        yield Path(named)
        return
    command = ["git", "-C", str(HERE), "archive", named, "src"]
    archive = subprocess.run(command, check=False, capture_output=True)
    if archive.returncode:
        sys.exit(f"{named!r} is neither a folder nor a revision of the repository")
    with tempfile.TemporaryDirectory() as name:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
            if hasattr(tarfile, "data_filter"):  # Python 3.11.4 or newer
                tar.extraction_filter = tarfile.data_filter
            tar.extractall(name)  # noqa: S202  # made by git a moment ago
        yield Path(name)


@contextlib.contextmanager
def checkouts(roots: Sequence[Path]) -> Iterator[list[Checkout]]:
    """Yield a copy of each checkout, removed afterwards."""
    with tempfile.TemporaryDirectory() as name:
        yield [Checkout(root, Path(name) / str(number)) for number, root in enumerate(roots)]


def measure(sides: Sequence[Checkout], job: Job, runs: int) -> list[list[Cost] | None]:
    """Run a job on each side by turns."""
    rounds = [[side.run(job) for side in sides] for _ in range(runs)]
    columns = (list(column) for column in zip(*rounds, strict=True))
    return [[cost for cost in column if cost is not None] or None for column in columns]


def _middle(costs: list[Cost] | None) -> tuple[float, float] | None:
    if costs is None:
        return None
    seconds = statistics.median(cost.seconds for cost in costs)
    return seconds, statistics.median(cost.megabytes for cost in costs)


def _cells(costs: list[Cost] | None, empty: float) -> list[str]:
    """Return CPU seconds, their ratio to an empty Python, and memory, as printed."""
    middle = _middle(costs)
    if middle is None:
        return ["–", "–", "–"]
    seconds, megabytes = middle
    return [f"{seconds:.2f}", f"{seconds / empty:.1f}", f"{megabytes:.0f}"]


def _alike(columns: Sequence[list[Cost] | None]) -> str:
    """Tell whether every run of both sides printed and wrote the same bytes."""
    if any(column is None for column in columns):
        return "–"
    digests = {cost.digest for column in columns for cost in column or ()}
    return "yes" if len(digests) == 1 else "no"


def table(names: Sequence[str], sides: Sequence[Checkout], runs: int) -> Iterator[str]:
    """Measure jobs and yield the lines of a Markdown table, each as soon as it is known.

    Parameters
    ----------
    names : sequence of str
        Of :data:`JOBS`; the empty Python comes first, unasked.
    sides : sequence of Checkout
        One, or two of which the first is *before*.
    runs : int
        Processes per job and side; the medians are printed.
    """
    empty_name, empty_job = next(iter(JOBS.items()))
    measure(sides, empty_job, 1)  # so that the libraries are in the cache of files
    columns = measure(sides, empty_job, runs)
    base = _middle(columns[-1])
    if base is None:
        raise SystemExit("numpy and scipy must be installed for the Python that runs this")
    heads = ["CPU s", "× empty", "peak MB"]
    if len(sides) > 1:
        heads = [f"{head} {when}" for when in ("before", "now") for head in heads] + ["same output"]
    ruler = ["---", *["---:"] * len(heads)]
    yield from (f"| {' | '.join(row)} |" for row in (["job", *heads], ruler))
    for name in (empty_name, *(name for name in names if name != empty_name)):
        if name != empty_name:
            columns = measure(sides, JOBS[name], runs)
        cells = [cell for costs in columns for cell in _cells(costs, base[0])]
        alike = [_alike(columns)] if len(sides) > 1 else []
        yield f"| {' | '.join([name, *cells, *alike])} |"


def _described() -> str:
    """Return the machine in words, from another process, since it imports numpy."""
    code = "import json; from benchmarks.machine import machine; print(json.dumps(machine()))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE / "src")])}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
    )
    about = json.loads(done.stdout)
    return (
        f"{about['processor']}, {about['cores']} cores, Python {about['python']}, "
        f"numpy {about['numpy']}, scipy {about['scipy']}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the jobs that are asked for, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--against", help="REVISION, or root of a checkout, that is 'before'")
    parser.add_argument("--runs", type=int, default=3, help="processes per job; default 3")
    parser.add_argument("--only", nargs="+", choices=list(JOBS), metavar="NAME", help="these jobs")
    parser.add_argument("--out", type=Path, help="write the table to this FILE as well")
    asked = parser.parse_args(arguments)
    options = ""
    if asked.against is not None:
        folder = Path(asked.against).is_dir()
        options = f" --against {'CHECKOUT' if folder else asked.against}"
    options += "" if asked.only is None else " --only NAME ..."
    lines = [
        "# What a whole job costs",
        "",
        f"Made by `python -m benchmarks.jobs{options}`: each command in new processes, its",
        f"bytecode compiled before, as in an installed package; medians of {asked.runs}, user and",
        "system time together. × empty is the time over that of a Python that imports numpy,",
        f"scipy.special and scipy.linalg and ends. {_described()}.",
        "",
    ]
    print("\n".join(lines))
    with contextlib.ExitStack() as stack:
        before = [] if asked.against is None else [stack.enter_context(sources(asked.against))]
        sides = stack.enter_context(checkouts([*before, HERE]))
        for row in table(asked.only or list(JOBS), sides, asked.runs):
            print(row, flush=True)  # at once: whoever stops a long run keeps what it has measured
            lines.append(row)
            if asked.out is not None:
                asked.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
