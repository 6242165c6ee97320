"""The commands that look at what was reported, as a stranger runs them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import attrition as at
from attrition.cli import app
from attrition.cli.reading import _places
from test_cli import Command

KEYS = [
    "text",
    "low",
    "high",
    "point",
    "hedge",
    "kind",
    "unit",
    "per",
    "window",
    "category",
    "side",
    "interval",
    "shape",
    "evidence",
    "ambiguous",
]
DATA = Path(at.__path__[0]) / "bundled"


def test_parse_prints_the_first_figure_and_every_claim_as_json(command: Command) -> None:
    done = command("parse", "up to 250,000 could be fatalities", "--json")
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert list(content)[: len(KEYS)] == KEYS
    assert content["point"] == 250_000
    assert content["hedge"] == "up-to"
    assert content["category"] == "killed"
    assert content["interval"] == {"prob": 0.9, "lower": 180_000, "upper": 250_000}
    assert len(content["claims"]) == 1


def test_parse_lists_several_figures_of_one_sentence(command: Command) -> None:
    text = "approximately 400,000 casualties, with between 60,000 and 100,000 deaths"
    content = json.loads(command("parse", text, "--json").stdout)
    assert [(c["point"], c["low"], c["high"], c["category"]) for c in content["claims"]] == [
        (400_000, None, None, "casualties"),
        (None, 60_000, 100_000, "killed"),
    ]
    shown = command("parse", text).stdout
    assert "1. 400,000" in shown
    assert "2. 60,000 to 100,000" in shown
    for word in ("interval", "90 %", "lognormal", "Readers of 'about N'"):
        assert word in shown
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_parse_shows_the_candidates_of_an_ambiguous_figure(command: Command) -> None:
    done = command("parse", "1.000 killed")
    assert done.returncode == 0
    assert "ambiguous: 1000 (the dot groups thousands) or 1 (" in done.stdout
    assert json.loads(command("parse", "1.000 killed", "--json").stdout)["point"] is None


@pytest.mark.parametrize("text", ["", "no figure here", "9" * 400, "x" * 100_000])
def test_parse_refuses_with_one_message_and_exit_code_2(text: str, command: Command) -> None:
    done = command("parse", text)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("attrition: ")


def test_check_says_that_nothing_was_found_or_what_was(tmp_path: Path, command: Command) -> None:
    done = command("check")
    assert done.returncode == 0, done.stderr
    assert "12 claims, 41 rules, and none found anything." in done.stdout
    press = Path(__file__).parent / "press" / "e2.toml"
    output = command("check", str(press))
    assert output.returncode == 1
    assert output.stderr == ""
    content = json.loads(command("check", str(press), "--json").stdout)
    assert content["findings"]
    assert set(content["findings"][0]) == {"rule", "message", "claims", "sources"}
    assert command("check", str(tmp_path / "absent.toml")).returncode == 2


def test_names_in_a_dossier_do_not_steer_the_terminal(tmp_path: Path, command: Command) -> None:
    press = (Path(__file__).parent / "press" / "e7.toml").read_text()
    file = tmp_path / "odd.toml"
    file.write_text(press.replace("The president", "The \\u001b[31mpresident\\u202e"))
    done = command("check", str(file))
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert "The ·[31mpresident·" in done.stdout


def test_new_writes_a_dossier_that_reads_checks_and_forecasts(
    tmp_path: Path, command: Command
) -> None:
    file = tmp_path / "mine.toml"
    done = command("new", str(file))
    assert done.returncode == 0, done.stderr
    dossier = at.read_dossier(file)
    assert at.check(dossier) == ()
    assert len(at.forecast(dossier, seed=1).laws) > 0
    again = command("new", str(file))
    assert again.returncode == 2
    assert "one that exists" in again.stderr


def test_schema_prints_a_json_schema(command: Command) -> None:
    schema = json.loads(command("schema").stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["required"] == ["dossier", "sources", "quantities", "claims"]


def test_import_claims_counts_every_row_and_writes_a_dossier(
    tmp_path: Path, command: Command
) -> None:
    out = tmp_path / "war.toml"
    table = str(DATA / "war_loss_claims_to_2025-06-03.csv")
    done = command("import-claims", table, "--out", str(out), "--id", "war", "--json")
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert content["rows"] == sum(content["forms"].values()) == 103
    assert content["inferred"] == 103
    assert len(at.read_dossier(out).claims) == 103


def test_import_claims_takes_a_mapping_and_names_refused_rows(
    tmp_path: Path, command: Command
) -> None:
    file = tmp_path / "own.csv"
    file.write_text("day,who,from,what\n2024-01-05,A,10,x\n2024-01-06,A,,x\n")
    done = command(
        "import-claims",
        str(file),
        *("--map", "as_of=day", "--map", "source=who", "--map", "low=from"),
        *("--map", "quantity==killed", "--alias", "Agency=A", "--by", "what"),
    )
    assert done.returncode == 0, done.stderr
    assert "2 rows (1 floor, 1 empty)" in done.stdout
    assert "x: 10 to open (1 floor, 1 empty)" in done.stdout
    assert "line 3 (empty)" in done.stderr
    wrong = command("import-claims", str(file), "--map", "lw=from")
    assert wrong.returncode == 2
    assert "Did you mean 'low'" in wrong.stderr


_HEADING = "Quake in Sarab province: rescuers of the national disaster agency reach last villages"


@pytest.mark.parametrize(
    ("first", "title"),
    [
        (f"{_HEADING}\n\n", _HEADING),
        ("Bulletin No. 19 on the quake\n\n", "Bulletin No. 19 on the quake"),
        ("", "Figures of an article of 14 May 2026"),
    ],
)
def test_a_dossier_is_called_as_its_article_whole_or_plainly(
    tmp_path: Path, first: str, title: str
) -> None:
    words = "At least 312 people were killed in Sarab in the quake, the agency said on Thursday"
    (tmp_path / "article.txt").write_text(f"{first}{words}, after its third count of the week.")
    out = tmp_path / "my.toml"
    arguments = ["read", str(tmp_path / "article.txt"), "--published", "2026-05-14"]
    printed = CliRunner().invoke(app, [*arguments, "--out", str(out)])
    assert printed.exit_code == 0
    dossier = at.read_dossier(out)
    assert dossier.title == title
    assert set(dossier.id.split("-")) <= {*re.findall(r"\w+", title.lower()), "article"}
    flat = " ".join(printed.output.split())
    assert "kind, from the words of the article: killed disaster." in flat
    assert 'write another below the category of each total: kind = "disaster",' in flat
    assert flat.endswith(f"Next: attrition check {out}, then attrition forecast {out}")
    assert "--out my.toml" in CliRunner().invoke(app, arguments).output


def test_check_names_the_line_of_a_claim_and_heeds_a_reader(tmp_path: Path) -> None:
    """A reader who sets keys against the words says so in a note that begins "Read as"."""
    head = (
        '[dossier]\nid = "a"\ntitle = "A"\n[sources.police]\nname = "Police"\n'
        '[quantities.killed]\ntitle = "Killed"\ndefinition = "killed"\nunit = "persons"\n'
    )
    claim = (
        '[[claims]]\nquantity = "killed"\nsource = "police"\nkind = "level"\n'
        'quote = "1,200 people were killed"\npoint = 120\nas_of = 2026-05-14\n'
        "published = 2026-05-14\n"
    )
    file = tmp_path / "a.toml"
    for note, exit_code in (
        ("", 1),
        ('note = "As in the paper."\n', 1),
        ('note = "Read as 120: the paper printed a correction."\n', 0),
    ):
        file.write_text(head + claim + note)
        printed = CliRunner().invoke(app, ["check", str(file)])
        assert printed.exit_code == exit_code, printed.output
        assert ("(line 10)" in " ".join(printed.output.split())) == bool(exit_code)


def test_check_names_claims_of_a_bundled_dossier_from_one() -> None:
    assert _places("no-such-file", 2) == ["claim 1", "claim 2"]
