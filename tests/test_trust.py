"""The tools that try how hard it is to get a wrong number do notice what they look for."""

from __future__ import annotations

import ast
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks import audit, damaged, mutants, touched, warm

import attrition as at


def test_each_change_is_another_program() -> None:
    changes = [m for m in mutants.mutants("core") if m.file.endswith("core/numerics.py")]
    assert len({change.words for change in changes}) > 20
    for change in changes:
        source = (mutants.ROOT / change.file).read_text("utf-8")
        assert ast.dump(ast.parse(change.apply(source))) != ast.dump(ast.parse(source))


PROGRAM = """\
LIMIT: int = 3
LATE = [x + 1 for x in (1, 2)]

def below(x):
    return x < LIMIT

def counter(step):
    def count(x):
        return x + step
    return count

COUNT = counter(2)
"""
TESTS = """\
import program
from program import COUNT, LIMIT, below

def test_a_limit_is_below(): assert LIMIT >= 2 and below(2)
def test_three_is_not_below(): assert not below(3)
def test_counting(): assert COUNT(1) == 3
def test_for_ever():
    while below(9): pass
"""
CHANGES = {  # what is put for what, whether only functions change, and the test that notices it
    ("x < LIMIT", "(x <= LIMIT)"): (True, "test_three_is_not_below"),
    ("x + step", "(x - step)"): (True, "test_counting"),
    ("return x < LIMIT", "return None"): (True, "test_a_limit_is_below"),
    ("x < LIMIT", "(x < LIMIT + (x == 2))"): (True, ""),
    ("= 3", "= 1"): (False, "test_a_limit_is_below"),
    ("= 3", "= 10"): (False, "test_three_is_not_below"),
    ("x + 1", "(x - 1)"): (False, ""),
    ("return count", "return None"): (True, "test_counting"),
}


def test_a_change_is_noticed_by_the_test_that_it_breaks_and_by_no_other(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "test_program.py").write_text(TESTS)
    driver = """if True:
        import json, sys
        from benchmarks.warm import Change, Runner, rows_of_functions
        program, changes = json.load(sys.stdin)
        names = ["a_limit_is_below", "three_is_not_below", "counting"]
        tests = [f"test_program.py::test_{name}" for name in names]
        runner = Runner(["test_program.py"], "program", ())
        for old, new in changes:
            change = Change("program.py", program, program.replace(old, new))
            rows = rows_of_functions(change)
            warm = rows is not None and not rows & {1, 2, 4, 7, 8, 10, 12}  # they run on import
            print(json.dumps([warm, runner.killer(change, tests, 60, warm=warm).split("::")[-1]]))
        change = Change("program.py", program, program.replace("x < LIMIT", "(x != LIMIT)"))
        print(runner.killer(change, ["test_program.py::test_for_ever"], 0.5, warm=True))
        runner.close()
    """
    ran = subprocess.run(
        [sys.executable, "-c", driver],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(mutants.ROOT)},
        input=json.dumps([PROGRAM, list(CHANGES)]),
        capture_output=True,
        text=True,
        check=True,
    )
    *answers, endless = ran.stdout.splitlines()
    right = [
        [warm and old != "return count", killer] for (old, _), (warm, killer) in CHANGES.items()
    ]
    assert [json.loads(answer) for answer in answers] == right
    assert endless == "ended with -9"  # killed, having had its time
    assert (tmp_path / "program.py").read_text() == PROGRAM


def test_lines_that_have_moved_keep_their_tests() -> None:
    old, new = "a\nb\nc\nd\n", "x\na\nb\nnew\nd\n"
    learnt = touched.Learnt(
        lines={"f.py": {1: {"s"}, 2: {"t"}, 3: {"u"}, 4: {"v"}}}, sources={"f.py": old}
    )
    learnt.move({"f.py": new})
    moved = learnt.lines["f.py"]
    assert [moved[line] for line in (2, 3, 5)] == [{"s"}, {"t"}, {"v"}]
    assert moved[4] >= {"u"}
    learnt.forget(set())
    assert learnt.sources == {"f.py": new}


def test_changes_that_are_none_to_the_machine_are_left_out() -> None:
    assert warm.is_idle(
        warm.Change("f.py", "def f():\n    return 1 + 1\n", "def f():\n    return 2\n")
    )
    assert not warm.is_idle(warm.Change("f.py", "x = 1\n", "x = True\n"))


def test_what_the_code_imports_and_calls_is_known_and_what_is_planted_is_not(
    tmp_path: Path,
) -> None:
    assert {(place, name) for place, _, name in audit.findings()} <= set(audit.KNOWN)
    planted = "import urllib.request\nfrom pickle import loads\neval('1')\nimport urllib.parse\n"
    (tmp_path / "planted.py").write_text(planted)
    names = [name for _, _, name in audit.findings(tmp_path)]
    assert sorted(names) == ["eval()", "pickle", "urllib.request"]


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, damaged.Kind]:
    return damaged.kinds(tmp_path_factory.mktemp("damaged"))


@pytest.mark.parametrize("kind", ["articles", "dossiers", "tables", "series", "records", "laws"])
def test_damaged_files_are_read_or_refused(kind: str, kinds: dict[str, damaged.Kind]) -> None:
    tried = damaged.run(kinds[kind], 60, seed=7)
    assert (tried.number, tried.faults) == (60, [])
    assert tried.read > 0  # the damage is not always so great that nothing is tried


def test_a_fault_in_a_reader_is_noticed() -> None:
    def broken(content: bytes, _: random.Random) -> str:
        if len(content) % 2:
            raise at.InputError("a rule", got="x", place="y", remedy="Mend it")
        raise KeyError("surface")

    kind = damaged.Kind([b"ab", b"abc"], lambda content, *_: content, broken)
    tried = damaged.run(kind, 40, seed=1)
    assert (tried.number, tried.read) == (40, 0)
    assert 0 < len(tried.faults) < 40
    assert "KeyError" in tried.faults[0]


def test_figures_that_no_square_can_hold_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "count.csv"
    file.write_text("date,cumulative\n2025-01-01,1e5\n2025-01-02,2e30\n")
    with pytest.raises(at.InputError, match="a total of 0 or more, below 1e\\+30"):
        at.read_series(file)
    table = tmp_path / "claims.csv"
    table.write_text("quantity,source,point,as_of,published\nq,s,2e30,2025-06-03,2025-06-04\n")
    (refused,) = at.read_claims(table).refused
    assert "below 1e+30" in refused.reason
