"""Counts as people publish them: every form reads the same, and no mistake goes by unseen."""

from __future__ import annotations

import gzip
import io
import json
import sys
import warnings
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import attrition as at
from attrition.data.series.cells import number_of
from attrition.data.series.dates import label_of

START = date(2024, 1, 1)
COUNTS = np.random.default_rng(7).poisson(20.0, 300)
TOTALS = 500 + np.cumsum(COUNTS)


def day(i: int) -> date:
    return START + timedelta(days=i)


def csv_of(totals: Any, header: str = "date,cumulative", sign: str = ",") -> str:
    rows = [sign.join(header.split(","))]
    rows += [f"{day(i)}{sign}{total:g}" for i, total in enumerate(totals)]
    return "\n".join(rows) + "\n"


def written(folder: Path, text: str, name: str = "count.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read_warned(path: Any, match: str, **words: Any) -> at.Series:
    with pytest.warns(at.AttritionWarning, match=match):
        return at.read_series(path, **words)


def kinds(series: at.Series) -> list[str]:
    return [defect.kind for defect in series.anomalies]


# ------------------------------------------------------------------ forms


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_every_delimiter_reads_the_same(tmp_path: Path, sign: str) -> None:
    series = at.read_series(written(tmp_path, csv_of(TOTALS, sign=sign)))
    assert series.totals.tolist() == TOTALS.tolist()
    assert series.days == tuple(day(i) for i in range(300))
    assert series.defects == ()


def forms(folder: Path) -> dict[str, Any]:
    text = csv_of(TOTALS)
    frame = pd.DataFrame({"date": [str(day(i)) for i in range(300)], "cumulative": TOTALS})
    records = frame.to_dict("records")
    (folder / "bom.csv").write_bytes(text.encode("utf-8-sig"))
    (folder / "wide.csv").write_bytes(text.encode("utf-16"))
    (folder / "packed.csv.gz").write_bytes(gzip.compress(text.encode()))
    (folder / "packed.json.gz").write_bytes(gzip.compress(json.dumps(records).encode()))
    (folder / "records.json").write_text(json.dumps(records))
    (folder / "nested.json").write_text(json.dumps({"source": "us", "data": records}))
    (folder / "columns.json").write_text(json.dumps(frame.to_dict("list")))
    (folder / "lines.jsonl").write_text("\n".join(map(json.dumps, records)))
    stamped = frame.assign(date=pd.to_datetime(frame["date"]))
    files = (*sorted(folder.iterdir()),)
    return {
        **{path.name: path for path in files},
        "frame": frame,
        "stamps": stamped,
        "index": stamped.set_index("date"),
        "periods": stamped.set_index(pd.PeriodIndex(frame["date"], freq="D"))[["cumulative"]],
        "dataset": stamped.set_index("date").to_xarray(),
    }


def test_every_form_reads_as_the_plain_file_does(tmp_path: Path) -> None:
    for name, source in forms(tmp_path).items():
        series = at.read_series(source)
        assert series.days == tuple(day(i) for i in range(300)), name
        assert series.totals.tolist() == TOTALS.tolist(), name
        assert series.defects == (), name


def test_frames_of_others_read_as_the_plain_file_does() -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    frame = pd.DataFrame({"Date": [day(i) for i in range(300)], "killed_cum": TOTALS})
    for form in (polars.from_pandas(frame), polars.from_pandas(frame).lazy()):
        assert at.read_series(form).totals.tolist() == TOTALS.tolist()
    dask = pytest.importorskip("dask.dataframe", reason="dask is not installed")
    series = at.read_series(dask.from_pandas(frame, npartitions=2))
    assert series.totals.tolist() == TOTALS.tolist()


def test_a_netcdf_file_keeps_its_name_and_its_unit(tmp_path: Path) -> None:
    pytest.importorskip("h5netcdf", reason="the extra `netcdf` is not installed")
    array = xr.DataArray(
        TOTALS.astype(float),
        dims="time",
        coords={"time": pd.date_range("2024-01-01", periods=300)},
        name="cumulative",
        attrs={"long_name": "A count", "units": "persons"},
    )
    array.to_netcdf(tmp_path / "count.nc", engine="h5netcdf")
    series = at.read_series(tmp_path / "count.nc")
    assert (series.name, series.unit) == ("A count", "persons")
    assert series.totals.tolist() == TOTALS.tolist()


def test_the_standard_input_is_read_whatever_form_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    text = csv_of(TOTALS).encode()
    record = json.dumps([{"date": str(day(i)), "daily": 3} for i in range(4)]).encode()
    for content, last in ((text, TOTALS[-1]), (gzip.compress(text), TOTALS[-1]), (record, 12)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        series = at.read_series("-")
        assert series.totals[-1] == last
        assert series.name == "standard input"


def test_a_sheet_without_its_reader_names_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    (tmp_path / "count.xlsx").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(at.InputError, match=r"attrition\[excel\]|readable XLSX"):
        at.read_series(tmp_path / "count.xlsx")


def test_what_is_endless_or_broken_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from attrition.data.series import tables

    monkeypatch.setattr(tables, "_MOST", 10_000)
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"0" * 1_000_000))
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(csv_of(TOTALS).encode())[:-20])
    (tmp_path / "broken.json").write_text('{"date": ')
    (tmp_path / "scalar.json").write_text("3")
    for name, word in (
        ("bomb.csv.gz", "more than"),
        ("cut.csv.gz", "readable"),
        ("broken.json", "readable JSON"),
        ("scalar.json", "list of records"),
    ):
        with pytest.raises(at.InputError, match=word):
            at.read_series(tmp_path / name)
    if Path("/dev/zero").exists():
        with pytest.raises(at.InputError, match="an ordinary file"):
            at.read_series("/dev/zero")


