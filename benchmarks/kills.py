"""Kill at random moments, and go on: is the result the same, and is what is written whole?

Run: python -m benchmarks.kills [--kills 20] (a minute or two; prints what it found)

Long work is killed (-9) and begun again from its checkpoint. A folder that is written over and over
gets KILL, TERM and INT in the middle of it, while another process looks whether it is there and
whole; two processes write one folder at once.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import attrition as at

DATA = Path(at.__path__[0]) / "bundled" / "general_staff_personnel_to_2025-06-03.csv"
WORKS = {
    "hindcast": "import sys\nfrom benchmarks.kills import hindcast\nprint('begun', flush=True)\n"
    "hindcast(sys.argv[1])\n",
    "sweep": "import sys\nfrom benchmarks.kills import sweep\nprint('begun', flush=True)\n"
    "sweep(sys.argv[1])\n",
}


_NAMES = [f"file-{i}" for i in range(12)]
_OVER_AND_OVER = """
import itertools, sys
from pathlib import Path
from attrition.core.files import write_folder
for version in itertools.count(1):
    word = f"{sys.argv[2]} {version} ".encode() * 2_000
    write_folder(Path(sys.argv[1]), dict.fromkeys(sys.argv[3:], word))
    print(version, flush=True)
"""


def hindcast(checkpoint: str | None, workers: str | None = None) -> str:
    """Hindcast the tally every other day and return a digest of all its outcomes."""
    past = at.hindcast(at.read_series(DATA), rng=1, every=2, checkpoint=checkpoint, workers=workers)
    hasher = hashlib.sha256()
    for method, outcomes in past.outcomes.items():
        for o in outcomes:
            row = (method, o.origin, o.threshold, o.lead, o.horizon, o.day)
            hasher.update(repr(row).encode() + o.cdf.tobytes())
    return hasher.hexdigest()


def sweep(checkpoint: str | None, workers: str | None = None) -> str:
    """Forecast the bundled dossier under 24 scenarios and return a digest of the table."""
    grid = at.forecasts.scenarios(
        at.read_dossier(), volatility=np.linspace(0.02, 0.2, 12).tolist(), end_hazard=[0, 0.001]
    )
    quantities = ["russian-casualties"]
    table = at.forecasts.sweep(
        grid, rng=1, quantities=quantities, checkpoint=checkpoint, workers=workers
    )
    return hashlib.sha256(
        b"".join(v.values.tobytes() for v in table.data_vars.values())
    ).hexdigest()


def killed(work: str, kills: int, folder: Path, longest: float) -> list[int]:
    """Kill a piece of work within its first seconds; return the pieces kept each time."""
    kept: list[int] = []
    rng = np.random.default_rng(1)
    for number in range(kills):
        place = folder / f"{work}-{number // 5}"  # five kills, then the work is begun anew
        command = [sys.executable, "-c", WORKS[work], str(place)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
            if running.stdout is None:  # pragma: no cover - a pipe was asked for
                raise AssertionError
            running.stdout.readline()
            time.sleep(float(rng.uniform(0.0, longest)))
            running.kill()
        kept.append(len(list(place.glob("piece-*"))))
    return kept


def versions(folder: Path) -> set[bytes]:
    """Return the different contents of the files of a folder: one, if it is whole."""
    handle = os.open(folder, os.O_RDONLY)  # this folder, whatever takes its name meanwhile
    try:
        contents = set()
        for name in _NAMES:
            with open(os.open(name, os.O_RDONLY, dir_fd=handle), "rb") as stream:  # noqa: PTH123
                contents.add(stream.read())
        return contents
    finally:
        os.close(handle)


def written(folder: Path, end: signal.Signals, kills: int) -> tuple[int, int, int]:
    """Interrupt processes that write a folder over and over.

    Returns
    -------
    absent, torn, left : int
        How often there was no folder, how often it was of two versions, and how many hidden ones
        remained after one more run.
    """
    from attrition.core.files import write_folder

    rng = np.random.default_rng(2)
    absent = torn = 0
    for number in range(kills):
        command = [sys.executable, "-c", _OVER_AND_OVER, str(folder), f"{number}", *_NAMES]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet) as running:
            if running.stdout is None:  # pragma: no cover - a pipe was asked for
                raise AssertionError
            running.stdout.readline()
            until = time.perf_counter() + float(rng.uniform(0, 0.1))
            while time.perf_counter() < until:
                absent += not folder.is_dir()
            running.send_signal(end)
        if folder.is_dir():
            torn += len(versions(folder)) != 1
        else:
            absent += 1
    old = time.time() - 3_600
    for path in folder.parent.iterdir():
        os.utime(path, (old, old))
    write_folder(folder, dict.fromkeys(_NAMES, b""))
    return absent, torn, len(list(folder.parent.iterdir())) - 1


def together(folder: Path, seconds: float) -> tuple[int, int]:
    """Let two processes write one folder; return how often it was absent, and the faults."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _OVER_AND_OVER, str(folder), name, *_NAMES],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for name in "ab"
    ]
    while not folder.is_dir():
        time.sleep(0.01)
    absent, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        absent += not folder.is_dir()
    faults = sum(process.poll() is not None for process in running)
    for process in running:
        process.kill()
        process.communicate()
    return absent, faults + (len(versions(folder)) != 1)


def main() -> None:
    """Kill and go on, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    kills = parser.parse_args().kills
    for name, work in (("hindcast", hindcast), ("sweep", sweep)):
        begun = time.perf_counter()
        alone = work(None)
        longest = time.perf_counter() - begun
        with tempfile.TemporaryDirectory() as folder:
            kept = killed(name, kills, Path(folder), longest)
            places = sorted({f"{folder}/{name}-{number // 5}" for number in range(kills)})
            same = sum(work(place) == alone for place in places)
        print(
            f"{name} of {longest:.1f} s, killed {kills} times, {min(kept)} to {max(kept)} pieces "
            f"kept: {same} of {len(places)} that went on gave the same bytes"
        )
        if same != len(places):
            raise SystemExit(1)
    with tempfile.TemporaryDirectory() as folder:
        for end in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
            absent, torn, left = written(Path(folder) / "out", end, kills)
            print(
                f"a folder being written, {end.name} {kills} times: {absent} times absent, {torn} "
                f"times of two runs, {left} hidden ones left"
            )
            if absent or torn or left:
                raise SystemExit(1)
        absent, faults = together(Path(folder) / "both", kills / 4)
        print(f"two processes in one folder: {absent} times absent, {faults} faults")
        if absent or faults:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
