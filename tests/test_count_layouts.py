"""Revisions, years and headers of counts: each reading has a twin that must be read otherwise."""

from __future__ import annotations

import calendar
import warnings
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import attrition as at

COUNTS = np.random.default_rng(3).poisson(30.0, 40).tolist()
START = date(2023, 1, 1)


def day(i: int) -> date:
    return START + timedelta(days=i)


def read(folder: Path, rows: Sequence[str], name: str = "count.csv", **words: Any) -> at.Series:
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        return at.read_series(path, **words)


def kinds(series: at.Series) -> set[str]:
    return {defect.kind for defect in series.anomalies}


# ------------------------------------------------------------------ revisions


def revised(
    column: str, *, values: Sequence[int] = (-2, 1, 0), name: str = "new_deaths"
) -> list[str]:
    """Return a row for each of three publications of each date."""
    rows = [f"date,{column},{name}"]
    for k, off in enumerate(values):
        rows += [f"{day(i)},{day(i + 1 + 3 * k)},{COUNTS[i] + off}" for i in range(20)]
    return rows


@pytest.mark.parametrize("column", ["published", "as of", "Date of publication", "last_updated"])
def test_of_several_publications_of_a_date_the_last_stands(tmp_path: Path, column: str) -> None:
    rows = revised(column)
    for order in (rows, [rows[0], *rows[:0:-1]]):
        series = read(tmp_path, order)
        assert series.totals[-1] == sum(COUNTS[:20])
        assert "revised" in kinds(series)


def test_numbers_of_versions_and_words_order_publications_too(tmp_path: Path) -> None:
    for words in (("v1", "v2", "v10"), ("Preliminary", "revised", "FINAL"), ("1", "2", "3")):
        rows = ["date,version,new_deaths"]
        rows += [f"{day(i)},{words[k]},{COUNTS[i] - 2 + k}" for i in range(20) for k in (2, 0, 1)]
        assert read(tmp_path, rows).totals[-1] == sum(COUNTS[:20])


def test_a_final_figure_may_be_far_from_the_provisional_one(tmp_path: Path) -> None:
    rows = ["date,status,place,new_deaths"]
    rows += [f"{day(i)},final,North,{9 * COUNTS[i]}" for i in range(20)]
    rows += [f"{day(i)},provisional,North,{COUNTS[i]}" for i in range(20)]
    assert read(tmp_path, rows).totals[-1] == 9 * sum(COUNTS[:20])
    apart = [row.replace("final,North", "final,South") for row in rows]
    with pytest.raises(at.InputError, match=r"where=\{'status': 'final'\}"):
        read(tmp_path, apart)
    assert read(tmp_path, apart, where={"place": "*"}).totals[-1] == 10 * sum(COUNTS[:20])


def test_of_totals_published_again_the_last_stands_by_whatever_name(tmp_path: Path) -> None:
    totals = np.cumsum(COUNTS)
    rows = ["date,told,total_deaths"]
    rows += [
        f"{day(i)},{day(i + 1 + k)},{totals[i] - 5 + 5 * k}" for i in range(20) for k in (0, 1)
    ]
    assert read(tmp_path, rows).totals.tolist() == totals[:20].tolist()


def test_a_publication_without_a_figure_replaces_none(tmp_path: Path) -> None:
    rows = [*revised("published"), f"{day(19)},{day(60)},"]
    assert read(tmp_path, rows).totals[-1] == sum(COUNTS[:20])


def test_each_place_has_its_own_last_publication(tmp_path: Path) -> None:
    rows = ["date,region,published,new_deaths"]
    for i in range(20):
        for place, size in (("North", 1), ("South", 2)):
            rows.append(f"{day(i)},{place},{day(i + 1)},{size * COUNTS[i] - 1}")
            rows.append(f"{day(i)},{place},{day(i + 3)},{size * COUNTS[i]}")
    for where, factor in (({"region": "*"}, 3), ({"region": "South"}, 2), ({}, 3)):
        series = read(tmp_path, rows, where=where)
        assert series.totals[-1] == factor * sum(COUNTS[:20])


def test_a_second_date_that_may_mean_either_is_asked_for(tmp_path: Path) -> None:
    rows = revised("heard")
    with pytest.raises(at.InputError, match="replace each other or add up") as caught:
        read(tmp_path, rows)
    assert "report_date='heard'" in caught.value.remedy
    whole = read(tmp_path, rows, report_date="heard", kind="total")
    added = read(tmp_path, rows, report_date="heard", kind="new")
    assert added.totals[-1] > 2.5 * whole.totals[-1]


