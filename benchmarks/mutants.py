"""Change the code at random places, one at a time: do the tests notice?

``python -m benchmarks.mutants --mutants 500 --seed 1`` copies the project into a folder, runs the
tests once with coverage.py to learn which test runs which line, and then changes one place of a
random line of ``core``, ``models``, ``text`` or ``reporting`` at a time (a comparison, a number, a
sign, ``and``, ``not``, what is returned) and runs the tests of that line, the quickest first. A
change that no test notices survives and is printed. ``--folder`` keeps what was learnt for the
next run, ``--tests`` says which tests to learn from, ``--numbers`` which of the sample to try.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.touched import Learnt, learn
from benchmarks.warm import Change, Runner, is_idle, rows_of_functions

ROOT: Final = Path(__file__).parent.parent
ROOMS: Final = ("core", "models", "text", "reporting")
_COPIED: Final = (
    *("src", "tests", "benchmarks", "docs", "scripts", "pyproject.toml"),
    *(path.name for pattern in ("*.md", "*.cff", "*.txt", "NOTICE") for path in ROOT.glob(pattern)),
)
_SECONDS: Final = 20.0  # of tests that a change is given
_COLLECTING: Final = 0.2  # a file of tests that is imported anew [s]
_PATIENCE: Final = 4  # a changed program may be so many times slower
# They build the site, start a cluster, open a browser: of other processes nothing is learnt.
_LEFT_OUT: Final = frozenset({"test_docs.py", "test_cluster.py", "browser"})
_FEW: Final = 20  # tests of a line that may be one of what is cached
# Frozen and slots, and how much is kept: no answer rests on them.
_GUARDS: Final = ("dataclass", "lru_cache", "functools.lru_cache")
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
    if isinstance(node, ast.keyword):  # a guard, and whom a warning points at
        return node.arg in {"strict", "stacklevel"}
    guard = isinstance(node, ast.Call) and ast.unparse(node.func) in _GUARDS
    return guard or isinstance(node, (ast.JoinedStr, ast.Assert))


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
    elif isinstance(node, ast.Return) and node.value is not None:
        told = node.value  # a constant changes itself, and no is as good as nothing
        if not (isinstance(told, ast.Constant) and not told.value):
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
        """Return a program with the change, in which all else stands as it stood."""
        old = list(places(ast.parse(source)))[self.place]
        new = ast.unparse(list(changes(old))[self.number][1])
        if isinstance(old, ast.expr):
            new = f"({new})"
        if not isinstance(old, (ast.expr, ast.stmt)):
            raise TypeError(f"{old} stands nowhere")
        rows = [row.encode() for row in source.splitlines(keepends=True)]
        before = b"".join(rows[: old.lineno - 1]) + rows[old.lineno - 1][: old.col_offset]
        last = old.end_lineno or old.lineno
        after = rows[last - 1][old.end_col_offset :] + b"".join(rows[last:])
        return (before + new.encode() + after).decode()


def mutants(room: str) -> list[Mutant]:
    """Return every change of a room."""
    return [
        Mutant(str(path.relative_to(ROOT)), getattr(node, "lineno", 0), words, place, number)
        for path in sorted((ROOT / "src/attrition" / room).rglob("*.py"))
        for place, node in enumerate(places(ast.parse(path.read_text("utf-8"))))
        for number, (words, _) in enumerate(changes(node))
    ]


# ------------------------------------------------------------------ the tests of a change


def tests_of(mutant: Mutant, source: str, learnt: Learnt) -> list[str]:
    """Return the tests of a line, quickest first.

    A line that ran on import has the tests of where its name stands, or of its whole file; so has,
    after its own, one that few tests run: what it told may be cached.
    """
    lines = learnt.lines.get(mutant.file, {})
    statement = _statement(ast.parse(source), mutant.line)
    rows = range(statement.lineno, _end(statement) + 1)
    own = set().union(*(lines.get(row, set()) for row in rows))
    others: set[str] = set()
    if "" in own:
        others = _users_of(statement, learnt)
    if others or 0 < len(own) < _FEW:
        others = others or set().union(*lines.values())
    return [
        test
        for tests in (own, others - own)
        for test in sorted(tests & set(learnt.tests), key=learnt.cost)
    ]


def stale(change: Change, learnt: Learnt) -> set[str] | None:
    """Return the files of tests that keep what changed code told; nothing if the program does."""
    lines = learnt.lines.get(change.file, {})
    rows = rows_of_functions(change)
    if rows is None or any("" in lines.get(row, ()) for row in rows):
        return None
    return {name for row in rows for name in lines.get(row, ()) if name in learnt.files}


def _statement(tree: ast.AST, line: int) -> ast.stmt:
    """Return the innermost statement that stands on a line."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    ][-1]


def _end(statement: ast.stmt) -> int:
    """Return the last line of a statement, or of its head."""
    body = getattr(statement, "body", None)
    return max(body[0].lineno - 1, statement.lineno) if body else statement.end_lineno or 0


def _users_of(node: ast.stmt, learnt: Learnt) -> set[str]:
    """Return the tests of where the name stands that a statement defines."""
    if not isinstance(node, (ast.Assign, ast.AnnAssign)):
        return set()
    aim = node.targets[0] if isinstance(node, ast.Assign) else node.target
    word = re.compile(rf"\b{re.escape(ast.unparse(aim))}\b")
    return {
        test
        for file, lines in learnt.lines.items()
        for i, row in enumerate(learnt.sources.get(file, "").splitlines(), 1)
        if word.search(row)
        for test in lines.get(i, ())
    }


