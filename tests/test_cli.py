"""The command as a stranger runs it; where the process itself matters, in one of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

import attrition as at
from attrition.cli.informing import info

Write = Callable[[str], Path]
Command = Callable[..., subprocess.CompletedProcess[str]]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", "from attrition.cli import main; main()"]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def exact(exact_text: str, write: Write) -> str:
    return str(write(exact_text))


def test_the_main_job_prints_json_that_says_what_it_assumed() -> None:
    done = run("forecast", "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    content = json.loads(done.stdout)
    assert content["dossier"]["id"] == "russia-ukraine-2025-06"
    assert content["seed"] == 1
    assert {row["quantity"] for row in content["crossings"]} == {
        "russian-casualties",
        "russian-killed",
        "ukrainian-casualties",
        "ukrainian-killed",
        "kharkiv-advance",
        "territory-gained",
    }
    assert {row["name"] for row in content["assumptions"]} >= {"volatility", "source_error"}


def test_the_table_fits_eighty_columns_and_prints_the_defaults(command: Command) -> None:
    done = command("forecast")
    assert done.returncode == 0, done.stderr
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    run = ("russia-ukraine-2025-06", "2025-06-05", "2027-06-05", "0.9", "seed 1")
    for default in (
        *run,
        "by the library, a further error",
        "the days ahead make about 20 to 80 %",
    ):
        assert default in " ".join(done.stdout.split()), default
    whole = " ".join(command("forecast", "--full").stdout.split())
    assert "by the dossier, the pace changes by 7 to 15 % in a typical week" in whole


def test_an_exact_dossier_gives_the_exact_day_by_command(exact: str, command: Command) -> None:
    arguments = ("--on", "2025-06-13", "--by", "2025-07-02", "--by", "2025-07-03")
    asked = ("--threshold", "980000", *arguments)
    content = json.loads(command("forecast", exact, "--json", *asked).stdout)
    (row,) = content["crossings"]
    assert (row["lower"], row["median"], row["upper"]) == ("2025-07-03",) * 3
    assert [by["probability"] for by in row["by"]] == pytest.approx([0.0, 1.0], abs=1e-6)
    (total,) = content["totals"]
    assert total["median"] == pytest.approx(960_500, rel=1e-4)


def test_already_and_beyond_have_no_dates(exact: str, command: Command) -> None:
    content = json.loads(
        command(
            "forecast", exact, "--json", "--threshold", "900,000", "--threshold", "9000000"
        ).stdout
    )
    passed, far = content["crossings"]
    assert (passed["already"], far["beyond"]) == pytest.approx((1.0, 1.0), abs=1e-12)
    assert [passed[f"{end}_state"] for end in ("lower", "median", "upper")] == ["already"] * 3
    assert [far[end] for end in ("lower", "median", "upper")] == [None] * 3
    assert "had passed 900,000 by 3 June 2025" in passed["sentence"]
    assert "likely to be still below nine million on 3 June 2027" in far["sentence"]


BAD = {
    "missing file": (("absent.toml",), "exist"),
    "unknown quantity": (("--quantity", "totl"), "Did you mean 'total'"),
    "unknown basis": (("--basis", "taly"), "Did you mean 'tally'"),
    "threshold 0": (("--threshold", "0"), "above 0"),
    "threshold in words": (("--threshold", "a million"), "number"),
    "prob 1": (("--prob", "1"), "both excluded"),
    "horizon before": (("--horizon", "2025-01-01"), "horizon"),
    "no such day": (("--as-of", "2025-02-30"), "exists"),
    "a month for a day": (("--by", "2025-08"), "day"),
    "by after the horizon": (("--by", "2030-01-01"), "between the information date"),
    "negative seed": (("--seed", "-3"), "seed"),
    "tolerance 0": (("--tolerance", "0"), "positive"),
}


@pytest.mark.parametrize("case", BAD, ids=list(BAD))
def test_bad_input_ends_with_one_message_and_exit_code_2(
    case: str, exact: str, command: Command
) -> None:
    arguments, message = BAD[case]
    start = () if case == "missing file" else (exact,)
    done = command("forecast", *start, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert done.stderr.startswith("attrition: ")
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_files_are_written_and_the_same_seed_gives_the_same_bytes(
    exact_text: str, write: Write, tmp_path: Path, command: Command
) -> None:
    soft = str(write(exact_text.replace('hedge = "exactly"', 'hedge = "about"')))
    names = set()
    for folder in ("one", "two"):
        done = command("forecast", soft, "--out", str(tmp_path / folder))
        assert done.returncode == 0, done.stderr
        assert "Written to" in done.stdout
        names = {path.name for path in (tmp_path / folder).iterdir()}
    assert names == {
        "results.json",
        "sentences.txt",
        "record.json",
        "citation.md",
        "citation.tex",
        "citation.html",
        "law.csv",
        "sources.json",
        "sources.bib",
        "gather.md",
        "methods.md",
        "crossing.svg",
        "crossing.png",
        "fan.svg",
        "fan.png",
        "law.svg",
        "law.png",
        "intervals.svg",
        "intervals.png",
        "page.html",
    }
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    page = (tmp_path / "one" / "page.html").read_text()
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "credible interval" in page


def test_a_second_run_replaces_what_it_wrote_says_so_and_keeps_the_rest(
    exact: str, tmp_path: Path, command: Command
) -> None:
    out = tmp_path / "out"
    assert command("forecast", exact, "--out", str(out)).returncode == 0
    first = json.loads((out / "record.json").read_text())["id"]
    (out / "notes.txt").write_text("mine")
    (out / "drafts").mkdir()
    done = command("forecast", exact, "--out", str(out), "--seed", "2")
    assert done.returncode == 0, done.stderr
    assert "Replaced what was in" in done.stdout
    record = json.loads((out / "record.json").read_text())
    assert record["id"] != first
    assert record["id"] in (out / "sentences.txt").read_text()
    assert record["id"] == json.loads((out / "results.json").read_text())["record"]
    assert (out / "notes.txt").read_text() == "mine"
    assert (out / "drafts").is_dir()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert command("verify", str(out / "record.json")).returncode == 0


def test_a_folder_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from attrition.core.files import write_folder

    out = tmp_path / "out"
    assert write_folder(out, {"a": b"1", "b": b"1"}) is False

    def failing(handle: int) -> None:
        raise OSError(28, f"no space for file {handle}")

    monkeypatch.setattr("os.fsync", failing)
    with pytest.raises(at.InputError, match="writable"):
        write_folder(out, {"a": b"2", "b": b"2"})
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {"a": b"1", "b": b"1"}
    assert list(tmp_path.iterdir()) == [out]
    assert write_folder(out, {"a": b"2"}) is True
    assert (out / "a").read_bytes() == b"2"


def test_the_folder_in_which_one_stands_stays_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from attrition.core.files import write_folder

    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.chdir(out)
    before = out.stat().st_ino
    assert write_folder(Path(), {"a": b"1"}) is False
    assert write_folder(Path(), {"a": b"2"}) is True
    assert out.stat().st_ino == before
    assert (Path("a")).read_bytes() == b"2"


def test_a_folder_that_cannot_be_written_is_refused(
    exact: str, tmp_path: Path, command: Command
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = command("forecast", exact, "--out", str(blocked))
    assert done.returncode == 2
    assert "writable" in done.stderr


@pytest.mark.parametrize("out", ["", "page.html", "results.json"])
def test_an_output_that_is_no_name_of_a_folder_is_refused(
    out: str, exact: str, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = command("report", exact, "--out", out)
    assert done.returncode == 2
    assert "an output folder must have a name" in done.stderr
    assert list(tmp_path.glob("*.html")) == list(tmp_path.glob("*.json")) == []


def test_help_and_version_answer() -> None:
    assert "--threshold" in run("forecast", "--help").stdout
    assert run("--version").stdout.startswith("attrition 0.")


def test_markup_in_a_dossier_is_only_text(
    exact_text: str, write: Write, tmp_path: Path, command: Command
) -> None:
    text = exact_text.replace("Recorded cases", "[red]Cases[/red] </script><b>")
    done = command("forecast", str(write(text)), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert "[red]Cases[/red]" in done.stdout
    page = (tmp_path / "out" / "page.html").read_text()
    assert page.count("<script") == page.count("</script>") == 2  # the page's own
    assert "&lt;/script&gt;" in page


def test_a_document_of_word_is_written_where_it_is_asked_for(
    exact: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command
) -> None:
    alone = command("forecast", exact, "--word")
    assert alone.returncode == 2
    assert "--out DIR" in alone.stderr
    monkeypatch.setitem(sys.modules, "docx", None)
    bare = command("forecast", exact, "--word", "--out", str(tmp_path / "none"))
    assert bare.returncode == 2
    assert "attrition[word]" in bare.stderr
    assert bare.stdout == ""  # before anything slow was computed
    monkeypatch.undo()


def test_a_document_of_word_says_what_the_record_beside_it_says(
    exact: str, tmp_path: Path, command: Command
) -> None:
    docx = pytest.importorskip("docx", reason="the extra `word` is not installed")
    out = tmp_path / "out"
    done = command("forecast", exact, "--word", "--out", str(out))
    assert done.returncode == 0, done.stderr
    document = docx.Document(str(out / "citation.docx"))
    record = at.reporting.read_record(out / "record.json")
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert all(one.sentence in texts and one.note in texts for one in record.sentences)
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr").startswith("Fifty dots")
    assert command("forecast", exact, "--out", str(out)).returncode == 0
    assert not (out / "citation.docx").exists()  # a new run leaves no stale file of an older one


def test_what_each_claim_moves_is_printed_with_how_it_surprises(command: Command) -> None:
    asked = ("--quantity", "russian-casualties", "--basis", "csis")
    done = command("influence", *asked, "--by", "claim")
    assert done.returncode == 0, done.stderr
    content = json.loads(command("influence", *asked, "--by", "claim", "--json").stdout)
    head, *lines = done.stdout.splitlines()[3:]
    assert head.split() == [
        "left",
        "out",
        "figures",
        "days",
        "stated",
        "others",
        "expect",
        "surprise",
        "(bit)",
    ]
    for row, line in zip(content["rows"], lines, strict=False):
        assert line.startswith(row["item"])
        assert line.endswith(" *") == row["contradicted"]
        assert row["surprise"] is None or f"{row['surprise']:.1f}" in line
    assert lines[-1].startswith("* the others leave it less than")


def test_what_a_report_of_a_fault_needs_is_printed_and_no_library_is_hidden(
    command: Command,
) -> None:
    done = command("info")
    assert done.returncode == 0, done.stderr
    rows = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert rows["attrition"] == at.__version__
    assert rows["numpy"] == metadata.version("numpy")
    assert {"Python", "system", "scipy", "typer"} <= set(rows)
    assert "pytest" not in rows  # what serves developers only


def test_an_extra_that_is_not_there_is_told_from_a_dependency_that_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["absent-one>=1", "absent-two>=1; extra == 'zarr'", "absent-three; extra == 'dev'"]
    monkeypatch.setattr(metadata, "requires", lambda _: asked)
    info()
    printed = capsys.readouterr().out.splitlines()[3:]
    assert [line.split(maxsplit=1) for line in printed] == [
        ["absent-one", "missing"],
        ["absent-two", "not installed (extra zarr)"],
    ]


def test_a_letter_asks_for_help_too(command: Command) -> None:
    for words in ([], ["forecast"], ["archive", "add"]):
        assert command(*words, "-h").stdout == command(*words, "--help").stdout != ""


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("attrition fore", "forecast"), ("attrition forecast --scen", "--scenario")],
)
def test_the_tab_key_completes_commands_and_options(
    typed: str, offered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_ATTRITION_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    code = "import sys; sys.argv = ['attrition']; from attrition.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == [offered]
