"""`attrition bench`: standard simulations, timed on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from attrition.cli.options import JsonOption
from attrition.core.errors import InputError


def bench(
    *,
    size: Annotated[
        str, typer.Option(help="small (seconds), standard (a minute or two) or large.")
    ] = "standard",
    as_json: JsonOption = False,
    out: Annotated[Path | None, typer.Option(help="Write the JSON into this FILE too.")] = None,
) -> None:
    """Time standard simulations next to a plain reference, to compare machines and releases."""
    from attrition.bench import SIZES, lines, record, run
    from attrition.core.files import write_whole
    from attrition.core.tasks import shown

    if size not in SIZES:
        raise InputError(
            f"the size of a benchmark must be one of {', '.join(SIZES)}",
            got=repr(size),
            place="--size",
            remedy="Write for example --size standard",
        )
    with shown(progress=True, what="simulations") as told:
        held = record(size, run(SIZES[size], told))
    text = json.dumps(held, indent=2, ensure_ascii=False, allow_nan=False)
    if out is not None:
        write_whole(out, f"{text}\n".encode())
    for line in [text] if as_json else lines(held):
        typer.echo(line)
