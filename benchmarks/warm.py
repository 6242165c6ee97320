"""Run tests on a changed program, in a process that has imported and collected all of them.

A change of what functions do costs its tests alone: a process that stands ready with every test
forks, the child puts the changed code into the functions that live (`code`), clears what they
have cached, and runs. A change of what runs on import, as a constant, is written to its file, and
the child of a process that knows the libraries but not the program imports it anew.
"""

from __future__ import annotations

import contextlib
import gc
import inspect
import json
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Final

import pytest
from benchmarks.touched import QUIET, clear_caches, import_all

_MEMORY: Final = 6 * 2**30  # a changed bound may ask for all there is [byte]
_LIBRARIES: Final = (
    "hypothesis",
    "matplotlib.pyplot",
    "pandas",
    "pydantic",
    "scipy.optimize",
    "scipy.stats",
    "xarray",
)
_FAILED: Final = 1
_UNTOUCHED: Final = 3
_KILLER: Final = Path("killer.txt")
_TROUBLE: Final = "trouble.txt"
_FOLDER: Final = "ATTRITION_MUTANTS"
_ORPHANS: Final = 4  # seconds on the clock for each of CPU, for tests that wait for others


@dataclass(frozen=True, slots=True)
class Change:
    """A file of the program as it is and as it is changed."""

    file: str
    old: str
    new: str


# ------------------------------------------------------------------ what a change touches


def _own(code: CodeType) -> tuple[Any, ...]:
    """Return what a piece of code does itself, wherever it stands, without what it defines."""
    consts = tuple(
        "code" if isinstance(c, CodeType) else (type(c), repr(c)) for c in code.co_consts
    )
    return code.co_code, consts, code.co_names, code.co_varnames, code.co_freevars


def pieces(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType, bool]]:
    """Yield the pieces of code that differ, old and new, and whether in what they do themselves.

    Raises `ValueError` where the two do not define the same pieces.
    """
    inner = [[c for c in code.co_consts if isinstance(c, CodeType)] for code in (old, new)]
    if [c.co_qualname for c in inner[0]] != [c.co_qualname for c in inner[1]]:
        raise ValueError("they do not define the same pieces")
    below = [piece for pair in zip(*inner, strict=True) for piece in pieces(*pair)]
    yield from below
    differs = _own(old) != _own(new)
    if differs or below:
        yield old, new, differs


def compiled(change: Change) -> tuple[CodeType, CodeType]:
    """Return the code of a file as it is and as it is changed."""
    old, new = (compile(text, change.file, "exec") for text in (change.old, change.new))
    return old, new


def is_idle(change: Change) -> bool:
    """Tell whether both programs are the same to the machine."""
    try:
        return not any(pieces(*compiled(change)))
    except ValueError:
        return False


def rows_of_functions(change: Change) -> set[int] | None:
    """Return the lines of the functions that change, or nothing if more than functions does."""
    try:
        parts = [(old, new) for old, new, differs in pieces(*compiled(change)) if differs]
    except ValueError:
        return None
    rows: set[int] = set()
    for old, new in parts:
        function = old.co_flags & inspect.CO_OPTIMIZED  # a lambda and a comprehension are ones, too
        if not function or old.co_freevars != new.co_freevars:
            return None
        head = 0 if old.co_name.startswith("<") else old.co_firstlineno
        rows |= {row for *_, row in old.co_lines() if row and row != head}
    return rows


def functions() -> dict[CodeType, list[FunctionType]]:
    """Return the functions that live, by their code."""
    alive: dict[CodeType, list[FunctionType]] = defaultdict(list)
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType):
            alive[thing.__code__].append(thing)
    return alive


def put(change: Change, alive: dict[CodeType, list[FunctionType]]) -> int:
    """Put changed code into the functions that live; return how many these are."""
    number = 0
    for old, new, _ in pieces(*compiled(change)):
        for function in alive.get(old, ()):
            function.__code__ = new
            number += 1
    return number


# ------------------------------------------------------------------ runs


