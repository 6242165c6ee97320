"""Change the code at random places, one at a time: do the tests notice?

``python -m benchmarks.mutants --mutants 500 --seed 1`` copies the project into a folder, runs the
tests once with coverage.py to learn which test runs which line, and then changes one place of a
random line of ``core``, ``models``, ``text`` or ``reporting`` at a time (a comparison, a number, a
sign, ``and``, ``not``, what is returned) and runs the tests of that line. A change that no test
notices survives and is printed. ``--folder`` keeps what was learnt for the next run, ``--tests``
says which tests to learn from.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

ROOT: Final = Path(__file__).parent.parent
ROOMS: Final = ("core", "models", "text", "reporting")
_COPIED: Final = ("src", "tests", "benchmarks", "docs", "pyproject.toml", "README.md")
_SECONDS: Final = 60.0  # of tests that a change is given
_MEMORY: Final = 6 * 2**30  # a changed bound may ask for all there is [byte]
_SWAPS: Final[dict[type[Any], tuple[type[Any], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Add,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}


# ------------------------------------------------------------------ changes


def places(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what a program does, in order: no annotations, no texts of errors."""
    for name, value in ast.iter_fields(tree):
        if name in {"annotation", "returns"}:
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST) and not _is_idle(node):
                yield node
                yield from places(node)


def _is_idle(node: ast.AST) -> bool:
    """Tell what only types, names or refusals are made of."""
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        aim = node.targets[0] if isinstance(node, ast.Assign) else node.target
        alias = isinstance(node, ast.AnnAssign) and "TypeAlias" in ast.unparse(node.annotation)
        return alias or (isinstance(aim, ast.Name) and aim.id == "__all__")
    guard = isinstance(node, ast.Call) and ast.unparse(node.func) == "dataclass"
    return guard or isinstance(node, ast.JoinedStr)  # frozen and slots: no answer rests on them


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what may be put in the place of a node, and what that is called."""
    field = "ops" if isinstance(node, ast.Compare) else "op"
    old = node.ops[0] if isinstance(node, ast.Compare) else getattr(node, "op", None)
    for other in _SWAPS.get(type(old), ()):
        new = copy.deepcopy(node)
        setattr(new, field, [other(), *node.ops[1:]] if isinstance(node, ast.Compare) else other())
        yield f"{type(old).__name__} is {other.__name__}", new
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield f"no {type(node.op).__name__}", node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        value = node.value
        new_value = (
            not value if isinstance(value, bool) else value + 1 if value in {0, 1} else value * 1.5
        )
        if isinstance(value, int) and not isinstance(value, bool):
            new_value = int(new_value) if value in {0, 1} else value + 1
        yield f"{value!r} is {new_value!r}", ast.Constant(new_value)
    elif isinstance(node, ast.Return) and ast.unparse(node) not in {"return", "return None"}:
        yield "None is returned", ast.Return(ast.Constant(None))


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file."""

    file: str
    line: int
    words: str
    place: int
    number: int

    def apply(self, source: str) -> str:
        """Return a program with the change; at a place below 0 it is as it was."""
        if self.place < 0:
            return source
        tree = ast.parse(source)
        old = list(places(tree))[self.place]
        new = list(changes(old))[self.number][1]
        for parent in ast.walk(tree):
            for name, value in ast.iter_fields(parent):
                if value is old:
                    setattr(parent, name, new)
                elif isinstance(value, list):
                    value[:] = [new if item is old else item for item in value]
        return ast.unparse(ast.fix_missing_locations(tree))


def mutants(room: str) -> list[Mutant]:
    """Return every change of a room."""
    return [
        Mutant(str(path.relative_to(ROOT)), getattr(node, "lineno", 0), words, place, number)
        for path in sorted((ROOT / "src/attrition" / room).rglob("*.py"))
        for place, node in enumerate(places(ast.parse(path.read_text("utf-8"))))
        for number, (words, _) in enumerate(changes(node))
    ]


# ------------------------------------------------------------------ which test runs which line


