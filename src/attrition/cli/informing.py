"""`attrition info`: what a report of a fault must say of the machine it arose on."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator

import typer

from attrition._version import __version__

_DEVELOPERS = {"test", "browser", "docs", "dev"}
"""Extras that serve those who change the library; no answer depends on them."""

_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)[^;]*(?:;.*extra == [\"'](?P<extra>[\w-]+)[\"'])?")


def info() -> None:
    """Print the versions, for a bug report."""
    for name, version in _versions():
        typer.echo(f"{name:20}{version}")


def _versions() -> Iterator[tuple[str, str]]:
    """Yield what is installed, read from its labels: nothing else is imported."""
    from importlib import metadata  # which no other command needs

    yield "attrition", __version__
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()})"
    yield "system", f"{platform.system()} {platform.machine()}"
    for text in metadata.requires("attrition") or ():
        requirement = _REQUIREMENT.match(text)
        if requirement is None or requirement["extra"] in _DEVELOPERS:
            continue
        name, extra = requirement["name"], requirement["extra"]
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, f"not installed (extra {extra})" if extra else "missing"
