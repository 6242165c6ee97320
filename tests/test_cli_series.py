"""Commands on a recorded count, as a stranger runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection

import attrition as at
from attrition.plots.past import plot_hindcast
from test_cli import Command
from test_pace import random_walk, series_of

TALLY = str(Path(at.__path__[0]) / "bundled/general_staff_personnel_to_2025-06-03.csv")


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> str:
    series = series_of(random_walk(300, 0.1, 5.0, seed=31)[0])
    path = tmp_path_factory.mktemp("series") / "short.csv"
    rows = (f"{d},{t:g}" for d, t in zip(series.days, series.totals, strict=True))
    path.write_text("date,cumulative\n" + "\n".join(rows) + "\n")
    return str(path)


def test_a_series_is_forecast_from_the_command(command: Command) -> None:
    done = command("forecast", "--series", TALLY, "--threshold", "1000000", "--json")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)["crossings"]
    assert row["basis"] == "series"
    assert row["lower"] <= "2025-06-12" <= row["upper"]
    assert "the count’s own reports" in row["sentence"]
    assert any("freeze" in note for note in row["notes"])


def test_what_a_count_is_of_is_said_in_the_command_and_kept_in_the_record(
    command: Command, short: str, tmp_path: Path
) -> None:
    words: dict[str, Any] = {
        "subject": "cholera deaths in Zemlan",
        "condition": "if the rains go on",
    }
    options = [part for name, text in words.items() for part in (f"--{name}", text)]
    done = command("forecast", "--series", short, *options, "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "To cite: Cholera deaths in Zemlan are " in text
    assert "if the rains go on, on the count’s own reports to" in text
    record = at.reporting.read_record(tmp_path / "out" / "record.json")
    assert record.question is not None
    assert {name: record.question[name] for name in words} == words
    assert at.verify(record).holds
    assert "Cholera deaths in Zemlan" in (tmp_path / "out" / "citation.md").read_text("utf-8")
    one = at.forecast(at.read_series(short), **words, seed=1)
    (key,) = one.laws
    assert one.cite(one.thresholds[key[0]][0]).sentence.startswith("Cholera deaths in Zemlan are ")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--verb", "hops"), "must be one that a total does to a threshold"),
        (("--condition", "whatever comes"), "must be a clause"),
        (("--subject", "people killed"), "are of one total"),
    ],
)
def test_words_that_no_sentence_has_room_for_are_refused(
    command: Command, options: tuple[str, str], says: str
) -> None:
    done = command("forecast", "war-in-ukraine-2025-06", *options)
    assert done.returncode == 2
    assert says in done.stderr


def test_a_series_and_a_dossier_are_not_forecast_at_once(command: Command) -> None:
    done = command("forecast", "--series", TALLY, "--basis", "latent")
    assert done.returncode == 2
    assert "Leave the basis out" in done.stderr


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a table of two countries with names of its own, a footer, and a slip of digits."""
    rows = ["When;Where;Number"]
    for i in range(240):
        day = np.datetime64("2024-01-01") + i
        total = 7_000 if i == 60 else 100 + 10 * i + i % 3
        rows += [f"{day};Here;{total:,}", f"{day};There;{5 + i}"]
    path = tmp_path_factory.mktemp("published") / "table.csv"
    path.write_text("\n".join([*rows, "Source: two ministries"]))
    return path


WORDS = ("--date-column", "When", "--value-column", "Number", "--value-kind", "total")


def test_a_published_table_is_read_by_the_words_of_its_options(
    published: Path, command: Command
) -> None:
    ask = ("--threshold", "2700", "--tolerance", "1", "--json")
    plain = command("forecast", "--series", str(published), *ask)
    assert plain.returncode == 2  # whose only dates and only count are told, and two countries
    assert "--where 'Where=Here'" in plain.stderr
    mixed = command("forecast", "--series", str(published), *WORDS, *ask)
    assert mixed.returncode == 2
    assert "--where 'Where=Here'" in mixed.stderr
    done = command("forecast", "--series", str(published), *WORDS, "--where", "Where=Here", *ask)
    assert done.returncode == 0, done.stderr
    assert "note: table: 2024-03-01: a total of 7,000 between 692 and 711 (typo" in done.stderr
    (row,) = json.loads(done.stdout)["crossings"]
    assert row["lower"] <= "2024-09-17" <= row["upper"]
    piped = command(
        "forecast",
        "--series",
        "-",
        *WORDS,
        "--where",
        "Where=Here",
        *ask,
        stdin=published.read_text(),
    )
    assert json.loads(piped.stdout)["crossings"][0]["upper"] == row["upper"]