class _Chosen:
    """Runs some tests in a given order, and ends the process at the first that fails."""

    def __init__(self, program: str, tests: list[str]) -> None:
        self.program, self.tests = program, tests

    def pytest_sessionstart(self) -> None:
        import_all(self.program)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            _end(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            _end(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.run({item.nodeid: item for item in session.items})
        return True

    def run(self, items: dict[str, pytest.Item]) -> None:
        chosen = [items[test] for test in self.tests if test in items]
        for item, following in zip(chosen, [*chosen[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def _end(report: pytest.CollectReport | pytest.TestReport) -> None:
    killer = Path(os.environ[_FOLDER]) / _KILLER  # tests may stand elsewhere
    why = report.longreprtext.strip().splitlines()[-12:]
    killer.write_text("\n".join([report.nodeid, *why]), "utf-8")
    os._exit(_FAILED)


class _Ready(_Chosen):
    """Collects all tests once and runs what it is asked for in a child each."""

    def __init__(self, program: str, asked: int, answers: int) -> None:
        super().__init__(program, [])
        self._asked, self._answers = asked, answers

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            raise SystemExit(f"{report.nodeid} cannot be collected")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        alive = functions()
        with os.fdopen(self._asked) as asked:
            for line in asked:
                order = json.loads(line)
                change = order["change"] and Change(**order["change"])
                self.tests = order["tests"]

                def run(change: Change | None = change) -> int:
                    if change and not put(change, alive):
                        return _UNTOUCHED
                    clear_caches(self.program)
                    self.run(items)
                    return 0

                answer = _in_a_child(run, order["seconds"])
                os.write(self._answers, json.dumps(answer).encode() + b"\n")
        os._exit(0)


def _in_a_child(run: Callable[[], int], seconds: float) -> tuple[int, str]:
    """Run in a process of its own; return how it ended and the test that failed, if one did."""
    _KILLER.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        status = _FAILED
        try:
            os.setsid()
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1,) * 2)
            status = run()
        except BaseException:  # noqa: BLE001 - it must not go on as if it were the parent
            (Path(os.environ[_FOLDER]) / _TROUBLE).write_text(traceback.format_exc(), "utf-8")
        finally:
            os._exit(status)
    end = time.monotonic() + _ORPHANS * seconds
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        time.sleep(0.01)
        if time.monotonic() > end:
            break
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what its tests have started, too
    status = ended[1] if ended[0] else os.waitpid(child, 0)[1]
    test = _KILLER.read_text("utf-8") if _KILLER.exists() else ""
    return os.waitstatus_to_exitcode(status), test


class Runner:
    """Runs tests of a folder, in which this process must stand, on changed programs."""

    def __init__(
        self,
        files: list[str],
        program: str = "attrition",
        libraries: tuple[str, ...] = _LIBRARIES,
    ) -> None:
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # for what tests start
        os.environ[_FOLDER] = str(Path.cwd())
        sys.dont_write_bytecode = True
        for library in libraries:
            import_module(library)
        self._options = [
            *QUIET,
            "--basetemp=scratch",
            "-Wignore::pytest.PytestAssertRewriteWarning",  # the libraries are imported already
        ]
        self._program = program
        self._sound: set[str] = set()
        self._unsound: set[str] = set()
        self._stamp = 10**9
        (asked, orders), (told, answers) = os.pipe(), os.pipe()
        self._server = os.fork()
        if not self._server:
            try:
                os.close(orders)
                quiet = os.open(os.devnull, os.O_RDWR)
                for stream in (0, 1, 2):
                    os.dup2(quiet, stream)
                pytest.main([*self._options, *files], plugins=[_Ready(program, asked, answers)])
            finally:
                os._exit(1)
        os.close(asked)
        os.close(answers)
        self._orders, self._told = os.fdopen(orders, "w"), os.fdopen(told)

    def close(self) -> None:
        """End the process that stands ready."""
        self._orders.close()
        os.waitpid(self._server, 0)

    def _warm(self, change: Change | None, tests: list[str], seconds: float) -> tuple[int, str]:
        order = {
            "change": change and {"file": change.file, "old": change.old, "new": change.new},
            "tests": tests,
            "seconds": seconds,
        }
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()
        answer = self._told.readline()
        if not answer:
            raise SystemExit("the tests cannot be collected")
        status, test = json.loads(answer)
        return int(status), str(test)

    def _cold(self, tests: list[str], seconds: float) -> tuple[int, str]:
        files = list(dict.fromkeys(test.split("::")[0] for test in tests))

        def run() -> int:
            quiet = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(quiet, stream)
            return int(
                pytest.main([*self._options, *files], plugins=[_Chosen(self._program, tests)])
            )

        return _in_a_child(run, seconds)

    def killer(self, change: Change, tests: list[str], seconds: float, *, warm: bool) -> str:
        """Return the test that notices a change, what else stopped it, or nothing."""
        file = Path(change.file)
        before = file.stat()
        while True:
            tests = [test for test in tests if test not in self._unsound]
            self._stamp += 2
            file.write_text(change.new, "utf-8")  # for what tests start in processes of their own
            os.utime(file, (self._stamp, self._stamp))  # no compiled file is taken for this one
            try:
                answer = self._warm(change, tests, seconds) if warm else (_UNTOUCHED, "")
                if answer[0] == _UNTOUCHED:
                    warm = False
                    answer = self._cold(tests, seconds)
            finally:
                file.write_text(change.old, "utf-8")
                os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
            status, told = answer
            test = told.split("\n")[0]
            if status == 0:
                return ""
            if not test:
                return f"ended with {status}"
            if "::" not in test or test in self._sound:
                return test
            whole = self._warm(None, [test], seconds) if warm else self._cold([test], seconds)
            (self._unsound if whole[0] else self._sound).add(test)
            if not whole[0]:
                return test
            print(f"fails on the program as it is: {whole[1]}", flush=True)
            shutil.rmtree("scratch", ignore_errors=True)