class _Contexts:
    """Tells coverage.py which test is run, or which fixture several tests share."""

    def __init__(self, seconds: float) -> None:
        from coverage import Coverage

        self.end = time.monotonic() + seconds
        self.coverage = Coverage(data_file=".coverage", source=["src/attrition"], branch=True)
        self.seconds: dict[str, float] = {}
        self.users: dict[str, list[str]] = defaultdict(list)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        if time.monotonic() > self.end:
            item.session.shouldstop = "the time to learn is over"
        self.coverage.switch_context(item.nodeid)
        for name in getattr(item, "fixturenames", ()):
            self.users[name].append(item.nodeid)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Any:
        shared = fixturedef.scope != "function"
        if shared:
            self.coverage.switch_context(f"fixture {fixturedef.argname}")
        try:
            return (yield)
        finally:
            if shared:
                self.coverage.switch_context(getattr(request.node, "nodeid", "") or "setup")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        spent = self.seconds.get(report.nodeid, 0.0) + report.duration
        self.seconds[report.nodeid] = float("inf") if report.failed else spent


def learn(tests: list[str], seconds: float) -> dict[str, Any]:
    """Run tests in the working folder; return who runs which line, and how long each takes."""
    contexts = _Contexts(seconds)
    contexts.coverage.start()
    pytest.main(["-q", "-p", "no:xdist", "-p", "no:cacheprovider", *tests], plugins=[contexts])
    contexts.coverage.stop()
    contexts.coverage.save()  # `coverage report` in the folder says which branches no test takes
    data = contexts.coverage.get_data()
    lines: dict[str, dict[int, list[str]]] = {}
    for file in data.measured_files():
        own = {
            line: sorted({t for name in names for t in contexts.users.get(name[8:], [name]) if t})
            for line, names in data.contexts_by_lineno(file).items()
        }
        lines[os.path.relpath(file)] = own
    return {"lines": lines, "seconds": contexts.seconds}


def tests_of(mutant: Mutant, source: str, known: dict[str, Any], most: float) -> list[str]:
    """Return the tests of a line, quickest first: of a constant those of where it is named."""
    lines = known["lines"].get(mutant.file, {})
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and node.lineno <= mutant.line <= (node.end_lineno or 0):
            if hasattr(node, "body"):
                continue
            rows = [str(row) for row in range(node.lineno, (node.end_lineno or 0) + 1)]
            names = [name for row in rows for name in lines.get(row, ())]
            if not names and any(row in lines for row in rows):  # it ran when it was imported
                names = _users_of(node, mutant.file, known["lines"])
    names = names or lines.get(str(mutant.line), [])
    seconds = known["seconds"]
    total, chosen = 0.0, []
    for name in sorted(set(names) & set(seconds), key=lambda name: seconds[name]):
        total += seconds[name]
        if total > most:
            break
        chosen.append(name)
    return chosen


def _users_of(node: ast.stmt, file: str, lines: dict[str, dict[str, list[str]]]) -> list[str]:
    """Return the tests of what runs on import: where its name stands, or of its whole file."""
    names = []
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        aim = node.targets[0] if isinstance(node, ast.Assign) else node.target
        word = re.compile(rf"\b{re.escape(ast.unparse(aim))}\b")
        names = [
            name
            for other, users in lines.items()
            for i, row in enumerate((ROOT / other).read_text("utf-8").splitlines(), 1)
            if word.search(row)
            for name in users.get(str(i), ())
        ]
    return names or [name for users in lines[file].values() for name in users]


# ------------------------------------------------------------------ runs


