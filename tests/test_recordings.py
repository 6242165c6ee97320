"""A dossier that names a recorded count in a file beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import attrition as at
from attrition.models.assimilation.carry import Rates
from attrition.models.assimilation.evidence import recordings_of

TEXT = """
[dossier]
id = "counted"

[sources.staff]
name = "Staff"

[quantities.losses]
title = "Losses"
definition = "as counted"
unit = "persons"
start = 2024-01-01
thresholds = [3_000]
bases = ["staff", "latent"]

[[claims]]
quantity = "losses"
source = "staff"
kind = "level"
point = 1_400
hedge = "about"
as_of = 2024-02-20
published = 2024-02-20

[[series]]
quantity = "losses"
source = "staff"
file = "counts.csv"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "counted.toml").write_text(TEXT, encoding="utf-8")
    rows = [f"{date.fromordinal(738_887 + day)},{30 * day}" for day in range(1, 91)]
    (tmp_path / "counts.csv").write_text("date,cumulative\n" + "\n".join(rows), encoding="utf-8")
    return tmp_path


def test_the_file_is_found_beside_the_dossier_and_enters_its_digest(folder: Path) -> None:
    one = at.read_dossier(folder / "counted.toml")
    assert one.series[0].path == folder / "counts.csv"
    counts = folder / "counts.csv"
    counts.write_text(counts.read_text(encoding="utf-8") + "\n2024-04-01,2800", encoding="utf-8")
    other = at.read_dossier(folder / "counted.toml")
    assert one.sha256 != other.sha256


def test_a_missing_or_another_file_is_refused(folder: Path) -> None:
    path = folder / "counted.toml"
    stated = path.read_text(encoding="utf-8") + f'sha256 = "{"0" * 64}"\n'
    path.write_text(stated, encoding="utf-8")
    with pytest.raises(at.InputError, match="the file that the dossier names"):
        at.read_dossier(path)
    (folder / "counts.csv").unlink()
    with pytest.raises(at.InputError, match=r"must exist, .*Put the file beside"):
        at.read_dossier(path)


def test_a_written_dossier_reads_back_with_its_count(folder: Path, tmp_path: Path) -> None:
    one = at.read_dossier(folder / "counted.toml")
    again = at.read_dossier(at.write_dossier(one, tmp_path / "copy.toml"))
    assert again.series[0].sha256 == one.series[0].sha256
    assert again.series[0].path.is_file()


def test_the_count_starts_where_it_was_last_recorded(folder: Path) -> None:
    dossier = at.read_dossier(folder / "counted.toml")
    forecast = at.forecast(
        dossier,
        seed=1,
        as_of=date(2024, 3, 20),
        horizon=date(2024, 9, 1),
        size=64,
    )
    staff, latent = forecast.law("losses", "staff"), forecast.law("losses", "latent")
    # 78 days of thirty: the source's count is known, the total is not
    assert at.laws.total(staff, date(2024, 3, 20)).median == pytest.approx(2_340, abs=1)
    assert at.laws.total(staff, date(2024, 3, 20)).upper == pytest.approx(2_340, abs=1)
    wide = at.laws.total(latent, date(2024, 3, 20))
    assert wide.upper >= wide.lower
    day = at.laws.crossing(staff, 3_000).median.day
    assert day is not None
    assert abs((day - date(2024, 4, 11)).days) <= 7  # a week of thirty a day more or less


def test_a_count_put_beside_a_dossier_takes_the_place_of_its_file(folder: Path) -> None:
    dossier = at.read_dossier(folder / "counted.toml")
    (whole,) = recordings_of(dossier).values()
    short = {("staff", "losses"): whole.until(date(2024, 2, 1))}
    assert recordings_of(dossier.with_counts(short)) == short
    asked: dict[str, Any] = {"rng": 1, "points": 0, "factors": {}, "basis": "staff"}
    asked["as_of"], asked["horizon"] = "2024-03-20", "2024-12-31"
    known, less = (
        at.forecasts.sensitivity(one, "losses", 4_000, **asked)
        for one in (dossier, dossier.with_counts(short))
    )
    assert not known.equals(less)


def test_what_is_counted_ahead_is_the_pace_times_the_days_from_any_day_of_the_week() -> None:
    rates = Rates.of(np.full((1, 3), 10.0), np.full((2, 1, 1), 20.0))
    ends = np.arange(20.0, 36.0)
    for begin in (0.0, 7.0, 13.0, 16.0, 20.0):
        counts = rates.totals(begin, ends)[0, 0]
        wanted = [10 * (min(end, 21) - begin) + 20 * max(end - 21, 0) for end in ends]
        assert counts == pytest.approx(wanted)
