"""`attrition migrate`: a dossier of 0.1.0, and what is needed today."""

from __future__ import annotations

from pathlib import Path

import typer

from attrition.core.errors import InputError
from attrition.core.files import write_whole


def migrate(file: Path, *, out: Path | None = None, in_place: bool = False) -> None:
    """Say what a dossier of 0.1.0 needs today, and write it where --out or --in-place says so.

    Parameters
    ----------
    file
        A dossier of 0.1.0, TOML.
    out
        Write it to this new FILE.
    in_place
        Write it over FILE.
    """
    from attrition.data.dossier.files import migrate_dossier, text_of

    new, changes, notes = migrate_dossier(text_of(file), file.name)
    for heading, lines in (("changed", changes), ("to decide", notes)):
        for line in lines:
            typer.echo(f"{heading}: {line}")
    if not changes:
        typer.echo(f"{file.name}: nothing that can be changed by itself")
        return
    target = file if in_place and out is None else out
    if target is None:
        typer.echo("Nothing was written: give --out FILE or --in-place")
        return
    if out is not None and out.exists():
        raise InputError(
            "a migrated file is written to a new file",
            got="one that exists",
            place=str(out),
            remedy="Name another, or give --in-place and no --out",
        )
    write_whole(target, new.encode())
    typer.echo(f"Written to {target}")
