"""A record is whole, says what it was made from, and cannot change unnoticed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pydantic
import pytest

import attrition as at
from attrition.citation import laws_of, record_schema
from attrition.citation.models import id_of, parts_of
from test_cli import run

Write = Callable[[str], Path]
RECORDS = Path(__file__).parent / "records"
SCHEMA = Path(at.__path__[0]) / "data" / "record.schema.json"


@pytest.fixture(scope="module")
def soft(exact_text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier with something uncertain in it."""
    file = tmp_path_factory.mktemp("soft") / "soft.toml"
    text = exact_text.replace('hedge = "exactly"', 'hedge = "about"')
    file.write_text(text.replace("volatility = { value = 0.0", "volatility = { value = 0.05"))
    return file


@pytest.fixture(scope="module")
def made(soft: Path) -> at.Record:
    return at.make_record(at.forecast(at.read_dossier(soft), rng=1, horizon=date(2025, 12, 31)))


@pytest.fixture
def file(made: at.Record, tmp_path: Path) -> Path:
    return at.write_record(made, tmp_path / "record.json")


def test_a_record_reads_back_equal_and_its_law_gives_the_same_dates(
    made: at.Record, file: Path
) -> None:
    assert at.read_record(file) == made
    (law,) = laws_of(made)
    (one,) = made.laws[0].crossings
    read = at.crossing(law, one.threshold)
    assert [d.day and d.day.isoformat() for d in read.dates] == [
        one.lower.day,
        one.median.day,
        one.upper.day,
    ]


def test_the_same_question_gives_the_same_id_and_another_seed_another(
    soft: Path, made: at.Record
) -> None:
    dossier, horizon = at.read_dossier(soft), date(2025, 12, 31)
    assert at.make_record(at.forecast(dossier, rng=1, horizon=horizon)).id == made.id
    assert at.make_record(at.forecast(dossier, rng=2, horizon=horizon)).id != made.id


def test_the_id_leaves_out_only_itself_and_the_rendered_text(made: at.Record) -> None:
    assert id_of(made.model_copy(update={"sentences": (), "id": "x"})) == made.id


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(tree, (dict, list)):
        for key, branch in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(branch, (*path, key))
    else:
        yield path


