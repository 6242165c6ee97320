"""Counts in the forms in which offices print them, each with what stands in it, written first.

The places and the numbers are invented; the names of columns, the order of the rows and the signs
in the cells are those of the office named. A form is a text, the words with which it is read, the
last day and the last total.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

import attrition as at

START = date(2021, 1, 1)
MONDAY = date(2021, 1, 4)
SIZE = 60
NEW = np.random.default_rng(20).poisson(30.0, SIZE).tolist()
OTHER = np.random.default_rng(21).poisson(12.0, SIZE).tolist()
TOTAL = np.cumsum(NEW).tolist()
TOTALS = np.cumsum(OTHER).tolist()
ALL = float(TOTAL[-1])


class Form(NamedTuple):
    """A file of one office, how it is asked for, and what stands in it."""

    office: str
    name: str
    content: str | bytes
    words: dict[str, Any]
    last: str
    total: float
    told: str = ""


def day(i: int) -> date:
    return START + timedelta(days=i)


def week(i: int) -> date:
    return MONDAY + timedelta(days=7 * i)


def lines(*rows: Any) -> str:
    return "\n".join(rows) + "\n"


LAST = str(day(SIZE - 1))
SUNDAY = str(week(SIZE - 1) + timedelta(days=6))


def per_day(row: Callable[[int], Any], *head: str, back: bool = False) -> str:
    rows = [row(i) for i in range(SIZE)]
    return lines(*head, *(rows[::-1] if back else rows))


def who() -> Form:
    head = (
        "Date_reported,Country_code,Country,WHO_region,New_cases,Cumulative_cases,New_deaths,"
        "Cumulative_deaths"
    )
    rows = [f"{day(i)},AA,Aland,EURO,5,{i},{OTHER[i]},{TOTALS[i]}" for i in range(SIZE)]
    rows += [f"{day(i)},BB,Bland,EURO,9,{9 * i},{NEW[i]},{TOTAL[i]}" for i in range(SIZE)]
    return Form("WHO", "who.csv", lines(head, *rows), {"where": {"Country": "Bland"}}, LAST, ALL)


def ecdc_daily() -> Form:
    head = "dateRep,day,month,year,cases,deaths,countriesAndTerritories,geoId,popData2019"
    rows = [
        f"{d:%d/%m/%Y},{d.day},{d.month},{d.year},7,{n[i]},{place},XX,5000"
        for place, n in (("Aland", OTHER), ("Bland", NEW))
        for i in reversed(range(SIZE))
        for d in [day(i)]
    ]
    words = {"where": {"countriesAndTerritories": "Bland"}, "value": "deaths", "kind": "new"}
    return Form("ECDC, daily", "ecdc.csv", lines(head, *rows), words, LAST, ALL)


def ecdc_weekly() -> Form:
    head = "country,indicator,weekly_count,year_week,cumulative_count"
    rows = []
    for i in range(20):
        iso = week(i).isocalendar()
        label = f"{iso.year}-{iso.week:02d}"
        rows.append(f"Bland,cases,{9 * NEW[i]},{label},{9 * TOTAL[i]}")
        rows.append(f"Bland,deaths,{NEW[i]},{label},{TOTAL[i]}")
    words = {"where": {"indicator": "deaths"}}
    last = str(week(19) + timedelta(days=6))
    return Form("ECDC, weekly", "weekly.csv", lines(head, *rows), words, last, TOTAL[19])


def owid() -> Form:
    head = (
        "iso_code,continent,location,date,total_cases,new_cases,total_deaths,new_deaths,"
        "new_deaths_smoothed,total_deaths_per_million"
    )
    rows = [f"BLA,Europe,Bland,{day(i)},{i}.0,1.0,,,," for i in range(-5, 0)]
    rows += [
        f"BLA,Europe,Bland,{day(i)},{i}.0,1.0,{TOTAL[i]}.0,{NEW[i]}.0,3.2,{TOTAL[i] / 7:.3f}"
        for i in range(SIZE)
    ]
    return Form("Our World in Data", "owid.csv", lines(head, *rows), {}, LAST, ALL)


def jhu_counties() -> Form:
    heads = ",".join(f"{d.month}/{d.day}/{d:%y}" for d in map(day, range(SIZE)))
    head = f"UID,iso2,FIPS,Admin2,Province_State,Country_Region,Lat,Long_,Population,{heads}"
    rows = [
        f"840{n},US,{n},{county},{state},US,1.5,2.5,9000,{','.join(map(str, totals))}"
        for n, (county, state, totals) in enumerate(
            (("Adams", "Arcadia", TOTAL), ("Burke", "Arcadia", TOTALS), ("Cass", "Ohia", TOTAL))
        )
    ]
    words = {"where": {"Province_State": "Arcadia", "Admin2": "*"}, "kind": "total"}
    total = ALL + TOTALS[-1]
    return Form("JHU, counties", "us.csv", lines(head, *rows), words, LAST, total, "several")


def eurostat_tsv() -> Form:
    def label(i: int) -> str:
        iso = week(i).isocalendar()
        return f"{iso.year}-W{iso.week:02d} "

    heads = "\t".join(map(label, range(20)))
    cells = "\t".join(": " if i == 3 else f"{NEW[i]} {'p' if i > 15 else ''}" for i in range(20))
    other = "\t".join(f"{OTHER[i]} " for i in range(20))
    text = lines(
        f"freq,sex,unit,geo\\TIME_PERIOD\t{heads}", f"W,T,NR,AA\t{other}", f"W,T,NR,BB\t{cells}"
    )
    words = {"where": {"freq,sex,unit,geo\\TIME_PERIOD": "W,T,NR,BB"}, "kind": "new"}
    last = str(week(19) + timedelta(days=6))
    return Form("Eurostat, TSV", "demo.tsv", text, words, last, sum(NEW[:20]) - NEW[3])


def eurostat_sdmx() -> Form:
    head = "DATAFLOW,LAST UPDATE,freq,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG"
    rows = []
    for i in range(20):
        iso = week(i).isocalendar()
        start = "ESTAT:DEMO_R_MWK_TS(1.0),17/06/21 23:00:00,W"
        rows.append(f"{start},T,BB,{iso.year}-W{iso.week:02d},{NEW[i]},{'p' if i > 15 else ''}")
    last = str(week(19) + timedelta(days=6))
    words = {"kind": "new"}
    return Form("Eurostat, SDMX", "sdmx.csv", lines(head, *rows), words, last, TOTAL[19])


def cdc_weekly() -> Form:
    head = (
        "Data As Of,Start Date,End Date,Group,State,COVID-19 Deaths,Total Deaths,"
        "Percent of Expected Deaths,Footnote"
    )
    rows = []
    for i in range(20):
        begin = week(i) - timedelta(days=1)
        end = begin + timedelta(days=6)
        cells = f'{NEW[i]},"{9_000 + 50 * i:,}",101'
        rows.append(f"06/30/2021,{begin:%m/%d/%Y},{end:%m/%d/%Y},By Week,Ohia,{cells},")
    words = {"where": {"Group": "By Week"}, "value": "COVID-19 Deaths", "kind": "new"}
    last = str(week(19) + timedelta(days=5))
    return Form("CDC, weekly", "cdc.csv", lines(head, *rows), words, last, TOTAL[19], "span")


def mmwr() -> Form:
    rows = [f"{2020 + (i + 30) // 53},{(i + 30) % 53 + 1},{NEW[i]}" for i in range(40)]
    # the last one is week 17 of 2021: Sunday 25 April to Saturday 1 May
    text = lines("MMWR Year,MMWR Week,Deaths", *rows)
    return Form("CDC, MMWR", "mmwr.csv", text, {"kind": "new"}, "2021-05-01", TOTAL[39], "week")


def india_states() -> Form:
    rows = []
    for i in range(SIZE):
        d = day(i)
        rows.append(f"{d:%d-%b-%y},{d},Confirmed,{50 * NEW[i]},1,2")
        rows.append(f"{d:%d-%b-%y},{d},Recovered,{20 * NEW[i]},1,2")
        rows.append(f"{d:%d-%b-%y},{d},Deceased,{NEW[i]},1,2")
    words = {"where": {"Status": "Deceased"}, "value": "TT", "kind": "new"}
    text = lines("Date,Date_YMD,Status,TT,AN,AP", *rows)
    return Form("India, states", "states.csv", text, words, LAST, ALL)


def india_lakhs() -> Form:
    def grouped(n: int) -> str:
        head, tail = divmod(n, 1000)
        return f"{head // 100},{head % 100:02d},{tail:03d}"  # 1,23,456

    text = per_day(
        lambda i: f'{day(i):%d.%m.%Y},"{grouped(123_000 + TOTAL[i])}"', "Date,Cumulative deaths"
    )
    return Form("India, lakhs", "lakhs.csv", text, {}, LAST, 123_000 + ALL)


def brazil() -> Form:
    head = "regiao;estado;data;semanaEpi;casosAcumulado;obitosNovos;obitosAcumulado"
    rows = []
    for i in range(SIZE):
        rows.append(f"Brasil;;{day(i)};{i // 7 + 1};{99 * i};{NEW[i]};{TOTAL[i]}")
        rows.append(f"Norte;RO;{day(i)};{i // 7 + 1};{9 * i};{OTHER[i]};{TOTALS[i]}")
    words = {"where": {"regiao": "Brasil"}}
    return Form("Brazil", "brasil.csv", lines(head, *rows), words, LAST, ALL)


def brazil_weeks() -> Form:
    rows = [f"2020;{35 + i};{NEW[i]}" for i in range(19)] + [
        f"2021;{i + 1};{NEW[19 + i]}" for i in range(10)
    ]  # 2020 has 53 such weeks; week 10 of 2021 ends on Saturday 13 March
    text = lines("Ano;Semana Epidemiológica;Óbitos", *rows)
    words = {"kind": "new"}
    return Form("Brazil, weeks", "semanas.csv", text, words, "2021-03-13", TOTAL[28], "week")


def ukraine() -> Form:
    text = per_day(
        lambda i: f"{day(i):%d.%m.%Y};{f'{98_000 + TOTAL[i]:,}'.replace(',', ' ')} (+{NEW[i]})",
        "Дата;Особовий склад",
        back=True,
    )
    words = {"date": "Дата", "value": "Особовий склад", "kind": "total"}
    return Form("Ukraine", "zsu.csv", text, words, LAST, 98_000 + ALL)


def wikipedia() -> Form:
    text = per_day(
        lambda i: (
            f'"{day(i):%B} {day(i).day}, {day(i).year}[{i + 1}]","{9 * TOTAL[i]:,}",'
            f'"{TOTAL[i]:,}{"[a]" if i == 7 else ""} (+{NEW[i]})",[{i}]'
        ),
        "Date,Cases,Total deaths,Ref.",
    )
    return Form("Wikipedia", "wiki.csv", text + "Source: a ministry\n", {}, LAST, ALL, "footer")


def wikipedia_html() -> Form:
    rows: list[str] = []
    for i in range(0, SIZE, 2):
        month = f'<td rowspan="2">{day(i):%B %Y}</td>'
        for j, first in ((i, month), (i + 1, "")):
            note = '<sup class="reference"><a href="#x">[3]</a></sup>'
            rows.append(
                f"<tr>{first}<td>{day(j).day} {day(j):%B %Y}{note}</td><td>{NEW[j]}</td>"
                f"<td>{TOTAL[j]:,}</td></tr>"
            )
    text = (
        "<html><body><table class=infobox><tr><th>Disease</th><td>Fever</td></tr></table>"
        "<table class=wikitable><caption>Deaths</caption><tr><th>Month<th>Date<th>New deaths"
        f"<th>Total&nbsp;deaths</tr>{''.join(rows)}</table></body></html>"
    )
    return Form("Wikipedia, page", "page.html", text, {"date": "Date"}, LAST, ALL)


def acled() -> Form:
    head = (
        "event_id_cnty,event_date,year,time_precision,event_type,actor1,country,admin1,latitude,"
        "longitude,fatalities,timestamp"
    )
    rows: list[str] = []
    for i in range(SIZE):
        for part in (NEW[i] // 3, NEW[i] - NEW[i] // 3):
            rows.append(
                f'BLA{len(rows)},"{day(i):%d %B %Y}",2021,1,Battles,A,Bland,North,1.5,2.5,'
                f"{part},1687{len(rows):06d}"
            )
    words = {"kind": "new"}
    return Form("ACLED", "acled.csv", lines(head, *rows[::-1]), words, LAST, ALL, "summed")


def ucdp() -> Form:
    head = (
        "id,year,type_of_violence,conflict_name,latitude,longitude,date_start,date_end,deaths_a,"
        "deaths_b,deaths_civilians,deaths_unknown,best,high,low"
    )
    rows = [
        f"{4000 + i},2021,1,Bland: Government,1.5,2.5,{day(i)} 00:00:00.000,"
        f"{day(i)} 00:00:00.000,1,2,3,{NEW[i] - 6},{NEW[i]},{NEW[i] + 9},{NEW[i] - 2}"
        for i in range(SIZE)
    ]
    words = {"value": "best", "kind": "new"}
    return Form("UCDP", "ged.csv", lines(head, *rows), words, LAST, ALL)


def ons_weeks() -> Form:
    def row(label: str, cells: list[str]) -> str:
        return ",".join([f'"{label}"', *cells])

    text = lines(
        "Weekly provisional figures on deaths registered",
        row("Week number", [str(i + 1) for i in range(20)]),
        row("Week ended", [f"{week(i) + timedelta(days=4):%d-%b-%y}" for i in range(20)]),
        row("Total deaths, all ages", [f'"{9_000 + NEW[i]:,}"' for i in range(20)]),
        row("Deaths where the cause was fever", [str(NEW[i]) for i in range(20)]),
    )
    words = {"value": "Deaths where the cause was fever", "kind": "new"}
    return Form("ONS", "ons.csv", text, words, str(week(19) + timedelta(days=4)), TOTAL[19])


def uk_dashboard() -> Form:
    text = per_day(
        lambda i: f"E92000001,England,nation,{day(i)},{NEW[i]},{TOTAL[i]}",
        "areaCode,areaName,areaType,date,newDeaths28DaysByDeathDate,cumDeaths28DaysByDeathDate",
        back=True,
    )
    return Form("UK dashboard", "uk.csv", text, {}, LAST, ALL)


def france() -> Form:
    rows = [
        f'"{dep}";{sexe};"{day(i)}";{i};{i};{i};{n}'
        for i in range(SIZE)
        for dep, both in (("01", TOTALS[i]), ("75", TOTAL[i]))
        for sexe, n in ((0, both), (1, both // 2), (2, both - both // 2))
    ]
    text = lines('"dep";"sexe";"jour";"hosp";"rea";"rad";"dc"', *rows)
    words = {"where": {"dep": "75", "sexe": 0}, "value": "dc", "kind": "total"}
    return Form("France", "hosp.csv", text, words, LAST, ALL)


def france_words() -> Form:
    months = {1: "janvier", 2: "février", 3: "mars"}
    text = per_day(
        lambda i: f"{day(i).day} {months[day(i).month]} 2021;{TOTAL[i]}", "Date;Décès cumulés"
    )
    return Form("France, months in words", "mois.csv", text, {}, LAST, ALL)


def italy() -> Form:
    text = per_day(
        lambda i: f"{day(i)}T18:00:00,ITA,{i},{7 * i},{TOTAL[i]},{99 * i},note",
        "data,stato,ricoverati_con_sintomi,terapia_intensiva,deceduti,totale_casi,note",
    )
    words = {"value": "deceduti", "kind": "total"}
    return Form("Italy", "italia.csv", text, words, LAST, ALL)


def germany() -> Form:
    text = per_day(
        lambda i: f"{day(i):%d.%m.%Y};{f'{1_000 + TOTAL[i]:,}'.replace(',', '.')}",
        "Stand: 01.03.2021;",
        "Berichtsdatum;Anzahl Todesfälle (kumuliert)",
    )
    return Form("RKI", "rki.csv", text, {}, LAST, 1_000 + ALL, "point")


def socrata() -> Form:
    document = {
        "meta": {"view": {"name": "Deaths", "columns": [{"name": "date"}, {"name": "deaths"}]}},
        "columns": ["date", "total_deaths"],
        "data": [[f"{day(i)}T00:00:00.000", TOTAL[i]] for i in range(SIZE)],
    }
    return Form("JSON, split", "split.json", json.dumps(document), {}, LAST, ALL)


def ranges() -> Form:
    rows = [f"{week(i)} – {week(i) + timedelta(days=6)};{NEW[i]}" for i in range(SIZE)]
    text = lines("Week;New deaths", *rows)
    return Form("weeks as ranges", "ranges.csv", text, {}, SUNDAY, ALL)


def ranges_in_words() -> Form:
    rows = []
    for i in range(SIZE):
        end = week(i) + timedelta(days=6)
        begin = f"{week(i).day}" if week(i).month == end.month else f"{week(i):%d %B}"
        rows.append(f"{begin}–{end.day} {end:%B %Y};{NEW[i]}")
    text = lines("Week;New deaths", *rows)
    return Form("weeks as ranges in words", "words.csv", text, {}, SUNDAY, ALL)


def year_to_date() -> Form:
    names = [f"{date(2021, m, 1):%B}" for m in range(1, 13)]
    rows, whole = [], 0
    for year, size in ((2019, 12), (2020, 12), (2021, 5)):
        for m in range(size):
            whole += NEW[m]
            rows.append(f"{year},{names[m]},{sum(NEW[: m + 1])}")
    text = lines("Year,Month,Cumulative deaths", *rows)
    return Form("year to date", "ytd.csv", text, {}, "2021-05-31", whole, "yearly")


def migrants() -> Form:
    head = (
        "Main ID,Incident ID,Region,Incident Date,Reported Year,Number of Dead,"
        "Minimum Estimated Number of Missing,Total Number of Dead and Missing,Coordinates"
    )
    rows = []
    for i in range(SIZE):
        dead = "" if i % 9 == 8 else str(NEW[i])
        rows.append(f'2021.MM{i},x,Sea,"{day(i):%a, %m/%d/%Y}",2021,{dead},3,{NEW[i] + 3},"1, 2"')
    words = {"value": "Number of Dead", "kind": "new"}
    total = sum(n for i, n in enumerate(NEW) if i % 9 != 8)
    last = str(day(SIZE - 1))
    return Form("IOM", "mm.csv", lines(head, *rows), words, last, total)


def persons() -> Form:
    rows = [
        f"{100 * i + j},{day(i)},gun,{20 + j},M,Town {j % 5},ST,1.5{j}"
        for i in range(SIZE)
        for j in range(OTHER[i])
    ]
    head = "id,date,threat_type,age,gender,city,state,latitude"
    return Form("a row a person", "persons.csv", lines(head, *rows), {}, LAST, TOTALS[-1], "rows")


def persons_selected() -> Form:
    rows: list[str] = []
    for i in range(SIZE):
        for j in range(OTHER[i]):
            rows.append(f"{len(rows)},M,{30 + j},SI,{day(i)}")
            rows.append(f"{len(rows)},F,{40 + j},NO,")
    text = lines("id_evento_caso,sexo,edad,fallecido,fecha_fallecimiento", *rows)
    words = {"where": {"fallecido": "SI"}, "date": "fecha_fallecimiento", "kind": "rows"}
    return Form("Argentina", "casos.csv", text, words, LAST, TOTALS[-1])


def workbook() -> Form:
    content = io.BytesIO()
    serial = [(day(i) - date(1899, 12, 30)).days for i in range(SIZE)]
    with pd.ExcelWriter(content) as writer:
        notes = pd.DataFrame({"Notes": ["Provisional", "See the methods"]})
        notes.to_excel(writer, sheet_name="Notes", index=False)
        frame = pd.DataFrame({"Date of report": serial, "Deaths, cumulative": TOTAL})
        frame.to_excel(writer, sheet_name="Data", index=False, startrow=3)
    return Form("a workbook", "book.xlsx", content.getvalue(), {}, LAST, ALL, "serial")


FORMS = [
    who, ecdc_daily, ecdc_weekly, owid, jhu_counties, eurostat_tsv, eurostat_sdmx, cdc_weekly, mmwr,
    india_states, india_lakhs, brazil, brazil_weeks, ukraine, wikipedia, wikipedia_html, acled,
    ucdp, ons_weeks, uk_dashboard, france, france_words, italy, germany, socrata, ranges,
    ranges_in_words, year_to_date, migrants, persons, persons_selected, workbook,
]  # fmt: skip


@pytest.mark.parametrize("make", FORMS, ids=[make.__name__ for make in FORMS])
def test_a_form_of_an_office_is_read(tmp_path: Path, make: Callable[[], Form]) -> None:
    form = make()
    path = tmp_path / form.name
    content = form.content
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        series = at.read_series(path, **form.words)
    assert (str(series.days[-1]), float(series.totals[-1])) == (form.last, form.total)
    assert not form.told or form.told in {defect.kind for defect in series.anomalies}


# ------------------------------------------------------------------ twins, which read otherwise


def read(tmp_path: Path, text: str, **words: Any) -> at.Series:
    path = tmp_path / "count.csv"
    path.write_text(text, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        return at.read_series(path, **words)


def kinds(series: at.Series) -> set[str]:
    return {defect.kind for defect in series.anomalies}


def test_days_beside_their_months_and_years_are_days(tmp_path: Path) -> None:
    rows = [f"{day(i).year},{day(i).month},{day(i).day},{TOTAL[i]}" for i in range(SIZE)]
    series = read(tmp_path, lines("Year,Month,Day,Total deaths", *rows))
    assert series.days == tuple(day(i) for i in range(SIZE))


@pytest.mark.parametrize("name", ["Kalenderwoche", "MMWR week", "Semana epidemiológica"])
def test_weeks_beside_their_years_are_joined_by_the_names_of_both(
    tmp_path: Path, name: str
) -> None:
    rows = [f"2020,{number},{number}" for number in range(12, 31)]
    series = read(tmp_path, lines(f"Jahr,{name},new", *rows))
    assert str(series.days[-1]) == ("2020-07-26" if name == "Kalenderwoche" else "2020-07-25")


@pytest.mark.parametrize(
    ("name", "last"),
    [("epiweek", "2020-07-25"), ("week", "2020-07-26"), ("period", "2020-07-26")],
)
def test_the_name_of_a_column_says_how_its_weeks_are_counted(
    tmp_path: Path, name: str, last: str
) -> None:
    for sign in ("", "-", "/"):
        rows = [f"2020{sign}{number},{number}" for number in range(12, 31)]
        series = read(tmp_path, lines(f"{name},new", *rows), date=name)
        assert str(series.days[-1]) == last
        assert "week" in kinds(series)


def test_months_and_weeks_that_nothing_tells_apart_are_refused(tmp_path: Path) -> None:
    rows = [f"20200{number},{number}" for number in range(1, 10)]
    with pytest.raises(at.InputError, match="its month from its week"):
        read(tmp_path, lines("period,new", *rows))
    assert str(read(tmp_path, lines("month,new", *rows)).days[-1]) == "2020-09-30"
    turned = [*(f"2020{n:02d},{n}" for n in range(1, 13)), "202101,5"]
    assert str(read(tmp_path, lines("period,new", *turned)).days[-1]) == "2021-01-31"


def test_a_sum_among_the_places_is_not_added_to_them(tmp_path: Path) -> None:
    rows = [
        f"{day(i)},{place},{number}"
        for i in range(SIZE)
        for place, number in (("A", NEW[i]), ("B", OTHER[i]), ("All", NEW[i] + OTHER[i]))
    ]
    text = lines("date,place,new_deaths", *rows)
    with pytest.raises(at.InputError, match=r"no sum of the rest, got `All`"):
        read(tmp_path, text, where={"place": "*"})
    kept = lines("date,place,new_deaths", *(row for row in rows if "All" not in row))
    added = read(tmp_path, kept, where={"place": "*"})
    assert added.totals[-1] == read(tmp_path, text, where={"place": "All"}).totals[-1]


def test_a_place_that_is_silent_for_a_day_keeps_its_total(tmp_path: Path) -> None:
    rows = [f"{day(i)},A,{TOTAL[i]}" for i in range(20)]
    rows += [f"{day(i)},B,{TOTALS[i]}" for i in range(5, 20) if i != 12]
    series = read(tmp_path, lines("date,place,cumulative", *rows), where={"place": "*"})
    by_day = dict(zip(series.days, series.totals, strict=True))
    assert by_day[day(4)] == TOTAL[4]
    assert by_day[day(12)] == TOTAL[12] + TOTALS[11]
    assert by_day[day(19)] == TOTAL[19] + TOTALS[19]


def test_a_column_of_sums_beside_dates_as_heads_is_not_the_count(tmp_path: Path) -> None:
    heads = ",".join(str(day(i)) for i in range(20))
    new = ",".join(map(str, NEW[:20]))
    rows = f"date,place,{heads},total", f"2021-03-01,A,{new},{TOTAL[19]}"
    series = read(tmp_path, lines(*rows), kind="new")
    assert series.totals.tolist() == TOTAL[:20]
    assert series.days[-1] == day(19)


@pytest.mark.parametrize("column", ["deaths", "Betroffene"])
def test_rows_are_counted_only_where_nothing_else_counts(tmp_path: Path, column: str) -> None:
    cell = "1.2k" if column == "deaths" else "12"
    rows = [f"{day(i)},North,{cell}" for i in range(SIZE)]
    with pytest.raises(at.InputError, match="Name them"):
        read(tmp_path, lines(f"date,region name,{column}", *rows))


def test_a_list_of_cases_with_many_dates_is_not_turned(tmp_path: Path) -> None:
    head = "onset,admission,test,discharge,birth,date_of_death,age"
    rows = [",".join([*[str(day(i - k)) for k in (9, 7, 6, 1, 9999, 0)], "44"]) for i in range(9)]
    series = read(tmp_path, lines(head, *rows))
    assert series.days == tuple(day(i) for i in range(9))
    assert "dates" in kinds(series)


def test_a_year_of_which_one_report_is_low_is_not_begun_anew(tmp_path: Path) -> None:
    days = [date(2020, 12, 1) + timedelta(days=i) for i in range(60)]
    totals = [0 if str(d) == "2021-01-01" else TOTAL[i] for i, d in enumerate(days)]
    rows = [f"{d},{total}" for d, total in zip(days, totals, strict=True)]
    series = read(tmp_path, lines("date,cumulative", *rows))
    assert "yearly" not in kinds(series)
    assert series.cleaned.total[-1] == ALL


@pytest.mark.parametrize(
    ("cell", "last"),
    [
        ("28 December – 3 January 2021", "2021-01-03"),
        ("2020-12-28/2021-01-03", "2021-01-03"),
        ("28/12/2020 - 03/01/2021", "2021-01-03"),
        ("Week 53, 2020", "2021-01-03"),
        ("KW 53/2020", "2021-01-03"),
        ("12/2020", "2020-12-31"),
        ("13/2020", None),
        ("2020-S53", "2021-01-03"),
        ("Sunday, 3 January 2021", "2021-01-03"),
        ("3 de enero de 2021", "2021-01-03"),
        ("w/e 3 Jan 2021", "2021-01-03"),
        ("Week ending 3 January 2021", "2021-01-03"),
        ("w/c 28 Dec 2020", None),
        ("2021年1月3日", "2021-01-03"),
        ("3. Jänner 2021", None),
        ("3–28", None),
        ("North – South", None),
    ],
)
def test_spans_and_words_of_dates(cell: str, last: str | None) -> None:
    from attrition.data.series.dates import form_of, label_of

    label = label_of(cell, form_of([cell]))
    assert (None if label is None else str(label.last)) == last


def test_a_page_cannot_span_without_end(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<table>" + "<tr>" + "<td rowspan=1000 colspan=1000>1" * 900 + "<tr>" * 1000)
    with pytest.raises(at.InputError, match="table in HTML"):
        at.read_series(path)
