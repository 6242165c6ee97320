"""What is done of a long piece of work, on disk, so that it can go on after anything."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from attrition._version import __version__
from attrition.core.errors import clip, refusal
from attrition.core.files import read_file, write_whole

_LOG = logging.getLogger("attrition")

Arrays: TypeAlias = dict[str, npt.NDArray[Any]]
"""What a piece of work returns: named arrays of numbers or text, no objects."""

_MANIFEST = "work.json"
_MANIFEST_LARGEST = 1_000_000  # bytes
_DIGEST = 32  # bytes before the arrays


def digest(*parts: object) -> str:
    """Return a digest of what decides a result: text, numbers, dates and arrays.

    Examples
    --------
    >>> digest("a", 1) == digest("a", 1), digest("a", 1) == digest("a", 2)
    (True, False)
    """
    hasher = hashlib.sha256()
    for part in parts:
        array = isinstance(part, np.ndarray)
        raw = part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode()
        head = f"{part.dtype} {part.shape}" if isinstance(part, np.ndarray) else ""
        hasher.update(f"{int(array)} {head} {len(raw)} ".encode())
        hasher.update(raw)
    return hasher.hexdigest()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A folder that holds the finished pieces of one piece of work.

    Each file is written whole or not at all and begins with a digest of its content, of the work
    that it belongs to and of its place in it: one that was spoilt, swapped with another, or left
    by other work or another version is done again.

    Parameters
    ----------
    folder : pathlib.Path
    identity : str
        Digest of the version, the work, its key and its pieces.
    """

    folder: Path
    identity: str

    @classmethod
    def at(cls, folder: Path, what: str, key: str, pieces: int) -> Checkpoint:
        """Open a folder for a piece of work, new or begun before.

        Parameters
        ----------
        folder : pathlib.Path
        what : str
            The work in words, for whoever finds the folder.
        key : str
            Digest of all that decides the result.
        pieces : int

        Raises
        ------
        InputError
            If the folder holds other work, or cannot be written.
        """
        file = folder / _MANIFEST
        asked = {"attrition": __version__, "what": what, "key": key, "pieces": pieces}
        text = f"{json.dumps(asked, ensure_ascii=False, indent=1)}\n"
        checkpoint = cls(folder, digest(text))
        if write_whole(file, text.encode(), first=True):
            return checkpoint
        manifest = None
        with contextlib.suppress(OSError, ValueError):
            manifest = json.loads(read_file(file, _MANIFEST_LARGEST))
        manifest = manifest if isinstance(manifest, dict) else {}
        if manifest != asked:
            got = clip(f"{manifest.get('what')} by attrition {manifest.get('attrition')}")
            raise refusal("own checkpoint", got, clip(str(folder)), what=what)
        return checkpoint

    def _file(self, piece: int) -> Path:
        return self.folder / f"piece-{piece:06d}"

    def save(self, piece: int, results: Sequence[Arrays]) -> None:
        """Write the results of a piece."""
        named = {
            f"{index}/{name}": array
            for index, result in enumerate(results)
            for name, array in result.items()
        }
        buffer = io.BytesIO()
        np.savez(buffer, count=np.array(len(results)), **named)  # type: ignore[arg-type]
        raw = buffer.getvalue()
        write_whole(self._file(piece), self._digest(piece, raw) + raw)

    def _digest(self, piece: int, raw: bytes) -> bytes:
        return hashlib.sha256(f"{self.identity} {piece} ".encode() + raw).digest()

    def load(self, piece: int) -> list[Arrays] | None:
        """Return the results of a piece; None if it is not done or its file is spoilt."""
        file = self._file(piece)
        if not file.exists():
            return None
        raw = file.read_bytes()
        if self._digest(piece, raw[_DIGEST:]) != raw[:_DIGEST]:
            _LOG.warning("%s is spoilt or of other work; the piece is done again", file)
            return None
        with np.load(io.BytesIO(raw[_DIGEST:]), allow_pickle=False) as archive:
            results: list[Arrays] = [{} for _ in range(int(archive["count"]))]
            for key in archive.files:
                index, slash, name = key.partition("/")
                if slash:
                    results[int(index)][name] = archive[key]
        return results