def test_publications_that_are_far_apart_are_not_taken_for_revisions(tmp_path: Path) -> None:
    rows = revised("published", values=(0, -20, -25))
    with pytest.raises(at.InputError, match="replace each other or add up"):
        read(tmp_path, rows)


def test_events_told_of_later_are_summed(tmp_path: Path) -> None:
    rows = ["id,date,reported,killed"]
    rows += [
        f"INC-{2 * i + k},{day(i)},{day(i + 1 + k)},{COUNTS[i]}" for i in range(20) for k in (0, 1)
    ]
    series = read(tmp_path, rows, kind="new")
    assert series.totals[-1] == 2 * sum(COUNTS[:20])
    assert {"dates", "summed"} <= kinds(series)


def test_rows_published_together_are_no_revisions(tmp_path: Path) -> None:
    rows = ["date,published,sex,new_deaths"]
    rows += [f"{day(i)},{day(i + 1)},{sex},{COUNTS[i]}" for i in range(20) for sex in "FM"]
    series = read(tmp_path, rows)
    assert series.totals[-1] == 2 * sum(COUNTS[:20])
    assert "revised" not in kinds(series)


# ------------------------------------------------------------------ years


def test_a_total_by_year_is_added_up_only_where_the_last_day_is_told(tmp_path: Path) -> None:
    def rows(left_out: int) -> list[str]:
        days = [date(2022, 11, 1) + timedelta(days=i) for i in range(100)]
        whole = {
            d: 300 + 2 * i if d.year == 2022 else 2 * d.timetuple().tm_yday
            for i, d in enumerate(days)
        }
        return ["date,deaths_ytd", *(f"{d},{n}" for d, n in whole.items() if d.day != left_out)]

    series = read(tmp_path, rows(0))
    assert series.totals[-1] == 300 + 2 * 60 + 2 * (31 + 8)
    with pytest.raises(at.InputError, match=r"last report on 2022-12-30.*year=2023"):
        read(tmp_path, rows(31))
    series = read(tmp_path, rows(31), year=2023)
    assert (str(series.first_day), series.totals[-1]) == ("2023-01-01", 2 * (31 + 8))


@pytest.mark.parametrize("form", ["{d.day} {d:%B}", "{d:%b} {d.day}", "{d:%d/%m}", "{d:%d.%m.}"])
@pytest.mark.parametrize("first", [2022, 2023])
def test_dates_without_a_year_run_on_into_the_next(tmp_path: Path, form: str, first: int) -> None:
    days = [date(2022, 12, 20) + timedelta(days=i) for i in range(30)]
    rows = [f"{form.format(d=d)},{5 * i}" for i, d in enumerate(days)]
    rows = ["date,total", *(rows if first == 2022 else rows[::-1])]
    with pytest.raises(at.InputError, match="must tell its year"):
        read(tmp_path, rows)
    series = read(tmp_path, rows, year=first)
    assert (series.first_day, series.last_day) == (days[0], days[-1])


def test_months_by_years_and_years_above_their_months_are_read_alike(tmp_path: Path) -> None:
    months = [f"{date(2021, m, 1):%B}" for m in range(1, 13)]
    across = [
        "Month,2021,2022*",
        *(f"{m},{COUNTS[i]},{COUNTS[12 + i]}" for i, m in enumerate(months)),
    ]
    above = ["Month,Deaths,of which women", "2021,,"]
    above += [f"{m},{COUNTS[i]},1" for i, m in enumerate(months)]
    above += [f"Total,{sum(COUNTS[:12])},12", "2022,,"]
    above += [f"{m},{COUNTS[12 + i]},1" for i, m in enumerate(months)]
    for rows in (across, above):
        series = read(tmp_path, rows, kind="new")
        assert series.totals.tolist() == np.cumsum(COUNTS[:24]).tolist()
        assert str(series.last_day) == "2022-12-31"


@pytest.mark.parametrize(
    ("note", "last"),
    [
        ("* until 18 June", "2021-06-18"),
        ("* data to June 18, provisional", "2021-06-18"),
        ("* without hospitals", "2021-06-30"),
        ("published on 18 June", "2021-06-30"),
    ],
)
def test_a_last_month_ends_where_its_footnote_says(tmp_path: Path, note: str, last: str) -> None:
    rows = ["Month,Total deaths", *(f"{date(2021, m, 1):%B} 2021,{9 * m}" for m in range(1, 6))]
    series = read(tmp_path, [*rows, "June 2021*,50", f'"{note}",'])
    assert str(series.days[-1]) == last
    assert "partial" in kinds(series)
    assert "partial" not in kinds(read(tmp_path, [*rows, "June 2021,50", f'"{note}",']))


