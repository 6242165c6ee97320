"""Writing files and folders whole or not at all."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import stat
from collections.abc import Callable, Collection, Mapping
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from attrition.core.errors import InputError, clip, refusal

Remedy: TypeAlias = Callable[[], str]

_MOST_NAMES = 1_000  # of a folder in which a like name is looked for
_LEFT = 600.0  # seconds after which what was being written is of a run that was killed


def bundled(name: str) -> str:
    """Return the text of a file that comes with the package."""
    return resources.files("attrition").joinpath("bundled", name).read_text(encoding="utf-8")


@functools.cache
def bundled_table(name: str) -> dict[str, Any]:
    """Return what a file of tables that is shipped with the package holds; it is read once."""
    import tomllib  # which no command needs that reads no words

    return tomllib.loads(bundled(name))


def path_of(value: object) -> Path:
    """Return a path that is named by text or by itself; refuse what names none."""
    if not isinstance(value, (str, os.PathLike)):
        raise refusal("path", clip(value), "path")
    return Path(value)


def check_file(
    path: Path, most: int, what: str = "what is read", remedy: Remedy | None = None
) -> None:
    """Refuse what is no ordinary file that can be reached, or is larger than ``most`` bytes.

    A pipe may wait for ever and a device may never end; a folder is none either.

    Parameters
    ----------
    path : pathlib.Path
    most : int
        [bytes].
    what : str
        What is looked for, as a refusal says it: "a dossier".
    remedy : callable, optional
        Returns what to do where there is no such file; as it stands, a name that is near it.

    Raises
    ------
    InputError
        If it does not exist, cannot be reached, is another kind of thing, or is too large.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, what, remedy, error) from None
    if not stat.S_ISREG(status.st_mode):
        folder = stat.S_ISDIR(status.st_mode)
        got = "a folder" if folder else "a pipe or a device"
        cure = "Name the file inside it" if folder else "Save what it gives to a file"
        raise refusal("ordinary file", got, clip(str(path)), what=what, remedy=cure)
    if status.st_size > most:
        raise _too_large(path, what, most, f"{status.st_size / 1e6:.1f} MB")


def read_file(
    path: Path, most: int, what: str = "what is read", remedy: Remedy | None = None
) -> bytes:
    """Return the bytes of an ordinary file; parameters and errors are those of `check_file`."""
    check_file(path, most, what, remedy)
    try:
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
    except OSError as error:
        raise _unreadable(path, what, remedy, error) from None
    if len(raw) > most:  # a file of the system says 0 and gives more
        raise _too_large(path, what, most, "one that gives more than it says")
    return raw


def read_text(
    path: Path, most: int, what: str = "what is read", remedy: Remedy | None = None
) -> str:
    """Return the text of a file in UTF-8, as `read_file`; other bytes are refused too."""
    raw = read_file(path, most, what, remedy)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        got = f"byte 0x{error.object[error.start]:02x} at position {error.start}"
        raise refusal("text in UTF-8", got, clip(str(path)), what=what) from None


def _unreadable(path: Path, what: str, remedy: Remedy | None, error: Exception) -> InputError:
    place = clip(str(path))
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        cure = remedy() if remedy else _near(path)
        return refusal("file that exists", "no such file", place, what=what, remedy=cure)
    got = clip(getattr(error, "strerror", "") or str(error))
    return refusal("readable file", got, place, what=what)


def _near(path: Path) -> str:
    """Return a question about the name in the same folder that is nearest."""
    import difflib

    with contextlib.suppress(OSError):
        names = [other.name for other in islice(path.parent.iterdir(), _MOST_NAMES)]
        for name in difflib.get_close_matches(path.name, names, n=1):
            return f"Did you mean {clip(str(path.with_name(name)))}?"
    return "Check the path"


def _too_large(path: Path, what: str, most: int, got: str) -> InputError:
    return refusal("size of a file", got, clip(str(path)), what=what, most=most / 1e6)


