"""Writing files and folders whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from attrition.core.errors import InputError, clip


def check_file(path: Path, most: int) -> None:
    """Refuse what is no ordinary file, or larger than ``most`` bytes.

    A pipe may wait for ever and a device may never end; a folder is none either.

    Raises
    ------
    InputError
        If it is another kind of thing, or too large.
    OSError
        If it does not exist, or its folder cannot be searched.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        folder = stat.S_ISDIR(found.st_mode)
        raise InputError(
            "what is read must be an ordinary file",
            got="a folder" if folder else "a pipe or a device",
            place=clip(str(path)),
            remedy="Name the file inside it" if folder else "Save what it gives to a file",
        )
    if found.st_size > most:
        raise InputError(
            f"a file must be smaller than {most / 1e6:g} MB",
            got=f"{found.st_size / 1e6:.1f} MB",
            place=clip(str(path)),
            remedy="Check that this is the file you meant",
        )


def read_file(path: Path, most: int) -> bytes:
    """Return the bytes of an ordinary file of at most ``most`` bytes; raises as `check_file`."""
    check_file(path, most)
    with path.open("rb") as stream:
        raw = stream.read(most + 1)
    if len(raw) > most:  # a file of the system says 0 and gives more
        raise InputError(
            f"a file must be smaller than {most / 1e6:g} MB",
            got="one that gives more than it says",
            place=clip(str(path)),
            remedy="Check that this is the file you meant",
        )
    return raw


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
