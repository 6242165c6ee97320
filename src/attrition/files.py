"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from attrition.errors import InputError, clip


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to a temporary file beside ``path``, then rename it.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            "the output folder must be writable",
            got=clip(error.strerror or str(error)),
            place=clip(str(path)),
            remedy="Choose another folder",
        ) from None