def changed(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return 1.5
    if isinstance(value, str):
        return value[:-1] + ("y" if value.endswith("x") else "x")
    return value + 1


def test_any_single_changed_field_is_detected(made: at.Record, tmp_path: Path) -> None:
    content = json.loads(made.to_json())
    paths = list(leaves(content))
    assert len(paths) > 100
    for path in paths:
        forged = copy.deepcopy(content)
        branch = forged
        for key in path[:-1]:
            branch = branch[key]
        branch[path[-1]] = changed(branch[path[-1]])
        file = tmp_path / "forged.json"
        file.write_text(json.dumps(forged), encoding="utf-8")
        try:
            holds = at.verify(at.read_record(file)).holds
        except at.InputError:
            holds = False
        assert not holds, path


def test_a_forger_who_also_renews_the_id_is_found_by_computing_again(made: at.Record) -> None:
    content = json.loads(made.to_json())
    content["settings"]["seed"] = 9
    content["laws"][0]["provenance"]["definition"] = "deaths"
    forged = at.Record.model_validate(content)
    renewed = forged.model_copy(update={"id": id_of(forged)})
    assert not at.verify(renewed).holds


def test_a_record_that_is_verified_unchanged_is_identical(made: at.Record) -> None:
    found = at.verify(made)
    assert found.holds
    assert found.altered == found.causes == ()
    assert {row.status for row in found.numbers} == {"identical"}


def test_another_seed_is_equal_within_the_printed_digits(soft: Path, made: at.Record) -> None:
    other = at.make_record(at.forecast(at.read_dossier(soft), rng=2, horizon=date(2025, 12, 31)))
    found = at.diff(made, other)
    assert "equal as printed" in {row.status for row in found.numbers}
    assert found.changes == ("setting: seed 1, now 2",)


@pytest.mark.parametrize("name", sorted(path.name for path in RECORDS.glob("*.json")))
def test_the_record_of_each_release_still_holds(name: str) -> None:
    found = at.verify(at.read_record(RECORDS / name))
    assert found.altered == ()
    assert found.holds, found.numbers


def test_the_command_says_identical_and_names_the_claim_that_changed(
    file: Path, soft: Path, tmp_path: Path
) -> None:
    same = run("verify", str(file))
    assert same.returncode == 0, same.stderr
    assert "different" not in same.stdout
    assert "identical: the same as printed" in same.stdout
    other = tmp_path / "other.toml"
    other.write_text(soft.read_text().replace("950_000", "960_000"), encoding="utf-8")
    done = run("verify", str(file), "--dossier", str(other))
    assert done.returncode == 1
    assert "input changed: claims[0] (source 'tally', total): point was 950000.0" in done.stdout
    assert "claims[1]" not in done.stdout
    content = json.loads(run("verify", str(file), "--dossier", str(other), "--json").stdout)
    assert content["holds"] is False


BROKEN = {
    "no JSON": ("{", "JSON"),
    "another version": ('{"schema_version": 99}', "schema version 1"),
    "missing parts": ('{"schema_version": 1}', "published form"),
    "a list": ("[]", "schema version"),
}


@pytest.mark.parametrize("case", BROKEN, ids=list(BROKEN))
def test_what_is_no_record_is_unreadable(case: str, tmp_path: Path) -> None:
    content, message = BROKEN[case]
    file = tmp_path / "record.json"
    file.write_text(content, encoding="utf-8")
    done = run("verify", str(file))
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_missing_record_and_a_damaged_law_are_unreadable(made: at.Record, tmp_path: Path) -> None:
    with pytest.raises(at.InputError, match="readable"):
        at.read_record(tmp_path / "absent.json")
    content = json.loads(made.to_json())
    content["laws"][0]["crossings"][0]["exceedance"] = "AAAA"
    with pytest.raises(at.InputError, match="base64"):
        laws_of(at.Record.model_validate(content))


def test_a_record_of_a_law_alone_needs_the_dossier_and_then_holds(
    soft: Path, bundled: at.Dossier
) -> None:
    dossier = at.read_dossier(soft)
    law = at.forecast(dossier, rng=1, horizon=date(2025, 12, 31)).law("total")
    bare = at.make_record(law, [1e6])
    with pytest.raises(at.InputError, match="--dossier"):
        at.verify(bare)
    assert at.verify(bare, dossier=dossier).holds
    assert at.verify(at.make_record(law, [1e6], dossier=dossier)).holds
    with pytest.raises(at.InputError, match="dossier that it was made from"):
        at.make_record(law, [1e6], dossier=bundled)
    with pytest.raises(at.InputError, match="threshold"):
        at.make_record(law)


def test_a_law_that_allows_for_an_end_is_computed_again_with_it(soft: Path) -> None:
    dossier = at.read_dossier(soft)
    law = at.with_end(at.forecast(dossier, rng=1, horizon=date(2025, 12, 31)).law("total"), 0.001)
    made = at.make_record(law, [1e6], dossier=dossier)
    assert made.laws[0].end_hazard == 0.001
    assert at.verify(made).holds


def test_diff_says_which_claim_moved_the_date(made: at.Record, soft: Path, tmp_path: Path) -> None:
    text = soft.read_text().replace("950_000", "960_000").replace('name = "Tally"', 'name = "T"')
    other = tmp_path / "other.toml"
    other.write_text(text, encoding="utf-8")
    new = at.make_record(at.forecast(at.read_dossier(other), rng=1, horizon=date(2025, 12, 31)))
    found = at.diff(made, new)
    by_claim = {m.change: m.days for m in found.moved}
    (claim,) = [change for change in by_claim if change.startswith("claim of 'tally'")]
    (name,) = [change for change in by_claim if change.startswith("sources.tally")]
    (moved,) = by_claim[claim].values()
    assert moved == pytest.approx(-10, abs=1.5)  # ten thousand fewer at a thousand a day
    assert set(by_claim[name].values()) == {0.0}
    files = [at.write_record(r, tmp_path / f"{r.id}.json") for r in (made, new)]
    done = run("diff", *map(str, files))
    assert done.returncode == 1
    assert claim in done.stdout
    assert run("diff", str(files[0]), str(files[0])).returncode == 0


def test_claims_that_came_and_went_are_told_apart(bundled: at.Dossier) -> None:
    old = at.make_record(at.forecast(bundled, rng=1, quantities=["kharkiv-advance"]))
    fewer = bundled.model_copy(update={"claims": bundled.claims[:-1]})
    new = at.make_record(at.forecast(fewer, rng=1, quantities=["kharkiv-advance"]))
    (gone,) = at.diff(old, new).changes
    (come,) = at.diff(new, old).changes
    assert gone.endswith("(removed)")
    assert come.endswith("(added)")


@pytest.mark.skipif(
    tuple(int(part) for part in pydantic.VERSION.split(".")[:2]) < (2, 14),
    reason="older pydantic words the same schema otherwise; the file is written by the pinned one",
)
def test_the_published_schema_is_that_of_the_models() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == record_schema()


def test_each_part_of_a_dossier_has_a_digest_of_its_own(made: at.Record) -> None:
    held = made.dossier
    assert held is not None
    assert held.content is not None
    assert parts_of(held.content) == held.parts
    assert len(set(held.parts.values())) == len(held.parts)


def test_a_packed_law_keeps_every_bit() -> None:
    from attrition.citation.held import packed, unpacked

    column = np.random.default_rng(1).random(50)
    assert np.array_equal(unpacked(packed(column)), column)