# ------------------------------------------------------------------ columns


@pytest.mark.parametrize(
    ("header", "row", "total"),
    [
        ("report_date,killed,killed_cum,injured_cum", "{d},1,{c},9", 30),
        ("Date,Total deaths,New deaths", "{d},{c},10", 30),
        ("date,total_cases,new_cases,total_deaths,new_deaths", "{d},99,9,{c},10", 30),
        ("Day;Country;New killed", "{d};X;10", 30),
        ("dateRep,cumDeaths", "{d},{c}", 30),
        ("event_date,fatalities_per_100k,daily_fatalities", "{d},3,10", 30),
    ],
)
def test_common_names_are_known(tmp_path: Path, header: str, row: str, total: float) -> None:
    rows = [header, *(row.format(d=day(i), c=10 * (i + 1)) for i in range(3))]
    series = at.read_series(written(tmp_path, "\n".join(rows)))
    assert series.totals[-1] == total


def test_columns_are_chosen_by_name_in_files_and_frames_alike(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"when": [str(day(i)) for i in range(6)], "place": list("ababab"), "x": range(1, 7)}
    )
    path = tmp_path / "count.csv"
    frame.to_csv(path, index=False)
    for source in (path, frame):
        words: dict[str, Any] = {"date": "when", "value": "x", "where": {"place": "b"}}
        series = at.read_series(source, kind="new", **words)
        assert series.totals.tolist() == [2.0, 6.0, 12.0]
        assert at.read_series(source, kind="total", **words).totals.tolist() == [2.0, 4.0, 6.0]


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ({}, r"columns `date` and `cumulative`.*`when`, `x`, `place`.*--date-column"),
        ({"date": "day"}, r"`date` must name a column, not `day`, got `when`, `x`"),
        ({"date": "when", "value": "y"}, r"`value` must name a column, not `y`"),
        ({"date": "when", "value": "x"}, r"kind='total' or kind='new'"),
        ({"where": {"town": "a"}}, r"`where` must name a column, not `town`"),
        ({"where": {"place": "c"}}, r"none has place=c, got `a`"),
        ({"kind": "daily"}, r"`kind` must be 'total' or 'new' or 'rows'"),
        ({"period": "middle"}, r"`period` must be 'start' or 'end'"),
        ({"scale": 0}, r"`scale` must be a positive number"),
        ({"where": ["place"]}, r"`where` must be a mapping"),
        ({"incomplete": -1}, r"`incomplete` must be a number of days"),
    ],
)
def test_what_is_refused_says_what_it_needs_and_what_there_is(
    tmp_path: Path, words: dict[str, Any], match: str
) -> None:
    path = written(tmp_path, "when,x,place\n2025-01-01,1,a\n2025-01-02,2,a\n")
    with pytest.raises(at.InputError, match=match):
        at.read_series(path, **words)


def test_one_of_several_counts_must_be_named(tmp_path: Path) -> None:
    path = written(tmp_path, "date,total_killed,total_deaths\n2025-01-01,1,2\n2025-01-02,3,4\n")
    with pytest.raises(at.InputError, match="value='total_killed'"):
        at.read_series(path)
    assert at.read_series(path, value="total_deaths").totals.tolist() == [2.0, 4.0]


def test_a_kind_that_no_name_tells_is_told_by_its_course_and_warned_of(tmp_path: Path) -> None:
    total = written(tmp_path, csv_of(TOTALS, "Date,Deaths"))
    new = written(tmp_path, csv_of(COUNTS, "Date,Deaths"), "new.csv")
    assert read_warned(total, "never falls").totals[-1] == TOTALS[-1]
    assert read_warned(new, "it falls").totals[-1] == COUNTS.sum()
    assert at.read_series(new, kind="new").anomalies == ()


