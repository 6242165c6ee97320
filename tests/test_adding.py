"""What docs/architecture.md says of adding a thing, done once, as a reader would do it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Literal, Unpack

import numpy as np
import pytest
from matplotlib.axes import Axes
from numpy.typing import NDArray

import attrition as at
from attrition.core._typing import Floats
from attrition.models.assimilation import model, network, paces
from attrition.models.assimilation.paces import Fading, Hypothesis, Pace, process
from attrition.plots.canvas import canvas
from attrition.plots.look import say
from attrition.plots.sheet import on_sheets, sheet_of
from attrition.reporting import files

ROOT = Path(__file__).parent.parent
ADDED = tomllib.loads((ROOT / "tests/adding.toml").read_text(encoding="utf-8"))
START = "from pathlib import Path\nimport attrition as at\n"
ON = "2025-06-03"
CLAIMS = [
    at.claim("exactly 10,000 killed", source="one", on=ON),
    at.claim("around 12,000 killed", source="other", on=ON),
    at.claim("about 20 killed a day", source="one", on=ON),
]


@pytest.fixture(scope="module")
def usual() -> at.Forecast:
    return at.forecast(CLAIMS, thresholds=[15_000], seed=1, tolerance=30)


def spread(forecast: at.Forecast) -> float:
    """The width of what is expected in half a year, as a ratio of its ends."""
    total = forecast.law("killed", "latent").total("2025-12-03")
    return total.upper / total.lower


def test_the_first_change_of_a_contributor_does_what_its_walk_says(tmp_path: Path) -> None:
    """Words, today's reading, the line of the gold file and the phrase stand in CONTRIBUTING.md."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    walk = page.split("## Your first change")[1].split("\n## ")[0]
    gold = re.search(r"^ *(\[\[p\]\]\n.*\n.*)$", walk, re.MULTILINE)
    step = re.search(r"Add `(.+?)` to the `phrases` of the row `([\w-]+)` in `(.+?)`", walk)
    assert gold is not None
    assert step is not None
    phrase, row, file = step.groups()
    (wanted,) = tomllib.loads(gold[1])["p"]
    assert f'parse "{wanted["t"]}"' in walk
    (today,) = at.parse(wanted["t"])
    assert (today.point, today.hedge) == (300, "unhedged-round")
    head = re.compile(rf'(key = "{row}"\n(?:\w+ = .*\n)*?phrases = \[)')
    table, count = head.subn(rf"\g<1>{phrase}, ", (ROOT / file).read_text(encoding="utf-8"))
    assert count == 1
    changed = tmp_path / "hedges.toml"
    changed.write_text(table, encoding="utf-8")
    (reading,) = at.parse(wanted["t"], lexicon=at.text.read_lexicon(changed))
    assert {key: getattr(reading, key) for key in wanted["r"][0]} == wanted["r"][0]


def test_a_family_of_paces_is_a_table() -> None:
    lively = {"mu": 0.0, "s": 1.5, "nu": 30.0, "tau": 10.0, "phi": 1.0, "window": 0}
    calm = {**lively, "s": 0.01}
    ends = [
        at.when(
            12_000,
            level=10_000,
            rate=20,
            on=ON,
            kind="conflict",
            priors={
                "families": {"mine": {**table, "least": 0.01, "most": 50.0, "evidence": "a test"}},
                "kinds": {"conflict": {"shares": {"mine": 1.0}, "evidence": "a test"}},
            },
        )
        .law.total("2025-08-03")
        .upper
        for table in (calm, lively)
    ]
    assert ends[0] < 11_500 < ends[1]


