"""The package as a whole: names, rooms, what importing costs, what the README says."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from pathlib import Path

import pytest
import xarray as xr

import attrition as at

ROOT = Path(__file__).parent.parent
ROOMS = [
    "core",
    "text",
    "data",
    "models",
    "forecasts",
    "evaluation",
    "reporting",
    "plots",
    "page",
    "cli",
]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
NAMES = ROOT / "src" / "attrition" / "bundled" / "names.toml"
MOVED: dict[str, str] = tomllib.loads(NAMES.read_text(encoding="utf-8"))["moved"]
PARTICIPLES = {"held", "found", "made", "said", "told"}


def test_every_room_of_the_chain_stands_in_its_place() -> None:
    rows = {module.name for module in pkgutil.iter_modules(at.__path__)}
    assert set(ROOMS) <= rows


def test_no_public_name_is_the_name_of_a_room_and_all_remain_what_they_are() -> None:
    for module in pkgutil.walk_packages(at.__path__, "attrition."):
        importlib.import_module(module.name)
    assert not set(at.__all__) & set(ROOMS)
    for name in at.__all__:
        assert not inspect.ismodule(getattr(at, name)), name
    assert set(at.__all__) <= set(dir(at))


def test_every_public_function_can_be_called_after_all_modules_are_imported(
    whole: at.Forecast, tmp_path: Path
) -> None:
    test_no_public_name_is_the_name_of_a_room_and_all_remain_what_they_are()
    functions = {n for n in at.__all__ if inspect.isfunction(getattr(at, n))}
    functions |= {n for n, place in MOVED.items() if inspect.isfunction(attrgetter(place)(at))}
    law = whole.law("russian-casualties")
    series = at.read_series(
        ROOT / "src/attrition/bundled/general_staff_personnel_to_2025-06-03.csv"
    )
    past = at.hindcast(series, rng=1, every=200)
    one = at.forecast(whole.dossier, seed=1, quantities=["kharkiv-advance"])
    record = at.reporting.make_record(one)
    called: dict[str, Callable[[], object]] = {
        "as_html": lambda: at.reporting.as_html(law),
        "as_text": lambda: at.reporting.as_text(law),
        "claim": lambda: at.claim("around 300 killed a day", source="A", on="2025-06-03"),
        "when": lambda: at.when(600, level=500, rate=10, on="2025-06-03", kind="steady"),
        "influence": lambda: at.forecasts.influence(one, "kharkiv-advance", 10_000),
        "sensitivity": lambda: at.forecasts.sensitivity(
            whole.dossier,
            "kharkiv-advance",
            10_000,
            rng=1,
            basis="csis",
            points=0,
            factors={},
        ),
        "check": lambda: at.check(whole.dossier),
        "cite": lambda: at.cite(law, 1e6),
        "crossing": lambda: at.laws.crossing(law, 1e6),
        "make_record": lambda: record,
        "read_law": lambda: at.exchange.read_law(law.to_dataset()),
        "read_record": lambda: at.reporting.read_record(
            at.reporting.write_record(record, tmp_path / "r.json")
        ),
        "verify": lambda: at.verify(record),
        "write_record": lambda: at.reporting.write_record(record, tmp_path / "record.json"),
        "elicit_list": lambda: at.elicitation.elicit_list(1_000, coverage=0.5),
        "elicit": lambda: at.elicit(at.parse("around 1,000")[0]),
        "figure_bytes": lambda: at.plots.figure_bytes(at.plots.crossing(law, 1e6), "svg"),
        "fit_pace": lambda: at.pace.fit_pace(series),
        "forecast": lambda: whole,
        "forecast_many": lambda: at.forecasts.forecast_many(
            {"location": ["A"], "date": ["2025-06-07"], "value": [3]}, every="week", rng=1
        ),
        "hindcast": lambda: past,
        "masses": lambda: at.laws.masses(law, 1e6),
        "parse": lambda: at.parse("nearly one million"),
        "plot_claim": lambda: at.plots.claim(at.parse("around 1,000")[0]),
        "plot_claims": lambda: at.plots.claims(whole.dossier, "russian-casualties"),
        "plot_crossing": lambda: at.plots.crossing(law, 1e6),
        "plot_hindcast": lambda: at.plots.hindcast(past),
        "plot_fan": lambda: at.plots.fan(law),
        "plot_intervals": lambda: at.plots.intervals([("one", law, 1e6)]),
        "plot_law": lambda: at.plots.law(law, 1e6),
        "plot_pit": lambda: at.plots.pit(past.summary()),
        "plot_reports": lambda: at.plots.reports(whole.dossier, "russian-casualties"),
        "plot_ridges": lambda: at.plots.ridges([("one", law, 1e6)]),
        "plot_sources": lambda: at.plots.sources([law]),
        "plot_tornado": lambda: at.plots.tornado(_moved()),
        "text_alternative": lambda: at.plots.text_alternative(at.plots.law(law, 1e6)),
        "pool": lambda: at.pool({"one": at.elicit(at.parse("around 1,000")[0])}),
        "pool_claims": lambda: at.elicitation.pool_claims(whole.dossier, "russian-casualties"),
        "probability_by": lambda: at.laws.probability_by(law, 1e6, whole.horizon),
        "read_article": lambda: at.read_article("30 people died.", published="2026-05-14"),
        "read_claims": lambda: at.read_claims(
            ROOT / "src/attrition/bundled/war_loss_claims_to_2025-06-03.csv"
        ),
        "read_dossier": at.read_dossier,
        "read_series": lambda: series,
        "results": lambda: at.reporting.results(whole),
        "scenarios": lambda: at.forecasts.scenarios(whole.dossier, volatility=[0.1]),
        "score": lambda: at.evaluation.score(law, 1e6, None, last=whole.horizon),
        "sweep": lambda: at.forecasts.sweep({"one": series}, rng=1, tolerance=30),
        "to_arviz": lambda: at.exchange.to_arviz(whole.paths("kharkiv-advance", draws=9, rng=1)),
        "total": lambda: at.laws.total(law, whole.horizon),
        "with_end": lambda: at.laws.with_end(law, 0.001),
        "write_dossier": lambda: at.write_dossier(whole.dossier, tmp_path / "copy.toml"),
        "write_law": lambda: at.exchange.write_law(law, tmp_path / "law.parquet"),
        "write_page": lambda: True,
    }
    assert set(called) == functions
    for name, call in called.items():
        assert call() is not None, name


def _moved() -> xr.Dataset:
    return xr.Dataset({"shift_days": ("item", [3.0])}, coords={"item": ["a report"]})


def test_importing_is_silent_and_leaves_slow_libraries_alone() -> None:
    slow = ("matplotlib", "pydantic", "typer", "scipy.stats", "rich")
    code = f"import sys, attrition; print([m for m in {slow!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""


def test_the_package_is_typed() -> None:
    assert (Path(at.__path__[0]) / "py.typed").is_file()


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="no_such"):
        at.no_such  # noqa: B018 - the access is the test


def test_thirty_names_stand_at_the_root_and_the_rooms_beside_them() -> None:
    assert len(at.__all__) <= 31
    for room in ("laws", "plots", "reporting", "series", "evaluation", "pace"):
        assert inspect.ismodule(getattr(at, room))
        assert room in dir(at)


@pytest.mark.parametrize("name", sorted(MOVED))
def test_a_name_that_moved_is_refused_with_its_new_place(name: str) -> None:
    place = MOVED[name]
    attrgetter(place)(at)
    with pytest.raises(AttributeError, match=rf"{name} is now attrition\.{place}\b"):
        getattr(at, name)
    with pytest.raises(ImportError, match=rf"{name} is now attrition\.{place}\b"):
        exec(f"from attrition import {name}", {})  # noqa: S102 - the statement is the test
    assert not hasattr(at, name)


def _bound(tree: ast.AST) -> Iterator[str]:
    """Yield every name that a file gives to something: locals, parameters, fields, functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield node.id if isinstance(node, ast.Name) else node.attr
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name


