"""The record of a recorded count holds the count, and is computed again from it or from a file."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

import attrition as at
from attrition.models.pace import Prior
from attrition.reporting import gather_items, methods_paragraph
from attrition.reporting.models import digest_of, id_of
from attrition.reporting.record import changed_rows, held_series, series_content
from test_laws import normal_law

FIRST = date(2025, 1, 1)
ROUGH = 30.0  # days of Monte Carlo error: what is compared are the same futures, not good ones


def rows(days: int, **changes: int) -> str:
    """A count of a hundred a day, a little uneven; ``d40=7`` makes day 40 differ by 7."""
    moved = {int(name[1:]): by for name, by in changes.items()}
    lines = [
        f"{FIRST + timedelta(days=d)},{100 * d + d % 7 + moved.get(d, 0)}" for d in range(days)
    ]
    return "date,cumulative\n" + "\n".join(lines) + "\n"


def read(folder: Path, name: str, text: str) -> at.Series:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return at.read_series(file)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("counts")


@pytest.fixture(scope="module")
def counts(folder: Path) -> at.Series:
    return read(folder, "counts.csv", rows(120))


def forecast(series: at.Series, **more: object) -> at.Forecast:
    asked: dict[str, object] = {"seed": 1, "tolerance": ROUGH, "horizon": date(2025, 12, 31)}
    return at.forecast(series, thresholds=[20_000], **{**asked, **more})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def original(counts: at.Series) -> at.Record:
    return at.reporting.make_record(forecast(counts))


def test_the_count_comes_back_whole_from_its_record(original: at.Record, counts: at.Series) -> None:
    series = held_series(original)
    assert series is not None
    assert series_content(series) == series_content(counts)
    assert at.Record.model_validate_json(original.to_json()) == original


def test_what_is_recorded_is_what_was_known_on_the_day(folder: Path, original: at.Record) -> None:
    longer = read(folder, "counts.csv", rows(150))
    same = at.reporting.make_record(forecast(longer, as_of=FIRST + timedelta(days=119)))
    assert same.id == original.id


def test_a_record_that_holds_its_count_is_identical(original: at.Record) -> None:
    verification = at.verify(original)
    assert verification.holds
    assert verification.altered == verification.causes == ()
    assert {row.status for row in verification.numbers} == {"identical"}


def test_later_reports_in_a_file_change_nothing(original: at.Record, folder: Path) -> None:
    longer = read(folder, "counts.csv", rows(150))
    verification = at.verify(original, series=longer)
    assert verification.causes == ()
    assert {row.status for row in verification.numbers} == {"identical"}


def test_the_command_names_the_report_that_changed(
    command: Callable[..., subprocess.CompletedProcess[str]],
    original: at.Record,
    folder: Path,
) -> None:
    record = at.reporting.write_record(original, folder / "record.json")
    other = folder / "other.csv"
    other.write_text(rows(120, d119=1_500), encoding="utf-8")
    done = command("verify", str(record), "--series", str(other))
    assert done.returncode == 1, done.stderr
    assert "series 'counts': 2025-04-30 was 11,900, now 13,400" in done.stdout
    assert "version changed" not in done.stdout
    assert f"record {original.id}" in done.stdout


def test_a_count_of_another_name_gives_the_same_numbers(original: at.Record, folder: Path) -> None:
    verification = at.verify(original, series=read(folder, "renamed.csv", rows(120)))
    assert verification.holds
    assert "input changed: series 'counts': name was 'counts', now 'renamed'" in verification.causes


def test_many_changed_reports_are_named_in_part_and_counted() -> None:
    content = {"name": "a", "unit": "persons", "own_day": False}
    totals = {f"2025-06-{day:02d}": float(day) for day in range(1, 31)}
    lines = changed_rows({**content, "totals": totals}, {**content, "totals": {}})
    assert lines[0] == "2025-06-01 removed, 1"
    assert lines[-1] == "and 18 more reports to 2025-06-30"


def test_a_changed_report_inside_a_record_is_found_although_the_id_was_renewed(
    original: at.Record,
) -> None:
    content = json.loads(original.to_json())
    content["inputs"][1]["content"]["totals"]["2025-04-30"] += 1
    forged = at.Record.model_validate(content)
    renewed = forged.model_copy(update={"id": id_of(forged)})
    assert "the series in the record does not have the digest" in " ".join(
        at.verify(renewed).altered
    )


def test_a_count_that_is_none_is_refused(original: at.Record) -> None:
    content = json.loads(original.to_json())
    for broken in ({}, {"totals": {"yesterday": 1.0}}, {"totals": {"2025-01-01": 1.0}}):
        body = content["inputs"][1]["content"]
        content["inputs"][1]["content"] = {**body, **broken} if broken else {}
        with pytest.raises(at.InputError, match="series that can be read"):
            at.verify(at.Record.model_validate(content))


def test_a_record_without_its_count_asks_for_the_file(
    original: at.Record, counts: at.Series
) -> None:
    bare = original.model_copy(update={"inputs": original.inputs[:1]})
    renewed = bare.model_copy(update={"id": id_of(bare)})
    with pytest.raises(at.InputError, match="--series FILE"):
        at.verify(renewed)
    verification = at.verify(renewed, series=counts)
    assert verification.causes == ()
    assert {row.status for row in verification.numbers} == {"identical"}


def test_the_wrong_kind_of_input_is_refused(
    original: at.Record, counts: at.Series, bundled: at.Dossier, soft_record: at.Record
) -> None:
    with pytest.raises(at.InputError, match="a record of a recorded count"):
        at.verify(original, dossier=bundled)
    with pytest.raises(at.InputError, match="a record of a dossier"):
        at.verify(soft_record, series=counts)
    assert at.reporting.compare(soft_record, original).contributions == ()


def test_a_prior_that_a_record_does_not_hold_is_said_to_be_missing(counts: at.Series) -> None:
    asked = forecast(counts, prior=Prior(first_sd=1.0))
    assert at.verify(at.reporting.make_record(asked)).holds
    # of a law by itself no question is known
    bare = at.reporting.make_record(asked.law(), [20_000], series=[counts])
    record = bare.model_copy(update={"id": id_of(bare)})
    with pytest.raises(at.InputError, match="library's own prior"):
        at.verify(record)


def test_a_revision_is_told_from_what_came_since(original: at.Record, folder: Path) -> None:
    later = read(folder, "counts.csv", rows(160, d60=9))
    comparison = at.reporting.compare(forecast(later), original)
    assert [one.kind for one in comparison.contributions] == ["changed", "count", "count"]
    revised, may, june = comparison.contributions
    assert revised.change.endswith("2025-03-02 was 6,004, now 6,013")
    assert may.change.endswith("1 May 2025 to 31 May 2025 (31 reports)")
    assert june.published == date(2025, 6, 9)
    for shift in comparison.shifts:
        moved = [one.days[shift.what] for one in comparison.contributions if shift.what in one.days]
        assert shift.days is not None
        assert sum(moved) == pytest.approx(shift.days, abs=1e-9)


def test_a_law_is_recorded_with_the_counts_that_are_named(counts: at.Series) -> None:
    law = normal_law([1_000.0])
    with_it = at.reporting.make_record(law, [1_000.0], series=[counts])
    assert with_it.inputs[0].kind == "series"
    assert with_it.id != at.reporting.make_record(law, [1_000.0]).id
    assert digest_of(with_it.sentences) == with_it.sentences_sha256


def test_exports_speak_of_the_count_and_not_of_quoted_words(original: at.Record) -> None:
    answers = {number: answer for number, _, answer in gather_items(original)}
    assert answers[1].startswith("counts: as recorded. From 30 April 2025 to 31 December 2025")
    assert answers[4].startswith("Every report of the count that was published by 30 April 2025")
    assert answers[7].startswith("recorded count “counts” (sha256 ")
    assert "The recorded count stands in the record in full" in answers[8]
    assert "The results hold if it goes on as other counts have." in answers[18]
    text = methods_paragraph(original)
    assert "a recorded count, of 120 reports up to 30 April 2025" in text
    assert "words" not in text
    assert all("Figures: 120 reports of one count" in one.note for one in original.sentences)
