"""Lines of code, files and public names are counted by room."""

from __future__ import annotations

import pytest
from benchmarks import size
from benchmarks.jobs import sources

import attrition as at

_MODULE = '''"""A module
of two lines of docstring."""

# a comment
import os  # counted once


def first(
    value: str,
) -> str:
    """Say so."""
    text = """two
lines"""
    return value + text
'''


def test_a_line_counts_where_code_stands() -> None:
    assert size.lines_of(_MODULE) == 7


def test_rooms_are_counted_with_the_names_they_offer() -> None:
    start = "from package.one.inside import A, b\nfrom package.beside import c\n"
    start += "__all__ = ['A', 'b', 'c']\n"
    rooms = size.sizes({"__init__.py": start, "one/__init__.py": "", "one/inside.py": _MODULE})
    assert rooms == {
        size.REST: {"lines": 3, "files": 1, "names": 1},
        "one": {"lines": 7, "files": 2, "names": 2},
    }
    printed = size.table(rooms, {"one": rooms["one"], "two": rooms["one"]}).splitlines()
    assert [line.split()[:4] for line in printed[1:]] == [
        ["one", "7", "→", "7"],
        [size.REST, "0", "→", "3"],
        ["two", "7", "→", "0"],
        ["all", "14", "→", "10"],
    ]


def test_the_house_is_counted_with_every_public_name() -> None:
    assert size.sizes(size.modules_of(size.ROOT))["data"]["files"] > 10
    assert size.names_of(size.modules_of(size.ROOT)["__init__.py"]).total() == len(at.__all__)


@pytest.mark.skipif(not (size.ROOT / ".git").exists(), reason="no repository, as in an archive")
def test_a_revision_is_read_from_the_repository() -> None:
    with sources("HEAD") as root:
        assert size.names_of(size.modules_of(root)["__init__.py"]).total() > 0
