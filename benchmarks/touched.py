"""Learn which test runs which line of the program, and what each test costs.

Tests are run once under coverage.py, one after the other. What was learnt is kept in a file, by
file of tests: a file that has changed since is learnt anew, the others are not. Lines that have
moved since are found again where they stand now.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import gc
import hashlib
import json
import os
import pkgutil
import time
import traceback
from collections import defaultdict
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

QUIET: Final = ("-q", "-p", "no:xdist", "-p", "no:cacheprovider", "--capture=sys")
KEPT: Final = "learnt.json"
_CHEAP: Final = 0.002  # a shared fixture that costs less is not counted [s]


@dataclass(slots=True)
class Test:
    """What a test costs by itself, and the fixtures that it shares with others [s]."""

    own: float = 0.0
    shared: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Learnt:
    """Tests with their costs, and the tests of each line.

    ``""`` is among them where a line ran when the program was imported, and the name of a file of
    tests where it ran when that file was: what it told then may be kept there.
    """

    tests: dict[str, Test] = field(default_factory=dict)
    fixtures: dict[str, float] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def cost(self, test: str) -> float:
        """Return the seconds of a test that is run alone."""
        known = self.tests[test]
        return known.own + sum(self.fixtures.get(name, 0.0) for name in known.shared)

    def forget(self, names: set[str]) -> None:
        """Leave out what was learnt of some files of tests."""
        gone = {test for test in self.tests if test.split("::")[0] in names}
        for test in gone:
            del self.tests[test]
        gone |= names
        for file in names:
            self.files.pop(file, None)
        for lines in self.lines.values():
            for line in lines:
                lines[line] -= gone

    def only(self, files: set[str]) -> None:
        """Keep what was learnt of some files of tests."""
        self.forget(set(self.files) - files)

    def add(self, other: Learnt) -> None:
        """Take in what was learnt of other files of tests."""
        self.tests |= other.tests
        self.fixtures |= other.fixtures
        self.files |= other.files
        for file, lines in other.lines.items():
            own = self.lines.setdefault(file, {})
            for line, tests in lines.items():
                own.setdefault(line, set()).update(tests)

    def move(self, sources: dict[str, str]) -> None:
        """Find the lines again in sources as they are now; a new line has its neighbours' tests."""
        for file, new in sources.items():
            old = self.sources.get(file, new)
            if old != new and file in self.lines:
                self.lines[file] = _moved(self.lines[file], old, new)
        self.sources = dict(sources)


def _moved(lines: dict[int, set[str]], old: str, new: str) -> dict[int, set[str]]:
    rows = old.splitlines(), new.splitlines()
    moved: dict[int, set[str]] = {}
    for what, i, j, k, m in difflib.SequenceMatcher(None, *rows, autojunk=False).get_opcodes():
        if what == "equal":
            moved |= {k + n + 1: lines[i + n + 1] for n in range(j - i) if i + n + 1 in lines}
        else:
            near = set().union(*(lines.get(n, set()) for n in range(i, j + 2)))
            moved |= {n + 1: set(near) for n in range(k, m)}
    return moved


# ------------------------------------------------------------------ what is kept


def save(learnt: Learnt, folder: Path) -> None:
    """Write what was learnt into a folder, each name of a test once."""
    users = [tests for lines in learnt.lines.values() for tests in lines.values()]
    names = sorted(set(learnt.tests).union(*users))
    number = {name: i for i, name in enumerate(names)}
    document = {
        "names": names,
        "tests": {name: [test.own, test.shared] for name, test in learnt.tests.items()},
        "fixtures": learnt.fixtures,
        "files": learnt.files,
        "sources": learnt.sources,
        "lines": {
            file: {line: sorted(number[t] for t in tests) for line, tests in lines.items()}
            for file, lines in learnt.lines.items()
        },
    }
    (folder / KEPT).write_text(json.dumps(document), "utf-8")


def load(folder: Path) -> Learnt:
    """Read what a folder keeps, or nothing."""
    if not (folder / KEPT).exists():
        return Learnt()
    document = json.loads((folder / KEPT).read_text("utf-8"))
    names = document["names"]
    return Learnt(
        {name: Test(*values) for name, values in document["tests"].items()},
        document["fixtures"],
        document["files"],
        {
            file: {int(line): {names[i] for i in tests} for line, tests in lines.items()}
            for file, lines in document["lines"].items()
        },
        document["sources"],
    )


# ------------------------------------------------------------------ learning


def import_all(program: str) -> None:
    """Import every module of a program: later none is imported within a test."""
    package = import_module(program)
    for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{program}."):
        if not module.name.endswith("__main__"):
            with contextlib.suppress(ImportError):
                import_module(module.name)


