"""What a command imports: counted in modules, because seconds depend on the machine."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

SERIES = str(Path(__file__).parents[1] / "src/attrition/bundled")
SERIES += "/general_staff_personnel_to_2025-06-03.csv"
WHEN = ("when", "9", "--level", "5", "--on", "2025-06-03")
SLOW = ("scipy.stats", "scipy.interpolate", "pandas", "xarray", "matplotlib", "arviz_stats")
SCIPY = ("scipy", *SLOW)
NUMBERS = ("numpy", *SCIPY)
ALL = ("pydantic", *NUMBERS)

OF_NUMPY = ("numpy.f2py.crackfortran", "numpy.testing.overrides", "unittest")
OTHERS = (
    *("attrition.models.assimilation", "attrition.evaluation", "attrition.page"),
    *("attrition.text.articles", "attrition.data.series.read", "multiprocessing"),
)

CODE = """
import atexit, json, sys
sys.argv = ["attrition", *sys.argv[1:]]
before = set(sys.modules)  # what this installation imports by itself
atexit.register(lambda: sys.stderr.write("\\n" + json.dumps(sorted(set(sys.modules) - before))))
import attrition
if sys.argv[1:]:
    from attrition.cli import main
    main()
"""


def imported(*words: str) -> tuple[int, set[str]]:
    """Return the exit code of a command, and the modules that were imported for it."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, *words], capture_output=True, text=True, check=False
    )
    return done.returncode, set(json.loads(done.stderr.splitlines()[-1]))


def test_importing_the_package_imports_no_library() -> None:
    code, modules = imported()
    assert code == 0
    assert not modules & {*ALL, "typer"}
    assert len(modules) < 30


@pytest.mark.parametrize(
    ("words", "code", "without", "most"),
    [
        pytest.param(
            ["parse", "about 300 killed"], 0, (*ALL, "importlib.metadata"), 350, id="parse"
        ),
        pytest.param(["info"], 0, NUMBERS, 550, id="info"),
        pytest.param(
            ["check"], 0, (*SCIPY, "attrition.core.laws", "attrition.data.series"), 550, id="check"
        ),
        pytest.param(["forecast", "russia-ukraine-2025-60"], 2, SCIPY, 650, id="misspelt"),
        pytest.param(["forecast", "--as-of", "2025-13-01"], 2, SCIPY, 650, id="date"),
        pytest.param(["forecast", "--threshold", "many"], 2, NUMBERS, 550, id="number"),
        pytest.param(["forecast", "--nonsense"], 2, NUMBERS, 550, id="option"),
        pytest.param(["forecast", "--out", f"{__file__}/x"], 2, NUMBERS, 550, id="folder"),
        pytest.param(["forecast", "--prob", "2"], 2, SCIPY, 780, id="prob"),
        pytest.param(["forecast", "--quantity", "x"], 2, SCIPY, 780, id="quantity"),
        pytest.param(["influence", "--quantity", "x", "--by", "x"], 2, SCIPY, 650, id="unit"),
        pytest.param(["hindcast", SERIES, "--from", "2025"], 2, SCIPY, 650, id="from"),
        pytest.param(["sweep", "--horizon", "x", "y"], 2, SCIPY, 650, id="horizon"),
        pytest.param(["report", "x", "--out", "y"], 2, SCIPY, 650, id="report"),
        pytest.param(["verify", "/nowhere"], 2, SCIPY, 850, id="verify"),
        pytest.param([*WHEN, "--rate", "many"], 2, SCIPY, 780, id="words"),
        pytest.param([*WHEN, "--rate", "9 a day", "--plot", f"{__file__}/x.svg"], 2, NUMBERS, 550),
        pytest.param(["forecast", "--series", SERIES], 0, SLOW, 1_100, id="series"),
        pytest.param(
            [*WHEN, "--rate", "1 a day"],
            0,
            (*SLOW, *OF_NUMPY, *OTHERS),
            800,
            id="when",
        ),
    ],
)
def test_a_command_imports_only_what_it_needs(
    words: list[str], code: int, without: tuple[str, ...], most: int
) -> None:
    ended, modules = imported(*words)
    assert ended == code
    assert not modules & set(without)
    assert len(modules) < most


def test_a_forecast_of_a_dossier_imports_nothing_slow(soft: Path) -> None:
    code, modules = imported("forecast", str(soft))
    assert code == 0
    assert not modules & set(SLOW)
    assert "scipy.linalg" in modules  # the twin: what is used is seen


