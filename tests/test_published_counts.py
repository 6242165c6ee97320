"""Files of counts by an outside author, written unseen, with the values that stand in them."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import attrition as at

FOLDER = Path(__file__).parent / "published"
ROWS: list[dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


def those(outcome: str) -> pytest.MarkDecorator:
    """Return the rows of one outcome, each under its own name."""
    rows = [
        pytest.param(row, id=f"{row['file']} {number}")
        for number, row in enumerate(ROWS)
        if outcome in row
    ]
    return pytest.mark.parametrize("row", rows)


def read(row: dict[str, Any]) -> at.Series:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        return at.read_series(FOLDER / row["file"], **row["options"])


def total_on(series: at.Series, day: str) -> float:
    return [
        float(total)
        for known, total in zip(series.days, series.totals, strict=True)
        if known <= date.fromisoformat(day)
    ][-1]


@those("last")
def test_what_stands_in_a_file_is_read_and_what_is_odd_is_told(row: dict[str, Any]) -> None:
    series = read(row)
    last, total = row["last"]
    assert (str(series.days[-1]), float(series.totals[-1])) == (last, total)
    for day, wanted in row["on"].items():
        assert total_on(series, day) == wanted, day
    assert set(row.get("found", ())) <= {defect.kind for defect in series.anomalies}


@those("refused")
def test_what_no_honest_program_reads_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(at.InputError):
        read(row)


# ------------------------------------------- a second set, by another author, written for us unseen

SECOND = FOLDER / "second"
EXPECTED: dict[str, dict[str, Any]] = json.loads((SECOND / "expected.json").read_text("utf-8"))
CHOICES: dict[str, dict[str, Any]] = {  # what a reader of the table means, of what is offered
    "03_health_office_march.csv": {"day_first": True},
    "04_weekly_registrations.csv": {"value": "Deaths involving marsh fever"},
    "06_wide_timeseries.csv": {"where": {"Country/Region": "Norland", "Province/State": ""}},
    "07_long_places.csv": {"where": {"location": "Ostria"}},
    "08_districts_uneven.csv": {"where": {"district": "*"}},
    "13_area_open_data.parquet": {"where": {"areaName": "Harrowmere"}},
    "15_bulletin_rowspan.html": {"year": 2021},
}
SAFE = {name for name in EXPECTED if name not in CHOICES} - {
    "19_road_deaths_ytd.csv",  # of which a year must be named
    "24_incidents.csv",  # of which one of two counts must be named
}


def offered(remedy: str) -> dict[str, Any]:
    """Return the words of the first remedy that an error names, as they stand there."""
    word = re.search(r"\b([a-z_]+)=(\{.*?\}|'[^']*'|True|\d+)", remedy)
    assert word, remedy
    return {word[1]: ast.literal_eval(word[2])}


def remedied(path: Path, choice: dict[str, Any]) -> tuple[at.Series, int]:
    """Read a file by the words that its errors name, with a reader's choice of their values."""
    words: dict[str, Any] = {}
    for step in range(4):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", at.AttritionWarning)
                return at.read_series(path, **words), step
        except at.InputError as error:
            ((word, value),) = offered(error.remedy).items()
            wanted = choice.get(word, value)
            named = not isinstance(value, dict) or wanted.keys() <= value.keys()
            words[word] = wanted if named else value
    raise AssertionError("three remedies did not help")


def check(series: at.Series, row: dict[str, Any]) -> None:
    totals = {str(day): total for day, total in zip(series.days, series.totals, strict=True)}
    ends = row["first_day"], row["last_day"], row["last_total"]
    assert (min(totals), max(totals), totals[max(totals)]) == ends
    assert {day: totals.get(day) for day in row["total_on"]} == row["total_on"]


@pytest.mark.parametrize("name", EXPECTED)
def test_what_an_error_names_reads_the_file_in_three_steps(name: str) -> None:
    series, steps = remedied(SECOND / name, CHOICES.get(name, {}))
    check(series, EXPECTED[name])
    assert (steps == 0) == (name in SAFE)


@pytest.mark.parametrize("name", CHOICES)
def test_a_remedy_taken_word_for_word_reads_the_file(name: str) -> None:
    assert remedied(SECOND / name, {})[0].days


def test_all_places_are_added_unless_one_of_them_holds_the_others() -> None:
    for name, place in (
        ("07_long_places.csv", "location"),
        ("13_area_open_data.parquet", "areaName"),
    ):
        with pytest.raises(at.InputError, match=r"sum of the rest|one level"):
            at.read_series(SECOND / name, where={place: "*"})


# ------------------------------------------------------------------ ten of our own, kept apart

OURS = FOLDER / "ours"
FORMS: dict[str, dict[str, Any]] = json.loads((OURS / "expected.json").read_text("utf-8"))
YEARS = {"09_informe.txt": {"year": 2021}, "10_ytd.json": {"year": 2023}}


