"""Whatever a command is to read and cannot is refused alike: rule, value, place, remedy."""

from __future__ import annotations

import errno
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import attrition as at

COMMANDS = (
    "read {} --published 2026-05-14",
    "check {}",
    "forecast {}",
    "report {} --out made",
    "influence {} --quantity killed",
    "sensitivity {} --quantity killed",
    "sweep {}",
    "migrate {}",
    "hindcast {}",
    "import-claims {} --out made.toml",
    "verify {}",
    "compare {} record.json",
    "compare russia-ukraine-2025-06 {}",
    "forecast --series {} --threshold 5",
    "influence --series {} --threshold 5",
    "sensitivity --series {} --threshold 5",
    "forecast --priors {}",
    "when 10 --level 5 --rate 1 --on 2025-01-01 --priors {}",
    "archive add {} --folder made",
    "archive score --folder made --truth {}",
)
FORM = re.compile(r"attrition: .+ must .+, got .+ \(.+\)\. [A-Z].+[.?]")
WORDS = {
    "missing": "must exist, got no such file",
    "of a file": "must exist, got no such file",
    "folder": "must be an ordinary file, got a folder",
    "pipe": "must be an ordinary file, got a pipe or a device",
    "locked": "must be readable, got 'Permission denied'",
    "shut": "must be readable, got 'Permission denied'",
    "long": "must be readable, got 'File name too long'",
}


def _named(case: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make what a case is about; return its name. Rights bind no superuser, so they are feigned."""
    name = "a" * 300 if case == "long" else "plain/it" if case == "of a file" else "it"
    place = folder / name
    if case == "folder":
        place.mkdir()
    elif case == "pipe":
        os.mkfifo(place)
    elif case == "locked":
        place.write_text("x")
    denied = {"locked": "open", "shut": "stat"}.get(case)
    if denied:
        usual = getattr(Path, denied)

        def deny(path: Path, *words: object, **named: object) -> object:
            if path.name == name:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return usual(path, *words, **named)

        monkeypatch.setattr(Path, denied, deny)
    return name


@pytest.mark.parametrize("case", WORDS)
def test_what_cannot_be_read_is_refused_by_every_command(
    case: str,
    command: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain").write_text("a file where a folder is meant")
    law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    at.reporting.write_record(at.reporting.make_record(law, [600]), "record.json")
    command("archive", "add", "record.json", "--folder", "made")
    name = _named(case, tmp_path, monkeypatch)
    for line in COMMANDS:
        done = command(*line.format(name).split())
        assert done.returncode == 2, line
        assert FORM.fullmatch(done.stderr.strip()), done.stderr
        inside = case == "folder" and line.endswith("2025-06 {}")  # where a record may lie
        assert WORDS["missing" if inside else case] in done.stderr, line
        assert "Errno" not in done.stderr


def test_a_name_that_is_near_is_offered(tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("At least 30 people died.")
    for name, words in (("artikel.txt", "Did you mean '.*article.txt'\\?$"), ("x", "Check the pa")):
        with pytest.raises(at.InputError, match=words):
            at.read_article(tmp_path / name, published="2026-05-14")


@pytest.mark.parametrize("read", [at.read_dossier, at.reporting.read_record])
def test_a_mark_of_byte_order_is_no_part_of_a_text_and_other_bytes_are_told(
    read: Callable[[Path], object], tmp_path: Path
) -> None:
    file = tmp_path / "it"
    file.write_bytes(b"\xef\xbb\xbf\xffx")
    with pytest.raises(at.InputError, match="must be UTF-8 text, got byte 0xff at position 0"):
        read(file)
    dossier = tmp_path / "marked.toml"
    dossier.write_bytes(b"\xef\xbb\xbf" + at.dossier.dossier_toml(at.read_dossier()).encode())
    assert at.read_dossier(dossier).id == at.read_dossier().id


def test_a_folder_in_the_place_of_an_output_file_is_named_as_such(
    command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "words.txt").write_text("At least 30 people died.")
    read = ("read", str(tmp_path / "words.txt"), "--published", "2026-05-14")
    done = command(*read, "--html", str(tmp_path))
    assert done.returncode == 2
    assert "an output file must not be a folder, got a folder" in done.stderr
    assert "Name a file inside it." in done.stderr