# ------------------------------------------------------------------ cells


def test_numbers_are_read_as_tables_print_them(tmp_path: Path) -> None:
    text = (
        "Casualties of a war\n# published daily\ndate;cumulative\n#date;#affected\n"
        "2025-01-01;1,010\n2025-01-02;NA\n2025-01-03;1 020\n\n2025-01-04;1'030\n"
        "2025-01-05;n/a\n2025-01-06;1040.0\n2025-01-07;-\nTotal;1040\nSource: a ministry\n"
    )
    series = at.read_series(written(tmp_path, text))
    assert series.totals.tolist() == [1010.0, 1020.0, 1030.0, 1040.0]
    assert kinds(series).count("missing") == 3
    assert kinds(series).count("footer") == 2
    assert "line 14" in " ".join(series.defects)


def test_a_row_in_the_middle_without_a_date_is_refused_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "date,cumulative\n2025-01-01,1\nsoon,1\n2025-01-02,2\n")
    with pytest.raises(at.InputError, match=r"soon, 1.*line 3"):
        at.read_series(path)


@pytest.mark.parametrize("label", ["2025-02-30", "20024-10-27", "2024-W53", "27.10.", "Oct-27"])
def test_a_last_row_whose_date_is_mistyped_is_not_lost(tmp_path: Path, label: str) -> None:
    rows = csv_of(TOTALS).splitlines()
    rows[-1] = f"{label},{TOTALS[-1]}"
    with pytest.raises(at.InputError, match="must hold a day") as refused:
        at.read_series(written(tmp_path, "\n".join(rows)))
    assert "line 301" in refused.value.place
    rows[-1] = f"Total of 2024,{TOTALS[-1]}"  # which is no report
    assert at.read_series(written(tmp_path, "\n".join(rows))).totals[-1] == TOTALS[-2]


@pytest.mark.parametrize("row", [2, 150, 299])
def test_new_counts_that_add_up_to_less_than_nothing_are_refused(tmp_path: Path, row: int) -> None:
    daily = COUNTS.copy()
    daily[row] = -daily[: row + 1].sum() - 1_000
    with pytest.raises(at.InputError, match="less than 0") as refused:
        at.read_series(written(tmp_path, csv_of(daily, "date,daily")))
    assert str(day(row)) in refused.value.got


@pytest.mark.parametrize(
    "row", ["Subtotal: May,1", "TOTAL,1", "Grand total,1", "date,cumulative", "June,"]
)
def test_a_sum_or_a_head_in_the_middle_is_no_report(tmp_path: Path, row: str) -> None:
    path = written(tmp_path, f"date,cumulative\n2025-01-01,1\n{row}\n2025-01-02,2\n")
    series = at.read_series(path)
    assert series.totals.tolist() == [1.0, 2.0]
    assert row == "date,cumulative" or "line 3 holds no date" in series.defects[0]


@pytest.mark.parametrize(
    ("cell", "last"),
    [
        ("2025-06-03", "2025-06-03"),
        ("2025-06-03T00:00:00", "2025-06-03"),
        ("2025-06-03 23:59:59+03:00", "2025-06-03"),
        ("2025-06-03T00:30:00Z", "2025-06-03"),
        ("20250603", "2025-06-03"),
        (20250604, "2025-06-04"),
        (1748908800000, "2025-06-03"),
        ("2025/6/3", "2025-06-03"),
        ("3 June 2025", "2025-06-03"),
        ("Jun 3, 2025", "2025-06-03"),
        ("2025-W23", "2025-06-08"),
        ("2025W23", "2025-06-08"),
        ("2025-W01", "2025-01-05"),
        ("2024-02", "2024-02-29"),
        ("June 2025", "2025-06-30"),
        (pd.Timestamp("2025-06-03 00:30", tz="Europe/Kyiv"), "2025-06-03"),
        (pd.Timestamp("2025-06-03 23:30", tz="America/New_York"), "2025-06-03"),
    ],
)
def test_a_date_is_the_last_wall_day_that_it_names(cell: Any, last: str) -> None:
    label = label_of(cell)
    assert label is not None
    assert str(label.last) == last


