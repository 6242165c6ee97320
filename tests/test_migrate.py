"""Files of 0.1.0: what is changed, what is told, and that nothing is overwritten unasked."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import attrition as at
from attrition.data.dossier.files import migrate_dossier

Command = Callable[..., CompletedProcess[str]]
WALK = 'value = 0.07 # as before\nreason = "a"\n'
INLINE = 'volatility = { value = 0.07, reason = "a" }\n'
SPREAD = "value = 1.0\nreason = 'b'"
STATED = [
    f"[assumptions]\n{INLINE}spread = {{ value = 1.0, reason = 'b' }}",
    f"[assumptions.volatility]\n{WALK}\n[assumptions.spread]\n{SPREAD}",
    '[quantities.total.assumptions]\nvolatility.value = 0.07\nvolatility.reason = "a"',
    f"[quantities.total.assumptions.volatility]\n{WALK}",
]


@pytest.mark.parametrize("stated", STATED)
def test_a_stated_volatility_is_commented_out_and_nothing_else_changes(
    soft: Path, stated: str
) -> None:
    text = soft.read_text()
    bare = text[: text.index("[assumptions")] if "[assumptions" in text else text
    old = f"{bare}\n# kept\n{stated}\n"
    new, changes, _ = migrate_dossier(old, "my.toml")
    assert len(changes) == 1
    assert "volatility = 0.07" in changes[0]
    assert "# kept" in new
    content = tomllib.loads(new)
    assert "volatility" not in str(content)
    assert ("spread" in str(content)) == ("spread" in stated)
    assert migrate_dossier(new, "my.toml")[:2] == (new, [])  # once is enough
    lines = new.splitlines()
    kept = [line for line in lines if not line.startswith("# ") or line == "# kept"]
    assert all(line in old.splitlines() for line in kept)


def test_what_stands_inside_a_line_is_told_and_left(soft: Path) -> None:
    text = soft.read_text()
    old = text[: text.index("[assumptions")] if "[assumptions" in text else text
    inline = 'assumptions = { volatility = { value = 0.07, reason = "a" } }\n'
    head = old.index("[quantities.total]\n") + len("[quantities.total]\n")
    whole = old[:head] + inline + old[head:]
    new, changes, notes = migrate_dossier(whole, "my.toml")
    assert new == whole
    assert changes == []
    assert "by hand" in notes[0]


def test_the_command_writes_only_where_it_is_told(
    command: Command, soft: Path, tmp_path: Path
) -> None:
    file = tmp_path / "old.toml"
    text = soft.read_text()
    bare = text[: text.index("[assumptions")] if "[assumptions" in text else text
    old = f"{bare}\n{STATED[0]}\n"
    file.write_text(old, encoding="utf-8")
    told = command("migrate", str(file))
    assert told.returncode == 0, told.stderr
    assert "changed: assumptions.volatility = 0.07: commented out" in told.stdout
    assert "Nothing was written" in told.stdout
    assert file.read_text() == old
    new = tmp_path / "new.toml"
    assert command("migrate", str(file), "--out", str(new)).returncode == 0
    assert file.read_text() == old
    assert at.read_dossier(new).assumptions.volatility is None
    assert at.read_dossier(file).assumptions.volatility is not None
    again = command("migrate", str(file), "--out", str(new))
    assert again.returncode == 2
    assert "one that exists" in again.stderr
    assert command("migrate", str(file), "--in-place").returncode == 0
    assert file.read_text() == new.read_text()


def test_a_file_that_is_not_there_and_one_that_is_no_text_are_told_apart(
    command: Command, tmp_path: Path
) -> None:
    missing = command("migrate", str(tmp_path / "nowhere.toml"))
    assert missing.returncode == 2
    assert "must exist" in missing.stderr
    assert "nowhere.toml" in missing.stderr
    file = tmp_path / "latin.toml"
    file.write_bytes("Dossier über alles".encode("latin-1"))
    latin = command("migrate", str(file))
    assert latin.returncode == 2
    assert "must be UTF-8 text" in latin.stderr
    assert "Save the file as UTF-8" in latin.stderr