def printed(source: Path, code: str) -> str:
    """What a fresh Python prints that imports the package of a folder."""
    run = subprocess.run(
        [sys.executable, "-c", f"{START}{code}"],
        cwd=source,
        env=os.environ | {"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@pytest.mark.parametrize("what", ADDED)
def test_what_is_added_to_a_copy_of_the_sources_is_obeyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    steps = ADDED[what]
    monkeypatch.chdir(tmp_path)
    with redirect_stdout(StringIO()) as out:
        exec(START + steps["show"], {})  # noqa: S102 - the lines of adding.toml
    assert out.getvalue().strip() == steps["before"]
    shutil.copytree(ROOT / "src/attrition", tmp_path / "attrition")
    for step in steps["rows"]:
        path = tmp_path / "attrition" / step["file"]
        text = path.read_text(encoding="utf-8") if step["behind"] else ""
        assert step["behind"] in text
        both = step["behind"] + step["row"]
        path.write_text(text.replace(step["behind"], both, 1), encoding="utf-8")
    assert printed(tmp_path, steps["show"]) == steps["after"]


class Halved:
    """A family of one's own, for `when`: the rate halves every month."""

    name, evidence = "halved", "a test"
    dimensions, phi, keeps_rate = 1, 1.0, True

    def paces(self, uniforms: Floats, rate: Floats) -> tuple[Floats, Floats]:
        return rate, np.full_like(uniforms, np.log(2) / 30)

    def elapsed(self, movers: Floats, days: NDArray[np.int64]) -> Floats:
        return -np.expm1(-movers * days) / movers


def test_a_family_of_your_own_is_an_object_for_when() -> None:
    law = at.when(12_000, level=10_000, rate=20, on=ON, kind=Halved(), seed=1).law
    assert law.total("2026-06-03").median == pytest.approx(10_000 + 20 * 30 / np.log(2), rel=0.01)


class Even:
    """A pace that stays as it is, but for a hair."""

    hypotheses = (Hypothesis(1.0, paces.TINY),)
    noise = 1.0

    def loadings(self, weeks: int, step: float = 1.0) -> Floats:
        return process(weeks, step)

    def fadings(self, age: Floats) -> tuple[Fading, ...]:
        del age
        return ()


def test_a_pace_is_a_class_and_the_rule_that_says_when(
    usual: at.Forecast, monkeypatch: pytest.MonkeyPatch
) -> None:
    own: Pace = Even()
    for room in (model, paces):
        monkeypatch.setattr(room, "pace_of", lambda *_: own)
    forecast = at.forecast(CLAIMS, thresholds=[15_000], seed=1, tolerance=30)
    assert spread(forecast) < 0.8 * spread(usual)


def test_how_sources_err_is_one_method(usual: at.Forecast, monkeypatch: pytest.MonkeyPatch) -> None:
    class Wilder(network.Network):
        def covariances(self, *arguments: Any) -> Floats:
            return 9.0 * super().covariances(*arguments)

    monkeypatch.setattr(network, "Network", Wilder)
    forecast = at.forecast(CLAIMS, thresholds=[15_000], seed=1, tolerance=30)
    assert spread(forecast) > 1.3 * spread(usual)


def test_an_export_is_a_function_of_a_record_and_a_line(
    usual: at.Forecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form: Callable[[at.reporting.Record], str] = lambda record: f"see {record.id}\n"  # noqa: E731
    monkeypatch.setitem(files._FORMS, "mine.txt", form)
    record = at.reporting.make_record(usual)
    written = at.reporting.write_exports(record, tmp_path)
    assert written[-1].name == "mine.txt"
    assert written[-1].read_text() == f"see {record.id}\n"


def plot_slope(law: at.Law, ax: Axes | None = None, **look: Unpack[at.plots.Look]) -> Axes:
    """Draw the median of every month: a plot of one's own."""
    with canvas(ax, 2.0, law.provenance.title, "Median", law, look) as axes:
        days = range(0, 180, 30)
        dates = (law.information_date + timedelta(days=day) for day in days)
        axes.plot(days, [law.total(one).median for one in dates])
    return say(axes, f"The median of {law.provenance.title}.")


@pytest.mark.parametrize("size", ["column", "page"])
def test_a_plot_is_a_function_of_a_law_and_axes(
    usual: at.Forecast, size: Literal["column", "page"]
) -> None:
    axes = plot_slope(usual.law("killed", "latent"), size=size)
    assert at.plots.text_alternative(axes) == "The median of People killed."
    picture = at.plots.figure_bytes(axes, "svg")
    assert b"The median of People killed." in picture
    with on_sheets():
        sheet = sheet_of(plot_slope(usual.law("killed", "latent"), size=size))
    assert sheet is not None
    assert "<svg" in sheet.svg()


def test_each_way_to_add_something_names_the_test_that_does_it() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    ways = re.findall(r"^\*[^*]+\*.*$", page.partition("## Adding something")[2], re.MULTILINE)
    named = [re.findall(r"`(test_\w+)`", way)[0] for way in ways]
    assert {*named} == {name for name, one in globals().items() if name.startswith("test_")} - {
        "test_each_way_to_add_something_names_the_test_that_does_it"
    }
    heads = [re.findall(r"\*([^*]+)\*", way)[0].lower() for way in ways]
    copied = [h for h, n in zip(heads, named, strict=True) if n.startswith("test_what_is_added")]
    assert copied == [what for what in ADDED if what != "a template"]