@pytest.mark.parametrize("cell", ["", "NA", "Total", "2025-13", "2025-W54", "2025-02-30", "2025"])
def test_what_names_no_day_week_or_month_is_no_date(cell: str) -> None:
    assert label_of(cell) is None


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "America/New_York", "UTC", "Pacific/Auckland"])
def test_wall_dates_are_kept_in_every_time_zone(zone: str) -> None:
    days = pd.date_range("2025-01-01", periods=3, tz=zone)
    for frame in (
        pd.DataFrame({"date": days, "cumulative": [1, 2, 3]}),
        pd.Series([1.0, 2.0, 3.0], days, name="cumulative"),
    ):
        series = at.read_series(frame)
        assert [str(d) for d in series.days] == ["2025-01-01", "2025-01-02", "2025-01-03"]


def test_dates_with_slashes_are_read_where_one_tells_its_day(tmp_path: Path) -> None:
    rows = "date,daily\n{}\n"
    us, eu = "3/12/2025,1\n3/13/2025,1", "12.03.2025,1\n13.03.2025,1"
    for text in (us, eu, us.replace("2025", "25")):
        series = at.read_series(written(tmp_path, rows.format(text)))
        assert [str(d) for d in series.days] == ["2025-03-12", "2025-03-13"]
    with pytest.raises(at.InputError, match="tell its day from its month"):
        at.read_series(written(tmp_path, rows.format("3/4/2025,1\n3/5/2025,1")))


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,010", 1010),
        ("1.234.567", 1234567),
        ("1.234,5", 1234.5),
        ("5.967", 5.967),
        ("\u22123", -3),
    ],
)
def test_separators_are_told_from_decimal_signs(cell: str, number: float) -> None:
    assert number_of(cell) == number


# ------------------------------------------------------------------ periods and several rows


def test_weeks_and_months_are_labelled_by_their_first_or_their_last_day(tmp_path: Path) -> None:
    weeks = "\n".join(f"{day(7 * i)},{100 + i}" for i in range(10))
    path = written(tmp_path, f"date,daily\n{weeks}\n")
    guessed = read_warned(path, r"labelled by Mondays.*period='start'")
    assert guessed.days[-1] == day(63)
    assert at.read_series(path, period="end").days[-1] == day(63)
    assert at.read_series(path, period="start").days[-1] == day(69)
    months = "\n".join(f"2024-{m:02d}-01,{m}" for m in range(1, 13))
    path = written(tmp_path, f"date,daily\n{months}\n")
    assert "period" in kinds(read_warned(path, "months are labelled"))
    months_end = at.read_series(path, period="start").days
    assert [str(d) for d in months_end][:2] == ["2024-01-31", "2024-02-29"]
    assert str(months_end[-1]) == "2024-12-31"
    named = written(tmp_path, "month,new\n" + months.replace("-01,", ","))
    assert at.read_series(named).days == months_end


def test_events_of_a_day_are_summed(tmp_path: Path) -> None:
    text = "date,daily\n2024-01-01,4\n2024-01-01,2\n2024-01-03,5\n2024-01-03,5\n2024-01-04,1\n"
    series = at.read_series(written(tmp_path, text))
    assert series.totals.tolist() == [6.0, 16.0, 17.0]
    assert "summed" in kinds(series)


def test_hourly_rows_are_all_counted_and_of_hourly_totals_the_last_stands() -> None:
    hours = pd.date_range("2025-01-01", periods=96, freq="h")
    new = at.read_series(pd.DataFrame({"date": hours, "daily": 10}))
    assert new.totals.tolist() == [240.0, 480.0, 720.0, 960.0]
    totals = pd.DataFrame({"date": hours, "cumulative": np.arange(96)})
    for frame in (totals, totals.sample(frac=1, random_state=1)):
        assert at.read_series(frame).totals.tolist() == [23.0, 47.0, 71.0, 95.0]


def two_countries(column: str) -> str:
    rows = [f"date,country,{column}"]
    for i in range(8):
        rows += [f"{day(i)},Here,{10 * (i + 1)}", f"{day(i)},There,{3 * (i + 1)}"]
    return "\n".join(rows)


def test_totals_of_two_countries_are_not_mixed_and_their_column_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, two_countries("cumulative"))
    with pytest.raises(
        at.InputError, match=r"`country` tells several apart.*--where 'country=Here"
    ):
        at.read_series(path)
    assert at.read_series(path, where={"country": "There"}).totals[-1] == 24.0
    new = read_warned(written(tmp_path, two_countries("daily")), "`country`.*summed")
    assert new.totals[0] == 13.0


def test_unlike_totals_that_nothing_tells_apart_are_refused(tmp_path: Path) -> None:
    rows = "\n".join(f"{day(i // 2)},{10 * i}" for i in range(20))
    with pytest.raises(at.InputError, match="a day must have one total"):
        at.read_series(written(tmp_path, f"date,cumulative\n{rows}\n"))


# ------------------------------------------------------------------ mistakes