# ------------------------------------------------------------------ layouts


def test_a_header_in_two_rows_and_a_line_of_units_name_the_columns(tmp_path: Path) -> None:
    data = [f"{day(i)},{i},{10 * i},{COUNTS[i]},{200 * i}" for i in range(20)]
    series = read(tmp_path, [",Cases,,Deaths,", "Date,New,Total,New,Total", *data])
    assert series.totals[-1] == 3800
    units = "dd/mm,persons,persons,persons,persons"
    heads = "Date,New cases,Total cases,New deaths,Total deaths"
    series = read(tmp_path, [heads, units, *data], value="Total deaths")
    assert (series.totals[-1], series.unit) == (3800, "persons")
    series = read(tmp_path, [heads, units.replace("persons", "thousands"), *data])
    assert series.totals[-1] == 3_800_000
    assert "scale" in kinds(series)


def test_a_cell_left_blank_leaves_the_others_in_their_columns(tmp_path: Path) -> None:
    rows = ["OFFICE OF HEALTH, ROOM 12", "", "DAY              NEW     TOTAL", "-" * 31]
    rows += [
        f"{day(i):%d %b %Y}  {'' if i % 7 == 3 else COUNTS[i]:>7}{f'{1000 + 30 * i:,}':>10}"
        for i in range(20)
    ]
    series = read(tmp_path, rows, "bulletin.txt")
    assert series.totals.tolist() == [1000 + 30 * i for i in range(20)]
    padded = ["date,      total", *(f"{day(i)},  {30 * i:>8}" for i in range(20))]
    assert read(tmp_path, padded).totals[-1] == 570


def test_names_tell_places_apart_before_codes_and_coordinates(tmp_path: Path) -> None:
    rows = ["date,Lat,code,Province,Country,total_deaths"]
    places = [
        ("1.5", "AA1", "North", "Bland"),
        ("2.5", "AA2", "South", "Bland"),
        ("3.5", "BB1", "North", "Aland"),
        ("4.5", "BB2", "", "Aland"),
    ]
    rows += [
        f"{day(i)},{','.join(p)},{i + 10 * k}" for i in range(20) for k, p in enumerate(places)
    ]
    with pytest.raises(at.InputError, match=r"`Country`|`Province`") as caught:
        read(tmp_path, rows)
    assert "Lat" not in str(caught.value)
    where = {"Country": "Aland", "Province": ""}
    assert read(tmp_path, rows, where=where).totals[-1] == 49


@pytest.mark.parametrize("cell", ["{0}", "%s", "{", "12 {x}"])
def test_braces_in_a_cell_are_text(tmp_path: Path, cell: str) -> None:
    rows = ["date,total", *(f"{d} May,{d}" for d in range(1, 9)), f"{cell},"]
    assert read(tmp_path, rows, year=2021).totals[-1] == 8


@pytest.mark.parametrize("year", [0, 20_255, "2025", 2019])
def test_a_year_without_dates_is_refused(tmp_path: Path, year: Any) -> None:
    rows = ["date,total", *(f"{day(i)},{i}" for i in range(9))]
    with pytest.raises(at.InputError, match="`year` must be"):
        read(tmp_path, rows, year=year)
    assert len(read(tmp_path, rows, year=2023).days) == 9


def test_blanks_within_cells_of_another_table_part_nothing(tmp_path: Path) -> None:
    rows = ["date,total,place", *(f"{day(i)},{i},Old  Port,  east" for i in range(9))]
    assert read(tmp_path, rows).totals[-1] == 8


def test_a_row_of_equal_numbers_is_one(tmp_path: Path) -> None:
    heads = ",".join(str(day(i)) for i in range(9))
    assert read(tmp_path, [heads, ",".join("5" * 9)], kind="new").totals[-1] == 45


@pytest.mark.parametrize(
    "heads",
    [
        [f"2025-01-0{day}" for day in range(1, 8)],
        [str(year) for year in range(2018, 2025)],
        ["year", *calendar.month_name[1:]],
    ],
)
def test_dates_along_a_row_with_no_row_below_are_refused(heads: list[str], tmp_path: Path) -> None:
    file = tmp_path / "count.csv"
    file.write_text(",".join(["place", *heads]) + "\n")
    with pytest.raises(at.InputError):
        at.read_series(file)
