"""The bundled dossier of all claims: it is the table, and what is declared about it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from benchmarks.dossier.__main__ import DATA, _claim, build
from benchmarks.dossier.measured import measured

import attrition as at
from attrition.data.dossier.files import dossier_toml
from attrition.data.elicitation import original
from attrition.models.assimilation.evidence import evidence_of, recordings_of, term_of

WAR = "war-in-ukraine-2025-06"


@pytest.fixture(scope="module")
def war() -> at.Dossier:
    return at.read_dossier(WAR)


def test_the_file_is_what_the_command_makes() -> None:
    text = Path(DATA / f"{WAR}.toml").read_text(encoding="utf-8")
    assert text == "# Written by `python -m benchmarks.dossier`.\n\n" + dossier_toml(build())


def test_every_row_of_the_table_is_a_claim_once(war: at.Dossier) -> None:
    lines = [int(rows[1]) for c in war.claims if (rows := re.search(r"Line (\d+) of", c.note))]
    assert sorted(lines) == list(range(2, 105))


def test_nothing_in_it_contradicts_itself(war: at.Dossier) -> None:
    assert at.check(war) == ()


def test_a_row_that_changed_is_not_corrected_silently() -> None:
    row = at.read_claims(DATA / "war_loss_claims_to_2025-06-03.csv").rows[7]
    names = {"russia-deaths": "russian-killed"}
    chart = {"address": "none"}
    wrong = {"was": {"point": 38_501.0}, "now": {"quantity": "russian-casualties"}}
    with pytest.raises(SystemExit, match=r"38501.0 is to be corrected"):
        _claim(row, names, {"Armed Forces of Ukraine": "a"}, wrong, chart)


def test_the_press_error_is_declared_with_its_reason(war: at.Dossier) -> None:
    (row,) = [c for c in war.claims if c.point == 38_500]
    assert (row.quantity, row.source) == ("russian-casualties", "armed-forces-quoted")
    assert "under deaths" in row.note


def test_copies_and_derived_sources_are_declared(war: at.Dossier) -> None:
    assert original(war, "armed-forces-quoted") == "general-staff"
    assert original(war, "uk-foreign-ministry") == "uk-mod"
    assert war.sources["uk-mod"].derived_from == ("general-staff",)
    assert set(war.sources["csis"].derived_from) == {"uk-mod", "us-intelligence"}
    shared = {"mediazona-meduza", "bbc-russian"}
    assert {key for key, s in war.sources.items() if "names-list" in s.derived_from} == shared
    assert all(source.note for source in war.sources.values())


def test_the_chart_is_the_general_staffs_count_of_each_month(war: at.Dossier) -> None:
    rows = [c for c in war.claims if c.kind == "increment"]
    counts = at.read_series(war.series[0].path)
    tally = dict(zip(counts.days, counts.totals, strict=True))
    ends = [c.as_of.first.fromordinal(c.as_of.first.toordinal() + 1) for c in rows]
    starts = [rows[0].since.first if rows[0].since else ends[0], *ends[:-1]]
    sums = [0.0, *(float(c.point or 0) for c in rows)]
    near = [
        abs((b - a) / (tally[end] - tally[start]) - 1) < 0.01
        for a, b, start, end in zip(sums, sums[1:], starts, ends, strict=False)
    ]
    assert (sum(near), len(near)) == (26, 34)


@pytest.mark.parametrize(
    ("quantity", "chosen"),
    [
        ("russian-casualties", ["russian-casualties"]),
        ("russian-killed", ["russian-killed"]),
        ("ukrainian-casualties", None),
        ("ukrainian-killed", None),
    ],
)
def test_the_errors_of_sources_are_those_that_are_measured(
    war: at.Dossier, quantity: str, chosen: list[str] | None
) -> None:
    figures, families, source, figure = measured(chosen)
    stated = war.assumption("source_error", quantity)
    drift = war.assumption("source_drift", quantity)
    assert (stated.value, drift.value) == (round(source, 2), round(figure, 2))
    assert f"{figures} " in stated.reason
    assert f"of {families} families" in stated.reason


def test_a_window_that_a_copy_repeats_from_a_recorded_count_adds_nothing() -> None:
    dossier = at.read_dossier(WAR)
    recorded = recordings_of(dossier)
    counts = next(iter(recorded.values()))
    tally = dict(zip(counts.days, counts.totals, strict=True))
    growth = tally[date(2023, 6, 30)] - tally[date(2022, 12, 31)]
    copy = next(c for c in dossier.claims if c.source == "armed-forces-quoted").model_copy(
        update={
            "kind": "increment",
            "point": float(growth),
            "since": at.dossier.PartialDate.parse("2023-01-01"),
            "as_of": at.dossier.PartialDate.parse("2023-06-30"),
            "published": at.dossier.PartialDate.parse("2023-07-01"),
        }
    )
    other = copy.model_copy(update={"point": 1.3 * growth})
    repeats = [
        evidence_of(
            dossier.model_copy(update={"claims": (*dossier.claims, one)}),
            "russian-casualties",
            as_of=date(2023, 8, 1),
            series=recorded,
        ).repeats
        for one in (copy, other)
    ]
    index = len(dossier.claims)
    assert index in repeats[0]
    assert index not in repeats[1]
    evidence = evidence_of(dossier, "russian-casualties", as_of=date(2025, 1, 7))
    term = term_of(evidence, 0, as_of=date(2025, 1, 7))
    assert (term.begin, term.end) == (5.0, 36.0)