def write_whole(path: Path, content: bytes, *, first: bool = False) -> bool:
    """Write ``content`` beside ``path``, bring it to the disk, then rename it.

    Parameters
    ----------
    path : pathlib.Path
    content : bytes
    first : bool
        Leave a file that is there as it is; of two that try at once one succeeds.

    Returns
    -------
    bool
        Whether it was written.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    beside = _beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(beside, content)
            if first:
                os.link(beside, path)
            else:
                beside.replace(path)
            _sync_folder(path.parent)
        finally:  # leave nothing else behind
            beside.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        if first and isinstance(error, FileExistsError):
            return False
        raise _unwritable(path, error) from None
    return True


def try_folder(folder: Path, wanted: Path | None = None) -> None:
    """Try whether a folder can be written, or be made, before long work; leave nothing behind.

    Raises
    ------
    InputError
        If not; it names what is wanted, or the folder.
    """
    try:
        place = folder.resolve()
        while not os.path.lexists(place):
            place = place.parent
        if not place.is_dir():
            raise NotADirectoryError(20, "a file stands where a folder is needed")
        trial = _beside(place / "trial")
        trial.mkdir()
        trial.rmdir()
    except (OSError, ValueError) as error:
        raise _unwritable(wanted or folder, error) from None


def try_file(path: Path | None) -> None:
    """Try whether a file can be written, if one is wanted, before long work; leave nothing behind.

    Raises
    ------
    InputError
        If its folder can neither be written nor made, or a folder stands in its place.
    """
    if path is None:
        return
    if path.is_dir():
        raise refusal("file, no folder", "a folder", clip(str(path)))
    try_folder(path.parent, path)


def write_folder(folder: Path, files: Mapping[str, bytes], ours: Collection[str] = ()) -> bool:
    """Write files into a folder all at once: beside it first, then in its place.

    A reader sees the old folder or the new one (where the system cannot exchange two folders in
    one step, none for an instant); if writing fails, the old one stays, and what a killed run left
    beside it is removed by the next. A folder that also holds other files, or in which we stand,
    or beside which nothing may be written, is not swapped: each file is replaced by itself,
    whole, and files of others are not touched.

    Parameters
    ----------
    folder : pathlib.Path
    files : mapping of str to bytes
        Content by file name.
    ours : collection of str
        Names of all files that another run may have written: one that is not in ``files`` is
        removed, so that nothing of an older run stands beside the new.

    Returns
    -------
    bool
        Whether a folder that already held some of these files was replaced.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    try:
        return _swap(folder.resolve(), files, {*ours, *files})
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise _unwritable(folder, error) from None


def _swap(folder: Path, files: Mapping[str, bytes], ours: set[str]) -> bool:
    folder.parent.mkdir(parents=True, exist_ok=True)
    before = {path.name for path in folder.iterdir()} if folder.exists() else set()
    apart = bool(before - ours) or Path.cwd().is_relative_to(folder)
    if apart or (folder.exists() and not os.access(folder.parent, os.W_OK)):
        for name, content in files.items():
            write_whole(folder / name, content)
        for name in (before & ours) - set(files):
            (folder / name).unlink()
        return bool(before & ours)
    fresh = _beside(folder)
    fresh.mkdir()
    _remove_left(folder, fresh.stat().st_mtime)
    try:
        for name, content in files.items():
            _write(fresh / name, content)
        _sync_folder(fresh)
        _bring(fresh, folder)
        _sync_folder(folder.parent)
    finally:  # what is left beside it is the new one, or the old
        shutil.rmtree(fresh, ignore_errors=True)
    return bool(before & ours)


def _bring(fresh: Path, folder: Path) -> None:
    """Put a folder in the place of another, which takes its name."""
    if not folder.exists():
        fresh.replace(folder)
    elif not _exchange(fresh, folder):
        old = _beside(folder)
        folder.replace(old)
        try:
            fresh.replace(folder)
        except BaseException:
            old.replace(folder)
            raise
        old.replace(fresh)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange the names of two folders in one step; return whether the system could."""
    import ctypes

    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):  # not Linux
        return False
    here = -100  # AT_FDCWD: paths as they are
    exchange = 2  # RENAME_EXCHANGE
    return bool(renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)


def _remove_left(folder: Path, now: float) -> None:
    """Remove the folders that runs killed while they wrote left beside theirs."""
    name = re.compile(rf"\.{re.escape(folder.name)}\.[0-9a-f]{{12}}")
    for path in folder.parent.iterdir():
        with contextlib.suppress(OSError):
            if name.fullmatch(path.name) and now - path.stat().st_mtime > _LEFT:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _beside(path: Path) -> Path:
    """Return a name that is free, hidden, and in the same folder, so that a rename suffices."""
    return path.with_name(f".{path.name}.{os.urandom(6).hex()}")


def _write(path: Path, content: bytes) -> None:
    """Write a new file with the rights that the umask leaves, as far as the disk."""
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unwritable(path: Path, error: Exception) -> InputError:
    got = clip(getattr(error, "strerror", None) or str(error))
    return refusal("writable folder", got, clip(str(path)))
