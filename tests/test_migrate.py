"""Files of 0.1.0: what is changed, what is told, and that nothing is overwritten unasked."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import attrition as at
from attrition.cli.migrating import migrate_script
from attrition.data.dossier.migrating import migrate_dossier

Command = Callable[..., CompletedProcess[str]]
RECORDS = Path(__file__).parent / "records"
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
    assert "must be there" in missing.stderr
    assert "nowhere.toml" in missing.stderr
    file = tmp_path / "latin.toml"
    file.write_bytes("Dossier über alles".encode("latin-1"))
    latin = command("migrate", str(file))
    assert latin.returncode == 2
    assert "must be UTF-8 text" in latin.stderr
    assert "Convert it" in latin.stderr


def test_a_record_is_never_rewritten_and_verify_does_as_was_said(command: Command) -> None:
    file = RECORDS / "0.1.0.json"
    before = file.read_bytes()
    told = command("migrate", str(file), "--in-place")
    assert told.returncode == 0, told.stderr
    assert "nothing is rewritten" in told.stdout
    assert "computes it again with the model 'posterior'" in told.stdout
    assert file.read_bytes() == before
    assert any(
        "version changed: model" in cause
        for cause in at.verify(at.reporting.read_record(file)).causes
    )


SCRIPT = """import attrition as at
from attrition import forecast, law_of
import pandas as pd

dossier = at.read_dossier()
made = at.forecast(dossier, rng=1, basis="csis")
other = at.assimilate(
    dossier,
    rng=2,
    series=counts,
)
count = at.forecast_series(at.read_series("ä.csv"), [20_000], rng=3); x = made.law(basis="csis")
law = at.law_of(paths, [1.0])
bare = law_of(paths, [1.0])
plain = forecast(dossier, rng=4)
frame = pd.DataFrame().diff(rng=1)
text = "at.forecast(dossier, rng=1)"
"""


def test_calls_of_the_package_get_their_new_names_and_nothing_else_does() -> None:
    new, changes, notes = migrate_script(SCRIPT, python=True, place="a.py")
    lines = new.splitlines()
    assert 'made = at.forecast(dossier, seed=1, bases="csis")' in lines
    assert "other = at.forecast(" in lines
    assert "    seed=2," in lines
    assert 'count = at.forecast(at.read_series("ä.csv"), thresholds=[20_000], seed=3); ' in new
    assert 'x = made.law(basis="csis")' in new
    assert "law = at.Law.from_paths(paths, [1.0])" in lines
    assert "bare = law_of(paths, [1.0])" in lines  # its import is for a person to change
    assert "plain = forecast(dossier, seed=4)" in lines
    assert lines[-2:] == SCRIPT.splitlines()[-2:]
    assert any("with_counts" in note for note in notes)
    assert any("line 14" in note for note in notes)
    assert len(changes) == 9
    again = migrate_script(new, python=True, place="a.py")
    assert again[:2] == (new, [])


def test_lines_of_the_command_lose_what_is_gone() -> None:
    script = (
        "attrition forecast my.toml --assimilate \\\n  --seed 1\nattrition diff a.json b.json\n"
    )
    new, changes, notes = migrate_script(script, python=False, place="run.sh")
    assert new == "attrition forecast my.toml \\\n  --seed 1\nattrition diff a.json b.json\n"
    assert len(changes) == 1
    assert "attrition compare NEW OLD" in notes[0]
    with pytest.raises(at.InputError, match="must be Python"):
        migrate_script("def (", python=True, place="a.py")


def test_names_that_moved_to_a_room_are_found_wherever_they_stand() -> None:
    script = (
        "import attrition as at\n"
        "from attrition import with_end\n"
        "axes = at.plot_fan(law)\n"
        "kind: at.Crossing = at.crossing(law, 5)\n"
        "other.plot_fan(law)\n"
    )
    text, changes, notes = migrate_script(script, python=True, place="a.py")
    assert text.splitlines()[2:] == [
        "axes = at.plots.fan(law)",
        "kind: at.laws.Crossing = at.laws.crossing(law, 5)",
        "other.plot_fan(law)",
    ]
    assert len(changes) == 3
    assert "line 2: `at.with_end` is now `at.laws.with_end`" in notes[0]
