from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import attrition as at
from attrition.reporting import cite_other, cite_stock
from test_laws import normal_law


def test_what_others_said_stands_in_plain_words(whole: at.Forecast) -> None:
    assert "a strength, not forecast" in cite_stock(whole.stocks[0])
    every = [cite_other(whole.dossier, other) for other in whole.others]
    assert any("this summer" in text for text in every)
    for text in (*every, *(cite_stock(stock) for stock in whole.stocks)):
        assert "latent" not in text
        assert "count of" not in text


def test_results_hold_the_stated_keys_and_full_precision(whole: at.Forecast) -> None:
    content = at.reporting.results(whole, on=[date(2025, 12, 31)], by=[date(2025, 8, 31)])
    assert set(content) >= {"attrition", "dossier", "seed", "crossings", "totals", "stocks"}
    row = content["crossings"][0]
    assert set(row) >= {
        "quantity",
        "unit",
        "basis",
        "threshold",
        "information_date",
        "horizon",
        "prob",
        "ci_kind",
        "lower",
        "median",
        "upper",
        "lower_state",
        "median_state",
        "upper_state",
        "already",
        "within",
        "beyond",
        "by",
        "mcse_days",
        "sentence",
        "note",
    }
    assert row["already"] + row["within"] + row["beyond"] == pytest.approx(1.0, abs=1e-12)
    assert row["by"][0]["date"] == "2025-08-31"
    assert 0 < row["by"][0]["probability"] < 1
    for total in content["totals"]:
        assert total["lower"] < total["median"] < total["upper"]
    for each in content["crossings"]:
        for end in ("lower", "median", "upper"):
            assert (each[end] is None) == (each[f"{end}_state"] != "date")


def first_cells(law: at.Law) -> list[str]:
    """Return the first column of the table that a law prints."""
    lines = str(law).splitlines()
    assert lines[2].split() == ["threshold", "from", "to", "median", "already", "later"]
    return [line.split()[0] for line in lines[3:]]


def test_a_law_prints_as_its_sentence_and_a_table_of_what_was_asked(whole: at.Forecast) -> None:
    law = whole.law("russian-killed")
    assert str(law).splitlines()[0] == at.cite(law, [250_000, 300_000]).sentence
    assert first_cells(law) == ["250,000", "300,000"]  # and none of the hundred others it holds
    few = normal_law([950.0, 1_003.7])
    assert first_cells(few) == ["950", "1,003.7"]


def test_the_table_of_a_law_that_may_end_leaves_no_mass_unsaid() -> None:
    lines = str(at.laws.with_end(normal_law([1_000.0]), 0.002)).splitlines()
    assert lines[2].split()[-2:] == ["later", "ended"]
    assert lines[3].endswith("18 %")


def test_of_many_thresholds_the_sentence_names_those_near_the_middle() -> None:
    grid = [float(value) for value in range(901, 1_100, 9)]
    law = normal_law(grid)
    assert first_cells(law) == ["1,000"]  # the round one
    asked = dataclasses.replace(law.provenance, asked=tuple(grid[:6]))
    stated = law.with_provenance(asked)
    assert len(first_cells(stated)) == 6
    assert str(stated).splitlines()[0].count("%") >= 4


def test_a_notebook_shows_laws_claims_and_dossiers_escaped(
    bundled: at.Dossier, exact_text: str, tmp_path: Path
) -> None:
    law = normal_law([1_000.0])
    for thing in (law, bundled, bundled.claims[0]):
        bundle = thing._repr_mimebundle_()
        assert set(bundle) == {"text/plain", "text/html"}
        assert "<table>" in bundle["text/html"]
    assert "between 10 August and 14 October 2025" in law._repr_html_()
    assert "approximately 950,000" in bundled._repr_html_()
    file = tmp_path / "bad.toml"
    file.write_text(exact_text.replace("An exact start", "</script><b>"), encoding="utf-8")
    html = at.read_dossier(file)._repr_html_()
    assert "<script" not in html
    assert "&lt;/script&gt;&lt;b&gt;" in html
    with pytest.raises(TypeError):
        at.reporting.as_html("text")  # type: ignore[arg-type]


def test_a_law_goes_to_xarray_and_pandas() -> None:
    law = normal_law([940.0, 1_000.0])
    assert law.to_dataset() is law.dataset
    frame = law.to_pandas()
    assert frame.shape == (201, 2)
    assert list(frame.columns) == [940.0, 1_000.0]
    assert frame[1_000.0].iloc[100] == pytest.approx(0.5)
    assert frame.index[0].date() == law.information_date


def test_each_thing_shows_itself_in_a_line_and_in_a_notebook(whole: at.Forecast) -> None:
    law, record = whole.law("russian-casualties"), at.reporting.make_record(whole)
    days = pd.to_datetime(["2025-01-01", "2025-01-02"])
    count = at.read_series(pd.Series([10.0, 12.0], days, name="cumulative"))
    answer = at.when(1e6, level=9e5, rate=1_000, on="2025-06-03", kind="steady")
    for thing, holds in (
        (law, "1,000,000: 2025-07"),
        (whole.dossier, "12 claims by 3 sources on 8 totals"),
        (record, record.id),
        (count, "2 reports to 2025-01-02, 12 persons"),
        (answer, "<When: The total is "),
    ):
        assert holds in repr(thing)
        assert len(repr(thing)) < 200
    assert str(record).splitlines() == [one.sentence for one in record.sentences]
    for shown in (answer, record, whole, law):
        assert "likely" in shown._repr_html_()


def test_a_forecast_goes_to_pandas_as_one_row_a_crossing(whole: at.Forecast) -> None:
    table = whole.to_pandas()
    assert len(table) == len(at.reporting.results(whole)["crossings"])
    first = at.laws.crossing(whole.law("russian-casualties", "csis"), 1_000_000)
    assert table["median"][0].date() == first.median.day
    answer = at.when(1e6, level=9e5, rate=1_000, on="2025-06-03", kind="steady")
    assert answer.to_pandas().equals(answer.law.to_pandas())


def test_the_name_of_a_file_is_no_subject(tmp_path: Path) -> None:
    def sentence(name: str) -> str:
        days = pd.date_range("2025-01-01", periods=28)
        table = pd.DataFrame({"date": days, "total": [100.0 + 3 * day for day in range(28)]})
        table.to_csv(tmp_path / f"{name}.csv", index=False)
        count = at.read_series(tmp_path / f"{name}.csv")
        return str(at.forecast(count, thresholds=[200], seed=1).cite(200).sentence)

    assert sentence("cholera_deaths-2025").startswith("This count is ")
    assert sentence("Cholera deaths in Ruritania").startswith("Cholera deaths in Ruritania are ")