@pytest.mark.parametrize("factor", [10, 100, 1_000, 0.1])
@pytest.mark.parametrize("row", [60, 200, 298, 299])
def test_a_slip_of_digits_changes_no_total_wherever_it_stands(
    tmp_path: Path, factor: float, row: int
) -> None:
    totals = TOTALS.astype(float)
    totals[row] = round(totals[row] * factor)
    series = read_warned(written(tmp_path, csv_of(totals)), "typo")
    assert kinds(series) == ["typo"]
    rounded = 10 if factor == 0.1 and row == 299 else 0  # its last digit is lost
    assert series.cleaned.total[-1] == pytest.approx(TOTALS[-1], abs=rounded)
    assert series.last_day == day(299)
    assert len(series.cleaned.doubts) == (row == 299)  # of the others the later rows tell
    assert series.crossed(TOTALS[-1] * 2) is None


def test_swapped_digits_change_no_total(tmp_path: Path) -> None:
    for row in (250, 299):
        totals = 1_000 + 21.0 * np.arange(300)
        text = f"{totals[row]:.0f}"
        totals[row] = float(text[1] + text[0] + text[2:])
        series = read_warned(written(tmp_path, csv_of(totals)), "typo")
        assert kinds(series) == ["typo"]
        assert series.cleaned.total[-1] == 7_279.0


def test_a_correction_downward_restates_the_count_and_keeps_its_pace(tmp_path: Path) -> None:
    totals = TOTALS.astype(float)
    totals[200:] -= 1_200
    series = read_warned(written(tmp_path, csv_of(totals)), "restated")
    assert kinds(series) == ["correction"]
    assert series.cleaned.total[-1] == totals[-1] == TOTALS[-1] - 1_200
    assert np.diff(series.cleaned.total).min() >= 0
    mask = series.cleaned.exposure > 0
    assert mask.sum() == 298
    assert series.cleaned.counts[mask].mean() == pytest.approx(20.0, rel=0.05)
    assert (series.crossed(totals[199] - 100) or START) > day(199)


def test_what_is_left_to_a_threshold_is_counted_from_the_restated_total(tmp_path: Path) -> None:
    totals = TOTALS.astype(float)
    totals[250:] -= 1_000
    series = read_warned(written(tmp_path, csv_of(totals)), "restated")
    threshold = float(totals[-1] + 25 * 20)
    forecast = at.forecast(series, thresholds=[threshold], seed=1, tolerance=1)
    read = at.laws.crossing(forecast.law("recorded-total"), threshold)
    assert read.lower.day is not None
    assert read.upper.day is not None
    assert read.lower.day <= day(299 + 25) <= read.upper.day
    assert at.laws.masses(forecast.law("recorded-total"), threshold).already < 0.01


def test_a_restart_at_zero_counts_from_there(tmp_path: Path) -> None:
    totals = np.r_[TOTALS[:200], np.cumsum(COUNTS[200:])]
    series = read_warned(written(tmp_path, csv_of(totals)), "restart")
    assert kinds(series) == ["restart"]
    assert series.cleaned.total[-1] == totals[-1]
    assert series.cleaned.counts.min() >= 0


@pytest.mark.parametrize("days", [90, 700])
def test_a_stop_is_listed_with_its_length(tmp_path: Path, days: int) -> None:
    totals = np.r_[TOTALS, np.full(days, TOTALS[-1])]
    series = read_warned(written(tmp_path, csv_of(totals)), f"stands still for {days} days")
    assert kinds(series) == ["stop"]


def test_a_dump_on_the_last_day_is_listed_and_kept(tmp_path: Path) -> None:
    totals = np.r_[TOTALS[:-1], TOTALS[-2] + 4_321]
    series = read_warned(written(tmp_path, csv_of(totals)), "4,321 at once where 20 is usual")
    assert kinds(series) == ["dump"]
    assert series.cleaned.total[-1] == totals[-1]


@pytest.mark.parametrize("row", [0, 150, 299])
@pytest.mark.parametrize("year", [2204, 2014, 204])
def test_a_mistyped_year_is_read_as_its_neighbours(tmp_path: Path, row: int, year: int) -> None:
    lines = csv_of(TOTALS).splitlines()
    lines[row + 1] = lines[row + 1].replace("2024-", f"{year:04d}-")
    series = read_warned(written(tmp_path, "\n".join(lines)), f"{year:04d}-.*read as 2024")
    assert kinds(series) == ["year"]
    assert series.days == tuple(day(i) for i in range(300))
    assert series.totals.tolist() == TOTALS.tolist()


