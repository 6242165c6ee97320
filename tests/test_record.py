"""A record is whole, says what it was made from, and cannot change unnoticed."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pydantic
import pytest

import attrition as at
from attrition.reporting import laws_of, record_schema
from attrition.reporting.models import id_of, parts_of
from test_cli import run

Command = Callable[..., subprocess.CompletedProcess[str]]
RECORDS = Path(__file__).parent / "records"
MOVED_ON = dict.fromkeys(
    ("0.1.0.json", "1-posterior.json"), "version changed: model 'posterior' 1, now 3"
)
"""Records whose model answers otherwise since: a source's count goes on from its own figure, the
spread of a pace is learnt, and pooling is gone."""
SCHEMA = Path(at.__path__[0]) / "bundled" / "record.schema.json"


@pytest.fixture(scope="module")
def original(soft_record: at.Record) -> at.Record:
    return soft_record


@pytest.fixture
def file(original: at.Record, tmp_path: Path) -> Path:
    return at.reporting.write_record(original, tmp_path / "record.json")


def test_a_record_reads_back_equal_and_its_law_gives_the_same_dates(
    original: at.Record, file: Path
) -> None:
    assert at.reporting.read_record(file) == original
    (law,) = laws_of(original)
    (one,) = original.laws[0].crossings
    read = at.laws.crossing(law, one.threshold)
    assert [d.day and d.day.isoformat() for d in read.dates] == [
        one.lower.day,
        one.median.day,
        one.upper.day,
    ]


def test_the_same_question_gives_the_same_id_and_another_seed_another(
    soft: Path, original: at.Record
) -> None:
    dossier, horizon = at.read_dossier(soft), date(2025, 12, 31)
    assert at.reporting.make_record(at.forecast(dossier, seed=1, horizon=horizon)).id == original.id
    assert at.reporting.make_record(at.forecast(dossier, seed=2, horizon=horizon)).id != original.id


def test_the_id_leaves_out_only_itself_and_the_rendered_text(original: at.Record) -> None:
    assert id_of(original.model_copy(update={"sentences": (), "id": "x"})) == original.id


def test_a_forger_who_also_renews_the_id_is_found_by_computing_again(original: at.Record) -> None:
    content = json.loads(original.to_json())
    content["settings"]["seed"] = 9
    content["laws"][0]["provenance"]["definition"] = "deaths"
    forged = at.Record.model_validate(content)
    renewed = forged.model_copy(update={"id": id_of(forged)})
    assert not at.verify(renewed).holds


def test_a_record_that_is_verified_unchanged_is_identical(original: at.Record) -> None:
    verification = at.verify(original)
    assert verification.holds
    assert verification.altered == verification.causes == ()
    assert {row.status for row in verification.numbers} == {"identical"}


def test_another_seed_is_equal_within_the_printed_digits(soft: Path, original: at.Record) -> None:
    other = at.reporting.make_record(
        at.forecast(at.read_dossier(soft), seed=2, horizon=date(2025, 12, 31))
    )
    difference = at.reporting.compare(other, original)
    assert "equal as printed" in {row.status for row in difference.numbers}
    (change,) = difference.contributions
    assert (change.kind, change.change) == ("Monte Carlo", "seed 1, now 2")


@pytest.mark.parametrize("name", sorted(path.name for path in RECORDS.glob("*.json")))
def test_the_record_of_each_release_still_holds_or_says_which_model_moved_on(name: str) -> None:
    verification = at.verify(at.reporting.read_record(RECORDS / name))
    assert verification.altered == ()
    if name in MOVED_ON:
        assert MOVED_ON[name] in verification.causes
    else:
        assert verification.causes == ()
        assert verification.holds, verification.numbers


def test_the_command_says_identical_and_names_the_claim_that_changed(
    command: Command, file: Path, soft: Path, tmp_path: Path
) -> None:
    same = run("verify", str(file))
    assert same.returncode == 0, same.stderr
    assert "different" not in same.stdout
    assert "identical: the same as printed" in same.stdout
    (number,) = re.findall(r"^  identical .*", same.stdout, re.MULTILINE)  # one of one threshold
    assert all(f" {name} " in number for name in ("lower", "median", "upper", "already"))
    other = tmp_path / "other.toml"
    other.write_text(soft.read_text().replace("950_000", "960_000"), encoding="utf-8")
    done = command("verify", str(file), "--dossier", str(other))
    assert done.returncode == 1
    assert "input changed: claims[0] (source 'tally', total): point was 950000.0" in done.stdout
    assert "claims[1]" not in done.stdout
    assert (
        len(re.findall(r"^  (?:different|identical|equal as printed) ", done.stdout, re.MULTILINE))
        > 5
    )
    content = json.loads(command("verify", str(file), "--dossier", str(other), "--json").stdout)
    assert content["holds"] is False


BROKEN = {
    "a field said twice": ('{"schema_version": 1, "id": "a", "id": "b"}', "said twice: id"),
    "no JSON": ("{", "JSON"),
    "another version": ('{"schema_version": 99}', "schema version 1 or 2"),
    "missing parts": ('{"schema_version": 1}', "published form"),
    "a list": ("[]", "schema version"),
}


@pytest.mark.parametrize("case", BROKEN, ids=list(BROKEN))
def test_what_is_no_record_is_refused(case: str, tmp_path: Path) -> None:
    content, message = BROKEN[case]
    file = tmp_path / "record.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(at.InputError, match=message):
        at.reporting.read_record(file)


def test_the_command_ends_with_two_where_a_record_is_unreadable(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "record.json"
    file.write_text("{", encoding="utf-8")
    done = command("verify", str(file))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_missing_record_and_a_damaged_law_are_unreadable(
    original: at.Record, tmp_path: Path
) -> None:
    with pytest.raises(at.InputError, match="must exist, got no such file"):
        at.reporting.read_record(tmp_path / "absent.json")
    content = json.loads(original.to_json())
    content["laws"][0]["crossings"][0]["exceedance"] = "AAAA"
    with pytest.raises(at.InputError, match="base64"):
        laws_of(at.Record.model_validate(content))


def test_a_record_of_a_law_alone_needs_the_dossier_and_then_holds(
    soft: Path, bundled: at.Dossier
) -> None:
    dossier = at.read_dossier(soft)
    law = at.forecast(dossier, seed=1, horizon=date(2025, 12, 31)).law("total")
    bare = at.reporting.make_record(law, [1e6])
    with pytest.raises(at.InputError, match="--dossier"):
        at.verify(bare)
    assert at.verify(bare, dossier=dossier).holds
    assert at.verify(at.reporting.make_record(law, [1e6], dossier=dossier)).holds
    with pytest.raises(at.InputError, match="dossier that it was made from"):
        at.reporting.make_record(law, [1e6], dossier=bundled)
    with pytest.raises(at.InputError, match="threshold"):
        at.reporting.make_record(law)


def test_a_law_that_allows_for_an_end_is_computed_again_with_it(soft: Path) -> None:
    dossier = at.read_dossier(soft)
    law = at.laws.with_end(
        at.forecast(dossier, seed=1, horizon=date(2025, 12, 31)).law("total"), 0.001
    )
    original = at.reporting.make_record(law, [1e6], dossier=dossier)
    assert original.laws[0].end_hazard == 0.001
    assert at.verify(original).holds


@pytest.mark.skipif(
    tuple(int(part) for part in pydantic.VERSION.split(".")[:2]) < (2, 14),
    reason="older pydantic words the same schema otherwise; the file is written by the pinned one",
)
def test_the_published_schema_is_that_of_the_models() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == record_schema()


def test_each_part_of_a_dossier_has_a_digest_of_its_own(original: at.Record) -> None:
    content = original.dossier
    assert content is not None
    assert content.content is not None
    assert parts_of(content.content) == content.parts
    assert len(set(content.parts.values())) == len(content.parts)


def test_a_packed_law_keeps_every_bit() -> None:
    from attrition.reporting.record import packed, unpacked

    column = np.random.default_rng(1).random(50)
    assert np.array_equal(unpacked(packed(column)), column)