def survives(mutant: Mutant, tests: list[str], folder: Path, stamp: int, seconds: float) -> bool:
    """Run tests on a changed program in a process of its own; return whether all passed."""
    file = folder / mutant.file
    source, before = file.read_text("utf-8"), file.stat()
    file.write_text(mutant.apply(source), "utf-8")
    os.utime(file, (stamp, stamp))  # no compiled file is taken for this one
    child = os.fork()
    if not child:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        sys.dont_write_bytecode = True
        options = ["-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider"]
        os._exit(int(pytest.main([*options, *tests])))
    end, status = time.monotonic() + 60 + 4 * seconds, 0
    while not (done := os.waitpid(child, os.WNOHANG))[0]:
        time.sleep(0.05)
        if time.monotonic() > end:
            os.killpg(child, signal.SIGKILL)
            done = os.waitpid(child, 0)
            break
    status = done[1]
    file.write_text(source, "utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    return status == 0


def learnt(folder: Path, tests: list[str], seconds: float) -> dict[str, Any]:
    """Copy the project into a folder, stand in it, and return what was learnt there."""
    fresh = not (folder / "learnt.json").exists()
    for name in _COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
        else:
            shutil.copy2(ROOT / name, folder / name)
    os.chdir(folder)
    sys.path[:0] = [str(folder / "src"), str(folder)]
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:2])
    if fresh:
        child = os.fork()  # so that nothing of the project stays in this process
        if not child:
            Path("learnt.json").write_text(json.dumps(learn(tests, seconds)), "utf-8")
            os._exit(0)
        os.waitpid(child, 0)
    known: dict[str, Any] = json.loads(Path("learnt.json").read_text("utf-8"))
    import pandas as pd  # noqa: F401 - so that no child waits for what all need
    import scipy.stats  # noqa: F401
    import xarray as xr  # noqa: F401

    quick = sorted(known["seconds"], key=lambda name: known["seconds"][name])[:20]
    unchanged = Mutant("src/attrition/_version.py", 1, "", -1, 0)
    if not survives(unchanged, quick, folder, 10**9, _SECONDS):
        raise SystemExit("the tests do not pass on the program as it is")
    return known


def main() -> None:
    """Print which changes no test notices."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--skip", type=int, default=0, help="go on after so many")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="of tests for a change")
    parser.add_argument("--folder", type=Path, help="keeps what was learnt")
    parser.add_argument("--tests", default="tests --ignore=tests/browser", help="for pytest")
    parser.add_argument("--learning", type=float, default=np.inf, help="seconds, then tests end")
    parser.add_argument("--only", default="", help="files whose path has this in it")
    wishes = parser.parse_args()
    folder = wishes.folder or Path(tempfile.mkdtemp(prefix="mutants-"))
    known = learnt(folder, wishes.tests.split(), wishes.learning)
    chance = random.Random(wishes.seed)  # noqa: S311 - no secret
    every = [mutant for room in ROOMS for mutant in mutants(room) if wishes.only in mutant.file]
    print(f"{len(every):,} changes are possible, {wishes.mutants} are tried", flush=True)
    number, killed, bare = Counter[str](), Counter[str](), Counter[str]()
    with contextlib.suppress(KeyboardInterrupt):  # what is known by then is printed
        for i, mutant in enumerate(
            chance.sample(every, min(wishes.skip + wishes.mutants, len(every)))
        ):
            if i < wishes.skip:
                continue
            source = (ROOT / mutant.file).read_text("utf-8")
            tests = tests_of(mutant, source, known, wishes.seconds)
            room = mutant.file.split("/")[2]
            number[room] += 1
            bare[room] += not tests
            if tests and not survives(mutant, tests, folder, 10**9 + 2 * i, wishes.seconds):
                killed[room] += 1
                continue
            row = source.splitlines()[mutant.line - 1].strip()
            print(f"{i} survives {len(tests)} tests: {mutant.file}:{mutant.line}: {mutant.words}")
            print(f"    {row}", flush=True)
    for room in (*ROOMS, ""):
        counts = (killed, number, bare)
        some, all_of, idle = (c[room] if room else sum(c.values()) for c in counts)
        share = f"{some / max(all_of - idle, 1):.0%} of those that a learnt test runs"
        print(f"{room or 'in all'}: {some} of {all_of} killed, {idle} run by no test ({share})")


if __name__ == "__main__":
    main()