@pytest.mark.parametrize("rows", [(150,), (299,), (298, 299)])
@pytest.mark.parametrize("kind", ["cumulative", "daily"])
def test_a_mistyped_month_is_read_as_its_neighbours(
    tmp_path: Path, rows: tuple[int, ...], kind: str
) -> None:
    numbers = TOTALS if kind == "cumulative" else COUNTS
    lines = csv_of(numbers, f"date,{kind}").splitlines()
    for row in rows:
        lines[row + 1] = lines[row + 1].replace(str(day(row)), str(day(row).replace(month=12)))
    for text in (lines, [lines[0], *reversed(lines[1:])]):
        series = read_warned(written(tmp_path, "\n".join(text)), "2024-12-.*read as 2024")
        assert kinds(series).count("year") == len(rows)
        assert series.days == tuple(day(i) for i in range(300))


def test_a_report_after_a_silence_stands_where_the_count_grew_as_long(tmp_path: Path) -> None:
    late = START + timedelta(days=299 + 63)  # 28 December, after 26 October
    text = csv_of(TOTALS) + f"{late},{TOTALS[-1] + 63 * 20}\n"
    series = read_warned(written(tmp_path, text), f"{late} .*kept, though 2024-10-2")
    assert series.last_day == late
    gaps = np.cumsum(np.random.default_rng(3).integers(1, 20, 60))  # of a list of events none
    text = "date,daily\n" + "\n".join(f"{day(int(i))},3" for i in [*gaps, gaps[-1] + 90])
    assert "year" not in kinds(at.read_series(written(tmp_path, text)))


@pytest.mark.parametrize("label", ["TBC", "", "to be confirmed"])
def test_a_number_below_the_last_report_without_a_date_is_warned_of(
    tmp_path: Path, label: str
) -> None:
    path = written(tmp_path, csv_of(TOTALS) + f"{label},9999\n")
    series = read_warned(path, "line 302 below the last report holds 9,999, and no date")
    forecast = at.forecast(series, seed=1, size=128, thresholds=[10_000])
    assert "9,999, and no date" in at.cite(forecast, 10_000).full


@pytest.mark.parametrize("sign", ["-", ""])
def test_a_thirteenth_month_makes_no_weeks_unless_the_column_says_so(
    tmp_path: Path, sign: str
) -> None:
    def read(numbers: Any, head: str = "period", letter: str = "") -> at.Series:
        rows = "\n".join(f"2020{sign}{letter}{n:02d},{n}" for n in numbers)
        return at.read_series(written(tmp_path, f"{head},new deaths\n{rows}\n"))

    for numbers in (range(11, 14), range(1, 14), [*range(1, 12), 31]):
        with pytest.raises(at.InputError, match="tell its month from its week"):
            read(numbers)
        with pytest.raises(at.InputError, match="must hold a day"):
            read(numbers, "month")
        assert read(numbers, "week").days[-1] == date.fromisocalendar(2020, max(numbers), 7)
    assert read(range(11, 14), letter="W").days[-1] == date(2020, 3, 29)
    assert read(range(1, 54)).days[-1] == date(2021, 1, 3)
    assert read(range(1, 17)).days[-1] == date(2020, 4, 19)


def test_reports_centuries_apart_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "date,cumulative\n2024-11-30,5\n2024-12-01,6\n2404-12-02,7\n")
    with pytest.raises(at.InputError, match="within 200 years"):
        at.read_series(path)


def test_what_pandas_calls_missing_is_no_report() -> None:
    frame = pd.DataFrame(
        {"date": pd.date_range("2025-01-01", periods=3), "daily": pd.array([1, None, 4], "Int64")}
    )
    series = at.read_series(frame)
    assert series.totals.tolist() == [1.0, 5.0]
    assert "missing" in kinds(series)


def test_a_table_in_no_order_has_no_year_mended(tmp_path: Path) -> None:
    lines = csv_of(np.r_[COUNTS, COUNTS], "date,daily").splitlines()
    body = np.random.default_rng(1).permutation(np.array(lines[1:])).tolist()
    series = at.read_series(written(tmp_path, "\n".join([lines[0], *body])))
    assert "year" not in kinds(series)
    assert series.totals[-1] == 2 * COUNTS.sum()


def test_the_newest_row_may_stand_first(tmp_path: Path) -> None:
    head, *body = csv_of(TOTALS).splitlines()
    series = at.read_series(written(tmp_path, "\n".join([head, *reversed(body)])))
    assert series.totals.tolist() == TOTALS.tolist()
    assert kinds(series) == ["order"]


def test_a_count_that_often_falls_is_refused_as_a_total(tmp_path: Path) -> None:
    with pytest.raises(at.InputError, match=r"a total must rarely fall.*kind='new'"):
        at.read_series(written(tmp_path, csv_of(COUNTS)))