@pytest.mark.parametrize("name", FORMS)
def test_forms_of_our_own_are_read_with_what_an_error_names(name: str) -> None:
    series, steps = remedied(OURS / name, YEARS.get(name, {}))
    if name == "10_ytd.json":  # in which the days between two years are told of by neither
        last = json.loads((OURS / name).read_text("utf-8"))["results"][-1]
        assert (f"{series.days[-1]:%m/%d/%Y}", series.totals[-1]) == tuple(last.values())
    else:
        check(series, FORMS[name])
    assert (steps > 0) == (name in {*YEARS, "08_two_places.csv"})


# --------------------------------- a third set, of twenty, by an outside author, written unseen

THIRD = FOLDER / "third"
UNSEEN: dict[str, dict[str, Any]] = json.loads((THIRD / "expected.json").read_text("utf-8"))
NAMED: dict[str, dict[str, Any]] = {  # what a reader of the table means, of what is offered
    "03_regioni.csv": {"where": {"denominazione_regione": "*"}},
    "04_kenpo.csv": {"value": "死亡者数累計（人）"},  # noqa: RUF001 - as printed
    "09_krom.csv": {"value": "เสียชีวิตสะสม"},
    "10_by_week_and_month.csv": {"date": "Week Ending Date"},
}
STEPS = {  # refusals that name what is missing; the others are read as they are
    **dict.fromkeys(("03_regioni.csv", "04_kenpo.csv", "09_krom.csv", "11_weekly_by_age.xlsx"), 1),
    **dict.fromkeys(("16_demo_weekly.tsv", "19_standen.csv"), 1),
    "10_by_week_and_month.csv": 3,
}
ALONE: dict[str, dict[str, Any]] = {  # of which a warning or a finding tells what else may be meant
    "02_who_did_it_report.csv": {"where": {"countriesAndTerritories": "Cardovia"}},
    "15_dashboard_export.parquet": {"timezone": "Europe/Warsaw"},
}


@pytest.mark.parametrize(
    "name", [name for name in UNSEEN if name not in ALONE and "must_refuse" not in UNSEEN[name]]
)
def test_a_file_of_the_third_set_is_read_in_the_steps_that_its_errors_name(name: str) -> None:
    series, steps = remedied(THIRD / name, NAMED.get(name, {}))
    check(series, UNSEEN[name])
    assert steps == STEPS.get(name, 0)


