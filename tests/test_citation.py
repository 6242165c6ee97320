from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import attrition as at
from attrition.reporting import cite_other, cite_stock
from test_laws import normal_law

SLOTS = ("90 %", "if the fighting continues", "3 June 2025", "latent total", "attrition 0", "seed")


@pytest.mark.parametrize("threshold", [700.0, 900.0, 940.0, 1_000.0, 1_090.0, 1_500.0])
def test_no_sentence_omits_a_slot(threshold: float) -> None:
    sentence = at.cite(normal_law([threshold]), threshold)
    for slot in SLOTS:
        assert slot in sentence, sentence
    for never in ("will ", "±", "95 % confident", "nan", "None", "NaT"):
        assert never not in sentence


def test_a_threshold_already_passed_is_said_to_be_passed() -> None:
    sentence = at.cite(normal_law([700.0]), 700.0)
    assert "had already passed 700 by 3 June 2025" in sentence
    assert "more than 99.9 %" in sentence


def test_a_threshold_out_of_reach_has_no_invented_date() -> None:
    law = normal_law([1_500.0])
    sentence = at.cite(law, 1_500.0)
    assert "would not pass 1,500 by 20 December 2025" in sentence
    assert law.horizon == date(2025, 12, 20)


def test_an_interval_that_straddles_the_information_date_says_so() -> None:
    sentence = at.cite(normal_law([915.0]), 915.0)
    assert "by 21 July 2025, if that total had not been passed already" in sentence
    assert "probability 23 % that it had been passed by 3 June 2025" in sentence


def test_an_interval_that_runs_past_the_horizon_says_so() -> None:
    sentence = at.cite(normal_law([1_090.0]), 1_090.0)
    assert "would pass 1,090 no earlier than 8 November 2025" in sentence
    assert "perhaps not by 20 December 2025" in sentence


def test_the_sentences_of_the_report_name_definition_source_and_figures(
    whole: at.Forecast,
) -> None:
    sentence = at.cite(whole.law("russian-casualties", "csis"), 1_000_000)
    for part in (
        "killed and wounded",
        "count of CSIS",
        "1,000,000",
        "2 reported figures",
        "1 independent source",
        "5 June 2025",
        "seed 1",
    ):
        assert part in sentence
    assert "a strength, not forecast" in cite_stock(whole.stocks[0])
    assert "this summer" in cite_other(whole.dossier, whole.others[0])


def test_results_hold_the_stated_keys_and_full_precision(whole: at.Forecast) -> None:
    content = at.results(whole, on=[date(2025, 12, 31)], by=[date(2025, 8, 31)])
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
    }
    assert row["already"] + row["within"] + row["beyond"] == pytest.approx(1.0, abs=1e-12)
    assert row["by"][0]["date"] == "2025-08-31"
    assert 0 < row["by"][0]["probability"] < 1
    for total in content["totals"]:
        assert total["lower"] < total["median"] < total["upper"]
    for each in content["crossings"]:
        for end in ("lower", "median", "upper"):
            assert (each[end] is None) == (each[f"{end}_state"] != "date")


def test_a_printed_interval_is_rounded_outward() -> None:
    law = normal_law([1_000.0])
    read = at.crossing(law, 1_000.0)
    assert read.unit == "day"
    sentence = at.cite(law, 1_000.0)
    lower, median, upper = (end.day for end in read.dates)
    assert lower is not None
    assert median is not None
    assert upper is not None
    assert f"between {lower.day} {lower:%B} and {upper.day} {upper:%B %Y}" in sentence
    assert f"median {median.day} {median:%B %Y}" in sentence
    assert np.isfinite(read.mcse)


def first_cells(law: at.Law) -> list[str]:
    """Return the first column of the table that a law prints."""
    lines = str(law).splitlines()
    assert lines[2].split() == ["threshold", "from", "to", "median", "already", "later"]
    return [line.split()[0] for line in lines[3:]]


def test_a_law_prints_as_its_sentence_and_a_table_of_what_was_asked(whole: at.Forecast) -> None:
    law = whole.law("russian-killed")
    assert str(law).splitlines()[0] == at.cite(law, [250_000, 300_000])
    assert first_cells(law) == ["250,000", "300,000"]  # and none of the hundred others it holds
    few = normal_law([950.0, 1_003.7])
    assert first_cells(few) == ["950", "1,003.7"]


def test_the_table_of_a_law_that_may_end_leaves_no_mass_unsaid() -> None:
    lines = str(at.with_end(normal_law([1_000.0]), 0.002)).splitlines()
    assert lines[2].split()[-2:] == ["later", "ended"]
    assert lines[3].endswith("18 %")


def test_of_many_thresholds_the_sentence_names_those_near_the_middle() -> None:
    grid = [float(value) for value in range(901, 1_100, 9)]
    law = normal_law(grid)
    assert first_cells(law) == ["1,000"]  # the round one
    asked = dataclasses.replace(law.provenance, asked=tuple(grid[:6]))
    stated = law.with_provenance(asked)
    assert len(first_cells(stated)) == 6
    assert str(stated).splitlines()[0].count("median") == 4


def test_a_notebook_shows_laws_claims_and_dossiers_escaped(
    bundled: at.Dossier, exact_text: str, tmp_path: Path
) -> None:
    law = normal_law([1_000.0])
    for thing in (law, bundled, bundled.claims[0]):
        bundle = thing._repr_mimebundle_()
        assert set(bundle) == {"text/plain", "text/html"}
        assert "<table>" in bundle["text/html"]
    assert "11 September 2025" in law._repr_html_()
    assert "approximately 950,000" in bundled._repr_html_()
    file = tmp_path / "bad.toml"
    file.write_text(exact_text.replace("An exact start", "</script><b>"), encoding="utf-8")
    html = at.read_dossier(file)._repr_html_()
    assert "<script" not in html
    assert "&lt;/script&gt;&lt;b&gt;" in html
    with pytest.raises(TypeError):
        at.as_html("text")  # type: ignore[arg-type]


def test_a_law_goes_to_xarray_and_pandas() -> None:
    law = normal_law([940.0, 1_000.0])
    assert law.to_dataset() is law.dataset
    frame = law.to_pandas()
    assert frame.shape == (201, 2)
    assert list(frame.columns) == [940.0, 1_000.0]
    assert frame[1_000.0].iloc[100] == pytest.approx(0.5)
    assert frame.index[0].date() == law.information_date
