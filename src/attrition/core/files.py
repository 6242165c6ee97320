"""Writing files and folders whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from attrition.core.errors import InputError, clip


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


def write_folder(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Write files into a folder all at once: beside it first, then in its place.

    A reader sees the old folder or the new one, but for the instant between two renames; if
    writing fails, the old one stays. A folder that also holds other files, or in which we stand,
    is not swapped: each file is replaced by itself, whole, and the others are not touched.

    Parameters
    ----------
    folder : pathlib.Path
    files : mapping of str to bytes
        Content by file name.

    Returns
    -------
    bool
        Whether a folder that already held some of these files was replaced.

    Raises
    ------
    InputError
        If the folder, or the one that holds it, cannot be written.
    """
    try:
        return _swap(folder.resolve(), files)
    except OSError as error:
        raise InputError(
            "the output folder must be writable, and so must the one that holds it",
            got=clip(error.strerror or str(error)),
            place=clip(str(folder)),
            remedy="Choose another folder",
        ) from None


def _swap(folder: Path, files: Mapping[str, bytes]) -> bool:
    folder.parent.mkdir(parents=True, exist_ok=True)
    before = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if before - set(files) or Path.cwd().is_relative_to(folder):  # touch nothing else, keep it
        for name, content in files.items():
            write_whole(folder / name, content)
        return bool(before & set(files))
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        fresh.chmod(0o755)
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        if not folder.exists():
            fresh.replace(folder)
            return False
        old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        folder.replace(old / "old")
        try:
            fresh.replace(folder)
        except BaseException:
            (old / "old").replace(folder)
            raise
        finally:
            shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return bool(before & set(files))