def test_thousands_are_refused_until_their_scale_is_given(tmp_path: Path) -> None:
    path = written(tmp_path, csv_of(TOTALS / 1_000))
    with pytest.raises(at.InputError, match="scale=1000"):
        at.read_series(path)
    series = at.read_series(path, scale=1_000)
    assert series.totals == pytest.approx(TOTALS)


def test_the_last_days_may_be_said_to_be_incomplete(tmp_path: Path) -> None:
    series = at.read_series(written(tmp_path, csv_of(TOTALS)), incomplete=14)
    assert series.days[-1] == day(285)
    assert kinds(series) == ["incomplete"]


def test_a_clean_count_has_no_finding_whatever_its_pace(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    for rate in (0.3, 2.0, 40.0, 900.0):
        grown = rate * np.exp(np.cumsum(rng.normal(0, 0.03, 400)))
        totals = np.cumsum(rng.poisson(grown))
        series = at.read_series(written(tmp_path, csv_of(totals)))
        assert set(kinds(series)) <= {"batch"}
        assert series.cleaned.total.tolist() == totals.tolist()


# ------------------------------------------------------------------ counts of a dossier


@pytest.mark.parametrize(
    "key", [("nobody", "russian-casualties"), ("csis", "no-total"), "russian-casualties"]
)
def test_a_count_of_an_unknown_source_or_total_is_refused(bundled: at.Dossier, key: Any) -> None:
    days = pd.date_range("2024-01-01", periods=300)
    series = at.read_series(pd.Series(TOTALS, days, name="cumulative"))
    rule = r"\(source, quantity\)|must be one of the dossier's own"
    with pytest.raises(at.InputError, match=rule):
        at.hindcast(bundled, rng=1, series={key: series})
    with pytest.raises(at.InputError, match=rule):
        bundled.with_counts({key: series})


@pytest.mark.parametrize("by_place", [True, False])
def test_totals_of_several_places_are_refused_by_name_though_the_column_falls(
    by_place: bool,  # noqa: FBT001 - an order of the rows
    tmp_path: Path,
) -> None:
    rows = [
        (f"2025-01-{day:02d}", place, size * (500 + day)) for day in range(1, 29)
        for place, size in (("North", 1), ("South", 2))
    ]  # fmt: skip
    if by_place:
        rows.sort(key=lambda row: row[1])
    file = tmp_path / "places.csv"
    lines = [f"{day},{place},{number}" for day, place, number in rows]
    file.write_text("\n".join(["Date,region,Deaths", *lines]), encoding="utf-8")
    with pytest.raises(at.InputError, match="region"):
        at.read_series(file)
    south = at.read_series(file, kind="total", where={"region": "South"})
    assert south.totals[-1] == 2 * 528


# ------------------------------------------------------------------ words and forms of offices


@pytest.mark.parametrize(
    "header",
    [
        "Reporting day,Deaths to date",
        "Datum,Verstorbene (kumuliert)",
        "Fecha,Fallecidos acumulados",
        "DATE_OF_DEATH,Décès cumulés",
    ],
)
@pytest.mark.parametrize("code", ["utf-8", "cp1252", "utf-16"])
def test_names_of_other_offices_and_letters_of_other_codes_are_known(
    tmp_path: Path, header: str, code: str
) -> None:
    path = tmp_path / "count.csv"
    path.write_bytes(csv_of(TOTALS, header).encode(code))
    assert at.read_series(path).totals.tolist() == TOTALS.tolist()


def test_a_point_before_three_digits_in_every_number_parts_thousands(tmp_path: Path) -> None:
    totals = np.arange(900, 1100, 5)
    lines = [f"{day(i)};{f'{total:,}'.replace(',', '.')}" for i, total in enumerate(totals)]
    text = "\n".join(["date;total", *lines])
    series = at.read_series(written(tmp_path, text))
    assert series.totals.tolist() == totals.tolist()
    assert "point" in kinds(series)
    # the twin: a number that is no such one leaves them decimal points, and the fall is told
    read_warned(written(tmp_path, text + f"\n{day(40)};1101.5"), "restart")


def test_dates_may_head_columns_and_places_rows(tmp_path: Path) -> None:
    heads = [f"{d:%m/%d/%y}".lstrip("0") for d in map(day, range(30))]
    rows = [
        ["Province/State", "Country/Region", "Lat", *heads],
        ["", "Here", "10.5", *map(str, TOTALS[:30])],
        ["North", "There", "1.5", *map(str, TOTALS[30:60])],
        ["South", "There", "2.5", *map(str, TOTALS[60:90])],
    ]
    path = written(tmp_path, "\n".join(",".join(row) for row in rows))
    series = at.read_series(path, where={"Country/Region": "Here"}, kind="total")
    assert series.totals.tolist() == TOTALS[:30].tolist()
    assert series.days == tuple(day(i) for i in range(30))
    with pytest.raises(at.InputError, match="Province/State"):
        at.read_series(path, where={"Country/Region": "There"}, kind="total")


def test_rows_that_stand_twice_are_counted_once_where_each_day_has_one(tmp_path: Path) -> None:
    counts = COUNTS[:60]
    lines = csv_of(counts, "date,new").splitlines()
    series = at.read_series(written(tmp_path, "\n".join([*lines[:20], lines[19], *lines[20:]])))
    assert series.totals.tolist() == counts.cumsum().tolist()
    assert "duplicate" in kinds(series)
    events = [f"{day(3 * i)},2\n{day(3 * i)},2" for i in range(20)]  # the twin: a list of events
    series = at.read_series(written(tmp_path, "\n".join(["date,new", *events])))
    assert series.totals[-1] == 80


@pytest.mark.parametrize(
    ("name", "first"), [("week_commencing", "2024-01-07"), ("week ending", "2024-01-01")]
)
def test_the_name_of_a_column_says_which_day_labels_a_week(
    tmp_path: Path, name: str, first: str
) -> None:
    text = csv_of([7.0] * 20, f"{name},deaths").splitlines()
    lines = [text[0], *(f"{day(7 * i)},{7 + i % 3}" for i in range(20))]
    series = at.read_series(written(tmp_path, "\n".join(lines)), kind="new")
    assert str(series.days[0]) == first
    assert "period" not in kinds(series)


def test_the_day_on_which_an_event_starts_is_that_day(tmp_path: Path) -> None:
    rows = [f"{day(3 * i)},{1 + i % 4}" for i in range(30)]
    path = written(tmp_path, "\n".join(["start_date,deaths", *rows]))
    series = at.read_series(path, date="start_date", kind="new")
    assert series.days[-1] == day(87)


def test_quarters_are_read_and_thousands_in_a_name_are_warned_of(tmp_path: Path) -> None:
    lines = [f"{2012 + i // 4} Q{i % 4 + 1},{12 + i / 10}" for i in range(20)]
    text = "\n".join(["Yearbook,", "Table 4.2,", "Quarter,Deaths (in 1000s)", *lines])
    path = written(tmp_path, text)
    series = read_warned(path, "units of 1,000", kind="new")
    assert at.read_series(path, kind="new", scale=1000).totals.tolist() == series.totals.tolist()
    assert (str(series.days[0]), str(series.days[-1])) == ("2012-03-31", "2016-12-31")
    assert series.totals[-1] == pytest.approx(1000 * sum(12 + i / 10 for i in range(20)))
    assert label_of("Q3 2020") == label_of("2020-Q3")


@pytest.mark.parametrize(("time", "noted"), [("21:00:00Z", True), ("00:00:00Z", False)])
def test_midnight_of_another_place_in_universal_time_is_noted(
    tmp_path: Path, time: str, *, noted: bool
) -> None:
    rows = [{"date": f"{day(i)}T{time}", "cumulative": int(TOTALS[i])} for i in range(30)]
    series = at.read_series(written(tmp_path, json.dumps(rows), "count.json"))
    assert ("clock" in kinds(series)) is noted


@pytest.mark.parametrize("whole", ["Total", "gesamt", "All regions", "Ostrania"])
@pytest.mark.parametrize("also", ["", "Sex"])
def test_a_row_that_sums_the_others_of_its_day_is_not_added_to_them(
    whole: str, also: str, tmp_path: Path
) -> None:
    rows = ["Date,Region,Deaths" + f",{also}" * bool(also)]
    for day in range(1, 21):
        parts = {"North": day % 4, "South": 1 + day % 3, "West": 2}
        for name, number in {**parts, whole: sum(parts.values())}.items():
            halves = ((number // 2, ",male"), (number - number // 2, ",female"))
            cells = halves if also else ((number, ""),)
            rows += [f"2024-03-{day:02d},{name},{count}{tail}" for count, tail in cells]
    path = tmp_path / "count.csv"
    path.write_text("\n".join(rows))
    with pytest.raises(at.InputError, match="sum of the rest") as refused:
        at.read_series(path)
    assert f"--where 'Region={whole}'" in refused.value.remedy
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        series = at.read_series(path, where={"Region": whole}, kind="new")
    assert series.totals[-1] == sum(day % 4 + 1 + day % 3 + 2 for day in range(1, 21))
