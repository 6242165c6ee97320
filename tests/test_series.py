from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import attrition as at
from attrition.data.series import Series
from attrition.data.series.cleaning import clean, steps_of

DATA = Path(at.__path__[0]) / "bundled"


def test_the_general_staff_series_is_read_whole() -> None:
    series = at.read_series(DATA / "general_staff_personnel_to_2025-06-03.csv")
    assert series.days[0] == date(2022, 2, 25)
    assert series.days[-1] == date(2025, 6, 3)
    assert len(series.days) == len(series.totals) == 1_195
    assert series.crossed(900_000) == date(2025, 3, 21)
    assert series.crossed(100_000) == date(2022, 12, 22)
    assert series.crossed(2_000_000) is None


def test_large_counts_in_a_note_keep_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("date,cumulative\n2025-01-01,10\n2025-01-02,1234567\n2025-01-03,1234000\n")
    (defect,) = at.read_series(path).defects
    assert "falls from 1,234,567 to 1,234,000" in defect


def test_falls_and_gaps_are_listed_and_not_mended(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("date,cumulative\n2025-01-01,10\n2025-01-02,8\n2025-01-05,20\n")
    series = at.read_series(path)
    assert series.totals.tolist() == [10.0, 8.0, 20.0]
    assert series.cleaned.total.tolist() == [8.0, 8.0, 20.0]
    assert len(series.defects) == 2
    assert "falls from 10 to 8" in series.defects[0]
    assert "no report for 2 days" in series.defects[1]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "rows"),
        ("date,weather\n2025-01-01,1\n", "cumulative"),
        ("date,cumulative\n2025-01-01,x\n", "line 2"),
        ("date,cumulative\n2025-01-01,inf\n", "line 2"),
        ("date,cumulative\n2025-01-01,nan\n2025-01-02,4\n", "two reports"),
        ("date,cumulative\n2025,1\n", "line 2"),
        ("date,cumulative\n2025-01-02,1\n2025-01-03,-2\n", "line 3"),
        ("date,cumulative\n2025-01-02,1\n2025-01-02,2\n", "two reports"),
    ],
)
def test_a_broken_series_is_refused_with_its_line(text: str, word: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_text(text)
    with pytest.raises(at.InputError, match=word):
        at.read_series(path)


def test_a_missing_series_is_refused(tmp_path: Path) -> None:
    with pytest.raises(at.InputError, match="must exist"):
        at.read_series(tmp_path / "absent.csv")


def kinds(series: Series) -> list[str]:
    return [defect.kind for defect in series.anomalies]


def planted(daily: np.ndarray, start: int = 100) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(daily.size), start + np.cumsum(daily, dtype=float)


def steady(days: int = 400) -> np.ndarray:
    return np.random.default_rng(3).poisson(100.0, days)


def test_rows_out_of_order_repeated_or_empty_are_handled_and_listed(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(
        "date,cumulative,series,unit\n2025-01-01,10,Cases,persons\n2025-01-03,30,,\n"
        "2025-01-02,20,,\n2025-01-03,31,,\n2025-01-04,,,\n2025-01-05,50,,\n"
    )
    series = at.read_series(path)
    assert series.totals.tolist() == [10.0, 20.0, 31.0, 50.0]
    assert sorted(kinds(series)) == ["duplicate", "missing", "order"]
    assert "the last row stands" in " ".join(series.defects)
    assert (series.name, series.unit) == ("Cases", "persons")


def test_daily_counts_are_summed_and_a_negative_one_is_a_correction(tmp_path: Path) -> None:
    path = tmp_path / "daily.csv"
    path.write_text("date,daily\n2025-01-01,5\n2025-01-02,7\n2025-01-03,-2\n2025-01-04,3\n")
    series = at.read_series(path)
    assert series.totals.tolist() == [5.0, 12.0, 10.0, 13.0]
    assert series.cleaned.total.tolist() == [5.0, 10.0, 10.0, 13.0]
    assert kinds(series) == ["correction"]


def test_pandas_and_xarray_objects_read_as_the_file_does(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("date,cumulative\n2025-01-01,5\n2025-01-02,9\n2025-01-03,11\n")
    frame = pd.read_csv(path, parse_dates=["date"])
    column = frame.set_index("date")["cumulative"]
    array = xr.DataArray(
        [5.0, 9.0, 11.0], dims="time", coords={"time": column.index.values}, name="cumulative"
    )
    expected = at.read_series(path)
    for source in (frame, column, array, array.to_dataset()):
        series = at.read_series(source)
        assert series.days == expected.days
        assert series.totals.tolist() == expected.totals.tolist()
    with pytest.raises(at.InputError, match="cumulative"):
        at.read_series(column.rename("deaths"))


@pytest.mark.parametrize("dates", ["timestamps", "days", "text", "index"])
def test_a_parquet_file_reads_as_the_csv_of_the_same_rows(tmp_path: Path, dates: str) -> None:
    csv, path = tmp_path / "file.csv", tmp_path / "file.parquet"
    csv.write_text(
        "date,cumulative,series,unit\n2025-01-01,5,A count,persons\n2025-01-02,,A count,persons\n"
        "2025-01-04,11,A count,persons\n"
    )
    frame = pd.read_csv(csv)
    stamps = pd.to_datetime(frame["date"])
    frame["date"] = {"days": stamps.dt.date, "text": frame["date"]}.get(dates, stamps)
    (frame.set_index("date") if dates == "index" else frame).to_parquet(path, engine="pyarrow")
    expected, result = at.read_series(csv), at.read_series(path)
    assert (result.name, result.unit, result.days) == ("A count", "persons", expected.days)
    assert result.totals.tolist() == expected.totals.tolist() == [5.0, 11.0]
    assert result.defects == expected.defects


def test_a_broken_parquet_file_and_a_missing_engine_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.parquet"
    path.write_bytes(b"PAR1 and nothing of the kind")
    with pytest.raises(at.InputError, match="readable Parquet file"):
        at.read_series(path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(at.InputError, match=r"attrition\[parquet\]"):
        at.read_series(path)


def test_a_tenfold_slip_that_the_next_report_takes_back_is_no_report() -> None:
    day, total = planted(steady())
    total[300] *= 10
    cleaned = clean(day, total)
    assert [f.kind for f in cleaned.anomalies] == ["typo"]
    assert 300 not in cleaned.day
    assert cleaned.total.max() == total[-1]


def test_a_freeze_with_a_catch_up_does_not_change_the_rate() -> None:
    day, total = planted(steady())
    total[120:128] = total[120]
    cleaned = clean(day, total)
    assert [f.kind for f in cleaned.anomalies] == ["freeze"]
    assert cleaned.exposure[119:128].tolist() == [1.0] + [0.0] * 7 + [8.0]
    counts, exposure = steps_of(cleaned, 7)
    assert np.nanmax(np.abs(counts / exposure - 100)) < 5 * np.sqrt(100 / 6)


def test_a_backfill_stays_in_the_total_and_leaves_the_rate() -> None:
    day, total = planted(steady())
    total[220:] += 3_000
    cleaned = clean(day, total)
    assert [f.kind for f in cleaned.anomalies] == ["backfill"]
    assert cleaned.total[-1] == total[-1]
    assert cleaned.counts.sum() == pytest.approx(total[-1] - total[0] - 3_000, abs=60)
    late = clean(day[:223], total[:223])  # only two reports have come since: it may be a new pace
    assert [f.kind for f in late.anomalies] == ["dump"]
    assert late.total[-1] == total[222]
    assert late.counts.sum() == pytest.approx(total[222] - total[0] - 3_000, abs=60)
    assert late.surged == 1
    assert late.surge == pytest.approx(3_100 / 100, rel=0.15)


def test_a_count_after_a_gap_belongs_to_the_whole_interval() -> None:
    day, total = planted(steady())
    keep = (day < 60) | (day >= 70)
    cleaned = clean(day[keep], total[keep])
    assert [f.kind for f in cleaned.anomalies] == ["gap"]
    assert cleaned.exposure.max() == 11.0
    own = clean(day[keep], total[keep], own_day=True)
    assert own.exposure.max() == 1.0


@pytest.mark.parametrize("apart", [7, 30])
@pytest.mark.parametrize("times", [0.7, 1.0, 1.3, 1.7, 2.2])
def test_a_new_count_after_a_missing_one_is_of_its_own_period_unless_it_makes_up_for_it(
    apart: int, times: float
) -> None:
    rng = np.random.default_rng(int(10 * times) + apart)
    counts = rng.poisson(70, 60).astype(float)
    row = int(rng.integers(10, 59))
    counts[row] = round(70 * times)
    day = apart * np.arange(61)
    keep = np.arange(61) != row  # the report before it is missing
    cleaned = clean(day[keep], np.r_[0.0, np.cumsum(np.delete(counts, row - 1))], own_day=True)
    # the square root of two parts "as one" from "as two"
    assert cleaned.exposure[row - 1] == (apart if times < 1.4 else 2 * apart)
    assert [f.kind for f in cleaned.anomalies] == ["interval", "gap"]


@pytest.mark.parametrize("apart", [7, 30])
def test_counts_of_weeks_or_months_belong_to_them_whatever_the_column_is_called(apart: int) -> None:
    day, total = planted(steady())
    day, total = day[::apart], total[::apart]
    one, two = clean(day, total - total[0], own_day=True), clean(day, total)
    assert [f.kind for f in one.anomalies] == ["interval"]
    assert one.exposure.tolist() == two.exposure.tolist() == [apart] * (day.size - 1)


def test_a_list_of_the_days_on_which_something_happened_has_the_rate_of_all_days() -> None:
    daily = np.random.default_rng(3).poisson(0.3, 1_500)
    day, total = planted(daily)
    happened = np.r_[True, np.diff(total) > 0]
    cleaned = clean(day[happened], total[happened], own_day=True)
    assert [f.kind for f in cleaned.anomalies if f.kind != "gap"] == ["interval"]
    assert cleaned.counts.sum() / cleaned.exposure.sum() == pytest.approx(0.3, rel=0.15)


def test_a_series_in_lumps_is_named_and_a_clean_one_has_no_finding() -> None:
    rng = np.random.default_rng(5)
    lumps = np.where(np.arange(400) % 4 == 0, rng.poisson(40.0, 400), 0)
    assert [f.kind for f in clean(*planted(lumps)).anomalies] == ["batch"]
    assert clean(*planted(steady())).anomalies == ()


def test_what_was_known_on_a_day_is_judged_by_itself() -> None:
    series = at.read_series(DATA / "general_staff_personnel_to_2025-06-03.csv")
    early = series.until(date(2022, 3, 20))
    assert early.days[-1] == date(2022, 3, 20)
    assert early.cleaned.day.size == 24
    assert "freeze" in kinds(series)
    with pytest.raises(at.InputError, match="two reports"):
        series.until(date(2022, 2, 25))
