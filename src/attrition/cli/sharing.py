"""Options of commands that run long: who works, where it is kept, until when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

WorkersOption: TypeAlias = Annotated[
    str,
    typer.Option(
        envvar="ATTRITION_WORKERS",
        help="'threads', 'processes' (':N' of them), or the address of a Dask scheduler. "
        "Default: this thread. The results are the same.",
    ),
]
CheckpointOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(help="Keep what is done in this DIR; the same command goes on from there."),
]
MaxTimeOption: TypeAlias = Annotated[
    float | None, typer.Option(help="Stop cleanly after so many seconds; exit code 3.")
]