def test_a_page_and_files_are_drawn_without_matplotlib(soft: Path, tmp_path: Path) -> None:
    code, modules = imported("report", str(soft), "--out", str(tmp_path / "out"))
    assert code == 0
    assert not modules & {*SLOW, "PIL", "attrition.evaluation"}
    code, modules = imported("forecast", str(soft), "--out", str(tmp_path / "all"))
    assert code == 0
    assert not modules & set(SLOW)
    assert "PIL.Image" in modules  # the twin


@pytest.mark.parametrize(("asked", "threads"), [(None, "1"), ("2", "2")])
def test_a_command_computes_in_one_thread_unless_more_are_asked_for(
    asked: str | None, threads: str
) -> None:
    free = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    code = "import atexit, os; atexit.register(lambda: print(os.environ['OPENBLAS_NUM_THREADS']))"
    code += "; from attrition.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "parse", "about 300 killed"],
        capture_output=True,
        text=True,
        check=True,
        env=free if asked is None else {**free, "OPENBLAS_NUM_THREADS": asked},
    )
    assert done.stdout.splitlines()[-1] == threads


@pytest.mark.parametrize("room", ["forecasts", "reporting", "evaluation", "text", "data.series"])
def test_a_room_has_what_its_front_names_and_nothing_else(room: str) -> None:
    front = importlib.import_module(f"attrition.{room}")
    values = {name: getattr(front, name) for name in front.__all__}
    assert not [name for name, value in values.items() if isinstance(value, types.ModuleType)]
    with pytest.raises(AttributeError, match="no attribute 'nothing_like_it'"):
        _ = front.nothing_like_it


@pytest.mark.parametrize("name", ["forecast", "check", "import-claims", "parse"])
def test_a_command_alone_is_the_same_as_among_all(name: str) -> None:
    from typer.testing import CliRunner

    from attrition import cli

    alone, among = (
        CliRunner().invoke(application, [name, "--help"], env={"COLUMNS": "100"})
        for application in (cli._app_of([name]), cli.app)
    )
    assert alone.exit_code == 0
    assert alone.output == among.output


@pytest.mark.parametrize("words", ["up to 250,000 could be fatalities", "nothing here", ""])
def test_plain_words_are_parsed_as_typer_would_hand_them_over(
    words: str, command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    straight, by_typer = command("parse", words), command("parse", "--", words)
    assert straight.stdout == by_typer.stdout
    assert straight.stderr == by_typer.stderr
    assert straight.returncode == by_typer.returncode


SPARED = """
import sys
from attrition.core import late
late.spared += ["numpy.testing", "numpy.nothing_like_it"] * (sys.argv[1] == "spared")
late.special.ndtr(0.0)
print("numpy.testing._private.utils" in sys.modules)
from scipy import stats
assert stats.ttest_ind([1.0, 2.0, 3.0], [2.0, 3.0, 5.0]).pvalue < 1
import numpy.testing
numpy.testing.assert_allclose(1.0, 1.0)
print("numpy.testing._private.utils" in sys.modules, numpy.testing is sys.modules["numpy.testing"])
"""


@pytest.mark.parametrize(("word", "at_once"), [("spared", "False"), ("all", "True")])
def test_a_part_of_numpy_that_is_spared_is_there_once_it_is_used(word: str, at_once: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SPARED, word], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [at_once, "True", "True"]


WITHOUT = """
import sys
from attrition.cli import main
try:
    main()
finally:
    print(sorted(name for name in sys.modules if name.partition(".")[0] == "matplotlib"))
"""


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_command_draws_without_matplotlib(tmp_path: Path, form: str) -> None:
    file = tmp_path / f"answer.{form}"
    words = [*WHEN, "--rate", "9 a day", "--plot", str(file)]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, *words], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert file.read_bytes()[:4] == {"png": b"\x89PNG", "svg": b"<svg"}[form]


THREADS = """
from attrition.core.workers import one_thread
with one_thread():
    from attrition.core.late import linalg
    linalg.cholesky([[2.0, 1.0], [1.0, 2.0]])
    from threadpoolctl import threadpool_info
    blas = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    print([pool["num_threads"] for pool in blas])
    assert any("scipy" in pool["filepath"] for pool in blas) or len(blas) == 1
"""


def test_a_library_that_is_loaded_late_works_in_one_thread_too() -> None:
    # SciPy brings a BLAS of its own, which nothing had limited where it was loaded inside
    free = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", THREADS],
        capture_output=True,
        text=True,
        check=True,
        env={**free, "OPENBLAS_NUM_THREADS": "2"},
    )
    assert set(json.loads(done.stdout)) == {1}