def _participles(names: Iterable[str]) -> set[str]:
    return {name for name in names if name.strip("_").lower() in PARTICIPLES}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_names_are_nouns(path: Path) -> None:
    assert not _participles([path.stem, *_bound(ast.parse(path.read_text(encoding="utf-8")))])


@pytest.mark.parametrize(
    "planted",
    [
        "held = 1",
        "def f(found): ...",
        "[made for made in ()]",
        "def _told(): ...",
        "class Found: ...",
        "class A:\n    said: int",
        "from a import b as held",
        "lambda told: 0",
        "x.found = 2",
    ],
)
def test_a_participle_would_be_noticed(planted: str) -> None:
    assert _participles(_bound(ast.parse(planted)))


def _types(files: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Return what each name of a class or an alias of a type stands for, by name."""
    meanings: dict[str, set[str]] = {}
    for place, text in files:
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef):
                meanings.setdefault(node.name.lstrip("_"), set()).add(place)
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                name = target.id.lstrip("_") if isinstance(target, ast.Name) else ""
                if name[:1].isupper() and not name.isupper():
                    # the same alias, written out in two places, is one meaning
                    same = ast.unparse(node.value).replace("npt.", "")
                    meanings.setdefault(name, set()).add(same)
    return meanings


def test_a_name_of_a_type_has_one_meaning() -> None:
    files = [(str(path), path.read_text(encoding="utf-8")) for path in SOURCES]
    assert {n: places for n, places in _types(files).items() if len(places) > 1} == {}


def test_two_meanings_of_a_type_would_be_noticed() -> None:
    planted = _types([("a.py", "class Table: ..."), ("b.py", "_Table = dict[str, int]")])
    assert planted == {"Table": {"a.py", "dict[str, int]"}}


def test_the_minimums_that_are_tested_are_those_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = dict(re.split(">=", spec) for spec in project["dependencies"])
    tested = dict(
        line.split("==")
        for line in (ROOT / "constraints-minimum.txt").read_text().splitlines()
        if "==" in line
    )
    for name, version in declared.items():
        assert tested[name] == version or tested[name] == f"{version}.0", name


def test_the_recipe_for_conda_asks_for_what_the_project_declares() -> None:
    recipe = (ROOT / "scripts/conda/recipe.yaml").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    run = recipe.partition("  run:\n")[2].partition("\n\n")[0]
    asked = dict(re.findall(r"- ([\w-]+) >=([\d.]+)", run))
    declared = dict(re.split(">=", spec) for spec in project["dependencies"])
    declared["matplotlib-base"] = declared.pop("matplotlib")  # without a window
    assert asked == {"python": project["requires-python"].removeprefix(">="), **declared}
    assert f'version: "{at.__version__}"' in recipe
    ((name, target),) = project["scripts"].items()
    assert f"- {name} = {target}" in recipe
    assert project["description"] in recipe


def test_the_case_shows_what_the_command_prints() -> None:
    code = [sys.executable, "-c", "from attrition.cli import main; main()", "forecast"]
    printed = subprocess.run(code, capture_output=True, text=True, check=True).stdout
    lines = [line.rstrip() for line in printed.splitlines()]
    page = (ROOT / "docs/assimilation-example.md").read_text(encoding="utf-8")
    shown = page.split("```text\n", 1)[1].split("```", 1)[0]
    assert shown.strip() in "\n".join(lines)


def test_the_file_for_citing_names_this_version() -> None:
    assert f"\nversion: {at.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


DEFERRED = {
    # A method of a result asks the function that does the work, when it is called.
    ("attrition.core.laws.law", "attrition.core.simulation"),
    ("attrition.forecasts.models", "attrition.forecasts.criticism"),
    ("attrition.forecasts.models", "attrition.forecasts.joint"),
    # One short name for what two modules word.
    ("attrition.reporting.words", "attrition.reporting.subject"),
}
"""Imports inside functions that would close a circle, each with its reason."""


def _imports(files: dict[str, str]) -> dict[str, set[str]]:
    """Return which modules each module imports at run time, inside functions too."""
    graph: dict[str, set[str]] = {}
    for module, text in files.items():
        tree = ast.parse(text)
        for_types: set[ast.AST] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
                for_types |= {inner for part in node.body for inner in ast.walk(part)}
        targets = graph.setdefault(module, set())
        for node in set(ast.walk(tree)) - for_types:
            if isinstance(node, ast.Import):
                targets |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                targets |= whole & files.keys() or {node.module}
        targets.intersection_update(files.keys() - {module})
    return graph


def _on_circles(graph: dict[str, set[str]]) -> set[str]:
    """Return the modules from which imports lead back to themselves."""
    left = {module: set(targets) for module, targets in graph.items()}
    while True:
        done = {module for module, targets in left.items() if not targets}
        if not done:
            break
        left = {m: targets - done for m, targets in left.items() if m not in done}
    return set(left)


def _package() -> dict[str, str]:
    return {
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(
            ".__init__"
        ): path.read_text(encoding="utf-8")
        for path in SOURCES
    }


def test_no_imports_go_round_in_a_circle() -> None:
    graph = _imports(_package())
    for module, target in DEFERRED:
        assert target in graph[module], f"{module} no longer imports {target}: take it off the list"
        graph[module].discard(target)
    assert _on_circles(graph) == set()


def test_a_circle_would_be_noticed_inside_a_function_too() -> None:
    planted = {
        "attrition.core.a": "from attrition.core import b",
        "attrition.core.b": "def f():\n    from attrition.core.a import g",
        "attrition.core.c": "import attrition.core.a",
        "attrition.core.d": "if TYPE_CHECKING:\n    from attrition.core.c import h",
    }
    assert _on_circles(_imports(planted)) >= {"attrition.core.a", "attrition.core.b"}
    del planted["attrition.core.b"]
    assert _on_circles(_imports(planted)) == set()


def test_only_a_limit_of_time_looks_at_the_clock() -> None:
    clocks = {
        module
        for module, text in _package().items()
        if re.search(r"^import time$|^from time", text, re.MULTILINE)
    }
    # each of them raises when the time is up: no result depends on it
    assert clocks == {"attrition.core.tasks", "attrition.forecasts.door"}


def test_core_imports_no_other_room() -> None:
    for module, targets in _imports(_package()).items():
        if module.startswith("attrition.core."):
            others = {t for t in targets if not t.startswith("attrition.core")}
            assert others <= {"attrition._version"}, module
