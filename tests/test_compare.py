"""Which reports moved the date: contributions in order, and their sum."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import attrition as at
from attrition.reporting import Comparison

SOURCES = {key: {"name": key.title()} for key in ("ministry", "agency", "press")}
QUANTITY = {
    "title": "People killed",
    "definition": "killed",
    "unit": "persons",
    "kind": "conflict",
    "start": date(2024, 1, 1),
    "thresholds": [40_000],
    "bases": ["latent"],
}
KEPT = [("ministry", 4, 11_000), ("agency", 5, 13_500)]


def _claim(source: str, month: int, number: float, **more: Any) -> dict[str, Any]:
    return {
        "quantity": "killed",
        "source": source,
        "kind": "level",
        "point": float(number),
        "hedge": "about",
        "as_of": f"2024-{month:02d}-28",
        "published": f"2024-{month:02d}-28",
        **more,
    }


def _made(*claims: dict[str, Any], **asked: Any) -> at.Forecast:
    more = asked.pop("dossier", {})
    whole = [*(_claim(*one) for one in KEPT), *claims]
    content = {"sources": SOURCES, "quantities": {"killed": QUANTITY}, "claims": whole}
    return at.forecast(
        at.Dossier.of(**{"id": "moved", **content, **more}), seed=1, size=16, **asked
    )


def _sums_hold(found: Comparison) -> None:
    for shift in found.shifts:
        moved = [one.days[shift.what] for one in found.contributions if shift.what in one.days]
        assert shift.days is None or sum(moved) == pytest.approx(shift.days, abs=1e-9)


@settings(
    max_examples=settings().max_examples // 50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(data=some.data())
def test_contributions_sum_to_the_shift_and_nothing_is_left(data: some.DataObject) -> None:
    claims = some.builds(
        _claim,
        some.sampled_from(list(SOURCES)),
        some.integers(3, 10),
        some.integers(9_000, 30_000).map(float),
    )
    before, after = (data.draw(some.lists(claims, max_size=3)) for _ in range(2))
    shared = data.draw(some.lists(claims, max_size=2))
    found = _made(*shared, *after).compare(at.reporting.make_record(_made(*before, *shared)))
    _sums_hold(found)
    assert "Monte Carlo" not in {one.kind for one in found.contributions}  # the same random numbers


def test_what_did_not_change_moves_nothing() -> None:
    made = _made(_claim("press", 6, 16_000))
    found = made.compare(at.reporting.make_record(made))
    assert found.same
    assert found.contributions == ()
    assert "the same, as printed" in str(found)


def test_each_kind_of_change_is_told_with_its_report() -> None:
    typo = _claim("press", 5, 19_000, id="typo")
    fixed = _claim("press", 5, 13_000, supersedes="typo", published="2024-06-20")
    old = _made(typo, _claim("agency", 6, 16_000), _claim("ministry", 6, 15_000, note="first"))
    new = _made(
        typo,
        fixed,
        _claim("agency", 6, 16_500),
        _claim("ministry", 6, 15_000, note="as printed"),
        _claim("ministry", 8, 21_000),
    )
    found = new.compare(old)
    assert [one.kind for one in found.contributions] == [
        "information date",
        "superseded",
        "changed",
        "new",
    ]
    _, superseded, changed, come = found.contributions
    assert (
        superseded.change == "Press: 13,000 (28 May 2024), in place of Press: 19,000 (28 May 2024)"
    )
    assert "point was 16000.0, now 16500.0" in changed.change
    assert come.change == "Ministry: 21,000 (28 Aug 2024)"
    assert come.published == date(2024, 8, 28)
    (what,) = superseded.days
    assert superseded.days[what] > 5 * superseded.mcse[what]  # six thousand fewer: it is later
    _sums_hold(found)
    back = old.compare(new)
    assert {one.kind for one in back.contributions} >= {"withdrawn", "information date"}
    _sums_hold(back)


def test_a_fatal_typo_is_measured_to_the_day(soft: Path, soft_record: at.Record) -> None:
    text = soft.read_text().replace("950_000", "960_000").replace('name = "Tally"', 'name = "T"')
    other = soft.with_name("other.toml")
    other.write_text(text, encoding="utf-8")
    again = at.forecast(at.read_dossier(other), seed=1, horizon=soft_record.settings.horizon)
    (change,) = again.compare(soft_record).contributions  # the name of a source moves no date
    (moved,) = change.days.values()
    assert moved == pytest.approx(-10, abs=1.5)  # ten thousand fewer at a thousand a day


def test_question_and_assumptions_are_told_before_reports() -> None:
    assumed = {"source_error": {"value": 0.3, "reason": "judgement"}}
    old = _made()
    new = _made(_claim("press", 6, 16_000), dossier={"assumptions": assumed}, kind="steady")
    found = new.compare(old)
    assert [one.kind for one in found.contributions] == [
        "question",
        "dossier",
        "information date",
        "new",
    ]
    assert "assumptions.source_error (added)" in found.contributions[1].change
    _sums_hold(found)


def test_more_than_a_dozen_reports_are_told_by_source() -> None:
    many = [_claim(source, m, 2_600 * m) for source in SOURCES for m in (6, 7, 8, 9, 10)]
    found = _made(*many).compare(_made())
    kinds = [one.kind for one in found.contributions]
    assert kinds == ["information date", *["reports"] * 3]
    words = sorted(one.change for one in found.contributions[1:])
    assert words[0] == "5 changes in the reports of Agency (5 new)"
    _sums_hold(found)


def test_counts_beside_a_dossier_are_told_by_month(tmp_path: Path) -> None:
    lines = [f"{date.fromordinal(738_900 + 3 * i)},{9_000 + 240 * i}" for i in range(40)]
    file = tmp_path / "count.csv"
    file.write_text("date,total\n" + "\n".join(lines) + "\n", encoding="utf-8")
    count = at.read_series(file)
    beside = {("ministry", "killed"): count}
    content = {"sources": SOURCES, "quantities": {"killed": QUANTITY}}
    claims = [_claim("agency", 2, 8_000), _claim("agency", 6, 17_000)]
    whole = at.Dossier.of(id="counted", claims=claims, **content).with_counts(beside)
    old = at.forecast(whole, seed=1, size=16, as_of=count.days[20])
    new = at.forecast(whole, seed=1, size=16)
    found = new.compare(at.reporting.make_record(old))
    kinds = [one.kind for one in found.contributions]
    assert kinds[0] == "information date"
    assert set(kinds[1:]) == {"new", "count"}
    _sums_hold(found)


def test_a_record_without_inputs_compares_numbers_only(soft: Path, soft_record: at.Record) -> None:
    law = at.forecast(at.read_dossier(soft), seed=1, horizon=soft_record.settings.horizon).law()
    bare = at.reporting.make_record(law, [1e6])
    found = at.reporting.compare(soft_record, bare)
    assert found.numbers
    assert found.contributions == ()
    assert "does not hold its inputs" in str(found)
    with pytest.raises(at.InputError, match="read_record"):
        at.reporting.compare(soft_record, "record.json")  # type: ignore[arg-type]


def test_tables_hold_every_contribution() -> None:
    found = _made(_claim("press", 6, 16_000)).compare(_made())
    frame = found.to_pandas()
    assert list(frame) == ["what", "change", "kind", "published", "days", "mcse"]
    totals = frame.groupby("what")["days"].sum()
    assert {shift.what: shift.days for shift in found.shifts} == pytest.approx(dict(totals))
    html = found._repr_html_()
    assert html.count("<tr>") == 2 + len(found.contributions)
    assert "Press: 16,000" in html


def test_the_command_puts_the_question_of_the_record_to_the_new_file(
    command: Callable[..., CompletedProcess[str]], soft: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "old"
    command("forecast", str(soft), "--out", str(folder), "--seed", "3")
    assert (folder / "record.json").exists()
    other = tmp_path / "other.toml"
    other.write_text(soft.read_text().replace("950_000", "960_000"), encoding="utf-8")
    done = command("compare", str(other), str(folder))
    assert done.returncode == 1, done.stderr
    assert "changed: Tally: 960,000" in done.stdout
    content = json.loads(command("compare", str(other), str(folder), "--json").stdout)
    (row,) = content["contributions"]
    assert row["days"] == pytest.approx(-10, abs=1.5)
    same = command("compare", str(soft), str(folder / "record.json"))
    assert same.returncode == 0
    assert "the same, as printed" in same.stdout


def test_changes_of_totals_that_nobody_asked_about_are_not_told() -> None:
    hurt = {**QUANTITY, "title": "People wounded", "definition": "wounded"}
    light = {**hurt, "title": "People lightly wounded", "part_of": "hurt"}
    many = {"killed": QUANTITY, "hurt": hurt}
    before = {"quantities": many}
    after = {"quantities": {**many, "light": light, "hurt": {**hurt, "kind": "epidemic"}}}
    other = {"quantity": "hurt"}
    old = _made(_claim("press", 6, 30_000, **other), dossier=before, quantities=["killed"])
    new = _made(
        _claim("press", 6, 30_500, **other),
        _claim("press", 7, 9_000, quantity="light"),
        _claim("press", 8, 16_000),
        dossier=after,
        quantities=["killed"],
    )
    comparison = new.compare(old)
    assert {one.kind for one in comparison.contributions} <= {"new", "information date", "dossier"}
    reports = [one.change for one in comparison.contributions if one.kind == "new"]
    assert len(reports) == 1
    assert "16,000" in reports[0]
    _sums_hold(comparison)