def test_a_hindcast_takes_the_same_words_and_says_what_is_odd(
    published: Path, command: Command
) -> None:
    words = (*WORDS, "--where", "Where=Here", "--every", "60")
    done = command("hindcast", str(published), *words)
    assert done.returncode == 0, done.stderr
    assert "note: table: 2024-03-01" in done.stderr
    assert "typo" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("forecast", "--value-kind", "new"), "--series FILE"),
        (("forecast", "--series", TALLY, "--where", "country"), "COLUMN=VALUE"),
        (("forecast", "--series", TALLY, "--value-kind", "weekly"), "'total' or 'new'"),
        (("hindcast", "russia-ukraine-2025-06", "--scale", "1000"), "--scale"),
    ],
)
def test_words_for_a_series_that_do_not_fit_are_refused(
    arguments: tuple[str, ...], word: str, command: Command
) -> None:
    done = command(*arguments)
    assert done.returncode == 2
    assert word in done.stderr


def test_a_hindcast_prints_its_table_and_writes_its_strip(
    short: str, tmp_path: Path, command: Command
) -> None:
    done = command("hindcast", short, "--every", "28", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for part in ("constant-rate Poisson", "block bootstrap", "random walk", "PIT", "share no day"):
        assert part in done.stdout, part
    *lines, written_to = done.stdout.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert str(tmp_path) in written_to
    assert (tmp_path / "strip.png").stat().st_size > 5_000
    written = json.loads((tmp_path / "hindcast.json").read_text())
    assert {row["method"] for row in written["methods"]} >= {"attrition", "random walk"}


def test_a_hindcast_in_which_no_day_has_come_says_that_it_tells_nothing(
    tmp_path: Path, command: Command
) -> None:
    weeks = np.datetime64("2026-01-04") + 7 * np.arange(28)
    lines = [f"{day},{10 + abs(number - 16)}" for number, day in enumerate(weeks)]
    file = tmp_path / "short.csv"
    file.write_text("\n".join(["week ending,new deaths", *lines]))
    done = command("hindcast", str(file))
    assert done.returncode == 0, done.stderr
    assert "0 resolved" in done.stdout
    assert "No day that was asked for came within the data: too few to tell." in done.stdout


def test_a_hindcast_as_json_is_the_same_twice_and_obeys_its_options(
    short: str, command: Command
) -> None:
    options = ("--from", "2023-09-01", "--thresholds", "step:5000", "--prob", "0.8", "--json")
    first, again = (command("hindcast", short, *options).stdout for _ in range(2))
    assert first == again
    content = json.loads(first)
    assert content["prob"] == 0.8
    assert "5,000" in content["protocol"]
    listed = json.loads(command("hindcast", short, "--thresholds", "60000", "--json").stdout)
    assert [row["method"] for row in listed["methods"]][:2] == [
        "attrition",
        "constant-rate Poisson",
    ]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--thresholds", "many"), "number"),
        (("--thresholds", "auto 5"), "step:N"),
        (("--from", "2023-09"), "day"),
        (("--every", "0"), "1 or more"),
        (("--prob", "1"), "prob"),
    ],
)
def test_a_wrong_option_is_named(
    short: str, arguments: tuple[str, ...], word: str, command: Command
) -> None:
    done = command("hindcast", short, *arguments)
    assert done.returncode == 2
    assert word in done.stderr


def test_the_strip_draws_every_forecast_and_every_crossing() -> None:
    past = at.hindcast(series_of(random_walk(420, 0.1, 5.0, seed=32)[0]), rng=1)
    axes = plot_hindcast(past)
    nearest = past.outcomes["attrition"][::2]
    (strips,) = (shape for shape in axes.collections if type(shape) is LineCollection)
    bars = strips.get_segments()
    points = [day for line in axes.lines if line.get_marker() == "o" for day in _y(line)]
    assert len(bars) == len(nearest)
    assert {o.day for o in nearest if o.day > 0} <= set(points)
    with pytest.raises(at.InputError, match="rank"):
        plot_hindcast(past, rank=5)


def _y(line: object) -> list[float]:
    values = line.get_ydata()  # type: ignore[attr-defined]
    return [float(v) for v in np.atleast_1d(values)]