@pytest.mark.parametrize("name", ALONE)
def test_what_is_read_otherwise_than_meant_is_told_and_read_with_one_word(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        plain = at.read_series(THIRD / name)
        meant = at.read_series(THIRD / name, **ALONE[name])
    assert {"several", "clock"} & {defect.kind for defect in plain.anomalies}
    check(meant, UNSEEN[name])


def test_sums_of_twelve_months_that_move_on_are_refused() -> None:
    with pytest.raises(at.InputError, match="window moving on"):
        at.read_series(THIRD / "06_provisional_overdose.csv", value="Data Value", kind="new")
    days = pd.date_range("2021-03-01", periods=9).astype(str)
    with pytest.raises(at.InputError, match="window moving on"):
        at.read_series(pd.DataFrame({"date": days, "deaths_7_day_rolling_sum": range(30, 39)}))


def test_cases_are_not_read_where_deaths_are_counted() -> None:
    days = pd.date_range("2021-03-01", periods=9).astype(str)
    frame = pd.DataFrame({"date": days, "new_cases": range(50, 59), "deaths": [4, 5, 6] * 3})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        assert at.read_series(frame).totals[-1] == 45


def test_days_of_another_calendar_are_refused_in_a_frame() -> None:
    days = pd.date_range("2564-01-01", periods=5, unit="s")
    with pytest.raises(at.InputError, match="before 2200"):
        at.read_series(pd.Series(range(5), days, name="cumulative"))


def test_buddhist_years_are_told() -> None:
    series = at.read_series(THIRD / "09_krom.csv", value="เสียชีวิตสะสม", kind="total")
    assert "era" in {defect.kind for defect in series.anomalies}


# ------------------------- a fourth set, of twenty-four, by another outside author, written unseen

FOURTH = FOLDER / "fourth"
LAST: dict[str, dict[str, Any]] = {
    row["file"]: row for row in json.loads((FOURTH / "expected.json").read_text("utf-8"))
}
PLAIN = {  # what is read without an option, as the author gives it, with what must be told of it
    "05_landesamt.csv": {"typo", "duplicate"},
    "06_protezione_civile.csv": {"typo", "correction", "kind"},
    "08_scb_dagar.xlsx": {"undated", "kind"},
    "14_fallecidos_cumulativo_T.csv": {"typo"},
    "15_wikipedia.html": {"year"},
    "20_acled_api.json": {"several", "kind", "backfill"},
    "22_hsw_announced.xlsx": {"year"},
    "23_umershie_tys.xlsx": {"scale", "kind"},
}
WARNED = {  # of the reading with a careful reader's options
    "01_who_daily.csv": {"correction"},
    "03_cdc_provisional.csv": {"suppressed"},
    "09_statcan_13100768.csv": {"provisional"},
    "10_keisatsu_sjis.csv": {"yearly"},
    "11_openapi_response.json": {"restart"},
    "12_painel_obitos.csv": {"correction"},
    "24_demo_r_mwk_ts.tsv": {"provisional"},
}


OTHERWISE = {  # which of the author's other readings it is that the errors lead to
    "13_defunciones_confirmadas.csv": 1,
    "19_ged_events.parquet": 1,
    "21_dashboard.geojson": 0,
}


def careful(row: dict[str, Any]) -> dict[str, Any]:
    """Return a careful reader's options; what heads a row of counts is named by ``value``."""
    options = dict(row["options"])
    if "Week ended" in options.get("where", {}):
        options["value"] = options.pop("where")["Week ended"]
    return options


def fits(series: at.Series, values: dict[str, Any], also: Sequence[int] = ()) -> None:
    days, total = sorted(series.days), float(series.cleaned.total[-1])
    ends = values["first_day"], values["last_day"], values["last_total"]
    assert (str(days[0]), str(days[-1]), total) == ends
    assert len(days) in {values["n"], *also}


def quietly(name: str, options: dict[str, Any]) -> at.Series:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        return at.read_series(FOURTH / name, **options)


@pytest.mark.parametrize("name", LAST)
def test_a_careful_reader_gets_what_stands_in_a_file_of_the_fourth_set(name: str) -> None:
    row = LAST[name]
    series = quietly(name, careful(row["careful_options"]))
    fits(series, row["careful_options"]["values"], row.get("n_also_fair", ()))
    assert {defect.kind for defect in series.anomalies} >= WARNED.get(name, set())
    for other in row.get("equally_fair", ()):
        if isinstance(other["values"], dict) and other["options"] and "if" not in other:
            fits(quietly(name, careful(other)), other["values"], row.get("n_also_fair", ()))


@pytest.mark.parametrize("name", LAST)
def test_the_fourth_set_without_an_option_is_read_or_refused(name: str) -> None:
    row = LAST[name]
    if name in PLAIN:
        series = quietly(name, {})
        fits(series, row["careful_options"]["values"], row.get("n_also_fair", ()))
        assert {defect.kind for defect in series.anomalies} >= PLAIN[name]
    elif name == "21_dashboard.geojson":  # of which a finding tells that days may be the next
        series = quietly(name, {})
        fits(series, row["equally_fair"][0]["values"])
        assert "clock" in {defect.kind for defect in series.anomalies}
    else:
        with pytest.raises(at.InputError):
            quietly(name, {})


@pytest.mark.parametrize("name", LAST)
def test_a_file_of_the_fourth_set_is_read_in_the_steps_that_its_errors_name(name: str) -> None:
    row = LAST[name]["careful_options"]
    choice = careful(row)
    if name == "03_cdc_provisional.csv":
        del choice["date"]  # with the column that is offered, the same weeks
    series, _ = remedied(FOURTH / name, choice)
    if name in OTHERWISE:
        row = LAST[name]["equally_fair"][OTHERWISE[name]]
    fits(series, row["values"], LAST[name].get("n_also_fair", ()))


@pytest.mark.parametrize(
    "place", ["02_ecdc_weekly.csv", "07_ine_semanal.csv", "13_defunciones_confirmadas.csv"]
)
def test_what_holds_the_sum_of_the_rest_is_not_added_to_it(place: str) -> None:
    (row,) = (
        other
        for other in LAST[place]["equally_fair"]
        if "*" in other["options"].get("where", {}).values()
    )
    with pytest.raises(at.InputError, match="sum of the rest"):
        quietly(place, row["options"])


def test_rows_of_a_total_and_of_its_parts_are_not_summed_beside_rates() -> None:
    with pytest.raises(at.InputError, match="sum of the rest"):
        quietly("07_ine_semanal.csv", {"value": "Total", "kind": "new"})


# ----------------- twice fourteen more of our own, of other kinds, written before any was read

MORE = FOLDER / "ours_second"
KINDS: dict[str, dict[str, Any]] = json.loads((MORE / "expected.json").read_text("utf-8"))
ASKED = {
    *("06_sdmx.csv", "08_two_places.csv", "10_ages_suppressed.csv", "11_weeks_of_title.csv"),
    *("a_vintage_sheets.xlsx", "g_two_tables.html", "k_jhu_counties.csv"),
}


@pytest.mark.parametrize("name", KINDS)
def test_more_forms_of_our_own_are_read_or_lead_to_what_reads_them(name: str) -> None:
    row = KINDS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        fits(at.read_series(MORE / name, **row["options"]), row)
    series, steps = remedied(MORE / name, row["options"])
    assert (steps > 0) == (name in ASKED)
    if name != "06_sdmx.csv":  # of which two places are added, with a warning
        fits(series, row)


def test_ages_over_years_are_no_series() -> None:
    with pytest.raises(at.InputError, match="must have rows, and columns"):
        at.read_series(MORE / "d_ages_by_years.csv")


def sheets(folder: Path, **rows: list[tuple[str, int]]) -> Path:
    path = folder / "sheets.xlsx"
    with pd.ExcelWriter(path) as book:
        for name, cells in rows.items():
            head = ["Date", "Number"]
            pd.DataFrame(cells, columns=head).to_excel(book, sheet_name=name, index=False)
    return path


def test_sheets_of_the_same_days_are_not_added(tmp_path: Path) -> None:
    days = [f"2024-03-{day:02}" for day in range(1, 31)]
    deaths = [(day, 5 + i % 3) for i, day in enumerate(days)]
    cases = [(day, 90 + i % 7) for i, day in enumerate(days)]
    path = sheets(tmp_path, Deaths=deaths, Cases=cases)
    with pytest.raises(at.InputError, match="`sheet` tells several apart"):
        at.read_series(path, value="Number", kind="new")
    series = at.read_series(path, value="Number", kind="new", where={"sheet": "Deaths"})
    assert series.totals[-1] == sum(number for _, number in deaths)


def test_the_last_hour_of_a_day_stands_where_times_have_a_column() -> None:
    rows = [
        (f"2024-03-{day:02}", time, total)
        for day in range(1, 25)
        for time, total in (("18:00", 100 + 9 * day), ("9:00", 95 + 9 * day))
    ]
    frame = pd.DataFrame(rows, columns=["date", "time", "killed_total"])
    assert at.read_series(frame).totals[-1] == 100 + 9 * 24


def test_numbers_of_days_behind_months_are_no_years() -> None:
    """Of month ends in one year "Jan 31" is no January of 2031."""
    ends = ["Jan 31", "Feb 28", "Mar 31", "Apr 30", "May 31", "Jun 30"]
    frame = pd.DataFrame({"date": ends, "killed_total": [10, 12, 15, 19, 26, 30]})
    with pytest.raises(at.InputError, match="year"):
        at.read_series(frame)
    assert str(at.read_series(frame, year=2024).days[-1]) == "2024-06-30"


@pytest.mark.parametrize("kept_back", ["<5", "*", "fewer than 5"])
def test_small_counts_that_are_kept_back_are_told(kept_back: str) -> None:
    days = pd.date_range("2024-01-07", periods=30, freq="7D").astype(str)
    counts = [kept_back if i % 4 == 0 else str(6 + i % 5) for i in range(30)]
    frame = pd.DataFrame({"week_ending": days, "new_deaths": counts})
    with pytest.warns(at.AttritionWarning, match="8 counts are kept back"):
        series = at.read_series(frame)
    assert series.totals[-1] == sum(int(c) for c in counts if c.isdigit())


def test_counts_with_decimals_are_of_no_persons_until_their_unit_is_said() -> None:
    days = pd.date_range("2021-01-31", periods=24, freq="ME").astype(str)
    frame = pd.DataFrame({"month": days, "new_deaths": [f"{20 + i % 7 / 10}" for i in range(24)]})
    with pytest.raises(at.InputError, match="scale=1000"):
        at.read_series(frame)
    assert at.read_series(frame, scale=1000, period="end").totals[0] == 20_000


def test_the_notes_of_a_forecast_say_what_reading_warned_of() -> None:
    options = LAST["03_cdc_provisional.csv"]["careful_options"]["options"]
    series = quietly("03_cdc_provisional.csv", options)
    law = at.forecast(series, thresholds=[2_100], seed=1).law("recorded-total")
    assert any("9 counts are kept back, as '<10'" in note for note in law.provenance.notes)


@pytest.mark.parametrize("marks", [["p"] * 4, ["provisional"] * 4, ["pe", "p", "ep", "p"]])
def test_last_counts_that_are_marked_provisional_are_told(marks: list[str]) -> None:
    days = pd.date_range("2024-01-07", periods=30, freq="7D").astype(str)
    status = [""] * 26 + marks
    frame = pd.DataFrame({"week_ending": days, "new_deaths": [*range(30)], "status": status})
    with pytest.warns(at.AttritionWarning, match="last 4 counts, from here on"):
        series = at.read_series(frame)
    assert series.totals[-1] == sum(range(30))
    frame["status"] = ["final"] * 26 + ["final"] * 4
    assert "provisional" not in {defect.kind for defect in at.read_series(frame).anomalies}
