"""Which pages can be run, and where: each in an empty folder of its own."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from attrition.cli import main

_NEIGHBOURS = ("arviz", "cftime", "h5netcdf", "polars", "pyarrow", "zarr")
_SCALE = ("dask",)

collect_ignore = ["examples"]
if any(find_spec(name) is None for name in _NEIGHBOURS):
    collect_ignore.append("neighbours.md")
if any(find_spec(name) is None for name in _SCALE):
    collect_ignore.append("scale.md")


@pytest.fixture(autouse=True)
def _empty_folder(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Let a page write files as a reader would, beside itself; then give a tutorial's commands."""
    monkeypatch.chdir(tmp_path)
    yield
    if request.path.parent.name == "tutorials" and not request.session.testsfailed:
        give(request.path.read_text(encoding="utf-8"))


def give(page: str) -> int:
    """Give the commands that a page says to type in a shell, in its order; return how many."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("attrition ")]
    for command in commands:
        words = io.StringIO()
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(words),
            contextlib.redirect_stderr(words),
        ):
            patch.setattr("sys.argv", shlex.split(command))
            with pytest.raises(SystemExit) as ended:
                main()
        assert not ended.value.code, f"{command}: {words.getvalue()}"  # noqa: S101 - as in a test
    return len(commands)