def affordable(
    tests: list[str], learnt: Learnt, lines: dict[int, set[str]], most: float, *, warm: bool
) -> list[str]:
    """Return tests that the seconds suffice for: a quarter of them quick ones, then broad ones.

    A broad one runs much of the file. Those that share a fixture are put together.
    """
    reach = Counter(test for users in lines.values() for test in users)
    total, known, chosen = 0.0, set[str](), dict[str, None]()
    for order, until in ((tests, most / 4), (sorted(tests, key=lambda t: -reach[t]), most)):
        for test in order:
            if test in chosen:
                continue
            new = {*learnt.tests[test].shared, *(() if warm else (test.split("::")[0],))} - known
            spent = sum(learnt.fixtures.get(name, _COLLECTING) for name in new)
            spent += learnt.tests[test].own
            if total + spent <= until or not chosen:
                total += spent
                known |= new
                chosen[test] = None
    alone = [test for test in chosen if not learnt.tests[test].shared]
    files = dict.fromkeys(test.split("::")[0] for test in chosen)
    sharing = [
        test
        for file in files
        for test in chosen
        if learnt.tests[test].shared and test.startswith(f"{file}::")
    ]
    return alone + sharing


# ------------------------------------------------------------------ runs


def copied(folder: Path) -> dict[str, str]:
    """Copy the project into a folder, stand in it, and return its sources."""
    for name in _COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
        else:
            shutil.copy2(ROOT / name, folder / name)
    os.chdir(folder)
    sys.path[:0] = [str(folder / "src"), str(folder)]
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:2])
    files = sorted((ROOT / "src").rglob("*.py"))
    return {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in files}


def files_of(words: str) -> list[str]:
    """Return files of tests, of the whole project unless some are named."""
    chosen = [Path(word) for word in words.split()] or sorted(Path("tests").rglob("test_*.py"))
    return [str(file) for file in chosen if not _LEFT_OUT & {file.name, file.parent.name}]


@dataclass(slots=True)
class Trial:
    """Tries changes, and counts those tried, noticed, and run by no test, by room."""

    learnt: Learnt
    runner: Runner
    seconds: float
    tried: Counter[str] = field(default_factory=Counter)
    noticed: Counter[str] = field(default_factory=Counter)
    untested: Counter[str] = field(default_factory=Counter)
    same: int = 0

    def run(self, i: int, mutant: Mutant, source: str) -> str:
        """Try a change of a source, and say what came of it."""
        change = Change(mutant.file, source, mutant.apply(source))
        if is_idle(change):
            self.same += 1
            return f"{i} is the same program"
        tests = tests_of(mutant, source, self.learnt)
        kept = stale(change, self.learnt)
        warm = kept is not None
        fresh = [test for test in tests if test.split("::")[0] not in (kept or ())]
        lines = self.learnt.lines.get(mutant.file, {})
        tests = affordable(fresh, self.learnt, lines, self.seconds, warm=warm)
        room = mutant.file.split("/")[2]
        self.tried[room] += 1
        self.untested[room] += not tests
        began = time.monotonic()
        limit = _PATIENCE * self.seconds
        killer = self.runner.killer(change, tests, limit, warm=warm) if tests else ""
        self.noticed[room] += bool(killer)
        spent = f"{time.monotonic() - began:.1f} s, {'warm' if warm else 'cold'}"
        place = f"{mutant.file}:{mutant.line}: {mutant.words}"
        if killer:
            return f"{i} noticed ({spent}): {place}: {killer}"
        row = source.splitlines()[mutant.line - 1].strip()
        return f"{i} SURVIVES {len(tests)} tests ({spent}): {place}\n    {row}"

    def lines(self) -> Iterator[str]:
        """Yield a line for each room and one for all."""
        for room in (*ROOMS, ""):
            counts = (self.noticed, self.tried, self.untested)
            noticed, tried, untested = (c[room] if room else sum(c.values()) for c in counts)
            share = f"{noticed / max(tried, 1):.1%}"
            yield f"{room or 'in all'}: {noticed} of {tried} noticed ({share}), {untested} untested"
        yield f"{self.same} more are the same program to the machine"


def main() -> None:
    """Print which changes no test notices."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--numbers", default="", help="of the sample, separated by commas")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="of tests for a change")
    parser.add_argument("--folder", type=Path, help="keeps what was learnt")
    parser.add_argument("--tests", default="", help="files of tests to learn from")
    parser.add_argument("--only", default="", help="files whose path has this in it")
    wishes = parser.parse_args()
    folder = (wishes.folder or Path(tempfile.mkdtemp(prefix="mutants-"))).resolve()
    sources = copied(folder)
    files = files_of(wishes.tests)
    learnt = learn(folder, files, sources)
    learnt.only(set(files))
    chance = random.Random(wishes.seed)  # noqa: S311 - no secret
    every = [mutant for room in ROOMS for mutant in mutants(room) if wishes.only in mutant.file]
    sample = list(enumerate(chance.sample(every, min(wishes.mutants, len(every)))))
    if wishes.numbers:
        sample = [sample[int(number)] for number in wishes.numbers.split(",")]
    print(f"{len(every):,} changes are possible, {len(sample)} are tried", flush=True)
    trial = Trial(learnt, Runner(files), wishes.seconds)
    with contextlib.suppress(KeyboardInterrupt):  # what is known by then is printed
        for i, mutant in sample:
            print(trial.run(i, mutant, sources[mutant.file]), flush=True)
    trial.runner.close()
    print("\n".join(trial.lines()))
    spent = time.process_time() + sum(os.times()[2:4])
    print(f"{spent / 60:.0f} minutes of CPU")


if __name__ == "__main__":
    main()
