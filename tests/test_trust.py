"""The tools that try how hard it is to get a wrong number do notice what they look for."""

from __future__ import annotations

import ast
import random
from pathlib import Path

import pytest
from benchmarks import audit, damaged, mutants

import attrition as at


def test_each_change_is_another_program() -> None:
    changes = [m for m in mutants.mutants("core") if m.file.endswith("core/numerics.py")]
    assert len({change.words for change in changes}) > 20
    for change in changes:
        source = (mutants.ROOT / change.file).read_text("utf-8")
        assert ast.dump(ast.parse(change.apply(source))) != ast.dump(ast.parse(source))


def test_a_change_that_tests_run_over_is_noticed_or_not(tmp_path: Path) -> None:
    program = "def double(x: int) -> int:\n    return x + x\n"
    (tmp_path / "program.py").write_text(program)
    for right, survives in (("4", False), ("0", True)):
        file = tmp_path / f"test_{right}.py"
        begin = f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\nfrom program import double\n"
        file.write_text(f"{begin}def test(): assert double({int(right) // 2}) == {right}\n")
        change = mutants.Mutant("program.py", 2, "Add is Sub", *_place(program))
        options = ["--rootdir", str(tmp_path), "--import-mode=importlib", "-c", "/dev/null"]
        assert mutants.survives(change, [*options, str(file)], tmp_path, 10**9, 60) is survives
    assert (tmp_path / "program.py").read_text() == program


def _place(program: str) -> tuple[int, int]:
    nodes = list(mutants.places(ast.parse(program)))
    return next(i for i, node in enumerate(nodes) if isinstance(node, ast.BinOp)), 0


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


@pytest.mark.parametrize("kind", ["articles", "dossiers", "tables", "series", "records"])
def test_damaged_files_are_read_or_refused(kind: str, kinds: dict[str, damaged.Kind]) -> None:
    assert damaged.run(kinds[kind], 60, seed=7) == (60, [])


def test_a_fault_in_a_reader_is_noticed() -> None:
    def broken(content: bytes, _: random.Random) -> str:
        if len(content) % 2:
            raise at.InputError("a rule", got="x", place="y", remedy="Mend it")
        raise KeyError("surface")

    kind = damaged.Kind([b"ab", b"abc"], lambda content, *_: content, broken)
    number, faults = damaged.run(kind, 40, seed=1)
    assert number == 40
    assert 0 < len(faults) < 40
    assert "KeyError" in faults[0]


def test_figures_that_no_square_can_hold_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "count.csv"
    file.write_text("date,cumulative\n2025-01-01,1e5\n2025-01-02,2e30\n")
    with pytest.raises(at.InputError, match="a total of 0 or more, below 1e\\+30"):
        at.read_series(file)
    table = tmp_path / "claims.csv"
    table.write_text("quantity,source,point,as_of,published\nq,s,2e30,2025-06-03,2025-06-04\n")
    (refused,) = at.read_claims(table).refused
    assert "below 1e+30" in refused.reason
