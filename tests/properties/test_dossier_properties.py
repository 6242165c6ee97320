"""A dossier of any content that is allowed survives a trip through its file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings

import attrition as at
from attrition import testing


@settings(deadline=None)  # it writes a file
@given(testing.dossiers())
def test_a_dossier_reads_back_equal_with_the_same_digest(dossier: at.Dossier) -> None:
    with tempfile.TemporaryDirectory() as folder:
        again = at.read_dossier(at.write_dossier(dossier, Path(folder) / "any.toml"))
    assert again == dossier
    assert again.sha256 == dossier.sha256
