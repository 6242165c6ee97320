"""Work in pieces: on threads, processes or a cluster, kept as it goes, in a fixed order.

A piece of work is a pure function of one item and returns a few arrays. Pieces may be done by
anybody, in any order, again after a worker died, or be read back from a checkpoint; they are put
together in the order of their items, so that the result does not depend on who did them.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from attrition._version import __version__
from attrition.core.checks import check_seconds
from attrition.core.errors import UnfinishedError, clip, refusal
from attrition.core.files import path_of, read_file, write_whole
from attrition.core.workers import Workers, executor_of, packed, unpacked

_LOG = logging.getLogger("attrition")

# What is done of a long piece of work, on disk, so that it can go on after anything.

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


Step: TypeAlias = Callable[[], None]
"""Called after each unit of an item, when somebody listens."""

Work: TypeAlias = Callable[[Any, Step], Arrays]
"""A pure function of an item that returns a few arrays."""

_PIECES = 1_024  # at most; a scheduler spends about a millisecond on each
_AHEAD = 8  # pieces handed out for each worker: none is idle, and few results wait in memory


ProgressReport: TypeAlias = Callable[[int, int], None]
"""Called with (done, all)."""


@runtime_checkable
class Bar(Protocol):
    """What bars of tqdm, and those made like them, offer."""

    total: Any

    def update(self, n: float = 1) -> Any:  # noqa: ANN401 - whatever the bar returns
        """Move on by ``n``."""


Progress: TypeAlias = bool | ProgressReport | Bar | None
"""True for a bar where one can be seen; or a callable told (done, all); or a tqdm bar."""


@contextmanager
def shown(progress: Progress, what: str) -> Iterator[ProgressReport]:
    """Turn what a caller gave as ``progress`` into a callable told (done, all).

    Parameters
    ----------
    progress : bool, callable or bar, optional
        ``True`` shows the time left: with rich in a terminal, with tqdm in a notebook where it
        is installed, and elsewhere not at all.
    what : str
        What is counted, as the label of the bar.

    Raises
    ------
    InputError
        If ``progress`` is none of these.
    """
    given: AbstractContextManager[Any] = nullcontext(progress)
    with _bar(what) if progress is True else given as wanted:
        if isinstance(wanted, Bar):
            yield _moved(wanted)
        elif wanted is None or wanted is False:
            yield lambda done, total: None  # noqa: ARG005 - nobody looks
        elif callable(wanted):
            yield wanted
        else:
            raise refusal("progress", clip(wanted), "progress")


@contextmanager
def _bar(what: str) -> Iterator[Bar | ProgressReport | None]:
    """Open a bar where somebody looks."""
    if "ipykernel" in sys.modules:
        try:
            tqdm = import_module("tqdm.auto").tqdm
        except ImportError:
            yield None
            return
        with tqdm(desc=what) as bar:
            yield bar
    elif sys.stderr.isatty():
        from rich import progress as parts
        from rich.console import Console

        columns = (
            parts.TextColumn("{task.description}"),
            parts.BarColumn(),
            parts.MofNCompleteColumn(),
            parts.TimeRemainingColumn(),
        )
        with parts.Progress(*columns, console=Console(stderr=True), transient=True) as rows:
            task = rows.add_task(what, total=None)
            yield lambda done, total: rows.update(task, completed=done, total=total)
    else:
        yield None


def _moved(bar: Bar) -> ProgressReport:
    at = 0

    def report(done: int, total: int) -> None:
        nonlocal at
        bar.total = total
        bar.update(done - at)
        at = done

    return report


@dataclass(frozen=True, slots=True)
class How:
    """How long work is done.

    Parameters
    ----------
    workers : str, Executor or Client, optional
        Who does it; see :func:`executor_of`.
    checkpoint : str or pathlib.Path, optional
        A folder for finished pieces, with which the same call goes on after a stop.
    max_time : float, optional
        Stop cleanly after this time [s].
    progress : bool, callable or bar, optional
        See :func:`shown`.

    Raises
    ------
    InputError
        If ``max_time`` is not positive.
    """

    workers: Workers = None
    checkpoint: str | Path | None = None
    max_time: float | None = None
    progress: Progress = None

    def __post_init__(self) -> None:
        """Refuse a time that is none."""
        if self.max_time is not None:
            check_seconds(self.max_time, "max_time")

    @property
    def alone(self) -> bool:
        """Whether nobody else works and nothing is kept: then nothing need be cut in pieces."""
        return self.checkpoint is None and (self.workers is None or self.workers == "")


def each(
    work: Work,
    items: Sequence[Any],
    how: How,
    *,
    what: str,
    key: str = "",
    units: Sequence[int] | None = None,
) -> list[Arrays]:
    """Do some work for each item and return the results in the order of the items.

    Many small items are handed out together, at most 1,024 pieces in all. How they are cut
    depends on the items alone, so that a checkpoint fits whoever goes on.

    Parameters
    ----------
    work : callable
        Maps (item, step) to arrays; importable by its name where others are to do it. It may
        call ``step()`` after each of the item's units.
    items : sequence
    how : How
    what : str
        The work in words.
    key : str
        Digest of all that decides the result, for the checkpoint.
    units : sequence of int, optional
        Of what progress counts, how much each item holds; 1 when left out.

    Raises
    ------
    UnfinishedError
        If the time is used up, or the workers are gone.
    InputError
        If ``how`` is out of range, or the checkpoint holds other work.
    """
    size = -(-len(items) // _PIECES) if items else 1
    starts = range(0, len(items), size)
    counts = [1] * len(items) if units is None else units
    with ExitStack() as stack:
        report = stack.enter_context(shown(how.progress, what))
        kept = None
        if how.checkpoint is not None:
            kept = Checkpoint.at(path_of(how.checkpoint), what, key, len(starts))
        pieces = [items[first : first + size] for first in starts]
        weights = [sum(counts[first : first + size]) for first in starts]
        run = _Run(work, pieces, weights, kept, report, how, what)
        executor, together = stack.enter_context(executor_of(how.workers))
        if executor is None:
            run.here()
        else:
            run.there(executor, together)
        _LOG.info("%s: %d pieces done", what, len(pieces))
        return [result for piece in range(len(pieces)) for result in run.done[piece]]


def _piece(work: Work, items: Sequence[Any]) -> list[Arrays]:
    """Do a piece, wherever this runs."""
    return [work(item, lambda: None) for item in items]


def _sent_piece(raw: bytes) -> bytes:
    """Do a piece that came as bytes, which cross processes faster than many small arrays."""
    return packed(_piece(*unpacked(raw)))


def _results(future: Future[Any]) -> list[Arrays]:
    result = future.result()
    results: list[Arrays] = unpacked(result) if isinstance(result, bytes) else result
    return results


@dataclass
class _Run:
    """One pass over the pieces: what is done, what is left, and until when."""

    work: Work
    pieces: Sequence[Sequence[Any]]
    weights: Sequence[int]
    kept: Checkpoint | None
    report: ProgressReport
    how: How
    what: str
    done: dict[int, list[Arrays]] = field(default_factory=dict)
    count: int = 0
    end: float | None = None

    def __post_init__(self) -> None:
        """Take what is done from the checkpoint, and begin to count time."""
        if self.how.max_time is not None:
            self.end = time.monotonic() + self.how.max_time
        for piece, items in enumerate(self.pieces):
            results = None if self.kept is None else self.kept.load(piece)
            if results is not None and len(results) == len(items):
                self._add(piece, results)
        if self.done:
            every = len(self.pieces)
            _LOG.info("%s: %d of %d pieces from the checkpoint", self.what, len(self.done), every)
        self._tell(self.count)

    def _tell(self, count: int) -> None:
        every = sum(self.weights)
        self.report(min(count, every), every)

    def _add(self, piece: int, results: list[Arrays]) -> None:
        self.done[piece] = results
        self.count += self.weights[piece]

    def _finish(self, piece: int, results: list[Arrays]) -> None:
        if self.kept is not None:
            self.kept.save(piece, results)
        self._add(piece, results)
        _LOG.debug("%s: %d of %d", self.what, self.count, sum(self.weights))

    def _left(self) -> list[int]:
        return [piece for piece in range(len(self.pieces)) if piece not in self.done]

    def _in_time(self) -> None:
        if self.end is not None and time.monotonic() > self.end:
            raise self._unfinished(f"stopped after {self.how.max_time:g} s")

    def _unfinished(self, why: str) -> UnfinishedError:
        done, every = len(self.done), len(self.pieces)
        remedy = "nothing was kept; give a checkpoint, and the same call goes on from there"
        if self.kept is not None:
            remedy = f"they are kept in {self.kept.folder}; the same call goes on from there"
        return UnfinishedError(f"{self.what}: {why} with {done} of {every} pieces done; {remedy}")

    def here(self) -> None:
        """Do what is left in this thread, telling of each unit."""
        for piece in self._left():
            inside = self.count

            def step() -> None:
                nonlocal inside
                inside += 1
                self._tell(inside)
                self._in_time()

            self._in_time()
            self._finish(piece, [self.work(item, step) for item in self.pieces[piece]])
            self._tell(self.count)

    def there(self, executor: Executor, together: int) -> None:
        """Hand what is left to an executor, a few pieces ahead, and collect as it comes."""
        left, running = iter(self._left()), dict[Future[Any], int]()
        threads = isinstance(executor, ThreadPoolExecutor)
        try:
            while True:
                for piece in left:
                    task = (self.work, self.pieces[piece])
                    sent = (_piece, *task) if threads else (_sent_piece, packed(task))
                    running[executor.submit(*sent)] = piece
                    if len(running) >= _AHEAD * together:
                        break
                if not running:
                    return
                soon = None if self.end is None else max(self.end - time.monotonic(), 0.0)
                for future in wait(running, timeout=soon, return_when=FIRST_COMPLETED).done:
                    self._finish(running.pop(future), _results(future))
                    self._tell(self.count)
                self._in_time()
        except BrokenExecutor:
            self._stop(running)
            raise self._unfinished("a worker process ended before its time") from None
        finally:
            self._stop(running)

    def _stop(self, running: dict[Future[Any], int]) -> None:
        """Take back what has not begun, and keep what was done and not yet collected."""
        while running:
            future, piece = running.popitem()
            # A worker's death ends all futures at once, those with a result beside those without.
            if not future.cancel() and future.done() and future.exception() is None:
                self._finish(piece, _results(future))
