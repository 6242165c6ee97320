"""No field of a record changes unnoticed, in this release or in a later one."""

from __future__ import annotations

import copy
import json
import pathlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
import xarray as xr
from pydantic import ValidationError

import attrition as at
from attrition.reporting import verification
from attrition.reporting.models import digest_of, id_of
from attrition.reporting.verification import recompute

Path = tuple[Any, ...]


def leaves(tree: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(tree, (dict, list)):
        for key, branch in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(branch, (*path, key))
    else:
        yield path


def branches(tree: Any, path: Path = ()) -> Iterator[Path]:
    """Every key and every item, with all that hangs on it."""
    if isinstance(tree, (dict, list)):
        for key, branch in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield (*path, key)
            yield from branches(branch, (*path, key))


def parent(tree: Any, path: Path) -> Any:
    for key in path[:-1]:
        tree = tree[key]
    return tree


def changed(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return 1.5
    if isinstance(value, str):
        return value[:-1] + ("y" if value.endswith("x") else "x")
    return value + 1


def mutants(content: Any) -> Iterator[tuple[str, Path, Any]]:
    """Each leaf changed, each part left out, one part added: one at a time."""
    for path in leaves(content):
        forged = copy.deepcopy(content)
        parent(forged, path)[path[-1]] = changed(parent(forged, path)[path[-1]])
        yield "changed", path, forged
    for path in branches(content):
        forged = copy.deepcopy(content)
        del parent(forged, path)[path[-1]]
        yield "left out", path, forged
    yield "added", ("more",), {**content, "more": 1}


def of_another_release(original: at.Record) -> at.Record:
    """The record as a release that words and computes otherwise would have written it."""
    versions = original.versions.model_copy(update={"attrition": "0.0.9"})
    bare = original.model_copy(update={"versions": versions})
    named = bare.model_copy(update={"id": id_of(bare)})
    dossier = tuple(
        one.model_copy(update={"note": f"In short: {one.note.replace(original.id, named.id)}"})
        for one in original.sentences
    )
    return named.model_copy(update={"sentences": dossier, "sentences_sha256": digest_of(dossier)})


@pytest.fixture(scope="module")
def of_a_dossier(soft_record: at.Record, soft: pathlib.Path) -> tuple[at.Record, at.Record]:
    return soft_record, recompute(soft_record, at.read_dossier(soft))


@pytest.fixture(scope="module")
def of_a_series() -> tuple[at.Record, at.Record]:
    days = np.datetime64("2025-01-01", "s") + np.arange(30) * np.timedelta64(86_400, "s")
    counts = xr.DataArray(np.full(30, 100.0), dims="time", coords={"time": days}, name="daily")
    series = at.read_series(counts)
    forecast = at.forecast(
        series, thresholds=[5_000], seed=1, tolerance=90.0, horizon=date(2025, 6, 30)
    )
    original = at.reporting.make_record(forecast)
    return original, recompute(original, series)


@pytest.mark.parametrize("kind", ["of_a_dossier", "of_a_series"])
@pytest.mark.parametrize("release", ["this", "another"])
def test_any_single_changed_field_is_detected(
    kind: str, release: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, again = request.getfixturevalue(kind)
    # Computed again once: each mutant must be found by what it says itself, or by these numbers.
    monkeypatch.setattr(verification, "recompute", lambda *_: again)
    record = original if release == "this" else of_another_release(original)
    assert at.verify(record).holds
    assert at.verify(record).altered == ()
    tried = 0
    for what, path, forged in mutants(json.loads(record.to_json())):
        try:
            read = at.Record.model_validate(forged)
            check = at.verify(read)
        except (at.InputError, ValidationError):  # the latter is worded by read_record
            continue
        if read != record:  # a key left out that says what its absence says is no change
            assert check.altered, (what, path)
            assert not check.holds
            tried += 1
    assert tried > 60