def clear_caches(program: str) -> None:
    """Forget what functions of a program have cached."""
    for wrapper in [o for o in gc.get_objects() if isinstance(o, functools._lru_cache_wrapper)]:
        if (getattr(wrapper, "__module__", "") or "").startswith(program):
            wrapper.cache_clear()


class _Plugin:
    """Tells coverage.py which test is run, or which fixture several tests share."""

    def __init__(self, coverage: Any) -> None:
        self.coverage = coverage
        self.tests: dict[str, Test] = defaultdict(Test)
        self.files: set[str] = set()
        self.users: dict[str, set[str]] = defaultdict(set)
        self.fixtures: dict[str, float] = {}
        self.failed: set[str] = set()
        self._spent = 0.0
        self._item = ""
        self._file = ""

    def pytest_sessionstart(self) -> None:
        import_all("attrition")

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Any:
        if isinstance(collector, pytest.Module):
            self.files.add(collector.nodeid)
            self.coverage.switch_context(collector.nodeid)
        try:
            return (yield)
        finally:
            self.coverage.switch_context("")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        file = item.nodeid.split("::")[0]
        if file != self._file:  # so that each file of tests fills the caches itself
            clear_caches("attrition")
            self._file = file
        self._item, self._spent = item.nodeid, 0.0
        for name, known in getattr(item, "_fixtureinfo", _Bare).name2fixturedefs.items():
            if known[-1].scope != "function":
                self.users[f"{name}@{known[-1].baseid}"].add(item.nodeid)
        self.coverage.switch_context(item.nodeid)
        began = time.process_time()
        try:
            return (yield)
        finally:
            self.tests[item.nodeid].own = time.process_time() - began - self._spent

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Any:
        if fixturedef.scope == "function":
            return (yield)
        key = f"{fixturedef.argname}@{fixturedef.baseid}"
        self.coverage.switch_context(f"fixture {key}")
        began = time.process_time()
        try:
            return (yield)
        finally:
            spent = time.process_time() - began
            self._spent += spent
            if spent > _CHEAP:
                self.fixtures[key] = spent
            self.coverage.switch_context(self._item)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def learnt(self) -> Learnt:
        """Return what the run told; a test that fails by itself tells nothing."""
        passed = {name: test for name, test in self.tests.items() if name not in self.failed}
        for key, users in self.users.items():
            for name in users & set(passed) if key in self.fixtures else ():
                passed[name].shared.append(key)
        data = self.coverage.get_data()
        lines: dict[str, dict[int, set[str]]] = {}
        for file in data.measured_files():
            own: dict[int, set[str]] = {}
            for line, names in data.contexts_by_lineno(file).items():
                shared = {name for name in names if name.startswith("fixture ")}
                tests = {name for name in names if name in passed or name in {"", *self.files}}
                for name in shared:
                    tests |= self.users[name[8:]] & set(passed)
                own[line] = tests
            lines[os.path.relpath(file)] = own
        return Learnt(passed, self.fixtures, {}, lines)


class _Bare:
    name2fixturedefs: Final[dict[str, Any]] = {}


def _run(tests: list[str]) -> Learnt:
    """Run files of tests in the working folder; return what they told."""
    from coverage import Coverage

    coverage = Coverage(data_file=".coverage", source=["src/attrition"], branch=True)
    plugin = _Plugin(coverage)
    coverage.start()
    ended = pytest.main([*QUIET, *tests], plugins=[plugin])
    if ended not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        raise SystemExit(f"the tests ended with {ended!r}")
    coverage.stop()
    coverage.save()  # `coverage report` in the folder says which branches no test takes
    return plugin.learnt()


def digest(file: Path) -> str:
    """Return what tells a text from another."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def learn(folder: Path, files: list[str], sources: dict[str, str]) -> Learnt:
    """Run in a folder what is not known there yet, and return what is known then."""
    known = load(folder)
    now = {file: digest(folder / file) for file in files}
    known.forget({file for file, old in known.files.items() if now.get(file, old) != old})
    known.move(sources)
    new = [file for file in files if file not in known.files]
    if new:
        child = os.fork()  # so that nothing of the program stays in this process
        if not child:
            status = 1
            try:
                other = _run(new)
                other.files = {file: now[file] for file in new}
                known.add(other)
                save(known, folder)
                status = 0
            except BaseException:  # noqa: BLE001 - it must not go on as if it were the parent
                traceback.print_exc()
            finally:
                os._exit(status)
        if os.waitpid(child, 0)[1]:
            raise SystemExit("which test runs which line could not be learnt")
        known = load(folder)
    return known
